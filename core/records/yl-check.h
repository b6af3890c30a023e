#pragma once

#include "store/yl-store.h"

G_BEGIN_DECLS

/* What several tables' checks have in common. Values are compared in their stored form. */

/** yl_check_refuse: sets YL_ERROR_REFUSED with @sentence. Returns FALSE. */
gboolean yl_check_refuse (GError **error, const char *sentence);

/** yl_check_dates: the date in @from is not after the one in @to, where both are set. Errors: YL_ERROR_INVALID. */
gboolean yl_check_dates (const YlRecord *record, const char *from, const char *to, GError **error);
/** yl_check_place: lat and lon are both set or both empty. Errors: YL_ERROR_INVALID. */
gboolean yl_check_place (const YlRecord *record, GError **error);

/** yl_check_is_changed: @after has another value in @column than @before; TRUE for an insert with a value. */
gboolean yl_check_is_changed (const YlRecord *before, const YlRecord *after, const char *column);
/** yl_check_fill_site: a new record without @column gets the store's own site. */
void yl_check_fill_site (YlStore *store, const YlRecord *before, YlRecord *after, const char *column);
/** yl_check_fill_text: a new record without @column gets @text. */
void yl_check_fill_text (const YlRecord *before, YlRecord *after, const char *column, const char *text);

G_END_DECLS
