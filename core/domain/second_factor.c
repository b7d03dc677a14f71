// SPDX-License-Identifier: Apache-2.0
// The second factor: codes of an authenticator app and recovery codes.
#include "domain/second_factor.h"

#include "auth/password.h"
#include "auth/session.h"
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/account.h"
#include "domain/audit.h"

#include <sodium.h>
#include <string.h>

#define RECOVERY_CHARS 16 // 80 bits
#define SAY_WRONG_CODE                                                                                       \
    "This code does not fit. Type the six digits your app shows now, or one of your recovery codes"

static const char *person_text(struct ctx *c) {
    return arena_i64(c->arena, c->actor.person_id);
}

static enum err own(struct ctx *c, struct rows **ret) {
    if (c->actor.person_id == 0) {
        return ctx_fail(c, ERR_SIGN_IN, "nobody is signed in");
    }
    return DB_ROWS(c, person_by_id, ret, person_text(c));
}

// Letters and digits only, small: people type blanks and dashes as they like.
static size_t squeeze(const char *s, char *out, size_t cap) {
    size_t n = 0;
    for (; *s && n + 1 < cap; s++) {
        if ((*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z')) {
            out[n++] = *s;
        } else if (*s >= 'A' && *s <= 'Z') {
            out[n++] = (char)(*s - 'A' + 'a');
        }
    }
    out[n] = 0;
    return n;
}

static enum err try_totp(struct ctx *c, const struct rows *person, const char *digits, bool *ret_fits) {
    unsigned char secret[TOTP_SECRET_BYTES];
    int64_t step = 0, changed = 0;
    const char *hex = row_text(person, 0, "secret_hex");
    *ret_fits = false;
    if (strlen(hex) != 2 * sizeof secret || !hex_decode(hex, sizeof secret, secret)) {
        return ERR_OK;
    }
    bool fits = totp_fits(secret, digits, c->now_usec, &step);
    sodium_memzero(secret, sizeof secret);
    if (!fits) {
        return ERR_OK;
    }
    enum err e = DB_EXEC(c, totp_take_step, &changed, person_text(c), arena_i64(c->arena, step));
    *ret_fits = e == ERR_OK && changed == 1;
    return e;
}

static enum err try_recovery(struct ctx *c, const char *code, bool *ret_fits) {
    char hash[65], now[STAMP_TEXT_BYTES];
    int64_t changed = 0;
    sha256_hex(code, strlen(code), hash);
    stamp_iso(c->now_usec, now);
    enum err e = DB_EXEC(c, recovery_use, &changed, person_text(c), hash, now);
    *ret_fits = e == ERR_OK && changed == 1;
    return e;
}

struct stepping {
    const char *session_hash, *code;
    char *token;
    bool fits;
};

static enum err second_step(struct ctx *c, void *arg) {
    struct stepping *s = arg;
    struct rows *r;
    char code[64];
    size_t n = squeeze(s->code, code, sizeof code);
    enum err e = own(c, &r);
    bool recovery = n == RECOVERY_CHARS;
    e = e ? e : recovery ? try_recovery(c, code, &s->fits) : try_totp(c, r, code, &s->fits);
    if (e != ERR_OK || !s->fits) {
        return e;
    }
    e = session_end(c, s->session_hash);
    e = e ? e : session_start(c, c->actor.person_id, false, s->token);
    return e ? e : audit_add(c, "account.sign_in", "", recovery ? "recovery code" : "code");
}

enum err second_factor_code(struct ctx *c, const char *session_hash, const char *code, char *token_out) {
    // Wrong codes are counted apart from wrong passwords: who comes this far knew the password.
    const char *account = arena_printf(c->arena, "second factor of %lld", (long long)c->actor.person_id);
    int wait_s = 0;
    enum err e = guess_allowed(c, account, &wait_s);
    if (e == ERR_OK && wait_s > 0) {
        return ctx_fail(c, ERR_LIMIT, "There were too many wrong codes. Wait %d minutes, then try again.",
                        (wait_s + 59) / 60);
    }
    struct stepping s = {.session_hash = session_hash, .code = code, .token = token_out};
    e = e ? e : db_in_transaction(c, second_step, &s);
    if (e == ERR_OK && !s.fits) {
        e = guess_failed(c, account);
        return e ? e : ctx_fail_field(c, "code", SAY_WRONG_CODE);
    }
    return e;
}

enum err second_factor_begin(struct ctx *c) {
    unsigned char secret[TOTP_SECRET_BYTES];
    char hex[2 * TOTP_SECRET_BYTES + 1];
    int64_t changed = 0;
    struct rows *r;
    enum err e = own(c, &r);
    if (e != ERR_OK) {
        return e;
    }
    totp_new_secret(secret);
    hex_encode(secret, sizeof secret, hex);
    e = DB_EXEC(c, totp_set_secret, &changed, person_text(c), hex);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(hex, sizeof hex);
    if (e == ERR_OK && changed == 0) {
        return ctx_fail(c, ERR_CONFLICT, "Two-step sign-in is on already.");
    }
    return e;
}

enum err second_factor_pending(struct ctx *c, const char *place_name, const char **ret_uri,
                               const char **ret_secret) {
    unsigned char secret[TOTP_SECRET_BYTES];
    struct rows *r;
    enum err e = own(c, &r);
    if (e != ERR_OK) {
        return e;
    }
    if (row_bool(r, 0, "totp_on") || !hex_decode(row_text(r, 0, "secret_hex"), sizeof secret, secret)) {
        return ctx_fail(c, ERR_NOT_FOUND, "no secret waits to be confirmed");
    }
    *ret_uri = totp_uri(c->arena, place_name, row_text(r, 0, "email"), secret);
    *ret_secret = totp_base32(c->arena, secret);
    return ERR_OK;
}

// Makes ten codes, keeps their hashes.
static enum err make_codes(struct ctx *c, const char *ret_codes[RECOVERY_CODES]) {
    const char *hashes[RECOVERY_CODES];
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char code[RECOVERY_CHARS + 1], *hash = arena_alloc(c->arena, 65);
        random_ref(code, RECOVERY_CHARS);
        sha256_hex(code, RECOVERY_CHARS, hash);
        hashes[i] = hash;
        ret_codes[i] = arena_printf(c->arena, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
    }
    enum err e = DB_EXEC(c, recovery_drop, NULL, person_text(c));
    return e ? e : DB_EXEC(c, recovery_add, NULL, person_text(c), db_array(c->arena, RECOVERY_CODES, hashes));
}

struct confirming {
    const char *code;
    const char **codes;
};

static enum err confirm(struct ctx *c, void *arg) {
    const struct confirming *k = arg;
    struct rows *r;
    char code[64];
    bool fits = false;
    int64_t changed = 0;
    squeeze(k->code, code, sizeof code);
    enum err e = own(c, &r);
    e = e ? e : try_totp(c, r, code, &fits);
    if (e == ERR_OK && !fits) {
        return ctx_fail_field(c, "code",
                              "This code does not fit. Type the six digits your app shows now; if they are "
                              "refused again, check that the clock of your phone is right");
    }
    e = e ? e : DB_EXEC(c, totp_switch_on, &changed, person_text(c));
    if (e == ERR_OK && changed == 0) {
        return ctx_fail(c, ERR_CONFLICT, "Two-step sign-in is on already.");
    }
    e = e ? e : make_codes(c, k->codes);
    return e ? e : audit_add(c, "account.second_factor_on", "", "");
}

enum err second_factor_confirm(struct ctx *c, const char *code, const char *ret_codes[RECOVERY_CODES]) {
    struct confirming k = {code, ret_codes};
    return db_in_transaction(c, confirm, &k);
}

static enum err turn_off(struct ctx *c, void *arg) {
    (void)arg;
    enum err e = DB_EXEC(c, totp_switch_off, NULL, person_text(c));
    e = e ? e : DB_EXEC(c, recovery_drop, NULL, person_text(c));
    return e ? e : audit_add(c, "account.second_factor_off", "", "");
}

enum err second_factor_off(struct ctx *c, const char *password) {
    enum err e = account_own_password(c, "password", password);
    return e ? e : db_in_transaction(c, turn_off, NULL);
}
