#include "yl-revocation.h"

#include <string.h>

#include "base/yl-i18n.h"
#include "log/yl-log-door.h"
#include "yl-company-trust.h"
#include "yl-pen.h"
#include "merge/yl-recount.h"
#include "log/yl-strand.h"
#include "store/yl-trouble.h"

#define TABLE "revocation"

static char *
fact (YlStore *store, const char *revocation, const char *column)
{
  return yl_database_text (store->database, NULL,
                           "SELECT value FROM authority_fact WHERE tbl = '" TABLE "' AND id = ? AND col = ?", "tt",
                           revocation, column);
}

/* Revocations of a PC (@column `node`) or of a member of staff. */
static GStrv
list_of (YlStore *store, const char *column, const char *id)
{
  g_autoptr (YlRows) rows = yl_database_query (
      store->database, NULL,
      "SELECT id FROM authority_fact WHERE tbl = '" TABLE "' AND col = ? AND value = ? ORDER BY id", "tt", column, id);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();

  while (rows != NULL && yl_rows_next (rows, NULL))
    g_strv_builder_add (found, yl_rows_text (rows, 0));
  return g_strv_builder_end (found);
}

/* What the revocation still accepts, of every strand. A name that is not here covers nothing: it is among what the revocation had seen. */
static YlVector *
accepted_by (YlStore *store, const char *revocation)
{
  YlVector *accepted = yl_vector_new ();
  g_autofree char *names = fact (store, revocation, "accepted");
  g_auto (GStrv) list = g_strsplit (names != NULL ? names : "", " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      YlEntryName name;
      g_autoptr (YlEntryRow) row = yl_entry_name_read (list[i], &name) ? yl_log_find_name (store, &name, NULL) : NULL;

      if (row != NULL)
        yl_strand_raise (store, accepted, row->strand, row->seq, NULL);
    }
  return accepted;
}

static gboolean
accepts (YlStore *store, const char *revocation, gint64 w, gint64 seq)
{
  g_autoptr (YlVector) accepted = accepted_by (store, revocation);

  return yl_vector_get (accepted, w) >= seq;
}

/* Somebody taken back after the revocation: entries that have seen that count. */
static gboolean
taken_back (YlStore *store, const char *revocation, const char *staff, const YlVector *seen)
{
  g_autoptr (YlRows) rows =
      yl_database_query (store->database, NULL,
                         "SELECT a.position, a.w FROM authority_fact AS a JOIN authority_fact AS r"
                         " ON r.tbl = '" TABLE "' AND r.id = ? AND r.col = 'staff' AND a.position > r.position"
                         " WHERE a.tbl = 'staff' AND a.id = ? AND a.col = 'active' AND a.value = 1",
                         "tt", revocation, staff);

  while (rows != NULL && yl_rows_next (rows, NULL))
    if (yl_vector_get (seen, yl_rows_integer (rows, 1)) >= yl_rows_integer (rows, 0))
      return TRUE;
  return FALSE;
}

static char *
node_reason (void)
{
  return g_strdup (_ ("head office has shut out this PC"));
}

static char *
staff_reason (void)
{
  return g_strdup (_ ("head office has shut out who wrote this"));
}

char *
yl_revocation_check (YlStore *store,
                     const YlEntry *entry,
                     const char *node,
                     const char *staff,
                     gint64 w,
                     const YlVector *seen)
{
  g_auto (GStrv) nodes = NULL;
  g_auto (GStrv) staffs = NULL;
  gint64 any;

  /* Most companies have none, and every change comes by here. */
  if (!yl_database_integer (store->database, &any, 0, NULL,
                            "SELECT 1 FROM authority_fact WHERE tbl = '" TABLE "' LIMIT 1", NULL)
      || any == 0)
    return NULL;
  nodes = list_of (store, "node", node);
  staffs = list_of (store, "staff", staff);
  for (guint i = 0; nodes[i] != NULL; i++)
    if (!accepts (store, nodes[i], w, entry->seq))
      return node_reason ();
  for (guint i = 0; staffs[i] != NULL; i++)
    if (!accepts (store, staffs[i], w, entry->seq) && !taken_back (store, staffs[i], staff, seen))
      return staff_reason ();
  return NULL;
}

/* Folding */

/** Later: what a revocation refuses: entries of a strand after one, by an actor or by anybody. */
typedef struct
{
  YlStore *store;
  YlVector *accepted;
  const char *node;  /* or NULL */
  const char *actor; /* or NULL */
  gboolean all;      /* also those that do not count already */
  GArray *numbers;   /* of gint64: local numbers */
} Later;

static gboolean
add_later (Later *later, gint64 w, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (
      later->store->database, error,
      "SELECT n FROM entry WHERE w = ? AND seq > ? AND (refused IS NULL OR ?) AND coalesce(?, actor) = actor", "iiit",
      w, yl_vector_get (later->accepted, w), (gint64) later->all, later->actor);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 n = yl_rows_integer (rows, 0);

      g_array_append_val (later->numbers, n);
    }
  return yl_rows_ended (rows);
}

static gboolean
find_later (Later *later, GError **error)
{
  g_autoptr (YlRows) rows =
      yl_database_query (later->store->database, error, "SELECT w, writer FROM strand WHERE seq > 0", NULL);

  if (rows == NULL)
    return FALSE;
  while (yl_rows_next (rows, error))
    {
      gint64 w = yl_rows_integer (rows, 0);
      const char *writer = yl_rows_text (rows, 1);
      g_autofree char *node =
          g_str_equal (writer, later->store->authority) ? NULL : yl_pen_node (later->store, writer, w);

      if (node != NULL && (later->node == NULL || g_str_equal (node, later->node)) && !add_later (later, w, error))
        return FALSE;
    }
  return yl_rows_ended (rows);
}

static gboolean
refuse_later (Later *later, gboolean whole_pc, gint64 because, GError **error)
{
  g_autoptr (YlRecount) recount = yl_recount_new (later->store);
  g_autofree char *reason = whole_pc ? node_reason () : staff_reason ();

  for (guint i = 0; i < later->numbers->len; i++)
    if (!yl_recount_add (recount, g_array_index (later->numbers, gint64, i), error))
      return FALSE;
  if (!yl_recount_subtract (recount, error))
    return FALSE;
  for (guint i = 0; i < later->numbers->len; i++)
    if (!yl_database_run (later->store->database, error, "UPDATE entry SET refused = ? WHERE n = ?", "ti", reason,
                          g_array_index (later->numbers, gint64, i)))
      return FALSE;
  return yl_recount_fold (recount, because, error);
}

/* Adds what @revocation refuses to later->numbers. */
static gboolean
look_at (Later *later, const char *revocation, GError **error)
{
  YlStore *store = later->store;
  g_autoptr (YlVector) accepted = accepted_by (store, revocation);
  g_autofree char *node = fact (store, revocation, "node");
  g_autofree char *staff = fact (store, revocation, "staff");
  g_autofree char *actor =
      staff != NULL
          ? yl_database_text (store->database, error,
                              "SELECT value FROM authority_fact WHERE tbl = 'staff' AND id = ? AND col = 'code'", "t",
                              staff)
          : NULL;
  gboolean ok;

  later->accepted = accepted;
  later->node = node;
  later->actor = node == NULL ? actor : NULL;
  ok = (node == NULL && actor == NULL) || find_later (later, error);
  later->accepted = NULL;
  later->node = later->actor = NULL;
  return ok;
}

static gboolean
tell_own (YlStore *store, const char *revocation, GError **error)
{
  g_autofree char *node = fact (store, revocation, "node");

  if (node != NULL && !yl_trouble_end (store, YL_TROUBLE_OVERSTEP, node, error))
    return FALSE;
  return g_strcmp0 (node, store->node) != 0 || yl_trouble_raise (store, YL_TROUBLE_REVOKED, node, "", error);
}

static gboolean
fold_one (YlStore *store, gint64 n, const char *revocation, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *node = fact (store, revocation, "node");
  Later later = { .store = store, .numbers = numbers };

  return tell_own (store, revocation, error) && look_at (&later, revocation, error)
         && (numbers->len == 0
             || (refuse_later (&later, node != NULL, n, error)
                 && (node == NULL || !yl_store_is_head_office (store) || yl_review_tell (store, node, error))));
}

gboolean
yl_revocation_fold (YlStore *store, gint64 n, const YlEntry *entry, GError **error)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];

      if (op->kind == YL_OP_INSERT && g_str_equal (op->table, TABLE) && !fold_one (store, n, op->id, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

GArray *
yl_revocation_refused (YlStore *store, GError **error)
{
  g_autoptr (YlRows) rows = yl_database_query (store->database, error,
                                               "SELECT DISTINCT id FROM authority_fact WHERE tbl = '" TABLE "'", NULL);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  Later later = { .store = store, .all = TRUE, .numbers = numbers };

  if (rows == NULL)
    return NULL;
  while (yl_rows_next (rows, error))
    if (!look_at (&later, yl_rows_text (rows, 0), error))
      return NULL;
  g_array_sort (numbers, compare_numbers);
  return yl_rows_ended (rows) ? g_steal_pointer (&numbers) : NULL;
}

gboolean
yl_log_is_revoked (YlStore *store, const char *identity)
{
  g_autofree char *node = yl_pen_node (store, identity, 0);
  g_autofree char *revocation = node != NULL ? yl_revocation_of (store, node) : NULL;

  return revocation != NULL;
}

char *
yl_revocation_of (YlStore *store, const char *node)
{
  g_auto (GStrv) list = list_of (store, "node", node);

  return g_strdup (list[0]);
}
