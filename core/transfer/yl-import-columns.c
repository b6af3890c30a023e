/* From the first row of a file to what each column fills. */
#include "yl-import-private.h"

#include "base/yl-i18n.h"
#include "base/yl-text.h"

#include <string.h>

/* Words that real spreadsheets use for our fields. */
static const struct
{
  const char *table;
  const char *title;
  const char *field;
} other_words[] = {
  { "worker", "电话", "phone" },       { "worker", "手机", "phone" },
  { "worker", "联系电话", "phone" },   { "worker", "身份证", "id_no" },
  { "worker", "身份证号码", "id_no" }, { "worker", "阿姨编号", "worker_no" },
  { "worker", "阿姨姓名", "name" },    { "worker", "期望工资", "expected_wage" },
  { "worker", "微信号", "wechat" },    { "customer", "电话", "phone" },
  { "customer", "手机", "phone" },     { "customer", "联系电话", "phone" },
  { "customer", "客户姓名", "name" },  { "customer", "身份证", "id_no" },
  { "customer", "微信号", "wechat" },  { "customer", "客户来源", "lead_source" },
  { "order", "订单编号", "order_no" }, { "order", "服务类型", "service_type" },
  { "order", "开始时间", "start" },    { "order", "时长", "minutes" },
  { "order", "客户编号", "customer" }, { "order", "服务时间", "start" },
};

/* An order names its customer by phone under one of these. */
static const char *const phone_words[] = { "phone", "手机号", "手机", "电话", "客户电话", "客户手机号", "联系电话" };

void
yl_import_column_free (YlImportColumn *column)
{
  g_free (column->title);
  g_free (column);
}

/* `姓名*` marks what must be filled in. */
static char *
clean_title (const char *title)
{
  char *clean = yl_text_to_half_width (title);
  gsize length = strlen (clean);

  while (length > 0 && clean[length - 1] == '*')
    clean[--length] = '\0';
  return g_strstrip (clean);
}

static const char *
field_word (const YlTable *table, const char *title)
{
  for (guint i = 0; i < G_N_ELEMENTS (other_words); i++)
    if (strcmp (other_words[i].table, table->name) == 0 && strcmp (other_words[i].title, title) == 0)
      return other_words[i].field;
  return title;
}

static gboolean
find_own (YlImportColumn *column, const YlTable *table, const char *title)
{
  column->field = yl_table_field_lookup (table, title, NULL);
  if (column->field == NULL)
    column->set = yl_table_set (table, title);
  return column->field != NULL || column->set != NULL;
}

/* What a customer's row may say about her household, an order's about its customer. */
static gboolean
find_related (YlImportColumn *column, const YlTable *table, const char *title)
{
  const YlTable *household = yl_table_find ("household");

  if (strcmp (table->name, "order") == 0)
    column->customer_phone = g_strv_contains (phone_words, title);
  if (strcmp (table->name, "customer") != 0)
    return column->customer_phone;
  column->household_field = yl_table_field_lookup (household, title, NULL);
  if (column->household_field == NULL)
    column->household_set = yl_table_set (household, title);
  return column->household_field != NULL || column->household_set != NULL;
}

static gboolean
is_same_column (const YlImportColumn *a, const YlImportColumn *b)
{
  return a->field == b->field && a->set == b->set && a->household_field == b->household_field
         && a->household_set == b->household_set && a->customer_phone == b->customer_phone;
}

static gboolean
check_twice (const GPtrArray *columns, const YlImportColumn *column, GError **error)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const YlImportColumn *earlier = g_ptr_array_index (columns, i);

      if (*earlier->title == '\0' || !is_same_column (earlier, column))
        continue;
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("The columns “%s” and “%s” mean the same: remove one"),
                   earlier->title, column->title);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_title (const YlTable *table, const char *cell, YlImportColumn *column, GError **error)
{
  column->title = clean_title (cell);
  if (*column->title == '\0' || find_own (column, table, field_word (table, column->title))
      || find_related (column, table, column->title))
    return TRUE;
  /* Once more, for its sentence about near names. */
  yl_table_field_lookup (table, column->title, error);
  return FALSE;
}

GPtrArray *
yl_import_columns (const YlTable *table, const char *const *titles, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_import_column_free);
  gboolean named = FALSE;

  for (; *titles != NULL; titles++)
    {
      g_autoptr (YlImportColumn) column = g_new0 (YlImportColumn, 1);

      if (!read_title (table, *titles, column, error))
        return NULL;
      named |= *column->title != '\0';
      if (*column->title != '\0' && !check_twice (columns, column, error))
        return NULL;
      g_ptr_array_add (columns, g_steal_pointer (&column));
    }
  if (named)
    return g_steal_pointer (&columns);
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("The first row names no columns"));
  return NULL;
}
