// SPDX-License-Identifier: Apache-2.0
// Fails a check: one of its pages crashes.
#include "plugins/unfit.h"

static const char *volatile nowhere;

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return nowhere[0] ? ANC_OK : ANC_SKIP;
}

static const struct anc_route routes[] = {
    {.method = "GET", .path = "/x/" ID "/{which}", .perm = ANC_PERM_PUBLIC, .form = "-", .page = page}};
static const struct anc_plugin plugin = {UNFIT_HEAD, .wants = ANC_CAP_PAGES, .routes = ANC_TABLE(routes)};
ANC_PLUGIN(plugin)
