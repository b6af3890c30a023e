#include <sodium.h>
#include <string.h>

#include "seal/yl-seal.h"
#include "yl-store-private.h"
#include "yl-vault.h"

/* Sealing and opening single values: which person's key, and where it is kept. */

static YlSealPlace
place_of (YlStore *store, const char *table, const char *id, const char *column)
{
  return (YlSealPlace){ store->scope, table, id, column };
}

/* Follows "id", a column, or "column.column-of-what-it-refers-to". Falls back to the record itself: a key is needed all the same. */
static char *
person_of (YlStore *store, const YlRecord *record)
{
  const YlTable *table = yl_record_get_table (record);
  g_auto (GStrv) path = table->person != NULL ? g_strsplit (table->person, ".", 2) : NULL;
  const char *first;
  int field;

  if (path == NULL || g_str_equal (path[0], "id"))
    return g_strdup (yl_record_get_id (record));
  first = yl_record_get_text (record, path[0]);
  field = yl_table_field (table, path[0]);
  if (first != NULL && path[1] != NULL && field >= 0)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s FROM [%s] WHERE id = ?", path[1], table->fields[field].of);
      char *person = yl_database_text (store->database, NULL, sql, "t", first);

      if (person != NULL)
        return person;
    }
  return g_strdup (first != NULL ? first : yl_record_get_id (record));
}

/* The id of the person's key for this class, where there is one. */
static gboolean
find_key (YlStore *store, const char *person, YlDisclosure disclosure, guint8 *id, gboolean *found, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error, "SELECT id FROM seal_key WHERE person = ? AND disclosure = ? ORDER BY id LIMIT 1", "ti",
      person, (gint64) disclosure);
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
key_for (YlStore *store, const char *person, YlDisclosure disclosure, YlSealKey *key, GError **error)
{
  guint8 id[YL_KEY_ID_BYTES];
  gboolean found;

  if (!find_key (store, person, disclosure, id, &found, error))
    return FALSE;
  if (found)
    return yl_vault_read_key (store, id, key, error);
  randombytes_buf (key->key, sizeof key->key);
  g_strlcpy (key->person, person, sizeof key->person);
  key->disclosure = (int) disclosure;
  return yl_vault_add_key (store, key, error);
}

gboolean
yl_store_seal_value (YlStore *store, const YlRecord *record, guint field_index, YlValue *value, GError **error)
{
  const YlTable *table = yl_record_get_table (record);
  const YlField *field = &table->fields[field_index];
  YlSealPlace place = place_of (store, table->name, yl_record_get_id (record), field->name);
  g_autofree char *person = NULL;
  g_autoptr (GBytes) sealed = NULL;
  YlSealKey key;

  if (field->disclosure == YL_OPEN || value->type == YL_VALUE_NULL)
    return TRUE;
  person = person_of (store, record);
  if (!key_for (store, person, field->disclosure, &key, error))
    return FALSE;
  sealed = yl_seal_close (key.key, &place, value->bytes, value->length);
  sodium_memzero (&key, sizeof key);
  yl_value_set_bytes (value, YL_VALUE_BLOB, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return TRUE;
}

gboolean
yl_store_unseal_value (YlStore *store,
                       const char *table,
                       const char *id,
                       const YlField *field,
                       const YlValue *sealed,
                       YlValue *plain)
{
  YlSealPlace place = place_of (store, table, id, field->name);
  g_autoptr (GBytes) opened = NULL;
  YlSealKey key;

  if (sealed->type != YL_VALUE_BLOB || !yl_seal_is_form (sealed->bytes, sealed->length)
      || !yl_vault_read_key (store, (const guint8 *) sealed->bytes, &key, NULL))
    return FALSE;
  opened = yl_seal_open (key.key, &place, sealed->bytes, sealed->length);
  sodium_memzero (&key, sizeof key);
  if (opened == NULL || !g_utf8_validate (g_bytes_get_data (opened, NULL), (gssize) g_bytes_get_size (opened), NULL))
    return FALSE;
  yl_value_set_bytes (plain, YL_VALUE_TEXT, g_bytes_get_data (opened, NULL), g_bytes_get_size (opened));
  return TRUE;
}

YlRecord *
yl_store_unseal_row (YlStore *store, const YlTable *table, const char *id, const YlValue *row)
{
  YlRecord *record = yl_record_new (table, id);

  for (guint i = 0; i < yl_table_n_fields (table); i++)
    {
      const YlField *field = &table->fields[i];

      if (field->disclosure == YL_OPEN)
        yl_value_copy (yl_record_value (record, i), &row[i]);
      else if (row[i].type != YL_VALUE_NULL
               && !yl_store_unseal_value (store, table->name, id, field, &row[i], yl_record_value (record, i)))
        yl_record_set_locked (record, i, TRUE);
    }
  return record;
}
