// SPDX-License-Identifier: Apache-2.0
// Build-host tool: turns the resource files of a plugin into tables its plugin.c includes.
//
//   plugpack OUT.h PLUGIN_DIR FILE...
//
// sql/*.sql     blocks "-- name: x" become rows of plugin_sql[] and enum values SQL_x
// other files   become const char arrays called file_<name> with non-letters as _
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STATEMENTS 256
#define MAX_FILE       (4 * 1024 * 1024)

struct statement {
    char name[64];
    char *text;
    unsigned params;
};

static struct statement statements[MAX_STATEMENTS];
static size_t statement_count;

static _Noreturn void fail(const char *file, int line, const char *why) {
    fprintf(stderr, "%s:%d: %s\n", file, line, why);
    exit(1);
}

static char *read_file(const char *path, size_t *ret_n) {
    FILE *f = fopen(path, "re");
    if (!f) {
        fail(path, 0, "cannot be read");
    }
    char *bytes = malloc(MAX_FILE + 1);
    if (!bytes) {
        fail(path, 0, "out of memory");
    }
    size_t n = fread(bytes, 1, MAX_FILE + 1, f);
    fclose(f);
    if (n > MAX_FILE) {
        fail(path, 0, "is larger than 4 MiB");
    }
    bytes[n] = 0;
    *ret_n = n;
    return bytes;
}

static void put_literal(FILE *out, const char *s, size_t n) {
    fputs("\n    \"", out);
    size_t column = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch == '\n') {
            fputs("\\n", out);
        } else if (ch == '"' || ch == '\\') {
            fprintf(out, "\\%c", ch);
        } else if (ch == '?') {
            fputs("\\?", out);
        } else if (ch < 0x20 || ch >= 0x7f) {
            fprintf(out, "\\%03o", ch);
        } else {
            fputc(ch, out);
        }
        if (++column >= 100 || ch == '\n') {
            fputs("\"\n    \"", out);
            column = 0;
        }
    }
    fputc('"', out);
}

static void add_statement(const char *file, int line, const char *name, size_t name_n, const char *text,
                          size_t n) {
    if (statement_count == MAX_STATEMENTS || name_n == 0 || name_n >= sizeof statements[0].name) {
        fail(file, line, "too many statements, or a name that is empty or too long");
    }
    struct statement *s = &statements[statement_count++];
    memcpy(s->name, name, name_n);
    s->name[name_n] = 0;
    while (n > 0 && (isspace((unsigned char)text[n - 1]) || text[n - 1] == ';')) {
        n--;
    }
    s->text = strndup(text, n);
    for (size_t i = 0; i + 1 < n; i++) {
        if (text[i] == '$' && isdigit((unsigned char)text[i + 1])) {
            unsigned p = (unsigned)strtoul(text + i + 1, NULL, 10);
            s->params = p > s->params ? p : s->params;
        }
    }
    for (size_t i = 0; i + 1 < statement_count; i++) {
        if (strcmp(statements[i].name, s->name) == 0) {
            fail(file, line, "two statements have this name");
        }
    }
}

static void read_sql(const char *path) {
    size_t n;
    char *bytes = read_file(path, &n);
    char *at = strstr(bytes, "-- name: ");
    while (at) {
        char *name = at + 9;
        size_t name_n = strcspn(name, " \n");
        char *text = name + strcspn(name, "\n");
        char *next = strstr(text, "\n-- name: ");
        int line = 1;
        for (const char *p = bytes; p < at; p++) {
            line += *p == '\n';
        }
        while (*text == '\n' || strncmp(text, "-- ", 3) == 0) {
            text += *text == '\n' ? 1 : strcspn(text, "\n");
        }
        add_statement(path, line, name, name_n, text, next ? (size_t)(next - text) : strlen(text));
        at = next ? next + 1 : NULL;
    }
    free(bytes);
}

static bool ends_with(const char *s, const char *end) {
    size_t a = strlen(s), b = strlen(end);
    return a >= b && strcmp(s + a - b, end) == 0;
}

static void put_file(FILE *out, const char *path) {
    size_t n;
    char *bytes = read_file(path, &n);
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    fputs("\nstatic const char file_", out);
    for (const char *p = base; *p; p++) {
        fputc(isalnum((unsigned char)*p) ? *p : '_', out);
    }
    fputs("[] =", out);
    put_literal(out, bytes, n);
    fputs(";\n", out);
    free(bytes);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: plugpack OUT.h PLUGIN_DIR FILE...\n", stderr);
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        if (ends_with(argv[i], ".sql")) {
            read_sql(argv[i]);
        }
    }
    FILE *out = fopen(argv[1], "we");
    if (!out) {
        fail(argv[1], 0, "cannot be written");
    }
    fputs("// Made by plugpack from the plugin's resource files.\n#include <anchorage/plugin.h>\n", out);
    if (statement_count) {
        fputs("\nenum {", out);
        for (size_t i = 0; i < statement_count; i++) {
            fprintf(out, "\n    SQL_%s,", statements[i].name);
        }
        fputs("\n};\n\nstatic const struct anc_sql plugin_sql[] = {\n", out);
        for (size_t i = 0; i < statement_count; i++) {
            fprintf(out, "{.name = \"%s\", .params = %u, .text =", statements[i].name, statements[i].params);
            put_literal(out, statements[i].text, strlen(statements[i].text));
            fputs("},\n", out);
            free(statements[i].text);
        }
        fputs("};\n", out);
    }
    for (int i = 3; i < argc; i++) {
        if (!ends_with(argv[i], ".sql")) {
            put_file(out, argv[i]);
        }
    }
    return fclose(out) == 0 ? 0 : 1;
}
