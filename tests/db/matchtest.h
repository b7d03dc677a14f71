// SPDX-License-Identifier: Apache-2.0
// What tests of matching payees share: suppliers, payees, and what came of them.
#ifndef ANCHORAGE_TESTS_DB_MATCHTEST_H
#define ANCHORAGE_TESTS_DB_MATCHTEST_H

#include "spend/match.h"
#include "support/dbtest.h"

#define MATCHTEST_OFFICER (1u << PERM_PUBLIC | 1u << PERM_SIGNED_IN | 1u << PERM_OFFICER)

// With the plugins local_spend and vcfse; the bodies "council" and "hospital"; persons 1 and 2, the first of
// whom acts, as an officer; and three suppliers:
//   harrow  Harrow Field Brickworks Ltd  company 01234567                  WN1 1AA
//   linnet  Linnet Court Trust           charity 1057671                   WN2 2BB
//   ostler  Ostler & Daughters Limited   company 07654321, VAT 123456782   M1 1AE
int matchtest_set_up(void **state);
int matchtest_tear_down(void **state);
struct ctx *matchtest_ctx(void **state);
void matchtest_act_as(struct ctx *c, int64_t person); // an officer

// Numbers and postcode may be "".
void matchtest_supplier(struct ctx *c, const char *ref, const char *name, const char *company,
                        const char *charity, const char *vat, const char *postcode);
// A payee with the id, whose matching name the test gives; columns, values: further ones ("" none).
void matchtest_payee(struct ctx *c, int id, const char *key, const char *name, const char *columns,
                     const char *values);
// The same, known to the council under a number of its own ("" none); more: ", company_number = '01234567'".
void matchtest_payee_of_council(struct ctx *c, int id, const char *key, const char *name,
                                const char *supplier_no, const char *more);

void matchtest_run(struct ctx *c); // all payees through all rules
// "tied harrow company_number": state, supplier and rule of a payee.
const char *matchtest_shown(struct ctx *c, int payee);
// "harrow exact_name 900, ostler similar_name 640": what is proposed for a payee, the best first.
const char *matchtest_proposed(struct ctx *c, int payee);
int64_t matchtest_decision(struct ctx *c, int payee); // the newest that is not undone

#endif
