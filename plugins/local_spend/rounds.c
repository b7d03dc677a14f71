// SPDX-License-Identifier: Apache-2.0
// What money does in the place: the multiplier of the survey, a published benchmark, a multiplier by hand.
#include "pages.h"

#include "formula.h"
#include "view.h"

#include <string.h>

static const struct anc_host *host_of(void *state) {
    return ((const struct spend_state *)state)->host;
}

// ---- the benchmark
// ------------------------------------------------------------------------------------------

// Share of what each council's 30 largest suppliers were paid within its own border, in tenths of a per cent,
// as CLES and the Association of Greater Manchester Authorities published it.
static const struct {
    const char *name;
    int32_t tenths;
} published[] = {{"Manchester", 794}, {"Oldham", 686}, {"Stockport", 651}, {"Salford", 627},  {"Wigan", 569},
                 {"Tameside", 507},   {"Bolton", 456}, {"Rochdale", 438},  {"Trafford", 366}, {"Bury", 284}};

static void put_share(const struct anc_host *h, anc_panel *panel, const char *name, int64_t bp) {
    h->panel->row(panel);
    h->panel->cell_text(panel, name);
    h->panel->cell_i64(panel, bp);
}

static anc_rc draw_benchmark(const struct spend_state *state, anc_ctx *ctx, anc_panel *panel) {
    const struct anc_host *h = state->host;
    const struct anc_spend_filter all = {.size = sizeof all, .anchor_ref = "", .view = ""};
    struct view v;
    struct view_rows r;
    int64_t whole = 0, local = 0, unknown = 0;
    bool told = true;
    anc_rc rc = view_open(&v, state, ctx, &all, panel);
    if (rc != ANC_OK) {
        return rc == ANC_SKIP ? ANC_OK : rc;
    }
    v.for_public = true;
    rc = view_sums(&v, ANC_BY_PLACE, ANC_BY_NOTHING, false, 0, &r);
    for (uint32_t i = 0; rc == ANC_OK && i < r.count; i++) {
        const struct anc_sum *row = view_row(&r, i);
        whole += row->pence;
        told = told && !view_few(&v, row->payees);
        local += strcmp(row->key, "local") == 0 ? row->pence : 0;
        unknown += strcmp(row->key, "unknown") == 0 ? row->pence : 0;
    }
    if (rc != ANC_OK) {
        return rc;
    }
    h->panel->table(panel, "benchmark", "Share that stays within the own border");
    h->panel->column(panel, "who", "Who", ANC_COLUMN_TEXT);
    h->panel->column(panel, "share", "Share", ANC_COLUMN_SHARE);
    if (told) {
        put_share(h, panel, h->mem->format(ctx, "All public bodies here, %s, at the least", v.label),
                  view_share(local, whole));
        put_share(h, panel, h->mem->format(ctx, "All public bodies here, %s, at the most", v.label),
                  view_share(local + unknown, whole));
    }
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        put_share(h, panel, h->mem->format(ctx, "%s council, published", published[i].name),
                  (int64_t)published[i].tenths * 10);
    }
    h->panel->bars(
        panel, "who", "share",
        told ? h->mem->format(
                   ctx, "Between %s and %s stays here; the published average of ten councils was 61.7%%.",
                   view_percent_of(&v, local, whole), view_percent_of(&v, local + unknown, whole))
             : "Fewer than 5 suppliers stand behind what stays here or leaves, so it is not shown. The "
               "published average "
               "of ten councils was 61.7%.");
    return ANC_OK;
}

anc_rc page_rounds(anc_ctx *ctx, void *state) {
    const struct spend_state *s = state;
    const struct anc_host *h = host_of(state);
    const int32_t *years;
    uint32_t n;
    struct respend r = {.known = false};
    struct view v = {.host = h, .ctx = ctx};
    anc_rc rc = h->spend->years(ctx, &n, &years);
    if (rc == ANC_OK && n > 0) {
        rc = respend_read(h, ctx, &s->survey, years[0], &r);
    }
    rc = rc == ANC_OK ? draw_benchmark(s, ctx, h->page->panel(ctx, "benchmark")) : rc;
    if (rc != ANC_OK) {
        return rc;
    }
    h->page->put_flag(ctx, "may_survey", h->page->may(ctx, ANC_PERM_OFFICER));
    h->page->put_text(
        ctx, "result",
        r.known ? h->mem->format(ctx,
                                 "%s of what the public bodies spent in %s comes round here again. The "
                                 "multiplier is %lld.%02lld. %s",
                                 view_about(&v, r.again_pence), view_year(&v, years[0]),
                                 (long long)(r.lm3_centi / 100), (long long)(r.lm3_centi % 100),
                                 respend_coverage(h, ctx, &r))
                : h->text->get(ctx, "few"));
    return h->page->render(ctx, "rounds", h->text->get(ctx, "rounds_title"));
}

// ---- by hand
// ------------------------------------------------------------------------------------------------

static int64_t part(int64_t pence, int64_t bp) {
    return (pence / 10000) * bp + (pence % 10000 * bp + 5000) / 10000;
}

static void put_round(const struct anc_host *h, anc_ctx *ctx, const char *what, int64_t pence) {
    h->page->item(ctx, "rounds");
    h->page->put_text(ctx, "what", what);
    h->page->put_i64(ctx, "pence", pence);
}

static void put_rounds(const struct anc_host *h, anc_ctx *ctx) {
    int64_t r1 = h->page->form_i64(ctx, "income", 0);
    int64_t staff = part(r1, h->page->form_i64(ctx, "staff", 0));
    int64_t suppliers = part(r1, h->page->form_i64(ctx, "suppliers", 0));
    int64_t r3 = part(staff, h->page->form_i64(ctx, "staff_again", 0)) +
                 part(suppliers, h->page->form_i64(ctx, "suppliers_again", 0));
    bool here = strcmp(h->page->form_text(ctx, "first"), "here") == 0;
    int64_t centi;
    if (!spend_lm3_centi(r1, staff + suppliers, r3, here, &centi)) {
        h->page->form_error(ctx, "suppliers", h->text->get(ctx, "over_all"));
        return;
    }
    h->page->put_flag(ctx, "has_result", 1);
    h->page->put_text(ctx, "lm3",
                      h->mem->format(ctx, "%lld.%02lld", (long long)(centi / 100), (long long)(centi % 100)));
    h->page->list(ctx, "rounds");
    put_round(h, ctx,
              here ? "Round 1, the money itself" : "Round 1, the money itself (leaves, does not count)", r1);
    put_round(h, ctx, "Round 2, spent here by who got it", staff + suppliers);
    put_round(h, ctx, "Round 3, spent here once more", r3);
    h->page->list_end(ctx);
}

anc_rc page_multiplier(anc_ctx *ctx, void *state) {
    const struct anc_host *h = host_of(state);
    h->page->put_flag(ctx, "has_result", 0);
    h->page->list(ctx, "rounds");
    h->page->list_end(ctx);
    if (h->page->is_post(ctx) && h->page->form_ok(ctx)) {
        put_rounds(h, ctx);
    }
    return h->page->render(ctx, "multiplier", h->text->get(ctx, "multiplier_title"));
}
