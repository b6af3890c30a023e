#include "matching/yl-substitute.h"

#include "matching/yl-matcher-private.h"
#include "records/yl-booking.h"

YlMatchResult *
yl_substitute_after_dropout (YlMatcher *matcher,
                             const char *claim,
                             const char *cause,
                             const char *reason,
                             guint limit,
                             GError **error)
{
  YlStore *store = yl_matcher_get_store (matcher);
  g_autoptr (YlRecord) record = yl_store_get (store, "claim", claim, error);

  if (record == NULL || !yl_booking_dropout (store, claim, cause, reason, error))
    return NULL;
  return yl_matcher_substitute (matcher, yl_record_get_text (record, "order"), limit, error);
}
