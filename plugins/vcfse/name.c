// SPDX-License-Identifier: Apache-2.0
// Names of organisations as rows of whole words, and how alike two names are.
#include "name.h"

#include <stdint.h>
#include <string.h>

// Plain letters for the second byte (0x80 to 0xBF) of the UTF-8 lead byte 0xC3: Latin letters with accents.
static const char latin_plain[] = "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO OUUUUYTY";

static const char *const company_endings[] = {
    "LTD", "LIMITED",    "PLC", "LLP", "LP",   "CIC", "COMMUNITY INTEREST COMPANY",
    "CYF", "CYFYNGEDIG", "INC", "CIO", "SCIO",
};

static bool is_word_byte(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

static void put(struct vcfse_name *n, char c) {
    if (n->len >= VCFSE_NAME_MAX + 1)
        return;
    if (c == ' ' && n->text[n->len - 1] == ' ')
        return;
    n->text[n->len++] = c;
}

static void put_text(struct vcfse_name *n, const char *s) {
    while (*s)
        put(n, *s++);
}

// Length of the word being written, back to the last blank.
static size_t word_length(const struct vcfse_name *n) {
    size_t k = 0;
    while (n->text[n->len - 1 - k] != ' ')
        k++;
    return k;
}

// "C.I.C." and "P.L.C" are one word: a dot vanishes after a single letter or inside such a run, and at a
// word's end.
static void put_dot(struct vcfse_name *n, const char *raw, const char *p) {
    bool single_before = p > raw && is_word_byte((unsigned char)p[-1]) &&
                         (p - 1 == raw || !is_word_byte((unsigned char)p[-2]));
    if (!is_word_byte((unsigned char)p[1]))
        return;
    if (!single_before)
        put(n, ' ');
}

static void put_slash(struct vcfse_name *n, const char *p) {
    bool alone_after = is_word_byte((unsigned char)p[1]) && !is_word_byte((unsigned char)p[2]);
    put(n, word_length(n) == 1 && alone_after ? '/' : ' ');
}

// Bytes of one UTF-8 sequence that is not plain ASCII; writes what the name keeps of it. Answers the bytes to
// skip.
static size_t put_wide(struct vcfse_name *n, const unsigned char *p) {
    if (p[0] == 0xC3 && p[1] >= 0x80 && p[1] <= 0xBF) {
        put(n, latin_plain[p[1] - 0x80]);
        return 2;
    }
    if (p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0x98 || p[2] == 0x99))
        return 3; // curly apostrophes are dropped like straight ones
    if ((p[0] == 0xE2 && p[1] == 0x80 && p[2]) || (p[0] == 0xC2 && p[1])) {
        put(n, ' ');
        return p[0] == 0xE2 ? 3 : 2;
    }
    put(n, (char)p[0]);
    return 1;
}

void vcfse_name_normalise(const char *raw, struct vcfse_name *ret_name) {
    struct vcfse_name *n = ret_name;
    n->text[0] = ' ';
    n->len = 1;
    for (const char *p = raw ? raw : ""; *p;) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x80) {
            p += put_wide(n, (const unsigned char *)p);
            continue;
        }
        if (c >= 'a' && c <= 'z')
            put(n, (char)(c - 'a' + 'A'));
        else if (is_word_byte(c))
            put(n, (char)c);
        else if (c == '&' || c == '+')
            put_text(n, " AND ");
        else if (c == '.')
            put_dot(n, raw, p);
        else if (c == '/')
            put_slash(n, p);
        else if (c != '\'' && c != '`')
            put(n, ' ');
        p++;
    }
    if (n->text[n->len - 1] != ' ')
        n->text[n->len++] = ' ';
    n->text[n->len] = '\0';
}

bool vcfse_name_has(const struct vcfse_name *name, const char *phrase) {
    size_t len = strlen(phrase);
    for (const char *p = name->text; (p = strstr(p, phrase)) != NULL; p++)
        if (p > name->text && p[-1] == ' ' && p[len] == ' ')
            return true;
    return false;
}

static bool is_noise(const char *word, size_t len) {
    if ((len == 3 && memcmp(word, "THE", 3) == 0) || (len == 2 && memcmp(word, "UK", 2) == 0))
        return true;
    for (size_t i = 0; i < len; i++)
        if (word[i] < '0' || word[i] > '9')
            return false;
    return len > 0;
}

// End of the part that counts: index one past the last byte of the last word that is not noise.
static size_t meaningful_end(const struct vcfse_name *name) {
    size_t end = name->len - 1;
    while (end > 1) {
        size_t start = end;
        while (name->text[start - 1] != ' ')
            start--;
        if (start <= 1 || !is_noise(name->text + start, end - start))
            return end;
        end = start - 1;
    }
    return end;
}

bool vcfse_name_ends(const struct vcfse_name *name, const char *phrase) {
    size_t end = meaningful_end(name), len = strlen(phrase);
    return len && end > len && memcmp(name->text + end - len, phrase, len) == 0 &&
           name->text[end - len - 1] == ' ';
}

bool vcfse_name_starts(const struct vcfse_name *name, const char *phrase) {
    const char *p = name->text + 1;
    size_t len = strlen(phrase);
    if (strncmp(p, "THE ", 4) == 0)
        p += 4;
    return strncmp(p, phrase, len) == 0 && p[len] == ' ';
}

bool vcfse_name_has_company_ending(const struct vcfse_name *name) {
    for (size_t i = 0; i < sizeof company_endings / sizeof company_endings[0]; i++)
        if (vcfse_name_ends(name, company_endings[i]))
            return true;
    return false;
}

// Cuts noise, a first THE and all company endings. Sets the part of name->text that is left.
static void core_part(const struct vcfse_name *name, const char **ret_start, size_t *ret_len) {
    struct vcfse_name cut = *name;
    bool again = true;
    while (again) {
        size_t end = meaningful_end(&cut);
        again = false;
        cut.len = end + 1;
        cut.text[end] = ' ';
        cut.text[end + 1] = '\0';
        for (size_t i = 0; i < sizeof company_endings / sizeof company_endings[0]; i++) {
            size_t len = strlen(company_endings[i]);
            if (cut.len > len + 3 && vcfse_name_ends(&cut, company_endings[i])) {
                cut.len -= len + 1;
                cut.text[cut.len] = '\0';
                again = true;
                break;
            }
        }
    }
    size_t start = 1;
    if (strncmp(cut.text + 1, "THE ", 4) == 0 && cut.len > 6)
        start = 5;
    *ret_start = name->text + start;
    *ret_len = cut.len > start ? cut.len - 1 - start : 0;
}

static int edit_distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    int row[VCFSE_NAME_MAX + 2];
    for (size_t j = 0; j <= b_len; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a_len; i++) {
        int corner = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_len; j++) {
            int up = row[j];
            int best = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            if (up + 1 < best)
                best = up + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            corner = up;
        }
    }
    return row[b_len];
}

int vcfse_name_similarity_milli(const char *a, const char *b) {
    struct vcfse_name na, nb;
    const char *pa, *pb;
    size_t la, lb;
    vcfse_name_normalise(a, &na);
    vcfse_name_normalise(b, &nb);
    core_part(&na, &pa, &la);
    core_part(&nb, &pb, &lb);
    if (la == 0 || lb == 0)
        return 0;
    int longer = (int)(la > lb ? la : lb);
    return 1000 - 1000 * edit_distance(pa, la, pb, lb) / longer;
}

static bool same_postcode(const char *a, const char *b) {
    if (!a || !b)
        return false;
    size_t letters = 0;
    for (;;) {
        while (*a == ' ')
            a++;
        while (*b == ' ')
            b++;
        char ca = *a >= 'a' && *a <= 'z' ? (char)(*a - 'a' + 'A') : *a;
        char cb = *b >= 'a' && *b <= 'z' ? (char)(*b - 'a' + 'A') : *b;
        if (ca != cb)
            return false;
        if (!ca)
            return letters >= 5;
        letters++;
        a++;
        b++;
    }
}

bool vcfse_register_agrees(const char *name, const char *postcode, const char *register_name,
                           const char *register_postcode) {
    int alike = vcfse_name_similarity_milli(name, register_name);
    return alike >= 850 || (alike >= 400 && same_postcode(postcode, register_postcode));
}
