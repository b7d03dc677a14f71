// SPDX-License-Identifier: Apache-2.0
// Sessions in the database; the cookie holds the token, the table only its SHA-256.
#include "auth/session.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <string.h>

static bool token_formed(const char *token) {
    return token && strlen(token) == SESSION_TOKEN_CHARS &&
           strspn(token, "0123456789abcdef") == SESSION_TOKEN_CHARS;
}

static const char *now_text(struct ctx *c) {
    char *s = arena_alloc(c->arena, STAMP_TEXT_BYTES);
    stamp_iso(c->now_usec, s);
    return s;
}

static unsigned powers(const struct rows *r) {
    unsigned p = 1u << PERM_PUBLIC;
    if (row_bool(r, 0, "second_factor_due") || !row_bool(r, 0, "confirmed")) {
        return p; // half signed in: no more than a stranger
    }
    p |= 1u << PERM_SIGNED_IN;
    p |= row_bool(r, 0, "is_supplier") ? 1u << PERM_SUPPLIER : 0u;
    p |= row_bool(r, 0, "is_buyer") ? 1u << PERM_BUYER : 0u;
    p |= row_bool(r, 0, "is_officer") ? 1u << PERM_OFFICER : 0u;
    p |= row_bool(r, 0, "is_admin") ? 1u << PERM_ADMIN : 0u;
    return p;
}

enum err session_find(struct ctx *c, const char *token, struct session *ret) {
    *ret = (struct session){0};
    if (!token_formed(token)) {
        return ERR_OK;
    }
    char *hash = arena_alloc(c->arena, 65);
    sha256_hex(token, SESSION_TOKEN_CHARS, hash);
    struct rows *r = NULL;
    enum err e = DB_ROWS(c, session_by_hash, &r, hash, now_text(c),
                         arena_i64(c->arena, conf_number(CONF_SESSION_IDLE_MIN)));
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    if (row_bool(r, 0, "to_touch")) {
        e = DB_EXEC(c, session_touch, NULL, hash, now_text(c));
        if (e != ERR_OK) {
            return e;
        }
    }
    c->actor = (struct actor){.person_id = row_i64(r, 0, "person_id"),
                              .supplier_id = row_i64(r, 0, "supplier_id"),
                              .anchor_id = row_i64(r, 0, "anchor_id"),
                              .perms = powers(r),
                              .name = row_text(r, 0, "name")};
    *ret = (struct session){.hash = hash,
                            .csrf_token = row_text(r, 0, "csrf_token"),
                            .second_factor_due = row_bool(r, 0, "second_factor_due")};
    return ERR_OK;
}

enum err session_start(struct ctx *c, int64_t person_id, bool second_factor_due, char *token_out) {
    char token[SESSION_TOKEN_CHARS + 1], csrf[65], hash[65];
    random_hex(token, SESSION_TOKEN_CHARS);
    random_hex(csrf, 64);
    sha256_hex(token, SESSION_TOKEN_CHARS, hash);
    const char *person = arena_i64(c->arena, person_id);
    enum err e = DB_EXEC(c, session_start, NULL, hash, person, csrf, second_factor_due ? "true" : "false",
                         now_text(c), arena_i64(c->arena, conf_number(CONF_SESSION_HOURS)));
    if (e == ERR_OK) {
        e = DB_EXEC(c, session_trim, NULL, person, now_text(c), hash);
    }
    if (e == ERR_OK) {
        memcpy(token_out, token, sizeof token);
    }
    return e;
}

enum err session_second_factor_done(struct ctx *c, const char *hash) {
    return DB_EXEC(c, session_factor_done, NULL, hash);
}

enum err session_end(struct ctx *c, const char *hash) {
    return DB_EXEC(c, session_end, NULL, hash);
}

enum err session_end_all(struct ctx *c, int64_t person_id) {
    return DB_EXEC(c, session_end_all, NULL, arena_i64(c->arena, person_id));
}
