/* What a machine may be doing when it goes down, or its disk fails. */
#include "yl-crash-jobs.h"

#include "change/yl-change.h"
#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "exchange/yl-exchange.h"
#include "log/yl-merge-log.h"
#include "merge/yl-conflict.h"
#include "merge/yl-state-hash.h"
#include "seal/yl-erase.h"
#include "seal/yl-rotate.h"
#include "store/yl-backup.h"
#include "store/yl-database.h"
#include "store/yl-migration.h"
#include "trust/yl-company.h"

static char *worker_id; /* of the one that all know */
static char *gift_id;   /* of what older programs know no table for */

static gboolean
rename_worker (YlSimNode *node, const char *name, GError **error)
{
  g_autoptr (YlRecord) worker = yl_store_get (node->store, "worker", worker_id, error);
  g_autoptr (YlChange) change = worker == NULL ? NULL : yl_change_begin (node->store, "edit worker", error);

  if (change == NULL)
    return FALSE;
  yl_record_set_text (worker, "name", name);
  return yl_change_update (change, worker, error) && yl_change_commit (change, error);
}

static gboolean
add_worker (YlSimNode *node, const char *name, GError **error)
{
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);
  g_autoptr (YlChange) change = yl_change_begin (node->store, "add worker", error);

  if (change == NULL)
    return FALSE;
  yl_record_set_text (worker, "name", name);
  return yl_change_insert (change, worker, error) && yl_change_commit (change, error);
}

static gint64
own_seq (YlSimNode *node)
{
  gint64 seq;

  yl_test_disk_pause (node->disk, TRUE);
  seq = yl_sim_own_seq (node);
  yl_test_disk_pause (node->disk, FALSE);
  return seq;
}

/* Every commit that says TRUE is noted at once, so that a later fault does not hide it. */
static gboolean
acknowledged (YlSimNode *node, gint64 before, gboolean ok)
{
  if (!ok)
    return FALSE;
  yl_test_disk_pause (node->disk, TRUE);
  yl_sim_acknowledge (node, before);
  yl_test_disk_pause (node->disk, FALSE);
  return TRUE;
}

static gboolean
save (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[1];

  for (guint i = 0; i < 3; i++)
    {
      gint64 before = own_seq (node);
      g_autofree char *name = g_strdup_printf ("李%u", 10 + i);

      if (!acknowledged (node, before, add_worker (node, name, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sync_one (YlSimWorld *world, GError **error)
{
  return yl_sim_node_sync (&world->nodes[1], 0, error);
}

static gboolean
append (YlSimWorld *world, GError **error)
{
  return yl_merge_log_append (world->nodes[1].store, error);
}

static gboolean
resolve (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[2];
  gint64 before = own_seq (node);
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (node->store, error);

  if (conflicts == NULL)
    return FALSE;
  return conflicts->len == 0
         || acknowledged (node, before, yl_conflict_choose (node->store, conflicts->pdata[0], 1, NULL, error));
}

static gboolean
rebuild (YlSimWorld *world, GError **error)
{
  return yl_store_rebuild (world->nodes[2].store, error);
}

static gboolean
add_site (YlSimWorld *world, GError **error)
{
  g_autofree char *code = g_strdup_printf ("Z%u", yl_sim_pick (world, 100000));
  YlNewSite site = { code, code, 39900000, 116400000 };
  g_autofree char *id = yl_company_add_site (world->nodes[0].store, &site, error);

  return id != NULL;
}

/* Closing writes the write-ahead log back into the file. */
static gboolean
reopen (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[1];

  yl_sim_node_close (node);
  if (yl_test_disk_has_failed (node->disk))
    return FALSE;
  node->store = yl_store_open (node->file, error);
  return node->store != NULL;
}

/* A file that an older program wrote: without what tests/sync/newer-schema.c adds. */

static void
expect (YlSimWorld *world, gboolean ok, const GError *error)
{
  if (!ok)
    yl_sim_fail (world, "getting ready: %s", error == NULL ? "no reason" : error->message);
}

static char *
insert (YlSimNode *node, YlRecord *record, GError **error)
{
  g_autoptr (YlRecord) inserted = record;
  g_autoptr (YlChange) change = yl_change_begin (node->store, "gift", error);

  if (change == NULL || !yl_change_insert (change, inserted, error) || !yl_change_commit (change, error))
    return NULL;
  return g_strdup (yl_record_get_id (inserted));
}

static char *
give (YlSimNode *node, GError **error)
{
  YlRecord *customer = yl_record_new (yl_table_find ("customer"), NULL);
  YlRecord *gift;
  g_autofree char *id = NULL;

  yl_record_set_text (customer, "name", "周芳");
  yl_record_set_text (customer, "phone", "13800138000");
  id = insert (node, customer, error);
  if (id == NULL)
    return NULL;
  gift = yl_record_new (yl_table_find ("gift"), NULL);
  yl_record_set_text (gift, "customer", id);
  yl_record_set_text (gift, "item", "茶");
  return insert (node, gift, error);
}

static gboolean
nickname (YlSimNode *node, GError **error)
{
  g_autoptr (YlRecord) worker = yl_store_get (node->store, "worker", worker_id, error);
  g_autoptr (YlChange) change = worker != NULL ? yl_change_begin (node->store, "edit worker", error) : NULL;

  if (change == NULL)
    return FALSE;
  yl_record_set_text (worker, "nickname", "小王");
  return yl_change_update (change, worker, error) && yl_change_commit (change, error);
}

static gboolean
make_older (const char *file, GError **error)
{
  g_autoptr (YlDatabase) database = yl_database_open (file, SQLITE_OPEN_READWRITE, error);
  g_autofree char *sql = g_strdup_printf ("BEGIN; DROP TABLE gift; ALTER TABLE worker DROP COLUMN nickname;"
                                          "ALTER TABLE worker DROP COLUMN shoe_size; PRAGMA user_version = %d; COMMIT;",
                                          yl_migration_version () - 1);

  return database != NULL && yl_database_script (database, sql, error);
}

static void
have_older_file (YlSimWorld *world)
{
  YlSimNode *node = &world->nodes[1];
  g_autoptr (GError) error = NULL;
  gboolean ok;

  g_free (gift_id);
  gift_id = give (&world->nodes[0], &error);
  ok = gift_id != NULL && nickname (&world->nodes[0], &error) && sync_one (world, &error);
  expect (world, ok, error);
  yl_sim_node_close (node);
  ok = make_older (node->file, &error);
  expect (world, ok, error);
}

/* What came while the program did not know it has come alive. */
static void
check_migrated (YlSimWorld *world)
{
  YlStore *store = world->nodes[1].store;
  g_autoptr (YlRecord) gift = yl_store_get (store, "gift", gift_id, NULL);
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", worker_id, NULL);

  if (gift == NULL || g_strcmp0 (yl_record_get_text (gift, "item"), "茶") != 0)
    yl_sim_fail (world, "a gift did not come alive in a file that was brought up to date");
  if (worker == NULL || g_strcmp0 (yl_record_get_text (worker, "nickname"), "小王") != 0)
    yl_sim_fail (world, "a nickname did not come alive in a file that was brought up to date");
}

/* Checkpoints */

static gboolean
make_checkpoint (YlSimWorld *world, GError **error)
{
  g_autoptr (YlCheckpoint) made = yl_checkpoint_make (world->nodes[0].store, error);

  return made != NULL;
}

static void
have_checkpoint (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = make_checkpoint (world, &error);

  expect (world, ok, error);
}

static gboolean
begin (YlSimWorld *world, GError **error)
{
  return yl_sim_node_sync (&world->nodes[YL_CRASH_NEWCOMER], 0, error);
}

static void
have_begun (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  have_checkpoint (world);
  ok = begin (world, &error);
  expect (world, ok, error);
}

static gboolean
fetch_history (YlSimWorld *world, GError **error)
{
  return yl_sim_node_fetch_history (&world->nodes[YL_CRASH_NEWCOMER], error);
}

/* Backup, and what may be dropped once there is one */

static char *
backup_file (YlSimWorld *world)
{
  return g_strconcat (world->nodes[0].file, ".backup", NULL);
}

static gboolean
make_backup (YlSimWorld *world, GError **error)
{
  g_autofree char *file = backup_file (world);

  yl_database_remove_file (file);
  return yl_store_backup (world->nodes[0].store, file, error);
}

static void
check_backup (YlSimWorld *world)
{
  g_autofree char *file = backup_file (world);
  g_auto (YlBackupFacts) facts = { NULL };
  g_autoptr (GError) error = NULL;

  if (!yl_backup_read (file, &facts, &error))
    yl_sim_fail (world, "a backup that was acknowledged: %s", error->message);
}

static void
have_horizon (YlSimWorld *world)
{
  g_autofree char *file = backup_file (world);
  g_autoptr (GError) error = NULL;
  gboolean ok = sync_one (world, &error);

  expect (world, ok, error);
  have_checkpoint (world);
  ok = make_backup (world, &error) && yl_horizon_verified (world->nodes[0].store, file, &error) > 0
       && sync_one (world, &error);
  expect (world, ok, error);
}

static gboolean
prune (YlSimWorld *world, GError **error)
{
  guint n;

  return yl_sim_node_prune (&world->nodes[1], &n, error);
}

/* Erasing, and new keys */

static gboolean
erase (YlSimWorld *world, GError **error)
{
  YlStore *store = world->nodes[0].store;
  g_autoptr (GPtrArray) erased = yl_erase_status (store, worker_id, error);

  if (erased == NULL || (erased->len == 0 && !yl_erase_person (store, worker_id, "asked", error)))
    return FALSE;
  return yl_erase_settle (store, NULL, error);
}

static void
have_erased (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = erase (world, &error);

  expect (world, ok, error);
}

static gboolean
carry_out (YlSimWorld *world, GError **error)
{
  return sync_one (world, error) && yl_erase_settle (world->nodes[1].store, NULL, error);
}

/* Her name was under keys that are on no disk any more. */
static void
check_erased (YlSimWorld *world)
{
  g_autoptr (YlRecord) worker = yl_store_get (world->nodes[1].store, "worker", worker_id, NULL);

  if (worker != NULL && yl_record_get_text (worker, "name") != NULL)
    yl_sim_fail (world, "node 1 still reads the name of somebody whose erasure it has carried out");
}

static gboolean
rotate (YlSimWorld *world, GError **error)
{
  YlStore *store = world->nodes[0].store;
  g_autoptr (GPtrArray) persons = yl_rotate_reach (store, yl_store_get_writer (world->nodes[2].store), error);
  guint n;

  return persons != NULL && yl_rotate_keys (store, persons, "revoked", &n, error);
}

/* A file that comes to be */

static void
have_no_file (YlSimWorld *world)
{
  yl_sim_node_close (&world->nodes[YL_CRASH_NEWCOMER]);
  yl_test_disk_clear (world->nodes[YL_CRASH_NEWCOMER].disk);
}

gboolean
yl_crash_create (YlSimWorld *world, GError **error)
{
  YlSimNode *node = &world->nodes[YL_CRASH_NEWCOMER];

  return node->store != NULL || yl_sim_node_create (node, error);
}

const YlCrashJob yl_crash_jobs[] = {
  { "save", 1, NULL, save, NULL },
  { "append", 1, NULL, append, NULL },
  { "exchange", 1, NULL, sync_one, NULL },
  { "hub takes in", 0, NULL, sync_one, NULL },
  { "resolve", 2, NULL, resolve, NULL },
  { "rebuild", 2, NULL, rebuild, NULL },
  { "authority", 0, NULL, add_site, NULL },
  { "close and open", 1, NULL, reopen, NULL },
  { "migrate", 1, have_older_file, reopen, check_migrated },
  { "checkpoint", 0, NULL, make_checkpoint, NULL },
  { "begin with a checkpoint", YL_CRASH_NEWCOMER, have_checkpoint, begin, NULL },
  { "history behind it", YL_CRASH_NEWCOMER, have_begun, fetch_history, NULL },
  { "backup", 0, NULL, make_backup, check_backup },
  { "prune", 1, have_horizon, prune, NULL },
  { "erase", 0, NULL, erase, NULL },
  { "carry out an erasure", 1, have_erased, carry_out, check_erased },
  { "new keys", 0, NULL, rotate, NULL },
  { "create", YL_CRASH_NEWCOMER, have_no_file, yl_crash_create, NULL },
};
const guint yl_crash_n_jobs = G_N_ELEMENTS (yl_crash_jobs);

void
yl_crash_world_prepare (YlSimWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) workers = NULL;

  add_worker (&world->nodes[0], "王秀英", &error);
  workers = yl_store_list (world->nodes[0].store, "worker", NULL, 0, &error);
  worker_id = g_strdup (yl_record_get_id (workers->pdata[0]));
  for (guint i = 1; i < YL_CRASH_NEWCOMER; i++)
    yl_sim_node_sync (&world->nodes[i], 0, &error);
  yl_sim_world_add_node (world);
  rename_worker (&world->nodes[0], "张桂英", &error);
  rename_worker (&world->nodes[2], "陈玉梅", &error);
  yl_sim_node_sync (&world->nodes[2], 0, &error);
  for (guint i = 0; i < 5; i++)
    {
      add_worker (&world->nodes[1], "刘红", &error);
      add_worker (&world->nodes[0], "赵敏", &error);
    }
  g_assert_no_error (error);
  yl_sim_world_save (world);
}

void
yl_crash_jobs_end (void)
{
  g_clear_pointer (&worker_id, g_free);
  g_clear_pointer (&gift_id, g_free);
}
