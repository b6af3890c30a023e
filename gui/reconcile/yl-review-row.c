#include "reconcile/yl-review-row.h"

#include "base/yl-i18n.h"
#include "desk/yl-value-words.h"
#include "desk/yl-waiting.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "yl-format.h"
#include "yl-window.h"

#define SHOWN_OPS 12

struct _YlReviewRow
{
  GtkListBoxRow parent_instance;

  YlSession *session; /* borrowed */
  YlReviewItem *item;
};

G_DEFINE_FINAL_TYPE (YlReviewRow, yl_review_row, GTK_TYPE_LIST_BOX_ROW)

typedef gboolean (*Decision) (YlStore *store, const char *name, GError **error);

/* Deciding takes this card away, so whoever tells about it holds the window. */
static void
decide (YlReviewRow *self, Decision decision, const char *sentence)
{
  g_autoptr (YlReviewRow) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autoptr (GError) error = NULL;

  if (decision (yl_session_get_store (self->session), self->item->entry, &error))
    yl_window_tell (window, sentence);
  else
    yl_window_tell_error (window, error);
}

static gboolean
may_decide (YlReviewRow *self)
{
  return yl_store_is_head_office (yl_session_get_store (self->session));
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, YlReviewRow *self)
{
  if (g_str_equal (response, "accept"))
    decide (self, yl_review_accept, _ ("Accepted: it counts now, as head office’s own."));
  else if (g_str_equal (response, "drop"))
    decide (self, yl_review_drop, _ ("Dropped: it does not count anywhere."));
}

/* The decision is a fact that all stores get, with no way back. */
static void
ask (YlReviewRow *self, const char *response, const char *label, const char *heading)
{
  g_autofree char *what = yl_what_words (self->item->what);
  g_autofree char *body = g_strdup_printf (
      "%s\n\n%s", what,
      _ ("This cannot be undone: the decision goes to all stores. What is entered can be edited afterwards."));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
accept_cb (GtkButton *button, YlReviewRow *self)
{
  ask (self, "accept", _ ("Accept for good"), _ ("Accept this work?"));
}

static void
drop_cb (GtkButton *button, YlReviewRow *self)
{
  ask (self, "drop", _ ("Drop for good"), _ ("Drop this work?"));
}

static gboolean
decide_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  YlReviewRow *self = YL_REVIEW_ROW (widget);

  if (!may_decide (self))
    return FALSE;
  if (g_variant_get_uint32 (arguments) == 1)
    accept_cb (NULL, self);
  else
    drop_cb (NULL, self);
  return TRUE;
}

static const YlField *
find_field (const YlTable *table, const char *column)
{
  int field = table != NULL ? yl_table_field (table, column) : -1;

  return field >= 0 ? &table->fields[field] : NULL;
}

/* What people would not miss: what follows from the rest, and what ties a part to its record. */
static gboolean
is_plain (const YlField *field)
{
  return field != NULL && (field->flags & (YL_FIELD_FILLED | YL_FIELD_NUMBER)) == 0
         && ((field->flags & YL_FIELD_FIXED) == 0 || field->kind != YL_KIND_REF);
}

/* `Wage 52.00 yuan, Phone`: what is sealed by its name only, since no key came with work that does not count. */
static char *
column_words (YlReviewRow *self, const YlOp *op)
{
  YlStore *store = yl_session_get_store (self->session);
  const YlTable *table = yl_table_find (op->table);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < op->n_columns; i++)
    {
      const YlField *field = find_field (table, op->columns[i]);
      g_autofree char *value = NULL;

      if (!is_plain (field))
        continue;
      value = op->values[i].type == YL_VALUE_BLOB ? NULL : yl_value_words (store, field, &op->values[i]);
      g_ptr_array_add (words, g_strjoin (" ", yl_label (field->zh, field->en), value, NULL));
    }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (yl_label (",", ", "), (char **) words->pdata);
}

static char *
op_words (YlReviewRow *self, const YlOp *op)
{
  static const char *const verbs[] = { N_ ("new"), N_ ("changed"), N_ ("removed"), N_ ("other") };
  const YlTable *table = yl_table_find (op->table);
  g_autofree char *number = yl_store_number (yl_session_get_store (self->session), op->table, op->id);
  g_autofree char *columns = column_words (self, op);
  g_autofree char *what = g_strjoin (" ", table != NULL ? yl_label (table->zh, table->en) : op->table,
                                     op->kind == YL_OP_INSERT ? NULL : number, NULL);

  return g_strjoin (" · ", _ (verbs[MIN ((guint) op->kind, G_N_ELEMENTS (verbs) - 1)]), what,
                    *columns != '\0' ? columns : NULL, NULL);
}

static void
append_ops (YlReviewRow *self, GtkWidget *card)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlEntry) entry = yl_review_entry (yl_session_get_store (self->session), self->item->entry, &error);

  if (entry == NULL)
    {
      gtk_box_append (GTK_BOX (card), yl_side_label (error->message, "error"));
      return;
    }
  for (guint i = 0; i < MIN (entry->ops->len, SHOWN_OPS); i++)
    {
      g_autofree char *words = op_words (self, entry->ops->pdata[i]);

      gtk_box_append (GTK_BOX (card), yl_side_label (words, NULL));
    }
  if (entry->ops->len > SHOWN_OPS)
    {
      guint more = entry->ops->len - SHOWN_OPS;
      g_autofree char *words =
          g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", more), more);

      gtk_box_append (GTK_BOX (card), yl_side_label (words, "dim-label"));
    }
}

static GtkWidget *
make_actions (YlReviewRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *accept = gtk_button_new_with_label (_ ("1 · Accept it"));
  GtkWidget *drop = gtk_button_new_with_label (_ ("2 · Drop it"));

  g_signal_connect_object (accept, "clicked", G_CALLBACK (accept_cb), self, 0);
  g_signal_connect_object (drop, "clicked", G_CALLBACK (drop_cb), self, 0);
  gtk_box_append (GTK_BOX (box), accept);
  gtk_box_append (GTK_BOX (box), drop);
  return box;
}

static void
yl_review_row_finalize (GObject *object)
{
  g_clear_pointer (&YL_REVIEW_ROW (object)->item, yl_review_item_free);
  G_OBJECT_CLASS (yl_review_row_parent_class)->finalize (object);
}

static void
yl_review_row_class_init (YlReviewRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_review_row_finalize;
  for (guint choice = 1; choice <= 2; choice++)
    gtk_widget_class_add_binding (widget_class, GDK_KEY_0 + choice, 0, decide_key_cb, "u", choice);
}

static void
yl_review_row_init (YlReviewRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

GtkWidget *
yl_review_row_new (YlSession *session, YlReviewItem *item)
{
  YlReviewRow *self = g_object_new (YL_TYPE_REVIEW_ROW, NULL);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  YlStore *store = yl_session_get_store (session);
  g_autofree char *what = yl_what_words (item->what);
  g_autofree char *actor = yl_actor_words (store, item->actor);
  g_autofree char *when = yl_format_past (item->at, yl_session_now (session));
  g_autofree char *who = g_strjoin (" · ", actor, item->label, when, NULL);

  self->session = session;
  self->item = item;
  gtk_widget_add_css_class (card, "card-body");
  gtk_box_append (GTK_BOX (card), yl_side_label (what, "row-title"));
  gtk_box_append (GTK_BOX (card), yl_side_label (who, "dim-label"));
  append_ops (self, card);
  gtk_box_append (GTK_BOX (card), may_decide (self)
                                      ? make_actions (self)
                                      : yl_side_label (_ ("Head office decides whether it counts."), "dim-label"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), card);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  return GTK_WIDGET (self);
}
