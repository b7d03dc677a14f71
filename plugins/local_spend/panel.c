// SPDX-License-Identifier: Apache-2.0
// The spend panel: the headline of the choice, and which table belongs to which view.
#include "panel.h"

#include "formula.h"
#include "tables.h"
#include "view.h"

#include <string.h>

// ---- the headline ---------------------------------------------------------------------------------------

struct headline {
    struct spend_sums sums;
    struct spend_locality where;
    bool any; // there is something to take a share of
    int64_t local_payees;
    int64_t strict_pence, strict_payees;       // local, VCFSE by the rules or an officer
    int64_t policy_pence, policy_payees;       // local, VCFSE by some definitions
    int64_t review_pence, review_payees;       // local, waiting for a person
    int64_t all_vcfse_pence, all_vcfse_payees; // wherever they are
};

static anc_rc read_places(struct view *v, struct headline *h) {
    struct view_rows r;
    anc_rc rc = view_sums(v, ANC_BY_PLACE, ANC_BY_NOTHING, false, 0, &r);
    for (uint32_t i = 0; rc == ANC_OK && i < r.count; i++) {
        const struct anc_sum *s = view_row(&r, i);
        h->sums.influenceable_pence += s->pence;
        if (strcmp(s->key, "local") == 0) {
            h->sums.local_pence = s->pence;
            h->local_payees = s->payees;
        } else if (strcmp(s->key, "unknown") == 0) {
            h->sums.unlocated_pence = s->pence;
        }
    }
    h->any = rc == ANC_OK && spend_locality(&h->sums, &h->where);
    return rc;
}

static anc_rc read_vcfse(struct view *v, struct headline *h) {
    struct anc_slice s = v->base;
    struct view_rows r;
    s.by = ANC_BY_VCFSE;
    s.then_by = ANC_BY_PLACE;
    anc_rc rc = view_slice(v, &s, &r);
    for (uint32_t i = 0; rc == ANC_OK && i < r.count; i++) {
        const struct anc_sum *row = view_row(&r, i);
        bool local = strcmp(row->then_key, "local") == 0;
        if (strcmp(row->key, "yes") == 0) {
            h->all_vcfse_pence += row->pence;
            h->all_vcfse_payees += row->payees;
            h->strict_pence += local ? row->pence : 0;
            h->strict_payees += local ? row->payees : 0;
        } else if (local && strcmp(row->key, "policy") == 0) {
            h->policy_pence += row->pence;
            h->policy_payees += row->payees;
        } else if (local && strcmp(row->key, "review") == 0) {
            h->review_pence += row->pence;
            h->review_payees += row->payees;
        }
    }
    return rc;
}

static const char *suppliers(const struct view *v, int64_t n) {
    return v->for_public && n > 0 && n < VIEW_FEWEST ? "fewer than 5 suppliers" : view_many(v, n, "supplier");
}

// Below the needed coverage one figure would say more than is known: then the range stands alone.
static void figures_withheld(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    p->figure(v->panel, v->host->mem->format(v->ctx, "Stays in %s, at the least", v->place), ANC_COLUMN_SHARE,
              h->where.lower_bp,
              v->host->mem->format(v->ctx,
                                   "between %s and %s of %s: no single figure, because %s of it went to "
                                   "names that are not placed yet (at most 10%% may)",
                                   view_percent(v, h->where.lower_bp), view_percent(v, h->where.upper_bp),
                                   view_about(v, h->sums.influenceable_pence),
                                   view_percent(v, 10000 - h->where.coverage_bp)));
}

static void figures_of(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    p->figure(v->panel, v->host->mem->format(v->ctx, "With %s suppliers", v->place), ANC_COLUMN_MONEY,
              h->sums.local_pence,
              v->host->mem->format(v->ctx, "%s of %s, to %s. Between %s and %s when every name is placed",
                                   view_percent(v, h->where.lower_bp),
                                   view_about(v, h->sums.influenceable_pence), suppliers(v, h->local_payees),
                                   view_percent(v, h->where.lower_bp), view_percent(v, h->where.upper_bp)));
    p->figure(v->panel, "Of it with VCFSE suppliers", ANC_COLUMN_MONEY, h->strict_pence,
              v->host->mem->format(v->ctx,
                                   "%s of local spend, to %s that are voluntary, community, faith or social "
                                   "enterprise (VCFSE)",
                                   view_percent(v, view_share(h->strict_pence, h->sums.local_pence)),
                                   suppliers(v, h->strict_payees)));
}

static void draw_headline(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    if (!h->any) {
        p->note(v->panel, "Nothing was paid in this choice, or credits took all of it away.");
        return;
    }
    if (h->where.headline) {
        figures_of(v, h);
    } else {
        figures_withheld(v, h);
    }
    p->figure(v->panel, "Spend that can be steered", ANC_COLUMN_MONEY, h->sums.influenceable_pence,
              v->host->mem->format(v->ctx,
                                   "%s. Without payments to other public bodies, to people, loans and taxes",
                                   v->label));
    p->figure(v->panel, "Not placed yet", ANC_COLUMN_MONEY, h->sums.unlocated_pence,
              v->host->mem->format(v->ctx, "%s of it went to names that match no supplier with a known place",
                                   view_percent(v, 10000 - h->where.coverage_bp)));
    if (h->review_payees > 0) {
        p->note(v->panel,
                v->host->mem->format(v->ctx,
                                     "%s with %s of local spend may be VCFSE and wait for a person to check. "
                                     "Until then they do not count as VCFSE.",
                                     suppliers(v, h->review_payees), view_about(v, h->review_pence)));
    }
}

// Three answers to one question, because definitions differ: never one number alone.
static void draw_vcfse(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    const struct {
        const char *what;
        int64_t pence, payees;
    } rows[] = {
        {"Strict: register or an officer's decision", h->strict_pence, h->strict_payees},
        {"And those VCFSE by some definitions", h->strict_pence + h->policy_pence,
         h->strict_payees + h->policy_payees},
        {"Wide: and those waiting to be checked", h->strict_pence + h->policy_pence + h->review_pence,
         h->strict_payees + h->policy_payees + h->review_payees},
        {"Strict, wherever they are", h->all_vcfse_pence, h->all_vcfse_payees},
    };
    p->table(v->panel, "vcfse", v->host->mem->format(v->ctx, "Spend with VCFSE suppliers, %s", v->label));
    p->column(v->panel, "set", "Who counts", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "share", "Of spend that can be steered", ANC_COLUMN_SHARE);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_TEXT);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p->row(v->panel);
        p->cell_text(v->panel, rows[i].what);
        p->cell_i64(v->panel, rows[i].pence);
        p->cell_i64(v->panel, view_share(rows[i].pence, h->sums.influenceable_pence));
        p->cell_text(v->panel, suppliers(v, rows[i].payees));
    }
    p->bars(v->panel, "set", "paid",
            v->host->mem->format(v->ctx, "%s of local spend is with VCFSE suppliers: %s.",
                                 view_percent(v, view_share(h->strict_pence, h->sums.local_pence)),
                                 view_about(v, h->strict_pence)));
}

// Where each pound goes, as one band.
static void draw_split(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    static const char *const keys[] = {"where", "paid"};
    int64_t elsewhere = h->sums.influenceable_pence - h->sums.local_pence - h->sums.unlocated_pence;
    p->table(v->panel, "leakage", v->host->mem->format(v->ctx, "Where each pound goes, %s", v->label));
    p->column(v->panel, "where", "Where", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "share", "Share", ANC_COLUMN_SHARE);
    const struct {
        const char *what;
        int64_t pence;
    } rows[] = {
        {v->host->mem->format(v->ctx, "%s, VCFSE", v->place), h->strict_pence},
        {v->host->mem->format(v->ctx, "%s, other suppliers", v->place),
         h->sums.local_pence - h->strict_pence},
        {"Not placed yet", h->sums.unlocated_pence},
        {"Elsewhere", elsewhere},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p->row(v->panel);
        p->cell_text(v->panel, rows[i].what);
        p->cell_i64(v->panel, rows[i].pence);
        p->cell_i64(v->panel, view_share(rows[i].pence, h->sums.influenceable_pence));
    }
    p->picture(
        v->panel, ANC_PICTURE_SPLIT, keys, 2,
        v->host->mem->format(v->ctx, "Of each pound, %lldp stays with %s suppliers and %lldp leaves.",
                             (long long)((h->where.lower_bp + 50) / 100), v->place,
                             (long long)((view_share(elsewhere, h->sums.influenceable_pence) + 50) / 100)));
}

// ---- method ---------------------------------------------------------------------------------------------

static void draw_method(const struct view *v) {
    static const char *const rules[] = {
        "A payment counts as local by the invoice or branch address of the supplier on the day of payment; "
        "where "
        "none is known, by its registered office. A full postcode decides, never its first letters.",
        "A payment counts as local by the registered office of the supplier on the day of payment. A full "
        "postcode "
        "decides, never its first letters.",
        "A payment counts as local where its supplier shows that the work is really done, on that day.",
    };
    const struct anc_panel_api *p = v->host->panel;
    p->note(v->panel, rules[v->base.rule >= 0 && v->base.rule < 3 ? v->base.rule : 0]);
    p->note(v->panel,
            "Credits are taken off what the same supplier was paid. A supplier whose credits took all of "
            "its payments away is not counted.");
    p->note(v->panel,
            "Names that a public body has hidden stay in the total and are never matched to anybody.");
    p->note(v->panel,
            "The local share is the lowest it can be, because payments that are not placed yet count as "
            "not local. With every name placed it would lie between the two shares shown.");
    p->note(v->panel, "Source: the payments files of the public bodies, net of VAT where the file says so.");
}

// ---- the whole ------------------------------------------------------------------------------------------

static anc_rc fill_headline(struct view *v) {
    struct headline h = {.any = false};
    anc_rc rc = read_places(v, &h);
    rc = rc == ANC_OK ? read_vcfse(v, &h) : rc;
    if (rc != ANC_OK) {
        return rc;
    }
    draw_headline(v, &h);
    rc = draw_years(v);
    if (rc == ANC_OK && h.any) {
        draw_split(v, &h);
        draw_vcfse(v, &h);
    }
    return rc;
}

anc_rc panel_fill(anc_ctx *ctx, const struct anc_spend_filter *filter, anc_panel *panel, void *state) {
    struct view v;
    anc_rc rc = view_open(&v, state, ctx, filter, panel);
    if (rc != ANC_OK) {
        return rc == ANC_SKIP ? ANC_OK : rc;
    }
    const struct panel_view *one = tables_find(filter->view);
    if (one) {
        rc = one->draw(&v);
    } else {
        rc = fill_headline(&v);
        // A report is kept whole; on the page each view has an address of its own.
        for (size_t i = 0; rc == ANC_OK && v.frozen && i < tables_count(); i++) {
            rc = tables_at(i)->draw(&v);
        }
    }
    draw_method(&v);
    return rc;
}

uint32_t panel_flows(anc_ctx *ctx, void *state) {
    const struct anc_host *host = ((const struct spend_state *)state)->host;
    return view_influenceable(host->setting->number(ctx, "count_grants") != 0);
}
