// SPDX-License-Identifier: Apache-2.0
// Public pages of spend: figures, pictures and tables of the panels, as HTML, CSV, JSON and workbook.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/ward_map.h"
#include "http/app.h"
#include "pages/routes.h"
#include "pages/spend_choice.h"
#include "pages/spend_data.h"
#include "pages/spend_payments.h"
#include "pages/view.h"
#include "plugin/draw.h"
#include "spend/public_sums.h"

#include <stdlib.h>
#include <string.h>

#define LOADS_FIRST "6" // on the first page; the rest has a page of its own
#define LOADS_MAX   "10000"
#define PARTS_FIRST 8          // of the headline that stand on the first page; the rest are links
#define VIEWS_FIRST 4          // whose picture stands on the first page too
#define HEADLINE    "headline" // key of the part whose finding is the first sentence of the page

// A panel of a plugin, asked with all that was chosen.
struct asked {
    struct provider from;
    const char *view; // "" the headline
    struct panel panel;
    bool further; // another plugin's panel stands above it: it has a heading of its own
    bool alone;   // one part of it, on a page of its own
};

static enum err ask(struct req *r, const struct spend_choice *ch, struct asked *a) {
    struct anc_spend_filter filter = {.size = sizeof filter,
                                      .financial_year = ch->year,
                                      .anchor_ref = ch->value[SPEND_ANCHOR],
                                      .view = a->view,
                                      .chosen = &ch->slice,
                                      .for_public = 1};
    return point_panel(&r->c, &a->from, &filter, &a->panel);
}

static bool has_view(const struct provider *p, const char *key) {
    for (size_t i = 0; i < point_panel_views(p); i++) {
        struct anc_spend_view v;
        point_panel_view(p, i, &v);
        if (strcmp(v.key, key) == 0) {
            return true;
        }
    }
    return false;
}

// ---- addresses --------------------------------------------------------------------------------------------

static bool is_empty_value(const struct req *r) {
    for (size_t i = 0; i < r->query_count; i++) {
        if (!*r->query[i].value) {
            return true;
        }
    }
    return false;
}

// A form sends all its fields, chosen or not: people are led to the short address. *ret_led: that was the
// answer.
static enum err lead(struct req *r, const struct spend_choice *ch, bool *ret_led) {
    *ret_led = is_empty_value(r) && ch->ignored == 0;
    const char *panel = req_query(r, "panel");
    if (!*ret_led) {
        return ERR_OK;
    }
    const char *rest = spend_choice_query(r, ch, SPEND_FILTERS, *panel ? '&' : '?');
    return *panel ? page_redirect(r, "%s?panel=%s%s", r->path, view_encoded(r->c.arena, panel), rest)
                  : page_redirect(r, "%s%s", r->path, rest);
}

// Only addresses of years, public bodies and tables are kept ready-made: of all others there are too many.
static void keep_or_not(struct req *r, const struct spend_choice *ch) {
    const char *const keepable[] = {ch->value[SPEND_YEAR], ch->value[SPEND_ANCHOR], req_query(r, "panel"),
                                    req_query(r, "view"), req_query(r, "table")};
    size_t known = 0;
    for (size_t i = 0; i < sizeof keepable / sizeof *keepable; i++) {
        known += *keepable[i] != 0;
    }
    if (!ch->plain || known != r->query_count) {
        page_keep_not(r);
    }
}

// The payments behind the figures, for officers: all of the choice, and its parts that figures are of.
static const struct {
    const char *label;
    uint32_t places, vcfse;
} behind[] = {{"all of them", 0, 0},
              {"with local suppliers", 1u << ANC_PLACE_LOCAL, 0},
              {"of these, with VCFSE suppliers", 1u << ANC_PLACE_LOCAL, 1u << ANC_VCFSE_YES},
              {"elsewhere", 1u << ANC_PLACE_ELSEWHERE, 0},
              {"not placed yet", 1u << ANC_PLACE_UNKNOWN, 0}};

// With what the choice leaves open as the figures have it.
static void put_behind(struct req *r, struct model *m, const struct spend_choice *ch) {
    struct anc_slice s = ch->slice;
    struct provider p;
    model_list(m, "behind");
    if (!ctx_may(&r->c, PERM_OFFICER) || rows_count(ch->years) == 0) {
        return;
    }
    if (!s.from_year) {
        s.from_year = s.to_year = (int32_t)row_i64(ch->years, 0, "fy");
    }
    if (!s.flows && (!provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, 0, &p) ||
                     point_panel_flows(&r->c, &p, &s.flows) != ERR_OK)) {
        s.flows = 0;
    }
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        struct anc_slice part = s;
        if (i > 0 && (s.places || s.vcfse || *s.vcfse_classes)) { // chosen already: parts of it are none
            break;
        }
        part.places = behind[i].places ? behind[i].places : s.places;
        if (behind[i].vcfse) {
            part.vcfse = behind[i].vcfse;
            part.vcfse_classes = ch->classes;
        }
        struct model *item = model_add(m, "behind");
        model_text(item, "label", behind[i].label);
        model_text(item, "href", payments_address(r, &part));
    }
}

// Why a choice has no figures; NULL when it has.
static const char *held_words(enum public_verdict v) {
    switch (v) {
    case PUBLIC_FEW:
        return "Fewer than 5 suppliers fit this, so no figures are shown: they would tell what one supplier "
               "was paid. Take a filter away to see more.";
    case PUBLIC_TELLS:
        return "No figures are shown for this: beside other pages, somebody could work out from them what "
               "fewer "
               "than 5 suppliers were paid. Take a filter away to see more.";
    case PUBLIC_MANY:
        return "Figures are shown for at most 3 filters at once beside the year, because more of them lead "
               "to "
               "single suppliers. Take a filter away to see more.";
    case PUBLIC_TOLD:
        break;
    }
    return NULL;
}

// From here to public_sums_end plugins see what the public may. *ret_held: see held_words.
static enum err look_in_public(struct req *r, const struct spend_choice *ch, struct public_sums *ret,
                               const char **ret_held) {
    enum public_verdict v = PUBLIC_TOLD;
    enum err e = public_sums_begin(ret, &r->c, &ch->slice, &v);
    *ret_held = held_words(v);
    return e;
}

// ---- a panel as the template shows it ---------------------------------------------------------------------

// Key, sentence and addresses of a part; its body is put by the caller where it is shown at once.
static void put_part(struct req *r, struct model *m, const struct spend_choice *ch, const struct asked *a,
                     const struct panel_part *part) {
    struct arena *arena = r->c.arena;
    const char *key = view_encoded(arena, part->key), *from = view_encoded(arena, a->from.key);
    const char *view = *a->view ? arena_printf(arena, "&view=%s", view_encoded(arena, a->view)) : "";
    const char *rest = spend_choice_query(r, ch, SPEND_FILTERS, '&');
    model_text(m, "key", part->key);
    model_text(m, "view_href", "");
    model_text(m, "view_title", "");
    model_bool(m, "is_folded", !*a->view && !a->alone);
    model_text(m, "caption", table_caption(part->table));
    model_text(m, "finding", part->finding ? part->finding : "");
    model_text(m, "href", arena_printf(arena, "/spend/tables/%s?panel=%s%s", key, from, rest));
    model_bool(m, "may_download", !part->withheld && table_rows(part->table) > 0);
    model_text(m, "csv_href", arena_printf(arena, "/spend.csv?panel=%s%s&table=%s%s", from, view, key, rest));
    model_text(m, "json_href",
               arena_printf(arena, "/spend.json?panel=%s%s&table=%s%s", from, view, key, rest));
    model_text(m, "xlsx_href",
               arena_printf(arena, "/spend.xlsx?panel=%s%s&table=%s%s", from, view, key, rest));
}

static const char *view_href(struct req *r, const struct spend_choice *ch, const struct provider *from,
                             const char *key) {
    return arena_printf(r->c.arena, "/spend/tables/%s?panel=%s%s", view_encoded(r->c.arena, key),
                        view_encoded(r->c.arena, from->key), spend_choice_query(r, ch, SPEND_FILTERS, '&'));
}

// The picture of a view, with the way to all of it. *ret_put: there was one.
static enum err put_view_picture(struct req *r, struct model *m, const struct spend_choice *ch,
                                 const struct asked *of, const struct anc_spend_view *v, bool *ret_put) {
    struct asked a = {.from = of->from, .view = v->key};
    const struct picture_map *map = NULL;
    enum err e = ask(r, ch, &a);
    if (e == ERR_BUG) { // of this view alone: its own page says so
        r->c.err = e = ERR_OK;
        a.panel.part_count = 0;
    }
    *ret_put = e == ERR_OK && a.panel.part_count > 0 && table_rows(a.panel.parts[0].table) > 0;
    if (*ret_put && draw_needs_map(&a.panel)) {
        e = ward_map_load(&r->c, &map);
    }
    if (e != ERR_OK || !*ret_put) {
        return e;
    }
    struct panel_part part = a.panel.parts[0];
    struct model *item = model_add(m, "shown");
    put_part(r, item, ch, &a, &part);
    part.picture.folded = true;
    draw_body(item, &part, map);
    model_bool(item, "is_folded", true);
    model_text(item, "view_title", v->title);
    model_text(item, "view_href", view_href(r, ch, &a.from, v->key));
    return e;
}

static enum err put_views(struct req *r, struct model *m, const struct spend_choice *ch,
                          const struct asked *a) {
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < point_panel_views(&a->from); i++) {
        struct anc_spend_view v;
        bool put = false;
        point_panel_view(&a->from, i, &v);
        if (i < VIEWS_FIRST) {
            e = put_view_picture(r, m, ch, a, &v, &put);
        }
        if (e != ERR_OK || put) {
            continue;
        }
        struct model *item = model_add(m, "more");
        model_text(item, "caption", v.title);
        model_text(item, "finding", v.summary);
        model_text(item, "href", view_href(r, ch, &a->from, v.key));
    }
    return e;
}

// All parts of a view, or of the headline of a panel that has views; of an older panel the first part stands
// on the page and the others are links.
static enum err put_panel(struct req *r, struct model *m, const struct spend_choice *ch,
                          const struct asked *a) {
    const struct panel *p = &a->panel;
    const struct picture_map *map = NULL;
    struct model *item = model_add(m, "panels");
    bool all = *a->view || point_panel_views(&a->from) > 0;
    enum err e = draw_needs_map(p) ? ward_map_load(&r->c, &map) : ERR_OK;
    model_text(item, "panel_title", p->title);
    model_bool(item, "is_further", a->further);
    draw_figures(item, p);
    model_list(item, "shown");
    model_list(item, "more");
    for (size_t i = 0; i < p->part_count; i++) {
        struct panel_part part = p->parts[i];
        bool is_view = !*a->view && has_view(&a->from, part.key),
             here = all ? *a->view || i < PARTS_FIRST : i == 0;
        if (!here && is_view) {
            continue; // its link comes with the views
        }
        if (!*a->view && !a->alone && (strcmp(part.key, HEADLINE) == 0 || table_rows(part.table) == 0)) {
            continue; // said as the first sentence; nothing to say
        }
        struct model *m_part = model_add(item, here ? "shown" : "more");
        put_part(r, m_part, ch, a, &part);
        if (here) {
            // The first page shows pictures, with their tables one step away; a view shows its tables.
            part.picture.folded = !*a->view && !a->alone;
            draw_body(m_part, &part, map);
        }
    }
    if (!*a->view && !a->alone) {
        e = e ? e : put_views(r, item, ch, a);
    }
    model_list(item, "method");
    for (size_t i = 0; i < p->note_count; i++) {
        model_text(model_add(item, "method"), "text", p->notes[i]);
    }
    model_text(item, "rules", point_panel_rules(&a->from));
    model_bool(item, "has_method", p->note_count > 0 || *point_panel_rules(&a->from));
    return e;
}

// The first sentence of the page: what a part of this key found.
static void put_headline(struct req *r, struct model *m, const struct spend_choice *ch,
                         const struct asked *a) {
    for (size_t i = 0; i < a->panel.part_count; i++) {
        const struct panel_part *part = &a->panel.parts[i];
        if (strcmp(part->key, HEADLINE) == 0 && part->finding && *part->finding) {
            model_text(m, "headline", part->finding);
            model_text(m, "headline_href", view_href(r, ch, &a->from, HEADLINE));
            return;
        }
    }
}

static enum err put_panels(struct req *r, struct model *m, const struct spend_choice *ch) {
    struct asked a = {.view = ""};
    for (size_t i = 0; provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, i, &a.from); i++) {
        enum err e = ask(r, ch, &a);
        if (e == ERR_OK && (a.panel.part_count > 0 || a.panel.figure_count > 0)) {
            if (!a.further) {
                put_headline(r, m, ch, &a);
            }
            e = put_panel(r, m, ch, &a);
            a.further = true;
        }
        if (e != ERR_OK) {
            return e;
        }
    }
    return ERR_OK;
}

static const struct panel_part *part_of(const struct panel *p, const char *key) {
    for (size_t i = 0; i < p->part_count; i++) {
        if (strcmp(p->parts[i].key, key) == 0) {
            return &p->parts[i];
        }
    }
    return NULL;
}

// The view or, in the headline or a view the address names, the part of this key. *ret_part NULL: the whole
// view. ERR_NOT_FOUND when there is neither.
static enum err find(struct req *r, const struct spend_choice *ch, const char *key, bool part_wanted,
                     struct asked *ret, const struct panel_part **ret_part) {
    const char *panel = req_query(r, "panel"), *view = req_query(r, "view");
    struct asked a = {.view = ""};
    for (size_t i = 0; provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, i, &a.from); i++) {
        if (*panel && strcmp(panel, a.from.key) != 0) {
            continue;
        }
        bool is_view = has_view(&a.from, key);
        // A part is looked for in the view that is named, then in the headline, then in the view of its own
        // name.
        const char *const places[] = {has_view(&a.from, view) ? view : "", is_view ? key : ""};
        size_t n = part_wanted ? 2 : 1;
        for (size_t k = 0; k < n; k++) {
            a.view = part_wanted ? places[k] : is_view ? key : "";
            enum err e = k > 0 && strcmp(places[0], places[1]) == 0 ? ERR_OK : ask(r, ch, &a);
            if (e != ERR_OK) {
                return e;
            }
            *ret_part = *a.view && !part_wanted ? NULL : part_of(&a.panel, key);
            if (*ret_part || (*a.view && !part_wanted)) {
                *ret = a;
                return ERR_OK;
            }
        }
    }
    return ctx_fail(&r->c, ERR_NOT_FOUND, "no table %s", key);
}

// ---- pages
// -------------------------------------------------------------------------------------------------

static void put_page(struct req *r, struct model *m, const struct spend_choice *ch) {
    spend_choice_put(r, m, ch, r->path);
    spend_choice_put_basis(m, ch);
    put_behind(r, m, ch);
    model_bool(m, "nothing_fits", ch->any && row_i64(ch->basis, 0, "loads") > 0);
    model_text(m, "freeze_href",
               ctx_may(&r->c, PERM_OFFICER) ? arena_printf(r->c.arena, "/officer/spend/reports/new%s",
                                                           spend_choice_query(r, ch, SPEND_FILTERS, '?'))
                                            : "");
    model_textf(m, "page_url", "%s%s%s", r->app->public_url ? r->app->public_url : "", r->path,
                spend_choice_query(r, ch, SPEND_FILTERS, '?'));
}

static enum err page_spend(struct req *r) {
    struct spend_choice ch;
    struct rows *loads, *report;
    bool led = false;
    enum err e = spend_choice_read(r, &ch);
    e = e ? e : lead(r, &ch, &led);
    if (e != ERR_OK || led) {
        return e;
    }
    keep_or_not(r, &ch);
    e = DB_ROWS(&r->c, public_spend_files, &loads, *ch.value[SPEND_ANCHOR] ? ch.value[SPEND_ANCHOR] : NULL,
                LOADS_FIRST);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_ROWS(&r->c, reports, &report, "true", "1");
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Where the money goes");
    put_page(r, m, &ch);
    view_rows(m, "loads", loads);
    view_rows(m, "report", report);
    struct provider first;
    model_list(m, "panels");
    model_text(m, "headline", "");
    model_text(m, "headline_href", "");
    model_bool(m, "no_panel", !provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, 0, &first));
    model_text(m, "files_href",
               *ch.value[SPEND_ANCHOR] ? arena_printf(r->c.arena, "/spend/files?anchor=%s",
                                                      view_encoded(r->c.arena, ch.value[SPEND_ANCHOR]))
                                       : "/spend/files");
    const char *held;
    struct public_sums seen;
    e = look_in_public(r, &ch, &seen, &held);
    if (e == ERR_OK && !held) {
        e = put_panels(r, m, &ch);
    }
    public_sums_end(&seen, &r->c);
    model_text(m, "held", held ? held : "");
    return e ? e : page_render(r, "spend/spend", m);
}

static const char *view_title(const struct asked *a) {
    for (size_t i = 0; i < point_panel_views(&a->from); i++) {
        struct anc_spend_view v;
        point_panel_view(&a->from, i, &v);
        if (strcmp(v.key, a->view) == 0) {
            return v.title;
        }
    }
    return "";
}

static enum err page_one_table(struct req *r) {
    struct spend_choice ch;
    struct asked a = {.view = ""};
    const struct panel_part *part = NULL;
    bool led = false;
    enum err e = spend_choice_read(r, &ch);
    e = e ? e : lead(r, &ch, &led);
    if (e != ERR_OK || led) {
        return e;
    }
    keep_or_not(r, &ch);
    const char *held;
    struct public_sums seen;
    e = look_in_public(r, &ch, &seen, &held);
    e = e ? e : find(r, &ch, r->params[0], false, &a, &part);
    public_sums_end(&seen, &r->c);
    if (e != ERR_OK) {
        return e;
    }
    const char *title = held ? "Not shown" : part ? table_caption(part->table) : view_title(&a);
    struct model *m = page_model(r, title);
    put_page(r, m, &ch);
    model_text(m, "heading", title);
    model_text(m, "held", held ? held : "");
    model_list(m, "panels");
    bool nothing = row_i64(ch.basis, 0, "loads") == 0 && !ch.any;
    model_bool(m, "nothing_loaded", nothing);
    if (held || nothing) {
        e = ERR_OK;
    } else if (part) { // as a panel of this part alone
        struct asked one = a;
        one.alone = true;
        one.panel = (struct panel){.title = a.panel.title, .parts = part, .part_count = 1};
        e = put_panel(r, m, &ch, &one);
    } else {
        e = put_panel(r, m, &ch, &a);
    }
    model_text(m, "back_href",
               arena_printf(r->c.arena, "/spend%s", spend_choice_query(r, &ch, SPEND_FILTERS, '?')));
    return e ? e : page_render(r, "spend/table", m);
}

// What the file says of itself, so that it can be read years later.
static struct table *with_facts(struct req *r, const struct spend_choice *ch, const struct asked *a,
                                const struct table *t) {
    struct arena *arena = r->c.arena;
    struct table *copy = table_with(t);
    char as_of[STAMP_TEXT_BYTES] = "";
    int64_t usec;
    if (stamp_parse(row_text(ch->basis, 0, "loaded_at"), &usec)) {
        stamp_words(usec, as_of);
    }
    const char *words = spend_choice_words(arena, ch);
    if (!*ch->value[SPEND_YEAR]) {
        words = arena_printf(arena, "%s, with the latest financial year", words);
    }
    table_about(copy, "table", "Table", table_caption(t));
    table_about(copy, "filters", "What is shown", words);
    table_about(copy, "basis", "Basis",
                arena_printf(arena, "%s payments in %s payments files", row_text(ch->basis, 0, "lines"),
                             row_text(ch->basis, 0, "loads")));
    table_about(copy, "as_of", "As of", as_of);
    table_about(copy, "method", "Method", point_panel_rules(&a->from));
    table_about(copy, "address", "Address",
                arena_printf(arena, "%s/spend%s", r->app->public_url ? r->app->public_url : "",
                             spend_choice_query(r, ch, SPEND_FILTERS, '?')));
    return copy;
}

// A table that is not shown, as a file: the reason alone.
static const struct table *held_table(struct req *r, const struct table *t, const char *why) {
    struct table *held = table_new(r->c.arena, table_caption(t));
    table_column(held, "withheld", "Not shown", CELL_TEXT);
    table_row(held);
    table_text(held, why);
    return held;
}

static enum err page_data(struct req *r) {
    struct spend_choice ch;
    struct asked a = {.view = ""};
    const struct panel_part *part = NULL;
    const char *key = *req_query(r, "table") ? req_query(r, "table") : "by_year";
    enum err e = spend_choice_read(r, &ch);
    if (e != ERR_OK) {
        return e;
    }
    keep_or_not(r, &ch);
    const char *held;
    struct public_sums seen;
    e = look_in_public(r, &ch, &seen, &held);
    e = e ? e : find(r, &ch, key, true, &a, &part);
    public_sums_end(&seen, &r->c);
    if (e != ERR_OK || !part) {
        return e;
    }
    const struct table *t = held ? held_table(r, part->table, held) : part->table;
    return page_table(r, with_facts(r, &ch, &a, t), arena_printf(r->c.arena, "spend-%s", key));
}

// ---- the files --------------------------------------------------------------------------------------------

static enum err files(struct req *r, struct spend_choice *ch, struct table **ret) {
    struct rows *loads;
    enum err e = spend_choice_read(r, ch);
    e = e ? e
          : DB_ROWS(&r->c, public_spend_files, &loads,
                    *ch->value[SPEND_ANCHOR] ? ch->value[SPEND_ANCHOR] : NULL, LOADS_MAX);
    if (e != ERR_OK) {
        return e;
    }
    keep_or_not(r, ch);
    struct table *t = table_new(r->c.arena, "Payments files, loaded last first");
    table_column(t, "file", "File", CELL_TEXT);
    table_column(t, "anchor", "Public body", CELL_TEXT);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    table_column(t, "total", "Total", CELL_MONEY);
    table_column(t, "loaded", "Loaded", CELL_DAY);
    for (size_t i = 0; i < rows_count(loads); i++) {
        static const char *const keys[] = {"file_name", "anchor", "accepted", "total_pence", "loaded_at"};
        table_row(t);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            table_text(t, row_text(loads, i, keys[k]));
        }
    }
    *ret = t;
    return ERR_OK;
}

static enum err page_files(struct req *r) {
    struct spend_choice ch;
    struct table *t;
    enum err e = files(r, &ch, &t);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Payments files behind the figures");
    const char *anchor = ch.value[SPEND_ANCHOR];
    const char *rest =
        *anchor ? arena_printf(r->c.arena, "?anchor=%s", view_encoded(r->c.arena, anchor)) : "";
    spend_choice_put_basis(m, &ch);
    model_text(m, "anchor_name", ch.words[SPEND_ANCHOR]);
    model_html(m, "body", table_html(t));
    model_bool(m, "any", table_rows(t) > 0);
    model_text(m, "back_href", arena_printf(r->c.arena, "/spend%s", rest));
    model_text(m, "csv_href", arena_printf(r->c.arena, "/spend/files.csv%s", rest));
    model_text(m, "json_href", arena_printf(r->c.arena, "/spend/files.json%s", rest));
    return page_render(r, "spend/files", m);
}

static enum err page_files_data(struct req *r) {
    struct spend_choice ch;
    struct table *t;
    enum err e = files(r, &ch, &t);
    return e ? e : page_table(r, t, "payments-files");
}

#define PUBLIC NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "spend,supplier,place"

const struct route routes_spend[] = {
    {"GET", "/spend", PUBLIC, page_spend, NULL},
    {"GET", "/spend/tables/{key}", PUBLIC, page_one_table, NULL},
    {"GET", "/spend/data", PUBLIC, spend_page_data, NULL},
    {"GET", "/spend/data/{file}", PUBLIC, spend_page_data_file, NULL},
    {"GET", "/spend/files", PUBLIC, page_files, NULL},
    {"GET", "/spend/files.csv", PUBLIC, page_files_data, NULL},
    {"GET", "/spend/files.json", PUBLIC, page_files_data, NULL},
    {"GET", "/spend.csv", PUBLIC, page_data, NULL},
    {"GET", "/spend.json", PUBLIC, page_data, NULL},
    {"GET", "/spend.xlsx", PUBLIC, page_data, NULL},
};
ROUTES_END(spend);
