// SPDX-License-Identifier: Apache-2.0
// What the CSV reader promises: every quirk of published files, limits as errors, any cutting of the input
// alike.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

enum { OUT_BYTES = 1 << 16 };

// Records as text: cells between [ ], records by line.
struct out {
    char text[OUT_BYTES];
    size_t n;
    uint64_t rows, last_line;
    size_t last_count;
    uint64_t stop_at;
};

static void put(struct out *o, const char *p, size_t n) {
    assert_true(o->n + n < OUT_BYTES);
    memcpy(o->text + o->n, p, n);
    o->n += n;
    o->text[o->n] = 0;
}

static bool collect(void *user, const struct csv_row *row) {
    struct out *o = user;
    for (size_t i = 0; i < row->count; i++) {
        assert_int_equal(strlen(row->cells[i]), row->lengths[i]);
        put(o, "[", 1);
        put(o, row->cells[i], row->lengths[i]);
        put(o, "]", 1);
    }
    put(o, "\n", 1);
    o->rows++;
    assert_int_equal(row->number, o->rows);
    o->last_line = row->line;
    o->last_count = row->count;
    return o->rows != o->stop_at;
}

static bool count_only(void *user, const struct csv_row *row) {
    struct out *o = user;
    o->rows++;
    o->last_count = row->count;
    return true;
}

static enum csv_status read_in_pieces(const char *bytes, size_t n, size_t piece, struct out *o,
                                      char *ret_delimiter) {
    struct csv_reader *r = csv_open(NULL, collect, o);
    assert_non_null(r);
    enum csv_status s = CSV_OK;
    for (size_t i = 0; i < n && s == CSV_OK; i += piece) {
        s = csv_feed(r, bytes + i, n - i < piece ? n - i : piece);
    }
    s = csv_finish(r);
    if (ret_delimiter) {
        *ret_delimiter = csv_delimiter(r);
    }
    csv_close(r);
    return s;
}

// Reads the bytes whole and in small pieces; all must give `want`.
static void expect(const char *bytes, size_t n, const char *want) {
    static const size_t pieces[] = {1, 2, 3, 7, 1 << 20};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        static struct out o;
        o = (struct out){.n = 0};
        assert_int_equal(read_in_pieces(bytes, n, pieces[i], &o, NULL), CSV_OK);
        assert_string_equal(o.text, want);
    }
}

#define EXPECT(bytes, want) expect(bytes, sizeof(bytes) - 1, want)

static void expect_status(const char *bytes, size_t n, enum csv_status want) {
    static struct out o;
    o = (struct out){.n = 0};
    assert_int_equal(read_in_pieces(bytes, n, n ? n : 1, &o, NULL), want);
    if (want != CSV_OK) {
        assert_true(strlen(csv_status_text(want)) > 10);
    }
}

#define EXPECT_STATUS(bytes, want) expect_status(bytes, sizeof(bytes) - 1, want)

static void test_all_line_ends_give_the_same_records(void **state) {
    (void)state;
    EXPECT("a,b\nc,d\n", "[a][b]\n[c][d]\n");
    EXPECT("a,b\r\nc,d\r\n", "[a][b]\n[c][d]\n");
    EXPECT("a,b\rc,d\r", "[a][b]\n[c][d]\n");
    EXPECT("a,b\nc,d", "[a][b]\n[c][d]\n");
    EXPECT("", "");
    EXPECT("a,b\n\n,\n", "[a][b]\n[]\n[][]\n");
    EXPECT("a,\r\nb,", "[a][]\n[b][]\n");
}

static void test_quotes_hold_delimiters_quotes_and_line_ends(void **state) {
    (void)state;
    EXPECT("a,\"b,\"\"c\"\"\"\n", "[a][b,\"c\"]\n");
    EXPECT("a,\"two\r\nlines\"\nb,c\n", "[a][two\r\nlines]\n[b][c]\n");
    EXPECT("\"\",\"\"\n", "[][]\n");
    EXPECT("\"Smith\" Ltd,5\n", "[Smith Ltd][5]\n");
    EXPECT("Bob \"the\" Builder,5\n", "[Bob \"the\" Builder][5]\n");
    EXPECT("a,\"b\"", "[a][b]\n");
}

static void test_lines_are_counted_through_quoted_line_ends(void **state) {
    (void)state;
    static struct out o;
    o = (struct out){.n = 0};
    const char *text = "h,i\r\na,\"1\r\n2\r\n3\"\r\nb,c\r\n";
    assert_int_equal(read_in_pieces(text, strlen(text), 1, &o, NULL), CSV_OK);
    assert_int_equal(o.last_line, 5);
    o = (struct out){.n = 0};
    text = "h,i\ra,\"1\r2\r3\"\rb,c\r";
    assert_int_equal(read_in_pieces(text, strlen(text), 4, &o, NULL), CSV_OK);
    assert_int_equal(o.last_line, 5);
}

static void test_the_delimiter_is_found(void **state) {
    (void)state;
    static const struct {
        const char *text;
        char want;
    } files[] = {
        {"Supplier,Date,Amount\nA Ltd,1/2/2024,5\n", ','},
        {"Supplier;Date;Amount\n\"A, B and C Ltd\";1/2/2024;1,000.00\nD;1/2/2024;2,000.00\n", ';'},
        {"Supplier\tDate\tAmount\nA, B and C Ltd\t1/2/2024\t1,000\n", '\t'},
        {"Supplier|Date|Amount\nA, B|1/2/2024|5\n", '|'},
        {"a,b,c\n1 | 2,\"x\"\"y\",3 | 4\n1 | 2,x,3 | 4\n", ','},
        {"Payments over 500,,,\n,,,\nSupplier,Date,Amount,Notes\nA,1/2/24,5,one; two; three\n", ','},
        {"a|b,c,d,e\n1|2,x,y,z\n1|2,x,y,z\n1|2,x,y,z,extra\n", ','},
        {"just one column\nand text\n", ','},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        static struct out o;
        char found = 0;
        o = (struct out){.n = 0};
        assert_int_equal(read_in_pieces(files[i].text, strlen(files[i].text), 5, &o, &found), CSV_OK);
        assert_int_equal(found, files[i].want);
    }
}

static void test_a_sep_line_names_the_delimiter_and_is_dropped(void **state) {
    (void)state;
    EXPECT("sep=;\r\na,b;c\r\n", "[a,b][c]\n");
    EXPECT("sep=|\na,b|c\n", "[a,b][c]\n");
}

static void test_byte_order_marks_are_dropped_however_often_they_were_encoded(void **state) {
    (void)state;
    EXPECT("\xEF\xBB\xBF\"Body, Name\",b\n", "[Body, Name][b]\n");
    EXPECT("\xC3\xAF\xC2\xBB\xC2\xBF"
           "Body,b\n",
           "[Body][b]\n");
    EXPECT("\xC3\x83\xC2\xAF\xC2\xBB\xC2\xBF"
           "Body,b\n",
           "[Body][b]\n");
    EXPECT("\xC3\x83\xC2\xAF\xC3\x82\xC2\xBB\xC3\x82\xC2\xBF"
           "Body,b\n",
           "[Body][b]\n");
    EXPECT("\xEF\xBB\xBF\xEF\xBB\xBF"
           "Body,b\n",
           "[Body][b]\n");
    EXPECT("\xEF\xBB\xBF", "");
}

static void test_cells_come_out_as_utf8(void **state) {
    (void)state;
    EXPECT("Caf\xC3\xA9,\xC2\xA3"
           "5\n",
           "[Caf\xC3\xA9][\xC2\xA3"
           "5]\n");
    // windows-1252: pound sign, curly quote, euro; a byte that means nothing there becomes U+FFFD
    EXPECT("\xA3"
           "5,Children\x92s,\x80,\x81\n",
           "[\xC2\xA3"
           "5][Children\xE2\x80\x99s][\xE2\x82\xAC][\xEF\xBF\xBD]\n");
    // one file may hold both
    EXPECT("\xC2\xA3"
           "5,\xA3"
           "5\n",
           "[\xC2\xA3"
           "5][\xC2\xA3"
           "5]\n");
    // not UTF-8: overlong, surrogate, cut short
    EXPECT("\xC0\xAF,\xED\xA0\x80,\xE2\x82\n",
           "[\xC3\x80\xC2\xAF][\xC3\xAD\xC2\xA0\xE2\x82\xAC][\xC3\xA2\xE2\x80\x9A]\n");
}

static void test_ragged_rows_keep_their_own_number_of_cells(void **state) {
    (void)state;
    EXPECT("a,b,c\n1\n1,2,3,4,#N/A\n", "[a][b][c]\n[1]\n[1][2][3][4][#N/A]\n");
}

static void test_files_that_are_not_csv_are_named(void **state) {
    (void)state;
    EXPECT_STATUS("\xFF\xFE"
                  "a\0,\0b\0\n\0",
                  CSV_UTF16);
    EXPECT_STATUS("\xFE\xFF\0a\0,\0b\0\n", CSV_UTF16);
    EXPECT_STATUS("a\0,\0b\0\n\0c\0,\0d\0\n\0", CSV_UTF16);
    EXPECT_STATUS("PK\x03\x04 rest of a workbook", CSV_WORKBOOK);
    EXPECT_STATUS("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", CSV_WORKBOOK);
    EXPECT_STATUS("%PDF-1.7\n", CSV_PDF);
    EXPECT_STATUS("\n <!DOCTYPE HTML><html>", CSV_WEB_PAGE);
    EXPECT_STATUS("\xEF\xBB\xBF<?xml version='1.0'?>", CSV_WEB_PAGE);
    EXPECT_STATUS("a,b\n1,2\0,3\n", CSV_NUL);
    EXPECT_STATUS("a,b\n1,\"2\0\",3\n", CSV_NUL);
}

static void test_a_quote_that_never_closes_is_an_error_with_its_line(void **state) {
    (void)state;
    static struct out o;
    o = (struct out){.n = 0};
    struct csv_reader *r = csv_open(NULL, collect, &o);
    const char *text = "a,b\n1,2\n3,\"open\n4,5\n6,7\n";
    assert_int_equal(csv_feed(r, text, strlen(text)), CSV_OK);
    assert_int_equal(csv_finish(r), CSV_UNCLOSED_QUOTE);
    assert_int_equal(csv_line(r), 3);
    assert_int_equal(csv_feed(r, text, strlen(text)), CSV_UNCLOSED_QUOTE);
    assert_int_equal(o.rows, 2);
    csv_close(r);
}

static char *filled(size_t n, char c) {
    char *p = malloc(n + 1);
    assert_non_null(p);
    memset(p, c, n);
    p[n] = 0;
    return p;
}

static enum csv_status read_big(const char *head, const char *middle, size_t n, const char *tail,
                                struct out *o) {
    struct csv_reader *r = csv_open(NULL, count_only, o);
    assert_non_null(r);
    csv_feed(r, head, strlen(head));
    csv_feed(r, middle, n);
    csv_feed(r, tail, strlen(tail));
    enum csv_status s = csv_finish(r);
    csv_close(r);
    return s;
}

static void test_limits_are_errors_and_what_just_fits_is_read(void **state) {
    (void)state;
    struct out *o = calloc(1, sizeof *o);
    char *text = filled(CSV_RECORD_MAX * 2, 'x');
    assert_int_equal(read_big("a,", text, CSV_FIELD_MAX, "\n", o), CSV_OK);
    assert_int_equal(read_big("a,", text, CSV_FIELD_MAX + 1, "\n", o), CSV_FIELD_TOO_LONG);
    assert_int_equal(read_big("a,\"", text, CSV_FIELD_MAX + 1, "\"\n", o), CSV_FIELD_TOO_LONG);
    // 40,000 bytes of windows-1252 become 80,000 of UTF-8
    memset(text, 0xA3, 40000);
    assert_int_equal(read_big("a,", text, 40000, "\n", o), CSV_FIELD_TOO_LONG);
    memset(text, ',', CSV_RECORD_MAX);
    assert_int_equal(read_big("", text, CSV_FIELDS_MAX - 1, "\n", o), CSV_OK);
    assert_int_equal(o->last_count, CSV_FIELDS_MAX);
    assert_int_equal(read_big("", text, CSV_FIELDS_MAX, "\n", o), CSV_TOO_MANY_FIELDS);
    memset(text, 'x', CSV_RECORD_MAX * 2);
    for (size_t i = 0; i < CSV_RECORD_MAX * 2; i += 60000) {
        text[i] = ',';
    }
    assert_int_equal(read_big("", text, CSV_RECORD_MAX - 1000, "\n", o), CSV_OK);
    assert_int_equal(read_big("", text, CSV_RECORD_MAX * 2, "\n", o), CSV_RECORD_TOO_LONG);
    free(text);
    free(o);
}

static void test_the_callback_can_stop(void **state) {
    (void)state;
    static struct out o;
    o = (struct out){.stop_at = 2};
    assert_int_equal(read_in_pieces("a\nb\nc\nd\n", 8, 8, &o, NULL), CSV_STOPPED);
    assert_string_equal(o.text, "[a]\n[b]\n");
}

static size_t allowed;

static void *scarce(void *memory, size_t bytes) {
    if (allowed == 0) {
        return NULL;
    }
    allowed--;
    return realloc(memory, bytes);
}

static void test_running_out_of_memory_is_an_error(void **state) {
    (void)state;
    struct out *o = calloc(1, sizeof *o);
    char *text = filled(30000, 'x');
    struct csv_options options = {.resize = scarce};
    bool finished = false;
    for (size_t n = 0; n < 12; n++) {
        allowed = n;
        struct csv_reader *r = csv_open(&options, count_only, o);
        if (!r) {
            assert_true(n < 2);
            continue;
        }
        csv_feed(r, text, 30000);
        enum csv_status s = csv_finish(r);
        assert_true(s == CSV_OK || s == CSV_NO_MEMORY);
        finished |= s == CSV_OK;
        assert_true(n > 2 || s == CSV_NO_MEMORY);
        csv_close(r);
    }
    assert_true(finished);
    free(text);
    free(o);
}

static void test_a_file_larger_than_the_first_look_is_read_through(void **state) {
    (void)state;
    struct out *o = calloc(1, sizeof *o);
    struct csv_reader *r = csv_open(NULL, count_only, o);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(csv_feed(r, "one,two,\"three\"\r\n", 17), CSV_OK);
    }
    assert_int_equal(csv_finish(r), CSV_OK);
    assert_int_equal(o->rows, 20000);
    assert_int_equal(o->last_count, 3);
    csv_close(r);
    free(o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_line_ends_give_the_same_records),
        cmocka_unit_test(test_quotes_hold_delimiters_quotes_and_line_ends),
        cmocka_unit_test(test_lines_are_counted_through_quoted_line_ends),
        cmocka_unit_test(test_the_delimiter_is_found),
        cmocka_unit_test(test_a_sep_line_names_the_delimiter_and_is_dropped),
        cmocka_unit_test(test_byte_order_marks_are_dropped_however_often_they_were_encoded),
        cmocka_unit_test(test_cells_come_out_as_utf8),
        cmocka_unit_test(test_ragged_rows_keep_their_own_number_of_cells),
        cmocka_unit_test(test_files_that_are_not_csv_are_named),
        cmocka_unit_test(test_a_quote_that_never_closes_is_an_error_with_its_line),
        cmocka_unit_test(test_limits_are_errors_and_what_just_fits_is_read),
        cmocka_unit_test(test_the_callback_can_stop),
        cmocka_unit_test(test_running_out_of_memory_is_an_error),
        cmocka_unit_test(test_a_file_larger_than_the_first_look_is_read_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
