// SPDX-License-Identifier: Apache-2.0
// What the files of the guard share; nobody else includes it.
#ifndef ANCHORAGE_SPEND_GUARDINT_H
#define ANCHORAGE_SPEND_GUARDINT_H

#include "spend/crowds.h"
#include "spend/guard.h"

enum dim { DIM_ANCHOR, DIM_PLACE, DIM_WARD, DIM_VCFSE, DIM_SIZE, DIM_FLOW, DIM_SECTOR, DIMS };

// A filter. value: the number of a body, ward or sector; else a set: of places, decisions without POLICY,
// sizes (bit 0: not known), kinds of payment.
struct filter {
    bool set;
    uint8_t rule;
    uint32_t value;
    uint64_t
        classes; // of those by policy, as a set of their numbers; the last bit stands for all from there on
};
struct choice {
    struct filter of[DIMS]; // kinds of payment are always set
};

#define ALL_FLOWS   UINT32_MAX
#define ALL_CLASSES UINT64_MAX

static inline uint64_t class_bit(uint32_t n) {
    return (uint64_t)1 << (n < 63 ? n : 63);
}

// core/spend/guard_choice.c: a slice in a view, narrowed to a row by two groupings. False: nothing fits it.
bool choice_of_slice(const struct cube_view *v, const struct anc_slice *s, const struct guard_row row[2],
                     struct choice *ret);
// Classes by their words, one blank between.
uint64_t choice_classes(const struct facts *f, const char *words);

// core/spend/guard_judge.c: the verdict on a choice in a year.
struct question {
    const struct cube_view *v;
    const struct crowds *all;
    int32_t year;
    uint32_t usual_flows;
    uint64_t usual_classes;
    struct choice b; // what is asked about
};
enum guard_says guard_judge(const struct question *q);

#endif
