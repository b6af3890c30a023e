/* What people type, and the stored form it becomes. */
#include "records/yl-codes.h"
#include "yl-test-company.h"

#include <string.h>

static const YlField *
field_of (const char *table, const char *name)
{
  return yl_table_field_lookup (yl_table_find (table), name, NULL);
}

typedef struct
{
  const char *table;
  const char *field;
  const char *typed;
  const char *stored; /* as yl_field_format() gives it; NULL: refused */
} Typed;

static void
test_typed (void)
{
  static const Typed cases[] = {
    { "worker", "name", "　欧阳　　娜娜 ", "欧阳 娜娜" },
    { "worker", "name", "王", NULL },
    { "worker", "name", "一二三四五六七八九十一二三四五六七八九十一", NULL },
    { "worker", "name", "王\n芳", NULL },
    { "worker", "note", "  第一行\r\n第二行\n", "第一行\n第二行" },
    { "worker", "note",
      "a\x01"
      "b",
      NULL },
    { "worker", "phone", "138 0013-8000", "13800138000" },
    { "worker", "phone", "+86 138-0013-8000", "13800138000" },
    { "worker", "phone", "008613800138000", "13800138000" },
    { "worker", "phone", "１３８００１３８０００", "13800138000" },
    { "worker", "phone", "12800138000", NULL },
    { "worker", "phone", "1380013800", NULL },
    { "worker", "phone", "010-65001234", NULL },
    { "worker", "id_no", "11010519491231002x", "11010519491231002X" },
    { "worker", "id_no", "440524 18800101 0014", "440524188001010014" },
    { "worker", "id_no", "110105491231002", "11010519491231002X" },
    { "worker", "id_no", "110105194912310021", NULL },
    { "worker", "sex", "女", "2" },
    { "worker", "sex", "male", "1" },
    { "worker", "sex", "3", NULL },
    { "order", "gender", "9", NULL },
    { "worker", "expected_wage", "880000", "880000" },
    { "worker", "expected_wage", "8800元", "880000" },
    { "worker", "expected_wage", "￥8,800.50", "880050" },
    { "worker", "expected_wage", "-1", NULL },
    { "worker", "expected_wage", "很多", NULL },
    { "worker", "wage_unit", "每26天", "month26" },
    { "worker", "wage_unit", "HOUR", "hour" },
    { "worker", "wage_unit", "week", NULL },
    { "worker", "max_travel", "1:30", "90" },
    { "worker", "lat", "39.9042", "39.9042" },
    { "worker", "lat", "91", NULL },
    { "worker", "health_exam", "2026年12月1日", "2026-12-01" },
    { "worker", "health_exam", "2026/2/30", NULL },
    { "worker", "adult", "是", "true" },
    { "worker", "adult", "maybe", NULL },
    { "worker", "education", "大专", "college" },
    { "worker", "rating", "501", NULL },
    { "order", "start", "2026-12-01 09:00", "2026-12-01T09:00:00+08:00" },
    { "order", "start", "2026-12-01T01:00Z", "2026-12-01T09:00:00+08:00" },
    { "order", "start", "2026-12-01", NULL },
    { "order", "weekdays", "周五，周一、we;周一", "mo,we,fr" },
    { "order", "weekdays", "mo,xx", NULL },
    { "order", "service_type", "月嫂", "maternity" },
    { "order", "service_type", "钟点工", "hourly" },
    { "order", "customer", "not-an-id", NULL },
    { "household", "district", "朝阳", "110105" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const YlField *field = field_of (cases[i].table, cases[i].field);
      g_auto (YlValue) value = YL_VALUE_INIT;
      g_auto (YlValue) again = YL_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      g_autofree char *stored = NULL;

      g_assert_true (yl_field_parse (field, NULL, cases[i].typed, &value, &error) == (cases[i].stored != NULL));
      if (cases[i].stored == NULL)
        {
          g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].field));
          continue;
        }
      stored = yl_field_format (field, &value);
      g_assert_cmpstr (stored, ==, cases[i].stored);
      g_assert_true (yl_field_parse (field, NULL, stored, &again, &error));
      g_assert_true (yl_value_equal (&value, &again));
    }
}

static void
test_blank_is_null (void)
{
  for (const YlField *field = yl_table_find ("worker")->fields; field->name != NULL; field++)
    {
      g_auto (YlValue) value = YL_VALUE_INIT;

      yl_value_set_integer (&value, 1);
      g_assert_true (yl_field_parse (field, NULL, " 　\t", &value, NULL));
      g_assert_cmpint (value.type, ==, YL_VALUE_NULL);
      g_assert_null (yl_field_format (field, &value));
    }
}

/* Anything at all: either refused with a sentence, or stored in a form that reads back as itself. */
static void
test_any_text (void)
{
  static const char *const pieces[] = { "1",    "3",    "86",  "+",   "-",      " ",  "月嫂", "，", ",",
                                        ":",    "2026", "-12", "-01", "T09:00", "元", "¥",    ".",  "５",
                                        "周一", "mo",   "是",  "\t",  "\xff",   "X",  "true", "39" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  const YlTable *const tables[] = { yl_table_find ("worker"), yl_table_find ("order"), yl_table_find ("household") };

  for (int i = 0; i < 40000; i++)
    {
      const YlTable *table = tables[i % G_N_ELEMENTS (tables)];
      const YlField *field = &table->fields[g_rand_int_range (rand, 0, (int) yl_table_n_fields (table))];
      g_autoptr (GString) text = g_string_new (NULL);
      g_auto (YlValue) value = YL_VALUE_INIT;
      g_auto (YlValue) again = YL_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      g_autofree char *formatted = NULL;

      for (int n = g_rand_int_range (rand, 0, 7); n > 0; n--)
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
      if (!yl_field_parse (field, NULL, text->str, &value, &error))
        {
          g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
          g_assert_cmpint (value.type, ==, YL_VALUE_NULL);
          continue;
        }
      formatted = yl_field_format (field, &value);
      if (formatted == NULL)
        continue;
      g_assert_true (yl_field_parse (field, NULL, formatted, &again, &error));
      g_assert_no_error (error);
      g_assert_true (yl_value_equal (&value, &again));
    }
}

static void
test_money (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  const YlField *wage = field_of ("worker", "expected_wage");

  for (int i = 0; i < 5000; i++)
    {
      int fen = g_rand_int_range (rand, 0, 100000000);
      g_autofree char *yuan = g_strdup_printf ("¥%d.%02d", fen / 100, fen % 100);
      g_auto (YlValue) value = YL_VALUE_INIT;

      g_assert_true (yl_field_parse (wage, NULL, yuan, &value, NULL));
      g_assert_cmpint (value.integer, ==, fen);
    }
}

static void
test_sets (void)
{
  const YlSet *skills = yl_table_set (yl_table_find ("worker"), "skills");
  static const struct
  {
    const char *typed;
    const char *canonical; /* NULL: refused */
  } cases[] = {
    { "newborn:2,infant:3", "infant:3,newborn:2" },
    { "育婴：3、母婴：2", "infant:3,newborn:2" },
    { " infant ; newborn:1 ,", "infant,newborn:1" },
    { "infant:1,育婴:2", "infant:2" },
    { "", "" },
    { "infant:4", NULL },
    { "infant:x", NULL },
    { "juggling", NULL },
    { ":3", NULL },
    { "\xff", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) elements = yl_set_parse (skills, NULL, cases[i].typed, &error);
      g_autofree char *list = elements != NULL ? yl_set_format (elements) : NULL;

      g_assert_cmpstr (list, ==, cases[i].canonical);
      if (cases[i].canonical == NULL)
        g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
    }
}

static void
test_reference (void)
{
  YlTestCompany *company = yl_test_company_new (2);
  const YlField *home = field_of ("worker", "home_store");
  g_auto (YlValue) by_code = YL_VALUE_INIT;
  g_auto (YlValue) by_id = YL_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_true (yl_field_parse (home, company->stores[0], "S1", &by_code, &error));
  g_assert_true (yl_field_parse (home, company->stores[0], by_code.bytes, &by_id, &error));
  g_assert_true (yl_value_equal (&by_code, &by_id));
  g_assert_true (yl_field_parse (home, company->stores[0], "示例", &by_id, &error));
  g_assert_false (yl_value_equal (&by_code, &by_id));
  g_assert_false (yl_field_parse (home, company->stores[0], "S9", &by_id, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "home_store"));
  yl_test_company_free (company);
}

/* Every list the catalogue names exists, its codes and labels are all there and lead back to the code. */
static void
check_list (const char *list)
{
  const YlCode *codes = yl_codes (list);

  g_assert_nonnull (codes);
  for (const YlCode *code = codes; code->code != NULL; code++)
    {
      g_assert_true (yl_code_find (list, code->code) == code);
      g_assert_true (yl_code_find (list, code->zh) == code);
      g_assert_nonnull (yl_code_find (list, code->en));
      g_assert_cmpstr (yl_code_label (list, code->code), !=, "");
    }
}

static void
test_catalogue (void)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlField *field = (*table)->fields; field->name != NULL; field++)
      {
        g_assert_true (yl_table_field_lookup (*table, field->name, NULL) == field);
        g_assert_nonnull (field->zh);
        g_assert_nonnull (field->en);
        if (field->kind == YL_KIND_REF)
          g_assert_nonnull (yl_table_find (field->of));
        else if (field->of != NULL)
          check_list (field->of);
        else
          g_assert_false (field->kind == YL_KIND_CODE || field->kind == YL_KIND_CODES);
        if (field->with != NULL)
          g_assert_cmpint (yl_table_field (*table, field->with), >=, 0);
      }
}

static void
test_catalogue_sets (void)
{
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    for (const YlSet *set = (*table)->sets; set != NULL && set->name != NULL; set++)
      {
        const YlTable *elements = yl_table_find (set->table);

        g_assert_nonnull (elements);
        g_assert_true ((elements->flags & YL_TABLE_ELEMENT) != 0);
        g_assert_cmpint (yl_table_field (elements, set->owner), >=, 0);
        g_assert_cmpint (yl_table_field (elements, set->code), >=, 0);
        g_assert_true (set->level == NULL || yl_table_field (elements, set->level) >= 0);
        g_assert_true (set->fixed_column == NULL || yl_table_field (elements, set->fixed_column) >= 0);
      }
}

static void
test_lookup_suggests (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) table_error = NULL;

  g_assert_null (yl_table_field_lookup (yl_table_find ("worker"), "expected_wages", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "expected_wage"));
  g_assert_null (yl_table_lookup ("workers", &table_error));
  g_assert_error (table_error, YL_ERROR, YL_ERROR_INVALID);
  g_assert_nonnull (strstr (table_error->message, "worker"));
  g_assert_null (yl_table_lookup ("worker_skill", NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field/typed", test_typed);
  g_test_add_func ("/field/blank-is-null", test_blank_is_null);
  g_test_add_func ("/field/any-text", test_any_text);
  g_test_add_func ("/field/money", test_money);
  g_test_add_func ("/field/sets", test_sets);
  g_test_add_func ("/field/reference", test_reference);
  g_test_add_func ("/field/catalogue", test_catalogue);
  g_test_add_func ("/field/catalogue-sets", test_catalogue_sets);
  g_test_add_func ("/field/lookup-suggests", test_lookup_suggests);
  return g_test_run ();
}
