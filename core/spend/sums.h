// SPDX-License-Identifier: Apache-2.0
// Sums over payments for one unit of work: pins a state of the cube when they are first asked for and keeps
// it to the end, so that all figures of a page belong together.
#ifndef ANCHORAGE_SPEND_SUMS_H
#define ANCHORAGE_SPEND_SUMS_H

#include "plugin/sums.h"

struct cube;
struct cube_view;

struct sums_unit {
    struct spend_sums api;
    struct cube *cube;
    const struct cube_view *view; // pinned; NULL before the first question
    bool given;                   // figures of this view were handed out
};

// From here on plugins get sums in this unit of work. cube NULL: they get none. `u` must live until sums_end.
void sums_begin(struct sums_unit *u, struct cube *cube, struct ctx *c);
// The same over the cells of a frozen report.
enum err sums_of_report(struct sums_unit *u, const char *report_ref, struct ctx *c) MUST;
void sums_end(struct sums_unit *u, struct ctx *c);

// Whether the sums of this context are those of a unit of work, so that there is a view.
bool sums_are_a_cube(const struct ctx *c);
// The view that this unit rests on, pinned; it is let go by sums_end.
enum err sums_view(struct ctx *c, const struct cube_view **ret) MUST;

// Where there are no payments: every question has an empty answer.
extern const struct spend_sums sums_none;

#endif
