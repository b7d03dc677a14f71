// SPDX-License-Identifier: Apache-2.0
// The life of a plugin: what may follow what, and the one function that changes it.
#include "base/log.h"
#include "base/text.h"
#include "plugin/plugin.h"

#include <stdio.h>
#include <string.h>

static const char *const names[PLUGIN_STATE_COUNT_] = {"FOUND",   "CHECKED",  "RESOLVED", "MIGRATED",
                                                       "STARTED", "ACTIVE",   "DRAINING", "STOPPED",
                                                       "FAILED",  "SUSPENDED"};

const char *plugin_state_name(enum plugin_state s) {
    return (size_t)s < PLUGIN_STATE_COUNT_ ? names[s] : "FAILED";
}

#define TO(s) (1u << PLUGIN_##s)
#define OUT   (TO(STOPPED) | TO(FAILED) | TO(SUSPENDED)) // taken out, with nothing of it running

// From CHECKED on, a plugin that is not yet ACTIVE can be left out at any step. What is ACTIVE is in use: it
// is DRAINING until its last call has ended, and may be wanted again before that. What was out begins again
// at CHECKED, because its file stays open. RESOLVED and later steps may fall back to CHECKED: each round of
// planning finds the order anew.
static const unsigned follow[PLUGIN_STATE_COUNT_] = {
    [PLUGIN_FOUND] = TO(CHECKED) | OUT,
    [PLUGIN_CHECKED] = TO(RESOLVED) | OUT,
    [PLUGIN_RESOLVED] = TO(MIGRATED) | TO(CHECKED) | OUT,
    [PLUGIN_MIGRATED] = TO(STARTED) | TO(CHECKED) | OUT,
    [PLUGIN_STARTED] = TO(ACTIVE) | TO(DRAINING),
    [PLUGIN_ACTIVE] = TO(DRAINING),
    [PLUGIN_DRAINING] = TO(ACTIVE) | OUT,
    [PLUGIN_STOPPED] = TO(CHECKED) | OUT,
    [PLUGIN_FAILED] = TO(CHECKED) | OUT,
    [PLUGIN_SUSPENDED] = TO(CHECKED) | OUT,
};

bool plugin_may_become(enum plugin_state from, enum plugin_state to) {
    return (size_t)from < PLUGIN_STATE_COUNT_ && (size_t)to < PLUGIN_STATE_COUNT_ &&
           (follow[from] & (1u << to)) != 0;
}

// Reasons hold names that a plugin chose: nothing in them may break a line or a page.
static void tidy(char *s) {
    for (char *p = s; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 127) {
            *p = ' ';
        }
    }
    for (size_t n = strlen(s); n > 0 && !utf8_valid(s, n); n--) {
        s[n - 1] = 0; // cut inside a letter, or never UTF-8
    }
}

bool plugin_runs(const struct plugin *p) {
    int s = p->state;
    return s == PLUGIN_STARTED || s == PLUGIN_ACTIVE || s == PLUGIN_DRAINING;
}

__attribute__((format(printf, 4, 0))) static void say(struct plugin *p, char *field, size_t cap,
                                                      const char *fmt, va_list ap) {
    char text[sizeof p->reason];
    vsnprintf(text, sizeof text, fmt, ap);
    tidy(text);
    if (strcmp(field, text) == 0) {
        return; // nobody else writes here
    }
    if (p->owner) {
        pthread_mutex_lock(&p->owner->lock);
    }
    snprintf(field, cap, "%.*s", (int)cap - 1, text);
    if (p->owner) {
        pthread_mutex_unlock(&p->owner->lock);
    }
}

void plugin_remark(struct plugin *p, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    say(p, p->remark, sizeof p->remark, fmt, ap);
    va_end(ap);
}

__attribute__((format(printf, 3, 0))) static void become(struct plugin *p, enum plugin_state to,
                                                         const char *fmt, va_list ap) {
    enum plugin_state from = (enum plugin_state)p->state;
    bool same = from == to;
    char before[sizeof p->reason];
    memcpy(before, p->reason, sizeof before);
    if (!same && !plugin_may_become(from, to)) {
        log_event(LOG_LEVEL_ERROR, "plugin_state_out_of_order", "plugin", p->id, "from",
                  plugin_state_name(from), "to", plugin_state_name(to), NULL);
    }
    say(p, p->reason, sizeof p->reason, fmt, ap);
    p->state = (int)to;
    if (!p->owner || (same && strcmp(before, p->reason) == 0)) {
        return;
    }
    bool bad = to == PLUGIN_FAILED || to == PLUGIN_SUSPENDED;
    log_event(bad                   ? LOG_LEVEL_ERROR
              : to == PLUGIN_ACTIVE ? LOG_LEVEL_NOTICE
                                    : LOG_LEVEL_INFO,
              "plugin_state", "plugin", p->id, "version", p->version_text, "state", plugin_state_name(to),
              "reason", p->reason, NULL);
}

void plugin_become(struct plugin *p, enum plugin_state to, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    become(p, to, fmt, ap);
    va_end(ap);
}

void plugin_fail(struct plugin *p, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    become(p, PLUGIN_FAILED, fmt, ap);
    va_end(ap);
}
