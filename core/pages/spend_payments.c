// SPDX-License-Identifier: Apache-2.0
// Officers open any figure to its payments: filters in the address, the total to the penny, the lines, CSV.
#include "pages/spend_payments.h"

#include "base/day.h"
#include "pages/routes.h"
#include "pages/spend_words.h"
#include "pages/supplier_words.h"
#include "pages/view.h"

#include <anchorage/plugin.h>

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE  50
#define EXPORT_MAX 20000
#define MONTHS     12

static const char *const place_choices[][2] = {
    {"", "Anywhere"}, {"local", "In the area"}, {"elsewhere", "Outside the area"}, {"unknown", "Not known"}};
static const char *const rule_choices[][2] = {{"", "The address on invoices"},
                                              {"registered", "The registered office"},
                                              {"operations", "Where the work is done"}};
static const char *const tag_choices[][2] = {{"", "Any"},
                                             {"yes", "VCFSE organisations"},
                                             {"policy", "Counted by a rule of the place"},
                                             {"review", "Being checked"},
                                             {"no", "Not VCFSE"},
                                             {"unknown", "Not known"}};
static const char *const flow_choices[][2] = {{"", "Any"},
                                              {"procurement", "Purchases"},
                                              {"grant", "Grants"},
                                              {"credit", "Credits"},
                                              {"public_transfer", "To another public body"},
                                              {"pass_through", "Passed on"},
                                              {"individual", "To a person"},
                                              {"treasury", "Loans, taxes, pensions"},
                                              {"card", "By card"},
                                              {"hidden", "Name hidden"}};
static const char *const count_choices[][2] = {
    {"", "Those that count"}, {"same", "Those that stand in two files and count in the other"}};
static const char *const sort_choices[][2] = {{"", "Newest first"}, {"largest", "Largest first"}};

// ---- filters ------------------------------------------------------------------------------------------

struct filling {
    struct req *r;
    struct model *m;
    const struct payments_choice *ch;
};

static void put_chosen(const struct filling *f, const char *name, const char *words) {
    struct model *item = model_add(f->m, "filter_chosen");
    const char *rest = payments_query(f->r, f->ch, name);
    model_text(item, "label", words);
    model_text(item, "remove_href",
               arena_printf(f->r->c.arena, "/officer/spend/payments%s%s", *rest ? "?" : "", rest));
}

static void put_fixed(const struct filling *f, const char *name, const char *label,
                      const char *const (*list)[2], size_t n, const char *chosen) {
    struct model *field = view_filter_field(f->m, name, label);
    for (size_t i = 0; i < n; i++) {
        view_filter_option(field, list[i][0], list[i][1], chosen);
        if (*chosen && strcmp(list[i][0], chosen) == 0) {
            put_chosen(f, name, arena_printf(f->r->c.arena, "%s: %s", label, list[i][1]));
        }
    }
}
#define FIXED(f, name, label, list, chosen)                                                                  \
    put_fixed(f, name, label, list, sizeof(list) / sizeof *(list), chosen)

static void put_rows(const struct filling *f, const char *name, const char *label, const char *any,
                     const struct rows *k, const char *key, const char *chosen) {
    struct model *field = view_filter_field(f->m, name, label);
    view_filter_option(field, "", any, chosen);
    for (size_t i = 0; i < rows_count(k); i++) {
        const char *value = row_text(k, i, key), *words = row_text(k, i, "name");
        view_filter_option(field, value, words, chosen);
        if (*chosen && strcmp(value, chosen) == 0) {
            put_chosen(f, name, words);
        }
    }
}

static void put_years(const struct filling *f) {
    struct model *field = view_filter_field(f->m, "year", "Year (April to March)");
    const char *chosen = f->ch->year;
    view_filter_option(field, "", "All years", chosen);
    for (size_t i = 0; i < rows_count(f->ch->years); i++) {
        char label[DAY_TEXT_BYTES];
        const char *fy = row_text(f->ch->years, i, "fy");
        financial_year_label((int)row_i64(f->ch->years, i, "fy"), label);
        view_filter_option(field, fy, arena_strdup(f->r->c.arena, label), chosen);
        if (!*f->ch->month && strcmp(fy, chosen) == 0) {
            put_chosen(f, "year", arena_printf(f->r->c.arena, "%s", label));
        }
    }
    if (!*chosen) {
        return;
    }
    field = view_filter_field(f->m, "month", "Month");
    view_filter_option(field, "", "The whole year", f->ch->month);
    int year = (int)strtol(chosen, NULL, 10);
    for (int i = 0; i < MONTHS; i++) {
        int32_t day;
        char iso[DAY_TEXT_BYTES], words[DAY_TEXT_BYTES];
        if (day_from_civil(year + (i + 3) / 12, (i + 3) % 12 + 1, 1, &day)) {
            day_iso(day, iso);
            day_words(day, words);
            const char *value = arena_strndup(f->r->c.arena, iso, 7),
                       *label = arena_strdup(f->r->c.arena, words + strlen("1 "));
            view_filter_option(field, value, label, f->ch->month);
            if (strcmp(value, f->ch->month) == 0) {
                put_chosen(f, "month", label);
            }
        }
    }
}

static void put_filters(struct req *r, struct model *m, const struct payments_choice *ch, bool sortable) {
    const struct filling f = {r, m, ch};
    model_list(m, "filter_fields");
    model_list(m, "filter_chosen");
    if (*ch->who) {
        put_chosen(&f, *ch->payee ? "payee" : "supplier", ch->who);
    }
    if (*ch->file) {
        put_chosen(&f, "load", arena_printf(r->c.arena, "File: %s", ch->file));
    }
    put_years(&f);
    put_rows(&f, "anchor", "Who paid", "All public bodies", ch->anchors, "ref", ch->anchor);
    FIXED(&f, "flow", "Kind of payment", flow_choices, ch->flow);
    FIXED(&f, "place", "Where they are", place_choices, ch->place);
    put_rows(&f, "ward", "Ward", "Any", ch->wards, "code", ch->ward);
    FIXED(&f, "rule", "Where, by", rule_choices, ch->rule);
    FIXED(&f, "vcfse", "Voluntary, community, faith or social enterprise (VCFSE)", tag_choices, ch->vcfse);
    FIXED(&f, "counted", "Payments", count_choices, ch->counted);
    if (sortable) {
        FIXED(&f, "sort", "Sort", sort_choices, ch->sort);
    }
    model_bool(m, "filter_any", *payments_query(r, ch, "") != 0);
    model_bool(m, "filter_open",
               *ch->year || *ch->anchor || *ch->flow || *ch->place || *ch->ward || *ch->rule || *ch->vcfse ||
                   *ch->counted || *ch->sort);
    model_text(m, "kept_payee", ch->payee);
    model_text(m, "kept_supplier", ch->supplier);
    model_text(m, "kept_load", ch->load);
}

// ---- lines --------------------------------------------------------------------------------------------

static const char *purpose_of(struct req *r, const struct rows *w, size_t i) {
    const char *category = row_text(w, i, "category"), *purpose = row_text(w, i, "purpose");
    return *category && *purpose && strcmp(category, purpose) != 0
               ? arena_printf(r->c.arena, "%s: %s", category, purpose)
           : *category ? category
                       : purpose;
}

static const char *where_of(struct req *r, const struct rows *w, size_t i) {
    int64_t place = row_i64(w, i, "place");
    const char *ward = row_text(w, i, "ward_name");
    return place == ANC_PLACE_ELSEWHERE ? "Outside the area"
           : place != ANC_PLACE_LOCAL   ? "Not known"
           : *ward                      ? arena_printf(r->c.arena, "In the area, %s", ward)
                                        : "In the area";
}

static const char *line_of(struct req *r, const struct payments_lines *l, size_t i) {
    int64_t line = strtoll(payments_cell(l, i, "line_no"), NULL, 10);
    return line < 0 ? arena_printf(r->c.arena, "%lld, taken off who passed it on", (long long)-line)
                    : arena_i64(r->c.arena, line);
}

static void put_lines(struct req *r, struct model *m, const struct payments_lines *l) {
    model_list(m, "payments");
    for (size_t i = 0; i < l->count; i++) {
        struct model *item = model_add(m, "payments");
        static const char *const keys[] = {"name", "anchor", "file_name", "same_file", "load_ref"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(l->words, i, keys[k]));
        }
        model_text(item, "payee_id", payments_cell(l, i, "payee_id"));
        model_text(item, "paid_on", payments_cell(l, i, "paid_on"));
        model_text(item, "pence", payments_cell(l, i, "amount_pence"));
        model_text(item, "line_words", line_of(r, l, i));
        model_text(item, "purpose", purpose_of(r, l->words, i));
        model_text(item, "where_words", where_of(r, l->words, i));
        model_text(item, "kind_words", spend_words_flow(strtoll(payments_cell(l, i, "flow"), NULL, 10)));
    }
}

static const char *address(struct req *r, const char *path, const struct payments_choice *ch,
                           const char *after) {
    const char *q = payments_query(r, ch, "");
    return *after ? arena_printf(r->c.arena, "%s?%s%safter=%s", path, q, *q ? "&" : "",
                                 view_encoded(r->c.arena, after))
                  : arena_printf(r->c.arena, "%s%s%s", path, *q ? "?" : "", q);
}

static enum err page_payments(struct req *r) {
    struct payments_choice ch;
    struct payments_sum sum;
    struct payments_lines l;
    enum err e = payments_read(r, &ch);
    e = e ? e : payments_total(r, &ch, &sum);
    if (e != ERR_OK) {
        return e;
    }
    bool sorted = payments_sortable(&ch, sum.lines);
    const char *after = req_query(r, "after");
    e = payments_lines(r, &ch, sorted, after, PAGE_SIZE, &l);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m =
        page_model(r, *ch.who ? arena_printf(r->c.arena, "Payments to %s", ch.who) : "Payments");
    put_filters(r, m, &ch, sorted);
    model_text(m, "who", ch.who);
    model_i64(m, "total_pence", sum.pence);
    model_i64(m, "total_lines", sum.lines);
    model_i64(m, "credit_pence", sum.credit_pence);
    model_bool(m, "any_credit", sum.credit_pence != 0);
    model_bool(m, "one_payment", sum.lines == 1);
    model_bool(m, "is_same", *ch.counted != 0);
    model_bool(m, "any", l.count > 0);
    model_bool(m, "too_many_to_sort", !sorted);
    put_lines(r, m, &l);
    model_text(m, "list_count_text", spend_words_count(r->c.arena, sum.lines, "payment", "payments"));
    model_text(m, "list_sort_text",
               !sorted    ? "File by file, in the order of the file"
               : *ch.sort ? "Largest first"
                          : "Newest first");
    model_text(m, "next_href", *l.next ? address(r, "/officer/spend/payments", &ch, l.next) : "");
    model_text(m, "first_href", *after ? address(r, "/officer/spend/payments", &ch, "") : "");
    model_text(m, "csv_href", address(r, "/officer/spend/payments.csv", &ch, ""));
    model_text(m, "json_href", address(r, "/officer/spend/payments.json", &ch, ""));
    model_bool(m, "csv_cut", sum.lines > EXPORT_MAX);
    return page_render(r, "spend/payments", m);
}

static enum err page_payments_data(struct req *r) {
    struct payments_choice ch;
    struct payments_sum sum;
    struct payments_lines l;
    enum err e = payments_read(r, &ch);
    e = e ? e : payments_total(r, &ch, &sum);
    e = e ? e
          : payments_lines(r, &ch, payments_sortable(&ch, sum.lines), req_query(r, "after"), EXPORT_MAX, &l);
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Payments");
    table_column(t, "day", "Date", CELL_DAY);
    table_column(t, "payee", "Name in the file", CELL_TEXT);
    table_column(t, "paid", "Amount", CELL_MONEY);
    static const char *const words[][2] = {{"category", "Category"},     {"purpose", "Purpose"},
                                           {"department", "Department"}, {"anchor", "Who paid"},
                                           {"file_name", "File"},        {"same_file", "Same as in"}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        table_column(t, words[k][0], words[k][1], CELL_TEXT);
    }
    table_column(t, "line", "Line of the file", CELL_TEXT);
    table_column(t, "transaction", "Transaction", CELL_TEXT);
    table_column(t, "kind", "Kind", CELL_TEXT);
    table_column(t, "where", "Where they are", CELL_TEXT);
    table_column(t, "vcfse", "VCFSE", CELL_TEXT);
    for (size_t i = 0; i < l.count; i++) {
        table_row(t);
        table_text(t, payments_cell(&l, i, "paid_on"));
        table_text(t, row_text(l.words, i, "name"));
        table_text(t, payments_cell(&l, i, "amount_pence"));
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            table_text(t, row_text(l.words, i, words[k][0]));
        }
        table_text(t, line_of(r, &l, i));
        table_text(t, payments_cell(&l, i, "txn"));
        table_text(t, spend_words_flow(strtoll(payments_cell(&l, i, "flow"), NULL, 10)));
        table_text(t, where_of(r, l.words, i));
        table_text(t, supplier_words_decision(row_text(l.words, i, "vcfse")));
    }
    return page_table(r, t, "payments");
}

#define OFFICER NEED(PERM_OFFICER), CSRF_NONE, "-", 0, ""

const struct route routes_spend_payments[] = {
    {"GET", "/officer/spend/payments", OFFICER, page_payments, NULL},
    {"GET", "/officer/spend/payments.csv", OFFICER, page_payments_data, NULL},
    {"GET", "/officer/spend/payments.json", OFFICER, page_payments_data, NULL},
};
ROUTES_END(spend_payments);
