// SPDX-License-Identifier: Apache-2.0
// Fails a check: its scorer remembers the bids before.
#include "plugins/unfit.h"

static volatile int32_t seen;

static anc_rc score(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state) {
    (void)ctx, (void)state;
    seen = seen + 1;
    ret_score->points_milli = bid->max_points_milli > seen ? seen : 0;
    ret_score->rationale = "The later the better.";
    return ANC_OK;
}

static const struct anc_bid_scorer scorer = {
    .size = sizeof scorer, .method = ID "/later", .version = "1", .title = "Later is better", .score = score};
static const struct anc_provider providers[] = {{.point = ANC_POINT_BID_SCORER, .key = ID, .table = &scorer}};
static const struct anc_plugin plugin = {UNFIT_HEAD, .wants = ANC_CAP_WRITE_SCORES,
                                         .providers = ANC_TABLE(providers)};
ANC_PLUGIN(plugin)
