#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* YlTestRandom: a small generator (SplitMix64) whose whole state is one number, so that a seed tells everything. */
typedef struct
{
  guint64 state;
} YlTestRandom;

/** yl_test_random_seed: a generator of its own for every pair; equal pairs, equal numbers. */
YlTestRandom yl_test_random_seed (guint64 seed, guint64 stream);
guint64 yl_test_random_next (YlTestRandom *random);
/** yl_test_random_pick: 0 … @n - 1; 0 for 0. */
guint yl_test_random_pick (YlTestRandom *random, guint n);
/** yl_test_random_chance: TRUE @percent times in a hundred. */
gboolean yl_test_random_chance (YlTestRandom *random, guint percent);

/** yl_test_random_install: from now on libsodium's random bytes (ids, nonces, keys) come from @seed, in the whole process. */
void yl_test_random_install (guint64 seed);

G_END_DECLS
