// SPDX-License-Identifier: Apache-2.0
// Names of payees in the form that is compared with registers (spend_name_read of payee.h).
#include <string.h>

#include "cell.h"
#include "payee.h"

enum { WORDS = 48, FOLDED = 512 };

// Base letters of U+00C0..U+017F; '.' marks those that are no letter or become two.
static const char fold_latin[] = "AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY..AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY.Y"  // 00C0
                                 "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII..JJKKKLLLLLLL"  // 0100
                                 "LLLNNNNNNNNNOOOOOO..RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS"; // 0140

// Adds what a code point becomes: the part of Unicode's NFKC that published files need, and accents dropped.
static size_t fold(unsigned u, const char *bytes, size_t len, char *out) {
    if (u >= 0xFF01 && u <= 0xFF5E) {
        u -= 0xFEE0;
    }
    if (u >= 'a' && u <= 'z') {
        u -= 'a' - 'A';
    }
    if (u >= 0xC0 && u <= 0x17F && fold_latin[u - 0xC0] != '.') {
        u = (unsigned char)fold_latin[u - 0xC0];
    }
    const char *two = u == 0xC6 || u == 0xE6     ? "AE"
                      : u == 0x152 || u == 0x153 ? "OE"
                      : u == 0xDF                ? "SS"
                      : u == 0xFB01              ? "FI"
                      : u == 0xFB02              ? "FL"
                                                 : NULL;
    if (two) {
        memcpy(out, two, 2);
        return 2;
    }
    if (u == 0x2018 || u == 0x2019 || u == 0xB4 || u == 0x2BC || u == '`') {
        u = '\'';
    } else if (cell_is_space(u) || (u >= 0x2010 && u <= 0x2015) || u == 0x201C || u == 0x201D ||
               u == 0xFFFD || u == 0x2026 || u == 0x2022 || u == 0xB7 || u == 0xD7) {
        u = ' ';
    }
    if (u == 0x2122 || u == 0xAE || u == 0xA9) {
        return 0;
    }
    if (u < 0x80) {
        *out = (char)u;
        return 1;
    }
    memcpy(out, bytes, len);
    return len;
}

static void fold_text(const char *text, char out[FOLDED]) {
    size_t n = 0;
    while (*text && n + 6 < FOLDED) {
        const char *from = text;
        unsigned u = cell_code_point(&text);
        n += fold(u, from, (size_t)(text - from), out + n);
    }
    out[n] = 0;
}

static bool word_byte(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

// A dot between initials joins ("P.L.C."); elsewhere it parts ("Co.Ltd").
static bool dot_joins(const char *after) {
    return !word_byte(after[0]) || !word_byte(after[1]);
}

struct words {
    char text[FOLDED + 64];
    char *at[WORDS];
    bool bracketed[WORDS];
    size_t n;
};

static void add_word(struct words *w, size_t from, size_t *len, bool bracketed) {
    if (*len > from && w->n < WORDS) {
        w->at[w->n] = w->text + from;
        w->bracketed[w->n++] = bracketed;
        w->text[(*len)++] = 0;
    }
}

// Cuts n bytes of folded text into words.
static void cut(const char *p, size_t n, struct words *w) {
    size_t len = 0, from = 0;
    bool in_brackets = false, word_in_brackets = false;
    w->n = 0;
    for (size_t i = 0; i < n && len + 8 < sizeof w->text; i++) {
        char c = p[i];
        if (word_byte(c)) {
            word_in_brackets = len == from ? in_brackets : word_in_brackets;
            w->text[len++] = c;
        } else if (c == '\'' || (c == '.' && len > from && dot_joins(p + i + 1))) {
            continue;
        } else {
            add_word(w, from, &len, word_in_brackets);
            from = len;
            if (c == '&') {
                memcpy(w->text + len, "AND", 3);
                len += 3;
                add_word(w, from, &len, false);
                from = len;
            }
            in_brackets = c == '(' ? true : c == ')' ? false : in_brackets;
        }
    }
    add_word(w, from, &len, word_in_brackets);
}

static bool tail_is(const struct words *w, const char *const *phrase, size_t count) {
    if (w->n <= count) {
        return false; // a name that is nothing but its legal form stays as it is
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(w->at[w->n - count + i], phrase[i]) != 0) {
            return false;
        }
    }
    return true;
}

// The word is the beginning of another, cut short by a system that cuts names.
static bool cut_short(const char *word, const char *whole, size_t least) {
    size_t n = strlen(word);
    return n >= least && n < strlen(whole) && strncmp(word, whole, n) == 0;
}

static enum spend_form stronger(enum spend_form have, enum spend_form found) {
    // A community interest company is also limited: the more telling form wins.
    return have == FORM_NONE || have == FORM_LTD ? found : have;
}

// "SERVICES L", "SERVICES LI", "COMMUNITY INTEREST COMP" at the end of a long name.
static bool take_cut_form(struct words *w, bool long_text, enum spend_form *form) {
    const char *last = w->n > 1 ? w->at[w->n - 1] : "";
    const char *before = w->n > 3 ? w->at[w->n - 2] : "", *first = w->n > 3 ? w->at[w->n - 3] : "";
    size_t least = long_text && w->n > 3 && before[1] ? 1 : 3; // "H AND L" is no "L" of LIMITED
    if (strcmp(before, "AND") != 0 && (cut_short(last, "LIMITED", least) || strcmp(last, "LT") == 0)) {
        w->n--;
        *form = stronger(*form, FORM_LTD);
        return true;
    }
    bool interest = strcmp(first, "COMMUNITY") == 0 && strcmp(before, "INTEREST") == 0;
    bool liability = strcmp(first, "LIMITED") == 0 && strcmp(before, "LIABILITY") == 0;
    if ((interest && cut_short(last, "COMPANY", 2)) || (liability && cut_short(last, "PARTNERSHIP", 2))) {
        w->n -= 3;
        *form = stronger(*form, interest ? FORM_CIC : FORM_LLP);
        return true;
    }
    return false;
}

// "SERVICESLTD": the form stuck to the last word.
static bool take_stuck_form(struct words *w, enum spend_form *form) {
    static const struct {
        const char *text;
        enum spend_form form;
    } ends[] = {{"LTD", FORM_LTD}, {"LIMITED", FORM_LTD}, {"PLC", FORM_PLC}};
    char *last = w->n ? w->at[w->n - 1] : NULL;
    size_t n = last ? strlen(last) : 0;
    for (size_t i = 0; i < CELL_COUNT(ends); i++) {
        size_t len = strlen(ends[i].text);
        if (n >= len + 4 && strcmp(last + n - len, ends[i].text) == 0) {
            last[n - len] = 0;
            *form = stronger(*form, ends[i].form);
            return true;
        }
    }
    return false;
}

// Takes one legal form off the end.
static bool take_form(struct words *w, bool long_text, enum spend_form *form) {
    static const struct {
        const char *words[3];
        size_t count;
        enum spend_form form;
    } forms[] = {
        {{"LTD"}, 1, FORM_LTD},
        {{"LIMITED"}, 1, FORM_LTD},
        {{"CYF"}, 1, FORM_LTD}, // Welsh
        {{"CYFYNGEDIG"}, 1, FORM_LTD},
        {{"PLC"}, 1, FORM_PLC},
        {{"PUBLIC", "LIMITED", "COMPANY"}, 3, FORM_PLC},
        {{"LLP"}, 1, FORM_LLP},
        {{"LIMITED", "LIABILITY", "PARTNERSHIP"}, 3, FORM_LLP},
        {{"LP"}, 1, FORM_LP},
        {{"CIC"}, 1, FORM_CIC},
        {{"COMMUNITY", "INTEREST", "COMPANY"}, 3, FORM_CIC},
        {{"CIO"}, 1, FORM_CIO},
        {{"CHARITABLE", "INCORPORATED", "ORGANISATION"}, 3, FORM_CIO},
    };
    const char *last = w->n > 1 ? w->at[w->n - 1] : "";
    for (size_t i = 0; i < CELL_COUNT(forms); i++) {
        if (*last == *forms[i].words[forms[i].count - 1] && tail_is(w, forms[i].words, forms[i].count)) {
            w->n -= forms[i].count;
            *form = stronger(*form, forms[i].form);
            return true;
        }
    }
    return take_cut_form(w, long_text, form) || take_stuck_form(w, form);
}

// A long number is the payee's number in the ledger or its account, not its name.
static bool ledger_number(const char *word) {
    size_t n = strlen(word);
    return n >= 7 && strspn(word, "0123456789") == n;
}

static void take_ends(struct words *w, bool long_text, enum spend_form *form, bool *uk) {
    static const char *const the[] = {"THE"};
    bool again = true;
    while (again) {
        again = take_form(w, long_text, form);
        if (tail_is(w, the, 1)) {
            w->n--;
            again = true;
        }
        if (w->n > 1 && w->bracketed[w->n - 1] && strcmp(w->at[w->n - 1], "UK") == 0) {
            w->n--;
            *uk = again = true;
        }
        if (w->n > 1 && ledger_number(w->at[w->n - 1])) {
            w->n--;
            again = true;
        }
    }
    if (w->n > 1 && strcmp(w->at[0], "THE") == 0) {
        w->n--;
        memmove(w->at, w->at + 1, w->n * sizeof *w->at);
    }
    if (w->n > 1 && ledger_number(w->at[0])) {
        w->n--;
        memmove(w->at, w->at + 1, w->n * sizeof *w->at);
    }
}

// Joins the words with blanks, but single letters without: R J SMITH to RJ SMITH.
static void join(const struct words *w, char out[SPEND_KEY_BYTES]) {
    size_t n = 0;
    bool single = false;
    for (size_t i = 0; i < w->n; i++) {
        size_t len = strlen(w->at[i]);
        bool now = len == 1 && w->at[i][0] >= 'A' && w->at[i][0] <= 'Z';
        size_t gap = i > 0 && !(single && now);
        if (n + gap + len >= SPEND_KEY_BYTES) {
            break;
        }
        if (gap) {
            out[n++] = ' ';
        }
        memcpy(out + n, w->at[i], len);
        n += len;
        single = now;
    }
    out[n] = 0;
}

// A legal form with more behind it ("EXAMPLE LTD ROSE HOUSE"): the business is what stands before it.
static size_t form_inside(const struct words *w) {
    static const char *const words[] = {"LTD", "LIMITED", "PLC", "LLP", "CIC"};
    for (size_t i = 1; i + 1 < w->n; i++) {
        if (cell_in_list(w->at[i], words, CELL_COUNT(words)) && strcmp(w->at[i + 1], "COMPANY") != 0 &&
            strncmp(w->at[i + 1], "EDITION", 7) != 0 && strcmp(w->at[i + 1], "LIABILITY") != 0) {
            return i;
        }
    }
    return 0;
}

static bool is_long(size_t bytes) {
    return bytes >= 24;
}

static void clean(const char *p, size_t n, char key[SPEND_KEY_BYTES], enum spend_form *form, bool *uk) {
    struct words w;
    cut(p, n, &w);
    take_ends(&w, is_long(n), form, uk);
    join(&w, key);
}

// The same for a whole name; what stands before a legal form inside it is its other name.
static void clean_whole(const char *text, struct spend_name *ret) {
    struct words w;
    cut(text, strlen(text), &w);
    take_ends(&w, is_long(strlen(text)), &ret->form, &ret->uk);
    join(&w, ret->key);
    size_t inside = form_inside(&w);
    if (inside) {
        bool uk = false;
        w.n = inside + 1;
        take_ends(&w, false, &ret->other_form, &uk);
        join(&w, ret->other);
        ret->split = SPLIT_FORM;
    }
}

struct marker {
    const char *text;
    enum spend_split split;
};

// Finds the first marker that has something on both sides; gives its place and length.
static enum spend_split find_split(const char *s, size_t *ret_at, size_t *ret_len) {
    static const struct marker markers[] = {
        {"T/AS", SPLIT_TRADING_AS},
        {"T/A", SPLIT_TRADING_AS},
        {"T.A.", SPLIT_TRADING_AS},
        {"T\\A", SPLIT_TRADING_AS},
        {"TA", SPLIT_TRADING_AS},
        {"TRADING AS", SPLIT_TRADING_AS},
        {"C/O", SPLIT_CARE_OF},
        {"CARE OF", SPLIT_CARE_OF},
        {"FORMERLY KNOWN AS", SPLIT_FORMERLY},
        {"FORMERLY", SPLIT_FORMERLY},
        {"F/K/A", SPLIT_FORMERLY},
        {"FKA", SPLIT_FORMERLY},
        {"PREVIOUSLY KNOWN AS", SPLIT_FORMERLY},
        {"PREVIOUSLY", SPLIT_FORMERLY},
    };
    for (size_t i = *s ? 1 : 0; s[i]; i++) {
        if (s[i] != '#' && s[i] != 'T' && s[i] != 'C' && s[i] != 'F' && s[i] != 'P') {
            continue; // no marker begins with another letter
        }
        if (s[i] == '#') {
            *ret_at = i;
            *ret_len = 1;
            return SPLIT_HASH;
        }
        if (word_byte(s[i - 1]) || s[i - 1] == '\'') {
            continue;
        }
        for (size_t m = 0; m < CELL_COUNT(markers); m++) {
            size_t len = strlen(markers[m].text);
            if (strncmp(s + i, markers[m].text, len) == 0 && !word_byte(s[i + len]) && s[i + len] != '\'' &&
                s[i + len] != '/') {
                *ret_at = i;
                *ret_len = len;
                return markers[m].split;
            }
        }
    }
    return SPLIT_NONE;
}

void spend_name_read(const char *text, struct spend_name *ret) {
    char folded[FOLDED];
    size_t at = 0, len = 0;
    *ret = (struct spend_name){.split = SPLIT_NONE};
    fold_text(text ? text : "", folded);
    enum spend_split split = find_split(folded, &at, &len);
    if (split == SPLIT_NONE) {
        clean_whole(folded, ret);
        return;
    }
    bool other_uk = false;
    const char *behind = folded + at + len;
    behind += strspn(behind, " (:-");
    behind += strncmp(behind, "WAS ", 4) == 0 ? 4 : 0; // "#was Sample"
    clean(folded, at, ret->key, &ret->form, &ret->uk);
    clean(behind, strlen(behind), ret->other, &ret->other_form, &other_uk);
    // "#1" is a branch number, not a second name; and a marker with nothing in front parts nothing.
    if (ret->other[strspn(ret->other, "0123456789 ")] == 0) {
        ret->other[0] = 0;
        ret->other_form = FORM_NONE;
    }
    if (ret->key[0] == 0) {
        *ret = (struct spend_name){.split = SPLIT_NONE};
        clean_whole(folded, ret);
        return;
    }
    ret->split = ret->other[0] ? split : SPLIT_NONE;
}
