// SPDX-License-Identifier: Apache-2.0
// Promises about workbooks: they open, hold typed values, and text in them stays text.
#include "render/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void a_workbook_holds_numbers_and_never_a_formula(void **state) {
    (void)state;
    char folder[] = "/tmp/anchorage-xlsx-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct arena *a = arena_new(1 << 20);
    struct table *t = table_new(a, "Payments");
    table_column(t, "who", "Payee", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_column(t, "on", "Day", CELL_DAY);
    table_row(t);
    table_text(t, "=HYPERLINK(\"http://x\")");
    table_i64(t, 123456);
    table_text(t, "2026-11-02");
    struct strb out;
    strb_init(&out, 1 << 20);
    assert_true(table_xlsx(t, folder, &out));
    assert_true(out.n > 4);
    assert_memory_equal(out.p, "PK\x03\x04", 4);
    strb_free(&out);
    arena_free(a);
    assert_int_equal(rmdir(folder), 0); // nothing is left behind
}

static void a_folder_that_is_not_there_is_a_failure_not_a_crash(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct table *t = table_new(a, "Nothing");
    table_column(t, "a", "A", CELL_TEXT);
    struct strb out;
    strb_init(&out, 1 << 20);
    assert_false(table_xlsx(t, "/nowhere/at/all", &out));
    assert_int_equal(out.n, 0);
    strb_free(&out);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workbook_holds_numbers_and_never_a_formula),
        cmocka_unit_test(a_folder_that_is_not_there_is_a_failure_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
