#include "exchange/yl-session.h"

#include <sodium.h>
#include <string.h>

#include "exchange/yl-hex.h"

char *
yl_challenge_transcript (const YlChallenge *challenge, YlSide side)
{
  g_autofree char *hub_key = yl_hex_write (challenge->hub_key, sizeof challenge->hub_key);
  g_autofree char *node_key = yl_hex_write (challenge->node_key, sizeof challenge->node_key);
  g_autofree char *hub_nonce = yl_hex_write (challenge->hub_nonce, sizeof challenge->hub_nonce);
  g_autofree char *node_nonce = yl_hex_write (challenge->node_nonce, sizeof challenge->node_nonce);
  g_autofree char *certificate = yl_hex_write (challenge->certificate, sizeof challenge->certificate);
  const char *hub = challenge->relay ? "relay" : "hub";

  return g_strdup_printf ("yuelai session 1 %s\n%s\n%s\n%s\n%s\n%s\n%s%s", side == YL_SIDE_HUB ? hub : "node",
                          challenge->scope, hub_key, node_key, hub_nonce, node_nonce,
                          challenge->relay ? certificate : "", challenge->relay ? "\n" : "");
}

gboolean
yl_challenge_sign (const YlChallenge *challenge, YlSide side, YlStore *store, guint8 *signature, GError **error)
{
  g_autofree char *text = yl_challenge_transcript (challenge, side);

  return yl_log_sign (store, yl_store_get_identity (store), text, strlen (text), signature, error);
}

gboolean
yl_challenge_verify (const YlChallenge *challenge, YlSide side, const guint8 *signature)
{
  g_autofree char *text = yl_challenge_transcript (challenge, side);
  const guint8 *key = side == YL_SIDE_HUB ? challenge->hub_key : challenge->node_key;

  return crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text), key) == 0;
}

void
yl_writer_of_key (const guint8 *key, char *writer)
{
  guint8 digest[32];

  crypto_generichash (digest, sizeof digest, key, YL_KEY_BYTES, NULL, 0);
  sodium_bin2hex (writer, YL_WRITER_CHARS + 1, digest, YL_WRITER_CHARS / 2);
}

gboolean
yl_writer_is_head_office (YlStore *store, const char *writer)
{
  g_autofree char *by_writer = g_strdup_printf ("writer=%s", writer);
  const char *where[] = { by_writer, NULL };
  g_autoptr (GPtrArray) nodes = yl_store_list (store, "node", where, 1, NULL);
  g_autoptr (YlRecord) site = NULL;
  const char *site_id;

  if (nodes == NULL || nodes->len == 0)
    return FALSE;
  site_id = yl_record_get_text (nodes->pdata[0], "site");
  site = site_id == NULL ? NULL : yl_store_get (store, "site", site_id, NULL);
  return site != NULL && g_strcmp0 (yl_record_get_text (site, "kind"), "head_office") == 0;
}
