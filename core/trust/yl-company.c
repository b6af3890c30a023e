#include "yl-company-private.h"

#include <sodium.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "log/yl-log-door.h"
#include "store/yl-store-private.h"

#define HUB_URL_MAX 200

static gboolean
check_code (const char *code, GError **error)
{
  gsize length = code != NULL ? strlen (code) : 0;
  gboolean good = length >= 1 && length <= 8;

  for (gsize i = 0; good && i < length; i++)
    good = g_ascii_isupper (code[i]) || g_ascii_isdigit (code[i]);
  if (!good)
    g_set_error (error, YL_ERROR, YL_ERROR_INVALID, _ ("“%s” is no code: use 1 to 8 capital letters or digits"),
                 code != NULL ? code : "");
  return good;
}

gboolean
yl_company_check_founding (const YlFounding *founding, GError **error)
{
  if (!check_code (founding->code, error))
    return FALSE;
  if (founding->name == NULL || *founding->name == '\0')
    {
      g_set_error (error, YL_ERROR, YL_ERROR_INVALID, "%s", _ ("the company needs a name"));
      return FALSE;
    }
  if (founding->hub_url != NULL && strlen (founding->hub_url) <= HUB_URL_MAX
      && (g_str_has_prefix (founding->hub_url, "http://") || g_str_has_prefix (founding->hub_url, "https://")))
    return TRUE;
  g_set_error (error, YL_ERROR, YL_ERROR_INVALID,
               _ ("“%s” is no hub address: write http://HOST:PORT or https://HOST:PORT"),
               founding->hub_url != NULL ? founding->hub_url : "");
  return FALSE;
}

static char *
hex_key (const guint8 *key)
{
  char hex[2 * YL_KEY_BYTES + 1];

  return g_strdup (sodium_bin2hex (hex, sizeof hex, key, YL_KEY_BYTES));
}

static gboolean
insert_company (YlChange *change, const YlFounding *founding, GError **error)
{
  g_autoptr (YlRecord) company = yl_record_new (yl_table_find ("company"), NULL);
  g_autofree char *authority = yl_store_get_setting (yl_change_get_store (change), "authority_key");

  yl_record_set_text (company, "code", founding->code);
  yl_record_set_text (company, "name", founding->name);
  yl_record_set_text (company, "hub_url", founding->hub_url);
  yl_record_set_text (company, "authority", authority);
  return yl_change_insert (change, company, error);
}

/* The site with its first staff member, CODE01. Returns the site's id. */
static char *
insert_site (YlChange *change, const YlNewSite *site, gboolean head_office, GError **error)
{
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find ("site"), NULL);
  g_autoptr (YlRecord) staff = yl_record_new (yl_table_find ("staff"), NULL);
  g_autofree char *staff_code = g_strconcat (site->code, "01", NULL);

  yl_record_set_text (record, "code", site->code);
  yl_record_set_text (record, "name", site->name);
  yl_record_set_text (record, "kind", head_office ? "head_office" : "store");
  if (site->lat != 0 || site->lon != 0)
    {
      yl_record_set_integer (record, "lat", site->lat);
      yl_record_set_integer (record, "lon", site->lon);
    }
  if (!yl_change_insert (change, record, error))
    return NULL;
  yl_record_set_text (staff, "code", staff_code);
  yl_record_set_text (staff, "site", yl_record_get_id (record));
  yl_record_set_text (staff, "role", head_office ? "head_office" : "manager");
  yl_record_set_integer (staff, "active", 1);
  return yl_change_insert (change, staff, error) ? g_strdup (yl_record_get_id (record)) : NULL;
}

/* A, B … Z, AA, AB …: the next PC of a site. */
static char *
next_letter (YlStore *store, const char *site, GError **error)
{
  gint64 n;

  if (!yl_database_integer (store->database, &n, 0, error, "SELECT count(*) FROM node WHERE site = ?", "t", site))
    return NULL;
  return n < 26 ? g_strdup_printf ("%c", (char) ('A' + n))
                : g_strdup_printf ("%c%c", (char) ('A' + n / 26 - 1), (char) ('A' + n % 26));
}

static gboolean
appoint_confirmer (YlChange *change, const char *site, const char *node, GError **error)
{
  g_autoptr (YlRecord) record = yl_store_get (yl_change_get_store (change), "site", site, error);

  if (record == NULL)
    return FALSE;
  if (!yl_record_is_null (record, "confirming_node"))
    return TRUE;
  yl_record_set_text (record, "confirming_node", node);
  yl_record_set_integer (record, "confirming_epoch", 1);
  return yl_change_update (change, record, error);
}

static char *
insert_node (YlChange *change, const YlNewNode *node, const char *id, GError **error)
{
  g_autoptr (YlRecord) record = yl_record_new (yl_table_find ("node"), id);
  g_autofree char *sign_key = hex_key (node->sign_key);
  g_autofree char *box_key = hex_key (node->box_key);
  g_autofree char *letter = next_letter (yl_change_get_store (change), node->site, error);
  char writer[YL_WRITER_CHARS + 1];
  guint8 hash[32];

  if (letter == NULL)
    return NULL;
  crypto_generichash (hash, sizeof hash, node->sign_key, YL_KEY_BYTES, NULL, 0);
  sodium_bin2hex (writer, sizeof writer, hash, YL_WRITER_CHARS / 2);
  yl_record_set_text (record, "site", node->site);
  yl_record_set_text (record, "name", node->name);
  yl_record_set_text (record, "letter", letter);
  yl_record_set_text (record, "writer", writer);
  yl_record_set_text (record, "sign_key", sign_key);
  yl_record_set_text (record, "box_key", box_key);
  if (!yl_change_insert (change, record, error)
      || !appoint_confirmer (change, node->site, yl_record_get_id (record), error))
    return NULL;
  return g_strdup (yl_record_get_id (record));
}

gboolean
yl_company_found (YlStore *store, const YlFounding *founding, const guint8 *node_seed, GError **error)
{
  g_autoptr (YlChange) change = NULL;
  YlNewSite office = { founding->code, founding->name, 0, 0 };
  guint8 sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  YlNewNode node = { NULL, "", sign_key, box_key };
  g_autofree char *site = NULL;
  g_autofree char *id = NULL;

  /* Nobody is there yet: the first entry makes the staff member who signs it. */
  store->actor = g_strconcat (founding->code, "01", NULL);
  change = yl_change_begin_as_authority (store, "found company", error);
  if (change == NULL || !insert_company (change, founding, error))
    return FALSE;
  site = insert_site (change, &office, TRUE, error);
  if (site == NULL)
    return FALSE;
  yl_node_keys (node_seed, sign_key, box_key, NULL);
  node.site = site;
  id = insert_node (change, &node, store->node, error);
  return id != NULL && yl_change_commit (change, error);
}

char *
yl_company_add_site (YlStore *store, const YlNewSite *site, GError **error)
{
  g_autoptr (YlChange) change = NULL;
  g_autofree char *id = NULL;

  if (!check_code (site->code, error))
    return NULL;
  change = yl_change_begin_as_authority (store, "add store", error);
  if (change == NULL)
    return NULL;
  yl_change_name (change, site->code);
  id = insert_site (change, site, FALSE, error);
  return id != NULL && yl_change_commit (change, error) ? g_steal_pointer (&id) : NULL;
}

char *
yl_company_enrol_node (YlStore *store, const YlNewNode *node, GError **error)
{
  g_autofree char *sign_key = hex_key (node->sign_key);
  g_autofree char *known =
      yl_database_text (store->database, error, "SELECT id FROM node WHERE sign_key = ?", "t", sign_key);
  g_autoptr (YlChange) change = NULL;
  g_autofree char *site_code = NULL;
  g_autofree char *id = NULL;

  if (known != NULL)
    return g_steal_pointer (&known);
  change = yl_change_begin_as_authority (store, "enrol PC", error);
  if (change == NULL)
    return NULL;
  site_code = yl_store_number (store, "site", node->site);
  yl_change_name (change, site_code);
  id = insert_node (change, node, NULL, error);
  return id != NULL && yl_change_commit (change, error) ? g_steal_pointer (&id) : NULL;
}
