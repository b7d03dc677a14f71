// SPDX-License-Identifier: Apache-2.0
// The single payments behind a sum: which they are, in order, a page at a time, found in memory with the very
// choices of a slice. Their words are in the database, found by year, load, payee and line.
#ifndef ANCHORAGE_SPEND_DRILL_H
#define ANCHORAGE_SPEND_DRILL_H

#include "spend/cube.h"

#define DRILL_MOST ((size_t)20000)

struct drill {
    struct anc_slice slice;  // the choice; by, then_by and category are not looked at
    int64_t load_id;         // 0: all loads
    const int64_t *payee_id; // only these, NULL all
    size_t payees;
    bool same;    // those that stand in an earlier file and do not count, instead of those that do
    bool largest; // largest first, else newest first; then by load and line, latest first
    size_t most;  // at most DRILL_MOST
    // Where an earlier page ended: key, load and line of its last payment.
    bool after;
    int64_t after_key, after_load, after_line;
};
struct drill_line {
    int64_t key; // what it is sorted by: pence, or days since 1970
    int64_t load_id, payee_id, pence;
    int32_t fy, line_no;
    uint8_t place, vcfse; // ANC_PLACE_*, ANC_VCFSE_* on its day
    const char *ward;     // name, "" none; lives as long as the view
};
struct drill_answer {
    int64_t pence, lines, credit_pence; // of all, on any page
    size_t count;
    const struct drill_line *line; // in the context's arena
    bool more;
};

// The payments of a choice. Waits for single payments when they are not in memory (cube_has_lines). Errors as
// of cube_slice.
enum err cube_drill(struct ctx *c, const struct cube_view *v, const struct drill *d,
                    struct drill_answer *ret) MUST;
// The sums alone, from sums; not of a choice that needs single payments (ERR_BUG).
enum err cube_drill_sum(struct ctx *c, const struct cube_view *v, const struct drill *d,
                        struct drill_answer *ret) MUST;
bool drill_needs_lines(const struct drill *d);

#endif
