// SPDX-License-Identifier: Apache-2.0
// Structured log lines.
#include "base/log.h"

#include "base/clock.h"
#include "base/day.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 8192

static _Atomic int min_level = LOG_LEVEL_NOTICE;
static _Atomic uint64_t warnings;
static void (*_Atomic line_sink)(const char *);

static const char *const level_names[] = {"debug", "info", "notice", "warning", "error"};

void log_set_level(enum log_level level) {
    min_level = level;
}

void log_set_sink(void (*sink)(const char *line)) {
    line_sink = sink;
}

uint64_t log_warnings(void) {
    return warnings;
}

// Appends JSON-escaped text; U+2028 and U+2029 are escaped because some viewers break lines there.
static size_t put_escaped(char *out, size_t n, size_t cap, const char *s) {
    for (const unsigned char *p = (const unsigned char *)s; *p && n + 8 < cap; p++) {
        if (*p == '"' || *p == '\\') {
            out[n++] = '\\';
            out[n++] = (char)*p;
        } else if (*p < 0x20 || *p == 0x7f) {
            n += (size_t)snprintf(out + n, cap - n, "\\u%04x", *p);
        } else if (p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) {
            n += (size_t)snprintf(out + n, cap - n, "\\u20%02x", p[2] == 0xA8 ? 0x28 : 0x29);
            p += 2;
        } else {
            out[n++] = (char)*p;
        }
    }
    return n;
}

static size_t put_pair(char *out, size_t n, size_t cap, const char *key, const char *value) {
    if (n + strlen(key) + 16 > cap) {
        return n;
    }
    n += (size_t)snprintf(out + n, cap - n, ",\"%s\":", key);
    if (!value) {
        n += (size_t)snprintf(out + n, cap - n, "null");
        return n;
    }
    out[n++] = '"';
    n = put_escaped(out, n, cap, value);
    out[n++] = '"';
    return n;
}

void log_event(enum log_level level, const char *event, ...) {
    if (level >= LOG_LEVEL_WARNING) {
        warnings++;
    }
    if ((int)level < min_level) {
        return;
    }
    char line[LINE_MAX_BYTES];
    const size_t cap = sizeof line - 4; // room for the closing brace and line end
    char when[40];
    stamp_iso(clock_now_usec(), when);
    size_t n = (size_t)snprintf(line, cap, "{\"time\":\"%s\",\"level\":\"%s\"", when, level_names[level]);
    n = put_pair(line, n, cap, "event", event);
    va_list ap;
    va_start(ap, event);
    const char *key;
    while ((key = va_arg(ap, const char *))) {
        n = put_pair(line, n, cap, key, va_arg(ap, const char *));
    }
    va_end(ap);
    line[n++] = '}';
    line[n] = 0;
    void (*sink)(const char *) = line_sink;
    if (sink) {
        sink(line);
        return;
    }
    line[n++] = '\n';
    // A log that cannot be written must not stop the service.
    ssize_t ignored = write(STDERR_FILENO, line, n);
    (void)ignored;
}
