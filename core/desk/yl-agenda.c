#include "yl-agenda.h"

#include "merge/yl-alias.h"
#include "seal/yl-plain.h"
#include "store/yl-store-private.h"

/* Visits and absences as one list; parameters 1 and 2 bound the time. */
#define SPANS                                                                        \
  "SELECT worker, state, start, end, id AS claim, [order] FROM booking"              \
  " WHERE start < ?2 AND end > ?1 AND state IN ('tentative', 'confirmed', 'served')" \
  " UNION ALL SELECT " YL_ALIAS_SURVIVOR (                                           \
      "worker") ", 'away', start, end, NULL, NULL FROM availability"                 \
                " WHERE start < ?2 AND end > ?1 AND state IN ('unavailable', 'leave')"

void
yl_span_free (YlSpan *span)
{
  g_free (span->claim);
  g_free (span->order);
  g_free (span->order_no);
  g_free (span->service_type);
  g_free (span);
}

void
yl_agenda_row_free (YlAgendaRow *row)
{
  g_free (row->worker);
  g_free (row->worker_no);
  g_free (row->name);
  g_ptr_array_unref (row->spans);
  g_free (row);
}

static YlSpanKind
kind_of (const char *state)
{
  if (g_str_equal (state, "confirmed"))
    return YL_SPAN_CONFIRMED;
  if (g_str_equal (state, "tentative"))
    return YL_SPAN_TENTATIVE;
  return g_str_equal (state, "served") ? YL_SPAN_SERVED : YL_SPAN_AWAY;
}

/* Columns from @first: state, start, end, claim, order, order_no, service_type. */
static YlSpan *
read_span (YlRows *rows, int first)
{
  YlSpan *span = g_new0 (YlSpan, 1);

  span->kind = kind_of (yl_rows_text (rows, first));
  span->start = yl_rows_integer (rows, first + 1);
  span->end = yl_rows_integer (rows, first + 2);
  span->claim = g_strdup (yl_rows_text (rows, first + 3));
  span->order = g_strdup (yl_rows_text (rows, first + 4));
  span->order_no = g_strdup (yl_rows_text (rows, first + 5));
  span->service_type = g_strdup (yl_rows_text (rows, first + 6));
  return span;
}

GPtrArray *
yl_agenda_of (YlStore *store, const char *worker, gint64 from, gint64 until, GError **error)
{
  g_autoptr (GPtrArray) spans = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_span_free);
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT s.state, s.start, s.end, s.claim, s.[order], o.order_no, o.service_type FROM (" SPANS
                         ") s LEFT JOIN [order] o ON o.id = s.[order] WHERE s.worker = ?3 ORDER BY s.start, s.claim",
                         "iit", from, until, worker);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (spans, read_span (rows, 0));
  return yl_rows_ended (rows) ? g_steal_pointer (&spans) : NULL;
}

static YlAgendaRow *
row_for (GPtrArray *agenda, YlRows *rows)
{
  YlAgendaRow *row = agenda->len == 0 ? NULL : agenda->pdata[agenda->len - 1];

  if (row != NULL && g_str_equal (row->worker, yl_rows_text (rows, 0)))
    return row;
  row = g_new0 (YlAgendaRow, 1);
  row->worker = g_strdup (yl_rows_text (rows, 0));
  row->worker_no = g_strdup (yl_rows_text (rows, 1));
  row->name = g_strdup (yl_rows_text (rows, 2));
  row->spans = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_span_free);
  g_ptr_array_add (agenda, row);
  return row;
}

GPtrArray *
yl_agenda_of_site (YlStore *store, const char *site, gint64 from, gint64 until, GError **error)
{
  g_autoptr (GPtrArray) agenda = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_agenda_row_free);
  g_autoptr (YlRows) rows = NULL;

  if (!yl_plain_ensure (store, error))
    return NULL;
  rows = yl_database_query (
      store->database, error,
      "SELECT w.id, w.worker_no, p.name, s.state, s.start, s.end, s.claim, s.[order], o.order_no, o.service_type"
      " FROM (" SPANS ") s JOIN worker w ON w.id = s.worker LEFT JOIN plain.worker p ON p.id = w.id"
      " LEFT JOIN [order] o ON o.id = s.[order] WHERE (?3 IS NULL OR w.home_store = ?3 OR o.store = ?3)"
      " AND (s.claim IS NULL OR s.start > ?1 OR s.end < ?2)"
      " ORDER BY max(s.claim IS NOT NULL) OVER (PARTITION BY w.id) DESC, w.worker_no, w.id, s.start",
      "iit", from, until, site);
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (row_for (agenda, rows)->spans, read_span (rows, 3));
  return yl_rows_ended (rows) ? g_steal_pointer (&agenda) : NULL;
}
