#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define YL_CSV_MAX_BYTES (G_GINT64_CONSTANT (512) * 1024 * 1024)
#define YL_CSV_MAX_CELL_BYTES 65536
#define YL_CSV_MAX_CELLS 300

/**
 * YlCsv: reads a CSV file (RFC 4180) row by row: UTF-8 with or without a byte order mark, or else GB18030, which is what
 * Chinese spreadsheets write. Strict: a stray quote, a cell beyond the caps or an unfinished quoted cell is an error.
 */
typedef struct _YlCsv YlCsv;

/** yl_csv_open: Errors: YL_ERROR_NOT_FOUND, YL_ERROR_INVALID (neither encoding, UTF-16, too big), YL_ERROR_FAILED. */
YlCsv *yl_csv_open (const char *file, GError **error);
void yl_csv_free (YlCsv *csv);

/** yl_csv_next: the cells of the next row that is not blank; NULL without an error at the end. Errors: YL_ERROR_INVALID. */
GStrv yl_csv_next (YlCsv *csv, GError **error);
/** yl_csv_line: the line of the file on which the row read last begins; the first is 1. */
guint yl_csv_line (const YlCsv *csv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlCsv, yl_csv_free)

G_END_DECLS
