// SPDX-License-Identifier: Apache-2.0
// A plugin whose life the tests follow. Its tagger "judges" by running the statement that the supplier's name
// says, and answers with what it knows of itself: "version|starts|stops|greeting|table|rows".
#include <anchorage/plugin.h>

#include <stdlib.h>
#include <string.h>

#ifndef VERSION
#define VERSION 1
#endif
#ifndef WANTS
#define WANTS (ANC_CAP_WRITE_TAGS | ANC_CAP_OWN_TABLES)
#endif
#ifndef FIRST_STEP
#define FIRST_STEP "CREATE TABLE note (text text NOT NULL);"
#endif

static int starts, stops; // of this library, however often it is started

struct state {
    const struct anc_host *host;
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ctx;
    struct state *s = calloc(1, sizeof *s);
    if (!s) {
        return ANC_E_LIMIT;
    }
    s->host = host;
    *ret_state = s;
    starts++;
    return ANC_OK;
}

static void stop(anc_ctx *ctx, void *state) {
    (void)ctx;
    stops++;
    free(state);
}

enum { PUT, COUNT, SUPPLIERS, SPEND, SLY };
static const struct anc_sql statements[] = {
    [PUT] = {.name = "put", .text = "INSERT INTO note VALUES ($1) RETURNING text", .params = 1},
    [COUNT] = {.name = "count", .text = "SELECT text FROM note", .params = 0},
    [SUPPLIERS] = {.name = "suppliers", .text = "SELECT ref FROM supplier", .params = 0},
    [SPEND] = {.name = "spend", .text = "SELECT fy FROM api.spend", .params = 0},
    // Quoted, it slips past the check of the text; PostgreSQL is what refuses it.
    [SLY] = {.name = "sly", .text = "SELECT email FROM \"core\".\"person\"", .params = 0},
};

static int statement_of(const char *name) {
    for (int i = 0; i < (int)(sizeof statements / sizeof *statements); i++) {
        if (strcmp(statements[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    const struct anc_host *h = ((struct state *)state)->host;
    int i = statement_of(facts->name);
    unsigned rows = 0;
    if (i >= 0 && h->db) {
        const char *params[] = {"hello"};
        const anc_rows *got;
        anc_rc rc = h->db->run(ctx, (uint32_t)i, statements[i].params, params, &got);
        if (rc != ANC_OK) {
            return rc;
        }
        rows = h->db->count(got);
    }
    ret_tag->decision = ANC_TAG_YES;
    ret_tag->detail = "";
    ret_tag->reasons = h->mem->format(ctx, "%d|%d|%d|%s|%s|%u", VERSION, starts, stops,
                                      h->setting->text(ctx, "greeting"), h->db ? "db" : "none", rows);
    return ANC_OK;
}

static const struct anc_supplier_tagger tagger = {
    .size = sizeof tagger, .tag = ID, .title = "Life", .judge = judge};

#ifdef SCORES
static anc_rc score(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret, void *state) {
    (void)ctx, (void)bid, (void)state;
    ret->rationale = "All the same.";
    return ANC_OK;
}
static const struct anc_bid_scorer scorer = {
    .size = sizeof scorer, .method = "life/test", .version = "1", .title = "Life", .score = score};
#endif

#ifdef RULES
static anc_rc rule(anc_ctx *ctx, const struct anc_rule_facts *facts, struct anc_rule_result *ret,
                   void *state) {
    (void)ctx, (void)facts, (void)state;
    ret->decision = ANC_RULE_PASS;
    ret->reason = "Everybody may.";
    return ANC_OK;
}
static const struct anc_eligibility_rule everybody = {
    .size = sizeof everybody, .title = "Everybody", .help = "Asks for nothing.", .judge = rule};
#endif

static const struct anc_provider providers[] = {
#ifdef RULES
    {.point = ANC_POINT_ELIGIBILITY_RULE, .key = "everybody", .table = &everybody},
#endif
    {.point = ANC_POINT_SUPPLIER_TAGGER, .key = ID, .table = &tagger},
#ifdef SCORES
    {.point = ANC_POINT_BID_SCORER, .key = ID, .table = &scorer},
#endif
};

static anc_rc told(anc_ctx *ctx, const struct anc_event *event, void *state) {
    (void)ctx, (void)event, (void)state;
    return ANC_OK;
}
static const struct anc_notification notifications[] = {{.event = ANC_EVENT_AWARDED, .told = told}};

static const struct anc_setting settings[] = {{.key = "greeting",
                                               .kind = ANC_SETTING_TEXT,
                                               .dflt = "hello",
                                               .max = 8,
                                               .title = "Greeting",
                                               .help = "What it says."}};

static const struct anc_migration migrations[] = {
    {.number = 1, .name = "0001_note.sql", .text = FIRST_STEP},
#if VERSION > 1
    {.number = 2, .name = "0002_more.sql", .text = "ALTER TABLE note ADD COLUMN more text;"},
#endif
};

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = ID,
    .title = "Life",
    .summary = "A plugin whose life is followed.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(VERSION, 0, 0),
    .wants = WANTS,
    .wants_optional = ANC_CAP_ALL & ~(WANTS),
    .settings = ANC_TABLE(settings),
    .sql = ANC_TABLE(statements),
    .migrations = ANC_TABLE(migrations),
    .notifications = ANC_TABLE(notifications),
    .providers = ANC_TABLE(providers),
    .start = start,
    .stop = stop,
};

ANC_PLUGIN(plugin)
