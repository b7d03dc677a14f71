// SPDX-License-Identifier: Apache-2.0
// A load goes again; and what may not be left behind.
#include "spend/load_back.h"

#include "base/day.h"
#include "base/money.h"
#include "db/db.h"
#include "db/queries.gen.h"

// A column of rows as an array parameter.
static const char *column(struct ctx *c, const struct rows *r, const char *name) {
    size_t n = rows_count(r);
    const char **list = arena_array(c->arena, n + 1, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        list[i] = row_text(r, i, name);
    }
    return db_array(c->arena, n, list);
}

enum err load_back_begin(struct ctx *c, const char *ref, struct taken *ret) {
    struct rows *r, *years, *payees, *labels;
    enum err e = DB_ROWS(c, load_by_ref, &r, ref);
    if (e != ERR_OK) {
        return e;
    }
    const char *id = row_text(r, 0, "id");
    *ret = (struct taken){.ref = ref,
                          .sha256 = row_text(r, 0, "sha256"),
                          .span = {.id = row_i64(r, 0, "id"),
                                   .anchor_id = row_i64(r, 0, "anchor_id"),
                                   .kind = row_text(r, 0, "kind"),
                                   .first_day = INT32_MAX,
                                   .last_day = INT32_MIN}};
    if (!row_is_null(r, 0, "first_day") && (!day_parse(row_text(r, 0, "first_day"), &ret->span.first_day) ||
                                            !day_parse(row_text(r, 0, "last_day"), &ret->span.last_day))) {
        return ctx_fail(c, ERR_BUG, "load %s has no days", ref);
    }
    e = DB_ROWS(c, load_years, &years, id);
    e = e ? e : DB_ROWS(c, load_payees_of, &payees, id);
    e = e ? e : DB_ROWS(c, load_labels_of, &labels, id);
    if (e != ERR_OK) {
        return e;
    }
    ret->years = column(c, years, "fy");
    ret->payees = column(c, payees, "payee_id");
    ret->labels = column(c, labels, "label_id");
    e = DB_EXEC(c, load_sums_remove, NULL, id);
    return e ? e : DB_EXEC(c, load_remove, NULL, id);
}

enum err load_back_end(struct ctx *c, const struct taken *t) {
    struct rows *r;
    enum err e = DB_ROWS(c, load_detach, &r, arena_i64(c->arena, t->span.id), t->years);
    if (e == ERR_OK && t->span.first_day <= t->span.last_day) {
        e = load_same_after(c, &t->span);
    }
    e = e ? e : DB_EXEC(c, load_payees_clear, NULL, t->payees);
    e = e ? e : DB_EXEC(c, load_labels_clear, NULL, t->labels);
    return e ? e : load_tier2_check(c, t->span.anchor_id);
}

enum err load_tier2_check(struct ctx *c, int64_t anchor_id) {
    const char *anchor = arena_i64(c->arena, anchor_id);
    struct rows *loads, *r;
    enum err e = DB_ROWS(c, load_tier2_loads, &loads, anchor);
    if (e != ERR_OK || rows_count(loads) == 0) {
        return e;
    }
    e = DB_ROWS(c, load_below_nought, &r, anchor, column(c, loads, "id"));
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    char money[MONEY_TEXT_BYTES], year[DAY_TEXT_BYTES];
    money_format(-row_i64(r, 0, "pence"), money);
    financial_year_label((int)row_i64(r, 0, "fy"), year);
    ctx_fail_field(c, "file",
                   "%s would have paid on %s more than it was paid in %s. Load the payments of that year "
                   "first, or check the tier-2 file",
                   row_text(r, 0, "name"), money, year);
    return c->err = ERR_CONFLICT;
}
