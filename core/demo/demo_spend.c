// SPDX-License-Identifier: Apache-2.0
// Three financial years of invented payments: who is paid how much a year, cut into lines, loaded by quarter.
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"
#include "domain/supplier.h"
#include "spend/load_lines.h"

#include <anchorage/plugin.h>

#include <stdlib.h>
#include <string.h>

#define LINES_MAX   ((size_t)60000)
#define OTHERS      420 // payees that are not registered here
#define HIDDEN      (DEMO_SUPPLIERS + OTHERS)
#define PAYEES      (HIDDEN + 1)
#define POUND       INT64_C(100)
#define PER_QUARTER 4

struct line {
    uint8_t anchor, year, quarter; // year 0 is the oldest
    uint16_t payee;
    int32_t day;
    int64_t pence;
};

struct payee {
    const char *key, *name, *category;
    int64_t id;
    int32_t label;
};

struct books {
    struct demo *d;
    struct payee payees[PAYEES];
    struct line *lines;
    size_t count;
    int first_year; // financial year of year 0
};

// What an anchor pays in the latest year, in thousands of pounds, and how many lines a year that takes.
struct group {
    int64_t thousands;
    size_t payees;
    uint32_t lines;
};
enum { LOCAL_FIRMS, LOCAL_VCFSE, REGISTERED, NOT_REGISTERED, NAMES_HIDDEN, GROUPS };
static const struct group budgets[DEMO_ANCHORS][GROUPS] = {
    {{15600, 150, 1500}, {12100, 48, 620}, {11800, 90, 780}, {52000, 300, 2360}, {1700, 1, 390}},
    {{8700, 110, 900}, {2600, 24, 240}, {6200, 60, 440}, {24500, 220, 1600}, {300, 1, 70}},
    {{2400, 80, 420}, {380, 16, 90}, {1100, 40, 190}, {4900, 120, 600}, {0, 0, 0}},
    {{2900, 80, 430}, {760, 16, 90}, {1900, 50, 230}, {9600, 150, 770}, {0, 0, 0}},
    {{6900, 120, 620}, {1600, 20, 150}, {2200, 40, 220}, {7100, 110, 690}, {0, 0, 0}},
};
// Hundredths of the latest year's budget, by group and year: spending at home has grown faster.
static const int growth[GROUPS][DEMO_YEARS] = {
    {82, 90, 100}, {76, 88, 100}, {97, 99, 100}, {98, 100, 100}, {95, 98, 100}};

// ---- who is paid ------------------------------------------------------------------------------------

static enum err name_payees(struct books *b) {
    struct demo *d = b->d;
    struct arena *a = d->c->arena;
    uint32_t order[DEMO_PAIRS];
    demo_shuffle(&d->rng, order, DEMO_PAIRS);
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < PAYEES; i++) {
        struct payee *p = &b->payees[i];
        if (i == HIDDEN) {
            *p = (struct payee){"(name hidden)", "Name hidden", "Allowances and support to people", 0, 0};
        } else if (i < DEMO_SUPPLIERS) {
            const struct demo_supplier *s = &d->suppliers[i];
            *p = (struct payee){s->match_name, s->name, s->category, 0, 0};
        } else {
            const struct demo_sector *sector = &demo_sectors[i % demo_sector_count];
            p->name = demo_firm_name(&d->rng, a, demo_pair(a, order[i - DEMO_SUPPLIERS]), DEMO_FIRM, sector);
            p->category = sector->category;
            e = supplier_match_name(d->c, p->name, &p->key);
        }
        if (i != HIDDEN && demo_chance(&d->rng, 30)) { // ledgers often write in capitals
            char *upper = arena_strdup(a, p->name);
            text_upper(upper);
            p->name = upper;
        }
    }
    return e;
}

static enum err store_payees(struct books *b) {
    struct arena *a = b->d->c->arena;
    const char *keys[PAYEES], *names[PAYEES], *hidden[PAYEES];
    for (size_t i = 0; i < PAYEES; i++) {
        keys[i] = b->payees[i].key;
        names[i] = b->payees[i].name;
        hidden[i] = i == HIDDEN ? "true" : "false";
    }
    struct rows *r;
    enum err e = DB_ROWS(b->d->c, demo_payees_add, &r, db_array(a, PAYEES, keys), db_array(a, PAYEES, names),
                         db_array(a, PAYEES, hidden));
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        b->payees[row_i64(r, i, "place") - 1].id = row_i64(r, i, "id");
    }
    for (size_t i = 0; e == ERR_OK && i < PAYEES; i++) {
        if (b->payees[i].id == 0) {
            e = ctx_fail(b->d->c, ERR_BUG, "payee %s was not stored", b->payees[i].name);
        }
    }
    return e ? e : DB_EXEC(b->d->c, demo_payees_tie, NULL, demo_stamp(b->d, demo_usec(b->d, 0, 420)));
}

static enum err store_labels(struct books *b) {
    const char *categories[PAYEES];
    for (size_t i = 0; i < PAYEES; i++) {
        categories[i] = b->payees[i].category;
    }
    struct rows *r;
    enum err e = DB_ROWS(b->d->c, demo_labels_add, &r, db_array(b->d->c->arena, PAYEES, categories));
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        b->payees[row_i64(r, i, "place") - 1].label = (int32_t)row_i64(r, i, "id");
    }
    return e;
}

// Larger firms stand further up, so that they get the larger shares.
static uint32_t size_rank(const struct demo_supplier *s) {
    return strcmp(s->size, "large") == 0    ? 0
           : strcmp(s->size, "medium") == 0 ? 1
           : strcmp(s->size, "small") == 0  ? 2
                                            : 3;
}

// Of those who are not registered, the large contracts go to builders, care, transport and energy.
static uint32_t trade_rank(uint32_t payee) {
    static const char *const large[] = {"construction", "care", "transport", "energy"};
    const char *code = demo_sectors[payee % demo_sector_count].code;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        if (strcmp(large[i], code) == 0) {
            return payee % 7 == 0 ? 0 : 1 + payee % 3;
        }
    }
    return 2 + payee % 2;
}

static bool fits(const struct demo *d, size_t payee, int group) {
    if (payee >= DEMO_SUPPLIERS) {
        return group == (payee == HIDDEN ? NAMES_HIDDEN : NOT_REGISTERED);
    }
    const struct demo_supplier *s = &d->suppliers[payee];
    return s->local ? group == (s->vcfse ? LOCAL_VCFSE : LOCAL_FIRMS) : group == REGISTERED;
}

// Up to `want` payees of a group for an anchor, the largest first.
static size_t choose(struct demo *d, int group, size_t want, uint16_t *ret) {
    uint32_t order[PAYEES];
    demo_shuffle(&d->rng, order, PAYEES);
    size_t n = 0;
    for (uint32_t rank = 0; rank < 4; rank++) {
        for (size_t i = 0; i < PAYEES && n < want; i++) {
            uint32_t own =
                order[i] < DEMO_SUPPLIERS ? size_rank(&d->suppliers[order[i]]) : trade_rank(order[i]);
            if (own == rank && fits(d, order[i], group)) {
                ret[n++] = (uint16_t)order[i];
            }
        }
    }
    return n;
}

// ---- lines ------------------------------------------------------------------------------------------

static void add_line(struct books *b, size_t anchor, size_t year, uint16_t payee, int64_t pence) {
    struct demo_rng *r = &b->d->rng;
    if (b->count == LINES_MAX || pence == 0) {
        return;
    }
    int32_t first = 0;
    day_from_civil(b->first_year + (int)year, 4, 1, &first);
    int32_t day = demo_weekday(first + (int32_t)demo_below(r, 362), false);
    day = day < first ? day + 3 : day;
    int32_t quarter = (day - first) * PER_QUARTER / 366;
    b->lines[b->count++] = (struct line){(uint8_t)anchor, (uint8_t)year, (uint8_t)quarter, payee, day, pence};
}

// Cuts what a payee gets in a year into lines with a believable spread; one in 120 is taken back in part.
static void cut(struct books *b, size_t anchor, size_t year, uint16_t payee, int64_t pence, uint32_t lines) {
    struct demo_rng *r = &b->d->rng;
    int64_t share[64], sum = 0;
    bool regular = demo_chance(r, 25); // the same sum each time: rents and contracts
    for (uint32_t i = 0; i < lines; i++) {
        share[i] = regular ? DEMO_SPREAD_MEAN : demo_spread(r);
        sum += share[i];
    }
    for (uint32_t i = 0; i < lines; i++) {
        int64_t amount = pence * share[i] / sum;
        if (demo_below(r, 3) > 0 && amount > 100 * POUND) {
            amount -= amount % POUND; // many invoices are whole pounds
        }
        add_line(b, anchor, year, payee, amount);
        if (demo_below(r, 120) == 0) {
            add_line(b, anchor, year, payee, -(amount / (1 + demo_below(r, 6))));
        }
    }
}

static void fill_group(struct books *b, size_t anchor, int group) {
    const struct group *g = &budgets[anchor][group];
    uint16_t payees[PAYEES];
    size_t n = choose(b->d, group, g->payees, payees);
    int64_t weights = 0;
    for (size_t i = 0; i < n; i++) {
        weights += demo_rank_weight(i);
    }
    for (size_t year = 0; year < DEMO_YEARS; year++) {
        int64_t budget = g->thousands * 1000 * growth[group][year]; // in pence: hundredths of pounds
        for (size_t i = 0; i < n; i++) {
            if (n > 1 && demo_chance(&b->d->rng, 6)) {
                continue; // not everybody is paid every year
            }
            int64_t pence = budget * demo_rank_weight(i) / weights;
            uint32_t lines = 1 + (uint32_t)(g->lines * (n - i) * 2 / (n * (n + 1)));
            for (uint32_t left = lines; left > 0;) { // one call cuts up to 60 lines
                uint32_t part = left < 60 ? left : 60;
                cut(b, anchor, year, payees[i], pence * part / lines, part);
                left -= part;
            }
        }
    }
}

static int in_file_order(const void *x, const void *y) {
    const struct line *a = x, *b = y;
    int by[] = {a->anchor - b->anchor, a->year - b->year,   a->quarter - b->quarter,
                a->day - b->day,       a->payee - b->payee, (a->pence > b->pence) - (a->pence < b->pence)};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        if (by[i] != 0) {
            return by[i];
        }
    }
    return 0;
}

// ---- into the database --------------------------------------------------------------------------------

static bool same_file(const struct line *a, const struct line *b) {
    return a->anchor == b->anchor && a->year == b->year && a->quarter == b->quarter;
}

static const char *iso(struct arena *a, int32_t day) {
    char text[DAY_TEXT_BYTES];
    day_iso(day, text);
    return arena_strdup(a, text);
}

// One load for the lines from..to; *ret_id is its row.
static enum err add_load(struct books *b, size_t from, size_t to, int64_t *ret_id) {
    struct demo *d = b->d;
    struct arena *a = d->c->arena;
    const struct line *l = &b->lines[from];
    const struct demo_anchor *anchor = &d->anchors[l->anchor];
    int64_t pence = 0, hidden = 0, credits = 0;
    for (size_t i = from; i < to; i++) {
        pence += b->lines[i].pence;
        hidden += b->lines[i].payee == HIDDEN;
        credits += b->lines[i].pence < 0;
    }
    int32_t last = b->lines[to - 1].day; // they are in the order of their days
    char ref[REF_CHARS + 1], hash[65], year[DAY_TEXT_BYTES];
    demo_ref(&d->rng, ref);
    financial_year_label(b->first_year + l->year, year);
    year[4] = '-';
    const char *file = arena_printf(a, "%s-payments-%s-q%d.csv", anchor->key, year, l->quarter + 1);
    sha256_hex(file, strlen(file), hash);
    int rejected = (from / 7) % 3 == 0 ? 1 + (int)(from % 2) : 0;
    struct rows *r;
    enum err e = DB_ROWS(d->c, demo_load_add, &r, ref, arena_i64(a, anchor->id), file, hash,
                         arena_i64(a, (int64_t)(to - from)), arena_i64(a, rejected), arena_i64(a, pence),
                         demo_stamp(d, demo_usec(d, last - d->today + 12, 630)), arena_i64(a, hidden),
                         arena_i64(a, credits), iso(a, l->day), iso(a, last));
    if (e != ERR_OK) {
        return e;
    }
    *ret_id = row_i64(r, 0, "id");
    const char *lines[] = {arena_i64(a, (int64_t)(to - from) + 2), arena_i64(a, (int64_t)(to - from) + 3)};
    const char *why[] = {"There is no amount on this line", "The amount \"see above\" is not a number"};
    return rejected == 0 ? ERR_OK
                         : DB_EXEC(d->c, load_problems_add, NULL, row_text(r, 0, "id"),
                                   db_array(a, (size_t)rejected, lines), db_array(a, (size_t)rejected, why));
}

static int16_t flow_of(const struct line *l) {
    return l->payee == HIDDEN ? ANC_FLOW_HIDDEN : l->pence < 0 ? ANC_FLOW_CREDIT : ANC_FLOW_PROCUREMENT;
}

// The lines from..to of one load, which are of one financial year.
static enum err write_lines(struct books *b, int64_t load_id, size_t from, size_t to) {
    struct lines *w = lines_new(b->d->c, load_id, false, false);
    enum err e = ERR_OK;
    for (size_t i = from; e == ERR_OK && i < to; i++) {
        const struct line *l = &b->lines[i];
        const struct payee *p = &b->payees[l->payee];
        const struct load_line line = {.no = (int32_t)(i - from) + 2, // the first of a file is its heading
                                       .day = l->day,
                                       .payee_id = (int32_t)p->id,
                                       .label_id = p->label,
                                       .flow = flow_of(l),
                                       .pence = l->pence};
        e = lines_add(w, b->first_year + l->year, &line);
    }
    e = e ? e : lines_end(w);
    e = e ? e : lines_attach(w);
    lines_free(w);
    return e;
}

static enum err store_lines(struct books *b) {
    enum err e = ERR_OK;
    for (size_t from = 0, to; e == ERR_OK && from < b->count; from = to) {
        int64_t id = 0;
        to = from + 1;
        while (to < b->count && same_file(&b->lines[from], &b->lines[to])) {
            to++;
        }
        e = add_load(b, from, to, &id);
        e = e ? e : write_lines(b, id, from, to);
        demo_say(b->d, "Payments", (int64_t)to, (int64_t)b->count);
    }
    return e ? e : DB_EXEC(b->d->c, demo_sums_make, NULL);
}

enum err demo_load_spend(struct demo *d) {
    struct books *b = arena_alloc(d->c->arena, sizeof *b);
    b->d = d;
    b->lines = arena_array(d->c->arena, LINES_MAX, sizeof *b->lines);
    b->first_year = financial_year(d->today) - DEMO_YEARS; // the years that are over
    enum err e = name_payees(b);
    e = e ? e : store_payees(b);
    e = e ? e : store_labels(b);
    for (size_t anchor = 0; e == ERR_OK && anchor < DEMO_ANCHORS; anchor++) {
        for (int group = 0; group < GROUPS; group++) {
            fill_group(b, anchor, group);
        }
    }
    qsort(b->lines, b->count, sizeof *b->lines, in_file_order);
    return e ? e : store_lines(b);
}
