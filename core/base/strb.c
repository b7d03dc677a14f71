// SPDX-License-Identifier: Apache-2.0
// A text builder with a stated maximum and a sticky overflow flag.
#include "base/strb.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void grow(struct strb *b, size_t need) {
    size_t cap = b->cap;
    while (cap < need) {
        cap *= 2;
    }
    char *p = realloc(b->p, cap);
    if (!p) {
        fputs("strb: out of memory\n", stderr);
        abort();
    }
    b->p = p;
    b->cap = cap;
}

void strb_init(struct strb *b, size_t max) {
    *b = (struct strb){.max = max, .cap = 0};
    b->p = calloc(1, 64);
    if (!b->p) {
        fputs("strb: out of memory\n", stderr);
        abort();
    }
    b->cap = 64;
}

void strb_free(struct strb *b) {
    free(b->p);
    *b = (struct strb){0};
}

void strb_clear(struct strb *b) {
    b->n = 0;
    b->p[0] = 0;
    b->over = false;
}

void strb_put(struct strb *b, const void *bytes, size_t n) {
    if (b->over || n == 0) {
        return;
    }
    if (n > b->max || b->n > b->max - n) {
        b->over = true;
        return;
    }
    if (b->n + n + 1 > b->cap) {
        grow(b, b->n + n + 1);
    }
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
    b->p[b->n] = 0;
}

void strb_puts(struct strb *b, const char *s) {
    if (s) {
        strb_put(b, s, strlen(s));
    }
}

void strb_putc(struct strb *b, char c) {
    strb_put(b, &c, 1);
}

void strb_printf(struct strb *b, const char *fmt, ...) {
    char small[512];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->over = true;
        return;
    }
    if ((size_t)n < sizeof small) {
        strb_put(b, small, (size_t)n);
        return;
    }
    if ((size_t)n > b->max) {
        b->over = true;
        return;
    }
    char *big = malloc((size_t)n + 1);
    if (!big) {
        fputs("strb: out of memory\n", stderr);
        abort();
    }
    va_start(ap, fmt);
    vsnprintf(big, (size_t)n + 1, fmt, ap);
    va_end(ap);
    strb_put(b, big, (size_t)n);
    free(big);
}
