/*
 * A herd: stores that were away and all come back at once, to one hub in a process of its own: `bench-herd [STORES [CHANGE-SETS]]`. Each
 * store sends what waits until a receipt covers it, and tries again as a window does when the hub does not answer in time. What the hub hands out on
 * the way is read and dropped: that everybody catches up with everybody takes stores of their own processors. Speaks TAP: that nothing is lost and
 * nothing is there twice is a test, how long it took is a figure.
 */
#include <sys/resource.h>
#include <string.h>

#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-delivery.h"
#include "exchange/yl-frontier.h"
#include "exchange/yl-grant.h"
#include "exchange/yl-peer.h"
#include "exchange/yl-receipt.h"
#include "hub/yl-hub.h"
#include "yl-test-chain.h"

#define STORES 20
#define CHANGE_SETS 200
#define NEW_WORKERS 20 /* of a store's change sets; the others edit them */
/* A new store begins with a checkpoint, so that the thousandth one need not read all enrolments one by one. */
#define STORES_PER_CHECKPOINT 50
#define RETRY_FIRST_SECONDS 2
#define RETRY_MAX_SECONDS 60

/** Herd: what all stores share. */
typedef struct
{
  YlTestChain *chain;
  guint n_stores;
  guint n_change_sets;
  gint n_retries;  /* atomic, as is the next */
  gint n_answered; /* bytes handed out, in KiB */
  gint64 slowest;  /* µs from the start to a store's last receipt */
  GMutex mutex;    /* for the slowest */
  gint64 start;
} Herd;

/** Sheep: one store that comes back. */
typedef struct
{
  Herd *herd;
  char *file;
} Sheep;

/* Making them */

static void
work (YlStore *store, guint n)
{
  g_autoptr (GPtrArray) workers = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("王%u", i);

      if (i < NEW_WORKERS)
        g_ptr_array_add (workers, yl_test_add_worker (store, name));
      else
        yl_test_rename_worker (store, workers->pdata[i % workers->len], name);
    }
}

static char *
file_of (Herd *herd, guint i)
{
  g_autofree char *name = g_strdup_printf ("store-%u", i);

  return yl_test_chain_file (herd->chain, name);
}

static void
make_store (Herd *herd, guint i)
{
  g_autofree char *name = g_strdup_printf ("store-%u", i);
  g_autoptr (YlStore) store = yl_test_chain_join (herd->chain, i, name);
  g_autoptr (GError) error = NULL;

  work (store, herd->n_change_sets);
  g_assert_cmpuint (yl_log_n_waiting (store), ==, herd->n_change_sets);
  if (i % STORES_PER_CHECKPOINT == 0)
    {
      g_autoptr (YlCheckpoint) checkpoint = yl_checkpoint_make (yl_test_chain_head_office (herd->chain), &error);

      g_assert_no_error (error);
    }
}

/* Coming back */

/** Push: what one store has still to send. */
typedef struct
{
  Herd *herd;
  YlStore *store;
  YlPeer *peer;
  GArray *theirs; /* coverage */
  GArray *names;  /* to be told; NULL while a digest may do */
} Push;

static void
push_clear (Push *push)
{
  g_clear_object (&push->store);
  g_clear_pointer (&push->peer, yl_peer_free);
  g_clear_pointer (&push->theirs, g_array_unref);
  g_clear_pointer (&push->names, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Push, push_clear)

static gboolean
take_receipt (Push *push, YlSegment *segment, GBytes *bytes, const YlSyncAnswer *answer, GError **error)
{
  g_autoptr (GArray) names = yl_delivery_names (segment);
  guint8 digest[YL_PUSH_DIGEST_BYTES];

  yl_push_digest (bytes, digest);
  g_assert_true (answer->has_receipt);
  g_assert_true (yl_receipt_verify (push->store, yl_peer_get_hub (push->peer), digest, answer->frontier, answer->time,
                                    answer->receipt));
  for (guint i = 0; i < names->len; i++)
    {
      const YlEntryName *name = &g_array_index (names, YlEntryName, i);

      if (!yl_log_cover (push->store, push->theirs, name, error) || !yl_log_acknowledge (push->store, name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_answer (Push *push, YlSegment *segment, GBytes *bytes, const YlSyncAnswer *answer, GError **error)
{
  if (answer->segment != NULL)
    g_atomic_int_add (&push->herd->n_answered, (gint) (g_bytes_get_size (answer->segment) / 1024));
  if (answer->names == NULL)
    return take_receipt (push, segment, bytes, answer, error);
  /* What went before an answer got lost goes once more: only then a receipt covers it. */
  g_clear_pointer (&push->names, g_array_unref);
  push->names = yl_log_frontier (push->store, error);
  return push->names != NULL;
}

static gboolean
call_hub (Push *push, GError **error)
{
  g_autoptr (YlSegment) segment = yl_delivery_collect (push->store, push->theirs, error);
  g_autoptr (GBytes) keys = segment == NULL ? NULL : yl_delivery_keys (segment);
  g_autoptr (YlSyncCall) call = yl_sync_call_new ();
  g_autoptr (YlSyncAnswer) answer = NULL;
  g_autoptr (GArray) mine = NULL;

  if (keys == NULL || !yl_grant_attach (push->store, segment, yl_peer_get_hub (push->peer), keys, NULL, error))
    return FALSE;
  call->segment = yl_segment_encode (segment);
  call->wants = TRUE;
  call->names = push->names != NULL ? g_array_ref (push->names) : NULL;
  mine = yl_log_covered_names (push->store, push->theirs, error);
  if (mine == NULL)
    return FALSE;
  yl_frontier_digest (mine, call->base);
  answer = yl_peer_sync (push->peer, call, error);
  return answer != NULL && take_answer (push, segment, call->segment, answer, error);
}

static gboolean
push_all (Sheep *sheep, GError **error)
{
  g_auto (Push) push = { .herd = sheep->herd };

  push.store = yl_store_open (sheep->file, error);
  push.peer = push.store == NULL ? NULL : yl_peer_new (push.store, NULL, error);
  if (push.peer == NULL || !yl_delivery_settle (push.store, error) || !yl_peer_open (push.peer, error))
    return FALSE;
  push.theirs = yl_log_coverage_of_others (push.store, error);
  while (push.theirs != NULL && yl_log_n_waiting (push.store) > 0)
    if (!call_hub (&push, error))
      return FALSE;
  return push.theirs != NULL;
}

static gpointer
come_back (gpointer data)
{
  Sheep *sheep = data;
  guint rest = RETRY_FIRST_SECONDS;
  gboolean done = FALSE;

  while (!done)
    {
      g_autoptr (GError) error = NULL;

      done = push_all (sheep, &error);
      if (done)
        break;
      /* Too late, or too many at once: both come again, as windows do. */
      if (!g_error_matches (error, YL_ERROR, YL_ERROR_REFUSED))
        g_assert_error (error, YL_ERROR, YL_ERROR_OFFLINE);
      g_atomic_int_inc (&sheep->herd->n_retries);
      g_usleep (rest * G_USEC_PER_SEC);
      rest = MIN (2 * rest, RETRY_MAX_SECONDS);
    }
  g_mutex_lock (&sheep->herd->mutex);
  sheep->herd->slowest = MAX (sheep->herd->slowest, g_get_monotonic_time () - sheep->herd->start);
  g_mutex_unlock (&sheep->herd->mutex);
  g_free (sheep->file);
  g_free (sheep);
  return NULL;
}

static void
release (Herd *herd)
{
  g_autofree GThread **threads = g_new (GThread *, herd->n_stores);

  herd->start = g_get_monotonic_time ();
  for (guint i = 0; i < herd->n_stores; i++)
    {
      Sheep *sheep = g_new (Sheep, 1);

      *sheep = (Sheep){ herd, file_of (herd, i + 1) };
      threads[i] = g_thread_new ("store", come_back, sheep);
    }
  for (guint i = 0; i < herd->n_stores; i++)
    g_thread_join (threads[i]);
}

/* The hub's process */

static gboolean
stop_cb (GIOChannel *input, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* Until its input ends. */
static int
serve (const char *file, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_store_open (file, &error);
  g_autoptr (YlHub) hub = store == NULL ? NULL : yl_hub_new (store);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);

  g_assert_no_error (error);
  yl_hub_listen (hub, address, &error);
  g_assert_no_error (error);
  g_io_add_watch (input, G_IO_HUP | G_IO_IN, stop_cb, loop);
  g_print ("ready\n");
  g_main_loop_run (loop);
  yl_hub_stop (hub);
  return 0;
}

static GSubprocess *
start_hub (Herd *herd, const char *program)
{
  const char *address = strchr (yl_test_chain_url (herd->chain), '/') + 2;
  const char *file = yl_store_get_file (yl_test_chain_head_office (herd->chain));
  g_autoptr (GError) error = NULL;
  GSubprocess *hub = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
                                       "hub", file, address, NULL);
  char ready[6];

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (hub), ready, sizeof ready, NULL, NULL, &error);
  g_assert_no_error (error);
  return hub;
}

/* What came of it */

static void
report (gboolean ok, guint number, const char *what)
{
  g_print ("%s %u - %s\n", ok ? "ok" : "not ok", number, what);
}

/* The names follow from all that is before them, so the last one of each store says it all. */
static gboolean
nothing_is_lost (Herd *herd)
{
  YlStore *head_office = yl_test_chain_head_office (herd->chain);

  for (guint i = 1; i <= herd->n_stores; i++)
    {
      g_autofree char *file = file_of (herd, i);
      g_autoptr (YlStore) store = yl_store_open (file, NULL);
      g_autoptr (YlEntryRow) own = yl_log_get (store, yl_store_get_last_entry (store), NULL);
      g_autoptr (YlEntryRow) there = yl_log_find (head_office, own->writer, own->seq, NULL);

      if (yl_log_n_waiting (store) > 0 || own->seq != herd->n_change_sets || there == NULL
          || memcmp (own->id, there->id, sizeof own->id) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Entries in head office's file that it did not write itself, as it does when it finds people twice. */
static gint64
n_of_others (Herd *herd)
{
  YlStore *head_office = yl_test_chain_head_office (herd->chain);
  g_autoptr (GArray) frontier = yl_log_frontier (head_office, NULL);
  gint64 n = yl_store_get_last_entry (head_office);

  for (guint i = 0; i < frontier->len; i++)
    {
      const YlEntryName *name = &g_array_index (frontier, YlEntryName, i);

      if (g_str_equal (name->writer, yl_store_get_writer (head_office)))
        n -= name->seq;
    }
  return n;
}

static double
seconds_of (const struct timeval *time)
{
  return (double) time->tv_sec + (double) time->tv_usec / G_USEC_PER_SEC;
}

static void
print_figures (Herd *herd)
{
  struct rusage hub;

  getrusage (RUSAGE_CHILDREN, &hub);
  g_print (
      "# %u stores x %u change sets: %.1f s; hub: %.1f s of processor, %ld MiB; %d tries again; %d MiB handed out\n",
      herd->n_stores, herd->n_change_sets, (double) herd->slowest / G_USEC_PER_SEC,
      seconds_of (&hub.ru_utime) + seconds_of (&hub.ru_stime), hub.ru_maxrss / 1024, herd->n_retries,
      herd->n_answered / 1024);
}

static guint
argument (int argc, char **argv, int i, guint otherwise)
{
  return argc > i ? (guint) g_ascii_strtoull (argv[i], NULL, 10) : otherwise;
}

int
main (int argc, char **argv)
{
  Herd herd = { .n_stores = argument (argc, argv, 1, STORES), .n_change_sets = argument (argc, argv, 2, CHANGE_SETS) };
  g_autoptr (GSubprocess) hub = NULL;
  gint64 before;

  if (argc == 4)
    return serve (argv[2], argv[3]);
  herd.chain = yl_test_chain_new ("http", herd.n_stores);
  g_print ("1..3\n");
  for (guint i = 1; i <= herd.n_stores; i++)
    make_store (&herd, i);
  yl_test_chain_stop (herd.chain);
  before = n_of_others (&herd);
  hub = start_hub (&herd, argv[0]);
  release (&herd);
  g_output_stream_close (g_subprocess_get_stdin_pipe (hub), NULL, NULL);
  report (g_subprocess_wait_check (hub, NULL, NULL), 1, "the hub ends as it should");
  print_figures (&herd);
  report (nothing_is_lost (&herd), 2, "nothing is lost");
  report (n_of_others (&herd) - before == (gint64) herd.n_stores * herd.n_change_sets, 3, "nothing is there twice");
  yl_test_chain_free (herd.chain);
  return 0;
}
