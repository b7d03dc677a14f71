// SPDX-License-Identifier: Apache-2.0
// Reads the whole tree into memory for the source checks, and tells code from comments and texts.
#ifndef ANCHORAGE_TESTS_HOUSE_TREE_H
#define ANCHORAGE_TESTS_HOUSE_TREE_H

#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>

#include <cmocka.h>

#define TREE_FILES_MAX 8192
#define TREE_BYTES_MAX (4L * 1024 * 1024)

struct source {
    char *path; // from the root of the tree: "core/base/arena.c"
    char *text; // as it is
    char *code; // C only: comments and the insides of texts are blanks; same length, same lines
    char *said; // C only: nothing but the insides of texts; same length, same lines
    size_t size;
};

static struct source *tree;
static size_t tree_count;
static int tree_faults;

// Tells one fault and what to do about it.
static inline void __attribute__((format(printf, 3, 4)))
fault(const char *path, int line, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", path, line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    tree_faults++;
}

static inline bool starts(const char *s, const char *with) {
    return strncmp(s, with, strlen(with)) == 0;
}

static inline bool ends(const char *s, const char *with) {
    size_t n = strlen(s), m = strlen(with);
    return n >= m && strcmp(s + n - m, with) == 0;
}

static inline bool is_c(const char *path) {
    return ends(path, ".c") || ends(path, ".h") || ends(path, ".def");
}

static inline bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static inline int line_of(const char *text, size_t at) {
    int line = 1;
    for (size_t i = 0; i < at; i++) {
        line += text[i] == '\n';
    }
    return line;
}

// The next place after `from` where `word` stands as a whole word; NULL when there is none.
static inline const char *find_word(const char *text, const char *from, const char *word) {
    size_t n = strlen(word);
    for (const char *p = from; (p = strstr(p, word)) != NULL; p += n) {
        if ((p == text || !is_word(p[-1])) && !is_word(p[n])) {
            return p;
        }
    }
    return NULL;
}

// The word that begins at s, copied; at most cap - 1 characters.
static inline const char *copy_word(const char *s, char *out, size_t cap) {
    size_t n = 0;
    while (is_word(s[n]) && n + 1 < cap) {
        out[n] = s[n];
        n++;
    }
    out[n] = 0;
    return out;
}

enum lex { LEX_CODE, LEX_LINE_COMMENT, LEX_COMMENT, LEX_TEXT, LEX_CHAR };

// Splits C into what is code and what is said in texts.
static inline void lex_split(struct source *s) {
    enum lex state = LEX_CODE;
    memset(s->code, ' ', s->size);
    memset(s->said, ' ', s->size);
    for (size_t i = 0; i < s->size; i++) {
        char c = s->text[i], next = s->text[i + 1];
        if (c == '\n') {
            s->code[i] = s->said[i] = '\n';
            if (state == LEX_LINE_COMMENT) {
                state = LEX_CODE;
            }
        } else if (state == LEX_CODE) {
            s->code[i] = c;
            if (c == '/' && (next == '/' || next == '*')) {
                s->code[i] = ' ';
                state = next == '/' ? LEX_LINE_COMMENT : LEX_COMMENT;
                i++;
            } else if (c == '"' || (c == '\'' && !(i && isalnum((unsigned char)s->text[i - 1])))) {
                state = c == '"' ? LEX_TEXT : LEX_CHAR;
            }
        } else if (state == LEX_COMMENT) {
            if (c == '*' && next == '/') {
                state = LEX_CODE;
                i++;
            }
        } else if (state == LEX_TEXT || state == LEX_CHAR) {
            if (c == (state == LEX_TEXT ? '"' : '\'')) {
                s->code[i] = c;
                state = LEX_CODE;
            } else {
                s->said[i] = c;
                if (c == '\\' && i + 1 < s->size && next != '\n') {
                    s->said[++i] = next;
                }
            }
        }
    }
    s->code[s->size] = s->said[s->size] = 0;
}

static inline char *tree_read(const char *path, size_t *ret_size) {
    FILE *f = fopen(path, "re");
    if (!f) {
        return NULL;
    }
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    char *text = NULL;
    if (size >= 0 && size <= TREE_BYTES_MAX && fseek(f, 0, SEEK_SET) == 0) {
        text = malloc((size_t)size + 2);
        assert_non_null(text);
        size_t n = fread(text, 1, (size_t)size, f);
        text[n] = text[n + 1] = 0;
        *ret_size = n;
    }
    fclose(f);
    return text;
}

static inline void tree_add(const char *path) {
    size_t size = 0;
    char *text = tree_read(path, &size);
    if (!text) {
        return;
    }
    if (memchr(text, 0, size)) { // pictures and the like
        free(text);
        return;
    }
    assert_true(tree_count < TREE_FILES_MAX);
    struct source *s = &tree[tree_count++];
    *s = (struct source){.text = text, .size = size, .path = strdup(path)};
    if (is_c(path)) {
        s->code = malloc(size + 1);
        s->said = malloc(size + 1);
        assert_true(s->code && s->said);
        lex_split(s);
    }
}

static inline bool tree_skips(const char *dir, const char *name) {
    // Hidden folders belong to other programs, but for .ci.
    if ((name[0] == '.' && strcmp(name, ".ci") != 0 && !ends(name, ".json") &&
         strcmp(name, ".clang-format") != 0) ||
        strcmp(name, "node_modules") == 0 || strcmp(name, "corpus") == 0) {
        return true;
    }
    return strcmp(dir, ".") == 0 && (starts(name, "build") || strcmp(name, "var") == 0);
}

static inline void tree_walk(const char *dir) {
    DIR *d = opendir(dir);
    if (!d) {
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(d))) {
        char path[1024];
        struct stat st;
        if (tree_skips(dir, entry->d_name)) {
            continue;
        }
        bool root = strcmp(dir, ".") == 0;
        snprintf(path, sizeof path, "%s%s%s", root ? "" : dir, root ? "" : "/", entry->d_name);
        if (lstat(path, &st) != 0) {
            continue;
        }
        if (S_ISDIR(st.st_mode)) {
            tree_walk(path);
        } else if (S_ISREG(st.st_mode)) {
            tree_add(path);
        }
    }
    closedir(d);
}

static inline int tree_order(const void *a, const void *b) {
    return strcmp(((const struct source *)a)->path, ((const struct source *)b)->path);
}

// Group setup of cmocka: reads the tree, whose root is the working folder of the tests.
static inline int tree_open(void **state) {
    (void)state;
    tree = calloc(TREE_FILES_MAX, sizeof *tree);
    if (!tree) {
        return -1;
    }
    tree_walk(".");
    qsort(tree, tree_count, sizeof *tree, tree_order);
    return tree_count > 10 ? 0 : -1;
}

static inline int tree_close(void **state) {
    (void)state;
    for (size_t i = 0; i < tree_count; i++) {
        free(tree[i].path);
        free(tree[i].text);
        free(tree[i].code);
        free(tree[i].said);
    }
    free(tree);
    return 0;
}

static inline const struct source *tree_find(const char *path) {
    for (size_t i = 0; i < tree_count; i++) {
        if (strcmp(tree[i].path, path) == 0) {
            return &tree[i];
        }
    }
    return NULL;
}

// Each check begins and ends with these.
static inline void faults_begin(void) {
    tree_faults = 0;
}

static inline void faults_end(const char *what_to_do) {
    if (tree_faults) {
        fail_msg("%d place(s) above. What to do: %s", tree_faults, what_to_do);
    }
}

#endif
