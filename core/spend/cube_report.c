// SPDX-License-Identifier: Apache-2.0
// Frozen reports: the cells that a slice takes in, and a state made of such cells.
//
// A cell is everything of one leaf, payee, flow, month and category that had the same facts. The facts are
// one line of JSON with the keys in this order, so that equal facts are equal texts:
//   {"anchor": [reference, name], "who": [key, name], "invoice": [place, ward, its name, area, its name],
//    "registered": [...], "operations": [...], "sector": code, "size": word, "vcfse": word, "class": word}
// where place is "local", "elsewhere" or "unknown" and the key is that of ANC_BY_PAYEE. Who has no name has a
// third value, true.
#include "spend/cubeint.h"
#include "spend/guard.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES ((size_t)4 << 30)

static const char *const place_words[] = {"local", "elsewhere", "unknown"};
static const char *const vcfse_words[] = {"yes", "policy", "review", "no", "unknown"};
static const char *const size_words[] = {"", "micro", "small", "medium", "large"};
static const char *const rule_words[PLACE_RULES] = {"invoice", "registered", "operations"};

static const char *word(const char *s) {
    return s ? s : "";
}

// ---- freezing -----------------------------------------------------------------------------------------

struct frozen { // a cell on its way into the report
    struct sum sum;
    const struct block *block;
};

struct freezing {
    const struct plan *p;
    struct copy_in *w;
    int64_t report_id;
    const struct block **block_of_slot;
    const char **facts; // of each spell and anchor as JSON, made when needed
    struct frozen *cell;
    size_t count, room;
};

static json_t *where_value(const struct facts *f, const struct fact *x, int rule) {
    const char *ward = f->wards.text[x->ward[rule]], *area = f->areas.text[x->area[rule]];
    return json_pack("[s,s,s,s,s]", place_words[x->place[rule]], ward, word(f->ward_name[x->ward[rule]]),
                     area, word(f->area_name[x->area[rule]]));
}

static const char *facts_text(struct freezing *z, uint32_t spell, uint32_t entity, uint32_t anchor) {
    const struct facts *f = z->p->v->facts;
    const struct fact *x = spell_fact(f, spell);
    const struct entity *who = &f->entity[entity];
    json_t *o = json_object();
    json_object_set_new(o, "anchor",
                        json_pack("[s,s]", word(f->anchor_ref[anchor]), word(f->anchor_name[anchor])));
    json_object_set_new(o, "who",
                        who->nameless ? json_pack("[s,s,b]", who->key, who->label, 1)
                                      : json_pack("[s,s]", who->key, who->label));
    for (int rule = 0; rule < PLACE_RULES; rule++) {
        json_object_set_new(o, rule_words[rule], where_value(f, x, rule));
    }
    json_object_set_new(o, "sector", json_string(f->sectors.text[x->sector]));
    json_object_set_new(o, "size", json_string(size_words[x->size]));
    json_object_set_new(o, "vcfse", json_string(vcfse_words[x->vcfse]));
    json_object_set_new(o, "class", json_string(f->classes.text[x->vcfse_class]));
    char *text = json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER);
    const char *kept = arena_strdup(z->p->c->arena, text ? text : "{}");
    free(text);
    json_decref(o);
    return kept;
}

static int by_cell(const void *x, const void *y) {
    const struct frozen *a = x, *b = y;
    if (a->sum.spell != b->sum.spell) {
        return a->sum.spell < b->sum.spell ? -1 : 1;
    }
    if (a->block != b->block) {
        return a->block->load_id != b->block->load_id ? (a->block->load_id < b->block->load_id ? -1 : 1)
                                                      : (a->block->fy < b->block->fy ? -1 : 1);
    }
    if (a->sum.day != b->sum.day) { // a month here
        return a->sum.day < b->sum.day ? -1 : 1;
    }
    return a->sum.flow_category < b->sum.flow_category ? -1 : a->sum.flow_category > b->sum.flow_category;
}

static void collect(struct freezing *z, uint32_t payee) {
    const struct plan *p = z->p;
    const struct lines *l = p->lines;
    z->count = 0;
    for (size_t i = l->at[payee]; i < l->at[payee + 1]; i++) {
        const struct line *r = &l->row[i];
        uint16_t cell = p->v->dict->slot_cell[r->slot];
        uint32_t spell = spell_on(p->v->facts, payee, r->day);
        if (!plan_takes(p, cell, r->flow_category, r->day) ||
            !plan_takes_fact(p, spell_fact(p->v->facts, spell))) {
            continue;
        }
        if (z->count == z->room) {
            z->room = z->room ? z->room * 2 : 64;
            z->cell = cube_grow(z->cell, z->room, sizeof *z->cell);
        }
        z->cell[z->count++] = (struct frozen){.sum = {.pence = r->pence,
                                                      .credit = r->pence < 0 ? r->pence : 0,
                                                      .lines = 1,
                                                      .spell = spell,
                                                      .flow_category = r->flow_category,
                                                      .cell = cell,
                                                      .day = p->v->dict->month_of_day[r->day]},
                                              .block = z->block_of_slot[r->slot]};
    }
}

static bool join(struct sum *a, const struct sum *b) {
    return !__builtin_add_overflow(a->pence, b->pence, &a->pence) &&
           !__builtin_add_overflow(a->credit, b->credit, &a->credit) &&
           !__builtin_add_overflow(a->lines, b->lines, &a->lines);
}

static void put_cell(struct freezing *z, const struct frozen *x, uint32_t payee) {
    const struct plan *p = z->p;
    const struct facts *f = p->v->facts;
    const struct entity *who = &f->entity[f->entity_of[payee]];
    copy_in_row(z->w);
    copy_in_i64(z->w, z->report_id);
    copy_in_i64(z->w, x->block->load_id);
    copy_in_i16(z->w, (int16_t)x->block->fy);
    copy_in_i64(z->w, x->block->anchor_id);
    copy_in_i64(z->w, f->payee_id[payee]);
    copy_in_text(z->w, word(f->payee_name[payee]));
    copy_in_i16(z->w, (int16_t)(x->sum.flow_category & 0xFF));
    copy_in_i32(z->w, month_base() + x->sum.day);
    copy_in_text(z->w, p->category[x->sum.flow_category >> 8]);
    if (who->supplier_id == NO_SUPPLIER) {
        copy_in_null(z->w);
    } else {
        copy_in_i64(z->w, who->supplier_id);
    }
    copy_in_text(z->w,
                 facts_text(z, x->sum.spell, f->entity_of[payee], p->v->dict->cell[x->sum.cell].anchor));
    copy_in_i64(z->w, x->sum.pence);
    copy_in_i64(z->w, x->sum.credit);
    copy_in_i64(z->w, x->sum.lines);
}

static enum err freeze_payee(struct freezing *z, uint32_t payee) {
    collect(z, payee);
    if (z->count == 0) {
        return ERR_OK;
    }
    qsort(z->cell, z->count, sizeof *z->cell, by_cell);
    size_t kept = 1;
    for (size_t i = 1; i < z->count; i++) {
        if (by_cell(&z->cell[kept - 1], &z->cell[i]) != 0) {
            z->cell[kept++] = z->cell[i];
        } else if (!join(&z->cell[kept - 1].sum, &z->cell[i].sum)) {
            return ctx_fail(z->p->c, ERR_TOO_LARGE, "A sum of payments is too large.");
        }
    }
    for (size_t i = 0; i < kept; i++) {
        put_cell(z, &z->cell[i], payee);
    }
    return ERR_OK;
}

static enum err freeze_all(struct freezing *z) {
    const struct plan *p = z->p;
    const struct cube_view *v = p->v;
    uint32_t n = v->facts->payees < p->lines->payees ? v->facts->payees : p->lines->payees;
    enum err e = ERR_OK;
    z->block_of_slot = cube_alloc(CELLS_MAX, sizeof *z->block_of_slot);
    for (size_t i = 0; i < v->blocks; i++) {
        z->block_of_slot[v->block[i]->slot] = v->block[i];
    }
    for (uint32_t i = 0; e == ERR_OK && !p->nothing && i < n; i++) {
        if (p->only_entity == ANY || p->only_entity == v->facts->entity_of[i]) {
            e = freeze_payee(z, i);
        }
    }
    free(z->block_of_slot);
    free(z->cell);
    return e;
}

enum err cube_freeze(struct ctx *c, const struct cube_view *v, const struct anc_slice *slice,
                     int64_t report_id) {
    struct anc_slice by_line = *slice; // whatever it groups by: the cells hold months and categories
    struct plan p;
    by_line.by = ANC_BY_CATEGORY;
    by_line.then_by = ANC_BY_NOTHING;
    if (v->frozen) {
        return ctx_fail(c, ERR_UNSUPPORTED, "a report of a report");
    }
    struct ctx own = *c;
    own.arena = arena_new(TEXT_BYTES);
    enum err e = plan_make(&own, v, &by_line, &p);
    struct freezing z = {.p = &p, .report_id = report_id};
    e = e ? e : copy_in_begin(&own, &sql_cube_cells_copy, 14, &z.w);
    if (e == ERR_OK) {
        e = freeze_all(&z);
        if (e) {
            copy_in_abort(z.w);
        } else {
            e = copy_in_end(z.w, NULL);
        }
    }
    if (e) {
        ctx_fail(c, e, "%s", own.err_detail);
    }
    arena_free(own.arena);
    return e;
}

// ---- a state made of cells ----------------------------------------------------------------------------

struct thawing {
    struct ctx *c;
    struct cube_view *v;
    struct text_list told;     // different facts
    uint32_t *entity, *anchor; // of each of them; the fact has the same number
    uint32_t told_room, entity_room;
    struct number_map anchors; // unused keys: numbers come from the texts
    struct text_list anchor_refs, keys, categories;
    struct sum *row;
    uint32_t *entity_of;
    size_t count, room;
    bool odd; // facts that cannot be read
};

static const char *item(const json_t *o, const char *key, size_t i) {
    return word(json_string_value(json_array_get(json_object_get(o, key), i)));
}

static uint8_t number_of(const char *s, const char *const *words, uint8_t n) {
    for (uint8_t i = 0; i < n; i++) {
        if (strcmp(words[i], s) == 0) {
            return i;
        }
    }
    return (uint8_t)(n - 1);
}

static uint16_t code_of(struct text_list *l, const char ***names, struct arena *a, const char *code,
                        const char *name) {
    uint32_t before = l->count, n = text_list_put(l, a, code, strlen(code));
    if (n > UINT16_MAX) {
        return 0;
    }
    if (n == before && names) {
        (*names)[n] = arena_strdup(a, name);
    }
    return (uint16_t)n;
}

static void take_where(struct thawing *t, struct fact *x, const json_t *o, int rule) {
    struct facts *f = t->v->facts;
    const char *key = rule_words[rule];
    x->place[rule] = number_of(item(o, key, 0), place_words, 3);
    x->ward[rule] = code_of(&f->wards, &f->ward_name, f->texts, item(o, key, 1), item(o, key, 2));
    x->area[rule] = code_of(&f->areas, &f->area_name, f->texts, item(o, key, 3), item(o, key, 4));
}

static uint32_t take_anchor(struct thawing *t, const json_t *o) {
    struct facts *f = t->v->facts;
    const char *ref = item(o, "anchor", 0);
    uint32_t before = t->anchor_refs.count, n = text_list_put(&t->anchor_refs, f->texts, ref, strlen(ref));
    if (n == before && n < CELLS_MAX) {
        f->anchor_ref[n] = t->anchor_refs.text[n];
        f->anchor_name[n] = arena_strdup(f->texts, item(o, "anchor", 1));
        f->anchors = n + 1;
    }
    return n;
}

static uint32_t take_who(struct thawing *t, const json_t *o) {
    struct facts *f = t->v->facts;
    const char *key = item(o, "who", 0);
    uint32_t before = t->keys.count, n = text_list_put(&t->keys, f->texts, key, strlen(key));
    if (n == before) {
        if (n == t->entity_room) {
            t->entity_room = t->entity_room ? t->entity_room * 2 : 256;
            f->entity = cube_grow(f->entity, t->entity_room, sizeof *f->entity);
        }
        f->entity[n] =
            (struct entity){.key = t->keys.text[n],
                            .label = arena_strdup(f->texts, item(o, "who", 1)),
                            .nameless = json_is_true(json_array_get(json_object_get(o, "who"), 2))};
        f->entities = n + 1;
    }
    return n;
}

// The number of the facts; each different text is read once.
static uint32_t take_facts(struct thawing *t, const char *s, size_t n) {
    struct facts *f = t->v->facts;
    uint32_t before = t->told.count, at = text_list_put(&t->told, f->texts, s, n);
    if (at != before) {
        return at;
    }
    if (at == t->told_room) {
        t->told_room = t->told_room ? t->told_room * 2 : 256;
        t->entity = cube_grow(t->entity, t->told_room, sizeof *t->entity);
        t->anchor = cube_grow(t->anchor, t->told_room, sizeof *t->anchor);
        f->fact = cube_grow(f->fact, t->told_room, sizeof *f->fact);
    }
    json_t *o = json_loadb(s, n, 0, NULL);
    t->odd = t->odd || !json_is_object(o);
    struct fact x = {0};
    for (int rule = 0; rule < PLACE_RULES; rule++) {
        take_where(t, &x, o, rule);
    }
    const char *sector = word(json_string_value(json_object_get(o, "sector")));
    x.sector = code_of(&f->sectors, NULL, f->texts, sector, "");
    x.vcfse = number_of(word(json_string_value(json_object_get(o, "vcfse"))), vcfse_words, 5);
    const char *class = word(json_string_value(json_object_get(o, "class")));
    uint16_t of = code_of(&f->classes, NULL, f->texts, class, "");
    x.vcfse_class = of > UINT8_MAX ? 0 : (uint8_t)of;
    const char *size = word(json_string_value(json_object_get(o, "size")));
    x.size = *size ? number_of(size, size_words, 5) : 0;
    f->fact[at] = x;
    t->entity[at] = take_who(t, o);
    t->anchor[at] = take_anchor(t, o);
    f->spells = f->fact_count = at + 1;
    json_decref(o);
    return at;
}

// The first day of a month, as lines have it.
static uint16_t day_of_month(const struct dict *d, int64_t month) {
    int64_t wanted = month - month_base();
    uint32_t low = 0, high = DAYS - 1;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        low = d->month_of_day[mid] < wanted ? mid + 1 : low;
        high = d->month_of_day[mid] < wanted ? high : mid;
    }
    return (uint16_t)low;
}

static void take_cell(struct thawing *t, const struct copy_out *o) {
    size_t n, category_n;
    const char *s = copy_out_text(o, 7, &n), *category = copy_out_text(o, 6, &category_n);
    uint32_t fact = take_facts(t, s, n);
    uint16_t cell = 0;
    int64_t flow = copy_out_i64(o, 4), lines = copy_out_i64(o, 10);
    t->odd = t->odd || !dict_cell(t->v->dict, t->anchor[fact], (int32_t)copy_out_i64(o, 1), &cell);
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 1024;
        t->row = cube_grow(t->row, t->room, sizeof *t->row);
        t->entity_of = cube_grow(t->entity_of, t->room, sizeof *t->entity_of);
    }
    uint32_t at = text_list_put(&t->categories, t->v->texts, category, category_n);
    t->entity_of[t->count] = t->entity[fact];
    t->row[t->count++] = (struct sum){
        .pence = copy_out_i64(o, 8),
        .credit = copy_out_i64(o, 9),
        .lines = lines > UINT32_MAX ? UINT32_MAX : (uint32_t)lines,
        .spell = fact,
        .flow_category = at << 8 | (flow < 0 || flow >= ANC_FLOW_COUNT ? ANC_FLOW_COUNT : (uint32_t)flow),
        .cell = cell,
        .day = day_of_month(t->v->dict, copy_out_i64(o, 5))};
}

static void begin_thawing(struct thawing *t) {
    struct cube_view *v = t->v = cube_alloc(1, sizeof *v);
    struct facts *f = v->facts = cube_alloc(1, sizeof *f);
    v->pins = 1;
    v->frozen = true;
    v->guard = guard_new();
    v->dict = dict_new();
    v->texts = arena_new(TEXT_BYTES);
    f->uses = 1;
    f->texts = arena_new(TEXT_BYTES);
    f->ward_name = arena_array(f->texts, UINT16_MAX + 1, sizeof *f->ward_name);
    f->area_name = arena_array(f->texts, UINT16_MAX + 1, sizeof *f->area_name);
    f->anchor_ref = arena_array(f->texts, CELLS_MAX, sizeof *f->anchor_ref);
    f->anchor_name = arena_array(f->texts, CELLS_MAX, sizeof *f->anchor_name);
    text_list_put(&f->wards, f->texts, "", 0);
    text_list_put(&f->areas, f->texts, "", 0);
    text_list_put(&f->sectors, f->texts, "", 0);
    text_list_put(&f->classes, f->texts, "", 0);
}

// Each entity stands for its payees: their spells are all there are, with one fact each.
static void know_entities(struct facts *f) {
    f->payees = f->entities;
    f->entity_of = cube_alloc(f->payees, sizeof *f->entity_of);
    f->spell_at = cube_alloc((size_t)f->payees + 1, sizeof *f->spell_at);
    f->spell_fact = cube_alloc(f->spells, sizeof *f->spell_fact);
    for (uint32_t i = 0; i < f->payees; i++) {
        f->entity_of[i] = i;
    }
    for (uint32_t i = 0; i < f->spells; i++) {
        f->spell_fact[i] = i;
    }
    facts_group(f);
}

static void sum_up(struct thawing *t) {
    struct cube_view *v = t->v;
    const struct dict *d = v->dict;
    int32_t *fy = cube_alloc(d->cell_count, sizeof *fy);
    size_t years = 0;
    for (uint32_t i = 0; i < d->cell_count; i++) {
        size_t k = 0;
        while (k < years && fy[k] < d->cell[i].fy) {
            k++;
        }
        if (k == years || fy[k] != d->cell[i].fy) {
            memmove(fy + k + 1, fy + k, (years++ - k) * sizeof *fy);
            fy[k] = d->cell[i].fy;
        }
    }
    v->sums = sums_given(v, years, fy, t->count, t->row, t->entity_of);
    free(fy);
}

static enum err end_thawing(struct thawing *t, enum err e) {
    struct cube_view *v = t->v;
    if (e == ERR_OK && t->odd) {
        e = ctx_fail(t->c, ERR_BUG, "facts of a report cannot be read");
    }
    v->cells = v->dict->cell_count;
    v->categories = t->categories.count;
    v->category = cube_alloc((size_t)v->categories + 1, sizeof *v->category);
    if (v->categories > 0) {
        memcpy(v->category, t->categories.text, v->categories * sizeof *v->category);
    }
    know_entities(v->facts);
    sum_up(t);
    text_list_free(&t->told);
    text_list_free(&t->anchor_refs);
    text_list_free(&t->keys);
    text_list_free(&t->categories);
    free(t->entity);
    free(t->anchor);
    free(t->row);
    free(t->entity_of);
    return e;
}

enum err cube_of_report(struct ctx *c, const char *report_ref, const struct cube_view **ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, cube_report, &r, report_ref);
    if (e || rows_count(r) == 0) {
        return e ? e : ctx_fail(c, ERR_NOT_FOUND, "There is no report %s.", report_ref);
    }
    struct thawing t = {.c = c};
    struct copy_out *o;
    begin_thawing(&t);
    e = db_begin(c);
    bool begun = e == ERR_OK;
    e = e ? e : DB_ROWS(c, cube_choose, &r, "{}", "{}", report_ref);
    e = e ? e : copy_out_begin(c, &sql_cube_cells, 11, &o);
    if (e == ERR_OK) {
        while (copy_out_row(o)) {
            take_cell(&t, o);
        }
        e = copy_out_end(o);
    }
    e = e ? e : db_commit(c);
    if (e && begun) {
        db_rollback(c);
    }
    e = end_thawing(&t, e);
    if (e) {
        cube_unpin(t.v);
        return e;
    }
    *ret = t.v;
    return ERR_OK;
}
