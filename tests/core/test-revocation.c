/* PCs and staff that were shut out: what counts of their work follows from the set of entries, in whatever order they arrive. */
#include <string.h>

#include "matching/yl-match.h"
#include "records/yl-booking.h"
#include "seal/yl-erase.h"
#include "trust/yl-company-trust.h"
#include "store/yl-trouble.h"
#include "yl-test-company.h"

#define HOUR G_GINT64_CONSTANT (3600000)

static gboolean
has (YlStore *store, const char *id)
{
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, NULL);

  return worker != NULL;
}

/* Store 1 goes on writing after head office has shut it out; store 2 has its work before it hears of that, store 3 after. */
static void
test_by_position (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (4);
  g_autoptr (GError) error = NULL;
  g_autofree char *counts = yl_test_hire (company->stores[1], "王秀英");
  g_autofree char *late = NULL;

  yl_test_carry_all (company);
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, FALSE, &error));
  g_assert_no_error (error);
  late = yl_test_hire (company->stores[1], "李淑兰");
  yl_test_rename (company->stores[1], counts, "张桂英");
  yl_test_carry (company, 1, 2, G_MAXINT);
  g_assert_true (has (company->stores[2], late));
  yl_test_carry (company, 0, 2, G_MAXINT);
  yl_test_carry (company, 0, 3, G_MAXINT);
  yl_test_carry (company, 1, 3, G_MAXINT);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (YlRecord) worker = yl_store_get (company->stores[i], "worker", counts, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (yl_record_get_text (worker, "name"), ==, "王秀英");
      g_assert_false (has (company->stores[i], late));
    }
  yl_test_assert_agree (company, TRUE);
  g_assert_nonnull (yl_trouble_find (company->stores[1], YL_TROUBLE_REVOKED, yl_store_get_node (company->stores[1])));
}

/* A PC that has heard of it cannot write, and says why. */
static void
test_shut_out_pc (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = NULL;
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, TRUE, &error));
  yl_test_carry_all (company);
  change = yl_change_begin (company->stores[1], "add worker", &error);
  yl_record_set_text (worker, "name", "王秀英");
  g_assert_true (yl_change_insert (change, worker, &error));
  g_assert_false (yl_change_commit (change, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_clear_pointer (&change, yl_change_free);
  g_assert_false (yl_company_revoke (company->stores[0], "S1-A", NULL, TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (yl_company_revoke (company->stores[0], "HQ-A", NULL, TRUE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
test_from_an_entry (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = yl_test_hire (company->stores[1], "王秀英");
  g_autoptr (GArray) frontier = yl_log_frontier (company->stores[1], &error);
  g_autofree char *from = NULL;
  g_autofree char *second = yl_test_hire (company->stores[1], "李淑兰");

  for (guint i = 0; i < frontier->len; i++)
    if (g_str_equal (g_array_index (frontier, YlEntryName, i).writer, yl_store_get_writer (company->stores[1])))
      from = yl_entry_name_write (&g_array_index (frontier, YlEntryName, i));
  yl_test_carry_all (company);
  g_assert_false (yl_company_revoke (company->stores[0], "S1-A", "00:1:00", FALSE, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", from, FALSE, &error));
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_assert_true (has (company->stores[i], first));
      g_assert_false (has (company->stores[i], second));
    }
  yl_test_assert_agree (company, TRUE);
}

static gboolean
is_free (YlMatcher *matcher, const char *order, const char *worker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlMatchVerdict) verdict = yl_matcher_judge (matcher, order, worker, 0, 0, &error);

  g_assert_no_error (error);
  return !g_strv_contains ((const char *const *) verdict->failed, "free");
}

/* A promise that overruled another's falls away with the PC that made it: the other stands again, and so it is in a matcher's columns. */
static void
test_promise_falls (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (4);
  g_autoptr (GError) error = NULL;
  YlStore *stays = company->stores[2];
  YlStore *goes = company->stores[3];
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *worker = yl_test_hire (company->stores[1], "王秀英");
  g_autofree char *order = yl_test_order (stays, start);
  g_autofree char *third = yl_test_order (stays, start + 4 * HOUR);
  g_autofree char *other = yl_test_order (goes, start + 2 * HOUR);
  g_autofree char *stands = NULL;
  g_autofree char *falls = NULL;
  g_autoptr (YlMatcher) matcher = NULL;

  yl_test_carry_all (company);
  company->clocks[2] += HOUR;
  stands = yl_test_promise (stays, order, worker);
  g_assert_true (yl_company_revoke (company->stores[0], "S3-A", NULL, FALSE, &error));
  falls = yl_test_promise (goes, other, worker);
  yl_test_carry (company, 3, 2, G_MAXINT);
  yl_test_assert_state (stays, "booking", stands, "overruled", "overruled");
  yl_test_assert_state (stays, "order_state", order, "matching", "overruled");
  matcher = yl_matcher_new (stays, &error);
  g_assert_false (is_free (matcher, third, worker));
  yl_test_carry_all (company);
  yl_test_assert_state (stays, "booking", stands, "tentative", NULL);
  yl_test_assert_state (stays, "order_state", order, "proposed", NULL);
  yl_test_assert_state (stays, "order_state", other, "matching", "new");
  g_assert_null (yl_store_get (stays, "booking", falls, NULL));
  g_assert_true (is_free (matcher, third, worker));
  yl_test_assert_agree (company, TRUE);
}

/* What it took back and cancelled no longer is. */
static void
test_decisions_fall (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  YlStore *home = company->stores[1];
  YlStore *away = company->stores[2];
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *worker = yl_test_hire (home, "王秀英");
  g_autofree char *kept = yl_test_order (home, start);
  g_autofree char *left = yl_test_order (home, start + 4 * HOUR);
  g_autofree char *cancelled = yl_test_order (home, start + 8 * HOUR);
  g_autofree char *withdrawn = yl_test_promise (home, kept, worker);
  g_autofree char *dropped = yl_test_promise (home, left, worker);

  yl_test_carry_all (company);
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, FALSE, &error));
  g_assert_true (yl_booking_withdraw (home, withdrawn, "mistake", NULL, &error));
  g_assert_true (yl_booking_dropout (home, dropped, NULL, "孩子病了", &error));
  g_assert_true (yl_order_add_event (home, cancelled, "cancel", NULL, NULL, &error));
  g_assert_no_error (error);
  yl_test_carry (company, 1, 2, G_MAXINT);
  yl_test_assert_state (away, "booking", withdrawn, "withdrawn", "withdrawn");
  yl_test_assert_state (away, "booking", dropped, "dropped", "dropout");
  yl_test_assert_state (away, "order_state", cancelled, "cancelled", NULL);
  yl_test_carry_all (company);
  yl_test_assert_state (away, "booking", withdrawn, "confirmed", NULL);
  yl_test_assert_state (away, "booking", dropped, "confirmed", NULL);
  yl_test_assert_state (away, "order_state", kept, "proposed", NULL);
  yl_test_assert_state (away, "order_state", cancelled, "matching", "new");
  yl_test_assert_agree (company, TRUE);
}

static void
test_review (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *accepted = NULL;
  g_autofree char *dropped = NULL;
  g_autoptr (GPtrArray) items = NULL;
  const YlReviewItem *item;

  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, FALSE, &error));
  accepted = yl_test_hire (company->stores[1], "王秀英");
  dropped = yl_test_hire (company->stores[1], "李淑兰");
  yl_test_carry_all (company);
  items = yl_review_list (company->stores[0], &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  item = items->pdata[0];
  g_assert_cmpstr (item->label, ==, "S1-A");
  g_assert_cmpstr (item->what, ==, "add");
  g_assert_false (yl_review_accept (company->stores[2], item->entry, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (yl_review_accept (company->stores[0], item->entry, &error));
  item = items->pdata[1];
  g_assert_true (yl_review_drop (company->stores[0], item->entry, &error));
  g_assert_false (yl_review_drop (company->stores[0], item->entry, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (GPtrArray) left = yl_review_list (company->stores[i], NULL);

      g_assert_cmpuint (left->len, ==, 0);
      g_assert_true (has (company->stores[i], accepted));
      g_assert_false (has (company->stores[i], dropped));
    }
  yl_test_assert_agree (company, TRUE);
}

static void
test_staff (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = yl_test_hire (company->stores[1], "王秀英");
  g_autofree char *late = NULL;

  yl_test_carry_all (company);
  g_assert_true (yl_company_disable_staff (company->stores[0], "S101", &error));
  g_assert_no_error (error);
  late = yl_test_hire (company->stores[1], "李淑兰");
  yl_test_carry (company, 1, 2, G_MAXINT);
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_assert_true (has (company->stores[i], before));
      g_assert_false (has (company->stores[i], late));
    }
  yl_test_assert_agree (company, TRUE);
}

/* What @store would not write itself: an entry that follows its last one. */
static YlEntry *
overstep (YlStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) frontier = yl_log_frontier (store, &error);
  g_auto (YlValue) name = YL_VALUE_INIT;
  YlOp *op = yl_op_new (YL_OP_INSERT, "site", "01900000-0000-7000-8000-000000000001");
  g_autoptr (YlEntryRow) last = NULL;
  g_autoptr (YlEntry) before = NULL;
  YlEntry *entry = yl_entry_new ();

  for (guint i = 0; i < frontier->len; i++)
    if (g_str_equal (g_array_index (frontier, YlEntryName, i).writer, yl_store_get_writer (store)))
      last = yl_log_find_name (store, &g_array_index (frontier, YlEntryName, i), &error);
  before = yl_log_entry (store, last->n, &error);
  g_assert_no_error (error);
  memcpy (entry->scope, before->scope, sizeof entry->scope);
  memcpy (entry->writer, before->writer, sizeof entry->writer);
  memcpy (entry->prev, before->id, sizeof entry->prev);
  entry->seq = before->seq + 1;
  entry->hlc = before->hlc + 1;
  entry->authority = before->authority;
  entry->schema = before->schema;
  entry->actor = g_strdup (before->actor);
  entry->what = g_strdup ("add site");
  yl_value_set_text (&name, "ZZ");
  yl_op_add (op, "code", &name);
  g_ptr_array_add (entry->ops, op);
  g_assert_true (yl_entry_build (entry, &error));
  return entry;
}

/* A PC writes what only the company's key may: it counts nowhere, and is named until the PC is shut out. */
static void
test_overstep (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  g_autofree char *worker = yl_test_hire (company->stores[1], "王秀英");
  g_autoptr (YlEntry) entry = overstep (company->stores[1]);
  const char *node = yl_store_get_node (company->stores[1]);
  g_autoptr (YlTrouble) trouble = NULL;
  g_autofree char *text = NULL;
  gboolean is_new;
  gint64 n;

  yl_test_carry_all (company);
  {
    g_autoptr (YlLogTransaction) transaction = yl_log_begin (company->stores[0], &error);

    g_assert_true (yl_log_apply (company->stores[0], entry, &n, &is_new, &error));
    g_assert_no_error (error);
    g_assert_true (yl_log_commit (transaction, &error));
  }
  trouble = yl_trouble_find (company->stores[0], YL_TROUBLE_OVERSTEP, node);
  g_assert_nonnull (trouble);
  text = yl_trouble_describe (company->stores[0], trouble);
  g_assert_nonnull (strstr (text, "S1-A"));
  g_assert_null (yl_store_get (company->stores[0], "site", "01900000-0000-7000-8000-000000000001", NULL));
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, FALSE, &error));
  g_assert_null (yl_trouble_find (company->stores[0], YL_TROUBLE_OVERSTEP, node));
}

/* Of a PC in other hands the keys it held are followed by new ones. */
static void
test_lost (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  g_autofree char *held = yl_test_hire (company->stores[1], "王秀英");
  g_autofree char *not_held = yl_test_hire (company->stores[2], "李淑兰");
  g_autoptr (GPtrArray) rotations = NULL;
  g_autoptr (GPtrArray) erasures = NULL;
  GPtrArray *gone;

  yl_test_carry (company, 1, 0, G_MAXINT);
  g_assert_true (yl_company_revoke (company->stores[0], "S1-A", NULL, TRUE, &error));
  g_assert_no_error (error);
  rotations = yl_store_list (company->stores[0], "rotation", NULL, 0, &error);
  g_assert_cmpuint (rotations->len, ==, 1);
  g_assert_cmpstr (yl_record_get_text (rotations->pdata[0], "person"), ==, held);
  g_assert_cmpstr (yl_record_get_text (rotations->pdata[0], "cause"), ==, "lost");
  g_assert_true (yl_erase_person (company->stores[0], held, "asked", &error));
  erasures = yl_erase_status (company->stores[0], NULL, &error);
  g_assert_no_error (error);
  gone = ((YlErasure *) erasures->pdata[0])->gone;
  g_assert_cmpuint (gone->len, ==, 1);
  g_assert_cmpstr (gone->pdata[0], ==, "S1-A");
  yl_test_carry_all (company);
  yl_test_assert_agree (company, TRUE);
}

/* Random histories: stores write and hear of each other in any order, while head office shuts out some of them from their last entry or
 * an earlier one, and members of staff. The same everywhere, whatever arrived first, and after a rebuild. */
static void
rename_if_allowed (YlStore *store, const char *id, GRand *random)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) worker = yl_store_get (store, "worker", id, NULL);
  g_autoptr (YlChange) change = worker != NULL ? yl_change_begin (store, "rename worker", &error) : NULL;
  g_autofree char *name = g_strdup_printf ("王%d", g_rand_int_range (random, 0, 1000));

  if (change == NULL)
    return;
  yl_record_set_text (worker, "name", name);
  g_assert_true (yl_change_update (change, worker, &error));
  if (!yl_change_commit (change, &error))
    g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static char *
some_entry (YlStore *store, const char *writer, GRand *random)
{
  g_autoptr (GArray) frontier = yl_log_frontier (store, NULL);

  for (guint i = 0; i < frontier->len; i++)
    {
      const YlEntryName *last = &g_array_index (frontier, YlEntryName, i);
      gint64 seq = g_rand_int_range (random, 1, (gint32) last->seq + 1);
      g_autoptr (YlEntryRow) row = g_str_equal (last->writer, writer) ? yl_log_find (store, writer, seq, NULL) : NULL;
      YlEntryName name = { .seq = seq };

      if (row == NULL)
        continue;
      memcpy (name.writer, row->writer, sizeof name.writer);
      memcpy (name.id8, row->id, sizeof name.id8);
      return yl_entry_name_write (&name);
    }
  return NULL;
}

static void
shut_out (YlTestCompany *company, guint store, GRand *random)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *label = g_strdup_printf ("S%u-A", store);
  g_autofree char *staff = g_strdup_printf ("S%u01", store);
  g_autofree char *from = g_rand_boolean (random)
                              ? some_entry (company->stores[0], yl_store_get_writer (company->stores[store]), random)
                              : NULL;
  gboolean ok = g_rand_int_range (random, 0, 3) == 0
                    ? yl_company_disable_staff (company->stores[0], staff, &error)
                    : yl_company_revoke (company->stores[0], label, from, g_rand_boolean (random), &error);

  if (!ok)
    g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static void
random_history (YlTestCompany *template, guint32 seed)
{
  g_autoptr (YlTestCompany) company = yl_test_company_copy (template);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autofree char *worker = yl_test_hire (company->stores[0], "王秀英");

  g_test_message ("seed %u", seed);
  for (guint i = 1; i < company->n; i++)
    yl_test_carry (company, 0, i, G_MAXINT);
  for (guint step = 0; step < 40; step++)
    {
      guint a = (guint) g_rand_int_range (random, 0, (gint32) company->n);
      guint b = (guint) g_rand_int_range (random, 0, (gint32) company->n);

      company->clocks[a] += g_rand_int_range (random, -60000, 180000);
      if (g_rand_int_range (random, 0, 12) == 0)
        shut_out (company, 1 + a % (company->n - 1), random);
      else if (g_rand_boolean (random))
        rename_if_allowed (company->stores[a], worker, random);
      else if (a != b)
        yl_test_carry (company, a, b, (guint) g_rand_int_range (random, 1, 5));
    }
  for (guint round = 0; round < 2; round++)
    yl_test_carry_all (company);
  yl_test_assert_agree (company, TRUE);
}

static void
test_random (void)
{
  const char *n = g_getenv ("YL_SEEDS");
  const char *first = g_getenv ("YL_FIRST_SEED");
  g_autoptr (YlTestCompany) template = yl_test_company_new (4);
  guint32 start = first != NULL ? (guint32) g_ascii_strtoull (first, NULL, 10) : 1;
  guint32 end = start + (n != NULL ? (guint32) g_ascii_strtoull (n, NULL, 10) : 20);

  for (guint32 seed = start; seed < end; seed++)
    random_history (template, seed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/revocation/by-position", test_by_position);
  g_test_add_func ("/revocation/shut-out-pc", test_shut_out_pc);
  g_test_add_func ("/revocation/from-an-entry", test_from_an_entry);
  g_test_add_func ("/revocation/promise-falls", test_promise_falls);
  g_test_add_func ("/revocation/decisions-fall", test_decisions_fall);
  g_test_add_func ("/revocation/review", test_review);
  g_test_add_func ("/revocation/staff", test_staff);
  g_test_add_func ("/revocation/overstep", test_overstep);
  g_test_add_func ("/revocation/lost", test_lost);
  g_test_add_func ("/revocation/random", test_random);
  return g_test_run ();
}
