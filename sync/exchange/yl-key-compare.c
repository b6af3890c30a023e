#include "exchange/yl-key-compare.h"

#include "exchange/yl-hex.h"

/* The hub's writer and the difference in hex. */
#define SETTING "hub.keys"

static char *
describe_difference (YlStore *store, const char *hub, const guint8 *theirs, GError **error)
{
  guint8 mine[YL_KEY_SUM_BYTES];
  g_autofree char *hex = NULL;

  if (!yl_key_set_sum (store, hub, mine, error))
    return NULL;
  yl_key_set_subtract (mine, theirs, mine);
  hex = yl_hex_write (mine, sizeof mine);
  return g_strdup_printf ("%s:%s", hub, hex);
}

static char *
known_difference (YlStore *store, const char *hub)
{
  g_autofree char *known = yl_store_get_setting (store, SETTING);
  g_autofree char *none = g_strdup_printf ("%s:%0*d", hub, 2 * YL_KEY_SUM_BYTES, 0);

  return known != NULL && g_str_has_prefix (known, hub) ? g_steal_pointer (&known) : g_steal_pointer (&none);
}

gboolean
yl_key_compare (YlStore *store, const char *hub, const guint8 *theirs, gboolean *same, guint *n_lost, GError **error)
{
  g_autofree char *difference = describe_difference (store, hub, theirs, error);
  g_autofree char *known = difference != NULL ? known_difference (store, hub) : NULL;

  if (difference == NULL)
    return FALSE;
  *same = g_str_equal (difference, known);
  return *same || yl_key_set_find_lost (store, n_lost, error);
}

gboolean
yl_key_compare_settle (YlStore *store, const char *hub, const guint8 *theirs, GError **error)
{
  g_autofree char *difference = describe_difference (store, hub, theirs, error);

  return difference != NULL && yl_store_set_setting (store, SETTING, difference, error);
}
