/*
 * Matching at 1,000, 10,000 and 100,000 workers in a real store file: loading, following one change, searching. Times are
 * processor time.
 *
 *   build/bench/tests/bench/bench-match [WORKERS…]
 */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/yl-clock.h"
#include "base/yl-id.h"
#include "matching/yl-match-load.h"
#include "matching/yl-match-search.h"
#include "matching/yl-match.h"
#include "records/yl-tables.h"
#include "change/yl-change.h"
#include "store/yl-store-private.h"

#define N_QUERIES 1000
#define WORKERS_PER_STORE 500

static const char *const jobs[] = { "maternity",       "childcare_live_in",
                                    "childcare_day",   "housekeeper_live_in",
                                    "housekeeper_day", "cleaning",
                                    "hourly",          "elder_care",
                                    "hospital",        "tutor",
                                    "companion",       "pets" };
static const char *const modes[] = { "live_in", "day", "hourly" };
static const char *const skills[] = { "postnatal",     "newborn",    "infant",     "baby_food",  "lactation",
                                      "nutrition",     "elder_care", "dementia",   "wheat_food", "chinese_cooking",
                                      "deep_cleaning", "ironing",    "organising", "driving" };
static const char *const districts[] = { "110101", "110102", "110105", "110106", "110107",
                                         "110108", "110112", "110114", "110115" };
static const char *const certificates[] = { "maternity_nurse", "childcare", "elder_care", "housekeeping", "first_aid" };

#define PICK(rand, array) ((array)[g_rand_int_range ((rand), 0, G_N_ELEMENTS (array))])

typedef struct
{
  YlDatabase *database;
  GRand *rand;
  gint64 now;
  guint n_stores;
  guint serial;
} World;

static char *
next_id (World *world, const char *prefix)
{
  g_autofree char *serial = g_strdup_printf ("%u", world->serial++);

  /* Records grow with time, elements of sets have derived ids. */
  return *prefix == 'e' ? yl_id_derive (prefix, serial, NULL) : yl_id_new (world->now + world->serial);
}

static gboolean
chance (World *world, int percent)
{
  return g_rand_int_range (world->rand, 0, 100) < percent;
}

static void
check (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static char *
date_near (World *world, int from, int to)
{
  return yl_date_format (yl_date_of (world->now) + g_rand_int_range (world->rand, from, to));
}

static void
insert_code (World *world, const char *sql, const char *worker, const char *code, gint64 level)
{
  g_autofree char *id = next_id (world, "e");
  GError *error = NULL;

  yl_database_run (world->database, &error, sql, level > 0 ? "ttti" : "ttt", id, worker, code, level);
  check (error);
}

static void
insert_worker (World *world, guint i, const char *worker)
{
  g_autofree char *number = g_strdup_printf ("B%06u", i);
  g_autofree char *store = g_strdup_printf ("store-%u", i % world->n_stores);
  g_autofree char *health = date_near (world, -20, 350);
  g_autofree char *insured = date_near (world, -10, 350);
  g_autofree char *background = date_near (world, -400, 0);
  GError *error = NULL;

  yl_database_run (
      world->database, &error,
      "INSERT INTO worker (id, worker_no, home_store, accept_state, sex, adult, lat, lon, max_travel, expected_wage, wage_unit,"
      " health_expires, insurance_to, background_date, rating, rating_count, shareable)"
      " VALUES (?, ?, ?, ?, 2, 1, ?, ?, ?, ?, 'month26', ?, ?, ?, ?, ?, ?)",
      "ttttiiiitttiit", worker, number, store, chance (world, 75) ? "accepting" : "on_service",
      (gint64) 39750000 + g_rand_int_range (world->rand, 0, 350000),
      (gint64) 116200000 + g_rand_int_range (world->rand, 0, 400000), (gint64) g_rand_int_range (world->rand, 30, 90),
      (gint64) g_rand_int_range (world->rand, 40, 120) * 10000, health, chance (world, 60) ? insured : NULL,
      chance (world, 60) ? background : NULL, (gint64) g_rand_int_range (world->rand, 380, 500),
      (gint64) g_rand_int_range (world->rand, 0, 80), chance (world, 10) ? "none" : NULL);
  check (error);
}

static void
insert_lists (World *world, const char *worker)
{
  const char *job = PICK (world->rand, jobs);
  g_autofree char *id = next_id (world, "c");
  g_autofree char *expires = date_near (world, -100, 900);
  GError *error = NULL;

  insert_code (world, "INSERT INTO worker_job VALUES (?, ?, ?)", worker, job, 0);
  if (chance (world, 60))
    insert_code (world, "INSERT INTO worker_job VALUES (?, ?, ?)", worker, PICK (world->rand, jobs), 0);
  insert_code (world, "INSERT INTO worker_mode VALUES (?, ?, ?)", worker, PICK (world->rand, modes), 0);
  for (int i = 0; i < 3; i++)
    insert_code (world, "INSERT INTO worker_skill (id, worker, code, level) VALUES (?, ?, ?, ?)", worker,
                 PICK (world->rand, skills), g_rand_int_range (world->rand, 1, 4));
  insert_code (world, "INSERT INTO worker_language VALUES (?, ?, ?, ?)", worker, "mandarin",
               g_rand_int_range (world->rand, 1, 4));
  for (int i = 0; i < 3; i++)
    insert_code (world, "INSERT INTO worker_area VALUES (?, ?, ?)", worker, PICK (world->rand, districts), 0);
  yl_database_run (world->database, &error, "INSERT INTO certificate (id, worker, type, expires) VALUES (?, ?, ?, ?)",
                   "tttt", id, worker, PICK (world->rand, certificates), expires);
  check (error);
}

/* Three visits a worker within a month, one in five of them served already; some leave. */
static void
insert_calendar (World *world, const char *worker)
{
  GError *error = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *order = next_id (world, "o");
      g_autofree char *booking = next_id (world, "b");
      g_autofree char *household = g_strdup_printf ("home-%d", g_rand_int_range (world->rand, 0, 20000));
      gboolean served = chance (world, 20);
      gint64 day = yl_date_of (world->now)
                   + (served ? -g_rand_int_range (world->rand, 1, 30) : g_rand_int_range (world->rand, 0, 30));
      gint64 start = yl_date_start (day) + g_rand_int_range (world->rand, 8, 19) * 60 * YL_MINUTE_MS;

      yl_database_run (world->database, &error,
                       "INSERT INTO [order] (id, household, service_type, lat, lon) VALUES (?, ?, ?, ?, ?)", "tttii",
                       order, household, PICK (world->rand, jobs),
                       (gint64) 39750000 + g_rand_int_range (world->rand, 0, 350000),
                       (gint64) 116200000 + g_rand_int_range (world->rand, 0, 400000));
      check (error);
      yl_database_run (world->database, &error,
                       "INSERT INTO booking (id, [order], worker, start, end, state) VALUES (?, ?, ?, ?, ?, ?)",
                       "tttiit", booking, order, worker, start, start + 180 * YL_MINUTE_MS,
                       served ? "served" : "confirmed");
      check (error);
    }
  if (chance (world, 15))
    {
      g_autofree char *leave = next_id (world, "l");
      gint64 start = world->now + g_rand_int_range (world->rand, 0, 30) * YL_DAY_MS;

      yl_database_run (world->database, &error,
                       "INSERT INTO availability (id, worker, start, end, state) VALUES (?, ?, ?, ?, 'leave')", "ttii",
                       leave, worker, start, start + 3 * YL_DAY_MS);
      check (error);
    }
}

/* Straight into the tables: the door has its own benchmark. */
static void
fill (YlStore *store, guint n)
{
  World world = { store->database, g_rand_new_with_seed (1), yl_store_now (store), MAX (1, n / WORKERS_PER_STORE), 0 };
  GError *error = NULL;

  yl_database_script (store->database, "BEGIN", &error);
  check (error);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *worker = next_id (&world, "w");

      insert_worker (&world, i, worker);
      insert_lists (&world, worker);
      insert_calendar (&world, worker);
    }
  yl_database_script (store->database, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)", &error);
  check (error);
  g_rand_free (world.rand);
}

/* What a clerk asks: a visit in the next weeks somewhere in town, sometimes a term of months. */
static YlRecord *
random_order (GRand *rand, gint64 now, guint n_stores, const char **sets)
{
  YlRecord *order = yl_record_new (&yl_order_table, NULL);
  g_autofree char *store = g_strdup_printf ("store-%d", g_rand_int_range (rand, 0, (int) n_stores));
  gint64 day = yl_date_of (now) + g_rand_int_range (rand, 1, 28);
  gboolean live_in = g_rand_int_range (rand, 0, 4) == 0;
  g_autofree char *from = yl_date_format (day);

  yl_record_set_text (order, "store", store);
  yl_record_set_text (order, "service_type", PICK (rand, jobs));
  yl_record_set_integer (order, "lat", 39750000 + g_rand_int_range (rand, 0, 350000));
  yl_record_set_integer (order, "lon", 116200000 + g_rand_int_range (rand, 0, 400000));
  yl_record_set_text (order, "schedule", live_in ? "live_in" : "one_off");
  if (live_in)
    {
      yl_record_set_text (order, "service_mode", "live_in");
      yl_record_set_text (order, "from_date", from);
      yl_record_set_integer (order, "months", 2);
    }
  else
    {
      yl_record_set_integer (order, "start", yl_date_start (day) + g_rand_int_range (rand, 8, 18) * 60 * YL_MINUTE_MS);
      yl_record_set_integer (order, "minutes", 180);
    }
  yl_record_set_integer (order, "budget_to", g_rand_int_range (rand, 60, 130) * 10000);
  yl_record_set_text (order, "budget_unit", "month26");
  sets[0] = "skills";
  sets[1] = g_rand_int_range (rand, 0, 2) == 0 ? PICK (rand, skills) : "";
  sets[2] = "wished_skills";
  sets[3] = PICK (rand, skills);
  sets[4] = NULL;
  return order;
}

/* Processor time, so that other programs on the machine do not count. In microseconds. */
static gint64
cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  return (*(const gint64 *) a > *(const gint64 *) b) - (*(const gint64 *) a < *(const gint64 *) b);
}

static void
print_times (const char *what, guint n, GArray *times, const char *rest)
{
  g_array_sort (times, compare_times);
  g_print ("%7u workers  %-22s p50 %6.3f ms  p99 %6.3f ms  max %6.3f ms%s\n", n, what,
           g_array_index (times, gint64, times->len / 2) / 1e3,
           g_array_index (times, gint64, times->len * 99 / 100) / 1e3,
           g_array_index (times, gint64, times->len - 1) / 1e3, rest);
}

static void
search (YlMatcher *matcher, YlStore *store, guint n, guint limit, const char *what)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *rest = NULL;
  guint64 n_fitting = 0;

  for (guint i = 0; i < N_QUERIES; i++)
    {
      const char *sets[5];
      g_autoptr (YlRecord) order = random_order (rand, yl_store_now (store), MAX (1, n / WORKERS_PER_STORE), sets);
      gint64 start = cpu_time ();
      g_autoptr (YlMatchResult) result = yl_matcher_match_draft (matcher, order, sets, limit, NULL);
      gint64 took = cpu_time () - start;

      for (guint s = YL_MATCH_N_RULES - 1; s < result->funnel->len; s += YL_MATCH_N_RULES)
        n_fitting += g_array_index (result->funnel, YlFunnelStep, s).out;
      g_array_append_val (times, took);
    }
  rest = g_strdup_printf ("  (%" G_GUINT64_FORMAT " fit on average)", n_fitting / N_QUERIES);
  print_times (what, n, times, rest);
}

/* One worker edited through the door, then the matcher brought up to date. */
static void
follow (YlMatcher *matcher, YlStore *store, guint n)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) workers = yl_store_list (store, "worker", NULL, 100, NULL);

  for (guint i = 0; i < workers->len; i++)
    {
      YlRecord *worker = g_ptr_array_index (workers, i);
      g_autoptr (YlChange) change = yl_change_begin (store, "edit worker", NULL);
      GError *error = NULL;
      gint64 start, took;

      yl_record_set_integer (worker, "max_travel", 20 + i);
      if (change == NULL || !yl_change_update (change, worker, &error) || !yl_change_commit (change, &error))
        check (error);
      start = cpu_time ();
      yl_matcher_refresh (matcher, &error);
      check (error);
      took = cpu_time () - start;
      g_array_append_val (times, took);
    }
  print_times ("follow one change", n, times, "");
}

static gint64
resident_kib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmRSS:");
  return line != NULL ? g_ascii_strtoll (line + 6, NULL, 10) : 0;
}

static void
bench (const char *dir, guint n)
{
  const YlFounding founding = { "Bench", "HQ", "http://127.0.0.1:1" };
  g_autofree char *name = g_strdup_printf ("store-%u", n);
  g_autofree char *file = g_build_filename (dir, name, NULL);
  GError *error = NULL;
  g_autoptr (YlStore) store = yl_store_found (file, &founding, &error);
  g_autoptr (YlMatcher) matcher = NULL;
  gint64 before, start, took;

  check (error);
  fill (store, n);
  before = resident_kib ();
  start = cpu_time ();
  matcher = yl_matcher_new (store, &error);
  took = cpu_time () - start;
  check (error);
  g_print ("%7u workers  %-22s %.0f ms, %.1f MiB\n", n, "load from the store", took / 1e3,
           (resident_kib () - before) / 1024.0);
  search (matcher, store, n, YL_MATCH_DEFAULT_LIMIT, "cascade, best 50");
  search (matcher, store, n, 10, "cascade, best 10");
  follow (matcher, store, n);
}

static void
remove_all (const char *dir)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 1000, 10000, 100000 };
  GError *error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("yl-bench-XXXXXX", &error);

  check (error);
  for (int i = 1; i < argc; i++)
    bench (dir, (guint) atoi (argv[i]));
  for (guint i = 0; argc == 1 && i < G_N_ELEMENTS (sizes); i++)
    bench (dir, sizes[i]);
  remove_all (dir);
  return 0;
}
