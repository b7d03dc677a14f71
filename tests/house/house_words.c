// SPDX-License-Identifier: Apache-2.0
// What no file of the tree may hold: banned calls, unfinished work, pages in C, overlong files, paths of one
// machine.
#include "tree.h"

#define FILE_LINES_MAX 600
// Plugin authors include one header, so it may be longer; it is frozen and only grows, so its bound does too:
// a minor version adds its lines here.
#define PUBLIC_HEADER           "core/include/anchorage/plugin.h"
#define PUBLIC_HEADER_LINES_MAX 960
#define FUNCTION_LINES_MAX      80

static const struct {
    const char *call, *instead;
} banned[] = {
    {"strcpy", "strb or arena_text"},
    {"strcat", "strb"},
    {"strncpy", "strb or memcpy with a known length"},
    {"strncat", "strb"},
    {"sprintf", "snprintf or strb"},
    {"vsprintf", "vsnprintf or strb"},
    {"strtok", "strcspn, or a reader of your own"},
    {"gets", "fgets"},
    {"gmtime", "base/day.h"},
    {"localtime", "base/day.h"},
    {"ctime", "base/day.h"},
    {"asctime", "base/day.h"},
    {"atoi", "text_to_i64 of base/text.h, which tells failure"},
    {"atol", "text_to_i64 of base/text.h, which tells failure"},
    {"atof", "base/money.h"},
    {"system", "posix_spawn with a list of arguments"},
    {"popen", "posix_spawn with a list of arguments"},
    {"rand", "randombytes_buf"},
    {"srand", "randombytes_buf"},
    {"alloca", "the arena"},
    {"mg_handle_form_request", "http/body.h (CVE-2025-9648)"},
    {"mg_store_body", "http/body.h (CVE-2025-9648)"},
};

// Places that may write tags or name a folder, each with its reason.
static const struct {
    const char *path, *reason;
} excused[] = {
    {"core/http/response.c",
     "the page of last resort, when no template can be used; its words come from web/text"},
    {"core/domain/mail.c", "the frame of a letter; letters are no pages"},
    {"core/sheet/sniff.c", "knows a web page that was uploaded as a table"},
    {"core/db/cluster.c", "short folder for a socket whose path would be too long"},
};

static bool is_excused(const char *path) {
    for (size_t i = 0; i < sizeof excused / sizeof *excused; i++) {
        if (strcmp(excused[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

static bool ours(const struct source *s) {
    return starts(s->path, "core/") || starts(s->path, "plugins/") || starts(s->path, "tests/");
}

static bool is_call(const char *p, size_t n) {
    p += n;
    while (*p == ' ' || *p == '\n') {
        p++;
    }
    return *p == '(';
}

static void report_calls(const struct source *s, const char *call, const char *instead) {
    for (const char *p = s->code; (p = find_word(s->code, p, call)); p += strlen(call)) {
        bool member = p > s->code && (p[-1] == '.' || (p[-1] == '>' && p - s->code > 1 && p[-2] == '-'));
        if (!member && is_call(p, strlen(call))) {
            fault(s->path, line_of(s->code, (size_t)(p - s->code)), "%s() is not used here; use %s", call,
                  instead);
        }
    }
}

static void test_no_banned_call_is_used(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        if (!tree[f].code || !ours(&tree[f])) {
            continue;
        }
        for (size_t b = 0; b < sizeof banned / sizeof *banned; b++) {
            report_calls(&tree[f], banned[b].call, banned[b].instead);
        }
        if (!starts(tree[f].path, "tests/") && !strstr(tree[f].path, "/tests/") &&
            strcmp(tree[f].path, "core/base/conf.c") != 0) {
            report_calls(&tree[f], "getenv", "a setting in core/base/settings.def");
            report_calls(&tree[f], "secure_getenv", "a setting in core/base/settings.def");
        }
    }
    faults_end("use what each line names");
}

// Files that carry a licence line: everything that people write and that can hold a comment.
static bool wants_licence(const char *path) {
    static const char *const kinds[] = {".c",       ".h",    ".def", ".sql",   ".mjs",           ".js",
                                        ".sh",      ".scss", ".awk", ".cmake", "CMakeLists.txt", ".cfg",
                                        ".service", ".yaml", ".html"};
    if (strcmp(path, "dev") == 0 || strcmp(path, ".ci/run") == 0) {
        return true;
    }
    if (strstr(path, "/data/") || ends(path, ".html")) {
        return false; // a template's first line is a page's first line
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (ends(path, kinds[i])) {
            return true;
        }
    }
    return false;
}

static void test_every_source_names_its_licence_first(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const char *text = tree[f].text;
        if (!wants_licence(tree[f].path)) {
            continue;
        }
        if (starts(text, "#!")) {
            text += strcspn(text, "\n") + 1;
        }
        const char *found = strstr(text, "SPDX-License-Identifier: Apache-2.0");
        if (!found || found > text + strcspn(text, "\n")) {
            fault(tree[f].path, 1, "has no licence line");
        }
    }
    faults_end("begin the file with a comment: SPDX-License-Identifier: Apache-2.0");
}

static void test_no_file_is_longer_than_600_lines(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        bool counted = s->code || ends(s->path, ".sh") || ends(s->path, ".mjs") || ends(s->path, ".js") ||
                       ends(s->path, ".sql") || ends(s->path, ".scss") || strcmp(s->path, "dev") == 0;
        if (!counted || strstr(s->path, "/data/") || starts(s->path, "schemas/demo/")) {
            continue;
        }
        int lines = line_of(s->text, s->size) - 1;
        if (lines > (strcmp(s->path, PUBLIC_HEADER) == 0 ? PUBLIC_HEADER_LINES_MAX : FILE_LINES_MAX)) {
            fault(s->path, lines, "%d lines", lines);
        }
    }
    faults_end("split the file by what it does");
}

// Warns only: a table or a reader may need the length.
static void warn_long_functions(const struct source *s) {
    int depth = 0, line = 1, begun = 0;
    char before = ' ';
    for (size_t i = 0; i < s->size; i++) {
        char c = s->code[i];
        if (c == '\n') {
            line++;
        } else if (c == '{') {
            if (depth++ == 0) {
                begun = before == ')' ? line : 0;
            }
        } else if (c == '}' && depth > 0 && --depth == 0 && begun && line - begun > FUNCTION_LINES_MAX) {
            print_message("note: %s:%d: a function of %d lines\n", s->path, begun, line - begun);
        }
        if (c != ' ' && c != '\n') {
            before = c;
        }
    }
}

static void test_long_functions_are_named(void **state) {
    (void)state;
    for (size_t f = 0; f < tree_count; f++) {
        if (tree[f].code && ours(&tree[f])) {
            warn_long_functions(&tree[f]);
        }
    }
}

static void test_nothing_is_left_for_later(void **state) {
    (void)state;
    // Written in halves, so that this file does not find itself.
    static const char *const words[] = {"TO"
                                        "DO",
                                        "FIX"
                                        "ME",
                                        "X"
                                        "XX",
                                        "HA"
                                        "CK",
                                        "WI"
                                        "P"};
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        if (ends(tree[f].path, "package-lock.json") || strstr(tree[f].path, "/data/")) {
            continue;
        }
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            const char *p = find_word(tree[f].text, tree[f].text, words[w]);
            bool quoted =
                p && tree[f].said && tree[f].said[p - tree[f].text] == *p; // what a test sends is no note
            if (p && !quoted) {
                fault(tree[f].path, line_of(tree[f].text, (size_t)(p - tree[f].text)), "says %s", words[w]);
            }
        }
    }
    faults_end("do it now, or write it down as an issue and take the word out");
}

static void report_select_star(const struct source *s, const char *text) {
    for (size_t i = 0; i + 8 < s->size; i++) {
        if (strncasecmp(text + i, "select", 6) != 0 || (i && is_word(text[i - 1]))) {
            continue;
        }
        size_t k = i + 6;
        while (text[k] == ' ' || text[k] == '\n') {
            k++;
        }
        if (k > i + 6 && text[k] == '*') {
            fault(s->path, line_of(text, i), "asks for all columns");
        }
    }
}

static void test_every_statement_names_its_columns(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        if (ends(tree[f].path, ".sql")) {
            report_select_star(&tree[f], tree[f].text);
        } else if (tree[f].said &&
                   !starts(tree[f].path, "tests/unit/tools/")) { // those feed our tools with faults
            report_select_star(&tree[f], tree[f].said);
        }
    }
    faults_end("name the columns, so that a new one changes nothing by surprise");
}

static bool names_a_tag(const char *p) {
    static const char *const tags[] = {
        "a",   "b",     "body",   "br",   "button",   "div",     "em",     "fieldset", "form",   "h1",
        "h2",  "h3",    "head",   "html", "img",      "input",   "label",  "legend",   "li",     "main",
        "nav", "ol",    "option", "p",    "script",   "section", "select", "span",     "strong", "style",
        "svg", "table", "tbody",  "td",   "textarea", "th",      "thead",  "title",    "tr",     "ul"};
    p += *p == '/';
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t n = strlen(tags[i]);
        if (strncmp(p, tags[i], n) == 0 && strchr(" >/\\\n", p[n]) && p[n]) {
            return true;
        }
    }
    return false;
}

static void test_pages_are_written_in_templates_not_in_c(void **state) {
    (void)state;
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        bool looked_at = s->said && !is_excused(s->path) &&
                         (starts(s->path, "core/") || starts(s->path, "plugins/")) &&
                         !starts(s->path, "core/render/") && !starts(s->path, "core/tools/") &&
                         !strstr(s->path, "/tests/");
        for (const char *p = looked_at ? s->said : NULL; p && (p = strchr(p, '<')); p++) {
            if (names_a_tag(p + 1)) {
                fault(s->path, line_of(s->said, (size_t)(p - s->said)), "writes HTML: %.20s", p);
            }
        }
    }
    faults_end("move the markup to web/templates/ (or the plugin's templates/) and give it the values");
}

static void test_no_path_of_one_machine_is_written_down(void **state) {
    (void)state;
    static const char *const paths[] = {"/wo"
                                        "rk/",
                                        "/ho"
                                        "me/",
                                        "/ro"
                                        "ot/",
                                        "/t"
                                        "mp/",
                                        "/Us"
                                        "ers/"};
    faults_begin();
    for (size_t f = 0; f < tree_count; f++) {
        const struct source *s = &tree[f];
        for (size_t p = 0; !is_excused(s->path) && p < sizeof paths / sizeof *paths; p++) {
            // In C only what is said in texts counts; other files may name a folder of the machine that runs
            // them.
            bool everywhere = p == 0;
            const char *text = s->said && starts(s->path, "core/") ? s->said : everywhere ? s->text : "";
            const char *found = strstr(text, paths[p]);
            if (found && (found == text || !(is_word(found[-1]) || found[-1] == '.' || found[-1] == '/'))) {
                fault(s->path, line_of(text, (size_t)(found - text)), "names %s", paths[p]);
            }
        }
    }
    faults_end("take the folder from a setting, from the command line or from TMPDIR");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_banned_call_is_used),
        cmocka_unit_test(test_every_source_names_its_licence_first),
        cmocka_unit_test(test_no_file_is_longer_than_600_lines),
        cmocka_unit_test(test_long_functions_are_named),
        cmocka_unit_test(test_nothing_is_left_for_later),
        cmocka_unit_test(test_every_statement_names_its_columns),
        cmocka_unit_test(test_pages_are_written_in_templates_not_in_c),
        cmocka_unit_test(test_no_path_of_one_machine_is_written_down),
    };
    return cmocka_run_group_tests(tests, tree_open, tree_close);
}
