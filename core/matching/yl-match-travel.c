#include "matching/yl-match-travel.h"

#include <math.h>

#define MAX_LAT 90000000
#define MAX_LON 180000000
#define CENTIMETRES_PER_DEGREE G_GINT64_CONSTANT (11119500)

/* Streets are longer than the straight line. */
#define DETOUR_TENTHS 13
#define WALK_METRES_PER_MINUTE 75
#define TRANSIT_METRES_PER_MINUTE 300
/* Walking to the stop, waiting, walking from the stop. */
#define TRANSIT_OVERHEAD_MINUTES 10

YlPlace
yl_place_from_degrees (gint64 lat, gint64 lon)
{
  if (lat < -MAX_LAT || lat > MAX_LAT || lon < -MAX_LON || lon > MAX_LON)
    return YL_NOWHERE;
  return (YlPlace){ (gint32) lat, (gint32) lon };
}

/* cos in ten-thousandths by Bhaskara's rational formula, within 0.2 %: travel times are no better than that. */
static gint64
cosine (gint64 millionths)
{
  gint64 x = millionths / 1000;
  gint64 right_angles = G_GINT64_CONSTANT (32400000000); /* 180^2 in squared thousandths of a degree */

  return (right_angles - 4 * x * x) * 10000 / (right_angles + x * x);
}

/* The guess may come out differently on another machine; the corrected root may not. */
static gint64
square_root (gint64 n)
{
  gint64 root = (gint64) sqrt ((double) n);

  while (root * root > n)
    root--;
  while ((root + 1) * (root + 1) <= n)
    root++;
  return root;
}

gint64
yl_travel_metres (YlPlace from, YlPlace to)
{
  gint64 north = (gint64) to.lat - from.lat;
  gint64 east = ABS ((gint64) to.lon - from.lon);
  gint64 dx, dy;

  if (east > MAX_LON)
    east = 2 * MAX_LON - east;
  dy = north * CENTIMETRES_PER_DEGREE / 100000000;
  dx = east * CENTIMETRES_PER_DEGREE / 100000000 * cosine (((gint64) from.lat + to.lat) / 2) / 10000;
  return square_root (dx * dx + dy * dy);
}

int
yl_travel_minutes (YlPlace from, YlPlace to, gboolean *on_foot)
{
  gint64 path = yl_travel_metres (from, to) * DETOUR_TENTHS / 10;
  gint64 walk = (path + WALK_METRES_PER_MINUTE - 1) / WALK_METRES_PER_MINUTE;
  gint64 transit = TRANSIT_OVERHEAD_MINUTES + (path + TRANSIT_METRES_PER_MINUTE - 1) / TRANSIT_METRES_PER_MINUTE;

  if (on_foot != NULL)
    *on_foot = walk <= transit;
  return (int) MIN (walk, transit);
}
