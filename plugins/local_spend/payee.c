// SPDX-License-Identifier: Apache-2.0
// Payees: is the name there, and was it redacted.
#include "payee.h"

#include <string.h>

#include "cell.h"

// Words that say by themselves that something was taken out.
static bool says_redacted(const char *word) {
    static const char *const words[] = {"REDACT",  "REDACTION", "REDACTIONS",
                                        "REDACTE", "REDATCED",  "REDCATED"};
    return word[0] == 'R' && word[1] == 'E' &&
           (strncmp(word, "REDACTED", 8) == 0 || cell_in_list(word, words, CELL_COUNT(words)));
}

// Words that do so when the whole name is made of such words and of those below.
static bool is_strong(const char *word) {
    static const char *const words[] = {
        "PERSONAL",  "WITHHELD",   "ANONYMISED",  "ANONYMOUS",  "CONFIDENTIAL", "CONFIDENCE",
        "SENSITIVE", "GDPR",       "DPA",         "INDIVIDUAL", "INDIVIDUALS",  "SUPPRESSED",
        "HIDDEN",    "PROTECTION", "UNDISCLOSED", "PRIVATE",    "UNPUBLISHED",
    };
    return cell_in_list(word, words, CELL_COUNT(words));
}

static bool is_weak(const char *word) {
    static const char *const words[] = {
        "DATA",      "DETAIL",  "DETAILS",     "INFORMATION", "INFO",      "NAME",        "NAMES",
        "SUPPLIER",  "PAYEE",   "VENDOR",      "PAYMENT",     "ACT",       "UNDER",       "DP",
        "PROTECTED", "REMOVED", "EXEMPT",      "NOT",         "DISCLOSED", "PUBLISHED",   "FOR",
        "DUE",       "TO",      "OF",          "THE",         "IN",        "FOI",         "FOIA",
        "SECTION",   "S40",     "40",          "1998",        "2018",      "COMMERCIAL",  "COMMERCIALLY",
        "PERSON",    "PERSONS", "PUBLICATION", "REASONS",     "RECIPIENT", "BENEFICIARY", "CLIENT",
        "CARER",     "AN",      "NAMED",       "FROM",
    };
    return cell_in_list(word, words, CELL_COUNT(words));
}

// Whole names whose words say nothing alone.
static bool says_withheld(const char *name) {
    static const char *const names[] = {
        "NOT DISCLOSED",           "NAME NOT DISCLOSED",     "NOT PUBLISHED",     "NAME NOT PUBLISHED",
        "NOT FOR PUBLICATION",     "NAME REMOVED",           "NAMES REMOVED",     "DETAILS REMOVED",
        "EXEMPT FROM PUBLICATION", "EXEMPT FROM DISCLOSURE", "DISCLOSURE EXEMPT", "EXEMPT INFORMATION",
        "NON DISCLOSABLE",         "NON DISCLOSED",          "SECTION 40",        "SECTION 40 EXEMPTION",
    };
    return cell_in_list(name, names, CELL_COUNT(names));
}

// A name made of one letter only, "XXXXXX", or of stars.
static bool is_mask(const char *text) {
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (*p == 'X' || *p == 'x' || *p == '*') {
            n++;
        } else if (*p != ' ') {
            return false;
        }
    }
    return n >= 4 || (n >= 3 && strchr(text, '*'));
}

enum spend_payee_kind spend_payee_kind(const char *text) {
    char words[512];
    bool only_redaction_words = true, strong = false;
    if (!text || cell_blank(text)) {
        return PAYEE_NONE;
    }
    if (is_mask(text)) {
        return PAYEE_REDACTED;
    }
    if (cell_stands_for_nothing(text)) {
        return PAYEE_NONE;
    }
    cell_words(words, sizeof words, text);
    if (says_withheld(words)) {
        return PAYEE_REDACTED;
    }
    for (char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        bool last = p[n] == 0;
        p[n] = 0;
        if (says_redacted(p)) {
            return PAYEE_REDACTED;
        }
        if (only_redaction_words) { // most names say something else with their first word
            bool s = is_strong(p);
            strong |= s;
            only_redaction_words = s || is_weak(p);
        }
        p += n + !last;
    }
    return strong && only_redaction_words ? PAYEE_REDACTED : PAYEE_NAMED;
}
