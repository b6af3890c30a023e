/* Checkpoints: the same tree on every node whatever arrived first, refused whole where anything is wrong, and a start for new copies. */
#include <string.h>

#include "checkpoint/yl-checkpoint-base.h"
#include "checkpoint/yl-checkpoint-entries.h"
#include "checkpoint/yl-checkpoint-load.h"
#include "checkpoint/yl-checkpoint-pack.h"
#include "exchange/yl-frontier.h"
#include "log/yl-merge-log.h"
#include "merge/yl-state-hash.h"
#include "store/yl-store-private.h"
#include "yl-test-company.h"

#define N_NODES 4

/* Carrying with the log, as an exchange does */

static gint64 taken[N_NODES + 1][N_NODES + 1];

static void
carry (YlTestCompany *company, guint from, guint to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) incoming = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_incoming_free);
  g_autoptr (GPtrArray) rows = NULL;
  guint n_new = 0;

  yl_merge_log_append (company->stores[from], &error);
  g_assert_no_error (error);
  rows = yl_log_since (company->stores[from], taken[to][from], G_MAXINT, &error);
  for (guint i = 0; i < rows->len; i++)
    {
      const YlEntryRow *row = rows->pdata[i];

      g_ptr_array_add (incoming, yl_merge_log_read (company->stores[from], row->n, &error));
      g_assert_no_error (error);
      taken[to][from] = row->n;
    }
  yl_merge_log_accept (company->stores[to], incoming, &n_new, &error);
  g_assert_no_error (error);
}

/* The first @n of them; the others stay without anything. */
static void
carry_all (YlTestCompany *company, guint n, GRand *random)
{
  for (guint i = 0; i < n * n * 4; i++)
    carry (company, (guint) g_rand_int_range (random, 0, (gint32) n), (guint) g_rand_int_range (random, 0, (gint32) n));
  for (guint pair = 0; pair < 2 * n * n; pair++)
    carry (company, pair % n, pair / n % n);
}

/* Random histories */

static void
random_change (YlStore *store, GPtrArray *ids, GRand *random)
{
  static const char *const communities[] = { "梅园", "兰苑", "竹里", NULL, "菊坊" };
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "edit household", &error);
  const char *community = communities[g_rand_int_range (random, 0, G_N_ELEMENTS (communities))];
  const char *id = ids->len > 0 && g_rand_int_range (random, 0, 3) > 0
                       ? ids->pdata[g_rand_int_range (random, 0, (gint32) ids->len)]
                       : NULL;
  g_autoptr (YlRecord) home = id != NULL ? yl_store_get (store, "household", id, NULL) : NULL;

  g_assert_no_error (error);
  if (home != NULL && g_rand_int_range (random, 0, 8) == 0)
    yl_change_delete (change, "household", id, &error);
  else if (home != NULL)
    {
      yl_record_set_text (home, "community", community);
      yl_record_set_integer (home, "rooms", g_rand_int_range (random, 1, 9));
      yl_change_update (change, home, &error);
    }
  else
    {
      home = yl_record_new (yl_table_find ("household"), NULL);
      yl_record_set_text (home, "community", community);
      yl_record_set_text (home, "address", "3 号楼");
      yl_change_insert (change, home, &error);
      g_ptr_array_add (ids, g_strdup (yl_record_get_id (home)));
    }
  /* The copy of a file gives out the numbers that the file does. */
  if (g_error_matches (error, YL_ERROR, YL_ERROR_REFUSED))
    return;
  g_assert_no_error (error);
  if (!yl_change_is_empty (change))
    yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static YlTestCompany *
random_company (YlTestCompany *founded, guint n, guint32 seed, guint n_changes)
{
  YlTestCompany *company = yl_test_company_copy (founded);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  memset (taken, 0, sizeof taken);
  carry_all (company, n, random);
  for (guint i = 0; i < n_changes; i++)
    {
      guint node = (guint) g_rand_int_range (random, 0, (gint32) n);

      company->clocks[node] += g_rand_int_range (random, 0, 5000);
      random_change (company->stores[node], ids, random);
      if (g_rand_int_range (random, 0, 3) == 0)
        carry (company, (guint) g_rand_int_range (random, 0, (gint32) n),
               (guint) g_rand_int_range (random, 0, (gint32) n));
    }
  carry_all (company, n, random);
  return company;
}

static char *
tree_of (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpointContent) content = yl_checkpoint_content_new (store, &error);

  g_assert_no_error (error);
  return g_strdup (git_oid_tostr_s (&content->tree));
}

static void
test_same_everywhere (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  const char *seeds = g_getenv ("YL_SEEDS");
  guint n = seeds != NULL ? (guint) g_ascii_strtoull (seeds, NULL, 10) : 20;

  for (guint32 seed = 1; seed <= n; seed++)
    {
      g_autoptr (YlTestCompany) company = random_company (founded, N_NODES, seed, 40);
      g_autofree char *hash = yl_state_hash (company->stores[0], NULL);
      g_autofree char *tree = tree_of (company->stores[0]);

      for (guint i = 1; i < company->n; i++)
        {
          g_autofree char *other_hash = yl_state_hash (company->stores[i], NULL);
          g_autofree char *other = tree_of (company->stores[i]);

          g_assert_cmpstr (hash, ==, other_hash);
          if (!g_str_equal (tree, other))
            g_error ("seed %u: node %u makes another tree of the same state", seed, i);
        }
    }
}

/* What stands in the files is what stood in the state. */

typedef struct
{
  GString *text;
} Dump;

static gboolean
dump_version (const YlMergeVersion *version, gpointer data, GError **error)
{
  g_autofree char *bytes = version->value->bytes != NULL
                               ? g_base64_encode ((const guchar *) version->value->bytes, version->value->length)
                               : NULL;

  g_string_append_printf (data, "%s %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT " %s\n",
                          version->table, version->id, version->column, version->entry.writer, version->entry.seq,
                          version->hlc, version->value->type, version->value->integer, bytes);
  return TRUE;
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
sorted (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  qsort (lines, g_strv_length (lines), sizeof *lines, compare_lines);
  return g_strjoinv ("\n", lines);
}

static void
test_shards_hold_all (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  g_autoptr (YlTestCompany) company = random_company (founded, N_NODES, 77, 120);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) state = g_string_new (NULL);
  g_autoptr (GString) files = g_string_new (NULL);
  g_autoptr (YlCheckpointContent) content = yl_checkpoint_content_new (company->stores[2], &error);
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  yl_merge_state_foreach (company->stores[2], NULL, NULL, dump_version, state, &error);
  for (guint i = 0; i < content->parts->len; i++)
    {
      const YlCheckpointPart *part = content->parts->pdata[i];
      g_auto (GStrv) names = g_strsplit (part->path, "/", 3);
      g_autoptr (YlShard) shard = NULL;

      if (!g_str_has_prefix (part->path, YL_CHECKPOINT_STATE))
        continue;
      shard = yl_shard_read (part->bytes, &error);
      g_assert_no_error (error);
      yl_shard_foreach (shard, names[1], dump_version, files, &error);
      g_assert_no_error (error);
    }
  left = sorted (state->str);
  right = sorted (files->str);
  g_assert_cmpstr (left, ==, right);
}

/* Damaged files: an error or something well-formed, never more. */
static void
test_shard_rubbish (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  g_autoptr (YlTestCompany) company = random_company (founded, N_NODES, 5, 60);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpointContent) content = yl_checkpoint_content_new (company->stores[0], &error);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (guint i = 0; i < content->parts->len; i++)
    {
      const YlCheckpointPart *part = content->parts->pdata[i];
      gsize length;
      const guint8 *bytes = g_bytes_get_data (part->bytes, &length);

      for (guint t = 0; length > 0 && t < 50; t++)
        {
          guint8 *copy = g_memdup2 (bytes, length);
          g_autoptr (GBytes) damaged = g_bytes_new_take (copy, t % 2 == 0 ? length : (gsize) t % length);
          g_autoptr (YlShard) shard = NULL;
          g_autoptr (GString) text = g_string_new (NULL);

          copy[g_rand_int_range (random, 0, (gint32) length)] = (guint8) g_rand_int (random);
          shard = yl_shard_read (damaged, NULL);
          if (shard != NULL)
            yl_shard_foreach (shard, "household", dump_version, text, NULL);
        }
    }
}

static void
test_make (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  g_autoptr (YlTestCompany) company = random_company (founded, N_NODES, 9, 30);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (company->stores[0], &error);
  g_autoptr (YlCheckpoint) again = NULL;
  g_autoptr (YlCheckpoint) there = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autofree char *other = NULL;
  YlCheckpointVerdict verdict;

  g_assert_no_error (error);
  g_assert_cmpint (made->number, ==, 1);
  again = yl_checkpoint_make (company->stores[0], &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->number, ==, 1);
  all = yl_checkpoint_list (company->stores[0], &error);
  g_assert_cmpuint (all->len, ==, 1);
  there = yl_checkpoint_parse (company->stores[3], made->commit, &error);
  g_assert_no_error (error);
  yl_checkpoint_compare (company->stores[3], there, &verdict, &other, &error);
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, YL_CHECKPOINT_SAME);
  g_assert_null (yl_checkpoint_make (company->stores[3], &error));
  g_assert_nonnull (error);
}

/* One bit of the commit changed, anywhere: it is not the company's any more. */
static void
test_hostile_commit (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  g_autoptr (YlTestCompany) company = random_company (founded, N_NODES, 9, 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (company->stores[0], &error);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (made->commit, &length);

  for (gsize i = 0; i < length * 8; i += 5)
    {
      guint8 *copy = g_memdup2 (bytes, length);
      g_autoptr (GBytes) damaged = g_bytes_new_take (copy, length);

      copy[i / 8] ^= (guint8) (1 << i % 8);
      g_assert_null (yl_checkpoint_parse (company->stores[1], damaged, NULL));
    }
}

/* A new copy */

/* The last node begins with head office's checkpoint, as it comes over the wire. */
static YlCheckpointPack *
packed (YlStore *head, GError **error)
{
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (head, error);
  g_autoptr (YlCheckpointPack) pack = made != NULL ? yl_checkpoint_pack (head, made, error) : NULL;
  g_autoptr (GBytes) answer = pack != NULL ? yl_checkpoint_pack_answer (pack, 0) : NULL;
  guint first, end;

  return answer != NULL ? yl_checkpoint_pack_read (answer, &first, &end, error) : NULL;
}

static gboolean
load (YlStore *store, YlCheckpointPack *pack, GError **error)
{
  g_autoptr (YlCheckpoint) checkpoint = yl_checkpoint_parse (store, pack->commit, error);
  g_autoptr (GArray) places = NULL;
  g_autoptr (YlCheckpointContent) content =
      checkpoint != NULL ? yl_checkpoint_pack_open (pack, checkpoint, &places, error) : NULL;

  return content != NULL && yl_checkpoint_load (store, checkpoint, content, places, error);
}

/* Its files, as somebody who answers for the hub could change them: the commit stays the one that the company signed. */
typedef void (*Tampering) (GPtrArray *parts);

static guint
shard_at (GPtrArray *parts, guint nth)
{
  for (guint i = 0; i < parts->len; i++)
    if (g_str_has_prefix (((YlCheckpointPart *) parts->pdata[i])->path, YL_CHECKPOINT_STATE) && nth-- == 0)
      return i;
  g_assert_not_reached ();
}

static void
lose_a_shard (GPtrArray *parts)
{
  g_ptr_array_remove_index (parts, shard_at (parts, 3));
}

static void
swap_two_shards (GPtrArray *parts)
{
  YlCheckpointPart *one = parts->pdata[shard_at (parts, 1)];
  YlCheckpointPart *other = parts->pdata[shard_at (parts, 2)];
  GBytes *bytes = one->bytes;

  one->bytes = other->bytes;
  other->bytes = bytes;
}

static void
add_a_shard (GPtrArray *parts)
{
  YlCheckpointPart *one = parts->pdata[shard_at (parts, 0)];

  g_ptr_array_add (parts, yl_checkpoint_part_new (YL_CHECKPOINT_STATE "zzz/00", one->bytes));
}

static void
lose_the_tips (GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    if (g_str_equal (((YlCheckpointPart *) parts->pdata[i])->path, YL_CHECKPOINT_TIPS))
      {
        g_ptr_array_remove_index (parts, i);
        return;
      }
}

static YlCheckpointPart *
copy_part (const YlCheckpointPart *part)
{
  return yl_checkpoint_part_new (part->path, part->bytes);
}

static void
expect_refused (YlTestCompany *company, Tampering tamper)
{
  YlStore *head = company->stores[0];
  YlStore *new = company->stores[N_NODES - 1];
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (head, &error);
  g_autoptr (YlCheckpointContent) whole = yl_checkpoint_content_read (yl_git_get (head, NULL), &made->tree, &error);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_checkpoint_part_free);
  g_autoptr (GArray) places = yl_checkpoint_places (head, whole, &error);
  g_autoptr (YlCheckpointContent) content = NULL;
  gboolean is_empty;

  g_assert_no_error (error);
  for (guint i = 0; i < whole->parts->len; i++)
    g_ptr_array_add (parts, copy_part (whole->parts->pdata[i]));
  tamper (parts);
  content = yl_checkpoint_content_of (parts, &error);
  g_assert_no_error (error);
  g_assert_false (git_oid_equal (&content->tree, &made->tree));
  g_assert_cmpint (memcmp (content->id, made->content, sizeof content->id), !=, 0);
  /* Were the tree not compared on the way here, what is loaded still has to be the state that was signed. */
  g_assert_false (yl_checkpoint_load (new, made, content, places, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_assert_true (yl_skeleton_is_empty (new, &is_empty, NULL) && is_empty);
}

static void
test_wrong_shards (void)
{
  static const Tampering ways[] = { lose_a_shard, swap_two_shards, add_a_shard, lose_the_tips };
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  g_autoptr (YlTestCompany) company = random_company (founded, N_NODES - 1, 21, 60);

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    expect_refused (company, ways[i]);
}

/* A checkpoint of somebody else's company, whole and signed: by nobody we trust. */
static void
test_foreign_signature (void)
{
  g_autoptr (YlTestCompany) ours = yl_test_company_found (2);
  g_autoptr (YlTestCompany) theirs = yl_test_company_found (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (theirs->stores[0], &error);

  g_assert_no_error (error);
  g_assert_null (yl_checkpoint_parse (ours->stores[1], made->commit, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

static void
expect_same (YlStore *a, YlStore *b)
{
  g_autofree char *hash = yl_state_hash (a, NULL);
  g_autofree char *other_hash = yl_state_hash (b, NULL);
  g_autofree char *tree = tree_of (a);
  g_autofree char *other = tree_of (b);

  g_assert_cmpstr (hash, ==, other_hash);
  g_assert_cmpstr (tree, ==, other);
}

static gboolean
covers (const YlCheckpoint *checkpoint, const YlEntryRow *row)
{
  for (guint i = 0; i < checkpoint->frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (checkpoint->frontier, YlEntryName, i);

      if (g_str_equal (name->writer, row->writer) && row->seq <= name->seq)
        return TRUE;
    }
  return FALSE;
}

/* How far the order of a node's own goes that a checkpoint covers: all before is left out of what is carried. */
static gint64
covered (YlStore *store, const YlCheckpoint *checkpoint)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = yl_log_since (store, 0, G_MAXINT, &error);
  gint64 last = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const YlEntryRow *row = rows->pdata[i];

      if (!covers (checkpoint, row))
        break;
      last = row->n;
    }
  return last;
}

static void
test_load (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);
  g_autoptr (YlTestCompany) company = random_company (founded, N_NODES - 1, 12, 80);
  YlStore *head = company->stores[0];
  YlStore *new = company->stores[N_NODES - 1];
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpointPack) pack = packed (head, &error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree char *other = NULL;
  YlCheckpointVerdict verdict;
  g_autoptr (YlCheckpoint) kept = NULL;

  g_assert_no_error (error);
  load (new, pack, &error);
  g_assert_no_error (error);
  expect_same (head, new);
  kept = yl_checkpoint_latest (new, &error);
  yl_checkpoint_compare (new, kept, &verdict, &other, &error);
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, YL_CHECKPOINT_SAME);
  g_assert_false (load (new, pack, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);

  /* What is written there and elsewhere afterwards is folded as if it had all of the history. */
  for (guint i = 0; i < 40; i++)
    {
      company->clocks[i % N_NODES] += 1000;
      random_change (company->stores[i % N_NODES], ids, random);
    }
  for (guint node = 0; node < N_NODES; node++)
    {
      taken[N_NODES - 1][node] = covered (company->stores[node], kept);
      taken[node][N_NODES - 1] = covered (company->stores[N_NODES - 1], kept);
    }
  carry_all (company, N_NODES, random);
  for (guint node = 1; node < N_NODES; node++)
    expect_same (head, company->stores[node]);
}

/* A store file and a copy of it, written on under one pen. */

static const guint writing[] = { 0, 1, 2, N_NODES };

static void
work (YlTestCompany *company, GPtrArray *ids, guint n, GRand *random)
{
  for (guint i = 0; i < n; i++)
    {
      guint node = writing[g_rand_int_range (random, 0, G_N_ELEMENTS (writing))];

      company->clocks[node] += 1000;
      random_change (company->stores[node], ids, random);
    }
}

static void
carry_among (YlTestCompany *company, const guint *nodes, guint n)
{
  for (guint round = 0; round < 3; round++)
    for (guint pair = 0; pair < n * n; pair++)
      if (pair % n != pair / n)
        carry (company, nodes[pair % n], nodes[pair / n]);
}

static YlTestCompany *
forked_company (YlTestCompany *founded, guint32 seed, GPtrArray *ids, GRand *random)
{
  YlTestCompany *company = random_company (founded, N_NODES - 1, seed, 20);
  guint clone = yl_test_company_clone (company, 1);

  g_assert_cmpuint (clone, ==, N_NODES);
  for (guint node = 0; node < N_NODES; node++)
    {
      taken[clone][node] = taken[1][node];
      taken[node][clone] = taken[node][1];
    }
  work (company, ids, 30, random);
  carry_among (company, writing, G_N_ELEMENTS (writing));
  work (company, ids, 20, random);
  carry_among (company, writing, G_N_ELEMENTS (writing));
  return company;
}

static guint
n_ends (const YlCheckpoint *checkpoint, const char *writer)
{
  guint n = 0;

  for (guint i = 0; i < checkpoint->frontier->len; i++)
    n += g_str_equal (g_array_index (checkpoint->frontier, YlEntryName, i).writer, writer);
  return n;
}

/* The checkpoint names both ends, the same on every node, and the new copy goes on from both. */
static void
load_forked (YlTestCompany *company, GPtrArray *ids, GRand *random)
{
  static const guint all[] = { 0, 1, 2, N_NODES - 1, N_NODES };
  YlStore *head = company->stores[0];
  YlStore *new = company->stores[N_NODES - 1];
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCheckpointPack) pack = packed (head, &error);
  g_autoptr (YlCheckpoint) kept = NULL;
  g_autoptr (GArray) frontier = NULL;
  g_autofree char *other = NULL;
  YlCheckpointVerdict verdict;

  g_assert_no_error (error);
  for (guint i = 1; i < G_N_ELEMENTS (writing); i++)
    expect_same (head, company->stores[writing[i]]);
  load (new, pack, &error);
  g_assert_no_error (error);
  expect_same (head, new);
  kept = yl_checkpoint_latest (new, &error);
  g_assert_cmpuint (n_ends (kept, yl_store_get_identity (company->stores[1])), ==, 2);
  frontier = yl_log_frontier (new, &error);
  g_assert_true (yl_frontier_equal (frontier, kept->frontier));
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      taken[N_NODES - 1][all[i]] = covered (company->stores[all[i]], kept);
      taken[all[i]][N_NODES - 1] = covered (new, kept);
    }
  work (company, ids, 20, random);
  company->clocks[N_NODES - 1] += 1000;
  random_change (new, ids, random);
  carry_among (company, all, G_N_ELEMENTS (all));
  for (guint i = 1; i < G_N_ELEMENTS (all); i++)
    expect_same (head, company->stores[all[i]]);
  yl_checkpoint_compare (new, kept, &verdict, &other, &error);
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, YL_CHECKPOINT_SAME);
}

static void
test_forked (void)
{
  g_autoptr (YlTestCompany) founded = yl_test_company_found (N_NODES);

  for (guint32 seed = 1; seed <= 8; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (YlTestCompany) company = forked_company (founded, seed, ids, random);

      load_forked (company, ids, random);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  yl_checkpoint_init ();
  g_test_add_func ("/checkpoint/same-everywhere", test_same_everywhere);
  g_test_add_func ("/checkpoint/shards-hold-all", test_shards_hold_all);
  g_test_add_func ("/checkpoint/shard-rubbish", test_shard_rubbish);
  g_test_add_func ("/checkpoint/make", test_make);
  g_test_add_func ("/checkpoint/hostile-commit", test_hostile_commit);
  g_test_add_func ("/checkpoint/wrong-shards", test_wrong_shards);
  g_test_add_func ("/checkpoint/foreign-signature", test_foreign_signature);
  g_test_add_func ("/checkpoint/load", test_load);
  g_test_add_func ("/checkpoint/forked", test_forked);
  return g_test_run ();
}
