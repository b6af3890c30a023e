#pragma once

#include "store/yl-catalogue.h"

/* The orders of the job that rivals are measured with: an id and nine plain text columns. In `bench_order` all are open, as with the
 * rivals; in `bench_order_sealed` the note is sealed under its customer's key. */
extern const YlCatalogueExtension yl_bench_orders;
