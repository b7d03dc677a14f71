// SPDX-License-Identifier: Apache-2.0
// Ties and proposals as arrays to the database.
#include "spend/match_store.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <string.h>

// Columns of one statement, filled row by row.
#define COLUMNS 8
struct columns {
    const char **cell[COLUMNS];
    size_t n;
};

static void columns_make(struct arena *a, struct columns *k, size_t rows) {
    k->n = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        k->cell[i] = arena_array(a, rows + 1, sizeof **k->cell);
    }
}

struct storing {
    struct ctx *c;
    struct columns ties, proposals, states, clear, ended;
};

static void add_tie(struct storing *s, const struct match_payee *y) {
    struct arena *a = s->c->arena;
    const struct match_hit *h = &y->hit[0];
    size_t i = s->ties.n++;
    s->ties.cell[0][i] = arena_i64(a, y->id);
    s->ties.cell[1][i] = arena_i64(a, h->party->id);
    s->ties.cell[2][i] = h->m.method;
    s->ties.cell[3][i] = arena_i64(a, h->m.score_milli);
    s->ties.cell[4][i] = h->m.reason;
}

static void add_proposals(struct storing *s, const struct match_payee *y) {
    struct arena *a = s->c->arena;
    for (size_t k = 0; k < y->hits; k++) {
        const struct match_hit *h = &y->hit[k];
        bool listed = h->party->id != 0;
        size_t i = s->proposals.n++;
        s->proposals.cell[0][i] = arena_i64(a, y->id);
        s->proposals.cell[1][i] = arena_i64(a, (int64_t)k + 1);
        s->proposals.cell[2][i] = arena_i64(a, h->party->id);
        s->proposals.cell[3][i] = listed ? "" : h->party->p.company_number;
        s->proposals.cell[4][i] = listed || *h->party->p.company_number ? "" : h->party->p.charity_number;
        s->proposals.cell[5][i] = h->m.method;
        s->proposals.cell[6][i] = arena_i64(a, h->m.score_milli);
        s->proposals.cell[7][i] = h->m.reason;
    }
}

static void add_state(struct storing *s, const struct match_payee *y) {
    struct arena *a = s->c->arena;
    size_t i = s->states.n++;
    s->states.cell[0][i] = arena_i64(a, y->id);
    s->states.cell[1][i] = y->hits ? "review" : "open";
    s->states.cell[2][i] = y->hits ? y->hit[0].m.method : "";
    s->states.cell[3][i] = arena_i64(a, y->hits ? y->hit[0].m.score_milli : 0);
}

static void add(struct storing *s, const struct match_payee *y, int64_t *tied, int64_t *review) {
    struct arena *a = s->c->arena;
    bool still = y->is_tied && y->decision_id && y->tied_to == y->hit[0].party->id &&
                 strcmp(y->tied_by, y->hit[0].m.method) == 0;
    if (still) {
        return;
    }
    if (y->decision_id) {
        s->ended.cell[0][s->ended.n++] = arena_i64(a, y->decision_id);
    }
    s->clear.cell[0][s->clear.n++] = arena_i64(a, y->id);
    if (y->is_tied) {
        add_tie(s, y);
        ++*tied;
    } else {
        add_proposals(s, y);
        add_state(s, y);
        *review += y->hits > 0;
    }
}

static const char *array(struct storing *s, const struct columns *k, size_t i) {
    return db_array(s->c->arena, k->n, k->cell[i]);
}

static enum err send(struct storing *s) {
    struct ctx *c = s->c;
    const char *now = arena_i64(c->arena, c->now_usec);
    enum err e = ERR_OK;
    if (e == ERR_OK && s->clear.n) {
        e = DB_EXEC(c, match_proposals_clear, NULL, array(s, &s->clear, 0));
    }
    if (e == ERR_OK && s->ties.n) {
        e = DB_EXEC(c, match_ties_add, NULL, array(s, &s->ties, 0), array(s, &s->ties, 1),
                    array(s, &s->ties, 2), array(s, &s->ties, 3), array(s, &s->ties, 4), now);
    }
    if (e == ERR_OK && s->proposals.n) {
        const char *p[COLUMNS];
        for (size_t i = 0; i < COLUMNS; i++) {
            p[i] = array(s, &s->proposals, i);
        }
        e = db_exec_n(c, &sql_match_proposals_add, NULL, COLUMNS, p);
    }
    if (e == ERR_OK && s->states.n) {
        e = DB_EXEC(c, match_states, NULL, array(s, &s->states, 0), array(s, &s->states, 1),
                    array(s, &s->states, 2), array(s, &s->states, 3));
    }
    if (e == ERR_OK && s->ended.n) { // now that the payees are ours, or known to be a person's
        e = DB_EXEC(c, match_end, NULL, array(s, &s->ended, 0), now);
    }
    return e;
}

enum err match_store(struct ctx *c, const struct match_payee *payees, size_t n, int64_t *tied,
                     int64_t *review) {
    struct storing s = {.c = c};
    struct columns *const all[] = {&s.ties, &s.states, &s.clear, &s.ended};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        columns_make(c->arena, all[i], n);
    }
    columns_make(c->arena, &s.proposals, n * MATCH_PROPOSALS);
    for (size_t i = 0; i < n; i++) {
        add(&s, &payees[i], tied, review);
    }
    return send(&s);
}
