#include <sodium.h>
#include <string.h>

#include "seal/yl-seal.h"
#include "yl-grant-judge.h"
#include "yl-key-hold.h"
#include "yl-key-ring.h"
#include "log/yl-log-door.h"
#include "merge/yl-person.h"
#include "yl-vault.h"

/* Keys of the seal as they leave and enter this file. */

GArray *
yl_log_keys_of (YlStore *store, const guint8 *ids, guint n_ids, GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (YlSealKey));
  g_autoptr (GError) local = NULL;

  for (guint i = 0; local == NULL && i < n_ids; i++)
    {
      YlSealKey key = { { 0 } };

      if (yl_vault_read_key (store, ids + i * YL_KEY_ID_BYTES, &key, &local))
        g_array_append_val (keys, key);
    }
  if (local == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, YL_KEY_ID_BYTES);
}

GBytes *
yl_log_keys_used (const YlEntry *entry)
{
  typedef guint8 Id[YL_KEY_ID_BYTES];
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (Id));
  GByteArray *unique = g_byte_array_new ();

  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      for (guint c = 0; c < op->n_columns; c++)
        if (op->values[c].type == YL_VALUE_BLOB && yl_seal_is_form (op->values[c].bytes, op->values[c].length))
          g_array_append_vals (ids, op->values[c].bytes, 1);
    }
  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    if (i == 0 || compare_ids (&g_array_index (ids, Id, i), &g_array_index (ids, Id, i - 1)) != 0)
      g_byte_array_append (unique, g_array_index (ids, Id, i), YL_KEY_ID_BYTES);
  return g_byte_array_free_to_bytes (unique);
}

/* Several statements as one: joins the open transaction, or opens one. */
typedef gboolean (*KeysFunc) (YlStore *store, gpointer data, GError **error);

static gboolean
in_transaction (YlStore *store, KeysFunc func, gpointer data, GError **error)
{
  if (store->in_transaction)
    return func (store, data, error);
  if (!yl_store_begin (store, error))
    return FALSE;
  if (func (store, data, error))
    return yl_store_commit (store, error);
  yl_store_rollback (store);
  return FALSE;
}

/* Giving */

typedef struct
{
  const char *writer;
  GArray *keys; /* of YlSealKey */
  GArray *why;  /* of YlGrantVerdict */
} Given;

static gboolean
write_holder (YlStore *store, const char *writer, const guint8 *id, YlGrantVerdict why, GError **error)
{
  return yl_database_run (store->database, error,
                          "INSERT OR IGNORE INTO key_holder (node, id, at, why) VALUES (?, ?, ?, ?)", "tbit", writer,
                          (gconstpointer) id, (gsize) YL_KEY_ID_BYTES, yl_store_now (store), yl_grant_word (why));
}

static gboolean
write_ledger (YlStore *store, gpointer data, GError **error)
{
  const Given *given = data;

  for (guint i = 0; i < given->keys->len; i++)
    if (!write_holder (store, given->writer, g_array_index (given->keys, YlSealKey, i).id,
                       g_array_index (given->why, YlGrantVerdict, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
is_erased_key (YlStore *store, const guint8 *id)
{
  gint64 found;

  return yl_database_integer (store->database, &found, 0, NULL, "SELECT 1 FROM erased_key WHERE id = ?", "b",
                              (gconstpointer) id, (gsize) YL_KEY_ID_BYTES)
         && found != 0;
}

static void
refuse (GArray *refused, const guint8 *id, YlGrantVerdict verdict)
{
  YlKeyRefusal refusal = { .verdict = verdict };

  memcpy (refusal.id, id, sizeof refusal.id);
  g_array_append_val (refused, refusal);
}

static gboolean
sort_out (YlStore *store, YlGrantJudge *judge, const guint8 *id, Given *given, GArray *refused, GError **error)
{
  YlSealKey key = { { 0 } };
  g_autoptr (GError) local = NULL;
  YlGrantVerdict verdict;

  if (!yl_vault_read_key (store, id, &key, &local))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else if (is_erased_key (store, id))
        refuse (refused, id, YL_GRANT_ERASED);
      return error == NULL || *error == NULL;
    }
  if (yl_key_hold_concerns (store, key.person))
    {
      sodium_memzero (&key, sizeof key);
      return TRUE;
    }
  verdict = yl_grant_judge_ask (judge, key.person, (YlDisclosure) key.disclosure, *key.site != '\0' ? key.site : NULL);
  if (yl_grant_allows (verdict))
    {
      g_array_append_val (given->keys, key);
      g_array_append_val (given->why, verdict);
    }
  else
    refuse (refused, id, verdict);
  sodium_memzero (&key, sizeof key);
  return TRUE;
}

GArray *
yl_log_keys_for (YlStore *store, const char *writer, const guint8 *ids, guint n_ids, GArray **refused, GError **error)
{
  g_autoptr (YlGrantJudge) judge = yl_grant_judge_new (store, writer);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (YlSealKey));
  g_autoptr (GArray) why = g_array_new (FALSE, FALSE, sizeof (YlGrantVerdict));
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (YlKeyRefusal));
  Given given = { writer, keys, why };
  gboolean held;

  if (!yl_key_hold_is_on (store, &held, error))
    return NULL;
  for (guint i = 0; i < n_ids && !held; i++)
    if (!sort_out (store, judge, ids + i * YL_KEY_ID_BYTES, &given, others, error))
      return NULL;
  if (!yl_database_check_fault (store->database, error)
      || (keys->len > 0 && !in_transaction (store, write_ledger, &given, error)))
    return NULL;
  *refused = g_steal_pointer (&others);
  return g_steal_pointer (&keys);
}

/* Asking */

static gboolean
drop_due (YlStore *store, gpointer ids, GError **error)
{
  for (guint at = 0; at < ((GByteArray *) ids)->len; at += YL_KEY_ID_BYTES)
    if (!yl_database_run (store->database, error, "UPDATE key_missing SET due = 0 WHERE id = ?", "b",
                          (gconstpointer) (((GByteArray *) ids)->data + at), (gsize) YL_KEY_ID_BYTES))
      return FALSE;
  return TRUE;
}

GBytes *
yl_log_keys_wanted (YlStore *store, GError **error)
{
  g_autoptr (YlGrantJudge) judge = yl_grant_judge_new_self (store);
  g_autoptr (GByteArray) wanted = g_byte_array_new ();
  g_autoptr (GByteArray) others = g_byte_array_new ();
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT id, person, disclosure FROM key_missing WHERE due = 1", NULL);
  gboolean ok;

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      gsize length;
      gconstpointer id = yl_rows_blob (rows, 0, &length);
      YlGrantVerdict verdict =
          yl_grant_judge_ask (judge, yl_rows_text (rows, 1), (YlDisclosure) yl_rows_integer (rows, 2), NULL);

      g_byte_array_append (yl_grant_allows (verdict) ? wanted : others, id, YL_KEY_ID_BYTES);
    }
  ok = yl_rows_ended (rows);
  g_clear_pointer (&rows, yl_rows_free);
  if (!ok || (others->len > 0 && !in_transaction (store, drop_due, others, error)))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&wanted));
}

gboolean
yl_log_keys_refused (YlStore *store, const YlKeyRefusal *refusals, guint n_refusals, GError **error)
{
  g_autoptr (GByteArray) ids = g_byte_array_new ();

  for (guint i = 0; i < n_refusals; i++)
    g_byte_array_append (ids, refusals[i].id, YL_KEY_ID_BYTES);
  return n_refusals == 0 || in_transaction (store, drop_due, ids, error);
}

/* Taking in */

typedef struct
{
  const char *from;
  const YlSealKey *keys;
  guint n_keys;
  guint n_added;
  YlGrantJudge *giver;
} Taking;

/* What the key is for, by the values that use it. FALSE without an error: nothing here does. */
static gboolean
find_use (YlStore *store, YlSealKey *key, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT person, disclosure FROM key_missing WHERE id = ?", "b",
                         (gconstpointer) key->id, (gsize) sizeof key->id);

  if (rows == NULL || !yl_rows_next (rows, error))
    return FALSE;
  g_strlcpy (key->person, yl_rows_text (rows, 0), sizeof key->person);
  key->disclosure = (int) yl_rows_integer (rows, 1);
  return TRUE;
}

/* A store that may not read the class cannot put a key of its own in the place of the person's. Returns why the giver has it. */
static YlGrantVerdict
check_lane (Taking *taking, YlSealKey *key)
{
  const char *site = yl_grant_judge_site (taking->giver);
  YlGrantVerdict verdict = yl_grant_judge_ask (taking->giver, key->person, (YlDisclosure) key->disclosure, NULL);

  if (*key->site == '\0' && site != NULL && !yl_grant_allows (verdict))
    g_strlcpy (key->site, site, sizeof key->site);
  return yl_grant_allows (verdict) ? verdict : YL_GRANT_WROTE;
}

/* The giver has it too: both sides' ledgers say so, whoever it first came from. */
static gboolean
know_holder (YlStore *store, Taking *taking, const guint8 *id, GError **error)
{
  YlSealKey key = { { 0 } };
  g_autoptr (GError) local = NULL;
  gboolean ok = TRUE;

  if (yl_vault_read_key (store, id, &key, &local))
    ok = write_holder (store, taking->from, id, check_lane (taking, &key), error);
  sodium_memzero (&key, sizeof key);
  if (local == NULL)
    return ok;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
take_key (YlStore *store, Taking *taking, const YlSealKey *given, GError **error)
{
  YlSealKey key = *given;
  g_autoptr (GError) local = NULL;
  gboolean ok = TRUE;

  yl_seal_key_id (key.key, key.id);
  if (find_use (store, &key, &local))
    {
      YlGrantVerdict why = check_lane (taking, &key);

      ok = yl_vault_add_key (store, &key, error) && write_holder (store, taking->from, key.id, why, error)
           && yl_database_run (store->database, error, "DELETE FROM key_missing WHERE id = ?", "b",
                               (gconstpointer) key.id, (gsize) sizeof key.id);
      taking->n_added++;
    }
  else if (local == NULL)
    ok = know_holder (store, taking, key.id, error);
  sodium_memzero (&key, sizeof key);
  if (local == NULL)
    return ok;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
take_keys (YlStore *store, gpointer data, GError **error)
{
  Taking *taking = data;

  for (guint i = 0; i < taking->n_keys; i++)
    if (!take_key (store, taking, &taking->keys[i], error))
      return FALSE;
  return taking->n_added == 0
         || yl_database_run (
             store->database, error,
             "INSERT INTO meta (key, value) VALUES ('keys_added', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1",
             NULL);
}

gboolean
yl_log_add_keys (YlStore *store, const char *from, const YlSealKey *keys, guint n_keys, guint *n_added, GError **error)
{
  g_autoptr (YlGrantJudge) giver = yl_grant_judge_new (store, from);
  Taking taking = { .from = from, .keys = keys, .n_keys = n_keys, .giver = giver };
  gboolean own = !store->in_transaction;

  if (!in_transaction (store, take_keys, &taking, error))
    return FALSE;
  if (n_added != NULL)
    *n_added = taking.n_added;
  return !own || taking.n_added == 0 || yl_store_refresh (store, error);
}
