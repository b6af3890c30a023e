/* What people do: the acts of the trade, through the doors that the window uses. */
#include "yl-sim-world.h"

#include "base/yl-id.h"
#include "records/yl-booking.h"
#include "records/yl-order.h"
#include "records/yl-people.h"
#include "change/yl-change.h"
#include "trust/yl-company.h"
#include "merge/yl-conflict.h"

#define FIRST_HOUR_MS G_GINT64_CONSTANT (1796500800000)
#define ORDER_HOURS 6

/** Act: FALSE: it was refused or broke; nothing of it may stand. @error set where that is not plain good manners. */
typedef gboolean (*Act) (YlSimNode *node, GError **error);

static const char *const names[] = { "李淑兰", "张桂英", "陈玉梅", "刘红", "赵敏" };

static char *
pick_worker (YlSimNode *node)
{
  GPtrArray *workers = node->world->workers;
  g_autoptr (YlRecord) record = NULL;
  const char *id = workers->len == 0 ? NULL : workers->pdata[yl_sim_pick (node->world, workers->len)];

  record = id == NULL ? NULL : yl_store_get (node->store, "worker", id, NULL);
  return record == NULL ? NULL : g_strdup (id);
}

static void
remember_record (YlSimNode *node, const YlRecord *record)
{
  /* What becomes of the work of somebody who was shut out is head office's to say. */
  if (node->world->may_revoke)
    return;
  g_ptr_array_add (node->world->records,
                   g_strdup_printf ("%s:%s", yl_record_get_table (record)->name, yl_record_get_id (record)));
}

static gboolean
insert (YlSimNode *node, const char *what, YlRecord *record, GError **error)
{
  g_autoptr (YlChange) change = yl_change_begin (node->store, what, error);

  if (change == NULL || !yl_change_insert (change, record, error) || !yl_change_commit (change, error))
    return FALSE;
  remember_record (node, record);
  return TRUE;
}

static gboolean
add_worker (YlSimNode *node, GError **error)
{
  g_autofree char *id = yl_id_new (yl_store_now (node->store));
  g_autoptr (YlRecord) worker = yl_record_new (yl_table_find ("worker"), id);
  g_autoptr (GArray) seen = yl_log_frontier (node->store, error);

  yl_record_set_text (worker, "name", "王秀英");
  yl_record_set_integer (worker, "debt", 0);
  if (seen == NULL)
    return FALSE;
  yl_sim_writes (node, "worker", id, "name", "王秀英", seen);
  yl_sim_writes (node, "worker", id, "debt", "0", seen);
  if (!insert (node, "add worker", worker, error))
    return FALSE;
  g_ptr_array_add (node->world->workers, g_steal_pointer (&id));
  return TRUE;
}

static gboolean
edit_column (YlSimNode *node, const char *id, const char *column, const char *text, GError **error)
{
  g_autoptr (YlRecord) worker = yl_store_get (node->store, "worker", id, error);
  const YlTable *table = yl_table_find ("worker");
  const YlField *field = &table->fields[yl_table_field (table, column)];
  g_auto (YlValue) value = YL_VALUE_INIT;
  g_autoptr (YlChange) change = NULL;
  g_autoptr (GArray) seen = NULL;

  if (worker == NULL || !yl_field_parse (field, node->store, text, &value, error))
    return FALSE;
  if (yl_record_is_locked (worker, column) || yl_value_equal (yl_record_get_value (worker, column), &value))
    return TRUE;
  yl_record_set_value (worker, column, &value);
  seen = yl_log_frontier (node->store, error);
  if (seen == NULL)
    return FALSE;
  yl_sim_writes (node, "worker", yl_record_get_id (worker), column, text, seen);
  change = yl_change_begin (node->store, "edit worker", error);
  return change != NULL && yl_change_update (change, worker, error) && yl_change_commit (change, error);
}

static gboolean
edit_worker (YlSimNode *node, GError **error)
{
  static const char *const columns[] = { "max_travel", "note", "debt", "name" };
  YlSimWorld *world = node->world;
  g_autofree char *id = pick_worker (node);
  const char *column = columns[yl_sim_pick (world, G_N_ELEMENTS (columns))];
  g_autofree char *text = g_str_equal (column, "name") ? g_strdup (names[yl_sim_pick (world, G_N_ELEMENTS (names))])
                                                       : g_strdup_printf ("%u", 1 + yl_sim_pick (world, 500));

  return id == NULL || edit_column (node, id, column, text, error);
}

static gboolean
edit_set (YlSimNode *node, GError **error)
{
  static const char *const lists[] = { "driving", "driving,chinese_cooking", "", "chinese_cooking:2" };
  g_autofree char *id = pick_worker (node);
  const YlSet *set = yl_table_set (yl_table_find ("worker"), "skills");
  g_autoptr (YlChange) change = id == NULL ? NULL : yl_change_begin (node->store, "edit skills", error);

  if (change == NULL)
    return id == NULL;
  return yl_change_set_elements (change, set, id, lists[yl_sim_pick (node->world, G_N_ELEMENTS (lists))], error)
         && yl_change_commit (change, error);
}

static gboolean
add_leave (YlSimNode *node, GError **error)
{
  g_autofree char *worker = pick_worker (node);
  g_autoptr (YlRecord) leave = yl_record_new (yl_table_find ("availability"), NULL);
  g_autoptr (YlChange) change = NULL;
  gint64 start = FIRST_HOUR_MS + (gint64) (40 + yl_sim_pick (node->world, 100)) * YL_DAY_MS;

  if (worker == NULL)
    return TRUE;
  yl_record_set_text (leave, "worker", worker);
  yl_record_set_integer (leave, "start", start);
  yl_record_set_integer (leave, "end", start + YL_DAY_MS);
  yl_record_set_text (leave, "state", "unavailable");
  change = yl_change_begin (node->store, "leave", error);
  return change != NULL && yl_change_insert (change, leave, error) && yl_change_commit (change, error);
}

/* Deleted here, moved there: the record has a life of its own. */
static gboolean
change_leave (YlSimNode *node, GError **error)
{
  g_autoptr (GPtrArray) leaves = yl_store_list (node->store, "availability", NULL, 0, error);
  g_autoptr (YlChange) change = NULL;
  YlRecord *leave;

  if (leaves == NULL || leaves->len == 0)
    return leaves != NULL;
  leave = leaves->pdata[yl_sim_pick (node->world, leaves->len)];
  change = yl_change_begin (node->store, "leave", error);
  if (change == NULL)
    return FALSE;
  if (yl_sim_chance (node->world, 50))
    return yl_change_delete (change, "availability", yl_record_get_id (leave), error)
           && yl_change_commit (change, error);
  yl_record_set_integer (leave, "end", yl_record_get_integer (leave, "end", 0) + YL_MINUTE_MS);
  return yl_change_update (change, leave, error) && yl_change_commit (change, error);
}

static gboolean
promise (YlSimNode *node, GError **error)
{
  g_autofree char *worker = pick_worker (node);
  g_autoptr (YlRecord) order = yl_record_new (yl_table_find ("order"), NULL);
  YlBookRequest request = { .worker = worker };
  g_auto (GStrv) claims = NULL;

  if (worker == NULL)
    return TRUE;
  yl_record_set_text (order, "service_type", "cleaning");
  yl_record_set_integer (order, "start", FIRST_HOUR_MS + (gint64) yl_sim_pick (node->world, ORDER_HOURS) * 3600000);
  yl_record_set_integer (order, "minutes", 120);
  if (!insert (node, "add order", order, error))
    return FALSE;
  request.order = yl_record_get_id (order);
  claims = yl_booking_promise (node->store, &request, error);
  if (claims == NULL)
    return FALSE;
  for (guint i = 0; claims[i] != NULL && !node->world->may_revoke; i++)
    g_ptr_array_add (node->world->records, g_strdup_printf ("claim:%s", claims[i]));
  return TRUE;
}

static char *
pick_claim (YlSimNode *node, GError **error)
{
  g_autoptr (GPtrArray) claims = yl_store_list (node->store, "claim", NULL, 0, error);

  if (claims == NULL || claims->len == 0)
    return NULL;
  return g_strdup (yl_record_get_id (claims->pdata[yl_sim_pick (node->world, claims->len)]));
}

static gboolean
act_on_claim (YlSimNode *node, GError **error)
{
  g_autofree char *claim = pick_claim (node, error);

  if (claim == NULL)
    return error == NULL || *error == NULL;
  switch (yl_sim_pick (node->world, node->index == 0 ? 5 : 3))
    {
    case 0:
      return yl_booking_dropout (node->store, claim, NULL, "孩子病了", error);
    case 1:
      return yl_booking_withdraw (node->store, claim, "mistake", NULL, error);
    case 2:
      return yl_booking_add_evidence (node->store, claim, "served", error);
    case 3:
      return yl_booking_rule_on (node->store, claim, "holds", NULL, error);
    default:
      return yl_booking_rule_on (node->store, claim, "gives_way", NULL, error);
    }
}

static gboolean
cancel_order (YlSimNode *node, GError **error)
{
  g_autoptr (GPtrArray) orders = yl_store_list (node->store, "order", NULL, 0, error);
  static const char *const kinds[] = { "cancel", "stock", "reopen" };

  if (orders == NULL || orders->len == 0)
    return orders != NULL;
  return yl_order_add_event (node->store, yl_record_get_id (orders->pdata[yl_sim_pick (node->world, orders->len)]),
                             kinds[yl_sim_pick (node->world, G_N_ELEMENTS (kinds))], NULL, NULL, error);
}

static gboolean
resolve (YlSimNode *node, GError **error)
{
  g_autoptr (GPtrArray) conflicts = yl_conflict_list (node->store, error);
  g_autoptr (GArray) seen = yl_log_frontier (node->store, error);
  const YlConflict *conflict;
  guint version;

  if (conflicts == NULL || seen == NULL || conflicts->len == 0)
    return conflicts != NULL && seen != NULL;
  conflict = conflicts->pdata[yl_sim_pick (node->world, conflicts->len)];
  version = yl_sim_pick (node->world, conflict->versions->len);
  if (g_str_equal (conflict->table, "worker") && *conflict->field != '\0')
    yl_sim_writes (node, conflict->table, conflict->id, conflict->field,
                   ((YlConflictVersion *) conflict->versions->pdata[version])->value, seen);
  return yl_conflict_choose (node->store, conflict, version, NULL, error);
}

static gboolean
add_site (YlSimNode *node, GError **error)
{
  g_autofree char *code = g_strdup_printf ("X%u", yl_sim_pick (node->world, 1000));
  YlNewSite site = { code, code, 39900000, 116400000 };
  g_autofree char *id = node->index == 0 ? yl_company_add_site (node->store, &site, error) : NULL;

  return node->index > 0 || id != NULL;
}

/* Two records of one worker, found out here or there, and taken for one too soon. */
static gboolean
merge_workers (YlSimNode *node, GError **error)
{
  g_autofree char *from = pick_worker (node);
  g_autofree char *to = pick_worker (node);

  if (from == NULL || to == NULL || g_str_equal (from, to))
    return TRUE;
  return yl_people_merge (node->store, "worker", from, to, NULL, error);
}

static gboolean
unmerge_worker (YlSimNode *node, GError **error)
{
  g_autofree char *id = pick_worker (node);
  g_autoptr (GError) local = NULL;

  if (id == NULL || yl_people_unmerge (node->store, "worker", id, &local))
    return TRUE;
  if (g_error_matches (local, YL_ERROR, YL_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static const struct
{
  const char *name;
  guint weight;
  Act act;
} acts[] = {
  { "add worker", 2, add_worker },     { "edit worker", 10, edit_worker },  { "edit set", 2, edit_set },
  { "add leave", 2, add_leave },       { "change leave", 3, change_leave }, { "promise", 4, promise },
  { "act on claim", 3, act_on_claim }, { "cancel order", 2, cancel_order }, { "resolve", 2, resolve },
  { "add site", 1, add_site },         { "later", 2, yl_sim_work_later },   { "merge", 1, merge_workers },
  { "unmerge", 1, unmerge_worker },
};

static guint
pick_act (YlSimWorld *world)
{
  guint total = 0, act = 0;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    total += acts[i].weight;
  for (at = yl_sim_pick (world, total); at >= acts[act].weight; act++)
    at -= acts[act].weight;
  return act;
}

/* Refusing is allowed, and leaving what is a later version's to that; breaking only with a reason. */
static void
check_fault (YlSimNode *node, const char *act, const GError *error)
{
  if (yl_test_disk_has_failed (node->disk) || g_error_matches (error, YL_ERROR, YL_ERROR_REFUSED)
      || g_error_matches (error, YL_ERROR, YL_ERROR_NEWER))
    return;
  yl_sim_fail (node->world, "%s at node %u: %s", act, node->index, error == NULL ? "no reason" : error->message);
}

void
yl_sim_work (YlSimNode *node)
{
  YlSimWorld *world = node->world;
  guint which = pick_act (world);
  gint64 before = yl_sim_own_seq (node);
  g_autoptr (GError) error = NULL;
  gboolean ok;

  yl_sim_node_arm (node, world->crashes);
  ok = acts[which].act (node, &error);
  yl_sim_note (world, "node %u %s: %s", node->index, acts[which].name,
               ok              ? "ok"
               : error == NULL ? "-"
                               : error->message);
  if (!ok)
    check_fault (node, acts[which].name, error);
  if (!yl_test_disk_has_failed (node->disk))
    yl_sim_acknowledge (node, before);
  yl_sim_node_settle (node);
  yl_sim_writes_settle (node);
}
