#include "yl-test-random.h"

#include <sodium.h>
#include <string.h>

static YlTestRandom sodium_random;

YlTestRandom
yl_test_random_seed (guint64 seed, guint64 stream)
{
  YlTestRandom random = { seed * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^ stream };

  yl_test_random_next (&random);
  return random;
}

guint64
yl_test_random_next (YlTestRandom *random)
{
  guint64 z = random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint
yl_test_random_pick (YlTestRandom *random, guint n)
{
  return n == 0 ? 0 : (guint) (yl_test_random_next (random) % n);
}

gboolean
yl_test_random_chance (YlTestRandom *random, guint percent)
{
  return yl_test_random_pick (random, 100) < percent;
}

static const char *
implementation_name (void)
{
  return "seeded";
}

static uint32_t
implementation_random (void)
{
  return (uint32_t) yl_test_random_next (&sodium_random);
}

static void
implementation_buf (void *buffer, const size_t size)
{
  guint8 *bytes = buffer;

  for (size_t at = 0; at < size; at += sizeof (guint64))
    {
      guint64 word = yl_test_random_next (&sodium_random);

      memcpy (bytes + at, &word, MIN (sizeof word, size - at));
    }
}

void
yl_test_random_install (guint64 seed)
{
  static randombytes_implementation implementation = {
    .implementation_name = implementation_name,
    .random = implementation_random,
    .buf = implementation_buf,
  };

  sodium_random = yl_test_random_seed (seed, 0x736f6469);
  randombytes_set_implementation (&implementation);
}
