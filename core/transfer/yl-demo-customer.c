/* Made-up households, each with the customer who asks and pays. */
#include "yl-demo-private.h"

#include "records/yl-codes.h"
#include "records/yl-tables.h"

static void
set_address (YlDemo *demo, YlRecord *household, const YlDemoCommunity *community)
{
  g_autofree char *building = g_strdup_printf ("%d号楼", yl_demo_random_between (&demo->random, 1, 32));
  g_autofree char *unit =
      g_strdup_printf ("%d单元%d%02d", yl_demo_random_between (&demo->random, 1, 6),
                       yl_demo_random_between (&demo->random, 1, 24), yl_demo_random_between (&demo->random, 1, 4));
  const YlCode *district = yl_code_find ("district", community->district);
  g_autofree char *address = g_strconcat ("北京市", district->zh, community->name, building, unit, NULL);

  yl_record_set_text (household, "district", community->district);
  yl_record_set_text (household, "community", community->name);
  yl_record_set_text (household, "building", building);
  yl_record_set_text (household, "unit", unit);
  yl_record_set_text (household, "address", address);
  yl_demo_set_place (demo, household, community);
}

static void
set_family (YlDemo *demo, YlRecord *household)
{
  static const char *const pets[] = { "一只猫", "两只猫", "一只小狗", "一只金毛" };
  int rooms = yl_demo_random_between (&demo->random, 1, 4);

  yl_record_set_integer (household, "rooms", rooms);
  yl_record_set_integer (household, "home_area", 28 * rooms + yl_demo_random_between (&demo->random, 10, 40));
  if (yl_demo_random_chance (&demo->random, 45))
    {
      g_autofree char *child = g_strdup_printf ("%d岁", yl_demo_random_between (&demo->random, 1, 9));

      yl_record_set_text (household, "children", child);
    }
  if (yl_demo_random_chance (&demo->random, 25))
    {
      g_autofree char *elder = g_strdup_printf ("%d岁", yl_demo_random_between (&demo->random, 65, 92));

      yl_record_set_text (household, "elders", elder);
    }
  if (yl_demo_random_chance (&demo->random, 18))
    yl_record_set_text (household, "pets", pets[yl_demo_random_below (&demo->random, G_N_ELEMENTS (pets))]);
}

static void
set_customer (YlDemo *demo, YlRecord *customer)
{
  static const char *const levels[] = { "o", "o", "o", "o", "a", "b", "b", "c", "c", "d" };
  gboolean female = yl_demo_random_chance (&demo->random, 68);
  g_autofree char *name = yl_demo_name (demo, female);
  g_autofree char *phone = yl_demo_phone (demo);
  const YlCode *sources = yl_codes ("lead_source");
  guint n_sources = 0;

  while (sources[n_sources].code != NULL)
    n_sources++;
  yl_record_set_text (customer, "name", name);
  yl_record_set_text (customer, "phone", phone);
  yl_record_set_integer (customer, "sex", female ? 2 : 1);
  yl_record_set_text (customer, "lead_source", sources[yl_demo_random_below (&demo->random, n_sources)].code);
  yl_record_set_text (customer, "lead_level", levels[yl_demo_random_below (&demo->random, G_N_ELEMENTS (levels))]);
}

static gboolean
make_customer (YlDemo *demo, GError **error)
{
  static const char *const taboos[] = {
    "pork", "no_spicy", "seafood_allergy", "no_smoking", "vegetarian", "no_garlic"
  };
  YlDemoCustomer made = { .store = yl_demo_pick_store (demo) };
  const YlDemoCommunity *community = yl_demo_pick_community (demo, made.store);
  g_autoptr (YlRecord) household = yl_record_new (&yl_household_table, NULL);
  g_autoptr (YlRecord) customer = yl_record_new (&yl_customer_table, NULL);

  yl_record_set_text (household, "site", demo->sites[made.store]);
  set_address (demo, household, community);
  set_family (demo, household);
  if (!yl_demo_insert (demo, "demo customer", household, error))
    return FALSE;
  if (yl_demo_random_chance (&demo->random, 12)
      && !yl_demo_set_elements (demo, household, "taboos",
                                taboos[yl_demo_random_below (&demo->random, G_N_ELEMENTS (taboos))], error))
    return FALSE;
  yl_record_set_text (customer, "site", demo->sites[made.store]);
  yl_record_set_text (customer, "household", yl_record_get_id (household));
  set_customer (demo, customer);
  if (!yl_demo_insert (demo, "demo customer", customer, error))
    return FALSE;
  made.id = g_strdup (yl_record_get_id (customer));
  g_array_append_val (demo->customers, made);
  return TRUE;
}

gboolean
yl_demo_make_customers (YlDemo *demo, GError **error)
{
  for (guint i = 0; i < demo->size.households; i++)
    if (!make_customer (demo, error))
      return FALSE;
  return TRUE;
}
