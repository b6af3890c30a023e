#include "widgets/yl-score-bar.h"

#include "base/yl-i18n.h"
#include "widgets/yl-paint.h"

#define BAR_WIDTH 112
#define BAR_HEIGHT 8
#define NUMBER_WIDTH 30
#define FULL_SCORE 100

struct _YlScoreBar
{
  GtkWidget parent_instance;
  int score;
  GArray *points; /* of int, largest first */
};

G_DEFINE_FINAL_TYPE (YlScoreBar, yl_score_bar, GTK_TYPE_WIDGET)

static void
yl_score_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  YlScoreBar *self = YL_SCORE_BAR (widget);
  int height = gtk_widget_get_height (widget);
  int width = gtk_widget_get_width (widget) - NUMBER_WIDTH;
  graphene_rect_t track = GRAPHENE_RECT_INIT (NUMBER_WIDTH, (height - BAR_HEIGHT) / 2, width, BAR_HEIGHT);
  GskRoundedRect rounded;
  float x = NUMBER_WIDTH;
  g_autofree char *number = g_strdup_printf ("%d", self->score);

  yl_paint_text (widget, snapshot, number, 0, 0, NUMBER_WIDTH - 4, height, YL_PAINT_NORMAL);
  gsk_rounded_rect_init_from_rect (&rounded, &track, BAR_HEIGHT / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  yl_paint_fill (widget, snapshot, &track, YL_PAINT_GRID);
  for (guint i = 0; i < self->points->len; i++)
    {
      int points = g_array_index (self->points, int, i);
      float part = (float) points / FULL_SCORE * width;
      if (points <= 0)
        continue;
      yl_paint_part (widget, snapshot, &GRAPHENE_RECT_INIT (x, track.origin.y, MAX (part - 1, 1), BAR_HEIGHT), i,
                     FALSE);
      x += part;
    }
  gtk_snapshot_pop (snapshot);
}

static void
yl_score_bar_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = NUMBER_WIDTH + BAR_WIDTH / 2;
      *natural = NUMBER_WIDTH + BAR_WIDTH;
    }
  else
    *minimum = *natural = 20;
}

static void
yl_score_bar_finalize (GObject *object)
{
  g_array_unref (YL_SCORE_BAR (object)->points);
  G_OBJECT_CLASS (yl_score_bar_parent_class)->finalize (object);
}

static void
yl_score_bar_class_init (YlScoreBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_score_bar_finalize;
  widget_class->snapshot = yl_score_bar_snapshot;
  widget_class->measure = yl_score_bar_measure;
  gtk_widget_class_set_css_name (widget_class, "scorebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
yl_score_bar_init (YlScoreBar *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (int));
}

GtkWidget *
yl_score_bar_new (int score, GArray *parts)
{
  YlScoreBar *self = g_object_new (YL_TYPE_SCORE_BAR, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  self->score = score;
  g_string_append_printf (text, _ ("Score %d of 100"), score);
  for (guint i = 0; i < parts->len; i++)
    {
      const YlScorePart *part = &g_array_index (parts, YlScorePart, i);
      g_array_append_val (self->points, part->points);
      if (part->points != 0)
        g_string_append_printf (text, "\n%s %+d", yl_match_factor_label (part->factor), part->points);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
  return GTK_WIDGET (self);
}
