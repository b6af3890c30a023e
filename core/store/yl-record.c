#include "yl-record.h"

#include "yl-table.h"

#include <string.h>

struct _YlRecord
{
  const YlTable *table;
  char *id;
  guint n_fields;
  gboolean *locked;
  gboolean erased;
  YlValue values[];
};

YlRecord *
yl_record_new (const YlTable *table, const char *id)
{
  guint n_fields = yl_table_n_fields (table);
  YlRecord *record = g_malloc0 (sizeof *record + n_fields * sizeof (YlValue));

  record->table = table;
  record->id = g_strdup (id);
  record->n_fields = n_fields;
  record->locked = g_new0 (gboolean, n_fields);
  return record;
}

YlRecord *
yl_record_copy (const YlRecord *record)
{
  YlRecord *copy = yl_record_new (record->table, record->id);

  for (guint i = 0; i < record->n_fields; i++)
    yl_value_copy (&copy->values[i], &record->values[i]);
  copy->erased = record->erased;
  memcpy (copy->locked, record->locked, record->n_fields * sizeof *record->locked);
  return copy;
}

void
yl_record_free (YlRecord *record)
{
  if (record == NULL)
    return;
  for (guint i = 0; i < record->n_fields; i++)
    yl_value_clear (&record->values[i]);
  g_free (record->locked);
  g_free (record->id);
  g_free (record);
}

const YlTable *
yl_record_get_table (const YlRecord *record)
{
  return record->table;
}

const char *
yl_record_get_id (const YlRecord *record)
{
  return record->id;
}

void
yl_record_set_id (YlRecord *record, const char *id)
{
  char *copy = g_strdup (id);

  g_free (record->id);
  record->id = copy;
}

static guint
column_index (const YlRecord *record, const char *column)
{
  int field = yl_table_field (record->table, column);

  if (field < 0)
    g_error ("table %s has no column %s", record->table->name, column);
  return (guint) field;
}

const YlValue *
yl_record_get_value (const YlRecord *record, const char *column)
{
  return &record->values[column_index (record, column)];
}

const char *
yl_record_get_text (const YlRecord *record, const char *column)
{
  const YlValue *value = yl_record_get_value (record, column);

  return value->type == YL_VALUE_TEXT ? value->bytes : NULL;
}

gint64
yl_record_get_integer (const YlRecord *record, const char *column, gint64 if_null)
{
  const YlValue *value = yl_record_get_value (record, column);

  return value->type == YL_VALUE_INTEGER ? value->integer : if_null;
}

gboolean
yl_record_is_null (const YlRecord *record, const char *column)
{
  return yl_record_get_value (record, column)->type == YL_VALUE_NULL;
}

void
yl_record_set_text (YlRecord *record, const char *column, const char *text)
{
  yl_value_set_text (&record->values[column_index (record, column)], text);
}

void
yl_record_set_integer (YlRecord *record, const char *column, gint64 integer)
{
  yl_value_set_integer (&record->values[column_index (record, column)], integer);
}

void
yl_record_set_null (YlRecord *record, const char *column)
{
  yl_value_clear (&record->values[column_index (record, column)]);
}

void
yl_record_set_value (YlRecord *record, const char *column, const YlValue *value)
{
  yl_value_copy (&record->values[column_index (record, column)], value);
}

YlValue *
yl_record_value (YlRecord *record, guint field)
{
  g_assert (field < record->n_fields);
  return &record->values[field];
}

const YlValue *
yl_record_peek (const YlRecord *record, guint field)
{
  g_assert (field < record->n_fields);
  return &record->values[field];
}

gboolean
yl_record_is_erased (const YlRecord *record)
{
  return record->erased;
}

void
yl_record_set_erased (YlRecord *record, gboolean erased)
{
  record->erased = erased;
}

gboolean
yl_record_is_locked (const YlRecord *record, const char *column)
{
  return record->locked[column_index (record, column)];
}

void
yl_record_set_locked (YlRecord *record, guint field, gboolean locked)
{
  g_assert (field < record->n_fields);
  record->locked[field] = locked;
}
