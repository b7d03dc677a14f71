// SPDX-License-Identifier: Apache-2.0
// An adversary asks everything that the public may ask of an invented place with many small groups, writes
// down every answer, and looks for two that tell what fewer than five suppliers were paid. What each answer
// is of is worked out here, from the payments, and not asked of the program.
#include "cubetest.h"
#include "spend/public_sums.h"
#include "spend/sums.h"
#include "support/plugtest.h"

#include <stdlib.h>
#include <string.h>

static struct plugtest plugins;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    plugins = plugtest_start(((struct dbtest *)*state)->c, BINARY_DIR "/plugins", "local_spend");
    return rc;
}

static int tear_down(void **state) {
    return plugtest_teardown(state, &plugins);
}

// ---- the place ------------------------------------------------------------------------------------------

#define FIRMS    66
#define NAMELESS 2 // payees whose name is hidden, behind the firms
#define PAYMENTS 192
#define WORDS    (PAYMENTS / 64)

static const char *const anchors[] = {"council", "hospital"};
static const char *const wards[] = {"", "E05000001", "E05000002", "E05000004", "E05000005"};
static const char *const sectors[] = {"", "catering", "construction", "transport"};
static const char *const sizes[] = {"", "micro", "small", "medium", "large"};
static const struct {
    const char *decision, *class;
} tags[] = {{"no", ""},           {"yes", ""},    {"policy", "housing"},
            {"policy", "mutual"}, {"review", ""}, {"unknown", ""}};
#define TAGS 6u

struct firm {
    uint32_t place[3], ward[3]; // ANC_PLACE_*, number of a ward; by rule
    uint32_t sector, size, tag;
    bool untied; // to no supplier: nothing but its address on invoices is known
};
struct payment {
    uint32_t firm, anchor, flow;
    int32_t year;
    int64_t pence;
};
static struct firm firms[FIRMS + NAMELESS];
static struct payment payments[PAYMENTS];
static size_t payment_count;

// Firms come in clusters that are alike but for a few, so that many groups are nearly the same.
static void invent_firm(struct world *w, uint32_t n) {
    uint32_t cluster = world_random(w, 6);
    bool odd = world_random(w, 6) == 0;
    struct firm *f = &firms[n];
#define PICK(usual, most) (odd && world_random(w, 2) ? world_random(w, most) : (usual) % (most))
    *f = (struct firm){
        .sector = PICK(cluster, 4), .size = 1 + PICK(cluster + 1, 4), .tag = PICK(cluster / 2, TAGS)};
    for (int rule = 0; rule < 3; rule++) {
        uint32_t place = cluster < 4 ? 0 : cluster - 3;
        f->place[rule] = world_random(w, 9) == 0 ? world_random(w, 3) : place;
        f->ward[rule] = f->place[rule] == ANC_PLACE_LOCAL ? 1 + PICK(cluster, 4) : 0;
    }
#undef PICK
    if (f->place[0] == ANC_PLACE_UNKNOWN) { // without an address on invoices the registered office counts
        f->place[0] = f->place[1];
        f->ward[0] = f->ward[1];
    }
    if (world_random(w, 8) == 0) {
        f->untied = true;
        f->sector = f->size = 0;
        f->tag = TAGS - 1;
        f->place[1] = f->place[2] = ANC_PLACE_UNKNOWN;
        f->ward[1] = f->ward[2] = 0;
    }
}

static void store_place(struct world *w, uint32_t n, int rule) {
    static const char *const kinds[] = {"invoice", "registered", "operations"};
    const struct firm *f = &firms[n];
    if (f->place[rule] == ANC_PLACE_UNKNOWN) {
        return;
    }
    bool local = f->place[rule] == ANC_PLACE_LOCAL;
    dbtest_run(
        w->c,
        "INSERT INTO core.supplier_place (supplier_id, kind, postcode, is_local, lad_code, ward_code) SELECT "
        "id, '%s', 'WN1 9ZZ', %s, '%s', nullif('%s', '') FROM core.organisation WHERE ref = 'f%u'",
        kinds[rule], local ? "true" : "false", local ? "E08000010" : "E08000002", wards[f->ward[rule]], n);
}

static void store_untied(struct world *w, uint32_t n) {
    const struct firm *f = &firms[n];
    bool local = f->place[0] == ANC_PLACE_LOCAL;
    dbtest_run(
        w->c,
        "INSERT INTO core.payee (id, match_name, name, is_local, lad_code, ward_code) VALUES (%u, 'FIRM %u', "
        "'Firm %u', %s, '%s', nullif('%s', ''))",
        n + 1, n, n,
        f->place[0] == ANC_PLACE_UNKNOWN ? "NULL"
        : local                          ? "true"
                                         : "false",
        local ? "E08000010" : "E08000002", wards[f->ward[0]]);
}

static void store_firm(struct world *w, uint32_t n) {
    const struct firm *f = &firms[n];
    if (f->untied) {
        store_untied(w, n);
        return;
    }
    dbtest_run(
        w->c,
        "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('f%u', 'supplier', 'Firm %u') "
        "RETURNING id) INSERT INTO core.supplier (id, match_name, postcode, sector, size) SELECT id, 'F', "
        "'', "
        "'%s', '%s' FROM o RETURNING id",
        n, n, sectors[f->sector], sizes[f->size]);
    for (int rule = 0; rule < 3; rule++) {
        store_place(w, n, rule);
    }
    dbtest_run(
        w->c,
        "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, policy_class, score, reasons, "
        "decided_at) SELECT id, 'vcfse', 'vcfse', '%s', '%s', 50, '', now() FROM core.organisation WHERE "
        "ref = 'f%u'",
        tags[f->tag].decision, tags[f->tag].class, n);
    dbtest_run(
        w->c,
        "INSERT INTO core.payee (id, match_name, name, supplier_id) SELECT %u, 'FIRM %u', 'Firm %u', id FROM "
        "core.organisation WHERE ref = 'f%u'",
        n + 1, n, n, n);
}

static void pay(struct world *w, const int64_t load[2], uint32_t firm) {
    static const uint32_t flows[] = {ANC_FLOW_PROCUREMENT, ANC_FLOW_PROCUREMENT, ANC_FLOW_PROCUREMENT,
                                     ANC_FLOW_PROCUREMENT, ANC_FLOW_CARD,        ANC_FLOW_GRANT,
                                     ANC_FLOW_INDIVIDUAL};
    if (payment_count == PAYMENTS) {
        return;
    }
    struct payment *p = &payments[payment_count++];
    *p = (struct payment){.firm = firm,
                          .anchor = world_random(w, 5) == 0,
                          .flow = firm >= FIRMS ? ANC_FLOW_HIDDEN : flows[world_random(w, 7)],
                          .year = world_random(w, 5) ? 2025 : 2024,
                          .pence = 1000 + (int64_t)world_random(w, 900000000)};
    world_line(w->c, load[p->anchor], arena_printf(w->c->arena, "%u", firm + 1),
               p->year == 2025 ? "2025-06-01" : "2024-06-01", "Care", (int)p->flow, p->pence);
}

static void make_place(struct world *w, struct dbtest *t, uint64_t seed) {
    world_make(w, t, seed, 0, 0);
    dbtest_run(w->c, "INSERT INTO core.ward VALUES ('E05000004', 'East', 'E08000010'), ('E05000005', 'West', "
                     "'E08000010')");
    dbtest_run(w->c, "INSERT INTO core.plugin_setting (plugin, key, value) VALUES ('local_spend', "
                     "'include_housing', '1')");
    const int64_t load[] = {world_load(w->c, "council"), world_load(w->c, "hospital")};
    payment_count = 0;
    for (uint32_t i = 0; i < FIRMS; i++) {
        invent_firm(w, i);
        store_firm(w, i);
    }
    for (uint32_t i = FIRMS; i < FIRMS + NAMELESS; i++) {
        firms[i] = (struct firm){.place = {2, 2, 2}, .tag = 5};
        dbtest_run(w->c,
                   "INSERT INTO core.payee (id, match_name, name, redacted) VALUES (%u, '(%u)', '(name "
                   "hidden)', true)",
                   i + 1, i);
    }
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < FIRMS + NAMELESS; i++) {
            if (round == 0 || world_random(w, 2)) {
                pay(w, load, i);
            }
        }
    }
    world_sums(w->c, load[0]);
    world_sums(w->c, load[1]);
}

// ---- what an answer is of -------------------------------------------------------------------------------

static bool has_class(const char *list, const char *class) {
    const char *at = *class ? strstr(list, class) : strchr(list, '-');
    return at != NULL;
}

static uint32_t decision_of(const struct firm *f) {
    static const uint32_t decisions[TAGS] = {ANC_VCFSE_NO,     ANC_VCFSE_YES,    ANC_VCFSE_POLICY,
                                             ANC_VCFSE_POLICY, ANC_VCFSE_REVIEW, ANC_VCFSE_UNKNOWN};
    return decisions[f->tag];
}

static bool takes_tag(const struct anc_slice *s, const struct firm *f) {
    uint32_t d = decision_of(f);
    if (*s->vcfse_classes && d == ANC_VCFSE_POLICY) {
        return has_class(s->vcfse_classes, tags[f->tag].class);
    }
    return (!s->vcfse && !*s->vcfse_classes) || s->vcfse >> d & 1;
}

static bool takes(const struct anc_slice *s, const struct payment *p) {
    const struct firm *f = &firms[p->firm];
    return p->year >= s->from_year && p->year <= s->to_year && (!s->flows || s->flows >> p->flow & 1) &&
           (!*s->anchor_ref || strcmp(s->anchor_ref, anchors[p->anchor]) == 0) &&
           (!s->places || s->places >> f->place[s->rule] & 1) &&
           (!*s->ward || strcmp(s->ward, wards[f->ward[s->rule]]) == 0) &&
           (!*s->sector || strcmp(s->sector, sectors[f->sector]) == 0) &&
           (!s->sizes || (f->size && s->sizes >> (f->size - 1) & 1)) && takes_tag(s, f);
}

static const char *key_of(const struct payment *p, int32_t by, int32_t rule) {
    static const char *const flows[] = {"procurement",     "grant",        "credit",
                                        "public_transfer", "pass_through", "individual",
                                        "treasury",        "card",         "hidden"};
    static const char *const places[] = {"local", "elsewhere", "unknown"};
    const struct firm *f = &firms[p->firm];
    switch (by) {
    case ANC_BY_ANCHOR:
        return anchors[p->anchor];
    case ANC_BY_FLOW:
        return flows[p->flow];
    case ANC_BY_PLACE:
        return places[f->place[rule]];
    case ANC_BY_WARD:
        return wards[f->ward[rule]];
    case ANC_BY_SECTOR:
        return sectors[f->sector];
    case ANC_BY_SIZE:
        return sizes[f->size];
    case ANC_BY_VCFSE:
        return tags[f->tag].decision;
    case ANC_BY_VCFSE_CLASS:
        return tags[f->tag].class;
    default:
        return "";
    }
}

struct answer {
    uint64_t of[WORDS]; // payments
    bool published;     // by the public body itself: all that it paid in a year
    const char *words;
};

static struct answer answers[20000];
static size_t answer_count;

static int suppliers_in(const uint64_t of[WORDS]) {
    uint8_t met[FIRMS + NAMELESS] = {0};
    int n = 0;
    for (size_t i = 0; i < payment_count; i++) {
        uint32_t firm = payments[i].firm;
        if (of[i / 64] >> (i % 64) & 1 && firm < FIRMS && !met[firm]) {
            met[firm] = 1;
            n++;
        }
    }
    return n;
}

static void write_down(struct arena *a, const uint64_t of[WORDS], bool published, const char *words) {
    for (size_t i = 0; i < answer_count; i++) {
        if (memcmp(answers[i].of, of, sizeof answers[i].of) == 0) {
            answers[i].published = answers[i].published || published;
            return;
        }
    }
    assert_true(answer_count < sizeof answers / sizeof *answers);
    struct answer *x = &answers[answer_count++];
    memcpy(x->of, of, sizeof x->of);
    x->published = published || suppliers_in(of) == 0; // whose payee nobody names
    x->words = arena_strdup(a, words);
}

// ---- asking -----------------------------------------------------------------------------------------------

#define USUAL                                                                                                \
    (1u << ANC_FLOW_PROCUREMENT | 1u << ANC_FLOW_CREDIT | 1u << ANC_FLOW_PASS_THROUGH |                      \
     1u << ANC_FLOW_CARD | 1u << ANC_FLOW_GRANT)

static bool is_published(const struct anc_slice *s) {
    return (s->flows == USUAL || s->flows == 0) && !s->places && !*s->ward && !*s->sector && !s->sizes &&
           !s->vcfse && !*s->vcfse_classes;
}

static const char *words_of(struct arena *a, const struct anc_slice *s, const char *key, const char *then) {
    return arena_printf(
        a,
        "%d rule %d anchor '%s' flows %x places %x ward '%s' sector '%s' sizes %x vcfse %x '%s' by "
        "%d '%s' %d '%s'",
        s->from_year, s->rule, s->anchor_ref, s->flows, s->places, s->ward, s->sector, s->sizes, s->vcfse,
        s->vcfse_classes, s->by, key, s->then_by, then);
}

// A table of a choice, as plugins get it; rows that may not stand alone have no number of payments.
static void take_rows(struct world *w, const struct anc_slice *s, struct arena *kept) {
    struct ctx *c = w->by;
    uint32_t n = 0;
    const struct anc_sum *rows;
    assert_err(c, c->sums->slice(c, c->sums, s, &n, &rows), ERR_OK);
    for (uint32_t i = 0; i < n; i++) {
        const struct anc_sum *row = ANC_AT(rows, i);
        uint64_t of[WORDS] = {0};
        int64_t pence = 0;
        if (row->lines == 0) {
            continue;
        }
        for (size_t k = 0; k < payment_count; k++) {
            if (takes(s, &payments[k]) && strcmp(key_of(&payments[k], s->by, s->rule), row->key) == 0 &&
                strcmp(key_of(&payments[k], s->then_by, s->rule), row->then_key) == 0) {
                of[k / 64] |= (uint64_t)1 << (k % 64);
                pence += payments[k].pence;
            }
        }
        const char *words = words_of(c->arena, s, row->key, row->then_key);
        if (pence != row->pence) {
            fail_msg("%s: %lld pence, not %lld", words, (long long)row->pence, (long long)pence);
        }
        bool whole = (s->by == ANC_BY_NOTHING || s->by == ANC_BY_ANCHOR) && is_published(s);
        write_down(kept, of, whole, words);
    }
}

static void take_page(struct world *w, const struct anc_slice *chosen, struct arena *kept) {
    static const int32_t by[][2] = {{ANC_BY_NOTHING, ANC_BY_NOTHING},  {ANC_BY_ANCHOR, ANC_BY_NOTHING},
                                    {ANC_BY_PLACE, ANC_BY_NOTHING},    {ANC_BY_WARD, ANC_BY_NOTHING},
                                    {ANC_BY_SECTOR, ANC_BY_PLACE},     {ANC_BY_SECTOR, ANC_BY_NOTHING},
                                    {ANC_BY_SIZE, ANC_BY_NOTHING},     {ANC_BY_ANCHOR, ANC_BY_PLACE},
                                    {ANC_BY_VCFSE, ANC_BY_VCFSE_CLASS}};
    static const struct {
        uint32_t vcfse;
        const char *classes;
    } sets[] = {{1u << ANC_VCFSE_YES, ""},
                {1u << ANC_VCFSE_YES, "housing"},
                {1u << ANC_VCFSE_YES | 1u << ANC_VCFSE_POLICY | 1u << ANC_VCFSE_REVIEW, ""}};
    struct anc_slice s = *chosen;
    s.flows = s.flows ? s.flows : USUAL;
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        s.by = by[i][0];
        s.then_by = by[i][1];
        take_rows(w, &s, kept);
    }
    s.then_by = ANC_BY_NOTHING;
    for (size_t i = 0; i < 3 && !s.vcfse; i++) {
        s.vcfse = sets[i].vcfse;
        s.vcfse_classes = sets[i].classes;
        for (int k = 0; k < 2; k++) {
            s.by = k ? ANC_BY_WARD : ANC_BY_PLACE;
            take_rows(w, &s, kept);
        }
        s.vcfse = 0;
        s.vcfse_classes = "";
    }
    s.flows = 0; // of all kinds
    s.by = ANC_BY_FLOW;
    if (!chosen->flows) {
        take_rows(w, &s, kept);
    }
}

static size_t asked, told;

static void ask(struct world *w, struct cube *k, const struct anc_slice *s, struct arena *kept) {
    struct ctx *c = w->by;
    struct sums_unit u;
    struct public_sums seen;
    enum public_verdict v = PUBLIC_TOLD;
    sums_begin(&u, k, c);
    assert_err(c, public_sums_begin(&seen, c, s, &v), ERR_OK);
    asked++;
    told += v == PUBLIC_TOLD;
    if (v == PUBLIC_TOLD) {
        take_page(w, s, kept);
    }
    public_sums_end(&seen, c);
    sums_end(&u, c);
    arena_reset(c->arena);
}

// The n-th value of a filter, 0 not chosen; false: there are no more.
static bool set_filter(struct anc_slice *s, int filter, uint32_t n) {
    static const uint32_t flows[] = {ANC_FLOW_PROCUREMENT, ANC_FLOW_GRANT, ANC_FLOW_CARD, ANC_FLOW_INDIVIDUAL,
                                     ANC_FLOW_HIDDEN};
    static const uint32_t size_sets[] = {1, 2, 4, 8, 7};
    const uint32_t yes = 1u << ANC_VCFSE_YES, no = 1u << ANC_VCFSE_NO, open = 1u << ANC_VCFSE_UNKNOWN;
    switch (filter) {
    case 0:
        s->anchor_ref = n && n <= 2 ? anchors[n - 1] : "";
        return n <= 2;
    case 1:
        s->flows = n && n <= 5 ? 1u << flows[n - 1] : 0;
        return n <= 5;
    case 2:
        s->places = n && n <= 3 ? 1u << (n - 1) : 0;
        return n <= 3;
    case 3:
        s->ward = n && n <= 4 ? wards[n] : "";
        return n <= 4;
    case 4:
        s->sector = n && n <= 3 ? sectors[n] : "";
        return n <= 3;
    case 5: // as the page asks: the headline's, and all others
        s->vcfse = n == 1 ? yes : n == 2 ? no | open | 1u << ANC_VCFSE_REVIEW : 0;
        s->vcfse_classes = n == 1 ? "housing" : n == 2 ? "- mutual" : "";
        return n <= 2;
    default:
        s->sizes = n && n <= 5 ? size_sets[n - 1] : 0;
        return n <= 5;
    }
}

static void ask_all(struct world *w, struct cube *k, struct anc_slice *s, int filter, int chosen,
                    struct arena *kept) {
    if (filter == 7) {
        ask(w, k, s, kept);
        return;
    }
    for (uint32_t n = 0; set_filter(s, filter, n) && (n == 0 || chosen < PUBLIC_FILTERS); n++) {
        ask_all(w, k, s, filter + 1, chosen + (n > 0), kept);
    }
    set_filter(s, filter, 0);
}

// ---- the attack -------------------------------------------------------------------------------------------

static void assert_nothing_is_told_of_a_few(void) {
    for (size_t i = 0; i < answer_count; i++) {
        const struct answer *x = &answers[i];
        int n = suppliers_in(x->of);
        if (n > 0 && n < 5 && !x->published) {
            fail_msg("%d suppliers: %s", n, x->words);
        }
        for (size_t k = 0; k < i; k++) {
            const struct answer *y = &answers[k];
            uint64_t differ[WORDS];
            int bits = 0;
            for (int j = 0; j < WORDS; j++) {
                differ[j] = x->of[j] ^ y->of[j];
                bits += __builtin_popcountll(differ[j]);
            }
            n = bits > 16 ? 5 : suppliers_in(differ); // nobody is paid that often
            if (n > 0 && n < 5 && !(x->published && y->published)) {
                fail_msg("%d suppliers are told by\n  %s\nless\n  %s", n, x->words, y->words);
            }
        }
    }
}

static void attack(struct dbtest *t, uint64_t seed) {
    struct world w;
    struct arena *kept = arena_new((size_t)64 << 20);
    make_place(&w, t, seed);
    w.by->plugins = t->c->plugins;
    struct cube *k = cube_new();
    answer_count = asked = told = 0;
    for (int32_t year = 2024; year <= 2025; year++) {
        for (int32_t rule = 0; rule < 3; rule++) {
            struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
            s.from_year = s.to_year = year;
            s.rule = rule;
            ask_all(&w, k, &s, 0, 0, kept);
        }
    }
    print_message("seed %llu: %zu choices, %zu told, %zu different answers\n", (unsigned long long)seed,
                  asked, told, answer_count);
    assert_true(told > 20);
    assert_nothing_is_told_of_a_few();
    cube_free(k);
    world_end(&w);
    arena_free(kept);
}

static void test_no_two_public_answers_tell_what_fewer_than_five_suppliers_were_paid(void **state) {
    attack(*state, 3);
}

static void test_nor_in_another_place(void **state) {
    attack(*state, 11);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_no_two_public_answers_tell_what_fewer_than_five_suppliers_were_paid),
        T(test_nor_in_another_place),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
