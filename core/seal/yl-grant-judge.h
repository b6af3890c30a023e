#pragma once

#include "seal/yl-grant-policy.h"
#include "store/yl-store-private.h"

G_BEGIN_DECLS

/*
 * YlGrantJudge: the grant policy for one node, from what this copy knows of it and of the persons. Good for one stretch of
 * asking: it remembers what it looked up, and borrows the store. What cannot be read gives nobody a key; whoever asked then learns of
 * it by yl_database_check_fault(), before a verdict is passed on.
 */

/** yl_grant_judge_new: for the node that writes as @writer. */
YlGrantJudge *yl_grant_judge_new (YlStore *store, const char *writer);
/** yl_grant_judge_new_self: for this file's own node. */
YlGrantJudge *yl_grant_judge_new_self (YlStore *store);
void yl_grant_judge_free (YlGrantJudge *judge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlGrantJudge, yl_grant_judge_free)

/** yl_grant_judge_ask: @made_by: the store of keys that were made by a store not entitled to the class; NULL otherwise. */
YlGrantVerdict yl_grant_judge_ask (YlGrantJudge *judge,
                                   const char *person,
                                   YlDisclosure disclosure,
                                   const char *made_by);
/** yl_grant_judge_is_tied: whether the node has anything to do with the person, turned out or not. */
gboolean yl_grant_judge_is_tied (YlGrantJudge *judge, const char *person);
/** yl_grant_judge_site: record id of the node's store; NULL where it is not known here. */
const char *yl_grant_judge_site (YlGrantJudge *judge);

G_END_DECLS
