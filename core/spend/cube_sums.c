// SPDX-License-Identifier: Apache-2.0
// The sums of a state out of those of the one before: a year whose leaves have changed is made anew; in the
// others only payees whose spells have changed, from their lines. Whom a payee counts as, where it is and how
// it is tagged stands in facts alone, so that a tie, a merge or a tag changes no sums unless it changes days.
#include "spend/cubeint.h"

#include <stdlib.h>
#include <string.h>

struct summing {
    struct cube_view *v;
    const struct sums *old; // of the state before; NULL none
    const struct facts *then;
    const struct lines *last; // that were read last; NULL none
    size_t years;
    int32_t *fy;
    bool *kept;  // by year: made of the same leaves before
    bool *moved; // by payee; NULL: nobody's spells have changed
    size_t fresh_leaves;
    struct block **fresh; // leaves of the years that are made anew
};

// ---- years and leaves ---------------------------------------------------------------------------------

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

// Years of the leaves, each once, in order.
static void find_years(struct summing *s) {
    const struct cube_view *v = s->v;
    s->fy = cube_alloc(v->blocks, sizeof *s->fy);
    for (size_t b = 0; b < v->blocks; b++) {
        s->fy[b] = v->block[b]->fy;
    }
    qsort(s->fy, v->blocks, sizeof *s->fy, by_number);
    for (size_t b = 0; b < v->blocks; b++) {
        if (s->years == 0 || s->fy[b] != s->fy[s->years - 1]) {
            s->fy[s->years++] = s->fy[b];
        }
    }
}

static int32_t year_of_slot(const struct dict *d, uint16_t slot) {
    return d->cell[d->slot_cell[slot]].fy;
}

static bool same_leaves(const struct cube_view *v, const struct sums *old, int32_t fy) {
    size_t n = 0;
    for (size_t b = 0; b < v->blocks; b++) {
        if (v->block[b]->fy != fy) {
            continue;
        }
        while (n < old->leaves && year_of_slot(v->dict, old->leaf[n]) != fy) {
            n++;
        }
        if (n == old->leaves || old->leaf[n++] != v->block[b]->slot) {
            return false;
        }
    }
    while (n < old->leaves && year_of_slot(v->dict, old->leaf[n]) != fy) {
        n++;
    }
    return n == old->leaves;
}

static void find_fresh(struct summing *s) {
    const struct cube_view *v = s->v;
    s->kept = cube_alloc(s->years, sizeof *s->kept);
    s->fresh = cube_alloc(v->blocks, sizeof *s->fresh);
    for (size_t y = 0; y < s->years; y++) {
        s->kept[y] = s->old && same_leaves(v, s->old, s->fy[y]);
        for (size_t b = 0; !s->kept[y] && b < v->blocks; b++) {
            if (v->block[b]->fy == s->fy[y]) {
                s->fresh[s->fresh_leaves++] = v->block[b];
            }
        }
    }
}

// ---- payees whose days have changed -------------------------------------------------------------------

static bool same_days(const struct facts *a, const struct facts *b, uint32_t payee) {
    uint32_t at = a->spell_at[payee], of = b->spell_at[payee], n = a->spell_at[payee + 1] - at;
    return n == b->spell_at[payee + 1] - of &&
           (n == 1 || memcmp(a->spell_from + at, b->spell_from + of, n * sizeof *a->spell_from) == 0);
}

// Payees that are new have nothing in a year of old leaves.
static void find_moved(struct summing *s) {
    const struct facts *now = s->v->facts, *then = s->then;
    uint32_t n = !s->old || now == then ? 0 : then->payees < now->payees ? then->payees : now->payees;
    for (uint32_t p = 0; p < n; p++) {
        if (!same_days(now, then, p)) {
            s->moved = s->moved ? s->moved : cube_alloc(now->payees, sizeof *s->moved);
            s->moved[p] = true;
        }
    }
}

// ---- lines that are needed ----------------------------------------------------------------------------

static int by_leaf(const void *x, const void *y) {
    const struct block *a = *(struct block *const *)x, *b = *(struct block *const *)y;
    if (a->load_id != b->load_id) {
        return a->load_id < b->load_id ? -1 : 1;
    }
    return a->fy < b->fy ? -1 : a->fy > b->fy;
}

static enum err read_lines(struct ctx *c, struct summing *s, struct payee_lines *ret) {
    const struct cube_view *v = s->v;
    const struct facts *f = v->facts;
    const struct lines *have = v->lines ? v->lines : s->last;
    bool *wanted = cube_alloc(f->payees, sizeof *wanted), any = false;
    for (uint32_t p = 0; p < f->payees; p++) {
        wanted[p] = (s->moved && s->moved[p]) || (s->fresh_leaves > 0 && is_split(f, p));
        any = any || wanted[p];
    }
    enum err e = ERR_OK;
    if (any && s->moved) {
        e = cube_load_some(c, v, wanted, v->blocks, v->block, have, ret);
    } else if (any) {
        qsort(s->fresh, s->fresh_leaves, sizeof *s->fresh, by_leaf);
        e = cube_load_some(c, v, wanted, s->fresh_leaves, s->fresh, have, ret);
    }
    free(wanted);
    return e;
}

static bool nothing_changed(const struct summing *s) {
    return s->old && !s->moved && s->fresh_leaves == 0 && s->years == s->old->years;
}

enum err cube_sum_up(struct ctx *c, struct cube_view *v, const struct cube_view *base,
                     const struct lines *last) {
    struct summing s = {
        .v = v, .old = base ? base->sums : NULL, .then = base ? base->facts : NULL, .last = last};
    struct payee_lines lines = {.count = 0};
    find_years(&s);
    find_fresh(&s);
    find_moved(&s);
    enum err e = read_lines(c, &s, &lines);
    if (e == ERR_OK && base && nothing_changed(&s)) {
        atomic_fetch_add(&base->sums->uses, 1);
        v->sums = base->sums;
    } else if (e == ERR_OK) {
        v->sums = sums_make(v, s.years, s.fy, s.old, s.kept, s.moved, &lines);
    }
    free(lines.row);
    free(s.fy);
    free(s.kept);
    free(s.moved);
    free(s.fresh);
    return e;
}
