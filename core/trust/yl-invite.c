#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-company.h"
#include "log/yl-log-door.h"
#include "store/yl-store-private.h"

/* One-time codes at head office. The file keeps a hash of the secret only; a stolen file hands out no codes. */

#define SECRET_BYTES 16
#define VALID_MS (10 * YL_MINUTE_MS)

typedef struct
{
  guint8 hash[32];
} SecretHash;

static SecretHash
hash_secret (const guint8 *secret)
{
  SecretHash hash;

  crypto_generichash (hash.hash, sizeof hash.hash, secret, SECRET_BYTES, NULL, 0);
  return hash;
}

static gboolean
require_head_office (YlStore *store, GError **error)
{
  g_autofree char *pen =
      yl_database_text (store->database, error, "SELECT writer FROM pen WHERE role = 'authority'", NULL);

  if (pen == NULL && (error == NULL || *error == NULL))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                 _ ("only head office's own store can do this: it holds the company's key"));
  return pen != NULL;
}

gboolean
yl_company_new_invite (YlStore *store, const char *site, gboolean approved, guint8 *secret, GError **error)
{
  g_autofree char *id = NULL;
  SecretHash hash;

  if (!require_head_office (store, error))
    return FALSE;
  id = yl_store_find_id (store, "site", site, error);
  if (id == NULL)
    return FALSE;
  randombytes_buf (secret, SECRET_BYTES);
  hash = hash_secret (secret);
  return yl_database_run (store->database, error,
                          "INSERT INTO invite (hash, site, approved, expires) VALUES (?, ?, ?, ?)", "btii",
                          (gconstpointer) hash.hash, (gsize) sizeof hash.hash, id, (gint64) (approved ? 1 : 0),
                          yl_store_now (store) + VALID_MS);
}

/* Takes @key as the only one this code may enrol. */
static gboolean
bind_invite (YlStore *store, const SecretHash *hash, const YlJoinRequest *request, GError **error)
{
  return yl_database_run (
      store->database, error, "UPDATE invite SET sign_key = ?, box_key = ?, pc_name = ?, digits = ? WHERE hash = ?",
      "bbttb", (gconstpointer) request->sign_key, (gsize) YL_KEY_BYTES, (gconstpointer) request->box_key,
      (gsize) YL_KEY_BYTES, request->pc_name, request->digits, (gconstpointer) hash->hash, (gsize) sizeof hash->hash);
}

static char *
enrol (YlStore *store, const SecretHash *hash, const YlNewNode *node, GError **error)
{
  g_autofree char *id = yl_company_enrol_node (store, node, error);

  if (id == NULL
      || !yl_database_run (store->database, error, "UPDATE invite SET used = 1, digits = NULL WHERE hash = ?", "b",
                           (gconstpointer) hash->hash, (gsize) sizeof hash->hash))
    return NULL;
  return g_steal_pointer (&id);
}

static gboolean
check_invite (YlStore *store, YlRows *rows, const YlJoinRequest *request, GError **error)
{
  gsize length;
  const guint8 *key = yl_rows_blob (rows, 4, &length);
  gboolean other = key != NULL && (length != YL_KEY_BYTES || memcmp (key, request->sign_key, length) != 0);

  if (other)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                 _ ("this code was already used by another PC: ask head office for a new one"));
  else if (yl_rows_integer (rows, 3) == 0 && yl_rows_integer (rows, 2) < yl_store_now (store))
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                 _ ("this code is older than 10 minutes: ask head office for a new one"));
  else
    return TRUE;
  return FALSE;
}

char *
yl_company_join (YlStore *store, const YlJoinRequest *request, GError **error)
{
  SecretHash hash = hash_secret (request->secret);
  g_autoptr (YlRows) rows = NULL;
  g_autofree char *site = NULL;
  YlNewNode node = { NULL, request->pc_name, request->sign_key, request->box_key };
  gboolean approved;

  if (!require_head_office (store, error))
    return NULL;
  rows = yl_database_query (store->database, error,
                            "SELECT site, approved, expires, used, sign_key FROM invite WHERE hash = ?", "b",
                            (gconstpointer) hash.hash, (gsize) sizeof hash.hash);
  if (rows == NULL)
    return NULL;
  if (!yl_rows_next (rows, error))
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                     _ ("head office does not know this code: ask for a new one"));
      return NULL;
    }
  if (!check_invite (store, rows, request, error))
    return NULL;
  site = g_strdup (yl_rows_text (rows, 0));
  approved = yl_rows_integer (rows, 1) != 0 || yl_rows_integer (rows, 3) != 0;
  g_clear_pointer (&rows, yl_rows_free);
  if (!bind_invite (store, &hash, request, error))
    return NULL;
  node.site = site;
  return approved ? enrol (store, &hash, &node, error) : NULL;
}

GStrv
yl_company_pending_joins (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT invite.digits, site.code, invite.pc_name FROM invite JOIN site ON site.id = invite.site"
      " WHERE invite.used = 0 AND invite.digits IS NOT NULL AND invite.expires >= ? ORDER BY 1",
      "i", yl_store_now (store));
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      g_autofree char *line = g_strdup_printf ("%s\t%s\t%s", yl_rows_text (rows, 0), yl_rows_text (rows, 1),
                                               yl_rows_is_null (rows, 2) ? "" : yl_rows_text (rows, 2));

      g_strv_builder_add (lines, line);
    }
  return yl_rows_ended (rows) ? g_strv_builder_end (lines) : NULL;
}

gboolean
yl_company_approve (YlStore *store, const char *digits, GError **error)
{
  g_autoptr (YlRows) rows = NULL;
  SecretHash hash;
  guint8 sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  g_autofree char *site = NULL;
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  YlNewNode node = { NULL, NULL, sign_key, box_key };
  gsize length;

  if (!require_head_office (store, error))
    return FALSE;
  rows = yl_database_query (
      store->database, error,
      "SELECT hash, site, pc_name, sign_key, box_key FROM invite WHERE digits = ? AND used = 0 AND expires >= ? ORDER BY expires DESC LIMIT 1",
      "ti", digits, yl_store_now (store));
  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("no PC that shows %s is waiting"), digits);
      return FALSE;
    }
  memcpy (hash.hash, yl_rows_blob (rows, 0, &length), sizeof hash.hash);
  node.site = site = g_strdup (yl_rows_text (rows, 1));
  node.name = name = g_strdup (yl_rows_text (rows, 2));
  memcpy (sign_key, yl_rows_blob (rows, 3, &length), sizeof sign_key);
  memcpy (box_key, yl_rows_blob (rows, 4, &length), sizeof box_key);
  g_clear_pointer (&rows, yl_rows_free);
  id = enrol (store, &hash, &node, error);
  return id != NULL;
}
