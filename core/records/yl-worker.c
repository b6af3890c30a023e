#include "yl-worker.h"

#include "base/yl-i18n.h"
#include "base/yl-id-number.h"
#include "yl-check.h"
#include "yl-codes.h"
#include "yl-pinyin.h"

#include <string.h>

#define MIN_ENTRY_AGE 18
#define MAX_ENTRY_AGE 65
#define SEX_MALE 1
#define SEX_FEMALE 2

/* What the ID number says wins over what was derived from the number it replaces, never over what somebody typed. */
static gboolean
agree_with_id_number (const YlRecord *before, YlRecord *after, GError **error)
{
  const char *id_no = yl_record_get_text (after, "id_no");
  gboolean renewed = yl_check_is_changed (before, after, "id_no");
  gint64 sex = yl_record_get_integer (after, "sex", 0);
  g_autofree char *birth_date = NULL;
  const char *typed;

  if (id_no == NULL)
    return TRUE;
  birth_date = yl_date_format (yl_id_number_birth_day (id_no));
  if (before != NULL && renewed && !yl_check_is_changed (before, after, "birth_date"))
    yl_record_set_null (after, "birth_date");
  if (before != NULL && renewed && !yl_check_is_changed (before, after, "sex"))
    sex = 0;
  typed = yl_record_get_text (after, "birth_date");
  if (typed != NULL && strcmp (typed, birth_date) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("birth_date %s does not agree with the ID number, which says %s: correct one of them"), typed,
                   birth_date);
      return FALSE;
    }
  if ((sex == SEX_MALE || sex == SEX_FEMALE) && sex != yl_id_number_sex (id_no))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("sex does not agree with the ID number, which says %s: correct one of them"),
                   yl_code_label ("sex", sex == SEX_MALE ? "2" : "1"));
      return FALSE;
    }
  yl_record_set_text (after, "birth_date", birth_date);
  yl_record_set_integer (after, "sex", yl_id_number_sex (id_no));
  return TRUE;
}

/* Whole years from @birth to @today, both days since 1970-01-01. */
static int
age_on (gint64 birth, gint64 today)
{
  g_autofree char *from = yl_date_format (birth);
  g_autofree char *to = yl_date_format (today);
  int years = atoi (to) - atoi (from);

  /* "-12-31" sorts as text. */
  return strcmp (to + 4, from + 4) < 0 ? years - 1 : years;
}

/* `adult` is open, so that a store without the key to her birth date can match her too. */
static gboolean
check_age (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  const char *birth_date = yl_record_get_text (after, "birth_date");
  gint64 birth;
  int age;

  if (birth_date == NULL || !yl_check_is_changed (before, after, "birth_date"))
    return TRUE;
  if (!yl_date_parse (birth_date, &birth, error))
    return FALSE;
  age = age_on (birth, yl_date_of (yl_store_now (store)));
  yl_record_set_integer (after, "adult", 1);
  if (age >= MIN_ENTRY_AGE && age <= MAX_ENTRY_AGE)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
               _ ("A worker must be %d to %d years old at entry; by her birth date she is %d"), MIN_ENTRY_AGE,
               MAX_ENTRY_AGE, age);
  return FALSE;
}

static void
fill_pinyin (const YlRecord *before, YlRecord *after)
{
  const char *name = yl_record_get_text (after, "name");
  g_autofree char *pinyin = NULL;

  if (name == NULL || !yl_check_is_changed (before, after, "name"))
    return;
  if (yl_check_is_changed (before, after, "name_pinyin"))
    return;
  pinyin = yl_pinyin_of_name (name);
  yl_record_set_text (after, "name_pinyin", *pinyin != '\0' ? pinyin : NULL);
}

gboolean
yl_worker_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  if (!agree_with_id_number (before, after, error) || !check_age (store, before, after, error)
      || !yl_check_place (after, error) || !yl_check_dates (after, "health_exam", "health_expires", error)
      || !yl_check_dates (after, "insurance_from", "insurance_to", error))
    return FALSE;
  if (!yl_record_is_null (after, "expected_wage") && yl_record_is_null (after, "wage_unit"))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                           _ ("expected_wage needs its wage_unit: hour, day, month26 or month"));
      return FALSE;
    }
  fill_pinyin (before, after);
  yl_check_fill_site (store, before, after, "site");
  yl_check_fill_text (before, after, "home_store", yl_record_get_text (after, "site"));
  yl_check_fill_text (before, after, "accept_state", "accepting");
  yl_check_fill_text (before, after, "shareable", "chain");
  return TRUE;
}

static gboolean
stands (const YlRecord *booking)
{
  const char *state = yl_record_get_text (booking, "state");

  return g_strcmp0 (state, "tentative") == 0 || g_strcmp0 (state, "confirmed") == 0 || g_strcmp0 (state, "served") == 0;
}

static gboolean
check_leave (YlStore *store, const YlRecord *leave, GError **error)
{
  g_autofree char *of_worker = g_strconcat ("worker=", yl_record_get_text (leave, "worker"), NULL);
  const char *const where[] = { of_worker, NULL };
  g_autoptr (GPtrArray) bookings = yl_store_list (store, "booking", where, 0, error);
  gint64 start = yl_record_get_integer (leave, "start", 0);
  gint64 end = yl_record_get_integer (leave, "end", 0);

  if (bookings == NULL)
    return FALSE;
  for (guint i = 0; i < bookings->len; i++)
    {
      const YlRecord *booking = g_ptr_array_index (bookings, i);
      gint64 from = yl_record_get_integer (booking, "start", 0);
      g_autofree char *number = NULL;
      g_autofree char *time = NULL;

      if (!stands (booking) || from >= end || yl_record_get_integer (booking, "end", 0) <= start)
        continue;
      number = yl_store_number (store, "order", yl_record_get_text (booking, "order"));
      time = yl_instant_format (from);
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
                   _ ("She is promised for order %s at %s: take that promise back before giving leave"), number, time);
      return FALSE;
    }
  return TRUE;
}

gboolean
yl_availability_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  if (yl_record_get_integer (after, "start", G_MININT64) >= yl_record_get_integer (after, "end", G_MAXINT64))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("start must lie before end"));
      return FALSE;
    }
  if (g_strcmp0 (yl_record_get_text (after, "state"), "leave") != 0 || yl_record_is_null (after, "worker"))
    return TRUE;
  return check_leave (store, after, error);
}

gboolean
yl_certificate_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error)
{
  return yl_check_dates (after, "issued", "expires", error);
}

char *
yl_worker_masked_name (const char *name)
{
  g_autofree char *surname = NULL;

  if (name == NULL || *name == '\0')
    return g_strdup ("***");
  surname = g_utf8_substring (name, 0, 1);
  return g_strconcat (surname, "**", NULL);
}
