// SPDX-License-Identifier: Apache-2.0
// What parts of the check say to the parent, and what they all need: the database, the plugin started, its
// faults.
#include "cli/plugin_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 1024

// One line "mark TAB what TAB words". Anything that would break a line becomes a blank.
void check_tell(struct check *k, char mark, const char *what, const char *words) {
    char line[RECORD_MAX];
    int n = snprintf(line, sizeof line - 1, "%c\t%.200s\t%.800s", mark, what, words);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof line - 1 ? (size_t)n : sizeof line - 2;
    size_t tabs = 0;
    for (size_t i = 0; i < len; i++) {
        if (line[i] == '\t' && tabs < 2) {
            tabs++;
        } else if ((unsigned char)line[i] < ' ') {
            line[i] = ' ';
        }
    }
    line[len++] = '\n';
    if (write(k->out, line, len) != (ssize_t)len) {
        _exit(1); // nobody listens any more
    }
}

static void __attribute__((format(printf, 4, 0)))
say(struct check *k, char mark, const char *what, const char *fmt, va_list ap) {
    char words[RECORD_MAX];
    vsnprintf(words, sizeof words, fmt, ap);
    check_tell(k, mark, what, words);
}

void check_ok(struct check *k, const char *what, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    say(k, 'o', what, fmt, ap);
    va_end(ap);
}

void check_warn(struct check *k, const char *what, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    say(k, 'w', what, fmt, ap);
    va_end(ap);
}

void check_fail(struct check *k, const char *what, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    say(k, 'f', what, fmt, ap);
    va_end(ap);
}

void check_now(struct check *k, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(k->now, CHECK_NOW_SIZE, fmt, ap);
    va_end(ap);
}

bool check_open(struct check *k) {
    char why[512];
    const char *conninfo = arena_printf(k->arena, "%s dbname=%s", k->server, k->database);
    if (db_open(conninfo, true, &k->c.db, why, sizeof why) == ERR_OK) {
        return true;
    }
    check_fail(k, "the throw-away database answers", "%s", why);
    return false;
}

enum err check_sql(struct check *k, struct rows **ret_rows, const char *fmt, ...) {
    static int number; // prepared statements need names of their own
    va_list ap;
    va_start(ap, fmt);
    struct sql q = {.name = arena_printf(k->arena, "check_%d", ++number),
                    .text = arena_vprintf(k->arena, fmt, ap),
                    .rows = ret_rows ? SQL_MANY : SQL_NONE,
                    .file = "plugin check"};
    va_end(ap);
    return ret_rows ? db_rows_n(&k->c, &q, ret_rows, 0, NULL) : db_exec_n(&k->c, &q, NULL, 0, NULL);
}

bool check_start(struct check *k, const char *dir) {
    if (k->without && k->c.db) { // noted before the first start, so that it is followed
        if (check_sql(k, NULL,
                      "INSERT INTO core.plugin (id, granted) VALUES ('%s', %lld) "
                      "ON CONFLICT (id) DO UPDATE SET granted = EXCLUDED.granted",
                      k->id, (long long)((k->info.wants | k->info.wants_optional) & ~k->without)) != ERR_OK) {
            return false;
        }
    }
    k->host = plugin_host_read(dir, k->names);
    plugin_host_check(k->host, k->copies, frame_templates(k->frame));
    plugin_host_start(k->host, k->c.db ? &k->c : NULL);
    k->c.plugins = plugin_host_now(k->host);
    k->faults_seen = 0;
    return plugin_find(k->host, k->arena, k->id, &k->info) && k->info.state == PLUGIN_ACTIVE;
}

void check_stop(struct check *k) {
    k->c.plugins = NULL;
    plugin_host_close(k->host);
    k->host = NULL;
}

bool check_faulted(struct check *k, const char *what) {
    struct plugin_fault *list;
    size_t n = plugin_faults(k->host, k->arena, k->id, &list);
    size_t fresh = n > k->faults_seen ? n - k->faults_seen : 0;
    for (size_t i = fresh; i > 0; i--) {
        check_fail(k, what, "%s: %s", list[i - 1].call, list[i - 1].detail);
    }
    k->faults_seen = n;
    return fresh > 0;
}
