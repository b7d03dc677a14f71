// SPDX-License-Identifier: Apache-2.0
// What the parts of the demo load share. Each part runs inside the one transaction of demo_load.
#ifndef ANCHORAGE_DOMAIN_DEMO_PARTS_H
#define ANCHORAGE_DOMAIN_DEMO_PARTS_H

#include "demo/demo.h"
#include "demo/demo_rng.h"
#include "demo/demo_words.h"

#define DEMO_WARDS     25
#define DEMO_ANCHORS   5
#define DEMO_SUPPLIERS 400
#define DEMO_VCFSE     60
#define DEMO_NOTICES   60
#define DEMO_EVENTS    4
#define DEMO_YEARS     3
#define DEMO_PEOPLE    7

struct demo_ward {
    const char *code, *name, *sector, *town; // sector: "WN2 5", the first part of its postcodes
};

struct demo_anchor {
    int64_t id;
    const char *ref, *key, *sort, *name, *domain, *postcode; // key: as in schemas/demo/notices.csv
    int64_t buyer;                                           // a person of this anchor
};

struct demo_supplier {
    int64_t id, contact; // contact: person
    const char *ref, *name, *match_name, *category, *size;
    enum demo_body body;
    bool local; // in the place, by its postcode
    bool vcfse; // a community organisation, whatever the tagger finds
};

struct demo {
    struct ctx *c;
    struct demo_rng rng;
    int32_t today; // in the United Kingdom
    struct demo_ward wards[DEMO_WARDS];
    size_t ward_count;
    struct demo_anchor anchors[DEMO_ANCHORS];
    struct demo_supplier *suppliers; // DEMO_SUPPLIERS
    size_t signed_in[3];             // suppliers whose people have a sign-in
    struct demo_person *people;      // DEMO_PEOPLE
    size_t people_count;
    void (*progress)(void *arg, const char *what, int64_t done, int64_t total);
    void *progress_arg;
};

void demo_say(const struct demo *d, const char *what, int64_t done, int64_t total);

// The text of a file of schemas/demo; NULL when the program does not carry it.
const char *demo_file(const char *path, size_t *ret_n);
// Its records: fn gets at least `cells` cells; a heading and lines that begin with # are left out.
typedef enum err demo_row_fn(struct demo *d, void *arg, const char *const *cells);
enum err demo_rows(struct demo *d, const char *path, char delimiter, size_t cells, demo_row_fn *fn,
                   void *arg) MUST;

// A stamp for statements: a day from today and a London clock time; and the same as microseconds.
int64_t demo_usec(const struct demo *d, int32_t day, int minutes);
const char *demo_stamp(const struct demo *d, int64_t usec);
// The next Monday to Friday on or after (forward) or on or before the day.
int32_t demo_weekday(int32_t day, bool forward);

// Makes a person of an organisation; password NULL: nobody can sign in as this person.
enum err demo_add_person(struct demo *d, const char *name, const char *email, const char *password,
                         int64_t org_id, const char *role, int64_t *ret_id) MUST;

// The same with a random password that keeps the rules, told once in d->people.
enum err demo_sign_in(struct demo *d, const char *what, const char *name, const char *email, int64_t org_id,
                      const char *role, int64_t *ret_id) MUST;
// An invented postcode of a ward, or (ward NULL) of another place, with its town.
const char *demo_postcode(struct demo *d, const struct demo_ward *ward, const char **ret_town);

enum err demo_load_place(struct demo *d) MUST;     // place, wards, postcodes, anchors, people of anchors
enum err demo_load_suppliers(struct demo *d) MUST; // registers, suppliers, contacts, tags
enum err demo_load_notices(struct demo *d) MUST;
enum err demo_load_events(struct demo *d) MUST;
enum err demo_load_spend(struct demo *d) MUST;

// Bids for a notice that is published in the database, and their scores and the award as far as `state` asks.
struct demo_tender {
    int64_t id, anchor;
    const char *ref, *state;
    int64_t low_pence, high_pence, target_pence, published_at, closes_at, opened_at, awarded_at;
    int price, quality, social; // weights
    int bids, number;           // how many; which notice this is, from 0
    bool local_only;
    int64_t buyer; // person
};
enum err demo_add_bids(struct demo *d, const struct demo_tender *t) MUST;
enum err demo_judge_bids(struct demo *d, const struct demo_tender *t) MUST; // after closing

#endif
