#pragma once

#include "exchange/yl-enrol-code.h"
#include "exchange/yl-session.h"

G_BEGIN_DECLS

/*
 * What a new PC and the hub say to each other (docs/formats.md, "Enrolment code"). The hub proves by the authority key, whose
 * digest is the scope in the code, that its keys are head office's; the PC seals the code's secret to them; and the hub
 * proves with the secret that it could open it. Who stands between and has no code can do neither.
 */
typedef struct
{
  char scope[YL_SCOPE_CHARS + 1];
  guint8 authority_key[YL_KEY_BYTES];
  guint8 hub_key[YL_KEY_BYTES]; /* Ed25519 and X25519 public keys of the hub's node */
  guint8 hub_box_key[YL_KEY_BYTES];
  guint8 hub_nonce[YL_NONCE_BYTES];
  guint8 node_nonce[YL_NONCE_BYTES];
} YlJoinChallenge;

/** yl_join_challenge_transcript: what the authority key signs. */
char *yl_join_challenge_transcript (const YlJoinChallenge *challenge);
/** yl_join_challenge_verify: the authority key fits the scope, and made @signature. */
gboolean yl_join_challenge_verify (const YlJoinChallenge *challenge, const guint8 *signature);

/** YlJoinBid: what the PC sends, sealed to the hub. */
typedef struct
{
  guint8 hub_nonce[YL_NONCE_BYTES];
  guint8 secret[YL_SECRET_BYTES];
  guint8 sign_key[YL_KEY_BYTES];
  guint8 box_key[YL_KEY_BYTES];
  char *pc_name;
} YlJoinBid;

/** yl_join_bid_seal: the PC's side; its keys are made from @seed. */
GBytes *yl_join_bid_seal (const YlJoinChallenge *challenge,
                          const guint8 *secret,
                          const guint8 *seed,
                          const char *pc_name);
/** yl_join_bid_parse: @plain: as opened by the hub. Checks the form, not yet the PC's signature. Errors: YL_ERROR_INVALID. */
YlJoinBid *yl_join_bid_parse (GBytes *plain, guint8 *signature, GError **error);
/** yl_join_bid_verify: whether the PC holds the key it names, and means this challenge. */
gboolean yl_join_bid_verify (const YlJoinBid *bid, const YlJoinChallenge *challenge, const guint8 *signature);
void yl_join_bid_free (YlJoinBid *bid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlJoinBid, yl_join_bid_free)

#define YL_JOIN_PROOF_BYTES 32
/** yl_join_answer_proof: @node is empty while the PC waits for approval. */
void yl_join_answer_proof (const YlJoinChallenge *challenge, const guint8 *secret, const char *node, guint8 *proof);

/** yl_join_digits: the six digits both sides show. */
char *yl_join_digits (const YlJoinChallenge *challenge,
                      const guint8 *secret,
                      const guint8 *sign_key,
                      const guint8 *box_key);

G_END_DECLS
