// SPDX-License-Identifier: Apache-2.0
// Escaping by place.
#include "render/escape.h"

#include <string.h>

struct entity {
    const char *p;
    size_t n;
};

#define REPLACEMENT "\xEF\xBF\xBD"

// 0: as it is; otherwise an index into entities.
static const unsigned char text_class[256] = {
    ['&'] = 1,  ['<'] = 2,  ['>'] = 3,  ['"'] = 4,  ['\''] = 5, [0] = 6,    [1] = 6,
    [2] = 6,    [3] = 6,    [4] = 6,    [5] = 6,    [6] = 6,    [7] = 6,    [8] = 6,
    [0x0b] = 6, [0x0c] = 6, [0x0e] = 6, [0x0f] = 6, [0x10] = 6, [0x11] = 6, [0x12] = 6,
    [0x13] = 6, [0x14] = 6, [0x15] = 6, [0x16] = 6, [0x17] = 6, [0x18] = 6, [0x19] = 6,
    [0x1a] = 6, [0x1b] = 6, [0x1c] = 6, [0x1d] = 6, [0x1e] = 6, [0x1f] = 6, [0x7f] = 6,
};

static const struct entity entities[] = {
    {"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5}, {REPLACEMENT, 3},
};

static void put_text(struct strb *out, const char *s, size_t n) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char class = text_class[(unsigned char)s[i]];
        if (class) {
            strb_put(out, s + from, i - from);
            strb_put(out, entities[class].p, entities[class].n);
            from = i + 1;
        }
    }
    strb_put(out, s + from, n - from);
}

static bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// RFC 3986 section 2; the apostrophe is left out so that no kind of quote survives.
static bool is_kept(char c, const char *reserved) {
    return is_unreserved(c) || (c != 0 && strchr(reserved, c));
}

#define RESERVED_REST ":/?#[]@!$&()*+,;="
#define RESERVED_PATH ":/@!$&()*+,;="

static void put_percent(struct strb *out, char c) {
    static const char digits[] = "0123456789ABCDEF";
    unsigned char u = (unsigned char)c;
    char code[3] = {'%', digits[u >> 4], digits[u & 15]};
    strb_put(out, code, sizeof code);
}

// keep_codes: "%41" in the value is a code already, and stays.
static void put_url(struct strb *out, const char *s, size_t n, const char *reserved, bool keep_codes) {
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '&' && strchr(reserved, '&')) {
            strb_put(out, "&amp;", 5);
        } else if (is_kept(s[i], reserved)) {
            strb_put(out, s + i, 1);
        } else if (s[i] == '%' && keep_codes && n - i > 2 && is_hex(s[i + 1]) && is_hex(s[i + 2])) {
            strb_put(out, "%", 1);
        } else {
            put_percent(out, s[i]);
        }
    }
}

static bool starts_nocase(const char *s, size_t n, const char *word) {
    size_t len = strlen(word);
    if (n < len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
        if (c != word[i]) {
            return false;
        }
    }
    return true;
}

bool escape_url_allowed(const char *s, size_t n, bool same_site) {
    // Browsers drop tabs and line ends inside an address, which would turn "/\t/host" into "//host".
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f) {
            return false;
        }
    }
    if (n == 0) {
        return false;
    }
    if (s[0] == '/') {
        return n == 1 || (s[1] != '/' && s[1] != '\\');
    }
    if (s[0] == '#' || s[0] == '?') {
        return true;
    }
    if (same_site) {
        return false;
    }
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t len = strlen(schemes[i]);
        if (starts_nocase(s, n, schemes[i])) {
            return n > len && s[len] != '/' && s[len] != '\\';
        }
    }
    return false;
}

// "/." means "/" and cannot become "//host" whatever follows.
static void put_start(struct strb *out, const char *s, size_t n, bool same_site, bool goes_on) {
    if (!escape_url_allowed(s, n, same_site)) {
        strb_put(out, "#", 1);
        return;
    }
    put_url(out, s, n, RESERVED_REST, true);
    if (goes_on && n == 1 && s[0] == '/') {
        strb_put(out, ".", 1);
    }
}

static void put_after_slash(struct strb *out, const char *s, size_t n, bool goes_on) {
    if (n == 0) {
        strb_put(out, ".", goes_on ? 1 : 0);
        return;
    }
    if (s[0] == '/') {
        put_percent(out, '/');
        s++;
        n--;
    }
    put_url(out, s, n, RESERVED_PATH, true);
}

void escape_put(struct strb *out, enum escape place, const char *s, size_t n) {
    switch (place) {
    case ESCAPE_TEXT:
        put_text(out, s, n);
        break;
    case ESCAPE_URL:
    case ESCAPE_URL_MORE:
        put_start(out, s, n, false, place == ESCAPE_URL_MORE);
        break;
    case ESCAPE_SITE:
    case ESCAPE_SITE_MORE:
        put_start(out, s, n, true, place == ESCAPE_SITE_MORE);
        break;
    case ESCAPE_SLASH:
    case ESCAPE_SLASH_MORE:
        put_after_slash(out, s, n, place == ESCAPE_SLASH_MORE);
        break;
    case ESCAPE_NEXT:
        if (n > 0 && !strchr("/?#&", s[0])) {
            strb_put(out, "#", 1);
        } else {
            put_url(out, s, n, RESERVED_REST, true);
        }
        break;
    case ESCAPE_PATH:
        put_url(out, s, n, RESERVED_PATH, true);
        break;
    case ESCAPE_REST:
        put_url(out, s, n, RESERVED_REST, true);
        break;
    case ESCAPE_PART:
        put_url(out, s, n, "", false);
        break;
    }
}

void escape_text(struct strb *out, const char *s) {
    if (s) {
        put_text(out, s, strlen(s));
    }
}
