#pragma once

#include "checkpoint/yl-shard.h"

G_BEGIN_DECLS

#define YL_SHARD_VERSION 1
#define YL_SHARD_ID_BYTES 16
#define YL_SHARD_WRITER_BYTES 8
#define YL_SHARD_MIXED 4 /* in place of a column's type: its values have several */

G_END_DECLS
