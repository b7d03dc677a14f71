// SPDX-License-Identifier: Apache-2.0
// The collecting tables of the host: sinks, reports, panels and pages, and what the callers make of them.
#ifndef ANCHORAGE_PLUGIN_API_H
#define ANCHORAGE_PLUGIN_API_H

#include "plugin/points.h"

// ---- texts that come from a plugin: NULL is "", what is not UTF-8 is shown as "?", the rest is cut off

// A copy of at most `most` bytes in the arena.
const char *plugin_text(struct arena *a, const char *s, size_t most);
// The same into a buffer.
void plugin_cut(char *out, size_t cap, const char *s);

#define TEXT_SHORT 500             // labels, keys, titles
#define TEXT_LONG  ((size_t)20000) // reasons, notes

// True when a text leads to a page of this site: begins with one "/", printable ASCII, no "//" and no "\".
bool plugin_path_ok(const char *path);

// ---- bounded output of exporters and verbs
struct anc_sink {
    struct strb *out;
};

#define REPORT_MAX 200 // findings kept; later ones are only counted

struct anc_report {
    struct arena *arena;
    struct finding list[REPORT_MAX];
    size_t count, errors;
};

struct anc_report *report_new(struct arena *a);
void report_take(const struct anc_report *r, struct findings *ret);

#define PANEL_MAX     16 // figures, parts and notes of a panel, each
#define PANEL_COLUMNS TABLE_COLUMNS_MAX
#define PANEL_CELLS   ((size_t)200000)          // of all its tables
#define PANEL_BYTES   ((size_t)8 * 1024 * 1024) // of all its texts

struct anc_panel {
    struct arena *arena;
    struct panel_figure figures[PANEL_MAX];
    struct panel_part parts[PANEL_MAX];
    const char *notes[PANEL_MAX];
    size_t figure_count, part_count, note_count;
    // The table being filled, NULL none
    struct table *table;
    struct {
        const char *key;
        int32_t kind; // ANC_COLUMN_*
    } columns[PANEL_COLUMNS];
    size_t column_count, at; // at: next cell of the row
    bool in_row;             // a row was begun
    size_t cells, bytes;
    const char *wrong; // what the plugin did that is a fault, NULL nothing
};

struct anc_panel *panel_new(struct arena *a);
void panel_take(const struct anc_panel *p, const char *title, struct panel *ret);

const struct anc_sink_api *api_sink(void);
const struct anc_report_api *api_report(void);
const struct anc_panel_api *api_panel(void);
const struct anc_page_api *api_page(void);   // core/plugin/pageapi.c
const struct anc_spend_api *api_spend(void); // core/plugin/spendapi.c

#endif
