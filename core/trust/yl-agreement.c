#include "yl-agreement.h"

#include <inttypes.h>
#include <string.h>

#include "base/yl-clock.h"
#include "base/yl-i18n.h"
#include "change/yl-change.h"
#include "log/yl-log-door.h"
#include "merge/yl-fold.h"
#include "store/yl-store-private.h"
#include "store/yl-trouble.h"

/* How many change sets there were at the last agreement; when this PC last told of one, and how many it had written by then; and who last
 * said that the hub kept this PC's entries from it. */
#define SETTING_ENTRIES "agreement.entries"
#define SETTING_TOLD "agreement.told"
#define SETTING_WRITTEN "agreement.written"
#define SETTING_KEPT_FROM "agreement.kept_from"

#define TELL_EVERY_MS YL_DAY_MS
/* Own agreements are remembered so densely, and so long. */
#define NOTE_EVERY_MS (60 * YL_MINUTE_MS)
#define NOTE_KEPT_MS (90 * YL_DAY_MS)

static gint64
get_number (YlStore *store, const char *setting)
{
  g_autofree char *text = yl_store_get_setting (store, setting);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
set_number (YlStore *store, const char *setting, gint64 number, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" PRId64, number);

  return get_number (store, setting) == number || yl_store_set_setting (store, setting, text, error);
}

static gboolean
count_entries (YlStore *store, gint64 *n, GError **error)
{
  return yl_database_integer (store->database, n, 0, error, "SELECT ifnull(sum(seq - first + 1), 0) FROM strand", NULL);
}

/* By the pen that is in use. */
static gboolean
count_written (YlStore *store, gint64 *w, gint64 *seq, GError **error)
{
  return yl_store_writer_number (store, store->writer, w, error)
         && yl_database_integer (store->database, seq, 0, error, "SELECT ifnull(max(seq), 0) FROM strand WHERE w = ?",
                                 "i", *w);
}

/* A hub's further pens tell how often it was put back, which takes from it what it had. */
static gboolean
count_pens (YlStore *store, const char *hub, gint64 *n, GError **error)
{
  return yl_database_integer (store->database, n, 0, error,
                              "SELECT count(*) FROM pen_fact WHERE node = (SELECT id FROM node WHERE writer = ?)", "t",
                              hub);
}

/* What of this PC the hub surely has by now. */
static gboolean
note_own (YlStore *store, const char *hub, gint64 entries, gint64 at, GError **error)
{
  gint64 w, seq, pens;

  if (!count_written (store, &w, &seq, error) || !count_pens (store, hub, &pens, error))
    return FALSE;
  return yl_database_run (
             store->database, error,
             "INSERT OR IGNORE INTO own_agreement (hub, entries, w, seq, at, pens)"
             " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?4 > 0 AND NOT EXISTS (SELECT 1 FROM own_agreement WHERE"
             " hub = ?1 AND w = ?3 AND (seq >= ?4 OR at > ?7))",
             "tiiiiii", hub, entries, w, seq, at, pens, at - NOTE_EVERY_MS)
         && yl_database_run (store->database, error, "DELETE FROM own_agreement WHERE at < ?", "i", at - NOTE_KEPT_MS);
}

gboolean
yl_agreement_note (YlStore *store, const char *hub, gint64 at, GError **error)
{
  gint64 entries;

  return count_entries (store, &entries, error) && set_number (store, SETTING_ENTRIES, entries, error)
         && note_own (store, hub, entries, at, error);
}

static gboolean
write_agreement (YlStore *store, const char *hub, gint64 at, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "agree", error);
  g_autoptr (YlRecord) agreement = NULL;

  if (change == NULL)
    return FALSE;
  agreement = yl_record_new (yl_table_find ("agreement"), NULL);
  yl_record_set_text (agreement, "node", yl_store_get_node (store));
  yl_record_set_text (agreement, "hub", hub);
  yl_record_set_integer (agreement, "entries", get_number (store, SETTING_ENTRIES));
  yl_record_set_integer (agreement, "at", at);
  return yl_change_insert (change, agreement, error) && yl_change_commit (change, error);
}

gboolean
yl_agreement_tell (YlStore *store, const char *hub, gint64 at, GError **error)
{
  gint64 now = yl_store_now (store);
  gint64 told = get_number (store, SETTING_TOLD);
  gint64 w, seq;

  if (get_number (store, SETTING_ENTRIES) == 0 || (told != 0 && ABS (now - told) < TELL_EVERY_MS)
      || yl_store_get_actor (store) == NULL || yl_store_is_head_office (store))
    return TRUE;
  if (!count_written (store, &w, &seq, error))
    return FALSE;
  /* A PC that has only just joined, or only reads, has nothing to tell. */
  if (told == 0 || seq == get_number (store, SETTING_WRITTEN))
    return told != 0
           || (set_number (store, SETTING_TOLD, now, error) && set_number (store, SETTING_WRITTEN, seq, error));
  if (!write_agreement (store, hub, at, error))
    return FALSE;
  return count_written (store, &w, &seq, error) && set_number (store, SETTING_TOLD, now, error)
         && set_number (store, SETTING_WRITTEN, seq, error);
}

gboolean
yl_agreement_stands (YlStore *store)
{
  g_autofree char *kept_from = yl_store_get_setting (store, SETTING_KEPT_FROM);

  return kept_from != NULL && *kept_from != '\0';
}

/* Somebody else's agreement, and the entry that tells of it. */
typedef struct
{
  const char *node;
  const char *hub;
  gint64 entries;
  gint64 at;
  gint64 n;
} Told;

/* This PC's agreement of which the other's must have all; w 0: there is none. */
typedef struct
{
  gint64 w;
  gint64 seq;
  gint64 pens;
} Own;

static gboolean
find_own (YlStore *store, const Told *told, Own *own, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT w, seq, pens FROM own_agreement WHERE hub = ? AND entries <= ? ORDER BY entries DESC LIMIT 1", "ti",
      told->hub, told->entries);

  if (rows == NULL)
    return FALSE;
  if (!yl_rows_next (rows, error))
    return yl_rows_ended (rows);
  *own = (Own){ yl_rows_integer (rows, 0), yl_rows_integer (rows, 1), yl_rows_integer (rows, 2) };
  return TRUE;
}

static gboolean
name_hub (YlStore *store, const Told *told, const Own *own, gint64 seen, GError **error)
{
  g_autofree char *since = NULL;
  g_autofree char *until = yl_instant_format (told->at);
  g_autofree char *other = yl_log_writer_label (store, told->node);
  g_autofree char *detail = NULL;
  gint64 first, pens;

  if (!yl_database_integer (store->database, &first, 0, error,
                            "SELECT min(at) FROM own_agreement WHERE hub = ? AND w = ? AND seq > ?", "tii", told->hub,
                            own->w, seen)
      || !count_pens (store, told->hub, &pens, error))
    return FALSE;
  since = yl_instant_format (first);
  detail = g_strdup_printf (_ ("what %s wrote and it has had since %s was not handed out to %s until %s"),
                            store->identity, since, other, until);
  /* It may have lost it and know that. */
  return yl_trouble_raise (store, pens > own->pens ? YL_TROUBLE_REWIND : YL_TROUBLE_WITHHELD, told->hub, detail, error)
         && yl_store_set_setting (store, SETTING_KEPT_FROM, told->node, error);
}

static gboolean
judge (YlStore *store, const Told *told, GError **error)
{
  const YlEntryFacts *facts = yl_store_entry_facts (store, told->n);
  g_autofree char *kept_from = yl_store_get_setting (store, SETTING_KEPT_FROM);
  g_autoptr (YlVector) seen = NULL;
  Own own = { 0 };

  if (!find_own (store, told, &own, error))
    return FALSE;
  if (own.w == 0 || facts == NULL)
    return TRUE;
  seen = yl_fold_seen_of (store, facts->w, facts->seq, error);
  if (seen == NULL)
    return FALSE;
  if (yl_vector_get (seen, own.w) < own.seq)
    return name_hub (store, told, &own, yl_vector_get (seen, own.w), error);
  return g_strcmp0 (kept_from, told->node) != 0 || yl_store_set_setting (store, SETTING_KEPT_FROM, "", error);
}

static gboolean
follow (YlStore *store, const char *id, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT node, hub, entries, at, (SELECT min(n) FROM op WHERE t = (SELECT t FROM table_name WHERE name ="
      " 'agreement') AND op.id = yl_id (a.id)) FROM agreement AS a WHERE id = ? AND node IS NOT NULL AND hub IS NOT"
      " NULL AND node <> ?",
      "tt", id, store->node);
  g_autofree char *node = NULL;
  g_autofree char *hub = NULL;
  Told told;

  if (rows == NULL || !yl_rows_next (rows, error))
    return rows != NULL && yl_rows_ended (rows);
  node = g_strdup (yl_rows_text (rows, 0));
  hub = g_strdup (yl_rows_text (rows, 1));
  told = (Told){ node, hub, yl_rows_integer (rows, 2), yl_rows_integer (rows, 3), yl_rows_integer (rows, 4) };
  g_clear_pointer (&rows, yl_rows_free);
  return judge (store, &told, error);
}

gboolean
yl_agreement_follow (YlStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, store->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, "agreement:") && !follow (store, strchr (key, ':') + 1, error))
      return FALSE;
  return TRUE;
}
