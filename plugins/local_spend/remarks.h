// SPDX-License-Identifier: Apache-2.0
// What a person should know about a payments file that was read, in sentences.
#ifndef LOCAL_SPEND_REMARKS_H
#define LOCAL_SPEND_REMARKS_H

#include <anchorage/plugin.h>

#include "reading.h"

// Adds them to the report, notes and warnings only.
void spend_tell_layout(const struct anc_host *host, anc_report *report, const struct spend_layout *layout);
void spend_tell_rows(const struct anc_host *host, anc_ctx *ctx, anc_report *report, const struct reading *r);

// Pence as "£1,234.56", "-£5.00".
#define SPEND_MONEY_BYTES 40
void spend_money(int64_t pence, char out[SPEND_MONEY_BYTES]);

#endif
