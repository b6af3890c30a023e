/* A matching result as JSON and as lines. */
#include "base/yl-i18n.h"
#include "yl-match-output.h"

static void
print_funnel_json (YlOutput *output, const GArray *funnel)
{
  yl_output_begin_array (output, "funnel");
  for (guint i = 0; i < funnel->len; i++)
    {
      const YlFunnelStep *step = &g_array_index (funnel, YlFunnelStep, i);

      yl_output_begin_object (output, NULL);
      yl_output_text (output, "rule", step->rule);
      yl_output_text (output, "stage", yl_match_stage_code (step->stage));
      yl_output_integer (output, "in", step->in);
      yl_output_integer (output, "out", step->out);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
}

static void
print_parts_json (YlOutput *output, const GArray *parts)
{
  yl_output_begin_array (output, "parts");
  for (guint i = 0; i < parts->len; i++)
    {
      const YlScorePart *part = &g_array_index (parts, YlScorePart, i);

      yl_output_begin_object (output, NULL);
      yl_output_text (output, "factor", part->factor);
      yl_output_integer (output, "raw", part->raw);
      yl_output_integer (output, "points", part->points);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
}

static void
print_reasons_json (YlOutput *output, const GArray *reasons)
{
  yl_output_begin_array (output, "reasons");
  for (guint i = 0; i < reasons->len; i++)
    {
      const YlMatchReason *reason = &g_array_index (reasons, YlMatchReason, i);
      g_autofree char *text = yl_match_reason_text (reason);
      const char sign[] = { reason->sign, '\0' };

      yl_output_begin_object (output, NULL);
      yl_output_text (output, "sign", sign);
      yl_output_text (output, "code", reason->code);
      yl_output_integer (output, "value", reason->value);
      yl_output_text (output, "text", text);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
}

void
yl_match_output_json (YlOutput *output, const char *name, const YlMatchResult *result)
{
  yl_output_begin_object (output, name);
  yl_output_text (output, "order", result->order);
  yl_output_text (output, "stage", yl_match_stage_code (result->stage));
  print_funnel_json (output, result->funnel);
  yl_output_begin_array (output, "candidates");
  for (guint i = 0; i < result->candidates->len; i++)
    {
      const YlCandidate *candidate = g_ptr_array_index (result->candidates, i);

      yl_output_begin_object (output, NULL);
      yl_output_text (output, "worker", candidate->worker);
      yl_output_text (output, "worker_no", candidate->worker_no);
      yl_output_text (output, "stage", yl_match_stage_code (candidate->stage));
      yl_output_integer (output, "score", candidate->score);
      print_parts_json (output, candidate->parts);
      print_reasons_json (output, candidate->reasons);
      yl_output_end_object (output);
    }
  yl_output_end_array (output);
  yl_output_end_object (output);
}

static void
print_candidate (YlOutput *output, YlStore *store, guint place, const YlCandidate *candidate)
{
  g_autofree char *home = candidate->home_store != NULL ? yl_store_number (store, "site", candidate->home_store) : NULL;
  g_autoptr (GString) reasons = g_string_new (NULL);

  for (guint i = 0; i < candidate->reasons->len; i++)
    {
      const YlMatchReason *reason = &g_array_index (candidate->reasons, YlMatchReason, i);
      g_autofree char *text = yl_match_reason_text (reason);

      g_string_append_printf (reasons, "%s%c%s", i > 0 ? "  " : "", reason->sign, text);
    }
  yl_output_cell (output, "%u", place);
  yl_output_cell (output, "%s", candidate->worker_no);
  yl_output_cell (output, "%s", home != NULL ? home : "-");
  yl_output_cell (output, "%s", yl_match_stage_label (candidate->stage));
  yl_output_cell (output, "%d", candidate->score);
  yl_output_cell (output, "%s", reasons->str);
  yl_output_end_row (output);
}

/* One line a stage: what each rule left of those who came in. */
static void
print_funnel (YlOutput *output, const GArray *funnel)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < funnel->len; i++)
    {
      const YlFunnelStep *step = &g_array_index (funnel, YlFunnelStep, i);

      if (i == 0 || step->stage != g_array_index (funnel, YlFunnelStep, i - 1).stage)
        g_string_append_printf (line, "%s: %u", yl_match_stage_label (step->stage), step->in);
      if (step->out != step->in)
        g_string_append_printf (line, " > %s %u", yl_match_rule_label (step->rule), step->out);
      if (i + 1 < funnel->len && g_array_index (funnel, YlFunnelStep, i + 1).stage == step->stage)
        continue;
      yl_output_line (output, "%s", line->str);
      g_string_truncate (line, 0);
    }
}

void
yl_match_output_lines (YlOutput *output, YlStore *store, const YlMatchResult *result)
{
  print_funnel (output, result->funnel);
  for (guint i = 0; i < result->candidates->len; i++)
    print_candidate (output, store, i + 1, g_ptr_array_index (result->candidates, i));
  for (guint i = 0; i < result->near_misses->len; i++)
    {
      const YlNearMiss *miss = &g_array_index (result->near_misses, YlNearMiss, i);

      yl_output_line (output, _ ("near miss: %s: %u more"), yl_match_rule_label (miss->rule), miss->count);
    }
  if (result->partners_asked)
    yl_output_line (output, "%s", _ ("partners: no partners yet"));
}
