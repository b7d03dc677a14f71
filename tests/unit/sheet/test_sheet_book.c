// SPDX-License-Identifier: Apache-2.0
// What reading XLSX workbooks promises: cells as a CSV export would have them, the sheet that people mean.
#include "bookmake.h"

#include <xlsxwriter.h>

#include "base/text.h"
#include "sheet/book/number.h"

static void test_a_workbook_as_people_save_it_reads_like_its_csv(void **state) {
    (void)state;
    char path[64];
    int fd = memfd_create("book", MFD_CLOEXEC);
    assert_true(fd >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *notes = workbook_add_worksheet(book, "Notes");
    lxw_worksheet *rows = workbook_add_worksheet(book, "Payments & more");
    lxw_format *date = workbook_add_format(book), *money = workbook_add_format(book);
    format_set_num_format(date, "dd/mm/yyyy");
    format_set_num_format(money, "\"\xC2\xA3\"#,##0.00;[Red]-\"\xC2\xA3\"#,##0.00");
    worksheet_write_string(notes, 0, 0, "Payments above 500 pounds", NULL);
    worksheet_write_string(notes, 2, 0, "Questions: ring us", NULL);
    static const char *const heads[] = {"Supplier", "Date", "Amount", "Paid"};
    for (unsigned short i = 0; i < 4; i++) {
        worksheet_write_string(rows, 0, i, heads[i], NULL);
    }
    for (unsigned i = 1; i <= 5000; i++) {
        worksheet_write_string(rows, i, 0, i % 2 ? "Red Kite & Sons <Ltd>" : "Caf\xC3\xA9 Example", NULL);
        worksheet_write_number(rows, i, 1, 45777, date);
        worksheet_write_number(rows, i, 2, i == 2 ? -1234.5 : 631.18999999999994, money);
        worksheet_write_boolean(rows, i, 3, i % 2, NULL);
    }
    worksheet_write_formula(rows, 5001, 2, "=SUM(C2:C5001)", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    struct sheet *s = NULL;
    static struct out o;
    enum sheet_status status = sheet_open(fd, NULL, &s);
    for (int pass = 0; pass < 2; pass++) {
        read_open(s, status, &o);
        assert_string_equal(o.why, "");
        assert_string_equal(o.words, "Workbook (XLSX), sheet Payments & more");
        assert_int_equal(o.rows, 5002);
        static const char want[] = "1:[Supplier][Date][Amount][Paid]\n"
                                   "2:[Red Kite & Sons <Ltd>][2025-04-30][631.1899999999999][TRUE]\n"
                                   "3:[Caf\xC3\xA9 Example][2025-04-30][-1234.5][FALSE]\n";
        assert_memory_equal(o.text, want, sizeof want - 1);
        assert_int_equal(o.last_line, 5002);
        assert_int_equal(o.last_count, 3);
        assert_int_equal(sheet_done(s), sheet_bytes(s));
        status = sheet_rewind(s);
    }
    char sum[65], *bytes = malloc(sheet_bytes(s));
    assert_int_equal(pread(fd, bytes, sheet_bytes(s), 0), sheet_bytes(s));
    sha256_hex(bytes, sheet_bytes(s), sum);
    assert_string_equal(sheet_sha256(s), sum);
    free(bytes);
    sheet_close(s);
    close(fd);
}

static void test_every_kind_of_cell_comes_out_as_its_text(void **state) {
    (void)state;
    static const struct part parts[] = {
        TYPES,
        ONE_SHEET,
        BOOK_RELS(REL("r1", "worksheet", "/xl/worksheets/sheet1.xml")
                      REL("r2", "sharedStrings", "texts.xml")),
        {"xl/texts.xml", "<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t "
                         "xml:space=\"preserve\">text</t></r><rPh><t>said"
                         "</t></rPh></si><si><t>A &amp; "
                         "B&#10;C</t></si><si><t>x_x000D_y_x0041_z_x00zz_</t></si><si><t/></si></sst>"},
        SHEET1(
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
            "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c><c r=\"E1\" t=\"s\"><v>4</v></c>"
            "<c r=\"F1\" t=\"s\"><v>99</v></c></row>"
            "<row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>in</t><r><t>line</t></r></is></c>"
            "<c r=\"C3\" t=\"str\"><f>A1&amp;B1</f><v>made</v></c><c r=\"E3\" t=\"e\"><v>#REF!</v></c>"
            "<c r=\"G3\" t=\"b\"><v>1</v></c><c r=\"H3\" t=\"b\"><v>0</v></c>"
            "<c r=\"AB3\" t=\"d\"><v>2025-04-30T00:00:00</v></c><c r=\"AC3\"/></row>"
            "<row r=\"4\"/><row r=\"5\"><c r=\"A5\" s=\"0\"/></row>" FILLER),
    };
    const struct out *o = READ(parts, "");
    assert_string_equal(o->why, "");
    assert_string_equal(o->text,
                        "1:[plain][rich text][A & B\nC][x\ryAz_x00zz_]\n"
                        "3:[][inline][made][][#REF!][][TRUE][FALSE][][][][][][][][][][][][][][][][][][][]"
                        "[2025-04-30]\n" FILLER_TEXT);
}

#define STYLES(formats, cells)                                                                               \
    {                                                                                                        \
        "xl/styles.xml", "<styleSheet><numFmts>" formats "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/>"     \
                         "</cellStyleXfs><cellXfs>" cells "</cellXfs></styleSheet>"                          \
    }
#define STYLED(style, value) "<c s=\"" style "\"><v>" value "</v></c>"

static void test_days_are_known_by_their_format(void **state) {
    (void)state;
    static const struct part parts[] = {
        TYPES,
        ONE_SHEET,
        BOOK_RELS(REL("r1", "worksheet", "worksheets/sheet1.xml") REL("r2", "styles", "styles.xml")),
        STYLES("<numFmt numFmtId=\"164\" formatCode=\"[$-809]dd\\ mmmm\\ yyyy;@\"/>"
               "<numFmt numFmtId=\"165\" formatCode=\"0.0 &quot;days&quot;\"/>"
               "<numFmt numFmtId=\"166\" formatCode=\"[Red]#,##0.00\"/>"
               "<numFmt numFmtId=\"167\" formatCode=\"mmm-yy\"/>"
               "<numFmt numFmtId=\"168\" formatCode=\"[h]:mm\"/>",
               "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/>"
               "<xf numFmtId=\"166\"/><xf numFmtId=\"22\"/><xf numFmtId=\"20\"/><xf numFmtId=\"167\"/>"
               "<xf numFmtId=\"168\"/><xf numFmtId=\"47\"/>"),
        SHEET1("<row r=\"1\">" STYLED("0", "45777") STYLED("1", "45777") STYLED("2", "45777.75")
                   STYLED("3", "45777") STYLED("4", "45777") STYLED("5", "45777.5") STYLED("5", "45777")
                       STYLED("6", "0.25") STYLED("7", "45777") STYLED("8", "45777.125") STYLED("9", "45777")
                           STYLED("99", "45777") "</row>"
                                                 "<row r=\"2\">" STYLED("1", "1") STYLED("1", "59")
                                                     STYLED("1", "61") STYLED("1", "2958465")
                                                         STYLED("1", "2958466") STYLED("1", "-1")
                                                             STYLED("1", "0") STYLED("1", "########")
                                                                 STYLED("1", "1E9") "</row>" FILLER),
    };
    const struct out *o = READ(parts, "");
    assert_string_equal(o->why, "");
    assert_string_equal(
        o->text, "1:[45777][2025-04-30][2025-04-30][45777][45777][2025-04-30 12:00:00][2025-04-30][06:00:00]"
                 "[2025-04-30][2025-04-30 03:00:00][2025-04-30][45777]\n"
                 "2:[1900-01-01][1900-02-28][1900-03-01][9999-12-31][2958466][-1][0][########][1000000000]"
                 "\n" FILLER_TEXT);
}

static void test_workbooks_that_count_from_1904_have_the_same_days(void **state) {
    (void)state;
    static const struct part parts[] = {
        TYPES,
        {"xl/workbook.xml", "<workbook xmlns:r=\"urn:r\"><workbookPr date1904=\"1\"/><sheets>" SHEET_IN_BOOK(
                                "One", "r1", "visible") "</sheets></workbook>"},
        BOOK_RELS(REL("r1", "worksheet", "worksheets/sheet1.xml") REL("r2", "styles", "styles.xml")),
        STYLES("", "<xf numFmtId=\"14\"/><xf numFmtId=\"20\"/>"),
        SHEET1("<row>" STYLED("0", "44315") STYLED("0", "0") STYLED("1", "0.25") "</row>" FILLER),
    };
    const struct out *o = READ(parts, "");
    static const char want[] = "1:[2025-04-30][1904-01-01][06:00:00]\n";
    assert_memory_equal(o->text, want, sizeof want - 1);
}

static void expect_number(const char *from, const char *want) {
    char out[NUMBER_BYTES];
    size_t n = number_text(from, strlen(from), out);
    assert_string_equal(out, want);
    assert_int_equal(n, strlen(want));
}

static void test_a_number_is_read_from_its_own_bytes_alone(void **state) {
    (void)state;
    static const char digits[] = "631.18999999999994";
    const size_t n = sizeof digits - 1;
    char out[NUMBER_BYTES], *bytes = malloc(n); // with nothing behind them, as a sanitizer sees
    assert_non_null(bytes);
    memcpy(bytes, digits, n);
    assert_int_equal(number_text(bytes, n, out), strlen("631.1899999999999"));
    assert_string_equal(out, "631.1899999999999");
    free(bytes);
}

static void test_amounts_are_plain_decimals_that_are_the_same_number(void **state) {
    (void)state;
    expect_number("631.19", "631.19");
    expect_number("631.18999999999994", "631.1899999999999");
    expect_number("631.19000000000005", "631.19");
    expect_number("0.10000000000000001", "0.1");
    expect_number("1234567.8899999999", "1234567.89");
    expect_number("-5.0000000000000003E-2", "-0.05");
    expect_number("1E-3", "0.001");
    expect_number("1.5E3", "1500");
    expect_number("2.5E+15", "2500000000000000");
    expect_number("1234567890123456", "1234567890123456");
    expect_number("1e20", "100000000000000000000");
    expect_number("0.0000000000000000", "0");
    expect_number("-0", "-0");
    expect_number("12.50", "12.50");
    expect_number("1E300", "1e+300");
    expect_number("nan", "nan");
    expect_number("1,5", "1,5");
    expect_number("1e999", "1e999");
}

static void test_numbers_shown_with_zeros_in_front_keep_them(void **state) {
    (void)state;
    static const struct part parts[] = {
        TYPES,
        ONE_SHEET,
        BOOK_RELS(REL("r1", "worksheet", "worksheets/sheet1.xml") REL("r2", "styles", "styles.xml")),
        STYLES("<numFmt numFmtId=\"170\" formatCode=\"00000000\"/>",
               "<xf numFmtId=\"0\"/><xf numFmtId=\"170\"/>"),
        SHEET1("<row>" STYLED("1", "209503") STYLED("1", "123456789") STYLED("1", "1.5")
                   STYLED("0", "7") "</row>" FILLER),
    };
    static const char want[] = "1:[00209503][123456789][1.5][7]\n";
    assert_memory_equal(READ(parts, "")->text, want, sizeof want - 1);
}

#define TABLE_OF(word)                                                                                       \
    "<worksheet><sheetData><row><c t=\"str\"><v>" word "</v></c><c><v>1</v></c><c><v>2</v></c></row>"        \
    "<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row><row><c><v>1</v></c><c><v>2</v></c><c><v>3</"   \
    "v></c></row>"                                                                                           \
    "</sheetData></worksheet>"
#define LIST_OF(word)                                                                                        \
    "<worksheet><sheetData><row><c t=\"str\"><v>" word                                                       \
    "</v></c><c><v>1</v></c></row><row><c><v>1</v></c><c><v>2"                                               \
    "</v></c></row></sheetData></worksheet>"
#define TEXT_OF(word)                                                                                        \
    "<worksheet><sheetData><row><c t=\"str\"><v>" word "</v></c></row></sheetData></worksheet>"
#define THREE(a, b, c)                                                                                       \
    TYPES,                                                                                                   \
        BOOK(SHEET_IN_BOOK("First", "r1", a) SHEET_IN_BOOK("Second &amp; so", "r2", b)                       \
                 SHEET_IN_BOOK("Third", "r3", c)),                                                           \
        BOOK_RELS(REL("r1", "worksheet", "worksheets/a.xml") REL("r2", "worksheet", "worksheets/b.xml")      \
                      REL("r3", "worksheet", "worksheets/c.xml"))

static void expect_sheet(const struct out *o, const char *name) {
    if (o->status != SHEET_END || !strstr(o->words, name)) {
        fail_msg("\"%s\" (%s) is not sheet %s", o->words, o->why, name);
    }
    assert_memory_equal(o->text, "1:[it]", 6);
}

static void test_the_first_sheet_that_holds_a_table_is_read(void **state) {
    (void)state;
    static const struct part visible[] = {THREE("visible", "visible", "visible"),
                                          {"xl/worksheets/a.xml", TEXT_OF("notes")},
                                          {"xl/worksheets/b.xml", TABLE_OF("it")},
                                          {"xl/worksheets/c.xml", TABLE_OF("later")}};
    expect_sheet(READ(visible, ""), "sheet Second & so");
    static const struct part hidden[] = {THREE("hidden", "visible", "veryHidden"),
                                         {"xl/worksheets/a.xml", TABLE_OF("codes")},
                                         {"xl/worksheets/b.xml", TEXT_OF("notes")},
                                         {"xl/worksheets/c.xml", TABLE_OF("more codes")}};
    const struct out *o = READ(hidden, "");
    assert_memory_equal(o->text, "1:[codes]", 9);
    static const struct part narrow[] = {THREE("hidden", "visible", "visible"),
                                         {"xl/worksheets/a.xml", TABLE_OF("codes")},
                                         {"xl/worksheets/b.xml", LIST_OF("it")},
                                         {"xl/worksheets/c.xml", TEXT_OF("notes")}};
    expect_sheet(READ(narrow, ""), "sheet Second & so");
    static const struct part wide[] = {THREE("visible", "visible", "visible"),
                                       {"xl/worksheets/a.xml", LIST_OF("contact")},
                                       {"xl/worksheets/b.xml", TEXT_OF("notes")},
                                       {"xl/worksheets/c.xml", TABLE_OF("it")}};
    expect_sheet(READ(wide, ""), "sheet Third");
}

#define MONTH_OF(word)                                                                                       \
    "<worksheet><sheetData><row><c t=\"str\"><v>Payee</v></c><c t=\"str\"><v>Date</v></c><c "                \
    "t=\"str\"><v>Amount</v></c></row><row><c t=\"str\"><v>" word                                            \
    "</v></c><c><v>1</v></c><c><v>2</v></c></row>"                                                           \
    "<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row></sheetData></worksheet>"

static void test_sheets_with_the_same_headings_are_read_one_after_the_other(void **state) {
    (void)state;
    static const struct part months[] = {THREE("visible", "visible", "visible"),
                                         {"xl/worksheets/a.xml", MONTH_OF("april")},
                                         {"xl/worksheets/b.xml", TABLE_OF("codes")},
                                         {"xl/worksheets/c.xml", MONTH_OF("may")}};
    const struct out *o = READ(months, "");
    assert_string_equal(o->words, "Workbook (XLSX), sheet First, Third; not read: Second & so");
    assert_string_equal(o->text, "1:[Payee][Date][Amount]\n2:[april][1][2]\n3:[1][2][3]\n"
                                 "4:[Payee][Date][Amount]\n5:[may][1][2]\n6:[1][2][3]\n");
    assert_string_equal(READ(months, "Third")->words, "Workbook (XLSX), sheet Third");
    static const struct part hidden[] = {THREE("visible", "visible", "hidden"),
                                         {"xl/worksheets/a.xml", MONTH_OF("april")},
                                         {"xl/worksheets/b.xml", TEXT_OF("notes")},
                                         {"xl/worksheets/c.xml", MONTH_OF("may")}};
    assert_string_equal(READ(hidden, "")->words, "Workbook (XLSX), sheet First");
}

static void test_a_named_sheet_is_read_even_when_it_is_hidden_or_short(void **state) {
    (void)state;
    static const struct part parts[] = {THREE("visible", "hidden", "visible"),
                                        {"xl/worksheets/a.xml", TABLE_OF("first")},
                                        {"xl/worksheets/b.xml", TEXT_OF("it")},
                                        {"xl/worksheets/c.xml", TABLE_OF("third")}};
    expect_sheet(READ(parts, "Second & so"), "sheet Second & so");
    expect_refusal(READ(parts, "second"), "no sheet of that name");
}

static void test_workbooks_without_a_table_are_refused(void **state) {
    (void)state;
    static const struct part parts[] = {THREE("visible", "visible", "visible"),
                                        {"xl/worksheets/a.xml", TEXT_OF("a")},
                                        {"xl/worksheets/b.xml", TEXT_OF("b")},
                                        {"xl/worksheets/c.xml", "<worksheet><sheetData/></worksheet>"}};
    expect_refusal(READ(parts, ""), "No sheet of the workbook holds a table");
}

static void test_parts_are_found_wherever_the_workbook_says_they_lie(void **state) {
    (void)state;
    static const struct part parts[] = {
        TYPES,
        RELS_OF("/xl/strange/workbook2.xml"),
        {"xl/strange/workbook2.xml",
         "<w:workbook xmlns:w=\"urn:w\" xmlns:r=\"urn:r\"><w:sheets><w:sheet name=\"One\" "
         "sheetId=\"7\" r:id=\"x\"/></w:sheets></w:workbook>"},
        {"xl/strange/_rels/workbook2.xml.rels", "<Relationships>" REL("x", "worksheet", "../sheets/it.xml")
                                                    REL("y", "chartsheet", "no.xml") "</Relationships>"},
        {"XL/sheets/it.xml", TABLE_OF("it")},
    };
    expect_sheet(READ(parts, ""), "sheet One");
}

static void test_large_gaps_of_rows_cost_nothing(void **state) {
    (void)state;
    static const struct part parts[] = {
        TYPES, ONE_SHEET, ONE_REL,
        SHEET1(FILLER
               "<row r=\"1048576\"><c r=\"A1048576\"><v>9</v></c><c r=\"XFD1048576\" s=\"4\"/></row>")};
    const struct out *o = READ(parts, "");
    assert_string_equal(o->text, FILLER_TEXT "1048576:[9]\n");
}

static int set_program(void **state) {
    (void)state;
    sheet_set_program(BINARY_DIR "/anchorage-book");
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_workbook_as_people_save_it_reads_like_its_csv),
        cmocka_unit_test(test_every_kind_of_cell_comes_out_as_its_text),
        cmocka_unit_test(test_days_are_known_by_their_format),
        cmocka_unit_test(test_workbooks_that_count_from_1904_have_the_same_days),
        cmocka_unit_test(test_a_number_is_read_from_its_own_bytes_alone),
        cmocka_unit_test(test_amounts_are_plain_decimals_that_are_the_same_number),
        cmocka_unit_test(test_numbers_shown_with_zeros_in_front_keep_them),
        cmocka_unit_test(test_the_first_sheet_that_holds_a_table_is_read),
        cmocka_unit_test(test_sheets_with_the_same_headings_are_read_one_after_the_other),
        cmocka_unit_test(test_a_named_sheet_is_read_even_when_it_is_hidden_or_short),
        cmocka_unit_test(test_workbooks_without_a_table_are_refused),
        cmocka_unit_test(test_parts_are_found_wherever_the_workbook_says_they_lie),
        cmocka_unit_test(test_large_gaps_of_rows_cost_nothing),
    };
    return cmocka_run_group_tests(tests, set_program, NULL);
}
