// SPDX-License-Identifier: Apache-2.0
// Frozen reports of spend: the list, one report, freezing one, and why two differ.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/ward_map.h"
#include "http/app.h"
#include "pages/routes.h"
#include "pages/spend_choice.h"
#include "pages/spend_report_data.h"
#include "pages/view.h"
#include "plugin/draw.h"
#include "spend/public_sums.h"
#include "spend/report.h"

#include <string.h>

#define REPORTS_SHOWN "1000"
#define ROWS_SHOWN    500

static bool is_officer(const struct req *r) {
    return ctx_may(&r->c, PERM_OFFICER);
}

// ---- the list ---------------------------------------------------------------------------------------------

static enum err report_page_list(struct req *r) {
    struct arena *a = r->c.arena;
    struct rows *rows;
    enum err e = DB_ROWS(&r->c, reports, &rows, is_officer(r) ? "false" : "true", REPORTS_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Reports of spend");
    size_t n = rows_count(rows);
    model_bool(m, "is_officer", is_officer(r));
    model_i64(m, "total", (int64_t)n);
    model_bool(m, "one", n == 1);
    model_list(m, "reports");
    for (size_t i = 0; i < n; i++) {
        struct model *item = model_add(m, "reports");
        view_row(item, rows, i);
        model_text(item, "href", arena_printf(a, "/spend/reports/%s", row_text(rows, i, "ref")));
        model_text(item, "compare_href",
                   is_officer(r) && i + 1 < n
                       ? arena_printf(a, "/officer/spend/reports/compare?before=%s&after=%s",
                                      row_text(rows, i + 1, "ref"), row_text(rows, i, "ref"))
                       : "");
    }
    return page_render(r, "spend/reports", m);
}

// ---- one
// ----------------------------------------------------------------------------------------------------

// A report is of a choice; the words for it are those of the public page.
static enum err put_choice(struct req *r, struct model *m, const struct report_shown *s) {
    struct spend_choice ch;
    enum err e = spend_choice_of_slice(r, &s->slice, &ch);
    if (e == ERR_OK) {
        model_text(m, "chosen_words", spend_choice_words(r->c.arena, &ch));
    }
    return e;
}

static enum err report_page_one(struct req *r) {
    struct report_shown s;
    const struct picture_map *map = NULL;
    enum err e = report_show(&r->c, r->params[0], &s);
    if (e == ERR_OK && draw_needs_map(&s.panel)) {
        e = ward_map_load(&r->c, &map);
    }
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, s.name);
    report_put_parts(r, m, &s, map);
    model_text(m, "name", s.name);
    model_text(m, "ref", s.ref);
    model_text(m, "made_at", s.made_at);
    model_text(m, "made_by", s.made_by);
    model_text(m, "why", s.why);
    model_text(m, "inputs_hash", s.inputs_hash);
    model_text(m, "figures_hash", s.figures_hash);
    report_put_rules(m, s.rules);
    model_bool(m, "public", s.public);
    model_bool(m, "is_officer", is_officer(r));
    model_i64(m, "payments", s.payments);
    model_i64(m, "file_count", (int64_t)s.file_count);
    model_bool(m, "one_file", s.file_count == 1);
    model_html(m, "files", table_html(report_files_table(r->c.arena, &s, 16)));
    model_textf(m, "page_url", "%s%s", r->app->public_url ? r->app->public_url : "", r->path);
    e = put_choice(r, m, &s);
    return e ? e : page_render(r, "spend/report", m);
}

// What the public may not see of a choice, it may not see frozen either; the year before stands beside it.
static enum err may_show(struct req *r, bool *ret) {
    struct report_shown s;
    *ret = false;
    enum err e = report_show(&r->c, r->params[0], &s);
    for (int back = 0; e == ERR_OK && back < 2; back++) {
        struct anc_slice slice = s.slice;
        struct public_sums seen;
        enum public_verdict v = PUBLIC_TOLD;
        slice.from_year -= slice.from_year ? back : 0;
        e = public_sums_begin(&seen, &r->c, &slice, &v);
        public_sums_end(&seen, &r->c);
        *ret = v == PUBLIC_TOLD;
        if (!*ret) {
            break;
        }
    }
    return e;
}

// A report that everybody can see and that, beside this one, would tell of a few; "" none.
static enum err find_telling(struct req *r, const char **ret_name) {
    struct rows *shown;
    const char *ref = r->params[0];
    enum err e = DB_ROWS(&r->c, reports, &shown, "true", REPORTS_SHOWN);
    *ret_name = "";
    for (size_t i = 0; e == ERR_OK && i < rows_count(shown); i++) {
        bool few = false;
        if (strcmp(row_text(shown, i, "ref"), ref) != 0) {
            e = report_few_between(&r->c, ref, row_text(shown, i, "ref"), &few);
        }
        if (few) {
            *ret_name = row_text(shown, i, "name");
            return e;
        }
    }
    return e;
}

static enum err report_post_show(struct req *r) {
    bool public = strcmp(form_text(r->form, "public"), "1") == 0, may = true;
    const char *beside = "";
    enum err e = public ? may_show(r, &may) : ERR_OK;
    e = e || !public || !may ? e : find_telling(r, &beside);
    if (e == ERR_OK && *beside) {
        page_flash(r, "error",
                   arena_printf(
                       r->c.arena,
                       "This report stays with officers: beside the report “%s”, which everybody can see, it "
                       "would tell what fewer than 5 suppliers were paid. Hide that one first.",
                       beside));
        return page_redirect(r, "/spend/reports/%s", r->params[0]);
    }
    if (e == ERR_OK && !may) {
        page_flash(
            r, "error",
            "This report stays with officers: it is of so few suppliers that it would tell what one of "
            "them was paid.");
        return page_redirect(r, "/spend/reports/%s", r->params[0]);
    }
    e = e ? e : report_publish(&r->c, r->params[0], public);
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success",
               public ? "Everybody can see this report now." : "Only officers can see this report now.");
    return page_redirect(r, "/spend/reports/%s", r->params[0]);
}

// ---- freezing
// -----------------------------------------------------------------------------------------------

static enum err show_new(struct req *r, const struct spend_choice *ch) {
    struct model *m = page_model(r, "Freeze figures as a report");
    model_text(m, "chosen_words", spend_choice_words(r->c.arena, ch));
    model_text(m, "action",
               arena_printf(r->c.arena, "/officer/spend/reports/new%s",
                            spend_choice_query(r, ch, SPEND_FILTERS, '?')));
    return page_render(r, "spend/report-new", m);
}

static enum err report_page_new(struct req *r) {
    struct spend_choice ch;
    enum err e = spend_choice_read(r, &ch);
    return e ? e : show_new(r, &ch);
}

static enum err report_post_new(struct req *r) {
    struct spend_choice ch;
    const char *ref = "";
    enum err e = spend_choice_read(r, &ch);
    if (e != ERR_OK) {
        return e;
    }
    if (form_ok(r->form)) {
        e = report_make(&r->c, form_text(r->form, "name"), &ch.slice, &ref);
        if (e == ERR_OK) {
            page_flash(r, "success", "The report is frozen. Only officers can see it so far.");
            return page_redirect(r, "/spend/reports/%s", ref);
        }
        e = view_form_failure(r, e);
    }
    return e ? e : show_new(r, &ch);
}

// ---- why two differ ---------------------------------------------------------------------------------------

static const struct {
    const char *key, *words;
} figures[] = {
    {"local", "With local suppliers"}, {"vcfse", "With local VCFSE suppliers"}, {"all", "All that counts"}};

static const char *const reasons[REPORT_REASONS] = {"Payments that were not there before",
                                                    "Payments that are gone or count elsewhere",
                                                    "Somebody else is taken to be the payee",
                                                    "The payee counts in another place",
                                                    "VCFSE counts in another way",
                                                    "Counts as another kind of payment",
                                                    "One report counts it and the other leaves it out"};

struct difference {
    const char *before, *after, *figure;
    const struct report_difference *list;
    size_t count;
    int64_t pence[REPORT_REASONS];
};

static enum err read_difference(struct req *r, struct difference *d) {
    d->before = req_query(r, "before");
    d->after = req_query(r, "after");
    d->figure = figures[0].key;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        d->figure = strcmp(figures[i].key, req_query(r, "figure")) == 0 ? figures[i].key : d->figure;
    }
    return report_compare(&r->c, d->before, d->after, d->figure, &d->list, &d->count, d->pence);
}

// A word of the facts in words for people; a payee may have had several over the year ("no; yes").
static const char *fact_words(struct arena *a, const char *words, const char *unknown) {
    static const char *const known[][2] = {{"yes", "VCFSE"},
                                           {"no", "not VCFSE"},
                                           {"policy", "VCFSE by some definitions"},
                                           {"review", "maybe VCFSE, to be checked"}};
    const char *out = "";
    for (const char *at = words; *at;) {
        size_t n = strcspn(at, ";");
        const char *one = arena_strndup(a, at, n);
        one = strcmp(one, "unknown") == 0 ? unknown : one;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            one = strcmp(one, known[i][0]) == 0 ? known[i][1] : one;
        }
        out = *out ? arena_printf(a, "%s and %s", out, one) : one;
        at += n + (at[n] == ';');
        at += *at == ' ';
    }
    return out;
}

// "Brook Ltd, local, no": who, where, what; a name may have commas.
static const char *facts_words(struct arena *a, const char *facts) {
    const char *tag = strrchr(facts, ',');
    const char *before = tag ? arena_strndup(a, facts, (size_t)(tag - facts)) : NULL;
    const char *place = before ? strrchr(before, ',') : NULL;
    if (!place || tag[1] != ' ' || place[1] != ' ') {
        return facts;
    }
    return arena_printf(a, "%s: %s, %s", arena_strndup(a, before, (size_t)(place - before)),
                        fact_words(a, place + 2, "place not known"),
                        fact_words(a, tag + 2, "VCFSE not known"));
}

static struct table *difference_table(struct req *r, const struct difference *d, size_t most) {
    struct arena *a = r->c.arena;
    struct table *t = table_new(a, "What makes the difference, largest first");
    table_column(t, "payee", "Payee", CELL_TEXT);
    table_column(t, "year", "Year", CELL_TEXT);
    table_column(t, "why", "Why", CELL_TEXT);
    table_column(t, "before", "Counted before", CELL_MONEY);
    table_column(t, "after", "Counts now", CELL_MONEY);
    table_column(t, "was", "Before", CELL_TEXT);
    table_column(t, "is", "Now", CELL_TEXT);
    for (size_t i = 0; i < d->count && i < most; i++) {
        const struct report_difference *x = &d->list[i];
        char year[DAY_TEXT_BYTES];
        financial_year_label(x->fy, year);
        table_row(t);
        table_link(
            t, x->payee,
            arena_printf(a, "/officer/spend/payments?payee=%lld&year=%d", (long long)x->payee_id, x->fy));
        table_text(t, year);
        table_text(t, reasons[x->reason]);
        table_i64(t, x->before_pence);
        table_i64(t, x->after_pence);
        table_text(t, facts_words(a, x->before));
        table_text(t, facts_words(a, x->after));
    }
    return t;
}

static const struct html *sums_table(struct req *r, const struct difference *d, int64_t *ret_total) {
    struct table *t = table_new(r->c.arena, "The difference by reason");
    table_column(t, "why", "Why", CELL_TEXT);
    table_column(t, "change", "Change", CELL_MONEY);
    *ret_total = 0;
    for (int i = 0; i < REPORT_REASONS; i++) {
        if (d->pence[i]) {
            table_row(t);
            table_text(t, reasons[i]);
            table_i64(t, d->pence[i]);
            *ret_total += d->pence[i];
        }
    }
    return table_html(t);
}

static enum err put_name(struct req *r, struct model *m, const char *key, const char *key_ref,
                         const char *ref) {
    struct rows *one;
    enum err e = DB_ROWS(&r->c, report_one, &one, ref);
    if (e == ERR_OK) {
        model_text(m, key, row_text(one, 0, "name")); // report_compare found it
        model_text(m, key_ref, ref);
    }
    return e;
}

static enum err report_page_compare(struct req *r) {
    struct difference d;
    int64_t total;
    enum err e = read_difference(r, &d);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Why two reports differ");
    model_list(m, "figure_options");
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        struct model *item = model_add(m, "figure_options");
        model_text(item, "value", figures[i].key);
        model_text(item, "label", figures[i].words);
        model_bool(item, "selected", strcmp(figures[i].key, d.figure) == 0);
    }
    model_html(m, "sums", sums_table(r, &d, &total));
    model_i64(m, "change", total < 0 ? -total : total);
    model_bool(m, "up", total > 0);
    model_bool(m, "down", total < 0);
    model_html(m, "rows", table_html(difference_table(r, &d, ROWS_SHOWN)));
    model_bool(m, "any", d.count > 0);
    model_bool(m, "cut", d.count > ROWS_SHOWN);
    model_text(m, "csv_href",
               arena_printf(r->c.arena, "/officer/spend/reports/compare.csv?before=%s&after=%s&figure=%s",
                            view_encoded(r->c.arena, d.before), view_encoded(r->c.arena, d.after), d.figure));
    e = put_name(r, m, "before_name", "before_ref", d.before);
    e = e ? e : put_name(r, m, "after_name", "after_ref", d.after);
    return e ? e : page_render(r, "spend/report-compare", m);
}

static enum err report_page_compare_csv(struct req *r) {
    struct difference d;
    enum err e = read_difference(r, &d);
    return e ? e : page_table(r, difference_table(r, &d, d.count), "why-reports-differ");
}

#define PUBLIC NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, ""

const struct route routes_spend_reports[] = {
    {"GET", "/spend/reports", PUBLIC, report_page_list, NULL},
    {"GET", "/spend/reports/{ref}", PUBLIC, report_page_one, NULL},
    {"GET", "/spend/reports/{ref}/{file}", PUBLIC, report_page_file, NULL},
    {"GET", "/officer/spend/reports/new", NEED(PERM_OFFICER), CSRF_NONE, "spend_report", 0, "",
     report_page_new, NULL},
    {"POST", "/officer/spend/reports/new", NEED(PERM_OFFICER), CSRF_TOKEN, "spend_report", 0, "",
     report_post_new, NULL},
    {"POST", "/officer/spend/reports/{ref}/show", NEED(PERM_OFFICER), CSRF_TOKEN, "spend_report_show", 0, "",
     report_post_show, NULL},
    {"GET", "/officer/spend/reports/compare", NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "", report_page_compare,
     NULL},
    {"GET", "/officer/spend/reports/compare.csv", NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "",
     report_page_compare_csv, NULL},
};
ROUTES_END(spend_reports);
