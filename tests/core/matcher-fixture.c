#include "matcher-fixture.h"

#include <glib/gstdio.h>

#include "base/yl-clock.h"
#include "store/yl-store-private.h"
#include "transfer/yl-demo.h"

#define NOW "2026-11-20T10:00"

gint64
matcher_fixture_now (gpointer data)
{
  gint64 now = 0;

  g_assert_true (yl_instant_parse (NOW, &now, NULL));
  return now;
}

void
matcher_fixture_set_up (MatcherFixture *fixture, gconstpointer data)
{
  const YlFounding founding = { "Test", "HQ", "http://127.0.0.1:1" };
  const YlDemoSize size = { 3, 120, 150, 200 };
  GError *error = NULL;

  fixture->dir = g_dir_make_tmp ("yl-matcher-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->file = g_build_filename (fixture->dir, "store.yuelai", NULL);
  fixture->store = yl_store_found (fixture->file, &founding, &error);
  g_assert_no_error (error);
  yl_store_set_clock (fixture->store, matcher_fixture_now, NULL);
  yl_demo_fill (fixture->store, &size, 7, &error);
  g_assert_no_error (error);
  fixture->matcher = yl_matcher_new (fixture->store, &error);
  g_assert_no_error (error);
  fixture->rand = g_rand_new_with_seed (11);
}

void
matcher_fixture_tear_down (MatcherFixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  yl_matcher_free (fixture->matcher);
  g_object_unref (fixture->store);
  g_rand_free (fixture->rand);
  dir = g_dir_open (fixture->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_free (fixture->file);
  g_free (fixture->dir);
}

/* The ids of a table that meet a condition. */
GPtrArray *
matcher_fixture_ids (MatcherFixture *fixture, const char *query)
{
  g_autoptr (YlRows) rows = yl_database_query (fixture->store->database, NULL, query, "");
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);

  while (yl_rows_next (rows, NULL))
    g_ptr_array_add (found, g_strdup (yl_rows_text (rows, 0)));
  return found;
}

char *
matcher_fixture_any (MatcherFixture *fixture, const char *query)
{
  g_autoptr (GPtrArray) found = matcher_fixture_ids (fixture, query);

  return found->len == 0 ? NULL
                         : g_strdup (g_ptr_array_index (found, g_rand_int_range (fixture->rand, 0, (int) found->len)));
}

gint64
matcher_fixture_integer (MatcherFixture *fixture, const char *query, const char *a, const char *b)
{
  GError *error = NULL;
  gint64 value = 0;

  yl_database_integer (fixture->store->database, &value, 0, &error, query, b != NULL ? "tt" : "t", a, b);
  g_assert_no_error (error);
  return value;
}

void
matcher_fixture_run (MatcherFixture *fixture, const char *sql)
{
  GError *error = NULL;

  yl_database_script (fixture->store->database, sql, &error);
  g_assert_no_error (error);
}

char *
matcher_fixture_print (const YlMatchResult *result)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < result->funnel->len; i++)
    g_string_append_printf (text, "%u ", g_array_index (result->funnel, YlFunnelStep, i).out);
  for (guint i = 0; i < result->candidates->len; i++)
    {
      const YlCandidate *candidate = g_ptr_array_index (result->candidates, i);

      g_string_append_printf (text, "\n%s %d", candidate->worker_no, candidate->score);
      for (guint p = 0; p < candidate->parts->len; p++)
        g_string_append_printf (text, " %" G_GINT64_FORMAT, g_array_index (candidate->parts, YlScorePart, p).raw);
    }
  return g_string_free (text, FALSE);
}

char *
matcher_fixture_match (YlMatcher *matcher, const char *order)
{
  GError *error = NULL;
  g_autoptr (YlMatchResult) result = yl_matcher_match (matcher, order, EVERYBODY, &error);

  g_assert_no_error (error);
  return matcher_fixture_print (result);
}

void
matcher_fixture_commit (YlChange *change, GError *error)
{
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}
