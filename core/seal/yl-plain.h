#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * The plain side: sealed columns opened under the keys this node holds, in an attached database in memory. On disk
 * there is at most a sealed copy (yl-plain-cache.h). Table plain.<name> holds id and the sealed columns of those tables that people are looked up in (with a
 * sealed name or a unique sealed column: worker, customer, staff); join it for lists.
 */
typedef struct _YlPlain YlPlain;

/** yl_plain_ensure: fills the plain side if it is not there yet. Queries over `plain.` tables call it first. */
gboolean yl_plain_ensure (YlStore *store, GError **error);
/** yl_plain_find: the id of a record whose column (sealed or open) holds @value, or of the one as which that is shown (yl-alias.h);
 * NULL without an error if none does. */
char *yl_plain_find (YlStore *store, const char *table, const char *column, const char *value, GError **error);

/* For the door, before a change that may look for people: takes a saved plain side in, which cannot be done inside a transaction. Tried
 * once. */
void yl_plain_prepare (YlStore *store);
/* For the door: takes one record in anew, where the plain side is filled. */
gboolean yl_plain_follow (YlStore *store, const char *table, const char *id, GError **error);
/* The same for every record that entries after @n touched, and for those with values that could not be opened. */
gboolean yl_plain_follow_since (YlStore *store, gint64 n, GError **error);
gboolean yl_plain_follow_locked (YlStore *store, GError **error);
/* Forgets everything; filled again at the next need. Not inside a transaction. */
gboolean yl_plain_drop (YlStore *store, GError **error);
/*
 * yl_plain_renew: no plain side of this file made until now holds any more, in the memory of any process or saved: each is dropped
 * at its next refresh, and a saved one cannot even be opened. In the transaction of what makes it so: keys destroyed (an erased
 * person must not come back), values mended without an entry.
 */
gboolean yl_plain_renew (YlStore *store, GError **error);

/* For saving it. */
#define YL_PLAIN_SCHEMA_BYTES 16
void yl_plain_schema (YlStore *store, guint8 *digest);
guint yl_plain_n_written (YlStore *store); /* rows, since it was made or saved */
void yl_plain_set_saved (YlStore *store);
void yl_plain_free (YlPlain *plain);
/* yl_plain_committed, yl_plain_rolled_back: what became of the transaction in which it may have been made. */
void yl_plain_committed (YlStore *store);
void yl_plain_rolled_back (YlStore *store);

G_END_DECLS
