// SPDX-License-Identifier: Apache-2.0
// The database role of a plugin, its schema, and rights on exactly the views its powers allow. Roles belong
// to a whole cluster: servers of several databases may make the same one at the same time.
#include "db/migrate.h"
#include "db/queries.gen.h"
#include "plugin/plugin.h"

#include <stdio.h>
#include <string.h>

#define TRIES 5

// Powers that give the plugin a db table, and so a role to run as.
#define DB_POWERS (ANC_CAP_READ_SUPPLIERS | ANC_CAP_READ_SPEND | ANC_CAP_READ_NOTICES | ANC_CAP_OWN_TABLES)

static const struct view_rule {
    const char *view;
    anc_caps power; // any of these
} view_rules[] = {
    {"place", DB_POWERS},
    {"ward", DB_POWERS},
    {"anchor", DB_POWERS},
    {"supplier", ANC_CAP_READ_SUPPLIERS},
    {"spend", ANC_CAP_READ_SPEND},
    {"spend_load", ANC_CAP_READ_SPEND},
    {"notice", ANC_CAP_READ_NOTICES},
    {"award", ANC_CAP_READ_NOTICES},
};
#define VIEWS (sizeof view_rules / sizeof *view_rules)

void plugin_role_name(const char *id, char *ret, size_t cap) {
    snprintf(ret, cap, "plg_%s", id);
}

struct role {
    struct plugin *p;
    struct ctx *c;
    char name[40];
    const char *admin; // what somebody with more rights must run, NULL none
};

// Names are small letters, digits and _ behind "plg_": they need no quotes.
__attribute__((format(printf, 2, 3))) static enum err run(struct role *r, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const struct sql q = {.name = "plugin_role_statement",
                          .text = arena_vprintf(r->c->arena, fmt, ap),
                          .rows = SQL_NONE,
                          .file = "core/plugin/role.c"};
    va_end(ap);
    return db_exec_n(r->c, &q, NULL, 0, (const char *const[]){NULL});
}

static enum err denied(struct role *r, enum err e, const char *admin) {
    if (e == ERR_DENIED && !r->admin) {
        r->admin = admin;
    }
    return e;
}

static enum err make_role(struct role *r, const struct rows *facts) {
    const char *me = row_text(facts, 0, "me");
    enum err e = ERR_OK;
    if (!row_bool(facts, 0, "there")) {
        e = denied(
            r, run(r, "CREATE ROLE %s NOLOGIN", r->name),
            arena_printf(r->c->arena, "CREATE ROLE %s NOLOGIN; GRANT %s TO \"%s\";", r->name, r->name, me));
    }
    if (e == ERR_OK && !row_bool(facts, 0, "can_enter")) {
        e = denied(r, run(r, "GRANT %s TO CURRENT_USER", r->name),
                   arena_printf(r->c->arena, "GRANT %s TO \"%s\";", r->name, me));
    }
    return e;
}

static enum err make_schema(struct role *r, const struct rows *facts) {
    bool wanted = r->p->granted & ANC_CAP_OWN_TABLES;
    enum err e = ERR_OK;
    if (wanted && !row_bool(facts, 0, "has_schema")) {
        e = denied(r, run(r, "CREATE SCHEMA %s", r->name),
                   arena_printf(r->c->arena, "GRANT CREATE ON DATABASE \"%s\" TO \"%s\";",
                                row_text(facts, 0, "database"), row_text(facts, 0, "me")));
    }
    if (e == ERR_OK && wanted && !row_bool(facts, 0, "all_in_schema")) {
        e = run(r, "GRANT USAGE, CREATE ON SCHEMA %s TO %s", r->name, r->name);
    }
    if (e == ERR_OK && !wanted && row_bool(facts, 0, "any_in_schema")) {
        e = run(r, "REVOKE ALL ON SCHEMA %s FROM %s", r->name, r->name);
    }
    return e;
}

static enum err make_views(struct role *r, const struct rows *facts) {
    const char *wanted[VIEWS];
    size_t n = 0;
    for (size_t i = 0; i < VIEWS; i++) {
        if (r->p->granted & view_rules[i].power) {
            wanted[n++] = view_rules[i].view;
        }
    }
    enum err e = ERR_OK;
    if (n > 0 && !row_bool(facts, 0, "in_api")) {
        e = run(r, "GRANT USAGE ON SCHEMA api TO %s", r->name);
    }
    struct rows *wrong = NULL;
    if (e == ERR_OK) {
        e = DB_ROWS(r->c, plugin_role_views, &wrong, r->name, db_array(r->c->arena, n, wanted));
    }
    for (size_t i = 0; e == ERR_OK && i < rows_count(wrong); i++) {
        e = run(r, "REVOKE ALL ON api.\"%s\" FROM %s", row_text(wrong, i, "name"), r->name);
        if (e == ERR_OK && row_bool(wrong, i, "wanted")) {
            e = run(r, "GRANT SELECT ON api.\"%s\" TO %s", row_text(wrong, i, "name"), r->name);
        }
    }
    return e;
}

// The proof: it can be entered, and left.
static enum err try_role(struct role *r) {
    enum err e = db_enter_role(r->c, r->name, "api");
    return e ? denied(r, e, arena_printf(r->c->arena, "GRANT %s TO CURRENT_USER;", r->name))
             : db_leave_role(r->c);
}

static enum err make_all(struct role *r) {
    struct rows *facts;
    enum err e = DB_ROWS(r->c, plugin_role_facts, &facts, r->name);
    if (e) {
        return e;
    }
    if (row_bool(facts, 0, "strong")) {
        r->admin = arena_printf(r->c->arena,
                                "ALTER ROLE %s NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB"
                                " NOREPLICATION NOBYPASSRLS;",
                                r->name);
        return ctx_fail(r->c, ERR_DENIED, "the role may do more than a plugin should");
    }
    bool needed = r->p->granted & DB_POWERS;
    if (!needed && !row_bool(facts, 0, "there")) {
        return ERR_OK;
    }
    if (needed) {
        e = make_role(r, facts);
    }
    if (e == ERR_OK) { // what is asked below needs the role to be there
        e = DB_ROWS(r->c, plugin_role_facts, &facts, r->name);
    }
    e = e ? e : make_schema(r, facts);
    e = e ? e : make_views(r, facts);
    return e || !needed ? e : try_role(r);
}

// Somebody else makes it too: "already exists" and "tuple concurrently updated" are no failures of ours.
static bool try_again(const struct role *r, enum err e) {
    return !r->admin && e != ERR_DENIED && e != ERR_DB_AWAY && e != ERR_TIMEOUT;
}

static bool role_ready(struct plugin *p, struct ctx *c) {
    struct role r = {.p = p, .c = c};
    plugin_role_name(p->id, r.name, sizeof r.name);
    enum err e = ERR_BUSY;
    for (int i = 0; i < TRIES && e != ERR_OK; i++) {
        e = db_begin(c);
        if (e) {
            break;
        }
        e = make_all(&r);
        if (e == ERR_OK) {
            e = db_commit(c);
        } else {
            db_rollback(c);
        }
        if (e && !try_again(&r, e)) {
            break;
        }
    }
    if (e && r.admin) {
        plugin_fail(
            p,
            "Its database role %s cannot be made by this program. An administrator of the database must "
            "run: %s",
            r.name, r.admin);
    } else if (e) {
        plugin_fail(p, "Its database role %s could not be made: %s", r.name, c->err_detail);
    }
    return e == ERR_OK;
}

static bool migrated(struct plugin *p, struct ctx *c) {
    uint32_t n = p->about.migrations.count;
    if (n == 0 || !plugin_may(p, ANC_CAP_OWN_TABLES)) {
        return true;
    }
    struct migration *list = arena_array(c->arena, n, sizeof *list);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_migration row;
        plugin_row(&p->about.migrations, i, &row, sizeof row);
        list[i] = (struct migration){.number = (int)row.number, .name = row.name, .sql = row.text};
    }
    char why[400];
    if (migrate_run(c, p->id, list, n, NULL, why, sizeof why) != ERR_OK) {
        plugin_fail(p, "Its tables could not be made: %s", why);
        return false;
    }
    return true;
}

bool plugin_role_ready(struct plugin *p, struct ctx *c) {
    c->err = ERR_OK;
    return role_ready(p, c) && migrated(p, c);
}
