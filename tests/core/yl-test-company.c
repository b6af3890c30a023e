#include "yl-test-company.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "base/yl-id.h"
#include "merge/yl-state-hash.h"
#include "records/yl-booking.h"
#include "trust/yl-company.h"

#define START_MS G_GINT64_CONSTANT (1796083200000) /* 2026-12-01 08:00 in China */

static gint64
test_now (gpointer data)
{
  return *(gint64 *) data;
}

/* Memory, where there is some: a thousand histories need no disk. */
static char *
new_dir (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *template = g_strdup ("/dev/shm/yl-test-XXXXXX");
  char *dir = g_mkdtemp (template) != NULL ? g_steal_pointer (&template) : g_dir_make_tmp ("yl-test-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

/* A clone lies in a folder of its own, as on another computer. */
static char *
store_file (const YlTestCompany *company, guint i)
{
  if (i < company->n_founded)
    return g_strdup_printf ("%s/%u.yuelai", company->dir, i);
  return g_strdup_printf ("%s/copy/%u.yuelai", company->dir, i);
}

static YlTestCompany *
company_new (guint n)
{
  YlTestCompany *company = g_new0 (YlTestCompany, 1);

  company->dir = new_dir ();
  company->n = n;
  company->n_founded = n;
  /* And room for one clone: stores point at their clocks. */
  company->stores = g_new0 (YlStore *, n + 1);
  company->clocks = g_new0 (gint64, n + 1);
  company->taken = g_new0 (gint64 *, n + 2);
  for (guint i = 0; i <= n; i++)
    {
      company->clocks[i] = START_MS;
      company->taken[i] = g_new0 (gint64, n + 1);
    }
  return company;
}

static void
take_store (YlTestCompany *company, guint i, YlStore *store, GError *error)
{
  g_assert_no_error (error);
  company->stores[i] = store;
  yl_store_set_clock (store, test_now, &company->clocks[i]);
}

static void
add_store (YlTestCompany *company, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = g_strdup_printf ("S%u", i);
  g_autofree char *file = store_file (company, i);
  YlNewSite site = { code, code, 39900000 + 10000 * (gint64) i, 116400000 };
  guint8 seed[YL_KEY_BYTES], sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES], authority_key[YL_KEY_BYTES];
  YlNewNode node = { NULL, "PC", sign_key, box_key };
  g_autofree char *site_id = yl_company_add_site (company->stores[0], &site, &error);
  g_autofree char *node_id = NULL;

  g_assert_no_error (error);
  memset (seed, (int) i, sizeof seed);
  yl_node_keys (seed, sign_key, box_key, NULL);
  node.site = site_id;
  node_id = yl_company_enrol_node (company->stores[0], &node, &error);
  g_assert_no_error (error);
  g_assert_true (yl_log_public_key (company->stores[0], yl_log_authority (company->stores[0]), authority_key, &error));
  {
    YlMembership membership = { .scope = yl_store_get_scope (company->stores[0]),
                                .hub_url = "http://127.0.0.1:1",
                                .authority_key = authority_key,
                                .node = node_id,
                                .seed = seed };

    take_store (company, i, yl_store_create_member (file, &membership, &error), error);
  }
}

YlTestCompany *
yl_test_company_found (guint n)
{
  YlTestCompany *company = company_new (n);
  YlFounding founding = { "示例", "HQ", "http://127.0.0.1:1" };
  g_autoptr (GError) error = NULL;
  g_autofree char *file = store_file (company, 0);

  take_store (company, 0, yl_store_found (file, &founding, &error), error);
  for (guint i = 1; i < n; i++)
    add_store (company, i);
  return company;
}

YlTestCompany *
yl_test_company_new (guint n)
{
  YlTestCompany *company = yl_test_company_found (n);

  yl_test_carry_all (company);
  return company;
}

static char *
backup_file (const YlTestCompany *company, guint i)
{
  return g_strdup_printf ("%s/%u.backup", company->dir, i);
}

static void
copy_file (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &bytes, &length, &error));
  g_assert_true (g_file_set_contents_full (to, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, &error));
}

void
yl_test_keep (YlTestCompany *company, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = store_file (company, i);
  g_autofree char *backup = backup_file (company, i);

  g_clear_object (&company->stores[i]);
  copy_file (file, backup);
  take_store (company, i, yl_store_open (file, &error), error);
}

void
yl_test_put_back (YlTestCompany *company, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = store_file (company, i);
  g_autofree char *backup = backup_file (company, i);

  g_clear_object (&company->stores[i]);
  copy_file (backup, file);
  take_store (company, i, yl_store_open (file, &error), error);
  for (guint other = 0; other < company->n; other++)
    company->taken[i][other] = company->taken[other][i] = 0;
}

/* The file of store @i of @from becomes that of store @at of @company. */
static void
copy_store (YlTestCompany *from, guint i, YlTestCompany *company, guint at)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *there = store_file (from, i);
  g_autofree char *here = store_file (company, at);

  /* Closing writes the WAL back, so that the file alone is the store. */
  g_clear_object (&from->stores[i]);
  copy_file (there, here);
  take_store (from, i, yl_store_open (there, &error), error);
  take_store (company, at, yl_store_open (here, &error), error);
}

guint
yl_test_company_clone (YlTestCompany *company, guint i)
{
  guint clone = company->n;

  g_autofree char *file = store_file (company, clone);
  g_autofree char *dir = g_path_get_dirname (file);

  g_assert_null (company->stores[clone]);
  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  copy_store (company, i, company, clone);
  company->clocks[clone] = company->clocks[i];
  memcpy (company->taken[clone], company->taken[i], company->n * sizeof (gint64));
  for (guint other = 0; other < company->n; other++)
    company->taken[other][clone] = company->taken[other][i];
  return company->n++;
}

YlTestCompany *
yl_test_company_copy (YlTestCompany *from)
{
  YlTestCompany *company = company_new (from->n);

  for (guint i = 0; i < from->n; i++)
    {
      copy_store (from, i, company, i);
      memcpy (company->taken[i], from->taken[i], from->n * sizeof (gint64));
    }
  return company;
}

void
yl_test_remove (const char *dir)
{
  g_autoptr (GDir) opened = g_dir_open (dir, 0, NULL);
  const char *name;

  while (opened != NULL && (name = g_dir_read_name (opened)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        yl_test_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (dir);
}

void
yl_test_company_free (YlTestCompany *company)
{
  for (guint i = 0; i < company->n; i++)
    g_clear_object (&company->stores[i]);
  for (guint i = 0; company->taken[i] != NULL; i++)
    g_free (company->taken[i]);
  yl_test_remove (company->dir);
  g_free (company->stores);
  g_free (company->clocks);
  g_free (company->taken);
  g_free (company->dir);
  g_free (company);
}

static void
carry_keys (YlStore *from, YlStore *to, const YlEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) ids = yl_log_keys_used (entry);
  g_autoptr (GArray) keys =
      yl_log_keys_of (from, g_bytes_get_data (ids, NULL), (guint) (g_bytes_get_size (ids) / YL_KEY_ID_BYTES), &error);

  g_assert_no_error (error);
  if (keys->len > 0)
    yl_log_add_keys (to, yl_store_get_writer (from), (const YlSealKey *) (gpointer) keys->data, keys->len, NULL,
                     &error);
  g_assert_no_error (error);
}

static gboolean
carry_one (YlStore *from, YlStore *to, const YlEntryRow *row, gboolean with_keys)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = yl_log_message (from, row->n, &error);
  g_autoptr (YlEntry) entry = NULL;
  gboolean is_new;
  gint64 n;

  g_assert_no_error (error);
  entry = yl_entry_parse (message, &error);
  g_assert_no_error (error);
  yl_log_apply (to, entry, &n, &is_new, &error);
  g_assert_no_error (error);
  if (with_keys)
    carry_keys (from, to, entry);
  return is_new;
}

void
yl_test_company_hold_keys (YlTestCompany *company)
{
  company->keys_held = TRUE;
}

guint
yl_test_carry (YlTestCompany *company, guint from, guint to, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = yl_log_since (company->stores[from], company->taken[to][from], limit, &error);
  g_autoptr (YlLogTransaction) transaction = NULL;
  guint n_new = 0;

  g_assert_no_error (error);
  transaction = yl_log_begin (company->stores[to], &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const YlEntryRow *row = rows->pdata[i];

      n_new += carry_one (company->stores[from], company->stores[to], row, !company->keys_held) ? 1 : 0;
      company->taken[to][from] = row->n;
    }
  g_assert_true (yl_log_commit (transaction, &error));
  return n_new;
}

void
yl_test_carry_all (YlTestCompany *company)
{
  for (guint i = 1; i < company->n; i++)
    yl_test_carry (company, i, 0, G_MAXINT);
  for (guint i = 1; i < company->n; i++)
    yl_test_carry (company, 0, i, G_MAXINT);
}

char *
yl_test_insert (YlStore *store, YlRecord *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add", &error);
  g_autofree char *id = NULL;

  g_assert_no_error (error);
  yl_change_insert (change, record, &error);
  g_assert_no_error (error);
  id = g_strdup (yl_record_get_id (record));
  yl_change_commit (change, &error);
  g_assert_no_error (error);
  yl_record_free (record);
  return g_steal_pointer (&id);
}

char *
yl_test_hire (YlStore *store, const char *name)
{
  YlRecord *worker = yl_record_new (yl_table_find ("worker"), NULL);

  yl_record_set_text (worker, "name", name);
  return yl_test_insert (store, worker);
}

void
yl_test_rename (YlStore *store, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "rename worker", &error);
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, &error);

  g_assert_no_error (error);
  yl_record_set_text (worker, "name", name);
  yl_change_update (change, worker, &error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

char *
yl_test_order (YlStore *store, gint64 start)
{
  YlRecord *customer = yl_record_new (yl_table_find ("customer"), NULL);
  YlRecord *order = yl_record_new (yl_table_find ("order"), NULL);
  g_autofree char *wechat = yl_id_new (START_MS);
  g_autofree char *id = NULL;

  yl_record_set_text (customer, "name", "李女士");
  yl_record_set_text (customer, "wechat", wechat);
  id = yl_test_insert (store, customer);
  yl_record_set_text (order, "customer", id);
  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_integer (order, "start", start);
  yl_record_set_integer (order, "minutes", 180);
  return yl_test_insert (store, order);
}

char *
yl_test_promise (YlStore *store, const char *order, const char *worker)
{
  g_autoptr (GError) error = NULL;
  YlBookRequest request = { .order = order, .worker = worker };
  g_auto (GStrv) claims = yl_booking_promise (store, &request, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (claims), ==, 1);
  return g_strdup (claims[0]);
}

void
yl_test_assert_state (YlStore *store, const char *table, const char *id, const char *state, const char *cause)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get (store, table, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (yl_record_get_text (record, "state"), ==, state);
  g_assert_cmpstr (yl_record_get_text (record, "cause"), ==, cause);
}

void
yl_test_assert_agree (YlTestCompany *company, gboolean rebuilt)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *hash = yl_state_hash (company->stores[i], &error);
      g_autofree char *again = NULL;

      g_assert_true (yl_store_check (company->stores[i], &error));
      g_assert_no_error (error);
      if (first == NULL)
        first = g_strdup (hash);
      g_assert_cmpstr (hash, ==, first);
      if (rebuilt)
        g_assert_true (yl_store_rebuild (company->stores[i], &error));
      g_assert_no_error (error);
      again = yl_state_hash (company->stores[i], &error);
      g_assert_cmpstr (again, ==, first);
    }
}
