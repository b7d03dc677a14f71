// SPDX-License-Identifier: Apache-2.0
// The stored documents of a frozen report, read back for showing.
#include "spend/reportint.h"

#include "render/table.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const char *text_of(struct arena *a, const json_t *o, const char *key) {
    const char *s = json_string_value(json_object_get(o, key));
    return s ? arena_strdup(a, s) : "";
}

static int64_t number_of(const json_t *o, const char *key) {
    return json_integer_value(json_object_get(o, key));
}

// ---- tables: as table_json writes them
// -----------------------------------------------------------------------

static enum cell_kind kind_of(const char *word) {
    static const struct {
        const char *word;
        enum cell_kind kind;
    } kinds[] = {
        {"number", CELL_NUMBER}, {"money", CELL_MONEY}, {"percent", CELL_PERCENT}, {"date", CELL_DAY}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            return kinds[i].kind;
        }
    }
    return CELL_TEXT;
}

static void put_cell(struct arena *a, struct table *t, const json_t *v) {
    if (json_is_integer(v)) {
        table_i64(t, json_integer_value(v));
    } else if (json_is_real(v)) { // a share with two decimals; hundredths of a per cent are exact in a double
        table_i64(t, llround(json_real_value(v) * 100));
    } else if (json_is_string(v)) {
        table_text(t, arena_strdup(a, json_string_value(v)));
    } else {
        table_empty(t);
    }
}

static const struct table *table_of(struct arena *a, const json_t *document) {
    const json_t *columns = json_object_get(document, "columns"), *rows = json_object_get(document, "rows");
    struct table *t = table_new(a, text_of(a, document, "caption"));
    size_t count =
        json_array_size(columns) < TABLE_COLUMNS_MAX ? json_array_size(columns) : TABLE_COLUMNS_MAX;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(columns, i);
        table_column(t, text_of(a, one, "key"), text_of(a, one, "title"), kind_of(text_of(a, one, "kind")));
    }
    for (size_t r = 0; r < json_array_size(rows); r++) {
        table_row(t);
        for (size_t i = 0; i < count; i++) {
            const char *key = json_string_value(json_object_get(json_array_get(columns, i), "key"));
            put_cell(a, t, json_object_get(json_array_get(rows, r), key ? key : ""));
        }
    }
    return t;
}

// ---- the panel
// -------------------------------------------------------------------------------------------------

static void read_panel(struct arena *a, const json_t *o, struct panel *ret) {
    const json_t *figures = json_object_get(o, "figures"), *tables = json_object_get(o, "tables");
    const json_t *notes = json_object_get(o, "notes");
    size_t nf = json_array_size(figures), nt = json_array_size(tables), nn = json_array_size(notes);
    struct panel_figure *f = arena_array(a, nf + 1, sizeof *f);
    struct panel_part *p = arena_array(a, nt + 1, sizeof *p);
    const char **n = arena_array(a, nn + 1, sizeof *n);
    for (size_t i = 0; i < nf; i++) {
        const json_t *one = json_array_get(figures, i);
        f[i] = (struct panel_figure){.label = text_of(a, one, "label"),
                                     .note = text_of(a, one, "note"),
                                     .kind = (int)number_of(one, "kind"),
                                     .value = number_of(one, "value")};
    }
    for (size_t i = 0; i < nt; i++) {
        const json_t *one = json_array_get(tables, i);
        p[i] = (struct panel_part){.key = text_of(a, one, "key"),
                                   .table = table_of(a, json_object_get(one, "table")),
                                   .finding = text_of(a, one, "finding")};
    }
    for (size_t i = 0; i < nn; i++) {
        const char *s = json_string_value(json_array_get(notes, i));
        n[i] = s ? arena_strdup(a, s) : "";
    }
    *ret = (struct panel){.title = text_of(a, o, "title"),
                          .figures = f,
                          .figure_count = nf,
                          .parts = p,
                          .part_count = nt,
                          .notes = n,
                          .note_count = nn};
}

bool report_stored_panel(struct arena *a, const char *figures, struct panel *ret) {
    json_t *o = json_loads(figures, 0, NULL);
    if (!json_is_object(o)) {
        json_decref(o);
        return false;
    }
    read_panel(a, o, ret);
    json_decref(o);
    return true;
}

// ---- the files
// ---------------------------------------------------------------------------------------------------

bool report_stored_files(struct arena *a, const char *inputs, struct report_shown *ret) {
    json_t *o = json_loads(inputs, 0, NULL);
    if (!json_is_object(o)) {
        json_decref(o);
        return false;
    }
    const json_t *list = json_object_get(o, "files");
    size_t n = json_array_size(list);
    struct report_file *files = arena_array(a, n + 1, sizeof *files);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        files[i] = (struct report_file){.anchor = text_of(a, one, "anchor"),
                                        .file = text_of(a, one, "file"),
                                        .sha256 = text_of(a, one, "sha256"),
                                        .payments = number_of(one, "payments"),
                                        .pence = number_of(one, "pence")};
    }
    ret->files = files;
    ret->file_count = n;
    ret->payments = number_of(o, "payments");
    json_decref(o);
    return true;
}

// ---- the rules ------------------------------------------------------------------------------------------

bool report_stored_settings(struct arena *a, const char *rules, struct settings_as_of *ret) {
    json_t *o = json_loads(rules, 0, NULL), *settings = json_object_get(o, "settings"), *value;
    if (!json_is_object(settings)) {
        json_decref(o);
        return false;
    }
    size_t n = json_object_size(settings), i = 0;
    const char **keys = arena_array(a, n + 1, sizeof *keys), **values = arena_array(a, n + 1, sizeof *values);
    const char *key;
    json_object_foreach(settings, key, value) {
        keys[i] = arena_strdup(a, key);
        values[i++] = arena_strdup(a, json_is_string(value) ? json_string_value(value) : "");
    }
    *ret =
        (struct settings_as_of){.plugin = text_of(a, o, "plugin"), .count = n, .key = keys, .value = values};
    json_decref(o);
    return true;
}

const char *report_stored_method(struct arena *a, const char *rules) {
    json_t *o = json_loads(rules, 0, NULL);
    const char *method = text_of(a, o, "method"), *matcher = text_of(a, o, "matcher");
    json_decref(o);
    return *method && *matcher ? arena_printf(a, "%s, names by %s", method, matcher) : method;
}
