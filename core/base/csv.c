// SPDX-License-Identifier: Apache-2.0
// A streaming CSV reader: the state machine; what the first bytes tell is in csvsniff.c.
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/csvsniff.h"
#include "base/text.h"

enum state { AT_START, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

// Classes of bytes; one table lookup per byte keeps the loops short.
enum { STOPS_PLAIN = 1, STOPS_QUOTED = 2, IS_HIGH = 4 };

struct csv_reader {
    csv_row_fn *row;
    void *user;
    void *(*resize)(void *, size_t);
    enum csv_status status;
    enum state state;
    bool started; // the first bytes have been looked at
    bool skip_lf; // the last byte was a CR that ended a line
    bool high;    // the cell holds bytes above 127
    bool had_mark;
    char delimiter;
    uint64_t line, row_line, rows, recoded;
    char *buf; // cells of the record so far, each with its NUL
    size_t len, cap, field_at;
    size_t fields;
    unsigned char *head; // first bytes, until csv_sniff has seen them
    size_t head_len;
    unsigned char class[256];
    uint32_t lengths[CSV_FIELDS_MAX];
    size_t offsets[CSV_FIELDS_MAX];
    const char *cells[CSV_FIELDS_MAX];
};

struct csv_reader *csv_open(const struct csv_options *options, csv_row_fn *row, void *user) {
    void *(*resize)(void *, size_t) = options && options->resize ? options->resize : realloc;
    struct csv_reader *r = resize(NULL, sizeof *r);
    if (!r) {
        return NULL;
    }
    *r = (struct csv_reader){.row = row, .user = user, .resize = resize, .line = 1, .row_line = 1};
    r->delimiter = options ? options->delimiter : 0;
    r->head = resize(NULL, CSV_HEAD_BYTES);
    if (!r->head) {
        free(r);
        return NULL;
    }
    return r;
}

void csv_close(struct csv_reader *r) {
    if (r) {
        free(r->buf);
        free(r->head);
        free(r);
    }
}

char csv_delimiter(const struct csv_reader *r) {
    return r->delimiter;
}

uint64_t csv_line(const struct csv_reader *r) {
    return r->status == CSV_UNCLOSED_QUOTE ? r->row_line : r->line;
}

uint64_t csv_recoded(const struct csv_reader *r) {
    return r->recoded;
}

bool csv_had_mark(const struct csv_reader *r) {
    return r->had_mark;
}

static bool fail(struct csv_reader *r, enum csv_status s) {
    r->status = s;
    return false;
}

// Makes room for n more bytes and a NUL.
static bool reserve(struct csv_reader *r, size_t n) {
    if (n >= CSV_RECORD_MAX || r->len + n >= CSV_RECORD_MAX) {
        return fail(r, CSV_RECORD_TOO_LONG);
    }
    if (r->len + n < r->cap) {
        return true;
    }
    size_t cap = r->cap ? r->cap : 4096;
    while (cap <= r->len + n) {
        cap *= 2;
    }
    char *grown = r->resize(r->buf, cap);
    if (!grown) {
        return fail(r, CSV_NO_MEMORY);
    }
    r->buf = grown;
    r->cap = cap;
    return true;
}

static bool append(struct csv_reader *r, const unsigned char *p, size_t n) {
    if (r->len - r->field_at + n > CSV_FIELD_MAX) {
        return fail(r, CSV_FIELD_TOO_LONG);
    }
    if (!reserve(r, n)) {
        return false;
    }
    memcpy(r->buf + r->len, p, n);
    r->len += n;
    return true;
}

// Rewrites the current cell from windows-1252 to UTF-8, from its end backwards so that it can be done in
// place.
static bool recode(struct csv_reader *r) {
    size_t n = r->len - r->field_at, wide = 0;
    const unsigned char *from = (const unsigned char *)r->buf + r->field_at;
    for (size_t i = 0; i < n; i++) {
        wide += from[i] < 0x80 ? 1 : csv_cp1252(from[i]) < 0x800 ? 2 : 3;
    }
    if (wide > CSV_FIELD_MAX) {
        return fail(r, CSV_FIELD_TOO_LONG);
    }
    if (!reserve(r, wide - n)) {
        return false;
    }
    unsigned char *cell = (unsigned char *)r->buf + r->field_at, *to = cell + wide;
    for (size_t i = n; i-- > 0;) {
        unsigned u = cell[i] < 0x80 ? cell[i] : csv_cp1252(cell[i]);
        if (u < 0x80) {
            *--to = (unsigned char)u;
        } else if (u < 0x800) {
            *--to = (unsigned char)(0x80 | (u & 0x3F));
            *--to = (unsigned char)(0xC0 | (u >> 6));
        } else {
            *--to = (unsigned char)(0x80 | (u & 0x3F));
            *--to = (unsigned char)(0x80 | ((u >> 6) & 0x3F));
            *--to = (unsigned char)(0xE0 | (u >> 12));
        }
    }
    r->len = r->field_at + wide;
    r->recoded++;
    return true;
}

static bool end_field(struct csv_reader *r) {
    if (r->fields == CSV_FIELDS_MAX) {
        return fail(r, CSV_TOO_MANY_FIELDS);
    }
    if (r->high && !utf8_valid(r->buf + r->field_at, r->len - r->field_at) && !recode(r)) {
        return false;
    }
    if (!reserve(r, 0)) {
        return false;
    }
    r->lengths[r->fields] = (uint32_t)(r->len - r->field_at);
    r->offsets[r->fields++] = r->field_at;
    r->buf[r->len++] = 0;
    r->field_at = r->len;
    r->high = false;
    r->state = AT_START;
    return true;
}

static bool end_row(struct csv_reader *r) {
    if (!end_field(r)) {
        return false;
    }
    for (size_t i = 0; i < r->fields; i++) {
        r->cells[i] = r->buf + r->offsets[i];
    }
    struct csv_row row = {.cells = r->cells, .lengths = r->lengths, .count = r->fields, .line = r->row_line};
    row.number = ++r->rows;
    r->len = r->field_at = r->fields = 0;
    return r->row(r->user, &row) || fail(r, CSV_STOPPED);
}

// Handles the byte that ended a cell outside quotes. Returns false on an error.
static bool end_plain(struct csv_reader *r, unsigned char c) {
    if (c == (unsigned char)r->delimiter) {
        return end_field(r);
    }
    if (c == 0) {
        return fail(r, CSV_NUL);
    }
    if (!end_row(r)) {
        return false;
    }
    r->skip_lf = c == '\r';
    r->row_line = ++r->line;
    return true;
}

static const unsigned char *read_plain(struct csv_reader *r, const unsigned char *p,
                                       const unsigned char *end) {
    const unsigned char *from = p;
    unsigned seen = 0;
    while (p < end) {
        unsigned k = r->class[*p];
        if (k & STOPS_PLAIN) {
            break;
        }
        seen |= k;
        p++;
    }
    r->high |= (seen & IS_HIGH) != 0;
    if (!append(r, from, (size_t)(p - from))) {
        return NULL;
    }
    if (p < end) {
        return end_plain(r, *p) ? p + 1 : NULL;
    }
    return p;
}

static const unsigned char *read_quoted(struct csv_reader *r, const unsigned char *p,
                                        const unsigned char *end) {
    const unsigned char *from = p;
    unsigned seen = 0;
    while (p < end && !(r->class[*p] & STOPS_QUOTED)) {
        seen |= r->class[*p++];
    }
    r->high |= (seen & IS_HIGH) != 0;
    if (p > from) {
        r->skip_lf = false;
    }
    if (!append(r, from, (size_t)(p - from))) {
        return NULL;
    }
    if (p == end) {
        return p;
    }
    if (*p == '"') {
        r->state = AFTER_QUOTE;
        r->skip_lf = false;
        return p + 1;
    }
    if (*p == 0) {
        fail(r, CSV_NUL);
        return NULL;
    }
    // A line end inside quotes belongs to the cell; it only has to be counted, CRLF as one.
    r->line += !(*p == '\n' && r->skip_lf);
    r->skip_lf = *p == '\r';
    return append(r, p, 1) ? p + 1 : NULL;
}

static const unsigned char *read_after_quote(struct csv_reader *r, const unsigned char *p) {
    if (*p == '"') {
        r->state = IN_QUOTES;
        return append(r, p, 1) ? p + 1 : NULL;
    }
    // Text after a closing quote is kept, as spreadsheets do: "Smith" Ltd becomes Smith Ltd.
    r->state = IN_PLAIN;
    return p;
}

static enum csv_status parse(struct csv_reader *r, const unsigned char *p, const unsigned char *end) {
    while (p && p < end) {
        switch (r->state) {
        case AT_START:
            if (r->skip_lf) {
                r->skip_lf = false;
                if (*p == '\n') {
                    p++;
                    break;
                }
            }
            if (*p == '"') {
                r->state = IN_QUOTES;
                p++;
            } else {
                r->state = IN_PLAIN;
            }
            break;
        case IN_PLAIN:
            p = read_plain(r, p, end);
            break;
        case IN_QUOTES:
            p = read_quoted(r, p, end);
            break;
        case AFTER_QUOTE:
            p = read_after_quote(r, p);
            break;
        }
    }
    return r->status;
}

static enum csv_status start(struct csv_reader *r, bool whole) {
    struct csv_sniffed s = csv_sniff(r->head, r->head_len, whole, r->delimiter);
    r->started = true;
    r->status = s.status;
    if (s.status != CSV_OK) {
        return s.status;
    }
    r->delimiter = s.delimiter;
    r->had_mark = s.had_mark;
    r->line += s.lines_used;
    r->row_line = r->line;
    for (int c = 0x80; c < 0x100; c++) {
        r->class[c] = IS_HIGH;
    }
    r->class[0] = r->class['\r'] = r->class['\n'] = STOPS_PLAIN | STOPS_QUOTED;
    r->class['"'] = STOPS_QUOTED;
    r->class[(unsigned char)r->delimiter] |= STOPS_PLAIN;
    enum csv_status done = parse(r, r->head + s.bytes_used, r->head + r->head_len);
    free(r->head);
    r->head = NULL;
    return done;
}

enum csv_status csv_feed(struct csv_reader *r, const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    if (r->status != CSV_OK || n == 0) {
        return r->status;
    }
    if (!r->started) {
        size_t take = CSV_HEAD_BYTES - r->head_len;
        take = take < n ? take : n;
        memcpy(r->head + r->head_len, p, take);
        r->head_len += take;
        p += take;
        n -= take;
        if (r->head_len < CSV_HEAD_BYTES || start(r, false) != CSV_OK) {
            return r->status;
        }
    }
    return parse(r, p, p + n);
}

enum csv_status csv_finish(struct csv_reader *r) {
    if (r->status == CSV_OK && !r->started) {
        start(r, true);
    }
    if (r->status != CSV_OK) {
        return r->status;
    }
    if (r->state == IN_QUOTES) {
        fail(r, CSV_UNCLOSED_QUOTE);
    } else if (r->state != AT_START || r->fields > 0) {
        end_row(r);
    }
    return r->status;
}
