// SPDX-License-Identifier: Apache-2.0
// Loading postcodes, ward names, companies and charities.
#include "domain/register_import.h"

#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/register_rows.h"
#include "domain/supplier.h"
#include "domain/supplier_place.h"
#include "sheet/sheet.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define GROUP       2000
#define PAST_CELLS  5 // number, name, matching name, from, until
#define GROUP_ARENA ((size_t)256 * 1024 * 1024)
#define ROW_ARENA   ((size_t)8 * 1024 * 1024)
#define READ_BYTES  65536
#define LINE_BYTES  (1024 * 1024)

struct load {
    struct ctx *c;       // of the caller
    struct ctx own;      // the same on the group's arena
    struct arena *group; // emptied when a group has gone to the database
    struct arena *row;   // emptied before each row: most rows of a country's file may be left out
    const struct register_options *options;
    struct register_report *report;
    struct register_columns columns;
    bool has_columns;
    size_t count;
    const char *cells[REGISTER_CELLS][GROUP];
    const char *past[PAST_CELLS][GROUP * REGISTER_NAMES]; // names that companies of the group had before
    size_t past_count;
    const char *lads[32];
    size_t lad_count;
    char sha256[65];
    crypto_hash_sha256_state hash; // JSON
    int64_t bytes, total_bytes;
    char *line; // JSON: the line being put together
    size_t line_n;
    int64_t line_no;
};

static const struct table {
    const struct sql *sql;
    int cells, name; // name: which cell a matching name is made of; -1 none
    const char *kind;
} tables[] = {
    [REGISTER_POSTCODES] = {&sql_load_postcodes, 6, -1, "postcodes"},
    [REGISTER_WARDS] = {&sql_load_wards, 3, -1, "postcodes"},
    [REGISTER_COMPANIES] = {&sql_load_companies, 10, 1, "companies"},
    [REGISTER_CHARITIES] = {&sql_load_charities, 9, 1, "charities"},
};

// What companies were called before, anew for the companies of the group.
static enum err flush_names(struct load *l, const char *numbers) {
    const char *p[PAST_CELLS];
    enum err e = DB_EXEC(&l->own, load_company_names_clear, NULL, numbers);
    for (int i = 0; i < PAST_CELLS; i++) {
        p[i] = db_array(l->group, l->past_count, l->past[i]);
    }
    if (e == ERR_OK && l->past_count) {
        e = db_exec_n(&l->own, &sql_load_company_names, NULL, PAST_CELLS, p);
    }
    l->past_count = 0;
    return e;
}

static enum err flush(struct load *l) {
    const struct table *t = &tables[l->options->kind];
    const char *p[REGISTER_CELLS];
    if (l->count == 0) {
        return ERR_OK;
    }
    for (int i = 0; i < t->cells; i++) {
        p[i] = db_array(l->group, l->count, l->cells[i]);
    }
    enum err e = db_exec_n(&l->own, t->sql, NULL, (size_t)t->cells, p);
    e = e || l->options->kind != REGISTER_COMPANIES ? e : flush_names(l, p[0]);
    if (e != ERR_OK) {
        return ctx_fail(l->c, e, "%s", l->own.err_detail);
    }
    l->count = 0;
    arena_reset(l->group);
    return ERR_OK;
}

static void reject(struct load *l, const char *reason, int64_t line) {
    struct register_report *r = l->report;
    r->rejected++;
    for (size_t i = 0; i < r->reason_count; i++) {
        if (strcmp(r->reasons[i].text, reason) == 0) {
            r->reasons[i].count++;
            return;
        }
    }
    if (r->reason_count < REGISTER_REASONS_MAX) {
        r->reasons[r->reason_count++] = (struct register_reason){reason, 1, line};
    }
}

static bool of_the_place(const struct load *l, const char *lad) {
    for (size_t i = 0; i < l->lad_count; i++) {
        if (strcmp(l->lads[i], lad) == 0) {
            return true;
        }
    }
    return false;
}

// Names the company had before, less those that only differ in dress from its name.
static enum err take_names(struct load *l, const char *const *cells, size_t n, const char *number,
                           const char *match_name) {
    struct register_name names[REGISTER_NAMES];
    size_t count = register_row_names(&l->columns, l->row, cells, n, names);
    for (size_t i = 0; i < count; i++) {
        const char *key;
        enum err e = supplier_match_name(&l->own, names[i].name, &key);
        if (e != ERR_OK) {
            return e;
        }
        if (strcmp(key, match_name) != 0) {
            const char *const out[PAST_CELLS] = {number, names[i].name, key, names[i].from, names[i].until};
            for (int c = 0; c < PAST_CELLS; c++) {
                l->past[c][l->past_count] = arena_strdup(l->group, out[c]);
            }
            l->past_count++;
        }
    }
    return ERR_OK;
}

static enum err take_row(struct load *l, const char *const *cells, size_t n, int64_t line) {
    const struct table *t = &tables[l->options->kind];
    const char *out[REGISTER_CELLS] = {0}, *reason = "";
    switch (register_row_read(l->options->kind, &l->columns, l->row, cells, n, out, &reason)) {
    case REGISTER_ROW_BLANK:
        return ERR_OK;
    case REGISTER_ROW_OTHER:
        l->report->left_out++;
        return ERR_OK;
    case REGISTER_ROW_BAD:
        reject(l, reason, line);
        return ERR_OK;
    case REGISTER_ROW_GOOD:
        break;
    }
    if (l->options->only_place && !of_the_place(l, out[1])) {
        l->report->left_out++;
        return ERR_OK;
    }
    if (t->name >= 0) {
        enum err e = supplier_match_name(&l->own, out[t->name], &out[2]);
        if (e != ERR_OK) {
            return e;
        }
    }
    for (int i = 0; i < t->cells; i++) {
        l->cells[i][l->count] = arena_strdup(l->group, out[i]);
    }
    if (l->options->kind == REGISTER_COMPANIES) {
        enum err e = take_names(l, cells, n, out[0], out[2]);
        if (e != ERR_OK) {
            return e;
        }
    }
    l->report->accepted++;
    return ++l->count == GROUP ? flush(l) : ERR_OK;
}

// ---- CSV and tab-separated text -----------------------------------------------------------------------

static enum err on_row(struct load *l, const char *const *cells, size_t count, uint64_t line) {
    arena_reset(l->row);
    if (!l->has_columns) {
        const char *why = register_columns_find(l->options->kind, cells, count, &l->columns);
        if (why) {
            return ctx_fail(l->c, ERR_INVALID, "%s", why);
        }
        l->has_columns = true;
        if (!l->columns.first_row_is_data) {
            return ERR_OK;
        }
    }
    return take_row(l, cells, count, (int64_t)line);
}

static void progress(const struct load *l, int64_t bytes) {
    if (l->options->progress) {
        l->options->progress(l->options->arg, bytes, l->total_bytes);
    }
}

static enum err take_block(struct load *l, const struct sheet_block *b) {
    enum err e = ERR_OK;
    for (uint32_t r = 0; r < b->rows && e == ERR_OK; r++) {
        e = on_row(l, b->text + b->first[r], b->first[r + 1] - b->first[r], b->line[r]);
    }
    return e;
}

static enum err read_csv(struct load *l, FILE *f) {
    // Names hold quotes and commas; only the tab-separated extract says its delimiter itself.
    struct sheet_options how = {.file_name = l->options->file_name,
                                .delimiter = l->options->kind == REGISTER_CHARITIES ? '\t' : ',',
                                .table = ""};
    struct sheet_block b;
    struct sheet *s = NULL;
    enum err e = ERR_OK;
    enum sheet_status status = sheet_open(fileno(f), &how, &s);
    while (e == ERR_OK && status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        e = take_block(l, &b);
        progress(l, (int64_t)sheet_done(s));
    }
    if (e == ERR_OK && status == SHEET_END) {
        snprintf(l->sha256, sizeof l->sha256, "%s", sheet_sha256(s));
    } else if (e == ERR_OK) {
        e = ctx_fail(l->c, status == SHEET_REFUSED ? ERR_INVALID : ERR_IO, "%s", sheet_why(s));
    }
    sheet_close(s);
    return e;
}

// ---- JSON, one object a line --------------------------------------------------------------------------

static const char *json_cell(struct arena *a, const json_t *object, const char *key) {
    const json_t *v = json_object_get(object, key);
    if (json_is_string(v)) {
        return arena_strdup(a, json_string_value(v));
    }
    if (json_is_integer(v)) {
        return arena_i64(a, json_integer_value(v));
    }
    return json_is_real(v) && json_real_value(v) >= 0 && json_real_value(v) < 1e12
               ? arena_i64(a, (int64_t)json_real_value(v))
               : "";
}

static enum err take_object(struct load *l, const json_t *object) {
    const char *cells[REGISTER_CELLS];
    size_t n = 0;
    arena_reset(l->row);
    for (; register_charity_keys[n]; n++) {
        cells[n] = json_cell(l->row, object, register_charity_keys[n]);
    }
    return take_row(l, cells, n, l->line_no);
}

static enum err take_line(struct load *l) {
    l->line[l->line_n] = 0;
    char *s = text_trim(l->line);
    l->line_no++;
    s += text_starts(s, "\xEF\xBB\xBF") ? 3 : 0;
    s += *s == '[' || *s == ',' ? 1 : 0;
    s = text_trim(s);
    size_t n = strlen(s);
    while (n > 0 && (s[n - 1] == ',' || s[n - 1] == ']' || s[n - 1] == ' ')) {
        s[--n] = 0;
    }
    l->line_n = 0;
    if (n == 0) {
        return ERR_OK;
    }
    json_error_t why;
    json_t *object = json_loads(s, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(object)) {
        json_decref(object);
        reject(l, "not a JSON object on one line", l->line_no);
        return ERR_OK;
    }
    enum err e = take_object(l, object);
    json_decref(object);
    return e;
}

static enum err feed_lines(struct load *l, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            enum err e = take_line(l);
            if (e != ERR_OK) {
                return e;
            }
        } else if (l->line_n + 1 >= LINE_BYTES) {
            return ctx_fail(
                l->c, ERR_INVALID,
                "A line of the file is longer than 1 MB. Use the extract with one charity a line.");
        } else {
            l->line[l->line_n++] = bytes[i];
        }
    }
    return ERR_OK;
}

static size_t read_some(struct load *l, FILE *f, char *buffer) {
    size_t n = fread(buffer, 1, READ_BYTES, f);
    crypto_hash_sha256_update(&l->hash, (const unsigned char *)buffer, n);
    l->bytes += (int64_t)n;
    progress(l, l->bytes);
    return n;
}

static enum err read_json(struct load *l, FILE *f, const char *head, size_t head_n, char *buffer) {
    unsigned char sum[crypto_hash_sha256_BYTES];
    for (int i = 0; register_charity_keys[i]; i++) {
        l->columns.at[i] = i;
    }
    l->line = malloc(LINE_BYTES);
    if (!l->line) {
        abort();
    }
    enum err e = feed_lines(l, head, head_n);
    for (size_t n; e == ERR_OK && (n = read_some(l, f, buffer)) > 0;) {
        e = feed_lines(l, buffer, n);
    }
    e = e ? e : take_line(l);
    free(l->line);
    l->line = NULL;
    crypto_hash_sha256_final(&l->hash, sum);
    hex_encode(sum, sizeof sum, l->sha256);
    return e;
}

// ---- the whole ----------------------------------------------------------------------------------------

static bool is_json(const char *head, size_t n) {
    size_t i = n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < n && strchr(" \t\r\n", head[i])) {
        i++;
    }
    return i < n && (head[i] == '[' || head[i] == '{');
}

static enum err read_lads(struct load *l) {
    struct rows *r;
    if (!l->options->only_place) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(l->c, load_place_lads, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r) && i < sizeof l->lads / sizeof *l->lads; i++) {
        l->lads[l->lad_count++] = row_text(r, i, "code");
    }
    if (e == ERR_OK && l->lad_count == 0) {
        return ctx_fail(l->c, ERR_INVALID,
                        "There is no place yet, so nothing can be left out. Load without --only-place.");
    }
    return e;
}

static enum err record(struct load *l) {
    const char *kind = tables[l->options->kind].kind;
    enum err e = DB_EXEC(l->c, load_done, NULL, kind, l->options->file_name, l->sha256,
                         arena_i64(l->c->arena, l->report->accepted));
    if (e == ERR_OK && (l->options->kind == REGISTER_COMPANIES || l->options->kind == REGISTER_CHARITIES)) {
        e = DB_EXEC(l->c, match_due_add, NULL, NULL); // payees may be found there now
    }
    return e ? e : audit_add(l->c, "data.load", kind, l->options->file_name);
}

static enum err read_all(struct load *l, FILE *f) {
    char *buffer = malloc(READ_BYTES), *head = malloc(READ_BYTES);
    if (!buffer || !head) {
        abort();
    }
    size_t n = read_some(l, f, head);
    bool json = l->options->kind == REGISTER_CHARITIES && is_json(head, n);
    enum err e = json ? read_json(l, f, head, n, buffer) : read_csv(l, f);
    free(buffer);
    free(head);
    e = e ? e : flush(l);
    if (e == ERR_OK && ferror(f)) {
        return ctx_fail(l->c, ERR_IO, "The file could not be read to its end.");
    }
    if (e == ERR_OK && l->report->accepted + l->report->left_out == 0) {
        return ctx_fail(l->c, ERR_INVALID, "No row of the file could be used. Is it the right file?");
    }
    return e;
}

enum err register_import(struct ctx *c, FILE *f, const struct register_options *options,
                         struct register_report *ret) {
    struct load *l = calloc(1, sizeof *l);
    if (!l) {
        abort();
    }
    *ret = (struct register_report){0};
    *l = (struct load){.c = c, .options = options, .report = ret};
    l->group = arena_new(GROUP_ARENA);
    l->row = arena_new(ROW_ARENA);
    l->own = *c;
    l->own.arena = l->group;
    crypto_hash_sha256_init(&l->hash);
    if (fseeko(f, 0, SEEK_END) == 0) {
        l->total_bytes = (int64_t)ftello(f);
        rewind(f);
    }
    enum err e = db_begin(c);
    if (e == ERR_OK) {
        e = read_lads(l);
        e = e ? e : read_all(l, f);
        e = e || tables[options->kind].name < 0 ? e : supplier_place_registers(c);
        e = e ? e : record(l);
        e = e ? e : db_commit(c);
        if (e != ERR_OK) {
            db_rollback(c);
        }
    }
    arena_free(l->group);
    arena_free(l->row);
    free(l);
    return e;
}
