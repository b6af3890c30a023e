#include "orders/yl-fit-count.h"

#include "base/yl-i18n.h"
#include "widgets/yl-chip.h"

#define SHOWN_NEAR_MISSES 4

struct _YlFitCount
{
  AdwBin parent_instance;

  /* Template children */
  GtkLabel *own;
  GtkLabel *chain;
  GtkWidget *near_title;
  YlWrapBox *near;
};

G_DEFINE_FINAL_TYPE (YlFitCount, yl_fit_count, ADW_TYPE_BIN)

static void
show_figure (GtkLabel *label, int count)
{
  g_autofree char *text = count < 0 ? g_strdup ("–") : g_strdup_printf ("%d", count);

  gtk_label_set_label (label, text);
  if (count == 0)
    gtk_widget_add_css_class (GTK_WIDGET (label), "none");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (label), "none");
}

static void
show_near_misses (YlFitCount *self, const YlMatchResult *result)
{
  guint n;

  yl_wrap_box_clear (self->near);
  n = result == NULL ? 0 : yl_near_miss_append (self->near, result, SHOWN_NEAR_MISSES);
  gtk_widget_set_visible (self->near_title, n > 0);
}

static void
yl_fit_count_class_init (YlFitCountClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (YL_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/yuelai/Yuelai/orders/yl-fit-count.ui");
  gtk_widget_class_bind_template_child (widget_class, YlFitCount, own);
  gtk_widget_class_bind_template_child (widget_class, YlFitCount, chain);
  gtk_widget_class_bind_template_child (widget_class, YlFitCount, near_title);
  gtk_widget_class_bind_template_child (widget_class, YlFitCount, near);
}

static void
yl_fit_count_init (YlFitCount *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static int
compare_near_misses (gconstpointer a, gconstpointer b)
{
  const YlNearMiss *first = a;
  const YlNearMiss *second = b;

  return first->count == second->count ? 0 : first->count > second->count ? -1 : 1;
}

guint
yl_near_miss_append (YlWrapBox *box, const YlMatchResult *result, guint limit)
{
  static const char *const fixed[] = { "state", "job", "consent", "adult", NULL };
  g_autoptr (GArray) misses = g_array_copy (result->near_misses);
  guint n = 0;

  g_array_sort (misses, compare_near_misses);
  for (guint i = 0; i < misses->len && n < limit; i++)
    {
      const YlNearMiss *miss = &g_array_index (misses, YlNearMiss, i);
      g_autofree char *text = g_strdup_printf ("%s +%u", yl_match_rule_label (miss->rule), miss->count);
      GtkWidget *chip;
      if (miss->count == 0 || g_strv_contains (fixed, miss->rule))
        continue;
      chip = yl_chip_new (text, "unknown");
      gtk_widget_set_tooltip_text (chip, _ ("Workers who would fit but for this"));
      yl_wrap_box_append (box, chip);
      n++;
    }
  return n;
}

int
yl_match_count_stage (const YlMatchResult *result, YlMatchStage stage)
{
  int count = -1;

  for (guint i = 0; i < result->funnel->len; i++)
    {
      const YlFunnelStep *step = &g_array_index (result->funnel, YlFunnelStep, i);
      if (step->stage == stage)
        count = step->out;
    }
  return count;
}

void
yl_fit_count_show (YlFitCount *self, const YlMatchResult *result)
{
  show_figure (self->own, result == NULL ? -1 : yl_match_count_stage (result, YL_STAGE_OWN));
  show_figure (self->chain, result == NULL ? -1 : yl_match_count_stage (result, YL_STAGE_CHAIN));
  show_near_misses (self, result);
}
