// SPDX-License-Identifier: Apache-2.0
// One deliberately bad plugin for each reason to refuse it; the build makes one file for each BAD_* below.
#include <anchorage/plugin.h>

#ifdef BAD_START
static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ctx, (void)host, (void)ret_state;
    return ANC_E_UNSUPPORTED;
}
#endif

#ifdef BAD_WORDS
static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ret_state;
    return host->fail->why(ctx, ANC_E_INVALID, "", "The list of wards in it is empty.");
}
#endif

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    (void)ctx, (void)facts, (void)state;
#ifdef BAD_RESULT
    ret_tag->score = 101;
#elif defined(BAD_WHOLE)
    *ret_tag = (struct anc_tag){.size = sizeof *ret_tag, .score = 50}; // past the end of an older host's
#else
    ret_tag->score = 50;
#endif
    return ANC_OK;
}

#if defined(NEEDS) || defined(BAD_START) || defined(BAD_WORDS) || defined(BAD_MIGRATION) || defined(OWN_KEY)
#define KEY ID // these get as far as a clash would
#else
#define KEY "test"
#endif

static const struct anc_supplier_tagger tagger = {
    .size = sizeof tagger, .tag = "test", .title = "Test", .judge = judge};
static const struct anc_provider providers[] = {
    {.point = ANC_POINT_SUPPLIER_TAGGER, .key = KEY, .table = &tagger}};

#ifdef BAD_SQL
static const struct anc_sql statements[] = {
    {.name = "people", .text = "SELECT email FROM core.person", .params = 0}};
#endif
#ifdef NEEDS
#ifndef NEEDS_VERSION
#define NEEDS_VERSION ANC_VERSION(0, 1, 0)
#endif
static const struct anc_dependency needs[] = {{.id = NEEDS, .min_version = NEEDS_VERSION}};
#endif
#ifdef BAD_MIGRATION
static const struct anc_migration migrations[] = {
    {.number = 1, .name = "0001_first.sql", .text = "CREATE TABLE first (x text);"},
    {.number = 2,
     .name = "0002_second.sql",
     .text = "CREATE TABLE second (x text);\nCREATE TABLE first (x text);"}};
#endif
#ifdef BAD_COMMIT
static const struct anc_migration migrations[] = {
    {.number = 1, .name = "0001_first.sql", .text = "CREATE TABLE first (x text); COMMIT"}};
#endif
#ifdef BAD_SETTING
static const struct anc_setting settings[] = {{.key = "limit",
                                               .kind = ANC_SETTING_NUMBER,
                                               .dflt = "0",
                                               .min = 1,
                                               .max = 9,
                                               .title = "Limit",
                                               .help = ""}};
#endif

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return ANC_E_NOT_FOUND;
}
static anc_rc event(anc_ctx *ctx, const struct anc_event *what, void *state) {
    (void)ctx, (void)what, (void)state;
    return ANC_OK;
}

#ifdef BAD_ROUTE
#define PATH "/suppliers"
#else
#define PATH "/x/" ID
#endif
#ifdef BAD_PERM
#define PERM 0
#else
#define PERM ANC_PERM_PUBLIC
#endif
#ifdef BAD_FORM
#define FORM "nowhere"
#else
#define FORM "-"
#endif
#ifdef BAD_MENU
#define MENU PATH "/other"
#else
#define MENU PATH
#endif
static const struct anc_route routes[] = {
    {.method = "GET", .path = PATH, .perm = PERM, .form = FORM, .page = page}};
static const struct anc_menu menu[] = {{.label = "Test", .path = MENU, .perm = ANC_PERM_PUBLIC}};

#ifdef BAD_JOB
#define EVERY 1
#else
#define EVERY 60
#endif
static const struct anc_job jobs[] = {
    {.name = "sweep", .title = "Sweeping", .every_s = EVERY, .max_ms = 1000, .run = page}};

#ifdef BAD_FILTER
#define ASKED ANC_EVENT_AWARDED
#else
#define ASKED ANC_EVENT_AWARDING
#endif
static const struct anc_filter filters[] = {{.event = ASKED, .order = 1, .ask = event}};

static const struct anc_plugin plugin = {
#ifdef BAD_MAGIC
    .magic = 0x12345678u,
#else
    .magic = ANC_ABI_MAGIC,
#endif
    .abi_major = ANC_ABI_MAJOR,
#ifdef BAD_MINOR
    .abi_minor = ANC_ABI_MINOR + 1,
#else
    .abi_minor = ANC_ABI_MINOR,
#endif
#ifdef BAD_SIZE
    .size = 24,
#else
    .size = sizeof(struct anc_plugin),
#endif
#ifdef BAD_EXTRA
    .abi_extra = "c17-ilp32",
#else
    .abi_extra = ANC_ABI_EXTRA,
#endif
    .id = ID,
    .title = "A test",
    .summary = "A plugin for the tests.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
#ifndef BAD_POWER
    .wants = ANC_CAP_WRITE_TAGS,
#endif
    .wants_optional = ANC_CAP_PAGES | ANC_CAP_JOBS | ANC_CAP_EVENTS | ANC_CAP_OWN_TABLES,
#ifdef BAD_SQL
    .sql = ANC_TABLE(statements),
#endif
#ifdef NEEDS
    .dependencies = ANC_TABLE(needs),
#endif
#if defined(BAD_MIGRATION) || defined(BAD_COMMIT)
    .migrations = ANC_TABLE(migrations),
#endif
#ifdef BAD_SETTING
    .settings = ANC_TABLE(settings),
#endif
    .routes = ANC_TABLE(routes),
    .menu = ANC_TABLE(menu),
    .jobs = ANC_TABLE(jobs),
    .filters = ANC_TABLE(filters),
    .providers = ANC_TABLE(providers),
#if defined(BAD_START) || defined(BAD_WORDS)
    .start = start,
#endif
};

#ifdef BAD_SYMBOL
ANC_EXPORT const struct anc_plugin *some_other_name(void);
const struct anc_plugin *some_other_name(void) {
    return &plugin;
}
#else
ANC_PLUGIN(plugin)
#endif
