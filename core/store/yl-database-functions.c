#include "yl-database-functions.h"

#include "base/yl-id.h"

#define SUM_BYTES 16

static void
id_to_bytes (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  guint8 bytes[YL_ID_BYTES];

  if (text != NULL && yl_id_to_bytes (text, bytes))
    sqlite3_result_blob (context, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

static void
bytes_to_id (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const guint8 *bytes = sqlite3_value_blob (values[0]);
  char text[YL_ID_CHARS + 1];

  if (bytes == NULL || sqlite3_value_bytes (values[0]) != YL_ID_BYTES)
    return;
  yl_id_from_bytes (bytes, text);
  sqlite3_result_text (context, text, YL_ID_CHARS, SQLITE_TRANSIENT);
}

/* Big endian, modulo 2^128. */
static void
add_sums (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const guint8 *a = sqlite3_value_blob (values[0]);
  const guint8 *b = sqlite3_value_blob (values[1]);
  guint8 sum[SUM_BYTES];
  guint carry = 0;

  if (sqlite3_value_bytes (values[0]) != SUM_BYTES || sqlite3_value_bytes (values[1]) != SUM_BYTES)
    return;
  for (int i = SUM_BYTES - 1; i >= 0; i--)
    {
      carry += (guint) a[i] + b[i];
      sum[i] = (guint8) carry;
      carry >>= 8;
    }
  sqlite3_result_blob (context, sum, sizeof sum, SQLITE_TRANSIENT);
}

int
yl_database_add_functions (sqlite3 *handle)
{
  static const struct
  {
    const char *name;
    int n_values;
    void (*func) (sqlite3_context *, int, sqlite3_value **);
  } functions[] = {
    { "yl_id", 1, id_to_bytes },
    { "yl_uuid", 1, bytes_to_id },
    { "yl_sum_add", 2, add_sums },
  };
  int code = SQLITE_OK;

  for (guint i = 0; i < G_N_ELEMENTS (functions) && code == SQLITE_OK; i++)
    code = sqlite3_create_function (handle, functions[i].name, functions[i].n_values,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, functions[i].func,
                                    NULL, NULL);
  return code;
}
