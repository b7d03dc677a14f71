// SPDX-License-Identifier: Apache-2.0
// Promises about files that are meant to do harm, through the real server: they are refused with a sentence
// that helps, memory stays bounded, and everybody else is served.
#include "support/dbtest.h"

#include "base/clock.h"
#include "faults/bring.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// Sanitizers need several times the memory.
#if !defined(__has_feature)
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||     \
    __has_feature(thread_sanitizer)
#define PADDED true
#else
#define PADDED false
#endif

#define MIB         ((size_t)1024 * 1024)
#define MOST_KB     (INT64_C(96) * 1024) // of the process that serves, at its highest
#define AT_ONCE     24                   // uploads by one person
#define MAY_WAIT    20                   // IMPORT_OF_PERSON
#define NUMBER(...) strtoll(dbtest_value(__VA_ARGS__), NULL, 10)

static const char *const few[] = {"--set", "http.io_threads=64", "--set", "plugin.load=local_spend", NULL};

static struct program p;
static const char *data;
static struct ctx *c;

static int start(void **state) {
    (void)state;
    static int number;
    char name[32];
    snprintf(name, sizeof name, "hostile%d", number++);
    data = program_path(name);
    server_begin(&p, data, few);
    c = program_reach(data);
    bring_fixture(c);
    return 0;
}

static void check_others_are_served(void) {
    assert_int_equal(visitor_get(p.port, "/", "").status, 200);
    assert_int_equal(visitor_get(p.port, "/readyz", "").status, 200);
    assert_int_equal(bring_get(p.port, "/officer/spend").status, 200);
}

static void check_memory(pid_t worker) {
    assert_int_equal(bring_worker(&p), worker); // the same process: nothing fell over
    int64_t kb = bring_resident_kb(worker);
    if (kb < 0) {
        print_message("note: the system does not tell how much memory is used; that is not checked\n");
        return;
    }
    print_message("memory of the server at its highest: %lld MiB\n", (long long)kb / 1024);
    if (!PADDED) {
        assert_in_range(kb, 1, MOST_KB);
    }
}

// Taken in, read by the worker, and refused with this sentence; pages answer meanwhile.
static void check_refused(const struct reply *r, const char *sentence) {
    char ref[32], page[64];
    pid_t worker = bring_worker(&p);
    bring_ref(r, ref);
    check_others_are_served();
    bring_wait(c, ref, "refused");
    const char *problem = dbtest_value(c, "SELECT problem FROM core.spend_import WHERE ref = '%s'", ref);
    if (!strstr(problem, sentence)) {
        fail_msg("\"%s\" does not say \"%s\"", problem, sentence);
    }
    snprintf(page, sizeof page, "/officer/spend/imports/%s", ref);
    assert_int_equal(bring_get(p.port, page).status, 200);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.spend_load"), "0");
    check_memory(worker);
    assert_int_equal(bring_post(p.port, ref, "drop", "").status, 303);
    assert_int_equal(bring_left(data), 0);
}

static void test_one_line_as_long_as_the_largest_upload_is_refused(void **state) {
    (void)state;
    char *mib = malloc(MIB + 1);
    assert_non_null(mib);
    memset(mib, 'a', MIB);
    mib[MIB] = 0;
    struct reply r = bring_many(p.port, "line.csv", "Supplier,Date,Amount\n", mib, 63);
    free(mib);
    check_refused(&r, "one cell holds more than");
}

static void test_a_million_columns_are_refused(void **state) {
    (void)state;
    struct reply r = bring_many(p.port, "wide.csv", "Supplier,Date,Amount", ",x", 1000000);
    check_refused(&r, "columns");
}

static void test_a_file_of_nuls_is_refused(void **state) {
    (void)state;
    char *zero = calloc(1, 4 * MIB);
    assert_non_null(zero);
    struct reply r = bring_file(p.port, "nul.csv", zero, 4 * MIB);
    free(zero);
    check_refused(&r, "");
}

// ---- a workbook that unpacks to very much --------------------------------------------------------------

static size_t put16(unsigned char *at, unsigned v) {
    at[0] = (unsigned char)v;
    at[1] = (unsigned char)(v >> 8);
    return 2;
}

static size_t put32(unsigned char *at, unsigned long v) {
    return put16(at, (unsigned)(v & 0xffff)) + put16(at + 2, (unsigned)(v >> 16 & 0xffff));
}

struct bomb {
    unsigned char *p;
    size_t n;
    unsigned char entries[1024];
    size_t entries_n;
    unsigned count;
};

// One member: text, then `fill` times as many MiB of blanks, deflated.
static void add_member(struct bomb *b, const char *name, const char *text, size_t fill) {
    unsigned char *out = malloc(32 * MIB), *mib = malloc(MIB);
    z_stream z = {0};
    size_t text_n = strlen(text), name_n = strlen(name), at = b->n;
    assert_non_null(out);
    assert_non_null(mib);
    memset(mib, ' ', MIB);
    unsigned long crc = crc32(0, (const unsigned char *)text, (unsigned)text_n);
    assert_int_equal(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = out;
    z.avail_out = (unsigned)(32 * MIB);
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (unsigned)text_n;
    for (size_t i = 0; i <= fill; i++) {
        assert_true(deflate(&z, i == fill ? Z_FINISH : Z_NO_FLUSH) >= 0);
        if (i < fill) {
            z.next_in = mib;
            z.avail_in = (unsigned)MIB;
            crc = crc32(crc, mib, (unsigned)MIB);
        }
    }
    unsigned long packed = z.total_out, whole = z.total_in;
    deflateEnd(&z);
    unsigned char *h = b->p + b->n, *e = b->entries + b->entries_n;
    unsigned char common[26];
    size_t k = put16(common, 20) + put16(common + 2, 0) + put16(common + 4, 8) + put32(common + 6, 0x21);
    k += put32(common + k, crc);
    k += put32(common + k, packed);
    k += put32(common + k, whole);
    k += put16(common + k, (unsigned)name_n);
    k += put16(common + k, 0);
    put32(h, 0x04034b50);
    memcpy(h + 4, common, k);
    memcpy(h + 4 + k, name, name_n);
    memcpy(h + 4 + k + name_n, out, packed);
    b->n += 4 + k + name_n + packed;
    put32(e, 0x02014b50);
    put16(e + 4, 20);
    memcpy(e + 6, common, k);
    memset(e + 6 + k, 0, 10); // comment, disk, attributes
    put32(e + 6 + k + 10, (unsigned long)at);
    memcpy(e + 6 + k + 14, name, name_n);
    b->entries_n += 6 + k + 14 + name_n;
    b->count++;
    free(out);
    free(mib);
}

static void finish(struct bomb *b) {
    unsigned char *h = b->p + b->n + b->entries_n;
    memcpy(b->p + b->n, b->entries, b->entries_n);
    put32(h, 0x06054b50);
    put32(h + 4, 0);
    put16(h + 8, b->count);
    put16(h + 10, b->count);
    put32(h + 12, b->entries_n);
    put32(h + 16, (unsigned long)b->n);
    put16(h + 20, 0);
    b->n += b->entries_n + 22;
}

static void test_a_workbook_that_unpacks_to_gigabytes_is_refused(void **state) {
    (void)state;
    struct bomb b = {.p = malloc(40 * MIB)};
    assert_non_null(b.p);
    add_member(&b, "[Content_Types].xml",
               "<?xml version=\"1.0\"?><Types "
               "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
               "<Default Extension=\"rels\" "
               "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
               "<Override PartName=\"/xl/workbook.xml\" "
               "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/"
               "></Types>",
               0);
    add_member(
        &b, "_rels/.rels",
        "<?xml version=\"1.0\"?><Relationships "
        "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" "
        "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
        "Target=\"xl/workbook.xml\"/></Relationships>",
        0);
    add_member(
        &b, "xl/_rels/workbook.xml.rels",
        "<?xml version=\"1.0\"?><Relationships "
        "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" "
        "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" "
        "Target=\"worksheets/sheet1.xml\"/></Relationships>",
        0);
    add_member(
        &b, "xl/workbook.xml",
        "<?xml version=\"1.0\"?><workbook "
        "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
        "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet "
        "name=\"Payments\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        0);
    add_member(&b, "xl/worksheets/sheet1.xml",
               "<?xml version=\"1.0\"?><worksheet "
               "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
               1500);
    finish(&b);
    struct reply r = bring_file(p.port, "bomb.xlsx", b.p, b.n);
    free(b.p);
    check_refused(&r, "");
}

// ---- too much ------------------------------------------------------------------------------------------

static void test_a_file_over_the_limit_is_refused_before_it_is_read(void **state) {
    (void)state;
    char *mib = malloc(MIB + 1);
    assert_non_null(mib);
    memset(mib, 'a', MIB);
    mib[MIB] = 0;
    pid_t worker = bring_worker(&p);
    struct reply r = bring_many(p.port, "large.csv", "Supplier,Date,Amount\n", mib, 200);
    free(mib);
    assert_int_equal(r.status, 413);
    assert_non_null(strstr(r.body, "What was sent is too large"));
    assert_int_equal(bring_left(data), 0);
    check_others_are_served();
    check_memory(worker);
}

static void *bring_one(void *arg) {
    struct reply *r = arg;
    size_t n;
    int64_t pence;
    char *text = bring_text("Oat", 2000, &n, &pence);
    *r = bring_file(p.port, "one.csv", text, n);
    free(text);
    return NULL;
}

static void test_many_uploads_at_once_are_taken_up_to_a_number_and_the_rest_told_why(void **state) {
    (void)state;
    struct reply *replies = calloc(AT_ONCE, sizeof *replies);
    pthread_t threads[AT_ONCE];
    int taken = 0, told = 0, busy = 0;
    pid_t worker = bring_worker(&p);
    assert_non_null(replies);
    for (int i = 0; i < AT_ONCE; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, bring_one, &replies[i]), 0);
    }
    check_others_are_served();
    for (int i = 0; i < AT_ONCE; i++) {
        pthread_join(threads[i], NULL);
        taken += replies[i].status == 303;
        told += replies[i].status == 422;
        busy += replies[i].status == 503;
    }
    assert_int_equal(taken + told + busy, AT_ONCE); // everybody has an answer
    free(replies);
    assert_in_range(taken, 1, MAY_WAIT);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM core.spend_import WHERE state <> 'dropped'"), taken);
    check_others_are_served();
    check_memory(worker);
    for (; taken < MAY_WAIT; taken++) { // one after the other, up to the number that may wait
        struct reply r = {0};
        bring_one(&r);
        assert_int_equal(r.status, 303);
    }
    struct reply r = {0};
    bring_one(&r);
    assert_int_equal(r.status, 422);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM core.spend_import WHERE state <> 'dropped'"), MAY_WAIT);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
         NUMBER(c, "SELECT count(*) FROM core.spend_import WHERE state = 'ready'") < MAY_WAIT;) {
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 10);
    }
    check_memory(worker);
}

static int stop(void **state) {
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    program_free(&p);
    return program_teardown(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_line_as_long_as_the_largest_upload_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_a_million_columns_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_a_file_of_nuls_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_a_workbook_that_unpacks_to_gigabytes_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_a_file_over_the_limit_is_refused_before_it_is_read, start, stop),
        cmocka_unit_test_setup_teardown(
            test_many_uploads_at_once_are_taken_up_to_a_number_and_the_rest_told_why, start, stop),
    };
    return cmocka_run_group_tests(tests, program_group_setup, program_group_teardown);
}
