// SPDX-License-Identifier: Apache-2.0
// Passwords, their hashes and one-time codes.
#include "auth/password.h"

#include "base/conf.h"
#include "base/text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *problem(const char *password) {
    return password_problem(password, "mary.poppins@market.example", "Mary Poppins");
}

static void test_three_words_that_do_not_belong_together_are_welcome(void **state) {
    (void)state;
    assert_null(problem("kettle orbit sandpaper"));
    assert_null(problem("Umbrellas fly 7 miles"));
    assert_null(problem("\xc3\xa9t\xc3\xa9 froid \xc3\xa0 Oslo, vite"));
    assert_null(problem("no,capital-or.digit_needed"));
    assert_null(problem("xkq vbt zzw mnr plf"));
}

static void test_fewer_than_fifteen_characters_are_too_few(void **state) {
    (void)state;
    assert_non_null(strstr(problem("kettle orbit s"), "15 characters"));
    assert_null(problem("kettle orbit sa"));
    // Fifteen bytes are not fifteen characters.
    assert_non_null(
        strstr(problem("\xc3\xa9\xc3\xa0\xc3\xa8\xc3\xb9\xc3\xa7\xc3\xaa\xc3\xae\xc3\xb4"), "15 characters"));
    char endless[400];
    for (size_t i = 0; i < sizeof endless; i++) {
        endless[i] = (char)('!' + i * i % 90);
    }
    endless[sizeof endless - 1] = 0;
    assert_non_null(strstr(problem(endless), "no more than"));
}

static void test_what_guessers_try_first_is_refused_however_it_is_dressed_up(void **state) {
    (void)state;
    static const char *const easy[] = {
        "passwordpassword",    "Password12345678",          "P4ssw0rd!P4ssw0rd!",      "qwertyuiopasdfgh",
        "QWERTYUIOP1234567",   "123456789012345",           "aaaaaaaaaaaaaaaa",        "abcabcabcabcabcabc",
        "wombatwombatwombat",  "liverpoolliverpool1",       "WiganWarriors2026!",      "marypoppins2026!",
        "Poppins-Mary-123456", "correcthorsebatterystaple", "letmeinletmein123",       "zxcvbnmasdfghjkl",
        "987654321098765",     "iloveyou-iloveyou",         "welcome welcome 1",       "abcdefghijklmnop",
        "111111222222333333",  "market.example mary 12",    "sunshine monday football"};
    for (size_t i = 0; i < sizeof easy / sizeof easy[0]; i++) {
        const char *said = problem(easy[i]);
        if (!said || !strstr(said, "easy to guess")) {
            fail_msg("%s: %s", easy[i], said ? said : "taken");
        }
    }
}

struct with_ctx {
    struct arena *arena;
    struct ctx c;
};

static int start(void **state) {
    static struct with_ctx w;
    conf_set("password.memory_kib", "8192");
    conf_set("password.passes", "1");
    w.arena = arena_new(1 << 20);
    ctx_init(&w.c, w.arena, NULL);
    *state = &w;
    return 0;
}

static int stop(void **state) {
    arena_free(((struct with_ctx *)*state)->arena);
    conf_reset();
    return 0;
}

static void test_a_hash_fits_its_own_password_only_and_is_never_the_same_twice(void **state) {
    struct with_ctx *w = *state;
    const char *one = NULL, *two = NULL;
    bool ok = false;
    assert_int_equal(password_hash(&w->c, "kettle orbit sandpaper", &one), ERR_OK);
    assert_int_equal(password_hash(&w->c, "kettle orbit sandpaper", &two), ERR_OK);
    assert_true(text_starts(one, "$argon2id$v=19$m=8192,t=1,p=1$"));
    assert_string_not_equal(one, two);
    assert_int_equal(password_check(&w->c, one, "kettle orbit sandpaper", &ok), ERR_OK);
    assert_true(ok);
    assert_int_equal(password_check(&w->c, one, "kettle orbit sandpapes", &ok), ERR_OK);
    assert_false(ok);
    assert_int_equal(password_check(&w->c, one, "", &ok), ERR_OK);
    assert_false(ok);
}

static void test_nobody_has_no_password_that_fits(void **state) {
    struct with_ctx *w = *state;
    bool ok = true;
    assert_int_equal(password_check(&w->c, NULL, "kettle orbit sandpaper", &ok), ERR_OK);
    assert_false(ok);
    ok = true;
    assert_int_equal(password_check(&w->c, "", "", &ok), ERR_OK);
    assert_false(ok);
    ok = true;
    assert_int_equal(password_check(&w->c, "not a hash", "not a hash", &ok), ERR_OK);
    assert_false(ok);
}

static void *hash_some(void *arg) {
    struct arena *a = arena_new(1 << 16);
    struct ctx c;
    ctx_init(&c, a, NULL);
    int *good = arg;
    for (int i = 0; i < 3; i++) {
        const char *hash = NULL;
        *good += password_hash(&c, "kettle orbit sandpaper", &hash) == ERR_OK && hash;
    }
    arena_free(a);
    return NULL;
}

static void test_many_at_once_wait_for_their_turn(void **state) {
    (void)state;
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    int good[THREADS] = {0};
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, hash_some, &good[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(good[i], 3);
    }
}

// RFC 6238, appendix B, the SHA-1 rows, last six of the eight digits.
static const unsigned char rfc_secret[TOTP_SECRET_BYTES + 1] = "12345678901234567890";

static void test_codes_are_those_of_the_standard(void **state) {
    (void)state;
    static const struct {
        int64_t second;
        const char *digits;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        int64_t step = 0;
        assert_true(totp_fits(rfc_secret, vectors[i].digits, vectors[i].second * 1000000, &step));
        assert_int_equal(step, vectors[i].second / 30);
    }
}

static void test_a_code_fits_one_step_either_side_and_no_more(void **state) {
    (void)state;
    const int64_t base = INT64_C(1234567890) / 30 * 30;
    int64_t step = 0;
    for (int off = -2; off <= 2; off++) {
        bool fits = totp_fits(rfc_secret, "005924", (base + off * 30) * 1000000, &step);
        assert_int_equal(fits, off >= -1 && off <= 1);
        if (fits) {
            assert_int_equal(step, base / 30); // the step the code belongs to, so that it is used once
        }
    }
}

static void test_what_is_not_six_digits_is_no_code(void **state) {
    (void)state;
    int64_t step = 77;
    static const char *const wrong[] = {
        "", "05924", "0005924", "005 92", "00592a", "-05924", "\xd9\xa0\xd9\xa0\xd9\xa5"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(totp_fits(rfc_secret, wrong[i], INT64_C(1234567890) * 1000000, &step));
    }
    assert_int_equal(step, 77);
}

static void test_the_secret_is_told_in_base32_and_in_an_address_for_the_picture(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 16);
    assert_string_equal(totp_base32(a, rfc_secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_string_equal(
        totp_uri(a, "Ashford & Vale", "a+b@market.example", rfc_secret),
        "otpauth://totp/Ashford%20%26%20Vale:a%2Bb%40market.example?secret="
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ashford%20%26%20Vale&algorithm=SHA1&digits=6&period=30");
    unsigned char one[TOTP_SECRET_BYTES], two[TOTP_SECRET_BYTES];
    totp_new_secret(one);
    totp_new_secret(two);
    assert_memory_not_equal(one, two, sizeof one);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_words_that_do_not_belong_together_are_welcome),
        cmocka_unit_test(test_fewer_than_fifteen_characters_are_too_few),
        cmocka_unit_test(test_what_guessers_try_first_is_refused_however_it_is_dressed_up),
        cmocka_unit_test_setup_teardown(test_a_hash_fits_its_own_password_only_and_is_never_the_same_twice,
                                        start, stop),
        cmocka_unit_test_setup_teardown(test_nobody_has_no_password_that_fits, start, stop),
        cmocka_unit_test_setup_teardown(test_many_at_once_wait_for_their_turn, start, stop),
        cmocka_unit_test(test_codes_are_those_of_the_standard),
        cmocka_unit_test(test_a_code_fits_one_step_either_side_and_no_more),
        cmocka_unit_test(test_what_is_not_six_digits_is_no_code),
        cmocka_unit_test(test_the_secret_is_told_in_base32_and_in_an_address_for_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
