/* The store file and the local door: what is written, what is refused, and that a refusal leaves nothing behind. */
#include <glib/gstdio.h>
#include <string.h>

#include "records/yl-booking.h"
#include "trust/yl-company.h"
#include "merge/yl-conflict.h"
#include "store/yl-migration.h"
#include "seal/yl-plain.h"
#include "merge/yl-state-hash.h"
#include "store/yl-store-private.h"
#include "yl-test-company.h"

#define assert_works(call)     \
  G_STMT_START                 \
  {                            \
    gboolean works = (call);   \
    g_assert_no_error (error); \
    g_assert_true (works);     \
  }                            \
  G_STMT_END

static char *
add_worker (YlStore *store, const char *name, const char *phone, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  if (change == NULL)
    return NULL;
  yl_record_set_text (worker, "name", name);
  yl_record_set_text (worker, "phone", phone);
  if (!yl_change_insert (change, worker, error) || !yl_change_commit (change, error))
    return NULL;
  return g_strdup (yl_record_get_id (worker));
}

static gboolean
set_text (YlStore *store, const char *id, const char *column, const char *text, GError **error)
{
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, error);
  g_autoptr (YlChange) change = worker != NULL ? yl_change_begin (store, "edit worker", error) : NULL;

  if (change == NULL)
    return FALSE;
  yl_record_set_text (worker, column, text);
  return yl_change_update (change, worker, error) && yl_change_commit (change, error);
}

static void
test_sealed_on_disk (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strdup (yl_store_get_file (company->stores[0]));
  g_autofree char *wal = g_strconcat (file, "-wal", NULL);
  g_autofree char *id = add_worker (company->stores[0], "欧阳秀英", "13900139001", &error);
  const char *files[] = { file, wal };

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (files[i], &bytes, &length, NULL));
      g_assert_null (memmem (bytes, length, "欧阳秀英", strlen ("欧阳秀英")));
      g_assert_null (memmem (bytes, length, "13900139001", 11));
      g_assert_null (memmem (bytes, length, "ou yang", 7));
    }
}

static void
test_unique (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *first = add_worker (company->stores[0], "王秀英", "13900139001", &error);

  g_assert_no_error (error);
  before = yl_state_hash (company->stores[0], &error);
  g_assert_null (add_worker (company->stores[0], "李桂花", "13900139001", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  after = yl_state_hash (company->stores[0], NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_stale_form (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *id = add_worker (store, "王秀英", "13900139001", &error);
  g_autoptr (YlRecord) form = yl_store_get (store, "worker", id, &error);
  g_autoptr (YlChange) change = NULL;

  assert_works (set_text (store, id, "note", "会开车", &error));
  change = yl_change_begin (store, "edit worker", &error);
  g_assert_false (yl_change_expect (change, form, "note", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_STALE);
  g_assert_nonnull (strstr (error->message, "会开车"));
  g_clear_error (&error);
  assert_works (yl_change_expect (change, form, "name", &error));
}

static void
test_fixed_and_derived (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *id = add_worker (store, "王秀英", NULL, &error);
  g_autoptr (YlRecord) booking = yl_record_new (yl_table_find ("booking"), NULL);
  g_autoptr (YlChange) change = NULL;

  g_assert_no_error (error);
  g_assert_false (set_text (store, id, "site", yl_store_get_site (company->stores[0]), &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  change = yl_change_begin (store, "add booking", &error);
  g_assert_false (yl_change_insert (change, booking, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_store_cannot_act_as_head_office (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlNewSite site = { "XX", "新店", 0, 0 };
  g_autoptr (YlRecord) staff = yl_record_new (yl_table_find ("staff"), NULL);
  g_autoptr (YlChange) change = NULL;

  g_assert_null (yl_company_add_site (company->stores[1], &site, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  change = yl_change_begin (company->stores[1], "add staff", &error);
  g_assert_no_error (error);
  yl_record_set_text (staff, "code", "EVIL");
  yl_record_set_text (staff, "site", yl_store_get_site (company->stores[1]));
  yl_record_set_text (staff, "role", "head_office");
  assert_works (yl_change_insert (change, staff, &error));
  g_assert_false (yl_change_commit (change, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_capture_sees_plain_sql (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *id = add_worker (store, "王秀英", NULL, &error);
  g_autoptr (YlChange) change = yl_change_begin (store, "raise", &error);
  g_autoptr (YlRecord) there = NULL;

  /* A failed statement and a rolled-back savepoint fire the hook too: they must leave no op. */
  assert_works (yl_database_script (
      store->database, "SAVEPOINT s; UPDATE worker SET max_travel = 99; ROLLBACK TO s; RELEASE s", &error));
  g_assert_false (yl_database_script (store->database, "UPDATE worker SET max_travel = 'far'", NULL));
  assert_works (yl_database_script (store->database, "UPDATE worker SET debt = 700", &error));
  assert_works (yl_change_commit (change, &error));
  yl_test_carry_all (company);
  there = yl_store_get (company->stores[1], "worker", id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (yl_record_get_integer (there, "debt", 0), ==, 700);
  g_assert_true (yl_record_is_null (there, "max_travel"));
}

static void
test_undo (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *id = add_worker (store, "王秀英", "13900139001", &error);
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, &error);
  g_autoptr (YlChange) change = yl_change_begin (store, "edit worker", &error);
  g_autoptr (YlUndo) undo = NULL;
  g_autoptr (YlRecord) after = NULL;
  g_autofree char *found = NULL;

  yl_record_set_text (worker, "phone", "13900139002");
  assert_works (yl_change_update (change, worker, &error) && yl_change_commit (change, &error));
  undo = yl_change_take_undo (change);
  assert_works (yl_undo_commit (undo, store, &error));
  after = yl_store_get (store, "worker", id, &error);
  g_assert_cmpstr (yl_record_get_text (after, "phone"), ==, "13900139001");
  found = yl_plain_find (store, "worker", "phone", "13900139001", &error);
  g_assert_cmpstr (found, ==, id);
  g_assert_false (yl_undo_commit (undo, store, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_STALE);
}

/* Deleted here, edited there: it lives, both are told, and deciding either way holds everywhere. */
static void
test_edit_revives (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = add_worker (company->stores[1], "王秀英", NULL, &error);
  g_autoptr (YlChange) removal = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GPtrArray) settled = NULL;
  g_autoptr (YlRecord) revived = NULL;

  yl_test_carry_all (company);
  removal = yl_change_begin (company->stores[1], "remove worker", &error);
  assert_works (yl_change_delete (removal, "worker", id, &error) && yl_change_commit (removal, &error));
  assert_works (set_text (company->stores[2], id, "note", "会开车", &error));
  yl_test_carry_all (company);
  conflicts = yl_conflict_list (company->stores[0], &error);
  g_assert_cmpuint (conflicts->len, ==, 1);
  g_assert_cmpstr (((YlConflict *) conflicts->pdata[0])->field, ==, "");
  revived = yl_store_get (company->stores[1], "worker", id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (yl_record_get_text (revived, "name"), ==, "王秀英");
  g_assert_cmpstr (yl_record_get_text (revived, "note"), ==, "会开车");
  assert_works (yl_conflict_resolve (company->stores[0], "worker", id, "", "removed", NULL, &error));
  yl_test_carry_all (company);
  settled = yl_conflict_list (company->stores[2], &error);
  g_assert_cmpuint (settled->len, ==, 0);
  g_assert_null (yl_store_get (company->stores[2], "worker", id, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

static void
test_resolution_travels (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = add_worker (company->stores[0], "王秀英", NULL, &error);

  yl_test_carry_all (company);
  assert_works (set_text (company->stores[1], id, "note", "会开车", &error));
  assert_works (set_text (company->stores[2], id, "note", "不会开车", &error));
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    g_assert_cmpuint (yl_conflict_count (company->stores[i]), ==, 1);
  /* Also when the value chosen is the one that is shown already. */
  {
    g_autoptr (GPtrArray) conflicts = yl_conflict_list (company->stores[1], &error);

    assert_works (yl_conflict_choose (company->stores[1], conflicts->pdata[0], 0, NULL, &error));
  }
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    g_assert_cmpuint (yl_conflict_count (company->stores[i]), ==, 0);
}

static void
test_two_programs_on_one_file (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *first = company->stores[0];
  g_autoptr (YlStore) second = yl_store_open (yl_store_get_file (first), &error);
  g_autofree char *id = NULL;
  g_autofree char *found = NULL;
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  g_assert_no_error (error);
  g_assert_null (yl_plain_find (second, "worker", "phone", "13900139001", &error));
  id = add_worker (first, "王秀英", "13900139001", &error);
  g_assert_no_error (error);
  assert_works (yl_store_refresh (second, &error));
  found = yl_plain_find (second, "worker", "phone", "13900139001", &error);
  g_assert_cmpstr (found, ==, id);
  assert_works (set_text (second, id, "note", "会开车", &error));
  assert_works (set_text (first, id, "wechat", "wxy", &error));
  one = yl_state_hash (first, &error);
  other = yl_state_hash (second, &error);
  g_assert_cmpstr (one, ==, other);
  assert_works (yl_store_check (second, &error));
}

/* Files that are none of ours */

static void
expect_open_error (const char *file, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (yl_store_open (file, &error));
  g_assert_error (error, YL_ERROR, code);
  g_assert_cmpint (strlen (error->message), >, 10);
}

static void
test_foreign_files (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *garbage = g_build_filename (company->dir, "garbage", NULL);
  g_autofree char *foreign = g_build_filename (company->dir, "foreign", NULL);
  g_autofree char *newer = g_build_filename (company->dir, "newer", NULL);
  g_autofree char *missing = g_build_filename (company->dir, "missing", NULL);
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version = %d", yl_migration_version () + 1);
  g_autofree char *file = g_strdup (yl_store_get_file (company->stores[0]));
  g_autofree char *bytes = NULL;
  gsize length;
  sqlite3 *handle;

  assert_works (g_file_set_contents (garbage, "not a database, not at all, although quite long", -1, &error));
  sqlite3_open (foreign, &handle);
  sqlite3_exec (handle, "CREATE TABLE t (x)", NULL, NULL, NULL);
  sqlite3_close (handle);
  g_clear_object (&company->stores[0]);
  assert_works (g_file_get_contents (file, &bytes, &length, &error));
  assert_works (g_file_set_contents (newer, bytes, (gssize) length, &error));
  sqlite3_open (newer, &handle);
  g_assert_cmpint (sqlite3_exec (handle, version, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  expect_open_error (missing, YL_ERROR_NOT_FOUND);
  expect_open_error (garbage, YL_ERROR_CORRUPT);
  expect_open_error (foreign, YL_ERROR_CORRUPT);
  expect_open_error (newer, YL_ERROR_NEWER);
}

static void
test_found_refuses_existing (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlFounding founding = { "示例", "HQ", "http://127.0.0.1:1" };

  g_assert_null (yl_store_found (yl_store_get_file (company->stores[0]), &founding, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  founding.code = "hq!";
  g_assert_null (yl_store_found ("/nonexistent/x", &founding, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

/* fsck finds a value changed behind the program's back, and rebuild mends it. */
static void
test_fsck_and_rebuild (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *id = add_worker (store, "王秀英", NULL, &error);
  g_autofree char *before = yl_state_hash (store, &error);
  g_autofree char *after = NULL;

  assert_works (yl_store_check (store, &error));
  assert_works (yl_database_script (store->database, "UPDATE worker SET shareable = 'none'", &error));
  g_assert_false (yl_store_check (store, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_CORRUPT);
  g_clear_error (&error);
  assert_works (yl_store_rebuild (store, &error));
  assert_works (yl_store_check (store, &error));
  after = yl_state_hash (store, &error);
  g_assert_cmpstr (before, ==, after);
}

/* What another program does in passing. */
static int
open_and_close (const char *file)
{
  g_autoptr (YlDatabase) database = yl_database_open (file, SQLITE_OPEN_READWRITE, NULL);
  gint64 n;

  return database != NULL && yl_database_configure (database, NULL)
                 && yl_database_integer (database, &n, 0, NULL, "SELECT count (*) FROM entry", NULL)
             ? 0
             : 1;
}

static void
run_other_program (const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", &error);
  const char *const command[] = { self, "--open-and-close", file, NULL };
  int status;

  assert_works (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
}

/* Reading and closing the files in this process drops the locks of its store. */
static void
test_locks_lost (void)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlDatabase) other = NULL;
  const char *file = yl_store_get_file (company->stores[0]);
  gint64 n;

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (file, endings[i], NULL);
      g_autofree char *bytes = NULL;

      assert_works (g_file_get_contents (name, &bytes, NULL, &error));
    }
  run_other_program (file);
  g_free (add_worker (company->stores[0], "王秀英", NULL, &error));
  g_assert_no_error (error);
  other = yl_database_open (file, SQLITE_OPEN_READWRITE, &error);
  assert_works (other != NULL && yl_database_integer (other, &n, 0, &error, "SELECT count (*) FROM worker", NULL));
  g_assert_cmpint (n, ==, 1);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--open-and-close"))
    return open_and_close (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/sealed-on-disk", test_sealed_on_disk);
  g_test_add_func ("/store/unique", test_unique);
  g_test_add_func ("/store/stale-form", test_stale_form);
  g_test_add_func ("/store/fixed-and-derived", test_fixed_and_derived);
  g_test_add_func ("/store/not-head-office", test_store_cannot_act_as_head_office);
  g_test_add_func ("/store/capture-sees-plain-sql", test_capture_sees_plain_sql);
  g_test_add_func ("/store/undo", test_undo);
  g_test_add_func ("/store/edit-revives", test_edit_revives);
  g_test_add_func ("/store/resolution-travels", test_resolution_travels);
  g_test_add_func ("/store/two-programs", test_two_programs_on_one_file);
  g_test_add_func ("/store/foreign-files", test_foreign_files);
  g_test_add_func ("/store/found-refuses", test_found_refuses_existing);
  g_test_add_func ("/store/fsck-and-rebuild", test_fsck_and_rebuild);
  g_test_add_func ("/store/locks-lost", test_locks_lost);
  return g_test_run ();
}
