// SPDX-License-Identifier: Apache-2.0
// Part of the check that asks every provider about made-up facts: twice and on two threads, so that what is
// to be pure is seen to be, and at the edges, where nothing may crash or go out of range.
#include "cli/plugin_check.h"

#include "base/text.h"
#include "plugin/payments.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL_SINK  16
#define ANSWER_MAX  ((size_t)8 * 1024 * 1024)
#define ARENA_BYTES ((size_t)128 * 1024 * 1024)

// How one extension point is asked about the i-th facts; the answer as text.
struct asker {
    uint32_t point;
    const char *what, *verb; // "taggers", "says"
    size_t count;
    void (*ask)(struct ctx *c, const struct provider *p, size_t i, struct strb *out);
};

// Codes that the facts may rightly lead to are part of the answer; faults are asked for separately.
static void put_code(struct strb *out, const struct ctx *c, enum err e) {
    strb_puts(out, err_name(e));
    if (e != ERR_OK && e != ERR_UNSUPPORTED) {
        strb_printf(out, " (%s)", c->err_detail ? c->err_detail : "");
    }
    strb_putc(out, '\n');
}

static void put_findings(struct strb *out, const struct findings *f) {
    for (size_t i = 0; i < f->count; i++) {
        strb_printf(out, "%d %s: %s\n", f->list[i].severity, f->list[i].field, f->list[i].text);
    }
}

static void ask_tagger(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    struct anc_supplier facts = facts_supplier(i);
    struct anc_tag tag = {.size = sizeof tag};
    enum err e = point_judge(c, p, &facts, &tag);
    put_code(out, c, e);
    if (e == ERR_OK) {
        strb_printf(out, "%d %d %s\n%s", tag.decision, tag.score, tag.detail, tag.reasons);
    }
}

static void ask_scorer(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    struct anc_bid bid = facts_bid(c->arena, p, i);
    struct anc_score score = {.size = sizeof score};
    enum err e = point_score(c, p, &bid, &score);
    put_code(out, c, e);
    if (e == ERR_OK) {
        strb_printf(out, "%d %lld\n%s", score.points_milli, (long long)score.value_pence, score.rationale);
    }
}

static void ask_rule(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    struct anc_rule_facts facts = facts_rule(c->arena, i);
    struct anc_rule_result result = {.size = sizeof result};
    enum err e = point_rule(c, p, &facts, &result);
    put_code(out, c, e);
    if (e == ERR_OK) {
        strb_printf(out, "%d %s", result.decision, result.reason);
    }
}

// One notice alone, and every eighth time all up to it as one document.
static void ask_exporter(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    size_t n = i % 8 == 7 ? i + 1 : 1;
    struct anc_notice *list = arena_array(c->arena, n, sizeof *list);
    for (size_t k = 0; k < n; k++) {
        list[k] = facts_notice(c->arena, n == 1 ? i : k);
    }
    struct findings f = {0};
    put_code(out, c, point_notice_check(c, p, &list[0], &f));
    put_findings(out, &f);
    struct findings written = {0};
    struct strb bytes;
    strb_init(&bytes, ANSWER_MAX / 2);
    put_code(out, c, point_notice_write(c, p, list, (uint32_t)n, &bytes, &written));
    put_findings(out, &written);
    strb_put(out, bytes.p, bytes.n);
    strb_free(&bytes);
    strb_init(&bytes, SMALL_SINK); // one that is full at once
    put_code(out, c, point_notice_write(c, p, list, (uint32_t)n, &bytes, &written));
    strb_free(&bytes);
}

// ---- payments files, as a load takes them

#define BLOCK_ROWS 5 // so that a file has more than one block
#define MAP_ROWS   64

static void put_lines(struct strb *out, const struct anc_lines *l, uint32_t rows, struct payments_reader *r) {
    for (uint32_t i = 0; i < rows; i++) {
        strb_printf(out, "%d %lld %lld %d %u %s\n", l->what[i], (long long)l->pence[i],
                    (long long)l->vat_lost_pence[i], l->day[i], l->flags[i],
                    l->what[i] == ANC_ROW_WRONG ? payments_reader_reason(r, l->why[i]) : "");
    }
}

static enum err read_all(struct payments_reader *r, const struct anc_cells *file, struct strb *out) {
    int32_t what[MAP_ROWS], day[MAP_ROWS];
    int64_t pence[MAP_ROWS], vat[MAP_ROWS];
    uint32_t flags[MAP_ROWS], why[MAP_ROWS];
    struct anc_lines lines = {sizeof lines, what, pence, vat, day, flags, why};
    enum err e = ERR_OK;
    for (uint32_t from = 0; from < file->rows && e == ERR_OK; from += BLOCK_ROWS) {
        struct anc_cells block = *file;
        block.rows = file->rows - from < BLOCK_ROWS ? file->rows - from : BLOCK_ROWS;
        block.first = file->first + from;
        block.line = file->line + from;
        e = payments_reader_map(r, &block, &lines);
        if (e == ERR_OK) {
            put_lines(out, &lines, block.rows, r);
        }
    }
    return e;
}

static void ask_reader(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    struct anc_cells file = facts_cells(c->arena, i);
    struct findings f = {0};
    struct payments_reader *r = NULL;
    bool again = true;
    enum err e = payments_reader_open_with(c, p, &file, i % 2 ? "2026-04 payments.csv" : "", NULL, &r, &f);
    put_code(out, c, e);
    put_findings(out, &f);
    if (e != ERR_OK) {
        return;
    }
    while (e == ERR_OK && again) {
        struct findings end = {0};
        e = read_all(r, &file, out);
        e = e ? e : payments_reader_finish(r, &again, &end);
        put_findings(out, &end);
    }
    put_code(out, c, e);
    struct anc_columns columns;
    payments_reader_columns(r, &columns);
    strb_printf(out, "%u %d %d %s\n", columns.head_rows, columns.kind, columns.date_order,
                payments_reader_words(r));
    for (size_t k = 0; k < FACTS_COUNT; k++) {
        struct anc_party party = facts_party(k);
        struct anc_label label = facts_label(i + k);
        int32_t flow = -1;
        put_code(out, c, payments_reader_flow(r, &party, &label, &flow));
        strb_printf(out, "%d\n", flow);
    }
    payments_reader_close(r);
}

static void put_party(struct strb *out, const struct anc_party *p) {
    strb_printf(out, "%d %s|%s|%s|%s|%s|%s|%s|%s\n", p->kind, p->name, p->key, p->other_key, p->form,
                p->company_number, p->charity_number, p->vat_number, p->postcode);
}

static void ask_matcher(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    enum { BLOCKS = 8 };
    struct anc_party given[2] = {facts_party(i), facts_party(i / 2 + 1)}, read[2] = {{.size = 0}};
    uint64_t blocks[BLOCKS];
    uint32_t n = 0;
    for (size_t k = 0; k < 2; k++) {
        enum err e = matcher_read(c, p, &given[k], &read[k]);
        put_code(out, c, e);
        if (e != ERR_OK) {
            return;
        }
        put_party(out, &read[k]);
    }
    put_code(out, c, matcher_blocks(c, p, &read[0], blocks, BLOCKS, &n));
    for (uint32_t k = 0; k < n; k++) {
        strb_printf(out, "%llx ", (unsigned long long)blocks[k]);
    }
    struct anc_match m = {.method = "", .reason = ""};
    put_code(out, c, matcher_judge(c, p, &read[0], &read[1], &m));
    strb_printf(out, "%d %d %s: %s\n", m.verdict, m.score_milli, m.method, m.reason);
}

// Nothing is sent: addresses are only looked at.
static void ask_notifier(struct ctx *c, const struct provider *p, size_t i, struct strb *out) {
    put_code(out, c, point_check_address(c, p, facts_text(i)));
}

static const struct asker askers[] = {
    {ANC_POINT_SUPPLIER_TAGGER, "a tagger is pure", "judges", FACTS_COUNT, ask_tagger},
    {ANC_POINT_BID_SCORER, "a scorer is pure", "scores", FACTS_COUNT, ask_scorer},
    {ANC_POINT_ELIGIBILITY_RULE, "a rule is pure", "judges", FACTS_COUNT, ask_rule},
    {ANC_POINT_NOTICE_EXPORTER, "the same notices give the same bytes", "writes", FACTS_COUNT, ask_exporter},
    {ANC_POINT_PAYMENTS_READER, "any rows of a file are read or refused", "reads", FACTS_FILES, ask_reader},
    {ANC_POINT_PAYEE_MATCHER, "a matcher is pure", "reads and judges", FACTS_COUNT, ask_matcher},
    {ANC_POINT_NOTIFIER, "any address is taken or refused", "looks at", 12, ask_notifier},
};

// ---- asking again --------------------------------------------------------------------------------

// The answer to the i-th facts as heap text.
static char *answer_of(struct ctx *c, const struct asker *a, const struct provider *p, size_t i) {
    struct strb out;
    strb_init(&out, ANSWER_MAX);
    struct arena *before = c->arena;
    c->arena = arena_new(ARENA_BYTES);
    a->ask(c, p, i, &out);
    arena_free(c->arena);
    c->arena = before;
    return out.p;
}

// The first place where two answers differ, a few words of each.
static void say_difference(struct check *k, const struct asker *a, const struct provider *p, size_t i,
                           const char *when, const char *one, const char *other) {
    size_t at = 0;
    while (one[at] && one[at] == other[at]) {
        at++;
    }
    size_t from = at > 20 ? at - 20 : 0;
    while (from > 0 && ((unsigned char)one[from] & 0xC0) == 0x80) {
        from--;
    }
    check_fail(
        k, a->what,
        "\"%s\" %s the same facts (number %zu) in another way %s: \"%.60s\" and \"%.60s\". Decide by the "
        "facts alone; keep nothing between calls.",
        p->key, a->verb, i, when, one + from, other + from);
}

// One of two threads that begin together; they go through the facts from both ends, so that what one leaves
// behind is not what the other would have put there.
struct second {
    pthread_barrier_t *together;
    bool backwards;
    const struct asker *asker;
    const struct provider *provider;
    struct ctx c;
    char **answers;
};

static void *ask_all(void *arg) {
    struct second *s = arg;
    pthread_barrier_wait(s->together);
    for (size_t n = 0; n < s->asker->count; n++) {
        size_t i = s->backwards ? s->asker->count - 1 - n : n;
        s->answers[i] = answer_of(&s->c, s->asker, s->provider, i);
    }
    return NULL;
}

// A unit of work of its own, on a connection of its own when there is a database.
static bool second_open(struct check *k, struct second *s, const struct asker *a, const struct provider *p) {
    struct db *d = NULL;
    char why[512];
    if (k->c.db && db_open(arena_printf(k->arena, "%s dbname=%s", k->server, k->database), true, &d, why,
                           sizeof why) != ERR_OK) {
        check_fail(k, "the throw-away database answers", "%s", why);
        return false;
    }
    *s = (struct second){
        .asker = a, .provider = p, .answers = arena_array(k->arena, a->count, sizeof(char *))};
    ctx_init(&s->c, arena_new(ARENA_BYTES), d);
    s->c.now_usec = k->c.now_usec;
    s->c.plugins = k->c.plugins;
    s->c.sums = &sums_none;
    return true;
}

// One difference is said, not each of them.
static bool compare_and_close(struct check *k, struct second *s, char *const *first, bool good) {
    for (size_t i = 0; i < s->asker->count; i++) {
        if (good && strcmp(first[i], s->answers[i]) != 0) {
            good = false;
            say_difference(k, s->asker, s->provider, i, "on two threads at once", first[i], s->answers[i]);
        }
        free(s->answers[i]);
    }
    db_close(s->c.db);
    arena_free(s->c.arena);
    return good;
}

static bool same_on_threads(struct check *k, const struct asker *a, const struct provider *p,
                            char *const *first) {
    struct second s[2];
    pthread_t thread;
    if (!second_open(k, &s[0], a, p) || !second_open(k, &s[1], a, p)) {
        return false;
    }
    check_now(k, "\"%s\" asked on two threads at once", p->key);
    pthread_barrier_t together;
    pthread_barrier_init(&together, NULL, 2);
    s[0].together = s[1].together = &together;
    s[1].backwards = true;
    if (pthread_create(&thread, NULL, ask_all, &s[0]) != 0) {
        check_fail(k, a->what, "no thread could be made to ask it.");
        return false;
    }
    ask_all(&s[1]);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&together);
    bool good = compare_and_close(k, &s[0], first, true);
    return compare_and_close(k, &s[1], first, good);
}

static void check_provider(struct check *k, const struct asker *a, const struct provider *p, bool quiet) {
    char **first = arena_array(k->arena, a->count, sizeof *first);
    bool good = true;
    size_t asked = 0;
    for (size_t i = 0; good && i < a->count; i++) {
        check_now(k, "%s, \"%s\", facts number %zu", a->what, p->key, i);
        first[i] = answer_of(&k->c, a, p, i);
        asked++;
        good = quiet || !check_faulted(k, a->what);
    }
    for (size_t i = 0; good && !quiet && i < a->count; i++) {
        char *again = answer_of(&k->c, a, p, i);
        if (strcmp(first[i], again) != 0) {
            good = false;
            say_difference(k, a, p, i, "the second time", first[i], again);
        }
        free(again);
    }
    if (good && !quiet && same_on_threads(k, a, p, first) && !check_faulted(k, a->what)) {
        check_ok(k, a->what, "\"%s\": %zu made-up facts, twice and on two threads", p->key, a->count);
    }
    for (size_t i = 0; i < asked; i++) {
        free(first[i]);
    }
}

void check_all_points(struct check *k, bool quiet) {
    for (size_t n = 0; n < sizeof askers / sizeof *askers; n++) {
        struct provider p;
        for (size_t i = 0; provider_at(k->c.plugins, askers[n].point, i, &p); i++) {
            if (strcmp(provider_plugin_id(&p), k->id) == 0) {
                check_provider(k, &askers[n], &p, quiet);
            }
        }
    }
}

void check_part_points(struct check *k) {
    if (check_open(k) && check_start(k, k->dir)) {
        (void)facts_text(11); // makes the long text, before there are threads
        check_all_points(k, false);
    }
}
