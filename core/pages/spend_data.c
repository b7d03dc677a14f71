// SPDX-License-Identifier: Apache-2.0
// Open data of spend.
#include "pages/spend_data.h"

#include "base/day.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "http/app.h"
#include "plugin/sums.h"
#include "spend/public_sums.h"
#include "spend/suppress.h"

#include <stdlib.h>
#include <string.h>

// The kinds of files; each exists for every year with payments. Of suppliers they count what the pages count,
// so that both tell the same sums and neither gives away what the other leaves out.
static const struct kind {
    const char *key, *title, *code, *label;
    int32_t by;
} kinds[] = {
    {"by-body", "By public body", "Reference", "Public body", ANC_BY_ANCHOR},
    {"by-ward", "By ward of the supplier", "Ward code", "Ward", ANC_BY_WARD},
    {"by-sector", "By kind of work", "Code", "Kind of work", ANC_BY_SECTOR},
    {"by-place", "Inside and outside the area", "Code", "Where the supplier is", ANC_BY_PLACE},
    {"by-vcfse", "By kind of supplier", "Code", "Charity, community group or social enterprise",
     ANC_BY_VCFSE},
    {"by-size", "By size of the supplier", "Code", "Size", ANC_BY_SIZE},
    {"by-payment", "By kind of payment", "Code", "Kind of payment", ANC_BY_FLOW},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static const char *const extensions[] = {"csv", "json", "xlsx"};

// ---- one table --------------------------------------------------------------------------------------------

static bool is_all(const struct kind *k) {
    return k->by == ANC_BY_ANCHOR || k->by == ANC_BY_FLOW;
}

static enum err sums_of(struct req *r, const struct kind *k, int year, uint32_t *ret_n,
                        const struct anc_sum **ret) {
    struct anc_slice slice = {.size = sizeof slice,
                              .from_year = year,
                              .to_year = year,
                              .anchor_ref = "",
                              .ward = "",
                              .area = "",
                              .sector = "",
                              .payee = "",
                              .category = "",
                              .by = k->by};
    struct public_sums seen;
    *ret_n = 0;
    *ret = NULL;
    enum err e = public_sums_mark(&seen, &r->c);
    slice.flows = is_all(k) ? 0 : seen.usual.flows;
    if (e == ERR_OK && r->c.sums) {
        e = r->c.sums->slice(&r->c, r->c.sums, &slice, ret_n, ret);
    }
    public_sums_end(&seen, &r->c);
    return e;
}

static void add_row(struct table *t, const struct anc_sum *s, enum suppressed hidden) {
    table_row(t);
    table_text(t, s->key);
    table_text(t, s->label && *s->label ? s->label : "Not known");
    if (hidden == SUPPRESS_NOT) {
        table_i64(t, s->pence);
        table_i64(t, s->lines);
        if (s->payees == 0 && s->pence != 0) {
            table_empty(t);
        } else {
            table_i64(t, s->payees);
        }
        table_text(t, "");
        return;
    }
    table_empty(t);
    table_empty(t);
    table_empty(t);
    table_text(t, hidden == SUPPRESS_SMALL && s->payees < SUPPRESS_BELOW
                      ? "Fewer than 5 suppliers"
                      : "Left out so that another cannot be worked out");
}

static void put_facts(struct req *r, struct table *t, const struct kind *k, const struct rows *basis) {
    struct arena *a = r->c.arena;
    char as_of[STAMP_TEXT_BYTES] = "";
    int64_t usec;
    if (stamp_parse(row_text(basis, 0, "loaded_at"), &usec)) {
        stamp_words(usec, as_of);
    }
    table_about(
        t, "basis", "Basis",
        arena_printf(a, "%s payments in %s payments files, %s, credits taken off",
                     row_text(basis, 0, "lines"), row_text(basis, 0, "loads"),
                     is_all(k) ? "all kinds of payment" : "kinds of payment that the pages of spend count"));
    table_about(t, "small_numbers", "Small numbers",
                "Groups of fewer than 5 suppliers are left out, and others where they could be worked out. "
                "Payments whose payee is not named, and credits, are of no number of suppliers.");
    table_about(t, "as_of", "As of", as_of);
    table_about(t, "address", "Address",
                arena_printf(a, "%s/spend/data", r->app->public_url ? r->app->public_url : ""));
}

static enum err build(struct req *r, const struct kind *k, int year, struct table **ret) {
    struct arena *a = r->c.arena;
    char label[DAY_TEXT_BYTES];
    const struct anc_sum *sums;
    struct rows *basis;
    uint32_t n;
    enum err e = sums_of(r, k, year, &n, &sums);
    e = e ? e : DB_ROWS(&r->c, public_spend_basis, &basis, NULL);
    if (e != ERR_OK) {
        return e;
    }
    financial_year_label(year, label);
    struct table *t = table_new(a, arena_printf(a, "Payments in %s. %s", label, k->title));
    table_column(t, "code", k->code, CELL_TEXT);
    table_column(t, "name", k->label, CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    table_column(t, "suppliers", "Suppliers", CELL_NUMBER);
    table_column(t, "left_out", "Left out because", CELL_TEXT);
    int64_t *payees = arena_array(a, n + 1, sizeof *payees), *pence = arena_array(a, n + 1, sizeof *pence);
    enum suppressed *hidden = arena_array(a, n + 1, sizeof *hidden);
    for (uint32_t i = 0; i < n; i++) {
        const struct anc_sum *s = ANC_AT(sums, i);
        bool told = s->lines > 0; // by the guard; of nobody who has a name, it can hide nobody else either
        payees[i] = told || s->payees < SUPPRESS_BELOW ? s->payees : SUPPRESS_BELOW - 1;
        pence[i] = told && s->payees == 0 ? 0 : s->pence;
    }
    suppress_rows(payees, pence, n, hidden);
    for (uint32_t i = 0; i < n; i++) {
        add_row(t, ANC_AT(sums, i), hidden[i]);
    }
    put_facts(r, t, k, basis);
    *ret = t;
    return ERR_OK;
}

// ---- the page and the files
// ---------------------------------------------------------------------------------

static bool has_year(const struct rows *years, int year) {
    for (size_t i = 0; i < rows_count(years); i++) {
        if (row_i64(years, i, "fy") == year) {
            return true;
        }
    }
    return false;
}

// "by-ward-2025.csv": NULL when there is no such file.
static const struct kind *read_name(const char *name, int *ret_year) {
    for (size_t i = 0; i < KINDS; i++) {
        size_t n = strlen(kinds[i].key);
        if (strncmp(name, kinds[i].key, n) != 0 || name[n] != '-') {
            continue;
        }
        char *end;
        long year = strtol(&name[n + 1], &end, 10);
        for (size_t k = 0; k < sizeof extensions / sizeof *extensions; k++) {
            if (end == &name[n + 5] && *end == '.' && strcmp(end + 1, extensions[k]) == 0) {
                *ret_year = (int)year;
                return &kinds[i];
            }
        }
    }
    return NULL;
}

enum err spend_page_data_file(struct req *r) {
    struct rows *years;
    struct table *t;
    int year = 0;
    const struct kind *k = read_name(r->params[0], &year);
    enum err e = DB_ROWS(&r->c, public_spend_years, &years);
    if (e == ERR_OK && (!k || !has_year(years, year))) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no file %s", r->params[0]);
    }
    e = e ? e : build(r, k, year, &t);
    if (e != ERR_OK) {
        return e;
    }
    if (r->query_count > 0) {
        page_keep_not(r);
    }
    return page_table(r, t, arena_printf(r->c.arena, "spend-%s-%d", k->key, year));
}

enum err spend_page_data(struct req *r) {
    struct rows *years, *basis;
    enum err e = DB_ROWS(&r->c, public_spend_years, &years);
    e = e ? e : DB_ROWS(&r->c, public_spend_basis, &basis, NULL);
    if (e != ERR_OK) {
        return e;
    }
    if (r->query_count > 0) {
        page_keep_not(r);
    }
    struct model *m = page_model(r, "Open data of spend");
    model_text(m, "latest", rows_count(years) ? row_text(years, 0, "fy") : "");
    model_list(m, "years");
    for (size_t i = 0; i < rows_count(years); i++) {
        char label[DAY_TEXT_BYTES];
        int year = (int)row_i64(years, i, "fy");
        struct model *item = model_add(m, "years");
        financial_year_label(year, label);
        model_text(item, "label", label);
        model_bool(item, "is_latest", i == 0);
        model_list(item, "files");
        for (size_t k = 0; k < KINDS; k++) {
            struct model *file = model_add(item, "files");
            model_text(file, "title", kinds[k].title);
            for (size_t x = 0; x < sizeof extensions / sizeof *extensions; x++) {
                static const char *const keys[] = {"csv_href", "json_href", "xlsx_href"};
                model_textf(file, keys[x], "/spend/data/%s-%d.%s", kinds[k].key, year, extensions[x]);
            }
        }
    }
    model_i64(m, "line_count", row_i64(basis, 0, "lines"));
    model_i64(m, "load_count", row_i64(basis, 0, "loads"));
    model_bool(m, "one_load", row_i64(basis, 0, "loads") == 1);
    model_i64(m, "body_count", row_i64(basis, 0, "anchors"));
    model_bool(m, "one_body", row_i64(basis, 0, "anchors") == 1);
    model_text(m, "as_of", row_text(basis, 0, "loaded_at"));
    return page_render(r, "spend/data", m);
}
