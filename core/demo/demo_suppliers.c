// SPDX-License-Identifier: Apache-2.0
// Four hundred invented suppliers with their rows in the registers, so that the tagger finds what it looks
// for.
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"
#include "domain/supplier.h"

#include <stdio.h>
#include <string.h>

#define COMPANY_FROM 99000000u // company numbers of this range are not issued
#define CHARITY_FROM 9000000u  // nor charity numbers of this
#define SOCIETY_FROM 7990u     // nor societies of this
#define MISMATCHED   20        // this charity's number belongs to another name: a person has to look
#define DISSOLVED    75        // this firm is no more
#define UNLOCATED    397       // from here postcodes are not loaded

// Numbers and text of one supplier on its way into the database.
struct entry {
    struct demo_supplier *s;
    size_t i;
    const struct demo_ward *ward;             // NULL: in another place
    const char *company, *charity, *category; // register numbers, company category; "" none
    const char *sector, *does, *town, *postcode, *address;
    int32_t founded;
};

static enum demo_body body_of(struct demo *d, size_t i) {
    static const struct {
        size_t below;
        enum demo_body body;
    } parts[] = {{18, DEMO_CIC},  {40, DEMO_CHARITY}, {46, DEMO_CIO},          {50, DEMO_FAITH},
                 {54, DEMO_CLUB}, {56, DEMO_BENEFIT}, {DEMO_VCFSE, DEMO_GROUP}};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        if (i < parts[k].below) {
            return parts[k].body;
        }
    }
    return i != DISSOLVED && demo_chance(&d->rng, 15) ? DEMO_TRADER : DEMO_FIRM;
}

static const char *size_of(struct demo *d, bool vcfse, bool local) {
    uint32_t n = demo_below(&d->rng, 100);
    if (vcfse) {
        return n < 60 ? "micro" : "small";
    }
    return n < 52 ? "micro" : n < 84 ? "small" : n < 88 || local ? "medium" : "large";
}

// Every ward has suppliers; the two largest town centres have more.
static const struct demo_ward *ward_of(struct demo *d, size_t local_before) {
    if (local_before < (size_t)DEMO_WARDS * 6) {
        return &d->wards[local_before % DEMO_WARDS];
    }
    static const uint8_t centres[] = {21, 12, 13, 6};
    return demo_chance(&d->rng, 35) ? &d->wards[centres[demo_below(&d->rng, sizeof centres)]]
                                    : &d->wards[demo_below(&d->rng, DEMO_WARDS)];
}

static void number_of(struct demo *d, struct entry *x) {
    struct arena *a = d->c->arena;
    unsigned i = (unsigned)x->i;
    x->company = x->charity = x->category = "";
    switch (x->s->body) {
    case DEMO_FIRM:
    case DEMO_CIC:
        x->company = arena_printf(a, "%u", COMPANY_FROM + i * 37 + 11);
        x->category = x->s->body == DEMO_CIC ? "Community Interest Company" : "Private Limited Company";
        break;
    case DEMO_CHARITY:
        x->charity = arena_printf(a, "%u", CHARITY_FROM + i * 41 + 7);
        if (i % 2 == 0) {
            x->company = arena_printf(a, "%u", COMPANY_FROM + i * 37 + 11);
            x->category = "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)";
        }
        break;
    case DEMO_CIO:
        x->charity = arena_printf(a, "%u", CHARITY_FROM + i * 41 + 7);
        x->company = arena_printf(a, "CE9%05u", i * 41 + 7);
        x->category = "Charitable Incorporated Organisation";
        break;
    case DEMO_FAITH:
        x->charity = arena_printf(a, "%u", CHARITY_FROM + i * 41 + 7);
        break;
    case DEMO_BENEFIT:
        x->company = arena_printf(a, "RS00%u", SOCIETY_FROM + i - 54);
        x->category = "Registered Society";
        break;
    case DEMO_CLUB:
        x->charity = i % 2 == 0 ? arena_printf(a, "%u", CHARITY_FROM + i * 41 + 7) : "";
        break;
    case DEMO_TRADER:
    case DEMO_GROUP:
    case DEMO_BODY_COUNT_:
        break;
    }
}

// The category of a payments file for a sector.
static const char *category_of(const char *sector) {
    for (size_t i = 0; i < demo_sector_count; i++) {
        if (strcmp(demo_sectors[i].code, sector) == 0) {
            return demo_sectors[i].category;
        }
    }
    return "Grants and community services";
}

static void invent(struct demo *d, struct entry *x, const char *compound) {
    struct arena *a = d->c->arena;
    struct demo_supplier *s = x->s;
    s->body = body_of(d, x->i);
    s->vcfse = x->i < DEMO_VCFSE;
    if (s->vcfse) {
        const struct demo_purpose *p = demo_purpose_of(s->body, x->i);
        s->name = demo_community_name(a, compound, p);
        s->category = category_of(p->sector);
        x->sector = p->sector;
        x->does = p->does;
    } else {
        const struct demo_sector *sector = &demo_sectors[x->i % demo_sector_count];
        s->name = demo_firm_name(&d->rng, a, compound, s->body, sector);
        s->category = sector->category;
        x->sector = sector->code;
        x->does = sector->does;
    }
    s->size = size_of(d, s->vcfse, s->local);
    x->postcode = demo_postcode(d, x->ward, &x->town);
    if (x->i >= UNLOCATED) {
        x->postcode = arena_printf(a, "%.*sZC", (int)strlen(x->postcode) - 2, x->postcode);
    }
    x->address = demo_street(&d->rng, a);
    x->founded = d->today - 400 - (int32_t)demo_below(&d->rng, 9000);
    number_of(d, x);
}

static enum err add_registers(struct demo *d, const struct entry *x) {
    struct ctx *c = d->c;
    struct demo_supplier *s = x->s;
    char founded[DAY_TEXT_BYTES], dissolved[DAY_TEXT_BYTES];
    day_iso(x->founded, founded);
    day_iso(d->today - 90, dissolved);
    char *upper = arena_strdup(c->arena, s->name);
    text_upper(upper);
    enum err e = ERR_OK;
    if (*x->company) {
        bool over = x->i == DISSOLVED;
        e = DB_EXEC(c, demo_company_add, NULL, x->company, upper, s->match_name, x->category,
                    over ? "Dissolved" : "Active", x->postcode, founded, over ? dissolved : NULL);
    }
    if (e == ERR_OK && *x->charity) {
        bool other = x->i == MISMATCHED;
        int64_t income = (int64_t)demo_spread(&d->rng) * 18000;
        e = DB_EXEC(c, demo_charity_add, NULL, x->charity, other ? "THE PEWTER HAT SOCIETY" : upper,
                    other ? "PEWTER HAT SOCIETY" : s->match_name, founded, other ? "BL1 2CC" : x->postcode,
                    *x->company ? x->company : NULL, arena_i64(c->arena, income));
    }
    return e;
}

static enum err add_supplier(struct demo *d, const struct entry *x) {
    struct ctx *c = d->c;
    struct arena *a = c->arena;
    struct demo_supplier *s = x->s;
    struct rows *r;
    const char *slug = demo_slug(a, s->name);
    const char *since = demo_stamp(d, demo_usec(d, -(int32_t)(20 + x->i * 2), 540 + (int)(x->i % 400)));
    enum err e = DB_ROWS(c, demo_org_add, &r, s->ref, "supplier", s->name, since);
    if (e != ERR_OK) {
        return e;
    }
    s->id = row_i64(r, 0, "id");
    const char *summary =
        arena_printf(a, "We %s. %s", x->does,
                     s->local ? "Our people live close to our work." : "We work all over the North West.");
    e = DB_EXEC(c, supplier_put, NULL, row_text(r, 0, "id"), s->match_name, summary, x->sector, x->address,
                x->town, x->postcode, x->company, x->charity, s->size,
                arena_printf(a, "01632 960%03zu", x->i), arena_printf(a, "office@%s.example.org", slug),
                s->body == DEMO_GROUP ? "" : arena_printf(a, "https://www.%s.example.org", slug),
                s->vcfse ? "true" : "false", "true");
    const char *person = demo_person_name(&d->rng, a);
    const char *email = arena_printf(a, "%s@%s.example.org", demo_mailbox(a, person), slug);
    return e ? e : demo_add_person(d, person, email, NULL, s->id, "supplier", &s->contact);
}

static enum err add_one(struct demo *d, size_t i, const char *compound, size_t *local_count) {
    struct demo_supplier *s = &d->suppliers[i];
    // 54 of the 60 community organisations and 226 of the 340 firms are local.
    s->local =
        i < UNLOCATED &&
        (i < DEMO_VCFSE ? i % 10 != 9 : (i - DEMO_VCFSE) * 226 / 340 != (i - DEMO_VCFSE + 1) * 226 / 340);
    struct entry x = {.s = s, .i = i, .ward = s->local ? ward_of(d, *local_count) : NULL};
    *local_count += s->local;
    char *ref = arena_alloc(d->c->arena, REF_CHARS + 1);
    demo_ref(&d->rng, ref);
    s->ref = ref;
    invent(d, &x, compound);
    enum err e = supplier_match_name(d->c, s->name, &s->match_name);
    e = e ? e : add_registers(d, &x);
    return e ? e : add_supplier(d, &x);
}

// The first supplier of this kind that is in the place, from `from` on.
static size_t find(const struct demo *d, enum demo_body body, size_t from) {
    while (from + 1 < DEMO_SUPPLIERS && (d->suppliers[from].body != body || !d->suppliers[from].local)) {
        from++;
    }
    return from;
}

static enum err add_sign_in(struct demo *d, size_t n, size_t i, const char *what, const char *name) {
    struct arena *a = d->c->arena;
    struct demo_supplier *s = &d->suppliers[i];
    const char *email = arena_printf(a, "%s@%s.example.org", demo_mailbox(a, name), demo_slug(a, s->name));
    d->signed_in[n] = i;
    return demo_sign_in(d, arena_printf(a, "%s: %s", what, s->name), name, email, s->id, "supplier",
                        &s->contact);
}

enum err demo_load_suppliers(struct demo *d) {
    uint32_t order[DEMO_COMPOUNDS];
    demo_shuffle(&d->rng, order, DEMO_COMPOUNDS);
    size_t local_count = 0;
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < DEMO_SUPPLIERS; i++) {
        e = add_one(d, i, demo_compound(d->c->arena, order[i]), &local_count);
        if (i % 50 == 49) {
            demo_say(d, "Suppliers", (int64_t)i + 1, DEMO_SUPPLIERS);
        }
    }
    struct supplier_sweep swept;
    int64_t tagged;
    e = e ? e : supplier_locate_all(d->c, NULL, NULL, &swept);
    e = e ? e : supplier_tag_all(d->c, NULL, NULL, &tagged);
    e = e ? e : add_sign_in(d, 0, find(d, DEMO_FIRM, DEMO_VCFSE), "Supplier", "Bryony Winterbee");
    e = e ? e : add_sign_in(d, 1, find(d, DEMO_TRADER, DEMO_VCFSE), "Supplier", "Ewan Foxlade");
    return e ? e : add_sign_in(d, 2, find(d, DEMO_CIC, 0), "Community supplier", "Amina Larkholme");
}
