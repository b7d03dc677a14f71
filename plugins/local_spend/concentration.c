// SPDX-License-Identifier: Apache-2.0
// Who is paid most, how few they are, and the same suppliers a year before.
#include "concentration.h"

#include "formula.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 25

// A supplier that is listed may be named to anybody; a name that only stands in a payments file may be a
// person.
static bool may_name(const struct view *v, const struct anc_sum *s) {
    return !v->for_public || s->key[0] != 'p' || s->key[1] < '0' || s->key[1] > '9';
}

// Payments without a name are no supplier, and nobody knows of how many they are.
static anc_rc read_suppliers(struct view *v, int32_t then_by, struct view_rows *ret) {
    struct anc_slice s = v->base;
    s.by = ANC_BY_PAYEE;
    s.then_by = then_by;
    s.largest = 1;
    s.flows &= ~(1u << ANC_FLOW_HIDDEN);
    ret->count = 0;
    return s.flows ? view_slice(v, &s, ret) : ANC_OK;
}

// Of the rows that could be named, as many that what was paid to all others is of none of them or of 5 and
// more: otherwise the whole less those that are named would tell it.
static uint32_t rows_named(const struct view *v, const struct view_rows *r) {
    uint32_t named = 0, others = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        const struct anc_sum *s = view_row(r, i);
        bool may = s->pence > 0 && may_name(v, s) && named < SHOWN;
        named += may;
        others += !may && s->pence != 0;
    }
    if (!view_few(v, others)) {
        return named;
    }
    return named + others > VIEW_FEWEST ? named + others - VIEW_FEWEST : 0;
}

anc_rc draw_suppliers(struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    static const char *const keys[] = {"supplier", "paid"};
    struct view_rows r;
    anc_rc rc = read_suppliers(v, ANC_BY_PLACE, &r);
    if (rc != ANC_OK || r.count == 0) {
        return rc;
    }
    p->table(v->panel, "suppliers", v->host->mem->format(v->ctx, "The suppliers paid most, %s", v->label));
    p->column(v->panel, "supplier", "Supplier", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "place", "Place", ANC_COLUMN_TEXT);
    const struct anc_sum *first = NULL;
    uint32_t shown = 0, most = rows_named(v, &r);
    for (uint32_t i = 0; i < r.count && shown < most; i++) {
        const struct anc_sum *s = view_row(&r, i);
        if (s->pence <= 0 || !may_name(v, s)) {
            continue;
        }
        first = first ? first : s;
        shown++;
        p->row(v->panel);
        p->cell_text(v->panel, s->label);
        p->cell_i64(v->panel, s->pence);
        p->cell_text(v->panel, view_place_words(v, s->then_key));
    }
    p->picture(v->panel, ANC_PICTURE_TREEMAP, keys, 2,
               first ? v->host->mem->format(v->ctx, "%s was paid most, %s in %s.", first->label,
                                            view_about(v, first->pence), v->label)
                     : "No supplier can be named here yet.");
    return ANC_OK;
}

// ---- concentration ----------------------------------------------------------------------------------------

static void share_row(const struct view *v, const char *what, bool known, int64_t bp, const char *means) {
    const struct anc_panel_api *p = v->host->panel;
    if (known) {
        p->row(v->panel);
        p->cell_text(v->panel, what);
        p->cell_i64(v->panel, bp);
        p->cell_text(v->panel, means);
    }
}

struct small_share {
    int64_t small, known;
    bool told;
};

// The public may be told it when it may be told each of its three parts: small, large, and of no known size.
static anc_rc small_share(struct view *v, struct small_share *ret) {
    const uint32_t sme = 1u << ANC_SIZE_MICRO | 1u << ANC_SIZE_SMALL | 1u << ANC_SIZE_MEDIUM;
    struct view_rows r;
    struct anc_slice s = v->base;
    struct anc_sum small;
    anc_rc rc = view_sums(v, ANC_BY_SIZE, ANC_BY_NOTHING, false, 0, &r);
    *ret = (struct small_share){.told = true};
    for (uint32_t i = 0; rc == ANC_OK && i < r.count; i++) {
        const struct anc_sum *row = view_row(&r, i);
        bool is_small = *row->key && strcmp(row->key, "large") != 0;
        ret->known += *row->key ? row->pence : 0;
        ret->small += is_small ? row->pence : 0;
        ret->told = ret->told && (is_small || (view_told(v, row) && !view_few(v, row->payees)));
    }
    s.sizes = s.sizes ? s.sizes & sme : sme;
    rc = rc == ANC_OK ? view_one(v, &s, s.sizes != 0, &small) : rc;
    ret->told = ret->told && view_told(v, &small) && !view_few(v, small.payees);
    return rc;
}

// Shares of the largest: one supplier alone only where it may be named, and never all but a few.
static bool top_told(const struct view *v, const struct view_rows *r, size_t n, size_t of) {
    return n < of && !view_few(v, (int64_t)(of - n)) &&
           (n > 1 || !v->for_public || may_name(v, view_row(r, 0)));
}

anc_rc draw_concentration(struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    static const struct {
        size_t n;
        const char *words, *means;
    } tops[] = {
        {1, "The largest supplier", "What one supplier's going would put at risk"},
        {10, "The 10 largest suppliers", "How much hangs on ten contracts or so"},
        {30, "The 30 largest suppliers", "As the benchmark of Greater Manchester counts them"},
        {100, "The 100 largest suppliers", "What a small team could talk to in a year"},
        {300, "The 300 largest suppliers", "As CLES studies them: near the whole of most councils' spend"}};
    struct view_rows r;
    struct small_share size;
    int64_t bp = 0, whole = 0;
    anc_rc rc = read_suppliers(v, ANC_BY_NOTHING, &r);
    rc = rc == ANC_OK ? small_share(v, &size) : rc;
    if (rc != ANC_OK || r.count == 0) {
        return rc;
    }
    int64_t *pence = v->host->mem->alloc(v->ctx, r.count * sizeof *pence);
    uint32_t n = 0;
    for (uint32_t i = 0; i < r.count; i++) { // a supplier whose credits took everything away is not counted
        int64_t one = view_row(&r, i)->pence;
        whole += one > 0 ? one : 0;
        pence[n] = one;
        n += one > 0;
    }
    p->table(v->panel, "concentration",
             v->host->mem->format(v->ctx, "How few suppliers get how much, %s", v->label));
    p->column(v->panel, "who", "Who", ANC_COLUMN_TEXT);
    p->column(v->panel, "share", "Share of spend", ANC_COLUMN_SHARE);
    p->column(v->panel, "means", "What it says", ANC_COLUMN_TEXT);
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
        bool many = top_told(v, &r, tops[i].n, n) && spend_top_share_bp(pence, n, tops[i].n, whole, &bp);
        share_row(v, tops[i].words, many, bp, tops[i].means);
    }
    bool sizes = size.told && spend_share_bp(size.small, size.known, &bp);
    share_row(v, "Small and medium suppliers (SME)", sizes, bp,
              v->host->mem->format(
                  v->ctx, "Fewer than 250 staff. Of the %s that went to suppliers whose size is known",
                  view_about(v, size.known)));
    bool index = spend_hhi_bp(pence, n, &bp);
    share_row(v, "Concentration (HHI)", index, bp,
              "Each supplier's share multiplied by itself, added up: 100% would be one supplier alone");
    bool ten = (n <= 10 || top_told(v, &r, 10, n)) && spend_top_share_bp(pence, n, 10, whole, &bp);
    p->bars(v->panel, "who", "share",
            ten ? v->host->mem->format(v->ctx, "The 10 largest of %s got %s of spend.",
                                       view_many(v, n, "supplier"), view_percent(v, bp))
                : "There is too little to compare.");
    return ANC_OK;
}

// ---- like for like ----------------------------------------------------------------------------------------

struct pair {
    int64_t local, all;
    int64_t suppliers, here; // how many, and how many of them were paid here
};

static void add_row(struct pair *to, const struct anc_sum *s) {
    to->all += s->pence;
    to->local += strcmp(s->then_key, "local") == 0 ? s->pence : 0;
}

// The rows of one supplier from row i on, added up. Gives the row after them.
static uint32_t add_supplier(const struct view_rows *r, uint32_t i, struct pair *ret) {
    const char *key = view_row(r, i)->key;
    *ret = (struct pair){.suppliers = 1};
    for (; i < r->count && strcmp(view_row(r, i)->key, key) == 0; i++) {
        add_row(ret, view_row(r, i));
    }
    ret->here = ret->local != 0;
    return i;
}

static void join(struct pair *to, const struct pair *one) {
    to->all += one->all;
    to->local += one->local;
    to->suppliers += one->suppliers;
    to->here += one->here;
}

static void add_all(const struct view_rows *r, struct pair *to) {
    for (uint32_t i = 0; i < r->count;) {
        struct pair one;
        i = add_supplier(r, i, &one);
        join(to, &one);
    }
}

static void leave_out(struct pair *from, const struct pair *one) {
    from->all -= one->all;
    from->local -= one->local;
    from->suppliers -= one->suppliers;
    from->here -= one->here;
}

// What all suppliers of a year were paid less what the same ones were is told too: that of a few must not be.
static bool few_others(const struct view *v, const struct pair *all, const struct pair *same) {
    return view_few(v, all->suppliers - same->suppliers);
}

static bool few_others_here(const struct view *v, const struct pair *all, const struct pair *same) {
    return view_few(v, all->here - same->here);
}

// Whether the public may be told what of a year stayed.
static anc_rc local_told(struct view *v, const struct anc_slice *slice, bool *ret) {
    struct anc_slice s = *slice;
    struct anc_sum one;
    bool any = !s.places || s.places >> ANC_PLACE_LOCAL & 1;
    s.places = 1u << ANC_PLACE_LOCAL;
    anc_rc rc = view_one(v, &s, any, &one);
    *ret = view_told(v, &one) && !view_few(v, one.payees);
    return rc;
}

struct same {
    struct pair then, now;
};

// The suppliers that were paid in both years, more than was taken off, and how many; rows come by key.
static uint32_t pair_up(const struct view_rows *then, const struct view_rows *now, struct same *ret) {
    uint32_t i = 0, k = 0, n = 0;
    while (i < then->count && k < now->count) {
        struct pair before, after;
        int d = strcmp(view_row(then, i)->key, view_row(now, k)->key);
        uint32_t next_i = d <= 0 ? add_supplier(then, i, &before) : i;
        uint32_t next_k = d >= 0 ? add_supplier(now, k, &after) : k;
        if (d == 0 && before.all > 0 && after.all > 0) {
            ret[n++] = (struct same){before, after};
        }
        i = next_i;
        k = next_k;
    }
    return n;
}

struct years { // of all suppliers, and of the same ones
    struct pair then, now, same_then, same_now;
    int64_t left_out;
};

static int64_t size_of(const struct same *s) {
    return s->then.all + s->now.all;
}

// To the public the smallest of the same suppliers are left out until the others of each year are none or
// five, the others here too. False: that leaves fewer than five of the same.
static bool leave_few_out(const struct view *v, struct same *same, uint32_t n, struct years *y) {
    for (; y->left_out < 4 * VIEW_FEWEST; y->left_out++) {
        bool any = few_others(v, &y->then, &y->same_then) || few_others(v, &y->now, &y->same_now);
        bool then_here = few_others_here(v, &y->then, &y->same_then);
        bool now_here = few_others_here(v, &y->now, &y->same_now);
        struct same *least = NULL;
        for (uint32_t i = 0; i < n; i++) {
            bool fits = same[i].then.suppliers && (!then_here || same[i].then.here) &&
                        (!now_here || same[i].now.here);
            least = fits && (!least || size_of(&same[i]) < size_of(least)) ? &same[i] : least;
        }
        if ((!any && !then_here && !now_here) || !least) {
            return !any && !then_here && !now_here && !view_few(v, y->same_then.suppliers) &&
                   !view_few(v, y->same_then.here) && !view_few(v, y->same_now.here);
        }
        leave_out(&y->same_then, &least->then);
        leave_out(&y->same_now, &least->now);
        least->then.suppliers = 0;
    }
    return false;
}

static const char *same_words(const struct view *v, const struct years *y) {
    const char *same = view_many(v, y->same_now.suppliers, "supplier");
    return y->left_out ? v->host->mem->format(v->ctx, "The largest %s paid in both years", same)
                       : v->host->mem->format(v->ctx, "The %s paid in both years", same);
}

static void change_row(const struct view *v, const char *what, const struct pair *then,
                       const struct pair *now) {
    const struct anc_panel_api *p = v->host->panel;
    p->row(v->panel);
    p->cell_text(v->panel, what);
    p->cell_i64(v->panel, then->local);
    p->cell_i64(v->panel, view_share(then->local, then->all));
    p->cell_i64(v->panel, now->local);
    p->cell_i64(v->panel, view_share(now->local, now->all));
}

anc_rc draw_like_for_like(struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    if (!v->one_year) {
        return ANC_OK;
    }
    struct anc_slice s = v->base;
    struct view_rows now, then;
    struct years y = {.left_out = 0};
    bool told_now, told_then;
    int64_t change = 0;
    s.by = ANC_BY_PAYEE;
    s.then_by = ANC_BY_PLACE;
    s.flows &= ~(1u << ANC_FLOW_HIDDEN);
    if (!s.flows) {
        return ANC_OK;
    }
    anc_rc rc = view_slice(v, &s, &now);
    rc = rc == ANC_OK ? local_told(v, &s, &told_now) : rc;
    s.from_year--;
    s.to_year--;
    rc = rc == ANC_OK ? view_slice(v, &s, &then) : rc;
    rc = rc == ANC_OK ? local_told(v, &s, &told_then) : rc;
    if (rc != ANC_OK || now.count == 0 || then.count == 0 || !told_now || !told_then) {
        return rc;
    }
    add_all(&now, &y.now);
    add_all(&then, &y.then);
    struct same *same = v->host->mem->alloc(v->ctx, (now.count + 1u) * sizeof *same);
    uint32_t n = pair_up(&then, &now, same);
    for (uint32_t i = 0; i < n; i++) {
        join(&y.same_then, &same[i].then);
        join(&y.same_now, &same[i].now);
    }
    bool told = leave_few_out(v, same, n, &y);
    p->table(v->panel, "like_for_like",
             v->host->mem->format(v->ctx, "Like for like: %s and %s", view_year(v, v->base.from_year - 1),
                                  v->label));
    p->column(v->panel, "who", "Suppliers", ANC_COLUMN_TEXT);
    p->column(v->panel, "then", "Local, year before", ANC_COLUMN_MONEY);
    p->column(v->panel, "then_share", "Share", ANC_COLUMN_SHARE);
    p->column(v->panel, "now", "Local, this year", ANC_COLUMN_MONEY);
    p->column(v->panel, "now_share", "Share", ANC_COLUMN_SHARE);
    change_row(v, "All suppliers", &y.then, &y.now);
    if (told) {
        change_row(v, same_words(v, &y), &y.same_then, &y.same_now);
    }
    bool known = told && spend_change_bp(y.same_then.local, y.same_then.all, y.same_now.local, y.same_now.all,
                                         &change);
    p->bars(v->panel, "who", "now",
            known
                ? v->host->mem->format(
                      v->ctx, "With the same suppliers, the local share %s by %lld.%02lld percentage points.",
                      change < 0 ? "fell" : "rose", (long long)(llabs(change) / 100),
                      (long long)(llabs(change) % 100))
                : "There is nothing to compare.");
    return ANC_OK;
}
