// SPDX-License-Identifier: Apache-2.0
// A plugin of the tests: a panel in every place, pages that try to break the frame around them, and one
// reason to be refused for each macro (LOOKS_LAYOUT, LOOKS_TEMPLATE, LOOKS_FORM, LOOKS_FILE).
#include <anchorage/plugin.h>

#include <string.h>

#ifndef ID
#define ID "looks"
#endif
#define HOME    "/x/" ID
#define HOSTILE "<script>alert(\"1\")</script>&'"

static const struct anc_host *host;

// Sets keys that the frame uses, and keys that are markup themselves.
static anc_rc page_frame(anc_ctx *ctx, void *state) {
    (void)state;
    static const char *const keys[] = {
        "css_url", "nav",       "place_name",     "footer_org", "person_name",
        "lang",    "signed_in", "notices_banner", "icon_url",   "page_width_class"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        host->page->put_text(ctx, keys[i], HOSTILE);
    }
    host->page->put_text(ctx, HOSTILE, HOSTILE);
    host->page->put_text(ctx, "words", HOSTILE);
    host->page->put_text(ctx, "path", "javascript:alert(1)");
    return host->page->render(ctx, "list", HOSTILE);
}

static anc_rc page_panel(anc_ctx *ctx, void *state) {
    (void)state;
    anc_panel *p = host->page->panel(ctx, "figures_here");
    host->page->put_text(ctx, "words", "Panel");
    host->page->put_text(ctx, "path", "/suppliers");
    host->panel->figure(p, HOSTILE, ANC_COLUMN_MONEY, 123456, HOSTILE);
    host->panel->figure(p, "share", ANC_COLUMN_SHARE, 3190, "");
    host->panel->figure(p, "no day", ANC_COLUMN_DAY, INT32_MIN, "");
    host->panel->table(p, "t", HOSTILE);
    host->panel->column(p, "who", HOSTILE, ANC_COLUMN_TEXT);
    host->panel->column(p, "n", "Number", ANC_COLUMN_NUMBER);
    host->panel->row(p);
    host->panel->cell_text(p, HOSTILE);
    host->panel->cell_i64(p, 7);
    host->panel->bars(p, "who", "there is no such column", HOSTILE);
    host->panel->note(p, HOSTILE);
    return host->page->render(ctx, "panel", "Panel");
}

static anc_rc page_one(anc_ctx *ctx, void *state) {
    (void)state;
    const char *what = host->page->param(ctx, "what");
    if (strcmp(what, "bytes") == 0) {
        return host->page->bytes(ctx, "text/csv; charset=utf-8", "a \"b\".csv", "x,y\n", 4);
    }
    if (strcmp(what, "shown") == 0) {
        return host->page->bytes(ctx, "text/plain", "", "x", 1);
    }
    if (strcmp(what, "away") == 0) {
        return host->page->redirect(ctx, "//elsewhere.example/");
    }
    if (strcmp(what, "core") == 0) {
        return host->page->render(ctx, "account/home", "Not mine");
    }
    if (strcmp(what, "denied") == 0) {
        return ANC_E_DENIED;
    }
    if (strcmp(what, "missing") == 0) {
        return ANC_E_NOT_FOUND;
    }
    return ANC_OK; // without an answer
}

static anc_rc fill(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)state;
    host->panel->figure(panel, host->mem->format(ctx, "about [%s]", ref), ANC_COLUMN_NUMBER, 1234, HOSTILE);
    return ANC_OK;
}

static anc_rc fill_nothing(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)ctx, (void)ref, (void)panel, (void)state;
    return ANC_SKIP;
}

static anc_rc fill_wrong(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)ctx, (void)ref, (void)state;
    host->panel->note(panel, "never shown");
    return ANC_E_DB;
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    host = given;
    *ret_state = NULL;
    return ANC_OK;
}

#define TEXT(name, words)                                                                                    \
    { name, words, sizeof(words) - 1 }
static const struct anc_template templates[] = {
    TEXT("list", "<h1>{{words}}</h1><p title=\"{{words}}\">{{text_hello}} {{place_name}}</p>{{>parts/row}}<a "
                 "href=\"{{path}}\">x</a>\n"),
    TEXT("parts/row", "<p>Row of {{words}}</p>\n"),
    TEXT("panel", "<h1>{{words}}</h1>\n{{html figures_here}}\n"),
#ifdef LOOKS_LAYOUT
    TEXT("layout", "<p>mine</p>\n"),
#endif
#ifdef LOOKS_TEMPLATE
    TEXT("broken", "<p>one</p>\n<p>{{#two}}</p>\n"),
#endif
};

static const struct anc_form forms[] = {
#if defined LOOKS_FORM
    {"ask", "form ask\nfield words\n  tpye area\n"},
#elif defined LOOKS_FILE
    {"ask", "form ask\nfield words\n  type file\n  label Words\n"},
#else
    {"ask", "form ask\nfield words\n  label Words\n"},
#endif
};

static const struct anc_text texts[] = {{"hello", "Hello from " HOSTILE}};

static const struct anc_route routes[] = {
    {"GET", HOME, ANC_PERM_PUBLIC, "-", 0, page_frame},
    {"GET", HOME "/panel", ANC_PERM_PUBLIC, "ask", 0, page_panel},
    {"GET", HOME "/one/{what}", ANC_PERM_PUBLIC, "-", 0, page_one},
};

#define LONG                                                                                                 \
    "A label as long as one may be: a menu entry that wraps on every phone, and on a desk as well, twice"
static const struct anc_menu menu[] = {
    {LONG, HOME, ANC_PERM_PUBLIC},    {"<b>Two</b>", HOME, ANC_PERM_PUBLIC}, {"Three", HOME, ANC_PERM_PUBLIC},
    {"Four", HOME, ANC_PERM_PUBLIC},  {"Five", HOME, ANC_PERM_PUBLIC},       {"Six", HOME, ANC_PERM_PUBLIC},
    {"Seven", HOME, ANC_PERM_PUBLIC}, {"Eight", HOME, ANC_PERM_PUBLIC},      {"Nine", HOME, ANC_PERM_PUBLIC},
};

static const struct anc_page_panel panels[] = {
    {ANC_SLOT_HOME, 2, "Second " HOSTILE, fill},
    {ANC_SLOT_HOME, 1, "First", fill},
    {ANC_SLOT_HOME, 3, "Nothing to say", fill_nothing},
    {ANC_SLOT_HOME, 4, "It failed", fill_wrong},
    {ANC_SLOT_SUPPLIER, 1, "Beside", fill},
    {ANC_SLOT_NOTICE, 1, "Beside", fill},
    {ANC_SLOT_BUYER_NOTICE, 1, "Beside", fill},
    {ANC_SLOT_OFFICER, 1, "Beside", fill},
    {ANC_SLOT_ACCOUNT, 1, "Beside", fill},
};

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = ID,
    .title = "Looks & more",
    .summary = "Tries to break the frame.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_PAGES,
    .start = start,
    .templates = ANC_TABLE(templates),
    .forms = ANC_TABLE(forms),
    .texts = ANC_TABLE(texts),
    .routes = ANC_TABLE(routes),
    .menu = ANC_TABLE(menu),
    .panels = ANC_TABLE(panels),
};
ANC_PLUGIN(plugin)
