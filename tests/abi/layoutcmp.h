// SPDX-License-Identifier: Apache-2.0
// Compares two layouts of the plugin header, as core/tools/abidump.c makes them.
#ifndef ANCHORAGE_TESTS_ABI_LAYOUTCMP_H
#define ANCHORAGE_TESTS_ABI_LAYOUTCMP_H

#include <stddef.h>

enum layout_verdict {
    LAYOUT_SAME,
    LAYOUT_GREW, // only additions at ends, which the size of a struct tells: built plugins go on working
    LAYOUT_BROKE // something moved, went or changed its meaning: built plugins would misread it
};

// `was` and `is` are whole layouts. Writes one line a difference into `out`, cut at `cap`.
enum layout_verdict layout_compare(const char *was, const char *is, char *out, size_t cap);

#endif
