// SPDX-License-Identifier: Apache-2.0
// VCFSE three ways: sums and tables.
#include "sets.h"

#include "choices.h"

#include <string.h>

// ---- reading --------------------------------------------------------------------------------------------

static void add(struct vcfse_sum *to, const struct anc_sum *row) {
    to->pence += row->pence;
    to->payees += row->payees;
}

static bool is_counted(const struct view *v, const char *class) {
    struct anc_slice one = {.size = sizeof one, .vcfse_classes = class};
    return *class && view_narrow(v, &one, 0, v->classes);
}

static struct vcfse_class_sum *class_of(const struct view *v, struct vcfse_sets *s, const char *key) {
    for (uint32_t i = 0; i < s->count; i++) {
        if (strcmp(s->classes[i].key, key) == 0) {
            return &s->classes[i];
        }
    }
    if (s->count + 1 >= SETS_CLASSES && *key) {
        return class_of(v, s, "");
    }
    struct vcfse_class_sum *one = &s->classes[s->count++];
    *one = (struct vcfse_class_sum){.key = key, .counted = is_counted(v, key), .sum.apart = true};
    return one;
}

// Each set is asked for as one, for its rows may be told and it not, or the other way round.
static anc_rc read_told(struct view *v, const struct anc_slice *slice, struct vcfse_sets *ret) {
    const uint32_t yes = 1u << ANC_VCFSE_YES, review = 1u << ANC_VCFSE_REVIEW;
    const struct {
        struct vcfse_sum *set;
        uint32_t vcfse;
        const char *classes;
    } sets[] = {{&ret->strict, yes, ""},
                {&ret->headline, yes, v->classes},
                {&ret->wide, yes | review | 1u << ANC_VCFSE_POLICY, ""},
                {&ret->review, review, ""}};
    anc_rc rc = ANC_OK;
    for (size_t i = 0; rc == ANC_OK && i < sizeof sets / sizeof *sets; i++) {
        struct anc_slice s = *slice;
        struct anc_sum one;
        bool any = v->for_public && view_narrow(v, &s, sets[i].vcfse, sets[i].classes);
        rc = view_one(v, &s, any, &one);
        sets[i].set->apart = view_told(v, &one);
    }
    return rc;
}

anc_rc sets_read(struct view *v, const struct anc_slice *slice, struct vcfse_sets *ret) {
    struct anc_slice s = *slice;
    struct view_rows r;
    s.by = ANC_BY_VCFSE;
    s.then_by = ANC_BY_VCFSE_CLASS;
    *ret = (struct vcfse_sets){.count = 0};
    anc_rc rc = view_slice(v, &s, &r);
    for (uint32_t i = 0; rc == ANC_OK && i < r.count; i++) {
        const struct anc_sum *row = view_row(&r, i);
        bool yes = strcmp(row->key, "yes") == 0, policy = strcmp(row->key, "policy") == 0;
        bool review = strcmp(row->key, "review") == 0;
        bool counted = yes || (policy && is_counted(v, row->then_key));
        if (policy) {
            struct vcfse_class_sum *one = class_of(v, ret, row->then_key);
            add(&one->sum, row);
            one->sum.apart = one->sum.apart && view_told(v, row);
        }
        if (yes) {
            add(&ret->strict, row);
        }
        if (counted) {
            add(&ret->headline, row);
        }
        if (yes || policy || review) {
            add(&ret->wide, row);
        }
        if (review) {
            add(&ret->review, row);
        }
    }
    return rc == ANC_OK ? read_told(v, slice, ret) : rc;
}

const char *sets_basis(const struct view *v) {
    const char *out = "on a register or decided by an officer";
    for (size_t i = 0; i < SPEND_CLASSES; i++) {
        if (is_counted(v, spend_classes[i].key)) {
            const char *words = spend_classes[i].words;
            out = v->host->mem->format(v->ctx, "%s, and %c%s", out, words[0] | 0x20, words + 1);
        }
    }
    return out;
}

// ---- drawing --------------------------------------------------------------------------------------------

static void sum_cells(const struct view *v, bool told, const struct vcfse_sum *one, int64_t whole) {
    const struct anc_panel_api *p = v->host->panel;
    view_cell_if(v, told, one->pence);
    view_cell_if(v, told, view_share(one->pence, whole));
    p->cell_text(v->panel, view_how_many(v, one->payees));
}

// Rows grow from one to the next: to the public, a row stays without pounds when fewer than five suppliers
// are behind it, or behind what it has more than the last row that was told; so for what it has more than
// here.
struct told {
    int64_t local, all; // suppliers of the rows told last
};

static void set_row(const struct view *v, struct told *told, const char *set, const struct vcfse_sum *local,
                    int64_t local_pence, const struct vcfse_sum *all, int64_t all_pence) {
    bool here = local->apart && !view_few(v, local->payees) && !view_few(v, local->payees - told->local);
    bool anywhere = all->apart && !view_few(v, all->payees) && !view_few(v, all->payees - told->all) &&
                    !view_few(v, all->payees - local->payees);
    told->local = here ? local->payees : told->local;
    told->all = anywhere ? all->payees : told->all;
    v->host->panel->row(v->panel);
    v->host->panel->cell_text(v->panel, set);
    sum_cells(v, here, local, local_pence);
    sum_cells(v, anywhere, all, all_pence);
}

static const char *sets_finding(const struct view *v, const struct vcfse_sets *local, int64_t local_pence) {
    const char *words = v->host->mem->format(
        v->ctx, "%s of local spend is with VCFSE suppliers, by the headline set: %s",
        view_percent_of(v, local->headline.pence, local_pence), view_about(v, local->headline.pence));
    return local->review.payees > 0 && local->review.apart && !view_few(v, local->review.payees)
               ? v->host->mem->format(v->ctx, "%s, and up to %s more when all are checked.", words,
                                      view_about(v, local->review.pence))
               : v->host->mem->format(v->ctx, "%s.", words);
}

static void draw_sets(const struct view *v, const struct vcfse_sets *local, int64_t local_pence,
                      const struct vcfse_sets *all, int64_t all_pence) {
    const struct anc_panel_api *p = v->host->panel;
    p->table(v->panel, "vcfse", v->host->mem->format(v->ctx, "Spend with VCFSE suppliers, %s", v->label));
    p->column(v->panel, "set", "Who counts", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", v->host->mem->format(v->ctx, "In %s", v->place), ANC_COLUMN_MONEY);
    p->column(v->panel, "share", "Of local spend", ANC_COLUMN_SHARE);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid_all", "Anywhere", ANC_COLUMN_MONEY);
    p->column(v->panel, "share_all", "Of all spend", ANC_COLUMN_SHARE);
    p->column(v->panel, "suppliers_all", "Suppliers", ANC_COLUMN_TEXT);
    struct told told = {0, 0}, review = {0, 0};
    set_row(v, &told, "Strict: by register or officer", &local->strict, local_pence, &all->strict, all_pence);
    set_row(v, &told, *v->classes ? "Headline: and the classes counted" : "Headline: the same as strict",
            &local->headline, local_pence, &all->headline, all_pence);
    set_row(v, &told, "Wide: and all classes, and those to check", &local->wide, local_pence, &all->wide,
            all_pence);
    if (all->review.payees > 0 && !view_few(v, all->review.payees) && !view_few(v, local->review.payees)) {
        set_row(v, &review, "Of the wide set, still to check", &local->review, local_pence, &all->review,
                all_pence);
    }
    p->bars(v->panel, "set", "paid", sets_finding(v, local, local_pence));
}

static void class_row(const struct view *v, const char *words, const char *counted,
                      const struct vcfse_sum *local, const struct vcfse_sum *all) {
    const struct anc_panel_api *p = v->host->panel;
    p->row(v->panel);
    p->cell_text(v->panel, words);
    p->cell_text(v->panel, counted);
    view_cell_if(v, local->apart && !view_few(v, local->payees) && !view_few(v, all->payees - local->payees),
                 local->pence);
    p->cell_text(v->panel, view_how_many(v, local->payees));
    p->cell_i64(v->panel, all->pence);
    p->cell_text(v->panel, view_how_many(v, all->payees));
}

static const struct vcfse_sum *sum_of_class(const struct vcfse_sets *s, const char *key) {
    static const struct vcfse_sum nothing = {0, 0, true};
    for (uint32_t i = 0; i < s->count; i++) {
        if (strcmp(s->classes[i].key, key) == 0) {
            return &s->classes[i].sum;
        }
    }
    return &nothing;
}

static void join(struct vcfse_sum *to, const struct vcfse_sum *one) {
    to->pence += one->pence;
    to->payees += one->payees;
}

static bool is_small(const struct view *v, const struct vcfse_sum *one) {
    return view_few(v, one->payees) || !one->apart;
}

// To the public, classes of few suppliers stand together; when even together they are few there is no table,
// because the others would tell them.
static void draw_classes(const struct view *v, const struct vcfse_sets *local, const struct vcfse_sets *all) {
    const struct anc_panel_api *p = v->host->panel;
    struct vcfse_sum few_local = {0, 0, true}, few = {0, 0, true};
    uint32_t together = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        if (is_small(v, &all->classes[i].sum)) {
            together++;
            join(&few, &all->classes[i].sum);
            join(&few_local, sum_of_class(local, all->classes[i].key));
        }
    }
    if (view_few(v, few.payees) || (together == 1 && few.payees > 0)) {
        return;
    }
    p->table(v->panel, "vcfse_classes",
             v->host->mem->format(v->ctx, "Suppliers that are VCFSE by some definitions, %s", v->label));
    p->column(v->panel, "class", "Class", ANC_COLUMN_TEXT);
    p->column(v->panel, "counted", "In the headline", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", v->host->mem->format(v->ctx, "In %s", v->place), ANC_COLUMN_MONEY);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid_all", "Anywhere", ANC_COLUMN_MONEY);
    p->column(v->panel, "suppliers_all", "Suppliers", ANC_COLUMN_TEXT);
    for (uint32_t i = 0; i < all->count; i++) {
        const struct vcfse_class_sum *one = &all->classes[i];
        if (!is_small(v, &one->sum)) {
            class_row(v, spend_class_words(one->key), one->counted ? "Counted" : "Not counted",
                      sum_of_class(local, one->key), &one->sum);
        }
    }
    if (few.payees > 0) {
        class_row(v, "Small classes, together", "", &few_local, &few);
    }
    p->bars(v->panel, "class", "paid_all",
            *v->classes
                ? v->host->mem->format(v->ctx, "The headline counts suppliers that are %s.", sets_basis(v))
                : "None of these classes is in the headline: each is a choice of the place.");
}

void sets_draw(const struct view *v, const struct vcfse_sets *local, int64_t local_pence,
               const struct vcfse_sets *all, int64_t all_pence) {
    draw_sets(v, local, local_pence, all, all_pence);
    if (all->count > 0) {
        draw_classes(v, local, all);
    }
}
