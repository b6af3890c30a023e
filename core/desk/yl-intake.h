#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* Taking a demand on the phone: who calls, where it is, and one change set that keeps it all. */

/** YlCaller: the customer behind a phone number. */
typedef struct
{
  YlRecord *customer;
  YlRecord *household; /* NULL where none is known */
  guint n_orders;
  char *last_worker; /* record id of whom they had last, or NULL */
  char *last_worker_name;
} YlCaller;
void yl_caller_free (YlCaller *caller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlCaller, yl_caller_free)

/** yl_intake_find_caller: by the whole phone number; NULL without an error when nobody has it. */
YlCaller *yl_intake_find_caller (YlStore *store, const char *phone, GError **error);

/** YlPlace: where a community lies, as far as the homes known there tell. */
typedef struct
{
  char *community;   /* its full name, or what was typed */
  char *district;    /* code, or NULL */
  gboolean is_known; /* lat and lon are set */
  gint64 lat;
  gint64 lon;
  gint64 metres; /* from this store, -1 unknown */
} YlPlace;
void yl_place_clear (YlPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (YlPlace, yl_place_clear)

/**
 * yl_intake_find_place: reads `幸福小区 3号楼`: the longest known community the text begins with, else a district's name,
 * else this store's district. @rest: what follows it (building, unit); free with g_free().
 */
gboolean yl_intake_find_place (YlStore *store, const char *text, YlPlace *place, char **rest, GError **error);

/** YlDemand: what the form holds. Borrowed. */
typedef struct
{
  const YlCaller *caller; /* known customer, or NULL for a new one with … */
  const char *name;
  const char *phone;
  const YlPlace *place;    /* NULL: the household of the caller */
  const char *address;     /* building and unit */
  YlRecord *order;         /* service, schedule, budget, note; gets its id */
  const char *const *sets; /* NULL-terminated pairs of set name and comma list */
} YlDemand;

/** yl_intake_save: customer, household and order in one change set. Errors: YL_ERROR_INVALID naming the field, YL_ERROR_REFUSED. */
gboolean yl_intake_save (YlStore *store, const YlDemand *demand, GError **error);

G_END_DECLS
