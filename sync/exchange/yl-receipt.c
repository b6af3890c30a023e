#include "exchange/yl-receipt.h"

#include <sodium.h>
#include <string.h>

#include "exchange/yl-hex.h"
#include "exchange/yl-sync-wire.h"

void
yl_push_digest (GBytes *segment, guint8 *digest)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (segment, &length);

  crypto_generichash (digest, YL_PUSH_DIGEST_BYTES, data, length, NULL, 0);
}

/* What the signature is over. */
static char *
receipt_text (YlStore *store, const char *by, const char *to, const guint8 *push, const guint8 *frontier, gint64 time)
{
  g_autofree char *push_hex = yl_hex_write (push, YL_PUSH_DIGEST_BYTES);
  g_autofree char *frontier_hex = yl_hex_write (frontier, YL_FRONTIER_DIGEST_BYTES);

  return g_strdup_printf ("yuelai receipt 1\nscope %s\nby %s\nto %s\npush %s\nfrontier %s\nat %" G_GINT64_FORMAT "\n",
                          yl_store_get_scope (store), by, to, push_hex, frontier_hex, time);
}

gboolean
yl_receipt_issue (YlStore *store,
                  const char *to,
                  const guint8 *push,
                  const guint8 *frontier,
                  gint64 time,
                  guint8 *signature,
                  GError **error)
{
  const char *by = yl_store_get_identity (store);
  g_autofree char *text = receipt_text (store, by, to, push, frontier, time);

  return yl_log_sign (store, by, text, strlen (text), signature, error);
}

gboolean
yl_receipt_verify (YlStore *store,
                   const char *by,
                   const guint8 *push,
                   const guint8 *frontier,
                   gint64 time,
                   const guint8 *signature)
{
  g_autofree char *text = receipt_text (store, by, yl_store_get_identity (store), push, frontier, time);
  guint8 key[YL_KEY_BYTES];

  return yl_log_writer_key (store, by, key, NULL)
         && crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text), key) == 0;
}
