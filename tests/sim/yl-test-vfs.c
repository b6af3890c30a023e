/* An SQLite VFS over YlTestDisk. */
#include "yl-test-vfs.h"

#include <sqlite3.h>
#include <string.h>

#define PATH_MAX_BYTES 512
#define SECTOR_BYTES 4096

typedef struct
{
  sqlite3_file base;
  YlTestFile *file;
  int lock;
  guint shm_shared; /* locks of the shared memory that this connection holds, a bit each */
  guint shm_exclusive;
  gboolean has_shm;
} Handle;

static YlTestDisk *
find_disk (const char *path, const char **name)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *disk = NULL;

  *name = slash == NULL ? path : slash + 1;
  disk = g_strndup (*name, strcspn (*name, "."));
  return yl_test_disk_get (disk);
}

static int
code_of (YlTestFault fault, int io_code)
{
  if (fault == YL_TEST_FAULT_NONE)
    return SQLITE_OK;
  return fault == YL_TEST_FAULT_FULL ? SQLITE_FULL : io_code;
}

/* Files */

static int
file_close (sqlite3_file *base)
{
  Handle *handle = (Handle *) base;

  handle->file->n_open--;
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset)
{
  Handle *handle = (Handle *) base;
  const GByteArray *data = handle->file->data;
  int code = code_of (yl_test_disk_step (handle->file->disk, YL_TEST_OP_READ), SQLITE_IOERR_READ);
  gsize there = (guint64) offset >= data->len ? 0 : MIN ((gsize) length, data->len - (gsize) offset);

  if (code != SQLITE_OK)
    return code;
  if (there > 0)
    memcpy (bytes, data->data + offset, there);
  if (there == (gsize) length)
    return SQLITE_OK;
  memset ((guint8 *) bytes + there, 0, (gsize) length - there);
  return SQLITE_IOERR_SHORT_READ;
}

/* The write at which a machine dies may still reach the disk, or half of it. */
static int
file_write (sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
  YlTestFile *file = ((Handle *) base)->file;
  YlTestFault fault = yl_test_disk_step (file->disk, YL_TEST_OP_GROW);

  if (fault == YL_TEST_FAULT_NONE || fault == YL_TEST_FAULT_CRASH)
    yl_test_file_write (file, bytes, (gsize) length, (gsize) offset);
  return code_of (fault, SQLITE_IOERR_WRITE);
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  YlTestFile *file = ((Handle *) base)->file;
  YlTestFault fault = yl_test_disk_step (file->disk, YL_TEST_OP_OTHER);

  if (fault == YL_TEST_FAULT_NONE || fault == YL_TEST_FAULT_CRASH)
    yl_test_file_truncate (file, (gsize) size);
  return code_of (fault, SQLITE_IOERR_TRUNCATE);
}

static int
file_sync (sqlite3_file *base, int flags)
{
  YlTestFile *file = ((Handle *) base)->file;
  YlTestFault fault = yl_test_disk_step (file->disk, YL_TEST_OP_OTHER);

  if (fault == YL_TEST_FAULT_NONE)
    yl_test_file_sync (file);
  return code_of (fault, SQLITE_IOERR_FSYNC);
}

static int
file_size (sqlite3_file *base, sqlite3_int64 *size)
{
  *size = ((Handle *) base)->file->data->len;
  return SQLITE_OK;
}

/* Locks of the file: as SQLite's documentation of its locking describes them. */

static int
file_lock (sqlite3_file *base, int level)
{
  Handle *handle = (Handle *) base;
  YlTestFile *file = handle->file;

  if (level <= handle->lock)
    return SQLITE_OK;
  if (file->exclusive != NULL && file->exclusive != handle)
    return SQLITE_BUSY;
  if (level >= SQLITE_LOCK_RESERVED && file->reserved != NULL && file->reserved != handle)
    return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && file->n_shared > (handle->lock >= SQLITE_LOCK_SHARED ? 1 : 0))
    return SQLITE_BUSY;
  if (handle->lock == SQLITE_LOCK_NONE)
    file->n_shared++;
  if (level >= SQLITE_LOCK_RESERVED)
    file->reserved = handle;
  if (level == SQLITE_LOCK_EXCLUSIVE)
    file->exclusive = handle;
  handle->lock = level;
  return SQLITE_OK;
}

static int
file_unlock (sqlite3_file *base, int level)
{
  Handle *handle = (Handle *) base;
  YlTestFile *file = handle->file;

  if (handle->lock <= level)
    return SQLITE_OK;
  if (file->reserved == handle)
    file->reserved = NULL;
  if (file->exclusive == handle)
    file->exclusive = NULL;
  if (level == SQLITE_LOCK_NONE)
    file->n_shared--;
  handle->lock = level;
  return SQLITE_OK;
}

static int
file_check_reserved (sqlite3_file *base, int *reserved)
{
  *reserved = ((Handle *) base)->file->reserved != NULL;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *base, int op, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector (sqlite3_file *base)
{
  return SECTOR_BYTES;
}

static int
file_device (sqlite3_file *base)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* Memory that the connections to one file share. */

static int
shm_map (sqlite3_file *base, int region, int size, int extend, void volatile **memory)
{
  Handle *handle = (Handle *) base;
  YlTestFile *file = handle->file;

  handle->has_shm = TRUE;
  *memory = NULL;
  if (file->shm == NULL)
    file->shm = g_ptr_array_new_with_free_func (g_free);
  while (extend && file->shm->len <= (guint) region)
    g_ptr_array_add (file->shm, g_malloc0 ((gsize) size));
  if ((guint) region < file->shm->len)
    *memory = file->shm->pdata[region];
  return SQLITE_OK;
}

static void
shm_release (Handle *handle, guint slot)
{
  YlTestFile *file = handle->file;

  if ((handle->shm_shared & (1u << slot)) != 0)
    file->shm_shared[slot]--;
  if (file->shm_exclusive[slot] == handle)
    file->shm_exclusive[slot] = NULL;
  handle->shm_shared &= ~(1u << slot);
  handle->shm_exclusive &= ~(1u << slot);
}

static gboolean
shm_is_free (const Handle *handle, guint slot, gboolean exclusive)
{
  const YlTestFile *file = handle->file;
  guint own = (handle->shm_shared >> slot) & 1;

  return (file->shm_exclusive[slot] == NULL || file->shm_exclusive[slot] == handle)
         && (!exclusive || file->shm_shared[slot] == own);
}

static int
shm_lock (sqlite3_file *base, int first, int n, int flags)
{
  Handle *handle = (Handle *) base;
  gboolean exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;

  for (int slot = first; slot < first + n; slot++)
    if ((flags & SQLITE_SHM_LOCK) != 0 && !shm_is_free (handle, (guint) slot, exclusive))
      return SQLITE_BUSY;
  for (int slot = first; slot < first + n; slot++)
    {
      guint bit = 1u << slot;

      if ((flags & SQLITE_SHM_UNLOCK) != 0)
        shm_release (handle, (guint) slot);
      else if (exclusive)
        {
          handle->file->shm_exclusive[slot] = handle;
          handle->shm_exclusive |= bit;
        }
      else if ((handle->shm_shared & bit) == 0)
        {
          handle->file->shm_shared[slot]++;
          handle->shm_shared |= bit;
        }
    }
  return SQLITE_OK;
}

static void
shm_barrier (sqlite3_file *base)
{
}

static int
shm_unmap (sqlite3_file *base, int remove)
{
  Handle *handle = (Handle *) base;

  for (guint slot = 0; slot < 8; slot++)
    shm_release (handle, slot);
  handle->has_shm = FALSE;
  /* As when the last process that maps it goes: the next one makes it anew from the write-ahead log. */
  if (handle->file->n_open <= 1)
    g_clear_pointer (&handle->file->shm, g_ptr_array_unref);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved,
  .xFileControl = file_control,
  .xSectorSize = file_sector,
  .xDeviceCharacteristics = file_device,
  .xShmMap = shm_map,
  .xShmLock = shm_lock,
  .xShmBarrier = shm_barrier,
  .xShmUnmap = shm_unmap,
};

/* The VFS itself */

static int
vfs_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags)
{
  Handle *handle = (Handle *) base;
  const char *name;
  YlTestDisk *disk = find_disk (path == NULL ? "temporary.db" : path, &name);
  YlTestFile *file = yl_test_disk_find (disk, name);

  memset (handle, 0, sizeof *handle);
  if (file == NULL && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  if (file == NULL)
    {
      int code = code_of (yl_test_disk_step (disk, YL_TEST_OP_OTHER), SQLITE_CANTOPEN);

      if (code != SQLITE_OK)
        return code;
      file = yl_test_disk_create (disk, name);
    }
  file->n_open++;
  handle->file = file;
  handle->base.pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *path, int sync_folder)
{
  const char *name;
  YlTestDisk *disk = find_disk (path, &name);
  int code;

  if (yl_test_disk_find (disk, name) == NULL)
    return SQLITE_IOERR_DELETE_NOENT;
  code = code_of (yl_test_disk_step (disk, YL_TEST_OP_OTHER), SQLITE_IOERR_DELETE);
  if (code == SQLITE_OK)
    yl_test_disk_delete (disk, name, sync_folder != 0);
  return code;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
  const char *name;
  YlTestDisk *disk = find_disk (path, &name);
  const YlTestFile *file = yl_test_disk_find (disk, name);

  /* As SQLite's own for Unix: an empty file does not count. */
  *result = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->data->len > 0);
  return SQLITE_OK;
}

static int
vfs_full_path (sqlite3_vfs *vfs, const char *path, int size, char *full)
{
  return g_strlcpy (full, path, (gsize) size) < (gsize) size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
vfs_randomness (sqlite3_vfs *vfs, int size, char *bytes)
{
  static YlTestRandom random;

  for (int i = 0; i < size; i++)
    bytes[i] = (char) yl_test_random_next (&random);
  return size;
}

/* Nobody else runs meanwhile: waiting for a lock can only fail, and does so at once. */
static int
vfs_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
vfs_time (sqlite3_vfs *vfs, sqlite3_int64 *now)
{
  *now = G_GINT64_CONSTANT (212642452800000); /* 2026-05-01, in SQLite's Julian milliseconds */
  return SQLITE_OK;
}

static int
vfs_last_error (sqlite3_vfs *vfs, int size, char *message)
{
  return 0;
}

void
yl_test_vfs_install (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .szOsFile = sizeof (Handle),
    .mxPathname = PATH_MAX_BYTES,
    .zName = "yl-test",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_path,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xGetLastError = vfs_last_error,
    .xCurrentTimeInt64 = vfs_time,
  };

  if (sqlite3_vfs_register (&vfs, 1) != SQLITE_OK)
    g_error ("SQLite takes no VFS");
}
