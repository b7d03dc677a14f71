// SPDX-License-Identifier: Apache-2.0
// A plugin in C++: the same tables, and a class behind them.
#include "resources.gen.h"

#include <anchorage/plugin.h>

#include <string>

namespace {

class Greeter {
  public:
    explicit Greeter(const anc_host *host) : host_(host) {}

    anc_rc page(anc_ctx *ctx) const {
        const anc_page_api *page = host_->page;
        const std::string name = page->query(ctx, "name");
        // What the host is given must last until the call ends; a std::string of this function does not.
        page->put_text(ctx, "name", host_->mem->format(ctx, "%s", name.empty() ? "everybody" : name.c_str()));
        return page->render(ctx, "hello", "Hello");
    }

  private:
    const anc_host *host_;
};

anc_rc start(anc_ctx *, const anc_host *host, void **ret_state) {
    *ret_state = new Greeter(host);
    return ANC_OK;
}

void stop(anc_ctx *, void *state) {
    delete static_cast<Greeter *>(state);
}

anc_rc hello(anc_ctx *ctx, void *state) {
    return static_cast<const Greeter *>(state)->page(ctx);
}

const anc_route routes[] = {
    {.method = "GET", .path = "/x/cpp", .perm = ANC_PERM_PUBLIC, .form = "-", .flags = 0, .page = hello},
};

const anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "cpp",
    .title = "Hello",
    .summary = "A plugin in C++.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_PAGES,
    .start = start,
    .stop = stop,
    PLUGIN_RESOURCES,
    .routes = ANC_TABLE(routes),
};

} // namespace

ANC_PLUGIN(plugin)
