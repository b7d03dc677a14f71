// SPDX-License-Identifier: Apache-2.0
// A plugin of one file, for the test that builds it with pkg-config and a single command.
#include "resources.gen.h"

#include <anchorage/plugin.h>

static const struct anc_host *host;

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)state;
    host->page->put_i64(ctx, "length", host->setting->number(ctx, "length"));
    return host->page->render(ctx, "hello", host->text->get(ctx, "title"));
}

static const struct anc_setting settings[] = {
    {.key = "length",
     .kind = ANC_SETTING_NUMBER,
     .dflt = "12",
     .min = 1,
     .max = 99,
     .title = "Length",
     .help = ""},
};

static const struct anc_route routes[] = {
    {"GET", "/x/plain", ANC_PERM_PUBLIC, "-", 0, page},
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    host = given;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "plain",
    .title = "Plain",
    .summary = "A plugin of one file.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_PAGES,
    .start = start,
    .settings = ANC_TABLE(settings),
    PLUGIN_RESOURCES,
    .routes = ANC_TABLE(routes),
};
ANC_PLUGIN(plugin)
