// SPDX-License-Identifier: Apache-2.0
// Parties in memory: one table from hashes to parties, chained, for keys, numbers, learned names and blocks
// alike.
#include "spend/match_index.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define INDEX_BYTES    ((size_t)1024 * 1024 * 1024)
#define PARTIES_MOST   (UINT32_C(1) << 22)
#define NAMESAKES_MOST 9
#define END_OF_CHAIN   UINT32_MAX

struct link {
    uint64_t hash;
    uint32_t party, next;
};

struct match_index {
    struct arena *arena;
    struct match_party *parties;
    uint32_t count, suppliers; // suppliers: those in front, in order of their ids
    uint32_t *heads, mask;
    struct link *links;
    uint32_t link_count, link_room;
};

// ---- hashes

static uint64_t mix(uint64_t h, const char *s) {
    for (; *s; s++) {
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    }
    return h;
}

static uint64_t finish(uint64_t h) {
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    return h ^ h >> 32;
}

uint64_t match_hash(enum match_by by, const char *text) {
    return finish(mix(UINT64_C(14695981039346656037) + (uint64_t)by * UINT64_C(0x9e3779b97f4a7c15), text));
}

uint64_t match_hash_block(uint64_t block) {
    return finish(block + (uint64_t)MATCH_BY_BLOCK * UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t match_hash_alias(const char *key, int64_t anchor_id) {
    return finish(match_hash(MATCH_BY_ALIAS, key) + (uint64_t)anchor_id);
}

// ---- the table

static void table_make(struct match_index *ix, size_t links) {
    size_t heads = 1024;
    while (heads < links) {
        heads *= 2;
    }
    ix->mask = (uint32_t)(heads - 1);
    ix->heads = malloc(heads * sizeof *ix->heads);
    ix->links = malloc((links + 1) * sizeof *ix->links);
    if (!ix->heads || !ix->links) {
        abort();
    }
    memset(ix->heads, 0xff, heads * sizeof *ix->heads);
    ix->link_room = (uint32_t)links;
}

static void put(struct match_index *ix, uint64_t hash, uint32_t party) {
    if (ix->link_count == ix->link_room) {
        return;
    }
    uint32_t *head = &ix->heads[hash & ix->mask], at = ix->link_count++;
    ix->links[at] = (struct link){.hash = hash, .party = party, .next = *head};
    *head = at;
}

static void put_text(struct match_index *ix, enum match_by by, const char *text, uint32_t party) {
    if (*text) {
        put(ix, match_hash(by, text), party);
    }
}

uint32_t match_index_find(const struct match_index *ix, uint64_t hash, uint32_t *ret, uint32_t most) {
    uint32_t n = 0;
    if (!ix) {
        return 0;
    }
    for (uint32_t at = ix->heads[hash & ix->mask]; at != END_OF_CHAIN; at = ix->links[at].next) {
        if (ix->links[at].hash == hash) {
            if (n == most) {
                return most + 1;
            }
            ret[n++] = ix->links[at].party;
        }
    }
    return n;
}

const struct match_party *match_index_party(const struct match_index *ix, uint32_t i) {
    return &ix->parties[i];
}

uint32_t match_index_count(const struct match_index *ix) {
    return ix ? ix->count : 0;
}

const struct match_party *match_index_supplier(const struct match_index *ix, int64_t id) {
    uint32_t low = 0, high = ix->suppliers;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (ix->parties[mid].id < id) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < ix->suppliers && ix->parties[low].id == id ? &ix->parties[low] : NULL;
}

int32_t match_index_namesakes(const struct match_index *ix, const char *key) {
    const struct match_party *seen[NAMESAKES_MOST];
    int32_t n = 0;
    if (!ix || !*key) {
        return 0;
    }
    uint64_t hash = match_hash(MATCH_BY_KEY, key);
    for (uint32_t at = ix->heads[hash & ix->mask]; at != END_OF_CHAIN && n < NAMESAKES_MOST;
         at = ix->links[at].next) {
        const struct match_party *q = &ix->parties[ix->links[at].party];
        if (ix->links[at].hash != hash || strcmp(q->p.key, key) != 0) {
            continue;
        }
        bool known = false;
        for (int32_t i = 0; i < n; i++) {
            known |= seen[i]->root == q->root && seen[i]->entry == q->entry;
        }
        if (!known) {
            seen[n++] = q;
        }
    }
    return n;
}

void match_index_free(struct match_index *ix) {
    if (ix) {
        struct arena *a = ix->arena;
        free(ix->heads);
        free(ix->links);
        arena_free(a);
    }
}

// ---- filling it

static struct match_index *begin(struct ctx *c, struct ctx *own) {
    struct arena *a = arena_new(INDEX_BYTES);
    struct match_index *ix = arena_alloc(a, sizeof *ix);
    ix->arena = a;
    *own = *c;
    own->arena = a;
    return ix;
}

static enum err fail(struct ctx *c, const struct ctx *own, struct match_index *ix, enum err e) {
    const char *why = own->err_detail ? own->err_detail : "";
    e = ctx_fail(c, e, "%s", why);
    match_index_free(ix);
    return e;
}

// Reads what the rows say of parties 0 to n and enters them under all they may be found by.
static enum err enter(struct ctx *own, const struct provider *p, struct match_index *ix,
                      const struct anc_party *in, uint32_t n, bool by_blocks, size_t more_links) {
    struct anc_party *read = arena_array(own->arena, n + 1u, sizeof *read);
    size_t most = by_blocks ? (n + 1u) * (size_t)MATCH_BLOCKS : 1;
    uint64_t *blocks = arena_array(own->arena, most, sizeof *blocks);
    uint32_t *counts = arena_array(own->arena, n + 1u, sizeof *counts); // none of any
    size_t links = more_links;
    enum err e = matcher_read_many(own, p, in, n, read);
    if (by_blocks) {
        e = e ? e : matcher_blocks_many(own, p, read, n, MATCH_BLOCKS, blocks, counts);
    }
    if (e != ERR_OK) {
        return e;
    }
    for (uint32_t i = 0; i < n; i++) {
        links += 5 + counts[i];
    }
    table_make(ix, links);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_party *q = &ix->parties[i].p;
        *q = read[i];
        if (q->kind == ANC_PARTY_HIDDEN || q->kind == ANC_PARTY_NOBODY) {
            continue;
        }
        put_text(ix, MATCH_BY_KEY, q->other_key, i);
        if (ix->parties[i].earlier) {
            continue; // it is there under its name of today as well
        }
        put_text(ix, MATCH_BY_KEY, q->key, i);
        put_text(ix, MATCH_BY_COMPANY, q->company_number, i);
        put_text(ix, MATCH_BY_CHARITY, q->charity_number, i);
        put_text(ix, MATCH_BY_VAT, q->vat_number, i);
        for (uint32_t b = 0; b < counts[i]; b++) {
            put(ix, match_hash_block(blocks[(size_t)i * MATCH_BLOCKS + b]), i);
        }
    }
    return ERR_OK;
}

// A supplier is found at each of its postcodes: a copy of it with that one, found by its name only.
static void add_postcodes(struct match_index *ix, const struct rows *r) {
    for (size_t i = 0; i < rows_count(r); i++) {
        const struct match_party *s = match_index_supplier(ix, row_i64(r, i, "supplier_id"));
        if (s) {
            uint32_t at = ix->count++;
            ix->parties[at] = *s;
            ix->parties[at].p.postcode = row_text(r, i, "postcode");
            put_text(ix, MATCH_BY_KEY, s->p.key, at);
        }
    }
}

static void add_aliases(struct match_index *ix, const struct rows *r) {
    for (size_t i = 0; i < rows_count(r); i++) {
        const struct match_party *s = match_index_supplier(ix, row_i64(r, i, "supplier_id"));
        if (s) {
            put(ix, match_hash_alias(row_text(r, i, "match_name"), row_i64(r, i, "anchor_id")),
                (uint32_t)(s - ix->parties));
        }
    }
}

static enum err fill_suppliers(struct ctx *own, const struct provider *p, bool by_blocks,
                               struct match_index *ix) {
    enum { ID, ROOT, NAME, COMPANY, CHARITY, VAT, POSTCODE }; // columns of match_suppliers
    struct rows *s, *postcodes, *aliases;
    enum err e = DB_ROWS(own, match_suppliers, &s);
    e = e ? e : DB_ROWS(own, match_postcodes, &postcodes);
    e = e ? e : DB_ROWS(own, match_aliases, &aliases);
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(s), more = rows_count(postcodes);
    if (n + more > PARTIES_MOST) {
        return ctx_fail(own, ERR_UNSUPPORTED, "more than %u suppliers and addresses", (unsigned)PARTIES_MOST);
    }
    ix->parties = arena_array(own->arena, n + more + 1, sizeof *ix->parties);
    struct anc_party *in = arena_array(own->arena, n + 1, sizeof *in);
    for (size_t i = 0; i < n; i++) {
        ix->parties[i].id = strtoll(rows_cell(s, i, ID), NULL, 10);
        ix->parties[i].root = strtoll(rows_cell(s, i, ROOT), NULL, 10);
        in[i] = (struct anc_party){.size = sizeof in[i],
                                   .name = rows_cell(s, i, NAME),
                                   .key = "",
                                   .other_key = "",
                                   .form = "",
                                   .supplier_no = "",
                                   .company_number = rows_cell(s, i, COMPANY),
                                   .charity_number = rows_cell(s, i, CHARITY),
                                   .vat_number = rows_cell(s, i, VAT),
                                   .postcode = rows_cell(s, i, POSTCODE)};
    }
    ix->count = ix->suppliers = (uint32_t)n;
    e = enter(own, p, ix, in, (uint32_t)n, by_blocks, more + rows_count(aliases));
    if (e == ERR_OK) {
        add_postcodes(ix, postcodes);
        add_aliases(ix, aliases);
    }
    return e;
}

enum err match_index_suppliers(struct ctx *c, const struct provider *p, bool by_blocks,
                               struct match_index **ret) {
    struct ctx own;
    struct match_index *ix = begin(c, &own);
    enum err e = fill_suppliers(&own, p, by_blocks, ix);
    if (e != ERR_OK) {
        return fail(c, &own, ix, e);
    }
    *ret = ix;
    return ERR_OK;
}

static enum err fill_register(struct ctx *own, const struct provider *p, struct match_index *ix,
                              const struct match_index *suppliers, const struct rows *r) {
    size_t n = rows_count(r);
    ix->parties = arena_array(own->arena, n + 1, sizeof *ix->parties);
    struct anc_party *in = arena_array(own->arena, n + 1, sizeof *in);
    for (size_t i = 0; i < n; i++) {
        struct match_party *y = &ix->parties[i];
        const struct match_party *s = match_index_supplier(suppliers, row_i64(r, i, "supplier_id"));
        y->earlier = row_bool(r, i, "is_earlier");
        y->id = s ? s->id : 0;
        y->root = s ? s->root : 0;
        y->entry = s ? 0 : (uint32_t)i + 1;
        in[i] = (struct anc_party){.size = sizeof in[i],
                                   .name = row_text(r, i, "name"),
                                   .key = "",
                                   .other_key = "",
                                   .form = "",
                                   .supplier_no = "",
                                   .company_number = row_text(r, i, "company_number"),
                                   .charity_number = row_text(r, i, "charity_number"),
                                   .vat_number = "",
                                   .postcode = row_text(r, i, "postcode"),
                                   .from_day = (int32_t)row_i64(r, i, "from_day"),
                                   .until_day = (int32_t)row_i64(r, i, "until_day")};
    }
    ix->count = (uint32_t)n;
    return enter(own, p, ix, in, (uint32_t)n, false, 0); // sought by name and number only
}

// The copies of a supplier at its other postcodes are found by its name.
static void copies_days(struct match_index *ix, const struct match_party *s) {
    uint64_t hash = match_hash(MATCH_BY_KEY, s->p.key);
    for (uint32_t at = ix->heads[hash & ix->mask]; at != END_OF_CHAIN; at = ix->links[at].next) {
        struct match_party *copy = &ix->parties[ix->links[at].party];
        if (copy->id == s->id) {
            copy->p.from_day = s->p.from_day;
            copy->p.until_day = s->p.until_day;
        }
    }
}

void match_index_days(struct match_index *ix, const char *company_number, int32_t from_day,
                      int32_t until_day) {
    uint64_t hash = match_hash(MATCH_BY_COMPANY, company_number);
    for (uint32_t at = ix->heads[hash & ix->mask]; at != END_OF_CHAIN; at = ix->links[at].next) {
        struct match_party *s = &ix->parties[ix->links[at].party];
        if (ix->links[at].hash == hash && strcmp(s->p.company_number, company_number) == 0) {
            s->p.from_day = from_day;
            s->p.until_day = until_day;
            copies_days(ix, s);
        }
    }
}

enum err match_index_register(struct ctx *c, const struct provider *p, const struct match_index *suppliers,
                              size_t n, const char *const *keys, size_t companies, const char *const *company,
                              size_t charities, const char *const *charity, struct match_index **ret) {
    struct ctx own;
    struct rows *r;
    struct match_index *ix = begin(c, &own);
    enum err e = DB_ROWS(&own, match_register, &r, db_array(own.arena, n, keys),
                         db_array(own.arena, companies, company), db_array(own.arena, charities, charity));
    e = e                              ? e
        : rows_count(r) > PARTIES_MOST ? ctx_fail(&own, ERR_UNSUPPORTED, "too many entries have these names")
                                       : ERR_OK;
    e = e ? e : fill_register(&own, p, ix, suppliers, r);
    if (e != ERR_OK) {
        return fail(c, &own, ix, e);
    }
    *ret = ix;
    return ERR_OK;
}
