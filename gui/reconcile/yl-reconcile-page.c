#include "reconcile/yl-reconcile-page.h"

#include "base/yl-i18n.h"
#include "desk/yl-clash.h"
#include "reconcile/yl-conflict-row.h"
#include "records/yl-booking.h"
#include "records/yl-worker.h"
#include "yl-format.h"
#include "yl-window.h"

struct _YlReconcilePage
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  guint count;

  /* Template children */
  GtkStack *stack;
  GtkLabel *conflicts_title;
  GtkWidget *conflicts_hint;
  GtkListBox *conflicts;
  GtkWidget *clashes_title;
  GtkListBox *clashes;
};

static void yl_reconcile_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlReconcilePage,
                               yl_reconcile_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_reconcile_page_page_init))

static void
clear_list (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static void
show_conflicts (YlReconcilePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (yl_session_get_store (self->session), &error);
  g_autofree char *title = NULL;

  clear_list (self->conflicts);
  self->count = 0;
  if (conflicts == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  self->count = conflicts->len;
  title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u thing with two versions", "%u things with two versions", self->count),
      self->count);
  gtk_label_set_label (self->conflicts_title, title);
  g_ptr_array_set_free_func (conflicts, NULL);
  for (guint i = 0; i < conflicts->len; i++)
    gtk_list_box_append (self->conflicts, yl_conflict_row_new (self->session, conflicts->pdata[i]));
}

/* Promises that gave way */

static void
rule_clicked_cb (GtkButton *button, YlReconcilePage *self)
{
  g_autofree char *claim = g_strdup (g_object_get_data (G_OBJECT (button), "claim"));
  g_autoptr (GError) error = NULL;

  if (yl_booking_rule_on (yl_session_get_store (self->session), claim, "holds", NULL, &error))
    yl_window_tell (GTK_WIDGET (self), _ ("Ruled. This promise holds now."));
  else
    yl_window_tell_error (GTK_WIDGET (self), error);
}

static const char *
reason_of (const YlClash *clash)
{
  if (clash->by_ruling)
    return _ ("head office decided");
  return clash->winner_confirmed ? _ ("the other promise was confirmed by her store")
                                 : _ ("the other promise was earlier");
}

static GtkWidget *
make_clash_row (YlReconcilePage *self, const YlClash *clash)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = yl_worker_masked_name (clash->worker_name);
  g_autofree char *span = yl_format_span (clash->start, clash->end, yl_session_now (self->session));
  g_autofree char *title = g_strdup_printf ("%s %s · %s", name, clash->worker_no == NULL ? "" : clash->worker_no, span);
  g_autofree char *subtitle = g_strdup_printf (
      /* Translators: store, order, winning store, its order, the reason */
      _ ("%1$s (%2$s) gave way to %3$s (%4$s): %5$s"), yl_session_site_name (self->session, clash->site),
      clash->order_no == NULL ? "" : clash->order_no, yl_session_site_name (self->session, clash->winner_site),
      clash->winner_order_no == NULL ? "" : clash->winner_order_no, reason_of (clash));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  if (yl_store_is_head_office (yl_session_get_store (self->session)))
    {
      GtkWidget *rule = gtk_button_new_with_label (_ ("Let this one hold"));
      gtk_widget_set_valign (rule, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (rule), "claim", g_strdup (clash->claim), g_free);
      g_signal_connect_object (rule, "clicked", G_CALLBACK (rule_clicked_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), rule);
    }
  return row;
}

static guint
show_clashes (YlReconcilePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) clashes = yl_clash_list (yl_session_get_store (self->session), &error);

  clear_list (self->clashes);
  if (clashes == NULL)
    {
      g_warning ("%s", error->message);
      return 0;
    }
  for (guint i = 0; i < clashes->len; i++)
    gtk_list_box_append (self->clashes, make_clash_row (self, clashes->pdata[i]));
  gtk_widget_set_visible (self->clashes_title, clashes->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->clashes), clashes->len > 0);
  return clashes->len;
}

static void
yl_reconcile_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlReconcilePage *self = YL_RECONCILE_PAGE (page);
  guint n_clashes;

  show_conflicts (self);
  n_clashes = show_clashes (self);
  gtk_widget_set_visible (GTK_WIDGET (self->conflicts_title), self->count > 0);
  gtk_widget_set_visible (self->conflicts_hint, self->count > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->conflicts), self->count > 0);
  gtk_stack_set_visible_child_name (self->stack, self->count + n_clashes == 0 ? "empty" : "list");
}

static void
yl_reconcile_page_set_session (YlPage *page, YlSession *session)
{
  YL_RECONCILE_PAGE (page)->session = session;
  yl_reconcile_page_refresh (page, FALSE);
}

static void
yl_reconcile_page_focus_content (YlPage *page)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (YL_RECONCILE_PAGE (page)->conflicts, 0);

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
yl_reconcile_page_class_init (YlReconcilePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/reconcile/yl-reconcile-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, stack);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, conflicts_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, conflicts_hint);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, conflicts);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, clashes_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, clashes);
}

static void
yl_reconcile_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_reconcile_page_set_session;
  iface->refresh = yl_reconcile_page_refresh;
  iface->focus_content = yl_reconcile_page_focus_content;
}

static void
yl_reconcile_page_init (YlReconcilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

guint
yl_reconcile_page_get_count (YlReconcilePage *self)
{
  return self->count;
}
