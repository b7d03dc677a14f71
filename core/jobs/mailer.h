// SPDX-License-Identifier: Apache-2.0
// Handing over mail: by SMTP through libcurl, or into DATA/mail when no mail server is set.
#ifndef ANCHORAGE_JOBS_MAILER_H
#define ANCHORAGE_JOBS_MAILER_H

#include "base/ctx.h"

#include <stdbool.h>

// Takes one message that is due and hands it over; *ret_tried says whether there was one. It is taken in a
// transaction of its own for longer than a hand-over may last, so that no other sender takes it meanwhile; a
// crash between handing over and noting it can send it twice but never lose it.
enum err mailer_next(struct ctx *c, bool *ret_tried) MUST;

#endif
