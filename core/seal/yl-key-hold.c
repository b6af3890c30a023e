#include "yl-key-hold.h"

#include <inttypes.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "store/yl-store-private.h"

/* The pen and how many of its entries there were; then who has not been in touch since, as writers with a blank between: empty once
 * everybody has. */
#define SETTING_SENT "keys_held.sent"
#define SETTING_PCS "keys_held.pcs"

static char *
list_column (YlStore *store, const char *sql, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error, sql, "t", store->identity);
  g_autoptr (GString) list = g_string_new (NULL);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_string_append_printf (list, "%s%s", list->len > 0 ? " " : "", yl_rows_text (rows, 0));
  return yl_rows_ended (rows) ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

gboolean
yl_key_hold_all (YlStore *store, const char *writer, gint64 sent, GError **error)
{
  g_autofree char *pcs =
      list_column (store,
                   "SELECT writer FROM node WHERE writer <> ? AND id NOT IN (SELECT node FROM revocation WHERE node IS"
                   " NOT NULL) ORDER BY writer",
                   error);
  g_autofree char *mark = g_strdup_printf ("%s:%" PRId64, writer, sent);
  g_autofree char *labels = pcs != NULL ? yl_log_label_writers (store, pcs) : NULL;
  g_autofree char *detail = NULL;

  if (pcs == NULL || *pcs == '\0')
    return pcs != NULL;
  detail = g_strdup_printf (_ ("none is given out until this file has again what it had, or these PCs have been in "
                               "touch: %s. Shut out those that no longer exist"),
                            labels);
  return yl_store_set_setting (store, SETTING_SENT, mark, error)
         && yl_store_set_setting (store, SETTING_PCS, pcs, error) && yl_store_note_sync (store, "keys", detail, error);
}

/* Whether the pen's entries are all back. */
static gboolean
is_as_far (YlStore *store, gboolean *as_far, GError **error)
{
  g_autofree char *mark = yl_store_get_setting (store, SETTING_SENT);
  g_auto (GStrv) parts = g_strsplit (mark != NULL ? mark : "", ":", 2);
  gint64 sent = parts[0] != NULL && parts[1] != NULL ? g_ascii_strtoll (parts[1], NULL, 10) : 0;
  gint64 here = 0;

  if (sent > 0
      && !yl_database_integer (store->database, &here, 0, error,
                               "SELECT ifnull(max(seq), 0) FROM strand WHERE writer = ?", "t", parts[0]))
    return FALSE;
  *as_far = sent > 0 && here >= sent;
  return TRUE;
}

/* Those who were shut out since need not be heard. */
static gboolean
is_awaited (YlStore *store, const char *pcs)
{
  g_auto (GStrv) writers = g_strsplit (pcs, " ", -1);

  for (guint i = 0; writers[i] != NULL; i++)
    if (*writers[i] != '\0' && !yl_log_is_revoked (store, writers[i]))
      return TRUE;
  return FALSE;
}

gboolean
yl_key_hold_is_on (YlStore *store, gboolean *on, GError **error)
{
  g_autofree char *pcs = yl_store_get_setting (store, SETTING_PCS);
  gboolean as_far = FALSE;

  *on = pcs != NULL && *pcs != '\0' && is_awaited (store, pcs);
  if (!*on)
    return TRUE;
  if (!is_as_far (store, &as_far, error))
    return FALSE;
  *on = !as_far;
  return TRUE;
}

gboolean
yl_key_hold_concerns (YlStore *store, const char *person)
{
  gint64 found;

  return !yl_database_integer (store->database, &found, 0, NULL, "SELECT 1 FROM erasure_claim WHERE person = ? LIMIT 1",
                               "t", person)
         || found != 0;
}

gboolean
yl_key_hold_claim (YlStore *store, const char *node, const guint8 *persons, guint n, GError **error)
{
  if (!yl_store_begin (store, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      char id[YL_ID_CHARS + 1];

      yl_id_from_bytes (persons + i * YL_ID_BYTES, id);
      if (yl_database_run (store->database, error,
                           "INSERT OR IGNORE INTO erasure_claim (person, node) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1"
                           " FROM erased_person WHERE person = ?1)",
                           "tt", id, node))
        continue;
      yl_store_rollback (store);
      return FALSE;
    }
  return yl_store_commit (store, error);
}

/* The list without @node. */
static gboolean
cross_off (YlStore *store, const char *node, GError **error)
{
  g_autofree char *pcs = yl_store_get_setting (store, SETTING_PCS);
  g_auto (GStrv) writers = g_strsplit (pcs != NULL ? pcs : "", " ", -1);
  g_autoptr (GString) left = g_string_new (NULL);

  if (!g_strv_contains ((const char *const *) writers, node))
    return TRUE;
  for (guint i = 0; writers[i] != NULL; i++)
    if (!g_str_equal (writers[i], node))
      g_string_append_printf (left, "%s%s", left->len > 0 ? " " : "", writers[i]);
  return yl_store_set_setting (store, SETTING_PCS, left->str, error);
}

gboolean
yl_key_hold_heard (YlStore *store, const char *node, gboolean *wrong, GError **error)
{
  gint64 n_claims, n_wrong = 0;

  *wrong = FALSE;
  if (!yl_database_integer (store->database, &n_claims, 0, error, "SELECT count(*) FROM erasure_claim WHERE node = ?",
                            "t", node)
      || !cross_off (store, node, error))
    return FALSE;
  if (n_claims == 0)
    return TRUE;
  if (!yl_database_integer (store->database, &n_wrong, 0, error,
                            "SELECT count(*) FROM erasure_claim AS c WHERE c.node = ? AND NOT EXISTS (SELECT 1 FROM"
                            " erased_person AS e WHERE e.person = c.person)",
                            "t", node))
    return FALSE;
  *wrong = n_wrong > 0;
  return yl_database_run (store->database, error, "DELETE FROM erasure_claim WHERE node = ?", "t", node);
}

GByteArray *
yl_key_hold_erased (YlStore *store, guint max, GError **error)
{
  g_autoptr (GByteArray) persons = g_byte_array_new ();
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error,
                         "SELECT person FROM erasure WHERE person IN (SELECT person FROM erased_person) ORDER BY id"
                         " DESC LIMIT ?",
                         "i", (gint64) max);
  gboolean ok;

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      guint8 bytes[YL_ID_BYTES];

      if (yl_id_to_bytes (yl_rows_text (rows, 0), bytes))
        g_byte_array_append (persons, bytes, sizeof bytes);
    }
  ok = yl_rows_ended (rows);
  return ok && persons->len > 0 ? g_steal_pointer (&persons) : NULL;
}
