// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the body parsers. First byte: urlencoded, multipart (boundary XbX), JSON, or a Content-Type
// value and a body of that type; second byte: how the body is split. The result must not depend on the split.
#include "../unit/http/body_kit.h"

#include "http/urlenc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST_HOLD(x)                                                                                         \
    do {                                                                                                     \
        if (!(x))                                                                                            \
            abort();                                                                                         \
    } while (0)

static struct notes whole;
static struct notes split;
static int64_t file_bytes;
static bool file_open;

static int check_field(void *ctx, const char *name, const char *value, size_t value_len) {
    MUST_HOLD(strlen(name) <= BODY_NAME_MAX && urlenc_utf8_valid(name, strlen(name)));
    MUST_HOLD(strlen(value) == value_len && value_len <= 300 && urlenc_utf8_valid(value, value_len));
    MUST_HOLD(strcmp(name, "_charset_") != 0 && !file_open);
    return notes_field(ctx, name, value, value_len);
}

static int check_begin(void *ctx, const char *field, const char *display_name, const char *media_type) {
    size_t n = strlen(display_name);
    MUST_HOLD(n > 0 && n <= BODY_DISPLAY_NAME_MAX && urlenc_utf8_valid(display_name, n));
    MUST_HOLD(strcspn(display_name, "/\\<>:\"|?*\r\n\t\x7F") == n && display_name[0] != '.');
    MUST_HOLD(strchr(media_type, '/') && strlen(media_type) <= BODY_TYPE_MAX && !file_open);
    file_open = true;
    file_bytes = 0;
    return notes_begin(ctx, field, display_name, media_type);
}

static int check_data(void *ctx, const void *bytes, size_t len) {
    file_bytes += (int64_t)len;
    MUST_HOLD(file_open && len > 0 && file_bytes <= 400);
    return notes_data(ctx, bytes, len);
}

static int check_end(void *ctx, int64_t bytes) {
    MUST_HOLD(file_open && bytes == file_bytes);
    file_open = false;
    return notes_end(ctx, bytes);
}

static struct body_limits limits(void) {
    struct body_limits l = body_limits_default();
    l.total_bytes = 20000;
    l.fields_max = 20;
    l.files_max = 4;
    l.parts_max = 22;
    l.field_bytes = 300;
    l.file_bytes = 400;
    return l;
}

static struct body_fault run(const struct body_type *type, const uint8_t *bytes, size_t n, uint64_t seed,
                             struct notes *notes) {
    struct body_limits l = limits();
    struct body_sink sink = notes_sink(notes);
    sink.field = check_field;
    sink.file_begin = check_begin;
    sink.file_data = check_data;
    sink.file_end = check_end;
    file_open = false;
    struct body_fault fault = {0, NULL};
    struct body *b = body_open(type, -1, &l, &sink, &fault);
    MUST_HOLD(b);
    bool ok = true;
    for (size_t at = 0; at < n && ok;) {
        size_t take = seed ? (size_t)(kit_next(&seed) % 9) + 1 : n;
        if (take > n - at)
            take = n - at;
        ok = body_feed(b, bytes + at, take);
        at += take;
    }
    body_finish(b, true);
    fault = body_get_fault(b);
    MUST_HOLD(fault.status != 0 || !file_open);
    MUST_HOLD(body_bytes(b) <= l.total_bytes);
    body_free(b);
    return fault;
}

static void check_fault(struct body_fault f) {
    MUST_HOLD(f.status == 0 || f.status == 400 || f.status == 413 || f.status == 415 || f.status == 422);
    MUST_HOLD((f.status == 0) == (f.key == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    struct body_type type = {.kind = (enum body_kind)(data[0] % 3), .boundary = "XbX"};
    uint64_t seed = (uint64_t)data[1] + 1;
    bool typed = data[0] % 4 == 3;
    data += 2;
    size -= 2;
    if (typed) {
        // A Content-Type up to the first line end, then the body.
        const uint8_t *end = memchr(data, '\n', size);
        size_t n = end ? (size_t)(end - data) : size;
        char text[300];
        if (n >= sizeof text)
            return 0;
        memcpy(text, data, n);
        text[n] = '\0';
        struct body_fault f = body_type_parse(text, &type);
        check_fault(f);
        if (f.status != 0)
            return 0;
        MUST_HOLD(type.kind != BODY_MULTIPART || type.boundary[0] != '\0');
        size_t used = end ? n + 1 : n;
        data += used;
        size -= used;
    }
    struct body_fault a = run(&type, data, size, 0, &whole);
    struct body_fault b = run(&type, data, size, seed, &split);
    check_fault(a);
    MUST_HOLD(a.status == b.status && (a.status == 0 || strcmp(a.key, b.key) == 0));
    MUST_HOLD(a.status != 0 || (whole.len == split.len && memcmp(whole.text, split.text, whole.len) == 0));
    return 0;
}
