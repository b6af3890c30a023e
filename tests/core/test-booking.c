/* Which of several promises stands: the pure rule on random claims, and the story of two stores and one worker. */
#include <string.h>

#include "records/yl-booking-rule.h"
#include "records/yl-booking.h"
#include "yl-test-company.h"

#define HOUR G_GINT64_CONSTANT (3600000)

static GPtrArray *
random_claims (GRand *random)
{
  GPtrArray *claims = g_ptr_array_new_with_free_func ((GDestroyNotify) yl_claim_free);
  guint n = (guint) g_rand_int_range (random, 1, 12);

  for (guint i = 0; i < n; i++)
    {
      YlClaim *claim = g_new0 (YlClaim, 1);

      claim->id = g_strdup_printf ("c%02u", i);
      claim->worker = g_strdup_printf ("w%d", g_rand_int_range (random, 0, 3));
      claim->slot = g_strdup_printf ("o%d 0#0", g_rand_int_range (random, 0, 6));
      claim->start = g_rand_int_range (random, 0, 8) * HOUR;
      claim->end = claim->start + g_rand_int_range (random, 1, 4) * HOUR;
      claim->hlc = g_rand_int_range (random, 1, 6);
      claim->ruling = g_rand_int_range (random, 0, 8) == 0 ? g_rand_int_range (random, 0, 2) * 2 - 1 : 0;
      claim->served = g_rand_int_range (random, 0, 10) == 0;
      claim->epoch = g_rand_int_range (random, 0, 3);
      claim->withdrawn = g_rand_int_range (random, 0, 6) == 0;
      g_ptr_array_add (claims, claim);
    }
  return claims;
}

static YlClaim *
find_claim (GPtrArray *claims, const char *id)
{
  for (guint i = 0; i < claims->len; i++)
    if (g_str_equal (((YlClaim *) claims->pdata[i])->id, id))
      return claims->pdata[i];
  g_assert_not_reached ();
}

static void
check_fates (GPtrArray *claims)
{
  for (guint i = 0; i < claims->len; i++)
    {
      const YlClaim *claim = claims->pdata[i];

      if (claim->served)
        g_assert_cmpint (claim->fate, ==, YL_CLAIM_STANDS);
      if (claim->fate == YL_CLAIM_OVERRULED)
        {
          const YlClaim *winner = find_claim (claims, claim->winner);

          /* A claim loses only to a standing one that it clashes with. */
          g_assert_cmpint (winner->fate, ==, YL_CLAIM_STANDS);
          g_assert_true (yl_claims_clash (claim, winner));
        }
      for (guint j = 0; j < i; j++)
        {
          const YlClaim *other = claims->pdata[j];

          if (claim->fate == YL_CLAIM_STANDS && other->fate == YL_CLAIM_STANDS && !(claim->served && other->served))
            g_assert_false (yl_claims_clash (claim, other));
        }
    }
}

static void
shuffle (GPtrArray *claims, GRand *random)
{
  for (guint i = claims->len; i > 1; i--)
    {
      guint j = (guint) g_rand_int_range (random, 0, (gint32) i);
      gpointer claim = claims->pdata[i - 1];

      claims->pdata[i - 1] = claims->pdata[j];
      claims->pdata[j] = claim;
    }
}

static char *
describe (GPtrArray *claims)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < claims->len; i++)
    {
      const YlClaim *claim = claims->pdata[i];

      g_string_append_printf (text, "%s %d %s\n", claim->id, claim->fate, claim->winner != NULL ? claim->winner : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_rule (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (GPtrArray) claims = random_claims (random);
      g_autofree char *once = NULL;
      g_autofree char *again = NULL;

      yl_booking_decide (claims);
      check_fates (claims);
      once = describe (claims);
      shuffle (claims, random);
      yl_booking_decide (claims);
      again = describe (claims);
      g_assert_cmpstr (once, ==, again);
    }
}

/* The story in core: two stores promise the same hour while apart. */

static void
test_two_stores_one_worker (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  YlStore *home = company->stores[1];
  YlStore *away = company->stores[2];
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *worker = yl_test_hire (home, "王秀英");
  g_autofree char *order_here = yl_test_order (home, start);
  g_autofree char *order_there = NULL;
  g_autofree char *early = NULL;
  g_autofree char *late = NULL;

  yl_test_carry_all (company);
  order_there = yl_test_order (away, start + HOUR);
  /* The other store promises first, but only the worker's own store confirms. */
  early = yl_test_promise (away, order_there, worker);
  yl_test_assert_state (away, "booking", early, "tentative", NULL);
  company->clocks[1] += HOUR;
  late = yl_test_promise (home, order_here, worker);
  yl_test_assert_state (home, "booking", late, "confirmed", NULL);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      yl_test_assert_state (company->stores[i], "booking", late, "confirmed", NULL);
      yl_test_assert_state (company->stores[i], "booking", early, "overruled", "overruled");
      yl_test_assert_state (company->stores[i], "order_state", order_there, "matching", "overruled");
      yl_test_assert_state (company->stores[i], "order_state", order_here, "proposed", NULL);
    }
  /* The winner drops out: the other promise stands again, and her store confirms it. */
  g_assert_true (yl_booking_dropout (home, late, NULL, "孩子病了", &error));
  yl_test_assert_state (home, "order_state", order_here, "matching", "dropout");
  yl_test_assert_state (home, "booking", early, "tentative", NULL);
  g_assert_cmpint (yl_booking_confirm_due (home, &error), ==, 1);
  yl_test_carry_all (company);
  yl_test_assert_state (away, "booking", early, "confirmed", NULL);
  yl_test_assert_state (away, "order_state", order_there, "proposed", NULL);
}

static void
test_refusals (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *worker = yl_test_hire (store, "王秀英");
  g_autofree char *order = yl_test_order (store, start);
  g_autofree char *claim = yl_test_promise (store, order, worker);
  YlBookRequest again = { .order = order, .worker = worker };
  YlBookRequest backwards = { .order = order, .worker = worker, .start = start, .end = start };
  YlBookRequest forced = { .order = order, .worker = worker, .force = TRUE };

  g_assert_null (yl_booking_promise (store, &again, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (yl_booking_promise (store, &backwards, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (yl_booking_promise (store, &forced, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (yl_booking_withdraw (store, claim, "mistake", NULL, &error));
  g_assert_false (yl_booking_dropout (store, claim, NULL, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (yl_booking_rule_on (store, claim, "holds", NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_ruling (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *worker = yl_test_hire (company->stores[1], "王秀英");
  g_autofree char *here = yl_test_order (company->stores[1], start);
  g_autofree char *there = yl_test_order (company->stores[2], start);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  yl_test_carry_all (company);
  first = yl_test_promise (company->stores[1], here, worker);
  second = yl_test_promise (company->stores[2], there, worker);
  yl_test_carry_all (company);
  yl_test_assert_state (company->stores[0], "booking", first, "confirmed", NULL);
  g_assert_true (yl_booking_rule_on (company->stores[0], second, "holds", NULL, &error));
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      yl_test_assert_state (company->stores[i], "booking", second, "confirmed", NULL);
      yl_test_assert_state (company->stores[i], "booking", first, "overruled", "overruled");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/booking/rule", test_rule);
  g_test_add_func ("/booking/two-stores-one-worker", test_two_stores_one_worker);
  g_test_add_func ("/booking/refusals", test_refusals);
  g_test_add_func ("/booking/ruling", test_ruling);
  return g_test_run ();
}
