// SPDX-License-Identifier: Apache-2.0
// Building answers and their heads.
#include "http/response.h"

#include "base/clock.h"
#include "base/day.h"
#include "http/text_en.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

// OWASP HTTP headers cheat sheet. No inline script or style anywhere, nothing from other hosts.
static const char SECURITY[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n";

static const char *const cache_words[] = {
    [RESP_NO_STORE] = "no-store",
    [RESP_CHECK] = "no-cache",
    [RESP_FOREVER] = "public, max-age=31536000, immutable",
};

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char *resp_reason(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "Answer";
}

void resp_init(struct resp *r) {
    *r = (struct resp){0};
    strb_init(&r->head, RESP_HEAD_MAX);
    strb_init(&r->body, RESP_BODY_MAX);
}

void resp_free(struct resp *r) {
    strb_free(&r->head);
    strb_free(&r->body);
}

void resp_clear(struct resp *r) {
    strb_clear(&r->head);
    strb_clear(&r->body);
    r->status = 0;
    r->cache = RESP_NO_STORE;
    r->content_type = NULL;
    r->etag[0] = 0;
    r->fresh_until_usec = 0;
    r->sets_cookie = false;
    r->keep_not = false;
}

static bool safe_in_head(const char *s) {
    for (; *s; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f) {
            return false;
        }
    }
    return true;
}

bool resp_header(struct resp *r, const char *name, const char *value) {
    if (!*name || strpbrk(name, ": ") || !safe_in_head(name) || !safe_in_head(value)) {
        return false;
    }
    if (r->head.n + strlen(name) + strlen(value) + 4 > RESP_HEAD_MAX) {
        return false;
    }
    strb_printf(&r->head, "%s: %s\r\n", name, value);
    return true;
}

void resp_set(struct resp *r, int status, const char *content_type, const void *body, size_t n) {
    r->status = status;
    r->content_type = content_type;
    strb_clear(&r->body);
    strb_put(&r->body, body, n);
}

// Only our own sentences come here; they are escaped all the same.
static void put_html(struct strb *b, const char *s) {
    for (; *s; s++) {
        switch (*s) {
        case '&':
            strb_puts(b, "&amp;");
            break;
        case '<':
            strb_puts(b, "&lt;");
            break;
        case '"':
            strb_puts(b, "&quot;");
            break;
        default:
            strb_putc(b, *s);
        }
    }
}

static void put_json(struct strb *b, const char *s) {
    strb_putc(b, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\') {
            strb_putc(b, '\\');
        }
        strb_putc(b, (unsigned char)*s < 0x20 ? ' ' : *s);
    }
    strb_putc(b, '"');
}

static void error_as_json(struct resp *r, const char *key) {
    strb_puts(&r->body, "{\"error\":{\"code\":");
    put_json(&r->body, key);
    strb_puts(&r->body, ",\"title\":");
    put_json(&r->body, text_error(key, "title"));
    strb_puts(&r->body, ",\"what\":");
    put_json(&r->body, text_error(key, "what"));
    strb_puts(&r->body, ",\"do\":");
    put_json(&r->body, text_error(key, "do"));
    strb_puts(&r->body, "}}\n");
}

static void error_as_page(struct resp *r, const char *key) {
    struct strb *b = &r->body;
    strb_puts(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    put_html(b, text_error(key, "title"));
    strb_puts(b,
              "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n</head>\n"
              "<body>\n<main>\n<h1>");
    put_html(b, text_error(key, "title"));
    strb_puts(b, "</h1>\n<p>");
    put_html(b, text_error(key, "what"));
    strb_puts(b, "</p>\n<p>");
    put_html(b, text_error(key, "do"));
    strb_puts(b, "</p>\n<p><a href=\"/\">");
    put_html(b, text_get("go_home"));
    strb_puts(b, "</a></p>\n</main>\n</body>\n</html>\n");
}

void resp_error(struct resp *r, int status, enum err e, bool json) {
    int own = status ? status : err_status(e);
    resp_error_why(r, own, own == 408 ? "slow" : err_key(e), json);
}

void resp_error_why(struct resp *r, int status, const char *key, bool json) {
    resp_clear(r);
    r->status = status;
    if (json) {
        r->content_type = "application/json";
        error_as_json(r, key);
    } else {
        r->content_type = "text/html; charset=utf-8";
        error_as_page(r, key);
    }
    if (r->status == 503) {
        resp_header(r, "Retry-After", "5");
    }
}

void http_date(int64_t usec, char out[HTTP_DATE_BYTES]) {
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t day = (int32_t)(usec / USEC_PER_DAY);
    unsigned second = (unsigned)(usec % USEC_PER_DAY / USEC_PER_SEC);
    struct civil c;
    civil_from_day(day, &c);
    snprintf(out, HTTP_DATE_BYTES, "%s, %02u %s %04u %02u:%02u:%02u GMT",
             days[(unsigned)(day_of_week(day) - 1) % 7], (unsigned)c.day % 100,
             months[(unsigned)(c.month - 1) % 12], (unsigned)c.year % 10000, second / 3600, second / 60 % 60,
             second % 60);
}

void resp_head(const struct resp *r, const struct resp_send *how, size_t content_length, struct strb *out) {
    char date[HTTP_DATE_BYTES];
    http_date(how->now_usec, date);
    strb_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", r->status, resp_reason(r->status), date);
    if (r->status != 304) {
        if (r->content_type) {
            strb_printf(out, "Content-Type: %s\r\n", r->content_type);
        }
        strb_printf(out, "Content-Length: %zu\r\n", content_length);
    }
    if (how->encoding && r->status != 304) {
        strb_printf(out, "Content-Encoding: %s\r\n", how->encoding);
    }
    strb_printf(out, "Cache-Control: %s\r\n", cache_words[r->cache]);
    if (r->etag[0]) {
        strb_printf(out, "ETag: %s\r\n", r->etag);
    }
    if (r->etag[0] || how->encoding) {
        strb_puts(out, "Vary: Accept-Encoding, Cookie\r\n");
    }
    strb_puts(out, SECURITY);
    if (how->https) {
        strb_puts(out, "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n");
    }
    strb_put(out, r->head.p, r->head.n);
    strb_puts(out, how->close ? "Connection: close\r\n\r\n" : "\r\n");
}

bool etag_listed(const char *value, const char *etag) {
    if (!value || !*etag) {
        return false;
    }
    const char *bare = strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
    size_t n = strlen(bare);
    for (const char *p = value; *p;) {
        p += strspn(p, " \t,");
        if (*p == '*') {
            return true;
        }
        if (strncmp(p, "W/", 2) == 0) {
            p += 2;
        }
        if (strncmp(p, bare, n) == 0) {
            return true;
        }
        const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;
        if (!end) {
            return false; // not a list of tags
        }
        p = end + 1;
    }
    return false;
}

bool gzip_accepted(const char *value) {
    for (const char *p = value; p && *p;) {
        p += strspn(p, " \t,");
        size_t n = strcspn(p, " \t,;");
        bool named = (n == 4 && strncasecmp(p, "gzip", 4) == 0) || (n == 1 && *p == '*');
        const char *end = p + strcspn(p, ",");
        const char *q = strstr(p, "q=");
        bool zero = q && q < end && q[2] == '0' && strspn(q + 2, "0.") == strcspn(q + 2, " \t,");
        if (named) {
            return !zero;
        }
        p = end;
    }
    return false;
}
