// SPDX-License-Identifier: Apache-2.0
// Answers that were given, kept with the state they are of: a page of a report asks the same questions each
// time it is shown. A state never changes, so what is kept is exact as long as it is there.
#include "spend/cubeint.h"
#include "spend/slice_text.h"

#include <stdlib.h>
#include <string.h>

#define ANSWERS_MOST 256
#define ROWS_MOST    400000u // of all answers of a state together
#define WORDS_MOST   1000u   // bytes of a question
#define TEXT_BYTES   ((size_t)256 << 20)
#define ROW_BYTES    ((size_t)128 << 20)

struct answer {
    const char *question;
    struct anc_slice slice; // the same, so that a later state can be asked
    uint32_t count;
    const struct anc_sum *row;
};
struct answers {
    atomic_size_t uses;
    pthread_mutex_t lock;
    struct arena *texts;
    size_t count, rows;
    struct answer answer[ANSWERS_MOST];
};

struct answers *answers_new(void) {
    struct answers *k = cube_alloc(1, sizeof *k);
    k->uses = 1;
    pthread_mutex_init(&k->lock, NULL);
    k->texts = arena_new(TEXT_BYTES);
    return k;
}

struct answers *answers_use(struct answers *k) {
    atomic_fetch_add(&k->uses, 1);
    return k;
}

void answers_done(struct answers *k) {
    if (k && atomic_fetch_sub(&k->uses, 1) == 1) {
        pthread_mutex_destroy(&k->lock);
        arena_free(k->texts);
        free(k);
    }
}

static size_t length(const char *s) {
    return s ? strlen(s) : 0;
}

// Long words might be cut off when they are written down, and then two questions would be one.
const char *answers_question(struct arena *a, const struct anc_slice *s) {
    size_t n = length(s->anchor_ref) + length(s->ward) + length(s->area) + length(s->sector) +
               length(s->payee) + length(s->category) + length(s->vcfse_classes);
    return n > WORDS_MOST ? NULL
                          : arena_printf(a, "%d %d %d %u %s", (int)s->by, (int)s->then_by, (int)s->largest,
                                         (unsigned)s->most, slice_write(a, s));
}

// Words of these are made for an answer; those of all else are of the state, which has its answers' rows.
static bool makes_words(int32_t by) {
    return by == ANC_BY_YEAR || by == ANC_BY_MONTH;
}

static const struct anc_sum *copy_rows(struct arena *a, const struct anc_slice *s, uint32_t n,
                                       const struct anc_sum *from) {
    struct anc_sum *row = arena_array(a, (size_t)n + 1, sizeof *row);
    for (uint32_t i = 0; i < n; i++) {
        row[i] = from[i];
        if (makes_words(s->by)) {
            row[i].key = arena_strdup(a, from[i].key);
            row[i].label = arena_strdup(a, from[i].label);
        }
        if (makes_words(s->then_by)) {
            row[i].then_key = arena_strdup(a, from[i].then_key);
            row[i].then_label = arena_strdup(a, from[i].then_label);
        }
    }
    return row;
}

static const struct answer *find(const struct answers *k, const char *question) {
    for (size_t i = 0; i < k->count; i++) {
        if (strcmp(k->answer[i].question, question) == 0) {
            return &k->answer[i];
        }
    }
    return NULL;
}

bool answers_find(struct answers *k, const char *question, uint32_t *ret_count,
                  const struct anc_sum **ret_rows) {
    if (!question) {
        return false;
    }
    pthread_mutex_lock(&k->lock);
    const struct answer *x = find(k, question);
    if (x) {
        *ret_count = x->count;
        *ret_rows = x->row;
    }
    pthread_mutex_unlock(&k->lock);
    return x != NULL;
}

static struct anc_slice copy_slice(struct arena *a, const struct anc_slice *s) {
    struct anc_slice out = *s;
    const char **text[] = {&out.anchor_ref, &out.ward,     &out.area,         &out.sector,
                           &out.payee,      &out.category, &out.vcfse_classes};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        *text[i] = arena_strdup(a, *text[i] ? *text[i] : "");
    }
    return out;
}

void answers_put(struct answers *k, const char *question, const struct anc_slice *slice, uint32_t count,
                 const struct anc_sum *rows) {
    if (!question) {
        return;
    }
    pthread_mutex_lock(&k->lock);
    if (k->count < ANSWERS_MOST && count <= ROWS_MOST - k->rows && !find(k, question)) {
        k->rows += count;
        k->answer[k->count++] = (struct answer){arena_strdup(k->texts, question), copy_slice(k->texts, slice),
                                                count, copy_rows(k->texts, slice, count, rows)};
    }
    pthread_mutex_unlock(&k->lock);
}

size_t answers_count(struct answers *k) {
    pthread_mutex_lock(&k->lock);
    size_t n = k->count;
    pthread_mutex_unlock(&k->lock);
    return n;
}

void answers_ask_again(struct ctx *c, const struct cube_view *v, struct answers *of) {
    struct ctx own = *c;
    size_t n = answers_count(of); // those before it stay as they are
    own.arena = arena_new(ROW_BYTES);
    for (size_t i = 0; i < n; i++) {
        uint32_t count;
        const struct anc_sum *rows;
        enum err nobody_waits = cube_slice(&own, v, &of->answer[i].slice, &count, &rows);
        (void)nobody_waits;
        arena_reset(own.arena);
    }
    arena_free(own.arena);
}
