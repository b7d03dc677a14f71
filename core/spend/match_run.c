// SPDX-License-Identifier: Apache-2.0
// One payee at a time: candidates by own number, learned name, numbers and name; only when none of them is
// sure, those whose names are alike.
#include "spend/match_run.h"

#include <string.h>

#define CANDIDATES 96  // judged for one payee, at most
#define EXACT_MOST 16  // parties of one name or number that are looked at
#define BLOCK_MOST 40  // a block with more parties than this says nothing
#define FAR_BEHIND 150 // thousandths
#define OWN_MILLI  800

struct candidates {
    const struct match_party *party[CANDIDATES];
    struct anc_party p[CANDIDATES];
    const struct anc_party *pp[CANDIDATES];
    bool own[CANDIDATES];
    size_t n, judged;
};

static const char *const own_words[] = {
    "The anchor paid this supplier under the same supplier number before.",
    "The anchor paid this supplier under the same supplier number before, but the name is another one.",
    "The anchor paid several suppliers under this supplier number before.",
};

static bool same_party(const struct match_party *a, const struct match_party *b) {
    return a->id == b->id && a->entry == b->entry && strcmp(a->p.postcode, b->p.postcode) == 0;
}

// The place of a party among the candidates, CANDIDATES when there is no room for it.
static size_t candidate(struct candidates *k, const struct match_index *suppliers,
                        const struct match_index *reg, const struct match_party *party) {
    for (size_t i = 0; i < k->n; i++) {
        if (same_party(k->party[i], party)) {
            return i;
        }
    }
    if (k->n == CANDIDATES) {
        return CANDIDATES;
    }
    size_t i = k->n++;
    k->party[i] = party;
    k->p[i] = party->p;
    k->p[i].same_name =
        match_index_namesakes(suppliers, party->p.key) + match_index_namesakes(reg, party->p.key);
    k->p[i].alias = 0;
    k->pp[i] = &k->p[i];
    k->own[i] = false;
    return i;
}

struct match_desk {
    struct ctx *c;
    const struct provider *matcher;
    const struct match_index *suppliers, *reg;
    struct match_payee *payee;
    struct candidates k;
    struct anc_match m[CANDIDATES];
};

struct match_desk *match_desk(struct ctx *c, const struct provider *p, const struct match_index *suppliers,
                              const struct match_index *reg) {
    struct match_desk *d = arena_alloc(c->arena, sizeof *d);
    d->c = c;
    d->matcher = p;
    d->suppliers = suppliers;
    d->reg = reg;
    return d;
}

static void find(struct match_desk *r, const struct match_index *ix, uint64_t hash, uint32_t most,
                 bool alias) {
    uint32_t found[BLOCK_MOST];
    uint32_t n = match_index_find(ix, hash, found, most);
    if (n > most && most == BLOCK_MOST) {
        return;
    }
    for (uint32_t i = 0; i < n && i < most; i++) {
        size_t at = candidate(&r->k, r->suppliers, r->reg, match_index_party(ix, found[i]));
        if (at < CANDIDATES && alias) {
            r->k.p[at].alias = 1;
        }
    }
}

static void find_text(struct match_desk *r, const struct match_index *ix, enum match_by by,
                      const char *text) {
    if (ix && *text) {
        find(r, ix, match_hash(by, text), EXACT_MOST, false);
    }
}

static void find_sure(struct match_desk *r) {
    const struct match_payee *y = r->payee;
    for (size_t i = 0; i < y->own_count; i++) {
        const struct match_party *s = match_index_supplier(r->suppliers, y->own[i]);
        size_t at = s ? candidate(&r->k, r->suppliers, r->reg, s) : CANDIDATES;
        if (at < CANDIDATES) {
            r->k.own[at] = true;
        }
    }
    if (*y->p.key) {
        if (y->anchor_id) {
            find(r, r->suppliers, match_hash_alias(y->p.key, y->anchor_id), EXACT_MOST, true);
        }
        find(r, r->suppliers, match_hash_alias(y->p.key, 0), EXACT_MOST, true);
    }
    const struct match_index *all[] = {r->suppliers, r->reg};
    for (size_t i = 0; i < 2; i++) {
        find_text(r, all[i], MATCH_BY_COMPANY, y->p.company_number);
        find_text(r, all[i], MATCH_BY_CHARITY, y->p.charity_number);
        find_text(r, all[i], MATCH_BY_VAT, y->p.vat_number);
        find_text(r, all[i], MATCH_BY_KEY, y->p.key);
        find_text(r, all[i], MATCH_BY_KEY, y->p.other_key);
    }
}

static bool refused(const struct match_payee *y, const struct match_party *party) {
    for (size_t i = 0; i < y->refused_count; i++) {
        if (party->id && party->id == y->refused[i]) {
            return true;
        }
    }
    return false;
}

static bool numbers_differ(const struct anc_party *a, const struct anc_party *b) {
    return (*a->company_number && *b->company_number && strcmp(a->company_number, b->company_number) != 0) ||
           (*a->charity_number && *b->charity_number && strcmp(a->charity_number, b->charity_number) != 0);
}

// The anchor's own number stands above all else, as long as nothing speaks against it.
static void judge_own(const struct match_desk *r, size_t i, struct anc_match *m) {
    const struct match_payee *y = r->payee;
    bool several = false;
    for (size_t a = 1; a < y->own_count; a++) {
        const struct match_party *x = match_index_supplier(r->suppliers, y->own[0]),
                                 *z = match_index_supplier(r->suppliers, y->own[a]);
        several |= !x || !z || x->root != z->root;
    }
    bool fits = (m->verdict != ANC_MATCH_NO || y->own_same_name) && !numbers_differ(&y->p, &r->k.p[i]);
    if (m->verdict == ANC_MATCH_YES && several) {
        return;
    }
    m->method = "own_number";
    m->verdict = fits && !several ? ANC_MATCH_YES : ANC_MATCH_REVIEW;
    m->score_milli = m->verdict == ANC_MATCH_YES ? 1000 : several ? OWN_MILLI - 100 : OWN_MILLI;
    m->reason = own_words[several ? 2 : fits ? 0 : 1];
}

static bool better(const struct match_hit *a, const struct match_hit *b) {
    if (a->m.verdict != b->m.verdict) {
        return a->m.verdict > b->m.verdict;
    }
    if (a->own != b->own && a->m.verdict == ANC_MATCH_YES) {
        return a->own;
    }
    if (a->m.score_milli != b->m.score_milli) {
        return a->m.score_milli > b->m.score_milli;
    }
    return a->party->id != b->party->id
               ? (a->party->id != 0) > (b->party->id != 0) ||
                     ((a->party->id != 0) == (b->party->id != 0) && a->party->id < b->party->id)
               : a->party->entry < b->party->entry;
}

// Keeps the best, one for each business.
static void keep(struct match_payee *y, const struct match_hit *h) {
    size_t at = y->hits;
    for (size_t i = 0; i < y->hits; i++) {
        if (y->hit[i].party->root == h->party->root && y->hit[i].party->entry == h->party->entry) {
            if (!better(h, &y->hit[i])) {
                return;
            }
            y->hits--;
            memmove(&y->hit[i], &y->hit[i + 1], (y->hits - i) * sizeof *y->hit);
            at = y->hits;
            break;
        }
    }
    while (at > 0 && better(h, &y->hit[at - 1])) {
        at--;
    }
    if (at == MATCH_PROPOSALS) {
        return;
    }
    size_t moved = (y->hits < MATCH_PROPOSALS ? y->hits : MATCH_PROPOSALS - 1) - at;
    memmove(&y->hit[at + 1], &y->hit[at], moved * sizeof *y->hit);
    y->hit[at] = *h;
    y->hits += y->hits < MATCH_PROPOSALS;
}

static enum err judge(struct match_desk *r) {
    struct anc_match *m = r->m;
    size_t from = r->k.judged, n = r->k.n - from;
    r->k.judged = r->k.n;
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = matcher_judge_many(r->c, r->matcher, &r->payee->p, r->k.pp + from, n, m);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 0; i < n; i++) {
        struct match_hit h = {.party = r->k.party[from + i], .m = m[i], .own = r->k.own[from + i]};
        if (h.own) {
            judge_own(r, from + i, &h.m);
        }
        if (h.m.verdict == ANC_MATCH_YES && refused(r->payee, h.party)) {
            h.m.verdict = ANC_MATCH_REVIEW;
            h.m.reason = arena_printf(r->c->arena, "A person took this tie back before. %s", h.m.reason);
        }
        if (h.m.verdict != ANC_MATCH_NO) {
            keep(r->payee, &h);
        }
    }
    return ERR_OK;
}

// What is far less likely than the best is not worth a look.
static void drop_far_behind(struct match_payee *y) {
    while (y->hits > 1 && y->hit[y->hits - 1].m.verdict == ANC_MATCH_REVIEW &&
           y->hit[y->hits - 1].m.score_milli + FAR_BEHIND < y->hit[0].m.score_milli) {
        y->hits--;
    }
}

// Two answers that are equally sure are no answer.
static void settle(struct match_payee *y) {
    if (y->hits == 0 || y->hit[0].m.verdict != ANC_MATCH_YES) {
        return;
    }
    bool twice = y->hits > 1 && y->hit[1].m.verdict == ANC_MATCH_YES && y->hit[1].own == y->hit[0].own &&
                 y->hit[1].m.score_milli == y->hit[0].m.score_milli;
    y->is_tied = !twice;
}

// Beside a party that has the very name none is sought among those whose names are only alike.
static bool has_its_name(const struct match_payee *y) {
    for (size_t i = 0; i < y->hits; i++) {
        if (y->hit[i].m.verdict == ANC_MATCH_YES || strcmp(y->hit[i].party->p.key, y->p.key) == 0) {
            return true;
        }
    }
    return false;
}

enum err match_run(struct match_desk *desk, const uint64_t *blocks, uint32_t block_count,
                   struct match_payee *payee) {
    desk->payee = payee;
    desk->k.n = desk->k.judged = 0;
    payee->hits = 0;
    payee->is_tied = false;
    if (payee->p.kind == ANC_PARTY_HIDDEN || payee->p.kind == ANC_PARTY_NOBODY) {
        return ERR_OK;
    }
    find_sure(desk);
    enum err e = judge(desk);
    if (e == ERR_OK && !has_its_name(payee)) {
        for (uint32_t i = 0; i < block_count; i++) {
            find(desk, desk->suppliers, match_hash_block(blocks[i]), BLOCK_MOST, false);
        }
        e = judge(desk);
    }
    settle(payee);
    drop_far_behind(payee);
    return e;
}
