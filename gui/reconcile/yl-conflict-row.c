#include "reconcile/yl-conflict-row.h"

#include "base/yl-i18n.h"
#include "desk/yl-value-words.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "records/yl-worker.h"
#include "yl-format.h"
#include "yl-window.h"

struct _YlConflictRow
{
  GtkListBoxRow parent_instance;

  YlSession *session; /* borrowed */
  YlConflict *conflict;

  /* Template children */
  GtkLabel *title;
  GtkFlowBox *versions;
  GtkWidget *both;
  GtkEditable *own_value;
  GtkWidget *own_button;
};

G_DEFINE_FINAL_TYPE (YlConflictRow, yl_conflict_row, GTK_TYPE_LIST_BOX_ROW)

static const YlField *
field_of (const YlConflict *conflict)
{
  const YlTable *table = yl_table_find (conflict->table);
  int index = table == NULL ? -1 : yl_table_field (table, conflict->field);

  return index < 0 ? NULL : &table->fields[index];
}

/* All columns that belong together, in the order of the table. */
static char *
value_words (YlConflictRow *self, const YlConflictVersion *version)
{
  YlStore *store = yl_session_get_store (self->session);
  const YlTable *table = yl_table_find (self->conflict->table);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  guint column = 0;

  if (version->locked)
    return g_strdup (_ ("(sealed)"));
  if (*self->conflict->field == '\0')
    return g_strdup (version->columns[0].integer != 0 ? _ ("keep it, with the change") : _ ("delete it"));
  for (const YlField *field = table == NULL ? NULL : table->fields;
       field != NULL && field->name != NULL && column < version->n_columns; field++)
    if (g_str_equal (yl_field_register (field), self->conflict->field))
      {
        char *text = yl_value_words (store, field, &version->columns[column++]);

        if (text != NULL && (field->flags & YL_FIELD_FILLED) == 0)
          g_ptr_array_add (words, text);
        else
          g_free (text);
      }
  if (words->len == 0)
    return g_strdup (version->value != NULL ? version->value : _ ("empty"));
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" · ", (char **) words->pdata);
}

/* Deciding takes this row away, so whoever tells about it holds the window. */
static void
tell (GtkWidget *window, gboolean done, YlUndo *undo, const GError *error)
{
  if (done)
    yl_side_tell_undo (window, _ ("Decided. Every store will show it."), undo);
  else
    yl_window_tell_error (window, error);
}

static void
choose (YlConflictRow *self, guint version)
{
  g_autoptr (YlConflictRow) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autoptr (GError) error = NULL;
  YlUndo *undo = NULL;
  gboolean done;

  if (version >= self->conflict->versions->len)
    return;
  done = yl_conflict_choose (yl_session_get_store (self->session), self->conflict, version, &undo, &error);
  tell (window, done, undo, error);
}

static void
keep_both (YlConflictRow *self)
{
  g_autoptr (YlConflictRow) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autoptr (GError) error = NULL;
  YlUndo *undo = NULL;
  gboolean done = yl_conflict_keep_both (yl_session_get_store (self->session), self->conflict, &undo, &error);

  tell (window, done, undo, error);
}

static void
both_clicked_cb (GtkButton *button, YlConflictRow *self)
{
  keep_both (self);
}

static void
version_clicked_cb (GtkButton *button, YlConflictRow *self)
{
  choose (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "version")));
}

static void
own_value_cb (GtkWidget *widget, YlConflictRow *self)
{
  g_autoptr (YlConflictRow) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (widget)));
  g_autoptr (GError) error = NULL;
  const YlConflict *conflict = self->conflict;
  YlUndo *undo = NULL;
  gboolean done = yl_conflict_resolve (yl_session_get_store (self->session), conflict->table, conflict->id,
                                       conflict->field, gtk_editable_get_text (self->own_value), &undo, &error);

  tell (window, done, undo, error);
}

/* What its writer had seen there instead. */
static char *
seen_words (YlConflictRow *self, const YlConflictVersion *version)
{
  g_autofree char *actor = NULL;
  g_autofree char *when = NULL;

  if (version->base_actor == NULL)
    return g_strdup (_ ("had not seen the other value"));
  actor = yl_actor_words (yl_session_get_store (self->session), version->base_actor);
  when = yl_format_past (version->base_time, yl_session_now (self->session));
  return g_strdup_printf (
      /* Translators: when and who wrote the older value */
      _ ("had seen the value of %1$s by %2$s, not the other"), when, actor);
}

static GtkWidget *
make_version (YlConflictRow *self, guint index)
{
  const YlConflictVersion *version = self->conflict->versions->pdata[index];
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *words = value_words (self, version);
  g_autofree char *value = g_strdup_printf ("%u · %s", index + 1, words);
  g_autofree char *when = yl_format_past (version->time, yl_session_now (self->session));
  g_autofree char *actor = yl_actor_words (yl_session_get_store (self->session), version->actor);
  const char *site = yl_session_site_name (self->session, version->site);
  g_autofree char *who =
      g_strjoin (" · ", actor, *site != '\0' ? site : version->writer_label, version->writer_label, when, NULL);
  g_autofree char *seen = seen_words (self, version);

  gtk_box_append (GTK_BOX (box), yl_side_label (value, "row-title"));
  gtk_box_append (GTK_BOX (box), yl_side_label (who, "dim-label"));
  gtk_box_append (GTK_BOX (box), yl_side_label (seen, "caption"));
  if (index == 0)
    gtk_box_append (GTK_BOX (box), yl_side_label (_ ("shown everywhere now"), "caption"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "version");
  gtk_widget_set_sensitive (button, !version->locked);
  g_object_set_data (G_OBJECT (button), "version", GUINT_TO_POINTER (index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (version_clicked_cb), self, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, value, -1);
  return button;
}

static char *
title_of (YlConflictRow *self)
{
  YlStore *store = yl_session_get_store (self->session);
  const YlTable *table = yl_table_find (self->conflict->table);
  const YlField *field = field_of (self->conflict);
  g_autofree char *number = yl_store_number (store, self->conflict->table, self->conflict->id);
  g_autoptr (YlRecord) record = yl_store_get_exact (store, self->conflict->table, self->conflict->id, NULL);
  gboolean has_name =
      record != NULL && yl_table_field (table, "name") >= 0 && yl_record_get_text (record, "name") != NULL;
  g_autofree char *name = has_name ? yl_worker_masked_name (yl_record_get_text (record, "name")) : NULL;
  g_autofree char *who = name == NULL ? g_strdup (number) : g_strdup_printf ("%s %s", name, number);
  const char *what = field == NULL ? _ ("deleted here, changed there") : yl_label (field->zh, field->en);

  return g_strjoin (" · ", table == NULL ? self->conflict->table : yl_label (table->zh, table->en), who, what, NULL);
}

static gboolean
choose_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  YlConflictRow *self = YL_CONFLICT_ROW (widget);
  guint key = g_variant_get_uint32 (arguments);

  /* Digits typed into the entry are digits. */
  if (GTK_IS_TEXT (gtk_root_get_focus (gtk_widget_get_root (widget))))
    return FALSE;
  if (key == 4)
    gtk_widget_grab_focus (GTK_WIDGET (self->own_value));
  else if (key == 3 && self->conflict->versions->len < 3)
    {
      if (yl_conflict_can_keep_both (self->conflict))
        keep_both (self);
    }
  else
    choose (self, key - 1);
  return TRUE;
}

static void
yl_conflict_row_finalize (GObject *object)
{
  g_clear_pointer (&YL_CONFLICT_ROW (object)->conflict, yl_conflict_free);
  G_OBJECT_CLASS (yl_conflict_row_parent_class)->finalize (object);
}

static void
yl_conflict_row_class_init (YlConflictRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_conflict_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/reconcile/yl-conflict-row.ui");
  gtk_widget_class_bind_template_child (widget_class, YlConflictRow, title);
  gtk_widget_class_bind_template_child (widget_class, YlConflictRow, versions);
  gtk_widget_class_bind_template_child (widget_class, YlConflictRow, own_value);
  gtk_widget_class_bind_template_child (widget_class, YlConflictRow, own_button);
  gtk_widget_class_bind_template_child (widget_class, YlConflictRow, both);
  gtk_widget_class_bind_template_callback (widget_class, both_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, own_value_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_1, 0, choose_key_cb, "u", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_2, 0, choose_key_cb, "u", 2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_3, 0, choose_key_cb, "u", 3);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_4, 0, choose_key_cb, "u", 4);
}

static void
yl_conflict_row_init (YlConflictRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

const YlConflict *
yl_conflict_row_get_conflict (YlConflictRow *row)
{
  return row->conflict;
}

GtkWidget *
yl_conflict_row_new (YlSession *session, YlConflict *conflict)
{
  YlConflictRow *self = g_object_new (YL_TYPE_CONFLICT_ROW, NULL);
  gboolean has_field = field_of (conflict) != NULL;

  self->session = session;
  self->conflict = conflict;
  g_autofree char *title = title_of (self);
  gtk_label_set_label (self->title, title);
  for (guint i = 0; i < conflict->versions->len; i++)
    yl_side_box_append (GTK_WIDGET (self->versions), make_version (self, i));
  gtk_widget_set_visible (self->both, yl_conflict_can_keep_both (conflict));
  gtk_widget_set_visible (gtk_widget_get_parent (self->own_button), has_field);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}
