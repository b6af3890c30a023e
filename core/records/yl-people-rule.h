#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Which record stands for a person of whom there are several (design: uniqueness across stores). Records joined by aliases,
 * in whatever direction and over however many steps, are one person. Survivor: a record that is not deleted goes before one that is;
 * one that nobody merged into another before one that was; then the lower id, which is the older record. So merges made
 * apart, chains and circles come out alike in any order of arrival.
 */

typedef struct
{
  char *from;
  char *to;
} YlAliasEdge;

/** yl_people_decide: @edges: of YlAliasEdge. @living: set of ids. Returns: id -> survivor, of all that are not survivors; the
 * strings belong to @edges. Pure. */
GHashTable *yl_people_decide (const GArray *edges, GHashTable *living);

G_END_DECLS
