// SPDX-License-Identifier: Apache-2.0
// What is known of payees: who counts as one, where each was on which day, and how it is tagged.
//
// Where a payee is, by three rules; of each the first that can be located:
//   invoice     the postcode on the payment; the postcode that another spelling of it has (same_as); the
//               supplier's invoice address on the day of the payment; its registered office on that day
//   registered  the supplier's registered office on the day
//   operations  where an officer declared its work to be done, on the day
// else its place is unknown. Hidden names are nowhere. A tag may hold from a day on (a charity that was
// registered, or removed, then) and say what was so before; of all other days it says no when it says yes (or
// yes by policy) of some.
#include "spend/cubeint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct maker {
    struct facts *f;
    const struct facts_raw *raw;
    struct number_map supplier, tag, merge, place; // by supplier id: index of its (first) row
    uint32_t *place_row;                           // of the number in `place`
    struct number_map payee;                       // by id: index of its row
    struct number_map entity;
    uint32_t *fact_slot; // number + 1, by what it says
    size_t fact_cap;
    int32_t *days; // where facts of one payee may change
    size_t day_room;
    uint32_t spell_room;
};

void facts_done(struct facts *f) {
    if (!f || atomic_fetch_sub(&f->uses, 1) > 1) {
        return;
    }
    free(f->payee_id);
    free(f->payee_name);
    free(f->entity_of);
    free(f->spell_at);
    free(f->spell_from);
    free(f->spell_fact);
    free(f->fact);
    free(f->entity);
    free(f->entity_at);
    free(f->entity_payee);
    text_list_free(&f->wards);
    text_list_free(&f->areas);
    text_list_free(&f->sectors);
    text_list_free(&f->classes);
    arena_free(f->texts);
    free(f);
}

size_t facts_bytes(const struct facts *f) {
    return f->payees * (sizeof *f->payee_id + sizeof *f->payee_name + 3 * sizeof(uint32_t)) +
           f->spells * (sizeof *f->spell_fact + sizeof *f->spell_from) + f->fact_count * sizeof *f->fact +
           f->entities * (sizeof *f->entity + sizeof *f->entity_at) + arena_used(f->texts);
}

// ---- one payee ----------------------------------------------------------------------------------------

static int64_t supplier_after_merges(const struct maker *m, int64_t id) {
    uint32_t at;
    for (int i = 0; i < CHAIN_MOST && number_map_find(&m->merge, id, &at); i++) {
        id = m->raw->merge[at].into;
    }
    return id;
}

static const struct payee_row *root_of(const struct maker *m, const struct payee_row *p) {
    uint32_t at;
    for (int i = 0; i < CHAIN_MOST && p->same_as && number_map_find(&m->payee, p->same_as, &at); i++) {
        p = &m->raw->payee[at];
    }
    return p;
}

// Index of the supplier's row, -1 none.
static int64_t supplier_of(const struct maker *m, const struct payee_row *root) {
    uint32_t at;
    if (!root->supplier_id || root->redacted ||
        !number_map_find(&m->supplier, supplier_after_merges(m, root->supplier_id), &at)) {
        return -1;
    }
    return at;
}

static void add_day(struct maker *m, size_t *n, int32_t day) {
    if (*n == m->day_room) {
        m->day_room = m->day_room ? m->day_room * 2 : 16;
        m->days = cube_grow(m->days, m->day_room, sizeof *m->days);
    }
    m->days[(*n)++] = day <= DAY_BASE ? INT32_MIN : day;
}

static int by_day(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

// The rows of a supplier in raw->place.
static const struct place_row *places_of(const struct maker *m, int64_t supplier_id, size_t *ret_n) {
    uint32_t at;
    *ret_n = 0;
    if (!number_map_find(&m->place, supplier_id, &at)) {
        return NULL;
    }
    const struct place_row *first = &m->raw->place[m->place_row[at]];
    const struct place_row *end = m->raw->place + m->raw->places;
    while (first + *ret_n < end && first[*ret_n].supplier_id == supplier_id) {
        ++*ret_n;
    }
    return first;
}

// Days on which facts of a payee of this supplier may change, the beginning of time first.
static size_t days_of(struct maker *m, const struct place_row *places, size_t place_count,
                      const struct tag_row *tag) {
    size_t n = 0, kept = 1;
    add_day(m, &n, INT32_MIN);
    for (size_t i = 0; i < place_count; i++) {
        add_day(m, &n, places[i].from);
    }
    if (tag && tag->from != INT32_MIN) {
        add_day(m, &n, tag->from);
    }
    if (tag && tag->until != INT32_MAX) {
        add_day(m, &n, tag->until);
    }
    if (tag && tag->before_from != INT32_MIN) {
        add_day(m, &n, tag->before_from);
    }
    qsort(m->days, n, sizeof *m->days, by_day);
    for (size_t i = 1; i < n; i++) {
        if (m->days[i] != m->days[kept - 1]) {
            m->days[kept++] = m->days[i];
        }
    }
    return kept;
}

static struct where place_on(const struct place_row *p, size_t n, int kind, int32_t day) {
    struct where found = {.place = ANC_PLACE_UNKNOWN};
    for (size_t i = 0; i < n; i++) { // of a kind in order of time
        int32_t from = p[i].from <= DAY_BASE ? INT32_MIN : p[i].from;
        if (p[i].kind == kind && from <= day) {
            found = p[i].where;
        }
    }
    return found;
}

static void put_where(struct fact *f, int rule, struct where w) {
    f->place[rule] = w.place;
    f->ward[rule] = w.place == ANC_PLACE_LOCAL ? w.ward : 0;
    f->area[rule] = w.place == ANC_PLACE_UNKNOWN ? 0 : w.area;
}

static struct where first_known(struct where a, struct where b) {
    return a.place == ANC_PLACE_UNKNOWN ? b : a;
}

static bool says_yes(uint8_t decision) {
    return decision == ANC_VCFSE_YES || decision == ANC_VCFSE_POLICY;
}

static void put_tag(struct fact *f, const struct tag_row *t, int32_t day) {
    f->vcfse = ANC_VCFSE_UNKNOWN;
    if (!t) {
        return;
    }
    int32_t from = t->from <= DAY_BASE ? INT32_MIN : t->from;
    int32_t before = t->before_from <= DAY_BASE ? INT32_MIN : t->before_from;
    if (from <= day && (t->until == INT32_MAX || day < t->until)) {
        f->vcfse = t->decision;
        f->vcfse_class = t->vcfse_class;
    } else if (t->before && before <= day && day < from) {
        f->vcfse = t->before_decision;
        f->vcfse_class = t->before_class;
    } else if (says_yes(t->decision) || (t->before && says_yes(t->before_decision))) {
        f->vcfse = ANC_VCFSE_NO;
    }
}

static size_t place_of_fact(const struct maker *m, const struct fact *fact) {
    size_t i = cube_hash(fact, sizeof *fact) & (m->fact_cap - 1);
    while (m->fact_slot[i] && memcmp(&m->f->fact[m->fact_slot[i] - 1], fact, sizeof *fact) != 0) {
        i = (i + 1) & (m->fact_cap - 1);
    }
    return i;
}

static void room_for_fact(struct maker *m) {
    struct facts *f = m->f;
    if ((size_t)f->fact_count * 2 < m->fact_cap) {
        return;
    }
    free(m->fact_slot);
    m->fact_cap = m->fact_cap ? m->fact_cap * 2 : 1024;
    m->fact_slot = cube_alloc(m->fact_cap, sizeof *m->fact_slot);
    f->fact = cube_grow(f->fact, m->fact_cap / 2, sizeof *f->fact);
    for (uint32_t i = 0; i < f->fact_count; i++) {
        m->fact_slot[place_of_fact(m, &f->fact[i])] = i + 1;
    }
}

static uint32_t fact_number(struct maker *m, const struct fact *fact) {
    struct facts *f = m->f;
    room_for_fact(m);
    size_t i = place_of_fact(m, fact);
    if (!m->fact_slot[i]) {
        f->fact[f->fact_count] = *fact;
        m->fact_slot[i] = ++f->fact_count;
    }
    return m->fact_slot[i] - 1;
}

static void add_spell(struct maker *m, uint32_t first, int32_t from, const struct fact *fact) {
    struct facts *f = m->f;
    uint32_t number = fact_number(m, fact);
    if (f->spells > first && f->spell_fact[f->spells - 1] == number) {
        return;
    }
    if (f->spells == m->spell_room) {
        m->spell_room = m->spell_room ? m->spell_room * 2 : 1024;
        f->spell_fact = cube_grow(f->spell_fact, m->spell_room, sizeof *f->spell_fact);
        f->spell_from = cube_grow(f->spell_from, m->spell_room, sizeof *f->spell_from);
    }
    f->spell_fact[f->spells] = number;
    f->spell_from[f->spells++] = from;
}

static void add_spells(struct maker *m, const struct payee_row *p, const struct payee_row *root,
                       int64_t supplier) {
    const struct supplier_row *s = supplier >= 0 ? &m->raw->supplier[supplier] : NULL;
    const struct tag_row *tag = NULL;
    const struct place_row *places = NULL;
    size_t place_count = 0;
    uint32_t at, first = m->f->spells;
    if (s) {
        places = places_of(m, s->id, &place_count);
        tag = number_map_find(&m->tag, s->id, &at) ? &m->raw->tag[at] : NULL;
    }
    struct where nowhere = {.place = ANC_PLACE_UNKNOWN};
    struct where file = p->redacted ? nowhere : first_known(p->where, root->redacted ? nowhere : root->where);
    size_t days = days_of(m, places, place_count, tag);
    for (size_t i = 0; i < days; i++) {
        struct fact f = {0};
        int32_t day = m->days[i];
        struct where office = place_on(places, place_count, ANC_WHERE_REGISTERED, day);
        struct where invoice = place_on(places, place_count, ANC_WHERE_INVOICE, day);
        put_where(&f, ANC_WHERE_INVOICE, first_known(file, first_known(invoice, office)));
        put_where(&f, ANC_WHERE_REGISTERED, office);
        put_where(&f, ANC_WHERE_OPERATIONS, place_on(places, place_count, ANC_WHERE_OPERATIONS, day));
        put_tag(&f, tag, day);
        f.sector = s ? s->sector : 0;
        f.size = s ? s->size : 0;
        add_spell(m, first, day, &f);
    }
}

// ---- who counts as one --------------------------------------------------------------------------------

static uint32_t entity_for(struct maker *m, int64_t mark, const struct entity *e) {
    uint32_t before = m->entity.count, n = number_map_put(&m->entity, mark);
    if (n == before) {
        struct facts *f = m->f;
        if ((n & (n + 1)) == 0) { // one less than a power of two
            f->entity = cube_grow(f->entity, (size_t)n * 2 + 2, sizeof *f->entity);
        }
        f->entity[n] = *e;
        f->entities = n + 1;
    }
    return n;
}

static const char *payee_key(struct facts *f, int64_t id) {
    return arena_printf(f->texts, "p%lld", (long long)id);
}

static void take_payee(struct maker *m, const struct payee_row *p) {
    struct facts *f = m->f;
    const struct payee_row *root = p->redacted ? p : root_of(m, p);
    int64_t supplier = supplier_of(m, root);
    f->payee_id[p->number] = p->id;
    f->payee_name[p->number] = p->name;
    if (supplier >= 0) {
        const struct supplier_row *s = &m->raw->supplier[supplier];
        f->entity_of[p->number] = entity_for(
            m, s->id * 2 + 1, &(struct entity){.key = s->ref, .label = s->name, .supplier_id = s->id});
    } else {
        const char *label = root->redacted     ? "Name not published"
                            : root->individual ? "A person"
                                               : root->name;
        f->entity_of[p->number] = entity_for(
            m, root->id * 2,
            &(struct entity){.key = payee_key(f, root->id), .label = label, .nameless = root->redacted});
    }
    add_spells(m, p, root, supplier);
}

static void take_unknown(struct maker *m, uint32_t number, int64_t id) {
    struct facts *f = m->f;
    f->payee_id[number] = id;
    f->payee_name[number] = "";
    const char *key = payee_key(f, id);
    f->entity_of[number] = entity_for(m, id * 2, &(struct entity){.key = key, .label = key});
    struct fact nothing = {.vcfse = ANC_VCFSE_UNKNOWN};
    for (int rule = 0; rule < PLACE_RULES; rule++) {
        nothing.place[rule] = ANC_PLACE_UNKNOWN;
    }
    add_spell(m, f->spells, INT32_MIN, &nothing);
}

void facts_group(struct facts *f) {
    f->entity_at = cube_alloc((size_t)f->entities + 2, sizeof *f->entity_at);
    f->entity_payee = cube_alloc((size_t)f->payees + 1, sizeof *f->entity_payee);
    for (uint32_t p = 0; p < f->payees; p++) {
        f->entity_at[f->entity_of[p] + 2]++;
    }
    for (uint32_t e = 2; e < f->entities + 2; e++) {
        f->entity_at[e] += f->entity_at[e - 1];
    }
    for (uint32_t p = 0; p < f->payees; p++) {
        f->entity_payee[f->entity_at[f->entity_of[p] + 1]++] = p;
    }
}

// ---- all ----------------------------------------------------------------------------------------------

static void find_ways(struct maker *m) {
    const struct facts_raw *raw = m->raw;
    for (size_t i = 0; i < raw->suppliers; i++) {
        number_map_put(&m->supplier, raw->supplier[i].id);
    }
    for (size_t i = 0; i < raw->tags; i++) {
        number_map_put(&m->tag, raw->tag[i].supplier_id);
    }
    for (size_t i = 0; i < raw->merges; i++) {
        number_map_put(&m->merge, raw->merge[i].from);
    }
    m->place_row = cube_alloc(raw->places + 1, sizeof *m->place_row);
    for (size_t i = 0; i < raw->places; i++) {
        uint32_t n = m->place.count, at = number_map_put(&m->place, raw->place[i].supplier_id);
        if (at == n) {
            m->place_row[at] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < raw->payees; i++) {
        number_map_put(&m->payee, raw->payee[i].id);
    }
}

void facts_make(struct facts *f, const struct facts_raw *raw, const struct number_map *payees) {
    struct maker m = {.f = f, .raw = raw};
    uint32_t n = raw->numbers;
    uint32_t *row = cube_alloc((size_t)n + 1, sizeof *row); // of a number: index + 1
    find_ways(&m);
    f->payees = n;
    f->payee_id = cube_alloc((size_t)n + 1, sizeof *f->payee_id);
    f->payee_name = cube_alloc((size_t)n + 1, sizeof *f->payee_name);
    f->entity_of = cube_alloc((size_t)n + 1, sizeof *f->entity_of);
    f->spell_at = cube_alloc((size_t)n + 1, sizeof *f->spell_at);
    for (size_t i = 0; i < raw->payees; i++) {
        row[raw->payee[i].number] = (uint32_t)i + 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        f->spell_at[i] = f->spells;
        if (row[i]) {
            take_payee(&m, &raw->payee[row[i] - 1]);
        } else {
            take_unknown(&m, i, payees->key[i]);
        }
    }
    f->spell_at[n] = f->spells;
    facts_group(f);
    number_map_free(&m.supplier);
    number_map_free(&m.tag);
    number_map_free(&m.merge);
    number_map_free(&m.place);
    number_map_free(&m.payee);
    number_map_free(&m.entity);
    free(m.place_row);
    free(m.fact_slot);
    free(m.days);
    free(row);
}

uint32_t spell_on(const struct facts *f, uint32_t payee, uint16_t day) {
    uint32_t first = f->spell_at[payee], last = f->spell_at[payee + 1] - 1;
    int32_t on = DAY_BASE + day;
    while (last > first && f->spell_from[last] > on) {
        last--;
    }
    return last;
}
