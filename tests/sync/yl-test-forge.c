#include "yl-test-forge.h"

#include <string.h>

#include "log/yl-commit.h"
#include "log/yl-signature.h"

static gboolean
find_previous (const YlEntryName *name, guint8 *id, gpointer data, GError **error)
{
  g_autoptr (YlEntryRow) row = yl_log_find_name (data, name, error);

  if (row != NULL)
    memcpy (id, row->id, sizeof row->id);
  return row != NULL;
}

GBytes *
yl_test_forge_segment (YlStore *store, GBytes *segment, YlTestEdit edit, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlSegment) read = yl_segment_decode (segment, yl_store_get_scope (store), find_previous, store, &error);
  g_autoptr (YlSegment) made = yl_segment_new ();

  g_assert_no_error (error);
  edit (read->entries, data);
  while (read->entries->len > 0)
    g_assert_true (yl_segment_add (made, g_ptr_array_steal_index (read->entries, 0)));
  made->more = read->more;
  made->grant = g_steal_pointer (&read->grant);
  return yl_segment_encode (made);
}

void
yl_test_forge_signature (YlStore *store, YlIncoming *incoming, YlStore *signer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) parents = yl_commit_parents (store, incoming->entry, NULL, &error);
  g_autoptr (GBytes) commit = NULL;
  g_autoptr (GBytes) payload = NULL;
  gsize length;
  gconstpointer bytes;

  g_assert_no_error (error);
  commit = yl_commit_build (incoming->entry, parents);
  bytes = g_bytes_get_data (commit, &length);
  payload = yl_signature_payload (bytes, length);
  bytes = g_bytes_get_data (payload, &length);
  yl_log_sign (signer, yl_store_get_writer (signer), bytes, length, incoming->signature, &error);
  g_assert_no_error (error);
  incoming->is_signed = TRUE;
}

/* As the signer would write it about itself. */
static YlOp *
member_op (YlStore *signer)
{
  YlOp *op = yl_op_new (YL_OP_INSERT, "node", "01900000-0000-7000-8000-000000000001");
  g_auto (YlValue) value = YL_VALUE_INIT;

  yl_value_set_text (&value, "Z");
  yl_op_add (op, "letter", &value);
  yl_value_set_text (&value, yl_store_get_site (signer));
  yl_op_add (op, "site", &value);
  yl_value_set_text (&value, "0123456789abcdef");
  yl_op_add (op, "writer", &value);
  return op;
}

YlIncoming *
yl_test_forge_member (YlStore *store, YlStore *signer)
{
  YlIncoming *incoming = g_new0 (YlIncoming, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) frontier = yl_log_frontier (store, &error);
  YlEntry *entry = incoming->entry = yl_entry_new ();

  g_assert_no_error (error);
  g_strlcpy (entry->scope, yl_store_get_scope (store), sizeof entry->scope);
  g_strlcpy (entry->writer, yl_log_authority (store), sizeof entry->writer);
  for (guint i = 0; i < frontier->len; i++)
    if (g_str_equal (g_array_index (frontier, YlEntryName, i).writer, entry->writer))
      entry->seq = g_array_index (frontier, YlEntryName, i).seq + 1;
  {
    g_autoptr (YlEntryRow) last = yl_log_find (store, entry->writer, entry->seq - 1, &error);

    g_assert_no_error (error);
    memcpy (entry->prev, last->id, sizeof entry->prev);
    entry->hlc = last->hlc + 1;
  }
  entry->authority = entry->seq - 1;
  entry->what = g_strdup ("enrol node");
  entry->actor = g_strdup ("HQ01");
  entry->schema = 1;
  g_ptr_array_add (entry->ops, member_op (signer));
  yl_entry_build (entry, &error);
  g_assert_no_error (error);
  yl_test_forge_signature (store, incoming, signer);
  return incoming;
}

static void
build (YlEntry *entry)
{
  g_autoptr (GError) error = NULL;

  yl_entry_build (entry, &error);
  g_assert_no_error (error);
}

static YlEntry *
last_of (GPtrArray *entries)
{
  return ((YlIncoming *) entries->pdata[entries->len - 1])->entry;
}

void
yl_test_edit_parents (GPtrArray *entries, gpointer data)
{
  YlEntry *entry = last_of (entries);
  YlEntryName name = { .seq = 1 };

  if (entry->merged->len > 0)
    g_array_set_size (entry->merged, entry->merged->len - 1);
  else
    {
      YlEntry *other = ((YlIncoming *) entries->pdata[0])->entry;

      g_assert_cmpstr (other->writer, !=, entry->writer);
      g_strlcpy (name.writer, other->writer, sizeof name.writer);
      memcpy (name.id8, other->id, sizeof name.id8);
      name.seq = other->seq;
      g_array_append_val (entry->merged, name);
    }
  build (entry);
}

void
yl_test_edit_predecessor (GPtrArray *entries, gpointer data)
{
  YlEntry *entry = ((YlIncoming *) entries->pdata[0])->entry;

  entry->prev[0] ^= 1;
  build (entry);
}

void
yl_test_edit_content (GPtrArray *entries, gpointer data)
{
  YlEntry *entry = last_of (entries);

  g_free (entry->what);
  entry->what = g_strdup ("something else");
  build (entry);
}

void
yl_test_edit_tail (GPtrArray *entries, gpointer data)
{
  g_ptr_array_set_size (entries, (int) entries->len - 1);
}

void
yl_test_edit_all (GPtrArray *entries, gpointer data)
{
  g_ptr_array_set_size (entries, 0);
}
