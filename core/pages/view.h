// SPDX-License-Identifier: Apache-2.0
// From rows of the database to what templates show.
#ifndef ANCHORAGE_PAGES_VIEW_H
#define ANCHORAGE_PAGES_VIEW_H

#include "db/db.h"
#include "http/req.h"

// Each row becomes an item of the list `key` with its columns as texts (boolean columns as flags).
void view_rows(struct model *m, const char *key, const struct rows *r);

// The columns of one row become keys of the model itself.
void view_row(struct model *m, const struct rows *r, size_t row);

// Pages of a list by number: reads ?page=, sets `page`, `pages`, `total`, and the list `pager` the partial
// needs (keeping the other query values). Returns the offset for a page of `size` rows.
int64_t view_pager(struct req *r, struct model *m, int64_t total, int64_t size);

// A text as the value of a query parameter (RFC 3986: all but unreserved characters become %XX).
const char *view_encoded(struct arena *a, const char *s);

// Words of a search as a LIKE pattern "%words%"; their own % and _ mean themselves.
const char *view_pattern(struct arena *a, const char *words);

// Turns a domain failure into an error beside the form's field; other codes are returned for the error page.
// ERR_OK means: the form now has an error, show it again.
enum err view_form_failure(struct req *r, enum err e) MUST;

// A chooser of partials/filters and one of its options; the one whose value is `chosen` stands selected.
struct model *view_filter_field(struct model *m, const char *name, const char *label);
void view_filter_option(struct model *field, const char *value, const char *label, const char *chosen);

#endif
