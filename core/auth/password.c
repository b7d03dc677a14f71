// SPDX-License-Identifier: Apache-2.0
// Password hashing, few at once, and the count of wrong ones.
#include "auth/password.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HASHES_AT_ONCE 2
#define WAITING_MAX    50
#define WAIT_SECONDS   8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static int running, waiting;

// Each hash takes 64 MiB and a tenth of a second of a core, so only two run and few wait.
static bool slot_take(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    bool got = true;
    pthread_mutex_lock(&lock);
    if (running >= HASHES_AT_ONCE && waiting >= WAITING_MAX) {
        got = false;
    } else {
        waiting++;
        while (got && running >= HASHES_AT_ONCE) {
            got = pthread_cond_timedwait(&turn, &lock, &until) != ETIMEDOUT;
        }
        waiting--;
    }
    if (got) {
        running++;
    }
    pthread_mutex_unlock(&lock);
    return got;
}

static void slot_give(void) {
    pthread_mutex_lock(&lock);
    running--;
    pthread_cond_signal(&turn);
    pthread_mutex_unlock(&lock);
}

static unsigned long long passes(void) {
    return (unsigned long long)conf_number(CONF_ARGON_OPS);
}

static size_t memory_bytes(void) {
    return (size_t)conf_number(CONF_ARGON_KIB) * 1024;
}

static bool hash_now(const char *password, char out[crypto_pwhash_STRBYTES]) {
    return crypto_pwhash_str_alg(out, password, strlen(password), passes(), memory_bytes(),
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

enum err password_hash(struct ctx *c, const char *password, const char **ret_hash) {
    if (!slot_take()) {
        return ctx_fail(c, ERR_BUSY, "too many passwords to hash");
    }
    char *out = arena_alloc(c->arena, crypto_pwhash_STRBYTES);
    bool ok = hash_now(password, out);
    slot_give();
    if (!ok) {
        return ctx_fail(c, ERR_BUSY, "no memory for a password hash");
    }
    *ret_hash = out;
    return ERR_OK;
}

// A hash nobody's password has, with the settings of this installation: checked when there is no such person.
static char nobody[crypto_pwhash_STRBYTES];
static pthread_once_t nobody_once = PTHREAD_ONCE_INIT;

static void make_nobody(void) {
    char secret[65];
    random_hex(secret, 64);
    if (!hash_now(secret, nobody)) {
        nobody[0] = 0;
    }
    sodium_memzero(secret, sizeof secret);
}

enum err password_check(struct ctx *c, const char *hash, const char *password, bool *ret_ok) {
    if (!slot_take()) {
        return ctx_fail(c, ERR_BUSY, "too many passwords to check");
    }
    pthread_once(&nobody_once, make_nobody);
    const char *against = hash && *hash ? hash : nobody;
    bool fits = crypto_pwhash_str_verify(against, password, strlen(password)) == 0;
    slot_give();
    *ret_ok = fits && hash && *hash;
    return ERR_OK;
}

// ---- guessing ----

static const char *account_key(struct ctx *c, const char *account) {
    char *key = arena_strndup(c->arena, account, strnlen(account, 254));
    text_lower(key);
    return key;
}

static const char *now_text(struct ctx *c) {
    char *s = arena_alloc(c->arena, STAMP_TEXT_BYTES);
    stamp_iso(c->now_usec, s);
    return s;
}

enum err guess_allowed(struct ctx *c, const char *account, int *ret_wait_s) {
    struct rows *r = NULL;
    enum err e = DB_ROWS(c, guess_waits, &r, account_key(c, account), now_text(c));
    if (e != ERR_OK) {
        return e;
    }
    int64_t short_wait = row_i64(r, 0, "short_wait"), long_wait = row_i64(r, 0, "long_wait");
    *ret_wait_s = (int)(short_wait > long_wait ? short_wait : long_wait);
    return ERR_OK;
}

enum err guess_failed(struct ctx *c, const char *account) {
    const char *key = account_key(c, account);
    enum err e = DB_EXEC(c, guess_failed, NULL, key, now_text(c));
    return e != ERR_OK ? e : DB_EXEC(c, guess_forget, NULL, key, now_text(c));
}
