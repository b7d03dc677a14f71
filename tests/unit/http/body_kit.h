// SPDX-License-Identifier: Apache-2.0
// A sink that writes down what it gets, and a way to run one body in any split.
#ifndef ANCHORAGE_TEST_BODY_KIT_H
#define ANCHORAGE_TEST_BODY_KIT_H

#include "http/body.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "F name=value;" for a field, "B field|display name|type:" content "E" bytes ";" for a file, "J" text ";"
// for JSON.
struct notes {
    char text[200000];
    size_t len;
    bool full;
};

static inline void notes_add(struct notes *n, const void *bytes, size_t len) {
    if (len > sizeof n->text - 1 - n->len) {
        n->full = true;
        return;
    }
    memcpy(n->text + n->len, bytes, len);
    n->len += len;
    n->text[n->len] = '\0';
}

static inline void notes_text(struct notes *n, const char *s) {
    notes_add(n, s, strlen(s));
}

static inline int notes_field(void *ctx, const char *name, const char *value, size_t value_len) {
    if (strcmp(name, "refuse-me") == 0)
        return 422;
    notes_text(ctx, "F ");
    notes_text(ctx, name);
    notes_text(ctx, "=");
    notes_add(ctx, value, value_len);
    notes_text(ctx, ";");
    return 0;
}

static inline int notes_begin(void *ctx, const char *field, const char *display_name,
                              const char *media_type) {
    notes_text(ctx, "B ");
    notes_text(ctx, field);
    notes_text(ctx, "|");
    notes_text(ctx, display_name);
    notes_text(ctx, "|");
    notes_text(ctx, media_type);
    notes_text(ctx, ":");
    return 0;
}

static inline int notes_data(void *ctx, const void *bytes, size_t len) {
    notes_add(ctx, bytes, len);
    return 0;
}

static inline int notes_end(void *ctx, int64_t bytes) {
    char text[32];
    snprintf(text, sizeof text, "E%lld;", (long long)bytes);
    notes_text(ctx, text);
    return 0;
}

static inline int notes_json(void *ctx, struct json_t *root) {
    char *text = json_dumps(root, JSON_COMPACT);
    notes_text(ctx, "J");
    notes_text(ctx, text ? text : "?");
    notes_text(ctx, ";");
    free(text);
    json_decref(root);
    return 0;
}

static inline struct body_sink notes_sink(struct notes *n) {
    n->len = 0;
    n->full = false;
    n->text[0] = '\0';
    return (struct body_sink){n, notes_field, notes_begin, notes_data, notes_end, notes_json};
}

static inline uint64_t kit_next(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

// Feeds a body in pieces of at most `most` bytes (0: all at once; with a seed: of random sizes up to it).
static inline struct body_fault kit_run(const struct body_type *type, const void *bytes, size_t n,
                                        int64_t declared, const struct body_limits *limits, size_t most,
                                        uint64_t seed, struct notes *notes) {
    struct body_sink sink = notes_sink(notes);
    struct body_fault fault = {0, NULL};
    struct body *b = body_open(type, declared, limits, &sink, &fault);
    if (!b)
        return fault;
    bool ok = true;
    for (size_t at = 0; at < n && ok;) {
        size_t take = most == 0 ? n : most;
        if (seed)
            take = (size_t)(kit_next(&seed) % most) + 1;
        if (take > n - at)
            take = n - at;
        // An own block of exactly this size lets the address sanitizer see any read outside.
        char *piece = malloc(take);
        if (!piece)
            abort();
        memcpy(piece, (const char *)bytes + at, take);
        ok = body_feed(b, piece, take);
        free(piece);
        at += take;
    }
    body_finish(b, true);
    fault = body_get_fault(b);
    body_free(b);
    return fault;
}

#endif
