// SPDX-License-Identifier: Apache-2.0
// Promises of the OCDS export: it is JSON, follows the 1.1 release schema, and money is exact.
#include "cli/ocds.h"
#include "domain/evaluate.h"
#include "support/market.h"

#include <jansson.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL "https://market.example"

// ---- as much of JSON Schema draft 4 as the OCDS schema uses ----

struct schema {
    json_t *root;
    int faults;
};

static bool type_fits(const char *type, const json_t *v) {
    return (strcmp(type, "object") == 0 && json_is_object(v)) ||
           (strcmp(type, "array") == 0 && json_is_array(v)) ||
           (strcmp(type, "string") == 0 && json_is_string(v)) ||
           (strcmp(type, "integer") == 0 && json_is_integer(v)) ||
           (strcmp(type, "number") == 0 && json_is_number(v)) ||
           (strcmp(type, "boolean") == 0 && json_is_boolean(v)) ||
           (strcmp(type, "null") == 0 && json_is_null(v));
}

static bool one_type_fits(const json_t *types, const json_t *v) {
    if (json_is_string(types)) {
        return type_fits(json_string_value(types), v);
    }
    bool fits = json_array_size(types) == 0;
    for (size_t i = 0; i < json_array_size(types); i++) {
        fits = fits || type_fits(json_string_value(json_array_get(types, i)), v);
    }
    return fits;
}

static void fault(struct schema *s, const char *where, const char *what) {
    print_error("%s: %s\n", where, what);
    s->faults++;
}

static const json_t *resolve(const struct schema *s, const json_t *rule) {
    const char *ref = json_string_value(json_object_get(rule, "$ref"));
    return ref && strncmp(ref, "#/definitions/", 14) == 0
               ? json_object_get(json_object_get(s->root, "definitions"), ref + 14)
               : rule;
}

static void check_text(struct schema *s, const json_t *rule, const json_t *v, const char *where) {
    const json_t *list = json_object_get(rule, "enum");
    bool listed = !list;
    for (size_t i = 0; i < json_array_size(list); i++) {
        listed = listed || json_equal(json_array_get(list, i), v);
    }
    if (!listed) {
        fault(s, where, "is not one of the code list");
    }
    if ((json_int_t)strlen(json_string_value(v)) < json_integer_value(json_object_get(rule, "minLength"))) {
        fault(s, where, "is too short");
    }
    const char *format = json_string_value(json_object_get(rule, "format"));
    regex_t re;
    if (format && strcmp(format, "date-time") == 0) {
        assert_int_equal(
            regcomp(&re, "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", REG_EXTENDED), 0);
        if (regexec(&re, json_string_value(v), 0, NULL, 0) != 0) {
            fault(s, where, "is no date-time");
        }
        regfree(&re);
    }
}

static void check(struct schema *s, const json_t *rule, const json_t *v, const char *where) {
    char inner[400];
    rule = resolve(s, rule);
    if (!one_type_fits(json_object_get(rule, "type"), v)) {
        fault(s, where, "has another type");
        return;
    }
    if (json_is_string(v)) {
        check_text(s, rule, v, where);
    }
    const json_t *needed = json_object_get(rule, "required"),
                 *properties = json_object_get(rule, "properties");
    for (size_t i = 0; json_is_object(v) && i < json_array_size(needed); i++) {
        const char *key = json_string_value(json_array_get(needed, i));
        if (!json_object_get(v, key)) {
            snprintf(inner, sizeof inner, "lacks %s", key);
            fault(s, where, inner);
        }
    }
    const char *key;
    json_t *part;
    // jansson walks only over objects that may change; nothing is changed here.
    json_object_foreach((json_t *)(uintptr_t)v, key, part) {
        const json_t *known = json_object_get(properties, key);
        snprintf(inner, sizeof inner, "%s/%s", where, key);
        if (!known && properties) {
            fault(s, inner, "is not in the standard");
        } else if (known) {
            check(s, known, part, inner);
        }
    }
    const json_t *items = json_object_get(rule, "items");
    for (size_t i = 0; items && i < json_array_size(v); i++) {
        snprintf(inner, sizeof inner, "%s/%zu", where, i);
        check(s, items, json_array_get(v, i), inner);
    }
}

// ---- the export ----

static json_t *package_of(struct ctx *c, char **ret_text) {
    const struct anc_notice *list;
    uint32_t count;
    struct ocds_head h = {"ocds-test00", URL, "The operator", c->now_usec};
    struct strb out;
    json_error_t why;
    assert_err(c, notice_for_export(c, NULL, URL, &list, &count), ERR_OK);
    strb_init(&out, 16 << 20);
    ocds_begin(&h, &out);
    for (uint32_t i = 0; i < count; i++) {
        ocds_release(&h, &list[i], i == 0, &out);
    }
    ocds_end(&out);
    json_t *v = json_loads(out.p, JSON_REJECT_DUPLICATES, &why);
    if (!v) {
        fail_msg("line %d: %s\n%s", why.line, why.text, out.p);
    }
    *ret_text = arena_strdup(c->arena, out.p);
    strb_free(&out);
    return v;
}

// A notice of every kind and state, one of them with awkward words.
static void fill_all(struct ctx *c) {
    const char *ref = NULL;
    static const char *const kinds[] = {"pipeline", "engagement"};
    market_fill(c);
    market_act(c, "council");
    for (size_t i = 0; i < 2; i++) {
        struct notice_input in = market_tender(c);
        in.kind = kinds[i];
        in.title = "Words with \"quotes\", a \\ and\ttabs";
        in.closes_at = 0;
        assert_err(c, notice_create(c, &in, &ref), ERR_OK);
        assert_err(c, notice_publish(c, ref), ERR_OK);
    }
    assert_err(c, notice_cancel(c, ref, "Not needed."), ERR_OK);
    market_publish(c);
    ref = market_publish(c);
    assert_err(c, notice_cancel(c, ref, "No money."), ERR_OK);
    ref = market_publish(c);
    struct bid_input in = market_bid(1234567);
    const char *bid = market_submit(c, "brook", ref, &in);
    dbtest_run(c, "UPDATE core.notice SET quality_weight = 60, social_weight = 0 WHERE ref = '%s'", ref);
    market_after_closing(c, ref);
    market_act(c, "council");
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_quality(c, ref, bid, "30", "Good"), ERR_OK);
    assert_err(c, evaluate_award(c, ref, bid, "It is the only one.", URL), ERR_OK);
}

static void test_every_release_has_what_the_standard_requires(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char *text;
    fill_all(c);
    json_t *v = package_of(c, &text);
    const json_t *releases = json_object_get(v, "releases");
    static const char *const needed[] = {"ocid", "id", "date", "tag", "initiationType", "buyer", "tender"};
    assert_int_equal(json_array_size(releases), 5);
    for (size_t i = 0; i < json_array_size(releases); i++) {
        for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
            assert_non_null(json_object_get(json_array_get(releases, i), needed[k]));
        }
    }
    assert_non_null(strstr(text, "\"ocid\":\"ocds-test00-"));
    json_decref(v);
}

static void test_money_is_written_to_the_penny(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char *text;
    fill_all(c);
    json_t *v = package_of(c, &text);
    assert_non_null(strstr(text, "\"value\":{\"amount\":12345.67,\"currency\":\"GBP\"}"));
    assert_non_null(strstr(text, "\"value\":{\"amount\":20000.00,\"currency\":\"GBP\"}"));
    json_decref(v);
}

static void test_states_become_tags_and_a_draft_stays_at_home(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char *text;
    const char *draft = NULL;
    fill_all(c);
    struct notice_input in = market_tender(c);
    assert_err(c, notice_create(c, &in, &draft), ERR_OK);
    json_t *v = package_of(c, &text);
    static const char *const tags[] = {"[\"planning\"]", "[\"planningUpdate\"]", "[\"tender\"]",
                                       "[\"tenderCancellation\"]", "[\"tender\",\"award\"]"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        assert_non_null(strstr(text, tags[i]));
    }
    assert_null(strstr(text, draft));
    json_decref(v);
}

static void test_the_package_follows_the_published_schema(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char path[1024], *text;
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    json_error_t why;
    snprintf(path, sizeof path, "%s/ocds/1.1/release-schema.json",
             root && *root ? root : SOURCE_DIR "/../shared/data");
    struct schema s = {.root = json_load_file(path, 0, &why)};
    if (!s.root) {
        print_message("skipped: ocds/1.1/release-schema.json not present\n");
        return;
    }
    fill_all(c);
    json_t *v = package_of(c, &text);
    const json_t *releases = json_object_get(v, "releases");
    for (size_t i = 0; i < json_array_size(releases); i++) {
        check(&s, s.root, json_array_get(releases, i), "release");
    }
    assert_int_equal(s.faults, 0);
    json_decref(v);
    json_decref(s.root);
}

static void test_an_empty_place_gives_an_empty_package(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char *text;
    json_t *v = package_of(c, &text);
    assert_int_equal(json_array_size(json_object_get(v, "releases")), 0);
    assert_string_equal(json_string_value(json_object_get(v, "version")), "1.1");
    json_decref(v);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_every_release_has_what_the_standard_requires),
        CASE(test_money_is_written_to_the_penny),
        CASE(test_states_become_tags_and_a_draft_stays_at_home),
        CASE(test_the_package_follows_the_published_schema),
        CASE(test_an_empty_place_gives_an_empty_package),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
