// SPDX-License-Identifier: Apache-2.0
// Real published files, where they are present: rows and pence against control totals made by another parser.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount.h"
#include "base/csv.h"
#include "spend_runner.h"

enum { PATH_BYTES = 1024, CONTROL_FILES = 64 };

struct loaded {
    char *p;
    size_t n;
};

struct control {
    char file[128];
    char rows[24], sum[48], redacted[24], negative[24];
};

struct controls {
    struct control of[CONTROL_FILES];
    size_t n;
};

static bool shared_path(char out[PATH_BYTES], const char *folder, const char *file) {
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    int n = snprintf(out, PATH_BYTES, "%s/%s/%s", root && *root ? root : "../shared/data", folder, file);
    return n > 0 && n < PATH_BYTES;
}

static bool load(const char *folder, const char *file, struct loaded *ret) {
    char path[PATH_BYTES];
    FILE *f = shared_path(path, folder, file) ? fopen(path, "rb") : NULL;
    *ret = (struct loaded){.p = NULL};
    if (!f) {
        return false;
    }
    if (fseek(f, 0, SEEK_END) == 0 && ftell(f) > 0) {
        ret->n = (size_t)ftell(f);
        ret->p = malloc(ret->n);
        rewind(f);
        assert_non_null(ret->p);
        assert_int_equal(fread(ret->p, 1, ret->n, f), ret->n);
    }
    fclose(f);
    return ret->p != NULL;
}

static bool on_control(void *user, const struct csv_row *row) {
    struct controls *c = user;
    if (row->number == 1 || row->count < 19) {
        return true;
    }
    assert_true(c->n < CONTROL_FILES);
    struct control *one = &c->of[c->n++];
    snprintf(one->file, sizeof one->file, "%s", row->cells[0]);
    snprintf(one->rows, sizeof one->rows, "%s", row->cells[10]);
    snprintf(one->negative, sizeof one->negative, "%s", row->cells[14]);
    snprintf(one->redacted, sizeof one->redacted, "%s", row->cells[16]);
    snprintf(one->sum, sizeof one->sum, "%s", row->cells[18]);
    return true;
}

// The control sums are decimals; one shows float residue far below a penny.
static int64_t pence_of(const char *sum) {
    int64_t pence = 0;
    unsigned how;
    assert_int_equal(spend_amount_read(sum, &pence, &how), AMOUNT_OK);
    return pence;
}

static void compare(const struct control *c, const struct run *r, uint64_t rows, int64_t pence) {
    const struct reading_tally *t = &r->file.tally;
    uint64_t problems = 0;
    for (int v = VERDICT_NO_AMOUNT; v < VERDICT_COUNT; v++) {
        problems += t->verdicts[v];
    }
    if (t->verdicts[VERDICT_LINE] != rows || t->sum_pence != pence) {
        print_message("%s: %llu rows, %lld pence\n", c->file, (unsigned long long)t->verdicts[VERDICT_LINE],
                      (long long)t->sum_pence);
    }
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(t->verdicts[VERDICT_LINE], rows);
    assert_int_equal(t->sum_pence, pence);
    assert_int_equal(problems, 0);
    if (c->negative[0]) {
        assert_int_equal(t->negative, strtoull(c->negative, NULL, 10));
    }
}

static void check_file(const struct control *c) {
    struct loaded b;
    if (!load("spend", c->file, &b)) {
        print_message("skipped: %s not present\n", c->file);
        return;
    }
    if (strstr(c->file, ".zip")) {
        free(b.p);
        return; // tests/plugins reads it through the house's own reader
    }
    const struct run *r = run_file(b.p, b.n, c->file);
    if (c->rows[0] == 0) {
        assert_int_equal(r->refusal, REFUSED_NO_TABLE);
    } else if (strstr(c->file, "salford_clean_2022-07")) {
        assert_int_equal(r->refusal, REFUSED_REGISTER); // not payments, whatever a naive reader adds up
    } else if (strstr(c->file, "craven")) {
        compare(c, r, 171, 72658394); // the 172nd row of the naive reader is the total of the others
        assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 1);
        assert_true(r->file.tally.total_agrees);
    } else {
        compare(c, r, strtoull(c->rows, NULL, 10), pence_of(c->sum));
    }
    free(b.p);
}

static void test_every_published_file_ties_to_its_control_total(void **state) {
    (void)state;
    static struct controls controls;
    struct loaded b;
    if (!load("spend", "CONTROL_TOTALS.csv", &b)) {
        print_message("skipped: shared data (spend/CONTROL_TOTALS.csv) not present\n");
        skip();
    }
    struct csv_reader *csv = csv_open(NULL, on_control, &controls);
    csv_feed(csv, b.p, b.n);
    assert_int_equal(csv_finish(csv), CSV_OK);
    csv_close(csv);
    free(b.p);
    assert_true(controls.n >= 22);
    for (size_t i = 0; i < controls.n; i++) {
        check_file(&controls.of[i]);
    }
}

static void check_gold(const char *file, uint64_t rows, int64_t pence) {
    struct loaded b;
    if (!load("gold", file, &b)) {
        print_message("skipped: gold/%s not present\n", file);
        return;
    }
    const struct run *r = run_file(b.p, b.n, file);
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], rows);
    assert_int_equal(r->file.tally.sum_pence, pence);
    free(b.p);
}

static void test_whole_years_tie_to_their_published_totals(void **state) {
    (void)state;
    check_gold("bolton_2019.csv", 17035, INT64_C(17531734801));
    check_gold("salford_2019.csv", 16793, INT64_C(32717254977));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_published_file_ties_to_its_control_total),
        cmocka_unit_test(test_whole_years_tie_to_their_published_totals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
