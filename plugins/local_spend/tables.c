// SPDX-License-Identifier: Apache-2.0
// The tables of the spend panel: by year, body, ward, sector, kind of payment, size, supplier.
#include "tables.h"

#include "concentration.h"
#include "formula.h"
#include "groups.h"

#include <string.h>

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

// ---- years ----------------------------------------------------------------------------------------------

static const char *years_finding(const struct view *v, const struct groups *g, uint32_t at) {
    const struct group *now = &g->list[at];
    const char *year = view_year(v, v->base.to_year);
    struct spend_locality where;
    const struct spend_sums sums = {now->pence, now->local, now->unknown};
    if (!now->places_told) {
        return v->host->mem->format(v->ctx, "%s was spent in %s.", view_about(v, now->pence), year);
    }
    if (!spend_locality(&sums, &where)) {
        return v->host->mem->format(v->ctx, "Nothing was paid in %s, or credits took all of it away.", year);
    }
    const char *words = v->host->mem->format(v->ctx, "%s%s of %s went to %s suppliers in %s: %s",
                                             where.headline ? "" : "At least ", view_about(v, now->local),
                                             view_about(v, now->pence), v->place, year,
                                             view_percent_of(v, now->local, now->pence));
    if (at == 0 || !g->list[at - 1].places_told) {
        return v->host->mem->format(v->ctx, "%s.", words);
    }
    const struct group *then = &g->list[at - 1];
    int64_t change = 0;
    if (!spend_change_bp(then->local, then->pence, now->local, now->pence, &change)) {
        return v->host->mem->format(v->ctx, "%s.", words);
    }
    if ((change < 0 ? -change : change) < 5) { // less than is shown
        return v->host->mem->format(v->ctx, "%s, as the year before.", words);
    }
    return v->host->mem->format(v->ctx, "%s, %s from %s the year before.", words, change > 0 ? "up" : "down",
                                view_percent_of(v, then->local, then->pence));
}

anc_rc draw_years(struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    static const char *const keys[] = {"year", "total", "local"};
    struct anc_slice all = v->base;
    struct groups g;
    all.from_year = all.to_year = all.from_month = all.to_month = 0;
    anc_rc rc = groups_read(v, &all, ANC_BY_YEAR, &g);
    if (rc != ANC_OK || g.count == 0) {
        return rc;
    }
    groups_tell(v, &g, true);
    p->table(v->panel, "by_year", "Spend by financial year (April to March)");
    p->column(v->panel, "year", "Year", ANC_COLUMN_TEXT);
    p->column(v->panel, "total", "Spend that can be steered", ANC_COLUMN_MONEY);
    p->column(v->panel, "local", v->host->mem->format(v->ctx, "%s suppliers", v->place), ANC_COLUMN_MONEY);
    p->column(v->panel, "local_share", "Local, at the least", ANC_COLUMN_SHARE);
    p->column(v->panel, "upper_share", "At the most", ANC_COLUMN_SHARE);
    p->column(v->panel, "vcfse", "VCFSE, wherever they are", ANC_COLUMN_MONEY);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_NUMBER);
    uint32_t at = g.count - 1;
    for (uint32_t i = 0; i < g.count; i++) {
        const struct group *y = &g.list[i];
        at = is(y->key, v->host->mem->format(v->ctx, "%d", v->base.to_year)) ? i : at;
        p->row(v->panel);
        p->cell_text(v->panel, y->label);
        p->cell_i64(v->panel, y->pence);
        view_cell_if(v, y->places_told, y->local);
        view_cell_if(v, y->places_told, view_share(y->local, y->pence));
        view_cell_if(v, y->places_told, view_share(y->local + y->unknown, y->pence));
        view_cell_if(v, y->vcfse_told, y->vcfse);
        p->cell_i64(v->panel, y->payees);
    }
    p->picture(v->panel, ANC_PICTURE_TREND, keys, 3, years_finding(v, &g, at));
    return ANC_OK;
}

// ---- one table a dimension --------------------------------------------------------------------------------

typedef const char *words_fn(const struct view *v, const struct group *g);

struct shape {
    const char *key, *caption, *first; // title of the first column
    int32_t by;
    words_fn *words;
    bool all_flows; // kinds of payment that cannot be steered too
    bool with_local;
    const char *before, *after; // of the finding: before, name, after, amount
};

static const char *own_label(const struct view *v, const struct group *g) {
    (void)v;
    return *g->label ? g->label : *g->key ? g->key : "Not known";
}

static const char *flow_label(const struct view *v, const struct group *g) {
    (void)v;
    return view_flow_words(g->key);
}

static const char *size_label(const struct view *v, const struct group *g) {
    (void)v;
    return view_size_words(g->key);
}

static void put_group(const struct view *v, const struct shape *t, const char *label, const struct group *g,
                      int64_t whole) {
    const struct anc_panel_api *p = v->host->panel;
    p->row(v->panel);
    p->cell_text(v->panel, label);
    p->cell_i64(v->panel, g->pence);
    p->cell_i64(v->panel, view_share(g->pence, whole));
    if (t->with_local) {
        view_cell_if(v, g->places_told, g->local);
        view_cell_if(v, g->places_told, view_share(g->local, g->pence));
    }
    view_cell_if(v, g->vcfse_told, g->vcfse);
    p->cell_i64(v->panel, g->payees);
}

static anc_rc draw_shape(struct view *v, const struct shape *t) {
    const struct anc_panel_api *p = v->host->panel;
    struct anc_slice s = v->base;
    struct groups g;
    int64_t whole = 0;
    s.flows = t->all_flows ? (1u << ANC_FLOW_COUNT) - 1 : s.flows;
    anc_rc rc = groups_read(v, &s, t->by, &g);
    if (rc != ANC_OK || g.count == 0) {
        return rc;
    }
    for (uint32_t i = 0; i < g.count; i++) {
        whole += g.list[i].pence;
    }
    if (t->by == ANC_BY_FLOW) {
        groups_fold_kinds(v, &g);
    } else if (t->by != ANC_BY_ANCHOR) { // those publish what they pay
        groups_fold(v, &g);
    }
    groups_tell(v, &g, false);
    groups_by_amount(&g);
    p->table(v->panel, t->key, v->host->mem->format(v->ctx, "%s, %s", t->caption, v->label));
    p->column(v->panel, "name", t->first, ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "share", "Share", ANC_COLUMN_SHARE);
    if (t->with_local) {
        p->column(v->panel, "local", v->host->mem->format(v->ctx, "%s suppliers", v->place),
                  ANC_COLUMN_MONEY);
        p->column(v->panel, "local_share", "Local, at the least", ANC_COLUMN_SHARE);
    }
    p->column(v->panel, "vcfse", "VCFSE, wherever they are", ANC_COLUMN_MONEY);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_NUMBER);
    for (uint32_t i = 0; i < groups_rows(&g); i++) {
        const struct group *one = groups_row(&g, i);
        put_group(v, t, i < g.count ? t->words(v, one) : one->label, one, whole);
    }
    const char *finding =
        g.count ? v->host->mem->format(v->ctx, "%s%s %s, %s in %s.", t->before, t->words(v, &g.list[0]),
                                       t->after, view_about(v, g.list[0].pence), v->label)
                : "No group is large enough to be shown.";
    p->bars(v->panel, "name", "paid", finding);
    return ANC_OK;
}

static anc_rc draw_anchors(struct view *v) {
    static const struct shape t = {.key = "by_anchor",
                                   .caption = "Spend by public body",
                                   .first = "Public body",
                                   .by = ANC_BY_ANCHOR,
                                   .words = own_label,
                                   .with_local = true,
                                   .before = "",
                                   .after = "paid most"};
    return draw_shape(v, &t);
}

static anc_rc draw_flows(struct view *v) {
    static const struct shape t = {.key = "by_kind",
                                   .caption = "All payments by kind",
                                   .first = "Kind of payment",
                                   .by = ANC_BY_FLOW,
                                   .words = flow_label,
                                   .all_flows = true,
                                   .with_local = true,
                                   .before = "",
                                   .after = "came to most"};
    return draw_shape(v, &t);
}

static anc_rc draw_sizes(struct view *v) {
    static const struct shape t = {.key = "by_size",
                                   .caption = "Spend by size of supplier",
                                   .first = "Size",
                                   .by = ANC_BY_SIZE,
                                   .words = size_label,
                                   .with_local = true,
                                   .before = "Suppliers of the size ",
                                   .after = "were paid most"};
    return draw_shape(v, &t);
}

// ---- wards ------------------------------------------------------------------------------------------------

// By name, so that the map can say that something was paid there.
static void put_folded_wards(const struct view *v, const struct groups *g) {
    const struct anc_panel_api *p = v->host->panel;
    for (uint32_t i = g->count; i < g->count + g->folded; i++) {
        if (*g->list[i].key) {
            p->row(v->panel);
            p->cell_text(v->panel, own_label(v, &g->list[i]));
            view_cell_if(v, false, 0);
            view_cell_if(v, false, 0);
            view_cell_if(v, false, 0);
            p->cell_text(v->panel, g->list[i].key);
        }
    }
}

static anc_rc draw_wards(struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    static const char *const keys[] = {"code", "ward", "paid"};
    struct anc_slice s = v->base;
    struct groups g;
    s.places = 1u << ANC_PLACE_LOCAL;
    if (v->base.places && !(v->base.places & s.places)) {
        return ANC_OK;
    }
    anc_rc rc = groups_read(v, &s, ANC_BY_WARD, &g);
    if (rc != ANC_OK || g.count == 0) {
        return rc;
    }
    groups_fold(v, &g);
    groups_tell(v, &g, false);
    groups_by_amount(&g);
    p->table(v->panel, "by_ward", v->host->mem->format(v->ctx, "Local spend by ward, %s", v->label));
    p->column(v->panel, "ward", "Ward", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid to suppliers there", ANC_COLUMN_MONEY);
    p->column(v->panel, "vcfse", "Of it VCFSE", ANC_COLUMN_MONEY);
    p->column(v->panel, "suppliers", "Suppliers", ANC_COLUMN_NUMBER);
    p->column(v->panel, "code", "Ward code", ANC_COLUMN_TEXT);
    for (uint32_t i = 0; i < groups_rows(&g); i++) {
        const struct group *one = groups_row(&g, i);
        p->row(v->panel);
        p->cell_text(v->panel, own_label(v, one));
        p->cell_i64(v->panel, one->pence);
        view_cell_if(v, one->vcfse_told, one->vcfse);
        p->cell_i64(v->panel, one->payees);
        p->cell_text(v->panel, one->key);
    }
    put_folded_wards(v, &g);
    p->picture(v->panel, ANC_PICTURE_TILES, keys, 3,
               g.count
                   ? v->host->mem->format(v->ctx, "Suppliers in %s were paid most, %s in %s.",
                                          own_label(v, &g.list[0]), view_about(v, g.list[0].pence), v->label)
                   : "No ward has enough suppliers to be shown.");
    return ANC_OK;
}

// ---- sectors: where money leaves although somebody here could do it ---------------------------------------

static int64_t local_suppliers(const struct view *v, const anc_rows *here, const char *sector) {
    for (uint32_t i = 0; i < v->host->db->count(here); i++) {
        if (is(v->host->db->text(here, i, 0), sector)) {
            return v->host->db->i64(here, i, 1);
        }
    }
    return 0;
}

// How many suppliers are on the register here is as of now, so it has no place in a frozen report.
static anc_rc read_here(struct view *v, const anc_rows **ret) {
    *ret = NULL;
    return v->frozen ? ANC_OK : v->host->db->run(v->ctx, v->state->local_suppliers, 0, NULL, ret);
}

static void sector_columns(const struct view *v, bool with_here) {
    const struct anc_panel_api *p = v->host->panel;
    p->table(v->panel, "by_sector",
             v->host->mem->format(
                 v->ctx, with_here ? "Spend by sector, and who here could do it, %s" : "Spend by sector, %s",
                 v->label));
    p->column(v->panel, "sector", "Sector", ANC_COLUMN_TEXT);
    p->column(v->panel, "paid", "Paid", ANC_COLUMN_MONEY);
    p->column(v->panel, "local", v->host->mem->format(v->ctx, "%s suppliers", v->place), ANC_COLUMN_MONEY);
    p->column(v->panel, "elsewhere", "Known to leave", ANC_COLUMN_MONEY);
    if (with_here) {
        p->column(v->panel, "here", v->host->mem->format(v->ctx, "Suppliers registered in %s", v->place),
                  ANC_COLUMN_NUMBER);
    }
}

static anc_rc draw_sectors(struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    struct groups g;
    const anc_rows *here;
    anc_rc rc = groups_read(v, &v->base, ANC_BY_SECTOR, &g);
    rc = rc == ANC_OK ? read_here(v, &here) : rc;
    if (rc != ANC_OK || g.count == 0) {
        return rc;
    }
    groups_fold(v, &g);
    groups_tell(v, &g, true);
    groups_by_amount(&g);
    sector_columns(v, here != NULL);
    const struct group *chance = NULL;
    int64_t most = 0, could = 0;
    for (uint32_t i = 0; i < groups_rows(&g); i++) {
        const struct group *one = groups_row(&g, i);
        int64_t leaves = one->pence - one->local - one->unknown;
        int64_t who = here && *one->key ? local_suppliers(v, here, one->key) : 0;
        p->row(v->panel);
        p->cell_text(v->panel, own_label(v, one));
        p->cell_i64(v->panel, one->pence);
        view_cell_if(v, one->places_told, one->local);
        view_cell_if(v, one->places_told, leaves);
        if (here) {
            p->cell_i64(v->panel, who);
        }
        if ((who > 0 || !here) && one->places_told && leaves > most) {
            most = leaves;
            could = who;
            chance = one;
        }
    }
    const char *finding = "No sector both loses money and has suppliers here.";
    if (chance && here) {
        finding =
            v->host->mem->format(v->ctx, "%s is the largest chance: %s left, and %s here could be asked.",
                                 own_label(v, chance), view_about(v, most), view_many(v, could, "supplier"));
    } else if (chance) {
        finding =
            v->host->mem->format(v->ctx, "Most left in %s: %s.", own_label(v, chance), view_about(v, most));
    }
    p->bars(v->panel, "sector", "elsewhere", finding);
    return ANC_OK;
}

// ---- the list of views ------------------------------------------------------------------------------------

const struct anc_spend_view panel_views[TABLES] = {
    {"by_anchor", "By public body", "How much each public body spends, and how much of it stays"},
    {"by_ward", "By ward", "Which parts of the place suppliers are in"},
    {"by_sector", "By sector", "What is bought, and where money leaves although suppliers are here"},
    {"suppliers", "By supplier", "Who is paid most"},
    {"concentration", "How few suppliers", "How much goes to the largest, and to small ones"},
    {"by_size", "By size of supplier", "Micro, small, medium and large suppliers"},
    {"like_for_like", "Like for like", "Change since last year with the same suppliers"},
    {"by_kind", "By kind of payment", "What counts, and what is left out"},
};

static const struct panel_view views[TABLES] = {
    {"by_anchor", draw_anchors},           {"by_ward", draw_wards},
    {"by_sector", draw_sectors},           {"suppliers", draw_suppliers},
    {"concentration", draw_concentration}, {"by_size", draw_sizes},
    {"like_for_like", draw_like_for_like}, {"by_kind", draw_flows},
};

size_t tables_count(void) {
    return sizeof views / sizeof *views;
}

const struct panel_view *tables_at(size_t i) {
    return &views[i];
}

const struct panel_view *tables_find(const char *key) {
    for (size_t i = 0; i < tables_count(); i++) {
        if (is(views[i].key, key)) {
            return &views[i];
        }
    }
    return NULL;
}
