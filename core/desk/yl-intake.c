#include "yl-intake.h"

#include <math.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "records/yl-codes.h"
#include "records/yl-tables.h"
#include "merge/yl-alias.h"
#include "change/yl-change.h"
#include "seal/yl-plain.h"
#include "store/yl-store-private.h"

#define METRES_PER_DEGREE 111320.0

void
yl_caller_free (YlCaller *caller)
{
  g_clear_pointer (&caller->customer, yl_record_free);
  g_clear_pointer (&caller->household, yl_record_free);
  g_free (caller->last_worker);
  g_free (caller->last_worker_name);
  g_free (caller);
}

void
yl_place_clear (YlPlace *place)
{
  g_clear_pointer (&place->community, g_free);
  g_clear_pointer (&place->district, g_free);
}

static gboolean
find_last_worker (YlStore *store, YlCaller *caller, GError **error)
{
  const char *customer = yl_record_get_id (caller->customer);
  gint64 n_orders;
  g_autoptr (YlRows) rows = NULL;

  if (!yl_database_integer (store->database, &n_orders, 0, error,
                            "SELECT count(*) FROM [order] WHERE customer IN " YL_ALIAS_GROUP ("?1"), "t", customer))
    return FALSE;
  caller->n_orders = n_orders;
  rows = yl_database_query (
      store->database, error,
      "SELECT b.worker, p.name FROM [order] o JOIN booking b ON b.[order] = o.id"
      " LEFT JOIN plain.worker p ON p.id = b.worker WHERE o.customer IN " YL_ALIAS_GROUP (
          "?1") " AND b.state IN ('tentative', 'confirmed', 'served') ORDER BY b.start DESC, b.id LIMIT 1",
      "t", customer);
  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    {
      caller->last_worker = g_strdup (yl_rows_text (rows, 0));
      caller->last_worker_name = g_strdup (yl_rows_text (rows, 1));
    }
  return yl_rows_ended (rows);
}

YlCaller *
yl_intake_find_caller (YlStore *store, const char *phone, GError **error)
{
  g_autoptr (YlCaller) caller = g_new0 (YlCaller, 1);
  g_autofree char *id = yl_plain_find (store, "customer", "phone", phone, error);
  const char *household;

  if (id == NULL)
    return NULL;
  caller->customer = yl_store_get (store, "customer", id, error);
  if (caller->customer == NULL)
    return NULL;
  household = yl_record_get_text (caller->customer, "household");
  if (household != NULL)
    caller->household = yl_store_get (store, "household", household, NULL);
  if (!find_last_worker (store, caller, error))
    return NULL;
  return g_steal_pointer (&caller);
}

/* Places */

static gint64
metres_between (gint64 lat_a, gint64 lon_a, gint64 lat_b, gint64 lon_b)
{
  double north = (lat_a - lat_b) / 1e6 * METRES_PER_DEGREE;
  double east = (lon_a - lon_b) / 1e6 * METRES_PER_DEGREE * cos (lat_a / 1e6 * G_PI / 180);

  return (gint64) sqrt (north * north + east * east);
}

static void
measure_from_store (YlStore *store, YlPlace *place)
{
  const char *site_id = yl_store_get_site (store);
  g_autoptr (YlRecord) site = site_id == NULL ? NULL : yl_store_get (store, "site", site_id, NULL);

  place->metres = -1;
  if (site == NULL)
    return;
  if (place->district == NULL)
    place->district = g_strdup (yl_record_get_text (site, "district"));
  if (place->is_known && !yl_record_is_null (site, "lat") && !yl_record_is_null (site, "lon"))
    place->metres = metres_between (place->lat, place->lon, yl_record_get_integer (site, "lat", 0),
                                    yl_record_get_integer (site, "lon", 0));
}

static gboolean
find_community (YlStore *store, const char *text, YlPlace *place, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, error,
      "SELECT community, max(district), CAST(avg(lat) AS INTEGER), CAST(avg(lon) AS INTEGER) FROM household"
      " WHERE community <> '' AND substr(?1, 1, length(community)) = community GROUP BY community"
      " ORDER BY length(community) DESC LIMIT 1",
      "t", text);

  if (rows == NULL)
    return FALSE;
  if (yl_rows_next (rows, error))
    {
      place->community = g_strdup (yl_rows_text (rows, 0));
      place->district = g_strdup (yl_rows_text (rows, 1));
      place->is_known = !yl_rows_is_null (rows, 2) && !yl_rows_is_null (rows, 3);
      place->lat = yl_rows_integer (rows, 2);
      place->lon = yl_rows_integer (rows, 3);
    }
  return yl_rows_ended (rows);
}

/* A text that begins with a district's name; returns what follows it. */
static const char *
take_district (const char *text, YlPlace *place)
{
  for (const YlCode *code = yl_codes ("district"); code != NULL && code->code != NULL; code++)
    {
      const char *words[] = { code->zh, code->also, code->en };
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (words[i] != NULL && g_str_has_prefix (text, words[i]))
          {
            place->district = g_strdup (code->code);
            return text + strlen (words[i]);
          }
    }
  return text;
}

gboolean
yl_intake_find_place (YlStore *store, const char *text, YlPlace *place, char **rest, GError **error)
{
  g_auto (YlPlace) found = { 0 };
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  const char *after = trimmed;

  if (!find_community (store, trimmed, &found, error))
    return FALSE;
  if (found.community != NULL)
    after = trimmed + strlen (found.community);
  else
    {
      after = take_district (trimmed, &found);
      while (*after == ' ')
        after++;
      gsize word = strcspn (after, " ");
      found.community = g_strndup (after, word);
      after += word;
    }
  measure_from_store (store, &found);
  *rest = g_strstrip (g_strdup (after));
  *place = found;
  memset (&found, 0, sizeof found);
  return TRUE;
}

/* Saving */

static char *
save_household (YlChange *change, const YlDemand *demand, GError **error)
{
  g_autoptr (YlRecord) household = yl_record_new (&yl_household_table, NULL);
  const YlPlace *place = demand->place;

  if (place == NULL)
    {
      const YlRecord *known = demand->caller == NULL ? NULL : demand->caller->household;
      return known == NULL ? g_strdup ("") : g_strdup (yl_record_get_id (known));
    }
  yl_record_set_text (household, "site", yl_store_get_site (yl_change_get_store (change)));
  yl_record_set_text (household, "community", place->community);
  yl_record_set_text (household, "district", place->district);
  if (place->is_known)
    {
      yl_record_set_integer (household, "lat", place->lat);
      yl_record_set_integer (household, "lon", place->lon);
    }
  if (demand->address != NULL && *demand->address != '\0')
    yl_record_set_text (household, "address", demand->address);
  return yl_change_insert (change, household, error) ? g_strdup (yl_record_get_id (household)) : NULL;
}

/* The customer's id; a known one moves to a new household when the place is new. */
static char *
save_customer (YlChange *change, const YlDemand *demand, const char *household, GError **error)
{
  const char *site = yl_store_get_site (yl_change_get_store (change));
  g_autoptr (YlRecord) customer = NULL;

  if (demand->caller != NULL)
    {
      customer = yl_record_copy (demand->caller->customer);
      if (*household != '\0')
        yl_record_set_text (customer, "household", household);
      return yl_change_update (change, customer, error) ? g_strdup (yl_record_get_id (customer)) : NULL;
    }
  customer = yl_record_new (&yl_customer_table, NULL);
  yl_record_set_text (customer, "site", site);
  yl_record_set_text (customer, "store", site);
  yl_record_set_text (customer, "name", demand->name);
  yl_record_set_text (customer, "phone", demand->phone);
  if (*household != '\0')
    yl_record_set_text (customer, "household", household);
  return yl_change_insert (change, customer, error) ? g_strdup (yl_record_get_id (customer)) : NULL;
}

static gboolean
save_order (YlChange *change, const YlDemand *demand, const char *customer, const char *household, GError **error)
{
  YlRecord *order = demand->order;

  yl_record_set_text (order, "site", yl_store_get_site (yl_change_get_store (change)));
  yl_record_set_text (order, "customer", customer);
  if (*household != '\0')
    yl_record_set_text (order, "household", household);
  if (!yl_change_insert (change, order, error))
    return FALSE;
  for (const char *const *set = demand->sets; set != NULL && set[0] != NULL; set += 2)
    if (!yl_change_set_elements (change, yl_table_set (&yl_order_table, set[0]), yl_record_get_id (order), set[1],
                                 error))
      return FALSE;
  yl_change_name (change, yl_record_get_text (order, "order_no"));
  return TRUE;
}

gboolean
yl_intake_save (YlStore *store, const YlDemand *demand, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (store, "take demand", error);
  g_autofree char *household = change == NULL ? NULL : save_household (change, demand, error);
  g_autofree char *customer = household == NULL ? NULL : save_customer (change, demand, household, error);

  return customer != NULL && save_order (change, demand, customer, household, error)
         && yl_change_commit (change, error);
}
