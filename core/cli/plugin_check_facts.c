// SPDX-License-Identifier: Apache-2.0
// Made-up facts at their edges: what a host might hand over in its worst week. All of it is allowed by the
// header; nothing of it is real.
#include "cli/plugin_check.h"

#include <stdio.h>
#include <string.h>

#define LONG_BYTES 12000

static const char *long_text(void) {
    static char text[LONG_BYTES + 1];
    if (!*text) { // the first call comes before there are threads
        for (size_t i = 0; i + 2 <= LONG_BYTES; i += 2) {
            memcpy(text + i, i % 14 == 12 ? " a" : "\xC3\xA9", 2); // é
        }
    }
    return text;
}

const char *facts_text(size_t i) {
    static const char *const texts[] = {
        "",
        "Brook Lane Community Garden CIC",
        " \t ",
        "\xF0\x9F\x8F\xB4\xE2\x80\x8D\xE2\x98\xA0\xEF\xB8\x8F\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94"
        "\xA7", // joined signs
        "\xE2\x80\xAE"
        "dnE \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", // right to left, and told to be
        "Z\xCD\x91\xCC\x92\xCC\x85\xCD\x9B"
        "a\xCC\x80\xCC\x81\xCC\x82l", // piled-up marks
        "1 < 2 & 3 > 2 &amp; \"'` %s%n %d {{x}} $1 \\ ; --",
        "00000000",
        "-1",
        "\xF4\x8F\xBF\xBF\xEF\xBF\xBF\xC2\x80", // the last code points, and an old control
        "WN1 1AA",
    };
    size_t n = sizeof texts / sizeof *texts;
    return i % (n + 1) == n ? long_text() : texts[i % (n + 1)];
}

static int32_t day(size_t i) {
    static const int32_t days[] = {INT32_MIN, 0, -1, 20760, INT32_MAX, INT32_MIN + 1};
    return days[i % 6];
}

static int64_t pence(size_t i) {
    static const int64_t list[] = {-1, 0, 1, 2500000, INT64_MAX, INT64_MIN};
    return list[i % 6];
}

struct anc_supplier facts_supplier(size_t i) {
    static const char *const categories[] = {"", "Community Interest Company", "Private Limited Company",
                                             "Charitable Incorporated Organisation", "Registered Society"};
    static const char *const states[] = {"", "Active", "Dissolved", "Liquidation"};
    return (struct anc_supplier){.size = sizeof(struct anc_supplier),
                                 .name = facts_text(i),
                                 .postcode = facts_text(i * 5 + 10),
                                 .company_number = facts_text(i * 7),
                                 .charity_number = facts_text(i * 3 + 7),
                                 .company_category = i % 4 ? categories[i % 5] : facts_text(i + 3),
                                 .company_status = i % 5 ? states[i % 4] : facts_text(i + 4),
                                 .company_name = facts_text(i / 2),
                                 .company_postcode = facts_text(i + 2),
                                 .company_known = (int32_t)(i % 2),
                                 .charity_known = (int32_t)(i / 2 % 2),
                                 .charity_name = facts_text(i / 3),
                                 .charity_status = i % 3 ? "Registered" : facts_text(i + 6),
                                 .charity_postcode = facts_text(i + 9),
                                 .charity_registered = day(i),
                                 .charity_removed = day(i / 6),
                                 .says_vcfse = (int32_t)(i % 3 == 0),
                                 .as_of = day(i + 3)};
}

static const struct anc_award *award(struct arena *a, size_t i) {
    struct anc_award *w = arena_alloc(a, sizeof *w);
    *w = (struct anc_award){.size = sizeof *w,
                            .supplier_name = facts_text(i + 1),
                            .supplier_address = facts_text(i + 2),
                            .company_number = facts_text(i + 7),
                            .charity_number = facts_text(i + 5),
                            .value_pence = pence(i + 3),
                            .awarded_at = i % 2 ? 1793600000000000 : INT64_MAX,
                            .start = day(i),
                            .end = day(i + 1),
                            .to_sme = (int32_t)(i % 2),
                            .to_vcfse = (int32_t)(i / 2 % 2)};
    return w;
}

struct anc_notice facts_notice(struct arena *a, size_t i) {
    static const char *const kinds[] = {"tender", "pipeline", "engagement"};
    static const char *const states[] = {"published", "closed", "opened", "awarded", "cancelled"};
    static const char *const procedures[] = {"quick_quote", "open", "competitive_flexible",
                                             "framework_call_off"};
    static const char *const contracts[] = {"works", "services", "goods"};
    static const char *const cpv[] = {"45000000", "72000000", "00000000", "99999999"};
    static const int64_t times[] = {0, 1793600000000000, INT64_MAX, 1, INT64_MIN};
    return (struct anc_notice){.size = sizeof(struct anc_notice),
                               .uuid = arena_printf(a, "00000000-0000-4000-8000-%012zu", i),
                               .ref = arena_printf(a, "madeup%06zu", i),
                               .url = arena_printf(a, "https://market.example/opportunities/madeup%06zu", i),
                               .title = facts_text(i),
                               .description = facts_text(i + 11),
                               .kind = kinds[i % 3],
                               .state = states[i % 5],
                               .procedure = procedures[i % 4],
                               .contract_kind = contracts[i / 2 % 3],
                               .fts_id = i % 3 ? "" : facts_text(i + 4),
                               .cpv = cpv,
                               .cpv_count = (uint32_t)(i % 5),
                               .value_low_pence = pence(i),
                               .value_high_pence = pence(i + i / 6),
                               .suits_sme = (int32_t)(i % 2),
                               .suits_vcfse = (int32_t)(i / 2 % 2),
                               .created_at = times[i % 5],
                               .updated_at = times[(i + 1) % 5],
                               .published_at = times[(i + 2) % 5],
                               .closes_at = times[(i + 3) % 5],
                               .start = day(i),
                               .end = day(i + 2),
                               .postcode = facts_text(i + 10),
                               .region = i % 2 ? "North West" : facts_text(i + 1),
                               .buyer_name = facts_text(i + 1),
                               .buyer_email = i % 2 ? "buyer@council.example" : facts_text(i + 2),
                               .buyer_address = facts_text(i + 3),
                               .buyer_town = facts_text(i + 4),
                               .buyer_postcode = facts_text(i + 5),
                               .buyer_web = facts_text(i + 6),
                               .awards = award(a, i),
                               .award_count = (uint32_t)(i % 2)};
}

struct anc_bid facts_bid(struct arena *a, const struct provider *scorer, size_t i) {
    static const int64_t units[] = {0, 1, 1000000, INT64_MAX, -1, INT64_MIN, 12};
    static const int32_t most[] = {100000, 0, 1, INT32_MAX};
    size_t known = point_measures(scorer), n = i % 9;
    struct anc_commitment *list = arena_array(a, n + 1, sizeof *list);
    for (size_t m = 0; m < n; m++) {
        struct anc_measure measure = {.code = ""};
        if (known > 0) {
            point_measure(scorer, (i + m) % known, &measure);
        }
        list[m] = (struct anc_commitment){.size = sizeof list[m],
                                          .measure = (i + m) % 4 ? measure.code : facts_text(i + m),
                                          .units = units[i < 14 ? 6 : (i + m) % 7],
                                          .evidence = facts_text(m + i / 4)};
    }
    return (struct anc_bid){.size = sizeof(struct anc_bid),
                            .ref = arena_printf(a, "madeup%06zu", i),
                            .commitments = list,
                            .commitment_count = (uint32_t)n,
                            .max_points_milli = most[i / 2 % 4],
                            .target_pence = pence(i + 2)};
}

struct anc_rule_facts facts_rule(struct arena *a, size_t i) {
    static const char *const sizes[] = {"", "micro", "small", "medium", "large"};
    struct anc_supplier *s = arena_alloc(a, sizeof *s);
    struct anc_notice *n = arena_alloc(a, sizeof *n);
    *s = facts_supplier(i);
    *n = facts_notice(a, i + i / 3);
    return (struct anc_rule_facts){.size = sizeof(struct anc_rule_facts),
                                   .supplier = s,
                                   .notice = n,
                                   .supplier_local = (int32_t)(i % 3) - 1,
                                   .supplier_vcfse = (int32_t)(i % 5),
                                   .size_class = sizes[i % 5]};
}

// ---- payments files

#define CELLS_MOST 4096

// A block being filled.
struct filling {
    const char **text;
    uint32_t *length, *first;
    uint64_t *line;
    uint32_t rows;
};

static void put_row(struct filling *f, size_t count, const char *const *cells) {
    uint32_t at = f->first[f->rows];
    f->line[f->rows] = f->rows + 1;
    for (size_t i = 0; i < count && at < CELLS_MOST; i++, at++) {
        f->text[at] = cells[i];
        f->length[at] = (uint32_t)strlen(cells[i]);
    }
    f->first[++f->rows] = at;
}

static void put_odd_row(struct filling *f, size_t i, size_t count) {
    const char *cells[200];
    for (size_t c = 0; c < count && c < sizeof cells / sizeof *cells; c++) {
        cells[c] = facts_text(i + c);
    }
    put_row(f, count, cells);
}

// File 0 has no rows, 1 one empty row, 2 two hundred columns; from 4 on a heading as payments files have it.
struct anc_cells facts_cells(struct arena *a, size_t i) {
    static const char *const heading[] = {"Body Name", "Supplier Name", "Date",
                                          "Amount",    "Postcode",      "Expense Area"};
    static const char *const good[] = {
        "Invented Council", "Invented Works Ltd", "02/11/2026", "1,234.56", "WN1 1AA", "Roads"};
    static const char *const total[] = {"", "Total", "", "1,234.56", "", ""};
    static const char *const wild[] = {"x", "=1+1", "31/02/2026", "99999999999999999999.99", "-", "(1.00)"};
    enum { ROWS = 12 };
    struct filling f = {
        arena_array(a, CELLS_MOST, sizeof(char *)), arena_array(a, CELLS_MOST, sizeof(uint32_t)),
        arena_array(a, ROWS + 1, sizeof(uint32_t)), arena_array(a, ROWS, sizeof(uint64_t)), 0};
    size_t n = i == 0 ? 0 : i == 1 ? 1 : ROWS;
    for (size_t r = 0; r < n; r++) {
        if (i >= 4 && r == i - 4) {
            put_row(&f, 6, heading);
        } else if (i >= 4 && r > i - 4 && r < i + 2) {
            put_row(&f, 6, r % 3 == 0 ? wild : good);
        } else if (i >= 4 && r == ROWS - 1) {
            put_row(&f, 6, total);
        } else {
            put_odd_row(&f, i + r, i == 1 ? 0 : i == 2 ? 200 : 6);
        }
    }
    return (struct anc_cells){.size = sizeof(struct anc_cells),
                              .rows = f.rows,
                              .text = f.text,
                              .length = f.length,
                              .first = f.first,
                              .line = f.line};
}

struct anc_party facts_party(size_t i) {
    return (struct anc_party){.size = sizeof(struct anc_party),
                              .kind = ANC_PARTY_NAMED,
                              .name = facts_text(i),
                              .key = "",
                              .other_key = "",
                              .form = "",
                              .supplier_no = facts_text(i + 3),
                              .company_number = facts_text(i * 7),
                              .charity_number = facts_text(i * 3 + 7),
                              .vat_number = facts_text(i + 5),
                              .postcode = facts_text(i * 5 + 10),
                              .same_name = (int32_t)(i % 3),
                              .alias = (int32_t)(i % 5 == 0)};
}

struct anc_label facts_label(size_t i) {
    return (struct anc_label){.size = sizeof(struct anc_label),
                              .category = facts_text(i + 1),
                              .purpose = facts_text(i / 2),
                              .department = facts_text(i + 4),
                              .kind = (int32_t)(i % 4)};
}
