#pragma once

#include "store/yl-table.h"

G_BEGIN_DECLS

/*
 * Who may hold the keys to a person's particulars: one pure function, asked wherever keys leave a node (segments, the call
 * `grants`, bundles, relays) and by each node about itself before it asks for any.
 */

/** YlGrantFacts: what a node is to a person. */
typedef struct
{
  gboolean unknown;     /* no PC of this company, or not enrolled as far as is known here */
  gboolean revoked;     /* the PC or its store was turned out */
  gboolean head_office; /* the PC is head office's */
  gboolean erased;      /* the person's particulars were erased */
  gboolean home;        /* the PC's store is the person's own */
  gboolean serves;      /* it promised or serves her, or has an order of theirs in hand */
  gboolean colleague;   /* the person is staff of the company */
  gboolean wrote;       /* the key was made by the PC's own store, to write down what it may not read of others */
} YlGrantFacts;

/** YlGrantVerdict: those up to YL_GRANT_WROTE allow. */
typedef enum
{
  YL_GRANT_HEAD_OFFICE,
  YL_GRANT_HOME,
  YL_GRANT_SERVES,
  YL_GRANT_COLLEAGUE,
  YL_GRANT_WROTE,
  YL_GRANT_NOT_ENROLLED,
  YL_GRANT_REVOKED,
  YL_GRANT_ERASED,
  YL_GRANT_OTHER_STORE, /* has nothing to do with the person */
  YL_GRANT_OTHER_CLASS, /* has, but not enough for this class */
} YlGrantVerdict;

/** yl_grant_policy: may the node have the person's key of this class, and why or why not? */
YlGrantVerdict yl_grant_policy (const YlGrantFacts *facts, YlDisclosure disclosure);
gboolean yl_grant_allows (YlGrantVerdict verdict);
/** yl_grant_word: for ledgers and JSON: `home`, `serves`, `other_store`, … */
const char *yl_grant_word (YlGrantVerdict verdict);
/** yl_grant_from_word: YL_GRANT_NOT_ENROLLED for a word that is none. */
YlGrantVerdict yl_grant_from_word (const char *word);
/** yl_grant_sentence: for people, translated. */
const char *yl_grant_sentence (YlGrantVerdict verdict);
/** yl_disclosure_word: `contact`, `address`, … */
const char *yl_disclosure_word (YlDisclosure disclosure);

G_END_DECLS
