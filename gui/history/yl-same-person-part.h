#pragma once

#include <adwaita.h>

#include "yl-session.h"

G_BEGIN_DECLS

#define YL_TYPE_SAME_PERSON_PART (yl_same_person_part_get_type ())
/**
 * YlSamePersonPart: the other records of a person, with what they say otherwise, each of which can be taken out again; and joining a
 * further one by its number.
 */
G_DECLARE_FINAL_TYPE (YlSamePersonPart, yl_same_person_part, YL, SAME_PERSON_PART, AdwBin)

/** yl_same_person_part_show: @id: the record that is shown. */
void yl_same_person_part_show (YlSamePersonPart *part, YlSession *session, const char *table, const char *id);

G_END_DECLS
