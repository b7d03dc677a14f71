// SPDX-License-Identifier: Apache-2.0
// One row of a payments file under way: counted, summed up, written. Runs a million times; nothing is
// allocated here.
#include "spend/load_row.h"

#include "base/day.h"
#include "spend/intern.h"

#define FLOWS_MOST 2000000u // pairs kept; then they are asked for again

static void cell(const struct anc_cells *b, uint32_t i, int32_t column, const char **ret,
                 uint32_t *ret_length) {
    uint32_t at = b->first[i] + (uint32_t)column;
    bool there = column >= 0 && at < b->first[i + 1];
    *ret = there ? b->text[at] : "";
    *ret_length = there ? b->length[at] : 0;
}

static const int payee_columns[PAYEE_CELLS] = {ANC_COL_PAYEE,   ANC_COL_SUPPLIER_NO, ANC_COL_COMPANY,
                                               ANC_COL_CHARITY, ANC_COL_VAT_NUMBER,  ANC_COL_POSTCODE};

void row_payee_cells(const struct anc_columns *columns, bool ret_has[PAYEE_CELLS]) {
    for (int f = 0; f < PAYEE_CELLS; f++) {
        ret_has[f] = f == PAYEE_NAME || columns->column[payee_columns[f]] >= 0;
    }
}

static void cells_of_payee(const struct reading *r, const struct anc_cells *b, uint32_t i,
                           struct payee_cells *k) {
    for (int f = 0; f < PAYEE_CELLS; f++) {
        cell(b, i, r->sum->columns.column[payee_columns[f]], &k->text[f], &k->length[f]);
    }
    payees_hash(r->payees, k);
}

static void cells_of_label(const struct reading *r, const struct anc_cells *b, uint32_t i,
                           struct label_cells *k) {
    static const int columns[LABEL_CELLS] = {ANC_COL_CATEGORY, ANC_COL_PURPOSE, ANC_COL_DEPARTMENT};
    for (int f = 0; f < LABEL_CELLS; f++) {
        cell(b, i, r->sum->columns.column[columns[f]], &k->text[f], &k->length[f]);
    }
    labels_hash(r->labels, k);
}

static uint32_t number_through(struct reading *r, const struct anc_cells *b, uint32_t i) {
    struct payee_cells k = {.text = {"", "", "", "", "", ""}};
    cell(b, i, r->sum->columns.column[ANC_COL_INTERMEDIARY], &k.text[PAYEE_NAME], &k.length[PAYEE_NAME]);
    payees_hash(r->payees, &k);
    return payees_put(r->payees, &k);
}

// Step by step for all rows, so that memory answers for many at once.
enum err rows_number(struct reading *r, const struct anc_cells *b, uint32_t from, uint32_t to) {
    struct payee_cells who[ROWS_AT_ONCE];
    struct label_cells what[ROWS_AT_ONCE];
    uint32_t row[ROWS_AT_ONCE], n = 0;
    for (uint32_t i = from; i < to; i++) {
        if (r->map.what[i] == ANC_ROW_PAYMENT) {
            row[n] = i;
            cells_of_payee(r, b, i, &who[n]);
            cells_of_label(r, b, i, &what[n++]);
        }
    }
    for (uint32_t k = 0; k < n; k++) {
        payees_peek(r->payees, &who[k]);
        labels_peek(r->labels, &what[k]);
    }
    bool full = false;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = row[k];
        r->payee_of[i] = payees_put(r->payees, &who[k]);
        r->label_of[i] = labels_put(r->labels, &what[k]);
        r->through_of[i] = r->o->kind == ANC_FILE_TIER2 ? number_through(r, b, i) : 0;
        full |= r->payee_of[i] == INTERN_FULL || r->through_of[i] == INTERN_FULL;
    }
    return full ? ctx_fail(r->c, ERR_TOO_LARGE,
                           "The file has more than %u different payees. Split it into years.", LOAD_PAYEES)
                : ERR_OK;
}

static uint64_t pair_of(uint32_t payee, uint32_t label) {
    return (uint64_t)payee << 32 | label;
}

void row_near(const struct reading *r, uint32_t i) {
    if (r->map.what[i] == ANC_ROW_PAYMENT) {
        payees_near(r->payees, r->payee_of[i]);
        sums_near(r->sums, r->payee_of[i]);
        pairs_near(r->flows, pair_of(r->payee_of[i], r->label_of[i]));
    }
}

// What the payments of a payee with a label are; asked once for each pair.
static enum err flow_of(struct reading *r, uint32_t payee, uint32_t label, int32_t *ret) {
    bool first;
    if (pairs_count(r->flows) >= FLOWS_MOST) {
        pairs_clear(r->flows);
    }
    uint32_t *kept = pairs_at(r->flows, pair_of(payee, label), &first);
    if (*kept == 0) {
        struct anc_party party;
        payees_party(r->payees, payee, &party);
        const struct anc_label words = {.size = sizeof words,
                                        .category = labels_text(r->labels, label, LABEL_CATEGORY),
                                        .purpose = labels_text(r->labels, label, LABEL_PURPOSE),
                                        .department = labels_text(r->labels, label, LABEL_DEPARTMENT),
                                        .kind = r->sum->columns.kind};
        int32_t flow = 0;
        enum err e = payments_reader_flow(r->reader, &party, &words, &flow);
        if (e != ERR_OK) {
            return e;
        }
        *kept = (uint32_t)flow + 1;
    }
    *ret = (int32_t)*kept - 1;
    return ERR_OK;
}

// A card payment is one whatever it was for; what comes back on an ordinary purchase is a credit, while a
// grant paid back or a transfer corrected stays what it was, below nought.
static int32_t flow_of_line(int32_t flow, uint32_t flags, int64_t pence) {
    if (flow != ANC_FLOW_PROCUREMENT) {
        return flow;
    }
    return (flags & ANC_LINE_CARD) != 0 ? ANC_FLOW_CARD : pence < 0 ? ANC_FLOW_CREDIT : ANC_FLOW_PROCUREMENT;
}

static void put_sample(struct reading *r, uint64_t line, uint32_t payee, uint32_t label, int32_t flow,
                       int32_t day, int64_t pence) {
    static const char *const words[ANC_FLOW_COUNT] = {"procurement",     "grant",        "credit",
                                                      "public transfer", "pass-through", "individual",
                                                      "treasury",        "card",         "name hidden"};
    struct arena *a = r->c->arena;
    r->samples[r->sum->sample_count++] =
        (struct load_sample){.line = line,
                             .payee = arena_strdup(a, payees_name(r->payees, payee)),
                             .category = arena_strdup(a, labels_text(r->labels, label, LABEL_CATEGORY)),
                             .flow = words[flow],
                             .day = day,
                             .pence = pence};
}

static void widen(int32_t day, int32_t *first, int32_t *last) {
    *first = *first == INT32_MIN || day < *first ? day : *first;
    *last = *last == INT32_MIN || day > *last ? day : *last;
}

// Into the summary: the file's own amounts make its total, `pence` is what counts. false: more than can be
// counted.
static bool count_line(struct reading *r, uint32_t i, bool hidden, int32_t flow, int64_t pence) {
    struct load_summary *s = r->sum;
    bool over = __builtin_add_overflow(s->total_pence, r->map.pence[i], &s->total_pence);
    s->accepted++;
    s->rounded += (r->map.flags[i] & ANC_LINE_ROUNDED) != 0;
    over |= __builtin_add_overflow(s->vat_lost_pence, r->map.vat_lost_pence[i], &s->vat_lost_pence);
    s->flow_lines[flow]++;
    over |= __builtin_add_overflow(s->flow_pence[flow], pence, &s->flow_pence[flow]);
    if (hidden) {
        s->redacted++;
        over |= __builtin_add_overflow(s->redacted_pence, pence, &s->redacted_pence);
    }
    if (pence < 0) {
        s->negative++;
        over |= __builtin_add_overflow(s->negative_pence, pence, &s->negative_pence);
    }
    if (r->map.day[i] == INT32_MIN) {
        s->undated++;
        over |= __builtin_add_overflow(s->undated_pence, pence, &s->undated_pence);
    } else {
        widen(r->map.day[i], &s->first_day, &s->last_day);
    }
    return !over;
}

static enum err too_much(struct reading *r) {
    return ctx_fail(r->c, ERR_INVALID,
                    "The amounts add up to more than can be counted. Look whether a column of numbers was "
                    "taken for the amounts.");
}

// Adds a line to the sums and, when the file is stored, writes it.
static enum err put_line(struct reading *r, uint32_t payee, const struct load_line *line) {
    int fy = financial_year(line->day);
    if (!sums_add(r->sums, fy, payee, line->flow, line->pence)) {
        return too_much(r);
    }
    return r->lines ? lines_add(r->lines, fy, line) : ERR_OK;
}

// Of a tier-2 file: what the end supplier got is taken off the one it came through.
static enum err put_counterpart(struct reading *r, uint32_t i, const struct load_line *line) {
    uint32_t through = r->through_of[i];
    if (r->anchor_id != 0 && !payees_is_paid(r->payees, through)) {
        ctx_fail_field(r->c, "file",
                       "Line %d: \"%s\" is not among those whom this public body paid. Load its payments "
                       "first, or write the name as it stands there",
                       line->no, payees_name(r->payees, through));
        return r->c->err = ERR_INVALID;
    }
    struct load_line off = *line;
    off.no = -line->no;
    off.payee_id = (int32_t)payees_id(r->payees, through);
    off.pence = -line->pence;
    off.vat_lost_pence = 0;
    return put_line(r, through, &off);
}

enum err row_take(struct reading *r, const struct anc_cells *b, uint32_t i) {
    uint32_t payee = r->payee_of[i], label = r->label_of[i];
    int32_t flow = 0;
    int64_t pence;
    enum err e = flow_of(r, payee, label, &flow);
    if (e != ERR_OK) {
        return e;
    }
    if (__builtin_add_overflow(r->map.pence[i], r->map.vat_lost_pence[i], &pence)) {
        return too_much(r);
    }
    flow = flow_of_line(flow, r->map.flags[i], pence);
    if (!count_line(r, i, payees_hidden(r->payees, payee), flow, pence)) {
        return too_much(r);
    }
    int32_t day = r->map.day[i];
    if (r->sum->sample_count < LOAD_SAMPLES) {
        put_sample(r, b->line[i], payee, label, flow, day, r->map.pence[i]);
    }
    uint32_t flags = r->map.flags[i] | (day == INT32_MIN ? ANC_LINE_MONTH_ONLY : 0);
    day = day == INT32_MIN ? r->o->month : day;
    if (day == INT32_MIN) {
        return ERR_OK; // the file will be refused; how many there are is still counted
    }
    widen(day, &r->first_day, &r->last_day);
    if (b->line[i] > INT32_MAX) {
        return ctx_fail(r->c, ERR_TOO_LARGE, "The file has too many lines. Split it into years.");
    }
    struct load_line line = {.no = (int32_t)b->line[i],
                             .day = day,
                             .payee_id = (int32_t)payees_id(r->payees, payee),
                             .label_id = labels_id(r->labels, label),
                             .flow = (int16_t)flow,
                             .flags = (int16_t)flags,
                             .pence = pence,
                             .vat_lost_pence = r->map.vat_lost_pence[i]};
    if (r->sum->columns.column[ANC_COL_TRANSACTION] >= 0) {
        cell(b, i, r->sum->columns.column[ANC_COL_TRANSACTION], &line.txn, &line.txn_length);
        r->has_txn = r->has_txn || line.txn_length > 0;
    }
    e = put_line(r, payee, &line);
    return e || r->o->kind != ANC_FILE_TIER2 ? e : put_counterpart(r, i, &line);
}

const char *findings_reason(const struct findings *f) {
    for (size_t i = 0; i < f->count; i++) {
        if (f->list[i].severity == ANC_FINDING_ERROR) {
            return f->list[i].text;
        }
    }
    return f->count ? f->list[0].text : "";
}
