#pragma once

#include "yl-codes.h"

/** YlCodeList: a named list of codes. */
typedef struct
{
  const char *name;
  const YlCode *codes;
} YlCodeList;

/* One array a file, each ended by a list without name. */
extern const YlCodeList yl_worker_code_lists[];
extern const YlCodeList yl_order_code_lists[];
extern const YlCodeList yl_people_code_lists[];
extern const YlCodeList yl_attachment_code_lists[];
