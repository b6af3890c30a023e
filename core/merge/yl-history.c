#include "yl-history.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "yl-alias.h"
#include "log/yl-log-door.h"
#include "yl-fold.h"
#include "yl-past.h"

static void
value_free (YlHistoryValue *value)
{
  g_free (value->table);
  g_free (value->id);
  g_free (value->column);
  yl_value_clear (&value->before);
  yl_value_clear (&value->after);
  g_free (value);
}

void
yl_history_entry_free (YlHistoryEntry *entry)
{
  g_free (entry->writer);
  g_free (entry->label);
  g_free (entry->actor);
  g_free (entry->what);
  g_free (entry->refused);
  g_ptr_array_unref (entry->values);
  g_free (entry);
}

/* What was written to a column so far: to find what a later writer had seen of it. */
typedef struct
{
  gint64 n;
  YlValue value; /* wire */
} Write;

typedef struct
{
  YlStore *store;
  YlPast *past;
  GHashTable *writes; /* "table:id:column" -> GArray of Write */
  GPtrArray *entries;
} Reading;

static void
write_clear (gpointer data)
{
  yl_value_clear (&((Write *) data)->value);
}

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->past, yl_past_free);
  g_clear_pointer (&reading->writes, g_hash_table_unref);
  g_clear_pointer (&reading->entries, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static GArray *
writes_to (Reading *reading, const YlOp *op, const char *column)
{
  char *key = g_strjoin (":", op->table, op->id, column, NULL);
  GArray *writes = g_hash_table_lookup (reading->writes, key);

  if (writes != NULL)
    {
      g_free (key);
      return writes;
    }
  writes = g_array_new (FALSE, TRUE, sizeof (Write));
  g_array_set_clear_func (writes, write_clear);
  g_hash_table_insert (reading->writes, key, writes);
  return writes;
}

/* The last write that the writer of an entry had seen. */
static const Write *
base_of (Reading *reading, GArray *writes, const YlVector *seen)
{
  for (guint i = writes->len; i-- > 0;)
    {
      const Write *write = &g_array_index (writes, Write, i);
      const YlEntryFacts *facts = yl_store_entry_facts (reading->store, write->n);

      if (facts != NULL && yl_vector_get (seen, facts->w) >= facts->seq)
        return write;
    }
  return NULL;
}

static void
remember (GArray *writes, gint64 n, const YlValue *value)
{
  Write write = { n, YL_VALUE_INIT };

  yl_value_copy (&write.value, value);
  g_array_append_val (writes, write);
}

/* TRUE where there is a value that cannot be read. */
static gboolean
open_value (Reading *reading, const YlOp *op, const YlField *field, const YlValue *wire, YlValue *plain)
{
  if (wire->type != YL_VALUE_BLOB)
    {
      yl_value_copy (plain, wire);
      return FALSE;
    }
  return field == NULL || !yl_store_unseal_value (reading->store, op->table, op->id, field, wire, plain);
}

static YlHistoryValue *
new_value (const char *table, const char *id, const char *column)
{
  YlHistoryValue *value = g_new0 (YlHistoryValue, 1);

  value->table = g_strdup (table);
  value->id = g_strdup (id);
  value->column = g_strdup (column);
  return value;
}

static guint
count_standing (Reading *reading, const YlOp *op, const char *column, GError **error)
{
  g_autoptr (GPtrArray) standing =
      yl_merge_standing (yl_past_get_store (reading->past), op->table, op->id, column, error);

  return standing != NULL ? standing->len : 0;
}

/* Fields */

/* Written only because it belongs to a register that was: it follows from the rest, or stayed as it was. */
static gboolean
goes_along (const YlField *field, const Write *base, const YlValue *after)
{
  if (field == NULL)
    return FALSE;
  return (field->flags & YL_FIELD_FILLED) != 0
         || (base != NULL && !g_str_equal (yl_field_register (field), field->name)
             && yl_value_equal (&base->value, after));
}

static void
read_column (Reading *reading, YlHistoryEntry *entry, const YlOp *op, guint i, const YlVector *seen)
{
  const YlTable *table = yl_table_find (op->table);
  int index = table != NULL ? yl_table_field (table, op->columns[i]) : -1;
  const YlField *field = index >= 0 ? &table->fields[index] : NULL;
  GArray *writes = writes_to (reading, op, op->columns[i]);
  const Write *base = base_of (reading, writes, seen);
  YlHistoryValue *value;

  if (!goes_along (field, base, &op->values[i]))
    {
      value = new_value (op->table, op->id, op->columns[i]);
      value->field = field;
      value->after_locked = open_value (reading, op, field, &op->values[i], &value->after);
      if (base != NULL)
        value->before_locked = open_value (reading, op, field, &base->value, &value->before);
      value->base = base != NULL ? base->n : 0;
      value->decides = count_standing (reading, op, op->columns[i], NULL) > 1;
      g_ptr_array_add (entry->values, value);
    }
  if (entry->refused == NULL)
    remember (writes, entry->n, &op->values[i]);
}

/* That it came or went; an update says so only where it brings back what was removed. */
static void
read_life (Reading *reading, YlHistoryEntry *entry, const YlOp *op, const YlVector *seen)
{
  GArray *writes = writes_to (reading, op, "");
  const Write *base = base_of (reading, writes, seen);
  YlHistoryValue *value = new_value (op->table, op->id, "");

  yl_value_set_integer (&value->before, base != NULL ? base->value.integer : 0);
  yl_value_set_integer (&value->after, op->kind != YL_OP_DELETE);
  value->base = base != NULL ? base->n : 0;
  if (entry->refused == NULL)
    remember (writes, entry->n, &value->after);
  if (op->kind == YL_OP_UPDATE && (base == NULL || base->value.integer != 0))
    value_free (value);
  else
    g_ptr_array_add (entry->values, value);
}

/* Elements of sets */

static const YlSet *
set_of (const YlTable *owner, const YlOp *op)
{
  for (const YlSet *set = owner != NULL ? owner->sets : NULL; set != NULL && set->name != NULL; set++)
    {
      gboolean fits = g_str_equal (set->table, op->table);

      for (guint i = 0; fits && set->fixed_column != NULL && i < op->n_columns; i++)
        if (g_str_equal (op->columns[i], set->fixed_column))
          {
            g_autofree char *text = op->values[i].type == YL_VALUE_INTEGER
                                        ? g_strdup_printf ("%" G_GINT64_FORMAT, op->values[i].integer)
                                        : g_strdup (op->values[i].bytes);

            fits = g_strcmp0 (text, set->fixed_value) == 0;
          }
      if (fits)
        return set;
    }
  return NULL;
}

typedef struct
{
  const YlSet *set;
  char *text; /* `infant:3`; NULL where the set does not have it, and then no owner is known */
  char *owner;
} Element;

static void
element_free (Element *element)
{
  g_free (element->text);
  g_free (element->owner);
  g_free (element);
}

static Element *
read_element (Reading *reading, const YlSet *set, const YlOp *op)
{
  const YlTable *table = yl_table_find (set->table);
  YlValue *row = yl_store_read_row (yl_past_get_store (reading->past), table, op->id, NULL);
  int level = set->level != NULL ? yl_table_field (table, set->level) : -1;
  Element *element = g_new0 (Element, 1);

  element->set = set;
  if (row == NULL)
    return element;
  element->owner = g_strdup (row[yl_table_field (table, set->owner)].bytes);
  if (level >= 0 && row[level].type == YL_VALUE_INTEGER)
    element->text =
        g_strdup_printf ("%s:%" G_GINT64_FORMAT, row[yl_table_field (table, set->code)].bytes, row[level].integer);
  else
    element->text = g_strdup (row[yl_table_field (table, set->code)].bytes);
  g_free (row);
  return element;
}

/* The elements that ops of the message are about, as the set holds them now. */
static GPtrArray *
read_elements (Reading *reading, const YlEntry *message, const YlTable *table)
{
  GPtrArray *elements = g_ptr_array_new_with_free_func ((GDestroyNotify) element_free);

  for (guint i = 0; i < message->ops->len; i++)
    {
      const YlOp *op = message->ops->pdata[i];
      const YlSet *set = yl_past_concerns (reading->past, op) ? set_of (table, op) : NULL;

      if (set != NULL)
        g_ptr_array_add (elements, read_element (reading, set, op));
    }
  return elements;
}

/* The rules of merging say what the set holds before and after. */
static gboolean
fold_elements (Reading *reading, YlHistoryEntry *entry, const YlEntry *message, const YlTable *table, GError **error)
{
  g_autoptr (GPtrArray) before = read_elements (reading, message, table);
  g_autoptr (GPtrArray) after = NULL;

  if (entry->refused == NULL && !yl_past_fold (reading->past, entry->n, message, error))
    return FALSE;
  after = read_elements (reading, message, table);
  for (guint i = 0; i < before->len; i++)
    {
      const Element *old = before->pdata[i];
      const Element *new = after->pdata[i];
      const char *owner = old->owner != NULL ? old->owner : new->owner;
      YlHistoryValue *value;

      if (owner == NULL || g_strcmp0 (old->text, new->text) == 0)
        continue;
      value = new_value (table->name, owner, new->set->name);
      value->set = new->set;
      if (old->text != NULL)
        yl_value_set_text (&value->before, old->text);
      if (new->text != NULL)
        yl_value_set_text (&value->after, new->text);
      g_ptr_array_add (entry->values, value);
    }
  return TRUE;
}

/* Entries */

static void
mark_apart (Reading *reading, YlHistoryEntry *entry)
{
  for (guint i = 0; i < entry->values->len; i++)
    {
      YlHistoryValue *value = entry->values->pdata[i];
      g_autoptr (GPtrArray) standing =
          value->set == NULL
              ? yl_merge_standing (yl_past_get_store (reading->past), value->table, value->id, value->column, NULL)
              : NULL;

      value->apart = entry->refused == NULL && standing != NULL && standing->len > 1;
      value->decides &= entry->refused == NULL && !value->apart;
    }
}

/* Of an entry whose change set is not here @message is NULL. */
static YlHistoryEntry *
new_entry (Reading *reading, gint64 n, const YlEntryFacts *facts, const YlEntry *message)
{
  YlHistoryEntry *entry = g_new0 (YlHistoryEntry, 1);

  entry->n = n;
  entry->writer = g_strdup (yl_store_writer_id (reading->store, facts->w));
  entry->seq = facts->seq;
  entry->label = yl_log_writer_label (reading->store, entry->writer);
  entry->actor = yl_database_text (reading->store->database, NULL, "SELECT actor FROM entry WHERE n = ?", "i", n);
  entry->time = YL_HLC_MS (facts->hlc);
  entry->what = message != NULL ? g_strdup (message->what) : NULL;
  entry->refused = yl_database_text (reading->store->database, NULL, "SELECT refused FROM entry WHERE n = ?", "i", n);
  entry->values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);
  return entry;
}

static gboolean
read_message (Reading *reading, YlHistoryEntry *entry, const YlEntry *message, const YlTable *table, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (reading->store, entry->n);
  g_autoptr (YlVector) seen = yl_fold_seen_of (reading->store, facts->w, facts->seq, error);

  if (seen == NULL)
    return FALSE;
  for (guint i = 0; i < message->ops->len; i++)
    {
      const YlOp *op = message->ops->pdata[i];

      if (!g_str_equal (op->table, table->name) || !yl_past_concerns (reading->past, op))
        continue;
      read_life (reading, entry, op, seen);
      for (guint c = 0; c < op->n_columns; c++)
        read_column (reading, entry, op, c, seen);
    }
  if (!fold_elements (reading, entry, message, table, error))
    return FALSE;
  mark_apart (reading, entry);
  return TRUE;
}

static gboolean
read_entry (Reading *reading, gint64 n, const YlTable *table, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (reading->store, n);
  g_autoptr (GError) local = NULL;
  g_autoptr (YlEntry) message = facts != NULL ? yl_log_entry (reading->store, n, &local) : NULL;
  YlHistoryEntry *entry;

  if (facts == NULL)
    return TRUE;
  if (local != NULL && !g_error_matches (local, YL_ERROR, YL_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  entry = new_entry (reading, n, facts, message);
  g_ptr_array_add (reading->entries, entry);
  return message == NULL || read_message (reading, entry, message, table, error);
}

static gboolean
add_records (Reading *reading, const char *table, const char *id, GError **error)
{
  g_autoptr (GPtrArray) records = NULL;

  if (!yl_alias_is_person (table))
    return yl_past_add (reading->past, table, id, error);
  records = yl_alias_all (reading->store, id, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    if (!yl_past_add (reading->past, table, records->pdata[i], error))
      return FALSE;
  return records != NULL;
}

GPtrArray *
yl_history_of (YlStore *store, const char *table_name, const char *id, GError **error)
{
  const YlTable *table = yl_table_require (table_name, error);
  g_auto (Reading) reading = { store };
  g_autoptr (GArray) entries = NULL;

  reading.past = table != NULL ? yl_past_new (store, error) : NULL;
  reading.writes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  reading.entries = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_history_entry_free);
  if (reading.past == NULL || !add_records (&reading, table_name, id, error))
    return NULL;
  entries = yl_past_entries (reading.past, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    if (!read_entry (&reading, g_array_index (entries, gint64, i), table, error))
      return NULL;
  return entries != NULL ? g_steal_pointer (&reading.entries) : NULL;
}

/* Restoring */

static gboolean
restore_element (YlChange *change, const YlHistoryValue *value, const char *element, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autofree char *list = yl_store_get_set (store, value->set, value->id, error);
  g_auto (GStrv) present = list != NULL ? g_strsplit (list, ",", -1) : NULL;
  const char *changed = value->after.bytes != NULL ? value->after.bytes : value->before.bytes;
  gsize length = strcspn (changed, ":");
  g_autoptr (GString) wanted = g_string_new (element);

  if (list == NULL)
    return FALSE;
  for (char **one = present; *one != NULL; one++)
    if (**one != '\0' && (strncmp (*one, changed, length) != 0 || strcspn (*one, ":") != length))
      g_string_append_printf (wanted, "%s%s", wanted->len > 0 ? "," : "", *one);
  return yl_change_set_elements (change, value->set, value->id, wanted->str, error);
}

static gboolean
restore_field (YlChange *change, const YlHistoryValue *value, const YlValue *old, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (YlRecord) record = yl_store_get_exact (store, value->table, value->id, error);

  if (record == NULL)
    return FALSE;
  yl_record_set_value (record, value->column, old);
  return yl_change_update (change, record, error);
}

gboolean
yl_history_restore (YlStore *store, const YlHistoryValue *value, gboolean before, YlUndo **undo, GError **error)
{
  const YlValue *old = before ? &value->before : &value->after;
  g_autoptr (YlChange) change = NULL;
  g_autofree char *number = NULL;

  if ((value->field == NULL && value->set == NULL) || (before ? value->before_locked : value->after_locked))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s", _ ("this value cannot be read here and so not restored"));
      return FALSE;
    }
  change = yl_change_begin (store, "restore", error);
  if (change == NULL)
    return FALSE;
  number = yl_store_number (store, value->table, value->id);
  yl_change_name (change, value->table);
  yl_change_name (change, number);
  yl_change_name (change, value->column);
  if (!(value->set != NULL ? restore_element (change, value, old->bytes, error)
                           : restore_field (change, value, old, error))
      || !yl_change_commit (change, error))
    return FALSE;
  if (undo != NULL)
    *undo = yl_change_take_undo (change);
  return TRUE;
}
