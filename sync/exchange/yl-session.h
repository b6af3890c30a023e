#pragma once

#include "exchange/yl-enrol-code.h"
#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * Opening a session: node and hub each sign the same transcript of a challenge, each under its own name, so that neither
 * signature can be used for the other side, another hub, another company or a second time (docs/formats.md, "Session").
 */
#define YL_NONCE_BYTES 32
#define YL_SESSION_SECONDS 3600

typedef enum
{
  YL_SIDE_HUB,
  YL_SIDE_NODE,
} YlSide;

typedef struct
{
  char scope[YL_SCOPE_CHARS + 1];
  guint8 hub_key[YL_KEY_BYTES]; /* Ed25519 public keys */
  guint8 node_key[YL_KEY_BYTES];
  guint8 hub_nonce[YL_NONCE_BYTES];
  guint8 node_nonce[YL_NONCE_BYTES];
  gboolean relay;                           /* the hub is a store's PC; then also: */
  guint8 certificate[YL_FINGERPRINT_BYTES]; /* of the one it shows, or zeros: whoever stands between shows another */
} YlChallenge;

/** yl_challenge_sign: by this file's node, for @side. */
gboolean yl_challenge_sign (const YlChallenge *challenge,
                            YlSide side,
                            YlStore *store,
                            guint8 *signature,
                            GError **error);
/** yl_challenge_verify: whether @side, whose key the challenge names, made @signature. */
gboolean yl_challenge_verify (const YlChallenge *challenge, YlSide side, const guint8 *signature);
/** yl_challenge_transcript: the text that is signed. */
char *yl_challenge_transcript (const YlChallenge *challenge, YlSide side);

/** yl_writer_of_key: the writer id that belongs to an Ed25519 public key; @writer has room for YL_WRITER_CHARS + 1. */
void yl_writer_of_key (const guint8 *key, char *writer);
/** yl_writer_is_head_office: whether the authority chain names @writer a node of head office. */
gboolean yl_writer_is_head_office (YlStore *store, const char *writer);

G_END_DECLS
