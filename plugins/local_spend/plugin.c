// SPDX-License-Identifier: Apache-2.0
// Local spend as a plugin: reads payments files for the host, and fills the spend panel.
#include "logic.h"
#include "match.h"
#include "pages.h"
#include "panel.h"
#include "reader.h"
#include "resources.gen.h"
#include "state.h"
#include "tables.h"
#include "words.h"

#include <anchorage/plugin.h>

#include <stdlib.h>

static const struct anc_host *host;
static struct spend_state all = {
    .place = SQL_place,
    .local_suppliers = SQL_local_suppliers,
    .survey = {SQL_answers, SQL_answer_groups, SQL_answer_one, SQL_supplier_named, SQL_answer_add,
               SQL_answer_remove},
};

// What one file needs while it is read. The head rows are those recognise saw; all rows come again in both
// passes.
struct source_reading {
    struct spend_file file;
    struct spend_line line;
    struct spend_name name;
};

static void row_of(const struct anc_row *in, struct spend_row *out) {
    *out = (struct spend_row){.cells = in->cells, .count = in->count, .line = in->line};
}

static anc_rc recognise(anc_ctx *ctx, const struct anc_row *rows, uint32_t count, anc_report *report,
                        void **ret_layout, void *state) {
    (void)state;
    struct spend_row *head = host->mem->alloc(ctx, (count + 1u) * sizeof *head);
    for (uint32_t i = 0; i < count; i++) {
        row_of(ANC_AT(rows, i), &head[i]);
    }
    struct spend_layout layout;
    enum spend_refusal why = spend_recognise(head, count, NULL, &layout);
    if (why != SPEND_ACCEPTED) {
        host->report->add(report, ANC_FINDING_ERROR, "", spend_refusal_text(why));
        return ANC_E_INVALID;
    }
    struct source_reading *r = calloc(1, sizeof *r);
    if (!r) {
        return ANC_E_LIMIT;
    }
    spend_file_begin(&r->file, &layout);
    *ret_layout = r;
    return ANC_OK;
}

static anc_rc observe(anc_ctx *ctx, void *layout, const struct anc_row *row, void *state) {
    (void)ctx, (void)state;
    struct source_reading *r = layout;
    struct spend_row one;
    row_of(row, &one);
    spend_file_observe(&r->file, &one);
    return ANC_OK;
}

static void tell_notes(anc_report *report, unsigned notes) {
    for (unsigned bit = 1; bit && bit <= notes; bit <<= 1) {
        if (notes & bit) {
            host->report->add(report, ANC_FINDING_NOTE, "", spend_note_text(bit));
        }
    }
}

static anc_rc observed(anc_ctx *ctx, void *layout, anc_report *report, void *state) {
    (void)ctx, (void)state;
    struct source_reading *r = layout;
    spend_file_decide(&r->file);
    tell_notes(report, r->file.layout.notes);
    return ANC_OK;
}

static void line_of(struct source_reading *r, struct anc_spend_line *out) {
    const struct spend_line *l = &r->line;
    int hidden = l->redacted || l->no_payee;
    r->name.key[0] = 0;
    if (!hidden) {
        spend_name_read(l->payee, &r->name);
    }
    *out = (struct anc_spend_line){.size = sizeof *out,
                                   .payee = l->payee,
                                   .match_name = r->name.key,
                                   .category = *l->category ? l->category : l->purpose,
                                   .department = l->department,
                                   .postcode = l->postcode,
                                   .company_number = l->company,
                                   .charity_number = l->charity,
                                   .amount_pence = l->pence,
                                   .paid_on = l->has_date ? l->day : INT32_MIN,
                                   .redacted = hidden};
}

static anc_rc map(anc_ctx *ctx, void *layout, const struct anc_row *row, struct anc_spend_line *ret_line,
                  int32_t *ret_what, anc_report *report, void *state) {
    (void)ctx, (void)state;
    struct source_reading *r = layout;
    struct spend_row one;
    row_of(row, &one);
    enum spend_verdict v = spend_file_map(&r->file, &one, &r->line);
    if (v == VERDICT_LINE) {
        line_of(r, ret_line);
        *ret_what = ANC_ROW_LINE;
    } else if (spend_verdict_is_problem(v)) {
        host->report->add(report, ANC_FINDING_ERROR, "", spend_verdict_text(v));
        *ret_what = ANC_ROW_PROBLEM;
    } else {
        *ret_what = v == VERDICT_TOTAL ? ANC_ROW_TOTAL : ANC_ROW_BLANK;
    }
    return ANC_OK;
}

static const char *describe(anc_ctx *ctx, void *layout, void *state) {
    (void)state;
    const struct spend_layout *l = &((const struct source_reading *)layout)->file.layout;
    static const char *const kinds[] = {"payments", "card payments", "grants"};
    return host->mem->printf(ctx, "%s, %zu columns, headings on row %zu", kinds[l->kind], l->columns,
                             l->head_records);
}

static void done(void *layout, void *state) {
    (void)state;
    free(layout);
}

static const char *match_name(anc_ctx *ctx, const char *name, void *state) {
    (void)state;
    struct spend_name n;
    spend_name_read(name, &n);
    return host->mem->printf(ctx, "%s", n.key);
}

static uint32_t first_data_row(void *layout) {
    (void)layout;
    return 0; // the rows of the heading are told apart by map itself
}

static const struct anc_spend_source source = {
    .size = sizeof source,
    .title = "Payments files of public bodies",
    .recognise = recognise,
    .observe = observe,
    .observed = observed,
    .map = map,
    .describe = describe,
    .done = done,
    .match_name = match_name,
    .first_data_row = first_data_row,
};

static const struct anc_spend_panel spend_panel = {
    .size = sizeof spend_panel,
    .title = "Local and VCFSE spend",
    .fill = panel_fill,
    .views = ANC_TABLE(panel_views),
    .rules = "local_spend 1",
    .flows = panel_flows,
};

static const struct anc_setting settings[] = {
    {.key = "count_grants",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "1",
     .title = "Count grants as spend that can be steered",
     .help = "Grants to voluntary and community groups are a choice of the public body, as purchases are."},
};

#define HOME "/x/local_spend"
static const struct anc_route routes[] = {
    {"GET", HOME, ANC_PERM_PUBLIC, "-", 0, page_rounds},
    {"GET", HOME "/multiplier", ANC_PERM_PUBLIC, "multiplier", 0, page_multiplier},
    {"POST", HOME "/multiplier", ANC_PERM_PUBLIC, "multiplier", 0, page_multiplier},
    {"GET", HOME "/survey", ANC_PERM_OFFICER, "-", 0, page_survey},
    {"GET", HOME "/survey/new", ANC_PERM_OFFICER, "answer", 0, page_answer},
    {"POST", HOME "/survey/new", ANC_PERM_OFFICER, "answer", 0, post_answer},
    {"GET", HOME "/survey/{id}/remove", ANC_PERM_OFFICER, "-", 0, page_remove},
    {"POST", HOME "/survey/{id}/remove", ANC_PERM_OFFICER, "-", 0, post_remove},
};

static const struct anc_provider providers[] = {
    {.point = ANC_POINT_SPEND_SOURCE, .key = "payments", .table = &source},
    {.point = ANC_POINT_PAYMENTS_READER, .key = "payments", .table = &spend_payments_reader},
    {.point = ANC_POINT_PAYEE_MATCHER, .key = "payees", .table = &spend_matcher},
    {.point = ANC_POINT_SPEND_PANEL, .key = "local_spend", .table = &spend_panel},
};

static anc_rc start(const struct anc_host *h, void **ret_state) {
    host = h;
    all.host = h;
    *ret_state = &all;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "local_spend",
    .title = "Local spend",
    .summary = "Reads payments files and reports what stays with local and VCFSE suppliers.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_READ_UPLOADS | ANC_CAP_READ_SPEND | ANC_CAP_READ_SUPPLIERS | ANC_CAP_OWN_TABLES |
             ANC_CAP_PAGES,
    .start = start,
    .settings = ANC_TABLE(settings),
    PLUGIN_RESOURCES,
    .routes = ANC_TABLE(routes),
    .providers = ANC_TABLE(providers),
};
ANC_PLUGIN(plugin)
