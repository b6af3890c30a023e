#include "reconcile/yl-card-list.h"

#define KEY "yl-card-key"

GArray *
yl_card_list_new_cards (void)
{
  return g_array_new (FALSE, TRUE, sizeof (YlCard));
}

static const char *
key_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), KEY);
}

static gboolean
has_focus (GtkWidget *row)
{
  GtkRoot *root = gtk_widget_get_root (row);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == row || gtk_widget_is_ancestor (focus, row));
}

/* Takes away what is no longer in @wanted. Returns the place whose focus was lost, or -1. */
static int
remove_others (GtkListBox *list, GHashTable *wanted)
{
  GtkListBoxRow *row;
  int lost = -1;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL;)
    {
      if (g_hash_table_contains (wanted, key_of (GTK_WIDGET (row))))
        {
          i++;
          continue;
        }
      if (has_focus (GTK_WIDGET (row)))
        lost = i;
      gtk_list_box_remove (list, GTK_WIDGET (row));
    }
  return lost;
}

static GtkWidget *
find_row (GtkListBox *list, const char *key)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    if (g_strcmp0 (key_of (GTK_WIDGET (row)), key) == 0)
      return GTK_WIDGET (row);
  return NULL;
}

static void
put_card (GtkListBox *list, YlCard *card, int place, YlCardFunc make, gpointer data, GDestroyNotify item_free)
{
  GtkWidget *row = find_row (list, card->key);

  if (row != NULL)
    {
      item_free (card->item);
      g_free (card->key);
      return;
    }
  row = make (card->item, data);
  g_object_set_data_full (G_OBJECT (row), KEY, card->key, g_free);
  gtk_list_box_insert (list, row, place);
}

static void
give_focus (GtkListBox *list, int place)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, place);

  if (row == NULL && place > 0)
    row = gtk_list_box_get_row_at_index (list, place - 1);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

void
yl_card_list_update (GtkListBox *list, GArray *cards, YlCardFunc make, gpointer data, GDestroyNotify item_free)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  int lost;

  for (guint i = 0; i < cards->len; i++)
    g_hash_table_add (wanted, g_array_index (cards, YlCard, i).key);
  lost = remove_others (list, wanted);
  for (guint i = 0; i < cards->len; i++)
    put_card (list, &g_array_index (cards, YlCard, i), (int) i, make, data, item_free);
  if (lost >= 0)
    give_focus (list, lost);
}
