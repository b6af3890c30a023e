/* How the text people type becomes the stored form of a column, and back. */
#include "yl-field-private.h"
#include "seal/yl-plain.h"
#include "yl-store.h"

#include "base/yl-clock.h"
#include "base/yl-error.h"
#include "base/yl-i18n.h"
#include "base/yl-id-number.h"
#include "base/yl-id.h"
#include "base/yl-quantity.h"
#include "base/yl-text.h"
#include "records/yl-codes.h"

#include <inttypes.h>
#include <string.h>

#define PHONE_LENGTH 11
#define MAX_LISTED_CODES 30

gboolean
yl_field_refuse (const YlField *field, const char *text, const char *expected, GError **error)
{
  g_autofree char *excerpt = yl_text_excerpt (text);

  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s (%s): “%s” does not fit, expected %s"), field->name,
               yl_label (field->zh, field->en), excerpt, expected);
  return FALSE;
}

static gboolean
has_control_characters (const char *text, gboolean lines_allowed)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) && !(lines_allowed && (c == '\n' || c == '\t')))
        return TRUE;
    }
  return FALSE;
}

static gboolean
parse_text (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_autofree char *squeezed = yl_text_squeeze (text);
  glong length = g_utf8_strlen (squeezed, -1);
  g_autofree char *expected = NULL;

  if (has_control_characters (squeezed, FALSE))
    return yl_field_refuse (field, text, _ ("one line of text"), error);
  if ((field->max == 0 || length <= field->max) && length >= field->min)
    {
      yl_value_set_text (value, squeezed);
      return TRUE;
    }
  expected = field->min > 1 ? g_strdup_printf (_ ("%d to %d characters"), (int) field->min, (int) field->max)
                            : g_strdup_printf (_ ("at most %d characters"), (int) field->max);
  return yl_field_refuse (field, text, expected, error);
}

static gboolean
parse_note (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *note = g_strstrip (g_strjoinv ("\n", lines));
  g_autofree char *expected = NULL;

  if (has_control_characters (note, TRUE))
    return yl_field_refuse (field, text, _ ("text without control characters"), error);
  if (field->max == 0 || g_utf8_strlen (note, -1) <= field->max)
    {
      yl_value_set_text (value, note);
      return TRUE;
    }
  expected = g_strdup_printf (_ ("at most %d characters"), (int) field->max);
  return yl_field_refuse (field, text, expected, error);
}

/* Limits count when there are any; without them an amount is not negative. */
static gboolean
is_within (const YlField *field, gint64 integer)
{
  return integer >= field->min && (field->max == 0 || integer <= field->max);
}

static char *
describe_limits (const YlField *field, const char *what)
{
  if (field->max == 0)
    return g_strdup_printf (_ ("%s, not below %" PRId64), what, field->min);
  return g_strdup_printf (_ ("%s from %" PRId64 " to %" PRId64), what, field->min, field->max);
}

static gboolean
parse_amount (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_autofree char *expected = NULL;
  const char *what = _ ("a whole number");
  gint64 amount = 0;
  gboolean ok;

  switch ((int) field->kind)
    {
    case YL_KIND_MONEY:
      ok = yl_money_parse (text, &amount);
      what = _ ("an amount in fen, or in yuan like 58.50元,");
      break;
    case YL_KIND_MINUTES:
      ok = yl_minutes_parse (text, &amount);
      what = _ ("minutes, or a time like 1:30,");
      break;
    default:
      ok = yl_integer_parse (text, &amount);
    }
  if (ok && is_within (field, amount))
    {
      yl_value_set_integer (value, amount);
      return TRUE;
    }
  expected = describe_limits (field, what);
  return yl_field_refuse (field, text, expected, error);
}

static gboolean
parse_degrees (const YlField *field, const char *text, YlValue *value, GError **error)
{
  gint64 millionths;

  if (!yl_degrees_parse (text, &millionths) || !is_within (field, millionths))
    return yl_field_refuse (field, text, _ ("degrees as a decimal number like 39.904200"), error);
  yl_value_set_integer (value, millionths);
  return TRUE;
}

static gboolean
parse_boolean (const YlField *field, const char *text, YlValue *value, GError **error)
{
  static const char *const yes[] = { "true", "1", "yes", "y", "是", "有", "要", "√" };
  static const char *const no[] = { "false", "0", "no", "n", "否", "无", "不", "不要", "×" };

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    if (g_ascii_strcasecmp (text, yes[i]) == 0)
      {
        yl_value_set_integer (value, 1);
        return TRUE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (no); i++)
    if (g_ascii_strcasecmp (text, no[i]) == 0)
      {
        yl_value_set_integer (value, 0);
        return TRUE;
      }
  return yl_field_refuse (field, text, _ ("yes or no"), error);
}

static gboolean
parse_instant (const YlField *field, const char *text, YlValue *value, GError **error)
{
  gint64 ms;

  if (!yl_instant_parse (text, &ms, NULL))
    return yl_field_refuse (field, text, _ ("a time like 2026-12-01T09:00"), error);
  yl_value_set_integer (value, ms);
  return TRUE;
}

static gboolean
parse_date (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_autofree char *date = NULL;
  gint64 day;

  if (!yl_date_parse (text, &day, NULL))
    return yl_field_refuse (field, text, _ ("a date like 2026-12-01"), error);
  date = yl_date_format (day);
  yl_value_set_text (value, date);
  return TRUE;
}

static gboolean
refuse_code (const YlField *field, const char *text, GError **error)
{
  g_autoptr (GString) expected = g_string_new (_ ("one of"));
  int n = 0;

  for (const YlCode *code = yl_codes (field->of); code != NULL && code->code != NULL && n < MAX_LISTED_CODES;
       code++, n++)
    g_string_append_printf (expected, n == 0 ? " %s (%s)" : ", %s (%s)", code->code, yl_label (code->zh, code->en));
  return yl_field_refuse (field, text, expected->str, error);
}

static gboolean
parse_code (const YlField *field, const char *text, YlValue *value, GError **error)
{
  const YlCode *code = yl_code_find (field->of, text);

  if (code == NULL)
    return refuse_code (field, text, error);
  yl_value_set_text (value, code->code);
  return TRUE;
}

/* A labelled number, such as a sex: the code is the number. */
static gboolean
parse_labelled (const YlField *field, const char *text, YlValue *value, GError **error)
{
  const YlCode *code = yl_code_find (field->of, text);
  gint64 number;

  if (code == NULL || !yl_integer_parse (code->code, &number) || !is_within (field, number))
    return refuse_code (field, text, error);
  yl_value_set_integer (value, number);
  return TRUE;
}

/* Stored in the order of the code list, so that equal choices are equal texts. */
static gboolean
parse_codes (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_autoptr (GPtrArray) typed = yl_text_split_list (text);
  g_autoptr (GHashTable) chosen = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < typed->len; i++)
    {
      const YlCode *code = yl_code_find (field->of, g_ptr_array_index (typed, i));

      if (code == NULL)
        return refuse_code (field, g_ptr_array_index (typed, i), error);
      g_hash_table_add (chosen, (gpointer) code);
    }
  for (const YlCode *code = yl_codes (field->of); code->code != NULL; code++)
    if (g_hash_table_contains (chosen, code))
      g_string_append_printf (list, list->len > 0 ? ",%s" : "%s", code->code);
  yl_value_set_text (value, list->len > 0 ? list->str : NULL);
  return TRUE;
}

/* By record id or short number; a store also by its name, as spreadsheets have it. */
static char *
find_reference (const YlField *field, YlStore *store, const char *text, GError **error)
{
  g_autoptr (GError) reason = NULL;
  char *id = yl_store_find_id (store, field->of, text, &reason);

  if (id == NULL && strcmp (field->of, "site") == 0 && g_error_matches (reason, YL_ERROR, YL_ERROR_NOT_FOUND))
    id = yl_plain_find (store, "site", "name", text, NULL);
  if (id == NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&reason), "%s (%s): ", field->name,
                                yl_label (field->zh, field->en));
  return id;
}

static gboolean
parse_reference (const YlField *field, YlStore *store, const char *text, YlValue *value, GError **error)
{
  g_autofree char *id = NULL;

  if (store == NULL && !yl_id_is_valid (text))
    return yl_field_refuse (field, text, _ ("a record id"), error);
  id = store != NULL ? find_reference (field, store, text, error) : g_strdup (text);
  if (id == NULL)
    return FALSE;
  yl_value_set_text (value, id);
  return TRUE;
}

static gboolean
parse_phone (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_autofree char *phone = yl_text_remove (text, " -().");
  const char *digits = phone;

  if (g_str_has_prefix (phone, "+86"))
    digits = phone + 3;
  else if (g_str_has_prefix (phone, "0086"))
    digits = phone + 4;
  else if (g_str_has_prefix (phone, "86") && strlen (phone) == PHONE_LENGTH + 2)
    digits = phone + 2;
  if (strlen (digits) != PHONE_LENGTH || strspn (digits, "0123456789") != PHONE_LENGTH || digits[0] != '1'
      || digits[1] < '3')
    return yl_field_refuse (field, text, _ ("a mobile number: 11 digits, the first two 13 to 19"), error);
  yl_value_set_text (value, digits);
  return TRUE;
}

static gboolean
parse_id_number (const YlField *field, const char *text, YlValue *value, GError **error)
{
  g_autofree char *typed = yl_text_remove (text, " ");
  g_autofree char *number = yl_id_number_parse (typed);

  if (number == NULL)
    return yl_field_refuse (field, text,
                            _ ("an ID number of 18 characters whose birth date and check character are right"), error);
  yl_value_set_text (value, number);
  return TRUE;
}

static gboolean
parse_narrow (const YlField *field, YlStore *store, const char *text, YlValue *value, GError **error)
{
  switch (field->kind)
    {
    case YL_KIND_INTEGER:
      return field->of != NULL ? parse_labelled (field, text, value, error) : parse_amount (field, text, value, error);
    case YL_KIND_MONEY:
    case YL_KIND_MINUTES:
      return parse_amount (field, text, value, error);
    case YL_KIND_INSTANT:
      return parse_instant (field, text, value, error);
    case YL_KIND_DATE:
      return parse_date (field, text, value, error);
    case YL_KIND_CODE:
      return parse_code (field, text, value, error);
    case YL_KIND_CODES:
      return parse_codes (field, text, value, error);
    case YL_KIND_REF:
      return parse_reference (field, store, text, value, error);
    case YL_KIND_BOOLEAN:
      return parse_boolean (field, text, value, error);
    case YL_KIND_DEGREES:
      return parse_degrees (field, text, value, error);
    case YL_KIND_PHONE:
      return parse_phone (field, text, value, error);
    case YL_KIND_ID_NUMBER:
      return parse_id_number (field, text, value, error);
    case YL_KIND_TEXT:
    case YL_KIND_NOTE:
    default:
      g_assert_not_reached ();
    }
}

gboolean
yl_field_parse (const YlField *field, YlStore *store, const char *text, YlValue *value, GError **error)
{
  g_autofree char *narrow = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s (%s): the text is not UTF-8"), field->name,
                   yl_label (field->zh, field->en));
      return FALSE;
    }
  narrow = yl_text_to_half_width (text);
  if (*narrow == '\0')
    {
      yl_value_clear (value);
      return TRUE;
    }
  if (field->kind == YL_KIND_TEXT)
    return parse_text (field, text, value, error);
  if (field->kind == YL_KIND_NOTE)
    return parse_note (field, text, value, error);
  return parse_narrow (field, store, narrow, value, error);
}

char *
yl_field_format (const YlField *field, const YlValue *value)
{
  if (value->type == YL_VALUE_NULL)
    return NULL;
  if (value->type != YL_VALUE_INTEGER)
    return g_strdup (value->bytes);
  if (field->kind == YL_KIND_INSTANT)
    return yl_instant_format (value->integer);
  if (field->kind == YL_KIND_DEGREES)
    return yl_degrees_format (value->integer);
  if (field->kind == YL_KIND_BOOLEAN)
    return g_strdup (value->integer != 0 ? "true" : "false");
  return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
}
