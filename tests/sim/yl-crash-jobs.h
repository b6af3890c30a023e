#pragma once

#include "yl-sim-world.h"

G_BEGIN_DECLS

#define YL_CRASH_NEWCOMER 3 /* the PC that has just joined */

/** YlCrashJob: something that writes. */
typedef struct
{
  const char *name;
  guint node;                                          /* whose disk fails */
  void (*prepare) (YlSimWorld *world);                 /* while nothing fails; may be NULL */
  gboolean (*run) (YlSimWorld *world, GError **error); /* may be run again after it broke, until it has succeeded */
  void (*verify) (YlSimWorld *world);                  /* after it said TRUE, and after a crash since; may be NULL */
} YlCrashJob;

extern const YlCrashJob yl_crash_jobs[];
extern const guint yl_crash_n_jobs;

/** yl_crash_world_prepare: a calm world in which both sides have work that the other lacks, with a conflict, and with a PC that has just
 * joined. Remembered by yl_sim_world_save(). */
void yl_crash_world_prepare (YlSimWorld *world);
void yl_crash_jobs_end (void);
/** yl_crash_create: the run of the job that makes a store file. */
gboolean yl_crash_create (YlSimWorld *world, GError **error);

G_END_DECLS
