// SPDX-License-Identifier: Apache-2.0
// Writes notices as one Contracts Finder document (ArrayOfFullNotice), with libxml2's text writer.
#ifndef CONTRACTS_FINDER_WRITER_H
#define CONTRACTS_FINDER_WRITER_H

#include "logic.h"

// Most notices of one document.
#define CF_NOTICES_MAX 20000

enum cf_write_result {
    CF_WRITTEN = 0,
    CF_NOT_FIT,   // a notice has errors: see ret_report and *ret_bad
    CF_TOO_MANY,  // more notices or bytes than allowed
    CF_NO_MEMORY, // libxml2 could not get memory
};

struct cf_bytes {
    char *data; // UTF-8, also ends in NUL
    size_t size;
};

// Writes all notices: newest publication first, then by id, so that the same notices in any order give the
// same bytes. Every notice goes through cf_check first; with an error nothing is written. max_bytes: upper
// bound of the document. ret_bytes: free with cf_bytes_free; untouched on failure. ret_report, ret_bad:
// report and index of the first notice that does not fit; may be NULL.
enum cf_write_result cf_write(const struct cf_notice *notices, size_t count, const struct cf_cpv *cpv,
                              size_t max_bytes, struct cf_bytes *ret_bytes, struct cf_report *ret_report,
                              size_t *ret_bad);

void cf_bytes_free(struct cf_bytes *bytes);

#endif
