// SPDX-License-Identifier: Apache-2.0
// A small mail server inside the test program, on a free port of loopback: keeps what it takes, refuses when
// told.
#ifndef ANCHORAGE_TESTS_FAULTS_SMTPSINK_H
#define ANCHORAGE_TESTS_FAULTS_SMTPSINK_H

#include <stddef.h>

enum sink_mood {
    SINK_TAKE,
    SINK_REFUSE_LATER,  // 451 to RCPT: try again
    SINK_REFUSE,        // 550 to RCPT
    SINK_REFUSE_DATA,   // 554 after the message
    SINK_HANG_UP_DATA,  // ends the connection in the middle of the message
    SINK_HANG_UP_HELLO, // ends the connection at once
    SINK_HOLD,          // keeps the answer to the end of DATA back until the mood changes
};

struct sink;

struct sink *sink_start(void);
void sink_stop(struct sink *s); // ends its threads and frees

const char *sink_url(const struct sink *s); // "smtp://127.0.0.1:PORT"
void sink_set(struct sink *s, enum sink_mood mood);
void sink_wait_held(struct sink *s, size_t n); // until n messages are held back (SINK_HOLD)

// Connections so far, and messages that were answered with 250.
size_t sink_connections(struct sink *s);
size_t sink_count(struct sink *s);

struct sink_message {
    const char *from, *to; // as in MAIL FROM:<...> and RCPT TO:<...>, without the brackets
    const char *raw;       // between DATA and the dot, as it came on the wire
    const char *data;      // the same with dots unstuffed
};
// The message with this number (from 0); lives as long as the sink.
struct sink_message sink_message(struct sink *s, size_t i);

#endif
