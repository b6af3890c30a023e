#pragma once

#include "yl-capture.h"
#include "yl-change.h"
#include "yl-entry.h"

G_BEGIN_DECLS

struct _YlChange
{
  YlStore *store; /* Owned */
  GString *what;
  char *writer; /* the pen */
  gboolean as_authority;
  gint64 hlc;
  GPtrArray *undo;    /* of YlOp in plain sense: what takes each op back, wire values */
  GHashTable *forced; /* "table:id:register" written although unchanged */
  GPtrArray *given;   /* of YlOp: ops that come from elsewhere, instead of captured ones; borrowed */
  char *actor;        /* who they are by; NULL: whoever writes now */
  gint64 n;           /* its entry, once committed */
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

G_END_DECLS
