// SPDX-License-Identifier: Apache-2.0
// What plugins may call: the host tables of anchorage/plugin.h. Whatever they hand over, the host goes on.
#include "plugin/api.h"

#include "base/day.h"
#include "base/log.h"
#include "plugin/plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARAMS_MAX    64
#define ROWS_MAX      100000 // rows of one result
#define LOG_LINES_MAX 200    // of one call

static void log_write(anc_ctx *ctx, int32_t level, const char *text) {
    if (!ctx || ctx->log_lines >= LOG_LINES_MAX) {
        return;
    }
    ctx->log_lines++;
    enum log_level l =
        level < ANC_LOG_DEBUG || level > ANC_LOG_ERROR ? LOG_LEVEL_NOTICE : (enum log_level)level;
    char line[2000];
    plugin_cut(line, sizeof line, text);
    log_event(l, "plugin", "plugin", ctx->member->plugin->id, "request", ctx->c->id, "text", line, NULL);
}

// Without a context it is the call the thread is in; the promise never to give NULL holds within calls.
static void *mem_alloc(anc_ctx *ctx, size_t n) {
    const struct anc_ctx *x = ctx ? ctx : call_now();
    return x ? arena_alloc(x->c->arena, n) : NULL;
}

__attribute__((format(printf, 2, 3))) static const char *mem_format(anc_ctx *ctx, const char *fmt, ...) {
    if (!ctx || !fmt) {
        return "";
    }
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(ctx->c->arena, fmt, ap);
    va_end(ap);
    return s;
}

static int64_t time_now(anc_ctx *ctx) {
    return ctx ? ctx->c->now_usec : 0;
}

static int32_t time_today(anc_ctx *ctx) {
    return ctx ? london_day(ctx->c->now_usec) : INT32_MIN;
}

static int64_t time_budget(anc_ctx *ctx) {
    return ctx ? call_left_ms(ctx) : 0;
}

static const char *setting_as_of(const struct settings_as_of *s, const struct anc_setting *row) {
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->key[i], row->key) == 0) {
            return s->value[i];
        }
    }
    return row->dflt ? row->dflt : "";
}

// The value in this generation, or as it was when a report was frozen.
static const char *setting_text(anc_ctx *ctx, const char *key) {
    if (!ctx || !key) {
        return "";
    }
    const struct anc_table *t = &ctx->member->plugin->about.settings;
    const struct settings_as_of *as_of = ctx->c->settings_as_of;
    as_of = as_of && strcmp(as_of->plugin, ctx->member->plugin->id) == 0 ? as_of : NULL;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_setting row;
        plugin_row(t, i, &row, sizeof row);
        if (row.key && strcmp(row.key, key) == 0) {
            return as_of ? setting_as_of(as_of, &row) : ctx->member->settings[i];
        }
    }
    return "";
}

static int64_t setting_number(anc_ctx *ctx, const char *key) {
    return strtoll(setting_text(ctx, key), NULL, 10);
}

static const char *text_get(anc_ctx *ctx, const char *key) {
    if (!ctx || !key) {
        return "";
    }
    const struct anc_table *t = &ctx->member->plugin->about.texts;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_text row;
        plugin_row(t, i, &row, sizeof row);
        if (row.key && row.text && strcmp(row.key, key) == 0) {
            return row.text;
        }
    }
    return key;
}

static anc_rc fail_why(anc_ctx *ctx, anc_rc rc, const char *field, const char *text) {
    if (ctx) {
        ctx->why_field = plugin_text(ctx->c->arena, field, TEXT_SHORT);
        ctx->why_text = plugin_text(ctx->c->arena, text, TEXT_LONG);
    }
    return rc;
}

// ---- statements

// The plugin's own mistakes are faults; what the data or the world brings about is not.
static anc_rc statement_failed(anc_ctx *ctx, const struct sql *q, enum err e) {
    char why[300];
    snprintf(why, sizeof why, "statement %s: %s", q->name, ctx->c->err_detail);
    ctx->db_failed = true;
    ctx->db_err = e;
    switch ((int)e) {
    case ERR_DENIED:
        call_wrong(ctx, why);
        return ANC_E_DENIED;
    case ERR_CONFLICT:
        return ANC_E_CONFLICT;
    case ERR_INVALID:
        return ANC_E_INVALID;
    case ERR_TIMEOUT:
        if (call_left_ms(ctx) <= 1) {
            snprintf(why, sizeof why, "over its budget: statement %s did not end in time", q->name);
            call_wrong(ctx, why);
        }
        return ANC_E_DB;
    case ERR_BUG: // syntax, a table that is not there, rows where none are expected
        call_wrong(ctx, why);
        return ANC_E_DB;
    default:
        return ANC_E_DB;
    }
}

// Whether a statement changes rows, as far as its words tell.
static bool writes(const char *text) {
    text += strspn(text, " \t\r\n(");
    if (strncasecmp(text, "SELECT", 6) == 0 || strncasecmp(text, "VALUES", 6) == 0) {
        return false;
    }
    return strncasecmp(text, "WITH", 4) != 0 || strcasestr(text, "INSERT") || strcasestr(text, "UPDATE") ||
           strcasestr(text, "DELETE");
}

// A statement of the plugin, checked, with the transaction open for it. ANC_OK with *ret.
static anc_rc statement_ready(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                              struct sql *ret) {
    const struct plugin *p = ctx->member->plugin;
    if (index >= p->statement_count || count > PARAMS_MAX || (count > 0 && !params) ||
        (int)count != p->statements[index].params) {
        call_wrong(ctx, "a statement that is not there, or another number of parameters");
        return ANC_E_BUG;
    }
    if (!call_db(ctx)) {
        return ANC_E_DB;
    }
    *ret = p->statements[index];
    ctx->statements++;
    return ANC_OK;
}

static anc_rc db_run(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                     const anc_rows **ret_rows) {
    struct sql q;
    struct rows *r;
    if (!ctx || !ret_rows) {
        return ANC_E_BUG;
    }
    anc_rc rc = statement_ready(ctx, index, count, params, &q);
    if (rc != ANC_OK) {
        return rc;
    }
    q.rows = SQL_MANY;
    enum err e = db_rows_n(ctx->c, &q, &r, count, params);
    if (e && call_db_again(ctx)) {
        e = db_rows_n(ctx->c, &q, &r, count, params);
    }
    if (e) {
        return statement_failed(ctx, &q, e);
    }
    ctx->wrote = ctx->wrote || writes(q.text);
    if (rows_count(r) > ROWS_MAX) {
        return ANC_E_LIMIT;
    }
    // anc_rows is how plugins call the host's rows; it is never looked into on their side.
    *ret_rows = (const anc_rows *)(const void *)r;
    return ANC_OK;
}

static anc_rc db_exec(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                      int64_t *ret_changed) {
    struct sql q;
    int64_t changed = 0;
    if (!ctx) {
        return ANC_E_BUG;
    }
    anc_rc rc = statement_ready(ctx, index, count, params, &q);
    if (rc != ANC_OK) {
        return rc;
    }
    q.rows = SQL_NONE;
    enum err e = db_exec_n(ctx->c, &q, &changed, count, params);
    if (e && call_db_again(ctx)) {
        e = db_exec_n(ctx->c, &q, &changed, count, params);
    }
    if (e) {
        return statement_failed(ctx, &q, e);
    }
    ctx->wrote = true;
    if (ret_changed) {
        *ret_changed = changed;
    }
    return ANC_OK;
}

static const struct rows *rows_of(const anc_rows *rows) {
    return (const struct rows *)(const void *)rows;
}

static uint32_t rows_how_many(const anc_rows *rows) {
    return rows ? (uint32_t)rows_count(rows_of(rows)) : 0;
}

static bool has_cell(const anc_rows *rows, uint32_t row, uint32_t column) {
    return rows && row < rows_count(rows_of(rows)) && column < rows_columns(rows_of(rows));
}

static const char *cell_text(const anc_rows *rows, uint32_t row, uint32_t column) {
    return has_cell(rows, row, column) ? rows_cell(rows_of(rows), row, column) : "";
}

static int64_t cell_i64(const anc_rows *rows, uint32_t row, uint32_t column) {
    if (has_cell(rows, row, column) && rows_cell_is_bool(rows_of(rows), column)) {
        return rows_cell(rows_of(rows), row, column)[0] == 't';
    }
    return strtoll(cell_text(rows, row, column), NULL, 10);
}

static int32_t cell_is_null(const anc_rows *rows, uint32_t row, uint32_t column) {
    return !has_cell(rows, row, column) || rows_cell_is_null(rows_of(rows), row, column);
}

static const struct anc_log_api log_api = {.size = sizeof log_api, .write = log_write};
static const struct anc_mem_api mem_api = {.size = sizeof mem_api, .alloc = mem_alloc, .format = mem_format};
static const struct anc_time_api time_api = {
    .size = sizeof time_api, .now = time_now, .today = time_today, .budget_ms = time_budget};
static const struct anc_setting_api setting_api = {
    .size = sizeof setting_api, .text = setting_text, .number = setting_number};
static const struct anc_text_api text_api = {.size = sizeof text_api, .get = text_get};
static const struct anc_fail_api fail_api = {.size = sizeof fail_api, .why = fail_why};
static const struct anc_db_api db_api = {.size = sizeof db_api,
                                         .run = db_run,
                                         .count = rows_how_many,
                                         .text = cell_text,
                                         .i64 = cell_i64,
                                         .is_null = cell_is_null,
                                         .exec = db_exec};

void plugin_make_host(struct plugin *p) {
    const anc_caps reads = ANC_CAP_READ_SUPPLIERS | ANC_CAP_READ_SPEND | ANC_CAP_READ_NOTICES;
    struct anc_host *h = calloc(1, sizeof *h);
    if (!h) {
        abort();
    }
    *h = (struct anc_host){
        .size = sizeof *h,
        .abi_major = ANC_ABI_MAJOR,
        .abi_minor = ANC_ABI_MINOR,
        .granted = p->granted,
        .log = &log_api,
        .mem = &mem_api,
        .time = &time_api,
        .setting = &setting_api,
        .text = &text_api,
        .fail = &fail_api,
        .report = api_report(),
        .sink = api_sink(),
        .db = p->granted & (reads | ANC_CAP_OWN_TABLES) ? &db_api : NULL,
        .panel = p->granted & (ANC_CAP_READ_SPEND | ANC_CAP_PAGES) ? api_panel() : NULL,
        .page = p->granted & ANC_CAP_PAGES ? api_page() : NULL,
        .spend = p->granted & ANC_CAP_READ_SPEND ? api_spend() : NULL,
    };
    p->host = h;
}
