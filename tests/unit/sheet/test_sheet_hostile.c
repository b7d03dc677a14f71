// SPDX-License-Identifier: Apache-2.0
// What reading files of strangers promises: archives that lie, workbooks made to do harm, a reading program
// that misbehaves. Each ends soon, in bounded memory, with a sentence that says what to do.
#include "bookmake.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "sheet/book/frame.h"
#include "sheet/book/jail.h"

// ---- archives of CSV ----------------------------------------------------------------------------------

enum { ARCHIVE_BYTES = 4 << 20 };

// An archive made by hand, so that it can lie.
struct archive {
    unsigned char *bytes, *directory;
    size_t n, directory_n;
    unsigned entries;
};

static void put(unsigned char **at, uint64_t v, int bytes) {
    for (int i = 0; i < bytes; i++) {
        *(*at)++ = (unsigned char)v;
        v >>= 8;
    }
}

static uint32_t crc32_of(const void *data, size_t n) {
    const unsigned char *p = data;
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int k = 0; k < 8; k++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
        }
    }
    return ~crc;
}

struct bits {
    unsigned char *at;
    unsigned held, count;
};

static void put_bits(struct bits *b, unsigned v, unsigned n) {
    b->held |= v << b->count;
    for (b->count += n; b->count >= 8; b->count -= 8) {
        *b->at++ = (unsigned char)b->held;
        b->held >>= 8;
    }
}

// Deflates `matches` times 258 bytes of 'A' and one more (RFC 1951: fixed codes; one letter, then copies of
// it).
static size_t pack_run(size_t matches, unsigned char *out) {
    struct bits b = {.at = out};
    put_bits(&b, 3, 3);    // last block, fixed codes
    put_bits(&b, 0x8E, 8); // 'A': code 0x71, written from its highest bit
    for (size_t i = 0; i < matches; i++) {
        put_bits(&b, 0xA3, 8); // length 258: code 0xC5
        put_bits(&b, 0, 5);    // distance 1
    }
    put_bits(&b, 0, 7); // end
    put_bits(&b, 0, 7);
    return (size_t)(b.at - out);
}

static void archive_begin(struct archive *a) {
    *a = (struct archive){.bytes = malloc(ARCHIVE_BYTES), .directory = malloc(ARCHIVE_BYTES)};
    assert_true(a->bytes && a->directory);
}

struct entry {
    const char *name, *text;
    size_t run;     // matches of a deflated run, in place of text
    unsigned flags; // bit 0 says encrypted
    uint32_t wrong; // mixed into the checksum
    size_t claim;   // unpacked size to write in place of the true one
};

static uint32_t crc_of_run(size_t n) {
    char *run = malloc(n);
    assert_non_null(run);
    memset(run, 'A', n);
    uint32_t crc = crc32_of(run, n);
    free(run);
    return crc;
}

static void archive_add(struct archive *a, struct entry e) {
    size_t offset = a->n, len = strlen(e.name), n = e.run ? e.run * 258 + 1 : strlen(e.text);
    uint32_t crc = (e.run ? crc_of_run(n) : crc32_of(e.text, n)) ^ e.wrong;
    unsigned char *p = a->bytes + a->n, *packed = p + 30 + len;
    size_t packed_n = e.run ? pack_run(e.run, packed) : n;
    if (!e.run) {
        memcpy(packed, e.text, n);
    }
    unsigned char *d = a->directory + a->directory_n;
    for (int central = 0; central < 2; central++) {
        unsigned char **at = central ? &d : &p;
        put(at, central ? 0x02014b50 : 0x04034b50, 4);
        put(at, 20, central ? 2 : 0);
        put(at, 20, 2);
        put(at, e.flags, 2);
        put(at, e.run ? 8 : 0, 2);
        put(at, 0, 4);
        put(at, crc, 4);
        put(at, packed_n, 4);
        put(at, e.claim ? e.claim : n, 4);
        put(at, len, 2);
        put(at, 0, central ? 12 : 2);
        put(at, offset, central ? 4 : 0);
        memcpy(*at, e.name, len);
        *at += len;
    }
    a->n = (size_t)(packed - a->bytes) + packed_n;
    a->directory_n = (size_t)(d - a->directory);
    a->entries++;
}

static void archive_text(struct archive *a, const char *name, const char *text) {
    archive_add(a, (struct entry){.name = name, .text = text});
}

static void archive_end(struct archive *a) {
    size_t start = a->n;
    memcpy(a->bytes + a->n, a->directory, a->directory_n);
    unsigned char *p = a->bytes + a->n + a->directory_n;
    put(&p, 0x06054b50, 4);
    put(&p, 0, 4);
    put(&p, a->entries, 2);
    put(&p, a->entries, 2);
    put(&p, a->directory_n, 4);
    put(&p, start, 4);
    put(&p, 0, 2);
    a->n = (size_t)(p - a->bytes);
}

static void archive_free(struct archive *a) {
    free(a->bytes);
    free(a->directory);
}

static const struct out *read_archive(struct archive *a) {
    int fd = memfd_create("archive", MFD_CLOEXEC);
    archive_end(a);
    assert_int_equal(write(fd, a->bytes, a->n), a->n);
    return read_fd(fd, "");
}

static const struct out *read_entries(const struct entry *entries, size_t n) {
    struct archive a;
    archive_begin(&a);
    for (size_t i = 0; i < n; i++) {
        archive_add(&a, entries[i]);
    }
    const struct out *o = read_archive(&a);
    archive_free(&a);
    return o;
}

#define NAMED(n, t)                                                                                          \
    { .name = (n), .text = (t) }
#define ARCHIVE(...)                                                                                         \
    read_entries((const struct entry[]){__VA_ARGS__},                                                        \
                 sizeof((const struct entry[]){__VA_ARGS__}) / sizeof(struct entry))

static void test_the_one_csv_of_an_archive_is_read_and_other_files_are_passed_over(void **state) {
    (void)state;
    const struct out *o =
        ARCHIVE(NAMED("read me.txt", "hello"), NAMED("__MACOSX/payments/._may.csv", "shadow"),
                NAMED("../payments/May.CSV", "Supplier;Amount\r\nA;\xA3"
                                             "1\r\n"));
    assert_string_equal(o->why, "");
    assert_string_equal(o->words, "CSV in a zip archive, separated by semicolons");
    assert_string_equal(o->text, "1:[Supplier][Amount]\n2:[A][\xC2\xA3"
                                 "1]\n");
}

static void test_archives_without_one_csv_are_refused(void **state) {
    (void)state;
    expect_refusal(ARCHIVE(NAMED("a.txt", "1")), "holds no CSV file");
    expect_refusal(ARCHIVE(NAMED("a.csv", "1"), NAMED("b.csv", "2")), "more than one CSV file");
    expect_refusal(ARCHIVE(NAMED("a.xlsx", "1"), NAMED("b.txt", "2")), "holds a workbook");
    expect_refusal(ARCHIVE(NAMED("a.csv", "PK\x03\x04")), "another archive inside");
    expect_refusal(ARCHIVE(NAMED("a.csv", "")), "empty");
    expect_refusal(ARCHIVE(NAMED("a.csv", "%PDF-1.7")), "PDF");
    expect_refusal(ARCHIVE(NAMED("xl/workbook.bin", "x"), NAMED("[Content_Types].xml", "x")), ".xlsb");
}

static void test_locked_damaged_and_cut_archives_are_refused(void **state) {
    (void)state;
    expect_refusal(ARCHIVE({.name = "a.csv", .text = "text", .flags = 1}), "password");
    expect_refusal(ARCHIVE({.name = "a.csv", .text = "text", .wrong = 1}), "damaged");
    struct archive a;
    archive_begin(&a);
    archive_text(&a, "a.csv", "Supplier,Amount\nA,1\n");
    archive_end(&a);
    for (size_t n = a.n - 1; n > 4; n--) {
        int fd = memfd_create("archive", MFD_CLOEXEC);
        assert_int_equal(write(fd, a.bytes, n), n);
        const struct out *o = read_fd(fd, "");
        assert_int_equal(o->status, SHEET_REFUSED);
    }
    archive_free(&a);
}

static void test_a_zip_bomb_is_stopped_by_what_comes_out_not_by_what_is_claimed(void **state) {
    (void)state;
    enum { MATCHES = 131072 }; // 32 MB
    // One long line is refused for that; lines are put in by hand below.
    expect_refusal(ARCHIVE({.name = "a.csv", .run = MATCHES}), "65,536");
    expect_refusal(ARCHIVE({.name = "a.csv", .run = MATCHES, .claim = 5}), "");
    struct part bomb[1] = {{"a.csv", NULL}};
    enum { BYTES = 32 << 20 };
    char *text = malloc(BYTES + 1);
    for (size_t i = 0; i < BYTES; i++) {
        text[i] = i % 64 == 63 ? '\n' : ',';
    }
    text[BYTES] = 0;
    bomb[0].text = text;
    struct sheet *s = NULL;
    struct sheet_block b;
    int fd = zip_of(bomb, 1, 9);
    enum sheet_status status = sheet_open(fd, NULL, &s);
    uint64_t rows = 0;
    while (status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        rows += b.rows;
    }
    assert_int_equal(status, SHEET_REFUSED);
    assert_non_null(strstr(sheet_why(s), "far more than its size"));
    assert_true(rows < 400000); // of 524,288
    sheet_close(s);
    close(fd);
    free(text);
}

static void test_an_archive_of_very_many_files_is_refused(void **state) {
    (void)state;
    struct archive a;
    archive_begin(&a);
    for (int i = 0; i < 4097; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d.txt", i);
        archive_text(&a, name, "x");
    }
    expect_refusal(read_archive(&a), "too many files");
    archive_free(&a);
}

// ---- large and cruel CSV ------------------------------------------------------------------------------

static long peak_kb(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

static void expect_cheap_refusal(size_t bytes, const char *piece, const char *part) {
    size_t n = strlen(piece);
    int fd = memfd_create("cruel", MFD_CLOEXEC);
    char *chunk = malloc(1 << 20);
    for (size_t i = 0; i < 1 << 20; i++) {
        chunk[i] = piece[i % n];
    }
    for (size_t at = 0; at < bytes; at += 1 << 20) {
        assert_int_equal(write(fd, chunk, 1 << 20), 1 << 20);
    }
    free(chunk);
    long before = peak_kb();
    expect_refusal(read_fd(fd, ""), part);
    assert_true(peak_kb() - before < 16384);
}

static void
test_a_line_of_a_hundred_megabytes_and_a_million_columns_are_refused_in_little_memory(void **state) {
    (void)state;
    expect_cheap_refusal((size_t)100 << 20, "x", "65,536 bytes");
    expect_cheap_refusal((size_t)100 << 20, "a,", "512 cells");
    expect_cheap_refusal((size_t)4 << 20, "\"a\"\"", "65,536 bytes");
}

// ---- workbooks ----------------------------------------------------------------------------------------

static void test_entities_and_document_types_are_refused_and_nothing_is_fetched(void **state) {
    (void)state;
    static const char *const kinds[] = {
        "<!DOCTYPE worksheet [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
        "<!DOCTYPE worksheet [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>",
        "<!DOCTYPE worksheet SYSTEM \"http://127.0.0.1:1/x.dtd\">",
        "<!DOCTYPE worksheet>",
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char text[1024];
        snprintf(
            text, sizeof text,
            "<?xml version=\"1.0\"?>%s<worksheet><sheetData><row><c t=\"str\"><v>&a;</v></c></row>" FILLER
            "</sheetData></worksheet>",
            kinds[i]);
        struct part parts[] = {TYPES, ONE_SHEET, ONE_REL, {"xl/worksheets/sheet1.xml", text}};
        const struct out *o = READ(parts, "");
        expect_refusal(o, "no spreadsheet writes");
        assert_int_equal(o->rows, 0);
    }
    static const struct part unknown[] = {TYPES, ONE_SHEET, ONE_REL,
                                          SHEET1("<row><c t=\"str\"><v>&a;</v></c></row>" FILLER)};
    expect_refusal(READ(unknown, ""), "damaged");
}

static void test_workbooks_beyond_the_limits_are_refused(void **state) {
    (void)state;
    static const struct part columns[] = {
        TYPES, ONE_SHEET, ONE_REL, SHEET1(FILLER "<row r=\"2000\"><c r=\"SS2000\"><v>1</v></c></row>")};
    expect_refusal(READ(columns, ""), "more than 512 cells");
    static const struct part rows[] = {TYPES, ONE_SHEET, ONE_REL,
                                       SHEET1(FILLER "<row r=\"1048577\"><c r=\"A1\"><v>1</v></c></row>")};
    expect_refusal(READ(rows, ""), "too many rows");
    static const struct part upwards[] = {TYPES, ONE_SHEET, ONE_REL,
                                          SHEET1(FILLER "<row r=\"5\"><c r=\"A1\"><v>1</v></c></row>")};
    expect_refusal(READ(upwards, ""), "damaged");
    size_t n = SHEET_CELL_MAX + 1;
    char *text = malloc(n + 1000);
    int at = snprintf(text, 500, "<worksheet><sheetData>" FILLER "<row r=\"2000\"><c t=\"str\"><v>");
    memset(text + at, 'x', n);
    snprintf(text + at + n, 100, "</v></c></row></sheetData></worksheet>");
    struct part cell[] = {TYPES, ONE_SHEET, ONE_REL, {"xl/worksheets/sheet1.xml", text}};
    expect_refusal(READ(cell, ""), "65,536");
    free(text);
    char *deep = malloc(8 * 2000 + 1);
    for (size_t i = 0; i < 2000; i++) {
        memcpy(deep + i * 3, "<a>", 4);
    }
    struct part nested[] = {TYPES, ONE_SHEET, ONE_REL, {"xl/worksheets/sheet1.xml", deep}};
    expect_refusal(READ(nested, ""), "damaged");
    free(deep);
}

static void test_a_workbook_that_unpacks_to_gigabytes_is_stopped(void **state) {
    (void)state;
    enum { BYTES = 64 << 20 };
    char *text = malloc(BYTES + 1);
    static const char head[] = "<worksheet><sheetData>", cell[] = "<row/>";
    memcpy(text, head, sizeof head - 1);
    for (size_t i = sizeof head - 1; i + 6 <= BYTES; i += 6) {
        memcpy(text + i, cell, 7);
    }
    struct part parts[] = {TYPES, ONE_SHEET, ONE_REL, {"xl/worksheets/sheet1.xml", text}};
    expect_refusal(read_fd(zip_of(parts, 4, 9), "One"), "far more than its size");
    free(text);
}

static void test_archives_that_are_no_workbooks_and_broken_ones_are_refused(void **state) {
    (void)state;
    static const struct part letter[] = {TYPES, {"word/document.xml", "<document/>"}};
    expect_refusal(READ(letter, ""), "not a workbook");
    static const struct part slides[] = {
        {"mimetype", "x"}, {"content.xml", "<office:document-content xmlns:office=\"urn:o\"/>"}};
    expect_refusal(READ(slides, ""), "No sheet");
    static const struct part no_sheet[] = {TYPES, ONE_SHEET, ONE_REL};
    expect_refusal(READ(no_sheet, "One"), "not a workbook");
    static const struct part no_rels[] = {TYPES, ONE_SHEET};
    expect_refusal(READ(no_rels, ""), "not a workbook");
    static const struct part broken[] = {TYPES, ONE_SHEET, ONE_REL, SHEET1(FILLER "<row><c></row>")};
    expect_refusal(READ(broken, "One"), "damaged");
    static const struct part whole[] = {TYPES, ONE_SHEET, ONE_REL, SHEET1(FILLER)};
    int fd = zip_of(whole, 4, 6);
    struct stat info;
    fstat(fd, &info);
    char *bytes = malloc((size_t)info.st_size);
    assert_int_equal(pread(fd, bytes, (size_t)info.st_size, 0), info.st_size);
    for (off_t n = 10; n < info.st_size; n += 97) {
        int cut = memfd_create("cut", MFD_CLOEXEC);
        assert_int_equal(write(cut, bytes, (size_t)n), n);
        assert_int_equal(read_fd(cut, "")->status, SHEET_REFUSED);
    }
    free(bytes);
    close(fd);
}

// ---- a reading program that has been taken over ----------------------------------------------------------

static const struct part good[] = {TYPES, ONE_SHEET, ONE_REL, SHEET1(FILLER)};

// Runs a script in place of the program.
static const struct out *read_with(const char *script) {
    char path[600], text[4096];
    snprintf(path, sizeof path, "%s/tests/misbehave.sh", BINARY_DIR);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    assert_true(fd >= 0);
    int n = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", script);
    assert_int_equal(write(fd, text, (size_t)n), n);
    close(fd);
    sheet_set_program(path);
    const struct out *o = READ(good, "");
    sheet_set_program(BINARY_DIR "/anchorage-book");
    unlink(path);
    return o;
}

static void test_what_the_program_says_is_checked(void **state) {
    (void)state;
#define SAYS(text) "printf '" text "'"
#define ROW_OF_ONE "\\001\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000"
#define DONE       "\\000\\000\\000\\000\\000\\000\\000\\000"
#define NAME_A     "T\\000\\000\\000\\001\\000\\000\\000A"
    // A frame of one row with one cell "a" is good, and shows that the others fail for what they say.
    const struct out *o =
        read_with(SAYS(NAME_A "R\\000\\000\\000\\036\\000\\000\\000" DONE "\\001\\000\\000\\000" ROW_OF_ONE
                              "\\001\\000\\000\\000a\\000E\\000\\000\\000\\000\\000\\000\\000"));
    assert_string_equal(o->why, "");
    assert_string_equal(o->text, "1:[a]\n");
    static const char *const lies[] = {
        "exit 0",
        "cat",
        "kill -SEGV $$",
        SAYS(NAME_A "R\\000\\000\\000\\377\\377\\377\\377"),      // a frame of 4 GB
        SAYS(NAME_A "R\\000\\000\\000\\036\\000\\000\\000" DONE), // cut short
        SAYS(NAME_A "R\\000\\000\\000\\036\\000\\000\\000" DONE "\\001\\000\\000\\000" ROW_OF_ONE
                    "\\001\\000\\000\\000aa"), // no NUL
        SAYS(NAME_A "R\\000\\000\\000\\036\\000\\000\\000" DONE "\\001\\000\\000\\000" ROW_OF_ONE
                    "\\001\\000\\000\\000\\377\\000"), // not UTF-8
        SAYS(NAME_A "R\\000\\000\\000\\036\\000\\000\\000" DONE "\\001\\000\\000\\000" ROW_OF_ONE
                    "\\002\\000\\000\\000a\\000"), // a cell too long
        SAYS(NAME_A "R\\000\\000\\000\\036\\000\\000\\000" DONE "\\002\\000\\000\\000" ROW_OF_ONE
                    "\\001\\000\\000\\000a\\000"),                        // a row too many
        "printf R",                                                       // rows before the name
        SAYS("E\\000\\000\\000\\000\\000\\000\\000"),                     // nothing but an end
        SAYS(NAME_A NAME_A),                                              // two names
        SAYS("T\\000\\000\\000\\001\\000\\000\\000\\001"),                // a name that is none
        SAYS(NAME_A "Z\\000\\000\\000\\000\\000\\000\\000"),              // no such frame
        SAYS("N\\000\\000\\000\\004\\000\\000\\000\\377\\000\\000\\000"), // no such reason
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        o = read_with(lies[i]);
        assert_int_equal(o->rows, 0);
        expect_refusal(o, "made to do harm");
    }
    expect_refusal(read_with(SAYS("N\\000\\000\\000\\004\\000\\000\\000\\003\\000\\000\\000")), "password");
    expect_refusal(read_with("kill -KILL $$"), "too long");
    o = read_with("exit 3"); // its limits could not be set: no fault of the file
    assert_int_equal(o->status, SHEET_FAILED);
    assert_non_null(strstr(o->why, "could not be started"));
}

static void test_a_program_that_goes_on_after_its_last_word_is_ended(void **state) {
    (void)state;
    const struct out *o =
        read_with(SAYS("N\\000\\000\\000\\004\\000\\000\\000\\003\\000\\000\\000") "; exec sleep 1000");
    expect_refusal(o, "password");
}

static void test_without_the_program_a_workbook_fails_with_its_name_and_csv_is_read(void **state) {
    (void)state;
    sheet_set_program(BINARY_DIR "/no-such-program");
    const struct out *o = READ(good, "");
    assert_int_equal(o->status, SHEET_FAILED);
    assert_non_null(strstr(o->why, "anchorage-book"));
    int fd = memfd_create("csv", MFD_CLOEXEC);
    assert_int_equal(write(fd, "a,b\n", 4), 4);
    assert_int_equal(read_fd(fd, "")->status, SHEET_END);
    sheet_set_program(BINARY_DIR "/anchorage-book");
}

// How a process in the jail ends that does something.
static int end_of(void (*something)(void)) {
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (!jail_enter()) {
            _exit(90);
        }
        something();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void do_nothing(void) {}
static void do_open(void) {
    int fd = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
    _exit(fd >= 0 ? 91 : 0);
}
static void do_socket(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    _exit(fd >= 0 ? 91 : 0);
}
static void do_fork(void) {
    _exit(fork() >= 0 ? 91 : 0);
}
static void do_write_elsewhere(void) {
    _exit(write(2, "x", 1) == 1 ? 91 : 0);
}
static void do_executable_memory(void) {
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    _exit(p != MAP_FAILED ? 91 : 0);
}
static void do_much_memory(void) {
    volatile char *p = malloc((size_t)1 << 30);
    _exit(p ? 91 : 0);
}

static bool has_filters(void) {
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHECKED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CHECKED 1
#endif
#ifndef CHECKED
#define CHECKED 0
#endif

static void test_the_program_can_do_nothing_but_read_and_write_rows(void **state) {
    (void)state;
    if (CHECKED) {
        printf("skipped: the jail is not closed in builds with sanitizers\n");
        return;
    }
    int status = end_of(do_nothing);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    void (*const deeds[])(void) = {do_open, do_socket, do_fork, do_write_elsewhere, do_executable_memory};
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds && has_filters(); i++) {
        status = end_of(deeds[i]);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    }
    status = end_of(do_much_memory);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int set_program(void **state) {
    (void)state;
    sheet_set_program(BINARY_DIR "/anchorage-book");
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_one_csv_of_an_archive_is_read_and_other_files_are_passed_over),
        cmocka_unit_test(test_archives_without_one_csv_are_refused),
        cmocka_unit_test(test_locked_damaged_and_cut_archives_are_refused),
        cmocka_unit_test(test_a_zip_bomb_is_stopped_by_what_comes_out_not_by_what_is_claimed),
        cmocka_unit_test(test_an_archive_of_very_many_files_is_refused),
        cmocka_unit_test(
            test_a_line_of_a_hundred_megabytes_and_a_million_columns_are_refused_in_little_memory),
        cmocka_unit_test(test_entities_and_document_types_are_refused_and_nothing_is_fetched),
        cmocka_unit_test(test_workbooks_beyond_the_limits_are_refused),
        cmocka_unit_test(test_a_workbook_that_unpacks_to_gigabytes_is_stopped),
        cmocka_unit_test(test_archives_that_are_no_workbooks_and_broken_ones_are_refused),
        cmocka_unit_test(test_what_the_program_says_is_checked),
        cmocka_unit_test(test_a_program_that_goes_on_after_its_last_word_is_ended),
        cmocka_unit_test(test_without_the_program_a_workbook_fails_with_its_name_and_csv_is_read),
        cmocka_unit_test(test_the_program_can_do_nothing_but_read_and_write_rows),
    };
    return cmocka_run_group_tests(tests, set_program, NULL);
}
