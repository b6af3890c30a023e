#include "yl-merge.h"

#include <string.h>

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

  if (left->hlc != right->hlc)
    return left->hlc > right->hlc;
  order = strcmp (yl_store_writer_id (store, left->w), yl_store_writer_id (store, right->w));
  return order != 0 ? order > 0 : memcmp (left->id8, right->id8, sizeof left->id8) > 0;
}

static void
fold_life (YlStore *store, YlMergeRecord *record, const YlMergeEntry *entry, gboolean alive)
{
  gint64 life = entry->n << 1 | (alive ? 1 : 0);

  for (guint i = record->life->len; i-- > 0;)
    {
      gint64 old = g_array_index (record->life, gint64, i);

      if (!has_seen (store, entry, old >> 1))
        continue;
      yl_state_hash_life (store, record->table_name, record->id, old >> 1, old & 1, -1);
      g_array_remove_index (record->life, i);
    }
  g_array_append_val (record->life, life);
  yl_state_hash_life (store, record->table_name, record->id, entry->n, alive, 1);
}

static void
fold_column (YlStore *store, YlMergeRecord *record, const YlMergeEntry *entry, const char *name, const YlValue *value)
{
  YlMergeRegister *column = yl_merge_record_find (record, name);
  guint place = 0;

  if (column == NULL)
    column = yl_merge_record_add (record, name);
  for (guint i = column->versions->len; i-- > 0;)
    {
      YlStanding *old = column->versions->pdata[i];

      if (!has_seen (store, entry, old->n))
        continue;
      yl_state_hash_value (store, record->table_name, record->id, name, old->n, &old->value, -1);
      g_ptr_array_remove_index (column->versions, i);
    }
  while (place < column->versions->len
         && yl_merge_leads (store, ((YlStanding *) column->versions->pdata[place])->n, entry->n))
    place++;
  yl_merge_register_insert (column, place, entry->n, value);
  yl_state_hash_value (store, record->table_name, record->id, name, entry->n, value, 1);
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
  fold_life (store, &record, entry, op->kind != YL_OP_DELETE);
  for (guint i = 0; i < op->n_columns; i++)
    fold_column (store, &record, entry, op->columns[i], &op->values[i]);
  yl_merge_record_touch (store, &record);
  return yl_merge_record_save (store, &record, !is_local, error);
}

void
yl_merge_record_hash (YlStore *store, const YlMergeRecord *record, int sign)
{
  for (guint i = 0; i < record->life->len; i++)
    {
      gint64 life = g_array_index (record->life, gint64, i);

      yl_state_hash_life (store, record->table_name, record->id, life >> 1, life & 1, sign);
    }
  for (guint i = 0; i < record->registers->len; i++)
    {
      YlMergeRegister *column = record->registers->pdata[i];

      for (guint v = 0; v < column->versions->len; v++)
        {
          YlStanding *standing = column->versions->pdata[v];

          yl_state_hash_value (store, record->table_name, record->id, column->name, standing->n, &standing->value,
                               sign);
        }
    }
}

gboolean
yl_merge_rehash (YlStore *store, const char *table, const char *id, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };

  if (!yl_merge_record_load (store, &record, table, id, NULL, error))
    return FALSE;
  yl_merge_record_hash (store, &record, 1);
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
  for (guint i = 0; i < record.registers->len; i++)
    g_ptr_array_add (names, g_strdup (((YlMergeRegister *) record.registers->pdata[i])->name));
  return names;
}

gboolean
yl_merge_life_leads (YlStore *store, gint64 a, gint64 b)
{
  if ((a & 1) != (b & 1))
    return (a & 1) != 0;
  return yl_merge_leads (store, a >> 1, b >> 1);
}

static int
compare_life (gconstpointer a, gconstpointer b, gpointer store)
{
  const YlStanding *left = *(YlStanding *const *) a;
  const YlStanding *right = *(YlStanding *const *) b;

  return yl_merge_life_leads (store, left->n << 1 | left->value.integer, right->n << 1 | right->value.integer) ? -1 : 1;
}

GPtrArray *
yl_merge_record_life (YlStore *store, const YlMergeRecord *record)
{
  GPtrArray *standing = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_standing_free);

  for (guint i = 0; i < record->life->len; i++)
    {
      YlStanding *life = g_new0 (YlStanding, 1);

      life->n = g_array_index (record->life, gint64, i) >> 1;
      yl_value_set_integer (&life->value, g_array_index (record->life, gint64, i) & 1);
      g_ptr_array_add (standing, life);
    }
  g_ptr_array_sort_with_data (standing, compare_life, store);
  return standing;
}

GPtrArray *
yl_merge_standing (YlStore *store, const char *table, const char *id, const char *column, GError **error)
{
  g_auto (YlMergeRecord) record = { NULL };
  YlMergeRegister *found;

  if (!yl_merge_record_load (store, &record, table, id, NULL, error))
    return NULL;
  if (*column == '\0')
    return yl_merge_record_life (store, &record);
  found = yl_merge_record_find (&record, column);
  return found != NULL ? g_ptr_array_ref (found->versions) : g_ptr_array_new ();
}
