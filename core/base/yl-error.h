#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * YlError:
 * @YL_ERROR_FAILED: something did not work and no caller needs to know more.
 * @YL_ERROR_INVALID: the input itself is wrong: an unknown field, a bad date, a malformed change set.
 * @YL_ERROR_NOT_FOUND: no such record, file or code.
 * @YL_ERROR_STALE: a field changed under the form; the message holds both values.
 * @YL_ERROR_REFUSED: a rule of the trade or a right says no.
 * @YL_ERROR_MISSING: an entry arrived before something it has seen; deliver that first.
 * @YL_ERROR_OFFLINE: the other side cannot be reached.
 * @YL_ERROR_CORRUPT: the store file or the log is damaged, or is no store at all.
 * @YL_ERROR_NEWER: written by a newer version of the program.
 * @YL_ERROR_FULL: the disk is full.
 *
 * The one error domain of core and sync. Messages are one sentence: what, where, what to do.
 */
typedef enum
{
  YL_ERROR_FAILED,
  YL_ERROR_INVALID,
  YL_ERROR_NOT_FOUND,
  YL_ERROR_STALE,
  YL_ERROR_REFUSED,
  YL_ERROR_MISSING,
  YL_ERROR_OFFLINE,
  YL_ERROR_CORRUPT,
  YL_ERROR_NEWER,
  YL_ERROR_FULL,
} YlError;

#define YL_ERROR (yl_error_quark ())
GQuark yl_error_quark (void);

G_END_DECLS
