#pragma once

#include "hub/yl-hub.h"
#include "yl-test-chain.h"

G_BEGIN_DECLS

/* Straight to a hub in this process, without HTTP, by a way on which what is asked and answered can be altered. */
typedef struct
{
  const char *url;
  YlHub *hub;
  /* What the hub is asked instead of @body, and what is answered instead of a good answer; NULL: the same. */
  GBytes *(*ask) (const char *path, const char *token, GBytes *body, gpointer data);
  GBytes *(*answer) (const char *path, GBytes *body, gpointer data);
  /* The certificate that is shown; NULL: none. */
  gboolean (*certificate) (guint8 *fingerprint, gpointer data);
  gpointer data;
} YlTestWay;

/** yl_test_way_use: all transports of this process go @way from now on (borrowed, and read at each call); NULL: as usual. */
void yl_test_way_use (const YlTestWay *way);

/** yl_test_way_call: one call by @way, nothing altered. Returns the status; @answer: the body. */
guint yl_test_way_call (const YlTestWay *way, const char *path, const char *token, GBytes *body, GBytes **answer);

/**
 * yl_test_way_chain: a chain, and a PC in each of its two stores, which have all the chain has. Its hub is reached by @way from now on, of
 * which the caller set what it alters. yl_test_way_end takes both down.
 */
YlTestChain *yl_test_way_chain (YlTestWay *way, YlStore **one, YlStore **two);
void yl_test_way_end (YlTestWay *way, YlTestChain *chain);

G_END_DECLS
