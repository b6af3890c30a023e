/* Which values must stand, worked out from nothing but who wrote what and what each had seen. */
#include "yl-sim-world.h"

#include <string.h>

#include "merge/yl-conflict.h"
#include "merge/yl-merge.h"

static void
write_free (YlSimWrite *write)
{
  g_free (write->table);
  g_free (write->record);
  g_free (write->column);
  g_free (write->value);
  g_array_unref (write->seen);
  g_free (write);
}

GPtrArray *
yl_sim_writes_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) write_free);
}

static gint64
own_seq_in (YlSimNode *node, GArray *frontier)
{
  for (guint i = 0; i < frontier->len; i++)
    if (strcmp (g_array_index (frontier, YlEntryName, i).writer, yl_store_get_writer (node->store)) == 0)
      return g_array_index (frontier, YlEntryName, i).seq;
  return 0;
}

void
yl_sim_writes (YlSimNode *node,
               const char *table,
               const char *record,
               const char *column,
               const char *value,
               GArray *seen)
{
  YlSimWrite *write = g_new0 (YlSimWrite, 1);

  write->table = g_strdup (table);
  write->record = g_strdup (record);
  write->column = g_strdup (column);
  write->value = g_strdup (value);
  g_strlcpy (write->writer, yl_store_get_writer (node->store), sizeof write->writer);
  write->node = node->index;
  write->seq = own_seq_in (node, seen) + 1;
  write->seen = g_array_ref (seen);
  write->is_tried = TRUE;
  write->is_void = node->revoked;
  g_ptr_array_add (node->world->writes, write);
}

void
yl_sim_writes_settle (YlSimNode *node)
{
  gint64 last = yl_sim_own_seq (node);
  GPtrArray *writes = node->world->writes;

  for (guint i = writes->len; i > 0; i--)
    {
      YlSimWrite *write = writes->pdata[i - 1];

      if (write->is_tried && write->seq > last)
        g_ptr_array_remove_index (writes, i - 1);
      else
        write->is_tried = FALSE;
    }
}

static gboolean
has_seen (const YlSimWrite *later, const YlSimWrite *earlier)
{
  for (guint i = 0; i < later->seen->len; i++)
    {
      const YlEntryName *name = &g_array_index (later->seen, YlEntryName, i);

      if (strcmp (name->writer, earlier->writer) == 0)
        return name->seq >= earlier->seq;
    }
  return FALSE;
}

static gboolean
is_same_place (const YlSimWrite *a, const YlSimWrite *b)
{
  return strcmp (a->table, b->table) == 0 && strcmp (a->record, b->record) == 0 && strcmp (a->column, b->column) == 0;
}

static gboolean
counts (YlSimWorld *world, const YlSimWrite *write)
{
  return !write->is_void && !g_hash_table_contains (world->erased, write->record);
}

static gboolean
stands (YlSimWorld *world, const YlSimWrite *write)
{
  for (guint i = 0; i < world->writes->len; i++)
    {
      const YlSimWrite *other = world->writes->pdata[i];

      if (counts (world, other) && is_same_place (other, write) && has_seen (other, write))
        return FALSE;
    }
  return TRUE;
}

/* Which of @writes everybody shows: the latest clock, then the highest writer. Head office has all of the log. */
static const YlSimWrite *
leading (YlSimWorld *world, GPtrArray *writes)
{
  const YlSimWrite *best = NULL;
  gint64 best_hlc = 0;

  for (guint i = 0; i < writes->len; i++)
    {
      const YlSimWrite *write = writes->pdata[i];
      g_autoptr (YlEntryRow) row = yl_log_find (world->nodes[0].store, write->writer, write->seq, NULL);

      if (row != NULL
          && (best == NULL || row->hlc > best_hlc
              || (row->hlc == best_hlc && strcmp (write->writer, best->writer) > 0)))
        {
          best = write;
          best_hlc = row->hlc;
        }
    }
  return best;
}

static const YlConflict *
find_conflict (GPtrArray *conflicts, const YlSimWrite *write)
{
  for (guint i = 0; i < conflicts->len; i++)
    {
      const YlConflict *conflict = conflicts->pdata[i];

      if (strcmp (conflict->table, "worker") == 0 && strcmp (conflict->id, write->record) == 0
          && strcmp (conflict->field, write->column) == 0)
        return conflict;
    }
  return NULL;
}

static gboolean
has_value (const YlConflict *conflict, const char *value)
{
  for (guint i = 0; i < conflict->versions->len; i++)
    if (g_strcmp0 (((YlConflictVersion *) conflict->versions->pdata[i])->value, value) == 0)
      return TRUE;
  return FALSE;
}

static guint
n_different (GPtrArray *writes)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < writes->len; i++)
    g_hash_table_add (values, ((YlSimWrite *) writes->pdata[i])->value);
  return g_hash_table_size (values);
}

static guint
n_shown (const YlConflict *conflict)
{
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < conflict->versions->len; i++)
    {
      const char *value = ((YlConflictVersion *) conflict->versions->pdata[i])->value;

      g_hash_table_add (values, (gpointer) (value == NULL ? "" : value));
    }
  return g_hash_table_size (values);
}

/* The key of a value that head office wrote may have been nowhere but in the file that was put back; that of one which came by others,
 * before its PC was shut out, may never have come. */
static gboolean
key_may_be_gone (YlSimWorld *world, GPtrArray *standing)
{
  for (guint i = 0; i < standing->len; i++)
    {
      const YlSimWrite *write = standing->pdata[i];

      if ((write->node == 0 && world->hub_is_old) || world->nodes[write->node].revoked)
        return TRUE;
    }
  return FALSE;
}

/* What stands at one place: exactly one conflict with all values where they differ, and none where they do not. */
static void
check_place (YlSimNode *node, GPtrArray *standing, GPtrArray *conflicts)
{
  const YlSimWrite *first = leading (node->world, standing);
  const YlTable *table = yl_table_find ("worker");
  guint n_values = n_different (standing);
  g_autoptr (YlRecord) record = yl_store_get_exact (node->store, "worker", first->record, NULL);
  const YlConflict *conflict = find_conflict (conflicts, first);
  g_autofree char *shown = NULL;

  if (record == NULL)
    yl_sim_fail (node->world, "node %u has lost worker %s", node->index, first->record);
  /* Who may read what is the seal's own business; head office reads all. */
  if ((node->index > 0 || key_may_be_gone (node->world, standing))
      && table->fields[yl_table_field (table, first->column)].disclosure != YL_OPEN)
    return;
  if ((n_values > 1) != (conflict != NULL) || (conflict != NULL && n_shown (conflict) != n_values))
    yl_sim_fail (node->world, "node %u: %u values of %s %s stand, but a conflict shows %u", node->index, n_values,
                 first->record, first->column, conflict == NULL ? 0 : n_shown (conflict));
  for (guint i = 0; i < standing->len && conflict != NULL; i++)
    if (!has_value (conflict, ((YlSimWrite *) standing->pdata[i])->value))
      yl_sim_fail (node->world, "node %u: the conflict about %s %s leaves out “%s”", node->index, first->record,
                   first->column, ((YlSimWrite *) standing->pdata[i])->value);
  shown = yl_field_format (&table->fields[yl_table_field (table, first->column)],
                           yl_record_get_value (record, first->column));
  if (g_strcmp0 (shown, first->value) != 0)
    yl_sim_fail (node->world, "node %u shows “%s” as %s of %s, not “%s”", node->index, shown, first->column,
                 first->record, first->value);
}

/* A register of a later version: all that stands is kept, the same first. */
static void
check_unknown (YlSimNode *node, GPtrArray *standing)
{
  const YlSimWrite *first = leading (node->world, standing);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) kept = yl_merge_standing (node->store, first->table, first->record, first->column, &error);

  if (kept == NULL)
    yl_sim_fail (node->world, "node %u: %s", node->index, error->message);
  if (kept->len != standing->len)
    yl_sim_fail (node->world, "node %u keeps %u values of %s %s, not %u", node->index, kept->len, first->record,
                 first->column, standing->len);
  if (g_strcmp0 (((YlStanding *) kept->pdata[0])->value.bytes, first->value) != 0)
    yl_sim_fail (node->world, "node %u has another %s of %s than “%s”", node->index, first->column, first->record,
                 first->value);
}

static gboolean
is_known (const YlSimWrite *write)
{
  const YlTable *table = yl_table_find (write->table);

  return table != NULL && yl_table_field (table, write->column) >= 0;
}

void
yl_sim_check_conflicts (YlSimWorld *world, YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (node->store, &error);
  g_autoptr (GPtrArray) left = g_ptr_array_new ();

  if (conflicts == NULL)
    yl_sim_fail (world, "node %u lists no conflicts: %s", node->index, error->message);
  for (guint i = 0; i < world->writes->len; i++)
    if (counts (world, world->writes->pdata[i]) && stands (world, world->writes->pdata[i]))
      g_ptr_array_add (left, world->writes->pdata[i]);
  while (left->len > 0)
    {
      g_autoptr (GPtrArray) place = g_ptr_array_new ();
      const YlSimWrite *first = left->pdata[0];

      for (guint i = left->len; i > 0; i--)
        if (is_same_place (first, left->pdata[i - 1]))
          g_ptr_array_add (place, g_ptr_array_remove_index (left, i - 1));
      if (is_known (first))
        check_place (node, place, conflicts);
      else
        check_unknown (node, place);
    }
}
