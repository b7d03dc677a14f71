// SPDX-License-Identifier: Apache-2.0
// Which plugins can be together, and in which order: Kahn's way (A. B. Kahn, "Topological sorting of large
// networks", 1962), ties by id, so that every start has the same order.
#include "plugin/plugin.h"

#include <stdio.h>
#include <string.h>

struct round {
    struct plugin *const *list;
    size_t count;
    bool *is;               // candidates
    bool taken[PLUGIN_MAX]; // have their place
};

static size_t index_of(const struct round *r, const char *id) {
    size_t i = 0;
    while (i < r->count && strcmp(r->list[i]->id, id) != 0) {
        i++;
    }
    return i;
}

static void need_of(const struct plugin *p, uint32_t i, struct anc_dependency *ret) {
    plugin_row(&p->about.dependencies, i, ret, sizeof *ret);
}

static const char *why_not(const struct round *r, size_t i) {
    if (i == r->count || (!r->list[i]->opened && r->list[i]->state == PLUGIN_FOUND)) {
        return "which is not there";
    }
    switch ((enum plugin_state)r->list[i]->state) {
    case PLUGIN_FAILED:
        return "which failed";
    case PLUGIN_SUSPENDED:
        return "which is suspended";
    default:
        return "which is switched off";
    }
}

// False, with the reason, when something it needs is no candidate or too old.
static bool needs_are_met(struct round *r, struct plugin *p) {
    for (uint32_t k = 0; k < p->about.dependencies.count; k++) {
        struct anc_dependency need;
        need_of(p, k, &need);
        size_t i = index_of(r, need.id);
        if (i == r->count || !r->is[i]) {
            plugin_out(p, PLUGIN_FAILED, "It needs the plugin %s, %s.", need.id, why_not(r, i));
            return false;
        }
        if (r->list[i]->about.version < need.min_version) {
            plugin_out(p, PLUGIN_FAILED, "It needs the plugin %s in version %u.%u.%u or newer; %s is here.",
                       need.id, need.min_version / 1000000u, need.min_version / 1000u % 1000u,
                       need.min_version % 1000u, r->list[i]->version_text);
            return false;
        }
    }
    return true;
}

static bool needs_are_taken(const struct round *r, const struct plugin *p) {
    for (uint32_t k = 0; k < p->about.dependencies.count; k++) {
        struct anc_dependency need;
        need_of(p, k, &need);
        if (!r->taken[index_of(r, need.id)]) {
            return false;
        }
    }
    return true;
}

static bool provides(const struct plugin *p, const struct anc_provider *what) {
    for (uint32_t i = 0; i < p->about.providers.count; i++) {
        struct anc_provider row;
        plugin_row(&p->about.providers, i, &row, sizeof row);
        if (row.point == what->point && strcmp(row.key, what->key) == 0) {
            return true;
        }
    }
    return false;
}

// Two providers of one point under one key: the plugin later in the order falls out.
static bool clashes(struct plugin *p, struct plugin *const *before, size_t count) {
    for (uint32_t k = 0; k < p->about.providers.count; k++) {
        struct anc_provider row;
        plugin_row(&p->about.providers, k, &row, sizeof row);
        for (size_t i = 0; i < count; i++) {
            if (provides(before[i], &row)) {
                plugin_out(p, PLUGIN_FAILED, "The plugin %s already provides \"%s\".", before[i]->id,
                           row.key);
                return true;
            }
        }
    }
    return false;
}

// Goes from need to need among those without a place. Since each of them waits for another one, the way comes
// round; the first plugin met twice lies on the circle. Gives its index.
static size_t on_circle(const struct round *r, size_t from) {
    bool met[PLUGIN_MAX] = {false};
    while (!met[from]) {
        met[from] = true;
        for (uint32_t k = 0; k < r->list[from]->about.dependencies.count; k++) {
            struct anc_dependency need;
            need_of(r->list[from], k, &need);
            size_t i = index_of(r, need.id);
            if (!r->taken[i]) {
                from = i;
                break;
            }
        }
    }
    return from;
}

static void fail_circle(struct round *r, size_t from) {
    size_t start = on_circle(r, from), at = start;
    size_t members[PLUGIN_MAX], count = 0;
    char names[200] = "";
    do {
        size_t n = strlen(names);
        snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "", r->list[at]->id);
        members[count++] = at;
        for (uint32_t k = 0; k < r->list[at]->about.dependencies.count; k++) {
            struct anc_dependency need;
            need_of(r->list[at], k, &need);
            size_t i = index_of(r, need.id);
            if (!r->taken[i]) {
                at = i;
                break;
            }
        }
    } while (at != start && count < PLUGIN_MAX);
    for (size_t i = 0; i < count; i++) {
        plugin_out(r->list[members[i]], PLUGIN_FAILED, "These plugins need each other in a circle: %s.",
                   names);
        r->is[members[i]] = false;
    }
}

// One try. False when a candidate fell out, so that those that need it have to be looked at again.
static bool try_order(struct round *r, struct plugin **ret, size_t *ret_count) {
    memset(r->taken, 0, sizeof r->taken);
    *ret_count = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->is[i] && !needs_are_met(r, r->list[i])) {
            r->is[i] = false;
            return false;
        }
    }
    for (size_t i = 0; i < r->count; i++) {
        struct plugin *p = r->list[i];
        if (!r->is[i] || r->taken[i] || !needs_are_taken(r, p)) {
            continue;
        }
        if (clashes(p, ret, *ret_count)) {
            r->is[i] = false;
            return false;
        }
        r->taken[i] = true;
        ret[(*ret_count)++] = p;
        i = (size_t)-1; // from the first id again
    }
    for (size_t i = 0; i < r->count; i++) {
        if (r->is[i] && !r->taken[i]) {
            fail_circle(r, i);
            return false;
        }
    }
    return true;
}

size_t plugin_order(struct plugin *const *list, size_t count, bool *is, struct plugin **ret) {
    struct round r = {.list = list, .count = count, .is = is};
    size_t n = 0;
    while (!try_order(&r, ret, &n)) {
    }
    return n;
}
