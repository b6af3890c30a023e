#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A TCP proxy before the hub, in threads of its own: counts every byte both ways, headers included, and can cut the link. */
typedef struct _YlBenchProxy YlBenchProxy;

YlBenchProxy *yl_bench_proxy_new (const char *hub_url, GError **error);
void yl_bench_proxy_free (YlBenchProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlBenchProxy, yl_bench_proxy_free)

const char *yl_bench_proxy_get_url (YlBenchProxy *proxy);
/* yl_bench_proxy_bytes: so far, towards the hub and back. */
gint64 yl_bench_proxy_bytes (YlBenchProxy *proxy);
/* yl_bench_proxy_cut: breaks every connection once so many bytes in all have passed; 0: never. */
void yl_bench_proxy_cut (YlBenchProxy *proxy, gint64 at);

G_END_DECLS
