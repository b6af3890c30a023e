#pragma once

#include "exchange/yl-peer.h"
#include "hub/yl-hub.h"
#include "log/yl-log-door.h"
#include "yl-test-vfs.h"

G_BEGIN_DECLS

/*
 * YlSimWorld: a whole company in one process: head office with its hub, and stores, each on a disk of its own, under one virtual clock. All
 * that happens follows from the seed. Where something is wrong the process ends, after it has said which seed and what came last.
 */
#define YL_SIM_NODES_MAX 31
#define YL_SIM_HUB_URL "http://hub.invalid"
#define YL_SIM_RELAY_URL "http://relay%u.invalid"

typedef struct _YlSimWorld YlSimWorld;

/** YlSimNode: one PC. 0 is head office, with the hub; the others relay. */
typedef struct
{
  YlSimWorld *world;
  guint index;
  char *file;
  YlTestDisk *disk;
  YlStore *store; /* NULL while it is down */
  YlHub *hub;     /* while it is up */
  YlPeer *peer;   /* an open session with head office, or NULL */
  gint64 skew;    /* of its clock, ms */
  gint64 latest;  /* that its clock has ever said */
  gboolean
      was_behind; /* its clock was further back than clocks follow others: what it folded then it has not followed */
  gboolean deaf;  /* hears no answers */
  gboolean mute;  /* its requests get lost */
  gboolean full;  /* its disk */
  gboolean armed; /* may go down in this act */
  gboolean kept;  /* there is a backup of its file */
  gboolean revoked;

  guint8 seed[YL_KEY_BYTES]; /* of its pen, as enrolled */
  char *id;                  /* of its record */

  GHashTable *reached; /* writer -> GINT_TO_POINTER seq: how far its log was seen to reach */
} YlSimNode;

/** YlSimWrite: what an act wrote, for the model of conflicts. A machine that goes down before it could say so may have written it. */
typedef struct
{
  char *table;
  char *record;
  char *column;
  char *value;
  char writer[YL_WRITER_CHARS + 1];
  guint node;
  gint64 seq;
  GArray *seen;      /* of YlEntryName: the frontier it was written on */
  gboolean is_tried; /* the act has not come to its end */
  gboolean is_void;  /* its PC was shut out before it was sent */
} YlSimWrite;

struct _YlSimWorld
{
  guint64 seed;
  YlTestRandom random;
  gint64 now; /* UTC ms */
  guint n_nodes;
  YlSimNode nodes[YL_SIM_NODES_MAX];
  guint calling; /* the node whose exchange is under way */

  /* How often things go wrong, in percent; every seed mixes its own. */
  guint loss, doubled, late, cut_short, crashes, hub_crashes;

  guint disasters; /* in percent of steps */
  gboolean may_revoke, may_erase, may_prune;
  gboolean hub_is_old; /* its file was put back; the stores fill it again */
  guint n_revoked;

  GPtrArray *late_requests; /* copies that are still under way */
  GPtrArray *workers;       /* record ids that several stores edit */
  GPtrArray *records;       /* ids of records that must be everywhere, `table:id` */
  GPtrArray *writes;        /* of YlSimWrite */
  GHashTable *acknowledged; /* writer:seq -> id in hex, of every commit that said TRUE */
  GHashTable *erased;       /* ids of workers */
  GPtrArray *visits;        /* ids of records of a table that this version does not know */
  GPtrArray *trace;
};

/** yl_sim_world_new: a world as @seed makes it: who takes part, what goes wrong. */
YlSimWorld *yl_sim_world_new (guint64 seed);
/** yl_sim_world_new_calm: head office and @n_nodes - 1 stores; nothing goes wrong by itself. */
YlSimWorld *yl_sim_world_new_calm (guint n_nodes);
/** yl_sim_world_save, yl_sim_world_load: remembers all disks, and begins again from there. Saving closes all stores. */
void yl_sim_world_save (YlSimWorld *world);
void yl_sim_world_load (YlSimWorld *world);
void yl_sim_world_free (YlSimWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlSimWorld, yl_sim_world_free)
/** yl_sim_worlds_end: frees what all worlds share. */
void yl_sim_worlds_end (void);

guint yl_sim_pick (YlSimWorld *world, guint n);
gboolean yl_sim_chance (YlSimWorld *world, guint percent);
void yl_sim_note (YlSimWorld *world, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** yl_sim_fail: says what is wrong, with seed and trace, and ends the process. */
void yl_sim_fail (YlSimWorld *world, const char *format, ...) G_GNUC_PRINTF (2, 3) G_GNUC_NORETURN;

/** yl_sim_world_add_node: one more PC of a store joins; it has not exchanged anything yet. */
YlSimNode *yl_sim_world_add_node (YlSimWorld *world);
/** yl_sim_world_add_copy: a PC to which somebody has copied the file of @node, but not its markers. */
YlSimNode *yl_sim_world_add_copy (YlSimWorld *world, YlSimNode *node);
/** yl_sim_node_create: its file, as joining makes it. */
gboolean yl_sim_node_create (YlSimNode *node, GError **error);
/** yl_sim_node_is_there: whether its file opens. */
gboolean yl_sim_node_is_there (YlSimNode *node);
void yl_sim_node_open (YlSimNode *node);
/** yl_sim_node_close: the program ends in good order. */
void yl_sim_node_close (YlSimNode *node);
/** yl_sim_node_crash: the machine goes down and comes back; what was acknowledged must still be there. */
void yl_sim_node_crash (YlSimNode *node);
/** yl_sim_node_arm: its machine may go down somewhere in the next act. */
void yl_sim_node_arm (YlSimNode *node, guint percent);
/** yl_sim_node_settle: after an act: if the machine went down, it comes back. TRUE if it did. */
gboolean yl_sim_node_settle (YlSimNode *node);
/** yl_sim_node_sync: one exchange. @wait: seconds, as of yl_exchange_run(). FALSE: it did not come to its end. */
gboolean yl_sim_node_sync (YlSimNode *node, guint wait, GError **error);
/** yl_sim_node_fetch_history: all of what is behind its checkpoint. */
gboolean yl_sim_node_fetch_history (YlSimNode *node, GError **error);
/** yl_sim_node_prune: drops what is behind the hub's horizon. */
gboolean yl_sim_node_prune (YlSimNode *node, guint *n, GError **error);

/** yl_sim_node_sync_with: one exchange with the relay at @other. */
gboolean yl_sim_node_sync_with (YlSimNode *node, YlSimNode *other, GError **error);

/** yl_sim_link_install: calls to the hub and the relays of @world cross their bad links from now on. */
void yl_sim_link_install (YlSimWorld *world);
/** yl_sim_link_deliver_late: one of the copies that are still under way arrives. */
void yl_sim_link_deliver_late (YlSimWorld *world);
void yl_sim_link_forget (YlSimWorld *world);

/** yl_sim_markers_use: from now on store files are known from copies of themselves. */
void yl_sim_markers_use (void);
/** yl_sim_disaster: one of the things that follow, where they can be. */
void yl_sim_disaster (YlSimNode *node);
/** yl_sim_node_keep, yl_sim_node_put_back: a backup of its file, which later takes the place of that. */
void yl_sim_node_keep (YlSimNode *node);
void yl_sim_node_put_back (YlSimNode *node);
/** yl_sim_bring_out: tries to bring what it wrote to head office: TRUE if nothing waits any more. */
gboolean yl_sim_bring_out (YlSimNode *node);
/** yl_sim_write_first: the first change of a file that is a copy. */
void yl_sim_write_first (YlSimNode *node);
/** yl_sim_copy_to_another: somebody copies its file to a second PC, and both go on. */
void yl_sim_copy_to_another (YlSimNode *node);
/** yl_sim_carry: a bundle on a stick. */
void yl_sim_carry (YlSimNode *from, YlSimNode *to);
/** yl_sim_node_revoke: head office shuts it out. */
void yl_sim_node_revoke (YlSimNode *node);
/** yl_sim_erase: head office erases a worker. */
void yl_sim_erase (YlSimWorld *world);
void yl_sim_check_erased (YlSimNode *node);
/** yl_sim_horizon: a checkpoint, a PC that joins, or change sets dropped behind the horizon. */
void yl_sim_horizon (YlSimNode *node);
/** yl_sim_node_has_history: all of the log, not only what came after a checkpoint. */
gboolean yl_sim_node_has_history (YlSimNode *node);

/** yl_sim_work: something that people do at @node. */
void yl_sim_work (YlSimNode *node);

/** yl_sim_work_later: what a later version of the program would write: tables, columns and kinds of ops that this one does not know. */
gboolean yl_sim_work_later (YlSimNode *node, GError **error);

/* The ledger: what must hold. */

/** yl_sim_observe: @node's log has not gone back; notes how far it has got. */
void yl_sim_observe (YlSimNode *node);
/** yl_sim_acknowledge: everything of @node's own pen after @before was acknowledged. Returns the last sequence. */
gint64 yl_sim_acknowledge (YlSimNode *node, gint64 before);
gint64 yl_sim_own_seq (YlSimNode *node);
/** yl_sim_check_receipts: what no longer waits at @node is in the hub's file. */
void yl_sim_check_receipts (YlSimNode *node);
/** yl_sim_check_node: what was acknowledged is there, the file is whole, and a rebuild gives the same. */
void yl_sim_check_node (YlSimNode *node);
/** yl_sim_check_end: everybody is well, has everything, and agrees. */
void yl_sim_check_end (YlSimWorld *world);

/* The model of conflicts. */
GPtrArray *yl_sim_writes_new (void);
/** yl_sim_writes: @node is about to write that in its next change set, @seen being its frontier. */
void yl_sim_writes (YlSimNode *node,
                    const char *table,
                    const char *record,
                    const char *column,
                    const char *value,
                    GArray *seen);
/** yl_sim_writes_settle: the act is over: what its log does not hold was not written, whatever was said. */
void yl_sim_writes_settle (YlSimNode *node);
void yl_sim_check_conflicts (YlSimWorld *world, YlSimNode *node);

G_END_DECLS
