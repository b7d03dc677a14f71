// SPDX-License-Identifier: Apache-2.0
// Sums over payments as plugins ask for them: what they ask is checked here, the answer comes from whoever
// gave the unit of work its sums (plugin/sums.h).
#include "plugin/api.h"
#include "plugin/plugin.h"
#include "plugin/sums.h"

#include "base/clock.h"

#include <string.h>

#define ROWS_MOST        100000u // of a slice, as anchorage/plugin.h says
#define YEARS_MOST       1000u
#define SLICE_BYTES_MOST 4096u // of a slice of a later header

static anc_rc code_of(enum err e) {
    switch (e) {
    case ERR_OK:
        return ANC_OK;
    case ERR_INVALID:
        return ANC_E_INVALID;
    case ERR_TOO_LARGE:
        return ANC_E_LIMIT;
    case ERR_UNSUPPORTED:
        return ANC_E_UNSUPPORTED;
    default:
        return ANC_E_DB;
    }
}

// Whether a plugin built with a newer header chose something that this host knows nothing of: other payments
// would be added up than it means.
static bool chose_more(const struct anc_slice *given) {
    const unsigned char *bytes = (const unsigned char *)given;
    for (uint32_t i = sizeof *given; i < given->size && i < SLICE_BYTES_MOST; i++) {
        if (bytes[i] != 0) {
            return true;
        }
    }
    return given->size > SLICE_BYTES_MOST;
}

// The slice in the host's form: zero where the plugin was built with an older header, no text NULL.
static bool slice_of(const struct anc_slice *given, struct anc_slice *ret) {
    if (!given || given->size < sizeof given->size || chose_more(given)) {
        return false;
    }
    ANC_COPY(ret, given);
    const char **const texts[] = {&ret->anchor_ref, &ret->ward,     &ret->area,         &ret->sector,
                                  &ret->payee,      &ret->category, &ret->vcfse_classes};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = *texts[i] ? *texts[i] : "";
    }
    return true;
}

// Outside the plugin's role: its statements must not meet what sums are made of, and the other way round.
// What bringing sums up to date takes is not charged to the plugin: it may be the first to ask after a load.
static enum err bring_up(anc_ctx *ctx, const struct spend_sums *s, const struct anc_slice *slice) {
    int64_t began = clock_monotonic_usec();
    enum err e = s->ready ? s->ready(ctx->c, s, slice) : ERR_OK;
    ctx->deadline_usec += clock_monotonic_usec() - began;
    return e;
}

static anc_rc spend_slice(anc_ctx *ctx, const struct anc_slice *slice, uint32_t *ret_count,
                          const struct anc_sum **ret_rows) {
    struct anc_slice own;
    if (!ctx || !ret_count || !ret_rows || !slice_of(slice, &own)) {
        return ANC_E_INVALID;
    }
    const struct spend_sums *s = ctx->c->sums;
    uint32_t n = 0;
    const struct anc_sum *rows = NULL;
    if (!s) {
        return ANC_E_DB;
    }
    enum err e = call_aside(ctx);
    e = e ? e : bring_up(ctx, s, &own);
    e = e ? e : s->slice(ctx->c, s, &own, &n, &rows);
    e = call_back(ctx, e);
    if (e == ERR_OK && (n > ROWS_MOST || (n > 0 && !rows))) {
        return ANC_E_LIMIT;
    }
    if (e == ERR_OK) {
        *ret_count = n;
        *ret_rows = rows;
    }
    return code_of(e);
}

static anc_rc spend_years(anc_ctx *ctx, uint32_t *ret_count, const int32_t **ret_years) {
    static const struct anc_slice all = {.size = sizeof all};
    if (!ctx || !ret_count || !ret_years) {
        return ANC_E_INVALID;
    }
    const struct spend_sums *s = ctx->c->sums;
    struct anc_slice own;
    uint32_t n = 0;
    const int32_t *years = NULL;
    if (!s || !slice_of(&all, &own)) {
        return ANC_E_DB;
    }
    enum err e = call_aside(ctx);
    e = e ? e : bring_up(ctx, s, &own);
    e = e ? e : s->years(ctx->c, s, &n, &years);
    e = call_back(ctx, e);
    if (e == ERR_OK && (n > YEARS_MOST || (n > 0 && !years))) {
        return ANC_E_LIMIT;
    }
    if (e == ERR_OK) {
        *ret_count = n;
        *ret_years = years;
    }
    return code_of(e);
}

const struct anc_spend_api *api_spend(void) {
    static const struct anc_spend_api api = {.size = sizeof api, .slice = spend_slice, .years = spend_years};
    return &api;
}
