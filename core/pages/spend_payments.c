// SPDX-License-Identifier: Apache-2.0
// Officers open any figure to its payments: filters in the address, the total to the penny, the lines, CSV.
#include "pages/spend_payments.h"

#include "base/day.h"
#include "domain/supplier.h"
#include "pages/routes.h"
#include "pages/spend_words.h"
#include "pages/supplier_words.h"
#include "pages/view.h"

#include <anchorage/plugin.h>

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE 50
#define MONTHS    12

// ---- filters ------------------------------------------------------------------------------------------

struct filling {
    struct req *r;
    struct model *m;
    const struct payments_choice *ch;
};

static void put_chosen(const struct filling *f, enum payments_filter of, const char *words) {
    struct model *item = model_add(f->m, "filter_chosen");
    const char *rest = payments_query(f->r, f->ch, of);
    model_text(item, "label", words);
    model_text(item, "remove_href",
               arena_printf(f->r->c.arena, "/officer/spend/payments%s%s", *rest ? "?" : "", rest));
}

static struct model *put_field(const struct filling *f, enum payments_filter of, const char *label) {
    return view_filter_field(f->m, payments_names[of], label);
}

// More than one at once ("procurement.grant") comes from links only.
static void put_fixed(const struct filling *f, enum payments_filter of, const char *label) {
    size_t n;
    const struct payments_option *o = payments_options(of, &n);
    struct model *field = put_field(f, of, label);
    const char *chosen = f->ch->value[of];
    bool met = !*chosen;
    for (size_t i = 0; i < n; i++) {
        view_filter_option(field, o[i].value, o[i].words, chosen);
        if (*chosen && strcmp(o[i].value, chosen) == 0) {
            met = true;
            put_chosen(f, of, arena_printf(f->r->c.arena, "%s: %s", label, o[i].words));
        }
    }
    if (!met) {
        const char *words = of == PAYMENTS_FLOW ? "The kinds that the figures count" : "Several of these";
        view_filter_option(field, chosen, words, chosen);
        put_chosen(f, of, arena_printf(f->r->c.arena, "%s: %s", label, words));
    }
}

static void put_rows(const struct filling *f, enum payments_filter of, const char *label, const char *any,
                     const struct rows *k, const char *key, const char *name) {
    const char *chosen = f->ch->value[of];
    struct model *field = put_field(f, of, label);
    bool met = !*chosen;
    view_filter_option(field, "", any, chosen);
    for (size_t i = 0; i < rows_count(k); i++) {
        const char *value = row_text(k, i, key), *words = row_text(k, i, name);
        view_filter_option(field, value, words, chosen);
        if (*chosen && strcmp(value, chosen) == 0) {
            met = true;
            put_chosen(f, of, words);
        }
    }
    if (!met) {
        view_filter_option(field, chosen, chosen, chosen);
        put_chosen(f, of, chosen);
    }
}

// What a link led to: it can be kept or taken away.
static void put_given(const struct filling *f, enum payments_filter of, const char *label, const char *any,
                      const char *words) {
    struct model *field = put_field(f, of, label);
    view_filter_option(field, "", any, f->ch->value[of]);
    view_filter_option(field, f->ch->value[of], words, f->ch->value[of]);
    put_chosen(f, of, words);
}

static void put_sectors(const struct filling *f) {
    size_t n;
    const struct sector *s = supplier_sectors(&n);
    const char *chosen = f->ch->value[PAYMENTS_SECTOR];
    struct model *field = put_field(f, PAYMENTS_SECTOR, "Kind of work");
    view_filter_option(field, "", "All kinds of work", chosen);
    for (size_t i = 0; i < n; i++) {
        view_filter_option(field, s[i].code, s[i].words, chosen);
        if (*chosen && strcmp(s[i].code, chosen) == 0) {
            put_chosen(f, PAYMENTS_SECTOR, s[i].words);
        }
    }
}

static void put_year_field(const struct filling *f, enum payments_filter of, const char *name,
                           const char *any) {
    struct model *field = put_field(f, of, name);
    const char *chosen = f->ch->value[of];
    const char *before = *f->ch->value[PAYMENTS_TO] ? of == PAYMENTS_TO ? "to " : "from " : "";
    view_filter_option(field, "", any, chosen);
    for (size_t i = 0; i < rows_count(f->ch->years); i++) {
        char label[DAY_TEXT_BYTES];
        const char *fy = row_text(f->ch->years, i, "fy");
        financial_year_label((int)row_i64(f->ch->years, i, "fy"), label);
        view_filter_option(field, fy, arena_strdup(f->r->c.arena, label), chosen);
        if (!*f->ch->value[PAYMENTS_MONTH] && *chosen && strcmp(fy, chosen) == 0) {
            put_chosen(f, of, arena_printf(f->r->c.arena, "%s%s", before, label));
        }
    }
}

static void put_months(const struct filling *f) {
    struct model *field = put_field(f, PAYMENTS_MONTH, "Month");
    const char *chosen = f->ch->value[PAYMENTS_MONTH];
    view_filter_option(field, "", "The whole year", chosen);
    int year = (int)strtol(f->ch->value[PAYMENTS_YEAR], NULL, 10);
    for (int i = 0; i < MONTHS; i++) {
        int32_t day;
        char iso[DAY_TEXT_BYTES], words[DAY_TEXT_BYTES];
        if (day_from_civil(year + (i + 3) / 12, (i + 3) % 12 + 1, 1, &day)) {
            day_iso(day, iso);
            day_words(day, words);
            const char *value = arena_strndup(f->r->c.arena, iso, 7),
                       *label = arena_strdup(f->r->c.arena, words + strlen("1 "));
            view_filter_option(field, value, label, chosen);
            if (strcmp(value, chosen) == 0) {
                put_chosen(f, PAYMENTS_MONTH, label);
            }
        }
    }
}

static void put_filters(struct req *r, struct model *m, const struct payments_choice *ch) {
    const struct filling f = {r, m, ch};
    const char *const *v = ch->value;
    model_list(m, "filter_fields");
    model_list(m, "filter_chosen");
    if (*ch->who) {
        put_given(&f, *v[PAYMENTS_PAYEE] ? PAYMENTS_PAYEE : PAYMENTS_SUPPLIER, "Paid to", "Anybody", ch->who);
    }
    if (*ch->file) {
        put_given(&f, PAYMENTS_LOAD, "File", "All files", ch->file);
    }
    put_year_field(&f, PAYMENTS_YEAR, "Year (April to March)", "All years");
    put_year_field(&f, PAYMENTS_TO, "Up to the year", "That year alone");
    if (*v[PAYMENTS_YEAR] && !*v[PAYMENTS_TO]) {
        put_months(&f);
    }
    put_rows(&f, PAYMENTS_ANCHOR, "Who paid", "All public bodies", ch->anchors, "ref", "name");
    put_fixed(&f, PAYMENTS_FLOW, "Kind of payment");
    put_fixed(&f, PAYMENTS_PLACE, "Where they are");
    put_rows(&f, PAYMENTS_WARD, "Ward", "Any", ch->wards, "code", "name");
    put_fixed(&f, PAYMENTS_RULE, "Where, by");
    put_sectors(&f);
    put_fixed(&f, PAYMENTS_SIZE, "Size");
    put_fixed(&f, PAYMENTS_VCFSE, "Voluntary, community, faith or social enterprise (VCFSE)");
    if (rows_count(ch->classes) > 0) {
        put_rows(&f, PAYMENTS_CLASS, "VCFSE by a rule of the place, because it is", "Any", ch->classes,
                 "class", "class");
    }
    put_fixed(&f, PAYMENTS_COUNTED, "Payments");
    put_fixed(&f, PAYMENTS_SORT, "Sort");
    model_text(m, "filter_action", "/officer/spend/payments");
    model_text(m, "filter_label", ""); // no search
    model_text(m, "filter_query", "");
    model_text(m, "filter_clear_href",
               *payments_query(r, ch, PAYMENTS_FILTERS) ? "/officer/spend/payments" : "");
    bool open = false;
    for (int i = 0; i < PAYMENTS_FILTERS; i++) {
        bool led_here = i == PAYMENTS_PAYEE || i == PAYMENTS_SUPPLIER || i == PAYMENTS_LOAD;
        open = open || (!led_here && *v[i]);
    }
    model_bool(m, "filter_open", open);
}

// ---- lines --------------------------------------------------------------------------------------------

static const char *purpose_of(struct req *r, const struct rows *w, size_t i) {
    const char *category = row_text(w, i, "category"), *purpose = row_text(w, i, "purpose");
    return *category && *purpose && strcmp(category, purpose) != 0
               ? arena_printf(r->c.arena, "%s: %s", category, purpose)
           : *category ? category
                       : purpose;
}

static const char *where_of(struct req *r, const struct drill_line *x) {
    return x->place == ANC_PLACE_ELSEWHERE ? "Outside the area"
           : x->place != ANC_PLACE_LOCAL   ? "Not known"
           : *x->ward                      ? arena_printf(r->c.arena, "In the area, %s", x->ward)
                                           : "In the area";
}

static const char *line_of(struct req *r, const struct drill_line *x) {
    return x->line_no < 0 ? arena_printf(r->c.arena, "%d, taken off who passed it on", -x->line_no)
                          : arena_i64(r->c.arena, x->line_no);
}

static void put_lines(struct req *r, struct model *m, const struct payments_lines *l) {
    model_list(m, "payments");
    for (size_t i = 0; i < l->found.count; i++) {
        const struct drill_line *x = &l->found.line[i];
        struct model *item = model_add(m, "payments");
        static const char *const keys[] = {"name",     "anchor",   "file_name", "same_file",
                                           "load_ref", "payee_id", "paid_on"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(l->words, i, keys[k]));
        }
        model_text(item, "pence", row_text(l->words, i, "amount_pence"));
        model_text(item, "vat_pence", row_text(l->words, i, "vat_lost_pence"));
        model_bool(item, "any_vat", row_i64(l->words, i, "vat_lost_pence") != 0);
        model_text(item, "line_words", line_of(r, x));
        model_text(item, "purpose", purpose_of(r, l->words, i));
        model_text(item, "where_words", where_of(r, x));
        model_text(item, "kind_words", spend_words_flow(row_i64(l->words, i, "flow")));
    }
}

static const char *address(struct req *r, const char *path, const struct payments_choice *ch,
                           const char *after) {
    const char *q = payments_query(r, ch, PAYMENTS_FILTERS);
    return *after ? arena_printf(r->c.arena, "%s?%s%safter=%s", path, q, *q ? "&" : "",
                                 view_encoded(r->c.arena, after))
                  : arena_printf(r->c.arena, "%s%s%s", path, *q ? "?" : "", q);
}

static void put_list(struct req *r, struct model *m, const struct payments_choice *ch,
                     const struct payments_lines *l) {
    put_lines(r, m, l);
    model_text(m, "list_count_text", spend_words_count(r->c.arena, l->found.lines, "payment", "payments"));
    model_text(m, "list_sort_text", ch->drill.largest ? "Largest first" : "Newest first");
    model_text(m, "next_href", *l->next ? address(r, "/officer/spend/payments", ch, l->next) : "");
    model_text(m, "first_href", ch->drill.after ? address(r, "/officer/spend/payments", ch, "") : "");
    model_text(m, "csv_href", address(r, "/officer/spend/payments.csv", ch, ""));
    model_text(m, "json_href", address(r, "/officer/spend/payments.json", ch, ""));
    model_bool(m, "csv_cut", l->found.lines > (int64_t)DRILL_MOST);
}

static enum err page_payments(struct req *r) {
    struct payments_choice ch;
    struct payments_lines l;
    enum err e = payments_read(r, &ch);
    e = e ? e : payments_lines(r, &ch, PAGE_SIZE, false, &l);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m =
        page_model(r, *ch.who ? arena_printf(r->c.arena, "Payments to %s", ch.who) : "Payments");
    put_filters(r, m, &ch);
    model_text(m, "who", ch.who);
    model_i64(m, "total_pence", l.found.pence);
    model_i64(m, "total_lines", l.found.lines);
    model_i64(m, "credit_pence", l.found.credit_pence);
    model_bool(m, "any_credit", l.found.credit_pence != 0);
    model_bool(m, "one_payment", l.found.lines == 1);
    model_bool(m, "is_same", ch.drill.same);
    model_bool(m, "is_reading", l.reading);
    model_bool(m, "any_sums", !l.no_sums);
    model_bool(m, "any", l.found.count > 0);
    model_text(m, "again_href", address(r, "/officer/spend/payments", &ch, req_query(r, "after")));
    put_list(r, m, &ch, &l);
    return page_render(r, "spend/payments", m);
}

static enum err page_payments_data(struct req *r) {
    struct payments_choice ch;
    struct payments_lines l;
    enum err e = payments_read(r, &ch);
    e = e ? e : payments_lines(r, &ch, DRILL_MOST, true, &l);
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Payments");
    table_column(t, "day", "Date", CELL_DAY);
    table_column(t, "payee", "Name in the file", CELL_TEXT);
    table_column(t, "paid", "Amount", CELL_MONEY);
    table_column(t, "vat", "Of it VAT that cannot be reclaimed", CELL_MONEY);
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
    for (size_t i = 0; i < l.found.count; i++) {
        const struct drill_line *x = &l.found.line[i];
        table_row(t);
        table_text(t, row_text(l.words, i, "paid_on"));
        table_text(t, row_text(l.words, i, "name"));
        table_text(t, row_text(l.words, i, "amount_pence"));
        table_text(t, row_text(l.words, i, "vat_lost_pence"));
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            table_text(t, row_text(l.words, i, words[k][0]));
        }
        table_text(t, line_of(r, x));
        table_text(t, row_text(l.words, i, "txn"));
        table_text(t, spend_words_flow(row_i64(l.words, i, "flow")));
        table_text(t, where_of(r, x));
        table_text(t, supplier_words_decision(payments_tag(x->vcfse)));
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
