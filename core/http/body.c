// SPDX-License-Identifier: Apache-2.0
// Streaming body parser: content types, byte counting, the urlencoded state machine, hand-over to the other
// two.
#include "http/body.h"

#include "http/jsonbody.h"
#include "http/multipart.h"
#include "http/urlenc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BUF_FIRST 256

static const struct body_fault fine = {0, NULL};

// State of the urlencoded parser: bytes go to the name until '=', then to the value until '&'.
struct form {
    struct urlenc_decoder decoder;
    char name[BODY_NAME_MAX + 1];
    size_t name_len;
    struct body_buf value;
    size_t fields;
    bool in_value;
};

struct body {
    enum body_kind kind;
    struct body_limits limits;
    struct body_sink sink;
    int64_t declared;
    int64_t seen;
    struct body_fault fault;
    bool finished;
    struct form form;
    struct jsonbody json;
    struct multipart *multipart;
};

int body_buf_add(struct body_buf *b, const void *bytes, size_t n, size_t max) {
    if (n == 0)
        return 0;
    if (n > max || b->len > max - n)
        return 413;
    if (n > SIZE_MAX / 4 || b->len > SIZE_MAX / 4)
        return 503;
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : BUF_FIRST;
        while (cap < need)
            cap *= 2;
        char *data = realloc(b->data, cap);
        if (!data)
            return 503;
        b->data = data;
        b->cap = cap;
    }
    memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
    return 0;
}

const char *body_buf_text(const struct body_buf *b) {
    return b->len > 0 ? b->data : "";
}

void body_buf_free(struct body_buf *b) {
    free(b->data);
    *b = (struct body_buf){0};
}

struct body_limits body_limits_default(void) {
    return (struct body_limits){.total_bytes = 256 * 1024,
                                .fields_max = 200,
                                .files_max = 0,
                                .parts_max = 250,
                                .field_bytes = 64 * 1024,
                                .file_bytes = 0,
                                .part_head_bytes = MULTIPART_HEAD_MAX,
                                .json_depth = 64,
                                .json_items = 20000};
}

static bool is_token_char(char c) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_boundary_char(char c) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("'()+_,-./:=? ", c) != NULL;
}

// One parameter "; name=value" of a media type (RFC 9110 section 5.6.6); the value unquoted into ret_value.
struct parameter {
    const char *name;
    size_t name_len;
    char value[BODY_BOUNDARY_MAX +
               2]; // one longer than any value of use, so that a longer one is seen as such
    size_t value_len;
};

static const char *skip_blanks(const char *s) {
    return s + strspn(s, " \t");
}

// Reads the value at s; returns what follows, or NULL for a wrong form. Longer values are cut at the buffer.
static const char *parameter_value(const char *s, struct parameter *p) {
    bool quoted = *s == '"';
    p->value_len = 0;
    if (quoted)
        s++;
    const char *start = s;
    while (*s != '\0') {
        if (quoted ? *s == '"' : !is_token_char(*s))
            break;
        if (quoted && *s == '\\' && *++s == '\0')
            return NULL;
        if (p->value_len + 1 < sizeof p->value)
            p->value[p->value_len++] = *s;
        s++;
    }
    p->value[p->value_len] = '\0';
    if (quoted)
        return *s == '"' ? s + 1 : NULL;
    return s == start ? NULL : s;
}

// Moves *at over one parameter. False: wrong form. A NULL name: no more parameters.
static bool next_parameter(const char **at, struct parameter *p) {
    const char *s = skip_blanks(*at);
    p->name = NULL;
    if (*s == '\0')
        return true;
    if (*s != ';')
        return false;
    s = skip_blanks(s + 1);
    const char *name = s;
    while (is_token_char(*s))
        s++;
    if (s == name || *s != '=')
        return false;
    p->name_len = (size_t)(s - name);
    s = parameter_value(s + 1, p);
    if (!s)
        return false;
    p->name = name;
    *at = s;
    return true;
}

static bool named(const struct parameter *p, const char *name) {
    return p->name_len == strlen(name) && strncasecmp(p->name, name, p->name_len) == 0;
}

static bool boundary_ok(const char *s, size_t n) {
    if (n == 0 || n > BODY_BOUNDARY_MAX || s[n - 1] == ' ')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_boundary_char(s[i]))
            return false;
    return true;
}

static bool kind_of(const char *s, size_t n, enum body_kind *ret_kind) {
    static const struct {
        const char *type;
        enum body_kind kind;
    } known[] = {{"application/x-www-form-urlencoded", BODY_URLENCODED},
                 {"multipart/form-data", BODY_MULTIPART},
                 {"application/json", BODY_JSON}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].type) == n && strncasecmp(s, known[i].type, n) == 0) {
            *ret_kind = known[i].kind;
            return true;
        }
    }
    return false;
}

struct body_fault body_type_parse(const char *content_type, struct body_type *ret_type) {
    const struct body_fault unsupported = {415, "body.type"};
    const struct body_fault bad_boundary = {400, "body.boundary"};
    const char *s = skip_blanks(content_type);
    size_t n = strcspn(s, "; \t");
    struct body_type type = {0};
    if (!kind_of(s, n, &type.kind))
        return unsupported;
    s += n;
    size_t boundaries = 0;
    size_t charsets = 0;
    for (;;) {
        struct parameter p = {0};
        if (!next_parameter(&s, &p))
            return type.kind == BODY_MULTIPART ? bad_boundary : unsupported;
        if (!p.name)
            break;
        if (named(&p, "charset") && (++charsets > 1 || strcasecmp(p.value, "utf-8") != 0))
            return (struct body_fault){415, "body.charset"};
        if (type.kind == BODY_MULTIPART && named(&p, "boundary")) {
            if (++boundaries > 1 || !boundary_ok(p.value, p.value_len))
                return bad_boundary;
            memcpy(type.boundary, p.value, p.value_len + 1);
        }
    }
    if (type.kind == BODY_MULTIPART && boundaries == 0)
        return bad_boundary;
    *ret_type = type;
    return fine;
}

static struct body_fault form_deliver(struct body *b) {
    struct form *f = &b->form;
    enum urlenc_fault whole = urlenc_end(&f->decoder);
    if (whole != URLENC_OK)
        return (struct body_fault){400, urlenc_fault_key(whole)};
    if (f->name_len == 0 && !f->in_value)
        return fine; // an empty piece, as in "a=1&&b=2"
    if (++f->fields > b->limits.fields_max)
        return (struct body_fault){413, "body.too_many_fields"};
    f->name[f->name_len] = '\0';
    int status = 0;
    if (b->sink.field && strcmp(f->name, "_charset_") != 0)
        status = b->sink.field(b->sink.ctx, f->name, body_buf_text(&f->value), f->value.len);
    f->name_len = 0;
    f->value.len = 0;
    f->in_value = false;
    return (struct body_fault){status, status ? "body.refused" : NULL};
}

static struct body_fault form_byte(struct body *b, unsigned char c) {
    struct form *f = &b->form;
    if (c == '&')
        return form_deliver(b);
    if (c == '=' && !f->in_value) {
        enum urlenc_fault whole = urlenc_end(&f->decoder);
        if (whole != URLENC_OK)
            return (struct body_fault){400, urlenc_fault_key(whole)};
        f->in_value = true;
        return fine;
    }
    bool made;
    unsigned char byte = 0;
    enum urlenc_fault fault = urlenc_step(&f->decoder, c, URLENC_PLUS, &made, &byte);
    if (fault != URLENC_OK)
        return (struct body_fault){400, urlenc_fault_key(fault)};
    if (!made)
        return fine;
    if (!f->in_value) {
        if (f->name_len == BODY_NAME_MAX)
            return (struct body_fault){400, "body.name_too_long"};
        f->name[f->name_len++] = (char)byte;
        return fine;
    }
    int status = body_buf_add(&f->value, &byte, 1, b->limits.field_bytes);
    if (status == 413)
        return (struct body_fault){413, "body.field_too_large"};
    return (struct body_fault){status, status ? "body.no_memory" : NULL};
}

static struct body_fault form_feed(struct body *b, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        struct body_fault f = form_byte(b, (unsigned char)bytes[i]);
        if (f.status != 0)
            return f;
    }
    return fine;
}

struct body *body_open(const struct body_type *type, int64_t declared, const struct body_limits *limits,
                       const struct body_sink *sink, struct body_fault *ret_fault) {
    if (declared > limits->total_bytes) {
        *ret_fault = (struct body_fault){413, "body.too_large"};
        return NULL;
    }
    struct body *b = calloc(1, sizeof *b);
    if (b) {
        b->kind = type->kind;
        b->limits = *limits;
        b->sink = *sink;
        b->declared = declared;
        if (type->kind == BODY_MULTIPART)
            b->multipart = multipart_new(type->boundary, &b->limits, &b->sink);
    }
    if (!b || (type->kind == BODY_MULTIPART && !b->multipart)) {
        free(b);
        *ret_fault = (struct body_fault){503, "body.no_memory"};
        return NULL;
    }
    return b;
}

void body_free(struct body *b) {
    if (!b)
        return;
    body_buf_free(&b->form.value);
    jsonbody_free(&b->json);
    multipart_free(b->multipart);
    free(b);
}

static bool fail(struct body *b, int status, const char *key) {
    b->fault = (struct body_fault){status, key};
    return false;
}

bool body_feed(struct body *b, const void *bytes, size_t n) {
    if (b->fault.status != 0 || b->finished)
        return false;
    // No parser ever sees a byte over a limit, and the answer does not depend on how the bytes were split.
    int64_t room = b->limits.total_bytes - b->seen;
    if (b->declared >= 0 && b->declared - b->seen < room)
        room = b->declared - b->seen;
    size_t take = (int64_t)n > room ? (size_t)room : n;
    b->seen += (int64_t)take;
    switch (b->kind) {
    case BODY_URLENCODED:
        b->fault = form_feed(b, bytes, take);
        break;
    case BODY_MULTIPART:
        b->fault = multipart_feed(b->multipart, bytes, take);
        break;
    case BODY_JSON:
        b->fault = jsonbody_feed(&b->json, bytes, take, &b->limits);
        break;
    }
    if (b->fault.status == 0 && take < n)
        return b->seen == b->declared ? fail(b, 400, "body.too_long") : fail(b, 413, "body.too_large");
    return b->fault.status == 0;
}

bool body_finish(struct body *b, bool whole) {
    if (b->fault.status != 0)
        return false;
    if (b->finished)
        return true;
    if (!whole || (b->declared >= 0 && b->seen != b->declared))
        return fail(b, 400, "body.short");
    b->finished = true;
    switch (b->kind) {
    case BODY_URLENCODED:
        b->fault = form_deliver(b);
        break;
    case BODY_MULTIPART:
        b->fault = multipart_finish(b->multipart);
        break;
    case BODY_JSON:
        b->fault = jsonbody_finish(&b->json, &b->sink);
        break;
    }
    return b->fault.status == 0;
}

struct body_fault body_get_fault(const struct body *b) {
    return b->fault;
}

int64_t body_bytes(const struct body *b) {
    return b->seen;
}
