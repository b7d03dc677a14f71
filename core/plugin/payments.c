// SPDX-License-Identifier: Apache-2.0
// The extension points payments_reader and payee_matcher: a payments file on its way through a plugin, and
// who was paid.
#include "plugin/payments.h"

#include "plugin/api.h"
#include "plugin/plugin.h"

#include <string.h>

enum {
    AGAIN_MOST = 2, // times a reader may ask for all rows once more
    REASONS = 256,  // numbers of reasons a reader may use
    PARTIES_AT_ONCE = 1000
};
#define BLOCK_ARENA_BYTES ((size_t)16 * 1024 * 1024)
#define PENCE_MOST        INT64_C(100000000000000000) // GBP 1,000,000,000,000,000: no bank holds it
#define DAY_FIRST         (-25567)                    // 1900-01-01
#define DAY_LAST          84005                       // 2199-12-31
#define LINE_FLAGS        (ANC_LINE_MONTH_ONLY | ANC_LINE_CARD | ANC_LINE_VCSE | ANC_LINE_ROUNDED)

struct payments_reader {
    struct ctx *c;
    struct provider p;
    struct anc_payments_reader t; // zero where the plugin was built with an older header
    void *layout;
    struct arena *block; // emptied before each call, so that a long file needs no more than a short one
    int again;           // times the rows were asked for once more
    const char *reasons[REASONS];
};

static bool complete(const struct anc_payments_reader *t) {
    return t->recognise && t->columns && t->map && t->finish && t->reason && t->flow;
}

static void end_layout(struct ctx *c, const struct provider *p, const struct anc_payments_reader *t,
                       void *layout) {
    if (layout && t->done) {
        anc_ctx x;
        call_enter_always(&x, c, p->owner, "done", BUDGET_PURE_MS);
        t->done(&x, layout, point_state(p));
        enum err e = call_leave(&x, ANC_OK);
        (void)e; // it has nothing to say
    }
}

enum err payments_reader_open_with(struct ctx *c, const struct provider *p, const struct anc_cells *head,
                                   const char *file_name, const struct anc_columns *chosen,
                                   struct payments_reader **ret, struct findings *findings) {
    struct anc_payments_reader t;
    point_table(p, &t, sizeof t);
    struct anc_report *report = report_new(c->arena);
    void *layout = NULL;
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "recognise", BUDGET_PURE_MS)) {
        return c->err;
    }
    anc_rc rc = complete(&t) ? t.recognise(&x, head, file_name, chosen, report, &layout, point_state(p))
                             : point_missing(&x);
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK || e == ERR_INVALID) {
        report_take(report, findings);
    }
    if (e != ERR_OK) {
        end_layout(c, p, &t, rc == ANC_OK ? layout : NULL);
        return e;
    }
    struct payments_reader *r = arena_alloc(c->arena, sizeof *r);
    *r = (struct payments_reader){
        .c = c, .p = *p, .t = t, .layout = layout, .block = arena_new(BLOCK_ARENA_BYTES)};
    *ret = r;
    return ERR_OK;
}

enum err payments_reader_open(struct ctx *c, const struct anc_cells *head, const char *file_name,
                              const struct anc_columns *chosen, struct payments_reader **ret,
                              struct findings *findings) {
    struct provider p;
    enum err worst = ERR_UNSUPPORTED; // nobody reads payments; else nobody's kind of file, else why not
    *findings = (struct findings){.list = NULL};
    for (size_t i = 0; provider_at(c->plugins, ANC_POINT_PAYMENTS_READER, i, &p); i++) {
        enum err e =
            payments_reader_open_with(c, &p, head, file_name ? file_name : "", chosen, ret, findings);
        if (e == ERR_OK) {
            return ERR_OK;
        }
        if (e == ERR_UNSUPPORTED && worst == ERR_UNSUPPORTED) {
            worst = ctx_fail(c, ERR_INVALID, "no plugin knows this kind of file");
        } else if (e != ERR_UNSUPPORTED) {
            worst = e;
        }
    }
    return worst == ERR_UNSUPPORTED ? ctx_fail(c, worst, "no plugin reads payments files") : worst;
}

// The context of one call: texts in the block's arena. What fails in it is told in the reader's own.
static struct ctx block_context(struct payments_reader *r) {
    arena_reset(r->block);
    struct ctx c = *r->c;
    c.arena = r->block;
    return c;
}

static enum err tell_failure(struct payments_reader *r, const struct ctx *block, enum err e) {
    return e == ERR_OK ? ERR_OK : ctx_fail(r->c, e, "%s", block->err_detail ? block->err_detail : "");
}

// ---- columns

static bool within(int32_t v, int32_t least, int32_t most) {
    return v >= least && v <= most;
}

static bool columns_fine(const struct anc_columns *k) {
    bool fine = within(k->kind, ANC_FILE_PAYMENTS, ANC_FILE_TIER2) &&
                within(k->date_order, ANC_DATES_UNKNOWN, ANC_DATES_MONTH_FIRST) &&
                within(k->amount_basis, ANC_AMOUNT_PLAIN, ANC_AMOUNT_GROSS) &&
                within(k->date_basis, ANC_DATE_PAID, ANC_DATE_OTHER);
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        fine = fine && within(k->column[i], -1, INT16_MAX);
    }
    return fine;
}

static struct anc_columns no_columns(void) {
    struct anc_columns k = {.size = sizeof k};
    for (int i = 0; i < ANC_COL_MOST; i++) {
        k.column[i] = -1;
    }
    return k;
}

void payments_reader_columns(struct payments_reader *r, struct anc_columns *ret) {
    CALL_RESULT(anc_columns) room = {.it = no_columns()};
    room.it.size = CALL_RESULT_BYTES(anc_columns);
    anc_ctx x;
    call_enter_always(&x, r->c, r->p.owner, "columns", BUDGET_PURE_MS);
    r->t.columns(&x, r->layout, &room.it, point_state(&r->p));
    anc_rc rc = columns_fine(&room.it) ? ANC_OK : call_wrong(&x, "columns out of range");
    rc = call_filled(&x, rc, CALL_RESULT_BYTES(anc_columns), room.it.size);
    *ret = call_leave(&x, rc) == ERR_OK ? room.it : no_columns();
    ret->size = sizeof *ret;
}

// ---- rows

// A row that is not told of is no row that may be counted, so all begin out of range.
static void clear_lines(struct anc_lines *l, uint32_t rows) {
    memset(l->what, 0xff, rows * sizeof *l->what);
    memset(l->pence, 0, rows * sizeof *l->pence);
    memset(l->vat_lost_pence, 0, rows * sizeof *l->vat_lost_pence);
    memset(l->flags, 0, rows * sizeof *l->flags);
    memset(l->why, 0, rows * sizeof *l->why);
    for (uint32_t i = 0; i < rows; i++) {
        l->day[i] = INT32_MIN;
    }
}

static bool pence_fine(int64_t pence) {
    return pence >= -PENCE_MOST && pence <= PENCE_MOST;
}

static bool lines_fine(const struct anc_lines *l, uint32_t rows) {
    bool fine = true;
    for (uint32_t i = 0; i < rows; i++) {
        bool dated = l->day[i] != INT32_MIN;
        fine = fine && within(l->what[i], ANC_ROW_PAYMENT, ANC_ROW_WRONG) && pence_fine(l->pence[i]) &&
               pence_fine(l->vat_lost_pence[i]) && (!dated || within(l->day[i], DAY_FIRST, DAY_LAST)) &&
               (l->flags[i] & ~LINE_FLAGS) == 0 && l->why[i] < REASONS;
    }
    return fine;
}

enum err payments_reader_map(struct payments_reader *r, const struct anc_cells *rows, struct anc_lines *ret) {
    struct ctx c = block_context(r);
    clear_lines(ret, rows->rows);
    anc_ctx x;
    if (!call_enter(&x, &c, r->p.owner, "map", BUDGET_BLOCK_MS)) {
        return tell_failure(r, &c, c.err);
    }
    anc_rc rc = r->t.map(&x, r->layout, rows, ret, point_state(&r->p));
    if (rc == ANC_OK && !lines_fine(ret, rows->rows)) {
        rc = call_wrong(&x, "an unknown kind of row, or an amount or day that cannot be");
    }
    enum err e = call_leave(&x, rc);
    return tell_failure(r, &c, e == ERR_UNSUPPORTED ? ERR_BUG : e);
}

enum err payments_reader_finish(struct payments_reader *r, bool *ret_again, struct findings *findings) {
    struct anc_report *report = report_new(r->c->arena);
    anc_ctx x;
    if (!call_enter(&x, r->c, r->p.owner, "finish", BUDGET_PURE_MS)) {
        return r->c->err;
    }
    anc_rc rc = r->t.finish(&x, r->layout, report, point_state(&r->p));
    bool again = rc == ANC_AGAIN;
    if (again) {
        rc = r->again++ < AGAIN_MOST ? ANC_OK : call_wrong(&x, "it asks for the rows once more without end");
    }
    enum err e = call_leave(&x, rc);
    report_take(report, findings);
    if (e == ERR_OK) {
        *ret_again = again;
    }
    return e;
}

const char *payments_reader_reason(struct payments_reader *r, uint32_t why) {
    static const char otherwise[] = "The row cannot be read.";
    if (why >= REASONS) {
        return otherwise;
    }
    if (!r->reasons[why]) {
        anc_ctx x;
        call_enter_always(&x, r->c, r->p.owner, "reason", BUDGET_PURE_MS);
        const char *text =
            plugin_text(r->c->arena, r->t.reason(&x, r->layout, why, point_state(&r->p)), TEXT_SHORT);
        enum err e = call_leave(&x, ANC_OK);
        r->reasons[why] = e == ERR_OK && *text ? text : otherwise;
    }
    return r->reasons[why];
}

enum err payments_reader_flow(struct payments_reader *r, const struct anc_party *payee,
                              const struct anc_label *label, int32_t *ret_flow) {
    struct ctx c = block_context(r);
    anc_ctx x;
    if (!call_enter(&x, &c, r->p.owner, "flow", BUDGET_PURE_MS)) {
        return tell_failure(r, &c, c.err);
    }
    int32_t flow = -1;
    anc_rc rc = r->t.flow(&x, payee, label, &flow, point_state(&r->p));
    bool fine = within(flow, 0, ANC_FLOW_COUNT - 1) && flow != ANC_FLOW_CREDIT;
    enum err e = call_leave(&x, rc != ANC_OK || fine ? rc : call_wrong(&x, "an unknown kind of flow"));
    if (e == ERR_OK) {
        *ret_flow = flow;
    }
    return tell_failure(r, &c, e);
}

const char *payments_reader_words(struct payments_reader *r) {
    anc_ctx x;
    if (!r->t.describe || !call_enter(&x, r->c, r->p.owner, "describe", BUDGET_PURE_MS)) {
        return "";
    }
    const char *s = plugin_text(r->c->arena, r->t.describe(&x, r->layout, point_state(&r->p)), TEXT_SHORT);
    return call_leave(&x, ANC_OK) == ERR_OK ? s : "";
}

const char *payments_reader_rules(struct payments_reader *r) {
    const struct plugin *p = r->p.owner->plugin;
    return arena_printf(r->c->arena, "%s %s", p->id, p->version_text);
}

void payments_reader_close(struct payments_reader *r) {
    if (r && r->block) {
        end_layout(r->c, &r->p, &r->t, r->layout);
        arena_free(r->block);
        r->layout = NULL;
        r->block = NULL;
    }
}

// ---- payee_matcher

enum err matcher_find(struct ctx *c, struct provider *ret) {
    return provider_at(c->plugins, ANC_POINT_PAYEE_MATCHER, 0, ret)
               ? ERR_OK
               : ctx_fail(c, ERR_UNSUPPORTED, "no plugin matches payees");
}

const char *matcher_version(const struct provider *p) {
    struct anc_payee_matcher t;
    point_table(p, &t, sizeof t);
    return t.version ? t.version : "";
}

// Copies of the texts in the caller's arena.
static void mend_party(struct arena *a, struct anc_party *p) {
    const char **texts[] = {&p->name,           &p->key,         &p->other_key,
                            &p->form,           &p->supplier_no, &p->company_number,
                            &p->charity_number, &p->vat_number,  &p->postcode};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = plugin_text(a, *texts[i], TEXT_SHORT);
    }
    p->size = sizeof *p;
}

static bool party_fine(const struct anc_party *p) {
    return within(p->kind, ANC_PARTY_NAMED, ANC_PARTY_PERSON) &&
           (p->kind != ANC_PARTY_HIDDEN || !p->name || !*p->name);
}

// Part of the parties within one call. What the plugin allocates lives in `scratch`, what is given in `keep`.
static enum err read_some(struct ctx *c, const struct provider *p, const struct anc_payee_matcher *t,
                          struct arena *keep, const struct anc_party *in, size_t n, struct anc_party *ret) {
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "read", BUDGET_BLOCK_MS)) {
        return c->err;
    }
    anc_rc rc = t->read ? ANC_OK : point_missing(&x);
    for (size_t i = 0; i < n && rc == ANC_OK; i++) {
        CALL_RESULT(anc_party) room = {.it = {.size = CALL_RESULT_BYTES(anc_party)}};
        rc = t->read(&x, &in[i], &room.it, point_state(p));
        struct anc_party one = room.it;
        rc = call_filled(&x, rc, CALL_RESULT_BYTES(anc_party), one.size);
        if (rc == ANC_OK && !party_fine(&one)) {
            rc = call_wrong(&x, "an unknown kind of party, or a hidden one with a name");
        }
        mend_party(keep, &one);
        ret[i] = one;
    }
    enum err e = call_leave(&x, rc);
    return e == ERR_UNSUPPORTED ? ctx_fail(c, ERR_BUG, "the matcher does not read a party") : e;
}

enum err matcher_read_many(struct ctx *c, const struct provider *p, const struct anc_party *in, size_t n,
                           struct anc_party *ret) {
    struct anc_payee_matcher t;
    point_table(p, &t, sizeof t);
    struct arena *scratch = arena_new(BLOCK_ARENA_BYTES);
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e; i += PARTIES_AT_ONCE) {
        size_t some = n - i < PARTIES_AT_ONCE ? n - i : PARTIES_AT_ONCE;
        struct ctx inner = *c;
        arena_reset(scratch);
        inner.arena = scratch;
        e = read_some(&inner, p, &t, c->arena, in + i, some, ret + i);
        if (e) {
            e = ctx_fail(c, e, "%s", inner.err_detail ? inner.err_detail : "");
        }
    }
    arena_free(scratch);
    return e;
}

enum err matcher_read(struct ctx *c, const struct provider *p, const struct anc_party *in,
                      struct anc_party *ret) {
    struct anc_payee_matcher t;
    struct anc_party one = {.size = sizeof one};
    point_table(p, &t, sizeof t);
    enum err e = read_some(c, p, &t, c->arena, in, 1, &one);
    if (e == ERR_OK) {
        *ret = one;
    }
    return e;
}

static anc_rc blocks_of(struct anc_ctx *x, const struct anc_payee_matcher *t, const struct anc_party *party,
                        uint32_t most, uint64_t *ret, uint32_t *ret_count, void *state) {
    anc_rc rc = t->blocks(x, party, most, ret, ret_count, state);
    return rc == ANC_OK && *ret_count > most ? call_wrong(x, "more blocks than asked for") : rc;
}

enum err matcher_blocks(struct ctx *c, const struct provider *p, const struct anc_party *party, uint64_t *ret,
                        uint32_t most, uint32_t *ret_count) {
    struct anc_payee_matcher t;
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "blocks", BUDGET_PURE_MS)) {
        return c->err;
    }
    uint32_t n = 0;
    anc_rc rc = t.blocks ? blocks_of(&x, &t, party, most, ret, &n, point_state(p)) : point_missing(&x);
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK) {
        *ret_count = n;
    }
    return e;
}

static enum err blocks_some(struct ctx *c, const struct provider *p, const struct anc_party *parties,
                            size_t n, uint32_t most, uint64_t *ret, uint32_t *ret_counts) {
    struct anc_payee_matcher t;
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "blocks", BUDGET_BLOCK_MS)) {
        return c->err;
    }
    anc_rc rc = t.blocks ? ANC_OK : point_missing(&x);
    for (size_t i = 0; i < n && rc == ANC_OK; i++) {
        ret_counts[i] = 0;
        rc = blocks_of(&x, &t, &parties[i], most, ret + i * most, &ret_counts[i], point_state(p));
    }
    return call_leave(&x, rc);
}

enum err matcher_blocks_many(struct ctx *c, const struct provider *p, const struct anc_party *parties,
                             size_t n, uint32_t most, uint64_t *ret, uint32_t *ret_counts) {
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e; i += PARTIES_AT_ONCE) {
        size_t some = n - i < PARTIES_AT_ONCE ? n - i : PARTIES_AT_ONCE;
        e = blocks_some(c, p, parties + i, some, most, ret + i * most, ret_counts + i);
    }
    return e;
}

// Copies what a plugin said of two parties; a verdict without method or reason is a fault.
static anc_rc take_match(struct anc_ctx *x, struct arena *a, const struct anc_match *m,
                         struct anc_match *ret) {
    bool no = m->verdict == ANC_MATCH_NO;
    *ret = *m;
    ret->size = sizeof *ret;
    ret->method = no ? "" : plugin_text(a, m->method, TEXT_SHORT);
    ret->reason = no ? "" : plugin_text(a, m->reason, TEXT_LONG);
    bool fine = within(m->verdict, ANC_MATCH_NO, ANC_MATCH_YES) && within(m->score_milli, 0, 1000) &&
                (no || (*ret->method && *ret->reason));
    return fine ? ANC_OK
                : call_wrong(x, "an unknown verdict, a score outside 0 to 1000, or no method or reason");
}

enum err matcher_judge_many(struct ctx *c, const struct provider *p, const struct anc_party *payee,
                            const struct anc_party *const *candidates, size_t n, struct anc_match *ret) {
    struct anc_payee_matcher t;
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "judge", BUDGET_BLOCK_MS)) {
        return c->err;
    }
    anc_rc rc = t.judge ? ANC_OK : point_missing(&x);
    for (size_t i = 0; i < n && rc == ANC_OK; i++) {
        CALL_RESULT(anc_match)
        room = {.it = {.size = CALL_RESULT_BYTES(anc_match), .method = "", .reason = ""}};
        rc = t.judge(&x, payee, candidates[i], &room.it, point_state(p));
        rc = call_filled(&x, rc, CALL_RESULT_BYTES(anc_match), room.it.size);
        rc = rc == ANC_OK ? take_match(&x, c->arena, &room.it, &ret[i]) : rc;
    }
    return call_leave(&x, rc);
}

enum err matcher_judge(struct ctx *c, const struct provider *p, const struct anc_party *payee,
                       const struct anc_party *candidate, struct anc_match *ret) {
    struct anc_match one;
    enum err e = matcher_judge_many(c, p, payee, &candidate, 1, &one);
    if (e == ERR_OK) {
        *ret = one;
    }
    return e;
}
