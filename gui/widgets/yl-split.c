#include "widgets/yl-split.h"

struct _YlSplit
{
  GtkWidget parent_instance;
  GtkWidget *start;
  GtkWidget *end;
  int threshold;
  int end_width;
  gboolean stacks;
  gboolean show_end;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (YlSplit, yl_split, GTK_TYPE_WIDGET)

enum
{
  PROP_START = 1,
  PROP_END,
  PROP_THRESHOLD,
  PROP_END_WIDTH,
  PROP_STACKS,
  PROP_SHOW_END,
  PROP_NARROW,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
show_what_fits (YlSplit *self)
{
  gboolean one_at_a_time = self->narrow && !self->stacks;

  gtk_widget_set_child_visible (self->start, !one_at_a_time || !self->show_end);
  gtk_widget_set_child_visible (self->end, !one_at_a_time || self->show_end);
}

static void
yl_split_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  YlSplit *self = YL_SPLIT (widget);
  int start_minimum, start_natural, end_minimum, end_natural;

  gtk_widget_measure (self->start, orientation, -1, &start_minimum, &start_natural, NULL, NULL);
  gtk_widget_measure (self->end, orientation, -1, &end_minimum, &end_natural, NULL, NULL);
  *minimum = MAX (start_minimum, end_minimum);
  *natural = MAX (*minimum, orientation == GTK_ORIENTATION_HORIZONTAL ? start_natural + self->end_width
                                                                      : MAX (start_natural, end_natural));
}

static void
place (GtkWidget *child, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

static void
yl_split_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  YlSplit *self = YL_SPLIT (widget);
  gboolean narrow = width < self->threshold;

  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  show_what_fits (self);
  if (!narrow)
    {
      int end_width = MIN (self->end_width, width / 2);
      place (self->start, 0, 0, width - end_width, height);
      place (self->end, width - end_width, 0, end_width, height);
    }
  else if (self->stacks)
    {
      int end_natural;
      gtk_widget_measure (self->end, GTK_ORIENTATION_VERTICAL, width, NULL, &end_natural, NULL, NULL);
      int end_height = MIN (end_natural, height * 2 / 5);
      place (self->start, 0, 0, width, height - end_height);
      place (self->end, 0, height - end_height, width, end_height);
    }
  else
    place (self->show_end ? self->end : self->start, 0, 0, width, height);
}

static void
yl_split_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  YlSplit *self = YL_SPLIT (object);

  switch (prop_id)
    {
    case PROP_START:
      g_value_set_object (value, self->start);
      break;
    case PROP_END:
      g_value_set_object (value, self->end);
      break;
    case PROP_THRESHOLD:
      g_value_set_int (value, self->threshold);
      break;
    case PROP_END_WIDTH:
      g_value_set_int (value, self->end_width);
      break;
    case PROP_STACKS:
      g_value_set_boolean (value, self->stacks);
      break;
    case PROP_SHOW_END:
      g_value_set_boolean (value, self->show_end);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
yl_split_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  YlSplit *self = YL_SPLIT (object);

  switch (prop_id)
    {
    case PROP_START:
      self->start = g_value_get_object (value);
      gtk_widget_insert_before (self->start, GTK_WIDGET (self), self->end);
      break;
    case PROP_END:
      self->end = g_value_get_object (value);
      gtk_widget_insert_after (self->end, GTK_WIDGET (self), self->start);
      break;
    case PROP_THRESHOLD:
      self->threshold = g_value_get_int (value);
      break;
    case PROP_END_WIDTH:
      self->end_width = g_value_get_int (value);
      break;
    case PROP_STACKS:
      self->stacks = g_value_get_boolean (value);
      break;
    case PROP_SHOW_END:
      yl_split_set_show_end (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
yl_split_dispose (GObject *object)
{
  YlSplit *self = YL_SPLIT (object);

  g_clear_pointer (&self->start, gtk_widget_unparent);
  g_clear_pointer (&self->end, gtk_widget_unparent);
  G_OBJECT_CLASS (yl_split_parent_class)->dispose (object);
}

static void
yl_split_class_init (YlSplitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = yl_split_get_property;
  object_class->set_property = yl_split_set_property;
  object_class->dispose = yl_split_dispose;
  widget_class->measure = yl_split_measure;
  widget_class->size_allocate = yl_split_size_allocate;
  properties[PROP_START] = g_param_spec_object ("start", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_END] = g_param_spec_object ("end", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_THRESHOLD] = g_param_spec_int ("threshold", NULL, NULL, 0, 4000, 720, flags | G_PARAM_CONSTRUCT);
  properties[PROP_END_WIDTH] = g_param_spec_int ("end-width", NULL, NULL, 0, 4000, 380, flags | G_PARAM_CONSTRUCT);
  properties[PROP_STACKS] = g_param_spec_boolean ("stacks", NULL, NULL, FALSE, flags);
  properties[PROP_SHOW_END] = g_param_spec_boolean ("show-end", NULL, NULL, FALSE, flags);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
yl_split_init (YlSplit *self)
{
}

gboolean
yl_split_is_narrow (YlSplit *self)
{
  return self->narrow;
}

void
yl_split_set_show_end (YlSplit *self, gboolean show_end)
{
  if (self->show_end == show_end)
    return;
  self->show_end = show_end;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_END]);
}

gboolean
yl_split_get_show_end (YlSplit *self)
{
  return self->show_end;
}
