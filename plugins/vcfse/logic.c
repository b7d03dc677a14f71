// SPDX-License-Identifier: Apache-2.0
// The tiers T0 to T5 of the VCFSE decision, in order.
#include "logic.h"

#include <string.h>

#include "name.h"
#include "numbers.h"
#include "rules.h"

#define YES_FROM      80
#define REVIEW_FROM   40
#define NAME_CAP      60
#define NAME_CAP_T5AB 75

// Scratch of one decision.
struct work {
    const struct vcfse_facts *f;
    struct vcfse_result *r;
    struct vcfse_name name;
    enum vcfse_number_kind company_kind;
    bool has_company_number;
    bool has_number;               // any register number of a VCFSE kind was given
    bool proof;                    // a T3 rule found the body on a register
    bool doubt;                    // a person must look whatever the score
    bool against;                  // some evidence speaks against
    bool public_name;              // T1 by name only
    bool reserved_end;             // T5a or T5b matched
    enum vcfse_policy policy_name; // T2 by name only
    int fact_points;
    int name_points;
    int name_against;
};

static void add(struct work *w, enum vcfse_rule rule, const char *detail) {
    const struct vcfse_rule_row *row = &vcfse_rule_table[rule];
    struct vcfse_result *r = w->r;
    if (r->reason_count >= VCFSE_REASON_MAX)
        return;
    struct vcfse_reason *reason = &r->reasons[r->reason_count++];
    reason->rule = row->id;
    reason->text = row->text;
    reason->points = row->points;
    size_t n = 0;
    for (; detail && detail[n] && n + 1 < sizeof reason->detail; n++)
        reason->detail[n] = detail[n];
    // A cut must not leave half a letter behind.
    while (detail && detail[n] && n > 0 && ((unsigned char)detail[n] & 0xC0u) == 0x80)
        n--;
    memset(reason->detail + n, 0, sizeof reason->detail - n);
}

static void add_fact(struct work *w, enum vcfse_rule rule, const char *detail) {
    int points = vcfse_rule_table[rule].points;
    w->fact_points += points;
    if (points < 0)
        w->against = true;
    add(w, rule, detail);
}

static void add_name(struct work *w, enum vcfse_rule rule, const char *detail) {
    int points = vcfse_rule_table[rule].points;
    if (points < 0) {
        w->name_against += points;
        w->against = true;
    } else {
        w->name_points += points;
    }
    add(w, rule, detail);
}

static bool is_text(const char *s) {
    return s && s[0];
}

static bool same_letters(const char *a, const char *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char x = a[i] >= 'a' && a[i] <= 'z' ? (char)(a[i] - 'a' + 'A') : a[i];
        char y = b[i] >= 'a' && b[i] <= 'z' ? (char)(b[i] - 'a' + 'A') : b[i];
        if (x != y || !x)
            return false;
    }
    return true;
}

static bool category_starts(const struct work *w, const char *head) {
    return w->f->company_category && same_letters(w->f->company_category, head, strlen(head));
}

static bool has_sic(const struct work *w, const char *code, const char **ret_code) {
    for (size_t i = 0; i < VCFSE_SIC_MAX; i++) {
        const char *s = w->f->sic_codes[i];
        if (s && strncmp(s, code, strlen(code)) == 0) {
            *ret_code = code;
            return true;
        }
    }
    return false;
}

// Was the entry on its register on the day that is asked about?
static bool is_active(const struct work *w, const struct vcfse_register_entry *e) {
    int32_t day = w->f->as_of_day;
    if (day == VCFSE_DAY_UNKNOWN)
        return e->status != VCFSE_STATUS_REMOVED;
    if (e->from_day != VCFSE_DAY_UNKNOWN && day < e->from_day)
        return false;
    if (e->to_day != VCFSE_DAY_UNKNOWN)
        return day < e->to_day;
    return e->status != VCFSE_STATUS_REMOVED;
}

static void finish(struct work *w, enum vcfse_decision decision, int score) {
    w->r->decision = decision;
    w->r->if_included = decision;
    w->r->score = score < 0 ? 0 : score > 100 ? 100 : score;
}

// T0: a person decided, and the decision is not older than 24 months.
static bool tier_officer(struct work *w) {
    const struct vcfse_officer_decision *o = &w->f->officer;
    if (!o->present || o->decision == VCFSE_UNKNOWN)
        return false;
    if (w->f->as_of_day != VCFSE_DAY_UNKNOWN && w->f->as_of_day >= vcfse_officer_end_day(o->decided_day))
        return false;
    add(w, RULE_OFFICER, "");
    w->r->tags = o->tags;
    w->r->policy = o->decision == VCFSE_POLICY ? o->policy : VCFSE_POLICY_NONE;
    finish(w, o->decision, o->decision == VCFSE_YES ? 100 : o->decision == VCFSE_NO ? 0 : REVIEW_FROM);
    if (o->decision == VCFSE_POLICY)
        w->r->if_included = VCFSE_YES;
    return true;
}

static const char *public_list_text(unsigned lists) {
    static const struct {
        unsigned bit;
        const char *text;
    } rows[] = {
        {VCFSE_LIST_ODS, "NHS organisation"},
        {VCFSE_LIST_STATE_SCHOOL, "state school"},
        {VCFSE_LIST_FE_COLLEGE, "further education college"},
        {VCFSE_LIST_ACADEMY_TRUST, "academy trust"},
        {VCFSE_LIST_POLICE, "police"},
        {VCFSE_LIST_COUNCIL, "council"},
        {VCFSE_LIST_DEPARTMENT, "government department"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (lists & rows[i].bit)
            return rows[i].text;
    return NULL;
}

static bool reads_like_a_person(const struct work *w) {
    if (w->has_number || w->has_company_number || vcfse_name_has_company_ending(&w->name))
        return false;
    if (vcfse_words_find(&vcfse_words_title, &w->name) && !vcfse_words_find(&vcfse_words_strong, &w->name))
        return true;
    const char *ta = strstr(w->name.text, " T/A ");
    if (!ta)
        ta = strstr(w->name.text, " TRADING AS ");
    if (!ta || vcfse_words_find(&vcfse_words_strong, &w->name) ||
        vcfse_words_find(&vcfse_words_weak, &w->name))
        return false;
    size_t words = 0;
    for (const char *p = w->name.text; p < ta; p++)
        words += *p == ' ';
    return words == 2 || words == 3;
}

// T1: public bodies by register id, and payees that are no organisation at all.
static bool tier_never(struct work *w) {
    const char *list = public_list_text(w->f->lists);
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_redacted, &w->name);
    if (list)
        add(w, RULE_PUBLIC_ID, list);
    else if (category_starts(w, "Further Education"))
        add(w, RULE_PUBLIC_CATEGORY, w->f->company_category);
    else if (word && !w->has_number)
        add(w, RULE_REDACTED, word->phrase);
    else if (w->f->sole_trader)
        add(w, RULE_PERSON, "");
    else if (reads_like_a_person(w))
        add(w, RULE_PERSON_NAME, "");
    else
        return false;
    finish(w, VCFSE_NO, 0);
    return true;
}

static bool is_by_shares(const struct work *w) {
    return category_starts(w, "Private Limited Company") || category_starts(w, "Public Limited Company");
}

// T2g by form: mutuals whose number or register entry tells what they are.
static enum vcfse_policy mutual_by_number(struct work *w, bool *ret_building) {
    char number[VCFSE_MUTUAL_NUMBER_SIZE];
    enum vcfse_number_kind kinds[2] = {w->company_kind, vcfse_mutual_number(w->f->mutual.number, number)};
    for (size_t i = 0; i < 2; i++) {
        if (kinds[i] == VCFSE_NUMBER_BUILDING)
            *ret_building = true;
        if (kinds[i] == VCFSE_NUMBER_CREDIT_UNION || kinds[i] == VCFSE_NUMBER_FRIENDLY)
            return VCFSE_POLICY_MUTUAL;
    }
    return VCFSE_POLICY_NONE;
}

// T2: classes the place decides about. Answers the class found by a register, or NONE.
static enum vcfse_policy tier_policy(struct work *w) {
    const char *code = NULL;
    bool building = false;
    if (w->f->lists & VCFSE_LIST_HOUSING) {
        add(w, RULE_HOUSING_ID, "");
        return VCFSE_POLICY_HOUSING;
    }
    if (w->f->lists & VCFSE_LIST_UNIVERSITY) {
        add(w, RULE_UNIVERSITY_ID, "");
        return VCFSE_POLICY_UNIVERSITY;
    }
    if (w->f->lists & VCFSE_LIST_PRIVATE_SCHOOL) {
        add(w, RULE_SCHOOL_ID, "");
        return VCFSE_POLICY_SCHOOL;
    }
    if (w->f->public_controlled) {
        add(w, RULE_CONTROLLED, "");
        return VCFSE_POLICY_CONTROLLED;
    }
    if (has_sic(w, "94110", &code) || has_sic(w, "94120", &code) || has_sic(w, "94200", &code)) {
        add(w, RULE_TRADE_SIC, code);
        return VCFSE_POLICY_TRADE;
    }
    if (w->f->parent_is_vcfse && is_by_shares(w)) {
        add(w, RULE_SUBSIDIARY, "");
        return VCFSE_POLICY_SUBSIDIARY;
    }
    if (mutual_by_number(w, &building) == VCFSE_POLICY_MUTUAL) {
        add(w, RULE_MUTUAL, "");
        return VCFSE_POLICY_MUTUAL;
    }
    return VCFSE_POLICY_NONE;
}

// Building societies are never VCFSE: by the number's last letter or by a name only they may use.
static bool tier_building_society(struct work *w) {
    bool building = false;
    (void)mutual_by_number(w, &building);
    if (!building && !(vcfse_words_find(&vcfse_words_building, &w->name) && !w->has_number))
        return false;
    add(w, RULE_BUILDING_SOCIETY, "");
    finish(w, VCFSE_NO, 0);
    return true;
}

// T3a: charity number.
static void tier_charity(struct work *w) {
    const struct vcfse_register_entry *e = &w->f->charity;
    char number[VCFSE_CHARITY_NUMBER_SIZE];
    if (!is_text(e->number))
        return;
    if (vcfse_charity_number(e->number, number) == VCFSE_CHARITY_BAD) {
        add(w, RULE_CHARITY_SHAPE, e->number);
        w->doubt = true;
        return;
    }
    if (e->check == VCFSE_MISMATCH) {
        add(w, RULE_CHARITY_MISMATCH, number);
        w->doubt = true;
        return;
    }
    if (!is_active(w, e)) {
        add(w, RULE_CHARITY_INACTIVE, number);
        w->doubt = true;
        return;
    }
    add_fact(w, e->check == VCFSE_VERIFIED ? RULE_CHARITY : RULE_CHARITY_UNCHECKED, number);
    w->r->tags |= VCFSE_TAG_VOLUNTARY;
    w->proof = w->proof || e->check == VCFSE_VERIFIED;
}

static bool is_cio(const struct work *w) {
    return category_starts(w, "Charitable Incorporated Organisation") ||
           category_starts(w, "Scottish Charitable Incorporated Organisation");
}

// T3b and T3c, with the checks that every company number goes through.
static void tier_company(struct work *w, const char *number) {
    const struct vcfse_register_entry *e = &w->f->company;
    bool cio_number = w->company_kind == VCFSE_NUMBER_CIO || w->company_kind == VCFSE_NUMBER_SCIO;
    bool cic = category_starts(w, "Community Interest Company");
    if (!is_text(e->number))
        return;
    if (w->company_kind == VCFSE_NUMBER_BAD) {
        add(w, RULE_COMPANY_SHAPE, e->number);
        w->doubt = true;
        return;
    }
    if (e->check == VCFSE_MISMATCH) {
        add(w, RULE_COMPANY_MISMATCH, number);
        w->doubt = true;
        return;
    }
    if (!is_active(w, e)) {
        add(w, RULE_REGISTER_INACTIVE, number);
        w->doubt = true;
        return;
    }
    if (is_cio(w) || (cio_number && e->check == VCFSE_VERIFIED)) {
        add_fact(w, RULE_CIO, number);
        w->r->tags |= VCFSE_TAG_VOLUNTARY;
        w->proof = true;
    } else if (cio_number) {
        add_fact(w, RULE_CIO_UNCHECKED, number);
        w->r->tags |= VCFSE_TAG_VOLUNTARY;
    } else if (cic) {
        add_fact(w, RULE_CIC, number);
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
        w->proof = true;
    }
}

// T3d and T4d: societies. Answers by the first register that tells.
static void tier_society(struct work *w, const char *company_number) {
    char number[VCFSE_MUTUAL_NUMBER_SIZE] = "";
    enum vcfse_number_kind mutual_kind = vcfse_mutual_number(w->f->mutual.number, number);
    bool by_mutual = mutual_kind != VCFSE_NUMBER_BAD;
    const struct vcfse_register_entry *e = by_mutual ? &w->f->mutual : &w->f->company;
    enum vcfse_number_kind kind = by_mutual ? mutual_kind : w->company_kind;
    const char *shown = by_mutual ? number : company_number;
    bool society =
        kind == VCFSE_NUMBER_SOCIETY || kind == VCFSE_NUMBER_COOPERATIVE || kind == VCFSE_NUMBER_BENEFIT;
    bool listed =
        category_starts(w, "Registered Society") || category_starts(w, "Industrial and Provident Society");
    if (!society && !listed)
        return;
    if (e->check == VCFSE_MISMATCH || !is_active(w, e)) {
        if (by_mutual)
            add(w, RULE_REGISTER_INACTIVE, shown);
        w->doubt = true;
        return;
    }
    if (kind == VCFSE_NUMBER_BENEFIT && (e->check == VCFSE_VERIFIED || listed)) {
        add_fact(w, RULE_BENEFIT, shown);
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
        w->proof = true;
        return;
    }
    add_fact(w, RULE_SOCIETY, shown);
    w->doubt = true;
}

// T3e: community amateur sports club.
static void tier_casc(struct work *w) {
    const struct vcfse_register_entry *e = &w->f->casc;
    if (!is_text(e->number))
        return;
    if (e->check == VCFSE_MISMATCH || !is_active(w, e)) {
        add(w, RULE_REGISTER_INACTIVE, e->number);
        w->doubt = true;
        return;
    }
    add_fact(w, e->check == VCFSE_VERIFIED ? RULE_CASC : RULE_CASC_UNCHECKED, e->number);
    w->r->tags |= VCFSE_TAG_COMMUNITY;
    w->proof = w->proof || e->check == VCFSE_VERIFIED;
}

// T4: legal form, certificate, papers.
static void tier_form(struct work *w) {
    const struct vcfse_facts *f = w->f;
    const struct vcfse_word *word;
    const char *code = NULL;
    int32_t until = f->se_certificate_until_day;
    if (until != VCFSE_DAY_UNKNOWN && (f->as_of_day == VCFSE_DAY_UNKNOWN || f->as_of_day <= until)) {
        add_fact(w, RULE_SE_CERTIFICATE, "");
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
    }
    bool exempt = category_starts(w, "PRI/LBG/NSC") || category_starts(w, "PRIV LTD SECT. 30");
    bool guarantee = category_starts(w, "PRI/LTD BY GUAR/NSC");
    if (exempt)
        add_fact(w, RULE_GUARANTEE_EXEMPT, "");
    if (guarantee)
        add_fact(w, RULE_GUARANTEE, "");
    if (guarantee || exempt) {
        word = vcfse_words_find(&vcfse_words_property, &w->name);
        if (has_sic(w, "98000", &code) || word)
            add_fact(w, RULE_GUARANTEE_PROPERTY, word ? word->phrase : code);
    }
    if (category_starts(w, "Royal Charter")) {
        add(w, RULE_CHARTER, "");
        w->doubt = true;
    }
    if (f->self_declared)
        add_fact(w, f->evidence == VCFSE_EVIDENCE_GOVERNING_PAPERS ? RULE_DECLARED_EVIDENCE : RULE_DECLARED,
                 "");
    if (f->evidence == VCFSE_EVIDENCE_CONSTITUTION) {
        add_fact(w, RULE_CONSTITUTION, "");
        w->r->tags |= VCFSE_TAG_COMMUNITY;
    }
}

// T5: what the name alone says, for and against.
static void tier_name_for(struct work *w) {
    const struct vcfse_name *n = &w->name;
    const struct vcfse_word *word;
    if (vcfse_name_ends(n, "CIC") || vcfse_name_ends(n, "COMMUNITY INTEREST COMPANY")) {
        add_name(w, RULE_NAME_CIC, "");
        w->reserved_end = true;
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
    }
    if (vcfse_name_ends(n, "CIO") || vcfse_name_ends(n, "SCIO")) {
        add_name(w, RULE_NAME_CIO, "");
        w->reserved_end = true;
        w->r->tags |= VCFSE_TAG_VOLUNTARY;
    }
    if (vcfse_name_has(n, "PCC") || vcfse_name_has(n, "PAROCHIAL CHURCH COUNCIL")) {
        add_name(w, RULE_NAME_PCC, "");
        w->reserved_end = true;
        w->r->tags |= VCFSE_TAG_FAITH;
    }
    word = vcfse_words_find(&vcfse_words_strong, n);
    if (word) {
        add_name(w, RULE_NAME_STRONG, word->phrase);
        // For a company limited by shares the word may be only a shop sign.
        w->r->tags |= is_by_shares(w) ? 0 : word->tags;
    } else {
        word = vcfse_words_find(&vcfse_words_weak, n);
        if (word)
            add_name(w, RULE_NAME_WEAK, word->phrase);
    }
    if (w->f->same_name_on_register && !w->proof)
        add_name(w, RULE_NAME_COLLISION, "");
    if (word && !w->has_company_number && !vcfse_name_has_company_ending(n) &&
        !vcfse_words_find(&vcfse_words_commerce, n))
        add_name(w, RULE_NAME_NO_ENDING, "");
}

static void tier_name_against(struct work *w) {
    const struct vcfse_name *n = &w->name;
    if (category_starts(w, "Public Limited Company") || vcfse_name_ends(n, "PLC"))
        add_name(w, RULE_NAME_PLC, "");
    else if (category_starts(w, "Private Limited Company"))
        add_name(w, RULE_BY_SHARES, "");
    if (w->company_kind == VCFSE_NUMBER_PARTNERSHIP || category_starts(w, "Limited Liability Partnership") ||
        category_starts(w, "Limited Partnership") || vcfse_name_ends(n, "LLP"))
        add_name(w, RULE_NAME_LLP, "");
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_commerce, n);
    if (word && !w->proof)
        add_name(w, RULE_NAME_TRADE_WORD, word->phrase);
}

// Names that look like a public body or a policy class. Next to a register number they only raise doubt.
static void tier_name_class(struct work *w) {
    static const struct {
        const struct vcfse_words *yes, *no;
        enum vcfse_rule rule;
        enum vcfse_policy policy;
    } rows[] = {
        {&vcfse_words_housing, NULL, RULE_HOUSING_NAME, VCFSE_POLICY_HOUSING},
        {&vcfse_words_university, NULL, RULE_UNIVERSITY_NAME, VCFSE_POLICY_UNIVERSITY},
        {&vcfse_words_controlled, NULL, RULE_CONTROLLED_NAME, VCFSE_POLICY_CONTROLLED},
        {&vcfse_words_mutual, NULL, RULE_MUTUAL_NAME, VCFSE_POLICY_MUTUAL},
        {&vcfse_words_trade_body, &vcfse_words_trade_body_not, RULE_TRADE_NAME, VCFSE_POLICY_TRADE},
        {&vcfse_words_school, &vcfse_words_school_not, RULE_SCHOOL_NAME, VCFSE_POLICY_SCHOOL},
    };
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_public, &w->name);
    if (word && !vcfse_words_find(&vcfse_words_strong, &w->name)) {
        add(w, RULE_PUBLIC_NAME, word->phrase);
        w->public_name = true;
        return;
    }
    word = vcfse_words_find(&vcfse_words_public_check, &w->name);
    if (word && !w->proof) {
        add(w, RULE_PUBLIC_CHECK, word->phrase);
        w->doubt = true;
    } else if (word && strcmp(word->phrase, "COUNCIL") != 0) {
        add(w, RULE_PUBLIC_CHECK, word->phrase);
        w->doubt = true;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        word = vcfse_words_find(rows[i].yes, &w->name);
        if (!word || word->tags || (rows[i].no && vcfse_words_find(rows[i].no, &w->name)))
            continue;
        add(w, rows[i].rule, word->phrase);
        w->policy_name = rows[i].policy;
        return;
    }
    bool trading = vcfse_name_has(&w->name, "TRADING") && !vcfse_name_has(&w->name, "TRADING AS") &&
                   !vcfse_name_has(&w->name, "TRADING STANDARDS");
    if (trading &&
        (vcfse_words_find(&vcfse_words_strong, &w->name) || vcfse_words_find(&vcfse_words_weak, &w->name))) {
        add(w, RULE_SUBSIDIARY_NAME, "TRADING");
        w->policy_name = VCFSE_POLICY_SUBSIDIARY;
    }
}

static void choose_tags(struct work *w) {
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_faith, &w->name);
    bool charity_like = w->proof || w->r->tags;
    if (charity_like && word && w->f->religious_class != VCFSE_IS_NOT && !is_by_shares(w))
        w->r->tags |= VCFSE_TAG_FAITH;
    if (w->proof && !word && w->f->religious_class == VCFSE_IS_SO)
        add(w, RULE_FAITH_CHECK, "");
    static const unsigned order[] = {VCFSE_TAG_FAITH, VCFSE_TAG_SOCIAL_ENTERPRISE, VCFSE_TAG_COMMUNITY,
                                     VCFSE_TAG_VOLUNTARY};
    for (size_t i = 0; i < sizeof order / sizeof order[0] && !w->r->primary_tag; i++)
        if (w->r->tags & order[i])
            w->r->primary_tag = order[i];
}

static int capped_name_points(struct work *w) {
    int cap = w->reserved_end ? NAME_CAP_T5AB : NAME_CAP;
    if (w->name_points <= cap)
        return w->name_points;
    add(w, RULE_NAME_CAP, "");
    return cap;
}

static int clip(int score) {
    return score < 0 ? 0 : score > 100 ? 100 : score;
}

// The decision by score alone, before public-body and policy names are looked at.
static enum vcfse_decision decide_by_score(struct work *w, int *ret_score) {
    int name = capped_name_points(w);
    int score;
    if (w->proof) {
        bool contradicted = w->name_against <= -60;
        if (contradicted)
            add(w, RULE_PROOF_CONTRADICTED, "");
        *ret_score = clip(w->fact_points);
        return contradicted || w->doubt ? VCFSE_REVIEW : VCFSE_YES;
    }
    score = clip(w->fact_points + name + w->name_against);
    if (score >= YES_FROM && w->fact_points + w->name_against < YES_FROM) {
        add(w, RULE_NAME_NEVER_YES, "");
        score = YES_FROM - 1;
    }
    *ret_score = score;
    if (w->doubt)
        return VCFSE_REVIEW;
    if (score >= REVIEW_FROM)
        return score >= YES_FROM ? VCFSE_YES : VCFSE_REVIEW;
    return w->against ? VCFSE_NO : VCFSE_UNKNOWN;
}

static void decide(struct work *w, enum vcfse_policy policy) {
    int score = 0;
    enum vcfse_decision decision = decide_by_score(w, &score);
    if (policy != VCFSE_POLICY_NONE) {
        finish(w, decision, score);
        w->r->decision = VCFSE_POLICY;
        w->r->policy = policy;
        return;
    }
    if (w->public_name && !w->has_number) {
        finish(w, VCFSE_NO, 0);
        w->r->tags = w->r->primary_tag = 0;
        return;
    }
    bool class_name = w->public_name || w->policy_name != VCFSE_POLICY_NONE;
    if (class_name && (w->has_number || w->company_kind == VCFSE_NUMBER_COMPANY)) {
        // A company number says nothing for or against, so evidence against still decides.
        finish(w, decision == VCFSE_NO ? VCFSE_NO : VCFSE_REVIEW, score);
        return;
    }
    finish(w, decision, score);
    if (w->policy_name != VCFSE_POLICY_NONE) {
        w->r->decision = VCFSE_POLICY;
        w->r->policy = w->policy_name;
    }
}

void vcfse_facts_init(struct vcfse_facts *ret_facts) {
    struct vcfse_register_entry none = {NULL, VCFSE_NOT_CHECKED, VCFSE_STATUS_UNKNOWN, VCFSE_DAY_UNKNOWN,
                                        VCFSE_DAY_UNKNOWN};
    memset(ret_facts, 0, sizeof *ret_facts);
    ret_facts->company = ret_facts->charity = ret_facts->casc = ret_facts->mutual = none;
    ret_facts->se_certificate_until_day = VCFSE_DAY_UNKNOWN;
    ret_facts->as_of_day = VCFSE_DAY_UNKNOWN;
}

void vcfse_decide(const struct vcfse_facts *facts, struct vcfse_result *ret_result) {
    char number[VCFSE_COMPANY_NUMBER_SIZE] = "";
    struct work w = {.f = facts, .r = ret_result};
    memset(ret_result, 0, sizeof *ret_result);
    vcfse_name_normalise(facts->name, &w.name);
    w.company_kind = vcfse_company_number(facts->company.number, number);
    w.has_company_number = is_text(facts->company.number);
    w.has_number = is_text(facts->charity.number) || is_text(facts->casc.number) ||
                   is_text(facts->mutual.number) ||
                   (w.company_kind != VCFSE_NUMBER_BAD && w.company_kind != VCFSE_NUMBER_COMPANY &&
                    w.company_kind != VCFSE_NUMBER_PARTNERSHIP && w.company_kind != VCFSE_NUMBER_OTHER);
    if (tier_officer(&w)) {
        choose_tags(&w);
        return;
    }
    if (tier_never(&w) || tier_building_society(&w))
        return;
    enum vcfse_policy policy = tier_policy(&w);
    tier_charity(&w);
    tier_company(&w, number);
    tier_society(&w, number);
    tier_casc(&w);
    tier_form(&w);
    tier_name_for(&w);
    tier_name_against(&w);
    if (policy == VCFSE_POLICY_NONE)
        tier_name_class(&w);
    choose_tags(&w);
    decide(&w, policy);
    if (ret_result->reason_count == 0)
        add(&w, RULE_NOTHING, "");
}
