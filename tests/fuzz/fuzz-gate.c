/* The JSON gate beside jansson: whatever passes the gate is JSON to jansson too, and what it refuses it refuses for a stated reason. */
#include <jansson.h>
#include <string.h>

#include "yl-fuzz.h"
#include "base/yl-json-gate.h"

/* What the gate refuses although it is JSON: fractions, and more than its depth. */
static gboolean
is_beyond_gate (const json_t *value, guint depth)
{
  json_t *element;
  const char *name;
  size_t i;

  if (json_is_real (value) || (depth == YL_JSON_MAX_DEPTH && (json_is_array (value) || json_is_object (value))))
    return TRUE;
  json_array_foreach ((json_t *) value, i, element)
  {
    if (is_beyond_gate (element, depth + 1))
      return TRUE;
  }
  json_object_foreach ((json_t *) value, name, element)
  {
    if (is_beyond_gate (element, depth + 1))
      return TRUE;
  }
  return FALSE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  const char *text = (const char *) data;
  gboolean passed = yl_json_gate (text, length, NULL);
  json_t *value = json_loadb (text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

  if (passed)
    g_assert_nonnull (value);
  else if (value != NULL && memchr (text, '\0', length) == NULL) /* jansson reads over a NUL after a number */
    g_assert_true (is_beyond_gate (value, 0));
  json_decref (value);
  return 0;
}
