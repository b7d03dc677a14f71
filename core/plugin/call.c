// SPDX-License-Identifier: Apache-2.0
// The one way into plugin code: budget, mark of the thread, transaction as the plugin's role, faults, codes.
#include "base/clock.h"
#include "base/log.h"
#include "db/dberr.h"
#include "plugin/api.h"
#include "plugin/crash.h"
#include "plugin/fault.h"
#include "plugin/plugin.h"
#include "plugin/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LIMIT_SLACK_USEC INT64_C(1000000) // the statement limit is set anew when it is off by more than this
#define ROLE_BYTES       48

// Read by the signal handler of crash.c, so it must need no call to find: the program is linked as a whole.
static _Thread_local struct anc_ctx *volatile now_in __attribute__((tls_model("initial-exec")));

const struct anc_ctx *call_now(void) {
    return now_in;
}

int64_t call_left_ms(const struct anc_ctx *x) {
    int64_t left = x->deadline_usec - clock_monotonic_usec();
    return left > 0 ? (left + 999) / 1000 : 0;
}

void call_enter_always(struct anc_ctx *x, struct ctx *c, const struct plugin_member *m, const char *what,
                       int64_t budget_ms) {
    int64_t now = clock_monotonic_usec();
    int64_t budget = budget_ms < 1 ? 1 : budget_ms > BUDGET_LONG_MS ? BUDGET_LONG_MS : budget_ms;
    *x = (struct anc_ctx){.c = c,
                          .member = m,
                          .what = what,
                          .entered_usec = now,
                          .deadline_usec = now + budget * 1000,
                          .why_field = "",
                          .why_text = "",
                          .outer = now_in,
                          .err_before = c->err,
                          .field_before = c->err_field,
                          .detail_before = c->err_detail};
    m->plugin->calls++;
    m->plugin->running++;
    crash_thread();
    now_in = x;
    watch_set(x);
}

bool call_enter(struct anc_ctx *x, struct ctx *c, const struct plugin_member *m, const char *what,
                int64_t budget_ms) {
    if (m->plugin->alarmed) {
        ctx_fail(c, ERR_BUSY, "the plugin %s takes no calls: it failed too often", m->plugin->id);
        return false;
    }
    call_enter_always(x, c, m, what, budget_ms);
    return true;
}

static void fault_once(struct anc_ctx *x, const char *detail) {
    if (!x->faulted) {
        x->faulted = true;
        fault_add(x->member->plugin, x->c, x->what, detail);
    }
}

anc_rc call_wrong(struct anc_ctx *x, const char *detail) {
    fault_once(x, detail);
    return ANC_E_BUG;
}

anc_rc call_filled(struct anc_ctx *x, anc_rc rc, uint32_t was, uint32_t is) {
    return rc == ANC_OK && was != is
               ? call_wrong(x, "it assigns a whole struct instead of filling the host's field by field")
               : rc;
}

// ---- the transaction

static enum err enter_role(struct anc_ctx *x, int64_t limit_ms) {
    char role[ROLE_BYTES], path[ROLE_BYTES + 8];
    plugin_role_name(x->member->plugin->id, role, sizeof role);
    snprintf(path, sizeof path, "%s, api", role);
    return db_enter_role_for(x->c, role, path, limit_ms);
}

// The call around this one, when it has a transaction open on the same connection.
static struct anc_ctx *outer_in_db(const struct anc_ctx *x) {
    struct anc_ctx *o = x->outer;
    while (o && !(o->in_db && o->c->db == x->c->db)) {
        o = o->outer;
    }
    return o;
}

static bool db_lost(struct anc_ctx *x, enum err e) {
    x->db_failed = true;
    x->db_err = e;
    return false;
}

bool call_db(struct anc_ctx *x) {
    if (x->db_failed) {
        return false;
    }
    int64_t left = call_left_ms(x);
    if (left == 0) {
        return db_lost(x, ctx_fail(x->c, ERR_TIMEOUT, "no time is left for another statement"));
    }
    if (!x->c->db) {
        return db_lost(x, ctx_fail(x->c, ERR_DB_AWAY, "there is no database here"));
    }
    // The limit holds for each statement, so it shrinks with what is left; not for every millisecond.
    bool set = !x->in_db || x->limit_usec - left * 1000 > LIMIT_SLACK_USEC || left * 1000 < x->limit_usec / 2;
    if (!x->in_db) {
        enum err e = db_begin(x->c);
        if (e) {
            return db_lost(x, e);
        }
        x->in_db = true;
    }
    if (set) {
        enum err e = enter_role(x, left);
        if (e) {
            return db_lost(x, e);
        }
        x->limit_usec = left * 1000;
    }
    return true;
}

bool call_db_again(struct anc_ctx *x) {
    const char *state = db_sqlstate(x->c);
    if (x->statements != 1 || (strcmp(state, "0A000") != 0 && strcmp(state, "26000") != 0)) {
        return false;
    }
    db_rollback(x->c);
    x->in_db = false;
    return call_db(x);
}

// Whose role the connection is in: this call, one around it, or nobody (NULL).
static struct anc_ctx *in_role(struct anc_ctx *x) {
    return x->in_db ? x : outer_in_db(x);
}

enum err call_aside(struct anc_ctx *x) {
    if (x->db_failed) {
        return ctx_fail(x->c, ERR_BUSY, "a statement of this call has failed");
    }
    return in_role(x) ? db_leave_role(x->c) : ERR_OK;
}

enum err call_back(struct anc_ctx *x, enum err e) {
    struct anc_ctx *o = in_role(x);
    enum err back = o ? enter_role(o, call_left_ms(o) + 1) : ERR_OK;
    if (o) {
        o->limit_usec = call_left_ms(o) * 1000;
    }
    if (back) {
        db_lost(o, back);
    }
    return e ? e : back;
}

// Keeps what the call stored. Deferred checks (and triggers) of the plugin's tables run under its own role:
// at the end of a transaction of its own, which takes the role away; before the role goes inside that of
// others.
static enum err keep(struct anc_ctx *x) {
    struct ctx *c = x->c;
    enum err e = x->wrote ? db_notify(c, "anchorage_changed", "plugin_data") : ERR_OK;
    bool nested = db_depth(c->db) > 1;
    if (!e && nested && x->wrote) {
        e = db_check_deferred(c);
    }
    if (!e && nested) {
        struct anc_ctx *o = outer_in_db(x);
        e = o ? enter_role(o, call_left_ms(o) + 1) : db_leave_role(c);
    }
    if (e) {
        db_rollback(c);
        return e;
    }
    return db_commit(c);
}

static anc_rc end_db(struct anc_ctx *x, anc_rc rc) {
    bool well = rc == ANC_OK || rc == ANC_SKIP;
    if (x->in_db) {
        x->in_db = false;
        if (!well || x->db_failed) {
            db_rollback(x->c);
        } else {
            enum err e = keep(x);
            if (e) {
                db_lost(x, e);
            }
        }
    }
    return well && x->db_failed ? ANC_E_DB : rc;
}

// ---- leaving

// Its own words, else ours.
static enum err say(struct anc_ctx *x, enum err e, const char *otherwise) {
    if ((e == ERR_INVALID || e == ERR_CONFLICT) && *x->why_field) { // a veto may name a field too
        ctx_fail_field(x->c, x->why_field, "%s", *x->why_text ? x->why_text : otherwise);
        return x->c->err = e;
    }
    if (*x->why_text) {
        return ctx_fail(x->c, e, "%s", x->why_text);
    }
    return ctx_fail(x->c, e, "plugin %s, %s: %s", x->member->plugin->id, x->what, otherwise);
}

static enum err failed_db(struct anc_ctx *x) {
    enum err e = x->db_err == ERR_DB_AWAY || x->db_err == ERR_TIMEOUT || x->db_err == ERR_BUSY ? x->db_err
                 : x->db_failed                                                                ? ERR_BUG
                                                                                               : ERR_BUSY;
    const char *detail = x->db_failed ? x->c->err_detail : "the database did not do what it asked for";
    return ctx_fail(x->c, e, "plugin %s, %s: %s", x->member->plugin->id, x->what, detail);
}

static enum err translate(struct anc_ctx *x, anc_rc rc) {
    char text[64];
    switch (rc) {
    case ANC_OK:
        return ERR_OK;
    case ANC_SKIP:
        return ERR_UNSUPPORTED;
    case ANC_VETO:
        return say(x, ERR_CONFLICT, "it says no and gives no reason");
    case ANC_E_INVALID:
        return say(x, ERR_INVALID, "what was given does not do");
    case ANC_E_NOT_FOUND:
        return say(x, ERR_NOT_FOUND, "there is no such thing");
    case ANC_E_DENIED:
        return say(x, ERR_DENIED, "a power is missing");
    case ANC_E_LIMIT:
        return say(x, ERR_TOO_LARGE, "more than the host takes");
    case ANC_E_DB:
        return failed_db(x);
    case ANC_E_UNSUPPORTED:
        return say(x, ERR_UNSUPPORTED, "it cannot do that");
    case ANC_E_CONFLICT:
        return say(x, ERR_CONFLICT, "somebody else was first");
    default:
        snprintf(text, sizeof text, "it failed with code %" PRId32, rc);
        fault_once(x, text);
        return ctx_fail(x->c, ERR_BUG, "plugin %s failed in %s (code %" PRId32 ")", x->member->plugin->id,
                        x->what, rc);
    }
}

enum err call_leave(struct anc_ctx *x, anc_rc rc) {
    struct plugin *p = x->member->plugin;
    rc = end_db(x, rc);
    int64_t now = clock_monotonic_usec();
    if (x->outer) { // the time of this call is not charged to the one around it
        x->outer->deadline_usec += now - x->entered_usec;
    }
    now_in = x->outer;
    watch_set(x->outer);
    p->running--;
    if (now > x->deadline_usec) {
        char text[96];
        snprintf(text, sizeof text, "over its budget: it took %" PRId64 " ms of %" PRId64,
                 (now - x->entered_usec) / 1000, (x->deadline_usec - x->entered_usec) / 1000);
        fault_once(x, text);
    }
    enum err e = translate(x, rc);
    if (e == ERR_OK || rc == ANC_SKIP) {
        x->c->err = x->err_before;
        x->c->err_field = x->field_before;
        x->c->err_detail = x->detail_before;
    }
    return e;
}
