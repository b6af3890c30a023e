/* Made-up workers with their skills, papers and leave. */
#include "yl-demo-private.h"

#include "base/yl-id-number.h"
#include "records/yl-tables.h"

#define YUAN 100
#define N_GRADES 6

/* A number that passes the check of GB 11643, and that nobody got before in this run. */
static char *
make_id_number (YlDemo *demo, const YlDemoOrigin *origin, gint64 birth_day, gboolean female)
{
  g_autofree char *date = yl_date_format (birth_day);

  while (TRUE)
    {
      int order = yl_demo_random_between (&demo->random, 0, 499) * 2 + (female ? 0 : 1);
      g_autofree char *digits = g_strdup_printf ("%s%.4s%.2s%.2s%03d", origin->area, date, date + 5, date + 8, order);
      char *number = g_strdup_printf ("%s%c", digits, yl_id_number_check_character (digits));

      if (g_hash_table_add (demo->id_numbers, number))
        return g_strdup (number);
    }
}

static void
set_person (YlDemo *demo, YlRecord *worker, const YlDemoOrigin *origin)
{
  gboolean female = yl_demo_random_chance (&demo->random, 96);
  int age_days = yl_demo_random_between (&demo->random, 24 * 366, 58 * 365);
  g_autofree char *name = yl_demo_name (demo, female);
  g_autofree char *phone = yl_demo_phone (demo);
  g_autofree char *id_number = make_id_number (demo, origin, demo->today - age_days, female);
  static const char *const schooling[] = { "primary", "middle", "middle", "middle", "high", "secondary", "college" };

  yl_record_set_text (worker, "name", name);
  yl_record_set_text (worker, "phone", phone);
  yl_record_set_text (worker, "id_no", id_number);
  yl_record_set_text (worker, "native_place", origin->province);
  yl_record_set_text (worker, "education", schooling[yl_demo_random_below (&demo->random, G_N_ELEMENTS (schooling))]);
}

static void
set_wage (YlDemo *demo, YlRecord *worker, const YlDemoJob *job)
{
  static const char *const grades[N_GRADES] = { "junior", "silver", "gold", "platinum", "diamond", "crown" };
  int years = yl_demo_random_between (&demo->random, 0, 14);
  int range = job->wage_to - job->wage_from;
  /* Experience pays, with some luck: 0 … 100. */
  int standing = MIN (100, years * 5 + yl_demo_random_between (&demo->random, 0, 30));
  int step = range > 1000 ? 100 : 5;

  yl_record_set_integer (worker, "experience_years", years);
  yl_record_set_integer (worker, "expected_wage",
                         (gint64) (job->wage_from + range * standing / 100) / step * step * YUAN);
  yl_record_set_text (worker, "wage_unit", job->unit);
  if (g_str_equal (job->job, "maternity"))
    yl_record_set_text (worker, "maternity_grade", grades[MIN (standing * N_GRADES / 100, N_GRADES - 1)]);
}

/* Four of five have their papers in order; some ran out, some were never shown. */
static void
set_papers (YlDemo *demo, YlRecord *worker)
{
  gint64 health = demo->today - yl_demo_random_between (&demo->random, 5, 420);
  gint64 insured = demo->today - yl_demo_random_between (&demo->random, 5, 400);

  if (yl_demo_random_chance (&demo->random, 88))
    {
      yl_demo_set_date (worker, "health_exam", health);
      yl_demo_set_date (worker, "health_expires", health + 365);
      yl_record_set_text (worker, "health_result", "pass");
    }
  if (yl_demo_random_chance (&demo->random, 70))
    {
      yl_demo_set_date (worker, "background_date", demo->today - yl_demo_random_between (&demo->random, 5, 380));
      yl_record_set_text (worker, "background_status", yl_demo_random_chance (&demo->random, 99) ? "clear" : "flagged");
    }
  if (yl_demo_random_chance (&demo->random, 75))
    {
      yl_demo_set_date (worker, "insurance_from", insured);
      yl_demo_set_date (worker, "insurance_to", insured + 365);
      yl_record_set_text (worker, "insurance_status", insured + 365 >= demo->today ? "active" : "expired");
    }
}

static void
set_standing (YlDemo *demo, YlRecord *worker)
{
  guint draw = yl_demo_random_below (&demo->random, 100);
  int reviews = yl_demo_random_between (&demo->random, 0, 60);

  yl_record_set_text (worker, "accept_state", draw < 90 ? "accepting" : draw < 96 ? "not_accepting" : "left");
  yl_record_set_text (worker, "shareable", draw % 12 == 0 ? "none" : draw % 9 == 0 ? "partners" : "chain");
  if (draw % 9 == 0 && draw % 12 != 0)
    yl_demo_set_date (worker, "share_consent", demo->today - 30);
  if (reviews > 5)
    {
      yl_record_set_integer (worker, "rating", 500 - yl_demo_random_between (&demo->random, 0, 90));
      yl_record_set_integer (worker, "rating_count", reviews);
    }
  yl_record_set_integer (worker, "dropout_count", yl_demo_random_chance (&demo->random, 8) ? 1 + (gint64) draw % 3 : 0);
  yl_record_set_integer (worker, "max_travel", 30 + 15 * (gint64) (draw % 5));
  yl_record_set_text (worker, "source", draw % 3 == 0 ? "referral" : draw % 3 == 1 ? "walk_in" : "community");
}

/* The likely skills of her work, each at some level. */
static char *
draw_skills (YlDemo *demo, const YlDemoJob *job)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (job->skills); i++)
    if (yl_demo_random_chance (&demo->random, 90 - 14 * i))
      g_string_append_printf (list, "%s%s:%d", list->len > 0 ? "," : "", job->skills[i],
                              yl_demo_random_between (&demo->random, 1, 3));
  return g_string_free (list, FALSE);
}

static gboolean
set_abilities (YlDemo *demo,
               const YlRecord *worker,
               const YlDemoJob *job,
               const YlDemoOrigin *origin,
               guint store,
               GError **error)
{
  gboolean versatile = *job->also != '\0' && yl_demo_random_chance (&demo->random, 45);
  g_autofree char *jobs = g_strconcat (job->job, versatile ? "," : "", versatile ? job->also : "", NULL);
  g_autofree char *skills = draw_skills (demo, job);
  g_autofree char *languages =
      g_strconcat ("mandarin:3,", g_str_equal (origin->dialect, "mandarin") ? "beijing" : origin->dialect, ":3",
                   yl_demo_random_chance (&demo->random, 4) ? ",english:1" : "", NULL);
  const char *other = yl_demo_stores[yl_demo_random_below (&demo->random, demo->size.stores)].district;
  g_autofree char *areas = g_strconcat (yl_demo_stores[store].district, ",", other, NULL);

  return yl_demo_set_elements (demo, worker, "job_types", jobs, error)
         && yl_demo_set_elements (demo, worker, "service_mode", job->modes, error)
         && yl_demo_set_elements (demo, worker, "skills", skills, error)
         && yl_demo_set_elements (demo, worker, "languages", languages, error)
         && yl_demo_set_elements (demo, worker, "service_area", areas, error);
}

static gboolean
make_certificate (YlDemo *demo, const char *worker, const YlDemoJob *job, GError **error)
{
  g_autoptr (YlRecord) certificate = yl_record_new (&yl_certificate_table, NULL);
  gint64 issued = demo->today - yl_demo_random_between (&demo->random, 60, 1400);

  if (!yl_demo_random_chance (&demo->random, 62))
    return TRUE;
  yl_record_set_text (certificate, "worker", worker);
  yl_record_set_text (certificate, "type", job->certificate);
  yl_demo_set_date (certificate, "issued", issued);
  yl_demo_set_date (certificate, "expires", issued + 3 * 365);
  return yl_demo_insert (demo, "demo worker", certificate, error);
}

static gboolean
make_leave (YlDemo *demo, YlDemoWorker *worker, GError **error)
{
  g_autoptr (YlRecord) leave = yl_record_new (&yl_availability_table, NULL);
  gint64 first = demo->today + yl_demo_random_between (&demo->random, -3, 20);
  YlVisit away = { yl_date_start (first), yl_date_start (first + yl_demo_random_between (&demo->random, 2, 9)) };

  if (!yl_demo_random_chance (&demo->random, 6))
    return TRUE;
  yl_record_set_text (leave, "worker", worker->id);
  yl_record_set_integer (leave, "start", away.start);
  yl_record_set_integer (leave, "end", away.end);
  yl_record_set_text (leave, "state", "leave");
  g_array_append_val (worker->busy, away);
  return yl_demo_insert (demo, "demo worker", leave, error);
}

static gboolean
make_worker (YlDemo *demo, GError **error)
{
  YlDemoWorker made = { .store = yl_demo_pick_store (demo), .job = yl_demo_pick_job (demo, FALSE) };
  const YlDemoJob *job = &yl_demo_jobs[made.job];
  const YlDemoOrigin *origin = &yl_demo_origins[yl_demo_random_below (&demo->random, yl_demo_n_origins)];
  g_autoptr (YlRecord) worker = yl_record_new (&yl_worker_table, NULL);

  yl_record_set_text (worker, "site", demo->sites[made.store]);
  yl_record_set_text (worker, "home_store", demo->sites[made.store]);
  set_person (demo, worker, origin);
  set_wage (demo, worker, job);
  set_papers (demo, worker);
  set_standing (demo, worker);
  yl_demo_set_place (demo, worker, yl_demo_pick_community (demo, made.store));
  if (!yl_demo_insert (demo, "demo worker", worker, error)
      || !set_abilities (demo, worker, job, origin, made.store, error))
    return FALSE;
  made.id = g_strdup (yl_record_get_id (worker));
  made.busy = g_array_new (FALSE, FALSE, sizeof (YlVisit));
  made.accepting = g_str_equal (yl_record_get_text (worker, "accept_state"), "accepting");
  g_array_append_val (demo->workers, made);
  return make_certificate (demo, made.id, job, error)
         && make_leave (demo, &g_array_index (demo->workers, YlDemoWorker, demo->workers->len - 1), error);
}

gboolean
yl_demo_make_workers (YlDemo *demo, GError **error)
{
  for (guint i = 0; i < demo->size.workers; i++)
    if (!make_worker (demo, error))
      return FALSE;
  return TRUE;
}
