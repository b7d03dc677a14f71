// SPDX-License-Identifier: Apache-2.0
// Notices as an OCDS 1.1 release package (Open Contracting Data Standard), written as text.
//
// One release a notice, holding what is known of it now. tag: planning for pipeline and engagement, tender,
// award with tender, tenderCancellation. Amounts are pounds with two decimals made from pence, never floating
// point. Parties: buyer and winner, with GB-COH or GB-CHC ids when the register number is known.
#ifndef ANCHORAGE_CLI_OCDS_H
#define ANCHORAGE_CLI_OCDS_H

#include "base/strb.h"

#include <anchorage/plugin.h>

struct ocds_head {
    const char *prefix;    // "ocds-abcdef"
    const char *base_url;  // of the marketplace
    const char *publisher; // who runs it
    int64_t now_usec;
};

void ocds_begin(const struct ocds_head *h, struct strb *out);
void ocds_release(const struct ocds_head *h, const struct anc_notice *n, bool is_first, struct strb *out);
void ocds_end(struct strb *out);

#endif
