// SPDX-License-Identifier: Apache-2.0
// Parts of the check with a database: the plugin's role, schema and tables, from nothing and from every
// earlier step, and its statements under its own rights.
#include "cli/plugin_check.h"
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>

#define STEPS_MAX   24 // earlier steps looked at; of more, the last ones
#define SQL_TIME_MS 5000

// ---- from nothing --------------------------------------------------------------------------------

static void check_rights(struct check *k) {
    static const char what[] = "its role may do nothing else";
    struct rows *r;
    enum err e = check_sql(k, &r,
                           "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolcanlogin OR rolreplication"
                           " OR rolbypassrls AS much,"
                           " (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                           "   WHERE n.nspname IN ('core', 'meta') AND c.relkind IN ('r', 'v', 'm', 'p')"
                           "   AND has_table_privilege('plg_%s', c.oid, 'SELECT, INSERT, UPDATE, DELETE'))"
                           " AS tables FROM pg_roles WHERE rolname = 'plg_%s'",
                           k->id, k->id);
    if (e != ERR_OK) {
        check_fail(k, what, "%s", k->c.err_detail);
    } else if (rows_count(r) == 0) {
        check_ok(k, what, "it has none: it asks for nothing of the database");
    } else if (row_bool(r, 0, "much") || row_i64(r, 0, "tables") > 0) {
        check_fail(k, what, "the role plg_%s reaches past its schema and the api views.", k->id);
    } else {
        check_ok(k, what, "%s", "");
    }
}

void check_part_first(struct check *k) {
    static const char what[] = "it starts in an empty place, its tables made from nothing";
    if (!check_open(k)) {
        return;
    }
    check_now(k, "the first start");
    bool active = check_start(k, k->dir);
    if (!active) {
        check_fail(k, what, "%s",
                   k->info.reason && *k->info.reason ? k->info.reason : plugin_state_name(k->info.state));
        return;
    }
    uint32_t steps = k->info.about->migrations.count;
    check_ok(k, what, "%u step%s, version %s", steps, steps == 1 ? "" : "s", k->info.version_text);
    check_rights(k);
}

// ---- from earlier steps --------------------------------------------------------------------------

static size_t list_of(struct check *k, struct migration **ret) {
    const struct anc_table *t = &k->info.about->migrations;
    struct migration *list = arena_array(k->arena, t->count + 1u, sizeof *list);
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_migration row;
        plugin_row(t, i, &row, sizeof row);
        list[i] = (struct migration){.number = (int)row.number, .name = row.name, .sql = row.text};
    }
    *ret = list;
    return t->count;
}

// The schema as it was before the first step; role and rights stay.
static enum err empty_schema(struct check *k) {
    enum err e = check_sql(k, NULL, "DROP SCHEMA IF EXISTS plg_%s CASCADE", k->id);
    e = e ? e : check_sql(k, NULL, "CREATE SCHEMA plg_%s AUTHORIZATION plg_%s", k->id, k->id);
    return e ? e : check_sql(k, NULL, "DELETE FROM meta.migration WHERE owner = '%s'", k->id);
}

// One made-up row in each table that takes it: a column that must be filled by hand stops a later step only
// where there are rows. Tables that refuse the row (a rule of their own) stay empty.
static void fill_tables(struct check *k) {
    struct rows *r;
    enum err e =
        check_sql(k, &r,
                  "SELECT format('INSERT INTO %%s (%%s) VALUES (%%s)', c.oid::regclass,"
                  " string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), string_agg(CASE"
                  " WHEN t.typcategory = 'N' THEN '1' WHEN t.typcategory = 'B' THEN 'true'"
                  " WHEN t.typcategory = 'D' THEN quote_literal('2026-11-02')"
                  " WHEN t.typcategory = 'A' OR t.typname LIKE 'json%%' THEN quote_literal('{}')"
                  " WHEN t.typcategory = 'T' THEN quote_literal('1 day') WHEN t.typname = 'uuid'"
                  " THEN quote_literal('00000000-0000-4000-8000-000000000000')"
                  " ELSE quote_literal('made up') END, ', ' ORDER BY a.attnum)) AS text"
                  " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                  " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                  "  AND a.attidentity = '' AND a.attgenerated = ''"
                  " JOIN pg_type t ON t.oid = a.atttypid"
                  " WHERE n.nspname = 'plg_%s' AND c.relkind IN ('r', 'p') GROUP BY c.oid ORDER BY c.oid",
                  k->id);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        if (db_begin(&k->c) == ERR_OK) {
            if (check_sql(k, NULL, "%s", row_text(r, i, "text")) != ERR_OK || db_commit(&k->c) != ERR_OK) {
                db_rollback(&k->c);
            }
        }
    }
}

// Steps 1..n, some rows, then the rest: what a place sees that stopped at version n.
static bool from_step(struct check *k, const struct migration *list, size_t count, size_t n) {
    static const char what[] = "its tables come up to date from every earlier step";
    char why[600] = "";
    check_now(k, "coming from step %zu", n);
    if (empty_schema(k) != ERR_OK) {
        check_fail(k, what, "the schema could not be emptied: %s", k->c.err_detail);
        return false;
    }
    enum err e = migrate_run(&k->c, k->id, list, n, NULL, why, sizeof why);
    if (e == ERR_OK) {
        fill_tables(k);
        e = migrate_run(&k->c, k->id, list, count, NULL, why, sizeof why);
    }
    if (e != ERR_OK) {
        check_fail(k, what, "from step %zu, with a row in its tables: %s", n, why);
        return false;
    }
    return true;
}

void check_part_steps(struct check *k) {
    struct migration *list;
    if (!check_open(k) || !check_start(k, k->dir)) {
        return; // check_part_first has said why
    }
    size_t count = list_of(k, &list), good = 0;
    size_t from = count > STEPS_MAX ? count - STEPS_MAX : 1;
    for (size_t n = from; n < count && from_step(k, list, count, n); n++) {
        good++;
    }
    if (count > 1 && good == count - from) {
        check_ok(k, "its tables come up to date from every earlier step", "%zu tried", good);
    }
}

// ---- from an earlier file ------------------------------------------------------------------------

void check_part_before(struct check *k) {
    if (!check_open(k)) {
        return;
    }
    check_now(k, "the start of the earlier file");
    if (!check_start(k, k->dir_before)) {
        check_fail(k, "the earlier file starts", "%s", k->info.reason ? k->info.reason : "it was not found");
        return;
    }
    check_ok(k, "the earlier file starts", "version %s, %u steps", k->info.version_text,
             k->info.about->migrations.count);
    check_tell(k, 'B', k->info.version_text, "");
}

void check_part_after(struct check *k) {
    static const char what[] = "this file takes over the tables of the earlier one";
    if (!check_open(k)) {
        return;
    }
    check_now(k, "the start after the earlier file");
    if (!check_start(k, k->dir)) {
        check_fail(k, what, "%s", k->info.reason ? k->info.reason : "it was not found");
    } else {
        check_ok(k, what, "version %s, %u steps", k->info.version_text, k->info.about->migrations.count);
    }
}

// ---- statements ----------------------------------------------------------------------------------

static const char *nulls(struct check *k, uint32_t n) {
    const char *out = "";
    for (uint32_t i = 0; i < n; i++) {
        out = arena_printf(k->arena, "%s%sNULL", out, i ? ", " : "");
    }
    return n ? arena_printf(k->arena, "(%s)", out) : "";
}

// Describing finds words and columns that are not there; planning a run finds rights that are missing.
static enum err try_statement(struct check *k, const struct anc_sql *row, uint32_t i) {
    const char *shape;
    struct rows *plan;
    struct sql q = {.name = arena_printf(k->arena, "check_s%u", i),
                    .text = row->text,
                    .params = (int)row->params,
                    .rows = SQL_MANY,
                    .file = k->id};
    enum err e = db_describe(&k->c, &q, &shape);
    e = e ? e : check_sql(k, NULL, "PREPARE check_plan_%u AS %s", i, row->text);
    return e ? e : check_sql(k, &plan, "EXPLAIN EXECUTE check_plan_%u%s", i, nulls(k, row->params));
}

void check_part_statements(struct check *k) {
    static const char what[] = "every statement can run under its own role with just the powers it asks for";
    if (!check_open(k) || !check_start(k, k->dir)) {
        return;
    }
    const struct anc_table *t = &k->info.about->sql;
    const char *role = arena_printf(k->arena, "plg_%s", k->id);
    const char *path = arena_printf(k->arena, "plg_%s, api", k->id);
    uint32_t good = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_sql row;
        plugin_row(t, i, &row, sizeof row);
        check_now(k, "statement %s", row.name);
        enum err e = db_begin(&k->c);
        e = e ? e : db_enter_role_for(&k->c, role, path, SQL_TIME_MS);
        e = e ? e : try_statement(k, &row, i);
        if (e) {
            check_fail(k, what, "%s: %s. Correct it, or ask for the power that shows it the view.", row.name,
                       k->c.err_detail);
        } else {
            good++;
        }
        db_rollback(&k->c);
    }
    if (good == t->count) {
        check_ok(k, what, "%u statement%s", good, good == 1 ? "" : "s");
    }
}
