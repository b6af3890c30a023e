#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A list box whose cards follow a list of things to decide. A card stays where it is, with what was typed into it, as long as its
 * thing is unchanged; where the one with the keyboard's focus goes, its neighbour takes over.
 */

/** YlCard: one thing: @key names it and all that its card shows. */
typedef struct
{
  char *key;
  gpointer item;
} YlCard;

/** YlCardFunc: makes the card of @item, a GtkListBoxRow, and takes @item. */
typedef GtkWidget *(*YlCardFunc) (gpointer item, gpointer data);

/** yl_card_list_update: @cards: (element-type YlCard); keys and items are taken, unused items freed by @item_free. */
void yl_card_list_update (GtkListBox *list, GArray *cards, YlCardFunc make, gpointer data, GDestroyNotify item_free);

/** yl_card_list_new_cards: an empty array for yl_card_list_update(). */
GArray *yl_card_list_new_cards (void);

G_END_DECLS
