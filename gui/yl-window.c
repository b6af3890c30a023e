#include "yl-window.h"

#include "base/yl-i18n.h"
#include "desk/yl-today.h"
#include "match/yl-match-page.h"
#include "orders/yl-intake-page.h"
#include "orders/yl-orders-page.h"
#include "reconcile/yl-reconcile-page.h"
#include "merge/yl-conflict.h"
#include "seal/yl-lock.h"
#include "sync/yl-sync-pill.h"
#include "today/yl-today-page.h"
#include "welcome/yl-unlock-page.h"
#include "welcome/yl-welcome-page.h"
#include "workers/yl-workers-page.h"
#include "yl-application.h"
#include "yl-format.h"

#define FOLD_WIDTH 860
#define COMPACT_WIDTH 560
#define UNDO_SECONDS 20
#define FIRST_FRAME_MS 50

/* The sidebar: page, icon. Only what exists. */
static const struct
{
  const char *page;
  const char *icon;
} sidebar_entries[] = {
  { "today", "alarm-symbolic" },
  { "orders", "view-list-symbolic" },
  { "workers", "system-users-symbolic" },
  { "reconcile", "view-dual-symbolic" },
};

struct _YlWindow
{
  AdwApplicationWindow parent_instance;

  YlSession *session;
  char *first_file; /* opened once the window is on screen */
  GQueue *history;  /* names of the pages left behind */
  GtkLabel *badges[G_N_ELEMENTS (sidebar_entries)];
  AdwToast *undo_toast;  /* the toast Ctrl+Z means; borrowed, NULL once dismissed */
  AdwToast *error_toast; /* likewise: stays until it is read or something else was done */

  /* Template children */
  AdwToastOverlay *toasts;
  GtkStack *top;
  YlUnlockPage *unlock;
  YlWelcomePage *welcome;
  AdwFlap *flap;
  AdwWindowTitle *site_title;
  AdwWindowTitle *page_title;
  GtkListBox *sidebar;
  GtkLabel *actor;
  GtkWidget *back_button;
  YlSyncPill *sync_pill;
  GtkStack *pages;
  YlTodayPage *today;
  YlOrdersPage *orders;
  YlWorkersPage *workers;
  YlReconcilePage *reconcile;
  YlIntakePage *intake;
  YlMatchPage *match;
};

G_DEFINE_FINAL_TYPE (YlWindow, yl_window, ADW_TYPE_APPLICATION_WINDOW)

/* Toasts */

typedef struct
{
  YlWindow *window; /* borrowed: the toast lives inside it */
  YlUndoFunc undo;
  gpointer data;
  GDestroyNotify destroy;
} UndoOffer;

static void
free_offer (gpointer data, GClosure *closure)
{
  UndoOffer *offer = data;

  if (offer->destroy != NULL)
    offer->destroy (offer->data);
  g_free (offer);
}

static YlWindow *
window_of (GtkWidget *widget)
{
  return YL_WINDOW (gtk_widget_get_ancestor (widget, YL_TYPE_WINDOW));
}

static void
toast_dismissed_cb (AdwToast *toast, YlWindow *self)
{
  if (self->undo_toast == toast)
    self->undo_toast = NULL;
  if (self->error_toast == toast)
    self->error_toast = NULL;
}

/* Toasts read markup. The answer to what was done last comes before all others. */
static AdwToast *
toast_new (YlWindow *self, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self, 0);
  return toast;
}

/* Whatever is told next, the error of an earlier try is over: it never ends by itself, and what waits behind it is not seen. */
static void
show_toast (YlWindow *self, AdwToast *toast)
{
  if (self->error_toast != NULL)
    adw_toast_dismiss (self->error_toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
yl_window_tell (GtkWidget *widget, const char *sentence)
{
  YlWindow *self = window_of (widget);

  show_toast (self, toast_new (self, sentence));
}

void
yl_window_tell_error (GtkWidget *widget, const GError *error)
{
  YlWindow *self = window_of (widget);
  AdwToast *toast = toast_new (self, error->message);

  adw_toast_set_timeout (toast, 0);
  show_toast (self, toast);
  self->error_toast = toast;
}

static void
undo_clicked_cb (AdwToast *toast, UndoOffer *offer)
{
  g_autoptr (GError) error = NULL;

  if (!offer->undo (yl_session_get_store (offer->window->session), offer->data, &error))
    yl_window_tell_error (GTK_WIDGET (offer->window), error);
}

void
yl_window_tell_undoable (GtkWidget *widget,
                         const char *sentence,
                         YlUndoFunc undo,
                         gpointer data,
                         GDestroyNotify destroy)
{
  YlWindow *self = window_of (widget);
  AdwToast *toast = toast_new (self, sentence);
  UndoOffer *offer = g_new0 (UndoOffer, 1);

  *offer = (UndoOffer){ self, undo, data, destroy };
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), offer, free_offer, 0);
  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  self->undo_toast = toast;
  show_toast (self, toast);
}

/* Pages */

static YlPage *
shown_page (YlWindow *self)
{
  return YL_PAGE (gtk_stack_get_visible_child (self->pages));
}

static void
update_header (YlWindow *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->pages);
  GtkStackPage *page = gtk_stack_get_page (self->pages, gtk_stack_get_visible_child (self->pages));

  adw_window_title_set_title (self->page_title, gtk_stack_page_get_title (page));
  gtk_widget_set_visible (self->back_button, !g_queue_is_empty (self->history));
  for (guint i = 0; i < G_N_ELEMENTS (sidebar_entries); i++)
    if (g_str_equal (sidebar_entries[i].page, name))
      gtk_list_box_select_row (self->sidebar, gtk_list_box_get_row_at_index (self->sidebar, i));
}

static void
show_page (YlWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->pages, name);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  update_header (self);
  yl_page_focus_content (shown_page (self));
}

/* Goes to a page one comes back from. */
static void
push_page (YlWindow *self, const char *name)
{
  const char *from = gtk_stack_get_visible_child_name (self->pages);

  if (g_strcmp0 (from, name) != 0)
    g_queue_push_head (self->history, g_strdup (from));
  show_page (self, name);
}

static void
page_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  if (self->session == NULL)
    return;
  g_queue_clear_full (self->history, g_free);
  show_page (self, g_variant_get_string (parameter, NULL));
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);
  g_autofree char *name = NULL;

  if (self->session == NULL || yl_page_step_back (shown_page (self)))
    return;
  name = g_queue_pop_head (self->history);
  if (name != NULL)
    show_page (self, name);
}

static void
new_order_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  if (self->session == NULL)
    return;
  yl_intake_page_start (self->intake);
  push_page (self, "intake");
}

static void
match_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);
  gboolean substitute = g_str_equal (action, "win.substitute");

  if (!yl_match_page_show_order (self->match, g_variant_get_string (parameter, NULL), substitute))
    return;
  /* A saved demand leads to its match; going back leads to where the demand was begun. */
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "intake") == 0)
    show_page (self, "match");
  else
    push_page (self, "match");
}

static void
order_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  yl_orders_page_show_order (self->orders, g_variant_get_string (parameter, NULL));
  push_page (self, "orders");
}

static void
worker_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  yl_workers_page_show_worker (self->workers, g_variant_get_string (parameter, NULL));
  push_page (self, "workers");
}

static void
sync_now_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  if (self->session != NULL)
    yl_sync_now (yl_session_get_sync (self->session));
}

static void
search_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  if (self->session != NULL)
    yl_page_focus_search (shown_page (self));
}

static void
undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  YlWindow *self = YL_WINDOW (widget);

  if (self->undo_toast == NULL)
    return;
  g_signal_emit_by_name (self->undo_toast, "button-clicked");
  adw_toast_dismiss (self->undo_toast);
}

static void
file_chosen_cb (GtkNativeDialog *dialog, int response, YlWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      yl_window_open_file (self, g_file_peek_path (file));
    }
  g_object_unref (dialog);
}

static void
open_file_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Open a store file"), GTK_WINDOW (widget),
                                                              GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Open"), _ ("Cancel"));

  g_signal_connect (dialog, "response", G_CALLBACK (file_chosen_cb), widget);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* Sidebar */

static void
sidebar_row_activated_cb (GtkListBox *list, GtkListBoxRow *row, YlWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s",
                              sidebar_entries[gtk_list_box_row_get_index (row)].page);
}

static void
fill_sidebar (YlWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (sidebar_entries); i++)
    {
      GtkWidget *page = gtk_stack_get_child_by_name (self->pages, sidebar_entries[i].page);
      const char *title = gtk_stack_page_get_title (gtk_stack_get_page (self->pages, page));
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      GtkWidget *label = gtk_label_new (title);
      GtkWidget *row = gtk_list_box_row_new ();

      self->badges[i] = GTK_LABEL (gtk_label_new (NULL));
      gtk_widget_set_hexpand (label, TRUE);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (GTK_WIDGET (self->badges[i]), "count");
      gtk_widget_set_valign (GTK_WIDGET (self->badges[i]), GTK_ALIGN_CENTER);
      gtk_widget_set_visible (GTK_WIDGET (self->badges[i]), FALSE);
      gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (sidebar_entries[i].icon));
      gtk_box_append (GTK_BOX (box), label);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->badges[i]));
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      gtk_list_box_append (self->sidebar, row);
    }
}

static void
set_badge (YlWindow *self, const char *page, guint count)
{
  g_autofree char *text = yl_format_count (count);

  for (guint i = 0; i < G_N_ELEMENTS (sidebar_entries); i++)
    if (g_str_equal (sidebar_entries[i].page, page))
      {
        gtk_label_set_label (self->badges[i], text);
        gtk_widget_set_visible (GTK_WIDGET (self->badges[i]), count > 0);
      }
}

/* The session */

static void
update_counts (YlWindow *self)
{
  guint n_conflicts = yl_reconcile_page_get_count (self->reconcile);

  set_badge (self, "today", yl_today_page_get_count (self->today));
  set_badge (self, "orders", yl_orders_page_get_open_count (self->orders));
  set_badge (self, "reconcile", n_conflicts);
  yl_sync_pill_set_needs_you (self->sync_pill, n_conflicts);
}

static void
update_titles (YlWindow *self)
{
  YlStore *store = yl_session_get_store (self->session);
  const char *code = yl_store_get_actor (store);
  g_autoptr (YlRecord) staff = code == NULL ? NULL : yl_store_get (store, "staff", code, NULL);
  const char *name = staff == NULL ? NULL : yl_record_get_text (staff, "name");
  g_autofree char *who = name == NULL ? g_strdup (code) : g_strdup_printf ("%s · %s", name, code);

  adw_window_title_set_subtitle (self->site_title, yl_session_own_site_name (self->session));
  gtk_label_set_label (self->actor, who == NULL ? "" : who);
}

static void
session_changed_cb (YlSession *session, gboolean from_elsewhere, YlWindow *self)
{
  YlPage *pages[] = { YL_PAGE (self->today),     YL_PAGE (self->orders), YL_PAGE (self->workers),
                      YL_PAGE (self->reconcile), YL_PAGE (self->intake), YL_PAGE (self->match) };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    yl_page_refresh (pages[i], from_elsewhere);
  update_titles (self);
  update_counts (self);
}

static void
close_session (YlWindow *self)
{
  if (self->session == NULL)
    return;
  yl_session_close (self->session);
  g_clear_object (&self->session);
}

static void
use_session (YlWindow *self, YlSession *session)
{
  YlPage *pages[] = { YL_PAGE (self->today),     YL_PAGE (self->orders), YL_PAGE (self->workers),
                      YL_PAGE (self->reconcile), YL_PAGE (self->intake), YL_PAGE (self->match) };

  close_session (self);
  self->session = session;
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    yl_page_set_session (pages[i], session);
  yl_sync_pill_set_session (self->sync_pill, session);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self, 0);
  update_titles (self);
  update_counts (self);
  gtk_stack_set_visible_child_name (self->top, "desk");
  g_queue_clear_full (self->history, g_free);
  show_page (self, "today");
}

void
yl_window_open_file (YlWindow *self, const char *file)
{
  g_autoptr (GError) error = NULL;
  YlSession *session;

  if (yl_lock_needs_passphrase (file))
    {
      gtk_stack_set_visible_child_name (self->top, "unlock");
      yl_unlock_page_ask (self->unlock, file);
      return;
    }
  session = yl_session_open (file, &error);
  if (session == NULL)
    {
      yl_welcome_page_show_error (self->welcome, error->message);
      gtk_stack_set_visible_child_name (self->top, "welcome");
      return;
    }
  yl_application_remember_file (file);
  use_session (self, session);
}

static void
unlocked_cb (YlUnlockPage *unlock, const char *file, YlWindow *self)
{
  yl_window_open_file (self, file);
}

static void
store_ready_cb (YlWelcomePage *welcome, const char *file, YlWindow *self)
{
  yl_window_open_file (self, file);
}

/* Folding follows the width of the window, not what the pages ask for. */
static void
yl_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  YlWindow *self = YL_WINDOW (widget);
  AdwFlapFoldPolicy policy = width < FOLD_WIDTH ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER;

  if (adw_flap_get_fold_policy (self->flap) != policy)
    {
      adw_flap_set_fold_policy (self->flap, policy);
      adw_flap_set_reveal_flap (self->flap, policy == ADW_FLAP_FOLD_POLICY_NEVER);
    }
  yl_sync_pill_set_compact (self->sync_pill, width < COMPACT_WIDTH);
  GTK_WIDGET_CLASS (yl_window_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
yl_window_dispose (GObject *object)
{
  YlWindow *self = YL_WINDOW (object);

  close_session (self);
  g_clear_pointer (&self->first_file, g_free);
  if (self->history != NULL)
    g_queue_free_full (g_steal_pointer (&self->history), g_free);
  G_OBJECT_CLASS (yl_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, YlWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, top);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, unlock);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, welcome);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, site_title);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, page_title);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, actor);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, sync_pill);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, today);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, orders);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, workers);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, reconcile);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, intake);
  gtk_widget_class_bind_template_child (widget_class, YlWindow, match);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_row_activated_cb);
}

static void
yl_window_class_init (YlWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_UNLOCK_PAGE);
  g_type_ensure (YL_TYPE_WELCOME_PAGE);
  g_type_ensure (YL_TYPE_SYNC_PILL);
  g_type_ensure (YL_TYPE_TODAY_PAGE);
  g_type_ensure (YL_TYPE_ORDERS_PAGE);
  g_type_ensure (YL_TYPE_INTAKE_PAGE);
  g_type_ensure (YL_TYPE_MATCH_PAGE);
  g_type_ensure (YL_TYPE_WORKERS_PAGE);
  g_type_ensure (YL_TYPE_RECONCILE_PAGE);
  G_OBJECT_CLASS (klass)->dispose = yl_window_dispose;
  widget_class->size_allocate = yl_window_size_allocate;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/yl-window.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_cb);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "win.new-order", NULL, new_order_cb);
  gtk_widget_class_install_action (widget_class, "win.match", "s", match_cb);
  gtk_widget_class_install_action (widget_class, "win.substitute", "s", match_cb);
  gtk_widget_class_install_action (widget_class, "win.order", "s", order_cb);
  gtk_widget_class_install_action (widget_class, "win.worker", "s", worker_cb);
  gtk_widget_class_install_action (widget_class, "win.sync-now", NULL, sync_now_cb);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_cb);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "win.open-file", NULL, open_file_cb);
}

/* Keys that typing comes before: the focused widget sees them first. */
static void
add_quiet_shortcuts (YlWindow *self)
{
  static const struct
  {
    guint key;
    const char *action;
  } keys[] = { { GDK_KEY_Escape, "win.back" }, { GDK_KEY_question, "win.show-help-overlay" } };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, 0), gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
yl_window_init (YlWindow *self)
{
  self->history = g_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_quiet_shortcuts (self);
  fill_sidebar (self);
  g_signal_connect_object (self->unlock, "unlocked", G_CALLBACK (unlocked_cb), self, 0);
  g_signal_connect_object (self->welcome, "store-ready", G_CALLBACK (store_ready_cb), self, 0);
}

/* Opening unseals the names of the whole chain; the window is there before that. */
static gboolean
open_first_file_cb (gpointer data)
{
  YlWindow *self = data;

  yl_window_open_file (self, self->first_file);
  return G_SOURCE_REMOVE;
}

YlWindow *
yl_window_new (GtkApplication *application, const char *file)
{
  YlWindow *self = g_object_new (YL_TYPE_WINDOW, "application", application, NULL);

  self->first_file = g_strdup (file);
  gtk_stack_set_visible_child_name (self->top, file == NULL ? "welcome" : "opening");
  if (file != NULL)
    g_timeout_add_full (G_PRIORITY_LOW, FIRST_FRAME_MS, open_first_file_cb, g_object_ref (self), g_object_unref);
  return self;
}
