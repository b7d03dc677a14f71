// SPDX-License-Identifier: Apache-2.0
// The plugins are those of tests/plugins/probe_life.c and bad_plugin.c.
#include "lifetest.h"

#include "base/log.h"
#include "support/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int out_of_order;

static void watch_log(const char *line) {
    out_of_order += strstr(line, "plugin_state_out_of_order") != NULL;
}

int life_setup(void **state) {
    struct life *l = calloc(1, sizeof *l);
    void *t = NULL;
    if (!l || dbtest_setup(&t) != 0) {
        return -1;
    }
    l->t = t;
    l->c = l->t->c;
    snprintf(l->folder, sizeof l->folder, "/tmp/anchorage-life-XXXXXX");
    if (!mkdtemp(l->folder)) {
        return -1;
    }
    snprintf(l->copies, sizeof l->copies, "%s/copies", l->folder);
    snprintf(l->crashes, sizeof l->crashes, "%s/crashes", l->folder);
    log_set_sink(watch_log);
    out_of_order = 0;
    *state = l;
    return 0;
}

int life_teardown(void **state) {
    struct life *l = *state;
    life_close(l);
    void *t = l->t;
    folder_remove(l->folder);
    free(l);
    log_set_sink(NULL);
    if (out_of_order) {
        print_error("a state followed another that it may not follow\n");
    }
    return dbtest_teardown(&t) || out_of_order ? -1 : 0;
}

void life_put(struct life *l, const char *built, const char *id) {
    char from[512], part[128], to[128];
    snprintf(from, sizeof from, BINARY_DIR "/tests/%s/%s.so", strncmp(built, "life", 4) ? "bad" : "life",
             built);
    snprintf(part, sizeof part, "%s/%s.part", l->folder, id);
    snprintf(to, sizeof to, "%s/%s.so", l->folder, id);
    FILE *in = fopen(from, "rb"), *out = fopen(part, "wb");
    assert_non_null(in);
    assert_non_null(out);
    int ch;
    while ((ch = fgetc(in)) != EOF) {
        fputc(ch, out);
    }
    fclose(in);
    fclose(out);
    assert_int_equal(rename(part, to), 0);
}

void life_open(struct life *l, const char *list) {
    life_close(l);
    l->h = plugin_host_read(l->folder, list);
    plugin_host_check(l->h, l->copies, NULL);
    plugin_host_start(l->h, l->c);
}

void life_close(struct life *l) {
    plugin_host_close(l->h);
    l->h = NULL;
}

int life_switch(struct life *l) {
    for (int made = 0; made < 10; made++) {
        const struct plugin_set *next = NULL;
        enum err e = plugin_host_plan(l->h, l->c, &next);
        assert_err(l->c, e, ERR_OK);
        if (!next) {
            return made;
        }
        plugin_host_publish(l->h, next);
        plugin_host_settle(l->h, l->c, 0);
    }
    fail_msg("it never comes to rest");
    return 0;
}

void life_wish(struct life *l, const char *id, const char *what) {
    dbtest_run(l->c, "UPDATE core.plugin SET %s, wanted_no = wanted_no + 1 WHERE id = '%s'", what, id);
}

struct plugin_info life_info(struct life *l, const char *id) {
    struct plugin_info p;
    if (!plugin_find(l->h, l->c->arena, id, &p)) {
        fail_msg("no plugin %s", id);
    }
    return p;
}

void life_is_at(struct life *l, const char *id, enum plugin_state state, const char *words, const char *file,
                int line) {
    struct plugin_info p = life_info(l, id);
    if (p.state != state || !strstr(p.reason, words)) {
        print_error("%s is %s: %s\n", id, plugin_state_name(p.state), p.reason);
        _fail(file, line);
    }
    const char *noted = dbtest_value(l->c,
                                     "SELECT coalesce((SELECT state || ' ' || reason FROM core.plugin"
                                     " WHERE id = '%s'), '')",
                                     id);
    const char *told = arena_printf(l->c->arena, "%s %s", plugin_state_name(p.state), p.reason);
    if (*noted && strcmp(noted, told) != 0) {
        print_error("core.plugin says of %s: %s\n", id, noted);
        _fail(file, line);
    }
}

enum err life_ask(struct life *l, const struct plugin_set *s, const char *statement) {
    struct provider p;
    l->answer = "";
    l->c->plugins = s ? s : plugin_host_now(l->h);
    if (!provider_find(l->c->plugins, ANC_POINT_SUPPLIER_TAGGER, "life", &p)) {
        return ERR_NOT_FOUND;
    }
    struct anc_supplier facts = {.size = sizeof facts, .name = statement};
    struct anc_tag tag;
    enum err e = point_judge(l->c, &p, &facts, &tag);
    if (e == ERR_OK) {
        l->answer = arena_strdup(l->c->arena, tag.reasons);
    }
    return e;
}
