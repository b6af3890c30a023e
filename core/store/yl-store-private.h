#pragma once

#include "yl-database.h"
#include "log/yl-entry.h"
#include "trust/yl-marker-private.h"
#include "seal/yl-plain.h"
#include "yl-store.h"

G_BEGIN_DECLS

typedef struct _YlCapture YlCapture;
typedef struct _YlRightMemo YlRightMemo;
typedef struct _YlVault YlVault;
typedef struct _YlGrantJudge YlGrantJudge;

/* YlEntryFacts: what merging needs to know of a folded entry. */
typedef struct
{
  gint64 w;
  gint64 seq;
  gint64 hlc;
  guint8 id8[8];
  const char *writer; /* of the store's ids; NULL where the entry was taken out again */
} YlEntryFacts;

/* YlHead: the last entry this object wrote (yl-change-entry.c). */
typedef struct
{
  gint64 begun;        /* the transaction that wrote it, by n_begun */
  gint64 data_version; /* changes whenever another connection has written */
  char *writer;
  gint64 w;
  gint64 seq;
  guint8 id[YL_ENTRY_ID_BYTES];
  gint64 hlc;
  gint64 authority; /* its position, this entry included */
  GArray *frontier; /* a YlVector, itself included */
} YlHead;
void yl_head_free (YlHead *head);

struct _YlStore
{
  GObject parent_instance;

  /* Owned */
  char *file;
  YlDatabase *database;
  YlVault *vault;
  YlPlain *plain; /* made at first need */
  char *scope;
  char *authority; /* writer id of the authority */
  char *writer;    /* of the pen in use */
  char *identity;  /* writer of the pen this PC was enrolled with */
  char *actor;
  char *node;
  char *site;
  GHashTable *writer_numbers; /* id -> w */
  GHashTable *table_numbers;  /* name -> t */
  GHashTable *writer_ids;     /* w -> id */
  GHashTable *column_numbers; /* name -> c */
  GHashTable *column_names;   /* c -> name */
  GHashTable *entry_facts;    /* n -> YlEntryFacts */
  GHashTable *older_facts;    /* those that made room for these: whoever holds one still has it */
  const YlEntryFacts *recent; /* the one asked for last, of entry recent_n: most come in a row */
  gint64 recent_n;
  GPtrArray *sums;      /* of the open transaction: t -> what it adds to the buckets (yl-state-hash-private.h) */
  GByteArray *scratch;  /* for bytes that are needed for a moment */
  GHashTable *touched;  /* of the open transaction: table:id */
  GHashTable *erased;   /* persons whose particulars were erased; NULL until asked for */
  gint64 written;       /* the entry that a change of the open transaction added; 0: none */
  gboolean stock_due;   /* the open transaction brought values past the fold: look for keys they use */
  GPtrArray *destroyed; /* of GBytes: keys as they lay in the file, until it is sure that they are gone */
  YlGrantJudge *judge;  /* of the open transaction: which keys this node may use; made at need */

  YlNowFunc now;
  gpointer now_data;
  gint64 last_n;       /* last entry this object has followed */
  char *plain_epoch;   /* of the plain side in memory (yl_plain_renew()) */
  gint64 keys_added;   /* how often keys came in, as far as followed */
  YlCapture *capture;  /* of the open change */
  YlHead *head;        /* Owned */
  gint64 n_begun;      /* transactions of this object so far */
  YlRightMemo *rights; /* Owned: see yl-right.c */
  YlMarker marker;
  gboolean in_transaction;
  gboolean plain_tried; /* a saved plain side was looked for */
  gboolean pen_due;     /* the file is a copy: it goes on with a new pen */
  gboolean head_office;
};

/* yl_vault_open: unlocks a file. @create: makes its store key first. Errors: YL_ERROR_REFUSED. */
YlVault *yl_vault_open (YlDatabase *database, const char *file, gboolean create, GError **error);
void yl_vault_free (YlVault *vault);
/* yl_vault_cache_key: what the plain side is saved under, for one epoch. 32 bytes; the caller clears them. */
void yl_vault_cache_key (YlStore *store, const char *epoch, guint8 *key);
/* yl_vault_get_name: tells this store key from others, without telling it: 32 hex digits. */
const char *yl_vault_get_name (YlStore *store);

/* One immediate transaction; everything below runs inside one. End with commit = FALSE to undo. */
gboolean yl_store_begin (YlStore *store, GError **error);
gboolean yl_store_commit (YlStore *store, GError **error);
void yl_store_rollback (YlStore *store);

/* Numbers that stand for strands (yl-strand.h) and column names inside this file. A writer's own number is that of the strand
 * known first, which is the one that this file writes if the pen is its own. */
gboolean yl_store_writer_number (YlStore *store, const char *writer, gint64 *w, GError **error); /* made at need */
const char *yl_store_writer_id (YlStore *store, gint64 w); /* NULL where it cannot be read */
/** yl_store_name_writer: the same into @writer, of YL_WRITER_CHARS + 1. */
gboolean yl_store_name_writer (YlStore *store, gint64 w, char *writer, GError **error);
gboolean yl_store_table_number (YlStore *store, const char *name, gint64 *t, GError **error);  /* made at need */
gboolean yl_store_column_number (YlStore *store, const char *name, gint64 *c, GError **error); /* made at need */
const char *yl_store_column_name (YlStore *store, gint64 c);
const YlEntryFacts *yl_store_entry_facts (YlStore *store, gint64 n);
void yl_store_forget_entry_facts (YlStore *store, gint64 n);

/* yl_store_holds_authority: whether this file holds the company's key. */
gboolean yl_store_holds_authority (YlStore *store);
/* yl_store_read_pen: the writer of the pen in use, as the file says. */
char *yl_store_read_pen (YlStore *store, GError **error);
/* Identity, re-read after the authority chain grew. */
void yl_store_forget_identity (YlStore *store);

/* yl_table_require: as yl_table_lookup(), for tables of set elements too. */
const YlTable *yl_table_require (const char *name, GError **error);

/* yl_store_read_row: a row in wire form as values in the order of the fields; NULL without error where there is none.
 * Free with g_free(). */
YlValue *yl_store_read_row (YlStore *store, const YlTable *table, const char *id, GError **error);
/* yl_store_require_row: the same; YL_ERROR_NOT_FOUND where there is none. */
YlValue *yl_store_require_row (YlStore *store, const YlTable *table, const char *id, GError **error);
/* yl_row_pack: a row in one piece of memory, from values whose bytes are borrowed. Free with g_free(). */
YlValue *yl_row_pack (const YlValue *borrowed, guint n_values);
/* yl_table_select: `SELECT f1,f2,… FROM [table] WHERE id = ?`, cached per table. */
const char *yl_table_select (const YlTable *table);
/* yl_table_upsert: inserts or replaces a whole row; parameter 1 is the id, then the fields. */
const char *yl_table_upsert (const YlTable *table);
/* yl_field_wire_type: what the column holds in wire form: a sealed one a blob. */
YlValueType yl_field_wire_type (const YlField *field);

/* yl_store_unseal_row: a row in plain form, columns whose key is not here locked. */
YlRecord *yl_store_unseal_row (YlStore *store, const YlTable *table, const char *id, const YlValue *row);
/* yl_store_seal_value: seals a plain value for a place, making the person's key where there is none. */
gboolean yl_store_seal_value (YlStore *store, const YlRecord *record, guint field, YlValue *value, GError **error);
/* yl_store_unseal_value: FALSE if the key is not here or the bytes do not fit. */
gboolean yl_store_unseal_value (YlStore *store,
                                const char *table,
                                const char *id,
                                const YlField *field,
                                const YlValue *sealed,
                                YlValue *plain);

gboolean yl_store_emit_changed (YlStore *store, GError **error);
/* yl_store_emit_written: after an own change: others' entries before @n, if there are any, are still to be followed. */
gboolean yl_store_emit_written (YlStore *store, gint64 n, GError **error);

G_END_DECLS
