#include <inttypes.h>
#include <string.h>

#include "base/yl-i18n.h"
#include "yl-pen.h"
#include "yl-revocation.h"
#include "store/yl-trouble.h"

/* The authority chain as an entry has seen it. */
typedef struct
{
  YlStore *store;
  const YlVector *seen;
} Chain;

/* Where the company's key was used in two places, both strands may say something at one position: the higher entry id holds. */
#define BY_ENTRY "(SELECT entry.id FROM entry WHERE entry.w = authority_fact.w AND entry.seq = position) DESC"

/* The first column of the first row whose entry was seen; its last columns are position and strand. */
static char *
first_seen (const Chain *chain, YlRows *rows)
{
  while (rows != NULL && yl_rows_next (rows, NULL))
    if (yl_vector_get (chain->seen, yl_rows_integer (rows, 2)) >= yl_rows_integer (rows, 1))
      return g_strdup (yl_rows_text (rows, 0));
  return NULL;
}

static char *
fact_at (const Chain *chain, const char *table, const char *id, const char *column)
{
  g_autoptr (YlRows) rows =
      yl_database_query (chain->store->database, NULL,
                         "SELECT value, position, w FROM authority_fact WHERE tbl = ? AND id = ? AND col = ?"
                         " ORDER BY position DESC, " BY_ENTRY,
                         "ttt", table, id, column);

  return first_seen (chain, rows);
}

/* Columns that name a record never change, so the first fact says it all. */
static char *
named_at (const Chain *chain, const char *table, const char *column, const char *value)
{
  g_autoptr (YlRows) rows =
      yl_database_query (chain->store->database, NULL,
                         "SELECT id, position, w FROM authority_fact WHERE tbl = ? AND col = ? AND value = ?"
                         " ORDER BY position, " BY_ENTRY,
                         "ttt", table, column, value);

  return first_seen (chain, rows);
}

static const YlValue *
op_value (const YlOp *op, const char *column)
{
  for (guint i = 0; i < op->n_columns; i++)
    if (g_str_equal (op->columns[i], column))
      return &op->values[i];
  return NULL;
}

static char *
check_form (const YlTable *table, const YlOp *op)
{
  if ((table->flags & YL_TABLE_DERIVED) != 0)
    return g_strdup_printf (_ ("%s is worked out on every PC and cannot be written"), table->name);
  if (op->kind == YL_OP_UNKNOWN)
    return NULL;
  if ((table->flags & YL_TABLE_INSERT_ONLY) != 0 && op->kind != YL_OP_INSERT)
    return g_strdup_printf (_ ("a %s is a fact and cannot be changed"), table->name);
  for (guint i = 0; op->kind == YL_OP_UPDATE && i < op->n_columns; i++)
    {
      int field = yl_table_field (table, op->columns[i]);

      if (field >= 0 && (table->fields[field].flags & YL_FIELD_FIXED) != 0)
        return g_strdup_printf (_ ("%s of a %s is fixed once it is written"), op->columns[i], table->name);
    }
  return NULL;
}

static gboolean
is_confirmer (const Chain *chain, const YlOp *op, const char *node)
{
  const YlValue *site = op_value (op, "site");
  const YlValue *epoch = op_value (op, "epoch");
  g_autofree char *named = NULL;
  g_autofree char *named_epoch = NULL;

  if (site == NULL || site->type != YL_VALUE_TEXT || epoch == NULL || epoch->type != YL_VALUE_INTEGER)
    return FALSE;
  named = fact_at (chain, "site", site->bytes, "confirming_node");
  named_epoch = fact_at (chain, "site", site->bytes, "confirming_epoch");
  return g_strcmp0 (named, node) == 0 && named_epoch != NULL
         && g_ascii_strtoll (named_epoch, NULL, 10) == epoch->integer;
}

static gboolean
is_own_node (const YlOp *op, const char *node)
{
  const YlValue *named = op_value (op, "node");

  return named != NULL && named->type == YL_VALUE_TEXT && g_strcmp0 (named->bytes, node) == 0;
}

static char *
check_op (const Chain *chain, const YlOp *op, const char *node, gboolean head_office)
{
  const YlTable *table = yl_table_find (op->table);
  char *reason;

  if (table == NULL)
    return NULL;
  reason = check_form (table, op);
  if (reason != NULL)
    return reason;
  switch (table->right)
    {
    case YL_RIGHT_ANY_SITE:
      return NULL;
    case YL_RIGHT_HEAD_OFFICE:
      return head_office ? NULL : g_strdup_printf (_ ("only head office may write a %s"), table->name);
    case YL_RIGHT_CONFIRMER:
      return is_confirmer (chain, op, node)
                 ? NULL
                 : g_strdup (_ ("only the PC that confirms for the worker's store may confirm"));
    case YL_RIGHT_PEN:
      return g_strdup (_ ("a pen is made by the PC that writes with it, and by nobody else"));
    case YL_RIGHT_OWN_NODE:
      return is_own_node (op, node) ? NULL : g_strdup_printf (_ ("a PC writes a %s only about itself"), table->name);
    case YL_RIGHT_AUTHORITY:
      return g_strdup_printf (_ ("a %s is written by head office with the company's key"), table->name);
    default:
      g_assert_not_reached ();
    }
}

/* The PC whose pen it is: enrolled, or endorsed by one that is. */
static char *
node_of (const Chain *chain, const YlEntry *entry, gint64 w)
{
  char *node = named_at (chain, "node", "writer", entry->writer);

  if (node != NULL)
    return node;
  return yl_pen_is_first (entry) ? yl_pen_endorsed (chain->store, entry, chain->seen, NULL)
                                 : yl_pen_node (chain->store, entry->writer, w);
}

static char *
check_authority (const YlEntry *entry)
{
  for (guint i = 0; i < entry->ops->len; i++)
    {
      const YlOp *op = entry->ops->pdata[i];
      const YlTable *table = yl_table_find (op->table);
      char *reason = table != NULL ? check_form (table, op) : NULL;

      if (reason != NULL)
        return reason;
      if (table != NULL && table->right != YL_RIGHT_AUTHORITY)
        return g_strdup_printf (_ ("the company's key does not write a %s"), table->name);
    }
  return NULL;
}

/* Who an entry is from: a function of its writer, its actor and the authority chain it had seen. The last answer is kept, since the
 * same person writes many entries in a row. */
struct _YlRightMemo
{
  char *writer;
  gint64 w;
  char *actor;
  GArray *chain; /* of gint64: the authority's strands and what was seen of each */
  char *node;
  char *staff;   /* record id of the actor */
  char *refused; /* NULL: an active staff member at an enrolled PC */
  gboolean head_office;
};

void
yl_right_forget (YlStore *store)
{
  YlRightMemo *memo = g_steal_pointer (&store->rights);

  if (memo == NULL)
    return;
  g_free (memo->writer);
  g_free (memo->actor);
  g_free (memo->node);
  g_free (memo->staff);
  g_free (memo->refused);
  g_array_unref (memo->chain);
  g_free (memo);
}

static GArray *
seen_of_authority (const Chain *chain)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 w = 0; w < (gint64) chain->seen->len; w++)
    {
      gint64 position = yl_vector_get (chain->seen, w);

      if (position == 0 || g_strcmp0 (yl_store_writer_id (chain->store, w), chain->store->authority) != 0)
        continue;
      g_array_append_val (positions, w);
      g_array_append_val (positions, position);
    }
  return positions;
}

static gboolean
is_same_chain (const GArray *a, const GArray *b)
{
  return a->len == b->len && memcmp (a->data, b->data, a->len * sizeof (gint64)) == 0;
}

static char *
check_person (const Chain *chain, const YlEntry *entry, const char *staff, const char *site)
{
  g_autofree char *staff_site = NULL;
  g_autofree char *active = NULL;

  if (site == NULL)
    return g_strdup (_ ("this PC was not enrolled by head office"));
  staff_site = staff != NULL ? fact_at (chain, "staff", staff, "site") : NULL;
  active = staff != NULL ? fact_at (chain, "staff", staff, "active") : NULL;
  if (g_strcmp0 (staff_site, site) != 0 || g_strcmp0 (active, "1") != 0)
    return g_strdup_printf (_ ("%s is no active staff member of this PC's store"), entry->actor);
  return NULL;
}

static const YlRightMemo *
who_wrote (const Chain *chain, const YlEntry *entry, gint64 w)
{
  YlStore *store = chain->store;
  g_autoptr (GArray) positions = seen_of_authority (chain);
  g_autofree char *site = NULL;
  g_autofree char *kind = NULL;
  YlRightMemo *memo = store->rights;

  if (memo != NULL && memo->w == w && g_str_equal (memo->writer, entry->writer)
      && g_str_equal (memo->actor, entry->actor) && is_same_chain (memo->chain, positions) && !yl_pen_is_first (entry))
    return memo;
  yl_right_forget (store);
  memo = store->rights = g_new0 (YlRightMemo, 1);
  memo->writer = g_strdup (entry->writer);
  memo->w = w;
  memo->actor = g_strdup (entry->actor);
  memo->chain = g_steal_pointer (&positions);
  memo->node = node_of (chain, entry, w);
  site = memo->node != NULL ? fact_at (chain, "node", memo->node, "site") : NULL;
  memo->staff = named_at (chain, "staff", "code", entry->actor);
  memo->refused = check_person (chain, entry, memo->staff, site);
  kind = site != NULL ? fact_at (chain, "site", site, "kind") : NULL;
  memo->head_office = g_strcmp0 (kind, "head_office") == 0;
  return memo;
}

/* Whether its writer and actor may do this, but for revocations; @memo: NULL for the company's key. */
static char *
check_ops (const Chain *chain, const YlEntry *entry, gint64 w, const YlRightMemo **memo)
{
  *memo = NULL;
  if (g_str_equal (entry->writer, chain->store->authority))
    return check_authority (entry);
  *memo = who_wrote (chain, entry, w);
  if ((*memo)->refused != NULL)
    return g_strdup ((*memo)->refused);
  for (guint i = yl_pen_is_first (entry) ? 1 : 0; i < entry->ops->len; i++)
    {
      char *reason = check_op (chain, entry->ops->pdata[i], (*memo)->node, (*memo)->head_office);

      if (reason != NULL)
        return reason;
    }
  return NULL;
}

char *
yl_right_check (YlStore *store, const YlEntry *entry, gint64 w, const YlVector *seen)
{
  const Chain chain = { store, seen };
  const YlRightMemo *memo;
  char *reason = check_ops (&chain, entry, w, &memo);

  if (reason != NULL || memo == NULL)
    return reason;
  return yl_revocation_check (store, entry, memo->node, memo->staff, w, seen);
}

/* One more waits in the review tray. */
static gboolean
tell_review (YlStore *store, const char *node, GError **error)
{
  g_autoptr (YlTrouble) trouble = yl_trouble_find (store, YL_TROUBLE_REVIEW, node);
  gint64 before = trouble != NULL ? g_ascii_strtoll (trouble->detail, NULL, 10) : 0;
  g_autofree char *detail = g_strdup_printf ("%" PRId64, before + 1);

  return yl_trouble_raise (store, YL_TROUBLE_REVIEW, node, detail, error);
}

/* No honest program sends what its own door refuses. */
gboolean
yl_right_tell (YlStore *store, const YlEntry *entry, gint64 w, const YlVector *seen, GError **error)
{
  const Chain chain = { store, seen };
  const YlRightMemo *memo;
  g_autofree char *reason = check_ops (&chain, entry, w, &memo);

  if (reason != NULL)
    return yl_trouble_raise (store, YL_TROUBLE_OVERSTEP,
                             memo != NULL && memo->node != NULL ? memo->node : entry->writer, reason, error);
  return !yl_store_is_head_office (store) || tell_review (store, memo->node, error);
}
