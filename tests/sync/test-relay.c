/* Relaying in a thread of a program that does other things, and the addresses that people type for it. */
#include <gio/gio.h>

#include "exchange/yl-relay-address.h"
#include "exchange/yl-sync.h"
#include "hub/yl-relay.h"
#include "yl-test-chain.h"

#define WAIT_SECONDS 60

static void
test_addresses (void)
{
  static const struct
  {
    const char *typed;
    gboolean https;
    const char *url;
  } good[] = {
    { "192.168.1.20:8471", FALSE, "http://192.168.1.20:8471" },
    { "192.168.1.20", TRUE, "https://192.168.1.20:8471" },
    { "  shop-pc.local:9000\n", FALSE, "http://shop-pc.local:9000" },
    { "１９２．１６８．１．２０：８４７１", FALSE, "http://192.168.1.20:8471" },
    { "[fd00::7]:8471", FALSE, "http://[fd00::7]:8471" },
    { "http://10.0.0.9:1234/", TRUE, "http://10.0.0.9:1234" },
    { "https://10.0.0.9", FALSE, "https://10.0.0.9:8471" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *url = yl_relay_address_read (good[i].typed, good[i].https, NULL);

      g_assert_cmpstr (url, ==, good[i].url);
    }
}

static void
test_no_addresses (void)
{
  g_autofree char *long_name = g_strnfill (400, 'a');
  const char *const bad[] = {
    "",
    "   ",
    "192.168.1:8471",
    "192.168.1.256",
    "1.2.3.4:0",
    "1.2.3.4:x",
    "1.2.3.4:-1",
    "1.2.3.4:99999",
    "a b:8471",
    "pc..local",
    "pc/path",
    "pc?x=1",
    "pc#x",
    "user:word@pc",
    "ftp://pc:8471",
    "unix:/tmp",
    "pc:8471/v1",
    "http://",
    "http://:8471",
    "file:///etc/passwd",
    "-pc",
    "\xff\xfe",
    "pc:8471\nHost: other",
    "http://pc/%78",
    long_name,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *url = yl_relay_address_read (bad[i], FALSE, &error);

      g_test_message ("%s", bad[i]);
      g_assert_null (url);
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
    }
}

/* Until it serves, or has said why not. */
static void
wait_until_settled (YlRelay *relay)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;

  while (yl_relay_get_serving (relay) == YL_SERVING_SOON)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static char *
url_of (YlRelay *relay, const char *scheme)
{
  return g_strdup_printf ("%s://127.0.0.1:%u", scheme, yl_relay_get_port (relay));
}

/* It comes and goes while its own program writes; each time another PC gets what is new. */
static void
test_serves (gconstpointer data)
{
  const char *scheme = data;
  g_autoptr (YlTestChain) chain = yl_test_chain_new (scheme, 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 2, "two");
  g_autoptr (YlRelay) relay = yl_relay_new (yl_store_get_file (one));

  yl_test_sync (one);
  yl_test_chain_stop (chain);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *worker = yl_test_add_worker (one, "王秀英");
      g_autofree char *url = NULL;
      g_autoptr (GError) error = NULL;
      YlSyncReport report;

      yl_relay_start (relay, 0);
      yl_relay_start (relay, 0);
      wait_until_settled (relay);
      g_assert_cmpint (yl_relay_get_serving (relay), ==, YL_SERVING_YES);
      url = url_of (relay, scheme);
      yl_sync_run_with (two, url, &report, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (report.received, ==, 1);
      g_assert_true (report.same_state);
      yl_relay_stop (relay);
      g_assert_cmpint (yl_relay_get_serving (relay), ==, YL_SERVING_NO);
      g_assert_false (yl_sync_run_with (two, url, &report, &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_OFFLINE);
    }
}

static void
count_cb (YlRelay *relay, guint *n)
{
  (*n)++;
}

/* It says so, and works once the port is free. */
static void
test_port_taken (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 2);
  g_autoptr (YlStore) one = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlStore) two = yl_test_chain_join (chain, 2, "two");
  g_autoptr (YlRelay) first = yl_relay_new (yl_store_get_file (one));
  g_autoptr (YlRelay) second = yl_relay_new (yl_store_get_file (two));
  guint port, n = 0;
  g_autofree char *error = NULL;

  g_signal_connect (second, "changed", G_CALLBACK (count_cb), &n);
  yl_relay_start (first, 0);
  wait_until_settled (first);
  port = yl_relay_get_port (first);
  yl_relay_start (second, port);
  wait_until_settled (second);
  error = yl_relay_get_error (second);
  g_assert_cmpint (yl_relay_get_serving (second), ==, YL_SERVING_NO);
  g_assert_nonnull (strstr (error, "another program does"));
  yl_relay_stop (first);
  yl_relay_start (second, port);
  wait_until_settled (second);
  g_assert_cmpuint (yl_relay_get_port (second), ==, port);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (n, ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/addresses", test_addresses);
  g_test_add_func ("/relay/no-addresses", test_no_addresses);
  g_test_add_data_func ("/relay/serves/http", "http", test_serves);
  g_test_add_data_func ("/relay/serves/https", "https", test_serves);
  g_test_add_func ("/relay/port-taken", test_port_taken);
  return g_test_run ();
}
