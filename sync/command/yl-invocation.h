#pragma once

#include "yl-command.h"
#include "yl-usage.h"

G_BEGIN_DECLS

/** YlInvocation: one command line, read and checked against the command's usage. */
struct _YlInvocation
{
  const YlCommand *command;
  char *store_file;     /* --store, or YUELAI_STORE; NULL if neither names one */
  char *actor;          /* --as */
  char *key_file;       /* --key-file */
  gboolean json;        /* --json */
  GPtrArray *arguments; /* of char * */
  GHashTable *options;  /* name -> GPtrArray of char *; of NULL for a switch */
  YlExit exit;          /* of a success */
  YlStore *store;       /* the last one that was opened, or NULL */
};

/** yl_invocation_parse: reads argv. `--help` and `--version` become the commands that print them.
 * Errors: YL_ERROR_INVALID, saying what was expected and how to learn more. */
YlInvocation *yl_invocation_parse (int argc, char **argv, GError **error);
void yl_invocation_free (YlInvocation *invocation);

/** yl_invocation_argument: NULL where that many were not given. */
const char *yl_invocation_argument (YlInvocation *invocation, guint i);
gboolean yl_invocation_has (YlInvocation *invocation, const char *option);
/** yl_invocation_option: its value, or NULL if it was not given. */
const char *yl_invocation_option (YlInvocation *invocation, const char *option);
/** yl_invocation_strv: a repeated option's values (free the array, not the strings), or NULL if it was not given. */
const char **yl_invocation_strv (YlInvocation *invocation, const char *option);
/** yl_invocation_limit: `--limit N` as a number, 0 if not given. Errors: YL_ERROR_INVALID. */
gboolean yl_invocation_limit (YlInvocation *invocation, guint *limit, GError **error);

/** yl_invocation_store_file: Errors: YL_ERROR_INVALID when none is named. */
const char *yl_invocation_store_file (YlInvocation *invocation, GError **error);
/** yl_invocation_open: the store, with the actor of --as. */
YlStore *yl_invocation_open (YlInvocation *invocation, GError **error);

/** yl_command_find: the command named by one word, or by two; NULL if there is none. */
const YlCommand *yl_command_find (const char *first, const char *second);
/** yl_command_unknown: the error for a word that names no command, with the nearest that does. */
void yl_command_unknown (const char *first, const char *second, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlInvocation, yl_invocation_free)

G_END_DECLS
