#include "yl-change-private.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "merge/yl-fold.h"
#include "trust/yl-pen.h"

#define MAX_WHAT 200

static gboolean
check_actor (YlStore *store, GError **error)
{
  if (yl_store_get_actor (store) != NULL)
    return TRUE;
  if (!yl_database_check_fault (store->database, error))
    return FALSE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
               _ ("this PC is not enrolled yet: run `sync` while the hub can be reached"));
  return FALSE;
}

static gboolean
begin (YlStore *store, GError **error)
{
  if (!check_actor (store, error))
    return FALSE;
  yl_plain_prepare (store);
  return yl_store_begin (store, error);
}

/* In the transaction that has just been begun. */
static YlChange *
new_change (YlStore *store, const char *what, const char *writer)
{
  YlChange *change = g_new0 (YlChange, 1);

  change->store = g_object_ref (store);
  change->what = g_string_new (what);
  change->writer = g_strdup (writer);
  change->follows_head = yl_head_is_current (change);
  change->hlc = yl_hlc_next (change->follows_head ? store->head->hlc : yl_fold_clock (store), yl_store_now (store));
  change->undo = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_op_free);
  change->forced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  store->capture = yl_capture_new ();
  return change;
}

YlChange *
yl_change_begin_with_pen (YlStore *store, const char *what, const char *writer, GError **error)
{
  if (!begin (store, error))
    return NULL;
  return new_change (store, what, writer);
}

YlChange *
yl_change_begin (YlStore *store, const char *what, GError **error)
{
  if (!begin (store, error))
    return NULL;
  if (!store->pen_due)
    return new_change (store, what, store->writer);
  /* That it is due is kept, whatever becomes of the pen. */
  if (!yl_store_commit (store, error) || !yl_pen_renew (store, error))
    return NULL;
  return yl_change_begin_with_pen (store, what, store->writer, error);
}

YlChange *
yl_change_begin_as_authority (YlStore *store, const char *what, GError **error)
{
  g_autoptr (YlChange) change = NULL;
  gboolean whole;

  if (!yl_store_holds_authority (store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                   _ ("only head office's own store can do this: it holds the company's key"));
      return NULL;
    }
  change = yl_change_begin_with_pen (store, what, store->authority, error);
  if (change == NULL || !yl_marker_authority_whole (store, &whole, error))
    return NULL;
  change->as_authority = TRUE;
  if (whole)
    return g_steal_pointer (&change);
  g_set_error (
      error, YL_ERROR, YL_ERROR_REFUSED, "%s",
      _ ("this file was put back from a backup and lacks acts of head office that stores have already: run the "
         "hub until a store has synced, then try again"));
  return NULL;
}

void
yl_change_give (YlChange *change, const char *actor, GPtrArray *ops)
{
  g_free (change->actor);
  change->actor = g_strdup (actor);
  change->given = ops;
}

static void
end_capture (YlChange *change)
{
  g_clear_pointer (&change->store->capture, yl_capture_free);
}

void
yl_change_free (YlChange *change)
{
  if (!change->done)
    {
      end_capture (change);
      yl_store_rollback (change->store);
    }
  g_string_free (change->what, TRUE);
  g_free (change->writer);
  g_free (change->actor);
  g_ptr_array_unref (change->undo);
  g_hash_table_unref (change->forced);
  g_clear_pointer (&change->frontier, g_array_unref);
  g_object_unref (change->store);
  g_free (change);
}

YlStore *
yl_change_get_store (YlChange *change)
{
  return change->store;
}

gint64
yl_change_now (YlChange *change)
{
  return YL_HLC_MS (change->hlc);
}

void
yl_change_name (YlChange *change, const char *code)
{
  if (code == NULL || *code == '\0' || change->what->len + strlen (code) + 1 > MAX_WHAT)
    return;
  g_string_append_c (change->what, ' ');
  for (const char *c = code; *c != '\0'; c++)
    g_string_append_c (change->what, g_ascii_isalnum (*c) || strchr ("-_:.", *c) != NULL ? *c : '-');
}

gboolean
yl_change_is_empty (YlChange *change)
{
  return change->store->capture == NULL || yl_capture_rows (change->store->capture)->len == 0;
}

/* Committing */

gboolean
yl_change_commit (YlChange *change, GError **error)
{
  YlStore *store = change->store;
  g_autoptr (YlEntry) entry = yl_entry_new ();
  g_autoptr (GHashTable) before = g_hash_table_new (g_direct_hash, g_direct_equal);

  g_return_val_if_fail (!change->done, FALSE);

  g_ptr_array_unref (entry->ops);
  entry->ops = change->given != NULL ? g_ptr_array_ref (change->given) : yl_change_ops (change, before, error);
  if (entry->ops == NULL)
    {
      entry->ops = g_ptr_array_new ();
      return FALSE;
    }
  if (entry->ops->len > 0 && !yl_change_write_entry (change, entry, before, error))
    return FALSE;
  end_capture (change);
  change->done = TRUE;
  if (!yl_store_commit (store, error))
    return FALSE;
  if (entry->ops->len == 0)
    return TRUE;
  yl_head_remember (change, entry);
  return yl_store_emit_written (store, change->n, error);
}
