// SPDX-License-Identifier: Apache-2.0
// A payments file is opened: its first rows, who reads it, which column is what.
#include "sheet/sheet.h"
#include "spend/load_read.h"
#include "spend/load_row.h"
#include "spend/profile.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_ROWS     40
#define HEADING_BYTES 200

#define TABLES_TRIED 8

static enum err open_sheet(struct reading *r, int fd, const char *table) {
    const struct sheet_options options = {.file_name = r->o->file_name ? r->o->file_name : "",
                                          .table = table};
    sheet_close(r->sheet);
    enum sheet_status s = sheet_open(fd, &options, &r->sheet);
    if (s == SHEET_OK) {
        r->sum->bytes = (int64_t)sheet_bytes(r->sheet);
        r->sum->sheet = arena_strdup(r->c->arena, sheet_words(r->sheet));
        return ERR_OK;
    }
    return s == SHEET_REFUSED ? ctx_fail(r->c, ERR_INVALID, "%s", sheet_why(r->sheet))
                              : ctx_fail(r->c, ERR_IO, "the file cannot be opened: %s", sheet_why(r->sheet));
}

// The words over the columns: of the last row of headings; where that says nothing, of the row above.
static void keep_headings(struct reading *r, const struct anc_cells *head) {
    struct load_summary *s = r->sum;
    uint32_t row = s->columns.head_rows;
    profile_hash(NULL, 0, s->head_hash);
    if (row == 0 || row > head->rows) {
        return;
    }
    uint32_t from = head->first[row - 1], n = head->first[row] - from;
    const char **words = arena_array(r->c->arena, n + (size_t)1, sizeof *words);
    for (uint32_t k = 0; k < n; k++) {
        const char *text = head->text[from + k];
        if (!*text && row > 1 && head->first[row - 2] + k < head->first[row - 1]) {
            text = head->text[head->first[row - 2] + k];
        }
        words[k] = arena_strndup(r->c->arena, text, strnlen(text, HEADING_BYTES));
    }
    s->headings = words;
    s->heading_count = n;
    profile_hash(head->text + from, n, s->head_hash);
}

// The columns a person chose now or before, NULL for none.
static enum err chosen_columns(struct reading *r, const struct anc_cells *head, struct anc_columns *kept,
                               const struct anc_columns **ret) {
    *ret = r->o->columns;
    if (*ret || !r->c->db || !r->o->anchor_ref || !*r->o->anchor_ref) {
        return ERR_OK;
    }
    bool found = false;
    enum err e = profile_find_row(r->c, r->o->anchor_ref, head, kept, &found);
    *ret = e == ERR_OK && found ? kept : NULL;
    return e;
}

// The name of the file; of a workbook of one sheet that sheet's name in front, which may say the month.
static const char *name_of(const struct reading *r) {
    static const char mark[] = ", sheet ";
    const char *file = r->o->file_name ? r->o->file_name : "", *sheet = strstr(sheet_words(r->sheet), mark);
    if (!sheet || strchr(sheet + strlen(mark), ',')) {
        return file;
    }
    sheet += strlen(mark);
    return arena_printf(r->c->arena, "%.*s %s", (int)strcspn(sheet, ";"), sheet, file);
}

static enum err find_reader(struct reading *r, const struct anc_cells *head) {
    struct anc_columns kept;
    const struct anc_columns *chosen;
    struct findings *f = &r->sum->findings;
    enum err e = chosen_columns(r, head, &kept, &chosen);
    e = e ? e : payments_reader_open(r->c, head, name_of(r), chosen, &r->reader, f);
    if (e == ERR_INVALID && f->count > 0) {
        return ctx_fail(r->c, e, "%s", findings_reason(f));
    }
    if (e == ERR_INVALID || e == ERR_UNSUPPORTED) {
        return ctx_fail(r->c, ERR_INVALID,
                        "No plugin that is switched on reads this kind of file. Choose a file of payments.");
    }
    return e;
}

// A file of payments and one that says whom an agency paid on are not taken for each other.
static enum err check_kind(struct reading *r, const struct anc_cells *head) {
    struct anc_columns *k = &r->sum->columns;
    if (r->o->kind != ANC_FILE_TIER2) {
        return k->kind != ANC_FILE_TIER2
                   ? ERR_OK
                   : ctx_fail_field(r->c, "kind",
                                    "This file says whom an agency or buying club paid on. Load it as a "
                                    "tier-2 file, so that nothing counts twice");
    }
    if (k->column[ANC_COL_INTERMEDIARY] < 0) {
        return ctx_fail_field(r->c, "kind",
                              "There is no column that says who paid on. A tier-2 file needs one, such as "
                              "\"Intermediary\" or \"Paid through\"");
    }
    if (k->kind == ANC_FILE_TIER2) {
        return ERR_OK;
    }
    k->kind = ANC_FILE_TIER2;
    payments_reader_close(r->reader);
    r->reader = NULL;
    return payments_reader_open(r->c, head, name_of(r), k, &r->reader, &r->sum->findings);
}

static void row_arrays(struct reading *r) {
    struct arena *a = r->c->arena;
    struct anc_lines *m = &r->map;
    m->size = sizeof *m;
    m->what = arena_array(a, SHEET_BLOCK_ROWS, sizeof *m->what);
    m->pence = arena_array(a, SHEET_BLOCK_ROWS, sizeof *m->pence);
    m->vat_lost_pence = arena_array(a, SHEET_BLOCK_ROWS, sizeof *m->vat_lost_pence);
    m->day = arena_array(a, SHEET_BLOCK_ROWS, sizeof *m->day);
    m->flags = arena_array(a, SHEET_BLOCK_ROWS, sizeof *m->flags);
    m->why = arena_array(a, SHEET_BLOCK_ROWS, sizeof *m->why);
    r->payee_of = arena_array(a, SHEET_BLOCK_ROWS, sizeof *r->payee_of);
    r->label_of = arena_array(a, SHEET_BLOCK_ROWS, sizeof *r->label_of);
    r->through_of = arena_array(a, SHEET_BLOCK_ROWS, sizeof *r->through_of);
    r->problem_cap = LOAD_PROBLEMS;
    r->problems = arena_array(a, r->problem_cap, sizeof *r->problems);
    r->samples = arena_array(a, LOAD_SAMPLES, sizeof *r->samples);
    r->sum->problems = r->problems;
    r->sum->samples = r->samples;
}

// ---- which sheet of a workbook ------------------------------------------------------------------------

// How well a sheet does as a list of payments: 2 with a date, 1 without, 0 not at all.
static int worth_of(struct ctx *own, const char *file_name, const struct anc_cells *head) {
    struct payments_reader *reader = NULL;
    struct findings ignored;
    struct anc_columns columns;
    if (payments_reader_open(own, head, file_name, NULL, &reader, &ignored) != ERR_OK) {
        return 0;
    }
    payments_reader_columns(reader, &columns);
    payments_reader_close(reader);
    return columns.column[ANC_COL_DATE] >= 0 ? 2 : 1;
}

static struct anc_cells head_of(const struct sheet_block *b) {
    return (struct anc_cells){.size = sizeof(struct anc_cells),
                              .rows = b->rows < HEAD_ROWS ? b->rows : HEAD_ROWS,
                              .text = b->text,
                              .length = b->length,
                              .first = b->first,
                              .line = b->line};
}

// The sheet that was opened first may be a list of codes or a pivot table, with the payments on a sheet
// behind it. "" the first will do, or no other does better. What fails here says nothing about the file.
static const char *better_table(struct reading *r, int fd, const char *unread) {
    struct ctx own = *r->c;
    const char *best = "", *name = unread;
    int most = 0;
    for (size_t i = 0; i < TABLES_TRIED && most < 2; i++) {
        size_t n = strcspn(name, ",");
        while (name[n] && strncmp(name + n, ", ", 2) != 0) {
            n += 1 + strcspn(name + n + 1, ",");
        }
        const char *table = i == 0 ? "" : arena_strndup(own.arena, name, n);
        const struct sheet_options options = {.file_name = "", .table = table};
        struct sheet *sheet;
        struct sheet_block b;
        if (sheet_open(fd, &options, &sheet) == SHEET_OK && sheet_next(sheet, &b) == SHEET_OK) {
            const struct anc_cells head = head_of(&b);
            int worth = worth_of(&own, r->o->file_name, &head);
            best = worth > most ? table : best;
            most = worth > most ? worth : most;
        }
        sheet_close(sheet);
        if (i > 0 && !name[n]) {
            break;
        }
        name += i > 0 ? n + 2 : 0;
    }
    return best;
}

static void add_finding(struct reading *r, const char *text) {
    struct findings *f = &r->sum->findings;
    struct finding *all = arena_array(r->c->arena, f->count + 1, sizeof *all);
    for (size_t i = 0; i < f->count; i++) {
        all[i] = f->list[i];
    }
    all[f->count] = (struct finding){.severity = ANC_FINDING_WARNING, .field = "", .text = text};
    *f = (struct findings){.list = all, .count = f->count + 1, .errors = f->errors};
}

static void tell_tables(struct reading *r, const char *table) {
    const char *unread = sheet_unread(r->sheet);
    if (*table) {
        add_finding(
            r, arena_printf(r->c->arena,
                            "The payments were found on the sheet %s. Sheets in front of it were not read.",
                            table));
    }
    if (*unread) {
        add_finding(r,
                    arena_printf(r->c->arena,
                                 "The workbook has more tables, with other headings, on sheets that were not "
                                 "read: %s. If they hold payments too, save each as a file of its own.",
                                 unread));
    }
}

static enum err open_table(struct reading *r, int fd, const char **ret_table) {
    *ret_table = "";
    enum err e = open_sheet(r, fd, "");
    if (e == ERR_OK && *sheet_unread(r->sheet)) {
        const char *unread = arena_strdup(r->c->arena, sheet_unread(r->sheet));
        *ret_table = better_table(r, fd, unread);
        e = **ret_table ? open_sheet(r, fd, *ret_table) : ERR_OK;
    }
    return e;
}

enum err reading_open(struct reading *r, int fd) {
    const char *table;
    enum err e = open_table(r, fd, &table);
    if (e != ERR_OK) {
        return e;
    }
    row_arrays(r);
    struct sheet_block b;
    enum sheet_status s = sheet_next(r->sheet, &b);
    if (s == SHEET_END) {
        return ctx_fail(r->c, ERR_INVALID, "The file is empty. Choose the file with the payments.");
    }
    if (s != SHEET_OK) {
        return ctx_fail(r->c, s == SHEET_REFUSED ? ERR_INVALID : ERR_IO, "%s", sheet_why(r->sheet));
    }
    const struct anc_cells head = head_of(&b);
    e = find_reader(r, &head);
    if (e == ERR_OK) {
        payments_reader_columns(r->reader, &r->sum->columns);
        e = check_kind(r, &head);
    }
    if (e == ERR_OK) {
        r->sum->rules = payments_reader_rules(r->reader);
        r->sum->layout = payments_reader_words(r->reader);
        keep_headings(r, &head);
        tell_tables(r, table);
        r->opening = r->sum->findings;
    }
    return e;
}
