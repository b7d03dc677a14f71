// SPDX-License-Identifier: Apache-2.0
// Payees through the rules in batches, and what came of it stored in a few statements.
#include "spend/match.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/match_days.h"
#include "spend/match_list.h"
#include "spend/match_run.h"
#include "spend/match_store.h"

#include <stdlib.h>
#include <string.h>

#define BATCH        20000
#define LIST_AT_ONCE 2000 // suppliers listed from registers in one batch
#define BATCH_BYTES  ((size_t)512 * 1024 * 1024)

struct matching {
    struct ctx *c; // on the batch's arena
    struct provider matcher;
    struct match_index *suppliers, *reg;
    struct match_payee *payees;
    size_t n;
    uint64_t *blocks;
    uint32_t *block_counts;
    bool has_register, sure; // sure: only what a rule ties
    int64_t tied, review;
};

// ---- reading a batch

enum { ID, NAME, ANCHOR, SUPPLIER_NO, COMPANY, CHARITY, VAT, POSTCODE, IS_TIED, DECISION, SUPPLIER, METHOD };

static struct anc_party party_of(const struct rows *r, size_t i) {
    return (struct anc_party){.size = sizeof(struct anc_party),
                              .name = rows_cell(r, i, NAME),
                              .key = "",
                              .other_key = "",
                              .form = "",
                              .supplier_no = rows_cell(r, i, SUPPLIER_NO),
                              .company_number = rows_cell(r, i, COMPANY),
                              .charity_number = rows_cell(r, i, CHARITY),
                              .vat_number = rows_cell(r, i, VAT),
                              .postcode = rows_cell(r, i, POSTCODE)};
}

// Rows of (payee, supplier), in order of payees, to the payees they belong to.
static const int64_t *suppliers_of(struct ctx *c, const struct rows *r, size_t *at, int64_t payee,
                                   size_t *ret_count) {
    size_t from = *at, n = rows_count(r);
    while (from < n && strtoll(rows_cell(r, from, 0), NULL, 10) < payee) {
        from++;
    }
    size_t to = from;
    while (to < n && strtoll(rows_cell(r, to, 0), NULL, 10) == payee) {
        to++;
    }
    *at = to;
    *ret_count = to - from;
    int64_t *ids = to > from ? arena_array(c->arena, to - from, sizeof *ids) : NULL;
    for (size_t i = from; i < to; i++) {
        ids[i - from] = strtoll(rows_cell(r, i, 1), NULL, 10);
    }
    return ids;
}

// The ids of payees that have a number of their anchor's own.
static const char *with_own_number(struct ctx *c, const struct rows *r) {
    const char **ids = arena_array(c->arena, rows_count(r) + 1, sizeof *ids);
    size_t n = 0;
    for (size_t i = 0; i < rows_count(r); i++) {
        if (*rows_cell(r, i, SUPPLIER_NO)) {
            ids[n++] = rows_cell(r, i, ID);
        }
    }
    return db_array(c->arena, n, ids);
}

static enum err read_batch(struct matching *m, const char *ids) {
    struct ctx *c = m->c;
    struct rows *r, *own, *refused;
    enum err e = DB_ROWS(c, match_payees_read, &r, ids);
    e = e ? e : DB_ROWS(c, match_payees_own, &own, with_own_number(c, r));
    e = e ? e : DB_ROWS(c, match_refused, &refused, ids);
    if (e != ERR_OK) {
        return e;
    }
    m->n = rows_count(r);
    m->payees = arena_array(c->arena, m->n + 1, sizeof *m->payees);
    m->blocks = arena_array(c->arena, (m->n + 1) * MATCH_BLOCKS, sizeof *m->blocks);
    m->block_counts = arena_array(c->arena, m->n + 1, sizeof *m->block_counts);
    struct anc_party *in = arena_array(c->arena, m->n + 1, sizeof *in),
                     *out = arena_array(c->arena, m->n + 1, sizeof *out);
    size_t own_at = 0, refused_at = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct match_payee *y = &m->payees[i];
        in[i] = party_of(r, i);
        y->id = strtoll(rows_cell(r, i, ID), NULL, 10);
        y->anchor_id = strtoll(rows_cell(r, i, ANCHOR), NULL, 10);
        y->decision_id = strtoll(rows_cell(r, i, DECISION), NULL, 10);
        y->tied_to = strtoll(rows_cell(r, i, SUPPLIER), NULL, 10);
        y->tied_by = rows_cell(r, i, METHOD);
        size_t first = own_at;
        y->own = suppliers_of(c, own, &own_at, y->id, &y->own_count);
        for (size_t k = first; k < own_at; k++) {
            y->own_same_name |=
                strtoll(rows_cell(own, k, 0), NULL, 10) == y->id && row_bool(own, k, "is_same_name");
        }
        y->refused = suppliers_of(c, refused, &refused_at, y->id, &y->refused_count);
    }
    e = matcher_read_many(c, &m->matcher, in, m->n, out);
    for (size_t i = 0; e == ERR_OK && i < m->n; i++) {
        m->payees[i].p = out[i];
    }
    return e || m->sure
               ? e
               : matcher_blocks_many(c, &m->matcher, out, m->n, MATCH_BLOCKS, m->blocks, m->block_counts);
}

// Entries of the registers that bear the names and numbers of this batch.
static enum err read_register(struct matching *m) {
    struct arena *a = m->c->arena;
    const char **keys = arena_array(a, 2 * m->n + 1, sizeof *keys),
               **company = arena_array(a, m->n + 1, sizeof *company),
               **charity = arena_array(a, m->n + 1, sizeof *charity);
    size_t k = 0, n = 0, h = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct anc_party *p = &m->payees[i].p;
        const char *const both[] = {p->key, p->other_key};
        for (size_t b = 0; b < 2; b++) {
            if (*both[b]) {
                keys[k++] = both[b];
            }
        }
        if (*p->company_number) {
            company[n++] = p->company_number;
        }
        if (*p->charity_number) {
            charity[h++] = p->charity_number;
        }
    }
    enum err e =
        match_index_register(m->c, &m->matcher, m->suppliers, k, keys, n, company, h, charity, &m->reg);
    return e ? e : match_days(m->c, m->suppliers, m->reg, m->payees, m->n);
}

static enum err run_rules(struct matching *m) {
    enum err e = ERR_OK;
    struct match_desk *desk = match_desk(m->c, &m->matcher, m->suppliers, m->reg);
    for (size_t i = 0; i < m->n && e == ERR_OK; i++) {
        e = match_run(desk, m->blocks + i * MATCH_BLOCKS, m->sure ? 0 : m->block_counts[i], &m->payees[i]);
    }
    return e;
}

// Ties to entries of a register make suppliers of them first, and the tie is to the supplier.
static enum err list_entries(struct matching *m, bool *ret_listed) {
    const char **company = arena_array(m->c->arena, m->n + 1, sizeof *company),
               **charity = arena_array(m->c->arena, m->n + 1, sizeof *charity);
    size_t n = 0;
    int64_t made = 0;
    for (size_t i = 0; i < m->n && n < LIST_AT_ONCE; i++) {
        const struct match_payee *y = &m->payees[i];
        if (y->is_tied && y->hit[0].party->entry) {
            const struct anc_party *q = &y->hit[0].party->p;
            company[n] = q->company_number;
            charity[n++] = *q->company_number ? "" : q->charity_number;
        }
    }
    *ret_listed = n > 0;
    if (n == LIST_AT_ONCE) {
        enum err e = DB_EXEC(m->c, match_due_add, NULL, NULL); // the others come with the next run
        if (e != ERR_OK) {
            return e;
        }
    }
    return n ? match_list_many(m->c, n, company, charity, &made) : ERR_OK;
}

static enum err make_index(struct matching *m) {
    match_index_free(m->suppliers);
    m->suppliers = NULL;
    return match_index_suppliers(m->c, &m->matcher, !m->sure, &m->suppliers);
}

// What was just listed is a supplier like any other from now on.
static enum err run_again(struct matching *m) {
    enum err e = make_index(m);
    match_index_free(m->reg);
    m->reg = NULL;
    e = e ? e : read_register(m);
    return e ? e : run_rules(m);
}

// Puts those that are tied in front. How many.
static size_t tied_first(struct matching *m) {
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (m->payees[i].is_tied) {
            m->payees[n++] = m->payees[i];
        }
    }
    return n;
}

static enum err judge_batch(struct matching *m) {
    bool listed = false;
    enum err e = m->has_register ? read_register(m) : ERR_OK;
    e = e ? e : run_rules(m);
    e = e ? e : list_entries(m, &listed);
    e = e || !listed ? e : run_again(m);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 0; i < m->n; i++) { // a tie is to a supplier; what was not listed waits
        m->payees[i].is_tied = m->payees[i].is_tied && m->payees[i].hit[0].party->id;
    }
    size_t n = m->sure ? tied_first(m) : m->n; // the others stay as they are
    return match_store(m->c, m->payees, n, &m->tied, &m->review);
}

static enum err one_batch(struct matching *m, const char *ids) {
    enum err e = read_batch(m, ids);
    e = e ? e : judge_batch(m);
    match_index_free(m->reg);
    m->reg = NULL;
    return e;
}

// ---- all batches

static enum err begin(struct ctx *c, struct matching *m) {
    struct rows *any, *locked;
    enum err e = DB_ROWS(c, load_lock, &locked); // two runs at once would tie twice
    e = e ? e : DB_ROWS(c, match_register_any, &any);
    m->has_register = e == ERR_OK && row_bool(any, 0, "any");
    return e ? e : make_index(m);
}

struct asked {
    const int64_t *ids; // NULL: all
    size_t n;
    bool sure;
    int64_t tied, review;
};

static const char *ids_text(struct arena *a, const int64_t *ids, size_t n) {
    const char **texts = arena_array(a, n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++) {
        texts[i] = arena_i64(a, ids[i]);
    }
    return db_array(a, n, texts);
}

// The ids of the next payees, in the order of ids when all are asked for.
static enum err next_ids(struct matching *m, const struct asked *k, size_t *at, int64_t *last,
                         const char **ret) {
    struct rows *r;
    *ret = NULL;
    if (k->ids) {
        size_t n = k->n - *at < BATCH ? k->n - *at : BATCH;
        *ret = n ? ids_text(m->c->arena, k->ids + *at, n) : NULL;
        *at += n;
        return ERR_OK;
    }
    enum err e =
        DB_ROWS(m->c, match_payees_after, &r, arena_i64(m->c->arena, *last), arena_i64(m->c->arena, BATCH));
    size_t n = e ? 0 : rows_count(r);
    if (n > 0) {
        const char **texts = arena_array(m->c->arena, n, sizeof *texts);
        for (size_t i = 0; i < n; i++) {
            texts[i] = row_text(r, i, "id");
        }
        *last = row_i64(r, n - 1, "id");
        *ret = db_array(m->c->arena, n, texts);
    }
    return e;
}

static enum err match_asked(struct ctx *c, void *arg) {
    struct asked *k = arg;
    struct arena *batch = arena_new(BATCH_BYTES);
    struct ctx own = *c;
    struct matching m = {.c = &own, .sure = k->sure};
    own.arena = batch;
    size_t at = 0;
    int64_t last = 0;
    enum err e = matcher_find(&own, &m.matcher);
    bool none = e == ERR_UNSUPPORTED;
    e = none ? ERR_OK : e ? e : begin(&own, &m);
    while (e == ERR_OK && !none) {
        const char *ids;
        arena_reset(batch);
        e = next_ids(&m, k, &at, &last, &ids);
        if (e != ERR_OK || !ids) {
            break;
        }
        e = one_batch(&m, ids);
    }
    match_index_free(m.suppliers);
    match_index_free(m.reg);
    if (e != ERR_OK) {
        e = ctx_fail(c, e, "%s", own.err_detail ? own.err_detail : "");
    }
    k->tied = m.tied;
    k->review = m.review;
    arena_free(batch);
    return e;
}

static enum err match_some(struct ctx *c, struct asked *k, int64_t *ret_tied, int64_t *ret_review) {
    enum err e = db_in_transaction(c, match_asked, k);
    if (e == ERR_OK && ret_tied) {
        *ret_tied = k->tied;
    }
    if (e == ERR_OK && ret_review) {
        *ret_review = k->review;
    }
    return e;
}

enum err match_payees(struct ctx *c, size_t n, const int64_t *payee_ids, int64_t *ret_tied,
                      int64_t *ret_review) {
    static const int64_t nobody;
    struct asked k = {.ids = payee_ids ? payee_ids : &nobody, .n = n};
    return match_some(c, &k, ret_tied, ret_review);
}

enum err match_sure(struct ctx *c, size_t n, const int64_t *payee_ids) {
    struct asked k = {.ids = payee_ids, .n = n, .sure = true};
    return n ? match_some(c, &k, NULL, NULL) : ERR_OK;
}

enum err match_all(struct ctx *c, int64_t *ret_tied, int64_t *ret_review) {
    struct asked k = {.ids = NULL};
    return match_some(c, &k, ret_tied, ret_review);
}
