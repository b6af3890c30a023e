#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

typedef struct _YlInvocation YlInvocation;

/** YlCommandFunc: does the command and prints its result on stdout. */
typedef gboolean (*YlCommandFunc) (YlInvocation *invocation, GError **error);

/** YlCommand: one line of the table in main.c. */
typedef struct
{
  const char *name; /* one word, or two: `log verify` */
  YlCommandFunc run;
  const char *usage;   /* its grammar, see yl-usage.h */
  const char *summary; /* one line, translatable */
} YlCommand;

/** yl_commands: the table of main.c, ended by a line without name. */
extern const YlCommand yl_commands[];

/* Exit codes (yuelaictl(1)). */
typedef enum
{
  YL_EXIT_OK = 0,
  YL_EXIT_FAILED = 1,
  YL_EXIT_USAGE = 2,
  YL_EXIT_PERSON = 3, /* done, and something waits for a person */
  YL_EXIT_OFFLINE = 4,
  YL_EXIT_REFUSED = 5,
  YL_EXIT_CORRUPT = 6,
} YlExit;

YlExit yl_exit_for_error (const GError *error);

/* Each of these is in yl-command-<family>.c. */
gboolean yl_command_init (YlInvocation *invocation, GError **error);
gboolean yl_command_site_add (YlInvocation *invocation, GError **error);
gboolean yl_command_invite (YlInvocation *invocation, GError **error);
gboolean yl_command_approve (YlInvocation *invocation, GError **error);
gboolean yl_command_auditor_add (YlInvocation *invocation, GError **error);
gboolean yl_command_auditor_list (YlInvocation *invocation, GError **error);
gboolean yl_command_auditor_remove (YlInvocation *invocation, GError **error);
gboolean yl_command_join (YlInvocation *invocation, GError **error);
gboolean yl_command_import (YlInvocation *invocation, GError **error);
gboolean yl_command_add (YlInvocation *invocation, GError **error);
gboolean yl_command_set (YlInvocation *invocation, GError **error);
gboolean yl_command_remove (YlInvocation *invocation, GError **error);
gboolean yl_command_get (YlInvocation *invocation, GError **error);
gboolean yl_command_list (YlInvocation *invocation, GError **error);
gboolean yl_command_attach (YlInvocation *invocation, GError **error);
gboolean yl_command_attachment_list (YlInvocation *invocation, GError **error);
gboolean yl_command_attachment_get (YlInvocation *invocation, GError **error);
gboolean yl_command_attachment_remove (YlInvocation *invocation, GError **error);
gboolean yl_command_today (YlInvocation *invocation, GError **error);
gboolean yl_command_match (YlInvocation *invocation, GError **error);
gboolean yl_command_book (YlInvocation *invocation, GError **error);
gboolean yl_command_dropout (YlInvocation *invocation, GError **error);
gboolean yl_command_lock (YlInvocation *invocation, GError **error);
gboolean yl_command_sync (YlInvocation *invocation, GError **error);
gboolean yl_command_bundle_write (YlInvocation *invocation, GError **error);
gboolean yl_command_bundle_read (YlInvocation *invocation, GError **error);
gboolean yl_command_hub (YlInvocation *invocation, GError **error);
gboolean yl_command_status (YlInvocation *invocation, GError **error);
gboolean yl_command_conflicts (YlInvocation *invocation, GError **error);
gboolean yl_command_resolve (YlInvocation *invocation, GError **error);
gboolean yl_command_duplicates (YlInvocation *invocation, GError **error);
gboolean yl_command_merge (YlInvocation *invocation, GError **error);
gboolean yl_command_unmerge (YlInvocation *invocation, GError **error);
gboolean yl_command_tell_apart (YlInvocation *invocation, GError **error);
gboolean yl_command_grants (YlInvocation *invocation, GError **error);
gboolean yl_command_rotate_keys (YlInvocation *invocation, GError **error);
gboolean yl_command_erase (YlInvocation *invocation, GError **error);
gboolean yl_command_node_list (YlInvocation *invocation, GError **error);
gboolean yl_command_node_revoke (YlInvocation *invocation, GError **error);
gboolean yl_command_staff_disable (YlInvocation *invocation, GError **error);
gboolean yl_command_review_list (YlInvocation *invocation, GError **error);
gboolean yl_command_review_show (YlInvocation *invocation, GError **error);
gboolean yl_command_review_accept (YlInvocation *invocation, GError **error);
gboolean yl_command_review_drop (YlInvocation *invocation, GError **error);
gboolean yl_command_log (YlInvocation *invocation, GError **error);
gboolean yl_command_log_of_record (YlInvocation *invocation, GError **error); /* `log` with arguments */
gboolean yl_command_as_of (YlInvocation *invocation, GError **error);
gboolean yl_command_log_verify (YlInvocation *invocation, GError **error);
gboolean yl_command_log_export (YlInvocation *invocation, GError **error);
gboolean yl_command_checkpoint (YlInvocation *invocation, GError **error);
gboolean yl_command_checkpoint_make (YlInvocation *invocation, GError **error);
gboolean yl_command_checkpoint_verify (YlInvocation *invocation, GError **error);
gboolean yl_command_backup (YlInvocation *invocation, GError **error);
gboolean yl_command_backup_verified (YlInvocation *invocation, GError **error);
gboolean yl_command_prune (YlInvocation *invocation, GError **error);
gboolean yl_command_state_hash (YlInvocation *invocation, GError **error);
gboolean yl_command_fsck (YlInvocation *invocation, GError **error);
gboolean yl_command_rebuild (YlInvocation *invocation, GError **error);
gboolean yl_command_demo (YlInvocation *invocation, GError **error);
gboolean yl_command_help (YlInvocation *invocation, GError **error);

G_END_DECLS
