// SPDX-License-Identifier: Apache-2.0
// A notice as Contracts Finder's web export (format B, 2021 generation) holds it, what stands in the way of
// writing it, and how our words map to its words. Pure: no clock, no database, no network.
#ifndef CONTRACTS_FINDER_LOGIC_H
#define CONTRACTS_FINDER_LOGIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cpv.h"
#include "format.h"

#define CF_NO_VALUE        (-1ll)
#define CF_VALUE_MAX       1000000000000000ll // ten million million pounds in pence
#define CF_TITLE_MAX       300
#define CF_DESCRIPTION_MAX 3000
#define CF_IDENTIFIER_MAX  100
#define CF_DETAIL_MAX      1000
#define CF_SHORT_MAX       500 // our own bound for names, addresses and the like
#define CF_CODES_MAX       50
#define CF_AWARDS_MAX      500
#define CF_DETAILS_MAX     200
#define CF_VERSIONS_MAX    500

enum cf_type { CF_TYPE_CONTRACT, CF_TYPE_PIPELINE, CF_TYPE_PRE_PROCUREMENT };
enum cf_status { CF_STATUS_OPEN, CF_STATUS_CLOSED, CF_STATUS_AWARDED, CF_STATUS_WITHDRAWN };
enum cf_contract_kind { CF_WORKS, CF_SERVICES, CF_PRODUCTS, CF_KIND_NOT_APPLICABLE, CF_KIND_NOT_SPECIFIED };
enum cf_reference {
    CF_REF_NONE,
    CF_REF_OTHER,
    CF_REF_SOLE_TRADER,
    CF_REF_PARTNERSHIP,
    CF_REF_COMPANY,
    CF_REF_CHARITY
};
enum cf_detail_kind { CF_DETAIL_LINK, CF_DETAIL_ATTACHMENT, CF_DETAIL_SUPPLIER_ATTACHMENT };

// The current names only; Contracts Finder's older ones are read by nobody here.
enum cf_procedure {
    CF_PROCEDURE_NONE = 0, // written as nil
    CF_OPEN_ABOVE,
    CF_OPEN_ACCELERATED_ABOVE,
    CF_RESTRICTED_ABOVE,
    CF_RESTRICTED_ACCELERATED_ABOVE,
    CF_NEGOTIATION_ABOVE,
    CF_NEGOTIATION_ACCELERATED_ABOVE,
    CF_DIALOGUE_ABOVE,
    CF_NEGOTIATED_WITHOUT_PUBLICATION_ABOVE,
    CF_INNOVATION_ABOVE,
    CF_OPEN_BELOW,
    CF_QUOTATION_BELOW,
    CF_CALL_OFF_FRAMEWORK,
    CF_CALL_OFF_DYNAMIC,
    CF_CATALOGUE,
    CF_SINGLE_TENDER_BELOW,
    CF_PROCEDURE_OTHER, // needs a text
    CF_PROCEDURE_COUNT
};

// Texts: UTF-8; NULL or "" means absent and is written as nil where the format allows it.
struct cf_contact {
    const char *name, *email, *address1, *address2, *town, *postcode, *country, *phone, *web;
};

struct cf_award {
    int32_t number;      // 1, 2, 3 ... within the notice
    const char *guid;    // own id, see cf_guid_of_part
    int64_t value_pence; // without VAT
    const char *supplier_name, *supplier_address, *contact;
    enum cf_reference reference_kind;
    const char *reference; // company or charity number
    int64_t start_usec, end_usec, awarded_usec;
    enum cf_procedure procedure;
    const char *procedure_other;
    const char *detail; // the lot's name, for want of a better place in this format
    bool to_sme, to_vcso;
};

struct cf_detail {
    const char *guid;
    const char *description;
    enum cf_detail_kind kind;
    const char *value; // address of the link, or file name
    const char *mime;
    const char *award_guid; // only for a supplier's attachment
};

struct cf_version {
    const char *changed_by; // a role's address, not a person's
    int64_t changed_usec;
    int32_t number; // from 1
};

struct cf_notice {
    const char *id; // lower-case GUID
    const char *parent_identifier;
    struct cf_contact contact;
    const char *identifier; // the buyer's own reference
    const char *title, *description;
    const char *const *cpv; // eight digits each, main one first
    size_t cpv_count;
    int64_t created_usec, updated_usec, published_usec;
    int64_t deadline_usec;
    int64_t approach_usec;                     // pipeline: when the market will be asked
    int64_t value_low_pence, value_high_pence; // without VAT; CF_NO_VALUE when not known
    const char *postcode;
    const char *region; // names parted by commas without blanks: "North West,London"
    bool nationwide;
    int32_t lat_micro, lon_micro; // 0 and 0 when not known
    int64_t start_usec, end_usec; // of the contract
    enum cf_type type;
    enum cf_status status;
    bool suits_sme, suits_vcse, supply_chain, framework, extension, pre_awarded;
    const char *organisation;
    enum cf_procedure procedure;
    const char *procedure_other, *accelerated_reason;
    enum cf_contract_kind kind;
    int64_t withdrawn_usec;
    const char *more;             // additional text: reservation, Find a Tender number
    const char *find_a_tender_id; // nnnnnn-yyyy; only checked, this format has no place for it
    const struct cf_award *awards;
    size_t award_count;
    const struct cf_detail *details;
    size_t detail_count;
    const struct cf_version *versions;
    size_t version_count;
};

// Fills a notice with "absent" everywhere.
void cf_notice_init(struct cf_notice *ret_notice);

enum cf_severity { CF_WARNING, CF_ERROR };

#define CF_PROBLEMS_MAX 64

struct cf_problem {
    enum cf_severity severity;
    char field[40]; // "title", "awards[2].supplier_name"
    char text[200]; // plain words: what is wrong and what to do
};

struct cf_report {
    struct cf_problem problems[CF_PROBLEMS_MAX];
    size_t count;  // problems kept
    size_t errors; // all errors, kept or not
    bool cut;      // there were more than fit
};

void cf_report_add(struct cf_report *report, enum cf_severity severity, const char *field, const char *text);

// Lists everything that stands in the way of writing this notice (errors), and what is worth knowing
// (warnings). The first line is always the warning that this file is no legal publication. ret_report is
// emptied first.
void cf_check(const struct cf_notice *notice, const struct cf_cpv *cpv, struct cf_report *ret_report);

// Words as Contracts Finder writes them.
const char *cf_type_text(enum cf_type type);
const char *cf_status_text(enum cf_status status);
const char *cf_kind_text(enum cf_contract_kind kind);
const char *cf_reference_text(enum cf_reference reference);
const char *cf_detail_text(enum cf_detail_kind kind);
const char *cf_procedure_text(enum cf_procedure procedure); // NULL for CF_PROCEDURE_NONE

// Our words to theirs. Each answers 0, or -1 for a word it does not know; results are then untouched.
// kind: "pipeline", "engagement", "tender".
int cf_type_of(const char *kind, enum cf_type *ret_type);
// state: "published", "closed", "opened", "awarded", "cancelled". A "draft" is never exported: -1.
int cf_status_of(const char *state, enum cf_status *ret_status);
// kind: "works", "services", "goods".
int cf_kind_of(const char *kind, enum cf_contract_kind *ret_kind);
// procedure: "quick_quote", "open", "competitive_flexible", "framework_call_off", "dynamic_market_call_off",
// "direct_award". ret_other: the text for CF_PROCEDURE_OTHER, else NULL.
int cf_procedure_of(const char *procedure, bool above_threshold, enum cf_procedure *ret_procedure,
                    const char **ret_other);

// True when every name in a region list is one that Contracts Finder knows.
bool cf_region_ok(const char *region);

#endif
