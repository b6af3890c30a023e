/* erase: a person's particulars, destroyed on every PC. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/yl-i18n.h"
#include "seal/yl-erase.h"
#include "yl-invocation.h"
#include "yl-output.h"

#define ANSWER_MAX 100

/* Typing the number once more is the second look. */
static gboolean
ask (const char *person, GError **error)
{
  char answer[ANSWER_MAX + 1] = "";

  if (!isatty (STDIN_FILENO))
    {
      g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s",
                   _ ("erasing cannot be undone: add --yes where nobody can be asked"));
      return FALSE;
    }
  fprintf (stderr, _ ("The particulars of %s go for good, on every PC. Type %s again to erase: "), person, person);
  if (fgets (answer, sizeof answer, stdin) != NULL && g_strcmp0 (g_strstrip (answer), person) == 0)
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_REFUSED, "%s", _ ("nothing was erased"));
  return FALSE;
}

static void
print_labels (YlOutput *output, const char *name, GPtrArray *labels)
{
  yl_output_begin_array (output, name);
  for (guint i = 0; i < labels->len; i++)
    yl_output_text (output, NULL, labels->pdata[i]);
  yl_output_end_array (output);
}

static char *
join (GPtrArray *labels)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < labels->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (char *) labels->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
print_erasure (YlOutput *output, gboolean json, const YlErasure *erasure)
{
  g_autofree char *at = yl_instant_format (erasure->at);
  g_autofree char *done = join (erasure->done);
  g_autofree char *not_yet = join (erasure->not_yet);
  g_autofree char *gone = join (erasure->gone);

  if (json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "person", erasure->person);
      yl_output_text (output, "number", erasure->number);
      yl_output_text (output, "kind", erasure->kind);
      yl_output_text (output, "cause", erasure->cause);
      yl_output_instant (output, "at", erasure->at);
      print_labels (output, "done", erasure->done);
      print_labels (output, "not_yet", erasure->not_yet);
      print_labels (output, "shut_out", erasure->gone);
      yl_output_end_object (output);
      return;
    }
  yl_output_line (output, "%s %s, %s", erasure->kind, erasure->number, at);
  yl_output_line (output, _ ("  erased on: %s"), done);
  if (erasure->not_yet->len > 0)
    yl_output_line (output, _ ("  not yet on: %s"), not_yet);
  if (erasure->gone->len > 0)
    yl_output_line (output, _ ("  shut out, and may never say so: %s"), gone);
}

static gboolean
print_status (YlInvocation *invocation, YlStore *store, GError **error)
{
  g_autoptr (GPtrArray) erasures = yl_erase_status (store, yl_invocation_argument (invocation, 0), error);
  g_autoptr (YlOutput) output = yl_output_new ();

  if (erasures == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < erasures->len; i++)
    print_erasure (output, invocation->json, erasures->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  return yl_output_flush (output, error);
}

static gboolean
read_cause (const char *typed, YlValue *cause, GError **error)
{
  const YlTable *table = yl_table_find ("erasure");

  return yl_field_parse (&table->fields[yl_table_field (table, "cause")], NULL, typed != NULL ? typed : "asked", cause,
                         error);
}

gboolean
yl_command_erase (YlInvocation *invocation, GError **error)
{
  const char *person = yl_invocation_argument (invocation, 0);
  g_auto (YlValue) cause = YL_VALUE_INIT;
  g_autoptr (YlStore) store = NULL;

  if (person == NULL && !yl_invocation_has (invocation, "status"))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("name the person to erase, or ask with --status"));
      return FALSE;
    }
  if (!read_cause (yl_invocation_option (invocation, "cause"), &cause, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  if (store == NULL)
    return FALSE;
  if (yl_invocation_has (invocation, "status"))
    return print_status (invocation, store, error);
  return (yl_invocation_has (invocation, "yes") || ask (person, error))
         && yl_erase_person (store, person, cause.bytes, error) && yl_erase_settle (store, NULL, error)
         && print_status (invocation, store, error);
}
