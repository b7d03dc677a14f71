// SPDX-License-Identifier: Apache-2.0
// New payees of a load to suppliers. No rule ties by a name alone: it takes a number, a postcode, or that a
// person decided about the name. (A plugin that thinks otherwise has its ties with match_due.)
#include "spend/load_match.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/intern.h"
#include "spend/match.h"

// Names that somebody decided about, at whichever anchor.
static enum err learned_names(struct ctx *c, struct known *names) {
    struct rows *r;
    enum err e = DB_ROWS(c, match_aliases, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        const char *name = row_text(r, i, "match_name");
        known_put(names, &name, 1, 1);
    }
    return e;
}

static bool may_be_tied(const struct anc_party *y, const struct known *names) {
    return *y->supplier_no || *y->company_number || *y->charity_number || *y->vat_number || *y->postcode ||
           known_find(names, &y->key, 1) != 0;
}

enum err load_match(struct ctx *c, const struct payees *p) {
    if (payees_new_count(p) == 0) {
        return ERR_OK;
    }
    int64_t *ids = arena_array(c->arena, (size_t)payees_new_count(p), sizeof *ids);
    int64_t first = INT64_MAX, last = 0;
    size_t n = 0;
    struct known *names = known_new(0);
    enum err e = learned_names(c, names);
    for (uint32_t i = 0; e == ERR_OK && i < payees_count(p); i++) {
        if (!payees_is_new(p, i) || payees_hidden(p, i)) {
            continue;
        }
        struct anc_party y;
        payees_party(p, i, &y);
        int64_t id = payees_id(p, i);
        first = id < first ? id : first;
        last = id > last ? id : last;
        if (may_be_tied(&y, names)) {
            ids[n++] = id;
        }
    }
    known_free(names);
    e = e ? e : match_sure(c, n, ids);
    return e || last == 0 ? e
                          : DB_EXEC(c, match_due_payees_add, NULL, arena_i64(c->arena, first),
                                    arena_i64(c->arena, last));
}
