// SPDX-License-Identifier: Apache-2.0
// Numbers of the public registers: one spelling for each. Pure.
#ifndef ANCHORAGE_DOMAIN_REGISTER_NUMBER_H
#define ANCHORAGE_DOMAIN_REGISTER_NUMBER_H

#include <stdbool.h>

#define COMPANY_NUMBER_BYTES 9 // always eight characters
#define CHARITY_NUMBER_BYTES 12

// A Companies House number in capitals, without blanks, its digits filled up with zeros ("5375" gives
// "00005375", "sc 12" gives "SC000012"). False, and out untouched, when it has not the form of one. Prefixes:
// the list Companies House publishes for its numbers.
bool company_number_tidy(const char *raw, char out[COMPANY_NUMBER_BYTES]);

// A charity number of England and Wales (five to seven digits, a tail like "-1" of a linked charity is cut
// off), Scotland (SC and six digits) or Northern Ireland (NIC and six digits).
bool charity_number_tidy(const char *raw, char out[CHARITY_NUMBER_BYTES]);

#endif
