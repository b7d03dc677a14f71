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
    archive_add(&a, (struct entry){.name = "a.csv", .text = "text", .flags = 1});
    archive_end(&a);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_ENCRYPTED);
    a.n = a.directory_n = a.entries = 0;
    archive_add(&a, (struct entry){.name = "a.csv", .text = "text", .wrong = 1});
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
    enum { MATCHES = 32768 }; // 8 MB
    archive_begin(&a);
    archive_add(&a, (struct entry){.name = "a.csv", .run = MATCHES});
    archive_end(&a);
    assert_true(a.n < 100000);
    struct zipread_limits strict = {.max_ratio = 100}, small = {.max_bytes = 1 << 20};
    assert_int_equal(read_it(&a, &strict, &g, &info), ZIPREAD_BOMB);
    assert_true(g.total < a.n * 100 + 65536);
    assert_int_equal(read_it(&a, &small, &g, &info), ZIPREAD_TOO_LARGE);
    assert_true(g.total <= (1 << 20));
    assert_int_equal(info.bytes, 7);
    assert_int_equal(read_it(&a, NULL, &g, &info), ZIPREAD_OK);
    assert_int_equal(g.total, MATCHES * 258 + 1);
    // the archive says that five bytes come out
    a.n = a.directory_n = a.entries = 0;
    archive_add(&a, (struct entry){.name = "a.csv", .run = MATCHES, .claim = 5});
    archive_end(&a);
    assert_int_not_equal(read_it(&a, &small, &g, &info), ZIPREAD_OK);
    assert_true(g.total <= (1 << 20));
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
