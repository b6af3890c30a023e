#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** YlBits: a set of rows, 64 to a word. Words past the end read as zero, so a rare code costs little. */
typedef struct
{
  guint64 *words;
  guint n_words;
} YlBits;

static inline guint64
yl_bits_word (const YlBits *bits, guint word)
{
  return word < bits->n_words ? bits->words[word] : 0;
}

static inline gboolean
yl_bits_test (const YlBits *bits, guint row)
{
  return (yl_bits_word (bits, row / 64) >> (row % 64)) & 1;
}

void yl_bits_set (YlBits *bits, guint row, gboolean on);
/** yl_bits_free: a set on the heap; yl_bits_clear_all() frees only what it holds. */
void yl_bits_free (YlBits *bits);
void yl_bits_clear_all (YlBits *bits);

/** YL_BITS_EACH: runs the statement with @row set to each row of the 64 in @mask, lowest first. */
#define YL_BITS_EACH(row, word, mask)                                                                      \
  for (guint64 rest_ = (mask); rest_ != 0 && ((row) = (word) *64 + (guint) __builtin_ctzll (rest_), TRUE); \
       rest_ &= rest_ - 1)

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlBits, yl_bits_clear_all)

G_END_DECLS
