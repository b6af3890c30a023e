#include "yl-company-trust.h"

#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "change/yl-change-private.h"
#include "log/yl-log-door.h"
#include "yl-pen.h"
#include "yl-revocation.h"
#include "store/yl-trouble.h"

/* The review tray: entries of those who were shut out, which head office looks at one by one. They lie in the log, where they do not count. */

void
yl_review_item_free (YlReviewItem *item)
{
  g_free (item->entry);
  g_free (item->node);
  g_free (item->label);
  g_free (item->what);
  g_free (item->actor);
  g_free (item);
}

static char *
name_of (const YlEntryRow *row)
{
  YlEntryName name = { .seq = row->seq };

  memcpy (name.writer, row->writer, sizeof name.writer);
  memcpy (name.id8, row->id, sizeof name.id8);
  return yl_entry_name_write (&name);
}

static gboolean
is_decided (YlStore *store, const char *name)
{
  gint64 decided;

  return yl_database_integer (store->database, &decided, 0, NULL, "SELECT 1 FROM review WHERE entry = ?", "t", name)
         && decided != 0;
}

static YlReviewItem *
read_item (YlStore *store, gint64 n, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_get (store, n, error);
  g_autofree char *name = row != NULL ? name_of (row) : NULL;
  g_autoptr (YlEntry) entry = row != NULL ? yl_log_entry (store, n, error) : NULL;
  YlReviewItem *item;

  if (entry == NULL)
    return NULL;
  item = g_new0 (YlReviewItem, 1);
  item->entry = g_steal_pointer (&name);
  item->node = yl_pen_node (store, row->writer, row->strand);
  item->label = yl_log_writer_label (store, row->writer);
  item->what = g_strdup (entry->what);
  item->actor = g_strdup (entry->actor);
  item->at = YL_HLC_MS (entry->hlc);
  item->n_ops = entry->ops->len;
  return item;
}

GPtrArray *
yl_review_list (YlStore *store, GError **error)
{
  g_autoptr (GArray) refused = yl_revocation_refused (store, error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_review_item_free);

  if (refused == NULL)
    return NULL;
  for (guint i = 0; i < refused->len; i++)
    {
      YlReviewItem *item = read_item (store, g_array_index (refused, gint64, i), error);

      if (item == NULL)
        return NULL;
      if (is_decided (store, item->entry))
        yl_review_item_free (item);
      else
        g_ptr_array_add (items, item);
    }
  return g_steal_pointer (&items);
}

gboolean
yl_review_tell (YlStore *store, const char *node, GError **error)
{
  g_autoptr (GPtrArray) items = yl_review_list (store, error);
  g_autofree char *detail = NULL;
  guint n = 0;

  if (items == NULL)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    n += g_strcmp0 (((YlReviewItem *) items->pdata[i])->node, node) == 0 ? 1 : 0;
  detail = g_strdup_printf ("%u", n);
  return n > 0 ? yl_trouble_raise (store, YL_TROUBLE_REVIEW, node, detail, error)
               : yl_trouble_end (store, YL_TROUBLE_REVIEW, node, error);
}

static gboolean
tell_again (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) troubles = yl_store_troubles (store, error);

  for (guint i = 0; troubles != NULL && i < troubles->len; i++)
    {
      const YlTrouble *trouble = troubles->pdata[i];

      if (trouble->kind == YL_TROUBLE_REVIEW && !yl_review_tell (store, trouble->subject, error))
        return FALSE;
    }
  return troubles != NULL;
}

YlEntry *
yl_review_entry (YlStore *store, const char *name, GError **error)
{
  g_autoptr (GPtrArray) items = yl_review_list (store, error);
  YlEntryName parsed;

  for (guint i = 0; items != NULL && i < items->len; i++)
    if (g_str_equal (((YlReviewItem *) items->pdata[i])->entry, name) && yl_entry_name_read (name, &parsed))
      {
        g_autoptr (YlEntryRow) row = yl_log_find_name (store, &parsed, error);

        return row != NULL ? yl_log_entry (store, row->n, error) : NULL;
      }
  if (items != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND,
                 _ ("nothing named %s waits in the review tray: see `review list`"), name);
  return NULL;
}

/* What a PC of head office may write of it. */
static gboolean
may_write (const YlOp *op)
{
  const YlTable *table = yl_table_find (op->table);

  return table != NULL && op->kind != YL_OP_UNKNOWN
         && (table->right == YL_RIGHT_ANY_SITE || table->right == YL_RIGHT_HEAD_OFFICE);
}

static YlOp *
decision_op (YlStore *store, const char *name, const char *decision)
{
  g_autofree char *id = yl_id_new (yl_store_now (store));
  YlOp *op = yl_op_new (YL_OP_INSERT, "review", id);
  g_auto (YlValue) value = YL_VALUE_INIT;

  yl_value_set_text (&value, decision);
  yl_op_add (op, "decision", &value);
  yl_value_set_text (&value, name);
  yl_op_add (op, "entry", &value);
  return op;
}

static gboolean
decide (YlStore *store, const char *name, const char *decision, gboolean accept, GError **error)
{
  g_autoptr (YlEntry) entry = yl_review_entry (store, name, error);
  g_autoptr (YlOp) written_down = decision_op (store, name, decision);
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  g_autoptr (YlChange) change = NULL;

  if (entry == NULL)
    return FALSE;
  if (!yl_store_is_head_office (store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                   _ ("only head office decides on what waits in the review tray"));
      return FALSE;
    }
  for (guint i = 0; accept && i < entry->ops->len; i++)
    if (may_write (entry->ops->pdata[i]))
      g_ptr_array_add (ops, entry->ops->pdata[i]);
  g_ptr_array_add (ops, written_down);
  change = yl_change_begin (store, decision, error);
  if (change == NULL)
    return FALSE;
  yl_change_name (change, name);
  yl_change_give (change, NULL, ops);
  return yl_change_commit (change, error) && tell_again (store, error);
}

gboolean
yl_review_accept (YlStore *store, const char *name, GError **error)
{
  return decide (store, name, "accept", TRUE, error);
}

gboolean
yl_review_drop (YlStore *store, const char *name, GError **error)
{
  return decide (store, name, "drop", FALSE, error);
}
