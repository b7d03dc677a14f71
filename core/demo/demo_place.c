// SPDX-License-Identifier: Apache-2.0
// The demo place itself: wards (real names and codes), invented postcodes, five invented anchors, their
// people.
#include "auth/password.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"

#include <string.h>

#define POSTCODES_A_WARD 8

// Real inward parts never hold these letters, so that no address in the world has an invented postcode.
static const char unused_letters[] = "CIKMOV";

static const struct {
    const char *key, *sort, *name, *domain, *address, *town, *postcode;
} anchors[DEMO_ANCHORS] = {
    {"council", "council", "Douglas Valley Council", "douglasvalley.example.org", "1 Lamproom Square",
     "Wigan", "WN1 1CK"},
    {"hospital", "nhs", "Three Towns Hospital Trust", "threetowns.example.org", "40 Winding House Road",
     "Wigan", "WN1 1IC"},
    {"college", "college", "Lanternfold College", "lanternfold.example.org", "7 Shuttle Street", "Leigh",
     "WN7 2CI"},
    {"university", "university", "University of Marlbeck", "marlbeck.example.org", "15 Canal Reach", "Wigan",
     "WN3 5CM"},
    {"homes", "housing", "Brickfield Homes", "brickfield.example.org", "22 Engine House Road", "Atherton",
     "M46 9CO"},
};

// Other places, so that some suppliers are not local: first part of the postcode, local authority, town.
static const struct {
    const char *sector, *lad, *town;
} elsewhere[] = {
    {"BL1 2", "E08000001", "Bolton"},     {"BL3 4", "E08000001", "Bolton"},
    {"M5 3", "E08000006", "Salford"},     {"M1 4", "E08000003", "Manchester"},
    {"WA10 2", "E08000013", "St Helens"}, {"WA2 8", "E06000007", "Warrington"},
    {"PR7 1", "E07000118", "Chorley"},    {"WN8 6", "E07000127", "Skelmersdale"},
    {"L3 5", "E08000012", "Liverpool"},   {"LS1 5", "E08000035", "Leeds"},
    {"S1 2", "E08000039", "Sheffield"},   {"B2 4", "E08000025", "Birmingham"},
};
#define ELSEWHERE (sizeof elsewhere / sizeof *elsewhere)

static enum err add_postcodes(struct demo *d, const char *sector, const char *lad, const char *ward) {
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < POSTCODES_A_WARD; i++) {
        const char *pc =
            arena_printf(d->c->arena, "%s%c%c", sector, unused_letters[i / 6 % 6], unused_letters[i % 6]);
        e = DB_EXEC(d->c, demo_postcode_add, NULL, pc, lad, ward);
    }
    return e;
}

static enum err add_ward(struct demo *d, void *arg, const char *const *cells) {
    (void)arg;
    if (d->ward_count == DEMO_WARDS) {
        return ctx_fail(d->c, ERR_BUG, "more than %d wards", DEMO_WARDS);
    }
    struct arena *a = d->c->arena;
    struct demo_ward *w = &d->wards[d->ward_count++];
    *w = (struct demo_ward){arena_strdup(a, cells[0]), arena_strdup(a, cells[1]), arena_strdup(a, cells[2]),
                            arena_strdup(a, cells[3])};
    enum err e = DB_EXEC(d->c, demo_ward_add, NULL, w->code, w->name);
    return e ? e : add_postcodes(d, w->sector, "E08000010", w->code);
}

enum err demo_add_person(struct demo *d, const char *name, const char *email, const char *password,
                         int64_t org_id, const char *role, int64_t *ret_id) {
    const char *hash = "";
    struct rows *r;
    enum err e = password ? password_hash(d->c, password, &hash) : ERR_OK;
    e = e ? e : DB_ROWS(d->c, person_add, &r, email, name, hash, demo_stamp(d, d->c->now_usec));
    if (e != ERR_OK) {
        return e;
    }
    *ret_id = row_i64(r, 0, "id");
    return DB_EXEC(d->c, membership_add, NULL, row_text(r, 0, "id"), arena_i64(d->c->arena, org_id), role);
}

static enum err add_anchor(struct demo *d, size_t i) {
    struct arena *a = d->c->arena;
    struct demo_anchor *to = &d->anchors[i];
    char *ref = arena_alloc(a, REF_CHARS + 1);
    demo_ref(&d->rng, ref);
    *to = (struct demo_anchor){.ref = ref,
                               .key = anchors[i].key,
                               .sort = anchors[i].sort,
                               .name = anchors[i].name,
                               .domain = anchors[i].domain,
                               .postcode = anchors[i].postcode};
    struct rows *r;
    enum err e =
        DB_ROWS(d->c, demo_org_add, &r, ref, "anchor", to->name, demo_stamp(d, demo_usec(d, -900, 600)));
    if (e != ERR_OK) {
        return e;
    }
    to->id = row_i64(r, 0, "id");
    e = DB_EXEC(d->c, demo_anchor_add, NULL, row_text(r, 0, "id"), to->sort, anchors[i].address,
                anchors[i].town, anchors[i].postcode, arena_printf(a, "procurement@%s", to->domain),
                arena_printf(a, "https://www.%s", to->domain));
    return e;
}

enum err demo_sign_in(struct demo *d, const char *what, const char *name, const char *email, int64_t org_id,
                      const char *role, int64_t *ret_id) {
    const char *password;
    do {
        password = demo_password(d->c->arena);
    } while (password_problem(password, email, name));
    d->people[d->people_count++] = (struct demo_person){what, email, password};
    demo_say(d, "Sign-ins", (int64_t)d->people_count, DEMO_PEOPLE);
    return demo_add_person(d, name, email, password, org_id, role, ret_id);
}

static enum err add_staff(struct demo *d) {
    struct arena *a = d->c->arena;
    struct demo_anchor *council = &d->anchors[0], *hospital = &d->anchors[1];
    int64_t other;
    enum err e = demo_sign_in(d, "Place admin", "Hester Sedge", arena_printf(a, "admin@%s", council->domain),
                              council->id, "admin", &other);
    e = e ? e
          : demo_sign_in(d, "Officer: Douglas Valley Council", "Idris Tealby",
                         arena_printf(a, "officer@%s", council->domain), council->id, "officer", &other);
    e = e ? e
          : demo_sign_in(d, "Buyer: Douglas Valley Council", "Maeve Coldstone",
                         arena_printf(a, "buyer@%s", council->domain), council->id, "buyer", &council->buyer);
    e = e ? e
          : demo_sign_in(d, "Buyer: Three Towns Hospital Trust", "Nikhil Oakapple",
                         arena_printf(a, "buyer@%s", hospital->domain), hospital->id, "buyer",
                         &hospital->buyer);
    for (size_t i = 2; e == ERR_OK && i < DEMO_ANCHORS; i++) {
        struct demo_anchor *x = &d->anchors[i];
        e = demo_add_person(d, demo_person_name(&d->rng, a), arena_printf(a, "buyer@%s", x->domain), NULL,
                            x->id, "buyer", &x->buyer);
    }
    return e;
}

enum err demo_load_place(struct demo *d) {
    enum err e = DB_EXEC(d->c, demo_place_add, NULL);
    e = e ? e : demo_rows(d, "wards.csv", ',', 4, add_ward, NULL);
    if (e == ERR_OK && d->ward_count != DEMO_WARDS) {
        return ctx_fail(d->c, ERR_BUG, "%zu wards instead of %d", d->ward_count, DEMO_WARDS);
    }
    for (size_t i = 0; e == ERR_OK && i < ELSEWHERE; i++) {
        e = add_postcodes(d, elsewhere[i].sector, elsewhere[i].lad, "");
    }
    for (size_t i = 0; e == ERR_OK && i < DEMO_ANCHORS; i++) {
        e = add_anchor(d, i);
    }
    return e ? e : add_staff(d);
}

// An invented postcode of a ward, or (ward NULL) of another place.
const char *demo_postcode(struct demo *d, const struct demo_ward *ward, const char **ret_town) {
    uint32_t k = demo_below(&d->rng, POSTCODES_A_WARD), i = demo_below(&d->rng, ELSEWHERE);
    *ret_town = ward ? ward->town : elsewhere[i].town;
    return arena_printf(d->c->arena, "%s%c%c", ward ? ward->sector : elsewhere[i].sector,
                        unused_letters[k / 6 % 6], unused_letters[k % 6]);
}
