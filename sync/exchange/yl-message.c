#include "exchange/yl-message.h"

#include <string.h>

#include "base/yl-json-gate.h"
#include "exchange/yl-hex.h"

JsonObject *
yl_message_parse (GBytes *bytes, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) fault = NULL;
  JsonNode *root;

  if (length == 0 || length > YL_MESSAGE_MAX_BYTES)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "a message of %" G_GSIZE_FORMAT " bytes", length);
      return NULL;
    }
  if (!yl_json_gate (text, length, error))
    return NULL;
  if (!json_parser_load_from_data (parser, text, (gssize) length, &fault))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "no JSON: %s", fault->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, "no JSON object");
      return NULL;
    }
  return json_node_dup_object (root);
}

GBytes *
yl_message_encode (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  char *text;

  json_node_take_object (root, object);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static JsonNode *
get_value (JsonObject *object, const char *name, GType type, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` is missing or of the wrong kind", name);
      return NULL;
    }
  return node;
}

const char *
yl_message_get_text (JsonObject *object, const char *name, gsize max, GError **error)
{
  JsonNode *node = get_value (object, name, G_TYPE_STRING, error);
  const char *text;

  if (node == NULL)
    return NULL;
  text = json_node_get_string (node);
  if (strlen (text) > max)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` is too long", name);
      return NULL;
    }
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      {
        g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` holds a control character", name);
        return NULL;
      }
  return text;
}

gboolean
yl_message_get_hex (JsonObject *object, const char *name, gpointer bytes, gsize n, GError **error)
{
  const char *text = yl_message_get_text (object, name, 2 * n, error);

  if (text == NULL)
    return FALSE;
  if (yl_hex_read (text, bytes, n))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` is not %" G_GSIZE_FORMAT " bytes of hex", name, n);
  return FALSE;
}

gboolean
yl_message_get_integer (JsonObject *object, const char *name, gint64 min, gint64 max, gint64 *value, GError **error)
{
  JsonNode *node = get_value (object, name, G_TYPE_INT64, error);
  gint64 number;

  if (node == NULL)
    return FALSE;
  number = json_node_get_int (node);
  if (number < min || number > max)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` is out of range", name);
      return FALSE;
    }
  *value = number;
  return TRUE;
}

JsonArray *
yl_message_get_array (JsonObject *object, const char *name, guint max, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) > max)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` is missing, no list, or too long", name);
      return NULL;
    }
  return json_node_get_array (node);
}

GBytes *
yl_message_get_ids (JsonObject *object, const char *name, gsize size, guint max, GError **error)
{
  JsonArray *array = yl_message_get_array (object, name, max, error);
  guint n = array == NULL ? 0 : json_array_get_length (array);
  g_autofree guint8 *ids = g_malloc0 (n * size + 1);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING
          || !yl_hex_read (json_node_get_string (node), ids + i * size, size))
        {
          g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "`%s` holds something that is no id", name);
          return NULL;
        }
    }
  return g_bytes_new_take (g_steal_pointer (&ids), n * size);
}

void
yl_message_set_ids (JsonObject *object, const char *name, GBytes *ids, gsize size)
{
  JsonArray *array = json_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (ids, &length);

  for (gsize at = 0; at + size <= length; at += size)
    {
      g_autofree char *id = yl_hex_write (data + at, size);

      json_array_add_string_element (array, id);
    }
  json_object_set_array_member (object, name, array);
}

void
yl_message_set_hex (JsonObject *object, const char *name, gconstpointer bytes, gsize n)
{
  g_autofree char *text = yl_hex_write (bytes, n);

  json_object_set_string_member (object, name, text);
}
