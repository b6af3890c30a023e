#include "yl-table.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "base/yl-text.h"

#include <string.h>

/* How far a mistyped name may be from the one suggested: a short one only by a letter. */
#define NEAR_DISTANCE(name) (strlen (name) < 5 ? 1 : 2)

/* The catalogue never changes: tables and fields are found by hash, made once. */

typedef struct
{
  guint n_fields;
  GHashTable *fields; /* name -> index + 1 */
} TableIndex;

typedef struct
{
  GHashTable *by_name; /* name -> YlTable */
  GHashTable *indexes; /* YlTable -> TableIndex */
} Catalogue;

static TableIndex *
index_table (const YlTable *table)
{
  TableIndex *index = g_new0 (TableIndex, 1);

  index->fields = g_hash_table_new (g_str_hash, g_str_equal);
  for (; table->fields[index->n_fields].name != NULL; index->n_fields++)
    g_hash_table_insert (index->fields, (gpointer) table->fields[index->n_fields].name,
                         GUINT_TO_POINTER (index->n_fields + 1));
  return index;
}

static const Catalogue *
catalogue (void)
{
  static gsize ready = 0;
  static Catalogue all;

  if (g_once_init_enter (&ready))
    {
      all.by_name = g_hash_table_new (g_str_hash, g_str_equal);
      all.indexes = g_hash_table_new (g_direct_hash, g_direct_equal);
      for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
        {
          g_hash_table_insert (all.by_name, (gpointer) (*table)->name, (gpointer) *table);
          g_hash_table_insert (all.indexes, (gpointer) *table, index_table (*table));
        }
      g_once_init_leave (&ready, 1);
    }
  return &all;
}

const YlTable *
yl_table_find (const char *name)
{
  return g_hash_table_lookup (catalogue ()->by_name, name);
}

const YlTable *
yl_table_lookup (const char *name, GError **error)
{
  const YlTable *found = yl_table_find (name);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *excerpt = NULL;

  if (found != NULL && (found->flags & YL_TABLE_ELEMENT) == 0)
    return found;
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    if (((*table)->flags & YL_TABLE_ELEMENT) == 0)
      g_string_append_printf (names, names->len > 0 ? ", %s" : "%s", (*table)->name);
  excerpt = yl_text_excerpt (name);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("There is no table “%s”; there are %s"), excerpt, names->str);
  return NULL;
}

int
yl_table_field (const YlTable *table, const char *name)
{
  const TableIndex *index = g_hash_table_lookup (catalogue ()->indexes, table);

  return GPOINTER_TO_INT (g_hash_table_lookup (index->fields, name)) - 1;
}

guint
yl_table_n_fields (const YlTable *table)
{
  const TableIndex *index = g_hash_table_lookup (catalogue ()->indexes, table);

  return index->n_fields;
}

static gboolean
is_called (const char *text, const char *name, const char *zh, const char *en)
{
  return strcmp (text, name) == 0 || strcmp (text, zh) == 0 || g_ascii_strcasecmp (text, en) == 0;
}

const YlSet *
yl_table_set (const YlTable *table, const char *name)
{
  for (const YlSet *set = table->sets; set != NULL && set->name != NULL; set++)
    if (is_called (name, set->name, set->zh, set->en))
      return set;
  return NULL;
}

static void
append_if_near (GString *names, const char *typed, const char *name)
{
  if (yl_text_distance (typed, name) <= NEAR_DISTANCE (typed) || g_str_has_prefix (name, typed)
      || (strlen (typed) >= 4 && strstr (name, typed) != NULL))
    g_string_append_printf (names, names->len > 0 ? ", %s" : "%s", name);
}

const YlField *
yl_table_field_lookup (const YlTable *table, const char *name, GError **error)
{
  g_autoptr (GString) near = g_string_new (NULL);
  g_autofree char *excerpt = NULL;

  for (const YlField *field = table->fields; field->name != NULL; field++)
    if (is_called (name, field->name, field->zh, field->en))
      return field;
  for (const YlField *field = table->fields; field->name != NULL; field++)
    append_if_near (near, name, field->name);
  for (const YlSet *set = table->sets; set != NULL && set->name != NULL; set++)
    append_if_near (near, name, set->name);
  excerpt = yl_text_excerpt (name);
  if (near->len > 0)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Table %s has no field “%s”; did you mean %s?"), table->name,
                 excerpt, near->str);
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Table %s has no field “%s”"), table->name, excerpt);
  return NULL;
}

const char *
yl_field_register (const YlField *field)
{
  return field->with != NULL ? field->with : field->name;
}
