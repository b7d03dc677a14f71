// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the HTTP gate. First byte even: the rest is a raw request head, cut in place as CivetWeb
// does. Odd: the rest is method, target, query, version and header texts, each ended by a zero byte, as no
// library would let through.
#include "../unit/http/inplace.h"

#include "http/urlenc.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST_HOLD(x)                                                                                         \
    do {                                                                                                     \
        if (!(x))                                                                                            \
            abort();                                                                                         \
    } while (0)

static const char *const hosts[] = {"a.example", "a"};
static const char *const proxies[] = {"127.0.0.1"};
static const struct gate_limits limits = {hosts, 2, proxies, 1, 100000};
static const struct gate_route route = {7, 5000};

static void check_refusal(const struct gate_verdict *v) {
    static const int known[] = {400, 405, 411, 413, 414, 415, 417, 421, 431, 505};
    size_t i = 0;
    while (i < sizeof known / sizeof known[0] && known[i] != v->status)
        i++;
    MUST_HOLD(i < sizeof known / sizeof known[0]);
    MUST_HOLD(v->error_key && v->close);
    MUST_HOLD((v->status == 405) == (v->allow != NULL));
}

static void check_pass(const struct gate_result *r) {
    const char *p = r->path;
    MUST_HOLD(p[0] == '/' && strlen(p) == r->path_len && r->path_len <= GATE_TARGET_MAX);
    MUST_HOLD(urlenc_utf8_valid(p, r->path_len));
    MUST_HOLD(!strstr(p, "//") && !strchr(p, '\\') && !strstr(p, "/./") && !strstr(p, "/../"));
    MUST_HOLD(r->path_len < 2 || strcmp(p + r->path_len - 2, "/.") != 0);
    MUST_HOLD(r->path_len < 3 || strcmp(p + r->path_len - 3, "/..") != 0);
    for (size_t i = 0; i < r->path_len; i++)
        MUST_HOLD((unsigned char)p[i] >= 0x20 && p[i] != 0x7F);
    MUST_HOLD(r->framing != GATE_BODY_LENGTH ||
              (r->content_length >= 0 && r->content_length <= limits.body_max));
    MUST_HOLD(r->host_len > 0);
    static char buf[GATE_TARGET_MAX + URLENC_QUERY_PAIRS + 2];
    struct urlenc_pair pairs[URLENC_QUERY_PAIRS];
    size_t count;
    enum urlenc_fault f =
        urlenc_parse(r->query, r->query_len, URLENC_PLUS, buf, sizeof buf, pairs, URLENC_QUERY_PAIRS, &count);
    MUST_HOLD(f == URLENC_OK || f == URLENC_TOO_MANY); // the gate has looked at the escapes already
}

static struct gate_verdict run(const struct gate_request *req, struct gate_result *r) {
    struct gate_verdict v = gate_check(req, &limits, r);
    if (v.status != 0) {
        check_refusal(&v);
        return v;
    }
    check_pass(r);
    struct body_type type;
    struct gate_verdict second = gate_check_route(r, &route, &type);
    if (second.status != 0)
        check_refusal(&second);
    return v;
}

// A head that passed has only CR LF behind its first line and no folded line. The end may be LF LF (see
// rawcheck.h).
static void check_lines(const char *head, size_t n) {
    size_t skip = 0;
    while (skip < n && inplace_space(head[skip])) // white space before the request line
        skip++;
    const char *first = memchr(head + skip, '\n', n - skip);
    const char *cr = memchr(head + skip, '\r', n - skip);
    MUST_HOLD(first || cr);
    const char *end = !first || (cr && cr < first) ? cr : first;
    for (size_t i = (size_t)(end - head) + 2; i < n; i++) {
        if (head[i] != '\n')
            continue;
        bool last = i + 2 >= n && (head[n - 2] == '\n');
        MUST_HOLD(head[i - 1] == '\r' || last);
        MUST_HOLD(i + 1 >= n || (head[i + 1] != ' ' && head[i + 1] != '\t'));
    }
}

static void run_raw(const uint8_t *data, size_t size) {
    char *buf = malloc(size + 2);
    MUST_HOLD(buf);
    if (size > 0)
        memcpy(buf, data, size);
    buf[size] = buf[size + 1] = 'Z';
    struct inplace in;
    enum inplace_outcome outcome = inplace_parse(buf, size, &in);
    if (outcome == INPLACE_PARSED || outcome == INPLACE_SILENT) {
        static struct gate_result r;
        struct gate_request req = inplace_request(&in, "127.0.0.1");
        struct gate_verdict v = run(&req, &r);
        if (v.status == 0) {
            MUST_HOLD(outcome == INPLACE_PARSED);
            check_lines((const char *)data, in.head_len);
        }
    }
    free(buf);
}

// Takes the next text, NULL when none is left. The buffer ends with a zero byte.
static const char *next_text(const char **at, const char *end) {
    if (*at >= end)
        return NULL;
    const char *s = *at;
    *at += strlen(s) + 1;
    return s;
}

static void run_texts(const uint8_t *data, size_t size) {
    char *buf = malloc(size + 1);
    MUST_HOLD(buf);
    if (size > 0)
        memcpy(buf, data, size);
    buf[size] = '\0';
    const char *at = buf;
    const char *end = buf + size;
    struct rawcheck_header headers[60];
    struct gate_request req = {.headers = headers, .remote_addr = "127.0.0.1"};
    req.method = next_text(&at, end);
    req.target = next_text(&at, end);
    req.query = next_text(&at, end);
    req.version = next_text(&at, end);
    if (req.query && req.query[0] == '\0')
        req.query = NULL;
    const char *name;
    while (req.header_count < 60 && (name = next_text(&at, end)) != NULL)
        headers[req.header_count++] = (struct rawcheck_header){name, next_text(&at, end)};
    static struct gate_result r;
    run(&req, &r);
    free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    if (data[0] % 2 == 0)
        run_raw(data + 1, size - 1);
    else
        run_texts(data + 1, size - 1);
    return 0;
}
