// SPDX-License-Identifier: Apache-2.0
// Storing a payments file in one transaction.
#include "spend/load_store.h"

#include "base/day.h"
#include "base/money.h"
#include "base/strb.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/happening.h"
#include "spend/load_back.h"
#include "spend/load_match.h"
#include "spend/load_same.h"

#include <inttypes.h>
#include <string.h>

#define PROBLEMS_AT_ONCE 5000u // rows not taken, in one statement

const char *load_kind(const struct reading *r) {
    return r->o->kind == ANC_FILE_TIER2 ? "tier2" : "payments";
}

enum err load_store_begin(struct reading *r, const struct storing *s) {
    struct rows *rows;
    enum err e = s ? DB_ROWS(r->c, load_begin, &rows, r->o->anchor_ref)
                   : DB_ROWS(r->c, load_look_begin, &rows, r->o->anchor_ref);
    if (e == ERR_NOT_FOUND) {
        return ctx_fail_field(r->c, "anchor", "Choose the public body that made these payments");
    }
    if (e == ERR_OK) {
        r->anchor_id = row_i64(rows, 0, "anchor_id");
        r->load_id = s ? row_i64(rows, 0, "load_id") : 0;
        r->payee_top = row_i64(rows, 0, "payee_top");
        r->label_top = row_i64(rows, 0, "label_top");
    }
    return e;
}

// All rows; a pass that does not count is undone with its tables.
static enum err read_through(struct ctx *c, struct reading *r) {
    for (;;) {
        bool again = false;
        enum err e = db_begin(c);
        if (e != ERR_OK) {
            return e;
        }
        e = reading_pass(r, &again);
        if (e == ERR_OK && !again) {
            return db_commit(c);
        }
        reading_drop(r);
        db_rollback(c);
        if (e != ERR_OK) {
            return e;
        }
    }
}

// What the plugin remarked, one a line.
static const char *notes_of(struct ctx *c, const struct findings *f) {
    struct strb b;
    strb_init(&b, 65536);
    for (size_t i = 0; i < f->count; i++) {
        strb_printf(&b, "%s%s", i ? "\n" : "", f->list[i].text);
    }
    const char *text = arena_strdup(c->arena, b.p);
    strb_free(&b);
    return text;
}

static const char *date_basis(const struct load_summary *m) {
    static const char *const words[] = {[ANC_DATE_PAID] = "paid",
                                        [ANC_DATE_POSTED] = "posted",
                                        [ANC_DATE_INVOICED] = "invoiced",
                                        [ANC_DATE_OTHER] = "other"};
    return m->undated == m->accepted ? "month" : words[m->columns.date_basis];
}

static const char *amount_basis(const struct load_summary *m) {
    static const char *const words[] = {
        [ANC_AMOUNT_PLAIN] = "plain", [ANC_AMOUNT_NET] = "net", [ANC_AMOUNT_GROSS] = "gross"};
    return words[m->columns.amount_basis];
}

static enum err add_load(struct ctx *c, const struct storing *s, const struct reading *r) {
    struct arena *a = c->arena;
    const struct load_summary *m = s->sum;
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    day_iso(r->first_day, first);
    day_iso(r->last_day, last);
    struct rows *rows;
    enum err e = DB_ROWS(
        c, load_add, &rows, arena_i64(a, r->load_id), s->ref, arena_i64(a, r->anchor_id),
        s->orders->file_name, m->sha256, m->layout, arena_i64(a, m->accepted), arena_i64(a, m->rejected),
        arena_i64(a, m->undated), arena_i64(a, m->total_pence), arena_i64(a, m->redacted),
        arena_i64(a, m->negative), arena_i64(a, m->sums), notes_of(c, &m->findings), load_kind(r), first,
        last, s->orders->overlap == OVERLAP_ALL ? "all" : "once", date_basis(m), amount_basis(m), m->rules,
        s->orders->replaces ? s->orders->replaces : "", r->has_txn ? "true" : "false",
        c->actor.person_id ? arena_i64(a, c->actor.person_id) : NULL, arena_i64(a, m->vat_lost_pence));
    if (e == ERR_CONFLICT) {
        ctx_fail_field(c, "file",
                       "This very file has been loaded for this public body before. Choose another file");
        return c->err = ERR_CONFLICT;
    }
    return e;
}

static enum err store_some(struct ctx *c, const struct load_problem *p, size_t n, const char *load_id) {
    const char **lines = arena_array(c->arena, n + 1, sizeof *lines);
    const char **texts = arena_array(c->arena, n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++) {
        lines[i] = arena_i64(c->arena, (int64_t)p[i].line);
        texts[i] = p[i].why;
    }
    return DB_EXEC(c, load_problems_add, NULL, load_id, db_array(c->arena, n, lines),
                   db_array(c->arena, n, texts));
}

static enum err store_problems(struct ctx *c, const struct storing *s, const struct reading *r) {
    enum err e = ERR_OK;
    size_t all = s->sum->problem_count;
    for (size_t at = 0; e == ERR_OK && at < all; at += PROBLEMS_AT_ONCE) {
        size_t n = all - at < PROBLEMS_AT_ONCE ? all - at : PROBLEMS_AT_ONCE;
        e = store_some(c, s->sum->problems + at, n, arena_i64(c->arena, r->load_id));
    }
    return e;
}

// Lines that stand in earlier loads: asked about, counted once, or counted all the same.
static enum err store_sums(struct ctx *c, const struct storing *s, struct reading *r) {
    const struct load_span span = {.id = r->load_id,
                                   .anchor_id = r->anchor_id,
                                   .kind = load_kind(r),
                                   .first_day = r->first_day,
                                   .last_day = r->last_day};
    struct load_summary *m = s->sum;
    const char *ids, *names;
    enum err e = load_same_earlier(c, &span, &ids, &names);
    if (e != ERR_OK || !ids) {
        return e ? e : sums_store(c, r->sums, r->payees, r->load_id);
    }
    e = lines_attach(r->lines);
    e = e ? e : load_same_mark(c, r->load_id, ids, &m->same_lines, &m->same_pence);
    if (e != ERR_OK) {
        return e;
    }
    m->same_loads = m->same_lines ? names : "";
    if (m->same_lines > 0 && s->orders->overlap == OVERLAP_ASK) {
        char money[MONEY_TEXT_BYTES];
        money_format(m->same_pence, money);
        ctx_fail_field(c, "overlap",
                       "%" PRId64 " payments worth %s are also in %s. Say whether they count once or are "
                       "payments of their own",
                       m->same_lines, money, names);
        return c->err = ERR_CONFLICT;
    }
    if (m->same_lines > 0 && s->orders->overlap == OVERLAP_ALL) {
        int64_t none_lines, none_pence;
        const char *id = arena_i64(c->arena, r->load_id);
        e = load_same_mark(c, r->load_id, NULL, &none_lines, &none_pence);
        e = e ? e
              : DB_EXEC(c, load_same_set, NULL, id, arena_i64(c->arena, m->same_lines),
                        arena_i64(c->arena, m->same_pence));
    }
    return e;
}

// Everything but the lines, the last of which are still being stored meanwhile; then these.
static enum err store_rest(struct ctx *c, struct storing *s, struct reading *r) {
    enum err e = add_load(c, s, r);
    e = e ? e : payees_store(c, r->payees);
    e = e ? e : labels_store(c, r->labels);
    e = e ? e : store_sums(c, s, r);
    if (e != ERR_OK || s->trial) {
        return e ? e : lines_attach(r->lines);
    }
    e = store_problems(c, s, r);
    e = e ? e : load_match(c, r->payees);
    e = e ? e : audit_add(c, "spend.load", s->ref, s->sum->sha256);
    const struct happening h = {.ref = s->ref,
                                .name = s->orders->file_name,
                                .anchor_ref = s->orders->anchor_ref,
                                .supplier_ref = "",
                                .amount_pence = s->sum->total_pence + s->sum->vat_lost_pence};
    e = e ? e : happening_note(c, ANC_EVENT_SPEND_LOADED, &h);
    return e ? e : lines_attach(r->lines);
}

enum err load_store(struct ctx *c, struct storing *s) {
    struct reading r = {.c = c, .o = s->orders, .sum = s->sum, .store = true, .beside = !s->trial};
    struct rows *lock;
    struct taken old;
    bool replaces = s->orders->replaces && *s->orders->replaces;
    enum err e = DB_ROWS(c, load_lock, &lock);
    e = e ? e : load_store_begin(&r, s);
    if (e == ERR_OK && replaces) {
        e = load_back_begin(c, s->orders->replaces, &old);
        if (e == ERR_OK && old.span.anchor_id != r.anchor_id) {
            e = ctx_fail(c, ERR_NOT_FOUND, "the load to be replaced is another anchor's");
        }
    }
    e = e ? e : reading_open(&r, s->fd);
    e = e ? e : read_through(c, &r);
    e = e ? e : store_rest(c, s, &r);
    reading_close(&r);
    if (e == ERR_OK && replaces) {
        e = load_back_end(c, &old);
        e = e ? e : audit_add(c, "spend.unload", old.ref, old.sha256);
    }
    return e ? e : load_tier2_check(c, r.anchor_id);
}
