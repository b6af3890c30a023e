#include "matching/yl-match-query.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"

#define MAX_TRIAL_DAYS 365

YlMatchQuery *
yl_match_query_new (const YlMatchColumns *columns)
{
  YlMatchQuery *query = g_new0 (YlMatchQuery, 1);

  query->visits = g_array_new (FALSE, FALSE, sizeof (YlInterval));
  query->skills = g_array_new (FALSE, FALSE, sizeof (YlNeed));
  query->wished_skills = g_array_new (FALSE, FALSE, sizeof (YlNeed));
  query->languages = g_array_new (FALSE, FALSE, sizeof (YlNeed));
  query->certificates = g_array_new (FALSE, FALSE, sizeof (guint));
  query->own_store = yl_match_columns_code (columns->stores, "");
  query->place = YL_NOWHERE;
  query->first_day = query->last_day = YL_NO_DAY;
  query->budget_from = query->budget_to = YL_NO_WAGE;
  query->mean_rating = columns->rating_total == 0 ? 0 : columns->rating_sum / columns->rating_total;
  return query;
}

void
yl_match_query_free (YlMatchQuery *query)
{
  g_array_unref (query->visits);
  g_array_unref (query->skills);
  g_array_unref (query->wished_skills);
  g_array_unref (query->languages);
  g_array_unref (query->certificates);
  yl_bits_clear_all (&query->excluded);
  yl_bits_clear_all (&query->preferred);
  g_free (query);
}

static gint32
day_of (gint64 instant)
{
  return (gint32) CLAMP (yl_date_of (instant), -YL_NO_DAY, YL_NO_DAY - 1);
}

void
yl_match_query_set_visits (YlMatchQuery *query, const YlInterval *visits, guint n_visits)
{
  gint64 end = -YL_INSTANT_LIMIT;

  g_array_set_size (query->visits, 0);
  query->first_day = query->last_day = YL_NO_DAY;
  for (guint i = 0; i < n_visits; i++)
    {
      YlInterval visit = { CLAMP (visits[i].start, -YL_INSTANT_LIMIT, YL_INSTANT_LIMIT),
                           CLAMP (visits[i].end, -YL_INSTANT_LIMIT, YL_INSTANT_LIMIT) };

      g_array_append_val (query->visits, visit);
      end = MAX (end, visit.end);
    }
  if (n_visits == 0)
    return;
  query->first_day = day_of (g_array_index (query->visits, YlInterval, 0).start);
  query->last_day = day_of (end - 1);
}

void
yl_match_query_set_service (YlMatchQuery *query, const YlMatchColumns *columns, const char *type, const char *mode)
{
  query->job = type != NULL ? yl_match_columns_code (columns->jobs, type) : NULL;
  query->service_type = yl_match_columns_known_symbol (columns, type);
  query->mode = mode != NULL ? yl_match_columns_code (columns->modes, mode) : NULL;
}

void
yl_match_query_add_certificate (YlMatchQuery *query, const YlMatchColumns *columns, const char *type)
{
  guint symbol = yl_match_columns_known_symbol (columns, type);

  g_array_append_val (query->certificates, symbol);
}

void
yl_match_query_add_need (GArray *needs, GHashTable *codes, const char *code, gint64 level)
{
  YlNeed need = { g_intern_string (code), CLAMP (level, 1, YL_MAX_LEVEL), g_hash_table_lookup (codes, code) };

  g_array_append_val (needs, need);
}

gint64
yl_trial_end (gint64 start, gint64 days)
{
  return CLAMP (start, -YL_INSTANT_LIMIT, YL_INSTANT_LIMIT) + CLAMP (days, 0, MAX_TRIAL_DAYS) * YL_DAY_MS;
}

/* `code` or `code:level`. Calls @func for each element of a comma list. */
typedef void (*ElementFunc) (YlMatchQuery *query, const YlMatchColumns *columns, const char *code, gint64 level);

static void
each_element (YlMatchQuery *query, const YlMatchColumns *columns, const char *list, ElementFunc func)
{
  g_auto (GStrv) elements = g_strsplit (list, ",", -1);

  for (guint i = 0; elements[i] != NULL; i++)
    {
      char *element = g_strstrip (elements[i]);
      char *colon = strchr (element, ':');

      if (*element == '\0')
        continue;
      if (colon != NULL)
        *colon = '\0';
      func (query, columns, element, colon != NULL ? g_ascii_strtoll (colon + 1, NULL, 10) : 1);
    }
}

static void
add_skill (YlMatchQuery *query, const YlMatchColumns *columns, const char *code, gint64 level)
{
  yl_match_query_add_need (query->skills, columns->skills, code, level);
}

static void
add_wished_skill (YlMatchQuery *query, const YlMatchColumns *columns, const char *code, gint64 level)
{
  yl_match_query_add_need (query->wished_skills, columns->skills, code, level);
}

static void
add_language (YlMatchQuery *query, const YlMatchColumns *columns, const char *code, gint64 level)
{
  yl_match_query_add_need (query->languages, columns->languages, code, level);
}

static void
add_certificate (YlMatchQuery *query, const YlMatchColumns *columns, const char *code, gint64 level)
{
  yl_match_query_add_certificate (query, columns, code);
}

/* By record id, or by the number people type. */
static void
mark (YlBits *bits, const YlMatchColumns *columns, const char *worker)
{
  int row = yl_match_columns_find (columns, worker);

  for (guint i = 0; row < 0 && i < columns->n_rows; i++)
    if (g_strcmp0 (columns->numbers[i], worker) == 0)
      row = (int) i;
  if (row >= 0)
    yl_bits_set (bits, (guint) row, TRUE);
}

static void
add_preferred (YlMatchQuery *query, const YlMatchColumns *columns, const char *worker, gint64 level)
{
  mark (&query->preferred, columns, worker);
}

static void
add_excluded (YlMatchQuery *query, const YlMatchColumns *columns, const char *worker, gint64 level)
{
  mark (&query->excluded, columns, worker);
}

static gboolean
read_sets (YlMatchQuery *query, const YlMatchColumns *columns, const char *const *sets, GError **error)
{
  static const struct
  {
    const char *set;
    ElementFunc func;
  } readers[] = {
    { "skills", add_skill },        { "wished_skills", add_wished_skill },
    { "languages", add_language },  { "certificates", add_certificate },
    { "preferred", add_preferred }, { "excluded", add_excluded },
  };

  for (guint i = 0; sets != NULL && sets[i] != NULL; i += 2)
    {
      guint reader = 0;

      while (reader < G_N_ELEMENTS (readers) && !g_str_equal (readers[reader].set, sets[i]))
        reader++;
      if (reader == G_N_ELEMENTS (readers))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("An order has no set “%s”: it cannot be matched by it"),
                       sets[i]);
          return FALSE;
        }
      if (sets[i + 1] != NULL)
        each_element (query, columns, sets[i + 1], readers[reader].func);
    }
  return TRUE;
}

gboolean
yl_match_query_read (YlMatchQuery *query,
                     const YlMatchColumns *columns,
                     const YlRecord *order,
                     const char *const *sets,
                     GError **error)
{
  const char *district = yl_record_get_text (order, "district");
  gint64 sex = yl_record_get_integer (order, "gender", 0);

  yl_match_query_set_service (query, columns, yl_record_get_text (order, "service_type"),
                              yl_record_get_text (order, "service_mode"));
  query->area = district != NULL ? yl_match_columns_code (columns->areas, district) : NULL;
  query->household = yl_match_columns_known_symbol (columns, yl_record_get_text (order, "household"));
  if (!yl_record_is_null (order, "lat") && !yl_record_is_null (order, "lon"))
    query->place =
        yl_place_from_degrees (yl_record_get_integer (order, "lat", 0), yl_record_get_integer (order, "lon", 0));
  query->budget_from = yl_record_get_integer (order, "budget_from", YL_NO_WAGE);
  query->budget_to = yl_record_get_integer (order, "budget_to", YL_NO_WAGE);
  query->budget_unit = yl_wage_unit_from_code (yl_record_get_text (order, "budget_unit"));
  if (yl_record_get_integer (order, "intimate_care", 0) == 1 && (sex == 1 || sex == 2))
    query->sex = (int) sex;
  query->need_health = yl_record_get_integer (order, "need_health", 0) == 1;
  query->need_insurance = yl_record_get_integer (order, "need_insurance", 0) == 1;
  query->need_background = yl_record_get_integer (order, "need_background", 0) == 1;
  query->trial_days = yl_record_get_integer (order, "trial_days", 0);
  return read_sets (query, columns, sets, error);
}
