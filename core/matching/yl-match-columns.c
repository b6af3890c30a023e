#include "matching/yl-match-columns.h"

#include <string.h>

#define DEBT_LIMIT_FEN 100000

static const YlBits nobody = { NULL, 0 };

static void
leveled_free (gpointer data)
{
  YlLeveled *leveled = data;

  for (guint i = 0; i < YL_MAX_LEVEL; i++)
    yl_bits_clear_all (&leveled->at_least[i]);
  g_free (leveled);
}

static GHashTable *
code_table_new (GDestroyNotify free_value)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_value);
}

#define N_LISTS 6

static void
get_lists (YlMatchColumns *columns, YlMatchList **lists)
{
  lists[0] = &columns->busy;
  lists[1] = &columns->trials;
  lists[2] = &columns->certificates;
  lists[3] = &columns->blocks;
  lists[4] = &columns->households;
  lists[5] = &columns->scenes;
}

static void
init_lists (YlMatchColumns *columns)
{
  yl_match_list_init (&columns->busy, sizeof (YlBusy));
  yl_match_list_init (&columns->trials, sizeof (YlTrial));
  yl_match_list_init (&columns->certificates, sizeof (YlHeldCertificate));
  yl_match_list_init (&columns->blocks, sizeof (guint));
  yl_match_list_init (&columns->households, sizeof (YlTally));
  yl_match_list_init (&columns->scenes, sizeof (YlTally));
}

YlMatchColumns *
yl_match_columns_new (void)
{
  YlMatchColumns *columns = g_new0 (YlMatchColumns, 1);

  columns->jobs = code_table_new ((GDestroyNotify) yl_bits_free);
  columns->modes = code_table_new ((GDestroyNotify) yl_bits_free);
  columns->areas = code_table_new ((GDestroyNotify) yl_bits_free);
  columns->stores = code_table_new ((GDestroyNotify) yl_bits_free);
  columns->certificate_types = code_table_new ((GDestroyNotify) yl_bits_free);
  columns->skills = code_table_new (leveled_free);
  columns->languages = code_table_new (leveled_free);
  columns->rows = g_hash_table_new (g_str_hash, g_str_equal);
  columns->symbols = code_table_new (NULL);
  init_lists (columns);
  return columns;
}

/* The sets that hold one bit per row, whatever their meaning. */
static void
foreach_bit_set (YlMatchColumns *columns, void (*func) (YlBits *bits, guint row), guint row)
{
  YlBits *sets[] = {
    &columns->present,        &columns->accepting,  &columns->shareable,      &columns->minors,
    &columns->age_known,      &columns->sexes[1],   &columns->sexes[2],       &columns->indebted,
    &columns->health_seen,    &columns->health_bad, &columns->insurance_seen, &columns->insurance_void,
    &columns->background_bad, &columns->has_mode,   &columns->has_area,
  };
  GHashTable *plain[] = { columns->jobs, columns->modes, columns->areas, columns->stores, columns->certificate_types };
  GHashTable *leveled[] = { columns->skills, columns->languages };
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    func (sets[i], row);
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_hash_table_iter_init (&iter, plain[i]);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        func (value, row);
    }
  for (guint i = 0; i < G_N_ELEMENTS (leveled); i++)
    {
      g_hash_table_iter_init (&iter, leveled[i]);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        for (guint level = 0; level < YL_MAX_LEVEL; level++)
          func (&((YlLeveled *) value)->at_least[level], row);
    }
}

static void
drop_bits (YlBits *bits, guint row)
{
  yl_bits_clear_all (bits);
}

static void
unset_bit (YlBits *bits, guint row)
{
  yl_bits_set (bits, row, FALSE);
}

void
yl_match_columns_free (YlMatchColumns *columns)
{
  YlMatchList *lists[N_LISTS];
  gpointer arrays[] = { columns->ids,           columns->numbers,         columns->homes,        columns->places,
                        columns->max_travel,    columns->month_wages,     columns->health_until, columns->insured_from,
                        columns->insured_until, columns->background_days, columns->ratings,      columns->rating_counts,
                        columns->dropouts };

  get_lists (columns, lists);
  foreach_bit_set (columns, drop_bits, 0);
  for (guint i = 0; i < columns->n_rows; i++)
    {
      g_free (columns->ids[i]);
      g_free (columns->numbers[i]);
    }
  for (guint i = 0; i < N_LISTS; i++)
    yl_match_list_clear (lists[i]);
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_free (arrays[i]);
  g_hash_table_unref (columns->jobs);
  g_hash_table_unref (columns->modes);
  g_hash_table_unref (columns->areas);
  g_hash_table_unref (columns->stores);
  g_hash_table_unref (columns->certificate_types);
  g_hash_table_unref (columns->skills);
  g_hash_table_unref (columns->languages);
  g_hash_table_unref (columns->rows);
  g_clear_pointer (&columns->aliases, g_hash_table_unref);
  g_hash_table_unref (columns->symbols);
  g_free (columns);
}

/* The rest of a word's rows must be readable: rules look at 64 at a time. */
#define GROW(array)                                                                                         \
  G_STMT_START                                                                                              \
  {                                                                                                         \
    columns->array = g_realloc_n (columns->array, n, sizeof *columns->array);                               \
    memset (columns->array + columns->n_allocated, 0, (n - columns->n_allocated) * sizeof *columns->array); \
  }                                                                                                         \
  G_STMT_END

static void
grow_arrays (YlMatchColumns *columns)
{
  guint n = MAX (64, columns->n_allocated * 2);

  GROW (ids);
  GROW (numbers);
  GROW (homes);
  GROW (places);
  GROW (max_travel);
  GROW (month_wages);
  GROW (health_until);
  GROW (insured_from);
  GROW (insured_until);
  GROW (background_days);
  GROW (ratings);
  GROW (rating_counts);
  GROW (dropouts);
  columns->n_allocated = n;
}

static guint
append_row (YlMatchColumns *columns, const char *id)
{
  guint row = columns->n_rows++;

  if (row >= columns->n_allocated)
    grow_arrays (columns);
  columns->ids[row] = g_strdup (id);
  columns->numbers[row] = NULL;
  g_hash_table_insert (columns->rows, columns->ids[row], GUINT_TO_POINTER (row + 1));
  return row;
}

void
yl_match_columns_collect (YlMatchColumns *columns)
{
  YlMatchList *lists[N_LISTS];

  get_lists (columns, lists);
  for (guint i = 0; i < N_LISTS; i++)
    yl_match_list_collect (lists[i]);
}

void
yl_match_columns_settle (YlMatchColumns *columns)
{
  YlMatchList *lists[N_LISTS];

  get_lists (columns, lists);
  for (guint i = 0; i < N_LISTS; i++)
    yl_match_list_settle (lists[i]);
}

static void
count_rating (YlMatchColumns *columns, guint row, int sign)
{
  if (columns->ratings[row] == YL_NO_RATING)
    return;
  columns->rating_sum += sign * (gint64) columns->ratings[row] * columns->rating_counts[row];
  columns->rating_total += sign * (gint64) columns->rating_counts[row];
}

static void
empty_row (YlMatchColumns *columns, guint row)
{
  YlMatchList *lists[N_LISTS];

  if (!yl_bits_test (&columns->present, row))
    return;
  count_rating (columns, row, -1);
  foreach_bit_set (columns, unset_bit, row);
  get_lists (columns, lists);
  for (guint i = 0; i < N_LISTS; i++)
    yl_match_list_empty_row (lists[i], row);
}

static YlBits *
code_bits (GHashTable *codes, const char *code)
{
  YlBits *bits = g_hash_table_lookup (codes, code);

  if (bits == NULL)
    {
      bits = g_new0 (YlBits, 1);
      g_hash_table_insert (codes, g_strdup (code), bits);
    }
  return bits;
}

static void
put_bits (YlMatchColumns *columns, guint row, const YlMatchWorker *worker)
{
  const struct
  {
    YlBits *bits;
    gboolean on;
  } flags[] = {
    { &columns->present, TRUE },
    { &columns->accepting, worker->accepting },
    { &columns->shareable, worker->shareable },
    { &columns->minors, worker->adult == 0 },
    { &columns->age_known, worker->adult >= 0 },
    { &columns->sexes[1], worker->sex == 1 },
    { &columns->sexes[2], worker->sex == 2 },
    { &columns->indebted, worker->debt >= DEBT_LIMIT_FEN },
    { &columns->health_seen, worker->health_seen },
    { &columns->health_bad, worker->health_bad },
    { &columns->insurance_seen, worker->insurance_seen },
    { &columns->insurance_void, worker->insurance_void },
    { &columns->background_bad, worker->background_bad },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    yl_bits_set (flags[i].bits, row, flags[i].on);
  if (worker->home_store != NULL)
    yl_bits_set (code_bits (columns->stores, worker->home_store), row, TRUE);
}

guint
yl_match_columns_put (YlMatchColumns *columns, const YlMatchWorker *worker)
{
  int found = yl_match_columns_find (columns, worker->id);
  guint row = found >= 0 ? (guint) found : append_row (columns, worker->id);
  gboolean rated = worker->rating != YL_NO_RATING && worker->rating_count > 0;

  if (found >= 0)
    empty_row (columns, row);
  g_free (columns->numbers[row]);
  columns->numbers[row] = g_strdup (worker->number);
  columns->homes[row] = g_intern_string (worker->home_store);
  columns->places[row] = worker->place;
  columns->max_travel[row] = (gint32) CLAMP (worker->max_travel, -1, G_MAXINT32);
  columns->month_wages[row] = yl_wage_per_month (worker->wage, worker->wage_unit);
  columns->health_until[row] = worker->health_until;
  columns->insured_from[row] = worker->insured_from == YL_NO_DAY ? G_MININT32 : worker->insured_from;
  columns->insured_until[row] = worker->insured_until;
  columns->background_days[row] = worker->background_day;
  columns->ratings[row] = rated ? (gint32) CLAMP (worker->rating, 0, 500) : YL_NO_RATING;
  columns->rating_counts[row] = rated ? (gint32) MIN (worker->rating_count, 1000000) : 0;
  columns->dropouts[row] = (gint32) CLAMP (worker->dropouts, 0, 1000000);
  put_bits (columns, row, worker);
  count_rating (columns, row, 1);
  return row;
}

void
yl_match_columns_remove (YlMatchColumns *columns, const char *id)
{
  int row = yl_match_columns_find (columns, id);

  if (row >= 0)
    empty_row (columns, (guint) row);
}

void
yl_match_columns_merge (YlMatchColumns *columns, const char *id, const char *survivor)
{
  if (columns->aliases != NULL)
    g_hash_table_remove (columns->aliases, id);
  if (survivor == NULL)
    return;
  yl_match_columns_remove (columns, id);
  if (columns->aliases == NULL)
    columns->aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (columns->aliases, g_strdup (id), g_strdup (survivor));
}

int
yl_match_columns_find (const YlMatchColumns *columns, const char *id)
{
  const char *survivor = columns->aliases != NULL ? g_hash_table_lookup (columns->aliases, id) : NULL;

  if (survivor != NULL)
    id = survivor;
  return (int) GPOINTER_TO_UINT (g_hash_table_lookup (columns->rows, id)) - 1;
}

guint
yl_match_columns_waste (const YlMatchColumns *columns)
{
  YlMatchList *lists[N_LISTS];
  guint64 wasted = 0, all = 0;

  get_lists ((YlMatchColumns *) columns, lists);
  for (guint i = 0; i < N_LISTS; i++)
    {
      wasted += lists[i]->n_wasted;
      all += lists[i]->entries->len;
    }
  return all == 0 ? 0 : (guint) (wasted * 100 / all);
}

guint
yl_match_columns_symbol (YlMatchColumns *columns, const char *text)
{
  guint symbol = yl_match_columns_known_symbol (columns, text);

  if (symbol == 0 && text != NULL)
    {
      symbol = g_hash_table_size (columns->symbols) + 1;
      g_hash_table_insert (columns->symbols, g_strdup (text), GUINT_TO_POINTER (symbol));
    }
  return symbol;
}

guint
yl_match_columns_known_symbol (const YlMatchColumns *columns, const char *text)
{
  return text == NULL ? 0 : GPOINTER_TO_UINT (g_hash_table_lookup (columns->symbols, text));
}

void
yl_match_columns_add_job (YlMatchColumns *columns, guint row, const char *code)
{
  yl_bits_set (code_bits (columns->jobs, code), row, TRUE);
}

void
yl_match_columns_add_mode (YlMatchColumns *columns, guint row, const char *code)
{
  yl_bits_set (code_bits (columns->modes, code), row, TRUE);
  yl_bits_set (&columns->has_mode, row, TRUE);
}

void
yl_match_columns_add_area (YlMatchColumns *columns, guint row, const char *code)
{
  yl_bits_set (code_bits (columns->areas, code), row, TRUE);
  yl_bits_set (&columns->has_area, row, TRUE);
}

static void
add_leveled (GHashTable *codes, guint row, const char *code, gint64 level)
{
  YlLeveled *leveled = g_hash_table_lookup (codes, code);

  if (leveled == NULL)
    {
      leveled = g_new0 (YlLeveled, 1);
      g_hash_table_insert (codes, g_strdup (code), leveled);
    }
  for (gint64 i = 0; i < CLAMP (level, 1, YL_MAX_LEVEL); i++)
    yl_bits_set (&leveled->at_least[i], row, TRUE);
}

void
yl_match_columns_add_skill (YlMatchColumns *columns, guint row, const char *code, gint64 level)
{
  add_leveled (columns->skills, row, code, level);
}

void
yl_match_columns_add_language (YlMatchColumns *columns, guint row, const char *code, gint64 level)
{
  add_leveled (columns->languages, row, code, level);
}

void
yl_match_columns_add_certificate (YlMatchColumns *columns, guint row, const char *type, gint32 issued, gint32 expires)
{
  YlHeldCertificate held = { yl_match_columns_symbol (columns, type), issued, expires };

  yl_bits_set (code_bits (columns->certificate_types, type), row, TRUE);
  yl_match_list_add (&columns->certificates, row, &held);
}

static gint64
clamp_instant (gint64 instant)
{
  return CLAMP (instant, -YL_INSTANT_LIMIT, YL_INSTANT_LIMIT);
}

void
yl_match_columns_add_busy (YlMatchColumns *columns, guint row, const YlBusy *busy)
{
  YlBusy clamped = *busy;

  clamped.start = clamp_instant (busy->start);
  clamped.end = clamp_instant (busy->end);
  yl_match_list_add (&columns->busy, row, &clamped);
}

void
yl_match_columns_add_trial (YlMatchColumns *columns, guint row, const char *order, gint64 start, gint64 end)
{
  YlTrial trial = { yl_match_columns_symbol (columns, order), { clamp_instant (start), clamp_instant (end) } };

  yl_match_list_add (&columns->trials, row, &trial);
}

void
yl_match_columns_add_block (YlMatchColumns *columns, guint row, const char *household)
{
  guint symbol = yl_match_columns_symbol (columns, household);

  yl_match_list_add (&columns->blocks, row, &symbol);
}

static void
add_tally (YlMatchColumns *columns, YlMatchList *list, guint row, const char *text, gint64 count)
{
  YlTally tally = { yl_match_columns_symbol (columns, text), (guint) CLAMP (count, 0, 1000000) };

  yl_match_list_add (list, row, &tally);
}

void
yl_match_columns_add_household (YlMatchColumns *columns, guint row, const char *household, gint64 count)
{
  add_tally (columns, &columns->households, row, household, count);
}

void
yl_match_columns_add_scene (YlMatchColumns *columns, guint row, const char *service_type, gint64 count)
{
  add_tally (columns, &columns->scenes, row, service_type, count);
}

const YlBits *
yl_match_columns_code (GHashTable *codes, const char *code)
{
  const YlBits *bits = g_hash_table_lookup (codes, code);

  return bits != NULL ? bits : &nobody;
}

const YlBits *
yl_match_columns_level (GHashTable *codes, const char *code, gint64 level)
{
  const YlLeveled *leveled = g_hash_table_lookup (codes, code);

  return leveled != NULL ? &leveled->at_least[CLAMP (level, 1, YL_MAX_LEVEL) - 1] : &nobody;
}
