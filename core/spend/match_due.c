// SPDX-License-Identifier: Apache-2.0
// Suppliers that changed: the payees they may have to do with are found by one look at all names, and only
// those are matched again. Payees that came with a load: those that the load itself did not tie.
#include "spend/match.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/intern.h"
#include "spend/match_index.h"

#include <stdlib.h>
#include <string.h>

#define DUE_AT_ONCE 500
#define STREAM      20000
#define DUE_BYTES   ((size_t)256 * 1024 * 1024)

struct due {
    struct ctx *c; // on an arena that is emptied with each block of payees
    struct provider matcher;
    struct pairs *hashes; // under which the suppliers that changed are found; values say nothing
    struct pairs *found;  // payees to match again
    int64_t *ids;
    size_t n, room;
};

static void take(struct due *d, int64_t id) {
    bool is_new;
    pairs_at(d->found, (uint64_t)id, &is_new);
    if (!is_new) {
        return;
    }
    if (d->n == d->room) {
        d->room = d->room ? 2 * d->room : 1024;
        d->ids = realloc(d->ids, d->room * sizeof *d->ids);
        if (!d->ids) {
            abort();
        }
    }
    d->ids[d->n++] = id;
}

// With `add` the hash becomes known. Hashes that are only looked up are not kept: there are millions of them.
static bool known(struct due *d, uint64_t hash, bool add) {
    bool is_new;
    if (add) {
        pairs_at(d->hashes, hash, &is_new);
    }
    return pairs_find(d->hashes, hash) != NULL;
}

// Everything a party is found by; true when one of it is known (or with `add`: becomes known).
static bool meets(struct due *d, const struct anc_party *p, const uint64_t *blocks, uint32_t n, bool add) {
    const struct {
        enum match_by by;
        const char *text;
    } texts[] = {{MATCH_BY_KEY, p->key},
                 {MATCH_BY_KEY, p->other_key},
                 {MATCH_BY_COMPANY, p->company_number},
                 {MATCH_BY_CHARITY, p->charity_number},
                 {MATCH_BY_VAT, p->vat_number}};
    bool any = false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        any |= *texts[i].text && known(d, match_hash(texts[i].by, texts[i].text), add);
    }
    for (uint32_t i = 0; i < n; i++) {
        any |= known(d, match_hash_block(blocks[i]), add);
    }
    return any;
}

static enum err read_block(struct due *d, const struct rows *r, bool add) {
    struct arena *a = d->c->arena;
    size_t n = rows_count(r);
    struct anc_party *in = arena_array(a, n + 1, sizeof *in), *out = arena_array(a, n + 1, sizeof *out);
    uint64_t *blocks = arena_array(a, (n + 1) * MATCH_BLOCKS, sizeof *blocks);
    uint32_t *counts = arena_array(a, n + 1, sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        in[i] = (struct anc_party){.size = sizeof in[i],
                                   .name = row_text(r, i, "name"),
                                   .key = "",
                                   .other_key = "",
                                   .form = "",
                                   .supplier_no = "",
                                   .company_number = row_text(r, i, "company_number"),
                                   .charity_number = row_text(r, i, "charity_number"),
                                   .vat_number = row_text(r, i, "vat_number"),
                                   .postcode = ""};
    }
    enum err e = matcher_read_many(d->c, &d->matcher, in, n, out);
    e = e ? e : matcher_blocks_many(d->c, &d->matcher, out, n, MATCH_BLOCKS, blocks, counts);
    for (size_t i = 0; i < n && e == ERR_OK; i++) {
        if (meets(d, &out[i], blocks + i * MATCH_BLOCKS, counts[i], add) && !add) {
            take(d, row_i64(r, i, "id"));
        }
    }
    return e;
}

static enum err find_payees(struct due *d, const char *suppliers) {
    struct rows *r;
    int64_t last = 0;
    enum err e = DB_ROWS(d->c, match_suppliers_some, &r, suppliers);
    e = e ? e : read_block(d, r, true);
    e = e ? e : DB_ROWS(d->c, match_due_payees, &r, suppliers);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        take(d, row_i64(r, i, "id"));
    }
    for (size_t n = 1; e == ERR_OK && n > 0;) {
        arena_reset(d->c->arena);
        e = DB_ROWS(d->c, match_payees_after, &r, arena_i64(d->c->arena, last),
                    arena_i64(d->c->arena, STREAM));
        n = e ? 0 : rows_count(r);
        if (n > 0) {
            last = row_i64(r, n - 1, "id");
            e = read_block(d, r, false);
        }
    }
    return e;
}

static enum err match_few(struct ctx *c, const char *suppliers) {
    struct ctx own = *c;
    struct due d = {.c = &own};
    enum err e = matcher_find(&own, &d.matcher);
    own.arena = arena_new(DUE_BYTES);
    d.hashes = pairs_new();
    d.found = pairs_new();
    e = e ? e : find_payees(&d, suppliers);
    if (e != ERR_OK) {
        e = ctx_fail(c, e, "%s", own.err_detail ? own.err_detail : "");
    }
    arena_free(own.arena);
    pairs_free(d.hashes);
    pairs_free(d.found);
    e = e || d.n == 0 ? e : match_payees(c, d.n, d.ids, NULL, NULL);
    free(d.ids);
    return e;
}

// Payees that came with a load.
static enum err match_came(struct ctx *c, const char *first, const char *last) {
    struct rows *r;
    enum err e = DB_ROWS(c, match_payees_between, &r, first, last);
    size_t n = e ? 0 : rows_count(r);
    int64_t *ids = arena_array(c->arena, n + 1, sizeof *ids);
    for (size_t i = 0; i < n; i++) {
        ids[i] = row_i64(r, i, "id");
    }
    return e || n == 0 ? e : match_payees(c, n, ids, NULL, NULL);
}

static enum err match_taken(struct ctx *c, void *arg) {
    bool *left = arg;
    struct rows *r, *more;
    enum err e = DB_ROWS(c, match_due_take, &r, arena_i64(c->arena, DUE_AT_ONCE));
    size_t n = e ? 0 : rows_count(r), suppliers = 0;
    if (n == 0) {
        *left = false;
        return e;
    }
    bool all = n == DUE_AT_ONCE;
    const char **ids = arena_array(c->arena, n, sizeof *ids);
    for (size_t i = 0; i < n; i++) {
        bool came = row_i64(r, i, "from_payee") != 0;
        all |= !came && row_i64(r, i, "supplier_id") == 0;
        if (!came) {
            ids[suppliers++] = row_text(r, i, "supplier_id");
        }
    }
    for (size_t i = 0; e == ERR_OK && !all && i < n; i++) {
        if (row_i64(r, i, "from_payee") != 0) {
            e = match_came(c, row_text(r, i, "from_payee"), row_text(r, i, "until_payee"));
        }
    }
    if (e == ERR_OK && (all || suppliers > 0)) {
        e = all ? match_all(c, NULL, NULL) : match_few(c, db_array(c->arena, suppliers, ids));
    }
    e = e ? e : DB_ROWS(c, match_due_left, &more);
    *left = e == ERR_OK && row_bool(more, 0, "any");
    return e;
}

enum err match_due(struct ctx *c, bool *ret_left) {
    bool left = false;
    struct provider p;
    if (!provider_at(c->plugins, ANC_POINT_PAYEE_MATCHER, 0, &p)) {
        *ret_left = false; // it stays due until a plugin matches payees
        return ERR_OK;
    }
    enum err e = db_in_transaction(c, match_taken, &left);
    if (e == ERR_OK) {
        *ret_left = left;
    }
    return e;
}
