// SPDX-License-Identifier: Apache-2.0
// The second factor: codes of an authenticator app (RFC 6238) and recovery codes, each good once.
#ifndef ANCHORAGE_DOMAIN_SECOND_FACTOR_H
#define ANCHORAGE_DOMAIN_SECOND_FACTOR_H

#include "base/ctx.h"

#define RECOVERY_CODES 10

// Second step of signing in: six digits or a recovery code. Ends the half session and starts a whole one with
// a fresh token (SESSION_TOKEN_CHARS + 1 bytes). ERR_LIMIT after too many wrong codes.
enum err second_factor_code(struct ctx *c, const char *session_hash, const char *code, char *token_out) MUST;

// Makes a new secret that is not in use yet. ERR_CONFLICT when the second factor is on already.
enum err second_factor_begin(struct ctx *c) MUST;
// The address for the QR code and the secret to type. ERR_NOT_FOUND when none waits.
enum err second_factor_pending(struct ctx *c, const char *place_name, const char **ret_uri,
                               const char **ret_secret) MUST;
// Turns it on when the code fits; the recovery codes are told this once.
enum err second_factor_confirm(struct ctx *c, const char *code, const char *ret_codes[RECOVERY_CODES]) MUST;
enum err second_factor_off(struct ctx *c, const char *password) MUST;

#endif
