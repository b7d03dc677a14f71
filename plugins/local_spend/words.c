// SPDX-License-Identifier: Apache-2.0
// The sentences for people about payments files, all in one place.
#include "words.h"

struct word {
    const char *name, *text;
};

static const struct word refusals[] = {
    [SPEND_ACCEPTED] = {"accepted", ""},
    [REFUSED_EMPTY] = {"empty", "The file is empty. Choose the file with the payments in it."},
    [REFUSED_NO_TABLE] = {"no_table",
                          "We found no table of payments in the first 40 rows. The file needs one row of "
                          "headings, such as Supplier, Date and Amount, with one payment on each row below. "
                          "A summary by type of spending cannot be used."},
    [REFUSED_NO_PAYEE] = {"no_payee",
                          "The file has amounts, but no column that says who was paid. Add a heading such "
                          "as Supplier or Beneficiary to that column, or choose another file."},
    [REFUSED_NO_AMOUNT] = {"no_amount",
                           "The file has payees, but no column that says how much was paid. Add a heading "
                           "such as Amount to that column, or choose another file."},
    [REFUSED_REGISTER] = {"register",
                          "This looks like a register of contracts or orders, not a list of payments: it "
                          "has start and end dates or values of whole contracts. Adding those up would not "
                          "give what was paid. Choose the file of payments."},
    [REFUSED_PAYROLL] =
        {"payroll", "This looks like a list of wages, not of payments to suppliers. Pay of staff does not "
                    "belong here. Choose the file of payments."},
    [REFUSED_UNPAID] = {"unpaid",
                        "This looks like a list of invoices that wait to be paid, not of payments: it says "
                        "what is due or overdue. Choose the file of what was paid."},
    [REFUSED_ACROSS] =
        {"across",
         "This is a summary with a column for each month, not a list of payments. Choose the file that has "
         "one payment on each row."},
    [REFUSED_CHOICE] =
        {"choice", "The columns that were chosen do not fit this file: the column for the amount holds no "
                   "amounts. Look at the first rows and choose again."},
    [REFUSED_NO_LINES] = {"no_lines",
                          "The file has the headings of a payments file, but not one row below them has an "
                          "amount we can read. Open the file, look at the amounts and save it again."},
    [REFUSED_POINTS] = {"points",
                        "The amounts in this file can be read in two ways: 1.234 may be £1.23 or £1,234. "
                        "Open the file, show the amounts with two decimals, like 1234.00, and save it "
                        "again."},
    [REFUSED_CUT] = {"cut", "The amounts in this file are cut in two: 1,234.56 stands there as 1 and 234.56, "
                            "because the comma in it was taken for the end of the cell. Open the file, show "
                            "the amounts without commas, and save it again."},
    [REFUSED_BESIDE] = {"beside",
                        "Two tables stand side by side in this file. Put the second below the first, or in a "
                        "file of its own."},
    [REFUSED_SCALE] =
        {"scale", "A line above the headings says that the figures are in thousands, in millions or in "
                  "pence. Payments must be in pounds and pence. Ask for the file with the full amounts. If "
                  "the line means something else, choose the columns yourself below."},
    [REFUSED_CHANGED] = {"changed",
                         "Further down, the headings come again with the columns in another order, or for "
                         "another table. Put each of the two tables in a file of its own."},
};

static const struct word verdicts[VERDICT_COUNT] = {
    [VERDICT_LINE] = {"line", "A payment."},
    [VERDICT_HEAD] = {"head", "Above the first payment: title or headings."},
    [VERDICT_BLANK] = {"blank", "An empty row."},
    [VERDICT_TOTAL] = {"total", "A total of the rows above, not a payment. It was not counted."},
    [VERDICT_HEADING_AGAIN] = {"heading_again", "The headings once more. The row was passed over."},
    [VERDICT_HEADING_OTHER] = {"heading_other",
                               "Headings once more, but for other columns than those at the top."},
    [VERDICT_NOTE] = {"note", "A remark without an amount. The row was passed over."},
    [VERDICT_NO_AMOUNT] = {"no_amount", "There is no amount in this row. Add it, or delete the row."},
    [VERDICT_AMOUNT_BROKEN] = {"amount_broken",
                               "The spreadsheet lost this amount and shows signs such as #REF! or "
                               "#### in its place. Put the amount in again and save the file."},
    [VERDICT_AMOUNT_FOREIGN] = {"amount_foreign",
                                "The amount is not in pounds. Put in what it cost in pounds."},
    [VERDICT_AMOUNT_SHORTENED] = {"amount_shortened",
                                  "The spreadsheet shortened this amount and its last digits are "
                                  "lost, as in 1.23E+08. Show the column as a number with two "
                                  "decimals and save the file again."},
    [VERDICT_AMOUNT_TOO_LARGE] = {"amount_too_large",
                                  "The amount is above £100 billion. Check that the amount is in "
                                  "the right column."},
    [VERDICT_AMOUNT_TEXT] = {"amount_text",
                             "We could not read the amount in this row. Write it like 1234.56."},
    [VERDICT_SHIFTED] =
        {"shifted",
         "This row has one cell too many, so the date and the amount are not below their "
         "headings. Look for a comma inside a name or an amount, and put that cell in quote marks."},
    [VERDICT_NO_INTERMEDIARY] =
        {"no_intermediary", "This row does not say who paid the supplier on your behalf. Add the name of "
                            "the intermediary."},
};

bool spend_verdict_is_problem(enum spend_verdict v) {
    return v >= VERDICT_NO_AMOUNT;
}

const char *spend_refusal_text(enum spend_refusal r) {
    return refusals[r].text;
}

const char *spend_refusal_name(enum spend_refusal r) {
    return refusals[r].name;
}

const char *spend_verdict_text(enum spend_verdict v) {
    return verdicts[v].text;
}

const char *spend_verdict_name(enum spend_verdict v) {
    return verdicts[v].name;
}

const char *spend_note_text(unsigned note) {
    switch (note) {
    case NOTE_GROSS:
        return "The amounts in this file include VAT. Shares can be compared with other files only with "
               "care.";
    case NOTE_NET_BELOW:
        return "The file also gives amounts without VAT, under a second row of headings. The column under "
               "the main "
               "heading was used.";
    case NOTE_NO_DATE:
        return "The file has no dates. Say which month the payments belong to before you import it.";
    case NOTE_GUESSED:
        return "One heading is spelt in a way we had to guess at. Check the first rows before you import the "
               "file.";
    case NOTE_DATE_FOUND:
        return "No heading names the date. We took the column that holds dates. Check the first rows before "
               "you "
               "import the file.";
    case NOTE_NOT_PAYMENT_DATE:
        return "The dates are of the ledger, the invoice or an update, not of the payment.";
    case NOTE_SPLIT_HEADING:
        return "The headings stand on two rows.";
    case NOTE_MOVED:
        return "Every row has one cell in front that no heading belongs to. We read each heading one column "
               "to the "
               "right. Check the first rows before you import the file.";
    case NOTE_PERIOD:
        return "The file gives months, not days. Each payment is put on the first day of its month.";
    default:
        return "";
    }
}
