// SPDX-License-Identifier: Apache-2.0
// Invented payments files as an officer of the demo place gets them, with the dirt that real ones have.
#ifndef ANCHORAGE_DEMO_PAPERS_H
#define ANCHORAGE_DEMO_PAPERS_H

#include "base/ctx.h"
#include "base/strb.h"

struct rows;

// Suppliers that the papers speak of, by their place among demo_story_firms.
enum {
    FIRM_WITHOUT_POSTCODE,
    FIRM_MISTYPED,
    FIRM_TRADING_AS,
    FIRM_SHORTENED,
    FIRM_TWICE,
    FIRM_OTHER_FORM,
    FIRM_PAID_ON,
    FIRMS = FIRM_PAID_ON + 4,
    FIRM_TWICE_LISTED // another company of FIRM_TWICE, which stands in the register only
};

#define PAPER_LISTED_NUMBER   "09917301" // a company of the register whose listing is made when it is paid
#define PAPER_REGISTER_NUMBER "09918844" // of another, paid without its number
#define PAPER_AGENCY          "Moorlight Neutral Vendor Services Ltd"

struct papers {
    struct ctx *c;
    const struct rows *firms; // demo_story_firms, at least FIRMS
    int year;                 // financial year the payments are of
};

// The names as they stand in the files.
const char *paper_name(const struct papers *p, int firm);
extern const char paper_spelling[], paper_main_spelling[], paper_register[], paper_person[];

// The texts of files. `b` is emptied first.
void paper_late(const struct papers *p, struct strb *b); // late payments: other spellings, rows with trouble
void paper_paid_on(const struct papers *p, struct strb *b); // tier 2: whom the agency paid on
// A month of an anchor that stands in its quarter's file already (demo_story_month), and what is new in it.
void paper_month(const struct papers *p, const struct rows *lines, bool trouble, struct strb *b);
void paper_undated(const struct papers *p, struct strb *b);   // days nobody can read
void paper_contracts(const struct papers *p, struct strb *b); // no payments at all: a register of contracts

#endif
