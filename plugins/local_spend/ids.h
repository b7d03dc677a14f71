// SPDX-License-Identifier: Apache-2.0
// Register numbers, postcodes and flags as payments files give them, brought to one form or dropped.
#ifndef LOCAL_SPEND_IDS_H
#define LOCAL_SPEND_IDS_H

#include <stdbool.h>
#include <stddef.h>

#define SPEND_POSTCODE_BYTES 12
#define SPEND_COMPANY_BYTES  12
#define SPEND_CHARITY_BYTES  16
#define SPEND_VAT_BYTES      12

enum spend_flag { FLAG_UNKNOWN, FLAG_NO, FLAG_YES };

// "wn11aa", "WN1 1AA" to "WN1 1AA"; an outward code alone ("WN1", as in "first 4 digits") is kept as such.
// False and out untouched for anything else. Form: BS 7666.
bool spend_postcode(const char *text, char out[SPEND_POSTCODE_BYTES]);

// A company number in the eight characters of Companies House: eight digits, or two letters and six digits,
// or two letters, five digits and a letter; short numbers are padded ("209503" to "00209503"). The letters
// must be a prefix that Companies House or the registers beside it use. False for N/A, EXEMPT, "Not yet
// available", zeros and what has not the form.
bool spend_company_number(const char *text, char out[SPEND_COMPANY_BYTES]);

// A charity number: 5 to 7 digits for England and Wales (a "-1" for a linked charity is kept), SC and six
// digits for Scotland, NIC and six digits for Northern Ireland.
bool spend_charity_number(const char *text, char out[SPEND_CHARITY_BYTES]);

// A United Kingdom VAT number to its nine digits; "GB" in front and the three digits of a branch behind are
// dropped. False unless the check digits agree (modulus 97, with or without the 55 of numbers since 2010).
bool spend_vat_number(const char *text, char out[SPEND_VAT_BYTES]);

// Y, Yes, True, VCSE and the like; N, No, False; else FLAG_UNKNOWN.
enum spend_flag spend_vcse_flag(const char *text);

#endif
