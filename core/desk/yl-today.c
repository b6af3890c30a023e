#include "yl-today.h"

#include "merge/yl-alias.h"
#include "seal/yl-plain.h"
#include "store/yl-store-private.h"

/* Work that lies in the past needs nobody any more; ?2 is now. */
#define STILL_AHEAD                                                                                  \
  "(o.schedule IS NOT 'one_off' OR o.start + COALESCE(o.minutes, 0) * 60000 > ?2)"                   \
  " AND (o.schedule IS NOT 'recurring' OR unixepoch(o.until_date, '+1 day') * 1000 - 28800000 > ?2)" \
  " AND (o.schedule IS NOT 'live_in' OR unixepoch(o.from_date, '+' || COALESCE(o.months, 0) || ' months') * 1000 > ?2)"

/* Of an order that lost somebody: the next visit without her. */
#define LOST_BOOKING                                                                                          \
  "(SELECT b.id FROM booking b WHERE b.[order] = o.id AND b.state IN ('dropped', 'overruled') AND b.end > ?2" \
  " ORDER BY b.start, b.id LIMIT 1)"

void
yl_today_item_free (YlTodayItem *item)
{
  g_free (item->order);
  g_free (item->claim);
  g_free (item->worker);
  g_free (item->order_no);
  g_free (item->service_type);
  g_free (item->customer_name);
  g_free (item->worker_no);
  g_free (item->worker_name);
  g_free (item->other_site);
  g_free (item->cause);
  g_free (item);
}

static YlTodayKind
kind_of_cause (const char *cause)
{
  if (g_strcmp0 (cause, "dropout") == 0)
    return YL_TODAY_DROPOUT;
  if (g_strcmp0 (cause, "overruled") == 0)
    return YL_TODAY_OVERRULED;
  return cause == NULL || g_str_equal (cause, "new") ? YL_TODAY_NEW : YL_TODAY_UNFILLED;
}

/* Columns: order, claim, worker, order_no, service_type, customer, worker_no, worker name, other site, cause, due, until, since. */
static gboolean
add_rows (GPtrArray *items, YlRows *rows, GError **error)
{
  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      YlTodayItem *item = g_new0 (YlTodayItem, 1);
      item->order = g_strdup (yl_rows_text (rows, 0));
      item->claim = g_strdup (yl_rows_text (rows, 1));
      item->worker = g_strdup (yl_rows_text (rows, 2));
      item->order_no = g_strdup (yl_rows_text (rows, 3));
      item->service_type = g_strdup (yl_rows_text (rows, 4));
      item->customer_name = g_strdup (yl_rows_text (rows, 5));
      item->worker_no = g_strdup (yl_rows_text (rows, 6));
      item->worker_name = g_strdup (yl_rows_text (rows, 7));
      item->other_site = g_strdup (yl_rows_text (rows, 8));
      item->cause = g_strdup (yl_rows_text (rows, 9));
      item->due = yl_rows_integer (rows, 10);
      item->until = yl_rows_integer (rows, 11);
      item->since = yl_rows_integer (rows, 12);
      item->kind = kind_of_cause (item->cause);
      g_ptr_array_add (items, item);
    }
  return yl_rows_ended (rows);
}

static gboolean
add_orders (YlStore *store, const char *site, GPtrArray *items, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT o.id, lost.id, lost.worker, o.order_no, o.service_type, c.name, w.worker_no, p.name, other.name, s.cause,"
      " COALESCE(lost.start, o.start, unixepoch(o.from_date) * 1000 - 28800000),"
      " COALESCE(lost.end, o.start + o.minutes * 60000), s.since"
      " FROM order_state s JOIN [order] o ON o.id = s.id"
      " LEFT JOIN plain.customer c ON c.id = " YL_ALIAS_SURVIVOR (
          "o.customer") " LEFT JOIN booking lost ON lost.id = " LOST_BOOKING
                        " LEFT JOIN worker w ON w.id = lost.worker LEFT JOIN plain.worker p ON p.id = lost.worker"
                        " LEFT JOIN claim winner ON winner.id = lost.winner LEFT JOIN site other ON other.id = winner.by_site"
                        " WHERE s.state IN ('intake', 'matching', 'stock') AND (?1 IS NULL OR o.store = ?1) AND " STILL_AHEAD,
      "ti", site, yl_store_now (store));

  return add_rows (items, rows, error);
}

/* Tentative promises: of our workers by others, where this PC decides; of others' workers by us. */
static gboolean
add_tentative (YlStore *store, const char *site, GPtrArray *items, YlTodayKind kind, GError **error)
{
  guint first = items->len;
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT b.[order], b.id, b.worker, o.order_no, o.service_type, c.name, w.worker_no, p.name, other.name, NULL,"
      " b.start, b.end, NULL FROM booking b JOIN claim k ON k.id = b.id JOIN worker w ON w.id = b.worker"
      " LEFT JOIN [order] o ON o.id = b.[order] LEFT JOIN plain.customer c ON c.id = " YL_ALIAS_SURVIVOR (
          "o.customer") " LEFT JOIN plain.worker p ON p.id = b.worker JOIN site home ON home.id = k.site"
                        " LEFT JOIN site other ON other.id = CASE ?3 WHEN 0 THEN k.by_site ELSE k.site END"
                        " WHERE b.state = 'tentative' AND b.end > ?2 AND CASE ?3 WHEN 0 THEN k.site IS ?1 AND home.confirming_node IS ?4"
                        " ELSE k.by_site IS ?1 AND home.confirming_node IS NOT ?4 END",
      "tiit", site, yl_store_now (store), (gint64) (kind == YL_TODAY_ASKED ? 0 : 1), yl_store_get_node (store));

  if (!add_rows (items, rows, error))
    return FALSE;
  for (; first < items->len; first++)
    ((YlTodayItem *) items->pdata[first])->kind = kind;
  return TRUE;
}

/* The harm of waiting: whoever stands at a door first; what should have begun long ago comes last. */
static int
harm_of (const YlTodayItem *item, gint64 now)
{
  switch (item->kind)
    {
    case YL_TODAY_DROPOUT:
    case YL_TODAY_OVERRULED:
      return 0;
    case YL_TODAY_ASKED:
      return 1;
    case YL_TODAY_UNFILLED:
    case YL_TODAY_NEW:
      return item->due >= now - YL_DAY_MS ? 2 : 4;
    default:
      return 3;
    }
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const YlTodayItem *first = *(const YlTodayItem *const *) a;
  const YlTodayItem *second = *(const YlTodayItem *const *) b;
  gint64 now = *(const gint64 *) data;

  if (harm_of (first, now) != harm_of (second, now))
    return harm_of (first, now) < harm_of (second, now) ? -1 : 1;
  if (first->due != second->due)
    return first->due < second->due ? -1 : 1;
  return g_strcmp0 (first->claim != NULL ? first->claim : first->order,
                    second->claim != NULL ? second->claim : second->order);
}

GPtrArray *
yl_today_list (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_today_item_free);
  const char *site = yl_store_is_head_office (store) ? NULL : yl_store_get_site (store);
  gint64 now = yl_store_now (store);

  if (!yl_plain_ensure (store, error) || !add_orders (store, site, items, error)
      || !add_tentative (store, yl_store_get_site (store), items, YL_TODAY_ASKED, error)
      || !add_tentative (store, yl_store_get_site (store), items, YL_TODAY_WAITING, error))
    return NULL;
  g_ptr_array_sort_with_data (items, compare_items, &now);
  return g_steal_pointer (&items);
}

static gboolean
count (YlStore *store, const char *sql, const char *since, guint *result, GError **error)
{
  gint64 value;

  if (!yl_database_integer (store->database, &value, 0, error, sql, "tt", since, yl_store_get_site (store)))
    return FALSE;
  *result = value;
  return TRUE;
}

gboolean
yl_today_summarize (YlStore *store, YlTodaySummary *summary, GError **error)
{
  YlTodaySummary counted = { 0 };
  gint64 midnight = yl_date_start (yl_date_of (yl_store_now (store)));
  /* Ids begin with the millisecond of creation, so they sort by time. */
  g_autofree char *since =
      g_strdup_printf ("%08x-%04x", (guint) (midnight >> 16 & 0xffffffff), (guint) (midnight & 0xffff));

  if (!count (store, "SELECT count(*) FROM [order] WHERE id >= ?1 AND store IS ?2", since, &counted.new_orders, error)
      || !count (store,
                 "SELECT count(DISTINCT k.[order]) FROM claim k JOIN booking b ON b.id = k.id WHERE k.id >= ?1"
                 " AND k.by_site IS ?2 AND b.state IN ('tentative', 'confirmed', 'served')",
                 since, &counted.promised, error)
      || !count (store,
                 "SELECT count(DISTINCT k.[order]) FROM claim k JOIN booking b ON b.id = k.id WHERE k.id >= ?1"
                 " AND k.by_site IS ?2 AND k.site IS NOT k.by_site AND b.state IN ('tentative', 'confirmed', 'served')",
                 since, &counted.chain_help, error))
    return FALSE;
  *summary = counted;
  return TRUE;
}
