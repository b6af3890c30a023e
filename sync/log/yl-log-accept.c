/* Entries from elsewhere: checked as the commits they make, handed to the door. */
#include "yl-commit.h"
#include "yl-signature.h"

#include <string.h>

#include "log/yl-behind.h"
#include "log/yl-mend.h"

typedef struct
{
  YlStore *store;
  GPtrArray *run;      /* of YlEntry, borrowed: a run whose signed entry has not come yet */
  git_oid previous;    /* the commit of its last entry */
  GHashTable *writers; /* set of ids */
  guint n_new;
  const GArray *places; /* of gint64, for each incoming: old ones; NULL: new ones */
  gboolean mends;       /* those places hold the entries already, damaged or without their messages */
  guint next;           /* how many were looked at */
} YlIntake;

static gboolean
is_known (YlStore *store, const YlEntry *entry, gboolean *known, GError **error)
{
  YlEntryName name = { .seq = entry->seq };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (YlEntryRow) row = NULL;

  memcpy (name.writer, entry->writer, sizeof name.writer);
  memcpy (name.id8, entry->id, sizeof name.id8);
  row = yl_log_find_name (store, &name, &local_error);
  *known = row != NULL;
  if (row == NULL && !g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
refuse_unsigned_tail (const YlIntake *intake, GError **error)
{
  const YlEntry *last = g_ptr_array_index (intake->run, intake->run->len - 1);

  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               "entry %s:%" G_GINT64_FORMAT
               " came without a signed one right after it that covers it; ask for it again",
               last->writer, last->seq);
  return FALSE;
}

static gboolean
continues_run (const YlIntake *intake, const YlEntry *entry)
{
  const YlEntry *last = g_ptr_array_index (intake->run, intake->run->len - 1);

  return strcmp (last->writer, entry->writer) == 0 && last->seq + 1 == entry->seq
         && memcmp (last->id, entry->prev, sizeof last->id) == 0;
}

static gint64
place_of (const YlIntake *intake, guint i)
{
  return g_array_index (intake->places, gint64, intake->next - intake->run->len + i);
}

static gboolean
place_run (YlIntake *intake, const guint8 *signature, GError **error)
{
  gint64 last = place_of (intake, intake->run->len - 1);

  for (guint i = 0; i < intake->run->len; i++)
    if (!yl_behind_take (intake->store, g_ptr_array_index (intake->run, i), place_of (intake, i), error))
      return FALSE;
  return yl_behind_end_run (intake->store, last, intake->previous.id, signature, error);
}

static gboolean
mend_run (YlIntake *intake, const guint8 *signature, GError **error)
{
  gint64 last = place_of (intake, intake->run->len - 1);
  gboolean all_same = TRUE, same;

  for (guint i = 0; i < intake->run->len; i++)
    {
      if (!yl_mend_entry (intake->store, g_ptr_array_index (intake->run, i), place_of (intake, i), &same, error))
        return FALSE;
      all_same = all_same && same;
    }
  return yl_mend_run (intake->store, last, intake->previous.id, signature, all_same, error);
}

/* The run is covered: its entries pass the door in order. */
static gboolean
fold_run (YlIntake *intake, const guint8 *signature, GError **error)
{
  const YlEntry *last = g_ptr_array_index (intake->run, intake->run->len - 1);
  gint64 n = 0;

  for (guint i = 0; i < intake->run->len; i++)
    {
      gboolean is_new = FALSE;

      if (!yl_log_apply (intake->store, g_ptr_array_index (intake->run, i), &n, &is_new, error))
        return FALSE;
      intake->n_new++;
    }
  g_hash_table_add (intake->writers, g_strdup (last->writer));
  g_ptr_array_set_size (intake->run, 0);
  return yl_log_end_run (intake->store, n, intake->previous.id, signature, error);
}

static gboolean
end_run (YlIntake *intake, const guint8 *signature, GError **error)
{
  gboolean ok;

  if (intake->places == NULL)
    return fold_run (intake, signature, error);
  ok = intake->mends ? mend_run (intake, signature, error) : place_run (intake, signature, error);
  g_ptr_array_set_size (intake->run, 0);
  return ok;
}

static gboolean
find_key (const YlIntake *intake, const YlEntry *entry, guint8 *key, GError **error)
{
  const YlEntry *first = intake->run->len > 0 ? g_ptr_array_index (intake->run, 0) : entry;
  g_autoptr (GError) local_error = NULL;

  /* A further pen of a PC comes with its key; whether the PC endorsed it is for the door to see. */
  if (yl_log_writer_key (intake->store, entry->writer, key, &local_error) || yl_log_pen_key (first, key))
    return TRUE;
  if (!g_error_matches (local_error, YL_ERROR, YL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_set_error (error, YL_ERROR, YL_ERROR_MISSING,
               "entry %s:%" G_GINT64_FORMAT " came before head office's enrolment of its writer", entry->writer,
               entry->seq);
  return FALSE;
}

static GBytes *
check_signature (YlIntake *intake, const YlEntry *entry, const YlIncoming *incoming, GBytes *commit, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  gsize length;
  const char *text = g_bytes_get_data (commit, &length);

  if (!find_key (intake, entry, key, error))
    return NULL;
  if (!yl_signature_verify (incoming->signature, key, text, length))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
                   "entry %s:%" G_GINT64_FORMAT " carries a signature that is not its writer's", entry->writer,
                   entry->seq);
      return NULL;
    }
  return yl_commit_add_signature (commit, incoming->signature, key);
}

static gboolean
take_entry (YlIntake *intake, const YlIncoming *incoming, GError **error)
{
  const git_oid *previous = intake->run->len > 0 ? &intake->previous : NULL;
  g_autoptr (GArray) parents = yl_commit_parents (intake->store, incoming->entry, previous, error);
  g_autoptr (GBytes) commit = parents != NULL ? yl_commit_build (incoming->entry, parents) : NULL;

  if (commit != NULL && incoming->is_signed)
    {
      g_autoptr (GBytes) bare = g_steal_pointer (&commit);

      commit = check_signature (intake, incoming->entry, incoming, bare, error);
    }
  if (commit == NULL)
    return FALSE;
  yl_commit_hash (commit, &intake->previous);
  return TRUE;
}

static gboolean
take_incoming (YlIntake *intake, const YlIncoming *incoming, GError **error)
{
  gboolean known = FALSE;

  intake->next++;
  if (intake->places == NULL && !is_known (intake->store, incoming->entry, &known, error))
    return FALSE;
  if (intake->run->len > 0 && (known || !continues_run (intake, incoming->entry)))
    return refuse_unsigned_tail (intake, error);
  if (known)
    return TRUE;
  if (!take_entry (intake, incoming, error))
    return FALSE;
  g_ptr_array_add (intake->run, incoming->entry);
  return !incoming->is_signed || end_run (intake, incoming->signature, error);
}

static gboolean
take_all (YlIntake *intake, GPtrArray *incoming, GError **error)
{
  for (guint i = 0; i < incoming->len; i++)
    if (!take_incoming (intake, g_ptr_array_index (incoming, i), error))
      return FALSE;
  return intake->run->len == 0 || refuse_unsigned_tail (intake, error);
}

gboolean
yl_merge_log_accept (YlStore *store, GPtrArray *incoming, guint *n_new, GError **error)
{
  g_autoptr (GPtrArray) run = g_ptr_array_new ();
  g_autoptr (GHashTable) writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  YlIntake intake = { .store = store, .run = run, .writers = writers };
  g_autoptr (YlLogTransaction) transaction = yl_log_begin (store, error);

  if (transaction == NULL || !take_all (&intake, incoming, error) || !yl_git_move_refs (store, writers, error)
      || !yl_log_commit (transaction, error))
    return FALSE;
  *n_new = intake.n_new;
  return TRUE;
}

static gboolean
take_old (YlStore *store, GPtrArray *incoming, GArray *places, gboolean mends, GError **error)
{
  g_autoptr (GPtrArray) run = g_ptr_array_new ();
  YlIntake intake = { .store = store, .run = run, .places = places, .mends = mends };

  g_return_val_if_fail (incoming->len == places->len, FALSE);

  return take_all (&intake, incoming, error);
}

gboolean
yl_merge_log_fill (YlStore *store, GPtrArray *incoming, GArray *places, GError **error)
{
  return take_old (store, incoming, places, FALSE, error);
}

gboolean
yl_merge_log_mend (YlStore *store, GPtrArray *incoming, GArray *places, GError **error)
{
  return take_old (store, incoming, places, TRUE, error);
}
