#include "matching/yl-match.h"

#include "base/yl-i18n.h"
#include "records/yl-codes.h"

typedef struct
{
  const char *code;
  const char *words;
} Words;

static const Words stage_words[] = {
  { "own", N_ ("Own store") },
  { "chain", N_ ("Chain") },
  { "partner", N_ ("Partner companies") },
};

static const Words rule_words[] = {
  { "state", N_ ("Accepting work") },
  { "job", N_ ("Does this work") },
  { "mode", N_ ("Works this way") },
  { "consent", N_ ("May be shared") },
  { "skills", N_ ("Has the skills") },
  { "certificates", N_ ("Has the certificates") },
  { "health", N_ ("Health certificate valid") },
  { "insurance", N_ ("Insured") },
  { "background", N_ ("Background checked") },
  { "adult", N_ ("Of legal age") },
  { "area", N_ ("Comes to this place") },
  { "free", N_ ("Has the time") },
  { "blocks", N_ ("Wanted by both sides") },
  { "budget", N_ ("Within the budget") },
  { "debt", N_ ("Owes little") },
  { "trial", N_ ("Not on another trial") },
  { "sex", N_ ("Sex, for intimate care") },
  { "languages", N_ ("Speaks the language") },
};

static const Words factor_words[] = {
  { "travel", N_ ("Travel") },
  { "skill_depth", N_ ("Skill beyond need") },
  { "wished_skills", N_ ("Wished skills") },
  { "same_scene", N_ ("Same kind of work") },
  { "reviews", N_ ("Reviews") },
  { "continuity", N_ ("Knows the home") },
  { "preference", N_ ("Customer's choice") },
  { "fairness", N_ ("Her turn") },
  { "reliability", N_ ("Reliability") },
  { "wage_fit", N_ ("Wage") },
  { "language", N_ ("Language") },
  { "own_store", N_ ("Own store") },
};

/* Chips without a number. */
static const Words reason_words[] = {
  { "preference", N_ ("the customer's choice") },
  { "language", N_ ("speaks it better than asked") },
  { "reviews_unknown", N_ ("no review yet") },
  { "mode_unknown", N_ ("way of working not noted") },
  { "certificate_unknown", N_ ("certificate without expiry") },
  { "health_unknown", N_ ("health certificate not noted") },
  { "insurance_unknown", N_ ("insurance not noted") },
  { "background_unknown", N_ ("background not checked") },
  { "age_unknown", N_ ("age not checked") },
  { "place_unknown", N_ ("travel not known") },
  { "wage_unknown", N_ ("wage not noted") },
};

static const char *
look_up (const Words *words, guint n_words, const char *code)
{
  for (guint i = 0; i < n_words; i++)
    if (g_str_equal (words[i].code, code))
      return _ (words[i].words);
  return code;
}

const char *
yl_match_stage_label (YlMatchStage stage)
{
  return _ (stage_words[stage].words);
}

const char *
yl_match_stage_code (YlMatchStage stage)
{
  return stage_words[stage].code;
}

const char *
yl_match_rule_label (const char *rule)
{
  return look_up (rule_words, G_N_ELEMENTS (rule_words), rule);
}

const char *
yl_match_factor_label (const char *factor)
{
  return look_up (factor_words, G_N_ELEMENTS (factor_words), factor);
}

/* Whole yuan where it comes out even, else with its fen. */
static char *
yuan (gint64 fen)
{
  if (fen % 100 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, fen / 100);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02d", fen / 100, (int) (fen % 100));
}

static char *
money_text (const YlMatchReason *reason)
{
  g_autofree char *amount = yuan (reason->value);

  if (g_str_equal (reason->code, "wage_above"))
    return g_strdup_printf (_ ("%s yuan above budget"), amount);
  return g_strdup_printf (_ ("%s yuan below budget"), amount);
}

static char *
count_text (const YlMatchReason *reason)
{
  int n = (int) CLAMP (reason->value, 0, G_MAXINT);

  if (g_str_equal (reason->code, "walk"))
    return g_strdup_printf (_ ("%d min on foot"), n);
  if (g_str_equal (reason->code, "travel"))
    return g_strdup_printf (_ ("%d min on the way"), n);
  if (g_str_equal (reason->code, "continuity"))
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "was in this home once", "was in this home %d times", (gulong) n), n);
  if (g_str_equal (reason->code, "same_scene"))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "did such work once", "did such work %d times", (gulong) n),
                            n);
  if (g_str_equal (reason->code, "skill_depth"))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "one level above need", "%d levels above need", (gulong) n),
                            n);
  if (g_str_equal (reason->code, "dropouts"))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "dropped out once", "dropped out %d times", (gulong) n), n);
  if (g_str_equal (reason->code, "idle"))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "idle for a day", "idle for %d days", (gulong) n), n);
  if (g_str_equal (reason->code, "reviews"))
    return g_strdup_printf (_ ("%d.%d stars"), n / 100, n % 100 / 10);
  return NULL;
}

char *
yl_match_reason_text (const YlMatchReason *reason)
{
  char *text;

  if (g_str_has_prefix (reason->code, "skill."))
    return g_strdup (yl_code_label ("skill", reason->code + strlen ("skill.")));
  if (g_str_has_prefix (reason->code, "wage_") && reason->sign != '?')
    return money_text (reason);
  text = count_text (reason);
  return text != NULL ? text : g_strdup (look_up (reason_words, G_N_ELEMENTS (reason_words), reason->code));
}
