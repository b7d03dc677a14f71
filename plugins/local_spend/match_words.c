// SPDX-License-Identifier: Apache-2.0
// Names taken apart and compared, in whole numbers only.
#include "match_words.h"

#include "cell.h"
#include "match_lists.h"

#include <string.h>

// ---- taking apart

static bool is_digits(const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return false;
        }
    }
    return n > 0;
}

static uint8_t weight_of(enum word_class cls, size_t len) {
    switch (cls) {
    case WORD_NOISE:
        return 0;
    case WORD_WEAK:
        return 1;
    case WORD_APART:
    case WORD_PLACE:
    case WORD_NUMBER:
        return 3;
    case WORD_COMMON:
        return 4;
    default:
        return len >= 6 ? 10 : len >= 3 ? 8 : 4;
    }
}

// The canonical form of one word, and its class.
static const char *canonical(const char *s, size_t *len, enum word_class *cls) {
    const char *full = word_in_full(s, *len);
    if (full) {
        s = full;
        *len = strlen(full);
    }
    *cls = WORD_OWN;
    if (word_listed(s, *len, cls)) {
        return s;
    }
    if (is_digits(s, *len)) {
        *cls = WORD_NUMBER;
        return s;
    }
    bool plural = *len >= 4 && s[*len - 1] == 'S' && !strchr("SUI", s[*len - 2]);
    if (plural) {
        (*len)--;
        word_listed(s, *len, cls);
    }
    return s;
}

static void add(struct name_words *n, size_t *used, const char *s, size_t len, enum word_class cls) {
    // NORTH WEST is one word of place, as NORTHWEST and NW are.
    struct name_word *last = n->n ? &n->w[n->n - 1] : NULL;
    bool east_west = (len == 4 && memcmp(s, "WEST", 4) == 0) || (len == 4 && memcmp(s, "EAST", 4) == 0);
    if (last && east_west && last->len == 5 &&
        (memcmp(last->s, "NORTH", 5) == 0 || memcmp(last->s, "SOUTH", 5) == 0)) {
        (*used)--; // takes the NUL back
        memcpy(n->text + *used, s, len);
        *used += len;
        n->text[(*used)++] = 0;
        last->len = (uint8_t)(last->len + len);
        return;
    }
    char *at = n->text + *used;
    memcpy(at, s, len);
    at[len] = 0;
    *used += len + 1;
    n->w[n->n++] =
        (struct name_word){.s = at, .len = (uint8_t)len, .weight = weight_of(cls, len), .cls = (uint8_t)cls};
}

static void squeeze(struct name_words *n) {
    size_t len = 0;
    for (size_t i = 0; i < n->n; i++) {
        const struct name_word *w = &n->w[i];
        n->own += w->cls == WORD_OWN;
        n->common += w->cls == WORD_COMMON;
        if (w->cls != WORD_NOISE && len + w->len < sizeof n->squeezed) {
            memcpy(n->squeezed + len, w->s, w->len);
            len += w->len;
        }
    }
    n->squeezed[len] = 0;
    n->squeezed_len = len;
}

// "4 SEASONS" is FOUR SEASONS: a digit in front is part of the name, not the number of a branch.
static const char *digit_in_front(const char *s, size_t *len, enum word_class *cls) {
    static const char *const words[] = {"ZERO", "ONE", "TWO",   "THREE", "FOUR",
                                        "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"};
    if (*len != 1 || *s < '0' || *s > '9') {
        return s;
    }
    *cls = WORD_OWN;
    *len = strlen(words[*s - '0']);
    return words[*s - '0'];
}

void name_words_read(const char *key, struct name_words *ret) {
    size_t used = 0;
    ret->n = 0;
    ret->own = ret->common = 0;
    while (*key && ret->n < NAME_WORDS) {
        size_t len = strcspn(key, " "), full = len;
        enum word_class cls;
        const char *s = canonical(key, &len, &cls);
        s = ret->n == 0 && key[full] ? digit_in_front(s, &len, &cls) : s;
        if (used + len + 8 >= sizeof ret->text || len > 200) {
            break;
        }
        if (len) {
            add(ret, &used, s, len, cls);
        }
        key += full + (key[full] == ' ');
    }
    squeeze(ret);
}

// ---- kinds of names

bool name_words_generic(const struct name_words *n) {
    size_t own_letters = 0;
    for (size_t i = 0; i < n->n; i++) {
        own_letters += n->w[i].cls == WORD_OWN ? n->w[i].len : 0;
    }
    return own_letters < 3 || (own_letters == 3 && n->common == 0);
}

bool name_words_specific(const struct name_words *n) {
    int telling = 0, places = 0;
    for (size_t i = 0; i < n->n; i++) {
        telling += n->w[i].cls == WORD_COMMON || n->w[i].cls == WORD_OWN;
        places += n->w[i].cls == WORD_PLACE;
    }
    return telling + places >= 3 || (telling >= 1 && places >= 1);
}

bool name_words_person(const struct name_words *n) {
    if (n->n < 2 || n->n > 3) {
        return false;
    }
    const struct name_word *first = &n->w[0], *last = &n->w[n->n - 1];
    if (n->n == 2 && last->len <= 2 && last->cls == WORD_OWN && first->cls == WORD_OWN && first->len >= 3) {
        return true; // SMITH J
    }
    bool names = word_given_name(first->s, first->len) || first->len <= 2;
    bool middle = n->n == 2 || n->w[1].len <= 2 || word_given_name(n->w[1].s, n->w[1].len);
    return names && middle && last->cls == WORD_OWN && last->len >= 3 && first->cls != WORD_NUMBER &&
           first->cls != WORD_COMMON;
}

// A letter with which a title begins, at the start of a word, and the word is short: a first look at every
// name.
static bool may_hold_title(const char *name) {
    bool start = true;
    for (const char *p = name; *p; p++) {
        bool letter = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z');
        if (start && letter && strchr("MDRPmdrp", *p)) {
            size_t n = 1;
            while (n < 7 && ((p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= 'a' && p[n] <= 'z'))) {
                n++;
            }
            if (n >= 2 && n <= 6) {
                return true;
            }
        }
        start = !letter;
    }
    return false;
}

bool name_titled(const char *name) {
    static const char *const titles[] = {"MR", "MRS", "MS",  "MISS", "MASTER",
                                         "MX", "DR",  "REV", "REVD", "PROF"};
    static const char *const no_person[] = {"LTD",      "LIMITED",  "LLP",      "PLC",
                                            "CIC",      "CIO",      "PARTNERS", "SURGERY",
                                            "PRACTICE", "SERVICES", "TRUST",    "COMPANY"};
    char words[160];
    size_t n = 0, titled = 0, longest = 0;
    bool doctor = false;
    if (!may_hold_title(name) || cell_words(words, sizeof words, name) == 0) {
        return false;
    }
    for (char *p = words; *p; n++) {
        size_t len = strcspn(p, " ");
        bool last = p[len] == 0;
        p[len] = 0;
        enum word_class cls;
        if (cell_in_list(p, no_person, CELL_COUNT(no_person)) ||
            (word_listed(p, len, &cls) && cls == WORD_COMMON)) {
            return false;
        }
        bool title = cell_in_list(p, titles, CELL_COUNT(titles));
        doctor |= title && (strcmp(p, "DR") == 0 || strcmp(p, "MASTER") == 0);
        titled += title && (n < 3 || last);
        longest = !title && len > longest ? len : longest;
        p += len + !last;
    }
    // "Dr Martens" is no doctor; "Mr Smith" is a person.
    return titled > 0 && longest >= 2 && n >= titled + 1 + (doctor ? 1u : 0u) && n <= titled + 4;
}

// ---- likeness

static int least(int a, int b) {
    return a < b ? a : b;
}

// Whether one edit at most leads from the longer text to the other: all before it and all behind it is the
// same.
static bool one_edit(const char *a, size_t na, const char *b, size_t nb) {
    size_t front = 0, back = 0;
    while (front < nb && a[front] == b[front]) {
        front++;
    }
    while (back < nb - front && a[na - 1 - back] == b[nb - 1 - back]) {
        back++;
    }
    size_t left_a = na - front - back, left_b = nb - front - back;
    bool swapped = left_a == 2 && left_b == 2 && a[front] == b[front + 1] && a[front + 1] == b[front];
    return left_a <= 1 || swapped;
}

// Damerau-Levenshtein (optimal string alignment), given up when every way costs more than `most`. What both
// begin and end with costs nothing and is left away; of the table only the band is filled in which no more
// than `most` letters are added or missing, so the work grows with the length times `most`.
int name_edits(const char *a, size_t na, const char *b, size_t nb, int most) {
    int rows[3][NAME_BYTES + 1];
    size_t gap = na > nb ? na - nb : nb - na, band = (size_t)most;
    if (gap > band || na >= NAME_BYTES || nb >= NAME_BYTES) {
        return most + 1;
    }
    if (most <= 1) {
        bool same = na == nb && memcmp(a, b, na) == 0;
        bool one = na >= nb ? one_edit(a, na, b, nb) : one_edit(b, nb, a, na);
        return same ? 0 : most == 1 && one ? 1 : most + 1;
    }
    for (; na && nb && *a == *b; a++, b++) {
        na--, nb--;
    }
    for (; na && nb && a[na - 1] == b[nb - 1]; na--) {
        nb--;
    }
    for (size_t j = 0; j <= nb && j <= band; j++) {
        rows[0][j] = (int)j;
    }
    for (size_t i = 1; i <= na; i++) {
        int *row = rows[i % 3], *up = rows[(i + 2) % 3], *upper = rows[(i + 1) % 3], best = most + 1;
        size_t from = i > band ? i - band : 0, to = i + band < nb ? i + band : nb;
        for (size_t j = from; j <= to; j++) {
            int v = j == 0 ? (int)i : up[j - 1] + (a[i - 1] != b[j - 1]);
            if (j > 0 && j + 1 <= i + band) {
                v = least(v, up[j] + 1); // up[j] lies in the band of the row before
            }
            if (j > from) {
                v = least(v, row[j - 1] + 1);
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                v = least(v, upper[j - 2] + 1);
            }
            row[j] = v;
            best = least(best, v);
        }
        if (best > most) {
            return most + 1;
        }
    }
    int all = rows[na % 3][nb];
    return all > most ? most + 1 : all;
}

// How alike two words are, in hundredths; `ends`: both or one is the last of its name, which systems cut.
static int words_alike(const struct name_word *a, const struct name_word *b, bool ends) {
    if (a->len == b->len && memcmp(a->s, b->s, a->len) == 0) {
        return 100;
    }
    if (a->cls == WORD_NUMBER || b->cls == WORD_NUMBER) {
        return 0;
    }
    size_t small = a->len < b->len ? a->len : b->len;
    if (memcmp(a->s, b->s, small) == 0) {
        return small >= 4 ? 80 : ends && small >= 2 ? 75 : small == 1 ? 40 : 0;
    }
    int edits = small >= 9 ? 2 : small >= 5 ? 1 : 0;
    int found = edits ? name_edits(a->s, a->len, b->s, b->len, edits) : 1;
    return found > edits ? 0 : found == 1 ? 85 : 75;
}

struct pairing {
    const struct name_words *a, *b;
    bool used_a[NAME_WORDS], used_b[NAME_WORDS];
    int32_t same;  // weights of words that are paired, times 100
    int own_pairs; // pairs of words that make a name
};

// Pairs words that are at least this alike, in order.
static void pair(struct pairing *p, int at_least) {
    for (size_t i = 0; i < p->a->n; i++) {
        const struct name_word *x = &p->a->w[i];
        for (size_t j = 0; j < p->b->n && !p->used_a[i]; j++) {
            const struct name_word *y = &p->b->w[j];
            bool ends = (i + 1 == p->a->n || j + 1 == p->b->n) && p->a->n > 1 && p->b->n > 1;
            int alike =
                p->used_b[j] || x->cls == WORD_NOISE || y->cls == WORD_NOISE ? 0 : words_alike(x, y, ends);
            if (alike >= at_least) {
                p->used_a[i] = p->used_b[j] = true;
                p->same += (x->weight + y->weight) * alike;
                p->own_pairs += x->cls == WORD_OWN && y->cls == WORD_OWN && alike >= 75;
            }
        }
    }
}

enum { LEFT_INITIALS = 1u << 8 }; // beside a bit for each class

// One or two letters in front of a name, as of a person who founded the business.
static bool is_initials(const struct name_words *n, size_t i) {
    return i == 0 && n->n > 1 && n->w[i].cls == WORD_OWN && n->w[i].len <= 2;
}

// Which classes are left over on one side.
static unsigned left_over(const struct name_words *n, const bool *used, int32_t *weight) {
    unsigned classes = 0;
    for (size_t i = 0; i < n->n; i++) {
        *weight += n->w[i].weight * 100;
        // A long number is an account, not part of the name.
        if (!used[i] && !(n->w[i].cls == WORD_NUMBER && n->w[i].len >= 4)) {
            classes |= is_initials(n, i) ? LEFT_INITIALS : 1u << n->w[i].cls;
        }
    }
    return classes;
}

static unsigned clash_of(unsigned a, unsigned b, int own_pairs) {
    unsigned both = a & b, one = a ^ b, clash = 0;
    clash |= both & 1u << WORD_PLACE ? CLASH_PLACES : one & 1u << WORD_PLACE ? CLASH_PLACE : 0;
    clash |= both & 1u << WORD_APART ? CLASH_APART_BOTH : one & 1u << WORD_APART ? CLASH_APART : 0;
    clash |= both & 1u << WORD_NUMBER ? CLASH_NUMBERS : one & 1u << WORD_NUMBER ? CLASH_NUMBER : 0;
    clash |= both & 1u << WORD_OWN ? CLASH_OWN : 0;
    clash |= both & 1u << WORD_COMMON ? CLASH_TRADE : 0;
    clash |= one & LEFT_INITIALS ? CLASH_INITIAL : 0;
    clash |= own_pairs <= 1 && one & 1u << WORD_COMMON ? CLASH_THIN : 0;
    return clash;
}

// Likeness of the names without their blanks: "LEAGU E", "RIVER SIDE", and letters that were mistyped.
static int32_t squeezed_alike(const struct name_words *a, const struct name_words *b) {
    size_t small = a->squeezed_len < b->squeezed_len ? a->squeezed_len : b->squeezed_len;
    if (small < 6) {
        return 0;
    }
    if (small >= 20 && a->squeezed_len != b->squeezed_len && memcmp(a->squeezed, b->squeezed, small) == 0) {
        return 860; // one of the two was cut short
    }
    int most = small >= 24 ? 3 : small >= 14 ? 2 : small >= 8 ? 1 : 0;
    int found = name_edits(a->squeezed, a->squeezed_len, b->squeezed, b->squeezed_len, most);
    return found > most ? 0 : 930 - 50 * found - (small < 12 ? 40 * found : 0);
}

// Digits in order; "TEAM 24" and "TEAM 42" are one swap apart and yet two names.
static bool same_digits(const char *a, const char *b) {
    for (;; a++, b++) {
        a += strcspn(a, "0123456789");
        b += strcspn(b, "0123456789");
        if (*a != *b) {
            return false;
        }
        if (!*a) {
            return true;
        }
    }
}

// Letters that stand for names of persons: "RJ" in front, which is no title, single letters anywhere. A bit
// for each.
static uint32_t initials_of(const struct name_words *n) {
    static const char *const titles[] = {"DR", "MR", "MS", "MX"};
    uint32_t letters = 0;
    for (size_t i = 0; i < n->n; i++) {
        const struct name_word *w = &n->w[i];
        bool two = i == 0 && w->len == 2 && w->cls == WORD_OWN;
        bool initials = w->len == 1 || (two && !cell_in_list(w->s, titles, CELL_COUNT(titles)));
        for (size_t k = 0; k < w->len && initials; k++) {
            letters |= w->s[k] >= 'A' && w->s[k] <= 'Z' ? 1u << (w->s[k] - 'A') : 0;
        }
    }
    return letters;
}

// DR A SAMPLE and DR B SAMPLE are one letter apart, and two doctors.
static bool other_initials(const struct name_words *a, const struct name_words *b) {
    uint32_t x = initials_of(a), y = initials_of(b);
    return (x & ~y) && (y & ~x);
}

int32_t name_words_alike(const struct name_words *a, const struct name_words *b, unsigned *ret_clash) {
    struct pairing p = {.a = a, .b = b};
    int32_t weight = 0;
    if (a->n == 0 || b->n == 0) {
        return 0;
    }
    pair(&p, 100);
    pair(&p, 70);
    pair(&p, 40);
    unsigned left_a = left_over(a, p.used_a, &weight), left_b = left_over(b, p.used_b, &weight);
    *ret_clash = clash_of(left_a, left_b, p.own_pairs);
    int32_t score = p.own_pairs > 0 || (p.same == weight && !name_words_generic(a))
                        ? (int32_t)((int64_t)p.same * 900 / (weight ? weight : 1))
                        : 0;
    if (other_initials(a, b)) {
        *ret_clash |= CLASH_INITIALS;
    } else if (same_digits(a->squeezed, b->squeezed)) {
        int32_t squeezed = squeezed_alike(a, b);
        if (squeezed > score) {
            score = squeezed;
            *ret_clash &= ~(unsigned)(CLASH_OWN | CLASH_TRADE | CLASH_INITIAL | CLASH_THIN);
        }
    }
    return score;
}

// ---- blocks

static uint64_t mix(uint64_t h, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
    }
    return h;
}

static uint64_t begin(unsigned kind) {
    return (UINT64_C(14695981039346656037) ^ kind) * UINT64_C(1099511628211);
}

static uint64_t end(uint64_t h) {
    return h ^ h >> 29;
}

// First letter and the other consonants, runs made one: what survives most misspellings.
static uint64_t skeleton(uint64_t h, const struct name_word *w) {
    char last = 0;
    for (size_t i = 0; i < w->len; i++) {
        char c = w->s[i];
        if ((i > 0 && strchr("AEIOUYHW", c)) || c == last) {
            continue;
        }
        last = c;
        h = mix(h, &c, 1);
    }
    return mix(h, " ", 1);
}

static int by_text(const struct name_word *a, const struct name_word *b) {
    int c = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    return c ? c : (int)a->len - (int)b->len;
}

// The words that tell something, in order of the alphabet.
static uint64_t sorted_hash(const struct name_word **w, size_t n) {
    uint64_t h = begin(2);
    for (size_t i = 1; i < n; i++) {
        for (size_t j = i; j > 0 && by_text(w[j - 1], w[j]) > 0; j--) {
            const struct name_word *t = w[j];
            w[j] = w[j - 1];
            w[j - 1] = t;
        }
    }
    for (size_t i = 0; i < n; i++) {
        h = mix(mix(h, w[i]->s, w[i]->len), " ", 1);
    }
    return end(h);
}

struct blocks {
    uint64_t *out;
    uint32_t most, n;
};

static void put(struct blocks *b, uint64_t h) {
    for (uint32_t i = 0; i < b->n; i++) {
        if (b->out[i] == h) {
            return;
        }
    }
    if (b->n < b->most) {
        b->out[b->n++] = h;
    }
}

static void put_words(struct blocks *b, const struct name_word **w, size_t n) {
    const struct name_word *x = w[0], *y = n > 1 ? w[1] : NULL;
    if (y) {
        put(b, end(mix(mix(mix(begin(3), x->s, x->len), " ", 1), y->s, y->len)));
        put(b, end(mix(mix(mix(begin(4), x->s, x->len), " ", 1), y->s, y->len < 3 ? y->len : 3)));
        put(b, end(skeleton(skeleton(begin(5), x), y)));
    }
    const struct name_word *own[2] = {NULL, NULL};
    for (size_t i = 0; i < n; i++) {
        if (w[i]->cls == WORD_OWN && w[i]->len >= 4) {
            own[own[0] ? 1 : 0] = own[0] && own[1] ? own[1] : w[i];
        }
    }
    if (own[0]) {
        put(b, end(mix(begin(6), own[0]->s, own[0]->len)));
        put(b, end(skeleton(begin(7), own[0])));
    }
    if (own[1]) {
        put(b, end(mix(begin(6), own[1]->s, own[1]->len)));
    }
}

uint32_t name_words_blocks(const struct name_words *n, uint64_t *ret, uint32_t most) {
    struct blocks b = {.out = ret, .most = most};
    const struct name_word *telling[NAME_WORDS];
    size_t count = 0;
    for (size_t i = 0; i < n->n; i++) {
        if (n->w[i].cls == WORD_OWN || n->w[i].cls == WORD_COMMON) {
            telling[count++] = &n->w[i];
        }
    }
    if (n->squeezed_len >= 3) {
        put(&b, end(mix(begin(1), n->squeezed, n->squeezed_len)));
    }
    if (n->squeezed_len >= 10) {
        put(&b, end(mix(begin(8), n->squeezed, 9)));
    }
    if (count > 0) {
        put_words(&b, telling, count);
        put(&b, sorted_hash(telling, count));
    }
    return b.n;
}
