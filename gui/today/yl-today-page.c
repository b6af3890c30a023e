#include "today/yl-today-page.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "desk/yl-agenda.h"
#include "desk/yl-today.h"
#include "records/yl-booking.h"
#include "records/yl-codes.h"
#include "records/yl-worker.h"
#include "today/yl-day-table.h"
#include "today/yl-today-row.h"
#include "widgets/yl-split.h"
#include "yl-format.h"
#include "yl-window.h"

/* The time left moves by itself. */
#define TICK_SECONDS 30

struct _YlTodayPage
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  GListStore *items;  /* of YlRow */
  guint tick_source;
  guint count;

  /* Template children */
  GtkLabel *summary;
  GtkRevealer *news;
  GtkButton *news_button;
  GtkStack *stack;
  GtkListBox *list;
  GtkLabel *visits_title;
  YlDayTable *visits;
};

static void yl_today_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlTodayPage,
                               yl_today_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_today_page_page_init))

/* How each kind looks: a word, the state its colour means, the main action. */
static const struct
{
  const char *badge;
  const char *style;
  const char *action;
} looks[] = {
  [YL_TODAY_DROPOUT] = { N_ ("Dropout"), "urgent", N_ ("Replace") },
  [YL_TODAY_OVERRULED] = { N_ ("Gave way"), "urgent", N_ ("Replace") },
  [YL_TODAY_ASKED] = { N_ ("To confirm"), "tentative", N_ ("Agree") },
  [YL_TODAY_UNFILLED] = { N_ ("Unfilled"), "open", N_ ("Match") },
  [YL_TODAY_NEW] = { N_ ("New"), "new", N_ ("Match") },
  [YL_TODAY_WAITING] = { N_ ("Waiting"), "tentative", N_ ("Look") },
};

static char *
describe_time (const YlTodayItem *item, gint64 now)
{
  if (item->due == 0)
    return g_strdup (_ ("time not set"));
  if (item->until > item->due)
    return yl_format_span (item->due, item->until, now);
  return yl_format_day (yl_date_of (item->due), now);
}

/* Why it is here: who dropped out, who was earlier, who asks. */
static char *
describe_cause (const YlTodayItem *item)
{
  g_autofree char *masked = item->worker == NULL ? NULL : yl_worker_masked_name (item->worker_name);
  const char *site = item->other_site == NULL ? _ ("another store") : item->other_site;

  switch (item->kind)
    {
    case YL_TODAY_DROPOUT:
      return masked == NULL ? g_strdup (_ ("the worker does not come"))
                            : g_strdup_printf (_ ("%s does not come"), masked);
    case YL_TODAY_OVERRULED:
      return g_strdup_printf (_ ("%s promised her first"), site);
    case YL_TODAY_ASKED:
      return g_strdup_printf (_ ("%1$s would like %2$s"), site, masked);
    case YL_TODAY_WAITING:
      return g_strdup_printf (_ ("%1$s has to confirm %2$s"), site, masked);
    case YL_TODAY_UNFILLED:
      return g_strdup (item->cause == NULL ? "" : yl_code_label ("order_cause", item->cause));
    default:
      return g_strdup ("");
    }
}

static YlRow *
make_row (YlTodayPage *self, const YlTodayItem *item)
{
  gint64 now = yl_session_now (self->session);
  YlRow *row = yl_row_new (item->claim != NULL && item->kind != YL_TODAY_DROPOUT && item->kind != YL_TODAY_OVERRULED
                               ? item->claim
                               : item->order,
                           item->kind);
  g_autofree char *customer = yl_worker_masked_name (item->customer_name);
  g_autofree char *time = describe_time (item, now);
  g_autofree char *cause = describe_cause (item);
  gboolean is_new = item->kind == YL_TODAY_NEW;
  const char *service = item->service_type == NULL ? "" : yl_code_label ("job_type", item->service_type);

  yl_row_set_text (row, YL_ROW_BADGE, _ (looks[item->kind].badge));
  yl_row_set_text (row, YL_ROW_STYLE, looks[item->kind].style);
  yl_row_set_text (row, YL_ROW_ACTION, _ (looks[item->kind].action));
  yl_row_set_text (row, YL_ROW_TARGET, item->order);
  yl_row_take_text (row, YL_ROW_TITLE, g_strdup_printf ("%s · %s", service, customer));
  yl_row_take_text (
      row, YL_ROW_SUBTITLE,
      g_strjoin (" · ", time, *cause == '\0' ? item->order_no : cause, *cause == '\0' ? NULL : item->order_no, NULL));
  if (item->due > 0 && !is_new)
    yl_row_take_text (row, YL_ROW_TRAILING, yl_format_left (item->due, now));
  else if (item->since > 0)
    yl_row_take_text (row, YL_ROW_TRAILING, yl_format_past (item->since, now));
  return row;
}

/* Refuses on behalf of the worker's store; the asking store's order is back in matching. */
static void
refused_cb (YlTodayRow *widget, YlTodayPage *self)
{
  YlRow *row = yl_today_row_get_row (widget);
  g_autoptr (GError) error = NULL;

  if (yl_booking_withdraw (yl_session_get_store (self->session), yl_row_get_text (row, YL_ROW_KEY), "other", NULL,
                           &error))
    yl_window_tell (GTK_WIDGET (self), _ ("Refused. The other store matches on."));
  else
    yl_window_tell_error (GTK_WIDGET (self), error);
}

static void
confirm (YlTodayPage *self, YlRow *row)
{
  g_autoptr (GError) error = NULL;

  if (yl_booking_confirm (yl_session_get_store (self->session), yl_row_get_text (row, YL_ROW_KEY), &error))
    yl_window_tell (GTK_WIDGET (self), _ ("Agreed. The promise is certain now."));
  else
    yl_window_tell_error (GTK_WIDGET (self), error);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *widget, YlTodayPage *self)
{
  YlRow *row = yl_today_row_get_row (YL_TODAY_ROW (widget));
  const char *order = yl_row_get_text (row, YL_ROW_TARGET);

  switch (yl_row_get_kind (row))
    {
    case YL_TODAY_DROPOUT:
    case YL_TODAY_OVERRULED:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.substitute", "s", order);
      break;
    case YL_TODAY_ASKED:
      confirm (self, row);
      break;
    case YL_TODAY_WAITING:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.order", "s", order);
      break;
    default:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.match", "s", order);
    }
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  GtkWidget *widget = yl_today_row_new (item);

  if (yl_row_get_kind (item) == YL_TODAY_ASKED)
    {
      yl_today_row_add_refusal (YL_TODAY_ROW (widget), _ ("No"));
      g_signal_connect_object (widget, "refused", G_CALLBACK (refused_cb), data, 0);
    }
  return widget;
}

static void
show_summary (YlTodayPage *self)
{
  YlTodaySummary summary;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!yl_today_summarize (yl_session_get_store (self->session), &summary, &error))
    {
      g_warning ("%s", error->message);
      return;
    }
  text = g_strdup_printf (_ ("New today %1$u · promised %2$u · helped by the chain %3$u"), summary.new_orders,
                          summary.promised, summary.chain_help);
  gtk_label_set_label (self->summary, text);
}

static GPtrArray *
read_visits (YlTodayPage *self, gint64 midnight)
{
  YlStore *store = yl_session_get_store (self->session);
  const char *site = yl_store_is_head_office (store) ? NULL : yl_store_get_site (store);
  g_autoptr (GError) error = NULL;
  GPtrArray *agenda = yl_agenda_of_site (store, site, midnight, midnight + YL_DAY_MS, &error);

  if (agenda == NULL)
    g_warning ("%s", error->message);
  return agenda;
}

/* Rows with visits come first; those that follow only say who is away. */
static gboolean
has_visits (GPtrArray *agenda)
{
  const YlAgendaRow *first = agenda == NULL || agenda->len == 0 ? NULL : agenda->pdata[0];

  for (guint i = 0; first != NULL && i < first->spans->len; i++)
    if (((const YlSpan *) first->spans->pdata[i])->claim != NULL)
      return TRUE;
  return FALSE;
}

/* A day without visits gives way to the next one. */
static void
show_visits (YlTodayPage *self)
{
  gint64 now = yl_session_now (self->session);
  gint64 midnight = yl_date_start (yl_date_of (now));
  g_autoptr (GPtrArray) today = read_visits (self, midnight);
  g_autoptr (GPtrArray) tomorrow = has_visits (today) ? NULL : read_visits (self, midnight + YL_DAY_MS);
  gboolean show_tomorrow = has_visits (tomorrow);

  if (show_tomorrow)
    yl_day_table_set_agenda (self->visits, tomorrow, midnight + YL_DAY_MS, now);
  else if (today != NULL)
    yl_day_table_set_agenda (self->visits, today, midnight, now);
  gtk_label_set_label (self->visits_title, show_tomorrow ? _ ("Tomorrow’s visits") : _ ("Today’s visits"));
}

static void
show_items (YlTodayPage *self, gboolean hold_new)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_today_list (yl_session_get_store (self->session), &error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  guint held;

  if (items == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (rows, make_row (self, items->pdata[i]));
  held = yl_row_list_update (self->items, rows, hold_new);
  self->count = items->len;
  if (held > 0)
    {
      g_autofree char *text =
          g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u new · show", "%u new · show", held), held);
      gtk_button_set_label (self->news_button, text);
    }
  gtk_revealer_set_reveal_child (self->news, held > 0);
  gtk_stack_set_visible_child_name (self->stack, items->len == 0 ? "empty" : "list");
}

static void
news_clicked_cb (GtkButton *button, YlTodayPage *self)
{
  show_items (self, FALSE);
}

static gboolean
tick_cb (gpointer data)
{
  YlTodayPage *self = data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      show_items (self, gtk_revealer_get_reveal_child (self->news));
      show_visits (self);
    }
  return G_SOURCE_CONTINUE;
}

static void
yl_today_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlTodayPage *self = YL_TODAY_PAGE (page);
  gboolean somebody_reads =
      gtk_widget_get_mapped (GTK_WIDGET (self)) && g_list_model_get_n_items (G_LIST_MODEL (self->items)) > 0;

  show_items (self, from_elsewhere && somebody_reads);
  show_visits (self);
  show_summary (self);
}

static void
yl_today_page_set_session (YlPage *page, YlSession *session)
{
  YlTodayPage *self = YL_TODAY_PAGE (page);

  self->session = session;
  g_list_store_remove_all (self->items);
  yl_today_page_refresh (page, FALSE);
  if (self->tick_source == 0)
    self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

static void
yl_today_page_focus_content (YlPage *page)
{
  YlTodayPage *self = YL_TODAY_PAGE (page);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row == NULL)
    row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
yl_today_page_dispose (GObject *object)
{
  YlTodayPage *self = YL_TODAY_PAGE (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (yl_today_page_parent_class)->dispose (object);
}

static void
yl_today_page_class_init (YlTodayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_SPLIT);
  g_type_ensure (YL_TYPE_DAY_TABLE);
  G_OBJECT_CLASS (klass)->dispose = yl_today_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/today/yl-today-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, summary);
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, news);
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, news_button);
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, stack);
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, list);
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, visits_title);
  gtk_widget_class_bind_template_child (widget_class, YlTodayPage, visits);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, news_clicked_cb);
}

static void
yl_today_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_today_page_set_session;
  iface->refresh = yl_today_page_refresh;
  iface->focus_content = yl_today_page_focus_content;
}

static void
yl_today_page_init (YlTodayPage *self)
{
  self->items = g_list_store_new (YL_TYPE_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->items), create_row, self, NULL);
}

guint
yl_today_page_get_count (YlTodayPage *self)
{
  return self->count;
}
