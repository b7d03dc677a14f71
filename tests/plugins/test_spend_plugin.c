// SPDX-License-Identifier: Apache-2.0
// Payments files through the real local_spend.so and the real host: published files where they are present,
// invented ones everywhere.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/csv.h"
#include "base/day.h"
#include "base/log.h"
#include "domain/spendfile.h"

#define PATH_BYTES 1024
#define DATA       SOURCE_DIR "/tests/data/spend/"

static struct {
    struct plugin_host *plugins;
    struct arena *arena;
    struct ctx c;
    char folder[64];
} the;

static void remove_folder(const char *folder) {
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        unlink(path);
    }
    if (d) {
        closedir(d);
    }
    rmdir(folder);
}

static int set_up(void **state) {
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    snprintf(the.folder, sizeof the.folder, "/tmp/anchorage-test-XXXXXX");
    if (!mkdtemp(the.folder)) {
        return -1;
    }
    the.plugins = plugin_host_read(BINARY_DIR "/plugins", "local_spend");
    plugin_host_check(the.plugins, the.folder, NULL);
    plugin_host_start(the.plugins, NULL);
    the.arena = arena_new((size_t)256 * 1024 * 1024);
    struct plugin_info info;
    if (!plugin_find(the.plugins, the.arena, "local_spend", &info) || info.state != PLUGIN_ACTIVE) {
        print_error("local_spend: %s\n", info.reason);
        return -1;
    }
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    plugin_host_close(the.plugins);
    arena_free(the.arena);
    remove_folder(the.folder);
    return 0;
}

// ---- reading ------------------------------------------------------------------------------------------

static enum err read_fd(int fd, struct spend_summary *s) {
    arena_reset(the.arena);
    ctx_init(&the.c, the.arena, NULL);
    the.c.plugins = plugin_host_now(the.plugins);
    enum err e = spendfile_read(&the.c, fd, NULL, NULL, s, NULL, NULL);
    close(fd);
    return e;
}

static enum err read_path(const char *path, struct spend_summary *s) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return read_fd(fd, s);
}

static void must_read(const char *path, struct spend_summary *s) {
    if (read_path(path, s) != ERR_OK) {
        fail_msg("%s: %s", path, the.c.err_detail);
    }
}

// A file of the moment, already without a name.
static int file_of(const void *bytes, size_t n) {
    char path[] = "/tmp/anchorage-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, bytes, n), n);
    return fd;
}

static bool shared_path(const char *file, char *out) {
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    snprintf(out, PATH_BYTES, "%s/spend/%s", root && *root ? root : "../shared/data", file);
    return access(out, R_OK) == 0;
}

// ---- published files ----------------------------------------------------------------------------------

struct control {
    char file[128], rows[24], negative[24], sum[48];
};

struct controls {
    struct control of[64];
    size_t n, columns[4];
};

static size_t column_of(const struct csv_row *row, const char *name) {
    for (size_t i = 0; i < row->count; i++) {
        if (strcmp(row->cells[i], name) == 0) {
            return i;
        }
    }
    fail_msg("CONTROL_TOTALS.csv has no column %s", name);
    return 0;
}

static bool take_control(void *user, const struct csv_row *row) {
    static const char *const names[] = {"file", "rows_with_amount", "negative", "sum"};
    struct controls *c = user;
    for (size_t i = 0; row->number == 1 && i < 4; i++) {
        c->columns[i] = column_of(row, names[i]);
    }
    if (row->number == 1 || row->count <= c->columns[3]) {
        return true;
    }
    assert_true(c->n < 64);
    struct control *one = &c->of[c->n++];
    snprintf(one->file, sizeof one->file, "%s", row->cells[c->columns[0]]);
    snprintf(one->rows, sizeof one->rows, "%s", row->cells[c->columns[1]]);
    snprintf(one->negative, sizeof one->negative, "%s", row->cells[c->columns[2]]);
    snprintf(one->sum, sizeof one->sum, "%s", row->cells[c->columns[3]]);
    return true;
}

// "-1234.5" as pence; the control sums are decimals, one with a float's remainder far below a penny.
static int64_t pence_of(const char *s) {
    bool below = *s == '-';
    char *end;
    int64_t pounds = strtoll(s + below, &end, 10), pence = 0;
    if (*end == '.') {
        char digits[4] = {'0', '0', '0', 0};
        for (size_t i = 0; i < 3 && end[1 + i]; i++) {
            digits[i] = end[1 + i];
        }
        int64_t tenths = strtoll(digits, NULL, 10);
        pence = (tenths + 5) / 10;
    }
    pence += pounds * 100;
    return below ? -pence : pence;
}

static void check_published(const struct control *c) {
    char path[PATH_BYTES];
    struct spend_summary s;
    if (!shared_path(c->file, path)) {
        print_message("skipped: %s not present\n", c->file);
        return;
    }
    int64_t rows = strtoll(c->rows, NULL, 10), pence = pence_of(c->sum);
    if (!c->rows[0] || strstr(c->file, "salford_clean_2022-07")) {
        // No table, and a register of contracts: refused with a sentence, whatever a naive reader adds up.
        assert_int_equal(read_path(path, &s), ERR_INVALID);
        assert_true(strlen(the.c.err_detail) > 20);
        return;
    }
    if (strstr(c->file, "craven")) {
        rows = 171; // the 172nd row of the naive reader is the total of the others
        pence = 72658394;
    }
    must_read(path, &s);
    if (s.accepted != rows || s.total_pence != pence || s.rejected != 0) {
        fail_msg("%s: %lld rows and %lld pence, not %lld and %lld", c->file, (long long)s.accepted,
                 (long long)s.total_pence, (long long)rows, (long long)pence);
    }
    if (c->negative[0]) {
        assert_int_equal(s.negative, strtoll(c->negative, NULL, 10));
    }
}

static void test_every_published_file_ties_to_its_control_total_through_the_host(void **state) {
    (void)state;
    char path[PATH_BYTES];
    if (!shared_path("CONTROL_TOTALS.csv", path)) {
        print_message("skipped: shared data (spend/CONTROL_TOTALS.csv) not present\n");
        skip();
    }
    static struct controls controls;
    static char bytes[65536];
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    struct csv_reader *csv = csv_open(NULL, take_control, &controls);
    csv_feed(csv, bytes, n);
    assert_int_equal(csv_finish(csv), CSV_OK);
    csv_close(csv);
    assert_true(controls.n >= 22);
    for (size_t i = 0; i < controls.n; i++) {
        check_published(&controls.of[i]);
    }
}

// ---- invented files -----------------------------------------------------------------------------------

static int32_t day(const char *iso) {
    int32_t d;
    assert_true(day_parse(iso, &d));
    return d;
}

static void test_the_four_column_layout_is_read_to_the_penny(void **state) {
    (void)state;
    struct spend_summary s;
    must_read(DATA "four_columns.csv", &s);
    assert_int_equal(s.accepted, 9);
    assert_int_equal(s.total_pence, 11685060);
    assert_int_equal(s.rejected, 1);
    assert_int_equal(s.negative, 1);
    assert_int_equal(s.redacted, 1);
    assert_int_equal(s.undated, 0);
    assert_int_equal(s.first_day, day("2025-03-31"));
    assert_int_equal(s.last_day, day("2026-03-31"));
    assert_non_null(strstr(s.layout, "4 columns"));
}

static void test_a_footer_total_row_is_not_counted_as_a_payment(void **state) {
    (void)state;
    struct spend_summary s;
    must_read(DATA "four_columns.csv", &s);
    assert_int_equal(s.totals, 1);
    assert_int_equal(s.total_pence, 11685060); // with the total row it would be twice that
}

static void test_a_row_that_cannot_be_taken_is_named_by_line_and_reason(void **state) {
    (void)state;
    struct spend_summary s;
    must_read(DATA "four_columns.csv", &s);
    assert_int_equal(s.problem_count, 1);
    assert_int_equal(s.problems[0].line, 10);
    assert_non_null(strstr(s.problems[0].text, "#REF!"));
}

static void test_a_register_of_contracts_is_refused_with_the_reason(void **state) {
    (void)state;
    struct spend_summary s;
    assert_int_equal(read_path(DATA "register_of_contracts.csv", &s), ERR_INVALID);
    assert_non_null(strstr(the.c.err_detail, "register of contracts"));
}

static void test_a_text_without_a_table_is_refused_with_what_to_do(void **state) {
    (void)state;
    struct spend_summary s;
    assert_int_equal(read_path(DATA "no_table.csv", &s), ERR_INVALID);
    assert_non_null(strstr(the.c.err_detail, "headings"));
}

static void test_payments_without_dates_are_counted_and_told(void **state) {
    (void)state;
    struct spend_summary s;
    must_read(DATA "no_dates.csv", &s);
    assert_int_equal(s.accepted, 2);
    assert_int_equal(s.undated, 2);
    assert_int_equal(s.total_pence, 30030);
    assert_int_equal(s.first_day, INT32_MIN);
    assert_true(s.findings.count > 0);
}

static void test_an_empty_file_is_refused_kindly(void **state) {
    (void)state;
    struct spend_summary s;
    assert_int_equal(read_fd(file_of("", 0), &s), ERR_INVALID);
    assert_non_null(strstr(the.c.err_detail, "empty"));
}

static void test_a_folder_is_not_a_file(void **state) {
    (void)state;
    struct spend_summary s;
    int fd = open("/tmp", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    assert_int_equal(read_fd(fd, &s), ERR_INVALID);
}

static size_t read_file(const char *path, char *out, size_t cap) {
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    size_t n = fread(out, 1, cap, f);
    fclose(f);
    return n;
}

static void put_entry(zipFile z, const char *name, const void *bytes, size_t n) {
    zip_fileinfo info = {0};
    assert_int_equal(zipOpenNewFileInZip(z, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6), ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(z, bytes, (unsigned)n), ZIP_OK);
    assert_int_equal(zipCloseFileInZip(z), ZIP_OK);
}

static void test_a_zip_with_one_csv_gives_the_same_figures(void **state) {
    (void)state;
    char bytes[8192], path[PATH_BYTES];
    size_t n = read_file(DATA "four_columns.csv", bytes, sizeof bytes);
    snprintf(path, sizeof path, "%s/one.zip", the.folder);
    zipFile z = zipOpen(path, APPEND_STATUS_CREATE);
    put_entry(z, "payments/april.csv", bytes, n);
    assert_int_equal(zipClose(z, NULL), ZIP_OK);
    struct spend_summary s;
    must_read(path, &s);
    assert_int_equal(s.accepted, 9);
    assert_int_equal(s.total_pence, 11685060);
}

static void test_a_zip_with_two_csv_files_is_refused(void **state) {
    (void)state;
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/two.zip", the.folder);
    zipFile z = zipOpen(path, APPEND_STATUS_CREATE);
    put_entry(z, "a.csv", "Supplier,Amount\n", 16);
    put_entry(z, "b.csv", "Supplier,Amount\n", 16);
    assert_int_equal(zipClose(z, NULL), ZIP_OK);
    struct spend_summary s;
    assert_int_equal(read_path(path, &s), ERR_INVALID);
    assert_true(strlen(the.c.err_detail) > 10);
}

static void test_no_plugin_means_a_plain_refusal(void **state) {
    (void)state;
    struct plugin_host *with = the.plugins;
    the.plugins = plugin_host_read(BINARY_DIR "/plugins", "");
    plugin_host_check(the.plugins, the.folder, NULL);
    plugin_host_start(the.plugins, NULL);
    struct spend_summary s;
    enum err e = read_path(DATA "four_columns.csv", &s);
    plugin_host_close(the.plugins);
    the.plugins = with;
    assert_int_equal(e, ERR_INVALID);
    assert_non_null(strstr(the.c.err_detail, "No plugin"));
}

static void test_rows_that_would_wrap_the_sum_are_rejected_and_the_sum_stays_true(void **state) {
    (void)state;
    static const char line[] = "Mint,20/05/2025,99999999999.99\n";
    enum { LINES = 930000 }; // of just under 10^13 pence each; 922,338 of them pass the end of int64
    char *big = malloc(64 + sizeof line * LINES);
    assert_non_null(big);
    size_t n = (size_t)snprintf(big, 64, "Supplier,Payment Date,Amount\n");
    for (int i = 0; i < LINES; i++) {
        memcpy(big + n, line, sizeof line - 1);
        n += sizeof line - 1;
    }
    struct spend_summary s;
    enum err e = read_fd(file_of(big, n), &s);
    free(big);
    assert_int_equal(e, ERR_OK);
    assert_true(s.rejected > 0);
    assert_int_equal(s.accepted + s.rejected, LINES);
    assert_int_equal(s.total_pence, s.accepted * INT64_C(9999999999999));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_published_file_ties_to_its_control_total_through_the_host),
        cmocka_unit_test(test_the_four_column_layout_is_read_to_the_penny),
        cmocka_unit_test(test_a_footer_total_row_is_not_counted_as_a_payment),
        cmocka_unit_test(test_a_row_that_cannot_be_taken_is_named_by_line_and_reason),
        cmocka_unit_test(test_a_register_of_contracts_is_refused_with_the_reason),
        cmocka_unit_test(test_a_text_without_a_table_is_refused_with_what_to_do),
        cmocka_unit_test(test_payments_without_dates_are_counted_and_told),
        cmocka_unit_test(test_an_empty_file_is_refused_kindly),
        cmocka_unit_test(test_a_folder_is_not_a_file),
        cmocka_unit_test(test_a_zip_with_one_csv_gives_the_same_figures),
        cmocka_unit_test(test_a_zip_with_two_csv_files_is_refused),
        cmocka_unit_test(test_no_plugin_means_a_plain_refusal),
        cmocka_unit_test(test_rows_that_would_wrap_the_sum_are_rejected_and_the_sum_stays_true),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
