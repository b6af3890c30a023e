#include "exchange/yl-watch.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "exchange/yl-frontier.h"
#include "store/yl-trouble.h"
#include "trust/yl-agreement.h"

/* Of the last agreement: the frontier, when by the hub's clock, and with whom. */
#define SETTING_AGREED "hub.agreed"
#define SETTING_TIME "hub.time"
#define SETTING_HUB "hub.writer"

/* So much clocks may differ before people are told. */
#define CLOCK_TOLERANCE_MS (10 * YL_MINUTE_MS)

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

/* People are to see it at least until the next agreement but one. */
static gboolean
end_in_time (YlStore *store, YlTroubleKind kind, const char *hub, GError **error)
{
  g_autoptr (YlTrouble) trouble = yl_trouble_find (store, kind, hub);
  g_autofree char *last = yl_store_get_setting (store, "last_sync");

  return trouble == NULL || last == NULL || g_ascii_strtoll (last, NULL, 10) < trouble->at
         || yl_trouble_end (store, kind, hub, error);
}

gboolean
yl_watch_clear (YlStore *store, const char *peer, GError **error)
{
  return yl_trouble_end (store, YL_TROUBLE_WITHHELD, peer, error)
         && yl_trouble_end (store, YL_TROUBLE_FORGED, peer, error);
}

static gboolean
put_setting (YlStore *store, const char *setting, const char *text, GError **error)
{
  g_autofree char *before = yl_store_get_setting (store, setting);

  return g_strcmp0 (text, before) == 0 || yl_store_set_setting (store, setting, text, error);
}

/* Orders and conflicts do not go by clocks, but people read times. */
static gboolean
compare_clocks (YlStore *store, gint64 time, GError **error)
{
  gint64 lead = yl_store_now (store) - time;
  g_autofree char *minutes = g_strdup_printf ("%+" PRId64, lead / YL_MINUTE_MS);

  return ABS (lead) < CLOCK_TOLERANCE_MS
             ? yl_trouble_end (store, YL_TROUBLE_CLOCK, yl_store_get_identity (store), error)
             : yl_trouble_raise (store, YL_TROUBLE_CLOCK, yl_store_get_identity (store), minutes, error);
}

gboolean
yl_watch_agreement (YlStore *store, const char *hub, GArray *names, gint64 time, GError **error)
{
  g_autofree char *text = format_names (names);
  g_autofree char *ms = g_strdup_printf ("%" PRId64, time);

  return put_setting (store, SETTING_AGREED, text, error) && put_setting (store, SETTING_TIME, ms, error)
         && put_setting (store, SETTING_HUB, hub, error) && compare_clocks (store, time, error)
         && yl_trouble_end (store, YL_TROUBLE_FORGED, hub, error)
         && yl_trouble_end (store, YL_TROUBLE_IMPOSTOR, yl_store_get_hub_url (store), error)
         && yl_agreement_note (store, hub, time, error)
         && (yl_agreement_stands (store) || end_in_time (store, YL_TROUBLE_WITHHELD, hub, error))
         && end_in_time (store, YL_TROUBLE_REWIND, hub, error);
}

gint64
yl_watch_through (YlStore *store)
{
  g_autofree char *ms = yl_store_get_setting (store, SETTING_TIME);

  return ms != NULL ? g_ascii_strtoll (ms, NULL, 10) : 0;
}

/* Whether the hub wrote @entry before the last agreement, and it is new here all the same. */
static gboolean
was_held_back (YlStore *store, const YlEntry *entry, const char *hub, gint64 through)
{
  YlEntryName name = { .seq = entry->seq };
  g_autoptr (YlEntryRow) row = NULL;

  if ((!g_str_equal (entry->writer, yl_log_authority (store)) && !g_str_equal (entry->writer, hub))
      || YL_HLC_MS (entry->hlc) + CLOCK_TOLERANCE_MS > through)
    return FALSE;
  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  row = yl_log_find_name (store, &name, NULL);
  return row == NULL;
}

gboolean
yl_watch_others (YlStore *store, const YlSegment *segment, GError **error)
{
  g_autofree char *hub = yl_store_get_setting (store, SETTING_HUB);
  gint64 through = yl_watch_through (store);

  for (guint i = 0; hub != NULL && i < segment->entries->len; i++)
    {
      const YlEntry *entry = ((const YlIncoming *) segment->entries->pdata[i])->entry;
      g_autofree char *written = NULL;
      g_autofree char *agreed = NULL;
      g_autofree char *detail = NULL;

      if (!was_held_back (store, entry, hub, through))
        continue;
      written = yl_instant_format (YL_HLC_MS (entry->hlc));
      agreed = yl_instant_format (through);
      detail = g_strdup_printf (_ ("entry %" PRId64 " of %s, written at %s, was not handed out at %s"), entry->seq,
                                entry->writer, written, agreed);
      return yl_trouble_raise (store, YL_TROUBLE_WITHHELD, hub, detail, error);
    }
  return TRUE;
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

/* Beside an error that says more. */
static void
raise_beside (YlStore *store, YlTroubleKind kind, const char *subject, const GError *fault)
{
  g_autoptr (GError) error = NULL;

  if (!yl_trouble_raise (store, kind, subject, fault->message, &error))
    g_debug ("%s", error->message);
}

void
yl_watch_fault (YlStore *store, const char *hub, const GError *fault)
{
  if (g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    raise_beside (store, YL_TROUBLE_WITHHELD, hub, fault);
  else if (g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID))
    raise_beside (store, YL_TROUBLE_FORGED, hub, fault);
}

void
yl_watch_impostor (YlStore *store, const char *url, const GError *fault)
{
  if (g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID) && g_strcmp0 (url, yl_store_get_hub_url (store)) == 0)
    raise_beside (store, YL_TROUBLE_IMPOSTOR, url, fault);
}

/* What a PC tried stays to be seen for a day. */
void
yl_watch_sender (YlStore *store, const char *writer, const GError *fault)
{
  g_autoptr (YlTrouble) trouble = NULL;
  g_autoptr (GError) error = NULL;

  if (g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID))
    raise_beside (store, YL_TROUBLE_FORGED, writer, fault);
  if (fault != NULL)
    return;
  trouble = yl_trouble_find (store, YL_TROUBLE_FORGED, writer);
  if (trouble != NULL && trouble->at + YL_DAY_MS < yl_store_now (store)
      && !yl_trouble_end (store, YL_TROUBLE_FORGED, writer, &error))
    g_debug ("%s", error->message);
}
