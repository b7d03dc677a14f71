// SPDX-License-Identifier: Apache-2.0
// Words in names and what they point to. Whole words only; capitals; own lists.
#include "logic.h"
#include "rules.h"

#define C VCFSE_TAG_COMMUNITY
#define F VCFSE_TAG_FAITH
#define V VCFSE_TAG_VOLUNTARY

static const struct vcfse_word redacted[] = {
    {"REDACTED", WORD_ANYWHERE, 0},         {"NAME WITHHELD", WORD_ANYWHERE, 0},
    {"PERSONAL DATA", WORD_ANYWHERE, 0},    {"WITHHELD", WORD_AT_START, 0},
    {"CONFIDENTIAL", WORD_AT_START, 0},     {"PRIVATE INDIVIDUAL", WORD_ANYWHERE, 0},
    {"NAMED INDIVIDUAL", WORD_ANYWHERE, 0},
};

static const struct vcfse_word public_body[] = {
    {"NHS FOUNDATION TRUST", WORD_ANYWHERE, 0},
    {"NHS TRUST", WORD_ANYWHERE, 0},
    {"INTEGRATED CARE BOARD", WORD_ANYWHERE, 0},
    {"CLINICAL COMMISSIONING GROUP", WORD_ANYWHERE, 0},
    {"NHS ENGLAND", WORD_ANYWHERE, 0},
    {"BOROUGH COUNCIL", WORD_ANYWHERE, 0},
    {"COUNTY COUNCIL", WORD_ANYWHERE, 0},
    {"CITY COUNCIL", WORD_ANYWHERE, 0},
    {"DISTRICT COUNCIL", WORD_ANYWHERE, 0},
    {"TOWN COUNCIL", WORD_ANYWHERE, 0},
    {"PARISH COUNCIL", WORD_ANYWHERE, 0},
    {"METROPOLITAN COUNCIL", WORD_ANYWHERE, 0},
    {"METROPOLITAN BOROUGH", WORD_ANYWHERE, 0},
    {"LONDON BOROUGH OF", WORD_ANYWHERE, 0},
    {"BOROUGH OF", WORD_AT_START, 0},
    {"MBC", WORD_ANYWHERE, 0},
    {"COMBINED AUTHORITY", WORD_ANYWHERE, 0},
    {"FIRE AUTHORITY", WORD_ANYWHERE, 0},
    {"FIRE AND RESCUE", WORD_ANYWHERE, 0},
    {"POLICE AND CRIME COMMISSIONER", WORD_ANYWHERE, 0},
    {"POLICE FORCE", WORD_ANYWHERE, 0},
    {"CONSTABULARY", WORD_ANYWHERE, 0},
    {"DEPARTMENT FOR", WORD_AT_START, 0},
    {"DEPARTMENT OF", WORD_AT_START, 0},
    {"HM REVENUE AND CUSTOMS", WORD_ANYWHERE, 0},
    {"HMRC", WORD_ANYWHERE, 0},
    {"HM COURTS", WORD_ANYWHERE, 0},
    {"HM PRISON", WORD_ANYWHERE, 0},
    {"ENVIRONMENT AGENCY", WORD_ANYWHERE, 0},
    {"MULTI ACADEMY TRUST", WORD_ANYWHERE, 0},
    {"ACADEMY TRUST", WORD_ANYWHERE, 0},
    {"ACADEMIES TRUST", WORD_ANYWHERE, 0},
    {"SIXTH FORM COLLEGE", WORD_ANYWHERE, 0},
};

static const struct vcfse_word public_check[] = {
    {"NHS", WORD_ANYWHERE, 0},
    {"COUNCIL", WORD_AT_END, 0},
    {"LEARNING TRUST", WORD_ANYWHERE, 0},
    {"EDUCATION TRUST", WORD_ANYWHERE, 0},
    {"SCHOOLS TRUST", WORD_ANYWHERE, 0},
    {"CITY COLLEGE", WORD_ANYWHERE, 0},
    {"POLICE", WORD_ANYWHERE, 0},
    {"ACADEMIES", WORD_ANYWHERE, 0},
};

static const struct vcfse_word housing[] = {
    {"HOUSING", WORD_ANYWHERE, 0},
    {"ALMSHOUSES", WORD_ANYWHERE, 0},
};

static const struct vcfse_word university[] = {
    {"UNIVERSITY OF THE THIRD AGE", WORD_ANYWHERE, V}, // the row that stops the next one: a self-help group
    {"UNIVERSITY", WORD_ANYWHERE, 0},
};

static const struct vcfse_word school[] = {
    {"SCHOOL", WORD_ANYWHERE, 0},
    {"SCHOOLS", WORD_ANYWHERE, 0},
    {"COLLEGE", WORD_ANYWHERE, 0},
};

static const struct vcfse_word school_not[] = {
    {"PRE SCHOOL", WORD_ANYWHERE, 0},
    {"FRIENDS", WORD_ANYWHERE, 0},
    {"PARENT", WORD_ANYWHERE, 0},
    {"PARENTS", WORD_ANYWHERE, 0},
    {"PTA", WORD_ANYWHERE, 0},
    {"PTFA", WORD_ANYWHERE, 0},
    {"SUNDAY SCHOOL", WORD_ANYWHERE, 0},
    {"OUT OF SCHOOL", WORD_ANYWHERE, 0},
    {"AFTER SCHOOL", WORD_ANYWHERE, 0},
    {"ROYAL COLLEGE", WORD_ANYWHERE, 0},
    {"HOME AND SCHOOL", WORD_ANYWHERE, 0},
};

static const struct vcfse_word controlled[] = {
    {"LOCAL GOVERNMENT ASSOCIATION", WORD_ANYWHERE, 0},  {"LOCAL GOVERNMENT", WORD_ANYWHERE, 0},
    {"EMPLOYERS ORGANISATION", WORD_ANYWHERE, 0},        {"COUNCILS NETWORK", WORD_ANYWHERE, 0},
    {"ASSOCIATION OF DIRECTORS", WORD_ANYWHERE, 0},      {"PURCHASING ORGANISATION", WORD_ANYWHERE, 0},
    {"ASSOCIATION OF LOCAL COUNCILS", WORD_ANYWHERE, 0},
};

static const struct vcfse_word trade_body[] = {
    {"INSTITUTE", WORD_ANYWHERE, 0},
    {"INSTITUTION OF", WORD_ANYWHERE, 0},
    {"CHARTERED", WORD_ANYWHERE, 0},
    {"ROYAL COLLEGE", WORD_ANYWHERE, 0},
    {"CHAMBER OF COMMERCE", WORD_ANYWHERE, 0},
    {"TRADE ASSOCIATION", WORD_ANYWHERE, 0},
    {"TRADE UNION", WORD_ANYWHERE, 0},
    {"EMPLOYERS FEDERATION", WORD_ANYWHERE, 0},
    {"MANUFACTURERS ASSOCIATION", WORD_ANYWHERE, 0},
    {"BUSINESS ASSOCIATION", WORD_ANYWHERE, 0},
    {"EXAMINATIONS", WORD_ANYWHERE, 0},
    {"EXAMINATION BOARD", WORD_ANYWHERE, 0},
    {"AWARDING BODY", WORD_ANYWHERE, 0},
    {"AQA", WORD_ANYWHERE, 0},
    {"CITY AND GUILDS", WORD_ANYWHERE, 0},
    {"NCFE", WORD_ANYWHERE, 0},
    {"SOCIETY OF ACCOUNTANTS", WORD_ANYWHERE, 0},
};

static const struct vcfse_word trade_body_not[] = {
    {"WOMENS INSTITUTE", WORD_ANYWHERE, C},
    {"WORKING MENS", WORD_ANYWHERE, 0},
};

static const struct vcfse_word mutual[] = {
    {"CREDIT UNION", WORD_ANYWHERE, 0},
    {"FRIENDLY SOCIETY", WORD_ANYWHERE, 0},
    {"WORKING MENS CLUB", WORD_ANYWHERE, 0},
    {"CONSERVATIVE CLUB", WORD_ANYWHERE, 0},
    {"LABOUR CLUB", WORD_ANYWHERE, 0},
    {"LIBERAL CLUB", WORD_ANYWHERE, 0},
    {"SERVICES CLUB", WORD_ANYWHERE, 0},
    {"SOCIAL CLUB AND INSTITUTE", WORD_ANYWHERE, 0},
    {"WORKING MENS CLUB AND INSTITUTE", WORD_ANYWHERE, 0},
};

static const struct vcfse_word building[] = {
    {"BUILDING SOCIETY", WORD_ANYWHERE, 0},
};

// The first rows say more than later ones: the order decides which word is shown.
static const struct vcfse_word strong[] = {
    {"FRIENDS OF", WORD_ANYWHERE, C},
    {"RESIDENTS ASSOCIATION", WORD_ANYWHERE, C},
    {"TENANTS ASSOCIATION", WORD_ANYWHERE, C},
    {"RESIDENTS GROUP", WORD_ANYWHERE, C},
    {"COMMUNITY ASSOCIATION", WORD_ANYWHERE, C},
    {"COMMUNITY CENTRE", WORD_ANYWHERE, C},
    {"COMMUNITY GROUP", WORD_ANYWHERE, C},
    {"COMMUNITY CHOIR", WORD_ANYWHERE, C},
    {"VILLAGE HALL", WORD_ANYWHERE, C},
    {"BRASS BAND", WORD_ANYWHERE, C},
    {"PRE SCHOOL", WORD_ANYWHERE, C},
    {"PRESCHOOL", WORD_ANYWHERE, C},
    {"PLAYGROUP", WORD_ANYWHERE, C},
    {"TODDLER GROUP", WORD_ANYWHERE, C},
    {"ALLOTMENT", WORD_ANYWHERE, C},
    {"ALLOTMENTS", WORD_ANYWHERE, C},
    {"MENS SHED", WORD_ANYWHERE, C},
    {"SUPPORT GROUP", WORD_ANYWHERE, C},
    {"SCOUT", WORD_ANYWHERE, C},
    {"SCOUTS", WORD_ANYWHERE, C},
    {"GUIDES", WORD_ANYWHERE, C},
    {"CADET", WORD_ANYWHERE, C},
    {"CADETS", WORD_ANYWHERE, C},
    {"BROWNIES", WORD_ANYWHERE, C},
    {"AMATEUR", WORD_ANYWHERE, C},
    {"ARLFC", WORD_ANYWHERE, C},
    {"HARRIERS", WORD_ANYWHERE, C},
    {"JUNIORS", WORD_ANYWHERE, C},
    {"JUNIOR FC", WORD_ANYWHERE, C},
    {"CRICKET CLUB", WORD_ANYWHERE, C},
    {"RUGBY CLUB", WORD_ANYWHERE, C},
    {"FOOTBALL CLUB", WORD_ANYWHERE, C},
    {"BOWLING CLUB", WORD_ANYWHERE, C},
    {"YOUTH CLUB", WORD_ANYWHERE, C},
    {"PTA", WORD_ANYWHERE, C},
    {"PTFA", WORD_ANYWHERE, C},
    {"WOMENS INSTITUTE", WORD_ANYWHERE, C},
    {"UNIVERSITY OF THE THIRD AGE", WORD_ANYWHERE, C},
    {"U3A", WORD_ANYWHERE, C},
    {"MOSQUE", WORD_ANYWHERE, F},
    {"MASJID", WORD_ANYWHERE, F},
    {"GURDWARA", WORD_ANYWHERE, F},
    {"SYNAGOGUE", WORD_ANYWHERE, F},
    {"MANDIR", WORD_ANYWHERE, F},
    {"PARISH CHURCH", WORD_ANYWHERE, F},
    {"METHODIST CHURCH", WORD_ANYWHERE, F},
    {"BAPTIST CHURCH", WORD_ANYWHERE, F},
    {"SALVATION ARMY", WORD_ANYWHERE, F},
    {"HOSPICE", WORD_ANYWHERE, V},
    {"CVS", WORD_ANYWHERE, V},
    {"VOLUNTARY SERVICE", WORD_ANYWHERE, V},
    {"VOLUNTARY SERVICES", WORD_ANYWHERE, V},
    {"VOLUNTARY ACTION", WORD_ANYWHERE, V},
    {"CITIZENS ADVICE", WORD_ANYWHERE, V},
    {"AGE UK", WORD_ANYWHERE, V},
    {"AGE CONCERN", WORD_ANYWHERE, V},
    {"MENCAP", WORD_ANYWHERE, V},
    {"SAMARITANS", WORD_ANYWHERE, V},
    {"BARNARDOS", WORD_ANYWHERE, V},
    {"HOME START", WORD_ANYWHERE, V},
    {"WOMENS AID", WORD_ANYWHERE, V},
    {"FOODBANK", WORD_ANYWHERE, V},
    {"FOOD BANK", WORD_ANYWHERE, V},
    {"CHARITY", WORD_ANYWHERE, V},
    {"CHARITABLE", WORD_ANYWHERE, V},
    {"DISABILITY", WORD_ANYWHERE, V},
    {"DISABLED", WORD_ANYWHERE, V},
    {"CARERS", WORD_ANYWHERE, V},
    {"REFUGEE", WORD_ANYWHERE, V},
    {"REFUGEES", WORD_ANYWHERE, V},
    {"HOMELESS", WORD_ANYWHERE, V},
    {"BEREAVEMENT", WORD_ANYWHERE, V},
    {"VETERANS", WORD_ANYWHERE, V},
    {"AUTISM", WORD_ANYWHERE, V},
    {"DEMENTIA", WORD_ANYWHERE, V},
    {"DEAF", WORD_ANYWHERE, V},
    {"BLIND", WORD_AT_END, V},
};

static const struct vcfse_word weak[] = {
    {"TRUST", WORD_ANYWHERE, 0},      {"FOUNDATION", WORD_ANYWHERE, 0}, {"ASSOCIATION", WORD_ANYWHERE, 0},
    {"CLUB", WORD_ANYWHERE, 0},       {"SOCIETY", WORD_ANYWHERE, 0},    {"COMMUNITY", WORD_ANYWHERE, 0},
    {"CHURCH", WORD_ANYWHERE, F},     {"CHAPEL", WORD_ANYWHERE, F},     {"TEMPLE", WORD_ANYWHERE, F},
    {"CATHEDRAL", WORD_ANYWHERE, F},  {"ISLAMIC", WORD_ANYWHERE, F},    {"CHRISTIAN", WORD_ANYWHERE, F},
    {"CONVENT", WORD_ANYWHERE, F},    {"MISSION", WORD_ANYWHERE, F},    {"MINISTRIES", WORD_ANYWHERE, F},
    {"GROUP", WORD_AT_END, 0},        {"FORUM", WORD_ANYWHERE, 0},      {"VOLUNTEERS", WORD_ANYWHERE, 0},
    {"FELLOWSHIP", WORD_ANYWHERE, F}, {"CHOIR", WORD_ANYWHERE, 0},      {"BAND", WORD_AT_END, 0},
    {"PROJECT", WORD_AT_END, 0},      {"NURSERY", WORD_ANYWHERE, 0},
};

// Only used to choose the faith tag of a body that other rules found to be VCFSE.
static const struct vcfse_word faith[] = {
    {"CHURCH", WORD_ANYWHERE, F},         {"CHAPEL", WORD_ANYWHERE, F},
    {"MOSQUE", WORD_ANYWHERE, F},         {"MASJID", WORD_ANYWHERE, F},
    {"SYNAGOGUE", WORD_ANYWHERE, F},      {"GURDWARA", WORD_ANYWHERE, F},
    {"MANDIR", WORD_ANYWHERE, F},         {"TEMPLE", WORD_ANYWHERE, F},
    {"CATHEDRAL", WORD_ANYWHERE, F},      {"PCC", WORD_ANYWHERE, F},
    {"PAROCHIAL", WORD_ANYWHERE, F},      {"DIOCESE", WORD_ANYWHERE, F},
    {"DIOCESAN", WORD_ANYWHERE, F},       {"BAPTIST", WORD_ANYWHERE, F},
    {"METHODIST", WORD_ANYWHERE, F},      {"CATHOLIC", WORD_ANYWHERE, F},
    {"CHRISTIAN", WORD_ANYWHERE, F},      {"CHRIST", WORD_ANYWHERE, F},
    {"CONGREGATIONAL", WORD_ANYWHERE, F}, {"EVANGELICAL", WORD_ANYWHERE, F},
    {"PENTECOSTAL", WORD_ANYWHERE, F},    {"SALVATION ARMY", WORD_ANYWHERE, F},
    {"QUAKER", WORD_ANYWHERE, F},         {"QUAKERS", WORD_ANYWHERE, F},
    {"ISLAMIC", WORD_ANYWHERE, F},        {"MUSLIM", WORD_ANYWHERE, F},
    {"JEWISH", WORD_ANYWHERE, F},         {"HINDU", WORD_ANYWHERE, F},
    {"SIKH", WORD_ANYWHERE, F},           {"BUDDHIST", WORD_ANYWHERE, F},
    {"MINISTRIES", WORD_ANYWHERE, F},     {"MINISTRY", WORD_ANYWHERE, F},
    {"MISSION", WORD_ANYWHERE, F},        {"GOSPEL", WORD_ANYWHERE, F},
    {"CONVENT", WORD_ANYWHERE, F},        {"BIBLE", WORD_ANYWHERE, F},
};

static const struct vcfse_word commerce[] = {
    {"CONSTRUCTION", WORD_ANYWHERE, 0},
    {"CONSTRUCT", WORD_ANYWHERE, 0},
    {"BRICKWORK", WORD_ANYWHERE, 0},
    {"CONTRACTORS", WORD_ANYWHERE, 0},
    {"CONTRACTOR", WORD_ANYWHERE, 0},
    {"SOLICITORS", WORD_ANYWHERE, 0},
    {"FIRE", WORD_ANYWHERE, 0},
    {"HEALTHCARE", WORD_ANYWHERE, 0},
    {"RECRUITMENT", WORD_ANYWHERE, 0},
    {"BUILDERS", WORD_ANYWHERE, 0},
    {"SECURITY", WORD_ANYWHERE, 0},
    {"ENGINEERING", WORD_ANYWHERE, 0},
    {"MOTORS", WORD_ANYWHERE, 0},
    {"MOTOR GROUP", WORD_ANYWHERE, 0},
    {"NURSING HOME", WORD_ANYWHERE, 0},
    {"CARE HOME", WORD_ANYWHERE, 0},
    {"CARE HOMES", WORD_ANYWHERE, 0},
    {"TAXIS", WORD_ANYWHERE, 0},
    {"PLUMBING", WORD_ANYWHERE, 0},
    {"ELECTRICAL", WORD_ANYWHERE, 0},
    {"SCAFFOLDING", WORD_ANYWHERE, 0},
    {"CONSULTING", WORD_ANYWHERE, 0},
    {"INVESTMENTS", WORD_ANYWHERE, 0},
    {"PRESS", WORD_AT_END, 0},
    {"RESIDENTIAL SERVICES", WORD_ANYWHERE, 0},
    {"BANK PLC", WORD_ANYWHERE, 0},
};

static const struct vcfse_word property[] = {
    {"MANAGEMENT COMPANY", WORD_ANYWHERE, 0}, {"MANAGEMENT", WORD_AT_END, 0},
    {"MANAGEMENT LIMITED", WORD_AT_END, 0},   {"MANAGEMENT LTD", WORD_AT_END, 0},
    {"RTM COMPANY", WORD_ANYWHERE, 0},        {"FREEHOLD", WORD_ANYWHERE, 0},
    {"RESIDENTS COMPANY", WORD_ANYWHERE, 0},  {"FLATS", WORD_ANYWHERE, 0},
    {"COURT LIMITED", WORD_AT_END, 0},        {"COURT LTD", WORD_AT_END, 0},
};

static const struct vcfse_word title[] = {
    {"MR", WORD_AT_START, 0},
    {"MRS", WORD_AT_START, 0},
    {"MS", WORD_AT_START, 0},
    {"MISS", WORD_AT_START, 0},
};

#define LIST(name, rows) const struct vcfse_words name = {rows, sizeof rows / sizeof rows[0]}
LIST(vcfse_words_redacted, redacted);
LIST(vcfse_words_public, public_body);
LIST(vcfse_words_public_check, public_check);
LIST(vcfse_words_housing, housing);
LIST(vcfse_words_university, university);
LIST(vcfse_words_school, school);
LIST(vcfse_words_school_not, school_not);
LIST(vcfse_words_controlled, controlled);
LIST(vcfse_words_trade_body, trade_body);
LIST(vcfse_words_trade_body_not, trade_body_not);
LIST(vcfse_words_mutual, mutual);
LIST(vcfse_words_building, building);
LIST(vcfse_words_strong, strong);
LIST(vcfse_words_weak, weak);
LIST(vcfse_words_faith, faith);
LIST(vcfse_words_commerce, commerce);
LIST(vcfse_words_property, property);
LIST(vcfse_words_title, title);

const struct vcfse_word *vcfse_words_find(const struct vcfse_words *words, const struct vcfse_name *name) {
    for (size_t i = 0; i < words->count; i++) {
        const struct vcfse_word *w = &words->rows[i];
        bool hit = w->place == WORD_AT_END     ? vcfse_name_ends(name, w->phrase)
                   : w->place == WORD_AT_START ? vcfse_name_starts(name, w->phrase)
                                               : vcfse_name_has(name, w->phrase);
        if (hit)
            return w;
    }
    return NULL;
}
