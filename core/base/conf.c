// SPDX-License-Identifier: Apache-2.0
// Settings. Written only while the program starts, read from all threads afterwards.
#include "base/conf.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_BYTES 1024

static const struct conf_row rows[CONF_COUNT_] = {
#define TEXT(name, k, d, h) [CONF_##name] = {.key = (k), .dflt = (d), .units = "", .help = (h)},
#define NUMBER(name, k, d, lo, hi, u, h)                                                                     \
    [CONF_##name] = {                                                                                        \
        .key = (k), .dflt = #d, .units = (u), .help = (h), .is_number = true, .min = (lo), .max = (hi)},
#include "base/settings.def"
#undef TEXT
#undef NUMBER
};

static char *values[CONF_COUNT_]; // NULL: the default holds
static char problem[512];

const struct conf_row *conf_row(enum conf_key k) {
    return &rows[k];
}

static const char *set_key(size_t k, const char *value) {
    if (strlen(value) >= VALUE_BYTES || text_has_control(value)) {
        snprintf(problem, sizeof problem, "The setting %s is too long or holds control characters.",
                 rows[k].key);
        return problem;
    }
    int64_t v = 0;
    if (rows[k].is_number && (!text_i64(value, &v) || v < rows[k].min || v > rows[k].max)) {
        snprintf(problem, sizeof problem,
                 "The setting %s must be a number from %" PRId64 " to %" PRId64 " %s.", rows[k].key,
                 rows[k].min, rows[k].max, rows[k].units);
        return problem;
    }
    char *copy = strdup(value);
    if (!copy) {
        return "There is no memory left.";
    }
    free(values[k]);
    values[k] = copy;
    return NULL;
}

const char *conf_set(const char *key, const char *value) {
    for (size_t k = 0; k < CONF_COUNT_; k++) {
        if (strcmp(rows[k].key, key) == 0) {
            return set_key(k, value);
        }
    }
    snprintf(problem, sizeof problem, "There is no setting called %.80s. See: anchorage doctor --settings",
             key);
    return problem;
}

const char *conf_load_file(const char *path, bool optional) {
    FILE *f = fopen(path, "re");
    if (!f) {
        if (optional && errno == ENOENT) {
            return NULL;
        }
        snprintf(problem, sizeof problem, "The settings file %.300s cannot be read.", path);
        return problem;
    }
    char line[VALUE_BYTES + 128];
    const char *why = NULL;
    for (int n = 1; !why && fgets(line, sizeof line, f); n++) {
        char *s = text_trim(line);
        if (*s == 0 || *s == '#') {
            continue;
        }
        char *eq = strchr(s, '=');
        if (!eq) {
            snprintf(problem, sizeof problem, "%.300s line %d: write it as key = value.", path, n);
            why = problem;
            break;
        }
        *eq = 0;
        why = conf_set(text_trim(s), text_trim(eq + 1));
    }
    fclose(f);
    return why;
}

const char *conf_load_environment(void) {
    for (size_t k = 0; k < CONF_COUNT_; k++) {
        char name[96];
        snprintf(name, sizeof name, "ANCHORAGE_%s", rows[k].key);
        for (char *p = name; *p; p++) {
            if (*p == '.') {
                *p = '_';
            }
        }
        text_upper(name);
        const char *value = getenv(name);
        const char *why = value ? set_key(k, value) : NULL;
        if (why) {
            return why;
        }
    }
    return NULL;
}

const char *conf_text(enum conf_key k) {
    return values[k] ? values[k] : rows[k].dflt;
}

int64_t conf_number(enum conf_key k) {
    int64_t v = 0;
    text_i64(conf_text(k), &v);
    return v;
}

void conf_reset(void) {
    for (size_t k = 0; k < CONF_COUNT_; k++) {
        free(values[k]);
        values[k] = NULL;
    }
}
