/* What was promised to those who work: kept outside of the code under test, and compared with it. */
#include "yl-sim-world.h"

#include <string.h>

#include "log/yl-merge-log.h"
#include "merge/yl-conflict.h"
#include "merge/yl-state-hash.h"

static char *
entry_hex (const YlEntryRow *row)
{
  GString *hex = g_string_new (NULL);

  for (guint i = 0; i < YL_ENTRY_ID_BYTES; i++)
    g_string_append_printf (hex, "%02x", row->id[i]);
  return g_string_free (hex, FALSE);
}

static GArray *
read_frontier (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  GArray *frontier = yl_log_frontier (node->store, &error);

  if (frontier == NULL)
    yl_sim_fail (node->world, "node %u has no frontier: %s", node->index, error->message);
  return frontier;
}

static gint64
seq_of (GArray *frontier, const char *writer)
{
  for (guint i = 0; i < frontier->len; i++)
    if (strcmp (g_array_index (frontier, YlEntryName, i).writer, writer) == 0)
      return g_array_index (frontier, YlEntryName, i).seq;
  return 0;
}

gint64
yl_sim_own_seq (YlSimNode *node)
{
  g_autoptr (GArray) frontier = read_frontier (node);

  return seq_of (frontier, yl_store_get_writer (node->store));
}

void
yl_sim_observe (YlSimNode *node)
{
  g_autoptr (GArray) frontier = read_frontier (node);
  GHashTableIter iter;
  const char *writer;
  gpointer seq;

  g_hash_table_iter_init (&iter, node->reached);
  while (g_hash_table_iter_next (&iter, (gpointer *) &writer, &seq))
    if (seq_of (frontier, writer) < GPOINTER_TO_INT (seq))
      yl_sim_fail (node->world, "node %u went back: %s from %d to %" G_GINT64_FORMAT, node->index, writer,
                   GPOINTER_TO_INT (seq), seq_of (frontier, writer));
  for (guint i = 0; i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);

      g_hash_table_insert (node->reached, (gpointer) g_intern_string (name->writer), GINT_TO_POINTER ((int) name->seq));
    }
}

static YlEntryRow *
find_entry (YlSimNode *node, const char *writer, gint64 seq)
{
  g_autoptr (GError) error = NULL;
  YlEntryRow *row = yl_log_find (node->store, writer, seq, &error);

  if (row == NULL)
    yl_sim_fail (node->world, "node %u lacks %s:%" G_GINT64_FORMAT ": %s", node->index, writer, seq, error->message);
  return row;
}

/* A clock reading never comes before what the writer had seen, and is never far ahead of all that its own wall clock has said: one that was
 * put back keeps what it had followed by then, and one at the limit goes on from there. */
static void
check_hlc (YlSimNode *node, const YlEntryRow *row)
{
  gint64 now = yl_store_now (node->store);
  g_autoptr (YlEntryRow) before = row->seq > 1 ? find_entry (node, row->writer, row->seq - 1) : NULL;
  gint64 ms = YL_HLC_MS (row->hlc);

  if (before != NULL && row->hlc <= before->hlc)
    yl_sim_fail (node->world, "the clock of %s went back at %" G_GINT64_FORMAT, row->writer, row->seq);
  if (ms < now || (ms > node->latest + YL_CLOCK_MAX_LEAD_MS + 1 && before != NULL && ms > YL_HLC_MS (before->hlc) + 1))
    yl_sim_fail (node->world, "the clock of %s says %" G_GINT64_FORMAT " at %" G_GINT64_FORMAT, row->writer, ms, now);
}

/* Nor before what it had folded of others, as far as clocks are followed: one that is ahead of its PC stopped at the limit of another
 * moment, when it folded that. */
static void
check_hlc_follows (YlSimNode *node, const YlEntryRow *row)
{
  g_autoptr (GArray) frontier = read_frontier (node);
  gint64 now = yl_store_now (node->store);
  gint64 limit = YL_HLC (now + YL_CLOCK_MAX_LEAD_MS, 0);

  for (guint i = 0; i < frontier->len && !node->was_behind; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);
      g_autoptr (YlEntryRow) other = find_entry (node, name->writer, name->seq);

      if (other->n < row->n && other->hlc < limit && row->hlc <= other->hlc && YL_HLC_MS (row->hlc) <= now)
        yl_sim_fail (node->world, "the clock of %s, %" G_GINT64_FORMAT ", did not follow %s, %" G_GINT64_FORMAT,
                     row->writer, row->hlc, other->writer, other->hlc);
    }
}

gint64
yl_sim_acknowledge (YlSimNode *node, gint64 before)
{
  const char *writer = yl_store_get_writer (node->store);
  gint64 last = yl_sim_own_seq (node);

  for (gint64 seq = before + 1; seq <= last; seq++)
    {
      g_autoptr (YlEntryRow) row = find_entry (node, writer, seq);

      check_hlc (node, row);
      check_hlc_follows (node, row);
      g_hash_table_insert (node->world->acknowledged, g_strdup_printf ("%s:%" G_GINT64_FORMAT, writer, seq),
                           entry_hex (row));
    }
  yl_sim_observe (node);
  return last;
}

void
yl_sim_check_receipts (YlSimNode *node)
{
  const char *writer = yl_store_get_writer (node->store);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waiting = yl_log_waiting (node->store, &error);
  g_autoptr (GArray) hub = NULL;
  gint64 covered = yl_sim_own_seq (node);

  if (node->index == 0 || node->world->nodes[0].store == NULL || node->world->hub_is_old || node->revoked)
    return;
  if (waiting == NULL)
    yl_sim_fail (node->world, "node %u: %s", node->index, error->message);
  for (guint i = 0; i < waiting->len; i++)
    {
      const YlEntryRow *row = waiting->pdata[i];

      if (strcmp (row->writer, writer) == 0)
        covered = MIN (covered, row->seq - 1);
    }
  hub = read_frontier (&node->world->nodes[0]);
  if (seq_of (hub, writer) < covered)
    yl_sim_fail (node->world, "node %u waits no more for %" G_GINT64_FORMAT ", but the hub has %" G_GINT64_FORMAT,
                 node->index, covered, seq_of (hub, writer));
}

/* What was acknowledged here, or with @everybody anywhere. */
static void
check_acknowledged (YlSimNode *node, gboolean everybody)
{
  const char *own = yl_store_get_writer (node->store);
  GHashTableIter iter;
  const char *name;
  const char *id;

  g_hash_table_iter_init (&iter, node->world->acknowledged);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &id))
    {
      g_autofree char *writer = g_strndup (name, YL_WRITER_CHARS);
      g_autoptr (YlEntryRow) row = NULL;
      g_autofree char *hex = NULL;

      if (!everybody && strcmp (writer, own) != 0)
        continue;
      row = find_entry (node, writer, g_ascii_strtoll (name + YL_WRITER_CHARS + 1, NULL, 10));
      hex = entry_hex (row);
      if (strcmp (hex, id) != 0)
        yl_sim_fail (node->world, "node %u has another %s than was acknowledged", node->index, name);
    }
}

static void
check_records (YlSimNode *node)
{
  GPtrArray *records = node->world->records;

  for (guint i = 0; i < records->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (records->pdata[i], ":", 2);
      g_autoptr (YlRecord) record = yl_store_get (node->store, parts[0], parts[1], NULL);

      if (record == NULL)
        yl_sim_fail (node->world, "node %u has lost %s", node->index, (char *) records->pdata[i]);
    }
}

/* A promise of a PC that is shut out does not count, though another PC may have had it from a relay and worked on with it. */
static gboolean
has_fallen (YlSimNode *node, const char *claim)
{
  g_autoptr (YlRecord) record = node->world->may_revoke ? yl_store_get (node->store, "claim", claim, NULL) : NULL;

  return node->world->may_revoke && record == NULL;
}

/* Whoever has served keeps the visit. */
static void
check_served (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) evidence = yl_store_list (node->store, "evidence", NULL, 0, &error);

  if (evidence == NULL)
    yl_sim_fail (node->world, "node %u: %s", node->index, error->message);
  for (guint i = 0; i < evidence->len; i++)
    {
      const char *claim = yl_record_get_text (evidence->pdata[i], "claim");
      g_autoptr (YlRecord) booking = yl_store_get (node->store, "booking", claim, NULL);

      if (has_fallen (node, claim))
        continue;
      if (booking == NULL || g_strcmp0 (yl_record_get_text (booking, "state"), "served") != 0)
        yl_sim_fail (node->world, "node %u: %s was served, and does not count as that", node->index, claim);
    }
}

/* One worker, one place. */
static void
check_bookings (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) bookings = yl_store_list (node->store, "booking", NULL, 0, &error);

  if (bookings == NULL)
    yl_sim_fail (node->world, "node %u: %s", node->index, error->message);
  for (guint i = 0; i < bookings->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const YlRecord *a = bookings->pdata[i];
        const YlRecord *b = bookings->pdata[j];
        const char *state_a = yl_record_get_text (a, "state");
        const char *state_b = yl_record_get_text (b, "state");

        if (g_strcmp0 (yl_record_get_text (a, "worker"), yl_record_get_text (b, "worker")) == 0
            && yl_record_get_integer (a, "start", 0) < yl_record_get_integer (b, "end", 0)
            && yl_record_get_integer (b, "start", 0) < yl_record_get_integer (a, "end", 0)
            && (g_str_equal (state_a, "confirmed") || g_str_equal (state_a, "tentative"))
            && (g_str_equal (state_b, "confirmed") || g_str_equal (state_b, "tentative")))
          yl_sim_fail (node->world, "node %u has one worker in two places: %s and %s", node->index,
                       yl_record_get_id (a), yl_record_get_id (b));
      }
}

static char *
read_hash (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  char *hash = yl_state_hash (node->store, &error);

  if (hash == NULL)
    yl_sim_fail (node->world, "node %u has no state hash: %s", node->index, error->message);
  return hash;
}

/* What the log alone gives, and the log itself. */
static void
check_rebuild (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = read_hash (node);
  g_autofree char *after = NULL;
  guint n_commits;

  if (!yl_merge_log_verify (node->store, &n_commits, &error))
    yl_sim_fail (node->world, "the log of node %u: %s", node->index, error->message);
  if (!yl_store_rebuild (node->store, &error))
    yl_sim_fail (node->world, "node %u is not rebuilt: %s", node->index, error->message);
  after = read_hash (node);
  if (strcmp (before, after) != 0)
    yl_sim_fail (node->world, "node %u: a rebuild gives another state", node->index);
}

/* A copy that differs is put right in passing; here nothing may ever need that. */
static void
check_unrepaired (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) notes = yl_store_sync_notes (node->store, 0, &error);

  if (notes == NULL)
    yl_sim_fail (node->world, "node %u has no sync log: %s", node->index, error->message);
  for (guint i = 0; i < notes->len; i++)
    {
      const YlSyncNote *note = notes->pdata[i];

      if (strcmp (note->kind, "repaired") == 0)
        yl_sim_fail (node->world, "node %u had to be repaired: %s", node->index, note->detail);
    }
}

void
yl_sim_check_node (YlSimNode *node)
{
  g_autoptr (GError) error = NULL;

  yl_sim_observe (node);
  check_acknowledged (node, FALSE);
  if (!yl_store_check (node->store, &error))
    yl_sim_fail (node->world, "node %u: %s", node->index, error->message);
  check_rebuild (node);
  check_unrepaired (node);
}

static void
check_frontiers (YlSimWorld *world)
{
  g_autoptr (GArray) first = read_frontier (&world->nodes[0]);

  for (guint i = 1; i < world->n_nodes; i++)
    {
      g_autoptr (GArray) other = read_frontier (&world->nodes[i]);

      if (world->nodes[i].revoked)
        continue;
      if (first->len != other->len || memcmp (first->data, other->data, first->len * sizeof (YlEntryName)) != 0)
        yl_sim_fail (world, "node %u has another log than the hub", i);
      if (yl_log_n_waiting (world->nodes[i].store) > 0)
        yl_sim_fail (world, "node %u still waits", i);
    }
}

void
yl_sim_check_end (YlSimWorld *world)
{
  g_autofree char *first = read_hash (&world->nodes[0]);

  check_frontiers (world);
  for (guint i = 0; i < world->n_nodes; i++)
    {
      YlSimNode *node = &world->nodes[i];
      g_autofree char *hash = NULL;
      g_autoptr (GError) error = NULL;

      if (node->revoked)
        continue;
      hash = read_hash (node);
      if (strcmp (hash, first) != 0)
        yl_sim_fail (world, "node %u holds another state than the hub", i);
      if (yl_sim_node_has_history (node))
        check_acknowledged (node, TRUE);
      check_records (node);
      check_bookings (node);
      check_served (node);
      yl_sim_check_erased (node);
      yl_sim_check_conflicts (world, node);
      check_unrepaired (node);
      if (!yl_store_check (node->store, &error))
        yl_sim_fail (world, "node %u: %s", i, error->message);
    }
  check_rebuild (&world->nodes[yl_sim_pick (world, world->n_nodes)]);
}
