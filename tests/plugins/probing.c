// SPDX-License-Identifier: Apache-2.0
// The probes and their world.
#include "plugins/probing.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBES BINARY_DIR "/tests/probes"

static char log_lines[8192], log_copy[8192];

static void keep_line(const char *line) {
    size_t n = strlen(log_lines);
    snprintf(log_lines + n, sizeof log_lines - n, "%s\n", line);
}

const char *probing_log(void) {
    memcpy(log_copy, log_lines, sizeof log_copy);
    log_lines[0] = 0;
    return log_copy;
}

// What core/plugin/role.c does for a plugin with tables and no other power.
static void make_role(struct ctx *c, const char *id) {
    dbtest_run(c, "DO $$ BEGIN CREATE ROLE plg_%s NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
               id);
    dbtest_run(c, "CREATE SCHEMA plg_%s AUTHORIZATION plg_%s", id, id);
    dbtest_run(c, "GRANT USAGE ON SCHEMA api TO plg_%s", id);
    dbtest_run(c,
               "CREATE TABLE plg_%s.thing (id int PRIMARY KEY,"
               " word text NOT NULL CHECK (word <> 'bad'))",
               id);
    dbtest_run(c,
               "CREATE TABLE plg_%s.child (thing int CONSTRAINT child_of REFERENCES plg_%s.thing"
               " DEFERRABLE INITIALLY DEFERRED)",
               id, id);
    dbtest_run(c, "ALTER TABLE plg_%s.thing OWNER TO plg_%s", id, id);
    dbtest_run(c, "ALTER TABLE plg_%s.child OWNER TO plg_%s", id, id);
}

static struct probing *start(struct ctx *c) {
    struct probing *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->c = c;
    // Without the database the host makes neither roles nor tables.
    struct db *db = c->db;
    c->db = NULL;
    p->plugins = plugtest_start(c, PROBES, "probe,probe_b");
    c->db = db;
    log_set_sink(keep_line);
    probing_log();
    return p;
}

int probing_setup(void **state) {
    if (dbtest_setup(state) != 0) {
        return -1;
    }
    struct dbtest *t = *state;
    make_role(t->c, "probe");
    make_role(t->c, "probe_b");
    struct probing *p = start(t->c);
    p->t = t;
    *state = p;
    return 0;
}

static void stop(struct probing *p) {
    log_set_sink(NULL);
    clock_fix(0);
    plugtest_stop(&p->plugins, p->c);
}

int probing_teardown(void **state) {
    struct probing *p = *state;
    stop(p);
    *state = p->t;
    free(p);
    return dbtest_teardown(state);
}

int probing_setup_bare(void **state) {
    struct arena *a = arena_new((size_t)128 * 1024 * 1024);
    struct ctx *c = arena_alloc(a, sizeof *c);
    ctx_init(c, a, NULL);
    *state = start(c);
    return 0;
}

int probing_teardown_bare(void **state) {
    struct probing *p = *state;
    stop(p);
    arena_free(p->c->arena);
    free(p);
    return 0;
}

const struct plugin_member *probing_member(const struct probing *p, const char *id) {
    for (size_t i = 0; i < p->c->plugins->count; i++) {
        if (strcmp(p->c->plugins->members[i].plugin->id, id) == 0) {
            return &p->c->plugins->members[i];
        }
    }
    fail_msg("no plugin %s", id);
    return NULL;
}

struct plugin_info probing_info(const struct probing *p, const char *id) {
    struct plugin_info info = {0};
    assert_true(plugin_find(p->plugins.host, p->c->arena, id, &info));
    return info;
}

enum err probing_play(const struct probing *p, const char *script, const char **ret_said) {
    struct strb out;
    struct findings found;
    const char *words[] = {script};
    strb_init(&out, 1000);
    enum err e = plugin_verb_run(p->c, "probe", "do", 1, words, &out, &found);
    *ret_said = arena_strdup(p->c->arena, out.p);
    strb_free(&out);
    return e;
}

const char *probing_fault(const struct probing *p) {
    struct plugin_fault *list;
    size_t n = plugin_faults(p->plugins.host, p->c->arena, "probe", &list);
    return n > 0 ? list[0].detail : "";
}

int probing_things(const struct probing *p) {
    return (int)strtol(dbtest_value(p->c, "SELECT count(*) FROM plg_probe.thing"), NULL, 10);
}
