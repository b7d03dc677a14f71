// SPDX-License-Identifier: Apache-2.0
// Pages of a buyer about the bids of a notice; their routes stand in buyer.c.
#ifndef ANCHORAGE_PAGES_BUYER_BIDS_H
#define ANCHORAGE_PAGES_BUYER_BIDS_H

#include "http/req.h"

enum err page_buyer_bids(struct req *r) MUST;   // bids received; before opening only when they can be opened
enum err page_buyer_open(struct req *r) MUST;   // opens them
enum err page_buyer_social(struct req *r) MUST; // scores social value again
enum err page_buyer_bid(struct req *r) MUST;    // one bid with the form of its quality points
enum err page_buyer_award(struct req *r) MUST;  // chooses the winner

#endif
