/* What protects a store file, and that nothing in it can be read without. */
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "base/yl-error.h"
#include "change/yl-change.h"
#include "seal/yl-lock-private.h"
#include "store/yl-store-private.h"
#include "seal/yl-vault.h"
#include "yl-test-company.h"

#define PASSPHRASE "correct horse battery"

static const char *passphrase; /* what a person types next */
static guint n_asked;

static char *
type_passphrase (const char *file, gboolean fresh, GError **error)
{
  n_asked++;
  return g_strdup (passphrase);
}

/* As another process meets the file: without a store key in memory. */
static YlStore *
reopen_as_stranger (const char *file, GError **error)
{
  yl_lock_forget ();
  return yl_store_open (file, error);
}

static void
test_nothing_in_clear (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  YlStore *store = company->stores[0];
  g_autoptr (GError) error = NULL;
  g_autofree char *wal = g_strconcat (yl_store_get_file (store), "-wal", NULL);
  const char *files[] = { yl_store_get_file (store), wal };
  YlSealKey key = { .person = "p", .disclosure = 1 };
  guint8 seed[YL_KEY_BYTES];

  memset (key.key, 0x3c, sizeof key.key);
  g_assert_true (yl_vault_add_key (store, &key, &error));
  g_assert_true (yl_vault_set_secret (store, "certificate", "-----BEGIN PRIVATE KEY-----", &error));
  g_assert_true (yl_vault_read_pen (store, yl_store_get_writer (store), seed, &error));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (files[i], &bytes, &length, NULL));
      g_assert_null (memmem (bytes, length, seed, sizeof seed));
      g_assert_null (memmem (bytes, length, key.key, sizeof key.key));
      g_assert_null (memmem (bytes, length, "BEGIN PRIVATE", 13));
    }
}

static void
test_secrets_come_back (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  YlStore *store = company->stores[0];
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  YlSealKey key = { .person = "p", .disclosure = 1 }, back;
  guint8 id[YL_KEY_ID_BYTES];

  randombytes_buf (key.key, sizeof key.key);
  crypto_generichash (id, sizeof id, key.key, sizeof key.key, NULL, 0);
  g_assert_true (yl_vault_set_secret (store, "a", "first", &error));
  g_assert_true (yl_vault_set_secret (store, "a", "second", &error));
  text = yl_vault_get_secret (store, "a", &error);
  g_assert_cmpstr (text, ==, "second");
  g_assert_null (yl_vault_get_secret (store, "b", &error));
  g_assert_no_error (error);
  g_assert_false (yl_vault_read_key (store, id, &back, &error));
  g_assert_no_error (error);
}

/* A sealed key moved to another's place opens nothing. */
static void
test_secrets_stay_in_place (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  YlStore *store = company->stores[0];
  g_autoptr (GError) error = NULL;
  guint8 seed[YL_KEY_BYTES];

  g_assert_true (yl_database_script (
      store->database, "UPDATE pen SET seed = (SELECT seed FROM pen WHERE role = 'authority') WHERE role = 'node'",
      &error));
  g_assert_false (yl_vault_read_pen (store, yl_store_get_writer (store), seed, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_CORRUPT);
}

static void
test_passphrase (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autofree char *file = g_strdup (yl_store_get_file (company->stores[0]));
  g_autoptr (GError) error = NULL;

  yl_lock_set_passphrase_func (type_passphrase);
  passphrase = "short";
  g_assert_false (yl_lock_change (company->stores[0], YL_LOCK_PASSPHRASE, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  passphrase = PASSPHRASE;
  g_assert_true (yl_lock_change (company->stores[0], YL_LOCK_PASSPHRASE, NULL, &error));
  g_clear_object (&company->stores[0]);
  g_assert_false (yl_lock_needs_passphrase (file)); /* known to this process */

  passphrase = PASSPHRASE "!";
  g_assert_null (reopen_as_stranger (file, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (yl_lock_needs_passphrase (file));
  g_assert_false (yl_lock_try_passphrase (file, "something else", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);

  /* The window: the passphrase once, then the file as often as needed. */
  n_asked = 0;
  g_assert_true (yl_lock_try_passphrase (file, PASSPHRASE, &error));
  company->stores[0] = yl_store_open (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_asked, ==, 0);
  yl_lock_set_passphrase_func (NULL);
}

static void
test_key_file (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (1);
  g_autofree char *file = g_strdup (yl_store_get_file (company->stores[0]));
  g_autofree char *key_file = g_build_filename (company->dir, "key", NULL);
  g_autofree char *other = g_build_filename (company->dir, "other", NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_true (yl_lock_change (company->stores[0], YL_LOCK_KEY_FILE, other, &error));
  g_assert_true (yl_lock_change (company->stores[0], YL_LOCK_KEY_FILE, key_file, &error));
  g_assert_cmpint (g_stat (key_file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_clear_object (&company->stores[0]);

  yl_lock_set_key_file (other);
  g_assert_null (reopen_as_stranger (file, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  yl_lock_set_key_file (key_file);
  g_chmod (key_file, 0640);
  g_assert_null (reopen_as_stranger (file, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_chmod (key_file, 0400);
  company->stores[0] = reopen_as_stranger (file, &error);
  g_assert_no_error (error);
  yl_lock_set_key_file (NULL);
}

/* No means at all: nothing is made, and nothing is left. */
static void
test_no_means (void)
{
  YlFounding founding = { "示例", "HQ", "http://127.0.0.1:1" };
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "yl-test-vault-no-means", NULL);
  g_autoptr (GError) error = NULL;

  yl_lock_set_keyring (NULL);
  g_unsetenv ("YUELAI_KEY_FILE");
  g_assert_null (yl_store_found (file, &founding, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/nothing-in-clear", test_nothing_in_clear);
  g_test_add_func ("/vault/secrets-come-back", test_secrets_come_back);
  g_test_add_func ("/vault/secrets-stay-in-place", test_secrets_stay_in_place);
  g_test_add_func ("/vault/passphrase", test_passphrase);
  g_test_add_func ("/vault/key-file", test_key_file);
  g_test_add_func ("/vault/no-means", test_no_means);
  return g_test_run ();
}
