/* Invitation codes: whom they let in, and what everybody else is told. */
#include <string.h>

#include "trust/yl-company.h"
#include "yl-test-company.h"

#define N_TRIES 10

/** Fixture: head office and two stores; a code of each store that has to be approved. */
typedef struct
{
  YlTestCompany *company;
  YlStore *head;
  guint8 codes[2][16];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->company = yl_test_company_new (3);
  fixture->head = fixture->company->stores[0];
  g_assert_true (yl_company_new_invite (fixture->head, "S1", FALSE, fixture->codes[0], &error));
  g_assert_true (yl_company_new_invite (fixture->head, "S2", FALSE, fixture->codes[1], &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  yl_test_company_free (fixture->company);
}

/* PC number @pc presents @secret and shows @digits. */
static char *
present (YlStore *store, guint pc, const guint8 *secret, const char *digits, GError **error)
{
  guint8 seed[YL_KEY_BYTES], sign_key[YL_KEY_BYTES], box_key[YL_KEY_BYTES];
  g_autofree char *name = g_strdup_printf ("PC %u", pc);
  YlJoinRequest request = { secret, sign_key, box_key, name, digits };

  memset (seed, 100 + (int) pc, sizeof seed);
  yl_node_keys (seed, sign_key, box_key, NULL);
  return yl_company_join (store, &request, error);
}

static void
assert_refused (YlStore *store, guint pc, const guint8 *secret, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (present (store, pc, secret, "333333", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, word));
}

static guint
n_nodes (YlStore *store)
{
  g_autoptr (GPtrArray) nodes = yl_store_list (store, "node", NULL, 0, NULL);

  return nodes->len;
}

/* The PC that was meant for store 1 came with the code of store 2, and the other way round: the list says which PC would join which
 * store, and its digits let in that PC only. */
static void
test_swapped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint before = n_nodes (fixture->head);
  g_auto (GStrv) pending = NULL;

  g_assert_null (present (fixture->head, 1, fixture->codes[1], "111111", &error));
  g_assert_no_error (error);
  g_assert_null (present (fixture->head, 2, fixture->codes[0], "222222", &error));
  g_assert_no_error (error);
  pending = yl_company_pending_joins (fixture->head, &error);
  g_assert_cmpuint (g_strv_length (pending), ==, 2);
  g_assert_cmpstr (pending[0], ==, "111111\tS2\tPC 1");
  g_assert_cmpstr (pending[1], ==, "222222\tS1\tPC 2");
  /* Each is bound to the first that came with it: they cannot change back. */
  assert_refused (fixture->head, 1, fixture->codes[0], "another PC");
  g_assert_true (yl_company_approve (fixture->head, "222222", &error));
  g_assert_cmpuint (n_nodes (fixture->head), ==, before + 1);
}

static void
test_wrong_digits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint before = n_nodes (fixture->head);

  g_assert_null (present (fixture->head, 1, fixture->codes[0], "111111", &error));
  for (guint i = 0; i < N_TRIES; i++)
    {
      g_assert_false (yl_company_approve (fixture->head, "111112", &error));
      g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, "111112"));
      g_clear_error (&error);
    }
  g_assert_cmpuint (n_nodes (fixture->head), ==, before);
}

static void
test_expired (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (present (fixture->head, 1, fixture->codes[0], "111111", &error));
  g_assert_no_error (error);
  fixture->company->clocks[0] += 11 * YL_MINUTE_MS;
  assert_refused (fixture->head, 1, fixture->codes[0], "10 minutes");
  g_assert_false (yl_company_approve (fixture->head, "111111", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
}

/* Ten others come with the code of a PC that waits, and ten with codes that nobody gave out: it is let in all the same, and nobody else. */
static void
test_tried_often (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint before = n_nodes (fixture->head);

  g_assert_null (present (fixture->head, 1, fixture->codes[0], "111111", &error));
  g_assert_no_error (error);
  for (guint i = 0; i < N_TRIES; i++)
    {
      guint8 guess[16] = { (guint8) i };

      assert_refused (fixture->head, 2 + i, fixture->codes[0], "another PC");
      assert_refused (fixture->head, 2 + i, guess, "does not know");
    }
  g_assert_true (yl_company_approve (fixture->head, "111111", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_nodes (fixture->head), ==, before + 1);
}

/* A hub in a file that does not hold the company's key lets nobody in, not even with a code it made up. */
static void
test_no_authority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  YlStore *store = fixture->company->stores[1];
  guint8 secret[16] = { 0 };

  g_assert_false (yl_company_new_invite (store, "S1", TRUE, secret, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  assert_refused (store, 1, secret, "company's key");
  g_assert_false (yl_company_approve (store, "111111", &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/invite/swapped", Fixture, NULL, set_up, test_swapped, tear_down);
  g_test_add ("/invite/wrong-digits", Fixture, NULL, set_up, test_wrong_digits, tear_down);
  g_test_add ("/invite/expired", Fixture, NULL, set_up, test_expired, tear_down);
  g_test_add ("/invite/tried-often", Fixture, NULL, set_up, test_tried_often, tear_down);
  g_test_add ("/invite/no-authority", Fixture, NULL, set_up, test_no_authority, tear_down);
  return g_test_run ();
}
