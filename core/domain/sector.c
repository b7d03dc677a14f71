// SPDX-License-Identifier: Apache-2.0
// The list of sectors, read once from the codes the program carries.
#include "base/embed.h"
#include "base/text.h"
#include "domain/supplier.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SECTORS_MAX 64

extern const struct embedded embedded_codes[];

static struct sector list[SECTORS_MAX];
static size_t count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_line(char *line) {
    char *bar = strchr(line, '|');
    if (*line == '#' || !bar || count == SECTORS_MAX) {
        return;
    }
    *bar = 0;
    list[count++] = (struct sector){text_trim(line), text_trim(bar + 1)};
}

// The copy stays for the life of the program: the list points into it.
static void read_list(void) {
    static char *copy;
    for (const struct embedded *e = embedded_codes; e->path; e++) {
        if (strcmp(e->path, "codes/sectors.txt") != 0) {
            continue;
        }
        copy = malloc(e->n + 1);
        if (!copy) {
            abort();
        }
        memcpy(copy, e->bytes, e->n + 1);
        for (char *line = copy, *next; line; line = next) {
            next = strchr(line, '\n');
            if (next) {
                *next++ = 0;
            }
            read_line(line);
        }
    }
}

const struct sector *supplier_sectors(size_t *ret_n) {
    pthread_once(&once, read_list);
    *ret_n = count;
    return list;
}

const char *supplier_sector_words(const char *code) {
    size_t n;
    const struct sector *s = supplier_sectors(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(s[i].code, code) == 0) {
            return s[i].words;
        }
    }
    return "";
}
