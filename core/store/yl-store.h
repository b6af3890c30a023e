#pragma once

#include <gio/gio.h>

#include "base/yl-clock.h"
#include "base/yl-error.h"
#include "yl-record.h"
#include "yl-table.h"

G_BEGIN_DECLS

#define YL_TYPE_STORE (yl_store_get_type ())
/**
 * YlStore: one store's copy of the chain: an SQLite file, opened by the window, the hub and yuelaictl at once.
 * Not thread-safe: one thread owns it. Signal `changed (YlStore *)`: something was committed, here, by another process
 * (noticed by yl_store_refresh()) or through a sync; emitted once per commit, after it.
 */
G_DECLARE_FINAL_TYPE (YlStore, yl_store, YL, STORE, GObject)

/** YlFounding: what `init` needs. @code is the company's and its head office's code, 1-8 capital letters or digits. */
typedef struct
{
  const char *name;
  const char *code;
  const char *hub_url;
  YlNowFunc now; /* the store's clock from its first entry on; NULL: the machine's */
  gpointer now_data;
} YlFounding;

/**
 * YlMembership: what a store needs to join a company, carried by the one-time code and the hub's answer.
 * @seed: the node's Ed25519 seed (32 bytes), made by the joining store itself.
 */
typedef struct
{
  const char *scope;
  const char *hub_url;
  const guint8 *authority_key; /* the company's Ed25519 public key (32 bytes); must fit @scope */
  const char *node;            /* record id of the node */
  const guint8 *seed;
  const char *const *settings; /* name, value, name, value, …, NULL: there from the first moment; may be NULL */
} YlMembership;

/** yl_store_found: makes FILE the head office's store of a new company: company, head office site, first staff, node.
 * Refuses an existing file. Errors: YL_ERROR_REFUSED, YL_ERROR_INVALID, YL_ERROR_FULL. */
YlStore *yl_store_found (const char *file, const YlFounding *founding, GError **error);
/** yl_store_create_member: makes FILE an empty copy for a node that head office has enrolled. Refuses an existing file. */
YlStore *yl_store_create_member (const char *file, const YlMembership *membership, GError **error);
/** yl_store_open: opens an existing store file. Errors: YL_ERROR_NOT_FOUND, YL_ERROR_CORRUPT (not a store, half a file),
 * YL_ERROR_NEWER, YL_ERROR_FULL. */
YlStore *yl_store_open (const char *file, GError **error);

const char *yl_store_get_file (YlStore *store);
/** yl_store_get_scope: 32 hex digits naming the company's log; derived from its authority key. */
const char *yl_store_get_scope (YlStore *store);
/** yl_store_get_writer: the pen in use, 16 hex digits derived from its public key. */
const char *yl_store_get_writer (YlStore *store);
/** yl_store_get_identity: the pen this PC was enrolled with: who it is in sessions, receipts and grants, whatever pen it writes with. */
const char *yl_store_get_identity (YlStore *store);
/** yl_store_get_node: record id of this PC. */
const char *yl_store_get_node (YlStore *store);
/** yl_store_get_site: record id of the site this PC belongs to; NULL until the enrolment has arrived by sync. */
const char *yl_store_get_site (YlStore *store);
gboolean yl_store_is_head_office (YlStore *store);
const char *yl_store_get_hub_url (YlStore *store);

/** yl_store_set_actor: who writes from now on, by staff code; NULL = the first staff of this site.
 * Errors: YL_ERROR_NOT_FOUND, YL_ERROR_REFUSED (staff of another site). */
gboolean yl_store_set_actor (YlStore *store, const char *staff_code, GError **error);
/** yl_store_get_actor: staff code, or NULL while none is known. */
const char *yl_store_get_actor (YlStore *store);

/** yl_store_set_clock: replaces the clock, in tests and in the demo generator; NULL: the machine's again. */
void yl_store_set_clock (YlStore *store, YlNowFunc now, gpointer data);
gint64 yl_store_now (YlStore *store);

/** yl_store_refresh: takes in what other processes committed since; emits `changed` if there was any. Cheap when not. */
/** yl_store_get_last_entry: the local number of the last entry that this object has followed. */
gint64 yl_store_get_last_entry (YlStore *store);
gboolean yl_store_refresh (YlStore *store, GError **error);
/** yl_store_check_reads: at the end of an act: FALSE where something could not be read that nobody was told of. That is then @error,
 * in place of what was made of it. */
gboolean yl_store_check_reads (YlStore *store, GError **error);

/* Reading. Values are plain. */

/** yl_store_get: the record, or NULL with YL_ERROR_NOT_FOUND. @id: record id or short number. */
YlRecord *yl_store_get (YlStore *store, const char *table, const char *id, GError **error);
/** yl_store_find_id: the record id for an id or a short number, without reading the record. Of a person with several records
 * (yl-alias.h) any of their ids and numbers leads to the one that is shown; so do all functions here that read for people. */
char *yl_store_find_id (YlStore *store, const char *table, const char *id_or_number, GError **error);
/** yl_store_find_exact: the very record of that id or number, merged into another or not. */
char *yl_store_find_exact (YlStore *store, const char *table, const char *id_or_number, GError **error);
/** yl_store_get_exact: as yl_store_get(), of that very record. */
YlRecord *yl_store_get_exact (YlStore *store, const char *table, const char *id, GError **error);
/** yl_store_get_set: a set as its comma list, `""` when empty. */
char *yl_store_get_set (YlStore *store, const YlSet *set, const char *owner, GError **error);
/**
 * yl_store_list: records in id order (that is: order of creation).
 * @where: a strv of `field=value` as people type them (sealed fields too, and sets: `job_types=cleaning` asks for membership),
 *         all of which must hold; NULL for all. @limit: 0 = all.
 * Returns: (element-type YlRecord) owned by the caller.
 */
GPtrArray *yl_store_list (YlStore *store, const char *table, const char *const *where, guint limit, GError **error);
/** yl_store_number: the short number of a record (its id where the table has none). */
char *yl_store_number (YlStore *store, const char *table, const char *id);

/* Settings of this PC: never travel. */
char *yl_store_get_setting (YlStore *store, const char *key);
gboolean yl_store_set_setting (YlStore *store, const char *key, const char *value, GError **error);

G_END_DECLS
