// SPDX-License-Identifier: Apache-2.0
// The kinds of dirt that published payments files have, each made by a generator from the same invented
// payments: whatever the form, the pounds and days that come out are those that went in.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spend_runner.h"

enum { PAYMENTS = 300, TEXT_BYTES = 4000000 };

struct pay {
    int32_t day;
    int64_t pence;
    unsigned no;
};

static struct pay pays[PAYMENTS];
static int64_t sum;
static char text[TEXT_BYTES];
static size_t at;

static void put(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text + at, TEXT_BYTES - at, fmt, ap);
    va_end(ap);
    assert_true(n >= 0 && at + (size_t)n < TEXT_BYTES);
    at += (size_t)n;
}

// Invented payments of a financial year; a tenth are credits, some are reversed on the same day.
static int invent(void **state) {
    (void)state;
    uint32_t seed = 20261122;
    sum = 0;
    for (unsigned i = 0; i < PAYMENTS; i++) {
        seed = seed * 1664525 + 1013904223;
        pays[i] =
            (struct pay){spend_day_from(2024, 4, 1) + (int32_t)(seed >> 8) % 365, (seed >> 4) % 9000000, i};
        pays[i].pence = i % 10 == 3 ? -pays[i].pence : pays[i].pence;
        if (i % 50 == 49) {
            pays[i].pence = -pays[i - 1].pence;
            pays[i].day = pays[i - 1].day;
        }
        sum += pays[i].pence;
    }
    at = 0;
    return 0;
}

// ---- forms of a date and of an amount

typedef void (*writer)(char *out, size_t cap, const struct pay *p);

#define DATE_WRITER(name, ...)                                                                               \
    static void name(char *out, size_t cap, const struct pay *p) {                                           \
        static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",                       \
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};                      \
        int y;                                                                                               \
        unsigned m, d;                                                                                       \
        spend_day_parts(p->day, &y, &m, &d);                                                                 \
        const char *mon = months[m - 1];                                                                     \
        (void)mon;                                                                                           \
        snprintf(out, cap, __VA_ARGS__);                                                                     \
    }
DATE_WRITER(british, "%02u/%02u/%d", d, m, y)
DATE_WRITER(short_british, "%u/%u/%02d", d, m, y % 100)
DATE_WRITER(dotted, "%02u.%02u.%d", d, m, y)
DATE_WRITER(iso, "%d-%02u-%02u", y, m, d)
DATE_WRITER(iso_time, "%d-%02u-%02u 00:00:00", y, m, d)
DATE_WRITER(iso_odd_time, "%d-%02u-%02uT%02u:%02u:11Z", y, m, d, p->no % 24, p->no % 60)
DATE_WRITER(month_name, "%u-%s-%02d", d, mon, y % 100)
DATE_WRITER(month_name_long, "%02u-%s-%d", d, mon, y)
DATE_WRITER(month_name_slash, "%02u/%s/%d", d, mon, y)
DATE_WRITER(american, "%02u/%02u/%d", m, d, y)
DATE_WRITER(run_together, "%d%02u%02u", y, m, d)
DATE_WRITER(excel, "%d", p->day + 25569)
DATE_WRITER(yearless, "%u-%s", d, mon)
DATE_WRITER(useless, "%s", y ? "00:00:00" : "")
DATE_WRITER(hashes, "%s", y ? "########" : "")

static void mixed(char *out, size_t cap, const struct pay *p) {
    static const writer forms[] = {british, month_name, iso, excel};
    forms[p->no % 4](out, cap, p);
}

static void plain(char *out, size_t cap, const struct pay *p) {
    int64_t v = p->pence < 0 ? -p->pence : p->pence;
    snprintf(out, cap, "%s%lld.%02lld", p->pence < 0 ? "-" : "", (long long)(v / 100), (long long)(v % 100));
}

static void grouped(char *out, size_t cap, const struct pay *p, const char *before, const char *after) {
    int64_t v = p->pence < 0 ? -p->pence : p->pence, pounds = v / 100;
    if (pounds >= 1000) {
        snprintf(out, cap, "\"%s%lld,%03lld.%02lld%s\"", before, (long long)(pounds / 1000),
                 (long long)(pounds % 1000), (long long)(v % 100), after);
    } else {
        snprintf(out, cap, "\"%s%lld.%02lld%s\"", before, (long long)pounds, (long long)(v % 100), after);
    }
}

static void pounds_signs(char *out, size_t cap, const struct pay *p) {
    grouped(out, cap, p, p->pence < 0 ? "-\xC2\xA3" : " \xC2\xA3", " ");
}

static void brackets(char *out, size_t cap, const struct pay *p) {
    grouped(out, cap, p, p->pence < 0 ? "(" : "", p->pence < 0 ? ")" : " ");
}

static void minus_behind(char *out, size_t cap, const struct pay *p) {
    grouped(out, cap, p, "", p->pence < 0 ? "-" : "");
}

static void padded(char *out, size_t cap, const struct pay *p) {
    char inner[64];
    plain(inner, sizeof inner, p);
    snprintf(out, cap, " %s ", inner);
}

static void float_residue(char *out, size_t cap, const struct pay *p) {
    int64_t v = p->pence < 0 ? -p->pence : p->pence;
    if (v % 100 == 0 || v < 100) {
        plain(out, cap, p);
    } else { // a hair below
        snprintf(out, cap, "%s%lld.%02lld9999999999997", p->pence < 0 ? "-" : "", (long long)((v - 1) / 100),
                 (long long)((v - 1) % 100));
    }
}

// ---- whole files

static void put_row(const struct pay *p, writer date, writer amount, const char *tail, const char *end) {
    char d[64], a[64];
    date(d, sizeof d, p);
    amount(a, sizeof a, p);
    put("Example %u Ltd,%s,Ref %u,%s%s%s", p->no % 37, d, p->no, a, tail, end);
}

static void put_rows(writer date, writer amount, const char *tail, const char *end) {
    for (size_t i = 0; i < PAYMENTS; i++) {
        put_row(&pays[i], date, amount, tail, end);
    }
}

#define HEADINGS "Supplier,Payment Date,Reference,Amount"

static const struct run *read_made(const char *file_name) {
    const struct run *r = run_file(text, at, file_name);
    at = 0;
    return r;
}

// All pounds there, nothing wrong, all days right.
static void expect_whole(const struct run *r, const char *what) {
    const struct reading_tally *t = &r->file.tally;
    uint64_t wrong = 0;
    for (int v = VERDICT_NO_AMOUNT; v < VERDICT_COUNT; v++) {
        wrong += t->verdicts[v];
    }
    if (r->refusal != SPEND_ACCEPTED || t->verdicts[VERDICT_LINE] != PAYMENTS || t->sum_pence != sum ||
        wrong) {
        print_message("%s: refusal %d, %llu lines, %lld pence, %llu wrong\n", what, (int)r->refusal,
                      (unsigned long long)t->verdicts[VERDICT_LINE], (long long)t->sum_pence,
                      (unsigned long long)wrong);
    }
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(t->verdicts[VERDICT_LINE], PAYMENTS);
    assert_int_equal(t->sum_pence, sum);
    assert_int_equal(wrong, 0);
}

static void expect_days(const struct run *r, const char *what) {
    if (r->file.tally.undated) {
        print_message("%s: %llu undated\n", what, (unsigned long long)r->file.tally.undated);
    }
    assert_int_equal(r->file.tally.undated, 0);
    for (size_t i = 0; i < r->kept; i++) {
        assert_int_equal(r->lines[i].day, pays[i].day);
        assert_int_equal(r->lines[i].pence, pays[i].pence);
    }
}

static void test_every_form_of_date_gives_the_same_days(void **state) {
    (void)state;
    static const struct {
        const char *name;
        writer date;
    } forms[] = {
        {"british", british},   {"short", short_british},        {"dotted", dotted},
        {"iso", iso},           {"iso and time", iso_time},      {"iso and odd time", iso_odd_time},
        {"month", month_name},  {"long month", month_name_long}, {"month and slash", month_name_slash},
        {"excel", excel},       {"mixed in one file", mixed},    {"run together", run_together},
        {"american", american},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        put(HEADINGS "\n");
        put_rows(forms[i].date, plain, "", "\n");
        const struct run *r = read_made(NULL);
        expect_whole(r, forms[i].name);
        expect_days(r, forms[i].name);
    }
}

static void test_american_dates_below_a_page_of_doubtful_ones_ask_for_the_rows_again(void **state) {
    (void)state;
    struct pay doubtful = {spend_day_from(2024, 5, 4), 100, 1};
    put(HEADINGS "\n");
    for (int i = 0; i < 60; i++) {
        put_row(&doubtful, american, plain, "", "\n");
    }
    put_rows(american, plain, "", "\n");
    const struct run *r = read_made(NULL);
    assert_int_equal(r->passes, 2);
    assert_int_equal(r->file.order, ORDER_MONTH_FIRST);
    assert_int_equal(r->lines[0].day, doubtful.day);
    assert_int_equal(r->file.tally.undated, 0);
    assert_int_equal(r->file.tally.sum_pence, sum + 6000);
}

static void test_every_form_of_money_gives_the_same_pence(void **state) {
    (void)state;
    static const struct {
        const char *name;
        writer amount;
    } forms[] = {{"pound signs and commas", pounds_signs},
                 {"brackets", brackets},
                 {"minus behind", minus_behind},
                 {"padded", padded},
                 {"float residue", float_residue}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        put(HEADINGS "\n");
        put_rows(iso, forms[i].amount, "", "\n");
        const struct run *r = read_made(NULL);
        expect_whole(r, forms[i].name);
        expect_days(r, forms[i].name);
    }
}

static void test_float_residue_is_flagged_row_by_row(void **state) {
    (void)state;
    put(HEADINGS "\n");
    put_rows(iso, float_residue, "", "\n");
    const struct run *r = read_made(NULL);
    assert_true(r->file.tally.rounded > PAYMENTS / 2);
    size_t flagged = 0;
    for (size_t i = 0; i < r->kept; i++) {
        flagged += (r->lines[i].flags & ANC_LINE_ROUNDED) != 0;
    }
    assert_true(flagged > r->kept / 2);
}

static void test_headings_below_titles_of_any_height(void **state) {
    (void)state;
    for (int above = 0; above < 36; above += 5) {
        for (int i = 0; i < above; i++) {
            put(i % 3 ? ",,,\n" : "Payments over five hundred pounds,,,\n");
        }
        put(HEADINGS "\n");
        put_rows(british, plain, "", "\n");
        const struct run *r = read_made(NULL);
        expect_whole(r, "titles above");
        expect_days(r, "titles above");
    }
}

static void test_headings_on_two_rows_and_headings_twice(void **state) {
    (void)state;
    put("Supplier,Payment,Reference,Amount\n,Date,,\n");
    put_rows(british, plain, "", "\n");
    expect_whole(read_made(NULL), "split headings");
    put("Supplier,Payment Date,Account Code,Amount,Account Code\n");
    put_rows(british, plain, ",4001", "\n");
    expect_whole(read_made(NULL), "headings twice");
}

static void test_marks_before_the_first_heading_and_signs_in_other_code_pages(void **state) {
    (void)state;
    static const char *const heads[] = {
        "\xEF\xBB\xBFSupplier,Payment Date,Reference,Amount\n",
        "\xC3\xAF\xC2\xBB\xC2\xBFSupplier,Payment Date,Reference,Amount\n",
        "\xC3\x83\xC2\xAF\xC3\x82\xC2\xBB\xC3\x82\xC2\xBFSupplier,Payment Date,Reference,Amount\n",
        "Supplier,Payment Date,Reference,Amount (\xC2\xA3)\n",
        "Supplier,Payment Date,Reference,Amount (\x9C)\n",
        "Supplier,Payment Date,Reference,Amount \xEF\xBF\xBD\n",
        "Suppklier,Paymnet Date,Reference,Ammount\n",
        "1 Supplier,2 Payment Date,3 Reference,4 Amount\n",
        "supplier_name,payment_date,reference,net_amount\n",
        "SupplierName,PaymentDate,Reference,NetAmount\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        put("%s", heads[i]);
        put_rows(british, plain, "", "\n");
        expect_whole(read_made(NULL), heads[i]);
    }
}

static void test_line_ends_empty_rows_and_rows_of_commas_change_nothing(void **state) {
    (void)state;
    put(HEADINGS ",,,,\r\n");
    put_rows(british, plain, ",,,,", "\r\n");
    for (int i = 0; i < 30000; i++) {
        put(i % 2 ? ",,,,,,,\r\n" : "\r\n");
    }
    const struct run *r = read_made(NULL);
    expect_whole(r, "empty rows");
    assert_int_equal(r->file.tally.verdicts[VERDICT_BLANK], 30000);
}

static void test_a_column_without_a_heading_is_a_habit_and_one_shifted_row_an_error(void **state) {
    (void)state;
    put(HEADINGS "\n");
    put_rows(british, plain, ",#N/A", "\n");
    expect_whole(read_made(NULL), "one field more");
    // the first page is narrow, so that the wide rows are met later
    put(HEADINGS "\n");
    for (size_t i = 0; i < PAYMENTS; i++) {
        put_row(&pays[i], british, plain, i < 60 ? "" : ",x", "\n");
    }
    expect_whole(read_made(NULL), "wide rows further down");
    put(HEADINGS "\n");
    put_rows(british, plain, "", "\n");
    put("Example, Sons and Daughters,1/5/2024,Ref,77\n");
    const struct run *r = read_made(NULL);
    assert_int_equal(r->file.tally.verdicts[VERDICT_SHIFTED], 1);
    assert_int_equal(r->file.tally.sum_pence, sum);
}

static void test_lists_inside_cells_leave_the_date_out_and_the_amount_in(void **state) {
    (void)state;
    put(HEADINGS "\n");
    put_rows(british, plain, "", "\n");
    put("Example Ltd | Other Ltd,22/03/2024 | 23/03/2024,A | B,10.00\n");
    const struct run *r = read_made(NULL);
    assert_int_equal(r->file.tally.sum_pence, sum + 1000);
    assert_int_equal(r->file.tally.undated, 1);
}

static void test_broken_amounts_are_errors_of_their_rows_and_nothing_else(void **state) {
    (void)state;
    static const char *const broken[] = {"#REF!", "#N/A", "########", "$11.17", "ITEM", "VAT", "1.2E+09", ""};
    put(HEADINGS "\n");
    for (size_t i = 0; i < PAYMENTS; i++) {
        put_row(&pays[i], british, plain, "", "\n");
        put("Example Ltd,1/5/2024,Ref,%s\n", broken[i % 8]);
    }
    const struct run *r = read_made(NULL);
    const uint64_t *v = r->file.tally.verdicts;
    assert_int_equal(v[VERDICT_LINE], PAYMENTS);
    assert_int_equal(r->file.tally.sum_pence, sum);
    assert_int_equal(v[VERDICT_AMOUNT_BROKEN] + v[VERDICT_AMOUNT_FOREIGN] + v[VERDICT_AMOUNT_TEXT] +
                         v[VERDICT_AMOUNT_SHORTENED] + v[VERDICT_NO_AMOUNT],
                     PAYMENTS);
}

static void test_useless_dates_keep_the_pounds(void **state) {
    (void)state;
    static const writer forms[] = {useless, hashes};
    for (size_t i = 0; i < 2; i++) {
        put(HEADINGS "\n");
        put_rows(forms[i], plain, "", "\n");
        const struct run *r = read_made(NULL);
        expect_whole(r, "useless dates");
        assert_int_equal(r->file.tally.undated, PAYMENTS);
    }
}

static void test_days_without_a_year_take_it_from_the_name_or_the_other_dates(void **state) {
    (void)state;
    put(HEADINGS "\n");
    put_rows(yearless, plain, "", "\n");
    const struct run *r = read_made("payments 2024-25.csv");
    expect_whole(r, "year in the name");
    expect_days(r, "year in the name");
    assert_int_equal(r->passes, 1);
    put(HEADINGS "\n");
    for (size_t i = 0; i < PAYMENTS; i++) {
        put_row(&pays[i], i % 3 ? british : yearless, plain, "", "\n");
    }
    r = read_made("payments.csv");
    expect_whole(r, "year in other dates");
    expect_days(r, "year in other dates");
    assert_int_equal(r->passes, 2);
    put(HEADINGS "\n");
    put_rows(yearless, plain, "", "\n");
    assert_int_equal(read_made("payments.csv")->file.tally.undated, PAYMENTS);
}

static void test_days_that_cannot_be_are_undated(void **state) {
    (void)state;
    put(HEADINGS "\n");
    put_rows(british, plain, "", "\n");
    put("A Ltd,31/04/2024,r,1\nA Ltd,29/02/2023,r,1\nA Ltd,01/05/0204,r,1\nA Ltd,01/05/3024,r,1\nA "
        "Ltd,8892,r,1\n");
    const struct run *r = read_made(NULL);
    assert_int_equal(r->file.tally.undated, 5);
    assert_int_equal(r->file.tally.sum_pence, sum + 500);
}

static void put_total(const char *cells) {
    long long pence = sum < 0 ? -sum : sum;
    put("%s,%s%lld.%02lld\n", cells, sum < 0 ? "-" : "", pence / 100, pence % 100);
}

static void test_a_total_below_above_or_in_parts_is_no_payment(void **state) {
    (void)state;
    static const char *const feet[] = {",,", "Total,,", ",,Grand total:", ",,All payments",
                                       "TOTAL,31/03/2025,"};
    for (size_t i = 0; i < sizeof feet / sizeof *feet; i++) {
        put(HEADINGS "\n");
        put_rows(british, plain, "", "\n");
        put_total(feet[i]);
        const struct run *r = read_made(NULL);
        expect_whole(r, feet[i]);
        assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 1);
        assert_true(r->file.tally.total_agrees);
        put(HEADINGS "\n");
        put_total(feet[i]);
        put_rows(british, plain, "", "\n");
        if (i < 4) {
            expect_whole(read_made(NULL), "total above");
        } else {
            at = 0;
        }
    }
}

static void test_totals_of_parts_above_and_below_their_lines(void **state) {
    (void)state;
    for (int below = 0; below < 2; below++) {
        put(HEADINGS "\n");
        for (size_t from = 0; from < PAYMENTS; from += 30) {
            struct pay part = {0, 0, 0};
            char amount[64];
            for (size_t i = from; i < from + 30; i++) {
                part.pence += pays[i].pence;
            }
            plain(amount, sizeof amount, &part);
            if (!below) {
                put(",,Part %zu,%s\n", from, amount);
            }
            for (size_t i = from; i < from + 30; i++) {
                put_row(&pays[i], british, plain, "", "\n");
            }
            if (below) {
                put(",,Part %zu,%s\n", from, amount);
            }
        }
        const struct run *r = read_made(NULL);
        expect_whole(r, below ? "totals of parts below" : "totals of parts above");
        assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 10);
    }
}

static void test_monthly_files_one_below_the_other_with_their_headings(void **state) {
    (void)state;
    for (size_t i = 0; i < PAYMENTS; i++) {
        if (i % 25 == 0) {
            put("%s\n", HEADINGS);
        }
        put_row(&pays[i], british, plain, "", "\n");
    }
    const struct run *r = read_made(NULL);
    expect_whole(r, "headings again");
    assert_int_equal(r->file.tally.verdicts[VERDICT_HEADING_AGAIN], 11);
}

static void test_semicolons_and_lost_decimal_points(void **state) {
    (void)state;
    put("Supplier;Payment Date;Reference;Amount\nExample Ltd;1/5/2024;r;888361 71\nExample "
        "Ltd;2/5/2024;r;1,50\n");
    const struct run *r = read_made(NULL);
    assert_int_equal(r->lines[0].pence, 88836171);
    assert_int_equal(r->file.tally.mended, 1);
    assert_int_equal(r->verdicts[1], VERDICT_AMOUNT_TEXT); // 1,50 is not British money, and not guessed at
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_of_date_gives_the_same_days),
        cmocka_unit_test(test_american_dates_below_a_page_of_doubtful_ones_ask_for_the_rows_again),
        cmocka_unit_test(test_every_form_of_money_gives_the_same_pence),
        cmocka_unit_test(test_float_residue_is_flagged_row_by_row),
        cmocka_unit_test(test_headings_below_titles_of_any_height),
        cmocka_unit_test(test_headings_on_two_rows_and_headings_twice),
        cmocka_unit_test(test_marks_before_the_first_heading_and_signs_in_other_code_pages),
        cmocka_unit_test(test_line_ends_empty_rows_and_rows_of_commas_change_nothing),
        cmocka_unit_test(test_a_column_without_a_heading_is_a_habit_and_one_shifted_row_an_error),
        cmocka_unit_test(test_lists_inside_cells_leave_the_date_out_and_the_amount_in),
        cmocka_unit_test(test_broken_amounts_are_errors_of_their_rows_and_nothing_else),
        cmocka_unit_test(test_useless_dates_keep_the_pounds),
        cmocka_unit_test(test_days_without_a_year_take_it_from_the_name_or_the_other_dates),
        cmocka_unit_test(test_days_that_cannot_be_are_undated),
        cmocka_unit_test(test_a_total_below_above_or_in_parts_is_no_payment),
        cmocka_unit_test(test_totals_of_parts_above_and_below_their_lines),
        cmocka_unit_test(test_monthly_files_one_below_the_other_with_their_headings),
        cmocka_unit_test(test_semicolons_and_lost_decimal_points),
    };
    return cmocka_run_group_tests(tests, invent, NULL);
}
