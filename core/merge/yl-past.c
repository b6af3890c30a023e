#include "yl-past.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "records/yl-codes.h"
#include "records/yl-derive.h"
#include "yl-fold.h"
#include "yl-scratch.h"
#include "log/yl-log-door.h"
#include "log/yl-strand.h"

struct _YlPast
{
  YlStore *store;      /* Owned */
  YlStore *then;       /* Owned */
  GHashTable *records; /* "table:id" */
};

YlPast *
yl_past_new (YlStore *store, GError **error)
{
  YlStore *then = yl_scratch_open (store, NULL, error);
  YlPast *past;

  if (then == NULL)
    return NULL;
  past = g_new0 (YlPast, 1);
  past->store = g_object_ref (store);
  past->then = then;
  past->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return past;
}

void
yl_past_free (YlPast *past)
{
  g_object_unref (past->then);
  g_object_unref (past->store);
  g_hash_table_unref (past->records);
  g_free (past);
}

YlStore *
yl_past_get_store (YlPast *past)
{
  return past->then;
}

/* Which records */

static gboolean
add_record (YlPast *past, const char *table, const char *id)
{
  return g_hash_table_add (past->records, g_strjoin (":", table, id, NULL));
}

static gboolean
add_rows (YlPast *past, const char *table, const char *sql, const char *id, GPtrArray *added, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (past->store->database, error, sql, "t", id);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    if (add_record (past, table, yl_rows_text (rows, 0)) && added != NULL)
      g_ptr_array_add (added, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows);
}

/* Elements that were removed have left no row, but each possible code has one known id. */
static gboolean
add_elements (YlPast *past, const YlSet *set, const char *owner, GError **error)
{
  const YlTable *table = yl_table_find (set->table);
  const YlField *code_field = &table->fields[yl_table_field (table, set->code)];
  const YlCode *codes = code_field->kind == YL_KIND_CODE ? yl_codes (code_field->of) : NULL;
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM [%s] WHERE [%s] = ?", set->table, set->owner);

  for (const YlCode *code = codes; code != NULL && code->code != NULL; code++)
    {
      g_autofree char *id = yl_id_derive (set->table, owner, code->code, NULL);

      add_record (past, set->table, id);
    }
  return add_rows (past, set->table, sql, owner, NULL, error);
}

/* What a promise's fate follows from: what was said of it, and the promises it contends with, and theirs. */
static gboolean
add_claims (YlPast *past, GPtrArray *claims, GError **error)
{
  static const char *const facts[] = { "confirmation", "withdrawal", "evidence", "ruling", "dropout" };

  for (guint i = 0; i < claims->len; i++)
    {
      for (guint f = 0; f < G_N_ELEMENTS (facts); f++)
        {
          g_autofree char *sql = g_strdup_printf ("SELECT id FROM [%s] WHERE claim = ?", facts[f]);

          if (!add_rows (past, facts[f], sql, claims->pdata[i], NULL, error))
            return FALSE;
        }
      if (!add_rows (
              past, "claim",
              "SELECT b.id FROM claim a JOIN claim b ON b.[order] = a.[order] AND b.slot = a.slot WHERE a.id = ?1"
              " UNION SELECT b.id FROM booking a JOIN booking b ON b.worker = a.worker AND b.start < a.end"
              " AND b.end > a.start WHERE a.id = ?1",
              claims->pdata[i], claims, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_facts (YlPast *past, const char *table, const char *id, GError **error)
{
  g_autoptr (GPtrArray) claims = g_ptr_array_new_with_free_func (g_free);

  if (g_str_equal (table, "order"))
    {
      if (!add_rows (past, "order_event", "SELECT id FROM order_event WHERE [order] = ?", id, NULL, error)
          || !add_rows (past, "claim", "SELECT id FROM claim WHERE [order] = ?", id, claims, error))
        return FALSE;
    }
  else if (g_str_equal (table, "claim"))
    g_ptr_array_add (claims, g_strdup (id));
  return add_claims (past, claims, error);
}

gboolean
yl_past_add (YlPast *past, const char *table_name, const char *id, GError **error)
{
  const YlTable *table = yl_table_find (table_name);

  add_record (past, table_name, id);
  for (const YlSet *set = table != NULL ? table->sets : NULL; set != NULL && set->name != NULL; set++)
    if (!add_elements (past, set, id, error))
      return FALSE;
  return add_facts (past, table_name, id, error);
}

gboolean
yl_past_concerns (YlPast *past, const YlOp *op)
{
  g_autofree char *key = g_strjoin (":", op->table, op->id, NULL);

  return g_hash_table_contains (past->records, key);
}

/* Which entries */

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static gboolean
add_entries (YlPast *past, const char *key, GHashTable *known, GArray *entries, GError **error)
{
  const char *colon = strchr (key, ':');
  g_autofree char *table = g_strndup (key, (gsize) (colon - key));
  g_autoptr (YlRows) rows =
      yl_database_query (past->store->database, error,
                         "SELECT n FROM op WHERE t = (SELECT t FROM table_name WHERE name = ?) AND id = yl_id (?)",
                         "tt", table, colon + 1);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 n = yl_rows_integer (rows, 0);

      if (g_hash_table_contains (known, &n))
        continue;
      g_hash_table_add (known, g_memdup2 (&n, sizeof n));
      g_array_append_val (entries, n);
    }
  return yl_rows_ended (rows);
}

GArray *
yl_past_entries (YlPast *past, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, past->records);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!add_entries (past, key, known, entries, error))
      return NULL;
  g_array_sort (entries, compare_numbers);
  return g_steal_pointer (&entries);
}

/* Folding */

gboolean
yl_past_fold (YlPast *past, gint64 n, const YlEntry *entry, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (past->then, n);
  g_autoptr (YlVector) seen = facts != NULL ? yl_fold_seen_of (past->then, facts->w, facts->seq, error) : NULL;
  YlMergeEntry folding = { n, facts != NULL ? facts->w : 0, seen };

  if (seen == NULL)
    return FALSE;
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      if (yl_past_concerns (past, op) && !yl_merge_fold (past->then, &folding, op, FALSE, NULL, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
yl_past_derive (YlPast *past, GError **error)
{
  return yl_derive_touched (past->then, error);
}

static gboolean
is_within (YlPast *past, const YlMoment *moment, gint64 n)
{
  const YlEntryFacts *facts = yl_store_entry_facts (past->then, n);

  if (facts == NULL)
    return FALSE;
  return moment->seen != NULL ? yl_vector_get (moment->seen, facts->w) >= facts->seq : facts->hlc <= moment->hlc;
}

static gboolean
fold_one (YlPast *past, gint64 n, GError **error)
{
  g_autoptr (YlEntry) entry = NULL;
  gint64 counts;

  if (!yl_database_integer (past->store->database, &counts, 0, error, "SELECT refused IS NULL FROM entry WHERE n = ?",
                            "i", n))
    return FALSE;
  if (counts == 0)
    return TRUE;
  entry = yl_log_entry (past->store, n, error);
  return entry != NULL && yl_past_fold (past, n, entry, error);
}

gboolean
yl_past_as_of (YlPast *past, const YlMoment *moment, GError **error)
{
  g_autoptr (GArray) entries = yl_past_entries (past, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      gint64 n = g_array_index (entries, gint64, i);

      if (is_within (past, moment, n) && !fold_one (past, n, error))
        return FALSE;
    }
  return entries != NULL && yl_past_derive (past, error);
}
