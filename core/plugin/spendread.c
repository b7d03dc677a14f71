// SPDX-License-Identifier: Apache-2.0
// The extension point spend_source: a payments file on its way through a plugin, row by row.
#include "plugin/api.h"
#include "plugin/plugin.h"

#include <string.h>

#define ROW_ARENA_BYTES ((size_t)16 * 1024 * 1024)

struct spend_reader {
    struct ctx *c;
    const struct plugin_member *m;
    struct anc_spend_source t; // zero where the plugin was built with an older header
    void *layout;
    struct arena
        *row_arena; // emptied before each row, so that a long file needs no more memory than a short one
    struct anc_report report; // of the row being read
};

static void *state_of(const struct plugin_member *m) {
    return m->plugin->state_of_plugin;
}

static void source_of(const struct provider *p, struct anc_spend_source *ret) {
    uint32_t has = *(const uint32_t *)p->table;
    memset(ret, 0, sizeof *ret);
    memcpy(ret, p->table, has < sizeof *ret ? has : sizeof *ret);
}

static bool complete(const struct anc_spend_source *t) {
    return t->recognise && t->observe && t->observed && t->map && t->first_data_row;
}

enum err spend_reader_open(struct ctx *c, const struct provider *p, const struct anc_row *rows,
                           uint32_t count, struct spend_reader **ret, struct findings *findings) {
    struct anc_spend_source t;
    source_of(p, &t);
    struct anc_report *report = report_new(c->arena);
    report_take(report, findings);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "recognise", BUDGET_PURE_MS)) {
        return c->err;
    }
    void *layout = NULL;
    anc_rc rc = complete(&t) ? t.recognise(&x, rows, count, report, &layout, state_of(p->owner))
                             : call_wrong(&x, "its table lacks a function");
    enum err e = call_leave(&x, rc);
    report_take(report, findings);
    if (e == ERR_OK) {
        struct spend_reader *r = arena_alloc(c->arena, sizeof *r);
        *r = (struct spend_reader){
            .c = c, .m = p->owner, .t = t, .layout = layout, .row_arena = arena_new(ROW_ARENA_BYTES)};
        *ret = r;
    }
    return e;
}

// The context of one row: texts in the row's arena. What fails in it is told in the reader's own.
static struct ctx row_context(struct spend_reader *r) {
    arena_reset(r->row_arena);
    struct ctx c = *r->c;
    c.arena = r->row_arena;
    return c;
}

static enum err tell_failure(struct spend_reader *r, const struct ctx *row) {
    return ctx_fail(r->c, row->err, "%s", row->err_detail);
}

enum err spend_reader_observe(struct spend_reader *r, const struct anc_row *row) {
    struct ctx c = row_context(r);
    anc_ctx x;
    if (!call_enter(&x, &c, r->m, "observe", BUDGET_ROW_MS)) {
        return tell_failure(r, &c);
    }
    enum err e = call_leave(&x, r->t.observe(&x, r->layout, row, state_of(r->m)));
    return e == ERR_OK || e == ERR_UNSUPPORTED ? e : tell_failure(r, &c);
}

enum err spend_reader_observed(struct spend_reader *r, struct findings *findings) {
    struct anc_report *report = report_new(r->c->arena);
    report_take(report, findings);
    anc_ctx x;
    if (!call_enter(&x, r->c, r->m, "observed", BUDGET_PURE_MS)) {
        return r->c->err;
    }
    enum err e = call_leave(&x, r->t.observed(&x, r->layout, report, state_of(r->m)));
    report_take(report, findings);
    return e;
}

static void mend_line(struct arena *a, struct anc_spend_line *l) {
    const char **texts[] = {&l->payee,    &l->match_name,     &l->category,      &l->department,
                            &l->postcode, &l->company_number, &l->charity_number};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = plugin_text(a, *texts[i], TEXT_LONG);
    }
    l->redacted = l->redacted != 0;
}

enum err spend_reader_map(struct spend_reader *r, const struct anc_row *row, struct anc_spend_line *ret_line,
                          int32_t *ret_what, const char **ret_reason) {
    struct ctx c = row_context(r);
    struct anc_spend_line line = {.size = sizeof line, .paid_on = INT32_MIN};
    int32_t what = ANC_ROW_PROBLEM;
    r->report.arena = r->row_arena;
    r->report.count = r->report.errors = 0;
    anc_ctx x;
    if (!call_enter(&x, &c, r->m, "map", BUDGET_ROW_MS)) {
        return tell_failure(r, &c);
    }
    anc_rc rc = r->t.map(&x, r->layout, row, &line, &what, &r->report, state_of(r->m));
    if (rc == ANC_OK && (what < ANC_ROW_LINE || what > ANC_ROW_PROBLEM)) {
        rc = call_wrong(&x, "an unknown kind of row");
    }
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK) {
        mend_line(r->row_arena, &line);
        line.size = sizeof line;
        *ret_line = line;
        *ret_what = what;
        *ret_reason = r->report.count           ? r->report.list[0].text
                      : what == ANC_ROW_PROBLEM ? "The row cannot be read."
                                                : "";
    }
    return e == ERR_OK || e == ERR_UNSUPPORTED ? e : tell_failure(r, &c);
}

const char *spend_reader_layout(struct spend_reader *r) {
    anc_ctx x;
    if (!r->t.describe || !call_enter(&x, r->c, r->m, "describe", BUDGET_PURE_MS)) {
        return "";
    }
    const char *s = plugin_text(r->c->arena, r->t.describe(&x, r->layout, state_of(r->m)), TEXT_SHORT);
    return call_leave(&x, ANC_OK) == ERR_OK ? s : "";
}

uint32_t spend_reader_first_row(struct spend_reader *r) {
    anc_ctx x;
    call_enter_always(&x, r->c, r->m, "first_data_row", BUDGET_PURE_MS);
    uint32_t n = r->t.first_data_row(r->layout);
    return call_leave(&x, ANC_OK) == ERR_OK ? n : 0;
}

static enum err name_for_matching(struct ctx *c, const struct plugin_member *m,
                                  const struct anc_spend_source *t, const char *name, const char **ret) {
    anc_ctx x;
    if (!call_enter(&x, c, m, "match_name", BUDGET_PURE_MS)) {
        return c->err;
    }
    const char *s = t->match_name ? t->match_name(&x, name, state_of(m)) : NULL;
    enum err e = call_leave(&x, s ? ANC_OK : call_wrong(&x, "it gives no name"));
    if (e == ERR_OK) {
        *ret = plugin_text(c->arena, s, TEXT_LONG);
    }
    return e;
}

const char *spend_reader_match_name(struct spend_reader *r, const char *name) {
    const char *s = "";
    return name_for_matching(r->c, r->m, &r->t, name, &s) == ERR_OK ? s : "";
}

enum err point_match_name(struct ctx *c, const struct provider *p, const char *name, const char **ret) {
    struct anc_spend_source t;
    source_of(p, &t);
    return name_for_matching(c, p->owner, &t, name, ret);
}

void spend_reader_close(struct spend_reader *r) {
    if (!r || !r->row_arena) {
        return;
    }
    if (r->layout && r->t.done) {
        anc_ctx x;
        call_enter_always(&x, r->c, r->m, "done", BUDGET_PURE_MS);
        r->t.done(r->layout, state_of(r->m));
        enum err e = call_leave(&x, ANC_OK);
        (void)e; // it has nothing to say
    }
    r->layout = NULL;
    arena_free(r->row_arena);
    r->row_arena = NULL;
}
