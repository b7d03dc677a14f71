// SPDX-License-Identifier: Apache-2.0
// Leaving small numbers out of public tables, so that nobody can work out what one supplier was paid.
#ifndef ANCHORAGE_SPEND_SUPPRESS_H
#define ANCHORAGE_SPEND_SUPPRESS_H

#include <stddef.h>
#include <stdint.h>

#define SUPPRESS_BELOW 5 // suppliers; groups of fewer are not told

enum suppressed {
    SUPPRESS_NOT,
    SUPPRESS_SMALL, // fewer than SUPPRESS_BELOW suppliers
    SUPPRESS_OTHER  // large enough itself, but with it somebody could work out a small one from the total
};

// Marks the rows of a table whose total is known. A row with nothing in it (no supplier, no money) is told.
// What is left out together never has fewer than two rows and SUPPRESS_BELOW suppliers, as far as the table
// has them: the smallest others go with it, by suppliers, then by money without its sign, then by row.
void suppress_rows(const int64_t *payees, const int64_t *pence, size_t n, enum suppressed *ret);

#endif
