// SPDX-License-Identifier: Apache-2.0
// What the zip reader promises: the one CSV and nothing else, within limits, whatever the archive claims.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/zipread.h"

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

static size_t pack(const void *data, size_t n, unsigned char *out, size_t cap) {
    z_stream z = {
        .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)n, .next_out = out, .avail_out = (uInt)cap};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static void archive_begin(struct archive *a) {
    *a = (struct archive){.bytes = malloc(ARCHIVE_BYTES), .directory = malloc(ARCHIVE_BYTES)};
    assert_true(a->bytes && a->directory);
}

// Adds an entry; claimed: the unpacked size written in the archive; flags: bit 0 says encrypted.
static void archive_add(struct archive *a, const char *name, const void *data, size_t n, size_t claimed,
                        unsigned flags, uint32_t crc) {
    size_t offset = a->n, len = strlen(name);
    unsigned char *p = a->bytes + a->n, *packed = p + 30 + len;
    size_t packed_n = pack(data, n, packed, ARCHIVE_BYTES - a->n - 30 - len);
    unsigned char *d = a->directory + a->directory_n;
    for (int central = 0; central < 2; central++) {
        unsigned char **at = central ? &d : &p;
        put(at, central ? 0x02014b50 : 0x04034b50, 4);
        put(at, 20, central ? 2 : 0);
        put(at, 20, 2);
        put(at, flags, 2);
        put(at, 8, 2); // deflated
        put(at, 0, 4);
        put(at, crc, 4);
        put(at, packed_n, 4);
        put(at, claimed, 4);
        put(at, len, 2);
        put(at, 0, central ? 12 : 2);
        put(at, offset, central ? 4 : 0);
        memcpy(*at, name, len);
        *at += len;
    }
    a->n = (size_t)(packed - a->bytes) + packed_n;
    a->directory_n = (size_t)(d - a->directory);
    a->entries++;
}

static void archive_text(struct archive *a, const char *name, const char *text) {
    archive_add(a, name, text, strlen(text), strlen(text), 0,
                (uint32_t)crc32(0, (const Bytef *)text, (uInt)strlen(text)));
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

struct got {
    char text[256];
    size_t n, total;
    bool stop;
};

static bool take(void *user, const void *bytes, size_t n) {
    struct got *g = user;
    size_t keep = n < sizeof g->text - 1 - g->n ? n : sizeof g->text - 1 - g->n;
    memcpy(g->text + g->n, bytes, keep);
    g->n += keep;
    g->text[g->n] = 0;
    g->total += n;
    return !g->stop;
}

static enum zipread_status read_it(struct archive *a, const struct zipread_limits *limits, struct got *g,
                                   struct zipread_info *info) {
    *g = (struct got){.stop = g->stop};
    return zipread_csv(a->bytes, a->n, limits, take, g, info);
}

static void test_the_one_csv_is_unpacked_and_other_files_are_passed_over(void **state) {
    (void)state;
    struct archive a;
    struct got g = {.n = 0};
    struct zipread_info info = {.bytes = 7};
    archive_begin(&a);
    archive_text(&a, "read me.txt", "hello");
    archive_text(&a, "__MACOSX/payments/._may.csv", "shadow");
    archive_text(&a, "../payments/May.CSV", "Supplier,Amount\nA,1\n");
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_OK);
    assert_string_equal(g.text, "Supplier,Amount\nA,1\n");
    assert_string_equal(info.name, "May.CSV");
    assert_int_equal(info.bytes, 20);
    g.stop = true;
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_STOPPED);
    archive_free(&a);
}

static void test_no_csv_or_two_are_refused(void **state) {
    (void)state;
    struct archive a;
    struct got g = {.n = 0};
    struct zipread_info info = {.bytes = 7};
    archive_begin(&a);
    archive_text(&a, "a.txt", "1");
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_NO_CSV);
    a.n = a.directory_n = a.entries = 0;
    archive_text(&a, "a.csv", "1");
    archive_text(&a, "b.csv", "2");
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_MANY_CSV);
    assert_int_equal(g.total, 0);
    assert_int_equal(info.bytes, 7);
    archive_free(&a);
}

static void test_encrypted_damaged_and_cut_archives_are_refused(void **state) {
    (void)state;
    struct archive a;
    struct got g = {.n = 0};
    struct zipread_info info = {.bytes = 7};
    archive_begin(&a);
    archive_add(&a, "a.csv", "text", 4, 4, 1, (uint32_t)crc32(0, (const Bytef *)"text", 4));
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_ENCRYPTED);
    a.n = a.directory_n = a.entries = 0;
    archive_add(&a, "a.csv", "text", 4, 4, 0, 12345);
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_BROKEN);
    a.n = a.directory_n = a.entries = 0;
    archive_text(&a, "a.csv", "Supplier,Amount\nA,1\n");
    archive_end(&a);
    for (size_t n = a.n - 1; n > 0; n--) {
        enum zipread_status s = zipread_csv(a.bytes, n, NULL, take, &g, &info);
        assert_int_not_equal(s, ZIPREAD_OK);
    }
    assert_int_equal(zipread_csv("Supplier,Amount", 15, NULL, take, &g, &info), ZIPREAD_NOT_ZIP);
    archive_free(&a);
}

static void test_a_zip_bomb_is_stopped_by_what_comes_out_not_by_what_is_claimed(void **state) {
    (void)state;
    struct archive a;
    struct got g = {.n = 0};
    struct zipread_info info = {.bytes = 7};
    size_t n = 8 << 20;
    char *zeros = malloc(n);
    assert_non_null(zeros);
    memset(zeros, ',', n);
    uint32_t crc = (uint32_t)crc32(0, (const Bytef *)zeros, (uInt)n);
    archive_begin(&a);
    archive_add(&a, "a.csv", zeros, n, n, 0, crc);
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_BOMB);
    assert_true(g.total <= (2 << 20));
    struct zipread_limits wide = {.max_ratio = 5000}, small = {.max_ratio = 5000, .max_bytes = 1 << 20};
    assert_int_equal(read_it(&a, &wide, &g, &info), ZIPREAD_OK);
    assert_int_equal(g.total, n);
    assert_int_equal(read_it(&a, &small, &g, &info), ZIPREAD_TOO_LARGE);
    assert_true(g.total <= (1 << 20));
    free(zeros);
    archive_free(&a);
}

static void test_an_archive_of_very_many_files_is_refused(void **state) {
    (void)state;
    struct archive a;
    struct got g = {.n = 0};
    struct zipread_info info = {.bytes = 7};
    archive_begin(&a);
    for (int i = 0; i < ZIPREAD_MAX_ENTRIES + 1; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d.txt", i);
        archive_text(&a, name, "x");
    }
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_MANY_ENTRIES);
    archive_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_one_csv_is_unpacked_and_other_files_are_passed_over),
        cmocka_unit_test(test_no_csv_or_two_are_refused),
        cmocka_unit_test(test_encrypted_damaged_and_cut_archives_are_refused),
        cmocka_unit_test(test_a_zip_bomb_is_stopped_by_what_comes_out_not_by_what_is_claimed),
        cmocka_unit_test(test_an_archive_of_very_many_files_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
