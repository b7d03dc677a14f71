// SPDX-License-Identifier: Apache-2.0
// A plugin of the tests: a public page, one that writes where nothing is, one that never comes back, and one
// that says of itself that it is wrong. With AT_START it falls over before any of these.
#include <anchorage/plugin.h>

static const struct anc_host *host;

static anc_rc page_fine(anc_ctx *ctx, void *state) {
    (void)state;
    return host->page->bytes(ctx, "text/plain; charset=utf-8", "", "fine", 4);
}

static anc_rc page_crash(anc_ctx *ctx, void *state) {
    int *volatile nowhere = state; // NULL: start left nothing behind
    *nowhere = 1;
    return page_fine(ctx, state);
}

static anc_rc page_stuck(anc_ctx *ctx, void *state) {
    volatile int *never = &(int){0};
    while (!*never) {
    }
    return page_fine(ctx, state);
}

static anc_rc page_bug(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return ANC_E_BUG;
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    host = given;
    *ret_state = NULL;
    return AT_START ? page_crash(NULL, NULL) : ANC_OK;
}

static const struct anc_route routes[] = {{"GET", "/x/" ID, ANC_PERM_PUBLIC, "-", 0, page_fine},
                                          {"GET", "/x/" ID "/now", ANC_PERM_PUBLIC, "-", 0, page_crash},
                                          {"GET", "/x/" ID "/stuck", ANC_PERM_PUBLIC, "-", 0, page_stuck},
                                          {"GET", "/x/" ID "/bug", ANC_PERM_PUBLIC, "-", 0, page_bug}};

static const struct anc_plugin crashy = {
    ANC_PLUGIN_HEAD,
    .id = ID,
    .title = "Crashing page",
    .summary = "Falls over when it is asked to.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_PAGES,
    .start = start,
    .routes = ANC_TABLE(routes),
};

ANC_PLUGIN(crashy)
