#include "yl-order.h"

#include "base/yl-i18n.h"
#include "yl-check.h"
#include "yl-codes.h"
#include "yl-tables.h"

#include <string.h>

/* What a schedule of each kind needs; its other columns stay empty. */
static const struct
{
  const char *kind;
  const char *needs[6];
  const char *may_have;
} schedules[] = {
  { "one_off", { "start", "minutes" } },
  { "recurring", { "weekdays", "start_time", "minutes", "from_date", "until_date" } },
  { "live_in", { "from_date", "months" }, "rest_days" },
};

static const char *const schedule_columns[] = { "start",     "minutes",    "weekdays", "start_time",
                                                "from_date", "until_date", "months",   "rest_days" };

static void
fill_schedule (YlRecord *order)
{
  if (!yl_record_is_null (order, "schedule"))
    return;
  if (!yl_record_is_null (order, "start"))
    yl_record_set_text (order, "schedule", "one_off");
  else if (!yl_record_is_null (order, "weekdays"))
    yl_record_set_text (order, "schedule", "recurring");
  else if (!yl_record_is_null (order, "months"))
    yl_record_set_text (order, "schedule", "live_in");
}

static gboolean
refuse_column (const char *kind, const char *column, gboolean missing, GError **error)
{
  const YlField *field = &yl_order_table.fields[yl_table_field (&yl_order_table, column)];
  const char *label = yl_label (field->zh, field->en);

  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               missing ? _ ("The schedule “%s” needs %s (%s)") : _ ("The schedule “%s” takes no %s (%s)"),
               yl_code_label ("schedule", kind), column, label);
  return FALSE;
}

static gboolean
check_schedule_columns (const YlRecord *order, guint kind, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (schedule_columns); i++)
    {
      const char *column = schedule_columns[i];
      gboolean needed = g_strv_contains (schedules[kind].needs, column);
      gboolean empty = yl_record_is_null (order, column);

      if (needed && empty)
        return refuse_column (schedules[kind].kind, column, TRUE, error);
      if (!needed && !empty && g_strcmp0 (schedules[kind].may_have, column) != 0)
        return refuse_column (schedules[kind].kind, column, FALSE, error);
    }
  return TRUE;
}

static gint64
day_of (const YlRecord *order, const char *column)
{
  const char *date = yl_record_get_text (order, column);
  gint64 day = 0;

  return date != NULL && yl_date_parse (date, &day, NULL) ? day : 0;
}

/* How many visits a recurring schedule has, without a limit. */
static guint
count_visits (const YlRecord *order)
{
  const char *weekdays = yl_record_get_text (order, "weekdays");
  gint64 last = day_of (order, "until_date");
  guint n = 0;

  for (gint64 day = day_of (order, "from_date"); day <= last && n <= YL_ORDER_MAX_VISITS; day++)
    n += strstr (weekdays, yl_codes ("weekday")[yl_date_weekday (day)].code) != NULL;
  return n;
}

static gboolean
check_recurring (const YlRecord *order, GError **error)
{
  guint n;

  if (!yl_check_dates (order, "from_date", "until_date", error))
    return FALSE;
  n = count_visits (order);
  if (n == 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("No visit falls on these weekdays between from_date and until_date"));
      return FALSE;
    }
  if (n > YL_ORDER_MAX_VISITS)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("The schedule has more than %d visits: choose an earlier until_date"), YL_ORDER_MAX_VISITS);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_schedule (const YlRecord *order, GError **error)
{
  const char *kind = yl_record_get_text (order, "schedule");

  for (guint i = 0; i < G_N_ELEMENTS (schedules) && kind != NULL; i++)
    {
      if (strcmp (schedules[i].kind, kind) != 0)
        continue;
      return check_schedule_columns (order, i, error)
             && (strcmp (kind, "recurring") != 0 || check_recurring (order, error));
    }
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                       _ ("An order needs its times: start and minutes for one visit; weekdays, start_time, minutes, "
                          "from_date and until_date for a regular one; from_date and months to live in"));
  return FALSE;
}

static gboolean
check_budget (const YlRecord *order, GError **error)
{
  gint64 from = yl_record_get_integer (order, "budget_from", 0);
  gint64 to = yl_record_get_integer (order, "budget_to", G_MAXINT64);

  if (from > to)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("budget_from must not be more than budget_to"));
      return FALSE;
    }
  if ((from == 0 && to == G_MAXINT64) || !yl_record_is_null (order, "budget_unit"))
    return TRUE;
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                       _ ("A budget needs its budget_unit: hour, day, month26 or month"));
  return FALSE;
}

/* The order's household is the customer's, and its place is the household's, until somebody says otherwise. */
static gboolean
fill_place (YlStore *store, const YlRecord *before, YlRecord *order, GError **error)
{
  static const char *const columns[] = { "district", "lat", "lon" };
  gboolean moved = before != NULL && yl_check_is_changed (before, order, "household");
  g_autoptr (YlRecord) household = NULL;

  if (before == NULL && yl_record_is_null (order, "household") && !yl_record_is_null (order, "customer"))
    {
      g_autoptr (YlRecord) customer = yl_store_get (store, "customer", yl_record_get_text (order, "customer"), error);

      if (customer == NULL)
        return FALSE;
      yl_record_set_value (order, "household", yl_record_get_value (customer, "household"));
    }
  if (yl_record_is_null (order, "household") || (before != NULL && !moved))
    return TRUE;
  household = yl_store_get (store, "household", yl_record_get_text (order, "household"), error);
  if (household == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (yl_record_is_null (order, columns[i]) || (moved && !yl_check_is_changed (before, order, columns[i])))
      yl_record_set_value (order, columns[i], yl_record_get_value (household, columns[i]));
  return TRUE;
}

gboolean
yl_order_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  fill_schedule (after);
  if (!check_schedule (after, error) || !check_budget (after, error))
    return FALSE;
  if (yl_record_get_integer (after, "gender", 0) != 0 && yl_record_get_integer (after, "intimate_care", 0) == 0)
    return yl_check_refuse (error, _ ("A sex may be asked for only where the work is intimate care"));
  yl_check_fill_site (store, before, after, "site");
  yl_check_fill_text (before, after, "store", yl_record_get_text (after, "site"));
  if (yl_record_is_null (after, "headcount"))
    yl_record_set_integer (after, "headcount", 1);
  return fill_place (store, before, after, error) && yl_check_place (after, error);
}

static void
append_visit (GArray *visits, gint64 start, gint64 end)
{
  YlVisit visit = { start, end };

  g_array_append_val (visits, visit);
}

static void
append_recurring (GArray *visits, const YlRecord *order)
{
  const char *weekdays = yl_record_get_text (order, "weekdays");
  gint64 start_time = yl_record_get_integer (order, "start_time", 0) * YL_MINUTE_MS;
  gint64 length = yl_record_get_integer (order, "minutes", 0) * YL_MINUTE_MS;
  gint64 last = day_of (order, "until_date");

  if (weekdays == NULL || length == 0)
    return;
  for (gint64 day = day_of (order, "from_date"); day <= last && visits->len < YL_ORDER_MAX_VISITS; day++)
    if (strstr (weekdays, yl_codes ("weekday")[yl_date_weekday (day)].code) != NULL)
      append_visit (visits, yl_date_start (day) + start_time, yl_date_start (day) + start_time + length);
}

/* The same day of a later month, or that month's last day where it is shorter. */
static gint64
add_months (const char *date, gint64 months)
{
  g_autofree char *text = NULL;
  GDate *later;
  gint64 day = 0;

  later = g_date_new_dmy (atoi (date + 8), atoi (date + 5), atoi (date));
  g_date_add_months (later, (guint) months);
  text = g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (later), g_date_get_month (later), g_date_get_day (later));
  g_date_free (later);
  return yl_date_parse (text, &day, NULL) ? day : 0;
}

GArray *
yl_order_visits (const YlRecord *order)
{
  GArray *visits = g_array_new (FALSE, FALSE, sizeof (YlVisit));
  const char *kind = yl_record_get_text (order, "schedule");
  const char *from = yl_record_get_text (order, "from_date");
  gint64 start = yl_record_get_integer (order, "start", 0);
  gint64 minutes = yl_record_get_integer (order, "minutes", 0);
  gint64 months = yl_record_get_integer (order, "months", 0);

  if (g_strcmp0 (kind, "one_off") == 0 && start != 0 && minutes > 0)
    append_visit (visits, start, start + minutes * YL_MINUTE_MS);
  else if (g_strcmp0 (kind, "recurring") == 0)
    append_recurring (visits, order);
  else if (g_strcmp0 (kind, "live_in") == 0 && from != NULL && months > 0)
    append_visit (visits, yl_date_start (day_of (order, "from_date")), yl_date_start (add_months (from, months)));
  return visits;
}

/* From which states an event of a kind makes sense. */
static gboolean
state_allows (const char *state, const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *states;
  } allowed[] = {
    { "submit", "draft intake" },         { "cancel", "draft intake matching proposed stock" },
    { "stock", "draft intake matching" }, { "reopen", "stock cancelled completed" },
    { "complete", "matching proposed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (strcmp (allowed[i].kind, kind) == 0)
      return strstr (allowed[i].states, state) != NULL;
  return FALSE;
}

static gboolean
check_event (YlStore *store, const char *order, const char *kind, GError **error)
{
  g_autoptr (YlRecord) state = yl_store_get (store, "order_state", order, error);
  g_autofree char *number = NULL;
  const char *code;

  if (state == NULL)
    return FALSE;
  code = yl_record_get_text (state, "state");
  if (state_allows (code, kind))
    return TRUE;
  number = yl_store_number (store, "order", order);
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("Order %s is in state “%s”, which does not allow “%s”"), number,
               yl_code_label ("order_state", code), yl_code_label ("order_event", kind));
  return FALSE;
}

gboolean
yl_order_add_event (YlStore *store,
                    const char *order,
                    const char *kind,
                    const char *cause,
                    const char *note,
                    GError **error)
{
  g_autofree char *what = g_strconcat (kind, " order", NULL);
  g_autofree char *number = NULL;
  g_autofree char *id = yl_store_find_id (store, "order", order, error);
  g_autoptr (YlRecord) event = yl_record_new (&yl_order_event_table, NULL);
  g_autoptr (YlChange) change = NULL;

  if (id == NULL || !check_event (store, id, kind, error))
    return FALSE;
  change = yl_change_begin (store, what, error);
  if (change == NULL)
    return FALSE;
  number = yl_store_number (store, "order", id);
  yl_change_name (change, number);
  yl_record_set_text (event, "order", id);
  yl_record_set_text (event, "kind", kind);
  yl_record_set_integer (event, "at", yl_change_now (change));
  yl_record_set_text (event, "cause", cause);
  yl_record_set_text (event, "note", note);
  return yl_change_insert (change, event, error) && yl_change_commit (change, error);
}
