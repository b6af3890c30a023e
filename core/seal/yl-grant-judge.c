#include "yl-grant-judge.h"

#include "merge/yl-merge.h"
#include "merge/yl-person.h"

struct _YlGrantJudge
{
  YlStore *store;      /* Borrowed */
  char *site;          /* Owned, as all below */
  YlGrantFacts node;   /* what holds for every person */
  GHashTable *persons; /* id -> YlGrantFacts */
};

#define STANDING "('tentative', 'confirmed', 'served')"

/* The store promised the worker, or has the order in hand that she is promised to. */
#define SERVES_WORKER                                                            \
  "SELECT EXISTS (SELECT 1 FROM booking AS b JOIN claim AS c USING (id)"         \
  " WHERE b.worker = ?1 AND b.state IN " STANDING " AND c.by_site = ?2)"         \
  " OR EXISTS (SELECT 1 FROM booking AS b JOIN [order] AS o ON o.id = b.[order]" \
  " WHERE b.worker = ?1 AND b.state IN " STANDING " AND (o.site = ?2 OR o.store = ?2))"
/* The store has an order of the customer or household in hand, or one of its workers is promised to it. The + keeps SQLite from walking
 * all bookings of a state for each person. */
#define SERVES_HOME(column)                                                                   \
  "SELECT EXISTS (SELECT 1 FROM [order] WHERE " column " = ?1 AND (site = ?2 OR store = ?2))" \
  " OR EXISTS (SELECT 1 FROM [order] AS o JOIN booking AS b ON b.[order] = o.id"              \
  " JOIN claim AS c ON c.id = b.id WHERE o." column " = ?1 AND +b.state IN " STANDING         \
  " AND (c.site = ?2 OR c.by_site = ?2))"

/* How each table of persons says what a store is to one of them. */
static const struct
{
  const char *table;
  const char *home;   /* the column that can move a person to another store; NULL: she stays where she was entered */
  const char *serves; /* SQL over (person, site); NULL: nothing does */
} ties[] = {
  { "worker", "home_store", SERVES_WORKER },
  { "customer", "store", SERVES_HOME ("customer") },
  { "household", NULL, SERVES_HOME ("household") },
  { "staff", NULL, NULL },
};

static char *
text_of (YlStore *store, const char *table, const char *column, const char *id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT [%s] FROM [%s] WHERE id = ?", column, table);

  return yl_database_text (store->database, NULL, sql, "t", id);
}

/* The store of the PC that writes so, or wrote so before its file was put back. */
static char *
site_of_writer (YlStore *store, const char *writer)
{
  return yl_database_text (
      store->database, NULL,
      "SELECT site FROM node WHERE writer = ?1 OR id = (SELECT node FROM pen_fact WHERE writer = ?1) LIMIT 1", "t",
      writer);
}

/* The store of who wrote the value that a record shows. */
static char *
site_of_author (YlStore *store, const char *table, const char *column, const char *id)
{
  g_autoptr (GPtrArray) standing = yl_merge_standing (store, table, id, column, NULL);
  const YlEntryFacts *facts = NULL;

  if (standing != NULL && standing->len > 0)
    facts = yl_store_entry_facts (store, ((YlStanding *) standing->pdata[0])->n);
  return facts != NULL ? site_of_writer (store, yl_store_writer_id (store, facts->w)) : NULL;
}

static gboolean
is_head_office (YlStore *store, const char *site)
{
  g_autofree char *kind = site != NULL ? text_of (store, "site", "kind", site) : NULL;

  return g_strcmp0 (kind, "head_office") == 0;
}

/* A store cannot take another's person by writing so: only the store she was entered at, and head office, move her. */
static char *
home_of (YlStore *store, guint tie, const char *person)
{
  g_autofree char *entered = text_of (store, ties[tie].table, "site", person);
  g_autofree char *moved = ties[tie].home != NULL ? text_of (store, ties[tie].table, ties[tie].home, person) : NULL;
  g_autofree char *author = NULL;

  if (moved == NULL || g_strcmp0 (moved, entered) == 0)
    return g_steal_pointer (&entered);
  author = site_of_author (store, ties[tie].table, ties[tie].home, person);
  if (g_strcmp0 (author, entered) == 0 || is_head_office (store, author))
    return g_steal_pointer (&moved);
  return g_steal_pointer (&entered);
}

static void
find_ties (YlGrantJudge *judge, const char *person, YlGrantFacts *facts)
{
  for (guint i = 0; i < G_N_ELEMENTS (ties); i++)
    {
      g_autofree char *id = text_of (judge->store, ties[i].table, "id", person);
      g_autofree char *home = id != NULL ? home_of (judge->store, i, person) : NULL;
      gint64 serves = 0;

      if (id == NULL)
        continue;
      facts->home = g_strcmp0 (home, judge->site) == 0;
      facts->colleague = g_str_equal (ties[i].table, "staff");
      if (!facts->home && ties[i].serves != NULL)
        facts->serves =
            yl_database_integer (judge->store->database, &serves, 0, NULL, ties[i].serves, "tt", person, judge->site)
            && serves != 0;
      return;
    }
}

static const YlGrantFacts *
facts_of (YlGrantJudge *judge, const char *person)
{
  YlGrantFacts *facts = g_hash_table_lookup (judge->persons, person);

  if (facts != NULL)
    return facts;
  facts = g_memdup2 (&judge->node, sizeof judge->node);
  facts->erased = yl_person_is_erased (judge->store, person);
  if (!facts->erased && !facts->head_office && !facts->unknown)
    find_ties (judge, person, facts);
  g_hash_table_insert (judge->persons, g_strdup (person), facts);
  return facts;
}

static gboolean
is_revoked (YlStore *store, const char *writer)
{
  gint64 found;

  return !yl_database_integer (store->database, &found, 0, NULL,
                               "SELECT 1 FROM revocation JOIN node ON node.id = revocation.node WHERE node.writer = ?1"
                               " OR node.id = (SELECT node FROM pen_fact WHERE writer = ?1) LIMIT 1",
                               "t", writer)
         || found != 0;
}

YlGrantJudge *
yl_grant_judge_new (YlStore *store, const char *writer)
{
  YlGrantJudge *judge = g_new0 (YlGrantJudge, 1);

  judge->store = store;
  judge->persons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  judge->site = site_of_writer (store, writer);
  judge->node.unknown = judge->site == NULL;
  judge->node.revoked = is_revoked (store, writer);
  judge->node.head_office = is_head_office (store, judge->site);
  return judge;
}

YlGrantJudge *
yl_grant_judge_new_self (YlStore *store)
{
  return yl_grant_judge_new (store, store->identity);
}

void
yl_grant_judge_free (YlGrantJudge *judge)
{
  g_hash_table_unref (judge->persons);
  g_free (judge->site);
  g_free (judge);
}

YlGrantVerdict
yl_grant_judge_ask (YlGrantJudge *judge, const char *person, YlDisclosure disclosure, const char *made_by)
{
  YlGrantFacts facts = *facts_of (judge, person);

  facts.wrote = made_by != NULL && g_strcmp0 (made_by, judge->site) == 0;
  return yl_grant_policy (&facts, disclosure);
}

gboolean
yl_grant_judge_is_tied (YlGrantJudge *judge, const char *person)
{
  const YlGrantFacts *facts = facts_of (judge, person);

  return facts->home || facts->serves;
}

const char *
yl_grant_judge_site (YlGrantJudge *judge)
{
  return judge->site;
}
