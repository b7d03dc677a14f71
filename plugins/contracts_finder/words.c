// SPDX-License-Identifier: Apache-2.0
// Contracts Finder's words, and our words mapped to them.
#include <string.h>

#include "logic.h"

const char *cf_type_text(enum cf_type type) {
    static const char *const texts[] = {"Contract", "Pipeline", "PreProcurement"};
    return texts[type];
}

const char *cf_status_text(enum cf_status status) {
    static const char *const texts[] = {"Open", "Closed", "Awarded", "Withdrawn"};
    return texts[status];
}

const char *cf_kind_text(enum cf_contract_kind kind) {
    static const char *const texts[] = {"Works", "Services", "Products", "NotApplicable", "NotSpecified"};
    return texts[kind];
}

const char *cf_reference_text(enum cf_reference reference) {
    static const char *const texts[] = {"NONE",
                                        "NONE_OTHER",
                                        "NONE_SOLE_TRADER",
                                        "NONE_PARTNERSHIP",
                                        "COMPANIES_HOUSE",
                                        "CHARITY_COMMISSION"};
    return texts[reference];
}

const char *cf_detail_text(enum cf_detail_kind kind) {
    static const char *const texts[] = {"Link", "Attachment", "SupplierAttachment"};
    return texts[kind];
}

const char *cf_procedure_text(enum cf_procedure procedure) {
    static const char *const texts[CF_PROCEDURE_COUNT] = {
        [CF_OPEN_ABOVE] = "OpenOJEU",
        [CF_OPEN_ACCELERATED_ABOVE] = "OpenAcceleratedOJEU",
        [CF_RESTRICTED_ABOVE] = "RestrictedOJEU",
        [CF_RESTRICTED_ACCELERATED_ABOVE] = "RestrictedAcceleratedOJEU",
        [CF_NEGOTIATION_ABOVE] = "CompetitiveProcedureWithNegotiationOJEU",
        [CF_NEGOTIATION_ACCELERATED_ABOVE] = "CompetitiveProcedureWithNegotiationAcceleratedOJEU",
        [CF_DIALOGUE_ABOVE] = "CompetitiveDialogueOJEU",
        [CF_NEGOTIATED_WITHOUT_PUBLICATION_ABOVE] = "NegotiatedProcedureWithoutPriorPublicationOJEU",
        [CF_INNOVATION_ABOVE] = "InnovationPartnershipOJEU",
        [CF_OPEN_BELOW] = "OpenNonOJEU",
        [CF_QUOTATION_BELOW] = "CompetitiveQuotationNonOJEU",
        [CF_CALL_OFF_FRAMEWORK] = "CallOffFromFrameworkAgreement",
        [CF_CALL_OFF_DYNAMIC] = "CallOffFromDynamicPurchasingSystem",
        [CF_CATALOGUE] = "CataloguePurchase",
        [CF_SINGLE_TENDER_BELOW] = "SingleTenderActionNonOJEU",
        [CF_PROCEDURE_OTHER] = "Other",
    };
    return (unsigned)procedure < CF_PROCEDURE_COUNT ? texts[procedure] : NULL;
}

struct word {
    const char *ours;
    int theirs;
};

static int find(const struct word *words, size_t count, const char *ours) {
    for (size_t i = 0; ours && i < count; i++)
        if (strcmp(words[i].ours, ours) == 0)
            return words[i].theirs;
    return -1;
}
#define FIND(words, ours) find(words, sizeof words / sizeof words[0], ours)

int cf_type_of(const char *kind, enum cf_type *ret_type) {
    static const struct word words[] = {{"pipeline", CF_TYPE_PIPELINE},
                                        {"engagement", CF_TYPE_PRE_PROCUREMENT},
                                        {"tender", CF_TYPE_CONTRACT}};
    int found = FIND(words, kind);
    if (found < 0)
        return -1;
    *ret_type = (enum cf_type)found;
    return 0;
}

int cf_status_of(const char *state, enum cf_status *ret_status) {
    static const struct word words[] = {{"published", CF_STATUS_OPEN},
                                        {"closed", CF_STATUS_CLOSED},
                                        {"opened", CF_STATUS_CLOSED},
                                        {"awarded", CF_STATUS_AWARDED},
                                        {"cancelled", CF_STATUS_WITHDRAWN}};
    int found = FIND(words, state);
    if (found < 0)
        return -1;
    *ret_status = (enum cf_status)found;
    return 0;
}

int cf_kind_of(const char *kind, enum cf_contract_kind *ret_kind) {
    static const struct word words[] = {
        {"works", CF_WORKS}, {"services", CF_SERVICES}, {"goods", CF_PRODUCTS}};
    int found = FIND(words, kind);
    if (found < 0)
        return -1;
    *ret_kind = (enum cf_contract_kind)found;
    return 0;
}

int cf_procedure_of(const char *procedure, bool above_threshold, enum cf_procedure *ret_procedure,
                    const char **ret_other) {
    static const struct word below[] = {{"quick_quote", CF_QUOTATION_BELOW},
                                        {"open", CF_OPEN_BELOW},
                                        {"competitive_flexible", CF_PROCEDURE_OTHER},
                                        {"framework_call_off", CF_CALL_OFF_FRAMEWORK},
                                        {"dynamic_market_call_off", CF_CALL_OFF_DYNAMIC},
                                        {"direct_award", CF_SINGLE_TENDER_BELOW}};
    int found = FIND(below, procedure);
    if (found < 0)
        return -1;
    if (above_threshold && found == CF_OPEN_BELOW)
        found = CF_OPEN_ABOVE;
    // Contracts Finder has no code for these two under the Procurement Act 2023.
    if (above_threshold && (found == CF_SINGLE_TENDER_BELOW || found == CF_QUOTATION_BELOW))
        found = CF_PROCEDURE_OTHER;
    *ret_procedure = (enum cf_procedure)found;
    *ret_other = NULL;
    if (found == CF_PROCEDURE_OTHER)
        *ret_other = strcmp(procedure, "direct_award") == 0  ? "Direct award"
                     : strcmp(procedure, "quick_quote") == 0 ? "Request for quotes"
                                                             : "Competitive flexible procedure";
    return 0;
}

bool cf_region_ok(const char *region) {
    static const char *const names[] = {"North East",    "North West",      "Yorkshire and the Humber",
                                        "East Midlands", "West Midlands",   "East of England",
                                        "London",        "South East",      "South West",
                                        "Scotland",      "Wales",           "Northern Ireland",
                                        "Isle of Man",   "Channel Islands", "Any region",
                                        "England",       "United Kingdom"};
    for (const char *p = region;; p++) {
        size_t len = strcspn(p, ",");
        bool known = false;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            known = known || (strlen(names[i]) == len && memcmp(names[i], p, len) == 0);
        if (!known)
            return false;
        p += len;
        if (!*p)
            return true;
    }
}
