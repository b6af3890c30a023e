/* One row of a file: parsing its cells, and writing what differs. */
#include "yl-import-private.h"

#include "base/yl-i18n.h"
#include "base/yl-text.h"
#include "records/yl-customer.h"
#include "records/yl-tables.h"
#include "seal/yl-plain.h"

#include <string.h>

/* What one value weighs in the log beside its own bytes: its name, and where sealed its nonce, tag and key id. */
#define VALUE_BYTES 100
#define RECORD_BYTES 150

static void
set_free (gpointer data)
{
  YlImportSet *set = data;

  g_free (set->list);
  g_free (set);
}

void
yl_import_row_free (YlImportRow *row)
{
  if (row == NULL)
    return;
  yl_record_free (row->record);
  yl_record_free (row->household);
  g_ptr_array_unref (row->sets);
  g_ptr_array_unref (row->household_sets);
  g_free (row);
}

static YlImportRow *
row_new (const YlTable *table)
{
  YlImportRow *row = g_new0 (YlImportRow, 1);

  row->record = yl_record_new (table, NULL);
  row->sets = g_ptr_array_new_with_free_func (set_free);
  row->household_sets = g_ptr_array_new_with_free_func (set_free);
  row->ops = 1;
  row->bytes = RECORD_BYTES;
  return row;
}

static YlRecord *
row_household (YlImportRow *row)
{
  if (row->household == NULL)
    {
      row->household = yl_record_new (&yl_household_table, NULL);
      row->ops++;
      row->bytes += RECORD_BYTES;
    }
  return row->household;
}

/* A customer is named by phone as often as by number. */
static gboolean
find_customer (YlStore *store, YlRecord *order, const char *cell, gboolean phone_only, GError **error)
{
  const YlField *phone_field = &yl_customer_table.fields[yl_table_field (&yl_customer_table, "phone")];
  const YlField *field = &yl_order_table.fields[yl_table_field (&yl_order_table, "customer")];
  g_auto (YlValue) phone = YL_VALUE_INIT;
  g_auto (YlValue) customer = YL_VALUE_INIT;
  g_autoptr (GError) reason = NULL;
  g_autofree char *id = NULL;

  if (!yl_field_parse (phone_field, store, cell, &phone, phone_only ? error : NULL))
    {
      if (phone_only || !yl_field_parse (field, store, cell, &customer, error))
        return FALSE;
      id = g_strdup (customer.bytes);
    }
  else
    id = yl_plain_find (store, "customer", "phone", phone.bytes, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (id == NULL
      || (!yl_record_is_null (order, "customer") && strcmp (yl_record_get_text (order, "customer"), id) != 0))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   id == NULL ? _ ("customer: nobody has the phone “%s”; take in the customers first")
                              : _ ("customer: the phone “%s” belongs to another customer than the one named"),
                   cell);
      return FALSE;
    }
  yl_record_set_text (order, "customer", id);
  return TRUE;
}

static gboolean
parse_set (YlStore *store, const YlSet *set, const char *cell, GPtrArray *sets, YlImportRow *row, GError **error)
{
  g_autoptr (GArray) elements = yl_set_parse (set, store, cell, error);
  YlImportSet *parsed;

  if (elements == NULL)
    return FALSE;
  if (elements->len == 0)
    return TRUE;
  parsed = g_new0 (YlImportSet, 1);
  parsed->set = set;
  parsed->list = yl_set_format (elements);
  g_ptr_array_add (sets, parsed);
  row->ops += elements->len;
  row->bytes += elements->len * RECORD_BYTES;
  return TRUE;
}

static gboolean
parse_field (YlStore *store, const YlField *field, const char *cell, YlRecord *record, GError **error)
{
  g_auto (YlValue) value = YL_VALUE_INIT;

  if (!yl_field_parse (field, store, cell, &value, error))
    return FALSE;
  yl_record_set_value (record, field->name, &value);
  return TRUE;
}

static gboolean
parse_cell (YlStore *store, YlImportRow *row, const YlImportColumn *column, const char *cell, GError **error)
{
  if (column->set != NULL)
    return parse_set (store, column->set, cell, row->sets, row, error);
  if (column->household_set != NULL)
    return parse_set (store, column->household_set, cell, row->household_sets, row, error)
           && row_household (row) != NULL;
  if (column->household_field != NULL)
    return parse_field (store, column->household_field, cell, row_household (row), error);
  if (column->customer_phone)
    return find_customer (store, row->record, cell, TRUE, error);
  if (column->field == NULL)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("A cell stands in a column without a name"));
      return FALSE;
    }
  if (yl_record_get_table (row->record) == &yl_order_table && strcmp (column->field->name, "customer") == 0)
    return find_customer (store, row->record, cell, FALSE, error);
  return parse_field (store, column->field, cell, row->record, error);
}

YlImportRow *
yl_import_row_parse (YlStore *store,
                     const YlTable *table,
                     const GPtrArray *columns,
                     const char *const *cells,
                     const char **title,
                     GError **error)
{
  g_autoptr (YlImportRow) row = row_new (table);
  guint n = g_strv_length ((GStrv) cells);

  *title = NULL;
  if (n != columns->len)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("The row has %u cells where the first row names %u columns"),
                   n, columns->len);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      const YlImportColumn *column = g_ptr_array_index (columns, i);
      g_autofree char *cell = yl_text_to_half_width (cells[i]);

      if (*cell == '\0')
        continue;
      *title = column->title;
      if (!parse_cell (store, row, column, cells[i], error))
        return NULL;
      row->bytes += VALUE_BYTES + 2 * strlen (cells[i]);
    }
  *title = NULL;
  return g_steal_pointer (&row);
}

/* @before with every typed column of @typed. */
static YlRecord *
overlay (const YlRecord *before, const YlRecord *typed)
{
  YlRecord *after = yl_record_copy (before);

  for (guint i = 0; i < yl_table_n_fields (yl_record_get_table (typed)); i++)
    if (yl_record_peek (typed, i)->type != YL_VALUE_NULL)
      yl_value_copy (yl_record_value (after, i), yl_record_peek (typed, i));
  return after;
}

static gboolean
is_equal (const YlRecord *a, const YlRecord *b)
{
  for (guint i = 0; i < yl_table_n_fields (yl_record_get_table (a)); i++)
    if (!yl_value_equal (yl_record_peek (a, i), yl_record_peek (b, i)))
      return FALSE;
  return TRUE;
}

/* Writes @after where it differs from @before once the table's check has filled in what follows. */
static gboolean
write_record (YlChange *change, const YlRecord *before, YlRecord *after, gboolean *written, GError **error)
{
  const YlTable *table = yl_record_get_table (after);

  if (table->check != NULL && !table->check (yl_change_get_store (change), before, after, error))
    return FALSE;
  if (is_equal (before, after))
    return TRUE;
  *written = TRUE;
  return yl_change_update (change, after, error);
}

/* The elements were parsed already, so a refusal here is a fault that ends the import, not one of the row. */
static gboolean
write_set (YlChange *change, const YlImportSet *set, const char *owner, gboolean *written, GError **error)
{
  g_autofree char *stored = yl_store_get_set (yl_change_get_store (change), set->set, owner, error);
  g_autoptr (GError) reason = NULL;

  if (stored == NULL)
    return FALSE;
  if (strcmp (stored, set->list) == 0)
    return TRUE;
  *written = TRUE;
  if (yl_change_set_elements (change, set->set, owner, set->list, &reason))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "%s: %s", set->set->name, reason->message);
  return FALSE;
}

static gboolean
write_sets (YlChange *change, const GPtrArray *sets, const char *owner, gboolean *written, GError **error)
{
  for (guint i = 0; i < sets->len; i++)
    if (!write_set (change, g_ptr_array_index (sets, i), owner, written, error))
      return FALSE;
  return TRUE;
}

static gboolean
insert_household (YlChange *change, YlImportRow *row, gboolean *written, GError **error)
{
  return yl_change_insert (change, row->household, error)
         && write_sets (change, row->household_sets, yl_record_get_id (row->household), written, error);
}

/* Made and removed within one change set, it never was. */
static void
drop_household (YlChange *change, YlImportRow *row)
{
  if (!yl_change_delete (change, "household", yl_record_get_id (row->household), NULL))
    g_assert_not_reached ();
}

static gboolean
insert_row (YlChange *change, YlImportRow *row, gboolean *written, GError **error)
{
  gboolean new_household = row->household != NULL && yl_record_is_null (row->record, "household");

  if (new_household)
    {
      if (!insert_household (change, row, written, error))
        return FALSE;
      yl_record_set_text (row->record, "household", yl_record_get_id (row->household));
    }
  if (yl_change_insert (change, row->record, error))
    return write_sets (change, row->sets, yl_record_get_id (row->record), written, error);
  if (new_household)
    drop_household (change, row);
  return FALSE;
}

/* The customer has no household yet. */
static gboolean
update_with_new_household (YlChange *change,
                           YlImportRow *row,
                           const YlRecord *before,
                           YlRecord *after,
                           gboolean *written,
                           GError **error)
{
  if (!insert_household (change, row, written, error))
    return FALSE;
  yl_record_set_text (after, "household", yl_record_get_id (row->household));
  if (write_record (change, before, after, written, error))
    return write_sets (change, row->sets, yl_record_get_id (after), written, error);
  drop_household (change, row);
  return FALSE;
}

/* The household is checked before the customer is written, so that a refusal of either leaves both alone. */
static gboolean
update_with_household (YlChange *change,
                       YlImportRow *row,
                       const YlRecord *before,
                       YlRecord *after,
                       gboolean *written,
                       GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (YlRecord) home = yl_store_get (store, "household", yl_record_get_text (after, "household"), error);
  g_autoptr (YlRecord) home_after = home != NULL ? overlay (home, row->household) : NULL;

  return home_after != NULL && yl_household_check (store, home, home_after, error)
         && write_record (change, before, after, written, error)
         && write_sets (change, row->sets, yl_record_get_id (after), written, error)
         && write_record (change, home, home_after, written, error)
         && write_sets (change, row->household_sets, yl_record_get_id (home), written, error);
}

/* A phone passes from one to another, or is a family's: it alone does not make two workers one. */
static gboolean
check_same_worker (const YlRecord *before, const YlRecord *typed, GError **error)
{
  const char *id_no = yl_record_get_text (typed, "id_no");
  const char *known_id_no = yl_record_get_text (before, "id_no");
  const char *name = yl_record_get_text (typed, "name");
  const char *column = NULL;

  if (!yl_record_is_null (typed, "worker_no") || (id_no != NULL && g_strcmp0 (id_no, known_id_no) == 0))
    return TRUE;
  if (id_no != NULL && known_id_no != NULL)
    column = "id_no";
  else if (name != NULL && g_strcmp0 (name, yl_record_get_text (before, "name")) != 0)
    column = "name";
  if (column == NULL)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("The phone is that of worker %s, whose %s is another: give her worker_no if it is she"),
               yl_record_get_text (before, "worker_no"), column);
  return FALSE;
}

static gboolean
update_row (YlChange *change, YlImportRow *row, const char *id, gboolean *written, GError **error)
{
  const YlTable *table = yl_record_get_table (row->record);
  g_autoptr (YlRecord) before = yl_store_get (yl_change_get_store (change), table->name, id, error);
  g_autoptr (YlRecord) after = before != NULL ? overlay (before, row->record) : NULL;

  if (after == NULL || (table == &yl_worker_table && !check_same_worker (before, row->record, error)))
    return FALSE;
  if (row->household == NULL)
    return write_record (change, before, after, written, error) && write_sets (change, row->sets, id, written, error);
  if (yl_record_is_null (after, "household"))
    return update_with_new_household (change, row, before, after, written, error);
  return update_with_household (change, row, before, after, written, error);
}

gboolean
yl_import_row_write (YlChange *change, YlImportRow *row, YlImportOutcome *outcome, GError **error)
{
  g_autofree char *id = NULL;
  gboolean written = FALSE;

  if (!yl_import_find (yl_change_get_store (change), row->record, &id, error))
    return FALSE;
  if (id == NULL)
    {
      *outcome = YL_IMPORT_INSERTED;
      return insert_row (change, row, &written, error);
    }
  if (!update_row (change, row, id, &written, error))
    return FALSE;
  *outcome = written ? YL_IMPORT_UPDATED : YL_IMPORT_UNCHANGED;
  return TRUE;
}
