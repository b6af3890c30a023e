/* Sets as people type them: `infant:3,newborn:2`. */
#include "yl-field-private.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "base/yl-text.h"
#include "records/yl-codes.h"

#include <string.h>

static void
clear_element (gpointer data)
{
  YlElement *element = data;

  g_free (element->code);
}

static int
compare_elements (gconstpointer a, gconstpointer b)
{
  return strcmp (((const YlElement *) a)->code, ((const YlElement *) b)->code);
}

/* `infant:3` or `infant`; the full-width colon has become a plain one. */
static gboolean
parse_element (const YlSet *set, YlStore *store, char *text, YlElement *element, GError **error)
{
  const YlTable *table = yl_table_find (set->table);
  const YlField *code = &table->fields[yl_table_field (table, set->code)];
  char *colon = set->level != NULL ? strrchr (text, ':') : NULL;
  g_auto (YlValue) value = YL_VALUE_INIT;
  g_auto (YlValue) level = YL_VALUE_INIT;

  if (colon != NULL)
    {
      *colon = '\0';
      if (!yl_field_parse (&table->fields[yl_table_field (table, set->level)], NULL, colon + 1, &level, error))
        return FALSE;
    }
  if (!yl_field_parse (code, store, text, &value, error))
    return FALSE;
  if (value.type != YL_VALUE_TEXT)
    return yl_field_refuse (code, text, _ ("a code before the colon"), error);
  element->code = g_steal_pointer (&value.bytes);
  element->level = level.integer;
  return TRUE;
}

GArray *
yl_set_parse (const YlSet *set, YlStore *store, const char *list, GError **error)
{
  g_autofree char *narrow = NULL;
  g_autoptr (GPtrArray) typed = NULL;
  g_autoptr (GArray) elements = g_array_new (FALSE, TRUE, sizeof (YlElement));

  g_array_set_clear_func (elements, clear_element);
  if (!g_utf8_validate (list, -1, NULL))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s (%s): the text is not UTF-8"), set->name,
                   yl_label (set->zh, set->en));
      return NULL;
    }
  narrow = yl_text_to_half_width (list);
  typed = yl_text_split_list (narrow);
  for (guint i = 0; i < typed->len; i++)
    {
      YlElement element = { 0 };

      if (!parse_element (set, store, g_ptr_array_index (typed, i), &element, error))
        {
          g_prefix_error (error, "%s: ", set->name);
          return NULL;
        }
      g_array_append_val (elements, element);
    }
  g_array_sort (elements, compare_elements);
  for (guint i = 1; i < elements->len;)
    {
      if (compare_elements (&g_array_index (elements, YlElement, i - 1), &g_array_index (elements, YlElement, i)) == 0)
        /* Named twice: the first of the two goes; g_array_sort() is stable, so the one typed last counts. */
        g_array_remove_index (elements, i - 1);
      else
        i++;
    }
  return g_steal_pointer (&elements);
}

char *
yl_set_format (const GArray *elements)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < elements->len; i++)
    {
      const YlElement *element = &g_array_index (elements, YlElement, i);

      g_string_append_printf (list, list->len > 0 ? ",%s" : "%s", element->code);
      if (element->level > 0)
        g_string_append_printf (list, ":%" G_GINT64_FORMAT, element->level);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}
