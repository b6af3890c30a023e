#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Which of several claims stand (design: bookings). Two claims clash when they promise the same worker for overlapping
 * time, or fill the same slot of an order. Winners are taken greedily by rank, so a claim loses only to a standing one.
 * Rank: served or settled, which nothing overrules; ruling by head office; confirmed, higher confirmer epoch first;
 * tentative; ruled to give way; then the earlier clock reading, then the lower id.
 */

typedef enum
{
  YL_CLAIM_STANDS,
  YL_CLAIM_OVERRULED, /* gave way to @winner */
  YL_CLAIM_WITHDRAWN, /* by its store or because the worker dropped out */
} YlClaimFate;

typedef struct
{
  char *id;
  char *worker;
  char *slot;   /* order and slot: one worker each */
  gint64 start; /* UTC ms, half open */
  gint64 end;
  gint64 hlc; /* of the entry that wrote it */
  int ruling; /* 1 holds, -1 gives way, 0 none */
  gboolean served;
  gint64 epoch; /* of its highest confirmation, 0 = tentative */
  gboolean withdrawn;

  YlClaimFate fate;   /* out */
  const char *winner; /* out: id of the claim it gave way to, or NULL */
} YlClaim;

void yl_claim_free (YlClaim *claim);
gboolean yl_claims_clash (const YlClaim *a, const YlClaim *b);
/** yl_booking_decide: sets fate and winner of all; sorts @claims (element-type YlClaim) by rank. Pure. */
void yl_booking_decide (GPtrArray *claims);

G_END_DECLS
