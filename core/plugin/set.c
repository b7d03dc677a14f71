// SPDX-License-Identifier: Apache-2.0
// Generations: immutable sets of active plugins, counted by who works with them.
#include "plugin/look.h"

#include <stdlib.h>
#include <string.h>

#define SET_BYTES ((size_t)16 * 1024 * 1024)

const char **plugin_default_settings(const struct plugin *p, struct arena *a) {
    const struct anc_table *t = &p->about.settings;
    const char **values = arena_array(a, t->count + 1u, sizeof *values);
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_setting row;
        plugin_row(t, i, &row, sizeof row);
        values[i] = row.dflt ? row.dflt : "";
    }
    return values;
}

struct plugin_set *plugin_set_make(struct plugin_host *h, size_t count, struct plugin *const *plugins,
                                   const char **const *settings) {
    struct arena *a = arena_new(SET_BYTES);
    struct plugin_set *s = arena_alloc(a, sizeof *s);
    s->arena = a;
    s->host = h;
    s->number = ++h->number;
    s->pins = 1;
    s->count = count;
    s->members = arena_array(a, count + 1, sizeof *s->members);
    for (size_t i = 0; i < count; i++) {
        uint32_t n = plugins[i]->about.settings.count;
        const char **values = arena_array(a, n + 1u, sizeof *values);
        for (uint32_t k = 0; k < n; k++) {
            values[k] = arena_strdup(a, settings[i][k]);
        }
        s->members[i] = (struct plugin_member){.plugin = plugins[i], .settings = values};
        plugins[i]->held++;
    }
    plugin_look_gather(s);
    return s;
}

const struct plugin_set *plugin_host_pin(struct plugin_host *h) {
    pthread_mutex_lock(&h->lock);
    struct plugin_set *s = h->now;
    if (s) {
        s->pins++;
    }
    pthread_mutex_unlock(&h->lock);
    return s;
}

const struct plugin_set *plugin_set_pin(const struct plugin_set *s) {
    if (s) {
        ((struct plugin_set *)(uintptr_t)s)->pins++; // counted in a place of its own; the rest never changes
    }
    return s;
}

// The last pin gives the generation back: nobody can come by a new one, because the host pins the current.
void plugin_set_unpin(const struct plugin_set *s) {
    struct plugin_set *own = (struct plugin_set *)(uintptr_t)s;
    if (!own || --own->pins > 0) {
        return;
    }
    struct plugin_host *h = own->host;
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < own->count; i++) {
        own->members[i].plugin->held--;
    }
    pthread_cond_broadcast(&h->let_go);
    pthread_mutex_unlock(&h->lock);
    arena_free(own->arena);
}

const struct plugin_set *plugin_host_now(struct plugin_host *h) {
    pthread_mutex_lock(&h->lock);
    const struct plugin_set *s = h->now;
    pthread_mutex_unlock(&h->lock);
    return s;
}

uint64_t plugin_set_number(const struct plugin_set *s) {
    return s ? s->number : 0;
}
