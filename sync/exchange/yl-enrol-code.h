#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

#define YL_SECRET_BYTES 16
#define YL_FINGERPRINT_BYTES 32
#define YL_HUB_URL_MAX 200

/**
 * YlEnrolCode: what a one-time code carries. As text it is one word: `YL1-` and base32 with a checksum, so that a slip of
 * the pen is found before anything is sent (docs/formats.md, "Enrolment code").
 */
typedef struct
{
  char *hub_url;
  char scope[YL_SCOPE_CHARS + 1];
  guint8 secret[YL_SECRET_BYTES];
  gboolean has_fingerprint;
  guint8 fingerprint[YL_FINGERPRINT_BYTES]; /* SHA-256 of the hub's certificate */
} YlEnrolCode;

char *yl_enrol_code_format (const YlEnrolCode *code);
/** yl_enrol_code_parse: capital or small letters, blanks around it allowed. Errors: YL_ERROR_INVALID. */
YlEnrolCode *yl_enrol_code_parse (const char *text, GError **error);
void yl_enrol_code_free (YlEnrolCode *code);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlEnrolCode, yl_enrol_code_free)

/** yl_hub_url_check: http:// or https:// with a host, at most YL_HUB_URL_MAX bytes. Errors: YL_ERROR_INVALID. */
gboolean yl_hub_url_check (const char *url, GError **error);

G_END_DECLS
