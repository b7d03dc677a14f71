// SPDX-License-Identifier: Apache-2.0
// What a slice asks for, turned into numbers.
#include "spend/cubeint.h"
#include "spend/slice_text.h"

#include <stdlib.h>
#include <string.h>

static const char *text(const char *s) {
    return s ? s : "";
}

static bool lines_by(int32_t by) {
    return by == ANC_BY_MONTH || by == ANC_BY_CATEGORY;
}

bool slice_needs_lines(const struct anc_slice *s) {
    return lines_by(s->by) || lines_by(s->then_by) || s->from_month || s->to_month || *text(s->category);
}

// ---- groupings ----------------------------------------------------------------------------------------

static int descending(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x > y ? -1 : x < y;
}

static void side_years(struct plan *p, struct side *s) {
    const struct cell *cell = p->v->dict->cell;
    uint32_t n = 0;
    s->year = arena_array(p->c->arena, (size_t)p->v->cells + 1, sizeof *s->year);
    for (uint32_t i = 0; i < p->v->cells; i++) {
        s->year[i] = cell[i].fy;
    }
    qsort(s->year, p->v->cells, sizeof *s->year, descending);
    for (uint32_t i = 0; i < p->v->cells; i++) {
        if (n == 0 || s->year[i] != s->year[n - 1]) {
            s->year[n++] = s->year[i];
        }
    }
    for (uint32_t i = 0; i < p->v->cells; i++) {
        while (s->year[s->cell[i]] != cell[i].fy) {
            s->cell[i]++;
        }
    }
    s->count = n;
}

static void side_make(struct plan *p, struct side *s, int32_t by) {
    const struct facts *f = p->v->facts;
    *s = (struct side){.by = by, .count = 1};
    s->cell = arena_array(p->c->arena, (size_t)p->v->cells + 1, sizeof *s->cell);
    switch (by) {
    case ANC_BY_YEAR:
        side_years(p, s);
        break;
    case ANC_BY_MONTH:
        s->month = 1;
        s->count = (uint32_t)p->v->dict->month_of_day[DAYS - 1] + 1;
        break;
    case ANC_BY_ANCHOR:
        for (uint32_t i = 0; i < p->v->cells; i++) {
            s->cell[i] = p->v->dict->cell[i].anchor;
            s->count = s->cell[i] + 1 > s->count ? s->cell[i] + 1 : s->count;
        }
        break;
    case ANC_BY_FLOW:
        for (uint32_t i = 0; i <= ANC_FLOW_COUNT; i++) {
            s->flow[i] = i;
        }
        s->count = ANC_FLOW_COUNT + 1;
        break;
    case ANC_BY_PLACE:
        s->count = ANC_PLACE_UNKNOWN + 1;
        break;
    case ANC_BY_WARD:
        s->count = f->wards.count;
        break;
    case ANC_BY_AREA:
        s->count = f->areas.count;
        break;
    case ANC_BY_SECTOR:
        s->count = f->sectors.count;
        break;
    case ANC_BY_VCFSE:
        s->count = ANC_VCFSE_UNKNOWN + 1;
        break;
    case ANC_BY_SIZE:
        s->count = 5;
        break;
    case ANC_BY_VCFSE_CLASS:
        s->count = f->classes.count;
        break;
    case ANC_BY_CATEGORY:
        s->category = 1;
        s->count = p->categories;
        break;
    default: // nothing, payee
        break;
    }
}

uint32_t side_of_fact(const struct side *s, const struct plan *p, const struct fact *f) {
    switch (s->by) {
    case ANC_BY_PLACE:
        return f->place[p->rule];
    case ANC_BY_WARD:
        return f->ward[p->rule];
    case ANC_BY_AREA:
        return f->area[p->rule];
    case ANC_BY_SECTOR:
        return f->sector;
    case ANC_BY_VCFSE:
        return f->vcfse;
    case ANC_BY_SIZE:
        return f->size;
    case ANC_BY_VCFSE_CLASS:
        return f->vcfse_class;
    default:
        return 0;
    }
}

// ---- filters ------------------------------------------------------------------------------------------

static bool takes_tag(const struct plan *p, const struct fact *f) {
    if (p->class_ok && f->vcfse == ANC_VCFSE_POLICY) {
        return p->class_ok[f->vcfse_class];
    }
    return p->class_ok ? p->in->vcfse >> f->vcfse & 1 : !p->in->vcfse || p->in->vcfse >> f->vcfse & 1;
}

// Classes are words with blanks between; one that no supplier has takes nothing in.
static void choose_classes(struct plan *p) {
    const char *s = text(p->in->vcfse_classes);
    s += strspn(s, " ");
    p->class_ok = *s ? arena_array(p->c->arena, (size_t)UINT8_MAX + 1, sizeof *p->class_ok) : NULL;
    while (*s) {
        size_t n = strcspn(s, " ");
        const char *word = arena_strndup(p->c->arena, s, n);
        uint32_t at;
        word = strcmp(word, SLICE_NO_CLASS) == 0 ? "" : word;
        if (text_list_find(&p->v->facts->classes, word, &at) && at <= UINT8_MAX) {
            p->class_ok[at] = true;
        }
        s += n + strspn(s + n, " ");
    }
}

bool plan_takes_fact(const struct plan *p, const struct fact *f) {
    const struct anc_slice *in = p->in;
    return (!in->places || in->places >> f->place[p->rule] & 1) && takes_tag(p, f) &&
           (!in->sizes || (f->size > 0 && in->sizes >> (f->size - 1) & 1)) &&
           (p->only_ward == ANY || p->only_ward == f->ward[p->rule]) &&
           (p->only_area == ANY || p->only_area == f->area[p->rule]) &&
           (p->only_sector == ANY || p->only_sector == f->sector);
}

static uint32_t only(struct plan *p, const struct text_list *list, const char *code) {
    uint32_t n = ANY;
    if (*text(code) && !text_list_find(list, code, &n)) {
        p->nothing = true;
    }
    return n;
}

static uint32_t only_text(struct plan *p, const char *const *all, uint32_t count, const char *wanted) {
    if (!*text(wanted)) {
        return ANY;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(all[i], wanted) == 0) {
            return i;
        }
    }
    p->nothing = true;
    return ANY;
}

static uint32_t only_entity(struct plan *p, const char *key) {
    const struct facts *f = p->v->facts;
    if (!*text(key)) {
        return ANY;
    }
    for (uint32_t i = 0; i < f->entities; i++) {
        if (strcmp(f->entity[i].key, key) == 0) {
            return i;
        }
    }
    p->nothing = true;
    return ANY;
}

static void choose_cells(struct plan *p) {
    const struct anc_slice *in = p->in;
    const struct facts *f = p->v->facts;
    p->cell_ok = arena_array(p->c->arena, (size_t)p->v->cells + 1, sizeof *p->cell_ok);
    for (uint32_t i = 0; i < p->v->cells; i++) {
        const struct cell *cell = &p->v->dict->cell[i];
        const char *ref = cell->anchor < f->anchors ? text(f->anchor_ref[cell->anchor]) : "";
        p->cell_ok[i] = (!in->from_year || cell->fy >= in->from_year) &&
                        (!in->to_year || cell->fy <= in->to_year) &&
                        (!*text(in->anchor_ref) || strcmp(ref, in->anchor_ref) == 0);
    }
    for (uint32_t i = 0; i < ANC_FLOW_COUNT; i++) {
        p->flow_ok[i] = !in->flows || (in->flows >> i & 1);
    }
    p->flow_ok[ANC_FLOW_COUNT] = !in->flows;
}

static uint16_t month_at(const struct plan *p, int32_t month, uint16_t otherwise) {
    uint16_t last = p->v->dict->month_of_day[DAYS - 1];
    int32_t at = month - month_base();
    return !month ? otherwise : at < 0 ? 0 : at > last ? last : (uint16_t)at;
}

static bool known(const struct anc_slice *in) {
    return in->by >= 0 && in->by < ANC_BY_COUNT && in->then_by >= 0 && in->then_by < ANC_BY_COUNT &&
           in->rule >= 0 && in->rule < PLACE_RULES && in->from_month >= 0 && in->to_month >= 0;
}

enum err plan_make(struct ctx *c, const struct cube_view *v, const struct anc_slice *in, struct plan *ret) {
    if (!known(in)) {
        return ctx_fail(c, ERR_INVALID, "There is no such choice of payments.");
    }
    bool per_line = slice_needs_lines(in);
    if (per_line) {
        enum err e = cube_need_lines(c, v);
        if (e) {
            return e;
        }
    }
    *ret = (struct plan){.c = c, .v = v, .in = in, .rule = (uint32_t)in->rule};
    ret->lines = per_line && !v->frozen ? v->lines : NULL;
    ret->categories = v->frozen ? v->categories : ret->lines ? ret->lines->categories : 0;
    ret->category = v->frozen ? v->category : ret->lines ? ret->lines->category : NULL;
    side_make(ret, &ret->a, in->by);
    side_make(ret, &ret->b, in->then_by);
    choose_cells(ret);
    choose_classes(ret);
    ret->first_month = month_at(ret, in->from_month, 0);
    ret->last_month = month_at(ret, in->to_month, UINT16_MAX);
    ret->only_ward = only(ret, &v->facts->wards, in->ward);
    ret->only_area = only(ret, &v->facts->areas, in->area);
    ret->only_sector = only(ret, &v->facts->sectors, in->sector);
    ret->only_category = only_text(ret, ret->category, ret->categories, in->category);
    ret->only_entity = only_entity(ret, in->payee);
    return ERR_OK;
}

enum err cube_ready(struct ctx *c, const struct cube_view *v, const struct anc_slice *slice) {
    return slice_needs_lines(slice) ? cube_need_lines(c, v) : ERR_OK;
}

enum err cube_slice(struct ctx *c, const struct cube_view *v, const struct anc_slice *slice,
                    uint32_t *ret_count, const struct anc_sum **ret_rows) {
    struct plan p;
    struct group *g = NULL;
    size_t n = 0;
    const char *question = v->kept ? answers_question(c->arena, slice) : NULL; // NULL: not kept
    if (v->kept && answers_find(v->kept, question, ret_count, ret_rows)) {
        return ERR_OK;
    }
    enum err e = plan_make(c, v, slice, &p);
    e = e ? e : slice_add(&p, &g, &n);
    e = e ? e : slice_rows(&p, g, n, ret_count, ret_rows);
    free(g);
    if (e == ERR_OK && v->kept) {
        answers_put(v->kept, question, slice, *ret_count, *ret_rows);
    }
    return e;
}
