// SPDX-License-Identifier: Apache-2.0
// The sentences people see that belong to no page: web/text/en.txt, "key = sentence" lines, carried in the
// program.
#ifndef ANCHORAGE_HTTP_TEXT_EN_H
#define ANCHORAGE_HTTP_TEXT_EN_H

#include <stddef.h>

// The sentence of a key. An unknown key gives the key itself and one log line, so that it is seen.
const char *text_get(const char *key);

// text_get("error.<key>.<part>") with part "title", "what" or "do"; a key without sentences gives those of
// "bug".
const char *text_error(const char *key, const char *part);

#endif
