// SPDX-License-Identifier: Apache-2.0
// What hashing with the processor's instructions promises: the same as libsodium, however the bytes come in.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "sheet/sha256.h"

static void hash_in_pieces(const unsigned char *bytes, size_t n, size_t piece, bool fast, char hex[65]) {
    struct sha256 h;
    unsigned char sum[32];
    sha256_begin(&h, fast);
    for (size_t i = 0; i < n; i += piece) {
        sha256_take(&h, bytes + i, n - i < piece ? n - i : piece);
    }
    sha256_end(&h, sum);
    hex_encode(sum, sizeof sum, hex);
}

static void test_the_example_of_the_standard(void **state) {
    (void)state;
    char hex[65];
    for (int fast = 0; fast <= sha256_has_instructions(); fast++) {
        hash_in_pieces((const unsigned char *)"abc", 3, 1, fast, hex);
        assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        hash_in_pieces((const unsigned char *)"", 0, 1, fast, hex);
        assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}

static void test_every_length_and_every_cutting_gives_what_libsodium_gives(void **state) {
    (void)state;
    if (!sha256_has_instructions()) {
        printf("skipped: this processor has no instructions for SHA-256\n");
        return;
    }
    static unsigned char bytes[1000];
    static const size_t pieces[] = {1, 3, 55, 63, 64, 65, 128, 1000};
    char want[65], hex[65];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 151 + i / 13);
    }
    for (size_t n = 0; n <= sizeof bytes; n += n < 300 ? 1 : 7) {
        sha256_hex(bytes, n, want);
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            hash_in_pieces(bytes, n, pieces[i], true, hex);
            assert_string_equal(hex, want);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_standard),
        cmocka_unit_test(test_every_length_and_every_cutting_gives_what_libsodium_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
