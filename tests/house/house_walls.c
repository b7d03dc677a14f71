// SPDX-License-Identifier: Apache-2.0
// The walls between the rooms, read from the #include lines.
#include "tree.h"

struct room {
    const char *name;
    int rank;         // a room may use rooms of a lower rank,
    const char *also; // and these of its own rank
};

// base <- db, render, form, sheet <- auth, plugin, domain, spend, jobs <- http, pages, demo <- cli. Tools run
// at build time.
static const struct room rooms[] = {
    {"base", 0, ""},
    {"db", 1, ""},
    {"form", 1, ""},
    {"render", 1, " form "},
    {"sheet", 1, ""},
    {"auth", 2, ""},
    {"plugin", 2, " auth "},
    {"domain", 2, " auth plugin "},
    {"spend", 2, " plugin domain "},
    {"jobs", 2, " auth plugin domain spend "},
    {"http", 3, ""},
    {"pages", 3, " http "},
    {"demo", 3, ""},
    {"cli", 4, ""},
    {"tools", 5, ""},
};

// Headers of libraries that only some files may see.
static const struct library {
    const char *header, *path; // path: what the files' paths start with, one or more
    const char *who;
} libraries[] = {
    {"libpq-fe.h", "core/db/", "only core/db speaks to PostgreSQL; elsewhere use db/db.h"},
    {"libpq-events.h", "core/db/", "only core/db speaks to PostgreSQL; elsewhere use db/db.h"},
    {"civetweb.h", "core/http/listener.c",
     "only core/http/listener.c sees CivetWeb; elsewhere use http/req.h"},
    {"libxml/", "plugins/contracts_finder/ core/sheet/book/",
     "libxml2 belongs to the exporter, and to the program beside the server that reads workbooks"},
    {"curl/", "core/jobs/", "libcurl belongs to the mail job"},
    {"dlfcn.h", "core/plugin/", "only the loader opens plugins"},
};

static const struct room *room_of(const char *name, size_t n) {
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        if (strlen(rooms[i].name) == n && strncmp(rooms[i].name, name, n) == 0) {
            return &rooms[i];
        }
    }
    return NULL;
}

static bool next_include(const struct source *s, size_t *at, char *out, size_t cap, bool *angle) {
    const char *p = s->code + *at;
    while ((p = strstr(p, "#"))) {
        size_t i = (size_t)(p - s->code) + 1;
        const char *q = s->text + i;
        p++;
        while (*q == ' ') {
            q++;
        }
        if (!starts(q, "include")) {
            continue;
        }
        q += strlen("include");
        while (*q == ' ') {
            q++;
        }
        if (*q != '"' && *q != '<') {
            continue;
        }
        *angle = *q == '<';
        size_t n = strcspn(q + 1, *angle ? ">\n" : "\"\n");
        if (n + 1 > cap) {
            continue;
        }
        memcpy(out, q + 1, n);
        out[n] = 0;
        *at = (size_t)(q - s->text) + n;
        return true;
    }
    return false;
}

// The file of ours that an include means: beside the file, in core/, in core/include/ or in tests/.
static const struct source *included(const struct source *from, const char *name) {
    static const char *const folders[] = {"core/", "core/include/", "tests/", "plugins/"};
    char path[1024];
    const char *slash = strrchr(from->path, '/');
    snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash - from->path) + 1 : 0, from->path, name);
    const struct source *found = tree_find(path);
    for (size_t i = 0; !found && i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s%s", folders[i], name);
        found = tree_find(path);
    }
    return found;
}

static void check_room_include(const struct source *s, const struct room *own, const char *name, int line) {
    const char *slash = strchr(name, '/');
    const struct room *other = slash ? room_of(name, (size_t)(slash - name)) : NULL;
    char also[32];
    if (!other || other == own) {
        return;
    }
    snprintf(also, sizeof also, " %s ", other->name);
    if (other->rank >= own->rank && !strstr(own->also, also)) {
        fault(s->path, line, "core/%s may not use core/%s (\"%s\")", own->name, other->name, name);
    }
}

static void test_each_room_uses_only_rooms_below_it(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        const char *slash = starts(s->path, "core/") ? strchr(s->path + 5, '/') : NULL;
        if (!s->code || !slash || starts(s->path, "core/include/")) {
            continue;
        }
        const struct room *own = room_of(s->path + 5, (size_t)(slash - s->path - 5));
        if (!own) {
            fault(s->path, 1, "core/%.*s is no room that this check knows", (int)(slash - s->path - 5),
                  s->path + 5);
            continue;
        }
        size_t at = 0;
        char name[256];
        bool angle;
        while (next_include(s, &at, name, sizeof name, &angle)) {
            if (!angle) {
                check_room_include(s, own, name, line_of(s->text, at));
            }
        }
    }
    faults_end(
        "move the code to the room it belongs to, or pass what it needs through a lower room's header; a new "
        "room is added to the table in tests/house/house_walls.c and to ARCHITECTURE.md");
}

// True when the path starts with one of the words.
static bool starts_with_one(const char *path, const char *words) {
    for (const char *w = words; *w; w += strspn(w, " ")) {
        size_t n = strcspn(w, " ");
        if (strncmp(path, w, n) == 0) {
            return true;
        }
        w += n;
    }
    return false;
}

static void test_each_library_is_seen_by_one_room_only(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        size_t at = 0;
        char name[256];
        bool angle;
        if (!s->code || !(starts(s->path, "core/") || starts(s->path, "plugins/")) ||
            strstr(s->path, "/tests/")) {
            continue;
        }
        while (next_include(s, &at, name, sizeof name, &angle)) {
            for (size_t l = 0; l < sizeof libraries / sizeof *libraries; l++) {
                if (starts(name, libraries[l].header) && !starts_with_one(s->path, libraries[l].path)) {
                    fault(s->path, line_of(s->text, at), "<%s>: %s", name, libraries[l].who);
                }
            }
        }
    }
    faults_end("take the include out and use the header that the sentence names");
}

static bool is_libc(const char *name) {
    static const char *const known[] = {
        "assert.h", "ctype.h",       "errno.h",   "fcntl.h",   "float.h",  "inttypes.h",
        "limits.h", "locale.h",      "math.h",    "pthread.h", "setjmp.h", "stdalign.h",
        "stdarg.h", "stdatomic.h",   "stdbool.h", "stddef.h",  "stdint.h", "stdio.h",
        "stdlib.h", "stdnoreturn.h", "string.h",  "strings.h", "time.h",   "unistd.h"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i], name) == 0) {
            return true;
        }
    }
    return starts(name, "sys/");
}

static void test_a_plugin_sees_only_the_public_header_and_its_own(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        size_t at = 0;
        char name[256];
        bool angle;
        if (!s->code || !starts(s->path, "plugins/") || strstr(s->path, "/tests/")) {
            continue;
        }
        size_t folder = (size_t)(strchr(s->path + strlen("plugins/"), '/') - s->path) + 1;
        while (next_include(s, &at, name, sizeof name, &angle)) {
            const struct source *of_ours = included(s, name);
            bool own = of_ours && strncmp(of_ours->path, s->path, folder) == 0;
            bool generated = !angle && strcmp(name, "resources.gen.h") == 0;
            bool xml = starts(name, "libxml/"); // who may use it is another check
            if (!own && !generated && !xml && strcmp(name, "anchorage/plugin.h") != 0 &&
                !(angle && is_libc(name))) {
                fault(s->path, line_of(s->text, at), "a plugin may not include \"%s\"", name);
            }
        }
    }
    faults_end("use what <anchorage/plugin.h> offers; if it lacks something, add it to the host API and "
               "raise its minor "
               "version");
}

static void test_the_public_header_needs_nothing_of_ours(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        size_t at = 0;
        char name[256];
        bool angle;
        while (starts(s->path, "core/include/") && s->code &&
               next_include(s, &at, name, sizeof name, &angle)) {
            if (!is_libc(name) && !starts(name, "anchorage/")) {
                fault(s->path, line_of(s->text, at), "the public header includes \"%s\"", name);
            }
        }
    }
    faults_end("declare what plugins need in core/include/anchorage/ itself");
}

enum mark { NEW, OPEN, DONE };

static void visit(size_t f, enum mark *marks, size_t depth) {
    const struct source *s = &tree[f];
    size_t at = 0;
    char name[256];
    bool angle;
    assert_true(depth < 200);
    marks[f] = OPEN;
    while (next_include(s, &at, name, sizeof name, &angle)) {
        const struct source *to = included(s, name);
        if (!to || !to->code || ends(to->path, ".def")) {
            continue;
        }
        size_t t = (size_t)(to - tree);
        if (marks[t] == OPEN) {
            fault(s->path, line_of(s->text, at), "includes \"%s\", which leads back here", name);
        } else if (marks[t] == NEW) {
            visit(t, marks, depth + 1);
        }
    }
    marks[f] = DONE;
}

static void test_no_header_leads_back_to_itself(void **state) {
    (void)state;
    faults_begin();
    enum mark *marks = calloc(tree_count, sizeof *marks);
    assert_non_null(marks);
    for (size_t f = 0; f < tree_count; f++) {
        if (tree[f].code && marks[f] == NEW) {
            visit(f, marks, 0);
        }
    }
    free(marks);
    faults_end("declare the struct (`struct x;`) instead of including its header");
}

static void test_every_file_of_code_has_a_header_that_it_obeys(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        char name[256], path[1024];
        bool angle, has = false;
        size_t at = 0;
        if (!ends(s->path, ".c") || !(starts(s->path, "core/") || starts(s->path, "plugins/")) ||
            strstr(s->path, "/tests/") || strstr(s->path, "/tools/") || ends(s->path, "/main.c") ||
            ends(s->path, "/plugin.c")) {
            continue;
        }
        snprintf(path, sizeof path, "%.*sh", (int)strlen(s->path) - 1, s->path);
        const char *slash = strrchr(s->path, '/');
        const struct source *own = tree_find(path);
        while (next_include(s, &at, name, sizeof name, &angle)) {
            const struct source *to = included(s, name);
            bool beside = to && strncmp(to->path, s->path, (size_t)(slash - s->path) + 1) == 0 &&
                          !strchr(to->path + (slash - s->path) + 1, '/');
            has = has || (own ? to == own : beside);
        }
        if (!has && own) {
            fault(s->path, 1, "does not include its own header %s", path);
        } else if (!has) {
            fault(s->path, 1, "has no header: neither %s nor another of its folder that it includes", path);
        }
    }
    faults_end("declare what others call in a header of the same folder and include it, so that the compiler "
               "compares them");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_room_uses_only_rooms_below_it),
        cmocka_unit_test(test_each_library_is_seen_by_one_room_only),
        cmocka_unit_test(test_a_plugin_sees_only_the_public_header_and_its_own),
        cmocka_unit_test(test_the_public_header_needs_nothing_of_ours),
        cmocka_unit_test(test_no_header_leads_back_to_itself),
        cmocka_unit_test(test_every_file_of_code_has_a_header_that_it_obeys),
    };
    return cmocka_run_group_tests(tests, tree_open, tree_close);
}
