#include "yl-auditor.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "store/yl-store-private.h"

#define NAME_MAX_CHARS 40
#define TOKEN_BYTES 20
#define HASH_BYTES 32

void
yl_auditor_free (YlAuditor *auditor)
{
  g_free (auditor->name);
  g_free (auditor);
}

static void
hash_token (const char *token, guint8 *hash)
{
  crypto_generichash (hash, HASH_BYTES, (const guint8 *) token, strlen (token), NULL, 0);
}

static gboolean
check_name (const char *name, GError **error)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

  if (length > 0 && length <= NAME_MAX_CHARS && name[length] == '\0')
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is no name for an auditor: 1 to %d letters, digits, - or _"),
               name, NAME_MAX_CHARS);
  return FALSE;
}

static gboolean
check_free (YlStore *store, const char *name, GError **error)
{
  gint64 taken;

  if (!yl_database_integer (store->database, &taken, 0, error, "SELECT 1 FROM auditor WHERE name = ?", "t", name))
    return FALSE;
  if (taken == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("there is an auditor %s already: remove it first for a new token"),
               name);
  return FALSE;
}

char *
yl_auditor_add (YlStore *store, const char *name, GError **error)
{
  guint8 bytes[TOKEN_BYTES], hash[HASH_BYTES];
  char token[2 * TOKEN_BYTES + 1];

  if (!check_name (name, error))
    return NULL;
  if (!yl_store_is_head_office (store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s", _ ("auditors read from head office's hub: add them there"));
      return NULL;
    }
  if (!check_free (store, name, error))
    return NULL;
  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2hex (token, sizeof token, bytes, sizeof bytes);
  hash_token (token, hash);
  if (!yl_database_run (store->database, error, "INSERT INTO auditor (name, hash, since) VALUES (?, ?, ?)", "tbi", name,
                        (gconstpointer) hash, (gsize) sizeof hash, yl_store_now (store)))
    return NULL;
  return g_strdup (token);
}

gboolean
yl_auditor_remove (YlStore *store, const char *name, GError **error)
{
  if (!yl_database_run (store->database, error, "DELETE FROM auditor WHERE name = ?", "t", name))
    return FALSE;
  if (yl_database_changes (store->database) > 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no auditor %s: see `auditor list`"), name);
  return FALSE;
}

GPtrArray *
yl_auditor_list (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT name, since FROM auditor ORDER BY name", NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_auditor_free);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlAuditor *auditor = g_new0 (YlAuditor, 1);

      auditor->name = g_strdup (yl_rows_text (rows, 0));
      auditor->since = yl_rows_integer (rows, 1);
      g_ptr_array_add (found, auditor);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&found) : NULL;
}

gboolean
yl_auditor_knows (YlStore *store, const char *name, const char *token)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, NULL, "SELECT hash FROM auditor WHERE name = ?", "t", name);
  guint8 hash[HASH_BYTES];
  gconstpointer known;
  gsize length;

  if (rows == NULL || !yl_rows_next (rows, NULL))
    return FALSE;
  known = yl_rows_blob (rows, 0, &length);
  hash_token (token, hash);
  return length == sizeof hash && sodium_memcmp (known, hash, sizeof hash) == 0;
}
