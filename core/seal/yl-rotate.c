#include "yl-rotate.h"

#include <sodium.h>

#include "base/yl-i18n.h"
#include "change/yl-change.h"
#include "yl-grant-judge.h"
#include "yl-key-ring.h"
#include "merge/yl-person.h"

/* At most so many in one change set. */
#define MAX_OPS 500

static GPtrArray *
read_persons (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) persons = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, "SELECT DISTINCT person FROM seal_key ORDER BY 1", NULL);

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (persons, g_strdup (yl_rows_text (rows, 0)));
  return yl_rows_ended (rows) ? g_steal_pointer (&persons) : NULL;
}

static gboolean
has_keys (YlStore *store, const char *writer, const char *person)
{
  gint64 found;

  return yl_database_integer (store->database, &found, 0, NULL,
                              "SELECT 1 FROM seal_key AS k JOIN key_holder AS h USING (id) WHERE k.person = ?"
                              " AND h.node = ? LIMIT 1",
                              "tt", person, writer)
         && found != 0;
}

GPtrArray *
yl_rotate_reach (YlStore *store, const char *writer, GError **error)
{
  g_autoptr (GPtrArray) all = read_persons (store, error);
  g_autoptr (YlGrantJudge) judge = yl_grant_judge_new (store, writer);
  g_autoptr (GPtrArray) reached = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; all != NULL && i < all->len; i++)
    if (has_keys (store, writer, all->pdata[i]) || yl_grant_judge_is_tied (judge, all->pdata[i]))
      g_ptr_array_add (reached, g_strdup (all->pdata[i]));
  return all != NULL && yl_database_check_fault (store->database, error) ? g_steal_pointer (&reached) : NULL;
}

static gboolean
next_epoch (YlStore *store, const char *person, gint64 *epoch, GError **error)
{
  if (!yl_database_integer (store->database, epoch, 0, error,
                            "SELECT max(ifnull((SELECT max(epoch) FROM seal_key WHERE person = ?1), 0),"
                            " ifnull((SELECT max(epoch) FROM rotation WHERE person = ?1), 0))",
                            "t", person))
    return FALSE;
  (*epoch)++;
  return TRUE;
}

/* A new key for each class that has one, and its mark on the rotation. */
static gboolean
renew_class (YlStore *store, YlRecord *rotation, YlDisclosure disclosure, GError **error)
{
  const char *person = yl_record_get_text (rotation, "person");
  YlSealKey key = { { 0 } };
  gint64 found;
  gboolean ok;

  if (!yl_database_integer (store->database, &found, 0, error,
                            "SELECT 1 FROM seal_key WHERE person = ? AND disclosure = ? LIMIT 1", "ti", person,
                            (gint64) disclosure))
    return FALSE;
  if (found == 0)
    return TRUE;
  ok = yl_key_ring_make (store, person, (int) disclosure, yl_record_get_integer (rotation, "epoch", 1), &key, error);
  sodium_memzero (&key, sizeof key);
  yl_record_set_text (rotation, yl_disclosure_word (disclosure), "1");
  return ok;
}

static gboolean
rotate_one (YlChange *change, const char *person, const char *cause, GError **error)
{
  YlStore *store = yl_change_get_store (change);
  g_autoptr (YlRecord) rotation = yl_record_new (yl_table_find ("rotation"), NULL);
  gint64 epoch;

  if (!next_epoch (store, person, &epoch, error))
    return FALSE;
  yl_record_set_text (rotation, "person", person);
  yl_record_set_integer (rotation, "epoch", epoch);
  yl_record_set_text (rotation, "cause", cause);
  for (YlDisclosure disclosure = YL_SEALED_CONTACT; disclosure <= YL_SEALED_NOTES; disclosure++)
    if (!renew_class (store, rotation, disclosure, error))
      return FALSE;
  return yl_change_insert (change, rotation, error);
}

static gboolean
rotate_some (YlStore *store, GPtrArray *persons, guint from, const char *cause, guint *n_rotated, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "rotate keys", error);

  for (guint i = from; change != NULL && i < MIN (persons->len, from + MAX_OPS); i++)
    {
      if (yl_person_is_erased (store, persons->pdata[i]))
        continue;
      if (!rotate_one (change, persons->pdata[i], cause, error))
        return FALSE;
      (*n_rotated)++;
    }
  return change != NULL && yl_change_commit (change, error);
}

gboolean
yl_rotate_keys (YlStore *store, GPtrArray *persons, const char *cause, guint *n_rotated, GError **error)
{
  *n_rotated = 0;
  if (!yl_store_is_head_office (store))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s", _ ("only head office begins a new epoch of keys"));
      return FALSE;
    }
  for (guint from = 0; from < persons->len; from += MAX_OPS)
    if (!rotate_some (store, persons, from, cause, n_rotated, error))
      return FALSE;
  return TRUE;
}
