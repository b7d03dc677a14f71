// SPDX-License-Identifier: Apache-2.0
// Public pages of spend: figures, chart and tables of the panels, as HTML, CSV, JSON and workbook.
#include "base/day.h"
#include "base/money.h"
#include "db/queries.gen.h"
#include "http/app.h"
#include "pages/routes.h"
#include "pages/spend_officer.h"
#include "pages/view.h"
#include "plugin/points.h"
#include "render/helpers.h"

#include <stdlib.h>
#include <string.h>

// What the address asks for; values that do not exist mean "not chosen".
struct choice {
    int year;           // 0: the latest
    const char *anchor; // "" all
    struct rows *years, *anchors, *basis;
};

static enum err read_choice(struct req *r, struct choice *ch) {
    int year = (int)strtol(req_query(r, "year"), NULL, 10);
    const char *anchor = req_query(r, "anchor");
    *ch = (struct choice){.anchor = ""};
    enum err e = DB_ROWS(&r->c, spend_anchors, &ch->anchors);
    e = e ? e : DB_ROWS(&r->c, spend_years, &ch->years);
    for (size_t i = 0; e == ERR_OK && i < rows_count(ch->anchors); i++) {
        if (strcmp(row_text(ch->anchors, i, "ref"), anchor) == 0) {
            ch->anchor = row_text(ch->anchors, i, "ref");
        }
    }
    for (size_t i = 0; e == ERR_OK && i < rows_count(ch->years); i++) {
        if (row_i64(ch->years, i, "fy") == year) {
            ch->year = year;
        }
    }
    return e ? e : DB_ROWS(&r->c, spend_basis, &ch->basis, *ch->anchor ? ch->anchor : NULL);
}

static enum err fill(struct req *r, const struct choice *ch, size_t i, struct provider *from,
                     struct panel *ret, bool *ret_there) {
    *ret_there = provider_at(r->app->plugins, ANC_POINT_SPEND_PANEL, i, from);
    if (!*ret_there) {
        return ERR_OK;
    }
    struct anc_spend_filter filter = {
        .size = sizeof filter, .financial_year = ch->year, .anchor_ref = ch->anchor, .view = ""};
    return point_panel(&r->c, from, &filter, ret);
}

// ---- the chooser
// -------------------------------------------------------------------------------------------

static void add_option(struct model *m, const char *list, const char *value, const char *label,
                       bool selected) {
    struct model *item = model_add(m, list);
    model_text(item, "value", value);
    model_text(item, "label", label);
    model_bool(item, "selected", selected);
}

static void put_chooser(struct req *r, struct model *m, const struct choice *ch) {
    model_list(m, "year_options");
    for (size_t i = 0; i < rows_count(ch->years); i++) {
        char label[DAY_TEXT_BYTES];
        int year = (int)row_i64(ch->years, i, "fy");
        financial_year_label(year, label);
        add_option(m, "year_options", arena_i64(r->c.arena, year), label,
                   ch->year ? year == ch->year : i == 0);
    }
    model_list(m, "anchor_options");
    model_text(m, "anchor_name", "");
    for (size_t i = 0; i < rows_count(ch->anchors); i++) {
        const char *ref = row_text(ch->anchors, i, "ref"), *name = row_text(ch->anchors, i, "name");
        bool chosen = strcmp(ref, ch->anchor) == 0;
        add_option(m, "anchor_options", ref, name, chosen);
        if (chosen) {
            model_text(m, "anchor_name", name);
        }
    }
    model_bool(m, "may_choose", rows_count(ch->years) > 0);
}

static const char *data_url(struct req *r, const struct choice *ch, const char *ending, const char *panel,
                            const char *table) {
    struct arena *a = r->c.arena;
    const char *year = ch->year ? arena_printf(a, "&year=%d", ch->year) : "";
    const char *anchor = *ch->anchor ? arena_printf(a, "&anchor=%s", view_encoded(a, ch->anchor)) : "";
    return arena_printf(a, "/spend.%s?panel=%s&table=%s%s%s", ending, view_encoded(a, panel),
                        view_encoded(a, table), year, anchor);
}

// ---- a panel as the template shows it
// ----------------------------------------------------------------------

static void put_figure(struct model *m, const struct panel_figure *f) {
    char text[MONEY_TEXT_BYTES], exact[MONEY_TEXT_BYTES] = "";
    if (f->kind == ANC_COLUMN_MONEY) {
        money_format_short(f->value, text);
        money_format(f->value, exact);
    } else if (f->kind == ANC_COLUMN_SHARE) {
        percent_format(f->value, text);
    } else {
        count_format(f->value, text);
    }
    struct model *item = model_add(m, "figures");
    model_text(item, "value", text);
    model_text(item, "exact", exact);
    model_text(item, "label", f->label);
    model_text(item, "note", f->note);
}

static void put_part(struct req *r, struct model *m, const struct choice *ch, const char *panel,
                     const struct panel_part *part, bool chart) {
    struct model *item = model_add(m, "parts");
    model_text(item, "key", part->key);
    model_bool(item, "chart", chart);
    model_html(item, "body",
               chart ? chart_bars(part->table, part->bars_label, part->bars_value, part->finding)
                     : table_html(part->table));
    model_text(item, "finding", !chart && part->finding ? part->finding : "");
    model_text(item, "csv_href", data_url(r, ch, "csv", panel, part->key));
    model_text(item, "json_href", data_url(r, ch, "json", panel, part->key));
    model_text(item, "xlsx_href", data_url(r, ch, "xlsx", panel, part->key));
}

// One clear chart a panel: the first that the panel asks for. The rest are tables with their sentence.
static void put_panel(struct req *r, struct model *m, const struct choice *ch, const struct provider *from,
                      const struct panel *p) {
    struct model *item = model_add(m, "panels");
    bool drawn = false;
    model_text(item, "panel_title", p->title);
    model_list(item, "figures");
    for (size_t i = 0; i < p->figure_count; i++) {
        put_figure(item, &p->figures[i]);
    }
    model_list(item, "parts");
    for (size_t i = 0; i < p->part_count; i++) {
        bool chart = !drawn && p->parts[i].bars_label && table_rows(p->parts[i].table) > 0;
        put_part(r, item, ch, from->key, &p->parts[i], chart);
        drawn = drawn || chart;
    }
    model_list(item, "method");
    for (size_t i = 0; i < p->note_count; i++) {
        model_text(model_add(item, "method"), "text", p->notes[i]);
    }
}

static enum err put_panels(struct req *r, struct model *m, const struct choice *ch) {
    struct provider from;
    struct panel p;
    bool there = true;
    model_list(m, "panels");
    for (size_t i = 0; there; i++) {
        enum err e = fill(r, ch, i, &from, &p, &there);
        if (e != ERR_OK) {
            return e;
        }
        if (there && p.part_count > 0) {
            put_panel(r, m, ch, &from, &p);
        }
    }
    model_bool(m, "no_panel", !provider_at(r->app->plugins, ANC_POINT_SPEND_PANEL, 0, &from));
    return ERR_OK;
}

// ---- pages
// -------------------------------------------------------------------------------------------------

static enum err page_spend(struct req *r) {
    struct choice ch;
    struct rows *loads;
    enum err e = read_choice(r, &ch);
    e = e ? e : DB_ROWS(&r->c, spend_loads, &loads, *ch.anchor ? ch.anchor : NULL);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Spend");
    put_chooser(r, m, &ch);
    view_rows(m, "loads", loads);
    model_i64(m, "load_count", row_i64(ch.basis, 0, "loads"));
    model_bool(m, "one_load", row_i64(ch.basis, 0, "loads") == 1);
    model_i64(m, "line_count", row_i64(ch.basis, 0, "lines"));
    model_i64(m, "anchor_count", row_i64(ch.basis, 0, "anchors"));
    model_bool(m, "one_anchor", row_i64(ch.basis, 0, "anchors") == 1);
    model_text(m, "all_pence", row_text(ch.basis, 0, "total_pence"));
    model_text(m, "as_of", row_text(ch.basis, 0, "loaded_at"));
    e = put_panels(r, m, &ch);
    return e ? e : page_render(r, "spend/spend", m);
}

static enum err page_data(struct req *r) {
    struct choice ch;
    struct provider from;
    struct panel p;
    const char *panel = req_query(r, "panel"), *key = req_query(r, "table");
    key = *key ? key : "by_year";
    bool there = true;
    enum err e = read_choice(r, &ch);
    for (size_t i = 0; e == ERR_OK; i++) {
        e = fill(r, &ch, i, &from, &p, &there);
        if (e != ERR_OK || !there) {
            break;
        }
        for (size_t k = 0; k < p.part_count && (!*panel || strcmp(panel, from.key) == 0); k++) {
            if (strcmp(p.parts[k].key, key) == 0) {
                return page_table(r, p.parts[k].table, arena_printf(r->c.arena, "spend-%s", key));
            }
        }
    }
    return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no table %s", key);
}

#define PUBLIC NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "spend,supplier,place"

const struct route routes_spend[] = {
    {"GET", "/spend", PUBLIC, page_spend},
    {"GET", "/spend.csv", PUBLIC, page_data},
    {"GET", "/spend.json", PUBLIC, page_data},
    {"GET", "/spend.xlsx", PUBLIC, page_data},
    {"GET", "/officer/spend", NEED(PERM_OFFICER), CSRF_NONE, "spend_load", 0, "", spend_page_loads},
    {"POST", "/officer/spend", NEED(PERM_OFFICER), CSRF_TOKEN, "spend_load", ROUTE_UPLOAD, "",
     spend_post_load},
    {"GET", "/officer/spend/{ref}", NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "", spend_page_load},
    {"GET", "/officer/spend/{ref}/take-back", NEED(PERM_OFFICER), CSRF_NONE, "-", 0, "",
     spend_page_take_back},
    {"POST", "/officer/spend/{ref}/take-back", NEED(PERM_OFFICER), CSRF_TOKEN, "-", 0, "",
     spend_post_take_back},
};
ROUTES_END(spend);
