// SPDX-License-Identifier: Apache-2.0
// The plugin host: the list of plugins, their order, starting and stopping.
#include "plugin/host.h"

#include "base/log.h"
#include "plugin/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *plugin_state_name(enum plugin_state s) {
    static const char *const names[] = {"FOUND",  "CHECKED",  "RESOLVED", "MIGRATED", "STARTED",
                                        "ACTIVE", "DRAINING", "STOPPED",  "FAILED",   "SUSPENDED"};
    return (size_t)s < sizeof names / sizeof *names ? names[s] : "FAILED";
}

const char *plugin_cap_words(anc_caps one) {
    static const char *const words[] = {"read suppliers",
                                        "read payments",
                                        "write tags",
                                        "write scores",
                                        "write notices in other formats",
                                        "read uploaded payment files",
                                        "read published notices",
                                        "keep tables of its own",
                                        "show pages",
                                        "run by itself",
                                        "hear what happens",
                                        "judge who may bid",
                                        "send messages"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (one == (anc_caps)1 << i) {
            return words[i];
        }
    }
    return NULL;
}

static struct plugin *find(struct plugin_host *h, const char *id) {
    for (size_t i = 0; i < h->count; i++) {
        if (strcmp(h->list[i]->id, id) == 0) {
            return h->list[i];
        }
    }
    return NULL;
}

static int by_id(const void *a, const void *b) {
    struct plugin *const *x = a, *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

// Splits "a, b,c" into plugins, sorted by id so that every start has the same order.
static void read_list(struct plugin_host *h, const char *list) {
    while (*list && h->count < PLUGIN_MAX) {
        list += strspn(list, ", \t");
        size_t n = strcspn(list, ", \t");
        char id[32];
        if (n > 0 && n < sizeof id) {
            snprintf(id, sizeof id, "%.*s", (int)n, list);
            if (find(h, id) == NULL) {
                h->list[h->count] = plugin_new(h, id);
                h->list[h->count++]->named = true;
            }
        }
        list += n;
    }
    qsort(h->list, h->count, sizeof *h->list, by_id);
}

// Why a plugin's dependencies do not allow it to start now: 0 they do, 1 not yet, 2 never (reason set).
static int dependency_state(struct plugin_host *h, struct plugin *p) {
    for (uint32_t i = 0; i < p->about.dependencies.count; i++) {
        struct anc_dependency row;
        plugin_row(&p->about.dependencies, i, &row, sizeof row);
        const struct plugin *d = row.id ? find(h, row.id) : NULL;
        if (!d || d->state == PLUGIN_FAILED) {
            plugin_fail(p, "It needs the plugin %s, which is not there or failed.",
                        row.id ? row.id : "(no name)");
            return 2;
        }
        if (d->about.version < row.min_version) {
            plugin_fail(p, "It needs a newer %s than %s.", row.id, d->version_text);
            return 2;
        }
        if (d->state != PLUGIN_RESOLVED) {
            return 1;
        }
    }
    return 0;
}

// Takes, round by round, the first plugin by id all of whose dependencies are taken.
static void resolve(struct plugin_host *h, struct plugin **order, size_t *ordered) {
    bool moved = true;
    while (moved) {
        moved = false;
        for (size_t i = 0; i < h->count; i++) {
            struct plugin *p = h->list[i];
            if (p->state != PLUGIN_CHECKED) {
                continue;
            }
            int s = dependency_state(h, p);
            if (s == 0) {
                p->state = PLUGIN_RESOLVED;
                order[(*ordered)++] = p;
            }
            if (s != 1) {
                moved = true;
                break;
            }
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        if (h->list[i]->state == PLUGIN_CHECKED) {
            plugin_fail(h->list[i], "It and another plugin need each other in a circle.");
        }
    }
}

static bool provides(const struct plugin *p, uint32_t point, const char *key) {
    for (uint32_t i = 0; i < p->about.providers.count; i++) {
        struct anc_provider row;
        plugin_row(&p->about.providers, i, &row, sizeof row);
        if (row.point == point && strcmp(row.key, key) == 0) {
            return true;
        }
    }
    return false;
}

// Two providers of one point under one key: the plugin later in the order fails.
static void refuse_clashes(struct plugin_host *h) {
    for (size_t i = 0; i < h->count; i++) {
        struct plugin *p = h->list[i];
        for (uint32_t k = 0; p->state == PLUGIN_CHECKED && k < p->about.providers.count; k++) {
            struct anc_provider row;
            plugin_row(&p->about.providers, k, &row, sizeof row);
            for (size_t j = 0; j < i; j++) {
                if (h->list[j]->state == PLUGIN_CHECKED && provides(h->list[j], row.point, row.key)) {
                    plugin_fail(p, "The plugin %s already provides \"%s\".", h->list[j]->id, row.key);
                }
            }
        }
    }
}

struct plugin_host *plugin_host_read(const char *dir, const char *list) {
    struct plugin_host *h = calloc(1, sizeof *h);
    if (!h) {
        abort();
    }
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->let_go, NULL);
    snprintf(h->dir, sizeof h->dir, "%s", dir);
    read_list(h, list);
    for (size_t i = 0; i < h->count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.so", dir, h->list[i]->id);
        plugin_read(h->list[i], path);
    }
    return h;
}

void plugin_host_check(struct plugin_host *h, const char *copies, const struct template_set *base) {
    snprintf(h->copies, sizeof h->copies, "%s", copies);
    h->base = base;
    for (size_t i = 0; i < h->count; i++) {
        plugin_load(h->list[i], copies, base);
    }
    refuse_clashes(h);
}

void plugin_host_start(struct plugin_host *h, struct ctx *c) {
    (void)c;
    struct plugin *order[PLUGIN_MAX], *active[PLUGIN_MAX];
    const char **settings[PLUGIN_MAX];
    size_t ordered = 0, count = 0;
    struct arena *a = arena_new((size_t)4 * 1024 * 1024);
    resolve(h, order, &ordered);
    for (size_t i = 0; i < ordered; i++) {
        struct plugin *p = order[i];
        p->granted = p->about.wants | p->about.wants_optional;
        plugin_make_host(p);
        anc_rc rc = p->about.start ? p->about.start(p->host, &p->state_of_plugin) : ANC_OK;
        if (rc == ANC_OK) {
            p->state = PLUGIN_ACTIVE;
            settings[count] = plugin_default_settings(p, a);
            active[count++] = p;
            log_event(LOG_LEVEL_NOTICE, "plugin_started", "plugin", p->id, "version", p->version_text, NULL);
        } else {
            plugin_fail(p, "Its start function gave up (code %d).", (int)rc);
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        if (h->list[i]->state == PLUGIN_FAILED) {
            log_event(LOG_LEVEL_ERROR, "plugin_failed", "plugin", h->list[i]->id, "reason",
                      h->list[i]->reason, NULL);
        }
    }
    h->now = plugin_set_make(h, count, active, settings);
    arena_free(a);
}

void plugin_host_close(struct plugin_host *h) {
    if (!h) {
        return;
    }
    for (size_t i = h->now ? h->now->count : 0; i-- > 0;) {
        struct plugin *p = h->now->members[i].plugin;
        if (p->about.stop) {
            p->about.stop(p->state_of_plugin);
        }
        p->state = PLUGIN_STOPPED;
    }
    plugin_set_unpin(h->now);
    for (size_t i = 0; i < h->count; i++) {
        plugin_free(h->list[i]);
    }
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->let_go);
    free(h);
}

void plugin_host_on_alarm(struct plugin_host *h, void (*fn)(void *arg), void *arg) {
    pthread_mutex_lock(&h->lock);
    h->alarm = fn;
    h->alarm_arg = arg;
    pthread_mutex_unlock(&h->lock);
}

void plugin_alarm(struct plugin *p) {
    if (p->owner && !atomic_exchange(&p->alarmed, true)) {
        pthread_mutex_lock(&p->owner->lock);
        void (*fn)(void *) = p->owner->alarm;
        void *arg = p->owner->alarm_arg;
        pthread_mutex_unlock(&p->owner->lock);
        if (fn) {
            fn(arg);
        }
    }
}

static void tell(const struct plugin *p, struct arena *a, struct plugin_info *ret) {
    *ret = (struct plugin_info){.id = p->id,
                                .title = p->opened ? p->about.title : "",
                                .summary = p->opened ? p->about.summary : "",
                                .license = p->opened ? p->about.license : "",
                                .version_text = p->version_text,
                                .state = (enum plugin_state)p->state,
                                .reason = a ? arena_strdup(a, p->reason) : p->reason,
                                .remark = a ? arena_strdup(a, p->remark) : p->remark,
                                .hash = p->hash,
                                .about = p->opened ? &p->about : NULL,
                                .wants = p->about.wants,
                                .wants_optional = p->about.wants_optional,
                                .granted = p->granted,
                                .calls = p->calls,
                                .faults = p->faults,
                                .running = p->running};
}

size_t plugin_list(struct plugin_host *h, struct arena *a, struct plugin_info **ret) {
    struct plugin_info *list = arena_array(a, PLUGIN_MAX, sizeof *list);
    pthread_mutex_lock(&h->lock);
    size_t n = h->count;
    for (size_t i = 0; i < n; i++) {
        tell(h->list[i], a, &list[i]);
    }
    pthread_mutex_unlock(&h->lock);
    *ret = list;
    return n;
}

bool plugin_find(struct plugin_host *h, struct arena *a, const char *id, struct plugin_info *ret) {
    pthread_mutex_lock(&h->lock);
    const struct plugin *p = find(h, id);
    if (p) {
        tell(p, a, ret);
    }
    pthread_mutex_unlock(&h->lock);
    return p != NULL;
}

const char *plugin_check_file(const char *path, const char *copies, struct plugin_info *ret) {
    static struct plugin one;
    memset(&one, 0, sizeof one);
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t n = strcspn(base, ".");
    if (n == 0 || n >= sizeof one.id) {
        return "Name the file ID.so, with an id of at most 31 letters.";
    }
    memcpy(one.id, base, n);
    plugin_read(&one, path);
    plugin_load(&one, copies, NULL);
    tell(&one, NULL, ret);
    return one.state == PLUGIN_FAILED ? one.reason : NULL;
}
