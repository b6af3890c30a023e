/* log TABLE ID, as-of: what was written to a record, and how it was shown at a time. */

#include <stdlib.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "desk/yl-value-words.h"
#include "exchange/yl-mend.h"
#include "merge/yl-fold.h"
#include "log/yl-log-door.h"
#include "merge/yl-past.h"
#include "yl-invocation.h"
#include "yl-output.h"
#include "yl-record-output.h"

/* A time names its whole second, as it is printed. */
#define LAST_MS_OF_SECOND 999

/* A record that is gone is still named by its id. */
static char *
find_record (YlStore *store, const YlTable *table, const char *id, GError **error)
{
  return yl_id_is_valid (id) ? g_strdup (id) : yl_store_find_exact (store, table->name, id, error);
}

/* The history of one record */

static void
print_side_json (YlOutput *output, const char *name, const YlHistoryValue *value, gboolean before)
{
  const YlValue *side = before ? &value->before : &value->after;

  if (before ? value->before_locked : value->after_locked)
    yl_output_text (output, name, "(sealed)");
  else if (value->field != NULL)
    yl_output_field (output, name, value->field, side);
  else if (value->column[0] == '\0')
    yl_output_boolean (output, name, side->integer != 0);
  else if (side->type == YL_VALUE_INTEGER)
    yl_output_integer (output, name, side->integer);
  else
    yl_output_text (output, name, side->type == YL_VALUE_TEXT ? side->bytes : NULL);
}

static void
print_value_json (YlOutput *output, const YlHistoryValue *value)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "id", value->id);
  yl_output_text (output, "field", value->column);
  print_side_json (output, "before", value, TRUE);
  print_side_json (output, "after", value, FALSE);
  yl_output_boolean (output, "conflict", value->apart);
  yl_output_boolean (output, "decides", value->decides);
  yl_output_end_object (output);
}

static void
print_entry_json (YlOutput *output, const YlHistoryEntry *entry)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "writer", entry->writer);
  yl_output_integer (output, "seq", entry->seq);
  yl_output_text (output, "pc", entry->label);
  yl_output_instant (output, "time", entry->time);
  yl_output_text (output, "actor", entry->actor);
  yl_output_text (output, "what", entry->what);
  yl_output_text (output, "refused", entry->refused);
  yl_output_begin_array (output, "changes");
  for (guint i = 0; i < entry->values->len; i++)
    print_value_json (output, entry->values->pdata[i]);
  yl_output_end_array (output);
  yl_output_end_object (output);
}

static void
print_value (YlOutput *output, YlStore *store, const char *subject, const YlHistoryValue *value)
{
  g_autofree char *before = yl_history_words (store, value, TRUE);
  g_autofree char *after = yl_history_words (store, value, FALSE);
  g_autofree char *number = g_str_equal (value->id, subject) ? NULL : yl_store_number (store, value->table, value->id);

  yl_output_cell (output, "  %s%s%s", number != NULL ? number : "", number != NULL ? " " : "",
                  yl_history_label (value));
  yl_output_cell (output, "%s → %s", before != NULL ? before : _ ("empty"), after != NULL ? after : _ ("empty"));
  if (value->apart)
    yl_output_cell (output, "%s", _ ("two values now"));
  if (value->decides)
    yl_output_cell (output, "%s", _ ("decides between the values"));
  yl_output_end_row (output);
}

static void
print_entry (YlOutput *output, YlStore *store, const char *subject, const YlHistoryEntry *entry)
{
  g_autofree char *time = yl_instant_format (entry->time);
  g_autofree char *actor = yl_actor_words (store, entry->actor != NULL ? entry->actor : "");
  g_autofree char *where = yl_writer_words (store, entry->writer);

  yl_output_cell (output, "%s", time);
  yl_output_cell (output, "%s", actor);
  yl_output_cell (output, "%s", where);
  yl_output_cell (output, "%s:%" G_GINT64_FORMAT, entry->label, entry->seq);
  yl_output_cell (output, "%s", entry->what != NULL ? entry->what : _ ("(before the checkpoint: head office has it)"));
  if (entry->refused != NULL)
    yl_output_cell (output, _ ("refused: %s"), entry->refused);
  yl_output_end_row (output);
  for (guint i = 0; i < entry->values->len; i++)
    print_value (output, store, subject, entry->values->pdata[i]);
}

/* Change sets that this copy dropped come once more from head office. */
static gboolean
fetch_dropped (YlStore *store, GPtrArray *history, GError **error)
{
  g_autoptr (YlPeer) peer = NULL;

  for (guint i = 0; i < history->len; i++)
    {
      const YlHistoryEntry *entry = history->pdata[i];

      if (entry->what != NULL)
        continue;
      if (peer == NULL)
        peer = yl_peer_new (store, NULL, error);
      if (peer == NULL || !yl_mend_fetch_entry (store, peer, entry->n, error))
        return FALSE;
    }
  return TRUE;
}

static GPtrArray *
read_history (YlInvocation *invocation, YlStore *store, const char *table, const char *id, GError **error)
{
  g_autoptr (GPtrArray) history = yl_history_of (store, table, id, error);

  if (history == NULL || !yl_invocation_has (invocation, "fetch"))
    return g_steal_pointer (&history);
  return fetch_dropped (store, history, error) ? yl_history_of (store, table, id, error) : NULL;
}

gboolean
yl_command_log_of_record (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *id =
      store != NULL ? find_record (store, table, yl_invocation_argument (invocation, 1), error) : NULL;
  g_autoptr (GPtrArray) history = id != NULL ? read_history (invocation, store, table->name, id, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (history == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < history->len; i++)
    {
      if (invocation->json)
        print_entry_json (output, history->pdata[i]);
      else
        print_entry (output, store, id, history->pdata[i]);
    }
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

/* As it was */

/* `WRITER:SEQ`, by id or label of the writer (CY-A). */
static YlVector *
vector_of (YlStore *store, const char *name, GError **error)
{
  const char *colon = strrchr (name, ':');
  g_autofree char *writer = colon != NULL ? g_strndup (name, (gsize) (colon - name)) : NULL;
  char *end = NULL;
  gint64 seq = colon != NULL ? g_ascii_strtoll (colon + 1, &end, 10) : 0;
  g_autoptr (YlEntryRow) row = NULL;
  const YlEntryFacts *facts;

  if (seq < 1 || *end != '\0')
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("`%s` names no change set: write WRITER:SEQ as `log` does"),
                   name);
      return NULL;
    }
  row = yl_log_find (store, writer, seq, error);
  facts = row != NULL ? yl_store_entry_facts (store, row->n) : NULL;
  return facts != NULL ? yl_fold_seen_of (store, facts->w, facts->seq, error) : NULL;
}

static gboolean
read_moment (YlInvocation *invocation, YlStore *store, YlMoment *moment, YlVector **seen, GError **error)
{
  const char *time = yl_invocation_argument (invocation, 0);
  const char *entry = yl_invocation_option (invocation, "seen-by");
  gint64 ms;

  if (!yl_instant_parse (time, &ms, NULL))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("`%s` is no time: write it like 2026-12-01T09:00"), time);
      return FALSE;
    }
  moment->hlc = YL_HLC (ms + LAST_MS_OF_SECOND, 0xffff);
  if (entry == NULL)
    return TRUE;
  *seen = vector_of (store, entry, error);
  moment->seen = *seen;
  return *seen != NULL;
}

static gboolean
print_past (YlInvocation *invocation,
            YlStore *store,
            YlPast *past,
            const YlTable *table,
            const char *id,
            GError **error)
{
  YlStore *then = yl_past_get_store (past);
  YlValue *row = yl_store_read_row (then, table, id, error);
  g_autoptr (YlRecord) record = NULL;
  g_autoptr (YlOutput) output = yl_output_new ();

  if (row == NULL)
    {
      if (error == NULL || *error == NULL)
        g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there was no %s %s at that time"), table->name, id);
      return FALSE;
    }
  record = yl_store_unseal_row (store, table, id, row);
  g_free (row);
  return yl_record_print (output, invocation->json, store, then, record, error) && yl_output_flush (output, error);
}

gboolean
yl_command_as_of (YlInvocation *invocation, GError **error)
{
  const YlTable *table = yl_table_lookup (yl_invocation_argument (invocation, 1), error);
  g_autoptr (YlStore) store = table != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autofree char *id =
      store != NULL ? find_record (store, table, yl_invocation_argument (invocation, 2), error) : NULL;
  g_autoptr (YlPast) past = NULL;
  g_autoptr (YlVector) seen = NULL;
  YlMoment moment = { 0, NULL };

  if (id == NULL || !read_moment (invocation, store, &moment, &seen, error))
    return FALSE;
  past = yl_past_new (store, error);
  return past != NULL && yl_past_add (past, table->name, id, error) && yl_past_as_of (past, &moment, error)
         && print_past (invocation, store, past, table, id, error);
}
