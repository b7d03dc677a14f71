// SPDX-License-Identifier: Apache-2.0
// Cuts the bytes of a CSV file into blocks of cells, in the buffer they were read into.
#include "sheet/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sheet/bytes.h"
#include "sheet/sniff.h"

enum {
    CELLS_CAP = 65536, // cells of a block; a row more always fits
    PAD = BYTES_AT_ONCE + 16,
};

#define BUFFER_BYTES (SHEET_ROW_MAX + SCAN_FILL + 64)
#define SIDE_BYTES   ((size_t)256 << 10)
#define WIDEST       4 // a byte of windows-1252 becomes at most three, and each cell has a NUL

struct scan {
    unsigned char *buf; // BUFFER_BYTES and PAD; zeros follow the bytes that were read
    size_t at, end;
    bool last;               // no bytes follow
    enum scan_status failed; // SCAN_BLOCK: not yet
    unsigned char delimiter;
    uint64_t next_line, recoded;
    char *side; // cells that had to be rewritten
    size_t side_used, side_cap;
    // The window of BYTES_AT_ONCE bytes that was looked at last, and what of it is still ahead.
    const unsigned char *window;
    uint64_t ahead;
    const unsigned char *high_until; // bytes above 127 were met before here and not behind the window
    // The row being looked at.
    uint32_t inner_lines; // line ends inside its quotes
    uint32_t quoted;      // cells whose quotes are to be undone
    uint16_t quoted_at[SHEET_CELLS_MAX];
    char **text;
    uint32_t *length, *first;
    uint64_t *line;
};

struct scan *scan_new(void) {
    struct scan *s = calloc(1, sizeof *s);
    if (!s) {
        return NULL;
    }
    s->buf = malloc(BUFFER_BYTES + PAD);
    s->side = malloc(SIDE_BYTES);
    s->side_cap = SIDE_BYTES;
    s->text = malloc(CELLS_CAP * sizeof *s->text);
    s->length = malloc(CELLS_CAP * sizeof *s->length);
    s->first = malloc((SHEET_BLOCK_ROWS + 1) * sizeof *s->first);
    s->line = malloc(SHEET_BLOCK_ROWS * sizeof *s->line);
    if (!s->buf || !s->side || !s->text || !s->length || !s->first || !s->line) {
        scan_free(s);
        return NULL;
    }
    scan_reset(s);
    scan_start(s, ',', 1);
    return s;
}

void scan_free(struct scan *s) {
    if (s) {
        free(s->buf);
        free(s->side);
        free(s->text);
        free(s->length);
        free(s->first);
        free(s->line);
        free(s);
    }
}

void scan_reset(struct scan *s) {
    s->at = s->end = 0;
    s->last = false;
    memset(s->buf, 0, PAD);
}

void scan_start(struct scan *s, char delimiter, uint64_t line) {
    s->delimiter = (unsigned char)delimiter;
    s->next_line = line;
    s->recoded = 0;
    s->failed = SCAN_BLOCK;
}

char *scan_room(struct scan *s) {
    if (s->at > 0) {
        memmove(s->buf, s->buf + s->at, s->end - s->at);
    }
    s->end -= s->at;
    s->at = 0;
    return (char *)s->buf + s->end;
}

void scan_add(struct scan *s, size_t n, bool last) {
    s->end += n;
    s->last = last;
    memset(s->buf + s->end, 0, PAD);
}

const unsigned char *scan_head(const struct scan *s, size_t *ret_n) {
    *ret_n = s->end - s->at;
    return s->buf + s->at;
}

void scan_skip(struct scan *s, size_t n) {
    s->at += n;
}

uint64_t scan_line(const struct scan *s) {
    return s->next_line;
}

uint64_t scan_recoded(const struct scan *s) {
    return s->recoded;
}

// ---- looking ------------------------------------------------------------------------------------------

static void look_at(struct scan *s, const unsigned char *p) {
    struct byte_masks m = bytes_look(p, s->delimiter);
    s->window = p;
    s->ahead = m.found;
    if (m.high) {
        s->high_until = p + BYTES_AT_ONCE;
    }
}

// The reading goes on at p, ahead of where it was.
static void go_on_at(struct scan *s, const unsigned char *p) {
    if (p < s->window + BYTES_AT_ONCE) {
        s->ahead &= UINT64_MAX << (p - s->window);
    } else {
        look_at(s, p);
    }
}

// The next delimiter, line end or NUL (also the one behind the end of the bytes).
static const unsigned char *next_stop(struct scan *s) {
    for (;;) {
        while (s->ahead == 0) {
            look_at(s, s->window + BYTES_AT_ONCE);
        }
        const unsigned char *p = s->window + __builtin_ctzll(s->ahead);
        s->ahead &= s->ahead - 1;
        if (*p == s->delimiter || *p == '\n' || *p == '\r' || *p == 0) {
            return p;
        }
    }
}

// From behind an opening quote to the closing one; counts pairs of quotes and line ends. Returns where it
// stopped: at the closing quote or at a NUL.
static const unsigned char *skip_quoted(struct scan *s, const unsigned char *p, size_t *pairs) {
    const unsigned char *base = p;
    uint64_t high = 0;
    for (;; base += BYTES_AT_ONCE) {
        struct byte_masks m = bytes_look(base, '"');
        high |= m.high;
        for (; m.found; m.found &= m.found - 1) {
            const unsigned char *q = base + __builtin_ctzll(m.found);
            if (q < p) { // the second quote of a pair
                continue;
            }
            bool pair = *q == '"' && q[1] == '"';
            if (*q == 0 || (*q == '"' && !pair)) {
                if (high && s->high_until < q) {
                    s->high_until = q;
                }
                return q;
            }
            *pairs += pair;
            p = q + 1 + pair;
            s->inner_lines += *q == '\n' ? q[-1] != '\r' : *q == '\r';
        }
    }
}

struct cell {
    const unsigned char *end; // the byte that ended it
    size_t length;            // of its text
    bool quoted, undo;        // undo: more than the quotes around it has to go
};

// Whether a cell ends behind this quote. Where a cell of several lines seems to end inside a text, its quote
// was never closed and this one belongs to another cell: then the first is a mark like any other.
static bool ends_cell(const struct scan *s, const unsigned char *quote) {
    const unsigned char *p = quote + 1;
    while (*p == ' ') {
        p++;
    }
    return *p == s->delimiter || *p == '\n' || *p == '\r' || *p == 0;
}

// Looks at the cell that starts at p.
static enum scan_status look_at_cell(struct scan *s, const unsigned char *p, struct cell *ret) {
    const unsigned char *stop = s->buf + s->end;
    size_t pairs = 0, marks = 0;
    bool open = false;
    const unsigned char *closed = p;
    ret->quoted = *p == '"';
    ret->end = p;
    if (ret->quoted) {
        uint32_t inner = s->inner_lines;
        ret->end = skip_quoted(s, p + 1, &pairs);
        open = *ret->end != '"';
        if (!open && s->inner_lines > inner && !ends_cell(s, ret->end)) {
            s->inner_lines = inner;
            ret->quoted = false;
            pairs = 0;
        } else {
            marks = open ? 1 : 2;
            ret->end += !open;
            closed = ret->end;
            go_on_at(s, ret->end);
        }
    }
    if (!open) {
        ret->end = next_stop(s);
    }
    ret->undo = ret->quoted && (pairs > 0 || ret->end != closed);
    ret->length = (size_t)(ret->end - p) - pairs - marks;
    if (ret->length > SHEET_CELL_MAX) {
        return SCAN_CELL_TOO_LONG;
    }
    if (*ret->end == 0 && ret->end < stop) {
        return SCAN_NUL;
    }
    // Whether a quote closes or doubles, and whether a CR has its LF, only the next byte tells.
    if (!s->last && ret->end + 1 >= stop) {
        return SCAN_MORE;
    }
    return *ret->end == 0 && open ? SCAN_UNCLOSED_QUOTE : SCAN_BLOCK;
}

// Looks at one row from p on. SCAN_BLOCK: *ret_end is behind its line end, *ret_cells of its cells are noted
// from `cells` on.
static enum scan_status look_at_row(struct scan *s, const unsigned char *p, uint32_t cells,
                                    const unsigned char **ret_end, uint32_t *ret_cells) {
    const unsigned char *start = p;
    uint32_t n = 0;
    s->inner_lines = s->quoted = 0;
    for (;; n++) {
        struct cell cell;
        enum scan_status status = look_at_cell(s, p, &cell);
        if (status == SCAN_BLOCK || status == SCAN_MORE) {
            status = (size_t)(cell.end - start) > SHEET_ROW_MAX ? SCAN_ROW_TOO_LONG : status;
        }
        if (status != SCAN_BLOCK) {
            return status;
        }
        if (n == SHEET_CELLS_MAX) {
            return SCAN_TOO_MANY_CELLS;
        }
        if (cell.undo) {
            s->quoted_at[s->quoted++] = (uint16_t)n;
        }
        s->text[cells + n] = (char *)s->buf + (p - s->buf) + (cell.quoted && !cell.undo);
        s->length[cells + n] = (uint32_t)cell.length;
        if (*cell.end != s->delimiter) {
            *ret_end = cell.end + 1 + (*cell.end == '\r' && cell.end[1] == '\n');
            *ret_cells = n + 1;
            return SCAN_BLOCK;
        }
        p = cell.end + 1;
    }
}

// ---- closing a row ------------------------------------------------------------------------------------

// Takes the quotes of a cell away in place; its text is `length` bytes without them.
static void undo_quotes(char *text, size_t length) {
    char *to = text, *stop = text + length;
    const char *from = text + 1;
    while (to < stop) {
        const char *quote = memchr(from, '"', (size_t)(stop - to));
        size_t n = quote ? (size_t)(quote - from) : (size_t)(stop - to);
        memmove(to, from, n);
        to += n;
        from += n;
        if (!quote) {
            break;
        }
        if (from[1] == '"') {
            *to++ = '"';
            from += 2;
        } else { // closed: the rest is plain
            memmove(to, from + 1, (size_t)(stop - to));
            break;
        }
    }
}

static bool is_ascii(const char *p, size_t n) {
    uint64_t seen = 0, eight;
    for (; n >= sizeof eight; n -= sizeof eight, p += sizeof eight) {
        memcpy(&eight, p, sizeof eight);
        seen |= eight;
    }
    for (; n > 0; n--) {
        seen |= (unsigned char)*p++;
    }
    return (seen & UINT64_C(0x8080808080808080)) == 0;
}

// Writes windows-1252 as UTF-8 behind what is in the side buffer; there is room.
static void recode(struct scan *s, char **text, uint32_t *length) {
    char *out = s->side + s->side_used, *to = out;
    for (uint32_t i = 0; i < *length; i++) {
        unsigned char byte = (unsigned char)(*text)[i];
        unsigned u = byte < 0x80 ? byte : sniff_cp1252(byte);
        if (u < 0x80) {
            *to++ = (char)u;
        } else if (u < 0x800) {
            *to++ = (char)(0xC0 | (u >> 6));
            *to++ = (char)(0x80 | (u & 0x3F));
        } else {
            *to++ = (char)(0xE0 | (u >> 12));
            *to++ = (char)(0x80 | ((u >> 6) & 0x3F));
            *to++ = (char)(0x80 | (u & 0x3F));
        }
    }
    *to = 0;
    *text = out;
    *length = (uint32_t)(to - out);
    s->side_used += *length + 1;
}

// Room beside for a row of n bytes. SCAN_MORE: the block is to end before it.
static enum scan_status side_room(struct scan *s, size_t n, bool first) {
    size_t need = n * WIDEST;
    if (s->side_used + need <= s->side_cap) {
        return SCAN_BLOCK;
    }
    if (!first) {
        return SCAN_MORE;
    }
    char *grown = realloc(s->side, need);
    if (!grown) {
        return SCAN_NO_MEMORY;
    }
    s->side = grown;
    s->side_cap = need;
    return SCAN_BLOCK;
}

static enum scan_status to_utf8(struct scan *s, char **text, uint32_t *length, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (!is_ascii(text[i], length[i]) && !utf8_valid(text[i], length[i])) {
            recode(s, &text[i], &length[i]);
            s->recoded++;
            if (length[i] > SHEET_CELL_MAX) {
                return SCAN_CELL_TOO_LONG;
            }
        }
    }
    return SCAN_BLOCK;
}

// Closes a row that was looked at. SCAN_MORE: the block is to end before it.
static enum scan_status close_row(struct scan *s, const unsigned char *end, uint32_t cells, uint32_t n) {
    char **text = s->text + cells;
    uint32_t *length = s->length + cells;
    const unsigned char *start = s->buf + s->at;
    bool high = s->high_until > start;
    if (high) {
        enum scan_status status = side_room(s, (size_t)(end - start) + 1, cells == 0);
        if (status != SCAN_BLOCK) {
            return status;
        }
    }
    for (uint32_t i = 0; i < s->quoted; i++) {
        undo_quotes(text[s->quoted_at[i]], length[s->quoted_at[i]]);
    }
    for (uint32_t i = 0; i < n; i++) {
        text[i][length[i]] = 0;
    }
    return high ? to_utf8(s, text, length, n) : SCAN_BLOCK;
}

enum scan_status scan_block(struct scan *s, struct sheet_block *ret) {
    uint32_t rows = 0, cells = 0;
    enum scan_status status = SCAN_BLOCK;
    if (s->failed != SCAN_BLOCK) {
        return s->failed;
    }
    s->side_used = 0;
    s->high_until = s->buf;
    look_at(s, s->buf + s->at);
    while (rows < SHEET_BLOCK_ROWS && cells <= CELLS_CAP - SHEET_CELLS_MAX) {
        const unsigned char *p = s->buf + s->at, *end = p;
        uint32_t n = 0;
        if (s->at == s->end) {
            status = s->last ? SCAN_END : SCAN_MORE;
            break;
        }
        status = look_at_row(s, p, cells, &end, &n);
        if (status == SCAN_BLOCK) {
            status = close_row(s, end, cells, n);
        }
        if (status != SCAN_BLOCK) {
            break;
        }
        go_on_at(s, end);
        s->at = (size_t)(end - s->buf);
        s->at = s->at < s->end ? s->at : s->end; // the last row may end with the file
        s->line[rows] = s->next_line;
        s->next_line += 1 + s->inner_lines;
        s->first[rows++] = cells;
        cells += n;
    }
    s->first[rows] = cells;
    if (status != SCAN_BLOCK && status != SCAN_MORE && status != SCAN_END) {
        s->failed = status;
    }
    if (rows == 0) {
        return status;
    }
    *ret = (struct sheet_block){.rows = rows,
                                .text = (const char *const *)s->text,
                                .length = s->length,
                                .first = s->first,
                                .line = s->line};
    return SCAN_BLOCK;
}
