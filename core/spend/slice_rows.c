// SPDX-License-Identifier: Apache-2.0
// Groups to rows: keys, words, order, and no more than were asked for.
#include "spend/cubeint.h"

#include "base/day.h"
#include "domain/supplier.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MOST 100000u
#define MANY      500 // groups: above, they are sorted by their first bytes

struct words {
    const char *key, *label;
};

static const struct words flows[ANC_FLOW_COUNT + 1] = {
    [ANC_FLOW_PROCUREMENT] = {"procurement", "Goods, works and services"},
    [ANC_FLOW_GRANT] = {"grant", "Grants"},
    [ANC_FLOW_CREDIT] = {"credit", "Credits"},
    [ANC_FLOW_PUBLIC_TRANSFER] = {"public_transfer", "To other public bodies"},
    [ANC_FLOW_PASS_THROUGH] = {"pass_through", "Passed on by an agency"},
    [ANC_FLOW_INDIVIDUAL] = {"individual", "To or for people"},
    [ANC_FLOW_TREASURY] = {"treasury", "Loans, taxes and pensions"},
    [ANC_FLOW_CARD] = {"card", "Paid by card"},
    [ANC_FLOW_HIDDEN] = {"hidden", "Name not published"},
    [ANC_FLOW_COUNT] = {"", "Not known"},
};
static const struct words places[] = {[ANC_PLACE_LOCAL] = {"local", "In the area"},
                                      [ANC_PLACE_ELSEWHERE] = {"elsewhere", "Elsewhere"},
                                      [ANC_PLACE_UNKNOWN] = {"unknown", "Not known"}};
static const struct words vcfse[] = {[ANC_VCFSE_YES] = {"yes", "VCFSE"},
                                     [ANC_VCFSE_POLICY] = {"policy", "VCFSE by local policy"},
                                     [ANC_VCFSE_REVIEW] = {"review", "May be VCFSE"},
                                     [ANC_VCFSE_NO] = {"no", "Not VCFSE"},
                                     [ANC_VCFSE_UNKNOWN] = {"unknown", "Not known"}};
static const struct words sizes[] = {{"", "Not known"},
                                     {"micro", "Micro (fewer than 10 people)"},
                                     {"small", "Small (10 to 49 people)"},
                                     {"medium", "Medium (50 to 249 people)"},
                                     {"large", "Large (250 people or more)"}};

const char *cube_flow_key(uint32_t flow) {
    return flows[flow < ANC_FLOW_COUNT ? flow : ANC_FLOW_COUNT].key;
}

static struct words in_list(const struct text_list *l, const char *const *names, uint32_t n,
                            const char *none) {
    const char *code = n < l->count ? l->text[n] : "";
    const char *name = names && n < l->count ? names[n] : NULL;
    return (struct words){code, !*code ? none : name && *name ? name : code};
}

static struct words year_words(const struct plan *p, int32_t year) {
    char label[32] = "";
    financial_year_label(year, label);
    return (struct words){arena_printf(p->c->arena, "%d", year), arena_strdup(p->c->arena, label)};
}

static struct words month_words(const struct plan *p, uint32_t value) {
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    int32_t month = month_base() + (int32_t)value;
    return (struct words){arena_printf(p->c->arena, "%04d-%02d", month / 12, month % 12 + 1),
                          arena_printf(p->c->arena, "%s %d", names[month % 12], month / 12)};
}

static struct words words_of(const struct plan *p, const struct side *s, uint32_t value) {
    const struct facts *f = p->v->facts;
    const char *sector;
    switch (s->by) {
    case ANC_BY_YEAR:
        return year_words(p, s->year[value]);
    case ANC_BY_MONTH:
        return month_words(p, value);
    case ANC_BY_ANCHOR:
        return value < f->anchors && f->anchor_ref[value]
                   ? (struct words){f->anchor_ref[value], f->anchor_name[value]}
                   : (struct words){"", "Not known"};
    case ANC_BY_FLOW:
        return flows[value];
    case ANC_BY_PLACE:
        return places[value];
    case ANC_BY_WARD:
        return in_list(&f->wards, f->ward_name, value, "Elsewhere or not known");
    case ANC_BY_AREA:
        return in_list(&f->areas, f->area_name, value, "Not known");
    case ANC_BY_SECTOR:
        sector = value < f->sectors.count ? f->sectors.text[value] : "";
        return (struct words){sector, !*sector                         ? "Not known"
                                      : *supplier_sector_words(sector) ? supplier_sector_words(sector)
                                                                       : sector};
    case ANC_BY_VCFSE:
        return vcfse[value];
    case ANC_BY_SIZE:
        return sizes[value];
    case ANC_BY_VCFSE_CLASS:
        return in_list(&f->classes, NULL, value, "No class");
    case ANC_BY_PAYEE:
        return (struct words){f->entity[value].key, f->entity[value].label};
    case ANC_BY_CATEGORY:
        return (struct words){p->category[value], *p->category[value] ? p->category[value] : "Not said"};
    default:
        return (struct words){"", ""};
    }
}

// ---- order --------------------------------------------------------------------------------------------

// Keys of years and months have the order of their numbers; others that of their texts.
static const char *plain_key(const struct plan *p, const struct side *s, uint32_t value) {
    switch (s->by) {
    case ANC_BY_PAYEE:
        return p->v->facts->entity[value].key;
    case ANC_BY_CATEGORY:
        return p->category[value];
    default:
        return words_of(p, s, value).key;
    }
}

static int by_value(const struct plan *p, const struct side *s, uint32_t a, uint32_t b) {
    if (a == b) {
        return 0;
    }
    if (s->by == ANC_BY_YEAR) {
        return s->year[a] < s->year[b] ? -1 : 1;
    }
    if (s->by == ANC_BY_MONTH) {
        return a < b ? -1 : 1;
    }
    int cmp = strcmp(plain_key(p, s, a), plain_key(p, s, b));
    return cmp ? cmp : a < b ? -1 : 1;
}

static int in_order(const void *x, const void *y, void *arg) {
    const struct plan *p = arg;
    const struct group *a = x, *b = y;
    if (p->in->largest && a->pence != b->pence) {
        return a->pence > b->pence ? -1 : 1;
    }
    int cmp = by_value(p, &p->a, a->a, b->a);
    return cmp ? cmp : by_value(p, &p->b, a->b, b->b);
}

// ---- many rows: by the first bytes of what they are ordered by -----------------------------------------

#define DIGITS 256

struct place { // of a group in the order
    uint64_t head;
    uint32_t group;
};

// Eight bytes that have the order of texts as strcmp sees it, as far as they go.
static uint64_t head_of_text(const char *s) {
    uint64_t head = 0;
    size_t n = strnlen(s, sizeof head);
    memcpy(&head, s, n);
    return be64toh(head);
}

static uint64_t head_of(const struct plan *p, const struct group *g) {
    if (p->in->largest) {
        return ~((uint64_t)g->pence ^ (uint64_t)1 << 63);
    }
    if (p->a.by == ANC_BY_YEAR || p->a.by == ANC_BY_MONTH) {
        return p->a.by == ANC_BY_YEAR ? (uint64_t)((int64_t)p->a.year[g->a] - INT32_MIN) : g->a;
    }
    return head_of_text(plain_key(p, &p->a, g->a));
}

// One pass for each byte, from the last to the first; bytes that are all alike are left out.
static struct place *by_heads(struct place *from, struct place *to, size_t n) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t at[DIGITS + 1] = {0};
        for (size_t i = 0; i < n; i++) {
            at[(from[i].head >> shift & 0xFF) + 1]++;
        }
        if (at[(from[0].head >> shift & 0xFF) + 1] == n) {
            continue;
        }
        for (size_t i = 0; i < DIGITS; i++) {
            at[i + 1] += at[i];
        }
        for (size_t i = 0; i < n; i++) {
            to[at[from[i].head >> shift & 0xFF]++] = from[i];
        }
        struct place *moved = from;
        from = to;
        to = moved;
    }
    return from;
}

static void sort_many(struct plan *p, struct group *g, size_t n) {
    struct place *a = cube_alloc(n, sizeof *a), *b = cube_alloc(n, sizeof *b);
    struct group *sorted = cube_alloc(n, sizeof *sorted);
    for (size_t i = 0; i < n; i++) {
        a[i] = (struct place){head_of(p, &g[i]), (uint32_t)i};
    }
    const struct place *order = by_heads(a, b, n);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = g[order[i].group];
    }
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && order[end].head == order[i].head;) {
            end++;
        }
        if (end - i > 1) {
            qsort_r(sorted + i, end - i, sizeof *sorted, in_order, p);
        }
    }
    memcpy(g, sorted, n * sizeof *g);
    free(a);
    free(b);
    free(sorted);
}

// ---- the first ones -----------------------------------------------------------------------------------

static void sink(struct plan *p, struct group *heap, size_t n, size_t at) {
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && in_order(&heap[child], &heap[child + 1], p) < 0) {
            child++;
        }
        if (in_order(&heap[at], &heap[child], p) >= 0) {
            return;
        }
        struct group moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

// Puts the first `most` of n in front, in order: a heap of them with the last one on top.
static void put_first(struct plan *p, struct group *g, size_t n, size_t most) {
    if (most < n) {
        for (size_t i = most / 2 + 1; i-- > 0;) {
            sink(p, g, most, i);
        }
        for (size_t i = most; i < n; i++) {
            if (in_order(&g[i], &g[0], p) < 0) {
                struct group moved = g[0];
                g[0] = g[i];
                g[i] = moved;
                sink(p, g, most, 0);
            }
        }
        n = most;
    }
    if (n >= MANY) {
        sort_many(p, g, n);
    } else if (n > 1) { // with none there may be no memory either
        qsort_r(g, n, sizeof *g, in_order, p);
    }
}

enum err slice_rows(const struct plan *p, struct group *g, size_t n, uint32_t *ret_count,
                    const struct anc_sum **ret_rows) {
    size_t most = p->in->most && p->in->most < n ? p->in->most : n;
    struct plan own = *p;
    if (most > ROWS_MOST) {
        return ctx_fail(p->c, ERR_TOO_LARGE,
                        "This choice of payments gives %zu rows. Choose fewer, or the largest.", n);
    }
    put_first(&own, g, n, most);
    struct anc_sum *row = arena_array(p->c->arena, most + 1, sizeof *row);
    for (size_t i = 0; i < most; i++) {
        struct words a = words_of(p, &p->a, g[i].a), b = words_of(p, &p->b, g[i].b);
        row[i] = (struct anc_sum){.size = sizeof *row,
                                  .key = a.key,
                                  .label = a.label,
                                  .then_key = b.key,
                                  .then_label = b.label,
                                  .pence = g[i].pence,
                                  .lines = g[i].lines,
                                  .payees = g[i].payees,
                                  .credit_pence = g[i].credit};
    }
    *ret_count = (uint32_t)most;
    *ret_rows = row;
    return ERR_OK;
}
