// SPDX-License-Identifier: Apache-2.0
// The queue of names in payments that wait for a person, and how far the work has come.
#include "pages/spend_match.h"

#include "base/day.h"
#include "base/money.h"
#include "base/strb.h"
#include "db/queries.gen.h"
#include "pages/routes.h"
#include "pages/spend_words.h"
#include "pages/view.h"
#include "spend/review.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE     25
#define EXPORT_MAX    "100000"
#define QUERY_MAX     100
#define ANCHORS_NAMED 2 // more are counted

static const struct {
    const char *key, *words, *states; // states as PostgreSQL takes them
} states[] = {
    {"", "All that wait", "{open,review}"},    {"review", "Something is proposed", "{review}"},
    {"open", "Nothing is proposed", "{open}"}, {"tied", "Matched", "{tied}"},
    {"none", "Nobody in our lists", "{none}"}, {"individual", "A person", "{individual}"},
};
#define STATES (sizeof states / sizeof *states)

static const char *const least_choices[][2] = {{"", "Any"},
                                               {"1000", "£1,000 or more"},
                                               {"10000", "£10,000 or more"},
                                               {"100000", "£100,000 or more"},
                                               {"1000000", "£1 million or more"}};
#define LEAST (sizeof least_choices / sizeof *least_choices)

// ---- what the address asks for ----

static const char *cut_query(struct req *r) {
    const char *q = req_query(r, "q");
    size_t n = strlen(q);
    while (n > QUERY_MAX || (n > 0 && ((unsigned char)q[n] & 0xC0) == 0x80)) {
        n--; // cut between characters
    }
    return arena_strndup(r->c.arena, q, n);
}

static const char *query_of(struct req *r, const struct match_queue *q, const char *left_out) {
    const char *const pairs[][2] = {
        {"q", q->q}, {"state", q->state}, {"anchor", q->anchor}, {"least", q->least}};
    const char *out = "";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (*pairs[i][1] && strcmp(pairs[i][0], left_out) != 0) {
            out = arena_printf(r->c.arena, "%s%s%s=%s", out, *out ? "&" : "", pairs[i][0],
                               view_encoded(r->c.arena, pairs[i][1]));
        }
    }
    return out;
}

enum err match_queue_read(struct req *r, struct match_queue *q) {
    *q = (struct match_queue){
        .state = "", .anchor = "", .least = "", .p_states = states[0].states, .p_anchor_id = "0"};
    for (size_t i = 0; i < STATES; i++) {
        if (strcmp(states[i].key, req_query(r, "state")) == 0) {
            q->state = states[i].key;
            q->p_states = states[i].states;
        }
    }
    for (size_t i = 0; i < LEAST; i++) {
        if (strcmp(least_choices[i][0], req_query(r, "least")) == 0) {
            q->least = least_choices[i][0];
        }
    }
    q->q = cut_query(r);
    q->p_pattern = *q->q ? view_pattern(r->c.arena, q->q) : NULL;
    // Without a least amount, names whose credits are larger than their payments are in the queue too.
    q->p_least = *q->least ? arena_printf(r->c.arena, "%s00", q->least) : "-9223372036854775808";
    enum err e = review_freshen(&r->c, &q->behind);
    e = e ? e : DB_ROWS(&r->c, review_anchors, &q->anchors);
    for (size_t i = 0; e == ERR_OK && i < rows_count(q->anchors); i++) {
        if (strcmp(row_text(q->anchors, i, "ref"), req_query(r, "anchor")) == 0) {
            q->anchor = row_text(q->anchors, i, "ref");
            q->p_anchor_id = row_text(q->anchors, i, "id");
        }
    }
    q->query = query_of(r, q, "");
    return e;
}

enum err match_path_id(struct req *r, size_t param, int64_t *ret) {
    const char *s = r->params[param];
    size_t n = strlen(s);
    if (n == 0 || n > 18 || strspn(s, "0123456789") != n) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no number: %s", s);
    }
    *ret = strtoll(s, NULL, 10);
    return ERR_OK;
}

// ---- how far the work has come ----

static void put_share(struct model *m, const char *key, int64_t part, int64_t whole) {
    model_i64(m, key, money_share_bp(part, whole));
}

static enum err put_progress(struct req *r, struct model *m, int64_t *ret_all) {
    struct rows *k;
    enum err e = DB_ROWS(&r->c, review_progress, &k);
    if (e != ERR_OK) {
        return e;
    }
    int64_t all = row_i64(k, 0, "all_pence"), tied = row_i64(k, 0, "tied_pence"),
            settled = row_i64(k, 0, "settled_pence"), hidden = row_i64(k, 0, "hidden_pence"),
            left = row_i64(k, 0, "left_pence"), top = row_i64(k, 0, "top_count");
    static const char *const keys[][2] = {
        {"coverage_all", "all_pence"},         {"coverage_tied", "tied_pence"},
        {"coverage_settled", "settled_pence"}, {"coverage_hidden", "hidden_pence"},
        {"coverage_left", "left_pence"},       {"coverage_names", "left_count"},
        {"coverage_proposed", "review_count"}, {"coverage_top", "top_count"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        model_text(m, keys[i][0], row_text(k, 0, keys[i][1]));
    }
    put_share(m, "coverage_tied_share", tied, all);
    put_share(m, "coverage_settled_share", settled, all);
    put_share(m, "coverage_hidden_share", hidden, all);
    put_share(m, "coverage_left_share", left, all);
    put_share(m, "coverage_top_share", row_i64(k, 0, "top_pence"), left);
    model_bool(m, "coverage_any", all != 0);
    model_bool(m, "coverage_any_left", row_i64(k, 0, "left_count") > 0);
    model_bool(m, "coverage_any_settled", settled != 0);
    model_bool(m, "coverage_any_hidden", hidden != 0);
    model_bool(m, "coverage_one_name", row_i64(k, 0, "left_count") == 1);
    model_bool(m, "coverage_many_names", row_i64(k, 0, "left_count") > top && top > 1);
    model_bool(m, "coverage_elsewhere", true);
    *ret_all = all;
    return ERR_OK;
}

enum err spend_match_put_coverage(struct req *r, struct model *m) {
    int64_t all;
    bool behind = false;
    enum err e = review_freshen(&r->c, &behind);
    model_bool(m, "coverage_behind", behind);
    return e ? e : put_progress(r, m, &all);
}

enum err match_put_did(struct req *r, struct model *m, const struct match_queue *q) {
    struct rows *d;
    const char *did = req_query(r, "did");
    size_t n = strlen(did);
    model_list(m, "did");
    if (n == 0 || n > 18 || strspn(did, "0123456789") != n) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, review_decision, &d, did);
    if (e == ERR_OK && rows_count(d) > 0 && row_i64(d, 0, "by_id") == r->c.actor.person_id) {
        struct model *item = model_add(m, "did");
        model_text(item, "did_id", row_text(d, 0, "id"));
        model_text(item, "did_payee", row_text(d, 0, "payee_id"));
        model_text(item, "did_name", row_text(d, 0, "payee_name"));
        model_text(item, "did_words",
                   spend_words_decision(r->c.arena, row_text(d, 0, "what"), row_text(d, 0, "supplier_name"),
                                        row_text(d, 0, "same_name")));
        model_bool(item, "did_undone", row_bool(d, 0, "is_undone"));
        model_text(item, "did_query", q->query);
    }
    return e;
}

// ---- the queue ----

static void put_filters(struct req *r, struct model *m, const struct match_queue *q) {
    model_text(m, "filter_action", "/officer/spend/match");
    model_text(m, "filter_label", "Search by name or number in the file");
    model_text(m, "filter_query", q->q);
    model_bool(m, "filter_open", *q->state || *q->anchor || *q->least);
    model_text(m, "filter_clear_href", *q->query ? "/officer/spend/match" : "");
    model_list(m, "filter_fields");
    model_list(m, "filter_chosen");
    struct model *f = view_filter_field(m, "state", "Show");
    for (size_t i = 0; i < STATES; i++) {
        view_filter_option(f, states[i].key, states[i].words, q->state);
    }
    f = view_filter_field(m, "anchor", "Who paid");
    view_filter_option(f, "", "All public bodies", q->anchor);
    const char *anchor_name = "";
    for (size_t i = 0; i < rows_count(q->anchors); i++) {
        const char *ref = row_text(q->anchors, i, "ref"), *name = row_text(q->anchors, i, "name");
        view_filter_option(f, ref, name, q->anchor);
        anchor_name = strcmp(ref, q->anchor) == 0 ? name : anchor_name;
    }
    f = view_filter_field(m, "least", "Paid in all years");
    const char *state_words = "", *least_words = "";
    for (size_t i = 0; i < LEAST; i++) {
        view_filter_option(f, least_choices[i][0], least_choices[i][1], q->least);
        least_words = strcmp(least_choices[i][0], q->least) == 0 ? least_choices[i][1] : least_words;
    }
    for (size_t i = 0; i < STATES; i++) {
        state_words = strcmp(states[i].key, q->state) == 0 ? states[i].words : state_words;
    }
    const char *const chosen[][3] = {{"q", q->q, q->q},
                                     {"state", q->state, state_words},
                                     {"anchor", q->anchor, anchor_name},
                                     {"least", q->least, least_words}};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        if (*chosen[i][1]) {
            struct model *item = model_add(m, "filter_chosen");
            model_text(item, "label", chosen[i][2]);
            model_text(item, "remove_href",
                       arena_printf(r->c.arena, "/officer/spend/match?%s", query_of(r, q, chosen[i][0])));
        }
    }
}

static void put_list(struct req *r, struct model *m, const struct rows *list, int64_t all_pence) {
    model_list(m, "names");
    for (size_t i = 0; i < rows_count(list); i++) {
        struct model *item = model_add(m, "names");
        static const char *const keys[] = {"id",    "name",      "anchors",  "pence",
                                           "lines", "best_name", "tied_name"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(list, i, keys[k]));
        }
        int64_t anchors = row_i64(list, i, "anchor_count");
        if (anchors > ANCHORS_NAMED) {
            model_text(item, "anchors",
                       spend_words_count(r->c.arena, anchors, "public body", "public bodies"));
        }
        model_text(item, "lines_words",
                   spend_words_count(r->c.arena, row_i64(list, i, "lines"), "payment", "payments"));
        const char *state = row_text(list, i, "match_state");
        model_text(item, "state_words", spend_words_state(state));
        model_text(item, "state_colour", spend_words_colour(state));
        model_text(item, "method_words", spend_words_method(row_text(list, i, "method")));
        model_text(item, "score_words", spend_words_score(row_i64(list, i, "score_milli")));
        model_i64(item, "more_proposals",
                  row_i64(list, i, "proposals") > 1 ? row_i64(list, i, "proposals") - 1 : 0);
        model_i64(item, "adds_share", money_share_bp(row_i64(list, i, "pence"), all_pence));
    }
}

// What the names on this page add up to, of all in the queue.
static void put_part(struct model *m, const struct rows *list, int64_t total, int64_t pence) {
    int64_t here = 0;
    for (size_t i = 0; i < rows_count(list); i++) {
        if (!money_add(here, row_i64(list, i, "pence"), &here)) {
            here = pence;
        }
    }
    model_bool(m, "part_of_more", (int64_t)rows_count(list) < total && pence > 0);
    model_i64(m, "part_count", (int64_t)rows_count(list));
    model_i64(m, "part_share", money_share_bp(here, pence));
    model_text(m, "first_id", rows_count(list) ? row_text(list, 0, "id") : "");
}

static enum err read_queue(struct req *r, const struct match_queue *q, const char *most, const char *after,
                           struct rows **ret) {
    return q->p_pattern ? DB_ROWS(&r->c, review_queue_named, ret, q->p_states, q->p_anchor_id, q->p_pattern,
                                  q->p_least, most, after)
                        : DB_ROWS(&r->c, review_queue, ret, q->p_states, q->p_anchor_id, q->p_pattern,
                                  q->p_least, most, after);
}

enum err match_page_queue(struct req *r) {
    struct match_queue q;
    struct rows *count, *list;
    enum err e = match_queue_read(r, &q);
    e = e ? e
        : q.p_pattern
            ? DB_ROWS(&r->c, review_queue_count_named, &count, q.p_states, q.p_anchor_id, q.p_pattern,
                      q.p_least)
            : DB_ROWS(&r->c, review_queue_count, &count, q.p_states, q.p_anchor_id, q.p_pattern, q.p_least);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Who was paid?");
    int64_t total = row_i64(count, 0, "n"), pence = row_i64(count, 0, "pence");
    int64_t offset = view_pager(r, m, total, PAGE_SIZE);
    e = read_queue(r, &q, arena_i64(r->c.arena, PAGE_SIZE), arena_i64(r->c.arena, offset), &list);
    int64_t all_pence = 0;
    e = e ? e : put_progress(r, m, &all_pence);
    model_bool(m, "coverage_behind", q.behind);
    e = e ? e : match_put_did(r, m, &q);
    if (e != ERR_OK) {
        return e;
    }
    put_filters(r, m, &q);
    put_list(r, m, list, all_pence);
    model_bool(m, "coverage_elsewhere", false);
    put_part(m, list, total, pence);
    bool waiting = !*q.state || strcmp(q.state, "review") == 0 || strcmp(q.state, "open") == 0;
    model_bool(m, "is_waiting", waiting);
    model_bool(m, "is_filtered", *q.query != 0);
    model_bool(m, "is_done", waiting && *req_query(r, "did"));
    model_text(m, "queue_query", q.query);
    char words[MONEY_TEXT_BYTES];
    money_format_short(pence, words);
    model_textf(m, "list_count_text", "%s, %s", spend_words_count(r->c.arena, total, "name", "names"), words);
    model_text(m, "list_sort_text", "Paid most first");
    const char *suffix = *q.query ? arena_printf(r->c.arena, "?%s", q.query) : "";
    model_text(m, "csv_href", arena_printf(r->c.arena, "/officer/spend/match.csv%s", suffix));
    model_text(m, "json_href", arena_printf(r->c.arena, "/officer/spend/match.json%s", suffix));
    return page_render(r, "spend/match-queue", m);
}

enum err match_page_queue_csv(struct req *r) {
    struct match_queue q;
    struct rows *list;
    enum err e = match_queue_read(r, &q);
    e = e ? e : read_queue(r, &q, EXPORT_MAX, "0", &list);
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Names in payments, paid most first");
    table_column(t, "name", "Name in the file", CELL_TEXT);
    table_column(t, "state", "State", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    table_column(t, "anchors", "Who paid", CELL_TEXT);
    table_column(t, "postcode", "Postcode in the file", CELL_TEXT);
    table_column(t, "company_number", "Company number in the file", CELL_TEXT);
    table_column(t, "charity_number", "Charity number in the file", CELL_TEXT);
    table_column(t, "matched", "Matched to", CELL_TEXT);
    table_column(t, "method", "How", CELL_TEXT);
    table_column(t, "best", "Best proposal", CELL_TEXT);
    table_column(t, "best_method", "Why proposed", CELL_TEXT);
    table_column(t, "best_score", "Score of 1,000", CELL_NUMBER);
    for (size_t i = 0; i < rows_count(list); i++) {
        table_row(t);
        table_text(t, row_text(list, i, "name"));
        table_text(t, spend_words_state(row_text(list, i, "match_state")));
        static const char *const keys[] = {"pence",          "lines",          "anchors",  "postcode",
                                           "company_number", "charity_number", "tied_name"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            table_text(t, row_text(list, i, keys[k]));
        }
        table_text(t, spend_words_method(row_text(list, i, "match_rule")));
        table_text(t, row_text(list, i, "best_name"));
        table_text(t, spend_words_method(row_text(list, i, "method")));
        table_text(t, row_text(list, i, "score_milli"));
    }
    return page_table(r, t, "names-in-payments");
}

enum err match_post_undo(struct req *r) {
    struct match_queue q;
    int64_t id, payee = 0;
    enum err e = match_path_id(r, 0, &id);
    e = e ? e : match_queue_read(r, &q);
    e = e ? e : review_undo(&r->c, id, &payee);
    if (e == ERR_CONFLICT && payee) {
        page_flash(r, "info", r->c.err_detail);
    } else if (e != ERR_OK) {
        return e;
    } else {
        page_flash(r, "success", "Taken back. What was decided before holds again.");
    }
    bool to_queue = strcmp(req_query(r, "to"), "queue") == 0;
    return to_queue ? page_redirect(r, "/officer/spend/match/%lld%s%s", (long long)payee, *q.query ? "?" : "",
                                    q.query)
                    : page_redirect(r, "/officer/spend/payees/%lld", (long long)payee);
}

void match_put_years(struct req *r, struct model *m, const struct rows *years, const char *rest) {
    model_list(m, "years");
    for (size_t i = 0, next; i < rows_count(years); i = next) {
        char label[DAY_TEXT_BYTES];
        int64_t fy = row_i64(years, i, "fy"), pence = 0, lines = 0;
        for (next = i; next < rows_count(years) && row_i64(years, next, "fy") == fy; next++) {
            if (money_add(pence, row_i64(years, next, "pence"), &pence)) {
                lines += row_i64(years, next, "lines");
            }
        }
        struct model *item = model_add(m, "years");
        financial_year_label((int)fy, label);
        model_text(item, "label", label);
        model_text(item, "href",
                   arena_printf(r->c.arena, "/officer/spend/payments?%s&year=%lld", rest, (long long)fy));
        model_i64(item, "pence", pence);
        model_text(item, "lines_words", spend_words_count(r->c.arena, lines, "payment", "payments"));
    }
}

const struct html *match_years_table(struct req *r, const struct rows *years, const char *rest) {
    struct table *t = table_new(r->c.arena, "Paid by year and public body, credits taken off");
    table_column(t, "year", "Year (April to March)", CELL_TEXT);
    table_column(t, "anchor", "Who paid", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    for (size_t i = 0; i < rows_count(years); i++) {
        char label[DAY_TEXT_BYTES];
        financial_year_label((int)row_i64(years, i, "fy"), label);
        table_row(t);
        table_link(t, label,
                   arena_printf(r->c.arena, "/officer/spend/payments?%s&year=%s&anchor=%s", rest,
                                row_text(years, i, "fy"),
                                view_encoded(r->c.arena, row_text(years, i, "anchor_ref"))));
        table_text(t, row_text(years, i, "anchor"));
        table_text(t, row_text(years, i, "pence"));
        table_text(t, row_text(years, i, "lines"));
    }
    return table_html(t);
}

#define OFFICER_GET(path, page)                                                                              \
    { "GET", path, NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "", page, NULL }
#define OFFICER_POST(path, page)                                                                             \
    { "POST", path, NEED(PERM_OFFICER), CSRF_TOKEN, "-", 0, "", page, NULL }
#define OFFICER_FORM(path, form, page)                                                                       \
    {"GET", path, NEED(PERM_OFFICER), CSRF_NONE, form, 0, "", page, NULL}, {                                 \
        "POST", path, NEED(PERM_OFFICER), CSRF_TOKEN, form, 0, "", page, NULL                                \
    }

const struct route routes_spend_match[] = {
    OFFICER_GET("/officer/spend/match", match_page_queue),
    OFFICER_GET("/officer/spend/match.csv", match_page_queue_csv),
    OFFICER_GET("/officer/spend/match.json", match_page_queue_csv),
    OFFICER_FORM("/officer/spend/match/{id}", "spend_match", match_page_one),
    OFFICER_POST("/officer/spend/decisions/{id}/undo", match_post_undo),
    OFFICER_GET("/officer/spend/payees/{id}", match_page_payee),
    OFFICER_GET("/officer/spend/suppliers/{ref}", match_page_supplier),
    OFFICER_GET("/officer/spend/suppliers/{ref}/names.csv", match_page_supplier_csv),
    OFFICER_FORM("/officer/spend/merges", "spend_merge", match_page_merges),
    OFFICER_POST("/officer/spend/merges/{id}/undo", match_post_unmerge),
    OFFICER_GET("/officer/spend/aliases", match_page_aliases),
    OFFICER_POST("/officer/spend/aliases/{id}/end", match_post_alias_end),
};
ROUTES_END(spend_match);
