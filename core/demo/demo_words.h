// SPDX-License-Identifier: Apache-2.0
// Invented names: firms, community organisations, people, streets, passwords. Pure, from word lists.
#ifndef ANCHORAGE_DOMAIN_DEMO_WORDS_H
#define ANCHORAGE_DOMAIN_DEMO_WORDS_H

#include "base/arena.h"
#include "demo/demo_rng.h"

#define DEMO_COMPOUNDS 512 // "Otterbridge", each different
#define DEMO_PAIRS     480 // "Blue Kite", each different

struct demo_sector {
    const char *code;     // of schemas/codes/sectors.txt
    const char *category; // as anchors write it in payments files
    const char *trades[6];
    const char *does; // one sentence a firm of this kind says of itself, after "We "
};
extern const struct demo_sector demo_sectors[];
extern const size_t demo_sector_count;

// A kind of community organisation and how it is registered.
enum demo_body {
    DEMO_FIRM,    // limited company
    DEMO_TRADER,  // somebody trading alone or a partnership: no number
    DEMO_CIC,     // community interest company
    DEMO_CHARITY, // charity, some of them also companies limited by guarantee
    DEMO_CIO,     // charitable incorporated organisation
    DEMO_FAITH,   // church or other place of worship with a charity number
    DEMO_CLUB,    // sports club
    DEMO_BENEFIT, // community benefit society
    DEMO_GROUP,   // group on no register
    DEMO_BODY_COUNT_
};

const char *demo_compound(struct arena *a, size_t i); // i < DEMO_COMPOUNDS
const char *demo_pair(struct arena *a, size_t i);     // i < DEMO_PAIRS

// What community organisations are for: words of their names, sector, one sentence.
struct demo_purpose {
    enum demo_body body;
    const char *words, *sector, *does;
};
// The k-th purpose of this kind of body, going round; never for firms and traders.
const struct demo_purpose *demo_purpose_of(enum demo_body body, size_t k);

// "Otterbridge Joinery Ltd", "Otterbridge Bike Workshop CIC".
const char *demo_firm_name(struct demo_rng *r, struct arena *a, const char *compound, enum demo_body body,
                           const struct demo_sector *sector);
const char *demo_community_name(struct arena *a, const char *compound, const struct demo_purpose *purpose);

const char *demo_person_name(struct demo_rng *r, struct arena *a);
const char *demo_street(struct demo_rng *r, struct arena *a); // "12 Spindle Row"
// "thimblegate-catering": letters, digits and hyphens without the legal ending, for invented e-mail and web
// addresses.
const char *demo_slug(struct arena *a, const char *name);
// "ada.marl"
const char *demo_mailbox(struct arena *a, const char *person_name);

// Four random words and a number, from the kernel's generator, not from a seed.
const char *demo_password(struct arena *a);

#endif
