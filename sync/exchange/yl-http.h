#pragma once

#include "exchange/yl-transport.h"

G_BEGIN_DECLS

/*
 * YlHttp: careful HTTP towards one hub: sizes capped, no redirects, no content decoding, 5 s to connect, 30 s without a
 * byte, and with a fingerprint only the certificate that has it. A YlTransport.
 */
#define YL_TYPE_HTTP (yl_http_get_type ())
G_DECLARE_FINAL_TYPE (YlHttp, yl_http, YL, HTTP, GObject)

/** yl_http_new: @fingerprint: SHA-256 of the hub's certificate, or NULL. Errors: YL_ERROR_INVALID (no address; https without a
 * fingerprint). */
YlHttp *yl_http_new (const char *url, const guint8 *fingerprint, GError **error);
/** yl_http_new_to_stranger: accepts the first certificate shown, and from then on only that. */
YlHttp *yl_http_new_to_stranger (const char *url, GError **error);

G_END_DECLS
