#include "matching/yl-match-list.h"

void
yl_match_list_init (YlMatchList *list, guint entry_size)
{
  list->entries = g_array_new (FALSE, FALSE, entry_size);
  list->spans = g_array_new (FALSE, TRUE, sizeof (YlSpan));
  list->n_wasted = 0;
}

void
yl_match_list_clear (YlMatchList *list)
{
  g_clear_pointer (&list->entries, g_array_unref);
  g_clear_pointer (&list->spans, g_array_unref);
}

void
yl_match_list_add (YlMatchList *list, guint row, gconstpointer entry)
{
  YlSpan *span;

  if (row >= list->spans->len)
    g_array_set_size (list->spans, row + 1);
  span = &g_array_index (list->spans, YlSpan, row);
  if (span->n == 0)
    span->start = list->entries->len;
  g_assert (span->start + span->n == list->entries->len);
  g_array_append_vals (list->entries, entry, 1);
  span->n++;
}

void
yl_match_list_empty_row (YlMatchList *list, guint row)
{
  YlSpan *span;

  if (row >= list->spans->len)
    return;
  span = &g_array_index (list->spans, YlSpan, row);
  list->n_wasted += span->n;
  span->n = 0;
}
