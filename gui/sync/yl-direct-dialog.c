#include "sync/yl-direct-dialog.h"

#include "base/yl-i18n.h"
#include "exchange/yl-relay-address.h"

/* Setting of this PC: the address that was typed last. */
#define SETTING_WITH "relay.with"

struct _YlDirectDialog
{
  AdwWindow parent_instance;

  YlSession *session;
  gboolean showing; /* the switch follows what is, nobody moves it */

  /* Template children */
  GtkEditable *address;
  GtkWidget *exchange_button;
  GtkSpinner *spinner;
  GtkLabel *outcome;
  GtkWidget *serving;
  GtkSwitch *serve;
  GtkSpinButton *port;
  GtkLabel *reached;
};

G_DEFINE_FINAL_TYPE (YlDirectDialog, yl_direct_dialog, ADW_TYPE_WINDOW)

/** Exchange: one with another PC, under way in a thread. */
typedef struct
{
  char *file;
  char *typed;
  char *url;
  YlSyncReport report;
} Exchange;

static void
exchange_free (Exchange *exchange)
{
  g_free (exchange->file);
  g_free (exchange->typed);
  g_free (exchange->url);
  g_free (exchange);
}

static void
tell (GtkLabel *label, const char *text, gboolean error)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
  (error ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (label), "error");
}

static void
set_busy (YlDirectDialog *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->exchange_button, !busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
}

/* With another PC */

static char *
describe_report (const YlSyncReport *report)
{
  if (report->received == 0 && report->handed_over == 0)
    return g_strdup (_ ("Done. Neither PC had anything that the other lacked."));
  return g_strdup_printf (
      _ ("Done. Change sets received: %1$u, handed over: %2$u. What is not at head office yet goes on waiting."),
      report->received, report->handed_over);
}

static char *
describe_error (const GError *error)
{
  if (!g_error_matches (error, YL_ERROR, YL_ERROR_OFFLINE))
    return g_strdup (error->message);
  return g_strdup_printf ("%s\n%s", error->message,
                          _ ("Is the other PC on, with its window open, and does it let other PCs exchange with it?"));
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  YlDirectDialog *self = YL_DIRECT_DIALOG (source);
  const Exchange *exchange = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);
  g_autofree char *text = ok ? describe_report (&exchange->report) : describe_error (error);

  /* Closed meanwhile: the sync log of the pill has it. */
  if (self->session == NULL)
    return;
  yl_session_refresh (self->session);
  set_busy (self, FALSE);
  tell (self->outcome, text, !ok);
}

static void
exchange_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Exchange *exchange = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_store_open (exchange->file, &error);

  if (store != NULL && yl_store_set_setting (store, SETTING_WITH, exchange->typed, &error)
      && yl_sync_run_with (store, exchange->url, &exchange->report, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* As at head office there is TLS where the company's hub has it. */
static gboolean
has_tls (YlDirectDialog *self)
{
  const char *hub = yl_store_get_hub_url (yl_session_get_store (self->session));

  return hub != NULL && g_str_has_prefix (hub, "https:");
}

static void
exchange_cb (GtkWidget *widget, YlDirectDialog *self)
{
  const char *typed = gtk_editable_get_text (self->address);
  g_autoptr (GError) error = NULL;
  g_autofree char *url = yl_relay_address_read (typed, has_tls (self), &error);
  g_autoptr (GTask) task = NULL;
  Exchange *exchange;

  /* Enter, while one is under way. */
  if (!gtk_widget_get_sensitive (self->exchange_button))
    return;
  if (url == NULL)
    {
      tell (self->outcome, error->message, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->address));
      return;
    }
  tell (self->outcome, "", FALSE);
  set_busy (self, TRUE);
  exchange = g_new0 (Exchange, 1);
  exchange->file = g_strdup (yl_store_get_file (yl_session_get_store (self->session)));
  exchange->typed = g_strdup (typed);
  exchange->url = g_steal_pointer (&url);
  task = g_task_new (self, NULL, exchanged_cb, NULL);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  g_task_run_in_thread (task, exchange_thread);
}

/* Letting others */

static void
show_serving (YlDirectDialog *self)
{
  YlRelay *relay = yl_session_get_relay (self->session);
  YlServing serving = yl_relay_get_serving (relay);
  g_autofree char *error = yl_relay_get_error (relay);
  g_autofree char *host = yl_relay_host ();
  g_autofree char *reached = g_strdup_printf (_ ("The other PC types: %1$s:%2$u"), host, yl_relay_get_port (relay));

  self->showing = TRUE;
  gtk_switch_set_active (self->serve, serving != YL_SERVING_NO);
  self->showing = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->port), serving == YL_SERVING_NO);
  if (serving == YL_SERVING_YES)
    tell (self->reached, reached, FALSE);
  else
    tell (self->reached, error == NULL ? _ ("Nobody is let in now.") : error, error != NULL);
}

static void
relay_changed_cb (YlRelay *relay, YlDirectDialog *self)
{
  show_serving (self);
}

static void
serve_cb (GtkSwitch *serve, GParamSpec *property, YlDirectDialog *self)
{
  g_autoptr (GError) error = NULL;

  if (self->showing || self->session == NULL)
    return;
  if (!yl_session_set_relaying (self->session, gtk_switch_get_active (serve),
                                (guint) gtk_spin_button_get_value_as_int (self->port), &error))
    {
      show_serving (self);
      tell (self->reached, error->message, TRUE);
    }
}

static void
yl_direct_dialog_dispose (GObject *object)
{
  YlDirectDialog *self = YL_DIRECT_DIALOG (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (yl_session_get_relay (self->session), self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (yl_direct_dialog_parent_class)->dispose (object);
}

static void
yl_direct_dialog_class_init (YlDirectDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = yl_direct_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/sync/yl-direct-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, address);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, exchange_button);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, outcome);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, serving);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, serve);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, port);
  gtk_widget_class_bind_template_child (widget_class, YlDirectDialog, reached);
  gtk_widget_class_bind_template_callback (widget_class, exchange_cb);
  gtk_widget_class_bind_template_callback (widget_class, serve_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
yl_direct_dialog_init (YlDirectDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_range (self->port, YL_RELAY_PORT_MIN, YL_RELAY_PORT_MAX);
}

void
yl_direct_dialog_show (GtkWidget *widget, YlSession *session)
{
  YlStore *store = yl_session_get_store (session);
  g_autofree char *last = yl_store_get_setting (store, SETTING_WITH);
  YlDirectDialog *self =
      g_object_new (YL_TYPE_DIRECT_DIALOG, "transient-for", gtk_widget_get_root (widget), "modal", TRUE, NULL);

  self->session = g_object_ref (session);
  gtk_editable_set_text (self->address, last == NULL ? "" : last);
  gtk_spin_button_set_value (self->port, yl_session_relay_port (session));
  /* Head office has its hub for that. */
  gtk_widget_set_visible (self->serving, !yl_store_is_head_office (store));
  g_signal_connect (yl_session_get_relay (session), "changed", G_CALLBACK (relay_changed_cb), self);
  show_serving (self);
  gtk_window_present (GTK_WINDOW (self));
}
