/* grants, rotate-keys: who can read a person, and who can no more. */
#include "base/yl-i18n.h"
#include "seal/yl-grant-policy.h"
#include "seal/yl-holding.h"
#include "log/yl-log-door.h"
#include "merge/yl-person.h"
#include "seal/yl-rotate.h"
#include "yl-invocation.h"
#include "yl-output.h"

static void
print_holding (YlOutput *output, gboolean json, const YlHolding *holding)
{
  g_autofree char *since = yl_instant_format (holding->since);

  if (json)
    {
      yl_output_begin_object (output, NULL);
      yl_output_text (output, "pc", holding->label);
      yl_output_text (output, "class", yl_disclosure_word ((YlDisclosure) holding->disclosure));
      yl_output_integer (output, "epoch", holding->epoch);
      yl_output_instant (output, "since", holding->since);
      yl_output_text (output, "why", holding->why);
      yl_output_end_object (output);
      return;
    }
  yl_output_cell (output, "%s", holding->label);
  yl_output_cell (output, "%s", yl_disclosure_word ((YlDisclosure) holding->disclosure));
  if (holding->epoch == 0)
    yl_output_cell (output, "%s", _ ("first key"));
  else
    yl_output_cell (output, _ ("key after rotation %d"), (int) holding->epoch);
  yl_output_cell (output, "%s", since);
  yl_output_cell (output, "%s", yl_grant_sentence (yl_grant_from_word (holding->why)));
  yl_output_end_row (output);
}

gboolean
yl_command_grants (YlInvocation *invocation, GError **error)
{
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autoptr (YlOutput) output = yl_output_new ();
  const YlTable *table;
  g_autofree char *person =
      store != NULL ? yl_person_find (store, yl_invocation_argument (invocation, 0), &table, error) : NULL;
  g_autoptr (GPtrArray) holdings = person != NULL ? yl_holding_list (store, person, error) : NULL;

  if (holdings == NULL)
    return FALSE;
  if (invocation->json)
    yl_output_begin_array (output, NULL);
  for (guint i = 0; i < holdings->len; i++)
    print_holding (output, invocation->json, holdings->pdata[i]);
  if (invocation->json)
    yl_output_end_array (output);
  else if (holdings->len == 0)
    yl_output_line (output, "%s",
                    yl_person_is_erased (store, person) ? _ ("erased: nobody has a key") : _ ("no key is known here"));
  return yl_output_flush (output, error);
}

/* The writer of a PC named by its label, its writer or its record id. */
static char *
find_writer (YlStore *store, const char *name, GError **error)
{
  g_autoptr (GPtrArray) nodes = yl_store_list (store, "node", NULL, 0, error);

  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    {
      const char *writer = yl_record_get_text (nodes->pdata[i], "writer");
      g_autofree char *label = writer != NULL ? yl_log_writer_label (store, writer) : NULL;

      if (g_strcmp0 (label, name) == 0 || g_strcmp0 (writer, name) == 0
          || g_strcmp0 (yl_record_get_id (nodes->pdata[i]), name) == 0)
        return g_strdup (writer);
    }
  if (nodes != NULL)
    g_set_error (error, YL_ERROR, YL_ERROR_NOT_FOUND, _ ("there is no PC %s: see `list node`"), name);
  return NULL;
}

static GPtrArray *
find_persons (YlInvocation *invocation, YlStore *store, GError **error)
{
  const char *node = yl_invocation_option (invocation, "node");
  const char *person = yl_invocation_argument (invocation, 0);
  const YlTable *table;
  g_autofree char *writer = NULL;
  GPtrArray *persons;
  char *id;

  if ((node == NULL) == (person == NULL))
    {
      g_set_error_literal (error, YL_ERROR, YL_ERROR_INVALID, _ ("name either a person or, with --node, a PC"));
      return NULL;
    }
  if (node != NULL)
    {
      writer = find_writer (store, node, error);
      return writer != NULL ? yl_rotate_reach (store, writer, error) : NULL;
    }
  id = yl_person_find (store, person, &table, error);
  if (id == NULL)
    return NULL;
  persons = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (persons, id);
  return persons;
}

/* The code that --cause names, or @otherwise. NULL for one that is none. */
static const char *
read_cause (YlInvocation *invocation, const char *otherwise, GError **error)
{
  const YlTable *table = yl_table_find ("rotation");
  const YlField *field = &table->fields[yl_table_field (table, "cause")];
  const char *typed = yl_invocation_option (invocation, "cause");
  g_auto (YlValue) value = YL_VALUE_INIT;

  if (!yl_field_parse (field, NULL, typed != NULL ? typed : otherwise, &value, error))
    return NULL;
  return g_intern_string (value.bytes != NULL ? value.bytes : otherwise);
}

gboolean
yl_command_rotate_keys (YlInvocation *invocation, GError **error)
{
  const char *cause = read_cause (invocation, "precaution", error);
  g_autoptr (YlStore) store = cause != NULL ? yl_invocation_open (invocation, error) : NULL;
  g_autoptr (GPtrArray) persons = store != NULL ? find_persons (invocation, store, error) : NULL;
  g_autoptr (YlOutput) output = yl_output_new ();
  guint n_rotated;

  if (persons == NULL || !yl_rotate_keys (store, persons, cause, &n_rotated, error))
    return FALSE;
  if (!invocation->json)
    {
      yl_output_line (output,
                      _ ("new keys for %u persons; what was read or copied with the old ones cannot be called back"),
                      n_rotated);
      return yl_output_flush (output, error);
    }
  yl_output_begin_object (output, NULL);
  yl_output_integer (output, "persons", n_rotated);
  yl_output_text (output, "cause", cause);
  yl_output_end_object (output);
  return yl_output_flush (output, error);
}
