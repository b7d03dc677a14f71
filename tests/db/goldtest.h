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
    GOLD_NEARLY,  // no label, but an entry has the name but for a letter or two
    GOLD_DOUBTS
};

// Whose payments. The rules were tuned with Bolton in view, four names of five; Salford's names that Bolton
// does not have and Bolton's fifth name were held out in the last round of tuning (an earlier round had seen
// both councils). Wakefield was never looked at: its labels are the company numbers it publishes itself.
enum { GOLD_BOLTON = 1, GOLD_SALFORD = 2, GOLD_WAKEFIELD = 4 };
enum gold_part { GOLD_BOTH, GOLD_TUNED, GOLD_HELD_NAMES, GOLD_HELD_COUNCIL, GOLD_NEVER_SEEN, GOLD_PARTS };
enum gold_trust {
    GOLD_ALL,     // all labels; a payee without one is nobody
    GOLD_AUDITED, // less payees with doubtful labels
    GOLD_LABELLED // payees with a label only: no label is no proof that it is nobody
};

struct gold_entry {
    char *name, *number, *naked; // number: of a company, or "H" and that of a charity
    bool decoy;
};

struct gold_payee {
    char *name, *number, *company, *clean, *naked; // number and company: the label, "" none
    int64_t pence;                                 // payments less credits
    int method;                                    // of the label, times 10
    unsigned files;                                // GOLD_BOLTON and so on
    bool held;                                     // of the fifth of the names, by hash, that was held out
    bool known_there;                              // Bolton has the name too
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
    char method[24];
};

// Which payees and answers are counted.
struct gold_view {
    enum gold_part part;
    enum gold_trust trust;
    int32_t least, most; // scores; most 0: any
    const char *method;  // of the answer; NULL any
    int label;           // method of the label times 10; 0 any
};

struct gold_figures {
    size_t payees, labelled, right, other, decoy, unlabelled; // other: another entry than the label says
    int64_t labelled_pence, right_pence, other_pence, decoy_pence, unlabelled_pence;
    int32_t precision_milli, recall_milli;
};

const char *gold_folder(void);
struct gold *gold_read(void); // NULL: the files are not there
void gold_free(struct gold *g);
// The name in upper case without its furniture, as the published method does it. The caller frees it.
char *gold_naked(const char *name);

// The method by which most labels were made: the very name in upper case, then the name less its furniture
// (LTD, LIMITED, LLP, PLC and all behind T/A). Where several entries have it, the first in order of numbers.
void gold_published(const struct gold *g, struct gold_answer *ret);
// Sets the doubts by rules that do not use the matcher; `ours` only for labels that are missing.
void gold_audit(struct gold *g, const struct gold_answer *ours);

// By pounds of payees whose payments come to more than their credits.
struct gold_figures gold_measure(const struct gold *g, const struct gold_answer *a,
                                 const struct gold_view *view);
// The lowest score from which on the precision is at least this, 1001 none; and the highest from which on the
// recall is at least this, 0 none.
int32_t gold_score_of_precision(const struct gold *g, const struct gold_answer *a, struct gold_view view,
                                int32_t precision_milli);
int32_t gold_score_of_recall(const struct gold *g, const struct gold_answer *a, struct gold_view view,
                             int32_t recall_milli);

// What the tests print.
void gold_print_part(const struct gold *g, enum gold_part part, const struct gold_answer *ours,
                     const struct gold_answer *theirs);
void gold_print_bands(const struct gold *g, enum gold_part part, const struct gold_answer *ours);
void gold_print_methods(const struct gold *g, enum gold_part part, const struct gold_answer *ours,
                        const struct gold_answer *theirs);
void gold_print_audit(const struct gold *g);
void gold_print_wrong(const struct gold *g, enum gold_part part, const struct gold_answer *a);

#endif
