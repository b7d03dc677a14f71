// SPDX-License-Identifier: Apache-2.0
// What reading OpenDocument spreadsheets promises: values as they are, repeats of nothing for nothing.
#include "bookmake.h"

#define HEAD                                                                                                 \
    "<office:document-content xmlns:office=\"urn:o\" xmlns:table=\"urn:t\" xmlns:text=\"urn:x\" "            \
    "xmlns:calcext=\"urn:c\" xmlns:style=\"urn:s\" xmlns:draw=\"urn:d\">"
#define CONTENT(styles, tables)                                                                              \
    {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {                                        \
        "content.xml", HEAD "<office:automatic-styles>" styles "</office:automatic-styles><office:body>"     \
                            "<office:spreadsheet>" tables "</office:spreadsheet></office:body>"              \
                            "</office:document-content>"                                                     \
    }
#define TABLE(name, rows) "<table:table table:name=\"" name "\">" rows "</table:table>"
#define ROW(cells)        "<table:table-row>" cells "</table:table-row>"
#define TEXT(t)           "<table:table-cell office:value-type=\"string\"><text:p>" t "</text:p></table:table-cell>"
#define FLOAT(v)                                                                                             \
    "<table:table-cell office:value-type=\"float\" office:value=\"" v                                        \
    "\"><text:p>shown</text:p></table:table-cell>"
#define BLANKS(n) "<table:table-cell table:number-columns-repeated=\"" n "\"/>"
#define TEXTS(n, t)                                                                                          \
    "<table:table-cell table:number-columns-repeated=\"" n "\" office:value-type=\"string\"><text:p>" t      \
    "</text:p></table:table-cell>"
#define ROWS(n, cells) "<table:table-row table:number-rows-repeated=\"" n "\">" cells "</table:table-row>"
#define THREE          ROW(FLOAT("1") FLOAT("2") FLOAT("3"))
#define NINE           THREE THREE THREE

static void test_values_come_out_as_they_are_and_not_as_they_are_shown(void **state) {
    (void)state;
    static const struct part parts[] = {CONTENT(
        "",
        TABLE(
            "Payments",
            ROW(TEXT("Red Kite &amp; Sons") FLOAT(
                "631.1899999999999") "<table:table-cell office:value-type=\"currency\" "
                                     "office:currency=\"GBP\" office:value=\"-12.5\"/>"
                                     "<table:table-cell office:value-type=\"percentage\" "
                                     "office:value=\"0.2\"><text:p>20%</text:p></table:table-cell>"
                                     "<table:table-cell office:value-type=\"date\" "
                                     "office:date-value=\"2025-04-30\"><text:p>30/04/25</text:p></"
                                     "table:table-cell>"
                                     "<table:table-cell office:value-type=\"date\" "
                                     "office:date-value=\"2025-04-30T14:05:00.5\"/>"
                                     "<table:table-cell office:value-type=\"time\" "
                                     "office:time-value=\"PT14H05M09S\"/>"
                                     "<table:table-cell office:value-type=\"boolean\" "
                                     "office:boolean-value=\"true\"/>"
                                     "<table:table-cell office:value-type=\"boolean\" "
                                     "office:boolean-value=\"false\"/>"
                                     "<table:table-cell office:value-type=\"string\" "
                                     "calcext:value-type=\"error\"><text:p>#REF!</text:p></table:table-cell>"
                                     "<table:table-cell office:value-type=\"float\" office:value=\"0\" "
                                     "calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>"
                                     "<table:table-cell office:value-type=\"float\" office:value=\"1E-2\" "
                                     "calcext:value-type=\"float\"/>") NINE))};
    const struct out *o = READ(parts, "");
    assert_string_equal(o->why, "");
    assert_string_equal(o->words, "Workbook (ODS), sheet Payments");
    assert_string_equal(o->text,
                        "1:[Red Kite & Sons][631.1899999999999][-12.5][0.2][2025-04-30][2025-04-30 14:05:00]"
                        "[14:05:09][TRUE][FALSE][#REF!][#N/A][0.01]\n"
                        "2:[1][2][3]\n3:[1][2][3]\n4:[1][2][3]\n");
}

static void test_paragraphs_blanks_and_notes_of_a_cell(void **state) {
    (void)state;
    static const struct part parts[] = {CONTENT(
        "",
        TABLE(
            "A",
            ROW("<table:table-cell office:value-type=\"string\"><office:annotation><text:p>a note</text:p>"
                "</office:annotation><text:p>one<text:s "
                "text:c=\"2\"/>t<text:span>w</text:span>o<text:tab/>x</text:p>"
                "<text:p>line<text:line-break/>end</text:p><draw:frame><draw:text-box><text:p>drawn</text:p>"
                "</draw:text-box></draw:frame></table:table-cell>"
                "<table:covered-table-cell/>" TEXT("after"))
                ROW("<table:covered-table-cell "
                    "office:value-type=\"string\"><text:p>under</text:p></table:covered-table-cell>") NINE))};
    assert_string_equal(READ(parts, "")->text, "1:[one  two\tx\nline\nend][][after]\n2:[under]\n"
                                               "3:[1][2][3]\n4:[1][2][3]\n5:[1][2][3]\n");
}

static void test_repeats_of_nothing_are_nothing_and_repeats_of_something_are_rows(void **state) {
    (void)state;
    static const struct part parts[] = {
        CONTENT("", TABLE("A", NINE ROWS("4", TEXTS("2", "x") BLANKS("3") TEXT("y") BLANKS("16378"))
                                   ROWS("1000", BLANKS("16384")) ROW(BLANKS("2") FLOAT("9") BLANKS("16381"))
                                       ROWS("1047568", BLANKS("16384")) ROWS("15728640", "") ROW("")))};
    const struct out *o = READ(parts, "");
    assert_string_equal(o->why, "");
    assert_string_equal(o->text,
                        "1:[1][2][3]\n2:[1][2][3]\n3:[1][2][3]\n4:[x][x][][][][y]\n5:[x][x][][][][y]\n"
                        "6:[x][x][][][][y]\n7:[x][x][][][][y]\n1008:[][][9]\n");
}

static void test_repeats_beyond_reason_are_refused(void **state) {
    (void)state;
    static const struct part wide[] = {CONTENT("", TABLE("A", NINE ROW(TEXTS("4000000000", "x"))))};
    expect_refusal(READ(wide, ""), "more than 512 cells");
    static const struct part tall[] = {
        CONTENT("", TABLE("A", NINE ROWS("18446744073709551615", FLOAT("1"))))};
    expect_refusal(READ(tall, ""), "too many rows");
    static const struct part far_down[] = {
        CONTENT("", TABLE("A", NINE ROWS("16777216", "") ROWS("16777216", "") ROW(FLOAT("1"))))};
    expect_refusal(READ(far_down, ""), "too many rows");
    static const struct part far_right[] = {CONTENT("", TABLE("A", NINE ROW(BLANKS("99999999") FLOAT("1"))))};
    expect_refusal(READ(far_right, ""), "more than 512 cells");
}

static void test_rows_repeated_many_times_cross_frames(void **state) {
    (void)state;
    static const struct part parts[] = {CONTENT(
        "", TABLE("A", NINE ROWS("50000", TEXT("Red Kite and Sons of Example Street") FLOAT("7")) THREE))};
    const struct out *o = READ(parts, "");
    assert_string_equal(o->why, "");
    assert_int_equal(o->rows, 50004);
    assert_int_equal(o->last_line, 50004);
    assert_int_equal(o->last_count, 3);
}

#define HIDDEN_STYLE                                                                                         \
    "<style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties "                        \
    "table:display=\"false\"/></style:style>"                                                                \
    "<style:style style:name=\"co1\" style:family=\"table-column\"><style:table-properties "                 \
    "table:display=\"false\"/></style:style>"

#define MONTH(name)                                                                                          \
    TABLE(name, ROW(TEXT("Payee") TEXT("Date") TEXT("Amount")) ROW(TEXT(name) FLOAT("1") FLOAT("2"))         \
                    ROW(TEXT("x") FLOAT("1") FLOAT("3")) ROWS("1048000", BLANKS("3")))

static void test_tables_with_the_same_headings_are_read_one_after_the_other(void **state) {
    (void)state;
    static const struct part parts[] = {CONTENT("", MONTH("April") TABLE("Codes", NINE) MONTH("May"))};
    const struct out *o = READ(parts, "");
    assert_string_equal(o->words, "Workbook (ODS), sheet April, May; not read: Codes");
    assert_string_equal(o->text, "1:[Payee][Date][Amount]\n2:[April][1][2]\n3:[x][1][3]\n"
                                 "4:[Payee][Date][Amount]\n5:[May][1][2]\n6:[x][1][3]\n");
}

static void test_the_first_table_in_sight_is_read_and_a_named_one_wherever_it_is(void **state) {
    (void)state;
    static const struct part parts[] = {
        CONTENT(HIDDEN_STYLE,
                "<table:tracked-changes><table:cell-content-change><table:table-cell/></"
                "table:cell-content-change></table:tracked-changes>" TABLE(
                    "Notes", ROW(TEXT("about this file"))) "<table:table table:name=\"Codes\" "
                                                           "table:style-name=\"ta2\">" ROW(TEXT("code")) NINE
                "</table:table>"
                "<table:table table:name=\"Payments\" table:style-name=\"co1\">" ROW(TEXT("it")) NINE
                "</table:table>" TABLE("Later", ROW(TEXT("later")) NINE))};
    const struct out *o = READ(parts, "");
    assert_string_equal(o->words, "Workbook (ODS), sheet Payments; not read: Later");
    assert_memory_equal(o->text, "1:[it]\n2:", 9);
    assert_int_equal(o->rows, 4);
    o = READ(parts, "Codes");
    assert_memory_equal(o->text, "1:[code]\n", 9);
    o = READ(parts, "Notes");
    assert_string_equal(o->text, "1:[about this file]\n");
    expect_refusal(READ(parts, "Nowhere"), "no sheet of that name");
    static const struct part hidden[] = {
        CONTENT(HIDDEN_STYLE,
                TABLE("Notes", ROW(TEXT("about this file"))) "<table:table table:name=\"Codes\" "
                                                             "table:style-name=\"ta2\">" ROW(TEXT("code"))
                                                                 NINE "</table:table>")};
    assert_string_equal(READ(hidden, "")->words, "Workbook (ODS), sheet Codes");
    static const struct part none[] = {CONTENT("", TABLE("Notes", ROW(TEXT("about this file"))))};
    expect_refusal(READ(none, ""), "No sheet of the workbook holds a table");
}

static void test_a_locked_workbook_is_refused(void **state) {
    (void)state;
    static const struct part parts[] = {
        {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
        {"content.xml", "\x01\x02\x03 this is no XML"},
        {"META-INF/manifest.xml",
         "<manifest:manifest xmlns:manifest=\"urn:m\"><manifest:file-entry "
         "manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry>"
         "</manifest:manifest>"}};
    expect_refusal(READ(parts, ""), "password");
}

static int set_program(void **state) {
    (void)state;
    sheet_set_program(BINARY_DIR "/anchorage-book");
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_out_as_they_are_and_not_as_they_are_shown),
        cmocka_unit_test(test_paragraphs_blanks_and_notes_of_a_cell),
        cmocka_unit_test(test_repeats_of_nothing_are_nothing_and_repeats_of_something_are_rows),
        cmocka_unit_test(test_repeats_beyond_reason_are_refused),
        cmocka_unit_test(test_rows_repeated_many_times_cross_frames),
        cmocka_unit_test(test_tables_with_the_same_headings_are_read_one_after_the_other),
        cmocka_unit_test(test_the_first_table_in_sight_is_read_and_a_named_one_wherever_it_is),
        cmocka_unit_test(test_a_locked_workbook_is_refused),
    };
    return cmocka_run_group_tests(tests, set_program, NULL);
}
