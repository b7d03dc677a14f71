// SPDX-License-Identifier: Apache-2.0
// Content-Disposition of a form part, and safe display names for uploaded files.
#include "http/disposition.h"

#include "http/urlenc.h"

#include <string.h>
#include <strings.h>

#define EXTENSION_MAX 16 // bytes with the dot

static const struct body_fault fine = {0, NULL};
static const struct body_fault wrong = {400, "multipart.disposition"};

// What is left to read of the value.
struct cursor {
    const char *at;
    const char *end;
};

static void skip_blanks(struct cursor *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

static bool is_token_char(char c) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static size_t token_length(const struct cursor *c) {
    const char *p = c->at;
    while (p < c->end && is_token_char(*p))
        p++;
    return (size_t)(p - c->at);
}

// Reads a token or a quoted text into out. False: wrong form or longer than max bytes.
static bool read_value(struct cursor *c, char *out, size_t max, size_t *ret_len) {
    size_t n = 0;
    if (c->at == c->end || *c->at != '"') {
        n = token_length(c);
        if (n == 0 || n > max)
            return false;
        memcpy(out, c->at, n);
        c->at += n;
    } else {
        for (c->at++; c->at < c->end && *c->at != '"'; c->at++) {
            bool pair = *c->at == '\\' && c->end - c->at > 1 && (c->at[1] == '"' || c->at[1] == '\\');
            if (pair)
                c->at++;
            if (n == max)
                return false;
            out[n++] = *c->at;
        }
        if (c->at == c->end)
            return false;
        c->at++;
    }
    out[n] = '\0';
    *ret_len = n;
    return urlenc_utf8_valid(out, n) && memchr(out, '\0', n) == NULL;
}

// ext-value = charset "'" [ language ] "'" value-chars (RFC 8187 section 3.2.1); UTF-8 only.
static bool read_extended(const char *s, size_t n, char *out, size_t *ret_len) {
    static const char charset[] = "utf-8'";
    size_t head = sizeof charset - 1;
    if (n < head || strncasecmp(s, charset, head) != 0)
        return false;
    const char *second = memchr(s + head, '\'', n - head);
    if (!second)
        return false;
    size_t skip = (size_t)(second - s) + 1;
    return urlenc_decode(s + skip, n - skip, 0, out, DISPOSITION_FILE_RAW_MAX + 1, ret_len) == URLENC_OK;
}

// What was seen so far of one value.
struct seen {
    bool name;
    bool file;
    bool extended;
    char raw[DISPOSITION_FILE_RAW_MAX + 1]; // the file name that counts
    size_t raw_len;
};

static bool take_name(struct cursor *c, struct seen *seen, struct disposition *d) {
    size_t len;
    if (seen->name)
        return false;
    seen->name = true;
    return read_value(c, d->name, BODY_NAME_MAX, &len);
}

static bool take_file(struct cursor *c, struct seen *seen, bool extended) {
    char text[DISPOSITION_FILE_RAW_MAX + 1];
    size_t len;
    bool *once = extended ? &seen->extended : &seen->file;
    if (*once || !read_value(c, text, DISPOSITION_FILE_RAW_MAX, &len))
        return false;
    *once = true;
    if (extended)
        return read_extended(text, len, seen->raw, &seen->raw_len);
    if (seen->extended)
        return true; // filename* came first and wins
    memcpy(seen->raw, text, len + 1);
    seen->raw_len = len;
    return true;
}

static bool take_parameter(struct cursor *c, struct seen *seen, struct disposition *d) {
    skip_blanks(c);
    const char *name = c->at;
    size_t n = token_length(c);
    c->at += n;
    if (n == 0 || c->at == c->end || *c->at != '=')
        return false;
    c->at++;
    if (n == 4 && strncasecmp(name, "name", n) == 0)
        return take_name(c, seen, d);
    if (n == 8 && strncasecmp(name, "filename", n) == 0)
        return take_file(c, seen, false);
    if (n == 9 && strncasecmp(name, "filename*", n) == 0)
        return take_file(c, seen, true);
    char ignored[DISPOSITION_FILE_RAW_MAX + 1];
    size_t len;
    return read_value(c, ignored, DISPOSITION_FILE_RAW_MAX, &len);
}

struct body_fault disposition_parse(const char *value, size_t n, struct disposition *ret) {
    struct cursor c = {value, value + n};
    struct seen seen = {0};
    struct disposition d = {0};
    skip_blanks(&c);
    size_t type_len = token_length(&c);
    if (type_len != 9 || strncasecmp(c.at, "form-data", type_len) != 0)
        return wrong;
    c.at += type_len;
    for (;;) {
        skip_blanks(&c);
        if (c.at == c.end)
            break;
        if (*c.at++ != ';' || !take_parameter(&c, &seen, &d))
            return wrong;
    }
    if (!seen.name)
        return wrong;
    d.is_file = seen.file || seen.extended;
    d.file_named = d.is_file && seen.raw_len > 0;
    if (d.is_file)
        disposition_display_name(seen.raw, seen.raw_len, d.display_name);
    *ret = d;
    return fine;
}

// One character of valid UTF-8 at s: its code point and its length in bytes.
static unsigned long code_point(const unsigned char *s, size_t *ret_len) {
    if (s[0] < 0x80) {
        *ret_len = 1;
        return s[0];
    }
    size_t len = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    unsigned long cp = s[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        cp = (cp << 6) | (s[i] & 0x3Fu);
    *ret_len = len;
    return cp;
}

// Control characters, and marks that turn the reading direction so that "exe.pdf" can look like "fdp.exe".
static bool is_dropped(unsigned long cp) {
    if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F))
        return true;
    return cp == 0x061C || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF;
}

static bool is_trimmed(char c) {
    return c == ' ' || c == '.';
}

// Length of the extension with its dot, 0 when there is none worth keeping.
static size_t extension_length(const char *s, size_t n) {
    for (size_t i = 1; i <= EXTENSION_MAX && i < n; i++)
        if (s[n - i] == '.')
            return i > 1 ? i : 0;
    return 0;
}

// Largest length up to max that does not cut a character.
static size_t whole_characters(const char *s, size_t max) {
    while (max > 0 && ((unsigned char)s[max] & 0xC0) == 0x80)
        max--;
    return max;
}

void disposition_display_name(const char *raw, size_t n, char ret_name[BODY_DISPLAY_NAME_MAX + 1]) {
    char clean[DISPOSITION_FILE_RAW_MAX + 1];
    size_t len = 0;
    size_t start = 0;
    for (size_t i = 0; i < n; i++)
        if (raw[i] == '/' || raw[i] == '\\')
            start = i + 1;
    for (size_t i = start, step; i < n; i += step) {
        unsigned long cp = code_point((const unsigned char *)raw + i, &step);
        if (is_dropped(cp) || len + step > DISPOSITION_FILE_RAW_MAX)
            continue;
        if (cp < 0x80 && strchr("<>:\"|?*", (int)cp) != NULL)
            clean[len++] = '_';
        else
            memcpy(clean + len, raw + i, step), len += step;
    }
    size_t from = 0;
    while (from < len && is_trimmed(clean[from]))
        from++;
    while (len > from && is_trimmed(clean[len - 1]))
        len--;
    const char *s = clean + from;
    len -= from;
    clean[from + len] = '\0';
    if (len == 0) {
        memcpy(ret_name, "file", sizeof "file");
        return;
    }
    if (len <= BODY_DISPLAY_NAME_MAX) {
        memcpy(ret_name, s, len + 1);
        return;
    }
    size_t ext = extension_length(s, len);
    size_t stem = whole_characters(s, BODY_DISPLAY_NAME_MAX - ext);
    memcpy(ret_name, s, stem);
    memcpy(ret_name + stem, s + len - ext, ext);
    ret_name[stem + ext] = '\0';
}
