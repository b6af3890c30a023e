/* Several records of one person: which one is shown, what follows it, and taking it back; alone and under sync. */
#include <string.h>

#include "desk/yl-worker-list.h"
#include "records/yl-booking.h"
#include "records/yl-people-rule.h"
#include "records/yl-people.h"
#include "records/yl-tables.h"
#include "merge/yl-merge.h"
#include "seal/yl-plain.h"
#include "merge/yl-state-hash.h"
#include "yl-test-company.h"

#define HOUR G_GINT64_CONSTANT (3600000)

/* The rule */

static GArray *
edges_new (const char *text)
{
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (YlAliasEdge));

  for (const char *at = text; *at != '\0'; at += at[2] == ' ' ? 3 : 2)
    {
      YlAliasEdge edge = { g_strndup (at, 1), g_strndup (at + 1, 1) };

      g_array_append_val (edges, edge);
    }
  return edges;
}

static void
edges_free (GArray *edges)
{
  for (guint i = 0; i < edges->len; i++)
    {
      g_free (g_array_index (edges, YlAliasEdge, i).from);
      g_free (g_array_index (edges, YlAliasEdge, i).to);
    }
  g_array_unref (edges);
}

static GHashTable *
living_new (const char *ids)
{
  GHashTable *living = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *id = ids; *id != '\0'; id++)
    g_hash_table_add (living, g_strndup (id, 1));
  return living;
}

/* `ac bc`: a and b are shown as c. */
static char *
shown (GHashTable *survivors)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (survivors), (GCompareFunc) strcmp);
  GString *text = g_string_new (NULL);

  for (GList *at = ids; at != NULL; at = at->next)
    g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "", (char *) at->data,
                            (char *) g_hash_table_lookup (survivors, at->data));
  return g_string_free (text, FALSE);
}

static void
assert_rule (const char *edges_text, const char *living_text, const char *expected)
{
  GArray *edges = edges_new (edges_text);
  g_autoptr (GHashTable) living = living_new (living_text);
  g_autoptr (GHashTable) survivors = yl_people_decide (edges, living);
  g_autofree char *text = shown (survivors);

  g_assert_cmpstr (text, ==, expected);
  edges_free (edges);
}

static void
test_rule (void)
{
  assert_rule ("", "abc", "");
  assert_rule ("ab", "ab", "ab");
  assert_rule ("ba", "ab", "ba");
  assert_rule ("ab bc", "abc", "ac bc");    /* a chain */
  assert_rule ("ab ac", "abc", "ab cb");    /* apart into two: the older of them */
  assert_rule ("ab ba", "ab", "ba");        /* each into the other: the older */
  assert_rule ("bc cd db", "bcd", "cb db"); /* a circle */
  assert_rule ("ab cd", "abcd", "ab cd");   /* two people */
  assert_rule ("ab", "a", "ba");            /* the kept one is deleted */
  assert_rule ("ab cb", "ac", "ba ca");     /* the same, of two */
  assert_rule ("ab bc", "", "ac bc");       /* all of them are */
  assert_rule ("aa ab", "ab", "ab");        /* nonsense of another version does no harm */
}

static void
shuffle (GArray *edges, GRand *random)
{
  for (guint i = edges->len; i > 1; i--)
    {
      guint j = (guint) g_rand_int_range (random, 0, (gint32) i);
      YlAliasEdge edge = g_array_index (edges, YlAliasEdge, i - 1);

      g_array_index (edges, YlAliasEdge, i - 1) = g_array_index (edges, YlAliasEdge, j);
      g_array_index (edges, YlAliasEdge, j) = edge;
    }
}

/* Any order gives the same; whoever is joined is shown alike; survivors are shown as themselves. */
static void
test_rule_property (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261201);

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) ids = g_string_new (NULL);
      gint32 n = g_rand_int_range (random, 0, 9);
      GArray *edges;
      g_autoptr (GHashTable) living = NULL;
      g_autoptr (GHashTable) first = NULL;
      g_autofree char *expected = NULL;

      for (gint32 i = 0; i < n; i++)
        g_string_append_printf (text, "%s%c%c", i > 0 ? " " : "", 'a' + g_rand_int_range (random, 0, 7),
                                'a' + g_rand_int_range (random, 0, 7));
      for (char id = 'a'; id < 'h'; id++)
        if (g_rand_int_range (random, 0, 5) > 0)
          g_string_append_c (ids, id);
      edges = edges_new (text->str);
      living = living_new (ids->str);
      first = yl_people_decide (edges, living);
      expected = shown (first);
      for (guint i = 0; i < edges->len; i++)
        {
          const YlAliasEdge *edge = &g_array_index (edges, YlAliasEdge, i);
          const char *from = g_hash_table_lookup (first, edge->from);
          const char *to = g_hash_table_lookup (first, edge->to);

          g_assert_cmpstr (from != NULL ? from : edge->from, ==, to != NULL ? to : edge->to);
          g_assert_true (from == NULL || !g_hash_table_contains (first, from));
          g_assert_true (from == NULL || g_hash_table_contains (living, from)
                         || !g_hash_table_contains (living, edge->from));
        }
      for (guint i = 0; i < 5; i++)
        {
          g_autoptr (GHashTable) again = NULL;
          g_autofree char *other = NULL;

          shuffle (edges, random);
          again = yl_people_decide (edges, living);
          other = shown (again);
          g_assert_cmpstr (other, ==, expected);
        }
      edges_free (edges);
    }
}

/* In stores */

static char *
new_worker (YlStore *store, const char *name, const char *phone)
{
  YlRecord *worker = yl_record_new (&yl_worker_table, NULL);

  yl_record_set_text (worker, "name", name);
  yl_record_set_text (worker, "phone", phone);
  yl_record_set_text (worker, "site", yl_store_get_site (store));
  yl_record_set_text (worker, "home_store", yl_store_get_site (store));
  return yl_test_insert (store, worker);
}

static void
set_skills (YlStore *store, const char *worker, const char *list)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlChange) change = yl_change_begin (store, "set", &error);

  g_assert_no_error (error);
  yl_change_set_elements (change, yl_table_set (&yl_worker_table, "skills"), worker, list, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static void
set_text (YlStore *store, const char *id, const char *column, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (YlRecord) record = yl_store_get_exact (store, "worker", id, &error);
  g_autoptr (YlChange) change = yl_change_begin (store, "set", &error);

  g_assert_no_error (error);
  yl_record_set_text (record, column, text);
  yl_change_update (change, record, &error);
  g_assert_no_error (error);
  yl_change_commit (change, &error);
  g_assert_no_error (error);
}

static void
merge (YlStore *store, const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;

  yl_people_merge (store, "worker", from, to, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_shown_as (YlStore *store, const char *id, const char *survivor)
{
  g_autofree char *found = yl_alias_survivor (store, id);

  g_assert_cmpstr (found, ==, survivor);
}

static void
assert_sound (YlTestCompany *company)
{
  g_autofree char *first = NULL;

  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *hash = yl_state_hash (company->stores[i], &error);

      g_assert_no_error (error);
      g_assert_true (yl_store_check (company->stores[i], &error));
      g_assert_no_error (error);
      if (first == NULL)
        first = g_strdup (hash);
      g_assert_cmpstr (hash, ==, first);
    }
}

static void
assert_skills (YlStore *store, const char *worker, const char *expected)
{
  g_autofree char *list = yl_store_get_set (store, yl_table_set (&yl_worker_table, "skills"), worker, NULL);

  g_assert_cmpstr (list, ==, expected);
}

static guint
n_listed (YlStore *store, const char *search)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = yl_worker_list (store, YL_WORKERS_CHAIN, search, NULL, 100, &error);

  g_assert_no_error (error);
  return items->len;
}

static void
test_shown_as_one (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  const char *by_phone[] = { "phone=13900139001", NULL };
  g_autofree char *old = new_worker (store, "张秀英", "13900139001");
  g_autofree char *kept = new_worker (store, "张秀英", "13900139002");
  g_autofree char *number = yl_store_number (store, "worker", old);
  g_autofree char *found = NULL;
  g_autofree char *exact = NULL;
  g_autofree char *by_plain = NULL;
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (GPtrArray) all = NULL;

  set_skills (store, old, "infant:2,newborn");
  set_skills (store, kept, "infant:1");
  merge (store, old, kept);
  found = yl_store_find_id (store, "worker", number, &error);
  exact = yl_store_find_exact (store, "worker", number, &error);
  by_plain = yl_plain_find (store, "worker", "phone", "13900139001", &error);
  g_assert_cmpstr (found, ==, kept);
  g_assert_cmpstr (exact, ==, old);
  g_assert_cmpstr (by_plain, ==, kept);
  listed = yl_store_list (store, "worker", by_phone, 0, &error);
  g_assert_cmpuint (listed->len, ==, 1);
  g_assert_cmpstr (yl_record_get_id (listed->pdata[0]), ==, kept);
  g_assert_cmpuint (n_listed (store, NULL), ==, 1);
  g_assert_cmpuint (n_listed (store, number), ==, 1);
  g_assert_cmpuint (n_listed (store, "139001"), ==, 1);
  assert_skills (store, kept, "infant:2,newborn");
  all = yl_alias_all (store, old, &error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (all->pdata[0], ==, kept);
  g_assert_cmpstr (all->pdata[1], ==, old);
  /* The other record's number is hers too. */
  set_text (store, kept, "phone", "13900139001");
  set_skills (store, kept, "infant:1");
  assert_skills (store, old, "");
  assert_sound (company);
}

static void
test_refusals (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *a = new_worker (store, "张秀英", "13900139001");
  g_autofree char *b = new_worker (store, "张秀英", "13900139002");

  g_assert_false (yl_people_merge (store, "order", a, b, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (yl_people_merge (store, "worker", a, a, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (yl_people_merge (store, "customer", a, b, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (yl_people_unmerge (store, "worker", a, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  merge (store, a, b);
  g_assert_false (yl_people_merge (store, "worker", b, a, NULL, &error));
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
}

static char *
state_of (YlStore *store, const char *claim)
{
  g_autoptr (YlRecord) booking = yl_store_get (store, "booking", claim, NULL);

  return g_strdup (yl_record_get_text (booking, "state"));
}

static char *
promise (YlStore *store, const char *order, const char *worker, GError **error)
{
  YlBookRequest request = { .order = order, .worker = worker };
  g_auto (GStrv) claims = yl_booking_promise (store, &request, error);

  return claims != NULL ? g_strdup (claims[0]) : NULL;
}

/* Two promises for one hour of two workers; then they turn out to be one, and then not. */
static void
test_promises (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (3);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  gint64 start = company->clocks[1] + 24 * HOUR;
  g_autofree char *a = new_worker (store, "张秀英", "13900139001");
  g_autofree char *b = new_worker (store, "张秀英", "13900139002");
  g_autofree char *first_order = yl_test_order (store, start);
  g_autofree char *second_order = yl_test_order (store, start + HOUR);
  g_autofree char *third_order = yl_test_order (store, start + 2 * HOUR);
  g_autofree char *first = promise (store, first_order, a, &error);
  g_autofree char *second = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *before = NULL;
  g_autofree char *merged = NULL;
  g_autofree char *after = NULL;

  g_assert_no_error (error);
  company->clocks[1] += 1000;
  second = promise (store, second_order, b, &error);
  g_assert_no_error (error);
  before = state_of (store, second);
  g_assert_cmpstr (before, ==, "confirmed");
  yl_test_carry_all (company);
  merge (company->stores[2], a, b);
  yl_test_carry_all (company);
  merged = state_of (store, second);
  g_assert_cmpstr (merged, ==, "overruled");
  assert_sound (company);
  /* One worker for new promises too, by either record. */
  refused = promise (store, third_order, a, &error);
  g_assert_null (refused);
  g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
  g_clear_error (&error);
  yl_people_unmerge (store, "worker", a, &error);
  g_assert_no_error (error);
  yl_test_carry_all (company);
  after = state_of (company->stores[2], second);
  g_assert_cmpstr (after, ==, "confirmed");
  assert_sound (company);
}

static void
test_undo (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (2);
  g_autoptr (GError) error = NULL;
  YlStore *store = company->stores[1];
  g_autofree char *a = new_worker (store, "张秀英", "13900139001");
  g_autofree char *b = new_worker (store, "王芳", "13900139002");
  g_autoptr (YlUndo) undo = NULL;
  g_autoptr (YlRecord) one = NULL;
  g_autoptr (YlRecord) two = NULL;

  set_skills (store, a, "infant:2");
  set_skills (store, b, "newborn");
  yl_people_merge (store, "worker", a, b, &undo, &error);
  g_assert_no_error (error);
  assert_shown_as (store, a, b);
  yl_undo_commit (undo, store, &error);
  g_assert_no_error (error);
  assert_shown_as (store, a, a);
  one = yl_store_get (store, "worker", a, &error);
  two = yl_store_get (store, "worker", b, &error);
  g_assert_cmpstr (yl_record_get_text (one, "name"), ==, "张秀英");
  g_assert_cmpstr (yl_record_get_text (two, "name"), ==, "王芳");
  assert_skills (store, a, "infant:2");
  assert_skills (store, b, "newborn");
  assert_sound (company);
}

/* Merged apart, one into two others, while a third store edits the record that goes. */
static void
test_apart (void)
{
  g_autoptr (YlTestCompany) company = yl_test_company_new (4);
  g_autoptr (GError) error = NULL;
  g_autofree char *a = new_worker (company->stores[1], "张秀英", "13900139001");
  g_autofree char *b = new_worker (company->stores[1], "张秀英", "13900139002");
  g_autofree char *c = new_worker (company->stores[1], "张秀英", "13900139003");
  g_autoptr (YlRecord) edited = NULL;

  yl_test_carry_all (company);
  merge (company->stores[1], a, c);
  merge (company->stores[2], a, b);
  set_text (company->stores[3], a, "wechat", "xiuying");
  yl_test_carry_all (company);
  for (guint i = 0; i < company->n; i++)
    {
      assert_shown_as (company->stores[i], a, b);
      assert_shown_as (company->stores[i], c, b);
    }
  edited = yl_store_get_exact (company->stores[2], "worker", a, &error);
  g_assert_cmpstr (yl_record_get_text (edited, "wechat"), ==, "xiuying");
  assert_sound (company);
  g_assert_true (yl_store_rebuild (company->stores[2], &error));
  g_assert_no_error (error);
  assert_shown_as (company->stores[2], c, b);
  assert_sound (company);
}

/* Random acts in three stores and random carrying: everybody shows the same people in the end. */
static void
play (YlTestCompany *company, char **workers, guint n_workers, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (guint step = 0; step < 30; step++)
    {
      guint at = (guint) g_rand_int_range (random, 1, (gint32) company->n);
      YlStore *store = company->stores[at];
      const char *one = workers[g_rand_int_range (random, 0, (gint32) n_workers)];
      const char *two = workers[g_rand_int_range (random, 0, (gint32) n_workers)];

      company->clocks[at] += g_rand_int_range (random, 0, 5000);
      switch (g_rand_int_range (random, 0, 5))
        {
        case 0:
        case 1:
          yl_people_merge (store, "worker", one, two, NULL, NULL);
          break;
        case 2:
          yl_people_unmerge (store, "worker", one, NULL);
          break;
        case 3:
          yl_test_carry (company, at, 0, G_MAXINT);
          break;
        default:
          yl_test_carry (company, 0, at, (guint) g_rand_int_range (random, 1, 9));
        }
    }
  yl_test_carry_all (company);
  yl_test_carry_all (company);
}

static void
test_under_sync (void)
{
  g_autoptr (YlTestCompany) model = yl_test_company_new (4);
  char *workers[6];

  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    {
      g_autofree char *phone = g_strdup_printf ("1390013900%u", i);

      workers[i] = new_worker (model->stores[1 + i % 3], "张秀英", phone);
    }
  yl_test_carry_all (model);
  for (guint32 seed = 1; seed <= 25; seed++)
    {
      g_autoptr (YlTestCompany) company = yl_test_company_copy (model);

      g_test_message ("seed %u", seed);
      play (company, workers, G_N_ELEMENTS (workers), seed);
      for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
        {
          g_autofree char *survivor = yl_alias_survivor (company->stores[0], workers[i]);

          for (guint s = 1; s < company->n; s++)
            assert_shown_as (company->stores[s], workers[i], survivor);
        }
      assert_sound (company);
    }
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    g_free (workers[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alias/rule", test_rule);
  g_test_add_func ("/alias/rule/property", test_rule_property);
  g_test_add_func ("/alias/shown-as-one", test_shown_as_one);
  g_test_add_func ("/alias/refusals", test_refusals);
  g_test_add_func ("/alias/promises", test_promises);
  g_test_add_func ("/alias/undo", test_undo);
  g_test_add_func ("/alias/apart", test_apart);
  g_test_add_func ("/alias/under-sync", test_under_sync);
  return g_test_run ();
}
