// SPDX-License-Identifier: Apache-2.0
// Loading payments: lines are gathered in memory, then written with one COPY and their yearly cells.
#include "domain/spend.h"

#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/dberr.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/gather.h"

#include <string.h>

#define HIDDEN_KEY "(name hidden)" // the one payee of all hidden names; no matching name has brackets

static enum err gather_line(void *arg, uint64_t line, const struct anc_spend_line *l) {
    struct gather *g = arg;
    const char *key = l->redacted || !*l->match_name ? HIDDEN_KEY : l->match_name;
    const char *name = l->redacted || !*l->match_name ? "Name hidden" : l->payee;
    return gather_add(g, line, key, name, l->company_number, l->charity_number, l->category, l->paid_on,
                      l->amount_pence);
}

static enum err officer_only(struct ctx *c) {
    return ctx_may(c, PERM_OFFICER) ? ERR_OK : ctx_fail(c, ERR_DENIED, "not an officer");
}

// Makes sure that every gathered payee has a row, and learns its id.
static enum err store_payees(struct ctx *c, struct gather *g) {
    size_t n = gather_payees(g);
    const char **keys = arena_array(c->arena, n + 1, sizeof *keys);
    const char **names = arena_array(c->arena, n + 1, sizeof *names);
    const char **hidden = arena_array(c->arena, n + 1, sizeof *hidden);
    for (size_t i = 0; i < n; i++) {
        const struct gather_payee *p = gather_payee(g, i);
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
        gather_set_id(g, (size_t)row_i64(r, i, "place") - 1, row_i64(r, i, "id"));
    }
    return e;
}

// Numbers on the lines tie a payee to a supplier more surely than its name.
static enum err match_numbers(struct ctx *c, const struct gather *g) {
    size_t n = gather_payees(g), k = 0;
    const char **ids = arena_array(c->arena, n + 1, sizeof *ids);
    const char **companies = arena_array(c->arena, n + 1, sizeof *companies);
    const char **charities = arena_array(c->arena, n + 1, sizeof *charities);
    for (size_t i = 0; i < n; i++) {
        const struct gather_payee *p = gather_payee(g, i);
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

static enum err copy_lines(struct ctx *c, struct gather *g, int64_t load_id, int64_t anchor_id,
                           int32_t month) {
    struct copy_in *w;
    enum err e = copy_in_begin(c, &sql_payment_copy, 8, &w);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 0; i < gather_lines(g); i++) {
        const struct gather_line *l = gather_line_at(g, i);
        int32_t day = l->day == INT32_MIN ? month : l->day;
        copy_in_row(w);
        copy_in_i64(w, load_id);
        copy_in_i64(w, (int64_t)l->line);
        copy_in_i64(w, anchor_id);
        copy_in_i64(w, gather_payee(g, l->payee)->id);
        copy_in_date(w, day);
        copy_in_i16(w, (int16_t)financial_year(day)); // the column is smallint
        copy_in_i64(w, l->pence);
        copy_in_text(w, gather_category(g, l->category));
        gather_cell(g, financial_year(day), l->payee, l->pence);
    }
    int64_t rows = 0;
    return copy_in_end(w, &rows);
}

static enum err add_cells(struct ctx *c, struct gather *g, const char *anchor_id) {
    size_t n = gather_cells(g);
    const char **years = arena_array(c->arena, n + 1, sizeof *years);
    const char **payees = arena_array(c->arena, n + 1, sizeof *payees);
    const char **pence = arena_array(c->arena, n + 1, sizeof *pence);
    const char **lines = arena_array(c->arena, n + 1, sizeof *lines);
    for (size_t i = 0; i < n; i++) {
        const struct gather_cell *cell = gather_cell_at(g, i);
        years[i] = arena_i64(c->arena, cell->year);
        payees[i] = arena_i64(c->arena, gather_payee(g, cell->payee)->id);
        pence[i] = arena_i64(c->arena, cell->pence);
        lines[i] = arena_i64(c->arena, cell->lines);
    }
    return DB_EXEC(c, spend_cell_add, NULL, anchor_id, db_array(c->arena, n, years),
                   db_array(c->arena, n, payees), db_array(c->arena, n, pence), db_array(c->arena, n, lines));
}

static enum err store_problems(struct ctx *c, const char *load_id, const struct spend_summary *s) {
    size_t n = s->problem_count;
    const char **lines = arena_array(c->arena, n + 1, sizeof *lines);
    const char **texts = arena_array(c->arena, n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++) {
        lines[i] = arena_i64(c->arena, (int64_t)s->problems[i].line);
        texts[i] = s->problems[i].text;
    }
    return DB_EXEC(c, spend_problem_add, NULL, load_id, db_array(c->arena, n, lines),
                   db_array(c->arena, n, texts));
}

// Everything of a load, inside the caller's transaction.
static enum err store(struct ctx *c, struct gather *g, const char *anchor_ref, const char *file_name,
                      int32_t month, const struct spend_summary *s, const char *ref) {
    struct rows *r;
    struct arena *a = c->arena;
    enum err e =
        DB_ROWS(c, spend_load_add, &r, ref, anchor_ref, file_name, s->sha256, s->layout,
                arena_i64(a, s->accepted), arena_i64(a, s->rejected), arena_i64(a, s->undated),
                arena_i64(a, s->total_pence), c->actor.person_id ? arena_i64(a, c->actor.person_id) : NULL);
    if (e == ERR_CONFLICT) {
        return ctx_fail_field(
            c, "file", "This very file has been loaded for this public body before. Choose another file");
    }
    if (e == ERR_NOT_FOUND) {
        return ctx_fail_field(c, "anchor", "Choose the public body that made these payments");
    }
    if (e != ERR_OK) {
        return e;
    }
    const char *load_id = row_text(r, 0, "id"), *anchor_id = row_text(r, 0, "anchor_id");
    e = store_payees(c, g);
    e = e ? e : match_numbers(c, g);
    e = e ? e : copy_lines(c, g, row_i64(r, 0, "id"), row_i64(r, 0, "anchor_id"), month);
    e = e ? e : add_cells(c, g, anchor_id);
    e = e ? e : store_problems(c, load_id, s);
    e = e ? e : payee_match_all(c, NULL);
    return e ? e : audit_add(c, "spend.load", ref, s->sha256);
}

enum err spend_load(struct ctx *c, const struct plugin_host *plugins, const char *anchor_ref, int fd,
                    const char *file_name, int32_t month, struct spend_summary *ret, const char **ret_ref,
                    void (*progress)(void *arg, int64_t done, int64_t total), void *progress_arg) {
    enum err e = officer_only(c);
    if (e != ERR_OK) {
        return e;
    }
    struct gather *g = gather_new(c);
    e = spendfile_read(c, plugins, fd, gather_line, g, ret, progress, progress_arg);
    if (e == ERR_OK && ret->undated > 0 && month == INT32_MIN) {
        e = ctx_fail_field(c, "month",
                           "%lld payments have no date that can be read. Say for which month the file is",
                           (long long)ret->undated);
    }
    char *ref = arena_alloc(c->arena, REF_CHARS + 1);
    random_ref(ref, REF_CHARS);
    e = e ? e : db_begin(c);
    if (e == ERR_OK) {
        e = store(c, g, anchor_ref, file_name, month, ret, ref);
        e = e ? e : db_commit(c);
        if (e != ERR_OK) {
            db_rollback(c);
        } else {
            *ret_ref = ref;
        }
    }
    gather_free(g);
    return e;
}

static enum err unload(struct ctx *c, void *arg) {
    const char *ref = arg;
    struct rows *r;
    enum err e = DB_ROWS(c, spend_load_lock, &r, ref);
    if (e != ERR_OK) {
        return e;
    }
    const char *id = row_text(r, 0, "id");
    e = DB_EXEC(c, spend_cell_take_back, NULL, id);
    e = e ? e : DB_EXEC(c, spend_cell_clear, NULL);
    e = e ? e : DB_EXEC(c, payment_remove, NULL, id);
    e = e ? e : DB_EXEC(c, spend_load_remove, NULL, id);
    return e ? e : audit_add(c, "spend.unload", ref, row_text(r, 0, "sha256"));
}

enum err spend_unload(struct ctx *c, const char *load_ref) {
    enum err e = officer_only(c);
    return e ? e : db_in_transaction(c, unload, (void *)(uintptr_t)load_ref);
}

enum err payee_match_all(struct ctx *c, int64_t *ret_matched) {
    return DB_EXEC(c, payee_match_names, ret_matched);
}
