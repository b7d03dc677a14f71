// SPDX-License-Identifier: Apache-2.0
// Invented notices and small helpers for the tests of this plugin.
#ifndef CONTRACTS_FINDER_TESTS_INVENTED_H
#define CONTRACTS_FINDER_TESTS_INVENTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../logic.h"
#include "../schema.h"
#include "../writer.h"

#ifndef ANCHORAGE_SOURCE_DIR
#define ANCHORAGE_SOURCE_DIR "."
#endif

#define INVENTED_ID "0b9f6c1e-4d21-4f6a-9a37-2c5de8f01a44"

// 2 November 2026, 09:00:00 UTC.
#define INVENTED_PUBLISHED 1793610000000000ll
#define INVENTED_HOUR      3600000000ll
#define INVENTED_DAY       (24 * INVENTED_HOUR)

static const char *const invented_codes[] = {"77310000", "77314000"};
static const struct cf_version invented_versions[] = {{"procurement@council.example", INVENTED_PUBLISHED, 1}};
static const struct cf_detail invented_details[] = {
    {"0b9f6c1e-4d21-4f6a-9a37-2c5de8f01a45", "Tender pack", CF_DETAIL_LINK,
     "https://council.example/tenders/EX-0001", NULL, NULL},
    {"0b9f6c1e-4d21-4f6a-9a37-2c5de8f01a46", NULL, CF_DETAIL_ATTACHMENT, "map.pdf", "application/pdf", NULL}};
static const struct cf_award invented_awards[] = {
    {1, "0b9f6c1e-4d21-8f6a-9a37-2d5de8f01a45", 2950050, "Green Fingers of Exampleton CIC",
     "1 Example Street\nExampleton\nZZ1 1ZZ", NULL, CF_REF_COMPANY, "01234567",
     INVENTED_PUBLISHED + 60 * INVENTED_DAY, INVENTED_PUBLISHED + 425 * INVENTED_DAY,
     INVENTED_PUBLISHED + 40 * INVENTED_DAY, CF_QUOTATION_BELOW, NULL, "Lot 1: north", true, true},
    {2, "0b9f6c1e-4d21-8f6a-9a37-2d5de8f01a46", 1500000, "Sample & Daughters", "2 Example Street\nExampleton",
     NULL, CF_REF_PARTNERSHIP, NULL, INVENTED_PUBLISHED + 60 * INVENTED_DAY,
     INVENTED_PUBLISHED + 425 * INVENTED_DAY, INVENTED_PUBLISHED + 40 * INVENTED_DAY, CF_PROCEDURE_OTHER,
     "Competitive flexible procedure", "Lot 2: south", true, false},
    {3, "0b9f6c1e-4d21-8f6a-9a37-2d5de8f01a47", 0, "The Example Trust", "3 Example Street\nExampleton",
     "Reception", CF_REF_CHARITY, "1012345", INVENTED_PUBLISHED + 60 * INVENTED_DAY,
     INVENTED_PUBLISHED + 425 * INVENTED_DAY, INVENTED_PUBLISHED + 40 * INVENTED_DAY, CF_QUOTATION_BELOW,
     NULL, NULL, false, true}};

static inline char *invented_read(const char *path, size_t *ret_size) {
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *bytes = calloc(1, 1 << 20);
    assert_non_null(bytes);
    *ret_size = fread(bytes, 1, (1 << 20) - 1, f);
    (void)fclose(f);
    return bytes;
}

static inline struct cf_cpv invented_cpv(void) {
    size_t size = 0, line = 0;
    struct cf_cpv cpv = {0};
    char *bytes = invented_read(ANCHORAGE_SOURCE_DIR "/schemas/codes/cpv_common.csv", &size);
    assert_non_null(bytes);
    const char *problem = cf_cpv_read(bytes, size, &cpv, &line);
    if (problem)
        fail_msg("line %zu: %s", line, problem);
    free(bytes);
    return cpv;
}

static inline struct cf_schema *invented_schema(void) {
    struct cf_report report;
    size_t size = 0;
    char *bytes = invented_read(ANCHORAGE_SOURCE_DIR "/schemas/xsd/contracts-finder-2021.xsd", &size);
    assert_non_null(bytes);
    struct cf_schema *schema = cf_schema_compile(bytes, size, &report);
    if (!schema)
        fail_msg("%s: %s", report.problems[0].field, report.problems[0].text);
    free(bytes);
    return schema;
}

// An open notice that has nothing wrong with it.
static inline struct cf_notice invented_open(void) {
    struct cf_notice n;
    cf_notice_init(&n);
    n.id = INVENTED_ID;
    n.contact = (struct cf_contact){.name = "Procurement team",
                                    .email = "procurement@council.example",
                                    .address1 = "Town Hall, 1 Example Street",
                                    .town = "Exampleton",
                                    .postcode = "ZZ1 1ZZ",
                                    .country = "England",
                                    .web = "https://council.example/tenders/EX-0001"};
    n.identifier = "EX-0001";
    n.title = "Grounds maintenance, parks & open spaces";
    n.description = "Care for twelve small parks.\nVisits on weekdays.";
    n.cpv = invented_codes;
    n.cpv_count = 2;
    n.created_usec = INVENTED_PUBLISHED - INVENTED_DAY;
    n.updated_usec = n.published_usec = INVENTED_PUBLISHED;
    n.deadline_usec = INVENTED_PUBLISHED + 25 * INVENTED_DAY + 3 * INVENTED_HOUR;
    n.value_low_pence = 4500000;
    n.value_high_pence = 6000050;
    n.postcode = "ZZ1 1ZZ";
    n.region = "North West";
    n.lat_micro = 53545000;
    n.lon_micro = -2632100;
    n.start_usec = INVENTED_PUBLISHED + 60 * INVENTED_DAY - 9 * INVENTED_HOUR;
    n.end_usec = INVENTED_PUBLISHED + 425 * INVENTED_DAY - 9 * INVENTED_HOUR;
    n.suits_sme = n.suits_vcse = n.extension = true;
    n.organisation = "Example Council";
    n.procedure = CF_QUOTATION_BELOW;
    n.kind = CF_SERVICES;
    n.more = "Reserved for suppliers in the borough of Exampleton. Find a Tender: 012345-2026.";
    n.find_a_tender_id = "012345-2026";
    n.details = invented_details;
    n.detail_count = 2;
    n.versions = invented_versions;
    n.version_count = 1;
    return n;
}

static inline struct cf_notice invented_awarded(size_t suppliers) {
    struct cf_notice n = invented_open();
    n.status = CF_STATUS_AWARDED;
    n.awards = invented_awards;
    n.award_count = suppliers;
    return n;
}

static inline struct cf_notice invented_pipeline(void) {
    struct cf_notice n = invented_open();
    n.type = CF_TYPE_PIPELINE;
    n.deadline_usec = CF_NO_TIME;
    n.approach_usec = INVENTED_PUBLISHED + 90 * INVENTED_DAY;
    n.start_usec = INVENTED_PUBLISHED + 180 * INVENTED_DAY;
    n.procedure = CF_PROCEDURE_NONE;
    n.find_a_tender_id = NULL;
    return n;
}

#endif
