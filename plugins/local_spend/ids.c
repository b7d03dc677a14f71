// SPDX-License-Identifier: Apache-2.0
// Register numbers, postcodes and flags as payments files give them, brought to one form or dropped.
#include "ids.h"

#include <string.h>

#include "cell.h"

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static bool letter(char c) {
    return c >= 'A' && c <= 'Z';
}

// Upper-case letters and digits of text without blanks; 0 when there is nothing, or too much for out.
static size_t squeeze(const char *text, char *out, size_t cap) {
    char words[64];
    size_t n = 0;
    if (cell_words(words, sizeof words, text) >= sizeof words - 4) {
        return 0;
    }
    for (const char *p = words; *p; p++) {
        if (*p == ' ') {
            continue;
        }
        if (n + 1 >= cap) {
            return 0;
        }
        out[n++] = *p;
    }
    out[n] = 0;
    return n;
}

static bool digits_only(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!digit(p[i])) {
            return false;
        }
    }
    return n > 0;
}

// A9 A99 A9A AA9 AA99 AA9A
static bool is_outward(const char *p, size_t n) {
    if (n < 2 || n > 4 || !letter(p[0])) {
        return false;
    }
    size_t i = letter(p[1]) ? 2 : 1;
    if (i >= n || !digit(p[i]) || n - i > 2) {
        return false;
    }
    return n - i == 1 || digit(p[n - 1]) || letter(p[n - 1]);
}

bool spend_postcode(const char *text, char out[SPEND_POSTCODE_BYTES]) {
    char s[SPEND_POSTCODE_BYTES];
    size_t n = squeeze(text, s, sizeof s);
    if (is_outward(s, n)) {
        memcpy(out, s, n + 1);
        return true;
    }
    if (n < 5 || n > 7 || !is_outward(s, n - 3) || !digit(s[n - 3]) || !letter(s[n - 2]) ||
        !letter(s[n - 1])) {
        return false;
    }
    memcpy(out, s, n - 3);
    out[n - 3] = ' ';
    memcpy(out + n - 2, s + n - 3, 4);
    return true;
}

// Prefixes of company numbers: Companies House, and the registers whose numbers it shows.
static bool known_prefix(const char *p) {
    static const char known[] =
        "AC ZC FC GE LP OC SE SA SZ SF GS SL SO SC ES NA NZ NF GN NL NC NI EN IP SP IC SI "
        "NP NV RC SR NR NO CE CS RS OE ";
    for (const char *k = known; *k; k += 3) {
        if (k[0] == p[0] && k[1] == p[1]) {
            return true;
        }
    }
    return false;
}

bool spend_company_number(const char *text, char out[SPEND_COMPANY_BYTES]) {
    char s[16];
    size_t n = squeeze(text, s, sizeof s), letters = 0;
    while (letters < n && letter(s[letters])) {
        letters++;
    }
    bool irish = letters == 1 && n == 8 && s[0] == 'R' && s[1] == '0'; // older numbers of Northern Ireland
    if (n < 3 || n > 8 || (letters != 0 && !irish && (letters != 2 || !known_prefix(s)))) {
        return false;
    }
    size_t digits = n - letters;
    bool tail = letters == 2 && n == 8 && letter(s[n - 1]);
    if (!digits_only(s + letters, digits - tail)) {
        return false;
    }
    size_t pad = 8 - n, zeros = strspn(s + letters, "0");
    if (zeros == digits) {
        return false;
    }
    memcpy(out, s, letters);
    memset(out + letters, '0', pad);
    memcpy(out + letters + pad, s + letters, digits + 1);
    return true;
}

bool spend_charity_number(const char *text, char out[SPEND_CHARITY_BYTES]) {
    char words[32], s[SPEND_CHARITY_BYTES];
    size_t n = squeeze(text, s, sizeof s);
    if (n >= 8 && n <= 9 && strncmp(s, "NIC", 3) == 0 && digits_only(s + 3, n - 3)) {
        memcpy(out, s, n + 1);
        return true;
    }
    if (n == 8 && s[0] == 'S' && s[1] == 'C' && digits_only(s + 2, 6)) {
        memcpy(out, s, n + 1);
        return true;
    }
    // "1234567-1" is a linked charity of 1234567: two words here.
    size_t len = cell_words(words, sizeof words, text), main = strcspn(words, " ");
    size_t linked = main < len ? len - main - 1 : 0;
    if (main < 5 || main > 7 || !digits_only(words, main) || words[0] == '0' || linked > 3 ||
        (linked && !digits_only(words + main + 1, linked))) {
        return false;
    }
    memcpy(out, words, len + 1);
    if (linked) {
        out[main] = '-';
    }
    return true;
}

bool spend_vat_number(const char *text, char out[SPEND_VAT_BYTES]) {
    char s[20];
    size_t n = squeeze(text, s, sizeof s), from = n > 2 && s[0] == 'G' && s[1] == 'B' ? 2 : 0;
    int sum = 0;
    if ((n - from != 9 && n - from != 12) || !digits_only(s + from, n - from)) {
        return false;
    }
    const char *d = s + from;
    for (int i = 0; i < 7; i++) {
        sum += (8 - i) * (d[i] - '0');
    }
    int check = (d[7] - '0') * 10 + (d[8] - '0');
    if (sum == 0 || ((sum + check) % 97 != 0 && (sum + check + 55) % 97 != 0)) {
        return false;
    }
    memcpy(out, d, 9);
    out[9] = 0;
    return true;
}

enum spend_flag spend_vcse_flag(const char *text) {
    static const char *const yes[] = {"Y",
                                      "YES",
                                      "TRUE",
                                      "T",
                                      "1",
                                      "VCSE",
                                      "VCS",
                                      "VCFSE",
                                      "VSO",
                                      "CHARITY",
                                      "VOLUNTARY",
                                      "VCSE GRANT",
                                      "GRANT",
                                      "VOLUNTARY ORGANISATION",
                                      "SOCIAL ENTERPRISE"};
    static const char *const no[] = {"N", "NO", "FALSE", "F", "0", "NON VCSE", "NOT VCSE"};
    char words[40];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, yes, CELL_COUNT(yes)) ? FLAG_YES
           : cell_in_list(words, no, CELL_COUNT(no)) ? FLAG_NO
                                                     : FLAG_UNKNOWN;
}
