#pragma once

#include "yl-merge.h"

G_BEGIN_DECLS

/* The merge state of one record in memory: all standing versions of its registers, read, changed and written back as a whole. */

typedef struct
{
  char *name;
  GPtrArray *versions; /* of YlStanding, shown first */
} YlMergeRegister;

typedef struct
{
  const char *table_name;
  const char *id;
  const YlTable *table; /* NULL: a table of a newer version */
  GArray *life;         /* of gint64: n << 1 | alive */
  GPtrArray *registers; /* of YlMergeRegister */
  gboolean was_alive;
  gboolean had_extra; /* table `version` holds values of it */
  gboolean is_new;    /* no state was stored */
} YlMergeRecord;

/* yl_merge_record_load: @table and @id are borrowed. @before: the row as it was, NULL: read it. */
gboolean yl_merge_record_load (YlStore *store,
                               YlMergeRecord *record,
                               const char *table,
                               const char *id,
                               const YlValue *before,
                               GError **error);
/* yl_merge_record_save: @with_row: the row too; a local change has written it already. */
gboolean yl_merge_record_save (YlStore *store, const YlMergeRecord *record, gboolean with_row, GError **error);
void yl_merge_record_clear (YlMergeRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlMergeRecord, yl_merge_record_clear)

gboolean yl_merge_record_is_alive (const YlMergeRecord *record);
YlMergeRegister *yl_merge_record_find (const YlMergeRecord *record, const char *name);
YlMergeRegister *yl_merge_record_add (YlMergeRecord *record, const char *name);
/* yl_merge_register_insert: adds a version at a place. */
void yl_merge_register_insert (YlMergeRegister *column, guint place, gint64 n, const YlValue *value);
/* yl_merge_record_touch: derived tables will look at it at the end of the transaction. */
void yl_merge_record_touch (YlStore *store, const YlMergeRecord *record);
/* yl_merge_record_erase: removes its state, values and row; not its place in the index of ops. */
gboolean yl_merge_record_erase (YlStore *store, const YlMergeRecord *record, GError **error);
/* yl_merge_record_hash: adds all versions to the sums of the open transaction, or takes them out. */
void yl_merge_record_hash (YlStore *store, const YlMergeRecord *record, int sign);

/* yl_merge_leads: whether entry @a is shown before @b: the higher clock reading, then the higher writer, then id. */
gboolean yl_merge_leads (YlStore *store, gint64 a, gint64 b);
/* yl_merge_life_leads: likewise for two versions of life, n << 1 | alive: alive before dead. */
gboolean yl_merge_life_leads (YlStore *store, gint64 a, gint64 b);
/* yl_merge_record_life: the versions of life, shown first (element-type YlStanding). */
GPtrArray *yl_merge_record_life (YlStore *store, const YlMergeRecord *record);
void yl_standing_free (YlStanding *standing);

G_END_DECLS
