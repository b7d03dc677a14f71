// SPDX-License-Identifier: Apache-2.0
// Telling what plugins there are and how they do.
#include "plugin/plan.h"

#include <stdio.h>
#include <string.h>

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
                                .wants = p->opened ? p->about.wants : 0,
                                .wants_optional = p->opened ? p->about.wants_optional : 0,
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
    const struct plugin *p = plugin_at(h, id);
    if (p) {
        tell(p, a, ret);
    }
    pthread_mutex_unlock(&h->lock);
    return p != NULL;
}

const char *plugin_check_file(const char *path, const char *copies, struct plugin_info *ret) {
    static struct plugin *one; // of the last call; its texts were given out
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t n = strcspn(base, ".");
    if (n < 2 || n > 31 || strcmp(base + n, ".so") != 0) {
        return "Name the file ID.so, with an id of 2 to 31 letters.";
    }
    char id[32];
    snprintf(id, sizeof id, "%.*s", (int)n, base);
    if (one) {
        plugin_free(one);
    }
    one = plugin_new(NULL, id);
    plugin_read(one, path);
    plugin_load(one, copies, NULL);
    tell(one, NULL, ret);
    return one->state == PLUGIN_FAILED ? one->reason : NULL;
}
