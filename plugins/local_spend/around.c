// SPDX-License-Identifier: Apache-2.0
// What stands around the columns of a payments file.
#include "around.h"

#include <string.h>

#include "cell.h"

static const char *heading_at(const struct spend_row *heading, int16_t column) {
    return column >= 0 && (size_t)column < heading->count ? heading->cells[column] : "";
}

// "£000s", "figures in thousands", "amounts are in pence" above the headings. The 000 of "£25,000" is none.
static bool says_scale(const char *title) {
    char words[160];
    cell_words(words, sizeof words, title);
    const char *scale[] = {"IN THOUSANDS", "IN MILLIONS", "IN PENCE", "000S", "IN 000"};
    for (size_t i = 0; i < CELL_COUNT(scale); i++) {
        const char *at = strstr(words, scale[i]);
        bool after_digits = at && at - words >= 2 && at[-1] == ' ' && at[-2] >= '0' && at[-2] <= '9';
        // A pound sign stands as it is in front.
        bool apart = at && (at == words || at[-1] == ' ' || (at[-1] & 0x80)) && !after_digits;
        if (apart) {
            return true;
        }
    }
    return false;
}

bool around_says_scale(const struct spend_row *rows, size_t until) {
    for (size_t i = 0; i < until; i++) {
        for (size_t k = 0; k < rows[i].count; k++) {
            if (says_scale(rows[i].cells[k])) {
                return true;
            }
        }
    }
    return false;
}

// Payee, date and amount stand there a second time under the same words, with amounts below.
bool around_is_beside(const struct spend_row *heading, const struct spend_row *rows, size_t from,
                      size_t count, const struct spend_layout *l) {
    static const enum spend_role twice[] = {ROLE_PAYEE, ROLE_DATE, ROLE_AMOUNT};
    for (size_t i = 0; i < CELL_COUNT(twice); i++) {
        int16_t c = l->column[twice[i]];
        bool found = false;
        for (size_t k = 0; c >= 0 && k < heading->count && !found; k++) {
            found = k != (size_t)c && strcmp(heading->cells[k], heading_at(heading, c)) == 0 &&
                    spend_column_fitness(rows, from, count, k, twice[i]) >= 30;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

void around_keep_heads(const struct spend_row *heading, struct spend_layout *layout) {
    layout->heads_known = true;
    layout->said_payee = spend_heading_read(heading_at(heading, layout->column[ROLE_PAYEE])).role;
    layout->said_date = spend_heading_read(heading_at(heading, layout->column[ROLE_DATE])).role;
    layout->said_amount = spend_heading_read(heading_at(heading, layout->column[ROLE_AMOUNT]));
}

int16_t around_currency(const struct spend_row *heading, int16_t amount) {
    static const char *const names[] = {"CURRENCY",
                                        "CURRENCY CODE",
                                        "INVOICE CURRENCY",
                                        "CCY",
                                        "PAYMENT CURRENCY",
                                        "INVOICE CURRENCY UNIT",
                                        "CURR",
                                        "CUR"};
    const char *text = heading_at(heading, amount);
    char words[96];
    cell_words(words, sizeof words, text);
    if (strstr(words, "GBP") || strstr(words, "STERLING") || strstr(words, "LOCAL") ||
        strstr(text, "\xC2\xA3")) {
        return -1;
    }
    for (size_t i = 0; i < heading->count && i < SPEND_MAX_COLUMNS; i++) {
        cell_words(words, sizeof words, heading->cells[i]);
        if (cell_in_list(words, names, CELL_COUNT(names))) {
            return (int16_t)i;
        }
    }
    return -1;
}

bool around_is_foreign(const char *text) {
    static const char *const others[] = {"EUR", "EURO", "EUROS", "USD", "AUD", "CAD", "CHF", "JPY",
                                         "NOK", "SEK",  "DKK",   "NZD", "INR", "HKD", "SGD", "ZAR"};
    char words[16];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, others, CELL_COUNT(others));
}
