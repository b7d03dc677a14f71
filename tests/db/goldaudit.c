// SPDX-License-Identifier: Apache-2.0
// Labels that are not believed, by rules that do not use the matcher.
#include "db/goldtest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_word(const char *upper, const char *word) {
    size_t n = strlen(word);
    for (const char *p = strstr(upper, word); p; p = strstr(p + 1, word)) {
        if ((p == upper || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[n])) {
            return true;
        }
    }
    return false;
}

static bool has_any(const char *upper, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (has_word(upper, words[i])) {
            return true;
        }
    }
    return false;
}
#define HAS_ANY(upper, list) has_any(upper, list, sizeof(list) / sizeof *(list))

static const char *const public_words[] = {"COUNCIL", "NHS",     "POLICE",   "UNIVERSITY",
                                           "HMRC",    "ACADEMY", "SCHOOL",   "HOSPITAL",
                                           "BOROUGH", "COLLEGE", "MINISTRY", "DEPARTMENT"};
static const char *const dress[] = {"LTD",   "LIMITED", "PLC",   "LLP",      "THE", "AND",
                                    "OF",    "UK",      "CARE",  "SERVICES", "CO",  "COMPANY",
                                    "GROUP", "SERVICE", "TRUST", "SOLUTIONS"};

// Words of three letters and more that both have, and that are not what many have.
static bool share_a_word(const char *a, const char *b) {
    char word[64];
    while (*a) {
        size_t n = 0;
        while (*a && !isalnum((unsigned char)*a)) {
            a++;
        }
        while (isalnum((unsigned char)*a) && n + 1 < sizeof word) {
            word[n++] = *a++;
        }
        word[n] = 0;
        if (n >= 3 && !HAS_ANY(word, dress) && has_word(b, word)) {
            return true;
        }
        if (n == 0 && *a) {
            a++;
        }
    }
    return false;
}

static size_t letters_without_dress(const char *upper) {
    char word[64];
    size_t sum = 0;
    while (*upper) {
        size_t n = 0;
        while (isalnum((unsigned char)*upper) && n + 1 < sizeof word) {
            word[n++] = *upper++;
        }
        word[n] = 0;
        sum += n && !HAS_ANY(word, dress) ? n : 0;
        upper += *upper && !isalnum((unsigned char)*upper);
    }
    return sum;
}

static bool looks_like_a_person(const char *upper) {
    static const char *const titles[] = {"MR", "MRS", "MISS", "MS", "DR"};
    size_t first = strcspn(upper, " "), rest = upper[first] ? strlen(upper + first + 1) : 0;
    bool two = rest > 2 && !strchr(upper + first + 1, ' ');
    return !HAS_ANY(upper, dress) &&
           (HAS_ANY(upper, titles) || (two && first <= 2 && isalpha((unsigned char)*upper)));
}

static void upper_of(const char *s, char out[256]) {
    size_t n = 0;
    for (; s[n] && n < 255; n++) {
        out[n] = (char)toupper((unsigned char)s[n]);
    }
    out[n] = 0;
}

// The same letters and digits in the same order.
static bool same_letters(const char *a, const char *b) {
    for (;; a++, b++) {
        while (*a && !isalnum((unsigned char)*a)) {
            a++;
        }
        while (*b && !isalnum((unsigned char)*b)) {
            b++;
        }
        if (*a != *b) {
            return false;
        }
        if (!*a) {
            return true;
        }
    }
}

static size_t letters_of(const char *s, char out[64]) {
    size_t n = 0;
    for (; *s && n < 63; s++) {
        if (isalnum((unsigned char)*s)) {
            out[n++] = *s;
        }
    }
    out[n] = 0;
    return n;
}

// At most two letters more, less or another, in names of ten letters and more.
static bool nearly_same(const char *a, const char *b) {
    char x[64], y[64];
    size_t nx = letters_of(a, x), ny = letters_of(b, y), row[65], before;
    for (size_t j = 0; j <= ny; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= nx; i++) {
        before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= ny; j++) {
            size_t was = row[j], best = before + (x[i - 1] != y[j - 1]);
            best = was + 1 < best ? was + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            before = was;
        }
    }
    return nx >= 10 && ny >= 10 && row[ny] <= 2;
}

static enum gold_doubt doubt_of(const struct gold_payee *p) {
    char name[256], company[256];
    upper_of(p->name, name);
    upper_of(p->company, company);
    bool by_name = p->method == 10 || p->method == 30;
    if (!by_name) {
        return GOLD_FINE; // made from registers of care homes, schools and trusts, or by hand
    }
    if (looks_like_a_person(name)) {
        return GOLD_PERSON;
    }
    if (letters_without_dress(name) < 4) {
        return GOLD_GENERAL;
    }
    if (p->method == 30 && HAS_ANY(name, public_words) && !HAS_ANY(company, public_words)) {
        return GOLD_PUBLIC;
    }
    return share_a_word(name, company) || letters_without_dress(name) < 6 ? GOLD_FINE : GOLD_OTHER;
}

void gold_audit(struct gold *g, const struct gold_answer *ours) {
    for (size_t i = 0; i < g->payees; i++) {
        struct gold_payee *p = &g->payee[i];
        p->doubt = *p->number ? doubt_of(p) : GOLD_FINE;
        if (!*p->number && !(p->files & GOLD_WAKEFIELD) && ours[i].entry &&
            !g->entry[ours[i].entry - 1].decoy) {
            char *mine = gold_naked(p->name);
            const char *theirs = g->entry[ours[i].entry - 1].naked;
            p->doubt = same_letters(mine, theirs)  ? GOLD_MISSED
                       : nearly_same(mine, theirs) ? GOLD_NEARLY
                                                   : GOLD_FINE;
            free(mine);
        }
    }
}

void gold_print_audit(const struct gold *g) {
    static const char *const words[GOLD_DOUBTS] = {
        [GOLD_PERSON] = "joined by name, but the payee looks like a person",
        [GOLD_GENERAL] = "joined by a name that is short or general",
        [GOLD_PUBLIC] = "a public body joined to a company",
        [GOLD_OTHER] = "joined, but the names share no telling word",
        [GOLD_MISSED] = "not joined, but an entry of the register has the name",
        [GOLD_NEARLY] = "not joined, but an entry has it but for a letter or two",
    };
    printf("\nLabels that are not believed\n");
    for (int d = GOLD_PERSON; d < GOLD_DOUBTS; d++) {
        size_t n = 0;
        int64_t pence = 0;
        for (size_t i = 0; i < g->payees; i++) {
            n += (int)g->payee[i].doubt == d;
            pence += (int)g->payee[i].doubt == d ? g->payee[i].pence : 0;
        }
        printf("  %-58s %5zu payees GBP %11lld\n", words[d], n, (long long)(pence / 100));
    }
}
