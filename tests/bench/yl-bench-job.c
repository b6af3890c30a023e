#include "yl-bench-job.h"

#include "base/yl-error.h"

const char *const yl_bench_columns[] = {
  "store", "customer", "service", "worker", "start", "minutes", "price", "status", "note", NULL,
};

static GPtrArray *
read_lines (const char *dir, const char *name, guint n_columns, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      char **row = g_strsplit (*line, "\t", -1);

      g_ptr_array_add (rows, row);
      if (g_strv_length (row) == n_columns)
        continue;
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s: line %u has not %u columns", path, rows->len, n_columns);
      return NULL;
    }
  return g_steal_pointer (&rows);
}

GPtrArray *
yl_bench_read_orders (const char *dir, GError **error)
{
  return read_lines (dir, "records.tsv", 1 + g_strv_length ((char **) yl_bench_columns), error);
}

static void
change_free (YlBenchChange *change)
{
  g_free (change->id);
  g_free (change->column);
  g_free (change->value);
  g_free (change);
}

GPtrArray *
yl_bench_read_changes (const char *dir, const char *name, GError **error)
{
  g_autoptr (GPtrArray) rows = read_lines (dir, name, 3, error);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];
      YlBenchChange *change = g_new0 (YlBenchChange, 1);

      change->id = g_strdup (row[0]);
      change->column = g_strdup (row[1]);
      change->value = g_strdup (row[2]);
      g_ptr_array_add (changes, change);
    }
  return g_steal_pointer (&changes);
}
