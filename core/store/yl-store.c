#include "yl-store.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "change/yl-capture.h"
#include "trust/yl-company.h"
#include "trust/yl-company-private.h"
#include "merge/yl-fold.h"
#include "log/yl-log-door.h"
#include "yl-migration.h"
#include "seal/yl-plain-cache.h"
#include "merge/yl-state-hash.h"
#include "yl-making.h"
#include "yl-store-private.h"
#include "change/yl-touched.h"
#include "seal/yl-vault.h"

G_DEFINE_FINAL_TYPE (YlStore, yl_store, G_TYPE_OBJECT)

/* How often keys came in: then more can be read than before. */
#define KEYS_ADDED_SQL "SELECT value FROM meta WHERE key = 'keys_added'"

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64
default_now (gpointer data)
{
  return yl_clock_now ();
}

static void
yl_store_finalize (GObject *object)
{
  YlStore *store = YL_STORE (object);

  yl_store_rollback (store);
  if (store->plain != NULL)
    yl_plain_cache_save (store, YL_PLAIN_WORTH_SAVING);
  yl_right_forget (store);
  g_clear_pointer (&store->head, yl_head_free);
  g_clear_pointer (&store->plain, yl_plain_free);
  g_clear_pointer (&store->vault, yl_vault_free);
  g_clear_pointer (&store->database, yl_database_close);
  g_hash_table_unref (store->writer_numbers);
  g_hash_table_unref (store->writer_ids);
  g_hash_table_unref (store->column_numbers);
  g_hash_table_unref (store->column_names);
  g_hash_table_unref (store->entry_facts);
  g_hash_table_unref (store->older_facts);
  g_ptr_array_unref (store->sums);
  g_byte_array_unref (store->scratch);
  g_hash_table_unref (store->table_numbers);
  g_hash_table_unref (store->touched);
  g_clear_pointer (&store->erased, g_hash_table_unref);
  g_free (store->plain_epoch);
  g_ptr_array_unref (store->destroyed);
  g_free (store->file);
  g_free (store->scope);
  g_free (store->authority);
  g_free (store->writer);
  g_free (store->identity);
  yl_marker_clear (&store->marker);
  g_free (store->actor);
  g_free (store->node);
  g_free (store->site);
  G_OBJECT_CLASS (yl_store_parent_class)->finalize (object);
}

static void
yl_store_class_init (YlStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = yl_store_finalize;
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
yl_store_init (YlStore *store)
{
  store->now = default_now;
  store->writer_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  store->writer_ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  store->column_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  store->column_names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  store->entry_facts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  store->older_facts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  store->table_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  store->sums = g_ptr_array_new_with_free_func (g_free);
  store->scratch = g_byte_array_new ();
  store->destroyed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  store->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Opening */

gboolean
yl_store_holds_authority (YlStore *store)
{
  gint64 holds;

  return yl_database_integer (store->database, &holds, 0, NULL, "SELECT 1 FROM pen WHERE role = 'authority'", NULL)
         && holds != 0;
}

char *
yl_store_read_pen (YlStore *store, GError **error)
{
  return yl_database_text (store->database, error,
                           "SELECT writer FROM pen WHERE role IN ('node', 'pen') ORDER BY i DESC LIMIT 1", NULL);
}

static gboolean
read_identity (YlStore *store, GError **error)
{
  YlDatabase *database = store->database;

  store->scope = yl_store_get_setting (store, "scope");
  store->node = yl_store_get_setting (store, "node");
  store->authority = yl_store_get_setting (store, "authority");
  store->identity = yl_database_text (database, NULL, "SELECT writer FROM pen WHERE role = 'node'", NULL);
  store->writer = yl_store_read_pen (store, NULL);
  store->plain_epoch = yl_store_get_setting (store, "plain_epoch");
  if (!yl_database_check_fault (database, error))
    return FALSE;
  if (store->scope != NULL && store->node != NULL && store->authority != NULL && store->writer != NULL)
    return yl_database_integer (database, &store->last_n, 0, error, "SELECT max(n) FROM entry", NULL)
           && yl_database_integer (database, &store->keys_added, 0, error, KEYS_ADDED_SQL, NULL);
  g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("the store file %s is incomplete: restore a backup or join again"),
               store->file);
  return FALSE;
}

/* A store's file gives back the room of what it drops. */
#define SHRINKING_SQL "PRAGMA auto_vacuum = INCREMENTAL"

static YlStore *
open_file (const char *file, gboolean create, gboolean shrinks, GError **error)
{
  g_autoptr (YlStore) store = g_object_new (YL_TYPE_STORE, NULL);

  if (sodium_init () < 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("the cryptography library did not start"));
      return NULL;
    }
  store->file = g_canonicalize_filename (file, NULL);
  store->database = yl_database_open (store->file, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), error);
  if (store->database == NULL || (shrinks && !yl_database_script (store->database, SHRINKING_SQL, error))
      || !yl_migration_run (store->database, create, error)
      || !yl_database_script (store->database, "ATTACH ':memory:' AS plain", error))
    return NULL;
  store->vault = yl_vault_open (store->database, store->file, create, error);
  if (store->vault == NULL || (create && !yl_plain_renew (store, error)))
    return NULL;
  yl_capture_install (store);
  return g_steal_pointer (&store);
}

/* After an update of the program: what it kept without understanding it comes alive. */
static gboolean
rebuild_if_due (YlStore *store, GError **error)
{
  g_autofree char *due = yl_store_get_setting (store, YL_MIGRATION_REBUILD);

  return due == NULL || yl_store_rebuild (store, error);
}

YlStore *
yl_store_open (const char *file, GError **error)
{
  g_autoptr (YlStore) store = NULL;
  g_autoptr (GError) local = NULL;

  if (!yl_database_file_exists (file))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no store file %s: make one with `init` or `join`"),
                   file);
      return NULL;
    }
  if (g_file_test (file, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("%s is a folder, not a Yuelai store: name the file in it"),
                   file);
      return NULL;
    }
  store = open_file (file, FALSE, FALSE, error);
  if (store == NULL || !yl_making_is_over (store->database, error) || !read_identity (store, error)
      || !rebuild_if_due (store, error))
    return NULL;
  return g_steal_pointer (&store);
}

static gboolean
refuse_existing (const char *file, GError **error)
{
  if (!yl_database_file_exists (file))
    return TRUE;
  if (yl_making_was_cut (file))
    {
      yl_database_remove_file (file);
      return TRUE;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s exists already: choose a new file name"), file);
  return FALSE;
}

void
yl_node_keys (const guint8 *seed, guint8 *sign_key, guint8 *box_key, char *writer)
{
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  guint8 hash[32];

  crypto_sign_seed_keypair (sign_key, secret, seed);
  if (box_key != NULL && crypto_sign_ed25519_pk_to_curve25519 (box_key, sign_key) != 0)
    g_assert_not_reached ();
  crypto_generichash (hash, sizeof hash, sign_key, crypto_sign_PUBLICKEYBYTES, NULL, 0);
  if (writer != NULL)
    sodium_bin2hex (writer, YL_WRITER_CHARS + 1, hash, YL_WRITER_CHARS / 2);
  sodium_memzero (secret, sizeof secret);
}

static gboolean
add_pen (YlStore *store, const char *role, const guint8 *seed, guint8 *sign_key, GError **error)
{
  char writer[YL_WRITER_CHARS + 1];

  yl_node_keys (seed, sign_key, NULL, writer);
  return yl_vault_add_pen (store, role, writer, seed, error);
}

static gboolean
write_meta (YlStore *store, const char *key, const char *value, GError **error)
{
  return yl_database_run (store->database, error, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", "tt", key,
                          value);
}

static gboolean
write_scope (YlStore *store, const guint8 *authority_key, GError **error)
{
  guint8 hash[32];
  char scope[YL_SCOPE_CHARS + 1];
  char authority[YL_WRITER_CHARS + 1];
  char hex[2 * YL_KEY_BYTES + 1];

  crypto_generichash (hash, sizeof hash, authority_key, YL_KEY_BYTES, NULL, 0);
  sodium_bin2hex (scope, sizeof scope, hash, YL_SCOPE_CHARS / 2);
  sodium_bin2hex (authority, sizeof authority, hash, YL_WRITER_CHARS / 2);
  sodium_bin2hex (hex, sizeof hex, authority_key, YL_KEY_BYTES);
  return write_meta (store, "scope", scope, error) && write_meta (store, "authority", authority, error)
         && write_meta (store, "authority_key", hex, error);
}

static gboolean
found (YlStore *store, const YlFounding *founding, GError **error)
{
  guint8 authority_seed[YL_KEY_BYTES], node_seed[YL_KEY_BYTES];
  guint8 authority_key[YL_KEY_BYTES], node_key[YL_KEY_BYTES];
  g_autofree char *node = yl_id_new (yl_store_now (store));
  gboolean ok;

  randombytes_buf (authority_seed, sizeof authority_seed);
  randombytes_buf (node_seed, sizeof node_seed);
  ok = yl_making_begin (store->database, error) && add_pen (store, "authority", authority_seed, authority_key, error)
       && add_pen (store, "node", node_seed, node_key, error) && write_scope (store, authority_key, error)
       && write_meta (store, "node", node, error) && write_meta (store, "hub_url", founding->hub_url, error)
       && read_identity (store, error) && yl_company_found (store, founding, node_seed, error);
  sodium_memzero (authority_seed, sizeof authority_seed);
  sodium_memzero (node_seed, sizeof node_seed);
  return ok;
}

YlStore *
yl_store_found (const char *file, const YlFounding *founding, GError **error)
{
  g_autoptr (YlStore) store = NULL;

  if (!yl_company_check_founding (founding, error) || !refuse_existing (file, error))
    return NULL;
  store = open_file (file, TRUE, FALSE, error);
  if (store != NULL)
    yl_store_set_clock (store, founding->now, founding->now_data);
  if (store != NULL && found (store, founding, error) && yl_making_end (store->database, error))
    return g_steal_pointer (&store);
  g_clear_object (&store);
  yl_database_remove_file (file);
  return NULL;
}

static gboolean
write_settings (YlStore *store, const char *const *settings, GError **error)
{
  for (guint i = 0; settings != NULL && settings[i] != NULL; i += 2)
    if (!write_meta (store, settings[i], settings[i + 1], error))
      return FALSE;
  return TRUE;
}

static gboolean
become_member (YlStore *store, const YlMembership *membership, GError **error)
{
  guint8 key[YL_KEY_BYTES];

  if (!yl_making_begin (store->database, error) || !add_pen (store, "node", membership->seed, key, error)
      || !write_scope (store, membership->authority_key, error) || !write_meta (store, "node", membership->node, error)
      || !write_meta (store, "hub_url", membership->hub_url, error)
      || !write_settings (store, membership->settings, error) || !read_identity (store, error))
    return FALSE;
  if (g_str_equal (store->scope, membership->scope))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED,
               _ ("the hub's company key does not fit the code: ask head office for a new code"));
  return FALSE;
}

YlStore *
yl_store_create_member (const char *file, const YlMembership *membership, GError **error)
{
  g_autoptr (YlStore) store = NULL;

  if (!refuse_existing (file, error))
    return NULL;
  store = open_file (file, TRUE, TRUE, error);
  if (store != NULL && become_member (store, membership, error) && yl_making_end (store->database, error))
    return g_steal_pointer (&store);
  g_clear_object (&store);
  yl_database_remove_file (file);
  return NULL;
}

/* Who and where */

void
yl_store_forget_identity (YlStore *store)
{
  g_clear_pointer (&store->site, g_free);
  store->head_office = FALSE;
  yl_right_forget (store);
}

static void
find_site (YlStore *store)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, NULL,
      "SELECT site.id, site.kind = 'head_office' FROM node JOIN site ON site.id = node.site WHERE node.id = ?", "t",
      store->node);

  if (store->site != NULL || rows == NULL || !yl_rows_next (rows, NULL))
    return;
  store->site = g_strdup (yl_rows_text (rows, 0));
  store->head_office = yl_rows_integer (rows, 1) != 0;
}

gint64
yl_store_get_last_entry (YlStore *store)
{
  return store->last_n;
}

const char *
yl_store_get_file (YlStore *store)
{
  return store->file;
}

const char *
yl_store_get_scope (YlStore *store)
{
  return store->scope;
}

const char *
yl_store_get_writer (YlStore *store)
{
  return store->writer;
}

const char *
yl_store_get_identity (YlStore *store)
{
  return store->identity;
}

const char *
yl_store_get_node (YlStore *store)
{
  return store->node;
}

const char *
yl_store_get_site (YlStore *store)
{
  find_site (store);
  return store->site;
}

gboolean
yl_store_is_head_office (YlStore *store)
{
  find_site (store);
  return store->head_office;
}

const char *
yl_store_get_hub_url (YlStore *store)
{
  /* Interned: it hardly ever changes, and callers keep it. */
  g_autofree char *url = yl_store_get_setting (store, "hub_url");

  return g_intern_string (url);
}

gboolean
yl_store_set_actor (YlStore *store, const char *staff_code, GError **error)
{
  g_autofree char *site = NULL;

  if (staff_code == NULL)
    {
      g_clear_pointer (&store->actor, g_free);
      return TRUE;
    }
  site = yl_database_text (store->database, error, "SELECT site FROM staff WHERE code = ? AND active = 1", "t",
                           staff_code);
  if (site == NULL)
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no active staff member %s: see `list staff`"),
                     staff_code);
      return FALSE;
    }
  if (g_strcmp0 (site, yl_store_get_site (store)) != 0)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("%s belongs to another store and cannot write on this PC"),
                   staff_code);
      return FALSE;
    }
  g_free (store->actor);
  store->actor = g_strdup (staff_code);
  return TRUE;
}

const char *
yl_store_get_actor (YlStore *store)
{
  if (store->actor == NULL && yl_store_get_site (store) != NULL)
    store->actor = yl_database_text (store->database, NULL,
                                     "SELECT code FROM staff WHERE site = ? AND active = 1 ORDER BY code LIMIT 1", "t",
                                     store->site);
  return store->actor;
}

void
yl_store_set_clock (YlStore *store, YlNowFunc now, gpointer data)
{
  store->now = now != NULL ? now : default_now;
  store->now_data = data;
}

gint64
yl_store_now (YlStore *store)
{
  return store->now (store->now_data);
}

char *
yl_store_get_setting (YlStore *store, const char *key)
{
  return yl_database_text (store->database, NULL, "SELECT value FROM meta WHERE key = ?", "t", key);
}

gboolean
yl_store_set_setting (YlStore *store, const char *key, const char *value, GError **error)
{
  return write_meta (store, key, value, error);
}

/* Following */

gboolean
yl_store_emit_changed (YlStore *store, GError **error)
{
  if (!yl_database_integer (store->database, &store->last_n, 0, error, "SELECT max(n) FROM entry", NULL))
    return FALSE;
  g_signal_emit (store, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}

/* What else could be read differently than before: keys came in, or every value must be read anew. */
static gboolean
follow_keys (YlStore *store, gint64 keys, GError **error)
{
  g_autofree char *epoch = yl_store_get_setting (store, "plain_epoch");

  if (g_strcmp0 (epoch, store->plain_epoch) != 0 && !yl_plain_drop (store, error))
    return FALSE;
  g_free (store->plain_epoch);
  store->plain_epoch = g_steal_pointer (&epoch);
  if (keys != store->keys_added && !yl_plain_follow_locked (store, error))
    return FALSE;
  store->keys_added = keys;
  return TRUE;
}

gboolean
yl_store_emit_written (YlStore *store, gint64 n, GError **error)
{
  if (n != store->last_n + 1)
    return yl_store_refresh (store, error);
  store->last_n = n;
  g_signal_emit (store, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}

gboolean
yl_store_check_reads (YlStore *store, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (yl_database_check_fault (store->database, &fault))
    return TRUE;
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

gboolean
yl_store_refresh (YlStore *store, GError **error)
{
  gint64 n, keys;
  g_autofree char *epoch = yl_store_get_setting (store, "plain_epoch");

  if (!yl_database_integer (store->database, &n, 0, error, "SELECT max(n) FROM entry", NULL)
      || !yl_database_integer (store->database, &keys, 0, error, KEYS_ADDED_SQL, NULL))
    return FALSE;
  if (n == store->last_n && keys == store->keys_added && g_strcmp0 (epoch, store->plain_epoch) == 0)
    return TRUE;
  g_clear_pointer (&store->erased, g_hash_table_unref);
  if (!follow_keys (store, keys, error) || !yl_plain_follow_since (store, store->last_n, error))
    return FALSE;
  yl_store_forget_identity (store);
  return yl_store_emit_changed (store, error);
}
