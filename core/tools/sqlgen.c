// SPDX-License-Identifier: Apache-2.0
// Build-host tool: sqlgen OUT_BASE FILE.sql... turns named SQL blocks into OUT_BASE.c and OUT_BASE.h.
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS_MAX     4096
#define PARAMS_MAX     64
#define NAME_MAX_CHARS 56 // PostgreSQL keeps 63; the rest is for a generation mark
#define FILE_MAX_BYTES (4L * 1024 * 1024)

struct block {
    const char *file;
    int line;      // of "-- name:"
    int text_line; // of the first line of the statement
    char *name, *doc, *rows, *text;
    int params;
};

static struct block blocks[BLOCKS_MAX];
static size_t block_count;
static int problems;

static void __attribute__((format(printf, 3, 4))) complain(const char *file, int line, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    problems++;
}

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "sqlgen: %s: %s\n", what, strerror(errno));
    exit(1);
}

static char *copy(const char *s, size_t n) {
    char *p = malloc(n + 1);
    if (!p) {
        give_up("memory");
    }
    memcpy(p, s, n);
    p[n] = 0;
    return p;
}

static char *read_all(const char *path) {
    FILE *f = fopen(path, "re");
    if (!f) {
        give_up(path);
    }
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (size < 0 || size > FILE_MAX_BYTES || fseek(f, 0, SEEK_SET) != 0) {
        give_up(path);
    }
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, f) != (size_t)size) {
        give_up(path);
    }
    text[size] = 0;
    fclose(f);
    return text;
}

// Messages and generated text name a file from the top of the tree, wherever the build stands.
static const char *short_name(const char *path) {
    const char *found = path;
    for (const char *p = path; (p = strstr(p, "schemas/")); p++) {
        if (p == path || p[-1] == '/') {
            found = p;
        }
    }
    return found;
}

// ---- the statement -------------------------------------------------------------------------------

struct scan {
    const struct block *b;
    const char *p;
    int line;
    char last[16]; // the word or sign before, upper case; "" at the start
    bool used[PARAMS_MAX + 1];
};

static void set_last(struct scan *s, char sign) {
    s->last[0] = sign;
    s->last[1] = 0;
}

static void step(struct scan *s) {
    if (*s->p == '\n') {
        s->line++;
    }
    s->p++;
}

// Passes over text up to and with `end`; `twice` means a doubled end stands for itself.
static void skip_to(struct scan *s, const char *end, bool twice, bool escapes) {
    int start = s->line;
    size_t n = strlen(end);
    while (*s->p) {
        if (escapes && *s->p == '\\' && s->p[1]) {
            step(s);
        } else if (strncmp(s->p, end, n) == 0) {
            if (!twice || s->p[1] != *end) {
                s->p += n;
                return;
            }
            step(s);
        }
        step(s);
    }
    complain(s->b->file, start, "%s: text is opened here and never closed with %s", s->b->name, end);
}

static void skip_comment(struct scan *s) {
    if (s->p[1] == '-') {
        while (*s->p && *s->p != '\n') {
            s->p++;
        }
    } else {
        s->p += 2;
        skip_to(s, "*/", false, false);
    }
}

// "$1" is a parameter, "$$" and "$tag$" open a text.
static void scan_dollar(struct scan *s) {
    if (isdigit((unsigned char)s->p[1])) {
        long n = strtol(s->p + 1, NULL, 10);
        if (n < 1 || n > PARAMS_MAX) {
            complain(s->b->file, s->line, "%s: $%ld is out of range, 1 to %d", s->b->name, n, PARAMS_MAX);
        } else {
            s->used[n] = true;
        }
        for (s->p++; isdigit((unsigned char)*s->p);) {
            s->p++;
        }
        return;
    }
    const char *end = s->p + 1;
    while (isalnum((unsigned char)*end) || *end == '_') {
        end++;
    }
    if (*end != '$') {
        s->p++;
        return;
    }
    char *tag = copy(s->p, (size_t)(end - s->p) + 1);
    s->p = end + 1;
    skip_to(s, tag, false, false);
    free(tag);
}

static void scan_word(struct scan *s) {
    size_t n = 0;
    while (isalnum((unsigned char)*s->p) || *s->p == '_' || (unsigned char)*s->p >= 0x80) {
        if (n + 1 < sizeof s->last) {
            s->last[n++] = (char)toupper((unsigned char)*s->p);
        }
        s->p++;
    }
    s->last[n] = 0;
    if (*s->p == '\'' && strcmp(s->last, "E") == 0) {
        s->p++;
        skip_to(s, "'", true, true);
    }
}

// A star is fine in count(*) and in a product, not as "all columns": a new column would change the result.
static void check_star(const struct scan *s) {
    static const char *const before[] = {"SELECT", "DISTINCT", "ALL", "RETURNING", ",", "."};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        if (strcmp(s->last, before[i]) == 0) {
            complain(s->b->file, s->line, "%s: name the columns instead of %s%s*", s->b->name,
                     strcmp(before[i], ".") == 0 || *before[i] == ',' ? "..." : before[i],
                     isalpha((unsigned char)*before[i]) ? " " : before[i]);
        }
    }
}

static void scan_sign(struct scan *s) {
    if (*s->p == '*') {
        check_star(s);
    } else if (*s->p == ';') {
        complain(s->b->file, s->line, "%s: one statement a block; start the next with -- name:", s->b->name);
    }
    set_last(s, *s->p);
    step(s);
}

static int scan_statement(const struct block *b) {
    struct scan s = {.b = b, .p = b->text, .line = b->text_line};
    while (*s.p) {
        if (isspace((unsigned char)*s.p)) {
            step(&s);
        } else if ((s.p[0] == '-' && s.p[1] == '-') || (s.p[0] == '/' && s.p[1] == '*')) {
            skip_comment(&s);
        } else if (*s.p == '\'' || *s.p == '"') {
            const char end[2] = {*s.p++, 0};
            skip_to(&s, end, true, false);
            set_last(&s, '\'');
        } else if (*s.p == '$') {
            scan_dollar(&s);
            set_last(&s, '$');
        } else if (isalpha((unsigned char)*s.p) || *s.p == '_' || (unsigned char)*s.p >= 0x80) {
            scan_word(&s);
        } else {
            scan_sign(&s);
        }
    }
    int highest = 0;
    for (int i = 1; i <= PARAMS_MAX; i++) {
        highest = s.used[i] ? i : highest;
    }
    for (int i = 1; i < highest; i++) {
        if (!s.used[i]) {
            complain(b->file, b->line, "%s: uses $%d but not $%d", b->name, highest, i);
        }
    }
    return highest;
}

// ---- the file ------------------------------------------------------------------------------------

static char *value_of(const char *line, size_t n, const char *key) {
    size_t k = strlen(key);
    if (n < k || strncmp(line, key, k) != 0) {
        return NULL;
    }
    const char *end = line + n;
    for (line += k; line < end && isspace((unsigned char)*line);) {
        line++;
    }
    while (end > line && isspace((unsigned char)end[-1])) {
        end--;
    }
    return copy(line, (size_t)(end - line));
}

static void check_name(const struct block *b) {
    bool good = islower((unsigned char)b->name[0]) && strlen(b->name) <= NAME_MAX_CHARS;
    for (const char *p = b->name; *p; p++) {
        good = good && (islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '_');
    }
    if (!good) {
        complain(b->file, b->line, "the name \"%s\" must be a to z, 0 to 9 and _, at most %d characters",
                 b->name, NAME_MAX_CHARS);
    }
    for (size_t i = 0; i < block_count; i++) {
        if (&blocks[i] != b && strcmp(blocks[i].name, b->name) == 0) {
            complain(b->file, b->line, "%s: this name is taken by %s:%d", b->name, blocks[i].file,
                     blocks[i].line);
        }
    }
}

static void finish_block(struct block *b, const char *from, const char *to) {
    static const char *const words[] = {"one", "opt", "many", "none"};
    while (to > from && (isspace((unsigned char)to[-1]) || to[-1] == ';')) {
        to--;
    }
    b->text = copy(from, (size_t)(to - from));
    check_name(b);
    if (!b->doc || !*b->doc) {
        complain(b->file, b->line, "%s: a line \"-- doc:\" must say what it gives", b->name);
    }
    bool known = false;
    for (size_t i = 0; b->rows && i < sizeof words / sizeof *words; i++) {
        known = known || strcmp(b->rows, words[i]) == 0;
    }
    if (!b->rows) {
        complain(b->file, b->line, "%s: a line \"-- rows:\" must say one, opt, many or none", b->name);
    } else if (!known) {
        complain(b->file, b->line, "%s: rows is \"%s\"; write one, opt, many or none", b->name, b->rows);
    }
    if (!*b->text) {
        complain(b->file, b->line, "%s: the statement is missing", b->name);
    }
    b->params = scan_statement(b);
}

static void add_doc(struct block *b, char *more) {
    if (!b->doc) {
        b->doc = more;
        return;
    }
    size_t n = strlen(b->doc), m = strlen(more);
    b->doc = realloc(b->doc, n + m + 2);
    if (!b->doc) {
        give_up("memory");
    }
    b->doc[n] = ' ';
    memcpy(b->doc + n + 1, more, m + 1);
    free(more);
}

// Reads "-- rows:" and "-- doc:" lines; false when the line belongs to the statement.
static bool header_line(struct block *b, const char *line, size_t n, int at) {
    char *v = value_of(line, n, "-- rows:");
    if (v) {
        if (b->rows) {
            complain(b->file, at, "%s: rows is given twice", b->name);
        }
        free(b->rows);
        b->rows = v;
        return true;
    }
    v = value_of(line, n, "-- doc:");
    if (v) {
        add_doc(b, v);
    }
    return v != NULL;
}

static struct block *new_block(const char *file, int line, char *name) {
    if (block_count == BLOCKS_MAX) {
        errno = EFBIG;
        give_up("too many statements");
    }
    struct block *b = &blocks[block_count++];
    *b = (struct block){.file = file, .line = line, .name = name};
    return b;
}

static void read_file(const char *path) {
    char *text = read_all(path);
    const char *file = short_name(path);
    struct block *b = NULL;
    const char *body = NULL;
    int line = 1;
    for (const char *p = text; *p; line++) {
        const char *eol = strchr(p, '\n');
        size_t n = eol ? (size_t)(eol - p) : strlen(p);
        char *name = value_of(p, n, "-- name:");
        if (name) {
            if (b) {
                finish_block(b, body ? body : p, p);
            }
            b = new_block(file, line, name);
            body = NULL;
        } else if (!b && n && strncmp(p, "--", 2) != 0) {
            complain(file, line, "a statement starts with a line \"-- name:\"");
        } else if (b && !body && n && !header_line(b, p, n, line)) {
            body = p;
            b->text_line = line;
        }
        p += n + (eol != NULL);
    }
    const char *end = text + strlen(text);
    if (b) {
        finish_block(b, body ? body : end, end);
    }
    free(text);
}

// ---- output --------------------------------------------------------------------------------------

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct block *)a)->name, ((const struct block *)b)->name);
}

static void put_literal(FILE *out, const char *s) {
    fputs("\n        \"", out);
    for (; *s; s++) {
        if (*s == '\n') {
            fputs(s[1] ? "\\n\"\n        \"" : "\\n", out);
        } else if (*s == '"' || *s == '\\') {
            fprintf(out, "\\%c", *s);
        } else if ((unsigned char)*s < 0x20 || *s == '?') {
            fprintf(out, "\\%03o", (unsigned)(unsigned char)*s);
        } else {
            fputc(*s, out);
        }
    }
    fputc('"', out);
}

static FILE *start_file(const char *base, const char *end) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s%s", base, end) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        give_up(base);
    }
    FILE *f = fopen(path, "we");
    if (!f) {
        give_up(path);
    }
    fputs("// SPDX-License-Identifier: Apache-2.0\n// Written by core/tools/sqlgen.c from "
          "schemas/queries/*.sql.\n",
          f);
    return f;
}

static void write_header(const char *base) {
    FILE *f = start_file(base, ".h");
    fputs("#ifndef ANCHORAGE_QUERIES_GEN_H\n#define ANCHORAGE_QUERIES_GEN_H\n\n#include \"db/db.h\"\n", f);
    for (size_t i = 0; i < block_count; i++) {
        const struct block *b = &blocks[i];
        fprintf(f, "\n// %s\n// Rows: %s. Parameters: %d. %s\nextern const struct sql sql_%s;\n", b->doc,
                b->rows, b->params, b->file, b->name);
    }
    fputs("\n#endif\n", f);
    if (fclose(f) != 0) {
        give_up(base);
    }
}

static void write_source(const char *base) {
    const char *slash = strrchr(base, '/');
    FILE *f = start_file(base, ".c");
    fprintf(f, "#include \"%s.h\"\n", slash ? slash + 1 : base);
    for (size_t i = 0; i < block_count; i++) {
        const struct block *b = &blocks[i];
        const char *rows = *b->rows == 'm'                ? "SQL_MANY"
                           : strcmp(b->rows, "opt") == 0  ? "SQL_OPT"
                           : strcmp(b->rows, "none") == 0 ? "SQL_NONE"
                                                          : "SQL_ONE";
        fprintf(f, "\nconst struct sql sql_%s = {\n    .name = \"%s\",\n    .text =", b->name, b->name);
        put_literal(f, b->text);
        fprintf(f, ",\n    .params = %d,\n    .rows = %s,\n    .file =", b->params, rows);
        put_literal(f, b->file);
        fputs(",\n};\n", f);
    }
    fputs("\nconst struct sql *const sql_all[] = {\n", f);
    for (size_t i = 0; i < block_count; i++) {
        fprintf(f, "    &sql_%s,\n", blocks[i].name);
    }
    fputs("    0,\n};\n", f);
    if (fclose(f) != 0) {
        give_up(base);
    }
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: sqlgen OUT_BASE FILE.sql...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        read_file(argv[i]);
    }
    if (problems) {
        fprintf(stderr, "sqlgen: %d problem%s, nothing written\n", problems, problems == 1 ? "" : "s");
        return 1;
    }
    qsort(blocks, block_count, sizeof *blocks, by_name);
    write_header(argv[1]);
    write_source(argv[1]);
    for (size_t i = 0; i < block_count; i++) {
        free(blocks[i].name);
        free(blocks[i].doc);
        free(blocks[i].rows);
        free(blocks[i].text);
    }
    return 0;
}
