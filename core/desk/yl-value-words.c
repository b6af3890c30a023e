#include "yl-value-words.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "log/yl-log-door.h"
#include "store/yl-store-private.h"

static char *
reference_words (YlStore *store, const YlField *field, const char *id)
{
  g_autofree char *name = NULL;

  if (!g_str_equal (field->of, "site"))
    return yl_store_number (store, field->of, id);
  name = yl_database_text (store->database, NULL, "SELECT name FROM site WHERE id = ?", "t", id);
  return name != NULL ? g_steal_pointer (&name) : g_strdup (id);
}

static char *
codes_words (const YlField *field, const char *codes)
{
  g_auto (GStrv) list = g_strsplit (codes, ",", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (char **code = list; *code != NULL; code++)
    g_string_append_printf (words, "%s%s", words->len > 0 ? yl_label ("、", ", ") : "",
                            yl_code_label (field->of, *code));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

char *
yl_value_words (YlStore *store, const YlField *field, const YlValue *value)
{
  g_autofree char *text = yl_field_format (field, value);

  if (text == NULL)
    return NULL;
  switch ((int) field->kind)
    {
    case YL_KIND_CODE:
      return g_strdup (yl_code_label (field->of, text));
    case YL_KIND_CODES:
      return codes_words (field, text);
    case YL_KIND_INTEGER:
      return g_strdup (field->of != NULL ? yl_code_label (field->of, text) : text);
    case YL_KIND_MONEY:
      return g_strdup_printf (_ ("%.2f yuan"), (double) value->integer / 100.0);
    case YL_KIND_BOOLEAN:
      return g_strdup (value->integer != 0 ? _ ("yes") : _ ("no"));
    case YL_KIND_REF:
      return reference_words (store, field, text);
    default:
      return g_steal_pointer (&text);
    }
}

char *
yl_element_words (YlStore *store, const YlSet *set, const char *element)
{
  const YlTable *table = yl_table_find (set->table);
  const YlField *field = &table->fields[yl_table_field (table, set->code)];
  g_auto (GStrv) parts = g_strsplit (element, ":", 2);
  YlValue code = { YL_VALUE_TEXT, 0, parts[0], strlen (parts[0]) };
  g_autofree char *words = yl_value_words (store, field, &code);

  return parts[1] != NULL ? g_strdup_printf (_ ("%s, level %s"), words, parts[1]) : g_steal_pointer (&words);
}

static char *
unknown_words (const YlValue *value)
{
  if (value->type == YL_VALUE_INTEGER)
    return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
  return value->type == YL_VALUE_TEXT ? g_strdup (value->bytes) : NULL;
}

char *
yl_history_words (YlStore *store, const YlHistoryValue *value, gboolean before)
{
  const YlValue *shown = before ? &value->before : &value->after;

  if (before ? value->before_locked : value->after_locked)
    return g_strdup (_ ("(sealed)"));
  if (value->column[0] == '\0')
    return g_strdup (shown->integer != 0 ? _ ("there") : _ ("not there"));
  if (value->set != NULL)
    return shown->type == YL_VALUE_TEXT ? yl_element_words (store, value->set, shown->bytes) : NULL;
  return value->field != NULL ? yl_value_words (store, value->field, shown) : unknown_words (shown);
}

const char *
yl_history_label (const YlHistoryValue *value)
{
  const YlTable *table = yl_table_find (value->table);

  if (value->set != NULL)
    return yl_label (value->set->zh, value->set->en);
  if (value->field != NULL)
    return yl_label (value->field->zh, value->field->en);
  if (value->column[0] == '\0' && table != NULL)
    return yl_label (table->zh, table->en);
  return value->column;
}

char *
yl_conflict_seen_words (YlStore *store, const YlConflictVersion *version)
{
  g_autofree char *actor = version->base_actor != NULL ? yl_actor_words (store, version->base_actor) : NULL;
  g_autofree char *time = version->base_actor != NULL ? yl_instant_format (version->base_time) : NULL;

  if (actor == NULL)
    return g_strdup (_ ("had seen neither the other value nor an older one"));
  return g_strdup_printf (
      /* Translators: the older value, who wrote it, when */
      _ ("had seen “%1$s” by %2$s of %3$s, not the other value"),
      version->base_value != NULL ? version->base_value : _ ("empty"), actor, time);
}

char *
yl_actor_words (YlStore *store, const char *code)
{
  g_autofree char *id = yl_database_text (store->database, NULL, "SELECT id FROM staff WHERE code = ?", "t", code);
  g_autoptr (YlRecord) staff = id != NULL ? yl_store_get (store, "staff", id, NULL) : NULL;
  const char *name = staff != NULL ? yl_record_get_text (staff, "name") : NULL;

  return g_strdup (name != NULL ? name : code);
}

char *
yl_writer_words (YlStore *store, const char *writer)
{
  g_autofree char *words =
      yl_database_text (store->database, NULL,
                        "SELECT site.name || ' ' || ifnull(node.name, '') FROM node JOIN site ON site.id = node.site"
                        " WHERE node.writer = ?",
                        "t", writer);

  return words != NULL ? g_strchomp (g_steal_pointer (&words)) : yl_log_writer_label (store, writer);
}
