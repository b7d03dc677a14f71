// SPDX-License-Identifier: Apache-2.0
// Build-host tool: embed OUT.c SYMBOL ROOT FILE... writes the files as a table of struct embedded.
// String literals, not lists of numbers: compilers read a megabyte of them in a fraction of a second.
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES (64L * 1024 * 1024)
#define LINE_BYTES     96

static int complain(const char *path, const char *what) {
    fprintf(stderr, "embed: %s: %s\n", path, what);
    return 1;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static unsigned char *read_all(const char *path, size_t *ret_n) {
    FILE *f = fopen(path, "rbe");
    if (!f) {
        return NULL;
    }
    unsigned char *bytes = NULL;
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (size >= 0 && size <= FILE_MAX_BYTES && fseek(f, 0, SEEK_SET) == 0) {
        bytes = malloc((size_t)size + 1);
        if (bytes && fread(bytes, 1, (size_t)size, f) != (size_t)size) {
            free(bytes);
            bytes = NULL;
        }
        *ret_n = (size_t)size;
    } else {
        errno = EFBIG;
    }
    fclose(f);
    return bytes;
}

// One character of a C string literal. '?' is written as octal so that no trigraph can arise.
static int put_char(FILE *out, unsigned char c) {
    if (c == '"' || c == '\\') {
        return fprintf(out, "\\%c", c);
    }
    if (c == '\n') {
        return fprintf(out, "\\n");
    }
    if (c < 0x20 || c >= 0x7f || c == '?') {
        return fprintf(out, "\\%03o", c);
    }
    return fprintf(out, "%c", c);
}

static void put_text(FILE *out, const unsigned char *bytes, size_t n) {
    fputs("    \"", out);
    int width = 0;
    for (size_t i = 0; i < n; i++) {
        if (width >= LINE_BYTES) {
            fputs("\"\n    \"", out);
            width = 0;
        }
        width += put_char(out, bytes[i]);
    }
    fputc('"', out);
}

static bool is_symbol(const char *s) {
    if (!isalpha((unsigned char)*s) && *s != '_') {
        return false;
    }
    for (; *s; s++) {
        if (!isalnum((unsigned char)*s) && *s != '_') {
            return false;
        }
    }
    return true;
}

static const char *relative(const char *root, const char *path) {
    size_t n = strlen(root);
    while (n > 0 && root[n - 1] == '/') {
        n--;
    }
    return strncmp(root, path, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

static int write_table(FILE *out, const char *symbol, const char *root, char **files, int count,
                       size_t *sizes) {
    fputs("// SPDX-License-Identifier: Apache-2.0\n// Written by core/tools/embed.c at build time.\n"
          "#include \"base/embed.h\"\n\n",
          out);
    for (int i = 0; i < count; i++) {
        size_t n = 0;
        unsigned char *bytes = read_all(files[i], &n);
        if (!bytes) {
            return complain(files[i], strerror(errno));
        }
        fprintf(out, "static const unsigned char file_%d[] =\n", i);
        put_text(out, bytes, n);
        fputs(";\n", out);
        sizes[i] = n;
        free(bytes);
    }
    fprintf(out, "\nextern const struct embedded %s[];\nconst struct embedded %s[] = {\n", symbol, symbol);
    for (int i = 0; i < count; i++) {
        const char *name = relative(root, files[i]);
        fputs("    {\n", out);
        put_text(out, (const unsigned char *)name, strlen(name));
        fprintf(out, ", file_%d, %zu},\n", i, sizes[i]);
    }
    fputs("    {0, 0, 0},\n};\n", out);
    return 0;
}

static int check(const char *symbol, const char *root, char **files, int count) {
    if (!is_symbol(symbol)) {
        return complain(symbol, "is no name for a C table");
    }
    for (int i = 0; i < count; i++) {
        if (!relative(root, files[i])) {
            return complain(files[i], "lies outside the root folder");
        }
        if (i > 0 && strcmp(files[i - 1], files[i]) == 0) {
            return complain(files[i], "is named twice");
        }
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fputs("usage: embed OUT.c SYMBOL ROOT FILE...\n", stderr);
        return 2;
    }
    char **files = argv + 4;
    int count = argc - 4;
    qsort(files, (size_t)count, sizeof *files, by_text);
    if (check(argv[2], argv[3], files, count)) {
        return 1;
    }
    size_t *sizes = calloc((size_t)count + 1, sizeof *sizes);
    FILE *out = fopen(argv[1], "we");
    if (!out || !sizes) {
        free(sizes);
        return complain(argv[1], strerror(errno));
    }
    int rc = write_table(out, argv[2], argv[3], files, count, sizes);
    free(sizes);
    if (fclose(out) != 0 && rc == 0) {
        rc = complain(argv[1], strerror(errno));
    }
    if (rc) {
        remove(argv[1]);
    }
    return rc;
}
