// SPDX-License-Identifier: Apache-2.0
// Build-host tool: compiles all templates and form descriptions of the source tree and names what is wrong
// with them.
//
// tmplcheck ROOT...   reads ROOT/web/templates, ROOT/web/forms, ROOT/plugins/*/templates and
// ROOT/plugins/*/forms; prints "file:line: why" and leaves with 1 when something is refused, 2 when it cannot
// read.
#include "base/arena.h"
#include "form/form.h"
#include "render/template.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (1024 * 1024)
#define FOLDERS_MAX    16 // folders within each other

typedef void file_fn(void *user, const char *path, const char *name, const char *text, size_t n);

static size_t checked;
static bool failed;

static void complain(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    failed = true;
}

static char *read_file(const char *path, size_t *ret_n) {
    FILE *f = fopen(path, "rb");
    char *text = malloc(FILE_BYTES_MAX + 1);
    if (!f || !text) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    *ret_n = fread(text, 1, FILE_BYTES_MAX, f);
    text[*ret_n] = 0;
    if (*ret_n == FILE_BYTES_MAX || strlen(text) != *ret_n) {
        complain(path, "this file is too long, or holds a NUL byte");
        *ret_n = strlen(text);
    }
    fclose(f);
    return text;
}

static bool join_path(char *out, const char *a, const char *slash, const char *b) {
    return snprintf(out, PATH_MAX, "%s%s%s", a, slash, b) < PATH_MAX;
}

static bool ends_with(const char *s, const char *end) {
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcmp(s + n - m, end) == 0;
}

// Goes through a folder in the order of names; `name` is the path under the first folder, without the ending.
static void walk(const char *folder, const char *prefix, const char *ending, int depth, file_fn *fn,
                 void *user) {
    struct dirent **entries;
    int n = depth < FOLDERS_MAX ? scandir(folder, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < n; i++) {
        const char *entry = entries[i]->d_name;
        char path[PATH_MAX], name[PATH_MAX];
        struct stat st;
        if (entry[0] != '.' && join_path(path, folder, "/", entry) &&
            join_path(name, prefix, *prefix ? "/" : "", entry) && stat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode)) {
                walk(path, name, ending, depth + 1, fn, user);
            } else if (ends_with(entry, ending)) {
                size_t size;
                char *text = read_file(path, &size);
                name[strlen(name) - strlen(ending)] = 0;
                fn(user, path, name, text, size);
                free(text);
                checked++;
            }
        }
        free(entries[i]);
    }
    if (n >= 0) {
        free(entries);
    }
}

static void add_template(void *user, const char *path, const char *name, const char *text, size_t n) {
    (void)path;
    template_add(user, name, text, n);
}

static void add_forms(void *user, const char *path, const char *name, const char *text, size_t n) {
    (void)name;
    (void)n;
    char why[PATH_MAX + 400];
    if (!form_specs_add(user, path, text, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        failed = true;
    }
}

static struct template_set *compile_folder(const char *folder, const struct template_set *base) {
    char why[PATH_MAX + 400], with_slash[PATH_MAX];
    struct template_set *set = template_set_new(base);
    if (join_path(with_slash, folder, "/", "")) {
        template_set_folder(set, with_slash);
    }
    walk(folder, "", ".html", 0, add_template, set);
    if (!template_compile(set, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        failed = true;
    }
    return set;
}

static void check_plugin(const char *folder, const struct template_set *core) {
    char path[PATH_MAX];
    if (join_path(path, folder, "/", "templates")) {
        template_set_free(compile_folder(path, core));
    }
    if (join_path(path, folder, "/", "forms")) {
        struct arena *arena = arena_new(64u << 20);
        walk(path, "", ".form", 0, add_forms, form_specs_new(arena));
        arena_free(arena);
    }
}

static void check_root(const char *root) {
    char path[PATH_MAX];
    struct template_set *core = template_set_new(NULL);
    if (join_path(path, root, "/", "web/templates")) {
        template_set_free(core);
        core = compile_folder(path, NULL);
    }
    struct arena *arena = arena_new(64u << 20);
    if (join_path(path, root, "/", "web/forms")) {
        walk(path, "", ".form", 0, add_forms, form_specs_new(arena));
    }
    arena_free(arena);
    struct dirent **entries;
    int n = join_path(path, root, "/", "plugins") ? scandir(path, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < n; i++) {
        char plugin[PATH_MAX];
        if (entries[i]->d_name[0] != '.' && join_path(plugin, path, "/", entries[i]->d_name)) {
            check_plugin(plugin, core);
        }
        free(entries[i]);
    }
    if (n >= 0) {
        free(entries);
    }
    template_set_free(core);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: tmplcheck ROOT...\n", stderr);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        check_root(argv[i]);
    }
    if (!failed) {
        printf("%zu templates and form files are in order\n", checked);
    }
    return failed ? 1 : 0;
}
