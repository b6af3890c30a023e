#include "match/yl-match-page.h"

#include "base/yl-i18n.h"
#include "match/yl-candidate-row.h"
#include "match/yl-funnel.h"
#include "orders/yl-fit-count.h"
#include "records/yl-booking.h"
#include "records/yl-codes.h"
#include "records/yl-worker.h"
#include "widgets/yl-split.h"
#include "workers/yl-worker-file.h"
#include "yl-format.h"
#include "yl-window.h"

#define SHOWN_CANDIDATES 50
#define SHOWN_NEAR_MISSES 8

struct _YlMatchPage
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *order;
  gboolean substitute;
  gint64 start; /* the first visit wanted */
  gint64 end;
  GStrv claims; /* of the promise just made */

  /* Template children */
  GtkStack *stack;
  GtkLabel *title;
  GtkLabel *subtitle;
  YlFunnel *funnel;
  GtkListBox *list;
  GtkLabel *nobody;
  GtkWidget *near_box;
  YlWrapBox *near;
  YlWorkerFile *file;
  AdwStatusPage *promised;
  GtkLabel *certainty;
  GtkWidget *next_button;
};

static void yl_match_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlMatchPage,
                               yl_match_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_match_page_page_init))

/* The order */

static void
show_order (YlMatchPage *self, const YlRecord *order)
{
  YlStore *store = yl_session_get_store (self->session);
  gint64 now = yl_session_now (self->session);
  const char *service = yl_record_get_text (order, "service_type");
  const char *customer_id = yl_record_get_text (order, "customer");
  const char *household_id = yl_record_get_text (order, "household");
  g_autoptr (YlRecord) customer = customer_id == NULL ? NULL : yl_store_get (store, "customer", customer_id, NULL);
  g_autoptr (YlRecord) household = household_id == NULL ? NULL : yl_store_get (store, "household", household_id, NULL);
  g_autofree char *name = yl_worker_masked_name (customer == NULL ? NULL : yl_record_get_text (customer, "name"));
  g_autofree char *schedule = yl_format_schedule (order, now);
  const char *community = household == NULL ? NULL : yl_record_get_text (household, "community");
  g_autofree char *title = g_strdup_printf ("%s%s · %s", self->substitute ? _ ("Replacement: ") : "",
                                            service == NULL ? "" : yl_code_label ("job_type", service), name);
  g_autofree char *subtitle = g_strjoin (" · ", schedule, yl_record_get_text (order, "order_no"), community, NULL);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
}

static void
find_first_visit (YlMatchPage *self, const YlRecord *order)
{
  g_autoptr (GArray) visits = yl_order_visits (order);

  self->start = self->end = 0;
  for (guint i = 0; i < visits->len && self->start == 0; i++)
    {
      const YlVisit *visit = &g_array_index (visits, YlVisit, i);
      if (visit->end > yl_session_now (self->session))
        {
          self->start = visit->start;
          self->end = visit->end;
        }
    }
}

/* The candidates */

static void
head_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  YlMatchStage stage = yl_candidate_row_get_stage (YL_CANDIDATE_ROW (row));
  GtkWidget *head;

  if (before != NULL && yl_candidate_row_get_stage (YL_CANDIDATE_ROW (before)) == stage)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  head = gtk_label_new (yl_match_stage_label (stage));
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_widget_add_css_class (head, "stage");
  gtk_list_box_row_set_header (row, head);
}

static void
show_result (YlMatchPage *self, const YlMatchResult *result)
{
  GtkWidget *row;
  gboolean is_empty = result->candidates->len == 0;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < result->candidates->len; i++)
    gtk_list_box_append (
        self->list, yl_candidate_row_new (self->session, result->candidates->pdata[i], i + 1, self->start, self->end));
  yl_funnel_show (self->funnel, result);
  yl_wrap_box_clear (self->near);
  gtk_widget_set_visible (self->near_box, yl_near_miss_append (self->near, result, SHOWN_NEAR_MISSES) > 0);
  gtk_label_set_label (self->nobody, result->partners_asked ? _ ("Nobody in the chain fits. There are no partners yet.")
                                                            : _ ("Nobody fits."));
  gtk_widget_set_visible (GTK_WIDGET (self->nobody), is_empty);
  gtk_widget_set_visible (GTK_WIDGET (self->list), !is_empty);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static YlMatchResult *
find_candidates (YlMatchPage *self, GError **error)
{
  YlMatcher *matcher = yl_session_get_matcher (self->session, error);

  if (matcher == NULL)
    return NULL;
  return self->substitute ? yl_matcher_substitute (matcher, self->order, SHOWN_CANDIDATES, error)
                          : yl_matcher_match (matcher, self->order, SHOWN_CANDIDATES, error);
}

static void
row_selected_cb (GtkListBox *list, GtkListBoxRow *row, YlMatchPage *self)
{
  if (row != NULL)
    yl_worker_file_show (self->file, yl_candidate_row_get_worker (YL_CANDIDATE_ROW (row)), self->start);
}

/* The promise */

static gboolean
undo_promise (YlStore *store, gpointer data, GError **error)
{
  char **claims = data;

  for (guint i = 0; claims[i] != NULL; i++)
    if (!yl_booking_withdraw (store, claims[i], "mistake", NULL, error))
      return FALSE;
  return TRUE;
}

/* Certain at once, or waiting for her store: said in the same breath. */
static void
show_promised (YlMatchPage *self, const char *name, const char *claim)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (YlRecord) booking = yl_store_get (store, "booking", claim, NULL);
  g_autoptr (YlRecord) record = yl_store_get (store, "claim", claim, NULL);
  gboolean is_certain = booking == NULL || g_strcmp0 (yl_record_get_text (booking, "state"), "tentative") != 0;
  const char *home = record == NULL ? NULL : yl_record_get_text (record, "site");
  const char *classes[] = { "state", is_certain ? "firm" : "tentative", NULL };
  g_autofree char *title = g_strdup_printf (_ ("%s is promised"), name);
  g_autofree char *certainty =
      is_certain ? g_strdup (_ ("Certain"))
                 : g_strdup_printf (_ ("Tentative: waits for %s"), yl_session_site_name (self->session, home));
  g_autofree char *summary =
      g_strjoin ("\n", gtk_label_get_label (self->title), gtk_label_get_label (self->subtitle), NULL);
  g_autofree char *escaped = g_markup_escape_text (summary, -1);

  adw_status_page_set_icon_name (self->promised, is_certain ? "emblem-ok-symbolic" : "content-loading-symbolic");
  adw_status_page_set_title (self->promised, title);
  adw_status_page_set_description (self->promised, escaped);
  gtk_label_set_label (self->certainty, certainty);
  gtk_widget_set_css_classes (GTK_WIDGET (self->certainty), classes);
  gtk_stack_set_visible_child_name (self->stack, "promised");
  gtk_widget_grab_focus (self->next_button);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *widget, YlMatchPage *self)
{
  YlCandidateRow *row = YL_CANDIDATE_ROW (widget);
  g_autofree char *name = g_strdup (yl_candidate_row_get_name (row));
  g_autofree char *worker = g_strdup (yl_candidate_row_get_worker (row));
  const YlBookRequest request = { .order = self->order,
                                  .worker = worker,
                                  .stage = yl_match_stage_code (yl_candidate_row_get_stage (row)) };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) claims = yl_booking_promise (yl_session_get_store (self->session), &request, &error);

  if (claims == NULL || claims[0] == NULL)
    {
      yl_window_tell_error (GTK_WIDGET (self), error);
      return;
    }
  g_autofree char *told = g_strdup_printf (_ ("%s is promised."), name);
  show_promised (self, name, claims[0]);
  yl_window_tell_undoable (GTK_WIDGET (self), told, undo_promise, g_strdupv (claims), (GDestroyNotify) g_strfreev);
  g_strfreev (self->claims);
  self->claims = g_steal_pointer (&claims);
}

static void
take_back_clicked_cb (GtkButton *button, YlMatchPage *self)
{
  g_autoptr (GError) error = NULL;

  if (!undo_promise (yl_session_get_store (self->session), self->claims, &error))
    yl_window_tell_error (GTK_WIDGET (self), error);
}

static void
order_clicked_cb (GtkButton *button, YlMatchPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.order", "s", self->order);
}

gboolean
yl_match_page_show_order (YlMatchPage *self, const char *order_id, gboolean substitute)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) order = yl_store_get (yl_session_get_store (self->session), "order", order_id, &error);
  g_autoptr (YlMatchResult) result = NULL;

  if (order != NULL)
    {
      g_free (self->order);
      self->order = g_strdup (yl_record_get_id (order));
      self->substitute = substitute;
      find_first_visit (self, order);
      result = find_candidates (self, &error);
    }
  if (result == NULL)
    {
      yl_window_tell_error (GTK_WIDGET (self), error);
      return FALSE;
    }
  show_order (self, order);
  show_result (self, result);
  gtk_stack_set_visible_child_name (self->stack, "candidates");
  return TRUE;
}

static void
yl_match_page_set_session (YlPage *page, YlSession *session)
{
  YlMatchPage *self = YL_MATCH_PAGE (page);

  self->session = session;
  yl_worker_file_set_session (self->file, session);
}

/* After an undo the promised order is open again: back to its candidates. */
static void
yl_match_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlMatchPage *self = YL_MATCH_PAGE (page);
  g_autoptr (YlRecord) state = NULL;

  if (self->order == NULL || g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "promised") != 0)
    return;
  state = yl_store_get (yl_session_get_store (self->session), "order_state", self->order, NULL);
  if (state != NULL && g_strcmp0 (yl_record_get_text (state, "state"), "matching") == 0)
    yl_match_page_show_order (self, self->order, self->substitute);
}

static void
yl_match_page_focus_content (YlPage *page)
{
  YlMatchPage *self = YL_MATCH_PAGE (page);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
yl_match_page_finalize (GObject *object)
{
  g_free (YL_MATCH_PAGE (object)->order);
  g_strfreev (YL_MATCH_PAGE (object)->claims);
  G_OBJECT_CLASS (yl_match_page_parent_class)->finalize (object);
}

static void
yl_match_page_class_init (YlMatchPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_FUNNEL);
  g_type_ensure (YL_TYPE_WORKER_FILE);
  G_OBJECT_CLASS (klass)->finalize = yl_match_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/match/yl-match-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, title);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, funnel);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, list);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, nobody);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, near_box);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, near);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, file);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, promised);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, certainty);
  gtk_widget_class_bind_template_child (widget_class, YlMatchPage, next_button);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, order_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_back_clicked_cb);
}

static void
yl_match_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_match_page_set_session;
  iface->refresh = yl_match_page_refresh;
  iface->focus_content = yl_match_page_focus_content;
}

static void
yl_match_page_init (YlMatchPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, head_cb, NULL, NULL);
}
