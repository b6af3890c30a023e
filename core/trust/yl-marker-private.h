#pragma once

#include "yl-marker.h"

G_BEGIN_DECLS

/** YlMarker: what one open store knows of its marker. */
typedef struct
{
  gboolean claimed; /* this process has changed the nonce */
  gint64 stamp;     /* of the marker as it was last found fitting; 0: not looked at */
  char *next;       /* nonce that stands in the store once the transaction is committed, or NULL */
} YlMarker;
void yl_marker_clear (YlMarker *marker);

/**
 * yl_marker_check: at the beginning of every transaction. Where the file does not fit its marker, says so in the file: it is due for a
 * new pen, and somebody is told.
 */
gboolean yl_marker_check (YlStore *store, GError **error);
/** yl_marker_settle: after a transaction was committed or rolled back. */
void yl_marker_settle (YlStore *store, gboolean committed);
/** yl_marker_due: makes the file due for a new pen; also where an entry of its own pen came from elsewhere. */
gboolean yl_marker_due (YlStore *store, gboolean cloned, GError **error);
/** yl_marker_begin: inside the transaction that gives the file a new pen, which is already store->writer. */
gboolean yl_marker_begin (YlStore *store, GError **error);
/** yl_marker_authority_whole: whether all that the company's key wrote and that may have left is in this file. */
gboolean yl_marker_authority_whole (YlStore *store, gboolean *whole, GError **error);

G_END_DECLS
