/* yuelaictl: everything the window can do, as commands. Each line of the table is one command. */
#include <stdio.h>

#include "base/yl-i18n.h"
#include "base/yl-locale.h"
#include "checkpoint/yl-checkpoint-base.h"
#include "keyring/yl-keyring.h"
#include "seal/yl-lock.h"
#include "trust/yl-marker.h"
#include "yl-invocation.h"
#include "yl-passphrase.h"

const YlCommand yl_commands[] = {
  { "init", yl_command_init, "--company NAME --code CODE --hub URL",
    N_ ("make FILE head office's store of a new company") },
  { "site add", yl_command_site_add, "CODE NAME --lat N --lon E", N_ ("add a store to the company") },
  { "invite", yl_command_invite, "SITE [--approved]", N_ ("make a one-time code for a PC of a store") },
  { "approve", yl_command_approve, "DIGITS", N_ ("let in the PC that shows these six digits") },
  { "join", yl_command_join, "CODE", N_ ("make FILE the store of a new PC") },
  { "import", yl_command_import, "TABLE FILE [--dry-run]", N_ ("take in a CSV file") },
  { "add", yl_command_add, "TABLE FIELD=VALUE…", N_ ("add a record") },
  { "set", yl_command_set, "TABLE ID FIELD=VALUE…", N_ ("change fields of a record") },
  { "remove", yl_command_remove, "TABLE ID", N_ ("remove a record") },
  { "get", yl_command_get, "TABLE ID", N_ ("show one record") },
  { "list", yl_command_list, "TABLE [--where FIELD=VALUE]… [--limit N]", N_ ("list records") },
  { "attach", yl_command_attach, "TABLE ID FILE [--kind KIND]",
    N_ ("add a photo, a scan or a signed paper to a record") },
  { "attachment list", yl_command_attachment_list, "TABLE ID", N_ ("list what is attached to a record") },
  { "attachment get", yl_command_attachment_get, "ID FILE", N_ ("write an attachment to a file, fetching it first") },
  { "attachment remove", yl_command_attachment_remove, "ID", N_ ("remove an attachment") },
  { "today", yl_command_today, "", N_ ("list what needs somebody of this store") },
  { "match", yl_command_match, "ORDER [--limit N]", N_ ("find workers for an order, with reasons") },
  { "book", yl_command_book, "ORDER WORKER [START END] [--force --reason TEXT]", N_ ("promise a worker to an order") },
  { "dropout", yl_command_dropout, "BOOKING --reason TEXT", N_ ("the worker cannot come: find a substitute") },
  { "lock", yl_command_lock, "[--passphrase] [--keyring] [--key-file FILE]",
    N_ ("change what protects the keys in FILE") },
  { "sync", yl_command_sync, "[--peer URL] [--with URL] [--watch] [--history]",
    N_ ("exchange with the hub or a relay, once, or with the hub as it comes") },
  { "bundle write", yl_command_bundle_write, "FILE [--for PC] [--all]",
    N_ ("write change sets to a file, for a stick") },
  { "bundle read", yl_command_bundle_read, "FILE", N_ ("take in a file of change sets") },
  { "hub", yl_command_hub, "--listen HOST:PORT [--relay]", N_ ("serve the exchange until stopped") },
  { "status", yl_command_status, "", N_ ("show what waits and who this is") },
  { "conflicts", yl_command_conflicts, "", N_ ("list what two people changed apart") },
  { "resolve", yl_command_resolve, "[TABLE] [ID] [FIELD] [--take N] [--value TEXT] [--both] [--all-of WHICH]",
    N_ ("decide a conflict, or many") },
  { "duplicates", yl_command_duplicates, "", N_ ("list pairs of records that may be one person") },
  { "merge", yl_command_merge, "TABLE FROM TO", N_ ("FROM is the same person as TO, and is shown as TO") },
  { "unmerge", yl_command_unmerge, "TABLE ID", N_ ("this record is another person after all") },
  { "tell-apart", yl_command_tell_apart, "TABLE FIRST SECOND", N_ ("these are two people: do not ask again") },
  { "grants", yl_command_grants, "PERSON", N_ ("show which PC has which of a person's keys, and why") },
  { "rotate-keys", yl_command_rotate_keys, "[PERSON] [--node PC] [--cause CODE]",
    N_ ("begin a new epoch of keys, as after a PC was lost") },
  { "erase", yl_command_erase, "[PERSON] [--cause CODE] [--status] [--yes]",
    N_ ("destroy a person's particulars on every PC, for good") },
  { "node list", yl_command_node_list, "", N_ ("list the company's PCs") },
  { "node revoke", yl_command_node_revoke, "PC [--from ENTRY] [--lost]", N_ ("shut out a PC") },
  { "staff disable", yl_command_staff_disable, "CODE", N_ ("shut out a member of staff") },
  { "review list", yl_command_review_list, "", N_ ("list work of those who were shut out") },
  { "review show", yl_command_review_show, "ENTRY", N_ ("show which records such work would change") },
  { "review accept", yl_command_review_accept, "ENTRY", N_ ("let head office write it as its own") },
  { "review drop", yl_command_review_drop, "ENTRY", N_ ("decide that it does not count") },
  { "log", yl_command_log, "[TABLE ID] [--fetch]", N_ ("list change sets, of all or of one record") },
  { "as-of", yl_command_as_of, "TIME TABLE ID [--seen-by ENTRY]", N_ ("show a record as it was shown at a time") },
  { "log verify", yl_command_log_verify, "", N_ ("check every commit and signature of the log") },
  { "log export", yl_command_log_export, "DIR", N_ ("write the log as a bare git repository") },
  { "auditor add", yl_command_auditor_add, "NAME", N_ ("let somebody read the log from the hub with git") },
  { "auditor list", yl_command_auditor_list, "", N_ ("list who may read the log from the hub") },
  { "auditor remove", yl_command_auditor_remove, "NAME", N_ ("let an auditor read no more") },
  { "checkpoint", yl_command_checkpoint, "", N_ ("list the checkpoints kept here: number, time, change sets, tree") },
  { "checkpoint make", yl_command_checkpoint_make, "",
    N_ ("sign the whole state as it is, for new copies to begin with") },
  { "checkpoint verify", yl_command_checkpoint_verify, "",
    N_ ("does this copy make the tree that the company signed?") },
  { "backup", yl_command_backup, "FILE", N_ ("copy the whole file as it is into another one, and check that") },
  { "backup verified", yl_command_backup_verified, "FILE",
    N_ ("say that this backup lies off this machine: stores may drop what it covers") },
  { "prune", yl_command_prune, "[--peer URL] [--over MIB] [--older DAYS]",
    N_ ("drop old change sets that head office has in a verified backup") },
  { "state-hash", yl_command_state_hash, "", N_ ("print the hash that equal copies share") },
  { "fsck", yl_command_fsck, "[--repair]", N_ ("check the file, the log and what is derived from it") },
  { "rebuild", yl_command_rebuild, "", N_ ("make the state anew from the log") },
  { "demo", yl_command_demo, "[--dir DIR]", N_ ("make a chain of made-up data to try things on") },
  { "help", yl_command_help, "[COMMAND]…", N_ ("show what a command does, examples first") },
  { NULL },
};

YlExit
yl_exit_for_error (const GError *error)
{
  if (error->domain != YL_ERROR)
    return YL_EXIT_FAILED;
  switch ((YlError) error->code)
    {
    case YL_ERROR_INVALID:
      return YL_EXIT_USAGE;
    case YL_ERROR_OFFLINE:
      return YL_EXIT_OFFLINE;
    case YL_ERROR_REFUSED:
      return YL_EXIT_REFUSED;
    case YL_ERROR_CORRUPT:
      return YL_EXIT_CORRUPT;
    case YL_ERROR_FAILED:
    case YL_ERROR_NOT_FOUND:
    case YL_ERROR_STALE:
    case YL_ERROR_MISSING:
    case YL_ERROR_NEWER:
    case YL_ERROR_FULL:
      return YL_EXIT_FAILED;
    }
  return YL_EXIT_FAILED;
}

/* One line on stderr, whatever the message holds. */
static void
print_error (const GError *error)
{
  g_autofree char *line = g_strdup (error->message);

  g_strchomp (g_strdelimit (line, "\r\n", ' '));
  fprintf (stderr, "yuelaictl: %s\n", line);
}

/* What is missing because it could not be read is not missing. */
static gboolean
run (YlInvocation *invocation, GError **error)
{
  gboolean ok = invocation->command->run (invocation, error);

  return (invocation->store == NULL || yl_store_check_reads (invocation->store, error)) && ok;
}

int
main (int argc, char **argv)
{
  g_autoptr (YlInvocation) invocation = NULL;
  g_autoptr (GError) error = NULL;

  yl_locale_init ();
  yl_marker_use (yl_marker_user_place ());
  yl_keyring_use ();
  yl_checkpoint_init ();
  yl_lock_set_passphrase_func (yl_passphrase_ask);
  invocation = yl_invocation_parse (argc, argv, &error);
  if (invocation != NULL && run (invocation, &error))
    return invocation->exit;
  print_error (error);
  return yl_exit_for_error (error);
}
