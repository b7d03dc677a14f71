// SPDX-License-Identifier: Apache-2.0
// Writing CSV that a spreadsheet cannot be tricked by: RFC 4180 quoting and the formula guard.
//
// Formula guard (OWASP "CSV Injection", ASVS 5.0 requirement 1.2.10): a text cell whose first character is
// = + - @ TAB CR or NUL, or the full-width form of = + - @, gets an apostrophe in front, so that it is shown
// and not run. Blanks in front of such a character do not hide it. Typed numbers are written by their own
// functions and are never guarded: -12.50 stays a number.
#ifndef ANCHORAGE_BASE_CSVW_H
#define ANCHORAGE_BASE_CSVW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Takes n bytes; false means they could not be taken.
typedef bool csvw_sink_fn(void *user, const char *bytes, size_t n);

struct csvw {
    csvw_sink_fn *sink;
    void *user;
    bool in_row; // a cell has been written in this row
    bool failed; // the sink refused once; everything after is dropped
};

void csvw_init(struct csvw *w, csvw_sink_fn *sink, void *user);

// The UTF-8 byte-order mark, without which Excel takes the file for windows-1252. Call it first, or not at
// all.
void csvw_mark(struct csvw *w);

void csvw_text(struct csvw *w, const char *text);            // NULL: an empty cell
void csvw_bytes(struct csvw *w, const char *text, size_t n); // NUL bytes are left out
void csvw_int(struct csvw *w, int64_t v);
void csvw_pence(struct csvw *w, int64_t pence);                        // "-1234.50"
void csvw_day(struct csvw *w, int year, unsigned month, unsigned day); // "2026-11-02"
void csvw_end_row(struct csvw *w);                                     // CRLF

// True when everything so far reached the sink.
bool csvw_ok(const struct csvw *w);

// One text cell, guarded and quoted, into out (cap bytes with the NUL). Returns the bytes needed without the
// NUL; when that is cap or more, out holds nothing but an empty text.
size_t csvw_cell(char *out, size_t cap, const char *text, size_t n);

#endif
