// SPDX-License-Identifier: Apache-2.0
// Single payments out of the database into memory. How many there are of each payee is known from the sums,
// so each goes to its place as it comes; what does not fit there is not of the same state, and nothing is
// kept.
#include "spend/cubeint.h"

#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MOST  ((size_t)1 << 31)  // what fits into the memory of any machine this runs on
#define IDS_MOST    ((int64_t)1 << 27) // ids with a table of their own; above, each is looked up
#define TEXT_BYTES  ((size_t)1 << 30)  // words of labels; a limit for the arena, not what is taken
#define NOT_COUNTED (INT64_C(1) << 24) // in the third number of a line

struct table { // numbers + 1 by id of the database
    uint32_t *number;
    size_t count;
};

struct reading {
    struct ctx *c;
    const struct cube_view *v;
    pthread_mutex_t *guard;
    struct table payee, category;
    struct lines *l;
    size_t *next;  // where the next line of a payee goes
    uint64_t *met; // lines by slot
    size_t same_room;
    bool amiss; // a line that the sums do not know
};

static void hold(const struct reading *r) {
    if (r->guard) {
        pthread_mutex_lock(r->guard);
    }
}

static void let_go(const struct reading *r) {
    if (r->guard) {
        pthread_mutex_unlock(r->guard);
    }
}

bool lines_have(const struct lines *l, uint16_t slot) {
    for (size_t i = 0; i < l->leaves; i++) {
        if (l->leaf[i] == slot) {
            return true;
        }
    }
    return false;
}

// ---- numbers of payees and categories ------------------------------------------------------------------

static void table_put(struct table *t, int64_t id, uint32_t number) {
    if (id < 0 || id >= IDS_MOST) {
        return;
    }
    if ((size_t)id >= t->count) {
        size_t room = (size_t)id + (size_t)id / 2 + 1024;
        t->number = cube_grow(t->number, room, sizeof *t->number);
        memset(t->number + t->count, 0, (room - t->count) * sizeof *t->number);
        t->count = room;
    }
    t->number[id] = number + 1;
}

static inline uint32_t table_at(const struct table *t, int64_t id) {
    return (uint64_t)id < t->count ? t->number[id] : 0;
}

struct label {
    int64_t id;
    const char *category;
    size_t length;
};

// The words are read first, so that the dictionary is held for a moment only.
static enum err read_labels(struct reading *r) {
    struct dict *d = r->v->dict;
    struct arena *texts = arena_new(TEXT_BYTES);
    struct label *label = NULL;
    size_t count = 0, room = 0;
    struct copy_out *o;
    enum err e = copy_out_begin(r->c, &sql_cube_labels, 2, &o);
    while (e == ERR_OK && copy_out_row(o)) {
        size_t n;
        const char *s = copy_out_text(o, 1, &n);
        if (count == room) {
            room = room ? room * 2 : 1024;
            label = cube_grow(label, room, sizeof *label);
        }
        label[count++] = (struct label){copy_out_i64(o, 0), arena_strndup(texts, s, n), n};
    }
    e = e ? e : copy_out_end(o);
    hold(r);
    for (size_t i = 0; e == ERR_OK && i < count; i++) {
        table_put(&r->category, label[i].id,
                  text_list_put(&d->categories, d->texts, label[i].category, label[i].length));
    }
    for (uint32_t i = 0; e == ERR_OK && i < d->payees.count; i++) {
        table_put(&r->payee, d->payees.key[i], i);
    }
    let_go(r);
    free(label);
    arena_free(texts);
    return e;
}

static uint32_t payee_of(struct reading *r, int64_t id) {
    uint32_t n = table_at(&r->payee, id);
    if (n > 0) {
        return n - 1;
    }
    hold(r);
    n = number_map_put(&r->v->dict->payees, id);
    let_go(r);
    table_put(&r->payee, id, n);
    return n;
}

// ---- places --------------------------------------------------------------------------------------------

static struct lines *make_room(struct reading *r) {
    const struct cube_view *v = r->v;
    struct lines *l = cube_alloc(1, sizeof *l);
    l->uses = 1;
    hold(r);
    l->payees = v->dict->payees.count;
    let_go(r);
    l->at = cube_alloc((size_t)l->payees + 2, sizeof *l->at);
    l->leaf = cube_alloc(v->blocks, sizeof *l->leaf);
    for (size_t b = 0; b < v->blocks; b++) {
        l->leaf[l->leaves++] = v->block[b]->slot;
        for (size_t i = 0; i < v->block[b]->count; i++) {
            l->at[v->block[b]->row[i].payee + 1] += v->block[b]->row[i].lines;
        }
    }
    for (size_t p = 1; p <= l->payees; p++) {
        l->at[p] += l->at[p - 1];
    }
    l->count = l->at[l->payees];
    return l;
}

static void put_same(struct reading *r, const struct same_line *s) {
    struct lines *l = r->l;
    if (l->same_count == r->same_room) {
        r->same_room = r->same_room ? r->same_room * 2 : 256;
        l->same = cube_grow(l->same, r->same_room, sizeof *l->same);
    }
    l->same[l->same_count++] = *s;
}

static inline void put_line(struct reading *r, uint32_t payee, const struct line *line, int32_t line_no) {
    struct lines *l = r->l;
    if (payee >= l->payees || r->next[payee] == l->at[payee + 1]) {
        r->amiss = true;
        return;
    }
    size_t i = r->next[payee]++;
    l->row[i] = *line;
    l->line_no[i] = line_no;
}

static void take_before(struct reading *r, const struct lines *before, const bool *kept) {
    for (uint32_t p = 0; p < before->payees; p++) {
        for (size_t i = before->at[p]; i < before->at[p + 1]; i++) {
            if (kept[before->row[i].slot]) {
                put_line(r, p, &before->row[i], before->line_no[i]);
            }
        }
    }
    for (size_t i = 0; i < before->same_count; i++) {
        if (kept[before->same[i].line.slot]) {
            put_same(r, &before->same[i]);
        }
    }
}

// ---- rows ----------------------------------------------------------------------------------------------

static bool take_part(struct reading *r, const struct block *b, const struct copy_out *o) {
    const unsigned char *who, *pence, *what;
    size_t n = cube_elements(o, 2, &who);
    if (n == 0 || cube_elements(o, 3, &pence) != n || cube_elements(o, 4, &what) != n) {
        return copy_out_null(o, 2);
    }
    for (size_t i = 0; i < n; i++) {
        int64_t of = cube_element(who, i), rest = cube_element(what, i);
        uint32_t payee = payee_of(r, of >> 32), category = table_at(&r->category, of & INT32_MAX);
        struct line line = {.pence = cube_element(pence, i),
                            .flow_category =
                                (category ? category - 1 : 0) << 8 | cube_flow(rest >> 16 & 0xFF),
                            .slot = b->slot,
                            .day = (uint16_t)(rest & 0xFFFF)};
        int32_t line_no = (int32_t)(rest >> 32);
        if (rest & NOT_COUNTED) {
            put_same(r, &(struct same_line){line, payee, line_no});
        } else {
            put_line(r, payee, &line, line_no);
            r->met[b->slot]++;
        }
    }
    return true;
}

static enum err read_rows(struct reading *r, size_t n, struct block *const *fresh) {
    struct finder f = {.block = fresh, .count = n};
    struct copy_out *o;
    bool good = true;
    enum err e = cube_choose(r->c, n, fresh, 0, NULL);
    e = e ? e : copy_out_begin(r->c, &sql_cube_lines, 5, &o);
    if (e) {
        return e;
    }
    while (good && !r->amiss && copy_out_row(o)) {
        const struct block *b = cube_find(&f, copy_out_i64(o, 0), (int32_t)copy_out_i64(o, 1));
        good = !b || take_part(r, b, o);
    }
    e = copy_out_end(o);
    return e || good ? e : ctx_fail(r->c, ERR_BUG, "cube_lines: no arrays of numbers");
}

// Lines that were read and sums must be of the same payments, or figures of one page would differ. They are
// not when a load is taken back meanwhile: its tables are gone for every snapshot, its sums are not.
static enum err check(const struct reading *r, size_t n, struct block *const *fresh) {
    const struct lines *l = r->l;
    bool whole = !r->amiss;
    for (uint32_t p = 0; whole && p < l->payees; p++) {
        whole = r->next[p] == l->at[p + 1];
    }
    for (size_t i = 0; whole && i < n; i++) {
        uint64_t lines = 0;
        for (size_t k = 0; k < fresh[i]->count; k++) {
            lines += fresh[i]->row[k].lines;
        }
        whole = lines == r->met[fresh[i]->slot];
    }
    return whole ? ERR_OK : ctx_fail(r->c, ERR_BUSY, "the payments that were read are not those of the sums");
}

static enum err name_categories(struct reading *r) {
    const struct dict *d = r->v->dict;
    struct lines *l = r->l;
    hold(r);
    l->categories = d->categories.count;
    l->category = cube_alloc((size_t)l->categories + 1, sizeof *l->category);
    if (l->categories > 0) {
        memcpy(l->category, d->categories.text, l->categories * sizeof *l->category);
    }
    let_go(r);
    return l->categories <= 0xFFFFFF
               ? ERR_OK
               : ctx_fail(r->c, ERR_TOO_LARGE, "There are more categories than can be told apart.");
}

static enum err read_into(struct reading *r, const struct lines *before) {
    const struct cube_view *v = r->v;
    struct lines *l = r->l;
    if (l->count >= LINES_MOST) {
        return ctx_fail(r->c, ERR_TOO_LARGE, "There are more payments than can be added up at once.");
    }
    l->row = cube_alloc_large(l->count + 1, sizeof *l->row);
    l->line_no = cube_alloc(l->count + 1, sizeof *l->line_no);
    memcpy(r->next, l->at, (size_t)l->payees * sizeof *r->next);
    struct block **fresh = cube_alloc(v->blocks, sizeof *fresh);
    bool *kept = cube_alloc(CELLS_MAX, sizeof *kept);
    size_t n = 0;
    for (size_t b = 0; b < v->blocks; b++) {
        if (before && lines_have(before, v->block[b]->slot)) {
            kept[v->block[b]->slot] = true;
        } else {
            fresh[n++] = v->block[b];
        }
    }
    if (before) {
        take_before(r, before, kept);
    }
    enum err e = n > 0 ? read_labels(r) : ERR_OK;
    e = e || n == 0 ? e : read_rows(r, n, fresh);
    e = e ? e : check(r, n, fresh);
    free(fresh);
    free(kept);
    return e ? e : name_categories(r);
}

enum err cube_load_lines(struct ctx *c, const struct cube_view *v, struct lines *before,
                         pthread_mutex_t *guard, struct lines **ret) {
    struct reading r = {.c = c, .v = v, .guard = guard};
    r.l = make_room(&r);
    r.next = cube_alloc((size_t)r.l->payees + 1, sizeof *r.next);
    r.met = cube_alloc(CELLS_MAX, sizeof *r.met);
    enum err e = read_into(&r, before);
    if (e == ERR_OK) {
        *ret = r.l;
    } else {
        lines_done(r.l);
    }
    free(r.next);
    free(r.met);
    free(r.payee.number);
    free(r.category.number);
    return e;
}
