#include "yl-erase.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "merge/yl-alias.h"
#include "change/yl-change.h"
#include "yl-chunk.h"
#include "merge/yl-person.h"
#include "store/yl-store-private.h"

/* At most so many in one change set. */
#define MAX_OPS 500

/* Carrying out */

/* The keys as they lie in the file, to look for them there when they should be gone. */
static gboolean
remember_bytes (YlStore *store, const char *person, guint *n_keys, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT key FROM seal_key WHERE person = ?", "t", person);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      gconstpointer bytes = yl_rows_blob (rows, 0, &length);

      g_ptr_array_add (store->destroyed, g_bytes_new (bytes, length));
      (*n_keys)++;
    }
  return yl_rows_ended (rows);
}

/* A person has keys here, now or because somebody gave some after she was erased: none may stay. */
static gboolean
destroy_keys (YlStore *store, const char *person, GError **error)
{
  YlDatabase *database = store->database;
  guint n_keys = 0;

  return remember_bytes (store, person, &n_keys, error)
         && yl_database_run (
             database, error,
             "INSERT INTO erased_person (person, n_keys, wiped) VALUES (?1, ?2, 0) ON CONFLICT (person) DO"
             " UPDATE SET n_keys = n_keys + ?2, wiped = CASE ?2 WHEN 0 THEN wiped ELSE 0 END",
             "ti", person, (gint64) n_keys)
         && yl_database_run (database, error,
                             "INSERT OR IGNORE INTO erased_key (id, person)"
                             " SELECT id, person FROM seal_key WHERE person = ?1"
                             " UNION ALL SELECT id, person FROM key_missing WHERE person = ?1",
                             "t", person)
         && yl_database_run (database, error, "DELETE FROM seal_key WHERE person = ?", "t", person)
         && yl_database_run (database, error, "DELETE FROM key_missing WHERE person = ?", "t", person)
         && yl_database_run (
             database, error,
             "INSERT INTO meta (key, value) VALUES ('keys_added', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1",
             NULL)
         && yl_chunk_sweep (store, error);
}

static gboolean
carry_out (YlStore *store, const char *erasure, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT person, kind FROM erasure WHERE id = ?", "t", erasure);
  g_autofree char *person = NULL;
  g_autofree char *kind = NULL;

  if (rows == NULL || !yl_rows_next (rows, error))
    return rows != NULL && yl_rows_ended (rows);
  person = g_strdup (yl_rows_text (rows, 0));
  kind = g_strdup (yl_rows_text (rows, 1));
  g_clear_pointer (&rows, yl_rows_free);
  if (person == NULL)
    return TRUE;
  g_clear_pointer (&store->erased, g_hash_table_unref);
  return destroy_keys (store, person, error) && yl_plain_renew (store, error)
         && (kind == NULL || yl_plain_follow (store, kind, person, error));
}

gboolean
yl_erase_follow (YlStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, store->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, "erasure:") && !carry_out (store, strchr (key, ':') + 1, error))
      return FALSE;
  return TRUE;
}

/* Ordering */

static gboolean
is_ordered (YlStore *store, const char *person)
{
  gint64 found;

  return yl_database_integer (store->database, &found, 0, NULL, "SELECT 1 FROM erasure WHERE person = ?", "t", person)
         && found != 0;
}

static gboolean
add_erasure (YlChange *change, const char *table, const char *person, const char *cause, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (YlRecord) erasure = yl_record_new (yl_table_find ("erasure"), NULL);
  g_autofree char *number = NULL;

  if (is_ordered (store, person))
    return TRUE;
  number = yl_store_number (store, table, person);
  yl_change_name (change, number);
  yl_record_set_text (erasure, "person", person);
  yl_record_set_text (erasure, "kind", table);
  yl_record_set_text (erasure, "cause", cause);
  return yl_change_insert (change, erasure, error);
}

/* The household of a customer, where no other customer lives who is not erased as well. */
static char *
own_household (YlStore *store, const char *customer)
{
  return yl_database_text (store->database, NULL,
                           "SELECT c.household FROM customer AS c WHERE c.id = ?1 AND c.household IS NOT NULL"
                           " AND NOT EXISTS (SELECT 1 FROM customer AS o WHERE o.household = c.household AND o.id <> ?1"
                           " AND o.id NOT IN (SELECT person FROM erasure WHERE person IS NOT NULL))",
                           "t", customer);
}

static gboolean
add_erasures (YlChange *change, const YlTable *table, const char *person, const char *cause, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (GPtrArray) records = yl_alias_all (store, person, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      if (!add_erasure (change, table->name, records->pdata[i], cause, error))
        return FALSE;
    }
  for (guint i = 0; records != NULL && i < records->len && g_str_equal (table->name, "customer"); i++)
    {
      g_autofree char *household = own_household (store, records->pdata[i]);

      if (household != NULL && !add_erasure (change, "household", household, cause, error))
        return FALSE;
    }
  return records != NULL;
}

gboolean
yl_erase_person (YlStore *store, const char *person, const char *cause, GError **error)
{
  const YlTable *table;
  g_autofree char *id = yl_person_find (store, person, &table, error);
  g_autoptr (YlChange) change = NULL;

  if (id == NULL)
    return FALSE;
  if (!yl_store_is_head_office (store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                   _ ("only head office erases a person: ask it to, or remove the record"));
      return FALSE;
    }
  change = yl_change_begin (store, "erase", error);
  if (change == NULL || !add_erasures (change, table, id, cause, error))
    return FALSE;
  if (!yl_change_is_empty (change))
    return yl_change_commit (change, error);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s is erased already: see `erase --status %s`"), person, person);
  return FALSE;
}

/* Confirming */

static gboolean
add_done (YlChange *change, const char *erasure, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  const char *node = yl_store_get_node (store);
  g_autofree char *id = yl_id_derive ("erasure_done", erasure, node, NULL);
  g_autoptr (YlRecord) done = yl_record_new (yl_table_find ("erasure_done"), id);

  yl_record_set_text (done, "erasure", erasure);
  yl_record_set_text (done, "node", node);
  return yl_change_insert (change, done, error);
}

static GPtrArray *
unconfirmed (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT e.id FROM erasure AS e JOIN erased_person AS p USING (person) WHERE p.wiped = 1 AND NOT"
      " EXISTS (SELECT 1 FROM erasure_done AS d WHERE d.erasure = e.id AND d.node = ?) LIMIT ?",
      "ti", yl_store_get_node (store), (gint64) MAX_OPS);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (ids, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows) ? g_steal_pointer (&ids) : NULL;
}

/* Another process of this PC may do the same: so what is left to do is read within the change. */
static gboolean
confirm (YlStore *store, guint *n_confirmed, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "confirm erasure", error);
  g_autoptr (GPtrArray) ids = change != NULL ? unconfirmed (store, error) : NULL;

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!add_done (change, ids->pdata[i], error))
      return FALSE;
  *n_confirmed = ids != NULL ? ids->len : 0;
  return ids != NULL && yl_change_commit (change, error);
}

gboolean
yl_erase_settle (YlStore *store, guint *n_confirmed, GError **error)
{
  g_autoptr (GPtrArray) ids = NULL;
  guint n = 0;
  gboolean done, ok = TRUE;

  if (n_confirmed != NULL)
    *n_confirmed = 0;
  if (!yl_erase_wipe (store, &done, error))
    return FALSE;
  ids = yl_store_get_actor (store) != NULL ? unconfirmed (store, error) : g_ptr_array_new ();
  if (ids == NULL)
    return FALSE;
  if (ids->len > 0)
    ok = confirm (store, &n, error);
  if (n_confirmed != NULL)
    *n_confirmed = n;
  return ok;
}
