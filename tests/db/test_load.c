// SPDX-License-Identifier: Apache-2.0
// Loading payments into real tables through the real plugin: what ties, what is refused, what happens at
// once.
#include "db/loadtest.h"

#include "base/day.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *load(struct ctx *c, const char *anchor, const char *file) {
    return loadtest_load(c, anchor, arena_printf(c->arena, DATA "%s", file));
}

// ---- loading ------------------------------------------------------------------------------------------

static void test_lines_sums_and_the_load_tie_to_the_penny(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    assert_number(c, SUM_OF_LINES, 11685060);
    assert_number(c, SUM_OF_SUMS, 11685060);
    assert_number(c, UNTIED, 0);
    assert_number(c, "SELECT total_pence FROM core.spend_load", 11685060);
    assert_number(c, "SELECT count(*) FROM core.spend_line", 9);
    assert_number(c, "SELECT sum(line_count) FROM core.spend_sum", 9);
    assert_number(c, "SELECT sum(lines) FROM core.spend_leaf", 9);
    assert_number(c, "SELECT rejected FROM core.spend_load", 1);
    assert_number(c, "SELECT footers FROM core.spend_load", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_problem WHERE line_no = 10", 1);
}

static void test_the_financial_year_changes_between_31_march_and_1_april(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum WHERE fy = 2024", 48055);
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum WHERE fy = 2025", 11637005);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE paid_on = '2025-03-31' AND fy = 2024", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE paid_on = '2026-03-31' AND fy = 2025", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE paid_on = '2025-04-01' AND fy = 2025", 1);
}

static void test_a_credit_is_taken_off_its_payee_and_told_apart(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    assert_number(c,
                  "SELECT sum(amount_pence) FROM core.spend_sum s JOIN core.payee p ON p.id = s.payee_id "
                  "WHERE p.name LIKE 'Thimble%'",
                  231040 - 11040);
    assert_number(c, "SELECT credit_pence FROM core.spend_sum WHERE flow = 2", -11040);
    assert_number(c, "SELECT negative FROM core.spend_load", 1);
}

static void test_two_spellings_of_a_name_are_one_payee(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    assert_number(c, "SELECT count(*) FROM core.payee", 6);
    assert_number(c, "SELECT count(*) FROM core.payee WHERE name ILIKE 'marl lane%'", 1);
}

static void test_one_name_with_two_numbers_is_two_payees(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_load(c, "council",
                  loadtest_file(c, "two.csv",
                                "Supplier Name,Supplier ID,Company Number,Payment Date,Net Amount\n"
                                "Quarry Homes Ltd,4711,01234567,20/05/2025,300.00\n"
                                "Quarry Homes Ltd,4711,01234567,21/05/2025,50.00\n"
                                "Quarry Homes Ltd,4712,07654321,22/05/2025,400.00\n"));
    assert_number(c, "SELECT count(*) FROM core.payee", 2);
    assert_number(c, "SELECT count(DISTINCT match_name) FROM core.payee", 1);
    assert_string_equal(
        dbtest_value(c,
                     "SELECT regexp_replace(ident, '^A[0-9]+', 'A') FROM core.payee WHERE company_number = "
                     "'01234567'"),
        "A|S4711|C01234567");
    // The publisher's own number is its own: another body's 4711 is somebody else.
    loadtest_load(c, "hospital",
                  loadtest_file(c, "other.csv",
                                "Supplier Name,Supplier ID,Company Number,Payment Date,Net Amount\n"
                                "Quarry Homes Ltd,4711,01234567,20/05/2025,300.00\n"));
    assert_number(c, "SELECT count(*) FROM core.payee", 3);
}

static void test_a_payee_with_a_postcode_is_located_by_it(void **state) {
    struct ctx *c = loadtest_ready(state);
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) VALUES "
                  "('P', 'P', '{E08000010}', 'O', 'o@example.org')");
    dbtest_run(c, "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 1AA', 'E08000010', "
                  "'E05015010'), ('BL5 1AA', 'E08000001', 'E05000001')");
    loadtest_load(
        c, "council",
        loadtest_file(c, "places.csv",
                      "Supplier,Supplier Postcode,Date,Amount\nMarl Lane Ltd,wn11aa,20/05/2025,1.00\n"
                      "Bolton Barrows Ltd,BL5 1AA,20/05/2025,2.00\nNowhere Ltd,,20/05/2025,4.00\n"));
    assert_string_equal(
        dbtest_value(c,
                     "SELECT string_agg(concat_ws(' ', postcode, lad_code, ward_code, is_local), ';' ORDER "
                     "BY name) FROM core.payee"),
        "BL5 1AA E08000001 E05000001 f;WN1 1AA E08000010 E05015010 t;");
}

static void test_the_same_file_twice_is_refused_and_changes_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    const char *before = loadtest_everything(c);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    o.overlap = OVERLAP_ALL;
    const char *ref = NULL;
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &s, &ref), ERR_CONFLICT);
    assert_string_equal(c->err_field, "file");
    assert_null(ref);
    assert_string_equal(loadtest_everything(c), before);
}

static void test_another_public_body_may_load_the_same_file(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    load(c, "hospital", "four_columns.csv");
    assert_number(c, SUM_OF_SUMS, 2 * 11685060);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE NOT counted", 0);
    assert_number(c, "SELECT count(*) FROM core.payee", 6);       // payees are shared
    assert_number(c, "SELECT count(*) FROM core.spend_label", 6); // so are labels
}

static void test_a_file_without_dates_needs_a_month(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref = NULL;
    assert_err(c, loadtest_try(c, DATA "no_dates.csv", &o, &s, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "month");
    assert_number(c, "SELECT count(*) FROM core.spend_load", 0);
    assert_true(day_parse("2025-11-01", &o.month));
    assert_err(c, loadtest_try(c, DATA "no_dates.csv", &o, &s, &ref), ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE paid_on = '2025-11-01' AND fy = 2025", 2);
    assert_number(c, "SELECT undated FROM core.spend_load", 2);
    assert_string_equal(dbtest_value(c, "SELECT date_basis FROM core.spend_load"), "month");
}

static void test_an_unknown_public_body_is_a_sentence_beside_its_field(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    o.anchor_ref = "nobody";
    const char *ref = NULL;
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &s, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "anchor");
}

static void test_only_officers_load_and_take_back(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *ref = load(c, "council", "four_columns.csv");
    c->actor.perms = 1u << PERM_BUYER;
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    o.anchor_ref = "hospital";
    const char *other = NULL;
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &s, &other), ERR_DENIED);
    assert_err(c, load_take_back(c, ref), ERR_DENIED);
    assert_number(c, SUM_OF_LINES, 11685060);
}

static void test_a_hidden_name_is_never_tied_to_anybody(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_supplier(c, "trap1", "(name hidden)", "", "");
    loadtest_supplier(c, "trap2", "REDACTED PERSONAL DATA", "", "");
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref;
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &s, &ref), ERR_OK);
    assert_int_equal(s.redacted, 1);
    assert_int_equal(s.redacted_pence, 84500);
    assert_string_equal(
        dbtest_value(c, "SELECT match_name || '|' || ident || '|' || name FROM core.payee WHERE redacted"),
        "(name hidden)||Name hidden");
    assert_number(c, "SELECT count(*) FROM core.payee WHERE supplier_id IS NOT NULL", 0);
}

static void test_new_payees_are_matched_when_they_come(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_supplier(c, "salt", "SALTWAY", "01234567", "");
    loadtest_supplier(c, "lantern", "LANTERN", "", "1098765");
    load(c, "council", "numbers.csv");
    assert_number(c, "SELECT count(*) FROM core.payee WHERE match_state = 'tied'", 2);
    assert_number(c, "SELECT count(*) FROM core.payee_decision WHERE what = 'tie' AND by_id IS NULL", 2);
}

// ---- amounts that cannot be -----------------------------------------------------------------------------

static void test_amounts_that_add_up_to_more_than_can_be_counted_are_refused(void **state) {
    struct ctx *c = loadtest_ready(state);
    char text[16384] = "Supplier,Date,Amount\n";
    size_t n = strlen(text);
    for (int i = 0; i < 150; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "Works %d Ltd,20/05/2025,900000000000000.00\n", i);
    }
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref = NULL;
    assert_err(c, loadtest_try(c, loadtest_file(c, "huge.csv", text), &o, &s, &ref), ERR_INVALID);
    assert_null(ref);
    assert_number(c, "SELECT count(*) FROM core.spend_load", 0);
}

// ---- all or nothing -------------------------------------------------------------------------------------

#define NOTHING_AT_ALL                                                                                       \
    "SELECT (SELECT count(*) FROM core.spend_load) + (SELECT count(*) FROM core.spend_line) + "              \
    "(SELECT count(*) FROM core.payee) + (SELECT count(*) FROM core.spend_sum) + "                           \
    "(SELECT count(*) FROM core.spend_label) + (SELECT count(*) FROM core.spend_leaf) + "                    \
    "(SELECT count(*) FROM core.spend_problem) + (SELECT count(*) FROM core.audit) + "                       \
    "(SELECT count(*) FROM pg_class WHERE relname ~ '^spend_(line_|incoming)')"

static void test_a_failure_in_the_middle_leaves_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    dbtest_run(c, "ALTER TABLE core.spend_sum ADD CHECK (amount_pence < 5000000)"); // one payee has more
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref = NULL;
    assert_int_not_equal(loadtest_try(c, DATA "four_columns.csv", &o, &s, &ref), ERR_OK);
    assert_null(ref);
    assert_int_equal(db_depth(c->db), 0);
    assert_number(c, NOTHING_AT_ALL, 0);
}

static void test_a_line_the_server_does_not_take_leaves_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    dbtest_run(c, "ALTER TABLE core.spend_line ADD CONSTRAINT small CHECK (amount_pence < 5000000)");
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref = NULL;
    assert_int_not_equal(loadtest_try(c, DATA "four_columns.csv", &o, &s, &ref), ERR_OK);
    assert_int_equal(db_depth(c->db), 0);
    assert_number(c, NOTHING_AT_ALL, 0);
    dbtest_run(c, "ALTER TABLE core.spend_line DROP CONSTRAINT small");
    load(c, "council", "four_columns.csv"); // and the connection is good for the next
    assert_number(c, SUM_OF_SUMS, 11685060);
}

static bool stop_at_once(void *arg) {
    (void)arg;
    return true;
}

static void test_an_import_that_is_stopped_leaves_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    o.stop = stop_at_once;
    const char *ref = NULL;
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &s, &ref), ERR_BUSY);
    assert_number(c, NOTHING_AT_ALL, 0);
}

static void die(void *arg, int64_t done, int64_t all, int64_t rows) {
    (void)arg;
    (void)done;
    (void)all;
    if (rows > 10000) {
        raise(SIGKILL);
    }
}

static const char *made_file(struct ctx *c, const char *name, int payees, int lines, int years) {
    const char *path = arena_printf(c->arena, "%s/%s", loadtest_folder(), name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs("Beneficiary,Date,Merchant Category,Amount (Net of VAT)\n", f);
    for (int i = 0; i < lines; i++) {
        fprintf(f, "Works %d Ltd,%02d/05/%d,Goods %d,%d.%02d\n", i % payees, i % 28 + 1, 2025 - i % years,
                i % 7, i % 900 + 1, i % 100);
    }
    fclose(f);
    return path;
}

static void test_a_program_killed_in_the_middle_leaves_nothing(void **state) {
    struct dbtest *t = *state;
    struct ctx *c = loadtest_ready(state);
    const char *path = made_file(c, "killed.csv", 500, 40000, 3);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct db *db = NULL;
        char why[200];
        struct ctx own = *c;
        own.arena = arena_new((size_t)64 * 1024 * 1024);
        if (db_open(t->conninfo, true, &db, why, sizeof why) == ERR_OK) {
            own.db = db;
            struct load_summary s;
            struct load_orders o = loadtest_orders();
            o.progress = die;
            const char *ref;
            enum err e = loadtest_try(&own, path, &o, &s, &ref);
            (void)e;
        }
        _exit(1); // it should not have come here
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    loadtest_load(c, "council", path); // waits until the server has noticed
    assert_number(c, "SELECT count(*) FROM core.spend_load", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_line", 40000);
    assert_number(c, UNTIED, 0);
}

// ---- many -------------------------------------------------------------------------------------------------

static void test_a_file_of_many_payees_and_years_ties_too(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref;
    assert_err(c, loadtest_try(c, made_file(c, "many.csv", 11003, 70000, 5), &o, &s, &ref), ERR_OK);
    assert_int_equal(s.accepted, 70000);
    assert_int_equal(s.payees, 11003);
    assert_int_equal(s.new_payees, 11003);
    assert_number(c, SUM_OF_LINES, s.total_pence);
    assert_number(c, SUM_OF_SUMS, s.total_pence);
    assert_number(c, UNTIED, 0);
    assert_number(c, "SELECT count(*) FROM core.payee", 11003);
    assert_number(c, "SELECT count(DISTINCT fy) FROM core.spend_line", 5);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE fy <> extract(year FROM paid_on)", 0);
    assert_err(c, load_take_back(c, ref), ERR_OK);
    assert_number(c,
                  "SELECT (SELECT count(*) FROM core.spend_line) + (SELECT count(*) FROM core.payee) + "
                  "(SELECT count(*) FROM core.spend_label) + (SELECT count(*) FROM core.spend_sum)",
                  0);
}

static void test_years_that_come_one_after_the_other_are_all_there(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *path = arena_printf(c->arena, "%s/sorted.csv", loadtest_folder());
    FILE *f = fopen(path, "we");
    fputs("Beneficiary,Date,Amount\n", f);
    for (int i = 0; i < 150000; i++) { // far more of a year than is held back
        fprintf(f, "Works %d Ltd,%02d/05/%d,%d.00\n", i % 50, i % 28 + 1, 2023 + i / 50000, i % 90 + 1);
    }
    fclose(f);
    loadtest_load(c, "council", path);
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(fy || ':' || lines, ',' ORDER BY fy) FROM core.spend_leaf"),
        "2023:50000,2024:50000,2025:50000");
    assert_number(c, "SELECT count(DISTINCT line_no) FROM core.spend_line", 150000);
    assert_number(c, UNTIED, 0);
}

static void test_lost_vat_and_transaction_numbers_are_kept(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_load(c, "council",
                  loadtest_file(c, "vat.csv",
                                "Supplier Name,Payment Date,Transaction Number,Net Amount,Irrecoverable VAT\n"
                                "Marl Lane Ltd,20/05/2025,T-1,100.00,20.00\n"
                                "Marl Lane Ltd,21/05/2025,,50.00,\n"));
    assert_string_equal(
        dbtest_value(c,
                     "SELECT string_agg(concat_ws('|', line_no, vat_lost_pence, txn), ';' ORDER BY line_no) "
                     "FROM core.spend_line"),
        "2|2000|T-1;3");
    assert_number(c, "SELECT count(*) FROM core.spend_load WHERE has_txn", 1);
}

static void test_vat_that_cannot_be_reclaimed_counts_on_top_of_the_files_total(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_load(c, "council",
                  loadtest_file(c, "lost.csv",
                                "Supplier Name,Payment Date,Net Amount,Irrecoverable VAT\n"
                                "Marl Lane Ltd,20/05/2025,100.00,20.00\n"
                                "Marl Lane Ltd,21/05/2025,-50.00,-10.00\n"
                                "Fold Street Club,21/05/2025,7.00,\n"));
    assert_string_equal(
        dbtest_value(c, "SELECT total_pence || ' and ' || vat_lost_pence FROM core.spend_load"),
        "5700 and 1000");
    assert_string_equal(dbtest_value(c, "SELECT string_agg(amount_pence || ' of which ' || "
                                        "coalesce(vat_lost_pence, 0), ', ' ORDER BY line_no) "
                                        "FROM core.spend_line"),
                        "12000 of which 2000, -6000 of which -1000, 700 of which 0");
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum", 6700);
    assert_number(c, UNTIED, 0);
}

static void test_lost_vat_that_is_in_the_amounts_already_is_not_counted_twice(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_load(c, "council",
                  loadtest_file(c, "gross.csv",
                                "Supplier Name,Payment Date,Gross Amount,Irrecoverable VAT\n"
                                "Marl Lane Ltd,20/05/2025,120.00,20.00\n"));
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum", 12000);
    assert_number(c, "SELECT vat_lost_pence FROM core.spend_load", 0);
}

static void test_a_payment_is_the_same_in_a_file_that_leaves_lost_vat_out(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_load(c, "council",
                  loadtest_file(c, "with.csv",
                                "Supplier Name,Payment Date,Net Amount,Irrecoverable VAT\n"
                                "Marl Lane Ltd,20/05/2025,100.00,20.00\n"));
    struct load_summary sum;
    struct load_orders o = loadtest_orders();
    const char *ref;
    o.overlap = OVERLAP_ONCE;
    assert_err(c,
               loadtest_try(c,
                            loadtest_file(c, "without.csv",
                                          "Supplier Name,Payment Date,Net Amount\n"
                                          "Marl Lane Ltd,20/05/2025,100.00\n"
                                          "Marl Lane Ltd,20/05/2025,120.00\n"),
                            &o, &sum, &ref),
               ERR_OK);
    assert_int_equal(sum.same_lines, 1);
    assert_int_equal(sum.same_pence, 10000);
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum", 24000);
}

// ---- who is told, and who waits -----------------------------------------------------------------------

static void test_who_listens_is_told_of_a_load_once_it_is_stored(void **state) {
    struct ctx *c = loadtest_ready(state);
    dbtest_run(
        c, "INSERT INTO core.plugin (id, events) VALUES ('listener', 1::bigint << 13), ('other', 1 << 4)");
    const char *ref = load(c, "council", "four_columns.csv");
    assert_string_equal(
        dbtest_value(c, "SELECT kind || ' ' || ref || ' ' || name || ' ' || anchor_ref || ' ' || "
                        "supplier_ref || ' ' || amount_pence FROM core.happening"),
        arena_printf(c->arena, "13 %s payments.csv council  11685060", ref));
    assert_string_equal(dbtest_value(c, "SELECT string_agg(plugin, ',') FROM core.happening_due"),
                        "listener");
    struct load_summary sum;
    struct load_orders o = loadtest_orders();
    const char *again;
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &sum, &again), ERR_CONFLICT);
    assert_number(c, "SELECT count(*) FROM core.happening", 1);
}

static void test_what_figures_rest_on_is_known_to_have_changed(void **state) {
    struct ctx *c = loadtest_ready(state);
    int64_t before = dbtest_number(c, "SELECT lines_no FROM core.spend_state");
    const char *ref = load(c, "council", "four_columns.csv");
    int64_t loaded = dbtest_number(c, "SELECT lines_no FROM core.spend_state");
    assert_true(loaded > before);
    assert_err(c, load_take_back(c, ref), ERR_OK);
    assert_true(dbtest_number(c, "SELECT lines_no FROM core.spend_state") > loaded);
}

struct other {
    struct ctx *c;
    enum err e;
};

static void *load_beside(void *arg) {
    struct other *o = arg;
    struct load_summary s;
    struct load_orders orders = loadtest_orders();
    orders.anchor_ref = "hospital";
    const char *ref;
    o->e = loadtest_try(o->c, DATA "four_columns.csv", &orders, &s, &ref);
    return NULL;
}

static void test_two_loads_at_once_wait_for_each_other(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct other o = {.c = loadtest_beside(state), .e = ERR_BUG};
    assert_err(c, db_begin(c), ERR_OK);
    load(c, "council", "four_columns.csv"); // inside our transaction: it keeps the lock until we commit
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, load_beside, &o), 0);
    bool waits = false;
    for (int i = 0; i < 1000 && !waits; i++) {
        waits =
            dbtest_number(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND "
                             "database = (SELECT oid FROM pg_database WHERE datname = "
                             "current_database())") == 1;
        struct timespec soon = {.tv_nsec = 5000000};
        nanosleep(&soon, NULL);
    }
    assert_err(c, db_commit(c), ERR_OK);
    pthread_join(thread, NULL);
    assert_true(waits);
    assert_err(o.c, o.e, ERR_OK);
    dbtest_free_ctx(o.c);
    assert_number(c, SUM_OF_SUMS, 2 * 11685060);
    assert_number(c, "SELECT count(*) FROM core.payee", 6);
}

static void test_tables_of_lines_are_indexed_later(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "council", "four_columns.csv");
    bool left = false;
    assert_err(c, load_settle(c, &left), ERR_OK);
    assert_true(left); // two financial years
    assert_err(c, load_settle(c, &left), ERR_OK);
    assert_false(left);
    assert_number(c,
                  "SELECT count(*) FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname ~ "
                  "'^spend_line_[0-9]+_[0-9]+$'",
                  2);
    assert_err(c, load_settle(c, &left), ERR_OK);
    assert_false(left);
}

// ---- looking ------------------------------------------------------------------------------------------

static void test_a_look_says_the_same_as_a_load_and_stores_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary seen, loaded;
    struct load_orders o = loadtest_orders();
    const char *ref;
    assert_err(c, loadtest_look(c, DATA "four_columns.csv", &o, &seen), ERR_OK);
    assert_number(c, NOTHING_AT_ALL, 0);
    assert_err(c, loadtest_try(c, DATA "four_columns.csv", &o, &loaded, &ref), ERR_OK);
    assert_string_equal(seen.sha256, loaded.sha256);
    assert_string_equal(seen.head_hash, loaded.head_hash);
    assert_int_equal(seen.total_pence, loaded.total_pence);
    assert_int_equal(seen.accepted, 9);
    assert_int_equal(seen.rejected, 1);
    assert_int_equal(seen.sums, 1);
    assert_int_equal(seen.payees, 6);
    assert_int_equal(seen.new_payees, 6);
    assert_int_equal(seen.problem_count, 1);
    assert_int_equal(seen.problems[0].line, 10);
    assert_int_equal(seen.sample_count, 9);
    assert_string_equal(seen.samples[5].payee, "Name hidden");
    assert_int_equal(seen.heading_count, 4);
    assert_string_equal(seen.headings[0], "Beneficiary");
    assert_err(c, loadtest_look(c, DATA "numbers.csv", &o, &seen), ERR_OK);
    assert_int_equal(seen.new_payees, 2);
}

static void test_a_file_of_something_else_is_refused_with_words(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    assert_err(c, loadtest_look(c, DATA "register_of_contracts.csv", &o, &s), ERR_INVALID);
    assert_non_null(strstr(c->err_detail, "contract"));
    assert_err(c, loadtest_look(c, DATA "no_table.csv", &o, &s), ERR_INVALID);
    assert_err(c, loadtest_look(c, loadtest_file(c, "empty.csv", ""), &o, &s), ERR_INVALID);
    assert_true(*c->err_detail != 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_lines_sums_and_the_load_tie_to_the_penny),
        T(test_the_financial_year_changes_between_31_march_and_1_april),
        T(test_a_credit_is_taken_off_its_payee_and_told_apart),
        T(test_two_spellings_of_a_name_are_one_payee),
        T(test_one_name_with_two_numbers_is_two_payees),
        T(test_a_payee_with_a_postcode_is_located_by_it),
        T(test_the_same_file_twice_is_refused_and_changes_nothing),
        T(test_another_public_body_may_load_the_same_file),
        T(test_a_file_without_dates_needs_a_month),
        T(test_an_unknown_public_body_is_a_sentence_beside_its_field),
        T(test_only_officers_load_and_take_back),
        T(test_a_hidden_name_is_never_tied_to_anybody),
        T(test_new_payees_are_matched_when_they_come),
        T(test_amounts_that_add_up_to_more_than_can_be_counted_are_refused),
        T(test_a_failure_in_the_middle_leaves_nothing),
        T(test_a_line_the_server_does_not_take_leaves_nothing),
        T(test_an_import_that_is_stopped_leaves_nothing),
        T(test_a_program_killed_in_the_middle_leaves_nothing),
        T(test_a_file_of_many_payees_and_years_ties_too),
        T(test_years_that_come_one_after_the_other_are_all_there),
        T(test_lost_vat_and_transaction_numbers_are_kept),
        T(test_vat_that_cannot_be_reclaimed_counts_on_top_of_the_files_total),
        T(test_lost_vat_that_is_in_the_amounts_already_is_not_counted_twice),
        T(test_a_payment_is_the_same_in_a_file_that_leaves_lost_vat_out),
        T(test_who_listens_is_told_of_a_load_once_it_is_stored),
        T(test_what_figures_rest_on_is_known_to_have_changed),
        T(test_two_loads_at_once_wait_for_each_other),
        T(test_tables_of_lines_are_indexed_later),
        T(test_a_look_says_the_same_as_a_load_and_stores_nothing),
        T(test_a_file_of_something_else_is_refused_with_words),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
