// SPDX-License-Identifier: Apache-2.0
// A plugin that answers at every extension point as the question tells it: "50 1" is a score of 50 and the
// decision 1.
#include <anchorage/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct anc_host *host;
static char much[100001]; // more than any text may be

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    (void)ctx, (void)state;
    char *rest;
    ret_tag->score = (int32_t)strtol(facts->name, &rest, 10);
    ret_tag->decision = (int32_t)strtol(rest, NULL, 10);
    ret_tag->detail = NULL;
    ret_tag->reasons = strcmp(facts->postcode, "much") == 0    ? much
                       : strcmp(facts->postcode, "latin") == 0 ? "caf\xE9"
                                                               : facts->postcode;
    ret_tag->policy = strncmp(facts->postcode, "class:", 6) == 0 ? facts->postcode + 6 : NULL;
    return ANC_OK;
}

static anc_rc score(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state) {
    (void)ctx, (void)state;
    char *rest;
    ret_score->points_milli = (int32_t)strtol(bid->ref, &rest, 10);
    ret_score->rationale = *rest ? rest + 1 : NULL;
    return ANC_OK;
}

static anc_rc check(anc_ctx *ctx, const struct anc_notice *notice, anc_report *report, void *state) {
    (void)ctx, (void)state;
    host->report->add(report, 99, NULL, notice->title); // a severity nobody knows
    return ANC_OK;
}

static anc_rc write_all(anc_ctx *ctx, const struct anc_notice *notices, uint32_t count, anc_sink *sink,
                        anc_report *report, void *state) {
    (void)ctx, (void)count, (void)report, (void)state;
    anc_rc rc = host->sink->write(sink, notices[0].title, strlen(notices[0].title));
    (void)rc; // it goes on as if nothing were
    return ANC_OK;
}

static anc_rc rule(anc_ctx *ctx, const struct anc_rule_facts *facts, struct anc_rule_result *ret_result,
                   void *state) {
    (void)ctx, (void)state;
    char *rest;
    ret_result->decision = (int32_t)strtol(facts->size_class, &rest, 10);
    ret_result->reason = *rest ? rest + 1 : NULL;
    return ANC_OK;
}

// ---- a file of payments

// What it holds, and what it is told to answer; the test finds it as the state.
static struct {
    int layouts; // not yet given back
    int32_t finish_code, column;
} reading = {.column = 0};

static anc_rc recognise(anc_ctx *ctx, const struct anc_cells *head, const char *file_name,
                        const struct anc_columns *chosen, anc_report *report, void **ret_layout,
                        void *state) {
    (void)ctx, (void)chosen, (void)state;
    if (head->rows == 0) {
        return ANC_SKIP;
    }
    if (strcmp(file_name, "wrong") == 0) {
        host->report->add(report, ANC_FINDING_ERROR, "", "a reason");
        return ANC_E_INVALID;
    }
    reading.layouts++;
    *ret_layout = &reading;
    return ANC_OK;
}
static void columns(anc_ctx *ctx, void *layout, struct anc_columns *ret, void *state) {
    (void)ctx, (void)layout, (void)state;
    ret->head_rows = 1;
    ret->column[ANC_COL_PAYEE] = reading.column;
}
// The first cell of a row says what it is, the second how much, the third on which day.
static anc_rc map(anc_ctx *ctx, void *layout, const struct anc_cells *rows, struct anc_lines *ret,
                  void *state) {
    (void)layout, (void)state;
    for (uint32_t i = 0; i < rows->rows; i++) {
        const char *const *cell = rows->text + rows->first[i];
        if (strcmp(cell[0], "silent") == 0) {
            continue;
        }
        ret->what[i] = (int32_t)strtol(cell[0], NULL, 10);
        ret->pence[i] = strtoll(cell[1], NULL, 10);
        ret->day[i] = (int32_t)strtol(cell[2], NULL, 10);
        ret->flags[i] = (uint32_t)strtol(cell[3], NULL, 10);
        ret->why[i] = (uint32_t)strtol(cell[4], NULL, 10);
        (void)host->mem->alloc(ctx, 100000); // of the block only
    }
    return ANC_OK;
}
static anc_rc finish(anc_ctx *ctx, void *layout, anc_report *report, void *state) {
    (void)ctx, (void)layout, (void)state;
    host->report->add(report, ANC_FINDING_NOTE, "", "seen");
    return reading.finish_code;
}
static const char *reason(anc_ctx *ctx, void *layout, uint32_t why, void *state) {
    (void)ctx, (void)layout, (void)state;
    return why == 1 ? "The first reason." : NULL;
}
static anc_rc flow(anc_ctx *ctx, const struct anc_party *payee, const struct anc_label *label,
                   int32_t *ret_flow, void *state) {
    (void)ctx, (void)label, (void)state;
    *ret_flow = (int32_t)strtol(payee->name, NULL, 10);
    return ANC_OK;
}
static const char *describe(anc_ctx *ctx, void *layout, void *state) {
    (void)ctx, (void)layout, (void)state;
    return NULL;
}
static void done(anc_ctx *ctx, void *layout, void *state) {
    (void)ctx, (void)layout, (void)state;
    reading.layouts--;
}

// ---- who is it

static anc_rc read_party(anc_ctx *ctx, const struct anc_party *in, struct anc_party *ret, void *state) {
    (void)ctx, (void)state;
    ret->kind = in->kind;
    ret->name = strcmp(in->name, "much") == 0 ? much : in->name;
    ret->key = "b\xFF";
    ret->form = NULL;
    return ANC_OK;
}
static anc_rc blocks(anc_ctx *ctx, const struct anc_party *party, uint32_t most, uint64_t *ret_blocks,
                     uint32_t *ret_count, void *state) {
    (void)ctx, (void)state;
    ret_blocks[0] = 7;
    *ret_count = strcmp(party->name, "many") == 0 ? most + 1 : 1;
    return ANC_OK;
}
static anc_rc judge_party(anc_ctx *ctx, const struct anc_party *payee, const struct anc_party *candidate,
                          struct anc_match *ret, void *state) {
    (void)ctx, (void)state;
    char *rest;
    ret->verdict = (int32_t)strtol(payee->name, &rest, 10);
    ret->score_milli = (int32_t)strtol(rest, NULL, 10);
    ret->method = candidate->name;
    ret->reason = candidate->key;
    return ANC_OK;
}

// ---- a panel filled by somebody who does not read documentation

static void out_of_order(const struct anc_panel_api *p, anc_panel *panel) {
    p->row(panel);
    p->cell_text(panel, "no table");
    p->column(panel, "x", "x", ANC_COLUMN_TEXT);
    p->bars(panel, "x", "y", "no table");
    p->table(panel, NULL, NULL);
    p->row(panel); // no column
    p->cell_i64(panel, 1);
    p->column(panel, "Name /..", "Name", ANC_COLUMN_TEXT);
    p->column(panel, "day", "Day", ANC_COLUMN_DAY);
    p->column(panel, "n", NULL, 99);
    p->row(panel);
    p->column(panel, "late", "After the first row", ANC_COLUMN_TEXT);
    p->cell_link(panel, "outside", "//elsewhere.example");
    p->cell_i64(panel, 20000);
    p->cell_text(panel, NULL);
    p->cell_text(panel, "one too many");
    p->row(panel);
    p->cell_text(panel, "b\xFF");
    p->cell_i64(panel, INT64_MAX);
    p->bars(panel, "Name /..", "n", "of words");
    p->bars(panel, NULL, NULL, NULL);
    p->figure(panel, NULL, -3, INT64_MIN, NULL);
    p->note(panel, NULL);
}

static void too_much(const struct anc_panel_api *p, anc_panel *panel) {
    for (int i = 0; i < 40; i++) {
        p->figure(panel, much, ANC_COLUMN_MONEY, i, much);
        p->note(panel, much);
        p->table(panel, "t", "Table");
        for (int k = 0; k < 100; k++) {
            p->column(panel, "c", "C", ANC_COLUMN_TEXT);
        }
        for (int k = 0; k < 5000; k++) {
            p->row(panel);
            p->cell_text(panel, much);
        }
    }
}

static anc_rc fill(anc_ctx *ctx, const struct anc_spend_filter *filter, anc_panel *panel, void *state) {
    (void)ctx, (void)state;
    const struct anc_panel_api *p = host->panel;
    p->row(NULL);
    p->figure(NULL, "", 0, 0, "");
    if (strcmp(filter->view, "order") == 0) {
        out_of_order(p, panel);
    } else {
        too_much(p, panel);
    }
    return ANC_OK;
}

static const struct anc_supplier_tagger tagger = {
    .size = sizeof tagger, .tag = "t", .title = "T", .judge = judge};
static const struct anc_bid_scorer scorer = {
    .size = sizeof scorer, .method = "m", .version = "1", .title = "T", .score = score};
static const struct anc_notice_exporter exporter = {.size = sizeof exporter,
                                                    .title = "T",
                                                    .media_type = "text/plain",
                                                    .file_ext = "txt",
                                                    .check = check,
                                                    .write = write_all};
static const struct anc_eligibility_rule a_rule = {
    .size = sizeof a_rule, .title = "Rule", .help = "Asks", .judge = rule};
static const struct anc_payments_reader reader = {.size = sizeof reader,
                                                  .title = "R",
                                                  .recognise = recognise,
                                                  .columns = columns,
                                                  .map = map,
                                                  .finish = finish,
                                                  .reason = reason,
                                                  .flow = flow,
                                                  .describe = describe,
                                                  .done = done};
static const struct anc_payee_matcher matcher = {.size = sizeof matcher,
                                                 .title = "M",
                                                 .version = "1",
                                                 .read = read_party,
                                                 .blocks = blocks,
                                                 .judge = judge_party};
static const struct anc_spend_panel panel = {.size = sizeof panel, .title = "P", .fill = fill};
static const struct anc_provider providers[] = {
    {.point = ANC_POINT_SUPPLIER_TAGGER, .key = "probe", .table = &tagger},
    {.point = ANC_POINT_BID_SCORER, .key = "probe", .table = &scorer},
    {.point = ANC_POINT_NOTICE_EXPORTER, .key = "probe", .table = &exporter},
    {.point = ANC_POINT_ELIGIBILITY_RULE, .key = "probe", .table = &a_rule},
    {.point = ANC_POINT_PAYMENTS_READER, .key = "probe", .table = &reader},
    {.point = ANC_POINT_PAYEE_MATCHER, .key = "probe", .table = &matcher},
    {.point = ANC_POINT_SPEND_PANEL, .key = "probe", .table = &panel}};

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    host = given;
    memset(much, 'm', sizeof much - 1);
    *ret_state = &reading;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "probe_points",
    .title = "Probe of points",
    .summary = "Answers as the question tells it.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_WRITE_TAGS | ANC_CAP_WRITE_SCORES | ANC_CAP_EXPORT | ANC_CAP_RULES |
             ANC_CAP_READ_UPLOADS | ANC_CAP_READ_SPEND,
    .start = start,
    .providers = ANC_TABLE(providers),
};
ANC_PLUGIN(plugin)
