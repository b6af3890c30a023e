#include "yl-catalogue.h"

#include <string.h>

#include "records/yl-tables.h"

#define MAX_EXTENSIONS 8

typedef struct
{
  const YlTable **tables; /* NULL-terminated */
  GHashTable *by_name;    /* name -> YlTable */
  GHashTable *indexes;    /* YlTable -> YlTableIndex */
} Catalogue;

static const YlCatalogueExtension *extensions[MAX_EXTENSIONS];
static guint n_extensions;
static gsize ready; /* the catalogue is made */

void
yl_catalogue_extend (const YlCatalogueExtension *extension)
{
  g_return_if_fail (ready == 0 && n_extensions < MAX_EXTENSIONS);

  extensions[n_extensions++] = extension;
}

guint
yl_catalogue_n_extensions (void)
{
  return n_extensions;
}

const char *
yl_catalogue_extension_sql (guint i)
{
  return extensions[i]->sql;
}

static int
compare_fields (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const YlField *const *) a)->name, (*(const YlField *const *) b)->name);
}

static void
make_sql (const YlTable *table, YlTableIndex *index)
{
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) marks = g_string_new ("?");

  for (guint i = 0; i < index->n_fields; i++)
    {
      g_string_append_printf (columns, "%s[%s]", i > 0 ? ", " : "", table->fields[i].name);
      g_string_append (marks, ", ?");
    }
  index->select = g_strdup_printf ("SELECT %s FROM [%s] WHERE id = ?", columns->str, table->name);
  index->upsert =
      g_strdup_printf ("INSERT OR REPLACE INTO [%s] (id, %s) VALUES (%s)", table->name, columns->str, marks->str);
  index->remove = g_strdup_printf ("DELETE FROM [%s] WHERE id = ?", table->name);
  index->exists = g_strdup_printf ("SELECT 1 FROM [%s] WHERE id = ?", table->name);
}

static YlTableIndex *
index_table (const YlTable *table)
{
  YlTableIndex *index = g_new0 (YlTableIndex, 1);

  index->fields = g_hash_table_new (g_str_hash, g_str_equal);
  for (; table->fields[index->n_fields].name != NULL; index->n_fields++)
    g_hash_table_insert (index->fields, (gpointer) table->fields[index->n_fields].name,
                         GUINT_TO_POINTER (index->n_fields + 1));
  index->registers = g_new (guint, index->n_fields);
  for (guint i = 0; i < index->n_fields; i++)
    index->registers[i] =
        GPOINTER_TO_UINT (g_hash_table_lookup (index->fields, yl_field_register (&table->fields[i]))) - 1;
  index->sorted = g_new (const YlField *, index->n_fields);
  for (guint i = 0; i < index->n_fields; i++)
    index->sorted[i] = &table->fields[i];
  qsort (index->sorted, index->n_fields, sizeof (gpointer), compare_fields);
  make_sql (table, index);
  return index;
}

/* A newer form takes the place of the older one. */
static void
put_table (GPtrArray *tables, const YlTable *table)
{
  for (guint i = 0; i < tables->len; i++)
    if (g_str_equal (((const YlTable *) tables->pdata[i])->name, table->name))
      {
        tables->pdata[i] = (gpointer) table;
        return;
      }
  g_ptr_array_add (tables, (gpointer) table);
}

static const YlTable **
list_tables (void)
{
  GPtrArray *tables = g_ptr_array_new ();

  for (const YlTable *const *table = yl_shipped_tables (); *table != NULL; table++)
    put_table (tables, *table);
  for (guint i = 0; i < n_extensions; i++)
    for (const YlTable *const *table = extensions[i]->tables; *table != NULL; table++)
      put_table (tables, *table);
  g_ptr_array_add (tables, NULL);
  return (const YlTable **) g_ptr_array_free (tables, FALSE);
}

static const Catalogue *
catalogue (void)
{
  static Catalogue all;

  if (g_once_init_enter (&ready))
    {
      all.tables = list_tables ();
      all.by_name = g_hash_table_new (g_str_hash, g_str_equal);
      all.indexes = g_hash_table_new (g_direct_hash, g_direct_equal);
      for (const YlTable **table = all.tables; *table != NULL; table++)
        {
          g_hash_table_insert (all.by_name, (gpointer) (*table)->name, (gpointer) *table);
          g_hash_table_insert (all.indexes, (gpointer) *table, index_table (*table));
        }
      g_once_init_leave (&ready, 1);
    }
  return &all;
}

const YlTable *const *
yl_tables (void)
{
  return catalogue ()->tables;
}

const YlTable *
yl_table_find (const char *name)
{
  return g_hash_table_lookup (catalogue ()->by_name, name);
}

const YlTableIndex *
yl_table_index (const YlTable *table)
{
  return g_hash_table_lookup (catalogue ()->indexes, table);
}

int
yl_table_field (const YlTable *table, const char *name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (yl_table_index (table)->fields, name)) - 1;
}

guint
yl_table_n_fields (const YlTable *table)
{
  return yl_table_index (table)->n_fields;
}
