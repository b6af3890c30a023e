#include "yl-clash.h"

#include "base/yl-i18n.h"
#include "seal/yl-plain.h"
#include "store/yl-store-private.h"

static void
side_clear (YlClashSide *side)
{
  g_free (side->claim);
  g_free (side->order);
  g_free (side->order_no);
  g_free (side->site);
  g_free (side->actor);
}

void
yl_clash_free (YlClash *clash)
{
  side_clear (&clash->lost);
  side_clear (&clash->won);
  g_free (clash->worker);
  g_free (clash->worker_no);
  g_free (clash->worker_name);
  g_free (clash->order_state);
  g_free (clash);
}

const char *
yl_clash_reason_words (YlClashReason reason)
{
  switch (reason)
    {
    case YL_CLASH_SERVED:
      return _ ("the other visit has taken place, and that stands");
    case YL_CLASH_RULED:
      return _ ("head office decided");
    case YL_CLASH_CONFIRMED:
      return _ ("her store confirmed the other promise");
    case YL_CLASH_NEWER:
      return _ ("the other promise was confirmed by the PC that confirms for her store now");
    case YL_CLASH_EARLIER:
    default:
      return _ ("the other promise was made earlier");
    }
}

/* Columns from @first: claim, order, order_no, by_site, start, end, actor, hlc. */
static void
read_side (YlRows *rows, int first, YlClashSide *side)
{
  side->claim = g_strdup (yl_rows_text (rows, first));
  side->order = g_strdup (yl_rows_text (rows, first + 1));
  side->order_no = g_strdup (yl_rows_text (rows, first + 2));
  side->site = g_strdup (yl_rows_text (rows, first + 3));
  side->start = yl_rows_integer (rows, first + 4);
  side->end = yl_rows_integer (rows, first + 5);
  side->actor = g_strdup (yl_rows_text (rows, first + 6));
  side->promised_at = YL_HLC_MS (yl_rows_integer (rows, first + 7));
}

/* In the order of ranks of records/yl-booking-rule.h. */
static YlClashReason
read_reason (YlRows *rows, int first)
{
  gint64 epoch = yl_rows_integer (rows, first + 2), other = yl_rows_integer (rows, first + 3);

  if (yl_rows_integer (rows, first) != 0)
    return YL_CLASH_SERVED;
  if (yl_rows_integer (rows, first + 1) != 0)
    return YL_CLASH_RULED;
  if (other > 0 && epoch == 0)
    return YL_CLASH_CONFIRMED;
  return other > epoch ? YL_CLASH_NEWER : YL_CLASH_EARLIER;
}

static YlClash *
read_clash (YlStore *store, YlRows *rows)
{
  YlClash *clash = g_new0 (YlClash, 1);

  clash->worker = g_strdup (yl_rows_text (rows, 0));
  clash->worker_no = g_strdup (yl_rows_text (rows, 1));
  clash->worker_name = g_strdup (yl_rows_text (rows, 2));
  clash->order_state = g_strdup (yl_rows_text (rows, 3));
  read_side (rows, 4, &clash->lost);
  read_side (rows, 12, &clash->won);
  clash->reason = read_reason (rows, 20);
  clash->is_own = g_strcmp0 (clash->lost.site, yl_store_get_site (store)) == 0;
  return clash;
}

#define WRITTEN(claim, column)                                                                                       \
  "(SELECT e." column " FROM op JOIN entry e USING (n) WHERE op.t = (SELECT t FROM table_name WHERE name = 'claim')" \
  " AND op.id = yl_id (" claim ".id) AND e.refused IS NULL ORDER BY e.n LIMIT 1)"
#define SIDE(claim, order)                                                                       \
  claim ".id, " claim ".[order], " order ".order_no, " claim ".by_site, " claim ".start, " claim \
        ".end, " WRITTEN (claim, "actor") ", " WRITTEN (claim, "hlc")
#define EPOCH(claim) "(SELECT ifnull(max(epoch), 0) FROM confirmation WHERE claim = " claim ".id)"

GPtrArray *
yl_clash_list (YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) clashes = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_clash_free);
  g_autoptr (YlRows) rows = NULL;

  if (!yl_plain_ensure (store, error))
    return NULL;
  rows = yl_database_query (
      store->database, error,
      "SELECT b.worker, w.worker_no, p.name, s.state, " SIDE ("k", "o") ", " SIDE (
          "x",
          "y") ","
               " EXISTS (SELECT 1 FROM evidence WHERE claim = x.id),"
               " EXISTS (SELECT 1 FROM ruling r WHERE r.claim IN (k.id, x.id)), " EPOCH ("k") ", " EPOCH (
                   "x") " FROM booking b JOIN claim k ON k.id = b.id LEFT JOIN [order] o ON o.id = b.[order]"
                        " LEFT JOIN order_state s ON s.id = b.[order] LEFT JOIN worker w ON w.id = b.worker"
                        " LEFT JOIN plain.worker p ON p.id = b.worker LEFT JOIN claim x ON x.id = b.winner"
                        " LEFT JOIN [order] y ON y.id = x.[order] WHERE b.state = 'overruled' AND b.end > ?1 ORDER BY b.start, b.id",
      "i", yl_store_now (store));
  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    g_ptr_array_add (clashes, read_clash (store, rows));
  return yl_rows_ended (rows) ? g_steal_pointer (&clashes) : NULL;
}
