#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * The marker: what is kept outside a store file so that the file can be told from a copy of itself. A nonce is in both; every process
 * changes it in both before its first write. The marker also says how many entries of the pen may have left this computer. A file whose
 * nonce or entries do not fit was put back from a backup, or is a copy: it goes on with a new pen (yl-pen.h). Moving a file on the same
 * computer changes nothing.
 */

/** YlMarkerPlace: where markers are kept. @name: `<writer>.marker`. */
typedef struct
{
  /* The text, or NULL where there is none. */
  char *(*read) (const char *file, const char *name, gpointer data);
  /* Writes it so that after a power cut the old or the new one is there. */
  gboolean (*write) (const char *file, const char *name, const char *text, gpointer data, GError **error);
  /* Something that differs whenever the text was written in between. */
  gint64 (*stamp) (const char *file, const char *name, gpointer data);
  const char *machine;
  gpointer data;
} YlMarkerPlace;

/** yl_marker_use: from now on, for all stores of this process; borrowed. NULL: no markers, as at first: a program says where. */
void yl_marker_use (const YlMarkerPlace *place);
/** yl_marker_user_place: files in $XDG_STATE_HOME/yuelai of the user, this computer by its machine id. */
const YlMarkerPlace *yl_marker_user_place (void);

G_END_DECLS
