// SPDX-License-Identifier: Apache-2.0
// What kind of flow a payment is: the rules of flow_words.c, first match first, and the shape of councils.
#include "flow.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "cell.h"
#include "flow_words.h"
#include "phrase.h"

enum { TEXT_BYTES = 384, COUNCIL_WORDS = 7, LABELS = 2 };

enum { RULES_MOST = 64 };

// The lists of flow_words.c and of this file, entered in one book when the first text comes.
static struct {
    struct phrase_book book;
    struct {
        struct phrase_set any, with, without;
    } rules[RULES_MOST];
    struct phrase_set council_sure, council_maybe, city_of, no_council, body, forms;
    struct phrase_set telling; // without one of these no rule fits
} lists;
static pthread_once_t lists_once = PTHREAD_ONCE_INIT;

static void make_lists(void) {
    // Local authorities: "Wigan Borough Council", "Metropolitan Borough of Wigan", "Rochdale MBC".
    static const char *const sure[] = {"CITY COUNCIL$",
                                       "COUNTY COUNCIL$",
                                       "BOROUGH COUNCIL$",
                                       "DISTRICT COUNCIL$",
                                       "METROPOLITAN COUNCIL$",
                                       "PARISH COUNCIL$",
                                       "TOWN COUNCIL$",
                                       "LONDON BOROUGH OF",
                                       "METROPOLITAN BOROUGH OF",
                                       "ROYAL BOROUGH OF",
                                       "MBC$",
                                       "MDC$",
                                       "M B C$",
                                       "^CITY OF LONDON CORPORATION$",
                                       NULL};
    static const char *const maybe[] = {"COUNCIL$", NULL}, *const city_of[] = {"^CITY OF", NULL};
    static const char *const forms[] = {"LTD", "LIMITED", "PLC$", "LLP$", "CIC$", "CIO$", "L T D$", NULL};
    phrase_begin(&lists.book);
    for (size_t i = 0; i < spend_flow_rule_count && i < RULES_MOST; i++) {
        const struct flow_rule *r = &spend_flow_rules[i];
        lists.rules[i].any = phrase_list(&lists.book, r->any);
        lists.rules[i].with = phrase_list(&lists.book, r->with);
        lists.rules[i].without = phrase_list(&lists.book, r->without);
    }
    lists.council_sure = phrase_list(&lists.book, sure);
    lists.council_maybe = phrase_list(&lists.book, maybe);
    lists.city_of = phrase_list(&lists.book, city_of);
    lists.telling = lists.council_sure;
    phrase_add(&lists.telling, &lists.council_maybe);
    for (size_t i = 0; i < spend_flow_rule_count && i < RULES_MOST; i++) {
        phrase_add(&lists.telling, &lists.rules[i].any);
    }
    lists.telling.bits[0] &= ~UINT64_C(1); // the empty phrase stands for persons, who are asked for by kind
    lists.no_council = phrase_list(&lists.book, spend_no_council);
    lists.body = phrase_list(&lists.book, spend_body_words);
    lists.forms = phrase_list(&lists.book, forms);
}

size_t spend_flow_phrases(void) {
    pthread_once(&lists_once, make_lists);
    return lists.book.count;
}

struct texts {
    char name[TEXT_BYTES];
    struct phrase_set in_name,
        in_label[LABELS]; // category, purpose; departments ("Fostering") pay all kinds of bills
    bool form, body, person, public;
};

// Upper-case words without AND, one blank between them; a number at the end is the publisher's own count.
static void read_words(const char *text, char out[TEXT_BYTES]) {
    char words[TEXT_BYTES];
    size_t n = 0;
    cell_words(words, sizeof words, text);
    for (char *p = words; *p;) {
        size_t len = strcspn(p, " ");
        bool last = p[len] == 0, number = strspn(p, "0123456789") == len;
        if (!(len == 3 && strncmp(p, "AND", 3) == 0) && !(last && number && n)) {
            out[n] = ' ';
            memcpy(out + n + (n > 0), p, len);
            n += len + (n > 0);
        }
        p += len + !last;
    }
    out[n] = 0;
}

static size_t word_count(const char *words) {
    size_t n = *words != 0;
    for (; *words; words++) {
        n += *words == ' ';
    }
    return n;
}

// A local authority. Councils of other kinds (voluntary service, mosques, youth, churches) are none.
static bool is_council(const struct texts *t) {
    const struct phrase_set *in = &t->in_name;
    if (t->form || phrase_meet(in, &lists.council_sure)) {
        return !t->form;
    }
    if (!phrase_meet(in, &lists.council_maybe)) {
        return false;
    }
    size_t n = word_count(t->name);
    return phrase_meet(in, &lists.city_of) ||
           (n >= 2 && n <= COUNCIL_WORDS && !phrase_meet(in, &lists.no_council));
}

static bool set_fits(size_t rule, const struct phrase_set *in) {
    return phrase_meet(in, &lists.rules[rule].any) &&
           (!spend_flow_rules[rule].with || phrase_meet(in, &lists.rules[rule].with)) &&
           !phrase_meet(in, &lists.rules[rule].without);
}

static bool rule_fits(size_t rule, const struct texts *t) {
    const struct flow_rule *r = &spend_flow_rules[rule];
    if (((r->when & WHEN_NO_FORM) && t->form) || ((r->when & WHEN_NO_BODY) && t->body) ||
        ((r->when & WHEN_PUBLIC) && !t->public) || ((r->when & WHEN_PERSON) && !t->person)) {
        return false;
    }
    return r->in == IN_NAME ? set_fits(rule, &t->in_name)
                            : set_fits(rule, &t->in_label[0]) || set_fits(rule, &t->in_label[1]);
}

static const struct flow_rule *first_rule(const struct texts *t, int32_t only) {
    for (size_t i = 0; i < spend_flow_rule_count; i++) {
        const struct flow_rule *r = &spend_flow_rules[i];
        bool asked = only < 0 || (r->flow == only && r->in == IN_NAME);
        if (asked && rule_fits(i, t)) {
            return r;
        }
    }
    return NULL;
}

// A label goes with many payees, so what was found in the last ones is kept, by a hash of its text.
static struct phrase_set label_phrases(const char *text) {
    enum { KEPT = 1024, KEPT_BYTES = 120 };
    static _Thread_local struct {
        char text[KEPT_BYTES];
        struct phrase_set set;
    } kept[KEPT];
    char words[TEXT_BYTES];
    uint32_t h = 2166136261u; // FNV-1a
    size_t n = 0;
    for (; text[n]; n++) {
        h = (h ^ (unsigned char)text[n]) * 16777619u;
    }
    size_t at = (h ^ h >> 16) % KEPT;
    if (n > 0 && n < KEPT_BYTES && memcmp(kept[at].text, text, n + 1) == 0) {
        return kept[at].set;
    }
    read_words(text, words);
    struct phrase_set set = phrase_find(&lists.book, words);
    if (n < KEPT_BYTES) {
        memcpy(kept[at].text, text, n + 1);
        kept[at].set = set;
    }
    return set;
}

// False when no rule can fit, which is the rule.
static bool read_texts(const struct anc_party *p, const struct anc_label *l, struct texts *t) {
    read_words(p->name ? p->name : "", t->name);
    t->in_name = phrase_find(&lists.book, t->name);
    t->in_label[0] = label_phrases(l->category ? l->category : "");
    t->in_label[1] = label_phrases(l->purpose ? l->purpose : "");
    t->person = p->kind == ANC_PARTY_PERSON;
    if (!t->person && !phrase_meet(&t->in_name, &lists.telling) &&
        !phrase_meet(&t->in_label[0], &lists.telling) && !phrase_meet(&t->in_label[1], &lists.telling)) {
        return false;
    }
    t->form = (p->form && *p->form) || phrase_meet(&t->in_name, &lists.forms);
    bool numbers = (p->company_number && *p->company_number) || (p->charity_number && *p->charity_number) ||
                   (p->vat_number && *p->vat_number);
    t->body = t->form || numbers || phrase_meet(&t->in_name, &lists.body);
    t->public = is_council(t) || first_rule(t, ANC_FLOW_PUBLIC_TRANSFER) != NULL;
    return true;
}

static int32_t give(int32_t flow, const char *why, const char **ret_why) {
    if (ret_why) {
        *ret_why = why;
    }
    return flow;
}

int32_t spend_flow(const struct anc_party *payee, const struct anc_label *label, const char **ret_why) {
    struct texts t;
    if (label->kind == ANC_FILE_TIER2) {
        return give(ANC_FLOW_PASS_THROUGH, "the file says who was paid on", ret_why);
    }
    if (payee->kind == ANC_PARTY_HIDDEN || payee->kind == ANC_PARTY_NOBODY) {
        // Before all else: whatever a label says, nobody can check to whom the money went.
        return give(ANC_FLOW_HIDDEN, "the publisher does not say who was paid", ret_why);
    }
    switch (label->kind) {
    case ANC_FILE_CARD:
        return give(ANC_FLOW_CARD, "the file is one of card payments", ret_why);
    case ANC_FILE_GRANTS:
        return give(ANC_FLOW_GRANT, "the file is one of grants", ret_why);
    default:
        break;
    }
    pthread_once(&lists_once, make_lists);
    if (!read_texts(payee, label, &t)) {
        return give(ANC_FLOW_PROCUREMENT, "nothing says otherwise", ret_why);
    }
    const struct flow_rule *r = first_rule(&t, -1);
    // A council is told by its shape, once the rules above transfers have had their say.
    bool before = r && (r->flow == ANC_FLOW_TREASURY || r->flow == ANC_FLOW_CARD);
    if (!before && is_council(&t)) {
        return give(ANC_FLOW_PUBLIC_TRANSFER, "a local authority", ret_why);
    }
    return r ? give(r->flow, r->why, ret_why) : give(ANC_FLOW_PROCUREMENT, "nothing says otherwise", ret_why);
}
