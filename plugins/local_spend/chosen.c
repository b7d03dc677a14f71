// SPDX-License-Identifier: Apache-2.0
// A layout as a person settled it, and what was understood of a file in the form of the host.
#include "around.h"
#include "layout.h"
#include "signs.h"

#include <anchorage/plugin.h>

// Our roles for the host's columns.
static const enum spend_role roles[ANC_COL_COUNT] = {
    [ANC_COL_PAYEE] = ROLE_PAYEE,
    [ANC_COL_AMOUNT] = ROLE_AMOUNT,
    [ANC_COL_DATE] = ROLE_DATE,
    [ANC_COL_CATEGORY] = ROLE_CATEGORY,
    [ANC_COL_PURPOSE] = ROLE_PURPOSE,
    [ANC_COL_DEPARTMENT] = ROLE_DEPARTMENT,
    [ANC_COL_SUPPLIER_NO] = ROLE_SUPPLIER_ID,
    [ANC_COL_TRANSACTION] = ROLE_TRANSACTION,
    [ANC_COL_POSTCODE] = ROLE_POSTCODE,
    [ANC_COL_COMPANY] = ROLE_COMPANY,
    [ANC_COL_CHARITY] = ROLE_CHARITY,
    [ANC_COL_VAT_NUMBER] = ROLE_VAT_NUMBER,
    [ANC_COL_VAT_LOST] = ROLE_VAT_LOST,
    [ANC_COL_VCSE] = ROLE_VCSE,
    [ANC_COL_CARD] = ROLE_CARD,
    [ANC_COL_INTERMEDIARY] = ROLE_INTERMEDIARY,
};

// The two enums of file kinds are written in the same order.
_Static_assert((int)KIND_PAYMENTS == (int)ANC_FILE_PAYMENTS && (int)KIND_TIER2 == (int)ANC_FILE_TIER2,
               "kinds of files");

static enum spend_basis date_basis_of(int32_t chosen) {
    return chosen == ANC_DATE_PAID       ? BASIS_PAID
           : chosen == ANC_DATE_POSTED   ? BASIS_POSTED
           : chosen == ANC_DATE_INVOICED ? BASIS_INVOICED
                                         : BASIS_OTHER;
}

static enum spend_basis amount_basis_of(int32_t chosen) {
    return chosen == ANC_AMOUNT_NET ? BASIS_NET : chosen == ANC_AMOUNT_GROSS ? BASIS_GROSS : BASIS_PLAIN;
}

static size_t widest(const struct spend_row *rows, size_t from, size_t to) {
    size_t most = 0;
    for (size_t i = from; i < to; i++) {
        most = rows[i].count > most ? rows[i].count : most;
    }
    return most < SPEND_MAX_COLUMNS ? most : SPEND_MAX_COLUMNS;
}

enum spend_refusal spend_take_choice(const struct spend_row *rows, size_t count, const char *file_name,
                                     const struct anc_columns *chosen, struct spend_layout *ret_layout) {
    struct spend_layout l = {.other_net = -1, .currency = -1, .beside = -1};
    int32_t payee = chosen->column[ANC_COL_PAYEE], amount = chosen->column[ANC_COL_AMOUNT];
    if (payee < 0 && amount < 0) {
        enum spend_refusal why = spend_recognise(rows, count, file_name, ret_layout);
        if (why == SPEND_ACCEPTED && chosen->kind != ANC_FILE_PAYMENTS) {
            ret_layout->kind = (enum spend_kind)chosen->kind;
        }
        return why;
    }
    count = count < SPEND_HEAD_ROWS ? count : SPEND_HEAD_ROWS;
    size_t head = chosen->head_rows < count ? chosen->head_rows : count;
    size_t columns = head ? widest(rows, head - 1, head) : 0;
    columns = columns ? columns : widest(rows, 0, count);
    if (payee < 0 || amount < 0 || payee == amount || chosen->kind < ANC_FILE_PAYMENTS ||
        chosen->kind > ANC_FILE_TIER2) {
        return REFUSED_CHOICE;
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        l.column[i] = -1;
    }
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        if (chosen->column[i] >= SPEND_MAX_COLUMNS) {
            return REFUSED_CHOICE;
        }
        l.column[roles[i]] = (int16_t)(chosen->column[i] < 0 ? -1 : chosen->column[i]);
    }
    if (chosen->kind == ANC_FILE_TIER2 && l.column[ROLE_INTERMEDIARY] < 0) {
        return REFUSED_CHOICE;
    }
    if (spend_column_fitness(rows, head, count, (size_t)amount, ROLE_AMOUNT) == 0) {
        return REFUSED_CHOICE;
    }
    if (head > 0) {
        signs_find(&rows[head - 1], rows, head, count, &l);
        l.period = spend_says_period(&rows[head - 1], l.column[ROLE_DATE]);
        l.currency = around_currency(&rows[head - 1], (int16_t)amount);
        around_keep_heads(&rows[head - 1], &l);
    }
    l.kind = (enum spend_kind)chosen->kind;
    l.head_records = chosen->head_rows;
    l.columns = columns;
    l.amount_basis = amount_basis_of(chosen->amount_basis);
    l.vat_inside = l.amount_basis == BASIS_GROSS;
    l.date_basis = date_basis_of(chosen->date_basis);
    *ret_layout = l;
    return SPEND_ACCEPTED;
}

void spend_layout_columns(const struct spend_layout *l, struct anc_columns *ret) {
    static const int32_t amounts[] = {
        [BASIS_NET] = ANC_AMOUNT_NET, [BASIS_PLAIN] = ANC_AMOUNT_PLAIN, [BASIS_GROSS] = ANC_AMOUNT_GROSS};
    static const int32_t dates[] = {[BASIS_PAID] = ANC_DATE_PAID,
                                    [BASIS_POSTED] = ANC_DATE_POSTED,
                                    [BASIS_INVOICED] = ANC_DATE_INVOICED,
                                    [BASIS_OTHER] = ANC_DATE_OTHER};
    ret->head_rows = (uint32_t)l->head_records;
    ret->kind = (int32_t)l->kind;
    ret->amount_basis = amounts[l->amount_basis];
    ret->date_basis = dates[l->date_basis];
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        ret->column[i] = l->column[roles[i]];
    }
}
