// SPDX-License-Identifier: Apache-2.0
// Register numbers of UK organisations: shape checks and one canonical spelling for each.
#ifndef VCFSE_NUMBERS_H
#define VCFSE_NUMBERS_H

#include <stdbool.h>

// Canonical text of a company number is always 8 characters.
#define VCFSE_COMPANY_NUMBER_SIZE 9
// The longest charity number is "NIC" and six digits.
#define VCFSE_CHARITY_NUMBER_SIZE 12
#define VCFSE_MUTUAL_NUMBER_SIZE  8

// What the first letters (and, for societies, the last letter or the series) of a Companies House number say.
enum vcfse_number_kind {
    VCFSE_NUMBER_BAD = 0,      // not a number of this register
    VCFSE_NUMBER_COMPANY,      // eight digits, SC, NI, R0
    VCFSE_NUMBER_CIO,          // CE: charitable incorporated organisation, England and Wales
    VCFSE_NUMBER_SCIO,         // CS: Scottish charitable incorporated organisation
    VCFSE_NUMBER_SOCIETY,      // IP, SP, NP, RS: a registered society whose kind the number does not tell
    VCFSE_NUMBER_COOPERATIVE,  // RS004...: registered since 2014 as a co-operative society
    VCFSE_NUMBER_BENEFIT,      // RS007...: registered since 2014 as a community benefit society
    VCFSE_NUMBER_CREDIT_UNION, // NO prefix, or the last letter C
    VCFSE_NUMBER_BUILDING,     // last letter B
    VCFSE_NUMBER_FRIENDLY,     // last letter F
    VCFSE_NUMBER_PARTNERSHIP,  // OC, SO, NC (LLP), LP, SL, NL (limited partnership)
    VCFSE_NUMBER_CHARTER,      // RC, SR, NR: royal charter
    VCFSE_NUMBER_OTHER,        // a known prefix of another kind (overseas, insurer, investment company ...)
};

// Which of the three charity regulators a charity number belongs to.
enum vcfse_charity_kind {
    VCFSE_CHARITY_BAD = 0,
    VCFSE_CHARITY_ENGLAND,          // 5 to 7 digits: Charity Commission for England and Wales
    VCFSE_CHARITY_SCOTLAND,         // SC and 6 digits: OSCR
    VCFSE_CHARITY_NORTHERN_IRELAND, // NIC and 6 digits: CCNI
};

// Checks a Companies House number and writes its canonical form: capitals, no blanks, digits filled up with
// zeros
// ("5375" becomes "00005375", "sc 12" becomes "SC000012").
// raw: what was typed, may be NULL. ret_number: VCFSE_COMPANY_NUMBER_SIZE bytes, untouched when the result is
// BAD. Source: the prefix list Companies House publishes for its numbers; society series of the Mutuals
// Public Register.
enum vcfse_number_kind vcfse_company_number(const char *raw, char *ret_number);

// Checks a charity number and writes its canonical form. A linked-charity tail ("-3") is cut off.
// ret_number: VCFSE_CHARITY_NUMBER_SIZE bytes, untouched when the result is BAD.
enum vcfse_charity_kind vcfse_charity_number(const char *raw, char *ret_number);

// Checks a number of the Mutuals Public Register: one to five digits, then R, C, B, F or nothing.
// 4000 to 4999 without a letter is a co-operative society, 7000 to 7999 a community benefit society.
// ret_number: VCFSE_MUTUAL_NUMBER_SIZE bytes, untouched when the result is BAD.
enum vcfse_number_kind vcfse_mutual_number(const char *raw, char *ret_number);

#endif
