#pragma once

#include "checkpoint/yl-checkpoint.h"

G_BEGIN_DECLS

/** yl_checkpoint_init: from now on repair and rebuild can stand on a checkpoint. Once per process. */
void yl_checkpoint_init (void);

/** yl_checkpoint_base: the checkpoint on which this copy stands; NULL without an error where it has all of the log. */
YlCheckpoint *yl_checkpoint_base (YlStore *store, GError **error);
/** yl_checkpoint_set_base: NULL: on none. Inside a YlLogTransaction. */
gboolean yl_checkpoint_set_base (YlStore *store, const YlCheckpoint *checkpoint, GError **error);

/** yl_checkpoint_check_base: what is known here of entries without messages, against the checkpoint on which this copy stands. Appends what is
 * wrong to @faults (element-type YlFault). @repair: puts it right. */
gboolean yl_checkpoint_check_base (YlStore *store, gboolean repair, GPtrArray *faults, GError **error);

G_END_DECLS
