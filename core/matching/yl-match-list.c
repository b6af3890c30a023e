#include "matching/yl-match-list.h"

#include <string.h>

void
yl_match_list_init (YlMatchList *list, guint entry_size)
{
  list->entries = g_array_new (FALSE, FALSE, entry_size);
  list->spans = g_array_new (FALSE, TRUE, sizeof (YlSpan));
  list->collected = NULL;
  list->n_wasted = 0;
}

void
yl_match_list_clear (YlMatchList *list)
{
  g_clear_pointer (&list->entries, g_array_unref);
  g_clear_pointer (&list->spans, g_array_unref);
  g_clear_pointer (&list->collected, g_array_unref);
}

void
yl_match_list_add (YlMatchList *list, guint row, gconstpointer entry)
{
  YlSpan *span;

  if (row >= list->spans->len)
    g_array_set_size (list->spans, row + 1);
  span = &g_array_index (list->spans, YlSpan, row);
  if (list->collected != NULL)
    g_array_append_val (list->collected, row);
  else if (span->n == 0)
    span->start = list->entries->len;
  g_assert (list->collected != NULL || span->start + span->n == list->entries->len);
  g_array_append_vals (list->entries, entry, 1);
  span->n++;
}

void
yl_match_list_collect (YlMatchList *list)
{
  g_assert (list->entries->len == 0);
  list->collected = g_array_new (FALSE, FALSE, sizeof (guint));
}

/* A counting sort by row: the counts are in the spans already. */
void
yl_match_list_settle (YlMatchList *list)
{
  guint size = g_array_get_element_size (list->entries);
  GArray *sorted = g_array_sized_new (FALSE, FALSE, size, list->entries->len);
  guint start = 0;

  g_array_set_size (sorted, list->entries->len);
  for (guint row = 0; row < list->spans->len; row++)
    {
      YlSpan *span = &g_array_index (list->spans, YlSpan, row);

      span->start = start;
      start += span->n;
      span->n = 0;
    }
  for (guint i = 0; i < list->entries->len; i++)
    {
      YlSpan *span = &g_array_index (list->spans, YlSpan, g_array_index (list->collected, guint, i));

      memcpy (sorted->data + (gsize) (span->start + span->n++) * size, list->entries->data + (gsize) i * size, size);
    }
  g_array_unref (list->entries);
  list->entries = sorted;
  g_clear_pointer (&list->collected, g_array_unref);
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
