// SPDX-License-Identifier: Apache-2.0
// JSON body: counts while it arrives, parses once at the end.
#include "http/jsonbody.h"

#include <jansson.h>

// Reads one byte of the pre-scan. Brackets of the wrong kind are left for jansson to refuse.
static struct body_fault scan(struct jsonbody *j, char c, const struct body_limits *limits) {
    if (j->in_string) {
        if (j->escaped)
            j->escaped = false;
        else if (c == '\\')
            j->escaped = true;
        else if (c == '"')
            j->in_string = false;
        return (struct body_fault){0, NULL};
    }
    switch (c) {
    case '"':
        j->in_string = true;
        break;
    case '[':
    case '{':
        j->items++;
        if (++j->depth > limits->json_depth)
            return (struct body_fault){422, "json.too_deep"};
        break;
    case ']':
    case '}':
        if (j->depth == 0)
            return (struct body_fault){400, "json.syntax"};
        j->depth--;
        break;
    case ',':
    case ':':
        j->items++;
        break;
    case '\0':
        return (struct body_fault){400, "json.syntax"};
    default:
        break;
    }
    if (j->items > limits->json_items)
        return (struct body_fault){413, "json.too_many_items"};
    return (struct body_fault){0, NULL};
}

struct body_fault jsonbody_feed(struct jsonbody *j, const char *bytes, size_t n,
                                const struct body_limits *limits) {
    for (size_t i = 0; i < n; i++) {
        struct body_fault f = scan(j, bytes[i], limits);
        if (f.status != 0)
            return f;
    }
    // body_feed has counted the bytes against the limit already
    int status = body_buf_add(&j->text, bytes, n, SIZE_MAX);
    return (struct body_fault){status, status ? "body.no_memory" : NULL};
}

struct body_fault jsonbody_finish(struct jsonbody *j, const struct body_sink *sink) {
    if (j->depth > 0 || j->in_string)
        return (struct body_fault){400, "json.syntax"};
    json_error_t error = {0}; // jansson leaves the code unset when it has no memory to start
    json_t *root = json_loadb(body_buf_text(&j->text), j->text.len, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        switch (json_error_code(&error)) {
        case json_error_unknown:
        case json_error_out_of_memory:
            return (struct body_fault){503, "body.no_memory"};
        case json_error_duplicate_key:
            return (struct body_fault){422, "json.duplicate_key"};
        case json_error_numeric_overflow:
            return (struct body_fault){422, "json.number_too_large"};
        case json_error_null_character:
        case json_error_null_byte_in_key:
            return (struct body_fault){422, "json.nul"};
        case json_error_invalid_utf8:
            return (struct body_fault){400, "json.utf8"};
        default:
            return (struct body_fault){400, "json.syntax"};
        }
    }
    if (!sink->json) {
        json_decref(root);
        return (struct body_fault){0, NULL};
    }
    int status = sink->json(sink->ctx, root);
    return (struct body_fault){status, status ? "body.refused" : NULL};
}

void jsonbody_free(struct jsonbody *j) {
    body_buf_free(&j->text);
}
