/* A catalogue with a table more: through the doors like any other, merged, checked, rebuilt. */
#include "records/yl-tables.h"
#include "store/yl-catalogue.h"
#include "store/yl-migration.h"
#include "merge/yl-state-hash.h"
#include "yl-test-company.h"

static const YlField parcel_fields[] = {
  { "label", YL_KIND_TEXT, .max = 20, .zh = "标签", .en = "Label" },
  { "weight", YL_KIND_INTEGER, .max = 1000, .zh = "重量", .en = "Weight" },
  { NULL },
};

static const YlTable parcel_table = { .name = "parcel",
                                      .right = YL_RIGHT_ANY_SITE,
                                      .zh = "包裹",
                                      .en = "Parcel",
                                      .fields = parcel_fields };

static const YlTable *const tables[] = { &parcel_table, NULL };
static const YlCatalogueExtension extension = {
  tables, "CREATE TABLE parcel (id TEXT NOT NULL PRIMARY KEY, label TEXT, weight INTEGER) STRICT"
};

static void
write_parcel (YlStore *store, char **id, gint64 weight)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "parcel", &error);
  g_autoptr (YlRecord) parcel =
      *id != NULL ? yl_store_get (store, "parcel", *id, &error) : yl_record_new (yl_table_find ("parcel"), NULL);

  g_assert_no_error (error);
  yl_record_set_text (parcel, "label", "A");
  yl_record_set_integer (parcel, "weight", weight);
  g_assert_true (*id != NULL ? yl_change_update (change, parcel, &error) : yl_change_insert (change, parcel, &error));
  g_assert_true (yl_change_commit (change, &error));
  if (*id == NULL)
    *id = g_strdup (yl_record_get_id (parcel));
}

static void
test_travels (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autofree char *id = NULL;
  g_autoptr (YlRecord) there = NULL;

  write_parcel (company->stores[1], &id, 5);
  write_parcel (company->stores[1], &id, 7);
  yl_test_carry_all (company);
  there = yl_store_get (company->stores[0], "parcel", id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (yl_record_get_integer (there, "weight", 0), ==, 7);
  g_assert_true (yl_store_check (company->stores[0], &error) && yl_store_rebuild (company->stores[0], &error));
}

static void
test_place (void)
{
  guint n_shipped = 0, n = 0;

  for (const YlTable *const *table = yl_shipped_tables (); *table != NULL; table++)
    n_shipped++;
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    n++;
  g_assert_cmpuint (n, ==, n_shipped + 1);
  g_assert_true (yl_table_find ("parcel") == &parcel_table);
  g_assert_cmpint (yl_table_field (&parcel_table, "weight"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  yl_catalogue_extend (&extension);
  g_test_add_func ("/catalogue-extend/place", test_place);
  g_test_add_func ("/catalogue-extend/travels", test_travels);
  return g_test_run ();
}
