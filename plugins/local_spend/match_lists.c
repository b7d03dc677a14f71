// SPDX-License-Identifier: Apache-2.0
// The words of names of businesses: short forms, and which words tell little.
#include "match_lists.h"

#include <pthread.h>
#include <string.h>

// Short form and what it stands for.
static const char *const short_forms[][2] = {
    {"ASSOC", "ASSOCIATION"},
    {"ASSN", "ASSOCIATION"},
    {"ASSOCS", "ASSOCIATE"},
    {"SERV", "SERVICE"},
    {"SERVS", "SERVICE"},
    {"SVCS", "SERVICE"},
    {"SVS", "SERVICE"},
    {"SRVCS", "SERVICE"},
    {"SER", "SERVICE"},
    {"INTL", "INTERNATIONAL"},
    {"INT", "INTERNATIONAL"},
    {"INTERNAT", "INTERNATIONAL"},
    {"MGT", "MANAGEMENT"},
    {"MGMT", "MANAGEMENT"},
    {"MNGMT", "MANAGEMENT"},
    {"MANAG", "MANAGEMENT"},
    {"CTR", "CENTRE"},
    {"CENTER", "CENTRE"},
    {"CENT", "CENTRE"},
    {"BROS", "BROTHER"},
    {"CO", "COMPANY"},
    {"CORP", "CORPORATION"},
    {"DEPT", "DEPARTMENT"},
    {"GOVT", "GOVERNMENT"},
    {"GOV", "GOVERNMENT"},
    {"HOSP", "HOSPITAL"},
    {"UNI", "UNIVERSITY"},
    {"UNIV", "UNIVERSITY"},
    {"SCH", "SCHOOL"},
    {"COLL", "COLLEGE"},
    {"PRIM", "PRIMARY"},
    {"ENG", "ENGINEERING"},
    {"ENGRG", "ENGINEERING"},
    {"ENGIN", "ENGINEERING"},
    {"ELEC", "ELECTRICAL"},
    {"ELECT", "ELECTRICAL"},
    {"CONST", "CONSTRUCTION"},
    {"CONSTR", "CONSTRUCTION"},
    {"CONTR", "CONTRACTOR"},
    {"CONTRS", "CONTRACTOR"},
    {"GRP", "GROUP"},
    {"GP", "GROUP"},
    {"HLDGS", "HOLDING"},
    {"HLDG", "HOLDING"},
    {"INS", "INSURANCE"},
    {"TRNG", "TRAINING"},
    {"EDUC", "EDUCATION"},
    {"ED", "EDUCATION"},
    {"DEV", "DEVELOPMENT"},
    {"DEVT", "DEVELOPMENT"},
    {"ENV", "ENVIRONMENTAL"},
    {"MCR", "MANCHESTER"},
    {"SAINT", "ST"},
    {"SOC", "SOCIETY"},
    {"FED", "FEDERATION"},
    {"FDN", "FOUNDATION"},
    {"FOUND", "FOUNDATION"},
    {"TECHS", "TECHNOLOGY"},
    {"TECHNOLOGIES", "TECHNOLOGY"},
    {"COMMS", "COMMUNICATION"},
    {"EQUIP", "EQUIPMENT"},
    {"MAINT", "MAINTENANCE"},
    {"TRANSP", "TRANSPORT"},
    {"PROPS", "PROPERTY"},
    {"PROPERTIES", "PROPERTY"},
    {"INDUSTRIES", "INDUSTRY"},
    {"CHARITIES", "CHARITY"},
    {"LIBRARIES", "LIBRARY"},
    {"SURGERIES", "SURGERY"},
    {"FACILITIES", "FACILITY"},
    {"COMMUNITIES", "COMMUNITY"},
    {"BATTERIES", "BATTERY"},
    {"NURSERIES", "NURSERY"},
    {"LAUNDRIES", "LAUNDRY"},
    {"AGENCIES", "AGENCY"},
    {"SUPPLIES", "SUPPLY"},
    {"SECURITIES", "SECURITY"},
    {"THEATER", "THEATRE"},
    {"GB", "UK"},
    {"PHARM", "PHARMACY"},
    {"PUBL", "PUBLISHING"},
    {"PUBS", "PUBLISHING"},
    {"SOLS", "SOLUTION"},
    {"SOL", "SOLUTION"},
    {"CONSULT", "CONSULTANCY"},
    {"CONSULTANTS", "CONSULTANCY"},
    {"CONSULTING", "CONSULTANCY"},
    {"SYS", "SYSTEM"},
    {"DIST", "DISTRIBUTION"},
    {"DISTRIB", "DISTRIBUTION"},
    {"MCHTR", "MANCHESTER"},
    {"GTR", "GREATER"},
    {"GM", "GREATERMANCHESTER"},
    {"LANCS", "LANCASHIRE"},
    {"YORKS", "YORKSHIRE"},
    {"NW", "NORTHWEST"},
    {"NE", "NORTHEAST"},
    {"SW", "SOUTHWEST"},
    {"SE", "SOUTHEAST"},
    {"NWEST", "NORTHWEST"},
    {"ARCHITECTS", "ARCHITECT"},
    {"RC", "CATHOLIC"},
    {"FT", "TRUST"}, // of the health service: foundation trust
    {"1ST", "FIRST"},
    {"2ND", "SECOND"},
    {"3RD", "THIRD"},
    {"JNR", "JUNIOR"},
    {"SNR", "SENIOR"},
    {"INF", "INFANT"},
    {"RES", "RESIDENTIAL"},
    {"RESID", "RESIDENTIAL"},
    {"ACAD", "ACADEMY"},
    {"COUN", "COUNCIL"},
    {"CNCL", "COUNCIL"},
    {"MBC", "COUNCIL"},
    {"MDC", "COUNCIL"},
    {"BORO", "BOROUGH"},
    {"MET", "METROPOLITAN"},
    {"COMM", "COMMUNITY"},
    {"ASSOCIATED", "ASSOCIATE"},
    {"PTNRS", "PARTNER"},
    {"PTNRSHIP", "PARTNERSHIP"},
    {"TECH", "TECHNOLOGY"},
    {"RD", "ROAD"},
    {"HSE", "HOUSE"},
    {"HSG", "HOUSING"},
    {"PROP", "PROPERTY"},
    {"PRODS", "PRODUCT"},
    {"MANUF", "MANUFACTURING"},
    {"MFG", "MANUFACTURING"},
    {"MERS", "MERSEY"},
    {"LPOOL", "LIVERPOOL"},
    {"BHAM", "BIRMINGHAM"},
    {"SOLRS", "SOLICITOR"},
    {"ACCTS", "ACCOUNTANT"},
    {"SURG", "SURGERY"},
    {"MED", "MEDICAL"},
    {"PRAC", "PRACTICE"},
};

static const char *const noise[] = {"AND", "OF", "THE", "FOR", "IN", "AT",
                                    "ON",  "TO", "BY",  "A",   "N",  "WITH"};

static const char *const weak[] = {
    "COMPANY",   "SERVICE",      "SOLUTION",     "LTD",     "LIMITED",     "PLC",        "INC",
    "ASSOCIATE", "PARTNER",      "PARTNERSHIP",  "TEAM",    "BUSINESS",    "NATIONAL",   "BRITISH",
    "GENERAL",   "LIMITE",       "SON",          "BROTHER", "CORPORATION", "ENTERPRISE", "ACCOUNT",
    "ACCO",      "OFFICE",       "HQ",           "NO",      "LTDA",        "RE",         "BACS",
    "DIRECT",    "CLIENT",       "LLP",          "CIC",     "CIO",         "PTY",        "GMBH",
    "CYF",       "INCORPORATED", "ORGANISATION",
};

static const char *const apart[] = {
    "HOLDING",  "GROUP",         "FINANCIAL", "FINANCE",     "LEASING",   "LEASE",   "INVESTMENT",
    "PROPERTY", "TRUSTEE",       "TRADING",   "FOUNDATION",  "INSURANCE", "PENSION", "UK",
    "NOMINEE",  "INTERNATIONAL", "EUROPE",    "EUROPEAN",    "GLOBAL",    "CAPITAL", "ASSET",
    "VENTURE",  "BANK",          "CREDIT",    "DEVELOPMENT", "ESTATE",    "EMEA",    "WORLDWIDE",
    "CHARITY",  "RETAIL",        "WHOLESALE", "RENTAL",      "ACADEMY",   "JUNIOR",  "INFANT",
    "PRIMARY",  "SECONDARY",     "HIGH",      "NURSERY",
};

static const char *const places[] = {
    "NORTH",        "SOUTH",      "EAST",       "WEST",
    "NORTHERN",     "SOUTHERN",   "EASTERN",    "WESTERN",
    "NORTHWEST",    "NORTHEAST",  "SOUTHWEST",  "SOUTHEAST",
    "MIDLAND",      "CENTRAL",    "GREATER",    "GREATERMANCHESTER",
    "LONDON",       "MANCHESTER", "BOLTON",     "SALFORD",
    "WIGAN",        "LEIGH",      "BURY",       "OLDHAM",
    "ROCHDALE",     "STOCKPORT",  "TAMESIDE",   "TRAFFORD",
    "LIVERPOOL",    "LEEDS",      "SHEFFIELD",  "BIRMINGHAM",
    "BRISTOL",      "NEWCASTLE",  "CHESHIRE",   "LANCASHIRE",
    "YORKSHIRE",    "SCOTLAND",   "SCOTTISH",   "WALES",
    "WELSH",        "ENGLAND",    "IRELAND",    "IRISH",
    "WARRINGTON",   "PRESTON",    "BLACKBURN",  "BURNLEY",
    "BLACKPOOL",    "CHORLEY",    "WIRRAL",     "KNOWSLEY",
    "HALTON",       "HELEN",      "SEFTON",     "CHESTER",
    "CREWE",        "STOKE",      "DERBY",      "DERBYSHIRE",
    "NOTTINGHAM",   "LEICESTER",  "COVENTRY",   "WOLVERHAMPTON",
    "BRADFORD",     "YORK",       "HULL",       "DURHAM",
    "SUNDERLAND",   "CARLISLE",   "CUMBRIA",    "LANCASTER",
    "KENT",         "SURREY",     "SUSSEX",     "ESSEX",
    "HAMPSHIRE",    "DEVON",      "CORNWALL",   "DORSET",
    "SOMERSET",     "WILTSHIRE",  "NORFOLK",    "SUFFOLK",
    "CAMBRIDGE",    "OXFORD",     "READING",    "SWINDON",
    "BATH",         "CARDIFF",    "SWANSEA",    "EDINBURGH",
    "GLASGOW",      "ABERDEEN",   "BELFAST",    "MERSEYSIDE",
    "TYNESIDE",     "TEESSIDE",   "HUMBERSIDE", "MACCLESFIELD",
    "ALTRINCHAM",   "SALE",       "ECCLES",     "SWINTON",
    "WORSLEY",      "FARNWORTH",  "ATHERTON",   "ASHTON",
    "HYDE",         "GLOSSOP",    "SOUTHPORT",  "ORMSKIRK",
    "HUDDERSFIELD", "HALIFAX",    "WAKEFIELD",  "BARNSLEY",
    "DONCASTER",    "ROTHERHAM",  "LINCOLN",    "NORTHUMBERLAND",
    "CLEVELAND",    "AMERICA",    "USA",        "GERMANY",
    "FRANCE",       "ASIA",       "AUSTRALIA",  "CANADA",
    "INDIA",        "PENNINE",    "MERSEY",
};

static const char *const common[] = {
    "CARE",          "HOME",          "HOUSE",       "NURSING",      "RESIDENTIAL",
    "SCHOOL",        "COLLEGE",       "UNIVERSITY",  "COMMUNITY",    "TRAINING",
    "CONSTRUCTION",  "TRANSPORT",     "CLEANING",    "CONSULTANCY",  "CENTRE",
    "SUPPORT",       "HEALTH",        "HEALTHCARE",  "MEDICAL",      "SUPPLY",
    "BUILDER",       "BUILDING",      "CONTRACTOR",  "PLUMBING",     "HEATING",
    "ELECTRICAL",    "ENGINEERING",   "TRAVEL",      "TAXI",         "CAR",
    "HIRE",          "COACH",         "BUS",         "LEGAL",        "SOLICITOR",
    "LAW",           "ACCOUNTANT",    "MARKETING",   "MEDIA",        "DESIGN",
    "PRINT",         "PRINTING",      "PUBLISHING",  "SOFTWARE",     "SYSTEM",
    "TECHNOLOGY",    "TECHNICAL",     "COMPUTER",    "DATA",         "IT",
    "DIGITAL",       "COMMUNICATION", "NETWORK",     "TELECOM",      "MANAGEMENT",
    "FACILITY",      "MAINTENANCE",   "REPAIR",      "SECURITY",     "FOOD",
    "CATERING",      "CAFE",          "RESTAURANT",  "HOTEL",        "LODGE",
    "COURT",         "PARK",          "GARDEN",      "HALL",         "CHURCH",
    "TRUST",         "SOCIETY",       "ASSOCIATION", "CLUB",         "FEDERATION",
    "UNION",         "COUNCIL",       "BOROUGH",     "CITY",         "COUNTY",
    "METROPOLITAN",  "NHS",           "CCG",         "ICB",          "HOSPITAL",
    "SURGERY",       "PRACTICE",      "CLINIC",      "DENTAL",       "PHARMACY",
    "CHILD",         "CHILDREN",      "CHILDCARE",   "YOUTH",        "FAMILY",
    "FOSTER",        "FOSTERING",     "ADOPTION",    "SOCIAL",       "EDUCATION",
    "LEARNING",      "ART",           "MUSIC",       "THEATRE",      "DANCE",
    "SPORT",         "LEISURE",       "FITNESS",     "EVENT",        "RECRUITMENT",
    "STAFF",         "RESOURCE",      "PEOPLE",      "PERSONNEL",    "AGENCY",
    "ENVIRONMENTAL", "WASTE",         "RECYCLING",   "SKIP",         "WATER",
    "ENERGY",        "GAS",           "ELECTRICITY", "POWER",        "LIGHTING",
    "OFFICE",        "FURNITURE",     "EQUIPMENT",   "TOOL",         "PLANT",
    "MOTOR",         "VEHICLE",       "GARAGE",      "TYRE",         "FUEL",
    "OIL",           "LANDSCAPE",     "ROOFING",     "FLOORING",     "PAINTING",
    "DECORATOR",     "JOINERY",       "WINDOW",      "GLASS",        "STEEL",
    "TIMBER",        "CONCRETE",      "ASPHALT",     "HIGHWAY",      "TRAFFIC",
    "ROAD",          "RAIL",          "PARKING",     "HOUSING",      "LIVING",
    "LIFE",          "INDEPENDENT",   "SPECIALIST",  "PROFESSIONAL", "QUALITY",
    "PROJECT",       "PRODUCT",       "INDUSTRY",    "INDUSTRIAL",   "COMMERCIAL",
    "LABORATORY",    "SCIENTIFIC",    "RESEARCH",    "INFORMATION",  "INSTITUTE",
    "AUTHORITY",     "BOARD",         "POLICE",      "FIRE",         "DEPARTMENT",
    "GOVERNMENT",    "PARISH",        "CATHOLIC",    "ST",           "HOLY",
    "SHOP",          "STORE",         "MARKET",      "LIBRARY",      "BOOK",
    "DAY",           "FIRST",         "NEW",         "OLD",          "YOUNG",
    "CHARTERED",     "SURVEYOR",      "ARCHITECT",   "PLANNING",     "CONSULTANT",
    "DISTRIBUTION",  "LOGISTIC",      "STORAGE",     "REMOVAL",      "CARD",
    "PAYMENT",       "PROTECTION",    "CONTROL",     "LIFT",         "ALARM",
    "DOOR",          "FENCING",       "PARTS",       "ACTION",       "MIND",
    "AGE",           "CONCERN",       "AUTO",        "EYE",          "TREE",
    "PEST",          "DIRECTORATE",   "INTERIM",     "SIGN",         "MINI",
    "DEVELOP",       "PREMIER",       "ADVICE",      "CITIZEN",      "BUREAU",
    "ADVANCED",      "COMPLETE",      "MOBILITY",    "ACTIVE",       "OUTREACH",
    "FORUM",         "COUNSELLING",
};

// Given names that are common in the United Kingdom.
static const char *const given[] = {
    "ADAM",        "ALAN",     "ALEXANDER", "ALI",        "AMANDA",    "AMY",      "ANDREA",    "ANDREW",
    "ANGELA",      "ANN",      "ANNA",      "ANNE",       "ANTHONY",   "BARBARA",  "BARRY",     "BEN",
    "BENJAMIN",    "BRIAN",    "CAROL",     "CAROLINE",   "CATHERINE", "CHARLES",  "CHARLOTTE", "CHRISTINE",
    "CHRISTOPHER", "CLAIRE",   "COLIN",     "CRAIG",      "DANIEL",    "DARREN",   "DAVID",     "DEAN",
    "DEBORAH",     "DENISE",   "DEREK",     "DIANE",      "DONNA",     "DOROTHY",  "EDWARD",    "ELAINE",
    "ELIZABETH",   "EMILY",    "EMMA",      "ERIC",       "FIONA",     "FRANK",    "GARETH",    "GARY",
    "GEMMA",       "GEOFFREY", "GEORGE",    "GILLIAN",    "GORDON",    "GRAHAM",   "HANNAH",    "HELEN",
    "HEATHER",     "IAN",      "JACK",      "JACQUELINE", "JAMES",     "JANE",     "JANET",     "JASON",
    "JEAN",        "JENNIFER", "JESSICA",   "JOAN",       "JOANNE",    "JOHN",     "JONATHAN",  "JOSEPH",
    "JOSHUA",      "JOYCE",    "JUDITH",    "JULIE",      "KAREN",     "KATHLEEN", "KEITH",     "KELLY",
    "KENNETH",     "KEVIN",    "LAURA",     "LAUREN",     "LEE",       "LESLEY",   "LINDA",     "LISA",
    "LOUISE",      "LUCY",     "LYNN",      "MALCOLM",    "MARGARET",  "MARIA",    "MARK",      "MARTIN",
    "MARY",        "MATTHEW",  "MAUREEN",   "MICHAEL",    "MICHELLE",  "MOHAMMED", "NATALIE",   "NEIL",
    "NICHOLAS",    "NICOLA",   "NIGEL",     "OLIVER",     "PAMELA",    "PATRICIA", "PATRICK",   "PAUL",
    "PAULINE",     "PETER",    "PHILIP",    "RACHEL",     "RAYMOND",   "REBECCA",  "RICHARD",   "ROBERT",
    "ROGER",       "RONALD",   "RUTH",      "RYAN",       "SALLY",     "SAMANTHA", "SAMUEL",    "SANDRA",
    "SARAH",       "SEAN",     "SHARON",    "SHEILA",     "SHIRLEY",   "SIMON",    "SOPHIE",    "STEPHEN",
    "STEVEN",      "STUART",   "SUSAN",     "SYLVIA",     "TERENCE",   "TERESA",   "THOMAS",    "TIMOTHY",
    "TRACEY",      "TREVOR",   "VALERIE",   "VICTORIA",   "VINCENT",   "WAYNE",    "WENDY",     "WILLIAM",
    "YVONNE",      "ZOE",
};

enum { SLOTS = 2048 }; // a power of two, well above twice the number of words

struct slot {
    const char *word, *full;
    uint8_t cls;
    bool has_class, given;
};

static struct slot slots[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t hash(const char *s, size_t n) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    }
    return h ^ h >> 15;
}

static struct slot *slot_of(const char *s, size_t n) {
    uint32_t at = hash(s, n) & (SLOTS - 1);
    while (slots[at].word && (strncmp(slots[at].word, s, n) != 0 || slots[at].word[n] != 0)) {
        at = (at + 1) & (SLOTS - 1);
    }
    return &slots[at];
}

static struct slot *add(const char *word) {
    struct slot *s = slot_of(word, strlen(word));
    s->word = word;
    return s;
}

static void add_list(const char *const *words, size_t n, enum word_class cls) {
    for (size_t i = 0; i < n; i++) {
        struct slot *s = add(words[i]);
        s->has_class = true;
        s->cls = (uint8_t)cls;
    }
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void fill(void) {
    for (size_t i = 0; i < COUNT(short_forms); i++) {
        add(short_forms[i][0])->full = short_forms[i][1];
    }
    for (size_t i = 0; i < COUNT(given); i++) {
        add(given[i])->given = true;
    }
    add_list(common, COUNT(common), WORD_COMMON);
    add_list(places, COUNT(places), WORD_PLACE);
    add_list(weak, COUNT(weak), WORD_WEAK);
    add_list(apart, COUNT(apart), WORD_APART);
    add_list(noise, COUNT(noise), WORD_NOISE);
}

static const struct slot *find(const char *s, size_t n) {
    pthread_once(&once, fill);
    return slot_of(s, n);
}

const char *word_in_full(const char *s, size_t n) {
    return find(s, n)->full;
}

bool word_listed(const char *s, size_t n, enum word_class *ret) {
    const struct slot *found = find(s, n);
    if (found->has_class) {
        *ret = (enum word_class)found->cls;
    }
    return found->has_class;
}

bool word_given_name(const char *s, size_t n) {
    return find(s, n)->given;
}
