/* Markers lie on the disk of the machine, beside the store file, and stay there when only that is put back. */
#include "yl-sim-world.h"

#include <string.h>

#include "base/yl-error.h"
#include "trust/yl-marker.h"

static YlTestDisk *
find_place (const char *file, const char *name, char **path)
{
  g_autofree char *base = g_path_get_basename (file);
  g_autofree char *disk = g_strndup (base, strcspn (base, "."));

  *path = g_strconcat (disk, ".", name, NULL);
  return yl_test_disk_get (disk);
}

static char *
read_text (const char *file, const char *name, gpointer data)
{
  g_autofree char *path = NULL;
  YlTestDisk *disk = find_place (file, name, &path);
  YlTestFile *found = yl_test_disk_find (disk, path);

  return found == NULL ? NULL : g_strndup ((const char *) found->data->data, found->data->len);
}

/* One operation: the old text or the new one is there. */
static gboolean
write_text (const char *file, const char *name, const char *text, gpointer data, GError **error)
{
  g_autofree char *path = NULL;
  YlTestDisk *disk = find_place (file, name, &path);
  YlTestFile *made;

  if (yl_test_disk_step (disk, YL_TEST_OP_GROW) != YL_TEST_FAULT_NONE)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, "%s: disk I/O error", path);
      return FALSE;
    }
  made = yl_test_disk_create (disk, path);
  yl_test_file_write (made, text, strlen (text), 0);
  yl_test_file_sync (made);
  return TRUE;
}

static gint64
stamp_text (const char *file, const char *name, gpointer data)
{
  g_autofree char *text = read_text (file, name, data);

  return text != NULL ? (gint64) g_str_hash (text) | 1 : 0;
}

void
yl_sim_markers_use (void)
{
  static const YlMarkerPlace place = { read_text, write_text, stamp_text, "this", NULL };

  yl_marker_use (&place);
}
