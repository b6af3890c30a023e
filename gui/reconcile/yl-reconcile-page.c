#include "reconcile/yl-reconcile-page.h"

#include "base/yl-i18n.h"
#include "desk/yl-clash.h"
#include "desk/yl-refused.h"
#include "desk/yl-value-words.h"
#include "log/yl-log-door.h"
#include "reconcile/yl-card-list.h"
#include "reconcile/yl-clash-row.h"
#include "reconcile/yl-conflict-row.h"
#include "reconcile/yl-duplicate-row.h"
#include "reconcile/yl-review-row.h"
#include "reconcile/yl-side.h"
#include "records/yl-codes.h"
#include "store/yl-trouble.h"
#include "yl-format.h"
#include "yl-window.h"

#define SHOWN_REFUSED 20
#define SHOWN_NOTES 50

struct _YlReconcilePage
{
  AdwBin parent_instance;

  YlSession *session;   /* borrowed */
  GHashTable *put_off;  /* pairs that wait until the window is opened again */
  GPtrArray *conflicts; /* Owned: all of them */
  GPtrArray *groups;    /* Owned: what the drop-down offers beside all: keys as of group_key() */
  guint n_duplicates;
  guint n_troubles;
  GHashTable *in_review; /* `writer:seq` of what waits in the review tray */
  gboolean is_filling;

  /* Template children */
  GtkStack *stack;
  GtkLabel *conflicts_title;
  GtkWidget *conflicts_hint;
  GtkWidget *batch;
  GtkDropDown *group;
  GtkButton *take_ours;
  GtkButton *take_theirs;
  GtkButton *take_newest;
  GtkListBox *conflict_list;
  GtkWidget *clashes_title;
  GtkListBox *clashes;
  GtkWidget *duplicates_title;
  GtkListBox *duplicates;
  GtkWidget *reviews_title;
  GtkListBox *reviews;
  GtkWidget *notices_title;
  GtkListBox *notices;
  GtkWidget *refused_title;
  GtkListBox *refused;
};

static void yl_reconcile_page_page_init (YlPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlReconcilePage,
                               yl_reconcile_page,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (YL_TYPE_PAGE, yl_reconcile_page_page_init))

static void
show_section (GtkWidget *title, GtkListBox *list)
{
  gboolean has_rows = gtk_list_box_get_row_at_index (list, 0) != NULL;

  gtk_widget_set_visible (title, has_rows);
  gtk_widget_set_visible (GTK_WIDGET (list), has_rows);
}

/* Conflicts: which ones are shown */

/* Conflicts in one field, or with a value of one store, can be decided together. */
static void
count_group (GHashTable *counts, GPtrArray *order, char *key)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));

  if (count == 0)
    g_ptr_array_add (order, g_strdup (key));
  g_hash_table_insert (counts, key, GUINT_TO_POINTER (count + 1));
}

static GHashTable *
count_groups (YlReconcilePage *self, GPtrArray *order)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->conflicts->len; i++)
    {
      const YlConflict *conflict = self->conflicts->pdata[i];
      g_autoptr (GHashTable) sites = g_hash_table_new (g_str_hash, g_str_equal);

      count_group (counts, order, g_strjoin (":", "field", conflict->table, conflict->field, NULL));
      for (guint v = 0; v < conflict->versions->len; v++)
        {
          const YlConflictVersion *version = conflict->versions->pdata[v];

          if (version->site != NULL && g_hash_table_add (sites, version->site))
            count_group (counts, order, g_strjoin (":", "site", version->site, NULL));
        }
    }
  return counts;
}

static gboolean
is_in_group (const YlConflict *conflict, const char *group)
{
  g_auto (GStrv) parts = group != NULL ? g_strsplit (group, ":", 3) : NULL;

  if (parts == NULL)
    return TRUE;
  if (g_str_equal (parts[0], "field"))
    return g_str_equal (conflict->table, parts[1]) && g_str_equal (conflict->field, parts[2]);
  for (guint v = 0; v < conflict->versions->len; v++)
    if (g_strcmp0 (((YlConflictVersion *) conflict->versions->pdata[v])->site, parts[1]) == 0)
      return TRUE;
  return FALSE;
}

static char *
group_words (YlReconcilePage *self, const char *group, guint count)
{
  g_auto (GStrv) parts = g_strsplit (group, ":", 3);
  const YlTable *table = g_str_equal (parts[0], "field") ? yl_table_find (parts[1]) : NULL;
  int field = table != NULL ? yl_table_field (table, parts[2]) : -1;

  if (g_str_equal (parts[0], "site"))
    return g_strdup_printf (_ ("with %1$s (%2$u)"), yl_session_site_name (self->session, parts[1]), count);
  return g_strdup_printf ("%s · %s (%u)", table != NULL ? yl_label (table->zh, table->en) : parts[1],
                          field >= 0 ? yl_label (table->fields[field].zh, table->fields[field].en)
                                     : _ ("deleted here, changed there"),
                          count);
}

static const char *
chosen_group (YlReconcilePage *self)
{
  guint selected = gtk_drop_down_get_selected (self->group);

  return selected > 0 && selected <= self->groups->len ? self->groups->pdata[selected - 1] : NULL;
}

static void
fill_groups (YlReconcilePage *self)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) counts = count_groups (self, order);
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  g_autofree char *chosen = g_strdup (chosen_group (self));
  g_autofree char *all = g_strdup_printf (_ ("all (%u)"), self->conflicts->len);
  guint selected = 0;

  gtk_string_list_append (words, all);
  g_ptr_array_set_size (self->groups, 0);
  for (guint i = 0; i < order->len; i++)
    {
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, order->pdata[i]));

      if (count < 2 || count == self->conflicts->len)
        continue;
      gtk_string_list_take (words, group_words (self, order->pdata[i], count));
      g_ptr_array_add (self->groups, g_strdup (order->pdata[i]));
      if (g_strcmp0 (chosen, order->pdata[i]) == 0)
        selected = self->groups->len;
    }
  self->is_filling = TRUE;
  gtk_drop_down_set_model (self->group, G_LIST_MODEL (words));
  gtk_drop_down_set_selected (self->group, selected);
  self->is_filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->group), self->groups->len > 0);
}

/* Many at once */

static GPtrArray *
shown_conflicts (YlReconcilePage *self)
{
  GPtrArray *shown = g_ptr_array_new ();

  for (guint i = 0; i < self->conflicts->len; i++)
    if (is_in_group (self->conflicts->pdata[i], chosen_group (self)))
      g_ptr_array_add (shown, self->conflicts->pdata[i]);
  return shown;
}

static void
update_take (YlReconcilePage *self, GtkButton *button, YlConflictTake take, const char *words)
{
  g_autoptr (GPtrArray) shown = shown_conflicts (self);
  g_autofree char *label = NULL;
  guint n = 0;

  for (guint i = 0; i < shown->len; i++)
    n += yl_conflict_choice (yl_session_get_store (self->session), shown->pdata[i], take) >= 0 ? 1 : 0;
  label = g_strdup_printf ("%s (%u)", words, n);
  gtk_button_set_label (button, label);
  gtk_widget_set_visible (GTK_WIDGET (button), n > 0);
}

static void
update_batch (YlReconcilePage *self)
{
  update_take (self, self->take_ours, YL_TAKE_OURS, _ ("Take ours"));
  update_take (self, self->take_theirs, YL_TAKE_THEIRS, _ ("Take theirs"));
  update_take (self, self->take_newest, YL_TAKE_NEWEST, _ ("Take the newest"));
  gtk_widget_set_visible (self->batch, self->conflicts->len > 1);
}

static void
take (YlReconcilePage *self, YlConflictTake which)
{
  g_autoptr (GPtrArray) all = g_ptr_array_ref (self->conflicts);
  g_autoptr (GPtrArray) shown = shown_conflicts (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  YlUndo *undo = NULL;
  int n = yl_conflict_take (yl_session_get_store (self->session), shown, which, &undo, &error);

  if (n < 0)
    {
      yl_window_tell_error (GTK_WIDGET (self), error);
      return;
    }
  sentence = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d thing decided.", "%d things decided.", (gulong) n), n);
  yl_side_tell_undo (GTK_WIDGET (self), sentence, undo);
}

static void
take_ours_cb (GtkButton *button, YlReconcilePage *self)
{
  take (self, YL_TAKE_OURS);
}

static void
take_theirs_cb (GtkButton *button, YlReconcilePage *self)
{
  take (self, YL_TAKE_THEIRS);
}

static void
take_newest_cb (GtkButton *button, YlReconcilePage *self)
{
  take (self, YL_TAKE_NEWEST);
}

/* Conflicts: their cards */

static GtkWidget *
make_conflict (gpointer item, gpointer self)
{
  return yl_conflict_row_new (YL_RECONCILE_PAGE (self)->session, item);
}

static char *
conflict_key (const YlConflict *conflict)
{
  g_autoptr (GString) key = g_string_new (conflict->table);

  g_string_append_printf (key, ":%s:%s", conflict->id, conflict->field);
  for (guint v = 0; v < conflict->versions->len; v++)
    g_string_append_printf (key, ":%" G_GINT64_FORMAT, ((YlConflictVersion *) conflict->versions->pdata[v])->n);
  return g_string_free (g_steal_pointer (&key), FALSE);
}

static void
show_cards_of_conflicts (YlReconcilePage *self)
{
  g_autoptr (GArray) cards = yl_card_list_new_cards ();
  g_autoptr (GPtrArray) shown = shown_conflicts (self);
  g_autofree char *title = NULL;

  for (guint i = 0; i < shown->len; i++)
    {
      YlCard card = { conflict_key (shown->pdata[i]), yl_conflict_copy (shown->pdata[i]) };

      g_array_append_val (cards, card);
    }
  yl_card_list_update (self->conflict_list, cards, make_conflict, self, (GDestroyNotify) yl_conflict_free);
  title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u thing with two versions", "%u things with two versions", self->conflicts->len),
      self->conflicts->len);
  gtk_label_set_label (self->conflicts_title, title);
  gtk_widget_set_visible (self->conflicts_hint, self->conflicts->len > 0);
  show_section (GTK_WIDGET (self->conflicts_title), self->conflict_list);
  update_batch (self);
}

static void
group_selected_cb (GtkDropDown *group, GParamSpec *property, YlReconcilePage *self)
{
  if (!self->is_filling && self->conflicts != NULL)
    show_cards_of_conflicts (self);
}

static void
show_conflicts (YlReconcilePage *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *conflicts = yl_conflict_list (yl_session_get_store (self->session), &error);

  if (conflicts == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  g_clear_pointer (&self->conflicts, g_ptr_array_unref);
  self->conflicts = conflicts;
  fill_groups (self);
  show_cards_of_conflicts (self);
}

/* Promises that gave way */

static GtkWidget *
make_clash (gpointer item, gpointer self)
{
  return yl_clash_row_new (YL_RECONCILE_PAGE (self)->session, item);
}

static void
show_clashes (YlReconcilePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) clashes = yl_clash_list (yl_session_get_store (self->session), &error);
  g_autoptr (GArray) cards = yl_card_list_new_cards ();

  if (clashes == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  g_ptr_array_set_free_func (clashes, NULL);
  for (guint i = 0; i < clashes->len; i++)
    {
      YlClash *clash = clashes->pdata[i];
      YlCard card = { g_strdup_printf ("%s:%s:%d:%s", clash->lost.claim, clash->won.claim, clash->reason,
                                       clash->order_state != NULL ? clash->order_state : ""),
                      clash };

      g_array_append_val (cards, card);
    }
  yl_card_list_update (self->clashes, cards, make_clash, self, (GDestroyNotify) yl_clash_free);
  show_section (self->clashes_title, self->clashes);
}

/* Pairs that may be one person */

static void show_duplicates (YlReconcilePage *self);

static char *
pair_key (const YlDuplicate *pair)
{
  return g_strjoin (":", pair->kind, pair->first, pair->second, pair->reason, NULL);
}

static void
later_cb (YlDuplicateRow *row, YlReconcilePage *self)
{
  g_hash_table_add (self->put_off, pair_key (yl_duplicate_row_get_pair (row)));
  show_duplicates (self);
}

static GtkWidget *
make_duplicate (gpointer item, gpointer self)
{
  GtkWidget *row = yl_duplicate_row_new (YL_RECONCILE_PAGE (self)->session, item);

  g_signal_connect_object (row, "later", G_CALLBACK (later_cb), self, 0);
  return row;
}

static void
show_duplicates (YlReconcilePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = yl_duplicate_list (yl_session_get_store (self->session), &error);
  g_autoptr (GArray) cards = yl_card_list_new_cards ();

  if (pairs == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  while (pairs->len > 0)
    {
      YlDuplicate *pair = g_ptr_array_steal_index (pairs, 0);
      YlCard card = { pair_key (pair), pair };

      if (!g_hash_table_contains (self->put_off, card.key))
        {
          g_array_append_val (cards, card);
          continue;
        }
      g_free (card.key);
      yl_duplicate_free (pair);
    }
  self->n_duplicates = cards->len;
  yl_card_list_update (self->duplicates, cards, make_duplicate, self, (GDestroyNotify) yl_duplicate_free);
  show_section (self->duplicates_title, self->duplicates);
}

/* Work of those who were shut out */

static GtkWidget *
make_review (gpointer item, gpointer self)
{
  return yl_review_row_new (YL_RECONCILE_PAGE (self)->session, item);
}

static void
show_reviews (YlReconcilePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_review_list (yl_session_get_store (self->session), &error);
  g_autoptr (GArray) cards = yl_card_list_new_cards ();

  if (items == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  g_ptr_array_set_free_func (items, NULL);
  g_hash_table_remove_all (self->in_review);
  for (guint i = 0; i < items->len; i++)
    {
      YlReviewItem *item = items->pdata[i];
      YlCard card = { g_strdup (item->entry), item };

      g_hash_table_add (self->in_review, g_strndup (item->entry, strrchr (item->entry, ':') - item->entry));
      g_array_append_val (cards, card);
    }
  yl_card_list_update (self->reviews, cards, make_review, self, (GDestroyNotify) yl_review_item_free);
  show_section (self->reviews_title, self->reviews);
}

/* What is to be known: a line of text each */

typedef struct
{
  char *title;
  char *subtitle;
} Notice;

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_free (notice->title);
  g_free (notice->subtitle);
  g_free (notice);
}

static GtkWidget *
make_notice (gpointer item, gpointer self)
{
  Notice *notice = item;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_add_css_class (box, "card-body");
  gtk_box_append (GTK_BOX (box), yl_side_label (notice->title, NULL));
  gtk_box_append (GTK_BOX (box), yl_side_label (notice->subtitle, "dim-label"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, notice->title, -1);
  notice_free (notice);
  return row;
}

static void
add_notice (GArray *cards, char *title, char *subtitle)
{
  Notice *notice = g_new0 (Notice, 1);
  YlCard card = { g_strjoin ("\n", title, subtitle, NULL), notice };

  *notice = (Notice){ title, subtitle };
  g_array_append_val (cards, card);
}

static void
add_troubles (YlReconcilePage *self, GArray *cards)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) troubles = yl_store_troubles (store, &error);

  self->n_troubles = 0;
  if (troubles == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  for (guint i = 0; i < troubles->len; i++)
    {
      const YlTrouble *trouble = troubles->pdata[i];

      /* Its work is shown, and counted, in the review tray. */
      if (trouble->kind == YL_TROUBLE_REVIEW)
        continue;
      self->n_troubles += yl_trouble_waits (trouble) ? 1 : 0;
      add_notice (cards, yl_trouble_describe (store, trouble),
                  yl_format_past (trouble->at, yl_session_now (self->session)));
    }
}

/* What differed from the log and was put right. */
static void
add_repairs (YlReconcilePage *self, GArray *cards)
{
  g_autoptr (GPtrArray) notes = yl_store_sync_notes (yl_session_get_store (self->session), SHOWN_NOTES, NULL);

  for (guint i = 0; notes != NULL && i < notes->len; i++)
    {
      const YlSyncNote *note = notes->pdata[i];

      if (g_str_equal (note->kind, "repaired"))
        add_notice (cards, g_strdup_printf (_ ("Repaired: %s"), note->detail),
                    yl_format_past (note->at, yl_session_now (self->session)));
    }
}

static void
show_notices (YlReconcilePage *self)
{
  g_autoptr (GArray) cards = yl_card_list_new_cards ();

  add_troubles (self, cards);
  add_repairs (self, cards);
  yl_card_list_update (self->notices, cards, make_notice, self, notice_free);
  show_section (self->notices_title, self->notices);
}

static void
show_refused (YlReconcilePage *self)
{
  YlStore *store = yl_session_get_store (self->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_refused_list (store, SHOWN_REFUSED, &error);
  g_autoptr (GArray) cards = yl_card_list_new_cards ();

  if (items == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    {
      const YlRefusedItem *item = items->pdata[i];
      g_autofree char *entry = g_strdup_printf ("%s:%" G_GINT64_FORMAT, item->writer, item->seq);
      g_autofree char *actor = yl_actor_words (store, item->actor);
      g_autofree char *where = yl_writer_words (store, item->writer);
      g_autofree char *when = yl_format_past (item->at, yl_session_now (self->session));

      if (!g_hash_table_contains (self->in_review, entry))
        add_notice (cards, g_strdup_printf ("%s · %s", item->what, item->reason),
                    g_strjoin (" · ", actor, where, when, NULL));
    }
  yl_card_list_update (self->refused, cards, make_notice, self, notice_free);
  show_section (self->refused_title, self->refused);
}

/* The page */

static gboolean
is_empty (YlReconcilePage *self)
{
  GtkListBox *lists[] = { self->conflict_list, self->clashes, self->duplicates,
                          self->reviews,       self->notices, self->refused };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (gtk_list_box_get_row_at_index (lists[i], 0) != NULL)
      return FALSE;
  return TRUE;
}

static void
yl_reconcile_page_refresh (YlPage *page, gboolean from_elsewhere)
{
  YlReconcilePage *self = YL_RECONCILE_PAGE (page);

  show_conflicts (self);
  show_clashes (self);
  show_duplicates (self);
  show_reviews (self);
  show_notices (self);
  show_refused (self);
  gtk_stack_set_visible_child_name (self->stack, is_empty (self) ? "empty" : "list");
}

static void
yl_reconcile_page_set_session (YlPage *page, YlSession *session)
{
  YL_RECONCILE_PAGE (page)->session = session;
  yl_reconcile_page_refresh (page, FALSE);
}

static void
yl_reconcile_page_focus_content (YlPage *page)
{
  YlReconcilePage *self = YL_RECONCILE_PAGE (page);
  GtkListBox *lists[] = { self->conflict_list, self->clashes, self->duplicates,
                          self->reviews,       self->notices, self->refused };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (lists[i], 0);

      if (row != NULL)
        {
          gtk_widget_grab_focus (GTK_WIDGET (row));
          return;
        }
    }
}

static void
yl_reconcile_page_finalize (GObject *object)
{
  YlReconcilePage *self = YL_RECONCILE_PAGE (object);

  g_clear_pointer (&self->conflicts, g_ptr_array_unref);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->put_off, g_hash_table_unref);
  g_clear_pointer (&self->in_review, g_hash_table_unref);
  G_OBJECT_CLASS (yl_reconcile_page_parent_class)->finalize (object);
}

static void
yl_reconcile_page_class_init (YlReconcilePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_reconcile_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/reconcile/yl-reconcile-page.ui");
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, stack);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, conflicts_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, conflicts_hint);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, batch);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, group);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, take_ours);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, take_theirs);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, take_newest);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, conflict_list);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, clashes_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, clashes);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, duplicates_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, duplicates);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, reviews_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, reviews);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, notices_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, notices);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, refused_title);
  gtk_widget_class_bind_template_child (widget_class, YlReconcilePage, refused);
  gtk_widget_class_bind_template_callback (widget_class, group_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_ours_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_theirs_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_newest_cb);
}

static void
yl_reconcile_page_page_init (YlPageInterface *iface)
{
  iface->set_session = yl_reconcile_page_set_session;
  iface->refresh = yl_reconcile_page_refresh;
  iface->focus_content = yl_reconcile_page_focus_content;
}

static void
yl_reconcile_page_init (YlReconcilePage *self)
{
  self->groups = g_ptr_array_new_with_free_func (g_free);
  self->in_review = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->put_off = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The review tray waits for head office only. */
static guint
count_reviews (YlReconcilePage *self)
{
  gboolean may_decide = self->session != NULL && yl_store_is_head_office (yl_session_get_store (self->session));

  return may_decide ? g_hash_table_size (self->in_review) : 0;
}

guint
yl_reconcile_page_get_count (YlReconcilePage *self)
{
  return (self->conflicts != NULL ? self->conflicts->len : 0) + self->n_duplicates + self->n_troubles
         + count_reviews (self);
}
