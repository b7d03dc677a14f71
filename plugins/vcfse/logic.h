// SPDX-License-Identifier: Apache-2.0
// Is this supplier a VCFSE organisation? Facts in, decision with reasons out. Pure: no clock, no database, no
// network.
#ifndef VCFSE_LOGIC_H
#define VCFSE_LOGIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VCFSE_DAY_UNKNOWN INT32_MIN
#define VCFSE_REASON_MAX  24
#define VCFSE_DETAIL_SIZE 64
#define VCFSE_SIC_MAX     4

// V: voluntary, C: community, F: faith, SE: social enterprise. A supplier may hold several.
#define VCFSE_TAG_VOLUNTARY         1u
#define VCFSE_TAG_COMMUNITY         2u
#define VCFSE_TAG_FAITH             4u
#define VCFSE_TAG_SOCIAL_ENTERPRISE 8u

enum vcfse_decision {
    VCFSE_UNKNOWN = 0, // nothing here tells either way
    VCFSE_YES,
    VCFSE_REVIEW, // a person should look
    VCFSE_NO,
    VCFSE_POLICY, // depends on a choice of the place: see policy
};

enum vcfse_policy {
    VCFSE_POLICY_NONE = 0,
    VCFSE_POLICY_HOUSING,    // registered provider of social housing
    VCFSE_POLICY_UNIVERSITY, // higher education
    VCFSE_POLICY_SCHOOL,     // independent school
    VCFSE_POLICY_CONTROLLED, // more than half controlled by public bodies
    VCFSE_POLICY_TRADE,      // trade, professional or examining body
    VCFSE_POLICY_SUBSIDIARY, // trading company of a VCFSE body
    VCFSE_POLICY_MUTUAL,     // credit union, friendly society, members' club
    VCFSE_POLICY_COUNT
};

// What a look-up in a register said about the number that was given.
enum vcfse_check {
    VCFSE_NOT_CHECKED = 0,
    VCFSE_VERIFIED, // number found, and name or postcode agree (vcfse_register_agrees in name.h)
    VCFSE_MISMATCH, // number found, but it is another body
};

enum vcfse_status { VCFSE_STATUS_UNKNOWN = 0, VCFSE_STATUS_ACTIVE, VCFSE_STATUS_REMOVED };

enum vcfse_tristate { VCFSE_UNSAID = 0, VCFSE_IS_SO, VCFSE_IS_NOT };

// One entry in one register. Days are whole days since 1 January 1970.
struct vcfse_register_entry {
    const char *number; // as typed or as found, NULL when there is none
    enum vcfse_check check;
    enum vcfse_status status; // in the register's latest copy
    int32_t from_day;         // first day on the register, VCFSE_DAY_UNKNOWN when not known
    int32_t to_day; // day of removal (no longer on it from this day), VCFSE_DAY_UNKNOWN when not known
};

// Lists of bodies the host knows this supplier is on (each by its register id, never by its name).
enum {
    VCFSE_LIST_ODS = 1 << 0,           // NHS organisation code
    VCFSE_LIST_STATE_SCHOOL = 1 << 1,  // URN of a state school or academy
    VCFSE_LIST_FE_COLLEGE = 1 << 2,    // UKPRN of a further education corporation
    VCFSE_LIST_ACADEMY_TRUST = 1 << 3, // company number of an academy trust
    VCFSE_LIST_POLICE = 1 << 4,
    VCFSE_LIST_COUNCIL = 1 << 5,
    VCFSE_LIST_DEPARTMENT = 1 << 6,
    VCFSE_LIST_HOUSING = 1 << 7,        // registered provider of social housing
    VCFSE_LIST_UNIVERSITY = 1 << 8,     // higher education register
    VCFSE_LIST_PRIVATE_SCHOOL = 1 << 9, // URN of an independent school
};

enum vcfse_evidence {
    VCFSE_EVIDENCE_NONE = 0,
    VCFSE_EVIDENCE_GOVERNING_PAPERS, // governing document with a clause that puts profit back into the
                                     // purpose
    VCFSE_EVIDENCE_CONSTITUTION,     // constitution of a group that is no company
};

// A decision a person made earlier.
struct vcfse_officer_decision {
    bool present;
    enum vcfse_decision decision;
    enum vcfse_policy policy;
    unsigned tags;
    int32_t decided_day; // it ends 24 calendar months later
};

// Everything known about one supplier. Zero and NULL mean "not known"; start from vcfse_facts_init().
struct vcfse_facts {
    const char *name;
    const char *postcode;                // carried for the record; no rule looks at it
    struct vcfse_register_entry company; // Companies House
    const char
        *company_category; // exactly as Companies House writes it; NULL when the number was not found there
    const char *sic_codes[VCFSE_SIC_MAX]; // "94120" or "94120 - Activities of ..."
    struct vcfse_register_entry charity;
    enum vcfse_tristate religious_class; // Charity Commission class 108
    struct vcfse_register_entry casc;    // community amateur sports club
    struct vcfse_register_entry mutual;  // Mutuals Public Register
    unsigned lists;                      // VCFSE_LIST_* bits
    bool sole_trader;
    bool public_controlled;     // declared, or by people with significant control: more than half public
    bool parent_is_vcfse;       // owned by a VCFSE body
    bool same_name_on_register; // a body on a register has this name, and nothing else ties them
    bool self_declared;
    enum vcfse_evidence evidence;
    int32_t
        se_certificate_until_day; // last day of a social enterprise certificate, VCFSE_DAY_UNKNOWN for none
    struct vcfse_officer_decision officer;
    int32_t as_of_day; // the day the answer is for, usually the day of the payment; VCFSE_DAY_UNKNOWN: now
};

struct vcfse_reason {
    const char *rule; // T0 to T5x
    const char *text; // plain English, static
    int points;
    char detail[VCFSE_DETAIL_SIZE]; // the number or words it rests on, "" when there is none
};

struct vcfse_result {
    enum vcfse_decision decision;
    enum vcfse_policy policy; // the class when decision is POLICY, else NONE
    enum vcfse_decision
        if_included;      // what the decision would be with that class switched on; else = decision
    int score;            // 0 to 100
    unsigned tags;        // VCFSE_TAG_* bits
    unsigned primary_tag; // one of them by the order F, SE, C, V; 0 for none
    struct vcfse_reason reasons[VCFSE_REASON_MAX];
    size_t reason_count;
};

// Sets all facts to "not known".
void vcfse_facts_init(struct vcfse_facts *ret_facts);

// Decides. The same facts always give the same result, byte for byte.
// Method: tiers T0 to T5 run in order and the first hard tier wins; see README.md of this plugin.
void vcfse_decide(const struct vcfse_facts *facts, struct vcfse_result *ret_result);

// Words for people and for JSON: "yes", "review", "no", "policy", "unknown"; "housing", ...; "V", "C", "F",
// "SE".
const char *vcfse_decision_text(enum vcfse_decision decision);
const char *vcfse_policy_text(enum vcfse_policy policy);
const char *vcfse_tag_text(unsigned tag);

// The day after the last day on which an officer's decision of that day counts: 24 calendar months later.
int32_t vcfse_officer_end_day(int32_t decided_day);

#endif
