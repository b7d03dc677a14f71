// SPDX-License-Identifier: Apache-2.0
// Fuzz target of reading payments files in the plugin local_spend: cells as the host hands them over, parted
// by tab and line end. First byte: bits say whether columns are chosen, and which file name there is. What
// comes out must be in range, the same whatever the blocks, and the plain way of reading an amount must agree
// with the careful one.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "local_spend/amount.h"
#include "local_spend/flow.h"
#include "local_spend/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST_HOLD(x)                                                                                         \
    do {                                                                                                     \
        if (!(x))                                                                                            \
            abort();                                                                                         \
    } while (0)

enum { BYTES = 65536, ROWS = 4096, CELLS = 16384, FIRST_DAY = -25567, LAST_DAY = 84005 };

static char bytes[BYTES + 2];
static const char *text[CELLS + 1];
static uint32_t length[CELLS + 1], first[ROWS + 1];
static uint64_t line[ROWS];
static uint32_t rows;

struct answers {
    int32_t what[ROWS], day[ROWS];
    int64_t pence[ROWS], vat[ROWS];
    uint32_t flags[ROWS], why[ROWS];
};
static struct answers one, other;

static void cut(const uint8_t *data, size_t size) {
    size_t n = size < BYTES ? size : BYTES;
    uint32_t cells = 0;
    memcpy(bytes, data, n);
    bytes[n] = '\n';
    rows = 0;
    first[0] = 0;
    for (size_t from = 0, i = 0; i <= n && rows < ROWS && cells < CELLS; i++) {
        char c = bytes[i];
        if (c == '\t' || c == '\n') {
            bytes[i] = 0;
            text[cells] = bytes + from;
            length[cells++] = (uint32_t)strlen(bytes + from); // the host's cells hold no zero bytes
            from = i + 1;
        }
        if (c == '\n') {
            line[rows] = rows + 1;
            first[++rows] = cells;
        }
    }
}

static enum reading_end read_all(struct reading *r, struct answers *a, uint32_t block) {
    enum reading_end end = READING_AGAIN;
    for (int pass = 0; end == READING_AGAIN; pass++) {
        MUST_HOLD(pass < 3);
        for (uint32_t from = 0; from < rows; from += block) {
            uint32_t n = rows - from < block ? rows - from : block;
            struct anc_cells cells = {sizeof cells, n, text, length, first + from, line + from};
            struct anc_lines lines = {sizeof lines,  a->what + from,  a->pence + from, a->vat + from,
                                      a->day + from, a->flags + from, a->why + from};
            reading_map(r, &cells, &lines);
        }
        enum spend_refusal why;
        end = reading_finish(r, &why);
    }
    return end;
}

static void check(const struct reading *r, const struct answers *a) {
    int64_t sum = 0;
    uint64_t lines = 0;
    for (uint32_t i = 0; i < rows; i++) {
        MUST_HOLD(a->what[i] >= ANC_ROW_PAYMENT && a->what[i] <= ANC_ROW_WRONG && a->why[i] < VERDICT_COUNT);
        MUST_HOLD(a->day[i] == INT32_MIN || (a->day[i] >= FIRST_DAY && a->day[i] <= LAST_DAY));
        MUST_HOLD(a->pence[i] >= -AMOUNT_MAX_PENCE && a->pence[i] <= AMOUNT_MAX_PENCE);
        MUST_HOLD(a->what[i] == ANC_ROW_PAYMENT || (a->pence[i] == 0 && a->flags[i] == 0));
        sum += a->pence[i];
        lines += a->what[i] == ANC_ROW_PAYMENT;
    }
    MUST_HOLD(r->tally.records == rows && r->tally.verdicts[VERDICT_LINE] == lines &&
              r->tally.sum_pence == sum);
}

static void check_amounts_and_flows(void) {
    for (uint32_t i = 0; i < first[rows] && i < 64; i++) {
        int64_t quick, careful;
        unsigned how, how_careful;
        if (spend_amount_quick(text[i], length[i], &quick, &how)) {
            MUST_HOLD(spend_amount_read(text[i], &careful, &how_careful) == AMOUNT_OK && careful == quick &&
                      how == how_careful);
        }
        struct anc_party party = {.size = sizeof party, .kind = (int32_t)(i % 4), .name = text[i]};
        struct anc_label label = {
            .size = sizeof label, .category = text[i / 2], .kind = (int32_t)(i / 4 % 4)};
        int32_t flow = spend_flow(&party, &label, NULL);
        MUST_HOLD(flow >= 0 && flow < ANC_FLOW_COUNT && flow != ANC_FLOW_CREDIT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"", "payments 2019-20.csv", "gpc-apr-2024.csv", "2011-12.csv"};
    if (size < 1) {
        return 0;
    }
    uint8_t mode = data[0];
    cut(data + 1, size - 1);
    check_amounts_and_flows();
    struct spend_row head[SPEND_HEAD_ROWS];
    uint32_t n = rows < SPEND_HEAD_ROWS ? rows : SPEND_HEAD_ROWS;
    for (uint32_t i = 0; i < n; i++) {
        head[i] = (struct spend_row){text + first[i], first[i + 1] - first[i], line[i]};
    }
    struct anc_columns chosen = {.size = sizeof chosen, .head_rows = mode >> 4, .kind = mode >> 2 & 3};
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        chosen.column[i] = i < 3 ? (i + (mode >> 5)) % 3 : i - 4;
    }
    const char *name = names[mode & 3];
    bool choose = mode & 128;
    struct spend_layout layout;
    enum spend_refusal why =
        choose ? spend_take_choice(head, n, name, &chosen, &layout) : spend_recognise(head, n, name, &layout);
    if (why != SPEND_ACCEPTED) {
        return 0;
    }
    static struct reading r;
    reading_begin(&r, &layout, name, choose ? &chosen : NULL);
    reading_look(&r, head, n);
    enum reading_end end = read_all(&r, &one, ROWS);
    check(&r, &one);
    reading_begin(&r, &layout, name, choose ? &chosen : NULL);
    reading_look(&r, head, n);
    MUST_HOLD(read_all(&r, &other, 7) == end);
    for (uint32_t i = 0; i < rows; i++) {
        MUST_HOLD(one.what[i] == other.what[i] && one.pence[i] == other.pence[i] &&
                  one.day[i] == other.day[i] && one.flags[i] == other.flags[i] &&
                  one.why[i] == other.why[i] && one.vat[i] == other.vat[i]);
    }
    return 0;
}
