// SPDX-License-Identifier: Apache-2.0
// What plugins may call: the host tables of anchorage/plugin.h.
#include "plugin/api.h"

#include "base/day.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "plugin/plugin.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void log_write(anc_ctx *ctx, int32_t level, const char *text) {
    enum log_level l =
        level < LOG_LEVEL_DEBUG || level > LOG_LEVEL_ERROR ? LOG_LEVEL_NOTICE : (enum log_level)level;
    log_event(l, "plugin", "plugin", ctx->plugin->id, "request", ctx->c->id, "text", text, NULL);
}

static void *mem_alloc(anc_ctx *ctx, size_t n) {
    return arena_alloc(ctx->c->arena, n);
}

__attribute__((format(printf, 2, 3))) static const char *mem_printf(anc_ctx *ctx, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(ctx->c->arena, fmt, ap);
    va_end(ap);
    return s;
}

static int64_t time_now(anc_ctx *ctx) {
    return ctx->c->now_usec;
}

static int32_t time_today(anc_ctx *ctx) {
    return london_day(ctx->c->now_usec);
}

// A value set for this place, else the plugin's default, else "".
static const char *setting_text(anc_ctx *ctx, const char *key) {
    const struct anc_table *t = &ctx->plugin->about->settings;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_setting row;
        plugin_row(t, i, &row, sizeof row);
        if (strcmp(row.key, key) == 0) {
            struct rows *r = NULL;
            if (ctx->c->db && DB_ROWS(ctx->c, plugin_setting_value, &r, ctx->plugin->id, key) == ERR_OK &&
                rows_count(r) == 1) {
                return row_text(r, 0, "value");
            }
            return row.dflt ? row.dflt : "";
        }
    }
    return "";
}

static int64_t setting_number(anc_ctx *ctx, const char *key) {
    return strtoll(setting_text(ctx, key), NULL, 10);
}

static anc_rc rc_of(enum err e) {
    switch ((int)e) {
    case ERR_OK:
        return ANC_OK;
    case ERR_NOT_FOUND:
        return ANC_E_NOT_FOUND;
    case ERR_DENIED:
        return ANC_E_DENIED;
    case ERR_INVALID:
        return ANC_E_INVALID;
    default:
        return ANC_E_DB;
    }
}

static anc_rc db_run(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                     const anc_rows **ret_rows) {
    struct plugin *p = ctx->plugin;
    if (index >= p->statement_count || count > 32 || (int)count != p->statements[index].params ||
        !ctx->c->db) {
        return ANC_E_BUG;
    }
    struct rows *r;
    enum err e = db_rows_n(ctx->c, &p->statements[index], &r, count, params);
    if (e == ERR_OK) {
        // anc_rows is how plugins call the host's rows; it is never looked into on their side.
        *ret_rows = (const anc_rows *)(const void *)r;
    }
    return rc_of(e);
}

static const struct rows *rows_of(const anc_rows *rows) {
    return (const struct rows *)(const void *)rows;
}

static uint32_t rows_how_many(const anc_rows *rows) {
    return (uint32_t)rows_count(rows_of(rows));
}

static const char *cell_text(const anc_rows *rows, uint32_t row, uint32_t column) {
    const struct rows *r = rows_of(rows);
    return row < rows_count(r) && column < rows_columns(r) ? rows_cell(r, row, column) : "";
}

static int64_t cell_i64(const anc_rows *rows, uint32_t row, uint32_t column) {
    return strtoll(cell_text(rows, row, column), NULL, 10);
}

static int32_t cell_is_null(const anc_rows *rows, uint32_t row, uint32_t column) {
    const struct rows *r = rows_of(rows);
    return row >= rows_count(r) || column >= rows_columns(r) || rows_cell_is_null(r, row, column);
}

static const struct anc_log_api log_api = {sizeof log_api, log_write};
static const struct anc_mem_api mem_api = {sizeof mem_api, mem_alloc, mem_printf};
static const struct anc_time_api time_api = {sizeof time_api, time_now, time_today};
static const struct anc_setting_api setting_api = {sizeof setting_api, setting_text, setting_number};
static const struct anc_db_api db_api = {sizeof db_api, db_run,   rows_how_many,
                                         cell_text,     cell_i64, cell_is_null};

void plugin_make_host(struct plugin *p) {
    const anc_caps reads = ANC_CAP_READ_SUPPLIERS | ANC_CAP_READ_SPEND;
    p->host = (struct anc_host){
        .size = sizeof p->host,
        .abi_major = ANC_ABI_MAJOR,
        .abi_minor = ANC_ABI_MINOR,
        .granted = p->granted,
        .log = &log_api,
        .mem = &mem_api,
        .time = &time_api,
        .setting = &setting_api,
        .db = p->granted & reads ? &db_api : NULL,
        .sink = p->granted & ANC_CAP_EXPORT ? api_sink() : NULL,
        .report = api_report(),
        .panel = p->granted & ANC_CAP_READ_SPEND ? api_panel() : NULL,
    };
}
