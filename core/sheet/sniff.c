// SPDX-License-Identifier: Apache-2.0
// What the first bytes of a file tell: is it text at all, its byte-order mark, its delimiter.
#include "sheet/sniff.h"

#include <string.h>
#include <strings.h>

#include "sheet/sheet.h"

unsigned sniff_cp1252(unsigned char byte) {
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

static enum sniff_kind markup(const unsigned char *p, size_t n) {
    while (n && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) {
        p++;
        n--;
    }
    static const char *const pages[] = {"<!doctype", "<html", "<head", "<body", "<table"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t len = strlen(pages[i]);
        if (n >= len && strncasecmp((const char *)p, pages[i], len) == 0) {
            return SNIFF_WEB_PAGE;
        }
    }
    return starts(p, n, "<?xml", 5) ? SNIFF_XML : SNIFF_TEXT;
}

enum sniff_kind sniff_kind(const unsigned char *p, size_t n) {
    static const struct {
        const char *bytes;
        size_t n;
        enum sniff_kind kind;
    } known[] = {
        {"\xFF\xFE", 2, SNIFF_UTF16},
        {"\xFE\xFF", 2, SNIFF_UTF16},
        {"PK\x03\x04", 4, SNIFF_ZIP},
        {"PK\x05\x06", 4, SNIFF_ZIP}, // an archive of nothing
        {"\xD0\xCF\x11\xE0", 4, SNIFF_OLD_BOOK},
        {"\x1F\x8B", 2, SNIFF_PACKED},
        {"7z\xBC\xAF\x27\x1C", 6, SNIFF_PACKED},
        {"Rar!\x1A\x07", 6, SNIFF_PACKED},
        {"\xFD"
         "7zXZ",
         5, SNIFF_PACKED},
        {"%PDF-", 5, SNIFF_PDF},
        {"\x89PNG\r\n", 6, SNIFF_PICTURE},
        {"\xFF\xD8\xFF", 3, SNIFF_PICTURE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (starts(p, n, known[i].bytes, known[i].n)) {
            return known[i].kind;
        }
    }
    return looks_utf16(p, n) ? SNIFF_UTF16 : markup(p, n);
}

const char *sniff_sentence(enum sniff_kind kind) {
    switch (kind) {
    case SNIFF_TEXT:
    case SNIFF_ZIP:
        break;
    case SNIFF_UTF16:
        return "The file is saved with four bytes a letter (UTF-32). Open it in a spreadsheet and save it as "
               "\"CSV UTF-8 (comma delimited)\".";
    case SNIFF_OLD_BOOK:
        return "The file is an old Excel workbook (.xls), or a workbook with a password. Open it in a "
               "spreadsheet and save it without a password, as \"Excel workbook (.xlsx)\" or as CSV.";
    case SNIFF_PACKED:
        return "The file is packed in a way that is not read here. Unpack it and use the CSV file or the "
               "workbook that is inside.";
    case SNIFF_PDF:
        return "The file is a PDF. Ask for the same figures as a CSV file or a workbook.";
    case SNIFF_PICTURE:
        return "The file is a picture. Ask for the same figures as a CSV file or a workbook.";
    case SNIFF_WEB_PAGE:
        return "The file is a web page, not a CSV file. The link may have moved: download the CSV file "
               "again.";
    case SNIFF_XML:
        return "The file is XML, not a CSV file. Open it in a spreadsheet and save it as "
               "\"CSV UTF-8 (comma delimited)\".";
    }
    return "";
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
    unsigned counts[SHEET_CELLS_MAX]; // counts[k]: records with k delimiters
    unsigned records;
};

static void add_record(struct shape *s, size_t delimiters) {
    s->counts[delimiters < SHEET_CELLS_MAX ? delimiters : SHEET_CELLS_MAX - 1]++;
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
    static const char candidates[] = {',', ';', '\t', '|', '^', '~'};
    char best = ',';
    unsigned long best_score = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        struct shape s = {0};
        measure(p, n, whole, candidates[i], &s);
        for (unsigned k = 1; k < SHEET_CELLS_MAX; k++) {
            unsigned long score = (unsigned long)s.counts[k] * (k < 24 ? k : 24);
            if (score > best_score) {
                best_score = score;
                best = candidates[i];
            }
        }
    }
    return best;
}

struct sniffed sniff_text(const unsigned char *head, size_t n, bool whole, char delimiter) {
    struct sniffed s = {.delimiter = delimiter, .skip = mark_bytes(head, n)};
    const unsigned char *p = head + s.skip;
    size_t left = n - s.skip;
    s.kind = sniff_kind(p, left);
    // "sep=;" is how Excel is told the delimiter.
    if (left >= 6 && memcmp(p, "sep=", 4) == 0 && (p[5] == '\r' || p[5] == '\n') && p[4] &&
        strchr(",;\t|^~", p[4])) {
        s.delimiter = (char)p[4];
        s.skip += p[5] == '\r' && left > 6 && p[6] == '\n' ? 7 : 6;
        s.lines = 1;
    }
    if (s.delimiter == 0) {
        s.delimiter = find_delimiter(p, left, whole);
    }
    return s;
}
