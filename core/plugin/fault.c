// SPDX-License-Identifier: Apache-2.0
// Faults: a ring of the last ones, and the alarm after too many.
#include "plugin/fault.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "plugin/api.h"
#include "plugin/plugin.h"

#include <stdio.h>
#include <string.h>

_Static_assert(PLUGIN_FAULT_LIMIT <= PLUGIN_FAULT_RING, "the ring must hold as many as raise the alarm");

// The wall clock may be put back: what counts is how many lie close to the one that came now. Faults from
// before the last start are forgiven.
static bool too_many(const struct plugin *p, int64_t now) {
    size_t kept = p->ring_count < PLUGIN_FAULT_RING ? p->ring_count : PLUGIN_FAULT_RING;
    size_t close = 0;
    for (size_t i = 0; i < kept; i++) {
        int64_t at = p->ring[i].at;
        close +=
            at >= p->faults_from && at <= now + PLUGIN_FAULT_SPAN_USEC && now <= at + PLUGIN_FAULT_SPAN_USEC;
    }
    return close >= PLUGIN_FAULT_LIMIT;
}

void fault_add(struct plugin *p, const struct ctx *c, const char *call, const char *detail) {
    p->faults++;
    pthread_mutex_lock(&p->fault_lock);
    struct fault_note *n = &p->ring[p->ring_count++ % PLUGIN_FAULT_RING];
    n->at = clock_now_usec(); // not when the request began: a job may run for minutes
    plugin_cut(n->call, sizeof n->call, call);
    plugin_cut(n->detail, sizeof n->detail, detail);
    plugin_cut(n->request, sizeof n->request, c->id);
    bool alarm = too_many(p, n->at);
    pthread_mutex_unlock(&p->fault_lock);
    log_event(LOG_LEVEL_ERROR, "plugin_fault", "plugin", p->id, "request", c->id, "call", call, "detail",
              detail, NULL);
    if (alarm) {
        plugin_alarm(p);
    }
}

size_t plugin_faults(struct plugin_host *h, struct arena *a, const char *id, struct plugin_fault **ret) {
    size_t n = 0;
    struct plugin_fault *list = arena_array(a, PLUGIN_FAULT_RING, sizeof *list);
    pthread_mutex_lock(&h->lock);
    for (size_t k = 0; k < h->count; k++) {
        struct plugin *p = h->list[k];
        if (strcmp(p->id, id) != 0) {
            continue;
        }
        pthread_mutex_lock(&p->fault_lock);
        for (size_t i = p->ring_count; i > 0 && n < PLUGIN_FAULT_RING; i--) {
            const struct fault_note *note = &p->ring[(i - 1) % PLUGIN_FAULT_RING];
            list[n++] = (struct plugin_fault){.at = note->at,
                                              .call = arena_strdup(a, note->call),
                                              .detail = arena_strdup(a, note->detail),
                                              .request = arena_strdup(a, note->request)};
        }
        pthread_mutex_unlock(&p->fault_lock);
        break;
    }
    pthread_mutex_unlock(&h->lock);
    *ret = list;
    return n;
}
