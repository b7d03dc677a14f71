// SPDX-License-Identifier: Apache-2.0
// Ready-made HTML and the plain text of people as paragraphs.
#include "base/strb.h"
#include "render/helpers.h"
#include "render/table.h"
#include "render/value.h"

#define PARAGRAPHS_MAX (4u * 1024 * 1024)

const struct html *html_take(struct arena *a, struct strb *b) {
    struct html *h = arena_alloc(a, sizeof *h);
    h->bytes = arena_strndup(a, b->p, b->n);
    h->n = b->n;
    strb_free(b);
    return h;
}

const char *html_bytes(const struct html *h, size_t *ret_n) {
    *ret_n = h ? h->n : 0;
    return h ? h->bytes : "";
}

const struct html *paragraphs(struct arena *a, const char *text) {
    struct strb b;
    strb_init(&b, PARAGRAPHS_MAX);
    lines_write(&b, text ? text : "");
    return html_take(a, &b);
}
