#pragma once

#include "matching/yl-match.h"
#include "change/yl-change.h"

/* A limit above the number of workers of any fixture. */
#define EVERYBODY 100000

/* Head office's store with a small made-up chain in a directory of its own, at a fixed time, and a matcher over it. */
typedef struct
{
  char *dir;
  char *file;
  YlStore *store;
  YlMatcher *matcher;
  GRand *rand;
} MatcherFixture;

void matcher_fixture_set_up (MatcherFixture *fixture, gconstpointer data);
void matcher_fixture_tear_down (MatcherFixture *fixture, gconstpointer data);
gint64 matcher_fixture_now (gpointer data);

/* The ids that a query gives; one of them by chance; a number; a script that must work. */
GPtrArray *matcher_fixture_ids (MatcherFixture *fixture, const char *query);
char *matcher_fixture_any (MatcherFixture *fixture, const char *query);
gint64 matcher_fixture_integer (MatcherFixture *fixture, const char *query, const char *a, const char *b);
void matcher_fixture_run (MatcherFixture *fixture, const char *sql);

/* Funnel, candidates, scores and raw values as one text. */
char *matcher_fixture_print (const YlMatchResult *result);
char *matcher_fixture_match (YlMatcher *matcher, const char *order);
/* Ends a change that so far must have worked. */
void matcher_fixture_commit (YlChange *change, GError *error);
