// SPDX-License-Identifier: Apache-2.0
// The collecting tables of the host: sinks, reports and panels, and what core/plugin/points.c makes of them.
#ifndef ANCHORAGE_PLUGIN_API_H
#define ANCHORAGE_PLUGIN_API_H

#include "plugin/points.h"

// Bounded output of an exporter.
struct anc_sink {
    struct strb *out;
};

#define REPORT_MAX 200 // findings kept; later ones are only counted

struct anc_report {
    struct arena *arena;
    struct finding list[REPORT_MAX];
    size_t count, errors;
};

#define PANEL_MAX 16 // figures, parts and notes of a panel, each

struct anc_panel {
    struct arena *arena;
    struct panel_figure figures[PANEL_MAX];
    struct panel_part parts[PANEL_MAX];
    const char *notes[PANEL_MAX];
    struct table *table; // the one being filled
    size_t figure_count, part_count, note_count;
};

const struct anc_sink_api *api_sink(void);
const struct anc_report_api *api_report(void);
const struct anc_panel_api *api_panel(void);

#endif
