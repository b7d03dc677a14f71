// SPDX-License-Identifier: Apache-2.0
// What tests of loading payments share.
#include "db/loadtest.h"

#include "plugin/host.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct plugin_host *plugins;
static char folder[64];

int loadtest_group_up(void **state) {
    if (dbtest_group_setup(state) != 0) {
        return -1;
    }
    snprintf(folder, sizeof folder, "/tmp/anchorage-test-XXXXXX");
    if (!mkdtemp(folder)) {
        return -1;
    }
    plugins = plugin_host_read(BINARY_DIR "/plugins", "local_spend");
    plugin_host_check(plugins, folder, NULL);
    plugin_host_visit(plugins); // its own tables are not needed
    plugin_host_start(plugins, NULL);
    return 0;
}

int loadtest_group_down(void **state) {
    plugin_host_close(plugins);
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        unlink(path);
    }
    if (d) {
        closedir(d);
    }
    rmdir(folder);
    return dbtest_group_teardown(state);
}

const char *loadtest_folder(void) {
    return folder;
}

static void add_anchor(struct ctx *c, const char *ref, const char *name) {
    dbtest_run(
        c,
        "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'anchor', '%s') "
        "RETURNING id) "
        "INSERT INTO core.anchor (id, sort, address1, town, postcode, email) "
        "SELECT id, 'council', 'Town Hall', 'Exampleton', 'WN1 1AA', 'buy@example.org' FROM o RETURNING id",
        ref, name);
}

static void make_officer(struct ctx *c) {
    c->plugins = plugin_host_now(plugins);
    c->actor.perms |= 1u << PERM_OFFICER;
}

struct ctx *loadtest_ready(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    make_officer(c);
    add_anchor(c, "council", "Exampleton Council");
    add_anchor(c, "hospital", "Exampleton Hospital");
    return c;
}

struct ctx *loadtest_beside(void **state) {
    struct ctx *c = dbtest_new_ctx(*state);
    make_officer(c);
    return c;
}

void loadtest_supplier(struct ctx *c, const char *ref, const char *match_name, const char *company,
                       const char *charity) {
    dbtest_run(
        c,
        "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', '%s') "
        "RETURNING id) "
        "INSERT INTO core.supplier (id, match_name, postcode, company_number, charity_number, is_local, "
        "lad_code) SELECT id, '%s', 'WN1 1AA', '%s', '%s', true, 'E08000010' FROM o RETURNING id",
        ref, match_name, match_name, company, charity);
}

struct load_orders loadtest_orders(void) {
    return (struct load_orders){.anchor_ref = "council",
                                .file_name = "payments.csv",
                                .month = INT32_MIN,
                                .overlap = OVERLAP_ONCE,
                                .replaces = ""};
}

static int opened(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

enum err loadtest_try(struct ctx *c, const char *path, const struct load_orders *o, struct load_summary *ret,
                      const char **ret_ref) {
    int fd = opened(path);
    enum err e = load_file(c, fd, o, ret, ret_ref);
    close(fd);
    return e;
}

enum err loadtest_look(struct ctx *c, const char *path, const struct load_orders *o,
                       struct load_summary *ret) {
    int fd = opened(path);
    enum err e = load_look(c, fd, o, ret);
    close(fd);
    return e;
}

const char *loadtest_load(struct ctx *c, const char *anchor, const char *path) {
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref = NULL;
    o.anchor_ref = anchor;
    assert_err(c, loadtest_try(c, path, &o, &s, &ref), ERR_OK);
    return ref;
}

const char *loadtest_file(struct ctx *c, const char *name, const char *text) {
    const char *path = arena_printf(c->arena, "%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

const char *loadtest_everything(struct ctx *c) {
    return dbtest_value(
        c,
        "SELECT concat_ws('#', "
        "(SELECT string_agg(concat_ws('|', s.fy, s.flow, o.ref, p.match_name, s.amount_pence, s.line_count, "
        "s.credit_pence), ';' ORDER BY s.fy, o.ref, p.match_name, s.flow, s.amount_pence) "
        "FROM core.spend_sum s JOIN core.payee p ON p.id = s.payee_id "
        "JOIN core.spend_load l ON l.id = s.load_id JOIN core.organisation o ON o.id = l.anchor_id), "
        "(SELECT string_agg(concat_ws('|', t.fy, t.line_no, p.match_name, t.paid_on, t.amount_pence, t.flow, "
        "t.flags, t.counted, b.category), ';' ORDER BY t.fy, t.line_no, p.match_name, t.amount_pence) "
        "FROM core.spend_line t JOIN core.payee p ON p.id = t.payee_id "
        "JOIN core.spend_label b ON b.id = t.label_id), "
        "(SELECT string_agg(match_name || '/' || ident, ';' ORDER BY match_name, ident) FROM core.payee), "
        "(SELECT string_agg(category || '/' || purpose, ';' ORDER BY category, purpose) FROM "
        "core.spend_label), "
        "(SELECT count(*) FROM core.spend_problem), (SELECT count(*) FROM core.spend_leaf), "
        "(SELECT string_agg(same_lines::text, ',' ORDER BY id) FROM core.spend_load), "
        // tables of lines, those of years left out
        "(SELECT count(*) FROM pg_class WHERE relname ~ '^spend_(line_[0-9]+_[0-9]+|incoming)' AND relkind = "
        "'r'))");
}
