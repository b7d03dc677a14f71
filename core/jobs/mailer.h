// SPDX-License-Identifier: Apache-2.0
// Handing over mail: by SMTP through libcurl, or into DATA/mail when no mail server is set.
#ifndef ANCHORAGE_JOBS_MAILER_H
#define ANCHORAGE_JOBS_MAILER_H

#include "base/ctx.h"

// Sends what is due, at most 20 messages; *ret_tried says how many were tried. Each message is a transaction
// of its own, so a crash between handing over and noting it can send one twice but never lose one.
enum err mailer_run(struct ctx *c, int *ret_tried) MUST;

#endif
