// SPDX-License-Identifier: Apache-2.0
// The officer's start page and the queue of tags that need a person.
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "http/app.h"
#include "pages/plugins.h"
#include "pages/routes.h"
#include "pages/supplier_words.h"
#include "pages/view.h"

#include <string.h>

#define PAGE_SIZE 25

static enum err page_officer(struct req *r) {
    struct rows *figures;
    enum err e = DB_ROWS(&r->c, officer_figures, &figures);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Reporting");
    view_row(m, figures, 0);
    view_slot(r, m, ANC_SLOT_OFFICER, "", "m");
    return page_render(r, "officer/home", m);
}

static const char *known_decision(const char *s) {
    static const char *const all[] = {"review", "yes", "no", "unknown", "policy"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i], s) == 0) {
            return all[i];
        }
    }
    return "review";
}

static void put_choices(struct model *m, const char *chosen) {
    static const char *const all[] = {"review", "yes", "no", "unknown", "policy"};
    model_list(m, "choices");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct model *item = model_add(m, "choices");
        model_text(item, "value", all[i]);
        model_text(item, "label", supplier_words_decision(all[i]));
        model_bool(item, "selected", strcmp(all[i], chosen) == 0);
    }
}

static enum err page_tags(struct req *r) {
    const char *decision = known_decision(req_query(r, "decision"));
    struct rows *count, *list;
    enum err e = DB_ROWS(&r->c, tag_queue_count, &count, decision);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Tags to decide");
    int64_t total = row_i64(count, 0, "n");
    int64_t offset = view_pager(r, m, total, PAGE_SIZE);
    e = DB_ROWS(&r->c, tag_queue, &list, decision, arena_i64(r->c.arena, PAGE_SIZE),
                arena_i64(r->c.arena, offset));
    if (e != ERR_OK) {
        return e;
    }
    view_rows(m, "tags", list);
    put_choices(m, decision);
    model_text(m, "decision_words", supplier_words_decision(decision));
    model_bool(m, "is_queue", strcmp(decision, "review") == 0);
    model_text(m, "list_count_text",
               arena_printf(r->c.arena, "%lld supplier%s", (long long)total, total == 1 ? "" : "s"));
    model_text(m, "list_sort_text", "Waiting longest first");
    return page_render(r, "officer/tags", m);
}

static enum err show_tag(struct req *r) {
    struct rows *t;
    enum err e = DB_ROWS(&r->c, tag_one, &t, r->params[0], r->params[1]);
    if (e != ERR_OK || rows_count(t) == 0) {
        return e ? e : ERR_NOT_FOUND;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "Decide about %s", row_text(t, 0, "name")));
    view_row(m, t, 0);
    supplier_words_tag(m, row_text(t, 0, "decision"), row_text(t, 0, "reasons"));
    return page_render(r, "officer/tag", m);
}

static enum err post_tag(struct req *r) {
    if (form_ok(r->form)) {
        enum err e = supplier_tag_decide(&r->c, r->params[0], r->params[1], form_text(r->form, "decision"),
                                         form_text(r->form, "reason"));
        if (e == ERR_OK) {
            page_flash(r, "success", "Your decision is saved. The supplier and the public see your reason.");
            return page_redirect(r, "/officer/tags");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show_tag(r);
}

const struct route routes_officer[] = {
    {"GET", "/officer", NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "", page_officer, NULL},
    {"GET", "/officer/tags", NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "", page_tags, NULL},
    {"GET", "/officer/tags/{ref}/{tag}", NEED(PERM_OFFICER), CSRF_NONE, "officer_tag", 0, "", show_tag, NULL},
    {"POST", "/officer/tags/{ref}/{tag}", NEED(PERM_OFFICER), CSRF_TOKEN, "officer_tag", 0, "", post_tag,
     NULL},
};
ROUTES_END(officer);
