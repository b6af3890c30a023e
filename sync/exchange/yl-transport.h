#pragma once

#include <gio/gio.h>

#include "base/yl-error.h"

G_BEGIN_DECLS

/*
 * YlTransport: the way to one hub: a request goes, its answer comes back. YlHttp is the one that ships; what crosses it is the same
 * whatever carries it, so that a test can put a link of its own in its place. Blocking, for one thread.
 */
#define YL_TYPE_TRANSPORT (yl_transport_get_type ())
G_DECLARE_INTERFACE (YlTransport, yl_transport, YL, TRANSPORT, GObject)

typedef struct
{
  const char *path; /* after /v1/ */
  GBytes *body;     /* NULL: a question without one (GET) */
  const char *body_type;
  const char *token;       /* of the session, or NULL */
  const char *answer_type; /* the content type a good answer has */
  gsize answer_max;        /* bytes of the largest good answer */
} YlTransportCall;

struct _YlTransportInterface
{
  GTypeInterface parent_interface;

  GBytes *(*call) (YlTransport *transport,
                   const YlTransportCall *call,
                   gboolean *unauthorized,
                   GCancellable *cancellable,
                   GError **error);
  const char *(*get_url) (YlTransport *transport);
  GMainContext *(*get_context) (YlTransport *transport);
  void (*get_bytes) (YlTransport *transport, gsize *in, gsize *out);
  gboolean (*get_certificate) (YlTransport *transport, guint8 *fingerprint); /* NULL: never one */
};

/**
 * yl_transport_call: the body of a good answer.
 * Errors: YL_ERROR_OFFLINE (not reached, cut off, too slow), YL_ERROR_INVALID (an answer that no hub gives), what the hub's
 * refusal says, G_IO_ERROR_CANCELLED. @unauthorized: set where the token is not (or no longer) valid; may be NULL.
 */
GBytes *yl_transport_call (YlTransport *transport,
                           const YlTransportCall *call,
                           gboolean *unauthorized,
                           GCancellable *cancellable,
                           GError **error);
const char *yl_transport_get_url (YlTransport *transport);
/** yl_transport_get_context: iterated during a call; sources attached to it run meanwhile. */
GMainContext *yl_transport_get_context (YlTransport *transport);
/** yl_transport_get_bytes: bodies received and sent so far. */
void yl_transport_get_bytes (YlTransport *transport, gsize *in, gsize *out);

/** yl_transport_get_certificate: SHA-256 of the certificate that was shown; FALSE where the way has none. */
gboolean yl_transport_get_certificate (YlTransport *transport, guint8 *fingerprint);

/** yl_transport_open: the way to @url. @fingerprint: SHA-256 of the hub's certificate, or NULL. Errors: YL_ERROR_INVALID. */
YlTransport *yl_transport_open (const char *url, const guint8 *fingerprint, GError **error);
/** yl_transport_open_to_stranger: likewise where the certificate is not known: the first one shown, which the session has to prove. */
YlTransport *yl_transport_open_to_stranger (const char *url, GError **error);

typedef YlTransport *(*YlTransportOpener) (const char *url, const guint8 *fingerprint, gpointer data, GError **error);
/** yl_transport_set_opener: what yl_transport_open() does from now on, in the whole process; NULL: YlHttp again. For tests. */
void yl_transport_set_opener (YlTransportOpener opener, gpointer data);

/* For those who carry answers. */

/** yl_transport_judge: whether an answer of @status (as HTTP numbers them) and @type is a good one; its error says what @url answers. */
gboolean yl_transport_judge (const char *url,
                             const YlTransportCall *call,
                             guint status,
                             const char *type,
                             GBytes *body,
                             GError **error);
/** yl_transport_too_long: the error of an answer above what @call allows. */
void yl_transport_too_long (const char *url, GError **error);

#define YL_MEDIA_JSON "application/json"
#define YL_MEDIA_GRANT "application/vnd.yuelai.grant"
#define YL_MEDIA_SYNC "application/vnd.yuelai.sync"
#define YL_MEDIA_SEALED "application/vnd.yuelai.sealed"
#define YL_MEDIA_CHECKPOINT "application/vnd.yuelai.checkpoint"
#define YL_MEDIA_STATE "application/vnd.yuelai.state"

/* A refusal travels as {"error": word, "message": sentence}. */
const char *yl_refusal_word (int code);
int yl_refusal_code (const char *word);
/* Words that say more than their code: a PC that head office has shut out calls its hub, or a relay. */
#define YL_REFUSAL_SHUT_OUT "shut_out"
#define YL_REFUSAL_SHUT_OUT_HERE "shut_out_here"
/** yl_refusal_sentence: what such a word says, in the language of whoever runs this; NULL for the others, whose sentence comes along. */
const char *yl_refusal_sentence (const char *word);

G_END_DECLS
