// SPDX-License-Identifier: Apache-2.0
// Sums over all payments from memory. Lines are kept in columns, a block for each load and financial year,
// with sums by payee beside them; who a payee is, where it was on the day and how it is tagged stands in one
// table of facts. Blocks never change: a load or a correction makes new ones and swaps them in.
//
// Exactness: what is kept is compared with core.spend_state before each unit of work; when that grew, what
// changed is read again first. So a figure is never older than the last commit before it was asked for.
#ifndef ANCHORAGE_SPEND_CUBE_H
#define ANCHORAGE_SPEND_CUBE_H

#include "base/ctx.h"

#include <anchorage/plugin.h>

struct cube;      // lives as long as the program
struct cube_view; // one state of it, pinned by count

struct cube *cube_new(void);
void cube_free(struct cube *k); // no view may be left

// Brings the cube up to what the context's connection sees (any connection may be used, that of a standby
// too) and pins that state. Waits for another thread that is doing so. Release with cube_unpin.
enum err cube_pin(struct ctx *c, struct cube *k, const struct cube_view **ret) MUST;
void cube_unpin(const struct cube_view *v); // NULL is fine

// Rows and their texts live as long as the view is pinned and the context's arena is. `most` of the slice 0
// means all, at most 100,000 (ERR_TOO_LARGE above). c->db is only used when the slice asks for months,
// categories or days and the lines are not in memory yet.
enum err cube_slice(struct ctx *c, const struct cube_view *v, const struct anc_slice *slice,
                    uint32_t *ret_count, const struct anc_sum **ret_rows) MUST;
// Brings lines into memory when the slice needs them, so that the slice itself only adds up. ERR_BUSY: they
// have changed since the view was pinned; pin again.
enum err cube_ready(struct ctx *c, const struct cube_view *v, const struct anc_slice *slice) MUST;
// Whether single payments are in memory, so that nothing that is asked of the view has to wait for them.
bool cube_has_lines(const struct cube_view *v);
// Whether they are not, are many, and are being read in the background (cube_tend).
bool cube_lines_soon(const struct cube_view *v);
// Brings the cube up to date, single payments too, and asks it what pages asked before: for one thread that
// does so whenever something has changed, so that no person waits.
enum err cube_tend(struct ctx *c, struct cube *k) MUST;
enum err cube_years(struct ctx *c, const struct cube_view *v, uint32_t *ret_count,
                    const int32_t **ret_years) MUST;

// A view made of a frozen report's cells instead (core.spend_report_cell).
enum err cube_of_report(struct ctx *c, const char *report_ref, const struct cube_view **ret) MUST;
// Stores the cells of a view that a slice takes in, for a report.
enum err cube_freeze(struct ctx *c, const struct cube_view *v, const struct anc_slice *slice,
                     int64_t report_id) MUST;

// Bytes held, for /metrics and the benchmark.
size_t cube_bytes(const struct cube_view *v);

#endif
