#include "yl-marker.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/yl-i18n.h"

/* Markers as files of the user. */

static char *
marker_path (const char *name)
{
  return g_build_filename (g_get_user_state_dir (), "yuelai", name, NULL);
}

static char *
read_file (const char *file, const char *name, gpointer data)
{
  g_autofree char *path = marker_path (name);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static gboolean
write_file (const char *file, const char *name, const char *text, gpointer data, GError **error)
{
  g_autofree char *path = marker_path (name);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (GError) local = NULL;

  if (g_mkdir_with_parents (dir, 0700) == 0
      && g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                   &local))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_FAILED,
               _ ("cannot write %s, which tells the store file from a copy of it: %s"), path,
               local != NULL ? local->message : g_strerror (errno));
  return FALSE;
}

static gint64
stamp_file (const char *file, const char *name, gpointer data)
{
  g_autofree char *path = marker_path (name);
  struct stat info;

  if (stat (path, &info) != 0)
    return 0;
  return (gint64) (info.st_ino * 31 + (guint64) info.st_mtim.tv_sec * 1000000007 + (guint64) info.st_mtim.tv_nsec) | 1;
}

static char *
read_machine (void)
{
  char *id = NULL;

  if (!g_file_get_contents ("/etc/machine-id", &id, NULL, NULL))
    id = g_strdup (g_get_host_name ());
  return g_strstrip (id);
}

const YlMarkerPlace *
yl_marker_user_place (void)
{
  static YlMarkerPlace place = { read_file, write_file, stamp_file };
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      place.machine = read_machine ();
      g_once_init_leave (&ready, 1);
    }
  return &place;
}
