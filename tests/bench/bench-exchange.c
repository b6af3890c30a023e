/* Figures of the exchange over loopback: `bench-exchange [ORDERS]`. */
#include <stdio.h>

#include "exchange/yl-peer.h"
#include "exchange/yl-sync.h"
#include "yl-test-chain.h"

#define CHANGES 100
#define ANSWER_MAX (1024 * 1024)

/* One demand: the customer with sealed name and phone, and her order; one change set. Returns the order's id. */
static char *
add_demand (YlStore *store, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "take demand", &error);
  g_autoptr (YlRecord) customer = yl_record_new (yl_table_find ("customer"), NULL);
  g_autoptr (YlRecord) order = yl_record_new (yl_table_find ("order"), NULL);
  g_autofree char *name = g_strdup_printf ("客户%u", i);
  g_autofree char *phone = g_strdup_printf ("138%08u", i);

  g_assert_no_error (error);
  yl_record_set_text (customer, "name", name);
  yl_record_set_text (customer, "phone", phone);
  yl_change_insert (change, customer, &error);
  g_assert_no_error (error);
  yl_record_set_text (order, "customer", yl_record_get_id (customer));
  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_text (order, "schedule", "one_off");
  yl_record_set_integer (order, "start", yl_clock_now () + (1 + i % 30) * YL_DAY_MS);
  yl_record_set_integer (order, "minutes", 180);
  yl_change_insert (change, order, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
  return g_strdup (yl_record_get_id (order));
}

static GPtrArray *
add_demands (YlStore *store, guint first, guint n)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (ids, add_demand (store, first + i));
  return ids;
}

static void
edit_demand (YlStore *store, const char *id, guint minutes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) order = yl_store_get (store, "order", id, &error);
  g_autoptr (YlChange) change = yl_change_begin (store, "edit order", &error);

  g_assert_no_error (error);
  yl_record_set_integer (order, "minutes", minutes);
  yl_change_update (change, order, &error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static void
measure (const char *what, YlStore *store)
{
  g_autoptr (GError) error = NULL;
  YlSyncReport report;
  gint64 start = g_get_monotonic_time ();

  yl_sync_run (store, NULL, &report, &error);
  g_assert_no_error (error);
  printf ("%-30s received %5u  sent %5u  keys %5u  in %9" G_GSIZE_FORMAT "  out %9" G_GSIZE_FORMAT "  %6.2f s  %s\n",
          what, report.received, report.sent, report.keys, report.bytes_in, report.bytes_out,
          (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
          report.same_state ? "same state" : "states not compared");
}

static gint pushed; /* atomic */

/* Another PC's whole work, in a thread and with a connection of its own. */
static gpointer
push_cb (gpointer file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlStore) store = yl_store_open (file, &error);

  g_assert_no_error (error);
  measure ("a push beside", store);
  g_atomic_int_set (&pushed, 1);
  return NULL;
}

/* How long others wait meanwhile: the slowest of small calls, one after the other. */
static void
measure_beside (YlStore *pushing, YlStore *waiting)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlPeer) peer = yl_peer_new (waiting, NULL, &error);
  gint64 slowest = 0;
  guint n = 0;
  GThread *thread;

  g_assert_no_error (error);
  yl_peer_open (peer, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("push", push_cb, (gpointer) yl_store_get_file (pushing));
  for (; g_atomic_int_get (&pushed) == 0; n++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GBytes) answer = yl_peer_call (peer, "state/buckets", NULL, YL_MEDIA_STATE, ANSWER_MAX, &error);

      g_assert_no_error (error);
      slowest = MAX (slowest, g_get_monotonic_time () - start);
    }
  g_thread_join (thread);
  printf ("%-30s the slowest of %u took %.3f s\n", "calls of another PC meanwhile", n,
          (double) slowest / G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 10000;
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 2, "two");
  g_autoptr (GPtrArray) ids = NULL;

  yl_test_sync (one);
  ids = add_demands (one, 0, n);
  measure ("first push", one);
  measure ("first pull", two);
  measure ("nothing new", two);
  for (guint i = 0; i < MIN (CHANGES, n / 2); i++)
    {
      edit_demand (one, ids->pdata[i], 240);
      edit_demand (two, ids->pdata[n - 1 - i], 120);
    }
  measure ("100 changes out", one);
  measure ("100 changes in, 100 out", two);
  measure ("100 changes in", one);
  g_ptr_array_unref (add_demands (one, n, n));
  measure_beside (one, two);
  return 0;
}
