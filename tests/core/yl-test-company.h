#pragma once

#include "change/yl-change.h"
#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * A whole company in a folder of its own, without git and network: head office and stores as real files, change sets carried
 * by hand. For tests of core.
 */
typedef struct
{
  char *dir;
  guint n;         /* files: head office is 0 */
  guint n_founded; /* those that are no clones */
  YlStore **stores;
  gint64 *clocks;     /* UTC ms, one per store, moved by tests */
  gboolean keys_held; /* entries are carried without their keys: the test gives those itself */
  gint64 **taken;     /* taken[a][b]: the last of b's entries (by b's numbers) that a was given */
} YlTestCompany;

/* yl_test_company_new: head office and @n - 1 stores that know each other. */
YlTestCompany *yl_test_company_new (guint n);
/* yl_test_company_found: the same, but the stores have no change sets yet: tests of the log bring them. */
YlTestCompany *yl_test_company_found (guint n);
/* yl_test_company_copy: the same company in a new folder, from copied files: cheaper than founding anew. */
YlTestCompany *yl_test_company_copy (YlTestCompany *from);
/* yl_test_keep: a backup of the file of store @i, which yl_test_put_back() puts in its place. */
void yl_test_keep (YlTestCompany *company, guint i);
void yl_test_put_back (YlTestCompany *company, guint i);
/* yl_test_company_clone: a copy of the file of store @i, that goes on writing with the same pen: once for each company. Returns its
 * number. */
guint yl_test_company_clone (YlTestCompany *company, guint i);
void yl_test_company_free (YlTestCompany *company);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (YlTestCompany, yl_test_company_free)

/* yl_test_company_hold_keys: from now on keys do not come along. */
void yl_test_company_hold_keys (YlTestCompany *company);
/* yl_test_carry: gives @to at most @limit of the entries @from has, with their keys. Returns how many were new. */
guint yl_test_carry (YlTestCompany *company, guint from, guint to, guint limit);
/* yl_test_carry_all: until everybody has everything. */
void yl_test_carry_all (YlTestCompany *company);
/* yl_test_insert: one change set that adds @record, which it takes. Returns its id. */
char *yl_test_insert (YlStore *store, YlRecord *record);
/* yl_test_hire, yl_test_rename: a worker, one change set each. yl_test_hire() returns her record id. */
char *yl_test_hire (YlStore *store, const char *name);
void yl_test_rename (YlStore *store, const char *id, const char *name);
/* yl_test_order: a new customer's order of three hours, in a change set of its own. yl_test_promise: one claim. Both return the id. */
char *yl_test_order (YlStore *store, gint64 start);
char *yl_test_promise (YlStore *store, const char *order, const char *worker);
/* yl_test_assert_state: of a booking or an order_state; @cause NULL: none. */
void yl_test_assert_state (YlStore *store, const char *table, const char *id, const char *state, const char *cause);
/* yl_test_assert_agree: all files hold the same state, fsck finds nothing; @rebuilt: also after each was made anew from its log. */
void yl_test_assert_agree (YlTestCompany *company, gboolean rebuilt);
/* yl_test_remove: a folder and all in it. */
void yl_test_remove (const char *dir);

G_END_DECLS
