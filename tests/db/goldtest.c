// SPDX-License-Identifier: Apache-2.0
// Labelled payments: reading them, decoys, and the method by which most labels were made.
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

// The file of a publisher who gives the company numbers of its suppliers.
enum { OWN_NAME = 6, OWN_COMPANY_NO = 8, OWN_AMOUNT = 14, OWN_CELLS = 25, CELLS_MOST = 25 };

const char *gold_folder(void) {
    static char path[512];
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    snprintf(path, sizeof path, "%s", root ? root : SOURCE_DIR "/../shared/data");
    return path;
}

// ---- reading

// Cuts one line of CSV into cells, in place; true when there are enough.
static bool cut(char *line, char *cells[CELLS_MOST], size_t want) {
    size_t n = 0;
    char *p = line;
    while (n < want) {
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
    return n == want;
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

static void take_row(struct gold *g, char *cells[CELLS_MOST], unsigned file, struct table *payees,
                     struct table *entries) {
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
    g->payee[*slot - 1].files |= file;
    slot = slot_of(entries, g, number, true);
    if (*number && !*slot) {
        add_entry(g, cells[COMPANY], number, false);
        *slot = g->entries;
    }
}

// The name in upper case without its furniture, as the published method does it.
char *gold_naked(const char *name) {
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

static void upper(const char *s, char out[256]) {
    size_t n = 0;
    for (; s[n] && n < 255; n++) {
        out[n] = (char)toupper((unsigned char)s[n]);
    }
    out[n] = 0;
}

// A payee of the publisher who gives numbers: the label is that number, when the register has it.
static void take_own_row(struct gold *g, char *cells[CELLS_MOST], struct table *payees,
                         struct table *entries) {
    char number[16], clean[256];
    size_t n = strspn(cells[OWN_COMPANY_NO], "0123456789");
    trim(cells[OWN_NAME]);
    trim(cells[OWN_COMPANY_NO]);
    if (strlen(cells[OWN_COMPANY_NO]) > 8 || strlen(cells[OWN_COMPANY_NO]) < 6 || !*cells[OWN_NAME] ||
        strspn(cells[OWN_COMPANY_NO] + (n ? 0 : 2), "0123456789") + (n ? 0 : 2) !=
            strlen(cells[OWN_COMPANY_NO])) {
        return; // N/A, Nil
    }
    snprintf(number, sizeof number, "%.*s%s", (int)(8 - strlen(cells[OWN_COMPANY_NO])), "00",
             cells[OWN_COMPANY_NO]);
    size_t *entry = slot_of(entries, g, number, true), *slot = slot_of(payees, g, cells[OWN_NAME], false);
    if (!*slot) {
        upper(cells[OWN_NAME], clean);
        char *naked = gold_naked(clean);
        g->payee = grow(g->payee, g->payees, sizeof *g->payee);
        g->payee[g->payees++] = (struct gold_payee){.name = copy(cells[OWN_NAME]),
                                                    .number = copy(*entry ? number : ""),
                                                    .company = copy(*entry ? g->entry[*entry - 1].name : ""),
                                                    .clean = copy(clean),
                                                    .naked = naked,
                                                    .files = GOLD_WAKEFIELD};
        *slot = g->payees;
    }
    g->payee[*slot - 1].pence += pence_of(cells[OWN_AMOUNT]);
}

static bool read_file(struct gold *g, const char *name, unsigned file, struct table *payees,
                      struct table *entries) {
    char path[600], *line = NULL, *cells[CELLS_MOST];
    size_t cap = 0;
    snprintf(path, sizeof path, "%s/%s", gold_folder(), name);
    FILE *f = fopen(path, "r");
    if (!f) {
        return false;
    }
    bool head = true;
    while (getline(&line, &cap, f) > 0) {
        if (!head && cut(line, cells, file == GOLD_WAKEFIELD ? OWN_CELLS : CELLS)) {
            if (file == GOLD_WAKEFIELD) {
                take_own_row(g, cells, payees, entries);
            } else {
                take_row(g, cells, file, payees, entries);
            }
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

// The letters and digits of a name as a number: the same for other cases and dots.
static uint64_t letters(const char *s) {
    uint64_t h = 1469598103934665603u;
    for (; *s; s++) {
        if (isalnum((unsigned char)*s)) {
            h = (h ^ (unsigned char)toupper((unsigned char)*s)) * 1099511628211u;
        }
    }
    return h ^ h >> 29;
}

// A fifth of the names is held out, whatever their case; and the names of Salford that Bolton has too are
// not held out from what was tuned on Bolton.
static void mark_parts(struct gold *g) {
    for (size_t i = 0; i < g->payees; i++) {
        struct gold_payee *p = &g->payee[i];
        uint64_t mine = letters(p->name);
        p->held = mine % 5 == 0;
        for (size_t k = 0; k < g->payees && !p->known_there; k++) {
            p->known_there = (g->payee[k].files & GOLD_BOLTON) && letters(g->payee[k].name) == mine;
        }
    }
}

struct gold *gold_read(void) {
    struct gold *g = calloc(1, sizeof *g);
    struct table payees = {.mask = 32767}, entries = {.mask = 32767}, own = {.mask = 32767};
    payees.slot = calloc(payees.mask + 1, sizeof *payees.slot);
    entries.slot = calloc(entries.mask + 1, sizeof *entries.slot);
    own.slot = calloc(own.mask + 1, sizeof *own.slot);
    if (!g || !payees.slot || !entries.slot || !own.slot) {
        abort();
    }
    bool there = read_file(g, "gold/bolton_2019.csv", GOLD_BOLTON, &payees, &entries) &&
                 read_file(g, "gold/salford_2019.csv", GOLD_SALFORD, &payees, &entries) &&
                 read_file(g, "spend/wakefield_clean_2018-Q4.csv", GOLD_WAKEFIELD, &own, &entries);
    free(payees.slot);
    free(entries.slot);
    free(own.slot);
    mark_parts(g);
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
        g->entry[i].naked = gold_naked(g->entry[i].name);
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
