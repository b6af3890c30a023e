#pragma once

#include "change/yl-change.h"

G_BEGIN_DECLS

/** YlConflictVersion: one of the standing values of a register. */
typedef struct
{
  char *value; /* plain, as text; NULL = empty; a register of several columns joins them with ` / ` */
  YlValue *
      columns; /* the values of the register's columns, in the order of the table's fields; sealed as they are where the key lacks */
  guint n_columns;
  gboolean locked;    /* this node lacks the key of a column */
  gint64 n;           /* local number of the entry that wrote it */
  char *writer;       /* 16 hex digits */
  char *writer_label; /* CY-A */
  char *site;         /* record id of the writer's store, or NULL */
  char *actor;        /* staff code */
  gint64 time;        /* UTC ms, by the writer's clock */

  /* What the writer had seen there: the value it wrote over. */
  char *base_value; /* plain, as text; NULL = empty */
  char *base_actor; /* NULL: there was none */
  gint64 base_time;
} YlConflictVersion;

/** YlConflict: a register that two people changed apart. versions[0] is the one every copy shows. One whose decision was taken back
 * is listed with the versions that stood before. */
typedef struct
{
  char *table;
  char *id;
  char *field; /* register name; "" = the record itself: deleted here, edited there */
  GPtrArray *versions;
  char *decider; /* whose decision, entry @decision, was taken back; NULL: nobody decided yet */
  gint64 decision;
} YlConflict;

void yl_conflict_free (YlConflict *conflict);
/** yl_conflict_copy: shares the versions, which nobody changes. */
YlConflict *yl_conflict_copy (const YlConflict *conflict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlConflict, yl_conflict_free)
/** yl_conflict_list: sorted by table, id, field (element-type YlConflict). */
GPtrArray *yl_conflict_list (YlStore *store, GError **error);
guint yl_conflict_count (YlStore *store);
/** yl_conflict_find: one conflict by its record and register; NULL without an error if there is none. */
YlConflict *yl_conflict_find (YlStore *store, const char *table, const char *id, const char *field, GError **error);

/*
 * Deciding: a change set that has seen all versions. @undo: receives what takes the decision back and lists the conflict again, or NULL.
 * Errors: YL_ERROR_NOT_FOUND when there is no such conflict any more, YL_ERROR_REFUSED, YL_ERROR_INVALID.
 */

/** yl_conflict_choose: writes the value of one of the versions. */
gboolean yl_conflict_choose (YlStore *store, const YlConflict *conflict, guint version, YlUndo **undo, GError **error);
/** yl_conflict_resolve: writes @value, text as typed, by the checks of any other input. */
gboolean yl_conflict_resolve (YlStore *store,
                              const char *table,
                              const char *id,
                              const char *field,
                              const char *value,
                              YlUndo **undo,
                              GError **error);
/** yl_conflict_can_keep_both: the values are lines of text or choices, which can stand together. */
gboolean yl_conflict_can_keep_both (const YlConflict *conflict);
gboolean yl_conflict_keep_both (YlStore *store, const YlConflict *conflict, YlUndo **undo, GError **error);

/** YlConflictTake: which version of many conflicts. */
typedef enum
{
  YL_TAKE_OURS,   /* written in this store */
  YL_TAKE_THEIRS, /* written elsewhere */
  YL_TAKE_NEWEST, /* the latest, by the clocks of the writers */
} YlConflictTake;

/** yl_conflict_choice: the version that @take names, or -1 where it names none or several. */
int yl_conflict_choice (YlStore *store, const YlConflict *conflict, YlConflictTake take);
/** yl_conflict_take: decides all for which @take names one version, in one change set; at most 200. @conflicts: (element-type
 * YlConflict). Returns how many were decided, or -1. */
int yl_conflict_take (YlStore *store, GPtrArray *conflicts, YlConflictTake take, YlUndo **undo, GError **error);

G_END_DECLS
