/* YlSync: the thread that keeps a store file in step with its hub. */
#include "checkpoint/yl-checkpoint-base.h"
#include "checkpoint/yl-checkpoint-history.h"
#include "checkpoint/yl-checkpoint-horizon.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-file-watch.h"
#include "seal/yl-chunk.h"
#include "log/yl-log-door.h"
#include "merge/yl-repair.h"

#define POLL_SECONDS 25
#define SCRUB_SECONDS 1
#define TEND_SECONDS 3600 /* from one look at the size of the log to the next */
#define HISTORY_SECONDS 1 /* of it, before there is a look for news */
#define RETRY_FIRST_SECONDS 2
#define RETRY_MAX_SECONDS 60

/** Shared: what the thread and the object both hold; kept alive by either. */
typedef struct
{
  char *file;
  GMainContext *owner; /* where `changed` is emitted */
  GWeakRef sync;
  GCancellable *interrupt; /* of the call under way */

  GMutex mutex; /* for all below */
  GCond wake_up;
  gboolean stop;
  gboolean wake;    /* try at once */
  gboolean polling; /* the call under way only waits for news */
  YlSyncState state;
  gint64 since;
  guint waiting;
  char *error;
} Shared;

struct _YlSync
{
  GObject parent_instance;
  Shared *shared;
  GThread *thread;
};

G_DEFINE_FINAL_TYPE (YlSync, yl_sync, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
shared_clear (gpointer data)
{
  Shared *shared = data;

  g_free (shared->file);
  g_main_context_unref (shared->owner);
  g_weak_ref_clear (&shared->sync);
  g_object_unref (shared->interrupt);
  g_mutex_clear (&shared->mutex);
  g_cond_clear (&shared->wake_up);
  g_free (shared->error);
}

static void
shared_unref (gpointer shared)
{
  g_atomic_rc_box_release_full (shared, shared_clear);
}

/* The thread's side. */

static gboolean
emit_changed_cb (gpointer data)
{
  Shared *shared = data;
  g_autoptr (YlSync) sync = g_weak_ref_get (&shared->sync);

  if (sync != NULL)
    g_signal_emit (sync, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
notify (Shared *shared)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, emit_changed_cb, g_atomic_rc_box_acquire (shared), shared_unref);
  g_source_attach (source, shared->owner);
}

static void
publish (Shared *shared, YlStore *store, YlSyncState state, const char *error)
{
  g_mutex_lock (&shared->mutex);
  /* Offline lasts since the first failure, agreement since the latest success. */
  if (state == YL_SYNC_SYNCED || (state == YL_SYNC_OFFLINE && shared->state != YL_SYNC_OFFLINE))
    shared->since = yl_store_now (store);
  shared->state = state;
  shared->waiting = yl_log_n_waiting (store) + yl_chunk_n_unsent (store);
  g_free (shared->error);
  shared->error = g_strdup (error);
  g_mutex_unlock (&shared->mutex);
  notify (shared);
}

static gboolean
is_stopped (Shared *shared)
{
  gboolean stop;

  g_mutex_lock (&shared->mutex);
  stop = shared->stop;
  g_mutex_unlock (&shared->mutex);
  return stop;
}

/* Whether nobody wanted anything since it was last asked. */
static gboolean
is_quiet (Shared *shared)
{
  gboolean quiet;

  g_mutex_lock (&shared->mutex);
  quiet = !shared->stop && !shared->wake;
  shared->wake = FALSE;
  g_mutex_unlock (&shared->mutex);
  return quiet;
}

/* Waits until somebody wants something or the time is over. */
static void
rest (Shared *shared, guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;

  g_mutex_lock (&shared->mutex);
  while (!shared->stop && !shared->wake && g_cond_wait_until (&shared->wake_up, &shared->mutex, end))
    continue;
  shared->wake = FALSE;
  g_mutex_unlock (&shared->mutex);
}

static gboolean
begin_poll (Shared *shared)
{
  gboolean quiet;

  g_mutex_lock (&shared->mutex);
  quiet = !shared->stop && !shared->wake;
  shared->polling = quiet;
  shared->wake = FALSE;
  g_mutex_unlock (&shared->mutex);
  return quiet;
}

static void
end_poll (Shared *shared)
{
  g_mutex_lock (&shared->mutex);
  shared->polling = FALSE;
  shared->wake = FALSE;
  if (!shared->stop)
    g_cancellable_reset (shared->interrupt);
  g_mutex_unlock (&shared->mutex);
}

typedef struct
{
  Shared *shared;
  YlStore *store;
  YlPeer *peer;
  YlScrub *scrub;
  gint64 last; /* local number of the last entry looked at */
} Look;

/* A piece of the state each second of rest, so that damage is found before anybody relies on it. */
static void
scrub (Look *look)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_fault_free);
  g_autoptr (GError) error = NULL;

  if (!yl_store_scrub (look->store, look->scrub, faults, &error) || !yl_store_note_faults (look->store, faults, &error))
    g_debug ("%s", error->message);
}

/* Whether another process took something in, from a relay or a stick, that the hub lacks. */
static gboolean
has_more_for_hub (Look *look)
{
  GArray *theirs = yl_peer_get_position (look->peer)->theirs;
  gint64 last = yl_store_get_last_entry (look->store);
  gint64 missing = G_MAXINT64;
  g_autoptr (GError) error = NULL;

  if (last == look->last || theirs == NULL)
    return FALSE;
  look->last = last;
  if (!yl_log_first_missing (look->store, theirs, &missing, &error))
    g_debug ("%s", error->message);
  return missing != G_MAXINT64;
}

/* While the poll waits: has another process, or the window, committed something, or taken it in for another store? */
static gboolean
look_cb (gpointer data)
{
  Look *look = data;
  g_autoptr (GError) error = NULL;

  if (!yl_store_refresh (look->store, &error))
    g_debug ("%s", error->message);
  if (yl_log_n_waiting (look->store) > 0 || has_more_for_hub (look))
    g_cancellable_cancel (look->shared->interrupt);
  return G_SOURCE_CONTINUE;
}

static gboolean
scrub_cb (gpointer data)
{
  scrub (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
poll_hub (Look *look, YlSyncReport *report, GError **error)
{
  GMainContext *context = yl_transport_get_context (yl_peer_get_transport (look->peer));
  g_autoptr (YlFileWatch) watch = yl_file_watch_new (yl_store_get_file (look->store), context, look_cb, look);
  g_autoptr (GSource) source = g_timeout_source_new_seconds (SCRUB_SECONDS);
  gboolean ok;

  g_source_set_callback (source, scrub_cb, look, NULL);
  g_source_attach (source, context);
  ok = yl_exchange_run (look->store, look->peer, POLL_SECONDS, report, error);
  g_source_destroy (source);
  return ok;
}

/* Takes news as they come, and returns when there is a reason for another exchange; an error means the link is down. */
static gboolean
follow_hub (Shared *shared, YlStore *store, YlPeer *peer, GError **error)
{
  g_auto (YlScrub) scrubbed = { NULL };
  Look look = { shared, store, peer, &scrubbed, yl_store_get_last_entry (store) };
  gboolean quiet = TRUE;

  while (quiet && begin_poll (shared))
    {
      g_autoptr (GError) fault = NULL;
      YlSyncReport report;
      gboolean ok = poll_hub (&look, &report, &fault);

      end_poll (shared);
      if (!ok && !g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
      if (ok)
        publish (shared, store, YL_SYNC_SYNCED, NULL);
      quiet = ok && report.same_state;
    }
  return TRUE;
}

static gboolean
exchange (Shared *shared, YlStore *store, YlPeer *peer, GError **error)
{
  YlSyncReport report;

  if (!yl_store_refresh (store, error))
    return FALSE;
  if (yl_log_n_waiting (store) > 0)
    publish (shared, store, YL_SYNC_SENDING, NULL);
  if (!yl_exchange_run (store, peer, 0, &report, error))
    return FALSE;
  publish (shared, store, YL_SYNC_SYNCED, NULL);
  /* Others write faster than we can follow: give them a moment. */
  if (!report.same_state)
    rest (shared, RETRY_FIRST_SECONDS);
  return TRUE;
}

/* What lies behind the checkpoint, while nobody wants anything. @more: there is more. */
static gboolean
fetch_history (Shared *shared, YlStore *store, YlPeer *peer, gboolean *more, GError **error)
{
  gint64 end = g_get_monotonic_time () + HISTORY_SECONDS * G_TIME_SPAN_SECOND;
  g_autoptr (GError) fault = NULL;

  *more = TRUE;
  while (*more && is_quiet (shared) && g_get_monotonic_time () < end)
    if (!yl_history_step (store, peer, more, &fault))
      break;
  /* That it does not fit is said in the troubles; the link works. */
  *more = *more && fault == NULL;
  if (fault == NULL || g_error_matches (fault, YL_ERROR, YL_ERROR_INVALID)
      || g_error_matches (fault, YL_ERROR, YL_ERROR_MISSING) || g_error_matches (fault, YL_ERROR, YL_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

/* What is behind the horizon may go, if there is too much of it. */
static gboolean
tend_log (YlStore *store, YlPeer *peer, gint64 *tended, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (*tended != 0 && now - *tended < TEND_SECONDS * G_TIME_SPAN_SECOND)
    return TRUE;
  *tended = now;
  return yl_checkpoint_tend (store, peer, error);
}

static void
keep_in_step (Shared *shared, YlStore *store, YlPeer *peer)
{
  guint retry = RETRY_FIRST_SECONDS;
  gboolean noted = FALSE;
  gint64 tended = 0;

  yl_peer_set_cancellable (peer, shared->interrupt);
  while (!is_stopped (shared))
    {
      g_autoptr (GError) error = NULL;

      if (exchange (shared, store, peer, &error))
        {
          gboolean more;

          retry = RETRY_FIRST_SECONDS;
          noted = FALSE;
          if (fetch_history (shared, store, peer, &more, &error)
              && (more || (tend_log (store, peer, &tended, &error) && follow_hub (shared, store, peer, &error))))
            continue;
        }
      if (is_stopped (shared))
        return;
      /* One line in the sync log for each outage, not for each attempt. */
      if (!noted)
        yl_exchange_note_error (store, error);
      noted = TRUE;
      publish (shared, store, YL_SYNC_OFFLINE, error->message);
      rest (shared, retry);
      retry = MIN (2 * retry, RETRY_MAX_SECONDS);
    }
}

static void
keep_alone (Shared *shared, YlStore *store)
{
  while (!is_stopped (shared))
    {
      g_autoptr (GError) error = NULL;

      if (!yl_store_refresh (store, &error) || !yl_exchange_rest (store, &error))
        g_debug ("%s", error->message);
      publish (shared, store, YL_SYNC_ALONE, error == NULL ? NULL : error->message);
      rest (shared, RETRY_MAX_SECONDS);
    }
}

static void
publish_failure (Shared *shared, const char *error)
{
  g_mutex_lock (&shared->mutex);
  shared->state = YL_SYNC_OFFLINE;
  shared->since = yl_clock_now ();
  shared->error = g_strdup (error);
  g_mutex_unlock (&shared->mutex);
  notify (shared);
}

static gpointer
run (gpointer data)
{
  Shared *shared = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_store_open (shared->file, &error);
  const char *url = store == NULL ? NULL : yl_store_get_hub_url (store);
  g_autoptr (YlPeer) peer = NULL;

  if (store != NULL && (yl_store_is_head_office (store) || url == NULL || *url == '\0'))
    keep_alone (shared, store);
  else
    {
      peer = store == NULL ? NULL : yl_peer_new (store, NULL, &error);
      if (peer != NULL)
        keep_in_step (shared, store, peer);
      else
        publish_failure (shared, error->message);
    }
  shared_unref (shared);
  return NULL;
}

/* The owner's side. */

static void
yl_sync_dispose (GObject *object)
{
  yl_sync_stop (YL_SYNC (object));
  G_OBJECT_CLASS (yl_sync_parent_class)->dispose (object);
}

static void
yl_sync_finalize (GObject *object)
{
  shared_unref (YL_SYNC (object)->shared);
  G_OBJECT_CLASS (yl_sync_parent_class)->finalize (object);
}

static void
yl_sync_class_init (YlSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = yl_sync_dispose;
  object_class->finalize = yl_sync_finalize;
  signals[CHANGED] = g_signal_new ("changed", YL_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
yl_sync_init (YlSync *sync)
{
  Shared *shared = g_atomic_rc_box_new0 (Shared);

  shared->owner = g_main_context_ref_thread_default ();
  shared->interrupt = g_cancellable_new ();
  g_weak_ref_init (&shared->sync, sync);
  g_mutex_init (&shared->mutex);
  g_cond_init (&shared->wake_up);
  shared->state = YL_SYNC_OFFLINE;
  shared->since = yl_clock_now ();
  sync->shared = shared;
}

YlSync *
yl_sync_new (const char *store_file)
{
  YlSync *sync = g_object_new (YL_TYPE_SYNC, NULL);

  yl_checkpoint_init ();
  sync->shared->file = g_strdup (store_file);
  return sync;
}

void
yl_sync_start (YlSync *sync)
{
  g_return_if_fail (sync->thread == NULL);

  sync->shared->stop = FALSE;
  g_cancellable_reset (sync->shared->interrupt);
  sync->thread = g_thread_new ("yl-sync", run, g_atomic_rc_box_acquire (sync->shared));
}

void
yl_sync_stop (YlSync *sync)
{
  Shared *shared = sync->shared;

  if (sync->thread == NULL)
    return;
  g_mutex_lock (&shared->mutex);
  shared->stop = TRUE;
  g_cond_signal (&shared->wake_up);
  g_mutex_unlock (&shared->mutex);
  g_cancellable_cancel (shared->interrupt);
  g_thread_join (g_steal_pointer (&sync->thread));
}

void
yl_sync_now (YlSync *sync)
{
  Shared *shared = sync->shared;

  g_mutex_lock (&shared->mutex);
  shared->wake = TRUE;
  g_cond_signal (&shared->wake_up);
  /* Under the lock, so that it never hits the exchange after the poll. */
  if (shared->polling)
    g_cancellable_cancel (shared->interrupt);
  g_mutex_unlock (&shared->mutex);
}

YlSyncState
yl_sync_get_state (YlSync *sync)
{
  YlSyncState state;

  g_mutex_lock (&sync->shared->mutex);
  state = sync->shared->state;
  g_mutex_unlock (&sync->shared->mutex);
  return state;
}

gint64
yl_sync_get_since (YlSync *sync)
{
  gint64 since;

  g_mutex_lock (&sync->shared->mutex);
  since = sync->shared->since;
  g_mutex_unlock (&sync->shared->mutex);
  return since;
}

guint
yl_sync_get_waiting (YlSync *sync)
{
  guint waiting;

  g_mutex_lock (&sync->shared->mutex);
  waiting = sync->shared->waiting;
  g_mutex_unlock (&sync->shared->mutex);
  return waiting;
}

char *
yl_sync_get_error (YlSync *sync)
{
  char *error;

  g_mutex_lock (&sync->shared->mutex);
  error = g_strdup (sync->shared->error);
  g_mutex_unlock (&sync->shared->mutex);
  return error;
}
