// SPDX-License-Identifier: Apache-2.0
// The spend panel: the headline of the choice, and which table belongs to which view.
#include "panel.h"

#include "choices.h"
#include "headline.h"
#include "tables.h"
#include "view.h"

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
            v->base.flows >> ANC_FLOW_HIDDEN & 1
                ? "Payments whose payee a public body does not name are never matched to anybody. They count "
                  "here as spend with an unknown place."
                : "Payments whose payee a public body does not name are never matched to anybody. They are "
                  "shown beside the figures and not counted in them, because most are to people, and nobody "
                  "can see where they go.");
    p->note(v->panel,
            v->host->mem->format(v->ctx,
                                 "The headline counts as VCFSE: suppliers %s. Strict counts only those on a "
                                 "register or decided by an officer; wide counts all classes that are VCFSE "
                                 "by some definitions, and those that wait to be checked. A supplier is "
                                 "counted once, and by its tag on the day of the payment.",
                                 sets_basis(v)));
    p->note(v->panel,
            "The local share is the lowest it can be, because payments that are not placed yet count as "
            "not local. With every name placed it would lie between the two shares shown.");
    if (v->for_public) {
        p->note(v->panel,
                "Nothing is shown that would tell what fewer than 5 suppliers were paid, by itself or taken "
                "off another figure here: small groups stand together, and some figures are left out.");
    }
    p->note(v->panel, "Source: the payments files of the public bodies, net of VAT where the file says so.");
}

// ---- the whole ------------------------------------------------------------------------------------------

static anc_rc fill_headline(struct view *v) {
    struct headline h;
    anc_rc rc = headline_read(v, &h);
    if (rc != ANC_OK) {
        return rc;
    }
    headline_draw(v, &h);
    rc = draw_years(v);
    if (rc == ANC_OK && h.any && h.places_told) {
        headline_draw_shares(v, &h);
        if (h.vcfse_told) {
            sets_draw(v, &h.local, h.sums.local_pence, &h.all, h.sums.influenceable_pence);
        }
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
    return spend_flows_counted(host, ctx);
}

const char *panel_classes(anc_ctx *ctx, void *state) {
    const struct anc_host *host = ((const struct spend_state *)state)->host;
    return spend_classes_counted(host, ctx);
}
