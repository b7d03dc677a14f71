// SPDX-License-Identifier: Apache-2.0
// Payments files: looking at one, loading it in one transaction, taking it back, work that waits.
#include "spend/load.h"

#include "base/conf.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "spend/load_back.h"
#include "spend/load_store.h"

#define STATEMENT_MS 3600000 // a load may take longer than a page

static enum err officer_only(struct ctx *c) {
    return ctx_may(c, PERM_OFFICER) ? ERR_OK : ctx_fail(c, ERR_DENIED, "not an officer");
}

// Runs a transaction whose statements may take longer than those of a page.
static enum err long_transaction(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg) {
    enum err e = db_limit_ms(c->db, STATEMENT_MS);
    e = e ? e : db_in_transaction(c, fn, arg);
    enum err back = db_limit_ms(c->db, conf_number(CONF_STATEMENT_TIMEOUT_MS));
    return e ? e : back;
}

static void clear(struct load_summary *s) {
    *s = (struct load_summary){.sheet = "",
                               .layout = "",
                               .rules = "",
                               .same_loads = "",
                               .first_day = INT32_MIN,
                               .last_day = INT32_MIN};
}

// All rows, as often as the reader asks for them.
static enum err read_through(struct reading *r) {
    bool again = true;
    enum err e = ERR_OK;
    while (e == ERR_OK && again) {
        again = false;
        e = reading_pass(r, &again);
    }
    return e;
}

// Whether the file's days meet those of earlier loads; then only a trial can say which payments are the same.
static enum err meets_earlier(struct reading *r, bool *ret) {
    const struct load_span span = {.id = INT64_MAX,
                                   .anchor_id = r->anchor_id,
                                   .kind = load_kind(r),
                                   .first_day = r->first_day,
                                   .last_day = r->last_day};
    const char *ids, *names;
    if (r->anchor_id == 0 || r->first_day == INT32_MIN) {
        return ERR_OK;
    }
    enum err e = load_same_earlier(r->c, &span, &ids, &names);
    *ret = e == ERR_OK && ids;
    return e;
}

// The whole load as it would be, thrown away after.
static enum err trial(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret) {
    struct load_orders all = *orders;
    all.overlap = OVERLAP_ONCE;
    struct storing s = {.fd = fd, .orders = &all, .sum = ret, .trial = true, .ref = ""};
    enum err e = db_limit_ms(c->db, STATEMENT_MS);
    e = e ? e : db_begin(c);
    if (e == ERR_OK) {
        e = load_store(c, &s);
        db_rollback(c);
    }
    enum err back = db_limit_ms(c->db, conf_number(CONF_STATEMENT_TIMEOUT_MS));
    return e ? e : back;
}

enum err load_look(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret) {
    clear(ret);
    struct reading r = {.c = c, .o = orders, .sum = ret};
    bool meets = false;
    enum err e = ERR_OK;
    if (c->db && orders->anchor_ref && *orders->anchor_ref) {
        e = load_store_begin(&r, NULL);
    }
    e = e ? e : reading_open(&r, fd);
    e = e ? e : read_through(&r);
    e = e ? e : meets_earlier(&r, &meets);
    meets = meets ||
            (r.anchor_id != 0 && orders->kind == ANC_FILE_TIER2); // whether anybody would be below nought
    reading_close(&r);
    if (e == ERR_OK && meets && (ret->undated == 0 || orders->month != INT32_MIN)) {
        clear(ret);
        e = trial(c, fd, orders, ret);
    }
    return e;
}

static enum err store(struct ctx *c, void *arg) {
    struct storing *s = arg;
    clear(s->sum);
    return load_store(c, s);
}

// What a load that failed at its very end has left goes now; if not, with the next load or with load_settle.
static void sweep(const struct ctx *c) {
    struct ctx own = *c;
    struct rows *r;
    enum err ignored = DB_ROWS(&own, load_sweep, &r);
    (void)ignored;
}

enum err load_file(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret,
                   const char **ret_ref) {
    enum err e = officer_only(c);
    if (e != ERR_OK) {
        return e;
    }
    char *ref = arena_alloc(c->arena, REF_CHARS + 1);
    random_ref(ref, REF_CHARS);
    struct storing s = {.fd = fd, .orders = orders, .sum = ret, .ref = ref};
    e = long_transaction(c, store, &s);
    if (e == ERR_OK) {
        *ret_ref = ref;
    } else if (db_depth(c->db) == 0) {
        sweep(c);
    }
    return e;
}

static enum err take_back(struct ctx *c, void *arg) {
    const char *ref = arg;
    struct rows *lock;
    struct taken t;
    enum err e = DB_ROWS(c, load_lock, &lock);
    e = e ? e : load_back_begin(c, ref, &t);
    e = e ? e : load_back_end(c, &t);
    return e ? e : audit_add(c, "spend.unload", ref, t.sha256);
}

enum err load_take_back(struct ctx *c, const char *load_ref) {
    enum err e = officer_only(c);
    return e ? e : long_transaction(c, take_back, (void *)(uintptr_t)load_ref);
}

static enum err settle(struct ctx *c, void *arg) {
    bool *left = arg;
    struct rows *r;
    enum err e = DB_ROWS(c, load_sweep, &r);
    e = e ? e : DB_ROWS(c, load_settle_one, &r);
    e = e ? e : DB_ROWS(c, load_settle_left, &r);
    if (e == ERR_OK) {
        *left = row_bool(r, 0, "more");
    }
    return e;
}

enum err load_settle(struct ctx *c, bool *ret_left) {
    return long_transaction(c, settle, ret_left);
}
