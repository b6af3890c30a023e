/*
 * A new copy from a checkpoint, over loopback: `bench-checkpoint JOB-DIR [ROWS-PER-CHANGE-SET]`. JOB-DIR holds the rivals' job (10,000 orders
 * of 10 text fields). Bytes are counted on the sockets, headers included, both ways.
 */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "checkpoint/yl-checkpoint-load.h"
#include "exchange/yl-sync.h"
#include "log/yl-merge-log.h"
#include "yl-bench-job.h"
#include "yl-bench-order.h"
#include "yl-test-chain.h"

#define TABLE "bench_order"

/* A proxy that counts */

typedef struct
{
  guint16 hub_port;
  gint port; /* atomic, as bytes */
  gint bytes;
  GSocketService *service;
} Counter;

typedef struct
{
  Counter *counter;
  GInputStream *from;
  GOutputStream *to;
} Pipe;

static gpointer
pump (gpointer data)
{
  Pipe *pipe = data;
  char buffer[65536];
  gssize n;

  while ((n = g_input_stream_read (pipe->from, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      g_atomic_int_add (&pipe->counter->bytes, (gint) n);
      if (!g_output_stream_write_all (pipe->to, buffer, (gsize) n, NULL, NULL, NULL))
        break;
    }
  g_output_stream_close (pipe->to, NULL, NULL);
  return NULL;
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  Counter *counter = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) hub =
      g_socket_client_connect_to_host (client, "127.0.0.1", counter->hub_port, NULL, NULL);
  Pipe there = { counter, g_io_stream_get_input_stream (G_IO_STREAM (connection)), NULL };
  Pipe back = { counter, NULL, g_io_stream_get_output_stream (G_IO_STREAM (connection)) };
  GThread *thread;

  if (hub == NULL)
    return TRUE;
  there.to = g_io_stream_get_output_stream (G_IO_STREAM (hub));
  back.from = g_io_stream_get_input_stream (G_IO_STREAM (hub));
  thread = g_thread_new ("back", pump, &back);
  pump (&there);
  g_thread_join (thread);
  return TRUE;
}

static gpointer
serve (gpointer data)
{
  Counter *counter = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);

  g_main_context_push_thread_default (context);
  counter->service = g_threaded_socket_service_new (16);
  g_atomic_int_set (&counter->port,
                    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (counter->service), NULL, NULL));
  g_signal_connect (counter->service, "run", G_CALLBACK (run_cb), counter);
  g_main_loop_run (loop);
  return NULL;
}

/* The job */

static void
add_orders (YlStore *store, GPtrArray *orders, guint batch)
{
  g_autoptr (GError) error = NULL;

  for (guint done = 0; done < orders->len;)
    {
      g_autoptr (YlChange) change = yl_change_begin (store, "add order", &error);

      g_assert_no_error (error);
      for (guint i = 0; i < batch && done < orders->len; i++, done++)
        {
          char **row = orders->pdata[done];
          g_autoptr (YlRecord) order = yl_record_new (yl_table_find (TABLE), row[0]);

          for (guint c = 0; yl_bench_columns[c] != NULL; c++)
            yl_record_set_text (order, yl_bench_columns[c], row[c + 1]);
          yl_change_insert (change, order, &error);
          g_assert_no_error (error);
        }
      yl_change_commit (change, &error);
      g_assert_no_error (error);
    }
}

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

/* Of this thread: the copy's share, however busy the machine. */
static double
cpu_seconds (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static void
make_checkpoint (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (YlCheckpoint) checkpoint = NULL;

  yl_merge_log_append (store, &error);
  g_assert_no_error (error);
  printf ("log %.2f s, ", seconds_since (start));
  start = g_get_monotonic_time ();
  checkpoint = yl_checkpoint_make (store, &error);
  g_assert_no_error (error);
  printf ("checkpoint made in %.2f s\n", seconds_since (start));
}

static YlStore *
new_copy (YlTestChain *chain, guint i)
{
  g_autofree char *name = g_strdup_printf ("copy-%u", i);

  return yl_test_chain_enrol (chain, 1, name);
}

static void
start_copy (YlStore *store, Counter *counter)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", (guint) g_atomic_int_get (&counter->port));
  g_autoptr (GError) error = NULL;
  g_autoptr (YlPeer) peer = yl_peer_new (store, url, &error);
  g_autoptr (GPtrArray) found = NULL;
  gint64 start = g_get_monotonic_time ();
  double cpu = cpu_seconds ();
  YlSyncReport report;
  gint before = g_atomic_int_get (&counter->bytes);

  g_assert_no_error (error);
  yl_checkpoint_start (store, peer, &error);
  g_assert_no_error (error);
  found = yl_store_list (store, TABLE, NULL, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 10);
  printf ("queryable after %.3f s (%.3f s of processor), %d bytes; ", seconds_since (start), cpu_seconds () - cpu,
          g_atomic_int_get (&counter->bytes) - before);
  yl_sync_run (store, url, &report, &error);
  g_assert_no_error (error);
  printf ("in step after %.3f s, %d bytes, %s\n", seconds_since (start), g_atomic_int_get (&counter->bytes) - before,
          report.same_state ? "same state" : "states not compared");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlTestChain) chain = NULL;
  g_autoptr (GPtrArray) orders = NULL;
  g_autoptr (GThread) thread = NULL;
  Counter counter = { 0 };
  YlStore *copies[3];
  guint batch = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 1;

  if (argc < 2)
    {
      fprintf (stderr, "usage: bench-checkpoint JOB-DIR [ROWS-PER-CHANGE-SET]\n");
      return 2;
    }
  yl_catalogue_extend (&yl_bench_orders);
  orders = yl_bench_read_orders (argv[1], &error);
  g_assert_no_error (error);
  chain = yl_test_chain_new ("http", 1);
  counter.hub_port = (guint16) g_ascii_strtoull (strrchr (yl_test_chain_url (chain), ':') + 1, NULL, 10);
  thread = g_thread_new ("counter", serve, &counter);
  while (g_atomic_int_get (&counter.port) == 0)
    g_usleep (1000);
  printf ("%u orders, %u a change set: ", orders->len, batch);
  add_orders (yl_test_chain_head_office (chain), orders, MAX (batch, 1));
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    copies[i] = new_copy (chain, i);
  make_checkpoint (yl_test_chain_head_office (chain));
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      start_copy (copies[i], &counter);
      g_object_unref (copies[i]);
    }
  g_thread_unref (g_steal_pointer (&thread));
  return 0;
}
