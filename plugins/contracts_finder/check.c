// SPDX-License-Identifier: Apache-2.0
// What stands in the way of writing a notice, field by field, in plain words.
#include <stdio.h>
#include <string.h>

#include "logic.h"

void cf_notice_init(struct cf_notice *ret_notice) {
    memset(ret_notice, 0, sizeof *ret_notice);
    ret_notice->created_usec = ret_notice->updated_usec = ret_notice->published_usec = CF_NO_TIME;
    ret_notice->deadline_usec = ret_notice->approach_usec = ret_notice->withdrawn_usec = CF_NO_TIME;
    ret_notice->start_usec = ret_notice->end_usec = CF_NO_TIME;
    ret_notice->value_low_pence = ret_notice->value_high_pence = CF_NO_VALUE;
    ret_notice->kind = CF_KIND_NOT_SPECIFIED;
}

// Copies what fits, never half a letter.
static void copy_text(char *to, size_t size, const char *from) {
    size_t n = 0;
    while (from[n] && n + 1 < size)
        n++;
    while (from[n] && n > 0 && ((unsigned char)from[n] & 0xC0u) == 0x80)
        n--;
    memcpy(to, from, n);
    to[n] = '\0';
}

void cf_report_add(struct cf_report *report, enum cf_severity severity, const char *field, const char *text) {
    if (severity == CF_ERROR)
        report->errors++;
    if (report->count >= CF_PROBLEMS_MAX) {
        report->cut = true;
        return;
    }
    struct cf_problem *p = &report->problems[report->count++];
    p->severity = severity;
    copy_text(p->field, sizeof p->field, field);
    copy_text(p->text, sizeof p->text, text);
}

// Where in the notice we are: "" or "awards[2].".
struct place {
    struct cf_report *report;
    char head[24];
};

static void add(const struct place *at, enum cf_severity severity, const char *field, const char *text) {
    char full[64];
    (void)snprintf(full, sizeof full, "%s%s", at->head, field);
    cf_report_add(at->report, severity, full, text);
}

static void error(const struct place *at, const char *field, const char *text) {
    add(at, CF_ERROR, field, text);
}

static bool is_absent(const char *text) {
    return !text || !text[0];
}

// Any text that is there: its bytes and its length.
static void check_text(const struct place *at, const char *field, const char *text, size_t max_chars) {
    size_t chars = 0;
    char message[160];
    if (is_absent(text))
        return;
    switch (cf_text_check(text, &chars)) {
    case CF_TEXT_BROKEN:
        error(at, field, "Some letters were damaged on the way. Type the text again.");
        return;
    case CF_TEXT_CONTROL:
        error(at, field,
              "The text holds hidden control characters. Delete it and type it again, or paste it as plain "
              "text.");
        return;
    case CF_TEXT_FINE:
        break;
    }
    if (chars > max_chars) {
        (void)snprintf(message, sizeof message, "The text has %zu characters. Shorten it to %zu or fewer.",
                       chars, max_chars);
        error(at, field, message);
    }
}

static void check_needed(const struct place *at, const char *field, const char *text, size_t max_chars,
                         const char *missing) {
    if (is_absent(text))
        error(at, field, missing);
    else
        check_text(at, field, text, max_chars);
}

static bool check_time(const struct place *at, const char *field, int64_t usec, const char *missing) {
    if (usec == CF_NO_TIME) {
        if (missing)
            error(at, field, missing);
        return false;
    }
    if (!cf_time_ok(usec)) {
        error(at, field, "The date must be between the years 1970 and 9999.");
        return false;
    }
    return true;
}

static void check_contact(const struct place *at, const struct cf_contact *c) {
    check_text(at, "contact.name", c->name, CF_SHORT_MAX);
    check_needed(at, "contact.email", c->email, CF_SHORT_MAX, "Give the e-mail address of the buying team.");
    if (!is_absent(c->email) && !strchr(c->email, '@'))
        error(at, "contact.email", "The e-mail address needs an @ sign.");
    check_needed(at, "contact.address1", c->address1, CF_SHORT_MAX,
                 "Give the first line of the buyer's address.");
    check_text(at, "contact.address2", c->address2, CF_SHORT_MAX);
    check_needed(at, "contact.town", c->town, CF_SHORT_MAX, "Give the buyer's town.");
    check_needed(at, "contact.postcode", c->postcode, CF_SHORT_MAX, "Give the buyer's postcode.");
    check_needed(at, "contact.country", c->country, CF_SHORT_MAX,
                 "Give the buyer's country, for example England.");
    check_text(at, "contact.phone", c->phone, CF_SHORT_MAX);
    check_text(at, "contact.web", c->web, CF_SHORT_MAX);
}

static void check_cpv(const struct place *at, const struct cf_notice *n, const struct cf_cpv *cpv) {
    char message[120];
    if (n->cpv_count == 0)
        error(at, "cpv", "Choose at least one CPV code, so that suppliers can find the notice.");
    if (n->cpv_count > CF_CODES_MAX)
        error(at, "cpv", "There are too many CPV codes. Keep the 50 that fit best.");
    for (size_t i = 0; i < n->cpv_count && i < CF_CODES_MAX; i++) {
        if (!cf_cpv_find(cpv, n->cpv[i])) {
            (void)snprintf(message, sizeof message,
                           "The CPV code \"%.12s\" is not in our list. Choose one from the list.",
                           n->cpv[i] ? n->cpv[i] : "");
            error(at, "cpv", message);
        }
        for (size_t k = 0; k < i; k++) {
            if (n->cpv[i] && n->cpv[k] && strcmp(n->cpv[i], n->cpv[k]) == 0)
                error(at, "cpv", "The same CPV code is there twice. Take one away.");
        }
    }
}

static void check_dates(const struct place *at, const struct cf_notice *n) {
    bool published = check_time(at, "published", n->published_usec, "The notice has not been published yet.");
    bool pipeline = n->type == CF_TYPE_PIPELINE;
    check_time(at, "created", n->created_usec, "The day the notice was made is missing.");
    check_time(at, "updated", n->updated_usec, "The day of the last change is missing.");
    bool deadline =
        check_time(at, "deadline", n->deadline_usec, pipeline ? NULL : "Say until when answers are taken.");
    bool approach = check_time(at, "approach", n->approach_usec,
                               pipeline ? "Say when you expect to ask the market." : NULL);
    if (pipeline && approach && n->deadline_usec == CF_NO_TIME)
        add(at, CF_WARNING, "deadline",
            "A pipeline notice has no deadline. The day you ask the market is written instead.");
    if (!pipeline && n->approach_usec != CF_NO_TIME)
        error(at, "approach", "Only a pipeline notice says when the market will be asked. Clear the date.");
    if (published && deadline && n->deadline_usec <= n->published_usec)
        error(at, "deadline", "The deadline must be after the day of publication.");
    bool start = check_time(at, "start", n->start_usec, "Say when the contract starts.");
    bool end = check_time(at, "end", n->end_usec, "Say when the contract ends.");
    if (start && end && n->end_usec < n->start_usec)
        error(at, "end", "The contract must not end before it starts.");
    if (start && deadline && n->type == CF_TYPE_CONTRACT && n->start_usec < n->deadline_usec)
        add(at, CF_WARNING, "start", "The contract starts before the deadline for bids. Is that right?");
}

static void check_values(const struct place *at, const struct cf_notice *n) {
    int64_t low = n->value_low_pence, high = n->value_high_pence;
    if ((low != CF_NO_VALUE && (low < 0 || low > CF_VALUE_MAX)) ||
        (high != CF_NO_VALUE && (high < 0 || high > CF_VALUE_MAX)))
        error(at, "value", "The value must be £0 or more, and a sum that can be real.");
    else if (low == CF_NO_VALUE && high == CF_NO_VALUE)
        add(at, CF_WARNING, "value", "No value is given. Suppliers like to know what a contract is worth.");
    else if (low != CF_NO_VALUE && high != CF_NO_VALUE && high < low)
        error(at, "value", "The highest value must not be below the lowest.");
}

static void check_procedure(const struct place *at, enum cf_procedure procedure, const char *other,
                            bool needed) {
    if ((unsigned)procedure >= CF_PROCEDURE_COUNT)
        error(at, "procedure", "Choose how the contract is bought.");
    else if (procedure == CF_PROCEDURE_NONE && needed)
        error(at, "procedure", "Choose how the contract is bought.");
    else if (procedure == CF_PROCEDURE_OTHER && is_absent(other))
        error(at, "procedure", "Say in words how the contract is bought.");
    check_text(at, "procedure_other", other, CF_SHORT_MAX);
}

static bool is_reference(enum cf_reference kind, const char *text) {
    size_t len = strlen(text), digits = strspn(text, "0123456789");
    if (kind == CF_REF_COMPANY)
        return len == 8 && (digits == 8 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == 8);
    return digits == len && len >= 5 && len <= 7;
}

static void check_award(const struct place *at, const struct cf_award *a) {
    bool register_number = a->reference_kind == CF_REF_COMPANY || a->reference_kind == CF_REF_CHARITY;
    check_needed(at, "supplier_name", a->supplier_name, CF_SHORT_MAX, "Name the supplier that won.");
    check_needed(at, "supplier_address", a->supplier_address, CF_DETAIL_MAX, "Give the supplier's address.");
    check_text(at, "contact", a->contact, CF_SHORT_MAX);
    check_text(at, "detail", a->detail, CF_DETAIL_MAX);
    if (a->number < 1)
        error(at, "number", "Awards are counted from 1.");
    if (!cf_is_guid(a->guid))
        error(at, "guid", "The award's own id is missing or has the wrong shape.");
    if (a->value_pence < 0 || a->value_pence > CF_VALUE_MAX)
        error(at, "value", "The value of the award must be £0 or more, and a sum that can be real.");
    if ((unsigned)a->reference_kind > CF_REF_CHARITY)
        error(at, "reference", "Say which register the supplier's number is from.");
    else if (register_number && (is_absent(a->reference) || !is_reference(a->reference_kind, a->reference)))
        error(at, "reference",
              "Give the supplier's number as the register writes it: 8 characters for a company, 5 to 7 "
              "digits for a charity.");
    else
        check_text(at, "reference", a->reference, CF_SHORT_MAX);
    if (a->reference_kind == CF_REF_SOLE_TRADER)
        add(at, CF_WARNING, "supplier_address",
            "One person trading alone: make sure this is not a home address.");
    bool start = check_time(at, "start", a->start_usec, "Say when this contract starts.");
    bool end = check_time(at, "end", a->end_usec, "Say when this contract ends.");
    check_time(at, "awarded", a->awarded_usec, "Say when the award was decided.");
    if (start && end && a->end_usec < a->start_usec)
        error(at, "end", "The contract must not end before it starts.");
    check_procedure(at, a->procedure, a->procedure_other, true);
}

static void check_awards(struct place *at, const struct cf_notice *n) {
    if (n->status == CF_STATUS_AWARDED && n->award_count == 0)
        error(at, "awards", "An awarded notice must name at least one supplier.");
    if (n->status != CF_STATUS_AWARDED && n->award_count > 0 && n->status != CF_STATUS_WITHDRAWN)
        error(at, "awards", "Suppliers are named, but the notice is not marked as awarded.");
    if (n->award_count > 0 && n->type != CF_TYPE_CONTRACT)
        error(at, "awards", "Only a contract can be awarded.");
    if (n->award_count > CF_AWARDS_MAX)
        error(at, "awards", "There are too many awards for one notice.");
    for (size_t i = 0; i < n->award_count && i < CF_AWARDS_MAX; i++) {
        (void)snprintf(at->head, sizeof at->head, "awards[%zu].", i + 1);
        check_award(at, &n->awards[i]);
        for (size_t k = 0; k < i; k++) {
            if (n->awards[k].number == n->awards[i].number ||
                (n->awards[k].guid && n->awards[i].guid && strcmp(n->awards[k].guid, n->awards[i].guid) == 0))
                error(at, "number", "Two awards have the same number or id.");
        }
    }
    at->head[0] = '\0';
}

static bool is_web_address(const char *text) {
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

static void check_details(struct place *at, const struct cf_notice *n) {
    if (n->detail_count > CF_DETAILS_MAX)
        error(at, "details", "There are too many links and files.");
    for (size_t i = 0; i < n->detail_count && i < CF_DETAILS_MAX; i++) {
        const struct cf_detail *d = &n->details[i];
        (void)snprintf(at->head, sizeof at->head, "details[%zu].", i + 1);
        if (!cf_is_guid(d->guid) || (n->id && strcmp(d->guid, n->id) == 0))
            error(at, "guid", "The link or file needs an id of its own.");
        if ((unsigned)d->kind > CF_DETAIL_SUPPLIER_ATTACHMENT)
            error(at, "kind", "Say whether this is a link or a file.");
        check_text(at, "description", d->description, CF_DETAIL_MAX);
        check_needed(at, "value", d->value, CF_DETAIL_MAX,
                     "Give the address of the link or the name of the file.");
        if (d->kind == CF_DETAIL_LINK && !is_absent(d->value) && !is_web_address(d->value))
            error(at, "value", "A link must begin with https:// or http://.");
        check_text(at, "mime", d->mime, CF_IDENTIFIER_MAX);
        if (d->kind == CF_DETAIL_SUPPLIER_ATTACHMENT && !cf_is_guid(d->award_guid))
            error(at, "award_guid", "A supplier's file must say which award it belongs to.");
        if (d->kind != CF_DETAIL_SUPPLIER_ATTACHMENT && !is_absent(d->award_guid))
            error(at, "award_guid", "Only a supplier's file belongs to an award.");
    }
    at->head[0] = '\0';
}

static void check_versions(struct place *at, const struct cf_notice *n) {
    if (n->version_count == 0 || n->version_count > CF_VERSIONS_MAX)
        error(at, "versions", "The list of published versions is empty or too long.");
    for (size_t i = 0; i < n->version_count && i < CF_VERSIONS_MAX; i++) {
        const struct cf_version *v = &n->versions[i];
        (void)snprintf(at->head, sizeof at->head, "versions[%zu].", i + 1);
        check_needed(at, "changed_by", v->changed_by, CF_SHORT_MAX, "Say which team changed the notice.");
        check_time(at, "changed", v->changed_usec, "Say when the notice was changed.");
        if (v->number < 1 || (i > 0 && v->number <= n->versions[i - 1].number))
            error(at, "number", "Versions are counted upwards from 1.");
    }
    at->head[0] = '\0';
}

static bool is_find_a_tender_id(const char *text) {
    return strlen(text) == 11 && strspn(text, "0123456789") == 6 && text[6] == '-' &&
           strspn(text + 7, "0123456789") == 4;
}

static void check_law(const struct place *at, const struct cf_notice *n) {
    add(at, CF_WARNING, "notice",
        "This file is for exchange only. By law the notice is published on Find a Tender, before it is "
        "advertised anywhere else.");
    if (is_absent(n->find_a_tender_id)) {
        if (n->type == CF_TYPE_CONTRACT)
            add(at, CF_WARNING, "find_a_tender_id",
                "No Find a Tender number is recorded. From £30,000 with VAT (£12,000 for NHS trusts) it must "
                "be there first.");
    } else if (!is_find_a_tender_id(n->find_a_tender_id)) {
        error(at, "find_a_tender_id",
              "A Find a Tender number is six digits, a dash and the year: 012345-2026.");
    }
}

static void check_head(const struct place *at, const struct cf_notice *n) {
    if (!cf_is_guid(n->id))
        error(at, "id", "The notice's own id is missing or has the wrong shape.");
    check_text(at, "parent_identifier", n->parent_identifier, CF_IDENTIFIER_MAX);
    check_needed(at, "identifier", n->identifier, CF_IDENTIFIER_MAX, "Give the notice your own reference.");
    check_needed(at, "title", n->title, CF_TITLE_MAX, "Give the notice a title.");
    check_needed(at, "description", n->description, CF_DESCRIPTION_MAX, "Describe what you want to buy.");
    check_needed(at, "organisation", n->organisation, CF_TITLE_MAX, "Name the buying organisation.");
    check_text(at, "postcode", n->postcode, CF_SHORT_MAX);
    check_text(at, "more", n->more, CF_DESCRIPTION_MAX);
    check_text(at, "accelerated_reason", n->accelerated_reason, CF_DETAIL_MAX);
    if (is_absent(n->postcode) && is_absent(n->region) && !n->nationwide)
        add(at, CF_WARNING, "region", "Say where the work is done: a postcode or a region.");
    if (!is_absent(n->region) && !cf_region_ok(n->region))
        error(at, "region", "Choose regions from the list, for example North West.");
    if ((unsigned)n->type > CF_TYPE_PRE_PROCUREMENT || (unsigned)n->status > CF_STATUS_WITHDRAWN ||
        (unsigned)n->kind > CF_KIND_NOT_SPECIFIED)
        error(at, "type", "The kind or state of the notice is one we do not know.");
    if (n->lat_micro < -90000000 || n->lat_micro > 90000000 || n->lon_micro < -180000000 ||
        n->lon_micro > 180000000)
        error(at, "location", "The place on the map is not on the earth. Check the postcode.");
}

void cf_check(const struct cf_notice *notice, const struct cf_cpv *cpv, struct cf_report *ret_report) {
    struct place at = {.report = ret_report, .head = ""};
    memset(ret_report, 0, sizeof *ret_report);
    check_law(&at, notice);
    check_head(&at, notice);
    check_contact(&at, &notice->contact);
    check_cpv(&at, notice, cpv);
    check_dates(&at, notice);
    check_values(&at, notice);
    check_procedure(&at, notice->procedure, notice->procedure_other, notice->type == CF_TYPE_CONTRACT);
    if (notice->status == CF_STATUS_WITHDRAWN)
        check_time(&at, "withdrawn", notice->withdrawn_usec, "Say when the notice was withdrawn.");
    else if (notice->withdrawn_usec != CF_NO_TIME)
        error(&at, "withdrawn", "The notice has a day of withdrawal but is not withdrawn.");
    check_awards(&at, notice);
    check_details(&at, notice);
    check_versions(&at, notice);
}
