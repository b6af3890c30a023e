#include "exchange/yl-sync-wire.h"

#include <string.h>

#include "base/yl-clock.h"
#include "exchange/yl-frontier.h"

#define VERSION 1

#define CALL_NAMES 1
#define CALL_SEGMENT 2
#define CALL_WANTS 4
#define CALL_REFILLS 8
#define CALL_KEYS 16
#define CALL_STOCK 32
#define CALL_ERASED 64
#define CALL_ALL (2 * CALL_ERASED - 1)

#define ANSWER_NAMES 1
#define ANSWER_SEGMENT 2
#define ANSWER_RECEIPT 4
#define ANSWER_WANTED 8
#define ANSWER_KEYS 16
#define ANSWER_ALL (2 * ANSWER_KEYS - 1)

/* Both */

static void
put (GByteArray *out, gconstpointer bytes, gsize length)
{
  g_byte_array_append (out, bytes, (guint) length);
}

static void
put_byte (GByteArray *out, guint8 byte)
{
  put (out, &byte, 1);
}

static void
put_bytes (GByteArray *out, GBytes *bytes)
{
  put (out, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean
take (YlVarintReader *reader, gpointer to, gsize n)
{
  if ((gsize) (reader->end - reader->at) < n)
    return FALSE;
  memcpy (to, reader->at, n);
  reader->at += n;
  return TRUE;
}

static GBytes *
take_rest (YlVarintReader *reader)
{
  GBytes *rest = g_bytes_new (reader->at, (gsize) (reader->end - reader->at));

  reader->at = reader->end;
  return rest;
}

static gboolean
read_version (YlVarintReader *reader, GError **error)
{
  guint8 version = 0;

  if (!take (reader, &version, 1) || version == 0)
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "the message of the exchange is malformed");
      return FALSE;
    }
  if (version == VERSION)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_NEWER, "the exchange has version %u, this program knows %u; update it",
               version, VERSION);
  return FALSE;
}

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "the message of the exchange is malformed");
  return FALSE;
}

/* Calls */

YlSyncCall *
yl_sync_call_new (void)
{
  return g_new0 (YlSyncCall, 1);
}

void
yl_sync_call_free (YlSyncCall *call)
{
  g_clear_pointer (&call->names, g_array_unref);
  g_clear_pointer (&call->erased, g_byte_array_unref);
  g_clear_pointer (&call->segment, g_bytes_unref);
  g_free (call);
}

GBytes *
yl_sync_call_encode (const YlSyncCall *call)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  put_byte (out, VERSION);
  put_byte (out, (call->names != NULL ? CALL_NAMES : 0) | (call->segment != NULL ? CALL_SEGMENT : 0)
                     | (call->wants ? CALL_WANTS : 0) | (call->refills ? CALL_REFILLS : 0)
                     | (call->keys ? CALL_KEYS : 0) | (call->stock ? CALL_STOCK : 0)
                     | (call->erased != NULL ? CALL_ERASED : 0));
  put_byte (out, (guint8) call->wait);
  if (call->names != NULL)
    yl_frontier_append (out, call->names);
  else
    put (out, call->base, sizeof call->base);
  if (call->erased != NULL)
    {
      yl_varint_append (out, call->erased->len / YL_ID_BYTES);
      put (out, call->erased->data, call->erased->len);
    }
  if (call->segment != NULL)
    put_bytes (out, call->segment);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
read_erased (YlVarintReader *reader, YlSyncCall *call)
{
  guint64 count;

  if (!yl_varint_read (reader, &count) || count > YL_SYNC_IDS_MAX
      || (guint64) (reader->end - reader->at) < count * YL_ID_BYTES)
    return FALSE;
  call->erased = g_byte_array_new ();
  g_byte_array_append (call->erased, reader->at, (guint) (count * YL_ID_BYTES));
  reader->at += count * YL_ID_BYTES;
  return TRUE;
}

static gboolean
read_call (YlVarintReader *reader, YlSyncCall *call)
{
  guint8 flags, wait;

  if (!take (reader, &flags, 1) || !take (reader, &wait, 1) || wait > YL_SYNC_WAIT_MAX_SECONDS
      || (flags & ~CALL_ALL) != 0)
    return FALSE;
  call->wait = wait;
  call->wants = (flags & CALL_WANTS) != 0;
  call->refills = (flags & CALL_REFILLS) != 0;
  call->keys = (flags & CALL_KEYS) != 0;
  call->stock = (flags & CALL_STOCK) != 0;
  if ((flags & CALL_NAMES) != 0)
    call->names = yl_frontier_read (reader);
  else if (!take (reader, call->base, sizeof call->base))
    return FALSE;
  if ((flags & CALL_NAMES) != 0 && call->names == NULL)
    return FALSE;
  if ((flags & CALL_ERASED) != 0 && !read_erased (reader, call))
    return FALSE;
  if ((flags & CALL_SEGMENT) != 0)
    call->segment = take_rest (reader);
  return reader->at == reader->end;
}

YlSyncCall *
yl_sync_call_decode (GBytes *bytes, GError **error)
{
  g_autoptr (YlSyncCall) call = yl_sync_call_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  YlVarintReader reader = yl_varint_reader (data, length);

  if (!read_version (&reader, error))
    return NULL;
  return read_call (&reader, call) || malformed (error) ? g_steal_pointer (&call) : NULL;
}

/* Answers */

YlSyncAnswer *
yl_sync_answer_new (void)
{
  return g_new0 (YlSyncAnswer, 1);
}

void
yl_sync_answer_free (YlSyncAnswer *answer)
{
  g_clear_pointer (&answer->names, g_array_unref);
  g_clear_pointer (&answer->wanted, g_bytes_unref);
  g_clear_pointer (&answer->segment, g_bytes_unref);
  g_free (answer);
}

GBytes *
yl_sync_answer_encode (const YlSyncAnswer *answer)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  put_byte (out, VERSION);
  put_byte (out, (answer->names != NULL ? ANSWER_NAMES : 0) | (answer->segment != NULL ? ANSWER_SEGMENT : 0)
                     | (answer->has_receipt ? ANSWER_RECEIPT : 0) | (answer->wanted != NULL ? ANSWER_WANTED : 0)
                     | (answer->has_keys ? ANSWER_KEYS : 0));
  put (out, answer->frontier, sizeof answer->frontier);
  put (out, answer->hash, sizeof answer->hash);
  yl_varint_append (out, (guint64) answer->time);
  if (answer->names != NULL)
    yl_frontier_append (out, answer->names);
  if (answer->has_keys)
    put (out, answer->keys, sizeof answer->keys);
  if (answer->has_receipt)
    put (out, answer->receipt, sizeof answer->receipt);
  if (answer->wanted != NULL)
    {
      yl_varint_append (out, g_bytes_get_size (answer->wanted) / YL_KEY_ID_BYTES);
      put_bytes (out, answer->wanted);
    }
  if (answer->segment != NULL)
    put_bytes (out, answer->segment);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
read_wanted (YlVarintReader *reader, YlSyncAnswer *answer)
{
  guint64 count;

  if (!yl_varint_read (reader, &count) || count > YL_SYNC_IDS_MAX
      || (guint64) (reader->end - reader->at) < count * YL_KEY_ID_BYTES)
    return FALSE;
  answer->wanted = g_bytes_new (reader->at, count * YL_KEY_ID_BYTES);
  reader->at += count * YL_KEY_ID_BYTES;
  return TRUE;
}

static gboolean
read_answer (YlVarintReader *reader, YlSyncAnswer *answer)
{
  guint8 flags;
  guint64 time;

  if (!take (reader, &flags, 1) || (flags & ~ANSWER_ALL) != 0
      || !take (reader, answer->frontier, sizeof answer->frontier) || !take (reader, answer->hash, sizeof answer->hash)
      || !yl_varint_read (reader, &time) || time > YL_CLOCK_MAX_MS)
    return FALSE;
  answer->time = (gint64) time;
  if ((flags & ANSWER_NAMES) != 0 && (answer->names = yl_frontier_read (reader)) == NULL)
    return FALSE;
  answer->has_keys = (flags & ANSWER_KEYS) != 0;
  answer->has_receipt = (flags & ANSWER_RECEIPT) != 0;
  if ((answer->has_keys && !take (reader, answer->keys, sizeof answer->keys))
      || (answer->has_receipt && !take (reader, answer->receipt, sizeof answer->receipt)))
    return FALSE;
  if ((flags & ANSWER_WANTED) != 0 && !read_wanted (reader, answer))
    return FALSE;
  if ((flags & ANSWER_SEGMENT) != 0)
    answer->segment = take_rest (reader);
  return reader->at == reader->end;
}

YlSyncAnswer *
yl_sync_answer_decode (GBytes *bytes, GError **error)
{
  g_autoptr (YlSyncAnswer) answer = yl_sync_answer_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  YlVarintReader reader = yl_varint_reader (data, length);

  if (!read_version (&reader, error))
    return NULL;
  return read_answer (&reader, answer) || malformed (error) ? g_steal_pointer (&answer) : NULL;
}
