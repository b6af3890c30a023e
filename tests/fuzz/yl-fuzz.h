#pragma once

#include <glib.h>

/*
 * A fuzz target is one function that hands foreign bytes to one parser and aborts when what comes back breaks a promise.
 * The same file is built twice: with libFuzzer (meson -Dfuzz=true, see docs/testing.md) and with fuzz-replay.c, which
 * reads the kept corpus in every ./check.
 */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);
