// SPDX-License-Identifier: Apache-2.0
// The headline of a choice of payments.
#include "headline.h"

#include <string.h>

// ---- reading --------------------------------------------------------------------------------------------

static anc_rc read_places(struct view *v, struct headline *h) {
    struct view_rows r;
    h->places_told = true;
    anc_rc rc = view_sums(v, ANC_BY_PLACE, ANC_BY_NOTHING, false, 0, &r);
    for (uint32_t i = 0; rc == ANC_OK && i < r.count; i++) {
        const struct anc_sum *s = view_row(&r, i);
        h->sums.influenceable_pence += s->pence;
        h->places_told = h->places_told && !view_few(v, s->payees) && view_told(v, s);
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
    const uint32_t here = 1u << ANC_PLACE_LOCAL;
    struct anc_slice s = v->base;
    anc_rc rc = sets_read(v, &s, &h->all);
    h->local.headline.apart = true; // of nobody
    s.places = here;
    rc = rc == ANC_OK && (!v->base.places || v->base.places & here) ? sets_read(v, &s, &h->local) : rc;
    h->vcfse_told = h->places_told && h->local.headline.apart && !view_few(v, h->local.headline.payees) &&
                    !view_few(v, h->local_payees - h->local.headline.payees);
    return rc;
}

// Whatever kinds of payment were chosen: people should know what they do not see.
static anc_rc read_hidden(struct view *v, struct headline *h) {
    struct anc_slice s = v->base;
    s.flows = 1u << ANC_FLOW_HIDDEN;
    return view_one(v, &s, true, &h->hidden);
}

anc_rc headline_read(struct view *v, struct headline *ret) {
    *ret = (struct headline){.any = false};
    anc_rc rc = read_places(v, ret);
    rc = rc == ANC_OK ? read_vcfse(v, ret) : rc;
    return rc == ANC_OK ? read_hidden(v, ret) : rc;
}

// ---- words ----------------------------------------------------------------------------------------------

static const char *rule_words(const struct view *v) {
    static const char *const words[] = {"the address on invoices", "registered office",
                                        "where the work is done"};
    return words[v->base.rule >= 0 && v->base.rule < 3 ? v->base.rule : 0];
}

static const char *lower(const struct view *v, const struct headline *h) {
    return view_percent_of(v, h->sums.local_pence, h->sums.influenceable_pence);
}

static const char *range(const struct view *v, const struct headline *h) {
    return v->host->mem->format(
        v->ctx, "Between %s and %s", lower(v, h),
        view_percent_of(v, h->sums.local_pence + h->sums.unlocated_pence, h->sums.influenceable_pence));
}

static const char *not_placed(const struct view *v, const struct headline *h) {
    return view_percent_of(v, h->sums.unlocated_pence, h->sums.influenceable_pence);
}

// "up to £0.6 million more when 12 suppliers are checked"; "" when nobody waits.
static const char *review_words(const struct view *v, const struct headline *h) {
    const struct vcfse_sum *r = &h->local.review;
    if (r->payees <= 0) {
        return "";
    }
    if (!r->apart && !view_few(v, r->payees)) {
        return ". Some suppliers wait to be checked";
    }
    return view_few(v, r->payees)
               ? ". Fewer than 5 suppliers wait to be checked"
               : v->host->mem->format(v->ctx, ". Up to %s more when %s %s checked", view_about(v, r->pence),
                                      view_suppliers(v, r->payees), r->payees == 1 ? "is" : "are");
}

// ---- the sentence that people quote -----------------------------------------------------------------------

static const char *vcfse_words(const struct view *v, const struct headline *h) {
    const struct vcfse_sum *one = &h->local.headline;
    if (one->payees <= 0) {
        return "none of it with voluntary, community, faith and social enterprise (VCFSE) suppliers";
    }
    if (!h->vcfse_told) {
        return view_few(v, one->payees)
                   ? "some of it with fewer than 5 voluntary, community, faith and social "
                     "enterprise (VCFSE) suppliers"
               : one->apart
                   ? "most of it with voluntary, community, faith and social enterprise (VCFSE) suppliers"
                   : "some of it with voluntary, community, faith and social enterprise (VCFSE) suppliers";
    }
    return v->host->mem->format(
        v->ctx, "%s of it with %lld voluntary, community, faith and social enterprise (VCFSE) supplier%s",
        view_about(v, one->pence), (long long)one->payees, one->payees == 1 ? "" : "s");
}

static const char *sentence(const struct view *v, const struct headline *h) {
    if (!h->where.headline) {
        return v->host->mem->format(
            v->ctx,
            "Between %s and %s with %s-based suppliers in %s: no single figure, because %s of the spend went "
            "to names that are not placed yet.",
            view_about(v, h->sums.local_pence), view_about(v, h->sums.local_pence + h->sums.unlocated_pence),
            v->place, v->label, not_placed(v, h));
    }
    return v->host->mem->format(v->ctx, "%s with %s-based suppliers, %s, in %s.",
                                view_about(v, h->sums.local_pence), v->place, vcfse_words(v, h), v->label);
}

static void sentence_row(const struct view *v, const char *what, int64_t pence, const char *suppliers) {
    const struct anc_panel_api *p = v->host->panel;
    p->row(v->panel);
    p->cell_text(v->panel, what);
    p->cell_i64(v->panel, pence);
    p->cell_text(v->panel, suppliers);
}

static void draw_sentence(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    p->table(v->panel, "headline",
             v->host->mem->format(v->ctx, "The headline, %s, by %s", v->label, rule_words(v)));
    p->column(v->panel, "what", "What", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_TEXT);
    if (h->where.headline) {
        sentence_row(v, v->host->mem->format(v->ctx, "With %s-based suppliers", v->place),
                     h->sums.local_pence, view_how_many(v, h->local_payees));
        if (h->vcfse_told) {
            sentence_row(v, "Of it with VCFSE suppliers", h->local.headline.pence,
                         view_how_many(v, h->local.headline.payees));
        }
    } else {
        sentence_row(v, v->host->mem->format(v->ctx, "With %s-based suppliers, at the least", v->place),
                     h->sums.local_pence, view_how_many(v, h->local_payees));
        sentence_row(v, "And if all that is not placed yet is theirs", h->sums.unlocated_pence, "not known");
    }
    p->bars(v->panel, "what", "paid", sentence(v, h));
}

// ---- figures ----------------------------------------------------------------------------------------------

// Below the needed coverage one figure would say more than is known: then the range stands alone.
static void figures_withheld(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    p->figure(v->panel, v->host->mem->format(v->ctx, "Stays in %s, at the least", v->place), ANC_COLUMN_SHARE,
              h->where.lower_bp,
              v->host->mem->format(v->ctx,
                                   "%s of %s: no single figure, because %s of it went to names that are not "
                                   "placed yet (at most 10%% may)",
                                   range(v, h), view_about(v, h->sums.influenceable_pence),
                                   not_placed(v, h)));
}

static void figures_of(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    const struct vcfse_sum *vcfse = &h->local.headline;
    p->figure(v->panel, v->host->mem->format(v->ctx, "With %s suppliers", v->place), ANC_COLUMN_MONEY,
              h->sums.local_pence,
              v->host->mem->format(
                  v->ctx, "%s of %s, to %s, by %s%s", lower(v, h), view_about(v, h->sums.influenceable_pence),
                  view_suppliers(v, h->local_payees), rule_words(v),
                  h->sums.unlocated_pence
                      ? v->host->mem->format(v->ctx, ". %s when every name is placed", range(v, h))
                      : ""));
    if (!h->vcfse_told) {
        p->note(
            v->panel,
            vcfse->apart
                ? "Fewer than 5 suppliers here are VCFSE, or are not, so what they were paid is not shown."
                : "What VCFSE suppliers here were paid is not shown: it would tell what fewer than 5 "
                  "suppliers were paid.");
        return;
    }
    p->figure(
        v->panel, "Of it with VCFSE suppliers", ANC_COLUMN_MONEY, vcfse->pence,
        v->host->mem->format(
            v->ctx,
            "%s of local spend, to %s that %s voluntary, community, faith or social enterprise (VCFSE): "
            "%s%s",
            view_percent_of(v, vcfse->pence, h->sums.local_pence), view_suppliers(v, vcfse->payees),
            vcfse->payees == 1 ? "is" : "are", sets_basis(v), review_words(v, h)));
}

static void figure_hidden(const struct view *v, const struct headline *h) {
    bool counts = v->base.flows >> ANC_FLOW_HIDDEN & 1;
    if (h->hidden.lines > 0) {
        v->host->panel->figure(
            v->panel, "Name not published", ANC_COLUMN_MONEY, h->hidden.pence,
            v->host->mem->format(v->ctx, "%s whose payee the public body does not name. %s",
                                 view_many(v, h->hidden.lines, "payment"),
                                 counts ? "They count as spend with an unknown place"
                                        : "They stand beside the other figures, not in them"));
    }
}

void headline_draw(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    if (!h->any) {
        p->note(v->panel, "Nothing was paid in this choice, or credits took all of it away.");
        figure_hidden(v, h);
        return;
    }
    if (!h->places_told) {
        p->note(v->panel, "What stays, what leaves or what is not placed yet would tell what fewer than 5 "
                          "suppliers were paid, so "
                          "only the whole is shown.");
    } else if (h->where.headline) {
        figures_of(v, h);
    } else {
        figures_withheld(v, h);
    }
    p->figure(v->panel, "Spend that can be steered", ANC_COLUMN_MONEY, h->sums.influenceable_pence,
              v->host->mem->format(v->ctx,
                                   "%s. Without payments to other public bodies, to people, loans and taxes",
                                   v->label));
    if (h->places_told) {
        p->figure(v->panel, "Not placed yet", ANC_COLUMN_MONEY, h->sums.unlocated_pence,
                  v->host->mem->format(v->ctx,
                                       "%s of it went to names that match no supplier with a known place",
                                       not_placed(v, h)));
    }
    figure_hidden(v, h);
    if (h->places_told) {
        draw_sentence(v, h);
    }
}

// ---- shares -----------------------------------------------------------------------------------------------

static int64_t pence_of_pound(int64_t bp) {
    return (bp + 50) / 100;
}

static void draw_split(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    static const char *const keys[] = {"where", "paid"};
    const int64_t whole = h->sums.influenceable_pence, vcfse = h->local.headline.pence;
    const int64_t elsewhere = whole - h->sums.local_pence - h->sums.unlocated_pence;
    const struct {
        const char *what;
        bool shown;
        int64_t pence;
    } rows[] = {
        {v->host->mem->format(v->ctx, "%s, VCFSE", v->place), h->vcfse_told, vcfse},
        {v->host->mem->format(v->ctx, "%s, other suppliers", v->place), h->vcfse_told,
         h->sums.local_pence - vcfse},
        {v->host->mem->format(v->ctx, "%s, all suppliers", v->place), !h->vcfse_told, h->sums.local_pence},
        {"Not placed yet", true, h->sums.unlocated_pence},
        {"Elsewhere", true, elsewhere},
    };
    p->table(v->panel, "leakage", v->host->mem->format(v->ctx, "Where each pound goes, %s", v->label));
    p->column(v->panel, "where", "Where", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "share", "Share", ANC_COLUMN_SHARE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].shown) {
            p->row(v->panel);
            p->cell_text(v->panel, rows[i].what);
            p->cell_i64(v->panel, rows[i].pence);
            p->cell_i64(v->panel, view_share(rows[i].pence, whole));
        }
    }
    p->picture(v->panel, ANC_PICTURE_SPLIT, keys, 2,
               v->host->mem->format(
                   v->ctx, "Of each pound, %s%lldp stays with %s suppliers and %lldp is known to leave.",
                   h->where.headline ? "" : "at least ", (long long)pence_of_pound(h->where.lower_bp),
                   v->place, (long long)pence_of_pound(view_share(elsewhere, whole))));
}

static void draw_local_shares(const struct view *v, const struct headline *h) {
    const struct anc_panel_api *p = v->host->panel;
    const struct spend_locality *w = &h->where;
    const struct {
        const char *what;
        bool shown;
        int64_t bp;
        const char *means;
    } rows[] = {
        {"Local, at the least", true, w->lower_bp, "As if nothing that is not placed yet were local"},
        {"Local, of what is placed", w->has_known, w->known_bp, "Without what is not placed yet"},
        {"Local, at the most", true, w->upper_bp, "As if all that is not placed yet were local"},
        {"Placed", true, w->coverage_bp,
         "How much of the spend has a known place: below 90% there is no headline"},
        {"Leaves, at the most", true, w->leakage_bp, "All that is not known to stay"},
    };
    p->table(v->panel, "shares",
             v->host->mem->format(v->ctx, "How sure the local share is, %s, by %s", v->label, rule_words(v)));
    p->column(v->panel, "what", "Share of spend that can be steered", ANC_COLUMN_TEXT);
    p->column(v->panel, "share", "Share", ANC_COLUMN_SHARE);
    p->column(v->panel, "means", "What it says", ANC_COLUMN_TEXT);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].shown) {
            p->row(v->panel);
            p->cell_text(v->panel, rows[i].what);
            p->cell_i64(v->panel, rows[i].bp);
            p->cell_text(v->panel, rows[i].means);
        }
    }
    p->bars(v->panel, "what", "share", v->host->mem->format(v->ctx, "%s of the spend stays.", range(v, h)));
}

void headline_draw_shares(const struct view *v, const struct headline *h) {
    draw_split(v, h);
    draw_local_shares(v, h);
}
