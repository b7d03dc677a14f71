// SPDX-License-Identifier: Apache-2.0
// The one way into plugin code: find a provider, enter it with its own context, count its faults.
#include "plugin/points.h"

#include "base/log.h"
#include "plugin/api.h"
#include "plugin/plugin.h"

#include <string.h>

bool provider_at(const struct plugin_host *h, uint32_t point, size_t i, struct provider *ret) {
    for (size_t k = 0; h && k < h->ordered; k++) {
        // Providers belong to the host's own list; only the list itself is constant here.
        struct plugin *p = (struct plugin *)(uintptr_t)&h->list[h->order[k]];
        for (uint32_t n = 0; p->state == PLUGIN_ACTIVE && n < p->about->providers.count; n++) {
            struct anc_provider row;
            plugin_row(&p->about->providers, n, &row, sizeof row);
            if (row.point == point && i-- == 0) {
                *ret = (struct provider){.table = row.table, .key = row.key, .owner = p};
                return true;
            }
        }
    }
    return false;
}

bool provider_find(const struct plugin_host *h, uint32_t point, const char *key, struct provider *ret) {
    struct provider p;
    for (size_t i = 0; provider_at(h, point, i, &p); i++) {
        if (strcmp(p.key, key) == 0) {
            *ret = p;
            return true;
        }
    }
    return false;
}

const char *provider_plugin_id(const struct provider *p) {
    return p->owner->id;
}

// Before a call: the plugin's own context. After it: faults counted, the code translated.
static anc_ctx enter(struct ctx *c, const struct provider *p) {
    p->owner->calls++;
    return (anc_ctx){.c = c, .plugin = p->owner};
}

static enum err leave(anc_ctx *x, anc_rc rc, const char *what) {
    switch (rc) {
    case ANC_OK:
        return ERR_OK;
    case ANC_SKIP:
        return ERR_UNSUPPORTED;
    case ANC_E_INVALID:
        return ERR_INVALID;
    case ANC_E_NOT_FOUND:
        return ERR_NOT_FOUND;
    case ANC_E_LIMIT:
        return ERR_TOO_LARGE;
    case ANC_E_UNSUPPORTED:
        return ERR_UNSUPPORTED;
    default:
        break;
    }
    x->plugin->faults++;
    log_event(LOG_LEVEL_ERROR, "plugin_fault", "plugin", x->plugin->id, "request", x->c->id, "call", what,
              NULL);
    return ctx_fail(x->c, ERR_BUG, "plugin %s failed in %s (code %d)", x->plugin->id, what, (int)rc);
}

static void take_findings(const struct anc_report *report, struct findings *ret) {
    *ret = (struct findings){.list = report->list, .count = report->count, .errors = report->errors};
}

static struct anc_report *new_report(struct ctx *c) {
    struct anc_report *r = arena_alloc(c->arena, sizeof *r);
    r->arena = c->arena;
    return r;
}

enum err point_judge(struct ctx *c, const struct provider *p, const struct anc_supplier *facts,
                     struct anc_tag *ret) {
    const struct anc_supplier_tagger *t = p->table;
    anc_ctx x = enter(c, p);
    struct anc_tag tag = {.size = sizeof tag, .decision = ANC_TAG_UNKNOWN, .detail = "", .reasons = ""};
    enum err e = leave(&x, t->judge(&x, facts, &tag, p->owner->state_of_plugin), "judge");
    if (e == ERR_OK &&
        (tag.score < 0 || tag.score > 100 || tag.decision < ANC_TAG_NO || tag.decision > ANC_TAG_POLICY)) {
        return leave(&x, ANC_E_BUG, "judge: result out of range");
    }
    if (e == ERR_OK) {
        *ret = tag;
    }
    return e;
}

enum err point_notice_check(struct ctx *c, const struct provider *p, const struct anc_notice *n,
                            struct findings *ret) {
    const struct anc_notice_exporter *t = p->table;
    anc_ctx x = enter(c, p);
    struct anc_report *report = new_report(c);
    enum err e = leave(&x, t->check(&x, n, report, p->owner->state_of_plugin), "check");
    take_findings(report, ret);
    return e;
}

enum err point_notice_write(struct ctx *c, const struct provider *p, const struct anc_notice *list,
                            uint32_t count, struct strb *out, struct findings *ret) {
    const struct anc_notice_exporter *t = p->table;
    anc_ctx x = enter(c, p);
    struct anc_report *report = new_report(c);
    struct anc_sink sink = {out};
    enum err e = leave(&x, t->write(&x, list, count, &sink, report, p->owner->state_of_plugin), "write");
    take_findings(report, ret);
    return e;
}

enum err point_score(struct ctx *c, const struct provider *p, const struct anc_bid *bid,
                     struct anc_score *ret) {
    const struct anc_bid_scorer *t = p->table;
    anc_ctx x = enter(c, p);
    struct anc_score s = {.size = sizeof s, .rationale = ""};
    enum err e = leave(&x, t->score(&x, bid, &s, p->owner->state_of_plugin), "score");
    if (e == ERR_OK && (s.points_milli < 0 || s.points_milli > bid->max_points_milli || !s.rationale[0])) {
        return leave(&x, ANC_E_BUG, "score: points out of range or no rationale");
    }
    if (e == ERR_OK) {
        *ret = s;
    }
    return e;
}

size_t point_measures(const struct provider *p) {
    return ((const struct anc_bid_scorer *)p->table)->measures.count;
}

void point_measure(const struct provider *p, size_t i, struct anc_measure *ret) {
    plugin_row(&((const struct anc_bid_scorer *)p->table)->measures, (uint32_t)i, ret, sizeof *ret);
}

struct spend_reader {
    struct ctx *c;
    struct provider p;
    const struct anc_spend_source *t;
    void *layout;
    struct arena
        *row_arena; // emptied before each row, so that a long file needs no more memory than a short one
    struct anc_report report; // of the row being read
};

#define ROW_ARENA_BYTES ((size_t)4 * 1024 * 1024)

enum err spend_reader_open(struct ctx *c, const struct provider *p, const struct anc_row *rows,
                           uint32_t count, struct spend_reader **ret, struct findings *findings) {
    const struct anc_spend_source *t = p->table;
    anc_ctx x = enter(c, p);
    struct anc_report *report = new_report(c);
    void *layout = NULL;
    enum err e =
        leave(&x, t->recognise(&x, rows, count, report, &layout, p->owner->state_of_plugin), "recognise");
    take_findings(report, findings);
    if (e == ERR_OK) {
        struct spend_reader *r = arena_alloc(c->arena, sizeof *r);
        *r = (struct spend_reader){
            .c = c, .p = *p, .t = t, .layout = layout, .row_arena = arena_new(ROW_ARENA_BYTES)};
        *ret = r;
    }
    return e;
}

enum err spend_reader_observe(struct spend_reader *r, const struct anc_row *row) {
    arena_reset(r->row_arena);
    struct ctx row_ctx = *r->c;
    row_ctx.arena = r->row_arena;
    anc_ctx x = {&row_ctx, r->p.owner};
    return leave(&x, r->t->observe(&x, r->layout, row, r->p.owner->state_of_plugin), "observe");
}

enum err spend_reader_observed(struct spend_reader *r, struct findings *findings) {
    anc_ctx x = {r->c, r->p.owner};
    struct anc_report *report = new_report(r->c);
    enum err e = leave(&x, r->t->observed(&x, r->layout, report, r->p.owner->state_of_plugin), "observed");
    take_findings(report, findings);
    return e;
}

enum err spend_reader_map(struct spend_reader *r, const struct anc_row *row, struct anc_spend_line *ret_line,
                          int32_t *ret_what, const char **ret_reason) {
    arena_reset(r->row_arena);
    struct ctx row_ctx = *r->c;
    row_ctx.arena = r->row_arena;
    anc_ctx x = {&row_ctx, r->p.owner};
    r->report.arena = r->row_arena;
    r->report.count = r->report.errors = 0;
    enum err e =
        leave(&x, r->t->map(&x, r->layout, row, ret_line, ret_what, &r->report, r->p.owner->state_of_plugin),
              "map");
    *ret_reason = r->report.count ? r->report.list[0].text : "";
    return e;
}

const char *spend_reader_layout(struct spend_reader *r) {
    anc_ctx x = {r->c, r->p.owner};
    return r->t->describe(&x, r->layout, r->p.owner->state_of_plugin);
}

uint32_t spend_reader_first_row(struct spend_reader *r) {
    return r->t->first_data_row(r->layout);
}

const char *spend_reader_match_name(struct spend_reader *r, const char *name) {
    anc_ctx x = {r->c, r->p.owner};
    return r->t->match_name(&x, name, r->p.owner->state_of_plugin);
}

void spend_reader_close(struct spend_reader *r) {
    if (r && r->row_arena) {
        if (r->layout) {
            r->t->done(r->layout, r->p.owner->state_of_plugin);
        }
        r->layout = NULL;
        arena_free(r->row_arena);
        r->row_arena = NULL;
    }
}

enum err point_match_name(struct ctx *c, const struct provider *p, const char *name, const char **ret) {
    const struct anc_spend_source *t = p->table;
    anc_ctx x = enter(c, p);
    const char *s = t->match_name(&x, name, p->owner->state_of_plugin);
    if (!s) {
        return leave(&x, ANC_E_BUG, "match_name");
    }
    *ret = s;
    return ERR_OK;
}

enum err point_panel(struct ctx *c, const struct provider *p, const struct anc_spend_filter *filter,
                     struct panel *ret) {
    const struct anc_spend_panel *t = p->table;
    anc_ctx x = enter(c, p);
    struct anc_panel *panel = arena_alloc(c->arena, sizeof *panel);
    panel->arena = c->arena;
    enum err e = leave(&x, t->fill(&x, filter, panel, p->owner->state_of_plugin), "fill");
    if (e == ERR_OK) {
        *ret = (struct panel){.title = t->title,
                              .figures = panel->figures,
                              .figure_count = panel->figure_count,
                              .parts = panel->parts,
                              .part_count = panel->part_count,
                              .notes = panel->notes,
                              .note_count = panel->note_count};
    }
    return e;
}
