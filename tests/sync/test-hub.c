/* The hub against callers who are not stores: what it lets in, and what it costs. */
#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>

#include "exchange/yl-certificate.h"
#include "exchange/yl-http.h"
#include "exchange/yl-message.h"
#include "exchange/yl-peer.h"
#include "exchange/yl-sync.h"
#include "hub/yl-hub.h"
#include "store/yl-trouble.h"
#include "yl-test-chain.h"

static GSocketConnection *
open_connection (YlTestChain *chain)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, yl_test_chain_url (chain) + strlen ("http://"), 80, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/* Sends @text as it is and returns the status of the answer. */
static guint
ask (YlTestChain *chain, const char *text)
{
  g_autoptr (GSocketConnection) connection = open_connection (chain);
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char answer[256] = "";
  gsize n_read;

  g_assert_true (g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL));
  g_input_stream_read_all (in, answer, strlen ("HTTP/1.1 200"), &n_read, NULL, NULL);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 "));
  return (guint) g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
}

static guint
post (YlTestChain *chain, const char *path, const char *token, const char *body)
{
  g_autofree char *text =
      g_strdup_printf ("POST /v1/%s HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: %s\r\n"
                       "Content-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                       path, token == NULL ? "none" : token, strlen (body), body);

  return ask (chain, text);
}

static guint
get (YlTestChain *chain, const char *path)
{
  g_autofree char *text = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n", path);

  return ask (chain, text);
}

static void
test_needs_session (void)
{
  const char *const paths[] = { "sync", "state/records", "grants" };
  const char *const tokens[] = { NULL, "Bearer", "Bearer ", "Bearer 00", "Basic aGE6aGE=" };
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tokens); j++)
      g_assert_cmpuint (post (chain, paths[i], tokens[j], "{}"), ==, 401);
  g_assert_cmpuint (get (chain, "/v1/state/buckets"), ==, 401);
}

static void
test_unknown_calls (void)
{
  const char *const paths[] = { "/", "/v1", "/v1/", "/v1/sync", "/v1/state/", "/v2/state", "/favicon.ico" };
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_cmpuint (get (chain, paths[i]), ==, 404);
  g_assert_cmpuint (post (chain, "state", NULL, "{}"), ==, 404);
  g_assert_cmpuint (ask (chain, "DELETE /v1/sync HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n"), ==, 404);
}

static void
test_rubbish_requests (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);
  g_autofree char *deep = g_strnfill (4000, '[');
  const char *scope = yl_store_get_scope (yl_test_chain_head_office (chain));
  g_autofree char *stranger =
      g_strdup_printf ("{\"scope\":\"%s\",\"writer\":\"0123456789abcdef\",\"nonce\":\"%064d\"}", scope, 0);
  g_autofree char *twice = g_strdup_printf ("{\"scope\":\"x\",\"scope\":\"%s\",\"nonce\":\"%064d\"}", scope, 0);
  const char *const bad[] = {
    "{", "[]", "null", "{}", "{\"scope\":1}", "<html>", deep, "{\"scope\":\"\\u0000\"}", twice
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_cmpuint (post (chain, "session/challenge", NULL, bad[i]), ==, 400);
      g_assert_cmpuint (post (chain, "session", NULL, bad[i]), ==, 400);
      g_assert_cmpuint (post (chain, "join/challenge", NULL, bad[i]), ==, 400);
      g_assert_cmpuint (post (chain, "join", NULL, bad[i]), ==, 400);
    }
  g_assert_cmpuint (post (chain, "session/challenge", NULL, stranger), ==, 403);
}

static glong
peak_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/* Announced bodies that are too large or of unknown length are refused before they are read. */
static void
test_large_requests (void)
{
  const char *const heads[] = {
    "POST /v1/sync HTTP/1.1\r\nHost: hub\r\nContent-Length: 4294967296\r\n\r\nx",
    "POST /v1/session HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\nx",
    "POST /v1/session HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "POST /v1/nothing HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000000\r\n\r\nx",
    "GET /v1/state/buckets HTTP/1.1\r\nHost: hub\r\nContent-Length: 1\r\n\r\nx",
  };
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);
  glong before = peak_kib ();

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    g_assert_cmpuint (ask (chain, heads[i]), ==, 413);
  g_assert_cmpint (peak_kib () - before, <, 32 * 1024);
}

/* Somebody who sends nothing, or half a request, holds up nobody else. */
static void
test_slow_callers (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (GPtrArray) slow = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (YlStore) store = NULL;

  for (guint i = 0; i < 50; i++)
    {
      GSocketConnection *connection = open_connection (chain);
      const char *half = i % 2 == 0 ? "POST /v1/sess" : "POST /v1/session HTTP/1.1\r\nContent-Length: 100\r\n\r\n{";

      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), half, strlen (half), NULL,
                                 NULL, NULL);
      g_ptr_array_add (slow, connection);
    }
  store = yl_test_chain_join (chain, 1, "one");
  yl_test_sync (store);
}

static char *
read_member (YlTestChain *chain, const char *path, const char *body, const char *name)
{
  g_autoptr (YlTransport) transport = yl_transport_open (yl_test_chain_url (chain), NULL, NULL);
  g_autoptr (GBytes) request = g_bytes_new_static (body, strlen (body));
  YlTransportCall call = {
    .path = path, .body = request, .body_type = YL_MEDIA_JSON, .answer_type = YL_MEDIA_JSON, .answer_max = 4096
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = yl_transport_call (transport, &call, NULL, NULL, &error);
  g_autoptr (JsonObject) object = NULL;

  g_assert_no_error (error);
  object = yl_message_parse (answer, &error);
  g_assert_no_error (error);
  return g_strdup (json_object_get_string_member (object, name));
}

/* Knowing who a PC is is not being it. */
static void
test_wrong_signature (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autofree char *who = g_strdup_printf ("{\"scope\":\"%s\",\"writer\":\"%s\",\"nonce\":\"%064d\"}",
                                          yl_store_get_scope (store), yl_store_get_writer (store), 0);
  g_autofree char *nonce = read_member (chain, "session/challenge", who, "nonce");
  g_autofree char *forged = g_strdup_printf ("{\"nonce\":\"%s\",\"signature\":\"%0128d\"}", nonce, 0);

  g_assert_cmpuint (post (chain, "session", NULL, forged), ==, 403);
}

/* A session answer cannot be used twice. */
static void
test_challenge_is_used_up (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);
  g_autofree char *made_up = g_strdup_printf ("{\"nonce\":\"%064d\",\"signature\":\"%0128d\"}", 0, 0);

  g_assert_cmpuint (post (chain, "session", NULL, made_up), ==, 403);
}

static void
test_only_head_office (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autoptr (YlHub) hub = yl_hub_new (store);
  g_autoptr (GError) error = NULL;

  g_assert_false (yl_hub_listen (hub, "127.0.0.1:0", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_listen (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);
  YlStore *store = yl_test_chain_head_office (chain);
  const char *const bad[] = { "", "::::", "127.0.0.1:99999", "no such host:80" };
  const char *taken = yl_test_chain_url (chain) + strlen ("http://");
  g_autoptr (YlHub) hub = yl_hub_new (store);
  g_autoptr (YlHub) second = yl_hub_new (store);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (yl_hub_listen (hub, bad[i], &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
      g_clear_error (&error);
    }
  g_assert_false (yl_hub_listen (hub, taken, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_true (yl_hub_listen (second, "127.0.0.1:0", &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (yl_hub_get_url (second), "http://127.0.0.1:"));
}

static void
test_tls (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("https", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autofree char *worker = yl_test_add_worker (store, "王秀英");
  g_autofree char *name = NULL;

  yl_test_sync (store);
  name = yl_test_worker_name (yl_test_chain_head_office (chain), worker);
  g_assert_cmpstr (name, ==, "王秀英");
}

/* Any certificate but the one in the enrolment code is refused, and nothing is sent. */
static void
test_tls_other_certificate (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("https", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autofree char *other = g_strnfill (64, 'a');
  g_autoptr (GError) error = NULL;

  g_assert_true (yl_store_set_setting (store, YL_SETTING_FINGERPRINT, other, NULL));
  g_assert_false (yl_sync_run (store, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "certificate"));
  g_clear_error (&error);
  g_assert_true (yl_store_set_setting (store, YL_SETTING_FINGERPRINT, NULL, NULL));
  g_assert_false (yl_sync_run (store, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
}

/* The certificate is made once and stays. */
static void
test_certificate (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("http", 0);
  YlStore *store = yl_test_chain_head_office (chain);
  g_autoptr (GTlsCertificate) first = yl_certificate_of_hub (store, NULL);
  g_autoptr (GTlsCertificate) again = yl_certificate_of_hub (store, NULL);
  guint8 one[YL_FINGERPRINT_BYTES], two[YL_FINGERPRINT_BYTES];

  g_assert_nonnull (first);
  g_assert_nonnull (again);
  yl_certificate_fingerprint (first, one);
  yl_certificate_fingerprint (again, two);
  g_assert_cmpmem (one, sizeof one, two, sizeof two);
}

/* A hub that shows another certificate than at the enrolment: nothing is sent, and people are told. */
static void
test_tls_swapped (void)
{
  g_autoptr (YlTestChain) chain = yl_test_chain_new ("https", 1);
  g_autoptr (YlStore) store = yl_test_chain_join (chain, 1, "one");
  g_autofree char *fingerprint = yl_store_get_setting (store, YL_SETTING_FINGERPRINT);
  g_autofree char *worker = yl_test_add_worker (store, "王秀英");
  g_autofree char *other = g_strdup (fingerprint);
  g_autoptr (YlTrouble) trouble = NULL;
  g_autoptr (GError) error = NULL;

  other[0] = other[0] == '0' ? '1' : '0';
  g_assert_true (yl_store_set_setting (store, YL_SETTING_FINGERPRINT, other, &error));
  g_assert_false (yl_sync_run (store, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_assert_cmpuint (yl_log_n_waiting (store), ==, 1);
  trouble = yl_trouble_find (store, YL_TROUBLE_IMPOSTOR, yl_test_chain_url (chain));
  g_assert_nonnull (trouble);
  g_assert_true (yl_trouble_waits (trouble));
  g_assert_true (yl_store_set_setting (store, YL_SETTING_FINGERPRINT, fingerprint, NULL));
  yl_test_sync (store);
  g_assert_null (yl_trouble_find (store, YL_TROUBLE_IMPOSTOR, yl_test_chain_url (chain)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/needs-session", test_needs_session);
  g_test_add_func ("/hub/unknown-calls", test_unknown_calls);
  g_test_add_func ("/hub/rubbish-requests", test_rubbish_requests);
  g_test_add_func ("/hub/large-requests", test_large_requests);
  g_test_add_func ("/hub/slow-callers", test_slow_callers);
  g_test_add_func ("/hub/challenge-is-used-up", test_challenge_is_used_up);
  g_test_add_func ("/hub/wrong-signature", test_wrong_signature);
  g_test_add_func ("/hub/only-head-office", test_only_head_office);
  g_test_add_func ("/hub/listen", test_listen);
  g_test_add_func ("/hub/certificate", test_certificate);
  g_test_add_func ("/hub/tls", test_tls);
  g_test_add_func ("/hub/tls-swapped", test_tls_swapped);
  g_test_add_func ("/hub/tls-other-certificate", test_tls_other_certificate);
  return g_test_run ();
}
