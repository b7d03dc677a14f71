// SPDX-License-Identifier: Apache-2.0
// What the plugins that fail one check have in common: each file brings one fault.
#ifndef ANCHORAGE_TESTS_PLUGINS_UNFIT_H
#define ANCHORAGE_TESTS_PLUGINS_UNFIT_H

#include <anchorage/plugin.h>

// Everything of the description but its tables. ID comes from the build.
#define UNFIT_HEAD                                                                                           \
    ANC_PLUGIN_HEAD, .id = ID, .title = "Unfit", .summary = "Fails one check.", .license = "Apache-2.0",     \
                     .version = ANC_VERSION(1, 0, 0)

// A tagger that does as it should, for plugins whose fault is elsewhere.
static inline anc_rc unfit_judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag,
                                 void *state) {
    (void)ctx, (void)facts, (void)state;
    ret_tag->decision = ANC_TAG_UNKNOWN;
    ret_tag->score = 50;
    ret_tag->reasons = "Nothing is known.";
    return ANC_OK;
}

// A plugin of one tagger.
#define UNFIT_TAGGER(judge_function, ...)                                                                    \
    static const struct anc_supplier_tagger tagger = {                                                       \
        .size = sizeof tagger, .tag = ID, .title = "Unfit", .judge = (judge_function)};                      \
    static const struct anc_provider providers[] = {                                                         \
        {.point = ANC_POINT_SUPPLIER_TAGGER, .key = ID, .table = &tagger}};                                  \
    static const struct anc_plugin plugin = {UNFIT_HEAD, .wants = ANC_CAP_WRITE_TAGS,                        \
                                             .providers = ANC_TABLE(providers), __VA_ARGS__};                \
    ANC_PLUGIN(plugin)

#endif
