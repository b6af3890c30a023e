#include "yl-git-serve.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "yl-git-private.h"
#include "yl-merge-log.h"

/* A pkt-line: four hexadecimal digits of its length, themselves included, then the line; 0000 parts sections. */
#define PKT_HEAD 4
#define PKT_MAX 65520
#define BAND_MAX (PKT_MAX - PKT_HEAD - 1)
#define BAND_PACK 1
#define CAPABILITIES "multi_ack_detailed side-band-64k ofs-delta agent=yuelai/" YL_VERSION

typedef struct
{
  YlGit *git;
  GHashTable *tips; /* of git_oid: what refs name */
  GArray *wants;    /* of git_oid */
  GArray *common;   /* of git_oid: what the caller has and is here */
  gboolean done;    /* the caller has said all it has */
  GByteArray *answer;
} Negotiation;

static void
negotiation_clear (Negotiation *negotiation)
{
  g_clear_pointer (&negotiation->tips, g_hash_table_unref);
  g_clear_pointer (&negotiation->wants, g_array_unref);
  g_clear_pointer (&negotiation->common, g_array_unref);
  g_clear_pointer (&negotiation->answer, g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Negotiation, negotiation_clear)

static void
append_packet (GByteArray *out, gconstpointer data, gsize length)
{
  char head[PKT_HEAD + 1];

  g_snprintf (head, sizeof head, "%04x", (guint) (length + PKT_HEAD));
  g_byte_array_append (out, (const guint8 *) head, PKT_HEAD);
  g_byte_array_append (out, data, (guint) length);
}

static void append_line (GByteArray *out, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
append_line (GByteArray *out, const char *format, ...)
{
  va_list arguments;
  g_autofree char *line = NULL;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  append_packet (out, line, strlen (line));
}

static void
append_flush (GByteArray *out)
{
  g_byte_array_append (out, (const guint8 *) "0000", PKT_HEAD);
}

/* The advertisement */

static void
append_ref (GByteArray *out, const guint8 *oid, const char *name, const char *capabilities)
{
  git_oid id;
  char hex[GIT_OID_HEXSZ + 1];
  g_autoptr (GString) line = g_string_new (NULL);

  git_oid_fromraw (&id, oid);
  g_string_printf (line, "%s %s", git_oid_tostr (hex, sizeof hex, &id), name);
  if (capabilities != NULL)
    {
      g_string_append_c (line, '\0');
      g_string_append (line, capabilities);
    }
  g_string_append_c (line, '\n');
  append_packet (out, line->str, line->len);
}

static gboolean
append_refs (YlStore *store, GByteArray *out, GError **error)
{
  g_auto (GStrv) names = yl_log_list_refs (store, error);
  g_autofree char *head = g_strconcat (YL_REF_PREFIX, yl_log_authority (store), NULL);
  g_autofree char *capabilities = g_strconcat (CAPABILITIES " symref=HEAD:", head, NULL);
  guint8 oid[YL_OID_BYTES];

  if (names == NULL)
    return FALSE;
  if (yl_log_get_ref (store, head, oid))
    append_ref (out, oid, "HEAD", capabilities);
  for (guint i = 0; names[i] != NULL; i++)
    if (yl_log_get_ref (store, names[i], oid))
      append_ref (out, oid, names[i], NULL);
  append_flush (out);
  return TRUE;
}

GBytes *
yl_git_serve_refs (YlStore *store, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (!yl_merge_log_append (store, error))
    return NULL;
  append_line (out, "# service=git-upload-pack\n");
  append_flush (out);
  return append_refs (store, out, error) ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

/* The request */

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("This is no request that git makes."));
  return FALSE;
}

/* Takes the next packet off @rest; @line NULL at the mark between sections. The newline at its end is left out. */
static gboolean
next_packet (const char **rest, gsize *left, const char **line, gsize *length, GError **error)
{
  gsize size = 0;

  if (*left < PKT_HEAD)
    return malformed (error);
  for (guint i = 0; i < PKT_HEAD; i++)
    {
      int digit = g_ascii_xdigit_value ((*rest)[i]);

      if (digit < 0)
        return malformed (error);
      size = size * 16 + (gsize) digit;
    }
  *line = size == 0 ? NULL : *rest + PKT_HEAD;
  if (size != 0 && (size <= PKT_HEAD || size > PKT_MAX || size > *left))
    return malformed (error);
  *length = size == 0 ? 0 : size - PKT_HEAD;
  *rest += size == 0 ? PKT_HEAD : size;
  *left -= size == 0 ? PKT_HEAD : size;
  if (*length > 0 && (*line)[*length - 1] == '\n')
    (*length)--;
  return TRUE;
}

/* `WORD <40 hex>`, after which a want may name capabilities. */
static gboolean
read_oid (const char *line, gsize length, const char *word, git_oid *oid)
{
  gsize at = strlen (word);

  return length >= at + GIT_OID_HEXSZ && strncmp (line, word, at) == 0
         && git_oid_fromstrn (oid, line + at, GIT_OID_HEXSZ) == GIT_OK
         && (length == at + GIT_OID_HEXSZ || line[at + GIT_OID_HEXSZ] == ' ');
}

static gboolean
read_want (Negotiation *negotiation, const git_oid *oid, GError **error)
{
  g_autoptr (GBytes) key = g_bytes_new (oid->id, YL_OID_BYTES);

  if (g_hash_table_contains (negotiation->tips, key))
    {
      g_array_append_val (negotiation->wants, *oid);
      return TRUE;
    }
  g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("The log has no branch there; fetch again."));
  return FALSE;
}

static void
read_have (Negotiation *negotiation, const git_oid *oid)
{
  char hex[GIT_OID_HEXSZ + 1];

  if (!git_odb_exists (negotiation->git->odb, oid))
    return;
  g_array_append_val (negotiation->common, *oid);
  if (!negotiation->done)
    append_line (negotiation->answer, "ACK %s common\n", git_oid_tostr (hex, sizeof hex, oid));
}

static gboolean
read_line (Negotiation *negotiation, const char *line, gsize length, GError **error)
{
  git_oid oid;

  if (read_oid (line, length, "want ", &oid))
    return read_want (negotiation, &oid, error);
  if (read_oid (line, length, "have ", &oid))
    read_have (negotiation, &oid);
  else if (length != strlen ("done") || strncmp (line, "done", length) != 0)
    return malformed (error);
  return TRUE;
}

static gboolean
read_request (Negotiation *negotiation, GBytes *request, GError **error)
{
  gsize left;
  const char *rest = g_bytes_get_data (request, &left);
  static const char done[] = "0009done\n";

  /* Whether it is the last request of a fetch decides how its other lines are answered. */
  negotiation->done = left >= strlen (done) && strncmp (rest + left - strlen (done), done, strlen (done)) == 0;
  while (left > 0)
    {
      const char *line;
      gsize length;

      if (!next_packet (&rest, &left, &line, &length, error)
          || (line != NULL && !read_line (negotiation, line, length, error)))
        return FALSE;
    }
  return negotiation->wants->len > 0 || malformed (error);
}

/* The answer */

/* Not all is known yet, but any commit in common is enough: the log has few branches and all of them only grow. */
static void
answer_so_far (Negotiation *negotiation)
{
  char hex[GIT_OID_HEXSZ + 1];

  if (negotiation->common->len > 0)
    append_line (
        negotiation->answer, "ACK %s ready\n",
        git_oid_tostr (hex, sizeof hex, &g_array_index (negotiation->common, git_oid, negotiation->common->len - 1)));
  append_line (negotiation->answer, "NAK\n");
}

static gboolean
build_pack (Negotiation *negotiation, git_buf *pack, GError **error)
{
  g_autoptr (git_packbuilder) builder = NULL;
  g_autoptr (git_revwalk) walk = NULL;
  int result = git_packbuilder_new (&builder, negotiation->git->repository);

  if (result == GIT_OK)
    result = git_revwalk_new (&walk, negotiation->git->repository);
  for (guint i = 0; result == GIT_OK && i < negotiation->wants->len; i++)
    result = git_revwalk_push (walk, &g_array_index (negotiation->wants, git_oid, i));
  for (guint i = 0; result == GIT_OK && i < negotiation->common->len; i++)
    result = git_revwalk_hide (walk, &g_array_index (negotiation->common, git_oid, i));
  if (result == GIT_OK)
    result = git_packbuilder_insert_walk (builder, walk);
  if (result == GIT_OK)
    result = git_packbuilder_write_buf (pack, builder);
  return yl_git_check (negotiation->git, result, "build a pack for an auditor", error);
}

static gboolean
answer_pack (Negotiation *negotiation, GError **error)
{
  g_auto (git_buf) pack = GIT_BUF_INIT;
  char hex[GIT_OID_HEXSZ + 1];
  guint8 band[BAND_MAX + 1] = { BAND_PACK };

  if (!build_pack (negotiation, &pack, error))
    return FALSE;
  if (negotiation->common->len > 0)
    append_line (
        negotiation->answer, "ACK %s\n",
        git_oid_tostr (hex, sizeof hex, &g_array_index (negotiation->common, git_oid, negotiation->common->len - 1)));
  else
    append_line (negotiation->answer, "NAK\n");
  for (gsize at = 0; at < pack.size; at += BAND_MAX)
    {
      gsize length = MIN (pack.size - at, BAND_MAX);

      memcpy (band + 1, pack.ptr + at, length);
      append_packet (negotiation->answer, band, length + 1);
    }
  append_flush (negotiation->answer);
  return TRUE;
}

static gboolean
list_tips (YlStore *store, GHashTable *tips, GError **error)
{
  g_auto (GStrv) names = yl_log_list_refs (store, error);
  guint8 oid[YL_OID_BYTES];

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (yl_log_get_ref (store, names[i], oid))
      g_hash_table_add (tips, g_bytes_new (oid, sizeof oid));
  return names != NULL;
}

GBytes *
yl_git_serve_pack (YlStore *store, GBytes *request, GError **error)
{
  g_auto (Negotiation) negotiation = {
    .git = yl_git_get (store, error),
    .tips = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL),
    .wants = g_array_new (FALSE, FALSE, sizeof (git_oid)),
    .common = g_array_new (FALSE, FALSE, sizeof (git_oid)),
    .answer = g_byte_array_new (),
  };

  if (negotiation.git == NULL || !list_tips (store, negotiation.tips, error)
      || !read_request (&negotiation, request, error))
    return NULL;
  if (!negotiation.done)
    answer_so_far (&negotiation);
  else if (!answer_pack (&negotiation, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&negotiation.answer));
}
