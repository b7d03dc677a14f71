// SPDX-License-Identifier: Apache-2.0
// The audit log: who did what, added in the same transaction as the deed.
#ifndef ANCHORAGE_DOMAIN_AUDIT_H
#define ANCHORAGE_DOMAIN_AUDIT_H

#include "base/ctx.h"

// action: "notice.publish"; object: a public reference; detail: no personal data, no bid content.
enum err audit_add(struct ctx *c, const char *action, const char *object, const char *detail) MUST;

#endif
