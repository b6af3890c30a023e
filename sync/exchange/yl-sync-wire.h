#pragma once

#include "base/yl-id.h"
#include "exchange/yl-wire.h"
#include "seal/yl-key-set.h"

G_BEGIN_DECLS

/*
 * The one call of an exchange (docs/formats.md, "Sync"): what the caller has, by the digest of its frontier where the hub knows that, what
 * it sends, and what comes back for it. Readers check every size.
 */
#define YL_FRONTIER_DIGEST_BYTES 16
#define YL_STATE_HASH_BYTES 32
#define YL_SYNC_WAIT_MAX_SECONDS 25
#define YL_SYNC_IDS_MAX 4000
#define YL_SYNC_BODY_MAX (YL_WIRE_BODY_MAX + 512 * 1024)

typedef struct
{
  guint wait;                            /* seconds to wait for news where there are none */
  gboolean wants;                        /* a segment of what the caller lacks */
  gboolean refills;                      /* ids of keys that the hub lacks */
  gboolean keys;                         /* the sum of the keys that both have */
  gboolean stock;                        /* it is not what it was: the hub is to look which it lost */
  guint8 base[YL_FRONTIER_DIGEST_BYTES]; /* digest of the frontier that the caller had before what it sends */
  GArray *names;      /* that frontier itself, with rungs or without; NULL: the hub is to know the digest */
  GByteArray *erased; /* who was erased, as the caller knows, YL_ID_BYTES each; NULL: nobody */
  GBytes *segment;    /* NULL: none */
} YlSyncCall;
YlSyncCall *yl_sync_call_new (void);
void yl_sync_call_free (YlSyncCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlSyncCall, yl_sync_call_free)
GBytes *yl_sync_call_encode (const YlSyncCall *call);
/** yl_sync_call_decode: Errors: YL_ERROR_INVALID, YL_ERROR_NEWER. */
YlSyncCall *yl_sync_call_decode (GBytes *bytes, GError **error);

typedef struct
{
  GArray *names; /* the hub's frontier, where it does not know the caller's digest; else NULL */
  guint8 frontier[YL_FRONTIER_DIGEST_BYTES]; /* digest of the hub's frontier, after what was sent */
  guint8 hash[YL_STATE_HASH_BYTES];          /* the state hash that goes with it */
  gint64 time;                               /* of the hub's clock, when all that was so; UTC ms */
  gboolean has_receipt;
  guint8 receipt[YL_SIGNATURE_BYTES]; /* see yl-receipt.h */
  gboolean has_keys;
  guint8 keys[YL_KEY_SUM_BYTES]; /* see yl-key-set.h */
  GBytes *wanted;                /* ids of keys that the hub lacks, YL_KEY_ID_BYTES each; NULL: none */
  GBytes *segment;               /* NULL: none */
} YlSyncAnswer;
YlSyncAnswer *yl_sync_answer_new (void);
void yl_sync_answer_free (YlSyncAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlSyncAnswer, yl_sync_answer_free)
GBytes *yl_sync_answer_encode (const YlSyncAnswer *answer);
/** yl_sync_answer_decode: Errors: YL_ERROR_INVALID, YL_ERROR_NEWER. */
YlSyncAnswer *yl_sync_answer_decode (GBytes *bytes, GError **error);

G_END_DECLS
