// SPDX-License-Identifier: Apache-2.0
// Tier T3 of the VCFSE decision: what the registers say, and the helpers that write reasons down.
#include <string.h>

#include "work.h"

void vcfse_add(struct vcfse_work *w, enum vcfse_rule rule, const char *detail) {
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

void vcfse_add_fact(struct vcfse_work *w, enum vcfse_rule rule, const char *detail) {
    int points = vcfse_rule_table[rule].points;
    w->fact_points += points;
    if (points < 0)
        w->against = true;
    vcfse_add(w, rule, detail);
}

void vcfse_add_name(struct vcfse_work *w, enum vcfse_rule rule, const char *detail) {
    int points = vcfse_rule_table[rule].points;
    if (points < 0) {
        w->name_against += points;
        w->against = true;
    } else {
        w->name_points += points;
    }
    vcfse_add(w, rule, detail);
}

bool vcfse_is_text(const char *s) {
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

bool vcfse_category_starts(const struct vcfse_work *w, const char *head) {
    return w->f->company_category && same_letters(w->f->company_category, head, strlen(head));
}

// Was the entry on its register on the day that is asked about?
static bool is_active(const struct vcfse_work *w, const struct vcfse_register_entry *e) {
    int32_t day = w->f->as_of_day;
    if (day == VCFSE_DAY_UNKNOWN)
        return e->status != VCFSE_STATUS_REMOVED;
    if (e->from_day != VCFSE_DAY_UNKNOWN && day < e->from_day)
        return false;
    if (e->to_day != VCFSE_DAY_UNKNOWN)
        return day < e->to_day;
    return e->status != VCFSE_STATUS_REMOVED;
}

// T3a: charity number.
static void tier_charity(struct vcfse_work *w) {
    const struct vcfse_register_entry *e = &w->f->charity;
    char number[VCFSE_CHARITY_NUMBER_SIZE];
    if (!vcfse_is_text(e->number))
        return;
    if (vcfse_charity_number(e->number, number) == VCFSE_CHARITY_BAD) {
        vcfse_add(w, RULE_CHARITY_SHAPE, e->number);
        w->doubt = true;
        return;
    }
    if (e->check == VCFSE_MISMATCH) {
        vcfse_add(w, RULE_CHARITY_MISMATCH, number);
        w->doubt = true;
        return;
    }
    if (!is_active(w, e)) {
        vcfse_add(w, RULE_CHARITY_INACTIVE, number);
        if (w->f->as_of_day != VCFSE_DAY_UNKNOWN && e->from_day != VCFSE_DAY_UNKNOWN &&
            w->f->as_of_day < e->from_day)
            w->not_yet = true; // a community interest company, say, that became a charity later
        else
            w->doubt = true;
        return;
    }
    vcfse_add_fact(w, e->check == VCFSE_VERIFIED ? RULE_CHARITY : RULE_CHARITY_UNCHECKED, number);
    w->r->tags |= VCFSE_TAG_VOLUNTARY;
    w->proof = w->proof || e->check == VCFSE_VERIFIED;
}

static bool is_cio(const struct vcfse_work *w) {
    return vcfse_category_starts(w, "Charitable Incorporated Organisation") ||
           vcfse_category_starts(w, "Scottish Charitable Incorporated Organisation");
}

// T3b and T3c, with the checks that every company number goes through.
static void tier_company(struct vcfse_work *w, const char *number) {
    const struct vcfse_register_entry *e = &w->f->company;
    bool cio_number = w->company_kind == VCFSE_NUMBER_CIO || w->company_kind == VCFSE_NUMBER_SCIO;
    bool cic = vcfse_category_starts(w, "Community Interest Company");
    if (!vcfse_is_text(e->number))
        return;
    if (w->company_kind == VCFSE_NUMBER_BAD) {
        vcfse_add(w, RULE_COMPANY_SHAPE, e->number);
        w->doubt = true;
        return;
    }
    if (e->check == VCFSE_MISMATCH) {
        vcfse_add(w, RULE_COMPANY_MISMATCH, number);
        w->doubt = true;
        return;
    }
    if (!is_active(w, e)) {
        vcfse_add(w, RULE_REGISTER_INACTIVE, number);
        w->doubt = true;
        return;
    }
    if (is_cio(w) || (cio_number && e->check == VCFSE_VERIFIED)) {
        vcfse_add_fact(w, RULE_CIO, number);
        w->r->tags |= VCFSE_TAG_VOLUNTARY;
        w->proof = true;
    } else if (cio_number) {
        vcfse_add_fact(w, RULE_CIO_UNCHECKED, number);
        w->r->tags |= VCFSE_TAG_VOLUNTARY;
    } else if (cic) {
        vcfse_add_fact(w, RULE_CIC, number);
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
        w->proof = true;
    }
}

// T3d and T4d: societies. Answers by the first register that tells.
static void tier_society(struct vcfse_work *w, const char *company_number) {
    char number[VCFSE_MUTUAL_NUMBER_SIZE] = "";
    enum vcfse_number_kind mutual_kind = vcfse_mutual_number(w->f->mutual.number, number);
    bool by_mutual = mutual_kind != VCFSE_NUMBER_BAD;
    const struct vcfse_register_entry *e = by_mutual ? &w->f->mutual : &w->f->company;
    enum vcfse_number_kind kind = by_mutual ? mutual_kind : w->company_kind;
    const char *shown = by_mutual ? number : company_number;
    bool society =
        kind == VCFSE_NUMBER_SOCIETY || kind == VCFSE_NUMBER_COOPERATIVE || kind == VCFSE_NUMBER_BENEFIT;
    bool listed = vcfse_category_starts(w, "Registered Society") ||
                  vcfse_category_starts(w, "Industrial and Provident Society");
    if (!society && !listed)
        return;
    if (e->check == VCFSE_MISMATCH || !is_active(w, e)) {
        if (by_mutual)
            vcfse_add(w, RULE_REGISTER_INACTIVE, shown);
        w->doubt = true;
        return;
    }
    if (kind == VCFSE_NUMBER_BENEFIT && (e->check == VCFSE_VERIFIED || listed)) {
        vcfse_add_fact(w, RULE_BENEFIT, shown);
        w->r->tags |= VCFSE_TAG_SOCIAL_ENTERPRISE;
        w->proof = true;
        return;
    }
    vcfse_add_fact(w, RULE_SOCIETY, shown);
    w->doubt = true;
}

// T3e: community amateur sports club.
static void tier_casc(struct vcfse_work *w) {
    const struct vcfse_register_entry *e = &w->f->casc;
    if (!vcfse_is_text(e->number))
        return;
    if (e->check == VCFSE_MISMATCH || !is_active(w, e)) {
        vcfse_add(w, RULE_REGISTER_INACTIVE, e->number);
        w->doubt = true;
        return;
    }
    vcfse_add_fact(w, e->check == VCFSE_VERIFIED ? RULE_CASC : RULE_CASC_UNCHECKED, e->number);
    w->r->tags |= VCFSE_TAG_COMMUNITY;
    w->proof = w->proof || e->check == VCFSE_VERIFIED;
}

void vcfse_tier_registers(struct vcfse_work *w, const char *number) {
    tier_charity(w);
    tier_company(w, number);
    tier_society(w, number);
    tier_casc(w);
}
