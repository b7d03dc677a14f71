// SPDX-License-Identifier: Apache-2.0
// The choice in force, sums for it, and words for people.
#include "view.h"

#include "choices.h"
#include "formula.h"

#include <stdio.h>
#include <string.h>

// ---- the choice -----------------------------------------------------------------------------------------

// Field by field, because the host's struct may be shorter or longer than ours.
static void copy_choice(struct anc_slice *to, const struct anc_slice *from) {
#define TAKE(field) to->field = ANC_HAS(from, field) ? from->field : to->field
    TAKE(from_year);
    TAKE(to_year);
    TAKE(from_month);
    TAKE(to_month);
    TAKE(flows);
    TAKE(places);
    TAKE(vcfse);
    TAKE(sizes);
    TAKE(rule);
    TAKE(anchor_ref);
    TAKE(ward);
    TAKE(area);
    TAKE(sector);
    TAKE(payee);
    TAKE(category);
    TAKE(vcfse_classes);
#undef TAKE
}

static anc_rc place_name(struct view *v, const struct anc_spend_filter *filter) {
    const anc_rows *r;
    if (ANC_FITS(filter, place) && filter->place) {
        v->place = filter->place;
        return ANC_OK;
    }
    anc_rc rc = v->host->db->run(v->ctx, v->state->place, 0, NULL, &r);
    if (rc == ANC_OK) {
        const char *name = v->host->db->text(r, 0, 0);
        v->place = *name ? name : "local";
    }
    return rc;
}

static anc_rc choose_years(struct view *v, const struct anc_spend_filter *filter) {
    uint32_t n;
    const int32_t *years;
    anc_rc rc = v->host->spend->years(v->ctx, &n, &years);
    if (rc != ANC_OK) {
        return rc;
    }
    if (n == 0) {
        v->host->panel->note(v->panel, "No payments file has been loaded yet.");
        return ANC_SKIP;
    }
    if (!v->base.from_year && !v->base.to_year) {
        v->base.from_year = v->base.to_year = years[0]; // the latest
        for (uint32_t i = 0; i < n; i++) {
            if (years[i] == filter->financial_year) {
                v->base.from_year = v->base.to_year = years[i];
            }
        }
    }
    v->base.from_year = v->base.from_year ? v->base.from_year : years[n - 1];
    v->base.to_year = v->base.to_year ? v->base.to_year : years[0];
    v->one_year = v->base.from_year == v->base.to_year;
    v->label = v->one_year ? view_year(v, v->base.from_year)
                           : v->host->mem->format(v->ctx, "%s to %s", view_year(v, v->base.from_year),
                                                  view_year(v, v->base.to_year));
    return ANC_OK;
}

anc_rc view_open(struct view *v, const struct spend_state *state, anc_ctx *ctx,
                 const struct anc_spend_filter *filter, anc_panel *panel) {
    const struct anc_host *host = state->host;
    *v = (struct view){.host = host, .state = state, .ctx = ctx, .panel = panel};
    v->base = (struct anc_slice){.size = sizeof v->base,
                                 .anchor_ref = filter->anchor_ref,
                                 .ward = "",
                                 .area = "",
                                 .sector = "",
                                 .payee = "",
                                 .category = "",
                                 .vcfse_classes = ""};
    if (ANC_FITS(filter, chosen) && filter->chosen) {
        copy_choice(&v->base, filter->chosen);
    }
    v->for_public = ANC_FITS(filter, for_public) && filter->for_public;
    v->frozen = ANC_FITS(filter, frozen) && filter->frozen;
    if (!v->base.flows) {
        v->base.flows = spend_flows_counted(host, ctx);
    }
    v->classes = spend_classes_counted(host, ctx);
    anc_rc rc = choose_years(v, filter);
    return rc == ANC_OK ? place_name(v, filter) : rc;
}

// ---- sums -----------------------------------------------------------------------------------------------

anc_rc view_slice(struct view *v, const struct anc_slice *slice, struct view_rows *ret) {
    return v->host->spend->slice(v->ctx, slice, &ret->count, &ret->rows);
}

anc_rc view_sums(struct view *v, int32_t by, int32_t then_by, bool largest, uint32_t most,
                 struct view_rows *ret) {
    struct anc_slice s = v->base;
    s.by = by;
    s.then_by = then_by;
    s.largest = largest;
    s.most = most;
    return view_slice(v, &s, ret);
}

#define ALL_VCFSE ((1u << (ANC_VCFSE_UNKNOWN + 1)) - 1)
#define POLICY    (1u << ANC_VCFSE_POLICY)

static bool has_word(const char *list, const char *word, size_t n) {
    for (const char *p = list; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");
        if (len == n && strncmp(p, word, n) == 0) {
            return true;
        }
        p += len;
    }
    return false;
}

static const char *words_of_both(const struct view *v, const char *a, const char *b) {
    const char *out = "";
    for (const char *p = a; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        if (has_word(b, p, n)) {
            out = v->host->mem->format(v->ctx, "%s%s%.*s", out, *out ? " " : "", (int)n, p);
        }
        p += n;
    }
    return out;
}

// Two choices at once. Of a choice: decisions other than POLICY, and by policy all, none, or some classes.
bool view_narrow(const struct view *v, struct anc_slice *s, uint32_t vcfse, const char *classes) {
    const char *had = s->vcfse_classes ? s->vcfse_classes : "";
    uint32_t before = s->vcfse || *had ? s->vcfse : ALL_VCFSE;
    bool both = (*had || before & POLICY) && (*classes || vcfse & POLICY);
    const char *some = *had && *classes ? words_of_both(v, had, classes) : *had ? had : classes;
    s->vcfse = before & vcfse & ~POLICY;
    s->vcfse_classes = "";
    if (both && (*had || *classes)) {
        s->vcfse_classes = some;
    } else if (both) {
        s->vcfse |= POLICY;
    }
    return s->vcfse || *s->vcfse_classes;
}

bool view_headline_vcfse(const struct view *v, struct anc_slice *s) {
    return view_narrow(v, s, 1u << ANC_VCFSE_YES, v->classes);
}

anc_rc view_one(struct view *v, const struct anc_slice *s, bool any, struct anc_sum *ret) {
    struct anc_slice all = *s;
    struct view_rows r = {.count = 0};
    all.by = all.then_by = ANC_BY_NOTHING;
    anc_rc rc = any ? view_slice(v, &all, &r) : ANC_OK;
    *ret = (struct anc_sum){.size = sizeof *ret};
    if (rc == ANC_OK && r.count > 0) {
        const struct anc_sum *row = view_row(&r, 0);
        ret->pence = row->pence;
        ret->lines = row->lines;
        ret->payees = row->payees;
        ret->credit_pence = row->credit_pence;
    }
    return rc;
}

int64_t view_share(int64_t part_pence, int64_t whole_pence) {
    int64_t bp = 0;
    return spend_share_bp(part_pence, whole_pence, &bp) ? bp : 0;
}

// ---- words ----------------------------------------------------------------------------------------------

const char *view_year(const struct view *v, int64_t year) {
    return v->host->mem->format(v->ctx, "%lld/%02lld", (long long)year, (long long)((year + 1) % 100));
}

static const char *percent_of_tenths(const struct view *v, int64_t tenths) {
    int64_t size = tenths < 0 ? -tenths : tenths;
    return v->host->mem->format(v->ctx, "%s%lld.%lld%%", tenths < 0 ? "−" : "", (long long)(size / 10),
                                (long long)(size % 10));
}

const char *view_percent(const struct view *v, int64_t bp) {
    return percent_of_tenths(v, bp < 0 ? -((-bp + 5) / 10) : (bp + 5) / 10);
}

const char *view_percent_of(const struct view *v, int64_t part_pence, int64_t whole_pence) {
    int64_t tenths = 0;
    return percent_of_tenths(v, spend_share_tenths(part_pence, whole_pence, &tenths) ? tenths : 0);
}

static const char *grouped(const struct view *v, int64_t n) {
    if (n >= 1000000) {
        return v->host->mem->format(v->ctx, "%lld,%03lld,%03lld", (long long)(n / 1000000),
                                    (long long)(n / 1000 % 1000), (long long)(n % 1000));
    }
    return n >= 1000
               ? v->host->mem->format(v->ctx, "%lld,%03lld", (long long)(n / 1000), (long long)(n % 1000))
               : v->host->mem->format(v->ctx, "%lld", (long long)n);
}

const char *view_about(const struct view *v, int64_t pence) {
    int64_t pounds = ((pence < 0 ? -pence : pence) + 50) / 100;
    const char *sign = pence < 0 && pounds > 0 ? "−" : "";
    if (pounds >= 999950) {
        bool billions = pounds >= 999950000;
        int64_t tenth = billions ? 100000000 : 100000, tenths = (pounds + tenth / 2) / tenth;
        return v->host->mem->format(v->ctx, "%s£%lld.%lld %s", sign, (long long)(tenths / 10),
                                    (long long)(tenths % 10), billions ? "billion" : "million");
    }
    return v->host->mem->format(v->ctx, "%s£%s", sign, grouped(v, pounds));
}

const char *view_many(const struct view *v, int64_t n, const char *what) {
    return v->host->mem->format(v->ctx, "%s %s%s", grouped(v, n), what, n == 1 ? "" : "s");
}

bool view_few(const struct view *v, int64_t n) {
    return v->for_public && n > 0 && n < VIEW_FEWEST;
}

const char *view_how_many(const struct view *v, int64_t n) {
    return view_few(v, n) ? "fewer than 5" : v->host->mem->format(v->ctx, "%lld", (long long)n);
}

void view_cell_if(const struct view *v, bool told, int64_t value) {
    if (told) {
        v->host->panel->cell_i64(v->panel, value);
    } else {
        v->host->panel->cell_text(v->panel, "");
    }
}

const char *view_suppliers(const struct view *v, int64_t n) {
    return view_few(v, n) ? "fewer than 5 suppliers" : view_many(v, n, "supplier");
}

struct word {
    const char *key, *words;
};

static const char *word_of(const struct word *list, size_t n, const char *key) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].key, key) == 0) {
            return list[i].words;
        }
    }
    return "Not known";
}
#define WORD_OF(list, key) word_of((list), sizeof(list) / sizeof *(list), (key))

const char *view_flow_words(const char *key) {
    static const struct word words[] = {{"procurement", "Goods, works and services"},
                                        {"grant", "Grants"},
                                        {"credit", "Credits, taken off"},
                                        {"public_transfer", "To other public bodies"},
                                        {"pass_through", "Through agencies and buying clubs"},
                                        {"individual", "To or for people"},
                                        {"treasury", "Loans, taxes and pensions"},
                                        {"card", "Card payments"},
                                        {"hidden", "Name not published"}};
    return WORD_OF(words, key);
}

const char *view_place_words(const struct view *v, const char *key) {
    if (strcmp(key, "local") == 0) {
        return v->place;
    }
    return strcmp(key, "elsewhere") == 0 ? "Elsewhere" : "Not placed yet";
}

const char *view_vcfse_words(const char *key) {
    static const struct word words[] = {{"yes", "VCFSE"},
                                        {"policy", "VCFSE by some definitions"},
                                        {"review", "Waiting for a person to check"},
                                        {"no", "Not VCFSE"}};
    return WORD_OF(words, key);
}

const char *view_size_words(const char *key) {
    static const struct word words[] = {{"micro", "Micro, under 10 staff"},
                                        {"small", "Small, under 50 staff"},
                                        {"medium", "Medium, under 250 staff"},
                                        {"large", "Large"}};
    return WORD_OF(words, key);
}
