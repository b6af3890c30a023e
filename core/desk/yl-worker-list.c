#include "yl-worker-list.h"

#include "merge/yl-alias.h"
#include "seal/yl-plain.h"
#include "store/yl-store-private.h"

/* A name, number or phone of any record of hers finds her. */
#define FINDS(worker, plain)                                                                                  \
  worker ".worker_no LIKE ?2 OR " plain ".name LIKE ?2 OR " plain ".name_pinyin LIKE substr(?2, 2) OR " plain \
         ".phone LIKE ?3"
#define SELECT_ITEMS                                                                                                         \
  "SELECT w.id, w.worker_no, p.name, w.home_store, (SELECT group_concat(DISTINCT code) FROM worker_job"                      \
  " WHERE worker IN " YL_ALIAS_GROUP (                                                                                       \
      "w.id") "),"                                                                                                           \
              " w.accept_state, w.wage_unit, w.expected_wage, w.rating, w.rating_count,"                                     \
              " (SELECT max(b.end) FROM booking b WHERE b.worker = w.id AND b.start <= ?5 AND b.end > ?5"                    \
              " AND b.state IN ('tentative', 'confirmed', 'served')),"                                                       \
              " EXISTS (SELECT 1 FROM erased_person WHERE person = w.id)"                                                    \
              " FROM worker w LEFT JOIN plain.worker p ON p.id = w.id"                                                       \
              " WHERE (?1 IS NULL OR w.home_store = ?1) AND w.id NOT IN (SELECT id FROM merged WHERE kind = 'worker')"       \
              " AND (?2 IS NULL OR " FINDS (                                                                                 \
                  "w",                                                                                                       \
                  "p") " OR w.id IN (SELECT m.survivor FROM merged m JOIN worker a ON a.id = m.id"                           \
                       " LEFT JOIN plain.worker q ON q.id = m.id WHERE " FINDS (                                             \
                           "a",                                                                                              \
                           "q") "))"                                                                                         \
                                " AND (?4 IS NULL OR EXISTS (SELECT 1 FROM worker_job j WHERE j.worker IN " YL_ALIAS_GROUP ( \
                                    "w.id") " AND j.code = ?4))"                                                             \
                                            " ORDER BY w.worker_no, w.id LIMIT ?6"

void
yl_worker_item_free (YlWorkerItem *item)
{
  g_free (item->worker);
  g_free (item->worker_no);
  g_free (item->name);
  g_free (item->home_store);
  g_free (item->job_types);
  g_free (item->accept_state);
  g_free (item->wage_unit);
  g_free (item);
}

static YlWorkerItem *
read_item (YlRows *rows)
{
  YlWorkerItem *item = g_new0 (YlWorkerItem, 1);

  item->worker = g_strdup (yl_rows_text (rows, 0));
  item->worker_no = g_strdup (yl_rows_text (rows, 1));
  item->name = g_strdup (yl_rows_text (rows, 2));
  item->home_store = g_strdup (yl_rows_text (rows, 3));
  item->job_types = g_strdup (yl_rows_text (rows, 4));
  item->accept_state = g_strdup (yl_rows_text (rows, 5));
  item->wage_unit = g_strdup (yl_rows_text (rows, 6));
  item->wage = yl_rows_integer (rows, 7);
  item->rating = yl_rows_integer (rows, 8);
  item->rating_count = yl_rows_integer (rows, 9);
  item->busy_until = yl_rows_integer (rows, 10);
  item->erased = yl_rows_integer (rows, 11) != 0;
  return item;
}

GPtrArray *
yl_worker_list (YlStore *store, YlWorkerFilter filter, const char *search, const char *job, guint limit, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_worker_item_free);
  gboolean is_search = search != NULL && *search != '\0';
  g_autofree char *part = is_search ? g_strdup_printf ("%%%s%%", search) : NULL;
  g_autofree char *tail = is_search ? g_strdup_printf ("%%%s", search) : NULL;
  const char *site = filter == YL_WORKERS_OWN ? yl_store_get_site (store) : NULL;
  g_autoptr (YlRows) rows = NULL;

  if (!yl_plain_ensure (store, error))
    return NULL;
  rows = yl_database_query (store->database, error, SELECT_ITEMS, "ttttii", site, part, tail, job, yl_store_now (store),
                            (gint64) limit);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (items, read_item (rows));
  return yl_rows_ended (rows) ? g_steal_pointer (&items) : NULL;
}
