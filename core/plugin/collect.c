// SPDX-License-Identifier: Apache-2.0
// Sinks, reports and panels: what plugins fill and the host draws. Nothing they are given may hurt the host:
// NULL is empty, calls out of order are dropped, and everything is bounded.
#include "base/day.h"
#include "base/text.h"
#include "plugin/api.h"

#include <string.h>

#define NAME_BYTES 64 // keys

static size_t cut_length(const char *s, size_t most) {
    size_t n = strnlen(s, most + 1);
    if (n <= most) {
        return n;
    }
    n = most;
    while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80) { // not in the middle of a letter
        n--;
    }
    return n;
}

static void mend(char *s, size_t n) {
    if (utf8_valid(s, n)) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        s[i] = (unsigned char)s[i] < 0x80 ? s[i] : '?';
    }
}

const char *plugin_text(struct arena *a, const char *s, size_t most) {
    if (!s || !*s) {
        return "";
    }
    size_t n = cut_length(s, most);
    char *copy = arena_strndup(a, s, n);
    mend(copy, n);
    return copy;
}

void plugin_cut(char *out, size_t cap, const char *s) {
    size_t n = s ? cut_length(s, cap - 1) : 0;
    if (n > 0) {
        memcpy(out, s, n);
    }
    out[n] = 0;
    mend(out, n);
}

bool plugin_path_ok(const char *path) {
    if (!path || path[0] != '/' || strnlen(path, 2001) > 2000) {
        return false;
    }
    for (const char *p = path; *p; p++) {
        if (*p <= ' ' || *p > '~' || *p == '\\' || *p == '"' || *p == '<' || *p == '>' ||
            (*p == '/' && p[1] == '/')) {
            return false;
        }
    }
    return true;
}

// ---- sinks and reports

static anc_rc sink_write(anc_sink *sink, const void *bytes, size_t n) {
    if (!sink || (!bytes && n > 0)) {
        return ANC_E_BUG;
    }
    if (n > 0) {
        strb_put(sink->out, bytes, n);
    }
    return sink->out->over ? ANC_E_LIMIT : ANC_OK;
}

struct anc_report *report_new(struct arena *a) {
    struct anc_report *r = arena_alloc(a, sizeof *r);
    r->arena = a;
    return r;
}

void report_take(const struct anc_report *r, struct findings *ret) {
    *ret = (struct findings){.list = r->list, .count = r->count, .errors = r->errors};
}

static void report_add(anc_report *report, int32_t severity, const char *field, const char *text) {
    if (!report) {
        return;
    }
    int kind = severity < ANC_FINDING_NOTE || severity > ANC_FINDING_ERROR ? ANC_FINDING_ERROR : severity;
    report->errors += kind == ANC_FINDING_ERROR;
    if (report->count < REPORT_MAX) {
        report->list[report->count++] =
            (struct finding){.severity = kind,
                             .field = plugin_text(report->arena, field, TEXT_SHORT),
                             .text = plugin_text(report->arena, text, TEXT_LONG)};
    }
}

// ---- panels

struct anc_panel *panel_new(struct arena *a) {
    struct anc_panel *p = arena_alloc(a, sizeof *p);
    p->arena = a;
    return p;
}

void panel_take(const struct anc_panel *p, const char *title, struct panel *ret) {
    *ret = (struct panel){.title = title,
                          .figures = p->figures,
                          .figure_count = p->figure_count,
                          .parts = p->parts,
                          .part_count = p->part_count,
                          .notes = p->notes,
                          .note_count = p->note_count};
}

// A text of a panel; "" when the panel holds too much already.
static const char *take(anc_panel *p, const char *s, size_t most) {
    if (!s || !*s || p->bytes >= PANEL_BYTES) {
        return "";
    }
    const char *copy = plugin_text(p->arena, s, most);
    p->bytes += strlen(copy) + 1;
    return copy;
}

// A key of small letters, digits, "_" and "-": it stands in addresses and names of files.
static void clean_key(char out[NAME_BYTES], const char *s) {
    plugin_cut(out, NAME_BYTES, s);
    text_lower(out);
    for (char *c = out; *c; c++) {
        bool fine = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_' || *c == '-';
        *c = fine ? *c : '_';
    }
}

static const char *take_key(anc_panel *p, const char *s) {
    char key[NAME_BYTES];
    clean_key(key, s);
    return arena_strdup(p->arena, key);
}

static int32_t kind_of(int32_t kind) {
    return kind < ANC_COLUMN_TEXT || kind > ANC_COLUMN_DAY ? ANC_COLUMN_TEXT : kind;
}

static void panel_figure(anc_panel *p, const char *label, int32_t kind, int64_t value, const char *note) {
    if (!p || p->figure_count == PANEL_MAX) {
        return;
    }
    int32_t known = kind_of(kind);
    p->figures[p->figure_count++] =
        (struct panel_figure){.label = take(p, label, TEXT_SHORT),
                              .note = take(p, note, TEXT_SHORT),
                              .kind = known == ANC_COLUMN_TEXT ? ANC_COLUMN_NUMBER : known,
                              .value = value};
}

static void panel_table(anc_panel *p, const char *key, const char *caption) {
    if (!p) {
        return;
    }
    p->table = NULL;
    p->column_count = p->at = 0;
    p->in_row = false;
    if (p->part_count < PANEL_MAX) {
        p->table = table_new(p->arena, take(p, caption, TEXT_SHORT));
        p->parts[p->part_count++] = (struct panel_part){.key = take_key(p, key), .table = p->table};
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
    case ANC_COLUMN_DAY:
        return CELL_DAY;
    default:
        return CELL_TEXT;
    }
}

static void panel_column(anc_panel *p, const char *key, const char *title, int32_t kind) {
    if (!p || !p->table || p->column_count == PANEL_COLUMNS || table_rows(p->table) > 0) {
        return;
    }
    int32_t known = kind_of(kind);
    const char *own = take_key(p, key);
    p->columns[p->column_count].key = own;
    p->columns[p->column_count++].kind = known;
    table_column(p->table, own, take(p, title, TEXT_SHORT), cell_kind_of(known));
}

static void panel_row(anc_panel *p) {
    if (!p || !p->table || p->column_count == 0) {
        return;
    }
    p->in_row = p->cells + p->column_count <= PANEL_CELLS;
    p->at = 0;
    if (p->in_row) {
        p->cells += p->column_count;
        table_row(p->table);
    }
}

// Whether there is a cell to fill, and the kind of its column.
static bool next_cell(anc_panel *p, int32_t *ret_kind) {
    if (!p || !p->table || !p->in_row || p->at >= p->column_count) {
        return false;
    }
    *ret_kind = p->columns[p->at++].kind;
    return true;
}

static void panel_cell_text(anc_panel *p, const char *text) {
    int32_t kind;
    if (next_cell(p, &kind)) {
        table_text(p->table, take(p, text, TEXT_LONG));
    }
}

static void panel_cell_i64(anc_panel *p, int64_t value) {
    int32_t kind;
    if (!next_cell(p, &kind)) {
        return;
    }
    if (kind == ANC_COLUMN_DAY) {
        char iso[DAY_TEXT_BYTES] = "";
        if (value > INT32_MIN && value <= INT32_MAX) {
            day_iso((int32_t)value, iso);
        }
        table_text(p->table, iso);
    } else {
        table_i64(p->table, value);
    }
}

static void panel_cell_link(anc_panel *p, const char *text, const char *path) {
    int32_t kind;
    if (!next_cell(p, &kind)) {
        return;
    }
    const char *words = take(p, text, TEXT_LONG);
    if (kind == ANC_COLUMN_TEXT && *words && plugin_path_ok(path)) {
        table_link(p->table, words, path);
    } else {
        table_text(p->table, words);
    }
}

static const char *known_column(const anc_panel *p, const char *given, bool number) {
    char key[NAME_BYTES];
    clean_key(key, given);
    for (size_t i = 0; i < p->column_count; i++) {
        int32_t kind = p->columns[i].kind;
        bool is_number = kind == ANC_COLUMN_NUMBER || kind == ANC_COLUMN_MONEY || kind == ANC_COLUMN_SHARE;
        if (strcmp(p->columns[i].key, key) == 0 && is_number == number) {
            return p->columns[i].key;
        }
    }
    return NULL;
}

// Whether all columns that the picture asks for are there and of the kind it needs.
static bool read_picture(const anc_panel *p, enum picture_kind kind, const char *const *keys, size_t count,
                         struct picture *ret) {
    size_t least, most;
    if (!keys || !picture_keys(kind, &least, &most) || count < least || count > most) {
        return false;
    }
    *ret = (struct picture){.kind = kind, .key_count = count};
    for (size_t i = 0; i < count; i++) {
        ret->keys[i] = known_column(p, keys[i], picture_key_is_number(kind, i));
        if (!ret->keys[i]) {
            return false;
        }
    }
    return true;
}

static void set_picture(anc_panel *p, const struct picture *picture, const char *finding) {
    struct panel_part *part = &p->parts[p->part_count - 1];
    part->picture = *picture;
    part->finding = part->picture.finding = take(p, finding, TEXT_SHORT);
}

// Bars of columns that are not there, or of words, are no picture.
static void panel_bars(anc_panel *p, const char *label_key, const char *value_key, const char *finding) {
    const char *const keys[] = {label_key, value_key};
    struct picture picture;
    if (p && p->table && read_picture(p, PICTURE_BARS, keys, 2, &picture)) {
        set_picture(p, &picture, finding);
    }
}

// The kinds of the header and of core/render have the same numbers.
_Static_assert((int)ANC_PICTURE_BARS == (int)PICTURE_BARS && (int)ANC_PICTURE_TREND == (int)PICTURE_TREND &&
                   (int)ANC_PICTURE_SPLIT == (int)PICTURE_SPLIT &&
                   (int)ANC_PICTURE_TILES == (int)PICTURE_TILES &&
                   (int)ANC_PICTURE_TREEMAP == (int)PICTURE_TREEMAP,
               "kinds of pictures");

static void panel_picture(anc_panel *p, int32_t kind, const char *const *keys, uint32_t count,
                          const char *finding) {
    struct picture picture;
    if (!p || !p->table) { // no table, or past the bounds: nothing to draw
        return;
    }
    if (kind < ANC_PICTURE_BARS || kind > ANC_PICTURE_TREEMAP ||
        !read_picture(p, (enum picture_kind)kind, keys, count, &picture)) {
        p->wrong = "a picture of an unknown kind, or of columns that the table has not";
        return;
    }
    set_picture(p, &picture, finding);
}

// What was put into the table is let go: from now on it holds the reason alone, wherever it is shown.
static void panel_withhold(anc_panel *p, const char *why) {
    if (!p || !p->table) {
        return;
    }
    struct panel_part *part = &p->parts[p->part_count - 1];
    struct table *t = table_new(p->arena, table_caption(part->table));
    const char *words = take(p, why, TEXT_LONG);
    words = *words ? words : "These figures are not shown.";
    table_column(t, "withheld", "Not shown", CELL_TEXT);
    table_row(t);
    table_text(t, words);
    *part = (struct panel_part){.key = part->key, .table = t, .withheld = words};
    p->table = NULL;
}

static void panel_note(anc_panel *p, const char *text) {
    if (p && p->note_count < PANEL_MAX) {
        p->notes[p->note_count++] = take(p, text, TEXT_LONG);
    }
}

const struct anc_sink_api *api_sink(void) {
    static const struct anc_sink_api api = {.size = sizeof api, .write = sink_write};
    return &api;
}

const struct anc_report_api *api_report(void) {
    static const struct anc_report_api api = {.size = sizeof api, .add = report_add};
    return &api;
}

const struct anc_panel_api *api_panel(void) {
    static const struct anc_panel_api api = {.size = sizeof api,
                                             .figure = panel_figure,
                                             .table = panel_table,
                                             .column = panel_column,
                                             .row = panel_row,
                                             .cell_text = panel_cell_text,
                                             .cell_i64 = panel_cell_i64,
                                             .bars = panel_bars,
                                             .note = panel_note,
                                             .cell_link = panel_cell_link,
                                             .picture = panel_picture,
                                             .withhold = panel_withhold};
    return &api;
}
