// SPDX-License-Identifier: Apache-2.0
// Frozen reports read and computed again.
#include "spend/reportint.h"

#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/slice_text.h"

#include <string.h>

// What stands in the column filter: the slice, '#', the place as it was called.
static bool filter_read(struct arena *a, const char *text, struct anc_slice *ret, const char **ret_place) {
    const char *mark = strchr(text, '#');
    if (!mark || !slice_read(a, arena_strndup(a, text, (size_t)(mark - text)), ret)) {
        return false;
    }
    *ret_place = mark + 1;
    return true;
}

static enum err read_row(struct ctx *c, const char *ref, struct rows **ret, struct report_shown *shown) {
    struct rows *r;
    enum err e = DB_ROWS(c, report_one, &r, ref);
    if (e == ERR_OK && rows_count(r) == 0) {
        e = ctx_fail(c, ERR_NOT_FOUND, "no report %s", ref);
    }
    if (e != ERR_OK) {
        return e;
    }
    *shown = (struct report_shown){.ref = row_text(r, 0, "ref"),
                                   .name = row_text(r, 0, "name"),
                                   .made_by = row_text(r, 0, "made_by"),
                                   .made_at = row_text(r, 0, "made_at"),
                                   .inputs_hash = row_text(r, 0, "inputs_hash"),
                                   .figures_hash = row_text(r, 0, "figures_hash"),
                                   .rules = row_text(r, 0, "rules"),
                                   .public = row_bool(r, 0, "public"),
                                   .why = ""};
    *ret = r;
    return filter_read(c->arena, row_text(r, 0, "filter"), &shown->slice, &shown->place)
               ? ERR_OK
               : ctx_fail(c, ERR_BUG, "the filter of a report cannot be read");
}

static const char *verdict(struct ctx *c, const struct report_shown *s, bool same_inputs, bool same_figures,
                           const char *rules) {
    if (!same_inputs) {
        return "What the report rests on is no longer what was frozen. Tell your administrator.";
    }
    if (same_figures) {
        return "Computed again just now from what was frozen, the figures come out the same to the last "
               "digit.";
    }
    const char *then = report_stored_method(c->arena, s->rules), *now = report_stored_method(c->arena, rules);
    return strcmp(then, now) == 0
               ? "The same rules and the same payments now give other figures. Tell your administrator."
               : arena_printf(c->arena,
                              "The rules have changed since (then %s, now %s), so these are the figures as "
                              "stored.",
                              then, now);
}

// Sets same, why, and the panel when it comes out the same.
static enum err again(struct ctx *c, const struct rows *one, struct report_shown *s) {
    struct provider p;
    const char *rules = "", *figures = "";
    char hash[65], inputs[65] = "";
    if (report_panel_provider(c, &p) != ERR_OK) {
        c->err = ERR_OK;
        s->why = "The plugin that makes these figures is switched off, so they are shown as stored.";
        return ERR_OK;
    }
    enum err e = report_rules_of(c, &p, &rules);
    e = e ? e : report_figures_of(c, s->ref, &s->slice, s->place, s->rules, &p, &s->panel, &figures);
    e = e ? e
          : report_inputs_hash(c, row_text(one, 0, "id"), row_text(one, 0, "filter"), s->rules,
                               row_text(one, 0, "inputs"), inputs);
    if (e != ERR_OK) {
        return e;
    }
    sha256_hex(figures, strlen(figures), hash);
    bool same_inputs = strcmp(inputs, s->inputs_hash) == 0, same_figures = strcmp(hash, s->figures_hash) == 0;
    s->same = same_inputs && same_figures;
    s->why = verdict(c, s, same_inputs, same_figures, rules);
    return ERR_OK;
}

enum err report_rerun(struct ctx *c, const char *ref, bool *ret_same, const char **ret_why) {
    struct report_shown s;
    struct rows *one;
    enum err e = read_row(c, ref, &one, &s);
    e = e ? e : again(c, one, &s);
    if (e == ERR_OK) {
        *ret_same = s.same;
        *ret_why = s.why;
    }
    return e;
}

enum err report_show(struct ctx *c, const char *ref, struct report_shown *ret) {
    struct report_shown s;
    struct rows *one;
    enum err e = read_row(c, ref, &one, &s);
    if (e == ERR_OK && !s.public && !ctx_may(c, PERM_OFFICER)) {
        e = ctx_fail(c, ERR_NOT_FOUND, "the report is not public");
    }
    e = e ? e : again(c, one, &s);
    if (e != ERR_OK) {
        return e;
    }
    if (!report_stored_files(c->arena, row_text(one, 0, "inputs"), &s) ||
        (!s.same && !report_stored_panel(c->arena, row_text(one, 0, "figures"), &s.panel))) {
        return ctx_fail(c, ERR_BUG, "a stored report cannot be read");
    }
    *ret = s;
    return ERR_OK;
}
