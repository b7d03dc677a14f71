// SPDX-License-Identifier: Apache-2.0
// What people see of a panel: its numbers in words, its tables and charts as HTML of the renderer.
#include "plugin/draw.h"

#include "base/day.h"
#include "base/money.h"
#include "render/helpers.h"

static void draw_figure(struct model *item, const struct panel_figure *f) {
    char text[MONEY_TEXT_BYTES] = "", exact[MONEY_TEXT_BYTES] = "";
    bool day = f->kind == ANC_COLUMN_DAY;
    if (day && f->value > INT32_MIN && f->value <= INT32_MAX) {
        day_words((int32_t)f->value, text);
    } else if (f->kind == ANC_COLUMN_MONEY) {
        money_format_short(f->value, text);
        money_format(f->value, exact);
    } else if (f->kind == ANC_COLUMN_SHARE) {
        percent_format(f->value, text);
    } else if (!day) {
        count_format(f->value, text);
    }
    model_text(item, "value", text);
    model_text(item, "exact", exact);
    model_bool(item, "is_long", day);
    model_text(item, "label", f->label);
    model_text(item, "note", f->note);
}

void draw_figures(struct model *m, const struct panel *p) {
    model_list(m, "figures");
    for (size_t i = 0; i < p->figure_count; i++) {
        draw_figure(model_add(m, "figures"), &p->figures[i]);
    }
}

bool draw_needs_map(const struct panel *p) {
    for (size_t i = 0; i < p->part_count; i++) {
        if (p->parts[i].picture.kind == PICTURE_TILES && table_rows(p->parts[i].table) > 0) {
            return true;
        }
    }
    return false;
}

void draw_body(struct model *m, const struct panel_part *part, const struct picture_map *map) {
    bool held = part->withheld != NULL;
    model_text(m, "withheld", held ? part->withheld : "");
    model_text(m, "withheld_caption", held ? table_caption(part->table) : "");
    model_html(m, "body", held ? NULL : picture_html(part->table, &part->picture, map));
}

void draw_panel(struct model *m, const struct panel *p, const struct picture_map *map) {
    draw_figures(m, p);
    model_list(m, "parts");
    for (size_t i = 0; i < p->part_count; i++) {
        if (table_rows(p->parts[i].table) > 0) {
            draw_body(model_add(m, "parts"), &p->parts[i], map);
        }
    }
    model_list(m, "panel_notes");
    for (size_t i = 0; i < p->note_count; i++) {
        model_text(model_add(m, "panel_notes"), "text", p->notes[i]);
    }
}

const struct html *draw_panel_html(struct arena *a, const struct template_set *set, const struct panel *p) {
    struct render_env env = {.set = set};
    struct model *m = model_new(a);
    draw_panel(m, p, NULL);
    return template_html(&env, "partials/panel", m, a);
}
