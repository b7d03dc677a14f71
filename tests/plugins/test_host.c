// SPDX-License-Identifier: Apache-2.0
// Promises of the plugin host: a bad plugin is refused with words that say why, and never stops the others.
#include "base/log.h"
#include "plugin/host.h"
#include "plugin/points.h"

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

static struct plugin_host *open_list(const char *list) {
    struct plugin_host *h = plugin_host_read(BAD, list);
    plugin_host_check(h, copies);
    plugin_host_start(h);
    return h;
}

static void state_of(const struct plugin_host *h, const char *id, struct plugin_info *ret) {
    for (size_t i = 0; i < plugin_count(h); i++) {
        plugin_info(h, i, ret);
        if (strcmp(ret->id, id) == 0) {
            return;
        }
    }
    fail_msg("no plugin %s", id);
}

// The bad one fails with these words in its reason, while a good one beside it starts.
static void refused(const char *id, const char *words) {
    char list[64];
    snprintf(list, sizeof list, "good,%s", id);
    struct plugin_host *h = open_list(list);
    struct plugin_info p;
    state_of(h, id, &p);
    assert_int_equal(p.state, PLUGIN_FAILED);
    if (!strstr(p.reason, words)) {
        fail_msg("the reason of %s is: %s", id, p.reason);
    }
    state_of(h, "good", &p);
    assert_int_equal(p.state, PLUGIN_ACTIVE);
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
    refused("bad_power", "needs a power");
}

static void sql_past_the_api_views_is_refused(void **state) {
    (void)state;
    refused("bad_sql", "reaches past the api views");
}

static void a_start_that_gives_up_fails_only_that_plugin(void **state) {
    (void)state;
    refused("bad_start", "Its start function gave up");
}

static void the_second_provider_of_one_key_is_refused(void **state) {
    (void)state;
    struct plugin_host *h = open_list("good,good_twin");
    struct plugin_info p;
    state_of(h, "good_twin", &p);
    assert_int_equal(p.state, PLUGIN_FAILED);
    assert_non_null(strstr(p.reason, "good already provides"));
    plugin_host_close(h);
}

static void plugins_that_need_each_other_in_a_circle_are_refused(void **state) {
    (void)state;
    struct plugin_host *h = open_list("circle_a,circle_b,good");
    struct plugin_info p;
    state_of(h, "circle_a", &p);
    assert_int_equal(p.state, PLUGIN_FAILED);
    assert_non_null(strstr(p.reason, "circle"));
    state_of(h, "circle_b", &p);
    assert_int_equal(p.state, PLUGIN_FAILED);
    state_of(h, "good", &p);
    assert_int_equal(p.state, PLUGIN_ACTIVE);
    plugin_host_close(h);
}

static void a_plugin_whose_need_is_missing_is_refused(void **state) {
    (void)state;
    struct plugin_host *h = open_list("circle_a");
    struct plugin_info p;
    state_of(h, "circle_a", &p);
    assert_int_equal(p.state, PLUGIN_FAILED);
    assert_non_null(strstr(p.reason, "circle_b"));
    plugin_host_close(h);
}

static void a_result_out_of_range_is_a_fault_of_the_plugin(void **state) {
    (void)state;
    struct plugin_host *h = open_list("bad_result");
    struct provider p;
    assert_true(provider_find(h, ANC_POINT_SUPPLIER_TAGGER, "test", &p));
    struct arena *a = arena_new(1 << 20);
    struct ctx c;
    ctx_init(&c, a, NULL);
    struct anc_supplier facts = {.size = sizeof facts, .name = "A"};
    struct anc_tag tag;
    assert_int_equal(point_judge(&c, &p, &facts, &tag), ERR_BUG);
    struct plugin_info info;
    state_of(h, "bad_result", &info);
    assert_int_equal(info.faults, 1);
    arena_free(a);
    plugin_host_close(h);
}

static void a_file_that_anybody_may_change_is_refused(void **state) {
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/good.so", copies);
    struct plugin_info info;
    FILE *in = fopen(BAD "/good.so", "rb"), *out = fopen(path, "wb");
    int ch;
    while ((ch = fgetc(in)) != EOF) {
        fputc(ch, out);
    }
    fclose(in);
    fclose(out);
    chmod(path, 0644);
    assert_null(plugin_check_file(path, copies, &info));
    chmod(path, 0666);
    const char *why = plugin_check_file(path, copies, &info);
    assert_non_null(why);
    assert_non_null(strstr(why, "Anybody may change"));
}

static int make_folder(void **state) {
    (void)state;
    log_set_level(LOG_LEVEL_ERROR + 1);
    return mkdtemp(copies) ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_no_plugin_is_refused_by_what_differs),
        cmocka_unit_test(a_missing_file_is_told),
        cmocka_unit_test(a_plugin_under_another_name_is_refused),
        cmocka_unit_test(a_provider_without_its_power_is_refused),
        cmocka_unit_test(sql_past_the_api_views_is_refused),
        cmocka_unit_test(a_start_that_gives_up_fails_only_that_plugin),
        cmocka_unit_test(the_second_provider_of_one_key_is_refused),
        cmocka_unit_test(plugins_that_need_each_other_in_a_circle_are_refused),
        cmocka_unit_test(a_plugin_whose_need_is_missing_is_refused),
        cmocka_unit_test(a_result_out_of_range_is_a_fault_of_the_plugin),
        cmocka_unit_test(a_file_that_anybody_may_change_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
