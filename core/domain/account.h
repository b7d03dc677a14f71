// SPDX-License-Identifier: Apache-2.0
// People: signing up and in, links sent by mail, passwords. Nothing here tells whether an address is known.
// Rules: NIST SP 800-63B-4 (passwords, guessing), OWASP ASVS 5.0 chapters 6 and 7.
#ifndef ANCHORAGE_DOMAIN_ACCOUNT_H
#define ANCHORAGE_DOMAIN_ACCOUNT_H

#include "auth/session.h"
#include "base/ctx.h"

#define ACCOUNT_CONFIRM_HOURS 24
#define ACCOUNT_RESET_HOURS   1
#define ACCOUNT_MAILS_AN_HOUR 5 // to one address; more are not sent, and the answer stays the same

// Makes an unconfirmed person and mails a link, or mails a known one that there is an account already. The
// answer and the work are the same. base_url: "https://market.example", before the path of the link.
enum err account_sign_up(struct ctx *c, const char *name, const char *email, const char *password,
                         const char *base_url) MUST;

// Whether a link still holds (ERR_GONE when not); `purpose` is "confirm" or "reset".
enum err account_link_look(struct ctx *c, const char *token, const char *purpose,
                           const char **ret_email) MUST;
enum err account_confirm(struct ctx *c, const char *token) MUST;

struct sign_in {
    char token[SESSION_TOKEN_CHARS + 1]; // for the cookie
    bool code_due;                       // the second factor is still to come
    bool wants_factor;                   // works for an anchor and has none: to be asked to set it up
};
// ERR_LIMIT after too many wrong passwords (the detail says how long to wait), ERR_INVALID for a wrong
// password and for an address that was not confirmed yet (a new link is mailed).
enum err account_sign_in(struct ctx *c, const char *email, const char *password, const char *base_url,
                         struct sign_in *ret) MUST;
enum err account_sign_out(struct ctx *c, const char *session_hash) MUST;

// Mails a link for a new password when the address is known; always ERR_OK but for failures of ours.
enum err account_reset_ask(struct ctx *c, const char *email, const char *base_url) MUST;
// Sets the password, confirms the address (the link proves it) and ends all sessions.
enum err account_reset(struct ctx *c, const char *token, const char *password) MUST;

// The signed-in person's own. A new password ends all sessions; token_out (SESSION_TOKEN_CHARS + 1 bytes) is
// a fresh one.
enum err account_change_password(struct ctx *c, const char *old, const char *fresh, char *token_out) MUST;
enum err account_change_name(struct ctx *c, const char *name) MUST;
// ERR_INVALID beside `field` unless it is the actor's password. Counts as a guess when it is wrong.
enum err account_own_password(struct ctx *c, const char *field, const char *password) MUST;

// For the command line, which has no actor: a confirmed person with a random password, told once. role NULL:
// no membership; "supplier" at a supplier's, "buyer", "officer" or "admin" at an anchor's reference.
// ERR_CONFLICT for a known address.
enum err account_add(struct ctx *c, const char *name, const char *email, const char *role,
                     const char *org_ref, const char **ret_password) MUST;

#endif
