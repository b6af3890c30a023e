/* The state against the log: whatever is changed behind the program's back is named to the row and put right from the log. */
#include <glib/gstdio.h>
#include <string.h>

#include "change/yl-change.h"
#include "log/yl-log-door.h"
#include "merge/yl-repair.h"
#include "merge/yl-state-hash.h"
#include "merge/yl-state-sums.h"
#include "store/yl-store-private.h"
#include "yl-test-company.h"

static char *
add_home (YlStore *store, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add household", &error);
  g_autoptr (YlRecord) home = yl_record_new (yl_table_find ("household"), NULL);

  yl_record_set_text (home, "address", name);
  yl_record_set_text (home, "community", "安徽");
  yl_change_insert (change, home, &error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (home));
}

static void
set_place (YlStore *store, const char *id, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) home = yl_store_get (store, "household", id, &error);
  g_autoptr (YlChange) change = yl_change_begin (store, "edit household", &error);

  yl_record_set_text (home, "community", place);
  yl_change_update (change, home, &error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

/* What somebody does to the file with another program. */
static void
damage (YlStore *store, const char *sql, const char *id)
{
  g_autoptr (GError) error = NULL;

  yl_database_run (store->database, &error, sql, "t", id);
  g_assert_no_error (error);
  g_assert_cmpint (yl_database_changes (store->database), >, 0);
}

static GPtrArray *
new_faults (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
}

/* Exactly the fault that was made is found, is named, and is gone after the repair. */
static void
expect_repaired (YlStore *store, YlFaultKind kind, const char *id, const char *column, const char *hash)
{
  g_autoptr (GPtrArray) named = new_faults ();
  g_autoptr (GPtrArray) repaired = new_faults ();
  g_autoptr (GPtrArray) after = new_faults ();
  g_autoptr (GError) error = NULL;
  g_autofree char *now = NULL;
  const YlFault *fault;

  yl_store_inspect (store, FALSE, named, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (named->len, ==, 1);
  fault = named->pdata[0];
  g_assert_cmpint (fault->kind, ==, kind);
  g_assert_cmpstr (fault->id, ==, id);
  g_assert_cmpstr (fault->column, ==, column);
  g_assert_false (yl_store_check (store, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_CORRUPT);
  g_clear_error (&error);
  yl_store_inspect (store, TRUE, repaired, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (repaired->len, ==, 1);
  yl_store_inspect (store, TRUE, after, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->len, ==, 0);
  g_assert_true (yl_store_check (store, &error));
  now = yl_state_hash (store, &error);
  g_assert_cmpstr (now, ==, hash);
}

typedef struct
{
  const char *sql; /* ?: the household's id */
  YlFaultKind kind;
  const char *column;
  gboolean whole;   /* the fault lies with no record */
  gboolean settled; /* the log has followed, and what was parked lies in the buckets */
} Damage;

static const Damage damages[] = {
  { "UPDATE household SET community = '四川' WHERE id = ?", YL_FAULT_VALUE, "community", FALSE },
  { "UPDATE household SET address = x'00112233' WHERE id = ?", YL_FAULT_VALUE, "address", FALSE },
  { "UPDATE household SET community = NULL WHERE id = ?", YL_FAULT_VALUE, "community", FALSE },
  { "DELETE FROM household WHERE id = ?", YL_FAULT_ROW_GONE, NULL, FALSE },
  { "UPDATE trace SET state = x'ff' WHERE n = 0 AND id = yl_id (?)", YL_FAULT_STATE, NULL, FALSE },
  { "UPDATE trace SET state = x'' WHERE n = 0 AND id = yl_id (?)", YL_FAULT_STATE, NULL, FALSE },
  { "UPDATE trace SET state = x'02ffff7f' WHERE n = 0 AND id = yl_id (?)", YL_FAULT_STATE, NULL, FALSE },
  { "UPDATE bucket SET sum = zeroblob (16) WHERE t = (SELECT t FROM table_name WHERE name = 'household') AND ? <> ''",
    YL_FAULT_SUM, NULL, TRUE, TRUE },
  { "DELETE FROM bucket WHERE t = (SELECT t FROM table_name WHERE name = 'household') AND ? <> ''", YL_FAULT_SUM, NULL,
    TRUE, TRUE },
  { "UPDATE bucket SET t = 9999 WHERE t = (SELECT t FROM table_name WHERE name = 'household') AND ? <> ''",
    YL_FAULT_SUM, NULL, TRUE, TRUE },
  { "UPDATE entry SET sums = zeroblob (21) WHERE sums IS NOT NULL AND ? <> ''", YL_FAULT_SUM, NULL, TRUE, FALSE },
  { "INSERT OR REPLACE INTO meta (key, value) SELECT 'settled', 9999 WHERE ? <> ''", YL_FAULT_SUM, NULL, TRUE, FALSE },
};

static void
settle (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, &error);

  g_assert_true (yl_log_commit (transaction, &error));
}

static void
test_damage (gconstpointer data)
{
  const Damage *made = data;
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *id = add_home (store, "梅园新村 3 号楼");
  g_autofree char *hash = yl_state_hash (store, &error);
  g_autoptr (GPtrArray) faults = new_faults ();

  g_assert_true (yl_store_check (store, &error));
  if (made->settled)
    settle (store);
  damage (store, made->sql, id);
  if (!made->whole)
    {
      expect_repaired (store, made->kind, id, made->column, hash);
      return;
    }
  yl_store_inspect (store, TRUE, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, >, 0);
  g_assert_cmpint (((YlFault *) faults->pdata[0])->kind, ==, made->kind);
  g_assert_true (yl_store_check (store, &error));
  g_assert_no_error (error);
}

/* The state hash is never behind: what is parked counts as what is settled does, in this process and in another. */
static void
test_parked (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *before = yl_state_hash (store, &error);
  g_autofree char *first = add_home (store, "梅园新村 3 号楼");
  g_autofree char *second = add_home (store, "梅园新村 5 号楼");
  g_autofree char *parked = yl_state_hash (store, &error);
  g_autofree char *settled = NULL;
  gint64 n_parked, n_left;

  yl_database_integer (store->database, &n_parked, 0, &error, "SELECT count (*) FROM entry WHERE sums IS NOT NULL",
                       NULL);
  g_assert_cmpint (n_parked, >=, 2);
  settle (store);
  settled = yl_state_hash (store, &error);
  yl_database_integer (store->database, &n_left, 0, &error, "SELECT count (*) FROM entry WHERE sums IS NOT NULL", NULL);
  g_assert_no_error (error);
  g_assert_cmpint (n_left, ==, 0);
  g_assert_cmpstr (parked, !=, before);
  g_assert_cmpstr (parked, ==, settled);
  g_assert_true (yl_store_check (store, &error));
  g_assert_no_error (error);
}

/* A row and a state that no change set made go; their table is as before. */
static void
test_stray (void)
{
  static const char *const stray = "01890000-0000-7000-8000-0000000000ab";
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *hash = yl_state_hash (store, &error);

  damage (store, "INSERT INTO household (id) VALUES (?)", stray);
  expect_repaired (store, YL_FAULT_STRAY, stray, NULL, hash);
}

/* Both values of a conflict, one of them in no row. */
static void
test_version (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *id = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *same = NULL;

  yl_test_carry_all (company);
  id = add_home (store, "梅园新村 3 号楼");
  yl_test_carry_all (company);
  set_place (company->stores[1], id, "江苏");
  set_place (company->stores[2], id, "湖北");
  yl_test_carry_all (company);
  hash = yl_state_hash (store, &error);
  damage (store, "UPDATE version SET value = '河南' WHERE id = yl_id (?)", id);
  expect_repaired (store, YL_FAULT_VALUE, id, "community", hash);
  same = yl_state_hash (company->stores[2], &error);
  g_assert_cmpstr (hash, ==, same);
}

/* A wrong value that was edited over leaves the sums wrong for ever: only the log knows, and the copies that agree. */
static void
test_edited_over (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *id = add_home (store, "梅园新村 3 号楼");
  g_autofree char *wrong = NULL;
  g_autofree char *right = NULL;
  g_autofree char *other = NULL;
  g_autoptr (GPtrArray) faults = new_faults ();

  damage (store, "UPDATE household SET community = '四川' WHERE id = ?", id);
  set_place (store, id, "江苏");
  yl_test_carry_all (company);
  wrong = yl_state_hash (store, &error);
  other = yl_state_hash (company->stores[0], &error);
  g_assert_cmpstr (wrong, !=, other);
  yl_store_repair_record (store, "household", id, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, ==, 1);
  right = yl_state_hash (store, &error);
  g_assert_cmpstr (right, ==, other);
}

static void
test_scrub (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autoptr (GPtrArray) faults = new_faults ();
  g_auto (YlScrub) scrub = { NULL };
  g_autofree char *hash = NULL;
  g_autofree char *after = NULL;
  g_autofree char *id = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_free (id);
      id = add_home (store, "梅园新村 3 号楼");
    }
  hash = yl_state_hash (store, &error);
  damage (store, "UPDATE household SET community = '四川' WHERE id = ?", id);
  while (scrub.rounds == 0)
    {
      yl_store_scrub (store, &scrub, faults, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (faults->len, ==, 1);
  g_assert_cmpstr (((YlFault *) faults->pdata[0])->id, ==, id);
  after = yl_state_hash (store, &error);
  g_assert_cmpstr (hash, ==, after);
}

static void
test_sums (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[0];
  g_autofree char *id = add_home (store, "梅园新村 3 号楼");
  g_autoptr (GPtrArray) buckets = yl_state_bucket_sums (store, &error);
  guint found = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < buckets->len; i++)
    {
      const YlBucketSum *bucket = buckets->pdata[i];
      g_autoptr (GArray) records = yl_state_record_sums (store, bucket->table, bucket->bucket, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (records->len, >, 0);
      if (records->len == 1)
        g_assert_cmpmem (g_array_index (records, YlRecordSum, 0).sum, YL_SUM_BYTES, bucket->sum, YL_SUM_BYTES);
      for (guint r = 0; r < records->len; r++)
        found += g_str_equal (g_array_index (records, YlRecordSum, r).id, id);
    }
  g_assert_cmpuint (found, ==, 1);
}

/* Bytes of the file itself, with nobody having it open. */
static void
flip_bytes (const char *file, const char *needle, gboolean whole_pages)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  char *at;

  g_file_get_contents (file, &bytes, &length, &error);
  g_assert_no_error (error);
  at = memmem (bytes, length, needle, strlen (needle));
  /* In a packed change set its length stands before it; the row is meant. */
  while (at != NULL && (guint8) at[-1] == (strlen (needle) + 1) << 1)
    at = memmem (at + 1, length - (gsize) (at + 1 - bytes), needle, strlen (needle));
  g_assert_nonnull (at);
  if (whole_pages)
    memset (bytes + (at - bytes) / 4096 * 4096, 0x5a, 4096);
  else
    at[0] ^= 1;
  g_file_set_contents (file, bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
test_file_byte (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strdup (yl_store_get_file (company->stores[0]));
  g_autofree char *id = add_home (company->stores[0], "梅园新村 3 号楼");
  g_autofree char *hash = NULL;

  set_place (company->stores[0], id, "uniquely-flipped-value");
  hash = yl_state_hash (company->stores[0], &error);
  g_clear_object (&company->stores[0]);
  flip_bytes (file, "uniquely-flipped-value", FALSE);
  company->stores[0] = yl_store_open (file, &error);
  g_assert_no_error (error);
  expect_repaired (company->stores[0], YL_FAULT_VALUE, id, "community", hash);
}

static void
test_file_page (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strdup (yl_store_get_file (company->stores[0]));
  g_autofree char *id = add_home (company->stores[0], "梅园新村 3 号楼");

  set_place (company->stores[0], id, "uniquely-flipped-value");
  g_clear_object (&company->stores[0]);
  flip_bytes (file, "uniquely-flipped-value", TRUE);
  company->stores[0] = yl_store_open (file, &error);
  if (company->stores[0] != NULL)
    g_assert_false (yl_store_check (company->stores[0], &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, file));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/repair/damage/%u", i);

      g_test_add_data_func (path, &damages[i], test_damage);
    }
  g_test_add_func ("/repair/parked", test_parked);
  g_test_add_func ("/repair/stray", test_stray);
  g_test_add_func ("/repair/version", test_version);
  g_test_add_func ("/repair/edited-over", test_edited_over);
  g_test_add_func ("/repair/scrub", test_scrub);
  g_test_add_func ("/repair/sums", test_sums);
  g_test_add_func ("/repair/file-byte", test_file_byte);
  g_test_add_func ("/repair/file-page", test_file_page);
  return g_test_run ();
}
