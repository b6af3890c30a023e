#include "yl-repair-private.h"

#include <inttypes.h>
#include <string.h>

#include "seal/yl-chunk.h"
#include "seal/yl-seal.h"
#include "seal/yl-vault.h"
#include "store/yl-migration.h"
#include "yl-person.h"

/* What stands in the file beside the state and the messages of the log. */

/* How the file is laid out */

#define LAYOUT "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"

static gboolean
same_layout (YlStore *store, const char *name, const char *sql, gboolean *same, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *own =
      yl_database_text (store->database, &local, "SELECT sql FROM main.sqlite_master WHERE name = ?", "t", name);

  *same = g_strcmp0 (own, sql) == 0;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
check_layout (YlStore *store, GPtrArray *faults, GError **error)
{
  g_autoptr (YlDatabase) fresh = yl_database_open (":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  g_autoptr (YlRows) rows = NULL;

  if (fresh == NULL || !yl_migration_run (fresh, TRUE, error))
    return FALSE;
  rows = yl_database_query (fresh, error, LAYOUT, NULL);
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gboolean same;

      if (!same_layout (store, yl_rows_text (rows, 0), yl_rows_text (rows, 1), &same, error))
        return FALSE;
      if (!same)
        g_ptr_array_add (faults, yl_fault_new (YL_FAULT_SCHEMA, "sqlite_master", yl_rows_text (rows, 0), NULL));
    }
  return yl_rows_ended (rows);
}

/* Strands: what they say of their entries */

#define LAST "(SELECT max (seq) FROM entry WHERE entry.w = strand.w AND length (entry.id) > 8)"
#define LAST_LOGGED "(SELECT max (e.seq) FROM entry AS e JOIN run USING (n) WHERE e.w = strand.w)"

static gboolean
check_strands (YlStore *store, GPtrArray *faults, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT w, writer FROM strand WHERE seq > 0 AND (seq <> ifnull (" LAST ", 0)"
                         " OR logged <> ifnull (" LAST_LOGGED ", 0) OR receipt > logged OR base > seq)",
                         NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      g_ptr_array_add (faults, yl_fault_new (YL_FAULT_STRAND, "strand", yl_rows_text (rows, 1), NULL));
      if (!yl_database_run (store->database, error,
                            "UPDATE strand SET seq = " LAST ", logged = ifnull (" LAST_LOGGED ", 0) WHERE w = ?", "i",
                            yl_rows_integer (rows, 0))
          || !yl_database_run (store->database, error,
                               "UPDATE strand SET receipt = min (receipt, logged), base = min (base, seq) WHERE w = ?",
                               "i", yl_rows_integer (rows, 0)))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

/* Keys */

static gboolean
opens (YlStore *store, const guint8 *id)
{
  YlSealKey key = { .site = "" };
  guint8 own[YL_KEY_ID_BYTES];
  gboolean whole = yl_vault_read_key (store, id, &key, NULL);

  yl_seal_key_id (key.key, own);
  memset (&key, 0, sizeof key);
  return whole && memcmp (own, id, sizeof own) == 0;
}

/* An epoch begins with a rotation, and a store that made a key is one of the company. */
#define FITS                                                                                                \
  "(epoch = 0 OR EXISTS (SELECT 1 FROM rotation AS r WHERE r.person = k.person AND r.epoch = k.epoch)) AND" \
  " (site IS NULL OR EXISTS (SELECT 1 FROM site AS s WHERE s.id = k.site))"

/* Whoever has it too gives it once more. */
static gboolean
let_go (YlStore *store, const guint8 *id, GError **error)
{
  return yl_database_run (store->database, error,
                          "INSERT OR REPLACE INTO key_missing (id, person, disclosure, due)"
                          " SELECT id, person, disclosure, 1 FROM seal_key WHERE id = ?",
                          "b", (gconstpointer) id, (gsize) YL_KEY_ID_BYTES)
         && yl_database_run (store->database, error, "DELETE FROM seal_key WHERE id = ?", "b", (gconstpointer) id,
                             (gsize) YL_KEY_ID_BYTES);
}

static gboolean
check_keys (YlStore *store, GPtrArray *faults, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT id, person, " FITS " FROM seal_key AS k", NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      guint8 id[YL_KEY_ID_BYTES] = { 0 };
      gsize length;
      gconstpointer bytes = yl_rows_blob (rows, 0, &length);
      YlFault *fault;

      memcpy (id, bytes, MIN (length, sizeof id));
      if (yl_rows_integer (rows, 2) != 0 && opens (store, id))
        continue;
      fault = yl_fault_new (YL_FAULT_KEY, "seal_key", yl_rows_text (rows, 1), NULL);
      g_free (fault->number);
      fault->number = yl_person_number (store, fault->id);
      g_ptr_array_add (faults, fault);
      if (!let_go (store, id, error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

/* This PC's own secrets, which nobody else has. */
static gboolean
check_own (YlStore *store, const char *table, const char *sql, GPtrArray *faults, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);
  gboolean is_pen = g_str_equal (table, "pen");

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      const char *name = yl_rows_text (rows, 0);
      guint8 seed[YL_KEY_BYTES] = { 0 };
      g_autofree char *text = is_pen ? NULL : yl_vault_get_secret (store, name, NULL);

      if (is_pen ? !yl_vault_read_pen (store, name, seed, NULL) : text == NULL)
        g_ptr_array_add (faults, yl_fault_new (YL_FAULT_KEY, table, name, NULL));
      memset (seed, 0, sizeof seed);
    }
  return yl_rows_ended (rows);
}

/* Parts of attachments */

static gboolean
check_chunks (YlStore *store, GPtrArray *faults, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT attachment, i, sent FROM attachment_chunk WHERE attachment IN (SELECT id FROM attachment)", NULL);
  gboolean elsewhere = !yl_store_is_head_office (store);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      const char *attachment = yl_rows_text (rows, 0);
      gint64 i = yl_rows_integer (rows, 1);
      g_autofree char *part = g_strdup_printf ("%" PRId64, i + 1);

      if (yl_chunk_is_whole (store, attachment, (guint) i))
        continue;
      g_ptr_array_add (faults, yl_fault_new (YL_FAULT_CHUNK, "attachment_chunk", attachment, part));
      if (elsewhere && yl_rows_integer (rows, 2) != 0
          && !yl_database_run (store->database, error, "DELETE FROM attachment_chunk WHERE attachment = ? AND i = ?",
                               "ti", attachment, i))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

static gboolean
inspect (YlStore *store, GPtrArray *faults, GError **error)
{
  return check_layout (store, faults, error) && check_strands (store, faults, error)
         && check_own (store, "pen", "SELECT writer FROM pen", faults, error)
         && check_own (store, "secret", "SELECT name FROM secret", faults, error) && check_keys (store, faults, error)
         && check_chunks (store, faults, error) && yl_repair_log (store, faults, error);
}

gboolean
yl_store_inspect_beside (YlStore *store, gboolean repair, GPtrArray *faults, GError **error)
{
  guint before = faults->len;

  if (!yl_store_begin (store, error))
    return FALSE;
  if (inspect (store, faults, error))
    return yl_repair_finish (store, repair && faults->len > before, error);
  yl_store_rollback (store);
  return FALSE;
}
