// SPDX-License-Identifier: Apache-2.0
// Tables as workbooks, through libxlsxwriter. Text is always written as text, so no cell can be a formula.
#include "base/day.h"
#include "render/table.h"
#include "render/tableint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define XLSX_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct formats {
    lxw_format *head, *money, *number, *percent, *day, *when;
};

static lxw_format *number_format(lxw_workbook *book, const char *code) {
    lxw_format *f = workbook_add_format(book);
    format_set_num_format(f, code);
    return f;
}

static void make_formats(lxw_workbook *book, struct formats *f) {
    f->head = workbook_add_format(book);
    format_set_bold(f->head);
    format_set_text_wrap(f->head);
    f->money = number_format(book, "\xC2\xA3#,##0.00");
    f->number = number_format(book, "#,##0");
    f->percent = number_format(book, "0.0%");
    f->day = number_format(book, "d mmmm yyyy");
    f->when = number_format(book, "d mmmm yyyy hh:mm");
}

static lxw_datetime datetime_of(const struct civil *c) {
    return (lxw_datetime){.year = c->year,
                          .month = c->month,
                          .day = c->day,
                          .hour = c->hour,
                          .min = c->minute,
                          .sec = c->second};
}

static void put_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, const struct column *c,
                     const struct cell *cell, const struct formats *f) {
    int32_t day;
    int64_t usec;
    struct civil civil;
    if (c->kind == CELL_DAY && day_parse(cell->text, &day)) {
        civil_from_day(day, &civil);
    } else if (c->kind == CELL_WHEN && stamp_parse(cell->text, &usec)) {
        london_civil(usec, &civil); // workbooks know no time zones: UK clock time, as on the pages
    } else {
        worksheet_write_string(sheet, row, col, cell->text, NULL);
        return;
    }
    lxw_datetime when = datetime_of(&civil);
    worksheet_write_datetime(sheet, row, col, &when, c->kind == CELL_DAY ? f->day : f->when);
}

static void put_cell(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t col, const struct column *c,
                     const struct cell *cell, const struct formats *f) {
    if (!cell->is_number) {
        if (cell->text) {
            put_text(sheet, row, col, c, cell, f);
        }
        return;
    }
    // A workbook holds numbers as binary fractions; pence up to GBP 90 billion come back exactly at two
    // decimals.
    switch ((int)c->kind) {
    case CELL_MONEY:
        worksheet_write_number(sheet, row, col, (double)cell->number / 100, f->money);
        break;
    case CELL_PERCENT:
        worksheet_write_number(sheet, row, col, (double)cell->number / 10000, f->percent);
        break;
    default:
        worksheet_write_number(sheet, row, col, (double)cell->number, f->number);
    }
}

static void fill(lxw_workbook *book, const struct table *t) {
    struct formats f;
    make_formats(book, &f);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    worksheet_write_string(sheet, 0, 0, t->caption, f.head);
    for (size_t i = 0; i < t->column_count; i++) {
        lxw_col_t col = (lxw_col_t)i;
        worksheet_write_string(sheet, 1, col, t->columns[i].title, f.head);
        worksheet_set_column(sheet, col, col, t->columns[i].kind == CELL_TEXT ? 32 : 18, NULL);
    }
    worksheet_freeze_panes(sheet, 2, 0);
    lxw_worksheet *about = t->about_count ? workbook_add_worksheet(book, "About") : NULL;
    for (size_t i = 0; i < t->about_count; i++) {
        worksheet_write_string(about, (lxw_row_t)i, 0, t->about[i].title, f.head);
        worksheet_write_string(about, (lxw_row_t)i, 1, t->about[i].text, NULL);
    }
    if (about) {
        worksheet_set_column(about, 0, 0, 24, NULL);
        worksheet_set_column(about, 1, 1, 90, NULL);
    }
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t i = 0; i < t->column_count; i++) {
            put_cell(sheet, (lxw_row_t)r + 2, (lxw_col_t)i, &t->columns[i], &t->rows[r][i], &f);
        }
    }
}

// The library writes to a path only, so the workbook passes through a file of its own.
bool table_xlsx(const struct table *t, const char *folder, struct strb *out) {
    char path[4096], scratch[4096];
    snprintf(scratch, sizeof scratch, "%s", folder);
    snprintf(path, sizeof path, "%s/table-XXXXXX", folder);
    int fd = mkstemp(path);
    if (fd < 0) {
        return false;
    }
    lxw_workbook_options options = {.constant_memory = LXW_FALSE, .tmpdir = scratch};
    lxw_workbook *book = workbook_new_opt(path, &options);
    bool ok = book != NULL;
    if (book) {
        fill(book, t);
        ok = workbook_close(book) == LXW_NO_ERROR;
    }
    close(fd);
    FILE *in = ok ? fopen(path, "rbe") : NULL;
    char chunk[16384];
    size_t n, total = 0;
    while (in && (n = fread(chunk, 1, sizeof chunk, in)) > 0 && (total += n) <= XLSX_MAX_BYTES) {
        strb_put(out, chunk, n);
    }
    if (in) {
        fclose(in);
    }
    unlink(path);
    return in && total > 0 && total <= XLSX_MAX_BYTES && !out->over;
}
