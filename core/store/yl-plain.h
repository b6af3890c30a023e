#pragma once

#include "yl-store.h"

G_BEGIN_DECLS

/*
 * The plain side: sealed columns opened under the keys this node holds, in an attached database in memory that is never
 * written to disk. Table plain.<name> holds id and the sealed columns of those tables that people are looked up in (with a
 * sealed name or a unique sealed column: worker, customer, staff); join it for lists.
 */
typedef struct _YlPlain YlPlain;

/** yl_plain_ensure: fills the plain side if it is not there yet. Queries over `plain.` tables call it first. */
gboolean yl_plain_ensure (YlStore *store, GError **error);
/** yl_plain_find: the id of a record whose column (sealed or open) holds @value, or of the one as which that is shown (yl-alias.h);
 * NULL without an error if none does. */
char *yl_plain_find (YlStore *store, const char *table, const char *column, const char *value, GError **error);

/* For the door: takes one record in anew, where the plain side is filled. */
gboolean yl_plain_follow (YlStore *store, const char *table, const char *id, GError **error);
/* Forgets everything; filled again at the next need. */
gboolean yl_plain_drop (YlStore *store, GError **error);
void yl_plain_free (YlPlain *plain);
/* yl_plain_committed, yl_plain_rolled_back: what became of the transaction in which it may have been made. */
void yl_plain_committed (YlStore *store);
void yl_plain_rolled_back (YlStore *store);

G_END_DECLS
