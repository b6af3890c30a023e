#include "yl-duplicate.h"

#include <string.h>

#include "base/yl-id.h"
#include "change/yl-change.h"
#include "store/yl-store-private.h"

/*
 * Three indexes in memory: who has this ID number, this phone, this name and birthday. A record that changes leaves its old places and
 * takes new ones; whoever is there already makes a pair with it.
 */

enum
{
  BY_ID_NO,
  BY_PHONE,
  BY_NAME,
  N_REASONS
};

static const char *const reasons[] = { "id_no", "phone", "name_birth" };

typedef struct
{
  char *kind;            /* interned */
  char *keys[N_REASONS]; /* what it is filed under, or NULL */
} Person;

typedef struct
{
  gint64 last_n;
  gint64 keys_added;
  GHashTable *people;            /* id -> Person */
  GHashTable *places[N_REASONS]; /* key -> GHashTable of ids */
  GHashTable *locked;            /* ids whose keys were missing */
} Finder;

static void
person_free (gpointer data)
{
  Person *person = data;

  for (guint r = 0; r < N_REASONS; r++)
    g_free (person->keys[r]);
  g_free (person);
}

static void
finder_free (gpointer data)
{
  Finder *finder = data;

  g_hash_table_unref (finder->people);
  g_hash_table_unref (finder->locked);
  for (guint r = 0; r < N_REASONS; r++)
    g_hash_table_unref (finder->places[r]);
  g_free (finder);
}

static Finder *
finder_of (YlStore *store)
{
  Finder *finder = g_object_get_data (G_OBJECT (store), "yl-duplicate-finder");

  if (finder != NULL)
    return finder;
  finder = g_new0 (Finder, 1);
  finder->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, person_free);
  finder->locked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint r = 0; r < N_REASONS; r++)
    finder->places[r] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  g_object_set_data_full (G_OBJECT (store), "yl-duplicate-finder", finder, finder_free);
  return finder;
}

/* Filing */

static void
take_out (Finder *finder, const char *id)
{
  Person *person = g_hash_table_lookup (finder->people, id);

  for (guint r = 0; person != NULL && r < N_REASONS; r++)
    {
      GHashTable *ids = person->keys[r] != NULL ? g_hash_table_lookup (finder->places[r], person->keys[r]) : NULL;

      if (ids != NULL)
        g_hash_table_remove (ids, id);
    }
  g_hash_table_remove (finder->people, id);
}

static void
put_in (Finder *finder, const char *id, Person *person)
{
  for (guint r = 0; r < N_REASONS; r++)
    {
      GHashTable *ids = person->keys[r] != NULL ? g_hash_table_lookup (finder->places[r], person->keys[r]) : NULL;

      if (person->keys[r] == NULL)
        continue;
      if (ids == NULL)
        {
          ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
          g_hash_table_insert (finder->places[r], g_strdup (person->keys[r]), ids);
        }
      g_hash_table_add (ids, g_strdup (id));
    }
  g_hash_table_insert (finder->people, g_strdup (id), person);
}

static char *
read_sealed (YlStore *store,
             const YlTable *table,
             const char *id,
             const YlValue *row,
             const char *column,
             gboolean *locked)
{
  int field = yl_table_field (table, column);
  g_auto (YlValue) plain = YL_VALUE_INIT;

  if (field < 0 || row[field].type == YL_VALUE_NULL)
    return NULL;
  if (yl_store_unseal_value (store, table->name, id, &table->fields[field], &row[field], &plain))
    return g_strdup (plain.bytes);
  *locked = TRUE;
  return NULL;
}

static char *
key_of (const char *kind, const char *value, const char *more)
{
  return value != NULL && more != NULL ? g_strjoin (" ", kind, value, more, NULL) : NULL;
}

/* Takes a record in as it is now. NULL where it is gone. */
static Person *
read_person (YlStore *store, Finder *finder, const char *kind, const char *id, GError **error)
{
  const YlTable *table = yl_table_find (kind);
  YlValue *row = yl_store_read_row (store, table, id, error);
  gboolean locked = FALSE;
  g_autofree char *id_no = NULL;
  g_autofree char *phone = NULL;
  g_autofree char *name = NULL;
  g_autofree char *birth = NULL;
  Person *person;

  take_out (finder, id);
  g_hash_table_remove (finder->locked, id);
  if (row == NULL)
    return NULL;
  id_no = read_sealed (store, table, id, row, "id_no", &locked);
  phone = read_sealed (store, table, id, row, "phone", &locked);
  name = read_sealed (store, table, id, row, "name", &locked);
  birth = read_sealed (store, table, id, row, "birth_date", &locked);
  g_free (row);
  if (locked)
    g_hash_table_add (finder->locked, g_strjoin (":", kind, id, NULL));
  person = g_new0 (Person, 1);
  person->kind = (char *) g_intern_string (kind);
  person->keys[BY_ID_NO] = key_of (kind, id_no, "");
  person->keys[BY_PHONE] = key_of (kind, phone, "");
  person->keys[BY_NAME] = key_of (kind, name, birth);
  put_in (finder, id, person);
  return person;
}

/* Pairs */

typedef struct
{
  YlStore *store;
  Finder *finder;
  YlChange *change; /* made at the first difference */
  int n_written;
} Search;

static gboolean
need_change (Search *search, GError **error)
{
  if (search->change == NULL)
    search->change = yl_change_begin (search->store, "compare people", error);
  return search->change != NULL;
}

static char *
pair_id (const char *first, const char *second, const char *reason)
{
  return yl_id_derive ("duplicate", first, second, reason, NULL);
}

static gboolean
write_pair (Search *search, const char *kind, const char *one, const char *two, const char *reason, GError **error)
{
  const char *first = strcmp (one, two) < 0 ? one : two;
  const char *second = first == one ? two : one;
  g_autofree char *id = pair_id (first, second, reason);
  g_autofree char *known = yl_store_find_exact (search->store, "duplicate", id, NULL);
  g_autoptr (YlRecord) pair = NULL;

  if (known != NULL)
    return TRUE;
  if (!need_change (search, error))
    return FALSE;
  pair = yl_record_new (yl_table_find ("duplicate"), id);
  yl_record_set_text (pair, "kind", kind);
  yl_record_set_text (pair, "first", first);
  yl_record_set_text (pair, "second", second);
  yl_record_set_text (pair, "reason", reason);
  search->n_written++;
  return yl_change_insert (search->change, pair, error);
}

static gboolean
write_pairs (Search *search, const char *id, const Person *person, GError **error)
{
  for (guint r = 0; r < N_REASONS; r++)
    {
      GHashTable *ids =
          person->keys[r] != NULL ? g_hash_table_lookup (search->finder->places[r], person->keys[r]) : NULL;
      GHashTableIter iter;
      gpointer other;

      if (ids == NULL)
        continue;
      g_hash_table_iter_init (&iter, ids);
      while (g_hash_table_iter_next (&iter, &other, NULL))
        if (!g_str_equal (other, id) && !write_pair (search, person->kind, id, other, reasons[r], error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
still_alike (Search *search, const char *one, const char *two, const char *reason)
{
  const Person *first = g_hash_table_lookup (search->finder->people, one);
  const Person *second = g_hash_table_lookup (search->finder->people, two);

  for (guint r = 0; first != NULL && second != NULL && r < N_REASONS; r++)
    if (g_str_equal (reasons[r], reason))
      return first->keys[r] != NULL && g_strcmp0 (first->keys[r], second->keys[r]) == 0;
  return FALSE;
}

/* What cannot be read is no reason to take a pair away. */
static gboolean
is_locked (Search *search, const char *kind, const char *id)
{
  g_autofree char *key = g_strjoin (":", kind, id, NULL);

  return g_hash_table_contains (search->finder->locked, key);
}

static gboolean
drop_pairs (Search *search, const char *kind, const char *id, GError **error)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (YlRows) rows =
      yl_database_query (search->store->database, error,
                         "SELECT id, first, second, reason FROM duplicate WHERE first = ?1 OR second = ?1", "t", id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (!is_locked (search, kind, yl_rows_text (rows, 1)) && !is_locked (search, kind, yl_rows_text (rows, 2))
        && !still_alike (search, yl_rows_text (rows, 1), yl_rows_text (rows, 2), yl_rows_text (rows, 3)))
      g_ptr_array_add (old, g_strdup (yl_rows_text (rows, 0)));
  if (!yl_rows_ended (rows))
    return FALSE;
  for (guint i = 0; i < old->len; i++)
    {
      if (!need_change (search, error) || !yl_change_delete (search->change, "duplicate", old->pdata[i], error))
        return FALSE;
      search->n_written++;
    }
  return TRUE;
}

/* Who changed */

static gboolean
add_changed (YlStore *store, const Finder *finder, GHashTable *changed, GError **error)
{
  static const char everybody[] = "SELECT 'worker', id FROM worker UNION ALL SELECT 'customer', id FROM customer";
  static const char since[] = "SELECT DISTINCT name, yl_uuid (id) FROM op JOIN table_name USING (t)"
                              " WHERE n > ?1 AND name IN ('worker', 'customer')";
  g_autoptr (YlRows) rows = finder->last_n == 0
                                ? yl_database_query (store->database, error, everybody, NULL)
                                : yl_database_query (store->database, error, since, "i", finder->last_n);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    g_hash_table_add (changed, g_strjoin (":", yl_rows_text (rows, 0), yl_rows_text (rows, 1), NULL));
  return yl_rows_ended (rows);
}

static void
add_locked (const Finder *finder, GHashTable *changed)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, finder->locked);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (changed, g_strdup (key));
}

#define MAX_AT_ONCE 900

static gboolean
compare_all (Search *search, GHashTable *changed, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  /* First all are filed, then compared: two that came together are alike as well. */
  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *colon = strchr (key, ':');
      g_autofree char *kind = g_strndup (key, (gsize) (colon - (const char *) key));
      g_autoptr (GError) local = NULL;

      if (read_person (search->store, search->finder, kind, colon + 1, &local) == NULL && local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  g_hash_table_iter_init (&iter, changed);
  while (search->n_written < MAX_AT_ONCE && g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *colon = strchr (key, ':');
      g_autofree char *kind = g_strndup (key, (gsize) (colon - (const char *) key));
      const Person *person = g_hash_table_lookup (search->finder->people, colon + 1);

      if ((person != NULL && !write_pairs (search, colon + 1, person, error))
          || !drop_pairs (search, kind, colon + 1, error))
        return FALSE;
    }
  return TRUE;
}

int
yl_duplicate_find_due (YlStore *store, GError **error)
{
  Finder *finder = NULL;
  Search search = { store, NULL, NULL, 0 };
  g_autoptr (GHashTable) changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 n, keys;
  gboolean ok;

  if (!yl_store_is_head_office (store) || yl_store_get_actor (store) == NULL)
    return 0;
  finder = search.finder = finder_of (store);
  if (!yl_database_integer (store->database, &n, 0, error, "SELECT ifnull(max(n), 0) FROM entry", NULL)
      || !yl_database_integer (store->database, &keys, 0, error, "SELECT value FROM meta WHERE key = 'keys_added'",
                               NULL))
    return -1;
  if (n == finder->last_n && keys == finder->keys_added)
    return 0;
  if (keys != finder->keys_added)
    add_locked (finder, changed);
  ok = add_changed (store, finder, changed, error) && compare_all (&search, changed, error);
  if (search.change != NULL)
    {
      ok = ok && yl_change_commit (search.change, error);
      yl_change_free (search.change);
    }
  if (!ok)
    {
      g_object_set_data (G_OBJECT (store), "yl-duplicate-finder", NULL);
      return -1;
    }
  finder->keys_added = keys;
  /* What did not fit into one change set is found again from the beginning. */
  finder->last_n = search.n_written < MAX_AT_ONCE ? n : 0;
  return search.n_written;
}
