// SPDX-License-Identifier: Apache-2.0
// Promises of the database to plugins: each has a role of its own that sees exactly what its powers allow,
// tables of its own and nobody else's. PostgreSQL holds them, whatever a statement's text says. And of crash
// notes.
#include "base/clock.h"
#include "db/migrate.h"
#include "lifetest.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void use_life(struct life *l, anc_caps granted) {
    life_put(l, "life_1", "life");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, granted) VALUES ('life', %" PRIu64 ")", (uint64_t)granted);
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
}

static const char *last_fault(struct life *l) {
    struct plugin_fault *list;
    return plugin_faults(l->h, l->c->arena, "life", &list) > 0 ? list[0].detail : "";
}

#define LEAST (ANC_CAP_WRITE_TAGS | ANC_CAP_OWN_TABLES)

static const char *readable(struct life *l) {
    return dbtest_value(
        l->c,
        "SELECT coalesce(string_agg(n.nspname || '.' || c.relname, ' ' ORDER BY n.nspname, c.relname), '')"
        "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('api', 'core', 'meta') AND c.relkind IN ('r', 'v')"
        "   AND has_table_privilege('plg_life', c.oid, 'SELECT')"
        "   AND has_schema_privilege('plg_life', n.oid, 'USAGE')");
}

static void test_the_role_may_read_exactly_the_views_of_its_powers(void **state) {
    struct life *l = *state;
    use_life(l, LEAST);
    assert_string_equal(readable(l), "api.anchor api.place api.ward");
    life_wish(l, "life", "granted = granted | 1"); // suppliers
    life_switch(l);
    assert_string_equal(readable(l), "api.anchor api.place api.supplier api.ward");
    life_wish(l, "life", "granted = granted | 2 | 64"); // payments, notices
    life_switch(l);
    assert_string_equal(readable(l), "api.anchor api.award api.notice api.place api.spend api.spend_load"
                                     " api.supplier api.ward");
    life_wish(l, "life", "granted = 132");
    life_switch(l);
    assert_string_equal(readable(l), "api.anchor api.place api.ward");
}

static void test_rights_beyond_its_powers_are_taken_back_at_its_next_start(void **state) {
    struct life *l = *state;
    use_life(l, LEAST | ANC_CAP_READ_SUPPLIERS);
    dbtest_run(l->c, "GRANT SELECT ON api.spend TO plg_life");
    dbtest_run(l->c, "GRANT ALL ON api.supplier TO plg_life");
    life_open(l, "life");
    assert_string_equal(readable(l), "api.anchor api.place api.supplier api.ward");
    assert_string_equal(
        dbtest_value(l->c, "SELECT has_table_privilege('plg_life', 'api.supplier', 'UPDATE')::text"),
        "false");
}

static void test_a_statement_that_slips_past_the_check_is_refused_by_the_database(void **state) {
    struct life *l = *state;
    use_life(l, ANC_CAP_ALL);
    assert_int_not_equal(life_ask(l, NULL, "sly"), ERR_OK);
    assert_non_null(strstr(last_fault(l), "permission denied for schema core"));
    assert_int_equal(life_ask(l, NULL, "suppliers"), ERR_OK);
    assert_string_equal(dbtest_value(l->c, "SELECT current_user::text"),
                        dbtest_value(l->c, "SELECT session_user::text")); // nothing of it stays behind
}

static void test_a_view_of_a_power_that_was_withdrawn_is_refused_by_the_database(void **state) {
    struct life *l = *state;
    use_life(l, ANC_CAP_ALL);
    assert_int_equal(life_ask(l, NULL, "spend"), ERR_OK);
    dbtest_run(l->c, "UPDATE core.plugin SET granted = granted & ~2, wanted_no = wanted_no + 1");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_int_not_equal(life_ask(l, NULL, "spend"), ERR_OK);
    assert_non_null(strstr(last_fault(l), "permission denied for view spend"));
}

static void test_a_plugin_keeps_rows_in_tables_of_its_own_that_belong_to_its_role(void **state) {
    struct life *l = *state;
    use_life(l, LEAST);
    assert_int_equal(life_ask(l, NULL, "put"), ERR_OK);
    assert_string_equal(dbtest_value(l->c, "SELECT text FROM plg_life.note"), "hello");
    assert_string_equal(
        dbtest_value(l->c, "SELECT tableowner::text FROM pg_tables WHERE schemaname = 'plg_life'"),
        "plg_life");
    assert_string_equal(dbtest_value(l->c, "SELECT name FROM meta.migration WHERE owner = 'life'"),
                        "0001_note.sql");
}

static void test_the_role_cannot_log_in_and_may_nothing_of_the_cluster(void **state) {
    struct life *l = *state;
    use_life(l, ANC_CAP_ALL);
    assert_string_equal(dbtest_value(l->c,
                                     "SELECT (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb)::text"
                                     "  FROM pg_roles WHERE rolname = 'plg_life'"),
                        "false");
}

static void test_a_role_that_may_too_much_is_refused(void **state) {
    struct life *l = *state;
    dbtest_run(l->c, "CREATE ROLE plg_good SUPERUSER");
    life_put(l, "good", "good");
    life_open(l, "good");
    life_is(l, "good", PLUGIN_FAILED, "must run: ALTER ROLE plg_good NOLOGIN NOSUPERUSER");
    dbtest_run(l->c, "DROP ROLE plg_good");
}

static void test_a_failing_migration_leaves_nothing_of_itself(void **state) {
    struct life *l = *state;
    life_put(l, "bad_migration", "bad_migration");
    life_put(l, "good", "good");
    life_open(l, "bad_migration,good");
    life_is(l, "bad_migration", PLUGIN_FAILED,
            "Its tables could not be made: 0002_second.sql did not run: relation \"first\" already exists");
    life_is(l, "good", PLUGIN_ACTIVE, "");
    assert_string_equal(dbtest_value(l->c, "SELECT string_agg(tablename, ' ') FROM pg_tables"
                                           " WHERE schemaname = 'plg_bad_migration'"),
                        "first");
    dbtest_run(l->c, "DROP TABLE plg_bad_migration.first");
    assert_int_equal(life_switch(l), 0); // not tried again and again, but when somebody wishes it
    life_is(l, "bad_migration", PLUGIN_FAILED, "0002_second.sql");
    life_wish(l, "bad_migration", "enabled = true");
    assert_int_equal(life_switch(l), 1);
    life_is(l, "bad_migration", PLUGIN_ACTIVE, "");
}

static void test_a_migration_that_was_changed_after_it_ran_is_refused(void **state) {
    struct life *l = *state;
    use_life(l, LEAST);
    life_put(l, "life_other", "life");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_FAILED, "applied to this database in another wording");
}

static void test_without_the_power_there_are_no_tables_and_withdrawn_they_are_out_of_reach(void **state) {
    struct life *l = *state;
    life_put(l, "life_own", "life");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, granted) VALUES ('life', %d)",
               (int)(ANC_CAP_WRITE_TAGS | ANC_CAP_READ_SUPPLIERS));
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_string_equal(
        dbtest_value(l->c, "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'plg_life'"), "0");
    life_wish(l, "life", "granted = granted | 128");
    life_switch(l);
    assert_int_equal(life_ask(l, NULL, "put"), ERR_OK);
    life_wish(l, "life", "granted = granted & ~128");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_int_not_equal(life_ask(l, NULL, "count"), ERR_OK);
    life_wish(l, "life", "granted = granted | 128");
    life_switch(l);
    assert_int_equal(life_ask(l, NULL, "count"), ERR_OK);
    assert_non_null(strstr(l->answer, "|db|1")); // what was kept is still there
}

// ---- an operator's own database, whose user is no superuser

// All that the core made in this database.
static void give_all_to(struct life *l, const char *owner) {
    dbtest_run(
        l->c,
        "DO $$ DECLARE x record; BEGIN"
        " FOR x IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c"
        "   JOIN pg_namespace n ON n.oid = c.relnamespace"
        "  WHERE n.nspname IN ('core', 'api', 'meta') AND c.relkind IN ('r', 'v', 'p') LOOP"
        "  EXECUTE format('ALTER %%s %%s OWNER TO %s', CASE x.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,"
        "                 x.name);"
        " END LOOP; END $$",
        owner);
    for (size_t i = 0; i < 3; i++) {
        static const char *const schemas[] = {"core", "api", "meta"};
        dbtest_run(l->c, "ALTER SCHEMA %s OWNER TO %s", schemas[i], owner);
    }
}

static void become_owner(struct life *l, const char *rights) {
    dbtest_run(l->c, "CREATE ROLE keeper LOGIN %s", rights);
    dbtest_run(l->c, "ALTER DATABASE %s OWNER TO keeper", l->t->name);
    dbtest_run(l->c, "DROP ROLE IF EXISTS plg_life"); // of other tests of this cluster
    give_all_to(l, "keeper");
    dbtest_run(l->c, "SET SESSION AUTHORIZATION keeper");
}

static void stop_being_owner(struct life *l) {
    life_close(l);
    dbtest_run(l->c, "RESET SESSION AUTHORIZATION");
    dbtest_run(l->c, "REASSIGN OWNED BY keeper TO CURRENT_USER");
    dbtest_run(l->c, "DROP OWNED BY keeper");
    dbtest_run(l->c, "DROP ROLE keeper");
}

static void test_an_owner_who_may_make_roles_needs_to_be_no_superuser(void **state) {
    struct life *l = *state;
    become_owner(l, "CREATEROLE");
    life_put(l, "life_1", "life");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_int_equal(life_ask(l, NULL, "put"), ERR_OK);
    assert_int_not_equal(life_ask(l, NULL, "sly"), ERR_OK);
    life_open(l, "life"); // and again, when all is there
    life_is(l, "life", PLUGIN_ACTIVE, "");
    stop_being_owner(l);
}

static void test_an_owner_who_may_not_is_told_what_an_administrator_must_run(void **state) {
    struct life *l = *state;
    become_owner(l, "");
    life_put(l, "life_1", "life");
    life_put(l, "good", "good");
    life_open(l, "life");
    struct plugin_info p = life_info(l, "life");
    assert_int_equal(p.state, PLUGIN_FAILED);
    const char *run = strstr(p.reason, "must run: ");
    assert_non_null(run);
    assert_string_equal(run, "must run: CREATE ROLE plg_life NOLOGIN; GRANT plg_life TO \"keeper\";");
    dbtest_run(l->c, "RESET SESSION AUTHORIZATION");
    dbtest_run(l->c, "CREATE ROLE plg_life NOLOGIN");
    dbtest_run(l->c, "GRANT plg_life TO keeper");
    dbtest_run(l->c, "SET SESSION AUTHORIZATION keeper");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    stop_being_owner(l);
}

// ---- many servers of one cluster

struct racer {
    struct life *l;
    struct ctx *c;
    int failed;
};

static void *race(void *arg) {
    struct racer *r = arg;
    struct plugin_host *h = plugin_host_read(r->l->folder, "life");
    plugin_host_check(h, r->l->copies, NULL);
    plugin_host_start(h, r->c);
    struct plugin_info p;
    r->failed = !plugin_find(h, r->c->arena, "life", &p) || p.state != PLUGIN_ACTIVE;
    if (r->failed) {
        print_error("%s\n", p.reason);
    }
    plugin_host_close(h);
    return NULL;
}

static void test_servers_that_make_the_same_role_at_the_same_time_all_succeed(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    for (int round = 0; round < 3; round++) {
        struct racer r[4];
        pthread_t t[4];
        void *other[4];
        for (int i = 0; i < 4; i++) { // two in each database
            other[i] = NULL;
            if (i % 2) {
                assert_int_equal(dbtest_setup(&other[i]), 0);
            }
            r[i] = (struct racer){.l = l, .c = i % 2 ? ((struct dbtest *)other[i])->c : dbtest_new_ctx(l->t)};
        }
        for (int i = 0; i < 4; i++) {
            assert_int_equal(pthread_create(&t[i], NULL, race, &r[i]), 0);
        }
        for (int i = 0; i < 4; i++) {
            pthread_join(t[i], NULL);
        }
        for (int i = 0; i < 4; i++) {
            assert_int_equal(r[i].failed, 0);
            if (i % 2) {
                dbtest_run(r[i].c, "DROP OWNED BY plg_life CASCADE");
                dbtest_teardown(&other[i]);
            } else {
                dbtest_free_ctx(r[i].c);
            }
        }
        dbtest_run(l->c, "DROP SCHEMA plg_life CASCADE");
        dbtest_run(l->c, "DELETE FROM meta.migration WHERE owner = 'life'");
        dbtest_run(l->c, "DROP OWNED BY plg_life CASCADE");
        dbtest_run(l->c, "DROP ROLE plg_life");
    }
}

// ---- migrations leave the role as they found it

static void test_a_migration_that_leaves_its_role_is_undone(void **state) {
    struct life *l = *state;
    use_life(l, LEAST);
    // Hidden in a string, the text check does not see it.
    static const struct migration list[] = {
        {1, "0001_note.sql", "CREATE TABLE note (text text NOT NULL);"},
        {2, "0002_sly.sql", "DO $$ BEGIN EXECUTE 'RESET' || ' ROLE'; END $$; CREATE TABLE mine (x text)"}};
    char why[300];
    assert_int_equal(migrate_run(l->c, "life", list, 2, NULL, why, sizeof why), ERR_DENIED);
    assert_non_null(strstr(why, "leaves the role of the plugin"));
    assert_string_equal(dbtest_value(l->c, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'mine'"),
                        "0");
}

// ---- crash notes

static void note_crash(struct life *l, const char *id, int64_t minutes_ago, const char *call) {
    FILE *f = fopen(l->crashes, "a");
    assert_non_null(f);
    fprintf(f, "%" PRId64 " %s %s\n", l->c->now_usec - minutes_ago * 60000000, id, call);
    fclose(f);
}

static void read_crashes(struct life *l) {
    l->h = plugin_host_read(l->folder, "life,good");
    plugin_host_check(l->h, l->copies, NULL);
    plugin_host_read_crashes(l->h, l->c, l->crashes);
    plugin_host_start(l->h, l->c);
}

static void test_two_crashes_within_ten_minutes_keep_a_plugin_out_and_one_does_not(void **state) {
    struct life *l = *state;
    use_life(l, ANC_CAP_ALL);
    life_put(l, "good", "good");
    life_close(l);
    note_crash(l, "life", 3, "judge");
    note_crash(l, "good", 1, "judge");
    read_crashes(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    life_close(l);
    note_crash(l, "life", 0, "job:sweep"); // the first one was not forgotten
    read_crashes(l);
    life_is(
        l, "life", PLUGIN_SUSPENDED,
        "The server crashed twice within ten minutes while it was in this plugin (judge, then job:sweep).");
    life_is(l, "good", PLUGIN_ACTIVE, "");
    life_wish(l, "life", "suspended_at = NULL, suspended_reason = ''");
    life_close(l);
    read_crashes(l); // and the two do not count again
    life_is(l, "life", PLUGIN_ACTIVE, "");
    life_close(l);
    note_crash(l, "good", 0, "judge"); // that one had one crash so far
    read_crashes(l);
    life_is(l, "good", PLUGIN_SUSPENDED, "crashed twice");
    life_is(l, "life", PLUGIN_ACTIVE, "");
}

static void test_crashes_far_apart_do_not_count(void **state) {
    struct life *l = *state;
    use_life(l, ANC_CAP_ALL);
    life_close(l);
    note_crash(l, "life", 30, "judge");
    note_crash(l, "life", 15, "judge");
    note_crash(l, "life", 4, "judge");
    read_crashes(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
}

static void test_a_damaged_crash_file_is_read_as_far_as_it_goes(void **state) {
    struct life *l = *state;
    use_life(l, ANC_CAP_ALL);
    life_close(l);
    FILE *f = fopen(l->crashes, "w");
    fputs("\n\nnonsense\n12 \n-\n", f);
    for (int i = 0; i < 5000; i++) {
        fprintf(f, "%d somebody judge\n", i);
    }
    fclose(f);
    note_crash(l, "life", 1, "judge");
    note_crash(l, "life", 0, "judge");
    f = fopen(l->crashes, "a");
    fputs("17638", f); // the disk was full
    fclose(f);
    read_crashes(l);
    life_is(l, "life", PLUGIN_SUSPENDED, "crashed twice");
}

#define LIFE(test) cmocka_unit_test_setup_teardown(test, life_setup, life_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        LIFE(test_the_role_may_read_exactly_the_views_of_its_powers),
        LIFE(test_rights_beyond_its_powers_are_taken_back_at_its_next_start),
        LIFE(test_a_statement_that_slips_past_the_check_is_refused_by_the_database),
        LIFE(test_a_view_of_a_power_that_was_withdrawn_is_refused_by_the_database),
        LIFE(test_a_plugin_keeps_rows_in_tables_of_its_own_that_belong_to_its_role),
        LIFE(test_the_role_cannot_log_in_and_may_nothing_of_the_cluster),
        LIFE(test_a_role_that_may_too_much_is_refused),
        LIFE(test_a_failing_migration_leaves_nothing_of_itself),
        LIFE(test_a_migration_that_was_changed_after_it_ran_is_refused),
        LIFE(test_without_the_power_there_are_no_tables_and_withdrawn_they_are_out_of_reach),
        LIFE(test_an_owner_who_may_make_roles_needs_to_be_no_superuser),
        LIFE(test_an_owner_who_may_not_is_told_what_an_administrator_must_run),
        LIFE(test_servers_that_make_the_same_role_at_the_same_time_all_succeed),
        LIFE(test_a_migration_that_leaves_its_role_is_undone),
        LIFE(test_two_crashes_within_ten_minutes_keep_a_plugin_out_and_one_does_not),
        LIFE(test_crashes_far_apart_do_not_count),
        LIFE(test_a_damaged_crash_file_is_read_as_far_as_it_goes),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
