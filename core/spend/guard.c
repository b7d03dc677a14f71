// SPDX-License-Identifier: Apache-2.0
// Verdicts: which answers the public may be told.
#include "spend/guard.h"

#include "spend/crowds.h"
#include "spend/slice_text.h"

#include <stdio.h>
#include <stdlib.h>

enum dim { DIM_ANCHOR, DIM_PLACE, DIM_WARD, DIM_VCFSE, DIM_SIZE, DIM_FLOW, DIM_SECTOR, DIMS };

// A filter. value: the number of a body, ward or sector; else a set: of places, decisions without POLICY,
// sizes (bit 0: not known), kinds of payment.
struct filter {
    bool set;
    uint8_t rule;
    uint32_t value;
    uint64_t
        classes; // of those by policy, as a set of their numbers; the last bit stands for all from there on
};
struct choice {
    struct filter of[DIMS]; // kinds of payment are always set
};

#define ALL_FLOWS   UINT32_MAX
#define ALL_CLASSES UINT64_MAX
#define DECISIONS   ((1u << (ANC_VCFSE_UNKNOWN + 1)) - 1)
#define OPTIONS     64
#define GROUPS      4096u // of payments by the options that take them; a power of 2

struct bundle {
    uint64_t bits; // options that take it
    bool used;
    struct crowd crowd;
};

struct asking {
    const struct cube_view *v;
    const struct crowds *all;
    int32_t year;
    uint32_t usual_flows;
    uint64_t usual_classes;
    struct choice b; // what is asked about
    struct crowd who;
    uint32_t *in, in_count; // profiles that it takes
    struct {
        uint8_t dim;
        struct filter is;
    } option[OPTIONS];
    uint32_t options;
    uint64_t own; // options that b is made of
    struct bundle *group;
    uint32_t groups;
    bool too_many;
};

// ---- filters ----------------------------------------------------------------------------------------------

static uint64_t class_bit(uint32_t n) {
    return (uint64_t)1 << (n < 63 ? n : 63);
}

static uint32_t anchor_of(const struct asking *q, const struct profile *p) {
    return q->v->dict->cell[p->cell].anchor;
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
    return q->v->dict->cell[p->cell].fy == q->year;
}

static bool takes_all(const struct asking *q, const struct choice *x, const struct profile *p) {
    for (uint32_t d = 0; d < DIMS; d++) {
        if (x->of[d].set && !takes(q, d, &x->of[d], p)) {
            return false;
        }
    }
    return of_year(q, p);
}

// ---- order ------------------------------------------------------------------------------------------------

static bool usual_flow(const struct asking *q, const struct choice *x) {
    return x->of[DIM_FLOW].value == q->usual_flows;
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
    return dim == DIM_VCFSE && !(f->value == 1u << ANC_VCFSE_YES && f->classes == q->usual_classes);
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

// ---- what could be nearly the same
// --------------------------------------------------------------------------

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
        if (!takes(q, dim, &f, &q->all->profile[q->in[i]])) {
            crowd_join(&out, &q->all->crowd[q->in[i]]);
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
        uint32_t n = number_in(q, dim, rule, &q->all->profile[q->in[i]]) & UINT16_MAX;
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
    const struct filter sets[] = {{.value = yes, .classes = q->usual_classes},
                                  {.value = DECISIONS & ~yes & ~policy, .classes = ~q->usual_classes},
                                  {.value = yes},
                                  {.value = yes | review, .classes = ALL_CLASSES},
                                  {.value = review},
                                  {.classes = ALL_CLASSES},
                                  {.value = 1u << ANC_VCFSE_NO},
                                  {.value = 1u << ANC_VCFSE_UNKNOWN}};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        try_option(q, DIM_VCFSE, sets[i]);
    }
    for (uint32_t i = 0; i < 64 && i < q->v->facts->classes.count; i++) {
        try_option(q, DIM_VCFSE, (struct filter){.classes = class_bit(i)});
    }
}

static void find_options(struct asking *q) {
    for (uint32_t d = 0; d < DIMS; d++) {
        if (q->b.of[d].set) {
            try_option(q, d, q->b.of[d]);
        }
    }
    q->own = ((uint64_t)1 << q->options) - 1;
    try_option(q, DIM_FLOW, (struct filter){.value = q->usual_flows});
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

// All payments of the year by the options that take them.
static void group_all(struct asking *q) {
    q->group = cube_alloc(GROUPS, sizeof *q->group);
    for (uint32_t i = 0; i < q->all->count && !q->too_many; i++) {
        const struct profile *p = &q->all->profile[i];
        uint64_t bits = 0;
        if (!of_year(q, p)) {
            continue;
        }
        for (uint32_t o = 0; o < q->options; o++) {
            bits |= (uint64_t)takes(q, q->option[o].dim, &q->option[o].is, p) << o;
        }
        uint32_t at = (uint32_t)((bits * UINT64_C(0x9E3779B97F4A7C15)) >> 40) & (GROUPS - 1);
        while (q->group[at].used && q->group[at].bits != bits) {
            at = (at + 1) & (GROUPS - 1);
        }
        q->groups += !q->group[at].used;
        q->group[at].used = true;
        q->group[at].bits = bits;
        crowd_join(&q->group[at].crowd, &q->all->crowd[i]);
        q->too_many = q->groups > GROUPS / 4 * 3;
    }
    uint32_t n = 0; // those that are used, side by side
    for (uint32_t i = 0; i < GROUPS; i++) {
        if (q->group[i].used) {
            q->group[n++] = q->group[i];
        }
    }
}

// ---- comparing --------------------------------------------------------------------------------------------

static bool within(uint64_t bits, uint64_t of) {
    return (bits & of) == of;
}

// Suppliers of b that another choice leaves out; enough when there are 5.
static bool leaves_enough(const struct asking *q, uint64_t other) {
    struct crowd out = {.count = 0};
    for (uint32_t i = 0; i < q->groups && out.count < SUPPRESS_BELOW; i++) {
        if (within(q->group[i].bits, q->own) && !within(q->group[i].bits, other)) {
            crowd_join(&out, &q->group[i].crowd);
        }
    }
    return out.count >= SUPPRESS_BELOW;
}

// Whether an earlier choice that is told differs from b by 1 to 4.
static bool tells_on(const struct asking *q, const struct choice *a, uint64_t bits) {
    struct crowd differ = {.count = 0}, whole = {.count = 0};
    if (order(q, a, &q->b) >= 0) {
        return false;
    }
    for (uint32_t i = 0; i < q->groups; i++) {
        const struct bundle *g = &q->group[i];
        bool in_a = within(g->bits, bits);
        if (in_a) {
            crowd_join(&whole, &g->crowd);
        }
        if (in_a != within(g->bits, q->own)) {
            crowd_join(&differ, &g->crowd);
        }
    }
    return differ.count > 0 && differ.count < SUPPRESS_BELOW &&
           (whole.count >= SUPPRESS_BELOW || is_published(q, a));
}

static bool fits(const struct choice *a, uint32_t dim, uint8_t rule) {
    return dim != DIM_WARD || !a->of[DIM_PLACE].set || a->of[DIM_PLACE].rule == rule;
}

// Every choice of options, one of a kind at most.
static bool any_tells_on(const struct asking *q, struct choice *a, uint64_t bits, uint32_t dim) {
    if (leaves_enough(q, bits) || filters_of(q, a) > GUARD_FILTERS + 1) {
        return false;
    }
    if (dim == DIMS) {
        return tells_on(q, a, bits);
    }
    if (dim != DIM_FLOW && any_tells_on(q, a, bits, dim + 1)) {
        return true;
    }
    for (uint32_t i = 0; i < q->options; i++) {
        if (q->option[i].dim != dim || !fits(a, dim, q->option[i].is.rule)) {
            continue;
        }
        a->of[dim] = q->option[i].is;
        bool found = any_tells_on(q, a, bits | (uint64_t)1 << i, dim + 1);
        a->of[dim] = (struct filter){.set = false};
        if (found) {
            return true;
        }
    }
    return false;
}

static enum guard_says judge(struct asking *q) {
    q->in = cube_alloc((size_t)q->all->count + 1, sizeof *q->in);
    for (uint32_t i = 0; i < q->all->count; i++) {
        if (takes_all(q, &q->b, &q->all->profile[i])) {
            q->in[q->in_count++] = i;
            crowd_join(&q->who, &q->all->crowd[i]);
        }
    }
    if (q->who.count == 0) {
        return GUARD_NAMELESS;
    }
    if (is_published(q, &q->b)) {
        return GUARD_TELLS;
    }
    if (q->who.count < SUPPRESS_BELOW) {
        return GUARD_FEW;
    }
    if (filters_of(q, &q->b) > GUARD_FILTERS) {
        return GUARD_ISOLATES;
    }
    find_options(q);
    group_all(q);
    struct choice a = {.of = {{.set = false}}};
    return q->too_many || any_tells_on(q, &a, 0, 0) ? GUARD_ISOLATES : GUARD_TELLS;
}

// ---- from slices ------------------------------------------------------------------------------------------

static const char *text(const char *s) {
    return s ? s : "";
}

// False: a filter names what is not there, or contradicts another.
static bool set_number(struct filter *f, uint8_t rule, bool found, const uint32_t *n) {
    bool fits_in = found && (!f->set || f->value == *n);
    *f = (struct filter){.set = true, .rule = rule, .value = *n};
    return fits_in;
}

static bool set_bits(struct filter *f, uint8_t rule, uint32_t bits) {
    f->value = f->set ? f->value & bits : bits;
    f->set = true;
    f->rule = rule;
    return f->value != 0;
}

static bool find_anchor(const struct facts *f, const char *ref, uint32_t *ret) {
    for (uint32_t i = 0; i < f->anchors; i++) {
        if (f->anchor_ref[i] && strcmp(f->anchor_ref[i], ref) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static uint64_t classes_of(const struct facts *f, const char *words) {
    uint64_t out = 0;
    for (const char *s = words + strspn(words, " "); *s;) {
        size_t n = strcspn(s, " ");
        out |= n == 1 && *s == *SLICE_NO_CLASS ? class_bit(0) : 0;
        for (uint32_t i = 1; i < f->classes.count; i++) {
            if (strlen(f->classes.text[i]) == n && strncmp(f->classes.text[i], s, n) == 0) {
                out |= class_bit(i);
            }
        }
        s += n + strspn(s + n, " ");
    }
    return out;
}

static bool set_tags(struct filter *f, uint32_t decisions, uint64_t classes) {
    bool had = f->set;
    f->value = had ? f->value & decisions : decisions;
    f->classes = had ? f->classes & classes : classes;
    f->set = true;
    return f->value != 0 || f->classes != 0;
}

static bool narrow_to_slice(struct asking *q, const struct anc_slice *s) {
    const struct facts *f = q->v->facts;
    const uint32_t policy = 1u << ANC_VCFSE_POLICY;
    struct filter *of = q->b.of;
    uint8_t rule = (uint8_t)s->rule;
    uint32_t n = 0;
    bool ok = true;
    of[DIM_FLOW] = (struct filter){.set = true, .value = s->flows ? s->flows : ALL_FLOWS};
    if (*text(s->anchor_ref)) {
        ok = ok && set_number(&of[DIM_ANCHOR], 0, find_anchor(f, s->anchor_ref, &n), &n);
    }
    if (*text(s->ward)) {
        ok = ok && set_number(&of[DIM_WARD], rule, text_list_find(&f->wards, s->ward, &n), &n);
    }
    if (*text(s->sector)) {
        ok = ok && set_number(&of[DIM_SECTOR], 0, text_list_find(&f->sectors, s->sector, &n), &n);
    }
    ok = ok && (!s->places || set_bits(&of[DIM_PLACE], rule, s->places));
    ok = ok && (!s->sizes || set_bits(&of[DIM_SIZE], 0, s->sizes << 1));
    if (s->vcfse || *text(s->vcfse_classes)) {
        uint64_t classes = *text(s->vcfse_classes) ? classes_of(f, s->vcfse_classes)
                           : s->vcfse & policy     ? ALL_CLASSES
                                                   : 0;
        ok = ok && set_tags(&of[DIM_VCFSE], s->vcfse & ~policy, classes);
    }
    return ok;
}

static uint32_t index_of(const char *const *words, uint32_t n, const char *key) {
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(words[i], key) == 0) {
            return i;
        }
    }
    return n;
}

static bool narrow_to_row(struct asking *q, uint8_t rule, const struct guard_row *row) {
    static const char *const places[] = {"local", "elsewhere", "unknown"};
    static const char *const tags[] = {"yes", "policy", "review", "no", "unknown"};
    static const char *const sizes[] = {"", "micro", "small", "medium", "large"};
    const struct facts *f = q->v->facts;
    struct filter *of = q->b.of;
    uint32_t n = 0;
    switch (row->by) {
    case ANC_BY_ANCHOR:
        return set_number(&of[DIM_ANCHOR], 0, find_anchor(f, row->key, &n), &n);
    case ANC_BY_WARD:
        return set_number(&of[DIM_WARD], rule, text_list_find(&f->wards, row->key, &n) || !*row->key, &n);
    case ANC_BY_SECTOR:
        return set_number(&of[DIM_SECTOR], 0, text_list_find(&f->sectors, row->key, &n) || !*row->key, &n);
    case ANC_BY_PLACE:
        return set_bits(&of[DIM_PLACE], rule, 1u << index_of(places, 3, row->key));
    case ANC_BY_SIZE:
        return set_bits(&of[DIM_SIZE], 0, 1u << index_of(sizes, 5, row->key));
    case ANC_BY_FLOW:
        while (n < ANC_FLOW_COUNT && strcmp(cube_flow_key(n), row->key) != 0) {
            n++;
        }
        return set_bits(&of[DIM_FLOW], 0, 1u << n);
    case ANC_BY_VCFSE:
        n = index_of(tags, 5, row->key);
        return n == ANC_VCFSE_POLICY ? set_tags(&of[DIM_VCFSE], 0, ALL_CLASSES)
                                     : set_tags(&of[DIM_VCFSE], 1u << n, 0);
    case ANC_BY_VCFSE_CLASS:
        return !*row->key || set_tags(&of[DIM_VCFSE], 0, classes_of(f, row->key));
    default:
        return true;
    }
}

// ---- verdicts that were given
// -------------------------------------------------------------------------------

#define KEPT_MOST 16384u // verdicts; a power of 2
#define KEY_BYTES 600

struct guard {
    pthread_mutex_t lock;
    struct crowds *all; // NULL before the first question
    struct {
        char *key;
        enum guard_says says;
    } kept[KEPT_MOST];
    uint32_t kept_count;
};

struct guard *guard_new(void) {
    struct guard *g = cube_alloc(1, sizeof *g);
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void guard_free(struct guard *g) {
    if (!g) {
        return;
    }
    for (uint32_t i = 0; i < KEPT_MOST; i++) {
        free(g->kept[i].key);
    }
    crowds_free(g->all);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

static uint32_t slot_of(const struct guard *g, const char *key) {
    uint32_t h = 2166136261u;
    for (const char *s = key; *s; s++) {
        h = (h ^ (unsigned char)*s) * 16777619u;
    }
    uint32_t at = h & (KEPT_MOST - 1);
    while (g->kept[at].key && strcmp(g->kept[at].key, key) != 0) {
        at = (at + 1) & (KEPT_MOST - 1);
    }
    return at;
}

// False: too long to be kept.
static bool write_key(const struct guard_usual *u, const struct anc_slice *s, int32_t year,
                      const struct guard_row row[2], char ret[KEY_BYTES]) {
    int n = snprintf(ret, KEY_BYTES, "%x|%s|%d|%x|%x|%x|%x|%d|%s|%s|%s|%s|%d|%s|%d|%s", u->flows,
                     text(u->classes), (int)year, s->flows, s->places, s->vcfse, s->sizes, (int)s->rule,
                     text(s->anchor_ref), text(s->ward), text(s->sector), text(s->vcfse_classes),
                     (int)row[0].by, row[0].key, (int)row[1].by, row[1].key);
    return n > 0 && n < KEY_BYTES;
}

static bool find_kept(struct guard *g, const struct cube_view *v, const char *key, enum guard_says *ret) {
    pthread_mutex_lock(&g->lock);
    g->all = g->all ? g->all : crowds_of(v);
    uint32_t at = slot_of(g, key);
    bool found = g->kept[at].key != NULL;
    *ret = found ? g->kept[at].says : GUARD_ISOLATES;
    pthread_mutex_unlock(&g->lock);
    return found;
}

static void keep(struct guard *g, const char *key, enum guard_says says) {
    pthread_mutex_lock(&g->lock);
    uint32_t at = slot_of(g, key);
    if (!g->kept[at].key && g->kept_count < KEPT_MOST / 4 * 3) {
        g->kept[at].key = strdup(key);
        g->kept[at].says = says;
        g->kept_count++;
    }
    pthread_mutex_unlock(&g->lock);
}

enum guard_says guard_ask(struct guard *g, const struct cube_view *v, const struct guard_usual *usual,
                          const struct anc_slice *s, int32_t year, const struct guard_row row[2]) {
    char key[KEY_BYTES];
    enum guard_says says;
    if (*text(s->payee) || *text(s->category) || *text(s->area) || s->from_month || s->to_month ||
        s->rule < 0 || s->rule >= PLACE_RULES || !write_key(usual, s, year, row, key)) {
        return GUARD_ISOLATES;
    }
    if (find_kept(g, v, key, &says)) {
        return says;
    }
    struct asking q = {.v = v, .all = g->all, .year = year, .usual_flows = usual->flows};
    q.usual_classes = classes_of(v->facts, text(usual->classes));
    bool any = narrow_to_slice(&q, s) && narrow_to_row(&q, (uint8_t)s->rule, &row[0]) &&
               narrow_to_row(&q, (uint8_t)s->rule, &row[1]);
    says = any ? judge(&q) : GUARD_NAMELESS;
    free(q.in);
    free(q.group);
    keep(g, key, says);
    return says;
}
