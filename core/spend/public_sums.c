// SPDX-License-Identifier: Apache-2.0
// Sums as the public may see them. The guard says which answers may stand beside all others (guard.h). A
// filtered page is also one row of the table by that filter, so it is told only where that table tells its
// row: otherwise what the table leaves out could be had page by page.
#include "spend/public_sums.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "plugin/points.h"
#include "spend/cubeint.h"
#include "spend/sums.h"
#include "spend/suppress.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_MAX 200 // of the largest; those behind them have no name

struct public_year {
    int year;
    enum public_verdict verdict;
};

// ---- one filter of a choice -------------------------------------------------------------------------------

struct filter {
    int32_t by;
    bool (*is_set)(const struct anc_slice *s);
    void (*open)(struct anc_slice *s);
};

#define FILTER(name, condition, statement)                                                                   \
    static bool name##_is_set(const struct anc_slice *s) {                                                   \
        return condition;                                                                                    \
    }                                                                                                        \
    static void name##_open(struct anc_slice *s) {                                                           \
        statement;                                                                                           \
    }
FILTER(anchor, *s->anchor_ref != 0, s->anchor_ref = "")
FILTER(flow, s->flows != 0, s->flows = 0)
FILTER(place, s->places != 0, s->places = 0)
FILTER(ward, *s->ward != 0, s->ward = "")
FILTER(area, *s->area != 0, s->area = "")
FILTER(sector, *s->sector != 0, s->sector = "")
FILTER(vcfse, s->vcfse != 0 || (s->vcfse_classes && *s->vcfse_classes), (s->vcfse = 0, s->vcfse_classes = ""))
FILTER(size, s->sizes != 0, s->sizes = 0)
#undef FILTER

static const struct filter filters[] = {
    {ANC_BY_ANCHOR, anchor_is_set, anchor_open}, {ANC_BY_FLOW, flow_is_set, flow_open},
    {ANC_BY_PLACE, place_is_set, place_open},    {ANC_BY_WARD, ward_is_set, ward_open},
    {ANC_BY_AREA, area_is_set, area_open},       {ANC_BY_SECTOR, sector_is_set, sector_open},
    {ANC_BY_VCFSE, vcfse_is_set, vcfse_open},    {ANC_BY_SIZE, size_is_set, size_open},
};
#define FILTERS (sizeof filters / sizeof *filters)

static int filters_of(const struct anc_slice *s) {
    int n = 0;
    for (size_t i = 0; i < FILTERS; i++) {
        n += filters[i].is_set(s);
    }
    return n;
}

// Sums by body and year are those of public bodies, which publish them; anything closer is about suppliers.
static bool is_close(const struct anc_slice *s) {
    for (size_t i = 0; i < FILTERS; i++) {
        if (filters[i].by != ANC_BY_ANCHOR && filters[i].is_set(s)) {
            return true;
        }
    }
    return *s->payee || *s->category || s->from_month || s->to_month;
}

// ---- sums -------------------------------------------------------------------------------------------------

struct sum_rows {
    uint32_t n;
    const struct anc_sum *list;
};

static enum err slice_of(struct ctx *c, const struct public_sums *p, const struct anc_slice *s,
                         struct sum_rows *ret) {
    enum err e = p->inner->ready ? p->inner->ready(c, p->inner, s) : ERR_OK;
    return e ? e : p->inner->slice(c, p->inner, s, &ret->n, &ret->list);
}

static int year_of(const char *key) {
    return (int)strtol(key, NULL, 10);
}

static struct public_year *find_year(struct public_sums *p, int year) {
    for (size_t i = 0; i < p->year_count; i++) {
        if (p->years[i].year == year) {
            return &p->years[i];
        }
    }
    return NULL;
}

// ---- the guard --------------------------------------------------------------------------------------------

static enum guard_says ask(const struct public_sums *p, const struct anc_slice *s, int year, int32_t by,
                           const char *key, int32_t then_by, const char *then_key) {
    const struct guard_row row[] = {{by, key}, {then_by, then_key}};
    return p->view ? guard_ask(p->view->guard, p->view, &p->usual, s, year, row) : GUARD_TELLS;
}

static bool is_told(enum guard_says g) {
    return g == GUARD_TELLS || g == GUARD_NAMELESS;
}

// In each of its years.
static bool row_told(const struct public_sums *p, const struct anc_slice *s, const struct anc_sum *row) {
    int own = s->by == ANC_BY_YEAR        ? year_of(row->key)
              : s->then_by == ANC_BY_YEAR ? year_of(row->then_key)
                                          : 0;
    for (size_t i = 0; i < p->year_count; i++) {
        int year = p->years[i].year;
        bool within = own ? year == own
                          : (!s->from_year || year >= s->from_year) && (!s->to_year || year <= s->to_year);
        if (within && !is_told(ask(p, s, year, s->by, row->key, s->then_by, row->then_key))) {
            return false;
        }
    }
    return true;
}

static void mark_rows(struct ctx *c, const struct public_sums *p, const struct anc_slice *s,
                      struct sum_rows *r) {
    if (!p->view || s->by == ANC_BY_PAYEE || s->then_by == ANC_BY_PAYEE) {
        return;
    }
    struct anc_sum *out = arena_array(c->arena, r->n + 1, sizeof *out);
    for (uint32_t i = 0; i < r->n; i++) {
        out[i] = *ANC_AT(r->list, i);
        out[i].lines = row_told(p, s, &out[i]) ? out[i].lines : 0;
    }
    *r = (struct sum_rows){r->n, out};
}

// Where sums are a cube's: what counts when nobody chose, and the view that verdicts are on.
static enum err prepare(struct ctx *c, struct public_sums *p) {
    const int32_t *years;
    struct provider panel;
    uint32_t n = 0;
    enum err e = p->inner->years(c, p->inner, &n, &years);
    if (e != ERR_OK) {
        return e;
    }
    p->years = arena_array(c->arena, n + 1, sizeof *p->years);
    for (uint32_t i = 0; i < n; i++) {
        p->years[p->year_count++] = (struct public_year){years[i], PUBLIC_TOLD};
    }
    p->usual = (struct guard_usual){0, ""};
    if (provider_at(c->plugins, ANC_POINT_SPEND_PANEL, 0, &panel)) {
        e = point_panel_flows(c, &panel, &p->usual.flows);
        e = e ? e : point_panel_classes(c, &panel, &p->usual.classes);
    }
    return e ? e : sums_are_a_cube(c) ? sums_view(c, &p->view) : ERR_OK;
}

// ---- what a year tells ------------------------------------------------------------------------------------

static void close_by_guard(struct public_sums *p, const struct anc_slice *counted) {
    for (size_t i = 0; i < p->year_count; i++) {
        struct public_year *y = &p->years[i];
        enum guard_says g = ask(p, counted, y->year, ANC_BY_NOTHING, "", ANC_BY_NOTHING, "");
        y->verdict = g == GUARD_FEW ? PUBLIC_FEW : g == GUARD_ISOLATES ? PUBLIC_TELLS : PUBLIC_TOLD;
    }
}

static enum err close_few(struct ctx *c, struct public_sums *p, const struct anc_slice *all) {
    struct anc_slice s = *all;
    struct sum_rows r;
    s.by = ANC_BY_YEAR;
    enum err e = slice_of(c, p, &s, &r);
    for (uint32_t i = 0; e == ERR_OK && i < r.n; i++) {
        const struct anc_sum *row = ANC_AT(r.list, i);
        struct public_year *y = find_year(p, year_of(row->key));
        bool empty = row->payees == 0 && row->pence == 0;
        if (y && !empty && row->payees < SUPPRESS_BELOW &&
            ask(p, all, y->year, ANC_BY_NOTHING, "", ANC_BY_NOTHING, "") != GUARD_NAMELESS) {
            y->verdict = PUBLIC_FEW;
        }
    }
    return e;
}

static bool has_key(const struct sum_rows *r, const char *key) {
    for (uint32_t i = 0; i < r->n; i++) {
        if (strcmp(ANC_AT(r->list, i)->key, key) == 0) {
            return true;
        }
    }
    return false;
}

// The table by a filter in one year: whether the rows that the filter takes are told, as one.
static bool line_tells(struct ctx *c, const struct public_sums *p, const struct anc_slice *by,
                       const struct sum_rows *line, const struct sum_rows *taken, int year) {
    int64_t *payees = arena_array(c->arena, line->n + 1, sizeof *payees);
    int64_t *pence = arena_array(c->arena, line->n + 1, sizeof *pence);
    enum suppressed *state = arena_array(c->arena, line->n + 1, sizeof *state);
    size_t n = 1; // the first: what is taken
    payees[0] = pence[0] = 0;
    for (uint32_t i = 0; i < line->n; i++) {
        const struct anc_sum *row = ANC_AT(line->list, i);
        if (year_of(row->then_key) != year) {
            continue;
        }
        bool alone = p->view && row_told(p, by, row);
        if (alone && row->payees == 0 && !has_key(taken, row->key)) {
            continue; // of nobody who has a name
        }
        size_t at = has_key(taken, row->key) ? 0 : n++;
        bool few = at && row->payees >= SUPPRESS_BELOW && p->view && !alone;
        payees[at] = (at ? 0 : payees[0]) + (few ? SUPPRESS_BELOW - 1 : row->payees);
        pence[at] = (at ? 0 : pence[0]) + row->pence;
    }
    suppress_rows(payees, pence, n, state);
    return state[0] == SUPPRESS_NOT;
}

static enum err close_telling(struct ctx *c, struct public_sums *p, const struct anc_slice *all,
                              const struct filter *f) {
    struct anc_slice s = *all;
    struct sum_rows taken, line;
    s.by = f->by;
    enum err e = slice_of(c, p, &s, &taken);
    f->open(&s);
    s.then_by = ANC_BY_YEAR;
    e = e ? e : slice_of(c, p, &s, &line);
    for (size_t i = 0; e == ERR_OK && i < p->year_count; i++) {
        struct public_year *y = &p->years[i];
        if (y->verdict == PUBLIC_TOLD && !line_tells(c, p, &s, &line, &taken, y->year)) {
            y->verdict = PUBLIC_TELLS;
        }
    }
    return e;
}

// The choice over all years. Kinds of payment that count where none is chosen are no choice: a report has
// them written down.
static void over_years(const struct public_sums *p, struct anc_slice *ret_all,
                       struct anc_slice *ret_counted) {
    struct anc_slice all = *p->chosen;
    all.from_year = all.to_year = 0;
    all.then_by = ANC_BY_NOTHING;
    all.largest = 0;
    all.most = 0;
    all.flows = all.flows == p->usual.flows ? 0 : all.flows;
    *ret_all = *ret_counted = all;
    ret_counted->flows = all.flows ? all.flows : p->usual.flows;
}

static enum err judge_years(struct ctx *c, struct public_sums *p) {
    struct anc_slice all, counted;
    enum err e = ERR_OK;
    over_years(p, &all, &counted);
    if (!is_close(&all)) {
        return e;
    }
    if (filters_of(&all) > PUBLIC_FILTERS) {
        for (size_t i = 0; i < p->year_count; i++) {
            p->years[i].verdict = PUBLIC_MANY;
        }
        return ERR_OK;
    }
    close_by_guard(p, &counted);
    e = close_few(c, p, &counted);
    for (size_t i = 0; e == ERR_OK && i < FILTERS; i++) {
        if (filters[i].is_set(&all)) {
            e = close_telling(c, p, &counted, &filters[i]);
        }
    }
    return e;
}

static enum public_verdict verdict_of(const struct public_sums *p) {
    int from = p->chosen->from_year, to = p->chosen->to_year;
    enum public_verdict worst = PUBLIC_TOLD;
    if (!from && !to && p->year_count > 0) {
        from = to = p->years[0].year;
    }
    // A range is told where each of its years is: then it adds nothing to them.
    for (size_t i = 0; i < p->year_count; i++) {
        bool within = (!from || p->years[i].year >= from) && (!to || p->years[i].year <= to);
        if (within && p->years[i].verdict != PUBLIC_TOLD && worst != PUBLIC_FEW) {
            worst = p->years[i].verdict;
        }
    }
    return worst;
}

// ---- before the sums --------------------------------------------------------------------------------------

static bool is_closed(const struct public_sums *p, int year) {
    for (size_t i = 0; i < p->year_count; i++) {
        if (p->years[i].year == year) {
            return p->years[i].verdict != PUBLIC_TOLD;
        }
    }
    return false;
}

static bool touches_closed(const struct public_sums *p, const struct anc_slice *s) {
    for (size_t i = 0; i < p->year_count; i++) {
        int year = p->years[i].year;
        if (p->years[i].verdict != PUBLIC_TOLD && (!s->from_year || year >= s->from_year) &&
            (!s->to_year || year <= s->to_year)) {
            return true;
        }
    }
    return false;
}

// Rows of the years that are told; of sums that are not by year none, when they have a year that is not.
static void take_years_out(struct ctx *c, const struct public_sums *p, const struct anc_slice *s,
                           struct sum_rows *r) {
    if (!touches_closed(p, s)) {
        return;
    }
    struct anc_sum *kept = arena_array(c->arena, r->n + 1, sizeof *kept);
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n && (s->by == ANC_BY_YEAR || s->then_by == ANC_BY_YEAR); i++) {
        const struct anc_sum *row = ANC_AT(r->list, i);
        if (!is_closed(p, year_of(s->by == ANC_BY_YEAR ? row->key : row->then_key))) {
            kept[n++] = *row;
        }
    }
    *r = (struct sum_rows){n, kept};
}

static enum err take_persons_out(struct ctx *c, struct sum_rows *r) {
    uint32_t most = r->n < NAMED_MAX ? r->n : NAMED_MAX;
    const char **refs = arena_array(c->arena, most + 1, sizeof *refs);
    struct anc_sum *out = arena_array(c->arena, r->n + 1, sizeof *out);
    struct rows *named;
    for (uint32_t i = 0; i < most; i++) {
        refs[i] = ANC_AT(r->list, i)->key;
    }
    enum err e = DB_ROWS(c, public_spend_named, &named, db_array(c->arena, most, refs));
    for (uint32_t i = 0; e == ERR_OK && i < r->n; i++) {
        out[i] = *ANC_AT(r->list, i);
        bool may = false;
        for (size_t k = 0; i < most && !may && k < rows_count(named); k++) {
            may = strcmp(row_text(named, k, "ref"), out[i].key) == 0;
        }
        if (!may) {
            out[i].key = "p0";
            out[i].label = "";
        }
    }
    *r = (struct sum_rows){r->n, out};
    return e;
}

static enum err public_slice(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice,
                             uint32_t *ret_count, const struct anc_sum **ret_rows) {
    const struct public_sums *p = s->arg;
    struct sum_rows r = {0, NULL};
    enum err e = p->inner->slice(c, p->inner, slice, &r.n, &r.list);
    if (e == ERR_OK) {
        take_years_out(c, p, slice, &r);
    }
    if (e == ERR_OK) {
        mark_rows(c, p, slice, &r);
    }
    if (e == ERR_OK && slice->by == ANC_BY_PAYEE && slice->largest) {
        e = take_persons_out(c, &r);
    }
    if (e == ERR_OK) {
        *ret_count = r.n;
        *ret_rows = r.list;
    }
    return e;
}

static enum err public_years(struct ctx *c, const struct spend_sums *s, uint32_t *ret_count,
                             const int32_t **ret_years) {
    const struct public_sums *p = s->arg;
    return p->inner->years(c, p->inner, ret_count, ret_years);
}

static enum err public_ready(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice) {
    const struct public_sums *p = s->arg;
    return p->inner->ready ? p->inner->ready(c, p->inner, slice) : ERR_OK;
}

static void stand_before(struct public_sums *p, struct ctx *c) {
    p->api =
        (struct spend_sums){.slice = public_slice, .years = public_years, .ready = public_ready, .arg = p};
    c->sums = &p->api;
}

enum err public_sums_begin(struct public_sums *p, struct ctx *c, const struct anc_slice *chosen,
                           enum public_verdict *ret) {
    *p = (struct public_sums){.inner = c->sums, .chosen = chosen};
    *ret = PUBLIC_TOLD;
    if (!p->inner) {
        return ERR_OK;
    }
    enum err e = prepare(c, p);
    e = e ? e : judge_years(c, p);
    if (e == ERR_OK) {
        *ret = verdict_of(p);
        stand_before(p, c);
    }
    return e;
}

enum err public_sums_mark(struct public_sums *p, struct ctx *c) {
    static const struct anc_slice any = {.size = sizeof any};
    *p = (struct public_sums){.inner = c->sums, .chosen = &any};
    if (!p->inner) {
        return ERR_OK;
    }
    enum err e = prepare(c, p);
    if (e == ERR_OK) {
        stand_before(p, c);
    }
    return e;
}

void public_sums_end(struct public_sums *p, struct ctx *c) {
    if (p->inner && c->sums == &p->api) {
        c->sums = p->inner;
    }
}
