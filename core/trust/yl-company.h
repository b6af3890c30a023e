#pragma once

#include "change/yl-change.h"

G_BEGIN_DECLS

/* Acts of head office that only its store can do, because it holds the authority key. Errors: YL_ERROR_REFUSED elsewhere. */

typedef struct
{
  const char *code; /* 1-8 capital letters or digits, unique */
  const char *name;
  gint64 lat; /* millionths of a degree */
  gint64 lon;
} YlNewSite;
/** yl_company_add_site: the site and its first staff member (`CODE01`). Returns the site's record id. */
char *yl_company_add_site (YlStore *store, const YlNewSite *site, GError **error);

typedef struct
{
  const char *site;       /* record id */
  const char *name;       /* of the PC, as people call it */
  const guint8 *sign_key; /* Ed25519 public key */
  const guint8 *box_key;  /* X25519 public key */
} YlNewNode;
/** yl_company_enrol_node: enrols a PC, giving it the next writer letter of its site; the site's first PC becomes its
 * confirming node. The same key twice gives the same node. Returns the node's record id. */
char *yl_company_enrol_node (YlStore *store, const YlNewNode *node, GError **error);

/*
 * One-time codes: kept only as a hash, in head office's file, valid for 10 minutes, never sent to other stores.
 * A join with an approved code enrols at once; otherwise it waits until a person at head office has compared the six digits.
 */
/** yl_company_new_invite: @secret receives 16 random bytes for the code. */
gboolean yl_company_new_invite (YlStore *store, const char *site, gboolean approved, guint8 *secret, GError **error);

typedef struct
{
  const guint8 *secret; /* 16 bytes, as in the code */
  const guint8 *sign_key;
  const guint8 *box_key;
  const char *pc_name;
  const char *digits; /* six, derived from both sides' keys by the exchange */
} YlJoinRequest;
/**
 * yl_company_join: a PC presents a code. Returns the node's record id, or NULL without an error while it waits for approval.
 * The same PC may ask again with the same code. Errors: YL_ERROR_REFUSED: unknown, used by another PC, expired: says which.
 */
char *yl_company_join (YlStore *store, const YlJoinRequest *request, GError **error);
/** yl_company_pending_joins: `digits<TAB>site code<TAB>PC name` of those that wait. */
GStrv yl_company_pending_joins (YlStore *store, GError **error);
/** yl_company_approve: enrols the PC that shows these digits. Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_company_approve (YlStore *store, const char *digits, GError **error);

/** yl_node_keys: the public keys that belong to a seed: Ed25519, X25519 and the writer id. */
void yl_node_keys (const guint8 *seed, guint8 *sign_key, guint8 *box_key, char *writer);

G_END_DECLS
