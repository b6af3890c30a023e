/* Figures of the merge log: `bench-log [ENTRIES]`. */
#include <stdio.h>

#include "yl-test-pair.h"

static gint64 started;

static void
start (void)
{
  started = g_get_monotonic_time ();
}

static void
report (const char *what, guint n)
{
  double seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;

  printf ("%-28s %7u in %6.2f s  %8.0f /s\n", what, n, seconds, n / seconds);
}

static void
measure_delivery (YlTestPair *pair, guint n)
{
  g_autoptr (GPtrArray) log = NULL;
  GError *error = NULL;
  guint n_new = 0;

  start ();
  yl_merge_log_append (pair->branch, &error);
  g_assert_no_error (error);
  report ("append (commits)", n);
  start ();
  log = yl_test_log (pair->branch);
  report ("read (entries)", log->len);
  start ();
  yl_merge_log_accept (pair->head, log, &n_new, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_new, ==, n);
  report ("accept (entries, folded)", n);
}

static void
measure_reading (YlTestPair *pair)
{
  g_autofree char *dir = g_build_filename (pair->dir, "export", NULL);
  GError *error = NULL;
  guint n = 0;

  start ();
  yl_merge_log_verify (pair->head, &n, &error);
  g_assert_no_error (error);
  report ("verify (commits)", n);
  start ();
  yl_merge_log_export (pair->head, dir, &error);
  g_assert_no_error (error);
  report ("export (commits)", n);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 10000;
  g_autoptr (YlTestPair) pair = yl_test_pair_new ();

  start ();
  yl_test_write_entries (pair->branch, n);
  report ("write (change sets, fsync)", n);
  measure_delivery (pair, n);
  measure_reading (pair);
  return 0;
}
