#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** YlDemoRandom: a small generator of its own (SplitMix64), so that a seed gives the same chain with every library. */
typedef struct
{
  guint64 state;
} YlDemoRandom;

static inline guint64
yl_demo_random_next (YlDemoRandom *random)
{
  guint64 z = (random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/** yl_demo_random_below: 0 … @n - 1. */
static inline guint
yl_demo_random_below (YlDemoRandom *random, guint n)
{
  return (guint) (yl_demo_random_next (random) % n);
}

/** yl_demo_random_between: @low … @high, both possible. */
static inline int
yl_demo_random_between (YlDemoRandom *random, int low, int high)
{
  return low + (int) yl_demo_random_below (random, (guint) (high - low + 1));
}

/** yl_demo_random_chance: TRUE in @percent of 100 cases. */
static inline gboolean
yl_demo_random_chance (YlDemoRandom *random, guint percent)
{
  return yl_demo_random_below (random, 100) < percent;
}

G_END_DECLS
