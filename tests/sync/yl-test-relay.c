#include "yl-test-relay.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define CHUNK_BYTES (64 * 1024)
#define BOMB_BYTES (2 * 1024 * 1024)

struct _YlTestRelay
{
  GSocketService *service;
  char *hub_host;
  char *url;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;

  GMutex mutex; /* for all below */
  char *path;
  YlRelayMode mode;
  guint skip;
  GHashTable *counts;  /* path -> calls */
  GHashTable *answers; /* path -> last good answer */
};

/* One HTTP message with its body, as libsoup's two ends write them; NULL at the end of the connection. */
static GBytes *
read_message (GDataInputStream *in, char **first_line)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize length = 0;

  *first_line = NULL;
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (in, NULL, NULL, NULL);

      if (line == NULL)
        return NULL;
      g_string_append_printf (text, "%s\r\n", line);
      if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
        length = (gsize) g_ascii_strtoull (line + 15, NULL, 10);
      if (*line == '\0')
        break;
      if (*first_line == NULL)
        *first_line = g_steal_pointer (&line);
    }
  if (length > 0)
    {
      gsize at = text->len;
      gsize n_read;

      g_string_set_size (text, at + length);
      if (!g_input_stream_read_all (G_INPUT_STREAM (in), text->str + at, length, &n_read, NULL, NULL)
          || n_read < length)
        return NULL;
    }
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static GDataInputStream *
open_input (GSocketConnection *connection)
{
  GDataInputStream *in = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));

  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  return in;
}

static gboolean
write_all (GSocketConnection *connection, gconstpointer data, gsize length)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  return g_output_stream_write_all (out, data, length, NULL, NULL, NULL) && g_output_stream_flush (out, NULL, NULL);
}

static GBytes *
ask_hub (YlTestRelay *relay, GBytes *request)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) hub = g_socket_client_connect_to_host (client, relay->hub_host, 80, NULL, NULL);
  g_autoptr (GDataInputStream) in = NULL;
  g_autofree char *first_line = NULL;

  if (hub == NULL || !write_all (hub, g_bytes_get_data (request, NULL), g_bytes_get_size (request)))
    return NULL;
  in = open_input (hub);
  return read_message (in, &first_line);
}

/* What to do with the next answer to @path. */
static YlRelayMode
next_mode (YlTestRelay *relay, const char *path)
{
  YlRelayMode mode = YL_RELAY_PASS;
  guint count;

  g_mutex_lock (&relay->mutex);
  count = GPOINTER_TO_UINT (g_hash_table_lookup (relay->counts, path));
  g_hash_table_insert (relay->counts, g_strdup (path), GUINT_TO_POINTER (count + 1));
  if (g_strcmp0 (relay->path, path) == 0)
    {
      if (relay->skip == 0)
        mode = relay->mode;
      else
        relay->skip--;
    }
  g_mutex_unlock (&relay->mutex);
  return mode;
}

static GBytes *
get_last (YlTestRelay *relay, const char *path)
{
  GBytes *last;

  g_mutex_lock (&relay->mutex);
  last = g_hash_table_lookup (relay->answers, path);
  if (last != NULL)
    g_bytes_ref (last);
  g_mutex_unlock (&relay->mutex);
  return last;
}

static void
set_last (YlTestRelay *relay, const char *path, GBytes *answer)
{
  g_mutex_lock (&relay->mutex);
  g_hash_table_insert (relay->answers, g_strdup (path), g_bytes_ref (answer));
  g_mutex_unlock (&relay->mutex);
}

static gboolean
send_made_up (GSocketConnection *store, const char *type, gconstpointer body, gsize length)
{
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n", type, length);

  return write_all (store, head, strlen (head)) && write_all (store, body, length);
}

static gboolean
send_bomb (GSocketConnection *store)
{
  g_autofree guint8 *zeros = g_malloc0 (BOMB_BYTES);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  /* An answer with a segment: version 1, zstd, no runs, no entries, 2 MiB of frames, no grant. */
  const guint8 head[2 + 16 + 32 + 13] = { 1, 2, [50] = 'Y', 'L', 'S', 'G', 1, 2, 0, 0, 0x80, 0x80, 0x80, 0x01, 0 };
  gsize bound = ZSTD_compressBound (BOMB_BYTES);
  g_autofree guint8 *packed = g_malloc (bound);

  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, packed, (guint) ZSTD_compress (packed, bound, zeros, BOMB_BYTES, 19));
  return send_made_up (store, "application/vnd.yuelai.sync", body->data, body->len);
}

static gboolean
send_endless (GSocketConnection *store)
{
  static const char head[] =
      "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.yuelai.sync\r\nTransfer-Encoding: chunked\r\n\r\n";
  g_autofree char *chunk = g_strnfill (CHUNK_BYTES, 'x');
  gboolean open = write_all (store, head, strlen (head));

  while (open)
    open = write_all (store, "10000\r\n", 7) && write_all (store, chunk, CHUNK_BYTES) && write_all (store, "\r\n", 2);
  return FALSE;
}

/* The first half of the body, its length made to fit. */
static gboolean
send_half (GSocketConnection *store, const char *text, gsize length)
{
  const char *body = g_strstr_len (text, (gssize) length, "\r\n\r\n") + 4;
  const char *type = g_strstr_len (text, (gssize) length, "Content-Type: ") + 14;
  g_autofree char *type_text = g_strndup (type, strcspn (type, "\r"));

  return send_made_up (store, type_text, body, (gsize) (text + length - body) / 2);
}

static gboolean
send_flipped (GSocketConnection *store, const char *text, gsize length)
{
  g_autofree char *copy = g_memdup2 (text, length);

  copy[length - 1] ^= 1;
  return write_all (store, copy, length);
}

static gboolean
send_forged (GSocketConnection *store, const char *text, gsize length)
{
  g_autofree char *copy = g_memdup2 (text, length);
  gsize at = length - 1;

  while (!g_ascii_isxdigit (copy[at]))
    at--;
  copy[at] = copy[at] == '0' ? '1' : '0';
  return write_all (store, copy, length);
}

/* FALSE when the connection is over. */
static gboolean
send_answer (YlTestRelay *relay, GSocketConnection *store, const char *path, YlRelayMode mode, GBytes *answer)
{
  static const char html[] = "<!DOCTYPE html><html><body>Welcome to our guest network</body></html>";
  static const char huge[] =
      "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.yuelai.sync\r\nContent-Length: 4294967296\r\n\r\nYLSG";
  gsize length;
  const char *text = g_bytes_get_data (answer, &length);
  g_autoptr (GBytes) last = get_last (relay, path);

  switch (mode)
    {
    case YL_RELAY_HTML:
      return send_made_up (store, "text/html", html, strlen (html));
    case YL_RELAY_NO_JSON:
      return send_made_up (store, "application/json", "{\"frontier\":[}", 14);
    case YL_RELAY_OTHER_JSON:
      return send_made_up (store, "application/json", "{\"ok\":true}", 11);
    case YL_RELAY_HALF:
      return send_half (store, text, length);
    case YL_RELAY_CUT:
      write_all (store, text, length - 20);
      return FALSE;
    case YL_RELAY_BOMB:
      return send_bomb (store);
    case YL_RELAY_HUGE:
      return write_all (store, huge, strlen (huge));
    case YL_RELAY_ENDLESS:
      return send_endless (store);
    case YL_RELAY_FLIP:
      return send_flipped (store, text, length);
    case YL_RELAY_FORGE:
      return send_forged (store, text, length);
    case YL_RELAY_AGAIN:
      return write_all (store, g_bytes_get_data (last, NULL), g_bytes_get_size (last));
    case YL_RELAY_HANG_UP:
      return FALSE;
    default:
      set_last (relay, path, answer);
      return write_all (store, text, length);
    }
}

/* `POST /v1/fetch HTTP/1.1` -> `fetch` */
static char *
get_path (const char *first_line)
{
  g_auto (GStrv) words = g_strsplit (first_line, " ", 3);

  return g_strdup (g_str_has_prefix (words[1], "/v1/") ? words[1] + 4 : words[1]);
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *store, GObject *source, gpointer data)
{
  YlTestRelay *relay = data;
  g_autoptr (GDataInputStream) in = open_input (store);
  gboolean open = TRUE;

  while (open)
    {
      g_autofree char *first_line = NULL;
      g_autoptr (GBytes) request = read_message (in, &first_line);
      g_autofree char *path = request == NULL ? NULL : get_path (first_line);
      YlRelayMode mode = request == NULL ? YL_RELAY_PASS : next_mode (relay, path);
      g_autoptr (GBytes) answer = request == NULL ? NULL : ask_hub (relay, request);

      open = answer != NULL && send_answer (relay, store, path, mode, answer);
    }
  g_io_stream_close (G_IO_STREAM (store), NULL, NULL);
  return TRUE;
}

static gpointer
serve (gpointer data)
{
  YlTestRelay *relay = data;

  g_main_context_push_thread_default (relay->context);
  g_socket_service_start (relay->service);
  g_main_loop_run (relay->loop);
  g_socket_service_stop (relay->service);
  g_main_context_pop_thread_default (relay->context);
  return NULL;
}

YlTestRelay *
yl_test_relay_new (const char *hub_url)
{
  YlTestRelay *relay = g_new0 (YlTestRelay, 1);
  guint16 port;

  g_mutex_init (&relay->mutex);
  relay->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  relay->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  relay->hub_host = g_strdup (hub_url + strlen ("http://"));
  relay->context = g_main_context_new ();
  relay->loop = g_main_loop_new (relay->context, FALSE);
  g_main_context_push_thread_default (relay->context);
  relay->service = g_threaded_socket_service_new (10);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (relay->service), NULL, NULL);
  g_main_context_pop_thread_default (relay->context);
  g_assert_cmpuint (port, !=, 0);
  g_signal_connect (relay->service, "run", G_CALLBACK (run_cb), relay);
  relay->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  relay->thread = g_thread_new ("relay", serve, relay);
  return relay;
}

void
yl_test_relay_free (YlTestRelay *relay)
{
  g_main_loop_quit (relay->loop);
  g_thread_join (relay->thread);
  g_socket_listener_close (G_SOCKET_LISTENER (relay->service));
  g_object_unref (relay->service);
  g_main_loop_unref (relay->loop);
  g_main_context_unref (relay->context);
  g_hash_table_unref (relay->counts);
  g_hash_table_unref (relay->answers);
  g_mutex_clear (&relay->mutex);
  g_free (relay->hub_host);
  g_free (relay->path);
  g_free (relay->url);
  g_free (relay);
}

const char *
yl_test_relay_get_url (YlTestRelay *relay)
{
  return relay->url;
}

void
yl_test_relay_spoil (YlTestRelay *relay, const char *path, YlRelayMode mode, guint skip)
{
  g_mutex_lock (&relay->mutex);
  g_free (relay->path);
  relay->path = g_strdup (path);
  relay->mode = mode;
  relay->skip = skip;
  g_mutex_unlock (&relay->mutex);
}

guint
yl_test_relay_count (YlTestRelay *relay, const char *path)
{
  guint count;

  g_mutex_lock (&relay->mutex);
  count = GPOINTER_TO_UINT (g_hash_table_lookup (relay->counts, path));
  g_mutex_unlock (&relay->mutex);
  return count;
}
