// SPDX-License-Identifier: Apache-2.0
// Sessions: a random token in a cookie, its SHA-256 in the database.
#ifndef ANCHORAGE_AUTH_SESSION_H
#define ANCHORAGE_AUTH_SESSION_H

#include "base/ctx.h"

#define SESSION_TOKEN_CHARS 64 // 256 bits, hexadecimal

struct session {
    const char *hash; // 64 hexadecimal digits, NULL when there is none
    const char *csrf_token;
    bool second_factor_due;
};

// Looks a token up, fills c->actor (powers from memberships) and *ret; an unknown, idle or ended one leaves
// both empty and is no error. Touches seen_at at most once a minute.
enum err session_find(struct ctx *c, const char *token, struct session *ret) MUST;

// Starts one: token_out gets SESSION_TOKEN_CHARS + 1 bytes. Ends others of the person beyond the newest five.
enum err session_start(struct ctx *c, int64_t person_id, bool second_factor_due, char *token_out) MUST;
enum err session_second_factor_done(struct ctx *c, const char *hash) MUST;
enum err session_end(struct ctx *c, const char *hash) MUST;
enum err session_end_all(struct ctx *c, int64_t person_id) MUST;

#endif
