// SPDX-License-Identifier: Apache-2.0
// Static files, carried in the program: style sheet, script, pictures; and the small files every website has.
#ifndef ANCHORAGE_HTTP_ASSETS_H
#define ANCHORAGE_HTTP_ASSETS_H

#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

// Makes the table at its first call (addresses by content, gzip of what shrinks); later calls do nothing.
void assets_start(void);

// "/assets/<12 hex of its SHA-256>/app.css"; "/assets/missing/<name>" and a log line for an unknown name.
const char *assets_url(const char *name);

struct asset_ask {
    const char *path, *if_none_match;
    bool gzip, head_only, close, https;
    const char *contact; // for security.txt: an address "mailto:..." or a link
    int64_t now_usec;
};
// Appends the whole answer to out and gives its status; 0 when the path is none of ours.
int assets_answer(const struct asset_ask *ask, struct strb *out);

#endif
