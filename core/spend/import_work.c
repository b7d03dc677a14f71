// SPDX-License-Identifier: Apache-2.0
// What a worker does with an uploaded payments file: takes it, says how far it is, leaves what came of it.
#include "spend/import.h"

#include "base/clock.h"
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "spend/import_wrong.h"
#include "spend/profile.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SWEEP_NAMES   1000
#define PROBLEM_BYTES 1000
#define ORPHAN_S      3600

// ---- taking and holding it ----------------------------------------------------------------------------

static enum load_overlap overlap_of(const char *word) {
    return strcmp(word, "once") == 0 ? OVERLAP_ONCE : strcmp(word, "all") == 0 ? OVERLAP_ALL : OVERLAP_ASK;
}

static enum err read_columns(struct ctx *c, struct import_work *w) {
    struct rows *r;
    enum err e = DB_ROWS(c, spend_import_columns, &r, arena_i64(c->arena, w->id));
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    w->columns = profile_nothing();
    for (size_t i = 0; i < rows_count(r); i++) {
        profile_take(&w->columns, row_text(r, i, "name"), row_text(r, i, "value"));
    }
    w->orders.columns = &w->columns;
    return ERR_OK;
}

enum err import_take(struct ctx *c, const char *spool, struct import_work *ret, bool *ret_found) {
    struct rows *r;
    *ret_found = false;
    enum err e = DB_ROWS(c, spend_import_take, &r, arena_i64(c->arena, IMPORT_LEASE_S));
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    *ret = (struct import_work){
        .id = row_i64(r, 0, "id"),
        .turn = row_i64(r, 0, "turn"),
        .tries = row_i64(r, 0, "tries"),
        .ref = row_text(r, 0, "ref"),
        .path = arena_printf(c->arena, "%s/%s", spool, row_text(r, 0, "spool")),
        .loading = strcmp(row_text(r, 0, "state"), "loading") == 0,
        .person_id = row_i64(r, 0, "person_id"),
    };
    struct load_orders *o = &ret->orders;
    *o = (struct load_orders){
        .anchor_ref = row_text(r, 0, "anchor_ref"),
        .file_name = row_text(r, 0, "file_name"),
        .month = INT32_MIN,
        .overlap = overlap_of(row_text(r, 0, "overlap")),
        .replaces = row_text(r, 0, "replaces"),
        .kind = strcmp(row_text(r, 0, "kind"), "tier2") == 0 ? ANC_FILE_TIER2 : ANC_FILE_PAYMENTS,
    };
    if (ret->loading && !day_parse(row_text(r, 0, "month"), &o->month)) {
        o->month = INT32_MIN;
    }
    if (!ret->loading) { // answers belong to a load; what it replaces may have been taken back since
        o->overlap = OVERLAP_ASK;
        o->replaces = "";
    }
    *ret_found = true;
    return read_columns(c, ret);
}

static const char *num(struct ctx *c, int64_t v) {
    return arena_i64(c->arena, v);
}

enum err import_beat(struct ctx *c, const struct import_work *w, const struct import_progress *p,
                     bool *ret_mine) {
    int64_t changed = 0;
    enum err e =
        DB_EXEC(c, spend_import_beat, &changed, num(c, w->id), num(c, w->turn), num(c, IMPORT_LEASE_S),
                num(c, p->done_bytes), num(c, p->all_bytes), num(c, p->rows), num(c, p->rows_second));
    if (e == ERR_OK) {
        *ret_mine = changed == 1;
    }
    return e;
}

// ---- what came of it ----------------------------------------------------------------------------------

enum err import_end(struct ctx *c, const struct import_work *w, enum import_step step, const char *problem,
                    const char *load_ref) {
    enum import_state from = w->loading ? IMPORT_LOADING : IMPORT_READING, to;
    int64_t changed = 0;
    if (!import_next(from, step, &to)) {
        return ctx_fail(c, ERR_BUG, "step %d of an import that is %s", step, import_state_word(from));
    }
    const char *why = arena_strndup(c->arena, problem, utf8_fit(problem, PROBLEM_BYTES));
    enum err e = DB_EXEC(c, spend_import_end, &changed, num(c, w->id), num(c, w->turn),
                         import_state_word(from), import_state_word(to), why, load_ref);
    if (e == ERR_OK && changed != 1) {
        return ctx_fail(c, ERR_CONFLICT, "import %s is somebody else's by now", w->ref);
    }
    return e;
}

// ---- the sweep ----------------------------------------------------------------------------------------

static void remove_spooled(struct ctx *c, const char *spool, const char *name) {
    if (*name && strncmp(name, "import-", 7) == 0 && !strchr(name, '/')) {
        wrong_rows_remove_with(arena_printf(c->arena, "%s/%s", spool, name));
    }
}

// A file is in its place a moment before its row can be seen.
static bool is_old(DIR *d, const char *name) {
    struct stat st;
    return fstatat(dirfd(d), name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           clock_now_usec() / USEC_PER_SEC - st.st_mtime > ORPHAN_S;
}

// Files that no import holds: left by a server that was stopped between two steps.
static enum err sweep_files(struct ctx *c, const char *spool) {
    const char **names = arena_array(c->arena, SWEEP_NAMES, sizeof *names);
    size_t n = 0;
    DIR *d = opendir(spool);
    if (!d) {
        return ERR_OK;
    }
    for (struct dirent *f; n < SWEEP_NAMES && (f = readdir(d));) {
        if (strncmp(f->d_name, "import-", 7) == 0 && is_old(d, f->d_name)) {
            size_t len = strlen(f->d_name), end = strlen(WRONG_ROWS_SUFFIX);
            bool rows = len > end && strcmp(f->d_name + len - end, WRONG_ROWS_SUFFIX) == 0;
            names[n++] = arena_strndup(c->arena, f->d_name, rows ? len - end : len);
        }
    }
    closedir(d);
    struct rows *r;
    enum err e = n == 0 ? ERR_OK : DB_ROWS(c, spend_import_spools, &r, db_array(c->arena, n, names));
    for (size_t i = 0; n > 0 && e == ERR_OK && i < rows_count(r); i++) {
        remove_spooled(c, spool, row_text(r, i, "name"));
    }
    return e;
}

static enum err sweep_rows(struct ctx *c, void *arg) {
    struct rows **ret = arg;
    enum err e = DB_ROWS(c, spend_import_old, ret, IMPORT_KEEP_DAYS);
    for (size_t i = 0; e == ERR_OK && i < rows_count(*ret); i++) {
        e = audit_add(c, "spend.upload_dropped", row_text(*ret, i, "ref"), "nobody touched it");
    }
    return e;
}

enum err import_sweep(struct ctx *c, const char *spool) {
    struct rows *r;
    enum err e = db_in_transaction(c, sweep_rows, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        remove_spooled(c, spool, row_text(r, i, "spool"));
    }
    return e ? e : sweep_files(c, spool);
}
