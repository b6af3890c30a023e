#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "base/yl-value.h"

G_BEGIN_DECLS

/*
 * SQLite in GLib's manners: cached statements, typed binding, errors as GError. One thread per database.
 *
 * Binding formats, one letter per parameter: `t` text (NULL allowed), `i` gint64, `b` blob (pointer, gsize), `g` GBytes,
 * `v` const YlValue *, `n` null. So: yl_database_run (db, &error, "UPDATE t SET a = ? WHERE id = ?", "it", (gint64) 1, id).
 */
typedef struct _YlDatabase YlDatabase;

/** yl_database_open: @flags as of sqlite3_open_v2(). Changes nothing in the file. */
YlDatabase *yl_database_open (const char *file, int flags, GError **error);
/** yl_database_file_exists: asks whoever keeps SQLite's files, which in tests is not the file system. */
gboolean yl_database_file_exists (const char *file);
/** yl_database_keep_private: nobody but the owner reads it from now on. */
gboolean yl_database_keep_private (const char *file);
/** yl_database_remove_file: a file that nobody has open, with what SQLite keeps beside it. None being there is no error. */
void yl_database_remove_file (const char *file);
/** yl_database_configure: sets WAL, synchronous=FULL. Only once the file is known to be ours: WAL is written into it. */
gboolean yl_database_configure (YlDatabase *database, GError **error);
void yl_database_close (YlDatabase *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlDatabase, yl_database_close)
sqlite3 *yl_database_handle (YlDatabase *database);

/** yl_database_run: a statement without result rows. */
gboolean yl_database_run (YlDatabase *database, GError **error, const char *sql, const char *format, ...);
/** yl_database_script: several statements, none cached. */
gboolean yl_database_script (YlDatabase *database, const char *sql, GError **error);
/** yl_database_integer: the first column of the first row, @if_none without rows; FALSE on an error only. */
gboolean yl_database_integer (YlDatabase *database,
                              gint64 *value,
                              gint64 if_none,
                              GError **error,
                              const char *sql,
                              const char *format,
                              ...);
/** yl_database_text: the first column of the first row as text; NULL without an error where there is none. */
char *yl_database_text (YlDatabase *database, GError **error, const char *sql, const char *format, ...);
int yl_database_changes (YlDatabase *database);

/** YlRows: the rows of one query. The same statement may not be open twice. */
typedef struct _YlRows YlRows;
YlRows *yl_database_query (YlDatabase *database, GError **error, const char *sql, const char *format, ...);
/** yl_rows_next: TRUE while there is a row; FALSE at the end, and with @error set where it broke. */
gboolean yl_rows_next (YlRows *rows, GError **error);
/** yl_rows_ended: after yl_rows_next() said FALSE: it was the end, and not an error. */
gboolean yl_rows_ended (YlRows *rows);
gint64 yl_rows_integer (YlRows *rows, int column);
const char *yl_rows_text (YlRows *rows, int column);                  /* valid until the next step */
gconstpointer yl_rows_blob (YlRows *rows, int column, gsize *length); /* valid until the next step */
gboolean yl_rows_is_null (YlRows *rows, int column);
void yl_rows_value (YlRows *rows, int column, YlValue *value);
/** yl_rows_borrow: as yl_rows_value(), but the bytes stay the row's and are valid until the next step. Not to be cleared. */
void yl_rows_borrow (YlRows *rows, int column, YlValue *value);
sqlite3_stmt *yl_rows_statement (YlRows *rows); /* to bind what a format cannot say */
void yl_rows_free (YlRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlRows, yl_rows_free)

/** yl_database_bind_value: binds one value; used where a statement is put together from the catalogue. */
void yl_database_bind_value (sqlite3_stmt *statement, int parameter, const YlValue *value);
/** yl_database_lend_value: the same without a copy: the value stays until its YlRows are freed. */
void yl_database_lend_value (sqlite3_stmt *statement, int parameter, const YlValue *value);
/**
 * yl_database_watch: while watched, which is as long as a transaction is open, the first error of the medium (unreadable, damaged, full)
 * is kept, and every statement after it fails with it. SQLite may have rolled back by itself then: what is written afterwards would
 * stand alone, and what was worked out may rest on something that could not be read.
 *
 * While not watched, what could not be read is kept only where the caller took no error, and is told once, to the next who takes one:
 * what cannot be read is never taken for what is not there.
 */
void yl_database_watch (YlDatabase *database, gboolean watched);
/** yl_database_check_fault: FALSE with that error, if there was one. Before it is said that something is not there. */
gboolean yl_database_check_fault (YlDatabase *database, GError **error);
/** yl_database_set_error: turns SQLite's last error into @error: FULL, CORRUPT, FAILED. Returns FALSE. */
gboolean yl_database_set_error (YlDatabase *database, int code, GError **error);

G_END_DECLS
