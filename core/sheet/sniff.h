// SPDX-License-Identifier: Apache-2.0
// What the first bytes of a file tell: is it text at all, its byte-order mark, its delimiter.
#ifndef ANCHORAGE_SHEET_SNIFF_H
#define ANCHORAGE_SHEET_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#define SNIFF_BYTES 65536

enum sniff_kind {
    SNIFF_TEXT,
    SNIFF_ZIP,      // an archive: of a CSV, or a workbook
    SNIFF_UTF16,    // UTF-16 or UTF-32 text
    SNIFF_OLD_BOOK, // a workbook of Excel 97, or one that is locked with a password
    SNIFF_PACKED,   // gzip, 7z, rar and the like
    SNIFF_PDF,
    SNIFF_PICTURE,
    SNIFF_WEB_PAGE,
    SNIFF_XML,
};

// head: the first n bytes.
enum sniff_kind sniff_kind(const unsigned char *head, size_t n);

// A sentence for people: what it is and what to do; "" for text and archives.
const char *sniff_sentence(enum sniff_kind kind);

struct sniffed {
    enum sniff_kind kind; // of what follows the mark
    char delimiter;
    size_t skip;    // bytes of byte-order marks and of a "sep=;" line
    unsigned lines; // lines skipped
};

// A text file's head: whole says that it is the entire file; delimiter: 0 to find it. A byte-order mark
// counts also where it was encoded as UTF-8 twice or three times.
struct sniffed sniff_text(const unsigned char *head, size_t n, bool whole, char delimiter);

// The code point of a windows-1252 byte of 0x80 or more; U+FFFD for the five that mean nothing.
unsigned sniff_cp1252(unsigned char byte);

#endif
