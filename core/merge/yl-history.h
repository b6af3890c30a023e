#pragma once

#include "change/yl-change.h"

G_BEGIN_DECLS

/** YlHistoryValue: one field, or one element of a set, that a change set wrote. */
typedef struct
{
  char *table; /* of the record that was written: of a set's element its owner's */
  char *id;
  char *column;         /* "": the record itself came or went */
  const YlField *field; /* NULL: of a newer version, or the record itself */
  const YlSet *set;     /* it is an element of this set: the values are codes with levels */
  YlValue before;       /* plain; what the writer had seen there */
  YlValue after;
  gboolean before_locked; /* sealed, and this node lacks the key */
  gboolean after_locked;
  gint64 base;      /* local number of the entry that wrote @before; 0 if none did */
  gboolean apart;   /* another value stood beside it that the writer had not seen */
  gboolean decides; /* several values stood, and the writer had seen them all */
} YlHistoryValue;

/** YlHistoryEntry: a change set, as far as it is about the record. */
typedef struct
{
  gint64 n;
  char *writer; /* 16 hex digits */
  gint64 seq;
  char *label;       /* CY-A */
  char *actor;       /* staff code; may be NULL where @what is */
  gint64 time;       /* UTC ms, by the writer's clock */
  char *what;        /* NULL: its change set is behind the checkpoint on which this copy stands */
  char *refused;     /* why it does not count, or NULL */
  GPtrArray *values; /* of YlHistoryValue */
} YlHistoryEntry;
void yl_history_entry_free (YlHistoryEntry *entry);

/**
 * yl_history_of: everything that was written to a record and its sets, in the order this PC learned of it, which puts causes first; of a
 * person also to the records merged with this one. Deleted records have one too. @id: a record id.
 * Returns: (element-type YlHistoryEntry)
 */
GPtrArray *yl_history_of (YlStore *store, const char *table, const char *id, GError **error);

/**
 * yl_history_restore: writes the value before, or the one after, of an old change once more: a new change set.
 * @undo: receives what takes it back, or NULL. Errors: YL_ERROR_REFUSED for what cannot be written or read here.
 */
gboolean yl_history_restore (YlStore *store,
                             const YlHistoryValue *value,
                             gboolean before,
                             YlUndo **undo,
                             GError **error);

G_END_DECLS
