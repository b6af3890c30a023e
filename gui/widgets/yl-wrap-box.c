#include "widgets/yl-wrap-box.h"

#define SPACING 6

struct _YlWrapBox
{
  GtkWidget parent_instance;
};

static void yl_wrap_box_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (YlWrapBox,
                               yl_wrap_box,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, yl_wrap_box_buildable_init))

/* Places the children into lines of @width and returns the height; allocates them only when asked. */
static int
flow (YlWrapBox *self, int width, gboolean allocate)
{
  int x = 0;
  int y = 0;
  int line_height = 0;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition natural;
      int child_width;
      int child_height;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_get_preferred_size (child, NULL, &natural);
      child_width = MIN (natural.width, MAX (width, 1));
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, child_width, NULL, &child_height, NULL, NULL);
      if (x > 0 && x + child_width > width)
        {
          x = 0;
          y += line_height + SPACING;
          line_height = 0;
        }
      if (allocate)
        gtk_widget_size_allocate (
            child, &(GtkAllocation){ is_rtl ? width - x - child_width : x, y, child_width, child_height }, -1);
      x += child_width + SPACING;
      line_height = MAX (line_height, child_height);
    }
  return y + line_height;
}

static void
measure_width (YlWrapBox *self, int *minimum, int *natural)
{
  *minimum = 0;
  *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum;
      int child_natural;
      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? SPACING : 0);
    }
}

static void
yl_wrap_box_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  YlWrapBox *self = YL_WRAP_BOX (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, minimum, natural);
  else
    {
      int narrow;
      int wide;
      measure_width (self, &narrow, &wide);
      *minimum = *natural = flow (self, for_size < 0 ? wide : for_size, FALSE);
    }
}

static void
yl_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  flow (YL_WRAP_BOX (widget), width, TRUE);
}

static GtkSizeRequestMode
yl_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* The next child in @direction that takes the focus. */
static gboolean
focus_sibling (GtkWidget *child, gboolean forward)
{
  for (; child != NULL; child = forward ? gtk_widget_get_next_sibling (child) : gtk_widget_get_prev_sibling (child))
    if (gtk_widget_child_focus (child, forward ? GTK_DIR_TAB_FORWARD : GTK_DIR_TAB_BACKWARD))
      return TRUE;
  return FALSE;
}

/* The chosen one of a group of toggles, else the first child. */
static GtkWidget *
entrance (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_TOGGLE_BUTTON (child) && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (child)))
      return child;
  return gtk_widget_get_first_child (widget);
}

/* One stop for Tab; arrows go from child to child. */
static gboolean
yl_wrap_box_focus (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *inside = gtk_widget_get_focus_child (widget);
  gboolean forward = direction == GTK_DIR_RIGHT || direction == GTK_DIR_DOWN;

  if (inside == NULL)
    return focus_sibling (entrance (widget), TRUE);
  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD)
    return FALSE;
  return focus_sibling (forward ? gtk_widget_get_next_sibling (inside) : gtk_widget_get_prev_sibling (inside), forward);
}

static void
yl_wrap_box_dispose (GObject *object)
{
  yl_wrap_box_clear (YL_WRAP_BOX (object));
  G_OBJECT_CLASS (yl_wrap_box_parent_class)->dispose (object);
}

static void
yl_wrap_box_class_init (YlWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = yl_wrap_box_dispose;
  widget_class->measure = yl_wrap_box_measure;
  widget_class->size_allocate = yl_wrap_box_size_allocate;
  widget_class->get_request_mode = yl_wrap_box_get_request_mode;
  widget_class->focus = yl_wrap_box_focus;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
yl_wrap_box_init (YlWrapBox *self)
{
}

static void
yl_wrap_box_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  yl_wrap_box_append (YL_WRAP_BOX (buildable), GTK_WIDGET (child));
}

static void
yl_wrap_box_buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = yl_wrap_box_add_child;
}

GtkWidget *
yl_wrap_box_new (void)
{
  return g_object_new (YL_TYPE_WRAP_BOX, NULL);
}

void
yl_wrap_box_append (YlWrapBox *self, GtkWidget *child)
{
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

void
yl_wrap_box_clear (YlWrapBox *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}
