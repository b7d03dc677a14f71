// SPDX-License-Identifier: Apache-2.0
// Test help: workbooks and archives made by hand, reading them, and what came out as text.
#ifndef TESTS_UNIT_SHEET_BOOKMAKE_H
#define TESTS_UNIT_SHEET_BOOKMAKE_H

#include <minizip/zip.h>
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

#include "sheet/sheet.h"

struct part {
    const char *name, *text;
};

enum { OUT_BYTES = 1 << 16 };

// Rows as text: "line:[cell][cell]", one a line.
struct out {
    char text[OUT_BYTES];
    size_t n;
    uint64_t rows, last_line;
    uint32_t last_count;
    char why[400], words[400];
    enum sheet_status status;
};

static inline int zip_of(const struct part *parts, size_t count, int level) {
    int fd = memfd_create("book", MFD_CLOEXEC);
    char path[64];
    assert_true(fd >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    zipFile zip = zipOpen64(path, APPEND_STATUS_CREATE);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(zipOpenNewFileInZip(zip, parts[i].name, NULL, NULL, 0, NULL, 0, NULL,
                                             level ? Z_DEFLATED : 0, level),
                         ZIP_OK);
        assert_int_equal(zipWriteInFileInZip(zip, parts[i].text, (unsigned)strlen(parts[i].text)), ZIP_OK);
        assert_int_equal(zipCloseFileInZip(zip), ZIP_OK);
    }
    assert_int_equal(zipClose(zip, NULL), ZIP_OK);
    return fd;
}

static inline void put_out(struct out *o, const char *text, size_t n) {
    if (o->n + n < OUT_BYTES) {
        memcpy(o->text + o->n, text, n);
        o->n += n;
        o->text[o->n] = 0;
    }
}

static inline void take_block(struct out *o, const struct sheet_block *b) {
    char line[32];
    for (uint32_t r = 0; r < b->rows; r++) {
        int n = snprintf(line, sizeof line, "%llu:", (unsigned long long)b->line[r]);
        put_out(o, line, (size_t)n);
        for (uint32_t i = b->first[r]; i < b->first[r + 1]; i++) {
            assert_int_equal(strlen(b->text[i]), b->length[i]);
            put_out(o, "[", 1);
            put_out(o, b->text[i], b->length[i]);
            put_out(o, "]", 1);
        }
        put_out(o, "\n", 1);
        o->rows++;
        o->last_line = b->line[r];
        o->last_count = b->first[r + 1] - b->first[r];
    }
}

static inline void read_open(struct sheet *s, enum sheet_status status, struct out *o) {
    struct sheet_block b;
    *o = (struct out){.n = 0};
    while (status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        take_block(o, &b);
        assert_true(sheet_done(s) <= sheet_bytes(s));
    }
    o->status = status;
    snprintf(o->why, sizeof o->why, "%s", sheet_why(s));
    snprintf(o->words, sizeof o->words, "%s", sheet_words(s));
    assert_true((status == SHEET_END) == (o->why[0] == 0));
}

// Reads all of it; closes the descriptor.
static inline const struct out *read_fd(int fd, const char *table) {
    static struct out o;
    struct sheet_options options = {.file_name = "", .table = table};
    struct sheet *s = NULL;
    enum sheet_status status = sheet_open(fd, &options, &s);
    read_open(s, status, &o);
    sheet_close(s);
    close(fd);
    return &o;
}

#define READ(parts, table) read_fd(zip_of(parts, sizeof(parts) / sizeof *(parts), 6), table)

static inline void expect_refusal(const struct out *o, const char *part) {
    if (o->status != SHEET_REFUSED || !strstr(o->why, part)) {
        fail_msg("status %d: \"%s\" does not hold \"%s\"", (int)o->status, o->why, part);
    }
}

// ---- the parts of an XLSX -----------------------------------------------------------------------------

#define TYPES                                                                                                \
    { "[Content_Types].xml", "<Types/>" }
#define RELS_OF(book)                                                                                        \
    {                                                                                                        \
        "_rels/.rels",                                                                                       \
            "<Relationships><Relationship Id=\"rId1\" Type=\"http://x/officeDocument\" Target=\"" book       \
            "\"/></Relationships>"                                                                           \
    }
#define BOOK(sheets)                                                                                         \
    { "xl/workbook.xml", "<workbook xmlns:r=\"urn:r\"><sheets>" sheets "</sheets></workbook>" }
#define SHEET_IN_BOOK(name, id, state)                                                                       \
    "<sheet name=\"" name "\" sheetId=\"1\" r:id=\"" id "\" state=\"" state "\"/>"
#define REL(id, type, target) "<Relationship Id=\"" id "\" Type=\"http://x/" type "\" Target=\"" target "\"/>"
#define BOOK_RELS(rels)                                                                                      \
    { "xl/_rels/workbook.xml.rels", "<Relationships>" rels "</Relationships>" }
#define ONE_SHEET BOOK(SHEET_IN_BOOK("One", "r1", "visible"))
#define ONE_REL   BOOK_RELS(REL("r1", "worksheet", "worksheets/sheet1.xml"))
#define SHEET1(rows)                                                                                         \
    { "xl/worksheets/sheet1.xml", "<worksheet><sheetData>" rows "</sheetData></worksheet>" }
// Three rows of three cells: surely a table.
#define FILLER                                                                                               \
    "<row r=\"1001\"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>"                                    \
    "<row r=\"1002\"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>"                                    \
    "<row r=\"1003\"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>"
#define FILLER_TEXT "1001:[1][2][3]\n1002:[1][2][3]\n1003:[1][2][3]\n"

#endif
