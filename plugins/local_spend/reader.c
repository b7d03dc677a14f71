// SPDX-License-Identifier: Apache-2.0
// The extension point payments_reader: thin callbacks around the logic of this plugin.
#include "reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "flow.h"
#include "reading.h"
#include "remarks.h"
#include "state.h"
#include "words.h"

static const struct anc_host *host_of(void *state) {
    return ((const struct spend_state *)state)->host;
}

static size_t head_of(const struct anc_cells *cells, struct spend_row rows[SPEND_HEAD_ROWS]) {
    uint32_t n = cells->rows < SPEND_HEAD_ROWS ? cells->rows : SPEND_HEAD_ROWS;
    for (uint32_t i = 0; i < n; i++) {
        rows[i] = (struct spend_row){.cells = cells->text + cells->first[i],
                                     .count = cells->first[i + 1] - cells->first[i],
                                     .line = cells->line[i]};
    }
    return n;
}

static anc_rc recognise(anc_ctx *ctx, const struct anc_cells *head, const char *file_name,
                        const struct anc_columns *chosen, anc_report *report, void **ret_layout,
                        void *state) {
    (void)ctx;
    const struct anc_host *host = host_of(state);
    struct spend_row rows[SPEND_HEAD_ROWS];
    struct spend_layout layout;
    size_t n = head_of(head, rows);
    enum spend_refusal why = chosen ? spend_take_choice(rows, n, file_name, chosen, &layout)
                                    : spend_recognise(rows, n, file_name, &layout);
    if (why != SPEND_ACCEPTED) {
        host->report->add(report, ANC_FINDING_ERROR, "", spend_refusal_text(why));
        return ANC_E_INVALID;
    }
    struct reading *r = calloc(1, sizeof *r);
    if (!r) {
        return ANC_E_LIMIT;
    }
    reading_begin(r, &layout, file_name, chosen);
    reading_look(r, rows, n);
    spend_tell_layout(host, report, &layout);
    *ret_layout = r;
    return ANC_OK;
}

static void columns(anc_ctx *ctx, void *layout, struct anc_columns *ret_columns, void *state) {
    (void)ctx, (void)state;
    const struct reading *r = layout;
    bool known;
    enum spend_order order = reading_order(r, &known);
    spend_layout_columns(&r->layout, ret_columns);
    ret_columns->date_order = !known                       ? ANC_DATES_UNKNOWN
                              : order == ORDER_MONTH_FIRST ? ANC_DATES_MONTH_FIRST
                                                           : ANC_DATES_DAY_FIRST;
}

static anc_rc map(anc_ctx *ctx, void *layout, const struct anc_cells *rows, struct anc_lines *ret,
                  void *state) {
    (void)ctx, (void)state;
    reading_map(layout, rows, ret);
    return ANC_OK;
}

static anc_rc finish(anc_ctx *ctx, void *layout, anc_report *report, void *state) {
    const struct anc_host *host = host_of(state);
    struct reading *r = layout;
    enum spend_refusal why = SPEND_ACCEPTED;
    switch (reading_finish(r, &why)) {
    case READING_AGAIN:
        return ANC_AGAIN;
    case READING_REFUSED:
        host->report->add(report, ANC_FINDING_ERROR, "",
                          why == REFUSED_CHANGED
                              ? host->mem->format(ctx, "%s The other headings are on line %" PRIu64 ".",
                                                  spend_refusal_text(why), r->tally.changed_line)
                              : spend_refusal_text(why));
        return ANC_E_INVALID;
    default:
        spend_tell_rows(host, ctx, report, r);
        return ANC_OK;
    }
}

static const char *reason(anc_ctx *ctx, void *layout, uint32_t why, void *state) {
    (void)ctx, (void)layout, (void)state;
    return why < VERDICT_COUNT ? spend_verdict_text((enum spend_verdict)why) : "";
}

static anc_rc flow(anc_ctx *ctx, const struct anc_party *payee, const struct anc_label *label,
                   int32_t *ret_flow, void *state) {
    (void)ctx, (void)state;
    *ret_flow = spend_flow(payee, label, NULL);
    return ANC_OK;
}

static const char *describe(anc_ctx *ctx, void *layout, void *state) {
    static const char *const kinds[] = {"payments", "card payments", "grants", "payments passed on (tier 2)"};
    const struct spend_layout *l = &((const struct reading *)layout)->layout;
    return host_of(state)->mem->format(ctx, "%s, %zu columns, headings on row %zu", kinds[l->kind],
                                       l->columns, l->head_records);
}

static void done(anc_ctx *ctx, void *layout, void *state) {
    (void)ctx, (void)state;
    free(layout);
}

const struct anc_payments_reader spend_payments_reader = {
    .size = sizeof spend_payments_reader,
    .title = "Payments files of public bodies",
    .recognise = recognise,
    .columns = columns,
    .map = map,
    .finish = finish,
    .reason = reason,
    .flow = flow,
    .describe = describe,
    .done = done,
};
