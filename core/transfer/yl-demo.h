#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** YlDemoSize: how large a made-up chain to make. */
typedef struct
{
  guint stores; /* at most 12 */
  guint workers;
  guint households; /* each with a customer */
  guint orders;
} YlDemoSize;

/** What the issue asks for: 12 stores, 3,000 workers, 8,000 households, 6,000 orders. */
#define YL_DEMO_FULL ((YlDemoSize){ 12, 3000, 8000, 6000 })
/** A chain for tests, made within a second. */
#define YL_DEMO_SMALL ((YlDemoSize){ 3, 60, 120, 90 })

/** The name every demo company carries. */
#define YL_DEMO_COMPANY "悦来示例家政(虚构数据)"

/** yl_demo_found: makes FILE the head office's store of a made-up company that has been at work for half a year, and fills it. */
YlStore *yl_demo_found (const char *file,
                        const char *code,
                        const char *hub_url,
                        const YlDemoSize *size,
                        guint64 seed,
                        GError **error);

/**
 * yl_demo_fill: fills head office's store with a believable Beijing chain. Every person, number and address is made up and the
 * company's name says so. The same seed at the same instant gives the same chain. Writes through the door like anybody,
 * with a clock that runs through the last half year as far as the store's own log lets it.
 * Errors: YL_ERROR_REFUSED (not head office's store, or it holds workers already), and the door's own.
 */
gboolean yl_demo_fill (YlStore *head_office, const YlDemoSize *size, guint64 seed, GError **error);

G_END_DECLS
