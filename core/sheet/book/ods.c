// SPDX-License-Identifier: Apache-2.0
// OpenDocument spreadsheets (OpenDocument 1.3 part 3, 9): one file of content holds all tables.
//
// LibreOffice fills a sheet up to its last row and column with repeats of nothing. So repeats are only
// counted; cells come to be when text follows them, and rows when they hold text.
#include <stdlib.h>
#include <string.h>

#include "sheet/book/book.h"
#include "sheet/book/number.h"

enum {
    HIDDEN_MAX = 64,      // styles of hidden tables
    REPEAT_MAX = 1 << 24, // as far as any spreadsheet goes
    TABLES_MAX = 256,
    ALL_BYTES = 8 << 20 // a larger workbook is not gone through twice for further tables
};

enum kind { KIND_TEXT, KIND_NUMBER, KIND_DATE, KIND_TIME, KIND_BOOL, KIND_ERROR };

struct ods {
    struct book_file *file;
    struct rows *out; // NULL: only looked at
    const char *wanted;
    unsigned wanted_at;    // when out: the table with this number
    struct book_look look; // of the table being looked at
    unsigned best;         // the best table so far
    int most;              // what it is worth
    struct book_look best_look;
    struct book_names names; // of the best and those that go on with it
    char others[FRAME_NAME]; // of one that is not read
    bool all;                // all tables are looked at
    bool also[TABLES_MAX];   // read too, when out
    unsigned last;           // of them
    char style[64], hidden[HIDDEN_MAX][64];
    size_t hidden_count;
    bool in_style; // of a table
    // Where the reading is.
    unsigned depth, sheet_depth, table_depth; // of the elements spreadsheet and table; 0: not inside
    unsigned tables;                          // met so far
    char name[FRAME_NAME];
    bool table_hidden, in_row, in_cell, take;
    unsigned paragraph, aside; // depth of the text:p that is read; of an annotation or a drawing
    uint64_t line, row_times, column, column_times;
    uint32_t filled;
    enum kind kind;
    bool has_value, has_paragraph;
    char value[NUMBER_BYTES];
    struct book_text text;
};

static bool is(const char *name, const char *other) {
    return strcmp(name, other) == 0;
}

static uint64_t repeat(const struct xml_attributes *a, const char *name) {
    uint64_t n = xml_attribute_number(a, name, 1);
    return n == 0 ? 1 : n < REPEAT_MAX ? n : REPEAT_MAX;
}

static bool is_hidden_style(const struct ods *o, const char *style) {
    for (size_t i = 0; i < o->hidden_count; i++) {
        if (is(o->hidden[i], style)) {
            return true;
        }
    }
    return false;
}

// ---- what begins --------------------------------------------------------------------------------------

static void style_start(struct ods *o, const char *name, const struct xml_attributes *a) {
    char text[64];
    if (is(name, "style")) {
        o->in_style = xml_attribute(a, NULL, "family", text, sizeof text) && is(text, "table") &&
                      xml_attribute(a, NULL, "name", o->style, sizeof o->style);
    } else if (o->in_style && is(name, "table-properties") && o->hidden_count < HIDDEN_MAX &&
               xml_attribute(a, "table", "display", text, sizeof text) && is(text, "false")) {
        memcpy(o->hidden[o->hidden_count++], o->style, sizeof o->style);
    }
}

static void table_start(struct ods *o, const struct xml_attributes *a) {
    char style[64] = "";
    o->table_depth = o->depth;
    o->name[0] = 0;
    xml_attribute(a, "table", "name", o->name, sizeof o->name);
    xml_attribute(a, NULL, "style-name", style, sizeof style);
    o->table_hidden = is_hidden_style(o, style);
    o->look = (struct book_look){0};
    o->line = 1;
    bool behind = o->all && o->most == 4; // it may go on with the one that was asked for
    bool named = !o->wanted[0] || behind || is(o->name, o->wanted);
    bool read = o->tables == o->wanted_at || (o->tables < TABLES_MAX && o->also[o->tables]);
    o->take = o->out ? read : named;
    if (o->out && o->take && o->tables != o->wanted_at) {
        rows_next_table(o->out);
    }
}

static void row_start(struct ods *o, const struct xml_attributes *a) {
    o->in_row = true;
    o->row_times = repeat(a, "number-rows-repeated");
    o->column = 0;
    o->filled = 0;
    if (o->out) {
        rows_open(o->out, o->line);
    }
}

static enum kind kind_of(const char *type) {
    if (is(type, "float") || is(type, "percentage") || is(type, "currency")) {
        return KIND_NUMBER;
    }
    return is(type, "date")      ? KIND_DATE
           : is(type, "time")    ? KIND_TIME
           : is(type, "boolean") ? KIND_BOOL
                                 : KIND_TEXT;
}

static void cell_start(struct ods *o, const struct xml_attributes *a) {
    static const char *const names[] = {[KIND_NUMBER] = "value",
                                        [KIND_DATE] = "date-value",
                                        [KIND_TIME] = "time-value",
                                        [KIND_BOOL] = "boolean-value"};
    char type[24] = "";
    o->in_cell = true;
    o->column_times = repeat(a, "number-columns-repeated");
    o->text.n = 0;
    o->has_paragraph = false;
    xml_attribute(a, "office", "value-type", type, sizeof type);
    o->kind = kind_of(type);
    if (xml_attribute(a, "calcext", "value-type", type, sizeof type) && is(type, "error")) {
        o->kind = KIND_ERROR;
    }
    o->has_value = o->kind != KIND_TEXT && o->kind != KIND_ERROR &&
                   xml_attribute(a, "office", names[o->kind], o->value, sizeof o->value);
}

static void add_text(struct ods *o, const char *text, size_t n, int *ret_stop) {
    if (!book_text_add(&o->text, text, n, SHEET_CELL_MAX)) {
        *ret_stop = BOOK_CELL_TOO_LONG;
    }
}

// Blanks, tabs and line ends are elements of their own in paragraphs (6.1.3 to 6.1.5).
static void text_start(struct ods *o, const char *name, const struct xml_attributes *a, int *ret_stop) {
    if (o->aside) {
        return;
    }
    if (is(name, "annotation") || is(name, "frame") || is(name, "g") || is(name, "custom-shape")) {
        o->aside = o->depth;
    } else if (is(name, "p") && !o->paragraph) {
        if (o->has_paragraph) {
            add_text(o, "\n", 1, ret_stop);
        }
        o->has_paragraph = true;
        o->paragraph = o->depth;
    } else if (o->paragraph && is(name, "s")) {
        uint64_t blanks = xml_attribute_number(a, "c", 1);
        for (blanks = blanks < 256 ? blanks : 256; blanks > 0 && *ret_stop == 0; blanks--) {
            add_text(o, " ", 1, ret_stop);
        }
    } else if (o->paragraph && (is(name, "tab") || is(name, "line-break"))) {
        add_text(o, is(name, "tab") ? "\t" : "\n", 1, ret_stop);
    }
}

static void on_start(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    struct ods *o = arg;
    o->depth++;
    if (o->table_depth == 0) {
        if (o->sheet_depth == 0) {
            style_start(o, name, a);
            o->sheet_depth = is(name, "spreadsheet") ? o->depth : 0;
        } else if (o->depth == o->sheet_depth + 1 && is(name, "table")) {
            table_start(o, a);
        }
    } else if (!o->take) {
        return;
    } else if (o->in_cell) {
        text_start(o, name, a, ret_stop);
    } else if (o->in_row && (is(name, "table-cell") || is(name, "covered-table-cell"))) {
        cell_start(o, a);
    } else if (!o->in_row && is(name, "table-row")) {
        row_start(o, a);
    }
}

// ---- what ends ----------------------------------------------------------------------------------------

static void put(struct ods *o, const char *text, size_t n) {
    // The repeats of a cell with text are cells; where they go beyond the limit the first of them says so.
    uint64_t times = n > 0 ? o->column_times : 0;
    times = times < SHEET_CELLS_MAX + 1 ? times : SHEET_CELLS_MAX + 1;
    for (uint64_t i = 0; i < times; i++) {
        o->filled++;
        if (o->out) {
            rows_cell(o->out, (uint32_t)(o->column + i), text, n);
        } else {
            look_cell(&o->look, text, n);
        }
    }
    o->column += o->column_times;
    o->column = o->column < REPEAT_MAX ? o->column : REPEAT_MAX;
}

static void cell_end(struct ods *o) {
    char out[NUMBER_BYTES];
    size_t n = strlen(o->value), used = 0;
    o->in_cell = false;
    o->paragraph = o->aside = 0;
    if (!o->has_value) {
        put(o, o->text.p, o->text.n);
        return;
    }
    switch (o->kind) {
    case KIND_NUMBER:
        used = number_text(o->value, n, out);
        break;
    case KIND_DATE:
        used = number_iso_date(o->value, n, out);
        break;
    case KIND_TIME:
        used = number_iso_time(o->value, n, out);
        break;
    default:
        put(o, is(o->value, "true") ? "TRUE" : "FALSE", is(o->value, "true") ? 4 : 5);
        return;
    }
    put(o, out, used);
}

static void row_end(struct ods *o, int *ret_stop) {
    o->in_row = false;
    if (o->out) {
        o->out->done = o->file->io.at > o->out->done ? o->file->io.at : o->out->done;
        rows_close(o->out, o->row_times);
        if (o->out->refusal != BOOK_READ) {
            *ret_stop = (int)o->out->refusal;
        }
    } else if (!look_enough(&o->look)) {
        look_row(&o->look, o->filled);
    }
    o->line += o->row_times;
}

// A table behind the best one: it goes on with it, or is not read.
static void further(struct ods *o) {
    unsigned at = o->tables - 1;
    if (at < TABLES_MAX && look_alike(&o->best_look, &o->look)) {
        o->also[at] = true;
        o->last = at;
        names_add(&o->names, o->name, true);
    } else if (!o->others[0]) {
        memcpy(o->others, o->name, sizeof o->others);
    }
}

static void table_end(struct ods *o, int *ret_stop) {
    o->table_depth = 0;
    o->tables++;
    if (o->out) {
        *ret_stop = o->tables > o->last ? XML_ENOUGH : 0;
        return;
    }
    bool named = o->wanted[0] && o->take && o->most < 4;
    int worth = named ? 4 : o->take ? look_worth(&o->look, o->table_hidden) : 0;
    if (worth > o->most) {
        o->most = worth;
        o->best = o->last = o->tables - 1;
        o->best_look = o->look;
        o->names = (struct book_names){.text = ""};
        names_add(&o->names, o->name, true);
    } else if (worth == 4) {
        further(o);
    }
    *ret_stop = o->most == 4 && !o->all ? XML_ENOUGH : 0;
}

static void on_end(void *arg, const char *name, int *ret_stop) {
    struct ods *o = arg;
    if (o->table_depth == o->depth && o->table_depth > 0) {
        table_end(o, ret_stop);
    } else if (o->aside == o->depth) {
        o->aside = 0;
    } else if (o->paragraph == o->depth) {
        o->paragraph = 0;
    } else if (o->in_cell && !o->paragraph && !o->aside &&
               (is(name, "table-cell") || is(name, "covered-table-cell"))) {
        cell_end(o);
    } else if (o->in_row && !o->in_cell && is(name, "table-row")) {
        row_end(o, ret_stop);
        // A look that has seen enough of a table in sight has found it.
        if (!o->out && !o->wanted[0] && !o->all && look_worth(&o->look, o->table_hidden) == 4) {
            table_end(o, ret_stop);
        }
    }
    o->depth--;
}

static void on_text(void *arg, const char *text, size_t n, int *ret_stop) {
    struct ods *o = arg;
    if (o->in_cell && o->paragraph && !o->aside && o->take) {
        add_text(o, text, n, ret_stop);
    }
}

// ---- the whole ----------------------------------------------------------------------------------------

static void locked_start(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    (void)a;
    if (is(name, "encryption-data")) {
        *(bool *)arg = true;
        *ret_stop = XML_ENOUGH;
    }
}

static void nothing(void *arg, const char *name, int *ret_stop) {
    (void)arg;
    (void)name;
    (void)ret_stop;
}

static enum book_refusal read_content(struct ods *o) {
    struct xml_events events = {.start = on_start, .end = on_end, .text = on_text, .arg = o};
    return xml_read(o->file, "content.xml", &events);
}

enum book_refusal ods_read(struct book_file *f, const char *table, struct rows *out) {
    bool locked = false;
    struct xml_events manifest = {.start = locked_start, .end = nothing, .arg = &locked};
    xml_read(f, "META-INF/manifest.xml", &manifest);
    if (locked) {
        return BOOK_LOCKED;
    }
    struct ods *look = calloc(2, sizeof *look);
    if (!look) {
        return BOOK_NO_MEMORY;
    }
    struct ods *read = look + 1;
    *look = (struct ods){.file = f, .wanted = table, .all = f->source->size <= ALL_BYTES};
    enum book_refusal refusal = read_content(look);
    if (refusal == BOOK_READ && look->most == 0) {
        refusal = table[0] ? BOOK_NO_SUCH_TABLE : BOOK_NO_TABLE;
    }
    if (refusal == BOOK_READ) {
        *read =
            (struct ods){.file = f, .wanted = table, .out = out, .wanted_at = look->best, .last = look->last};
        memcpy(read->also, look->also, sizeof read->also);
        if (look->others[0]) {
            names_add(&look->names, look->others, false);
        }
        rows_frame(out, FRAME_TABLE, look->names.text, (uint32_t)strlen(look->names.text));
        refusal = read_content(read);
    }
    free(look->text.p);
    free(read->text.p);
    free(look);
    return refusal;
}
