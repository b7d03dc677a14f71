// SPDX-License-Identifier: Apache-2.0
// Loading payments into real tables through the real plugin: what ties, what is refused, what is taken back.
#include "support/dbtest.h"

#include "base/day.h"
#include "domain/spend.h"
#include "plugin/host.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DATA SOURCE_DIR "/tests/data/spend/"

static struct plugin_host *plugins;
static char copies[64];

static int group_up(void **state) {
    if (dbtest_group_setup(state) != 0) {
        return -1;
    }
    snprintf(copies, sizeof copies, "/tmp/anchorage-test-XXXXXX");
    if (!mkdtemp(copies)) {
        return -1;
    }
    plugins = plugin_host_read(BINARY_DIR "/plugins", "local_spend");
    plugin_host_check(plugins, copies, NULL);
    plugin_host_start(plugins, NULL);
    return 0;
}

static int group_down(void **state) {
    plugin_host_close(plugins);
    DIR *d = opendir(copies);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", copies, e->d_name);
        unlink(path);
    }
    if (d) {
        closedir(d);
    }
    rmdir(copies);
    return dbtest_group_teardown(state);
}

static void add_anchor(struct ctx *c, const char *ref, const char *name) {
    dbtest_run(
        c,
        "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'anchor', '%s') "
        "RETURNING id) "
        "INSERT INTO core.anchor (id, sort, address1, town, postcode, email) "
        "SELECT id, 'council', 'Town Hall', 'Exampleton', 'WN1 1AA', 'buy@example.org' FROM o RETURNING id",
        ref, name);
}

static void add_supplier(struct ctx *c, const char *ref, const char *match, const char *company,
                         const char *charity, bool local, const char *vcfse) {
    dbtest_run(
        c,
        "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', '%s') "
        "RETURNING id), "
        "s AS (INSERT INTO core.supplier (id, match_name, postcode, company_number, charity_number, "
        "is_local, lad_code) "
        "SELECT id, '%s', 'WN1 1AA', '%s', '%s', %s, 'E08000010' FROM o RETURNING id) "
        "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, decided_at) "
        "SELECT id, 'vcfse', 'vcfse', '%s', 50, 'because', now() FROM s RETURNING tag",
        ref, match, match, company, charity, local ? "true" : "false", vcfse);
}

static struct ctx *ready(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    c->plugins = plugin_host_now(plugins);
    c->actor.perms |= 1u << PERM_OFFICER;
    add_anchor(c, "council", "Exampleton Council");
    add_anchor(c, "hospital", "Exampleton Hospital");
    return c;
}

static enum err load_as(struct ctx *c, const char *anchor, const char *path, int32_t month,
                        struct spend_summary *s, const char **ref) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    enum err e = spend_load(c, anchor, fd, "payments.csv", month, s, ref, NULL, NULL);
    close(fd);
    return e;
}

static const char *load(struct ctx *c, const char *anchor, const char *file) {
    struct spend_summary s;
    const char *ref = NULL;
    assert_err(c, load_as(c, anchor, arena_printf(c->arena, DATA "%s", file), INT32_MIN, &s, &ref), ERR_OK);
    return ref;
}

static int64_t number(struct ctx *c, const char *sql) {
    return strtoll(dbtest_value(c, "%s", sql), NULL, 10);
}

#define SUM_OF_LINES "SELECT coalesce(sum(amount_pence), 0)::bigint FROM core.payment"
#define SUM_OF_CELLS "SELECT coalesce(sum(amount_pence), 0)::bigint FROM core.spend_cell"

// ---- loading ------------------------------------------------------------------------------------------

static void test_lines_cells_and_the_load_tie_to_the_penny(void **state) {
    struct ctx *c = ready(state);
    load(c, "council", "four_columns.csv");
    assert_int_equal(number(c, SUM_OF_LINES), 11685060);
    assert_int_equal(number(c, SUM_OF_CELLS), 11685060);
    assert_int_equal(number(c, "SELECT total_pence FROM core.spend_load"), 11685060);
    assert_int_equal(number(c, "SELECT count(*) FROM core.payment"), 9);
    assert_int_equal(number(c, "SELECT sum(line_count) FROM core.spend_cell"), 9);
    assert_int_equal(number(c, "SELECT rejected FROM core.spend_load"), 1);
    assert_int_equal(number(c, "SELECT count(*) FROM core.spend_problem"), 1);
}

static void test_the_financial_year_changes_between_31_march_and_1_april(void **state) {
    struct ctx *c = ready(state);
    load(c, "council", "four_columns.csv");
    assert_int_equal(number(c, "SELECT sum(amount_pence) FROM core.spend_cell WHERE fy = 2024"), 48055);
    assert_int_equal(number(c, "SELECT sum(amount_pence) FROM core.spend_cell WHERE fy = 2025"), 11637005);
    assert_int_equal(
        number(c, "SELECT count(*) FROM core.payment WHERE paid_on = '2026-03-31' AND fy = 2025"), 1);
}

static void test_a_credit_is_taken_off_its_payee(void **state) {
    struct ctx *c = ready(state);
    load(c, "council", "four_columns.csv");
    assert_int_equal(
        number(c, "SELECT amount_pence FROM core.spend_cell s JOIN core.payee p ON p.id = s.payee_id "
                  "WHERE p.name LIKE 'Thimble%'"),
        231040 - 11040);
    assert_int_equal(number(c, "SELECT negative FROM core.spend_load"), 1);
}

static void test_the_same_file_twice_is_refused_and_changes_nothing(void **state) {
    struct ctx *c = ready(state);
    load(c, "council", "four_columns.csv");
    struct spend_summary s;
    const char *ref = NULL;
    assert_err(c, load_as(c, "council", DATA "four_columns.csv", INT32_MIN, &s, &ref), ERR_CONFLICT);
    assert_string_equal(c->err_field, "file");
    assert_null(ref);
    assert_int_equal(number(c, SUM_OF_LINES), 11685060);
    assert_int_equal(number(c, SUM_OF_CELLS), 11685060);
}

static void test_another_public_body_may_load_the_same_file(void **state) {
    struct ctx *c = ready(state);
    load(c, "council", "four_columns.csv");
    load(c, "hospital", "four_columns.csv");
    assert_int_equal(number(c, SUM_OF_CELLS), 2 * 11685060);
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee"), 6); // payees are shared
}

static void test_a_file_without_dates_needs_a_month(void **state) {
    struct ctx *c = ready(state);
    struct spend_summary s;
    const char *ref = NULL;
    int32_t month;
    assert_err(c, load_as(c, "council", DATA "no_dates.csv", INT32_MIN, &s, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "month");
    assert_int_equal(number(c, "SELECT count(*) FROM core.spend_load"), 0);
    assert_true(day_parse("2025-11-01", &month));
    assert_err(c, load_as(c, "council", DATA "no_dates.csv", month, &s, &ref), ERR_OK);
    assert_int_equal(
        number(c, "SELECT count(*) FROM core.payment WHERE paid_on = '2025-11-01' AND fy = 2025"), 2);
    assert_int_equal(number(c, "SELECT undated FROM core.spend_load"), 2);
}

static void test_an_unknown_public_body_is_a_sentence_beside_its_field(void **state) {
    struct ctx *c = ready(state);
    struct spend_summary s;
    const char *ref = NULL;
    assert_err(c, load_as(c, "nobody", DATA "four_columns.csv", INT32_MIN, &s, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "anchor");
}

static void test_only_officers_load_and_take_back(void **state) {
    struct ctx *c = ready(state);
    const char *ref = load(c, "council", "four_columns.csv");
    c->actor.perms = 1u << PERM_BUYER;
    struct spend_summary s;
    const char *other = NULL;
    assert_err(c, load_as(c, "hospital", DATA "four_columns.csv", INT32_MIN, &s, &other), ERR_DENIED);
    assert_err(c, spend_unload(c, ref), ERR_DENIED);
    assert_int_equal(number(c, SUM_OF_LINES), 11685060);
}

static void test_a_failure_in_the_middle_leaves_nothing(void **state) {
    struct ctx *c = ready(state);
    dbtest_run(c, "ALTER TABLE core.spend_cell ADD CHECK (amount_pence < 5000000)"); // one payee has more
    struct spend_summary s;
    const char *ref = NULL;
    assert_int_not_equal(load_as(c, "council", DATA "four_columns.csv", INT32_MIN, &s, &ref), ERR_OK);
    assert_null(ref);
    assert_int_equal(db_depth(c->db), 0);
    assert_int_equal(
        number(c, "SELECT (SELECT count(*) FROM core.spend_load) + (SELECT count(*) FROM core.payment) + "
                  "(SELECT count(*) FROM core.payee) + (SELECT count(*) FROM core.spend_cell) + "
                  "(SELECT count(*) FROM core.spend_problem) + (SELECT count(*) FROM core.audit)"),
        0);
}

// ---- matching -----------------------------------------------------------------------------------------

static void test_payees_are_tied_to_suppliers_by_name(void **state) {
    struct ctx *c = ready(state);
    add_supplier(c, "plumb", "MARL LANE PLUMBING", "", "", true, "no");
    load(c, "council", "four_columns.csv");
    // Both spellings of the file are one payee.
    assert_int_equal(
        number(c, "SELECT sum(s.amount_pence) FROM core.spend_cell s JOIN core.payee p ON p.id = s.payee_id "
                  "WHERE p.match_rule = 'same name'"),
        48055 + 125000);
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee WHERE supplier_id IS NOT NULL"), 1);
}

static void test_payees_are_tied_to_suppliers_by_register_number_whatever_their_name(void **state) {
    struct ctx *c = ready(state);
    add_supplier(c, "salt", "SALTWAY", "01234567", "", true, "no");
    add_supplier(c, "lantern", "LANTERN", "", "1098765", true, "yes");
    load(c, "council", "numbers.csv");
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee WHERE match_rule = 'register number'"), 2);
    assert_int_equal(number(c, "SELECT sum(amount_pence) FROM api.spend WHERE vcfse = 'yes'"), 40000);
}

static void test_two_suppliers_of_one_name_are_left_for_a_person(void **state) {
    struct ctx *c = ready(state);
    add_supplier(c, "plumb1", "MARL LANE PLUMBING", "", "", true, "no");
    add_supplier(c, "plumb2", "MARL LANE PLUMBING", "", "", false, "no");
    load(c, "council", "four_columns.csv");
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee WHERE supplier_id IS NOT NULL"), 0);
}

static void test_a_supplier_that_registers_later_is_tied_then(void **state) {
    struct ctx *c = ready(state);
    load(c, "council", "four_columns.csv");
    add_supplier(c, "coach", "QUARRY BANK COACHES", "", "", true, "no");
    int64_t matched = 0;
    assert_err(c, payee_match_all(c, &matched), ERR_OK);
    assert_int_equal(matched, 1);
}

static void test_a_hidden_name_is_never_tied_to_anybody(void **state) {
    struct ctx *c = ready(state);
    add_supplier(c, "trap1", "(name hidden)", "", "", true, "yes");
    add_supplier(c, "trap2", "REDACTED PERSONAL DATA", "", "", true, "yes");
    load(c, "council", "four_columns.csv");
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee WHERE redacted AND supplier_id IS NULL"), 1);
    assert_int_equal(number(c, "SELECT amount_pence FROM api.spend WHERE redacted"), 84500);
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee WHERE supplier_id IS NOT NULL"), 0);
}

// ---- taking back --------------------------------------------------------------------------------------

// All that loads leave behind, as one text; ids left out.
static const char *everything(struct ctx *c) {
    return dbtest_value(
        c, "SELECT coalesce((SELECT string_agg(concat_ws('|', s.fy, s.anchor_id, p.match_name, "
           "s.amount_pence, s.line_count), ';' "
           "ORDER BY s.fy, s.anchor_id, p.match_name) FROM core.spend_cell s JOIN core.payee p ON p.id = "
           "s.payee_id), '') || '#' || "
           "coalesce((SELECT string_agg(concat_ws('|', t.line_no, p.match_name, t.paid_on, t.amount_pence, "
           "t.category), ';' "
           "ORDER BY t.load_id, t.line_no) FROM core.payment t JOIN core.payee p ON p.id = t.payee_id), '') "
           "|| '#' || "
           "coalesce((SELECT string_agg(match_name, ';' ORDER BY match_name) FROM core.payee), '') || '#' || "
           "(SELECT count(*) FROM core.spend_problem) || '#' || (SELECT count(*) FROM core.spend_load)");
}

static void test_taking_a_load_back_leaves_exactly_what_was_there_before(void **state) {
    struct ctx *c = ready(state);
    const char *empty = everything(c);
    const char *first = load(c, "council", "numbers.csv");
    load(c, "hospital", "four_columns.csv");
    const char *before = everything(c);
    const char *ref = load(c, "council", "four_columns.csv");
    assert_string_not_equal(everything(c), before);
    assert_err(c, spend_unload(c, ref), ERR_OK);
    assert_string_equal(everything(c), before);
    assert_err(c, spend_unload(c, first), ERR_OK);
    assert_err(c, spend_unload(c, dbtest_value(c, "SELECT ref FROM core.spend_load")), ERR_OK);
    assert_string_equal(everything(c), empty);
    assert_int_equal(number(c, "SELECT count(*) FROM core.audit WHERE action = 'spend.unload'"), 3);
}

static void test_after_taking_back_the_same_file_may_be_loaded_again(void **state) {
    struct ctx *c = ready(state);
    assert_err(c, spend_unload(c, load(c, "council", "four_columns.csv")), ERR_OK);
    load(c, "council", "four_columns.csv");
    assert_int_equal(number(c, SUM_OF_CELLS), 11685060);
}

static void test_taking_back_what_is_not_there_is_not_found(void **state) {
    struct ctx *c = ready(state);
    assert_err(c, spend_unload(c, "nothing"), ERR_NOT_FOUND);
}

// ---- many ---------------------------------------------------------------------------------------------

static const char *made_file(struct ctx *c, int payees, int lines) {
    const char *path = arena_printf(c->arena, "%s/made-%d.csv", copies, payees);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs("Beneficiary,Date,Merchant Category,Amount (Net of VAT)\n", f);
    for (int i = 0; i < lines; i++) {
        fprintf(f, "Works %d Ltd,%02d/05/2025,Goods,%d.%02d\n", i % payees, i % 28 + 1, i % 900, i % 100);
    }
    fclose(f);
    return path;
}

static void test_a_file_of_more_payees_than_one_batch_ties_too(void **state) {
    struct ctx *c = ready(state);
    struct spend_summary s;
    const char *ref;
    assert_err(c, load_as(c, "council", made_file(c, 11003, 23000), INT32_MIN, &s, &ref), ERR_OK);
    assert_int_equal(s.accepted, 23000);
    assert_int_equal(number(c, SUM_OF_LINES), s.total_pence);
    assert_int_equal(number(c, SUM_OF_CELLS), s.total_pence);
    assert_int_equal(number(c, "SELECT count(*) FROM core.payee"), 11003);
    dbtest_run(c, "ANALYZE core.payment, core.spend_cell, core.payee");
    assert_err(c, spend_unload(c, ref), ERR_OK);
    assert_int_equal(
        number(c, "SELECT (SELECT count(*) FROM core.payment) + (SELECT count(*) FROM core.payee) + "
                  "(SELECT count(*) FROM core.spend_cell)"),
        0);
}

struct other {
    struct ctx *c;
    enum err e;
};

static void *load_beside(void *arg) {
    struct other *o = arg;
    struct spend_summary s;
    const char *ref;
    o->e = load_as(o->c, "hospital", DATA "four_columns.csv", INT32_MIN, &s, &ref);
    return NULL;
}

static void test_who_listens_is_told_of_a_load_once_it_is_stored(void **state) {
    struct ctx *c = ready(state);
    dbtest_run(
        c, "INSERT INTO core.plugin (id, events) VALUES ('listener', 1::bigint << 13), ('other', 1 << 4)");
    const char *ref = load(c, "council", "four_columns.csv");
    assert_string_equal(
        dbtest_value(c, "SELECT kind || ' ' || ref || ' ' || name || ' ' || anchor_ref || ' ' || "
                        "supplier_ref || ' ' || amount_pence FROM core.happening"),
        arena_printf(c->arena, "13 %s payments.csv council  11685060", ref));
    assert_string_equal(dbtest_value(c, "SELECT string_agg(plugin, ',') FROM core.happening_due"),
                        "listener");
    struct spend_summary sum;
    const char *again;
    assert_err(c, load_as(c, "council", DATA "four_columns.csv", INT32_MIN, &sum, &again), ERR_CONFLICT);
    assert_int_equal(number(c, "SELECT count(*) FROM core.happening"), 1);
}

static void test_two_loads_at_once_wait_for_each_other(void **state) {
    struct dbtest *t = *state;
    struct ctx *c = ready(state);
    struct other o = {.c = dbtest_new_ctx(t), .e = ERR_BUG};
    o.c->actor.perms |= 1u << PERM_OFFICER;
    o.c->plugins = c->plugins;
    assert_err(c, db_begin(c), ERR_OK);
    load(c, "council", "four_columns.csv"); // inside our transaction: it keeps the lock until we commit
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, load_beside, &o), 0);
    bool waits = false;
    for (int i = 0; i < 1000 && !waits; i++) {
        waits = number(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND "
                          "database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 1;
        struct timespec soon = {.tv_nsec = 5000000};
        nanosleep(&soon, NULL);
    }
    assert_err(c, db_commit(c), ERR_OK);
    pthread_join(thread, NULL);
    assert_true(waits);
    assert_err(o.c, o.e, ERR_OK);
    dbtest_free_ctx(o.c);
    assert_int_equal(number(c, SUM_OF_CELLS), 2 * 11685060);
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_lines_cells_and_the_load_tie_to_the_penny),
        T(test_the_financial_year_changes_between_31_march_and_1_april),
        T(test_a_credit_is_taken_off_its_payee),
        T(test_the_same_file_twice_is_refused_and_changes_nothing),
        T(test_another_public_body_may_load_the_same_file),
        T(test_a_file_without_dates_needs_a_month),
        T(test_an_unknown_public_body_is_a_sentence_beside_its_field),
        T(test_only_officers_load_and_take_back),
        T(test_a_failure_in_the_middle_leaves_nothing),
        T(test_payees_are_tied_to_suppliers_by_name),
        T(test_payees_are_tied_to_suppliers_by_register_number_whatever_their_name),
        T(test_two_suppliers_of_one_name_are_left_for_a_person),
        T(test_a_supplier_that_registers_later_is_tied_then),
        T(test_a_hidden_name_is_never_tied_to_anybody),
        T(test_taking_a_load_back_leaves_exactly_what_was_there_before),
        T(test_after_taking_back_the_same_file_may_be_loaded_again),
        T(test_taking_back_what_is_not_there_is_not_found),
        T(test_a_file_of_more_payees_than_one_batch_ties_too),
        T(test_who_listens_is_told_of_a_load_once_it_is_stored),
        T(test_two_loads_at_once_wait_for_each_other),
    };
    return cmocka_run_group_tests(tests, group_up, group_down);
}
