/* Merge state out and in: what one copy says of its state makes an empty one equal. */
#include <string.h>

#include "records/yl-booking.h"
#include "merge/yl-conflict.h"
#include "merge/yl-merge-state.h"
#include "merge/yl-state-hash.h"
#include "store/yl-store-private.h"
#include "yl-test-company.h"

/* One version, kept. */
typedef struct
{
  YlMergeVersion version;
  YlValue value;
} Kept;

static void
kept_free (Kept *kept)
{
  g_free ((char *) kept->version.table);
  g_free ((char *) kept->version.id);
  g_free ((char *) kept->version.column);
  yl_value_clear (&kept->value);
  g_free (kept);
}

static gboolean
keep (const YlMergeVersion *version, gpointer data, GError **error)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->version = *version;
  kept->version.table = g_strdup (version->table);
  kept->version.id = g_strdup (version->id);
  kept->version.column = g_strdup (version->column);
  yl_value_copy (&kept->value, version->value);
  kept->version.value = &kept->value;
  g_ptr_array_add (data, kept);
  return TRUE;
}

static GPtrArray *
state_of (YlStore *store, const char *table, const char *id)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *versions = g_ptr_array_new_with_free_func ((GDestroyNotify) kept_free);

  yl_merge_state_foreach (store, table, id, keep, versions, &error);
  g_assert_no_error (error);
  return versions;
}

static char *
state_text (YlStore *store)
{
  g_autoptr (GPtrArray) versions = state_of (store, NULL, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < versions->len; i++)
    {
      const YlMergeVersion *version = &((Kept *) versions->pdata[i])->version;
      g_autofree char *bytes = version->value->bytes != NULL
                                   ? g_base64_encode ((const guint8 *) version->value->bytes, version->value->length)
                                   : g_strdup ("");

      g_string_append_printf (text,
                              "%s %s %s %s:%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT " %s\n",
                              version->table, version->id, version->column, version->entry.writer, version->entry.seq,
                              version->hlc, version->value->type, version->value->integer, bytes);
    }
  return g_string_free (text, FALSE);
}

static void
write_note (YlTestCompany *company, guint store, const char *id, const char *column, const char *text)
{
  g_autoptr (GError) error = NULL;
  YlStore *file = company->stores[store];
  g_autoptr (YlRecord) worker = yl_store_get (file, "worker", id, &error);
  g_autoptr (YlChange) change = yl_change_begin (file, "edit worker", &error);

  g_assert_no_error (error);
  yl_record_set_text (worker, column, text);
  g_assert_true (yl_change_update (change, worker, &error) && yl_change_commit (change, &error));
}

static void
delete_worker (YlTestCompany *company, guint store, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (company->stores[store], "delete worker", &error);

  g_assert_true (yl_change_delete (change, "worker", id, &error) && yl_change_commit (change, &error));
}

static char *
add_worker (YlTestCompany *company, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (company->stores[1], "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  yl_record_set_text (worker, "name", name);
  g_assert_true (yl_change_insert (change, worker, &error) && yl_change_commit (change, &error));
  return g_strdup (yl_record_get_id (worker));
}

/* Three stores with a conflict, a record both removed and edited, a deleted one and plain ones; everybody has everything. */
static YlTestCompany *
busy_company (char **conflicted)
{
  YlTestCompany *company = yl_test_company_new (3);
  g_autofree char *removed = add_worker (company, "李淑兰");
  g_autofree char *revived = add_worker (company, "陈玉梅");

  *conflicted = add_worker (company, "王秀英");
  yl_test_carry_all (company);
  delete_worker (company, 1, removed);
  delete_worker (company, 1, revived);
  write_note (company, 2, revived, "note", "会做粤菜");
  write_note (company, 1, *conflicted, "note", "早班");
  write_note (company, 2, *conflicted, "note", "晚班");
  write_note (company, 2, *conflicted, "name", "王秀莲");
  yl_test_carry_all (company);
  yl_test_carry_all (company);
  return company;
}

static void
test_order (void)
{
  g_autofree char *id = NULL;
  g_autoptr (YlTestCompany) company = busy_company (&id);
  g_autoptr (GPtrArray) all = state_of (company->stores[0], NULL, NULL);
  g_autoptr (GPtrArray) one = state_of (company->stores[0], "worker", id);
  guint n_notes = 0;

  g_assert_cmpuint (all->len, >, one->len);
  for (guint i = 1; i < all->len; i++)
    {
      const YlMergeVersion *a = &((Kept *) all->pdata[i - 1])->version, *b = &((Kept *) all->pdata[i])->version;
      int order = strcmp (a->table, b->table);

      order = order != 0 ? order : strcmp (a->id, b->id);
      order = order != 0 ? order : strcmp (a->column, b->column);
      g_assert_cmpint (order, <=, 0);
    }
  g_assert_cmpstr (((Kept *) one->pdata[0])->version.column, ==, "");
  for (guint i = 0; i < one->len; i++)
    n_notes += g_str_equal (((Kept *) one->pdata[i])->version.column, "note") ? 1 : 0;
  g_assert_cmpuint (n_notes, ==, 2);
}

static void
test_same_everywhere (void)
{
  g_autofree char *id = NULL;
  g_autoptr (YlTestCompany) company = busy_company (&id);
  g_autofree char *first = state_text (company->stores[0]);

  for (guint i = 1; i < company->n; i++)
    {
      g_autofree char *other = state_text (company->stores[i]);

      g_assert_cmpstr (other, ==, first);
    }
}

static void
install (YlStore *store, GPtrArray *versions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, &error);
  g_autoptr (YlMergeInstall) installing = yl_merge_install_new (store);

  for (guint i = 0; i < versions->len; i++)
    {
      yl_merge_install_add (installing, &((Kept *) versions->pdata[i])->version, &error);
      g_assert_no_error (error);
    }
  g_assert_true (yl_merge_install_finish (installing, &error));
  g_assert_true (yl_log_commit (transaction, &error));
  g_assert_no_error (error);
}

static void
give_keys (YlStore *from, YlStore *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  g_autoptr (YlRows) missing = yl_database_query (to->database, &error, "SELECT id FROM key_missing", NULL);
  g_autoptr (GArray) keys = NULL;

  /* The member is not enrolled, so that by itself it wants none. */
  while (yl_rows_next (missing, &error))
    {
      gsize length;
      const guint8 *id = yl_rows_blob (missing, 0, &length);

      g_byte_array_append (ids, id, (guint) length);
    }
  g_clear_pointer (&missing, yl_rows_free);
  keys = yl_log_keys_of (from, ids->data, ids->len / YL_KEY_ID_BYTES, &error);
  yl_log_add_keys (to, yl_store_get_writer (from), (const YlSealKey *) (gpointer) keys->data, keys->len, NULL, &error);
  g_assert_no_error (error);
}

/* A company founded alike has only its authority chain in common; here an empty member of the same company is wanted. */
static YlStore *
empty_member (YlTestCompany *company, const char *file)
{
  g_autoptr (GError) error = NULL;
  guint8 authority_key[YL_KEY_BYTES], seed[YL_KEY_BYTES] = { 99 };
  YlMembership membership = { .scope = yl_store_get_scope (company->stores[0]),
                              .hub_url = "http://127.0.0.1:1",
                              .authority_key = authority_key,
                              .node = "01a2b3c4-0000-7000-8000-000000000000",
                              .seed = seed };
  YlStore *store;

  g_assert_true (yl_log_public_key (company->stores[0], yl_log_authority (company->stores[0]), authority_key, &error));
  store = yl_store_create_member (file, &membership, &error);
  g_assert_no_error (error);
  return store;
}

static void
test_install (void)
{
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlTestCompany) company = busy_company (&id);
  g_autofree char *file = g_build_filename (company->dir, "new.yuelai", NULL);
  g_autoptr (YlStore) store = empty_member (company, file);
  g_autoptr (GPtrArray) versions = state_of (company->stores[0], NULL, NULL);
  g_autofree char *there = state_text (company->stores[0]);
  g_autofree char *hash = yl_state_hash (company->stores[0], &error);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autofree char *here = NULL;
  g_autofree char *here_hash = NULL;

  install (store, versions);
  give_keys (company->stores[0], store);
  here = state_text (store);
  here_hash = yl_state_hash (store, &error);
  g_assert_cmpstr (here, ==, there);
  g_assert_cmpstr (here_hash, ==, hash);
  conflicts = yl_conflict_list (store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (conflicts->len, ==, yl_conflict_count (company->stores[0]));
  g_assert_true (yl_store_check (store, &error));
  /* A second time replaces everything by itself. */
  install (store, versions);
  g_free (here_hash);
  here_hash = yl_state_hash (store, &error);
  g_assert_cmpstr (here_hash, ==, hash);
}

/* A damaged record is replaced by what another copy says of it, without touching the rest. */
static void
test_repair (void)
{
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlTestCompany) company = busy_company (&id);
  g_autofree char *hash = yl_state_hash (company->stores[0], &error);
  g_autoptr (GPtrArray) one = state_of (company->stores[0], "worker", id);
  g_autofree char *after = NULL;
  YlLogTransaction *transaction = yl_log_begin (company->stores[2], &error);

  g_assert_true (yl_merge_state_remove (company->stores[2], "worker", id, &error));
  g_assert_true (yl_log_commit (transaction, &error));
  yl_log_transaction_free (transaction);
  after = yl_state_hash (company->stores[2], &error);
  g_assert_cmpstr (after, !=, hash);
  install (company->stores[2], one);
  g_free (after);
  after = yl_state_hash (company->stores[2], &error);
  g_assert_cmpstr (after, ==, hash);
  g_assert_true (yl_store_check (company->stores[2], &error));
}

static void
refuse (YlTestCompany *company, GPtrArray *versions, YlError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (company->stores[1], &error);
  g_autoptr (YlMergeInstall) installing = yl_merge_install_new (company->stores[1]);

  for (guint i = 0; i < versions->len && error == NULL; i++)
    yl_merge_install_add (installing, &((Kept *) versions->pdata[i])->version, &error);
  g_assert_error (error, YL_ERROR, (int) code);
}

static void
test_hostile (void)
{
  g_autofree char *id = NULL;
  g_autoptr (YlTestCompany) company = busy_company (&id);
  g_autoptr (GPtrArray) one = state_of (company->stores[0], "worker", id);
  YlMergeVersion *life = &((Kept *) one->pdata[0])->version;
  const YlValue two = { YL_VALUE_INTEGER, 2, NULL, 0 };
  YlMergeVersion kept = *life;
  gpointer swapped = one->pdata[0];

  life->hlc++;
  refuse (company, one, YL_ERROR_CORRUPT);
  *life = kept;
  life->entry.seq = 0;
  refuse (company, one, YL_ERROR_INVALID);
  *life = kept;
  life->hlc = 0;
  refuse (company, one, YL_ERROR_INVALID);
  *life = kept;
  life->value = &two;
  refuse (company, one, YL_ERROR_INVALID);
  *life = kept;
  one->pdata[0] = one->pdata[1];
  one->pdata[1] = swapped;
  refuse (company, one, YL_ERROR_INVALID);
  one->pdata[1] = one->pdata[0];
  one->pdata[0] = swapped;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merge-state/order", test_order);
  g_test_add_func ("/merge-state/same-everywhere", test_same_everywhere);
  g_test_add_func ("/merge-state/install", test_install);
  g_test_add_func ("/merge-state/repair", test_repair);
  g_test_add_func ("/merge-state/hostile", test_hostile);
  return g_test_run ();
}
