#include "reconcile/yl-clash-row.h"

#include "base/yl-i18n.h"
#include "desk/yl-value-words.h"
#include "reconcile/yl-side.h"
#include "records/yl-booking.h"
#include "records/yl-codes.h"
#include "records/yl-worker.h"
#include "yl-format.h"
#include "yl-window.h"

struct _YlClashRow
{
  GtkListBoxRow parent_instance;

  YlSession *session; /* borrowed */
  YlClash *clash;
};

G_DEFINE_FINAL_TYPE (YlClashRow, yl_clash_row, GTK_TYPE_LIST_BOX_ROW)

static gboolean
may_rule (YlClashRow *self)
{
  return yl_store_is_head_office (yl_session_get_store (self->session)) && self->clash->reason != YL_CLASH_SERVED;
}

/* Ruling moves this card or takes it away, so whoever tells about it holds the window. */
static void
rule (YlClashRow *self)
{
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autofree char *claim = g_strdup (self->clash->lost.claim);
  g_autoptr (GError) error = NULL;

  if (yl_booking_rule_on (yl_session_get_store (self->session), claim, "holds", NULL, &error))
    yl_window_tell (window, _ ("Ruled. This promise holds now."));
  else
    yl_window_tell_error (window, error);
}

static void
rule_clicked_cb (GtkButton *button, YlClashRow *self)
{
  rule (self);
}

static void
substitute (YlClashRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.substitute", "s", self->clash->lost.order);
}

static void
substitute_clicked_cb (GtkButton *button, YlClashRow *self)
{
  substitute (self);
}

static gboolean
rule_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  if (!may_rule (YL_CLASH_ROW (widget)))
    return FALSE;
  rule (YL_CLASH_ROW (widget));
  return TRUE;
}

static gboolean
substitute_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  if (!YL_CLASH_ROW (widget)->clash->is_own)
    return FALSE;
  substitute (YL_CLASH_ROW (widget));
  return TRUE;
}

static GtkWidget *
make_side (YlClashRow *self, const YlClashSide *side, const char *state, const char *style)
{
  YlStore *store = yl_session_get_store (self->session);
  gint64 now = yl_session_now (self->session);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *label = gtk_label_new (state);
  g_autofree char *span = yl_format_span (side->start, side->end, now);
  g_autofree char *when = yl_format_past (side->promised_at, now);
  g_autofree char *actor = side->actor != NULL ? yl_actor_words (store, side->actor) : g_strdup ("");
  g_autofree char *title = g_strjoin (" · ", side->order_no != NULL ? side->order_no : "",
                                      yl_session_site_name (self->session, side->site), NULL);
  g_autofree char *who = g_strdup_printf (
      /* Translators: who promised, when */
      _ ("promised by %1$s, %2$s"), actor, when);

  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "state");
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), yl_side_label (title, "row-title"));
  gtk_box_append (GTK_BOX (box), yl_side_label (span, "numeric"));
  gtk_box_append (GTK_BOX (box), yl_side_label (who, "dim-label"));
  gtk_widget_add_css_class (box, "side-card");
  return box;
}

static GtkWidget *
make_actions (YlClashRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  if (self->clash->is_own)
    {
      GtkWidget *find = gtk_button_new_with_label (_ ("Find a substitute"));

      gtk_widget_add_css_class (find, "suggested-action");
      g_signal_connect_object (find, "clicked", G_CALLBACK (substitute_clicked_cb), self, 0);
      gtk_box_append (GTK_BOX (box), find);
    }
  if (may_rule (self))
    {
      const char *order = self->clash->lost.order_no != NULL ? self->clash->lost.order_no : "";
      g_autofree char *words = g_strdup_printf (_ ("1 · Let %s hold"), order);
      GtkWidget *let = gtk_button_new_with_label (words);

      g_signal_connect_object (let, "clicked", G_CALLBACK (rule_clicked_cb), self, 0);
      gtk_box_append (GTK_BOX (box), let);
    }
  gtk_widget_set_visible (box, gtk_widget_get_first_child (box) != NULL);
  return box;
}

static char *
outcome (YlClashRow *self)
{
  const YlClash *clash = self->clash;
  const char *state = clash->order_state != NULL ? yl_code_label ("order_state", clash->order_state) : "";

  return g_strdup_printf (
      /* Translators: the reason; the order that gave way; its state */
      _ ("%1$s. %2$s is now: %3$s"), yl_clash_reason_words (clash->reason),
      clash->lost.order_no != NULL ? clash->lost.order_no : "", state);
}

static void
yl_clash_row_finalize (GObject *object)
{
  g_clear_pointer (&YL_CLASH_ROW (object)->clash, yl_clash_free);
  G_OBJECT_CLASS (yl_clash_row_parent_class)->finalize (object);
}

static void
yl_clash_row_class_init (YlClashRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_clash_row_finalize;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_1, 0, rule_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, substitute_key_cb, NULL);
}

static void
yl_clash_row_init (YlClashRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

GtkWidget *
yl_clash_row_new (YlSession *session, YlClash *clash)
{
  YlClashRow *self = g_object_new (YL_TYPE_CLASH_ROW, NULL);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *sides = yl_side_box ();
  g_autofree char *name = yl_worker_masked_name (clash->worker_name);
  g_autofree char *title = g_strjoin (" ", name, clash->worker_no, NULL);
  g_autofree char *result = NULL;

  self->session = session;
  self->clash = clash;
  result = outcome (self);
  gtk_widget_add_css_class (card, "card-body");
  gtk_box_append (GTK_BOX (card), yl_side_label (title, "row-title"));
  yl_side_box_append (sides, make_side (self, &clash->won, _ ("holds"), "firm"));
  yl_side_box_append (sides, make_side (self, &clash->lost, _ ("gave way"), "tentative"));
  gtk_box_append (GTK_BOX (card), sides);
  gtk_box_append (GTK_BOX (card), yl_side_label (result, NULL));
  gtk_box_append (GTK_BOX (card), make_actions (self));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), card);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}
