// SPDX-License-Identifier: Apache-2.0
// Pledges as a plugin: what it brings, as tables at the end, and the glue between the host and logic.c.
#include "logic.h"
#include "resources.gen.h" // SQL_..., and the folders as tables; made by the build

#include <anchorage/plugin.h>

#define TITLE   "Pledges"
#define HOME    "/x/example"
#define ON_LIST "500" // pledges shown on the page
#define ON_HOME "3"   // on the home page

static const struct anc_host *host; // given to start, good until stop

static const char *text(anc_ctx *ctx, const char *key) {
    return host->text->get(ctx, key);
}

// ---- the public list ----------------------------------------------------------------------------------

// The anchor whose pledges the reader may change, "" none.
static const char *own_anchor(anc_ctx *ctx) {
    return host->page->may(ctx, ANC_PERM_OFFICER) ? host->page->anchor_ref(ctx) : "";
}

static void put_pledges(anc_ctx *ctx, const anc_rows *rows) {
    const struct anc_page_api *page = host->page;
    const struct anc_db_api *db = host->db;
    page->list(ctx, "pledges");
    for (uint32_t i = 0; i < db->count(rows); i++) {
        page->item(ctx, "pledges");
        page->put_i64(ctx, "id", db->i64(rows, i, 0));
        page->put_text(ctx, "who", db->text(rows, i, 1));
        page->put_text(ctx, "words", db->text(rows, i, 2));
        page->put_text(ctx, "due", db->text(rows, i, 3));
        page->put_flag(ctx, "is_over", db->i64(rows, i, 4) == 1);
        page->put_flag(ctx, "is_mine", db->i64(rows, i, 5) == 1);
    }
    page->list_end(ctx);
}

static anc_rc page_list(anc_ctx *ctx, void *state) {
    (void)state;
    const char *asked[] = {own_anchor(ctx), ON_LIST};
    const anc_rows *counts, *rows;
    anc_rc rc = host->db->run(ctx, SQL_counts, 0, NULL, &counts);
    if (rc == ANC_OK) {
        rc = host->db->run(ctx, SQL_list, 2, asked, &rows);
    }
    if (rc != ANC_OK) {
        return rc;
    }
    host->page->put_text(ctx, "title", TITLE);
    host->page->put_flag(ctx, "may_pledge", asked[0][0] != 0);
    host->page->put_i64(ctx, "total", host->db->i64(counts, 0, 0));
    host->page->put_flag(ctx, "one", host->db->i64(counts, 0, 0) == 1);
    host->page->put_i64(ctx, "running", host->db->i64(counts, 0, 1));
    put_pledges(ctx, rows);
    return host->page->render(ctx, "list", TITLE);
}

// ---- publishing one -----------------------------------------------------------------------------------

static anc_rc page_new(anc_ctx *ctx, void *state) {
    (void)state;
    return host->page->render(ctx, "new", text(ctx, "new_title"));
}

// Puts what logic.c finds beside the field. The form has checked that something was typed at all.
static void check(anc_ctx *ctx) {
    const struct anc_page_api *page = host->page;
    int64_t longest = host->setting->number(ctx, "longest");
    enum pledge_problem words = pledge_check_words(page->form_text(ctx, "words"), longest);
    enum pledge_problem day = pledge_check_day(page->form_i64(ctx, "due", 0), host->time->today(ctx));
    if (words == PLEDGE_TOO_LONG) {
        page->form_error(
            ctx, "words",
            host->mem->format(ctx, "%s %lld", text(ctx, pledge_problem_key(words)), (long long)longest));
    } else if (words != PLEDGE_FINE) {
        page->form_error(ctx, "words", text(ctx, pledge_problem_key(words)));
    }
    if (day != PLEDGE_FINE) {
        page->form_error(ctx, "due", text(ctx, pledge_problem_key(day)));
    }
}

static anc_rc post_new(anc_ctx *ctx, void *state) {
    const struct anc_page_api *page = host->page;
    const char *anchor = own_anchor(ctx);
    if (!*anchor) {
        return host->fail->why(ctx, ANC_E_DENIED, "", text(ctx, "no_anchor"));
    }
    if (page->form_ok(ctx)) {
        check(ctx);
    }
    if (page->form_ok(ctx)) {
        const char *pledge[] = {anchor, page->form_text(ctx, "words"), page->form_text(ctx, "due")};
        int64_t added;
        anc_rc rc = host->db->exec(ctx, SQL_add, 3, pledge, &added);
        if (rc != ANC_OK) {
            return rc;
        }
        if (added == 1) {
            page->message(ctx, text(ctx, "published"));
            return page->redirect(ctx, HOME);
        }
        page->form_error(ctx, "words", text(ctx, "twice"));
    }
    return page_new(ctx, state); // again, with what was typed and the errors
}

// ---- taking one back ----------------------------------------------------------------------------------

static anc_rc page_take_back(anc_ctx *ctx, void *state) {
    (void)state;
    const char *which[] = {host->page->param(ctx, "id"), own_anchor(ctx)};
    const anc_rows *one;
    anc_rc rc = host->db->run(ctx, SQL_one, 2, which, &one);
    if (rc != ANC_OK || host->db->count(one) == 0) {
        return rc != ANC_OK ? rc : ANC_E_NOT_FOUND; // somebody else's looks like none
    }
    host->page->put_text(ctx, "id", which[0]);
    host->page->put_text(ctx, "words", host->db->text(one, 0, 0));
    host->page->put_text(ctx, "due", host->db->text(one, 0, 1));
    return host->page->render(ctx, "take_back", text(ctx, "take_back_title"));
}

static anc_rc post_take_back(anc_ctx *ctx, void *state) {
    (void)state;
    const char *which[] = {host->page->param(ctx, "id"), own_anchor(ctx)};
    int64_t gone;
    anc_rc rc = host->db->exec(ctx, SQL_take_back, 2, which, &gone);
    if (rc != ANC_OK || gone == 0) {
        return rc != ANC_OK ? rc : ANC_E_NOT_FOUND;
    }
    host->page->message(ctx, text(ctx, "taken_back"));
    return host->page->redirect(ctx, HOME);
}

// ---- on the home page, and by itself ------------------------------------------------------------------

static anc_rc fill_home(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)ref, (void)state;
    const struct anc_db_api *db = host->db;
    const struct anc_panel_api *put = host->panel;
    const char *asked[] = {"", ON_HOME};
    const anc_rows *counts, *next;
    anc_rc rc = db->run(ctx, SQL_counts, 0, NULL, &counts);
    if (rc != ANC_OK || db->i64(counts, 0, 1) == 0) {
        return rc != ANC_OK ? rc : ANC_SKIP; // no panel without a pledge
    }
    rc = db->run(ctx, SQL_list, 2, asked, &next);
    if (rc != ANC_OK) {
        return rc;
    }
    put->figure(panel, text(ctx, "panel_running"), ANC_COLUMN_NUMBER, db->i64(counts, 0, 1),
                text(ctx, "panel_running_note"));
    put->figure(panel, text(ctx, "panel_next"), ANC_COLUMN_DAY, db->i64(counts, 0, 2), db->text(next, 0, 1));
    put->table(panel, "next", text(ctx, "panel_table"));
    put->column(panel, "words", text(ctx, "panel_words"), ANC_COLUMN_TEXT);
    put->column(panel, "who", text(ctx, "panel_who"), ANC_COLUMN_TEXT);
    put->column(panel, "due", text(ctx, "panel_due"), ANC_COLUMN_DAY);
    for (uint32_t i = 0; i < db->count(next) && db->i64(next, i, 4) == 0; i++) {
        put->row(panel);
        put->cell_link(panel, db->text(next, i, 2), HOME);
        put->cell_text(panel, db->text(next, i, 1));
        put->cell_text(panel, db->text(next, i, 3));
    }
    return ANC_OK;
}

// The list is kept ready-made, so a day that passes must change something in the database.
static anc_rc mark_past(anc_ctx *ctx, void *state) {
    (void)state;
    const char *today[] = {host->mem->format(ctx, "%d", (int)host->time->today(ctx))};
    return host->db->exec(ctx, SQL_mark_past, 1, today, NULL);
}

// ---- what it brings -----------------------------------------------------------------------------------

static const struct anc_setting settings[] = {
    {.key = "longest",
     .kind = ANC_SETTING_NUMBER,
     .dflt = "200",
     .min = 50,
     .max = 1000,
     .title = "Longest pledge, in characters",
     .help = "A pledge that people can remember is short."},
};

static const struct anc_route routes[] = {
    {"GET", HOME, ANC_PERM_PUBLIC, "-", ANC_ROUTE_KEEP, page_list},
    {"GET", HOME "/new", ANC_PERM_OFFICER, "pledge", 0, page_new},
    {"POST", HOME "/new", ANC_PERM_OFFICER, "pledge", 0, post_new},
    {"GET", HOME "/{id}/take-back", ANC_PERM_OFFICER, "-", 0, page_take_back},
    {"POST", HOME "/{id}/take-back", ANC_PERM_OFFICER, "-", 0, post_take_back},
};

static const struct anc_menu menu[] = {{TITLE, HOME, ANC_PERM_PUBLIC}};

static const struct anc_page_panel panels[] = {
    {.slot = ANC_SLOT_HOME, .order = 50, .title = TITLE, .fill = fill_home},
};

static const struct anc_job jobs[] = {
    {.name = "mark_past",
     .title = "Marks pledges whose day has passed",
     .every_s = 3600,
     .max_ms = 10000,
     .run = mark_past},
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    host = given;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "example",
    .title = TITLE,
    .summary = "Public bodies publish what they pledge to the place, and by when.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_PAGES | ANC_CAP_OWN_TABLES | ANC_CAP_JOBS,
    .start = start,
    .settings = ANC_TABLE(settings),
    PLUGIN_RESOURCES, // schema/, sql/, templates/, forms/ and text/
    .routes = ANC_TABLE(routes),
    .menu = ANC_TABLE(menu),
    .panels = ANC_TABLE(panels),
    .jobs = ANC_TABLE(jobs),
};
ANC_PLUGIN(plugin)
