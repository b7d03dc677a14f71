// SPDX-License-Identifier: Apache-2.0
// Checks the bytes we wrote against our XML Schema, from memory: no file, no network, no catalogue, no
// entity. Only for our own output: libxml2 is not used on XML that came from outside.
#ifndef CONTRACTS_FINDER_SCHEMA_H
#define CONTRACTS_FINDER_SCHEMA_H

#include <stddef.h>

#include "logic.h"

struct cf_schema; // compiled; may be used by several threads at once

// Compiles a schema. A schema that wants to load another (import, include, redefine) is refused.
// Answers NULL on failure and tells why in ret_report (emptied first). Free with cf_schema_free.
struct cf_schema *cf_schema_compile(const char *bytes, size_t size, struct cf_report *ret_report);

void cf_schema_free(struct cf_schema *schema);

// Answers 0 when the document follows the schema, else -1 with the places in ret_report ("line 12"; emptied
// first). A document with a document type or with a pointer to another schema is refused unread.
int cf_schema_check(const struct cf_schema *schema, const char *bytes, size_t size,
                    struct cf_report *ret_report);

#endif
