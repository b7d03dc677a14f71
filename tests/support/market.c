// SPDX-License-Identifier: Apache-2.0
// An invented market for database tests.
#include "support/market.h"

#include "base/day.h"

#include <stdlib.h>
#include <string.h>

static void add_anchor(struct ctx *c, const char *ref, const char *sort) {
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'anchor', 'Body %s')", ref,
               ref);
    dbtest_run(c,
               "INSERT INTO core.anchor (id, sort, address1, town, postcode, email, web) SELECT id, '%s', '1 "
               "Example Street', 'Exampleton', 'WN1 1AA', 'buy@%s.example', 'https://%s.example' FROM "
               "core.organisation WHERE ref = '%s'",
               sort, ref, ref, ref);
}

static void add_supplier(struct ctx *c, const char *ref, const char *number, bool local) {
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', 'Firm %s')", ref,
               ref);
    dbtest_run(
        c,
        "INSERT INTO core.supplier (id, match_name, postcode, town, address1, is_local, company_number) "
        "SELECT id, '%s', 'WN1 1AB', 'Exampleton', '2 Example Street', %s, '%s' FROM core.organisation "
        "WHERE ref = '%s'",
        ref, local ? "true" : "false", number, ref);
}

static void add_person(struct ctx *c, const char *org, const char *role) {
    dbtest_run(
        c,
        "INSERT INTO core.person (email, name, password_hash, confirmed_at) VALUES ('%s@people.example', "
        "'Person of %s', '-', now())",
        org, org);
    dbtest_run(
        c,
        "INSERT INTO core.membership (person_id, org_id, role) SELECT p.id, o.id, '%s' FROM core.person "
        "p, core.organisation o WHERE p.email = '%s@people.example' AND o.ref = '%s'",
        role, org, org);
}

void market_fill(struct ctx *c) {
    dbtest_run(c,
               "INSERT INTO core.place (name, short_name, lad_codes, region, operator, contact_email) VALUES "
               "('Exampleton', 'Exampleton', '{E08000010}', 'North West', 'The operator', "
               "'help@market.example')");
    add_anchor(c, "council", "council");
    add_anchor(c, "hospital", "nhs");
    add_supplier(c, "brook", "01234567", true);
    add_supplier(c, "hill", "07654321", true);
    add_supplier(c, "vale", "", false);
    add_person(c, "council", "buyer");
    add_person(c, "hospital", "buyer");
    add_person(c, "brook", "supplier");
    add_person(c, "hill", "supplier");
    add_person(c, "vale", "supplier");
}

static int64_t id_of(struct ctx *c, const char *table, const char *column, const char *value) {
    return strtoll(dbtest_value(c, "SELECT id FROM core.%s WHERE %s = '%s'", table, column, value), NULL, 10);
}

void market_act(struct ctx *c, const char *org) {
    bool anchor = strcmp(org, "council") == 0 || strcmp(org, "hospital") == 0;
    int64_t id = id_of(c, "organisation", "ref", org);
    c->actor = (struct actor){
        .person_id = id_of(c, "person", "email", arena_printf(c->arena, "%s@people.example", org)),
        .anchor_id = anchor ? id : 0,
        .supplier_id = anchor ? 0 : id,
        .perms = (1u << PERM_PUBLIC) | (1u << PERM_SIGNED_IN) | (1u << (anchor ? PERM_BUYER : PERM_SUPPLIER)),
        .name = org};
}

void market_act_nobody(struct ctx *c) {
    c->actor = (struct actor){.perms = 1u << PERM_PUBLIC, .name = ""};
}

struct notice_input market_tender(struct ctx *c) {
    int32_t today = london_day(c->now_usec);
    return (struct notice_input){.kind = "tender",
                                 .title = "Lunches for three centres",
                                 .summary = "Hot lunches",
                                 .description = "Cook and bring them.\n\nOn weekdays.",
                                 .cpv = "55524000-9 55520000",
                                 .contract_kind = "services",
                                 .procedure = "quick_quote",
                                 .reserved = "none",
                                 .fts_id = "",
                                 .postcode = "WN1 1AA",
                                 .quality_question = "How will it be hot?",
                                 .value_low_pence = -1,
                                 .value_high_pence = 2000000,
                                 .social_target_pence = 2000000,
                                 .closes_at = c->now_usec + 2 * INT64_C(3600) * USEC_PER_SEC,
                                 .contract_start = today + 40,
                                 .contract_end = today + 400,
                                 .price_weight = 40,
                                 .quality_weight = 50,
                                 .social_weight = 10,
                                 .suits_sme = true,
                                 .suits_vcfse = true};
}

const char *market_publish(struct ctx *c) {
    const char *ref = NULL;
    market_act(c, "council");
    struct notice_input in = market_tender(c);
    assert_err(c, notice_create(c, &in, &ref), ERR_OK);
    assert_err(c, notice_publish(c, ref), ERR_OK);
    return ref;
}

struct bid_input market_bid(int64_t price_pence) {
    struct bid_input in = {.price_pence = price_pence, .answer = "In insulated boxes."};
    for (size_t i = 0; i < BID_LINES; i++) {
        in.lines[i] = (struct bid_line){"", "", -1};
    }
    return in;
}

struct bid_input market_bid_with_job(int64_t price_pence) {
    struct bid_input in = market_bid(price_pence);
    in.lines[2] = (struct bid_line){"local-jobs", "A list of posts", 1};
    return in;
}

const char *market_submit(struct ctx *c, const char *supplier, const char *notice_ref,
                          const struct bid_input *in) {
    struct bid_receipt receipt = {0};
    market_act(c, supplier);
    assert_err(c, bid_submit(c, notice_ref, in, "https://market.example", &receipt), ERR_OK);
    return receipt.ref;
}

void market_after_closing(struct ctx *c, const char *notice_ref) {
    dbtest_run(
        c,
        "UPDATE core.notice SET closes_at = now() - interval '1 hour', published_at = now() - interval "
        "'2 hours' WHERE ref = '%s'",
        notice_ref);
    const struct plugin_set *plugins = c->plugins;
    ctx_init(c, c->arena, c->db);
    c->plugins = plugins;
}
