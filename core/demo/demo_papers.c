// SPDX-License-Identifier: Apache-2.0
// The texts of the demo's payments files.
#include "demo/demo_papers.h"

#include "base/money.h"
#include "base/text.h"
#include "db/db.h"

#include <inttypes.h>
#include <string.h>

#define PAPER_BYTES ((size_t)64 * 1024)

const char paper_spelling[] = "Larchfold Env. Svcs.";
const char paper_main_spelling[] = "Larchfold Environmental Services";
const char paper_register[] = "HOLLOWMERE FENCING LIMITED";
const char paper_person[] = "Mr B Thistlewood";

static const char heading[] =
    "Supplier Name,Supplier Postcode,Company Number,Payment Date,Amount,Expense Area,Purpose of Spend\n";

// ---- names --------------------------------------------------------------------------------------------

static const char *without_form(struct arena *a, const char *name) {
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, " Ltd") == 0 ? arena_strndup(a, name, n - 4) : name;
}

// Two letters inside the first word change places, as when typing fast.
static const char *mistyped(struct arena *a, const char *name) {
    char *s = arena_strdup(a, name);
    size_t n = strcspn(s, " ");
    if (n > 5) {
        char was = s[n - 3];
        s[n - 3] = s[n - 4];
        s[n - 4] = was;
    }
    return s;
}

// "Otterbridge Joinery Ltd" to "OTTERBRIDGE JOIN LTD": cut off by a ledger's narrow column.
static const char *shortened(struct arena *a, const char *name) {
    const char *core = without_form(a, name);
    size_t n = strlen(core);
    const char *last = strrchr(core, ' ');
    size_t keep = last && n > (size_t)(last - core) + 7 ? (size_t)(last - core) + 6 : n - 1;
    char *s = arena_printf(a, "%.*s", (int)keep, core);
    text_upper(s);
    return s;
}

const char *paper_name(const struct papers *p, int firm) {
    struct arena *a = p->c->arena;
    const char *name = firm == FIRM_TWICE_LISTED ? "" : row_text(p->firms, (size_t)firm, "name");
    switch (firm) {
    case FIRM_MISTYPED:
        return mistyped(a, name);
    case FIRM_TRADING_AS:
        return arena_printf(a, "Q Wrenfield t/a %s", without_form(a, name));
    case FIRM_SHORTENED:
        return shortened(a, name);
    case FIRM_OTHER_FORM:
        return arena_printf(a, "%s LLP", without_form(a, name));
    case FIRM_TWICE_LISTED: {
        char *s =
            arena_printf(a, "%s (2019) Limited", without_form(a, row_text(p->firms, FIRM_TWICE, "name")));
        text_upper(s);
        return s;
    }
    default:
        return name;
    }
}

// ---- rows ---------------------------------------------------------------------------------------------

// day and month stand in the year's last quarter.
static void put_row(const struct papers *p, struct strb *b, const char *name, const char *postcode, int day,
                    int month, int64_t pence, const char *area, const char *purpose) {
    char money[MONEY_TEXT_BYTES];
    money_format_plain(pence, money);
    strb_printf(b, "\"%s\",%s,,%02d/%02d/%d,%s,%s,%s\n", name, postcode, day, month, p->year + 1, money, area,
                purpose);
}

static void put_text(const struct papers *p, struct strb *b, const char *name, int day, const char *amount) {
    strb_printf(b, "%s,,,%02d/03/%d,%s,Housing,Repairs\n", name, day, p->year + 1, amount);
}

static void begin(struct strb *b, const char *head) {
    strb_clear(b);
    strb_puts(b, head);
}

// Several payments to one name, so that it stands high among those that wait.
static void put_some(const struct papers *p, struct strb *b, const char *name, const char *postcode,
                     int64_t pounds, int times, const char *area) {
    for (int i = 0; i < times; i++) {
        put_row(p, b, name, postcode, 3 + i * 5, 3, (pounds * 100 + i * 1725) / times, area,
                "Works and services");
    }
}

void paper_late(const struct papers *p, struct strb *b) {
    begin(b, "Payments approved late,,,,,,\n,,,,,,\n");
    strb_puts(b, heading);
    put_some(p, b, paper_name(p, FIRM_TRADING_AS), "", 384200, 5, "Building works");
    put_some(p, b, paper_name(p, FIRM_WITHOUT_POSTCODE), "", 271600, 4, "Adult social care");
    put_some(p, b, paper_name(p, FIRM_MISTYPED), "", 163900, 3, "Facilities");
    put_some(p, b, paper_name(p, FIRM_SHORTENED), "", 118450, 3, "Highways");
    put_some(p, b, paper_name(p, FIRM_OTHER_FORM), "BL1 2CC", 86300, 2, "Housing");
    put_some(p, b, paper_name(p, FIRM_TWICE), row_text(p->firms, FIRM_TWICE, "postcode"), 52100, 2,
             "Housing");
    put_some(p, b, paper_main_spelling, "", 41700, 3, "Parks");
    put_some(p, b, paper_spelling, "", 23150, 2, "Parks");
    put_some(p, b, paper_person, "", 4200, 2, "Training");
    put_some(p, b, "Hollowmere Fencing Ltd", "", 36900, 2, "Parks");
    put_some(p, b, "Stonecrop Kennels", "", 7800, 2, "Animal welfare");
    put_some(p, b, PAPER_AGENCY, "", 460000, 4, "Agency staff");
    strb_printf(b, "%s,,%s,19/03/%d,64250.00,Housing,Works\n", paper_name(p, FIRM_TWICE_LISTED),
                PAPER_LISTED_NUMBER, p->year + 1);
    put_some(p, b, "REDACTED PERSONAL DATA", "", 96400, 6, "Children");
    put_row(p, b, "Stonecrop Kennels", "", 27, 3, -120000, "Animal welfare", "Credit note");
    put_text(p, b, "Hollin Lane Glazing", 20, "#REF!");
    put_text(p, b, "Hollin Lane Glazing", 21, "########");
    put_text(p, b, "Saddlebow Print", 24, "see invoice");
    put_text(p, b, "Saddlebow Print", 26, "12.50.10");
}

void paper_paid_on(const struct papers *p, struct strb *b) {
    begin(b, "Intermediary,Supplier Name,Supplier Postcode,Payment Date,Amount,Service\n");
    for (int i = FIRM_PAID_ON; i < FIRMS; i++) {
        for (int k = 0; k < 3; k++) {
            char money[MONEY_TEXT_BYTES];
            money_format_plain((9000 + i * 2350 + k * 975) * INT64_C(100), money);
            strb_printf(b, "%s,\"%s\",%s,%02d/%02d/%d,%s,Temporary staff\n", PAPER_AGENCY,
                        row_text(p->firms, (size_t)i, "name"), row_text(p->firms, (size_t)i, "postcode"),
                        8 + k * 7, 3, p->year + 1, money);
        }
    }
}

void paper_month(const struct papers *p, const struct rows *lines, bool trouble, struct strb *b) {
    int64_t sum = 0;
    begin(b, heading);
    for (size_t i = 0; i < rows_count(lines); i++) {
        char money[MONEY_TEXT_BYTES];
        int64_t pence = row_i64(lines, i, "amount_pence");
        money_format_plain(pence, money);
        sum += pence;
        strb_printf(b, "\"%s\",%s,,%s,%s,\"%s\",\n", row_text(lines, i, "name"),
                    row_text(lines, i, "postcode"), row_text(lines, i, "paid_on"), money,
                    row_text(lines, i, "category"));
    }
    for (int i = 0; i < 4; i++) {
        int64_t pence = INT64_C(431250) + i * 88075;
        put_row(p, b, row_text(p->firms, (size_t)i, "name"), row_text(p->firms, (size_t)i, "postcode"),
                4 + i * 5, trouble ? 2 : 3, pence, "Buildings", "Small works");
        sum += pence;
    }
    if (trouble) {
        put_text(p, b, "Hollin Lane Glazing", 2, "#REF!");
        put_text(p, b, "Saddlebow Print", 6, "two hundred");
        char money[MONEY_TEXT_BYTES];
        money_format_plain(sum, money);
        strb_printf(b, "Total,,,,%s,,\n", money);
    }
}

void paper_undated(const struct papers *p, struct strb *b) {
    begin(b, heading);
    for (int i = 0; i < 12; i++) {
        char money[MONEY_TEXT_BYTES];
        money_format_plain(INT64_C(94500) + i * 31420, money);
        strb_printf(b, "\"%s\",%s,,00/00/0000,%s,Teaching,\n", row_text(p->firms, (size_t)i % FIRMS, "name"),
                    row_text(p->firms, (size_t)i % FIRMS, "postcode"), money);
    }
}

void paper_contracts(const struct papers *p, struct strb *b) {
    begin(b, "Contract Reference,Contract Title,Supplier,Start Date,End Date,Contract Value\n");
    for (int i = 0; i < 8; i++) {
        strb_printf(b, "CR-%d,Works on lot %d,\"%s\",01/04/%d,31/03/%d,%d\n", 4100 + i * 7, i + 1,
                    row_text(p->firms, (size_t)i % FIRMS, "name"), p->year, p->year + 3, 120000 + i * 35000);
    }
}
