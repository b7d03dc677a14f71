// SPDX-License-Identifier: Apache-2.0
// The payments behind a figure: what the address asks for, its total, its lines.
#include "pages/spend_payments.h"

#include "base/day.h"
#include "db/queries.gen.h"
#include "pages/view.h"

#include <stdlib.h>
#include <string.h>

#define LEAVES_MAX 4096 // tables of lines that one page looks into

static const char *const places[] = {"local", "elsewhere", "unknown"}; // ANC_PLACE_*
static const char *const tags[] = {"yes", "policy", "review", "no", "unknown"};
static const char *const flows[] = {"procurement", "grant",    "credit", "public_transfer", "pass_through",
                                    "individual",  "treasury", "card",   "hidden"}; // ANC_FLOW_*
static const char *const rules[] = {"", "registered", "operations"};
static const char *const counts[] = {"", "same"};
static const char *const sorts[] = {"", "largest"};

static int index_of(const char *value, const char *const *list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], value) == 0) {
            return (int)i;
        }
    }
    return -1;
}
#define KNOWN(r, name, list) known_value(req_query(r, name), list, sizeof(list) / sizeof *(list))

static const char *known_value(const char *given, const char *const *list, size_t n) {
    int i = index_of(given, list, n);
    return i < 0 ? "" : list[i];
}

static const char *known_row(const struct rows *k, const char *column, const char *given) {
    for (size_t i = 0; i < rows_count(k); i++) {
        if (strcmp(row_text(k, i, column), given) == 0) {
            return row_text(k, i, column);
        }
    }
    return "";
}

// ---- time ----

static enum err read_time(struct req *r, struct payments_choice *ch) {
    enum err e = DB_ROWS(&r->c, payments_years, &ch->years);
    if (e != ERR_OK) {
        return e;
    }
    const char *month = req_query(r, "month");
    int32_t first = 0, next = 0;
    ch->month = "";
    ch->p_from = "-infinity";
    ch->p_until = "infinity";
    ch->year = known_row(ch->years, "fy", req_query(r, "year"));
    if (strlen(month) == 7 && day_parse(arena_printf(r->c.arena, "%s-01", month), &first)) {
        struct civil d;
        char from[DAY_TEXT_BYTES], until[DAY_TEXT_BYTES];
        civil_from_day(first, &d);
        bool other_year = *ch->year && strtol(ch->year, NULL, 10) != financial_year(first);
        if (other_year || !day_from_civil(d.month == 12 ? d.year + 1 : d.year, d.month % 12 + 1, 1, &next)) {
            return ERR_OK;
        }
        day_iso(first, from);
        day_iso(next, until);
        ch->month = month;
        ch->p_from = arena_strdup(r->c.arena, from);
        ch->p_until = arena_strdup(r->c.arena, until);
        ch->year = arena_i64(r->c.arena, financial_year(first));
    }
    return ERR_OK;
}

// ---- who ----

static bool is_number(const char *s) {
    size_t n = strlen(s);
    return n > 0 && n <= 9 && strspn(s, "0123456789") == n; // ids of lines are 32 bits wide
}

static const char *ids_of(struct req *r, const struct rows *k, size_t from) {
    size_t n = rows_count(k) - from;
    const char **ids = arena_array(r->c.arena, n + 1, sizeof *ids);
    for (size_t i = 0; i < n; i++) {
        ids[i] = row_text(k, i + from, "id");
    }
    return db_array(r->c.arena, n, ids);
}

static enum err read_who(struct req *r, struct payments_choice *ch) {
    struct rows *k;
    ch->payee = req_query(r, "payee");
    ch->supplier = *ch->payee ? "" : req_query(r, "supplier");
    ch->who = "";
    if (*ch->payee) {
        bool spellings = *ch->payee == 'p';
        const char *id = ch->payee + spellings;
        if (!is_number(id)) {
            return ctx_fail(&r->c, ERR_NOT_FOUND, "no payee %s", id);
        }
        enum err e = DB_ROWS(&r->c, payments_payee, &k, id, spellings ? "true" : "false");
        if (e != ERR_OK || rows_count(k) == 0) {
            return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no payee %s", id);
        }
        ch->who = row_text(k, 0, "name");
        ch->p_payees = ids_of(r, k, 0);
    } else if (*ch->supplier) {
        enum err e = DB_ROWS(&r->c, payments_supplier, &k, ch->supplier);
        if (e != ERR_OK || rows_count(k) == 0) {
            return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no supplier %s", ch->supplier);
        }
        ch->who = row_text(k, 0, "name");
        ch->p_payees = ids_of(r, k, 1);
    }
    return ERR_OK;
}

static enum err read_facts(struct req *r, struct payments_choice *ch) {
    enum err e = DB_ROWS(&r->c, payments_wards, &ch->wards);
    if (e != ERR_OK) {
        return e;
    }
    ch->ward = known_row(ch->wards, "code", req_query(r, "ward"));
    ch->place = KNOWN(r, "place", places);
    ch->vcfse = KNOWN(r, "vcfse", tags);
    ch->rule = KNOWN(r, "rule", rules);
    ch->p_place = *ch->place ? arena_i64(r->c.arena, index_of(ch->place, places, 3)) : NULL;
    ch->p_ward = *ch->ward ? ch->ward : NULL;
    ch->p_vcfse = *ch->vcfse ? ch->vcfse : NULL;
    ch->p_rule = *ch->rule ? ch->rule : "invoice";
    ch->p_facts = ch->p_place || ch->p_ward || ch->p_vcfse ? "true" : "false";
    return ERR_OK;
}

// ---- which tables ----

static enum err read_leaves(struct req *r, struct payments_choice *ch) {
    struct rows *k;
    enum err e = DB_ROWS(&r->c, payments_leaves, &ch->leaves, *ch->anchor ? ch->anchor : NULL,
                         *ch->load ? ch->load : NULL, *ch->year ? ch->year : NULL);
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(ch->leaves);
    if (n > LEAVES_MAX) {
        return ctx_fail(&r->c, ERR_TOO_LARGE, "too many tables of payments");
    }
    const char **fys = arena_array(r->c.arena, n + 1, sizeof *fys),
               **loads = arena_array(r->c.arena, n + 1, sizeof *loads);
    for (size_t i = 0; i < n; i++) {
        fys[i] = row_text(ch->leaves, i, "fy");
        loads[i] = row_text(ch->leaves, i, "load_id");
    }
    ch->p_years = db_array(r->c.arena, n, fys);
    ch->p_loads = db_array(r->c.arena, n, loads);
    ch->file = "";
    if (*ch->load) {
        e = DB_ROWS(&r->c, payments_load, &k, ch->load);
        if (e != ERR_OK || rows_count(k) == 0) {
            return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no load %s", ch->load);
        }
        ch->file = row_text(k, 0, "file_name");
    }
    return ERR_OK;
}

enum err payments_read(struct req *r, struct payments_choice *ch) {
    *ch = (struct payments_choice){.load = req_query(r, "load")};
    enum err e = DB_ROWS(&r->c, review_anchors, &ch->anchors);
    if (e != ERR_OK) {
        return e;
    }
    ch->anchor = known_row(ch->anchors, "ref", req_query(r, "anchor"));
    ch->flow = KNOWN(r, "flow", flows);
    ch->counted = KNOWN(r, "counted", counts);
    ch->sort = KNOWN(r, "sort", sorts);
    ch->p_flow =
        *ch->flow ? arena_i64(r->c.arena, index_of(ch->flow, flows, sizeof flows / sizeof *flows)) : NULL;
    ch->p_counted = *ch->counted ? "false" : "true";
    e = read_time(r, ch);
    e = e ? e : read_who(r, ch);
    e = e ? e : read_facts(r, ch);
    e = e ? e : read_leaves(r, ch);
    if (e != ERR_OK) {
        return e;
    }
    ch->some = ch->p_payees || *ch->p_facts == 't';
    ch->by_line = *ch->month || *ch->counted;
    return ERR_OK;
}

const char *payments_query(struct req *r, const struct payments_choice *ch, const char *left_out) {
    const char *const pairs[][2] = {{"year", *ch->month ? "" : ch->year},
                                    {"month", ch->month},
                                    {"anchor", ch->anchor},
                                    {"load", ch->load},
                                    {"payee", ch->payee},
                                    {"supplier", ch->supplier},
                                    {"ward", ch->ward},
                                    {"place", ch->place},
                                    {"vcfse", ch->vcfse},
                                    {"flow", ch->flow},
                                    {"rule", ch->rule},
                                    {"counted", ch->counted},
                                    {"sort", ch->sort}};
    const char *out = "";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (*pairs[i][1] && strcmp(pairs[i][0], left_out) != 0) {
            out = arena_printf(r->c.arena, "%s%s%s=%s", out, *out ? "&" : "", pairs[i][0],
                               view_encoded(r->c.arena, pairs[i][1]));
        }
    }
    return out;
}

// ---- totals ----

enum err payments_total(struct req *r, const struct payments_choice *ch, struct payments_sum *ret) {
    struct rows *k;
    enum err e;
    if (ch->by_line && ch->some) {
        e = DB_ROWS(&r->c, payments_total_lines_some, &k, ch->p_years, ch->p_loads, ch->p_flow, ch->p_from,
                    ch->p_until, ch->p_counted, ch->p_payees, ch->p_facts, ch->p_rule, ch->p_place,
                    ch->p_ward, ch->p_vcfse);
    } else if (ch->by_line) {
        e = DB_ROWS(&r->c, payments_total_lines, &k, ch->p_years, ch->p_loads, ch->p_flow, ch->p_from,
                    ch->p_until, ch->p_counted);
    } else if (ch->some) {
        e = DB_ROWS(&r->c, payments_total_some, &k, ch->p_years, ch->p_loads, ch->p_flow, ch->p_payees,
                    ch->p_facts, ch->p_rule, ch->p_place, ch->p_ward, ch->p_vcfse);
    } else {
        e = DB_ROWS(&r->c, payments_total_all, &k, ch->p_years, ch->p_loads, ch->p_flow);
    }
    if (e == ERR_OK) {
        *ret = (struct payments_sum){row_i64(k, 0, "pence"), row_i64(k, 0, "lines"),
                                     row_i64(k, 0, "credit_pence")};
    }
    return e;
}

// ---- lines ----

bool payments_sortable(const struct payments_choice *ch, int64_t lines) {
    int64_t all = 0;
    for (size_t i = 0; i < rows_count(ch->leaves); i++) {
        all += row_i64(ch->leaves, i, "lines");
    }
    return lines <= PAYMENTS_SORT_MOST && (ch->p_payees || all <= PAYMENTS_LOOK_MOST);
}

// "KEY.LOAD.LINE": three whole numbers that an earlier page gave.
static bool read_after(const char *text, int64_t *a, int64_t *b, int64_t *c) {
    char *end;
    *a = strtoll(text, &end, 10);
    if (end == text || *end != '.') {
        return false;
    }
    text = end + 1;
    *b = strtoll(text, &end, 10);
    if (end == text || *end != '.') {
        return false;
    }
    text = end + 1;
    *c = strtoll(text, &end, 10);
    return end != text && *end == 0 && *b >= INT32_MIN && *b <= INT32_MAX && *c >= INT32_MIN &&
           *c <= INT32_MAX;
}

static enum err sorted_lines(struct req *r, const struct payments_choice *ch, const char *after, int64_t most,
                             struct payments_lines *l) {
    int64_t key = INT64_MAX, load = INT32_MAX, line = INT32_MAX;
    struct arena *a = r->c.arena;
    if (*after && !read_after(after, &key, &load, &line)) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no such place in the list");
    }
    const char *largest = *ch->sort ? "true" : "false";
    const char *k = arena_i64(a, key), *f = arena_i64(a, load), *n = arena_i64(a, line),
               *m = arena_i64(a, most + 1);
    l->part = arena_array(a, 1, sizeof(struct rows *));
    l->parts = 1;
    return ch->some ? DB_ROWS(&r->c, payments_sorted_some, &l->part[0], ch->p_years, ch->p_loads, ch->p_flow,
                              ch->p_from, ch->p_until, ch->p_counted, largest, k, f, n, m, ch->p_payees,
                              ch->p_facts, ch->p_rule, ch->p_place, ch->p_ward, ch->p_vcfse)
                    : DB_ROWS(&r->c, payments_sorted, &l->part[0], ch->p_years, ch->p_loads, ch->p_flow,
                              ch->p_from, ch->p_until, ch->p_counted, largest, k, f, n, m);
}

static enum err leaf_lines(struct req *r, const struct payments_choice *ch, size_t leaf, int64_t line,
                           int64_t most, struct rows **ret) {
    struct arena *a = r->c.arena;
    const char *fy = row_text(ch->leaves, leaf, "fy"), *load = row_text(ch->leaves, leaf, "load_id");
    const char *years = db_array(a, 1, &fy), *loads = db_array(a, 1, &load);
    return ch->some ? DB_ROWS(&r->c, payments_in_file_some, ret, years, loads, ch->p_flow, ch->p_from,
                              ch->p_until, ch->p_counted, arena_i64(a, line), arena_i64(a, most),
                              ch->p_payees, ch->p_facts, ch->p_rule, ch->p_place, ch->p_ward, ch->p_vcfse)
                    : DB_ROWS(&r->c, payments_in_file, ret, years, loads, ch->p_flow, ch->p_from, ch->p_until,
                              ch->p_counted, arena_i64(a, line), arena_i64(a, most));
}

static enum err lines_in_files(struct req *r, const struct payments_choice *ch, const char *after,
                               int64_t most, struct payments_lines *l) {
    int64_t fy = 0, load = 0, line = INT32_MIN;
    if (*after && !read_after(after, &fy, &load, &line)) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no such place in the list");
    }
    size_t n = rows_count(ch->leaves), begin = 0;
    while (*after && begin < n &&
           (row_i64(ch->leaves, begin, "fy") > fy ||
            (row_i64(ch->leaves, begin, "fy") == fy && row_i64(ch->leaves, begin, "load_id") > load))) {
        begin++;
    }
    l->part = arena_array(r->c.arena, n + 1, sizeof(struct rows *));
    int64_t have = 0;
    enum err e = ERR_OK;
    for (size_t i = begin; e == ERR_OK && i < n && have <= most; i++) {
        bool here = *after && row_i64(ch->leaves, i, "fy") == fy && row_i64(ch->leaves, i, "load_id") == load;
        e = leaf_lines(r, ch, i, here ? line : INT32_MIN, most + 1 - have, &l->part[l->parts]);
        if (e == ERR_OK) {
            have += (int64_t)rows_count(l->part[l->parts++]);
        }
    }
    return e;
}

const char *payments_cell(const struct payments_lines *l, size_t i, const char *column) {
    for (size_t p = 0; p < l->parts; p++) {
        if (i < rows_count(l->part[p])) {
            return row_text(l->part[p], i, column);
        }
        i -= rows_count(l->part[p]);
    }
    return "";
}

static const char *column_of(struct req *r, const struct payments_lines *l, const char *column) {
    const char **v = arena_array(r->c.arena, l->count + 1, sizeof *v);
    size_t n = 0;
    for (size_t p = 0; p < l->parts; p++) {
        for (size_t i = 0; i < rows_count(l->part[p]) && n < l->count; i++) {
            v[n++] = row_text(l->part[p], i, column);
        }
    }
    return db_array(r->c.arena, l->count, v);
}

enum err payments_lines(struct req *r, const struct payments_choice *ch, bool sorted, const char *after,
                        int64_t most, struct payments_lines *ret) {
    struct payments_lines l = {.next = ""};
    enum err e = sorted ? sorted_lines(r, ch, after, most, &l) : lines_in_files(r, ch, after, most, &l);
    if (e != ERR_OK) {
        return e;
    }
    size_t have = 0;
    for (size_t p = 0; p < l.parts; p++) {
        have += rows_count(l.part[p]);
    }
    l.count = have > (size_t)most ? (size_t)most : have;
    if (have > l.count) {
        size_t last = l.count - 1;
        l.next = arena_printf(r->c.arena, "%s.%s.%s", payments_cell(&l, last, sorted ? "sort_key" : "fy"),
                              payments_cell(&l, last, "load_id"), payments_cell(&l, last, "line_no"));
    }
    e = DB_ROWS(&r->c, payments_words, &l.words, column_of(r, &l, "payee_id"), column_of(r, &l, "label_id"),
                column_of(r, &l, "load_id"), column_of(r, &l, "paid_on"), column_of(r, &l, "amount_pence"),
                column_of(r, &l, "fy"), ch->p_rule, *ch->counted ? "true" : "false");
    if (e == ERR_OK && rows_count(l.words) != l.count) {
        return ctx_fail(&r->c, ERR_BUSY, "the payments were changed while they were read");
    }
    *ret = l;
    return e;
}
