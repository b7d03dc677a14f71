// SPDX-License-Identifier: Apache-2.0
// Loading payments: lines are gathered in memory, then written in batches with their yearly cells.
#include "domain/spend.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/dberr.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/gather.h"
#include "domain/happening.h"

#include <string.h>

#define HIDDEN_KEY   "(name hidden)" // the one payee of all hidden names; no matching name has brackets
#define BATCH        ((size_t)5000)
#define BATCH_ARENA  ((size_t)64 * 1024 * 1024)
#define STATEMENT_MS 600000 // a load may take longer than a page

static enum err gather_line(void *arg, uint64_t line, const struct anc_spend_line *l) {
    struct gather *g = arg;
    if (l->redacted || !*l->match_name) {
        return gather_add(g, line, HIDDEN_KEY, "Name hidden", "", "", l->category, l->paid_on,
                          l->amount_pence);
    }
    return gather_add(g, line, l->match_name, l->payee, l->company_number, l->charity_number, l->category,
                      l->paid_on, l->amount_pence);
}

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

struct storing {
    struct gather *g;
    const char *anchor_ref, *file_name, *ref;
    int32_t month;
    const struct spend_summary *sum;
    const char *load_id, *anchor_id;
};

// ---- batches: a file with many payees needs no more of the caller's memory than one with few ----------

typedef enum err batch_fn(struct ctx *c, struct storing *s, size_t from, size_t to);

static enum err in_batches(struct ctx *c, struct storing *s, size_t n, batch_fn *fn) {
    struct ctx own = *c;
    own.arena = arena_new(BATCH_ARENA);
    enum err e = ERR_OK;
    for (size_t at = 0; e == ERR_OK && at < n; at += BATCH) {
        arena_reset(own.arena);
        e = fn(&own, s, at, n - at < BATCH ? n : at + BATCH);
    }
    if (e != ERR_OK) {
        e = ctx_fail(c, e, "%s", own.err_detail);
    }
    arena_free(own.arena);
    return e;
}

// Makes sure that every gathered payee has a row, and learns its id.
static enum err store_payees(struct ctx *c, struct storing *s, size_t from, size_t to) {
    size_t n = to - from;
    const char **keys = arena_array(c->arena, n, sizeof *keys);
    const char **names = arena_array(c->arena, n, sizeof *names);
    const char **hidden = arena_array(c->arena, n, sizeof *hidden);
    for (size_t i = 0; i < n; i++) {
        const struct gather_payee *p = gather_payee(s->g, from + i);
        keys[i] = p->key;
        names[i] = p->name;
        hidden[i] = strcmp(p->key, HIDDEN_KEY) == 0 ? "true" : "false";
    }
    const char *key_array = db_array(c->arena, n, keys);
    struct rows *r;
    enum err e = DB_EXEC(c, payee_add_many, NULL, key_array, db_array(c->arena, n, names),
                         db_array(c->arena, n, hidden));
    e = e ? e : DB_ROWS(c, payee_ids, &r, key_array);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        gather_set_id(s->g, from + (size_t)row_i64(r, i, "place") - 1, row_i64(r, i, "id"));
    }
    return e;
}

// Numbers on the lines tie a payee to a supplier more surely than its name.
static enum err match_numbers(struct ctx *c, struct storing *s, size_t from, size_t to) {
    size_t n = to - from, k = 0;
    const char **ids = arena_array(c->arena, n, sizeof *ids);
    const char **companies = arena_array(c->arena, n, sizeof *companies);
    const char **charities = arena_array(c->arena, n, sizeof *charities);
    for (size_t i = from; i < to; i++) {
        const struct gather_payee *p = gather_payee(s->g, i);
        if (*p->company || *p->charity) {
            ids[k] = arena_i64(c->arena, p->id);
            companies[k] = p->company;
            charities[k++] = p->charity;
        }
    }
    return k == 0 ? ERR_OK
                  : DB_EXEC(c, payee_match_numbers, NULL, db_array(c->arena, k, ids),
                            db_array(c->arena, k, companies), db_array(c->arena, k, charities));
}

static enum err copy_lines(struct ctx *c, const struct storing *s, int64_t load_id, int64_t anchor_id) {
    struct gather *g = s->g;
    struct copy_in *w;
    enum err e = copy_in_begin(c, &sql_payment_copy, 8, &w);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 0; i < gather_lines(g); i++) {
        const struct gather_line *l = gather_line_at(g, i);
        int32_t day = l->day == INT32_MIN ? s->month : l->day;
        copy_in_row(w);
        copy_in_i64(w, load_id);
        copy_in_i64(w, (int64_t)l->line);
        copy_in_i64(w, anchor_id);
        copy_in_i64(w, gather_payee(g, l->payee)->id);
        copy_in_date(w, day);
        copy_in_i16(w, (int16_t)financial_year(day)); // the column is smallint
        copy_in_i64(w, l->pence);
        copy_in_text(w, gather_category(g, l->category));
    }
    int64_t rows = 0;
    return copy_in_end(w, &rows);
}

static enum err add_cells(struct ctx *c, struct storing *s, size_t from, size_t to) {
    size_t n = to - from;
    const char **years = arena_array(c->arena, n, sizeof *years);
    const char **payees = arena_array(c->arena, n, sizeof *payees);
    const char **pence = arena_array(c->arena, n, sizeof *pence);
    const char **lines = arena_array(c->arena, n, sizeof *lines);
    for (size_t i = 0; i < n; i++) {
        const struct gather_cell *cell = gather_cell_at(s->g, from + i);
        years[i] = arena_i64(c->arena, cell->year);
        payees[i] = arena_i64(c->arena, gather_payee(s->g, cell->payee)->id);
        pence[i] = arena_i64(c->arena, cell->pence);
        lines[i] = arena_i64(c->arena, cell->lines);
    }
    return DB_EXEC(c, spend_cell_add, NULL, s->anchor_id, db_array(c->arena, n, years),
                   db_array(c->arena, n, payees), db_array(c->arena, n, pence), db_array(c->arena, n, lines));
}

static enum err store_problems(struct ctx *c, const struct storing *s) {
    size_t n = s->sum->problem_count;
    const char **lines = arena_array(c->arena, n + 1, sizeof *lines);
    const char **texts = arena_array(c->arena, n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++) {
        lines[i] = arena_i64(c->arena, (int64_t)s->sum->problems[i].line);
        texts[i] = s->sum->problems[i].text;
    }
    return DB_EXEC(c, spend_problem_add, NULL, s->load_id, db_array(c->arena, n, lines),
                   db_array(c->arena, n, texts));
}

// ---- the whole ----------------------------------------------------------------------------------------

// What the plugin remarked, one a line.
static const char *notes_of(struct ctx *c, const struct spend_summary *s) {
    struct strb b;
    strb_init(&b, 65536);
    for (size_t i = 0; i < s->findings.count; i++) {
        strb_printf(&b, "%s%s", i ? "\n" : "", s->findings.list[i].text);
    }
    const char *text = arena_strdup(c->arena, b.p);
    strb_free(&b);
    return text;
}

static enum err add_load(struct ctx *c, const struct storing *s, struct rows **ret) {
    struct arena *a = c->arena;
    const struct spend_summary *m = s->sum;
    enum err e = DB_ROWS(
        c, spend_load_add, ret, s->ref, s->anchor_ref, s->file_name, m->sha256, m->layout,
        arena_i64(a, m->accepted), arena_i64(a, m->rejected), arena_i64(a, m->undated),
        arena_i64(a, m->total_pence), c->actor.person_id ? arena_i64(a, c->actor.person_id) : NULL,
        arena_i64(a, m->redacted), arena_i64(a, m->negative), arena_i64(a, m->totals), notes_of(c, m));
    if (e == ERR_CONFLICT) {
        ctx_fail_field(c, "file",
                       "This very file has been loaded for this public body before. Choose another file");
        return c->err = ERR_CONFLICT;
    }
    return e == ERR_NOT_FOUND ? ctx_fail_field(c, "anchor", "Choose the public body that made these payments")
                              : e;
}

// Everything of a load. One load at a time: two that meet new payees in different orders would lock each
// other out.
static enum err store(struct ctx *c, void *arg) {
    struct storing *s = arg;
    struct gather *g = s->g;
    struct rows *r, *lock;
    enum err e = DB_ROWS(c, spend_lock, &lock);
    e = e ? e : add_load(c, s, &r);
    if (e != ERR_OK) {
        return e;
    }
    s->load_id = row_text(r, 0, "id");
    s->anchor_id = row_text(r, 0, "anchor_id");
    e = in_batches(c, s, gather_payees(g), store_payees);
    e = e ? e : in_batches(c, s, gather_payees(g), match_numbers);
    e = e ? e : copy_lines(c, s, row_i64(r, 0, "id"), row_i64(r, 0, "anchor_id"));
    e = e ? e : in_batches(c, s, gather_cells(g), add_cells);
    e = e ? e : store_problems(c, s);
    e = e ? e : payee_match_all(c, NULL);
    e = e ? e : audit_add(c, "spend.load", s->ref, s->sum->sha256);
    const struct happening h = {.ref = s->ref,
                                .name = s->file_name,
                                .anchor_ref = s->anchor_ref,
                                .supplier_ref = "",
                                .amount_pence = s->sum->total_pence};
    return e ? e : happening_note(c, ANC_EVENT_SPEND_LOADED, &h);
}

// Cells of all lines; the lines must be those of the summary, to the penny.
static enum err make_cells(struct ctx *c, struct gather *g, int32_t month, const struct spend_summary *s) {
    int64_t pence = 0;
    for (size_t i = 0; i < gather_lines(g); i++) {
        const struct gather_line *l = gather_line_at(g, i);
        gather_cell(g, financial_year(l->day == INT32_MIN ? month : l->day), l->payee, l->pence);
        pence += l->pence; // every partial sum has been checked for overflow while the file was read
    }
    return pence == s->total_pence && (int64_t)gather_lines(g) == s->accepted
               ? ERR_OK
               : ctx_fail(c, ERR_BUG, "the lines of the file do not tie to its summary");
}

enum err spend_load(struct ctx *c, const char *anchor_ref, int fd, const char *file_name, int32_t month,
                    struct spend_summary *ret, const char **ret_ref,
                    void (*progress)(void *arg, int64_t done, int64_t total), void *progress_arg) {
    enum err e = officer_only(c);
    if (e != ERR_OK) {
        return e;
    }
    struct gather *g = gather_new(c);
    e = spendfile_read(c, fd, gather_line, g, ret, progress, progress_arg);
    if (e == ERR_OK && ret->undated > 0 && month == INT32_MIN) {
        e = ctx_fail_field(c, "month",
                           "%lld payments have no date that can be read. Say for which month the file is",
                           (long long)ret->undated);
    }
    e = e ? e : make_cells(c, g, month, ret);
    if (e == ERR_OK) {
        char *ref = arena_alloc(c->arena, REF_CHARS + 1);
        random_ref(ref, REF_CHARS);
        struct storing s = {
            .g = g, .anchor_ref = anchor_ref, .file_name = file_name, .ref = ref, .month = month, .sum = ret};
        e = long_transaction(c, store, &s);
        if (e == ERR_OK) {
            *ret_ref = ref;
        }
    }
    gather_free(g);
    return e;
}

static enum err unload(struct ctx *c, void *arg) {
    const char *ref = arg;
    struct rows *r, *lock;
    enum err e = DB_ROWS(c, spend_lock, &lock);
    e = e ? e : DB_ROWS(c, spend_load_lock, &r, ref);
    if (e != ERR_OK) {
        return e;
    }
    const char *id = row_text(r, 0, "id");
    e = DB_EXEC(c, spend_cell_take_back, NULL, id);
    e = e ? e : DB_EXEC(c, spend_cell_clear, NULL);
    e = e ? e : DB_EXEC(c, payee_clear, NULL, id);
    e = e ? e : DB_EXEC(c, payment_remove, NULL, id);
    e = e ? e : DB_EXEC(c, spend_load_remove, NULL, id);
    return e ? e : audit_add(c, "spend.unload", ref, row_text(r, 0, "sha256"));
}

enum err spend_unload(struct ctx *c, const char *load_ref) {
    enum err e = officer_only(c);
    return e ? e : long_transaction(c, unload, (void *)(uintptr_t)load_ref);
}

enum err payee_match_all(struct ctx *c, int64_t *ret_matched) {
    return DB_EXEC(c, payee_match_names, ret_matched);
}
