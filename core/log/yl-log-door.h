#pragma once

#include "yl-entry.h"
#include "store/yl-store.h"

G_BEGIN_DECLS

/*
 * What core offers to the merge log and the exchange (sync): objects and refs inside core's own transaction, what waits,
 * keys to sign with, the frontier, and the door for entries from elsewhere. Sync never writes a table itself.
 */

#define YL_OID_BYTES 20
#define YL_SIGNATURE_BYTES 64
#define YL_KEY_BYTES 32

/** YlLogTransaction: one immediate SQLite transaction; rolled back unless committed. Nested use is an error. */
typedef struct _YlLogTransaction YlLogTransaction;
YlLogTransaction *yl_log_begin (YlStore *store, GError **error);
gboolean yl_log_commit (YlLogTransaction *transaction, GError **error);
void yl_log_transaction_free (YlLogTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlLogTransaction, yl_log_transaction_free)

/* Git objects other than commits, and refs. Types are libgit2's numbers (commit 1, tree 2, blob 3). */
gboolean yl_log_put_object (YlStore *store,
                            const guint8 *oid,
                            int type,
                            gconstpointer data,
                            gsize length,
                            GError **error);
/** yl_log_get_object: NULL with YL_ERROR_NOT_FOUND where there is none. */
GBytes *yl_log_get_object (YlStore *store, const guint8 *oid, int *type, GError **error);
/** yl_log_drop_object: one that is damaged. */
gboolean yl_log_drop_object (YlStore *store, const guint8 *oid, GError **error);
gboolean yl_log_has_object (YlStore *store, const guint8 *oid);
typedef gboolean (*YlObjectFunc) (const guint8 *oid, int type, gpointer data);
gboolean yl_log_foreach_object (YlStore *store, YlObjectFunc func, gpointer data, GError **error);
gboolean yl_log_set_ref (YlStore *store, const char *name, const guint8 *oid, GError **error); /* oid NULL: remove */
gboolean yl_log_get_ref (YlStore *store, const char *name, guint8 *oid);
/** yl_log_list_refs: names, sorted. */
GStrv yl_log_list_refs (YlStore *store, GError **error);

/* Entries. @n is the local order in which they were folded, which is a causal order. */

typedef struct
{
  gint64 n;
  gint64 strand; /* number of its writer's branch in this file: one a writer, unless it forked */
  char writer[YL_WRITER_CHARS + 1];
  gint64 seq;
  guint8 id[YL_ENTRY_ID_BYTES];
  gboolean here;   /* its message is, or ought to be: a copy may have begun with a checkpoint, or dropped what is old */
  gboolean bare;   /* no more is known of it than its name, its time and who acted */
  gboolean logged; /* a signed commit of its writer covers it */
  gint64 hlc;
  char *refused; /* why its ops do not count, or NULL */
} YlEntryRow;
void yl_entry_row_free (YlEntryRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlEntryRow, yl_entry_row_free)

/** yl_log_forget: removes an own entry that was never logged and that nothing follows. */
gboolean yl_log_forget (YlStore *store, gint64 n, GError **error);
/** yl_log_unlogged: entries of this file's own pens that no signed commit covers yet, in order (element-type YlEntryRow). */
GPtrArray *yl_log_unlogged (YlStore *store, GError **error);
/** yl_log_entry: a whole entry. Errors: YL_ERROR_CORRUPT (damaged, or its message is not kept). */
YlEntry *yl_log_entry (YlStore *store, gint64 n, GError **error);
/** yl_log_message: the message of an entry. */
GBytes *yl_log_message (YlStore *store, gint64 n, GError **error);

/** YlRun: entries @start to @end (local numbers), of one writer, of which the last one's commit @oid is signed. */
typedef struct
{
  gint64 start;
  gint64 end;
  guint8 oid[YL_OID_BYTES];
  guint8 signature[YL_SIGNATURE_BYTES];
} YlRun;
/** yl_log_end_run: the log holds its writer's entries up to @n, whose commit @oid carries @signature. */
gboolean yl_log_end_run (YlStore *store, gint64 n, const guint8 *oid, const guint8 *signature, GError **error);
/** yl_log_find_run: the run that entry @n belongs to. Errors: YL_ERROR_NOT_FOUND (not logged yet). */
gboolean yl_log_find_run (YlStore *store, gint64 n, YlRun *run, GError **error);
/** yl_log_find_name: an entry by its full name; NULL with YL_ERROR_NOT_FOUND. */
YlEntryRow *yl_log_find_name (YlStore *store, const YlEntryName *name, GError **error);
/** yl_log_find: an entry by writer and sequence; of a writer that forked the one known first. NULL with YL_ERROR_NOT_FOUND. */
YlEntryRow *yl_log_find (YlStore *store, const char *writer, gint64 seq, GError **error);
/** yl_log_get: an entry by its local number; NULL with YL_ERROR_NOT_FOUND. */
YlEntryRow *yl_log_get (YlStore *store, gint64 n, GError **error);
/** yl_log_since: entries with n > @after, causal order, at most @limit (element-type YlEntryRow). */
GPtrArray *yl_log_since (YlStore *store, gint64 after, guint limit, GError **error);

/** yl_log_frontier: the last folded entry of every branch of every writer, in the order of names (element-type YlEntryName). */
GArray *yl_log_frontier (YlStore *store, GError **error);
/** yl_log_seen_by: how far @writer had got by its last entries here: what it surely has (GArray of YlEntryName, as a frontier). */
GArray *yl_log_seen_by (YlStore *store, const char *writer, GError **error);
/** yl_log_has_all: whether every entry in @names (of YlEntryName) is here. */
gboolean yl_log_has_all (YlStore *store, GArray *names, gboolean *has_all, GError **error);

/**
 * yl_log_coverage: how much of this log a copy has that told @names (its frontier, with rungs or without): the last sequence of
 * every strand, by its number (element-type gint64). A name unknown here says that the copy is further on, as long as its
 * sequence is beyond all that is here; where it is not, that writer has forked, and where it left is to be found by rungs.
 * Errors: YL_ERROR_MISSING (ask again with yl_log_ladder()).
 */
GArray *yl_log_coverage (YlStore *store, GArray *names, GError **error);
/** yl_log_coverage_of_all: of a copy that has all that is here. */
GArray *yl_log_coverage_of_all (YlStore *store, GError **error);
/** yl_log_covers: whether entry @seq of strand @strand is in it. */
gboolean yl_log_covers (GArray *coverage, gint64 strand, gint64 seq);
/** yl_log_cover: adds an entry and its writer's entries before it to @coverage. Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_log_cover (YlStore *store, GArray *coverage, const YlEntryName *name, GError **error);
/** yl_log_covered_names: the frontier of a copy that has @coverage. */
GArray *yl_log_covered_names (YlStore *store, GArray *coverage, GError **error);
/** yl_log_coverage_of_others: all that is here, but of what this file writes only that which a receipt covers: what its hub has
 * too, unless somebody else brought it. */
GArray *yl_log_coverage_of_others (YlStore *store, GError **error);
/** yl_log_first_missing: the local number of the first entry outside @coverage; G_MAXINT64 if there is none. */
gboolean yl_log_first_missing (YlStore *store, GArray *coverage, gint64 *n, GError **error);
/** yl_log_ladder: this log's frontier with rungs: entries 1, 2, 4, 8 … before the last one and the first, of every writer of which
 * @theirs (the other side's frontier) has an entry that is unknown here. With @sure only where that proves a fork. */
GArray *yl_log_ladder (YlStore *store, GArray *theirs, gboolean sure, GError **error);

/** YlBranch: a writer's entries up to one of its ends, as a git branch: `<writer>`, or `<writer>-<id8>` where it forked: at each
 * fork the lowest id keeps the name, and each other is named by its first entry of its own. */
typedef struct
{
  gint64 strand;
  char *name;
  gboolean logged;          /* it has a commit */
  guint8 oid[YL_OID_BYTES]; /* its last commit */
} YlBranch;
void yl_branch_free (YlBranch *branch);
/** yl_log_branches: of one writer (element-type YlBranch). */
GPtrArray *yl_log_branches (YlStore *store, const char *writer, GError **error);

/**
 * yl_log_apply: the door, origin remote. @message: verified by the caller as @writer's (yl_log_writer_key()).
 * Checks form, scope, chain, clock bounds and that all it has seen is here; decides by the authority chain whether its ops
 * count; folds it. An entry already here is no error (sets @new to FALSE). Another entry under the same
 * writer and sequence is a fork and folded like any other. Must run inside a YlLogTransaction.
 * Errors: YL_ERROR_MISSING (deliver what it has seen first), YL_ERROR_INVALID.
 */
gboolean yl_log_apply (YlStore *store, const YlEntry *entry, gint64 *n, gboolean *is_new, GError **error);
/** yl_log_writer_key: Ed25519 public key of a writer as the authority chain folded so far knows it.
 * Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_log_writer_key (YlStore *store, const char *writer, guint8 *key, GError **error);
/** yl_log_hold: where this file is a copy of another: takes out of the log what was never logged, since the other may have logged it
 * otherwise, and holds it until the new pen writes it again. Before anything is fetched. */
gboolean yl_log_hold (YlStore *store, GError **error);
/** yl_log_renew_pen: where this file is a copy of another and has fetched what there is, it goes on with a new pen (yl-pen.h). */
gboolean yl_log_renew_pen (YlStore *store, GError **error);
/** yl_log_pen_due: whether that is still to be done, as the last transaction found: what the old pen wrote is not to be logged then. */
gboolean yl_log_pen_due (YlStore *store);
/** yl_log_mark_sent: before what was logged in this transaction can leave the computer. */
gboolean yl_log_mark_sent (YlStore *store, GError **error);
/** yl_log_pen_key: the key that the first entry of a further pen brings along, whose digest its writer is; FALSE for any other entry. */
gboolean yl_log_pen_key (const YlEntry *entry, guint8 *key);
/** yl_log_is_revoked: whether head office has shut out the PC that was enrolled as @identity. */
gboolean yl_log_is_revoked (YlStore *store, const char *identity);
/** yl_log_writer_label: what people call a writer, or a node by its record id: `CY-A` (site code, writer letter) or `authority`. */
char *yl_log_writer_label (YlStore *store, const char *writer);
/** yl_log_label_writers: @text with the ids of writers replaced by what people call them. */
char *yl_log_label_writers (YlStore *store, const char *text);
/** yl_log_labelled: the writer id of the PC that people call @label (`CY-A`). Errors: YL_ERROR_NOT_FOUND. */
char *yl_log_labelled (YlStore *store, const char *label, GError **error);

/** yl_log_sign: Ed25519 signature by one of this file's own pens. Errors: YL_ERROR_NOT_FOUND for a foreign writer. */
gboolean yl_log_sign (YlStore *store,
                      const char *writer,
                      gconstpointer data,
                      gsize length,
                      guint8 *signature,
                      GError **error);
/** yl_log_public_key: of one of this file's own pens, or of the authority on any node. */
gboolean yl_log_public_key (YlStore *store, const char *writer, guint8 *key, GError **error);
/** yl_log_authority: the authority's writer id. */
const char *yl_log_authority (YlStore *store);

/* Waiting: own entries that no signed receipt covers yet. */
guint yl_log_n_waiting (YlStore *store);
/** yl_log_waiting: their `what` sentences with time, oldest first (element-type YlEntryRow). */
GPtrArray *yl_log_waiting (YlStore *store, GError **error);
/** yl_log_acknowledge: a receipt covers the entry @name and its writer's entries before it. Errors: YL_ERROR_NOT_FOUND. */
gboolean yl_log_acknowledge (YlStore *store, const YlEntryName *name, GError **error);

/* Keys of the seal (grants). A key id is the first 16 bytes of BLAKE2b-256 of the key. */
#define YL_KEY_ID_BYTES 16
typedef struct
{
  guint8 id[YL_KEY_ID_BYTES];
  guint8 key[YL_KEY_BYTES];
  char person[37];
  int disclosure; /* YlDisclosure */
  gint64 epoch;   /* ends with a rotation */
  char site[37];  /* the store that made it without being entitled to the class; "": it is one of the person's own */
} YlSealKey;
/** YlKeyRefusal: a key that the asking node may not have. */
typedef struct
{
  guint8 id[YL_KEY_ID_BYTES];
  int verdict; /* YlGrantVerdict */
} YlKeyRefusal;
/** yl_log_keys_of: those of the keys @ids that this node holds (element-type YlSealKey). For itself; what leaves it goes through
 * yl_log_keys_for(). */
GArray *yl_log_keys_of (YlStore *store, const guint8 *ids, guint n_ids, GError **error);
/** yl_log_keys_for: those of the keys @ids that this node holds and the node that writes as @writer may have, put down in the ledger
 * (element-type YlSealKey). @refused: set to the others that it may not have (element-type YlKeyRefusal). */
GArray *yl_log_keys_for (YlStore *store,
                         const char *writer,
                         const guint8 *ids,
                         guint n_ids,
                         GArray **refused,
                         GError **error);
/** yl_log_keys_used: ids of the keys used in an entry's sealed values, YL_KEY_ID_BYTES each, sorted, without repeats. */
GBytes *yl_log_keys_used (const YlEntry *entry);
/** yl_log_keys_wanted: ids used in folded entries that this node does not hold and, as far as it knows, may have. */
GBytes *yl_log_keys_wanted (YlStore *store, GError **error);
/** yl_log_keys_take_stock: looks through all values for keys that are not here, as after some were lost. */
gboolean yl_log_keys_take_stock (YlStore *store, GError **error);
/** yl_log_keys_refused: it may not, says who was asked: not wanted again until something changes. */
gboolean yl_log_keys_refused (YlStore *store, const YlKeyRefusal *refusals, guint n_refusals, GError **error);
/**
 * yl_log_add_keys: takes keys in that @from gave, opening what they seal. Person and class are those of the values that use
 * a key, whatever @keys says; a key that nothing here uses, or of a person who was erased, is left out. Keys already here are no
 * error. @n_added: may be NULL. Emits `changed` at the next refresh.
 */
gboolean yl_log_add_keys (YlStore *store,
                          const char *from,
                          const YlSealKey *keys,
                          guint n_keys,
                          guint *n_added,
                          GError **error);
/** yl_log_box_key: the X25519 public key of a node (by writer), from the authority chain; grants are sealed to it. */
gboolean yl_log_box_key (YlStore *store, const char *writer, guint8 *key, GError **error);
/** yl_log_unbox: opens what was sealed to this node's X25519 key (crypto_box_seal). Errors: YL_ERROR_INVALID. */
GBytes *yl_log_unbox (YlStore *store, GBytes *sealed, GError **error);

/* The sync log people read: never particulars. */
gboolean yl_store_note_sync (YlStore *store, const char *kind, const char *detail, GError **error);
typedef struct
{
  gint64 at;  /* UTC ms */
  char *kind; /* sent, received, offline, refused, … */
  char *detail;
} YlSyncNote;
void yl_sync_note_free (YlSyncNote *note);
GPtrArray *yl_store_sync_notes (YlStore *store,
                                guint limit,
                                GError **error); /* newest first, element-type YlSyncNote */

G_END_DECLS
