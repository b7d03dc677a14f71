// SPDX-License-Identifier: Apache-2.0
// What people see when a page cannot be shown.
#ifndef ANCHORAGE_HTTP_ERRORPAGE_H
#define ANCHORAGE_HTTP_ERRORPAGE_H

#include "http/job.h"

// Answers for an error: JSON when the path ends with ".json", a page in the layout otherwise, the page that
// needs no database when that is away. Somebody who is not signed in is sent to sign in (GET) or told so
// (POST), with the way back.
void errorpage_answer(struct req *r, const struct job *job, enum err e);

#endif
