#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlHolding: one PC has one key of a person. */
typedef struct
{
  char *label;    /* of the PC, such as CY-A */
  int disclosure; /* YlDisclosure */
  gint64 epoch;
  gint64 since; /* UTC ms: when it was given, or first came from there */
  char *why;    /* a word of yl-grant-policy.h */
} YlHolding;
void yl_holding_free (YlHolding *holding);

/** yl_holding_list: who has which of the person's keys, as far as this copy gave them or got them from there; head office, through which
 * keys go, knows of all but those that stores handed on to each other (element-type YlHolding). */
GPtrArray *yl_holding_list (YlStore *store, const char *person, GError **error);

G_END_DECLS
