#include "widgets/yl-week-grid.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "widgets/yl-paint.h"
#include "yl-format.h"

#define FIRST_HOUR 7
#define LAST_HOUR 21
#define HOUR_HEIGHT 15
#define HEAD_HEIGHT 34
#define HOURS_WIDTH 26
#define DAYS 7

typedef struct
{
  YlSpanKind kind;
  gint64 start;
  gint64 end;
  char *label;
} Block;

struct _YlWeekGrid
{
  GtkWidget parent_instance;
  GArray *blocks; /* of Block */
  gint64 monday;
  gint64 now;
};

G_DEFINE_FINAL_TYPE (YlWeekGrid, yl_week_grid, GTK_TYPE_WIDGET)

static void
clear_block (gpointer data)
{
  g_free (((Block *) data)->label);
}

static float
height_of (gint64 ms_of_day)
{
  double hour = (double) ms_of_day / (60 * YL_MINUTE_MS);

  return HEAD_HEIGHT + (CLAMP (hour, FIRST_HOUR, LAST_HOUR) - FIRST_HOUR) * HOUR_HEIGHT;
}

static void
draw_frame (YlWeekGrid *self, GtkSnapshot *snapshot, float day_width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gint64 today = yl_date_of (self->now);

  for (int day = 0; day < DAYS; day++)
    {
      g_autofree char *date = yl_date_format (self->monday + day);
      static const char *const codes[] = { "mo", "tu", "we", "th", "fr", "sa", "su" };
      YlPaint paint = self->monday + day == today ? YL_PAINT_NORMAL : YL_PAINT_DIM;
      float x = HOURS_WIDTH + day * day_width;
      yl_paint_text (widget, snapshot, yl_code_label ("weekday", codes[day]), x + 4, 0, day_width - 6, HEAD_HEIGHT / 2,
                     paint);
      yl_paint_text (widget, snapshot, date + 5, x + 4, HEAD_HEIGHT / 2 - 2, day_width - 6, HEAD_HEIGHT / 2, paint);
      yl_paint_fill (widget, snapshot, &GRAPHENE_RECT_INIT (x, 0, 1, height_of (YL_DAY_MS)), YL_PAINT_GRID);
    }
  for (int hour = FIRST_HOUR; hour <= LAST_HOUR; hour += 2)
    {
      g_autofree char *text = g_strdup_printf ("%02d", hour);
      float y = height_of (hour * 60 * YL_MINUTE_MS);
      yl_paint_text (widget, snapshot, text, 2, y - HOUR_HEIGHT / 2.0, HOURS_WIDTH, HOUR_HEIGHT, YL_PAINT_DIM);
      yl_paint_fill (widget, snapshot, &GRAPHENE_RECT_INIT (HOURS_WIDTH, y, day_width * DAYS, 1), YL_PAINT_GRID);
    }
}

/* A span over midnight is drawn in each day it touches. */
static void
draw_block (YlWeekGrid *self, GtkSnapshot *snapshot, const Block *block, float day_width)
{
  for (int day = 0; day < DAYS; day++)
    {
      gint64 midnight = yl_date_start (self->monday + day);
      gint64 start = MAX (block->start, midnight) - midnight;
      gint64 end = MIN (block->end, midnight + YL_DAY_MS) - midnight;
      float top = height_of (start);
      float height = height_of (end) - top;
      if (end <= start || height <= 0)
        continue;
      graphene_rect_t area =
          GRAPHENE_RECT_INIT (HOURS_WIDTH + day * day_width + 2, top + 1, day_width - 3, MAX (height - 1, 3));
      yl_paint_span (GTK_WIDGET (self), snapshot, &area, block->kind);
      if (area.size.height > 12 && day_width > 30)
        yl_paint_text (GTK_WIDGET (self), snapshot, block->label, area.origin.x + 3, top + 1, day_width - 8,
                       MIN (area.size.height, 16),
                       block->kind == YL_SPAN_CONFIRMED ? YL_PAINT_ON_ACCENT : YL_PAINT_NORMAL);
    }
}

static void
yl_week_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  YlWeekGrid *self = YL_WEEK_GRID (widget);
  float day_width = (float) (gtk_widget_get_width (widget) - HOURS_WIDTH) / DAYS;
  gint64 today = yl_date_of (self->now) - self->monday;

  draw_frame (self, snapshot, day_width);
  for (guint i = 0; i < self->blocks->len; i++)
    draw_block (self, snapshot, &g_array_index (self->blocks, Block, i), day_width);
  if (today >= 0 && today < DAYS)
    {
      float y = height_of (self->now - yl_date_start (yl_date_of (self->now)));
      yl_paint_fill (widget, snapshot, &GRAPHENE_RECT_INIT (HOURS_WIDTH + today * day_width, y, day_width, 2),
                     YL_PAINT_NOW);
    }
}

static void
yl_week_grid_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = HOURS_WIDTH + DAYS * 30;
      *natural = HOURS_WIDTH + DAYS * 60;
    }
  else
    *minimum = *natural = HEAD_HEIGHT + (LAST_HOUR - FIRST_HOUR) * HOUR_HEIGHT + 8;
}

static void
describe (YlWeekGrid *self)
{
  g_autoptr (GString) text = g_string_new (_ ("Week"));

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = &g_array_index (self->blocks, Block, i);
      g_autofree char *span = yl_format_span (block->start, block->end, self->now);
      g_string_append_printf (text, ", %s %s", span, block->label);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
}

static void
yl_week_grid_finalize (GObject *object)
{
  g_array_unref (YL_WEEK_GRID (object)->blocks);
  G_OBJECT_CLASS (yl_week_grid_parent_class)->finalize (object);
}

static void
yl_week_grid_class_init (YlWeekGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_week_grid_finalize;
  widget_class->snapshot = yl_week_grid_snapshot;
  widget_class->measure = yl_week_grid_measure;
  gtk_widget_class_set_css_name (widget_class, "weekgrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
yl_week_grid_init (YlWeekGrid *self)
{
  self->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  g_array_set_clear_func (self->blocks, clear_block);
}

void
yl_week_grid_set_week (YlWeekGrid *self, GPtrArray *spans, gint64 monday, gint64 now)
{
  g_array_set_size (self->blocks, 0);
  self->monday = monday;
  self->now = now;
  for (guint i = 0; i < spans->len; i++)
    {
      const YlSpan *span = spans->pdata[i];
      const char *label = span->kind == YL_SPAN_AWAY ? _ ("away") : yl_code_label ("job_type", span->service_type);
      Block block = { span->kind, span->start, span->end, g_strdup (label) };
      g_array_append_val (self->blocks, block);
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
