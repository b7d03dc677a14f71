// SPDX-License-Identifier: Apache-2.0
// Labelled payments: reading them, decoys, the published method, audit and figures.
#include "db/goldtest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME = 3,
    AMOUNT = 5,
    CLEAN = 6,
    NAKED = 7,
    COMPANY = 8,
    COMPANY_NO = 9,
    CHARITY_NO = 10,
    METHOD = 12,
    CELLS = 13
};

const char *gold_folder(void) {
    static char path[512];
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    snprintf(path, sizeof path, "%s/gold", root ? root : SOURCE_DIR "/../shared/data");
    return path;
}

// ---- reading

// Cuts one line of CSV into cells, in place; true when there are enough.
static bool cut(char *line, char *cells[CELLS]) {
    size_t n = 0;
    char *p = line;
    while (n < CELLS) {
        char *out = p;
        bool quoted = *p == '"';
        cells[n++] = out;
        p += quoted;
        while (*p && (quoted || (*p != ',' && *p != '\n' && *p != '\r'))) {
            if (quoted && *p == '"') {
                quoted = p[1] == '"';
                p++;
                if (!quoted) {
                    continue;
                }
            }
            *out++ = *p++;
        }
        bool more = *p == ',';
        *out = 0;
        if (!more) {
            break;
        }
        p++;
    }
    return n == CELLS;
}

static void trim(char *s) {
    size_t n = strlen(s);
    while (n && isspace((unsigned char)s[n - 1])) {
        s[--n] = 0;
    }
}

static int64_t pence_of(const char *s) {
    bool minus = *s == '-';
    int64_t pounds = strtoll(s + minus, NULL, 10);
    const char *dot = strchr(s, '.');
    int64_t pence = dot && isdigit((unsigned char)dot[1]) ? (dot[1] - '0') * 10 : 0;
    pence += dot && dot[1] && isdigit((unsigned char)dot[2]) ? dot[2] - '0' : 0;
    return (minus ? -1 : 1) * (pounds * 100 + pence);
}

static void *grow(void *list, size_t n, size_t size) {
    if ((n & (n - 1)) == 0) {
        list = realloc(list, (n ? 2 * n : 1) * size);
        if (!list) {
            abort();
        }
    }
    return list;
}

static char *copy(const char *s) {
    char *out = strdup(s);
    if (!out) {
        abort();
    }
    return out;
}

static void add_entry(struct gold *g, const char *name, const char *number, bool decoy) {
    g->entry = grow(g->entry, g->entries, sizeof *g->entry);
    g->entry[g->entries++] = (struct gold_entry){.name = copy(name), .number = copy(number), .decoy = decoy};
    g->decoys += decoy;
}

// A table from texts to numbers, kept simple: names are few.
struct table {
    size_t *slot;
    size_t mask;
};

static size_t hash(const char *s) {
    uint64_t h = 1469598103934665603u;
    for (; *s; s++) {
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    }
    return (size_t)(h ^ h >> 29);
}

static size_t *slot_of(struct table *t, const struct gold *g, const char *text, bool entries) {
    size_t at = hash(text) & t->mask;
    while (t->slot[at]) {
        size_t i = t->slot[at] - 1;
        if (strcmp(entries ? g->entry[i].number : g->payee[i].name, text) == 0) {
            break;
        }
        at = (at + 1) & t->mask;
    }
    return &t->slot[at];
}

static void take_row(struct gold *g, char *cells[CELLS], struct table *payees, struct table *entries) {
    char number[64];
    for (int i = 0; i < CELLS; i++) {
        trim(cells[i]);
    }
    snprintf(number, sizeof number, "%s%s",
             *cells[COMPANY_NO]   ? cells[COMPANY_NO]
             : *cells[CHARITY_NO] ? "H"
                                  : "",
             *cells[COMPANY_NO] ? "" : cells[CHARITY_NO]);
    size_t *slot = slot_of(payees, g, cells[NAME], false);
    if (!*slot) {
        g->payee = grow(g->payee, g->payees, sizeof *g->payee);
        g->payee[g->payees++] = (struct gold_payee){.name = copy(cells[NAME]),
                                                    .number = copy(number),
                                                    .company = copy(cells[COMPANY]),
                                                    .clean = copy(cells[CLEAN]),
                                                    .naked = copy(cells[NAKED]),
                                                    .method = (int)(strtod(cells[METHOD], NULL) * 10 + 0.5)};
        *slot = g->payees;
    }
    g->payee[*slot - 1].pence += pence_of(cells[AMOUNT]);
    slot = slot_of(entries, g, number, true);
    if (*number && !*slot) {
        add_entry(g, cells[COMPANY], number, false);
        *slot = g->entries;
    }
}

static bool read_file(struct gold *g, const char *name, struct table *payees, struct table *entries) {
    char path[600], *line = NULL, *cells[CELLS];
    size_t cap = 0;
    snprintf(path, sizeof path, "%s/%s", gold_folder(), name);
    FILE *f = fopen(path, "r");
    if (!f) {
        return false;
    }
    bool head = true;
    while (getline(&line, &cap, f) > 0) {
        if (!head && cut(line, cells)) {
            take_row(g, cells, payees, entries);
        }
        head = false;
    }
    free(line);
    fclose(f);
    return true;
}

// ---- decoys

// The name without its last word LTD, LIMITED, PLC and the like.
static void stem(const char *name, char out[256]) {
    snprintf(out, 256, "%s", name);
    for (char *last = strrchr(out, ' '); last; last = strrchr(out, ' ')) {
        if (strcmp(last, " LIMITED") != 0 && strcmp(last, " LTD") != 0 && strcmp(last, " LTD.") != 0 &&
            strcmp(last, " PLC") != 0 && strcmp(last, " LLP") != 0) {
            break;
        }
        *last = 0;
    }
}

// Half of the numbers lie before and half behind those of real companies.
static void decoy_number(size_t h, size_t i, unsigned *made, char out[16]) {
    unsigned n = ++*made;
    snprintf(out, 16, "%08u", (h / (n * 7 + 1) % 2 ? 1u : 90000000u) + (unsigned)(i * 8 % 800000) + n);
}

static void decoys_of(struct gold *g, size_t i) {
    char base[256], name[400], number[16], other[256];
    size_t h = hash(g->entry[i].number);
    unsigned made = 0;
    stem(g->entry[i].name, base);
    if (h % 5 == 0) {
        decoy_number(h, i, &made, number);
        add_entry(g, g->entry[i].name, number, true);
    }
    if (h % 3 == 0) {
        static const char *const ends[] = {"(NORTH)", "(UK)", "HOLDINGS", "GROUP", "PROPERTIES", "(LEEDS)"};
        decoy_number(h, i, &made, number);
        snprintf(name, sizeof name, "%s %s LIMITED", base, ends[h / 3 % 6]);
        add_entry(g, name, number, true);
    }
    if (h % 4 == 0) { // its first word, another's rest
        stem(g->entry[(i * 7 + 13) % (i + 1)].name, other);
        const char *rest = strchr(other, ' ');
        decoy_number(h, i, &made, number);
        snprintf(name, sizeof name, "%.*s%s LIMITED", (int)strcspn(base, " "), base,
                 rest ? rest : " SERVICES");
        add_entry(g, name, number, true);
    }
    if (h % 6 == 0) { // one letter off
        size_t n = strlen(base), at = n ? n / 2 : 0;
        decoy_number(h, i, &made, number);
        snprintf(name, sizeof name, "%.*s%c%s LIMITED", (int)at, base, base[at] == 'E' ? 'A' : 'E',
                 n ? base + at + 1 : "");
        add_entry(g, name, number, true);
    }
}

// The name in upper case without its furniture, as the published method does it.
static char *naked_of(const char *name) {
    static const char *const furniture[] = {" LTD.", " LTD",    " LIMITED", " LLP",
                                            " PLC",  " L.L.P.", " P.L.C."};
    char out[400];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof out; n++) {
        out[n] = (char)toupper((unsigned char)name[n]);
    }
    out[n] = 0;
    char *as = strstr(out, " T/A");
    if (as) {
        *as = 0;
    }
    for (size_t i = 0; i < sizeof furniture / sizeof *furniture; i++) {
        size_t len = strlen(furniture[i]), have = strlen(out);
        if (have > len && strcmp(out + have - len, furniture[i]) == 0) {
            out[have - len] = 0;
        }
    }
    return copy(out);
}

struct gold *gold_read(void) {
    struct gold *g = calloc(1, sizeof *g);
    struct table payees = {.mask = 32767}, entries = {.mask = 32767};
    payees.slot = calloc(payees.mask + 1, sizeof *payees.slot);
    entries.slot = calloc(entries.mask + 1, sizeof *entries.slot);
    if (!g || !payees.slot || !entries.slot) {
        abort();
    }
    bool there = read_file(g, "bolton_2019.csv", &payees, &entries) &&
                 read_file(g, "salford_2019.csv", &payees, &entries);
    free(payees.slot);
    free(entries.slot);
    if (!there) {
        gold_free(g);
        return NULL;
    }
    for (size_t i = 0, real = g->entries; i < real; i++) {
        decoys_of(g, i);
    }
    for (size_t i = g->entries - 1; i > 0; i--) { // mixed, so that no order tells which are decoys
        size_t other = hash(g->entry[i].number) % (i + 1);
        struct gold_entry e = g->entry[i];
        g->entry[i] = g->entry[other];
        g->entry[other] = e;
    }
    for (size_t i = 0; i < g->entries; i++) {
        g->entry[i].naked = naked_of(g->entry[i].name);
    }
    return g;
}

void gold_free(struct gold *g) {
    for (size_t i = 0; i < g->entries; i++) {
        free(g->entry[i].name);
        free(g->entry[i].number);
        free(g->entry[i].naked);
    }
    for (size_t i = 0; i < g->payees; i++) {
        free(g->payee[i].name);
        free(g->payee[i].number);
        free(g->payee[i].company);
        free(g->payee[i].clean);
        free(g->payee[i].naked);
    }
    free(g->entry);
    free(g->payee);
    free(g);
}

// ---- the published method

static bool before(const struct gold *g, size_t a, size_t b) {
    return b == 0 || strcmp(g->entry[a - 1].number, g->entry[b - 1].number) < 0;
}

void gold_published(const struct gold *g, struct gold_answer *ret) {
    for (size_t p = 0; p < g->payees; p++) {
        size_t exact = 0, less = 0;
        for (size_t e = 1; e <= g->entries; e++) {
            const struct gold_entry *x = &g->entry[e - 1];
            if (strcasecmp(x->name, g->payee[p].clean) == 0 && before(g, e, exact)) {
                exact = e;
            }
            if (*g->payee[p].naked && strcmp(x->naked, g->payee[p].naked) == 0 && before(g, e, less)) {
                less = e;
            }
        }
        ret[p] = (struct gold_answer){.entry = exact ? exact : less, .score = exact || less ? 1000 : 0};
    }
}

// ---- audit

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
        if (!*p->number && ours[i].entry && !g->entry[ours[i].entry - 1].decoy) {
            char *mine = naked_of(p->name);
            p->doubt = same_letters(mine, g->entry[ours[i].entry - 1].naked) ? GOLD_MISSED : GOLD_FINE;
            free(mine);
        }
    }
}

// ---- figures

static int32_t milli(int64_t part, int64_t whole) {
    return whole > 0 ? (int32_t)(part * 1000 / whole) : 0;
}

struct gold_figures gold_measure(const struct gold *g, const struct gold_answer *a, int32_t least,
                                 bool audited) {
    struct gold_figures f = {0};
    for (size_t i = 0; i < g->payees; i++) {
        const struct gold_payee *p = &g->payee[i];
        if (p->pence <= 0 || (audited && p->doubt != GOLD_FINE)) {
            continue;
        }
        f.payees++;
        f.pence += p->pence;
        f.labelled_pence += *p->number ? p->pence : 0;
        if (!a[i].entry || a[i].score < least) {
            continue;
        }
        bool right = *p->number && strcmp(g->entry[a[i].entry - 1].number, p->number) == 0;
        f.right += right;
        f.wrong += !right;
        f.right_pence += right ? p->pence : 0;
        f.wrong_pence += right ? 0 : p->pence;
    }
    f.precision_milli = milli(f.right_pence, f.right_pence + f.wrong_pence);
    f.recall_milli = milli(f.right_pence, f.labelled_pence);
    return f;
}

int32_t gold_threshold(const struct gold *g, const struct gold_answer *a, int32_t precision_milli,
                       bool audited) {
    int32_t best = 1001;
    for (int32_t s = 1000; s >= 500; s -= 5) {
        struct gold_figures f = gold_measure(g, a, s, audited);
        if (f.right_pence > 0 && f.precision_milli >= precision_milli) {
            best = s;
        }
    }
    return best;
}

void gold_print(const char *what, int32_t least, const struct gold_figures *f) {
    printf("  %-46s %4d   precision %3d.%d %%   recall %3d.%d %%   right %5zu GBP %11lld   wrong %4zu GBP "
           "%10lld\n",
           what, least, f->precision_milli / 10, f->precision_milli % 10, f->recall_milli / 10,
           f->recall_milli % 10, f->right, (long long)(f->right_pence / 100), f->wrong,
           (long long)(f->wrong_pence / 100));
}

void gold_print_audit(const struct gold *g) {
    static const char *const words[GOLD_DOUBTS] = {
        [GOLD_PERSON] = "joined by name, but the payee looks like a person",
        [GOLD_GENERAL] = "joined by a name that is short or general",
        [GOLD_PUBLIC] = "a public body joined to a company",
        [GOLD_OTHER] = "joined, but the names share no telling word",
        [GOLD_MISSED] = "not joined, but a company of the register has the name",
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

void gold_print_wrong(const struct gold *g, const struct gold_answer *a) {
    for (size_t i = 0; i < g->payees; i++) {
        const struct gold_payee *p = &g->payee[i];
        bool right = a[i].entry && strcmp(g->entry[a[i].entry - 1].number, p->number) == 0;
        if (!right && p->pence > 0 && (a[i].entry || *p->number)) {
            printf("%d;%lld;%d;%s;%s;%s;%s\n", a[i].score, (long long)(p->pence / 100), p->method, p->name,
                   p->company, a[i].entry ? g->entry[a[i].entry - 1].name : "",
                   a[i].entry && g->entry[a[i].entry - 1].decoy ? "decoy" : "");
        }
    }
}
