#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/** yl_enrol_invite: a one-time code for a PC of that site (id or code), valid 10 minutes: hub address, scope, certificate
 * fingerprint, secret; one word without blanks. Only on head office's store. Errors: YL_ERROR_REFUSED, YL_ERROR_NOT_FOUND. */
char *yl_enrol_invite (YlStore *store, const char *site, gboolean approved, GError **error);

/** YlDigitsFunc: the six digits to compare with head office, while waiting for approval. */
typedef void (*YlDigitsFunc) (const char *digits, gpointer data);

/**
 * yl_enrol_join: makes FILE the store of a new PC: keys, enrolment at the hub, first sync. Waits for approval up to 10 minutes, calling
 * @digits once, unless the code is pre-approved. FILE must not exist; nothing is left of it on an error.
 * Errors: YL_ERROR_INVALID (not a code), YL_ERROR_OFFLINE, YL_ERROR_REFUSED (used, expired, unknown).
 */
YlStore *yl_enrol_join (const char *file, const char *code, YlDigitsFunc digits, gpointer data, GError **error);

G_END_DECLS
