#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/**
 * YlChange: the one door for local writes. A change set is built inside one SQLite transaction: begin, write, commit.
 * Dropping it uncommitted rolls everything back. Only one may be open per store; nothing else may be committed meanwhile.
 * After yl_change_commit() the change is durable and waits to be sent.
 *
 *   g_autoptr (YlChange) change = yl_change_begin (store, "book", &error);
 *   if (change == NULL || !yl_change_insert (change, claim, &error) || !yl_change_commit (change, &error))
 *     return FALSE;
 */
typedef struct _YlChange YlChange;

/**
 * yl_change_begin:
 * @what: template of the sentence that names the change in the log (`book`, `dropout`, `edit worker`): codes, never particulars.
 * Errors: YL_ERROR_REFUSED (no actor, not enrolled), YL_ERROR_FULL, YL_ERROR_CORRUPT.
 */
YlChange *yl_change_begin (YlStore *store, const char *what, GError **error);
/** yl_change_begin_as_authority: the same with the company's authority key, which only head office's store holds. */
YlChange *yl_change_begin_as_authority (YlStore *store, const char *what, GError **error);
void yl_change_free (YlChange *change);

YlStore *yl_change_get_store (YlChange *change);
/** yl_change_now: the instant of this change set, UTC ms. */
gint64 yl_change_now (YlChange *change);
/** yl_change_name: adds a code to the sentence, such as a short number: `book DCYA0001 CYB0004`. Letters, digits, `-_:.` only. */
void yl_change_name (YlChange *change, const char *code);

/**
 * yl_change_insert: checks and writes a new record, giving it an id and a short number where it has none.
 * Errors: YL_ERROR_INVALID, YL_ERROR_REFUSED; the change set stays open and unchanged by the failed call.
 */
gboolean yl_change_insert (YlChange *change, YlRecord *record, GError **error);
/** yl_change_update: writes the columns of @record that differ from what is stored. Nothing differing is no error and no op. */
gboolean yl_change_update (YlChange *change, const YlRecord *record, GError **error);
gboolean yl_change_delete (YlChange *change, const char *table, const char *id, GError **error);
/** yl_change_set_elements: makes the set of @owner the elements of the comma list (`infant:3,newborn:2`), adding and removing rows. */
gboolean yl_change_set_elements (YlChange *change,
                                 const YlSet *set,
                                 const char *owner,
                                 const char *list,
                                 GError **error);

/**
 * yl_change_expect: refuse the commit if the column no longer holds what the form was built on.
 * Errors (at once): YL_ERROR_STALE naming both values.
 */
gboolean yl_change_expect (YlChange *change, const YlRecord *seen, const char *column, GError **error);

/**
 * yl_change_touch: writes a register although its value stays: says that all its standing versions were seen.
 * @name: the register, or NULL for the record itself.
 */
gboolean yl_change_touch (YlChange *change, const char *table, const char *id, const char *name, GError **error);

/** yl_change_is_empty: nothing was written; committing it writes no change set. */
gboolean yl_change_is_empty (YlChange *change);

/**
 * yl_change_commit: the ops are the difference the capture found; at most 1,000 and 1 MiB, checked by the same gate as a
 * receiver's. One SQLite transaction, synchronous=FULL.
 */
gboolean yl_change_commit (YlChange *change, GError **error);

/** yl_change_take_undo: after a commit, what takes it back. Pass it to yl_undo_commit() for a new change set that restores the old values. */
typedef struct _YlUndo YlUndo;
YlUndo *yl_change_take_undo (YlChange *change);
void yl_undo_free (YlUndo *undo);
/** yl_undo_commit: Errors: YL_ERROR_STALE when somebody changed a field since. */
gboolean yl_undo_commit (YlUndo *undo, YlStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlChange, yl_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlUndo, yl_undo_free)

G_END_DECLS
