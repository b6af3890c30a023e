#pragma once

#include "exchange/yl-enrol-code.h"

G_BEGIN_DECLS

/** yl_certificate_of_hub: the hub's self-signed certificate with its key, made at the first call and kept in the settings of
 * head office's file. It is recognised by its fingerprint alone. */
GTlsCertificate *yl_certificate_of_hub (YlStore *store, GError **error);
/** yl_certificate_fingerprint: SHA-256 of the certificate; @fingerprint has YL_FINGERPRINT_BYTES. */
void yl_certificate_fingerprint (GTlsCertificate *certificate, guint8 *fingerprint);

G_END_DECLS
