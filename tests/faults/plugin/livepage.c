// SPDX-License-Identifier: Apache-2.0
// A plugin of the tests: one public page with a word from its settings, a menu entry, and a verb.
#include <anchorage/plugin.h>

#include <string.h>

static const struct anc_host *host; // given to start, good until stop

static const char page_html[] = "<h1 class=\"govuk-heading-xl\">Live page</h1>\n"
                                "<p class=\"govuk-body\">The word is {{word}}.</p>\n";

static anc_rc page_show(anc_ctx *ctx, void *state) {
    (void)state;
    host->page->put_text(ctx, "word", host->setting->text(ctx, "word"));
    return host->page->render(ctx, "show", "Live page");
}

static anc_rc page_word(anc_ctx *ctx, void *state) {
    (void)state;
    const char *word = host->setting->text(ctx, "word");
    return host->page->bytes(ctx, "text/plain; charset=utf-8", "", word, strlen(word));
}

static anc_rc verb_echo(anc_ctx *ctx, uint32_t count, const char *const *words, anc_sink *out,
                        anc_report *report, void *state) {
    (void)ctx, (void)state;
    if (count == 0) {
        host->report->add(report, ANC_FINDING_ERROR, "word", "Say a word.");
        return ANC_OK;
    }
    host->report->add(report, ANC_FINDING_NOTE, "", "One word was said.");
    return host->sink->write(out, words[0], strlen(words[0]));
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    host = given;
    *ret_state = NULL;
    return ANC_OK;
}

// After it nobody may come any more: whoever does finds no host and falls over.
static void stop(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    host = NULL;
}

static const struct anc_template templates[] = {{"show", page_html, sizeof page_html - 1}};
static const struct anc_setting settings[] = {
    {"word", ANC_SETTING_TEXT, "fjord", 1, 40, "Word", "The word on the page.", ""}};
static const struct anc_route routes[] = {
    {"GET", "/x/livepage", ANC_PERM_PUBLIC, "-", 0, page_show},
    {"GET", "/x/livepage/word", ANC_PERM_PUBLIC, "-", 0, page_word},
    {"GET", "/x/livepage/kept", ANC_PERM_PUBLIC, "-", ANC_ROUTE_KEEP, page_word}};
static const struct anc_menu menu[] = {{"Live page", "/x/livepage", ANC_PERM_PUBLIC}};
static const struct anc_verb verbs[] = {{"echo", "WORD", "says the word", verb_echo}};

static const struct anc_plugin livepage = {
    ANC_PLUGIN_HEAD,
    .id = "livepage",
    .title = "Live page",
    .summary = "A page for tests.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_PAGES,
    .start = start,
    .stop = stop,
    .templates = ANC_TABLE(templates),
    .settings = ANC_TABLE(settings),
    .routes = ANC_TABLE(routes),
    .menu = ANC_TABLE(menu),
    .verbs = ANC_TABLE(verbs),
};

ANC_PLUGIN(livepage)
