// SPDX-License-Identifier: Apache-2.0
// Officer pages of payments files: bringing one, its preview, its load, what is remembered about columns.
#ifndef ANCHORAGE_PAGES_SPEND_IMPORT_H
#define ANCHORAGE_PAGES_SPEND_IMPORT_H

#include "db/db.h"
#include "http/req.h"
#include "plugin/payments.h"

// ---- loads (spend_officer.c) ----
enum err spend_page_loads(struct req *r) MUST;      // GET: what is next, the form, files under way, loads
enum err spend_page_loads_data(struct req *r) MUST; // GET: loads as CSV or JSON, with the same filters
enum err spend_page_load(struct req *r) MUST;       // GET: what a load brought; params: reference
enum err spend_page_load_rows(struct req *r) MUST;  // GET: rows that were not taken, as CSV
enum err spend_page_take_back(struct req *r) MUST;  // GET: asks first
enum err spend_post_take_back(struct req *r) MUST;  // POST

// ---- one import (spend_preview.c) ----
// Renders the page of an import that a person has to look at: ready, refused, failed. one: spend_import_one.
enum err spend_preview(struct req *r, const struct rows *one) MUST;
// Gives the choosers of form spend_import their options; needed on every request with that form.
enum err spend_preview_options(struct req *r, const struct rows *one) MUST;
// The columns as chosen in the form.
struct anc_columns spend_preview_columns(const struct req *r);
// Which part of the form is a column's chooser.
const char *spend_preview_field(struct arena *a, int column);
// Rows that are not taken: line and why; of an import or a load.
struct table *spend_preview_problems(struct req *r, const struct rows *problems, const char *line,
                                     const char *why);

// A number as "1 file" or "2 files".
const char *spend_counted(struct req *r, int64_t n, const char *one, const char *many);

// Pounds by kind of payment: rows of flow, lines and pence.
const struct html *spend_flow_table(struct req *r, const struct rows *flows);

#endif
