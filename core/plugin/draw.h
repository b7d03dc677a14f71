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

// Whether a map of tiles is asked for; without one (NULL below) its figures are drawn as bars.
bool draw_needs_map(const struct panel *p);

// What partials/part shows: `body`, the table of a part with its picture; or `withheld`, why it is not shown,
// and `withheld_caption`.
void draw_body(struct model *m, const struct panel_part *part, const struct picture_map *map);

// All that partials/panel shows: figures, the list `parts` and the list `panel_notes` (text).
void draw_panel(struct model *m, const struct panel *p, const struct picture_map *map);

// The same ready-made through partials/panel of a set, for {{html key}} of a plugin's page; without a map.
// NULL when the set has no such partial.
const struct html *draw_panel_html(struct arena *a, const struct template_set *set, const struct panel *p);

#endif
