// SPDX-License-Identifier: Apache-2.0
// What was understood of a payments file, before anything is stored, and the form that settles it.
#include "pages/spend_import.h"

#include "base/day.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/queries.gen.h"
#include "pages/spend_words.h"
#include "pages/view.h"
#include "spend/import.h"
#include "spend/load.h"
#include "spend/profile.h"

#include <stdlib.h>
#include <string.h>

#define MONTHS_BACK    120 // choices for payments without a date
#define MONTHS_MOST    480
#define REPLACE_SHOWN  6
#define PROBLEMS_SHOWN "10"
#define EXAMPLES       3
#define EXAMPLE_BYTES  160
#define COLUMNS_SHOWN  100 // of a very wide file only so many can be chosen
#define PLACES_MAX     60
#define LINES_MAX      12

// The numbers a preview may hold; templates want every key.
static const char *const numbers[] = {"bytes",          "rows",           "accepted",       "rejected",
                                      "sums",           "undated",        "redacted",       "negative",
                                      "rounded",        "total_pence",    "payees",         "new_payees",
                                      "same_lines",     "same_pence",     "negative_pence", "undated_pence",
                                      "redacted_pence", "vat_lost_pence", "heading_count"};
static const char *const texts[] = {"sheet",      "layout",    "rules",  "first_day", "last_day",
                                    "same_loads", "head_hash", "sha256", "month_said"};
#define COUNT(list) (sizeof(list) / sizeof *(list))

struct look {
    struct req *r;
    const struct rows *one, *facts, *headings, *cells;
    struct anc_columns columns;
};

static const char *fact(const struct look *l, const char *name) {
    for (size_t i = 0; i < rows_count(l->facts); i++) {
        if (strcmp(row_text(l->facts, i, "name"), name) == 0) {
            return row_text(l->facts, i, "value");
        }
    }
    return "";
}

static int64_t fact_i64(const struct look *l, const char *name) {
    int64_t v = 0;
    return text_i64(fact(l, name), &v) ? v : 0;
}

static enum err read_look(struct req *r, const struct rows *one, struct look *ret) {
    const char *id = row_text(one, 0, "id");
    struct rows *facts, *headings, *cells, *columns;
    enum err e = DB_ROWS(&r->c, spend_import_facts, &facts, id);
    e = e ? e : DB_ROWS(&r->c, spend_import_headings, &headings, id);
    e = e ? e : DB_ROWS(&r->c, spend_import_cells, &cells, id);
    e = e ? e : DB_ROWS(&r->c, spend_import_read_columns, &columns, id);
    if (e != ERR_OK) {
        return e;
    }
    *ret = (struct look){.r = r,
                         .one = one,
                         .facts = facts,
                         .headings = headings,
                         .cells = cells,
                         .columns = profile_nothing()};
    for (size_t i = 0; i < rows_count(columns); i++) {
        profile_take(&ret->columns, row_text(columns, i, "name"), row_text(columns, i, "value"));
    }
    return ERR_OK;
}

// ---- the form -----------------------------------------------------------------------------------------

static const char *const date_orders[] = {"found", "day", "month"};
static const char *const amount_bases[] = {"plain", "net", "gross"};
static const char *const date_bases[] = {"paid", "posted", "invoiced", "other"};
static const char *const kinds[] = {"payments", "card", "grants", "tier2"};

static int32_t place_in(const char *const *list, size_t n, const char *word) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], word) == 0) {
            return (int32_t)i;
        }
    }
    return 0;
}
#define PLACE_IN(list, word) place_in((list), COUNT(list), (word))
#define WORD_OF(list, i)     ((i) >= 0 && (size_t)(i) < COUNT(list) ? (list)[i] : (list)[0])

const char *spend_preview_field(struct arena *a, int column) {
    return arena_printf(a, "col_%s", profile_column_word(column));
}

struct anc_columns spend_preview_columns(const struct req *r) {
    struct anc_columns c = profile_nothing();
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        int64_t place;
        if (text_i64(form_text(r->form, spend_preview_field(r->c.arena, i)), &place)) {
            c.column[i] = (int32_t)place;
        }
    }
    c.head_rows = (uint32_t)form_i64(r->form, "head_rows", 1);
    c.kind = PLACE_IN(kinds, form_text(r->form, "kind"));
    c.date_order = PLACE_IN(date_orders, form_text(r->form, "date_order"));
    c.amount_basis = PLACE_IN(amount_bases, form_text(r->form, "amount_basis"));
    c.date_basis = PLACE_IN(date_bases, form_text(r->form, "date_basis"));
    return c;
}

// How many columns can be chosen: those with a heading, or of a refused file those that are there.
static size_t width_of(const struct look *l) {
    size_t n = rows_count(l->headings);
    for (size_t i = 0; i < rows_count(l->cells); i++) {
        size_t place = (size_t)row_i64(l->cells, i, "place") + 1;
        n = place > n ? place : n;
    }
    return n < COLUMNS_SHOWN ? n : COLUMNS_SHOWN;
}

static const char *heading_at(const struct look *l, size_t place) {
    struct arena *a = l->r->c.arena;
    if (place < rows_count(l->headings) && *row_text(l->headings, place, "heading")) {
        return row_text(l->headings, place, "heading");
    }
    for (size_t i = 0; i < rows_count(l->cells); i++) {
        if ((size_t)row_i64(l->cells, i, "place") == place && *row_text(l->cells, i, "text")) {
            return arena_printf(a, "Column %zu: %s", place + 1, row_text(l->cells, i, "text"));
        }
    }
    return arena_printf(a, "Column %zu, without a heading", place + 1);
}

static void put_column_options(const struct look *l) {
    struct arena *a = l->r->c.arena;
    size_t n = width_of(l);
    struct field_option *o = arena_array(a, n + 1, sizeof *o);
    o[0] = (struct field_option){.value = "none", .label = "Not in this file"};
    for (size_t i = 0; i < n; i++) {
        o[i + 1] = (struct field_option){.value = arena_i64(a, (int64_t)i), .label = heading_at(l, i)};
    }
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        form_options(l->r->form, spend_preview_field(a, i), o, n + 1);
    }
}

// Months from this one back, "2025-11" as "November 2025"; as far as the month that the file itself names.
static void put_month_options(const struct look *l) {
    struct req *r = l->r;
    struct civil now, said;
    int32_t day_said;
    int n = MONTHS_BACK;
    civil_from_day(london_day(r->c.now_usec), &now);
    if (day_parse(arena_printf(r->c.arena, "%s-01", fact(l, "month_said")), &day_said)) {
        civil_from_day(day_said, &said);
        int back = (now.year - said.year) * 12 + now.month - said.month + 1;
        n = back > n && back < MONTHS_MOST ? back : n;
    }
    struct field_option *o = arena_array(r->c.arena, (size_t)n, sizeof *o);
    for (int i = 0; i < n; i++) {
        int months = now.year * 12 + now.month - 1 - i;
        int32_t day = 0;
        char iso[DAY_TEXT_BYTES] = "", words[DAY_TEXT_BYTES] = "1 ";
        if (day_from_civil(months / 12, months % 12 + 1, 1, &day)) {
            day_iso(day, iso);
            day_words(day, words);
        }
        o[i] = (struct field_option){.value = arena_strndup(r->c.arena, iso, 7),
                                     .label = arena_strdup(r->c.arena, words + strlen("1 "))};
    }
    form_options(r->form, "month", o, (size_t)n);
}

static const char *words_of(struct req *r, const char *iso) {
    int32_t day;
    char words[DAY_TEXT_BYTES] = "";
    if (day_parse(iso, &day)) {
        day_words(day, words);
    }
    return arena_strdup(r->c.arena, words);
}

static enum err put_replace_options(const struct look *l, size_t *ret_n) {
    struct req *r = l->r;
    struct rows *loads;
    enum err e = DB_ROWS(&r->c, spend_import_replaceable, &loads, row_text(l->one, 0, "anchor_ref"),
                         fact(l, "first_day"), fact(l, "last_day"), fact(l, "sha256"));
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(loads) < REPLACE_SHOWN ? rows_count(loads) : REPLACE_SHOWN;
    struct field_option *o = arena_array(r->c.arena, n + 1, sizeof *o);
    o[0] = (struct field_option){.value = "none", .label = "No, it adds to what is there"};
    for (size_t i = 0; i < n; i++) {
        o[i + 1] = (struct field_option){
            .value = row_text(loads, i, "ref"),
            .label = arena_printf(r->c.arena, "Yes, it replaces %s", row_text(loads, i, "file_name")),
            .hint = arena_printf(r->c.arena, "%s from %s to %s, loaded on %s",
                                 spend_counted(r, row_i64(loads, i, "accepted"), "payment", "payments"),
                                 words_of(r, row_text(loads, i, "first_day")),
                                 words_of(r, row_text(loads, i, "last_day")),
                                 words_of(r, row_text(loads, i, "loaded_at")))};
    }
    form_options(r->form, "replaces", o, n + 1);
    *ret_n = n;
    return ERR_OK;
}

// What was read stands chosen until the person chooses something else.
static void fill_form(const struct look *l) {
    struct req *r = l->r;
    const struct anc_columns *c = &l->columns;
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        form_set(r->form, spend_preview_field(r->c.arena, i),
                 c->column[i] < 0 ? "none" : arena_i64(r->c.arena, c->column[i]));
    }
    bool tier2 = strcmp(row_text(l->one, 0, "kind"), "tier2") == 0;
    form_set(r->form, "kind", tier2 ? "tier2" : WORD_OF(kinds, c->kind));
    // Of a file that was not understood, most likely the first row.
    form_set_i64(r->form, "head_rows", c->column[ANC_COL_PAYEE] >= 0 ? c->head_rows : 1);
    form_set(r->form, "date_order", WORD_OF(date_orders, c->date_order));
    form_set(r->form, "amount_basis", WORD_OF(amount_bases, c->amount_basis));
    form_set(r->form, "date_basis", WORD_OF(date_bases, c->date_basis));
    form_set(r->form, "overlap", strcmp(row_text(l->one, 0, "overlap"), "all") == 0 ? "all" : "once");
    const char *month = row_text(l->one, 0, "month");
    form_set(r->form, "month", *month ? arena_printf(r->c.arena, "%.7s", month) : fact(l, "month_said"));
    form_set(r->form, "replaces", row_text(l->one, 0, "replaces"));
}

enum err spend_preview_options(struct req *r, const struct rows *one) {
    struct look l;
    size_t n;
    enum err e = read_look(r, one, &l);
    if (e != ERR_OK) {
        return e;
    }
    put_column_options(&l);
    put_month_options(&l);
    return put_replace_options(&l, &n);
}

// ---- choosers of columns, with what stands in them ----------------------------------------------------

// The first different values under a heading, so that people see what the column really holds.
static const char *examples_of(const struct look *l, int32_t place) {
    struct strb b;
    const char *seen[EXAMPLES];
    size_t n = 0;
    strb_init(&b, EXAMPLE_BYTES * EXAMPLES);
    for (size_t i = 0; place >= 0 && i < rows_count(l->cells) && n < EXAMPLES; i++) {
        const char *text = row_text(l->cells, i, "text");
        bool fits = row_i64(l->cells, i, "place") == place && *text &&
                    row_i64(l->cells, i, "line") > (int64_t)l->columns.head_rows;
        for (size_t k = 0; fits && k < n; k++) {
            fits = strcmp(seen[k], text) != 0;
        }
        if (fits) {
            strb_puts(&b, n ? " · " : "");
            strb_puts(&b, text);
            seen[n++] = text;
        }
    }
    const char *out = arena_strdup(l->r->c.arena, b.p);
    strb_free(&b);
    return out;
}

static struct model *put_chooser(const struct look *l, struct model *m, const char *list, const char *name) {
    const struct field_spec *spec = form_field(l->r->form, name);
    const char *error = form_error_of(l->r->form, name);
    struct model *item = model_add(m, list);
    model_text(item, "name", name);
    model_text(item, "label", spec->label);
    model_text(item, "hint", spec->hint ? spec->hint : "");
    model_text(item, "error", error ? error : "");
    model_text(item, "examples", "");
    model_list(item, "options");
    size_t n;
    const struct field_option *o = form_options_of(l->r->form, name, &n);
    for (size_t i = 0; i < n; i++) {
        view_filter_option(item, o[i].value, o[i].label, form_text(l->r->form, name));
    }
    return item;
}

static void put_roles(const struct look *l, struct model *m) {
    static const char *const settings[] = {"kind", "date_order", "amount_basis", "date_basis"};
    int64_t used = 0;
    bool open = false;
    model_list(m, "main_roles");
    model_list(m, "more_roles");
    model_list(m, "settings");
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        const char *name = spend_preview_field(l->r->c.arena, i);
        bool more = i > ANC_COL_CATEGORY;
        struct model *item = put_chooser(l, m, more ? "more_roles" : "main_roles", name);
        model_text(item, "examples", examples_of(l, l->columns.column[i]));
        used += more && l->columns.column[i] >= 0;
        open = open || (more && form_error_of(l->r->form, name));
    }
    for (size_t i = 0; i < COUNT(settings); i++) {
        put_chooser(l, m, "settings", settings[i]);
        open = open || form_error_of(l->r->form, settings[i]);
    }
    model_i64(m, "more_used", used);
    model_bool(m, "more_open", open || form_error_of(l->r->form, "head_rows"));
}

// ---- tables -------------------------------------------------------------------------------------------

struct table *spend_preview_problems(struct req *r, const struct rows *problems, const char *line,
                                     const char *why) {
    struct table *t = table_new(r->c.arena, "Each row that is not taken, and why");
    table_column(t, "line", "Line of the file", CELL_NUMBER);
    table_column(t, "why", "Why", CELL_TEXT);
    for (size_t i = 0; i < rows_count(problems); i++) {
        table_row(t);
        table_text(t, row_text(problems, i, line));
        table_text(t, row_text(problems, i, why));
    }
    return t;
}

const struct html *spend_flow_table(struct req *r, const struct rows *flows) {
    struct table *t = table_new(r->c.arena, "By kind, largest sum first");
    table_column(t, "kind", "Kind", CELL_TEXT);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    table_column(t, "sum", "Sum", CELL_MONEY);
    for (size_t i = 0; i < rows_count(flows); i++) {
        table_row(t);
        table_text(t, spend_words_flow(row_i64(flows, i, "flow")));
        table_text(t, row_text(flows, i, "lines"));
        table_text(t, row_text(flows, i, "pence"));
    }
    return table_html(t);
}

static const char *flow_word(const char *key) {
    static const char *const flows[ANC_FLOW_COUNT] = {[ANC_FLOW_PROCUREMENT] = "procurement",
                                                      [ANC_FLOW_GRANT] = "grant",
                                                      [ANC_FLOW_CREDIT] = "credit",
                                                      [ANC_FLOW_PUBLIC_TRANSFER] = "public transfer",
                                                      [ANC_FLOW_PASS_THROUGH] = "pass-through",
                                                      [ANC_FLOW_INDIVIDUAL] = "individual",
                                                      [ANC_FLOW_TREASURY] = "treasury",
                                                      [ANC_FLOW_CARD] = "card",
                                                      [ANC_FLOW_HIDDEN] = "name hidden"};
    for (int i = 0; i < ANC_FLOW_COUNT; i++) {
        if (strcmp(flows[i], key) == 0) {
            return spend_words_flow(i);
        }
    }
    return key;
}

static const struct html *sample_table(struct req *r, const struct rows *samples) {
    static const char *const keys[] = {"line", "payee", "day", "pence", "category"};
    struct table *t = table_new(r->c.arena, "First payments, in the order of the file");
    table_column(t, "line", "Line", CELL_NUMBER);
    table_column(t, "payee", "Who was paid", CELL_TEXT);
    table_column(t, "day", "When", CELL_DAY);
    table_column(t, "amount", "How much", CELL_MONEY);
    table_column(t, "category", "Category", CELL_TEXT);
    table_column(t, "flow", "Kind", CELL_TEXT);
    for (size_t i = 0; i < rows_count(samples); i++) {
        table_row(t);
        for (size_t k = 0; k < COUNT(keys); k++) {
            table_text(t, row_text(samples, i, keys[k]));
        }
        table_text(t, flow_word(row_text(samples, i, "flow")));
    }
    return table_html(t);
}

// The first rows cell by cell; columns are numbered, because headings may be missing or split.
static const struct html *raw_table(const struct look *l) {
    struct arena *a = l->r->c.arena;
    struct table *t = table_new(a, "First rows of the file, as they are");
    size_t width = width_of(l) < PLACES_MAX ? width_of(l) : PLACES_MAX, at = 0, n = rows_count(l->cells);
    table_column(t, "row", "Row", CELL_NUMBER);
    for (size_t i = 0; i < width; i++) {
        table_column(t, arena_printf(a, "c%zu", i + 1), arena_printf(a, "Column %zu", i + 1), CELL_TEXT);
    }
    for (size_t lines = 0; at < n && lines < LINES_MAX; lines++) {
        int64_t line = row_i64(l->cells, at, "line");
        table_row(t);
        table_i64(t, line);
        for (size_t i = 0; i < width; i++) {
            bool here = at < n && row_i64(l->cells, at, "line") == line &&
                        row_i64(l->cells, at, "place") == (int64_t)i;
            table_text(t, here ? row_text(l->cells, at, "text") : "");
            at += here;
        }
        while (at < n && row_i64(l->cells, at, "line") == line) {
            at++;
        }
    }
    return table_html(t);
}

// ---- the page -----------------------------------------------------------------------------------------

// What could make the figures wrong stands apart from what is only good to know.
static void put_remarks(const struct look *l, struct model *m, const struct rows *findings) {
    model_list(m, "remarks");
    model_list(m, "cautions");
    for (size_t i = 0; i < rows_count(findings); i++) {
        const char *text = row_text(findings, i, "text");
        bool caution = row_i64(findings, i, "severity") == ANC_FINDING_WARNING;
        if (strcmp(text, row_text(l->one, 0, "problem")) != 0) { // that one stands at the top
            model_text(model_add(m, caution ? "cautions" : "remarks"), "text", text);
        }
    }
}

// The columns that make the figures, with what was taken them to be.
static void put_understood(const struct look *l, struct model *m) {
    static const char *const amounts[] = {"the file does not say whether with VAT", "without VAT",
                                          "with VAT"};
    static const char *const dates[] = {"days of payment", "days in the ledger", "days of the invoice",
                                        "other days, such as those of an award or an update"};
    static const char *const orders[] = {"", ", day first", ", month first"};
    const struct anc_columns *c = &l->columns;
    struct arena *a = l->r->c.arena;
    int32_t amount = c->column[ANC_COL_AMOUNT], date = c->column[ANC_COL_DATE];
    model_text(m, "amount_words",
               amount < 0 ? ""
                          : arena_printf(a, "%s: %s", heading_at(l, (size_t)amount),
                                         WORD_OF(amounts, c->amount_basis)));
    model_text(m, "date_words",
               date < 0 ? "There are none"
                        : arena_printf(a, "%s: %s%s", heading_at(l, (size_t)date),
                                       WORD_OF(dates, c->date_basis), WORD_OF(orders, c->date_order)));
}

static void put_facts(const struct look *l, struct model *m) {
    static const char *const any[][2] = {{"any_rejected", "rejected"}, {"any_negative", "negative"},
                                         {"any_redacted", "redacted"}, {"any_undated", "undated"},
                                         {"any_sums", "sums"},         {"any_vat_lost", "vat_lost_pence"},
                                         {"any_rounded", "rounded"}};
    static const char *const single[][2] = {{"one_payment", "accepted"},  {"one_payee", "payees"},
                                            {"one_rejected", "rejected"}, {"one_same", "same_lines"},
                                            {"one_redacted", "redacted"}, {"one_undated", "undated"}};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        model_i64(m, numbers[i], fact_i64(l, numbers[i]));
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        model_text(m, texts[i], fact(l, texts[i]));
    }
    for (size_t i = 0; i < COUNT(any); i++) {
        model_bool(m, any[i][0], fact_i64(l, any[i][1]) != 0);
    }
    model_i64(m, "counts_pence", fact_i64(l, "total_pence") + fact_i64(l, "vat_lost_pence"));
    for (size_t i = 0; i < COUNT(single); i++) {
        model_bool(m, single[i][0], fact_i64(l, single[i][1]) == 1);
    }
}

static enum err put_tables(const struct look *l, struct model *m) {
    struct req *r = l->r;
    const char *id = row_text(l->one, 0, "id");
    struct rows *flows, *findings, *samples, *problems;
    enum err e = DB_ROWS(&r->c, spend_import_flows, &flows, id);
    e = e ? e : DB_ROWS(&r->c, spend_import_findings, &findings, id);
    e = e ? e : DB_ROWS(&r->c, spend_import_samples, &samples, id);
    e = e ? e : DB_ROWS(&r->c, spend_import_problems, &problems, id, PROBLEMS_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    put_remarks(l, m, findings);
    put_understood(l, m);
    model_html(m, "flow_table", spend_flow_table(r, flows));
    model_bool(m, "any_samples", rows_count(samples) > 0);
    model_html(m, "sample_table", sample_table(r, samples));
    model_html(m, "problem_table", table_html(spend_preview_problems(r, problems, "line", "why")));
    model_i64(m, "problems_shown", (int64_t)rows_count(problems));
    model_bool(m, "problems_cut", fact_i64(l, "rejected") > (int64_t)rows_count(problems));
    model_bool(m, "any_first_rows", rows_count(l->cells) > 0);
    model_html(m, "first_rows", raw_table(l));
    model_text(m, "rows_link",
               fact_i64(l, "rejected") > LOAD_KEPT ? "Download the first 100,000 of these rows as CSV"
                                                   : "Download these rows as CSV");
    model_text(m, "rows_href",
               arena_printf(r->c.arena, "/officer/spend/imports/%s/rows.csv", row_text(l->one, 0, "ref")));
    return ERR_OK;
}

static enum err put_profile(const struct look *l, struct model *m) {
    struct rows *p;
    enum err e =
        DB_ROWS(&l->r->c, spend_profile_of, &p, row_text(l->one, 0, "anchor_ref"), fact(l, "head_hash"));
    bool known = e == ERR_OK && rows_count(p) > 0;
    model_text(m, "profile_id", known ? row_text(p, 0, "id") : "");
    model_text(m, "profile_by", known && *row_text(p, 0, "made_by") ? row_text(p, 0, "made_by") : "somebody");
    model_text(m, "profile_at", known ? row_text(p, 0, "made_at") : "");
    return e;
}

// What has to be decided before the file can be loaded.
static enum err put_decisions(const struct look *l, struct model *m) {
    struct rows *same;
    size_t candidates = 0;
    enum err e = DB_ROWS(&l->r->c, spend_import_same_file, &same, row_text(l->one, 0, "anchor_ref"),
                         fact(l, "sha256"));
    e = e ? e : put_replace_options(l, &candidates);
    if (e != ERR_OK) {
        return e;
    }
    bool is_same = rows_count(same) > 0, overlap = fact_i64(l, "same_lines") > 0;
    model_bool(m, "same_file", is_same);
    model_text(m, "same_file_ref", is_same ? row_text(same, 0, "ref") : "");
    model_text(m, "same_file_name", is_same ? row_text(same, 0, "file_name") : "");
    model_text(m, "same_file_at", is_same ? row_text(same, 0, "loaded_at") : "");
    model_bool(m, "ask_overlap", overlap);
    model_bool(m, "ask_replaces", candidates > 0);
    model_bool(m, "any_decision", overlap || candidates > 0 || fact_i64(l, "undated") > 0);
    if (!is_same && !form_was_sent(l->r->form) && !*form_text(l->r->form, "replaces")) {
        form_set(l->r->form, "replaces", "none");
    }
    return ERR_OK;
}

enum err spend_preview(struct req *r, const struct rows *one) {
    struct look l;
    enum err e = read_look(r, one, &l);
    if (e != ERR_OK) {
        return e;
    }
    bool ready = strcmp(row_text(one, 0, "state"), "ready") == 0;
    if (r->form && !form_was_sent(r->form)) {
        fill_form(&l);
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, ready ? "Check %s" : "%s cannot be loaded",
                                                 row_text(one, 0, "file_name")));
    view_row(m, one, 0);
    model_bool(m, "is_tier2", strcmp(row_text(one, 0, "kind"), "tier2") == 0);
    model_bool(m, "is_refused", strcmp(row_text(one, 0, "state"), "refused") == 0);
    model_bool(m, "may_settle", width_of(&l) > 0);
    put_facts(&l, m);
    put_roles(&l, m);
    e = put_tables(&l, m);
    e = e ? e : put_profile(&l, m);
    e = e ? e : put_decisions(&l, m);
    return e ? e : page_render(r, ready ? "spend/import-preview" : "spend/import-refused", m);
}
