// SPDX-License-Identifier: Apache-2.0
// What stands on the page of a frozen report, and its tables as files.
#ifndef ANCHORAGE_PAGES_SPEND_REPORT_DATA_H
#define ANCHORAGE_PAGES_SPEND_REPORT_DATA_H

#include "http/req.h"
#include "render/model.h"
#include "spend/report.h"

// Lists figures and shown (parts with their files), headline, panel_notes.
void report_put_parts(struct req *r, struct model *m, const struct report_shown *s,
                      const struct picture_map *map);

// By whose rules, in words: plugin, method, matcher, list switches (key, value). rules: as the report keeps
// them.
void report_put_rules(struct model *m, const char *rules);

// The files that went in, each with so many digits of its fingerprint (64 are all).
const struct table *report_files_table(struct arena *a, const struct report_shown *s, size_t digits);

// GET /spend/reports/{ref}/{file}: "figures.csv", "files.json", or a table of the report, "by_year.xlsx".
enum err report_page_file(struct req *r) MUST;

#endif
