/*
 * Our side of the rivals' job, the exchange: `bench-peers-exchange JOB-DIR`, in JSON lines as they print theirs. Head office's file takes the
 * part of their server A, a store joins as B. Everything passes a TCP proxy that counts each byte, HTTP headers included.
 */
#include <sodium.h>
#include <sys/resource.h>

#include "checkpoint/yl-checkpoint.h"
#include "exchange/yl-exchange.h"
#include "exchange/yl-hex.h"
#include "exchange/yl-peer.h"
#include "exchange/yl-sync.h"
#include "log/yl-merge-log.h"
#include "trust/yl-company.h"
#include "merge/yl-conflict.h"
#include "yl-bench-order.h"
#include "yl-bench-proxy.h"
#include "yl-bench-write.h"
#include "yl-test-chain.h"

#define TABLE "bench_order"
#define BATCH 500
/* Of the job: these orders are changed on both sides, the last ten of them in the same column. */
#define FIRST_SHARED 50
#define FIRST_CLASH 90
#define N_CHANGES 100

typedef struct
{
  GPtrArray *orders;
  GPtrArray *updates;
  GPtrArray *incr_a;
  GPtrArray *incr_b;
  YlTestChain *chain;
  YlBenchProxy *proxy;
  YlStore *a;
  YlStore *b;
} Bench;

typedef struct
{
  double seconds;
  double processor; /* seconds of it, of both ends */
  gint64 bytes;
} Cost;

static double
processor_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static gboolean
exchange (Bench *bench, YlPeer *peer, YlStore *store, Cost *cost, GError **error)
{
  YlSyncReport report = { 0 };
  gint64 start = g_get_monotonic_time ();
  gint64 before = yl_bench_proxy_bytes (bench->proxy);
  double processor = processor_seconds ();
  gboolean ok = yl_exchange_run (store, peer, 0, &report, error);

  cost->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  cost->processor = processor_seconds () - processor;
  cost->bytes = yl_bench_proxy_bytes (bench->proxy) - before;
  return ok;
}

static void
print_cost (const char *what, const Cost *cost)
{
  g_print ("{\"peer\":\"yuelai\",\"what\":\"%s\",\"seconds\":%.3f,\"processor\":%.3f,\"bytes\":%" G_GINT64_FORMAT "}\n",
           what, cost->seconds, cost->processor, cost->bytes);
}

static gboolean
know_hub (Bench *bench, YlStore *store, GError **error)
{
  guint8 key[YL_KEY_BYTES];
  g_autofree char *hex = NULL;

  if (!yl_log_public_key (bench->a, yl_store_get_writer (bench->a), key, error))
    return FALSE;
  hex = yl_hex_write (key, sizeof key);
  return yl_store_set_setting (store, YL_SETTING_HUB_KEY, hex, error);
}

/* What joining makes of a code, without the first exchange: that is what is measured. */
static YlStore *
new_member (Bench *bench, const char *name, GError **error)
{
  g_autofree char *file = yl_test_chain_file (bench->chain, name);
  g_autofree char *site = yl_store_find_id (bench->a, "site", "S1", error);
  g_autofree char *node_id = NULL;
  g_autoptr (YlStore) store = NULL;
  guint8 seed[YL_KEY_BYTES], sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES], authority_key[YL_KEY_BYTES];
  const YlNewNode node = { site, name, sign_key, box_key };
  YlMembership membership = { .scope = yl_store_get_scope (bench->a),
                              .hub_url = yl_test_chain_url (bench->chain),
                              .authority_key = authority_key,
                              .seed = seed };

  randombytes_buf (seed, sizeof seed);
  yl_node_keys (seed, sign_key, box_key, NULL);
  node_id = site != NULL ? yl_company_enrol_node (bench->a, &node, error) : NULL;
  membership.node = node_id;
  if (node_id == NULL || !yl_merge_log_append (bench->a, error)
      || !yl_log_public_key (bench->a, yl_log_authority (bench->a), authority_key, error))
    return NULL;
  store = yl_store_create_member (file, &membership, error);
  return store != NULL && know_hub (bench, store, error) ? g_steal_pointer (&store) : NULL;
}

static YlStore *
join_with_peer (Bench *bench, const char *name, YlPeer **peer, GError **error)
{
  g_autoptr (YlStore) store = new_member (bench, name, error);

  *peer = store != NULL ? yl_peer_new (store, yl_bench_proxy_get_url (bench->proxy), error) : NULL;
  return *peer != NULL ? g_steal_pointer (&store) : NULL;
}

/* A fresh store until everything is there and the states were compared. */
static gboolean
measure_fresh (Bench *bench, const char *name, const char *what, Cost *cost, GError **error)
{
  g_autoptr (YlPeer) peer = NULL;
  g_autoptr (YlStore) store = join_with_peer (bench, name, &peer, error);

  if (peer == NULL || !exchange (bench, peer, store, cost, error))
    return FALSE;
  print_cost (what, cost);
  return TRUE;
}

/* The link breaks at 80 % of what a whole delivery took, once. */
static gboolean
measure_cut (Bench *bench, const Cost *whole, GError **error)
{
  g_autoptr (YlPeer) peer = NULL;
  g_autoptr (YlStore) store = join_with_peer (bench, "cut", &peer, error);
  gint64 start = yl_bench_proxy_bytes (bench->proxy);
  gint64 total;
  Cost first, second;

  if (peer == NULL)
    return FALSE;
  yl_bench_proxy_cut (bench->proxy, start + whole->bytes * 4 / 5);
  if (exchange (bench, peer, store, &first, NULL))
    g_print ("{\"peer\":\"yuelai\",\"what\":\"link cut at 80 %%\",\"note\":\"ended before the cut\"}\n");
  yl_bench_proxy_cut (bench->proxy, 0);
  if (!exchange (bench, peer, store, &second, error))
    return FALSE;
  total = first.bytes + second.bytes;
  g_print ("{\"peer\":\"yuelai\",\"what\":\"link cut at 80 %%\",\"whole\":%" G_GINT64_FORMAT
           ",\"total_after_retry\":%" G_GINT64_FORMAT ",\"overhead\":%.3f}\n",
           whole->bytes, total, (double) total / (double) whole->bytes);
  return TRUE;
}

static gboolean
has (YlStore *store, const char *id, const char *column, const char *value)
{
  g_autoptr (YlRecord) order = yl_store_get (store, TABLE, id, NULL);

  return order != NULL && g_strcmp0 (yl_record_get_text (order, column), value) == 0;
}

/* How many of the 50 orders that both sides changed show both changes, in @store. */
static guint
count_both (Bench *bench, YlStore *store, const char *suffix)
{
  guint n = 0;

  for (guint i = FIRST_SHARED; i < N_CHANGES; i++)
    {
      const char *id = ((char **) bench->orders->pdata[i])[0];
      g_autofree char *done = g_strconcat ("done", suffix, NULL);
      g_autofree char *of_a = g_strdup_printf ("WA%u%s", i, suffix);
      g_autofree char *of_b = g_strdup_printf ("WB%u%s", i, suffix);

      n += has (store, id, "status", done) && (has (store, id, "worker", of_a) || has (store, id, "worker", of_b)) ? 1
                                                                                                                   : 0;
    }
  return n;
}

static gboolean
measure_round (Bench *bench, YlPeer *peer, const char *what, const char *suffix, guint batch, GError **error)
{
  Cost cost;

  if (!yl_bench_write_changes (bench->a, TABLE, bench->incr_a, suffix, batch, error)
      || !yl_bench_write_changes (bench->b, TABLE, bench->incr_b, suffix, batch, error)
      || !yl_merge_log_append (bench->a, error) || !exchange (bench, peer, bench->b, &cost, error)
      || !yl_store_refresh (bench->a, error))
    return FALSE;
  print_cost (what, &cost);
  g_print (
      "{\"peer\":\"yuelai\",\"what\":\"%s: kept\",\"both_fields_survive_of_50\":%u,\"conflicts_shown_of_10\":%u}\n",
      what, MIN (count_both (bench, bench->a, suffix), count_both (bench, bench->b, suffix)),
      MIN (yl_conflict_count (bench->a), yl_conflict_count (bench->b)));
  return TRUE;
}

static gboolean
measure_rounds (Bench *bench, GError **error)
{
  g_autoptr (YlPeer) peer = NULL;
  Cost cost;

  bench->b = join_with_peer (bench, "b", &peer, error);
  if (peer == NULL || !exchange (bench, peer, bench->b, &cost, error)
      || !measure_round (bench, peer, "100+100 incremental, one change set a side", "", N_CHANGES, error)
      || !measure_round (bench, peer, "100+100 incremental, one change set a side, second round", "x", N_CHANGES, error)
      || !measure_round (bench, peer, "100+100 incremental, 100 change sets a side", "y", 1, error)
      || !exchange (bench, peer, bench->b, &cost, error) || !exchange (bench, peer, bench->b, &cost, error))
    return FALSE;
  print_cost ("nothing new, session open", &cost);
  return TRUE;
}

/* Last, since what it leaves at head office changes how others begin. */
static gboolean
measure_checkpoint (Bench *bench, GError **error)
{
  g_autoptr (YlCheckpoint) checkpoint = yl_checkpoint_make (bench->a, error);
  Cost cost;

  return checkpoint != NULL && measure_fresh (bench, "start", "fresh start from a checkpoint", &cost, error);
}

static gboolean
run (Bench *bench, const char *dir, GError **error)
{
  Cost whole;

  bench->orders = yl_bench_read_orders (dir, error);
  bench->updates = bench->orders != NULL ? yl_bench_read_changes (dir, "updates.tsv", error) : NULL;
  bench->incr_a = bench->updates != NULL ? yl_bench_read_changes (dir, "incr_a.tsv", error) : NULL;
  bench->incr_b = bench->incr_a != NULL ? yl_bench_read_changes (dir, "incr_b.tsv", error) : NULL;
  if (bench->incr_b == NULL)
    return FALSE;
  bench->chain = yl_test_chain_new ("http", 1);
  bench->a = yl_test_chain_head_office (bench->chain);
  bench->proxy = yl_bench_proxy_new (yl_test_chain_url (bench->chain), error);
  return bench->proxy != NULL && yl_bench_write_orders (bench->a, TABLE, bench->orders, BATCH, error)
         && yl_bench_write_changes (bench->a, TABLE, bench->updates, "", BATCH, error)
         && yl_merge_log_append (bench->a, error)
         && measure_fresh (bench, "fresh", "fresh pull of 10,000, with history", &whole, error)
         && measure_cut (bench, &whole, error) && measure_rounds (bench, error) && measure_checkpoint (bench, error);
}

static void
bench_clear (Bench *bench)
{
  g_clear_object (&bench->b);
  g_clear_pointer (&bench->proxy, yl_bench_proxy_free);
  g_clear_pointer (&bench->chain, yl_test_chain_free);
  g_clear_pointer (&bench->orders, g_ptr_array_unref);
  g_clear_pointer (&bench->updates, g_ptr_array_unref);
  g_clear_pointer (&bench->incr_a, g_ptr_array_unref);
  g_clear_pointer (&bench->incr_b, g_ptr_array_unref);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Bench bench = { NULL };
  gboolean ok;

  if (argc != 2)
    {
      g_printerr ("usage: bench-peers-exchange JOB-DIR\n");
      return 2;
    }
  yl_catalogue_extend (&yl_bench_orders);
  ok = run (&bench, argv[1], &error);
  if (!ok)
    g_printerr ("bench-peers-exchange: %s\n", error->message);
  bench_clear (&bench);
  return ok ? 0 : 1;
}
