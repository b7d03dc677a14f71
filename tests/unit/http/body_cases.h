// SPDX-License-Identifier: Apache-2.0
// The bodies that test_body.c runs: what is sent and what must come out of it.
#ifndef ANCHORAGE_TEST_BODY_CASES_H
#define ANCHORAGE_TEST_BODY_CASES_H

#include <stddef.h>

struct body_case {
    const char *promise;
    const char *body;
    size_t len;
    int status;
    const char *want; // status 0: the notes; else the fault's key
};
#define OK(promise, body, notes)                                                                             \
    { promise, body, sizeof(body) - 1, 0, notes }
#define BAD(promise, body, status, key)                                                                      \
    { promise, body, sizeof(body) - 1, status, key }

#define T10  "0123456789"
#define T50  T10 T10 T10 T10 T10
#define T100 T50 T50
#define T256 T100 T100 T50 "012345"

static const struct body_case form_cases[] = {
    OK("form_one_pair_is_read", "a=1", "F a=1;"),
    OK("form_pairs_keep_their_order", "b=2&a=1&b=3", "F b=2;F a=1;F b=3;"),
    OK("form_an_empty_body_has_no_fields", "", ""),
    OK("form_plus_is_a_blank", "a=b+c+", "F a=b c ;"),
    OK("form_an_escaped_plus_stays", "a=%2B", "F a=+;"),
    OK("form_escapes_in_names_are_decoded", "%61%5B%5D=x", "F a[]=x;"),
    OK("form_small_hexadecimal_digits_are_read", "a=%c3%a9", "F a=\xC3\xA9;"),
    OK("form_escapes_are_decoded_once", "a=%2541", "F a=%41;"),
    OK("form_an_escaped_ampersand_is_text", "a=%26b%3Dc", "F a=&b=c;"),
    OK("form_a_second_equals_sign_is_text", "a=b=c", "F a=b=c;"),
    OK("form_an_empty_value_is_kept", "a=&b=", "F a=;F b=;"),
    OK("form_a_name_alone_has_an_empty_value", "a&b", "F a=;F b=;"),
    OK("form_an_empty_name_is_kept", "=x", "F =x;"),
    OK("form_a_lone_equals_sign_is_an_empty_pair", "=", "F =;"),
    OK("form_empty_pieces_are_skipped", "&&a=1&&&b=2&", "F a=1;F b=2;"),
    OK("form_line_ends_of_a_text_area_are_kept", "a=x%0D%0Ay", "F a=x\r\ny;"),
    OK("form_charset_field_is_ignored", "_charset_=utf-7&a=1", "F a=1;"),
    OK("form_an_escaped_charset_field_is_ignored_too", "%5fcharset_=x&a=1", "F a=1;"),
    OK("form_raw_utf8_is_read", "a=\xE2\x82\xAC", "F a=\xE2\x82\xAC;"),
    OK("form_a_character_outside_the_basic_plane_is_read", "a=%F0%9F%8F%A0", "F a=\xF0\x9F\x8F\xA0;"),
    OK("form_a_semicolon_is_text", "a=1;b=2", "F a=1;b=2;"),
    OK("form_a_value_of_exactly_the_limit_passes", "a=" T100, "F a=" T100 ";"),
    OK("form_a_name_of_exactly_the_limit_passes", T256 "=1", "F " T256 "=1;"),
    OK("form_five_fields_pass", "a=1&b=2&c=3&d=4&e=5", "F a=1;F b=2;F c=3;F d=4;F e=5;"),
    OK("form_escaped_bytes_count_once_against_the_limit",
       "a=%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%30%"
       "30%30%30%30",
       "F a=000000000000000000000000000000000000;"),
    BAD("form_a_sixth_field_is_too_many", "a=1&b=2&c=3&d=4&e=5&f=6", 413, "body.too_many_fields"),
    BAD("form_a_longer_value_is_too_large", "a=" T100 "x", 413, "body.field_too_large"),
    BAD("form_a_longer_name_is_refused", T256 "x=1", 400, "body.name_too_long"),
    BAD("form_a_nul_in_a_value_is_refused", "a=1\0b=2", 400, "url.nul"), // CVE-2025-9648
    BAD("form_a_nul_at_the_start_is_refused", "\0a=1", 400, "url.nul"),
    BAD("form_an_escaped_nul_is_refused", "a=%00", 400, "url.nul"),
    BAD("form_an_escaped_nul_in_a_name_is_refused", "a%00b=1", 400, "url.nul"),
    BAD("form_a_lone_percent_is_refused", "a=%", 400, "url.bad_percent"),
    BAD("form_a_percent_with_one_digit_is_refused", "a=%4", 400, "url.bad_percent"),
    BAD("form_an_escape_cut_by_the_next_field_is_refused", "a=%4&b=1", 400, "url.bad_percent"),
    BAD("form_an_escape_cut_by_the_equals_sign_is_refused", "a%4=1", 400, "url.bad_percent"),
    BAD("form_an_escape_with_letters_is_refused", "a=%zz", 400, "url.bad_percent"),
    BAD("form_a_unicode_escape_is_refused", "a=%u00e9", 400, "url.bad_percent"),
    BAD("form_latin_1_is_refused", "a=caf%E9", 400, "url.bad_utf8"),
    BAD("form_raw_latin_1_is_refused", "a=caf\xE9!", 400, "url.bad_utf8"),
    BAD("form_an_overlong_character_is_refused", "a=%C0%AF", 400, "url.bad_utf8"),
    BAD("form_a_surrogate_is_refused", "a=%ED%A0%80", 400, "url.bad_utf8"),
    BAD("form_a_cut_character_at_the_end_is_refused", "a=%E2%82", 400, "url.bad_utf8"),
    BAD("form_a_character_cut_by_the_next_field_is_refused", "a=%E2%82&b=%AC", 400, "url.bad_utf8"),
    BAD("form_a_character_cut_between_name_and_value_is_refused", "%C3=%A9", 400, "url.bad_utf8"),
    BAD("form_a_raw_line_end_is_refused", "a=1\r\n", 400, "url.control"),
    BAD("form_a_raw_tab_is_refused", "a=\t", 400, "url.control"),
    BAD("form_a_field_the_page_refuses_stops_the_body", "refuse-me=1&a=1", 422, "body.refused"),
};

#define P       "--XbX\r\n"
#define END     "--XbX--\r\n"
#define CD(x)   "Content-Disposition: form-data; " x "\r\n"
#define FLD(x)  P CD("name=\"" x "\"") "\r\n"
#define FILE(x) P CD("name=\"f\"; filename=" x) "\r\n"
#define OCT     "application/octet-stream"

static const struct body_case multipart_cases[] = {
    OK("multipart_one_field_is_read", FLD("a") "1\r\n" END, "F a=1;"),
    OK("multipart_fields_keep_their_order", FLD("b") "2\r\n" FLD("a") "1\r\n" FLD("b") "3\r\n" END,
       "F b=2;F a=1;F b=3;"),
    OK("multipart_an_empty_field_is_read", FLD("a") "\r\n" END, "F a=;"),
    OK("multipart_a_part_without_any_content_is_empty", FLD("a") END, "F a=;"),
    OK("multipart_no_part_at_all_is_read", END, ""),
    OK("multipart_the_last_boundary_needs_no_line_end", FLD("a") "1\r\n--XbX--", "F a=1;"),
    OK("multipart_a_preamble_is_skipped", "Hello\r\nthere\r\n" FLD("a") "1\r\n" END, "F a=1;"),
    OK("multipart_an_epilogue_is_skipped", FLD("a") "1\r\n" END "--XbX\r\nrubbish\0", "F a=1;"),
    OK("multipart_blanks_after_a_boundary_are_skipped", "--XbX \t\r\n" CD("name=a") "\r\n1\r\n--XbX--  \r\n",
       "F a=1;"),
    OK("multipart_line_ends_inside_a_value_are_kept", FLD("a") "\r\nx\r\n\r\ny\n\r\r\n" END,
       "F a=\r\nx\r\n\r\ny\n\r;"),
    OK("multipart_something_like_a_boundary_is_content", FLD("a") "\r\n--Xb\r\n-\r--XbX\r\n--XbY\r\n" END,
       "F a=\r\n--Xb\r\n-\r--XbX\r\n--XbY;"),
    OK("multipart_a_boundary_inside_a_line_is_content", FLD("a") "x--XbX--\r\n" END, "F a=x--XbX--;"),
    OK("multipart_double_returns_before_the_boundary_are_content", FLD("a") "x\r\r\n" END, "F a=x\r;"),
    OK("multipart_a_file_is_read", FILE("\"a.txt\"") "hello\r\n" END, "B f|a.txt|" OCT ":helloE5;"),
    OK("multipart_a_file_keeps_every_byte", FILE("\"a\"") "\0\xFF\r\n\0\r\n" END,
       "B f|a|" OCT ":\0\xFF\r\n\0E5;"),
    OK("multipart_an_empty_file_with_a_name_is_a_file", FILE("\"a\"") "\r\n" END, "B f|a|" OCT ":E0;"),
    OK("multipart_an_input_without_a_chosen_file_gives_nothing", FILE("\"\"") "\r\n" FLD("a") "1\r\n" END,
       "F a=1;"),
    OK("multipart_content_without_a_file_name_is_called_file", FILE("\"\"") "x\r\n" END,
       "B f|file|" OCT ":xE1;"),
    OK("multipart_the_type_of_a_file_is_given_in_small_letters",
       P CD("name=f; filename=a") "Content-Type: Text/CSV; charset=x\r\n\r\n1\r\n" END,
       "B f|a|text/csv:1E1;"),
    OK("multipart_header_names_and_form_data_in_any_case_are_read",
       P "content-DISPOSITION: Form-Data; NAME=a\r\n\r\n1\r\n" END, "F a=1;"),
    OK("multipart_unknown_headers_are_ignored", P "X-A: b\r\n" CD("name=a") "X-B:\r\n\r\n1\r\n" END,
       "F a=1;"),
    OK("multipart_unknown_parameters_are_ignored", P CD("size=3; name=a; x=\"y;z\"") "\r\n1\r\n" END,
       "F a=1;"),
    OK("multipart_a_quote_in_a_name_is_read", P CD("name=\"a\\\"b\"") "\r\n1\r\n" END, "F a\"b=1;"),
    OK("multipart_a_folder_in_a_file_name_is_dropped", FILE("\"C:\\temp\\a.txt\"") "x\r\n" END,
       "B f|a.txt|" OCT ":xE1;"),
    OK("multipart_a_climbing_file_name_is_tamed", FILE("\"../../etc/passwd\"") "x\r\n" END,
       "B f|passwd|" OCT ":xE1;"),
    OK("multipart_a_file_called_dot_dot_is_called_file", FILE("\"..\"") "x\r\n" END, "B f|file|" OCT ":xE1;"),
    OK("multipart_an_accent_in_a_file_name_is_kept", FILE("\"caf\xC3\xA9.txt\"") "x\r\n" END,
       "B f|caf\xC3\xA9.txt|" OCT ":xE1;"),
    OK("multipart_filename_star_wins", P CD("name=f; filename=a; filename*=UTF-8''caf%C3%A9") "\r\nx\r\n" END,
       "B f|caf\xC3\xA9|" OCT ":xE1;"),
    OK("multipart_filename_star_wins_when_it_stands_first",
       P CD("name=f; filename*=utf-8'en'b%20c; filename=a") "\r\nx\r\n" END, "B f|b c|" OCT ":xE1;"),
    OK("multipart_a_path_in_filename_star_is_dropped",
       P CD("name=f; filename*=UTF-8''..%2F..%5Cx") "\r\nx\r\n" END, "B f|x|" OCT ":xE1;"),
    OK("multipart_charset_field_is_ignored", FLD("_charset_") "utf-7\r\n" FLD("a") "1\r\n" END, "F a=1;"),
    OK("multipart_a_plain_transfer_encoding_is_read",
       P CD("name=a") "Content-Transfer-Encoding: 8bit\r\n\r\n1\r\n" END, "F a=1;"),
    OK("multipart_a_field_of_exactly_the_limit_passes", FLD("a") T100 "\r\n" END, "F a=" T100 ";"),
    OK("multipart_a_file_of_exactly_the_limit_passes", FILE("a") T50 "\r\n" END, "B f|a|" OCT ":" T50 "E50;"),
    OK("multipart_two_files_pass", FILE("a") "x\r\n" FILE("b") "y\r\n" END,
       "B f|a|" OCT ":xE1;B f|b|" OCT ":yE1;"),

    BAD("multipart_a_longer_field_is_too_large", FLD("a") T100 "x\r\n" END, 413, "body.field_too_large"),
    BAD("multipart_a_longer_file_is_too_large", FILE("a") T50 "x\r\n" END, 413, "body.file_too_large"),
    BAD("multipart_a_third_file_is_too_many", FILE("a") "\r\n" FILE("b") "\r\n" FILE("c") "\r\n" END, 413,
        "body.too_many_files"),
    BAD("multipart_a_sixth_field_is_too_many", FLD("a") FLD("b") FLD("c") FLD("d") FLD("e") FLD("f") END, 413,
        "body.too_many_fields"),
    BAD("multipart_an_eighth_part_is_too_many",
        FILE("\"\"") FILE("\"\"") FILE("\"\"") FILE("\"\"") FILE("\"\"") FILE("\"\"") FILE("\"\"")
            FILE("\"\"") END,
        413, "body.too_many_parts"),
    BAD("multipart_an_empty_body_is_refused", "", 400, "multipart.unfinished"),
    BAD("multipart_rubbish_is_refused", "hello", 400, "multipart.unfinished"),
    BAD("multipart_a_missing_last_boundary_is_refused", FLD("a") "1\r\n", 400, "multipart.unfinished"),
    BAD("multipart_a_cut_last_boundary_is_refused", FLD("a") "1\r\n--XbX-", 400, "multipart.unfinished"),
    BAD("multipart_a_cut_header_is_refused", P "Content-Dispo", 400, "multipart.unfinished"),
    BAD("multipart_another_boundary_is_refused", "--YbY\r\n" CD("name=a") "\r\n1\r\n--YbY--\r\n", 400,
        "multipart.unfinished"),
    BAD("multipart_a_longer_boundary_is_refused", FLD("a") "1\r\n--XbXx\r\n" END, 400, "multipart.boundary"),
    BAD("multipart_rubbish_after_the_last_boundary_is_refused", FLD("a") "1\r\n--XbX--x\r\n", 400,
        "multipart.boundary"),
    BAD("multipart_one_dash_after_a_boundary_is_refused", FLD("a") "1\r\n--XbX-\r\n", 400,
        "multipart.boundary"),
    BAD("multipart_a_bare_lf_after_a_boundary_is_refused", "--XbX\n" CD("name=a") "\r\n1\r\n" END, 400,
        "multipart.boundary"),
    BAD("multipart_a_bare_cr_after_a_boundary_is_refused", "--XbX\rx", 400, "multipart.boundary"),
    BAD("multipart_a_bare_cr_after_the_last_boundary_is_refused", FLD("a") "1\r\n--XbX--\rx", 400,
        "multipart.boundary"),
    BAD("multipart_very_much_padding_is_refused",
        "--XbX"
        "          "
        "          "
        "          "
        "          "
        "          "
        "          "
        "          "
        "\r\n",
        400, "multipart.boundary"),
    BAD("multipart_a_bare_lf_in_a_header_is_refused",
        P "Content-Disposition: form-data; name=a\n\r\n1\r\n" END, 400, "multipart.head"),
    BAD("multipart_a_bare_cr_in_a_header_is_refused", P "A: b\rc\r\n" CD("name=a") "\r\n" END, 400,
        "multipart.head"),
    BAD("multipart_a_folded_header_is_refused", P "A: b\r\n c\r\n" CD("name=a") "\r\n1\r\n" END, 400,
        "multipart.head"),
    BAD("multipart_a_header_without_a_colon_is_refused", P "Hello\r\n\r\n" END, 400, "multipart.head"),
    BAD("multipart_a_header_without_a_name_is_refused", P ": x\r\n\r\n" END, 400, "multipart.head"),
    BAD("multipart_a_blank_before_the_colon_is_refused",
        P "Content-Disposition : form-data; name=a\r\n\r\n" END, 400, "multipart.head"),
    BAD("multipart_a_nul_in_a_header_is_refused", P "A: b\0\r\n" CD("name=a") "\r\n" END, 400,
        "multipart.head"),
    BAD("multipart_a_part_without_a_disposition_is_refused", P "\r\n1\r\n" END, 400, "multipart.disposition"),
    BAD("multipart_a_part_without_a_name_is_refused", P CD("filename=a") "\r\n1\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_an_attachment_is_refused", P "Content-Disposition: attachment; name=a\r\n\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_two_names_are_refused", P CD("name=a; name=b") "\r\n1\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_two_file_names_are_refused", P CD("name=a; filename=b; filename=c") "\r\n1\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_an_open_quote_is_refused", P CD("name=\"a") "\r\n1\r\n" END, 400, "multipart.disposition"),
    BAD("multipart_rubbish_between_parameters_is_refused", P CD("name=a b") "\r\n1\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_a_name_in_bad_utf8_is_refused", P CD("name=\"\xC0\xAF\"") "\r\n1\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_a_long_name_is_refused", P CD("name=\"" T256 "x\"") "\r\n1\r\n" END, 400,
        "multipart.disposition"),
    BAD("multipart_a_file_name_with_an_escaped_nul_is_refused",
        P CD("name=f; filename*=UTF-8''a%00.txt") "\r\n" END, 400, "multipart.disposition"),
    BAD("multipart_a_file_name_in_another_charset_is_refused",
        P CD("name=f; filename*=iso-8859-1''a%E9") "\r\n" END, 400, "multipart.disposition"),
    BAD("multipart_a_file_name_with_a_bad_escape_is_refused", P CD("name=f; filename*=UTF-8''a%E") "\r\n" END,
        400, "multipart.disposition"),
    BAD("multipart_two_dispositions_are_refused", P CD("name=a") CD("name=b") "\r\n1\r\n" END, 400,
        "multipart.head"),
    BAD("multipart_two_types_are_refused",
        P CD("name=a") "Content-Type: text/plain\r\nContent-Type: text/plain\r\n\r\n1\r\n" END, 400,
        "multipart.type"),
    BAD("multipart_a_type_that_is_none_is_refused",
        P CD("name=f; filename=a") "Content-Type: text\r\n\r\n1\r\n" END, 400, "multipart.type"),
    BAD("multipart_a_type_with_a_quote_is_refused",
        P CD("name=f; filename=a") "Content-Type: text/\"html\r\n\r\n1\r\n" END, 400, "multipart.type"),
    BAD("multipart_base64_is_refused", P CD("name=a") "Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n" END,
        400, "multipart.encoding"),
    BAD("multipart_more_than_16_header_lines_are_refused",
        P "A:1\r\nA:2\r\nA:3\r\nA:4\r\nA:5\r\nA:6\r\nA:7\r\nA:8\r\nA:9\r\nA:10\r\nA:11\r\nA:12\r\nA:13\r\nA:"
          "14\r\nA:15\r\n"
          "A:16\r\nA:17\r\n",
        400, "multipart.head"),
    BAD("multipart_headers_over_the_limit_are_refused", P "A: " T256 T256 T256 T256 "\r\n", 400,
        "multipart.head_too_large"),
    BAD("multipart_a_nul_in_a_field_is_refused", FLD("a") "x\0y\r\n" END, 400, "body.nul"),
    BAD("multipart_latin_1_in_a_field_is_refused", FLD("a") "caf\xE9\r\n" END, 400, "body.utf8"),
    BAD("multipart_a_nested_multipart_is_not_opened",
        FLD("a") "1\r\n--XbX\r\nContent-Type: multipart/mixed\r\n\r\n" END, 400, "multipart.disposition"),
    BAD("multipart_a_field_the_page_refuses_stops_the_body", FLD("refuse-me") "1\r\n" END, 422,
        "body.refused"),
};

#define O8  "[[[[[[[["
#define O64 O8 O8 O8 O8 O8 O8 O8 O8
#define C8  "]]]]]]]]"
#define C64 C8 C8 C8 C8 C8 C8 C8 C8
#define I10 "1,1,1,1,1,1,1,1,1,1,"

static const struct body_case json_cases[] = {
    OK("json_an_object_is_read", "{\"a\":1}", "J{\"a\":1};"),
    OK("json_an_array_is_read", "[1,2,3]", "J[1,2,3];"),
    OK("json_an_empty_object_is_read", "{}", "J{};"),
    OK("json_an_empty_array_is_read", "[]", "J[];"),
    OK("json_blanks_around_are_skipped", " \t\r\n{ \"a\" : true } \n", "J{\"a\":true};"),
    OK("json_words_are_read", "[true,false,null]", "J[true,false,null];"),
    OK("json_escapes_are_read", "[\"\\u00e9\\n\\\"\\\\\\/\"]", "J[\"\xC3\xA9\\n\\\"\\\\/\"];"),
    OK("json_a_surrogate_pair_is_read", "[\"\\ud83c\\udfe0\"]", "J[\"\xF0\x9F\x8F\xA0\"];"),
    OK("json_raw_utf8_is_read", "[\"\xE2\x82\xAC\"]", "J[\"\xE2\x82\xAC\"];"),
    OK("json_brackets_in_a_text_do_not_count", "[\"]}[{\\\"[\"]", "J[\"]}[{\\\"[\"];"),
    OK("json_a_backslash_at_the_end_of_a_text_is_read", "[\"\\\\\"]", "J[\"\\\\\"];"),
    OK("json_whole_numbers_are_read", "[0,-1,9007199254740993]", "J[0,-1,9007199254740993];"),
    OK("json_the_largest_number_is_read", "[9223372036854775807]", "J[9223372036854775807];"),
    OK("json_a_fraction_is_read", "[0.5]", "J[0.5];"),
    OK("json_64_levels_pass", O64 C64, "J" O64 C64 ";"),
    OK("json_two_equal_keys_in_two_objects_pass", "[{\"a\":1},{\"a\":2}]", "J[{\"a\":1},{\"a\":2}];"),
    OK("json_200_items_pass",
       "[" I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 "1,1,1,1,1,1,1,1,1,1]",
       "J[" I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10
       "1,1,1,1,1,1,1,1,1,1];"),
    BAD("json_201_items_are_too_many",
        "[" I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 I10 "1]", 413,
        "json.too_many_items"),
    BAD("json_65_levels_are_too_deep",
        O64 "["
            "]" C64,
        422, "json.too_deep"),
    BAD("json_ten_thousand_levels_are_too_deep", O64 O64 O64 O64 O64 O64 O64 O64, 422, "json.too_deep"),
    BAD("json_65_levels_of_objects_are_too_deep", O64 "{\"a\":1}" C64, 422, "json.too_deep"),
    BAD("json_two_equal_keys_are_refused", "{\"a\":1,\"a\":2}", 422, "json.duplicate_key"),
    BAD("json_two_equal_keys_written_differently_are_refused", "{\"a\":1,\"\\u0061\":2}", 422,
        "json.duplicate_key"),
    BAD("json_two_equal_keys_deep_inside_are_refused", "[{\"x\":{\"a\":1,\"a\":1}}]", 422,
        "json.duplicate_key"),
    BAD("json_an_empty_body_is_refused", "", 400, "json.syntax"),
    BAD("json_blanks_alone_are_refused", "  ", 400, "json.syntax"),
    BAD("json_a_bare_text_is_refused", "\"a\"", 400, "json.syntax"),
    BAD("json_a_bare_number_is_refused", "1", 400, "json.syntax"),
    BAD("json_a_cut_object_is_refused", "{\"a\":1", 400, "json.syntax"),
    BAD("json_a_cut_text_is_refused", "[\"a", 400, "json.syntax"),
    BAD("json_a_cut_escape_is_refused", "[\"a\\", 400, "json.syntax"),
    BAD("json_a_comma_at_the_end_is_refused", "[1,]", 400, "json.syntax"),
    BAD("json_a_comma_at_the_end_of_an_object_is_refused", "{\"a\":1,}", 400, "json.syntax"),
    BAD("json_a_comment_is_refused", "[1] // x", 400, "json.syntax"),
    BAD("json_two_values_are_refused", "[1][2]", 400, "json.syntax"),
    BAD("json_the_wrong_bracket_is_refused", "[1}", 400, "json.syntax"),
    BAD("json_a_bracket_too_many_is_refused", "[1]]", 400, "json.syntax"),
    BAD("json_a_single_quoted_text_is_refused", "['a']", 400, "json.syntax"),
    BAD("json_a_key_without_quotes_is_refused", "{a:1}", 400, "json.syntax"),
    BAD("json_not_a_number_is_refused", "[NaN]", 400, "json.syntax"),
    BAD("json_a_leading_zero_is_refused", "[01]", 400, "json.syntax"),
    BAD("json_a_plus_sign_is_refused", "[+1]", 400, "json.syntax"),
    BAD("json_a_huge_number_is_refused", "[9223372036854775808]", 422, "json.number_too_large"),
    BAD("json_a_huge_fraction_is_refused", "[1e400]", 422, "json.number_too_large"),
    BAD("json_a_raw_line_end_in_a_text_is_refused", "[\"a\nb\"]", 400, "json.syntax"),
    BAD("json_a_nul_byte_is_refused", "[1]\0", 400, "json.syntax"),
    BAD("json_a_nul_inside_a_text_is_refused", "[\"a\0b\"]", 400, "json.syntax"),
    BAD("json_an_escaped_nul_is_refused", "[\"a\\u0000b\"]", 422, "json.nul"),
    BAD("json_an_escaped_nul_in_a_key_is_refused", "{\"a\\u0000\":1}", 422, "json.nul"),
    BAD("json_a_lone_surrogate_is_refused", "[\"\\ud800\"]", 400, "json.syntax"),
    BAD("json_bad_utf8_is_refused", "[\"\xC0\xAF\"]", 400, "json.utf8"),
    BAD("json_latin_1_is_refused", "[\"caf\xE9\"]", 400, "json.utf8"),
    BAD("json_a_byte_order_mark_is_refused", "\xEF\xBB\xBF[1]", 400, "json.syntax"),
    BAD("json_utf_16_is_refused",
        "[\0"
        "1\0]\0",
        400, "json.syntax"),
    BAD("json_an_unknown_escape_is_refused", "[\"\\x41\"]", 400, "json.syntax"),
};

#endif
