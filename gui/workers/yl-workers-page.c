#include "workers/yl-workers-page.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "desk/yl-worker-list.h"
#include "records/yl-codes.h"
#include "widgets/yl-split.h"
#include "workers/yl-worker-file.h"
#include "yl-format.h"
#include "yl-row.h"

#define SHOWN_WORKERS 500

struct _YlWorkersPage
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  GListStore *items;  /* of YlRow */

  /* Template children */
  YlSplit *split;
  GtkSearchEntry *search;
  GtkDropDown *filter;
  GtkDropDown *job;
  GtkStack *stack;
  GtkListView *list;
  GtkSingleSelection *selection;
  YlWorkerFile *file;
};

static void yl_workers_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlWorkersPage,
                               yl_workers_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_workers_page_page_init))

static char *
job_words (const char *job_types)
{
  g_auto (GStrv) codes = g_strsplit (job_types == NULL ? "" : job_types, ",", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; codes[i] != NULL && *codes[i] != '\0'; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? yl_label ("、", ", ") : "", yl_code_label ("job_type", codes[i]));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
set_state (YlRow *row, const YlWorkerItem *item, gint64 now)
{
  const char *state = item->accept_state == NULL ? "accepting" : item->accept_state;

  if (item->busy_until > 0)
    {
      gboolean ends_today = yl_date_of (item->busy_until) == yl_date_of (now);
      g_autofree char *until =
          ends_today ? yl_format_clock (item->busy_until) : yl_format_day (yl_date_of (item->busy_until - 1), now);
      yl_row_take_text (row, YL_ROW_BADGE, g_strdup_printf (_ ("busy until %s"), until));
      yl_row_set_text (row, YL_ROW_STYLE, "busy");
      return;
    }
  yl_row_set_text (row, YL_ROW_BADGE, yl_code_label ("accept_state", state));
  yl_row_set_text (row, YL_ROW_STYLE, g_str_equal (state, "accepting") ? "firm" : "done");
}

static YlRow *
make_row (YlWorkersPage *self, const YlWorkerItem *item)
{
  YlRow *row = yl_row_new (item->worker, 0);
  gboolean is_own = yl_session_is_own_site (self->session, item->home_store);
  g_autofree char *name = yl_format_person (item->name, is_own, item->erased);
  g_autofree char *jobs = job_words (item->job_types);
  g_autofree char *rating = yl_format_rating (item->rating, item->rating_count);

  yl_row_take_text (row, YL_ROW_TITLE, *rating == '\0' ? g_strdup (name) : g_strdup_printf ("%s  %s", name, rating));
  yl_row_take_text (row, YL_ROW_SUBTITLE,
                    is_own ? g_strdup (jobs)
                           : g_strjoin (" · ", yl_session_site_name (self->session, item->home_store), jobs, NULL));
  yl_row_set_text (row, YL_ROW_TRAILING, item->worker_no);
  set_state (row, item, yl_session_now (self->session));
  return row;
}

static void
fill_list (YlWorkersPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  guint job = gtk_drop_down_get_selected (self->job);
  const char *job_code = job == 0 || job == GTK_INVALID_LIST_POSITION ? NULL : yl_codes ("job_type")[job - 1].code;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) workers =
      yl_worker_list (yl_session_get_store (self->session), gtk_drop_down_get_selected (self->filter), text, job_code,
                      SHOWN_WORKERS, &error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (workers == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  for (guint i = 0; i < workers->len; i++)
    g_ptr_array_add (rows, make_row (self, workers->pdata[i]));
  yl_row_list_update (self->items, rows, FALSE);
  gtk_stack_set_visible_child_name (self->stack, workers->len == 0 ? "empty" : "list");
}

static void
search_changed_cb (GtkSearchEntry *search, YlWorkersPage *self)
{
  if (self->session != NULL)
    fill_list (self);
}

static void
filter_changed_cb (GtkDropDown *filter, GParamSpec *pspec, YlWorkersPage *self)
{
  if (self->session != NULL)
    fill_list (self);
}

static void
search_activated_cb (GtkSearchEntry *search, YlWorkersPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->items)) == 0)
    return;
  gtk_single_selection_set_selected (self->selection, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
selection_changed_cb (GtkSingleSelection *selection, GParamSpec *pspec, YlWorkersPage *self)
{
  YlRow *row = gtk_single_selection_get_selected_item (selection);

  if (row != NULL)
    yl_worker_file_show (self->file, yl_row_get_text (row, YL_ROW_KEY), 0);
}

static void
row_activated_cb (GtkListView *list, guint position, YlWorkersPage *self)
{
  g_autoptr (YlRow) row = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  yl_workers_page_show_worker (self, yl_row_get_text (row, YL_ROW_KEY));
}

static void
fill_jobs (YlWorkersPage *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_string_list_append (labels, _ ("All work"));
  for (const YlCode *code = yl_codes ("job_type"); code->code != NULL; code++)
    gtk_string_list_append (labels, yl_label (code->zh, code->en));
  gtk_drop_down_set_model (self->job, G_LIST_MODEL (labels));
}

static void
yl_workers_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlWorkersPage *self = YL_WORKERS_PAGE (page);

  fill_list (self);
  yl_worker_file_refresh (self->file);
}

static void
yl_workers_page_set_session (YlPage *page, YlSession *session)
{
  YlWorkersPage *self = YL_WORKERS_PAGE (page);

  self->session = session;
  g_list_store_remove_all (self->items);
  yl_worker_file_set_session (self->file, session);
  yl_workers_page_refresh (page, FALSE);
}

static void
yl_workers_page_focus_search (YlPage *page)
{
  YlWorkersPage *self = YL_WORKERS_PAGE (page);

  yl_split_set_show_end (self->split, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
yl_workers_page_focus_content (YlPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (YL_WORKERS_PAGE (page)->list));
}

static gboolean
yl_workers_page_step_back (YlPage *page)
{
  YlWorkersPage *self = YL_WORKERS_PAGE (page);

  if (!yl_split_is_narrow (self->split) || !yl_split_get_show_end (self->split))
    return FALSE;
  yl_split_set_show_end (self->split, FALSE);
  return TRUE;
}

static void
yl_workers_page_dispose (GObject *object)
{
  g_clear_object (&YL_WORKERS_PAGE (object)->items);
  G_OBJECT_CLASS (yl_workers_page_parent_class)->dispose (object);
}

static void
yl_workers_page_class_init (YlWorkersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_ROW);
  g_type_ensure (YL_TYPE_SPLIT);
  g_type_ensure (YL_TYPE_WORKER_FILE);
  G_OBJECT_CLASS (klass)->dispose = yl_workers_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/workers/yl-workers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, split);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, search);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, filter);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, job);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, stack);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, list);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, selection);
  gtk_widget_class_bind_template_child (widget_class, YlWorkersPage, file);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
yl_workers_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_workers_page_set_session;
  iface->refresh = yl_workers_page_refresh;
  iface->focus_search = yl_workers_page_focus_search;
  iface->focus_content = yl_workers_page_focus_content;
  iface->step_back = yl_workers_page_step_back;
}

static void
yl_workers_page_init (YlWorkersPage *self)
{
  self->items = g_list_store_new (YL_TYPE_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->items));
  fill_jobs (self);
}

void
yl_workers_page_show_worker (YlWorkersPage *self, const char *worker)
{
  yl_worker_file_show (self->file, worker, 0);
  yl_split_set_show_end (self->split, TRUE);
}
