// SPDX-License-Identifier: Apache-2.0
// Officer pages of one payments file on its way in; the routes of all pages about payments files.
#include "pages/spend_import.h"

#include "base/day.h"
#include "base/text.h"
#include "db/queries.gen.h"
#include "http/app.h"
#include "http/response.h"
#include "pages/routes.h"
#include "pages/view.h"
#include "spend/import.h"
#include "spend/import_wrong.h"
#include "spend/profile.h"

#include <string.h>

#define ROWS_MAX "100000"

static const char *spool_of(const struct req *r) {
    return arena_printf(r->c.arena, "%s/spool", r->app->data_dir);
}

static enum err find_import(struct req *r, struct rows **ret) {
    return DB_ROWS(&r->c, spend_import_one, ret, r->params[0]);
}

static enum import_state state_of(const struct rows *one) {
    enum import_state s = IMPORT_FAILED;
    (void)import_state_of(row_text(one, 0, "state"), &s);
    return s;
}

// ---- bringing a file ----------------------------------------------------------------------------------

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

static enum err page_start(struct req *r) {
    enum err e = put_anchor_options(r);
    if (e == ERR_OK && !form_was_sent(r->form) && !*form_text(r->form, "kind")) {
        form_set(r->form, "kind", "payments");
    }
    return e ? e : spend_page_loads(r);
}

static enum err bring(struct req *r, const char **ret_ref) {
    const struct form_upload *u = form_file(r->form, "file");
    const struct import_upload up = {
        .anchor_ref = form_text(r->form, "anchor"),
        .kind = strcmp(form_text(r->form, "kind"), "tier2") == 0 ? ANC_FILE_TIER2 : ANC_FILE_PAYMENTS,
        .file_name = u->file_name,
        .path = u->path,
        .spool = spool_of(r),
        .bytes = u->size};
    return import_add(&r->c, &up, ret_ref);
}

static enum err post_upload(struct req *r) {
    enum err e = put_anchor_options(r);
    if (e != ERR_OK) {
        return e;
    }
    if (form_ok(r->form)) {
        const char *ref;
        e = bring(r, &ref);
        if (e == ERR_OK) {
            return page_redirect(r, "/officer/spend/imports/%s", ref);
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return spend_page_loads(r);
}

// ---- its page -----------------------------------------------------------------------------------------

static enum err show_progress(struct req *r, const struct rows *one) {
    enum import_state s = state_of(one), dropped;
    bool loading = s == IMPORT_QUEUED || s == IMPORT_LOADING;
    int64_t all = row_i64(one, 0, "all_bytes"), done = row_i64(one, 0, "done_bytes");
    struct model *m = page_model(
        r, arena_printf(r->c.arena, "%s %s", loading ? "Loading" : "Reading", row_text(one, 0, "file_name")));
    view_row(m, one, 0);
    model_bool(m, "is_loading", loading);
    model_bool(m, "is_waiting", s == IMPORT_WAITING || s == IMPORT_QUEUED);
    model_bool(m, "may_drop", import_next(s, STEP_DROP, &dropped));
    model_bool(m, "is_whole", all > 0 && done >= all);
    model_i64(m, "percent", all > 0 && done < all ? done * 100 / all : done > 0 ? 100 : 0);
    resp_header(r->resp, "Refresh", "2"); // works without script
    return page_render(r, "spend/import-progress", m);
}

static enum err show_over(struct req *r, const struct rows *one) {
    struct model *m = page_model(r, row_text(one, 0, "file_name"));
    view_row(m, one, 0);
    model_bool(m, "was_loaded", state_of(one) == IMPORT_LOADED);
    return page_render(r, "spend/import-over", m);
}

static enum err show(struct req *r, const struct rows *one) {
    switch (state_of(one)) {
    case IMPORT_WAITING:
    case IMPORT_READING:
    case IMPORT_QUEUED:
    case IMPORT_LOADING:
        return show_progress(r, one);
    case IMPORT_LOADED:
    case IMPORT_DROPPED:
        return show_over(r, one);
    default:
        return spend_preview(r, one);
    }
}

static enum err page_import(struct req *r) {
    struct rows *one;
    enum err e = find_import(r, &one);
    if (e != ERR_OK) {
        return e;
    }
    if (state_of(one) == IMPORT_LOADED && *row_text(one, 0, "load_ref")) {
        return page_redirect(r, "/officer/spend/loads/%s", row_text(one, 0, "load_ref"));
    }
    e = spend_preview_options(r, one);
    return e ? e : show(r, one);
}

static void add_row(void *table, uint64_t line, const char *why) {
    table_row(table);
    table_i64(table, (int64_t)line);
    table_text(table, why);
}

// All of them stand in a file beside the upload; should it be gone, there are the first in the database.
static enum err page_rows(struct req *r) {
    struct rows *one, *problems, *none;
    enum err e = find_import(r, &one);
    e = e ? e : DB_ROWS(&r->c, spend_import_problems, &problems, row_text(one, 0, "id"), ROWS_MAX);
    e = e ? e : DB_ROWS(&r->c, spend_import_problems, &none, row_text(one, 0, "id"), "0");
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = spend_preview_problems(r, none, "line", "why");
    const char *path = arena_printf(r->c.arena, "%s/%s", spool_of(r), row_text(one, 0, "spool"));
    if (!*row_text(one, 0, "spool") || !wrong_rows_read(path, add_row, t)) {
        t = spend_preview_problems(r, problems, "line", "why");
    }
    return page_table(r, t, "rows-not-taken");
}

// ---- steps --------------------------------------------------------------------------------------------

// After a step: on to the import's page, or the same page with what has to be changed.
static enum err after(struct req *r, const struct rows *one, enum err e) {
    if (e == ERR_OK) {
        return page_redirect(r, "/officer/spend/imports/%s", r->params[0]);
    }
    if (e == ERR_CONFLICT) { // somebody else was quicker: the page says how it stands
        page_flash(r, "info", r->c.err_detail);
        return page_redirect(r, "/officer/spend/imports/%s", r->params[0]);
    }
    e = view_form_failure(r, e);
    return e ? e : show(r, one);
}

static int32_t kind_of(const struct req *r, const struct rows *one) {
    const char *kind = r->form ? form_text(r->form, "kind") : row_text(one, 0, "kind");
    return strcmp(kind, "tier2") == 0 ? ANC_FILE_TIER2 : ANC_FILE_PAYMENTS;
}

static enum err begin_form(struct req *r, struct rows **ret_one) {
    enum err e = find_import(r, ret_one);
    return e ? e : spend_preview_options(r, *ret_one);
}

static enum err check_columns(struct req *r, const struct anc_columns *columns) {
    if (columns->column[ANC_COL_PAYEE] < 0) {
        return ctx_fail_field(&r->c, "col_payee", "Choose the column that says who was paid");
    }
    return columns->column[ANC_COL_AMOUNT] < 0
               ? ctx_fail_field(&r->c, "col_amount", "Choose the column that says how much")
               : ERR_OK;
}

static enum err post_columns(struct req *r) {
    struct rows *one;
    enum err e = begin_form(r, &one);
    if (e != ERR_OK) {
        return e;
    }
    if (!form_ok(r->form)) {
        return show(r, one);
    }
    struct anc_columns columns = spend_preview_columns(r);
    e = check_columns(r, &columns);
    e = e ? e : import_again(&r->c, r->params[0], kind_of(r, one), READ_AS_SETTLED, &columns);
    return after(r, one, e);
}

static struct import_answers read_answers(const struct req *r) {
    const char *month = form_text(r->form, "month"), *overlap = form_text(r->form, "overlap"),
               *replaces = form_text(r->form, "replaces");
    struct import_answers a = {.month = INT32_MIN,
                               .overlap = strcmp(overlap, "once") == 0  ? OVERLAP_ONCE
                                          : strcmp(overlap, "all") == 0 ? OVERLAP_ALL
                                                                        : OVERLAP_ASK,
                               .replaces = strcmp(replaces, "none") == 0 ? "" : replaces};
    if (*month && !day_parse(arena_printf(r->c.arena, "%s-01", month), &a.month)) {
        a.month = INT32_MIN;
    }
    return a;
}

static enum err post_load(struct req *r) {
    struct rows *one;
    enum err e = begin_form(r, &one);
    if (e != ERR_OK) {
        return e;
    }
    if (!form_ok(r->form)) {
        return show(r, one);
    }
    const struct import_answers answers = read_answers(r);
    return after(r, one, import_load(&r->c, r->params[0], &answers));
}

static enum err read_again(struct req *r, enum import_reading how) {
    struct rows *one;
    enum err e = find_import(r, &one);
    return e ? e : after(r, one, import_again(&r->c, r->params[0], kind_of(r, one), how, NULL));
}

static enum err post_again(struct req *r) {
    return read_again(r, READ_AS_BEFORE);
}

static enum err post_found(struct req *r) {
    return read_again(r, READ_AS_FOUND);
}

static enum err post_drop(struct req *r) {
    struct rows *one;
    enum err e = find_import(r, &one);
    e = e ? e : import_drop(&r->c, spool_of(r), r->params[0]);
    if (e == ERR_OK) {
        page_flash(r, "success", "The file is removed. Nothing of it was stored.");
        return page_redirect(r, "/officer/spend");
    }
    return e == ERR_CONFLICT ? after(r, one, e) : e;
}

// ---- what is remembered about columns -----------------------------------------------------------------

static enum err page_profiles(struct req *r) {
    struct rows *profiles;
    enum err e = DB_ROWS(&r->c, spend_profiles, &profiles, NULL);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "What is remembered about columns");
    view_rows(m, "profiles", profiles);
    model_text(m, "list_count_text",
               spend_counted(r, (int64_t)rows_count(profiles), "row of headings", "rows of headings"));
    model_text(m, "list_sort_text", "By public body, used last first");
    return page_render(r, "spend/profiles", m);
}

static enum err post_forget(struct req *r) {
    int64_t id = 0;
    enum err e = text_i64(r->params[0], &id) ? profile_forget(&r->c, id) : ERR_NOT_FOUND;
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "It is forgotten. The next file with these headings is read as it is found.");
    return page_redirect(r, "/officer/spend/columns");
}

#define LOOK NEED(PERM_OFFICER), CSRF_NONE
#define DO   NEED(PERM_OFFICER), CSRF_TOKEN

const struct route routes_spend_import[] = {
    {"GET", "/officer/spend", LOOK, "spend_load", 0, "", page_start, NULL},
    {"POST", "/officer/spend", DO, "spend_load", ROUTE_UPLOAD, "", post_upload, NULL},
    {"GET", "/officer/spend/loads.csv", LOOK, "-", 0, "", spend_page_loads_data, NULL},
    {"GET", "/officer/spend/loads.json", LOOK, "-", 0, "", spend_page_loads_data, NULL},
    {"GET", "/officer/spend/loads/{ref}", LOOK, "-", 0, "", spend_page_load, NULL},
    {"GET", "/officer/spend/loads/{ref}/rows.csv", LOOK, "-", 0, "", spend_page_load_rows, NULL},
    {"GET", "/officer/spend/loads/{ref}/take-back", LOOK, "-", 0, "", spend_page_take_back, NULL},
    {"POST", "/officer/spend/loads/{ref}/take-back", DO, "-", 0, "", spend_post_take_back, NULL},
    {"GET", "/officer/spend/imports/{ref}", LOOK, "spend_import", 0, "", page_import, NULL},
    {"GET", "/officer/spend/imports/{ref}/rows.csv", LOOK, "-", 0, "", page_rows, NULL},
    {"POST", "/officer/spend/imports/{ref}/columns", DO, "spend_import", 0, "", post_columns, NULL},
    {"POST", "/officer/spend/imports/{ref}/load", DO, "spend_import", 0, "", post_load, NULL},
    {"POST", "/officer/spend/imports/{ref}/again", DO, "-", 0, "", post_again, NULL},
    {"POST", "/officer/spend/imports/{ref}/found", DO, "-", 0, "", post_found, NULL},
    {"POST", "/officer/spend/imports/{ref}/drop", DO, "-", 0, "", post_drop, NULL},
    {"GET", "/officer/spend/columns", LOOK, "-", 0, "", page_profiles, NULL},
    {"POST", "/officer/spend/columns/{id}/forget", DO, "-", 0, "", post_forget, NULL},
};
ROUTES_END(spend_import);
