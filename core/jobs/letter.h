// SPDX-License-Identifier: Apache-2.0
// Header lines of a message (RFC 5322), with words outside ASCII encoded (RFC 2047).
#ifndef ANCHORAGE_JOBS_LETTER_H
#define ANCHORAGE_JOBS_LETTER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the outbox holds, and the sender of the settings ("Name <a@b>" or "a@b").
struct letter {
    const char *from, *to, *subject, *message_id; // message_id without its host
    int64_t written_usec;
};

#define LETTER_HEADERS 6

// Fills ret[LETTER_HEADERS] with whole lines without their ends (folded ones hold CRLF and a blank), in the
// arena. False when an address or the subject could become a line of its own, or an address is no address;
// then nothing may be sent.
bool letter_headers(struct arena *a, const struct letter *l, const char **ret);

// The address of "Name <a@b>" or "a@b".
const char *letter_address(struct arena *a, const char *s);

#endif
