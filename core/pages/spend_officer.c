// SPDX-License-Identifier: Apache-2.0
// Officer pages of payments files: load one, see what it brought, take it back.
#include "pages/spend_officer.h"

#include "base/day.h"
#include "base/money.h"
#include "db/queries.gen.h"
#include "domain/spend.h"
#include "http/app.h"
#include "pages/view.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MONTHS_BACK    72 // choices for a file without dates
#define LOADS_SHOWN    "1000"
#define OPEN_SHOWN     "50"
#define PROBLEMS_SHOWN 200

// ---- the form -----------------------------------------------------------------------------------------

static enum err put_anchor_options(struct req *r) {
    struct rows *anchors;
    enum err e = DB_ROWS(&r->c, spend_anchors, &anchors);
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(anchors);
    struct field_option *o = arena_array(r->c.arena, n + 1, sizeof *o);
    for (size_t i = 0; i < n; i++) {
        o[i] = (struct field_option){.value = row_text(anchors, i, "ref"),
                                     .label = row_text(anchors, i, "name")};
    }
    form_options(r->form, "anchor", o, n);
    return ERR_OK;
}

// Months from this one back, "2025-11" as "November 2025".
static void put_month_options(struct req *r) {
    struct field_option *o = arena_array(r->c.arena, MONTHS_BACK, sizeof *o);
    struct civil now;
    civil_from_day(london_day(r->c.now_usec), &now);
    for (int i = 0; i < MONTHS_BACK; i++) {
        int months = now.year * 12 + now.month - 1 - i;
        int32_t day = 0;
        char iso[DAY_TEXT_BYTES], words[DAY_TEXT_BYTES];
        if (day_from_civil(months / 12, months % 12 + 1, 1, &day)) {
            day_iso(day, iso);
            day_words(day, words);
        }
        o[i] = (struct field_option){.value = arena_strndup(r->c.arena, iso, 7),
                                     .label = arena_strdup(r->c.arena, words + strlen("1 "))};
    }
    form_options(r->form, "month", o, MONTHS_BACK);
}

static enum err put_options(struct req *r) {
    put_month_options(r);
    return put_anchor_options(r);
}

static enum err show_loads(struct req *r) {
    struct rows *loads;
    enum err e = DB_ROWS(&r->c, spend_loads, &loads, NULL, LOADS_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Payments files");
    view_rows(m, "loads", loads);
    size_t n = rows_count(loads);
    model_text(m, "list_count_text", arena_printf(r->c.arena, "%zu file%s loaded", n, n == 1 ? "" : "s"));
    model_text(m, "list_sort_text", "Loaded last first");
    model_text(m, "csv_href", "/spend/files.csv");
    model_text(m, "json_href", "/spend/files.json");
    return page_render(r, "spend/loads", m);
}

enum err spend_page_loads(struct req *r) {
    enum err e = put_options(r);
    return e ? e : show_loads(r);
}

static int32_t chosen_month(const struct req *r) {
    int32_t day = INT32_MIN;
    const char *month = form_text(r->form, "month");
    if (*month && !day_parse(arena_printf(r->c.arena, "%s-01", month), &day)) {
        return INT32_MIN;
    }
    return day;
}

static enum err load(struct req *r, const char **ret_ref) {
    const struct form_upload *u = form_file(r->form, "file");
    int fd = open(u->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ctx_fail(&r->c, ERR_IO, "the spool file cannot be opened");
    }
    struct spend_summary s;
    enum err e = spend_load(&r->c, form_text(r->form, "anchor"), fd, u->file_name, chosen_month(r), &s,
                            ret_ref, NULL, NULL);
    close(fd);
    if (e == ERR_TOO_LARGE) {
        e = ERR_INVALID; // the sentence belongs beside the file, not on a page of its own
    }
    if (e != ERR_OK && !r->c.err_field) {
        r->c.err_field = "file";
    }
    return e;
}

enum err spend_post_load(struct req *r) {
    enum err e = put_options(r);
    if (e != ERR_OK) {
        return e;
    }
    if (form_ok(r->form)) {
        const char *ref;
        e = load(r, &ref);
        if (e == ERR_OK) {
            page_flash(r, "success", "The file is loaded. The public figures follow within seconds.");
            return page_redirect(r, "/officer/spend/loads/%s", ref);
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show_loads(r);
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

static void put_share(struct model *m, const char *key, const struct rows *p, const char *column) {
    model_i64(m, key, money_share_bp(row_i64(p, 0, column), row_i64(p, 0, "total_pence")));
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

static const struct html *problem_table(struct req *r, const struct rows *problems) {
    struct table *t = table_new(r->c.arena, "Each row, and why");
    table_column(t, "line", "Line of the file", CELL_NUMBER);
    table_column(t, "why", "Why", CELL_TEXT);
    for (size_t i = 0; i < rows_count(problems); i++) {
        table_row(t);
        table_text(t, row_text(problems, i, "line_no"));
        table_text(t, row_text(problems, i, "detail"));
    }
    return table_html(t);
}

enum err spend_page_load(struct req *r) {
    struct rows *one, *placed, *open, *problems;
    enum err e = DB_ROWS(&r->c, spend_load_one, &one, r->params[0]);
    e = e ? e : DB_ROWS(&r->c, spend_load_placed, &placed, r->params[0]);
    e = e ? e : DB_ROWS(&r->c, spend_load_open, &open, r->params[0], OPEN_SHOWN);
    e = e ? e : DB_ROWS(&r->c, spend_load_problems, &problems, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(
        r, arena_printf(r->c.arena, "%s, %s", row_text(one, 0, "file_name"), row_text(one, 0, "anchor")));
    view_row(m, placed, 0);
    view_row(m, one, 0);
    model_bool(m, "one_payment", row_i64(one, 0, "accepted") == 1);
    model_bool(m, "any_rejected", row_i64(one, 0, "rejected") > 0);
    model_bool(m, "any_undated", row_i64(one, 0, "undated") > 0);
    model_bool(m, "any_hidden", row_i64(one, 0, "redacted") > 0);
    model_bool(m, "any_credits", row_i64(one, 0, "negative") > 0);
    model_bool(m, "any_footers", row_i64(one, 0, "footers") > 0);
    model_bool(m, "any_remarks",
               *row_text(one, 0, "notes") || row_i64(one, 0, "footers") > 0 ||
                   row_i64(one, 0, "negative") > 0);
    put_lines(m, "remarks", arena_strdup(r->c.arena, row_text(one, 0, "notes")));
    put_share(m, "matched_share", placed, "matched_pence");
    put_share(m, "local_share", placed, "local_pence");
    put_share(m, "vcfse_share", placed, "vcfse_pence");
    put_share(m, "hidden_share", placed, "hidden_pence");
    put_share(m, "open_share", placed, "open_pence");
    model_bool(m, "any_open", rows_count(open) > 0);
    model_html(m, "open_table", open_table(r, open));
    model_html(m, "problem_table", problem_table(r, problems));
    model_bool(m, "problems_cut", row_i64(one, 0, "rejected") > PROBLEMS_SHOWN);
    return page_render(r, "spend/load", m);
}

// ---- taking it back -----------------------------------------------------------------------------------

enum err spend_page_take_back(struct req *r) {
    struct rows *one;
    enum err e = DB_ROWS(&r->c, spend_load_one, &one, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "Take %s back", row_text(one, 0, "file_name")));
    view_row(m, one, 0);
    return page_render(r, "spend/take-back", m);
}

enum err spend_post_take_back(struct req *r) {
    enum err e = spend_unload(&r->c, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "The file is taken back. Its payments no longer count anywhere.");
    return page_redirect(r, "/officer/spend");
}
