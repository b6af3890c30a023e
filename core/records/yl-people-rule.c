#include "yl-people-rule.h"

#include <string.h>

typedef struct
{
  const char *id;
  guint parent; /* towards the root of its person */
  guint best;   /* of a root: the survivor so far */
  gboolean merged_away;
  gboolean living;
} Person;

typedef struct
{
  GArray *people;
  GHashTable *places; /* id -> place + 1 */
} Union;

static Person *
person_at (Union *all, guint place)
{
  return &g_array_index (all->people, Person, place);
}

static guint
place_of (Union *all, const char *id, GHashTable *living)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (all->places, id));
  Person person = { id, all->people->len, all->people->len, FALSE, g_hash_table_contains (living, id) };

  if (place > 0)
    return place - 1;
  g_array_append_val (all->people, person);
  g_hash_table_insert (all->places, (gpointer) id, GUINT_TO_POINTER (all->people->len));
  return all->people->len - 1;
}

static guint
root_of (Union *all, guint place)
{
  while (person_at (all, place)->parent != place)
    {
      Person *person = person_at (all, place);

      person->parent = person_at (all, person->parent)->parent;
      place = person->parent;
    }
  return place;
}

static gboolean
goes_before (const Person *a, const Person *b)
{
  if (a->living != b->living)
    return a->living;
  if (a->merged_away != b->merged_away)
    return b->merged_away;
  return strcmp (a->id, b->id) < 0;
}

static void
join_all (Union *all, const GArray *edges, GHashTable *living)
{
  for (guint i = 0; i < edges->len; i++)
    {
      const YlAliasEdge *edge = &g_array_index (edges, YlAliasEdge, i);
      guint from = place_of (all, edge->from, living);
      guint to = place_of (all, edge->to, living);

      if (from == to)
        continue;
      person_at (all, from)->merged_away = TRUE;
      person_at (all, root_of (all, from))->parent = root_of (all, to);
    }
}

GHashTable *
yl_people_decide (const GArray *edges, GHashTable *living)
{
  GHashTable *survivors = g_hash_table_new (g_str_hash, g_str_equal);
  Union all = { g_array_new (FALSE, FALSE, sizeof (Person)), g_hash_table_new (g_str_hash, g_str_equal) };

  join_all (&all, edges, living);
  for (guint i = 0; i < all.people->len; i++)
    {
      Person *root = person_at (&all, root_of (&all, i));

      if (goes_before (person_at (&all, i), person_at (&all, root->best)))
        root->best = i;
    }
  for (guint i = 0; i < all.people->len; i++)
    {
      guint best = person_at (&all, root_of (&all, i))->best;

      if (best != i)
        g_hash_table_insert (survivors, (gpointer) person_at (&all, i)->id, (gpointer) person_at (&all, best)->id);
    }
  g_array_unref (all.people);
  g_hash_table_unref (all.places);
  return survivors;
}
