#pragma once

#include "base/yl-value.h"

G_BEGIN_DECLS

typedef struct _YlField YlField;
typedef struct _YlTable YlTable;
typedef struct _YlStore YlStore;

/**
 * YlRecord: one row of a table in plain form (sealed columns opened where this node holds the key).
 * Columns have the order of the table's fields. A column that was never set is null.
 */
typedef struct _YlRecord YlRecord;

YlRecord *yl_record_new (const YlTable *table, const char *id);
YlRecord *yl_record_copy (const YlRecord *record);
void yl_record_free (YlRecord *record);

const YlTable *yl_record_get_table (const YlRecord *record);
/** yl_record_get_id: NULL until the record has one; the door gives a new record its id. */
const char *yl_record_get_id (const YlRecord *record);
void yl_record_set_id (YlRecord *record, const char *id);

/* By column name; an unknown name is a programming error. */
const char *yl_record_get_text (const YlRecord *record, const char *column); /* NULL if null */
gint64 yl_record_get_integer (const YlRecord *record, const char *column, gint64 if_null);
const YlValue *yl_record_get_value (const YlRecord *record, const char *column);
gboolean yl_record_is_null (const YlRecord *record, const char *column);
void yl_record_set_text (YlRecord *record, const char *column, const char *text);
void yl_record_set_integer (YlRecord *record, const char *column, gint64 integer);
void yl_record_set_null (YlRecord *record, const char *column);
void yl_record_set_value (YlRecord *record, const char *column, const YlValue *value);

/* By field index, for loops over yl_record_get_table (record)->fields. */
YlValue *yl_record_value (YlRecord *record, guint field);
const YlValue *yl_record_peek (const YlRecord *record, guint field);

/** yl_record_locked: this node lacks the key of that column; its value reads as null. */
/** yl_record_is_erased: the particulars of whom it is about were erased for good. */
gboolean yl_record_is_erased (const YlRecord *record);
void yl_record_set_erased (YlRecord *record, gboolean erased);
gboolean yl_record_is_locked (const YlRecord *record, const char *column);
void yl_record_set_locked (YlRecord *record, guint field, gboolean locked);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlRecord, yl_record_free)

G_END_DECLS
