// SPDX-License-Identifier: Apache-2.0
// Payments for tests, put into the tables as a load puts them, without a file.
#include "support/payments.h"

#include "base/day.h"

void payments_add_load(struct ctx *c, const char *ref, const char *anchor) {
    dbtest_run(c,
               "INSERT INTO core.spend_load (ref, anchor_id, file_name, sha256, layout, accepted, rejected, "
               "undated, total_pence) SELECT '%s', id, '%s.csv', '%s', 'plain', 0, 0, 0, 0 FROM "
               "core.organisation WHERE ref = '%s'",
               ref, ref, ref, anchor);
}

const char *payments_add_payee(struct ctx *c, const char *name, const char *state, const char *more) {
    const char *id = dbtest_value(c,
                                  "INSERT INTO core.payee (match_name, name, match_state) VALUES "
                                  "(upper('%s'), '%s', '%s') RETURNING id",
                                  name, name, state);
    if (*more) {
        dbtest_run(c, "UPDATE core.payee SET %s WHERE id = %s", more, id);
    }
    return id;
}

static void add_table(struct ctx *c, const char *load, int year) {
    dbtest_run(c,
               "CREATE TABLE IF NOT EXISTS core.spend_line_%d PARTITION OF core.spend_line FOR VALUES IN "
               "(%d) PARTITION BY LIST (load_id)",
               year, year);
    dbtest_run(c,
               "CREATE TABLE IF NOT EXISTS core.spend_line_%d_%s PARTITION OF core.spend_line_%d FOR VALUES "
               "IN (%s)",
               year, load, year, load);
}

void payments_add(struct ctx *c, const struct test_payment *p) {
    int32_t day = 0;
    assert_true(day_parse(p->day, &day));
    int year = financial_year(day);
    const char *load = dbtest_value(c, "SELECT id FROM core.spend_load WHERE ref = '%s'", p->load);
    add_table(c, load, year);
    dbtest_run(c, "INSERT INTO core.spend_label (id, category, purpose, department) VALUES (1, 'Catering', "
                  "'Lunches', 'Adults') ON CONFLICT DO NOTHING");
    dbtest_run(c,
               "INSERT INTO core.spend_line (fy, load_id, line_no, payee_id, label_id, paid_on, flow, flags, "
               "counted, amount_pence) SELECT %d, %s, 1 + (SELECT count(*) FROM core.spend_line WHERE "
               "load_id = %s), %s, 1, '%s', %d, 0, %s, %lld",
               year, load, load, p->payee, p->day, p->flow, p->not_counted ? "false" : "true", p->pence);
    dbtest_run(
        c,
        "INSERT INTO core.spend_leaf (load_id, fy, lines) VALUES (%s, %d, 1) ON CONFLICT (load_id, fy) "
        "DO UPDATE SET lines = core.spend_leaf.lines + 1, no = nextval('core.spend_leaf_no')",
        load, year);
    dbtest_run(c, "DELETE FROM core.spend_sum WHERE load_id = %s", load);
    dbtest_run(c,
               "INSERT INTO core.spend_sum (load_id, fy, payee_id, flow, amount_pence, line_count, "
               "credit_pence) SELECT load_id, fy, payee_id, flow, sum(amount_pence), count(*), "
               "coalesce(sum(amount_pence) FILTER (WHERE amount_pence < 0), 0) FROM core.spend_line WHERE "
               "load_id = %s AND counted GROUP BY 1, 2, 3, 4",
               load);
}
