// SPDX-License-Identifier: Apache-2.0
// Promise: all keys of a template and of what it includes are told, with how they are used.
#include "render/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char told[600];

static void note(void *arg, const char *key, enum template_use use) {
    static const char *const names[] = {"text", "number", "date", "html", "section", "asked", "field"};
    (void)arg;
    size_t n = strlen(told);
    snprintf(told + n, sizeof told - n, "%s %s\n", names[use], key);
}

static void test_every_key_is_told_with_its_use(void **state) {
    (void)state;
    static const char page[] =
        "{{name}} {{money price}} {{day when}} {{html table}} {{#rows}}{{>part}}{{/rows}}"
        "{{?some}}x{{/some}}{{^none}}y{{/none}}";
    static const char part[] = "{{lines words}}";
    char why[200];
    struct template_set *s = template_set_new(NULL);
    template_add(s, "page", page, sizeof page - 1);
    template_add(s, "part", part, sizeof part - 1);
    if (!template_compile(s, why, sizeof why)) {
        fail_msg("%s", why);
    }
    told[0] = 0;
    assert_true(template_each_key(s, "page", note, NULL));
    assert_string_equal(told, "text name\nnumber price\ndate when\nhtml table\nsection rows\ntext words\n"
                              "asked some\nasked none\n");
    assert_false(template_each_key(s, "nothing", note, NULL));
    template_set_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_key_is_told_with_its_use)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
