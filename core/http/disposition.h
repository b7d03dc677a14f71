// SPDX-License-Identifier: Apache-2.0
// The Content-Disposition of a form part and the display name of an uploaded file (RFC 7578 4.2, RFC 6266,
// RFC 8187).
#ifndef ANCHORAGE_HTTP_DISPOSITION_H
#define ANCHORAGE_HTTP_DISPOSITION_H

#include "http/body.h"

#define DISPOSITION_FILE_RAW_MAX 1024 // bytes of a file name as sent

struct disposition {
    char name[BODY_NAME_MAX + 1]; // field name
    bool is_file;                 // a filename or filename* was there
    bool file_named;              // and it was not empty
    char display_name[BODY_DISPLAY_NAME_MAX + 1];
};

// Reads a value such as: form-data; name="cv"; filename="a.pdf"; filename*=UTF-8''a%C3%A9.pdf
// Inside quotes, \" and \\ are one character and any other backslash stays (old browsers send
// C:\folder\file). filename* wins over filename. Doubles of one parameter, bad UTF-8, NUL and other forms:
// 400.
struct body_fault disposition_parse(const char *value, size_t n, struct disposition *ret);

// A name fit to be shown and put into a header: the last part of a path, without control characters,
// bidirectional marks and the characters < > : " | ? *, without dots and blanks at its ends, at most
// BODY_DISPLAY_NAME_MAX bytes (cut between characters; a short extension is kept). "file" when nothing is
// left. raw: valid UTF-8.
void disposition_display_name(const char *raw, size_t n, char ret_name[BODY_DISPLAY_NAME_MAX + 1]);

#endif
