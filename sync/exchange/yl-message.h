#pragma once

#include <json-glib/json-glib.h>

#include "base/yl-error.h"

G_BEGIN_DECLS

/*
 * The small requests and answers of the exchange: one JSON object each, read strictly. Readers return FALSE with
 * YL_ERROR_INVALID naming the member that is wrong.
 */
#define YL_MESSAGE_MAX_BYTES (512 * 1024)

/** yl_message_parse: the object in @bytes, behind the JSON gate. */
JsonObject *yl_message_parse (GBytes *bytes, GError **error);
/** yl_message_encode: takes @object. */
GBytes *yl_message_encode (JsonObject *object);

/** yl_message_get_text: borrowed from @object; at most @max bytes, no control characters. */
const char *yl_message_get_text (JsonObject *object, const char *name, gsize max, GError **error);
gboolean yl_message_get_hex (JsonObject *object, const char *name, gpointer bytes, gsize n, GError **error);
gboolean yl_message_get_integer (JsonObject *object,
                                 const char *name,
                                 gint64 min,
                                 gint64 max,
                                 gint64 *value,
                                 GError **error);
/** yl_message_get_array: borrowed from @object; at most @max elements. */
JsonArray *yl_message_get_array (JsonObject *object, const char *name, guint max, GError **error);
/** yl_message_get_ids: a list of at most @max ids of @size bytes, one after the other. */
GBytes *yl_message_get_ids (JsonObject *object, const char *name, gsize size, guint max, GError **error);
void yl_message_set_ids (JsonObject *object, const char *name, GBytes *ids, gsize size);
void yl_message_set_hex (JsonObject *object, const char *name, gconstpointer bytes, gsize n);

G_END_DECLS
