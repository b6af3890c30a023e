#pragma once

#include "base/yl-id.h"
#include "yl-merge.h"

G_BEGIN_DECLS

/* The merge state of one record in memory: all standing versions of its registers, read, changed and written back as a whole. */

/* YlMergeSlot: one standing version of a column. @value belongs to the record, the row it was loaded with or the op that is folded. */
typedef struct
{
  const char *column; /* of the store's names */
  gint64 c;
  gint64 n;
  int field;            /* of the table's fields; -1: unknown here */
  const YlValue *value; /* never NULL */
} YlMergeSlot;

typedef struct
{
  const char *table_name;
  const char *id;
  gint64 t;
  guint8 key[YL_ID_BYTES];
  const YlTable *table; /* NULL: a table of a newer version */
  GHashTable *fields;   /* of its index, where it has one */
  GArray *life;         /* of gint64: n << 1 | alive */
  GArray *slots;        /* of YlMergeSlot, ascending by column, and as shown within one */
  YlValue *row;         /* Owned: as it is stored, where it was read */
  GPtrArray *values;    /* Owned: of YlValue: those that no row holds */
  gboolean had_extra;   /* table `version` holds values of it */
  gboolean is_new;      /* no state was stored */
} YlMergeRecord;

/* yl_merge_record_begin: names the record, without reading anything of it. */
gboolean yl_merge_record_begin (YlStore *store,
                                YlMergeRecord *record,
                                const char *table,
                                const char *id,
                                GError **error);
/* yl_merge_record_load: @table and @id are borrowed. @before: the row as it was, borrowed; NULL: read it. */
gboolean yl_merge_record_load (YlStore *store,
                               YlMergeRecord *record,
                               const char *table,
                               const char *id,
                               const YlValue *before,
                               GError **error);
/* yl_merge_record_save: @with_row: the row too; a local change has written it already. */
gboolean yl_merge_record_save (YlStore *store, const YlMergeRecord *record, gboolean with_row, GError **error);
/* yl_merge_record_erase: removes its state, values and row; not its place in the index of ops. */
gboolean yl_merge_record_erase (YlStore *store, const YlMergeRecord *record, GError **error);
void yl_merge_record_clear (YlMergeRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlMergeRecord, yl_merge_record_clear)

/* yl_merge_record_find: the first slot of a column, or where it would stand. @n: how many it has. */
guint yl_merge_record_find (const YlMergeRecord *record, const char *column, guint *n);
/* yl_merge_record_insert: adds a version at a place; @value is borrowed until the record is saved. */
gboolean yl_merge_record_insert (YlStore *store,
                                 YlMergeRecord *record,
                                 guint place,
                                 const char *column,
                                 gint64 n,
                                 const YlValue *value,
                                 GError **error);
/* yl_merge_record_touch: derived tables will look at it at the end of the transaction. */
void yl_merge_record_touch (YlStore *store, const YlMergeRecord *record);
/* yl_merge_record_sort_life: shown first. */
void yl_merge_record_sort_life (YlStore *store, YlMergeRecord *record);
gboolean yl_merge_record_is_alive (const YlMergeRecord *record);

/* yl_merge_leads: whether entry @a is shown before @b: the higher clock reading, then the higher writer, then id. */
gboolean yl_merge_leads (YlStore *store, gint64 a, gint64 b);
/* yl_merge_life_leads: likewise for two versions of life, n << 1 | alive: alive before dead. */
gboolean yl_merge_life_leads (YlStore *store, gint64 a, gint64 b);

G_END_DECLS
