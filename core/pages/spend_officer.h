// SPDX-License-Identifier: Apache-2.0
// Officer pages of payments files; their routes stand in core/pages/spend.c.
#ifndef ANCHORAGE_PAGES_SPEND_OFFICER_H
#define ANCHORAGE_PAGES_SPEND_OFFICER_H

#include "http/req.h"

enum err spend_page_loads(struct req *r) MUST;     // GET: the form and the list of loads
enum err spend_post_load(struct req *r) MUST;      // POST: loads the file
enum err spend_page_load(struct req *r) MUST;      // GET: what a load brought; params: reference
enum err spend_page_take_back(struct req *r) MUST; // GET: asks first
enum err spend_post_take_back(struct req *r) MUST; // POST

#endif
