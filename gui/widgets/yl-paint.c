#include "widgets/yl-paint.h"

static GdkRGBA
named_colour (GtkWidget *widget, const char *name, float alpha)
{
  GdkRGBA colour = { 0.5, 0.5, 0.5, 1.0 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  colour.alpha *= alpha;
  return colour;
}

static GdkRGBA
colour_of (GtkWidget *widget, YlPaint paint)
{
  GdkRGBA colour;

  switch (paint)
    {
    case YL_PAINT_ON_ACCENT:
      return named_colour (widget, "accent_fg_color", 1.0);
    case YL_PAINT_NOW:
      return named_colour (widget, "error_color", 0.8);
    default:
      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
      colour.alpha *= paint == YL_PAINT_GRID ? 0.08 : paint == YL_PAINT_DIM ? 0.6 : 1.0;
      return colour;
    }
}

void
yl_paint_fill (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area, YlPaint paint)
{
  GdkRGBA colour = colour_of (widget, paint);

  gtk_snapshot_append_color (snapshot, &colour, area);
}

void
yl_paint_text (GtkWidget *widget,
               GtkSnapshot *snapshot,
               const char *text,
               float x,
               float y,
               float width,
               float height,
               YlPaint paint)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GdkRGBA colour = colour_of (widget, paint);
  int text_height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y + (height - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
fill_rounded (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *colour)
{
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, area, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, colour, area);
  gtk_snapshot_pop (snapshot);
}

static void
outline_rounded (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *colour, float thickness)
{
  GskRoundedRect rounded;
  const float widths[4] = { thickness, thickness, thickness, thickness };
  const GdkRGBA colours[4] = { *colour, *colour, *colour, *colour };

  gsk_rounded_rect_init_from_rect (&rounded, area, 4);
  gtk_snapshot_append_border (snapshot, &rounded, widths, colours);
}

void
yl_paint_span (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area, YlSpanKind kind)
{
  GdkRGBA firm = named_colour (widget, "accent_bg_color", 1.0);
  GdkRGBA amber = named_colour (widget, "warning_color", 1.0);
  GdkRGBA pale_amber = named_colour (widget, "warning_color", 0.15);
  GdkRGBA grey = colour_of (widget, YL_PAINT_NORMAL);

  grey.alpha *= 0.14;
  if (kind == YL_SPAN_CONFIRMED)
    fill_rounded (snapshot, area, &firm);
  else if (kind == YL_SPAN_TENTATIVE)
    {
      fill_rounded (snapshot, area, &pale_amber);
      outline_rounded (snapshot, area, &amber, 1.5);
    }
  else
    fill_rounded (snapshot, area, &grey);
}

void
yl_paint_wanted (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  GdkRGBA frame = named_colour (widget, "accent_color", 0.9);
  GdkRGBA fill = named_colour (widget, "accent_color", 0.12);

  fill_rounded (snapshot, area, &fill);
  outline_rounded (snapshot, area, &frame, 1);
}

void
yl_paint_part (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area, guint index, gboolean negative)
{
  static const float alphas[] = { 1.0, 0.78, 0.6, 0.46, 0.34, 0.26, 0.2 };
  GdkRGBA colour = named_colour (widget, negative ? "error_color" : "accent_bg_color",
                                 alphas[MIN (index, G_N_ELEMENTS (alphas) - 1)]);

  gtk_snapshot_append_color (snapshot, &colour, area);
}
