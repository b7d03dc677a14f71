// SPDX-License-Identifier: Apache-2.0
// Payees of a file under way. Three steps: cells -> (by the matcher) matching name and numbers -> payee.
#include "spend/load_payees.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/intern.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MOST    (LOAD_PAYEES + LOAD_PAYEES / 4) // spellings: cells differ more than payees
#define CELL_BYTES    400                             // of one cell; what is longer is no name
#define TEXT_MOST     ((size_t)48 * 1024 * 1024)
#define SCRATCH_BYTES ((size_t)64 * 1024 * 1024)
#define AT_ONCE       2000 // parties read
#define PARTY_TEXTS   9
#define KNOWN_HINT    300000 // ids in use are not more than these by much, but may be fewer

struct payee {
    const char *texts; // name, key, other, form, number, company, charity, VAT, postcode; each ends with NUL
    int64_t id;
    int8_t kind; // ANC_PARTY_*
    bool fresh, paid;
};

struct payees {
    struct provider matcher;
    int64_t anchor_id, top;
    struct intern *cells;
    unsigned used;       // cells the file has
    int at[PAYEE_CELLS]; // where each stands among them, -1 not there
    uint32_t *payee_of;  // of cells
    uint32_t read;       // cells read so far
    struct known *known; // (matching name, ident) -> id
    struct known *paid;  // matching name -> id, for names alone
    struct pairs *by_id; // id -> payee
    struct payee *list;
    uint32_t count, cap;
    int64_t fresh;
    struct arena *text, *scratch;
};

enum err payees_new(struct ctx *c, int64_t anchor_id, const bool has[PAYEE_CELLS], struct payees **ret) {
    struct provider matcher;
    enum err e = matcher_find(c, &matcher);
    if (e != ERR_OK) {
        return e;
    }
    struct payees *p = calloc(1, sizeof *p);
    uint32_t *of = malloc(CELLS_MOST * sizeof *of);
    if (!p || !of) {
        free(p);
        free(of);
        return ctx_fail(c, ERR_BUSY, "no memory for payees");
    }
    p->matcher = matcher;
    p->anchor_id = anchor_id;
    for (int i = 0; i < PAYEE_CELLS; i++) {
        p->at[i] = has[i] ? (int)p->used++ : -1;
    }
    p->cells = intern_new(p->used, CELLS_MOST, TEXT_MOST);
    p->payee_of = of;
    p->known = known_new(0);
    p->paid = known_new(0);
    p->by_id = pairs_new();
    p->text = arena_new(2 * TEXT_MOST);
    p->scratch = arena_new(SCRATCH_BYTES);
    *ret = p;
    return ERR_OK;
}

void payees_free(struct payees *p) {
    if (p) {
        intern_free(p->cells);
        free(p->payee_of);
        known_free(p->known);
        known_free(p->paid);
        pairs_free(p->by_id);
        free(p->list);
        arena_free(p->text);
        arena_free(p->scratch);
        free(p);
    }
}

// They come as a stream, so that the server reads the next while these are put in.
enum err payees_learn(struct ctx *c, struct payees *p, int64_t top) {
    struct copy_out *o;
    known_free(p->known);
    p->known = known_new(top < KNOWN_HINT ? (size_t)top : KNOWN_HINT);
    p->top = top;
    enum err e = copy_out_begin(c, &sql_load_payees_known, 3, &o);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 1; copy_out_row(o); i++) {
        const char *key[2];
        for (int k = 0; k < 2; k++) {
            size_t n;
            const char *text = copy_out_text(o, 1 + k, &n);
            key[k] = arena_strndup(p->scratch, text, n);
        }
        known_put(p->known, key, 2, copy_out_i64(o, 0));
        if (i % AT_ONCE == 0) {
            arena_reset(p->scratch);
        }
    }
    arena_reset(p->scratch);
    return copy_out_end(o);
}

enum err payees_learn_paid(struct ctx *c, struct payees *p) {
    struct rows *r;
    enum err e = DB_ROWS(c, load_paid_by, &r, arena_i64(c->arena, p->anchor_id));
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        const char *name = row_text(r, i, "match_name");
        known_put(p->paid, &name, 1, row_i64(r, i, "id"));
    }
    return e;
}

void payees_hash(const struct payees *p, struct payee_cells *k) {
    for (int i = 0; i < PAYEE_CELLS; i++) {
        if (p->at[i] < 0) {
            continue;
        }
        uint32_t n = k->length[i];
        if (n > CELL_BYTES) { // between two characters
            n = CELL_BYTES;
            while (n > 0 && ((unsigned char)k->text[i][n] & 0xc0) == 0x80) {
                n--;
            }
        }
        k->text[p->at[i]] = k->text[i]; // never behind i
        k->length[p->at[i]] = n;
    }
    k->hash = intern_hash(p->cells, k->text, k->length);
    intern_near(p->cells, k->hash);
}

void payees_peek(const struct payees *p, const struct payee_cells *k) {
    intern_peek(p->cells, k->hash);
}

uint32_t payees_put(struct payees *p, const struct payee_cells *k) {
    return p->count < LOAD_PAYEES ? intern_put_hashed(p->cells, k->hash, k->text, k->length) : INTERN_FULL;
}

// "A3|S43024700|C01234567|P WN1 1AA": what beside the name told this payee apart.
static const char *ident_of(const struct payees *p, struct arena *a, const struct anc_party *y) {
    char text[700];
    size_t n = 0;
    text[0] = 0;
    if (*y->supplier_no) {
        n += (size_t)snprintf(text, sizeof text, "A%" PRId64 "|S%.100s", p->anchor_id, y->supplier_no);
    }
    const struct {
        const char *mark, *value;
    } parts[] = {
        {"C", y->company_number}, {"R", y->charity_number}, {"V", y->vat_number}, {"P", y->postcode}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (*parts[i].value) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%.100s", n ? "|" : "", parts[i].mark,
                                  parts[i].value);
        }
    }
    return arena_strdup(a, text);
}

static void add_text(char **at, const char *s) {
    size_t n = strlen(s) + 1;
    memcpy(*at, s, n);
    *at += n;
}

static uint32_t add_payee(struct payees *p, int64_t id, bool fresh, const struct anc_party *y) {
    if (p->count == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 4096;
        p->list = reallocarray(p->list, p->cap, sizeof *p->list);
        if (!p->list) {
            abort(); // bounded by LOAD_PAYEES
        }
    }
    const char *const texts[PARTY_TEXTS] = {y->name,           y->key,         y->other_key,
                                            y->form,           y->supplier_no, y->company_number,
                                            y->charity_number, y->vat_number,  y->postcode};
    size_t size = 0;
    for (int i = 0; i < PARTY_TEXTS; i++) {
        size += strlen(texts[i]) + 1;
    }
    char *room = arena_alloc(p->text, size), *at = room;
    for (int i = 0; i < PARTY_TEXTS; i++) {
        add_text(&at, texts[i]);
    }
    p->list[p->count] = (struct payee){.texts = room, .id = id, .kind = (int8_t)y->kind, .fresh = fresh};
    p->fresh += fresh;
    return p->count++;
}

static bool is_hidden(const struct anc_party *y) {
    return y->kind == ANC_PARTY_HIDDEN || y->kind == ANC_PARTY_NOBODY || !*y->key;
}

// The payee of a party as read: one of this file, one that the database knows, or a new one.
static uint32_t payee_for(struct payees *p, struct anc_party y) {
    if (is_hidden(&y)) {
        int32_t kind = y.kind == ANC_PARTY_NOBODY ? ANC_PARTY_NOBODY : ANC_PARTY_HIDDEN;
        y = (struct anc_party){.size = sizeof y,
                               .kind = kind,
                               .name = "",
                               .key = PAYEE_NO_NAME,
                               .other_key = "",
                               .form = "",
                               .supplier_no = "",
                               .company_number = "",
                               .charity_number = "",
                               .vat_number = "",
                               .postcode = ""};
    }
    const char *const key[] = {y.key, ident_of(p, p->scratch, &y)};
    int64_t paid = *key[1] ? 0 : known_find(p->paid, key, 1), id = paid ? paid : known_find(p->known, key, 2);
    bool fresh = id == 0;
    if (fresh) {
        id = ++p->top;
        known_put(p->known, key, 2, id);
    }
    bool first;
    uint32_t *payee = pairs_at(p->by_id, (uint64_t)id, &first);
    if (first) {
        *payee = add_payee(p, id, fresh, &y);
    }
    p->list[*payee].paid = p->list[*payee].paid || paid;
    return *payee;
}

static const char *cell_text(const struct payees *p, uint32_t i, int cell) {
    return p->at[cell] < 0 ? "" : intern_text(p->cells, i, (unsigned)p->at[cell]);
}

static void party_of_cells(const struct payees *p, uint32_t i, struct anc_party *ret) {
    *ret = (struct anc_party){.size = sizeof *ret,
                              .kind = ANC_PARTY_NAMED,
                              .name = cell_text(p, i, PAYEE_NAME),
                              .key = "",
                              .other_key = "",
                              .form = "",
                              .supplier_no = cell_text(p, i, PAYEE_NO),
                              .company_number = cell_text(p, i, PAYEE_COMPANY),
                              .charity_number = cell_text(p, i, PAYEE_CHARITY),
                              .vat_number = cell_text(p, i, PAYEE_VAT),
                              .postcode = cell_text(p, i, PAYEE_POSTCODE)};
}

enum err payees_read(struct ctx *c, struct payees *p) {
    enum err e = ERR_OK;
    while (e == ERR_OK && p->read < intern_count(p->cells)) {
        uint32_t left = intern_count(p->cells) - p->read, n = left < AT_ONCE ? left : AT_ONCE;
        struct ctx own = *c;
        arena_reset(p->scratch);
        own.arena = p->scratch;
        struct anc_party *in = arena_array(p->scratch, n, sizeof *in);
        struct anc_party *out = arena_array(p->scratch, n, sizeof *out);
        for (uint32_t i = 0; i < n; i++) {
            party_of_cells(p, p->read + i, &in[i]);
        }
        e = matcher_read_many(&own, &p->matcher, in, n, out);
        if (e != ERR_OK) {
            e = ctx_fail(c, e, "%s", own.err_detail);
        }
        if (e == ERR_OK && arena_used(p->text) > 2 * TEXT_MOST - (size_t)n * 5000) {
            e = ctx_fail(c, ERR_TOO_LARGE, "The names in this file are too long to be kept. Split the file.");
        }
        for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
            p->payee_of[p->read + i] = payee_for(p, out[i]);
        }
        p->read += n;
    }
    return e;
}

void payees_near(const struct payees *p, uint32_t payee) {
    __builtin_prefetch(&p->list[payee]);
}

uint32_t payees_of(const struct payees *p, uint32_t cells) {
    return p->payee_of[cells];
}

int64_t payees_id(const struct payees *p, uint32_t payee) {
    return p->list[payee].id;
}

bool payees_hidden(const struct payees *p, uint32_t payee) {
    return p->list[payee].kind == ANC_PARTY_HIDDEN || p->list[payee].kind == ANC_PARTY_NOBODY;
}

bool payees_is_paid(const struct payees *p, uint32_t payee) {
    return p->list[payee].paid;
}

const char *payees_name(const struct payees *p, uint32_t payee) {
    return payees_hidden(p, payee) ? PAYEE_HIDDEN : p->list[payee].texts;
}

void payees_party(const struct payees *p, uint32_t payee, struct anc_party *ret) {
    const char *t[PARTY_TEXTS], *at = p->list[payee].texts;
    for (int i = 0; i < PARTY_TEXTS; i++) {
        t[i] = at;
        at += strlen(at) + 1;
    }
    *ret = (struct anc_party){.size = sizeof *ret,
                              .kind = p->list[payee].kind,
                              .name = t[0],
                              .key = payees_hidden(p, payee) ? "" : t[1],
                              .other_key = t[2],
                              .form = t[3],
                              .supplier_no = t[4],
                              .company_number = t[5],
                              .charity_number = t[6],
                              .vat_number = t[7],
                              .postcode = t[8]};
}

uint32_t payees_count(const struct payees *p) {
    return p->count;
}

bool payees_is_new(const struct payees *p, uint32_t payee) {
    return p->list[payee].fresh;
}

int64_t payees_new_count(const struct payees *p) {
    return p->fresh;
}

// ---- storing ------------------------------------------------------------------------------------------

static void copy_payee(const struct payees *p, struct copy_in *w, uint32_t i) {
    struct anc_party y;
    payees_party(p, i, &y);
    bool hidden = payees_hidden(p, i);
    y.key = hidden ? PAYEE_NO_NAME : y.key;
    copy_in_row(w);
    copy_in_i64(w, p->list[i].id);
    copy_in_text(w, y.key);
    copy_in_text(w, ident_of(p, p->scratch, &y));
    copy_in_text(w, hidden ? PAYEE_HIDDEN : *y.name ? y.name : y.key);
    copy_in_text(w, y.other_key);
    if (*y.supplier_no) {
        copy_in_i64(w, p->anchor_id);
    } else {
        copy_in_null(w);
    }
    copy_in_text(w, y.supplier_no);
    copy_in_text(w, y.company_number);
    copy_in_text(w, y.charity_number);
    copy_in_text(w, y.vat_number);
    copy_in_text(w, y.postcode);
    copy_in_bool(w, hidden);
    copy_in_text(w, y.kind == ANC_PARTY_PERSON ? "individual" : "open");
}

enum err payees_store(struct ctx *c, const struct payees *p) {
    bool placed = false;
    int64_t first = INT64_MAX;
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->list[i].fresh) {
            struct anc_party y;
            payees_party(p, i, &y);
            placed = placed || *y.postcode;
            first = p->list[i].id < first ? p->list[i].id : first;
        }
    }
    if (p->fresh == 0) {
        return ERR_OK;
    }
    struct copy_in *w;
    enum err e = copy_in_begin(c, &sql_load_payees_copy, 13, &w);
    if (e != ERR_OK) {
        return e;
    }
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->list[i].fresh) {
            copy_payee(p, w, i);
            if (i % AT_ONCE == 0) {
                arena_reset(p->scratch);
            }
        }
    }
    struct rows *r;
    e = copy_in_end(w, NULL);
    e = e ? e : DB_ROWS(c, load_payees_next, &r, arena_i64(c->arena, p->top));
    return e || !placed ? e : DB_EXEC(c, load_payees_place, NULL, arena_i64(c->arena, first));
}
