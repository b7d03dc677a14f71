// SPDX-License-Identifier: Apache-2.0
// What reading a CSV file promises: every quirk of published files, wherever the edges of the buffer fall;
// limits as refusals with a sentence.
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/csvw.h"
#include "base/text.h"
#include "sheet/bytes.h"
#include "sheet/scan.h"
#include "sheet/sheet.h"

enum { OUT_BYTES = 1 << 16 };

// Rows as text: cells between [ ], rows by line.
struct out {
    char text[OUT_BYTES];
    size_t n;
    uint64_t rows, last_line;
    uint32_t last_count;
    char why[400], words[200];
    uint64_t recoded;
};

static void put(struct out *o, const char *p, size_t n) {
    assert_true(o->n + n < OUT_BYTES);
    memcpy(o->text + o->n, p, n);
    o->n += n;
    o->text[o->n] = 0;
}

static void take(struct out *o, const struct sheet_block *b, bool keep) {
    assert_true(b->rows > 0 && b->rows <= SHEET_BLOCK_ROWS && b->first[0] == 0);
    for (uint32_t r = 0; r < b->rows; r++) {
        assert_true(b->first[r + 1] > b->first[r]);
        for (uint32_t i = b->first[r]; i < b->first[r + 1]; i++) {
            assert_int_equal(strlen(b->text[i]), b->length[i]);
            assert_true(utf8_valid(b->text[i], b->length[i]));
            if (keep) {
                put(o, "[", 1);
                put(o, b->text[i], b->length[i]);
                put(o, "]", 1);
            }
        }
        if (keep) {
            put(o, "\n", 1);
        }
        o->rows++;
        assert_true(b->line[r] > o->last_line);
        o->last_line = b->line[r];
        o->last_count = b->first[r + 1] - b->first[r];
    }
}

static enum sheet_status read_rows(struct sheet *s, enum sheet_status status, struct out *o, bool keep) {
    struct sheet_block b;
    uint64_t done = 0;
    o->n = o->rows = o->last_line = 0;
    o->text[0] = 0;
    while (status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        take(o, &b, keep);
        assert_true(sheet_done(s) >= done && sheet_done(s) <= sheet_bytes(s));
        done = sheet_done(s);
    }
    snprintf(o->why, sizeof o->why, "%s", sheet_why(s));
    snprintf(o->words, sizeof o->words, "%s", sheet_words(s));
    o->recoded = sheet_recoded(s);
    return status;
}

static enum sheet_status read_memory(const char *bytes, size_t n, struct out *o, bool keep) {
    struct sheet *s = NULL;
    enum sheet_status status = sheet_open_memory(bytes, n, NULL, &s);
    status = read_rows(s, status, o, keep);
    sheet_close(s);
    return status;
}

// Feeds the cutter itself in pieces, so that each edge of the buffer falls everywhere.
static enum scan_status read_in_pieces(const char *bytes, size_t n, size_t piece, struct out *o) {
    struct scan *s = scan_new();
    assert_non_null(s);
    size_t at = 0;
    for (;;) {
        struct sheet_block b;
        enum scan_status status = scan_block(s, &b);
        if (status == SCAN_BLOCK) {
            take(o, &b, true);
        } else if (status == SCAN_MORE) {
            size_t take_n = n - at < piece ? n - at : piece;
            memcpy(scan_room(s), bytes + at, take_n);
            at += take_n;
            scan_add(s, take_n, at == n);
        } else {
            scan_free(s);
            return status;
        }
    }
}

// What the rows are, read from memory, and cut in pieces when nothing at the head is to be skipped.
static void expect(const char *bytes, size_t n, const char *want, bool pieces) {
    static const size_t sizes[] = {1, 2, 3, 7, 64, 100};
    static struct out o;
    assert_int_equal(read_memory(bytes, n, &o, true), n > 0 ? SHEET_END : SHEET_REFUSED);
    assert_string_equal(o.text, want);
    for (size_t i = 0; pieces && i < sizeof sizes / sizeof *sizes; i++) {
        o = (struct out){.n = 0};
        assert_int_equal(read_in_pieces(bytes, n, sizes[i], &o), SCAN_END);
        assert_string_equal(o.text, want);
    }
}

#define EXPECT(bytes, want)      expect(bytes, sizeof(bytes) - 1, want, true)
#define EXPECT_HEAD(bytes, want) expect(bytes, sizeof(bytes) - 1, want, false)

static void expect_refusal(const char *bytes, size_t n, const char *part) {
    static struct out o;
    assert_int_equal(read_memory(bytes, n, &o, false), SHEET_REFUSED);
    if (!strstr(o.why, part)) {
        fail_msg("\"%s\" does not hold \"%s\"", o.why, part);
    }
}

#define EXPECT_REFUSAL(bytes, part) expect_refusal(bytes, sizeof(bytes) - 1, part)

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

static void test_quotes_are_undone_across_wide_cells(void **state) {
    (void)state;
    char text[2000], want[2000];
    // each place of the quotes against the 64 bytes that are looked at together
    for (int lead = 0; lead < 140; lead++) {
        int n = snprintf(text, sizeof text, "%0*d,\"a,\"\"%0*d\"\"\r\nz\",\"\"\nnext,\"b\"\n", lead + 1, 7,
                         lead + 1, 8);
        snprintf(want, sizeof want, "[%0*d][a,\"%0*d\"\r\nz][]\n[next][b]\n", lead + 1, 7, lead + 1, 8);
        expect(text, (size_t)n, want, true);
    }
}

static void test_lines_are_counted_through_quoted_line_ends(void **state) {
    (void)state;
    static const char *const texts[] = {"h,i\r\na,\"1\r\n2\r\n3\"\r\nb,c\r\n", "h,i\ra,\"1\r2\r3\"\rb,c\r",
                                        "h,i\na,\"1\n2\n3\"\nb,c"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t piece = 1; piece < 9; piece++) {
            static struct out o;
            o = (struct out){.n = 0};
            assert_int_equal(read_in_pieces(texts[i], strlen(texts[i]), piece, &o), SCAN_END);
            assert_int_equal(o.last_line, 5);
        }
    }
}

static void test_the_delimiter_is_found(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } files[] = {
        {"Supplier,Date,Amount\nA Ltd,1/2/2024,5\n", "commas"},
        {"Supplier;Date;Amount\n\"A, B and C Ltd\";1/2/2024;1,000.00\nD;1/2/2024;2,000.00\n", "semicolons"},
        {"Supplier\tDate\tAmount\nA, B and C Ltd\t1/2/2024\t1,000\n", "tabs"},
        {"Supplier|Date|Amount\nA, B|1/2/2024|5\n", "bars"},
        {"a,b,c\n1 | 2,\"x\"\"y\",3 | 4\n1 | 2,x,3 | 4\n", "commas"},
        {"Payments over 500,,,\n,,,\nSupplier,Date,Amount,Notes\nA,1/2/24,5,one; two; three\n", "commas"},
        {"a|b,c,d,e\n1|2,x,y,z\n1|2,x,y,z\n1|2,x,y,z,extra\n", "commas"},
        {"just one column\nand text\n", "commas"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        static struct out o;
        assert_int_equal(read_memory(files[i].text, strlen(files[i].text), &o, true), SHEET_END);
        assert_non_null(strstr(o.words, files[i].want));
    }
}

static void test_a_sep_line_names_the_delimiter_and_is_dropped(void **state) {
    (void)state;
    EXPECT_HEAD("sep=;\r\na,b;c\r\n", "[a,b][c]\n");
    EXPECT_HEAD("sep=|\na,b|c\n", "[a,b][c]\n");
    static struct out o;
    assert_int_equal(read_memory("sep=|\na|c\n", 10, &o, true), SHEET_END);
    assert_int_equal(o.last_line, 2); // its own line counts
}

static void test_byte_order_marks_are_dropped_however_often_they_were_encoded(void **state) {
    (void)state;
    EXPECT_HEAD("\xEF\xBB\xBF\"Body, Name\",b\n", "[Body, Name][b]\n");
    EXPECT_HEAD("\xC3\xAF\xC2\xBB\xC2\xBF"
                "Body,b\n",
                "[Body][b]\n");
    EXPECT_HEAD("\xC3\x83\xC2\xAF\xC2\xBB\xC2\xBF"
                "Body,b\n",
                "[Body][b]\n");
    EXPECT_HEAD("\xC3\x83\xC2\xAF\xC3\x82\xC2\xBB\xC3\x82\xC2\xBF"
                "Body,b\n",
                "[Body][b]\n");
    EXPECT_HEAD("\xEF\xBB\xBF\xEF\xBB\xBF"
                "Body,b\n",
                "[Body][b]\n");
    EXPECT_REFUSAL("\xEF\xBB\xBF", "empty");
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

static void test_one_odd_byte_is_seen_wherever_it_stands_in_a_long_cell(void **state) {
    (void)state;
    char text[1200], want[1200];
    for (int lead = 1; lead < 200; lead += 3) {
        int n = snprintf(text, sizeof text, "a,\"%0*d\xA3%0200d\",z\nb,%0*d\xA3%0200d,y\n", lead, 1, 2, lead,
                         3, 4);
        snprintf(want, sizeof want, "[a][%0*d\xC2\xA3%0200d][z]\n[b][%0*d\xC2\xA3%0200d][y]\n", lead, 1, 2,
                 lead, 3, 4);
        expect(text, (size_t)n, want, true);
    }
}

static void test_cells_recoded_beside_live_as_long_as_the_block(void **state) {
    (void)state;
    enum { ROWS = 30000 };
    char *text = malloc(ROWS * 32 + 1);
    size_t n = 0;
    for (int i = 0; i < ROWS; i++) {
        n += (size_t)snprintf(text + n, 32, "\xA3%d \x80,x\n", i);
    }
    struct sheet *s = NULL;
    struct sheet_block b;
    int row = 0;
    assert_int_equal(sheet_open_memory(text, n, NULL, &s), SHEET_OK);
    while (sheet_next(s, &b) == SHEET_OK) {
        for (uint32_t r = 0; r < b.rows; r++, row++) {
            char want[64];
            snprintf(want, sizeof want, "\xC2\xA3%d \xE2\x82\xAC", row);
            assert_int_equal(b.first[r + 1] - b.first[r], 2);
            assert_string_equal(b.text[b.first[r]], want);
            assert_string_equal(b.text[b.first[r] + 1], "x");
        }
    }
    assert_int_equal(row, ROWS);
    assert_int_equal(sheet_recoded(s), ROWS);
    sheet_close(s);
    free(text);
}

static void test_unicode_text_of_two_bytes_a_letter_is_read(void **state) {
    (void)state;
    EXPECT_HEAD("\xFF\xFEh\0i\0,\0\xA3\0\n\0", "[hi][£]\n");
    EXPECT_HEAD("\xFE\xFF\0h\0i\0\t\x20\xAC\0\r\0\n\0x\0\ty", "[hi][€]\n[x][\xEF\xBF\xBD]\n");
    EXPECT_HEAD("h\0i\0,\0j\0\n\0", "[hi][j]\n"); // without a mark
    EXPECT_HEAD("\xFF\xFE=\xD8\0\xDE,\0\x00\xDC,\0",
                "[\xF0\x9F\x98\x80][\xEF\xBF\xBD][]\n"); // pairs, and half of one
    EXPECT_REFUSAL("\xFF\xFEh\0,\0\0\0i\0", "not text");
    // Longer than what is read at a time, so that letters are cut in two.
    enum { ROWS = 60000 };
    char *text = malloc(ROWS * 8 + 3);
    size_t n = 0;
    static struct out o;
    for (int i = 0; i < ROWS; i++, n += 8) {
        memcpy(text + n, "a\0,\0b\0\n\0", 8);
    }
    struct sheet *s;
    struct sheet_block b;
    uint64_t rows = 0;
    assert_int_equal(sheet_open_memory(text, n, NULL, &s), SHEET_OK);
    while (sheet_next(s, &b) == SHEET_OK) {
        rows += b.rows;
        assert_string_equal(b.text[b.first[b.rows] - 1], "b");
    }
    assert_int_equal(rows, ROWS);
    sheet_close(s);
    free(text);
    (void)o;
}

static void test_a_quote_that_never_closes_costs_no_other_row(void **state) {
    (void)state;
    EXPECT("\"Broken,1\nb,2\n\"c, d\",3\n", "[\"Broken][1]\n[b][2]\n[c, d][3]\n");
    EXPECT("\"Broken,1\nb,2\nthe \"best\" Ltd,3\n", "[\"Broken][1]\n[b][2]\n[the \"best\" Ltd][3]\n");
    EXPECT("x,\"6 inch\r\ny,\"z\"\r\n", "[x][\"6 inch]\n[y][z]\n");
    EXPECT("\"two\nlines\",1\n", "[two\nlines][1]\n"); // as it was
}

static void test_files_that_are_not_csv_are_named(void **state) {
    (void)state;
    EXPECT_REFUSAL("", "empty");
    EXPECT_REFUSAL("\xFF\xFE\0\0h\0\0\0i\0\0\0", "UTF-32");
    EXPECT_REFUSAL("PK\x03\x04zip", "zip");
    EXPECT_REFUSAL("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".xls");
    EXPECT_REFUSAL("\x1F\x8B\x08\x00", "packed");
    EXPECT_REFUSAL("%PDF-1.7\n", "PDF");
    EXPECT_REFUSAL("\x89PNG\r\n\x1A\n", "picture");
    EXPECT_REFUSAL("\n <!DOCTYPE HTML><html>", "web page");
    EXPECT_REFUSAL("\xEF\xBB\xBF<?xml version='1.0'?>", "XML");
    EXPECT_REFUSAL("a,b\n1,2\0,3\n", "Line 2");
    EXPECT_REFUSAL("a,b\n1,\"2\0\",3\n", "not text");
}

static void test_a_quote_that_never_closes_is_refused_with_its_line_after_the_rows_before_it(void **state) {
    (void)state;
    static struct out o;
    const char *text = "a,b\n1,2\n3,\"open\n4,5\n6,7\n";
    assert_int_equal(read_memory(text, strlen(text), &o, true), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "Line 3"));
    assert_string_equal(o.text, "[a][b]\n[1][2]\n");
}

static enum sheet_status read_big(const char *head, int middle, size_t n, const char *tail, struct out *o) {
    size_t head_n = strlen(head), tail_n = strlen(tail);
    char *text = malloc(head_n + n + tail_n + 1);
    assert_non_null(text);
    memcpy(text, head, head_n);
    memset(text + head_n, middle, n);
    for (size_t i = 60000; middle == 'y' && i < n; i += 60000) {
        text[head_n + i] = ',';
    }
    memcpy(text + head_n + n, tail, tail_n);
    enum sheet_status status = read_memory(text, head_n + n + tail_n, o, false);
    free(text);
    return status;
}

static void test_limits_are_refusals_and_what_just_fits_is_read(void **state) {
    (void)state;
    static struct out o;
    assert_int_equal(read_big("a,", 'x', SHEET_CELL_MAX, "\n", &o), SHEET_END);
    assert_int_equal(read_big("a,", 'x', SHEET_CELL_MAX + 1, "\n", &o), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "65,536"));
    assert_int_equal(read_big("a,\"", 'x', SHEET_CELL_MAX, "\"\n", &o), SHEET_END);
    assert_int_equal(read_big("a,\"", 'x', SHEET_CELL_MAX + 1, "\"\n", &o), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "65,536"));
    // 131,072 quotes between quotes are 65,536; 40,000 bytes of windows-1252 become 80,000 of UTF-8
    assert_int_equal(read_big("a,\"", '"', SHEET_CELL_MAX * 2, "\"\n", &o), SHEET_END);
    assert_int_equal(read_big("a,\"", '"', SHEET_CELL_MAX * 2 + 2, "\"\n", &o), SHEET_REFUSED);
    assert_int_equal(read_big("z\na,", 0xA3, 40000, "\n", &o), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "65,536"));
    assert_int_equal(o.rows, 1);
    assert_int_equal(read_big("", ',', SHEET_CELLS_MAX - 1, "\n", &o), SHEET_END);
    assert_int_equal(o.last_count, SHEET_CELLS_MAX);
    assert_int_equal(read_big("", ',', SHEET_CELLS_MAX, "\n", &o), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "512"));
    assert_int_equal(read_big("", 'y', SHEET_ROW_MAX, "\n", &o), SHEET_END);
    assert_int_equal(read_big("", 'y', SHEET_ROW_MAX * 2, "\n", &o), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "1 MB"));
}

static void test_looking_at_many_bytes_at_once_finds_what_looking_at_each_finds(void **state) {
    (void)state;
    unsigned char bytes[64 + 256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 167 + i / 7);
    }
    static const unsigned char wanted[] = {',', ';', '\t', '|', '"', 0xC3};
    for (size_t at = 0; at < 256; at++) {
        for (size_t i = 0; i < sizeof wanted; i++) {
            struct byte_masks one = bytes_look_portable(bytes + at, wanted[i]),
                              all = bytes_look(bytes + at, wanted[i]);
            assert_true(one.found == all.found && one.high == all.high);
        }
    }
}

static int file_of(const void *bytes, size_t n) {
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    return fd;
}

static void test_a_large_file_is_read_twice_alike_and_hashed_beside(void **state) {
    (void)state;
    static struct out o;
    enum { ROWS = 100000 };
    static const char row[] = "one,two,\"three\"\r\n";
    char *text = malloc(ROWS * (sizeof row - 1)), sum[65];
    for (size_t i = 0; i < ROWS; i++) {
        memcpy(text + i * (sizeof row - 1), row, sizeof row - 1);
    }
    size_t n = ROWS * (sizeof row - 1);
    int fd = file_of(text, n);
    assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
    struct sheet *s = NULL;
    enum sheet_status status = sheet_open(fd, NULL, &s);
    for (int pass = 0; pass < 2; pass++) {
        assert_int_equal(read_rows(s, status, &o, false), SHEET_END);
        assert_int_equal(o.rows, ROWS);
        assert_int_equal(o.last_line, ROWS);
        assert_int_equal(o.last_count, 3);
        assert_int_equal(sheet_done(s), n);
        status = sheet_rewind(s);
        assert_int_equal(status, SHEET_OK);
    }
    sha256_hex(text, n, sum);
    assert_string_equal(sheet_sha256(s), sum);
    sheet_close(s);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 5); // the caller's place in the file is left alone
    close(fd);
    free(text);
}

static void test_a_file_that_changes_while_it_is_read_is_refused(void **state) {
    (void)state;
    static struct out o;
    int fd = file_of("a,b\n1,2\n", 8);
    struct sheet *s = NULL;
    enum sheet_status status = sheet_open(fd, NULL, &s);
    assert_int_equal(write(fd, "3,4\n", 4), 4);
    assert_int_equal(read_rows(s, status, &o, false), SHEET_REFUSED);
    assert_non_null(strstr(o.why, "changed"));
    sheet_close(s);
    close(fd);
}

static bool write_out(void *user, const char *p, size_t n) {
    put(user, p, n);
    return true;
}

static void test_what_our_csv_writer_writes_is_read_back(void **state) {
    (void)state;
    static const char *const cells[] = {"a \"b\", c", "two\r\nlines", " end ", "x;y|z\tw", "Caf\xC3\xA9"};
    static struct out written, read;
    struct csvw w;
    written.n = 0;
    csvw_init(&w, write_out, &written);
    for (int row = 0; row < 3; row++) {
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
            csvw_text(&w, cells[i]);
        }
        csvw_end_row(&w);
    }
    assert_int_equal(read_memory(written.text, written.n, &read, true), SHEET_END);
    static const char want[] = "[a \"b\", c][two\r\nlines][ end ][x;y|z\tw][Caf\xC3\xA9]\n";
    assert_int_equal(read.rows, 3);
    assert_memory_equal(read.text, want, sizeof want - 1);
}

static void test_folders_devices_and_pipes_are_no_files(void **state) {
    (void)state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    int others[] = {open("/", O_RDONLY), open("/dev/zero", O_RDONLY), fds[0]};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct sheet *s = NULL;
        assert_int_equal(sheet_open(others[i], NULL, &s), SHEET_REFUSED);
        assert_non_null(strstr(sheet_why(s), "not a file"));
        sheet_close(s);
        close(others[i]);
    }
    close(fds[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_line_ends_give_the_same_records),
        cmocka_unit_test(test_quotes_hold_delimiters_quotes_and_line_ends),
        cmocka_unit_test(test_quotes_are_undone_across_wide_cells),
        cmocka_unit_test(test_lines_are_counted_through_quoted_line_ends),
        cmocka_unit_test(test_the_delimiter_is_found),
        cmocka_unit_test(test_a_sep_line_names_the_delimiter_and_is_dropped),
        cmocka_unit_test(test_byte_order_marks_are_dropped_however_often_they_were_encoded),
        cmocka_unit_test(test_cells_come_out_as_utf8),
        cmocka_unit_test(test_ragged_rows_keep_their_own_number_of_cells),
        cmocka_unit_test(test_one_odd_byte_is_seen_wherever_it_stands_in_a_long_cell),
        cmocka_unit_test(test_cells_recoded_beside_live_as_long_as_the_block),
        cmocka_unit_test(test_files_that_are_not_csv_are_named),
        cmocka_unit_test(test_unicode_text_of_two_bytes_a_letter_is_read),
        cmocka_unit_test(test_a_quote_that_never_closes_costs_no_other_row),
        cmocka_unit_test(test_a_quote_that_never_closes_is_refused_with_its_line_after_the_rows_before_it),
        cmocka_unit_test(test_limits_are_refusals_and_what_just_fits_is_read),
        cmocka_unit_test(test_looking_at_many_bytes_at_once_finds_what_looking_at_each_finds),
        cmocka_unit_test(test_a_large_file_is_read_twice_alike_and_hashed_beside),
        cmocka_unit_test(test_a_file_that_changes_while_it_is_read_is_refused),
        cmocka_unit_test(test_what_our_csv_writer_writes_is_read_back),
        cmocka_unit_test(test_folders_devices_and_pipes_are_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
