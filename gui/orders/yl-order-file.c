#include "orders/yl-order-file.h"

#include <string.h>

#include "attachments/yl-attachment-part.h"
#include "base/yl-i18n.h"
#include "desk/yl-order-list.h"
#include "history/yl-access-part.h"
#include "history/yl-history-part.h"
#include "orders/yl-dropout-button.h"
#include "records/yl-booking.h"
#include "records/yl-codes.h"
#include "records/yl-tables.h"
#include "records/yl-worker.h"
#include "widgets/yl-chip.h"
#include "widgets/yl-facts.h"
#include "widgets/yl-secret.h"
#include "widgets/yl-wrap-box.h"
#include "yl-format.h"
#include "yl-window.h"

struct _YlOrderFile
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *order;

  /* Template children */
  GtkStack *stack;
  GtkLabel *title;
  GtkLabel *state;
  GtkLabel *schedule;
  YlFacts *facts;
  YlWrapBox *requirements;
  GtkButton *match_button;
  GtkWidget *promises_title;
  GtkListBox *promises;
  YlAttachmentPart *papers;
  YlAttachmentPart *customer_papers;
  YlAccessPart *access;
  YlHistoryPart *history;
};

G_DEFINE_FINAL_TYPE (YlOrderFile, yl_order_file, ADW_TYPE_BIN)

static gboolean
is_standing (const char *state)
{
  return g_str_equal (state, "tentative") || g_str_equal (state, "confirmed") || g_str_equal (state, "served");
}

static const char *
style_of_promise (const char *state)
{
  if (g_str_equal (state, "tentative"))
    return "tentative";
  if (g_str_equal (state, "confirmed"))
    return "firm";
  return g_str_equal (state, "dropped") || g_str_equal (state, "overruled") ? "urgent" : "done";
}

static const char *
style_of_order (const char *state)
{
  if (g_strcmp0 (state, "proposed") == 0)
    return "firm";
  return g_strcmp0 (state, "cancelled") == 0 || g_strcmp0 (state, "completed") == 0 ? "done" : "open";
}

static void
withdraw_clicked_cb (GtkButton *button, YlOrderFile *self)
{
  g_autofree char *claim = g_strdup (g_object_get_data (G_OBJECT (button), "claim"));
  g_autoptr (GError) error = NULL;

  if (!yl_booking_withdraw (yl_session_get_store (self->session), claim, "mistake", NULL, &error))
    yl_window_tell_error (GTK_WIDGET (self), error);
  else
    yl_window_tell (GTK_WIDGET (self), _ ("The promise is taken back."));
}

static GtkWidget *
make_promise_row (YlOrderFile *self, const YlPromiseItem *promise)
{
  gint64 now = yl_session_now (self->session);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *badge = gtk_label_new (yl_code_label ("booking_state", promise->state));
  gboolean is_own = yl_session_is_own_site (self->session, promise->home_store);
  g_autofree char *masked = is_own && promise->worker_name != NULL ? g_strdup (promise->worker_name)
                                                                   : yl_worker_masked_name (promise->worker_name);
  g_autofree char *title = g_strdup_printf ("%s  %s", masked, promise->worker_no);
  g_autofree char *span = yl_format_span (promise->start, promise->end, now);
  g_autofree char *subtitle =
      g_strjoin (" · ", span, is_own ? NULL : yl_session_site_name (self->session, promise->home_store), NULL);

  gtk_widget_add_css_class (badge, "state");
  gtk_widget_add_css_class (badge, style_of_promise (promise->state));
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), badge);
  if (is_standing (promise->state) && promise->end > now)
    {
      GtkWidget *withdraw = gtk_button_new_with_label (_ ("Take back"));
      gtk_widget_set_valign (withdraw, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (withdraw, "flat");
      g_object_set_data_full (G_OBJECT (withdraw), "claim", g_strdup (promise->claim), g_free);
      g_signal_connect_object (withdraw, "clicked", G_CALLBACK (withdraw_clicked_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 yl_dropout_button_new (self->session, self->order, promise->claim));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), withdraw);
    }
  return row;
}

static void
show_promises (YlOrderFile *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) promises = yl_order_promises (yl_session_get_store (self->session), self->order, &error);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->promises))) != NULL)
    gtk_list_box_remove (self->promises, row);
  gtk_widget_set_visible (self->promises_title, promises != NULL && promises->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->promises), promises != NULL && promises->len > 0);
  if (promises == NULL)
    {
      yl_window_tell_error (GTK_WIDGET (self), error);
      return;
    }
  for (guint i = 0; i < promises->len; i++)
    gtk_list_box_append (self->promises, make_promise_row (self, promises->pdata[i]));
}

/* An address that names the community says it all. */
static char *
describe_home (const YlRecord *household)
{
  const char *district = yl_record_get_text (household, "district");
  const char *community = yl_record_get_text (household, "community");
  const char *address = yl_record_get_text (household, "address");
  const char *parts[] = { district == NULL ? NULL : yl_code_label ("district", district), community,
                          yl_record_get_text (household, "building"), yl_record_get_text (household, "unit"), address };
  g_autoptr (GString) place = g_string_new (NULL);

  if (address != NULL && community != NULL && strstr (address, community) != NULL)
    return g_strdup (address);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL && *parts[i] != '\0')
      g_string_append_printf (place, "%s%s", place->len > 0 ? " " : "", parts[i]);
  return g_string_free (g_steal_pointer (&place), FALSE);
}

static void
add_customer (YlOrderFile *self, const YlRecord *order)
{
  YlStore *store = yl_session_get_store (self->session);
  const char *customer_id = yl_record_get_text (order, "customer");
  const char *household_id = yl_record_get_text (order, "household");
  g_autoptr (YlRecord) customer = customer_id == NULL ? NULL : yl_store_get (store, "customer", customer_id, NULL);
  g_autoptr (YlRecord) household = household_id == NULL ? NULL : yl_store_get (store, "household", household_id, NULL);

  if (customer != NULL)
    {
      const char *name = yl_record_get_text (customer, "name");
      yl_facts_add (self->facts, _ ("Customer"), name == NULL ? _ ("not shared with this store") : name);
      yl_facts_add_widget (self->facts, _ ("Phone"), yl_secret_new_phone (yl_record_get_text (customer, "phone")));
    }
  if (household != NULL)
    {
      g_autofree char *place = describe_home (household);
      yl_facts_add (self->facts, _ ("Place"), place);
    }
}

static void
show_facts (YlOrderFile *self, const YlRecord *order)
{
  g_autofree char *budget =
      yl_format_wage (yl_record_get_integer (order, "budget_from", 0), yl_record_get_integer (order, "budget_to", 0),
                      yl_record_get_text (order, "budget_unit"));
  const char *store = yl_record_get_text (order, "store");

  yl_facts_clear (self->facts);
  yl_facts_add (self->facts, _ ("Order number"), yl_record_get_text (order, "order_no"));
  add_customer (self, order);
  yl_facts_add (self->facts, _ ("Budget"), budget);
  yl_facts_add (self->facts, _ ("Note"), yl_record_get_text (order, "note"));
  if (!yl_session_is_own_site (self->session, store))
    yl_facts_add (self->facts, _ ("Store"), yl_session_site_name (self->session, store));
}

static void
show_requirements (YlOrderFile *self, const YlRecord *order)
{
  static const struct
  {
    const char *set;
    const char *codes;
  } sets[] = { { "skills", "skill" },
               { "wished_skills", "skill" },
               { "certificates", "certificate_type" },
               { "languages", "language" } };

  yl_wrap_box_clear (self->requirements);
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autofree char *list = yl_store_get_set (yl_session_get_store (self->session),
                                                yl_table_set (&yl_order_table, sets[i].set), self->order, NULL);
      yl_chip_append_codes (self->requirements, sets[i].codes, list);
    }
  if (yl_record_get_integer (order, "need_health", 0) != 0)
    yl_wrap_box_append (self->requirements, yl_chip_new (_ ("health certificate"), NULL));
  if (yl_record_get_integer (order, "need_insurance", 0) != 0)
    yl_wrap_box_append (self->requirements, yl_chip_new (_ ("insurance"), NULL));
  if (yl_record_get_integer (order, "need_background", 0) != 0)
    yl_wrap_box_append (self->requirements, yl_chip_new (_ ("background check"), NULL));
}

static void
show_state (YlOrderFile *self)
{
  g_autoptr (YlRecord) state = yl_store_get (yl_session_get_store (self->session), "order_state", self->order, NULL);
  const char *code = state == NULL ? "draft" : yl_record_get_text (state, "state");
  const char *cause = state == NULL ? NULL : yl_record_get_text (state, "cause");
  const char *words = yl_code_label ("order_state", code);
  const char *classes[] = { "state", style_of_order (code), NULL };
  gboolean lost_somebody = g_strcmp0 (cause, "dropout") == 0 || g_strcmp0 (cause, "overruled") == 0;
  gboolean is_open = g_str_equal (style_of_order (code), "open");

  gtk_label_set_label (self->state, words);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->match_button), is_open);
  gtk_button_set_label (self->match_button, lost_somebody ? _ ("Replace her") : _ ("Match"));
  g_object_set_data (G_OBJECT (self->match_button), "substitute", GINT_TO_POINTER (lost_somebody));
}

static void
match_clicked_cb (GtkButton *button, YlOrderFile *self)
{
  gboolean substitute = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "substitute"));

  gtk_widget_activate_action (GTK_WIDGET (self), substitute ? "win.substitute" : "win.match", "s", self->order);
}

static void
yl_order_file_finalize (GObject *object)
{
  g_free (YL_ORDER_FILE (object)->order);
  G_OBJECT_CLASS (yl_order_file_parent_class)->finalize (object);
}

static void
yl_order_file_class_init (YlOrderFileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_FACTS);
  g_type_ensure (YL_TYPE_WRAP_BOX);
  g_type_ensure (YL_TYPE_ATTACHMENT_PART);
  g_type_ensure (YL_TYPE_ACCESS_PART);
  g_type_ensure (YL_TYPE_HISTORY_PART);
  G_OBJECT_CLASS (klass)->finalize = yl_order_file_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/orders/yl-order-file.ui");
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, stack);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, title);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, state);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, schedule);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, facts);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, requirements);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, match_button);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, promises_title);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, promises);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, papers);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, customer_papers);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, access);
  gtk_widget_class_bind_template_child (widget_class, YlOrderFile, history);
  gtk_widget_class_bind_template_callback (widget_class, match_clicked_cb);
}

static void
yl_order_file_init (YlOrderFile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
yl_order_file_set_session (YlOrderFile *self, YlSession *session)
{
  self->session = session;
  g_clear_pointer (&self->order, g_free);
  gtk_stack_set_visible_child_name (self->stack, "none");
}

void
yl_order_file_show (YlOrderFile *self, const char *order)
{
  if (g_strcmp0 (self->order, order) != 0)
    {
      g_free (self->order);
      self->order = g_strdup (order);
    }
  yl_order_file_refresh (self);
}

void
yl_order_file_refresh (YlOrderFile *self)
{
  g_autoptr (YlRecord) order = NULL;
  g_autofree char *schedule = NULL;
  const char *service;

  if (self->order == NULL)
    return;
  order = yl_store_get (yl_session_get_store (self->session), "order", self->order, NULL);
  if (order == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "none");
      return;
    }
  service = yl_record_get_text (order, "service_type");
  schedule = yl_format_schedule (order, yl_session_now (self->session));
  gtk_label_set_label (self->title, service == NULL ? "" : yl_code_label ("job_type", service));
  gtk_label_set_label (self->schedule, *schedule == '\0' ? _ ("time not set") : schedule);
  show_state (self);
  show_facts (self, order);
  show_requirements (self, order);
  show_promises (self);
  yl_attachment_part_show (self->papers, self->session, "order", self->order, _ ("Contract and papers"));
  yl_attachment_part_show (self->customer_papers, self->session, "customer", yl_record_get_text (order, "customer"),
                           _ ("Papers of the customer"));
  yl_access_part_show (self->access, self->session, yl_record_get_text (order, "customer"));
  yl_history_part_show (self->history, self->session, "order", self->order);
  gtk_stack_set_visible_child_name (self->stack, "order");
}
