// SPDX-License-Identifier: Apache-2.0
// Passwords (Argon2id through libsodium, few at once), time-based codes (RFC 6238 through liboath), guessing
// limits.
#ifndef ANCHORAGE_AUTH_PASSWORD_H
#define ANCHORAGE_AUTH_PASSWORD_H

#include "base/ctx.h"

// NULL when the password may be used, else a sentence that says what to change. NIST SP 800-63B-4: at least
// 15 characters without a second factor; length and a list of common ones only, no composition rules.
const char *password_problem(const char *password, const char *email, const char *name);

// At most two hashes run at once in the process; more than a bounded number waiting gives ERR_BUSY.
enum err password_hash(struct ctx *c, const char *password, const char **ret_hash) MUST;
// Constant work also when `hash` is NULL (no such person), so that answers do not tell who has an account.
enum err password_check(struct ctx *c, const char *hash, const char *password, bool *ret_ok) MUST;

// Guessing: after 10 failures in 15 minutes or 100 in a day an account waits; the owner signs in again later.
// *ret_wait_s: 0 when it may be tried now, else the seconds until then (the answer itself is ERR_OK both
// times).
enum err guess_allowed(struct ctx *c, const char *account, int *ret_wait_s) MUST;
enum err guess_failed(struct ctx *c, const char *account) MUST;

#define TOTP_SECRET_BYTES 20
void totp_new_secret(unsigned char out[TOTP_SECRET_BYTES]);
// "otpauth://totp/..." for the QR code, and the secret in base32 to type.
const char *totp_uri(struct arena *a, const char *place, const char *email, const unsigned char *secret);
const char *totp_base32(struct arena *a, const unsigned char *secret);
// Whether the six digits fit now or one step (30 s) either side; *ret_step is the step, to be used once only.
bool totp_fits(const unsigned char *secret, const char *digits, int64_t now_usec, int64_t *ret_step);

#endif
