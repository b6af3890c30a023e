#include "exchange/yl-transport.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "exchange/yl-http.h"
#include "exchange/yl-message.h"

#define HUB_SENTENCE_MAX 300
#define STATUS_OK 200

G_DEFINE_INTERFACE (YlTransport, yl_transport, G_TYPE_OBJECT)

static YlTransportOpener opener_func;
static gpointer opener_data;

/* Who receives a word with a sentence says that in its own language, whatever the hub's is. */
static const struct
{
  int code;
  const char *word;
  const char *sentence;
} error_words[] = {
  { YL_ERROR_INVALID, "invalid" },
  { YL_ERROR_NOT_FOUND, "not_found" },
  { YL_ERROR_REFUSED, "refused" },
  { YL_ERROR_MISSING, "missing" },
  { YL_ERROR_CORRUPT, "corrupt" },
  { YL_ERROR_NEWER, "newer" },
  { YL_ERROR_FULL, "full" },
  { YL_ERROR_FAILED, "failed" },
  { YL_ERROR_REFUSED, YL_REFUSAL_SHUT_OUT,
    N_ ("Head office has shut out this PC. What it has not sent yet is taken in for head office to look at; it gets "
        "nothing more.") },
  { YL_ERROR_REFUSED, YL_REFUSAL_SHUT_OUT_HERE,
    N_ ("Head office has shut out this PC; only head office takes in what it has not sent yet.") },
};

const char *
yl_refusal_word (int code)
{
  for (guint i = 0; i < G_N_ELEMENTS (error_words); i++)
    if (error_words[i].code == code)
      return error_words[i].word;
  return "failed";
}

int
yl_refusal_code (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (error_words); i++)
    if (strcmp (error_words[i].word, word) == 0)
      return error_words[i].code;
  return YL_ERROR_FAILED;
}

const char *
yl_refusal_sentence (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (error_words); i++)
    if (strcmp (error_words[i].word, word) == 0)
      return error_words[i].sentence != NULL ? _ (error_words[i].sentence) : NULL;
  return NULL;
}

static void
yl_transport_default_init (YlTransportInterface *iface)
{
}

GBytes *
yl_transport_call (YlTransport *transport,
                   const YlTransportCall *call,
                   gboolean *unauthorized,
                   GCancellable *cancellable,
                   GError **error)
{
  return YL_TRANSPORT_GET_IFACE (transport)->call (transport, call, unauthorized, cancellable, error);
}

const char *
yl_transport_get_url (YlTransport *transport)
{
  return YL_TRANSPORT_GET_IFACE (transport)->get_url (transport);
}

GMainContext *
yl_transport_get_context (YlTransport *transport)
{
  return YL_TRANSPORT_GET_IFACE (transport)->get_context (transport);
}

void
yl_transport_get_bytes (YlTransport *transport, gsize *in, gsize *out)
{
  YL_TRANSPORT_GET_IFACE (transport)->get_bytes (transport, in, out);
}

gboolean
yl_transport_get_certificate (YlTransport *transport, guint8 *fingerprint)
{
  YlTransportInterface *iface = YL_TRANSPORT_GET_IFACE (transport);

  return iface->get_certificate != NULL && iface->get_certificate (transport, fingerprint);
}

YlTransport *
yl_transport_open (const char *url, const guint8 *fingerprint, GError **error)
{
  YlHttp *http;

  if (opener_func != NULL)
    return opener_func (url, fingerprint, opener_data, error);
  http = yl_http_new (url, fingerprint, error);
  return http == NULL ? NULL : YL_TRANSPORT (http);
}

YlTransport *
yl_transport_open_to_stranger (const char *url, GError **error)
{
  YlHttp *http;

  if (opener_func != NULL)
    return opener_func (url, NULL, opener_data, error);
  http = yl_http_new_to_stranger (url, error);
  return http == NULL ? NULL : YL_TRANSPORT (http);
}

void
yl_transport_set_opener (YlTransportOpener opener, gpointer data)
{
  opener_func = opener;
  opener_data = data;
}

/* A sentence from outside, fit to be shown. */
static char *
clean_sentence (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  char *cut = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), HUB_SENTENCE_MAX));

  return g_strdelimit (cut, "\r\n\t\033", ' ');
}

static gboolean
set_refusal (const char *url, guint status, GBytes *body, GError **error)
{
  g_autoptr (JsonObject) object = yl_message_parse (body, NULL);
  const char *word = object == NULL ? NULL : yl_message_get_text (object, "error", 40, NULL);
  const char *message = object == NULL ? NULL : yl_message_get_text (object, "message", G_MAXUINT16, NULL);
  g_autofree char *sentence = message == NULL ? NULL : clean_sentence (message);

  if (word != NULL && sentence != NULL)
    g_set_error (error, YL_ERROR, yl_refusal_code (word), _ ("The hub at %s says: %s"), url,
                 yl_refusal_sentence (word) != NULL ? yl_refusal_sentence (word) : sentence);
  /* Bad gateway, service unavailable, gateway timeout: what a proxy says of a hub that it cannot reach. */
  else if (status >= 502 && status <= 504)
    g_set_error (error, YL_ERROR, YL_ERROR_OFFLINE, _ ("The hub at %s cannot be reached: it is not running (%u)."), url,
                 status);
  else
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("What answers at %s is no Yuelai hub (%u). Check the address."),
                 url, status);
  return FALSE;
}

gboolean
yl_transport_judge (const char *url,
                    const YlTransportCall *call,
                    guint status,
                    const char *type,
                    GBytes *body,
                    GError **error)
{
  if (status != STATUS_OK)
    return set_refusal (url, status, body, error);
  if (g_strcmp0 (type, call->answer_type) == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("What answers at %s is no Yuelai hub: it sends %s. Check the address."), url,
               type == NULL ? "nothing" : type);
  return FALSE;
}

void
yl_transport_too_long (const char *url, GError **error)
{
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("What answers at %s is no Yuelai hub: it sends more than a hub may. Check the address."), url);
}
