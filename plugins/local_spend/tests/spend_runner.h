// SPDX-License-Identifier: Apache-2.0
// Test help: reads the text of a payments file the way an import does, block by block, again when asked to.
// Its CSV reader is a small one of its own, so that the logic is tested without any host.
#ifndef LOCAL_SPEND_TESTS_SPEND_RUNNER_H
#define LOCAL_SPEND_TESTS_SPEND_RUNNER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "reading.h"

enum { RUN_LINES = 64, RUN_CELLS = 400000, RUN_ROWS = 40000, RUN_BLOCK = 3 };

// A payment, with the cells the host would take by column.
struct run_line {
    int64_t pence, vat_lost_pence;
    int32_t day;
    uint32_t flags;
    const char *const *cells;
    uint32_t cell_count;
    uint64_t line;
};

struct run {
    enum spend_refusal refusal;
    struct reading file; // layout, tally
    struct run_line lines[RUN_LINES];
    size_t kept;
    enum spend_verdict verdicts[RUN_LINES]; // of the first records below the headings
    size_t judged;
    unsigned passes;
};

struct run_table {
    const char *text[RUN_CELLS];
    uint32_t length[RUN_CELLS], first[RUN_ROWS + 1];
    uint64_t line[RUN_ROWS];
    uint32_t rows, cells;
    char *bytes;
};

// Bytes above 0x7F that are no UTF-8 are taken for windows-1252, which is enough for a pound sign.
static char *run_decode(const char *text, size_t n) {
    char *out = malloc(n * 2 + 1), *o = out;
    for (size_t i = 0; out && i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        bool lead = c >= 0xC2 && i + 1 < n && ((unsigned char)text[i + 1] & 0xC0) == 0x80;
        bool three = c >= 0xE0 && lead && i + 2 < n && ((unsigned char)text[i + 2] & 0xC0) == 0x80;
        if (c < 0x80) {
            *o++ = (char)c;
        } else if (lead) {
            size_t len = three ? 3 : 2;
            memcpy(o, text + i, len);
            o += len;
            i += len - 1;
        } else {
            unsigned u = c == 0x9C ? 0x153u : c;
            *o++ = (char)(0xC0 | u >> 6);
            *o++ = (char)(0x80 | (u & 0x3F));
        }
    }
    if (out) {
        *o = 0;
    }
    return out;
}

static char run_delimiter(const char *text) {
    size_t commas = 0, semicolons = 0;
    for (const char *p = text; *p && *p != '\n'; p++) {
        commas += *p == ',';
        semicolons += *p == ';';
    }
    return semicolons > commas ? ';' : ',';
}

static void run_split(struct run_table *t, const char *text, size_t n) {
    t->rows = t->cells = 0;
    t->bytes = run_decode(text, n);
    char *p = t->bytes, *o = t->bytes, delimiter = run_delimiter(p);
    uint64_t line = 1;
    while (p && *p && t->rows < RUN_ROWS) {
        t->line[t->rows] = line;
        t->first[t->rows++] = t->cells;
        for (bool row = true; row && t->cells < RUN_CELLS;) {
            char *from = o;
            bool quoted = *p == '"';
            p += quoted;
            while (*p && (quoted || (*p != delimiter && *p != '\n' && *p != '\r'))) {
                if (quoted && *p == '"') {
                    quoted = p[1] == '"';
                    p += 1;
                    if (!quoted) {
                        continue;
                    }
                }
                line += *p == '\n';
                *o++ = *p++;
            }
            char stop = *p;
            p += stop == '\r' && p[1] == '\n' ? 2 : stop != 0;
            t->length[t->cells] = (uint32_t)(o - from);
            *o++ = 0;
            t->text[t->cells++] = from;
            row = stop == delimiter;
            line += !row;
        }
        t->first[t->rows] = t->cells;
    }
}

static void run_keep(struct run *run, const struct run_table *t, uint32_t row, const struct anc_lines *l,
                     uint32_t i) {
    enum spend_verdict v = (enum spend_verdict)l->why[i];
    if (l->what[i] == ANC_ROW_PAYMENT && run->kept < RUN_LINES) {
        uint32_t from = t->first[row];
        run->lines[run->kept++] = (struct run_line){.pence = l->pence[i],
                                                    .vat_lost_pence = l->vat_lost_pence[i],
                                                    .day = l->day[i],
                                                    .flags = l->flags[i],
                                                    .cells = t->text + from,
                                                    .cell_count = t->first[row + 1] - from,
                                                    .line = t->line[row]};
    }
    if (v != VERDICT_HEAD && run->judged < RUN_LINES) {
        run->verdicts[run->judged++] = v;
    }
}

static void run_pass(struct run *run, const struct run_table *t) {
    int32_t what[RUN_BLOCK], day[RUN_BLOCK];
    int64_t pence[RUN_BLOCK], vat[RUN_BLOCK];
    uint32_t flags[RUN_BLOCK], why[RUN_BLOCK];
    struct anc_lines l = {.size = sizeof l, what, pence, vat, day, flags, why};
    run->kept = run->judged = 0;
    run->passes++;
    for (uint32_t row = 0; row < t->rows; row += RUN_BLOCK) {
        uint32_t n = t->rows - row < RUN_BLOCK ? t->rows - row : RUN_BLOCK;
        struct anc_cells block = {.size = sizeof block,
                                  .rows = n,
                                  .text = t->text,
                                  .length = t->length,
                                  .first = t->first + row,
                                  .line = t->line + row};
        reading_map(&run->file, &block, &l);
        for (uint32_t i = 0; i < n; i++) {
            run_keep(run, t, row + i, &l, i);
        }
    }
}

// Reads n bytes. file_name and chosen may be NULL. The result is static: one at a time.
static const struct run *run_chosen(const void *bytes, size_t n, const char *file_name,
                                    const struct anc_columns *chosen) {
    static struct run run;
    static struct run_table table;
    struct spend_row head[SPEND_HEAD_ROWS];
    struct spend_layout layout;
    free(table.bytes);
    memset(&run, 0, sizeof run);
    run_split(&table, bytes, n);
    uint32_t rows = table.rows < SPEND_HEAD_ROWS ? table.rows : SPEND_HEAD_ROWS;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t from = table.first[i];
        head[i] = (struct spend_row){table.text + from, table.first[i + 1] - from, table.line[i]};
    }
    run.refusal = chosen ? spend_take_choice(head, rows, file_name, chosen, &layout)
                         : spend_recognise(head, rows, file_name, &layout);
    if (run.refusal != SPEND_ACCEPTED) {
        return &run;
    }
    reading_begin(&run.file, &layout, file_name, chosen);
    reading_look(&run.file, head, rows);
    enum reading_end end;
    do {
        run_pass(&run, &table);
        end = reading_finish(&run.file, &run.refusal);
    } while (end == READING_AGAIN);
    return &run;
}

static inline const struct run *run_file(const void *bytes, size_t n, const char *file_name) {
    return run_chosen(bytes, n, file_name, NULL);
}

static inline const struct run *read_text(const char *text) {
    return run_file(text, strlen(text), NULL);
}

// The cell of a role of a kept payment, as it stands in the file; "" when there is none.
static inline const char *run_cell(const struct run *r, size_t i, enum spend_role role) {
    int16_t c = r->file.layout.column[role];
    return c >= 0 && (uint32_t)c < r->lines[i].cell_count ? r->lines[i].cells[c] : "";
}

static inline bool run_dated(const struct run *r, size_t i) {
    return r->lines[i].day != INT32_MIN;
}

#endif
