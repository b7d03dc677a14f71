// SPDX-License-Identifier: Apache-2.0
// One pass over a payments file, block by block: mapped by the plugin, then texts to numbers, then lines.
#include "spend/load_read.h"

#include "base/day.h"
#include "base/money.h"
#include "sheet/sheet.h"
#include "spend/intern.h"
#include "spend/load_row.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD 12u // rows between asking memory for what a row needs and using it

static enum err new_pass(struct reading *r) {
    struct load_summary *s = r->sum;
    s->rows = s->accepted = s->rejected = s->sums = s->undated = s->redacted = s->negative = s->rounded = 0;
    s->total_pence = s->negative_pence = s->redacted_pence = s->undated_pence = s->vat_lost_pence = 0;
    s->payees = s->new_payees = 0;
    memset(s->flow_lines, 0, sizeof s->flow_lines);
    memset(s->flow_pence, 0, sizeof s->flow_pence);
    s->first_day = s->last_day = r->first_day = r->last_day = INT32_MIN;
    s->problem_count = s->sample_count = 0;
    r->has_txn = false;
    payments_reader_columns(r->reader, &s->columns);
    reading_drop(r);
    bool has[PAYEE_CELLS];
    row_payee_cells(&s->columns, has);
    enum err e = payees_new(r->c, r->anchor_id, has, &r->payees);
    if (e != ERR_OK) {
        return e;
    }
    r->labels = labels_new();
    r->sums = sums_new();
    r->flows = pairs_new();
    if (r->anchor_id != 0) {
        e = payees_learn(r->c, r->payees, r->payee_top);
        e = e ? e : labels_learn(r->c, r->labels, r->label_top);
        e = e || r->o->kind != ANC_FILE_TIER2 ? e : payees_learn_paid(r->c, r->payees);
    }
    if (r->store) {
        const int32_t *k = s->columns.column;
        r->lines =
            lines_new(r->c, r->load_id, k[ANC_COL_TRANSACTION] >= 0 || k[ANC_COL_VAT_LOST] >= 0, r->beside);
    }
    return e;
}

static void more_problems(struct reading *r) {
    size_t cap = r->problem_cap * 4 < LOAD_KEPT ? r->problem_cap * 4 : LOAD_KEPT;
    struct load_problem *grown = arena_array(r->c->arena, cap, sizeof *grown);
    memcpy(grown, r->problems, r->sum->problem_count * sizeof *grown);
    r->problems = grown;
    r->sum->problems = grown;
    r->problem_cap = cap;
}

static void put_problem(struct reading *r, uint64_t line, uint32_t why) {
    struct load_summary *s = r->sum;
    const char *reason = payments_reader_reason(r->reader, why);
    s->rejected++;
    if (s->problem_count == r->problem_cap && r->store && r->problem_cap < LOAD_KEPT) {
        more_problems(r);
    }
    if (s->problem_count < r->problem_cap) {
        r->problems[s->problem_count++] = (struct load_problem){.line = line, .why = reason};
    }
    if (r->o->problem) {
        r->o->problem(r->o->progress_arg, line, reason);
    }
}

// Texts of the payments of a block to numbers: first of their cells, then, once new ones are read, of payees.
static enum err number_texts(struct reading *r, const struct anc_cells *b) {
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < b->rows; i += ROWS_AT_ONCE) {
        e = rows_number(r, b, i, b->rows - i < ROWS_AT_ONCE ? b->rows : i + ROWS_AT_ONCE);
    }
    e = e ? e : payees_read(r->c, r->payees);
    bool through = r->o->kind == ANC_FILE_TIER2;
    for (uint32_t i = 0; e == ERR_OK && i < b->rows; i++) {
        if (r->map.what[i] == ANC_ROW_PAYMENT) {
            r->payee_of[i] = payees_of(r->payees, r->payee_of[i]);
            r->through_of[i] = through ? payees_of(r->payees, r->through_of[i]) : 0;
        }
    }
    return e;
}

static enum err take_block(struct reading *r, const struct anc_cells *b) {
    enum err e = payments_reader_map(r->reader, b, &r->map);
    e = e ? e : number_texts(r, b);
    e = e ? e : sums_room(r->c, r->sums, payees_count(r->payees));
    r->sum->rows += b->rows;
    for (uint32_t i = 0; e == ERR_OK && i < b->rows; i++) {
        if (i + AHEAD < b->rows) {
            row_near(r, i + AHEAD);
        }
        switch (r->map.what[i]) {
        case ANC_ROW_PAYMENT:
            e = row_take(r, b, i);
            break;
        case ANC_ROW_SUM:
            r->sum->sums++;
            break;
        case ANC_ROW_WRONG:
            put_problem(r, b->line[i], r->map.why[i]);
            break;
        default:
            break;
        }
    }
    return e;
}

static enum err sheet_failure(struct reading *r, enum sheet_status s) {
    return s == SHEET_REFUSED ? ctx_fail(r->c, ERR_INVALID, "%s", sheet_why(r->sheet))
                              : ctx_fail(r->c, ERR_IO, "the file cannot be read: %s", sheet_why(r->sheet));
}

static struct anc_cells cells_of(const struct sheet_block *b) {
    return (struct anc_cells){.size = sizeof(struct anc_cells),
                              .rows = b->rows,
                              .text = b->text,
                              .length = b->length,
                              .first = b->first,
                              .line = b->line};
}

static enum err all_blocks(struct reading *r) {
    for (;;) {
        struct sheet_block b;
        enum sheet_status s = sheet_next(r->sheet, &b);
        if (s == SHEET_END) {
            return ERR_OK;
        }
        if (s != SHEET_OK) {
            return sheet_failure(r, s);
        }
        struct anc_cells cells = cells_of(&b);
        enum err e = take_block(r, &cells);
        if (e != ERR_OK) {
            return e;
        }
        if (r->o->progress) {
            r->o->progress(r->o->progress_arg, (int64_t)sheet_done(r->sheet), (int64_t)sheet_bytes(r->sheet),
                           r->sum->rows);
        }
        if (r->o->stop && r->o->stop(r->o->progress_arg)) {
            return ctx_fail(r->c, ERR_BUSY, "The import was stopped. Nothing was stored.");
        }
    }
}

// A finding about "month 2025-11" offers that month for payments without a date.
static const char *month_said(const struct findings *f) {
    static const char about[] = "month ";
    for (size_t i = 0; i < f->count; i++) {
        const char *field = f->list[i].field;
        if (field && strncmp(field, about, strlen(about)) == 0 && strlen(field) == strlen(about) + 7) {
            return field + strlen(about);
        }
    }
    return "";
}

// What was said of the file when it was opened stands before what was said at its end.
static void put_opening_first(struct reading *r) {
    const struct findings *a = &r->opening, *b = &r->sum->findings;
    struct finding *all = arena_array(r->c->arena, a->count + b->count + 1, sizeof *all);
    for (size_t i = 0; i < a->count + b->count; i++) {
        all[i] = i < a->count ? a->list[i] : b->list[i - a->count];
    }
    r->sum->findings =
        (struct findings){.list = all, .count = a->count + b->count, .errors = a->errors + b->errors};
}

// The file as a whole: what the plugin says at its end, and whether there is anything in it.
static enum err finish(struct reading *r, bool *ret_again) {
    struct load_summary *s = r->sum;
    enum err e = payments_reader_finish(r->reader, ret_again, &s->findings);
    if (e == ERR_INVALID && s->findings.count > 0) {
        return ctx_fail(r->c, e, "%s", findings_reason(&s->findings));
    }
    if (e != ERR_OK || *ret_again) {
        return e;
    }
    put_opening_first(r);
    s->month_said = month_said(&s->findings);
    payments_reader_columns(r->reader, &s->columns);
    s->layout = payments_reader_words(r->reader);
    s->payees = payees_count(r->payees);
    s->new_payees = payees_new_count(r->payees);
    memcpy(s->sha256, sheet_sha256(r->sheet), sizeof s->sha256);
    if (s->accepted == 0) {
        return ctx_fail(r->c, ERR_INVALID,
                        "There are headings, but not one payment that can be read. Choose a file that holds "
                        "payments.");
    }
    if (s->undated > 0 && r->store && r->o->month == INT32_MIN) {
        return ctx_fail_field(r->c, "month",
                              "%lld payments have no date that can be read. Say for which month the file is",
                              (long long)s->undated);
    }
    return r->lines ? lines_end(r->lines) : ERR_OK;
}

enum err reading_pass(struct reading *r, bool *ret_again) {
    enum err e = new_pass(r);
    if (e == ERR_OK && sheet_rewind(r->sheet) != SHEET_OK) {
        e = sheet_failure(r, SHEET_FAILED);
    }
    e = e ? e : all_blocks(r);
    return e ? e : finish(r, ret_again);
}

void reading_drop(struct reading *r) {
    payees_free(r->payees);
    labels_free(r->labels);
    sums_free(r->sums);
    lines_free(r->lines);
    pairs_free(r->flows);
    r->payees = NULL;
    r->labels = NULL;
    r->sums = NULL;
    r->lines = NULL;
    r->flows = NULL;
}

void reading_close(struct reading *r) {
    reading_drop(r);
    payments_reader_close(r->reader);
    r->reader = NULL;
    sheet_close(r->sheet);
    r->sheet = NULL;
}
