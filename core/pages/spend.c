// SPDX-License-Identifier: Apache-2.0
// Public pages of spend: figures, chart and tables of the panels, as HTML, CSV, JSON and workbook.
#include "base/day.h"
#include "db/queries.gen.h"
#include "http/app.h"
#include "pages/routes.h"
#include "pages/view.h"
#include "plugin/draw.h"

#include <stdlib.h>
#include <string.h>

#define LOADS_FIRST "6" // on the first page; the rest has a page of its own
#define LOADS_MAX   "10000"

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
    *ret_there = provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, i, from);
    if (!*ret_there) {
        return ERR_OK;
    }
    struct anc_spend_filter filter = {
        .size = sizeof filter, .financial_year = ch->year, .anchor_ref = ch->anchor, .view = ""};
    return point_panel(&r->c, from, &filter, ret);
}

// ---- the chooser --------------------------------------------------------------------------------------

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

// What was chosen as the query of another address, "" when nothing was.
static const char *choice_query(struct req *r, const struct choice *ch, char first) {
    struct arena *a = r->c.arena;
    const char *year = ch->year ? arena_printf(a, "%cyear=%d", first, ch->year) : "";
    char next = *year ? '&' : first;
    return *ch->anchor ? arena_printf(a, "%s%canchor=%s", year, next, view_encoded(a, ch->anchor)) : year;
}

// ---- a panel as the template shows it -----------------------------------------------------------------

// Key, sentence and addresses of a part; its body is put by the caller where it is shown at once.
static void put_part(struct req *r, struct model *m, const struct choice *ch, const char *panel,
                     const struct panel_part *part) {
    struct arena *a = r->c.arena;
    const char *key = view_encoded(a, part->key), *from = view_encoded(a, panel);
    const char *rest = choice_query(r, ch, '&');
    model_text(m, "key", part->key);
    model_text(m, "caption", table_caption(part->table));
    model_text(m, "finding", part->finding ? part->finding : "");
    model_text(m, "href", arena_printf(a, "/spend/tables/%s?panel=%s%s", key, from, rest));
    model_text(m, "csv_href", arena_printf(a, "/spend.csv?panel=%s&table=%s%s", from, key, rest));
    model_text(m, "json_href", arena_printf(a, "/spend.json?panel=%s&table=%s%s", from, key, rest));
    model_text(m, "xlsx_href", arena_printf(a, "/spend.xlsx?panel=%s&table=%s%s", from, key, rest));
}

// The first table stands on the page with its chart; the others are a link and their sentence.
static void put_panel(struct req *r, struct model *m, const struct choice *ch, const struct provider *from,
                      const struct panel *p) {
    struct model *item = model_add(m, "panels");
    model_text(item, "panel_title", p->title);
    draw_figures(item, p);
    model_list(item, "first");
    model_list(item, "more");
    for (size_t i = 0; i < p->part_count; i++) {
        struct model *part = model_add(item, i == 0 ? "first" : "more");
        put_part(r, part, ch, from->key, &p->parts[i]);
        if (i == 0) {
            draw_body(part, &p->parts[i], NULL);
        }
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
    model_bool(m, "no_panel", !provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, 0, &from));
    return ERR_OK;
}

// The table of a key (and panel, when the address names one). ERR_NOT_FOUND when there is none.
static enum err find_part(struct req *r, const struct choice *ch, const char *key, struct provider *from,
                          struct panel *p, const struct panel_part **ret) {
    const char *panel = req_query(r, "panel");
    bool there = true;
    for (size_t i = 0; there; i++) {
        enum err e = fill(r, ch, i, from, p, &there);
        if (e != ERR_OK) {
            return e;
        }
        for (size_t k = 0; there && k < p->part_count && (!*panel || strcmp(panel, from->key) == 0); k++) {
            if (strcmp(p->parts[k].key, key) == 0) {
                *ret = &p->parts[k];
                return ERR_OK;
            }
        }
    }
    return ctx_fail(&r->c, ERR_NOT_FOUND, "no table %s", key);
}

// ---- pages ----------------------------------------------------------------------------------------------

static void put_basis(struct model *m, const struct choice *ch) {
    model_i64(m, "load_count", row_i64(ch->basis, 0, "loads"));
    model_bool(m, "one_load", row_i64(ch->basis, 0, "loads") == 1);
    model_i64(m, "line_count", row_i64(ch->basis, 0, "lines"));
    model_i64(m, "body_count", row_i64(ch->basis, 0, "anchors"));
    model_bool(m, "one_body", row_i64(ch->basis, 0, "anchors") == 1);
    model_text(m, "all_pence", row_text(ch->basis, 0, "total_pence"));
    model_text(m, "as_of", row_text(ch->basis, 0, "loaded_at"));
}

static enum err page_spend(struct req *r) {
    struct choice ch;
    struct rows *loads;
    enum err e = read_choice(r, &ch);
    e = e ? e : DB_ROWS(&r->c, spend_loads, &loads, *ch.anchor ? ch.anchor : NULL, LOADS_FIRST);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Where the money goes");
    put_chooser(r, m, &ch);
    model_text(m, "choose_action", "/spend");
    put_basis(m, &ch);
    view_rows(m, "loads", loads);
    model_text(m, "files_href", arena_printf(r->c.arena, "/spend/files%s", choice_query(r, &ch, '?')));
    e = put_panels(r, m, &ch);
    return e ? e : page_render(r, "spend/spend", m);
}

static enum err page_one_table(struct req *r) {
    struct choice ch;
    struct provider from;
    struct panel p;
    const struct panel_part *part = NULL;
    enum err e = read_choice(r, &ch);
    e = e ? e : find_part(r, &ch, r->params[0], &from, &p, &part);
    if (e != ERR_OK || !part) {
        return e;
    }
    struct model *m = page_model(r, table_caption(part->table));
    put_chooser(r, m, &ch);
    model_text(m, "choose_action", arena_printf(r->c.arena, "/spend/tables/%s", r->params[0]));
    put_basis(m, &ch);
    put_part(r, m, &ch, from.key, part);
    draw_body(m, part, NULL);
    model_text(m, "back_href", arena_printf(r->c.arena, "/spend%s", choice_query(r, &ch, '?')));
    return page_render(r, "spend/table", m);
}

static enum err page_data(struct req *r) {
    struct choice ch;
    struct provider from;
    struct panel p;
    const struct panel_part *part = NULL;
    const char *key = *req_query(r, "table") ? req_query(r, "table") : "by_year";
    enum err e = read_choice(r, &ch);
    e = e ? e : find_part(r, &ch, key, &from, &p, &part);
    if (e != ERR_OK || !part) {
        return e;
    }
    return page_table(r, part->table, arena_printf(r->c.arena, "spend-%s", key));
}

static enum err files(struct req *r, struct choice *ch, struct table **ret) {
    struct rows *loads;
    enum err e = read_choice(r, ch);
    e = e ? e : DB_ROWS(&r->c, spend_loads, &loads, *ch->anchor ? ch->anchor : NULL, LOADS_MAX);
    if (e != ERR_OK) {
        return e;
    }
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
    struct choice ch;
    struct table *t;
    enum err e = files(r, &ch, &t);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Payments files behind the figures");
    put_basis(m, &ch);
    put_chooser(r, m, &ch);
    model_html(m, "body", table_html(t));
    model_bool(m, "any", table_rows(t) > 0);
    const char *rest = choice_query(r, &ch, '?');
    model_text(m, "back_href", arena_printf(r->c.arena, "/spend%s", rest));
    model_text(m, "csv_href", arena_printf(r->c.arena, "/spend/files.csv%s", rest));
    model_text(m, "json_href", arena_printf(r->c.arena, "/spend/files.json%s", rest));
    return page_render(r, "spend/files", m);
}

static enum err page_files_data(struct req *r) {
    struct choice ch;
    struct table *t;
    enum err e = files(r, &ch, &t);
    return e ? e : page_table(r, t, "payments-files");
}

#define PUBLIC NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "spend,supplier,place"

const struct route routes_spend[] = {
    {"GET", "/spend", PUBLIC, page_spend, NULL},
    {"GET", "/spend/tables/{key}", PUBLIC, page_one_table, NULL},
    {"GET", "/spend/files", PUBLIC, page_files, NULL},
    {"GET", "/spend/files.csv", PUBLIC, page_files_data, NULL},
    {"GET", "/spend/files.json", PUBLIC, page_files_data, NULL},
    {"GET", "/spend.csv", PUBLIC, page_data, NULL},
    {"GET", "/spend.json", PUBLIC, page_data, NULL},
    {"GET", "/spend.xlsx", PUBLIC, page_data, NULL},
};
ROUTES_END(spend);
