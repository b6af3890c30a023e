/* The exported repository in the hands of stock git. */
#include <glib/gstdio.h>
#include <string.h>

#include "yl-test-pair.h"

static char *
export_log (YlTestPair *pair)
{
  char *dir = g_build_filename (pair->dir, "export", NULL);
  GError *error = NULL;

  yl_merge_log_export (pair->head, dir, &error);
  g_assert_no_error (error);
  return dir;
}

static YlTestPair *
busy_pair (void)
{
  YlTestPair *pair = yl_test_pair_new ();

  yl_test_write_entries (pair->branch, 20);
  yl_test_write_entries (pair->head, 5);
  yl_test_deliver (pair->branch, pair->head);
  yl_test_deliver (pair->head, pair->branch);
  yl_test_write_entries (pair->branch, 2);
  yl_test_deliver (pair->branch, pair->head);
  return pair;
}

static GStrv
list_refs (const char *dir)
{
  const char *argv[] = { "git", "for-each-ref", "--format=%(refname)", NULL };
  g_autofree char *lines = yl_test_run (dir, argv, NULL);

  return g_strsplit (g_strchomp (lines), "\n", -1);
}

static int
verify_commit (const char *dir, const char *ref)
{
  g_autofree char *signers = g_strdup_printf ("gpg.ssh.allowedSignersFile=%s/allowed_signers", dir);
  const char *argv[] = { "git", "-c", signers, "verify-commit", ref, NULL };

  return yl_test_run_status (dir, argv, NULL);
}

static void
test_stock_git_reads_it (void)
{
  g_autoptr (YlTestPair) pair = busy_pair ();
  g_autofree char *dir = export_log (pair);
  const char *fsck[] = { "git", "fsck", "--strict", "--full", NULL };
  const char *log[] = { "git", "log", "--all", "--oneline", NULL };
  g_autofree char *checked = yl_test_run (dir, fsck, NULL);
  g_autofree char *lines = yl_test_run (dir, log, NULL);
  g_auto (GStrv) commits = g_strsplit (g_strchomp (lines), "\n", -1);
  GError *error = NULL;
  guint n = 0;

  yl_merge_log_verify (pair->head, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (commits), ==, n);
  g_assert_null (strstr (checked, "dangling"));
}

static void
test_stock_git_verifies_it (void)
{
  g_autoptr (YlTestPair) pair = busy_pair ();
  g_autofree char *dir = export_log (pair);
  g_auto (GStrv) refs = list_refs (dir);

  g_assert_cmpuint (g_strv_length (refs), ==, 3);
  for (guint i = 0; refs[i] != NULL; i++)
    g_assert_cmpint (verify_commit (dir, refs[i]), ==, 0);
  g_assert_cmpint (verify_commit (dir, "HEAD"), ==, 0);
}

/* docs/formats.md, "Commit": every header line follows from the entry. */
static void
test_commits_are_as_documented (void)
{
  g_autoptr (YlTestPair) pair = busy_pair ();
  g_autofree char *dir = export_log (pair);
  const char *writer = yl_store_get_writer (pair->branch);
  const char *show[] = { "git",  "log", "-1", "--format=%T|%an|%ae|%cn|%ce|%at|%ct|%ad|%B", "--date=format:%z",
                         writer, NULL };
  const char *merges[] = { "git", "rev-list", "--all", "--min-parents=2", "--count", NULL };
  g_autofree char *shown = yl_test_run (dir, show, NULL);
  g_autofree char *n_merges = yl_test_run (dir, merges, NULL);
  g_autofree char *expected = NULL;
  g_autoptr (GPtrArray) log = yl_test_log (pair->branch);
  const YlIncoming *last = g_ptr_array_index (log, log->len - 1);
  const YlEntry *entry = last->entry;
  gint64 seconds = YL_HLC_MS (entry->hlc) / 1000;

  expected =
      g_strdup_printf ("4b825dc642cb6eb9a060e54bf8d69288fbee4904|%s|%s@%s|%s|%s@%s|%" G_GINT64_FORMAT
                       "|%" G_GINT64_FORMAT "|+0000|%.*s\n",
                       entry->actor, entry->actor, entry->scope, writer, writer, entry->scope, seconds, seconds,
                       (int) g_bytes_get_size (entry->message), (const char *) g_bytes_get_data (entry->message, NULL));
  g_assert_cmpstr (shown, ==, expected);
  g_assert_cmpint (atoi (n_merges), >, 0);
}

/* The refs' signatures are worth something: with the keys of others they fail. */
static void
test_foreign_signers_fail (void)
{
  g_autoptr (YlTestPair) pair = busy_pair ();
  g_autoptr (YlTestPair) other = busy_pair ();
  g_autofree char *dir = export_log (pair);
  g_autofree char *other_dir = export_log (other);
  g_autofree char *signers = yl_test_read (other_dir, "allowed_signers");
  g_autofree char *file = yl_test_write (dir, "allowed_signers", signers);

  g_assert_cmpint (verify_commit (dir, "HEAD"), !=, 0);
}

static void
test_exports_what_waits (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autofree char *dir = NULL;
  const char *count[] = { "git", "rev-list", "--all", "--count", NULL };
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *later = g_build_filename (pair->dir, "later", NULL);
  GError *error = NULL;

  dir = export_log (pair);
  before = yl_test_run (dir, count, NULL);
  yl_test_write_entries (pair->head, 4);
  yl_merge_log_export (pair->head, later, &error);
  g_assert_no_error (error);
  after = yl_test_run (later, count, NULL);
  g_assert_cmpint (atoi (after), ==, atoi (before) + 4);
}

static void
test_refuses_a_used_folder (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (yl_merge_log_export (pair->head, pair->dir, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_takes_an_empty_folder (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autofree char *dir = g_build_filename (pair->dir, "export", NULL);
  g_autofree char *made = NULL;

  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  made = export_log (pair);
  g_assert_cmpint (verify_commit (dir, "HEAD"), ==, 0);
}

static void
test_leaves_nothing_on_an_error (void)
{
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();
  g_autofree char *dir = g_build_filename (pair->dir, "no", "such", "place", NULL);
  g_autofree char *no = g_build_filename (pair->dir, "no", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (yl_merge_log_export (pair->head, dir, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_FAILED);
  g_assert_false (g_file_test (no, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_autoptr (YlTestDir) home = yl_test_dir_new ();

  yl_test_hostile_home (home);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/stock-git-reads-it", test_stock_git_reads_it);
  g_test_add_func ("/export/stock-git-verifies-it", test_stock_git_verifies_it);
  g_test_add_func ("/export/commits-are-as-documented", test_commits_are_as_documented);
  g_test_add_func ("/export/foreign-signers-fail", test_foreign_signers_fail);
  g_test_add_func ("/export/exports-what-waits", test_exports_what_waits);
  g_test_add_func ("/export/refuses-a-used-folder", test_refuses_a_used_folder);
  g_test_add_func ("/export/takes-an-empty-folder", test_takes_an_empty_folder);
  g_test_add_func ("/export/leaves-nothing-on-an-error", test_leaves_nothing_on_an_error);
  return g_test_run ();
}
