// SPDX-License-Identifier: Apache-2.0
// Labelled payments for the test of matching: a register with decoys, payees with their pounds, the published
// method, the audit of the labels, and figures weighted by pounds.
#ifndef ANCHORAGE_TESTS_DB_GOLDTEST_H
#define ANCHORAGE_TESTS_DB_GOLDTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Why a label is not believed.
enum gold_doubt {
    GOLD_FINE,
    GOLD_PERSON,  // the payee looks like a person
    GOLD_GENERAL, // the name is so short or general that a join by name proves nothing
    GOLD_PUBLIC,  // the payee is a public body and the label a company that only shares words
    GOLD_OTHER,   // the names share no word that tells anything
    GOLD_MISSED,  // no label, but an entry of the register has the very name
    GOLD_DOUBTS
};

struct gold_entry {
    char *name, *number, *naked; // number: of a company, or "H" and that of a charity
    bool decoy;
};

struct gold_payee {
    char *name, *number, *company, *clean, *naked; // number and company: the label, "" none
    int64_t pence;                                 // payments less credits
    int method;                                    // of the label, times 10
    enum gold_doubt doubt;
};

struct gold {
    struct gold_entry *entry;
    size_t entries, decoys;
    struct gold_payee *payee;
    size_t payees;
};

// What a method says of a payee: entry from 1, 0 nobody; score 0 to 1000, more when it is tied at once.
struct gold_answer {
    size_t entry;
    int32_t score;
};

struct gold_figures {
    size_t payees, right, wrong;
    int64_t pence, right_pence, wrong_pence, labelled_pence;
    int32_t precision_milli, recall_milli;
};

const char *gold_folder(void);
struct gold *gold_read(void); // NULL: the files are not there
void gold_free(struct gold *g);

// The method by which most labels were made: the very name in upper case, then the name less its furniture
// (LTD, LIMITED, LLP, PLC and all behind T/A). Where several entries have it, the first in order of numbers.
void gold_published(const struct gold *g, struct gold_answer *ret);
// Sets the doubts by rules that do not use the matcher; `ours` only for labels that are missing.
void gold_audit(struct gold *g, const struct gold_answer *ours);

// Of answers with at least this score, by pounds of payees. `audited`: payees with doubts are left out.
struct gold_figures gold_measure(const struct gold *g, const struct gold_answer *a, int32_t least,
                                 bool audited);
// The lowest score at which the precision is at least this.
int32_t gold_threshold(const struct gold *g, const struct gold_answer *a, int32_t precision_milli,
                       bool audited);

void gold_print(const char *what, int32_t least, const struct gold_figures *f);
void gold_print_audit(const struct gold *g);
void gold_print_wrong(const struct gold *g, const struct gold_answer *a);

#endif
