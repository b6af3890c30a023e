#include "exchange/yl-state-compare.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-state-wire.h"

/* Calls of one comparison; where more differs, the next exchange goes on. */
#define CALLS_MAX 8

/* Where two copies differ */

static int
compare_places (const YlBucketSum *a, const YlBucketSum *b)
{
  int order = strcmp (a->table, b->table);

  return order != 0 ? order : (int) a->bucket - (int) b->bucket;
}

static void
add_place (GPtrArray *places, const YlBucketSum *bucket)
{
  YlBucketSum *place = g_new0 (YlBucketSum, 1);

  place->table = g_strdup (bucket->table);
  place->bucket = bucket->bucket;
  g_ptr_array_add (places, place);
}

/* Both lists ascend: one walk. A bucket that one side lacks is empty there. */
static GPtrArray *
find_places (GPtrArray *own, GPtrArray *theirs)
{
  GPtrArray *places = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_sum_free);
  guint a = 0, b = 0;

  while (a < own->len || b < theirs->len)
    {
      const YlBucketSum *left = a < own->len ? own->pdata[a] : NULL;
      const YlBucketSum *right = b < theirs->len ? theirs->pdata[b] : NULL;
      int order = left == NULL ? 1 : right == NULL ? -1 : compare_places (left, right);

      if (order != 0 || memcmp (left->sum, right->sum, YL_SUM_BYTES) != 0)
        add_place (places, order <= 0 ? left : right);
      a += order <= 0;
      b += order >= 0;
    }
  return places;
}

static const char *
first_difference (GArray *own, GArray *theirs)
{
  for (guint i = 0; i < own->len || i < theirs->len; i++)
    {
      const YlRecordSum *left = i < own->len ? &g_array_index (own, YlRecordSum, i) : NULL;
      const YlRecordSum *right = i < theirs->len ? &g_array_index (theirs, YlRecordSum, i) : NULL;

      if (left == NULL || right == NULL)
        return left != NULL ? left->id : right->id;
      if (strcmp (left->id, right->id) != 0)
        return strcmp (left->id, right->id) < 0 ? left->id : right->id;
      if (memcmp (left->sum, right->sum, YL_SUM_BYTES) != 0)
        return left->id;
    }
  return NULL;
}

/* The store's side */

static GPtrArray *
ask_buckets (YlPeer *peer, GError **error)
{
  g_autoptr (GBytes) answer = yl_peer_call (peer, "state/buckets", NULL, YL_MEDIA_STATE, YL_STATE_BODY_MAX, error);

  return answer != NULL ? yl_state_wire_read_buckets (answer, error) : NULL;
}

static YlStateAnswer *
ask_records (YlPeer *peer, GPtrArray *places, GError **error)
{
  g_autoptr (GBytes) question = yl_state_wire_question (places);
  g_autoptr (GBytes) answer = yl_peer_call (peer, "state/records", question, YL_MEDIA_STATE, YL_STATE_BODY_MAX, error);

  return answer != NULL ? yl_state_wire_read_records (answer, error) : NULL;
}

static gboolean
note_theirs (YlStore *store, GPtrArray *faults, GError **error)
{
  for (guint i = 0; i < faults->len; i++)
    {
      YlFault *fault = faults->pdata[i];
      g_autofree char *what = NULL;
      g_autofree char *detail = NULL;

      if (fault->id != NULL && yl_table_find (fault->table) != NULL)
        {
          g_free (fault->number);
          fault->number = yl_store_number (store, fault->table, fault->id);
        }
      what = yl_fault_describe (fault);
      detail = g_strdup_printf (_ ("at head office: %s"), what);
      if (!yl_store_note_sync (store, "repaired", detail, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
repair_own (YlStore *store, GPtrArray *places, GPtrArray *faults, GError **error)
{
  for (guint i = 0; i < places->len; i++)
    {
      const YlBucketSum *place = places->pdata[i];

      if (!yl_store_repair_bucket (store, place->table, place->bucket, faults, error))
        return FALSE;
    }
  return yl_store_note_faults (store, faults, error);
}

/* Nobody's file is damaged, and yet they differ. */
static gboolean
refuse_difference (YlStore *store, const YlStateAnswer *answer, GError **error)
{
  for (guint i = 0; i < answer->buckets->len; i++)
    {
      const YlBucketRecords *theirs = answer->buckets->pdata[i];
      g_autoptr (GArray) own = yl_state_record_sums (store, theirs->table, theirs->bucket, error);
      const char *id = own != NULL ? first_difference (own, theirs->sums) : NULL;
      g_autofree char *number = NULL;

      if (own == NULL)
        return FALSE;
      if (id == NULL)
        continue;
      number = yl_table_find (theirs->table) != NULL ? yl_store_number (store, theirs->table, id) : g_strdup (id);
      g_set_error (
          error, YL_ERROR, YL_ERROR_CORRUPT,
          _ ("%s %s differs between this copy and head office, though both have it as their logs say: install the "
             "same version of Yuelai on both."),
          theirs->table, number);
      return FALSE;
    }
  return TRUE;
}

/* @places: at most YL_STATE_ASKED_MAX. */
static gboolean
settle_places (YlStore *store, YlPeer *peer, GPtrArray *places, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  g_autoptr (YlStateAnswer) answer = NULL;

  if (!repair_own (store, places, faults, error))
    return FALSE;
  answer = ask_records (peer, places, error);
  if (answer == NULL || !note_theirs (store, answer->faults, error))
    return FALSE;
  return faults->len > 0 || answer->faults->len > 0 || refuse_difference (store, answer, error);
}

gboolean
yl_state_reconcile (YlStore *store, YlPeer *peer, GError **error)
{
  g_autoptr (GPtrArray) theirs = ask_buckets (peer, error);
  g_autoptr (GPtrArray) own = theirs != NULL ? yl_state_bucket_sums (store, error) : NULL;
  g_autoptr (GPtrArray) places = own != NULL ? find_places (own, theirs) : NULL;

  for (guint call = 0; places != NULL && places->len > 0 && call < CALLS_MAX; call++)
    {
      g_autoptr (GPtrArray) some = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_bucket_sum_free);

      while (places->len > 0 && some->len < YL_STATE_ASKED_MAX)
        g_ptr_array_add (some, g_ptr_array_steal_index (places, 0));
      if (!settle_places (store, peer, some, error))
        return FALSE;
    }
  return places != NULL;
}

/* The hub's side */

static gboolean
add_records (YlStore *store, const YlBucketSum *place, YlStateAnswer *answer, GError **error)
{
  YlBucketRecords *records;

  if (!yl_store_repair_bucket (store, place->table, place->bucket, answer->faults, error))
    return FALSE;
  records = g_new0 (YlBucketRecords, 1);
  records->table = g_strdup (place->table);
  records->bucket = place->bucket;
  records->sums = yl_state_record_sums (store, place->table, place->bucket, error);
  if (records->sums == NULL)
    {
      g_free (records->table);
      g_free (records);
      return FALSE;
    }
  g_ptr_array_add (answer->buckets, records);
  return TRUE;
}

GBytes *
yl_state_answer (YlStore *store, GBytes *question, GError **error)
{
  g_autoptr (GPtrArray) places = yl_state_wire_read_question (question, error);
  g_autoptr (YlStateAnswer) answer = yl_state_answer_new ();

  for (guint i = 0; places != NULL && i < places->len; i++)
    if (!add_records (store, places->pdata[i], answer, error))
      return NULL;
  if (places == NULL || !yl_store_note_faults (store, answer->faults, error))
    return NULL;
  return yl_state_wire_records (answer);
}
