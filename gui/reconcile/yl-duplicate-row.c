#include "reconcile/yl-duplicate-row.h"

#include "base/yl-i18n.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "records/yl-people.h"
#include "widgets/yl-secret.h"
#include "yl-format.h"
#include "yl-window.h"

struct _YlDuplicateRow
{
  GtkListBoxRow parent_instance;

  YlSession *session; /* borrowed */
  YlDuplicate *pair;
};

G_DEFINE_FINAL_TYPE (YlDuplicateRow, yl_duplicate_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  SIGNAL_LATER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Deciding takes this card away, so whoever tells about it holds the window. */
static void
merge_into (YlDuplicateRow *self, const char *from, const char *to)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (YlDuplicateRow) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autofree char *number = yl_store_number (store, self->pair->kind, to);
  g_autofree char *sentence = g_strdup_printf (_ ("One person now, shown as %s."), number);
  g_autoptr (GError) error = NULL;
  YlUndo *undo = NULL;

  if (yl_people_merge (store, self->pair->kind, from, to, &undo, &error))
    yl_side_tell_undo (window, sentence, undo);
  else
    yl_window_tell_error (window, error);
}

static void
tell_apart (YlDuplicateRow *self)
{
  g_autoptr (YlDuplicateRow) keep = g_object_ref (self);
  g_autoptr (GtkWidget) window = g_object_ref (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autoptr (GError) error = NULL;

  if (yl_people_tell_apart (yl_session_get_store (self->session), self->pair->kind, self->pair->first,
                            self->pair->second, &error))
    yl_window_tell (window, _ ("Two people. Nobody will be asked again."));
  else
    yl_window_tell_error (window, error);
}

static void
decide (YlDuplicateRow *self, guint choice)
{
  switch (choice)
    {
    case 1:
      merge_into (self, self->pair->second, self->pair->first);
      return;
    case 2:
      merge_into (self, self->pair->first, self->pair->second);
      return;
    case 3:
      tell_apart (self);
      return;
    default:
      g_signal_emit (self, signals[SIGNAL_LATER], 0);
    }
}

static void
choice_clicked_cb (GtkButton *button, YlDuplicateRow *self)
{
  decide (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "choice")));
}

static gboolean
choice_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  decide (YL_DUPLICATE_ROW (widget), g_variant_get_uint32 (arguments));
  return TRUE;
}

/* The last four characters of an ID number; what more there is only its own file shows. */
static char *
masked_id_no (const char *id_no)
{
  gsize length = id_no != NULL ? strlen (id_no) : 0;

  return length > 4 ? g_strdup_printf (_ ("ID number …%s"), id_no + length - 4) : NULL;
}

static void
append_open (GtkWidget *box, const char *text)
{
  if (text != NULL && *text != '\0')
    gtk_box_append (GTK_BOX (box), yl_side_label (text, "dim-label"));
}

static GtkWidget *
make_side (YlDuplicateRow *self, const char *id)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (YlRecord) record = yl_store_get (store, self->pair->kind, id, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *number = yl_store_number (store, self->pair->kind, id);
  gboolean is_worker = g_str_equal (self->pair->kind, "worker");
  const char *name = record != NULL ? yl_record_get_text (record, "name") : NULL;
  g_autofree char *title = g_strjoin (" · ", name != NULL ? name : _ ("(sealed)"), number, NULL);
  g_autofree char *id_no = record != NULL ? masked_id_no (yl_record_get_text (record, "id_no")) : NULL;

  gtk_widget_add_css_class (box, "side-card");
  gtk_box_append (GTK_BOX (box), yl_side_label (title, "row-title"));
  if (record == NULL)
    return box;
  append_open (box,
               yl_session_site_name (self->session, yl_record_get_text (record, is_worker ? "home_store" : "store")));
  gtk_box_append (GTK_BOX (box), yl_secret_new_phone (yl_record_get_text (record, "phone")));
  append_open (box, id_no);
  if (is_worker)
    append_open (box, yl_record_get_text (record, "birth_date"));
  return box;
}

static GtkWidget *
make_button (YlDuplicateRow *self, const char *label, guint choice)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data (G_OBJECT (button), "choice", GUINT_TO_POINTER (choice));
  g_signal_connect_object (button, "clicked", G_CALLBACK (choice_clicked_cb), self, 0);
  return button;
}

static GtkWidget *
make_actions (YlDuplicateRow *self)
{
  YlStore *store = yl_session_get_store (self->session);
  GtkWidget *box = yl_side_box ();
  g_autofree char *first = yl_store_number (store, self->pair->kind, self->pair->first);
  g_autofree char *second = yl_store_number (store, self->pair->kind, self->pair->second);
  g_autofree char *keep_first = g_strdup_printf (_ ("1 · Same person, keep %s"), first);
  g_autofree char *keep_second = g_strdup_printf (_ ("2 · Same person, keep %s"), second);

  yl_side_box_append (box, make_button (self, keep_first, 1));
  yl_side_box_append (box, make_button (self, keep_second, 2));
  yl_side_box_append (box, make_button (self, _ ("3 · Not the same person"), 3));
  yl_side_box_append (box, make_button (self, _ ("4 · Later"), 4));
  return box;
}

static void
yl_duplicate_row_finalize (GObject *object)
{
  g_clear_pointer (&YL_DUPLICATE_ROW (object)->pair, yl_duplicate_free);
  G_OBJECT_CLASS (yl_duplicate_row_parent_class)->finalize (object);
}

static void
yl_duplicate_row_class_init (YlDuplicateRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_duplicate_row_finalize;
  signals[SIGNAL_LATER] =
      g_signal_new ("later", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  for (guint choice = 1; choice <= 4; choice++)
    gtk_widget_class_add_binding (widget_class, GDK_KEY_0 + choice, 0, choice_key_cb, "u", choice);
}

static void
yl_duplicate_row_init (YlDuplicateRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

const YlDuplicate *
yl_duplicate_row_get_pair (YlDuplicateRow *row)
{
  return row->pair;
}

GtkWidget *
yl_duplicate_row_new (YlSession *session, YlDuplicate *pair)
{
  YlDuplicateRow *self = g_object_new (YL_TYPE_DUPLICATE_ROW, NULL);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *sides = yl_side_box ();
  const char *reason = yl_code_label ("duplicate_reason", pair->reason);
  g_autofree char *title = NULL;

  self->session = session;
  self->pair = pair;
  title = g_strjoin (" · ", yl_code_label ("person_kind", pair->kind), reason, NULL);
  gtk_widget_add_css_class (card, "card-body");
  gtk_box_append (GTK_BOX (card), yl_side_label (title, "row-title"));
  yl_side_box_append (sides, make_side (self, pair->first));
  yl_side_box_append (sides, make_side (self, pair->second));
  gtk_box_append (GTK_BOX (card), sides);
  gtk_box_append (GTK_BOX (card), make_actions (self));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), card);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}
