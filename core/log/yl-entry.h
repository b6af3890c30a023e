#pragma once

#include <glib.h>

#include "base/yl-error.h"
#include "base/yl-value.h"

G_BEGIN_DECLS

/*
 * A change set as it travels: the message of a commit (docs/formats.md).
 *
 *   book DCYA0001 CYB0004\n\n{"prev":"<64 hex>","format":1,"scope":…,"writer":…,"seq":…,"hlc":[ms,counter],
 *   "merged":["writer:seq:id8",…],"authority":…,"actor":…,"schema":…,"ops":[["insert","claim","<id>",{"start":…}],…]}
 *
 * Its id is BLAKE2b-256 of all those bytes. What the writer had seen is the join of its previous entry and of `merged`.
 */
#define YL_ENTRY_FORMAT 1
#define YL_ENTRY_MAX_BYTES (1024 * 1024)
#define YL_ENTRY_MAX_OPS 1000
#define YL_ENTRY_ID_BYTES 32
#define YL_WRITER_CHARS 16
#define YL_SCOPE_CHARS 32

typedef enum
{
  YL_OP_INSERT,
  YL_OP_UPDATE,
  YL_OP_DELETE,
  YL_OP_UNKNOWN, /* a kind of a newer version */
} YlOpKind;

/**
 * YlOp: one record's part of a change set. Columns in strictly ascending order of name; blobs are sealed values.
 * An op of an unknown kind keeps what it says as one column that nothing else writes, `kind!writer:seq:index`, whose value is the
 * text of its columns: so it is merged, hashed and passed on like any value.
 */
typedef struct
{
  YlOpKind kind;
  char *table;
  char *id;
  guint n_columns;
  char **columns;
  YlValue *values;
} YlOp;

/** YlEntryName: `writer:seq:` and the first 8 bytes of the entry's id: its full name, since a writer that forked has two
 * entries of one sequence. */
typedef struct
{
  char writer[YL_WRITER_CHARS + 1];
  gint64 seq;
  guint8 id8[8];
} YlEntryName;

typedef struct
{
  GBytes *message;
  guint8 id[YL_ENTRY_ID_BYTES];
  char *what;
  char scope[YL_SCOPE_CHARS + 1];
  char writer[YL_WRITER_CHARS + 1];
  gint64 seq;                     /* 1, 2, 3 … without gaps */
  guint8 prev[YL_ENTRY_ID_BYTES]; /* id of the writer's entry before; zeros for the first */
  gint64 hlc;                     /* packed, see yl-clock.h */
  GArray *merged;                 /* of YlEntryName, in their order */
  gint64 authority;               /* position of the authority chain it saw */
  char *actor;                    /* staff code */
  gint64 schema;
  GPtrArray *ops;   /* of YlOp */
  gboolean in_form; /* the message was built from the members, and these are as they must be */
} YlEntry;

/**
 * yl_entry_parse: reads and checks the form of a message: the strict JSON gate, caps, exactly these members, sorted
 * columns. It says nothing about rights. Errors: YL_ERROR_INVALID, YL_ERROR_NEWER (a newer format).
 */
YlEntry *yl_entry_parse (GBytes *message, GError **error);
/** yl_entry_build: writes @entry->message and @entry->id from the other members. Errors: YL_ERROR_INVALID when over a cap. */
gboolean yl_entry_build (YlEntry *entry, GError **error);
/** yl_entry_is_name: what tables and columns may be called: 1 to 64 of a-z, 0-9 and _. */
gboolean yl_entry_is_name (const char *text);
/** yl_entry_is_unknown: whether a column keeps an op of an unknown kind (see YlOp). */
gboolean yl_entry_is_unknown (const char *column);
/** yl_entry_is_writer: 16 lower-case hex digits. */
gboolean yl_entry_is_writer (const char *text);
YlEntry *yl_entry_new (void);
/** yl_entry_name_read: exactly what yl_entry_name_write() writes. */
gboolean yl_entry_name_read (const char *text, YlEntryName *name);
char *yl_entry_name_write (const YlEntryName *name);
/** yl_entry_name_compare: the order of names: by writer, sequence, id; for sorting arrays of them. */
int yl_entry_name_compare (gconstpointer a, gconstpointer b);
void yl_entry_free (YlEntry *entry);

YlOp *yl_op_new (YlOpKind kind, const char *table, const char *id);
void yl_op_add (YlOp *op, const char *column, const YlValue *value);
void yl_op_free (YlOp *op);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlEntry, yl_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlOp, yl_op_free)

G_END_DECLS
