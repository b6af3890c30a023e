#pragma once

#include "change/yl-change.h"
#include "yl-order.h"

G_BEGIN_DECLS

gboolean yl_claim_check (YlStore *store, const YlRecord *before, YlRecord *after, GError **error);

/** YlBookRequest: a promise. @start/@end 0: every visit of the order's schedule. */
typedef struct
{
  const char *order;
  const char *worker;
  gint64 start;
  gint64 end;
  gboolean force; /* although a rule says no; needs @reason */
  const char *reason;
  const char *overridden; /* codes of the rules overridden, comma list; set by the caller from the matcher */
  const char *stage;      /* match_stage the worker was found in, or NULL */
} YlBookRequest;

/**
 * yl_booking_promise: claims the worker for the order in one change set, with the attempt; confirms at once on the
 * confirming node of her store when she is free, otherwise the promise is tentative until that node has seen it.
 * Returns: ids of the claims (strv).
 * Errors: YL_ERROR_REFUSED (she is promised elsewhere then, the order is filled or closed; the sentence names it).
 */
GStrv yl_booking_promise (YlStore *store, const YlBookRequest *request, GError **error);

/** yl_booking_dropout: the worker cancels or does not come: withdrawal, dropout and attempt in one change set; the order is
 * back in matching with its cause. @claim: claim id. @cause: a withdrawal_cause code or NULL for `dropout`. Errors: YL_ERROR_REFUSED when not standing. */
gboolean yl_booking_dropout (YlStore *store, const char *claim, const char *cause, const char *reason, GError **error);

/** yl_booking_withdraw: the store takes a promise back (mistake, customer changed her mind). */
gboolean yl_booking_withdraw (YlStore *store, const char *claim, const char *cause, const char *note, GError **error);

/** yl_booking_rule_on: head office decides a clash. @verdict: `holds` or `gives_way`. */
gboolean yl_booking_rule_on (YlStore *store, const char *claim, const char *verdict, const char *note, GError **error);

/** yl_booking_add_evidence: evidence that the visit was served. */
gboolean yl_booking_add_evidence (YlStore *store, const char *claim, const char *kind, GError **error);

/** yl_booking_confirm: the confirming node says yes to one tentative promise. Errors: YL_ERROR_REFUSED where another PC confirms. */
gboolean yl_booking_confirm (YlStore *store, const char *claim, GError **error);

/** yl_booking_confirm_due: on a confirming node: confirms what others promised tentatively of its workers and is free.
 * A policy act after a sync, never part of a merge. Returns how many, or -1. */
int yl_booking_confirm_due (YlStore *store, GError **error);

G_END_DECLS
