#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Erasing a person: head office writes an erasure into the log, and every copy that folds it destroys the person's keys and what it
 * opened with them. What was sealed stays in the log for ever, unreadable to everybody. The record keeps its codes and number.
 */

/** yl_erase_person: writes the erasure of a person, of every record that was merged with hers, and of a customer's household that
 * nobody else lives in. @cause: a code of `erasure_cause`. Follow it with yl_erase_settle().
 * Errors: YL_ERROR_REFUSED (not head office, or erased already). */
gboolean yl_erase_person (YlStore *store, const char *person, const char *cause, GError **error);

/** yl_erase_settle: makes sure that nothing of the persons erased is left in this copy's files, then says so in the log, once.
 * Not inside a transaction. @n_confirmed: may be NULL. Where others keep the file busy it is tried again the next time. */
gboolean yl_erase_settle (YlStore *store, guint *n_confirmed, GError **error);

/** YlErasure: how far the erasure of a person has got. */
typedef struct
{
  char *person;
  char *number;
  char *kind; /* table */
  char *cause;
  gint64 at;          /* UTC ms */
  GPtrArray *done;    /* of char *: labels of the PCs that have carried it out */
  GPtrArray *not_yet; /* of char *: those that have not said so */
  GPtrArray *gone;    /* of char *: those of them that were shut out, and may never say so */
} YlErasure;
void yl_erasure_free (YlErasure *erasure);
/** yl_erase_status: of one person (all records merged into one), or of all for NULL, oldest first (element-type YlErasure). */
GPtrArray *yl_erase_status (YlStore *store, const char *person, GError **error);

/**
 * YlEraseHook: destroys what this copy keeps of a person beside rows and keys. Called when the erasure is committed, perhaps more
 * than once. One line each in yl-erase-wipe.c.
 */
typedef gboolean (*YlEraseHook) (YlStore *store, const char *person, GError **error);

/* For the door: carries out the erasures among the touched records, in the open transaction. */
gboolean yl_erase_follow (YlStore *store, GError **error);
/* Overwrites what is left of destroyed keys. @done: FALSE where the file is too busy. */
gboolean yl_erase_wipe (YlStore *store, gboolean *done, GError **error);

G_END_DECLS
