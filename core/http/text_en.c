// SPDX-License-Identifier: Apache-2.0
// Reads web/text/en.txt once, at its first use, into a sorted table.
#include "http/text_en.h"

#include "base/embed.h"
#include "base/log.h"
#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENTENCES_MAX 1024

extern const struct embedded embedded_text[];

struct sentence {
    const char *key, *text;
};

static struct sentence sentences[SENTENCES_MAX];
static size_t sentence_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int by_key(const void *a, const void *b) {
    return strcmp(((const struct sentence *)a)->key, ((const struct sentence *)b)->key);
}

static void read_line(char *line) {
    char *s = text_trim(line);
    char *eq = strchr(s, '=');
    if (*s == 0 || *s == '#' || !eq || sentence_count == SENTENCES_MAX) {
        return;
    }
    *eq = 0;
    sentences[sentence_count++] = (struct sentence){text_trim(s), text_trim(eq + 1)};
}

// The copy stays for the life of the program: the table points into it.
static void read_all(void) {
    for (const struct embedded *e = embedded_text; e->path; e++) {
        if (strcmp(e->path, "en.txt") != 0) {
            continue;
        }
        static char *copy;
        copy = malloc(e->n + 1);
        if (!copy) {
            abort();
        }
        memcpy(copy, e->bytes, e->n);
        copy[e->n] = 0;
        for (char *line = copy, *next; line; line = next) {
            next = strchr(line, '\n');
            if (next) {
                *next++ = 0;
            }
            read_line(line);
        }
    }
    qsort(sentences, sentence_count, sizeof sentences[0], by_key);
}

static const char *find(const char *key) {
    pthread_once(&once, read_all);
    struct sentence wanted = {key, ""};
    const struct sentence *s = bsearch(&wanted, sentences, sentence_count, sizeof sentences[0], by_key);
    return s ? s->text : NULL;
}

const char *text_get(const char *key) {
    const char *s = find(key);
    if (!s) {
        log_event(LOG_LEVEL_ERROR, "sentence_missing", "key", key, NULL);
        return key;
    }
    return s;
}

const char *text_error(const char *key, const char *part) {
    char name[128];
    snprintf(name, sizeof name, "error.%s.%s", key, part);
    const char *s = find(name);
    if (!s) {
        log_event(LOG_LEVEL_ERROR, "sentence_missing", "key", name, NULL);
        snprintf(name, sizeof name, "error.bug.%s", part);
        s = find(name);
    }
    return s ? s : "";
}
