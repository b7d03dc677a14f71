// SPDX-License-Identifier: Apache-2.0
// Who shares all that the public can ask for: payees of one state by year, body, kind of payment, place,
// ward, sector, size and tag. What a choice of payments and another one have not in common is a set of such
// crowds.
#ifndef ANCHORAGE_SPEND_CROWDS_H
#define ANCHORAGE_SPEND_CROWDS_H

#include "spend/cubeint.h"
#include "spend/suppress.h"

struct profile { // no byte is left open: profiles compare whole
    uint16_t cell, ward[PLACE_RULES], sector;
    uint8_t place[PLACE_RULES], vcfse, vcfse_class, size, flow, none;
};

// Of more than SUPPRESS_BELOW any that many are enough to know that there are enough.
struct crowd {
    uint32_t who[SUPPRESS_BELOW];
    uint8_t count;
    bool nameless; // payments whose payee is not named are in it too: nobody knows how many these are
};
void crowd_add(struct crowd *to, uint32_t who);
void crowd_join(struct crowd *to, const struct crowd *from);

struct crowds {
    uint32_t count;
    struct profile *profile;
    struct crowd *crowd; // of each profile
};
// One walk over all sums of the view. What an entity was paid and gave back wholly leaves it out.
struct crowds *crowds_of(const struct cube_view *v);
void crowds_free(struct crowds *c);

#endif
