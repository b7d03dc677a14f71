// SPDX-License-Identifier: Apache-2.0
// What a column heading of a payments file means, for the hundreds of wordings that public bodies use.
#ifndef LOCAL_SPEND_HEADING_H
#define LOCAL_SPEND_HEADING_H

enum spend_role {
    ROLE_NONE,
    ROLE_PAYEE,
    ROLE_AMOUNT,
    ROLE_DATE,
    ROLE_CATEGORY,
    ROLE_PURPOSE,
    ROLE_DEPARTMENT,
    ROLE_POSTCODE,
    ROLE_COMPANY,     // company number
    ROLE_CHARITY,     // charity number
    ROLE_VCSE,        // flag
    ROLE_SUPPLIER_ID, // the publisher's own number for the payee
    ROLE_TRANSACTION,
    ROLE_VAT_NUMBER,
    ROLE_VAT_LOST,     // VAT that cannot be recovered
    ROLE_CARD,         // says that lines are card payments
    ROLE_INTERMEDIARY, // who paid on, in a tier-2 file
    ROLE_CREDIT,       // credits, where the amounts are only debits
    ROLE_SIGN,         // says DR or CR
    ROLE_BODY,         // who paid
    ROLE_REGISTER,     // belongs to a register of contracts or orders, not to payments
    ROLE_PAYROLL,      // belongs to a list of wages
    ROLE_UNPAID,       // belongs to a list of invoices that wait to be paid
    ROLE_COUNT
};

// For amounts: what they include. For dates: which date it is. Lower is preferred.
enum spend_basis {
    BASIS_NET = 0, // without VAT that can be recovered
    BASIS_PLAIN,   // the heading does not say
    BASIS_GROSS,
    BASIS_PAID = 0, // date of payment, or just "Date"
    BASIS_POSTED,   // date in the ledger
    BASIS_INVOICED,
    BASIS_OTHER, // month, date of update, date of award
};

struct spend_heading {
    enum spend_role role;
    enum spend_basis basis; // amounts and dates
    int rank; // among headings of one role and basis, lower is preferred; RANK_GUESS: by likeness only
};

#define RANK_GUESS 20

// Reads one heading cell. Letters beyond ASCII, punctuation, case, blanks, a number in front ("6 Supplier")
// and remarks in brackets make no difference, so a pound sign in any encoding hides nothing.
struct spend_heading spend_heading_read(const char *text);

#endif
