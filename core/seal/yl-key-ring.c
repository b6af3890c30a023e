#include "yl-key-ring.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "seal/yl-seal.h"
#include "yl-grant-judge.h"
#include "merge/yl-person.h"
#include "yl-vault.h"

/* The lane: NULL for keys that are the person's own, else this store's record id. */
static const char *
lane_of (YlStore *store, const char *person, int disclosure)
{
  if (yl_store_is_head_office (store) || !yl_person_exists (store, person))
    return NULL;
  if (store->judge == NULL)
    store->judge = yl_grant_judge_new_self (store);
  if (yl_grant_allows (yl_grant_judge_ask (store->judge, person, (YlDisclosure) disclosure, NULL)))
    return NULL;
  return yl_store_get_site (store);
}

static gboolean
find_current (YlStore *store,
              const char *person,
              int disclosure,
              const char *lane,
              guint8 *id,
              gboolean *found,
              GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT id FROM seal_key WHERE person = ?1 AND disclosure = ?2 AND site IS ?3 AND epoch >="
      " ifnull((SELECT max(epoch) FROM rotation WHERE person = ?1), 0) ORDER BY epoch DESC, id LIMIT 1",
      "tit", person, (gint64) disclosure, lane);
  gconstpointer stored;
  gsize length = 0;

  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    {
      stored = yl_rows_blob (rows, 0, &length);
      memcpy (id, stored, MIN (length, YL_KEY_ID_BYTES));
    }
  *found = length == YL_KEY_ID_BYTES;
  return *found || yl_rows_ended (rows);
}

static gboolean
make_key (YlStore *store, const char *person, int disclosure, const char *lane, YlSealKey *key, GError **error)
{
  randombytes_buf (key->key, sizeof key->key);
  yl_seal_key_id (key->key, key->id);
  g_strlcpy (key->person, person, sizeof key->person);
  g_strlcpy (key->site, lane != NULL ? lane : "", sizeof key->site);
  key->disclosure = disclosure;
  return yl_vault_add_key (store, key, error);
}

gboolean
yl_key_ring_make (YlStore *store, const char *person, int disclosure, gint64 epoch, YlSealKey *key, GError **error)
{
  key->epoch = epoch;
  return make_key (store, person, disclosure, NULL, key, error);
}

gboolean
yl_key_ring_current (YlStore *store, const char *person, int disclosure, YlSealKey *key, GError **error)
{
  const char *lane = lane_of (store, person, disclosure);
  guint8 id[YL_KEY_ID_BYTES];
  gboolean found;

  if (yl_person_is_erased (store, person))
    {
      g_autofree char *number = yl_person_number (store, person);

      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
                   _ ("%s was erased: nothing personal can be written there; enter the person anew"), number);
      return FALSE;
    }
  if (!find_current (store, person, disclosure, lane, id, &found, error))
    return FALSE;
  if (found)
    return yl_vault_read_key (store, id, key, error);
  return yl_database_integer (store->database, &key->epoch, 0, error,
                              "SELECT ifnull(max(epoch), 0) FROM rotation WHERE person = ?", "t", person)
         && make_key (store, person, disclosure, lane, key, error);
}

/* Keys that are not here */

static gboolean
is_known (YlStore *store, gconstpointer id, gboolean *known, GError **error)
{
  gint64 found;

  if (!yl_database_integer (store->database, &found, 0, error,
                            "SELECT 1 FROM seal_key WHERE id = ?1 UNION ALL SELECT 1 FROM key_missing WHERE id = ?1"
                            " UNION ALL SELECT 1 FROM erased_key WHERE id = ?1 LIMIT 1",
                            "b", id, (gsize) YL_KEY_ID_BYTES))
    return FALSE;
  *known = found != 0;
  return TRUE;
}

/* Whose row it is, from the row as it is folded. */
static char *
person_of_row (YlStore *store, const YlTable *table, const char *id)
{
  const char *column = table != NULL ? yl_person_column (table) : NULL;
  g_autofree char *value = NULL;
  g_autofree char *sql = NULL;

  if (column == NULL)
    return g_strdup (id);
  sql = g_strdup_printf ("SELECT [%s] FROM [%s] WHERE id = ?", column, table->name);
  value = yl_database_text (store->database, NULL, sql, "t", id);
  return yl_person_of (store, table, id, value);
}

static gboolean
add_missing (YlStore *store, gconstpointer id, const char *person, int disclosure, GError **error)
{
  if (yl_person_is_erased (store, person))
    return yl_database_run (store->database, error, "INSERT OR IGNORE INTO erased_key (id, person) VALUES (?, ?)", "bt",
                            id, (gsize) YL_KEY_ID_BYTES, person);
  return yl_database_run (store->database, error,
                          "INSERT OR IGNORE INTO key_missing (id, person, disclosure, due) VALUES (?, ?, ?, 1)", "bti",
                          id, (gsize) YL_KEY_ID_BYTES, person, (gint64) disclosure);
}

static gboolean
note_value (YlStore *store,
            const char *table_name,
            const char *id,
            const char *column,
            gconstpointer key,
            GError **error)
{
  const YlTable *table = yl_table_find (table_name);
  int field = table != NULL ? yl_table_field (table, column) : -1;
  g_autofree char *person = NULL;
  gboolean known;

  if (!is_known (store, key, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  person = person_of_row (store, table, id);
  return add_missing (store, key, person, field >= 0 ? (int) table->fields[field].disclosure : YL_OPEN, error);
}

gboolean
yl_key_ring_note (YlStore *store, const YlOp *op, GError **error)
{
  gconstpointer last = NULL;

  for (guint i = 0; i < op->n_columns; i++)
    {
      const YlValue *value = &op->values[i];

      if (value->type != YL_VALUE_BLOB || !yl_seal_is_form (value->bytes, value->length))
        continue;
      /* Columns next to each other are mostly of one class. */
      if (last != NULL && memcmp (last, value->bytes, YL_KEY_ID_BYTES) == 0)
        continue;
      last = value->bytes;
      if (!note_value (store, op->table, op->id, op->columns[i], value->bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* Persons that a touched record is about: what a node may know of them may have changed. */
#define DUE "UPDATE key_missing SET due = 1 WHERE due = 0 AND person IN "
#define OF_CLAIM(claim)                                                                                          \
  DUE "(SELECT worker FROM claim WHERE id = " claim " UNION SELECT o.customer FROM claim AS c JOIN [order] AS o" \
      " ON o.id = c.[order] WHERE c.id = " claim " UNION SELECT o.household FROM claim AS c JOIN [order] AS o"   \
      " ON o.id = c.[order] WHERE c.id = " claim ")"
static const struct
{
  const char *table;
  const char *sql;
} reasons[] = {
  { "worker", DUE "(?1)" },
  { "customer", DUE "(?1)" },
  { "household", DUE "(?1)" },
  { "staff", DUE "(?1)" },
  { "order", DUE "(SELECT customer FROM [order] WHERE id = ?1 UNION SELECT household FROM [order] WHERE id = ?1)" },
  { "claim", OF_CLAIM ("?1") },
  { "confirmation", OF_CLAIM ("(SELECT claim FROM confirmation WHERE id = ?1)") },
  { "withdrawal", OF_CLAIM ("(SELECT claim FROM withdrawal WHERE id = ?1)") },
  { "evidence", OF_CLAIM ("(SELECT claim FROM evidence WHERE id = ?1)") },
  { "ruling", OF_CLAIM ("(SELECT claim FROM ruling WHERE id = ?1)") },
};

static gboolean
follow_record (YlStore *store, const char *key, GError **error)
{
  const char *colon = strchr (key, ':');

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strlen (reasons[i].table) == (gsize) (colon - key) && g_str_has_prefix (key, reasons[i].table))
      return yl_database_run (store->database, error, reasons[i].sql, "t", colon + 1);
  return TRUE;
}

/* Stock */

static gboolean
note_rows (YlStore *store, const char *sql, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      gconstpointer key = yl_rows_blob (rows, 3, &length);

      if (length == YL_KEY_ID_BYTES
          && !note_value (store, yl_rows_text (rows, 0), yl_rows_text (rows, 1), yl_rows_text (rows, 2), key, error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

gboolean
yl_key_ring_note_all (YlStore *store, GError **error)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlField *field = (*table)->fields; field->name != NULL; field++)
      {
        g_autofree char *sql = NULL;

        if (field->disclosure == YL_OPEN)
          continue;
        sql = g_strdup_printf ("SELECT '%s', id, '%s', substr([%s], 1, %d) AS k FROM [%s] WHERE [%s] IS NOT NULL"
                               " AND k NOT IN (SELECT id FROM seal_key) GROUP BY k",
                               (*table)->name, field->name, field->name, YL_KEY_ID_BYTES, (*table)->name, field->name);
        if (!note_rows (store, sql, error))
          return FALSE;
      }
  return note_rows (
      store,
      "SELECT table_name.name, yl_uuid (id), column_name.name, substr(value, 1, " G_STRINGIFY (
          YL_KEY_ID_BYTES) ") AS k FROM version JOIN table_name USING (t) JOIN column_name USING (c)"
                           " WHERE typeof(value) = 'blob' AND k NOT IN (SELECT id FROM seal_key) GROUP BY k",
      error);
}

gboolean
yl_key_ring_follow (YlStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, store->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!follow_record (store, key, error))
      return FALSE;
  return !store->stock_due || yl_key_ring_note_all (store, error);
}

gboolean
yl_log_keys_take_stock (YlStore *store, GError **error)
{
  if (!yl_store_begin (store, error))
    return FALSE;
  if (yl_database_run (store->database, error, "DELETE FROM key_missing", NULL) && yl_key_ring_note_all (store, error))
    return yl_store_commit (store, error);
  yl_store_rollback (store);
  return FALSE;
}
