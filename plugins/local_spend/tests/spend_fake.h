// SPDX-License-Identifier: Apache-2.0
// A host for tests of the panel: payments from a list, sums added up the slow way, and what was drawn as
// text.
#ifndef LOCAL_SPEND_TESTS_SPEND_FAKE_H
#define LOCAL_SPEND_TESTS_SPEND_FAKE_H

#include "panel.h"
#include "state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct pay {
    const char *payee; // "s1", or "p7" of a name that only a file knows
    int fy, flow, place, vcfse;
    const char *class, *ward, *sector, *size, *anchor;
    int64_t pence;
};

static struct {
    const struct pay *list;
    size_t count;
    const char *on; // settings that are switched on: "count_grants include_housing"
    char *memory[65536];
    size_t memories;
    char out[262144];
    size_t out_n;
    bool row_open;
} fake;

// ---- memory, settings, statements -----------------------------------------------------------------------

static void *fake_alloc(anc_ctx *ctx, size_t n) {
    (void)ctx;
    assert_true(fake.memories < sizeof fake.memory / sizeof *fake.memory);
    return fake.memory[fake.memories++] = calloc(1, n ? n : 1);
}

__attribute__((format(printf, 2, 3))) static const char *fake_format(anc_ctx *ctx, const char *fmt, ...) {
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    assert_in_range(n, 0, (int)sizeof text - 1);
    char *kept = fake_alloc(ctx, (size_t)n + 1);
    memcpy(kept, text, (size_t)n + 1);
    return kept;
}

static int64_t fake_number(anc_ctx *ctx, const char *key) {
    (void)ctx;
    const char *at = strstr(fake.on, key);
    return at && (at[strlen(key)] == 0 || at[strlen(key)] == ' ');
}

// Two suppliers of catering are on the register here; the place is called Exampleton.
static anc_rc fake_run(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                       const anc_rows **ret) {
    (void)ctx, (void)count, (void)params;
    static const int which[] = {0, 1};
    *ret = (const anc_rows *)(const void *)&which[index];
    return ANC_OK;
}
static int fake_which(const anc_rows *r) {
    return *(const int *)(const void *)r;
}
static uint32_t fake_rows(const anc_rows *r) {
    (void)r;
    return 1;
}
static const char *fake_text(const anc_rows *r, uint32_t row, uint32_t column) {
    (void)row, (void)column;
    return fake_which(r) == 0 ? "Exampleton" : "catering";
}
static int64_t fake_i64(const anc_rows *r, uint32_t row, uint32_t column) {
    (void)row, (void)column;
    return fake_which(r) == 0 ? 0 : 2;
}

// ---- sums -------------------------------------------------------------------------------------------------

static const char *const fake_flows[] = {"procurement",     "grant",        "credit",
                                         "public_transfer", "pass_through", "individual",
                                         "treasury",        "card",         "hidden"};
static const char *const fake_places[] = {"local", "elsewhere", "unknown"};
static const char *const fake_vcfse[] = {"yes", "policy", "review", "no", "unknown"};

static const char *fake_key(const struct pay *p, int32_t by) {
    switch (by) {
    case ANC_BY_YEAR:
        return fake_format(NULL, "%d", p->fy);
    case ANC_BY_ANCHOR:
        return p->anchor ? p->anchor : "council";
    case ANC_BY_FLOW:
        return fake_flows[p->flow];
    case ANC_BY_PLACE:
        return fake_places[p->place];
    case ANC_BY_WARD:
        return p->ward ? p->ward : "";
    case ANC_BY_SECTOR:
        return p->sector ? p->sector : "";
    case ANC_BY_VCFSE:
        return fake_vcfse[p->vcfse];
    case ANC_BY_VCFSE_CLASS:
        return p->class ? p->class : "";
    case ANC_BY_SIZE:
        return p->size ? p->size : "";
    case ANC_BY_PAYEE:
        return p->payee;
    default:
        return "";
    }
}

static bool fake_in_list(const char *list, const char *word) {
    const char *found = *word ? strstr(list, word) : NULL;
    size_t n = strlen(word);
    return found && (found == list || found[-1] == ' ') && (found[n] == 0 || found[n] == ' ');
}

static bool fake_takes(const struct pay *p, const struct anc_slice *s) {
    bool classes = *s->vcfse_classes != 0;
    bool tag = classes && p->vcfse == ANC_VCFSE_POLICY
                   ? fake_in_list(s->vcfse_classes, p->class ? p->class : "")
               : classes || s->vcfse ? s->vcfse >> p->vcfse & 1
                                     : true;
    return tag && (!s->from_year || p->fy >= s->from_year) && (!s->to_year || p->fy <= s->to_year) &&
           (!s->flows || s->flows >> p->flow & 1) && (!s->places || s->places >> p->place & 1) &&
           (!*s->ward || strcmp(s->ward, fake_key(p, ANC_BY_WARD)) == 0) &&
           (!*s->sector || strcmp(s->sector, fake_key(p, ANC_BY_SECTOR)) == 0);
}

static bool fake_largest;
static int fake_order(const void *x, const void *y) {
    const struct anc_sum *a = x, *b = y;
    if (fake_largest && a->pence != b->pence) {
        return a->pence > b->pence ? -1 : 1;
    }
    int cmp = strcmp(a->key, b->key);
    return cmp ? cmp : strcmp(a->then_key, b->then_key);
}

// Net of a payee in the group of `of`.
static int64_t fake_net(const struct pay *of, const struct anc_slice *s) {
    int64_t net = 0;
    for (size_t i = 0; i < fake.count; i++) {
        const struct pay *p = &fake.list[i];
        if (fake_takes(p, s) && strcmp(p->payee, of->payee) == 0 &&
            strcmp(fake_key(p, s->by), fake_key(of, s->by)) == 0 &&
            strcmp(fake_key(p, s->then_by), fake_key(of, s->then_by)) == 0) {
            net += p->pence;
        }
    }
    return net;
}

static bool fake_first(size_t at, const struct anc_slice *s) {
    const struct pay *p = &fake.list[at];
    for (size_t i = 0; i < at; i++) {
        const struct pay *q = &fake.list[i];
        if (fake_takes(q, s) && strcmp(p->payee, q->payee) == 0 &&
            strcmp(fake_key(p, s->by), fake_key(q, s->by)) == 0 &&
            strcmp(fake_key(p, s->then_by), fake_key(q, s->then_by)) == 0) {
            return false;
        }
    }
    return true;
}

static anc_rc fake_slice(anc_ctx *ctx, const struct anc_slice *s, uint32_t *ret_count,
                         const struct anc_sum **ret_rows) {
    struct anc_sum *rows = fake_alloc(ctx, (fake.count + 1) * sizeof *rows);
    uint32_t n = 0;
    for (size_t i = 0; i < fake.count; i++) {
        const struct pay *p = &fake.list[i];
        const char *key = fake_key(p, s->by), *then_key = fake_key(p, s->then_by);
        uint32_t at = 0;
        if (!fake_takes(p, s)) {
            continue;
        }
        while (at < n && (strcmp(rows[at].key, key) != 0 || strcmp(rows[at].then_key, then_key) != 0)) {
            at++;
        }
        if (at == n) {
            rows[n++] = (struct anc_sum){
                .size = sizeof *rows, .key = key, .label = key, .then_key = then_key, .then_label = then_key};
        }
        rows[at].pence += p->pence;
        rows[at].lines++;
        rows[at].credit_pence += p->pence < 0 ? p->pence : 0;
        rows[at].payees += p->flow != ANC_FLOW_HIDDEN && fake_first(i, s) && fake_net(p, s) > 0;
    }
    fake_largest = s->largest != 0;
    qsort(rows, n, sizeof *rows, fake_order);
    *ret_count = n;
    *ret_rows = rows;
    return ANC_OK;
}

static anc_rc fake_years(anc_ctx *ctx, uint32_t *ret_count, const int32_t **ret_years) {
    int32_t *years = fake_alloc(ctx, 16 * sizeof *years);
    uint32_t n = 0;
    for (int32_t y = 2030; y > 2015; y--) {
        bool there = false;
        for (size_t i = 0; i < fake.count; i++) {
            there = there || fake.list[i].fy == y;
        }
        if (there) {
            years[n++] = y;
        }
    }
    *ret_count = n;
    *ret_years = years;
    return ANC_OK;
}

// ---- what is drawn, a line each ---------------------------------------------------------------------------

__attribute__((format(printf, 1, 2))) static void fake_say(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(fake.out + fake.out_n, sizeof fake.out - fake.out_n, fmt, ap);
    va_end(ap);
    assert_in_range(n, 0, (int)(sizeof fake.out - fake.out_n) - 1);
    fake.out_n += (size_t)n;
}

static void fake_figure(anc_panel *p, const char *label, int32_t kind, int64_t value, const char *note) {
    (void)p, (void)kind;
    fake_say("\nfigure %s: %lld (%s)", label, (long long)value, note);
}
static void fake_table(anc_panel *p, const char *key, const char *caption) {
    (void)p;
    fake_say("\ntable %s: %s", key, caption);
}
static void fake_column(anc_panel *p, const char *key, const char *title, int32_t kind) {
    (void)p, (void)key, (void)title, (void)kind;
}
static void fake_row(anc_panel *p) {
    (void)p;
    fake_say("\nrow");
}
static void fake_cell_text(anc_panel *p, const char *text) {
    (void)p;
    fake_say(" | %s", text);
}
static void fake_cell_i64(anc_panel *p, int64_t value) {
    (void)p;
    fake_say(" | %lld", (long long)value);
}
static void fake_bars(anc_panel *p, const char *label, const char *value, const char *finding) {
    (void)p, (void)label, (void)value;
    fake_say("\nfinding %s", finding);
}
static void fake_note(anc_panel *p, const char *text) {
    (void)p;
    fake_say("\nnote %s", text);
}
static void fake_picture(anc_panel *p, int32_t kind, const char *const *keys, uint32_t count,
                         const char *finding) {
    (void)p, (void)kind, (void)keys, (void)count;
    fake_say("\nfinding %s", finding);
}

// ---- the host ---------------------------------------------------------------------------------------------

static const struct anc_mem_api fake_mem = {sizeof fake_mem, fake_alloc, fake_format};
static const struct anc_setting_api fake_setting = {.size = sizeof fake_setting, .number = fake_number};
static const struct anc_db_api fake_db = {
    .size = sizeof fake_db, .run = fake_run, .count = fake_rows, .text = fake_text, .i64 = fake_i64};
static const struct anc_spend_api fake_sums = {sizeof fake_sums, fake_slice, fake_years};
static const struct anc_panel_api fake_panel = {.size = sizeof fake_panel,
                                                .figure = fake_figure,
                                                .table = fake_table,
                                                .column = fake_column,
                                                .row = fake_row,
                                                .cell_text = fake_cell_text,
                                                .cell_i64 = fake_cell_i64,
                                                .bars = fake_bars,
                                                .note = fake_note,
                                                .picture = fake_picture};
static const struct anc_host fake_host = {.size = sizeof fake_host,
                                          .mem = &fake_mem,
                                          .setting = &fake_setting,
                                          .db = &fake_db,
                                          .panel = &fake_panel,
                                          .spend = &fake_sums};
static struct spend_state fake_state = {.host = &fake_host, .place = 0, .local_suppliers = 1};

static void fake_free(void) {
    while (fake.memories > 0) {
        free(fake.memory[--fake.memories]);
    }
}

// The panel of these payments as text, with these settings switched on. chosen: NULL the latest year.
static const char *fake_draw(const struct pay *list, size_t count, const char *on, const char *view,
                             const struct anc_slice *chosen, bool for_public) {
    const struct anc_spend_filter filter = {.size = sizeof filter,
                                            .anchor_ref = "",
                                            .view = view,
                                            .chosen = chosen,
                                            .for_public = for_public,
                                            .place = "Exampleton"};
    fake_free();
    fake.list = list;
    fake.count = count;
    fake.on = on;
    fake.out_n = 0;
    fake.out[0] = 0;
    assert_int_equal(panel_fill(NULL, &filter, NULL, &fake_state), ANC_OK);
    return fake.out;
}
#define DRAW(list, on, view, chosen)                                                                         \
    fake_draw((list), sizeof(list) / sizeof *(list), (on), (view), (chosen), false)
#define DRAW_PUBLIC(list, on, view) fake_draw((list), sizeof(list) / sizeof *(list), (on), (view), NULL, true)

static void has(const char *text, const char *wanted) {
    if (!strstr(text, wanted)) {
        fail_msg("not there: \"%s\" in:%s", wanted, text);
    }
}
static void has_not(const char *text, const char *unwanted) {
    if (strstr(text, unwanted)) {
        fail_msg("there: \"%s\" in:%s", unwanted, text);
    }
}

#endif
