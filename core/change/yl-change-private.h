#pragma once

#include "yl-capture.h"
#include "yl-change.h"
#include "log/yl-entry.h"
#include "merge/yl-merge.h"

G_BEGIN_DECLS

struct _YlChange
{
  YlStore *store; /* Owned */
  GString *what;
  char *writer; /* the pen */
  gboolean as_authority;
  gint64 hlc;
  gboolean follows_head; /* the store's last transaction wrote the entry before, and nobody else has written since */
  gint64 data_version;
  GPtrArray *undo;    /* of YlOp in plain sense: what takes each op back, wire values */
  GHashTable *forced; /* "table:id:register" written although unchanged */
  GPtrArray *given;   /* of YlOp: ops that come from elsewhere, instead of captured ones; borrowed */
  char *actor;        /* who they are by; NULL: whoever writes now */
  gint64 n;           /* its entry, once committed */
  gint64 w;           /* and its strand */
  YlVector *frontier; /* Owned: what it had seen */
  gboolean done;
};

/* yl_change_begin_with_pen: as yl_change_begin(), with this pen, due for a new one or not. */
YlChange *yl_change_begin_with_pen (YlStore *store, const char *what, const char *writer, GError **error);
/* yl_change_give: what it is to write, by whom: the ops of another entry, borrowed until it is committed. */
void yl_change_give (YlChange *change, const char *actor, GPtrArray *ops);
/* yl_change_ops: the difference between the captured rows and what is stored now. @before: op -> row before, borrowed from the
 * capture. (element-type YlOp) */
GPtrArray *yl_change_ops (YlChange *change, GHashTable *before, GError **error);

/* yl_undo_also: taking it back also writes @op, whose record is not there. Takes @op. */
void yl_undo_also (YlUndo *undo, YlOp *op);
/* yl_change_write_entry: makes the entry of the ops, has it pass what receivers will ask of it, and folds it. @before: as for yl_change_ops(). */
gboolean yl_change_write_entry (YlChange *change, YlEntry *entry, GHashTable *before, GError **error);

/* yl_head_is_current: whether the last entry this object wrote is the last of @writer, and all that is folded here is known of it.
 * Inside a transaction. */
gboolean yl_head_is_current (YlChange *change);
/* yl_head_remember: after the commit of @entry. */
void yl_head_remember (YlChange *change, const YlEntry *entry);

G_END_DECLS
