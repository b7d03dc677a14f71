// SPDX-License-Identifier: Apache-2.0
// Which payments stand in several files, against the rule in its plainest form: small files drawn at random,
// loaded over one another, taken back in any order.
#include "db/loadtest.h"

#include "base/day.h"
#include "base/strb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES      12
#define FILES      4
#define LINES_MOST 40
#define FILE_BYTES 8192

// ---- the rule -----------------------------------------------------------------------------------------

struct line {
    int64_t load, fy, no, pence;
    const char *payee, *day, *txn;
    bool counted, has_txn, months; // of the whole file: it has numbers; it knows only months in that year
};

#define LINES                                                                                                \
    "SELECT x.load_id, x.fy, x.line_no, p.match_name, x.paid_on::text AS day, x.amount_pence AS pence, "     \
    "coalesce(x.txn, '') AS txn, x.counted, l.has_txn, bool_and(x.flags & 1 = 1) OVER (PARTITION BY "        \
    "x.load_id, x.fy) AS months FROM core.spend_line x JOIN core.payee p ON p.id = x.payee_id "              \
    "JOIN core.spend_load l ON l.id = x.load_id ORDER BY x.load_id, x.line_no"

static size_t read_lines(struct ctx *c, struct line **ret) {
    struct rows *r;
    assert_err(c, db_rows_n(c, DBTEST_SQL("t_lines", LINES, 0, SQL_MANY), &r, 0, NULL), ERR_OK);
    size_t n = rows_count(r);
    *ret = arena_array(c->arena, n + 1, sizeof **ret);
    for (size_t i = 0; i < n; i++) {
        (*ret)[i] = (struct line){.load = row_i64(r, i, "load_id"),
                                  .fy = row_i64(r, i, "fy"),
                                  .no = row_i64(r, i, "line_no"),
                                  .pence = row_i64(r, i, "pence"),
                                  .payee = row_text(r, i, "match_name"),
                                  .day = row_text(r, i, "day"),
                                  .txn = row_text(r, i, "txn"),
                                  .counted = row_bool(r, i, "counted"),
                                  .has_txn = row_bool(r, i, "has_txn"),
                                  .months = row_bool(r, i, "months")};
    }
    return n;
}

// As two files see it that both may have numbers, and both may have days.
static bool alike(const struct line *a, const struct line *b, bool by_txn, bool by_month) {
    size_t chars = by_month ? strlen("2025-04") : strlen("2025-04-01");
    return a->fy == b->fy && a->pence == b->pence && strcmp(a->payee, b->payee) == 0 &&
           strncmp(a->day, b->day, chars) == 0 && (!by_txn || strcmp(a->txn, b->txn) == 0);
}

// The n-th of its kind in its file counts when no earlier file has n of them.
static bool should_count(const struct line *all, size_t n, const struct line *me) {
    for (size_t e = 0; e < n; e++) {
        const struct line *other = &all[e];
        bool by_txn = me->has_txn && other->has_txn, by_month = me->months || other->months;
        if (other->load >= me->load || other->fy != me->fy) {
            continue;
        }
        size_t place = 0, there = 0;
        for (size_t i = 0; i < n; i++) {
            bool same = alike(me, &all[i], by_txn, by_month);
            place += same && all[i].load == me->load && all[i].no <= me->no;
            there += same && all[i].load == other->load;
        }
        if (place <= there) {
            return false;
        }
    }
    return true;
}

static size_t twice; // lines that were found to stand in an earlier file

static void assert_rule(struct ctx *c, unsigned which) {
    struct line *all;
    size_t n = read_lines(c, &all);
    for (size_t i = 0; i < n; i++) {
        if (should_count(all, n, &all[i]) != all[i].counted) {
            fail_msg("case %u: line %lld of load %lld (%s, %s, %lld, '%s') counts: %d", which,
                     (long long)all[i].no, (long long)all[i].load, all[i].payee, all[i].day,
                     (long long)all[i].pence, all[i].txn, all[i].counted);
        }
        twice += !all[i].counted;
    }
    assert_number(c, UNTIED, 0);
    assert_number(c,
                  "SELECT count(*) FROM core.spend_load l WHERE same_lines <> (SELECT count(*) FROM "
                  "core.spend_line x WHERE x.load_id = l.id AND NOT x.counted)",
                  0);
}

// ---- files --------------------------------------------------------------------------------------------

static uint64_t seed;

static size_t draw(size_t n) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed >> 11) % n;
}

#define PICK(list) ((list)[draw(sizeof(list) / sizeof *(list))])

static const char *draw_file(struct ctx *c, bool has_days, bool has_txn) {
    static const char *const payees[] = {"Marl Lane Ltd", "MARL LANE LIMITED", "Thimble Row CIC", "Oddfield"};
    static const char *const days[] = {"30/03/2025", "31/03/2025", "01/04/2025", "02/04/2025", "29/04/2025"};
    static const char *const amounts[] = {"100.00", "100.00", "7.25", "-7.25"};
    static const char *const numbers[] = {"T1001", "T1002", "T1003"};
    bool has_own = draw(2) == 0; // the body's numbers of suppliers: payees of one name, told apart
    struct strb b;
    strb_init(&b, FILE_BYTES);
    strb_printf(&b, "Supplier Name%s%s%s,Net Amount\n", has_own ? ",Supplier Number" : "",
                has_days ? ",Payment Date" : "", has_txn ? ",Transaction Number" : "");
    for (size_t i = 5 + draw(LINES_MOST - 5); i > 0; i--) {
        strb_printf(&b, "%s", PICK(payees));
        if (has_own) {
            strb_printf(&b, ",S9%03zu", draw(3));
        }
        if (has_days) {
            strb_printf(&b, ",%s", PICK(days));
        }
        if (has_txn) {
            strb_printf(&b, ",%s", PICK(numbers));
        }
        strb_printf(&b, ",%s\n", PICK(amounts));
    }
    strb_printf(&b, "Quarry Bank%s%s%s,%zu.00\n", has_own ? ",S9999" : "", has_days ? ",02/04/2025" : "",
                has_txn ? ",T9" : "", 1000 + draw(100000)); // no two files are the same
    const char *text = arena_strdup(c->arena, b.p);
    strb_free(&b);
    return text;
}

static int32_t first_of(int month) {
    int32_t day = 0;
    assert_true(day_from_civil(2025, month, 1, &day));
    return day;
}

static const char *load_drawn(struct ctx *c, unsigned which, size_t i) {
    bool has_days = draw(4) != 0, has_txn = draw(2) == 0;
    struct load_orders o = loadtest_orders();
    struct load_summary s;
    const char *ref = NULL;
    o.file_name = arena_printf(c->arena, "%u-%zu.csv", which, i);
    o.month = has_days ? INT32_MIN : first_of(draw(2) ? 4 : 3);
    assert_err(c,
               loadtest_try(c, loadtest_file(c, o.file_name, draw_file(c, has_days, has_txn)), &o, &s, &ref),
               ERR_OK);
    return ref;
}

static void test_what_stands_in_several_files_is_what_the_plain_rule_says(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *empty = loadtest_everything(c);
    for (unsigned which = 0; which < CASES; which++) {
        const char *refs[FILES];
        seed = UINT64_C(0x9E3779B97F4A7C15) * (which + 1);
        for (size_t i = 0; i < FILES; i++) {
            refs[i] = load_drawn(c, which, i);
            assert_rule(c, which);
        }
        for (size_t left = FILES; left > 0; left--) { // in any order
            size_t i = draw(left);
            assert_err(c, load_take_back(c, refs[i]), ERR_OK);
            refs[i] = refs[left - 1];
            assert_rule(c, which);
        }
        assert_string_equal(loadtest_everything(c), empty);
    }
    assert_true(twice > 100);
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_what_stands_in_several_files_is_what_the_plain_rule_says),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
