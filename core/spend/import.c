// SPDX-License-Identifier: Apache-2.0
// What people do with an uploaded payments file before its payments count.
#include "spend/import.h"

#include "base/day.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "spend/import_wrong.h"
#include "spend/profile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SPOOL_CHARS                                                                                          \
    24 // another length than that of uploads on their way in, which a start of the server removes
#define NAME_BYTES 200

static const char no_anchor[] = "Choose the public body that made these payments";
static const char file_empty[] =
    "The file is empty. Save it again from the finance system, then choose it here";
static const char too_many[] =
    "%" PRId64 " of your files wait here already. Load or remove one of them first";
static const char anchor_full[] =
    "%" PRId64 " files of this public body wait here already. Load or remove one of them first";
static const char spool_full[] =
    "The files that wait here already fill the room for uploads. Load or remove some of them first";
static const char no_month[] = "Choose the month these payments are from";
static const char no_overlap[] = "Say whether these are the same payments or others";
static const char no_replaced[] =
    "Choose a file of the same public body, or choose that this file replaces none";
static const char moved_on[] = "This file is no longer waiting for that. See below how it stands now";
static const char same_file[] =
    "This same file has been loaded already. Choose it under “replaces”, or remove this one";

// ---- an upload ----------------------------------------------------------------------------------------

static enum err officer_only(struct ctx *c) {
    return ctx_may(c, PERM_OFFICER) ? ERR_OK : ctx_fail(c, ERR_DENIED, "not an officer");
}

static enum err check_room(struct ctx *c, const struct import_upload *u) {
    struct rows *r, *locked;
    enum err e = DB_ROWS(c, spend_import_gate_lock, &locked);
    e = e ? e : DB_ROWS(c, spend_import_gate, &r, arena_i64(c->arena, c->actor.person_id), u->anchor_ref);
    if (e != ERR_OK) {
        return e;
    }
    if (row_i64(r, 0, "of_person") >= IMPORT_OF_PERSON) {
        return ctx_fail_field(c, "file", too_many, row_i64(r, 0, "of_person"));
    }
    if (row_i64(r, 0, "of_anchor") >= IMPORT_OF_ANCHOR) {
        return ctx_fail_field(c, "file", anchor_full, row_i64(r, 0, "of_anchor"));
    }
    return row_i64(r, 0, "bytes") + u->bytes > IMPORT_BYTES ? ctx_fail_field(c, "file", spool_full) : ERR_OK;
}

struct adding {
    const struct import_upload *u;
    const char *ref, *name, *path;
    bool moved;
};

static enum err add(struct ctx *c, void *arg) {
    struct adding *a = arg;
    const struct import_upload *u = a->u;
    const char *file_name = arena_strndup(c->arena, u->file_name, utf8_fit(u->file_name, NAME_BYTES));
    int64_t added = 0;
    enum err e = check_room(c, u);
    e = e ? e
          : DB_EXEC(c, spend_import_add, &added, a->ref, u->anchor_ref,
                    u->kind == ANC_FILE_TIER2 ? "tier2" : "payments", file_name, a->name,
                    arena_i64(c->arena, u->bytes), arena_i64(c->arena, c->actor.person_id));
    if (e == ERR_OK && added == 0) {
        e = ctx_fail_field(c, "anchor", no_anchor);
    }
    e = e ? e : audit_add(c, "spend.upload", a->ref, u->anchor_ref);
    if (e == ERR_OK && !a->moved) {
        // Before the end of the transaction: a worker must not find the row without the file.
        if (rename(u->path, a->path) != 0) {
            return ctx_fail(c, ERR_IO, "the upload cannot be moved: %s", strerror(errno));
        }
        a->moved = true;
    }
    return e;
}

enum err import_add(struct ctx *c, const struct import_upload *u, const char **ret_ref) {
    char ref[REF_CHARS + 1], name[SPOOL_CHARS + 1];
    random_ref(ref, REF_CHARS);
    random_hex(name, SPOOL_CHARS);
    struct adding a = {.u = u,
                       .ref = arena_strdup(c->arena, ref),
                       .name = arena_printf(c->arena, "import-%s", name),
                       .path = arena_printf(c->arena, "%s/import-%s", u->spool, name)};
    enum err e = officer_only(c);
    if (e == ERR_OK && u->bytes == 0) {
        e = ctx_fail_field(c, "file", file_empty);
    }
    e = e ? e : db_in_transaction(c, add, &a);
    if (e != ERR_OK) {
        if (a.moved && rename(a.path, u->path) != 0) {
            log_event(LOG_LEVEL_WARNING, "spool_file_stays", "why", strerror(errno), NULL);
        }
        return e;
    }
    *ret_ref = a.ref;
    return ERR_OK;
}

// ---- a person's steps ---------------------------------------------------------------------------------

// Locks the import and checks that the step can be taken. *ret_row: spend_import_lock.
static enum err begin_step(struct ctx *c, const char *ref, enum import_step step, struct rows **ret_row) {
    enum import_state now, then;
    enum err e = officer_only(c);
    e = e ? e : DB_ROWS(c, spend_import_lock, ret_row, ref);
    if (e != ERR_OK) {
        return e;
    }
    if (!import_state_of(row_text(*ret_row, 0, "state"), &now) || !import_next(now, step, &then)) {
        return ctx_fail(c, ERR_CONFLICT, "%s", moved_on);
    }
    return ERR_OK;
}

struct stepping {
    const char *ref;
    int32_t kind;
    enum import_reading how;
    const struct anc_columns *columns;
    const struct import_answers *answers;
    const char *spool; // out: of the file that is to go
};

static enum err again(struct ctx *c, void *arg) {
    const struct stepping *s = arg;
    struct rows *r, *known;
    static const char *const modes[] = {
        [READ_AS_BEFORE] = "before", [READ_AS_FOUND] = "found", [READ_AS_SETTLED] = "settled"};
    const char *names[PROFILE_PAIRS], *values[PROFILE_PAIRS], *n = NULL, *v = NULL;
    enum err e = begin_step(c, s->ref, STEP_AGAIN, &r);
    if (e != ERR_OK) {
        return e;
    }
    if (s->how == READ_AS_SETTLED) {
        profile_words(c->arena, s->columns, names, values);
        n = db_array(c->arena, PROFILE_PAIRS, names);
        v = db_array(c->arena, PROFILE_PAIRS, values);
    } else if (s->how == READ_AS_FOUND) {
        e = DB_ROWS(c, spend_profile_of, &known, row_text(r, 0, "anchor_ref"), row_text(r, 0, "head_hash"));
        if (e == ERR_OK && rows_count(known) > 0) {
            e = profile_forget(c, row_i64(known, 0, "id"));
        }
    }
    return e ? e
             : DB_EXEC(c, spend_import_again, NULL, row_text(r, 0, "id"),
                       s->kind == ANC_FILE_TIER2 ? "tier2" : "payments", n, v, modes[s->how]);
}

enum err import_again(struct ctx *c, const char *ref, int32_t kind, enum import_reading how,
                      const struct anc_columns *columns) {
    struct stepping s = {.ref = ref, .kind = kind, .how = how, .columns = columns};
    return db_in_transaction(c, again, &s);
}

// The same file twice would count twice, so it needs the first one to go.
static enum err check_replaces(struct ctx *c, const struct rows *r, const char *replaces) {
    struct rows *same, *loads;
    const char *anchor = row_text(r, 0, "anchor_ref");
    enum err e = DB_ROWS(c, spend_import_same_file, &same, anchor, row_text(r, 0, "sha256"));
    if (e != ERR_OK) {
        return e;
    }
    if (rows_count(same) > 0 && strcmp(row_text(same, 0, "ref"), replaces) != 0) {
        return ctx_fail_field(c, "replaces", same_file);
    }
    if (!*replaces) {
        return ERR_OK;
    }
    e = DB_ROWS(c, spend_import_replaceable, &loads, anchor, "", "", "");
    for (size_t i = 0; e == ERR_OK && i < rows_count(loads); i++) {
        if (strcmp(row_text(loads, i, "ref"), replaces) == 0) {
            return ERR_OK;
        }
    }
    return e ? e : ctx_fail_field(c, "replaces", no_replaced);
}

static enum err check_answers(struct ctx *c, const struct rows *r, const struct import_answers *a) {
    if (row_i64(r, 0, "undated") > 0 && a->month == INT32_MIN) {
        return ctx_fail_field(c, "month", no_month);
    }
    enum err e = check_replaces(c, r, a->replaces);
    if (e == ERR_OK && row_i64(r, 0, "same_lines") > 0 && a->overlap == OVERLAP_ASK) {
        e = ctx_fail_field(c, "overlap", no_overlap);
    }
    return e;
}

static enum err load(struct ctx *c, void *arg) {
    static const char *const overlaps[] = {
        [OVERLAP_ASK] = "ask", [OVERLAP_ONCE] = "once", [OVERLAP_ALL] = "all"};
    const struct stepping *s = arg;
    const struct import_answers *a = s->answers;
    char month[DAY_TEXT_BYTES] = "";
    struct rows *r;
    enum err e = begin_step(c, s->ref, STEP_LOAD, &r);
    e = e ? e : check_answers(c, r, a);
    if (e != ERR_OK) {
        return e;
    }
    if (a->month != INT32_MIN) {
        day_iso(a->month, month);
    }
    e = DB_EXEC(c, spend_import_queue, NULL, row_text(r, 0, "id"), *month ? month : NULL,
                overlaps[a->overlap], a->replaces, arena_i64(c->arena, c->actor.person_id));
    return e ? e : audit_add(c, "spend.load_asked", s->ref, a->replaces);
}

enum err import_load(struct ctx *c, const char *ref, const struct import_answers *answers) {
    struct stepping s = {.ref = ref, .answers = answers};
    return db_in_transaction(c, load, &s);
}

static enum err drop(struct ctx *c, void *arg) {
    struct stepping *s = arg;
    struct rows *r;
    enum err e = begin_step(c, s->ref, STEP_DROP, &r);
    if (e != ERR_OK) {
        return e;
    }
    s->spool = row_text(r, 0, "spool");
    e = DB_EXEC(c, spend_import_drop, NULL, row_text(r, 0, "id"));
    return e ? e : audit_add(c, "spend.upload_dropped", s->ref, "");
}

enum err import_drop(struct ctx *c, const char *spool, const char *ref) {
    struct stepping s = {.ref = ref};
    enum err e = db_in_transaction(c, drop, &s);
    if (e == ERR_OK && *s.spool) {
        wrong_rows_remove_with(arena_printf(c->arena, "%s/%s", spool, s.spool));
    }
    return e;
}
