#include "history/yl-same-person-part.h"

#include "base/yl-i18n.h"
#include "desk/yl-value-words.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "records/yl-people.h"
#include "yl-format.h"
#include "yl-window.h"

struct _YlSamePersonPart
{
  AdwBin parent_instance;

  YlSession *session; /* borrowed */
  char *table;
  char *id;

  GtkExpander *expander;
  GtkListBox *list;
  GtkEditable *number;
};

G_DEFINE_FINAL_TYPE (YlSamePersonPart, yl_same_person_part, ADW_TYPE_BIN)

static void
merge_cb (GtkWidget *widget, YlSamePersonPart *self)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autofree char *number = g_strstrip (g_strdup (gtk_editable_get_text (self->number)));
  g_autofree char *own = yl_store_number (store, self->table, self->id);
  g_autofree char *sentence = g_strdup_printf (_ ("One person now, shown as %s."), own);
  g_autoptr (GError) error = NULL;
  YlUndo *undo = NULL;

  if (*number == '\0')
    return;
  if (!yl_people_merge (store, self->table, number, self->id, &undo, &error))
    {
      yl_window_tell_error (window, error);
      return;
    }
  gtk_editable_set_text (self->number, "");
  yl_side_tell_undo (window, sentence, undo);
}

static void
unmerge_clicked_cb (GtkButton *button, YlSamePersonPart *self)
{
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), "id"));
  g_autoptr (GError) error = NULL;

  if (yl_people_unmerge (yl_session_get_store (self->session), self->table, id, &error))
    yl_window_tell (window, _ ("Two people again, as they were."));
  else
    yl_window_tell_error (window, error);
}

/* What the other record says that the shown one does not. */
static void
append_differences (YlSamePersonPart *self, GtkWidget *box, const YlRecord *shown, const YlRecord *other)
{
  YlStore *store = yl_session_get_store (self->session);
  const YlTable *table = yl_record_get_table (shown);

  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      const YlField *field = &table->fields[i];
      const YlValue *value = yl_record_peek (other, i);
      g_autofree char *words = NULL;
      g_autofree char *masked = NULL;
      g_autofree char *text = NULL;

      if ((field->flags & (YL_FIELD_FILLED | YL_FIELD_NUMBER | YL_FIELD_FIXED)) != 0 || value->type == YL_VALUE_NULL
          || yl_value_equal (value, yl_record_peek (shown, i)))
        continue;
      words = yl_value_words (store, field, value);
      masked = yl_format_masked (field, words);
      text = g_strdup_printf ("%s: %s", yl_label (field->zh, field->en), masked);
      gtk_box_append (GTK_BOX (box), yl_side_label (text, "dim-label"));
    }
}

static GtkWidget *
make_record (YlSamePersonPart *self, const YlRecord *shown, const char *id)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (YlRecord) other = yl_store_get_exact (store, self->table, id, NULL);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *button = gtk_button_new_with_label (_ ("Another person after all"));
  g_autofree char *number = yl_store_number (store, self->table, id);
  g_autofree char *title = g_strdup_printf (_ ("also recorded as %s"), number);

  gtk_widget_add_css_class (box, "card-body");
  gtk_box_append (GTK_BOX (box), yl_side_label (title, "row-title"));
  if (shown != NULL && other != NULL)
    append_differences (self, box, shown, other);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (unmerge_clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (box), button);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

static void
fill (YlSamePersonPart *self)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (YlRecord) shown = yl_store_get (store, self->table, self->id, NULL);
  g_autoptr (GPtrArray) records = yl_alias_all (store, self->id, NULL);
  guint n = records != NULL && records->len > 0 ? records->len - 1 : 0;
  g_autofree char *title = n > 0 ? g_strdup_printf (_ ("Other records of this person (%u)"), n)
                                 : g_strdup (_ ("Other records of this person"));
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 1; i <= n; i++)
    gtk_list_box_append (self->list, make_record (self, shown, records->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_expander_set_label (self->expander, title);
}

static GtkWidget *
make_entry (YlSamePersonPart *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Same person"));

  self->number = GTK_EDITABLE (entry);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("number of another record"));
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("number of another record"),
                                  -1);
  g_signal_connect_object (entry, "activate", G_CALLBACK (merge_cb), self, 0);
  g_signal_connect_object (button, "clicked", G_CALLBACK (merge_cb), self, 0);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static void
yl_same_person_part_finalize (GObject *object)
{
  YlSamePersonPart *self = YL_SAME_PERSON_PART (object);

  g_free (self->table);
  g_free (self->id);
  G_OBJECT_CLASS (yl_same_person_part_parent_class)->finalize (object);
}

static void
yl_same_person_part_class_init (YlSamePersonPartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_same_person_part_finalize;
}

static void
yl_same_person_part_init (YlSamePersonPart *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->expander = GTK_EXPANDER (gtk_expander_new (NULL));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_margin_top (box, 6);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), make_entry (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Other records of this person"), -1);
  gtk_expander_set_child (self->expander, box);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->expander));
}

void
yl_same_person_part_show (YlSamePersonPart *self, YlSession *session, const char *table, const char *id)
{
  self->session = session;
  if (g_strcmp0 (self->id, id) != 0)
    {
      g_free (self->table);
      g_free (self->id);
      self->table = g_strdup (table);
      self->id = g_strdup (id);
      gtk_expander_set_expanded (self->expander, FALSE);
    }
  fill (self);
}
