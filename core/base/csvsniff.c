// SPDX-License-Identifier: Apache-2.0
// What the first bytes of a CSV file tell: is it text at all, its byte-order mark, its delimiter.
#include "base/csvsniff.h"

#include <string.h>
#include <strings.h>

unsigned csv_cp1252(unsigned char byte) {
    static const unsigned short upper[32] = {
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    };
    return byte >= 0x80 && byte < 0xA0 ? upper[byte - 0x80] : byte;
}

static bool starts(const unsigned char *p, size_t n, const char *bytes, size_t len) {
    return n >= len && memcmp(p, bytes, len) == 0;
}

// Text without a mark in UTF-16 shows a NUL in every second byte.
static bool looks_utf16(const unsigned char *p, size_t n) {
    size_t look = n < 64 ? n : 64, even = 0, odd = 0;
    for (size_t i = 0; i < look; i++) {
        if (p[i] == 0) {
            *(i % 2 ? &odd : &even) += 1;
        }
    }
    return look >= 4 && ((even == 0 && odd * 3 >= look) || (odd == 0 && even * 3 >= look));
}

static enum csv_status kind(const unsigned char *p, size_t n) {
    if (starts(p, n, "\xFF\xFE", 2) || starts(p, n, "\xFE\xFF", 2) || looks_utf16(p, n)) {
        return CSV_UTF16;
    }
    if (starts(p, n, "PK\x03\x04", 4) || starts(p, n, "\xD0\xCF\x11\xE0", 4) || starts(p, n, "\x1F\x8B", 2)) {
        return CSV_WORKBOOK;
    }
    if (starts(p, n, "%PDF-", 5)) {
        return CSV_PDF;
    }
    while (n && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) {
        p++;
        n--;
    }
    static const char *const pages[] = {"<!doctype", "<html", "<?xml", "<head", "<body", "<table"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t len = strlen(pages[i]);
        if (n >= len && strncasecmp((const char *)p, pages[i], len) == 0) {
            return CSV_WEB_PAGE;
        }
    }
    return CSV_OK;
}

// The mark U+FEFF in UTF-8, and what it becomes when a program takes UTF-8 for windows-1252 and encodes it
// again, wholly or in part (all met in published files). Longest first.
static size_t mark_bytes(const unsigned char *p, size_t n) {
    static const char *const marks[] = {
        "\xC3\x83\xC2\xAF\xC3\x82\xC2\xBB\xC3\x82\xC2\xBF", // three times
        "\xC3\x83\xC2\xAF\xC2\xBB\xC2\xBF",                 // the first byte three times, the others twice
        "\xC3\xAF\xC2\xBB\xC2\xBF",                         // twice
        "\xC3\x94\xC2\xAA\xC3\xB8",                         // by way of Mac Roman
        "\xEF\xBB\xBF",
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks;) {
        size_t len = strlen(marks[i]);
        if (starts(p + used, n - used, marks[i], len)) {
            used += len;
            i = 0;
        } else {
            i++;
        }
    }
    return used;
}

struct shape {
    unsigned counts[CSV_FIELDS_MAX]; // counts[k]: records with k delimiters
    unsigned records;
};

static void add_record(struct shape *s, size_t delimiters) {
    s->counts[delimiters < CSV_FIELDS_MAX ? delimiters : CSV_FIELDS_MAX - 1]++;
    s->records++;
}

// Counts how many delimiters the records have when d is taken for one.
static void measure(const unsigned char *p, size_t n, bool whole, char d, struct shape *s) {
    enum { RECORDS = 200 };
    bool quoted = false, at_start = true;
    size_t here = 0, bytes = 0;
    for (size_t i = 0; i < n && s->records < RECORDS; i++) {
        unsigned char c = p[i];
        if (quoted) {
            if (c == '"' && !(i + 1 < n && p[i + 1] == '"')) {
                quoted = false;
            } else if (c == '"') {
                i++;
            }
        } else if (c == '"' && at_start) {
            quoted = true;
            at_start = false;
            bytes++;
        } else if (c == '\n' || c == '\r') {
            if (bytes) {
                add_record(s, here);
            }
            here = bytes = 0;
            at_start = true;
        } else {
            here += c == (unsigned char)d;
            at_start = c == (unsigned char)d;
            bytes++;
        }
    }
    if (bytes && !quoted && (whole || s->records == 0)) {
        add_record(s, here);
    }
}

// The delimiter that cuts most records into the same, large number of cells. A bar used inside cells or a
// comma in a tab-separated file scores low on one or the other.
static char find_delimiter(const unsigned char *p, size_t n, bool whole) {
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    unsigned long best_score = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        struct shape s = {0};
        measure(p, n, whole, candidates[i], &s);
        for (unsigned k = 1; k < CSV_FIELDS_MAX; k++) {
            unsigned long score = (unsigned long)s.counts[k] * (k < 24 ? k : 24);
            if (score > best_score) {
                best_score = score;
                best = candidates[i];
            }
        }
    }
    return best;
}

struct csv_sniffed csv_sniff(const unsigned char *head, size_t n, bool whole, char delimiter) {
    struct csv_sniffed s = {.status = kind(head, n), .delimiter = delimiter};
    if (s.status != CSV_OK) {
        return s;
    }
    s.bytes_used = mark_bytes(head, n);
    s.had_mark = s.bytes_used > 0;
    const unsigned char *p = head + s.bytes_used;
    size_t left = n - s.bytes_used;
    s.status = s.had_mark ? kind(p, left) : CSV_OK;
    // "sep=;" is how Excel is told the delimiter.
    if (left >= 6 && memcmp(p, "sep=", 4) == 0 && (p[5] == '\r' || p[5] == '\n') && p[4] &&
        strchr(",;\t|", p[4])) {
        s.delimiter = (char)p[4];
        s.bytes_used += p[5] == '\r' && left > 6 && p[6] == '\n' ? 7 : 6;
        s.lines_used = 1;
    }
    if (s.delimiter == 0) {
        s.delimiter = find_delimiter(p, left, whole);
    }
    return s;
}

const char *csv_status_text(enum csv_status s) {
    switch (s) {
    case CSV_OK:
        return "";
    case CSV_STOPPED:
        return "Reading was stopped.";
    case CSV_UTF16:
        return "The file is saved as UTF-16 (\"Unicode text\"). Open it in a spreadsheet and save it as "
               "\"CSV UTF-8 (comma delimited)\".";
    case CSV_WORKBOOK:
        return "The file is a spreadsheet workbook or an archive, not a CSV file. Open it in a spreadsheet "
               "and save "
               "the sheet as \"CSV UTF-8 (comma delimited)\".";
    case CSV_PDF:
        return "The file is a PDF. Ask for the same figures as a CSV file.";
    case CSV_WEB_PAGE:
        return "The file is a web page, not a CSV file. The link may have moved: download the CSV file "
               "again.";
    case CSV_NUL:
        return "The file holds bytes that are not text. Save it again as \"CSV UTF-8 (comma delimited)\".";
    case CSV_FIELD_TOO_LONG:
        return "One cell holds more than 65,536 bytes. Look for a quote mark that opens a cell and never "
               "closes.";
    case CSV_TOO_MANY_FIELDS:
        return "One row has more than 512 cells. Delete the empty columns at the right and save the file "
               "again.";
    case CSV_RECORD_TOO_LONG:
        return "One row is longer than 1 MB. Look for a quote mark that opens a cell and never closes.";
    case CSV_UNCLOSED_QUOTE:
        return "The file ends inside a quoted cell. It may have been cut short: download it again, or look "
               "for a "
               "quote mark that never closes.";
    case CSV_NO_MEMORY:
        return "The machine has no memory left to read the file. Try again later.";
    }
    return "";
}
