// SPDX-License-Identifier: Apache-2.0
// Reading and loading uploaded payments files.
#include "jobs/importer.h"

#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "jobs/pulse.h"
#include "spend/import_wrong.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char file_gone[] =
    "The uploaded file is no longer here. Remove it from the list and choose it again";
static const char too_often[] =
    "The program stopped three times while it worked on this file, so it leaves it alone. Nothing was "
    "stored. "
    "Tell your administrator, or save the file in another form (CSV) and choose it again";
static const char our_fault[] =
    "Something went wrong on our side. Nothing was stored. Try again; if it happens again, tell your "
    "administrator";
static const char cannot_read[] = "This file cannot be read as payments. See below what was found in it";

const struct importer_means importer_real = {
    .look = load_look, .load = load_file, .first_rows = import_glance, .settle = load_settle};

struct importer {
    const char *spool;
    const struct importer_means *means;
    const _Atomic bool *stop;
    struct pulse *pulse;
    struct wrong_rows *wrong; // while a file is read
};

struct importer *importer_new(const char *conninfo, const char *spool, const struct importer_means *means,
                              const _Atomic bool *stop) {
    struct importer *i = calloc(1, sizeof *i);
    if (!i) {
        abort();
    }
    *i = (struct importer){.spool = spool, .means = means, .stop = stop, .pulse = pulse_new(conninfo)};
    return i;
}

void importer_free(struct importer *i) {
    if (i) {
        pulse_free(i->pulse);
        free(i);
    }
}

static void say_progress(void *arg, int64_t done_bytes, int64_t all_bytes, int64_t rows) {
    const struct importer *i = arg;
    pulse_progress(i->pulse, done_bytes, all_bytes, rows);
}

static void say_wrong(void *arg, uint64_t line, const char *why) {
    const struct importer *i = arg;
    wrong_rows_add(i->wrong, line, why);
}

static bool should_stop(void *arg) {
    const struct importer *i = arg;
    return *i->stop || pulse_lost(i->pulse);
}

// ---- what came of it ----------------------------------------------------------------------------------

struct outcome {
    enum import_step step;
    const char *problem;
    bool leave; // nothing is said: it is somebody else's, or the lease runs out and it is tried again
};

static bool may_pass(enum err e) {
    return e == ERR_DB_AWAY || e == ERR_TIMEOUT || e == ERR_BUSY;
}

static const char *sentence(const struct ctx *c, const char *other) {
    return c->err_detail && *c->err_detail ? c->err_detail : other;
}

// Of what went wrong in a way that is the same for reading and loading. False: the caller knows better.
static bool common_outcome(struct importer *i, const struct ctx *c, const struct import_work *w, enum err e,
                           struct outcome *ret) {
    if (pulse_lost(i->pulse)) {
        ret->leave = true;
    } else if (e != ERR_OK && *i->stop) {
        *ret = (struct outcome){.step = STEP_GIVE_BACK, .problem = ""};
    } else if (may_pass(e) && w->tries < IMPORT_TRIES) {
        ret->leave = true;
    } else if (e != ERR_OK && e != ERR_INVALID && e != ERR_TOO_LARGE && e != ERR_UNSUPPORTED &&
               e != ERR_CONFLICT && e != ERR_NOT_FOUND) {
        log_event(LOG_LEVEL_ERROR, "import_failed", "import", w->ref, "error", err_name(e), "detail",
                  c->err_detail, NULL);
        *ret = (struct outcome){.step = STEP_FAIL, .problem = our_fault};
    } else {
        return false;
    }
    return true;
}

// Keeps the outcome, with what was understood when there is something, in one transaction.
static enum err keep(struct ctx *c, const struct import_work *w, const struct outcome *o,
                     const struct load_summary *s) {
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = s ? import_preview(c, w, s) : ERR_OK;
    e = e ? e : import_end(c, w, o->step, o->problem, NULL);
    if (e == ERR_OK) {
        return db_commit(c);
    }
    db_rollback(c);
    return e == ERR_CONFLICT ? ERR_OK : e; // thrown away or taken over meanwhile
}

static enum err fail_with(struct ctx *c, const struct import_work *w, const char *problem) {
    const struct outcome o = {.step = STEP_FAIL, .problem = problem};
    return keep(c, w, &o, NULL);
}

static struct load_summary nothing(void) {
    return (struct load_summary){.sheet = "",
                                 .layout = "",
                                 .rules = "",
                                 .same_loads = "",
                                 .first_day = INT32_MIN,
                                 .last_day = INT32_MIN};
}

static bool field_is(const struct ctx *c, const char *field) {
    return c->err_field && strcmp(c->err_field, field) == 0;
}

// ---- reading ------------------------------------------------------------------------------------------

static enum err read_file(struct importer *i, struct ctx *c, const struct import_work *w, int fd) {
    struct load_summary s = nothing();
    struct outcome o = {.step = STEP_READ, .problem = ""};
    pulse_begin(i->pulse, w);
    i->wrong = wrong_rows_new(w->path);
    enum err e = i->means->look(c, fd, &w->orders, &s);
    wrong_rows_end(i->wrong);
    i->wrong = NULL;
    const char *why = sentence(c, cannot_read);
    // A month is asked for on the page, which also says when the same file is there already; other doubts
    // stand on it as a sentence.
    bool month = field_is(c, "month"), same = field_is(c, "file"), doubt = e == ERR_CONFLICT;
    enum err rows = i->means->first_rows ? i->means->first_rows(c, fd, w) : ERR_OK;
    pulse_end(i->pulse);
    (void)rows; // they only help a person to see what it is
    if (common_outcome(i, c, w, e, &o)) {
        return o.leave ? ERR_OK : keep(c, w, &o, NULL);
    }
    if (s.rows > 0 && (month || doubt)) {
        o.problem = doubt && !same ? why : "";
    } else if (e != ERR_OK) {
        o = (struct outcome){.step = STEP_REFUSE, .problem = why};
    }
    return keep(c, w, &o, &s);
}

// ---- loading ------------------------------------------------------------------------------------------

// The load and the word that it is done are kept together, so that a crash leaves both or none.
static enum err load_in_one(struct importer *i, struct ctx *c, const struct import_work *w, int fd,
                            struct load_summary *s) {
    const char *ref = "";
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    pulse_begin(i->pulse, w);
    e = i->means->load(c, fd, &w->orders, s, &ref);
    pulse_end(i->pulse);
    e = e ? e : import_end(c, w, STEP_DONE, "", ref);
    if (e == ERR_OK) {
        return db_commit(c);
    }
    db_rollback(c);
    return e;
}

static enum err load_it(struct importer *i, struct ctx *c, const struct import_work *w, int fd) {
    struct load_summary s = nothing();
    struct outcome o;
    enum err e = load_in_one(i, c, w, fd, &s);
    if (e == ERR_OK) {
        wrong_rows_remove_with(w->path);
        return ERR_OK;
    }
    if (common_outcome(i, c, w, e, &o)) {
        return o.leave ? ERR_OK : keep(c, w, &o, NULL);
    }
    // A question that came up since a person looked goes back to the person; a file that no longer will do
    // is refused.
    bool asks = e == ERR_CONFLICT || e == ERR_NOT_FOUND || c->err_field;
    o = (struct outcome){.step = asks ? STEP_ASK : STEP_REFUSE, .problem = sentence(c, cannot_read)};
    return keep(c, w, &o, s.rows > 0 ? &s : NULL);
}

// ---- one after the other ------------------------------------------------------------------------------

static enum err work(struct importer *i, struct ctx *c, struct import_work *w) {
    int fd = open(w->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        log_event(LOG_LEVEL_ERROR, "import_file", "import", w->ref, "why", strerror(errno), NULL);
        return fail_with(c, w, file_gone);
    }
    w->orders.progress = say_progress;
    w->orders.stop = should_stop;
    w->orders.problem = w->loading ? NULL : say_wrong;
    w->orders.progress_arg = i; // of all three
    c->actor.person_id = w->person_id;
    c->actor.perms |= 1u << PERM_OFFICER; // it was checked when that person said so
    enum err e = w->loading ? load_it(i, c, w, fd) : read_file(i, c, w, fd);
    close(fd);
    return e;
}

enum err importer_next(struct importer *i, struct ctx *c, bool *ret_more) {
    struct import_work w;
    bool found = false;
    *ret_more = false;
    enum err e = import_take(c, i->spool, &w, &found);
    if (e != ERR_OK) {
        return e;
    }
    if (!found) {
        return i->means->settle ? i->means->settle(c, ret_more) : ERR_OK;
    }
    *ret_more = true;
    if (w.tries > IMPORT_TRIES) {
        return fail_with(c, &w, too_often);
    }
    e = db_limit_ms(c->db, 0);
    e = e ? e : work(i, c, &w);
    enum err back = db_limit_ms(c->db, conf_number(CONF_STATEMENT_TIMEOUT_MS));
    return e ? e : back;
}
