// SPDX-License-Identifier: Apache-2.0
// Every payments file of the shared data goes into a real database through the real plugin, with the totals
// that an independent reading of the same files found (CONTROL_TOTALS.csv). Skipped where the data is not
// present.
#include "db/loadtest.h"

#include "base/day.h"
#include "base/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 40

// Where we differ from the control totals, and why.
static const struct {
    const char *file;
    int64_t pence; // -1: the file is refused
    const char *why;
} others[] = {
    {"20111222GPC_OCT_2011TRAVELSTATIONERYCONTRACTS.csv", -1, "no table of payments"},
    {"salford_clean_2022-07.csv", -1, "a register of contracts"},
    {"craven_2017-03_footer_total_MISLABELLED_wigan.csv", 72658394, "its last row is a total, no payment"},
};

static const char *folder(void) {
    const char *set = getenv("ANCHORAGE_SHARED_DATA"); // only tests ask the environment
    return set && *set ? set : SOURCE_DIR "/../shared/data";
}

// "97400227.10", "53838452.43000000003555" to pence, halves away from zero.
static int64_t pence_of(const char *text) {
    bool below = *text == '-';
    char *end;
    int64_t pence = strtoll(text + below, &end, 10) * 100;
    if (*end == '.') {
        int64_t digit[3] = {0};
        for (int i = 0; i < 3 && end[1 + i] >= '0' && end[1 + i] <= '9'; i++) {
            digit[i] = end[1 + i] - '0';
        }
        pence += digit[0] * 10 + digit[1] + (digit[2] >= 5);
    }
    return below ? -pence : pence;
}

// Cells of a line of the control totals; quoted ones hold no quotes.
static size_t split(char *line, char *cells[], size_t most) {
    size_t n = 0;
    for (char *p = line; n < most; p++) {
        bool quoted = *p == '"';
        cells[n++] = p += quoted;
        p += strcspn(p, quoted ? "\"" : ",\r\n");
        if (quoted && *p) {
            *p++ = 0;
        }
        bool more = *p == ',';
        *p = 0;
        if (!more) {
            break;
        }
    }
    return n;
}

static int64_t wanted(const char *file, const char *sum, const char **why) {
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(others[i].file, file) == 0) {
            *why = others[i].why;
            return others[i].pence;
        }
    }
    *why = "";
    return pence_of(sum);
}

static void load_one(struct ctx *c, const char *file, const char *rows, const char *sum) {
    const char *path = arena_printf(c->arena, "%s/spend/%s", folder(), file), *why, *ref = NULL;
    char money[MONEY_TEXT_BYTES] = "refused";
    int64_t want = wanted(file, sum, &why);
    if (access(path, R_OK) != 0) {
        print_message("  %-56s skipped: not present\n", file);
        return;
    }
    struct load_orders o = loadtest_orders();
    struct load_summary s;
    o.file_name = file;
    o.overlap = OVERLAP_ALL; // two files of one body may share payments
    assert_true(day_parse("2014-06-01", &o.month));
    enum err e = loadtest_try(c, path, &o, &s, &ref);
    if (want == -1) {
        assert_int_equal(e, ERR_INVALID);
        assert_true(c->err_detail && *c->err_detail);
        print_message("  %-56s %8s %20s  %s\n", file, "", money, why);
        return;
    }
    assert_err(c, e, ERR_OK);
    money_format(s.total_pence, money);
    print_message("  %-56s %8lld %20s  %s\n", file, (long long)s.accepted, money, why);
    assert_int_equal(s.total_pence, want);
    if (!*why) {
        assert_int_equal(s.accepted, strtoll(rows, NULL, 10));
    }
    assert_number(
        c,
        arena_printf(
            c->arena,
            "SELECT sum(s.amount_pence)::bigint FROM core.spend_sum s JOIN core.spend_load l ON l.id = "
            "s.load_id WHERE l.ref = '%s'",
            ref),
        want);
}

static void test_every_shared_file_is_stored_with_its_control_total(void **state) {
    struct ctx *c = loadtest_ready(state);
    FILE *f = fopen(arena_printf(c->arena, "%s/spend/CONTROL_TOTALS.csv", folder()), "re");
    if (!f) {
        print_message("skipped: the shared payments files are not present\n");
        return;
    }
    char line[2000];
    size_t n = 0;
    assert_non_null(fgets(line, sizeof line, f)); // headings
    print_message("  %-56s %8s %20s\n", "file", "payments", "total");
    while (fgets(line, sizeof line, f) && n < FILES_MAX) {
        char *cells[32];
        size_t count = split(line, cells, 32);
        assert_true(count >= 19);
        load_one(c, cells[0], cells[10], cells[18]);
        n++;
    }
    fclose(f);
    assert_true(n >= 20);
    assert_number(c, UNTIED, 0);
    assert_number(c, "SELECT count(*) FROM core.payee WHERE redacted AND supplier_id IS NOT NULL", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_shared_file_is_stored_with_its_control_total, dbtest_setup,
                                        dbtest_teardown),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
