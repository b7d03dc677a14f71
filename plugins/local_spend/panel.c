// SPDX-License-Identifier: Apache-2.0
// The spend panel: headline figures and tables for a year.
#include "panel.h"

#include "formula.h"

#include <stdbool.h>

struct view {
    const struct anc_host *host;
    const struct panel_sql *sql;
    anc_ctx *ctx;
    anc_panel *panel;
    const char *year, *anchor; // statement parameters; anchor NULL: all
    const char *label;         // "2025/26"
};

static const char *year_label(const struct view *v, int64_t year) {
    return v->host->mem->printf(v->ctx, "%lld/%02lld", (long long)year, (long long)((year + 1) % 100));
}

static int64_t share(int64_t part, int64_t whole) {
    int64_t bp = 0;
    return spend_share_bp(part, whole, &bp) ? bp : 0;
}

static const char *percent(const struct view *v, int64_t bp) {
    int64_t tenths = (bp + 5) / 10;
    return v->host->mem->printf(v->ctx, "%lld.%lld%%", (long long)(tenths / 10), (long long)(tenths % 10));
}

// "£8.5 billion", "£12.3 million", "£4,300": for a sentence; the table has the pence.
static const char *about(const struct view *v, int64_t pence) {
    int64_t pounds = (pence + 50) / 100;
    if (pence < 0) {
        return "less than nothing";
    }
    if (pounds >= 1000000) {
        bool billions = pounds >= 999950000;
        int64_t tenth = billions ? 100000000 : 100000, tenths = (pounds + tenth / 2) / tenth;
        return v->host->mem->printf(v->ctx, "£%lld.%lld %s", (long long)(tenths / 10),
                                    (long long)(tenths % 10), billions ? "billion" : "million");
    }
    return pounds >= 1000 ? v->host->mem->printf(v->ctx, "£%lld,%03lld", (long long)(pounds / 1000),
                                                 (long long)(pounds % 1000))
                          : v->host->mem->printf(v->ctx, "£%lld", (long long)pounds);
}

// What the bars say about the year in view, and about the one before it.
static const char *years_finding(const struct view *v, const anc_rows *r, uint32_t at) {
    const struct anc_db_api *db = v->host->db;
    int64_t total = db->i64(r, at, 1), local = db->i64(r, at, 2), bp = share(local, total);
    const char *now = v->host->mem->printf(v->ctx, "%s of %s went to local suppliers in %s: %s",
                                           about(v, local), about(v, total), v->label, percent(v, bp));
    if (at == 0) {
        return v->host->mem->printf(v->ctx, "%s.", now);
    }
    int64_t before = share(db->i64(r, at - 1, 2), db->i64(r, at - 1, 1));
    const char *year = year_label(v, db->i64(r, at - 1, 0));
    if ((bp + 5) / 10 == (before + 5) / 10) { // the same as it is shown
        return v->host->mem->printf(v->ctx, "%s, as in %s.", now, year);
    }
    return v->host->mem->printf(v->ctx, "%s, %s from %s in %s.", now, bp > before ? "up" : "down",
                                percent(v, before), year);
}

// "1 supplier", "13,532 payments".
static const char *how_many(const struct view *v, int64_t n, const char *what) {
    const char *end = n == 1 ? "" : "s";
    if (n >= 1000000) {
        return v->host->mem->printf(v->ctx, "%lld,%03lld,%03lld %s%s", (long long)(n / 1000000),
                                    (long long)(n / 1000 % 1000), (long long)(n % 1000), what, end);
    }
    return n >= 1000 ? v->host->mem->printf(v->ctx, "%lld,%03lld %s%s", (long long)(n / 1000),
                                            (long long)(n % 1000), what, end)
                     : v->host->mem->printf(v->ctx, "%lld %s%s", (long long)n, what, end);
}

// Years side by side, with bars of what stayed in the place.
static void draw_years(const struct view *v, const anc_rows *r, uint32_t at) {
    const struct anc_panel_api *p = v->host->panel;
    const struct anc_db_api *db = v->host->db;
    uint32_t n = db->count(r);
    p->table(v->panel, "by_year", "Spend by financial year (April to March)");
    p->column(v->panel, "year", "Year", ANC_COLUMN_TEXT);
    p->column(v->panel, "total", "All payments", ANC_COLUMN_MONEY);
    p->column(v->panel, "local", "Local suppliers", ANC_COLUMN_MONEY);
    p->column(v->panel, "local_share", "Local %", ANC_COLUMN_SHARE);
    p->column(v->panel, "vcfse", "VCFSE suppliers", ANC_COLUMN_MONEY);
    p->column(v->panel, "vcfse_share", "VCFSE %", ANC_COLUMN_SHARE);
    p->column(v->panel, "lines", "Payments", ANC_COLUMN_NUMBER);
    for (uint32_t i = 0; i < n; i++) {
        int64_t total = db->i64(r, i, 1), local = db->i64(r, i, 2), vcfse = db->i64(r, i, 4);
        p->row(v->panel);
        p->cell_text(v->panel, year_label(v, db->i64(r, i, 0)));
        p->cell_i64(v->panel, total);
        p->cell_i64(v->panel, local);
        p->cell_i64(v->panel, share(local, total));
        p->cell_i64(v->panel, vcfse);
        p->cell_i64(v->panel, share(vcfse, total));
        p->cell_i64(v->panel, db->i64(r, i, 6));
    }
    p->bars(v->panel, "year", "local", years_finding(v, r, at));
}

// The headline of one year: total, local, VCFSE, and how much could not be placed.
static anc_rc draw_figures(const struct view *v, const anc_rows *years, uint32_t at) {
    const struct anc_panel_api *p = v->host->panel;
    const struct anc_db_api *db = v->host->db;
    const char *params[] = {v->year, v->anchor};
    const anc_rows *r;
    anc_rc rc = db->run(v->ctx, v->sql->counted, 2, params, &r);
    if (rc != ANC_OK) {
        return rc;
    }
    int64_t total = db->i64(years, at, 1), local = db->i64(years, at, 2), open = db->i64(years, at, 3);
    int64_t vcfse = db->i64(years, at, 4);
    p->figure(v->panel, "All payments", ANC_COLUMN_MONEY, total,
              v->host->mem->printf(v->ctx, "%s dated in %s, net of VAT where the file says so",
                                   how_many(v, db->i64(years, at, 6), "payment"), v->label));
    p->figure(v->panel, "Local suppliers", ANC_COLUMN_MONEY, local,
              v->host->mem->printf(v->ctx, "%s of all payments, to %s whose postcode is in the area",
                                   percent(v, share(local, total)),
                                   how_many(v, db->i64(r, 0, 0), "supplier")));
    p->figure(
        v->panel, "VCFSE suppliers", ANC_COLUMN_MONEY, vcfse,
        v->host->mem->printf(
            v->ctx,
            "%s of all payments, to %s that are voluntary, community, faith or social enterprise (VCFSE)",
            percent(v, share(vcfse, total)), how_many(v, db->i64(r, 0, 1), "supplier")));
    p->figure(v->panel, "Not placed yet", ANC_COLUMN_MONEY, open,
              v->host->mem->printf(v->ctx,
                                   "%s of all payments went to names that match no registered supplier",
                                   percent(v, share(open, total))));
    if (db->i64(r, 0, 2) > 0) {
        p->note(v->panel,
                v->host->mem->printf(v->ctx,
                                     "%s still to be checked by an officer may be VCFSE. Until then "
                                     "nothing paid to them counts as VCFSE.",
                                     how_many(v, db->i64(r, 0, 2), "supplier")));
    }
    return ANC_OK;
}

struct column {
    const char *key, *title;
    int32_t kind;
};

// A table of one year: columns are those of its statement, in order. Its bars show column 1 against column 0,
// and its sentence is about the first row: before, name, after, amount.
struct view_table {
    const char *key, *caption, *before, *after;
    const struct column *columns;
    uint32_t count;
};

static anc_rc draw_table(const struct view *v, uint32_t statement, const struct view_table *t) {
    const struct anc_panel_api *p = v->host->panel;
    const struct anc_db_api *db = v->host->db;
    const char *params[] = {v->year, v->anchor};
    const anc_rows *r;
    anc_rc rc = db->run(v->ctx, statement, 2, params, &r);
    if (rc != ANC_OK || db->count(r) == 0) {
        return rc;
    }
    p->table(v->panel, t->key, v->host->mem->printf(v->ctx, "%s, %s", t->caption, v->label));
    for (uint32_t k = 0; k < t->count; k++) {
        p->column(v->panel, t->columns[k].key, t->columns[k].title, t->columns[k].kind);
    }
    for (uint32_t i = 0; i < db->count(r); i++) {
        p->row(v->panel);
        for (uint32_t k = 0; k < t->count; k++) {
            if (t->columns[k].kind == ANC_COLUMN_TEXT) {
                p->cell_text(v->panel, db->text(r, i, k));
            } else {
                p->cell_i64(v->panel, db->i64(r, i, k));
            }
        }
    }
    p->bars(v->panel, t->columns[0].key, t->columns[1].key,
            v->host->mem->printf(v->ctx, "%s%s %s, %s in %s.", t->before, db->text(r, 0, 0), t->after,
                                 about(v, db->i64(r, 0, 1)), v->label));
    return ANC_OK;
}

static const struct column ward_columns[] = {{"ward", "Ward", ANC_COLUMN_TEXT},
                                             {"local", "Paid to suppliers there", ANC_COLUMN_MONEY},
                                             {"suppliers", "Suppliers", ANC_COLUMN_NUMBER}};
static const struct column sector_columns[] = {{"sector", "Sector", ANC_COLUMN_TEXT},
                                               {"total", "All payments", ANC_COLUMN_MONEY},
                                               {"local", "Local suppliers", ANC_COLUMN_MONEY}};
static const struct column anchor_columns[] = {{"anchor", "Public body", ANC_COLUMN_TEXT},
                                               {"total", "All payments", ANC_COLUMN_MONEY},
                                               {"local", "Local suppliers", ANC_COLUMN_MONEY},
                                               {"vcfse", "VCFSE suppliers", ANC_COLUMN_MONEY}};
static const struct column top_columns[] = {{"supplier", "Supplier", ANC_COLUMN_TEXT},
                                            {"paid", "Paid", ANC_COLUMN_MONEY}};

static anc_rc draw_tables(const struct view *v) {
    static const struct view_table wards = {.key = "by_ward",
                                            .caption = "Local spend by ward",
                                            .before = "Suppliers in ",
                                            .after = "were paid most",
                                            .columns = ward_columns,
                                            .count = 3};
    static const struct view_table sectors = {.key = "by_sector",
                                              .caption = "Spend with registered suppliers by sector",
                                              .before = "",
                                              .after = "was paid most",
                                              .columns = sector_columns,
                                              .count = 3};
    static const struct view_table anchors = {.key = "by_anchor",
                                              .caption = "Spend by public body",
                                              .before = "",
                                              .after = "paid most",
                                              .columns = anchor_columns,
                                              .count = 4};
    static const struct view_table top = {.key = "top_suppliers",
                                          .caption = "The 25 registered suppliers paid most",
                                          .before = "",
                                          .after = "was paid most",
                                          .columns = top_columns,
                                          .count = 2};
    anc_rc rc = draw_table(v, v->sql->by_ward, &wards);
    rc = rc == ANC_OK ? draw_table(v, v->sql->by_sector, &sectors) : rc;
    rc = rc == ANC_OK ? draw_table(v, v->sql->by_anchor, &anchors) : rc;
    return rc == ANC_OK ? draw_table(v, v->sql->top_suppliers, &top) : rc;
}

static void draw_method(const struct view *v) {
    const struct anc_panel_api *p = v->host->panel;
    p->note(v->panel, "A payment counts as local when its payee is a registered supplier whose full postcode "
                      "lies in the area. "
                      "Head offices elsewhere do not make a local branch local, and a nearby postcode "
                      "outside the border does "
                      "not count.");
    p->note(v->panel, "Credits are taken off. Payees whose names the public body has hidden stay in the "
                      "total and are never "
                      "matched to anybody.");
    p->note(
        v->panel,
        "Source: the payments files of the public bodies. The share of local spend is the lowest it can be, "
        "because payments that are not placed yet count as not local.");
}

anc_rc panel_fill(const struct anc_host *host, const struct panel_sql *sql, anc_ctx *ctx,
                  const struct anc_spend_filter *filter, anc_panel *panel) {
    struct view v = {.host = host, .sql = sql, .ctx = ctx, .panel = panel};
    v.anchor = filter->anchor_ref[0] ? filter->anchor_ref : NULL;
    const anc_rows *years;
    anc_rc rc = host->db->run(ctx, sql->by_year, 1, &v.anchor, &years);
    if (rc != ANC_OK) {
        return rc;
    }
    uint32_t n = host->db->count(years);
    if (n == 0) {
        host->panel->note(panel, "No payments file has been loaded yet.");
        return ANC_OK;
    }
    uint32_t at = n - 1;
    for (uint32_t i = 0; i < n; i++) {
        if (filter->financial_year && host->db->i64(years, i, 0) == filter->financial_year) {
            at = i;
        }
    }
    v.year = host->db->text(years, at, 0);
    v.label = year_label(&v, host->db->i64(years, at, 0));
    rc = draw_figures(&v, years, at);
    if (rc == ANC_OK) {
        draw_years(&v, years, at);
        rc = draw_tables(&v);
    }
    draw_method(&v);
    return rc;
}
