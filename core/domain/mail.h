// SPDX-License-Identifier: Apache-2.0
// Writing mail into the outbox, in the transaction that gives the reason for it.
#ifndef ANCHORAGE_DOMAIN_MAIL_H
#define ANCHORAGE_DOMAIN_MAIL_H

#include "base/ctx.h"

struct mail_word {
    const char *key, *value;
};

// Queues the message web/text/mail_<name>.txt, and the same words for every other way by which the person
// with this address wants messages (channel.h), unless it is a letter that carries a sign-in link. Of the
// text: its first line is "Subject: ...", then an empty line, then paragraphs;
// {{key}} stands for a word of the list (at most 14), {{place}} and {{operator}} are always known. A
// paragraph that is only an https or http address becomes a link in the HTML part. Line breaks in a word of
// the subject become blanks. Unknown keys and texts are a programming error (ERR_BUG).
enum err mail_queue(struct ctx *c, const char *to, const char *name, const struct mail_word *words,
                    size_t n) MUST;

#endif
