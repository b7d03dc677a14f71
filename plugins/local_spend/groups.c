// SPDX-License-Identifier: Apache-2.0
// Spend by groups, and what of it the public may be told.
#include "groups.h"

#include <string.h>

// ---- reading --------------------------------------------------------------------------------------------

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static struct group *group_of(struct groups *g, const struct anc_sum *row) {
    for (uint32_t i = g->count; i-- > 0;) { // rows of a group come one behind the other
        if (is(g->list[i].key, row->key)) {
            return &g->list[i];
        }
    }
    struct group *one = &g->list[g->count++];
    *one = (struct group){.key = row->key,
                          .label = row->label,
                          .apart = true,
                          .local_apart = true,
                          .unknown_apart = true,
                          .other_apart = true,
                          .vcfse_apart = true};
    return one;
}

static void take_place(const struct view *v, struct group *g, const struct anc_sum *row) {
    if (is(row->then_key, "local")) {
        g->local += row->pence;
        g->local_payees += row->payees;
        g->local_apart = view_told(v, row);
    } else if (is(row->then_key, "unknown")) {
        g->unknown += row->pence;
        g->unknown_payees += row->payees;
        g->unknown_apart = view_told(v, row);
    } else {
        g->other_payees += row->payees;
        g->other_apart = view_told(v, row);
    }
}

anc_rc groups_read(struct view *v, const struct anc_slice *slice, int32_t by, struct groups *ret) {
    struct anc_slice s = *slice;
    struct view_rows whole, places, tags = {.count = 0};
    s.by = by;
    anc_rc rc = view_slice(v, &s, &whole);
    s.then_by = ANC_BY_PLACE;
    rc = rc == ANC_OK ? view_slice(v, &s, &places) : rc;
    s.then_by = ANC_BY_NOTHING;
    if (rc == ANC_OK && view_headline_vcfse(v, &s)) {
        rc = view_slice(v, &s, &tags);
    }
    if (rc != ANC_OK) {
        return rc;
    }
    *ret = (struct groups){.list = v->host->mem->alloc(v->ctx, (whole.count + 1u) * sizeof *ret->list)};
    for (uint32_t i = 0; i < whole.count; i++) {
        const struct anc_sum *row = view_row(&whole, i);
        struct group *g = group_of(ret, row);
        g->pence = row->pence;
        g->payees = row->payees;
        g->apart = view_told(v, row);
    }
    for (uint32_t i = 0; i < places.count; i++) {
        take_place(v, group_of(ret, view_row(&places, i)), view_row(&places, i));
    }
    for (uint32_t i = 0; i < tags.count; i++) {
        const struct anc_sum *row = view_row(&tags, i);
        struct group *g = group_of(ret, row);
        g->vcfse = row->pence;
        g->vcfse_payees = row->payees;
        g->vcfse_apart = view_told(v, row);
    }
    return ANC_OK;
}

// ---- rows -----------------------------------------------------------------------------------------------

uint32_t groups_rows(const struct groups *g) {
    return g->count + (g->rest.payees > 0);
}

struct group *groups_row(struct groups *g, uint32_t i) {
    return i < g->count ? &g->list[i] : &g->rest;
}

void groups_by_amount(struct groups *g) {
    for (uint32_t i = 1; i < g->count; i++) {
        const struct group one = g->list[i];
        uint32_t k = i;
        for (; k > 0 && g->list[k - 1].pence < one.pence; k--) {
            g->list[k] = g->list[k - 1];
        }
        g->list[k] = one;
    }
}

// ---- small groups ---------------------------------------------------------------------------------------

static uint64_t size_of(int64_t pence) {
    return pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;
}

static bool is_empty(const struct group *g) {
    return g->payees == 0 && g->pence == 0;
}

// Takes a group out of the list and into the rest.
static void fold(struct groups *g, uint32_t at) {
    const struct group one = g->list[at];
    memmove(&g->list[at], &g->list[at + 1], (g->count + g->folded - at - 1) * sizeof one);
    g->count--;
    g->list[g->count + g->folded] = one;
    g->folded++;
    g->rest.pence += one.pence;
    g->rest.local += one.local;
    g->rest.unknown += one.unknown;
    g->rest.vcfse += one.vcfse;
    g->rest.payees += one.payees;
    g->rest.local_payees += one.local_payees;
    g->rest.unknown_payees += one.unknown_payees;
    g->rest.other_payees += one.other_payees;
    g->rest.vcfse_payees += one.vcfse_payees;
}

// count: nothing is left that could be taken.
static uint32_t smallest(const struct groups *g) {
    uint32_t best = g->count;
    for (uint32_t i = 0; i < g->count; i++) {
        const struct group *one = &g->list[i], *least = &g->list[best];
        if (!is_empty(one) && one->payees > 0 &&
            (best == g->count || one->payees < least->payees ||
             (one->payees == least->payees && size_of(one->pence) < size_of(least->pence)))) {
            best = i;
        }
    }
    return best;
}

static void fold_few(const struct view *v, struct groups *g, int64_t least) {
    g->rest = (struct group){.key = "",
                             .label = "Small groups, together",
                             .local_apart = true,
                             .unknown_apart = true,
                             .other_apart = true,
                             .vcfse_apart = true};
    if (!v->for_public) {
        return;
    }
    for (uint32_t i = g->count; i-- > 0;) {
        const struct group *one = &g->list[i];
        bool few = one->payees >= least && one->payees < VIEW_FEWEST;
        if (!is_empty(one) && (few || !one->apart)) {
            fold(g, i);
        }
    }
    while (g->folded > 0 && (g->folded < 2 || g->rest.payees < VIEW_FEWEST)) {
        uint32_t next = smallest(g);
        if (next == g->count) {
            break;
        }
        fold(g, next);
    }
}

void groups_fold(const struct view *v, struct groups *g) {
    fold_few(v, g, 0);
}

void groups_fold_kinds(const struct view *v, struct groups *g) {
    fold_few(v, g, 1);
}

// ---- small parts of groups --------------------------------------------------------------------------------

static bool *told(struct group *g, bool places) {
    return places ? &g->places_told : &g->vcfse_told;
}

static int64_t inside(const struct group *g, bool places) {
    return places ? g->local_payees : g->vcfse_payees;
}

static bool is_few(const struct view *v, const struct group *g, bool places, bool apart) {
    if (view_few(v, inside(g, places)) || !(places ? g->local_apart : g->vcfse_apart)) {
        return true;
    }
    if (!places) {
        return view_few(v, g->payees - g->vcfse_payees);
    }
    return apart ? view_few(v, g->unknown_payees) || view_few(v, g->other_payees) || !g->unknown_apart ||
                       !g->other_apart
                 : view_few(v, g->unknown_payees + g->other_payees);
}

static struct group *smallest_told(struct groups *g, bool places) {
    struct group *best = NULL;
    for (uint32_t i = 0; i < groups_rows(g); i++) {
        struct group *one = groups_row(g, i);
        if (*told(one, places) && inside(one, places) > 0 &&
            (!best || inside(one, places) < inside(best, places))) {
            best = one;
        }
    }
    return best;
}

static void tell_column(const struct view *v, struct groups *g, bool places, bool apart) {
    uint32_t closed = 0;
    int64_t behind = 0;
    for (uint32_t i = 0; i < groups_rows(g); i++) {
        struct group *one = groups_row(g, i);
        bool few = is_few(v, one, places, apart);
        *told(one, places) = !few;
        closed += few;
        behind += few ? inside(one, places) : 0;
    }
    while (closed > 0 && (closed < 2 || behind < VIEW_FEWEST)) {
        struct group *next = smallest_told(g, places);
        if (!next) {
            break;
        }
        *told(next, places) = false;
        closed++;
        behind += inside(next, places);
    }
}

void groups_tell(const struct view *v, struct groups *g, bool apart) {
    tell_column(v, g, true, apart);
    tell_column(v, g, false, apart);
}
