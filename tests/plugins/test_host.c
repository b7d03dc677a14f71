// SPDX-License-Identifier: Apache-2.0
// Promises of the plugin host: a bad plugin is refused with words that say why, and never stops the others.
#include "base/log.h"
#include "plugin/calls.h"
#include "plugin/plugin.h"
#include "plugin/points.h"
#include "support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define BAD BINARY_DIR "/tests/bad"

static char copies[] = "/tmp/anchorage-plugins-XXXXXX";
static struct arena *arena;

static struct plugin_host *open_list(const char *list) {
    struct plugin_host *h = plugin_host_read(BAD, list);
    plugin_host_check(h, copies, NULL);
    plugin_host_start(h, NULL);
    return h;
}

static struct plugin_info state_of(struct plugin_host *h, const char *id) {
    struct plugin_info p;
    if (!plugin_find(h, arena, id, &p)) {
        fail_msg("no plugin %s", id);
    }
    return p;
}

static void assert_state(struct plugin_host *h, const char *id, enum plugin_state state, const char *words) {
    struct plugin_info p = state_of(h, id);
    if (p.state != state || !strstr(p.reason, words)) {
        fail_msg("%s is %s: %s", id, plugin_state_name(p.state), p.reason);
    }
}

// The bad one fails with these words in its reason, while a good one beside it starts.
static void refused(const char *id, const char *words) {
    char list[64];
    snprintf(list, sizeof list, "good,%s", id);
    struct plugin_host *h = open_list(list);
    assert_state(h, id, PLUGIN_FAILED, words);
    assert_state(h, "good", PLUGIN_ACTIVE, "");
    plugin_host_close(h);
}

static void a_file_that_is_no_plugin_is_refused_by_what_differs(void **state) {
    (void)state;
    refused("bad_magic", "magic number is 0x12345678");
    refused("bad_minor", "Update the server");
    refused("bad_size", "24 bytes");
    refused("bad_extra", "c17-ilp32");
    refused("bad_symbol", "anc_plugin_v1");
}

static void a_missing_file_is_told(void **state) {
    (void)state;
    refused("not_there", "There is no file");
}

static void a_plugin_under_another_name_is_refused(void **state) {
    (void)state;
    refused("bad_id", "calls itself other");
}

static void a_provider_without_its_power_is_refused(void **state) {
    (void)state;
    refused("bad_power", "needs the power \"write tags\"");
}

static void sql_past_the_api_views_is_refused(void **state) {
    (void)state;
    refused("bad_sql", "reaches past the api views");
    refused("bad_commit", "uses COMMIT");
}

static void pages_menus_jobs_filters_and_settings_are_checked_before_anything_runs(void **state) {
    (void)state;
    refused("bad_route", "lies outside of /x/bad_route");
    refused("bad_perm", "a permission is missing");
    refused("bad_form", "names the form \"nowhere\"");
    refused("bad_menu", "no GET page of its own");
    refused("bad_job", "every 1 seconds");
    refused("bad_filter", "make it a notification");
    refused("bad_setting", "default \"0\"");
}

static void a_start_that_gives_up_fails_only_that_plugin(void **state) {
    (void)state;
    refused("bad_start", "Its start function gave up (code -6): this server lacks");
    refused("bad_words", "Its start function gave up: The list of wards in it is empty.");
}

static void tables_without_a_database_are_refused(void **state) {
    (void)state;
    refused("bad_migration", "there is no database here");
}

static void the_second_provider_of_one_key_is_refused(void **state) {
    (void)state;
    struct plugin_host *h = open_list("good_twin,good");
    assert_state(h, "good_twin", PLUGIN_FAILED, "good already provides \"test\"");
    assert_state(h, "good", PLUGIN_ACTIVE, "");
    plugin_host_close(h);
}

static void plugins_that_need_each_other_in_a_circle_are_refused(void **state) {
    (void)state;
    struct plugin_host *h = open_list("circle_more,circle_a,circle_b,good");
    assert_state(h, "circle_a", PLUGIN_FAILED, "need each other in a circle: circle_a, circle_b");
    assert_state(h, "circle_b", PLUGIN_FAILED, "need each other in a circle: circle_a, circle_b");
    assert_state(h, "circle_more", PLUGIN_FAILED, "needs the plugin circle_a, which failed");
    assert_state(h, "good", PLUGIN_ACTIVE, "");
    plugin_host_close(h);
}

static void a_plugin_whose_need_is_missing_too_old_or_failed_is_refused(void **state) {
    (void)state;
    struct plugin_host *h = open_list("circle_a");
    assert_state(h, "circle_a", PLUGIN_FAILED, "needs the plugin circle_b, which is not there");
    plugin_host_close(h);
    h = open_list("good,after_newer,bad_start,after_start");
    assert_state(h, "after_newer", PLUGIN_FAILED, "good in version 2.0.0 or newer; 0.1.0 is here");
    assert_state(h, "after_start", PLUGIN_FAILED, "needs the plugin bad_start, which failed");
    assert_state(h, "good", PLUGIN_ACTIVE, "");
    plugin_host_close(h);
}

static void the_order_is_by_need_and_then_by_id_however_they_are_named(void **state) {
    (void)state;
    static const char *const lists[] = {"after_good,good,bad_start", "good, bad_start,after_good",
                                        "bad_start,,after_good,good,good"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct plugin_host *h = open_list(lists[i]);
        const struct plugin_set *s = plugin_host_now(h);
        assert_int_equal(s->count, 2);
        assert_string_equal(s->members[0].plugin->id, "good");
        assert_string_equal(s->members[1].plugin->id, "after_good");
        plugin_host_close(h);
    }
}

static void a_name_that_is_no_id_is_passed_over(void **state) {
    (void)state;
    struct plugin_host *h = open_list("../good, G, good.so,good");
    assert_int_equal(plugin_host_now(h)->count, 1);
    plugin_host_close(h);
}

static void a_file_that_nobody_named_is_found_and_nothing_of_it_is_opened(void **state) {
    (void)state;
    struct plugin_host *h = open_list("good");
    struct plugin_info p = state_of(h, "good_twin");
    assert_int_equal(p.state, PLUGIN_FOUND);
    assert_null(p.about);
    assert_string_equal(p.hash, "");
    plugin_host_close(h);
}

static enum err judge_once(struct plugin_host *h) {
    struct provider p;
    struct ctx c;
    ctx_init(&c, arena, NULL);
    c.plugins = plugin_host_now(h);
    assert_true(provider_find(c.plugins, ANC_POINT_SUPPLIER_TAGGER, "test", &p));
    struct anc_supplier facts = {.size = sizeof facts, .name = "A"};
    struct anc_tag tag;
    return point_judge(&c, &p, &facts, &tag);
}

static void a_result_out_of_range_is_a_fault_of_the_plugin(void **state) {
    (void)state;
    struct plugin_host *h = open_list("bad_result");
    assert_int_equal(judge_once(h), ERR_BUG);
    assert_int_equal(state_of(h, "bad_result").faults, 1);
    plugin_host_close(h);
}

// It would write past the end of the struct of an older host.
static void a_struct_that_is_assigned_as_a_whole_is_a_fault_of_the_plugin(void **state) {
    (void)state;
    struct plugin_host *h = open_list("bad_whole");
    assert_int_equal(judge_once(h), ERR_BUG);
    assert_int_equal(state_of(h, "bad_whole").faults, 1);
    plugin_host_close(h);
}

static int alarms;
static void count_alarm(void *arg) {
    (void)arg;
    alarms++;
}

static void five_faults_take_it_out_and_the_others_stay(void **state) {
    (void)state;
    struct plugin_host *h = open_list("bad_result,after_start,bad_start");
    plugin_host_on_alarm(h, count_alarm, NULL);
    const struct plugin_set *next = NULL;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(judge_once(h), ERR_BUG);
    }
    assert_int_equal(plugin_host_plan(h, NULL, &next), ERR_OK);
    assert_null(next);
    assert_int_equal(judge_once(h), ERR_BUG);
    assert_int_equal(alarms, 1);
    assert_int_equal(judge_once(h), ERR_BUSY); // no new call is let in
    assert_int_equal(plugin_host_plan(h, NULL, &next), ERR_OK);
    assert_non_null(next);
    plugin_host_publish(h, next);
    assert_true(plugin_host_settle(h, NULL, 0));
    assert_state(h, "bad_result", PLUGIN_SUSPENDED, "five times within ten minutes");
    assert_int_equal(plugin_host_plan(h, NULL, &next), ERR_OK);
    assert_null(next); // and it stays out
    assert_state(h, "bad_result", PLUGIN_SUSPENDED, "five times");
    plugin_host_close(h);
}

// ---- the file

static void copy_file(const char *from, const char *to) {
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    int ch;
    while ((ch = fgetc(in)) != EOF) {
        fputc(ch, out);
    }
    fclose(in);
    fclose(out);
}

static void a_file_that_others_may_change_is_refused(void **state) {
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/good.so", copies);
    struct plugin_info info;
    copy_file(BAD "/good.so", path);
    chmod(path, 0644);
    assert_null(plugin_check_file(path, copies, &info));
    chmod(path, 0666);
    assert_non_null(strstr(plugin_check_file(path, copies, &info), "Anybody may change"));
    if (geteuid() == 0) {
        chmod(path, 0664);
        assert_int_equal(chown(path, 0, 12345), 0);
        assert_non_null(strstr(plugin_check_file(path, copies, &info), "The group 12345 may change"));
        chmod(path, 0644);
        assert_int_equal(chown(path, 12345, 0), 0);
        assert_non_null(
            strstr(plugin_check_file(path, copies, &info), "belongs to somebody else (user 12345)"));
    } else {
        print_message("not root: owners are not tried\n");
    }
    unlink(path);
    assert_int_equal(symlink(BAD "/good.so", path), 0);
    assert_non_null(strstr(plugin_check_file(path, copies, &info), "cannot be opened"));
    unlink(path);
}

static void the_code_that_runs_is_a_private_copy_named_by_its_content(void **state) {
    (void)state;
    struct plugin_host *h = open_list("good");
    char copy[256];
    snprintf(copy, sizeof copy, "%s/good-%s.so", copies, state_of(h, "good").hash);
    plugin_host_close(h);
    struct stat st;
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    off_t size = st.st_size;
    for (int damage = 0; damage < 2; damage++) { // half a copy, and a whole one with other content
        unlink(copy);                            // it is mapped: never written over
        FILE *f = fopen(copy, "w");
        for (off_t i = 0; i < (damage ? size : size / 2); i++) {
            fputc('x', f);
        }
        fclose(f);
        h = open_list("good");
        assert_state(h, "good", PLUGIN_ACTIVE, "");
        plugin_host_close(h);
        assert_int_equal(stat(copy, &st), 0);
        assert_int_equal(st.st_size, size);
    }
}

// ---- states

static void what_is_in_use_is_never_taken_out_at_once(void **state) {
    (void)state;
    for (int to = 0; to < PLUGIN_STATE_COUNT_; to++) {
        assert_int_equal(plugin_may_become(PLUGIN_ACTIVE, (enum plugin_state)to), to == PLUGIN_DRAINING);
    }
    assert_true(plugin_may_become(PLUGIN_DRAINING, PLUGIN_STOPPED));
    assert_true(plugin_may_become(PLUGIN_DRAINING, PLUGIN_ACTIVE)); // wanted again in time
    assert_false(plugin_may_become(PLUGIN_DRAINING, PLUGIN_CHECKED));
}

static void nothing_starts_without_having_been_checked_resolved_and_migrated(void **state) {
    (void)state;
    for (int from = 0; from < PLUGIN_STATE_COUNT_; from++) {
        enum plugin_state s = (enum plugin_state)from;
        assert_int_equal(plugin_may_become(s, PLUGIN_STARTED), s == PLUGIN_MIGRATED);
        assert_int_equal(plugin_may_become(s, PLUGIN_MIGRATED), s == PLUGIN_RESOLVED);
        assert_int_equal(plugin_may_become(s, PLUGIN_RESOLVED), s == PLUGIN_CHECKED);
        assert_int_equal(plugin_may_become(s, PLUGIN_ACTIVE), s == PLUGIN_STARTED || s == PLUGIN_DRAINING);
        assert_false(plugin_may_become(s, PLUGIN_FOUND));
        assert_false(plugin_may_become(s, PLUGIN_STATE_COUNT_));
    }
}

static int make_folder(void **state) {
    (void)state;
    log_set_level(LOG_LEVEL_ERROR + 1);
    arena = arena_new((size_t)64 << 20);
    return mkdtemp(copies) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    arena_free(arena);
    return folder_remove(copies);
}

static void work_waits_for_plugins_that_hold_the_power_for_it(void **state) {
    (void)state;
    struct plugin_host *h = open_list("good");
    struct arena *a = arena_new(1 << 16);
    const char **ids;
    assert_int_equal(plugin_set_ids(plugin_host_now(h), ANC_CAP_WRITE_TAGS, a, &ids), 1);
    assert_string_equal(ids[0], "good");
    assert_int_equal(plugin_set_ids(plugin_host_now(h), ANC_CAP_NOTIFY, a, &ids), 0);
    arena_free(a);
    plugin_host_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_no_plugin_is_refused_by_what_differs),
        cmocka_unit_test(a_missing_file_is_told),
        cmocka_unit_test(a_plugin_under_another_name_is_refused),
        cmocka_unit_test(a_provider_without_its_power_is_refused),
        cmocka_unit_test(sql_past_the_api_views_is_refused),
        cmocka_unit_test(pages_menus_jobs_filters_and_settings_are_checked_before_anything_runs),
        cmocka_unit_test(a_start_that_gives_up_fails_only_that_plugin),
        cmocka_unit_test(tables_without_a_database_are_refused),
        cmocka_unit_test(the_second_provider_of_one_key_is_refused),
        cmocka_unit_test(plugins_that_need_each_other_in_a_circle_are_refused),
        cmocka_unit_test(a_plugin_whose_need_is_missing_too_old_or_failed_is_refused),
        cmocka_unit_test(the_order_is_by_need_and_then_by_id_however_they_are_named),
        cmocka_unit_test(a_name_that_is_no_id_is_passed_over),
        cmocka_unit_test(a_file_that_nobody_named_is_found_and_nothing_of_it_is_opened),
        cmocka_unit_test(a_result_out_of_range_is_a_fault_of_the_plugin),
        cmocka_unit_test(a_struct_that_is_assigned_as_a_whole_is_a_fault_of_the_plugin),
        cmocka_unit_test(five_faults_take_it_out_and_the_others_stay),
        cmocka_unit_test(work_waits_for_plugins_that_hold_the_power_for_it),
        cmocka_unit_test(a_file_that_others_may_change_is_refused),
        cmocka_unit_test(the_code_that_runs_is_a_private_copy_named_by_its_content),
        cmocka_unit_test(what_is_in_use_is_never_taken_out_at_once),
        cmocka_unit_test(nothing_starts_without_having_been_checked_resolved_and_migrated),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
