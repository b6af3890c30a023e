/* Local writes through the door, single and batched, against plain SQLite with the same table, columns and pragmas.
 * Rounds of both alternate, so that a busy machine slows both; the medians are printed. */

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "base/yl-id.h"
#include "change/yl-change.h"
#include "store/yl-store.h"

#define ROUNDS 5
#define SINGLE 200
#define BATCHED 5000
#define BATCH 500

typedef struct
{
  YlStore *store;
  sqlite3 *plain;
  sqlite3_stmt *insert;
  guint n; /* rows written so far, so that no two are alike */
} Bench;

typedef gboolean (*WriteFunc) (Bench *bench, guint rows, guint batch, GError **error);

static gboolean
plain_exec (sqlite3 *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "plain SQLite: %s", sqlite3_errmsg (db));
  return FALSE;
}

static gboolean
open_plain (Bench *bench, const char *file, GError **error)
{
  g_autoptr (GBytes) schema = g_resources_lookup_data ("/org/yuelai/sql/0003-worker.sql", 0, error);
  const char *insert =
      "INSERT INTO worker (id, worker_no, name, phone, sex, education, experience_years, expected_wage,"
      " wage_unit, max_travel, accept_state) VALUES (?1, ?2, ?3, ?4, 2, 'secondary', 8, 520000, 'month', 60,"
      " 'accepting')";

  if (schema == NULL)
    return FALSE;
  if (sqlite3_open (file, &bench->plain) != SQLITE_OK)
    return plain_exec (bench->plain, "", error);

  return plain_exec (bench->plain, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", error)
         && plain_exec (bench->plain, g_bytes_get_data (schema, NULL), error)
         && sqlite3_prepare_v2 (bench->plain, insert, -1, &bench->insert, NULL) == SQLITE_OK;
}

static gboolean
insert_plain (Bench *bench, guint i, GError **error)
{
  g_autofree char *id = yl_id_new (yl_clock_now ());
  g_autofree char *number = g_strdup_printf ("HQA%u", i);
  g_autofree char *phone = g_strdup_printf ("139%08u", i);
  int rc;

  sqlite3_bind_text (bench->insert, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_text (bench->insert, 2, number, -1, SQLITE_STATIC);
  sqlite3_bind_blob (bench->insert, 3, "王秀英", 9, SQLITE_STATIC);
  sqlite3_bind_blob (bench->insert, 4, phone, 11, SQLITE_STATIC);
  rc = sqlite3_step (bench->insert);
  sqlite3_reset (bench->insert);

  if (rc == SQLITE_DONE)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "plain SQLite: %s", sqlite3_errmsg (bench->plain));
  return FALSE;
}

static gboolean
write_plain (Bench *bench, guint rows, guint batch, GError **error)
{
  for (guint done = 0; done < rows; done += batch)
    {
      if (!plain_exec (bench->plain, "BEGIN IMMEDIATE", error))
        return FALSE;
      for (guint i = 0; i < batch; i++)
        if (!insert_plain (bench, bench->n++, error))
          return FALSE;
      if (!plain_exec (bench->plain, "COMMIT", error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_worker (YlChange *change, guint i, GError **error)
{
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);
  g_autofree char *phone = g_strdup_printf ("139%08u", i);

  yl_record_set_text (worker, "name", "王秀英");
  yl_record_set_text (worker, "phone", phone);
  yl_record_set_integer (worker, "sex", 2);
  yl_record_set_text (worker, "education", "secondary");
  yl_record_set_integer (worker, "experience_years", 8);
  yl_record_set_integer (worker, "expected_wage", 520000);
  yl_record_set_text (worker, "wage_unit", "month");
  yl_record_set_integer (worker, "max_travel", 60);
  yl_record_set_text (worker, "accept_state", "accepting");
  return yl_change_insert (change, worker, error);
}

static gboolean
write_door (Bench *bench, guint rows, guint batch, GError **error)
{
  for (guint done = 0; done < rows; done += batch)
    {
      g_autoptr (YlChange) change = yl_change_begin (bench->store, "bench", error);

      if (change == NULL)
        return FALSE;
      for (guint i = 0; i < batch; i++)
        if (!insert_worker (change, bench->n++, error))
          return FALSE;
      if (!yl_change_commit (change, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static gboolean
rate (Bench *bench, WriteFunc func, guint rows, guint batch, double *per_second, GError **error)
{
  const gint64 start = g_get_monotonic_time ();

  if (!func (bench, rows, batch, error))
    return FALSE;
  *per_second = rows * (double) G_USEC_PER_SEC / (double) (g_get_monotonic_time () - start);
  return TRUE;
}

static gboolean
compare (Bench *bench, const char *name, guint rows, guint batch, GError **error)
{
  double door[ROUNDS], plain[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    if (!rate (bench, write_plain, rows, batch, &plain[i], error)
        || !rate (bench, write_door, rows, batch, &door[i], error))
      return FALSE;

  qsort (door, ROUNDS, sizeof (double), (GCompareFunc) compare_doubles);
  qsort (plain, ROUNDS, sizeof (double), (GCompareFunc) compare_doubles);
  g_print ("%-28s door %8.0f rows/s   plain SQLite %8.0f rows/s   ratio %.1f\n", name, door[ROUNDS / 2],
           plain[ROUNDS / 2], plain[ROUNDS / 2] / door[ROUNDS / 2]);
  return TRUE;
}

static gboolean
run (Bench *bench, const char *dir, GError **error)
{
  g_autofree char *store_file = g_build_filename (dir, "door.yuelai", NULL);
  g_autofree char *plain_file = g_build_filename (dir, "plain.sqlite", NULL);
  const YlFounding founding = { .name = "Bench", .code = "HQ", .hub_url = "http://127.0.0.1:1" };

  bench->store = yl_store_found (store_file, &founding, error);
  return bench->store != NULL && open_plain (bench, plain_file, error)
         && compare (bench, "one row a transaction", SINGLE, 1, error)
         && compare (bench, G_STRINGIFY (BATCH) " rows a transaction", BATCHED, BATCH, error);
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
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("yuelai-bench-XXXXXX", &error);
  Bench bench = { NULL };
  gboolean ok = dir != NULL && run (&bench, dir, &error);

  if (!ok)
    g_printerr ("bench-door: %s\n", error != NULL ? error->message : sqlite3_errmsg (bench.plain));
  sqlite3_finalize (bench.insert);
  sqlite3_close (bench.plain);
  g_clear_object (&bench.store);
  if (dir != NULL)
    remove_dir (dir);
  return ok ? 0 : 1;
}
