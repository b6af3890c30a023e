#pragma once

#include "yl-merge.h"

G_BEGIN_DECLS

/*
 * The past of some records. A second database, in memory, has the tables of state and reads the log from the store's file; entries are
 * folded into it by the same code that folds them into the store. So what it holds is what the store showed, by the same rules.
 */
typedef struct _YlPast YlPast;

/** yl_past_new: empty. It sees what is committed at this moment and holds no lock on the file. */
YlPast *yl_past_new (YlStore *store, GError **error);
void yl_past_free (YlPast *past);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlPast, yl_past_free)

/** yl_past_add: this record and the elements of its sets belong to it. @id: exact. For an order, and for a promise, also the facts their
 * state follows from. */
gboolean yl_past_add (YlPast *past, const char *table, const char *id, GError **error);
/** yl_past_concerns: whether an op is about one of its records. */
gboolean yl_past_concerns (YlPast *past, const YlOp *op);
/** yl_past_entries: the local numbers of all entries about its records, in causal order (element-type gint64). */
GArray *yl_past_entries (YlPast *past, GError **error);
/** yl_past_fold: folds what @entry says about its records. */
gboolean yl_past_fold (YlPast *past, gint64 n, const YlEntry *entry, GError **error);
/** yl_past_derive: works out promises and order states from what was folded. */
gboolean yl_past_derive (YlPast *past, GError **error);
/** yl_past_get_store: where to read rows, sets and versions, in wire form: it holds no keys. Never to be written. */
YlStore *yl_past_get_store (YlPast *past);

/** YlMoment: up to which entries. */
typedef struct
{
  gint64 hlc;           /* those with this clock reading or an earlier one, if @seen is NULL */
  const YlVector *seen; /* those it covers */
} YlMoment;

/**
 * yl_past_as_of: folds every entry about its records that belongs to @moment.
 * Errors: YL_ERROR_MISSING where this store no longer keeps their messages.
 */
gboolean yl_past_as_of (YlPast *past, const YlMoment *moment, GError **error);

G_END_DECLS
