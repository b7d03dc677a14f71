// SPDX-License-Identifier: Apache-2.0
// Loading postcodes, ward names, companies and charities from the files their publishers give away. Files are
// read once from start to end, rows go to the database in groups, all in one transaction: memory does not
// grow with the file, and a broken file changes nothing.
#ifndef ANCHORAGE_DOMAIN_REGISTER_IMPORT_H
#define ANCHORAGE_DOMAIN_REGISTER_IMPORT_H

#include "base/ctx.h"

#include <stdio.h>

enum register_kind {
    REGISTER_POSTCODES, // Code-Point Open (with or without heading), ONSPD, NSPL, or
                        // postcode,lad_code,ward_code,...
    REGISTER_WARDS,     // ward_code,ward_name[,lad_code]
    REGISTER_COMPANIES, // Companies House BasicCompanyData CSV
    REGISTER_CHARITIES, // Charity Commission extract: JSON array, one object a line, or tab-separated text
};

struct register_options {
    enum register_kind kind;
    bool only_place;       // postcodes: only those of the place's local authorities
    const char *file_name; // for the record
    void (*progress)(void *arg, int64_t bytes_done, int64_t bytes_total); // may be NULL
    void *arg;
};

#define REGISTER_REASONS_MAX 12

struct register_report {
    int64_t accepted, rejected, left_out; // left_out: by only_place
    size_t reason_count;                  // kinds of rejection, each with its number and first line
    struct register_reason {
        const char *text; // static
        int64_t count, first_line;
    } reasons[REGISTER_REASONS_MAX];
};

// Reads `f` (already open: it may lie where only the caller could read). ERR_INVALID with a sentence when the
// file is not of this kind. Matching names of companies and charities come from c->plugins.
enum err register_import(struct ctx *c, FILE *f, const struct register_options *options,
                         struct register_report *ret) MUST;

#endif
