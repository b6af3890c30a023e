#include "yl-marker-private.h"

#include <sodium.h>
#include <string.h>

#include "log/yl-log-door.h"
#include "seal/yl-key-hold.h"
#include "store/yl-store-private.h"
#include "store/yl-trouble.h"

#define FIRST_LINE "yuelai marker 1"
#define NONCE_BYTES 16
#define NONCE_CHARS (2 * NONCE_BYTES)

/* The texts of both sides; empty where there is none. */
typedef struct
{
  char machine[128];
  char nonce[NONCE_CHARS + 1];
  char from[NONCE_CHARS + 1]; /* the nonce before: a crash may have left it in the file */
  gint64 sent;                /* entries that may have left */
} Marker;

static const YlMarkerPlace *place = NULL;

void
yl_marker_use (const YlMarkerPlace *where)
{
  place = where;
}

void
yl_marker_clear (YlMarker *marker)
{
  g_clear_pointer (&marker->next, g_free);
}

static char *
name_of (const char *writer)
{
  return g_strconcat (writer, ".marker", NULL);
}

static gboolean
read_marker (YlStore *store, const char *writer, Marker *marker)
{
  g_autofree char *name = name_of (writer);
  g_autofree char *text = place->read (store->file, name, place->data);
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", 6) : NULL;

  *marker = (Marker){ 0 };
  if (lines == NULL || g_strv_length (lines) < 5 || !g_str_equal (lines[0], FIRST_LINE))
    return FALSE;
  g_strlcpy (marker->machine, lines[1], sizeof marker->machine);
  g_strlcpy (marker->nonce, lines[2], sizeof marker->nonce);
  g_strlcpy (marker->from, lines[3], sizeof marker->from);
  return g_ascii_string_to_signed (lines[4], 10, 0, G_MAXINT64, &marker->sent, NULL);
}

static gboolean
write_marker (YlStore *store, const char *writer, const Marker *marker, GError **error)
{
  g_autofree char *name = name_of (writer);
  g_autofree char *text = g_strdup_printf (FIRST_LINE "\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n", marker->machine,
                                           marker->nonce, marker->from, marker->sent);

  if (!place->write (store->file, name, text, place->data, error))
    return FALSE;
  if (g_str_equal (writer, store->writer))
    store->marker.stamp = place->stamp (store->file, name, place->data);
  return TRUE;
}

static char *
new_nonce (void)
{
  guint8 bytes[NONCE_BYTES];
  char *hex = g_malloc (NONCE_CHARS + 1);

  randombytes_buf (bytes, sizeof bytes);
  return sodium_bin2hex (hex, NONCE_CHARS + 1, bytes, sizeof bytes);
}

/* How many entries of a pen of this file are here. */
static gboolean
count_written (YlStore *store, const char *writer, gint64 *n, GError **error)
{
  gint64 w;

  return yl_store_writer_number (store, writer, &w, error)
         && yl_database_integer (store->database, n, 0, error, "SELECT seq FROM strand WHERE w = ?", "i", w);
}

/* Likewise of those that are in the log. */
static gboolean
count_logged (YlStore *store, const char *writer, gint64 *n, GError **error)
{
  g_autoptr (GPtrArray) unlogged = yl_log_unlogged (store, error);

  if (unlogged == NULL || !count_written (store, writer, n, error))
    return FALSE;
  for (guint i = 0; i < unlogged->len; i++)
    {
      const YlEntryRow *row = unlogged->pdata[i];

      if (g_str_equal (row->writer, writer))
        *n = MIN (*n, row->seq - 1);
    }
  return TRUE;
}

/* A new nonce on both sides: first outside, where the old one stays until the transaction is committed. */
static gboolean
claim (YlStore *store, Marker *marker, const char *stored, GError **error)
{
  g_autofree char *nonce = new_nonce ();

  g_strlcpy (marker->machine, place->machine, sizeof marker->machine);
  g_strlcpy (marker->from, stored, sizeof marker->from);
  g_strlcpy (marker->nonce, nonce, sizeof marker->nonce);
  if (!write_marker (store, store->writer, marker, error) || !yl_store_set_setting (store, "marker", nonce, error))
    return FALSE;
  g_free (store->marker.next);
  store->marker.next = g_steal_pointer (&nonce);
  return TRUE;
}

/* Whether the file is the one the marker was written for; @cloned: if not, whether it came from elsewhere. */
static gboolean
fits (YlStore *store, gboolean found, const Marker *marker, const char *stored, gboolean *cloned, GError **error)
{
  gint64 written;

  *cloned = !found || !g_str_equal (marker->machine, place->machine);
  if (*cloned)
    return FALSE;
  return (g_str_equal (stored, marker->nonce) || g_str_equal (stored, marker->from))
         && count_written (store, store->writer, &written, error) && written >= marker->sent;
}

/* Another process may have given the file a new pen. */
static gboolean
follow_pen (YlStore *store, GError **error)
{
  g_autofree char *writer = yl_store_read_pen (store, error);
  g_autofree char *name = NULL;

  if (writer == NULL)
    return FALSE;
  if (g_str_equal (writer, store->writer))
    return TRUE;
  g_free (store->writer);
  store->writer = g_steal_pointer (&writer);
  store->marker.claimed = FALSE;
  name = name_of (store->writer);
  store->marker.stamp = place->stamp (store->file, name, place->data);
  return TRUE;
}

static gboolean
look (YlStore *store, GError **error)
{
  g_autofree char *stored = yl_store_get_setting (store, "marker");
  g_autofree char *due = yl_store_get_setting (store, "pen_due");
  g_autoptr (GError) local = NULL;
  Marker marker;
  gboolean found;
  gboolean cloned = FALSE;

  if (!follow_pen (store, error))
    return FALSE;
  store->pen_due = due != NULL && *due != '\0';
  if (store->pen_due)
    return TRUE;
  found = read_marker (store, store->writer, &marker);
  /* A file that never had a marker, and none is there: it is new. */
  if (stored == NULL && !found)
    return claim (store, &marker, "", error);
  if (!fits (store, found, &marker, stored != NULL ? stored : "", &cloned, &local))
    {
      if (local == NULL)
        return yl_marker_due (store, cloned, error);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return store->marker.claimed || claim (store, &marker, stored != NULL ? stored : "", error);
}

gboolean
yl_marker_check (YlStore *store, GError **error)
{
  g_autofree char *name = NULL;
  gint64 stamp;

  /* While a store is being made it has no pen yet. */
  if (place == NULL || store->writer == NULL)
    return TRUE;
  name = name_of (store->writer);
  stamp = place->stamp (store->file, name, place->data);
  if (stamp != 0 && stamp == store->marker.stamp)
    return TRUE;
  store->marker.stamp = stamp;
  return look (store, error);
}

void
yl_marker_settle (YlStore *store, gboolean committed)
{
  g_autofree char *next = g_steal_pointer (&store->marker.next);
  g_autoptr (GError) error = NULL;
  Marker marker;

  if (next == NULL)
    return;
  store->marker.claimed = committed;
  if (!committed)
    {
      store->marker.stamp = 0;
      return;
    }
  /* Should this fail, the nonce before fits too, until the next claim. */
  if (!read_marker (store, store->writer, &marker) || !g_str_equal (marker.nonce, next))
    return;
  *marker.from = '\0';
  if (!write_marker (store, store->writer, &marker, &error))
    g_debug ("%s", error->message);
}

/* Of the company's key only the count is kept: it has no further pens. */
static gboolean
raise_sent (YlStore *store, const char *writer, GError **error)
{
  Marker marker;
  gint64 logged;

  read_marker (store, writer, &marker);
  if (!count_logged (store, writer, &logged, error))
    return FALSE;
  if (logged <= marker.sent)
    return TRUE;
  g_strlcpy (marker.machine, place->machine, sizeof marker.machine);
  marker.sent = logged;
  return write_marker (store, writer, &marker, error);
}

gboolean
yl_log_mark_sent (YlStore *store, GError **error)
{
  if (place == NULL)
    return TRUE;
  return (store->pen_due || raise_sent (store, store->writer, error))
         && (!yl_store_holds_authority (store) || raise_sent (store, store->authority, error));
}

gboolean
yl_marker_authority_whole (YlStore *store, gboolean *whole, GError **error)
{
  Marker marker;
  gint64 written;

  *whole = TRUE;
  if (place == NULL || !read_marker (store, store->authority, &marker))
    return TRUE;
  if (!count_written (store, store->authority, &written, error))
    return FALSE;
  *whole = written >= marker.sent;
  return TRUE;
}

gboolean
yl_marker_begin (YlStore *store, GError **error)
{
  Marker marker = { 0 };

  store->pen_due = FALSE;
  store->marker.claimed = FALSE;
  return yl_store_set_setting (store, "pen_due", "", error) && (place == NULL || claim (store, &marker, "", error));
}

/* Head office, which gives the others their keys, may have forgotten whose are to be given to nobody. */
static gboolean
hold_keys (YlStore *store, gboolean cloned, GError **error)
{
  Marker marker;
  gboolean found = read_marker (store, store->writer, &marker);

  return !yl_store_is_head_office (store)
         || yl_key_hold_all (store, store->writer, found && !cloned ? marker.sent : 0, error);
}

gboolean
yl_marker_due (YlStore *store, gboolean cloned, GError **error)
{
  Marker marker;

  if (place == NULL || store->pen_due)
    return TRUE;
  store->pen_due = TRUE;
  if (!yl_store_set_setting (store, "pen_due", cloned ? "cloned" : "restored", error)
      || !yl_trouble_raise (store, cloned ? YL_TROUBLE_CLONED : YL_TROUBLE_RESTORED, store->writer, "", error)
      || !hold_keys (store, cloned, error))
    return FALSE;
  /* Written again as it is, for other processes to look. */
  if (read_marker (store, store->writer, &marker) && !write_marker (store, store->writer, &marker, error))
    return FALSE;
  store->marker.stamp = 0;
  return TRUE;
}
