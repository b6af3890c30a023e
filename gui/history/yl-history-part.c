#include "history/yl-history-part.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "desk/yl-then.h"
#include "desk/yl-value-words.h"
#include "desk/yl-waiting.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "merge/yl-history.h"
#include "yl-format.h"
#include "yl-window.h"

#define SHOWN_ENTRIES 50

struct _YlHistoryPart
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *table;
  char *id;
  GPtrArray *history; /* Owned: what the rows show */

  GtkExpander *expander;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (YlHistoryPart, yl_history_part, ADW_TYPE_BIN)

static void
restore_clicked_cb (GtkButton *button, YlHistoryPart *self)
{
  const YlHistoryValue *value = g_object_get_data (G_OBJECT (button), "value");
  g_autoptr (GPtrArray) keep = g_ptr_array_ref (self->history);
  g_autoptr (GError) error = NULL;
  YlUndo *undo = NULL;

  if (yl_history_restore (yl_session_get_store (self->session), value, TRUE, &undo, &error))
    yl_side_tell_undo (GTK_WIDGET (self), _ ("Put back as it was."), undo);
  else
    yl_window_tell_error (GTK_WIDGET (self), error);
}

static gboolean
can_restore (const YlHistoryEntry *entry, const YlHistoryValue *value)
{
  if (entry->refused != NULL || value->before_locked || value->after_locked)
    return FALSE;
  if (value->set != NULL)
    return TRUE;
  return value->field != NULL && (value->field->flags & YL_FIELD_FIXED) == 0 && value->base != 0
         && !yl_value_equal (&value->before, &value->after);
}

/* `field: before → after`, and what became of it. */
static char *
describe (YlHistoryPart *self, const YlHistoryValue *value)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autofree char *old = yl_history_words (store, value, TRUE);
  g_autofree char *new = yl_history_words (store, value, FALSE);
  g_autofree char *before = yl_format_masked (value->field, old);
  g_autofree char *after = yl_format_masked (value->field, new);
  g_autoptr (GString) text = g_string_new (yl_history_label (value));

  g_string_append (text, yl_label (":", ": "));
  if (before != NULL)
    g_string_append_printf (text, "%s → ", before);
  g_string_append (text, after != NULL ? after : _ ("empty"));
  if (value->apart || value->decides)
    g_string_append_printf (text, " · %s", value->apart ? _ ("two values now") : _ ("decides between the values"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
make_value (YlHistoryPart *self, const YlHistoryEntry *entry, const YlHistoryValue *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  g_autofree char *text = describe (self, value);
  GtkWidget *label = yl_side_label (text, NULL);
  GtkWidget *button;

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (!can_restore (entry, value))
    return box;
  button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Put back as it was before"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Put back as it was before"), -1);
  g_object_set_data (G_OBJECT (button), "value", (gpointer) value);
  g_signal_connect_object (button, "clicked", G_CALLBACK (restore_clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

/* The whole record as it was, below the entry whose button was pressed. */
static void
show_then (YlHistoryPart *self, GtkWidget *box, gint64 hlc)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
      yl_then_lines (yl_session_get_store (self->session), self->table, self->id, hlc, &error);

  if (lines == NULL)
    gtk_box_append (GTK_BOX (box), yl_side_label (error->message, "error"));
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      const YlThenLine *line = lines->pdata[i];
      g_autofree char *masked = yl_format_masked (line->field, line->words);
      g_autofree char *text = g_strconcat (line->label, yl_label (":", ": "), masked, NULL);

      gtk_box_append (GTK_BOX (box), yl_side_label (text, "numeric"));
    }
}

static void
then_toggled_cb (GtkToggleButton *button, YlHistoryPart *self)
{
  GtkWidget *box = g_object_get_data (G_OBJECT (button), "then");
  const YlHistoryEntry *entry = g_object_get_data (G_OBJECT (button), "entry");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
  if (gtk_toggle_button_get_active (button))
    show_then (self, box, YL_HLC (entry->time, 0xffff));
  gtk_widget_set_visible (box, gtk_toggle_button_get_active (button));
}

static void
append_then (YlHistoryPart *self, GtkWidget *card, const YlHistoryEntry *entry)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (_ ("As it was then"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small");
  gtk_widget_add_css_class (box, "side-card");
  gtk_widget_set_visible (box, FALSE);
  g_object_set_data (G_OBJECT (button), "then", box);
  g_object_set_data (G_OBJECT (button), "entry", (gpointer) entry);
  g_signal_connect_object (button, "toggled", G_CALLBACK (then_toggled_cb), self, 0);
  gtk_box_append (GTK_BOX (card), button);
  gtk_box_append (GTK_BOX (card), box);
}

/* That it came to be is what its first line says anyway. */
static gboolean
is_beginning (const YlHistoryValue *value)
{
  return value->column[0] == '\0' && value->base == 0;
}

static GtkWidget *
make_entry (YlHistoryPart *self, const YlHistoryEntry *entry)
{
  YlStore *store = yl_session_get_store (self->session);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *when = yl_format_past (entry->time, yl_session_now (self->session));
  g_autofree char *actor = yl_actor_words (store, entry->actor != NULL ? entry->actor : "");
  g_autofree char *where = yl_writer_words (store, entry->writer);
  g_autofree char *what =
      entry->what != NULL ? yl_what_words (entry->what) : g_strdup (_ ("(before the checkpoint: head office has it)"));
  g_autofree char *title = g_strjoin (" · ", when, actor, where, what, NULL);
  g_autofree char *refused = entry->refused != NULL ? g_strdup_printf (_ ("does not count: %s"), entry->refused) : NULL;

  gtk_widget_add_css_class (box, "card-body");
  gtk_box_append (GTK_BOX (box), yl_side_label (title, "dim-label"));
  if (refused != NULL)
    gtk_box_append (GTK_BOX (box), yl_side_label (refused, "error"));
  for (guint i = 0; i < entry->values->len; i++)
    if (!is_beginning (entry->values->pdata[i]))
      gtk_box_append (GTK_BOX (box), make_value (self, entry, entry->values->pdata[i]));
  append_then (self, box, entry);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static void
clear (YlHistoryPart *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  g_clear_pointer (&self->history, g_ptr_array_unref);
}

static void
fill (YlHistoryPart *self)
{
  g_autoptr (GError) error = NULL;

  clear (self);
  if (self->id == NULL || !gtk_expander_get_expanded (self->expander))
    return;
  self->history = yl_history_of (yl_session_get_store (self->session), self->table, self->id, &error);
  if (self->history == NULL)
    {
      yl_window_tell_error (GTK_WIDGET (self), error);
      return;
    }
  for (guint i = self->history->len; i-- > 0 && self->history->len - i <= SHOWN_ENTRIES;)
    gtk_list_box_append (self->list, make_entry (self, self->history->pdata[i]));
}

static void
expanded_cb (GtkExpander *expander, GParamSpec *property, YlHistoryPart *self)
{
  fill (self);
}

static void
yl_history_part_finalize (GObject *object)
{
  YlHistoryPart *self = YL_HISTORY_PART (object);

  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_free (self->table);
  g_free (self->id);
  G_OBJECT_CLASS (yl_history_part_parent_class)->finalize (object);
}

static void
yl_history_part_class_init (YlHistoryPartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_history_part_finalize;
}

static void
yl_history_part_init (YlHistoryPart *self)
{
  self->expander = GTK_EXPANDER (gtk_expander_new (_ ("History")));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_margin_top (GTK_WIDGET (self->list), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("History"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("History"), -1);
  gtk_expander_set_child (self->expander, GTK_WIDGET (self->list));
  g_signal_connect_object (self->expander, "notify::expanded", G_CALLBACK (expanded_cb), self, 0);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->expander));
}

void
yl_history_part_show (YlHistoryPart *self, YlSession *session, const char *table, const char *id)
{
  gboolean is_other = g_strcmp0 (self->id, id) != 0;

  self->session = session;
  if (is_other)
    {
      g_free (self->table);
      g_free (self->id);
      self->table = g_strdup (table);
      self->id = g_strdup (id);
      gtk_expander_set_expanded (self->expander, FALSE);
    }
  fill (self);
}
