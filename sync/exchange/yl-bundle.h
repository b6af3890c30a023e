#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/*
 * A bundle: segments in a file, for a USB stick where no link is (docs/formats.md, "Bundle"). What is in it passes the same checks as
 * what comes over a link, and reading it twice changes nothing. Entries wait on after they went into one: only a hub's
 * receipt says that they are safe. Attachments are not in it (docs/decisions/0023-attachments-go-to-head-office-only.md).
 */
#define YL_BUNDLE_BYTES_MAX (G_GINT64_CONSTANT (4) * 1024 * 1024 * 1024)

/** YlBundleReport: what was written or read. */
typedef struct
{
  guint segments;
  guint entries; /* written, or of those read the new ones */
  guint keys;
  goffset bytes;
} YlBundleReport;

/**
 * yl_bundle_write: @reader: writer id of the PC it is for: then it holds the keys that PC may have, and leaves out what it is known
 * to have; NULL: for anybody, everything and no keys. @all: everything, even what @reader is known to have.
 * The file appears whole or not at all. Errors: YL_ERROR_REFUSED (@file exists), YL_ERROR_FULL, YL_ERROR_FAILED, YL_ERROR_NOT_FOUND.
 */
gboolean yl_bundle_write (YlStore *store,
                          const char *file,
                          const char *reader,
                          gboolean all,
                          YlBundleReport *report,
                          GError **error);

/**
 * yl_bundle_read: takes a bundle in. The whole file is checked before anything of it is taken; each segment then is committed by itself.
 * Errors: YL_ERROR_NOT_FOUND, YL_ERROR_INVALID (no bundle, cut off, changed, of another company), YL_ERROR_NEWER,
 * YL_ERROR_MISSING (it builds upon entries that are not here).
 */
gboolean yl_bundle_read (YlStore *store, const char *file, YlBundleReport *report, GError **error);

G_END_DECLS
