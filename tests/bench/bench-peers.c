/*
 * Our side of the rivals' job, in JSON lines as they print theirs: `bench-peers local JOB-DIR [SYNC ROWS]`. JOB-DIR holds the job's
 * tab-separated files. tests/bench/peers.py runs it beside the rivals. With SYNC (NORMAL or FULL) and ROWS (a change) only
 * that way of writing, for a profiler.
 */
#include <glib/gstdio.h>
#include <sys/resource.h>

#include "log/yl-merge-log.h"
#include "merge/yl-state-hash.h"
#include "store/yl-store-private.h"
#include "yl-bench-order.h"
#include "yl-bench-write.h"

#define BATCH 500

/* As the rivals' benches have it. */
#define PLAIN_TABLE                                                                                          \
  "CREATE TABLE orders (id TEXT PRIMARY KEY NOT NULL, store TEXT, customer TEXT, service TEXT, worker TEXT," \
  " start TEXT, minutes TEXT, price TEXT, status TEXT, note TEXT)"

typedef struct
{
  GPtrArray *orders;
  GPtrArray *updates;
  const char *dir; /* for store files */
  const char *table;
} Job;

/* One way to write: how durable, how many rows a change set. */
typedef struct
{
  const char *sync;
  guint batch;
} Way;

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static YlStore *
found_store (const Job *job, const Way *way, GError **error)
{
  const YlFounding founding = { .name = "Bench", .code = "HQ", .hub_url = "http://127.0.0.1:1" };
  g_autofree char *file = g_strdup_printf ("%s/%s-%s-%u.yuelai", job->dir, job->table, way->sync, way->batch);
  g_autofree char *pragma = g_strconcat ("PRAGMA synchronous = ", way->sync, NULL);
  g_autoptr (YlStore) store = yl_store_found (file, &founding, error);

  if (store == NULL || !yl_database_script (store->database, pragma, error))
    return NULL;
  return g_steal_pointer (&store);
}

/* Bytes of the file once the WAL is written back. */
static gint64
file_size (YlStore *store)
{
  GStatBuf info;

  yl_database_script (store->database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
  return g_stat (yl_store_get_file (store), &info) == 0 ? (gint64) info.st_size : -1;
}

static gboolean
report_log (YlStore *store, const Job *job, double *rate, GError **error)
{
  guint n = yl_log_n_waiting (store);
  gint64 start = g_get_monotonic_time ();

  if (!yl_merge_log_append (store, error))
    return FALSE;
  *rate = n / seconds_since (start);
  return TRUE;
}

static gboolean
measure_local (const Job *job, const Way *way, GError **error)
{
  g_autoptr (YlStore) store = found_store (job, way, error);
  double seconds[2], log_rate;
  double cpu = cpu_seconds ();
  gint64 before;

  if (store == NULL)
    return FALSE;
  before = file_size (store);
  for (guint i = 0; i < 2; i++)
    {
      gint64 start = g_get_monotonic_time ();

      if (i == 0 ? !yl_bench_write_orders (store, job->table, job->orders, way->batch, error)
                 : !yl_bench_write_changes (store, job->table, job->updates, "", way->batch, error))
        return FALSE;
      seconds[i] = seconds_since (start);
    }
  cpu = cpu_seconds () - cpu;
  if (!report_log (store, job, &log_rate, error) || !yl_store_check (store, error))
    return FALSE;
  g_print ("{\"peer\":\"yuelai\",\"what\":\"local write on disk WAL sync=%s, %s, %s\",\"insert_ops_s\":%.0f,"
           "\"update_ops_s\":%.0f,\"log_entries_s\":%.0f,\"db_bytes\":%" G_GINT64_FORMAT
           ",\"empty_bytes\":%" G_GINT64_FORMAT ",\"cpu_s\":%.2f}\n",
           way->sync, job->table, way->batch == 1 ? "transaction per op" : "500 rows a change",
           job->orders->len / seconds[0], job->updates->len / seconds[1], log_rate, file_size (store), before, cpu);
  return TRUE;
}

/* The plain table that rates and sizes are compared with. */

static YlDatabase *
open_plain (const char *file, const char *sync, GError **error)
{
  g_autofree char *pragma = g_strconcat ("PRAGMA journal_mode = WAL; PRAGMA synchronous = ", sync, NULL);
  g_autoptr (YlDatabase) database = yl_database_open (file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);

  if (database == NULL || !yl_database_script (database, pragma, error)
      || !yl_database_script (database, PLAIN_TABLE, error))
    return NULL;
  return g_steal_pointer (&database);
}

static gboolean
insert_plain (YlDatabase *database, gconstpointer row, GError **error)
{
  char *const *r = row;

  return yl_database_run (database, error, "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "tttttttttt",
                          r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9]);
}

static gboolean
update_plain (YlDatabase *database, gconstpointer row, GError **error)
{
  const YlBenchChange *change = row;

  return yl_database_run (database, error, "UPDATE orders SET status = ? WHERE id = ?", "tt", change->value,
                          change->id);
}

static gboolean
write_plain (YlDatabase *database,
             GPtrArray *rows,
             gboolean (*write) (YlDatabase *database, gconstpointer row, GError **error),
             guint batch,
             GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    if ((i % batch == 0 && !yl_database_run (database, error, "BEGIN IMMEDIATE", NULL))
        || !write (database, rows->pdata[i], error)
        || ((i + 1) % batch == 0 && !yl_database_run (database, error, "COMMIT", NULL)))
      return FALSE;
  return TRUE;
}

static gboolean
measure_plain (const Job *job, const Way *way, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s/plain-%s-%u.db", job->dir, way->sync, way->batch);
  g_autoptr (YlDatabase) database = open_plain (file, way->sync, error);
  gint64 start = g_get_monotonic_time ();
  double insert, update;
  GStatBuf info;

  if (database == NULL || !write_plain (database, job->orders, insert_plain, way->batch, error))
    return FALSE;
  insert = seconds_since (start);
  start = g_get_monotonic_time ();
  if (!write_plain (database, job->updates, update_plain, way->batch, error))
    return FALSE;
  update = seconds_since (start);
  if (!yl_database_script (database, "PRAGMA wal_checkpoint(TRUNCATE)", error) || g_stat (file, &info) != 0)
    return FALSE;
  g_print (
      "{\"peer\":\"plain sqlite\",\"what\":\"local write on disk WAL sync=%s, plain table, %s\",\"insert_ops_s\":%.0f,"
      "\"update_ops_s\":%.0f,\"db_bytes\":%" G_GINT64_FORMAT "}\n",
      way->sync, way->batch == 1 ? "transaction per op" : "500 rows a change", job->orders->len / insert,
      job->updates->len / update, (gint64) info.st_size);
  return TRUE;
}

static gboolean
run_local (Job *job, GError **error)
{
  static const Way ways[] = { { "NORMAL", 1 }, { "NORMAL", BATCH }, { "FULL", 1 }, { "FULL", BATCH } };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      job->table = "bench_order";
      if (!measure_plain (job, &ways[i], error) || !measure_local (job, &ways[i], error))
        return FALSE;
    }
  job->table = "bench_order_sealed";
  return measure_local (job, &ways[0], error) && measure_local (job, &ways[1], error);
}

static gboolean
run_one (Job *job, const char *sync, const char *rows, GError **error)
{
  const Way way = { sync, (guint) MAX (1, g_ascii_strtoull (rows, NULL, 10)) };

  job->table = "bench_order";
  return measure_local (job, &way, error);
}

static void
remove_dir (const char *dir)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("yuelai-bench-XXXXXX", &error);
  Job job = { .dir = dir };
  gboolean ok;

  if ((argc != 3 && argc != 5) || !g_str_equal (argv[1], "local"))
    {
      g_printerr ("usage: bench-peers local JOB-DIR [SYNC ROWS]\n");
      return 2;
    }
  yl_catalogue_extend (&yl_bench_orders);
  job.orders = yl_bench_read_orders (argv[2], &error);
  job.updates = job.orders != NULL ? yl_bench_read_changes (argv[2], "updates.tsv", &error) : NULL;
  ok = dir != NULL && job.updates != NULL
       && (argc == 3 ? run_local (&job, &error) : run_one (&job, argv[3], argv[4], &error));
  if (!ok)
    g_printerr ("bench-peers: %s\n", error->message);
  g_clear_pointer (&job.orders, g_ptr_array_unref);
  g_clear_pointer (&job.updates, g_ptr_array_unref);
  if (dir != NULL)
    remove_dir (dir);
  return ok ? 0 : 1;
}
