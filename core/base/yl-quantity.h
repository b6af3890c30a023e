#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Amounts as people type them. @text is half-width. FALSE when it is no such amount or does not fit into 64 bits. */

/** yl_integer_parse: an optional sign and digits, nothing else. */
gboolean yl_integer_parse (const char *text, gint64 *integer);

/** yl_money_parse: fen. A plain integer is fen; `58.50元`, `¥58.5`, `￥6,800` are yuan. A fraction needs the sign or 元. */
gboolean yl_money_parse (const char *text, gint64 *fen);

/** yl_minutes_parse: minutes. `90`, `90分钟`, `1:30`, `1小时30分`, `1.5小时`, `1.5h`. */
gboolean yl_minutes_parse (const char *text, gint64 *minutes);

/** yl_degrees_parse: millionths of a degree from a decimal number. */
gboolean yl_degrees_parse (const char *text, gint64 *millionths);
/** yl_degrees_format: the shortest decimal number. */
char *yl_degrees_format (gint64 millionths);

G_END_DECLS
