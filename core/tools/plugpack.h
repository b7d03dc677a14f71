// SPDX-License-Identifier: Apache-2.0
// What plugpack read, shared by the part that reads and the part that writes.
#ifndef ANCHORAGE_TOOLS_PLUGPACK_H
#define ANCHORAGE_TOOLS_PLUGPACK_H

#include <stddef.h>
#include <stdio.h>

#define MAX_TEXTS 1024

struct row {
    char *file; // where it stands, for messages
    int line;
    char *key, *text;
    size_t n;        // bytes of text
    unsigned number; // of a migration; parameters of a statement
};

struct rows {
    const char *what;
    size_t count, max;
    struct row list[MAX_TEXTS];
};

extern struct rows statements, migrations, templates, forms, texts, files;

// core/tools/plugpack_write.c: all tables that have rows, as a C header.
void plugpack_write(FILE *out);

#endif
