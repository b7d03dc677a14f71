// SPDX-License-Identifier: Apache-2.0
// The tiers T0 to T5 of the VCFSE decision, in order.
#include "logic.h"

#include <string.h>

#include "work.h"

#define YES_FROM      80
#define REVIEW_FROM   40
#define NAME_CAP      60
#define NAME_CAP_T5AB 75

static bool has_sic(const struct vcfse_work *w, const char *code, const char **ret_code) {
    for (size_t i = 0; i < VCFSE_SIC_MAX; i++) {
        const char *s = w->f->sic_codes[i];
        if (s && strncmp(s, code, strlen(code)) == 0) {
            *ret_code = code;
            return true;
        }
    }
    return false;
}

static void finish(struct vcfse_work *w, enum vcfse_decision decision, int score) {
    w->r->decision = decision;
    w->r->if_included = decision;
    w->r->score = score < 0 ? 0 : score > 100 ? 100 : score;
}

// T0: a person decided, and the decision is not older than 24 months.
static bool tier_officer(struct vcfse_work *w) {
    const struct vcfse_officer_decision *o = &w->f->officer;
    if (!o->present || o->decision == VCFSE_UNKNOWN)
        return false;
    if (w->f->as_of_day != VCFSE_DAY_UNKNOWN && w->f->as_of_day >= vcfse_officer_end_day(o->decided_day))
        return false;
    vcfse_add(w, RULE_OFFICER, "");
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

static bool reads_like_a_person(const struct vcfse_work *w) {
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
static bool tier_never(struct vcfse_work *w) {
    const char *list = public_list_text(w->f->lists);
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_redacted, &w->name);
    if (list)
        vcfse_add(w, RULE_PUBLIC_ID, list);
    else if (vcfse_category_starts(w, "Further Education"))
        vcfse_add(w, RULE_PUBLIC_CATEGORY, w->f->company_category);
    else if (word && !w->has_number)
        vcfse_add(w, RULE_REDACTED, word->phrase);
    else if (w->f->sole_trader)
        vcfse_add(w, RULE_PERSON, "");
    else if (reads_like_a_person(w))
        vcfse_add(w, RULE_PERSON_NAME, "");
    else
        return false;
    finish(w, VCFSE_NO, 0);
    return true;
}

static bool is_by_shares(const struct vcfse_work *w) {
    return vcfse_category_starts(w, "Private Limited Company") ||
           vcfse_category_starts(w, "Public Limited Company");
}

// T2g by form: mutuals whose number or register entry tells what they are.
static enum vcfse_policy mutual_by_number(struct vcfse_work *w, bool *ret_building) {
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
static enum vcfse_policy tier_policy(struct vcfse_work *w) {
    const char *code = NULL;
    bool building = false;
    if (w->f->lists & VCFSE_LIST_HOUSING) {
        vcfse_add(w, RULE_HOUSING_ID, "");
        return VCFSE_POLICY_HOUSING;
    }
    if (w->f->lists & VCFSE_LIST_UNIVERSITY) {
        vcfse_add(w, RULE_UNIVERSITY_ID, "");
        return VCFSE_POLICY_UNIVERSITY;
    }
    if (w->f->lists & VCFSE_LIST_PRIVATE_SCHOOL) {
        vcfse_add(w, RULE_SCHOOL_ID, "");
        return VCFSE_POLICY_SCHOOL;
    }
    if (w->f->public_controlled) {
        vcfse_add(w, RULE_CONTROLLED, "");
        return VCFSE_POLICY_CONTROLLED;
    }
    if (has_sic(w, "94110", &code) || has_sic(w, "94120", &code) || has_sic(w, "94200", &code)) {
        vcfse_add(w, RULE_TRADE_SIC, code);
        return VCFSE_POLICY_TRADE;
    }
    if (w->f->parent_is_vcfse && is_by_shares(w)) {
        vcfse_add(w, RULE_SUBSIDIARY, "");
        return VCFSE_POLICY_SUBSIDIARY;
    }
    if (mutual_by_number(w, &building) == VCFSE_POLICY_MUTUAL) {
        vcfse_add(w, RULE_MUTUAL, "");
        return VCFSE_POLICY_MUTUAL;
    }
    return VCFSE_POLICY_NONE;
}

// Building societies are never VCFSE: by the number's last letter or by a name only they may use.
static bool tier_building_society(struct vcfse_work *w) {
    bool building = false;
    (void)mutual_by_number(w, &building);
    if (!building && !(vcfse_words_find(&vcfse_words_building, &w->name) && !w->has_number))
        return false;
    vcfse_add(w, RULE_BUILDING_SOCIETY, "");
    finish(w, VCFSE_NO, 0);
    return true;
}

// T4: legal form, certificate, papers.
static void tier_form(struct vcfse_work *w) {
    const struct vcfse_facts *f = w->f;
    const struct vcfse_word *word;
    const char *code = NULL;
    int32_t until = f->se_certificate_until_day;
    if (until != VCFSE_DAY_UNKNOWN && (f->as_of_day == VCFSE_DAY_UNKNOWN || f->as_of_day <= until)) {
        vcfse_add_fact(w, RULE_SE_CERTIFICATE, "");
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
    }
    bool exempt = vcfse_category_starts(w, "PRI/LBG/NSC") || vcfse_category_starts(w, "PRIV LTD SECT. 30");
    bool guarantee = vcfse_category_starts(w, "PRI/LTD BY GUAR/NSC");
    if (exempt)
        vcfse_add_fact(w, RULE_GUARANTEE_EXEMPT, "");
    if (guarantee)
        vcfse_add_fact(w, RULE_GUARANTEE, "");
    if (guarantee || exempt) {
        word = vcfse_words_find(&vcfse_words_property, &w->name);
        if (has_sic(w, "98000", &code) || word)
            vcfse_add_fact(w, RULE_GUARANTEE_PROPERTY, word ? word->phrase : code);
    }
    if (vcfse_category_starts(w, "Royal Charter")) {
        vcfse_add(w, RULE_CHARTER, "");
        w->doubt = true;
    }
    if (f->self_declared)
        vcfse_add_fact(
            w, f->evidence == VCFSE_EVIDENCE_GOVERNING_PAPERS ? RULE_DECLARED_EVIDENCE : RULE_DECLARED, "");
    if (f->evidence == VCFSE_EVIDENCE_CONSTITUTION) {
        vcfse_add_fact(w, RULE_CONSTITUTION, "");
        w->r->tags |= VCFSE_TAG_COMMUNITY;
    }
}

// T5: what the name alone says, for and against.
static void tier_name_for(struct vcfse_work *w) {
    const struct vcfse_name *n = &w->name;
    const struct vcfse_word *word;
    if (vcfse_name_ends(n, "CIC") || vcfse_name_ends(n, "COMMUNITY INTEREST COMPANY")) {
        vcfse_add_name(w, RULE_NAME_CIC, "");
        w->reserved_end = true;
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
    }
    if (vcfse_name_ends(n, "CIO") || vcfse_name_ends(n, "SCIO")) {
        vcfse_add_name(w, RULE_NAME_CIO, "");
        w->reserved_end = true;
        w->r->tags |= VCFSE_TAG_VOLUNTARY;
    }
    if (vcfse_name_has(n, "PCC") || vcfse_name_has(n, "PAROCHIAL CHURCH COUNCIL")) {
        vcfse_add_name(w, RULE_NAME_PCC, "");
        w->reserved_end = true;
        w->r->tags |= VCFSE_TAG_FAITH;
    }
    word = vcfse_words_find(&vcfse_words_strong, n);
    if (word) {
        vcfse_add_name(w, RULE_NAME_STRONG, word->phrase);
        // For a company limited by shares the word may be only a shop sign.
        w->r->tags |= is_by_shares(w) ? 0 : word->tags;
    } else {
        word = vcfse_words_find(&vcfse_words_weak, n);
        if (word)
            vcfse_add_name(w, RULE_NAME_WEAK, word->phrase);
    }
    if (w->f->same_name_on_register && !w->proof)
        vcfse_add_name(w, RULE_NAME_COLLISION, "");
    if (word && !w->has_company_number && !vcfse_name_has_company_ending(n) &&
        !vcfse_words_find(&vcfse_words_commerce, n))
        vcfse_add_name(w, RULE_NAME_NO_ENDING, "");
}

static void tier_name_against(struct vcfse_work *w) {
    const struct vcfse_name *n = &w->name;
    if (vcfse_category_starts(w, "Public Limited Company") || vcfse_name_ends(n, "PLC"))
        vcfse_add_name(w, RULE_NAME_PLC, "");
    else if (vcfse_category_starts(w, "Private Limited Company"))
        vcfse_add_name(w, RULE_BY_SHARES, "");
    if (w->company_kind == VCFSE_NUMBER_PARTNERSHIP ||
        vcfse_category_starts(w, "Limited Liability Partnership") ||
        vcfse_category_starts(w, "Limited Partnership") || vcfse_name_ends(n, "LLP"))
        vcfse_add_name(w, RULE_NAME_LLP, "");
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_commerce, n);
    if (word && !w->proof)
        vcfse_add_name(w, RULE_NAME_TRADE_WORD, word->phrase);
}

// Names that look like a public body or a policy class. Next to a register number they only raise doubt.
static void tier_name_class(struct vcfse_work *w) {
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
        vcfse_add(w, RULE_PUBLIC_NAME, word->phrase);
        w->public_name = true;
        return;
    }
    word = vcfse_words_find(&vcfse_words_public_check, &w->name);
    if (word && !w->proof) {
        vcfse_add(w, RULE_PUBLIC_CHECK, word->phrase);
        w->doubt = true;
    } else if (word && strcmp(word->phrase, "COUNCIL") != 0) {
        vcfse_add(w, RULE_PUBLIC_CHECK, word->phrase);
        w->doubt = true;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        word = vcfse_words_find(rows[i].yes, &w->name);
        if (!word || word->tags || (rows[i].no && vcfse_words_find(rows[i].no, &w->name)))
            continue;
        vcfse_add(w, rows[i].rule, word->phrase);
        w->policy_name = rows[i].policy;
        return;
    }
    bool trading = vcfse_name_has(&w->name, "TRADING") && !vcfse_name_has(&w->name, "TRADING AS") &&
                   !vcfse_name_has(&w->name, "TRADING STANDARDS");
    if (trading &&
        (vcfse_words_find(&vcfse_words_strong, &w->name) || vcfse_words_find(&vcfse_words_weak, &w->name))) {
        vcfse_add(w, RULE_SUBSIDIARY_NAME, "TRADING");
        w->policy_name = VCFSE_POLICY_SUBSIDIARY;
    }
}

static void choose_tags(struct vcfse_work *w) {
    const struct vcfse_word *word = vcfse_words_find(&vcfse_words_faith, &w->name);
    bool charity_like = w->proof || w->r->tags;
    if (charity_like && word && w->f->religious_class != VCFSE_IS_NOT && !is_by_shares(w))
        w->r->tags |= VCFSE_TAG_FAITH;
    if (w->proof && !word && w->f->religious_class == VCFSE_IS_SO)
        vcfse_add(w, RULE_FAITH_CHECK, "");
    static const unsigned order[] = {VCFSE_TAG_FAITH, VCFSE_TAG_SOCIAL_ENTERPRISE, VCFSE_TAG_COMMUNITY,
                                     VCFSE_TAG_VOLUNTARY};
    for (size_t i = 0; i < sizeof order / sizeof order[0] && !w->r->primary_tag; i++)
        if (w->r->tags & order[i])
            w->r->primary_tag = order[i];
}

static int capped_name_points(struct vcfse_work *w) {
    int cap = w->reserved_end ? NAME_CAP_T5AB : NAME_CAP;
    if (w->name_points <= cap)
        return w->name_points;
    vcfse_add(w, RULE_NAME_CAP, "");
    return cap;
}

static int clip(int score) {
    return score < 0 ? 0 : score > 100 ? 100 : score;
}

// The decision by score alone, before public-body and policy names are looked at.
static enum vcfse_decision decide_by_score(struct vcfse_work *w, int *ret_score) {
    int name = capped_name_points(w);
    int score;
    if (w->proof) {
        bool contradicted = w->name_against <= -60;
        if (contradicted)
            vcfse_add(w, RULE_PROOF_CONTRADICTED, "");
        *ret_score = clip(w->fact_points);
        return contradicted || w->doubt ? VCFSE_REVIEW : VCFSE_YES;
    }
    score = clip(w->fact_points + name + w->name_against);
    if (score >= YES_FROM && w->fact_points + w->name_against < YES_FROM) {
        vcfse_add(w, RULE_NAME_NEVER_YES, "");
        score = YES_FROM - 1;
    }
    *ret_score = score;
    if (w->doubt || w->not_yet)
        return VCFSE_REVIEW;
    if (score >= REVIEW_FROM)
        return score >= YES_FROM ? VCFSE_YES : VCFSE_REVIEW;
    return w->against ? VCFSE_NO : VCFSE_UNKNOWN;
}

static void decide(struct vcfse_work *w, enum vcfse_policy policy) {
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
    struct vcfse_work w = {.f = facts, .r = ret_result};
    memset(ret_result, 0, sizeof *ret_result);
    vcfse_name_normalise(facts->name, &w.name);
    w.company_kind = vcfse_company_number(facts->company.number, number);
    w.has_company_number = vcfse_is_text(facts->company.number);
    w.has_number = vcfse_is_text(facts->charity.number) || vcfse_is_text(facts->casc.number) ||
                   vcfse_is_text(facts->mutual.number) ||
                   (w.company_kind != VCFSE_NUMBER_BAD && w.company_kind != VCFSE_NUMBER_COMPANY &&
                    w.company_kind != VCFSE_NUMBER_PARTNERSHIP && w.company_kind != VCFSE_NUMBER_OTHER);
    if (tier_officer(&w)) {
        choose_tags(&w);
        return;
    }
    if (tier_never(&w) || tier_building_society(&w))
        return;
    enum vcfse_policy policy = tier_policy(&w);
    vcfse_tier_registers(&w, number);
    tier_form(&w);
    tier_name_for(&w);
    tier_name_against(&w);
    if (policy == VCFSE_POLICY_NONE)
        tier_name_class(&w);
    choose_tags(&w);
    decide(&w, policy);
    if (ret_result->reason_count == 0)
        vcfse_add(&w, RULE_NOTHING, "");
}
