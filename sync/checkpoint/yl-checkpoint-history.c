#include "checkpoint/yl-checkpoint-history.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "checkpoint/yl-checkpoint-base.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-message.h"
#include "log/yl-behind.h"
#include "log/yl-varint.h"
#include "store/yl-base.h"
#include "store/yl-trouble.h"

#define VERSION 1
#define ANSWER_MAX (YL_WIRE_BODY_MAX + YL_WIRE_ENTRIES_MAX * 10 + 16)

static const char magic[4] = "YLHI";

/* The hub's side */

static gboolean
append_place (YlStore *store, const YlEntry *entry, gint64 *before, GByteArray *out, GError **error)
{
  YlEntryName name = { .seq = entry->seq };
  g_autoptr (YlEntryRow) row = NULL;

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  row = yl_log_find_name (store, &name, error);
  if (row == NULL)
    return FALSE;
  yl_varint_append (out, (guint64) (row->n - *before));
  *before = row->n;
  return TRUE;
}

static GBytes *
encode (YlStore *store, YlSegment *segment, gint64 after, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) bytes = segment->entries->len > 0 ? yl_segment_encode (segment) : NULL;
  const guint8 version = VERSION;

  g_byte_array_append (out, (const guint8 *) magic, sizeof magic);
  g_byte_array_append (out, &version, 1);
  yl_varint_append (out, segment->entries->len);
  for (guint i = 0; i < segment->entries->len; i++)
    if (!append_place (store, ((YlIncoming *) segment->entries->pdata[i])->entry, &after, out, error))
      return NULL;
  if (bytes != NULL)
    g_byte_array_append (out, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
yl_history_answer (YlStore *store, gint64 after, GError **error)
{
  g_autoptr (GArray) nothing = g_array_new (FALSE, TRUE, sizeof (gint64));
  gint64 from = after;
  g_autoptr (YlSegment) segment = yl_delivery_collect_after (store, nothing, &from, error);

  return segment != NULL ? encode (store, segment, after, error) : NULL;
}

/* The store's side */

/** Piece: what one answer brings, in the hub's order. */
typedef struct
{
  GArray *places; /* of gint64 */
  YlSegment *segment;
} Piece;

static void
piece_clear (Piece *piece)
{
  g_clear_pointer (&piece->places, g_array_unref);
  g_clear_pointer (&piece->segment, yl_segment_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Piece, piece_clear)

static gboolean
out_of_form (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID,
                       _ ("what came as the history is out of form, or not all of it"));
  return FALSE;
}

static gboolean
read_places (YlVarintReader *reader, gint64 after, GArray *places)
{
  gint64 place = after;
  guint64 count, step;

  if (!yl_varint_read (reader, &count) || count == 0 || count > YL_WIRE_ENTRIES_MAX)
    return FALSE;
  for (guint64 i = 0; i < count; i++)
    {
      if (!yl_varint_read (reader, &step) || step == 0 || step > (guint64) (G_MAXINT64 - place))
        return FALSE;
      place += (gint64) step;
      g_array_append_val (places, place);
    }
  return TRUE;
}

GBytes *
yl_history_read_places (GBytes *answer, gint64 after, GArray *places, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (answer, &length);
  gsize head = sizeof magic + 1;
  YlVarintReader reader = yl_varint_reader (data, length);

  if (length > head && memcmp (data, magic, sizeof magic) == 0 && data[sizeof magic] == VERSION)
    {
      reader.at += head;
      if (read_places (&reader, after, places))
        return g_bytes_new_from_bytes (answer, (gsize) (reader.at - data), (gsize) (reader.end - reader.at));
    }
  out_of_form (error);
  return NULL;
}

static gboolean
read_piece (YlStore *store, GBytes *answer, const YlBehind *behind, Piece *piece, GError **error)
{
  g_autoptr (GBytes) rest = NULL;

  piece->places = g_array_new (FALSE, FALSE, sizeof (gint64));
  rest = yl_history_read_places (answer, behind->after, piece->places, error);
  piece->segment = rest != NULL ? yl_delivery_read (store, rest, error) : NULL;
  return piece->segment != NULL && (piece->segment->entries->len == piece->places->len || out_of_form (error));
}

/** Stretch: a run of a piece. */
typedef struct
{
  GPtrArray *incoming; /* of YlIncoming, borrowed */
  GArray *places;      /* of gint64: in the hub's order */
  GArray *own;         /* of gint64: in this file's order, 0: none yet */
  YlBehindKind last;   /* what is here of the entry that ends it */
  gboolean moved;      /* this file has it in places of its own: it was here before */
} Stretch;

static void
stretch_clear (Stretch *stretch)
{
  g_clear_pointer (&stretch->incoming, g_ptr_array_unref);
  g_clear_pointer (&stretch->places, g_array_unref);
  g_clear_pointer (&stretch->own, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stretch, stretch_clear)

static gboolean
add_to_stretch (YlStore *store, Stretch *stretch, YlIncoming *incoming, gint64 place, GError **error)
{
  gint64 n;

  if (!yl_behind_look (store, incoming->entry, &stretch->last, &n, error))
    return FALSE;
  stretch->moved = stretch->moved || (stretch->last == YL_BEHIND_DROPPED && n != place);
  g_ptr_array_add (stretch->incoming, incoming);
  g_array_append_val (stretch->places, place);
  g_array_append_val (stretch->own, n);
  return TRUE;
}

/* What is here already, or is no part of what is asked for, is left. @n: how many were not. */
static gboolean
keep_stretch (YlStore *store, const Stretch *stretch, guint *n, GError **error)
{
  if (stretch->last == YL_BEHIND_HERE || stretch->last == YL_BEHIND_BEYOND)
    return TRUE;
  *n += stretch->incoming->len;
  return stretch->moved ? yl_merge_log_mend (store, stretch->incoming, stretch->own, error)
                        : yl_merge_log_fill (store, stretch->incoming, stretch->places, error);
}

static gboolean
keep_runs (YlStore *store, const Piece *piece, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < piece->places->len;)
    {
      g_auto (Stretch) stretch = { g_ptr_array_new (), g_array_new (FALSE, FALSE, sizeof (gint64)),
                                   g_array_new (FALSE, FALSE, sizeof (gint64)), YL_BEHIND_HERE, FALSE };
      gboolean is_signed = FALSE;

      for (; i < piece->places->len && !is_signed; i++)
        {
          YlIncoming *incoming = piece->segment->entries->pdata[i];

          is_signed = incoming->is_signed;
          if (!add_to_stretch (store, &stretch, incoming, g_array_index (piece->places, gint64, i), error))
            return FALSE;
        }
      if (!keep_stretch (store, &stretch, &n, error))
        return FALSE;
    }
  /* Who says the same again and again would keep this copy asking for ever. */
  return n > 0 || out_of_form (error);
}

static gboolean
keep_piece (YlStore *store, const Piece *piece, GError **error)
{
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);

  return transaction != NULL && keep_runs (store, piece, error)
         && yl_behind_reach (store, g_array_index (piece->places, gint64, piece->places->len - 1), error)
         && yl_log_commit (transaction, error);
}

static gboolean
fetch_piece (YlStore *store, YlPeer *peer, const YlBehind *behind, GError **error)
{
  JsonObject *request = json_object_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_auto (Piece) piece = { NULL };

  json_object_set_int_member (request, "after", behind->after);
  body = yl_message_encode (request);
  answer = yl_peer_call (peer, "history", body, YL_MEDIA_CHECKPOINT, ANSWER_MAX, error);
  return answer != NULL && read_piece (store, answer, behind, &piece, error) && keep_piece (store, &piece, error);
}

/* The last step: does all of it, folded, give what was signed? */
static gboolean
prove (YlStore *store, YlPeer *peer, GError **error)
{
  g_autoptr (YlCheckpoint) base = yl_checkpoint_base (store, error);
  g_autoptr (YlLogTransaction) transaction = NULL;
  g_autofree char *other = NULL;
  g_autofree char *text = NULL;

  if (base == NULL || !yl_checkpoint_replay (store, base, FALSE, &other, error))
    return FALSE;
  if (other != NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   _ ("all change sets up to checkpoint %" PRId64 " together do not give its %s"), base->number, other);
      return FALSE;
    }
  text = g_strdup_printf (_ ("all change sets up to checkpoint %" PRId64 " are here and give it"), base->number);
  transaction = yl_log_begin (store, error);
  return transaction != NULL && yl_behind_adopt (store, error) && yl_checkpoint_set_base (store, NULL, error)
         && yl_trouble_end (store, YL_TROUBLE_HISTORY, yl_peer_get_hub (peer), error)
         && yl_store_note_sync (store, "history", text, error) && yl_log_commit (transaction, error);
}

/* What does not fit once will not fit the next time. */
static gboolean
give_up (YlStore *store, YlPeer *peer, GError *fault, GError **error)
{
  if (g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID) || g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING))
    {
      g_autoptr (GError) second = NULL;

      if (!yl_trouble_raise (store, YL_TROUBLE_HISTORY, yl_peer_get_hub (peer), fault->message, &second)
          || !yl_behind_want (store, FALSE, &second))
        g_debug ("%s", second->message);
    }
  g_propagate_error (error, fault);
  return FALSE;
}

gboolean
yl_history_step (YlStore *store, YlPeer *peer, gboolean *more, GError **error)
{
  GError *fault = NULL;
  YlBehind behind;

  if (!yl_behind_read (store, &behind, error))
    return FALSE;
  *more = behind.wanted && behind.n_all > 0 && behind.n_here < behind.n_all;
  if (!behind.wanted || behind.n_all == 0)
    return TRUE;
  if (!*more)
    return prove (store, peer, &fault) || give_up (store, peer, fault, error);
  return fetch_piece (store, peer, &behind, &fault) || give_up (store, peer, fault, error);
}

gboolean
yl_history_fetch (YlStore *store, YlPeer *peer, GError **error)
{
  gboolean exists, more = TRUE;
  YlBehind behind;

  if (!yl_base_exists (store, &exists, error) || !yl_behind_read (store, &behind, error)
      || (exists && !behind.wanted && !yl_behind_want (store, TRUE, error)))
    return FALSE;
  while (exists && more)
    if (!yl_history_step (store, peer, &more, error))
      return FALSE;
  return TRUE;
}
