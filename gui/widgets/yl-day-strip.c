#include "widgets/yl-day-strip.h"

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "widgets/yl-paint.h"
#include "yl-format.h"

#define STRIP_HEIGHT 24
#define HEAD_HEIGHT 18

typedef struct
{
  YlSpanKind kind;
  gint64 start;
  gint64 end;
  char *label;
} Block;

struct _YlDayStrip
{
  GtkWidget parent_instance;
  GArray *blocks; /* of Block */
  gint64 from;
  gint64 until;
  gint64 wanted_start;
  gint64 wanted_end;
  gint64 now;
  gboolean hours;
};

G_DEFINE_FINAL_TYPE (YlDayStrip, yl_day_strip, GTK_TYPE_WIDGET)

static void
clear_block (gpointer data)
{
  g_free (((Block *) data)->label);
}

static float
place_of (YlDayStrip *self, gint64 ms, int width)
{
  double part = (double) (ms - self->from) / MAX (self->until - self->from, 1);

  return CLAMP (part, 0.0, 1.0) * width;
}

static void
draw_hours (YlDayStrip *self, GtkSnapshot *snapshot, int width, int height)
{
  int hours = (self->until - self->from) / (60 * YL_MINUTE_MS);
  int step = width / MAX (hours, 1) < 26 ? 2 : 1;
  gint64 day_start = yl_date_start (yl_date_of (self->from));

  for (int hour = 0; hour < hours; hour += step)
    {
      gint64 ms = self->from + hour * 60 * YL_MINUTE_MS;
      g_autofree char *text = g_strdup_printf ("%02d", (int) ((ms - day_start) / (60 * YL_MINUTE_MS)) % 24);
      yl_paint_text (GTK_WIDGET (self), snapshot, text, place_of (self, ms, width) + 2, 0, 40, HEAD_HEIGHT,
                     YL_PAINT_DIM);
    }
}

static void
draw_block (YlDayStrip *self, GtkSnapshot *snapshot, const Block *block, int width, int height)
{
  float x = place_of (self, block->start, width);
  float block_width = MAX (place_of (self, block->end, width) - x - 1, 3);
  graphene_rect_t area = GRAPHENE_RECT_INIT (x, 2, block_width, height - 4);

  yl_paint_span (GTK_WIDGET (self), snapshot, &area, block->kind);
  if (block_width > 28)
    yl_paint_text (GTK_WIDGET (self), snapshot, block->label, x + 5, 2, block_width - 8, height - 4,
                   block->kind == YL_SPAN_CONFIRMED ? YL_PAINT_ON_ACCENT : YL_PAINT_NORMAL);
}

static void
yl_day_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  YlDayStrip *self = YL_DAY_STRIP (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->hours)
    {
      draw_hours (self, snapshot, width, height);
      return;
    }
  for (gint64 ms = self->from; ms < self->until; ms += 60 * YL_MINUTE_MS)
    yl_paint_fill (widget, snapshot, &GRAPHENE_RECT_INIT (place_of (self, ms, width), 0, 1, height), YL_PAINT_GRID);
  if (self->wanted_end > self->wanted_start)
    {
      float x = place_of (self, self->wanted_start, width);
      graphene_rect_t area = GRAPHENE_RECT_INIT (x, 0, place_of (self, self->wanted_end, width) - x, height);
      yl_paint_wanted (widget, snapshot, &area);
      draw_hours (self, snapshot, width, height);
    }
  for (guint i = 0; i < self->blocks->len; i++)
    draw_block (self, snapshot, &g_array_index (self->blocks, Block, i), width, height);
  if (self->now > self->from && self->now < self->until)
    yl_paint_fill (widget, snapshot, &GRAPHENE_RECT_INIT (place_of (self, self->now, width), 0, 2, height),
                   YL_PAINT_NOW);
}

static void
yl_day_strip_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  YlDayStrip *self = YL_DAY_STRIP (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 80;
      *natural = 320;
    }
  else
    *minimum = *natural = self->hours ? HEAD_HEIGHT : STRIP_HEIGHT;
}

static void
describe (YlDayStrip *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = &g_array_index (self->blocks, Block, i);
      g_autofree char *from = yl_format_clock (block->start);
      g_autofree char *until = yl_format_clock (block->end);
      g_string_append_printf (text, "%s%s–%s %s", i > 0 ? ", " : "", from, until, block->label);
    }
  if (text->len == 0)
    g_string_append (text, _ ("nothing planned"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text->str);
}

static void
yl_day_strip_finalize (GObject *object)
{
  g_array_unref (YL_DAY_STRIP (object)->blocks);
  G_OBJECT_CLASS (yl_day_strip_parent_class)->finalize (object);
}

static void
yl_day_strip_class_init (YlDayStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = yl_day_strip_finalize;
  widget_class->snapshot = yl_day_strip_snapshot;
  widget_class->measure = yl_day_strip_measure;
  gtk_widget_class_set_css_name (widget_class, "daystrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
yl_day_strip_init (YlDayStrip *self)
{
  self->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  g_array_set_clear_func (self->blocks, clear_block);
}

GtkWidget *
yl_day_strip_new (void)
{
  return g_object_new (YL_TYPE_DAY_STRIP, NULL);
}

void
yl_day_strip_set_day (YlDayStrip *self, GPtrArray *spans, gint64 from, gint64 until)
{
  g_array_set_size (self->blocks, 0);
  self->from = from;
  self->until = until;
  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const YlSpan *span = spans->pdata[i];
      Block block = { span->kind, span->start, span->end, NULL };
      if (span->end <= from || span->start >= until)
        continue;
      block.label = g_strdup (span->kind == YL_SPAN_AWAY ? _ ("away") : yl_code_label ("job_type", span->service_type));
      g_array_append_val (self->blocks, block);
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
yl_day_strip_set_wanted (YlDayStrip *self, gint64 start, gint64 end)
{
  self->wanted_start = start;
  self->wanted_end = end;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
yl_day_strip_set_now (YlDayStrip *self, gint64 now)
{
  self->now = now;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
yl_day_strip_set_hours (YlDayStrip *self, gboolean hours)
{
  self->hours = hours;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
