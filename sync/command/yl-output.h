#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/**
 * YlOutput: what a command prints on stdout, always UTF-8 whatever the locale: plain lines, or one JSON document. Its own
 * writer, because degrees must print as the decimals they are (39.908), which json-glib's doubles do not.
 * Everything is kept until yl_output_flush(), so that a failing command prints nothing.
 */
typedef struct _YlOutput YlOutput;

YlOutput *yl_output_new (void);
void yl_output_free (YlOutput *output);
/** yl_output_keep_to_one_line: JSON without breaks, for streams of documents. */
void yl_output_keep_to_one_line (YlOutput *output);
/** yl_output_flush: writes it all, ending with a newline. Errors: YL_ERROR_FULL, YL_ERROR_FAILED. */
gboolean yl_output_flush (YlOutput *output, GError **error);

/* Plain. Control characters in values become blanks, so that a line stays a line. */
void yl_output_line (YlOutput *output, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** yl_output_cell: a line in pieces, parted by tabs, until yl_output_end_row(). */
void yl_output_cell (YlOutput *output, const char *format, ...) G_GNUC_PRINTF (2, 3);
void yl_output_end_row (YlOutput *output);

/* JSON. In an object every value is given its name; in an array and at the top @name is NULL. */
void yl_output_begin_object (YlOutput *output, const char *name);
void yl_output_end_object (YlOutput *output);
void yl_output_begin_array (YlOutput *output, const char *name);
void yl_output_end_array (YlOutput *output);
/** yl_output_text: null for NULL. */
void yl_output_text (YlOutput *output, const char *name, const char *text);
void yl_output_integer (YlOutput *output, const char *name, gint64 integer);
void yl_output_boolean (YlOutput *output, const char *name, gboolean boolean);
void yl_output_instant (YlOutput *output, const char *name, gint64 ms);
/** yl_output_field: a value in the form of its field's kind (degrees as decimals, instants as ISO 8601, …). */
void yl_output_field (YlOutput *output, const char *name, const YlField *field, const YlValue *value);

/** yl_output_result: all that most commands print: @line, or with @json one object of the text members that follow, as name and
 * value. */
gboolean yl_output_result (gboolean json, GError **error, const char *line, ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlOutput, yl_output_free)

G_END_DECLS
