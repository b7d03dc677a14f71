// SPDX-License-Identifier: Apache-2.0
// Open data of spend: a page that says what there is, and the files, with small numbers left out.
#ifndef ANCHORAGE_PAGES_SPEND_DATA_H
#define ANCHORAGE_PAGES_SPEND_DATA_H

#include "http/req.h"

enum err spend_page_data(struct req *r) MUST;
enum err spend_page_data_file(struct req *r) MUST; // "by-ward-2025.csv"

#endif
