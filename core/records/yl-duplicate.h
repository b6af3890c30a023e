#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * Records that may be one person. Numbers are sealed, so that only who holds the keys can compare them: head office does, and writes
 * which pairs are alike and by what, never the number. Stores see the pairs.
 */

/**
 * yl_duplicate_find_due: at head office, compares the people that came or changed since the last call with all others, and writes the
 * pairs that are new and takes away those that no longer hold, as one change set. The first call for a store object reads everybody.
 * Elsewhere it does nothing. Returns how many pairs it wrote or took away, or -1.
 */
int yl_duplicate_find_due (YlStore *store, GError **error);

/** YlDuplicate: a pair that nobody has decided yet. */
typedef struct
{
  char *kind;  /* worker or customer: the table */
  char *first; /* record ids; the survivor where a record was merged with others */
  char *second;
  char *reason; /* the strongest: id_no, phone, name_birth */
} YlDuplicate;
void yl_duplicate_free (YlDuplicate *duplicate);

/** yl_duplicate_list: pairs to decide, the surest first; in a store those that concern its people. (element-type YlDuplicate) */
GPtrArray *yl_duplicate_list (YlStore *store, GError **error);

G_END_DECLS
