#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** YlPlace: millionths of a degree. */
typedef struct
{
  gint32 lat;
  gint32 lon;
} YlPlace;

#define YL_NOWHERE ((YlPlace){ G_MAXINT32, G_MAXINT32 })
#define YL_PLACE_IS_KNOWN(place) ((place).lat != G_MAXINT32)

/** yl_place_from_degrees: YL_NOWHERE for what is no place on earth: a merge may bring anything. */
YlPlace yl_place_from_degrees (gint64 lat, gint64 lon);

/** yl_travel_metres: straight line, both places known. Integers only: the same on every node. */
gint64 yl_travel_metres (YlPlace from, YlPlace to);
/** yl_travel_minutes: door to door, on foot or by city transit, whichever is quicker. @on_foot may be NULL. */
int yl_travel_minutes (YlPlace from, YlPlace to, gboolean *on_foot);

G_END_DECLS
