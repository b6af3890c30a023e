/* Made-up orders: served ones of the last months, coming ones, some promised, some open, some whose worker dropped out. */
#include "yl-demo-private.h"

#include "records/yl-tables.h"

#include <string.h>

#define YUAN 100
#define TRIES 40

/* Orders younger than this are still to be done. */
#define RECENT_DAYS 14
#define OPENING_MINUTE (8 * 60 + 30)
#define WORKING_MINUTES (10 * 60)

typedef enum
{
  FATE_SERVED,
  FATE_CANCELLED,
  FATE_STOCK,
  FATE_OPEN,
  FATE_PROMISED,
  FATE_DROPPED,
} Fate;

/* What became of an order follows from its age: new ones are open or promised, old ones are over. */
static Fate
draw_fate (YlDemo *demo)
{
  guint draw = yl_demo_random_below (&demo->random, 1000);

  if (yl_date_of (demo->clock) > demo->today - RECENT_DAYS)
    return draw < 350 ? FATE_OPEN : draw < 900 ? FATE_PROMISED : draw < 960 ? FATE_DROPPED : FATE_CANCELLED;
  if (draw < 860)
    return FATE_SERVED;
  return draw < 970 ? FATE_CANCELLED : FATE_STOCK;
}

static void
set_one_off (YlDemo *demo, YlRecord *order, gint64 day)
{
  static const int hours[] = { 8, 9, 9, 10, 13, 14, 14, 15, 18 };
  int hour = hours[yl_demo_random_below (&demo->random, G_N_ELEMENTS (hours))];

  yl_record_set_integer (order, "start", yl_date_start (day) + hour * 60 * YL_MINUTE_MS);
  yl_record_set_integer (order, "minutes", 60 * yl_demo_random_between (&demo->random, 2, 4));
}

static void
set_recurring (YlDemo *demo, YlRecord *order, gint64 day)
{
  static const char *const weekdays[] = { "mo", "tu,fr", "we", "sa", "mo,th", "we,sa" };

  yl_record_set_text (order, "weekdays", weekdays[yl_demo_random_below (&demo->random, G_N_ELEMENTS (weekdays))]);
  yl_record_set_integer (order, "start_time", 60 * yl_demo_random_between (&demo->random, 8, 15));
  yl_record_set_integer (order, "minutes", 60 * yl_demo_random_between (&demo->random, 2, 4));
  yl_demo_set_date (order, "from_date", day);
  yl_demo_set_date (order, "until_date", day + 27);
}

static void
set_live_in (YlDemo *demo, YlRecord *order, gint64 day, const YlDemoJob *job)
{
  static const char *const rest_days[] = { "single", "single", "double", "none" };
  gboolean maternity = strcmp (job->job, "maternity") == 0;

  yl_demo_set_date (order, "from_date", day);
  yl_record_set_integer (order, "months", maternity ? 1 : yl_demo_random_between (&demo->random, 1, 6));
  yl_record_set_text (order, "rest_days", rest_days[yl_demo_random_below (&demo->random, G_N_ELEMENTS (rest_days))]);
  yl_record_set_text (order, "service_mode", "live_in");
}

/* Many promises are for today, so that there is a day to look at. */
static int
coming_day (YlDemo *demo, Fate fate)
{
  if (fate == FATE_PROMISED && yl_demo_random_chance (&demo->random, 40))
    return 0;
  return yl_demo_random_between (&demo->random, 1, 14);
}

static void
set_schedule (YlDemo *demo, YlRecord *order, const YlDemoJob *job, Fate fate)
{
  gint64 created = yl_date_of (demo->clock);
  gboolean coming = created > demo->today - RECENT_DAYS;
  gint64 day =
      coming ? demo->today + coming_day (demo, fate) : created + yl_demo_random_between (&demo->random, 1, RECENT_DAYS);

  if (strcmp (job->schedule, "one_off") == 0)
    set_one_off (demo, order, day);
  else if (strcmp (job->schedule, "recurring") == 0)
    set_recurring (demo, order, day);
  else
    set_live_in (demo, order, day, job);
}

static void
set_wishes (YlDemo *demo, YlRecord *order, const YlDemoJob *job)
{
  static const char *const notes[] = { "希望阿姨干净利落", "家里有老人,说话慢一点", "孩子刚满月,要有经验的",
                                       "周末也可能需要" };
  int range = job->wage_to - job->wage_from;
  int step = range > 1000 ? 100 : 5;
  int low = job->wage_from + range * yl_demo_random_between (&demo->random, 5, 50) / 100 / step * step;
  int high = low + MAX (range / 3 / step * step, step);
  gboolean care = strcmp (job->job, "elder_care") == 0 || strcmp (job->job, "hospital") == 0;

  yl_record_set_integer (order, "budget_from", (gint64) low * YUAN);
  yl_record_set_integer (order, "budget_to", (gint64) high * YUAN);
  yl_record_set_text (order, "budget_unit", job->unit);
  yl_record_set_integer (order, "need_health", yl_demo_random_chance (&demo->random, 35));
  yl_record_set_integer (order, "need_insurance", yl_demo_random_chance (&demo->random, 15));
  yl_record_set_text (order, "urgency", yl_demo_random_chance (&demo->random, 20) ? "urgent" : "normal");
  if (care && yl_demo_random_chance (&demo->random, 40))
    {
      yl_record_set_integer (order, "intimate_care", 1);
      yl_record_set_integer (order, "gender", 2);
    }
  if (yl_demo_random_chance (&demo->random, 15))
    yl_record_set_text (order, "note", notes[yl_demo_random_below (&demo->random, G_N_ELEMENTS (notes))]);
}

static gboolean
set_skills (YlDemo *demo, const YlRecord *order, const YlDemoJob *job, GError **error)
{
  g_autofree char *needed = g_strdup_printf ("%s:%d", job->skills[0], yl_demo_random_between (&demo->random, 1, 2));

  return (!yl_demo_random_chance (&demo->random, 55) || yl_demo_set_elements (demo, order, "skills", needed, error))
         && (!yl_demo_random_chance (&demo->random, 25)
             || yl_demo_set_elements (demo, order, "wished_skills", job->skills[1], error));
}

static gboolean
is_free (const YlDemoWorker *worker, const GArray *visits)
{
  for (guint i = 0; i < worker->busy->len; i++)
    for (guint j = 0; j < visits->len; j++)
      {
        const YlVisit *taken = &g_array_index (worker->busy, YlVisit, i);
        const YlVisit *wanted = &g_array_index (visits, YlVisit, j);

        if (taken->start < wanted->end && wanted->start < taken->end)
          return FALSE;
      }
  return TRUE;
}

/* A free worker for the work: of the order's own store in the first half of the tries. */
static YlDemoWorker *
find_worker (YlDemo *demo, guint job, guint store, const GArray *visits)
{
  for (guint try = 0; try < TRIES * yl_demo_n_jobs && demo->workers->len > 0; try++)
    {
      YlDemoWorker *worker =
          &g_array_index (demo->workers, YlDemoWorker, yl_demo_random_below (&demo->random, demo->workers->len));

      if (worker->job == job && worker->accepting && (worker->store == store || try >= TRIES * yl_demo_n_jobs / 2)
          && is_free (worker, visits))
        return worker;
    }
  return NULL;
}

/* What the acts around one promise share. */
typedef struct
{
  const YlRecord *order;
  const YlDemoWorker *worker;
  guint store; /* of the order */
  char *claim; /* the last one */
  gint64 start;
} Promise;

static YlRecord *
fact_new (const YlTable *table, const Promise *promise)
{
  YlRecord *fact = yl_record_new (table, NULL);

  if (yl_table_field (table, "claim") >= 0)
    yl_record_set_text (fact, "claim", promise->claim);
  if (yl_table_field (table, "order") >= 0)
    yl_record_set_text (fact, "order", yl_record_get_id (promise->order));
  if (yl_table_field (table, "worker") >= 0)
    yl_record_set_text (fact, "worker", promise->worker->id);
  return fact;
}

static gboolean
make_claim (YlDemo *demo, Promise *promise, const YlVisit *visit, GError **error)
{
  g_autoptr (YlRecord) claim = fact_new (&yl_claim_table, promise);
  g_autofree char *slot = g_strdup_printf ("%" G_GINT64_FORMAT "#0", visit->start);

  yl_record_set_text (claim, "slot", slot);
  yl_record_set_integer (claim, "start", visit->start);
  yl_record_set_integer (claim, "end", visit->end);
  yl_record_set_text (claim, "site", demo->sites[promise->worker->store]);
  yl_record_set_text (claim, "by_site", demo->sites[promise->store]);
  if (!yl_demo_insert (demo, "demo promise", claim, error))
    return FALSE;
  g_free (promise->claim);
  promise->claim = g_strdup (yl_record_get_id (claim));
  promise->start = visit->start;
  return TRUE;
}

static gboolean
make_evidence (YlDemo *demo, const Promise *promise, gint64 at, GError **error)
{
  g_autoptr (YlRecord) evidence = fact_new (&yl_evidence_table, promise);

  yl_record_set_text (evidence, "kind", "served");
  yl_record_set_integer (evidence, "at", at);
  return yl_demo_insert (demo, "demo evidence", evidence, error);
}

static gboolean
make_attempt (YlDemo *demo, const Promise *promise, const char *outcome, const char *cause, GError **error)
{
  g_autoptr (YlRecord) attempt = fact_new (&yl_attempt_table, promise);

  yl_record_set_text (attempt, "stage", promise->worker->store == promise->store ? "own" : "chain");
  yl_record_set_text (attempt, "outcome", outcome);
  yl_record_set_text (attempt, "cause", cause);
  yl_record_set_integer (attempt, "at", promise->start - 2 * YL_DAY_MS);
  return yl_demo_insert (demo, "demo promise", attempt, error);
}

static gboolean
make_event (YlDemo *demo, const YlRecord *order, const char *kind, const char *cause, gint64 at, GError **error)
{
  g_autoptr (YlRecord) event = yl_record_new (&yl_order_event_table, NULL);

  yl_record_set_text (event, "order", yl_record_get_id (order));
  yl_record_set_text (event, "kind", kind);
  yl_record_set_text (event, "cause", cause);
  yl_record_set_integer (event, "at", at);
  return yl_demo_insert (demo, "demo order", event, error);
}

static gboolean
make_dropout (YlDemo *demo, const Promise *promise, GError **error)
{
  static const char *const causes[] = { "dropout", "dropout", "sick", "worker_withdrew" };
  const char *cause = causes[yl_demo_random_below (&demo->random, G_N_ELEMENTS (causes))];
  gint64 now = yl_store_now (demo->store);
  g_autoptr (YlRecord) withdrawal = fact_new (&yl_withdrawal_table, promise);
  g_autoptr (YlRecord) dropout = fact_new (&yl_dropout_table, promise);

  yl_record_set_text (withdrawal, "cause", cause);
  yl_record_set_text (dropout, "cause", cause);
  yl_record_set_integer (dropout, "at", now);
  yl_record_set_integer (dropout, "notice_minutes", (promise->start - now) / YL_MINUTE_MS);
  yl_record_set_text (dropout, "reason", "家里有事,来不了");
  return yl_demo_insert (demo, "demo dropout", withdrawal, error)
         && yl_demo_insert (demo, "demo dropout", dropout, error)
         && make_attempt (demo, promise, "dropped", cause, error);
}

/* Promises every visit; those that are over were served. */
static gboolean
make_promises (YlDemo *demo, Promise *promise, const GArray *visits, GError **error)
{
  gint64 now = yl_date_start (demo->today);

  for (guint i = 0; i < visits->len; i++)
    {
      const YlVisit *visit = &g_array_index (visits, YlVisit, i);

      if (!make_claim (demo, promise, visit, error)
          || (visit->start < now && !make_evidence (demo, promise, MIN (visit->end, now), error)))
        return FALSE;
    }
  return make_attempt (demo, promise, "promised", NULL, error);
}

static gboolean
give_to_worker (YlDemo *demo,
                const YlRecord *order,
                YlDemoWorker *worker,
                guint store,
                Fate fate,
                const GArray *visits,
                GError **error)
{
  Promise promise = { .order = order, .worker = worker, .store = store };
  gint64 end = g_array_index (visits, YlVisit, visits->len - 1).end;
  gboolean ok = make_promises (demo, &promise, visits, error);

  if (fate == FATE_DROPPED)
    ok = ok && make_dropout (demo, &promise, error);
  else
    g_array_append_vals (worker->busy, visits->data, visits->len);
  if (fate == FATE_SERVED && end < yl_date_start (demo->today))
    ok = ok && make_event (demo, order, "complete", NULL, end, error);
  g_free (promise.claim);
  return ok;
}

static gboolean
seal_fate (YlDemo *demo, const YlRecord *order, guint job, guint store, Fate fate, GError **error)
{
  static const char *const reasons[] = { "price", "competitor", "too_slow", "changed_plan", "self" };
  g_autoptr (GArray) visits = yl_order_visits (order);
  gint64 first = g_array_index (visits, YlVisit, 0).start;
  YlDemoWorker *worker = NULL;

  if (fate == FATE_SERVED || fate == FATE_PROMISED || fate == FATE_DROPPED)
    worker = find_worker (demo, job, store, visits);
  if (worker != NULL)
    return give_to_worker (demo, order, worker, store, fate, visits, error);
  if (fate == FATE_STOCK)
    return make_event (demo, order, "stock", "no_fit", first - YL_DAY_MS, error);
  /* A past order nobody was free for was lost. */
  if (fate == FATE_CANCELLED || fate == FATE_SERVED)
    return make_event (demo, order, "cancel", reasons[yl_demo_random_below (&demo->random, G_N_ELEMENTS (reasons))],
                       first - YL_DAY_MS, error);
  return TRUE;
}

static gboolean
make_order (YlDemo *demo, GError **error)
{
  const YlDemoCustomer *customer =
      &g_array_index (demo->customers, YlDemoCustomer, yl_demo_random_below (&demo->random, demo->customers->len));
  guint job = yl_demo_pick_job (demo, TRUE);
  Fate fate = draw_fate (demo);
  g_autoptr (YlRecord) order = yl_record_new (&yl_order_table, NULL);

  yl_record_set_text (order, "site", demo->sites[customer->store]);
  yl_record_set_text (order, "store", demo->sites[customer->store]);
  yl_record_set_text (order, "customer", customer->id);
  yl_record_set_text (order, "service_type", yl_demo_jobs[job].job);
  set_schedule (demo, order, &yl_demo_jobs[job], fate);
  set_wishes (demo, order, &yl_demo_jobs[job]);
  return yl_demo_insert (demo, "demo order", order, error) && set_skills (demo, order, &yl_demo_jobs[job], error)
         && seal_fate (demo, order, job, customer->store, fate, error);
}

/* Orders come in through the working day, from half past eight, for as many days as the chain has taken them. */
static gint64
instant_of (const YlDemo *demo, guint order)
{
  gint64 minutes = (gint64) order * YL_DEMO_ORDER_DAYS * WORKING_MINUTES / demo->size.orders;
  gint64 day = demo->today - YL_DEMO_ORDER_DAYS + 1 + minutes / WORKING_MINUTES;
  gint64 instant = yl_date_start (day) + (OPENING_MINUTE + minutes % WORKING_MINUTES) * YL_MINUTE_MS;

  return MIN (instant, demo->end);
}

gboolean
yl_demo_make_orders (YlDemo *demo, GError **error)
{
  for (guint i = 0; i < demo->size.orders && demo->customers->len > 0; i++)
    if (!yl_demo_advance (demo, instant_of (demo, i), error) || !make_order (demo, error))
      return FALSE;
  return TRUE;
}
