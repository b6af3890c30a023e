#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * YlUsage: the usage line of a command, taken apart. What help prints is the grammar that is accepted:
 *
 *   TABLE [--where FIELD=VALUE]… [--limit N]
 *
 * Words are arguments, `--name WORD` an option with a value, a lone `--name` a switch; brackets make them optional and
 * `…` lets them be repeated.
 */
typedef struct
{
  char *name;     /* without the dashes */
  char *argument; /* what its value is called; NULL for a switch */
  gboolean required;
  gboolean repeatable;
} YlUsageOption;

typedef struct
{
  GPtrArray *arguments; /* of char *: what they are called */
  GPtrArray *options;   /* of YlUsageOption */
  guint required;       /* how many arguments must be there */
  gboolean endless;     /* the last argument may be repeated */
} YlUsage;

YlUsage *yl_usage_parse (const char *line);
void yl_usage_free (YlUsage *usage);
/** yl_usage_option: NULL if there is none of that name. */
const YlUsageOption *yl_usage_option (const YlUsage *usage, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlUsage, yl_usage_free)

G_END_DECLS
