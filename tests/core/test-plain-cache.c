/* The saved plain side: quicker, and never trusted beyond its tag. */
#include <glib/gstdio.h>
#include <string.h>

#include "change/yl-change.h"
#include "seal/yl-plain-cache.h"
#include "store/yl-store-private.h"
#include "yl-test-company.h"

#define N_WORKERS 8

static const char *cache_folder;

typedef struct
{
  YlTestCompany *company;
  char *file;
  char *cache; /* the folder */
} Fixture;

static YlStore *
store_of (Fixture *fixture)
{
  return fixture->company->stores[0];
}

static char *
name_of (guint i)
{
  return g_strdup_printf ("欧阳秀英%u", i);
}

static char *
add_worker (YlStore *store, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "add worker", &error);
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);
  g_autofree char *name = name_of (i);
  g_autofree char *phone = g_strdup_printf ("139001390%02u", i);

  yl_record_set_text (worker, "name", name);
  yl_record_set_text (worker, "phone", phone);
  g_assert_true (yl_change_insert (change, worker, &error));
  g_assert_true (yl_change_commit (change, &error));
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (worker));
}

static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->company->stores[0]);
  fixture->company->stores[0] = yl_store_open (fixture->file, &error);
  g_assert_no_error (error);
}

static void
save (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (yl_plain_ensure (store_of (fixture), &error));
  yl_plain_cache_save (store_of (fixture), 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->company = yl_test_company_new (1);
  fixture->file = g_strdup (yl_store_get_file (store_of (fixture)));
  fixture->cache = g_strdup (cache_folder);
  for (guint i = 0; i < N_WORKERS; i++)
    g_free (add_worker (store_of (fixture), i));
  save (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  yl_plain_cache_remove (store_of (fixture));
  yl_test_company_free (fixture->company);
  g_free (fixture->file);
  g_free (fixture->cache);
}

/* The one file in the folder. */
static char *
cache_path (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->cache, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

  return name != NULL ? g_build_filename (fixture->cache, name, NULL) : NULL;
}

/* Whether the store at hand was filled from the file, which leaves nothing written. */
static gboolean
came_from_cache (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (yl_plain_ensure (store_of (fixture), &error));
  g_assert_no_error (error);
  return yl_plain_n_written (store_of (fixture)) < N_WORKERS;
}

static void
assert_found (Fixture *fixture, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = name_of (i);
  g_autofree char *id = yl_plain_find (store_of (fixture), "worker", "name", name, &error);

  g_assert_no_error (error);
  g_assert_nonnull (id);
}

static void
test_comes_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = cache_path (fixture);
  g_autofree char *bytes = NULL;
  GStatBuf status;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, "欧阳", strlen ("欧阳")));
  g_assert_null (memmem (bytes, length, "13900139", 8));
  g_assert_null (memmem (bytes, length, "SQLite", 6));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  reopen (fixture);
  g_assert_true (came_from_cache (fixture));
  for (guint i = 0; i < N_WORKERS; i++)
    assert_found (fixture, i);
}

/* What happened since it was saved is in what is loaded; also inside a change. */
static void
test_catches_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;

  reopen (fixture);
  id = add_worker (store_of (fixture), 50);
  g_assert_true (came_from_cache (fixture));
  reopen (fixture);
  g_assert_true (came_from_cache (fixture));
  assert_found (fixture, 50);
  assert_found (fixture, 0);
}

static void
spoil (Fixture *fixture, gsize offset)
{
  g_autofree char *path = cache_path (fixture);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  bytes[offset % length] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const gsize offsets[] = { 0, 4, 8, 17, 30, 60, 80, 100, 5000, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      spoil (fixture, offsets[i]);
      reopen (fixture);
      g_assert_false (came_from_cache (fixture));
      assert_found (fixture, 3);
      yl_plain_cache_save (store_of (fixture), 0);
    }
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = cache_path (fixture);
  static const gssize lengths[] = { 0, 10, 72, 96, 112, 113, 4000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents (path, bytes, lengths[i], NULL));
      reopen (fixture);
      g_assert_false (came_from_cache (fixture));
      assert_found (fixture, 3);
      yl_plain_cache_save (store_of (fixture), 0);
    }
}

/* The store file was put back from a backup: the cache knows what that file has not seen. */
static void
test_from_the_future (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autofree char *name = name_of (60);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_clear_object (&fixture->company->stores[0]);
  g_assert_true (g_file_get_contents (fixture->file, &bytes, &length, NULL));
  reopen (fixture);
  g_free (add_worker (store_of (fixture), 60));
  save (fixture);
  g_clear_object (&fixture->company->stores[0]);
  g_assert_true (g_file_set_contents (fixture->file, bytes, (gssize) length, NULL));
  reopen (fixture);
  g_assert_false (came_from_cache (fixture));
  id = yl_plain_find (store_of (fixture), "worker", "name", name, &error);
  g_assert_null (id);
  g_assert_no_error (error);
}

/* After an erasure, not even a cache that somebody put back is opened. */
static void
test_renewed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = cache_path (fixture);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_true (yl_plain_renew (store_of (fixture), &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  /* What is still in memory is not saved under the new epoch. */
  yl_plain_cache_save (store_of (fixture), 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  reopen (fixture);
  g_assert_false (came_from_cache (fixture));
  assert_found (fixture, 1);
}

/* Another process erases: this one drops what it holds at the next look. */
static void
test_renewed_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) other = yl_store_open (fixture->file, &error);

  g_assert_true (yl_plain_renew (other, &error));
  g_assert_nonnull (store_of (fixture)->plain);
  g_assert_true (yl_store_refresh (store_of (fixture), &error));
  g_assert_null (store_of (fixture)->plain);
  assert_found (fixture, 1);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("yl-test-cache-XXXXXX", NULL);
  int result;

  cache_folder = folder;
  yl_plain_cache_set_folder (folder);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/plain-cache/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("comes-back", test_comes_back);
  ADD ("catches-up", test_catches_up);
  ADD ("damaged", test_damaged);
  ADD ("cut", test_cut);
  ADD ("from-the-future", test_from_the_future);
  ADD ("renewed", test_renewed);
  ADD ("renewed-elsewhere", test_renewed_elsewhere);
  result = g_test_run ();
  yl_test_remove (folder);
  return result;
}
