// SPDX-License-Identifier: Apache-2.0
// Officer pages of payments files: what to do next, what is on its way, what was loaded, taking it back.
#include "pages/spend_import.h"

#include "base/day.h"
#include "base/money.h"
#include "base/text.h"
#include "db/queries.gen.h"
#include "http/app.h"
#include "pages/spend_match.h"
#include "pages/view.h"
#include "spend/load.h"

#include <string.h>

#define PAGE_SIZE      25
#define DATA_MAX       "100000"
#define OPEN_SHOWN     "50"
#define PROBLEMS_SHOWN "10"
#define QUERY_BYTES    200
#define YEAR_MIN       1990
#define YEAR_MAX       2200

const char *spend_counted(struct req *r, int64_t n, const char *one, const char *many) {
    return arena_printf(r->c.arena, "%lld %s", (long long)n, n == 1 ? one : many);
}

// ---- filters ------------------------------------------------------------------------------------------

struct word {
    const char *value, *label;
};
static const struct word sorts[] = {{"newest", "Loaded last first"},
                                    {"largest", "Largest total first"},
                                    {"period", "Latest payments first"},
                                    {"problems", "Most rows not taken first"}};
#define SORTS (sizeof sorts / sizeof *sorts)

// What the address asks for; what does not exist means "not chosen".
struct asked {
    const char *q, *anchor, *year;           // "" for none
    const struct word *sort;                 // never NULL
    const char *p_anchor, *p_words, *p_year; // parameters of the statements
    struct rows *anchors, *years;
};

static void read_year(struct req *r, struct asked *a) {
    int64_t year;
    if (text_i64(req_query(r, "year"), &year) && year >= YEAR_MIN && year <= YEAR_MAX) {
        a->year = a->p_year = arena_i64(r->c.arena, year);
    }
}

static enum err read_asked(struct req *r, struct asked *a) {
    const char *q = req_query(r, "q"), *sort = req_query(r, "sort");
    *a = (struct asked){.q = strlen(q) <= QUERY_BYTES ? q : "", .anchor = "", .year = "", .sort = sorts};
    for (size_t i = 0; i < SORTS; i++) {
        a->sort = strcmp(sorts[i].value, sort) == 0 ? &sorts[i] : a->sort;
    }
    read_year(r, a);
    enum err e = DB_ROWS(&r->c, spend_anchors, &a->anchors);
    e = e ? e : DB_ROWS(&r->c, spend_officer_years, &a->years);
    for (size_t i = 0; e == ERR_OK && i < rows_count(a->anchors); i++) {
        if (strcmp(row_text(a->anchors, i, "ref"), req_query(r, "anchor")) == 0) {
            a->anchor = a->p_anchor = row_text(a->anchors, i, "ref");
        }
    }
    a->p_words = *a->q ? view_pattern(r->c.arena, a->q) : NULL;
    return e;
}

static void put_choices(struct model *m, const struct asked *a) {
    struct model *f = view_filter_field(m, "anchor", "Who paid");
    view_filter_option(f, "", "All public bodies", a->anchor);
    for (size_t i = 0; i < rows_count(a->anchors); i++) {
        view_filter_option(f, row_text(a->anchors, i, "ref"), row_text(a->anchors, i, "name"), a->anchor);
    }
    f = view_filter_field(m, "year", "Financial year (April to March)");
    view_filter_option(f, "", "All years", a->year);
    for (size_t i = 0; i < rows_count(a->years); i++) {
        char label[DAY_TEXT_BYTES];
        financial_year_label((int)row_i64(a->years, i, "fy"), label);
        view_filter_option(f, row_text(a->years, i, "fy"), label, a->year);
    }
    f = view_filter_field(m, "sort", "Order");
    for (size_t i = 0; i < SORTS; i++) {
        view_filter_option(f, sorts[i].value, sorts[i].label, a->sort->value);
    }
}

// The filters as the query of another address, without one of them ("" for all).
static const char *query_without(struct req *r, const struct asked *a, const char *left_out) {
    const struct word all[] = {
        {"q", a->q}, {"anchor", a->anchor}, {"year", a->year}, {"sort", a->sort->value}};
    const char *query = "";
    for (size_t i = 0; i < 4; i++) {
        bool usual = i == 3 && a->sort == sorts;
        if (*all[i].label && !usual && strcmp(all[i].value, left_out) != 0) {
            query = arena_printf(r->c.arena, "%s%c%s=%s", query, *query ? '&' : '?', all[i].value,
                                 view_encoded(r->c.arena, all[i].label));
        }
    }
    return query;
}

static void put_chosen(struct req *r, struct model *m, const struct asked *a, const char *name,
                       const char *label) {
    if (*label) {
        struct model *item = model_add(m, "filter_chosen");
        model_text(item, "label", label);
        model_text(item, "remove_href",
                   arena_printf(r->c.arena, "/officer/spend%s", query_without(r, a, name)));
    }
}

static void put_filters(struct req *r, struct model *m, const struct asked *a) {
    char year[DAY_TEXT_BYTES] = "";
    const char *anchor = "";
    model_text(m, "filter_action", "/officer/spend");
    model_text(m, "filter_label", "Part of the file’s name");
    model_text(m, "filter_query", a->q);
    model_bool(m, "filter_open", *a->anchor || *a->year || a->sort != sorts);
    model_list(m, "filter_fields");
    put_choices(m, a);
    for (size_t i = 0; i < rows_count(a->anchors); i++) {
        const char *ref = row_text(a->anchors, i, "ref");
        anchor = *a->anchor && strcmp(ref, a->anchor) == 0 ? row_text(a->anchors, i, "name") : anchor;
    }
    int64_t start = 0;
    if (text_i64(a->year, &start)) {
        financial_year_label((int)start, year);
    }
    model_list(m, "filter_chosen");
    put_chosen(r, m, a, "q", a->q);
    put_chosen(r, m, a, "anchor", anchor);
    put_chosen(r, m, a, "year", year);
    model_text(m, "filter_clear_href", *a->q || *a->anchor || *a->year ? "/officer/spend" : "");
}

// ---- the start page -----------------------------------------------------------------------------------

static const struct {
    const char *state, *words, *tag;
} states[] = {
    {"waiting", "Waiting to be read", "anc-tag--planned"},
    {"reading", "Being read", "anc-tag--waiting"},
    {"ready", "Ready for you to check", "anc-tag--closing"},
    {"refused", "Cannot be loaded as it is", "anc-tag--withdrawn"},
    {"queued", "Waiting to be loaded", "anc-tag--planned"},
    {"loading", "Being loaded", "anc-tag--waiting"},
    {"failed", "Did not work", "anc-tag--withdrawn"},
};

static void put_next(struct model *m, const char *href, const char *text) {
    struct model *item = model_add(m, "next");
    model_text(item, "href", href);
    model_text(item, "text", text);
}

static void put_imports(struct req *r, struct model *m, const struct rows *imports, int64_t loads) {
    model_list(m, "imports");
    model_list(m, "next");
    for (size_t i = 0; i < rows_count(imports); i++) {
        struct model *item = model_add(m, "imports");
        const char *state = row_text(imports, i, "state");
        view_row(item, imports, i);
        for (size_t k = 0; k < sizeof states / sizeof *states; k++) {
            if (strcmp(states[k].state, state) == 0) {
                model_text(item, "state_words", states[k].words);
                model_text(item, "tag_class", states[k].tag);
            }
        }
        bool ready = strcmp(state, "ready") == 0, refused = strcmp(state, "refused") == 0;
        if (ready || refused) {
            put_next(m, arena_printf(r->c.arena, "/officer/spend/imports/%s", row_text(imports, i, "ref")),
                     arena_printf(r->c.arena, ready ? "Check %s and load it" : "See why %s cannot be loaded",
                                  row_text(imports, i, "file_name")));
        }
    }
    if (loads == 0) {
        put_next(m, "#add-title", "Bring the first payments file of a public body");
    } else {
        put_next(m, "#add-title", "Bring the next payments file");
        put_next(m, "/spend", "See the public figures");
    }
}

enum err spend_page_loads(struct req *r) {
    struct asked a;
    struct rows *count, *all, *loads, *imports;
    enum err e = read_asked(r, &a);
    e = e ? e : DB_ROWS(&r->c, spend_officer_count, &count, a.p_anchor, a.p_words, a.p_year);
    e = e ? e : DB_ROWS(&r->c, spend_officer_count, &all, NULL, NULL, NULL);
    e = e ? e : DB_ROWS(&r->c, spend_import_list, &imports);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Payments files");
    int64_t n = row_i64(count, 0, "n"), offset = view_pager(r, m, n, PAGE_SIZE);
    e = DB_ROWS(&r->c, spend_officer_loads, &loads, a.p_anchor, a.p_words, a.p_year, a.sort->value,
                arena_i64(r->c.arena, PAGE_SIZE), arena_i64(r->c.arena, offset));
    if (e != ERR_OK) {
        return e;
    }
    e = spend_match_put_coverage(r, m);
    if (e != ERR_OK) {
        return e;
    }
    put_imports(r, m, imports, row_i64(all, 0, "n"));
    put_filters(r, m, &a);
    view_rows(m, "loads", loads);
    model_bool(m, "any_loads", row_i64(all, 0, "n") > 0);
    char money[MONEY_TEXT_BYTES];
    money_format(row_i64(count, 0, "pence"), money);
    model_text(m, "list_count_text",
               arena_printf(r->c.arena, "%s, %s", spend_counted(r, n, "file", "files"), money));
    model_text(m, "list_sort_text", a.sort->label);
    const char *query = query_without(r, &a, "");
    model_text(m, "csv_href", arena_printf(r->c.arena, "/officer/spend/loads.csv%s", query));
    model_text(m, "json_href", arena_printf(r->c.arena, "/officer/spend/loads.json%s", query));
    return page_render(r, "spend/loads", m);
}

enum err spend_page_loads_data(struct req *r) {
    static const char *const keys[] = {"file_name", "anchor",   "kind",        "first_day", "last_day",
                                       "accepted",  "rejected", "total_pence", "loaded_at", "loaded_by"};
    struct asked a;
    struct rows *loads;
    enum err e = read_asked(r, &a);
    e = e ? e
          : DB_ROWS(&r->c, spend_officer_loads, &loads, a.p_anchor, a.p_words, a.p_year, a.sort->value,
                    DATA_MAX, "0");
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Payments files");
    table_column(t, "file", "File", CELL_TEXT);
    table_column(t, "anchor", "Public body", CELL_TEXT);
    table_column(t, "kind", "Kind", CELL_TEXT);
    table_column(t, "first", "First payment", CELL_DAY);
    table_column(t, "last", "Last payment", CELL_DAY);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    table_column(t, "not_taken", "Rows not taken", CELL_NUMBER);
    table_column(t, "total", "Total", CELL_MONEY);
    table_column(t, "loaded", "Loaded", CELL_WHEN);
    table_column(t, "loaded_by", "Loaded by", CELL_TEXT);
    for (size_t i = 0; i < rows_count(loads); i++) {
        table_row(t);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            table_text(t, row_text(loads, i, keys[k]));
        }
    }
    return page_table(r, t, "payments-files");
}

// ---- what a load brought ------------------------------------------------------------------------------

static void put_lines(struct model *m, const char *key, char *text) {
    model_list(m, key);
    for (char *next; *text; text = next) {
        next = text + strcspn(text, "\n");
        if (*next) {
            *next++ = 0;
        }
        model_text(model_add(m, key), "text", text);
    }
}

static void put_shares(struct model *m, const struct rows *p) {
    static const char *const shares[][2] = {
        {"matched_share", "matched_pence"},  {"local_share", "local_pence"},   {"vcfse_share", "vcfse_pence"},
        {"hidden_share", "hidden_pence"},    {"review_share", "review_pence"}, {"open_share", "open_pence"},
        {"unplaced_share", "unplaced_pence"}};
    int64_t whole = row_i64(p, 0, "counted_pence");
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        model_i64(m, shares[i][0], money_share_bp(row_i64(p, 0, shares[i][1]), whole));
    }
}

static const struct html *open_table(struct req *r, const struct rows *open) {
    struct table *t = table_new(r->c.arena, "Paid most, and not matched to a registered supplier");
    table_column(t, "payee", "Name in the file", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_column(t, "lines", "Payments", CELL_NUMBER);
    for (size_t i = 0; i < rows_count(open); i++) {
        table_row(t);
        table_text(t, row_text(open, i, "name"));
        table_text(t, row_text(open, i, "pence"));
        table_text(t, row_text(open, i, "lines"));
    }
    return table_html(t);
}

static void put_load(struct req *r, struct model *m, const struct rows *one) {
    static const char *const any[][2] = {{"any_rejected", "rejected"}, {"any_undated", "undated"},
                                         {"any_hidden", "redacted"},   {"any_credits", "negative"},
                                         {"any_footers", "footers"},   {"any_same", "same_lines"}};
    view_row(m, one, 0);
    for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
        model_bool(m, any[i][0], row_i64(one, 0, any[i][1]) > 0);
    }
    model_bool(m, "any_vat_lost", row_i64(one, 0, "vat_lost_pence") != 0);
    model_i64(m, "counts_pence", row_i64(one, 0, "total_pence") + row_i64(one, 0, "vat_lost_pence"));
    model_bool(m, "one_payment", row_i64(one, 0, "accepted") == 1);
    model_bool(m, "one_same", row_i64(one, 0, "same_lines") == 1);
    model_bool(m, "count_all", strcmp(row_text(one, 0, "overlap"), "all") == 0);
    model_bool(m, "is_tier2", strcmp(row_text(one, 0, "kind"), "tier2") == 0);
    model_bool(m, "any_remarks", *row_text(one, 0, "notes") != 0);
    put_lines(m, "remarks", arena_strdup(r->c.arena, row_text(one, 0, "notes")));
    model_text(m, "rows_link",
               row_i64(one, 0, "rejected") > LOAD_KEPT ? "Download the first 100,000 of these rows as CSV"
                                                       : "Download these rows as CSV");
    model_text(m, "rows_href",
               arena_printf(r->c.arena, "/officer/spend/loads/%s/rows.csv", row_text(one, 0, "ref")));
}

enum err spend_page_load(struct req *r) {
    struct rows *one, *placed, *open, *problems, *flows;
    enum err e = DB_ROWS(&r->c, spend_officer_load, &one, r->params[0]);
    e = e ? e : DB_ROWS(&r->c, spend_officer_placed, &placed, r->params[0]);
    e = e ? e : DB_ROWS(&r->c, spend_officer_open, &open, r->params[0], OPEN_SHOWN);
    e = e ? e : DB_ROWS(&r->c, spend_officer_flows, &flows, r->params[0]);
    e = e ? e : DB_ROWS(&r->c, spend_officer_problems, &problems, r->params[0], PROBLEMS_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(
        r, arena_printf(r->c.arena, "%s, %s", row_text(one, 0, "file_name"), row_text(one, 0, "anchor")));
    view_row(m, placed, 0);
    put_load(r, m, one);
    put_shares(m, placed);
    model_bool(m, "any_review", row_i64(placed, 0, "review_payees") > 0);
    model_bool(m, "any_open", rows_count(open) > 0);
    model_html(m, "open_table", open_table(r, open));
    model_html(m, "flow_table", spend_flow_table(r, flows));
    model_html(m, "problem_table", table_html(spend_preview_problems(r, problems, "line_no", "detail")));
    model_i64(m, "problems_shown", (int64_t)rows_count(problems));
    model_bool(m, "problems_cut", row_i64(one, 0, "rejected") > (int64_t)rows_count(problems));
    return page_render(r, "spend/load", m);
}

enum err spend_page_load_rows(struct req *r) {
    struct rows *one, *problems;
    enum err e = DB_ROWS(&r->c, spend_officer_load, &one, r->params[0]);
    e = e ? e : DB_ROWS(&r->c, spend_officer_problems, &problems, r->params[0], DATA_MAX);
    return e ? e : page_table(r, spend_preview_problems(r, problems, "line_no", "detail"), "rows-not-taken");
}

// ---- taking it back -----------------------------------------------------------------------------------

enum err spend_page_take_back(struct req *r) {
    struct rows *one;
    enum err e = DB_ROWS(&r->c, spend_officer_load, &one, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "Take %s back", row_text(one, 0, "file_name")));
    view_row(m, one, 0);
    return page_render(r, "spend/take-back", m);
}

enum err spend_post_take_back(struct req *r) {
    enum err e = load_take_back(&r->c, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "The file is taken back. What no other file holds no longer counts.");
    return page_redirect(r, "/officer/spend");
}
