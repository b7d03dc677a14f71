// SPDX-License-Identifier: Apache-2.0
// The cube: which state is current, who holds which, and how the next one is made out of what stays.
//
// A state is made in one transaction that sees one state of the database (repeatable read), or, inside a
// transaction of the caller's, is made again until nothing changed meanwhile. Leaves keep their sums and
// lines as long as their number (core.spend_leaf.no) stays; facts stay as long as match_no does. What a
// caller's own transaction changed, or an older state that it sees, is made for it alone.
//
// Locks: `lock` is held while a state is made, so that many who ask at once wait for one. A state is counted:
// the cube holds one pin on the current one. Single payments of a large load are read under `reading` alone,
// in the background where there is one (cube_tend), so that nobody who needs sums only waits for them.
#include "spend/cube.h"

#include "spend/cubeint.h"
#include "spend/guard.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define TRIES      4
#define AGAIN_USEC INT64_C(5000000) // between two tries to reach the database for reports

// ---- views --------------------------------------------------------------------------------------------

static void view_free(struct cube_view *v) {
    struct lines *l = v->lines;
    for (size_t i = 0; i < v->blocks; i++) {
        block_done(v->block[i]);
    }
    free(v->block);
    free(v->category);
    facts_done(v->facts);
    sums_done(v->sums);
    lines_done(l);
    dict_done(v->dict);
    answers_done(v->kept);
    answers_done(v->before);
    guard_free(v->guard);
    arena_free(v->texts);
    free(v);
}

void cube_unpin(const struct cube_view *pinned) {
    // Pinning hands out what nobody may change; only its count is ours.
    struct cube_view *v = (struct cube_view *)(uintptr_t)pinned;
    if (v && atomic_fetch_sub(&v->pins, 1) == 1) {
        view_free(v);
    }
}

struct cube *cube_new(void) {
    struct cube *k = cube_alloc(1, sizeof *k);
    pthread_mutex_init(&k->lock, NULL);
    pthread_mutex_init(&k->reading, NULL);
    return k;
}

static void forget(struct cube *k) {
    cube_unpin(k->now);
    dict_done(k->dict);
    lines_done(k->last);
    k->last = NULL;
    k->now = NULL;
    k->dict = NULL;
}

void cube_free(struct cube *k) {
    if (!k) {
        return;
    }
    forget(k);
    db_close(k->reports);
    db_close(k->reports_read);
    pthread_mutex_destroy(&k->lock);
    pthread_mutex_destroy(&k->reading);
    free(k);
}

size_t cube_bytes(const struct cube_view *v) {
    const struct lines *l = v->lines;
    const struct sums *s = v->sums;
    size_t n = facts_bytes(v->facts) + s->count * sizeof *s->row + s->wide_count * sizeof *s->wide +
               s->payees * (s->years + 1) * sizeof *s->at;
    for (size_t i = 0; i < v->blocks; i++) {
        n += v->block[i]->room * sizeof(struct raw_sum);
    }
    if (l) {
        n += l->count * (sizeof *l->row + sizeof *l->line_no) + l->payees * sizeof *l->at +
             l->same_count * sizeof *l->same;
    }
    return n;
}

// ---- making one ---------------------------------------------------------------------------------------

struct making {
    struct cube *k;
    struct cube_view *v, *base;
    struct block **fresh; // leaves that have to be read, by load and year
    size_t fresh_count;
};

static struct block *kept_block(const struct cube_view *base, int64_t load_id, int32_t fy, int64_t no) {
    size_t low = 0, high = base ? base->blocks : 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        struct block *b = base->block[mid];
        if (b->load_id == load_id && b->fy == fy) {
            return b->no == no ? b : NULL;
        }
        bool less = b->load_id < load_id || (b->load_id == load_id && b->fy < fy);
        low = less ? mid + 1 : low;
        high = less ? high : mid;
    }
    return NULL;
}

static enum err take_leaf(struct ctx *c, struct making *m, const struct rows *r, size_t row) {
    struct dict *d = m->v->dict;
    int64_t load_id = row_i64(r, row, "load_id"), no = row_i64(r, row, "no");
    int64_t anchor_id = row_i64(r, row, "anchor_id");
    int32_t fy = (int32_t)row_i64(r, row, "fy");
    struct block *b = kept_block(m->base, load_id, fy, no);
    if (b && b->anchor_id == anchor_id) {
        m->v->block[m->v->blocks++] = block_use(b);
        return ERR_OK;
    }
    b = cube_alloc(1, sizeof *b);
    *b = (struct block){.uses = 1,
                        .load_id = load_id,
                        .anchor_id = anchor_id,
                        .no = no,
                        .fy = fy,
                        .slot = (uint16_t)d->slot_count};
    m->v->block[m->v->blocks++] = b;
    if (!dict_cell(d, anchor_id, fy, &b->cell)) {
        return ctx_fail(c, ERR_TOO_LARGE, "There are more public bodies and years than can be added up.");
    }
    d->slot_cell[d->slot_count++] = b->cell;
    m->fresh[m->fresh_count++] = b;
    return ERR_OK;
}

static enum err take_leaves(struct ctx *c, struct making *m) {
    struct rows *r;
    enum err e = DB_ROWS(c, cube_leaves, &r);
    size_t n = e ? 0 : rows_count(r);
    if (n >= CELLS_MAX) {
        return ctx_fail(c, ERR_TOO_LARGE, "There are more loads of payments than can be added up.");
    }
    if (m->k->dict && m->k->dict->slot_count + n >= CELLS_MAX) { // numbers have run out: begin anew
        forget(m->k);
        m->base = NULL;
    }
    if (!m->k->dict) {
        m->k->dict = dict_new();
    }
    m->v->dict = dict_use(m->k->dict);
    m->v->block = cube_alloc(n + 1, sizeof(struct block *));
    m->fresh = cube_alloc(n + 1, sizeof(struct block *));
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        e = take_leaf(c, m, r, i);
    }
    return e;
}

static enum err take_facts(struct ctx *c, struct making *m, const struct cube_state *s) {
    const struct dict *d = m->v->dict;
    struct facts *f = m->base ? m->base->facts : NULL;
    if (f && !s->own && f->match_no == s->match_no && f->payees == d->payees.count &&
        f->anchors == d->anchors.count) {
        atomic_fetch_add(&f->uses, 1);
        m->v->facts = f;
        return ERR_OK;
    }
    return facts_load(c, m->v->dict, s->match_no, &m->v->facts);
}

uint64_t cube_missing_lines(const struct cube_view *v, const struct lines *have) {
    uint64_t lines = 0;
    for (size_t b = 0; b < v->blocks; b++) {
        bool missing = !have || !lines_have(have, v->block[b]->slot);
        for (size_t i = 0; missing && i < v->block[b]->count; i++) {
            lines += v->block[b]->row[i].lines;
        }
    }
    return lines;
}

static bool all_leaves(const struct cube_view *v, const struct lines *have) {
    for (size_t b = 0; b < v->blocks; b++) {
        if (!lines_have(have, v->block[b]->slot)) {
            return false;
        }
    }
    return true;
}

// Payments are brought along once somebody has asked for them, unless that would take a while.
static enum err take_lines(struct ctx *c, struct making *m) {
    struct lines *last = m->k->last, *l;
    if (!last) {
        return ERR_OK;
    }
    if (last->leaves == m->v->blocks && all_leaves(m->v, last)) {
        m->v->lines = lines_use(last);
        return ERR_OK;
    }
    if (last->count + cube_missing_lines(m->v, last) > CUBE_AT_ONCE) {
        return ERR_OK;
    }
    enum err e = cube_load_lines(c, m->v, last, NULL, &l);
    if (e == ERR_OK) {
        m->v->lines = l;
    }
    return e;
}

static enum err view_make(struct ctx *c, struct cube *k, const struct cube_state *s, struct cube_view **ret) {
    struct making m = {.k = k, .base = k->now, .v = cube_alloc(1, sizeof *m.v)};
    m.v->pins = 1;
    m.v->cube = k;
    m.v->kept = answers_new();
    m.v->guard = guard_new();
    m.v->lines_no = s->lines_no;
    m.v->match_no = s->match_no;
    enum err e = take_leaves(c, &m);
    e = e ? e : cube_load_sums(c, m.v->dict, m.fresh_count, m.fresh);
    e = e ? e : take_lines(c, &m);
    e = e ? e : take_facts(c, &m, s);
    e = e ? e : cube_sum_up(c, m.v, m.base, m.k->last);
    if (e == ERR_OK) {
        m.v->cells = m.v->dict->cell_count;
        *ret = m.v;
    } else {
        view_free(m.v);
    }
    free(m.fresh);
    return e;
}

// ---- the database -------------------------------------------------------------------------------------

enum err cube_read_state(struct ctx *c, struct cube_state *ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, cube_state, &r);
    if (e == ERR_OK) {
        *ret = (struct cube_state){row_i64(r, 0, "lines_no"), row_i64(r, 0, "match_no"),
                                   row_bool(r, 0, "own"), row_bool(r, 0, "fixed")};
    }
    return e;
}

static bool same_state(const struct cube_state *a, const struct cube_state *b) {
    return a->lines_no == b->lines_no && a->match_no == b->match_no && a->own == b->own;
}

enum err cube_begin_reading(struct ctx *c, const char **ret_was) {
    bool outer = db_depth(c->db) > 0;
    struct rows *r;
    enum err e = db_begin(c);
    if (e) {
        return e;
    }
    e = outer ? ERR_OK : DB_EXEC(c, cube_snapshot, NULL);
    e = e ? e : DB_ROWS(c, cube_patience, &r, "0");
    if (e) {
        db_rollback(c);
        return e;
    }
    *ret_was = row_text(r, 0, "was");
    return ERR_OK;
}

enum err cube_end_reading(struct ctx *c, enum err e, const char *was) {
    struct rows *r;
    e = e ? e : DB_ROWS(c, cube_patience, &r, was);
    e = e ? e : db_commit(c);
    if (e) {
        db_rollback(c);
    }
    return e;
}

static enum err make_once(struct ctx *c, struct cube *k, struct cube_state *s, bool *ret_whole,
                          struct cube_view **ret) {
    struct cube_state after;
    struct cube_view *v = NULL;
    const char *was = "";
    enum err e = cube_begin_reading(c, &was);
    if (e) {
        return e;
    }
    e = cube_read_state(c, s);
    e = e ? e : view_make(c, k, s, &v);
    if (e == ERR_OK && !s->fixed) {
        e = cube_read_state(c, &after);
    }
    *ret_whole = e == ERR_OK && (s->fixed || same_state(s, &after));
    e = cube_end_reading(c, e, was);
    if (e || !*ret_whole) {
        cube_unpin(v);
        return e;
    }
    *ret = v;
    return ERR_OK;
}

// Tables of a load that is taken back are gone at once, also for a snapshot that still has its sums: whoever
// was reading finds too little, or no table.
bool cube_gone_meanwhile(enum err e) {
    return e == ERR_BUSY || e == ERR_BUG;
}

// Of the state itself, or of the one before it when nobody came meanwhile.
static struct answers *most_asked(const struct cube_view *v) {
    return v->before && answers_count(v->before) > answers_count(v->kept) ? v->before : v->kept;
}

void cube_keep_lines(struct cube *k, struct lines *l) {
    lines_use(l);
    lines_done(k->last);
    k->last = l;
}

// *ret is pinned for the caller.
static enum err make(struct ctx *c, struct cube *k, struct cube_view **ret) {
    struct cube_state s = {0};
    struct cube_view *v = NULL;
    bool whole = false;
    enum err e = ERR_OK;
    for (int i = 0; e == ERR_OK && !whole && i < TRIES; i++) {
        e = make_once(c, k, &s, &whole, &v);
        if (cube_gone_meanwhile(e) && i + 1 < TRIES) {
            e = ERR_OK;
        }
    }
    if (e || !whole || !v) {
        return e ? e : ctx_fail(c, ERR_BUSY, "Payments change faster than they can be added up.");
    }
    bool newer = !k->now || (s.lines_no >= k->now->lines_no && s.match_no >= k->now->match_no);
    if (newer && !s.own) {
        struct lines *l = v->lines;
        atomic_fetch_add(&v->pins, 1);
        v->before = k->now ? answers_use(most_asked(k->now)) : NULL;
        cube_unpin(k->now);
        k->now = v;
        if (l) {
            cube_keep_lines(k, l);
        }
    }
    *ret = v;
    return ERR_OK;
}

// ---- where to read ------------------------------------------------------------------------------------

// The database for reports when the settings name one and it answers, else that of the context.
static void choose_source(struct ctx *c, struct cube *k) {
    const char *conninfo = conf_text(CONF_REPORTS_URI);
    char why[256] = "";
    bool there = false;
    if (*conninfo && clock_monotonic_usec() >= k->no_reports_till) {
        enum err e =
            k->reports ? db_ensure(k->reports) : db_open(conninfo, true, &k->reports, why, sizeof why);
        there = e == ERR_OK;
        if (!there) {
            k->no_reports_till = clock_monotonic_usec() + AGAIN_USEC;
            log_event(LOG_LEVEL_WARNING, "reports_database_away", "why", why, NULL);
        }
    }
    // Two databases may order commits in different ways: what was read from one says nothing of the other.
    if (there != k->from_reports) {
        forget(k);
        k->from_reports = there;
    }
    c->db = there ? k->reports : c->db;
}

static bool fits(const struct cube_view *v, const struct cube_state *s) {
    if (!v || s->own) {
        return false;
    }
    if (s->fixed) {
        return v->lines_no == s->lines_no && v->match_no == s->match_no;
    }
    return v->lines_no >= s->lines_no && v->match_no >= s->match_no; // somebody was faster with a newer one
}

static enum err pin(struct ctx *c, struct cube *k, const struct cube_state *seen, struct cube_view **ret) {
    struct cube_state s;
    if (!seen) {
        choose_source(c, k);
        enum err e = cube_read_state(c, &s);
        if (e) {
            return e;
        }
        seen = &s;
    }
    if (fits(k->now, seen)) {
        atomic_fetch_add(&k->now->pins, 1);
        *ret = k->now;
        return ERR_OK;
    }
    return make(c, k, ret);
}

enum err cube_pin(struct ctx *c, struct cube *k, const struct cube_view **ret) {
    struct ctx own = *c;
    struct cube_state s;
    struct cube_view *v = NULL;
    bool apart = *conf_text(CONF_REPORTS_URI) != 0;
    if (!c->db) {
        return ctx_fail(c, ERR_DB_AWAY, "there is no database here");
    }
    enum err e = apart ? ERR_OK : cube_read_state(&own, &s);
    if (e == ERR_OK) {
        pthread_mutex_lock(&k->lock);
        e = pin(&own, k, apart ? NULL : &s, &v);
        if (apart && k->reports) {
            db_release(k->reports);
        }
        pthread_mutex_unlock(&k->lock);
    }
    if (e) {
        return ctx_fail(c, e, "%s", own.err_detail);
    }
    *ret = v;
    return ERR_OK;
}

// ---- years --------------------------------------------------------------------------------------------

static bool has_payments(const struct sums *s, const struct dict *d, size_t year) {
    for (uint32_t p = 0; p < s->payees; p++) {
        if (s->at[p * s->years + year] != s->at[p * s->years + year + 1]) {
            return true;
        }
    }
    for (size_t i = 0; i < s->wide_count; i++) {
        if (d->cell[s->wide[i].cell].fy == s->fy[year]) {
            return true;
        }
    }
    return false;
}

enum err cube_years(struct ctx *c, const struct cube_view *v, uint32_t *ret_count,
                    const int32_t **ret_years) {
    const struct sums *s = v->sums;
    uint32_t n = 0;
    int32_t *year = arena_array(c->arena, s->years + 1, sizeof *year);
    for (size_t i = s->years; i-- > 0;) { // the latest first
        if (has_payments(s, v->dict, i)) {
            year[n++] = s->fy[i];
        }
    }
    *ret_count = n;
    *ret_years = year;
    return ERR_OK;
}
