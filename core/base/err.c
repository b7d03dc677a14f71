// SPDX-License-Identifier: Apache-2.0
// Look-ups in the one table of errors.
#include "base/err.h"

#include "base/log.h"

#include <stddef.h>

struct err_row {
    const char *name, *key;
    int status, level;
    bool again;
};

static const struct err_row table[ERR_COUNT_] = {
#define ERR(code, status, level, key, again) [ERR_##code] = {#code, #key, status, LOG_LEVEL_##level, again},
#include "base/errors.def"
#undef ERR
};

static const struct err_row *row_of(enum err e) {
    return (unsigned)e < ERR_COUNT_ ? &table[e] : &table[ERR_BUG];
}

const char *err_name(enum err e) {
    return row_of(e)->name;
}

const char *err_key(enum err e) {
    return row_of(e)->key;
}

int err_status(enum err e) {
    return row_of(e)->status;
}

int err_log_level(enum err e) {
    return row_of(e)->level;
}

bool err_may_try_again(enum err e) {
    return row_of(e)->again;
}

enum err err_from_status(int status) {
    for (size_t i = 0; i < ERR_COUNT_; i++) {
        if (table[i].status == status && i != ERR_OK) {
            return (enum err)i;
        }
    }
    return status >= 400 && status < 500 ? ERR_BAD_REQUEST : ERR_BUG;
}
