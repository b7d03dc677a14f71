// SPDX-License-Identifier: Apache-2.0
// Amounts whose sign stands elsewhere: in a second column for credits, or in a column that says DR or CR.
#include "signs.h"

#include <string.h>

#include "cell.h"

enum mark { MARK_NONE, MARK_DEBIT, MARK_CREDIT };

static enum mark mark_of(const char *text) {
    static const char *const debits[] = {"DR", "D", "DEBIT", "DB", "INVOICE"};
    static const char *const credits[] = {"CR", "C", "CREDIT", "CREDIT NOTE"};
    char words[24];
    cell_words(words, sizeof words, text);
    if (cell_in_list(words, credits, CELL_COUNT(credits)) || strcmp(text, "-") == 0) {
        return MARK_CREDIT;
    }
    return cell_in_list(words, debits, CELL_COUNT(debits)) || strcmp(text, "+") == 0 ? MARK_DEBIT : MARK_NONE;
}

static const char *cell_of(const struct spend_row *row, size_t column) {
    return column < row->count ? row->cells[column] : "";
}

// Kinds of documents, which ledgers write in full or in letters.
static enum mark document_of(const char *text) {
    static const char *const invoices[] = {"INVOICE",
                                           "INV",
                                           "IN",
                                           "STANDARD",
                                           "STANDARD INVOICE",
                                           "PI",
                                           "PINV",
                                           "INVOICES",
                                           "PURCHASE INVOICE",
                                           "SUPPLIER INVOICE",
                                           "MIXED",
                                           "PREPAYMENT",
                                           "KR",
                                           "RE"};
    static const char *const notes[] = {"CREDIT NOTE",
                                        "CRN",
                                        "CN",
                                        "CREDIT MEMO",
                                        "CREDITNOTE",
                                        "CR NOTE",
                                        "PC",
                                        "PCRN",
                                        "PURCHASE CREDIT NOTE",
                                        "CREDIT NOTES",
                                        "CRED NOTE",
                                        "PCRD",
                                        "CREDIT",
                                        "PURCHASE CREDIT",
                                        "CR",
                                        "CRD",
                                        "CRE",
                                        "CREDMEMO",
                                        "KG"};
    char words[24];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, notes, CELL_COUNT(notes))         ? MARK_CREDIT
           : cell_in_list(words, invoices, CELL_COUNT(invoices)) ? MARK_DEBIT
                                                                 : MARK_NONE;
}

// Nearly every row is marked.
static bool holds_marks(const struct spend_row *rows, size_t from, size_t count, size_t column,
                        enum mark (*of)(const char *text)) {
    size_t cells = 0, marks = 0;
    for (size_t i = from; i < count; i++) {
        const char *text = cell_of(&rows[i], column);
        cells += !cell_blank(text);
        marks += of(text) != MARK_NONE;
    }
    return cells > 0 && marks * 10 >= cells * 9;
}

// "Document Type", "Trans Type", "Type".
static bool says_document(const char *heading) {
    char words[64];
    cell_words(words, sizeof words, heading);
    size_t n = strlen(words);
    return (n >= 4 && strcmp(words + n - 4, "TYPE") == 0 && !strstr(words, "SUPPLIER") &&
            !strstr(words, "EXPEN")) ||
           strcmp(words, "INV CRN") == 0 || strcmp(words, "INVOICE CREDIT NOTE") == 0;
}

// "Credit?" or "Credit indicator" with Y and N; "Debit/Credit" with S and H, as German ledgers write them.
static enum mark flag_of(const char *text) {
    static const char *const credits[] = {"Y", "YES", "TRUE", "H"};
    static const char *const debits[] = {"N", "NO", "FALSE", "S"};
    char words[24];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, credits, CELL_COUNT(credits)) ? MARK_CREDIT
           : cell_in_list(words, debits, CELL_COUNT(debits)) ? MARK_DEBIT
                                                             : mark_of(text);
}

// Headings over marks and nothing else.
static bool says_sign(const char *heading) {
    static const char *const names[] = {"C D",
                                        "D C",
                                        "CR DR",
                                        "DR CR",
                                        "C D IND",
                                        "D C IND",
                                        "CREDIT",
                                        "CREDIT IND",
                                        "CREDIT FLAG",
                                        "CREDIT INDICATOR",
                                        "IS CREDIT",
                                        "DEBIT CREDIT",
                                        "CREDIT DEBIT",
                                        "D C INDICATOR",
                                        "SIGN",
                                        "DEBIT CREDIT IND",
                                        "DEBIT CREDIT INDICATOR",
                                        "CR"};
    char words[64];
    cell_words(words, sizeof words, heading);
    return cell_in_list(words, names, CELL_COUNT(names)) || strcmp(heading, "+/-") == 0 ||
           strcmp(heading, "-/+") == 0;
}

static bool says_debit(const char *heading) {
    char words[64];
    cell_words(words, sizeof words, heading);
    return strstr(words, "DEBIT") || strcmp(words, "DR") == 0;
}

void signs_find(const struct spend_row *heading, const struct spend_row *rows, size_t from, size_t count,
                struct spend_layout *layout) {
    int16_t amount = layout->column[ROLE_AMOUNT];
    bool debit = amount >= 0 && says_debit(cell_of(heading, (size_t)amount));
    layout->column[ROLE_CREDIT] = layout->column[ROLE_SIGN] = -1;
    for (size_t i = 0; i < heading->count && i < SPEND_MAX_COLUMNS; i++) {
        enum spend_role role = spend_heading_read(heading->cells[i]).role;
        if (role == ROLE_CREDIT && debit && layout->column[ROLE_CREDIT] < 0) {
            layout->column[ROLE_CREDIT] = (int16_t)i;
        } else if (role == ROLE_SIGN && layout->column[ROLE_SIGN] < 0 &&
                   holds_marks(rows, from, count, i, mark_of)) {
            layout->column[ROLE_SIGN] = (int16_t)i;
        }
    }
    for (size_t i = 0; i < heading->count && i < SPEND_MAX_COLUMNS && layout->column[ROLE_SIGN] < 0; i++) {
        if (says_sign(heading->cells[i]) && (int16_t)i != amount &&
            holds_marks(rows, from, count, i, flag_of)) {
            layout->column[ROLE_SIGN] = (int16_t)i;
        }
    }
    if (amount >= 0 && layout->column[ROLE_SIGN] < 0 && layout->column[ROLE_CREDIT] < 0 &&
        cell_blank(cell_of(heading, (size_t)amount + 1))) {
        layout->beside = (int16_t)(amount + 1);
    }
    for (size_t i = 0; i < heading->count && i < SPEND_MAX_COLUMNS && layout->column[ROLE_SIGN] < 0; i++) {
        if (says_document(heading->cells[i]) && holds_marks(rows, from, count, i, document_of)) {
            layout->column[ROLE_SIGN] = (int16_t)i;
            layout->sign_by_type = true;
        }
    }
}

static void take_document(struct reading *r, const struct row_cells *row, struct row_seen *s) {
    if (s->pence == 0 || document_of(row_cell(r, row, ROLE_SIGN)) != MARK_CREDIT) {
        return;
    }
    r->tally.notes_above += s->pence > 0;
    r->tally.notes_below += s->pence < 0;
    if (r->notes_turned && s->pence > 0) {
        s->pence = -s->pence;
    }
}

bool signs_says_credit(const char *text) {
    char words[16];
    cell_words(words, sizeof words, text);
    return strcmp(words, "CR") == 0 || strcmp(words, "CREDIT") == 0;
}

void signs_take(struct reading *r, const struct row_cells *row, struct row_seen *s) {
    const char *text = row_cell(r, row, ROLE_CREDIT);
    int64_t credit = 0;
    unsigned how = 0;
    if (r->layout.column[ROLE_CREDIT] >= 0 && !cell_blank(text)) {
        enum spend_amount a = spend_amount_read_as(text, r->decimal, &credit, &how);
        if (a == AMOUNT_OK && s->amount == AMOUNT_BLANK) {
            *s = (struct row_seen){.amount = AMOUNT_OK};
        }
        if (a != AMOUNT_OK && s->amount == AMOUNT_OK) {
            s->amount = a;
        } else if (s->amount == AMOUNT_OK) {
            s->pence -= credit < 0 ? -credit : credit;
            s->how |= how;
        }
    }
    if (r->layout.sign_by_type && s->amount == AMOUNT_OK) {
        take_document(r, row, s);
        return;
    }
    if (r->layout.column[ROLE_SIGN] >= 0 && s->amount == AMOUNT_OK && s->pence > 0 &&
        flag_of(row_cell(r, row, ROLE_SIGN)) == MARK_CREDIT) {
        s->pence = -s->pence;
    }
}
