/* The made-up chain: believable, whole, and the same for the same seed. */
#include "merge/yl-state-hash.h"
#include "transfer/yl-demo.h"
#include "yl-test-company.h"

#include <string.h>

static const YlDemoSize size = { 3, 60, 80, 120 };

static YlTestCompany *
make (guint64 seed)
{
  YlTestCompany *company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;

  yl_demo_fill (company->stores[0], &size, seed, &error);
  g_assert_no_error (error);
  return company;
}

static GPtrArray *
list (YlTestCompany *company, const char *table, const char *condition)
{
  const char *const where[] = { condition, NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *records = yl_store_list (company->stores[0], table, where, 0, &error);

  g_assert_no_error (error);
  return records;
}

static guint
count (YlTestCompany *company, const char *table, const char *condition)
{
  g_autoptr (GPtrArray) records = list (company, table, condition);

  return records->len;
}

static void
test_size (void)
{
  YlTestCompany *company = make (1);
  g_autoptr (GPtrArray) companies = list (company, "company", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count (company, "site", "kind=store"), ==, size.stores);
  g_assert_cmpuint (count (company, "worker", NULL), ==, size.workers);
  g_assert_cmpuint (count (company, "household", NULL), ==, size.households);
  g_assert_cmpuint (count (company, "customer", NULL), ==, size.households);
  g_assert_cmpuint (count (company, "order", NULL), ==, size.orders);
  g_assert_nonnull (strstr (yl_record_get_text (g_ptr_array_index (companies, 0), "name"), "虚构"));
  yl_store_check (company->stores[0], &error);
  g_assert_no_error (error);
  yl_test_company_free (company);
}

/* Some of everything that screens and matching must show, and no promise that clashes with another. */
static void
test_variety (void)
{
  static const char *const states[] = { "state=completed", "state=proposed", "state=matching", "state=cancelled",
                                        "state=stock" };
  YlTestCompany *company = make (2);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_assert_cmpuint (count (company, "order_state", states[i]), >, 0);
  g_assert_cmpuint (count (company, "booking", "state=served"), >, 0);
  g_assert_cmpuint (count (company, "booking", "state=tentative"), >, 0);
  g_assert_cmpuint (count (company, "booking", "state=overruled"), ==, 0);
  g_assert_cmpuint (count (company, "worker", "job_types=cleaning"), >, 0);
  g_assert_cmpuint (count (company, "certificate", NULL), >, 0);
  yl_test_company_free (company);
}

/* What people would see of a table, ids left out. */
static char *
describe (YlTestCompany *company, const char *table, const char *const *columns)
{
  g_autoptr (GPtrArray) records = list (company, table, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    for (guint c = 0; columns[c] != NULL; c++)
      {
        const YlField *field = yl_table_field_lookup (yl_table_find (table), columns[c], NULL);
        g_autofree char *value =
            yl_field_format (field, yl_record_get_value (g_ptr_array_index (records, i), columns[c]));

        g_string_append_printf (text, "%s;", value != NULL ? value : "");
      }
  return g_string_free (text, FALSE);
}

static void
test_deterministic (void)
{
  static const char *const of_worker[] = { "worker_no", "name", "phone", "id_no", "lat", "expected_wage", NULL };
  static const char *const of_order[] = { "order_no", "service_type", "schedule",  "start",
                                          "weekdays", "from_date",    "budget_to", NULL };
  YlTestCompany *a = make (3);
  YlTestCompany *b = make (3);
  YlTestCompany *c = make (4);
  g_autofree char *workers_a = describe (a, "worker", of_worker);
  g_autofree char *workers_b = describe (b, "worker", of_worker);
  g_autofree char *workers_c = describe (c, "worker", of_worker);
  g_autofree char *orders_a = describe (a, "order", of_order);
  g_autofree char *orders_b = describe (b, "order", of_order);

  g_assert_cmpstr (workers_a, ==, workers_b);
  g_assert_cmpstr (workers_a, !=, workers_c);
  g_assert_cmpstr (orders_a, ==, orders_b);
  yl_test_company_free (a);
  yl_test_company_free (b);
  yl_test_company_free (c);
}

static void
test_refused (void)
{
  YlTestCompany *company = yl_test_company_new (2);
  YlTestCompany *filled = make (5);
  g_autoptr (GError) error = NULL;

  g_assert_false (yl_demo_fill (company->stores[1], &size, 1, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (yl_demo_fill (filled->stores[0], &size, 1, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  yl_test_company_free (company);
  yl_test_company_free (filled);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/size", test_size);
  g_test_add_func ("/demo/variety", test_variety);
  g_test_add_func ("/demo/deterministic", test_deterministic);
  g_test_add_func ("/demo/refused", test_refused);
  return g_test_run ();
}
