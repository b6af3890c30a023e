#pragma once

#include <gio/gio.h>

#include "base/yl-error.h"

G_BEGIN_DECLS

/*
 * YlHttp: careful HTTP towards one hub: sizes capped, no redirects, no content decoding, 5 s to connect, 30 s without a
 * byte, and with a fingerprint only the certificate that has it. Blocking, for one thread.
 */
#define YL_TYPE_HTTP (yl_http_get_type ())
G_DECLARE_FINAL_TYPE (YlHttp, yl_http, YL, HTTP, GObject)

/** yl_http_new: @fingerprint: SHA-256 of the hub's certificate, or NULL. Errors: YL_ERROR_INVALID (no address; https without a
 * fingerprint). */
YlHttp *yl_http_new (const char *url, const guint8 *fingerprint, GError **error);
const char *yl_http_get_url (YlHttp *http);
/** yl_http_get_context: iterated during a call; sources attached to it run meanwhile. */
GMainContext *yl_http_get_context (YlHttp *http);
/** yl_http_get_bytes: bodies received and sent so far. */
void yl_http_get_bytes (YlHttp *http, gsize *in, gsize *out);

typedef struct
{
  const char *path;
  GBytes *body; /* NULL for GET */
  const char *body_type;
  const char *token;       /* of the session, or NULL */
  const char *answer_type; /* the content type a good answer has */
  gsize answer_max;
} YlHttpCall;

/**
 * yl_http_call: the body of a good answer.
 * Errors: YL_ERROR_OFFLINE (not reached, cut off, too slow), YL_ERROR_INVALID (an answer that no hub gives), what the hub's
 * refusal says, G_IO_ERROR_CANCELLED. @unauthorized: set where the token is not (or no longer) valid; may be NULL.
 */
GBytes *yl_http_call (YlHttp *http,
                      const YlHttpCall *call,
                      gboolean *unauthorized,
                      GCancellable *cancellable,
                      GError **error);

#define YL_HTTP_JSON "application/json"
#define YL_HTTP_SEGMENT "application/vnd.yuelai.segment"
#define YL_HTTP_GRANT "application/vnd.yuelai.grant"
#define YL_HTTP_RECEIPT "application/vnd.yuelai.receipt"
#define YL_HTTP_SEALED "application/vnd.yuelai.sealed"

/* A refusal travels as {"error": word, "message": sentence}. */
const char *yl_http_error_word (int code);
int yl_http_error_code (const char *word);

G_END_DECLS
