#pragma once

#include "yl-database.h"

G_BEGIN_DECLS

/* A store file says of itself that it is being made, so that one whose making was cut short is known for what it is. */

/** yl_making_begin: before anything else is written in it; yl_making_end: it is whole. */
gboolean yl_making_begin (YlDatabase *database, GError **error);
gboolean yl_making_end (YlDatabase *database, GError **error);
/** yl_making_is_over: FALSE with YL_ERROR_CORRUPT where it is not. */
gboolean yl_making_is_over (YlDatabase *database, GError **error);
/** yl_making_was_cut: @file is a store that never came to be, or an empty file: nobody can have written anything in it. */
gboolean yl_making_was_cut (const char *file);

G_END_DECLS
