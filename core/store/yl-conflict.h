#pragma once

#include "yl-change.h"

G_BEGIN_DECLS

/** YlConflictVersion: one of the standing values of a register. */
typedef struct
{
  char *value;      /* plain, as text; NULL = empty; a register of several columns joins them with ` / ` */
  YlValue *columns; /* the values of the register's columns, in the order of the table's fields */
  guint n_columns;
  char *writer;       /* 16 hex digits */
  char *writer_label; /* CY-A */
  char *actor;        /* staff code */
  gint64 time;        /* UTC ms, by the writer's clock */
} YlConflictVersion;

/** YlConflict: a register that two people changed apart. versions[0] is the one every copy shows. */
typedef struct
{
  char *table;
  char *id;
  char *field; /* register name; "" = the record itself: deleted here, edited there */
  GPtrArray *versions;
} YlConflict;

void yl_conflict_free (YlConflict *conflict);
/** yl_conflict_list: sorted by table, id, field (element-type YlConflict). */
GPtrArray *yl_conflict_list (YlStore *store, GError **error);
guint yl_conflict_count (YlStore *store);
/** yl_conflict_resolve: a change set that has seen all versions and writes @value (text as typed).
 * Errors: YL_ERROR_NOT_FOUND when there is no such conflict. */
gboolean yl_conflict_resolve (YlStore *store,
                              const char *table,
                              const char *id,
                              const char *field,
                              const char *value,
                              GError **error);
/** yl_conflict_choose: as yl_conflict_resolve() with the value of one of the versions. */
gboolean yl_conflict_choose (YlStore *store, const YlConflict *conflict, guint version, GError **error);

G_END_DECLS
