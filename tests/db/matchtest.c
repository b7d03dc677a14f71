// SPDX-License-Identifier: Apache-2.0
// What tests of matching payees share.
#include "db/matchtest.h"

#include "support/plugtest.h"

#include <stdlib.h>

static struct plugtest plugins;

void matchtest_act_as(struct ctx *c, int64_t person) {
    c->actor = (struct actor){.person_id = person, .perms = MATCHTEST_OFFICER, .name = ""};
}

void matchtest_supplier(struct ctx *c, const char *ref, const char *name, const char *company,
                        const char *charity, const char *vat, const char *postcode) {
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', '%s')", ref,
               name);
    dbtest_run(
        c,
        "INSERT INTO core.supplier (id, match_name, company_number, charity_number, vat_number, postcode) "
        "SELECT id, '', '%s', '%s', '%s', '%s' FROM core.organisation WHERE ref = '%s'",
        company, charity, vat, postcode, ref);
}

void matchtest_payee(struct ctx *c, int id, const char *key, const char *name, const char *columns,
                     const char *values) {
    dbtest_run(c,
               "INSERT INTO core.payee (id, match_name, ident, name%s%s) VALUES (%d, '%s', '%d', '%s'%s%s)",
               *columns ? ", " : "", columns, id, key, id, name, *columns ? ", " : "", values);
}

void matchtest_payee_of_council(struct ctx *c, int id, const char *key, const char *name,
                                const char *supplier_no, const char *more) {
    matchtest_payee(c, id, key, name, "", "");
    dbtest_run(c,
               "UPDATE core.payee SET anchor_id = (SELECT id FROM core.organisation WHERE ref = 'council'), "
               "supplier_no = '%s'%s WHERE id = %d",
               supplier_no, more, id);
}

int matchtest_set_up(void **state) {
    int rc = dbtest_setup(state);
    struct ctx *c = matchtest_ctx(state);
    plugins = plugtest_start(c, BINARY_DIR "/plugins", "local_spend,vcfse");
    dbtest_run(
        c,
        "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) VALUES ('Alderwick', "
        "'Alderwick', '{E08000010}', 'Alder Council', 'a@example.org')");
    dbtest_run(
        c,
        "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 1AA', 'E08000010', 'E05000001')");
    dbtest_run(c,
               "INSERT INTO core.person (email, name, password_hash) VALUES ('a@example.org', 'Ash', '-'), "
               "('b@example.org', 'Birch', '-')");
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('council', 'anchor', 'Council'), "
                  "('hospital', 'anchor', 'Hospital')");
    dbtest_run(
        c,
        "INSERT INTO core.anchor (id, sort, address1, town, postcode, email) SELECT id, 'council', '', '', "
        "'WN1 1AA', '' FROM core.organisation");
    matchtest_supplier(c, "harrow", "Harrow Field Brickworks Ltd", "01234567", "", "", "WN1 1AA");
    matchtest_supplier(c, "linnet", "Linnet Court Trust", "", "1057671", "", "WN2 2BB");
    matchtest_supplier(c, "ostler", "Ostler & Daughters Limited", "07654321", "", "123456782", "M1 1AE");
    matchtest_act_as(c, 1);
    return rc;
}

int matchtest_tear_down(void **state) {
    plugtest_stop(&plugins, matchtest_ctx(state));
    return dbtest_teardown(state);
}

struct ctx *matchtest_ctx(void **state) {
    return ((struct dbtest *)*state)->c;
}

void matchtest_run(struct ctx *c) {
    assert_err(c, match_all(c, NULL, NULL), ERR_OK);
}

const char *matchtest_shown(struct ctx *c, int payee) {
    return dbtest_value(
        c,
        "SELECT p.match_state || ' ' || coalesce(o.ref, '-') || ' ' || p.match_rule FROM core.payee p "
        "LEFT JOIN core.organisation o ON o.id = p.supplier_id WHERE p.id = %d",
        payee);
}

const char *matchtest_proposed(struct ctx *c, int payee) {
    return dbtest_value(
        c,
        "SELECT coalesce(string_agg(coalesce(o.ref, nullif(q.company_number, ''), q.charity_number) || ' ' "
        "|| "
        "q.method || ' ' || q.score_milli, ', ' ORDER BY q.place), '') FROM core.payee_proposal q LEFT JOIN "
        "core.organisation o ON o.id = q.supplier_id WHERE q.payee_id = %d",
        payee);
}

int64_t matchtest_decision(struct ctx *c, int payee) {
    return strtoll(
        dbtest_value(c, "SELECT max(id) FROM core.payee_decision WHERE payee_id = %d AND undone_at IS NULL",
                     payee),
        NULL, 10);
}
