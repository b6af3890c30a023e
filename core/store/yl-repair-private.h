#pragma once

#include "yl-repair.h"
#include "yl-store-private.h"

G_BEGIN_DECLS

/* Entries parsed while records are folded anew: neighbours in a bucket often come from the same ones. */
typedef struct
{
  YlStore *store;
  GHashTable *entries; /* n -> YlEntry */
} YlRefold;

YlRefold *yl_refold_new (YlStore *store);
void yl_refold_free (YlRefold *refold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlRefold, yl_refold_free)

/* yl_refold_record: puts one record right inside the open transaction, without regard to the sum of its bucket. */
gboolean yl_refold_record (YlRefold *refold, const char *table, const char *id, GPtrArray *faults, GError **error);

YlFault *yl_fault_new (YlFaultKind kind, const char *table, const char *id, const char *column);

G_END_DECLS
