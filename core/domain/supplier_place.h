// SPDX-License-Identifier: Apache-2.0
// Where suppliers were on which day: the address on their invoices, their registered office, and where their
// work is really done. A row of core.supplier_place holds from its day until the next of its kind; a
// supplier's first address holds as far back as is known (a trigger writes that one). core.supplier keeps
// where it is now.
#ifndef ANCHORAGE_DOMAIN_SUPPLIER_PLACE_H
#define ANCHORAGE_DOMAIN_SUPPLIER_PLACE_H

#include "base/ctx.h"

// After an entry was saved, in its transaction: another address than so far, and another registered office by
// the registers, hold from today on (London).
enum err supplier_place_saved(struct ctx *c, int64_t supplier_id) MUST;

// After a register of companies or charities was loaded, in its transaction: registered offices of all
// suppliers with a number in it.
enum err supplier_place_registers(struct ctx *c) MUST;

// After postcodes were loaded: every place, and every payee with a postcode of its own, is located again.
enum err supplier_place_locate_all(struct ctx *c) MUST;

// An officer declares where a supplier's work is done, from a day on, and how that is known. Payments of
// earlier days are not touched. ERR_INVALID with the field ("postcode", "evidence", "from_day") and a
// sentence, ERR_NOT_FOUND, ERR_DENIED.
enum err supplier_place_declare(struct ctx *c, const char *supplier_ref, const char *postcode,
                                int32_t from_day, const char *evidence) MUST;

#endif
