// SPDX-License-Identifier: Apache-2.0
// Suppliers listed from the registers of companies and charities.
#include "spend/match_list.h"

#include "base/text.h"
#include "db/queries.gen.h"
#include "domain/supplier.h"

#include <string.h>

enum { REF, NAME, KEY, POSTCODE, COMPANY, CHARITY, ORIGIN, COLUMNS };

static bool repeats(const struct rows *r, size_t i) {
    for (size_t j = 0; j < i; j++) {
        const char *const numbers[] = {"company_number", "charity_number"};
        for (size_t k = 0; k < 2; k++) {
            const char *mine = row_text(r, i, numbers[k]);
            if (*mine && strcmp(mine, row_text(r, j, numbers[k])) == 0) {
                return true;
            }
        }
    }
    return false;
}

static enum err add_entries(struct ctx *c, const struct rows *r, int64_t *ret_made) {
    static const char *const from[COLUMNS] = {
        "", "name", "match_name", "postcode", "company_number", "charity_number", "origin"};
    size_t all = rows_count(r), n = 0;
    const char **cells[COLUMNS], *p[COLUMNS];
    struct rows *made;
    for (int k = 0; k < COLUMNS; k++) {
        cells[k] = arena_array(c->arena, all + 1, sizeof **cells);
    }
    for (size_t i = 0; i < all; i++) {
        if (repeats(r, i)) {
            continue;
        }
        char *ref = arena_alloc(c->arena, REF_CHARS + 1);
        random_ref(ref, REF_CHARS);
        cells[REF][n] = ref;
        for (int k = NAME; k < COLUMNS; k++) {
            cells[k][n] = row_text(r, i, from[k]);
        }
        n++;
    }
    *ret_made = (int64_t)n;
    if (n == 0) {
        return ERR_OK;
    }
    for (int k = 0; k < COLUMNS; k++) {
        p[k] = db_array(c->arena, n, cells[k]);
    }
    enum err e = db_rows_n(c, &sql_match_list_add, &made, COLUMNS, p);
    const char **ids = arena_array(c->arena, n, sizeof *ids);
    for (size_t i = 0; e == ERR_OK && i < rows_count(made); i++) {
        ids[i] = row_text(made, i, "id");
    }
    e = e ? e : DB_EXEC(c, match_list_place, NULL, db_array(c->arena, rows_count(made), ids));
    for (size_t i = 0; e == ERR_OK && i < rows_count(made); i++) {
        e = supplier_tag(c, row_i64(made, i, "id"));
    }
    return e;
}

enum err match_list_many(struct ctx *c, size_t n, const char *const *company, const char *const *charity,
                         int64_t *ret_made) {
    struct rows *entries;
    enum err e =
        DB_ROWS(c, match_entries, &entries, db_array(c->arena, n, company), db_array(c->arena, n, charity));
    return e ? e : add_entries(c, entries, ret_made);
}

enum err match_list_one(struct ctx *c, const char *company, const char *charity, struct rows **ret_row,
                        int64_t *ret_made) {
    struct rows *here;
    *ret_made = 0;
    enum err e = DB_ROWS(c, match_listed, &here, company, charity);
    if (e == ERR_OK && rows_count(here) == 0) {
        e = match_list_many(c, 1, &company, &charity, ret_made);
        e = e ? e : DB_ROWS(c, match_listed, &here, company, charity);
    }
    if (e == ERR_OK && rows_count(here) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "company %s, charity %s: in no register here", company, charity);
    }
    *ret_made = e == ERR_OK && *ret_made ? row_i64(here, 0, "id") : 0;
    *ret_row = here;
    return e;
}
