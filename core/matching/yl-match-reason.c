#include "matching/yl-match-reason.h"

#include "matching/yl-match-rule.h"

/* What counts as near, far, good: chips name only what a clerk would say on the phone. */
#define NEAR_MINUTES 30
#define FAR_MINUTES 50
#define GOOD_STARS 460
#define POOR_STARS 420
#define LONG_IDLE_DAYS 7
/* What is not known stands above small points and below what speaks loudly; the second unknown less than the first. */
#define UNKNOWN_STRENGTH 6

typedef struct
{
  YlMatchReason reason;
  int strength;
  guint order; /* of finding: settles ties */
} Chip;

static void
add_chip (GArray *chips, char sign, const char *code, gint64 value, int strength)
{
  Chip chip = { { sign, code, value }, strength, chips->len };

  g_array_append_val (chips, chip);
}

/* For: by the points it gave. */
static void
add_for (GArray *chips, const YlScoreSheet *sheet, YlFactor factor, const char *code)
{
  add_chip (chips, '+', code, sheet->raw[factor], sheet->points[factor]);
}

/* Against: by the points it cost. */
static void
add_against (GArray *chips, const int *weights, const YlScoreSheet *sheet, YlFactor factor, const char *code)
{
  add_chip (chips, '-', code, sheet->raw[factor], weights[factor] - sheet->points[factor]);
}

static void
add_travel (GArray *chips,
            const YlMatchColumns *columns,
            const YlMatchQuery *query,
            const int *weights,
            guint row,
            const YlScoreSheet *sheet)
{
  gint64 minutes = sheet->raw[YL_FACTOR_TRAVEL];
  gboolean on_foot;

  if (minutes < 0)
    return;
  yl_travel_minutes (columns->places[row], query->place, &on_foot);
  if (minutes <= NEAR_MINUTES)
    add_for (chips, sheet, YL_FACTOR_TRAVEL, on_foot ? "walk" : "travel");
  else if (minutes >= FAR_MINUTES)
    add_against (chips, weights, sheet, YL_FACTOR_TRAVEL, "travel");
}

/* One chip per wish, so that people read what she can do: `skill.wheat_food`. */
static void
add_wished_skills (GArray *chips, const YlMatchQuery *query, guint row, const YlScoreSheet *sheet)
{
  guint n = query->wished_skills->len;

  for (guint i = 0; i < n; i++)
    {
      const YlNeed *need = &g_array_index (query->wished_skills, YlNeed, i);
      g_autofree char *code = g_strconcat ("skill.", need->code, NULL);

      if (need->held != NULL && yl_bits_test (&need->held->at_least[need->level - 1], row))
        add_chip (chips, '+', g_intern_string (code), need->level,
                  MAX (1, sheet->points[YL_FACTOR_WISHED_SKILLS] / (int) n));
    }
}

static void
add_reviews (GArray *chips, const YlMatchColumns *columns, const int *weights, guint row, const YlScoreSheet *sheet)
{
  gint64 stars = sheet->raw[YL_FACTOR_REVIEWS];

  if (columns->rating_counts[row] == 0)
    add_chip (chips, '?', "reviews_unknown", 0, UNKNOWN_STRENGTH / 2);
  else if (stars >= GOOD_STARS)
    add_for (chips, sheet, YL_FACTOR_REVIEWS, "reviews");
  else if (stars < POOR_STARS)
    add_against (chips, weights, sheet, YL_FACTOR_REVIEWS, "reviews");
}

static void
add_wage (GArray *chips, const YlMatchQuery *query, const int *weights, const YlScoreSheet *sheet)
{
  gint64 above = sheet->raw[YL_FACTOR_WAGE_FIT];

  if (query->budget_to < 0 || above == 0)
    return;
  if (above > 0)
    add_against (chips, weights, sheet, YL_FACTOR_WAGE_FIT, "wage_above");
  else if (sheet->points[YL_FACTOR_WAGE_FIT] == weights[YL_FACTOR_WAGE_FIT])
    add_chip (chips, '+', "wage_below", -above, sheet->points[YL_FACTOR_WAGE_FIT] / 2);
}

static void
add_history (GArray *chips, const YlMatchQuery *query, const int *weights, const YlScoreSheet *sheet)
{
  if (sheet->raw[YL_FACTOR_PREFERENCE] > 0)
    add_chip (chips, '+', "preference", 1, 100);
  if (sheet->raw[YL_FACTOR_CONTINUITY] > 0)
    add_chip (chips, '+', "continuity", sheet->raw[YL_FACTOR_CONTINUITY], sheet->points[YL_FACTOR_CONTINUITY] + 10);
  if (sheet->raw[YL_FACTOR_SAME_SCENE] > 0)
    add_for (chips, sheet, YL_FACTOR_SAME_SCENE, "same_scene");
  if (sheet->raw[YL_FACTOR_SKILL_DEPTH] > 0)
    add_for (chips, sheet, YL_FACTOR_SKILL_DEPTH, "skill_depth");
  if (sheet->raw[YL_FACTOR_LANGUAGE] > 0)
    add_for (chips, sheet, YL_FACTOR_LANGUAGE, "language");
  if (sheet->raw[YL_FACTOR_RELIABILITY] > 0)
    add_against (chips, weights, sheet, YL_FACTOR_RELIABILITY, "dropouts");
  if (sheet->raw[YL_FACTOR_FAIRNESS] >= LONG_IDLE_DAYS && query->visits->len > 0)
    add_chip (chips, '+', "idle", sheet->raw[YL_FACTOR_FAIRNESS], sheet->points[YL_FACTOR_FAIRNESS] / 2);
}

static void
add_unknown (GArray *chips, const YlMatchColumns *columns, const YlMatchQuery *query, guint row)
{
  int strength = UNKNOWN_STRENGTH;

  for (guint i = 0; i < YL_MATCH_N_RULES; i++)
    {
      const YlMatchRule *rule = &yl_match_rules[i];
      const char *code = rule->unknown != NULL ? rule->unknown (columns, query, row) : NULL;

      if (code == NULL)
        continue;
      add_chip (chips, '?', code, 0, strength);
      strength /= 2;
    }
}

static int
compare_chips (gconstpointer a, gconstpointer b)
{
  const Chip *chip_a = a, *chip_b = b;

  if (chip_a->strength != chip_b->strength)
    return chip_b->strength - chip_a->strength;
  return (chip_a->order > chip_b->order) - (chip_a->order < chip_b->order);
}

GArray *
yl_match_reasons (const YlMatchColumns *columns,
                  const YlMatchQuery *query,
                  const int *weights,
                  guint row,
                  const YlScoreSheet *sheet)
{
  g_autoptr (GArray) chips = g_array_new (FALSE, FALSE, sizeof (Chip));
  GArray *reasons = g_array_new (FALSE, FALSE, sizeof (YlMatchReason));

  add_travel (chips, columns, query, weights, row, sheet);
  add_history (chips, query, weights, sheet);
  add_wished_skills (chips, query, row, sheet);
  add_reviews (chips, columns, weights, row, sheet);
  add_wage (chips, query, weights, sheet);
  add_unknown (chips, columns, query, row);
  g_array_sort (chips, compare_chips);
  for (guint i = 0; i < MIN (chips->len, YL_MATCH_MAX_REASONS); i++)
    g_array_append_val (reasons, g_array_index (chips, Chip, i).reason);
  return reasons;
}
