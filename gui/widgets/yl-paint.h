#pragma once

#include <gtk/gtk.h>

#include "desk/yl-agenda.h"

G_BEGIN_DECLS

/* Drawing with libadwaita's named colours, so that drawn widgets follow dark style and high contrast. */
typedef enum
{
  YL_PAINT_NORMAL,
  YL_PAINT_DIM,
  YL_PAINT_ON_ACCENT,
  YL_PAINT_GRID,
  YL_PAINT_NOW,
} YlPaint;

void yl_paint_fill (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area, YlPaint paint);
/** yl_paint_text: one line in small type, centred in height, ellipsized to @width. */
void yl_paint_text (GtkWidget *widget,
                    GtkSnapshot *snapshot,
                    const char *text,
                    float x,
                    float y,
                    float width,
                    float height,
                    YlPaint paint);
/** yl_paint_span: the block of a visit or absence: a full accent block, an amber outline, or grey. */
void yl_paint_span (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area, YlSpanKind kind);
/** yl_paint_wanted: the interval somebody asks for: a framed, pale block. */
void yl_paint_wanted (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *area);
/** yl_paint_part: the @index-th part of a score: the accent colour, paler with each part; negative: red. */
void yl_paint_part (GtkWidget *widget,
                    GtkSnapshot *snapshot,
                    const graphene_rect_t *area,
                    guint index,
                    gboolean negative);

G_END_DECLS
