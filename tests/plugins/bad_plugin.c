// SPDX-License-Identifier: Apache-2.0
// One deliberately bad plugin for each reason to refuse it; the build makes one file for each BAD_* below.
#include <anchorage/plugin.h>

#ifdef BAD_START
static anc_rc start(const struct anc_host *host, void **ret_state) {
    (void)host, (void)ret_state;
    return ANC_E_UNSUPPORTED;
}
#endif

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    (void)ctx, (void)facts, (void)state;
#ifdef BAD_RESULT
    ret_tag->score = 101;
#else
    ret_tag->score = 50;
#endif
    return ANC_OK;
}

#if defined(NEEDS) || defined(BAD_START) // these get as far as a clash would
#define KEY ID
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
static const struct anc_dependency needs[] = {{.id = NEEDS, .min_version = ANC_VERSION(0, 1, 0)}};
#endif

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
#ifdef BAD_SQL
    .sql = ANC_TABLE(statements),
#endif
#ifdef NEEDS
    .dependencies = ANC_TABLE(needs),
#endif
    .providers = ANC_TABLE(providers),
#ifdef BAD_START
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
