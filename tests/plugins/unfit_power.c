// SPDX-License-Identifier: Apache-2.0
// Fails a check: it asks for pages as an option, and crashes where it does not get them.
#include "plugins/unfit.h"

static const struct anc_host *host;

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)state;
    return host->page->redirect(ctx, "/x/" ID);
}

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    anc_rc rc = unfit_judge(ctx, facts, ret_tag, state);
    ret_tag->score = host->page->size > 0 ? 50 : 49; // NULL without the power
    return rc;
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_route routes[] = {
    {.method = "GET", .path = "/x/" ID, .perm = ANC_PERM_PUBLIC, .form = "-", .page = page}};

UNFIT_TAGGER(judge, .wants_optional = ANC_CAP_PAGES, .routes = ANC_TABLE(routes), .start = start)
