// SPDX-License-Identifier: Apache-2.0
// What kind of flow a payment is, from the payee's name and the labels of the line: procurement, grant,
// transfer to another public body, pass-through, payment to or for a person, treasury, card.
#ifndef LOCAL_SPEND_FLOW_H
#define LOCAL_SPEND_FLOW_H

#include <anchorage/plugin.h>

#include <stddef.h>

// ANC_FLOW_*; never ANC_FLOW_CREDIT, which is told by the sign. *ret_why (may be NULL): the reason in words.
int32_t spend_flow(const struct anc_party *payee, const struct anc_label *label, const char **ret_why);

// Phrases of all lists together, for the test that they fit in the book.
size_t spend_flow_phrases(void);

#endif
