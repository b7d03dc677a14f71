// SPDX-License-Identifier: Apache-2.0
// All about a name of the payments, and about a supplier as the payments see it: matches, history, rules.
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "pages/spend_match.h"
#include "pages/spend_words.h"
#include "pages/supplier_words.h"
#include "pages/view.h"

#include <string.h>

#define HISTORY_SHOWN "200"
#define KIN_SHOWN     "50"
#define NAMES_SHOWN   "200"
#define NAMES_EXPORT  "100000"

// ---- history ------------------------------------------------------------------------------------------

static void put_history(struct req *r, struct model *m, const struct rows *d) {
    model_list(m, "history");
    for (size_t i = 0; i < rows_count(d); i++) {
        struct model *item = model_add(m, "history");
        static const char *const keys[] = {"id",     "at",          "by_name",     "undone_at",
                                           "reason", "undone_name", "score_milli", "supplier_ref"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(d, i, keys[k]));
        }
        model_text(item, "words",
                   spend_words_decision(r->c.arena, row_text(d, i, "what"), row_text(d, i, "supplier_name"),
                                        row_text(d, i, "same_name")));
        model_text(item, "method_words", spend_words_method(row_text(d, i, "method")));
        model_text(item, "score_words", spend_words_score(row_i64(d, i, "score_milli")));
        model_bool(item, "by_rule", !*row_text(d, i, "by_name"));
        model_bool(item, "is_undone", *row_text(d, i, "undone_at") != 0);
        model_bool(item, "holds", row_bool(d, i, "holds"));
    }
}

// ---- the rules by which it counts ---------------------------------------------------------------------

static void put_places(struct req *r, struct model *m, const struct rows *k) {
    model_list(m, "places");
    for (size_t i = 0; i < rows_count(k); i++) {
        struct model *item = model_add(m, "places");
        const char *ward = row_text(k, i, "ward_name");
        model_text(item, "rule_words", spend_words_place_rule(row_text(k, i, "kind")));
        model_text(item, "from_day", row_bool(k, i, "is_always") ? "" : row_text(k, i, "from_day"));
        model_text(item, "postcode", row_text(k, i, "postcode"));
        model_text(item, "evidence", row_text(k, i, "evidence"));
        model_text(item, "set_by", row_text(k, i, "set_by"));
        model_bool(item, "is_local", row_bool(k, i, "is_local"));
        model_text(item, "where_words",
                   !row_bool(k, i, "is_located") ? "Not known: the postcode is not in the loaded list"
                   : !row_bool(k, i, "is_local") ? "Outside the area"
                   : *ward                       ? arena_printf(r->c.arena, "In the area, %s", ward)
                                                 : "In the area");
    }
}

static enum err put_rules(struct req *r, struct model *m, const char *supplier_ref) {
    struct rows *s, *places;
    model_list(m, "supplier");
    if (!*supplier_ref) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, review_supplier, &s, supplier_ref);
    if (e != ERR_OK || rows_count(s) == 0) {
        return e;
    }
    e = DB_ROWS(&r->c, review_supplier_places, &places, row_text(s, 0, "id"));
    if (e != ERR_OK) {
        return e;
    }
    struct model *item = model_add(m, "supplier");
    view_row(item, s, 0);
    put_places(r, item, places);
    supplier_words_tag(item, row_text(s, 0, "decision"), row_text(s, 0, "reasons"));
    model_text(item, "sector_words", supplier_sector_words(row_text(s, 0, "sector")));
    model_text(item, "size_words", supplier_words_size(row_text(s, 0, "size")));
    model_bool(item, "from_register", *row_text(s, 0, "listed_from") != 0);
    return ERR_OK;
}

static void put_kin(struct model *m, const struct rows *kin) {
    model_list(m, "kin");
    for (size_t i = 0; i < rows_count(kin); i++) {
        struct model *item = model_add(m, "kin");
        static const char *const keys[] = {"id",       "name",  "supplier_no", "company_number",
                                           "postcode", "pence", "tied_name",   "number_anchor"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(kin, i, keys[k]));
        }
        model_text(item, "state_words", spend_words_state(row_text(kin, i, "match_state")));
        model_bool(item, "is_spelling", row_bool(kin, i, "is_spelling"));
    }
}

enum err match_page_payee(struct req *r) {
    struct rows *p, *years, *history, *kin;
    int64_t id;
    enum err e = match_path_id(r, 0, &id);
    const char *number = arena_i64(r->c.arena, id);
    e = e ? e : DB_ROWS(&r->c, review_payee, &p, number, NULL);
    if (e != ERR_OK || rows_count(p) == 0) {
        return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no payee %lld", (long long)id);
    }
    e = DB_ROWS(&r->c, review_payee_years, &years, number);
    e = e ? e : DB_ROWS(&r->c, review_decisions, &history, number, HISTORY_SHOWN);
    e = e ? e : DB_ROWS(&r->c, review_payee_kin, &kin, number, KIN_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "%s in the payments", row_text(p, 0, "name")));
    view_row(m, p, 0);
    const char *state = row_bool(p, 0, "redacted") ? "hidden" : row_text(p, 0, "match_state");
    model_text(m, "state_words", spend_words_state(state));
    model_text(m, "state_colour", spend_words_colour(state));
    model_text(m, "method_words", spend_words_method(row_text(p, 0, "match_rule")));
    model_text(m, "lines_words",
               spend_words_count(r->c.arena, row_i64(p, 0, "lines"), "payment", "payments"));
    model_bool(m, "may_decide", !row_bool(p, 0, "redacted"));
    model_bool(m, "any_paid", rows_count(years) > 0);
    model_html(m, "years_table", match_years_table(r, years, arena_printf(r->c.arena, "payee=%s", number)));
    put_history(r, m, history);
    put_kin(m, kin);
    e = put_rules(r, m, row_text(p, 0, "supplier_ref"));
    return e ? e : page_render(r, "spend/match-payee", m);
}

// ---- a supplier ---------------------------------------------------------------------------------------

static enum err find_supplier(struct req *r, struct rows **ret) {
    enum err e = DB_ROWS(&r->c, review_supplier, ret, r->params[0]);
    return e || rows_count(*ret) > 0 ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no supplier %s", r->params[0]);
}

static void put_names(struct req *r, struct model *m, const struct rows *names) {
    model_list(m, "names");
    for (size_t i = 0; i < rows_count(names); i++) {
        struct model *item = model_add(m, "names");
        static const char *const keys[] = {"id",         "name",         "pence",   "lines",    "anchors",
                                           "matched_at", "matched_name", "listing", "same_name"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(names, i, keys[k]));
        }
        model_text(item, "lines_words",
                   spend_words_count(r->c.arena, row_i64(names, i, "lines"), "payment", "payments"));
        model_text(item, "method_words", spend_words_method(row_text(names, i, "match_rule")));
        bool by_rule = !*row_text(names, i, "matched_name");
        model_text(item, "score_words", by_rule ? spend_words_score(row_i64(names, i, "match_score")) : "");
        model_bool(item, "is_merged", row_bool(names, i, "is_merged"));
    }
}

enum err match_page_supplier(struct req *r) {
    struct rows *s, *names, *years;
    enum err e = find_supplier(r, &s);
    if (e != ERR_OK) {
        return e;
    }
    const char *id = row_text(s, 0, "id");
    e = DB_ROWS(&r->c, review_supplier_names, &names, id, NAMES_SHOWN);
    e = e ? e : DB_ROWS(&r->c, review_supplier_years, &years, id);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "%s in the payments", row_text(s, 0, "name")));
    e = put_rules(r, m, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    put_names(r, m, names);
    int64_t count = row_i64(s, 0, "names");
    model_text(m, "name", row_text(s, 0, "name"));
    model_text(m, "pence", row_text(s, 0, "pence"));
    model_text(m, "lines_words",
               spend_words_count(r->c.arena, row_i64(s, 0, "lines"), "payment", "payments"));
    model_text(m, "into_ref", row_text(s, 0, "into_ref"));
    model_text(m, "into_name", row_text(s, 0, "into_name"));
    model_bool(m, "any_paid", rows_count(years) > 0);
    model_bool(m, "names_cut", count > (int64_t)rows_count(names));
    model_textf(m, "list_count_text", "%s in the payments",
                spend_words_count(r->c.arena, count, "name", "names"));
    model_text(m, "list_sort_text", "Paid most first");
    const char *ref = view_encoded(r->c.arena, r->params[0]);
    model_text(m, "csv_href", arena_printf(r->c.arena, "/officer/spend/suppliers/%s/names.csv", ref));
    model_text(m, "payments_query", arena_printf(r->c.arena, "supplier=%s", ref));
    model_html(m, "years_table", match_years_table(r, years, arena_printf(r->c.arena, "supplier=%s", ref)));
    return page_render(r, "spend/match-supplier", m);
}

enum err match_page_supplier_csv(struct req *r) {
    struct rows *s, *names;
    enum err e = find_supplier(r, &s);
    e = e ? e : DB_ROWS(&r->c, review_supplier_names, &names, row_text(s, 0, "id"), NAMES_EXPORT);
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Names in the payments that count as this supplier");
    static const char *const columns[][3] = {{"name", "Name in the file", "name"},
                                             {"supplier_no", "Supplier number", "supplier_no"},
                                             {"company_number", "Company number", "company_number"},
                                             {"charity_number", "Charity number", "charity_number"},
                                             {"postcode", "Postcode", "postcode"},
                                             {"anchors", "Who paid", "anchors"},
                                             {"method", "How it was matched", "match_rule"},
                                             {"score", "Score of 1,000", "match_score"},
                                             {"by", "Who matched it", "matched_name"},
                                             {"at", "When", "matched_at"},
                                             {"listing", "Listing", "listing"},
                                             {"paid", "Paid", "pence"},
                                             {"payments", "Payments", "lines"}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const char *key = columns[i][0];
        table_column(t, key, columns[i][1],
                     strcmp(key, "paid") == 0                                    ? CELL_MONEY
                     : strcmp(key, "at") == 0                                    ? CELL_WHEN
                     : strcmp(key, "payments") == 0 || strcmp(key, "score") == 0 ? CELL_NUMBER
                                                                                 : CELL_TEXT);
    }
    for (size_t i = 0; i < rows_count(names); i++) {
        table_row(t);
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
            const char *value = row_text(names, i, columns[k][2]);
            table_text(t, strcmp(columns[k][0], "method") == 0 ? spend_words_method(value) : value);
        }
    }
    return page_table(r, t, "names-of-supplier");
}
