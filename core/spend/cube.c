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

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define TRIES      4
#define AT_ONCE    400000           // payments: as many are read while a state is made
#define AGAIN_USEC INT64_C(5000000) // between two tries to reach the database for reports

struct cube {
    pthread_mutex_t lock;
    struct cube_view *now; // NULL before the first
    struct dict *dict;
    struct lines *last;      // that were read last, of the same dictionary; NULL none yet
    struct db *reports;      // of db.reports
    pthread_mutex_t reading; // of single payments; before `lock`
    struct db *reports_read; // of db.reports, under `reading`
    atomic_bool tended;      // somebody reads in the background
    int64_t no_reports_till; // monotonic
    bool from_reports;       // where `now` was read
};

struct state {
    int64_t lines_no, match_no;
    bool own;   // changed by this very transaction
    bool fixed; // the transaction sees one state only
};

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
    answers_free(v->kept);
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
    size_t n = facts_bytes(v->facts) + v->sums->count * sizeof *v->sums->row +
               v->facts->entities * sizeof *v->sums->at;
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

static enum err take_facts(struct ctx *c, struct making *m, const struct state *s) {
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

// Payments that the state needs and that are not in memory (have; NULL nothing is).
static uint64_t missing_lines(const struct cube_view *v, const struct lines *have) {
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
    if (last->count + missing_lines(m->v, last) > AT_ONCE) {
        return ERR_OK;
    }
    enum err e = cube_load_lines(c, m->v, last, NULL, &l);
    if (e == ERR_OK) {
        m->v->lines = l;
    }
    return e;
}

static enum err view_make(struct ctx *c, struct cube *k, const struct state *s, struct cube_view **ret) {
    struct making m = {.k = k, .base = k->now, .v = cube_alloc(1, sizeof *m.v)};
    struct split_line *split = NULL;
    size_t split_count = 0;
    m.v->pins = 1;
    m.v->cube = k;
    m.v->kept = answers_new();
    m.v->lines_no = s->lines_no;
    m.v->match_no = s->match_no;
    enum err e = take_leaves(c, &m);
    e = e ? e : cube_load_sums(c, m.v->dict, m.fresh_count, m.fresh);
    e = e ? e : take_lines(c, &m);
    e = e ? e : take_facts(c, &m, s);
    e = e ? e : cube_load_split(c, m.v, &split, &split_count);
    if (e == ERR_OK) {
        m.v->cells = m.v->dict->cell_count;
        m.v->sums = cube_add_up(m.v, split, split_count);
        *ret = m.v;
    } else {
        view_free(m.v);
    }
    free(split);
    free(m.fresh);
    return e;
}

// ---- the database -------------------------------------------------------------------------------------

static enum err read_state(struct ctx *c, struct state *ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, cube_state, &r);
    if (e == ERR_OK) {
        *ret = (struct state){row_i64(r, 0, "lines_no"), row_i64(r, 0, "match_no"), row_bool(r, 0, "own"),
                              row_bool(r, 0, "fixed")};
    }
    return e;
}

static bool same_state(const struct state *a, const struct state *b) {
    return a->lines_no == b->lines_no && a->match_no == b->match_no && a->own == b->own;
}

// A transaction for reading, or a part of the caller's; reading may take its time.
static enum err begin_reading(struct ctx *c, const char **ret_was) {
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

static enum err end_reading(struct ctx *c, enum err e, const char *was) {
    struct rows *r;
    e = e ? e : DB_ROWS(c, cube_patience, &r, was);
    e = e ? e : db_commit(c);
    if (e) {
        db_rollback(c);
    }
    return e;
}

static enum err make_once(struct ctx *c, struct cube *k, struct state *s, bool *ret_whole,
                          struct cube_view **ret) {
    struct state after;
    struct cube_view *v = NULL;
    const char *was = "";
    enum err e = begin_reading(c, &was);
    if (e) {
        return e;
    }
    e = read_state(c, s);
    e = e ? e : view_make(c, k, s, &v);
    if (e == ERR_OK && !s->fixed) {
        e = read_state(c, &after);
    }
    *ret_whole = e == ERR_OK && (s->fixed || same_state(s, &after));
    e = end_reading(c, e, was);
    if (e || !*ret_whole) {
        cube_unpin(v);
        return e;
    }
    *ret = v;
    return ERR_OK;
}

// Tables of a load that is taken back are gone at once, also for a snapshot that still has its sums: whoever
// was reading finds too little, or no table.
static bool gone_meanwhile(enum err e) {
    return e == ERR_BUSY || e == ERR_BUG;
}

static void keep_lines(struct cube *k, struct lines *l) {
    lines_use(l);
    lines_done(k->last);
    k->last = l;
}

// *ret is pinned for the caller.
static enum err make(struct ctx *c, struct cube *k, struct cube_view **ret) {
    struct state s = {0};
    bool whole = false;
    enum err e = ERR_OK;
    for (int i = 0; e == ERR_OK && !whole && i < TRIES; i++) {
        e = make_once(c, k, &s, &whole, ret);
        if (gone_meanwhile(e) && i + 1 < TRIES) {
            e = ERR_OK;
        }
    }
    if (e || !whole) {
        return e ? e : ctx_fail(c, ERR_BUSY, "Payments change faster than they can be added up.");
    }
    bool newer = !k->now || (s.lines_no >= k->now->lines_no && s.match_no >= k->now->match_no);
    if (newer && !s.own) {
        struct lines *l = (*ret)->lines;
        atomic_fetch_add(&(*ret)->pins, 1);
        cube_unpin(k->now);
        k->now = *ret;
        if (l) {
            keep_lines(k, l);
        }
    }
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

static bool fits(const struct cube_view *v, const struct state *s) {
    if (!v || s->own) {
        return false;
    }
    if (s->fixed) {
        return v->lines_no == s->lines_no && v->match_no == s->match_no;
    }
    return v->lines_no >= s->lines_no && v->match_no >= s->match_no; // somebody was faster with a newer one
}

static enum err pin(struct ctx *c, struct cube *k, const struct state *seen, struct cube_view **ret) {
    struct state s;
    if (!seen) {
        choose_source(c, k);
        enum err e = read_state(c, &s);
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
    struct state s;
    struct cube_view *v = NULL;
    bool apart = *conf_text(CONF_REPORTS_URI) != 0;
    if (!c->db) {
        return ctx_fail(c, ERR_DB_AWAY, "there is no database here");
    }
    enum err e = apart ? ERR_OK : read_state(&own, &s);
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

// ---- lines, when a slice asks for the first time ------------------------------------------------------

// Whether the leaves of the database are those of the view.
static enum err check_leaves(struct ctx *c, const struct cube_view *v) {
    struct rows *r;
    enum err e = DB_ROWS(c, cube_leaves, &r);
    bool same = e == ERR_OK && rows_count(r) == v->blocks;
    for (size_t i = 0; same && i < v->blocks; i++) {
        same = v->block[i]->load_id == row_i64(r, i, "load_id") && v->block[i]->fy == row_i64(r, i, "fy") &&
               v->block[i]->no == row_i64(r, i, "no");
    }
    return e || same ? e : ctx_fail(c, ERR_BUSY, "Payments were loaded just now. Please try again.");
}

static enum err read_lines(struct ctx *c, const struct cube_view *v, struct lines *before,
                           struct lines **ret) {
    const char *was = "";
    struct lines *l = NULL;
    enum err e = begin_reading(c, &was);
    if (e) {
        return e;
    }
    e = check_leaves(c, v);
    e = e ? e : cube_load_lines(c, v, before, &v->cube->lock, &l);
    // A transaction of the caller's may see another state with each statement.
    e = e ? e : check_leaves(c, v);
    e = end_reading(c, e, was);
    if (e) {
        lines_done(l);
    } else {
        *ret = l;
    }
    if (gone_meanwhile(e)) {
        log_event(LOG_LEVEL_NOTICE, "payments_changed_while_read", "detail", c->err_detail, NULL);
        return ctx_fail(c, ERR_BUSY, "Payments were loaded or taken back just now. Please try again.");
    }
    return e;
}

// What is in memory already, and where to read the rest: a connection of its own to the database for reports,
// because states are made on the other one meanwhile.
static enum err source_of_lines(struct ctx *own, struct cube *k, const struct cube_view *v,
                                struct lines **ret) {
    char why[256] = "";
    pthread_mutex_lock(&k->lock);
    bool apart = k->from_reports;
    *ret = k->last && v->dict == k->dict ? lines_use(k->last) : NULL;
    pthread_mutex_unlock(&k->lock);
    if (!apart) {
        return ERR_OK;
    }
    enum err e = k->reports_read
                     ? db_ensure(k->reports_read)
                     : db_open(conf_text(CONF_REPORTS_URI), true, &k->reports_read, why, sizeof why);
    own->db = k->reports_read;
    return e ? ctx_fail(own, e, "the database for reports is away: %s", why) : ERR_OK;
}

static enum err bring_lines(struct ctx *own, struct cube *k, struct cube_view *v) {
    struct lines *before = NULL, *l = NULL;
    struct db *outer = own->db;
    enum err e = source_of_lines(own, k, v, &before);
    e = e ? e : read_lines(own, v, before, &l);
    lines_done(before);
    if (e == ERR_OK) {
        pthread_mutex_lock(&k->lock);
        v->lines = l;
        if (v->dict == k->dict) {
            keep_lines(k, l);
        }
        pthread_mutex_unlock(&k->lock);
    }
    if (own->db && own->db != outer) {
        db_release(own->db);
    }
    return e;
}

bool cube_has_lines(const struct cube_view *v) {
    return v->frozen || v->lines;
}

bool cube_lines_soon(const struct cube_view *v) {
    return !cube_has_lines(v) && v->cube->tended && missing_lines(v, NULL) > AT_ONCE;
}

enum err cube_need_lines(struct ctx *c, const struct cube_view *pinned) {
    struct cube_view *v = (struct cube_view *)(uintptr_t)pinned; // what is added changes no figure of it
    struct cube *k = v->cube;
    struct ctx own = *c;
    enum err e = ERR_OK;
    if (cube_has_lines(v)) {
        return ERR_OK;
    }
    if (!c->db) {
        return ctx_fail(c, ERR_DB_AWAY, "there is no database here");
    }
    pthread_mutex_lock(&k->reading);
    if (!v->lines) {
        e = bring_lines(&own, k, v);
    }
    pthread_mutex_unlock(&k->reading);
    return e ? ctx_fail(c, e, "%s", own.err_detail) : ERR_OK;
}

// ---- in the background --------------------------------------------------------------------------------

static bool lines_are_there(struct cube *k, const struct state *s) {
    pthread_mutex_lock(&k->lock);
    bool there = k->now && k->now->lines && k->now->lines_no == s->lines_no;
    pthread_mutex_unlock(&k->lock);
    return there;
}

enum err cube_tend(struct ctx *c, struct cube *k) {
    const struct cube_view *v;
    struct state s;
    k->tended = true;
    if (!*conf_text(CONF_REPORTS_URI)) {
        enum err e = read_state(c, &s);
        if (e || lines_are_there(k, &s)) {
            return e; // what payees are is read again by whoever asks next
        }
    }
    enum err e = cube_pin(c, k, &v);
    if (e) {
        return e;
    }
    e = cube_need_lines(c, v);
    cube_unpin(v);
    return e == ERR_BUSY ? ERR_OK : e; // they have changed meanwhile: the change wakes whoever calls this
}

enum err cube_years(struct ctx *c, const struct cube_view *v, uint32_t *ret_count,
                    const int32_t **ret_years) {
    uint32_t cells = v->cells, n = 0;
    bool *met = arena_array(c->arena, (size_t)cells + 1, sizeof *met);
    int32_t *year = arena_array(c->arena, (size_t)cells + 1, sizeof *year);
    for (size_t i = 0; i < v->sums->count; i++) {
        met[v->sums->row[i].cell] = true;
    }
    for (uint32_t i = 0; i < cells; i++) {
        uint32_t k = 0;
        while (met[i] && k < n && year[k] > v->dict->cell[i].fy) {
            k++;
        }
        if (met[i] && (k == n || year[k] != v->dict->cell[i].fy)) {
            memmove(year + k + 1, year + k, (n - k) * sizeof *year);
            year[k] = v->dict->cell[i].fy;
            n++;
        }
    }
    *ret_count = n;
    *ret_years = year;
    return ERR_OK;
}
