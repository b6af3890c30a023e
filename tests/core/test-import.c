/* Reading CSV files, and taking them in through the door. */
#include "merge/yl-state-hash.h"
#include "transfer/yl-csv.h"
#include "transfer/yl-import.h"
#include "yl-test-company.h"

#include <string.h>

typedef struct
{
  YlTestCompany *company;
  YlStore *store;
  char *file;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->company = yl_test_company_new (1);
  fixture->store = fixture->company->stores[0];
  fixture->file = g_build_filename (fixture->company->dir, "in.csv", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  yl_test_company_free (fixture->company);
  g_free (fixture->file);
}

static void
write_bytes (Fixture *fixture, const char *bytes, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->file, bytes, length, &error);
  g_assert_no_error (error);
}

/* All rows, cells joined by `|`, rows by `/`; the sentence of the error where there is one. */
static char *
read_csv (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCsv) csv = yl_csv_open (fixture->file, &error);
  g_autoptr (GString) all = g_string_new (NULL);

  while (csv != NULL)
    {
      g_auto (GStrv) cells = yl_csv_next (csv, &error);
      g_autofree char *joined = cells != NULL ? g_strjoinv ("|", cells) : NULL;

      if (joined == NULL)
        break;
      g_string_append_printf (all, "%s%u:%s", all->len > 0 ? "/" : "", yl_csv_line (csv), joined);
    }
  if (error != NULL)
    {
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
      return g_strdup ("refused");
    }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
test_csv (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *bytes;
    gssize length;
    const char *rows;
  } cases[] = {
    { "a,b\nc,d\n", -1, "1:a|b/2:c|d" },
    { "a,b\r\nc,d", -1, "1:a|b/2:c|d" },
    { "a,b\rc,d\r", -1, "1:a|b/2:c|d" },
    { "\xef\xbb\xbf"
      "姓名,\"王,芳\"",
      -1, "1:姓名|王,芳" },
    { "\"a\"\"b\",\"\"\n", -1, "1:a\"b|" },
    { "\"a\nb\"\nc\n", -1, "1:a\nb/3:c" },
    { "a,,\n,\n\n , \nb\n", -1, "1:a||/4: | /5:b" },
    { "\xd0\xd5\xc3\xfb,\xcd\xf5\xb7\xbc\n", -1, "1:姓名|王芳" },
    { "", -1, "" },
    { "a,\"b", -1, "refused" },
    { "a,\"b\"c\n", -1, "refused" },
    { "a,b\"c\"\n", -1, "refused" },
    { "a\0b\n", 4, "refused" },
    { "\xff\xfe"
      "a\0",
      4, "refused" },
    { "\xef\xbb\xbf"
      "\xd0\xd5",
      -1, "refused" },
    { "\x81\xff\n", -1, "refused" },
    { "abc,\xe5\xa7", -1, "1:abc|濮" },
    { "姓名,\xe5\xa7", -1, "refused" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows = NULL;

      write_bytes (fixture, cases[i].bytes, cases[i].length);
      rows = read_csv (fixture);
      g_assert_cmpstr (rows, ==, cases[i].rows);
    }
}

/* Any cells survive being written by the rules and read again, however they fall on the reader's chunks. */
static void
test_csv_round_trip (Fixture *fixture, gconstpointer data)
{
  static const char *const pieces[] = { "a", "\"", ",", "\n", "\r\n", "王", "　", "1" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GString) file = g_string_new (NULL);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCsv) csv = NULL;

  for (int row = 0; row < 20000; row++)
    {
      GString *cell = g_string_new (NULL);
      g_auto (GStrv) parts = NULL;
      g_autofree char *doubled = NULL;

      for (int n = g_rand_int_range (rand, 0, 12); n > 0; n--)
        g_string_append (cell, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
      parts = g_strsplit (cell->str, "\"", -1);
      doubled = g_strjoinv ("\"\"", parts);
      g_string_append_printf (file, "%d,\"%s\"\n", row, doubled);
      g_ptr_array_add (cells, g_string_free (cell, FALSE));
    }
  write_bytes (fixture, file->str, (gssize) file->len);
  csv = yl_csv_open (fixture->file, &error);
  g_assert_no_error (error);
  for (guint row = 0; row < cells->len; row++)
    {
      g_auto (GStrv) read = yl_csv_next (csv, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (read), ==, 2);
      g_assert_cmpstr (read[1], ==, g_ptr_array_index (cells, row));
    }
  g_assert_null (yl_csv_next (csv, &error));
}

static void
test_csv_caps (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_cell = g_strnfill (YL_CSV_MAX_CELL_BYTES + 1, 'a');
  g_autofree char *many_cells = g_strnfill (YL_CSV_MAX_CELLS + 1, ',');
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;

  write_bytes (fixture, long_cell, -1);
  first = read_csv (fixture);
  g_assert_cmpstr (first, ==, "refused");
  write_bytes (fixture, many_cells, -1);
  second = read_csv (fixture);
  g_assert_cmpstr (second, ==, "refused");
  g_assert_null (yl_csv_open ("/no/such/file.csv", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

static YlImportResult *
import (Fixture *fixture, const char *table, const char *text, gboolean dry_run)
{
  const YlImportRequest request = { .table = table, .file = fixture->file, .dry_run = dry_run };
  g_autoptr (GError) error = NULL;
  YlImportResult *result;

  write_bytes (fixture, text, -1);
  result = yl_import_run (fixture->store, &request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->rows, ==, result->inserted + result->updated + result->unchanged + result->refusals->len);
  return result;
}

#define assert_result(result, n_inserted, n_updated, n_unchanged, n_refused) \
  G_STMT_START                                                               \
  {                                                                          \
    g_assert_cmpuint ((result)->inserted, ==, (n_inserted));                 \
    g_assert_cmpuint ((result)->updated, ==, (n_updated));                   \
    g_assert_cmpuint ((result)->unchanged, ==, (n_unchanged));               \
    g_assert_cmpuint ((result)->refusals->len, ==, (n_refused));             \
  }                                                                          \
  G_STMT_END

static void
assert_refusal (const YlImportResult *result, guint i, guint line, const char *field, const char *word)
{
  const YlImportRefusal *refusal = g_ptr_array_index (result->refusals, i);

  g_assert_cmpuint (refusal->line, ==, line);
  g_assert_cmpstr (refusal->field, ==, field);
  g_assert_nonnull (strstr (refusal->sentence, word));
}

static YlRecord *
find_one (Fixture *fixture, const char *table, const char *condition)
{
  const char *const where[] = { condition, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = yl_store_list (fixture->store, table, where, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  return yl_record_copy (g_ptr_array_index (found, 0));
}

#define WORKERS                                                                                                \
  "姓名*,手机号,身份证号,工种,技能,期望薪资,薪资单位,备注\r\n"                          \
  "王芳,138 0013 8000,410922198501020027,月嫂、育儿嫂,育婴：3，母婴：2,¥8800,每26天,好\r\n" \
  "李秀英,13900139000,,保洁,,45元,每小时,\"两行\r\n备注\"\r\n"

static void
test_workers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) first = import (fixture, "worker", WORKERS, FALSE);
  g_autoptr (YlImportResult) second = NULL;
  g_autofree char *hash = yl_state_hash (fixture->store, NULL);
  g_autofree char *hash_again = NULL;
  g_autoptr (YlRecord) worker = find_one (fixture, "worker", "phone=13800138000");
  g_autofree char *skills = yl_store_get_set (fixture->store, yl_table_set (yl_table_find ("worker"), "skills"),
                                              yl_record_get_id (worker), NULL);
  g_autofree char *jobs = yl_store_get_set (fixture->store, yl_table_set (yl_table_find ("worker"), "job_types"),
                                            yl_record_get_id (worker), NULL);

  assert_result (first, 2, 0, 0, 0);
  g_assert_cmpstr (skills, ==, "infant:3,newborn:2");
  g_assert_cmpstr (jobs, ==, "childcare_live_in,maternity");
  g_assert_cmpint (yl_record_get_integer (worker, "expected_wage", 0), ==, 880000);
  g_assert_cmpstr (yl_record_get_text (worker, "birth_date"), ==, "1985-01-02");
  second = import (fixture, "worker", WORKERS, FALSE);
  assert_result (second, 0, 0, 2, 0);
  hash_again = yl_state_hash (fixture->store, NULL);
  g_assert_cmpstr (hash, ==, hash_again);
}

static void
test_update_and_blank (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) first = import (fixture, "worker", WORKERS, FALSE);
  g_autoptr (YlImportResult) changed = import (fixture, "worker",
                                               "name,phone,note,skills,id_no\n"
                                               "王芳,13800138000,,,\n"
                                               "李秀英,13900139000,新备注,twins:1,\n"
                                               "王芳芳,,,,410922198501020027\n",
                                               FALSE);
  g_autoptr (YlRecord) renamed = find_one (fixture, "worker", "phone=13800138000");
  g_autoptr (YlRecord) noted = find_one (fixture, "worker", "phone=13900139000");
  g_autofree char *skills = yl_store_get_set (fixture->store, yl_table_set (yl_table_find ("worker"), "skills"),
                                              yl_record_get_id (renamed), NULL);

  assert_result (first, 2, 0, 0, 0);
  assert_result (changed, 0, 2, 1, 0);
  g_assert_cmpstr (yl_record_get_text (renamed, "name"), ==, "王芳芳");
  g_assert_cmpstr (yl_record_get_text (renamed, "note"), ==, "好");
  g_assert_cmpstr (skills, ==, "infant:3,newborn:2");
  g_assert_cmpstr (yl_record_get_text (noted, "note"), ==, "新备注");
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) result = import (fixture, "worker",
                                              "name,phone,expected_wage,wage_unit,\n"
                                              "王芳,12345,,,\n"
                                              "李丽,13800138001,880000,,\n"
                                              "张敏,13800138002\n"
                                              "刘静,13800138003,,,\n"
                                              "陈红,,,,\n"
                                              "杨梅,13800138004,,,x\n",
                                              FALSE);
  g_autoptr (YlRecord) good = find_one (fixture, "worker", "accept_state=accepting");

  assert_result (result, 1, 0, 0, 5);
  assert_refusal (result, 0, 2, "phone", "12345");
  assert_refusal (result, 1, 3, NULL, "wage_unit");
  assert_refusal (result, 2, 4, NULL, "2");
  assert_refusal (result, 3, 6, NULL, "worker_no");
  assert_refusal (result, 4, 7, "", "name");
  g_assert_cmpstr (yl_record_get_text (good, "phone"), ==, "13800138003");
}

static void
test_keys_disagree (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) first = import (fixture, "worker", WORKERS, FALSE);
  g_autoptr (YlImportResult) mixed =
      import (fixture, "worker", "name,phone,id_no\n王芳,13900139000,410922198501020027\n", FALSE);

  assert_result (mixed, 0, 0, 0, 1);
  assert_refusal (mixed, 0, 2, NULL, "id_no");
}

static void
test_shared_phone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) first = import (fixture, "worker", WORKERS, FALSE);
  g_autoptr (YlImportResult) second = import (fixture, "worker",
                                              "worker_no,name,phone,id_no\n"
                                              ",赵敏,13800138000,\n"
                                              ",王芳,13800138000,410922198601020016\n"
                                              ",王芳,13800138000,\n"
                                              "HQA0001,王芳芳,13800138000,\n",
                                              FALSE);

  assert_result (first, 2, 0, 0, 0);
  assert_result (second, 0, 1, 1, 2);
  assert_refusal (second, 0, 2, NULL, "HQA0001");
  assert_refusal (second, 1, 3, NULL, "id_no");
}

#define CUSTOMERS                                                           \
  "客户姓名,电话,区,小区,地址,纬度,经度,禁忌\n"            \
  "李先生,13900139001,朝阳,望京西园,1号楼,39.99,116.47,清真\n" \
  "王女士,13900139002,,,,,,\n"                                           \
  "赵先生,13900139003,朝阳,望京西园,2号楼,39.99,,\n"

static void
test_customers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) first = import (fixture, "customer", CUSTOMERS, FALSE);
  g_autoptr (YlImportResult) second = import (fixture, "customer", CUSTOMERS, FALSE);
  g_autoptr (YlImportResult) moved =
      import (fixture, "customer", "电话,地址,姓名\n13900139001,9号楼,李先生\n13900139002,3号楼,王女士\n", FALSE);
  g_autoptr (YlRecord) customer = find_one (fixture, "customer", "phone=13900139001");
  g_autoptr (YlRecord) household =
      yl_store_get (fixture->store, "household", yl_record_get_text (customer, "household"), NULL);
  g_autofree char *taboos = yl_store_get_set (fixture->store, yl_table_set (yl_table_find ("household"), "taboos"),
                                              yl_record_get_id (household), NULL);
  g_autoptr (GPtrArray) households = yl_store_list (fixture->store, "household", NULL, 0, NULL);

  assert_result (first, 2, 0, 0, 1);
  assert_result (second, 0, 0, 2, 1);
  assert_result (moved, 0, 2, 0, 0);
  g_assert_cmpstr (yl_record_get_text (household, "community"), ==, "望京西园");
  g_assert_cmpstr (yl_record_get_text (household, "address"), ==, "9号楼");
  g_assert_cmpstr (taboos, ==, "pork");
  g_assert_cmpuint (households->len, ==, 2);
}

/* A customer who is refused leaves no household behind. */
static void
test_customer_refused_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) result = import (fixture, "customer", "customer_no,地址,姓名\nK1,9号楼,李先生\n", FALSE);
  g_autoptr (GPtrArray) households = yl_store_list (fixture->store, "household", NULL, 0, NULL);

  assert_result (result, 0, 0, 0, 1);
  assert_refusal (result, 0, 2, NULL, "WeChat");
  g_assert_cmpuint (households->len, ==, 0);
}

#define ORDERS                                                                          \
  "客户电话,服务类型,开始时间,时长,预算到,预算单位,必备技能\n" \
  "13900139001,保洁,2026-12-05 09:00,3小时,60元,每小时,深度保洁\n"          \
  "13900139009,保洁,2026-12-05 09:00,3小时,,,\n"                                    \
  ",保洁,2026-12-05 09:00,3小时,,,\n"

static void
test_orders (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) customers = import (fixture, "customer", CUSTOMERS, FALSE);
  g_autoptr (YlImportResult) first = import (fixture, "order", ORDERS, FALSE);
  g_autoptr (YlImportResult) second = import (fixture, "order", ORDERS, FALSE);
  g_autoptr (YlRecord) order = find_one (fixture, "order", "service_type=cleaning");
  g_autofree char *number =
      g_strdup_printf ("order_no,note\n%s,加一位\nX1,新的\n", yl_record_get_text (order, "order_no"));
  g_autoptr (YlImportResult) by_number = import (fixture, "order", number, FALSE);

  assert_result (first, 1, 0, 0, 2);
  assert_refusal (first, 0, 3, "客户电话", "13900139009");
  assert_refusal (first, 1, 4, NULL, "order_no");
  assert_result (second, 0, 0, 1, 2);
  g_assert_cmpint (yl_record_get_integer (order, "minutes", 0), ==, 180);
  g_assert_cmpstr (yl_record_get_text (order, "district"), ==, "110105");
  assert_result (by_number, 0, 1, 0, 1);
}

static void
test_facts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (YlImportResult) workers = import (fixture, "worker", "worker_no,name\nA0001,王芳\n", FALSE);
  const char *const leave = "worker,start,end,state\nA0001,2026-12-05 00:00,2026-12-08 00:00,请假\n";
  g_autoptr (YlImportResult) first = import (fixture, "availability", leave, FALSE);
  g_autoptr (YlImportResult) second = import (fixture, "availability", leave, FALSE);

  assert_result (workers, 1, 0, 0, 0);
  assert_result (first, 1, 0, 0, 0);
  assert_result (second, 0, 0, 1, 0);
}

static void
test_dry_run (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = yl_state_hash (fixture->store, NULL);
  g_autoptr (YlImportResult) result =
      import (fixture, "worker", "name,phone,note\n王芳,13800138000,\n王芳,13800138000,好\n张敏,1,\n", TRUE);
  g_autofree char *after = yl_state_hash (fixture->store, NULL);
  g_autoptr (GPtrArray) workers = yl_store_list (fixture->store, "worker", NULL, 0, NULL);

  assert_result (result, 1, 1, 0, 1);
  g_assert_cmpuint (workers->len, ==, 0);
  g_assert_cmpstr (before, ==, after);
}

typedef struct
{
  guint calls;
  guint last;
  guint total;
  GCancellable *cancel_at_100;
} Progress;

static void
note_progress (guint done, guint total, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpuint (done, >=, progress->last);
  progress->calls++;
  progress->last = done;
  progress->total = total;
  if (progress->cancel_at_100 != NULL && done >= 100)
    g_cancellable_cancel (progress->cancel_at_100);
}

static void
write_many (Fixture *fixture, guint n)
{
  g_autoptr (GString) text = g_string_new ("name,phone,job_types,skills,languages\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "王芳,138%08u,cleaning,\"ironing:1,organising:2,pets\",mandarin\n", i);
  write_bytes (fixture, text->str, (gssize) text->len);
}

static void
test_progress_and_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Progress progress = { .cancel_at_100 = cancellable };
  YlImportRequest request = {
    .table = "worker", .file = fixture->file, .progress = note_progress, .progress_data = &progress
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (YlImportResult) cancelled = NULL;
  g_autoptr (YlImportResult) finished = NULL;
  g_autoptr (GPtrArray) workers = NULL;

  write_many (fixture, 1000);
  request.cancellable = cancellable;
  cancelled = yl_import_run (fixture->store, &request, &error);
  g_assert_no_error (error);
  g_assert_true (cancelled->cancelled);
  workers = yl_store_list (fixture->store, "worker", NULL, 0, NULL);
  g_assert_cmpuint (workers->len, ==, cancelled->inserted);
  g_assert_cmpuint (cancelled->inserted, ==, 100);
  progress = (Progress){ 0 };
  request.cancellable = NULL;
  finished = yl_import_run (fixture->store, &request, &error);
  g_assert_no_error (error);
  assert_result (finished, 900, 0, 100, 0);
  g_assert_cmpuint (progress.last, ==, 1000);
  g_assert_cmpuint (progress.total, ==, 1000);
  g_assert_cmpuint (progress.calls, >, 10);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *table;
    const char *text;
    const char *word;
  } cases[] = {
    { "workers", "name\n王芳\n", "worker" },
    { "claim", "order\nX\n", "claim" },
    { "site", "code\nX\n", "site" },
    { "worker", "", "first row" },
    { "worker", "name,phones\n王芳,13800138000\n", "phone" },
    { "worker", "name,姓名\n王芳,王芳\n", "姓名" },
    { "worker", ",,\n", "first row" },
    { "worker", "name,phone\n王芳,13800138000\n李丽,\"138", "line 3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const YlImportRequest request = { .table = cases[i].table, .file = fixture->file };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) workers = NULL;

      write_bytes (fixture, cases[i].text, -1);
      g_assert_null (yl_import_run (fixture->store, &request, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].word));
      workers = yl_store_list (fixture->store, "worker", NULL, 0, NULL);
      g_assert_cmpuint (workers->len, ==, 0);
    }
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("/csv/rows", test_csv);
  ADD ("/csv/round-trip", test_csv_round_trip);
  ADD ("/csv/caps", test_csv_caps);
  ADD ("/import/workers", test_workers);
  ADD ("/import/update-and-blank", test_update_and_blank);
  ADD ("/import/refusals", test_refusals);
  ADD ("/import/keys-disagree", test_keys_disagree);
  ADD ("/import/shared-phone", test_shared_phone);
  ADD ("/import/customers", test_customers);
  ADD ("/import/customer-refused-whole", test_customer_refused_whole);
  ADD ("/import/orders", test_orders);
  ADD ("/import/facts", test_facts);
  ADD ("/import/dry-run", test_dry_run);
  ADD ("/import/progress-and-cancel", test_progress_and_cancel);
  ADD ("/import/bad-files", test_bad_files);
  return g_test_run ();
}
