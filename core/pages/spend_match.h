// SPDX-License-Identifier: Apache-2.0
// Officer pages about who was paid: the queue, one name at a time, its history, merges, learned names, and
// the payments behind a figure.
#ifndef ANCHORAGE_PAGES_SPEND_MATCH_H
#define ANCHORAGE_PAGES_SPEND_MATCH_H

#include "db/db.h"
#include "http/req.h"

// Fills partial spend/match-coverage: how many pounds are placed, what is left, and the ways to go on.
enum err spend_match_put_coverage(struct req *r, struct model *m) MUST;

// ---- shared by the files of these pages ----

// What a queue shows, as the address says it. Values that do not exist mean "not chosen".
struct match_queue {
    const char *state, *anchor, *q, *least; // "" for none; state "" is all that waits
    const char *query;                      // the same as a query, "" or "state=review&anchor=council"
    const char *p_states, *p_anchor_id, *p_pattern, *p_least; // parameters $1 to $4 of the queue's statements
    struct rows *anchors;
    bool behind; // payments that were just loaded are still being added up
};
enum err match_queue_read(struct req *r, struct match_queue *q) MUST;

// The number in a part of the path; ERR_NOT_FOUND when it is none.
enum err match_path_id(struct req *r, size_t param, int64_t *ret) MUST;

// What was just decided, as ?did= says it, with the way to undo it: list `did` of partial spend/match-did.
enum err match_put_did(struct req *r, struct model *m, const struct match_queue *q) MUST;

// Year, anchor, pounds and payments as a table, each with its address; rest: query of the payments page
// ("payee=7").
const struct html *match_years_table(struct req *r, const struct rows *years, const char *rest);
// The same by year alone: list `years` (label, href, pence, lines).
void match_put_years(struct req *r, struct model *m, const struct rows *years, const char *rest);

enum err match_page_queue(struct req *r) MUST;
enum err match_page_queue_csv(struct req *r) MUST;
enum err match_page_one(struct req *r) MUST;  // GET and POST
enum err match_post_undo(struct req *r) MUST; // params: decision
enum err match_page_payee(struct req *r) MUST;
enum err match_page_supplier(struct req *r) MUST;
enum err match_page_supplier_csv(struct req *r) MUST;
enum err match_page_merges(struct req *r) MUST; // GET and POST
enum err match_post_unmerge(struct req *r) MUST;
enum err match_page_aliases(struct req *r) MUST;
enum err match_post_alias_end(struct req *r) MUST;

#endif
