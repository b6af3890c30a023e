#include "yl-demo-private.h"

#include <glib/gstdio.h>

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"
#include "records/yl-tables.h"
#include "trust/yl-company.h"

#include <string.h>

/* One change set stays well below the door's 1,000 ops and 1 MiB. */
#define BATCH_OPS 950
#define BATCH_BYTES 700000
#define MAX_ELEMENTS 16
#define RECORD_BYTES 150
#define VALUE_BYTES 110
#define PHONES_PER_PREFIX 10000
/* Prime to the number of phones of a prefix, so that neighbours do not look alike and none comes twice. */
#define PHONE_STEP 7919

gboolean
yl_demo_flush (YlDemo *demo, GError **error)
{
  g_autoptr (YlChange) change = g_steal_pointer (&demo->change);

  demo->ops = demo->bytes = 0;
  return change == NULL || yl_change_commit (change, error);
}

static guint
estimate_bytes (const YlRecord *record)
{
  guint bytes = RECORD_BYTES;

  for (guint i = 0; i < yl_table_n_fields (yl_record_get_table (record)); i++)
    if (yl_record_peek (record, i)->type != YL_VALUE_NULL)
      bytes += VALUE_BYTES + (guint) yl_record_peek (record, i)->length;
  return bytes;
}

gboolean
yl_demo_insert (YlDemo *demo, const char *what, YlRecord *record, GError **error)
{
  guint bytes = estimate_bytes (record);

  /* Its sets come after it into the same change set: room for them is kept. */
  if ((demo->ops + MAX_ELEMENTS > BATCH_OPS || demo->bytes + bytes > BATCH_BYTES) && !yl_demo_flush (demo, error))
    return FALSE;
  if (demo->change == NULL)
    demo->change = yl_change_begin (demo->store, what, error);
  demo->ops++;
  demo->bytes += bytes;
  return demo->change != NULL && yl_change_insert (demo->change, record, error);
}

gboolean
yl_demo_set_elements (YlDemo *demo, const YlRecord *owner, const char *set, const char *list, GError **error)
{
  guint n = 1;

  if (*list == '\0')
    return TRUE;
  for (const char *comma = strchr (list, ','); comma != NULL; comma = strchr (comma + 1, ','))
    n++;
  demo->ops += n;
  demo->bytes += n * 2 * RECORD_BYTES;
  return yl_change_set_elements (demo->change, yl_table_set (yl_record_get_table (owner), set),
                                 yl_record_get_id (owner), list, error);
}

char *
yl_demo_phone (YlDemo *demo)
{
  static const int prefixes[] = { 139, 138, 137, 136, 135, 158, 159, 186, 188, 199 };
  guint n = demo->phones++;
  int prefix = prefixes[n / PHONES_PER_PREFIX % G_N_ELEMENTS (prefixes)];

  /* 0000 in the middle: made up at a glance. */
  return g_strdup_printf ("%d0000%04u", prefix, n % PHONES_PER_PREFIX * PHONE_STEP % PHONES_PER_PREFIX);
}

/* Early names of a list come up more often: the smaller of two draws. */
static const char *
pick_name (YlDemo *demo, const char *const *names)
{
  guint n = g_strv_length ((GStrv) names);
  guint first = yl_demo_random_below (&demo->random, n);
  guint second = yl_demo_random_below (&demo->random, n);

  return names[MIN (first, second)];
}

char *
yl_demo_name (YlDemo *demo, gboolean female)
{
  const char *surname = pick_name (demo, yl_demo_surnames);

  return g_strconcat (surname, pick_name (demo, female ? yl_demo_given_female : yl_demo_given_male), NULL);
}

guint
yl_demo_pick_store (YlDemo *demo)
{
  guint first = yl_demo_random_below (&demo->random, demo->size.stores);

  return yl_demo_random_chance (&demo->random, 40)
             ? MIN (first, yl_demo_random_below (&demo->random, demo->size.stores))
             : first;
}

const YlDemoCommunity *
yl_demo_pick_community (YlDemo *demo, guint store)
{
  const YlDemoCommunity *community;

  do
    community = &yl_demo_communities[yl_demo_random_below (&demo->random, yl_demo_n_communities)];
  while (strcmp (community->district, yl_demo_stores[store].district) != 0);
  return community;
}

void
yl_demo_set_place (YlDemo *demo, YlRecord *record, const YlDemoCommunity *community)
{
  yl_record_set_integer (record, "lat", community->lat * 100 + yl_demo_random_between (&demo->random, -8000, 8000));
  yl_record_set_integer (record, "lon", community->lon * 100 + yl_demo_random_between (&demo->random, -8000, 8000));
}

guint
yl_demo_pick_job (YlDemo *demo, gboolean for_order)
{
  guint draw = yl_demo_random_below (&demo->random, 100);
  guint job = 0;

  while (job + 1 < yl_demo_n_jobs)
    {
      guint share = for_order ? yl_demo_jobs[job].share_orders : yl_demo_jobs[job].share_workers;

      if (draw < share)
        break;
      draw -= share;
      job++;
    }
  return job;
}

void
yl_demo_set_date (YlRecord *record, const char *column, gint64 day)
{
  g_autofree char *date = yl_date_format (day);

  yl_record_set_text (record, column, date);
}

static gboolean
make_sites (YlDemo *demo, GError **error)
{
  for (guint i = 0; i < demo->size.stores; i++)
    {
      const YlDemoStore *made = &yl_demo_stores[i];
      const YlNewSite site = { .code = made->code, .name = made->name, .lat = made->lat, .lon = made->lon };

      demo->sites[i] = yl_company_add_site (demo->store, &site, error);
      if (demo->sites[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The company's name says that all is made up. */
static gboolean
name_company (YlDemo *demo, YlChange *change, GError **error)
{
  g_autoptr (GPtrArray) companies = yl_store_list (demo->store, "company", NULL, 1, error);

  for (guint i = 0; companies != NULL && i < companies->len; i++)
    {
      YlRecord *company = g_ptr_array_index (companies, i);

      yl_record_set_text (company, "name", YL_DEMO_COMPANY);
      if (!yl_change_update (change, company, error))
        return FALSE;
    }
  return companies != NULL;
}

static gboolean
name_staff (YlDemo *demo, YlChange *change, GError **error)
{
  g_autoptr (GPtrArray) staff = yl_store_list (demo->store, "staff", NULL, 0, error);

  for (guint i = 0; staff != NULL && i < staff->len; i++)
    {
      YlRecord *person = g_ptr_array_index (staff, i);
      g_autofree char *name = yl_demo_name (demo, yl_demo_random_chance (&demo->random, 70));

      yl_record_set_text (person, "name", name);
      if (!yl_change_update (change, person, error))
        return FALSE;
    }
  return staff != NULL;
}

static gboolean
set_districts (YlDemo *demo, YlChange *change, GError **error)
{
  for (guint i = 0; i < demo->size.stores; i++)
    {
      g_autoptr (YlRecord) site = yl_store_get (demo->store, "site", demo->sites[i], error);

      if (site == NULL)
        return FALSE;
      yl_record_set_text (site, "district", yl_demo_stores[i].district);
      if (!yl_change_update (change, site, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
describe_company (YlDemo *demo, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin_as_authority (demo->store, "demo", error);

  return change != NULL && name_company (demo, change, error) && name_staff (demo, change, error)
         && set_districts (demo, change, error) && yl_change_commit (change, error);
}

static gboolean
check_empty (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) workers = NULL;

  if (!yl_store_is_head_office (store))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_REFUSED,
                           _ ("A demo chain can be made only in head office's store"));
      return FALSE;
    }
  workers = yl_store_list (store, "worker", NULL, 1, error);
  if (workers == NULL)
    return FALSE;
  if (workers->len == 0)
    return TRUE;
  g_set_error_literal (
      error, YL_ERROR, YL_ERROR_REFUSED,
      _ ("This store holds workers already: made-up ones must not be mixed with them; use a new file"));
  return FALSE;
}

static gboolean
fill (YlDemo *demo, GError **error)
{
  return check_empty (demo->store, error) && make_sites (demo, error) && describe_company (demo, error)
         && yl_demo_make_workers (demo, error) && yl_demo_make_customers (demo, error)
         && yl_demo_make_orders (demo, error) && yl_demo_flush (demo, error)
         && yl_store_set_setting (demo->store, "note", "虚构数据:人名、电话、证件号、地址都是编造的", error);
}

static void
worker_clear (gpointer data)
{
  YlDemoWorker *worker = data;

  g_free (worker->id);
  g_array_unref (worker->busy);
}

static void
customer_clear (gpointer data)
{
  YlDemoCustomer *customer = data;

  g_free (customer->id);
}

static gint64
demo_now (gpointer data)
{
  return *(const gint64 *) data;
}

gboolean
yl_demo_advance (YlDemo *demo, gint64 instant, GError **error)
{
  gboolean new_day = yl_date_of (instant) != yl_date_of (demo->clock);

  demo->clock = MAX (demo->clock, instant);
  return !new_day || yl_demo_flush (demo, error);
}

YlStore *
yl_demo_found (const char *file,
               const char *code,
               const char *hub_url,
               const YlDemoSize *size,
               guint64 seed,
               GError **error)
{
  gint64 founded = yl_clock_now () - YL_DEMO_DAYS * YL_DAY_MS;
  YlFounding founding = { YL_DEMO_COMPANY, code, hub_url, demo_now, &founded };
  g_autoptr (YlStore) store = yl_store_found (file, &founding, error);

  if (store == NULL)
    return NULL;
  yl_store_set_clock (store, NULL, NULL);
  if (yl_demo_fill (store, size, seed, error))
    return g_steal_pointer (&store);
  g_clear_object (&store);
  g_unlink (file);
  return NULL;
}

gboolean
yl_demo_fill (YlStore *head_office, const YlDemoSize *size, guint64 seed, GError **error)
{
  YlDemo demo = { .store = head_office, .size = *size, .random = { seed } };
  gint64 real_now = yl_store_now (head_office);
  YlNowFunc now = head_office->now;
  gpointer now_data = head_office->now_data;
  gboolean ok;

  demo.size.stores = CLAMP (size->stores, 1, YL_DEMO_N_STORES);
  demo.today = yl_date_of (real_now);
  demo.clock = real_now - YL_DEMO_DAYS * YL_DAY_MS;
  demo.end = real_now;
  yl_store_set_clock (head_office, demo_now, &demo.clock);
  demo.workers = g_array_new (FALSE, TRUE, sizeof (YlDemoWorker));
  demo.customers = g_array_new (FALSE, TRUE, sizeof (YlDemoCustomer));
  demo.id_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_array_set_clear_func (demo.workers, worker_clear);
  g_array_set_clear_func (demo.customers, customer_clear);
  ok = fill (&demo, error);
  g_clear_pointer (&demo.change, yl_change_free);
  yl_store_set_clock (head_office, now, now_data);
  g_array_unref (demo.workers);
  g_array_unref (demo.customers);
  g_hash_table_unref (demo.id_numbers);
  for (guint i = 0; i < demo.size.stores; i++)
    g_free (demo.sites[i]);
  return ok;
}
