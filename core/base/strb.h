// SPDX-License-Identifier: Apache-2.0
// A text builder with a stated maximum and a sticky overflow flag, checked once at the end.
#ifndef ANCHORAGE_BASE_STRB_H
#define ANCHORAGE_BASE_STRB_H

#include <stdbool.h>
#include <stddef.h>

struct strb {
    char *p;    // never NULL after strb_init; always NUL-terminated
    size_t n;   // bytes without the NUL
    size_t cap; // bytes allocated
    size_t max; // most bytes it may hold
    bool over;  // something did not fit; what is held is then incomplete
};

// Starts an empty builder that may grow to `max` bytes (heap memory, freed by strb_free).
void strb_init(struct strb *b, size_t max);
void strb_free(struct strb *b);
void strb_clear(struct strb *b);

void strb_put(struct strb *b, const void *bytes, size_t n);
void strb_puts(struct strb *b, const char *s); // NULL adds nothing
void strb_putc(struct strb *b, char c);
void strb_printf(struct strb *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
