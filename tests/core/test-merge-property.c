/*
 * Random histories of a head office and five stores, through the shipped doors, on real files, with partial delivery and relays
 * between stores. At the end everybody has everything, and must agree: with each other, with a model that knows only who
 * had seen what, with fsck, and with what a rebuild from the log gives. In every fifth history the file of one store is copied
 * and both copies write on with the same pen.
 *
 * YL_SEEDS=N and YL_FIRST_SEED=N choose how many and which histories.
 */
#include <string.h>

#include "records/yl-booking.h"
#include "merge/yl-conflict.h"
#include "seal/yl-erase.h"
#include "merge/yl-person.h"
#include "merge/yl-state-hash.h"
#include "yl-test-company.h"

#define N_STORES 6
#define MAX_FILES (N_STORES + 1)
#define N_WORKERS 3
#define N_STEPS 40
#define MAX_BATCH 6

/* For calls that must work: says why they did not. */
#define assert_works(call)     \
  G_STMT_START                 \
  {                            \
    gboolean works = (call);   \
    g_assert_no_error (error); \
    g_assert_true (works);     \
  }                            \
  G_STMT_END

/* Open and sealed registers in turn, free text too, one of them of two columns. */
static const char *const columns[] = { "max_travel", "note", "debt", "name" };

/* One write as the model sees it. */
typedef struct
{
  guint worker;
  guint column;
  char *value;
  guint store;
  guint number;          /* this store's n-th change */
  guint seen[MAX_FILES]; /* how many changes of each it had */
} Write;

typedef struct
{
  GRand *random;
  YlTestCompany *company;
  guint known[MAX_FILES][MAX_FILES]; /* known[a][b]: how many of b's changes a has */
  GPtrArray *writes;                 /* of Write */
  char *workers[N_WORKERS];
  gboolean erased[N_WORKERS];
  gboolean single_editor; /* each worker is edited in one store only */
  guint fork_at;          /* step at which a file is copied; 0: never */
  guint copied;           /* which one */
  guint before_copy;      /* how many changes of its own it had by then */
} History;

static YlTestCompany *template;

static void
write_free (Write *write)
{
  g_free (write->value);
  g_free (write);
}

static guint
pick (History *history, guint n)
{
  return (guint) g_rand_int_range (history->random, 0, (gint32) n);
}

static void
remember (History *history, guint store, guint worker, guint column, const char *value)
{
  Write *write = g_new0 (Write, 1);

  write->worker = worker;
  write->column = column;
  write->value = g_strdup (value);
  write->store = store;
  write->number = history->known[store][store];
  memcpy (write->seen, history->known[store], sizeof write->seen);
  g_ptr_array_add (history->writes, write);
}

static void
add_workers (History *history)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_WORKERS; i++)
    {
      g_autoptr (YlChange) change = yl_change_begin (history->company->stores[0], "add worker", &error);
      g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), NULL);

      g_assert_no_error (error);
      history->known[0][0]++;
      yl_record_set_text (worker, "name", "王秀英");
      yl_record_set_integer (worker, "debt", 0);
      assert_works (yl_change_insert (change, worker, &error) && yl_change_commit (change, &error));
      history->workers[i] = g_strdup (yl_record_get_id (worker));
      remember (history, 0, i, 2, "0");
      remember (history, 0, i, 3, "王秀英");
    }
}

/* Values differ from write to write unless two people happen to mean the same. */
static char *
new_value (History *history, guint column)
{
  static const char *const names[] = { "李淑兰", "张桂英", "陈玉梅", "刘红", "赵敏" };

  if (g_str_equal (columns[column], "name"))
    return g_strdup (names[pick (history, G_N_ELEMENTS (names))]);
  return g_strdup_printf ("%u", pick (history, 500) + 1);
}

/* Where her erasure is known only what is open can still be written. */
static guint
pick_column (History *history, YlStore *file, guint worker)
{
  guint column = pick (history, G_N_ELEMENTS (columns));

  return yl_person_is_erased (file, history->workers[worker]) ? (column / 2) * 2 : column;
}

static void
edit (History *history, guint store, guint worker)
{
  g_autoptr (GError) error = NULL;
  YlStore *file = history->company->stores[store];
  guint column = pick_column (history, file, worker);
  g_autofree char *value = new_value (history, column);
  g_autoptr (YlRecord) record = yl_store_get (file, "worker", history->workers[worker], &error);
  const YlTable *table = yl_table_find ("worker");
  const YlField *field = &table->fields[yl_table_field (table, columns[column])];
  g_auto (YlValue) parsed = YL_VALUE_INIT;
  g_autoptr (YlChange) change = NULL;

  g_assert_no_error (error);
  assert_works (yl_field_parse (field, file, value, &parsed, &error));
  if (yl_value_equal (yl_record_get_value (record, columns[column]), &parsed))
    return;
  yl_record_set_value (record, columns[column], &parsed);
  change = yl_change_begin (file, "edit worker", &error);
  g_assert_no_error (error);
  assert_works (yl_change_update (change, record, &error) && yl_change_commit (change, &error));
  history->known[store][store]++;
  remember (history, store, worker, column, value);
}

/* Sets, deletes and promises have no model of their own here: they must agree everywhere and survive a rebuild. */

static void
edit_skills (History *history, guint store, guint worker)
{
  static const char *const lists[] = { "driving", "driving,chinese_cooking", "", "chinese_cooking:2" };
  g_autoptr (GError) error = NULL;
  const YlSet *set = yl_table_set (yl_table_find ("worker"), "skills");
  g_autoptr (YlChange) change = yl_change_begin (history->company->stores[store], "edit skills", &error);
  gboolean empty;

  g_assert_no_error (error);
  assert_works (yl_change_set_elements (change, set, history->workers[worker],
                                        lists[pick (history, G_N_ELEMENTS (lists))], &error));
  empty = yl_change_is_empty (change);
  assert_works (yl_change_commit (change, &error));
  history->known[store][store] += empty ? 0 : 1;
}

static void
add_or_remove_leave (History *history, guint store, guint worker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = yl_store_list (history->company->stores[store], "availability", NULL, 0, &error);
  g_autoptr (YlChange) change = yl_change_begin (history->company->stores[store], "leave", &error);
  gint64 start = yl_store_now (history->company->stores[store]) + (gint64) pick (history, 10) * YL_DAY_MS;

  g_assert_no_error (error);
  if (found->len > 0 && pick (history, 2) == 0)
    {
      YlRecord *leave = found->pdata[pick (history, found->len)];

      if (pick (history, 2) == 0)
        assert_works (yl_change_delete (change, "availability", yl_record_get_id (leave), &error));
      else
        {
          yl_record_set_integer (leave, "end",
                                 yl_record_get_integer (leave, "end", 0) + YL_MINUTE_MS * (1 + pick (history, 60)));
          assert_works (yl_change_update (change, leave, &error));
        }
    }
  else
    {
      g_autoptr (YlRecord) leave = yl_record_new (yl_table_find ("availability"), NULL);

      yl_record_set_text (leave, "worker", history->workers[worker]);
      yl_record_set_integer (leave, "start", start);
      yl_record_set_integer (leave, "end", start + YL_DAY_MS);
      yl_record_set_text (leave, "state", "unavailable");
      assert_works (yl_change_insert (change, leave, &error));
    }
  assert_works (yl_change_commit (change, &error));
  history->known[store][store]++;
}

static void
promise (History *history, guint store, guint worker)
{
  g_autoptr (GError) error = NULL;
  YlStore *file = history->company->stores[store];
  g_autoptr (YlRecord) order = yl_record_new (yl_table_find ("order"), NULL);
  g_autoptr (YlChange) change = yl_change_begin (file, "add order", &error);
  YlBookRequest request = { .worker = history->workers[worker] };
  g_auto (GStrv) claims = NULL;
  gint64 start = G_GINT64_CONSTANT (1796500800000) + (gint64) pick (history, 4) * 3600000;

  g_assert_no_error (error);
  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_integer (order, "start", start);
  yl_record_set_integer (order, "minutes", 120);
  assert_works (yl_change_insert (change, order, &error) && yl_change_commit (change, &error));
  history->known[store][store]++;
  request.order = yl_record_get_id (order);
  claims = yl_booking_promise (file, &request, &error);
  if (claims == NULL)
    {
      g_assert_error (error, YL_ERROR, YL_ERROR_REFUSED);
      return;
    }
  history->known[store][store]++;
  if (pick (history, 4) > 0)
    return;
  assert_works (yl_booking_dropout (file, claims[0], NULL, "孩子病了", &error));
  history->known[store][store]++;
}

/* How many of the changes that @of made itself @store has: none of them ever got a receipt. */
static guint
count_known (History *history, YlStore *store, guint of)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) own = yl_log_waiting (history->company->stores[of], &error);
  guint first = of == N_STORES ? history->before_copy : 0;
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < own->len; i++)
    {
      const YlEntryRow *row = own->pdata[i];
      YlEntryName name = { .seq = row->seq };
      g_autoptr (YlEntryRow) found = NULL;

      /* Head office has founded the company with another pen. */
      if (!g_str_equal (row->writer, yl_store_get_writer (history->company->stores[of])))
        continue;
      memcpy (name.writer, row->writer, sizeof name.writer);
      memcpy (name.id8, row->id, sizeof name.id8);
      found = yl_log_find_name (store, &name, NULL);
      if (found == NULL)
        break;
      n++;
    }
  return n > first ? n - first : 0;
}

/* Beats whatever others write at the same time. */
static void
erase (History *history, guint worker)
{
  g_autoptr (GError) error = NULL;

  if (history->erased[worker])
    return;
  assert_works (yl_erase_person (history->company->stores[0], history->workers[worker], "asked", &error));
  history->known[0][0]++;
  history->erased[worker] = TRUE;
}

static void
carry_some (History *history)
{
  guint from = pick (history, history->company->n);
  guint to = pick (history, history->company->n);

  if (from == to)
    return;
  yl_test_carry (history->company, from, to, 1 + pick (history, MAX_BATCH));
  for (guint s = 0; s < history->company->n; s++)
    history->known[to][s] = count_known (history, history->company->stores[to], s);
}

/* Somebody copies the file of a store to a second PC, or puts an old copy back beside the new one. */
static void
copy_file (History *history)
{
  guint clone;

  history->copied = pick (history, N_STORES);
  history->before_copy = history->known[history->copied][history->copied];
  clone = yl_test_company_clone (history->company, history->copied);
  memcpy (history->known[clone], history->known[history->copied], sizeof history->known[clone]);
}

static void
step (History *history)
{
  guint store = pick (history, history->company->n);
  guint worker = pick (history, N_WORKERS);

  /* Whole minutes, so that two stores often read the same time. */
  history->company->clocks[store] += g_rand_int_range (history->random, -1, 3) * YL_MINUTE_MS;
  if (history->single_editor)
    store = worker + 1;
  /* Nobody edits a worker who has not arrived yet. */
  if (history->known[store][0] < N_WORKERS && store != 0)
    {
      yl_test_carry (history->company, 0, store, G_MAXINT);
      history->known[store][0] = history->known[0][0];
    }
  switch (pick (history, 10))
    {
    case 0:
      edit_skills (history, store, worker);
      break;
    case 1:
      add_or_remove_leave (history, store, worker);
      break;
    case 2:
      if (!yl_person_is_erased (history->company->stores[store], history->workers[worker]))
        promise (history, store, worker);
      if (!history->single_editor && pick (history, 4) == 0)
        erase (history, worker);
      break;
    case 3:
    case 4:
    case 5:
      edit (history, store, worker);
      break;
    default:
      carry_some (history);
    }
}

/* The model */

static gboolean
was_seen (const Write *earlier, const Write *later)
{
  if (earlier->store == later->store)
    return earlier->number < later->number;
  return later->seen[earlier->store] >= earlier->number;
}

/* The values that stand for a register, sorted, each once. */
static GPtrArray *
expected_values (History *history, guint worker, guint column)
{
  GPtrArray *values = g_ptr_array_new ();

  for (guint i = 0; i < history->writes->len; i++)
    {
      const Write *write = history->writes->pdata[i];
      gboolean stands = write->worker == worker && write->column == column;

      for (guint j = 0; j < history->writes->len && stands; j++)
        {
          const Write *other = history->writes->pdata[j];

          stands = other->worker != worker || other->column != column || other == write || !was_seen (write, other);
        }
      if (stands && !g_ptr_array_find_with_equal_func (values, write->value, g_str_equal, NULL))
        g_ptr_array_add (values, write->value);
    }
  return values;
}

static const YlConflict *
find_conflict (GPtrArray *conflicts, const char *id, const char *field)
{
  for (guint i = 0; i < conflicts->len; i++)
    {
      const YlConflict *conflict = conflicts->pdata[i];

      if (g_str_equal (conflict->table, "worker") && g_str_equal (conflict->id, id)
          && g_str_equal (conflict->field, field))
        return conflict;
    }
  return NULL;
}

static void
compare_with_model (History *history, GPtrArray *conflicts)
{
  guint n_expected = 0, n_found = 0;

  for (guint worker = 0; worker < N_WORKERS; worker++)
    for (guint column = 0; column < G_N_ELEMENTS (columns); column++)
      {
        g_autoptr (GPtrArray) values = expected_values (history, worker, column);
        const YlConflict *conflict = find_conflict (conflicts, history->workers[worker], columns[column]);

        if (values->len < 2 || (history->erased[worker] && column % 2 == 1))
          {
            g_assert_null (conflict);
            continue;
          }
        n_expected++;
        g_assert_nonnull (conflict);
        for (guint v = 0; v < conflict->versions->len; v++)
          {
            const YlConflictVersion *version = conflict->versions->pdata[v];

            g_assert_true (g_ptr_array_find_with_equal_func (values, version->value, g_str_equal, NULL));
          }
        for (guint v = 0; v < values->len; v++)
          {
            gboolean shown = FALSE;

            for (guint i = 0; i < conflict->versions->len; i++)
              shown = shown
                      || g_strcmp0 (((YlConflictVersion *) conflict->versions->pdata[i])->value, values->pdata[v]) == 0;
            g_assert_true (shown);
          }
      }
  for (guint i = 0; i < conflicts->len; i++)
    n_found += g_str_equal (((YlConflict *) conflicts->pdata[i])->table, "worker")
                       && *((YlConflict *) conflicts->pdata[i])->field != '\0'
                   ? 1
                   : 0;
  g_assert_cmpuint (n_found, ==, n_expected);
  if (history->single_editor)
    g_assert_cmpuint (conflicts->len, ==, 0);
}

/* What people see: every worker, and the two sides of every conflict in their order. */
static char *
what_is_shown (YlStore *store, GPtrArray *conflicts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) workers = yl_store_list (store, "worker", NULL, 0, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < workers->len; i++)
    for (guint f = 0; f < yl_table_n_fields (yl_table_find ("worker")); f++)
      {
        g_autofree char *value =
            yl_field_format (&yl_table_find ("worker")->fields[f], yl_record_peek (workers->pdata[i], f));

        g_string_append_printf (text, "%s|", value != NULL ? value : "");
      }
  for (guint i = 0; i < conflicts->len; i++)
    {
      const YlConflict *conflict = conflicts->pdata[i];

      g_string_append_printf (text, "\n%s %s %s", conflict->table, conflict->id, conflict->field);
      for (guint v = 0; v < conflict->versions->len; v++)
        g_string_append_printf (text, "|%s", ((YlConflictVersion *) conflict->versions->pdata[v])->value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
check_agreement (History *history)
{
  g_autofree char *first = NULL;
  g_autofree char *first_shown = NULL;

  for (guint i = 0; i < history->company->n; i++)
    {
      g_autoptr (GError) error = NULL;
      YlStore *store = history->company->stores[i];
      g_autofree char *hash = yl_state_hash (store, &error);
      g_autoptr (GPtrArray) conflicts = yl_conflict_list (store, &error);
      g_autofree char *shown = what_is_shown (store, conflicts);

      g_assert_no_error (error);
      if (first == NULL)
        {
          first = g_strdup (hash);
          first_shown = g_strdup (shown);
        }
      g_assert_cmpstr (shown, ==, first_shown);
      g_assert_cmpstr (hash, ==, first);
      compare_with_model (history, conflicts);
      assert_works (yl_store_check (store, &error));
    }
}

static void
check_rebuild (History *history)
{
  g_autoptr (GError) error = NULL;
  YlStore *store = history->company->stores[pick (history, history->company->n)];
  g_autofree char *before = yl_state_hash (store, &error);
  g_autofree char *after = NULL;

  assert_works (yl_store_rebuild (store, &error));
  after = yl_state_hash (store, &error);
  g_assert_cmpstr (after, ==, before);
  assert_works (yl_store_check (store, &error));
}

static void
run_seed (guint32 seed)
{
  History history = { .random = g_rand_new_with_seed (seed),
                      .company = yl_test_company_copy (template),
                      .writes = g_ptr_array_new_with_free_func ((GDestroyNotify) write_free),
                      .single_editor = seed % 10 == 0,
                      .fork_at = seed % 5 == 1 ? 1 + seed / 5 % (N_STEPS / 2) : 0 };

  add_workers (&history);
  for (guint i = 0; i < N_STEPS; i++)
    {
      if (i > 0 && i == history.fork_at)
        copy_file (&history);
      step (&history);
    }
  yl_test_carry_all (history.company);
  check_agreement (&history);
  check_rebuild (&history);
  g_ptr_array_unref (history.writes);
  for (guint i = 0; i < N_WORKERS; i++)
    g_free (history.workers[i]);
  yl_test_company_free (history.company);
  g_rand_free (history.random);
}

static guint
from_environment (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
test_histories (void)
{
  guint first = from_environment ("YL_FIRST_SEED", 1);
  guint n = from_environment ("YL_SEEDS", 1000);

  for (guint seed = first; seed < first + n; seed++)
    {
      g_test_message ("seed %u", seed);
      run_seed (seed);
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  template = yl_test_company_new (N_STORES);
  g_test_add_func ("/merge/random-histories", test_histories);
  result = g_test_run ();
  yl_test_company_free (template);
  return result;
}
