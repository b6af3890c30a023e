#pragma once

#include "log/yl-merge-log.h"
#include "store/yl-store.h"
#include "yl-test-dir.h"

G_BEGIN_DECLS

/** YlTestPair: a company of two, each with its own file in a temporary folder: head office and one store, which has
 * taken in its enrolment. */
typedef struct
{
  char *dir;
  YlStore *head;
  YlStore *branch;
} YlTestPair;

YlTestPair *yl_test_pair_new (void);
void yl_test_pair_free (YlTestPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTestPair, yl_test_pair_free)

/** yl_test_write_entries: @n change sets, one new household each. */
void yl_test_write_entries (YlStore *store, guint n);

/** yl_test_log: every logged entry as it travels, in local order (element-type YlIncoming). */
GPtrArray *yl_test_log (YlStore *store);
YlIncoming *yl_test_incoming_copy (const YlIncoming *incoming);

/** yl_test_deliver: appends at @from and hands all of its log to @to. Returns how many entries were new there. */
guint yl_test_deliver (YlStore *from, YlStore *to);

/** yl_test_fingerprint: state hash, frontier, refs and number of objects, to see whether anything changed. */
char *yl_test_fingerprint (YlStore *store);
/** yl_test_refs: `name oid` lines. */
char *yl_test_refs (YlStore *store);

/** yl_test_hostile_home: points HOME and XDG_CONFIG_HOME at a git configuration that nobody can read without failing, and
 * stock git away from it. Before the first use of the log. */
void yl_test_hostile_home (const char *dir);

G_END_DECLS
