// SPDX-License-Identifier: Apache-2.0
// Labels of a file under way.
#include "spend/load_labels.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/intern.h"

#include <stdlib.h>
#include <string.h>

#define BRIEF_MOST    40000u // labels without a purpose that may come on top
#define TEXT_MOST     ((size_t)48 * 1024 * 1024)
#define SCRATCH_BYTES ((size_t)32 * 1024 * 1024)
#define AT_ONCE       20000

static const uint32_t cell_bytes[LABEL_CELLS] = {200, 400, 200}; // what is longer is cut

struct labels {
    struct intern *full, *brief; // numbers of brief ones follow after LOAD_LABELS
    struct known *known;
    int32_t *id_full, *id_brief; // below nought: new
    int64_t top;
    struct arena *scratch;
};

struct labels *labels_new(void) {
    struct labels *l = calloc(1, sizeof *l);
    if (!l) {
        abort();
    }
    l->full = intern_new(LABEL_CELLS, LOAD_LABELS, TEXT_MOST);
    l->brief = intern_new(LABEL_CELLS, BRIEF_MOST, TEXT_MOST / 4);
    l->id_full = malloc(LOAD_LABELS * sizeof *l->id_full);
    l->id_brief = malloc(BRIEF_MOST * sizeof *l->id_brief);
    l->known = known_new(0);
    l->scratch = arena_new(SCRATCH_BYTES);
    if (!l->id_full || !l->id_brief) {
        abort();
    }
    return l;
}

void labels_free(struct labels *l) {
    if (l) {
        intern_free(l->full);
        intern_free(l->brief);
        free(l->id_full);
        free(l->id_brief);
        known_free(l->known);
        arena_free(l->scratch);
        free(l);
    }
}

enum err labels_learn(struct ctx *c, struct labels *l, int64_t top) {
    struct ctx own = *c;
    own.arena = l->scratch;
    enum err e = ERR_OK;
    size_t got = AT_ONCE;
    for (int64_t after = 0; e == ERR_OK && got == AT_ONCE;) {
        struct rows *r;
        arena_reset(own.arena);
        e = DB_ROWS(&own, load_labels_known, &r, arena_i64(own.arena, after), arena_i64(own.arena, AT_ONCE));
        got = e == ERR_OK ? rows_count(r) : 0;
        for (size_t i = 0; i < got; i++) {
            const char *const key[] = {rows_cell(r, i, 1), rows_cell(r, i, 2), rows_cell(r, i, 3)};
            after = row_i64(r, i, "id");
            known_put(l->known, key, LABEL_CELLS, after);
        }
    }
    l->top = top;
    arena_reset(l->scratch);
    return e == ERR_OK ? ERR_OK : ctx_fail(c, e, "%s", own.err_detail);
}

static bool is_blank(char ch) {
    return (unsigned char)ch <= ' ';
}

// Without blanks around it, and no longer than may be kept.
static void tidy(const char **text, uint32_t *length, uint32_t most) {
    while (*length > 0 && is_blank(**text)) {
        (*text)++;
        (*length)--;
    }
    if (*length > most) {
        *length = most;
        while (*length > 0 && ((unsigned char)(*text)[*length] & 0xc0) == 0x80) {
            (*length)--;
        }
    }
    while (*length > 0 && is_blank((*text)[*length - 1])) {
        (*length)--;
    }
}

// The id of a label that has just come; a new one is marked by its sign.
static int32_t id_for(struct labels *l, const struct intern *x, uint32_t i) {
    const char *const key[] = {intern_text(x, i, 0), intern_text(x, i, 1), intern_text(x, i, 2)};
    int64_t id = known_find(l->known, key, LABEL_CELLS);
    if (id == 0) {
        id = ++l->top;
        known_put(l->known, key, LABEL_CELLS, id);
        return -(int32_t)id;
    }
    return (int32_t)id;
}

static uint32_t put_brief(struct labels *l, const char *const text[LABEL_CELLS],
                          const uint32_t length[LABEL_CELLS]) {
    static const char *const other[LABEL_CELLS] = {"Other", "", ""};
    static const uint32_t other_length[LABEL_CELLS] = {5, 0, 0};
    uint32_t before = intern_count(l->brief);
    if (before == 0) { // so that there is always room for it
        uint32_t i = intern_put(l->brief, other, other_length);
        l->id_brief[i] = id_for(l, l->brief, i);
        before++;
    }
    uint32_t i = intern_put(l->brief, text, length);
    if (i == INTERN_FULL) {
        i = intern_put(l->brief, other, other_length);
    } else if (i == before) {
        l->id_brief[i] = id_for(l, l->brief, i);
    }
    return LOAD_LABELS + i;
}

void labels_hash(const struct labels *l, struct label_cells *k) {
    for (int i = 0; i < LABEL_CELLS; i++) {
        tidy(&k->text[i], &k->length[i], cell_bytes[i]);
    }
    k->hash = intern_hash(l->full, k->text, k->length);
    intern_near(l->full, k->hash);
}

void labels_peek(const struct labels *l, const struct label_cells *k) {
    intern_peek(l->full, k->hash);
}

uint32_t labels_put(struct labels *l, const struct label_cells *k) {
    uint32_t before = intern_count(l->full);
    uint32_t i = known_count(l->known) >= ALL_LABELS && before == 0
                     ? INTERN_FULL
                     : intern_put_hashed(l->full, k->hash, k->text, k->length);
    if (i == INTERN_FULL) {
        const char *const text[LABEL_CELLS] = {k->text[LABEL_CATEGORY], "", k->text[LABEL_DEPARTMENT]};
        const uint32_t length[LABEL_CELLS] = {k->length[LABEL_CATEGORY], 0, k->length[LABEL_DEPARTMENT]};
        return put_brief(l, text, length);
    }
    if (i == before) {
        l->id_full[i] = id_for(l, l->full, i);
    }
    return i;
}

int32_t labels_id(const struct labels *l, uint32_t label) {
    int32_t id = label < LOAD_LABELS ? l->id_full[label] : l->id_brief[label - LOAD_LABELS];
    return id < 0 ? -id : id;
}

const char *labels_text(const struct labels *l, uint32_t label, unsigned cell) {
    return label < LOAD_LABELS ? intern_text(l->full, label, cell)
                               : intern_text(l->brief, label - LOAD_LABELS, cell);
}

static void copy_new(struct copy_in *w, const struct intern *x, const int32_t *ids) {
    for (uint32_t i = 0; i < intern_count(x); i++) {
        if (ids[i] < 0) {
            copy_in_row(w);
            copy_in_i32(w, -ids[i]);
            for (unsigned f = 0; f < LABEL_CELLS; f++) {
                copy_in_text(w, intern_text(x, i, f));
            }
        }
    }
}

enum err labels_store(struct ctx *c, const struct labels *l) {
    struct copy_in *w;
    enum err e = copy_in_begin(c, &sql_load_labels_copy, 1 + LABEL_CELLS, &w);
    if (e != ERR_OK) {
        return e;
    }
    copy_new(w, l->full, l->id_full);
    copy_new(w, l->brief, l->id_brief);
    return copy_in_end(w, NULL);
}
