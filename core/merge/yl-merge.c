#include "yl-merge.h"

#include <string.h>

#include "records/yl-derive.h"
#include "yl-merge-record.h"
#include "yl-state-hash-private.h"

/* Folding */

static gboolean
has_seen (YlStore *store, const YlMergeEntry *entry, gint64 n)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, n);

  return facts != NULL && yl_vector_get (entry->seen, facts->w) >= facts->seq;
}

/* Whether @a is shown before @b: the higher clock reading, then the higher writer, then (where it forked) the higher id. */
gboolean
yl_merge_leads (YlStore *store, gint64 a, gint64 b)
{
  const YlEntryFacts *left = yl_store_entry_facts (store, a);
  const YlEntryFacts *right = yl_store_entry_facts (store, b);

  int order;

  /* What a failing disk keeps back has no place; a transaction that met it is not committed. */
  if (left == NULL || right == NULL)
    return left != NULL;
  if (left->hlc != right->hlc)
    return left->hlc > right->hlc;
  order = g_strcmp0 (left->writer, right->writer);
  return order != 0 ? order > 0 : memcmp (left->id8, right->id8, sizeof left->id8) > 0;
}

static void
fold_life (YlStore *store, YlMergeRecord *record, const YlMergeEntry *entry, gboolean alive)
{
  gint64 life = entry->n << 1 | (alive ? 1 : 0);

  for (guint i = record->life->len; i-- > 0;)
    if (has_seen (store, entry, g_array_index (record->life, gint64, i) >> 1))
      g_array_remove_index (record->life, i);
  g_array_append_val (record->life, life);
}

static gboolean
fold_column (YlStore *store,
             YlMergeRecord *record,
             const YlMergeEntry *entry,
             const char *name,
             const YlValue *value,
             GError **error)
{
  guint n;
  guint first = yl_merge_record_find (record, name, &n);
  guint place = first;

  for (guint i = first + n; i-- > first;)
    if (has_seen (store, entry, g_array_index (record->slots, YlMergeSlot, i).n))
      {
        g_array_remove_index (record->slots, i);
        n--;
      }
  while (place < first + n && yl_merge_leads (store, g_array_index (record->slots, YlMergeSlot, place).n, entry->n))
    place++;
  return yl_merge_record_insert (store, record, place, name, entry->n, value, error);
}

gboolean
yl_merge_fold (YlStore *store,
               const YlMergeEntry *entry,
               const YlOp *op,
               gboolean is_local,
               const YlValue *before,
               GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };

  if (!yl_merge_record_load (store, &record, op->table, op->id, before, error))
    return FALSE;
  yl_state_hash_record (store, &record, -1);
  yl_derive_touch (store, &record);
  if (op->kind != YL_OP_UNKNOWN)
    fold_life (store, &record, entry, op->kind != YL_OP_DELETE);
  for (guint i = 0; i < op->n_columns; i++)
    if (!fold_column (store, &record, entry, op->columns[i], &op->values[i], error))
      return FALSE;
  yl_state_hash_record (store, &record, 1);
  yl_merge_record_touch (store, &record);
  return yl_merge_record_save (store, &record, !is_local, error);
}

gboolean
yl_merge_rehash (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };

  if (!yl_merge_record_load (store, &record, table, id, NULL, error))
    return FALSE;
  yl_state_hash_record (store, &record, 1);
  return TRUE;
}

GPtrArray *
yl_merge_columns (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };
  GPtrArray *names = NULL;

  if (!yl_merge_record_load (store, &record, table, id, NULL, error))
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < record.slots->len; i++)
    {
      const char *name = g_array_index (record.slots, YlMergeSlot, i).column;

      if (names->len == 0 || !g_str_equal (names->pdata[names->len - 1], name))
        g_ptr_array_add (names, g_strdup (name));
    }
  return names;
}

gboolean
yl_merge_life_leads (YlStore *store, gint64 a, gint64 b)
{
  if ((a & 1) != (b & 1))
    return (a & 1) != 0;
  return yl_merge_leads (store, a >> 1, b >> 1);
}

static void
standing_free (YlStanding *standing)
{
  yl_value_clear (&standing->value);
  g_free (standing);
}

static void
add_standing (GPtrArray *standing, gint64 n, const YlValue *value)
{
  YlStanding *one = g_new0 (YlStanding, 1);

  one->n = n;
  yl_value_copy (&one->value, value);
  g_ptr_array_add (standing, one);
}

static void
add_life (GPtrArray *standing, const YlMergeRecord *record)
{
  for (guint i = 0; i < record->life->len; i++)
    {
      gint64 life = g_array_index (record->life, gint64, i);
      YlValue alive = { YL_VALUE_INTEGER, life & 1, NULL, 0 };

      add_standing (standing, life >> 1, &alive);
    }
}

GPtrArray *
yl_merge_standing (YlStore *store, const char *table, const char *id, const char *column, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };
  g_autoptr (GPtrArray) standing = g_ptr_array_new_with_free_func ((GDestroyNotify) standing_free);
  guint first, n;

  if (!yl_merge_record_load (store, &record, table, id, NULL, error))
    return NULL;
  yl_merge_record_sort_life (store, &record);
  if (*column == '\0')
    add_life (standing, &record);
  first = yl_merge_record_find (&record, column, &n);
  for (guint i = first; i < first + n; i++)
    {
      const YlMergeSlot *slot = &g_array_index (record.slots, YlMergeSlot, i);

      add_standing (standing, slot->n, slot->value);
    }
  return g_steal_pointer (&standing);
}
