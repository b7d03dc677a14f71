// SPDX-License-Identifier: Apache-2.0
// What people see of a panel that a plugin filled: figures in words, tables, charts, notes.
#ifndef ANCHORAGE_PLUGIN_DRAW_H
#define ANCHORAGE_PLUGIN_DRAW_H

#include "plugin/points.h"
#include "render/model.h"
#include "render/template.h"

// The list `figures`: value (short; "" for a day that is not known), exact (money to the penny, else ""),
// label, note, is_long (a date: smaller).
void draw_figures(struct model *m, const struct panel *p);

// `body`: the table of a part with its chart. Bars of columns that the table lacks are left out.
void draw_body(struct model *m, const struct panel_part *part);

// All that partials/panel shows: figures, the list `parts` (body) and the list `panel_notes` (text).
void draw_panel(struct model *m, const struct panel *p);

// The same ready-made through partials/panel of a set, for {{html key}} of a plugin's page. NULL when the set
// has no such partial.
const struct html *draw_panel_html(struct arena *a, const struct template_set *set, const struct panel *p);

#endif
