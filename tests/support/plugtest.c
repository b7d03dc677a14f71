// SPDX-License-Identifier: Apache-2.0
// Real plugins in a test.
#include "support/plugtest.h"

#include "support/market.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whether "a,b" names an id.
static bool names(const char *list, const char *id) {
    size_t n = strlen(id);
    for (const char *at = strstr(list, id); at; at = strstr(at + 1, id)) {
        if ((at == list || at[-1] == ',') && (at[n] == 0 || at[n] == ',')) {
            return true;
        }
    }
    return false;
}

struct plugtest plugtest_start(struct ctx *c, const char *dir, const char *list) {
    return plugtest_start_pages(c, dir, list, NULL);
}

struct plugtest plugtest_start_pages(struct ctx *c, const char *dir, const char *list,
                                     const struct template_set *base) {
    struct plugtest p = {.copies = "/tmp/anchorage-test-XXXXXX"};
    struct plugin_info *all;
    assert_non_null(mkdtemp(p.copies));
    p.host = plugin_host_read(dir, list);
    plugin_host_check(p.host, p.copies, base);
    plugin_host_start(p.host, c);
    size_t n = plugin_list(p.host, c->arena, &all);
    for (size_t i = 0; i < n; i++) {
        if (names(list, all[i].id) && all[i].state != PLUGIN_ACTIVE) {
            fail_msg("plugin %s is %s: %s", all[i].id, plugin_state_name(all[i].state), all[i].reason);
        }
    }
    c->plugins = plugin_host_now(p.host);
    return p;
}

void plugtest_stop(struct plugtest *p, struct ctx *c) {
    c->plugins = NULL;
    plugin_host_close(p->host);
    DIR *d = opendir(p->copies);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", p->copies, e->d_name);
        unlink(path);
    }
    if (d) {
        closedir(d);
    }
    rmdir(p->copies);
}

int plugtest_setup(void **state, struct plugtest *ret, const char *dir, bool market) {
    int rc = dbtest_setup(state);
    struct ctx *c = ((struct dbtest *)*state)->c;
    if (market) {
        market_fill(c);
    }
    *ret = plugtest_start(c, dir, "probe_events");
    return rc;
}

int plugtest_teardown(void **state, struct plugtest *p) {
    plugtest_stop(p, ((struct dbtest *)*state)->c);
    return dbtest_teardown(state);
}
