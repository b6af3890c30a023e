#include "yl-holding.h"

#include "yl-grant-judge.h"
#include "log/yl-log-door.h"

void
yl_holding_free (YlHolding *holding)
{
  g_free (holding->label);
  g_free (holding->why);
  g_free (holding);
}

#define HOLDINGS                                                                                             \
  "SELECT h.node, k.disclosure, k.epoch, h.at, h.why FROM seal_key AS k JOIN key_holder AS h USING (id)"     \
  " WHERE k.person = ?1 UNION ALL SELECT ?2, disclosure, epoch, since, NULL FROM seal_key WHERE person = ?1" \
  " ORDER BY 2, 3, 4, 1"

GPtrArray *
yl_holding_list (YlStore *store, const char *person, GError **error)
{
  g_autoptr (GPtrArray) holdings = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_holding_free);
  g_autoptr (YlGrantJudge) self = yl_grant_judge_new_self (store);
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, error, HOLDINGS, "tt", person, yl_store_get_identity (store));

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    {
      YlHolding *holding = g_new0 (YlHolding, 1);

      holding->label = yl_log_writer_label (store, yl_rows_text (rows, 0));
      holding->disclosure = (int) yl_rows_integer (rows, 1);
      holding->epoch = yl_rows_integer (rows, 2);
      holding->since = yl_rows_integer (rows, 3);
      holding->why = g_strdup (yl_rows_is_null (rows, 4) ? yl_grant_word (yl_grant_judge_ask (
                                   self, person, (YlDisclosure) holding->disclosure, yl_store_get_site (store)))
                                                         : yl_rows_text (rows, 4));
      g_ptr_array_add (holdings, holding);
    }
  return yl_rows_ended (rows) ? g_steal_pointer (&holdings) : NULL;
}
