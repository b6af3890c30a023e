#include "exchange/yl-watch.h"

#include "exchange/yl-frontier.h"
#include "store/yl-trouble.h"

#define SETTING_AGREED "hub.agreed"

static char *
format_names (GArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = yl_entry_name_write (&g_array_index (names, YlEntryName, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", name);
    }
  return g_string_free (text, FALSE);
}

/* People are to see it at least until the next agreement. */
static gboolean
end_rewind (YlStore *store, const char *hub, GError **error)
{
  g_autoptr (YlTrouble) rewind = yl_trouble_find (store, YL_TROUBLE_REWIND, hub);
  g_autofree char *last = yl_store_get_setting (store, "last_sync");

  return rewind == NULL || last == NULL || g_ascii_strtoll (last, NULL, 10) < rewind->at
         || yl_trouble_end (store, YL_TROUBLE_REWIND, hub, error);
}

gboolean
yl_watch_clear (YlStore *store, const char *peer, GError **error)
{
  return yl_trouble_end (store, YL_TROUBLE_WITHHELD, peer, error)
         && yl_trouble_end (store, YL_TROUBLE_FORGED, peer, error);
}

gboolean
yl_watch_agreement (YlStore *store, const char *hub, GArray *names, GError **error)
{
  g_autofree char *text = format_names (names);
  g_autofree char *before = yl_store_get_setting (store, SETTING_AGREED);

  return (g_strcmp0 (text, before) == 0 || yl_store_set_setting (store, SETTING_AGREED, text, error))
         && yl_watch_clear (store, hub, error) && end_rewind (store, hub, error);
}

gboolean
yl_watch_frontier (YlStore *store, const char *hub, GArray *covered, GError **error)
{
  g_autofree char *agreed = yl_store_get_setting (store, SETTING_AGREED);
  g_auto (GStrv) names = g_strsplit (agreed != NULL ? agreed : "", " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      YlEntryName name;
      g_autoptr (YlEntryRow) row = yl_entry_name_read (names[i], &name) ? yl_log_find_name (store, &name, NULL) : NULL;

      if (row != NULL && !yl_log_covers (covered, row->strand, row->seq))
        return yl_trouble_raise (store, YL_TROUBLE_REWIND, hub, names[i], error);
    }
  return TRUE;
}

void
yl_watch_fault (YlStore *store, const char *hub, const GError *fault)
{
  g_autoptr (GError) error = NULL;
  gboolean missing = g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING);

  if (!missing && !g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID))
    return;
  if (!yl_trouble_raise (store, missing ? YL_TROUBLE_WITHHELD : YL_TROUBLE_FORGED, hub, fault->message, &error))
    g_debug ("%s", error->message);
}
