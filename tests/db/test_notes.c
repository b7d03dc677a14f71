// SPDX-License-Identifier: Apache-2.0
// Promises about notes of changes: they come when something changed, and only then.
#include "support/dbtest.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct heard {
    int notices, others;
};

static void on_note(void *arg, const char *channel, const char *payload) {
    struct heard *h = arg;
    (void)channel;
    if (strcmp(payload, "notice") == 0) {
        h->notices++;
    } else {
        h->others++;
    }
}

static void an_update_that_changes_no_row_wakes_nobody(void **state) {
    struct dbtest *t = *state;
    static const char *const channels[] = {"anchorage_changed", NULL};
    struct db_listener *l;
    assert_int_equal(db_listener_open(t->conninfo, channels, &l), ERR_OK);
    struct rows *r;
    struct heard h = {0, 0};
    assert_int_equal(DB_ROWS(t->c, notice_close_due, &r), ERR_OK);
    assert_int_equal(rows_count(r), 0);
    // A note of our own marks the end: whatever the update had sent would have come before it.
    assert_int_equal(DB_EXEC(t->c, mail_add, NULL, "a@example.org", "s", "t", "h", "id"), ERR_OK);
    while (h.others == 0) {
        assert_int_equal(db_listener_wait(l, 5000, on_note, &h), ERR_OK);
    }
    assert_int_equal(h.notices, 0);
    db_listener_close(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_update_that_changes_no_row_wakes_nobody, dbtest_setup,
                                        dbtest_teardown),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
