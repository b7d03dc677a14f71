// SPDX-License-Identifier: Apache-2.0
// A plugin for the tests of the administrators' pages: everything a plugin can bring, a setting of every
// kind, and words that try to break a page. The build makes one file for each ID.
#include <anchorage/plugin.h>

#define HOSTILE "<script>alert('desk')</script> & \"quotes\""

#if defined(DESK) || defined(SECOND)
static anc_rc score(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state) {
    (void)ctx, (void)state;
    if (bid->max_points_milli == 1) { // what the tests ask for when they want a fault
        ret_score->points_milli = 2;
    }
    ret_score->rationale = "Nothing was promised.";
    return ANC_OK;
}

static const struct anc_measure measures[] = {
    {.code = "D1", .title = "A promise", .unit = "of them", .help = ""}};
static const struct anc_bid_scorer scorer = {.size = sizeof scorer,
                                             .method = "flat",
                                             .version = "1",
                                             .title = "Flat points",
                                             .measures = ANC_TABLE(measures),
                                             .score = score};
static const struct anc_provider providers[] = {{.point = ANC_POINT_BID_SCORER, .key = ID, .table = &scorer}};
#endif

#ifdef RULER
static anc_rc judge(anc_ctx *ctx, const struct anc_rule_facts *facts, struct anc_rule_result *ret_result,
                    void *state) {
    (void)ctx, (void)facts, (void)state;
    ret_result->reason = "Everybody may.";
    return ANC_OK;
}
static const struct anc_eligibility_rule rule = {
    .size = sizeof rule, .title = "Everybody", .help = "Asks for nothing.", .judge = judge};
static const struct anc_provider providers[] = {
    {.point = ANC_POINT_ELIGIBILITY_RULE, .key = "everybody", .table = &rule}};
#endif

#ifdef DESK

static const struct anc_setting settings[] = {
    {.key = "greeting",
     .kind = ANC_SETTING_TEXT,
     .dflt = "Good day",
     .min = 3,
     .max = 20,
     .title = "Greeting " HOSTILE,
     .help = "Stands over the list " HOSTILE},
    {.key = "rows",
     .kind = ANC_SETTING_NUMBER,
     .dflt = "12",
     .min = 1,
     .max = 100,
     .title = "Rows on a page",
     .help = ""},
    {.key = "least",
     .kind = ANC_SETTING_MONEY,
     .dflt = "250000",
     .min = 0,
     .max = 1000000,
     .title = "Least amount",
     .help = "Smaller ones are not shown"},
    {.key = "target",
     .kind = ANC_SETTING_SHARE,
     .dflt = "3190",
     .min = 0,
     .max = 10000,
     .title = "Target",
     .help = ""},
    {.key = "open", .kind = ANC_SETTING_YES_NO, .dflt = "1", .title = "Is the desk open?", .help = ""},
    {.key = "order",
     .kind = ANC_SETTING_CHOICE,
     .dflt = "name",
     .title = "Order of the list",
     .help = "",
     .choices = "name|By name\nday|By day"},
};

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return ANC_E_NOT_FOUND;
}

static anc_rc bug(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return ANC_E_BUG;
}

static const struct anc_form forms[] = {{.name = "desk", .text = "form note\nfield words\n  label Words\n"}};
static const struct anc_route routes[] = {
    {.method = "GET", .path = "/x/desk", .perm = ANC_PERM_PUBLIC, .form = "-", .page = page},
    {.method = "GET", .path = "/x/desk/{day}", .perm = ANC_PERM_OFFICER, .form = "-", .page = bug},
    {.method = "POST", .path = "/x/desk", .perm = ANC_PERM_BUYER, .form = "note", .page = page}};
static const struct anc_menu menu[] = {{.label = "Desk <b>", .path = "/x/desk", .perm = ANC_PERM_PUBLIC}};

static anc_rc fill(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)ctx, (void)ref, (void)panel, (void)state;
    return ANC_SKIP;
}
static const struct anc_page_panel panels[] = {
    {.slot = ANC_SLOT_HOME, .order = 5, .title = "At the desk <i>", .fill = fill}};

static anc_rc job(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return ANC_OK;
}
static const struct anc_job jobs[] = {
    {.name = "sweep", .title = "Tidies the desk <u>", .every_s = 600, .max_ms = 1000, .run = job}};

static anc_rc verb(anc_ctx *ctx, uint32_t count, const char *const *words, anc_sink *out, anc_report *report,
                   void *state) {
    (void)ctx, (void)count, (void)words, (void)out, (void)report, (void)state;
    return ANC_OK;
}
static const struct anc_verb verbs[] = {
    {.name = "count", .words = "[YEAR]", .help = "Counts what lies on the desk.", .run = verb}};

static anc_rc ask(anc_ctx *ctx, const struct anc_event *event, void *state) {
    (void)ctx, (void)event, (void)state;
    return ANC_OK;
}
static const struct anc_filter filters[] = {{.event = ANC_EVENT_SUPPLIER_SAVING, .ask = ask}};
static const struct anc_notification notifications[] = {{.event = ANC_EVENT_AWARDED, .told = ask}};
static const struct anc_sql statements[] = {
    {.name = "count", .text = "SELECT count(*) FROM api.supplier", .params = 0}};
#endif

#ifdef LEAF
static const struct anc_dependency needs[] = {{.id = "desk", .min_version = ANC_VERSION(1, 0, 0)}};
#endif

#ifdef BROKEN
static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ctx, (void)host, (void)ret_state;
    return ANC_E_UNSUPPORTED;
}
#endif

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = ID,
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 2, 3),
#ifdef DESK
    .title = "Desk " HOSTILE,
    .summary = "Everything that a plugin can bring " HOSTILE,
    .wants = ANC_CAP_WRITE_SCORES | ANC_CAP_READ_SUPPLIERS,
    .wants_optional = ANC_CAP_PAGES | ANC_CAP_JOBS | ANC_CAP_EVENTS,
    .settings = ANC_TABLE(settings),
    .providers = ANC_TABLE(providers),
    .forms = ANC_TABLE(forms),
    .routes = ANC_TABLE(routes),
    .menu = ANC_TABLE(menu),
    .panels = ANC_TABLE(panels),
    .jobs = ANC_TABLE(jobs),
    .verbs = ANC_TABLE(verbs),
    .filters = ANC_TABLE(filters),
    .notifications = ANC_TABLE(notifications),
    .sql = ANC_TABLE(statements),
#else
    .title = ID,
    .summary = "A small one.",
#endif
#ifdef SECOND
    .wants = ANC_CAP_WRITE_SCORES,
    .providers = ANC_TABLE(providers),
#endif
#ifdef RULER
    .wants = ANC_CAP_RULES,
    .providers = ANC_TABLE(providers),
#endif
#ifdef LEAF
    .dependencies = ANC_TABLE(needs),
#endif
#ifdef BROKEN
    .start = start,
#endif
};
ANC_PLUGIN(plugin)
