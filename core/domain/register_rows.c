// SPDX-License-Identifier: Apache-2.0
// One row of a register file to what is stored.
#include "domain/register_rows.h"

#include "base/day.h"
#include "base/text.h"
#include "domain/register_number.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- headings -----------------------------------------------------------------------------------------

// Small letters and digits only: " CompanyNumber", "company_number" and "Company number" are the same.
static void plain(const char *s, char *out, size_t cap) {
    size_t n = 0;
    for (; *s && n + 1 < cap; s++) {
        if (isalnum((unsigned char)*s)) {
            out[n++] = (char)tolower((unsigned char)*s);
        }
    }
    out[n] = 0;
}

// A heading fits a pattern when it is the same letter by letter; '#' stands for a digit (ONS renames
// "lad25cd" to "lad26cd" every year).
static bool fits(const char *heading, const char *pattern) {
    for (; *heading && *pattern; heading++, pattern++) {
        if (*pattern == '#' ? !isdigit((unsigned char)*heading) : *heading != *pattern) {
            return false;
        }
    }
    return !*heading && !*pattern;
}

// The first column that fits any of the patterns, which are parted by blanks and stand in order of
// preference.
static int column(const char *const *cells, size_t n, const char *patterns) {
    char one[64];
    while (*patterns) {
        size_t len = strcspn(patterns, " ");
        snprintf(one, sizeof one, "%.*s", (int)len, patterns);
        for (size_t i = 0; i < n; i++) {
            char heading[64];
            plain(cells[i], heading, sizeof heading);
            if (fits(heading, one)) {
                return (int)i;
            }
        }
        patterns += len + (patterns[len] == ' ');
    }
    return -1;
}

enum { PC, LAD, WARD, EAST, NORTH, ENDED };
enum { W_CODE, W_NAME, W_LAD };
enum {
    C_NUMBER,
    C_NAME,
    C_CATEGORY,
    C_STATUS,
    C_POSTCODE,
    C_BEGUN,
    C_OVER,
    C_SIC1,
    C_SIC2,
    C_SIC3,
    C_SIC4,
    C_UNTIL1,                          // of the name before, and of the names before that
    C_WAS1 = C_UNTIL1 + REGISTER_NAMES // those names
};
enum { H_NUMBER, H_NAME, H_STATUS, H_BEGUN, H_OVER, H_POSTCODE, H_COMPANY, H_INCOME, H_LINKED };

const char *const register_charity_keys[] = {"registered_charity_number",
                                             "charity_name",
                                             "charity_registration_status",
                                             "date_of_registration",
                                             "date_of_removal",
                                             "charity_contact_postcode",
                                             "charity_company_registration_number",
                                             "latest_income",
                                             "linked_charity_number",
                                             NULL};

static const struct wanted {
    int at;
    const char *patterns, *words; // words: what to say when it is missing; NULL: may be missing
} postcode_columns[] = {{PC, "pcds postcode pcd8 pcd2 pcd pcd7 pc", "the postcode"},
                        {LAD, "lad##cd oslaua laua admindistrictcode ladcode lacode dc",
                         "the local authority code"},
                        {WARD, "wd##cd osward ward adminwardcode wardcode wc", "the ward code"},
                        {EAST, "east#m oseast#m eastings easting ea", NULL},
                        {NORTH, "north#m osnrth#m northings northing no", NULL},
                        {ENDED, "doterm", NULL}},
  ward_columns[] = {{W_CODE, "wardcode wd##cd code", "ward_code"},
                    {W_NAME, "wardname wd##nm name", "ward_name"},
                    {W_LAD, "ladcode lad##cd lacode", NULL}},
  company_columns[] = {{C_NUMBER, "companynumber", "CompanyNumber"},
                       {C_NAME, "companyname", "CompanyName"},
                       {C_CATEGORY, "companycategory", "CompanyCategory"},
                       {C_STATUS, "companystatus", "CompanyStatus"},
                       {C_POSTCODE, "regaddresspostcode", NULL},
                       {C_BEGUN, "incorporationdate", NULL},
                       {C_OVER, "dissolutiondate", NULL},
                       {C_SIC1, "siccodesictext1", NULL},
                       {C_SIC2, "siccodesictext2", NULL},
                       {C_SIC3, "siccodesictext3", NULL},
                       {C_SIC4, "siccodesictext4", NULL}},
  charity_columns[] = {{H_NUMBER, "registeredcharitynumber", "registered_charity_number"},
                       {H_NAME, "charityname", "charity_name"},
                       {H_STATUS, "charityregistrationstatus", "charity_registration_status"},
                       {H_BEGUN, "dateofregistration", NULL},
                       {H_OVER, "dateofremoval", NULL},
                       {H_POSTCODE, "charitycontactpostcode", NULL},
                       {H_COMPANY, "charitycompanyregistrationnumber", NULL},
                       {H_INCOME, "latestincome", NULL},
                       {H_LINKED, "linkedcharitynumber", NULL}};

#define COUNT(list) (sizeof(list) / sizeof *(list))

// Code-Point Open comes without a heading: postcode, quality, easting, northing, six codes.
static bool is_code_point(const char *const *cells, size_t n, struct register_columns *ret) {
    char pc[POSTCODE_BYTES];
    if (n != 10 || !postcode_tidy(cells[0], pc)) {
        return false;
    }
    ret->at[PC] = 0;
    ret->at[EAST] = 2;
    ret->at[NORTH] = 3;
    ret->at[LAD] = 8;
    ret->at[WARD] = 9;
    ret->first_row_is_data = true;
    return true;
}

const char *register_columns_find(enum register_kind kind, const char *const *cells, size_t n,
                                  struct register_columns *ret) {
    static _Thread_local char why[160];
    const struct {
        const struct wanted *list;
        size_t n;
    } all[] = {{postcode_columns, COUNT(postcode_columns)},
               {ward_columns, COUNT(ward_columns)},
               {company_columns, COUNT(company_columns)},
               {charity_columns, COUNT(charity_columns)}};
    memset(ret->at, -1, sizeof ret->at);
    ret->first_row_is_data = false;
    if (kind == REGISTER_POSTCODES && is_code_point(cells, n, ret)) {
        return NULL;
    }
    for (size_t i = 0; i < all[kind].n; i++) {
        const struct wanted *w = &all[kind].list[i];
        ret->at[w->at] = column(cells, n, w->patterns);
        if (ret->at[w->at] < 0 && w->words) {
            snprintf(why, sizeof why,
                     "The first line of the file names no column for %s. Is it the right file?", w->words);
            return why;
        }
    }
    for (int i = 0; kind == REGISTER_COMPANIES && i < REGISTER_NAMES; i++) {
        char pattern[40];
        snprintf(pattern, sizeof pattern, "previousname%dcondate", i + 1);
        ret->at[C_UNTIL1 + i] = column(cells, n, pattern);
        snprintf(pattern, sizeof pattern, "previousname%dcompanyname", i + 1);
        ret->at[C_WAS1 + i] = column(cells, n, pattern);
    }
    return NULL;
}

// ---- rows ---------------------------------------------------------------------------------------------

// The cell of a column, trimmed, "" when the row is short or there is no such column.
static const char *cell(const struct register_columns *k, struct arena *a, const char *const *cells, size_t n,
                        int which) {
    int at = k->at[which];
    return at < 0 || (size_t)at >= n ? "" : text_trim(arena_strdup(a, cells[at]));
}

// Dates as Companies House (31/12/2019) and the Charity Commission (2019-12-31T00:00:00) write them, to ISO.
static const char *date_of(struct arena *a, const char *s) {
    int32_t day;
    char *out = arena_alloc(a, DAY_TEXT_BYTES);
    if (strlen(s) >= 10 && s[2] == '/' && s[5] == '/') {
        int d = (int)strtol(s, NULL, 10), m = (int)strtol(s + 3, NULL, 10), y = (int)strtol(s + 6, NULL, 10);
        if (day_from_civil(y, m, d, &day)) {
            day_iso(day, out);
        }
    } else if (day_parse(s, &day)) {
        day_iso(day, out);
    }
    return out;
}

static const char *digits_only(const char *s) {
    return *s && strlen(s) <= 9 && strspn(s, "0123456789") == strlen(s) ? s : "";
}

// Area codes are a letter and eight digits; pseudo codes (99999999: Channel Islands, Man) are no area.
static bool area_code(const char *s) {
    return strlen(s) == 9 && isupper((unsigned char)s[0]) && strspn(s + 1, "0123456789") == 8 &&
           strcmp(s + 1, "99999999") != 0;
}

static const char *tidy_postcode(struct arena *a, const char *s) {
    char *pc = arena_alloc(a, POSTCODE_BYTES);
    return postcode_tidy(s, pc) ? pc : "";
}

#define CELL(which) cell(k, a, cells, n, (which))

static enum register_row bad(const char **ret_reason, const char *why) {
    *ret_reason = why;
    return REGISTER_ROW_BAD;
}

static enum register_row read_postcode(const struct register_columns *k, struct arena *a,
                                       const char *const *cells, size_t n, const char **out,
                                       const char **ret_reason) {
    out[0] = tidy_postcode(a, CELL(PC));
    if (!*out[0]) {
        return bad(ret_reason, "not a full postcode");
    }
    out[1] = CELL(LAD);
    out[2] = CELL(WARD);
    if (!*out[1] || strstr(out[1], "99999999")) {
        return bad(ret_reason, "no local authority");
    }
    if (!area_code(out[1]) || (*out[2] && !area_code(out[2]))) {
        return bad(ret_reason, "a code that is not a letter and eight digits");
    }
    out[3] = digits_only(CELL(EAST));
    out[4] = digits_only(CELL(NORTH));
    out[5] = *CELL(ENDED) ? "t" : "f";
    return REGISTER_ROW_GOOD;
}

static enum register_row read_ward(const struct register_columns *k, struct arena *a,
                                   const char *const *cells, size_t n, const char **out,
                                   const char **ret_reason) {
    out[0] = CELL(W_CODE);
    out[1] = CELL(W_NAME);
    out[2] = CELL(W_LAD);
    if (!area_code(out[0]) || (*out[2] && !area_code(out[2]))) {
        return bad(ret_reason, "a code that is not a letter and eight digits");
    }
    return *out[1] ? REGISTER_ROW_GOOD : bad(ret_reason, "no name");
}

// "64205 - Activities of ..." gives "64205"; several are parted by commas.
static const char *sic_codes(const struct register_columns *k, struct arena *a, const char *const *cells,
                             size_t n) {
    const char *out = "";
    for (int which = C_SIC1; which <= C_SIC4; which++) {
        const char *s = CELL(which);
        size_t len = strspn(s, "0123456789");
        if (len >= 4 && len <= 5) {
            out = arena_printf(a, "%s%s%.*s", out, *out ? "," : "", (int)len, s);
        }
    }
    return out;
}

static enum register_row read_company(const struct register_columns *k, struct arena *a,
                                      const char *const *cells, size_t n, const char **out,
                                      const char **ret_reason) {
    char *number = arena_alloc(a, COMPANY_NUMBER_BYTES);
    if (!company_number_tidy(CELL(C_NUMBER), number)) {
        return bad(ret_reason, "not a company number");
    }
    out[0] = number;
    out[1] = CELL(C_NAME);
    out[3] = CELL(C_CATEGORY);
    out[4] = CELL(C_STATUS);
    out[5] = tidy_postcode(a, CELL(C_POSTCODE));
    out[6] = sic_codes(k, a, cells, n);
    out[7] = date_of(a, CELL(C_BEGUN));
    out[8] = date_of(a, CELL(C_OVER));
    out[9] = date_of(a, CELL(C_UNTIL1)); // the newest change of name
    out[9] = *out[9] ? out[9] : out[7];
    return *out[1] ? REGISTER_ROW_GOOD : bad(ret_reason, "no name");
}

size_t register_row_names(const struct register_columns *k, struct arena *a, const char *const *cells,
                          size_t n, struct register_name ret[REGISTER_NAMES]) {
    size_t count = 0;
    for (int i = 0; i < REGISTER_NAMES && k->at[C_WAS1] >= 0; i++) {
        const char *name = CELL(C_WAS1 + i), *until = date_of(a, CELL(C_UNTIL1 + i));
        if (!*name || !*until) {
            break; // they stand without gaps; a name without its day tells nothing
        }
        ret[count++] = (struct register_name){.name = name, .until = until};
    }
    for (size_t i = 0; i < count; i++) {
        ret[i].from = i + 1 < count ? ret[i + 1].until : date_of(a, CELL(C_BEGUN));
    }
    return count;
}

// Whole pounds to pence; "" for none or more than a charity can have.
static const char *income_pence(struct arena *a, const char *s) {
    char *end;
    long long pounds = strtoll(s, &end, 10);
    bool fraction_only = *end == 0 || (*end == '.' && strspn(end + 1, "0123456789") == strlen(end + 1));
    return *s && fraction_only && pounds >= 0 && pounds < 1000000000000LL ? arena_i64(a, pounds * 100) : "";
}

static enum register_row read_charity(const struct register_columns *k, struct arena *a,
                                      const char *const *cells, size_t n, const char **out,
                                      const char **ret_reason) {
    const char *linked = CELL(H_LINKED);
    if (*linked && strcmp(linked, "0") != 0) {
        return REGISTER_ROW_OTHER; // a part of the main charity with the same number
    }
    char *number = arena_alloc(a, CHARITY_NUMBER_BYTES);
    if (!charity_number_tidy(CELL(H_NUMBER), number)) {
        return bad(ret_reason, "not a charity number");
    }
    char *company = arena_alloc(a, COMPANY_NUMBER_BYTES);
    out[0] = number;
    out[1] = CELL(H_NAME);
    out[3] = CELL(H_STATUS);
    out[4] = date_of(a, CELL(H_BEGUN));
    out[5] = date_of(a, CELL(H_OVER));
    out[6] = tidy_postcode(a, CELL(H_POSTCODE));
    out[7] = company_number_tidy(CELL(H_COMPANY), company) ? company : "";
    out[8] = income_pence(a, CELL(H_INCOME));
    return *out[1] ? REGISTER_ROW_GOOD : bad(ret_reason, "no name");
}

enum register_row register_row_read(enum register_kind kind, const struct register_columns *k,
                                    struct arena *a, const char *const *cells, size_t n,
                                    const char *out[REGISTER_CELLS], const char **ret_reason) {
    bool blank = true;
    for (size_t i = 0; i < n && blank; i++) {
        blank = cells[i][strspn(cells[i], " \t\r\n")] == 0;
    }
    if (blank) {
        return REGISTER_ROW_BLANK;
    }
    switch (kind) {
    case REGISTER_POSTCODES:
        return read_postcode(k, a, cells, n, out, ret_reason);
    case REGISTER_WARDS:
        return read_ward(k, a, cells, n, out, ret_reason);
    case REGISTER_COMPANIES:
        return read_company(k, a, cells, n, out, ret_reason);
    default:
        return read_charity(k, a, cells, n, out, ret_reason);
    }
}
