#pragma once

#include "log/yl-entry.h"
#include "store/yl-store.h"

G_BEGIN_DECLS

/* Shutting out PCs and staff, and what becomes of the work they did after that. Acts of head office; errors: YL_ERROR_REFUSED elsewhere. */

/** YlNodeInfo: one PC of the company. */
typedef struct
{
  char *id;
  char *label; /* CY-A */
  char *name;  /* as people call it */
  char *identity;
  guint n_pens;    /* further ones */
  gint64 written;  /* entries of all its pens that are here */
  gint64 last_hlc; /* of the latest, 0: none */
  gboolean revoked;
  gboolean lost;
} YlNodeInfo;
void yl_node_info_free (YlNodeInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlNodeInfo, yl_node_info_free)
/** yl_company_nodes: all PCs, by label (element-type YlNodeInfo). On any store. */
GPtrArray *yl_company_nodes (YlStore *store, GError **error);
/** yl_company_find_node: a PC by label (`CY-A`), record id or writer. Errors: YL_ERROR_NOT_FOUND. */
char *yl_company_find_node (YlStore *store, const char *name, GError **error);

/** yl_company_revoke: shuts out a PC: what it wrote up to now counts, what comes later does not. @from: the last entry that counts
 * (`writer:seq:id8`), or NULL for all that is here. @lost: the PC itself is in other hands: for
 * everybody whose keys it had or might have had new ones begin (yl_rotate_keys()).
 * Errors: YL_ERROR_NOT_FOUND, YL_ERROR_INVALID (no entry of that PC), YL_ERROR_REFUSED (this very PC, or already). */
gboolean yl_company_revoke (YlStore *store, const char *node, const char *from, gboolean lost, GError **error);
/** yl_company_disable_staff: likewise for a member of staff. */
gboolean yl_company_disable_staff (YlStore *store, const char *code, GError **error);

/** YlReviewItem: an entry that does not count because who wrote it was shut out. */
typedef struct
{
  char *entry; /* its full name */
  char *node;  /* the PC's record id, or NULL */
  char *label; /* of the PC */
  char *what;
  char *actor;
  gint64 at; /* UTC ms, by the PC's clock */
  guint n_ops;
} YlReviewItem;
void yl_review_item_free (YlReviewItem *item);
/** yl_review_list: those that nobody has decided on, oldest first (element-type YlReviewItem). On any store. */
GPtrArray *yl_review_list (YlStore *store, GError **error);
/** yl_review_entry: one of them, whole. Errors: YL_ERROR_NOT_FOUND. */
YlEntry *yl_review_entry (YlStore *store, const char *name, GError **error);
/** yl_review_tell: says that work of the PC @node (record id) waits, or, where nothing of it does, no longer. */
gboolean yl_review_tell (YlStore *store, const char *node, GError **error);
/** yl_review_accept: head office writes its ops again as its own. What no PC of head office may write stays out. */
gboolean yl_review_accept (YlStore *store, const char *name, GError **error);
/** yl_review_drop: it is not to count; that is written down too. */
gboolean yl_review_drop (YlStore *store, const char *name, GError **error);

G_END_DECLS
