// SPDX-License-Identifier: Apache-2.0
// multipart/form-data as an explicit state machine.
#include "http/multipart.h"

#include "http/disposition.h"
#include "http/urlenc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PADDING_MAX     64 // blanks after a boundary (RFC 2046 transport-padding)
#define PART_LINES_MAX  16 // header lines of one part
#define DELIMITER_BYTES (4 + BODY_BOUNDARY_MAX)

enum state {
    PREAMBLE,      // before the first boundary; dropped
    AFTER,         // the boundary was read: "--", padding or CR must follow
    AFTER_DASH,    // one '-' of the closing "--"
    AFTER_PADDING, // blanks, then CR
    AFTER_CR,      // LF must follow
    HEAD,          // inside a header line
    HEAD_CR,       // LF must follow
    DATA,          // content, until CR LF "--" boundary
    CLOSED,        // the closing boundary was read: padding, CR or the end
    CLOSED_CR,     // LF must follow
    EPILOGUE,      // dropped
};

struct multipart {
    const struct body_limits *limits;
    const struct body_sink *sink;
    enum state state;
    char delimiter[DELIMITER_BYTES + 1]; // CR LF "--" boundary
    size_t delimiter_len;
    size_t matched; // bytes of the delimiter read so far
    size_t assumed; // how many of these stood before the content (after a header block the CR LF is already
                    // read)
    size_t padding;
    size_t parts;
    size_t fields;
    size_t files;
    // the part being read
    char line[MULTIPART_HEAD_MAX];
    size_t line_len;
    size_t head_bytes;
    size_t head_lines;
    bool has_disposition;
    bool has_type;
    bool has_encoding;
    bool file_open;
    struct disposition disposition;
    char media_type[BODY_TYPE_MAX + 1];
    int64_t file_bytes;
    struct body_buf value;
};

static const struct body_fault fine = {0, NULL};

static struct body_fault bad(int status, const char *key) {
    return (struct body_fault){status, key};
}

static struct body_fault from_sink(int status) {
    return (struct body_fault){status, status ? "body.refused" : NULL};
}

struct multipart *multipart_new(const char *boundary, const struct body_limits *limits,
                                const struct body_sink *sink) {
    struct multipart *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->limits = limits;
    m->sink = sink;
    size_t n = strnlen(boundary, BODY_BOUNDARY_MAX);
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary, n);
    m->delimiter_len = 4 + n;
    m->matched = m->assumed = 2; // the body's first bytes count as the start of a line
    return m;
}

void multipart_free(struct multipart *m) {
    if (!m)
        return;
    body_buf_free(&m->value);
    free(m);
}

static void start_part(struct multipart *m) {
    m->line_len = m->head_bytes = m->head_lines = 0;
    m->has_disposition = m->has_type = m->has_encoding = m->file_open = false;
    m->media_type[0] = '\0';
    m->file_bytes = 0;
    m->value.len = 0;
}

static struct body_fault open_file(struct multipart *m) {
    if (++m->files > m->limits->files_max)
        return bad(413, "body.too_many_files");
    m->file_open = true;
    if (!m->sink->file_begin)
        return fine;
    const char *type = m->media_type[0] ? m->media_type : "application/octet-stream";
    return from_sink(
        m->sink->file_begin(m->sink->ctx, m->disposition.name, m->disposition.display_name, type));
}

// The part's headers are complete.
static struct body_fault begin_content(struct multipart *m) {
    if (!m->has_disposition)
        return bad(400, "multipart.disposition");
    m->matched = m->assumed = 2;
    if (m->disposition.is_file) // an input without a chosen file sends an empty name: wait for content
        return m->disposition.file_named ? open_file(m) : fine;
    if (++m->fields > m->limits->fields_max)
        return bad(413, "body.too_many_fields");
    return fine;
}

static struct body_fault content(struct multipart *m, const char *bytes, size_t n) {
    if (m->state == PREAMBLE || n == 0)
        return fine;
    if (!m->disposition.is_file) {
        int status = body_buf_add(&m->value, bytes, n, m->limits->field_bytes);
        if (status == 413)
            return bad(413, "body.field_too_large");
        return status ? bad(status, "body.no_memory") : fine;
    }
    if (!m->file_open) {
        struct body_fault f = open_file(m);
        if (f.status != 0)
            return f;
    }
    if ((int64_t)n > m->limits->file_bytes - m->file_bytes)
        return bad(413, "body.file_too_large");
    m->file_bytes += (int64_t)n;
    return m->sink->file_data ? from_sink(m->sink->file_data(m->sink->ctx, bytes, n)) : fine;
}

static struct body_fault end_content(struct multipart *m) {
    if (m->state == PREAMBLE)
        return fine;
    if (m->disposition.is_file) {
        if (!m->file_open || !m->sink->file_end)
            return fine;
        return from_sink(m->sink->file_end(m->sink->ctx, m->file_bytes));
    }
    const char *text = body_buf_text(&m->value);
    if (memchr(text, '\0', m->value.len))
        return bad(400, "body.nul");
    if (!urlenc_utf8_valid(text, m->value.len))
        return bad(400, "body.utf8");
    if (!m->sink->field || strcmp(m->disposition.name, "_charset_") == 0)
        return fine;
    return from_sink(m->sink->field(m->sink->ctx, m->disposition.name, text, m->value.len));
}

// type "/" subtype in lower case, without parameters.
static bool take_media_type(struct multipart *m, const char *s, size_t n) {
    size_t len = 0;
    size_t slashes = 0;
    while (len < n && s[len] != ';' && s[len] != ' ' && s[len] != '\t')
        len++;
    if (len == 0 || len > BODY_TYPE_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        slashes += c == '/';
        if (!letter && (c == 0 || strchr("/!#$&-^_.+", c) == NULL))
            return false;
        m->media_type[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    m->media_type[len] = '\0';
    return slashes == 1 && m->media_type[0] != '/' && m->media_type[len - 1] != '/';
}

static bool named(const char *s, size_t n, const char *name) {
    return strlen(name) == n && strncasecmp(s, name, n) == 0;
}

// One header line without its CR LF. RFC 7578 4.8: others than these three are ignored.
static struct body_fault take_line(struct multipart *m) {
    const char *colon = memchr(m->line, ':', m->line_len);
    if (!colon || colon == m->line || ++m->head_lines > PART_LINES_MAX)
        return bad(400, "multipart.head");
    size_t name_len = (size_t)(colon - m->line);
    for (size_t i = 0; i < name_len; i++) // also finds folded lines and blanks before the ':'
        if (m->line[i] <= ' ' || m->line[i] == 0x7F)
            return bad(400, "multipart.head");
    const char *value = colon + 1;
    size_t n = m->line_len - name_len - 1;
    for (; n > 0 && (*value == ' ' || *value == '\t'); n--)
        value++;
    for (; n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'); n--)
        continue;
    if (named(m->line, name_len, "Content-Disposition")) {
        if (m->has_disposition)
            return bad(400, "multipart.head");
        m->has_disposition = true;
        return disposition_parse(value, n, &m->disposition);
    }
    if (named(m->line, name_len, "Content-Type")) {
        if (m->has_type || !take_media_type(m, value, n))
            return bad(400, "multipart.type");
        m->has_type = true;
    }
    if (named(m->line, name_len, "Content-Transfer-Encoding")) {
        // RFC 7578 4.7 withdrew it; encoded content would be stored as if it were the file.
        bool plain = named(value, n, "7bit") || named(value, n, "8bit") || named(value, n, "binary");
        if (m->has_encoding || !plain)
            return bad(400, "multipart.encoding");
        m->has_encoding = true;
    }
    return fine;
}

static struct body_fault head_byte(struct multipart *m, char c) {
    if (++m->head_bytes > m->limits->part_head_bytes || m->head_bytes > MULTIPART_HEAD_MAX)
        return bad(400, "multipart.head_too_large");
    if (m->state == HEAD_CR) {
        if (c != '\n')
            return bad(400, "multipart.head");
        if (m->line_len == 0) {
            m->state = DATA;
            return begin_content(m);
        }
        struct body_fault f = take_line(m);
        m->line_len = 0;
        m->state = HEAD;
        return f;
    }
    if (c == '\r') {
        m->state = HEAD_CR;
        return fine;
    }
    if (((unsigned char)c < 0x20 && c != '\t') || c == 0x7F)
        return bad(400, "multipart.head");
    m->line[m->line_len++] = c;
    return fine;
}

// The bytes around a boundary, which must be exactly right.
static struct body_fault border_byte(struct multipart *m, char c) {
    const struct body_fault wrong = {400, "multipart.boundary"};
    bool blank = c == ' ' || c == '\t';
    switch (m->state) {
    case AFTER:
        m->padding = 0;
        if (c == '-') {
            m->state = AFTER_DASH;
            return fine;
        }
        m->state = AFTER_PADDING;
        return border_byte(m, c);
    case AFTER_DASH:
        m->padding = 0;
        m->state = CLOSED;
        return c == '-' ? fine : wrong;
    case AFTER_PADDING:
    case CLOSED:
        if (c == '\r') {
            m->state = m->state == CLOSED ? CLOSED_CR : AFTER_CR;
            return fine;
        }
        return blank && ++m->padding <= PADDING_MAX ? fine : wrong;
    case AFTER_CR:
        if (c != '\n')
            return wrong;
        if (++m->parts > m->limits->parts_max)
            return bad(413, "body.too_many_parts");
        start_part(m);
        m->state = HEAD;
        return fine;
    default: // CLOSED_CR
        m->state = EPILOGUE;
        return c == '\n' ? fine : wrong;
    }
}

// One byte of content while a delimiter may be starting. CR stands only at the delimiter's front, so after a
// mismatch no later start is possible inside the bytes already matched.
static struct body_fault match_byte(struct multipart *m, char c) {
    if (c == m->delimiter[m->matched]) {
        if (++m->matched < m->delimiter_len)
            return fine;
        struct body_fault f = end_content(m);
        m->matched = m->assumed = 0;
        m->state = AFTER;
        return f;
    }
    size_t from = m->assumed;
    size_t held = m->matched;
    m->assumed = 0;
    m->matched = c == '\r' ? 1 : 0;
    struct body_fault f = content(m, m->delimiter + from, held - from);
    if (f.status != 0 || m->matched == 1)
        return f;
    return content(m, &c, 1);
}

// Content from bytes; returns how many were used.
static size_t data_bytes(struct multipart *m, const char *bytes, size_t n, struct body_fault *ret_fault) {
    if (m->matched > 0 || bytes[0] == '\r') {
        *ret_fault = match_byte(m, bytes[0]);
        return 1;
    }
    const char *cr = memchr(bytes, '\r', n);
    size_t run = cr ? (size_t)(cr - bytes) : n;
    *ret_fault = content(m, bytes, run);
    return run;
}

struct body_fault multipart_feed(struct multipart *m, const char *bytes, size_t n) {
    struct body_fault f = fine;
    for (size_t i = 0; i < n && f.status == 0;) {
        switch (m->state) {
        case PREAMBLE:
        case DATA:
            i += data_bytes(m, bytes + i, n - i, &f);
            break;
        case HEAD:
        case HEAD_CR:
            f = head_byte(m, bytes[i++]);
            break;
        case AFTER:
        case AFTER_DASH:
        case AFTER_PADDING:
        case AFTER_CR:
        case CLOSED:
        case CLOSED_CR:
            f = border_byte(m, bytes[i++]);
            break;
        case EPILOGUE:
            return fine;
        }
    }
    return f;
}

struct body_fault multipart_finish(struct multipart *m) {
    if (m->state == CLOSED || m->state == EPILOGUE)
        return fine;
    return bad(400, "multipart.unfinished");
}
