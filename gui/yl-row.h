#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a row of a list shows: texts, each a property of the same name that row templates bind to. */
typedef enum
{
  YL_ROW_KEY = 1, /* tells rows apart: usually a record id */
  YL_ROW_TITLE,
  YL_ROW_SUBTITLE,
  YL_ROW_TRAILING, /* time left, distance, … */
  YL_ROW_CODE,     /* the short number */
  YL_ROW_BADGE,    /* a word for the state … */
  YL_ROW_STYLE,    /* … and its style class */
  YL_ROW_ACTION,   /* label of the main action */
  YL_ROW_SEARCH,   /* what typing finds it by; never shown */
  YL_ROW_TARGET,   /* id the action works on, where it is not the key */
  YL_ROW_TEXTS,
} YlRowText;

#define YL_TYPE_ROW (yl_row_get_type ())
G_DECLARE_FINAL_TYPE (YlRow, yl_row, YL, ROW, GObject)

YlRow *yl_row_new (const char *key, int kind);
/** yl_row_get_kind: what sort of thing it is, an enumeration of the page. */
int yl_row_get_kind (YlRow *row);
const char *yl_row_get_text (YlRow *row, YlRowText which); /* "" when never set */
void yl_row_set_text (YlRow *row, YlRowText which, const char *text);
/** yl_row_take_text: as yl_row_set_text(), frees @text. */
void yl_row_take_text (YlRow *row, YlRowText which, char *text);

/**
 * yl_row_list_update: makes @list (of YlRow) show @rows, keeping the objects of rows that stay, so that selection, focus and
 * scroll position stay too. @hold_new: leave out rows that were not there before. Returns how many were left out.
 */
guint yl_row_list_update (GListStore *list, GPtrArray *rows, gboolean hold_new);

G_END_DECLS
