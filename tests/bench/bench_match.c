// SPDX-License-Identifier: Apache-2.0
// Matching against PostgreSQL: payees a second through all rules against 50,000 suppliers, index made anew
// each time, and the same payees joined in SQL on the normalised name alone. Prints "payees<TAB>ours
// ms<TAB>SQL ms" a round.
#include "base/clock.h"
#include "plugin/payments.h"
#include "spend/match.h"
#include "support/dbtest.h"
#include "support/plugtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUPPLIERS 50000
#define PAYEES    20000
#define ROUNDS    5

static const char *const fronts[] = {"Alder",   "Bramble", "Curlew", "Dunlin",  "Elder",   "Fallow",
                                     "Gorse",   "Hazel",   "Ibis",   "Juniper", "Kestrel", "Linnet",
                                     "Mallard", "Nettle",  "Ostler", "Plover",  "Quince",  "Rowan",
                                     "Sedge",   "Teasel",  "Umber",  "Vetch",   "Wren",    "Yarrow"};
static const char *const middles[] = {"brook", "bank",  "croft", "dale",  "field", "gate",  "hurst",
                                      "lea",   "mere",  "moss",  "ridge", "stead", "thorn", "wick",
                                      "wood",  "worth", "holme", "shaw",  "cliff", "ford"};
static const char *const trades[] = {"Roofing",    "Catering", "Homecare",  "Transport", "Cleaning",
                                     "Electrical", "Training", "Signs",     "Plumbing",  "Security",
                                     "Printing",   "Joinery",  "Fostering", "Surveyors"};
static const char *const places[] = {
    "", "", "", "(Wigan)", "North West", "(UK)", "of Leigh", "& Daughters", "Group"};
static const char *const forms[] = {"Ltd", "Limited", "LLP", "CIC", "plc", "Ltd."};

#define PICK(list, n) ((list)[(n) % (sizeof(list) / sizeof *(list))])

static uint32_t mixed(uint32_t n) {
    n = (n ^ 61) ^ (n >> 16);
    n *= 9;
    n ^= n >> 4;
    n *= 0x27d4eb2d;
    return n ^ n >> 15;
}

// Names are made of five parts that the number decides, so that each is another one.
static void name_of(uint32_t i, const char *form, char out[128]) {
    snprintf(out, 128, "%s%s %s %s%s%s", PICK(fronts, i), PICK(middles, i / 24), PICK(trades, i / 480),
             PICK(places, i / 6720), *PICK(places, i / 6720) ? " " : "", form);
}

static void add(struct ctx *c, const struct sql *q, size_t n, size_t columns, const char **cells[]) {
    const char *p[8];
    for (size_t i = 0; i < columns; i++) {
        p[i] = db_array(c->arena, n, cells[i]);
    }
    assert_err(c, db_exec_n(c, q, NULL, columns, p), ERR_OK);
}

static void add_suppliers(struct ctx *c, struct provider *matcher) {
    const char **cells[4];
    struct anc_party *in = arena_array(c->arena, SUPPLIERS, sizeof *in),
                     *out = arena_array(c->arena, SUPPLIERS, sizeof *out);
    for (size_t k = 0; k < 4; k++) {
        cells[k] = arena_array(c->arena, SUPPLIERS, sizeof **cells);
    }
    for (uint32_t i = 0; i < SUPPLIERS; i++) {
        char name[128];
        name_of(i, PICK(forms, mixed(i)), name);
        in[i] = (struct anc_party){.size = sizeof *in, .name = arena_strdup(c->arena, name)};
    }
    assert_err(c, matcher_read_many(c, matcher, in, SUPPLIERS, out), ERR_OK);
    for (uint32_t i = 0; i < SUPPLIERS; i++) {
        cells[0][i] = arena_i64(c->arena, i + 1);
        cells[1][i] = in[i].name;
        cells[2][i] = out[i].key;
        cells[3][i] = arena_printf(c->arena, "%08u", 1000000 + i);
    }
    add(c,
        DBTEST_SQL("bench_orgs",
                   "INSERT INTO core.organisation (id, ref, kind, name) OVERRIDING SYSTEM VALUE SELECT i, "
                   "'b' || i, 'supplier', n "
                   "FROM unnest($1::bigint[], $2::text[]) AS t (i, n)",
                   2, SQL_NONE),
        SUPPLIERS, 2, cells);
    const char **some[] = {cells[0], cells[2], cells[3]};
    add(c,
        DBTEST_SQL("bench_suppliers",
                   "INSERT INTO core.supplier (id, match_name, postcode, company_number) SELECT i, k, 'WN1 "
                   "1AA', n FROM "
                   "unnest($1::bigint[], $2::text[], $3::text[]) AS t (i, k, n)",
                   3, SQL_NONE),
        SUPPLIERS, 3, some);
}

// Of a hundred payees forty have a supplier's name in another dress (ten of them its postcode), fifteen its
// company number, ten a letter that is wrong, the rest are nobody here.
static void add_payees(struct ctx *c, struct provider *matcher) {
    const char **cells[5];
    struct anc_party *in = arena_array(c->arena, PAYEES, sizeof *in),
                     *out = arena_array(c->arena, PAYEES, sizeof *out);
    for (size_t k = 0; k < 5; k++) {
        cells[k] = arena_array(c->arena, PAYEES, sizeof **cells);
    }
    for (uint32_t i = 0; i < PAYEES; i++) {
        uint32_t kind = mixed(i) % 100, who = mixed(i + 777777) % SUPPLIERS;
        char name[128];
        name_of(kind < 65 ? who : who + 7 * SUPPLIERS, kind % 2 ? "LTD" : "Limited", name);
        if (kind >= 55 && kind < 65) {
            name[4] = name[4] == 'e' ? 'a' : 'e';
        }
        if (kind >= 65) {
            name[0] = 'X';
            name[3] = 'q';
        }
        cells[0][i] = arena_i64(c->arena, i + 1);
        cells[1][i] = arena_strdup(c->arena, name);
        cells[3][i] = kind >= 40 && kind < 55 ? arena_printf(c->arena, "%08u", 1000000 + who) : "";
        cells[4][i] = kind < 10 ? "WN1 1AA" : "";
        in[i] = (struct anc_party){.size = sizeof *in, .name = cells[1][i]};
    }
    assert_err(c, matcher_read_many(c, matcher, in, PAYEES, out), ERR_OK);
    for (uint32_t i = 0; i < PAYEES; i++) {
        cells[2][i] = out[i].key;
    }
    add(c,
        DBTEST_SQL(
            "bench_payees",
            "INSERT INTO core.payee (id, name, match_name, ident, company_number, postcode) SELECT i, n, k, "
            "i::text, c, p "
            "FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) AS t (i, n, k, c, p)",
            5, SQL_NONE),
        PAYEES, 5, cells);
    dbtest_run(c, "ANALYZE");
}

static double ms_since(int64_t usec) {
    return (double)(clock_monotonic_usec() - usec) / 1000;
}

static void test_matching(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct plugtest plugins = plugtest_start(c, BINARY_DIR "/plugins", "local_spend");
    struct provider matcher;
    int64_t *ids = calloc(PAYEES, sizeof *ids), tied = 0, review = 0;
    assert_non_null(ids);
    assert_err(c, db_limit_ms(c->db, 0), ERR_OK);
    assert_err(c, matcher_find(c, &matcher), ERR_OK);
    add_suppliers(c, &matcher);
    add_payees(c, &matcher);
    for (int i = 0; i < PAYEES; i++) {
        ids[i] = i + 1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        assert_err(c, db_begin(c), ERR_OK);
        int64_t begun = clock_monotonic_usec();
        assert_err(c, match_payees(c, PAYEES, ids, &tied, &review), ERR_OK);
        double ours = ms_since(begun);
        db_rollback(c);
        assert_err(c, db_begin(c), ERR_OK);
        begun = clock_monotonic_usec();
        dbtest_run(c, "UPDATE core.payee p SET supplier_id = s.id, match_state = 'tied', match_rule = "
                      "'exact_name' FROM "
                      "core.supplier s WHERE p.match_name = s.match_name AND NOT EXISTS (SELECT FROM "
                      "core.supplier o WHERE "
                      "o.match_name = s.match_name AND o.id <> s.id)");
        double sql = ms_since(begun);
        db_rollback(c);
        printf("%d\t%.1f\t%.1f\n", PAYEES, ours, sql);
    }
    fprintf(stderr, "%lld tied, %lld for a person to look at, of %d payees against %d suppliers\n",
            (long long)tied, (long long)review, PAYEES, SUPPLIERS);
    free(ids);
    plugtest_stop(&plugins, c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_matching, dbtest_setup, dbtest_teardown)};
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
