// SPDX-License-Identifier: Apache-2.0
// Words that all pages about events share.
#ifndef ANCHORAGE_PAGES_EVENT_WORDS_H
#define ANCHORAGE_PAGES_EVENT_WORDS_H

#include "db/db.h"
#include "render/model.h"

// "12 December 2026, 9:30am to 1:00pm UK time" from two stamps of the database; over midnight both in full.
const char *event_when(struct arena *a, const char *starts_at, const char *ends_at);

// The rows as a list, each with "when_text" besides its columns.
void event_rows(struct model *m, const char *key, const struct rows *r);

// "1 place", "12 places"
const char *event_count(struct arena *a, int64_t n, const char *one, const char *many);

#endif
