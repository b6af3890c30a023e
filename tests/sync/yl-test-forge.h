#pragma once

#include "exchange/yl-wire.h"

G_BEGIN_DECLS

/* Segments as a liar would send them. */

/** YlTestEdit: changes what is in a segment (element-type YlIncoming). */
typedef void (*YlTestEdit) (GPtrArray *entries, gpointer data);

/** yl_test_forge_segment: @segment, which @store could send, after @edit. */
GBytes *yl_test_forge_segment (YlStore *store, GBytes *segment, YlTestEdit edit, gpointer data);
/** yl_test_forge_signature: signs the entry anew, with the key of another PC, @signer. @store: has what comes before it in its log. */
void yl_test_forge_signature (YlStore *store, YlIncoming *incoming, YlStore *signer);
/** yl_test_forge_member: what would enrol a PC, as if the company's key had written it, signed by @signer's. */
YlIncoming *yl_test_forge_member (YlStore *store, YlStore *signer);

/* Edits */
void yl_test_edit_parents (GPtrArray *entries, gpointer data);     /* the last has seen less, or more */
void yl_test_edit_predecessor (GPtrArray *entries, gpointer data); /* the first follows another entry */
void yl_test_edit_content (GPtrArray *entries, gpointer data);     /* the last says something else */
void yl_test_edit_tail (GPtrArray *entries, gpointer data);        /* the last is gone */
void yl_test_edit_all (GPtrArray *entries, gpointer data);         /* all are gone */

G_END_DECLS
