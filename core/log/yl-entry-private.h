#pragma once

#include "yl-entry.h"

G_BEGIN_DECLS

/* A body begins with `prev`, so that what is stored and sent can leave it out and a reader can put it back. */
#define YL_ENTRY_BODY_START "\n\n{"
#define YL_ENTRY_PREV_START "\"prev\":\""
#define YL_ENTRY_PREV_END "\","
#define YL_ENTRY_PREV_CHARS (strlen (YL_ENTRY_PREV_START) + 2 * YL_ENTRY_ID_BYTES + strlen (YL_ENTRY_PREV_END))

#define YL_ENTRY_MAX_MERGED 4096

/* A staff code as the author of a commit: nothing that git would drop from it. */
gboolean yl_entry_is_actor (const char *text);
/* The sentence. A code or number at a time, no control characters: the line must be fit to print. */
gboolean yl_entry_is_what (const char *text, gsize length);
/* yl_entry_check: whether the members of an entry that was not read from a message are of the form that a message must have. */
gboolean yl_entry_check (const YlEntry *entry);

/* What ops are called in a message, by kind; NULL-terminated. */
extern const char *const yl_op_names[];
/* In the column that keeps an op of an unknown kind, after the kind; no name of a column or kind holds it. */
#define YL_OP_UNKNOWN_MARK "!"
/* yl_op_clear: takes all columns out. */
void yl_op_clear (YlOp *op);
void yl_op_add_named (YlOp *op, const char *column, gsize length, const YlValue *value);
/* yl_op_append_columns: writes them as in a message. */
void yl_op_append_columns (const YlOp *op, GString *out);
/* yl_entry_is_ours: whether its message is spelled as yl_entry_build() would. */
gboolean yl_entry_is_ours (const YlEntry *entry);
/* yl_entry_hash: the id, from the message. */
void yl_entry_hash (YlEntry *entry);

G_END_DECLS
