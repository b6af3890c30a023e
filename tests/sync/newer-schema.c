/*
 * What a later version of the program might hold: worker gets two columns, and there is a new table. Linked with the
 * commands it makes `yuelaictl-newer`, which shares a chain with the shipped yuelaictl in test-mixed.py.
 */
#include "records/yl-tables.h"
#include "store/yl-catalogue.h"

static const YlField worker_additions[] = {
  { "nickname", YL_KIND_TEXT, YL_OPEN, .max = 20, .zh = "昵称", .en = "Nickname" },
  { "shoe_size", YL_KIND_TEXT, YL_SEALED_IDENTITY, .max = 4, .zh = "鞋码", .en = "Shoe size" },
  { NULL },
};

static const YlField gift_fields[] = {
  { "customer", YL_KIND_REF, YL_OPEN, YL_FIELD_REQUIRED, .of = "customer", .zh = "客户", .en = "Customer" },
  { "item", YL_KIND_TEXT, YL_OPEN, .max = 40, .zh = "礼品", .en = "Item" },
  { "wish", YL_KIND_NOTE, YL_SEALED_NOTES, .max = 200, .zh = "祝语", .en = "Wish" },
  { NULL },
};

static const YlTable gift_table = {
  .name = "gift",
  .right = YL_RIGHT_ANY_SITE,
  .person = "customer",
  .zh = "礼品",
  .en = "Gift",
  .fields = gift_fields,
};

static const YlTable *
shipped (const char *name)
{
  for (const YlTable *const *table = yl_shipped_tables (); *table != NULL; table++)
    if (g_str_equal ((*table)->name, name))
      return *table;
  g_assert_not_reached ();
}

static const YlTable *
newer_worker (void)
{
  static YlTable table;
  static GArray *fields;

  table = *shipped ("worker");
  fields = g_array_new (TRUE, FALSE, sizeof (YlField));
  for (const YlField *field = table.fields; field->name != NULL; field++)
    g_array_append_val (fields, *field);
  for (const YlField *field = worker_additions; field->name != NULL; field++)
    g_array_append_val (fields, *field);
  table.fields = (const YlField *) fields->data;
  return &table;
}

static void extend (void) __attribute__ ((constructor));

static void
extend (void)
{
  static const YlTable *tables[3];
  static const YlCatalogueExtension extension = {
    tables,
    "ALTER TABLE worker ADD COLUMN nickname TEXT;"
    "ALTER TABLE worker ADD COLUMN shoe_size BLOB;"
    "CREATE TABLE gift (id TEXT NOT NULL PRIMARY KEY, customer TEXT, item TEXT, wish BLOB) STRICT, WITHOUT ROWID;",
  };

  tables[0] = newer_worker ();
  tables[1] = &gift_table;
  yl_catalogue_extend (&extension);
}
