// SPDX-License-Identifier: Apache-2.0
// Local spend as a plugin: reads payments files for the host, and fills the spend panel.
#include "choices.h"
#include "match.h"
#include "pages.h"
#include "panel.h"
#include "reader.h"
#include "resources.gen.h"
#include "state.h"
#include "tables.h"

#include <anchorage/plugin.h>

static struct spend_state all = {
    .place = SQL_place,
    .local_suppliers = SQL_local_suppliers,
    .survey = {SQL_answers, SQL_answer_groups, SQL_answer_one, SQL_supplier_named, SQL_answer_add,
               SQL_answer_remove},
};

static const struct anc_spend_panel spend_panel = {
    .size = sizeof spend_panel,
    .title = "Local and VCFSE spend",
    .fill = panel_fill,
    .views = ANC_TABLE(panel_views),
    .rules = "local_spend 2",
    .flows = panel_flows,
    .vcfse_classes = panel_classes,
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
    {.point = ANC_POINT_PAYMENTS_READER, .key = "payments", .table = &spend_payments_reader},
    {.point = ANC_POINT_PAYEE_MATCHER, .key = "payees", .table = &spend_matcher},
    {.point = ANC_POINT_SPEND_PANEL, .key = "local_spend", .table = &spend_panel},
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
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
    .settings = ANC_TABLE(spend_settings),
    PLUGIN_RESOURCES,
    .routes = ANC_TABLE(routes),
    .providers = ANC_TABLE(providers),
};
ANC_PLUGIN(plugin)
