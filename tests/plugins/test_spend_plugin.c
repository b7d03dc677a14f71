// SPDX-License-Identifier: Apache-2.0
// Payments files through the house's reader of tables, the real local_spend.so and the real host: published
// files where they are present, invented ones everywhere.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/day.h"
#include "base/log.h"
#include "plugin/payments.h"
#include "sheet/sheet.h"
#include "support/plugtest.h"

#define PATH_BYTES 1024
#define DATA       SOURCE_DIR "/tests/data/spend/"

static struct {
    struct plugin_host *plugins;
    struct arena *arena;
    struct ctx c;
    struct plugtest started;
    struct dbtest *db;
} the;

// The plugin keeps tables of its own, so it has to have a database, though reading needs none.
static int set_up(void **state) {
    void *db = NULL;
    if (dbtest_group_setup(state) != 0 || dbtest_setup(&db) != 0) {
        return -1;
    }
    the.db = db;
    log_set_level(LOG_LEVEL_ERROR);
    the.started = plugtest_start(the.db->c, BINARY_DIR "/plugins", "local_spend");
    the.plugins = the.started.host;
    the.arena = arena_new((size_t)512 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state) {
    void *db = the.db;
    plugtest_stop(&the.started, the.db->c);
    arena_free(the.arena);
    dbtest_teardown(&db);
    return dbtest_group_teardown(state);
}

// ---- reading ------------------------------------------------------------------------------------------

// What came out of a file.
struct seen {
    enum err err;
    char why[400], words[120];
    struct anc_columns columns;
    int64_t rows, lines, wrong, sums, nothing, credits, hidden, undated, cards, pence, hidden_pence, vat_lost;
    int32_t first_day, last_day;
    uint64_t wrong_line; // the first
    char wrong_why[300];
    unsigned passes;
    size_t warnings;
    struct findings found;
};

static int32_t what[SHEET_BLOCK_ROWS], days[SHEET_BLOCK_ROWS];
static int64_t pence[SHEET_BLOCK_ROWS], vat[SHEET_BLOCK_ROWS];
static uint32_t flags[SHEET_BLOCK_ROWS], why[SHEET_BLOCK_ROWS];

static struct anc_cells cells_of(const struct sheet_block *b) {
    return (struct anc_cells){.size = sizeof(struct anc_cells),
                              .rows = b->rows,
                              .text = b->text,
                              .length = b->length,
                              .first = b->first,
                              .line = b->line};
}

static bool hidden_payee(const struct anc_cells *b, uint32_t row, int32_t column) {
    struct provider p;
    struct anc_party in = {.size = sizeof in}, out = {.size = sizeof out};
    uint32_t at = b->first[row] + (uint32_t)column;
    in.name = column >= 0 && at < b->first[row + 1] ? b->text[at] : "";
    in.key = in.other_key = in.form = in.supplier_no = in.company_number = in.charity_number = in.vat_number =
        in.postcode = "";
    assert_int_equal(matcher_find(&the.c, &p), ERR_OK);
    assert_int_equal(matcher_read(&the.c, &p, &in, &out), ERR_OK);
    return out.kind == ANC_PARTY_HIDDEN;
}

static void take_payment(struct seen *s, const struct anc_cells *b, uint32_t i) {
    bool hidden = hidden_payee(b, i, s->columns.column[ANC_COL_PAYEE]);
    s->lines++;
    s->pence += pence[i];
    s->vat_lost += vat[i];
    s->credits += pence[i] < 0;
    s->cards += (flags[i] & ANC_LINE_CARD) != 0;
    s->hidden += hidden;
    s->hidden_pence += hidden ? pence[i] : 0;
    s->undated += days[i] == INT32_MIN;
    if (days[i] != INT32_MIN) {
        s->first_day = s->first_day == INT32_MIN || days[i] < s->first_day ? days[i] : s->first_day;
        s->last_day = days[i] > s->last_day ? days[i] : s->last_day;
    }
}

static void take_block(struct payments_reader *r, const struct sheet_block *block, struct seen *s) {
    struct anc_cells b = cells_of(block);
    struct anc_lines l = {sizeof l, what, pence, vat, days, flags, why};
    assert_int_equal(payments_reader_map(r, &b, &l), ERR_OK);
    for (uint32_t i = 0; i < b.rows; i++) {
        s->rows++;
        s->sums += what[i] == ANC_ROW_SUM;
        s->nothing += what[i] == ANC_ROW_NOTHING;
        if (what[i] == ANC_ROW_WRONG && s->wrong++ == 0) {
            s->wrong_line = b.line[i];
            snprintf(s->wrong_why, sizeof s->wrong_why, "%s", payments_reader_reason(r, why[i]));
        }
        if (what[i] == ANC_ROW_PAYMENT) {
            take_payment(s, &b, i);
        }
    }
}

static void note_findings(struct seen *s) {
    for (size_t i = 0; i < s->found.count; i++) {
        s->warnings += s->found.list[i].severity == ANC_FINDING_WARNING;
    }
    if (s->err != ERR_OK) {
        snprintf(s->why, sizeof s->why, "%s", s->found.count ? s->found.list[0].text : the.c.err_detail);
    }
}

static enum err read_passes(struct sheet *sheet, struct payments_reader *r, struct seen *s) {
    bool again = true;
    enum err e = ERR_OK;
    while (e == ERR_OK && again) {
        struct sheet_block b;
        unsigned passes = s->passes;
        *s = (struct seen){.passes = passes + 1, .first_day = INT32_MIN, .last_day = INT32_MIN};
        payments_reader_columns(r, &s->columns);
        assert_int_equal(sheet_rewind(sheet), SHEET_OK);
        enum sheet_status got;
        while ((got = sheet_next(sheet, &b)) == SHEET_OK) {
            take_block(r, &b, s);
        }
        assert_int_equal(got, SHEET_END);
        e = payments_reader_finish(r, &again, &s->found);
    }
    payments_reader_columns(r, &s->columns);
    snprintf(s->words, sizeof s->words, "%s", payments_reader_words(r));
    return e;
}

static void read_fd(int fd, const char *name, const struct anc_columns *chosen, struct seen *s) {
    struct sheet_options options = {.file_name = name, .table = ""};
    struct sheet *sheet = NULL;
    struct sheet_block b = {0};
    struct payments_reader *r = NULL;
    arena_reset(the.arena);
    ctx_init(&the.c, the.arena, NULL);
    the.c.plugins = plugin_host_now(the.plugins);
    *s = (struct seen){.err = ERR_INVALID};
    static const uint32_t no_cells[] = {0};
    if (sheet_open(fd, &options, &sheet) != SHEET_OK) {
        snprintf(s->why, sizeof s->why, "%s", sheet_why(sheet));
    } else {
        struct anc_cells head = {.size = sizeof head, .first = no_cells};
        if (sheet_next(sheet, &b) == SHEET_OK) {
            head = cells_of(&b);
            head.rows = head.rows < 40 ? head.rows : 40;
        }
        s->err = payments_reader_open(&the.c, &head, name, chosen, &r, &s->found);
        if (s->err == ERR_OK) {
            enum err e = read_passes(sheet, r, s);
            s->err = e;
        }
        note_findings(s);
    }
    payments_reader_close(r);
    sheet_close(sheet);
    close(fd);
}

static void read_path(const char *path, struct seen *s) {
    const char *slash = strrchr(path, '/');
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    read_fd(fd, slash ? slash + 1 : path, NULL, s);
}

// A file of the moment, already without a name.
static int file_of(const char *text) {
    char path[] = "/tmp/anchorage-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

static bool shared_path(const char *folder, const char *file, char *out) {
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    snprintf(out, PATH_BYTES, "%s/%s/%s", root && *root ? root : "../shared/data", folder, file);
    return access(out, R_OK) == 0;
}

// ---- published files ----------------------------------------------------------------------------------

// "-1234.5" as pence; the control sums are decimals, one with a float's remainder far below a penny.
static int64_t pence_of(const char *s) {
    bool below = *s == '-';
    char *end;
    int64_t pounds = strtoll(s + below, &end, 10), rest = 0;
    if (*end == '.') {
        char digits[4] = {'0', '0', '0', 0};
        for (size_t i = 0; i < 3 && end[1 + i]; i++) {
            digits[i] = end[1 + i];
        }
        rest = (strtoll(digits, NULL, 10) + 5) / 10;
    }
    rest += pounds * 100;
    return below ? -rest : rest;
}

static void print_seen(const char *file, const struct seen *s) {
    if (s->err != ERR_OK) {
        print_message("  %-52.52s refused: %.90s\n", file, s->why);
        return;
    }
    print_message("  %-52.52s %-26.26s %6" PRId64 " %13" PRId64 ".%02" PRId64 " %5" PRId64 " %5" PRId64
                  " %5" PRId64 " %5" PRId64 " %4" PRId64 " %u  taken\n",
                  file, s->words, s->lines, s->pence / 100, s->pence < 0 ? -s->pence % 100 : s->pence % 100,
                  s->credits, s->hidden, s->undated, s->wrong, s->sums, s->passes);
}

static void check_published(const char *file, const char *rows_text, const char *credits, const char *sum) {
    char path[PATH_BYTES];
    struct seen s;
    if (!shared_path("spend", file, path)) {
        print_message("skipped: %s not present\n", file);
        return;
    }
    int64_t rows = strtoll(rows_text, NULL, 10), total = pence_of(sum);
    read_path(path, &s);
    print_seen(file, &s);
    if (!*rows_text || strstr(file, "salford_clean_2022-07")) {
        // No table, and a register of contracts: refused with a sentence, whatever a naive reader adds up.
        assert_int_equal(s.err, ERR_INVALID);
        assert_true(strlen(s.why) > 20);
        return;
    }
    if (strstr(file, "craven")) {
        rows = 171; // the 172nd row of the naive reader is the total of the others
        total = 72658394;
        assert_int_equal(s.sums, 1);
    }
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.lines, rows);
    assert_int_equal(s.pence, total);
    assert_int_equal(s.wrong, 0);
    if (*credits) {
        assert_int_equal(s.credits, strtoll(credits, NULL, 10));
    }
}

// Column of a name in the first row of a block.
static uint32_t column_of(const struct sheet_block *b, const char *name) {
    for (uint32_t i = b->first[0]; i < b->first[1]; i++) {
        if (strcmp(b->text[i], name) == 0) {
            return i;
        }
    }
    fail_msg("CONTROL_TOTALS.csv has no column %s", name);
    return 0;
}

static void test_every_published_file_ties_to_its_control_total_through_the_host(void **state) {
    (void)state;
    static const char *const names[] = {"file", "rows_with_amount", "negative", "sum"};
    static struct { char of[4][128]; } rows[64];
    char path[PATH_BYTES];
    if (!shared_path("spend", "CONTROL_TOTALS.csv", path)) {
        print_message("skipped: shared data (spend/CONTROL_TOTALS.csv) not present\n");
        skip();
    }
    struct sheet_options options = {.file_name = "", .table = ""};
    struct sheet *sheet = NULL;
    struct sheet_block b;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(sheet_open(fd, &options, &sheet), SHEET_OK);
    assert_int_equal(sheet_next(sheet, &b), SHEET_OK);
    assert_true(b.rows > 22 && b.rows <= 65);
    uint32_t count = b.rows - 1;
    for (uint32_t i = 0; i < count; i++) {
        for (size_t k = 0; k < 4; k++) {
            uint32_t at = b.first[i + 1] + column_of(&b, names[k]);
            snprintf(rows[i].of[k], sizeof rows[i].of[k], "%s", at < b.first[i + 2] ? b.text[at] : "");
        }
    }
    sheet_close(sheet);
    close(fd);
    print_message("  %-52s %-26s %6s %16s %5s %5s %5s %5s %4s\n", "file", "layout", "rows", "sum", "credit",
                  "hidden", "undated", "wrong", "total");
    for (uint32_t i = 0; i < count; i++) {
        check_published(rows[i].of[0], rows[i].of[1], rows[i].of[2], rows[i].of[3]);
    }
}

static void test_whole_years_tie_to_their_published_totals(void **state) {
    (void)state;
    static const struct {
        const char *file;
        int64_t rows, pence;
    } years[] = {{"bolton_2019.csv", 17035, INT64_C(17531734801)},
                 {"salford_2019.csv", 16793, INT64_C(32717254977)}};
    for (size_t i = 0; i < 2; i++) {
        char path[PATH_BYTES];
        struct seen s;
        if (!shared_path("gold", years[i].file, path)) {
            print_message("skipped: gold/%s not present\n", years[i].file);
            continue;
        }
        read_path(path, &s);
        print_seen(years[i].file, &s);
        assert_int_equal(s.err, ERR_OK);
        assert_int_equal(s.lines, years[i].rows);
        assert_int_equal(s.pence, years[i].pence);
    }
}

// ---- invented files -----------------------------------------------------------------------------------

static int32_t day(const char *iso) {
    int32_t d;
    assert_true(day_parse(iso, &d));
    return d;
}

// Both were made with LibreOffice 7.4 out of invented payments: a cover, a sheet for April and one for May
// with a total at the foot (a formula), dates and pounds in formats of their own, and a sheet of codes.
static void test_workbooks_of_a_real_program_with_a_sheet_a_month_are_read_whole(void **state) {
    (void)state;
    static const char *const files[] = {DATA "months_libreoffice.xlsx", DATA "months_libreoffice.ods"};
    sheet_set_program(BINARY_DIR "/anchorage-book");
    for (size_t i = 0; i < 2; i++) {
        struct seen s;
        read_path(files[i], &s);
        assert_int_equal(s.err, ERR_OK);
        assert_int_equal(s.lines, 6);
        assert_int_equal(s.pence, 2159718);
        assert_int_equal(s.sums, 2);
        assert_int_equal(s.wrong, 0);
        assert_int_equal(s.hidden, 1);
        assert_int_equal(s.first_day, day("2025-04-03"));
        assert_int_equal(s.last_day, day("2025-05-20"));
    }
}

static void test_the_four_column_layout_is_read_to_the_penny(void **state) {
    (void)state;
    struct seen s;
    read_path(DATA "four_columns.csv", &s);
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.lines, 9);
    assert_int_equal(s.pence, 11685060);
    assert_int_equal(s.wrong, 1);
    assert_int_equal(s.credits, 1);
    assert_int_equal(s.hidden, 1);
    assert_int_equal(s.undated, 0);
    assert_int_equal(s.sums, 1); // the total at the foot: with it the sum would be twice that
    assert_int_equal(s.first_day, day("2025-03-31"));
    assert_int_equal(s.last_day, day("2026-03-31"));
    assert_non_null(strstr(s.words, "4 columns"));
}

static void test_a_row_that_cannot_be_taken_is_named_by_line_and_reason(void **state) {
    (void)state;
    struct seen s;
    read_path(DATA "four_columns.csv", &s);
    assert_int_equal(s.wrong_line, 10);
    assert_non_null(strstr(s.wrong_why, "#REF!"));
}

static void test_wrong_files_are_refused_with_what_to_do(void **state) {
    (void)state;
    static const struct {
        const char *text, *words;
    } files[] = {
        {"", "empty"},
        {"Only a letter,\nof two lines,\n", "headings"},
        {"Contract Title,Supplier,Amount,Start Date,End Date\nX,A Ltd,5,1/1/2020,1/1/2021\n",
         "register of contracts"},
        {"Employee Number,Name,Gross Pay,Tax Code,Net Pay,Amount\n1,A N Other,10,1257L,8,8\n", "wages"},
        {"Supplier,Invoice Date,Due Date,Amount Outstanding,Overdue,Amount\nA Ltd,1/1/2020,1/2/2020,5,5,5\n",
         "wait to be paid"},
        {"Supplier,Payment Date,Amount\nA Ltd,1/1/2020,#REF!\n", "not one row"},
        {"Payment Date,Amount,Directorate\n1/1/2020,5,Place\n", "who was paid"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct seen s;
        read_fd(file_of(files[i].text), "x.csv", NULL, &s);
        if (s.err != ERR_INVALID || !strstr(s.why, files[i].words)) {
            print_message("%s: %d, \"%s\"\n", files[i].text, (int)s.err, s.why);
        }
        assert_int_equal(s.err, ERR_INVALID);
        assert_non_null(strstr(s.why, files[i].words));
    }
}

static void test_payments_without_usable_dates_are_counted_and_told(void **state) {
    (void)state;
    struct seen s;
    read_path(DATA "no_dates.csv", &s);
    assert_int_equal(s.lines, 2);
    assert_int_equal(s.undated, 2);
    assert_int_equal(s.pence, 30030);
    assert_int_equal(s.first_day, INT32_MIN);
    read_fd(file_of("Supplier,Paid Date,Amount\nA Ltd,00:00:00,5\nB Ltd,00:00:00,6\n"), "x.csv", NULL, &s);
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.undated, 2);
    assert_int_equal(s.warnings, 1);
}

static void test_american_dates_are_told_and_all_rows_come_again(void **state) {
    (void)state;
    char text[8192] = "Supplier,Payment Date,Amount\n";
    for (int i = 0; i < 60; i++) {
        snprintf(text + strlen(text), 64, "A Ltd,03/04/2024,5\n");
    }
    snprintf(text + strlen(text), 64, "A Ltd,03/28/2024,5\n");
    struct seen s;
    read_fd(file_of(text), "x.csv", NULL, &s);
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.passes, 2);
    assert_int_equal(s.first_day, day("2024-03-04"));
    assert_int_equal(s.columns.date_order, ANC_DATES_MONTH_FIRST);
    assert_int_equal(s.warnings, 1);
}

static void test_a_settled_order_and_settled_columns_are_kept(void **state) {
    (void)state;
    static const char text[] = "Who,When,First,Second\nA Ltd,03/04/2024,5,50\nB Ltd,03/28/2024,6,60\n";
    struct anc_columns k = {.size = sizeof k, .head_rows = 1, .date_order = ANC_DATES_DAY_FIRST};
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        k.column[i] = -1;
    }
    struct seen s;
    k.column[ANC_COL_PAYEE] = 0;
    k.column[ANC_COL_DATE] = 1;
    k.column[ANC_COL_AMOUNT] = 3;
    read_fd(file_of(text), "x.csv", &k, &s);
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.pence, 11000);
    assert_int_equal(s.first_day, day("2024-04-03"));
    assert_int_equal(s.undated, 1); // the order was settled; the other date is no day in it
    k.column[ANC_COL_AMOUNT] = 0;
    k.column[ANC_COL_PAYEE] = 3;
    read_fd(file_of(text), "x.csv", &k, &s);
    assert_int_equal(s.err, ERR_INVALID);
    assert_non_null(strstr(s.why, "choose again"));
}

static void test_a_tier_2_file_is_known_by_who_paid_on(void **state) {
    (void)state;
    struct seen s;
    read_fd(file_of("Period,Intermediary,End supplier,Amount,Postcode\nApr-26,Vendor Ltd,A Ltd,5,WN1 1AA\n"
                    "May-26,Vendor Ltd,B Ltd,6,WN1 1AB\nMay-26,,C Ltd,7,\n"
                    "May-26,Vendor Ltd,D Ltd,8,\nMay-26,Vendor Ltd,E Ltd,9,\n"),
            "x.csv", NULL, &s);
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.columns.kind, ANC_FILE_TIER2);
    assert_int_equal(s.columns.column[ANC_COL_INTERMEDIARY], 1);
    assert_int_equal(s.columns.column[ANC_COL_PAYEE], 2);
    assert_int_equal(s.columns.column[ANC_COL_POSTCODE], 4);
    assert_int_equal(s.lines, 4);
    assert_int_equal(s.wrong, 1);
    assert_int_equal(s.first_day, day("2026-04-01"));
    assert_int_equal(s.undated, 0);
}

static void test_every_kind_of_column_is_told_to_the_host(void **state) {
    (void)state;
    struct seen s;
    read_fd(
        file_of(
            "Supplier,Amount,Payment Date,Expense Type,Purpose,Directorate,Supplier ID,Transaction Number,"
            "Postcode,Company Number,Charity Number,VAT Registration Number,Irrecoverable VAT,"
            "VCSE,Card Transaction\n"
            "A Ltd,5,1/2/2024,Fees,Audit,Place,S1,T1,WN1 1AA,123456,1234567,123 4567 89,1.20,Y,GPC\n"),
        "x.csv", NULL, &s);
    static const int32_t order[] = {
        ANC_COL_PAYEE,      ANC_COL_AMOUNT,      ANC_COL_DATE,        ANC_COL_CATEGORY, ANC_COL_PURPOSE,
        ANC_COL_DEPARTMENT, ANC_COL_SUPPLIER_NO, ANC_COL_TRANSACTION, ANC_COL_POSTCODE, ANC_COL_COMPANY,
        ANC_COL_CHARITY,    ANC_COL_VAT_NUMBER,  ANC_COL_VAT_LOST,    ANC_COL_VCSE,     ANC_COL_CARD};
    assert_int_equal(s.err, ERR_OK);
    for (int32_t i = 0; i < (int32_t)(sizeof order / sizeof *order); i++) {
        assert_int_equal(s.columns.column[order[i]], i);
    }
    assert_int_equal(s.vat_lost, 120);
    assert_int_equal(s.cards, 1);
}

static void test_no_plugin_means_a_plain_refusal(void **state) {
    (void)state;
    struct plugin_host *with = the.plugins;
    the.plugins = plugin_host_read(BINARY_DIR "/plugins", "");
    plugin_host_check(the.plugins, the.started.copies, NULL);
    plugin_host_start(the.plugins, NULL);
    struct seen s;
    read_path(DATA "four_columns.csv", &s);
    plugin_host_close(the.plugins);
    the.plugins = with;
    assert_int_equal(s.err, ERR_UNSUPPORTED);
    assert_non_null(strstr(s.why, "no plugin"));
}

static void test_rows_that_would_wrap_the_sum_are_wrong_and_the_sum_stays_true(void **state) {
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
    big[n] = 0;
    struct seen s;
    int fd = file_of(big);
    free(big);
    read_fd(fd, "x.csv", NULL, &s);
    assert_int_equal(s.err, ERR_OK);
    assert_true(s.wrong > 0);
    assert_int_equal(s.lines + s.wrong, LINES);
    assert_int_equal(s.pence, s.lines * INT64_C(9999999999999));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_published_file_ties_to_its_control_total_through_the_host),
        cmocka_unit_test(test_whole_years_tie_to_their_published_totals),
        cmocka_unit_test(test_the_four_column_layout_is_read_to_the_penny),
        cmocka_unit_test(test_workbooks_of_a_real_program_with_a_sheet_a_month_are_read_whole),
        cmocka_unit_test(test_a_row_that_cannot_be_taken_is_named_by_line_and_reason),
        cmocka_unit_test(test_wrong_files_are_refused_with_what_to_do),
        cmocka_unit_test(test_payments_without_usable_dates_are_counted_and_told),
        cmocka_unit_test(test_american_dates_are_told_and_all_rows_come_again),
        cmocka_unit_test(test_a_settled_order_and_settled_columns_are_kept),
        cmocka_unit_test(test_a_tier_2_file_is_known_by_who_paid_on),
        cmocka_unit_test(test_every_kind_of_column_is_told_to_the_host),
        cmocka_unit_test(test_no_plugin_means_a_plain_refusal),
        cmocka_unit_test(test_rows_that_would_wrap_the_sum_are_wrong_and_the_sum_stays_true),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
