/* CSV files: every row ends or is named as wrong; cells are valid UTF-8 within the caps. */
#include <gio/gio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "yl-fuzz.h"
#include "transfer/yl-csv.h"

static void
check_row (GStrv row)
{
  g_assert_cmpuint (g_strv_length (row), <=, YL_CSV_MAX_CELLS);
  for (guint i = 0; row[i] != NULL; i++)
    {
      g_assert_true (g_utf8_validate (row[i], -1, NULL));
      g_assert_cmpuint (strlen (row[i]), <=, YL_CSV_MAX_CELL_BYTES);
    }
}

static void
read_rows (YlCsv *csv)
{
  guint line = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) row = yl_csv_next (csv, &error);

      if (row == NULL)
        return;
      g_assert_no_error (error);
      g_assert_cmpuint (yl_csv_line (csv), >, line);
      line = yl_csv_line (csv);
      check_row (row);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  int file = memfd_create ("csv", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", file);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlCsv) csv = NULL;

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (write (file, data, length), ==, (gssize) length);
  csv = yl_csv_open (path, &error);
  g_assert_true ((csv == NULL) == (error != NULL));
  if (csv != NULL)
    read_rows (csv);
  close (file);
  return 0;
}
