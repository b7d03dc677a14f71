// SPDX-License-Identifier: Apache-2.0
// The verdict on one answer: whether an earlier one differs from it by fewer than five suppliers.
#include "spend/guardint.h"

#include <stdlib.h>

#define DECISIONS ((1u << (ANC_VCFSE_UNKNOWN + 1)) - 1)
#define OPTIONS   64
#define BUNDLES   1024u

struct bundle { // payments that the same options take
    uint64_t bits;
    struct crowd crowd;
};

struct asking {
    struct question q;
    struct choice first; // the earliest of the choices that are the same payments as b
    struct crowd who;
    uint32_t *of_year, of_year_count; // profiles
    uint32_t *in, in_count;           // of these, those that b takes
    bool *takes_in;                   // the same, of all profiles
    struct {
        uint8_t dim;
        struct filter is;
    } option[OPTIONS];
    uint32_t options;
    uint64_t own; // options that b is made of
    struct bundle *bundle;
    uint32_t bundles;
    bool too_many;
};

// ---- filters ----------------------------------------------------------------------------------------------

static uint32_t anchor_of(const struct asking *q, const struct profile *p) {
    return q->q.v->dict->cell[p->cell].anchor;
}

static bool takes(const struct asking *q, uint32_t dim, const struct filter *f, const struct profile *p) {
    switch (dim) {
    case DIM_ANCHOR:
        return anchor_of(q, p) == f->value;
    case DIM_PLACE:
        return f->value >> p->place[f->rule] & 1;
    case DIM_WARD:
        return p->ward[f->rule] == f->value;
    case DIM_VCFSE:
        return p->vcfse == ANC_VCFSE_POLICY ? (f->classes & class_bit(p->vcfse_class)) != 0
                                            : f->value >> p->vcfse & 1;
    case DIM_SIZE:
        return f->value >> p->size & 1;
    case DIM_FLOW:
        return f->value >> p->flow & 1;
    default:
        return p->sector == f->value;
    }
}

static bool same(const struct filter *a, const struct filter *b) {
    return a->set == b->set && a->rule == b->rule && a->value == b->value && a->classes == b->classes;
}

static bool of_year(const struct asking *q, const struct profile *p) {
    return q->q.v->dict->cell[p->cell].fy == q->q.year;
}

static bool takes_all(const struct asking *q, const struct choice *x, const struct profile *p) {
    for (uint32_t d = 0; d < DIMS; d++) {
        if (x->of[d].set && !takes(q, d, &x->of[d], p)) {
            return false;
        }
    }
    return true;
}

// ---- order ------------------------------------------------------------------------------------------------

static bool usual_flow(const struct asking *q, const struct choice *x) {
    return !x->of[DIM_FLOW].set || x->of[DIM_FLOW].value == q->q.usual_flows;
}

static int filters_of(const struct asking *q, const struct choice *x) {
    int n = !usual_flow(q, x);
    for (uint32_t d = 0; d < DIMS; d++) {
        n += d != DIM_FLOW && x->of[d].set;
    }
    return n;
}

static bool is_published(const struct asking *q, const struct choice *x) {
    bool flows = usual_flow(q, x) || x->of[DIM_FLOW].value == ALL_FLOWS;
    return flows && filters_of(q, x) == !usual_flow(q, x) + x->of[DIM_ANCHOR].set;
}

static int rule_of(const struct choice *x) {
    int place = x->of[DIM_PLACE].set ? x->of[DIM_PLACE].rule : 0;
    return x->of[DIM_WARD].set && x->of[DIM_WARD].rule > place ? x->of[DIM_WARD].rule : place;
}

// The headline before the other ways to count as VCFSE.
static int kind_of(const struct asking *q, uint32_t dim, const struct filter *f) {
    return dim == DIM_VCFSE && !(f->value == 1u << ANC_VCFSE_YES && f->classes == q->q.usual_classes);
}

// Below 0: a comes first.
static int order(const struct asking *q, const struct choice *a, const struct choice *b) {
    int by = rule_of(a) - rule_of(b);
    by = by ? by : filters_of(q, a) - filters_of(q, b);
    for (uint32_t d = 0; d < DIMS && !by; d++) {
        by = b->of[d].set - a->of[d].set;
    }
    for (uint32_t d = 0; d < DIMS && !by; d++) {
        const struct filter *x = &a->of[d], *y = &b->of[d];
        by = kind_of(q, d, x) - kind_of(q, d, y);
        by = by ? by : (x->value > y->value) - (x->value < y->value);
        by = by ? by : (x->classes > y->classes) - (x->classes < y->classes);
    }
    return by;
}

// ---- what could be nearly the same ---------------------------------------------------------------------

static bool has_option(const struct asking *q, uint32_t dim, const struct filter *f) {
    for (uint32_t i = 0; i < q->options; i++) {
        if (q->option[i].dim == dim && same(&q->option[i].is, f)) {
            return true;
        }
    }
    return false;
}

// Takes a filter in when it leaves out fewer than 5 suppliers of b.
static void try_option(struct asking *q, uint32_t dim, struct filter f) {
    struct crowd out = {.count = 0};
    f.set = true;
    for (uint32_t i = 0; i < q->in_count && out.count < SUPPRESS_BELOW; i++) {
        if (!takes(q, dim, &f, &q->q.all->profile[q->in[i]])) {
            crowd_join(&out, &q->q.all->crowd[q->in[i]]);
        }
    }
    if (out.count >= SUPPRESS_BELOW || has_option(q, dim, &f)) {
        return;
    }
    q->too_many = q->too_many || q->options == OPTIONS;
    if (!q->too_many) {
        q->option[q->options].dim = (uint8_t)dim;
        q->option[q->options++].is = f;
    }
}

static uint32_t number_in(const struct asking *q, uint32_t dim, uint8_t rule, const struct profile *p) {
    return dim == DIM_ANCHOR ? anchor_of(q, p)
           : dim == DIM_WARD ? p->ward[rule]
           : dim == DIM_FLOW ? p->flow
                             : p->sector;
}

// Each body, ward, sector or kind of payment that b has.
static void try_numbers(struct asking *q, uint32_t dim, uint8_t rule) {
    uint8_t *seen = cube_alloc((UINT16_MAX + 1) / 8, 1);
    for (uint32_t i = 0; i < q->in_count && !q->too_many; i++) {
        uint32_t n = number_in(q, dim, rule, &q->q.all->profile[q->in[i]]) & UINT16_MAX;
        if (!(seen[n / 8] >> (n % 8) & 1)) {
            seen[n / 8] |= (uint8_t)(1u << (n % 8));
            try_option(q, dim, (struct filter){.rule = rule, .value = dim == DIM_FLOW ? 1u << (n & 31) : n});
        }
    }
    free(seen);
}

static void try_tags(struct asking *q) {
    const uint32_t yes = 1u << ANC_VCFSE_YES, review = 1u << ANC_VCFSE_REVIEW;
    const uint32_t policy = 1u << ANC_VCFSE_POLICY;
    const struct filter sets[] = {{.value = yes, .classes = q->q.usual_classes},
                                  {.value = DECISIONS & ~yes & ~policy, .classes = ~q->q.usual_classes},
                                  {.value = yes},
                                  {.value = yes | review, .classes = ALL_CLASSES},
                                  {.value = review},
                                  {.classes = ALL_CLASSES},
                                  {.value = 1u << ANC_VCFSE_NO},
                                  {.value = 1u << ANC_VCFSE_UNKNOWN}};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        try_option(q, DIM_VCFSE, sets[i]);
    }
    for (uint32_t i = 0; i < 64 && i < q->q.v->facts->classes.count; i++) {
        try_option(q, DIM_VCFSE, (struct filter){.classes = class_bit(i)});
    }
}

static void find_options(struct asking *q) {
    for (uint32_t d = 0; d < DIMS; d++) {
        if (q->q.b.of[d].set) {
            try_option(q, d, q->q.b.of[d]);
        }
    }
    q->own = ((uint64_t)1 << q->options) - 1;
    try_option(q, DIM_FLOW, (struct filter){.value = q->q.usual_flows});
    try_option(q, DIM_FLOW, (struct filter){.value = ALL_FLOWS});
    try_numbers(q, DIM_FLOW, 0);
    try_numbers(q, DIM_ANCHOR, 0);
    try_numbers(q, DIM_SECTOR, 0);
    for (uint8_t rule = 0; rule < PLACE_RULES; rule++) {
        try_numbers(q, DIM_WARD, rule);
        for (uint32_t place = 0; place <= ANC_PLACE_UNKNOWN; place++) {
            try_option(q, DIM_PLACE, (struct filter){.rule = rule, .value = 1u << place});
        }
    }
    for (uint32_t size = 0; size <= ANC_SIZE_LARGE + 1; size++) {
        try_option(q, DIM_SIZE, (struct filter){.value = 1u << size});
    }
    try_option(q, DIM_SIZE, (struct filter){.value = 2u | 4u | 8u}); // micro, small and medium
    try_tags(q);
}

// What b takes, by the options that take it too.
static void bundle_own(struct asking *q) {
    q->bundle = cube_alloc(BUNDLES, sizeof *q->bundle);
    for (uint32_t i = 0; i < q->in_count && !q->too_many; i++) {
        const struct profile *p = &q->q.all->profile[q->in[i]];
        uint64_t bits = 0;
        for (uint32_t o = 0; o < q->options; o++) {
            bits |= (uint64_t)takes(q, q->option[o].dim, &q->option[o].is, p) << o;
        }
        uint32_t at = 0;
        while (at < q->bundles && q->bundle[at].bits != bits) {
            at++;
        }
        q->too_many = at == BUNDLES;
        if (!q->too_many) {
            q->bundles += at == q->bundles;
            q->bundle[at].bits = bits;
            crowd_join(&q->bundle[at].crowd, &q->q.all->crowd[q->in[i]]);
        }
    }
}

// ---- comparing --------------------------------------------------------------------------------------------

static bool within(uint64_t bits, uint64_t of) {
    return (bits & of) == of;
}

// Those of b whom another choice leaves out.
static void left_out(const struct asking *q, uint64_t other, struct crowd *ret) {
    *ret = (struct crowd){.count = 0};
    for (uint32_t i = 0; i < q->bundles && ret->count < SUPPRESS_BELOW; i++) {
        if (!within(q->bundle[i].bits, other)) {
            crowd_join(ret, &q->bundle[i].crowd);
        }
    }
}

// A choice to compare b with: options that it is made of, and the profiles that these take.
struct candidate {
    struct choice is;
    uint64_t bits;
    const uint32_t *list;
    uint32_t count;
};

// Whom only one of the two has; no more than `most` are looked for.
static void differ(const struct asking *q, const struct candidate *a, uint8_t most, struct crowd *ret) {
    left_out(q, a->bits, ret);
    for (uint32_t i = 0; i < a->count && ret->count < most && !(most == 1 && ret->nameless); i++) {
        if (!q->takes_in[a->list[i]]) {
            crowd_join(ret, &q->q.all->crowd[a->list[i]]);
        }
    }
}

static bool is_told_at_all(const struct asking *q, const struct candidate *a) {
    struct crowd whole = {.count = 0};
    for (uint32_t i = 0; i < a->count && whole.count < SUPPRESS_BELOW; i++) {
        crowd_join(&whole, &q->q.all->crowd[a->list[i]]);
    }
    return whole.count >= SUPPRESS_BELOW || is_published(q, &a->is);
}

// The first look: an answer can be asked for in several ways, and its place in the order is that of the
// first.
static bool keep_first(struct asking *q, const struct candidate *a) {
    struct crowd d;
    if (order(q, &a->is, &q->first) < 0) {
        differ(q, a, 1, &d);
        if (d.count == 0 && !d.nameless) {
            q->first = a->is;
        }
    }
    return false;
}

// The second: whether an earlier choice that is told differs from b by 1 to 4.
static bool tells_on(struct asking *q, const struct candidate *a) {
    struct crowd d;
    if (order(q, &a->is, &q->first) >= 0) {
        return false;
    }
    differ(q, a, SUPPRESS_BELOW, &d);
    return d.count > 0 && d.count < SUPPRESS_BELOW && is_told_at_all(q, a);
}

static bool fits(const struct choice *a, uint32_t dim, uint8_t rule) {
    return dim != DIM_WARD || !a->of[DIM_PLACE].set || a->of[DIM_PLACE].rule == rule;
}

typedef bool look_fn(struct asking *q, const struct candidate *a);

static bool any(struct asking *q, look_fn *look, const struct candidate *a, uint32_t dim);

// The same with one option more.
static bool any_with(struct asking *q, look_fn *look, const struct candidate *a, uint32_t dim,
                     uint32_t option) {
    struct candidate with = {.is = a->is, .bits = a->bits | (uint64_t)1 << option};
    uint32_t *list = cube_grow(NULL, (size_t)a->count + 1, sizeof *list);
    for (uint32_t i = 0; i < a->count; i++) {
        list[with.count] = a->list[i];
        with.count += takes(q, dim, &q->option[option].is, &q->q.all->profile[a->list[i]]);
    }
    with.list = list;
    with.is.of[dim] = q->option[option].is;
    bool found = any(q, look, &with, dim + 1);
    free(list);
    return found;
}

// Whether it, and whatever has more filters, comes behind b.
static bool is_late(const struct asking *q, const struct choice *a) {
    int by = rule_of(a) - rule_of(&q->first);
    return by > 0 || (by == 0 && filters_of(q, a) > filters_of(q, &q->first));
}

// Looks at every choice of options, one of a kind at most, from this kind on; true as soon as a look is.
static bool any(struct asking *q, look_fn *look, const struct candidate *a, uint32_t dim) {
    struct crowd out;
    if (is_late(q, &a->is) || filters_of(q, &a->is) > GUARD_FILTERS) {
        return false;
    }
    left_out(q, a->bits, &out);
    if (out.count >= SUPPRESS_BELOW) {
        return false;
    }
    if (dim == DIMS) {
        return look(q, a);
    }
    if (dim != DIM_FLOW && any(q, look, a, dim + 1)) {
        return true;
    }
    for (uint32_t i = 0; i < q->options; i++) {
        if (q->option[i].dim == dim && fits(&a->is, dim, q->option[i].is.rule) &&
            any_with(q, look, a, dim, i)) {
            return true;
        }
    }
    return false;
}

// Profiles of the year, and which of them b takes.
static void look_through(struct asking *q) {
    uint32_t n = q->q.all->count;
    q->in = cube_alloc((size_t)n + 1, sizeof *q->in);
    q->of_year = cube_alloc((size_t)n + 1, sizeof *q->of_year);
    q->takes_in = cube_alloc((size_t)n + 1, sizeof *q->takes_in);
    for (uint32_t i = 0; i < n; i++) {
        if (!of_year(q, &q->q.all->profile[i])) {
            continue;
        }
        q->of_year[q->of_year_count++] = i;
        if (takes_all(q, &q->q.b, &q->q.all->profile[i])) {
            q->takes_in[i] = true;
            q->in[q->in_count++] = i;
            crowd_join(&q->who, &q->q.all->crowd[i]);
        }
    }
}

static enum guard_says judge(struct asking *q) {
    look_through(q);
    if (q->who.count == 0) {
        return GUARD_NAMELESS;
    }
    if (is_published(q, &q->q.b)) {
        return GUARD_TELLS;
    }
    if (q->who.count < SUPPRESS_BELOW) {
        return GUARD_FEW;
    }
    if (filters_of(q, &q->q.b) > GUARD_FILTERS) {
        return GUARD_ISOLATES;
    }
    find_options(q);
    bundle_own(q);
    if (q->too_many) {
        return GUARD_ISOLATES;
    }
    const struct candidate all = {.list = q->of_year, .count = q->of_year_count};
    q->first = q->q.b;
    any(q, keep_first, &all, 0);
    return !is_published(q, &q->first) && any(q, tells_on, &all, 0) ? GUARD_ISOLATES : GUARD_TELLS;
}

enum guard_says guard_judge(const struct question *q) {
    struct asking a = {.q = *q};
    enum guard_says says = judge(&a);
    free(a.in);
    free(a.of_year);
    free(a.takes_in);
    free(a.bundle);
    return says;
}
