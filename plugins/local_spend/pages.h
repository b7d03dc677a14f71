// SPDX-License-Identifier: Apache-2.0
// The plugin's own pages: what money does in the place, the survey of suppliers, a multiplier by hand.
#ifndef LOCAL_SPEND_PAGES_H
#define LOCAL_SPEND_PAGES_H

#include "state.h"

#include <anchorage/plugin.h>

#include <stdbool.h>

// What the answers of a year say. Money in pence.
struct respend {
    int64_t local_pence, other_pence; // spend with suppliers here and elsewhere
    int64_t answers_local, answers_other;
    int64_t local_bp, other_bp; // share spent again
    int64_t again_pence;        // comes round again
    int64_t lm3_centi; // (R1 + R2 + R3) / R1 with R1 all spend, R2 what stays, R3 what these spend here again
    bool known;        // enough answers for again_pence and lm3_centi
    int64_t answered_pence,
        top_pence; // income of those who answered; what the 300 largest suppliers were paid
};

// "Those who answered got 12.3% of what the 300 largest suppliers were paid."
const char *respend_coverage(const struct anc_host *host, anc_ctx *ctx, const struct respend *r);

// ANC_E_*, or ANC_OK with *ret.
anc_rc respend_read(const struct anc_host *host, anc_ctx *ctx, const struct survey_sql *sql, int32_t year,
                    struct respend *ret);

anc_rc page_rounds(anc_ctx *ctx, void *state);
anc_rc page_multiplier(anc_ctx *ctx, void *state);
anc_rc page_survey(anc_ctx *ctx, void *state);
anc_rc page_answer(anc_ctx *ctx, void *state);
anc_rc post_answer(anc_ctx *ctx, void *state);
anc_rc page_remove(anc_ctx *ctx, void *state);
anc_rc post_remove(anc_ctx *ctx, void *state);

#endif
