// SPDX-License-Identifier: Apache-2.0
// Fails a check: its exporter writes other bytes each time.
#include "plugins/unfit.h"

#include <stdio.h>
#include <string.h>

static const struct anc_host *host;

static anc_rc check(anc_ctx *ctx, const struct anc_notice *notice, anc_report *report, void *state) {
    (void)ctx, (void)notice, (void)report, (void)state;
    return ANC_OK;
}

static anc_rc write(anc_ctx *ctx, const struct anc_notice *notices, uint32_t count, anc_sink *sink,
                    anc_report *report, void *state) {
    static volatile unsigned long number;
    (void)notices, (void)count, (void)report, (void)state;
    number = number + 1;
    const char *text = host->mem->format(ctx, "document %lu\n", number);
    return host->sink->write(sink, text, strlen(text));
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_notice_exporter exporter = {.size = sizeof exporter,
                                                    .title = "Numbered",
                                                    .media_type = "text/plain",
                                                    .file_ext = "txt",
                                                    .check = check,
                                                    .write = write};
static const struct anc_provider providers[] = {
    {.point = ANC_POINT_NOTICE_EXPORTER, .key = "unfit-bytes", .table = &exporter}};
static const struct anc_plugin plugin = {UNFIT_HEAD, .wants = ANC_CAP_EXPORT,
                                         .providers = ANC_TABLE(providers), .start = start};
ANC_PLUGIN(plugin)
