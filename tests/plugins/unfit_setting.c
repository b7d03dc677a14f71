// SPDX-License-Identifier: Apache-2.0
// Fails a check: it cannot stand the lowest value that its own setting allows.
#include "plugins/unfit.h"

static const struct anc_host *host;

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    static const char *const words[] = {"one", "two", "three"};
    anc_rc rc = unfit_judge(ctx, facts, ret_tag, state);
    int64_t most = host->setting->number(ctx, "most");
    const char *volatile word = most > 0 ? words[most % 3] : NULL;
    ret_tag->score = word[0] == 'o' ? 51 : 50;
    return rc;
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_setting settings[] = {{.key = "most",
                                               .kind = ANC_SETTING_NUMBER,
                                               .dflt = "3",
                                               .min = -5,
                                               .max = 9,
                                               .title = "Most",
                                               .help = "How many at most."}};

UNFIT_TAGGER(judge, .settings = ANC_TABLE(settings), .start = start)
