#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_ACCESS_PART (yl_access_part_get_type ())
/** YlAccessPart: which PCs can read a person's particulars, and why; once she was erased, which have carried that out. */
G_DECLARE_FINAL_TYPE (YlAccessPart, yl_access_part, YL, ACCESS_PART, AdwBin)

/** yl_access_part_show: @person: id of a worker or a customer, or NULL. */
void yl_access_part_show (YlAccessPart *part, YlSession *session, const char *person);

G_END_DECLS
