// SPDX-License-Identifier: Apache-2.0
// Build-host tool: reads the plugin header and writes a C program that prints its layout: size of every
// struct, place, size and wording of every field, values of enums and numbers. tests/abi compares that with
// what was released.
//
// abidump HEADER OUT.c
//
// It understands the plain C of that header: structs that are not nested, enums without names, typedefs of
// numbers, function pointers, defines of one number or text. Anything else inside a struct stops it.
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX (1024 * 1024)
#define WORDS_MAX  2048

static _Noreturn void stop(const char *what, const char *name) {
    fprintf(stderr, "abidump: %s: %s\n", what, name);
    exit(1);
}

static char *read_header(const char *path) {
    FILE *f = fopen(path, "rb");
    char *text = malloc(HEADER_MAX + 1);
    if (!f || !text) {
        stop("cannot read", path);
    }
    size_t n = fread(text, 1, HEADER_MAX, f);
    fclose(f);
    text[n] = 0;
    return text;
}

// Comments become blanks, so that places stay.
static void blank_comments(char *s) {
    for (char *p = s; *p; p++) {
        if (*p == '"') {
            for (p++; *p && *p != '"'; p++) {
                p += *p == '\\' && p[1];
            }
            if (!*p) {
                return;
            }
        } else if (p[0] == '/' && p[1] == '/') {
            while (*p && *p != '\n') {
                *p++ = ' ';
            }
            if (!*p) {
                return;
            }
        } else if (p[0] == '/' && p[1] == '*') {
            while (*p && !(p[0] == '*' && p[1] == '/')) {
                *p++ = ' ';
            }
            if (!*p) {
                return;
            }
            p[0] = p[1] = ' ';
        }
    }
}

static bool is_name(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

// One blank between words, none at the ends.
static void tidy(const char *from, size_t n, char *out) {
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isspace((unsigned char)from[i])) {
            if (used + 2 >= WORDS_MAX) {
                stop("a declaration is too long", out);
            }
            out[used++] = from[i];
        } else if (used > 0 && out[used - 1] != ' ') {
            out[used++] = ' ';
        }
    }
    while (used > 0 && out[used - 1] == ' ') {
        used--;
    }
    out[used] = 0;
}

// Cuts " ANC_MUST" and "ANC_PRINTF(..)" off the end: they are hints for compilers.
static void cut_hints(char *s) {
    static const char *const hints[] = {"ANC_MUST", "ANC_PRINTF"};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        char *at = strstr(s, hints[i]);
        if (at) {
            while (at > s && at[-1] == ' ') {
                at--;
            }
            *at = 0;
        }
    }
}

static void put_quoted(FILE *out, const char *s) {
    for (; *s; s++) {
        if (*s == '"' || *s == '\\') {
            fputc('\\', out);
        }
        fputc(*s, out);
    }
}

static void put_field(FILE *out, const char *of, const char *name, const char *wording) {
    fprintf(out, "    FIELD(%s, %s, \"", of, name);
    put_quoted(out, wording);
    fputs("\")\n", out);
}

// The name that a declarator like "*a", "b[4]" or "(*c)(int)" brings.
static void name_of(const char *declarator, char *name) {
    const char *pointer = strstr(declarator, "(*");
    const char *p = pointer ? pointer + 2 : declarator + strcspn(declarator, "[:");
    if (!pointer) {
        while (p > declarator && !is_name(p[-1])) {
            p--;
        }
        while (p > declarator && is_name(p[-1])) {
            p--;
        }
    }
    size_t n = 0;
    while (is_name(p[n])) {
        n++;
    }
    if (n == 0 || n > 80) {
        stop("no name in", declarator);
    }
    memcpy(name, p, n);
    name[n] = 0;
}

// "const char *a, *b" is two fields; commas inside brackets belong to a function.
static void put_declaration(FILE *out, const char *of, char *words) {
    cut_hints(words);
    char name[96], wording[WORDS_MAX], base[WORDS_MAX];
    if (strchr(words, '{')) {
        stop("nested or unknown declaration", words);
    }
    name_of(words, name);
    char *comma = strchr(words, '(') ? NULL : strchr(words, ',');
    if (!comma) {
        put_field(out, of, name, words);
        return;
    }
    *comma = 0; // the type is what stands before the first star or name
    name_of(words, name);
    char *first = strstr(words, name);
    for (char *p = words; (p = strstr(p, name)); p++) {
        first = p;
    }
    while (first > words && (first[-1] == '*' || first[-1] == ' ')) {
        first--;
    }
    snprintf(base, sizeof base, "%.*s", (int)(first - words), words);
    put_field(out, of, name, words);
    for (char *p = comma + 1; p;) {
        char *next = strchr(p, ',');
        if (next) {
            *next = 0;
        }
        while (*p == ' ') {
            p++;
        }
        name_of(p, name);
        if (strlen(base) + strlen(p) + 2 > sizeof wording) {
            stop("a declaration is too long", p);
        }
        snprintf(wording, sizeof wording, "%.1000s %.1000s", base, p);
        put_field(out, of, name, wording);
        p = next ? next + 1 : NULL;
    }
}

static void put_struct(FILE *out, const char *body, size_t n, const char *name) {
    fprintf(out, "    STRUCT(%s)\n", name);
    for (size_t i = 0, from = 0; i < n; i++) {
        if (body[i] == ';') {
            char words[WORDS_MAX];
            tidy(body + from, i - from, words);
            put_declaration(out, name, words);
            from = i + 1;
        }
    }
}

static void put_enum(FILE *out, const char *body, size_t n) {
    for (size_t i = 0; i < n;) {
        char words[WORDS_MAX];
        size_t end = i;
        while (end < n && body[end] != ',') {
            end++;
        }
        tidy(body + i, end - i, words);
        words[strcspn(words, " =")] = 0;
        if (*words) {
            fprintf(out, "    NUMBER(%s)\n", words);
        }
        i = end + 1;
    }
}

// A define of one number or text; others are macros for compilers.
static void put_define(FILE *out, const char *line) {
    char words[WORDS_MAX], name[96];
    tidy(line, strcspn(line, "\n"), words);
    size_t n = strcspn(words, " (");
    if (n == 0 || n >= sizeof name || words[n] != ' ' || strcmp(words + strlen(words) - 1, "\\") == 0) {
        return;
    }
    memcpy(name, words, n);
    name[n] = 0;
    const char *value = words + n + 1;
    if (*value == '"') {
        fprintf(out, "    TEXT(%s)\n", name);
    } else if (isdigit((unsigned char)value[strspn(value, "(")])) {
        fprintf(out, "    NUMBER(%s)\n", name);
    }
}

// "struct x {" or "enum {" here? Gives its body.
static const char *body_of(const char *p, const char *word, char *name, size_t *ret_n) {
    size_t n = strlen(word);
    if (strncmp(p, word, n) != 0 || is_name(p[n])) {
        return NULL;
    }
    p += n;
    p += strspn(p, " \n");
    size_t len = 0;
    while (is_name(p[len])) {
        len++;
    }
    const char *open = p + len + strspn(p + len, " \n");
    const char *close = *open == '{' ? strstr(open, "};") : NULL;
    if (!close || len > 80) {
        return NULL;
    }
    memcpy(name, p, len);
    name[len] = 0;
    *ret_n = (size_t)(close - open - 1);
    return open + 1;
}

static void put_all(FILE *out, const char *text) {
    char name[96];
    size_t n;
    for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
        const char *body = body_of(p, "struct", name, &n);
        if (body) {
            put_struct(out, body, n, name);
        } else if ((body = body_of(p, "enum", name, &n))) {
            put_enum(out, body, n);
        } else if (strncmp(p, "#define ANC_", 12) == 0) {
            put_define(out, p + 8);
        } else if (strncmp(p, "typedef int", 11) == 0 || strncmp(p, "typedef uint", 12) == 0) {
            size_t end = strcspn(p, ";");
            while (end > 0 && is_name(p[end - 1])) {
                end--;
            }
            fprintf(out, "    TYPE(%.*s)\n", (int)strcspn(p + end, ";"), p + end);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: abidump HEADER OUT.c\n", stderr);
        return 2;
    }
    char *text = read_header(argv[1]);
    blank_comments(text);
    FILE *out = fopen(argv[2], "wb");
    if (!out) {
        stop("cannot write", argv[2]);
    }
    fputs("// Made by abidump from anchorage/plugin.h: prints its layout.\n"
          "#include <anchorage/plugin.h>\n#include <stdio.h>\n"
          "#define STRUCT(s) printf(\"struct %s %zu\\n\", #s, sizeof(struct s));\n"
          "#define FIELD(s, f, words) printf(\"  %s.%s %zu %zu %s\\n\", #s, #f, offsetof(struct s, f), "
          "sizeof(((struct s *)0)->f), words);\n"
          "#define NUMBER(x) printf(\"number %s %lld\\n\", #x, (long long)(x));\n"
          "#define TEXT(x) printf(\"text %s %s\\n\", #x, x);\n"
          "#define TYPE(x) printf(\"type %s %zu\\n\", #x, sizeof(x));\n"
          "int main(void) {\n",
          out);
    put_all(out, text);
    fputs("    return 0;\n}\n", out);
    free(text);
    return fclose(out) == 0 ? 0 : 1;
}
