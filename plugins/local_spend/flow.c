// SPDX-License-Identifier: Apache-2.0
// What kind of flow a payment is: the rules of flow_words.c, first match first, and the shape of councils.
#include "flow.h"

#include <stdbool.h>
#include <string.h>

#include "cell.h"
#include "flow_words.h"

enum { TEXT_BYTES = 384, COUNCIL_WORDS = 7, LABELS = 2 };

struct texts {
    char name[TEXT_BYTES];
    char label[LABELS][TEXT_BYTES]; // category, purpose; departments ("Fostering") pay all kinds of bills
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

// Whether a phrase stands in the words, at whole words.
static bool has_phrase(const char *words, const char *phrase) {
    bool start = *phrase == '^';
    phrase += start;
    size_t n = strlen(phrase);
    if (n == 0) {
        return true;
    }
    bool end = phrase[n - 1] == '$';
    n -= end;
    // Asked some hundred times for each text, so only at the beginnings of words and by the first letter.
    for (const char *p = words; p && *p; p = start ? NULL : strchr(p, ' ')) {
        p += *p == ' ';
        if (*p == *phrase && strncmp(p, phrase, n) == 0 && (p[n] == 0 || (p[n] == ' ' && !end))) {
            return true;
        }
    }
    return false;
}

static bool has_any(const char *words, const char *const *list) {
    for (; list && *list; list++) {
        if (has_phrase(words, *list)) {
            return true;
        }
    }
    return false;
}

static size_t word_count(const char *words) {
    size_t n = *words != 0;
    for (; *words; words++) {
        n += *words == ' ';
    }
    return n;
}

// A local authority: "Wigan Council", "Metropolitan Borough of Wigan", "Rochdale MBC". Councils of other
// kinds (voluntary service, mosques, youth, churches) are none.
static bool is_council(const struct texts *t) {
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
    if (t->form) {
        return false;
    }
    if (has_any(t->name, sure)) {
        return true;
    }
    size_t n = word_count(t->name);
    bool city_of = has_phrase(t->name, "^CITY OF") && has_phrase(t->name, "COUNCIL$");
    return city_of || (has_phrase(t->name, "COUNCIL$") && n >= 2 && n <= COUNCIL_WORDS &&
                       !has_any(t->name, spend_no_council));
}

static bool any_form(const char *words) {
    static const char *const forms[] = {"LTD$", "LIMITED$", "PLC$", "LLP$",    "CIC$",
                                        "CIO$", "L T D$",   "LTD",  "LIMITED", NULL};
    return has_any(words, forms);
}

static bool rule_fits(const struct flow_rule *r, const struct texts *t) {
    if (((r->when & WHEN_NO_FORM) && t->form) || ((r->when & WHEN_NO_BODY) && t->body) ||
        ((r->when & WHEN_PUBLIC) && !t->public) || ((r->when & WHEN_PERSON) && !t->person)) {
        return false;
    }
    for (size_t i = 0; i < LABELS; i++) {
        const char *words = r->in == IN_NAME ? t->name : t->label[i];
        if (has_any(words, r->any) && (!r->with || has_any(words, r->with)) && !has_any(words, r->without)) {
            return true;
        }
        if (r->in == IN_NAME) {
            break;
        }
    }
    return false;
}

static const struct flow_rule *first_rule(const struct texts *t, int32_t only) {
    for (size_t i = 0; i < spend_flow_rule_count; i++) {
        const struct flow_rule *r = &spend_flow_rules[i];
        bool asked = only < 0 || (r->flow == only && r->in == IN_NAME);
        if (asked && rule_fits(r, t)) {
            return r;
        }
    }
    return NULL;
}

static void read_texts(const struct anc_party *p, const struct anc_label *l, struct texts *t) {
    memset(t, 0, sizeof *t);
    read_words(p->name ? p->name : "", t->name);
    read_words(l->category ? l->category : "", t->label[0]);
    read_words(l->purpose ? l->purpose : "", t->label[1]);
    t->form = (p->form && *p->form) || any_form(t->name);
    bool numbers = (p->company_number && *p->company_number) || (p->charity_number && *p->charity_number) ||
                   (p->vat_number && *p->vat_number);
    t->body = t->form || numbers || has_any(t->name, spend_body_words);
    t->person = p->kind == ANC_PARTY_PERSON;
    t->public = is_council(t) || first_rule(t, ANC_FLOW_PUBLIC_TRANSFER) != NULL;
}

static int32_t give(int32_t flow, const char *why, const char **ret_why) {
    if (ret_why) {
        *ret_why = why;
    }
    return flow;
}

int32_t spend_flow(const struct anc_party *payee, const struct anc_label *label, const char **ret_why) {
    struct texts t;
    switch (label->kind) {
    case ANC_FILE_CARD:
        return give(ANC_FLOW_CARD, "the file is one of card payments", ret_why);
    case ANC_FILE_GRANTS:
        return give(ANC_FLOW_GRANT, "the file is one of grants", ret_why);
    case ANC_FILE_TIER2:
        return give(ANC_FLOW_PASS_THROUGH, "the file says who was paid on", ret_why);
    default:
        break;
    }
    read_texts(payee, label, &t);
    if (payee->kind == ANC_PARTY_HIDDEN) {
        // The Code lets publishers hide names of persons, not of businesses.
        return give(ANC_FLOW_INDIVIDUAL, "the name is hidden, as names of persons are", ret_why);
    }
    const struct flow_rule *r = first_rule(&t, -1);
    // A council is told by its shape, once the rules above transfers have had their say.
    bool before = r && (r->flow == ANC_FLOW_TREASURY || r->flow == ANC_FLOW_CARD);
    if (!before && is_council(&t)) {
        return give(ANC_FLOW_PUBLIC_TRANSFER, "a local authority", ret_why);
    }
    return r ? give(r->flow, r->why, ret_why) : give(ANC_FLOW_PROCUREMENT, "nothing says otherwise", ret_why);
}
