#include "yl-attachment.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "base/yl-id.h"
#include "records/yl-codes.h"
#include "change/yl-change.h"
#include "seal/yl-chunk.h"
#include "merge/yl-person.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define KEY_CHARS 43 /* in base64 without padding */
#define NAME_MAX_CHARS 200

G_STATIC_ASSERT (YL_ATTACHMENT_MAX_BYTES == YL_CHUNKS_MAX * YL_CHUNK_BYTES);

/* Records that have papers. */
static const char *const owner_tables[] = { "worker", "customer", "household", "order", "certificate", NULL };

static const struct
{
  const char *media;
  const char *bytes;
  gsize length;
} magics[] = {
  { "image/jpeg", "\xff\xd8\xff", 3 },
  { "image/png", "\x89PNG\r\n\x1a\n", 8 },
  { "application/pdf", "%PDF-", 5 },
};

void
yl_attachment_free (YlAttachment *attachment)
{
  g_free (attachment->id);
  g_free (attachment->kind);
  g_free (attachment->name);
  g_free (attachment->media);
  g_free (attachment);
}

const char *
yl_attachment_media (gconstpointer bytes, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (length > magics[i].length && memcmp (bytes, magics[i].bytes, magics[i].length) == 0)
      return magics[i].media;
  return NULL;
}

GBytes *
yl_attachment_load (GFile *file, GError **error)
{
  g_autofree char *name = g_file_get_parse_name (file);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE, 0, NULL, &fault);
  GBytes *content = NULL;

  if (info != NULL && g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("%s is no file"), name);
  else if (info != NULL && g_file_info_get_size (info) > YL_ATTACHMENT_MAX_BYTES)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("the file is larger than %d MiB: make it smaller first"),
                 YL_ATTACHMENT_MAX_BYTES >> 20);
  else if (info != NULL)
    content = g_file_load_bytes (file, NULL, NULL, &fault);
  if (fault != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_FAILED, _ ("%s cannot be read: %s"), name, fault->message);
  return content;
}

static gboolean
check_owner_table (const char *table, GError **error)
{
  g_autofree char *list = NULL;

  if (g_strv_contains (owner_tables, table))
    return TRUE;
  list = g_strjoinv (", ", (GStrv) owner_tables);
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("a %s has no attachments; these have: %s"), table, list);
  return FALSE;
}

static const char *
check_content (GBytes *content, GError **error)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (content, &length);
  const char *media = bytes != NULL ? yl_attachment_media (bytes, length) : NULL;

  if (length > YL_ATTACHMENT_MAX_BYTES)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("the file is larger than %d MiB: make it smaller first"),
                 YL_ATTACHMENT_MAX_BYTES >> 20);
  else if (media == NULL)
    g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("the file is no JPEG, PNG or PDF"));
  return length <= YL_ATTACHMENT_MAX_BYTES ? media : NULL;
}

static gboolean
check_kind (const char *kind, GError **error)
{
  for (const YlCode *code = yl_codes ("attachment_kind"); code->code != NULL; code++)
    if (g_str_equal (code->code, kind))
      return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is no kind of attachment: use photo, scan or contract"),
               kind);
  return FALSE;
}

static gboolean
check_count (YlStore *store, const char *owner, GError **error)
{
  g_autofree char *where = g_strconcat ("owner=", owner, NULL);
  const char *const conditions[] = { where, NULL };
  g_autoptr (GPtrArray) there = yl_store_list (store, "attachment", conditions, YL_ATTACHMENTS_MAX, error);

  if (there == NULL)
    return FALSE;
  if (there->len < YL_ATTACHMENTS_MAX)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("the record has %d attachments already: remove one first"),
               YL_ATTACHMENTS_MAX);
  return FALSE;
}

/* What only the key's holders read: content key, type, name. */
static char *
head_text (const guint8 *key, const char *media, const char *name)
{
  char text[KEY_CHARS + 1];
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *shown = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), NAME_MAX_CHARS));
  char *head;

  g_strdelimit (shown, "\r\n\t", ' ');
  sodium_bin2base64 (text, sizeof text, key, KEY_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  head = g_strjoin ("\n", text, media, *shown != '\0' ? shown : "-", NULL);
  sodium_memzero (text, sizeof text);
  return head;
}

static gboolean
read_head (const char *head, guint8 *key, char **media, char **name)
{
  g_auto (GStrv) lines = g_strsplit (head, "\n", 3);
  gsize length = 0;

  if (g_strv_length (lines) != 3
      || sodium_base642bin (key, KEY_BYTES, lines[0], strlen (lines[0]), NULL, &length, NULL,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING)
             != 0
      || length != KEY_BYTES)
    return FALSE;
  *media = g_strdup (lines[1]);
  *name = g_strdup (lines[2]);
  return TRUE;
}

static GPtrArray *
seal_content (YlStore *store, const guint8 *key, const char *id, GBytes *content)
{
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (content, &length);
  guint n = (guint) ((length + YL_CHUNK_BYTES - 1) / YL_CHUNK_BYTES);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (chunks, yl_chunk_seal (store, key, id, i, n, bytes + (gsize) i * YL_CHUNK_BYTES,
                                            MIN (length - (gsize) i * YL_CHUNK_BYTES, YL_CHUNK_BYTES)));
  return chunks;
}

static char *
manifest_text (GPtrArray *chunks)
{
  guint8 ids[YL_CHUNKS_MAX * YL_CHUNK_ID_BYTES];
  gsize length = chunks->len * YL_CHUNK_ID_BYTES;
  gsize size = sodium_base64_encoded_len (length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = g_malloc (size);

  for (guint i = 0; i < chunks->len; i++)
    yl_chunk_id (chunks->pdata[i], ids + i * YL_CHUNK_ID_BYTES);
  return sodium_bin2base64 (text, size, ids, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *
person_of_owner (YlStore *store, const YlRecord *owner)
{
  const YlTable *table = yl_record_get_table (owner);
  const char *column = yl_person_column (table);

  return yl_person_of (store, table, yl_record_get_id (owner),
                       column != NULL ? yl_record_get_text (owner, column) : NULL);
}

static YlRecord *
new_record (YlStore *store, const YlRecord *owner, const char *kind, GBytes *content)
{
  g_autofree char *id = yl_id_new (yl_store_now (store)); /* now, because the chunks are bound to it */
  YlRecord *record = yl_record_new (yl_table_find ("attachment"), id);
  g_autofree char *person = person_of_owner (store, owner);

  yl_record_set_text (record, "owner_table", yl_record_get_table (owner)->name);
  yl_record_set_text (record, "owner", yl_record_get_id (owner));
  yl_record_set_text (record, "person", person);
  yl_record_set_text (record, "kind", kind);
  yl_record_set_integer (record, "size", (gint64) g_bytes_get_size (content));
  return record;
}

/* Manifest and chunks in one transaction: neither is ever without the other where it was made. */
static gboolean
commit (YlStore *store, YlRecord *record, const char *head, const guint8 *key, GBytes *content, GError **error)
{
  g_autoptr (GPtrArray) chunks = seal_content (store, key, yl_record_get_id (record), content);
  g_autofree char *manifest = manifest_text (chunks);
  g_autoptr (YlChange) change = yl_change_begin (store, "attach", error);

  if (change == NULL)
    return FALSE;
  yl_record_set_text (record, "manifest", manifest);
  yl_record_set_text (record, yl_record_get_text (record, "kind"), head);
  if (!yl_change_insert (change, record, error))
    return FALSE;
  for (guint i = 0; i < chunks->len; i++)
    if (!yl_chunk_put (store, yl_record_get_id (record), i, chunks->pdata[i], FALSE, error))
      return FALSE;
  return yl_change_commit (change, error);
}

char *
yl_attachment_add (YlStore *store,
                   const char *table,
                   const char *owner,
                   const char *kind,
                   const char *name,
                   GBytes *content,
                   GError **error)
{
  const char *media;
  g_autoptr (YlRecord) to = NULL;
  g_autoptr (YlRecord) record = NULL;
  g_autofree char *head = NULL;
  guint8 key[KEY_BYTES];
  gboolean ok;

  if (!check_owner_table (table, error))
    return NULL;
  media = check_content (content, error);
  to = media != NULL ? yl_store_get (store, table, owner, error) : NULL;
  if (to == NULL || !check_count (store, yl_record_get_id (to), error))
    return NULL;
  if (kind == NULL)
    kind = g_str_has_prefix (media, "image/") ? "photo" : "scan";
  record = new_record (store, to, kind, content);
  randombytes_buf (key, sizeof key);
  head = head_text (key, media, name);
  ok = check_kind (kind, error) && commit (store, record, head, key, content, error);
  sodium_memzero (key, sizeof key);
  sodium_memzero (head, strlen (head));
  return ok ? g_strdup (yl_record_get_id (record)) : NULL;
}

gboolean
yl_attachment_remove (YlStore *store, const char *id, GError **error)
{
  g_autoptr (YlRecord) record = yl_store_get (store, "attachment", id, error);
  g_autoptr (YlChange) change = record != NULL ? yl_change_begin (store, "remove attachment", error) : NULL;

  return change != NULL && yl_change_delete (change, "attachment", yl_record_get_id (record), error)
         && yl_chunk_sweep (store, error) && yl_change_commit (change, error);
}

static YlAttachment *
describe (YlStore *store, const YlRecord *record, guint8 *key, GError **error)
{
  g_autoptr (YlAttachment) attachment = g_new0 (YlAttachment, 1);
  const char *kind = yl_record_get_text (record, "kind");
  const char *head = kind != NULL ? yl_record_get_text (record, kind) : NULL;
  g_autoptr (GByteArray) missing = yl_chunk_missing (store, yl_record_get_id (record), error);

  if (missing == NULL)
    return NULL;
  attachment->id = g_strdup (yl_record_get_id (record));
  attachment->kind = g_strdup (kind);
  attachment->size = yl_record_get_integer (record, "size", 0);
  attachment->n_chunks = missing->len;
  for (guint i = 0; i < missing->len; i++)
    attachment->n_here += missing->data[i] == 0 ? 1 : 0;
  if (head == NULL || !read_head (head, key, &attachment->media, &attachment->name))
    sodium_memzero (key, KEY_BYTES);
  return g_steal_pointer (&attachment);
}

GPtrArray *
yl_attachment_list (YlStore *store, const char *table, const char *owner, GError **error)
{
  g_autofree char *id = check_owner_table (table, error) ? yl_store_find_id (store, table, owner, error) : NULL;
  g_autofree char *where = id != NULL ? g_strconcat ("owner=", id, NULL) : NULL;
  const char *const conditions[] = { where, NULL };
  g_autoptr (GPtrArray) records = id != NULL ? yl_store_list (store, "attachment", conditions, 0, error) : NULL;
  g_autoptr (GPtrArray) attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_attachment_free);
  guint8 key[KEY_BYTES];

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      YlAttachment *attachment = describe (store, records->pdata[i], key, error);

      if (attachment == NULL)
        return NULL;
      g_ptr_array_add (attachments, attachment);
    }
  sodium_memzero (key, sizeof key);
  return g_steal_pointer (&attachments);
}

YlAttachment *
yl_attachment_get (YlStore *store, const char *id, GError **error)
{
  g_autoptr (YlRecord) record = yl_store_get (store, "attachment", id, error);
  guint8 key[KEY_BYTES];
  YlAttachment *attachment = record != NULL ? describe (store, record, key, error) : NULL;

  sodium_memzero (key, sizeof key);
  return attachment;
}

static gboolean
append_chunk (YlStore *store,
              const YlAttachment *attachment,
              const guint8 *key,
              guint i,
              GByteArray *content,
              GError **error)
{
  g_autoptr (GBytes) sealed = yl_chunk_get (store, attachment->id, i, error);
  g_autoptr (GBytes) plain =
      sealed != NULL ? yl_chunk_open (store, key, attachment->id, i, attachment->n_chunks, sealed) : NULL;

  if (sealed == NULL)
    return FALSE;
  if (plain == NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_CORRUPT, _ ("attachment %s is damaged"), attachment->id);
      return FALSE;
    }
  g_byte_array_append (content, g_bytes_get_data (plain, NULL), (guint) g_bytes_get_size (plain));
  return TRUE;
}

static GBytes *
read_content (YlStore *store, const YlAttachment *attachment, const guint8 *key, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (attachment->media == NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, _ ("this store has no key to attachment %s"), attachment->id);
  else if (attachment->n_here < attachment->n_chunks)
    g_set_error (error, YL_ERROR, YL_ERROR_MISSING, _ ("attachment %s is not on this PC yet"), attachment->id);
  if (attachment->media == NULL || attachment->n_here < attachment->n_chunks)
    return NULL;
  for (guint i = 0; i < attachment->n_chunks; i++)
    if (!append_chunk (store, attachment, key, i, content, error))
      return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

GBytes *
yl_attachment_read (YlStore *store, const char *id, GError **error)
{
  g_autoptr (YlRecord) record = yl_store_get (store, "attachment", id, error);
  guint8 key[KEY_BYTES];
  g_autoptr (YlAttachment) attachment = record != NULL ? describe (store, record, key, error) : NULL;
  GBytes *content = attachment != NULL ? read_content (store, attachment, key, error) : NULL;

  sodium_memzero (key, sizeof key);
  return content;
}
