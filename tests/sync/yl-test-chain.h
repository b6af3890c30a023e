#pragma once

#include "change/yl-change.h"
#include "log/yl-behind.h"
#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * A chain in a folder of its own: head office with a hub in a thread, on a port of its own on loopback, and stores that joined
 * through it.
 */
typedef struct _YlTestChain YlTestChain;

/** yl_test_chain_new: head office, and stores `S1` to `S<n_sites>` without PCs; the hub runs. @scheme: `http` or `https`. */
YlTestChain *yl_test_chain_new (const char *scheme, guint n_sites);
void yl_test_chain_free (YlTestChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTestChain, yl_test_chain_free)

/** yl_test_chain_head_office: its file, opened a second time beside the hub. */
YlStore *yl_test_chain_head_office (YlTestChain *chain);
const char *yl_test_chain_url (YlTestChain *chain);
/** yl_test_chain_file: a name for a file in the chain's folder. */
char *yl_test_chain_file (YlTestChain *chain, const char *name);
/** yl_test_chain_stop, yl_test_chain_start: the hub goes and comes back, same address. */
void yl_test_chain_stop (YlTestChain *chain);
void yl_test_chain_start (YlTestChain *chain);

/** yl_test_chain_join: a new PC of store `S<site>` as file @name. */
YlStore *yl_test_chain_join (YlTestChain *chain, guint site, const char *name);

/** yl_test_chain_enrol: a new PC of store `S<site>` as file @name, enrolled, that has asked for nothing yet. */
YlStore *yl_test_chain_enrol (YlTestChain *chain, guint site, const char *name);

/** yl_test_add_worker: one change set. Returns her record id. */
char *yl_test_add_worker (YlStore *store, const char *name);
/** yl_test_rename_worker: one change set. */
void yl_test_rename_worker (YlStore *store, const char *id, const char *name);
/** yl_test_worker_name: NULL where there is no such worker, or no key to her name. */
char *yl_test_worker_name (YlStore *store, const char *id);
/** yl_test_n_entries: of the whole log. */
gint64 yl_test_n_entries (YlStore *store);

/** yl_test_behind: what of its history the store has. */
YlBehind yl_test_behind (YlStore *store);

/** yl_test_sync: an exchange that must end in the same state. */
void yl_test_sync (YlStore *store);

G_END_DECLS
