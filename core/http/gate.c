// SPDX-License-Identifier: Apache-2.0
// The strict gate over one parsed HTTP/1.x request.
#include "http/gate.h"

#include "http/urlenc.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

// Each rule fills the verdict and returns false, or returns true to go on.
static bool refuse(struct gate_verdict *v, int status, const char *key) {
    v->status = status;
    v->error_key = key;
    v->close = true;
    return false;
}

static bool is_token_char(unsigned char c) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(const char *s) {
    if (*s == '\0')
        return false;
    for (; *s != '\0'; s++)
        if (!is_token_char((unsigned char)*s))
            return false;
    return true;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// The value without the optional white space around it (RFC 9110 section 5.5).
static const char *trim(const char *s, size_t *ret_len) {
    while (is_blank(*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && is_blank(s[n - 1]))
        n--;
    *ret_len = n;
    return s;
}

static bool same_word(const char *s, size_t n, const char *word) {
    return n == strlen(word) && strncasecmp(s, word, n) == 0;
}

const char *gate_header(const struct gate_request *req, const char *name) {
    for (size_t i = 0; i < req->header_count; i++)
        if (strcasecmp(req->headers[i].name, name) == 0)
            return req->headers[i].value;
    return NULL;
}

static bool check_raw(const struct gate_request *req, struct gate_verdict *v) {
    if (!req->method || !req->target || !req->version)
        return refuse(v, 400, "http.request_line");
    if (req->raw_fault == RAWCHECK_OK)
        return true;
    return refuse(v, req->raw_fault == RAWCHECK_TOO_LONG ? 431 : 400, rawcheck_fault_key(req->raw_fault));
}

static bool check_version(const struct gate_request *req, struct gate_verdict *v) {
    if (strcmp(req->version, "1.1") == 0 || strcmp(req->version, "1.0") == 0)
        return true;
    return refuse(v, 505, "http.version");
}

static bool check_method(const struct gate_request *req, struct gate_verdict *v, struct gate_result *r) {
    static const char *const names[] = {[GATE_GET] = "GET", [GATE_HEAD] = "HEAD", [GATE_POST] = "POST"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(req->method, names[i]) == 0) {
            r->method = (enum gate_method)i;
            return true;
        }
    }
    if (!is_token(req->method))
        return refuse(v, 400, "http.method_form");
    v->allow = GATE_ALLOW;
    return refuse(v, 405, "http.method");
}

// Looks at the decoded path as it grows, segment by segment.
struct path_state {
    size_t segment_bytes;
    size_t segment_dots;
    bool started;
};

static const char *path_byte(struct path_state *p, unsigned char c, bool escaped) {
    if (c == '\\')
        return "http.target_backslash";
    if (c == '#' && !escaped)
        return "http.target_fragment";
    if (c != '/') {
        p->segment_bytes++;
        p->segment_dots += c == '.';
        return NULL;
    }
    if (escaped)
        return "http.target_slash"; // %2F: two programs would see two different paths
    if (p->started && p->segment_bytes == 0)
        return "http.target_slash";
    if (p->segment_bytes > 0 && p->segment_bytes <= 2 && p->segment_dots == p->segment_bytes)
        return "http.target_dots";
    p->started = true;
    p->segment_bytes = 0;
    p->segment_dots = 0;
    return NULL;
}

// The faults that decoding byte by byte can have.
static const char *target_fault_key(enum urlenc_fault f) {
    if (f == URLENC_BAD_PERCENT)
        return "http.target_percent";
    return f == URLENC_BAD_UTF8 ? "http.target_utf8" : "http.target_control";
}

static bool decode_path(const char *s, size_t n, struct gate_verdict *v, struct gate_result *r) {
    struct urlenc_decoder d = {0};
    struct path_state p = {0};
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        bool escaped = d.digits > 0;
        bool made;
        unsigned char byte = 0;
        if ((unsigned char)s[i] >= 0x80 || s[i] == ' ')
            return refuse(v, 400, "http.target_form"); // must be escaped (RFC 3986)
        enum urlenc_fault f = urlenc_step(&d, (unsigned char)s[i], URLENC_NO_CONTROL, &made, &byte);
        if (f != URLENC_OK)
            return refuse(v, 400, target_fault_key(f));
        if (!made)
            continue;
        const char *key = path_byte(&p, byte, escaped);
        if (key)
            return refuse(v, 400, key);
        r->path[len++] = (char)byte;
    }
    enum urlenc_fault f = urlenc_end(&d);
    if (f != URLENC_OK)
        return refuse(v, 400, target_fault_key(f));
    if (p.segment_bytes > 0 && p.segment_bytes <= 2 && p.segment_dots == p.segment_bytes)
        return refuse(v, 400, "http.target_dots");
    r->path[len] = '\0';
    r->path_len = len;
    return true;
}

// The query stays undecoded for urlenc_parse; here it is only made sure that decoding it will succeed.
static bool check_query(const char *s, size_t n, struct gate_verdict *v, struct gate_result *r) {
    struct urlenc_decoder d = {0};
    for (size_t i = 0; i < n; i++) {
        bool made;
        unsigned char byte = 0;
        if ((unsigned char)s[i] >= 0x80 || s[i] == ' ')
            return refuse(v, 400, "http.target_form");
        if (s[i] == '#')
            return refuse(v, 400, "http.target_fragment");
        // A name or a value must be whole by itself: an escape or a character cannot run over '&' or '='.
        if (s[i] == '&' || s[i] == '=') {
            enum urlenc_fault whole = urlenc_end(&d);
            if (whole != URLENC_OK)
                return refuse(v, 400, target_fault_key(whole));
        }
        enum urlenc_fault f =
            urlenc_step(&d, (unsigned char)s[i], URLENC_NO_CONTROL | URLENC_PLUS, &made, &byte);
        if (f != URLENC_OK)
            return refuse(v, 400, target_fault_key(f));
    }
    enum urlenc_fault f = urlenc_end(&d);
    if (f != URLENC_OK)
        return refuse(v, 400, target_fault_key(f));
    r->query = s;
    r->query_len = n;
    return true;
}

static bool check_target(const struct gate_request *req, struct gate_verdict *v, struct gate_result *r) {
    size_t path_len = strlen(req->target);
    const char *query = req->query;
    size_t query_len = 0;
    size_t total = path_len;
    if (query) {
        query_len = strlen(query);
        total += 1 + query_len;
    } else {
        const char *mark = memchr(req->target, '?', path_len);
        if (mark) {
            query = mark + 1;
            query_len = path_len - (size_t)(query - req->target);
            path_len = (size_t)(mark - req->target);
        }
    }
    if (total > GATE_TARGET_MAX)
        return refuse(v, 414, "http.target_too_long");
    if (path_len == 0 || req->target[0] != '/')
        return refuse(v, 400, "http.target_form");
    if (!decode_path(req->target, path_len, v, r))
        return false;
    return check_query(query ? query : "", query_len, v, r);
}

static bool check_header_form(const struct gate_request *req, struct gate_verdict *v) {
    if (req->header_count > GATE_HEADER_COUNT_MAX)
        return refuse(v, 431, "http.headers_too_many");
    size_t total = 0;
    for (size_t i = 0; i < req->header_count; i++) {
        const struct rawcheck_header *h = &req->headers[i];
        if (!h->name || !h->value)
            return refuse(v, 400, "http.header_name");
        total += strlen(h->name) + strlen(h->value) + 4;
    }
    if (total > GATE_HEADER_BYTES_MAX)
        return refuse(v, 431, "http.headers_too_large");
    for (size_t i = 0; i < req->header_count; i++) {
        if (!is_token(req->headers[i].name))
            return refuse(v, 400, "http.header_name");
        for (const char *p = req->headers[i].value; *p != '\0'; p++)
            if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7F)
                return refuse(v, 400, "http.header_value");
    }
    return true;
}

// Headers that decide something may stand there once only: two programs could pick different ones.
static bool check_singles(const struct gate_request *req, struct gate_verdict *v) {
    static const struct {
        const char *name;
        const char *key;
    } singles[] = {
        {"Host", "http.host_twice"},
        {"Content-Length", "http.length_twice"},
        {"Transfer-Encoding", "http.transfer_twice"},
        {"Content-Type", "http.type_twice"},
        {"Cookie", "http.cookie_twice"},
        {"Authorization", "http.authorization_twice"},
        {"Expect", "http.expect_twice"},
        {"Origin", "http.origin_twice"},
        {"Sec-Fetch-Site", "http.fetch_site_twice"},
    };
    for (size_t s = 0; s < sizeof singles / sizeof singles[0]; s++) {
        size_t seen = 0;
        for (size_t i = 0; i < req->header_count; i++)
            seen += strcasecmp(req->headers[i].name, singles[s].name) == 0;
        if (seen > 1)
            return refuse(v, 400, singles[s].key);
    }
    return true;
}

// uri-host [":" port] (RFC 9110 section 7.2) of letters, digits, '-', '.', '_' or a bracketed IPv6 address.
// Gives the length of the host part, 0 when the form is wrong.
static size_t host_form(const char *s, size_t n) {
    size_t i = 0;
    if (n > 0 && s[0] == '[') {
        for (i = 1; i < n && (urlenc_hex((unsigned char)s[i]) >= 0 || s[i] == ':' || s[i] == '.'); i++)
            continue;
        if (i < 4 || i >= n || s[i] != ']')
            return 0;
        i++;
    } else {
        while (i < n && s[i] != ':') {
            bool ok = (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'z') ||
                      (s[i] >= 'A' && s[i] <= 'Z') || s[i] == '-' || s[i] == '.' || s[i] == '_';
            if (!ok)
                return 0;
            i++;
        }
    }
    size_t host_len = i;
    if (host_len == 0 || host_len > 255)
        return 0;
    if (i == n)
        return host_len;
    if (s[i] != ':' || n - i - 1 < 1 || n - i - 1 > 5)
        return 0;
    for (i++; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return 0;
    return host_len;
}

static bool check_host(const struct gate_request *req, const struct gate_limits *limits,
                       struct gate_verdict *v, struct gate_result *r) {
    const char *value = gate_header(req, "Host");
    if (!value)
        return refuse(v, 400, "http.host_missing");
    size_t n;
    const char *host = trim(value, &n);
    size_t host_len = host_form(host, n);
    if (host_len == 0)
        return refuse(v, 400, "http.host_form");
    r->host = host;
    r->host_len = n;
    if (limits->host_count == 0)
        return true;
    for (size_t i = 0; i < limits->host_count; i++)
        if (same_word(host, host_len, limits->hosts[i]) || same_word(host, n, limits->hosts[i]))
            return true;
    return refuse(v, 421, "http.host_unknown");
}

static bool parse_length(const char *value, int64_t max, struct gate_verdict *v, struct gate_result *r) {
    size_t n;
    const char *s = trim(value, &n);
    if (n == 0)
        return refuse(v, 400, "http.length_form");
    int64_t length = 0;
    bool huge = false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return refuse(v, 400, "http.length_form");
        if (length > (INT64_MAX - 9) / 10)
            huge = true;
        else
            length = length * 10 + (s[i] - '0');
    }
    if (huge || length > max)
        return refuse(v, 413, "http.body_too_large");
    r->framing = GATE_BODY_LENGTH;
    r->content_length = length;
    return true;
}

// RFC 9112 section 6: the length of a body must have one reading only.
static bool check_framing(const struct gate_request *req, const struct gate_limits *limits,
                          struct gate_verdict *v, struct gate_result *r) {
    const char *length = gate_header(req, "Content-Length");
    const char *transfer = gate_header(req, "Transfer-Encoding");
    r->framing = GATE_BODY_NONE;
    r->content_length = -1;
    if (length && transfer)
        return refuse(v, 400, "http.length_and_transfer");
    if (transfer) {
        size_t n;
        const char *s = trim(transfer, &n);
        if (!same_word(s, n, "chunked") || strcmp(req->version, "1.1") != 0)
            return refuse(v, 400, "http.transfer_form");
        r->framing = GATE_BODY_CHUNKED;
    }
    if (length && !parse_length(length, limits->body_max, v, r))
        return false;
    bool has_body = r->framing == GATE_BODY_CHUNKED || r->content_length > 0;
    if (r->method != GATE_POST && has_body)
        return refuse(v, 400, "http.body_not_allowed");
    if (r->method == GATE_POST && r->framing == GATE_BODY_NONE)
        return refuse(v, 411, "http.length_missing");
    return true;
}

static bool check_expect(const struct gate_request *req, struct gate_verdict *v, struct gate_result *r) {
    if (gate_header(req, "Upgrade") || gate_header(req, "HTTP2-Settings"))
        return refuse(v, 400, "http.upgrade");
    const char *cookie = gate_header(req, "Cookie");
    if (cookie && strlen(cookie) > GATE_COOKIE_BYTES_MAX)
        return refuse(v, 431, "http.cookie_too_large");
    r->cookie = cookie;
    const char *expect = gate_header(req, "Expect");
    if (!expect)
        return true;
    size_t n;
    const char *s = trim(expect, &n);
    if (!same_word(s, n, "100-continue"))
        return refuse(v, 417, "http.expect");
    r->expect_continue = r->method == GATE_POST && strcmp(req->version, "1.1") == 0;
    return true;
}

// Looks for one word in the comma-separated lists of all Connection headers.
static bool connection_says(const struct gate_request *req, const char *word) {
    for (size_t i = 0; i < req->header_count; i++) {
        if (strcasecmp(req->headers[i].name, "Connection") != 0)
            continue;
        const char *s = req->headers[i].value;
        while (*s != '\0') {
            s += strspn(s, ", \t");
            size_t n = strcspn(s, ", \t");
            if (n > 0 && same_word(s, n, word))
                return true;
            s += n;
        }
    }
    return false;
}

static bool is_address(const char *s) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, s, bytes) == 1 || inet_pton(AF_INET6, s, bytes) == 1;
}

// Forwarded headers count only from a proxy of ours, and only its own, last entry (ASVS 4.1.3).
static void find_client(const struct gate_request *req, const struct gate_limits *limits,
                        struct gate_result *r) {
    const char *peer = req->remote_addr ? req->remote_addr : "";
    size_t n = strlen(peer);
    if (n >= sizeof r->client_addr)
        n = 0;
    memcpy(r->client_addr, peer, n);
    r->client_addr[n] = '\0';
    bool believed = false;
    for (size_t i = 0; i < limits->proxy_count; i++)
        believed = believed || strcmp(peer, limits->proxies[i]) == 0;
    if (!believed)
        return;
    const char *last = NULL;
    for (size_t i = 0; i < req->header_count; i++) {
        if (strcasecmp(req->headers[i].name, "X-Forwarded-For") == 0)
            last = req->headers[i].value;
        if (strcasecmp(req->headers[i].name, "X-Forwarded-Proto") == 0)
            r->forwarded_https = strcasecmp(req->headers[i].value, "https") == 0;
    }
    if (!last)
        return;
    const char *comma = strrchr(last, ',');
    size_t len;
    const char *s = trim(comma ? comma + 1 : last, &len);
    char addr[GATE_ADDRESS_BYTES];
    if (len == 0 || len >= sizeof addr)
        return;
    memcpy(addr, s, len);
    addr[len] = '\0';
    if (is_address(addr))
        memcpy(r->client_addr, addr, len + 1);
}

struct gate_verdict gate_check(const struct gate_request *req, const struct gate_limits *limits,
                               struct gate_result *ret_result) {
    struct gate_verdict v = {0};
    struct gate_result *r = ret_result;
    memset(r, 0, sizeof *r);
    r->content_length = -1;
    r->query = "";
    bool ok = check_raw(req, &v) && check_version(req, &v) && check_method(req, &v, r) &&
              check_target(req, &v, r) && check_header_form(req, &v) && check_singles(req, &v) &&
              check_host(req, limits, &v, r) && check_framing(req, limits, &v, r) && check_expect(req, &v, r);
    if (!ok)
        return v;
    r->content_type = gate_header(req, "Content-Type");
    r->wants_close = connection_says(req, "close") ||
                     (strcmp(req->version, "1.0") == 0 && !connection_says(req, "keep-alive"));
    find_client(req, limits, r);
    v.close = r->wants_close;
    return v;
}

struct gate_verdict gate_check_route(const struct gate_result *result, const struct gate_route *route,
                                     struct body_type *ret_type) {
    struct gate_verdict v = {.close = result->wants_close};
    if (result->method != GATE_POST)
        return v;
    if (route->body_kinds == 0) {
        v.allow = "GET, HEAD";
        refuse(&v, 405, "http.method");
        return v;
    }
    if (result->framing == GATE_BODY_LENGTH && result->content_length > route->body_max) {
        refuse(&v, 413, "http.body_too_large");
        return v;
    }
    if (!result->content_type) {
        refuse(&v, 415, "http.type_missing");
        return v;
    }
    struct body_type type;
    struct body_fault fault = body_type_parse(result->content_type, &type);
    if (fault.status != 0) {
        refuse(&v, fault.status, fault.key);
        return v;
    }
    if ((route->body_kinds & BODY_KIND_BIT(type.kind)) == 0) {
        refuse(&v, 415, "body.type");
        return v;
    }
    *ret_type = type;
    return v;
}
