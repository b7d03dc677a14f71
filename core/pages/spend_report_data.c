// SPDX-License-Identifier: Apache-2.0
// A frozen report on its page and as files.
#include "pages/spend_report_data.h"

#include "http/app.h"
#include "pages/view.h"
#include "plugin/draw.h"

#include <jansson.h>
#include <string.h>

#define HEADLINE "headline"

// ---- the page -----------------------------------------------------------------------------------------

static void put_part(struct req *r, struct model *m, const struct report_shown *s,
                     const struct panel_part *part) {
    static const char *const ends[][2] = {{"csv_href", "csv"}, {"json_href", "json"}, {"xlsx_href", "xlsx"}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        model_text(m, ends[i][0],
                   arena_printf(r->c.arena, "/spend/reports/%s/%s.%s", s->ref, part->key, ends[i][1]));
    }
    model_text(m, "key", part->key);
    model_text(m, "caption", table_caption(part->table));
    model_text(m, "view_href", "");
    model_text(m, "view_title", "");
    model_bool(m, "is_folded", part->picture.kind != PICTURE_NONE);
    model_bool(m, "may_download", !part->withheld);
}

void report_put_parts(struct req *r, struct model *m, const struct report_shown *s,
                      const struct picture_map *map) {
    model_text(m, "headline", "");
    draw_figures(m, &s->panel);
    model_list(m, "shown");
    for (size_t i = 0; i < s->panel.part_count; i++) {
        struct panel_part part = s->panel.parts[i];
        if (table_rows(part.table) == 0) {
            continue;
        }
        if (strcmp(part.key, HEADLINE) == 0 && part.finding) { // its sentence stands on top
            model_text(m, "headline", part.finding);
            part.picture.kind = PICTURE_NONE;
        }
        struct model *item = model_add(m, "shown");
        put_part(r, item, s, &part);
        part.picture.folded = true;
        draw_body(item, &part, map);
    }
    model_list(m, "panel_notes");
    for (size_t i = 0; i < s->panel.note_count; i++) {
        model_text(model_add(m, "panel_notes"), "text", s->panel.notes[i]);
    }
}

static void put_switches(struct model *m, const json_t *settings) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)settings, key, value) {
        struct model *item = model_add(m, "switches");
        model_text(item, "key", key);
        model_text(item, "value", json_is_string(value) ? json_string_value(value) : "");
    }
}

void report_put_rules(struct model *m, const char *rules) {
    static const char *const keys[] = {"plugin", "method", "matcher"};
    json_t *o = json_loads(rules, 0, NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = json_string_value(json_object_get(o, keys[i]));
        model_text(m, keys[i], text ? text : "");
    }
    model_list(m, "switches");
    put_switches(m, json_object_get(o, "settings"));
    json_decref(o);
}

// ---- tables -------------------------------------------------------------------------------------------

const struct table *report_files_table(struct arena *a, const struct report_shown *s, size_t digits) {
    struct table *t = table_new(a, "The files that went in, as they were");
    table_column(t, "file", "File", CELL_TEXT);
    table_column(t, "anchor", "Public body", CELL_TEXT);
    table_column(t, "payments", "Payments", CELL_NUMBER);
    table_column(t, "sum", "Sum", CELL_MONEY);
    table_column(t, "sha256",
                 digits < 64 ? arena_printf(a, "Fingerprint, its first %zu digits", digits)
                             : "Fingerprint (SHA-256)",
                 CELL_TEXT);
    for (size_t i = 0; i < s->file_count; i++) {
        table_row(t);
        table_text(t, s->files[i].file);
        table_text(t, s->files[i].anchor);
        table_i64(t, s->files[i].payments);
        table_i64(t, s->files[i].pence);
        table_text(t, arena_strndup(a, s->files[i].sha256, strnlen(s->files[i].sha256, digits)));
    }
    return t;
}

// Figures have kinds of their own, so each stands in the column of its kind.
static struct table *figures_table(struct arena *a, const struct panel *p) {
    struct table *t = table_new(a, "The figures of the report");
    table_column(t, "figure", "Figure", CELL_TEXT);
    table_column(t, "pounds", "Pounds", CELL_MONEY);
    table_column(t, "share", "Share", CELL_PERCENT);
    table_column(t, "number", "Number", CELL_NUMBER);
    table_column(t, "note", "Note", CELL_TEXT);
    for (size_t i = 0; i < p->figure_count; i++) {
        const struct panel_figure *f = &p->figures[i];
        static const int kinds[] = {ANC_COLUMN_MONEY, ANC_COLUMN_SHARE, ANC_COLUMN_NUMBER};
        table_row(t);
        table_text(t, f->label);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            if (f->kind == kinds[k]) {
                table_i64(t, f->value);
            } else {
                table_empty(t);
            }
        }
        table_text(t, f->note);
    }
    return t;
}

// The table of a file's name, without its end; NULL when the report has none of it.
static const struct table *table_of(struct arena *a, const struct report_shown *s, const char *stem) {
    if (strcmp(stem, "figures") == 0) {
        return figures_table(a, &s->panel);
    }
    if (strcmp(stem, "files") == 0) {
        return report_files_table(a, s, 64);
    }
    for (size_t i = 0; i < s->panel.part_count; i++) {
        if (strcmp(s->panel.parts[i].key, stem) == 0) {
            return s->panel.parts[i].table;
        }
    }
    return NULL;
}

enum err report_page_file(struct req *r) {
    static const char *const ends[] = {".csv", ".json", ".xlsx"};
    struct arena *a = r->c.arena;
    const char *name = r->params[1], *dot = strrchr(name, '.');
    struct report_shown s;
    bool known = false;
    for (size_t i = 0; dot && i < sizeof ends / sizeof *ends; i++) {
        known = known || strcmp(dot, ends[i]) == 0;
    }
    if (!known) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no file %s", name);
    }
    enum err e = report_show(&r->c, r->params[0], &s);
    if (e != ERR_OK) {
        return e;
    }
    const char *stem = arena_strndup(a, name, (size_t)(dot - name));
    const struct table *t = table_of(a, &s, stem);
    if (!t) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no table %s", stem);
    }
    struct table *out = table_with(t);
    table_about(out, "report", "Report", s.name);
    table_about(out, "frozen", "Frozen", s.made_at);
    table_about(out, "check", "Fingerprint of the figures (SHA-256)", s.figures_hash);
    table_about(out, "address", "Address",
                arena_printf(a, "%s/spend/reports/%s", r->app->public_url ? r->app->public_url : "", s.ref));
    return page_table(r, out, arena_printf(a, "report-%s-%s", s.ref, stem));
}
