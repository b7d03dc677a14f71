// SPDX-License-Identifier: Apache-2.0
// Build-host tool: turns the resource files of a plugin into tables that its plugin.c includes.
//
//   plugpack OUT.h PLUGIN_DIR [FILE...]
//
// sql/*.sql            blocks "-- name: x" become rows of plugin_sql[] and enum values SQL_x
// schema/NNNN_x.sql    become rows of plugin_migrations[]; numbered 0001, 0002 ... without gaps
// templates/*.html     become rows of plugin_templates[]; also in folders below ("parts/row")
// forms/*.form         become rows of plugin_forms[]
// text/en.txt          lines "key = sentence" become rows of plugin_texts[]
// FILE...              become char arrays called file_<name> with everything but letters and digits as _
//
// A table exists when it has rows. PLUGIN_HAS_SQL and so on are defined for those that exist, and
// PLUGIN_RESOURCES sets all of them in the plugin's description. A mistake is told as "file:line: words" and
// ends the program with 1; OUT.h is then left as it was.
#include "tools/plugpack.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILE     ((size_t)4 * 1024 * 1024)
#define MAX_ROWS     256
#define MAX_NAME     60
#define MAX_SENTENCE 2000
#define MAX_PARAMS   32 // as many as the host takes
#define MAX_DEPTH    4

// Everything read stays reachable until the program ends.
struct rows statements = {.what = "statements", .max = MAX_ROWS};
struct rows migrations = {.what = "migrations", .max = MAX_ROWS};
struct rows templates = {.what = "templates", .max = MAX_ROWS};
struct rows forms = {.what = "files of forms", .max = MAX_ROWS};
struct rows texts = {.what = "sentences", .max = MAX_TEXTS};
struct rows files = {.what = "files", .max = MAX_ROWS};

static _Noreturn void fail(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static _Noreturn void fail(const char *file, int line, const char *fmt, ...) {
    va_list ap;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

static void *need(void *memory) {
    if (!memory) {
        fputs("plugpack: there is no memory left\n", stderr);
        exit(1);
    }
    return memory;
}

static int line_at(const char *text, const char *at) {
    int line = 1;
    for (const char *p = text; p < at; p++) {
        line += *p == '\n';
    }
    return line;
}

// ---- reading

static char *read_bytes(const char *path, size_t *ret_n) {
    FILE *f = fopen(path, "rbe");
    if (!f) {
        fail(path, 1, "cannot be read: %s", strerror(errno));
    }
    char *bytes = need(malloc(MAX_FILE + 1));
    size_t n = fread(bytes, 1, MAX_FILE + 1, f);
    bool broken = ferror(f) != 0;
    fclose(f);
    if (broken || n > MAX_FILE) {
        fail(path, 1, broken ? "cannot be read" : "is larger than 4 MiB");
    }
    bytes[n] = 0;
    *ret_n = n;
    return need(realloc(bytes, n + 1));
}

// Bytes of the UTF-8 character at p, 0 when it is none (RFC 3629: no overlong forms, no surrogates).
static size_t utf8_bytes(const unsigned char *p) {
    static const struct {
        unsigned char first, last, low, high;
        size_t n;
    } kinds[] = {{0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
                 {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
                 {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (p[0] < kinds[k].first || p[0] > kinds[k].last) {
            continue;
        }
        if (kinds[k].n > 1 && (p[1] < kinds[k].low || p[1] > kinds[k].high)) {
            return 0;
        }
        for (size_t i = 2; i < kinds[k].n; i++) {
            if (p[i] < 0x80 || p[i] > 0xbf) {
                return 0;
            }
        }
        return kinds[k].n;
    }
    return 0;
}

// A text file: UTF-8 without a mark at its beginning, its lines ended by LF.
static char *read_text(const char *path, size_t *ret_n) {
    size_t n, to = 0;
    char *text = read_bytes(path, &n);
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) {
        fail(path, 1, "begins with a byte-order mark; save it as UTF-8 without one");
    }
    for (size_t i = 0; i < n;) {
        size_t width = utf8_bytes((const unsigned char *)text + i);
        if (width == 0) {
            text[to] = 0;
            fail(path, line_at(text, text + to), "holds bytes that are not UTF-8 text");
        }
        if (text[i] != '\r' || text[i + 1] != '\n') {
            memmove(text + to, text + i, width);
            to += width;
        }
        i += width;
    }
    text[to] = 0;
    *ret_n = to;
    return text;
}

// Small letters, digits, _ and what `also` names.
static bool is_name(const char *s, size_t n, const char *also) {
    if (n == 0 || n > MAX_NAME || s[0] < 'a' || s[0] > 'z') {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        bool good = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '_' ||
                    (s[i] && strchr(also, s[i]));
        if (!good) {
            return false;
        }
    }
    return true;
}

static struct row *find(struct rows *in, const char *key) {
    for (size_t i = 0; i < in->count; i++) {
        if (strcmp(in->list[i].key, key) == 0) {
            return &in->list[i];
        }
    }
    return NULL;
}

static struct row *add(struct rows *to, const char *file, int line, const char *key, size_t key_n) {
    if (to->count == to->max) {
        fail(file, line, "there are more than %zu %s", to->max, to->what);
    }
    struct row *r = &to->list[to->count];
    *r =
        (struct row){.file = need(strdup(file)), .line = line, .key = need(strndup(key, key_n)), .number = 0};
    const struct row *before = find(to, r->key);
    if (before) {
        fail(file, line, "\"%s\" is already there: %s:%d", r->key, before->file, before->line);
    }
    to->count++;
    return r;
}

static bool is_blank(const char *s, size_t n) {
    return strspn(s, " \t\r\n") >= n;
}

// ---- sql/*.sql

// Behind a string, quoted name or comment that begins at p; p itself when none does.
static const char *skip_quiet(const char *p) {
    if (p[0] == '-' && p[1] == '-') {
        return p + strcspn(p, "\n");
    }
    const char *end = p;
    if (p[0] == '/' && p[1] == '*') {
        end = strstr(p + 2, "*/");
        return end ? end + 2 : p + strlen(p);
    }
    if (p[0] == '\'' || p[0] == '"') { // a doubled quote is the end of one and the begin of the next
        end = strchr(p + 1, p[0]);
        return end ? end + 1 : p + strlen(p);
    }
    return p;
}

// Parameters are $1, $2 ... without gaps: PostgreSQL cannot know the type of one that is left out.
static unsigned count_params(const char *file, int line, const char *name, const char *text) {
    bool used[MAX_PARAMS + 1] = {false};
    unsigned highest = 0;
    for (const char *p = text; *p;) {
        const char *behind = skip_quiet(p);
        bool parameter = behind == p && *p == '$' && isdigit((unsigned char)p[1]);
        if (!parameter) {
            p = behind == p ? p + 1 : behind;
            continue;
        }
        unsigned long n = strtoul(++p, NULL, 10);
        if (n == 0 || n > MAX_PARAMS) {
            fail(file, line, "statement %s uses $%lu; parameters are $1 to $%d", name, n, MAX_PARAMS);
        }
        used[n] = true;
        highest = n > highest ? (unsigned)n : highest;
    }
    for (unsigned i = 1; i <= highest; i++) {
        if (!used[i]) {
            fail(file, line, "statement %s uses $%u but not $%u", name, highest, i);
        }
    }
    return highest;
}

static void add_statement(const char *file, int line, const char *name, size_t name_n, const char *text,
                          size_t n) {
    while (n > 0 && (isspace((unsigned char)text[n - 1]) || text[n - 1] == ';')) {
        n--;
    }
    if (!is_name(name, name_n, "")) {
        fail(file, line, "\"%.*s\" is no name for a statement; use small letters, digits and _, up to %d",
             (int)name_n, name, MAX_NAME);
    }
    if (n == 0) {
        fail(file, line, "statement %.*s is empty", (int)name_n, name);
    }
    struct row *r = add(&statements, file, line, name, name_n);
    r->text = need(strndup(text, n));
    r->n = n;
    r->number = count_params(file, line, r->key, r->text);
}

// What stands before the first block may be comments only.
static void check_head(const char *path, const char *text, const char *end) {
    for (const char *p = text; p < end; p += strcspn(p, "\n") + 1) {
        size_t n = strcspn(p, "\n");
        if (strncmp(p, "--", 2) != 0 && !is_blank(p, n)) {
            fail(path, line_at(text, p), "stands before the first line \"-- name: ...\"");
        }
        if (p[n] == 0) {
            break;
        }
    }
}

static const char *next_block(const char *text, const char *from) {
    static const char head[] = "-- name: ";
    const char *p = from;
    while ((p = strstr(p, head))) {
        if (p == text || p[-1] == '\n') {
            return p;
        }
        p++;
    }
    return NULL;
}

static void read_sql(const char *path, const char *base) {
    size_t n;
    char *text = read_text(path, &n);
    (void)base;
    const char *at = next_block(text, text);
    check_head(path, text, at ? at : text + n);
    while (at) {
        const char *name = at + strlen("-- name: ");
        size_t name_n = strcspn(name, " \t\n");
        const char *body = name + strcspn(name, "\n");
        const char *next = next_block(text, body);
        while (*body == '\n' || strncmp(body, "--", 2) == 0) {
            if (body == next) {
                break;
            }
            body += *body == '\n' ? 1 : strcspn(body, "\n");
        }
        const char *end = next ? next : text + n;
        add_statement(path, line_at(text, at), name, name_n, body, (size_t)(end - body));
        at = next;
    }
    free(text);
}

// ---- schema/NNNN_name.sql

static void read_migration(const char *path, const char *base) {
    size_t n;
    size_t digits = strspn(base, "0123456789"), stem = strlen(base) - strlen(".sql");
    if (digits != 4 || base[4] != '_' || stem < 6 || !is_name(base + 5, stem - 5, "")) {
        fail(path, 1, "is no name for a migration; call it like 0001_first_tables.sql");
    }
    unsigned number = (unsigned)strtoul(base, NULL, 10);
    size_t before = migrations.count;
    if (before > 0 && migrations.list[before - 1].number == number) {
        fail(path, 1, "has the same number as %s", migrations.list[before - 1].file);
    }
    if (number != before + 1) {
        fail(path, 1, "is number %04u, but %04zu is missing; migrations are numbered without gaps", number,
             before + 1);
    }
    char *text = read_text(path, &n);
    if (is_blank(text, n)) {
        fail(path, 1, "is empty");
    }
    struct row *r = add(&migrations, path, 1, base, strlen(base));
    r->number = number;
    r->text = text;
    r->n = n;
}

// ---- templates/*.html and forms/*.form

static void read_template(const char *path, const char *base) {
    size_t stem = strlen(base) - strlen(".html");
    for (const char *p = base; p < base + stem;) {
        size_t n = strcspn(p, "/.");
        if (!is_name(p, n, "-")) {
            fail(path, 1, "is no name for a template; use small letters, digits, - and _");
        }
        p += n + 1;
    }
    struct row *r = add(&templates, path, 1, base, stem);
    r->text = read_text(path, &r->n);
    if (is_blank(r->text, r->n)) {
        fail(path, 1, "is empty");
    }
}

static void read_form(const char *path, const char *base) {
    size_t stem = strlen(base) - strlen(".form");
    if (!is_name(base, stem, "-")) {
        fail(path, 1, "is no name for a file of forms; use small letters, digits, - and _");
    }
    struct row *r = add(&forms, path, 1, base, stem);
    r->text = read_text(path, &r->n);
}

// ---- text/en.txt

static void read_sentence(const char *path, int line, const char *p, size_t n) {
    const char *equals = memchr(p, '=', n);
    if (!equals) {
        fail(path, line, "is not \"key = sentence\"");
    }
    size_t key_n = (size_t)(equals - p);
    const char *value = equals + 1;
    size_t value_n = n - key_n - 1;
    while (key_n > 0 && (p[key_n - 1] == ' ' || p[key_n - 1] == '\t')) {
        key_n--;
    }
    while (value_n > 0 && (*value == ' ' || *value == '\t')) {
        value++;
        value_n--;
    }
    while (value_n > 0 && (value[value_n - 1] == ' ' || value[value_n - 1] == '\t')) {
        value_n--;
    }
    if (!is_name(p, key_n, "")) {
        fail(path, line, "\"%.*s\" is no key; use small letters, digits and _, up to %d", (int)key_n, p,
             MAX_NAME);
    }
    if (value_n == 0 || value_n > MAX_SENTENCE) {
        fail(path, line, "the sentence of \"%.*s\" %s", (int)key_n, p,
             value_n ? "is longer than 2000 bytes" : "is empty");
    }
    struct row *r = add(&texts, path, line, p, key_n);
    r->text = need(strndup(value, value_n));
    r->n = value_n;
}

static void read_texts(const char *path, const char *base) {
    if (strcmp(base, "en.txt") != 0) {
        fail(path, 1, "is not read; sentences stand in text/en.txt");
    }
    size_t n;
    char *text = read_text(path, &n);
    int line = 1;
    for (char *p = text; *p; line++) {
        size_t width = strcspn(p, "\n");
        if (*p != '#' && !is_blank(p, width)) {
            read_sentence(path, line, p, width);
        }
        p += width + (p[width] == '\n');
    }
    free(text);
}

// ---- the plugin's folder

static const struct kind {
    const char *folder, *ending;
    bool deep; // files of folders below count too
    void (*read)(const char *path, const char *base);
} kinds[] = {
    {"sql", ".sql", false, read_sql},
    {"schema", ".sql", false, read_migration},
    {"templates", ".html", true, read_template},
    {"forms", ".form", false, read_form},
    {"text", ".txt", false, read_texts},
};

static char *join(const char *a, const char *b) {
    size_t n = strlen(a) + strlen(b) + 2;
    char *s = need(malloc(n));
    snprintf(s, n, *a ? "%s/%s" : "%s%s", a, b);
    return s;
}

static bool ends_with(const char *s, const char *end) {
    size_t a = strlen(s), b = strlen(end);
    return a > b && strcmp(s + a - b, end) == 0;
}

// What editors leave behind is nobody's resource.
static int is_meant(const struct dirent *e) {
    return e->d_name[0] != '.' && !ends_with(e->d_name, "~");
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name); // the same order in every language of the machine
}

// base: what stands below the kind's folder, "" at first.
static void read_folder(const struct kind *k, const char *folder, const char *base, int depth) {
    struct dirent **list = NULL;
    int count = scandir(folder, &list, is_meant, by_name);
    if (count < 0 && (errno != ENOENT || depth > 0)) {
        fail(folder, 1, "cannot be read: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        char *path = join(folder, list[i]->d_name), *below = join(base, list[i]->d_name);
        struct stat st;
        if (stat(path, &st) != 0) {
            fail(path, 1, "cannot be read: %s", strerror(errno));
        }
        if (S_ISDIR(st.st_mode) && k->deep && depth < MAX_DEPTH) {
            read_folder(k, path, below, depth + 1);
        } else if (S_ISREG(st.st_mode) && ends_with(path, k->ending)) {
            k->read(path, below);
        } else {
            fail(path, 1, "does not belong here: %s/ holds files that end in %s", k->folder, k->ending);
        }
        free(path);
        free(below);
        free(list[i]);
    }
    free(list);
}

static void read_file(const char *path) {
    const char *base = strrchr(path, '/');
    char *symbol = need(strdup(base ? base + 1 : path));
    for (char *p = symbol; *p; p++) {
        *p = isalnum((unsigned char)*p) ? *p : '_';
    }
    struct row *r = add(&files, path, 1, symbol, strlen(symbol));
    free(symbol);
    r->text = read_bytes(path, &r->n);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: plugpack OUT.h PLUGIN_DIR [FILE...]\n", stderr);
        return 2;
    }
    struct stat st;
    if (stat(argv[2], &st) != 0 || !S_ISDIR(st.st_mode)) {
        fail(argv[2], 1, "is no folder");
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        char *folder = join(argv[2], kinds[k].folder);
        read_folder(&kinds[k], folder, "", 0);
        free(folder);
    }
    for (int i = 3; i < argc; i++) {
        read_file(argv[i]);
    }
    FILE *out = fopen(argv[1], "we");
    if (!out) {
        fail(argv[1], 1, "cannot be written: %s", strerror(errno));
    }
    plugpack_write(out);
    if (fclose(out) != 0) {
        remove(argv[1]);
        fail(argv[1], 1, "cannot be written: %s", strerror(errno));
    }
    return 0;
}
