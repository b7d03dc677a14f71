// SPDX-License-Identifier: Apache-2.0
// Reads what facts are made of.
#include "spend/cubeint.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/supplier.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES ((size_t)8 << 30) // names of payees; a limit for the arena, not what is taken

struct loader {
    struct ctx *c;
    struct dict *d;
    struct facts *f;
    struct facts_raw raw;
};

// Room for one more element of an array that holds `count`.
static void *one_more(void *p, size_t count, size_t size) {
    if (count > 0 && (count & (count - 1)) != 0) {
        return p;
    }
    return cube_grow(p, count ? count * 2 : 1, size);
}

static const char *text_at(struct loader *l, const struct copy_out *o, int column) {
    size_t n;
    const char *s = copy_out_text(o, column, &n);
    return arena_strndup(l->f->texts, s, n);
}

static bool text_is(const struct copy_out *o, int column, const char *s) {
    size_t n;
    const char *t = copy_out_text(o, column, &n);
    return strlen(s) == n && memcmp(t, s, n) == 0;
}

static uint16_t code_at(struct text_list *list, struct loader *l, const struct copy_out *o, int column) {
    size_t n;
    const char *s = copy_out_text(o, column, &n);
    uint32_t number = text_list_put(list, l->f->texts, s, n);
    return number > UINT16_MAX ? 0 : (uint16_t)number;
}

// Three columns: is_local, lad_code, ward_code.
static struct where where_at(struct loader *l, const struct copy_out *o, int column) {
    struct where w = {.place = ANC_PLACE_UNKNOWN};
    if (!copy_out_null(o, column) && !copy_out_null(o, column + 1)) {
        w.place = copy_out_i64(o, column) ? ANC_PLACE_LOCAL : ANC_PLACE_ELSEWHERE;
        w.area = code_at(&l->f->areas, l, o, column + 1);
        w.ward = code_at(&l->f->wards, l, o, column + 2);
    }
    return w;
}

// ---- a row of each table ------------------------------------------------------------------------------

static void take_payee(struct loader *l, const struct copy_out *o) {
    struct facts_raw *r = &l->raw;
    r->payee = one_more(r->payee, r->payees, sizeof *r->payee);
    r->payee[r->payees++] = (struct payee_row){.number = number_map_put(&l->d->payees, copy_out_i64(o, 0)),
                                               .id = copy_out_i64(o, 0),
                                               .name = text_at(l, o, 1),
                                               .supplier_id = copy_out_i64(o, 2),
                                               .same_as = copy_out_i64(o, 3),
                                               .redacted = copy_out_i64(o, 4) != 0,
                                               .individual = copy_out_i64(o, 5) != 0,
                                               .where = where_at(l, o, 6)};
}

static uint8_t size_at(const struct copy_out *o, int column) {
    static const char *const words[] = {"micro", "small", "medium", "large"};
    for (uint8_t i = 0; i < 4; i++) {
        if (text_is(o, column, words[i])) {
            return (uint8_t)(i + 1);
        }
    }
    return 0;
}

static void take_supplier(struct loader *l, const struct copy_out *o) {
    struct facts_raw *r = &l->raw;
    r->supplier = one_more(r->supplier, r->suppliers, sizeof *r->supplier);
    r->supplier[r->suppliers++] = (struct supplier_row){.id = copy_out_i64(o, 0),
                                                        .ref = text_at(l, o, 1),
                                                        .name = text_at(l, o, 2),
                                                        .sector = code_at(&l->f->sectors, l, o, 3),
                                                        .size = size_at(o, 4)};
}

static void take_place(struct loader *l, const struct copy_out *o) {
    struct facts_raw *r = &l->raw;
    uint8_t kind = text_is(o, 1, "invoice")      ? ANC_WHERE_INVOICE
                   : text_is(o, 1, "registered") ? ANC_WHERE_REGISTERED
                                                 : ANC_WHERE_OPERATIONS;
    r->place = one_more(r->place, r->places, sizeof *r->place);
    r->place[r->places++] = (struct place_row){.supplier_id = copy_out_i64(o, 0),
                                               .kind = kind,
                                               .from = copy_out_day(o, 2),
                                               .where = where_at(l, o, 3)};
}

static uint8_t decision_at(const struct copy_out *o, int column) {
    static const char *const words[] = {[ANC_VCFSE_YES] = "yes",
                                        [ANC_VCFSE_POLICY] = "policy",
                                        [ANC_VCFSE_REVIEW] = "review",
                                        [ANC_VCFSE_NO] = "no"};
    for (int i = 0; i < ANC_VCFSE_UNKNOWN; i++) {
        if (text_is(o, column, words[i])) {
            return (uint8_t)i;
        }
    }
    return ANC_VCFSE_UNKNOWN;
}

static uint8_t class_at(struct loader *l, const struct copy_out *o, int column) {
    uint16_t number = code_at(&l->f->classes, l, o, column);
    return number > UINT8_MAX ? 0 : (uint8_t)number;
}

static void take_tag(struct loader *l, const struct copy_out *o) {
    struct facts_raw *r = &l->raw;
    r->tag = one_more(r->tag, r->tags, sizeof *r->tag);
    r->tag[r->tags++] = (struct tag_row){.supplier_id = copy_out_i64(o, 0),
                                         .decision = decision_at(o, 1),
                                         .vcfse_class = class_at(l, o, 4),
                                         .before = !text_is(o, 5, ""),
                                         .before_decision = decision_at(o, 5),
                                         .before_class = class_at(l, o, 6),
                                         .before_from = copy_out_null(o, 7) ? INT32_MIN : copy_out_day(o, 7),
                                         .from = copy_out_null(o, 2) ? INT32_MIN : copy_out_day(o, 2),
                                         .until = copy_out_null(o, 3) ? INT32_MAX : copy_out_day(o, 3)};
}

static void take_merge(struct loader *l, const struct copy_out *o) {
    struct facts_raw *r = &l->raw;
    r->merge = one_more(r->merge, r->merges, sizeof *r->merge);
    r->merge[r->merges++] = (struct merge_row){copy_out_i64(o, 0), copy_out_i64(o, 1)};
}

// Names of wards come before anything names a ward, so numbers go with ward_name.
static void take_ward(struct loader *l, const struct copy_out *o) {
    struct facts *f = l->f;
    uint32_t before = f->wards.count, n = code_at(&f->wards, l, o, 0);
    if (n == before) {
        f->ward_name[n] = text_at(l, o, 1);
    }
}

static void take_anchor(struct loader *l, const struct copy_out *o) {
    struct facts *f = l->f;
    uint32_t n = number_map_put(&l->d->anchors, copy_out_i64(o, 0));
    if (n < CELLS_MAX) {
        f->anchor_ref[n] = text_at(l, o, 1);
        f->anchor_name[n] = text_at(l, o, 2);
    }
}

static enum err each(struct loader *l, const struct sql *q, int columns,
                     void (*take)(struct loader *l, const struct copy_out *o)) {
    struct copy_out *o;
    enum err e = copy_out_begin(l->c, q, columns, &o);
    if (e) {
        return e;
    }
    while (copy_out_row(o)) {
        take(l, o);
    }
    return copy_out_end(o);
}

// ---- all ----------------------------------------------------------------------------------------------

static enum err name_areas(struct loader *l) {
    struct facts *f = l->f;
    struct rows *r;
    enum err e = DB_ROWS(l->c, cube_areas, &r);
    f->area_name = arena_array(f->texts, (size_t)f->areas.count + 1, sizeof *f->area_name);
    for (uint32_t i = 0; i < f->areas.count; i++) {
        f->area_name[i] = f->areas.text[i];
    }
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        uint32_t n;
        if (text_list_find(&f->areas, row_text(r, i, "code"), &n)) {
            f->area_name[n] = arena_strdup(f->texts, row_text(r, i, "name"));
        }
    }
    return e;
}

static enum err read_all(struct loader *l) {
    struct facts *f = l->f;
    text_list_put(&f->wards, f->texts, "", 0);
    text_list_put(&f->areas, f->texts, "", 0);
    text_list_put(&f->sectors, f->texts, "", 0);
    text_list_put(&f->classes, f->texts, "", 0);
    f->ward_name = arena_array(f->texts, UINT16_MAX + 1, sizeof *f->ward_name);
    f->anchor_ref = arena_array(f->texts, CELLS_MAX, sizeof *f->anchor_ref);
    f->anchor_name = arena_array(f->texts, CELLS_MAX, sizeof *f->anchor_name);
    enum err e = each(l, &sql_cube_wards, 2, take_ward);
    e = e ? e : each(l, &sql_cube_anchors, 3, take_anchor);
    e = e ? e : each(l, &sql_cube_payees, 9, take_payee);
    e = e ? e : each(l, &sql_cube_suppliers, 5, take_supplier);
    e = e ? e : each(l, &sql_cube_places, 6, take_place);
    e = e ? e : each(l, &sql_cube_tags, 8, take_tag);
    e = e ? e : each(l, &sql_cube_merges, 2, take_merge);
    return e ? e : name_areas(l);
}

enum err facts_load(struct ctx *c, struct dict *d, int64_t match_no, struct facts **ret) {
    struct facts *f = cube_alloc(1, sizeof *f);
    struct loader l = {.c = c, .d = d, .f = f};
    f->uses = 1;
    f->match_no = match_no;
    f->texts = arena_new(TEXT_BYTES);
    enum err e = read_all(&l);
    if (e == ERR_OK) {
        l.raw.numbers = d->payees.count;
        facts_make(f, &l.raw, &d->payees);
        f->anchors = d->anchors.count < CELLS_MAX ? d->anchors.count : CELLS_MAX;
        *ret = f;
    } else {
        facts_done(f);
    }
    free(l.raw.payee);
    free(l.raw.supplier);
    free(l.raw.place);
    free(l.raw.tag);
    free(l.raw.merge);
    return e;
}
