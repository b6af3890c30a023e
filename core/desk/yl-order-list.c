#include "yl-order-list.h"

#include "records/yl-tables.h"
#include "merge/yl-alias.h"
#include "seal/yl-plain.h"
#include "store/yl-store-private.h"

static const char *const order_columns[] = { "order_no",   "service_type", "schedule",   "start",
                                             "minutes",    "weekdays",     "start_time", "from_date",
                                             "until_date", "months",       "headcount" };

#define SELECT_ITEMS                                                                                                                       \
  "SELECT o.id, o.order_no, o.service_type, o.schedule, o.start, o.minutes, o.weekdays, o.start_time, o.from_date,"                        \
  " o.until_date, o.months, o.headcount, c.name, h.community, o.store, s.state, s.cause, s.since,"                                         \
  " EXISTS (SELECT 1 FROM erased_person WHERE person = o.customer)"                                                                        \
  " FROM [order] o JOIN order_state s ON s.id = o.id LEFT JOIN plain.customer c ON c.id = " YL_ALIAS_SURVIVOR (                            \
      "o.customer") " LEFT JOIN household h ON h.id = o.household WHERE (?1 IS NULL OR o.store = ?1) AND instr(?2, ',' || s.state || ',')" \
                    " AND (?3 IS NULL OR o.order_no LIKE ?3 OR c.name LIKE ?3 OR h.community LIKE ?3 OR c.phone LIKE ?4)"                  \
                    " ORDER BY o.id DESC LIMIT ?5"

void
yl_order_item_free (YlOrderItem *item)
{
  yl_record_free (item->order);
  g_free (item->customer_name);
  g_free (item->community);
  g_free (item->store);
  g_free (item->state);
  g_free (item->cause);
  g_free (item);
}

void
yl_promise_item_free (YlPromiseItem *item)
{
  g_free (item->claim);
  g_free (item->worker);
  g_free (item->worker_no);
  g_free (item->worker_name);
  g_free (item->home_store);
  g_free (item->state);
  g_free (item->winner_site);
  g_free (item);
}

static YlOrderItem *
read_item (YlRows *rows)
{
  YlOrderItem *item = g_new0 (YlOrderItem, 1);
  int column = 1;

  item->order = yl_record_new (&yl_order_table, yl_rows_text (rows, 0));
  for (guint i = 0; i < G_N_ELEMENTS (order_columns); i++)
    {
      g_auto (YlValue) value = YL_VALUE_INIT;
      yl_rows_value (rows, column++, &value);
      yl_record_set_value (item->order, order_columns[i], &value);
    }
  item->customer_name = g_strdup (yl_rows_text (rows, column++));
  item->community = g_strdup (yl_rows_text (rows, column++));
  item->store = g_strdup (yl_rows_text (rows, column++));
  item->state = g_strdup (yl_rows_text (rows, column++));
  item->cause = g_strdup (yl_rows_text (rows, column++));
  item->since = yl_rows_integer (rows, column++);
  item->customer_erased = yl_rows_integer (rows, column) != 0;
  return item;
}

GPtrArray *
yl_order_list (YlStore *store, YlOrderFilter filter, const char *search, guint limit, GError **error)
{
  static const char *const states[] = {
    [YL_ORDERS_OPEN] = ",draft,intake,matching,stock,",
    [YL_ORDERS_PROMISED] = ",proposed,",
    [YL_ORDERS_ALL] = ",draft,intake,matching,stock,proposed,cancelled,completed,",
  };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_order_item_free);
  gboolean is_search = search != NULL && *search != '\0';
  g_autofree char *part = is_search ? g_strdup_printf ("%%%s%%", search) : NULL;
  g_autofree char *tail = is_search ? g_strdup_printf ("%%%s", search) : NULL;
  const char *site = yl_store_is_head_office (store) ? NULL : yl_store_get_site (store);
  g_autoptr (YlRows) rows = NULL;

  if (!yl_plain_ensure (store, error))
    return NULL;
  rows = yl_database_query (store->database, error, SELECT_ITEMS, "tttti", site, states[filter], part, tail,
                            (gint64) limit);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (items, read_item (rows));
  return yl_rows_ended (rows) ? g_steal_pointer (&items) : NULL;
}

GPtrArray *
yl_order_promises (YlStore *store, const char *order, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_promise_item_free);
  g_autoptr (YlRows) rows = NULL;

  if (!yl_plain_ensure (store, error))
    return NULL;
  rows = yl_database_query (
      store->database, error,
      "SELECT b.id, b.worker, w.worker_no, p.name, w.home_store, b.state, winner.by_site, b.start, b.end FROM booking b"
      " JOIN worker w ON w.id = b.worker LEFT JOIN plain.worker p ON p.id = b.worker"
      " LEFT JOIN claim winner ON winner.id = b.winner WHERE b.[order] = ?1"
      " ORDER BY b.start, b.state NOT IN ('tentative', 'confirmed', 'served'), b.id DESC",
      "t", order);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlPromiseItem *item = g_new0 (YlPromiseItem, 1);
      item->claim = g_strdup (yl_rows_text (rows, 0));
      item->worker = g_strdup (yl_rows_text (rows, 1));
      item->worker_no = g_strdup (yl_rows_text (rows, 2));
      item->worker_name = g_strdup (yl_rows_text (rows, 3));
      item->home_store = g_strdup (yl_rows_text (rows, 4));
      item->state = g_strdup (yl_rows_text (rows, 5));
      item->winner_site = g_strdup (yl_rows_text (rows, 6));
      item->start = yl_rows_integer (rows, 7);
      item->end = yl_rows_integer (rows, 8);
      g_ptr_array_add (items, item);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&items) : NULL;
}
