#pragma once

#include <gio/gio.h>

#include "yl-test-random.h"

G_BEGIN_DECLS

/*
 * YlTestDisk: the disk of one machine, in memory. What was written but not synced is kept apart, so that a crash can lose, keep,
 * reorder or tear it. Files belong to the disk that their name begins with, up to the first dot: `n03.yuelai-wal` is on `n03`.
 */
typedef struct _YlTestDisk YlTestDisk;

typedef enum
{
  YL_TEST_FAULT_NONE,
  YL_TEST_FAULT_CRASH, /* from that operation on nothing works until yl_test_disk_crash() */
  YL_TEST_FAULT_EIO,   /* reads count too */
  YL_TEST_FAULT_FULL,  /* only what needs room fails */
} YlTestFault;

/** yl_test_disk_get: made at need; lives until yl_test_disk_forget_all(). */
YlTestDisk *yl_test_disk_get (const char *name);
void yl_test_disk_forget_all (void);

/** yl_test_disk_set_fault: the @at-th operation from now fails (1: the next), and with @for_ever all after it. */
void yl_test_disk_set_fault (YlTestDisk *disk, YlTestFault fault, guint at, gboolean for_ever);
/** yl_test_disk_has_failed: whether the fault has struck. */
gboolean yl_test_disk_has_failed (YlTestDisk *disk);
/** yl_test_disk_is_dead: a crash has struck. */
gboolean yl_test_disk_is_dead (YlTestDisk *disk);
/** yl_test_disk_pause: while paused nothing fails and nothing counts: for looking at what is there. */
void yl_test_disk_pause (YlTestDisk *disk, gboolean paused);
/** yl_test_disk_count: operations (write, sync, truncate, create, delete) since the last yl_test_disk_set_fault(). */
guint yl_test_disk_count (YlTestDisk *disk);

/**
 * yl_test_disk_crash: the machine goes down and comes back; no file may be open. @damage decides what becomes of unsynced writes:
 * 0 loses all, 1 keeps all, others keep some, torn at 512 or 4,096 bytes.
 */
void yl_test_disk_crash (YlTestDisk *disk, guint64 damage);

/** yl_test_disk_copy: the files of @from as they are now, synced, in place of those of @to. For backups, clones and templates. */
void yl_test_disk_copy (YlTestDisk *from, YlTestDisk *to);
/** yl_test_disk_put_back: the files of @from whose name goes on with @ending take the place of those of @to; other files stay. */
void yl_test_disk_put_back (YlTestDisk *from, YlTestDisk *to, const char *ending);
/** yl_test_disk_clear: an empty disk. */
void yl_test_disk_clear (YlTestDisk *disk);
/** yl_test_disk_flip: turns over one bit of a file. FALSE where it is too short. */
gboolean yl_test_disk_flip (YlTestDisk *disk, const char *file, gsize at);
/** yl_test_disk_size: bytes of all files. */
gsize yl_test_disk_size (YlTestDisk *disk);

/* For the VFS. */

typedef struct
{
  YlTestDisk *disk;
  char *name;       /* base name */
  GByteArray *data; /* as programs see it */
  GByteArray *safe; /* as a crash that loses everything unsynced leaves it */
  GQueue pending;   /* of writes and truncations that are in data but not in safe */
  gboolean is_named_safely;
  guint n_open;

  /* locks of SQLite, and the memory that its connections share */
  guint n_shared;
  gpointer reserved;
  gpointer exclusive;
  GPtrArray *shm;
  guint shm_shared[8];
  gpointer shm_exclusive[8];
} YlTestFile;

typedef enum
{
  YL_TEST_OP_READ,
  YL_TEST_OP_GROW, /* needs room */
  YL_TEST_OP_OTHER,
} YlTestOp;

/** yl_test_disk_step: counts an operation; an errno-like fault to report, or YL_TEST_FAULT_NONE. */
YlTestFault yl_test_disk_step (YlTestDisk *disk, YlTestOp op);
YlTestFile *yl_test_disk_find (YlTestDisk *disk, const char *name);
YlTestFile *yl_test_disk_create (YlTestDisk *disk, const char *name);
void yl_test_disk_delete (YlTestDisk *disk, const char *name, gboolean safely);
void yl_test_file_write (YlTestFile *file, gconstpointer bytes, gsize length, gsize offset);
void yl_test_file_truncate (YlTestFile *file, gsize size);
void yl_test_file_sync (YlTestFile *file);

G_END_DECLS
