#include "yl-booking-rule.h"

#include <string.h>

void
yl_claim_free (YlClaim *claim)
{
  g_free (claim->id);
  g_free (claim->worker);
  g_free (claim->slot);
  g_free (claim);
}

gboolean
yl_claims_clash (const YlClaim *a, const YlClaim *b)
{
  if (g_str_equal (a->slot, b->slot))
    return TRUE;
  return g_str_equal (a->worker, b->worker) && a->start < b->end && b->start < a->end;
}

static int
class_of (const YlClaim *claim)
{
  if (claim->served)
    return 5;
  if (claim->ruling != 0)
    return claim->ruling > 0 ? 4 : 0;
  return claim->epoch > 0 ? 3 : 2;
}

static int
compare (gint64 a, gint64 b)
{
  return a < b ? -1 : a > b;
}

/* Best first. */
static int
compare_rank (gconstpointer a, gconstpointer b)
{
  const YlClaim *left = *(YlClaim *const *) a;
  const YlClaim *right = *(YlClaim *const *) b;
  int order = class_of (right) - class_of (left);

  if (order == 0)
    order = compare (right->epoch, left->epoch);
  if (order == 0)
    order = compare (left->hlc, right->hlc);
  return order != 0 ? order : strcmp (left->id, right->id);
}

void
yl_booking_decide (GPtrArray *claims)
{
  g_ptr_array_sort (claims, compare_rank);
  for (guint i = 0; i < claims->len; i++)
    {
      YlClaim *claim = claims->pdata[i];

      claim->winner = NULL;
      claim->fate = claim->withdrawn && !claim->served ? YL_CLAIM_WITHDRAWN : YL_CLAIM_STANDS;
      for (guint j = 0; j < i && claim->fate == YL_CLAIM_STANDS && !claim->served; j++)
        {
          const YlClaim *better = claims->pdata[j];

          if (better->fate != YL_CLAIM_STANDS || !yl_claims_clash (claim, better))
            continue;
          claim->fate = YL_CLAIM_OVERRULED;
          claim->winner = better->id;
        }
    }
}
