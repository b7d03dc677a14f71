// SPDX-License-Identifier: Apache-2.0
// A plugin for tests of events, jobs, rules and messages: what it does is chosen by words in names and by
// addresses, and what it did stands in its own tables.
//   name holds "forbidden"  filters say no; "broken": they fail
//   name holds "flakyN"     being told of it fails N times (one digit)
//   address "+0..."         can never be sent; "+1...": fails twice; not beginning with "+": no address
#include <anchorage/plugin.h>

#include <stdatomic.h>
#include <string.h>

#define TABLES 1
#define IDS    4096

enum { SQL_ASKED, SQL_TOLD, SQL_RAN, SQL_SENT, SQL_WAIT };
static const struct anc_sql statements[] = {
    [SQL_ASKED] = {"asked", "INSERT INTO asked (kind, ref, supplier_ref) VALUES ($1::int, $2, $3)", 3},
    [SQL_TOLD] =
        {"told",
         "INSERT INTO told (id, kind, ref, name, anchor_ref, supplier_ref, pence) VALUES ($1::bigint, "
         "$2::int, $3, $4, $5, $6, $7::bigint)",
         7},
    [SQL_RAN] = {"ran", "INSERT INTO ran (job) VALUES ($1)", 1},
    [SQL_SENT] = {"sent", "INSERT INTO sent (id, address, subject, body) VALUES ($1::bigint, $2, $3, $4)", 4},
    [SQL_WAIT] = {"wait", "SELECT 1 AS one FROM pg_advisory_xact_lock(77)", 0},
};
static const struct anc_migration migrations[] = {
    {TABLES, "tables",
     "CREATE TABLE asked (kind int NOT NULL, ref text NOT NULL, supplier_ref text NOT NULL);"
     "CREATE TABLE told (id bigint NOT NULL, kind int NOT NULL, ref text NOT NULL, name text NOT NULL, "
     "anchor_ref "
     "text NOT NULL, supplier_ref text NOT NULL, pence bigint NOT NULL);"
     "CREATE TABLE ran (job text NOT NULL);"
     "CREATE TABLE sent (id bigint NOT NULL, address text NOT NULL, subject text NOT NULL, body text NOT "
     "NULL);"},
};

static const struct anc_host *the_host;
static _Atomic int tries[IDS];

static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ctx;
    the_host = host;
    *ret_state = NULL;
    for (size_t i = 0; i < IDS; i++) {
        tries[i] = 0;
    }
    return ANC_OK;
}

static const char *number(anc_ctx *ctx, int64_t v) {
    return the_host->mem->format(ctx, "%lld", (long long)v);
}

// ---- events

static anc_rc ask(anc_ctx *ctx, const struct anc_event *event, void *state) {
    (void)state;
    const char *const p[] = {number(ctx, event->kind), event->ref, event->supplier_ref};
    anc_rc rc = the_host->db->exec(ctx, SQL_ASKED, 3, p, NULL);
    if (rc != ANC_OK) {
        return rc;
    }
    if (strstr(event->name, "forbidden")) {
        return the_host->fail->why(ctx, ANC_VETO,
                                   event->kind == ANC_EVENT_SUPPLIER_SAVING ? "name" : "no_such_field",
                                   "The word forbidden may not stand in a name.");
    }
    return strstr(event->name, "broken") ? ANC_E_BUG : ANC_OK;
}

static anc_rc told(anc_ctx *ctx, const struct anc_event *event, void *state) {
    (void)state;
    const char *const p[] = {
        number(ctx, event->id), number(ctx, event->kind),        event->ref, event->name, event->anchor_ref,
        event->supplier_ref,    number(ctx, event->amount_pence)};
    anc_rc rc = the_host->db->exec(ctx, SQL_TOLD, 7, p, NULL);
    if (rc != ANC_OK) {
        return rc;
    }
    const char *flaky = strstr(event->name, "flaky");
    if (flaky && atomic_fetch_add(&tries[event->id % IDS], 1) < flaky[5] - '0') {
        return the_host->fail->why(ctx, ANC_E_LIMIT, "", "Not now, please.");
    }
    return ANC_OK;
}

static const struct anc_filter filters[] = {
    {ANC_EVENT_SUPPLIER_SAVING, 0, ask}, {ANC_EVENT_NOTICE_PUBLISHING, 0, ask},
    {ANC_EVENT_BID_SUBMITTING, 0, ask},  {ANC_EVENT_AWARDING, 0, ask},
    {ANC_EVENT_BOOKING, 0, ask},
};
static const struct anc_notification notifications[] = {
    {ANC_EVENT_SUPPLIER_SAVED, told}, {ANC_EVENT_NOTICE_PUBLISHED, told}, {ANC_EVENT_NOTICE_CANCELLED, told},
    {ANC_EVENT_BID_SUBMITTED, told},  {ANC_EVENT_BIDS_OPENED, told},      {ANC_EVENT_AWARDED, told},
    {ANC_EVENT_BOOKED, told},         {ANC_EVENT_SPEND_LOADED, told},
};

// ---- jobs

// Waits until nobody else holds the lock, so that a test can look at it while it runs.
static anc_rc run_tick(anc_ctx *ctx, void *state) {
    (void)state;
    const anc_rows *rows;
    const char *const p[] = {"tick"};
    anc_rc rc = the_host->db->run(ctx, SQL_WAIT, 0, NULL, &rows);
    return rc ? rc : the_host->db->exec(ctx, SQL_RAN, 1, p, NULL);
}

static anc_rc run_fails(anc_ctx *ctx, void *state) {
    (void)state;
    const char *const p[] = {"fails"};
    anc_rc rc = the_host->db->exec(ctx, SQL_RAN, 1, p, NULL);
    return rc ? rc : the_host->fail->why(ctx, ANC_E_INVALID, "", "No luck today.");
}

static const struct anc_job jobs[] = {
    {"tick", "Ticks", 30, 60000, run_tick},
    {"fails", "Fails", 30, 1000, run_fails},
};

// ---- rules

static anc_rc judge_local(anc_ctx *ctx, const struct anc_rule_facts *facts, struct anc_rule_result *ret,
                          void *state) {
    (void)state;
    ret->decision = facts->supplier_local == 1   ? ANC_RULE_PASS
                    : facts->supplier_local == 0 ? ANC_RULE_FAIL
                                                 : ANC_RULE_NEEDS_EVIDENCE;
    ret->reason = the_host->mem->format(ctx, "%s (%s) for %s is %s.", facts->supplier->name,
                                        facts->size_class, facts->notice->title,
                                        facts->supplier_local == 1   ? "near"
                                        : facts->supplier_local == 0 ? "far away"
                                                                     : "somewhere");
    return ANC_OK;
}

static anc_rc judge_broken(anc_ctx *ctx, const struct anc_rule_facts *facts, struct anc_rule_result *ret,
                           void *state) {
    (void)ctx, (void)facts, (void)ret, (void)state;
    return ANC_E_BUG;
}

static const struct anc_eligibility_rule near_by = {.size = sizeof near_by,
                                                    .title = "Near by",
                                                    .help = "The business is based in the place.",
                                                    .judge = judge_local};
static const struct anc_eligibility_rule broken = {
    .size = sizeof broken, .title = "Cannot be told", .help = "", .judge = judge_broken};

// ---- messages

static anc_rc check_address(anc_ctx *ctx, const char *address, void *state) {
    (void)state;
    return address[0] == '+' ? ANC_OK
                             : the_host->fail->why(ctx, ANC_E_INVALID, "", "Begin the number with a +.");
}

static anc_rc send(anc_ctx *ctx, const struct anc_message *m, void *state) {
    (void)state;
    const char *const p[] = {number(ctx, m->id), m->address, m->subject, m->body};
    anc_rc rc = the_host->db->exec(ctx, SQL_SENT, 4, p, NULL);
    if (rc != ANC_OK) {
        return rc;
    }
    if (strncmp(m->address, "+0", 2) == 0) {
        return the_host->fail->why(ctx, ANC_E_INVALID, "", "Nobody has this number.");
    }
    if (strncmp(m->address, "+1", 2) == 0 && atomic_fetch_add(&tries[m->id % IDS], 1) < 2) {
        return the_host->fail->why(ctx, ANC_E_LIMIT, "", "The line is busy.");
    }
    return ANC_OK;
}

static const struct anc_notifier notifier = {.size = sizeof notifier,
                                             .title = "Carrier pigeon",
                                             .address_label = "Number of the loft",
                                             .address_hint = "It begins with a +",
                                             .check_address = check_address,
                                             .send = send};

static const struct anc_provider providers[] = {
    {ANC_POINT_ELIGIBILITY_RULE, "near-by", &near_by},
    {ANC_POINT_ELIGIBILITY_RULE, "cannot-be-told", &broken},
    {ANC_POINT_NOTIFIER, "pigeon", &notifier},
};

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "probe_events",
    .title = "Probe of events",
    .summary = "For tests",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_OWN_TABLES | ANC_CAP_EVENTS | ANC_CAP_JOBS | ANC_CAP_RULES | ANC_CAP_NOTIFY,
    .start = start,
    .migrations = ANC_TABLE(migrations),
    .sql = ANC_TABLE(statements),
    .jobs = ANC_TABLE(jobs),
    .filters = ANC_TABLE(filters),
    .notifications = ANC_TABLE(notifications),
    .providers = ANC_TABLE(providers),
};
ANC_PLUGIN(plugin)
