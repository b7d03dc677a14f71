// SPDX-License-Identifier: Apache-2.0
// Tables of the tree that must agree with what uses them: named SQL, routes, the code map, the sample of
// settings.
#include "tree.h"

#define NAMES_MAX 4096

struct name {
    char text[64];
    const char *file;
    int line;
    bool used;
};

static struct name names[NAMES_MAX];
static size_t name_count;

static struct name *name_find(const char *text) {
    for (size_t i = 0; i < name_count; i++) {
        if (strcmp(names[i].text, text) == 0) {
            return &names[i];
        }
    }
    return NULL;
}

static bool is_core_query_file(const char *path) {
    return starts(path, "schemas/queries/") && ends(path, ".sql");
}

// Every "-- name: x" of schemas/queries.
static void names_read(void) {
    name_count = 0;
    for (size_t f = 0; f < tree_count; f++) {
        static const char mark[] = "-- name: ";
        const struct source *s = &tree[f];
        if (!is_core_query_file(s->path)) {
            continue;
        }
        for (const char *p = s->text; (p = strstr(p, mark)); p++) {
            assert_true(name_count < NAMES_MAX);
            struct name *n = &names[name_count++];
            *n = (struct name){.file = s->path, .line = line_of(s->text, (size_t)(p - s->text))};
            copy_word(p + strlen(mark), n->text, sizeof n->text);
        }
    }
}

static void use_name(const struct source *s, const char *at, const char *text) {
    struct name *n = name_find(text);
    if (n) {
        n->used = true;
    } else if (starts(s->path, "core/")) { // tests have statements of their own
        fault(s->path, line_of(s->code, (size_t)(at - s->code)),
              "uses the statement \"%s\", which no file defines", text);
    }
}

// DB_ROWS(c, name, ...), DB_EXEC(c, name, ...) and further macros of that form; and &sql_name.
static void find_uses(const struct source *s) {
    char text[64];
    for (const char *p = s->code; (p = strstr(p, "DB_")); p += 3) {
        size_t n = strspn(p + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        const char *q = p + 3 + n;
        bool macro = n > 1 && *q == '(' && (p == s->code || !is_word(p[-1]));
        const char *line = p;
        while (line > s->code && line[-1] != '\n') {
            line--;
        }
        if (!macro || starts(line, "#define")) {
            continue;
        }
        // The first argument may hold commas inside brackets.
        int depth = 0;
        for (q++; *q && (*q != ',' || depth); q++) {
            depth += *q == '(' ? 1 : *q == ')' ? -1 : 0;
            if (depth < 0) {
                break;
            }
        }
        q += *q == ',';
        while (*q == ' ' || *q == '\n') {
            q++;
        }
        if (depth == 0 && is_word(*q)) {
            use_name(s, p, copy_word(q, text, sizeof text));
        }
    }
    for (const char *p = s->code; (p = strstr(p, "&sql_")); p += 5) {
        copy_word(p + 5, text, sizeof text);
        if (strcmp(text, "all") != 0 && p[5] != '#') {
            use_name(s, p, text);
        }
    }
}

static void test_every_named_statement_exists_and_is_used(void **state) {
    (void)state;
    faults_begin();
    names_read();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        bool looked_at = s->code && (starts(s->path, "core/") || starts(s->path, "tests/")) &&
                         strcmp(s->path, "core/db/db.h") != 0 && !starts(s->path, "tests/house/") &&
                         !starts(s->path, "tests/unit/tools/");
        if (looked_at) {
            find_uses(s);
        }
    }
    for (size_t i = 0; i < name_count; i++) {
        if (!names[i].used) {
            fault(names[i].file, names[i].line, "the statement \"%s\" is used by no code", names[i].text);
        }
    }
    faults_end("write the missing statement in schemas/queries/, or take out the one that nothing uses");
}

// A page is tried out when its path, up to its first {name}, stands in a test or a journey.
static bool is_tried(const char *path) {
    char prefix[256];
    size_t n = strcspn(path, "{");
    snprintf(prefix, sizeof prefix, "%.*s", (int)n, path);
    for (size_t f = 0; f < tree_count; f++) {
        if ((starts(tree[f].path, "tests/") || strstr(tree[f].path, "/tests/")) &&
            !starts(tree[f].path, "tests/house/") && strstr(tree[f].text, prefix)) {
            return true;
        }
    }
    return false;
}

static void find_routes(const struct source *s) {
    static const char *const methods[] = {"{\"GET\", \"/", "{\"POST\", \"/"};
    for (size_t m = 0; m < 2; m++) {
        for (const char *p = s->text; (p = strstr(p, methods[m])); p++) {
            const char *path = strchr(p, '/');
            char text[256];
            snprintf(text, sizeof text, "%.*s", (int)strcspn(path, "\""), path);
            if (!is_tried(text)) {
                fault(s->path, line_of(s->text, (size_t)(p - s->text)), "no test or journey asks for %s",
                      text);
            }
        }
    }
}

static void test_every_page_is_asked_for_by_a_test(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        if (tree[f].code && (starts(tree[f].path, "core/") || starts(tree[f].path, "plugins/")) &&
            !strstr(tree[f].path, "/tests/")) {
            find_routes(&tree[f]);
        }
    }
    faults_end(
        "add the page to a journey in tests/e2e/journeys/ or to a test in tests/pages/ or tests/http/");
}

static bool wants_map_line(const char *path) {
    return (starts(path, "core/") || starts(path, "plugins/")) &&
           (ends(path, ".c") || ends(path, ".h") || ends(path, ".def") || ends(path, ".cmake"));
}

static void test_the_code_map_has_one_line_for_each_file(void **state) {
    (void)state;
    const struct source *map = tree_find("ARCHITECTURE.md");
    if (!map) {
        print_message("skipped: ARCHITECTURE.md is not present\n");
        return;
    }
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        char line[1100];
        int found = 0;
        snprintf(line, sizeof line, "- `%s` - ", tree[f].path);
        for (const char *p = map->text; (p = strstr(p, line)); p++) {
            found += p == map->text || p[-1] == '\n';
        }
        if (wants_map_line(tree[f].path) ? found != 1 : found > 1) {
            fault(tree[f].path, 1, "stands %d times in the code map of ARCHITECTURE.md", found);
        }
    }
    static const char *const roots[] = {"\n- `core/", "\n- `plugins/"};
    for (size_t r = 0; r < 2; r++) {
        for (const char *p = map->text; (p = strstr(p, roots[r])); p++) {
            char path[1024];
            const char *name = strchr(p, '`') + 1;
            snprintf(path, sizeof path, "%.*s", (int)strcspn(name, "`\n"), name);
            if (!tree_find(path)) {
                fault("ARCHITECTURE.md", line_of(map->text, (size_t)(p - map->text)) + 1, "there is no %s",
                      path);
            }
        }
    }
    faults_end("keep one line `- `path` - what it is for` for each .c, .h, .def and .cmake file under core/ "
               "and plugins/");
}

// ---- deploy/anchorage.conf: every setting, commented out, with its default ----

static size_t sample_size;
static char sample[65536];

static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(sample + sample_size, sizeof sample - sample_size, fmt, ap);
    va_end(ap);
    assert_true(n >= 0 && sample_size + (size_t)n < sizeof sample);
    sample_size += (size_t)n;
}

static void say_number(const char *key, long long dflt, long long min, long long max, const char *units,
                       const char *help) {
    say("\n# %s.\n# %lld to %lld %s.\n#%s = %lld\n", help, min, max, units, key, dflt);
}

static void say_text(const char *key, const char *dflt, const char *help) {
    say("\n# %s.\n#%s =%s%s\n", help, key, *dflt ? " " : "", dflt);
}

static void sample_make(void) {
    sample_size = 0;
    say("# SPDX-License-Identifier: Apache-2.0\n"
        "# Settings of Anchorage. Each line shows the default; take the # away and change the value to set "
        "it.\n"
        "# Put this file into the data folder as anchorage.conf. The environment goes before this file\n"
        "# (ANCHORAGE_HTTP_LISTEN sets http.listen), and the command line goes before both.\n"
        "# Made from core/base/settings.def; a test compares the two.\n");
#define TEXT(name, key, dflt, help)                    say_text(key, dflt, help);
#define NUMBER(name, key, dflt, min, max, units, help) say_number(key, dflt, min, max, units, help);
#include "base/settings.def"
#undef TEXT
#undef NUMBER
}

static void test_the_sample_of_settings_shows_every_setting(void **state) {
    (void)state;
    sample_make();
    if (getenv("ANCHORAGE_WRITE_SAMPLE")) {
        FILE *out = fopen("deploy/anchorage.conf", "we");
        assert_non_null(out);
        assert_int_equal(fwrite(sample, 1, sample_size, out), sample_size);
        assert_int_equal(fclose(out), 0);
        return;
    }
    const struct source *have = tree_find("deploy/anchorage.conf");
    if (!have || strcmp(have->text, sample) != 0) {
        fail_msg(
            "deploy/anchorage.conf is not what core/base/settings.def says. What to do: ./dev build, then "
            "ANCHORAGE_WRITE_SAMPLE=1 build/tests/house_tables");
    }
}

static bool has_manual_line(const char *manual, const char *verb) {
    char line[128];
    snprintf(line, sizeof line, ".B anchorage %s", verb);
    return strstr(manual, line) != NULL;
}

static void test_the_manual_page_names_every_verb(void **state) {
    (void)state;
    static const char *const verbs[] = {"serve",  "demo",   "migrate", "user add", "import", "report spend",
                                        "export", "plugin", "doctor",  "backup",   "restore"};
    const struct source *manual = tree_find("deploy/anchorage.1");
    assert_non_null(manual);
    faults_begin();
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!has_manual_line(manual->text, verbs[i])) {
            fault(manual->path, 1, "does not tell about \"anchorage %s\"", verbs[i]);
        }
    }
    faults_end("describe the verb in deploy/anchorage.1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_named_statement_exists_and_is_used),
        cmocka_unit_test(test_every_page_is_asked_for_by_a_test),
        cmocka_unit_test(test_the_code_map_has_one_line_for_each_file),
        cmocka_unit_test(test_the_sample_of_settings_shows_every_setting),
        cmocka_unit_test(test_the_manual_page_names_every_verb),
    };
    return cmocka_run_group_tests(tests, tree_open, tree_close);
}
