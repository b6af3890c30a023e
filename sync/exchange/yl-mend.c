#include "exchange/yl-mend.h"

#include <string.h>

#include "checkpoint/yl-checkpoint-start.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-message.h"

/* The hub's side */

/* The first bytes of the id may be what is damaged at the caller's. */
static YlEntryRow *
find_row (YlStore *store, const YlEntryName *name, GError **error)
{
  g_autoptr (GError) fault = NULL;
  YlEntryRow *row = yl_log_find_name (store, name, &fault);

  if (row != NULL || g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
    return row != NULL ? row : yl_log_find (store, name->writer, name->seq, error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return NULL;
}

GBytes *
yl_mend_answer (YlStore *store, const YlEntryName *name, GError **error)
{
  g_autoptr (YlEntryRow) row = find_row (store, name, error);
  g_autoptr (YlSegment) segment = yl_segment_new ();
  YlRun run;

  if (row == NULL || !yl_log_find_run (store, row->n, &run, error))
    return NULL;
  for (gint64 n = run.start; n <= run.end; n++)
    {
      g_autoptr (YlIncoming) incoming = yl_merge_log_read (store, n, error);

      if (incoming == NULL)
        return NULL;
      if (!yl_segment_add (segment, incoming))
        {
          g_set_error_literal (error, YL_ERROR, YL_ERROR_CORRUPT,
                               "The log of this store holds an unsigned run that is larger than a segment.");
          return NULL;
        }
      g_steal_pointer (&incoming);
    }
  return yl_segment_encode (segment);
}

/* The store's side */

static gboolean
put_in_place (YlStore *store, YlSegment *segment, gint64 start, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);

  for (guint i = 0; i < segment->entries->len; i++)
    {
      gint64 place = start + i;

      g_array_append_val (places, place);
    }
  return transaction != NULL && yl_merge_log_mend (store, segment->entries, places, error)
         && yl_log_commit (transaction, error);
}

gboolean
yl_mend_fetch_run (YlStore *store, YlPeer *peer, const YlEntryName *name, gint64 start, GError **error)
{
  JsonObject *request = json_object_new ();
  g_autofree char *text = yl_entry_name_write (name);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (YlSegment) segment = NULL;

  json_object_set_string_member (request, "name", text);
  body = yl_message_encode (request);
  answer = yl_peer_call (peer, "run", body, YL_MEDIA_CHECKPOINT, YL_WIRE_BODY_MAX, error);
  segment = answer != NULL ? yl_delivery_read (store, answer, error) : NULL;
  return segment != NULL && put_in_place (store, segment, start, error);
}

gboolean
yl_mend_fetch_entry (YlStore *store, YlPeer *peer, gint64 n, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_get (store, n, error);
  YlEntryName name = { 0 };
  g_autoptr (YlEntry) entry = NULL;
  YlRun run;

  if (row == NULL)
    return FALSE;
  entry = row->bare ? NULL : yl_log_entry (store, n, NULL);
  if (row->bare || entry != NULL)
    return TRUE;
  name.seq = row->seq;
  memcpy (name.writer, row->writer, sizeof name.writer);
  memcpy (name.id8, row->id, sizeof name.id8);
  return yl_log_find_run (store, n, &run, error) && yl_mend_fetch_run (store, peer, &name, run.start, error);
}

static gboolean
fetch_checkpoints (YlStore *store, YlPeer *peer, GError **error)
{
  g_auto (GStrv) refs = yl_log_list_refs (store, error);

  for (guint i = 0; refs != NULL && refs[i] != NULL; i++)
    if (g_str_has_prefix (refs[i], YL_REF_CHECKPOINTS))
      {
        g_autoptr (YlCheckpoint) fetched =
            yl_checkpoint_fetch (store, peer, g_ascii_strtoll (refs[i] + strlen (YL_REF_CHECKPOINTS), NULL, 10), error);

        if (fetched == NULL)
          return FALSE;
      }
  return refs != NULL;
}

static gboolean
drop_objects (YlStore *store, const GByteArray *objects, GError **error)
{
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);

  for (guint at = 0; transaction != NULL && at < objects->len; at += YL_OID_BYTES)
    if (!yl_log_drop_object (store, objects->data + at, error))
      return FALSE;
  return transaction != NULL && yl_log_commit (transaction, error);
}

static gboolean
mend_objects (YlStore *store, YlPeer *peer, const GByteArray *objects, GError **error)
{
  return objects->len == 0 || (drop_objects (store, objects, error) && fetch_checkpoints (store, peer, error));
}

static void
keep_first (GError *fault, GError **first)
{
  if (fault != NULL && *first == NULL)
    *first = fault;
  else
    g_clear_error (&fault);
}

gboolean
yl_mend_log (YlStore *store, YlPeer *peer, const YlLogDamage *damage, GError **error)
{
  g_autoptr (GError) first = NULL;

  for (guint i = 0; peer != NULL && i < damage->runs->len; i++)
    {
      const YlDamagedRun *run = &g_array_index (damage->runs, YlDamagedRun, i);
      GError *fault = NULL;

      yl_mend_fetch_run (store, peer, &run->name, run->run.start, &fault);
      keep_first (fault, &first);
    }
  if (peer != NULL)
    {
      GError *fault = NULL;

      mend_objects (store, peer, damage->objects, &fault);
      keep_first (fault, &first);
    }
  if (damage->refs)
    {
      GError *fault = NULL;

      yl_merge_log_place_refs (store, &fault);
      keep_first (fault, &first);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
