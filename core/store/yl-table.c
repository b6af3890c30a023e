#include "yl-table.h"

#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "base/yl-text.h"

#include <string.h>

/* How far a mistyped name may be from the one suggested: a short one only by a letter. */
#define NEAR_DISTANCE(name) (strlen (name) < 5 ? 1 : 2)

const YlTable *
yl_table_lookup (const char *name, GError **error)
{
  const YlTable *found = yl_table_find (name);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *excerpt = NULL;

  if (found != NULL && (found->flags & YL_TABLE_ELEMENT) == 0)
    return found;
  for (const YlTable *const *table = yl_tables (); *table != NULL; table++)
    if (((*table)->flags & YL_TABLE_ELEMENT) == 0)
      g_string_append_printf (names, names->len > 0 ? ", %s" : "%s", (*table)->name);
  excerpt = yl_text_excerpt (name);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("There is no table “%s”; there are %s"), excerpt, names->str);
  return NULL;
}

static gboolean
is_called (const char *text, const char *name, const char *zh, const char *en)
{
  return strcmp (text, name) == 0 || strcmp (text, zh) == 0 || g_ascii_strcasecmp (text, en) == 0;
}

const YlSet *
yl_table_set (const YlTable *table, const char *name)
{
  for (const YlSet *set = table->sets; set != NULL && set->name != NULL; set++)
    if (is_called (name, set->name, set->zh, set->en))
      return set;
  return NULL;
}

static void
append_if_near (GString *names, const char *typed, const char *name)
{
  if (yl_text_distance (typed, name) <= NEAR_DISTANCE (typed) || g_str_has_prefix (name, typed)
      || (strlen (typed) >= 4 && strstr (name, typed) != NULL))
    g_string_append_printf (names, names->len > 0 ? ", %s" : "%s", name);
}

const YlField *
yl_table_field_lookup (const YlTable *table, const char *name, GError **error)
{
  g_autoptr (GString) near = g_string_new (NULL);
  g_autofree char *excerpt = NULL;

  for (const YlField *field = table->fields; field->name != NULL; field++)
    if (is_called (name, field->name, field->zh, field->en))
      return field;
  for (const YlField *field = table->fields; field->name != NULL; field++)
    append_if_near (near, name, field->name);
  for (const YlSet *set = table->sets; set != NULL && set->name != NULL; set++)
    append_if_near (near, name, set->name);
  excerpt = yl_text_excerpt (name);
  if (near->len > 0)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Table %s has no field “%s”; did you mean %s?"), table->name,
                 excerpt, near->str);
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("Table %s has no field “%s”"), table->name, excerpt);
  return NULL;
}

const char *
yl_field_register (const YlField *field)
{
  return field->with != NULL ? field->with : field->name;
}
