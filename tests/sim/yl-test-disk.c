#include "yl-test-disk.h"

#include <string.h>

#define GARBAGE_PERCENT 5

struct _YlTestDisk
{
  char *name;
  GHashTable *files;  /* name -> YlTestFile */
  GHashTable *ghosts; /* name -> GByteArray: removed, which a crash may undo */
  YlTestFault fault;
  guint count;
  guint at;
  gboolean for_ever;
  gboolean failed;
  gboolean dead;
  gboolean paused;
};

/** Pending: a write, or a truncation where @bytes is NULL. */
typedef struct
{
  GBytes *bytes;
  gsize offset;
} Pending;

static GHashTable *disks; /* name -> YlTestDisk */

static void
pending_free (Pending *pending)
{
  g_clear_pointer (&pending->bytes, g_bytes_unref);
  g_free (pending);
}

static void
file_free (YlTestFile *file)
{
  g_queue_clear_full (&file->pending, (GDestroyNotify) pending_free);
  g_byte_array_unref (file->data);
  g_byte_array_unref (file->safe);
  g_clear_pointer (&file->shm, g_ptr_array_unref);
  g_free (file->name);
  g_free (file);
}

static void
disk_free (YlTestDisk *disk)
{
  g_hash_table_unref (disk->files);
  g_hash_table_unref (disk->ghosts);
  g_free (disk->name);
  g_free (disk);
}

YlTestDisk *
yl_test_disk_get (const char *name)
{
  YlTestDisk *disk;

  if (disks == NULL)
    disks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) disk_free);
  disk = g_hash_table_lookup (disks, name);
  if (disk != NULL)
    return disk;
  disk = g_new0 (YlTestDisk, 1);
  disk->name = g_strdup (name);
  disk->files = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) file_free);
  disk->ghosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  g_hash_table_insert (disks, disk->name, disk);
  return disk;
}

void
yl_test_disk_forget_all (void)
{
  g_clear_pointer (&disks, g_hash_table_unref);
}

void
yl_test_disk_set_fault (YlTestDisk *disk, YlTestFault fault, guint at, gboolean for_ever)
{
  disk->fault = fault;
  disk->at = at;
  disk->for_ever = for_ever || fault == YL_TEST_FAULT_CRASH;
  disk->count = 0;
  disk->failed = FALSE;
}

gboolean
yl_test_disk_has_failed (YlTestDisk *disk)
{
  return disk->failed;
}

gboolean
yl_test_disk_is_dead (YlTestDisk *disk)
{
  return disk->dead;
}

void
yl_test_disk_pause (YlTestDisk *disk, gboolean paused)
{
  disk->paused = paused;
}

guint
yl_test_disk_count (YlTestDisk *disk)
{
  return disk->count;
}

YlTestFault
yl_test_disk_step (YlTestDisk *disk, YlTestOp op)
{
  if (disk->paused)
    return YL_TEST_FAULT_NONE;
  if (disk->dead)
    return YL_TEST_FAULT_EIO;
  if (op == YL_TEST_OP_READ && disk->fault != YL_TEST_FAULT_EIO)
    return YL_TEST_FAULT_NONE;
  if (op != YL_TEST_OP_GROW && disk->fault == YL_TEST_FAULT_FULL)
    return YL_TEST_FAULT_NONE;
  disk->count++;
  if (disk->fault == YL_TEST_FAULT_NONE || disk->count < disk->at || (disk->failed && !disk->for_ever))
    return YL_TEST_FAULT_NONE;
  disk->failed = TRUE;
  disk->dead = disk->fault == YL_TEST_FAULT_CRASH;
  return disk->fault;
}

YlTestFile *
yl_test_disk_find (YlTestDisk *disk, const char *name)
{
  return g_hash_table_lookup (disk->files, name);
}

YlTestFile *
yl_test_disk_create (YlTestDisk *disk, const char *name)
{
  YlTestFile *file = g_new0 (YlTestFile, 1);

  file->disk = disk;
  file->name = g_strdup (name);
  file->data = g_byte_array_new ();
  file->safe = g_byte_array_new ();
  g_queue_init (&file->pending);
  g_hash_table_replace (disk->files, file->name, file);
  return file;
}

void
yl_test_disk_delete (YlTestDisk *disk, const char *name, gboolean safely)
{
  YlTestFile *file = yl_test_disk_find (disk, name);

  if (file == NULL)
    return;
  g_assert_cmpuint (file->n_open, ==, 0);
  if (!safely && file->is_named_safely)
    g_hash_table_replace (disk->ghosts, g_strdup (name), g_byte_array_ref (file->safe));
  g_hash_table_remove (disk->files, name);
}

static void
resize (GByteArray *data, gsize size)
{
  guint before = data->len;

  g_byte_array_set_size (data, (guint) size);
  if (size > before)
    memset (data->data + before, 0, size - before);
}

static void
put (GByteArray *data, gconstpointer bytes, gsize length, gsize offset)
{
  if (offset + length > data->len)
    resize (data, offset + length);
  memcpy (data->data + offset, bytes, length);
}

static void
add_pending (YlTestFile *file, GBytes *bytes, gsize offset)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->bytes = bytes;
  pending->offset = offset;
  g_queue_push_tail (&file->pending, pending);
}

void
yl_test_file_write (YlTestFile *file, gconstpointer bytes, gsize length, gsize offset)
{
  put (file->data, bytes, length, offset);
  add_pending (file, g_bytes_new (bytes, length), offset);
}

void
yl_test_file_truncate (YlTestFile *file, gsize size)
{
  resize (file->data, size);
  add_pending (file, NULL, size);
}

static void
apply (GByteArray *data, const Pending *pending)
{
  if (pending->bytes == NULL)
    resize (data, pending->offset);
  else
    put (data, g_bytes_get_data (pending->bytes, NULL), g_bytes_get_size (pending->bytes), pending->offset);
}

void
yl_test_file_sync (YlTestFile *file)
{
  Pending *pending;

  while ((pending = g_queue_pop_head (&file->pending)) != NULL)
    {
      apply (file->safe, pending);
      pending_free (pending);
    }
  file->is_named_safely = TRUE;
  g_hash_table_remove (file->disk->ghosts, file->name);
}

/* Some of a write's sectors arrive; now and then one arrives as rubbish. */
static void
tear (GByteArray *data, const Pending *pending, gsize sector, YlTestRandom *random)
{
  const guint8 *bytes = g_bytes_get_data (pending->bytes, NULL);
  gsize length = g_bytes_get_size (pending->bytes);

  for (gsize at = 0; at < length;)
    {
      gsize end = MIN (length, (pending->offset + at) / sector * sector + sector - pending->offset);

      if (yl_test_random_chance (random, 50))
        put (data, bytes + at, end - at, pending->offset + at);
      else if (yl_test_random_chance (random, GARBAGE_PERCENT))
        {
          g_autofree guint8 *rubbish = g_malloc (end - at);

          memset (rubbish, (int) yl_test_random_next (random), end - at);
          put (data, rubbish, end - at, pending->offset + at);
        }
      at = end;
    }
}

static void
damage_file (YlTestFile *file, guint64 damage, YlTestRandom *random)
{
  Pending *pending;
  gsize sector = damage % 2 == 0 ? 512 : 4096;

  while ((pending = g_queue_pop_head (&file->pending)) != NULL)
    {
      guint fate = damage == 0 ? 0 : damage == 1 ? 1 : yl_test_random_pick (random, 3);

      if (fate == 1 || (fate == 2 && pending->bytes == NULL))
        apply (file->safe, pending);
      else if (fate == 2)
        tear (file->safe, pending, sector, random);
      pending_free (pending);
    }
  g_byte_array_set_size (file->data, 0);
  put (file->data, file->safe->data, file->safe->len, 0);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* A name that was not on the disk yet may be lost with all that is in it. */
static gboolean
loses_name (YlTestFile *file, guint64 damage, YlTestRandom *random)
{
  return !file->is_named_safely && (damage == 0 || (damage > 1 && yl_test_random_chance (random, 50)));
}

static void
damage_files (YlTestDisk *disk, guint64 damage, YlTestRandom *random)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (disk->files), compare_names);

  for (GList *name = names; name != NULL; name = name->next)
    {
      YlTestFile *file = yl_test_disk_find (disk, name->data);

      g_assert_cmpuint (file->n_open, ==, 0);
      if (loses_name (file, damage, random))
        {
          g_hash_table_remove (disk->files, name->data);
          continue;
        }
      damage_file (file, damage, random);
      file->is_named_safely = TRUE;
    }
}

/* A removal that was not on the disk yet may be undone. */
static void
raise_ghosts (YlTestDisk *disk, guint64 damage, YlTestRandom *random)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (disk->ghosts), compare_names);

  for (GList *name = names; name != NULL; name = name->next)
    {
      const GByteArray *bytes = g_hash_table_lookup (disk->ghosts, name->data);
      YlTestFile *file;

      if (yl_test_disk_find (disk, name->data) != NULL || damage == 1
          || (damage > 1 && yl_test_random_chance (random, 50)))
        continue;
      file = yl_test_disk_create (disk, name->data);
      put (file->data, bytes->data, bytes->len, 0);
      put (file->safe, bytes->data, bytes->len, 0);
      file->is_named_safely = TRUE;
    }
  g_hash_table_remove_all (disk->ghosts);
}

void
yl_test_disk_crash (YlTestDisk *disk, guint64 damage)
{
  YlTestRandom random = yl_test_random_seed (damage, 0x6469736b);

  damage_files (disk, damage, &random);
  raise_ghosts (disk, damage, &random);
  disk->dead = FALSE;
  yl_test_disk_set_fault (disk, YL_TEST_FAULT_NONE, 0, FALSE);
}

void
yl_test_disk_clear (YlTestDisk *disk)
{
  g_hash_table_remove_all (disk->files);
  g_hash_table_remove_all (disk->ghosts);
  disk->dead = FALSE;
  yl_test_disk_set_fault (disk, YL_TEST_FAULT_NONE, 0, FALSE);
}

static void
copy_files (YlTestDisk *from, YlTestDisk *to, const char *ending)
{
  GHashTableIter iter;
  YlTestFile *file;

  g_hash_table_iter_init (&iter, from->files);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &file))
    {
      const char *rest = file->name + strlen (from->name);
      g_autofree char *name = g_strconcat (to->name, rest, NULL);
      YlTestFile *copy = g_str_has_prefix (rest, ending) ? yl_test_disk_create (to, name) : NULL;

      if (copy == NULL)
        continue;
      put (copy->data, file->data->data, file->data->len, 0);
      put (copy->safe, file->data->data, file->data->len, 0);
      copy->is_named_safely = TRUE;
    }
}

void
yl_test_disk_copy (YlTestDisk *from, YlTestDisk *to)
{
  g_assert_true (from != to);
  yl_test_disk_clear (to);
  copy_files (from, to, "");
}

static gboolean
goes_on_with (gpointer name, gpointer file, gpointer ending)
{
  return g_str_has_prefix (strchr (name, '.'), ending);
}

void
yl_test_disk_put_back (YlTestDisk *from, YlTestDisk *to, const char *ending)
{
  g_hash_table_foreach_remove (to->files, goes_on_with, (gpointer) ending);
  g_hash_table_remove_all (to->ghosts);
  copy_files (from, to, ending);
}

gboolean
yl_test_disk_flip (YlTestDisk *disk, const char *name, gsize at)
{
  YlTestFile *file = yl_test_disk_find (disk, name);

  if (file == NULL || at >= file->data->len)
    return FALSE;
  yl_test_file_sync (file);
  file->data->data[at] ^= 1;
  file->safe->data[at] ^= 1;
  return TRUE;
}

gsize
yl_test_disk_size (YlTestDisk *disk)
{
  GHashTableIter iter;
  YlTestFile *file;
  gsize size = 0;

  g_hash_table_iter_init (&iter, disk->files);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &file))
    size += file->data->len;
  return size;
}
