#pragma once

#include "merge/yl-conflict.h"
#include "merge/yl-history.h"

G_BEGIN_DECLS

/* Stored values as people say them, in the language of the locale. The caller frees. */

/** yl_value_words: codes by their label, money in yuan, stores by name, other references by number; NULL for a null value. */
char *yl_value_words (YlStore *store, const YlField *field, const YlValue *value);
/** yl_element_words: one element of a set, `infant:3` or `infant`. */
char *yl_element_words (YlStore *store, const YlSet *set, const char *element);
/** yl_history_words: the value before (or after) of a change; what nobody here can read says so; NULL for an empty one. */
char *yl_history_words (YlStore *store, const YlHistoryValue *value, gboolean before);
/** yl_history_label: what people call what was changed. */
const char *yl_history_label (const YlHistoryValue *value);
/** yl_conflict_seen_words: what the writer of a value had seen, as a sentence. */
char *yl_conflict_seen_words (YlStore *store, const YlConflictVersion *version);
/** yl_actor_words: the name of a staff member where it can be read here, else the code. */
char *yl_actor_words (YlStore *store, const char *code);
/** yl_writer_words: the name of the store a PC belongs to, and the PC's own; @writer: 16 hex digits. */
char *yl_writer_words (YlStore *store, const char *writer);

G_END_DECLS
