// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any bytes as a file of a table. CSV comes out the same however the buffer's edges fall, and
// what comes out is UTF-8 within the limits; archives are opened and read.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sheet/scan.h"
#include "sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    uint64_t sum, rows, line;
};

static void take(struct seen *seen, const struct sheet_block *b) {
    assert(b->rows > 0 && b->rows <= SHEET_BLOCK_ROWS && b->first[0] == 0);
    for (uint32_t r = 0; r < b->rows; r++) {
        uint32_t cells = b->first[r + 1] - b->first[r];
        assert(cells > 0 && cells <= SHEET_CELLS_MAX && b->line[r] > seen->line);
        seen->line = b->line[r];
        for (uint32_t i = b->first[r]; i < b->first[r + 1]; i++) {
            assert(b->length[i] <= SHEET_CELL_MAX && strlen(b->text[i]) == b->length[i]);
            assert(utf8_valid(b->text[i], b->length[i]));
            for (uint32_t k = 0; k <= b->length[i]; k++) {
                seen->sum = (seen->sum ^ (unsigned char)b->text[i][k]) * UINT64_C(1099511628211);
            }
        }
        seen->sum = seen->sum * 31 + b->line[r];
        seen->rows++;
    }
}

static enum sheet_status read_all(struct sheet *s, enum sheet_status status, struct seen *seen) {
    struct sheet_block b;
    *seen = (struct seen){0};
    while (status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        take(seen, &b);
    }
    assert(status == SHEET_END || sheet_why(s)[0]);
    assert(utf8_valid(sheet_why(s), strlen(sheet_why(s))));
    return status;
}

// The cutter alone, fed in pieces; the same bytes at once.
static struct seen cut(const uint8_t *data, size_t size, size_t piece) {
    struct scan *s = scan_new();
    struct seen seen = {0};
    size_t at = 0;
    for (;;) {
        struct sheet_block b;
        enum scan_status status = s ? scan_block(s, &b) : SCAN_END;
        if (status == SCAN_BLOCK) {
            take(&seen, &b);
        } else if (status == SCAN_MORE) {
            size_t n = size - at < piece ? size - at : piece;
            char *room = scan_room(s);
            if (n > 0) {
                memcpy(room, data + at, n);
            }
            at += n;
            scan_add(s, n, at == size);
        } else {
            seen.sum = seen.sum * 31 + (uint64_t)status;
            scan_free(s);
            return seen;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sheet *s = NULL;
    struct seen first, again;
    enum sheet_status status = sheet_open_memory(data, size, NULL, &s);
    status = read_all(s, status, &first);
    if (status == SHEET_END && sheet_rewind(s) == SHEET_OK) {
        status = read_all(s, SHEET_OK, &again);
        assert(status == SHEET_END && first.sum == again.sum && first.rows == again.rows);
        assert(strlen(sheet_sha256(s)) == 64);
    }
    sheet_close(s);
    struct seen whole = cut(data, size, SCAN_FILL), pieces = cut(data, size, 7);
    assert(whole.sum == pieces.sum && whole.rows == pieces.rows);
    return 0;
}
