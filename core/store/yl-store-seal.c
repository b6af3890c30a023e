#include <sodium.h>
#include <string.h>

#include "seal/yl-seal.h"
#include "seal/yl-key-ring.h"
#include "merge/yl-person.h"
#include "yl-store-private.h"
#include "seal/yl-vault.h"

/* Sealing and opening single values. */

static YlSealPlace
place_of (YlStore *store, const char *table, const char *id, const char *column)
{
  return (YlSealPlace){ store->scope, table, id, column };
}

static char *
person_of (YlStore *store, const YlRecord *record)
{
  const YlTable *table = yl_record_get_table (record);
  const char *column = yl_person_column (table);

  return yl_person_of (store, table, yl_record_get_id (record),
                       column != NULL ? yl_record_get_text (record, column) : NULL);
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
  if (!yl_key_ring_current (store, person, (int) field->disclosure, &key, error))
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
  const guint n_fields = yl_table_n_fields (table);
  g_autofree char *person = NULL;

  for (guint i = 0; i < n_fields; i++)
    {
      const YlField *field = &table->fields[i];

      if (field->disclosure == YL_OPEN)
        yl_value_copy (yl_record_value (record, i), &row[i]);
      else if (row[i].type != YL_VALUE_NULL
               && !yl_store_unseal_value (store, table->name, id, field, &row[i], yl_record_value (record, i)))
        yl_record_set_locked (record, i, TRUE);
    }
  if (table->person == NULL || !yl_person_any_erased (store))
    return record;
  person = person_of (store, record);
  yl_record_set_erased (record, yl_person_is_erased (store, person));
  return record;
}
