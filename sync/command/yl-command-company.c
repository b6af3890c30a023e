/* init, site add, invite, approve, join: making a company and letting its PCs in. */
#include <stdio.h>

#include "base/yl-i18n.h"
#include "exchange/yl-enrol.h"
#include "trust/yl-company.h"
#include "seal/yl-lock.h"
#include "yl-invocation.h"
#include "yl-output.h"

gboolean
yl_command_init (YlInvocation *invocation, GError **error)
{
  const char *file = yl_invocation_store_file (invocation, error);
  YlFounding founding = {
    .name = yl_invocation_option (invocation, "company"),
    .code = yl_invocation_option (invocation, "code"),
    .hub_url = yl_invocation_option (invocation, "hub"),
  };
  g_autoptr (YlStore) store = file != NULL ? yl_store_found (file, &founding, error) : NULL;
  g_autofree char *line = NULL;
  YlLockKind kind;

  if (store == NULL || !yl_lock_get_kind (store, &kind, error))
    return FALSE;
  line = g_strdup_printf ("head office of %s (%s), keys protected by %s: %s", founding.name, founding.code,
                          yl_lock_describe (kind), file);
  return yl_output_result (invocation->json, error, line, "file", file, "scope", yl_store_get_scope (store), "site",
                           yl_store_get_site (store), "writer", yl_store_get_writer (store), "protection",
                           yl_lock_kind_name (kind), NULL);
}

static gboolean
read_degrees (YlInvocation *invocation, const char *name, gint64 *degrees, GError **error)
{
  const YlTable *site = yl_table_lookup ("site", error);
  const YlField *field = site != NULL ? yl_table_field_lookup (site, name, error) : NULL;
  g_auto (YlValue) value = YL_VALUE_INIT;

  if (field == NULL || !yl_field_parse (field, NULL, yl_invocation_option (invocation, name), &value, error))
    return FALSE;
  if (value.type == YL_VALUE_NULL)
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("--%s is empty; give degrees such as 39.92"), name);
      return FALSE;
    }
  *degrees = value.integer;
  return TRUE;
}

gboolean
yl_command_site_add (YlInvocation *invocation, GError **error)
{
  YlNewSite site = {
    .code = yl_invocation_argument (invocation, 0),
    .name = yl_invocation_argument (invocation, 1),
  };
  g_autoptr (YlStore) store = NULL;
  g_autofree char *id = NULL;
  g_autofree char *line = NULL;

  if (!read_degrees (invocation, "lat", &site.lat, error) || !read_degrees (invocation, "lon", &site.lon, error))
    return FALSE;
  store = yl_invocation_open (invocation, error);
  id = store != NULL ? yl_company_add_site (store, &site, error) : NULL;
  if (id == NULL)
    return FALSE;
  line = g_strdup_printf ("added site %s: %s", site.code, id);
  return yl_output_result (invocation->json, error, line, "table", "site", "id", id, "number", site.code, NULL);
}

gboolean
yl_command_invite (YlInvocation *invocation, GError **error)
{
  const char *site = yl_invocation_argument (invocation, 0);
  gboolean approved = yl_invocation_has (invocation, "approved");
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *code = store != NULL ? yl_enrol_invite (store, site, approved, error) : NULL;
  g_autofree char *line = NULL;

  if (code == NULL)
    return FALSE;
  line = g_strdup_printf ("one-time code for a PC of %s, valid for 10 minutes: %s", site, code);
  return yl_output_result (invocation->json, error, line, "site", site, "code", code, NULL);
}

gboolean
yl_command_approve (YlInvocation *invocation, GError **error)
{
  const char *digits = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = yl_invocation_open (invocation, error);
  g_autofree char *line = g_strdup_printf ("let in the PC that shows %s", digits);

  return store != NULL && yl_company_approve (store, digits, error)
         && yl_output_result (invocation->json, error, line, "digits", digits, NULL);
}

/* On stderr: stdout is for the result. */
static void
show_digits (const char *digits, gpointer data)
{
  fprintf (stderr, _ ("waiting for head office, which must see these digits and approve them: %s\n"), digits);
}

gboolean
yl_command_join (YlInvocation *invocation, GError **error)
{
  const char *file = yl_invocation_store_file (invocation, error);
  const char *code = yl_invocation_argument (invocation, 0);
  g_autoptr (YlStore) store = file != NULL ? yl_enrol_join (file, code, show_digits, NULL, error) : NULL;
  g_autofree char *number = NULL;
  g_autofree char *line = NULL;
  const char *site;
  YlLockKind kind;

  if (store == NULL || !yl_lock_get_kind (store, &kind, error))
    return FALSE;
  site = yl_store_get_site (store);
  number = site != NULL ? yl_store_number (store, "site", site) : g_strdup ("company");
  line = g_strdup_printf ("joined %s, keys protected by %s: %s", number, yl_lock_describe (kind), file);
  return yl_output_result (invocation->json, error, line, "file", file, "site", site, "writer",
                           yl_store_get_writer (store), "protection", yl_lock_kind_name (kind), NULL);
}
