// SPDX-License-Identifier: Apache-2.0
// Social value scoring as a plugin: commitments of a bid into the logic, points and reasons back.
#include "logic.h"
#include "resources.gen.h"

#include <anchorage/plugin.h>

#define MEASURES_MAX 64

static const struct anc_host *host;
// The same rows as sv_measures, in the words of the host; filled once before anybody can call.
static struct anc_measure measures[MEASURES_MAX];

// Points by the published target (no bid changes another's points). Without a target every bid gets nothing
// and is told so.
static anc_rc score(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state) {
    (void)state;
    if (bid->commitment_count > SV_COMMITMENT_MAX) {
        return ANC_E_LIMIT;
    }
    struct sv_commitment list[SV_COMMITMENT_MAX];
    struct sv_line lines[SV_COMMITMENT_MAX];
    for (uint32_t i = 0; i < bid->commitment_count; i++) {
        const struct anc_commitment *c = ANC_AT(bid->commitments, i);
        // The bid form asks for units in the area only, so all of them are local.
        list[i] = (struct sv_commitment){.code = c->measure,
                                         .units_milli = c->units * 1000,
                                         .local_units_milli = c->units * 1000,
                                         .evidenced = c->evidence[0] != 0};
    }
    struct sv_value value;
    int32_t points = 0;
    if (sv_value_of(sv_measures, sv_measure_count, list, bid->commitment_count, lines, &value) != 0 ||
        (bid->target_pence > 0 &&
         sv_points_absolute(bid->max_points_milli, &value, bid->target_pence, &points) != 0)) {
        return ANC_E_INVALID;
    }
    char text[SV_RATIONALE_SIZE];
    sv_rationale(list, lines, bid->commitment_count, &value, bid->max_points_milli, bid->target_pence, points,
                 text);
    ret_score->points_milli = points;
    ret_score->value_pence = value.pence;
    ret_score->rationale = bid->target_pence > 0
                               ? host->mem->format(ctx, "%s", text)
                               : "The notice sets no target for social value, so no points could be given.";
    return ANC_OK;
}

static struct anc_bid_scorer scorer = {
    .size = sizeof scorer,
    .method = "social_value/absolute",
    .version = SV_SET_NAME "@" SV_SET_VERSION,
    .title = "Social value against a published target",
    .score = score,
};

static const struct anc_provider providers[] = {
    {.point = ANC_POINT_BID_SCORER, .key = "social_value", .table = &scorer},
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    if (sv_measure_count > MEASURES_MAX) {
        return ANC_E_LIMIT;
    }
    for (size_t i = 0; i < sv_measure_count; i++) {
        measures[i] = (struct anc_measure){.code = sv_measures[i].code,
                                           .title = sv_measures[i].title,
                                           .unit = sv_measures[i].unit,
                                           .help = sv_measures[i].help};
    }
    scorer.measures = (struct anc_table){measures, (uint32_t)sv_measure_count, sizeof measures[0]};
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "social_value",
    .title = "Social value scoring",
    .summary = "Gives points for what a bid promises to the place, with the sum shown.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_WRITE_SCORES,
    .providers = ANC_TABLE(providers),
    .start = start,
};
ANC_PLUGIN(plugin)
