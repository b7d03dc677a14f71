// SPDX-License-Identifier: Apache-2.0
// Single payments of a state: when a slice asks for them, and in the background, so that nobody waits. They
// are read under `reading` alone; sums are given meanwhile.
#include "spend/cubeint.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"

#define PAUSE_USEC INT64_C(1000000) // between two times that decisions about payees are brought in

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
    enum err e = cube_begin_reading(c, &was);
    if (e) {
        return e;
    }
    e = check_leaves(c, v);
    e = e ? e : cube_load_lines(c, v, before, &v->cube->lock, &l);
    // A transaction of the caller's may see another state with each statement.
    e = e ? e : check_leaves(c, v);
    e = cube_end_reading(c, e, was);
    if (e) {
        lines_done(l);
    } else {
        *ret = l;
    }
    if (cube_gone_meanwhile(e)) {
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
            cube_keep_lines(k, l);
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
    return !cube_has_lines(v) && v->cube->tended && cube_missing_lines(v, NULL) > CUBE_AT_ONCE;
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

// Payments that are new are brought in at once; what payees are changes with each decision, so that waits a
// while.
static bool well_kept(struct cube *k, const struct cube_state *s) {
    bool soon = clock_monotonic_usec() - k->tended_usec < PAUSE_USEC;
    pthread_mutex_lock(&k->lock);
    const struct cube_view *v = k->now;
    bool there =
        v && v->lines && v->lines_no == s->lines_no && (soon || (v->match_no == s->match_no && !v->before));
    pthread_mutex_unlock(&k->lock);
    return there;
}

// What pages asked of the state before they will ask of this one.
static void ask_again(struct ctx *c, struct cube *k, const struct cube_view *pinned) {
    struct cube_view *v = (struct cube_view *)(uintptr_t)pinned;
    pthread_mutex_lock(&k->lock);
    struct answers *before = v->before;
    v->before = NULL;
    pthread_mutex_unlock(&k->lock);
    if (before) {
        answers_ask_again(c, v, before);
        answers_done(before);
    }
}

enum err cube_tend(struct ctx *c, struct cube *k) {
    const struct cube_view *v;
    struct cube_state s;
    k->tended = true;
    if (!*conf_text(CONF_REPORTS_URI)) {
        enum err e = cube_read_state(c, &s);
        if (e || well_kept(k, &s)) {
            return e;
        }
    }
    enum err e = cube_pin(c, k, &v);
    if (e) {
        return e;
    }
    e = cube_need_lines(c, v);
    if (e == ERR_OK) {
        ask_again(c, k, v);
    }
    cube_unpin(v);
    k->tended_usec = clock_monotonic_usec();
    return e == ERR_BUSY ? ERR_OK : e; // they have changed meanwhile: the change wakes whoever calls this
}
