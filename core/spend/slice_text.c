// SPDX-License-Identifier: Apache-2.0
// A slice as one line of text.
#include "spend/slice_text.h"

#include "base/strb.h"
#include "base/text.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 8192

static const struct {
    const char *key;
    size_t at;
} numbers[] = {{"from_year", offsetof(struct anc_slice, from_year)},
               {"to_year", offsetof(struct anc_slice, to_year)},
               {"from_month", offsetof(struct anc_slice, from_month)},
               {"to_month", offsetof(struct anc_slice, to_month)},
               {"flows", offsetof(struct anc_slice, flows)},
               {"places", offsetof(struct anc_slice, places)},
               {"vcfse", offsetof(struct anc_slice, vcfse)},
               {"sizes", offsetof(struct anc_slice, sizes)},
               {"rule", offsetof(struct anc_slice, rule)}};

static const struct {
    const char *key;
    size_t at;
} texts[] = {{"anchor", offsetof(struct anc_slice, anchor_ref)},
             {"ward", offsetof(struct anc_slice, ward)},
             {"area", offsetof(struct anc_slice, area)},
             {"sector", offsetof(struct anc_slice, sector)},
             {"payee", offsetof(struct anc_slice, payee)},
             {"category", offsetof(struct anc_slice, category)},
             {"classes", offsetof(struct anc_slice, vcfse_classes)}};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void put_encoded(struct strb *b, const char *s) {
    for (; *s; s++) {
        if (strchr("%&=#", *s) || (unsigned char)*s < 0x20) {
            strb_printf(b, "%%%02x", (unsigned char)*s);
        } else {
            strb_put(b, s, 1);
        }
    }
}

const char *slice_write(struct arena *a, const struct anc_slice *slice) {
    struct strb b;
    strb_init(&b, TEXT_MAX);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        int32_t v;
        memcpy(&v, (const char *)slice + numbers[i].at, sizeof v);
        if (v) {
            strb_printf(&b, "%s%s=%" PRId32, b.n ? "&" : "", numbers[i].key, v);
        }
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *v;
        memcpy(&v, (const char *)slice + texts[i].at, sizeof v);
        if (v && *v) {
            strb_printf(&b, "%s%s=", b.n ? "&" : "", texts[i].key);
            put_encoded(&b, v);
        }
    }
    const char *text = arena_strdup(a, b.p);
    strb_free(&b);
    return text;
}

// In place: it only gets shorter.
static bool decode(char *s) {
    char *out = s;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '%') {
            const char two[] = {s[1], s[1] ? s[2] : 0, 0};
            if (!hex_decode(two, 1, &c) || c == 0) {
                return false;
            }
            s += 2;
        }
        *out++ = (char)c;
    }
    *out = 0;
    return true;
}

static bool take(struct anc_slice *slice, const char *key, char *value) {
    int64_t v;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if (strcmp(numbers[i].key, key) == 0) {
            if (!text_i64(value, &v) || v < INT32_MIN || v > INT32_MAX) {
                return false;
            }
            int32_t n = (int32_t)v;
            memcpy((char *)slice + numbers[i].at, &n, sizeof n);
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (strcmp(texts[i].key, key) == 0) {
            const char *text = value;
            memcpy((char *)slice + texts[i].at, &text, sizeof text);
            return decode(value);
        }
    }
    return false;
}

bool slice_read(struct arena *a, const char *text, struct anc_slice *ret) {
    struct anc_slice slice = {.size = sizeof slice,
                              .anchor_ref = "",
                              .ward = "",
                              .area = "",
                              .sector = "",
                              .payee = "",
                              .category = "",
                              .vcfse_classes = ""};
    char *next, *at = arena_strdup(a, text);
    for (; *at; at = next) {
        next = at + strcspn(at, "&");
        if (*next) {
            *next++ = 0;
        }
        char *eq = strchr(at, '=');
        if (!eq) {
            return false;
        }
        *eq = 0;
        if (!take(&slice, at, eq + 1)) {
            return false;
        }
    }
    *ret = slice;
    return true;
}
