#pragma once

#include "checkpoint/yl-checkpoint.h"

G_BEGIN_DECLS

/** yl_checkpoint_init: from now on repair and rebuild can stand on a checkpoint. Once per process. */
void yl_checkpoint_init (void);

/** yl_checkpoint_base: the checkpoint on which this copy stands; NULL without an error where it has all of the log. */
YlCheckpoint *yl_checkpoint_base (YlStore *store, GError **error);
/** yl_checkpoint_set_base: NULL: on none. Inside a YlLogTransaction. */
gboolean yl_checkpoint_set_base (YlStore *store, const YlCheckpoint *checkpoint, GError **error);

G_END_DECLS
