/* state-hash, rebuild, status: what state is this copy in, and does anything wait? */

#include <inttypes.h>

#include "base/yl-i18n.h"
#include "exchange/yl-watch.h"
#include "log/yl-behind.h"
#include "log/yl-merge-log.h"
#include "seal/yl-chunk.h"
#include "trust/yl-company.h"
#include "merge/yl-conflict.h"
#include "seal/yl-lock.h"
#include "merge/yl-state-hash.h"
#include "store/yl-trouble.h"
#include "yl-invocation.h"
#include "yl-output.h"

gboolean
yl_command_state_hash (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *hash = store != NULL ? yl_state_hash (store, error) : NULL;

  return hash != NULL && yl_output_result (invocation->json, error, hash, "state_hash", hash, NULL);
}

gboolean
yl_command_rebuild (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *hash = NULL;
  g_autofree char *line = NULL;

  if (store == NULL || !yl_merge_log_append (store, error) || !yl_store_rebuild (store, error))
    return FALSE;
  hash = yl_state_hash (store, error);
  if (hash == NULL)
    return FALSE;
  line = g_strdup_printf ("state made anew from the log: %s", hash);
  return yl_output_result (invocation->json, error, line, "state_hash", hash, NULL);
}

/* So far back in the sync log `status` looks for what was repaired. */
#define SHOWN_NOTES 50

/* What `status` found out before it prints. */
typedef struct
{
  GArray *frontier; /* of YlEntryName */
  char *hash;
  GStrv joins;
  GPtrArray *disputed;
  GPtrArray *troubles; /* of YlTrouble */
  GPtrArray *notes;    /* of YlSyncNote: the last ones */
  YlLockKind protection;
  guint waiting;
  guint conflicts;
  gint64 last_sync; /* UTC ms, 0: never */
  gint64 through;   /* until then head office has all of this copy, UTC ms, 0: never yet */
  YlBehind behind;  /* the history behind the checkpoint with which it began */
} Status;

static void
status_clear (Status *status)
{
  g_clear_pointer (&status->frontier, g_array_unref);
  g_clear_pointer (&status->disputed, g_ptr_array_unref);
  g_clear_pointer (&status->troubles, g_ptr_array_unref);
  g_clear_pointer (&status->notes, g_ptr_array_unref);
  g_free (status->hash);
  g_strfreev (status->joins);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

static gboolean
read_status (YlStore *store, Status *status, GError **error)
{
  const char *const disputed[] = { "disputed=1", NULL };
  g_autofree char *last_sync = yl_store_get_setting (store, "last_sync");

  status->frontier = yl_log_frontier (store, error);
  status->hash = status->frontier != NULL ? yl_state_hash (store, error) : NULL;
  status->disputed = status->hash != NULL ? yl_store_list (store, "order_state", disputed, 0, error) : NULL;
  status->notes = status->disputed != NULL ? yl_store_sync_notes (store, SHOWN_NOTES, error) : NULL;
  status->troubles = status->notes != NULL ? yl_store_troubles (store, error) : NULL;
  if (status->troubles == NULL || !yl_behind_read (store, &status->behind, error)
      || !yl_lock_get_kind (store, &status->protection, error))
    return FALSE;
  if (yl_store_is_head_office (store))
    {
      status->joins = yl_company_pending_joins (store, error);
      if (status->joins == NULL)
        return FALSE;
    }
  status->waiting = yl_log_n_waiting (store);
  status->conflicts = yl_conflict_count (store);
  status->through = yl_watch_through (store);
  status->last_sync = last_sync != NULL ? g_ascii_strtoll (last_sync, NULL, 10) : 0;
  return TRUE;
}

/* The last entry of a writer that this copy has: writer:sequence:first 8 bytes of its id. */
static char *
entry_name_text (const YlEntryName *name)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%s:%" G_GINT64_FORMAT ":", name->writer, name->seq);
  for (guint i = 0; i < sizeof name->id8; i++)
    g_string_append_printf (text, "%02x", name->id8[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_repair (const YlSyncNote *note)
{
  return g_str_equal (note->kind, "repaired");
}

static void
print_trouble_json (YlOutput *output, YlStore *store, const YlTrouble *trouble)
{
  g_autofree char *text = yl_trouble_describe (store, trouble);

  yl_output_begin_object (output, NULL);
  yl_output_text (output, "kind", yl_trouble_name (trouble->kind));
  yl_output_text (output, "subject", trouble->subject);
  yl_output_instant (output, "since", trouble->at);
  yl_output_boolean (output, "waits", yl_trouble_waits (trouble));
  yl_output_text (output, "text", text);
  yl_output_end_object (output);
}

static void
print_instant (YlOutput *output, const char *name, gint64 ms)
{
  if (ms > 0)
    yl_output_instant (output, name, ms);
  else
    yl_output_text (output, name, NULL);
}

static void
print_status_json (YlOutput *output, YlStore *store, const Status *status)
{
  yl_output_begin_object (output, NULL);
  yl_output_text (output, "writer", yl_store_get_writer (store));
  yl_output_text (output, "site", yl_store_get_site (store));
  yl_output_begin_array (output, "frontier");
  for (guint i = 0; i < status->frontier->len; i++)
    {
      g_autofree char *name = entry_name_text (&g_array_index (status->frontier, YlEntryName, i));

      yl_output_text (output, NULL, name);
    }
  yl_output_end_array (output);
  yl_output_integer (output, "waiting", status->waiting);
  yl_output_integer (output, "attachments_waiting", yl_chunk_n_unsent (store));
  print_instant (output, "last_sync", status->last_sync);
  print_instant (output, "data_through", status->through);
  yl_output_integer (output, "conflicts", status->conflicts);
  if (status->behind.n_all > 0)
    {
      yl_output_begin_object (output, "history");
      yl_output_integer (output, "here", status->behind.n_here);
      yl_output_integer (output, "of", status->behind.n_all);
      yl_output_boolean (output, "wanted", status->behind.wanted);
      yl_output_end_object (output);
    }
  yl_output_begin_array (output, "repaired");
  for (guint i = 0; i < status->notes->len; i++)
    if (is_repair (status->notes->pdata[i]))
      yl_output_text (output, NULL, ((YlSyncNote *) status->notes->pdata[i])->detail);
  yl_output_end_array (output);
  yl_output_begin_array (output, "troubles");
  for (guint i = 0; i < status->troubles->len; i++)
    print_trouble_json (output, store, status->troubles->pdata[i]);
  yl_output_end_array (output);
  yl_output_text (output, "protection", yl_lock_kind_name (status->protection));
  yl_output_text (output, "state_hash", status->hash);
  yl_output_end_object (output);
}

static void
print_status (YlOutput *output, YlStore *store, const Status *status)
{
  const char *site = yl_store_get_site (store);
  g_autofree char *number = site != NULL ? yl_store_number (store, "site", site) : NULL;
  g_autofree char *label = yl_log_writer_label (store, yl_store_get_writer (store));
  g_autofree char *last_sync = status->last_sync > 0 ? yl_instant_format (status->last_sync) : NULL;
  g_autofree char *through = status->through > 0 ? yl_instant_format (status->through) : NULL;

  yl_output_line (output, "writer: %s (%s)", label, yl_store_get_writer (store));
  yl_output_line (output, "site: %s", number != NULL ? number : _ ("not known before the first sync"));
  yl_output_line (output, "waiting: %u", status->waiting);
  yl_output_line (output, "attachments_waiting: %u", yl_chunk_n_unsent (store));
  yl_output_line (output, "last_sync: %s", last_sync != NULL ? last_sync : _ ("never"));
  if (through != NULL)
    yl_output_line (output, _ ("data_through: %s, by head office's clock: it has all that was written here until then"),
                    through);
  yl_output_line (output, "conflicts: %u", status->conflicts);
  if (status->behind.n_all > 0)
    yl_output_line (output,
                    status->behind.wanted
                        ? _ ("history: %" PRId64 " of %" PRId64 " change sets are here, the rest comes")
                        : _ ("history: %" PRId64 " of %" PRId64 " change sets are here, head office has the rest"),
                    status->behind.n_here, status->behind.n_all);
  for (guint i = 0; i < status->disputed->len; i++)
    {
      g_autofree char *order =
          yl_store_number (store, "order", yl_record_get_id (g_ptr_array_index (status->disputed, i)));

      yl_output_line (output, "disputed: %s", order);
    }
  for (guint i = 0; status->joins != NULL && status->joins[i] != NULL; i++)
    yl_output_line (output, "join: %s", status->joins[i]);
  for (guint i = 0; i < status->notes->len; i++)
    if (is_repair (status->notes->pdata[i]))
      yl_output_line (output, _ ("repaired: %s"), ((YlSyncNote *) status->notes->pdata[i])->detail);
  for (guint i = 0; i < status->troubles->len; i++)
    {
      const YlTrouble *trouble = status->troubles->pdata[i];
      g_autofree char *text = yl_trouble_describe (store, trouble);

      yl_output_line (output, "%s: %s", yl_trouble_name (trouble->kind), text);
    }
  yl_output_line (output, "protection: %s", yl_lock_describe (status->protection));
  yl_output_line (output, "state_hash: %s", status->hash);
}

static gboolean
needs_person (const Status *status)
{
  for (guint i = 0; i < status->troubles->len; i++)
    if (yl_trouble_waits (status->troubles->pdata[i]))
      return TRUE;
  return status->conflicts > 0 || status->disputed->len > 0 || (status->joins != NULL && status->joins[0] != NULL);
}

gboolean
yl_command_status (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlOutput) output = yl_output_new ();
  g_auto (Status) status = { NULL };

  if (store == NULL || !read_status (store, &status, error))
    return FALSE;
  if (needs_person (&status))
    invocation->exit = YL_EXIT_PERSON;
  if (invocation->json)
    print_status_json (output, store, &status);
  else
    print_status (output, store, &status);
  return yl_output_flush (output, error);
}
