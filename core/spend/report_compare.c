// SPDX-License-Identifier: Apache-2.0
// Why a figure of two frozen reports differs, payee by payee.
#include "spend/reportint.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/slice_text.h"

#include <string.h>

#define YEAR_FIRST 1900
#define YEAR_LAST  2200

// A report as the statement asks for it.
struct side {
    const char *id, *flows, *rule, *from_year, *to_year;
};

const char *report_flow_array(struct arena *a, uint32_t flows) {
    const char *list[ANC_FLOW_COUNT];
    size_t n = 0;
    for (uint32_t i = 0; i < ANC_FLOW_COUNT; i++) {
        if (!flows || (flows >> i & 1u)) {
            list[n++] = arena_i64(a, i);
        }
    }
    return db_array(a, n, list);
}

static enum err read_side(struct ctx *c, const char *ref, struct side *ret) {
    static const char *const rules[] = {"invoice", "registered", "operations"};
    struct arena *a = c->arena;
    struct rows *one;
    struct anc_slice s;
    enum err e = DB_ROWS(c, report_one, &one, ref);
    if (e == ERR_OK && rows_count(one) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no report %s", ref);
    }
    if (e != ERR_OK) {
        return e;
    }
    const char *filter = row_text(one, 0, "filter");
    if (!slice_read(a, arena_strndup(a, filter, strcspn(filter, "#")), &s) || s.rule < 0 || s.rule > 2) {
        return ctx_fail(c, ERR_BUG, "the filter of a report cannot be read");
    }
    *ret = (struct side){.id = row_text(one, 0, "id"),
                         .flows = report_flow_array(a, s.flows),
                         .rule = rules[s.rule],
                         .from_year = arena_i64(a, s.from_year ? s.from_year : YEAR_FIRST),
                         .to_year = arena_i64(a, s.to_year ? s.to_year : YEAR_LAST)};
    return ERR_OK;
}

static enum report_reason reason_of(const char *word) {
    static const char *const words[REPORT_REASONS] = {"new",    "gone", "who",   "where",
                                                      "tagged", "flow", "choice"};
    for (int i = 0; i < REPORT_REASONS; i++) {
        if (strcmp(words[i], word) == 0) {
            return (enum report_reason)i;
        }
    }
    return REPORT_CHOICE;
}

static void read_row(const struct rows *r, size_t i, struct report_difference *ret) {
    *ret = (struct report_difference){.reason = reason_of(row_text(r, i, "reason")),
                                      .load_id = row_i64(r, i, "load_id"),
                                      .payee_id = row_i64(r, i, "payee_id"),
                                      .fy = (int)row_i64(r, i, "fy"),
                                      .payee = row_text(r, i, "payee"),
                                      .before = row_text(r, i, "before"),
                                      .after = row_text(r, i, "after"),
                                      .before_pence = row_i64(r, i, "before_pence"),
                                      .after_pence = row_i64(r, i, "after_pence")};
}

enum err report_compare(struct ctx *c, const char *before_ref, const char *after_ref, const char *figure,
                        const struct report_difference **ret, size_t *ret_count,
                        int64_t ret_pence[REPORT_REASONS]) {
    struct side a, b;
    struct rows *r;
    if (strcmp(figure, "all") != 0 && strcmp(figure, "local") != 0 && strcmp(figure, "vcfse") != 0) {
        return ctx_fail(c, ERR_INVALID, "no figure %s", figure);
    }
    enum err e = read_side(c, before_ref, &a);
    e = e ? e : read_side(c, after_ref, &b);
    e = e ? e
          : DB_ROWS(c, report_differences, &r, a.id, b.id, a.flows, a.rule, a.from_year, a.to_year, b.flows,
                    b.rule, b.from_year, b.to_year, figure, arena_i64(c->arena, REPORT_DIFFERENCES_MAX + 1));
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(r);
    if (n > REPORT_DIFFERENCES_MAX) {
        return ctx_fail(c, ERR_TOO_LARGE, "The reports differ in more than 100,000 places.");
    }
    struct report_difference *list = arena_array(c->arena, n + 1, sizeof *list);
    int64_t pence[REPORT_REASONS] = {0};
    for (size_t i = 0; i < n; i++) {
        read_row(r, i, &list[i]);
        if (__builtin_add_overflow(pence[list[i].reason], list[i].after_pence - list[i].before_pence,
                                   &pence[list[i].reason])) {
            return ctx_fail(c, ERR_TOO_LARGE, "The difference is larger than can be counted.");
        }
    }
    memcpy(ret_pence, pence, sizeof pence);
    *ret = list;
    *ret_count = n;
    return ERR_OK;
}

enum err report_few_between(struct ctx *c, const char *ref, const char *other_ref, bool *ret) {
    struct side a, b;
    struct rows *r;
    enum err e = read_side(c, ref, &a);
    e = e ? e : read_side(c, other_ref, &b);
    e = e ? e
          : DB_ROWS(c, report_few_between, &r, a.id, b.id, a.flows, a.rule, a.from_year, a.to_year, b.flows,
                    b.from_year, b.to_year, b.rule);
    if (e == ERR_OK) {
        *ret = row_bool(r, 0, "few");
    }
    return e;
}
