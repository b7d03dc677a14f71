// SPDX-License-Identifier: Apache-2.0
// Settings: every one is declared once in settings.def; this reads, checks and tells them.
#ifndef ANCHORAGE_BASE_CONF_H
#define ANCHORAGE_BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum conf_key {
#define TEXT(name, key, dflt, help)                    CONF_##name,
#define NUMBER(name, key, dflt, min, max, units, help) CONF_##name,
#include "base/settings.def"
#undef TEXT
#undef NUMBER
    CONF_COUNT_
};

struct conf_row {
    const char *key, *dflt, *units, *help;
    bool is_number;
    int64_t min, max;
};

const struct conf_row *conf_row(enum conf_key k);

// Sets one value from text, by key ("http.queue"). Returns NULL, or a sentence that says what to change
// (static or owned by conf until the next call).
const char *conf_set(const char *key, const char *value);

// Reads "key = value" lines ("#" begins a comment) from a file. A missing file is no error when `optional`.
const char *conf_load_file(const char *path, bool optional);

// Reads ANCHORAGE_* variables (ANCHORAGE_HTTP_LISTEN sets http.listen).
const char *conf_load_environment(void);

const char *conf_text(enum conf_key k);
int64_t conf_number(enum conf_key k);

// Back to the defaults (tests).
void conf_reset(void);

#endif
