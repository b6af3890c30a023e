#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * YlMatchList: several entries per row, those of one row side by side in one array. Refilling a row writes at the end and
 * leaves its old entries behind as waste, so a change costs only its own size.
 */
typedef struct
{
  GArray *entries;
  GArray *spans;     /* per row: where its entries are */
  GArray *collected; /* rows of @entries while they are collected, else NULL */
  guint n_wasted;
} YlMatchList;

typedef struct
{
  guint start;
  guint n;
} YlSpan;

void yl_match_list_init (YlMatchList *list, guint entry_size);
void yl_match_list_clear (YlMatchList *list);
/** yl_match_list_add: the entries of one row are added one after another, none of another row between, unless collected. */
void yl_match_list_add (YlMatchList *list, guint row, gconstpointer entry);
/** yl_match_list_collect: into an empty list, entries may now come in any order; readable after yl_match_list_settle(). */
void yl_match_list_collect (YlMatchList *list);
void yl_match_list_settle (YlMatchList *list);
void yl_match_list_empty_row (YlMatchList *list, guint row);

static inline YlSpan
yl_match_list_span (const YlMatchList *list, guint row)
{
  return row < list->spans->len ? g_array_index (list->spans, YlSpan, row) : (YlSpan){ 0, 0 };
}

/** yl_match_list_row: the entries of a row as an array of @type; sets @n. */
#define yl_match_list_row(list, type, row, n) ((const type *) yl_match_list_row_ ((list), (row), (n), sizeof (type)))

static inline gconstpointer
yl_match_list_row_ (const YlMatchList *list, guint row, guint *n, gsize size)
{
  YlSpan span = yl_match_list_span (list, row);

  *n = span.n;
  return span.n == 0 ? NULL : list->entries->data + span.start * size;
}

G_END_DECLS
