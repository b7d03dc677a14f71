// SPDX-License-Identifier: Apache-2.0
// Who is a payee: reading a party, and judging a payee against a candidate. Pure; texts given back live in
// buffers of the thread until its next call.
#include "match.h"

#include "cell.h"
#include "ids.h"
#include "match_when.h"
#include "match_words.h"
#include "payee.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAME_TEXT = 256, REASON_TEXT = 320 };

// ---- reading a party

struct reading {
    struct spend_name name;
    char text[NAME_TEXT], supplier_no[64];
    char company[SPEND_COMPANY_BYTES], charity[SPEND_CHARITY_BYTES], vat[SPEND_VAT_BYTES];
    char postcode[SPEND_POSTCODE_BYTES];
};

static const char *form_word(enum spend_form f) {
    static const char *const words[] = {
        [FORM_NONE] = "", [FORM_LTD] = "ltd", [FORM_PLC] = "plc", [FORM_LLP] = "llp",
        [FORM_LP] = "lp", [FORM_CIC] = "cic", [FORM_CIO] = "cio",
    };
    return words[f];
}

static int32_t kind_of(const char *name) {
    switch (spend_payee_kind(name)) {
    case PAYEE_REDACTED:
        return ANC_PARTY_HIDDEN;
    case PAYEE_NONE:
        return ANC_PARTY_NOBODY;
    default:
        return name_titled(name) ? ANC_PARTY_PERSON : ANC_PARTY_NAMED;
    }
}

static anc_rc read_party(anc_ctx *ctx, const struct anc_party *in, struct anc_party *ret, void *state) {
    (void)ctx, (void)state;
    static _Thread_local struct reading r;
    int32_t kind = kind_of(in->name);
    ret->kind = kind;
    ret->same_name = in->same_name;
    ret->alias = in->alias;
    ret->from_day = in->from_day;
    ret->until_day = in->until_day;
    ret->name = ret->key = ret->other_key = ret->form = ret->supplier_no = "";
    ret->company_number = ret->charity_number = ret->vat_number = ret->postcode = "";
    if (kind == ANC_PARTY_HIDDEN) {
        return ANC_OK; // nothing of what stands beside a hidden name may lead back to it
    }
    if (kind != ANC_PARTY_NOBODY) {
        cell_copy(r.text, sizeof r.text, in->name);
        spend_name_read(in->name, &r.name);
        ret->name = r.text;
        ret->key = r.name.key;
        ret->other_key = r.name.other;
        ret->form = form_word(r.name.form);
    }
    if (in->supplier_no && !cell_stands_for_nothing(in->supplier_no)) {
        cell_copy(r.supplier_no, sizeof r.supplier_no, in->supplier_no);
        ret->supplier_no = r.supplier_no;
    }
    ret->company_number =
        in->company_number && spend_company_number(in->company_number, r.company) ? r.company : "";
    ret->charity_number =
        in->charity_number && spend_charity_number(in->charity_number, r.charity) ? r.charity : "";
    ret->vat_number = in->vat_number && spend_vat_number(in->vat_number, r.vat) ? r.vat : "";
    ret->postcode = in->postcode && spend_postcode(in->postcode, r.postcode) ? r.postcode : "";
    return ANC_OK;
}

// ---- names taken apart, kept for the next candidate of the same payee

struct sides {
    char key[SPEND_KEY_BYTES];
    struct name_words words;
};

static const struct name_words *taken_apart(struct sides *kept, const char *key) {
    if (!kept->key[0] || strcmp(kept->key, key) != 0) {
        snprintf(kept->key, sizeof kept->key, "%s", key);
        name_words_read(kept->key, &kept->words);
    }
    return &kept->words;
}

// "#" is where some systems break a name over two lines: "CRG LTD#HOMECARE" may be CRG HOMECARE LTD.
static bool joined_key(const struct anc_party *p, char out[SPEND_KEY_BYTES]) {
    out[0] = 0;
    return *p->other_key && strchr(p->name, '#') &&
           snprintf(out, SPEND_KEY_BYTES, "%s %s", p->key, p->other_key) < SPEND_KEY_BYTES;
}

static anc_rc blocks(anc_ctx *ctx, const struct anc_party *party, uint32_t most, uint64_t *ret_blocks,
                     uint32_t *ret_count, void *state) {
    (void)ctx, (void)state;
    struct name_words n;
    char joined[SPEND_KEY_BYTES];
    uint32_t count = 0;
    *ret_count = 0;
    if (party->kind == ANC_PARTY_HIDDEN || party->kind == ANC_PARTY_NOBODY) {
        return ANC_OK;
    }
    name_words_read(party->key, &n);
    count = name_words_blocks(&n, ret_blocks, most);
    if (*party->other_key) {
        name_words_read(party->other_key, &n);
        count += name_words_blocks(&n, ret_blocks + count, most - count);
    }
    if (joined_key(party, joined) && count + 2 <= most) {
        name_words_read(joined, &n);
        count += name_words_blocks(&n, ret_blocks + count, 2); // as one run of letters, and its beginning
    }
    *ret_count = count;
    return ANC_OK;
}

// ---- judging

struct judging {
    const struct anc_party *payee, *candidate;
    struct anc_match *out;
    bool same_postcode, other_postcode, same_area; // same_area: the outward part only
    bool form_clash, uk_clash, branch_clash;
    enum match_when when;
};

static bool full_postcode(const char *pc) {
    return strchr(pc, ' ') != NULL;
}

static bool says_uk(const char *name) {
    for (const char *at = strchr(name, '('); at; at = strchr(at + 1, '(')) {
        if ((at[1] == 'U' || at[1] == 'u') && (at[2] == 'K' || at[2] == 'k') && at[3] == ')') {
            return true;
        }
    }
    return false;
}

// "#2" or "No:2" at the end of a name; -1 none.
static int branch_of(const char *name) {
    const char *at = strrchr(name, '#');
    if (!at || !at[1] || at[1 + strspn(at + 1, "0123456789")] != 0) {
        return -1;
    }
    int n = 0;
    for (const char *p = at + 1; *p && n < 100000; p++) {
        n = n * 10 + (*p - '0');
    }
    return n;
}

static void compare_circumstances(struct judging *j) {
    const struct anc_party *p = j->payee, *q = j->candidate;
    if (*p->postcode && *q->postcode) {
        bool full = full_postcode(p->postcode) && full_postcode(q->postcode);
        size_t outward = strcspn(p->postcode, " ");
        j->same_area =
            outward == strcspn(q->postcode, " ") && strncmp(p->postcode, q->postcode, outward) == 0;
        j->same_postcode = full && strcmp(p->postcode, q->postcode) == 0;
        j->other_postcode = !j->same_area;
    }
    j->form_clash = *p->form && *q->form && strcmp(p->form, q->form) != 0;
    j->uk_clash = says_uk(p->name) != says_uk(q->name);
    int a = branch_of(p->name), b = branch_of(q->name);
    j->branch_clash = a >= 0 && b >= 0 && a != b;
    j->when = match_when(p, q);
}

__attribute__((format(printf, 5, 6))) static anc_rc say(struct judging *j, int32_t verdict, int32_t score,
                                                        const char *method, const char *fmt, ...) {
    static _Thread_local char reason[REASON_TEXT];
    va_list args;
    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    score = score < 0 ? 0 : score > 1000 ? 1000 : score;
    if (verdict == ANC_MATCH_REVIEW && score < SPEND_REVIEW_MILLI) {
        verdict = ANC_MATCH_NO;
    }
    j->out->verdict = verdict;
    j->out->score_milli = score;
    j->out->method = method;
    j->out->reason = reason;
    return ANC_OK;
}

static anc_rc no(struct judging *j) {
    j->out->verdict = ANC_MATCH_NO;
    j->out->score_milli = 0;
    j->out->method = "";
    j->out->reason = "";
    return ANC_OK;
}

static bool both_and_differ(const char *a, const char *b) {
    return *a && *b && strcmp(a, b) != 0;
}

static bool both_and_same(const char *a, const char *b) {
    return *a && strcmp(a, b) == 0;
}

struct likeness {
    int32_t score;
    unsigned clash;
    bool by_other; // found by the name behind "t/a" or "c/o" of one of the two
    bool exact;
};

static int32_t lowered(int32_t score, unsigned clash) {
    static const struct {
        unsigned bit;
        int32_t less;
    } rules[] = {
        {CLASH_PLACE, 120},      {CLASH_PLACES, 400}, {CLASH_APART, 120},
        {CLASH_APART_BOTH, 260}, {CLASH_NUMBER, 150}, {CLASH_NUMBERS, 500},
        {CLASH_OWN, 200},        {CLASH_TRADE, 120},  {CLASH_INITIALS, 300},
    };
    for (size_t i = 0; i < CELL_COUNT(rules); i++) {
        score -= clash & rules[i].bit ? rules[i].less : 0;
    }
    // These make a likeness less sure, but are no reason not to show it.
    int32_t least = score < SPEND_REVIEW_MILLI + 10 ? score : SPEND_REVIEW_MILLI + 10;
    score -= (clash & CLASH_INITIAL ? 100 : 0) + (clash & CLASH_THIN ? 60 : 0);
    return score < least ? least : score;
}

static void look_at(struct likeness *best, const struct name_words *a, const struct name_words *b,
                    bool other) {
    unsigned clash = 0;
    if (name_words_generic(a)) {
        return; // to be like a general name means nothing
    }
    int32_t alike = name_words_alike(a, b, &clash);
    int32_t score = lowered(alike, clash) - (other ? 60 : 0);
    if (score > best->score) {
        *best = (struct likeness){.score = score, .clash = clash, .by_other = other};
    }
}

static struct likeness compare_names(const struct anc_party *p, const struct anc_party *q) {
    static _Thread_local struct sides mine, mine_other, mine_joined;
    char joined[SPEND_KEY_BYTES];
    struct name_words theirs;
    struct likeness l = {.exact = both_and_same(p->key, q->key)};
    if (l.exact) {
        l.score = 1000;
        return l;
    }
    if (both_and_same(p->other_key, q->key) || both_and_same(p->key, q->other_key)) {
        return (struct likeness){.score = 1000, .exact = true, .by_other = true};
    }
    name_words_read(q->key, &theirs);
    look_at(&l, taken_apart(&mine, p->key), &theirs, false);
    if (*p->other_key) {
        look_at(&l, taken_apart(&mine_other, p->other_key), &theirs, true);
    }
    if (joined_key(p, joined)) {
        look_at(&l, taken_apart(&mine_joined, joined), &theirs, true);
    }
    if (*q->other_key) {
        name_words_read(q->other_key, &theirs);
        look_at(&l, taken_apart(&mine, p->key), &theirs, true);
    }
    return l;
}

enum { SURE, SPECIFIC, SHAKY };

// How little a name says, when nothing but the name speaks.
static int shaky_name(const struct anc_party *p, const char *key, const char **why) {
    struct name_words n;
    name_words_read(key, &n);
    if (p->kind == ANC_PARTY_PERSON || (!*p->form && name_words_person(&n))) {
        *why = "It looks like the name of a person, which many people may have.";
        return SHAKY;
    }
    if (name_words_generic(&n)) {
        *why = "The name is short or general, so others may have it too.";
        return name_words_specific(&n) ? SPECIFIC : SHAKY;
    }
    return SURE;
}

// Of several parties with one name at most one is meant: what is left of a score above the least, divided.
static int32_t shared(int32_t score, int32_t parties) {
    return parties > 1 ? SPEND_REVIEW_MILLI + (score - SPEND_REVIEW_MILLI) / (parties > 2 ? 10 : 5) : score;
}

// What the days of the payments take off a name that is the same.
static int32_t less_by_days(const struct judging *j, const char **why) {
    static _Thread_local char text[120];
    char from[WHEN_DAY_BYTES], until[WHEN_DAY_BYTES];
    if (j->when <= WHEN_FITS) {
        return 0;
    }
    match_when_day(j->candidate->from_day, from);
    match_when_day(j->candidate->until_day, until);
    switch (j->when) {
    case WHEN_BEFORE:
        snprintf(text, sizeof text, "It has this name from %s only, after the last payment.", from);
        break;
    case WHEN_AFTER:
    case WHEN_LONG_AFTER:
        snprintf(text, sizeof text, "It was closed on %s, before the first payment.", until);
        break;
    default:
        snprintf(text, sizeof text, "Some of the payments are from before it had this name, or from after.");
        break;
    }
    *why = text;
    return j->when == WHEN_BEFORE ? 300 : j->when == WHEN_LONG_AFTER ? 200 : 60;
}

// The payee bears a name that the candidate had before.
static anc_rc judge_earlier(struct judging *j, const char *earlier) {
    static const struct {
        int32_t score;
        const char *words;
    } by_when[] = {
        [WHEN_UNKNOWN] = {800, "When the payments were made is not known."},
        [WHEN_FITS] = {880, "All payments are from before that."},
        [WHEN_PARTLY] = {820, "Some payments are from before that, some from after."},
        [WHEN_AFTER] = {760, "All payments are from after that, but within two years."},
        [WHEN_LONG_AFTER] = {650, "All payments are from more than two years after that."},
    };
    char until[WHEN_DAY_BYTES];
    const char *why = "";
    if (j->when == WHEN_BEFORE) {
        return no(j); // the name was another's then
    }
    int shaky = shaky_name(j->payee, j->payee->key, &why);
    int32_t score = by_when[j->when].score - (shaky == SURE ? 0 : shaky == SPECIFIC ? 60 : 150);
    score -= j->form_clash ? 100 : 0;
    score += j->same_postcode ? 40 : j->other_postcode ? -40 : 0;
    score = score < SPEND_REVIEW_MILLI + 10 ? SPEND_REVIEW_MILLI + 10 : score;
    match_when_day(j->candidate->until_day, until);
    return j->candidate->until_day
               ? say(j, ANC_MATCH_REVIEW, score, "earlier_name", "It was called %.90s until %s. %s %s",
                     earlier, until, by_when[j->when].words, why)
               : say(j, ANC_MATCH_REVIEW, score, "earlier_name", "It was called %.90s before. %s", earlier,
                     why);
}

static anc_rc judge_exact(struct judging *j, bool by_other) {
    const struct anc_party *p = j->payee, *q = j->candidate;
    const char *why = "Nothing but the name says so.";
    bool clash = j->form_clash || j->uk_clash || j->branch_clash || j->when > WHEN_FITS;
    bool person = p->kind == ANC_PARTY_PERSON || q->kind == ANC_PARTY_PERSON; // two may live there
    if (j->same_postcode && !by_other && !clash && !person) {
        return say(j, ANC_MATCH_YES, 970, "exact_name_postcode",
                   "The name is the same and so is the postcode, %s.", q->postcode);
    }
    bool same_form = *p->form && strcmp(p->form, q->form) == 0;
    int32_t score = by_other ? 800 : same_form ? 940 : 900;
    int shaky = shaky_name(p, by_other ? q->key : p->key, &why);
    score -= shaky == SURE ? 0 : same_form || shaky == SPECIFIC ? 120 : 250;
    if (j->form_clash) {
        score -= 200;
        why = "One says it is a company of another kind than the other.";
    } else if (j->branch_clash) {
        score -= 300;
        why = "They carry different branch numbers.";
    } else if (j->uk_clash) {
        score -= 80;
        why = "Only one of them has \"(UK)\" in its name.";
    }
    score -= less_by_days(j, &why);
    if (j->same_postcode || j->same_area) {
        score += j->same_postcode ? 40 : 20;
    } else if (j->other_postcode) {
        score -= 60;
    }
    score = score > 960 ? 960 : score < SPEND_REVIEW_MILLI + 10 ? SPEND_REVIEW_MILLI + 10 : score;
    if (q->same_name > 1) {
        score = shared(score, q->same_name);
        why = "Others have this name too.";
    }
    return say(j, ANC_MATCH_REVIEW, score, by_other ? "exact_other_name" : "exact_name", "%s %s%s",
               by_other ? "The name behind \"t/a\", \"c/o\" or \"formerly\" is the same."
                        : "The name is the same.",
               why, j->other_postcode ? " The postcode is another one." : "");
}

static const char *words_of_clash(unsigned clash) {
    return clash & (CLASH_PLACE | CLASH_PLACES)       ? " One of them names a place that the other does not."
           : clash & (CLASH_APART | CLASH_APART_BOTH) ? " One may be another company of the same owners."
           : clash & (CLASH_NUMBER | CLASH_NUMBERS)   ? " The numbers in the names are not the same."
           : clash & (CLASH_OWN | CLASH_TRADE)        ? " Each has a word that the other does not."
                                                      : "";
}

static anc_rc judge_alike(struct judging *j, const struct likeness *l) {
    const char *why = "";
    int32_t score = l->score;
    score -= j->form_clash ? 250 : 0;
    score -= j->branch_clash ? 300 : 0;
    score -= shaky_name(j->payee, j->payee->key, &why) != SURE ? 200 : 0;
    score -= less_by_days(j, &why);
    score += j->same_postcode ? 60 : j->same_area ? 20 : j->other_postcode ? -60 : 0;
    score = score > 890 ? 890 : score;
    score = score < SPEND_REVIEW_MILLI ? score : shared(score, j->candidate->same_name);
    if (score < SPEND_REVIEW_MILLI) {
        return no(j); // most end here: no sentence need be made
    }
    return say(j, ANC_MATCH_REVIEW, score, "similar_name",
               "The names are alike: \"%.90s\" and \"%.90s\".%s%s", j->payee->name, j->candidate->name,
               j->form_clash ? " They are companies of different kinds." : "", words_of_clash(l->clash));
}

// Numbers speak before names. True when they have decided.
static bool judge_numbers(struct judging *j) {
    const struct anc_party *p = j->payee, *q = j->candidate;
    bool company = both_and_same(p->company_number, q->company_number);
    bool charity = both_and_same(p->charity_number, q->charity_number);
    bool differ = both_and_differ(p->company_number, q->company_number) ||
                  both_and_differ(p->charity_number, q->charity_number);
    if (company && !both_and_differ(p->charity_number, q->charity_number)) {
        say(j, ANC_MATCH_YES, 1000, "company_number", "The company number is the same: %s.",
            q->company_number);
        return true;
    }
    if (charity && !both_and_differ(p->company_number, q->company_number)) {
        say(j, ANC_MATCH_YES, 995, "charity_number", "The charity number is the same: %s.",
            q->charity_number);
        return true;
    }
    if (company || charity) {
        say(j, ANC_MATCH_REVIEW, 700, company ? "company_number" : "charity_number",
            "The %s number is the same, but the %s numbers are not.", company ? "company" : "charity",
            company ? "charity" : "company");
        return true;
    }
    if (differ) {
        no(j); // two entries of one register are two parties, whatever their names
        return true;
    }
    if (both_and_same(p->vat_number, q->vat_number)) {
        // Companies of one owner may share a VAT number, so the name has to agree as well.
        struct likeness l = compare_names(p, q);
        bool agrees =
            l.score >= SPEND_REVIEW_MILLI && !(l.clash & (CLASH_APART | CLASH_APART_BOTH | CLASH_PLACES));
        say(j, agrees ? ANC_MATCH_YES : ANC_MATCH_REVIEW, agrees ? 990 : 820, "vat_number",
            agrees ? "The VAT number is the same: %s."
                   : "The VAT number is the same, %s, but the names are not: companies of one owner may "
                     "share it.",
            q->vat_number);
        return true;
    }
    return false;
}

static anc_rc judge(anc_ctx *ctx, const struct anc_party *payee, const struct anc_party *candidate,
                    struct anc_match *ret, void *state) {
    (void)ctx, (void)state;
    struct judging j = {.payee = payee, .candidate = candidate, .out = ret};
    if (payee->kind == ANC_PARTY_HIDDEN || payee->kind == ANC_PARTY_NOBODY ||
        candidate->kind == ANC_PARTY_HIDDEN || candidate->kind == ANC_PARTY_NOBODY) {
        return no(&j);
    }
    char earlier[WHEN_NAME_BYTES];
    if (candidate->until_day && match_when_earlier(candidate->name, earlier)) {
        // The company is also there under its name of today, which numbers lead to: here only the name
        // counts.
        bool by_name = both_and_same(payee->key, candidate->other_key) && !*payee->company_number;
        compare_circumstances(&j);
        return by_name ? judge_earlier(&j, earlier) : no(&j);
    }
    if (candidate->alias) {
        bool differ = both_and_differ(payee->company_number, candidate->company_number) ||
                      both_and_differ(payee->charity_number, candidate->charity_number);
        return differ ? say(&j, ANC_MATCH_REVIEW, 750, "alias",
                            "A person said before that this name is %.90s, but the numbers are not the same.",
                            candidate->name)
                      : say(&j, ANC_MATCH_YES, 1000, "alias", "A person said before that this name is %.90s.",
                            candidate->name);
    }
    if (judge_numbers(&j)) {
        return ANC_OK;
    }
    struct likeness l = compare_names(payee, candidate);
    if (!l.exact && l.score < SPEND_REVIEW_MILLI - 100) {
        return no(&j); // most end here
    }
    compare_circumstances(&j);
    return l.exact ? judge_exact(&j, l.by_other) : judge_alike(&j, &l);
}

const struct anc_payee_matcher spend_matcher = {
    .size = sizeof spend_matcher,
    .title = "Names and numbers of payees",
    .version = "1.0.0",
    .read = read_party,
    .blocks = blocks,
    .judge = judge,
};
