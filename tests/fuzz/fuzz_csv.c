// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any bytes through the CSV reader, recognising, both passes, names; cut in pieces the result is
// the same.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "local_spend/logic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct work {
    char *head_text[SPEND_HEAD_ROWS];
    const char **head_cells[SPEND_HEAD_ROWS];
    struct spend_row head[SPEND_HEAD_ROWS];
    size_t head_rows;
    int pass;
    uint64_t sum; // of everything seen, to compare two ways of feeding
    struct spend_file file;
};

static void check_utf8_and_mix(struct work *w, const struct csv_row *row) {
    for (size_t i = 0; i < row->count; i++) {
        assert(strlen(row->cells[i]) == row->lengths[i]);
        for (uint32_t b = 0; b <= row->lengths[i]; b++) {
            w->sum = (w->sum ^ (unsigned char)row->cells[i][b]) * UINT64_C(1099511628211);
        }
    }
    w->sum = w->sum * 31 + row->line;
}

static void keep_head(struct work *w, const struct csv_row *row) {
    size_t bytes = 0, at = w->head_rows;
    for (size_t i = 0; i < row->count; i++) {
        bytes += row->lengths[i] + 1;
    }
    w->head_text[at] = malloc(bytes);
    w->head_cells[at] = malloc(row->count * sizeof(char *));
    if (!w->head_text[at] || !w->head_cells[at]) {
        abort();
    }
    char *p = w->head_text[at];
    for (size_t i = 0; i < row->count; i++) {
        w->head_cells[at][i] = memcpy(p, row->cells[i], row->lengths[i] + 1);
        p += row->lengths[i] + 1;
    }
    w->head[w->head_rows++] = (struct spend_row){w->head_cells[at], row->count, row->line};
}

static void check_line(const struct spend_line *l) {
    struct spend_name name;
    spend_name_read(l->payee, &name);
    assert(strlen(name.key) < SPEND_KEY_BYTES && strlen(name.other) < SPEND_KEY_BYTES);
    assert(!l->has_date || (l->day > 9000 && l->day < 37000));
    assert(!(l->redacted && (l->postcode[0] || l->company[0] || l->charity[0])));
}

static bool on_row(void *user, const struct csv_row *row) {
    struct work *w = user;
    struct spend_row one = {.cells = row->cells, .count = row->count, .line = row->line};
    struct spend_line line;
    switch (w->pass) {
    case 0:
        check_utf8_and_mix(w, row);
        if (w->head_rows < SPEND_HEAD_ROWS) {
            keep_head(w, row);
        }
        break;
    case 1:
        spend_file_observe(&w->file, &one);
        break;
    case 2:
        if (spend_file_map(&w->file, &one, &line) == VERDICT_LINE) {
            check_line(&line);
        }
        break;
    default:
        check_utf8_and_mix(w, row);
    }
    return true;
}

static enum csv_status feed(struct work *w, int pass, const uint8_t *data, size_t size, size_t piece) {
    w->pass = pass;
    struct csv_reader *r = csv_open(NULL, on_row, w);
    if (!r) {
        abort();
    }
    for (size_t i = 0; i < size; i += piece) {
        csv_feed(r, data + i, size - i < piece ? size - i : piece);
    }
    enum csv_status s = csv_finish(r);
    csv_close(r);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct work w;
    memset(&w, 0, sizeof w);
    enum csv_status whole = feed(&w, 0, data, size, size ? size : 1);
    uint64_t sum = w.sum;
    w.sum = 0;
    enum csv_status pieces = feed(&w, 3, data, size, 7);
    assert(whole == pieces && w.sum == sum);
    struct spend_layout layout;
    if (spend_recognise(w.head, w.head_rows, "x.csv", &layout) == SPEND_ACCEPTED) {
        spend_file_begin(&w.file, &layout);
        feed(&w, 1, data, size, size);
        spend_file_decide(&w.file);
        feed(&w, 2, data, size, size);
        (void)spend_file_refusal(&w.file);
    }
    for (size_t i = 0; i < w.head_rows; i++) {
        free(w.head_text[i]);
        free(w.head_cells[i]);
    }
    return 0;
}
