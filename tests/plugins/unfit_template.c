// SPDX-License-Identifier: Apache-2.0
// Fails a check: its template puts a text where no text may stand.
#include "plugins/unfit.h"

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return ANC_E_NOT_FOUND;
}

static const char text[] = "<script>let words = \"{{words}}\";</script>\n";
static const struct anc_template templates[] = {{.name = "show", .text = text, .bytes = sizeof text - 1}};
static const struct anc_route routes[] = {
    {.method = "GET", .path = "/x/" ID, .perm = ANC_PERM_PUBLIC, .form = "-", .page = page}};

static const struct anc_plugin plugin = {UNFIT_HEAD, .wants = ANC_CAP_PAGES,
                                         .templates = ANC_TABLE(templates), .routes = ANC_TABLE(routes)};
ANC_PLUGIN(plugin)
