// SPDX-License-Identifier: Apache-2.0
// The plugin host: the list of plugins, their order, starting and stopping.
#include "plugin/host.h"

#include "base/log.h"
#include "plugin/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *plugin_state_name(enum plugin_state s) {
    static const char *const names[] = {"FOUND", "CHECKED", "RESOLVED", "ACTIVE", "STOPPED", "FAILED"};
    return (size_t)s < sizeof names / sizeof *names ? names[s] : "FAILED";
}

static struct plugin *find(struct plugin_host *h, const char *id) {
    for (size_t i = 0; i < h->count; i++) {
        if (strcmp(h->list[i].id, id) == 0) {
            return &h->list[i];
        }
    }
    return NULL;
}

static int by_id(const void *a, const void *b) {
    const struct plugin *x = a, *y = b;
    return strcmp(x->id, y->id);
}

// Splits "a, b,c" into plugins, sorted by id so that every start has the same order.
static void read_list(struct plugin_host *h, const char *list) {
    while (*list && h->count < PLUGIN_MAX) {
        list += strspn(list, ", \t");
        size_t n = strcspn(list, ", \t");
        struct plugin *p = &h->list[h->count];
        if (n > 0 && n < sizeof p->id) {
            memcpy(p->id, list, n);
            p->id[n] = 0;
            if (find(h, p->id) == NULL) {
                h->count++;
            } else {
                memset(p->id, 0, sizeof p->id);
            }
        }
        list += n;
    }
    qsort(h->list, h->count, sizeof *h->list, by_id);
}

// Why a plugin's dependencies do not allow it to start now: 0 they do, 1 not yet, 2 never (reason set).
static int dependency_state(struct plugin_host *h, struct plugin *p) {
    for (uint32_t i = 0; i < p->about->dependencies.count; i++) {
        struct anc_dependency row;
        plugin_row(&p->about->dependencies, i, &row, sizeof row);
        const struct plugin *d = row.id ? find(h, row.id) : NULL;
        if (!d || d->state == PLUGIN_FAILED) {
            plugin_fail(p, "It needs the plugin %s, which is not there or failed.",
                        row.id ? row.id : "(no name)");
            return 2;
        }
        if (d->about->version < row.min_version) {
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
static void resolve(struct plugin_host *h) {
    bool moved = true;
    while (moved) {
        moved = false;
        for (size_t i = 0; i < h->count; i++) {
            struct plugin *p = &h->list[i];
            if (p->state != PLUGIN_CHECKED) {
                continue;
            }
            int s = dependency_state(h, p);
            if (s == 0) {
                p->state = PLUGIN_RESOLVED;
                h->order[h->ordered++] = i;
            }
            if (s != 1) {
                moved = true;
                break;
            }
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        if (h->list[i].state == PLUGIN_CHECKED) {
            plugin_fail(&h->list[i], "It and another plugin need each other in a circle.");
        }
    }
}

static bool provides(const struct plugin *p, uint32_t point, const char *key) {
    for (uint32_t i = 0; i < p->about->providers.count; i++) {
        struct anc_provider row;
        plugin_row(&p->about->providers, i, &row, sizeof row);
        if (row.point == point && strcmp(row.key, key) == 0) {
            return true;
        }
    }
    return false;
}

// Two providers of one point under one key: the plugin later in the order fails.
static void refuse_clashes(struct plugin_host *h) {
    for (size_t i = 0; i < h->count; i++) {
        struct plugin *p = &h->list[i];
        for (uint32_t k = 0; p->state == PLUGIN_CHECKED && k < p->about->providers.count; k++) {
            struct anc_provider row;
            plugin_row(&p->about->providers, k, &row, sizeof row);
            for (size_t j = 0; j < i; j++) {
                if (h->list[j].state == PLUGIN_CHECKED && provides(&h->list[j], row.point, row.key)) {
                    plugin_fail(p, "The plugin %s already provides \"%s\".", h->list[j].id, row.key);
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
    read_list(h, list);
    for (size_t i = 0; i < h->count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.so", dir, h->list[i].id);
        plugin_read(&h->list[i], path);
    }
    return h;
}

void plugin_host_check(struct plugin_host *h, const char *copies) {
    for (size_t i = 0; i < h->count; i++) {
        plugin_load(&h->list[i], copies);
    }
    refuse_clashes(h);
    resolve(h);
}

void plugin_host_start(struct plugin_host *h) {
    for (size_t i = 0; i < h->ordered; i++) {
        struct plugin *p = &h->list[h->order[i]];
        p->granted = p->about->wants;
        plugin_make_host(p);
        anc_rc rc = p->about->start ? p->about->start(&p->host, &p->state_of_plugin) : ANC_OK;
        if (rc == ANC_OK) {
            p->state = PLUGIN_ACTIVE;
            log_event(LOG_LEVEL_NOTICE, "plugin_started", "plugin", p->id, "version", p->version_text, NULL);
        } else {
            plugin_fail(p, "Its start function gave up (code %d).", (int)rc);
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        if (h->list[i].state == PLUGIN_FAILED) {
            log_event(LOG_LEVEL_ERROR, "plugin_failed", "plugin", h->list[i].id, "reason", h->list[i].reason,
                      NULL);
        }
    }
}

// What the host made for a plugin; its library stays open, because others may point into it.
static void let_go(struct plugin *p) {
    for (uint32_t k = 0; k < p->statement_count; k++) {
        free((void *)(uintptr_t)p->statements[k].name);
    }
    free(p->statements);
    free(p->file);
    p->statements = NULL;
    p->statement_count = 0;
    p->file = NULL;
}

void plugin_host_close(struct plugin_host *h) {
    if (!h) {
        return;
    }
    for (size_t i = h->ordered; i-- > 0;) {
        struct plugin *p = &h->list[h->order[i]];
        if (p->state == PLUGIN_ACTIVE && p->about->stop) {
            p->about->stop(p->state_of_plugin);
        }
        p->state = p->state == PLUGIN_ACTIVE ? PLUGIN_STOPPED : p->state;
    }
    for (size_t i = 0; i < h->count; i++) {
        let_go(&h->list[i]);
    }
    free(h);
}

size_t plugin_count(const struct plugin_host *h) {
    return h->count;
}

static void tell(const struct plugin *p, struct plugin_info *ret) {
    *ret = (struct plugin_info){.id = p->id,
                                .title = p->about ? p->about->title : "",
                                .summary = p->about ? p->about->summary : "",
                                .version_text = p->version_text,
                                .state = p->state,
                                .reason = p->reason,
                                .wants = p->about ? p->about->wants : 0,
                                .granted = p->granted,
                                .calls = p->calls,
                                .faults = p->faults};
}

void plugin_info(const struct plugin_host *h, size_t i, struct plugin_info *ret) {
    tell(&h->list[i], ret);
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
    plugin_load(&one, copies);
    tell(&one, ret);
    let_go(&one);
    return one.state == PLUGIN_FAILED ? one.reason : NULL;
}
