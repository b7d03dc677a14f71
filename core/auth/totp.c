// SPDX-License-Identifier: Apache-2.0
// Time-based one-time codes (RFC 6238: SHA-1, 30 s, six digits, as all authenticator apps do) through
// liboath.
#include "auth/password.h"

#include "base/day.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#define STEP_SECONDS 30
#define DIGITS       6

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start_library(void) {
    oath_init();
}

void totp_new_secret(unsigned char out[TOTP_SECRET_BYTES]) {
    randombytes_buf(out, TOTP_SECRET_BYTES);
}

const char *totp_base32(struct arena *a, const unsigned char *secret) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *out = arena_alloc(a, TOTP_SECRET_BYTES * 8 / 5 + 1);
    for (size_t i = 0; i < TOTP_SECRET_BYTES * 8 / 5; i++) {
        size_t bit = i * 5;
        unsigned two = (unsigned)secret[bit / 8] << 8;
        if (bit / 8 + 1 < TOTP_SECRET_BYTES) {
            two |= secret[bit / 8 + 1];
        }
        out[i] = letters[(two >> (11 - bit % 8)) & 31];
    }
    return out;
}

// Percent-encodes everything but letters, digits and -_.~ (RFC 3986).
static const char *encoded(struct arena *a, const char *s) {
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(s) * 3 + 1), *p = out;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
            strchr("-_.~", ch)) {
            *p++ = (char)ch;
        } else {
            *p++ = '%';
            *p++ = hex[ch >> 4];
            *p++ = hex[ch & 15];
        }
    }
    return out;
}

const char *totp_uri(struct arena *a, const char *place, const char *email, const unsigned char *secret) {
    const char *issuer = encoded(a, place);
    return arena_printf(a, "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d",
                        issuer, encoded(a, email), totp_base32(a, secret), issuer, DIGITS, STEP_SECONDS);
}

bool totp_fits(const unsigned char *secret, const char *digits, int64_t now_usec, int64_t *ret_step) {
    if (strlen(digits) != DIGITS || strspn(digits, "0123456789") != DIGITS) {
        return false;
    }
    pthread_once(&once, start_library);
    int64_t now_step = now_usec / USEC_PER_SEC / STEP_SECONDS;
    bool fits = false;
    // All three are always computed, so that the time taken tells nothing.
    for (int64_t step = now_step - 1; step <= now_step + 1; step++) {
        char wanted[DIGITS + 1] = "";
        // liboath takes the secret as char and changes nothing in it.
        char copy[TOTP_SECRET_BYTES];
        memcpy(copy, secret, sizeof copy);
        int rc = oath_totp_generate(copy, sizeof copy, (time_t)(step * STEP_SECONDS), STEP_SECONDS, 0, DIGITS,
                                    wanted);
        sodium_memzero(copy, sizeof copy);
        if (rc == OATH_OK && sodium_memcmp(wanted, digits, DIGITS) == 0) {
            *ret_step = step;
            fits = true;
        }
    }
    return fits;
}
