// SPDX-License-Identifier: Apache-2.0
// Frozen, named reports: made in one state of the data, computed again from what was frozen.
#include "spend/report.h"

#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "plugin/payments.h"
#include "plugin/points.h"
#include "render/table.h"
#include "spend/cube.h"
#include "spend/public_sums.h"
#include "spend/reportint.h"
#include "spend/slice_text.h"
#include "spend/sums.h"

#include <string.h>

#define TABLE_MAX ((size_t)16 * 1024 * 1024)
#define NAME_MAX  200

// ---- documents
// ---------------------------------------------------------------------------------------------

static const char *table_document(struct ctx *c, const struct panel_part *part) {
    struct strb b;
    strb_init(&b, TABLE_MAX);
    table_json(part->table, &b);
    const char *text = b.over ? NULL : arena_strdup(c->arena, b.p);
    strb_free(&b);
    return text;
}

static enum err figures_document(struct ctx *c, const struct panel *p, const char **ret) {
    struct arena *a = c->arena;
    const char **label = arena_array(a, p->figure_count + 1, sizeof *label);
    const char **kind = arena_array(a, p->figure_count + 1, sizeof *kind);
    const char **value = arena_array(a, p->figure_count + 1, sizeof *value);
    const char **note = arena_array(a, p->figure_count + 1, sizeof *note);
    const char **key = arena_array(a, p->part_count + 1, sizeof *key);
    const char **finding = arena_array(a, p->part_count + 1, sizeof *finding);
    const char **document = arena_array(a, p->part_count + 1, sizeof *document);
    for (size_t i = 0; i < p->figure_count; i++) {
        label[i] = p->figures[i].label;
        kind[i] = arena_i64(a, p->figures[i].kind);
        value[i] = arena_i64(a, p->figures[i].value);
        note[i] = p->figures[i].note;
    }
    for (size_t i = 0; i < p->part_count; i++) {
        key[i] = p->parts[i].key;
        finding[i] = p->parts[i].finding ? p->parts[i].finding : "";
        document[i] = table_document(c, &p->parts[i]);
        if (!document[i]) {
            return ctx_fail(c, ERR_TOO_LARGE, "A table of the report is too large to be kept.");
        }
    }
    struct rows *r;
    enum err e = DB_ROWS(c, report_figures, &r, p->title, db_array(a, p->figure_count, label),
                         db_array(a, p->figure_count, kind), db_array(a, p->figure_count, value),
                         db_array(a, p->figure_count, note), db_array(a, p->part_count, key),
                         db_array(a, p->part_count, finding), db_array(a, p->part_count, document),
                         db_array(a, p->note_count, p->notes));
    if (e == ERR_OK) {
        *ret = row_text(r, 0, "figures");
    }
    return e;
}

// The panel of a frozen report, as everybody sees it, as one document.
enum err report_figures_of(struct ctx *c, const char *ref, const struct anc_slice *slice, const char *place,
                           const char *rules, const struct provider *p, struct panel *ret_panel,
                           const char **ret) {
    const struct spend_sums *before = c->sums;
    struct settings_as_of settings;
    struct sums_unit own;
    const struct anc_spend_filter filter = {.size = sizeof filter,
                                            .anchor_ref = slice->anchor_ref,
                                            .view = "",
                                            .chosen = slice,
                                            .for_public = 1,
                                            .frozen = 1,
                                            .place = place};
    if (!report_stored_settings(c->arena, rules, &settings)) {
        return ctx_fail(c, ERR_BUG, "the rules of a report cannot be read");
    }
    enum err e = sums_of_report(&own, ref, c);
    if (e != ERR_OK) {
        return e;
    }
    struct public_sums seen;
    const struct spend_sums *all = c->sums;
    c->settings_as_of = &settings;
    e = public_sums_mark(&seen, c);
    e = e ? e : point_panel(c, p, &filter, ret_panel);
    public_sums_end(&seen, c);
    c->settings_as_of = NULL;
    c->sums = all;
    sums_end(&own, c);
    c->sums = before;
    return e ? e : figures_document(c, ret_panel, ret);
}

// Settings as they are stored at this moment: servers take a change up a moment later.
static enum err settings_now(struct ctx *c, const struct provider *p, struct settings_as_of *ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, report_rules, &r, provider_plugin_id(p), "", "", "");
    return e ? e
           : report_stored_settings(c->arena, row_text(r, 0, "rules"), ret)
               ? ERR_OK
               : ctx_fail(c, ERR_BUG, "settings");
}

enum err report_rules_of(struct ctx *c, const struct provider *p, const char **ret) {
    struct provider matcher;
    struct rows *r;
    const char *version = matcher_find(c, &matcher) == ERR_OK ? matcher_version(&matcher) : "";
    const char *classes = "";
    struct settings_as_of settings;
    enum err e = settings_now(c, p, &settings);
    if (e == ERR_OK) {
        c->settings_as_of = &settings;
        e = point_panel_classes(c, p, &classes);
        c->settings_as_of = NULL;
    }
    e = e ? e : DB_ROWS(c, report_rules, &r, provider_plugin_id(p), point_panel_rules(p), version, classes);
    if (e == ERR_OK) {
        *ret = row_text(r, 0, "rules");
    }
    return e;
}

enum err report_inputs_hash(struct ctx *c, const char *id, const char *filter, const char *rules,
                            const char *inputs, char ret[65]) {
    struct rows *r;
    enum err e = DB_ROWS(c, report_cells_hash, &r, id);
    if (e == ERR_OK) {
        const char *all =
            arena_printf(c->arena, "%s\n%s\n%s\n%s", filter, rules, inputs, row_text(r, 0, "hash"));
        sha256_hex(all, strlen(all), ret);
    }
    return e;
}

enum err report_panel_provider(struct ctx *c, struct provider *ret) {
    return provider_at(c->plugins, ANC_POINT_SPEND_PANEL, 0, ret)
               ? ERR_OK
               : ctx_fail(c, ERR_UNSUPPORTED, "No plugin that is switched on makes figures of spend.");
}

// ---- making one
// --------------------------------------------------------------------------------------------

struct making {
    const char *name, *ref, *place;
    const struct anc_slice *slice;
};

static enum err state_numbers(struct ctx *c, int64_t ret[2]) {
    struct rows *r;
    enum err e = DB_ROWS(c, report_state, &r);
    if (e == ERR_OK) {
        ret[0] = row_i64(r, 0, "lines_no");
        ret[1] = row_i64(r, 0, "match_no");
    }
    return e;
}

// What is frozen: the choice with all kinds of payment, for a table says what does not count; and of a single
// year the year before it, which some tables compare with.
static struct anc_slice frozen_slice(const struct anc_slice *slice) {
    struct anc_slice wide = *slice;
    wide.by = wide.then_by = ANC_BY_NOTHING;
    wide.flows = 0;
    if (wide.from_year && wide.from_year == wide.to_year && !wide.from_month && !wide.to_month) {
        wide.from_year--;
    }
    return wide;
}

static enum err read_inputs(struct ctx *c, const struct making *m, const char *id, struct rows **ret) {
    const struct anc_slice *s = m->slice;
    return DB_ROWS(c, report_inputs, ret, id, report_flow_array(c->arena, s->flows),
                   s->from_year ? arena_i64(c->arena, s->from_year) : NULL,
                   s->to_year ? arena_i64(c->arena, s->to_year) : NULL);
}

// Figures are made from the cells as they were stored, so that they come out the same from them ever after.
static enum err fill(struct ctx *c, const struct making *m, const struct provider *p, const char *id,
                     const char *filter) {
    const char *figures = "", *rules = "";
    char inputs_sum[65] = "", figures_sum[65];
    struct rows *inputs = NULL;
    struct panel panel;
    enum err e = report_rules_of(c, p, &rules);
    e = e ? e : report_figures_of(c, m->ref, m->slice, m->place, rules, p, &panel, &figures);
    e = e ? e : read_inputs(c, m, id, &inputs);
    e = e ? e : report_inputs_hash(c, id, filter, rules, row_text(inputs, 0, "inputs"), inputs_sum);
    if (e != ERR_OK) {
        return e;
    }
    sha256_hex(figures, strlen(figures), figures_sum);
    e = DB_EXEC(c, report_finish, NULL, id, rules, row_text(inputs, 0, "inputs"), figures, inputs_sum,
                figures_sum);
    return e ? e : audit_add(c, "spend.report", m->ref, figures_sum);
}

static enum err freeze(struct ctx *c, const struct making *m, const struct cube_view *v) {
    const char *filter = arena_printf(c->arena, "%s#%s", slice_write(c->arena, m->slice), m->place);
    const struct anc_slice wide = frozen_slice(m->slice);
    struct provider p;
    struct rows *r = NULL;
    enum err e = report_panel_provider(c, &p);
    e = e ? e
          : DB_ROWS(c, report_add, &r, m->ref, m->name, filter,
                    c->actor.person_id ? arena_i64(c->arena, c->actor.person_id) : NULL);
    e = e ? e : cube_freeze(c, v, &wide, row_i64(r, 0, "id"));
    e = e ? e : DB_EXEC(c, report_unname, NULL, row_text(r, 0, "id"));
    return e ? e : fill(c, m, &p, row_text(r, 0, "id"), filter);
}

// The view is of one state; the files that are named beside it are read later, so the state must still be
// that.
static enum err make(struct ctx *c, void *arg) {
    const struct making *m = arg;
    int64_t before[2] = {0, 0}, after[2] = {0, 0};
    const struct cube_view *v = NULL;
    enum err e = state_numbers(c, before);
    e = e ? e : sums_view(c, &v);
    e = e ? e : freeze(c, m, v);
    e = e ? e : state_numbers(c, after);
    if (e == ERR_OK && memcmp(before, after, sizeof before) != 0) {
        return ctx_fail(c, ERR_BUSY, "Payments changed while the report was made. Try again.");
    }
    return e;
}

// What the choice leaves open is settled, so that the report says it: the latest year, the kinds of payment
// that the plugin counts.
static enum err settle(struct ctx *c, const struct anc_slice *in, struct anc_slice *ret) {
    const int32_t *years;
    struct provider p;
    uint32_t n = 0;
    *ret = *in;
    enum err e = report_panel_provider(c, &p);
    if (e == ERR_OK && !in->flows) {
        struct settings_as_of settings;
        e = settings_now(c, &p, &settings);
        if (e == ERR_OK) {
            c->settings_as_of = &settings;
            e = point_panel_flows(c, &p, &ret->flows);
            c->settings_as_of = NULL;
        }
    }
    if (e != ERR_OK || in->from_year || in->to_year) {
        return e;
    }
    e = c->sums ? c->sums->years(c, c->sums, &n, &years)
                : ctx_fail(c, ERR_UNSUPPORTED, "there are no sums here");
    if (e == ERR_OK && n > 0) {
        ret->from_year = ret->to_year = years[0];
    }
    return e;
}

enum err report_make(struct ctx *c, const char *name, const struct anc_slice *slice, const char **ret_ref) {
    struct anc_slice settled;
    if (!ctx_may(c, PERM_OFFICER)) {
        return ctx_fail(c, ERR_DENIED, "not an officer");
    }
    if (!*name || utf8_count(name) > NAME_MAX) {
        return ctx_fail_field(c, "name", "Enter a name for the report, at most %d characters", NAME_MAX);
    }
    enum err e = settle(c, slice, &settled);
    if (e != ERR_OK) {
        return e;
    }
    char *ref = arena_alloc(c->arena, REF_CHARS + 1);
    random_ref(ref, REF_CHARS);
    struct rows *place;
    e = DB_ROWS(c, report_place, &place);
    if (e != ERR_OK) {
        return e;
    }
    struct making m = {
        .name = name, .ref = ref, .place = row_text(place, 0, "short_name"), .slice = &settled};
    e = db_in_transaction(c, make, &m);
    if (e == ERR_OK) {
        *ret_ref = ref;
    }
    return e;
}

// ---- showing it to everybody
// ---------------------------------------------------------------------------------

enum err report_publish(struct ctx *c, const char *ref, bool public) {
    int64_t changed = 0;
    if (!ctx_may(c, PERM_OFFICER)) {
        return ctx_fail(c, ERR_DENIED, "not an officer");
    }
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_EXEC(c, report_publish, &changed, ref, public ? "true" : "false");
    if (e == ERR_OK && changed == 0) {
        e = ctx_fail(c, ERR_NOT_FOUND, "no report %s", ref);
    }
    e = e ? e : audit_add(c, public ? "spend.report.publish" : "spend.report.hide", ref, "");
    if (e != ERR_OK) {
        db_rollback(c);
        return e;
    }
    return db_commit(c);
}
