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

static int layouts; // not yet given back

static anc_rc recognise(anc_ctx *ctx, const struct anc_row *rows, uint32_t count, anc_report *report,
                        void **ret_layout, void *state) {
    (void)ctx, (void)rows, (void)report, (void)state;
    if (count == 0) {
        return ANC_SKIP;
    }
    layouts++;
    *ret_layout = &layouts;
    return ANC_OK;
}
static anc_rc observe(anc_ctx *ctx, void *layout, const struct anc_row *row, void *state) {
    (void)ctx, (void)layout, (void)state;
    return row->count > 0 ? ANC_OK : ANC_E_BUG;
}
static anc_rc observed(anc_ctx *ctx, void *layout, anc_report *report, void *state) {
    (void)ctx, (void)layout, (void)state;
    host->report->add(report, ANC_FINDING_NOTE, "", "seen");
    return ANC_OK;
}
static anc_rc map(anc_ctx *ctx, void *layout, const struct anc_row *row, struct anc_spend_line *ret_line,
                  int32_t *ret_what, anc_report *report, void *state) {
    (void)ctx, (void)layout, (void)report, (void)state;
    *ret_what = (int32_t)strtol(row->cells[0], NULL, 10);
    ret_line->payee = "Example Ltd";
    ret_line->amount_pence = 100;
    ret_line->redacted = 7;
    return ANC_OK;
}
static const char *describe(anc_ctx *ctx, void *layout, void *state) {
    (void)ctx, (void)layout, (void)state;
    return NULL;
}
static void done(void *layout, void *state) {
    (void)layout, (void)state;
    layouts--;
}
static const char *match_name(anc_ctx *ctx, const char *name, void *state) {
    (void)ctx, (void)state;
    return strcmp(name, "none") == 0 ? NULL : name;
}
static uint32_t first_data_row(void *layout) {
    (void)layout;
    return 1;
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
static const struct anc_spend_source source = {.size = sizeof source,
                                               .title = "S",
                                               .recognise = recognise,
                                               .observe = observe,
                                               .observed = observed,
                                               .map = map,
                                               .describe = describe,
                                               .done = done,
                                               .match_name = match_name,
                                               .first_data_row = first_data_row};
static const struct anc_spend_panel panel = {.size = sizeof panel, .title = "P", .fill = fill};
static const struct anc_provider providers[] = {
    {.point = ANC_POINT_SUPPLIER_TAGGER, .key = "probe", .table = &tagger},
    {.point = ANC_POINT_BID_SCORER, .key = "probe", .table = &scorer},
    {.point = ANC_POINT_NOTICE_EXPORTER, .key = "probe", .table = &exporter},
    {.point = ANC_POINT_ELIGIBILITY_RULE, .key = "probe", .table = &a_rule},
    {.point = ANC_POINT_SPEND_SOURCE, .key = "probe", .table = &source},
    {.point = ANC_POINT_SPEND_PANEL, .key = "probe", .table = &panel}};

static anc_rc start(const struct anc_host *given, void **ret_state) {
    host = given;
    memset(much, 'm', sizeof much - 1);
    *ret_state = &layouts;
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
