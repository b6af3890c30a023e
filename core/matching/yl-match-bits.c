#include "matching/yl-match-bits.h"

static void
grow (YlBits *bits, guint n_words)
{
  guint wanted = MAX (n_words, bits->n_words * 2);

  bits->words = g_renew (guint64, bits->words, wanted);
  memset (bits->words + bits->n_words, 0, (wanted - bits->n_words) * sizeof (guint64));
  bits->n_words = wanted;
}

void
yl_bits_set (YlBits *bits, guint row, gboolean on)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (row % 64);

  if (row / 64 >= bits->n_words)
    {
      if (!on)
        return;
      grow (bits, row / 64 + 1);
    }
  if (on)
    bits->words[row / 64] |= bit;
  else
    bits->words[row / 64] &= ~bit;
}

void
yl_bits_clear_all (YlBits *bits)
{
  g_clear_pointer (&bits->words, g_free);
  bits->n_words = 0;
}

void
yl_bits_free (YlBits *bits)
{
  yl_bits_clear_all (bits);
  g_free (bits);
}
