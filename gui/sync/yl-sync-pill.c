#include "sync/yl-sync-pill.h"

#include "base/yl-i18n.h"
#include "desk/yl-waiting.h"
#include "exchange/yl-watch.h"
#include "log/yl-log-door.h"
#include "store/yl-trouble.h"
#include "sync/yl-direct-dialog.h"
#include "yl-format.h"

#define SHOWN_WAITING 50
#define SHOWN_NOTES 20

struct _YlSyncPill
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  guint needs_you;
  gboolean compact;

  /* Template children */
  GtkMenuButton *button;
  GtkLabel *face;
  GtkPopover *popover;
  GtkLabel *headline;
  GtkLabel *through;
  GtkLabel *trouble;
  GtkWidget *needs_you_button;
  GtkWidget *troubles_title;
  GtkBox *troubles;
  GtkWidget *waiting_title;
  GtkBox *waiting;
  GtkBox *notes;
  GtkWidget *send_button;
  GtkLabel *relay;
};

G_DEFINE_FINAL_TYPE (YlSyncPill, yl_sync_pill, ADW_TYPE_BIN)

static guint
count_waiting (YlSyncPill *self)
{
  return yl_waiting_count (yl_session_get_store (self->session));
}

/* The four faces, and a fifth for a store that has nobody to be in step with. @style: what the face's colour means. */
static char *
describe_state (YlSyncPill *self, const char **style)
{
  YlSync *sync = yl_session_get_sync (self->session);
  YlSyncState state = yl_sync_get_state (sync);
  gint64 since = yl_sync_get_since (sync);
  guint n_waiting = count_waiting (self);
  g_autofree char *clock = since > 0 ? yl_format_past (since, yl_session_now (self->session)) : g_strdup ("");

  *style = "synced";
  if (self->needs_you > 0)
    {
      *style = "needs-you";
      return g_strdup_printf (_ ("! needs you %u"), self->needs_you);
    }
  if (state == YL_SYNC_ALONE)
    return g_strdup (_ ("● own copy"));
  if (state == YL_SYNC_OFFLINE)
    {
      g_autofree char *face =
          since == 0 ? g_strdup (_ ("○ offline")) : g_strdup_printf (_ ("○ offline since %s"), clock);
      *style = "offline";
      return n_waiting == 0 ? g_steal_pointer (&face) : g_strdup_printf (_ ("%1$s, %2$u waiting"), face, n_waiting);
    }
  if (state == YL_SYNC_SENDING || n_waiting > 0)
    {
      *style = "sending";
      return g_strdup_printf (_ ("↑ sending %u"), n_waiting);
    }
  return g_strdup_printf (_ ("● synced %s"), clock);
}

/* The sign, and the number that matters. */
static char *
shorten (YlSyncPill *self, const char *text)
{
  g_autofree char *sign = g_utf8_substring (text, 0, 1);
  g_autofree char *count = yl_format_count (self->needs_you > 0 ? self->needs_you : count_waiting (self));

  return *count == '\0' ? g_steal_pointer (&sign) : g_strdup_printf ("%s %s", sign, count);
}

static void
update_face (YlSyncPill *self)
{
  const char *style;
  g_autofree char *text = describe_state (self, &style);
  g_autofree char *short_face = shorten (self, text);
  const char *classes[] = { "pill-button", style, NULL };

  gtk_label_set_label (self->face, self->compact ? short_face : text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->button), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
add_line (GtkBox *box, const char *text, const char *time)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *when = gtk_label_new (time);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_valign (when, GTK_ALIGN_START);
  gtk_widget_add_css_class (when, "dim-label");
  gtk_widget_add_css_class (when, "numeric");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), when);
  gtk_box_append (box, line);
}

static void
fill_waiting (YlSyncPill *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_waiting_list (yl_session_get_store (self->session), SHOWN_WAITING, &error);

  clear_box (self->waiting);
  gtk_widget_set_visible (self->waiting_title, items != NULL && items->len > 0);
  if (items == NULL)
    add_line (self->waiting, error->message, "");
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const YlWaitingItem *item = items->pdata[i];
      g_autofree char *time = yl_format_past (item->at, yl_session_now (self->session));
      add_line (self->waiting, item->what, time);
    }
}

/* What is wrong with this copy, another PC or the hub, and what to do: first what waits for somebody. */
static void
fill_troubles (YlSyncPill *self)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) troubles = yl_store_troubles (store, &error);

  clear_box (self->troubles);
  if (troubles == NULL)
    add_line (self->troubles, error->message, "");
  for (guint pass = 0; troubles != NULL && pass < 2; pass++)
    for (guint i = 0; i < troubles->len; i++)
      {
        const YlTrouble *trouble = troubles->pdata[i];
        g_autofree char *words = yl_trouble_describe (store, trouble);
        g_autofree char *text = g_strdup_printf ("%s %s", pass == 0 ? "!" : "·", words);
        g_autofree char *time = yl_format_past (trouble->at, yl_session_now (self->session));

        if (yl_trouble_waits (trouble) == (pass == 0))
          add_line (self->troubles, text, time);
      }
  gtk_widget_set_visible (self->troubles_title, gtk_widget_get_first_child (GTK_WIDGET (self->troubles)) != NULL);
}

static const char *
note_words (const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *words;
  } kinds[] = {
    { "sent", N_ ("Sent") },
    { "received", N_ ("Received") },
    { "handed_over", N_ ("Handed to another store") },
    { "offline", N_ ("Could not reach head office") },
    { "online", N_ ("Back in touch") },
    { "refused", N_ ("Refused") },
    { "confirmed", N_ ("Confirmed") },
    { "joined", N_ ("Joined") },
    { "repaired", N_ ("Repaired") },
    { "keys", N_ ("Keys") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return _ (kinds[i].words);
  return NULL;
}

/* Being offline says it all; its detail is the headline while it lasts. A trouble's detail is a whole sentence. */
static char *
note_text (const YlSyncNote *note)
{
  const char *words = note_words (note->kind);

  if (words == NULL)
    return g_strdup (note->detail);
  if (*note->detail == '\0' || g_str_equal (note->kind, "offline"))
    return g_strdup (words);
  return g_strdup_printf ("%s: %s", words, note->detail);
}

static void
fill_notes (YlSyncPill *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) notes = yl_store_sync_notes (yl_session_get_store (self->session), SHOWN_NOTES, &error);

  clear_box (self->notes);
  if (notes == NULL || notes->len == 0)
    add_line (self->notes, notes == NULL ? error->message : _ ("nothing yet"), "");
  for (guint i = 0; notes != NULL && i < notes->len; i++)
    {
      const YlSyncNote *note = notes->pdata[i];
      g_autofree char *time = yl_format_past (note->at, yl_session_now (self->session));
      g_autofree char *text = note_text (note);
      add_line (self->notes, text, time);
    }
}

/* How fresh the data is: until then nothing that others had sent is missing here. */
static void
fill_through (YlSyncPill *self)
{
  gint64 through = yl_watch_through (yl_session_get_store (self->session));
  g_autofree char *time = through > 0 ? yl_format_past (through, yl_session_now (self->session)) : NULL;
  g_autofree char *text = time != NULL ? g_strdup_printf (_ ("Data as of %s"), time) : NULL;

  gtk_label_set_label (self->through, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->through), text != NULL);
}

/* Who else may come here, for as long as somebody wants that. */
static void
fill_relay (YlSyncPill *self)
{
  YlRelay *relay = yl_session_get_relay (self->session);
  g_autofree char *host = yl_relay_host ();
  g_autofree char *text =
      yl_relay_get_serving (relay) == YL_SERVING_YES
          ? g_strdup_printf (_ ("Other PCs may exchange with this one: %1$s:%2$u"), host, yl_relay_get_port (relay))
          : yl_relay_get_error (relay);

  gtk_label_set_label (self->relay, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->relay), text != NULL);
}

static void
popover_map_cb (GtkWidget *popover, YlSyncPill *self)
{
  YlSync *sync = yl_session_get_sync (self->session);
  g_autofree char *trouble = yl_sync_get_error (sync);
  const char *style;
  guint shown = self->needs_you;

  /* The headline is about the sync itself; what needs a person has its own button. */
  self->needs_you = 0;
  g_autofree char *headline = describe_state (self, &style);
  self->needs_you = shown;
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->trouble, trouble == NULL ? "" : trouble);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), trouble != NULL);
  gtk_widget_set_visible (self->needs_you_button, self->needs_you > 0);
  gtk_widget_set_visible (self->send_button, yl_sync_get_state (sync) != YL_SYNC_ALONE);
  fill_through (self);
  fill_relay (self);
  fill_troubles (self);
  fill_waiting (self);
  fill_notes (self);
}

static void
direct_cb (GtkWidget *button, YlSyncPill *self)
{
  gtk_popover_popdown (self->popover);
  yl_direct_dialog_show (GTK_WIDGET (self), self->session);
}

static void
session_changed_cb (YlSession *session, gboolean from_elsewhere, YlSyncPill *self)
{
  update_face (self);
}

static void
sync_changed_cb (YlSession *session, YlSyncPill *self)
{
  update_face (self);
}

static void
yl_sync_pill_class_init (YlSyncPillClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/sync/yl-sync-pill.ui");
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, button);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, face);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, popover);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, headline);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, through);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, trouble);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, needs_you_button);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, troubles_title);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, troubles);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, waiting_title);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, waiting);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, notes);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, send_button);
  gtk_widget_class_bind_template_child (widget_class, YlSyncPill, relay);
  gtk_widget_class_bind_template_callback (widget_class, popover_map_cb);
  gtk_widget_class_bind_template_callback (widget_class, direct_cb);
}

static void
yl_sync_pill_init (YlSyncPill *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
yl_sync_pill_set_session (YlSyncPill *self, YlSession *session)
{
  self->session = session;
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (session, "sync-changed", G_CALLBACK (sync_changed_cb), self, 0);
  update_face (self);
}

void
yl_sync_pill_set_needs_you (YlSyncPill *self, guint count)
{
  self->needs_you = count;
  if (self->session != NULL)
    update_face (self);
}

static gboolean
update_face_idle_cb (gpointer data)
{
  YlSyncPill *self = data;

  if (self->session != NULL)
    update_face (self);
  return G_SOURCE_REMOVE;
}

void
yl_sync_pill_set_compact (YlSyncPill *self, gboolean compact)
{
  if (self->compact == compact)
    return;
  self->compact = compact;
  /* Called while sizes are being given out: the new face asks for its own size afterwards. */
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_face_idle_cb, g_object_ref (self), g_object_unref);
}
