#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* Attachments: a photo, a scan, a signed paper of a record. Content is sealed under the person's key of the kind's class. */

#define YL_ATTACHMENT_MAX_BYTES (20 * 1024 * 1024)
#define YL_ATTACHMENTS_MAX 100 /* of one record */

typedef struct
{
  char *id;
  char *kind;  /* code */
  char *name;  /* NULL where the key is not here */
  char *media; /* image/jpeg, image/png, application/pdf; NULL likewise */
  gint64 size; /* bytes */
  guint n_chunks;
  guint n_here; /* chunks on this copy */
} YlAttachment;
void yl_attachment_free (YlAttachment *attachment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlAttachment, yl_attachment_free)

/** yl_attachment_media: the type that the first bytes show, or NULL: only types the window can show are taken. */
const char *yl_attachment_media (gconstpointer bytes, gsize length);
/** yl_attachment_load: a file to be attached; its size is looked at before anything is read. Blocking, on any thread.
 * Errors: YL_ERROR_INVALID (no file, too large), YL_ERROR_FAILED. */
GBytes *yl_attachment_load (GFile *file, GError **error);
/**
 * yl_attachment_add: one change set. @owner: record id or short number. @kind: NULL: photo for a picture, scan for a PDF.
 * Returns the record id. Errors: YL_ERROR_INVALID (type, size, kind, a table that has none), YL_ERROR_REFUSED (too many, quota).
 */
char *yl_attachment_add (YlStore *store,
                         const char *table,
                         const char *owner,
                         const char *kind,
                         const char *name,
                         GBytes *content,
                         GError **error);
gboolean yl_attachment_remove (YlStore *store, const char *id, GError **error);
/** yl_attachment_list: of one record, oldest first (element-type YlAttachment). */
GPtrArray *yl_attachment_list (YlStore *store, const char *table, const char *owner, GError **error);
YlAttachment *yl_attachment_get (YlStore *store, const char *id, GError **error);
/** yl_attachment_read: the content. Errors: YL_ERROR_MISSING (fetch its chunks first), YL_ERROR_REFUSED (no key), YL_ERROR_CORRUPT. */
GBytes *yl_attachment_read (YlStore *store, const char *id, GError **error);

G_END_DECLS
