// SPDX-License-Identifier: Apache-2.0
// Rows of a workbook on their way out: cells by column, rows by number, packed into frames.
#include "sheet/book/rows.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_HEAD = FRAME_HEAD + 12, ROW_HEAD = 12 };

bool rows_begin(struct rows *r, rows_send_fn *send, void *arg) {
    *r = (struct rows){.send = send, .arg = arg, .frame = malloc(FRAME_MAX), .used = ROWS_HEAD};
    return r->frame != NULL;
}

void rows_free(struct rows *r) {
    free(r->frame);
}

static void refuse(struct rows *r, enum book_refusal why) {
    if (r->refusal == BOOK_READ) {
        r->refusal = why;
    }
}

static void send_bytes(struct rows *r, const void *bytes, size_t n) {
    if (!r->send(r->arg, bytes, n)) {
        refuse(r, BOOK_DAMAGED); // nobody is there to be told
    }
}

void rows_frame(struct rows *r, uint32_t kind, const void *bytes, uint32_t n) {
    uint32_t head[2] = {kind, n};
    send_bytes(r, head, sizeof head);
    if (n > 0) {
        send_bytes(r, bytes, n);
    }
}

void rows_flush(struct rows *r) {
    uint32_t head[2] = {FRAME_ROWS, r->used - FRAME_HEAD};
    if (r->count == 0) {
        return;
    }
    memcpy(r->frame, head, sizeof head);
    memcpy(r->frame + FRAME_HEAD, &r->done, sizeof r->done);
    memcpy(r->frame + FRAME_HEAD + sizeof r->done, &r->count, sizeof r->count);
    send_bytes(r, r->frame, r->used);
    r->used = ROWS_HEAD;
    r->count = 0;
}

void rows_next_table(struct rows *r) {
    r->base = r->last_line = r->last_sent;
}

void rows_open(struct rows *r, uint64_t line) {
    line += r->base;
    if (line <= r->last_line) {
        refuse(r, BOOK_DAMAGED);
    }
    r->last_line = line;
    r->row = r->used;
    r->cells = 0;
    r->used += ROW_HEAD;
}

static void put_cell(struct rows *r, const char *text, uint32_t n) {
    memcpy(r->frame + r->used, &n, sizeof n);
    r->used += (uint32_t)sizeof n;
    if (n > 0) {
        memcpy(r->frame + r->used, text, n);
    }
    r->used += n;
    r->frame[r->used++] = 0;
    r->cells++;
}

void rows_cell(struct rows *r, uint32_t column, const char *text, size_t n) {
    if (n == 0 || r->refusal != BOOK_READ) {
        return;
    }
    if (n > SHEET_CELL_MAX) {
        refuse(r, BOOK_CELL_TOO_LONG);
    } else if (column >= SHEET_CELLS_MAX) {
        refuse(r, BOOK_TOO_MANY_CELLS);
    } else if (column < r->cells) {
        refuse(r, BOOK_DAMAGED);
    } else if (r->used - r->row + n > SHEET_ROW_MAX) {
        refuse(r, BOOK_ROW_TOO_LONG);
    }
    while (r->refusal == BOOK_READ && r->cells < column) {
        put_cell(r, "", 0);
    }
    if (r->refusal == BOOK_READ) {
        put_cell(r, text, (uint32_t)n);
    }
}

static void finish_row(struct rows *r, uint64_t line) {
    memcpy(r->frame + r->row, &line, sizeof line);
    memcpy(r->frame + r->row + sizeof line, &r->cells, sizeof r->cells);
    r->last_sent = line;
    r->count++;
    if (r->used >= FRAME_GOAL || r->count == SHEET_BLOCK_ROWS) {
        rows_flush(r);
    }
}

void rows_close(struct rows *r, uint64_t times) {
    if (r->cells == 0 || r->refusal != BOOK_READ) {
        r->used = r->row;
        r->last_line += times - 1;
        return;
    }
    uint64_t line = r->last_line - r->base;
    if (line > BOOK_ROWS_MAX || times > BOOK_ROWS_MAX - line + 1) {
        refuse(r, BOOK_TOO_MANY_ROWS);
        return;
    }
    uint32_t n = r->used - r->row;
    char *copy = times > 1 ? malloc(n) : NULL;
    if (times > 1 && !copy) {
        refuse(r, BOOK_NO_MEMORY);
        return;
    }
    if (copy) {
        memcpy(copy, r->frame + r->row, n);
    }
    finish_row(r, r->last_line);
    for (; times > 1 && r->refusal == BOOK_READ; times--) {
        r->row = r->used;
        memcpy(r->frame + r->used, copy, n);
        r->used += n;
        finish_row(r, ++r->last_line);
    }
    free(copy);
}
