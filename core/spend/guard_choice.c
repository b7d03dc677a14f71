// SPDX-License-Identifier: Apache-2.0
// Slices and rows of answers as the guard sees them.
#include "spend/guardint.h"
#include "spend/slice_text.h"

static const char *text(const char *s) {
    return s ? s : "";
}

// False: a filter names what is not there, or contradicts another.
static bool set_number(struct filter *f, uint8_t rule, bool found, const uint32_t *n) {
    bool fits_in = found && (!f->set || f->value == *n);
    *f = (struct filter){.set = true, .rule = rule, .value = *n};
    return fits_in;
}

static bool set_bits(struct filter *f, uint8_t rule, uint32_t bits) {
    f->value = f->set ? f->value & bits : bits;
    f->set = true;
    f->rule = rule;
    return f->value != 0;
}

static bool find_anchor(const struct facts *f, const char *ref, uint32_t *ret) {
    for (uint32_t i = 0; i < f->anchors; i++) {
        if (f->anchor_ref[i] && strcmp(f->anchor_ref[i], ref) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

uint64_t choice_classes(const struct facts *f, const char *words) {
    uint64_t out = 0;
    for (const char *s = words + strspn(words, " "); *s;) {
        size_t n = strcspn(s, " ");
        out |= n == 1 && *s == *SLICE_NO_CLASS ? class_bit(0) : 0;
        for (uint32_t i = 1; i < f->classes.count; i++) {
            if (strlen(f->classes.text[i]) == n && strncmp(f->classes.text[i], s, n) == 0) {
                out |= class_bit(i);
            }
        }
        s += n + strspn(s + n, " ");
    }
    return out;
}

static bool set_tags(struct filter *f, uint32_t decisions, uint64_t classes) {
    bool had = f->set;
    f->value = had ? f->value & decisions : decisions;
    f->classes = had ? f->classes & classes : classes;
    f->set = true;
    return f->value != 0 || f->classes != 0;
}

static bool narrow_to_slice(const struct facts *f, const struct anc_slice *s, struct filter of[DIMS]) {
    const uint32_t policy = 1u << ANC_VCFSE_POLICY;
    uint8_t rule = (uint8_t)s->rule;
    uint32_t n = 0;
    bool ok = true;
    of[DIM_FLOW] = (struct filter){.set = true, .value = s->flows ? s->flows : ALL_FLOWS};
    if (*text(s->anchor_ref)) {
        ok = ok && set_number(&of[DIM_ANCHOR], 0, find_anchor(f, s->anchor_ref, &n), &n);
    }
    if (*text(s->ward)) {
        ok = ok && set_number(&of[DIM_WARD], rule, text_list_find(&f->wards, s->ward, &n), &n);
    }
    if (*text(s->sector)) {
        ok = ok && set_number(&of[DIM_SECTOR], 0, text_list_find(&f->sectors, s->sector, &n), &n);
    }
    ok = ok && (!s->places || set_bits(&of[DIM_PLACE], rule, s->places));
    ok = ok && (!s->sizes || set_bits(&of[DIM_SIZE], 0, s->sizes << 1));
    if (s->vcfse || *text(s->vcfse_classes)) {
        uint64_t classes = *text(s->vcfse_classes) ? choice_classes(f, s->vcfse_classes)
                           : s->vcfse & policy     ? ALL_CLASSES
                                                   : 0;
        ok = ok && set_tags(&of[DIM_VCFSE], s->vcfse & ~policy, classes);
    }
    return ok;
}

static uint32_t index_of(const char *const *words, uint32_t n, const char *key) {
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(words[i], key) == 0) {
            return i;
        }
    }
    return n;
}

static bool narrow_to_row(const struct facts *f, uint8_t rule, const struct guard_row *row,
                          struct filter of[DIMS]) {
    static const char *const places[] = {"local", "elsewhere", "unknown"};
    static const char *const tags[] = {"yes", "policy", "review", "no", "unknown"};
    static const char *const sizes[] = {"", "micro", "small", "medium", "large"};
    uint32_t n = 0;
    switch (row->by) {
    case ANC_BY_ANCHOR:
        return set_number(&of[DIM_ANCHOR], 0, find_anchor(f, row->key, &n), &n);
    case ANC_BY_WARD:
        return set_number(&of[DIM_WARD], rule, text_list_find(&f->wards, row->key, &n) || !*row->key, &n);
    case ANC_BY_SECTOR:
        return set_number(&of[DIM_SECTOR], 0, text_list_find(&f->sectors, row->key, &n) || !*row->key, &n);
    case ANC_BY_PLACE:
        return set_bits(&of[DIM_PLACE], rule, 1u << index_of(places, 3, row->key));
    case ANC_BY_SIZE:
        return set_bits(&of[DIM_SIZE], 0, 1u << index_of(sizes, 5, row->key));
    case ANC_BY_FLOW:
        while (n < ANC_FLOW_COUNT && strcmp(cube_flow_key(n), row->key) != 0) {
            n++;
        }
        return set_bits(&of[DIM_FLOW], 0, 1u << n);
    case ANC_BY_VCFSE:
        n = index_of(tags, 5, row->key);
        return n == ANC_VCFSE_POLICY ? set_tags(&of[DIM_VCFSE], 0, ALL_CLASSES)
                                     : set_tags(&of[DIM_VCFSE], 1u << n, 0);
    case ANC_BY_VCFSE_CLASS:
        return !*row->key || set_tags(&of[DIM_VCFSE], 0, choice_classes(f, row->key));
    default:
        return true;
    }
}

bool choice_of_slice(const struct cube_view *v, const struct anc_slice *s, const struct guard_row row[2],
                     struct choice *ret) {
    uint8_t rule = (uint8_t)s->rule;
    *ret = (struct choice){.of = {{.set = false}}};
    return narrow_to_slice(v->facts, s, ret->of) && narrow_to_row(v->facts, rule, &row[0], ret->of) &&
           narrow_to_row(v->facts, rule, &row[1], ret->of);
}
