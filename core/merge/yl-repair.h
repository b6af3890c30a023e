#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * The state against the log, record by record. The log is the truth: a record that is not what its change sets make of it is
 * folded anew from them, and what was wrong with it is named. Nothing else is touched.
 */

typedef enum
{
  YL_FAULT_VALUE,    /* a value or its versions are not what the log says */
  YL_FAULT_ROW_GONE, /* the row of a living record was missing */
  YL_FAULT_STRAY,    /* a row or state that no change set made */
  YL_FAULT_STATE,    /* the merge state is unreadable, or alive where the log says dead */
  YL_FAULT_DERIVED,  /* bookings or order states are not what the facts say */
  YL_FAULT_SUM,      /* the records are right, their sum was not */
  /* Beside the records. @id is then what is named here. */
  YL_FAULT_SCHEMA,  /* table `sqlite_master`: how @id is laid out; not repaired */
  YL_FAULT_STRAND,  /* table `strand`: how far the log has got of writer @id */
  YL_FAULT_ENTRY,   /* table `entry`: change set @id (writer:seq) or its signature */
  YL_FAULT_SEEN,    /* table `entry`: what change set @id had seen */
  YL_FAULT_VERDICT, /* table `entry`: whether change set @id counts */
  YL_FAULT_REFS,    /* table `ref`: where the log's branches end */
  YL_FAULT_OBJECT,  /* table `object`: a part of a checkpoint */
  YL_FAULT_INDEX,   /* table `op`: which change sets touched record @id */
  YL_FAULT_KEY,     /* table `seal_key`: a key of person @id; `pen`, `secret`: of this PC's own, not repaired */
  YL_FAULT_CHUNK, /* table `attachment_chunk`: part @column of attachment @id; not repaired where it is nowhere else */
} YlFaultKind;

/** YlFault: one thing found wrong, down to the row. */
typedef struct
{
  YlFaultKind kind;
  char *table;
  char *id;     /* record id; NULL with YL_FAULT_SUM and YL_FAULT_DERIVED */
  char *number; /* as people call the record, once it is repaired; else its id */
  char *column; /* NULL: the record as a whole */
} YlFault;
void yl_fault_free (YlFault *fault);
/** yl_fault_describe: a sentence for people: table, number and column, never a value. */
char *yl_fault_describe (const YlFault *fault);

/**
 * yl_store_repair_record: compares a record with what its entries in the log make of it, and puts it right. Appends what was wrong to
 * @faults (element-type YlFault). In a transaction of its own. Errors: YL_ERROR_MISSING when the log here does not reach back that
 * far; YL_ERROR_CORRUPT when an entry of it is damaged itself.
 */
gboolean yl_store_repair_record (YlStore *store, const char *table, const char *id, GPtrArray *faults, GError **error);

/** yl_store_repair_bucket: the same for all records of one bucket of the state hash, and for the bucket's sum. */
gboolean yl_store_repair_bucket (YlStore *store, const char *table, guint bucket, GPtrArray *faults, GError **error);

/**
 * yl_store_inspect: the whole state against its hash, and where that differs against the log. @repair: puts it right; else only names it.
 * Returns FALSE on an error, which a fault is not.
 */
gboolean yl_store_inspect (YlStore *store, gboolean repair, GPtrArray *faults, GError **error);

/**
 * yl_store_inspect_beside: what stands beside the state: layout, strands, what entries had seen and whether they count, the index of
 * ops, keys, parts of attachments. @repair: puts right what follows from the rest of the file, and lets go of what head office has to
 * give once more: keys, and parts of attachments. Returns FALSE on an error, which a fault is not.
 */
gboolean yl_store_inspect_beside (YlStore *store, gboolean repair, GPtrArray *faults, GError **error);

/** yl_fault_new: @number is @id until it is known better. */
YlFault *yl_fault_new (YlFaultKind kind, const char *table, const char *id, const char *column);

/** yl_store_note_faults: says in the sync log (kind `repaired`) what was put right. */
gboolean yl_store_note_faults (YlStore *store, GPtrArray *faults, GError **error);

/**
 * YlScrub: goes through the state a piece at a time, again and again, so that a fault is found before anybody relies on it. A piece is
 * a few milliseconds of work.
 */
typedef struct
{
  char *table;      /* NULL: from the beginning */
  guint bucket;     /* first one not looked at */
  guint rounds;     /* how often all of it has been gone through */
  gint64 n_records; /* looked at so far, about */
} YlScrub;
void yl_scrub_clear (YlScrub *scrub);
/** yl_store_scrub: looks at the next piece and repairs what is wrong in it. */
gboolean yl_store_scrub (YlStore *store, YlScrub *scrub, GPtrArray *faults, GError **error);

/**
 * yl_store_self_check: scrubs from where it was left last time, until all of the state was looked at or about @n_records; what was
 * repaired stands in the sync log.
 */
gboolean yl_store_self_check (YlStore *store, guint n_records, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlFault, yl_fault_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlScrub, yl_scrub_clear)

G_END_DECLS
