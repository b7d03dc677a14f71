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

void draw_body(struct model *m, const struct panel_part *part) {
    const struct table *t = part->table;
    bool chart = part->bars_label && part->bars_value && table_rows(t) > 0 &&
                 table_has_column(t, part->bars_label) && table_has_column(t, part->bars_value);
    model_html(m, "body",
               chart ? chart_bars(t, part->bars_label, part->bars_value, part->finding ? part->finding : "")
                     : table_html(t));
}

void draw_panel(struct model *m, const struct panel *p) {
    draw_figures(m, p);
    model_list(m, "parts");
    for (size_t i = 0; i < p->part_count; i++) {
        if (table_rows(p->parts[i].table) > 0) {
            draw_body(model_add(m, "parts"), &p->parts[i]);
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
    draw_panel(m, p);
    return template_html(&env, "partials/panel", m, a);
}
