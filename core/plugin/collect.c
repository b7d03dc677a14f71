// SPDX-License-Identifier: Apache-2.0
// Sinks, reports and panels: what plugins fill and the host draws.
#include "plugin/api.h"

#include <string.h>

static anc_rc sink_write(anc_sink *sink, const void *bytes, size_t n) {
    strb_put(sink->out, bytes, n);
    return sink->out->over ? ANC_E_LIMIT : ANC_OK;
}

static void report_add(anc_report *report, int32_t severity, const char *field, const char *text) {
    report->errors += severity == ANC_FINDING_ERROR;
    if (report->count < REPORT_MAX) {
        report->list[report->count++] = (struct finding){.severity = severity,
                                                         .field = arena_strdup(report->arena, field),
                                                         .text = arena_strdup(report->arena, text)};
    }
}

static void panel_figure(anc_panel *p, const char *label, int32_t kind, int64_t value, const char *note) {
    if (p->figure_count < PANEL_MAX) {
        p->figures[p->figure_count++] = (struct panel_figure){.label = arena_strdup(p->arena, label),
                                                              .note = arena_strdup(p->arena, note),
                                                              .kind = kind,
                                                              .value = value};
    }
}

static void panel_table(anc_panel *p, const char *key, const char *caption) {
    p->table = NULL;
    if (p->part_count < PANEL_MAX) {
        p->table = table_new(p->arena, arena_strdup(p->arena, caption));
        p->parts[p->part_count++] =
            (struct panel_part){.key = arena_strdup(p->arena, key), .table = p->table};
    }
}

static enum cell_kind cell_kind_of(int32_t kind) {
    switch (kind) {
    case ANC_COLUMN_NUMBER:
        return CELL_NUMBER;
    case ANC_COLUMN_MONEY:
        return CELL_MONEY;
    case ANC_COLUMN_SHARE:
        return CELL_PERCENT;
    default:
        return CELL_TEXT;
    }
}

static void panel_column(anc_panel *p, const char *key, const char *title, int32_t kind) {
    if (p->table) {
        table_column(p->table, arena_strdup(p->arena, key), arena_strdup(p->arena, title),
                     cell_kind_of(kind));
    }
}

static void panel_row(anc_panel *p) {
    if (p->table) {
        table_row(p->table);
    }
}

static void panel_cell_text(anc_panel *p, const char *text) {
    if (p->table) {
        table_text(p->table, arena_strdup(p->arena, text));
    }
}

static void panel_cell_i64(anc_panel *p, int64_t value) {
    if (p->table) {
        table_i64(p->table, value);
    }
}

static void panel_bars(anc_panel *p, const char *label_key, const char *value_key, const char *finding) {
    if (p->table) {
        struct panel_part *part = &p->parts[p->part_count - 1];
        part->bars_label = arena_strdup(p->arena, label_key);
        part->bars_value = arena_strdup(p->arena, value_key);
        part->finding = arena_strdup(p->arena, finding);
    }
}

static void panel_note(anc_panel *p, const char *text) {
    if (p->note_count < PANEL_MAX) {
        p->notes[p->note_count++] = arena_strdup(p->arena, text);
    }
}

const struct anc_sink_api *api_sink(void) {
    static const struct anc_sink_api api = {sizeof api, sink_write};
    return &api;
}

const struct anc_report_api *api_report(void) {
    static const struct anc_report_api api = {sizeof api, report_add};
    return &api;
}

const struct anc_panel_api *api_panel(void) {
    static const struct anc_panel_api api = {sizeof api,     panel_figure, panel_table,
                                             panel_column,   panel_row,    panel_cell_text,
                                             panel_cell_i64, panel_bars,   panel_note};
    return &api;
}
