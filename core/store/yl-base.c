#include "yl-base.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "log/yl-skeleton.h"
#include "yl-store-private.h"

static const YlBaseReader *base_reader;

void
yl_base_set_reader (const YlBaseReader *reader)
{
  base_reader = reader;
}

gboolean
yl_base_exists (YlStore *store, gboolean *exists, GError **error)
{
  gint64 found;

  if (!yl_database_integer (store->database, &found, 0, error, "SELECT 1 FROM strand WHERE base > 0 LIMIT 1", NULL))
    return FALSE;
  *exists = found != 0;
  return TRUE;
}

/* A checkpoint's files come bucket by bucket: each begins a sequence of its own. */
typedef struct
{
  YlStore *store;
  YlMergeInstall *install;
  char *table;
  char *id;
} Installing;

static void
installing_clear (Installing *installing)
{
  g_clear_pointer (&installing->install, yl_merge_install_free);
  g_clear_pointer (&installing->table, g_free);
  g_clear_pointer (&installing->id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Installing, installing_clear)

static gboolean
continues (const Installing *installing, const YlMergeVersion *version)
{
  return installing->install != NULL && g_str_equal (installing->table, version->table)
         && strcmp (installing->id, version->id) <= 0;
}

static gboolean
install_version (const YlMergeVersion *version, gpointer data, GError **error)
{
  Installing *installing = data;

  if (!continues (installing, version))
    {
      if (installing->install != NULL && !yl_merge_install_finish (installing->install, error))
        return FALSE;
      g_clear_pointer (&installing->install, yl_merge_install_free);
      installing->install = yl_merge_install_new (installing->store);
      g_free (installing->table);
      installing->table = g_strdup (version->table);
    }
  if (g_strcmp0 (installing->id, version->id) != 0)
    {
      g_free (installing->id);
      installing->id = g_strdup (version->id);
    }
  return yl_merge_install_add (installing->install, version, error);
}

static gboolean
install_fact (const YlMergeVersion *fact, gpointer store, GError **error)
{
  return yl_skeleton_add_fact (store, fact, error);
}

static gboolean
install (YlStore *store, YlStore *into, const char *table, const char *id, GError **error)
{
  g_auto (Installing) installing = { into, NULL, NULL, NULL };

  if (base_reader == NULL)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_MISSING,
                           _ ("the history of this record is not here: sync, then try again"));
      return FALSE;
    }
  if (!base_reader->visit_state (store, table, id, install_version, &installing, error)
      || (installing.install != NULL && !yl_merge_install_finish (installing.install, error)))
    return FALSE;
  return table != NULL || base_reader->visit_facts (store, install_fact, into, error);
}

gboolean
yl_base_install (YlStore *store, const char *table, const char *id, GError **error)
{
  return install (store, store, table, id, error);
}

gboolean
yl_base_install_into (YlStore *store, YlStore *into, GError **error)
{
  return install (store, into, NULL, NULL, error);
}
