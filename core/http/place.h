// SPDX-License-Identifier: Apache-2.0
// What every page says about the place it belongs to, kept in memory until core.place changes.
#ifndef ANCHORAGE_HTTP_PLACE_H
#define ANCHORAGE_HTTP_PLACE_H

#include "base/ctx.h"

struct place {
    const char *name, *short_name, *operator_name, *contact_email, *contact_phone;
    bool is_demo;
};

// The place, copied into the context's arena; from the database when it is not known yet. With no database
// and nothing known the texts are "This place" and "".
struct place place_get(struct ctx *c);

// The next page reads it anew (topic "place").
void place_forget(void);

#endif
