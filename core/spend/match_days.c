// SPDX-License-Identifier: Apache-2.0
// Days of payees and of suppliers whose names need them.
#include "spend/match_days.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define NAMESAKES 16

struct days {
    struct ctx *c;
    struct match_index *suppliers;
    const struct match_index *reg;
    const char **ids, **numbers; // payees; companies of suppliers with their names
    size_t id_count, number_count;
};

// The register says something of a name that days may decide.
static bool may_decide(const struct match_index *reg, const char *key) {
    uint32_t found[NAMESAKES];
    uint32_t n = *key ? match_index_find(reg, match_hash(MATCH_BY_KEY, key), found, NAMESAKES) : 0;
    bool any = n > 1;
    for (uint32_t i = 0; i < n && i < NAMESAKES; i++) {
        const struct match_party *q = match_index_party(reg, found[i]);
        any |= q->earlier || q->p.until_day;
    }
    return any;
}

static void suppliers_with(struct days *d, const char *key) {
    uint32_t found[NAMESAKES];
    uint32_t n = *key ? match_index_find(d->suppliers, match_hash(MATCH_BY_KEY, key), found, NAMESAKES) : 0;
    for (uint32_t i = 0; i < n && i < NAMESAKES; i++) {
        const char *number = match_index_party(d->suppliers, found[i])->p.company_number;
        if (*number) {
            d->numbers[d->number_count++] = number;
        }
    }
}

static int by_id(const void *key, const void *payee) {
    int64_t a = *(const int64_t *)key, b = ((const struct match_payee *)payee)->id;
    return a < b ? -1 : a > b;
}

static enum err of_payees(struct days *d, struct match_payee *payees, size_t n) {
    struct rows *r;
    enum err e = DB_ROWS(d->c, match_payee_days, &r, db_array(d->c->arena, d->id_count, d->ids));
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        int64_t id = row_i64(r, i, "id");
        struct match_payee *y = bsearch(&id, payees, n, sizeof *payees, by_id);
        if (y) {
            y->p.from_day = (int32_t)row_i64(r, i, "from_day");
            y->p.until_day = (int32_t)row_i64(r, i, "until_day");
        }
    }
    return e;
}

static enum err of_suppliers(struct days *d) {
    struct rows *r;
    if (d->number_count == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(d->c, match_company_days, &r, db_array(d->c->arena, d->number_count, d->numbers));
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        match_index_days(d->suppliers, row_text(r, i, "number"), (int32_t)row_i64(r, i, "from_day"),
                         (int32_t)row_i64(r, i, "until_day"));
    }
    return e;
}

enum err match_days(struct ctx *c, struct match_index *suppliers, const struct match_index *reg,
                    struct match_payee *payees, size_t n) {
    struct days d = {.c = c, .suppliers = suppliers, .reg = reg};
    d.ids = arena_array(c->arena, n + 1, sizeof *d.ids);
    d.numbers = arena_array(c->arena, n * NAMESAKES + 1, sizeof *d.numbers);
    for (size_t i = 0; i < n; i++) { // in order of their ids
        const struct anc_party *p = &payees[i].p;
        if (may_decide(reg, p->key) || may_decide(reg, p->other_key)) {
            d.ids[d.id_count++] = arena_i64(c->arena, payees[i].id);
            suppliers_with(&d, p->key);
        }
    }
    if (d.id_count == 0) {
        return ERR_OK;
    }
    enum err e = of_payees(&d, payees, n);
    return e ? e : of_suppliers(&d);
}
