/* Store files put back from a backup or copied: they go on with a new pen, nothing is lost, and people are told. */
#include <string.h>

#include "base/yl-clock.h"
#include "merge/yl-conflict.h"
#include "merge/yl-fold.h"
#include "trust/yl-marker.h"
#include "trust/yl-pen.h"
#include "store/yl-trouble.h"
#include "yl-test-company.h"

/* Markers of several computers in memory: a computer is the folder part of a store's file. */
typedef struct
{
  GHashTable *texts; /* "computer/name" -> text */
  gint64 writes;
} Computers;

static char *
key_of (const char *file, const char *name)
{
  g_autofree char *dir = g_path_get_dirname (file);

  return g_build_filename (dir, name, NULL);
}

static char *
read_text (const char *file, const char *name, gpointer data)
{
  g_autofree char *key = key_of (file, name);

  return g_strdup (g_hash_table_lookup (((Computers *) data)->texts, key));
}

static gboolean
write_text (const char *file, const char *name, const char *text, gpointer data, GError **error)
{
  Computers *computers = data;

  computers->writes++;
  return g_hash_table_replace (computers->texts, key_of (file, name), g_strdup (text)) || TRUE;
}

static gint64
stamp_text (const char *file, const char *name, gpointer data)
{
  g_autofree char *text = read_text (file, name, data);

  return text != NULL ? (gint64) g_str_hash (text) | 1 : 0;
}

static Computers computers;
static const YlMarkerPlace place = { read_text, write_text, stamp_text, "this", &computers };

static void
assert_has (YlStore *store, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (yl_record_get_text (worker, "name"), ==, name);
}

static void
assert_trouble (YlStore *store, YlTroubleKind kind, const char *subject)
{
  g_autoptr (YlTrouble) trouble = yl_trouble_find (store, kind, subject);
  g_autofree char *text = NULL;

  g_assert_nonnull (trouble);
  text = yl_trouble_describe (store, trouble);
  g_assert_nonnull (strstr (text, "S1-A"));
}

/* A test company's files all lie in one folder, so that they are on one computer; a clone is moved to another one by its own name. */
static void
test_restored (void)
{
  g_autoptr (YlTestCompany) company = NULL;
  g_autofree char *old_pen = NULL;
  g_autofree char *before = NULL;
  g_autofree char *lost = NULL;
  g_autofree char *after = NULL;
  g_autofree char *number = NULL;
  g_autofree char *other_number = NULL;

  yl_marker_use (&place);
  company = yl_test_company_new (2);
  before = yl_test_hire (company->stores[1], "王秀英");
  yl_test_keep (company, 1);
  lost = yl_test_hire (company->stores[1], "李淑兰");
  number = yl_store_number (company->stores[1], "worker", lost);
  yl_test_carry_all (company);
  old_pen = g_strdup (yl_store_get_writer (company->stores[1]));
  yl_test_put_back (company, 1);
  after = yl_test_hire (company->stores[1], "张桂英");
  g_assert_cmpstr (yl_store_get_writer (company->stores[1]), !=, old_pen);
  g_assert_cmpstr (yl_store_get_identity (company->stores[1]), ==, old_pen);
  other_number = yl_store_number (company->stores[1], "worker", after);
  g_assert_cmpstr (number, !=, other_number);
  assert_trouble (company->stores[1], YL_TROUBLE_RESTORED, old_pen);
  yl_test_carry_all (company);
  for (guint i = 0; i < 2; i++)
    {
      assert_has (company->stores[i], before, "王秀英");
      assert_has (company->stores[i], lost, "李淑兰");
      assert_has (company->stores[i], after, "张桂英");
    }
  yl_test_assert_agree (company, FALSE);
  g_assert_null (yl_trouble_find (company->stores[0], YL_TROUBLE_FORK, old_pen));
  yl_marker_use (NULL);
}

/* The folder of a clone is another computer's: markers lie by the folder of the file. */
static void
test_cloned (void)
{
  g_autoptr (YlTestCompany) company = NULL;
  g_autofree char *pen = NULL;
  g_autofree char *before = NULL;
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;
  guint clone;

  yl_marker_use (&place);
  company = yl_test_company_new (2);
  before = yl_test_hire (company->stores[1], "王秀英");
  pen = g_strdup (yl_store_get_writer (company->stores[1]));
  clone = yl_test_company_clone (company, 1);
  here = yl_test_hire (company->stores[1], "李淑兰");
  there = yl_test_hire (company->stores[clone], "张桂英");
  g_assert_cmpstr (yl_store_get_writer (company->stores[1]), !=, yl_store_get_writer (company->stores[clone]));
  for (guint round = 0; round < 2; round++)
    yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      assert_has (company->stores[i], before, "王秀英");
      assert_has (company->stores[i], here, "李淑兰");
      assert_has (company->stores[i], there, "张桂英");
      g_assert_null (yl_trouble_find (company->stores[i], YL_TROUBLE_FORK, pen));
      g_assert_cmpuint (yl_conflict_count (company->stores[i]), ==, 0);
    }
  yl_test_assert_agree (company, FALSE);
  yl_marker_use (NULL);
}

/* One of the two has its clock days ahead: the other follows it as it follows anybody, though once it wrote with the same pen. */
static void
test_clock_of_a_clone (void)
{
  g_autoptr (YlTestCompany) company = NULL;
  g_autofree char *before = NULL;
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;
  guint clone;

  yl_marker_use (&place);
  company = yl_test_company_new (2);
  before = yl_test_hire (company->stores[1], "王秀英");
  clone = yl_test_company_clone (company, 1);
  there = yl_test_hire (company->stores[clone], "张桂英");
  company->clocks[1] += G_GINT64_CONSTANT (3 * 24 * 3600 * 1000);
  here = yl_test_hire (company->stores[1], "李淑兰");
  yl_test_carry_all (company);
  assert_has (company->stores[clone], here, "李淑兰");
  g_assert_cmpint (YL_HLC_MS (yl_fold_clock (company->stores[clone])), <=,
                   company->clocks[clone] + YL_CLOCK_MAX_LEAD_MS);
  g_assert_cmpint (YL_HLC_MS (yl_fold_clock (company->stores[1])), >=, company->clocks[1]);
  yl_marker_use (NULL);
}

/* Several programs on one file, opened again and again, keep the pen. */
static void
test_several_processes (void)
{
  g_autoptr (YlTestCompany) company = NULL;
  g_autofree char *pen = NULL;
  const char *file;

  yl_marker_use (&place);
  company = yl_test_company_new (2);
  pen = g_strdup (yl_store_get_writer (company->stores[1]));
  file = yl_store_get_file (company->stores[1]);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (YlStore) second = yl_store_open (file, &error);
      g_autofree char *one = yl_test_hire (company->stores[1], "王秀英");
      g_autofree char *two = NULL;
      g_autofree char *three = NULL;

      g_assert_no_error (error);
      two = yl_test_hire (second, "李淑兰");
      three = yl_test_hire (company->stores[1], "张桂英");
      g_assert_cmpstr (yl_store_get_writer (second), ==, pen);
      g_assert_cmpstr (yl_store_get_writer (company->stores[1]), ==, pen);
    }
  yl_marker_use (NULL);
}

/* Without markers both copies write on with one pen: everybody names both ends until one of them has a pen of its own. */
static void
test_fork (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *pen = g_strdup (yl_store_get_writer (company->stores[1]));
  guint clone = yl_test_company_clone (company, 1);
  g_autofree char *here = yl_test_hire (company->stores[1], "李淑兰");
  g_autofree char *there = yl_test_hire (company->stores[clone], "张桂英");

  for (guint round = 0; round < 2; round++)
    yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (YlTrouble) fork = yl_trouble_find (company->stores[i], YL_TROUBLE_FORK, pen);
      g_auto (GStrv) heads = NULL;

      assert_trouble (company->stores[i], YL_TROUBLE_FORK, pen);
      heads = g_strsplit (fork->detail, ", ", -1);
      g_assert_cmpuint (g_strv_length (heads), ==, 2);
      g_assert_true (g_str_has_prefix (heads[0], pen));
      g_assert_true (yl_trouble_waits (fork));
    }
  g_assert_true (yl_pen_renew (company->stores[clone], &error));
  g_assert_no_error (error);
  for (guint round = 0; round < 2; round++)
    yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_assert_null (yl_trouble_find (company->stores[i], YL_TROUBLE_FORK, pen));
      assert_has (company->stores[i], here, "李淑兰");
      assert_has (company->stores[i], there, "张桂英");
    }
  yl_test_assert_agree (company, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  computers.texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_test_add_func ("/restore/put-back", test_restored);
  g_test_add_func ("/restore/cloned", test_cloned);
  g_test_add_func ("/restore/clock-of-a-clone", test_clock_of_a_clone);
  g_test_add_func ("/restore/fork", test_fork);
  g_test_add_func ("/restore/several-processes", test_several_processes);
  return g_test_run ();
}
