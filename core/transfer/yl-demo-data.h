#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the made-up chain is made of: real districts and places, common names, believable wages. */

typedef struct
{
  const char *code;
  const char *name;
  const char *district;
  gint64 lat; /* millionths of a degree */
  gint64 lon;
} YlDemoStore;

/** YlDemoCommunity: residential quarters, in the order of the stores next to them. */
typedef struct
{
  const char *name;
  const char *district;
  int lat; /* ten-thousandths of a degree */
  int lon;
} YlDemoCommunity;

/** YlDemoJob: a kind of work: what it pays, who can do it, how it is ordered. */
typedef struct
{
  const char *job;
  const char *also; /* job types such a worker takes on too, comma list */
  const char *modes;
  const char *skills[6]; /* the likely ones first */
  const char *certificate;
  const char *unit;
  int wage_from; /* yuan */
  int wage_to;
  const char *schedule;
  guint share_workers; /* per 100 */
  guint share_orders;
} YlDemoJob;

/** YlDemoOrigin: where workers come from: GB/T 2260 code of a county, its province, the dialect spoken there. */
typedef struct
{
  const char *area;
  const char *province;
  const char *dialect;
} YlDemoOrigin;

#define YL_DEMO_N_STORES 12

extern const YlDemoStore yl_demo_stores[YL_DEMO_N_STORES];
extern const YlDemoCommunity yl_demo_communities[];
extern const guint yl_demo_n_communities;
extern const YlDemoJob yl_demo_jobs[];
extern const guint yl_demo_n_jobs;
extern const YlDemoOrigin yl_demo_origins[];
extern const guint yl_demo_n_origins;
extern const char *const yl_demo_surnames[]; /* commonest first; NULL-terminated, as the next two */
extern const char *const yl_demo_given_female[];
extern const char *const yl_demo_given_male[];

G_END_DECLS
